"""The bot's Twitch client: twitchio's `commands.Bot` with its own hearing, tokens and manners.

What is the library's here: commands and components, models, the Helix client and its routes. What is
ours, and why, row by row: docs/twitch-hardening.md. Pacing and retrying of what is said belong to the
outbox, wording and rules to the faces.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

import twitchio
from twitchio.eventsub import SubscriptionPayload
from twitchio.ext import commands
from twitchio.http import Route
from twitchio.models.eventsub_ import create_event_instance

from bot.twitch_errors import (
    TwitchAuthError,
    TwitchBusy,
    TwitchError,
    TwitchRefused,
    TwitchUnreachable,
    trace,
)
from bot.twitch_http import TwitchHTTP
from bot.twitch_intake import PREFIX, Intake, Line, Listener
from bot.twitch_pace import ChatBudget
from bot.twitch_socket import CHAT_TYPES, Hearing, Timings, Topic, together
from bot.twitch_tokens import Keyring, TokenStore

__all__ = [
    "MOST_CHARACTERS",
    "Account",
    "ChatBudget",
    "ChatSettings",
    "Health",
    "Line",
    "Listener",
    "Segment",
    "Sent",
    "Timings",
    "TokenStore",
    "TwitchAuthError",
    "TwitchBusy",
    "TwitchClient",
    "TwitchError",
    "TwitchRefused",
    "TwitchUnreachable",
    "chat_text",
    "line_of",
]

MOST_CHARACTERS: Final = 500
COMMANDS_DRAIN_S: Final = 5.0
MOST_PAGES: Final = 8
DOUBT_S: Final = 60.0
_BLANKS: Final = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_UNSEEN: Final = re.compile("[\u034f\u200b\u2060\ufeff\U000e0000]+")
_ELLIPSIS: Final = re.compile(r"^\.{2,}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a line: `refused` is Twitch's code (opaque: `msg_duplicate`, `http_403`, …) or None."""

    message_id: str | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Account:
    """A Twitch account."""

    id: str
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How a chat is set: `slow` is the seconds between two lines of one person (0: no slow mode)."""

    slow: int
    emotes_only: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands in a channel's schedule: from when to when (seconds since 1970), and what it is called."""

    id: str
    title: str
    begins: int
    ends: int
    recurring: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Health:
    """How the Twitch side is, at one instant. `wanted` and `subscribed` count subscriptions, four for each channel."""

    connected: bool
    last_frame_age_s: float
    sockets: int
    wanted: int
    subscribed: int
    token_expires_in_s: float


class ChatContext(commands.Context["TwitchClient"]):
    """The library's context, with the line that the command stands in."""

    def __init__(self, payload: twitchio.ChatMessage, *, bot: "TwitchClient", line: Line) -> None:
        super().__init__(payload, bot=bot)
        self.line = line


def line_of(ctx: commands.Context[Any]) -> Line:
    """Return the line that a command stands in. Raises `TypeError` for a context that is no chat command of ours."""
    if not isinstance(ctx, ChatContext):
        raise TypeError("this context was not made by TwitchClient")
    return ctx.line


def chat_text(text: str) -> str:
    """Return the text as it is sent: one line, no control characters, no start that is a Twitch command.

    No-break spaces stay: French typography needs them. Raises `ValueError` when nothing, or more than
    500 characters, remain.
    """
    text = _UNSEEN.sub("", _BLANKS.sub(" ", text)).strip(" ")
    text = _ELLIPSIS.sub("…", text).lstrip("/. ")
    if not text:
        raise ValueError("there is nothing to say")
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"a line may have {MOST_CHARACTERS} characters, this one has {len(text)}")
    return text


