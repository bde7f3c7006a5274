"""What people see and change of themselves on Twitch: `!me`, `!top`, `!forgetme`."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.participation import Participation
from bot.people import People
from bot.wording import people as words
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, FORGET, ME, read


class PeopleTwitch(commands.Component):
    """One's own record, the season's board, and being forgotten."""

    def __init__(self, desk: Desk, people: People, participation: Participation) -> None:
        self._desk = desk
        self._people = people
        self._participation = participation

    @commands.command(name="me", aliases=list(COMMANDS["me"]))
    async def me(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Show or change one's own record."""
        await self._desk.serve(ctx, text, self._me)

    @commands.command(name="top", aliases=list(COMMANDS["top"]))
    async def top(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Show the season's board."""
        await self._desk.serve(ctx, text, self._top)

    @commands.command(name="forgetme", aliases=list(COMMANDS["forgetme"]))
    async def forgetme(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Erase everything kept about the author, once confirmed."""
        await self._desk.serve(ctx, text, self._forget)

    async def _me(self, call: Call) -> Sequence[str]:
        verb, _ = read(call.text, ME)
        match verb:
            case "show" | "hide":
                await self._people.set_listed(call.visitor, on=verb == "show")
                return [
                    words.listed(call.speech) if verb == "show" else words.unlisted(call.speech)
                ]
            case "notrace" | "trace":
                await self._people.set_traceless(call.visitor, on=verb == "notrace")
                return [
                    words.traceless(call.speech) if verb == "notrace" else words.traced(call.speech)
                ]
            case "export":
                return [words.export_elsewhere(call.speech)]
            case _:
                record = await self._participation.own_record(call.visitor, call.room)
                return [
                    *words.own_record(record, call.speech),
                    words.own_choices(record, call.speech),
                ]

    async def _top(self, call: Call) -> Sequence[str]:
        season, rows = await self._participation.board(call.room)
        return words.board(rows, season, call.speech)

    async def _forget(self, call: Call) -> Sequence[str]:
        verb, _ = read(call.text, FORGET)
        if verb != "yes":
            return [words.confirm_forget(call.speech)]
        await self._participation.forget(call.visitor)
        return [words.forgotten(call.speech)]
