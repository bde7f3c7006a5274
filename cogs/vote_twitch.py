"""Voting on Twitch: `!vote 1 3 4`. Ballots are confirmed together and without what is on them: a chat is no booth."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.clock import Clock
from bot.clubs import split
from bot.outbox import Priority
from bot.people import clean_name
from bot.storage.rooms import Room
from bot.twitch_side import TwitchSide
from bot.votes import Votes
from bot.wording import vote as words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, VOTE, read

TOGETHER = 4.0
"""Seconds for which ballots are gathered, so that a crowd is confirmed in one line."""


class VoteTwitch(commands.Component):
    """Ballots typed in the chat."""

    def __init__(self, desk: Desk, side: TwitchSide, votes: Votes, clock: Clock) -> None:
        self._desk = desk
        self._side = side
        self._votes = votes
        self._clock = clock
        self._noted: dict[int, list[str]] = {}

    @commands.command(name="vote", aliases=list(COMMANDS["vote"]))
    async def vote(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Take a ballot, or say what there is to vote on."""
        await self._desk.serve(ctx, text, self._vote)

    async def _vote(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, VOTE)
        said, name = split(rest, prose=False)
        club = await self._votes.voting(call.room, name, call.visitor)
        if verb == "withdraw":
            await self._votes.take_back(club, call.visitor)
            return [words.taken_back(call.speech)]
        if not said:
            how = await self._votes.under_way(club)
            options = words.short_options(how.poll, call.speech)
            return [*words.progress(how, call.room.zone, call.speech)[:2], *options]
        await self._votes.cast(club, said, call.visitor, call.role)
        self._note(call.room, clean_name(call.visitor.name))
        return []  # confirmed with the others

    def _note(self, room: Room, name: str) -> None:
        if room.id not in self._noted:
            self._clock.call_later(TOGETHER, lambda: self._confirm(room))
        names = self._noted.setdefault(room.id, [])
        if name not in names:
            names.append(name)

    def _confirm(self, room: Room) -> None:
        names = self._noted.pop(room.id)
        self._side.say(room, words.noted(names, Speech(room.locale)), priority=Priority.REPLY)
