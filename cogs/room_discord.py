"""Rooms on Discord: `/room link|unlink|language|show`, for moderators; `/room sync|delay`, for hosts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.hall import Hall
from bot.rooms import LINK_MINUTES, LONGEST_DELAY, Rooms
from bot.sync import Syncs
from bot.wording import room as words
from bot.wording import sync as sync_words
from bot.wording.speech import N_, Speech
from cogs.commands_discord import acknowledge, group, named, reply, role_in, room_of, verb
from cogs.verbs import COMMANDS, ROOM
from games.core import Refusal, Role

Context = commands.Context[Any]


@dataclass(frozen=True, slots=True)
class Channel:
    """A Twitch channel found by its login."""

    id: str
    login: str
    trusted: bool


FindChannel = Callable[[str], Awaitable[Channel | None]]
"""From a login to its channel, None when there is none; raises `Refusal` (`no-twitch`) without Twitch."""


class RoomDiscord(commands.Cog, name="room"):
    """Which Twitch channel belongs to this one, how late its picture is, and which language is spoken."""

    def __init__(
        self,
        client: DiscordClient,
        hall: Hall,
        rooms: Rooms,
        find_channel: FindChannel,
        changed: Callable[[], Awaitable[None]],
        syncs: Syncs,
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._syncs = syncs
        self._find_channel = find_channel
        self._changed = changed

    @group(
        "room",
        "salle",
        N_("Which channels are this room"),
        named("show", "voir"),
        COMMANDS["room"],
    )
    async def room(self, ctx: Context) -> None:
        """Say which channels are one room."""
        await self._show(ctx)

    @verb(room, ROOM, "link", N_("Make this channel and a Twitch channel one room"))
    @app_commands.describe(
        twitch=locale_str(N_("The Twitch channel’s name; leave empty for Discord alone"))
    )
    async def link(self, ctx: Context, twitch: str = "") -> None:
        """Bind this channel to a Twitch channel, at once for the library's own, with a code for others."""
        _moderators(ctx)
        speech = self._client.speech(ctx.channel.id)
        room = await room_of(ctx, self._rooms)
        login = twitch.strip().rsplit("/", 1)[-1].lstrip("@").lower()
        if not login:
            await reply(ctx, words.room_opened(speech))
            return
        await ctx.defer(ephemeral=True)
        channel = await self._find_channel(login)
        if channel is None:
            raise Refusal("no-twitch-channel", login=login[:40])
        if channel.trusted:
            await self._rooms.link(room, channel.id, channel.login, busy=self._busy)
            await self._changed()
            await reply(ctx, words.linked(channel.login, speech))
            return
        code = self._rooms.offer_link(room, channel.id, channel.login)
        await self._changed()
        await reply(ctx, words.link_code(channel.login, code, LINK_MINUTES, speech))

    @verb(room, ROOM, "unlink", N_("Undo the link with the Twitch channel"))
    async def unlink(self, ctx: Context) -> None:
        """Take the Twitch channel out of this room."""
        _moderators(ctx)
        room = await room_of(ctx, self._rooms)
        login = room.twitch_login or ""
        await self._rooms.unlink(room, busy=self._busy)
        await self._changed()
        await reply(ctx, words.unlinked(login, self._client.speech(ctx.channel.id)))

    @verb(room, ROOM, "language", N_("Choose the room’s language"))
    @app_commands.rename(language=named("language", "langue"))
    @app_commands.describe(language=locale_str(N_("French or English")))
    async def language(self, ctx: Context, language: Literal["fr", "en"]) -> None:
        """Choose the room's language."""
        _moderators(ctx)
        room = await self._rooms.set_locale(await room_of(ctx, self._rooms), language)
        self._hall.refresh(room)
        await reply(ctx, words.locale_set(Speech(language)))

    @verb(room, ROOM, "sync", N_("Measure the stream’s delay: say “top” as you send this"))
    async def sync(self, ctx: Context) -> None:
        """Measure the stream's delay with the viewers on Twitch."""
        room = await room_of(ctx, self._rooms)
        receipt = self._syncs.start(room, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, sync_words.started(self._client.speech(ctx.channel.id)))

    @verb(room, ROOM, "delay", N_("Set the stream’s delay by hand"))
    @app_commands.rename(seconds=named("seconds", "secondes"))
    @app_commands.describe(seconds=locale_str(N_("How many seconds late; 0 for none")))
    async def delay(self, ctx: Context, seconds: commands.Range[float, 0.0, LONGEST_DELAY]) -> None:
        """Set the stream's delay."""
        room = await room_of(ctx, self._rooms)
        room = await self._syncs.set(room, seconds, role_in(ctx))
        await reply(ctx, sync_words.set_to(room.delay, self._client.speech(ctx.channel.id)))

    async def _show(self, ctx: Context) -> None:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("no-room")
        speech = self._client.speech(ctx.channel.id)
        lines = [words.shown(room.twitch_login, speech, discord=True)]
        lines += [sync_words.shown(room.delay, speech)] if room.delay else []
        await reply(ctx, "\n".join(lines))

    def _busy(self, room_id: int) -> bool:
        return self._hall.running(room_id) is not None


def _moderators(ctx: Context) -> None:
    if role_in(ctx) < Role.MODERATOR:
        raise Refusal("moderators-only")
