"""The settings of Twitch chats, as `Quiet` reads and changes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.outbox import Busy
from bot.quiet import Denied, Mode, Settings
from bot.storage.rooms import Room
from bot.twitch_client import TwitchAuthError, TwitchBusy, TwitchClient, TwitchRefused
from games.core import Platform

NO_SUCH_CHANNEL = frozenset({400, 404})


class TwitchChats:
    """The chats that the bot's account moderates, and those it only wishes it did."""

    platform: Platform = "twitch"
    modes: frozenset[Mode] = frozenset({"slow", "emotes"})

    def __init__(self, client: Callable[[], TwitchClient | None]) -> None:
        self._client = client

    def channel(self, room: Room) -> str | None:
        """Return the room's Twitch channel."""
        return room.twitch_channel_id

    async def read(self, channel_id: str) -> Settings:
        """Return the slow mode and the emote-only mode of a chat."""
        with _plainly():
            try:
                settings = await self._connected().chat_settings(channel_id)
            except TwitchRefused as error:
                if error.status in NO_SUCH_CHANNEL:
                    return {}
                raise
        return {"slow": settings.slow, "emotes": int(settings.emotes_only)}

    async def change(self, channel_id: str, changes: Settings) -> None:
        """Change a chat's slow mode or emote-only mode."""
        emotes = changes.get("emotes")
        with _plainly():
            await self._connected().change_chat(
                channel_id,
                slow=changes.get("slow"),
                emotes_only=None if emotes is None else bool(emotes),
            )

    def _connected(self) -> TwitchClient:
        client = self._client()
        if client is None or client.user is None:  # not before it has its tokens
            raise Busy
        return client


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what Twitch refuses into what `Quiet` knows."""
    try:
        yield
    except TwitchBusy as error:
        raise Busy(error.retry_after) from error
    except TwitchAuthError as error:
        raise Busy from error
    except TwitchRefused as error:
        if error.status == 403:
            raise Denied("twitch-moderator") from error
        if error.status == 401 and "scope" in error.reason.casefold():
            raise Denied("twitch-scope") from error
        raise
