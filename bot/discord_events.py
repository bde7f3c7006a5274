"""What of the agenda stands among a Discord server's scheduled events.

Whether a server has them is its own choice: the bot shows what comes where it was given the permission to manage
events, and nowhere else. All members see an event that is in no voice channel, so what is not for all to know has none.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord

from bot.people import visible
from bot.projections import Place, Showing, Unreachable, Unwelcome
from bot.storage.rooms import Room
from bot.wording import feed as words
from bot.wording.agenda import called
from bot.wording.speech import Speech, clip
from games.core import Platform
from games.projection import Content, Found

LONGEST_TITLE, LONGEST_TEXT, LONGEST_WHERE = 100, 1000, 100

SCHEDULED, CANCELLED = 1, 4
STAGE, VOICE, EXTERNAL = 1, 2, 3
GUILD_ONLY = 2

_KEY = re.compile(r"\b[0-9a-f]{32}@\d{8}T\d{6}\b")


class DiscordEvents:
    """The events of the servers that the bot is in."""

    platform: Platform = "discord"

    def __init__(self, client: Callable[[], discord.Client | None]) -> None:
        self._client = client

    def places(self, rooms: Iterable[Room]) -> list[Place]:
        """Return the servers whose channels are known now."""
        servers: dict[str, list[Room]] = {}
        for room in rooms:
            if room.discord_guild_id is not None and room.discord_channel_id is not None:
                servers.setdefault(room.discord_guild_id, []).append(room)
        return [
            Place(f"discord:{key}", key, tuple(inside))
            for key, inside in servers.items()
            if self._guild(key) is not None
        ]

    def content(self, place: Place, showing: Showing) -> Content | None:
        """Return how an occurrence is shown, None when all members would see what only some may know."""
        guild, plan, room = self._guild(place.remote_id), showing.planned.plan, showing.room
        if guild is None:
            return None
        voice = guild.get_channel(int(plan.voice_id)) if plan.voice_id else None
        spoken = isinstance(voice, (discord.VoiceChannel, discord.StageChannel))
        channel = guild.get_channel(int(room.discord_channel_id or 0))
        if not spoken and (showing.closed or channel is None or not _is_seen(channel)):
            return None
        speech = Speech(room.locale)
        begins = showing.occurrence.starts_at // 1_000_000
        name = channel.name if channel is not None else room.name
        shown = {
            "title": clip(called(plan.kind, visible(plan.title), speech), LONGEST_TITLE),
            "text": clip(words.standing_for(name, showing.key, speech), LONGEST_TEXT),
            "where": "" if spoken else clip(visible(plan.place) or f"#{name}", LONGEST_WHERE),
            "voice": plan.voice_id if spoken else "",
        }
        return Content(begins, begins + plan.minutes * 60, shown)

    async def found(self, place: Place) -> list[Found]:
        """Return every event of a server."""
        with _plainly():
            client = self._here()
            rows = await client.http.get_scheduled_events(int(place.remote_id), False)
        own = str(client.user.id) if client.user else ""
        return [_found(row, own) for row in rows]

    async def create(self, place: Place, key: str, content: Content) -> str:  # noqa: ARG002 (the words hold the key)
        """Make an event; return its id."""
        with _plainly():
            row = await self._here().http.create_guild_scheduled_event(
                int(place.remote_id), **self._payload(place, content), privacy_level=GUILD_ONLY
            )
        return str(row["id"])

    async def change(self, place: Place, remote_id: str, content: Content) -> None:
        """Change an event."""
        await self._edit(place, remote_id, self._payload(place, content))

    async def remove(self, place: Place, remote_id: str) -> None:
        """Call an event off."""
        await self._edit(place, remote_id, {"status": CANCELLED})

    async def _edit(self, place: Place, remote_id: str, payload: dict[str, Any]) -> None:
        with _plainly():
            http = self._here().http
            try:
                await http.edit_scheduled_event(int(place.remote_id), int(remote_id), **payload)
            except discord.NotFound:
                return

    def _payload(self, place: Place, content: Content) -> dict[str, Any]:
        shown, voice = content.words, content.words["voice"]
        guild = self._guild(place.remote_id)
        channel = guild.get_channel(int(voice)) if guild and voice else None
        where: dict[str, Any] = {
            "entity_type": STAGE if isinstance(channel, discord.StageChannel) else VOICE,
            "channel_id": voice,
        }
        if not voice:
            where = {
                "entity_type": EXTERNAL,
                "channel_id": None,
                "entity_metadata": {"location": shown["where"]},
            }
        return {
            "name": shown["title"],
            "description": shown["text"],
            "scheduled_start_time": _stamp(content.begins),
            "scheduled_end_time": _stamp(content.ends),
            **where,
        }

    def _here(self) -> discord.Client:
        client = self._client()
        if client is None or client.user is None:
            raise Unreachable("Discord is away")
        return client

    def _guild(self, key: str) -> discord.Guild | None:
        client = self._client()
        guild = client.get_guild(int(key)) if client is not None else None
        return guild if guild is not None and not guild.unavailable else None


def _is_seen(channel: discord.abc.GuildChannel) -> bool:
    """Whether every member of the server sees a channel."""
    return channel.permissions_for(channel.guild.default_role).view_channel


def _found(row: Any, own: str) -> Found:
    begins = _seconds(row["scheduled_start_time"])
    end = row.get("scheduled_end_time")
    text = row.get("description") or ""
    key = _KEY.search(text)
    shown = {
        "title": row["name"],
        "text": text,
        "where": (row.get("entity_metadata") or {}).get("location") or "",
        "voice": str(row.get("channel_id") or ""),
    }
    return Found(
        str(row["id"]),
        key[0] if key else "",
        Content(begins, _seconds(end) if end else begins, shown),
        ours=str(row.get("creator_id")) == own,
        free=row["status"] == SCHEDULED,
    )


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _seconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp())


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what Discord refuses into what `Projections` knows."""
    try:
        yield
    except discord.Forbidden as error:
        raise Unwelcome(
            "the bot needs the permission to manage events (Manage Events) there"
        ) from error
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise Unreachable(f"Discord answered {error.status}") from error
        raise Unwelcome(f"Discord refused it ({error.status}, {error.code})") from error
    except (discord.RateLimited, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Unreachable(type(error).__name__) from error