class TwitchClient(commands.Bot):
    """One bot account on Twitch.

    Components are added before or after the start. `shared_chat` holds the ids of the channels that take
    part in Shared Chat; the application adds and removes them. A client runs once: build a new one after
    its end.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str | None,
        bot_id: str,
        tokens: TokenStore,
        listener: Listener,
        clock: Callable[[], float] = time.monotonic,
        timings: Timings | None = None,
    ) -> None:
        with _without_advertisement():
            super().__init__(
                client_id=client_id,
                client_secret=client_secret,
                bot_id=bot_id,
                prefix=PREFIX,
                case_insensitive=True,
                fetch_client_user=False,
            )
        timings = timings or Timings()
        self._save_tokens = False
        self._listener = listener
        self._clock = clock
        self._http = self._twitch = TwitchHTTP(
            client_id=client_id, client_secret=client_secret, client=self
        )
        self._keyring = self._twitch.keyring = Keyring(
            store=tokens,
            identity=self._twitch,
            bot_id=bot_id,
            client_id=client_id,
            clock=clock,
            tick_s=timings.tick,
        )
        self._intake = Intake(
            bot_id=bot_id,
            listener=listener,
            clock=clock,
            knows=self.commands.__contains__,
            command=self._start_command,
            watched=lambda channel: self._hearing.watches(channel),
            other=self._dispatch_other,
            echoed=self._settle_doubt,
        )
        self._hearing = Hearing(
            api=self._twitch,
            token_for=bot_id,
            clock=clock,
            timings=timings,
            sink=self._intake,
            deaf=listener.deaf,
            hears=listener.hears,
            revoked=self._withdrawn,
        )
        self.shared_chat = self._intake.shared_chat
        self._doubtful: dict[tuple[str, str], tuple[float, str | None]] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._closed = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None

    # life

    async def run_forever(self) -> None:
        """Log in, subscribe and stay; returns after `close`.

        Raises `TwitchAuthError` when tokens or permissions are unusable (the listener is told first), and
        `TwitchUnreachable` when Twitch cannot be reached at the start, or not again for long.
        """
        try:
            await self._open()
            await together(self._hearing.run(), self._keyring.care(), self._until_closed())
        except TwitchAuthError as error:
            self._listener.unauthorized(str(error))
            raise
        finally:
            await self.close()

    async def start(self, *_args: Any, **_options: Any) -> None:
        """`run_forever` under the library's name: no web server, no token file, whatever is asked for."""
        await self.run_forever()

    def stop_listening(self) -> None:
        """Take nothing in any more; `say` goes on working until `close`, so that outboxes can empty."""
        self._hearing.mute()

    async def close(self, **_options: Any) -> None:
        """Stop taking lines in, close the sockets, let running commands end, close HTTP; safe to repeat."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(), name="twitch client closing")
        await asyncio.shield(self._closing)

    @property
    def health(self) -> Health:
        """How things are now."""
        return Health(
            connected=self._hearing.connected,
            last_frame_age_s=self._hearing.last_frame_age_s,
            sockets=self._hearing.sockets,
            wanted=self._hearing.wanted,
            subscribed=self._hearing.subscribed,
            token_expires_in_s=self._keyring.expires_in_s,
        )

    async def _open(self) -> None:
        try:
            await self._keyring.open()
        except TwitchUnreachable:
            raise
        except TwitchBusy as error:
            raise TwitchUnreachable(str(error), error.retry_after) from None
        self._login_called = True
        self._user = self.create_partialuser(self.bot_id)
        await self._setup()
        self._ready_event.set()
        self.dispatch("ready")

    async def _until_closed(self) -> None:
        await self._closed.wait()

    async def _close(self) -> None:
        await self._hearing.close()
        self._closed.set()
        if self._running:
            await asyncio.wait(self._running, timeout=COMMANDS_DRAIN_S)
        for task in self._running:
            task.cancel()
        await self._keyring.close()
        await super().close(save_tokens=False)

    # channels

    async def watch(self, channel_id: str) -> None:
        """Hear this channel from now on; may be called before the start. The listener's `hears` follows."""
        self._hearing.want(self._topics(channel_id))

    async def unwatch(self, channel_id: str) -> None:
        """Hear this channel no longer."""
        self._hearing.forget(self._topics(channel_id))

    async def subscribe_websocket(self, payload: SubscriptionPayload, **_options: Any) -> None:
        """Hear any other EventSub type too; it is dispatched as the library does (`event_stream_online`, …)."""
        condition = cast("Mapping[str, Any]", payload.condition)
        self._hearing.want([Topic.of(str(payload.type), payload.version, condition)])

    def elevated(self, channel_id: str) -> bool:
        """Whether the bot's latest own line there showed it as broadcaster, moderator or VIP."""
        return channel_id in self._intake.elevated

    async def user_by_login(self, login: str) -> Account | None:
        """Look an account up by its login name. Raises `TwitchBusy` when Twitch does not answer."""
        answer = await self._twitch.get_users(logins=[login], token_for=self.bot_id)
        for user in answer["data"]:
            return Account(user["id"], user["login"], user["display_name"])
        return None

    async def chat_settings(self, channel_id: str) -> ChatSettings:
        """Return how a channel's chat is set now.

        Raises `TwitchBusy` for a passing failure, `TwitchRefused` (400) when there is no such channel,
        `TwitchAuthError` when the account is no longer usable.
        """
        answer = await self._twitch.get_channel_chat_settings(channel_id, token_for=self.bot_id)
        row = answer["data"][0]
        slow = row["slow_mode_wait_time"] if row["slow_mode"] else None
        return ChatSettings(slow or 0, row["emote_mode"])

    async def change_chat(
        self, channel_id: str, *, slow: int | None = None, emotes_only: bool | None = None
    ) -> None:
        """Change a chat's settings, None leaving one as it is; `slow` is 3 to 120 seconds, or 0 to end it.

        Raises as `chat_settings`, `TwitchRefused` with 401 when the bot's token lacks the scope
        `moderator:manage:chat_settings`, with 403 when the bot does not moderate the channel.
        """
        await self._twitch.patch_chat_settings(
            channel_id,
            self.bot_id,
            self.bot_id,
            emote_mode=emotes_only,
            slow_mode=None if slow is None else slow > 0,
            slow_mode_wait_time=slow or None,
        )

    async def segments(self, channel_id: str) -> list[Segment]:
        """Return what comes in a channel's schedule, of at most `MOST_PAGES` pages. Raises as `chat_settings`."""
        found: list[Segment] = []
        params: dict[str, Any] = {"broadcaster_id": channel_id, "first": 25}
        for _ in range(MOST_PAGES):
            route = Route("GET", "schedule", params=params, token_for=self.bot_id)
            try:
                answer = await self._twitch.request_json(route)
            except TwitchRefused as error:
                if error.status == 404:  # there is no schedule yet
                    return found
                raise
            found += [_segment(row) for row in answer["data"]["segments"] or ()]
            pages = answer.get("pagination") or answer["data"].get("pagination") or {}
            if not pages.get("cursor"):
                return found
            params["after"] = pages["cursor"]
        return found

    async def add_segment(
        self, channel_id: str, *, begins: int, minutes: int, zone: str, title: str
    ) -> str:
        """Add a single date to the bot's own schedule; return its id.

        Raises as `chat_settings`, `TwitchRefused` with 401 without the scope `channel:manage:schedule`, with 403
        where the channel is neither affiliate nor partner.
        """
        body = {**_dated(begins, minutes, zone, title), "is_recurring": False}
        answer = await self._twitch.request_json(
            Route(
                "POST",
                "schedule/segment",
                params={"broadcaster_id": channel_id},
                json=body,
                token_for=self.bot_id,
            )
        )
        return str(answer["data"]["segments"][0]["id"])

    async def change_segment(
        self, channel_id: str, segment_id: str, *, begins: int, minutes: int, zone: str, title: str
    ) -> None:
        """Change a date of the bot's own schedule. Raises as `add_segment`; 404 when it is gone."""
        await self._twitch.request_json(
            Route(
                "PATCH",
                "schedule/segment",
                params={"broadcaster_id": channel_id, "id": segment_id},
                json=_dated(begins, minutes, zone, title),
                token_for=self.bot_id,
            )
        )

    async def remove_segment(self, channel_id: str, segment_id: str) -> None:
        """Take a date out of the bot's own schedule, if it is there still. Raises as `add_segment`."""
        await self._twitch.delete_channel_stream_schedule_segment(
            channel_id, segment_id, self.bot_id
        )

    def _topics(self, channel_id: str) -> list[Topic]:
        condition = {"broadcaster_user_id": channel_id, "user_id": self.bot_id}
        return [Topic.of(kind, "1", condition) for kind in CHAT_TYPES]

    def _withdrawn(self, status: str) -> None:
        if status == "authorization_revoked":
            self._keyring.doubt()

    # saying

    async def say(self, channel_id: str, text: str, *, reply_to: str | None = None) -> Sent:
        """Send one line, normalised by `chat_text`.

        Raises `ValueError` for a line that is empty or too long, `TwitchBusy` for a passing failure (call
        again with the same text after `retry_after`; if the first attempt did arrive after all, nothing
        is sent twice), `TwitchAuthError` when the account is no longer usable.
        """
        text = chat_text(text)
        key = (channel_id, text)
        doubt = self._doubtful.pop(key, None)
        if doubt is not None and doubt[1] is not None:
            return Sent(doubt[1], None)
        try:
            answer = await self._twitch.post_chat_message(
                channel_id, self.bot_id, text, self.bot_id, reply_to_message_id=reply_to
            )
            sent = answer["data"][0]
        except TwitchBusy as error:
            if error.maybe_done:
                self._doubt(key)
            raise
        except TwitchRefused as error:
            return Sent(None, f"http_{error.status}")
        if sent["is_sent"]:
            return Sent(sent["message_id"], None)
        code = (sent.get("drop_reason") or {}).get("code", "unknown")
        if code == "msg_duplicate" and doubt is not None:
            return Sent(None, None)  # the attempt that got no answer had arrived
        return Sent(None, code)

    def _doubt(self, key: tuple[str, str]) -> None:
        """Remember a line of which nobody knows whether it arrived: its echo will tell."""
        now = self._clock()
        for old in [k for k, (at, _) in self._doubtful.items() if now - at > DOUBT_S]:
            del self._doubtful[old]
        self._doubtful[key] = (now, None)

    def _settle_doubt(self, channel_id: str, text: str, message_id: str) -> None:
        if self._doubtful and (channel_id, text) in self._doubtful:
            self._doubtful[(channel_id, text)] = (self._clock(), message_id)

    # commands

    def add_command(self, command: commands.Command[Any, ...], /) -> None:
        """Add a command, refusing forms that break on ordinary chat.

        The library reads positional arguments as quoted words, which fails on the apostrophe that phones
        type, and spends a cooldown on a typo. Raises `TypeError` for either.
        """
        if any(p.kind is not p.KEYWORD_ONLY for p in command._params.values()):
            raise TypeError(f"command {command.name}: only (self, ctx, *, text) is allowed")
        if command._buckets:
            raise TypeError(f"command {command.name}: the library's cooldowns are not used")
        super().add_command(command)

    def get_context(self, payload: Any, *, cls: Any = None) -> Any:
        """Make the context of a chat command, however the library came by the message."""
        if cls is None and isinstance(payload, twitchio.ChatMessage):
            return ChatContext(payload, bot=self, line=_line_from(payload))
        return super().get_context(payload, cls=cls)

    async def event_command_error(self, payload: commands.CommandErrorPayload) -> None:
        """Hand unknown commands to the listener; log anything else."""
        ctx = payload.context
        if isinstance(payload.exception, commands.CommandNotFound) and isinstance(ctx, ChatContext):
            self._listener.unknown(ctx.line, ctx.invoked_with or "")
            return
        cause = getattr(payload.exception, "original", None) or payload.exception
        log.error("twitch command %s failed: %s", ctx.command, trace(cause))

    def _start_command(self, line: Line, data: dict[str, Any]) -> None:
        message = create_event_instance("channel.chat.message", data, http=self._http)
        ctx = ChatContext(message, bot=self, line=line)
        self._running.add(asyncio.create_task(self._run_command(ctx)))

    async def _run_command(self, ctx: ChatContext) -> None:
        try:
            await self.invoke(ctx)
        finally:
            self._running.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _dispatch_other(self, kind: str, data: dict[str, Any]) -> None:
        name = twitchio.eventsub.subscriptions._SUB_MAPPING.get(kind, kind.removeprefix("channel."))
        event = create_event_instance(kind, data, http=self._http)
        self.dispatch(name.replace(".", "_"), event)

    # what the library offers and we do without

    async def add_token(self, *_pair: str) -> Any:
        """Tokens come from the token store only."""
        raise RuntimeError("tokens come from the token store")

    async def load_tokens(self, path: str | None = None, /) -> None:
        """Do nothing: no token file."""

    async def save_tokens(self, path: str | None = None, /) -> None:
        """Do nothing: no token file."""

    async def subscribe_webhook(self, *_args: Any, **_options: Any) -> None:
        """Nothing is received over HTTP."""
        raise RuntimeError("there are no webhooks")

    async def set_adapter(self, *_adapter: Any) -> None:
        """The library's web server is not used: it takes anybody's token, and the process's signals."""
        raise RuntimeError("there is no web adapter")


