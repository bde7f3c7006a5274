"""What a Discord channel shows of its clubs' meetings: cards, and a sentence here and there."""

from collections.abc import Sequence
from datetime import UTC, datetime

import discord

from bot.clock import Clock
from bot.discord_client import quoted
from bot.discord_side import Board, DiscordSide, Edit, Whisper, Words
from bot.meeting_news import Begun, Card, MeetingNews, Over, Planned, Soon
from bot.meeting_notices import Notice
from bot.outbox import Post
from bot.people import People
from bot.storage.meetings import Addressee
from bot.storage.rooms import Room
from bot.wording import meeting as words
from bot.wording import opinions as opinion_words
from bot.wording.speech import Speech, clip
from cogs.meeting_controls import MeetingButton, answer_buttons, opinion_buttons
from games.core import Platform
from games.recurrence import local_time

COLOUR = 0x2F6F6D

FIRST = "card"
"""The card of a meeting that has been planned; the other comes a day before."""

Buttons = tuple[discord.ui.Item[discord.ui.View], ...]


class MeetingsOnDiscord:
    """Shows a room's channel what becomes of its clubs' meetings, and tells people in private."""

    platform: Platform = "discord"

    def __init__(self, side: DiscordSide, people: People, clock: Clock) -> None:
        self._side = side
        self._people = people
        self._clock = clock

    def refresh(self, room: Room, card: Card) -> None:
        """Bring a meeting's boards up to date."""
        if room.discord_channel_id is None:
            return
        boards = [_card(card, room, FIRST), _card(card, room, _day(card))]
        if card.meeting.opened_at is not None:
            boards.append(_list(card, room))
        for board in boards:
            self._side.post(room, Post(Edit(board), key=f"edit-{board.name}"))

    def notify(self, room: Room, notice: Notice, to: Sequence[Addressee]) -> None:
        """Queue a direct message for each; whoever takes none is named in the room."""
        if room.discord_channel_id is None:
            return
        speech, now = Speech(room.locale, quoted), local_time(self._clock.wall(), room.zone)
        where = f" <#{room.discord_channel_id}>"
        text = f"{words.notice(notice, room.zone, speech, now)}{where}"
        for one in to:
            nonce = f"due{notice.due_id}-{one.person_id}"
            name = speech.somebody(self._people.name(one.person_id))
            public = words.notice(notice, room.zone, speech, now, name)
            self._side.whisper(Whisper(one.user_id, text, nonce, self._say(room, public)))

    def _say(self, room: Room, text: str) -> "_Saying":
        return _Saying(self._side, room, text)


class _Saying:
    """Says something in a room when it is called."""

    def __init__(self, side: DiscordSide, room: Room, text: str) -> None:
        self._side = side
        self._room = room
        self._text = text

    def __call__(self) -> None:
        self._side.say(self._room, self._text)


def posts(news: MeetingNews, room: Room) -> Sequence[Post]:
    """Return what a channel is shown of news about a meeting."""
    speech, card = Speech(room.locale, quoted), news.card
    match news:
        case Planned():
            return [_post(_card(card, room, FIRST))]
        case Soon(_, _, day_before) if day_before:
            return [_post(_card(card, room, _day(card)))]
        case Begun():
            return [_post(_list(card, room))]
        case Over():
            return [_post(_afterwards(card, room))]
        case _:
            return [Post(Words(_sentence(news, room, speech)))]


def _sentence(news: MeetingNews, room: Room, speech: Speech) -> str:
    first, *rest = words.told(news, room.zone, speech, _now(news.card))
    return "\n".join(filter(None, [f"{first} {_stamp(news.card)}", " ".join(rest)]))


def _post(board: Board) -> Post:
    return Post(board, key=board.name)


def _day(card: Card) -> str:
    """Return what tells the card of the day before apart from the first one, and from one of before it was moved."""
    return f"card-{datetime.fromtimestamp(card.meeting.starts_at / 1_000_000, UTC):%m%d%H%M}"


def _name(card: Card, kind: str) -> str:
    return f"m{card.meeting.id}-{kind}"


def _card(card: Card, room: Room, kind: str) -> Board:
    """Return the card of a meeting: when, where, which book, how many come, and what to press."""
    speech = Speech(room.locale, quoted)
    when = words.when(card.meeting, room.zone, speech, _now(card))
    lines = [
        f"**{when[:1].upper()}{when[1:]}** {_stamp(card)}",
        *words.details(card, room.zone, speech, _channel(card)),
        words.counts(card.counts, speech),
        words.state(card, speech),
    ]
    to_come = kind != FIRST and card.meeting.opened_at is None and card.meeting.cancelled_at is None
    title = words.coming_up(card, speech) if to_come else words.heading(card, speech)
    embed = _embed(title, lines)
    return Board(None, _name(card, kind), embed, answer_buttons(card, Speech(room.locale)))


def _list(card: Card, room: Room) -> Board:
    """Return the board on which one checks in."""
    speech, meeting = Speech(room.locale, quoted), card.meeting
    if meeting.closed_at is not None:
        return Board(
            None,
            _name(card, "in"),
            _embed(words.heading(card, speech), [words.state(card, speech)]),
        )
    late = ((meeting.opened_at or 0) - meeting.starts_at) / 1_000_000
    lines = [
        words.begun(card, late if late > 60 else 0.0, speech),
        *words.details(card, room.zone, speech, _channel(card)),
        words.here_so_far(card, speech) if card.counts.came else "",
        f"-# {words.voice_counts(card, speech)}" if meeting.voice_id else "",
    ]
    button = MeetingButton("here", meeting.id, words.button_here(Speech(room.locale)), main=True)
    return Board(None, _name(card, "in"), _embed(words.heading(card, speech), lines), (button,))


def _afterwards(card: Card, room: Room) -> Board:
    """Return the board on which one says what one thinks of the book."""
    speech = Speech(room.locale, quoted)
    buttons = opinion_buttons(card, Speech(room.locale))
    lines = [words.over(card, speech), words.about(card, speech)]
    if buttons:
        lines.append(opinion_words.question(speech))
    return Board(None, _name(card, "out"), _embed(words.heading(card, speech), lines), buttons)


def _channel(card: Card) -> str:
    return f"<#{card.meeting.voice_id}>" if card.meeting.voice_id else ""


def _stamp(card: Card) -> str:
    """Return the start as each reader's own Discord shows it, counting down."""
    return f"<t:{card.meeting.starts_at // 1_000_000}:R>"


def _now(card: Card) -> datetime:
    """Return a time in the meeting's own year: a card is read for weeks, and tells the year only elsewhere."""
    return local_time(card.meeting.starts_at, "UTC")


def _embed(title: str, lines: Sequence[str]) -> discord.Embed:
    text = "\n".join(filter(None, lines))
    return discord.Embed(colour=COLOUR, title=clip(title, 256), description=text)
