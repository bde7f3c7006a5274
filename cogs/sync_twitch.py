"""The stream's delay on Twitch: `!sync` for hosts, and its announcements; viewers simply type "top"."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.outbox import Post
from bot.session import Announcement, Back, HallEvent, Paused, Resumed, Suspended
from bot.sync import Syncs, read_seconds
from bot.twitch_side import Words
from bot.wording import room as room_words
from bot.wording import sync as words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS
from games.sync import Called, Event, Heard, Measured, Unheard, Unmeasured


class SyncTwitch(commands.Component):
    """Hosts measure the stream's delay with the viewers, or set it."""

    def __init__(self, desk: Desk, syncs: Syncs) -> None:
        self._desk = desk
        self._syncs = syncs

    @commands.command(name="sync", aliases=list(COMMANDS["sync"]))
    async def sync(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Start a measure, or take the number of seconds."""
        await self._desk.serve(ctx, text, self._sync)

    async def _sync(self, call: Call) -> Sequence[str]:
        if not call.text.strip():
            await self._syncs.start(call.room, call.role).committed()
            return []
        delay = read_seconds(call.text, call.room.locale)
        room = await self._syncs.set(call.room, delay, call.role)
        return [words.set_to(room.delay, call.speech)]


class SyncLines:
    """Turns a measure's announcements into lines of chat."""

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        texts = [self._text(event, speech) for event in announcement.events]
        return [Post(Words(text)) for text in texts if text]

    def _text(self, event: Event | HallEvent, speech: Speech) -> str:
        match event:
            case Called():
                return words.called(event, speech)
            case Heard() | Unheard():
                return ""
            case Measured():
                return words.measured(event, speech)
            case Unmeasured():
                return words.unmeasured(speech)
            case Paused() | Resumed() | Back() | Suspended():
                return room_words.hall_event(event, speech)
