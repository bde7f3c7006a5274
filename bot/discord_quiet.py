"""The settings of Discord channels, as `Quiet` reads and changes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

import aiohttp
import discord

from bot.outbox import Busy
from bot.quiet import Denied, Mode, Settings
from bot.storage.rooms import Room
from games.core import Platform

Slowable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


class DiscordChats:
    """The channels of the servers that the bot is in. Discord knows slow mode only."""

    platform: Platform = "discord"
    modes: frozenset[Mode] = frozenset({"slow"})

    def __init__(self, client: Callable[[], discord.Client | None]) -> None:
        self._client = client

    def channel(self, room: Room) -> str | None:
        """Return the room's Discord channel."""
        return room.discord_channel_id

    async def read(self, channel_id: str) -> Settings:
        """Return the slow mode of a channel."""
        with _plainly():
            channel = await self._find(channel_id)
        return {} if channel is None else {"slow": cast("int", channel.slowmode_delay)}

    async def change(self, channel_id: str, changes: Settings) -> None:
        """Change a channel's slow mode."""
        with _plainly():
            channel = await self._find(channel_id)
            if channel is None:
                raise Busy  # it was there a moment ago: look again
            await channel.edit(slowmode_delay=changes["slow"])

    async def _find(self, channel_id: str) -> Slowable | None:
        client = self._client()
        if client is None or client.user is None:  # not before it has logged in
            raise Busy
        try:
            # Asked for each time: what the client remembers is as old as its connection.
            channel = await client.fetch_channel(int(channel_id))
        except discord.NotFound:
            return None
        return channel if isinstance(channel, Slowable) else None


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what Discord refuses into what `Quiet` knows."""
    try:
        yield
    except discord.RateLimited as error:
        raise Busy(error.retry_after) from error
    except discord.Forbidden as error:
        raise Denied("discord-permission") from error
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise Busy from error
        raise
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Busy from error
