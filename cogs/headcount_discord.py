"""Counting people without an account on Discord: `/presence`.

A slash command is answered in private, and tells staff every number; a typed one is answered in the channel, and
shows no small ones. What is typed is read as on Twitch.
"""

from typing import Any

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.headcount import EXAMPLE, Entry, Headcounts, make_entry, read_entry
from bot.rooms import Rooms
from bot.wording import headcount as words
from bot.wording.speech import N_
from cogs.commands_discord import FreeText, group, named, reply, role_in, room_of, typed_after, verb
from cogs.verbs import COMMANDS, PRESENCE, read
from games.core import Refusal, Role
from games.headcount import CLASSES

Context = commands.Context[Any]


class HeadcountDiscord(commands.Cog, name="headcount"):
    """Hosts count; anybody may ask how many there are."""

    def __init__(self, client: DiscordClient, headcounts: Headcounts, rooms: Rooms) -> None:
        self._client = client
        self._headcounts = headcounts
        self._rooms = rooms

    @group(
        "presence",
        "présence",
        N_("People without an account, counted by the team"),
        named("show", "voir"),
        COMMANDS["presence"],
    )
    async def presence(self, ctx: Context) -> None:
        """Say how many were counted; what is typed after the command is counted."""
        verb, rest = read(ctx.view.read_rest(), PRESENCE)
        if verb is None and rest:
            await self._add(ctx, read_entry(rest))
        else:
            await self._show(ctx)

    @verb(
        presence,
        PRESENCE,
        "add",
        N_("Count people who are there without an account"),
        FreeText,
        EXAMPLE.partition(" ")[2],
    )
    @app_commands.describe(
        toddlers=locale_str(N_("How many from 0 to 5 years")),
        children=locale_str(N_("How many from 6 to 11 years")),
        juniors=locale_str(N_("How many from 12 to 14 years")),
        teenagers=locale_str(N_("How many from 15 to 17 years")),
        adults=locale_str(N_("How many from 18 to 64 years")),
        seniors=locale_str(N_("How many of 65 years and over")),
        unknown=locale_str(N_("How many whose age you do not know")),
        place=locale_str(N_("Where they are: a room, a branch, the telephone")),
    )
    @app_commands.rename(
        toddlers=named("0-5", "0-5"),
        children=named("6-11", "6-11"),
        juniors=named("12-14", "12-14"),
        teenagers=named("15-17", "15-17"),
        adults=named("18-64", "18-64"),
        seniors=named("65-and-over", "65-et-plus"),
        unknown=named("unknown", "inconnu"),
        place=named("place", "lieu"),
    )
    async def add(
        self,
        ctx: Context,
        toddlers: int | None = None,
        children: int | None = None,
        juniors: int | None = None,
        teenagers: int | None = None,
        adults: int | None = None,
        seniors: int | None = None,
        unknown: int | None = None,
        *,
        place: str = "",
    ) -> None:
        """Count people."""
        if ctx.interaction is None:
            await self._add(ctx, read_entry(typed_after(ctx)))
            return
        chosen = (toddlers, children, juniors, teenagers, adults, seniors, unknown)
        counts = dict(zip(CLASSES, chosen, strict=True))
        await self._add(ctx, make_entry(counts, place))

    async def _add(self, ctx: Context, entry: Entry) -> None:
        room = await room_of(ctx, self._rooms)
        noted = await self._headcounts.add(room, entry, role_in(ctx))
        await reply(ctx, "\n".join(words.noted(noted, self._client.speech(ctx.channel.id))))

    async def _show(self, ctx: Context) -> None:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("no-room")
        speech = self._client.speech(ctx.channel.id)
        attendance = await self._headcounts.present(room)
        private = ctx.interaction is not None and role_in(ctx) >= Role.HOST
        lines = words.exact(attendance, speech) if private else words.public(attendance, speech)
        await reply(ctx, "\n".join(filter(None, lines)))
