"""Hearing Twitch: one EventSub WebSocket that stays open, and the subscriptions that belong on it.

The library's own socket stops reading while it moves to another server, forgets subscriptions after one
failure and may pile up connections (docs/twitch-hardening.md). This one reads until its successor has been
welcomed, tries again, compares with what Twitch says every minute, and tells which channels are not heard.
What notifications mean is `twitch_intake`'s.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp
import orjson
import twitchio.eventsub.websockets
from twitchio.http import Route

from bot.twitch_errors import TwitchBusy, TwitchRefused, TwitchUnreachable, trace

CHAT: Final = "channel.chat.message"
CHAT_TYPES: Final = (
    CHAT,
    "channel.chat.message_delete",
    "channel.chat.clear_user_messages",
    "channel.chat.clear",
)
_TRANSPORT_TROUBLE: Final = (aiohttp.ClientError, OSError, asyncio.TimeoutError)
_OVER: Final = (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds. `tick` and the retries are real time, the rest is read from the client's clock."""

    keepalive: int = 10  # how often Twitch must give a sign of life
    grace: float = 3.0  # how late that sign may be
    tick: float = 1.0  # how often we look
    audit: float = 60.0  # how often subscriptions are compared with Twitch's list
    welcome: float = 10.0  # how long opening may take
    linger: float = 1.0  # how long an old socket is read after its successor's welcome
    retry: float = 1.0  # first pause after a failure; doubles
    longest_retry: float = 60.0
    refused_retry: float = 600.0  # pause after Twitch refused a subscription for good
    settled: float = 30.0  # a socket that lived so long was no failure
    give_up: float = 300.0  # after so long without a connection the client ends


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to be told about: an EventSub subscription without its transport."""

    kind: str
    version: str
    condition: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, kind: str, version: str, condition: Mapping[str, Any]) -> "Topic":
        """Build a topic from a condition as Twitch writes it (empty and missing fields are the same)."""
        return cls(kind, version, tuple(sorted((k, str(v)) for k, v in condition.items() if v)))

    @property
    def channel(self) -> str:
        """The channel it is about, or an empty string."""
        return dict(self.condition).get("broadcaster_user_id", "")


class API(Protocol):
    """The library's HTTP client, as far as subscriptions need it."""

    async def request_json(self, route: Route) -> Any:
        """Do one Helix request."""


class Sink(Protocol):
    """What takes the notifications in, in order of receipt."""

    def take(self, data: dict[str, Any]) -> bool:
        """Handle one notification; True when it started a command, which has not run yet."""

    def starts_command(self, data: dict[str, Any]) -> bool:
        """Whether this notification will surely do nothing but start a command."""

    def tell_time(self, stamp: str) -> None:
        """Take the time stamp of a frame that has just been sent."""


