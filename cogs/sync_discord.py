"""The stream's delay on Discord: `!sync` (as slash commands, `/room sync` and `/room delay`), and its announcements."""

from collections.abc import Sequence
from typing import Any

from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.discord_side import Words
from bot.outbox import Post
from bot.rooms import Rooms
from bot.session import Announcement, Back, HallEvent, Paused, Resumed, Suspended
from bot.sync import Syncs, read_seconds
from bot.wording import room as room_words
from bot.wording import sync as words
from bot.wording.speech import Speech
from cogs.commands_discord import reply, role_in, room_of
from cogs.verbs import COMMANDS
from games.sync import Called, Event, Heard, Measured, Unheard, Unmeasured

Context = commands.Context[Any]


class SyncDiscord(commands.Cog, name="sync"):
    """The short form that is typed."""

    def __init__(self, client: DiscordClient, rooms: Rooms, syncs: Syncs) -> None:
        self._client = client
        self._rooms = rooms
        self._syncs = syncs

    @commands.command(name="sync", aliases=list(COMMANDS["sync"]))
    @commands.guild_only()
    async def sync(self, ctx: Context, *, seconds: str = "") -> None:
        """Measure the stream's delay with the viewers, or set it."""
        room = await room_of(ctx, self._rooms)
        if not seconds.strip():
            await self._syncs.start(room, role_in(ctx)).committed()
            return
        delay = read_seconds(seconds, room.locale)
        room = await self._syncs.set(room, delay, role_in(ctx))
        await reply(ctx, words.set_to(room.delay, self._client.speech(ctx.channel.id)))


class SyncBoards:
    """Turns a measure's announcements into messages."""

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        texts = [self._text(event, speech) for event in announcement.events]
        return [Post(Words(text)) for text in texts if text]

    def _text(self, event: Event | HallEvent, speech: Speech) -> str:
        match event:
            case Called():
                return words.called_elsewhere(event, speech)
            case Heard() | Unheard():
                return ""
            case Measured():
                return words.measured(event, speech)
            case Unmeasured():
                return words.unmeasured(speech)
            case Paused() | Resumed() | Back() | Suspended():
                return room_words.hall_event(event, speech)
