"""Meetings on Twitch: `!meeting …`, `!here`, `!review`, and what the chat is told. Answers are confirmed together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from twitchio.ext import commands

from bot.attendances import Attendances
from bot.clock import Clock
from bot.clubs import split
from bot.meeting_news import Card, MeetingNews
from bot.meeting_notices import Notice
from bot.meeting_wishes import read_changes
from bot.meetings import Meetings, Offer
from bot.notices import Notices
from bot.opinions import Opinions
from bot.outbox import Post, Priority
from bot.people import People
from bot.rsvps import Answered, Rsvps
from bot.storage.meetings import Addressee
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import SEPARATOR, TwitchSide, Words
from bot.wording import meeting as words
from bot.wording import opinions as opinion_words
from bot.wording.speech import Speech, clip, compose
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, MEETING, mistyped, read
from games.core import Platform, Refusal
from games.meeting import Answer, read_answer
from games.recurrence import local_time

TOGETHER = 4.0
"""Seconds for which answers are gathered, so that a crowd is confirmed in one line."""

MOST_NAMED = 4

Handler = Callable[[Call, str], Awaitable[Sequence[str]]]


class MeetingTwitch(commands.Component):
    """Planning meetings, answering to them, being there, and saying what one thinks of the book."""

    def __init__(
        self,
        desk: Desk,
        side: TwitchSide,
        people: People,
        clock: Clock,
        meetings: Meetings,
        rsvps: Rsvps,
        attendances: Attendances,
        opinions: Opinions,
    ) -> None:
        self._desk = desk
        self._people = people
        self._clock = clock
        self._meetings = meetings
        self._rsvps = rsvps
        self._attendances = attendances
        self._opinions = opinions

        def gathering(sentence: Callable[[str, Speech], str]) -> Notices:
            notices = Notices(clock, people, _replying(side), Speech, sentence)
            notices.after = TOGETHER
            return notices

        self._noted: Mapping[str, Notices] = {
            "yes": gathering(words.coming),
            "maybe": gathering(words.perhaps),
            "no": gathering(words.absent),
            "here": gathering(words.arrived),
            "opinion": gathering(opinion_words.noted),
        }
        self._handlers: Mapping[str, Handler] = {
            "show": self._show,
            "yes": self._yes,
            "maybe": self._maybe,
            "no": self._no,
            "remind": self._remind,
            "plan": self._plan,
            "edit": self._edit,
            "move": self._move,
            "cancel": self._cancel,
            "end": self._end,
            "open": self._open,
            "close": self._close,
            "count": self._count,
            "summary": self._summary,
        }

    @commands.command(name="meeting", aliases=list(COMMANDS["meeting"]))
    async def meeting(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._meeting)

    @commands.command(name="here", aliases=list(COMMANDS["here"]))
    async def here(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Check in."""
        await self._desk.serve(ctx, text, self._here)

    @commands.command(name="review", aliases=list(COMMANDS["review"]))
    async def review(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Say what one thinks of the book."""
        await self._desk.serve(ctx, text, self._review)

    async def _meeting(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, MEETING)
        if verb is not None:
            return await self._handlers[verb](call, rest)
        said, name = split(call.text, prose=False)
        answer = read_answer(said)
        if answer is not None:
            return await self._answer(call, answer, name)
        if said:
            otherwise = words.how_to_answer(call.speech)
            raise mistyped("meeting", said, call.speech.locale, otherwise)
        return await self._show(call, call.text)

    # everybody

    async def _show(self, call: Call, text: str) -> Sequence[str]:
        found = await self._meetings.clubs_meant(call.room, _club(text), call.visitor)
        here = {club.id for club in await self._meetings.clubs_meant(call.room, "", call.visitor)}
        least = 0 if {club.id for club in found} <= here else words.LEAST_SHOWN
        ahead, going_on = await self._meetings.listed(found), await self._meetings.open_now(found)
        lines = words.listed(
            ahead,
            call.speech,
            self._meetings.now(call.room),
            going_on=going_on,
            least=least,
            numbered=len(found) == 1,
        )
        return [*lines, words.how_to_answer(call.speech)] if ahead and not going_on else lines

    async def _yes(self, call: Call, text: str) -> Sequence[str]:
        return await self._answer(call, "yes", _club(text))

    async def _maybe(self, call: Call, text: str) -> Sequence[str]:
        return await self._answer(call, "maybe", _club(text))

    async def _no(self, call: Call, text: str) -> Sequence[str]:
        return await self._answer(call, "no", _club(text))

    async def _answer(self, call: Call, answer: Answer, name: str) -> Sequence[str]:
        found = await self._meetings.clubs_meant(call.room, name, call.visitor)
        key = await self._meetings.to_answer(found)
        done = await self._rsvps.answer(key, answer, call.visitor, call.role, call.room)
        return self._confirm(call, done)

    def _confirm(self, call: Call, done: Answered) -> Sequence[str]:
        """Confirm an answer together with the others', but for a place on the waiting list."""
        person = self._people.find("twitch", call.visitor.user_id)
        if person is not None and done.newcomer:
            self._desk.welcome(call.room, person.id)
        if done.place or person is None:
            now = self._meetings.now(call.room)
            return [words.answered(done, call.room.zone, call.speech, now)]
        self._noted[done.answer].add(call.room, [person.id])
        return []

    async def _remind(self, call: Call, text: str) -> Sequence[str]:
        said, name = split(text, prose=False)
        found = await self._meetings.clubs_meant(call.room, name, call.visitor)
        on = read_answer(said) != "no" and said.casefold() not in ("stop", "off")
        key = await self._meetings.to_answer(found)
        await self._rsvps.remind(key, call.visitor, on=on)
        return [words.reminding(call.speech, on=on)]

    async def _here(self, call: Call) -> Sequence[str]:
        done = await self._attendances.check_in_here(call.room, call.visitor, "typed")
        if done.newcomer:
            self._desk.welcome(call.room, done.person_id)
        if done.again:
            return [words.checked_in(done, call.speech)]
        self._noted["here"].add(call.room, [done.person_id])
        return []

    async def _review(self, call: Call) -> Sequence[str]:
        if not call.text.strip():
            raise Refusal("usage", usage=opinion_words.how_to_give(call.speech))
        done = await self._opinions.give_here(call.room, call.text, call.visitor)
        person = self._people.find("twitch", call.visitor.user_id)
        if person is None:
            return [opinion_words.given(done, call.speech)]
        if done.newcomer:
            self._desk.welcome(call.room, person.id)
        self._noted["opinion"].add(call.room, [person.id])
        return []

    # hosts

    async def _plan(self, call: Call, text: str) -> Sequence[str]:
        if not text:
            raise Refusal("usage", usage=words.how_to("plan", call.speech))
        club, wish = await self._meetings.read(call.room, text, call.visitor)
        offer = Offer(club, call.room, wish)
        clashes = await self._meetings.clashes(offer)
        await self._meetings.plan(club, wish, call.room, call.visitor, call.role)
        said = words.confirmed(offer, call.speech, self._meetings.now(call.room), clashes)
        return said if call.room.id not in await self._meetings.rooms(club) else said[1:]

    async def _edit(self, call: Call, text: str) -> Sequence[str]:
        said, club, places = await self._meetings.meant(call.room, text, call.visitor)
        changes = read_changes(said, places)
        if not changes.some:
            raise Refusal("usage", usage=words.how_to("edit", call.speech))
        await self._meetings.edit(club, "", changes, call.visitor, call.role)
        return []  # the room is told, which answers

    async def _move(self, call: Call, text: str) -> Sequence[str]:
        said, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        which, when = _numbered(said)
        if not when:
            raise Refusal("usage", usage=words.how_to("move", call.speech))
        await self._meetings.move(club, which, when, call.visitor, call.role)
        return []

    async def _cancel(self, call: Call, text: str) -> Sequence[str]:
        which, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        await self._meetings.cancel(club, which, call.visitor, call.role)
        return []

    async def _end(self, call: Call, text: str) -> Sequence[str]:
        which, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        entry = await self._meetings.end(club, which, call.visitor, call.role)
        return [words.ended(entry, call.speech)]

    async def _open(self, call: Call, text: str) -> Sequence[str]:
        _, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        await self._meetings.open(club, call.visitor, call.role)
        return []

    async def _close(self, call: Call, text: str) -> Sequence[str]:
        _, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        await self._meetings.close(club, call.visitor, call.role)
        return []

    async def _count(self, call: Call, text: str) -> Sequence[str]:
        said, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        if not said:
            raise Refusal("usage", usage=words.how_to("count", call.speech))
        counted = await self._attendances.count(club, said, call.visitor, call.role)
        return words.attendance(counted, call.room.zone, call.speech, self._meetings.now(call.room))

    async def _summary(self, call: Call, text: str) -> Sequence[str]:
        _, club, _ = await self._meetings.meant(call.room, text, call.visitor)
        came = await self._attendances.latest(club, call.visitor, call.role)
        said = await self._opinions.summary(club, call.visitor, call.role)
        now = self._meetings.now(call.room)
        return [
            *words.attendance(came, call.room.zone, call.speech, now),
            *opinion_words.summary(said, call.speech)[1:],
        ]


class MeetingsOnTwitch:
    """Tells people of meetings by name, in the chat. A chat shows no cards."""

    platform: Platform = "twitch"

    def __init__(self, side: TwitchSide, people: People, clock: Clock) -> None:
        self._side = side
        self._people = people
        self._clock = clock

    def refresh(self, room: Room, card: Card) -> None:
        """Do nothing: what was said stays said."""

    def notify(self, room: Room, notice: Notice, to: Sequence[Addressee]) -> None:
        """Queue a line."""
        if room.twitch_channel_id is None:
            return
        speech, now = Speech(room.locale), local_time(self._clock.wall(), room.zone)
        known = [name for one in to if (name := self._people.name(one.person_id))]
        names = speech.people(known, shown=MOST_NAMED) if known else speech.somebody("")
        text = words.notice(notice, room.zone, speech, now, names)
        self._side.post(room, Post(Words(clip(text, MOST_CHARACTERS))))


def line(news: MeetingNews, room: Room, speech: Speech, now: int) -> str:
    """Return what the chat is told of a meeting, as one line."""
    parts = words.told(news, room.zone, speech, local_time(now, room.zone))
    return compose(parts, MOST_CHARACTERS, SEPARATOR)


def _replying(side: TwitchSide) -> Callable[[Room, str], None]:
    return lambda room, text: side.say(room, text, priority=Priority.REPLY)


def _club(text: str) -> str:
    """Return the club that is named, with an @ before it or without."""
    said, name = split(text, prose=False)
    return name or said


def _numbered(text: str) -> tuple[str, str]:
    """Return the number of a meeting that a text begins with, and what follows it."""
    first, _, rest = text.strip().partition(" ")
    return (first, rest.strip()) if first.isdecimal() and len(first) == 1 else ("", text.strip())
