"""The agenda and the minutes of meetings on Twitch: `!recap`, without what may give something away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from twitchio.ext import commands

from bot.clubs import Clubs, split
from bot.minutes import Minutes, Written
from bot.storage.clubs import Club
from bot.wording import minutes as words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, MINUTES, mistyped, read
from games.core import Refusal

Handler = Callable[[Call, Club, str], Awaitable[Sequence[str]]]

NEEDING = frozenset({"point", "tick", "decide", "add", "remove"})
"""Verbs that something must follow."""


class MinutesTwitch(commands.Component):
    """Those who lead a club write; everybody reads."""

    def __init__(self, desk: Desk, clubs: Clubs, minutes: Minutes) -> None:
        self._desk = desk
        self._clubs = clubs
        self._minutes = minutes
        self._handlers: Mapping[str, Handler] = {
            "show": self._show,
            "agenda": self._agenda,
            "point": self._point,
            "tick": self._tick,
            "decide": self._decide,
            "add": self._add,
            "remove": self._remove,
            "export": self._export,
        }

    @commands.command(name="recap", aliases=list(COMMANDS["recap"]))
    async def minutes(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._serve)

    async def _serve(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, MINUTES)
        said, name = split(rest, prose=verb in NEEDING)
        if verb is None and said:
            raise mistyped("recap", said, call.speech.locale, words.how_to("point", call.speech))
        if verb in NEEDING and not said:
            raise Refusal("usage", usage=words.how_to(verb or "", call.speech))
        if verb not in NEEDING and not name:
            name = said
        club = await self._clubs.find(call.room, name, call.visitor)
        return await self._handlers[verb or "show"](call, club, said)

    async def _show(self, call: Call, club: Club, _: str) -> Sequence[str]:
        record = await self._minutes.latest(club)
        return words.spoken(record, call.room.zone, call.speech)

    async def _agenda(self, call: Call, club: Club, _: str) -> Sequence[str]:
        return words.agenda(await self._minutes.agenda(club), club, call.speech)

    async def _point(self, call: Call, club: Club, said: str) -> Sequence[str]:
        note = await self._minutes.point(club, said, call.visitor, call.role)
        return [words.added(note, call.speech)]

    async def _tick(self, call: Call, club: Club, said: str) -> Sequence[str]:
        note = await self._minutes.tick(club, said, call.visitor, call.role)
        return [words.ticked(note, call.speech)]

    async def _decide(self, call: Call, club: Club, said: str) -> Sequence[str]:
        note = await self._minutes.add(club, "decision", said, call.visitor, call.role)
        return [words.added(note, call.speech)]

    async def _add(self, call: Call, club: Club, said: str) -> Sequence[str]:
        note = await self._minutes.add(club, "note", said, call.visitor, call.role)
        return [words.added(note, call.speech)]

    async def _remove(self, call: Call, club: Club, said: str) -> Sequence[str]:
        note = await self._minutes.remove(club, said, call.visitor, call.role)
        return [words.removed(note, call.speech)]

    async def _export(self, call: Call, club: Club, _: str) -> Sequence[str]:
        await self._minutes.latest(club)
        return [words.export_elsewhere(call.speech)]


def lines(news: Written, speech: Speech) -> Sequence[str]:
    """Return what a chat is told of minutes."""
    return [words.announced(news.record, speech)]
