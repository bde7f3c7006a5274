"""Houses on Twitch: `!house join|leave|list` for everybody, `add|rename|remove` for moderators."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.houses import Houses, read_renaming
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import SEPARATOR
from bot.wording import house as words
from bot.wording import room as room_words
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, HOUSE, mistyped, read
from games.core import Refusal


class HouseTwitch(commands.Component):
    """Which houses there are, and who belongs to which."""

    def __init__(self, desk: Desk, houses: Houses) -> None:
        self._desk = desk
        self._houses = houses

    @commands.command(name="house", aliases=list(COMMANDS["house"]))
    async def house(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._house)

    async def _house(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, HOUSE)
        match verb:
            case None | "list":
                return self._list(call)
            case "leave":
                return [words.left(await self._houses.leave(call.visitor), call.speech)]
            case "rename":
                return [await self._rename(call, rest)]
            case _ if not rest:
                raise Refusal("usage", usage=words.how_to(verb, call.speech))
            case "join":
                return await self._join(call, rest)
            case "add":
                return [words.added(await self._houses.add(rest, call.role), call.speech)]
            case _:
                return [words.removed(await self._houses.remove(rest, call.role), call.speech)]

    def _list(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, HOUSE)
        if verb is None and rest:
            raise mistyped("house", rest, call.speech.locale, words.how_to("join", call.speech))
        own = words.own(self._houses.own(call.visitor), call.speech)
        parts = [own, *words.listed(self._houses.all, self._houses.sizes(), call.speech)]
        fits = len(SEPARATOR.join(parts)) <= MOST_CHARACTERS
        return parts if fits else [own, *words.named(self._houses.all, call.speech)]

    async def _join(self, call: Call, name: str) -> Sequence[str]:
        joined = await self._houses.join(call.visitor, name)
        said = words.joined(joined.house, call.speech)
        return [said, room_words.notice("", call.speech)] if joined.newcomer else [said]

    async def _rename(self, call: Call, text: str) -> str:
        names = read_renaming(text)
        if names is None:
            raise Refusal("usage", usage=words.how_to("rename", call.speech))
        return words.renamed(await self._houses.rename(*names, call.role), call.speech)
