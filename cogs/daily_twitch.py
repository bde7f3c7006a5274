"""The question of the day on Twitch: `!daily B` answers it, `!daily` repeats it, hosts start and stop it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from twitchio.ext import commands

from bot.clock import Clock
from bot.daily import Asked, Dailies, Revealed, read_wish
from bot.notices import Notices
from bot.outbox import Post, Priority
from bot.people import People
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import TwitchSide, Words
from bot.wording import daily as words
from bot.wording.speech import Speech, compose
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, DAILY, read
from games.core import Platform, Refusal
from games.recurrence import local_time

THANKS_AFTER = 3.0
"""Seconds from the first answer to the thanks, for all who answered meanwhile."""


class DailyTwitch(commands.Component):
    """Everybody answers once a day; hosts say when, and from which deck."""

    def __init__(
        self, desk: Desk, dailies: Dailies, side: TwitchSide, people: People, clock: Clock
    ) -> None:
        self._desk = desk
        self._dailies = dailies
        self._side = side
        self._clock = clock
        courteously = partial(side.say, priority=Priority.COURTESY)
        self._thanks = Notices(clock, people, courteously, Speech, words.thanks)
        self._thanks.after = THANKS_AFTER

    @commands.command(name="daily", aliases=list(COMMANDS["daily"]))
    async def daily(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it; anything else is an answer."""
        await self._desk.serve(ctx, text, self._daily)

    async def _daily(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, DAILY)
        match verb:
            case "start":
                return await self._start(call, rest)
            case "stop":
                await self._dailies.stop(call.room, call.role)
                return [words.stopped(call.speech)]
            case "now":
                await self._dailies.ask_now(call.room, rest, call.role)
                return []
            case "me":
                own = await self._dailies.own(call.room, call.visitor)
                return words.own(own, call.speech, private=False)
            case _ if not rest:
                return words.asked(await self._dailies.question(call.room), call.speech)
            case _:
                return await self._answer(call, rest)

    async def _start(self, call: Call, rest: str) -> Sequence[str]:
        if not rest:
            raise Refusal("usage", usage=words.how_to_start(call.speech))
        first = await self._dailies.start(call.room, read_wish(rest), call.role)
        now = local_time(self._clock.wall(), call.room.zone)
        return [words.started(first, now, call.speech)]

    async def _answer(self, call: Call, text: str) -> Sequence[str]:
        noted = await self._dailies.write(call.room, call.visitor, text, private=False)
        self._thanks.add(call.room, [noted.person_id])
        if noted.newcomer:
            self._side.notices.add(call.room, [noted.person_id])
        return []


class DailyOnTwitch:
    """Asks and reveals in a line each, complete in itself."""

    platform: Platform = "twitch"

    def __init__(self, side: TwitchSide, people: People) -> None:
        self._side = side
        self._people = people

    def asked(self, room: Room, asked: Asked) -> None:
        """Queue the question."""
        self._line(room, words.asked(asked, Speech(room.locale)))

    def revealed(self, room: Room, revealed: Revealed) -> None:
        """Queue the answer."""
        self._line(room, words.revealed(revealed, Speech(room.locale), self._people.name))

    def _line(self, room: Room, parts: Sequence[str]) -> None:
        if room.twitch_channel_id is not None:
            self._side.post(room, Post(Words(compose(parts, MOST_CHARACTERS, " · "))))
