"""What any game shows on Discord: a board that is edited as it goes, and few messages beside it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord

from bot.discord_side import Board, Document, Drawn, Later, Words
from bot.games import Kind
from bot.outbox import Post
from bot.pictures import Drawing
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.wording import games as words
from bot.wording import room as room_words
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, clip
from cogs.games_controls import ChoiceButton, ChoiceList, FormButton, WishButton
from games.core import Scene
from games.table import (
    Dealt,
    Extended,
    Finished,
    Hosted,
    Joined,
    Left,
    Opened,
    RoundOver,
)

COLOUR = 0x2F6F6D

MOST_BUTTONS = 10
"""Choices that are buttons; more are a list."""

BOARD_LASTS = 12
"""Lines that counted after which the board is posted anew, for they have pushed it out of sight; then twice as many."""

LAST_PARTS = ("contesting", "signing")
"""Parts of a round that begin after several messages, and have controls of their own: the board is posted anew."""

LONGEST = 4000
"""Characters of a board's text."""


class GameBoards:
    """Turns the announcements of one game into boards."""

    def __init__(self, kind: Kind, naming: Naming) -> None:
        self._kind = kind
        self._words = kind.words
        self._key = kind.key
        self._naming = naming

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        for event in announcement.events:
            posts += self._posts(event, announcement, speech)
        if any(not isinstance(event, Opened | Hosted) for event in announcement.events):
            posts += self._table(announcement, speech)
        posts += self._result(announcement, speech)
        return posts

    def _posts(self, event: Any, announcement: Announcement, speech: Speech) -> list[Post]:
        """Return the messages of one event; what the boards show is not among them."""
        match event:
            case Opened():
                return [self._opening(event, announcement, speech)]
            case Hosted() | Joined() | Left() | Dealt() | Extended() | Finished():
                return []
            case RoundOver(outcome=outcome):
                missed = self._missed(event, announcement, speech)
                return [*missed, *self._to_keep(outcome, speech.locale)]
            case Paused() | Resumed() | Back() | Suspended():
                return [Post(Words(room_words.hall_event(event, speech)))]
            case _:
                said = self._words.said(event, speech, self._naming)
                return [Post(Words(clip("\n".join(said), 2000)))] if said else []

    def _to_keep(self, outcome: Any, locale: str) -> list[Post]:
        """Hand out what came of a round as a file, in games in which it is one; its text is not a message's."""
        made = self._kind.text_file
        file = made(outcome, Speech(locale), self._naming) if made is not None else None
        return [Post(Words(file.caption, Document(file.name, file.text)))] if file else []

    def _missed(self, event: RoundOver, announcement: Announcement, speech: Speech) -> list[Post]:
        """Say how a round ended when its board is no longer what is on the table."""
        if announcement.scene.step == event.number:
            return []
        over = self._words.over(event.outcome, speech, self._naming)
        return [Post(Words(clip("\n".join(over), 2000)))]

    def _opening(self, event: Opened, announcement: Announcement, speech: Speech) -> Post:
        elsewhere = "twitch" if announcement.room.twitch_channel_id else None
        lines = words.opened(event, self._words, speech, elsewhere)
        return self._lobby(lines, announcement, speech)

    def _lobby(self, lines: Sequence[str], announcement: Announcement, speech: Speech) -> Post:
        scene, session = announcement.scene, announcement.session_id
        lines = [*lines, *words.seated(scene, speech, self._naming)]
        waits = scene.phase == "lobby"
        if waits and announcement.ends_at is not None:
            lines += ["", f"{words.starts(speech)} <t:{round(announcement.ends_at)}:R>"]
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.title(scene.title, speech), 256),
            description=clip("\n".join(lines), LONGEST),
        )
        buttons = self._wishes(session, scene, speech) if waits else ()
        return Post(Board(session, "opening", embed, buttons), key=f"{session}-opening")

    def _table(self, announcement: Announcement, speech: Speech) -> list[Post]:
        """Show what is on the table; before the first round, and as it begins, who sits there."""
        scene, posts = announcement.scene, []
        dealt = any(isinstance(event, Dealt) for event in announcement.events)
        if scene.phase == "lobby" or (dealt and scene.seated):
            posts.append(self._lobby(self._words.rules(speech), announcement, speech))
        if scene.step:
            session, ends_at = announcement.session_id, announcement.ends_at
            compose = partial(self.board, session, scene, ends_at, speech)
            key = f"{session}-r{scene.step}"
            posts.append(Post(Later(session, _name(scene), compose), key=key))
        return posts

    def board(self, session: int, scene: Scene, ends_at: float | None, speech: Speech) -> Board:
        """Return the board of what is on the table; `ends_at` is when its time is up, in seconds since 1970."""
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.heading(scene, speech), 256),
            description=clip("\n".join(self._lines(scene, ends_at, speech)), LONGEST),
        )
        if footer := self._footer(scene, speech):
            embed.set_footer(text=footer)
        alt = self._words.spoken(scene, Speech(speech.locale))
        picture = _picture(self._key, self._words.drawing(scene, speech), alt, embed)
        controls = self._controls(session, scene, speech)
        return Board(session, _name(scene), embed, controls, picture)

    def _lines(self, scene: Scene, ends_at: float | None, speech: Speech) -> list[str]:
        naming = self._naming
        lines = [f"### {speech.quote(scene.prompt)}"] if scene.prompt else []
        lines += _block(scene.board)
        if scene.phase != "playing":
            over = self._words.over(scene.outcome, speech, naming)
            return [*lines, *over, *_next(scene, ends_at, speech)]
        lines += self._words.table(scene, speech, naming)
        lines.append("")
        if ends_at is not None:
            until = self._kind.until
            label = until(scene, speech) if until is not None else words.ends(speech)
            lines.append(f"{label} <t:{round(ends_at)}:R>")
        return [*lines, f"-# {' '.join(self._how(scene, speech))}"]

    def _footer(self, scene: Scene, speech: Speech) -> str:
        return words.people(scene, speech) if scene.players else ""

    def _how(self, scene: Scene, speech: Speech) -> list[str]:
        parts = [self._words.how(scene, speech)]
        if scene.choices:
            parts.append(words.press_too(speech))
        if scene.form:
            parts.append(words.write_too(speech))
        return parts

    def _controls(
        self, session: int, scene: Scene, speech: Speech
    ) -> tuple[discord.ui.Item[Any], ...]:
        place = session, scene.turn
        labels = self._words.choices(scene, speech)[:25] if scene.choices else ()
        controls: list[discord.ui.Item[Any]] = []
        if len(labels) > MOST_BUTTONS:
            controls.append(ChoiceList(*place, labels, words.choose(speech)))
        else:
            controls += [ChoiceButton(*place, index, text) for index, text in enumerate(labels)]
        if scene.form:
            controls.append(FormButton(*place, words.answer_privately(speech)))
        return (*controls, *self._wishes(session, scene, speech))

    def _wishes(
        self, session: int, scene: Scene, speech: Speech
    ) -> tuple[discord.ui.Item[Any], ...]:
        return tuple(
            WishButton(session, wish, words.wish_label(wish, self._words, speech))
            for wish in scene.wishes
        )

    def _result(self, announcement: Announcement, speech: Speech) -> list[Post]:
        finished = [event for event in announcement.events if isinstance(event, Finished)]
        if not finished:
            return []
        event, naming, plain = finished[-1], self._naming, Speech(speech.locale)
        first, *podium = words.finished(event, speech, naming)
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.title(event.title, speech), 256),
            description="\n".join([first, "", *podium]).strip(),
        )
        drawing = words.podium_drawing(event.standings, plain, naming)
        alt = " ".join(words.finished(event, plain, naming)[1:])
        picture = _picture("podium", drawing, alt, embed)
        board = Board(announcement.session_id, "result", embed, picture=picture)
        return [Post(board)]


def _next(scene: Scene, ends_at: float | None, speech: Speech) -> list[str]:
    """Say when the next round begins, while what came of this one is looked at."""
    if scene.phase != "reveal" or ends_at is None or scene.step >= scene.steps:
        return []
    return ["", f"{words.next_round(scene, speech)} <t:{round(ends_at)}:R>"]


def _name(scene: Scene) -> str:
    """Return the name of a round's board, another one each time that it is posted anew."""
    anew = "-last" if scene.kind in LAST_PARTS else ""
    return f"r{scene.step}-{(scene.replies // BOARD_LASTS).bit_length()}{anew}"


def _block(board: Sequence[str]) -> list[str]:
    """Return lines of one width; nothing in them can end the block."""
    if not board:
        return []
    return ["```", *(line.replace("`", "ˋ") for line in board), "```"]


def _picture(name: str, drawing: Drawing | None, alt: str, embed: discord.Embed) -> Drawn | None:
    """Put a picture into an embed, and return it to be sent along."""
    if drawing is None:
        return None
    embed.set_image(url=f"attachment://{name}.png")
    return Drawn(f"{name}.png", clip(alt, 1000), drawing)
