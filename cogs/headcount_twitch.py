"""Counting people without an account on Twitch: `!presence`. The chat is public: small numbers are not said in it."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.headcount import Headcounts, read_entry
from bot.wording import headcount as words
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, PRESENCE, read


class HeadcountTwitch(commands.Component):
    """Hosts count; anybody may ask how many there are."""

    def __init__(self, desk: Desk, headcounts: Headcounts) -> None:
        self._desk = desk
        self._headcounts = headcounts

    @commands.command(name="presence", aliases=list(COMMANDS["presence"]))
    async def presence(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._presence)

    async def _presence(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, PRESENCE)
        if verb == "show" or not call.text.strip():
            return words.public(await self._headcounts.present(call.room), call.speech)
        noted = await self._headcounts.add(call.room, read_entry(rest), call.role)
        return words.noted(noted, call.speech)