@contextmanager
def _without_advertisement() -> Iterator[None]:
    """Keep the library from recommending, at every start, a web server that we do not use."""
    library = logging.getLogger("twitchio.client")

    def refuse(_record: logging.LogRecord) -> bool:
        return False

    library.addFilter(refuse)
    try:
        yield
    finally:
        library.removeFilter(refuse)


def _dated(begins: int, minutes: int, zone: str, title: str) -> dict[str, Any]:
    """Return a segment as Twitch documents it, which has the minutes as a text; the library sends a number."""
    start = datetime.fromtimestamp(begins, UTC)
    return {
        "start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "timezone": zone,
        "duration": str(minutes),
        "title": title,
    }


def _segment(row: Mapping[str, Any]) -> Segment:
    begins, ends = (
        round(datetime.fromisoformat(row[key]).timestamp()) for key in ("start_time", "end_time")
    )
    cancelled = row["canceled_until"] is not None
    return Segment(row["id"], row["title"], begins, ends, row["is_recurring"], cancelled)


def _line_from(message: twitchio.ChatMessage) -> Line:
    return Line(
        message.broadcaster.id,
        message.chatter.id,
        message.chatter.name or "",
        message.chatter.display_name or "",
        message.text,
        frozenset(badge.set_id for badge in message.badges),
        message.id,
    )
