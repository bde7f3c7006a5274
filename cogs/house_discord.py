"""Houses on Discord: `/house join|leave|list` for everybody, `add|rename|remove` for moderators."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient, visitor_of
from bot.houses import Houses, read_renaming
from bot.wording import house as words
from bot.wording import room as room_words
from bot.wording.speech import N_
from cogs.commands_discord import group, named, reply, role_in, typed, verb
from cogs.verbs import COMMANDS, HOUSE, mistyped, read
from games.core import Refusal

Context = commands.Context[Any]


class HouseDiscord(commands.Cog, name="house"):
    """Which houses there are, and who belongs to which."""

    def __init__(self, client: DiscordClient, houses: Houses) -> None:
        self._client = client
        self._houses = houses

    @group(
        "house",
        "maison",
        N_("Your house and the others"),
        named("list", "liste"),
        COMMANDS["house"],
    )
    async def house(self, ctx: Context) -> None:
        """Say which house one belongs to, and which there are."""
        speech = self._client.speech(ctx.channel.id)
        unread = ctx.view.read_rest()
        if unread.strip() and read(unread, HOUSE)[0] is None:
            raise mistyped("house", unread, speech.locale, words.how_to("join", speech))
        own = self._houses.own(visitor_of(ctx.author))
        houses = words.listed(self._houses.all, self._houses.sizes(), speech)
        await reply(ctx, "\n".join([words.own(own, speech), *houses]))

    @verb(house, HOUSE, "join", N_("Belong to a house, and to no other"))
    @app_commands.rename(house=named("house", "maison"))
    @app_commands.describe(house=locale_str(N_("Which house")))
    async def join(self, ctx: Context, *, house: str) -> None:
        """Belong to a house."""
        speech = self._client.speech(ctx.channel.id)
        joined = await self._houses.join(visitor_of(ctx.author), house)
        text = words.joined(joined.house, speech)
        if joined.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        await reply(ctx, text)

    @verb(house, HOUSE, "leave", N_("Belong to no house any more"))
    async def leave(self, ctx: Context) -> None:
        """Leave one's house."""
        left = await self._houses.leave(visitor_of(ctx.author))
        await reply(ctx, words.left(left, self._client.speech(ctx.channel.id)))

    @verb(house, HOUSE, "add", N_("Add a house"))
    @app_commands.rename(name=named("name", "nom"))
    @app_commands.describe(name=locale_str(N_("What it is called")))
    async def add(self, ctx: Context, *, name: str) -> None:
        """Add a house."""
        added = await self._houses.add(name, role_in(ctx))
        await reply(ctx, words.added(added, self._client.speech(ctx.channel.id)))

    @verb(house, HOUSE, "rename", N_("Give a house another name"))
    @app_commands.rename(house=named("house", "maison"), name=named("name", "nom"))
    @app_commands.describe(
        house=locale_str(N_("Which house")), name=locale_str(N_("What it is called from now on"))
    )
    async def rename(self, ctx: Context, house: str, *, name: str) -> None:
        """Give a house another name; typed, an equals sign stands between the two, as names may have spaces."""
        speech = self._client.speech(ctx.channel.id)
        names = (house, name) if ctx.interaction else read_renaming(read(typed(ctx), HOUSE)[1])
        if names is None:
            raise Refusal("usage", usage=words.how_to("rename", speech))
        renamed = await self._houses.rename(*names, role_in(ctx))
        await reply(ctx, words.renamed(renamed, speech))

    @verb(house, HOUSE, "remove", N_("Remove a house"))
    @app_commands.rename(house=named("house", "maison"))
    @app_commands.describe(house=locale_str(N_("Which house")))
    async def remove(self, ctx: Context, *, house: str) -> None:
        """Remove a house."""
        removed = await self._houses.remove(house, role_in(ctx))
        await reply(ctx, words.removed(removed, self._client.speech(ctx.channel.id)))

    async def houses_for(
        self, _interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the houses, near ones first."""
        near = self._houses.nearest(typed)
        return [app_commands.Choice(name=house.name, value=house.name) for house in near]

    join.autocomplete("house")(houses_for)
    rename.autocomplete("house")(houses_for)
    remove.autocomplete("house")(houses_for)
