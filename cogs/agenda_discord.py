"""The agenda on Discord: `/agenda` for everybody, `/agenda skip|move|cancel` for hosts."""

from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.appointments import Appointments, Cancelled, Coming, Moved, reference
from bot.discord_client import DiscordClient, quoted, visitor_of
from bot.discord_side import DiscordSide
from bot.feeds import RENEW, Feeds
from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.wording import agenda as words
from bot.wording import feed as feed_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    group,
    named,
    privately,
    reply,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.feed_discord import attached, given
from cogs.verbs import AGENDA, COMMANDS
from games.matching import fold

Context = commands.Context[Any]


class AgendaDiscord(commands.Cog, name="agenda"):
    """What comes in this channel's room, and changing one occurrence."""

    def __init__(
        self, client: DiscordClient, rooms: Rooms, appointments: Appointments, feeds: Feeds
    ) -> None:
        self._client = client
        self._feeds = feeds
        self._rooms = rooms
        self._appointments = appointments

    @group("agenda", "agenda", N_("What comes here"), named("list", "liste"), COMMANDS["agenda"])
    async def agenda(self, ctx: Context) -> None:
        """Say what comes."""
        room = await room_of(ctx, self._rooms)
        speech = self._client.speech(ctx.channel.id)
        coming = await self._appointments.coming(room)
        if not coming.entries:
            await reply(ctx, words.nothing(speech))
            return
        lines = [f"**{words.heading(speech)}**", *_lines(coming, speech)]
        if await self._appointments.leads_some(room, visitor_of(ctx.author), role_in(ctx)):
            lines.append(f"-# {words.how_to_change(speech)}")
        await reply(ctx, "\n".join(lines))

    @verb(agenda, AGENDA, "skip", N_("Leave out one appointment, without a word"))
    @app_commands.rename(which=named("which", "lequel"))
    @app_commands.describe(which=locale_str(N_("Which appointment")))
    async def skip(self, ctx: Context, which: str) -> None:
        """Leave out one occurrence."""
        room, speech = await room_of(ctx, self._rooms), self._client.speech(ctx.channel.id)
        entry, now = await self._appointments.skip(
            room, which, visitor_of(ctx.author), role_in(ctx)
        )
        await reply(ctx, words.skipped(entry, speech, now))

    @verb(agenda, AGENDA, "cancel", N_("Cancel one appointment and tell the room"))
    @app_commands.rename(which=named("which", "lequel"))
    @app_commands.describe(which=locale_str(N_("Which appointment")))
    async def cancel(self, ctx: Context, which: str) -> None:
        """Cancel one occurrence."""
        room = await room_of(ctx, self._rooms)
        await self._appointments.cancel(room, which, visitor_of(ctx.author), role_in(ctx))
        await self._done(ctx)

    @verb(agenda, AGENDA, "move", N_("Move one appointment and tell the room"))
    @app_commands.rename(which=named("which", "lequel"), when=named("when", "quand"))
    @app_commands.describe(
        which=locale_str(N_("Which appointment")),
        when=locale_str(N_("Such as: Tuesday 6:30 pm, 15/12 8 pm, 2026-12-15 20:00")),
    )
    async def move(self, ctx: Context, which: str, *, when: str) -> None:
        """Move one occurrence."""
        room = await room_of(ctx, self._rooms)
        speech = self._client.speech(ctx.channel.id)
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        clashes = await self._appointments.move(room, which, when, visitor, role)
        await self._done(ctx)
        if clashes:
            await reply(ctx, words.clash(clashes, speech, self._appointments.now(room)))

    @verb(agenda, AGENDA, "calendar", N_("Have this agenda in your own calendar"), FreeText)
    @app_commands.rename(renew=named("renew", "renouveler"))
    @app_commands.describe(renew=locale_str(N_("Hosts: give it another address")))
    async def calendar(self, ctx: Context, renew: bool = False) -> None:
        """Give the room's address and what comes as a file."""
        room, speech = await room_of(ctx, self._rooms), self._client.speech(ctx.channel.id)
        told: list[str] = []
        if renew or fold(typed_after(ctx)) in RENEW:
            await self._feeds.renew_room(room, role_in(ctx))
            told.append(feed_words.renewed(speech))
        told += given(await self._feeds.of_room(room), speech)
        file = attached(await self._feeds.room_file(room))
        answer = reply if await self._feeds.is_open(room) else privately
        await answer(ctx, "\n".join(told), file=file)

    async def which_for(
        self, interaction: discord.Interaction[Any], _typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer what comes."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        if room is None:
            return []
        speech = Speech(self._client.speech(interaction.channel_id).locale)
        coming = await self._appointments.coming(room)
        return [
            app_commands.Choice(
                name=clip(words.line(entry, speech, coming.now), 100), value=reference(entry)
            )
            for entry in coming.entries
        ]

    for _verb in (skip, cancel, move):
        _verb.autocomplete("which")(which_for)

    async def _done(self, ctx: Context) -> None:
        """Confirm a slash command; the room is told, which answers a typed one."""
        if ctx.interaction is not None:
            await reply(ctx, words.done(self._client.speech(ctx.channel.id)))


class AgendaOnDiscord:
    """Tells a room's Discord channel what became of an appointment."""

    def __init__(self, side: DiscordSide) -> None:
        self._side = side

    def tell(self, room: Room, change: Cancelled | Moved) -> None:
        """Queue a sentence."""
        if room.discord_channel_id is None:
            return
        speech = Speech(room.locale, quoted)
        match change:
            case Cancelled(entry, now):
                self._side.say(room, words.cancelled(entry, speech, now))
            case Moved(entry, to, at, now):
                text = words.moved(entry, to, speech, now)
                self._side.say(room, f"{text} {_stamp(at)}")


def _lines(coming: Coming, speech: Speech) -> list[str]:
    lines = words.coming(coming.entries, speech, coming.now)
    return [
        f"{line} · {_stamp(entry.starts_at)}"
        for line, entry in zip(lines, coming.entries, strict=True)
    ]


def _stamp(at: int) -> str:
    """Return an instant as each reader's own Discord shows it, counting down."""
    return f"<t:{at // 1_000_000}:R>"
