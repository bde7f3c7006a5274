"""A Twitch on loopback: OAuth, Helix and the EventSub WebSocket, enough for an unmodified client to live on.

`TwitchPlatform` composes its siblings: `twitch_world.py` (what exists), `twitch_http.py` (how it answers),
`twitch_oauth.py`, `twitch_helix.py`, `twitch_subscriptions.py`, `twitch_sockets.py`, `twitch_events.py`,
`twitch_chat.py`, `twitch_settings.py`, `twitch_faults.py`, `twitch_flood.py`, `twitch_view.py`.
What it cannot tell: real rate-limit values, AutoMod, whether an account's phone number is verified.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.rehearsal import twitch_events as events
from bot.rehearsal.recorder import Recorder
from bot.rehearsal.twitch_chat import Chat, Limits
from bot.rehearsal.twitch_faults import TwitchFaults
from bot.rehearsal.twitch_flood import flood
from bot.rehearsal.twitch_helix import Helix, live
from bot.rehearsal.twitch_http import Gate, Outage, cut
from bot.rehearsal.twitch_oauth import OAuth, Token, Tokens
from bot.rehearsal.twitch_settings import shown
from bot.rehearsal.twitch_sockets import Deadlines, Sockets
from bot.rehearsal.twitch_subscriptions import Subscriptions
from bot.rehearsal.twitch_view import view
from bot.rehearsal.twitch_world import Channel, ChatLine, User, World

__all__ = ["SCOPES", "ChatLine", "Token", "TwitchFaults", "TwitchPlatform", "User"]

SCOPES = ("user:read:chat", "user:write:chat", "user:bot", "moderator:manage:chat_settings")


class TwitchPlatform:
    """One Twitch with one registered application and its bot account.

    `clock` gives unix seconds for limits, expiry and time stamps; `deadlines` and `limits` may be changed at any time.
    """

    def __init__(
        self, recorder: Recorder | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._world = World(clock)
        self._outage = Outage(clock)
        self._tokens = Tokens(self._world, "rehearsal-twitch-client", "rehearsal-twitch-secret")
        self._subscriptions = Subscriptions(self._world)
        self._sockets = Sockets(self._world, self._subscriptions, self._outage, recorder)
        self._chat = Chat(self._world, self._sockets)
        self.bot = self.add_user("ensemble", "Ensemble")
        self._tokens.issue(self.bot, SCOPES)
        self.faults = TwitchFaults(
            self._world,
            self._tokens,
            self._sockets,
            self._subscriptions,
            self._chat,
            self._outage,
            self.bot.id,
        )
        helix = Helix(self._world, self._tokens, self._subscriptions, self._sockets, self._chat)
        self._gates = (
            Gate("/helix", helix.table(), self._outage, recorder),
            Gate("/id", OAuth(self._tokens).table(), self._outage, recorder),
        )

    def mount(self, app: web.Application, prefix: str = "/twitch") -> None:
        """Serve everything under `prefix`; sockets are closed when the application shuts down."""
        for gate in self._gates:
            gate.mount(app, prefix)
        self._sockets.mount(app, prefix)
        app.router.add_get(f"{prefix}/activate", self._activate)

        async def shutdown(_: web.Application) -> None:
            await self.close()

        app.on_shutdown.append(shutdown)

    async def close(self) -> None:
        """Close the sockets and stop every timer."""
        await self._sockets.close()

    @property
    def client_id(self) -> str:
        """The application's id."""
        return self._tokens.client_id

    @property
    def client_secret(self) -> str:
        """The application's secret."""
        return self._tokens.client_secret

    @property
    def access_token(self) -> str:
        """The bot's newest access token."""
        return self._tokens.current(self.bot.id).access

    @property
    def refresh_token(self) -> str:
        """The bot's newest refresh token."""
        return self._tokens.current(self.bot.id).refresh

    @property
    def deadlines(self) -> Deadlines:
        """How long sockets wait, in real seconds."""
        return self._sockets.deadlines

    @property
    def limits(self) -> Limits:
        """The chat limits' figures."""
        return self._chat.limits

    @property
    def subscriptions(self) -> list[dict[str, Any]]:
        """The enabled subscriptions, as Helix shows them."""
        return [item.body() for item in self._subscriptions.enabled.values()]

    @property
    def sockets(self) -> int:
        """How many sockets are open now."""
        return len(self._sockets.open)

    @property
    def sockets_opened(self) -> int:
        """How many sockets were ever opened."""
        return self._sockets.opened

    def add_user(self, login: str, name: str | None = None) -> User:
        """Create an account; ValueError when the login is taken."""
        return self._world.add_user(login, name)

    def add_channel(self, login: str, name: str | None = None) -> User:
        """Create a broadcaster, whose id is the channel's, and who has let the bot in."""
        return self._world.add_channel(login, name)

    def set_badges(self, channel_id: str, user_id: str, *badges: str) -> None:
        """Give a user exactly these badges in a channel: moderator, vip, lead_moderator, subscriber…"""
        self._channel(channel_id).badges[user_id] = badges
        self._world.changed()

    def grant(self, user_id: str, *scopes: str) -> None:
        """Let a user authorise the application for these scopes."""
        self._world.grant(user_id, *scopes)

    def ungrant(self, user_id: str) -> None:
        """Let a user withdraw every authorisation; their tokens stop working."""
        self._tokens.forget(user_id)

    def issue(self, user_id: str, *scopes: str) -> Token:
        """Return a new token (`.access`, `.refresh`) of this user with these scopes."""
        return self._tokens.issue(self._world.users[user_id], scopes)

    def approve_device(self, user_code: str, user_id: str | None = None) -> None:
        """Let a user (the bot account by default) enter the code of the device flow."""
        self._tokens.approve(user_code, self._world.users[user_id or self.bot.id])

    def set_device_interval(self, seconds: int) -> None:
        """Set how often a client is told to ask whether a device code was approved."""
        self._tokens.device_interval = seconds

    async def say(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        *,
        message_id: str | None = None,
        source_channel_id: str | None = None,
        reply_to: str | None = None,
    ) -> str:
        """Let a person say something and return the chat message's id.

        A `message_id` used before delivers the event again under it. With `source_channel_id` the line
        arrives through Shared Chat. What a timed-out person says, more than 500 characters, or what the
        room's settings hold back is only shown in the view, as refused.
        """
        line = await self._chat.say(
            self._channel(channel_id),
            self._world.users[user_id],
            text,
            message_id=message_id,
            source=self._channel(source_channel_id) if source_channel_id else None,
            reply_to=reply_to,
        )
        return line.id

    async def delete_message(self, channel_id: str, message_id: str) -> None:
        """Let a moderator remove one line; LookupError when there is none."""
        await self._chat.delete(self._channel(channel_id), message_id)

    async def timeout(self, channel_id: str, user_id: str, seconds: float = 600.0) -> None:
        """Let a moderator time a user out, which removes all their lines."""
        channel, user = self._channel(channel_id), self._world.users[user_id]
        await self._chat.timeout(channel, user, seconds)

    async def clear(self, channel_id: str) -> None:
        """Let a moderator clear the chat."""
        await self._chat.clear(self._channel(channel_id))

    async def set_chat(self, channel_id: str, **settings: bool | int) -> None:
        """Let the broadcaster or a moderator change the chat's settings by hand, named as in Helix."""
        await self._chat.change_settings(self._channel(channel_id), settings)

    def chat_settings(self, channel_id: str) -> dict[str, Any]:
        """Return the chat's settings as its moderators see them."""
        return shown(self._channel(channel_id).settings, moderator=True)

    async def go_live(self, channel_id: str) -> None:
        """Start a stream: it is listed, and stream.online is sent."""
        channel, at = self._channel(channel_id), self._world.clock()
        stream_id = str(uuid.uuid4().int % 10**11)
        channel.stream = live(channel, stream_id, at)
        event = events.stream_online(channel, stream_id, at)
        await self.emit("stream.online", "1", {"broadcaster_user_id": channel_id}, event)

    async def go_offline(self, channel_id: str) -> None:
        """End the stream: it is no longer listed, and stream.offline is sent."""
        channel = self._channel(channel_id)
        stream, channel.stream = channel.stream, None
        event = events.stream_offline(channel, stream["id"] if stream else "0")
        await self.emit("stream.offline", "1", {"broadcaster_user_id": channel_id}, event)

    async def emit(
        self,
        type: str,  # noqa: A002 - the vendor's word
        version: str,
        condition: Mapping[str, str],
        event: Mapping[str, Any],
    ) -> None:
        """Send any notification to the subscriptions whose condition agrees with this one."""
        await self._sockets.deliver(type, condition, event, version)
        self._world.changed()

    async def flood(
        self, channel_id: str, user_ids: Sequence[str], texts: Sequence[str], count: int
    ) -> None:
        """Send `count` chat notifications as fast as the socket takes them, and remember none of them."""
        await flood(
            self._world, self._sockets, self._subscriptions, channel_id, user_ids, texts, count
        )

    def lines(self, channel_id: str) -> list[ChatLine]:
        """Return what was said in a channel, oldest first, without what Twitch refused."""
        return [line for line in self._channel(channel_id).lines.values() if line.refused is None]

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after anything visible has changed."""
        self._world.on_change(listener)

    def view(self, channel_id: str, user_id: str) -> dict[str, Any]:  # noqa: ARG002 - all see the same chat
        """Return what this user sees of a channel now."""
        return view(self._world, self._subscriptions, channel_id, self.bot.id)

    def _channel(self, channel_id: str) -> Channel:
        return self._world.channels[channel_id]

    async def _activate(self, request: web.Request) -> web.Response:
        if self._outage.cut_http():
            return cut(request)
        try:
            self.approve_device(request.query.get("device-code", ""))
        except LookupError:
            return web.Response(status=404, text="Unknown code.\n")
        return web.Response(text=f"{self.bot.name} is now authorised. You can close this page.\n")
