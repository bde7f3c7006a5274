"""Threads on Discord, as `SectionThreads` asks for them: private ones in a channel, posts in a forum.

A private thread is seen by those who were let into it, and by whoever manages threads on the server. A forum has no
private posts: there each section has a post under its name, with a warning as its first message; no more can be done.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import aiohttp
import discord

from bot.discord_client import quoted
from bot.section_threads import Away, Barred, Gone
from games.core import Refusal
from games.matching import fold

LONGEST_NAME = 100
ARCHIVED_AFTER: Final = 10_080
"""Minutes of silence after which Discord puts a thread away: a week, the most there is."""

TAGS = frozenset({"spoiler", "spoilers", "divulgachage", "divulgachages"})
"""What a forum's tag for such posts may be called, folded."""

_ARCHIVED = 50083
_UNKNOWN_PEOPLE = frozenset({10007, 10013})  # left the server, or gone from Discord

Home = discord.TextChannel | discord.ForumChannel


class DiscordThreads:
    """The threads of the servers that the bot is in."""

    def __init__(self, client: Callable[[], discord.Client | None]) -> None:
        self._client = client

    def quote(self, text: str) -> str:
        """Return somebody's text so that Discord shows it as it is."""
        return quoted(text)

    async def check(self, channel_id: str) -> None:
        """Raise `Refusal` (`threads-forbidden`, `threads-nowhere`) when threads cannot be made in a channel."""
        try:
            home = self._home(self._ready(), channel_id)
        except (Away, Gone) as error:
            raise Refusal("threads-nowhere") from error
        may = home.permissions_for(home.guild.me)
        in_forum = isinstance(home, discord.ForumChannel)
        allowed = may.send_messages if in_forum else may.create_private_threads
        if not (may.view_channel and may.send_messages_in_threads and allowed):
            raise Refusal("threads-forbidden")

    def is_open(self, channel_id: str) -> bool:
        """Return whether everybody sees the threads of a channel, because it is a forum's."""
        try:
            return isinstance(self._home(self._ready(), channel_id), discord.ForumChannel)
        except (Away, Gone):
            return False

    async def create(self, channel_id: str, name: str, opening: str) -> str:
        """Make a thread with its first message; return its id."""
        with _plainly():
            home = self._home(self._ready(), channel_id)
            if isinstance(home, discord.ForumChannel):
                post = await home.create_thread(
                    name=_clipped(name),
                    content=opening,
                    auto_archive_duration=ARCHIVED_AFTER,
                    applied_tags=_tags(home),
                )
                return str(post.thread.id)
            thread = await home.create_thread(
                name=_clipped(name),
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVED_AFTER,
            )
            await thread.send(opening)
            return str(thread.id)

    async def admit(self, thread_id: str, user_id: str) -> None:
        """Let somebody into a thread, which is opened again if it was archived."""
        client = self._ready()
        with _plainly():
            try:
                await client.http.add_user_to_thread(int(thread_id), int(user_id))
            except discord.HTTPException as error:
                if error.code in _UNKNOWN_PEOPLE:
                    return
                if error.code != _ARCHIVED:
                    raise
                await client.http.edit_channel(int(thread_id), archived=False)
                await client.http.add_user_to_thread(int(thread_id), int(user_id))

    async def dismiss(self, thread_id: str, user_id: str) -> None:
        """Take somebody out of a thread."""
        client = self._ready()
        with _plainly():
            await client.http.remove_user_from_thread(int(thread_id), int(user_id))

    async def rename(self, thread_id: str, name: str) -> None:
        """Call a thread by another name, unless it is called so or put away."""
        client = self._ready()
        with _plainly():
            thread = await client.fetch_channel(int(thread_id))
            named = isinstance(thread, discord.Thread) and thread.name == _clipped(name)
            if isinstance(thread, discord.Thread) and not named and not thread.archived:
                await thread.edit(name=_clipped(name))

    def _ready(self) -> discord.Client:
        client = self._client()
        if client is None or client.user is None:
            raise Away
        return client

    def _home(self, client: discord.Client, channel_id: str) -> Home:
        """Return where threads are made that belong to a channel: itself, or what it is a thread of."""
        channel = client.get_channel(int(channel_id))
        if isinstance(channel, discord.Thread):
            channel = channel.parent
        if isinstance(channel, Home):
            return channel
        raise Gone


def _clipped(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def _tags(forum: discord.ForumChannel) -> list[discord.ForumTag]:
    """Return the tag that warns of spoilers, or the first where a forum wants one."""
    warning = [tag for tag in forum.available_tags if fold(tag.name) in TAGS][:1]
    if not warning and forum.flags.require_tag:
        return list(forum.available_tags[:1])
    return warning


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what Discord refuses into what `SectionThreads` knows."""
    try:
        yield
    except discord.RateLimited as error:
        raise Away from error
    except discord.NotFound as error:
        raise Gone from error
    except discord.Forbidden as error:
        raise Barred from error
    except discord.HTTPException as error:
        if error.status == 429 or error.status >= 500:
            raise Away from error
        raise
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise Away from error