class Socket:
    """One WebSocket session. It is read in its own task from `open` to its end, whatever else happens."""

    def __init__(
        self,
        sink: Sink,
        control: Callable[[dict[str, Any]], None],
        clock: Callable[[], float],
    ) -> None:
        self.session_id = ""
        self.keepalive = 10.0
        self.move_to: str | None = None
        self.opened_at = self.heard_at = clock()
        self.stirred = asyncio.Event()  # it ended or was told to move
        self._welcomed = asyncio.Event()
        self._sink = sink
        self._mute = False
        self._control = control
        self._clock = clock
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing will come from it any more."""
        return self._reader is None or self._reader.done()

    @property
    def close_code(self) -> int | None:
        """The code with which it was closed, if any."""
        return self._ws.close_code if self._ws is not None else None

    async def open(self, session: aiohttp.ClientSession, url: str, patience_s: float) -> None:
        """Connect and wait for the welcome; raises a transport error when there is none in time."""
        try:
            async with asyncio.timeout(patience_s):
                self._ws = await session.ws_connect(
                    url, timeout=aiohttp.ClientWSTimeout(ws_close=1.0)
                )
                self._reader = asyncio.create_task(self._read(self._ws), name="twitch socket")
                await _first(self._welcomed.wait(), self.stirred.wait())
            if not self._welcomed.is_set():
                raise ConnectionError(f"closed before the welcome ({self.close_code})")
        except BaseException:
            await self.close()
            raise

    def mute(self) -> None:
        """Take nothing in any more."""
        self._mute = True

    async def close(self) -> None:
        """Stop reading and close; safe to repeat."""
        if self._reader is not None and not self._reader.done():
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._ws is not None and not self._ws.closed:
            await self._ws.close()

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        unbegun = False  # commands were started that have not run up to their first wait yet
        try:
            while True:
                message = await ws.receive()
                if message.type is aiohttp.WSMsgType.TEXT:
                    self.heard_at = self._clock()
                    data = self._notification(message.data)
                    if data is None:
                        continue
                    if unbegun and not self._starts_command(data):
                        await asyncio.sleep(0)  # they go first: order is order of receipt
                        unbegun = False
                    unbegun |= self._take(data)
                elif message.type in _OVER or message.type is aiohttp.WSMsgType.ERROR:
                    return
        finally:
            self.stirred.set()

    def _notification(self, text: str) -> dict[str, Any] | None:
        """Decode a frame; anything but a notification is dealt with at once."""
        try:
            data: dict[str, Any] = orjson.loads(text)
            kind = data["metadata"]["message_type"]
            if kind == "notification":
                return data
            if kind == "session_welcome":
                session = data["payload"]["session"]
                self.session_id = session["id"]
                self.keepalive = float(session.get("keepalive_timeout_seconds") or self.keepalive)
                self._welcomed.set()
            elif kind == "session_reconnect":
                self.move_to = data["payload"]["session"]["reconnect_url"]
                self.stirred.set()
            self._control(data)
        except Exception as error:  # noqa: BLE001 - one frame that we cannot read must not end the hearing
            log.error("a frame from twitch could not be read: %s", trace(error))
        return None

    def _starts_command(self, data: dict[str, Any]) -> bool:
        try:
            return self._sink.starts_command(data)
        except (KeyError, TypeError, AttributeError):
            return False

    def _take(self, data: dict[str, Any]) -> bool:
        try:
            return not self._mute and self._sink.take(data)
        except Exception as error:  # noqa: BLE001 - one line that fails must not end the hearing
            log.error("a notification could not be handled: %s", trace(error))
            return False


class Hearing:
    """Keeps one socket open and the wanted topics subscribed on it.

    `run` does all of it. `sink` gets each notification; `deaf` and `hears` say when a channel's chat is lost
    and back, `revoked(status)` that Twitch withdrew a topic. All are called synchronously.
    """

    def __init__(
        self,
        *,
        api: API,
        token_for: str,
        clock: Callable[[], float],
        timings: Timings,
        sink: Sink,
        deaf: Callable[[str, float], None],
        hears: Callable[[str, float], None],
        revoked: Callable[[str], None],
    ) -> None:
        self._api = api
        self._token_for = token_for
        self._clock = clock
        self._timings = timings
        self._sink = sink
        self._deaf = deaf
        self._hears = hears
        self._revoked = revoked
        self._session: aiohttp.ClientSession | None = None
        self._current: Socket | None = None
        self._open_sockets: set[Socket] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self._wanted: dict[Topic, None] = {}
        self._live: dict[Topic, str] = {}
        self._again_at: dict[Topic, tuple[float, int]] = {}
        self._hearing: set[str] = set()
        self._lost_at: dict[str, float] = {}
        self._work = asyncio.Event()
        self._audit_at = self._audited_at = 0.0
        self._connected_at = clock()
        self._closing = False

    # what it looks like from outside

    @property
    def sockets(self) -> int:
        """Sockets open now: one; two for a moment while one takes over from another."""
        return len(self._open_sockets)

    @property
    def wanted(self) -> int:
        """Topics wanted."""
        return len(self._wanted)

    @property
    def subscribed(self) -> int:
        """Wanted topics that are subscribed on the open socket."""
        return len(self._live)

    @property
    def connected(self) -> bool:
        """Whether the socket is open and gave its signs of life in time."""
        socket = self._current
        return socket is not None and not socket.ended and not self._late(socket)

    @property
    def last_frame_age_s(self) -> float:
        """Seconds since anything was received; infinite before the first connection."""
        return self._clock() - self._current.heard_at if self._current else float("inf")

    def want(self, topics: Iterable[Topic]) -> None:
        """Hear these from now on (or as soon as possible)."""
        for topic in topics:
            self._wanted[topic] = None
            self._again_at.pop(topic, None)
        self._work.set()

    def forget(self, topics: Iterable[Topic]) -> None:
        """Hear these no longer."""
        for topic in topics:
            self._wanted.pop(topic, None)
            self._again_at.pop(topic, None)
            if topic.kind == CHAT:
                self._hearing.discard(topic.channel)
                self._lost_at.pop(topic.channel, None)
        self._work.set()

    def watches(self, channel_id: str) -> bool:
        """Whether this channel's chat is heard now."""
        return channel_id in self._hearing

    async def run(self) -> None:
        """Stay connected and subscribed until cancelled.

        Raises `TwitchUnreachable` when the first connection fails or none was possible for `give_up` seconds, and
        `TwitchAuthError` when a subscription finds the token dead.
        """
        async with aiohttp.ClientSession() as self._session:
            try:
                await together(
                    self._stay_connected(), self._stay_subscribed(), self._notice_silence()
                )
            finally:
                await self.close()

    def mute(self) -> None:
        """Take nothing in any more; the sockets stay open."""
        self._closing = True
        for socket in self._open_sockets:
            socket.mute()

    async def close(self) -> None:
        """Stop taking anything in, then close the sockets."""
        self.mute()
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await asyncio.gather(*(socket.close() for socket in tuple(self._open_sockets)))
        self._open_sockets.clear()

    # the connection

    async def _stay_connected(self) -> None:
        failures = 0
        while not self._closing:
            await self._something_wanted()
            if failures > 1:
                await asyncio.sleep(self._pause(failures - 2))
            socket = await self._fresh()
            if socket is None:
                failures += 1
                continue
            self._adopt(socket)
            last = await self._follow(socket)
            self._connected_at = self._clock()
            young = self._clock() - last.opened_at < self._timings.settled
            failures = 1 + failures if young else 0
            if not self._closing:
                log.warning("twitch socket lost (%s)", last.close_code)
        await asyncio.Event().wait()  # muted: whoever muted us ends us

    async def _something_wanted(self) -> None:
        """Wait: a socket without a subscription would be closed after ten seconds (4003)."""
        while not self._wanted:
            self._connected_at = self._clock()
            await self._work_or_tick()

    async def _fresh(self) -> Socket | None:
        """Open a socket with no past; None when that failed and may be tried again."""
        url = f"{twitchio.eventsub.websockets.WSS}?keepalive_timeout_seconds={self._timings.keepalive}"
        first = self._current is None
        try:
            socket = await self._open(url)
        except _TRANSPORT_TROUBLE as error:
            if first or self._clock() - self._connected_at > self._timings.give_up:
                raise TwitchUnreachable(
                    f"no connection to EventSub: {type(error).__name__}"
                ) from None
            log.warning("no connection to EventSub yet: %s", type(error).__name__)
            return None
        self._live.clear()
        self._again_at.clear()
        self._audited_at = self._clock()
        self._audit_at = self._audited_at + self._timings.audit
        return socket

    async def _open(self, url: str) -> Socket:
        assert self._session is not None  # noqa: S101 - run() made it
        socket = Socket(self._sink, self._frame, self._clock)
        self._open_sockets.add(socket)
        try:
            await socket.open(self._session, url, self._timings.welcome)
        except BaseException:
            self._open_sockets.discard(socket)
            raise
        return socket

    def _adopt(self, socket: Socket) -> None:
        self._current = socket
        self._connected_at = self._clock()
        self._work.set()

    async def _follow(self, socket: Socket) -> Socket:
        """Wait while this socket or a successor lives; return the last one, ended."""
        while True:
            await socket.stirred.wait()
            if socket.ended:
                await self._ended(socket)
                return socket
            socket.stirred.clear()
            successor = await self._succeed(socket)
            if successor is None:
                continue
            self._hand_over(socket, successor)
            socket = successor

    def _hand_over(self, old: Socket, new: Socket) -> None:
        self._adopt(new)
        # What was being subscribed on the old session, or all of it if that had ended, may not have come along.
        self._audit_at = 0.0
        self._retire(old)

    async def _succeed(self, socket: Socket) -> Socket | None:
        """Open the socket that takes over, while the old one is still read; None when the old one has ended first."""
        url, tries = socket.move_to, 0
        watch = asyncio.create_task(self._ended_meanwhile(socket))
        try:
            while url is not None:
                try:
                    return await self._open(url)
                except _TRANSPORT_TROUBLE as error:
                    log.warning("twitch's new server is not there yet: %s", type(error).__name__)
                if socket.ended:
                    break
                await asyncio.sleep(self._pause(tries))
                tries += 1
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        socket.stirred.set()
        return None

    async def _ended_meanwhile(self, socket: Socket) -> None:
        while not socket.ended:
            socket.stirred.clear()
            await socket.stirred.wait()
        self._all_deaf(socket)

    def _retire(self, socket: Socket) -> None:
        """Read on for a moment: lines may still be on their way through the old server."""

        async def linger() -> None:
            await asyncio.sleep(self._timings.linger)
            await self._ended(socket)

        task = asyncio.create_task(linger(), name="twitch socket retiring")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def _ended(self, socket: Socket) -> None:
        if socket is self._current:
            self._all_deaf(socket)
        await socket.close()
        self._open_sockets.discard(socket)

    async def _notice_silence(self) -> None:
        while True:
            await asyncio.sleep(self._timings.tick)
            socket = self._current
            if socket is not None and not socket.ended and self._late(socket):
                log.warning("twitch has been silent for %.0f s", self._clock() - socket.heard_at)
                self._all_deaf(socket)
                await socket.close()

    def _late(self, socket: Socket) -> bool:
        return self._clock() - socket.heard_at > socket.keepalive + self._timings.grace

    def _pause(self, failures: int) -> float:
        """Doubling, with jitter so that many bots do not come back at the same instant."""
        longest = min(self._timings.longest_retry, self._timings.retry * 2.0 ** min(failures, 10))
        return longest * random.uniform(0.5, 1.0)

    # frames

    def _frame(self, data: dict[str, Any]) -> None:
        metadata = data["metadata"]
        self._sink.tell_time(metadata["message_timestamp"])
        if metadata["message_type"] == "revocation":
            self._withdrawn(data["payload"]["subscription"])

    def _withdrawn(self, subscription: Mapping[str, Any]) -> None:
        topic = _topic(subscription)
        if self._live.pop(topic, None) is not None:
            self._postpone(topic, self._timings.refused_retry)
            self._unheard(topic)
        log.warning("twitch withdrew %s: %s", topic.kind, subscription.get("status"))
        self._revoked(str(subscription.get("status")))

    # subscriptions

    async def _stay_subscribed(self) -> None:
        while True:
            await self._work_or_tick()
            socket = self._current
            if socket is None or socket.ended:
                continue
            try:
                if self._clock() >= self._audit_at:
                    await self._audit(socket)
                await self._reconcile(socket)
            except (TwitchBusy, TwitchRefused) as error:
                log.warning("subscriptions could not be looked after: %s", error)

    async def _work_or_tick(self) -> None:
        try:
            async with asyncio.timeout(self._timings.tick):
                await self._work.wait()
        except TimeoutError:
            return
        self._work.clear()

    async def _reconcile(self, socket: Socket) -> None:
        """Subscribe what is wanted and missing, chat first; drop what is no longer wanted."""
        missing = [topic for topic in self._wanted if topic not in self._live and self._due(topic)]
        for topic in sorted(missing, key=lambda topic: topic.kind != CHAT):
            if socket.ended or socket is not self._current:
                return
            if topic in self._wanted:
                await self._subscribe(socket, topic)
        for topic in [topic for topic in self._live if topic not in self._wanted]:
            await self._delete(self._live.pop(topic))

    async def _subscribe(self, socket: Socket, topic: Topic) -> None:
        transport = {"method": "websocket", "session_id": socket.session_id}
        body = {
            "type": topic.kind,
            "version": topic.version,
            "condition": dict(topic.condition),
            "transport": transport,
        }
        try:
            answer = await self._api.request_json(
                Route("POST", "eventsub/subscriptions", token_for=self._token_for, json=body)
            )
            identifier = str(answer["data"][0]["id"])
        except TwitchRefused as error:
            if error.status != 409:
                # A vanished session (400) is mended by a new socket; anything else needs a person.
                longer = error.status in (401, 403)
                self._failed(topic, error, self._timings.refused_retry if longer else None)
                return
            identifier = ""  # it exists already, or did on a socket that is going: see soon
            self._audit_at = min(self._audit_at, self._clock() + self._timings.audit / 6)
        except TwitchBusy as error:
            self._failed(topic, error, None)
            return
        self._subscribed(socket, topic, identifier)

    def _subscribed(self, socket: Socket, topic: Topic, identifier: str) -> None:
        current = self._current
        if current is None or current.session_id != socket.session_id:
            return  # made on a session that has been left meanwhile: it did not come along
        self._live[topic] = identifier
        self._again_at.pop(topic, None)
        if not current.ended:
            self._found_lost(topic, existed=not identifier)
            self._heard(topic)

    async def _delete(self, identifier: str) -> None:
        if identifier:
            try:
                await self._api.request_json(
                    Route(
                        "DELETE",
                        "eventsub/subscriptions",
                        token_for=self._token_for,
                        params={"id": identifier},
                    )
                )
            except (TwitchBusy, TwitchRefused) as error:
                log.info("a subscription could not be dropped: %s", error)

    async def _audit(self, socket: Socket) -> None:
        """Compare with Twitch's list: what it has lost is subscribed again, what is too much is dropped."""
        self._audit_at = self._clock() + self._timings.audit / 6  # if this attempt fails
        listed: dict[Topic, str] = {}
        surplus: list[str] = []
        for item in await self._listed():
            here = item["transport"].get("session_id") == socket.session_id
            if item["status"] != "enabled" or not here:
                continue
            topic = _topic(item)
            if topic in self._wanted and topic not in listed:
                listed[topic] = item["id"]
            else:
                surplus.append(item["id"])
        if socket is not self._current or socket.ended:
            return
        self._audit_at = self._clock() + self._timings.audit
        for topic in [topic for topic in self._live if topic in self._wanted]:
            if topic not in listed:
                log.warning("twitch does not list the subscription %s", topic.kind)
                del self._live[topic]
        for topic, identifier in listed.items():
            self._live[topic] = identifier
            self._heard(topic)
        for identifier in surplus:
            await self._delete(identifier)
        if len(self._live) == len(self._wanted):
            self._audited_at = self._clock()
        self._work.set()

    async def _listed(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            params = {"after": after} if after else {}
            page = await self._api.request_json(
                Route(
                    "GET", "eventsub/subscriptions", token_for=self._token_for, params=dict(params)
                )
            )
            items += page["data"]
            after = (page.get("pagination") or {}).get("cursor")
            if not after:
                return items

    def _due(self, topic: Topic) -> bool:
        return self._clock() >= self._again_at.get(topic, (0.0, 0))[0]

    def _failed(self, topic: Topic, error: Exception, pause: float | None) -> None:
        log.warning("%s of channel %s: %s", topic.kind, topic.channel, error)
        retry_after = error.retry_after if isinstance(error, TwitchBusy) else 0.0
        tries = self._again_at.get(topic, (0.0, 0))[1]
        self._postpone(topic, pause or max(retry_after, self._pause(tries)))
        self._unheard(topic)

    def _postpone(self, topic: Topic, pause: float) -> None:
        tries = self._again_at.get(topic, (0.0, 0))[1]
        self._again_at[topic] = (self._clock() + pause, tries + 1)

    # who is heard

    def _heard(self, topic: Topic) -> None:
        channel = topic.channel
        if topic.kind == CHAT and topic in self._wanted and channel not in self._hearing:
            self._hearing.add(channel)
            now = self._clock()
            self._hears(channel, now - self._lost_at.pop(channel, now))

    def _unheard(self, topic: Topic) -> None:
        if topic.kind == CHAT and topic in self._wanted:
            self._lose(topic.channel, self._clock())

    def _found_lost(self, topic: Topic, *, existed: bool) -> None:
        """A channel believed heard had to be subscribed anew: it was lost at some time since the last good audit."""
        if topic.kind == CHAT and topic.channel in self._hearing and not existed:
            self._lose(topic.channel, self._audited_at)

    def _all_deaf(self, socket: Socket) -> None:
        for channel in tuple(self._hearing):
            self._lose(channel, socket.heard_at)

    def _lose(self, channel: str, last_heard: float) -> None:
        if channel not in self._lost_at and not self._closing:
            self._hearing.discard(channel)
            self._lost_at[channel] = last_heard
            self._deaf(channel, self._clock() - last_heard)


def _topic(subscription: Mapping[str, Any]) -> Topic:
    return Topic.of(subscription["type"], subscription["version"], subscription["condition"])


async def together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run jobs side by side until the first one ends; its exception, if any, is raised, the others are cancelled."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _first(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
