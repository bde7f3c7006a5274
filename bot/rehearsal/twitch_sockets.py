"""The EventSub WebSocket of the rehearsal Twitch: welcome, keepalive, notifications, reconnection, close codes.

Source of the protocol: dev.twitch.tv/docs/eventsub/handling-websocket-events. What is subscribed is in
`twitch_subscriptions.py`, what the events say in `twitch_events.py`.
"""

import asyncio
import secrets
import uuid
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from bot.rehearsal.recorder import Recorder
from bot.rehearsal.twitch_http import Outage, Refused, cut
from bot.rehearsal.twitch_oauth import Token
from bot.rehearsal.twitch_subscriptions import Subscription, Subscriptions
from bot.rehearsal.twitch_world import World, stamp

LOST = {
    4000: "websocket_internal_error",
    4001: "websocket_received_inbound_traffic",
    4002: "websocket_failed_ping_pong",
    4003: "websocket_connection_unused",
    4005: "websocket_network_timeout",
    4006: "websocket_network_error",
}


@dataclass(slots=True)
class Deadlines:
    """How long the sockets wait, in seconds of real time; tests shorten them.

    With `keepalive` set, sockets use (and announce) it instead of what the client asked for.
    """

    unused: float = 10.0
    reconnect_grace: float = 30.0
    keepalive: float | None = None


@dataclass(slots=True, eq=False)
class Session:
    """One open socket."""

    id: str
    socket: web.WebSocketResponse
    keepalive: float
    connected_at: str
    base: str
    transport: asyncio.BaseTransport | None
    replaces: "Session | None" = None
    sent_at: float = 0.0
    ready: bool = False
    silent: bool = False
    close_code: int = 0


@dataclass(frozen=True, slots=True)
class Handover:
    """A reconnection that a client has been told to make."""

    old: Session
    session_id: str
    welcome_delay: float


class Sockets:
    """Accepts sockets and delivers to them, with the misbehaviour that `twitch_faults.py` orders."""

    def __init__(
        self,
        world: World,
        subscriptions: Subscriptions,
        outage: Outage,
        recorder: Recorder | None,
    ) -> None:
        self.deadlines = Deadlines()
        self.open: list[Session] = []
        self.opened = 0
        self.copies = 0
        self.copies_same = True
        self.held: list[tuple[Subscription, dict[str, Any]]] | None = None
        self._world = world
        self._subscriptions = subscriptions
        self._outage = outage
        self._recorder = recorder
        self._handovers: dict[str, Handover] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def mount(self, app: web.Application, prefix: str) -> None:
        """Serve the socket at `prefix`/ws."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, f"{request.host}{prefix}")

        app.router.add_get(f"{prefix}/ws", serve)

    async def close(self) -> None:
        """Stop every timer and close every socket."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self.shut(session, 1001) for session in list(self.open)))

    def subscribe(self, token: Token, body: Any) -> Subscription:
        """Create the subscription asked for; Refused when its session is not open or the rules forbid it."""
        transport = body.get("transport") if isinstance(body, dict) else None
        if not isinstance(transport, dict) or transport.get("method") != "websocket":
            raise Refused(400, "invalid transport and auth combination")
        session = self._session(str(transport.get("session_id", "")))
        if session is None:
            raise Refused(400, "websocket transport session does not exist or has disconnected")
        return self._subscriptions.create(token, body, session.connected_at)

    async def deliver(
        self, kind: str, condition: Mapping[str, str], event: Mapping[str, Any], version: str = ""
    ) -> None:
        """Notify every subscription to this type whose condition agrees with `condition`."""
        for subscription in list(self._subscriptions.enabled.values()):
            fits = subscription.covers(kind, condition)
            if fits and (not version or subscription.version == version):
                await self._notify(subscription, event)

    async def revoke(self, subscription: Subscription, status: str) -> None:
        """Disable a subscription and tell its socket why."""
        self._subscriptions.disable(subscription, status)
        payload = {"subscription": subscription.frame_body()}
        await self._deliver(subscription, self._frame("revocation", payload, subscription))

    async def release(self, order: Iterable[int] | None = None) -> None:
        """Send what was held, in this order of indices (all of it as it came when None)."""
        held, self.held = self.held or [], None
        for index in range(len(held)) if order is None else order:
            await self._deliver(*held[index])

    async def hand_over(self, *, same_session: bool, welcome_delay: float) -> None:
        """Tell every socket to reconnect; each goes on receiving until its successor's welcome."""
        replaced = [session.replaces for session in self.open]
        for old in [item for item in self.open if item.ready and item not in replaced]:
            key = secrets.token_hex(8)
            session_id = old.id if same_session else _session_id()
            self._handovers[key] = Handover(old, session_id, welcome_delay)
            url = f"ws://{old.base}/ws?reconnect={key}"
            shown = self._shown(old) | {
                "status": "reconnecting",
                "keepalive_timeout_seconds": None,
                "reconnect_url": url,
            }
            await self._send(old, self._frame("session_reconnect", {"session": shown}))
            self._spawn(self._end_grace(old, key))

    async def shut(self, session: Session, code: int) -> None:
        """Close one socket with this code; 1006 cuts the connection without a close frame."""
        session.close_code = code
        self._lose(session)
        if code == 1006:
            if isinstance(session.transport, asyncio.Transport):
                session.transport.abort()
        else:
            await session.socket.close(code=code)

    def session_of(self, subscription: Subscription) -> Session | None:
        """Return the open socket that a subscription is delivered to."""
        return self._session(subscription.transport["session_id"])

    async def _serve(self, request: web.Request, base: str) -> web.StreamResponse:
        if self._outage.cut_socket():
            return cut(request)
        socket = web.WebSocketResponse(timeout=1.0, compress=False)
        await socket.prepare(request)
        key = request.query.get("reconnect")
        handover = self._handovers.pop(key, None) if key else None
        if key and handover is None:
            await socket.close(code=4007)
            return socket
        session = self._open(request, socket, base, handover)
        try:
            await self._welcome(session, handover)
            await self._read(session)
        finally:
            self._lose(session)
        return socket

    def _open(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        base: str,
        handover: Handover | None,
    ) -> Session:
        session = Session(
            id=handover.session_id if handover else _session_id(),
            socket=socket,
            keepalive=self._keepalive(request, handover),
            connected_at=stamp(self._world.clock()),
            base=base,
            transport=request.transport,
            replaces=handover.old if handover else None,
        )
        self.opened += 1
        self.open.append(session)
        return session

    def _keepalive(self, request: web.Request, handover: Handover | None) -> float:
        if self.deadlines.keepalive is not None:
            return self.deadlines.keepalive
        if handover:
            return handover.old.keepalive
        asked = request.query.get("keepalive_timeout_seconds", "10")
        return min(600, max(10, int(asked))) if asked.isdecimal() else 10

    async def _welcome(self, session: Session, handover: Handover | None) -> None:
        if handover:
            await asyncio.sleep(handover.welcome_delay)
        payload = {"session": self._shown(session)}
        await self._send(session, self._frame("session_welcome", payload))
        session.ready = True
        if handover:
            self._move(handover.old, session)
        self._spawn(self._keep_alive(session))
        self._spawn(self._end_unused(session))
        self._world.changed()

    def _shown(self, session: Session) -> dict[str, Any]:
        return {
            "id": session.id,
            "status": "connected",
            "connected_at": session.connected_at,
            "keepalive_timeout_seconds": session.keepalive,
            "reconnect_url": None,
        }

    def _move(self, old: Session, new: Session) -> None:
        for subscription in self._subscriptions.on(old.id):
            subscription.transport["session_id"] = new.id
            subscription.transport["connected_at"] = new.connected_at

    async def _read(self, session: Session) -> None:
        async for message in session.socket:
            if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                if self._recorder is not None:
                    self._recorder.frame("twitch", "received", message.data)
                await self.shut(session, 4001)

    async def _keep_alive(self, session: Session) -> None:
        loop = asyncio.get_running_loop()
        while session in self.open:
            quiet = loop.time() - session.sent_at
            if quiet >= session.keepalive:
                await self._send(session, self._frame("session_keepalive", {}))
                quiet = 0.0
            await asyncio.sleep(session.keepalive - quiet)

    async def _end_unused(self, session: Session) -> None:
        await asyncio.sleep(self.deadlines.unused)
        if session in self.open and not self._subscriptions.on(session.id):
            await self.shut(session, 4003)

    async def _end_grace(self, old: Session, key: str) -> None:
        await asyncio.sleep(self.deadlines.reconnect_grace)
        self._handovers.pop(key, None)
        if old in self.open:
            await self.shut(old, 4004)

    async def _notify(self, subscription: Subscription, event: Mapping[str, Any]) -> None:
        payload = {"subscription": subscription.frame_body(), "event": event}
        frame = self._frame("notification", payload, subscription)
        await self._deliver(subscription, frame)
        if self.copies > 0:
            self.copies -= 1
            if not self.copies_same:
                frame = self._frame("notification", payload, subscription)
            await self._deliver(subscription, frame)

    async def _deliver(self, subscription: Subscription, frame: dict[str, Any]) -> None:
        if self.held is not None:
            self.held.append((subscription, frame))
            return
        session = self.session_of(subscription)
        if session is not None:
            await self._send(session, frame)

    async def _send(self, session: Session, frame: dict[str, Any]) -> None:
        if session.silent or session.socket.closed:
            return
        session.sent_at = asyncio.get_running_loop().time()
        try:
            await session.socket.send_frame(orjson.dumps(frame), WSMsgType.TEXT)
        except ConnectionResetError:
            return
        if self._recorder is not None:
            self._recorder.frame("twitch", "sent", frame)

    def _frame(
        self, kind: str, payload: dict[str, Any], subscription: Subscription | None = None
    ) -> dict[str, Any]:
        metadata = {
            "message_id": str(uuid.uuid4()),
            "message_type": kind,
            "message_timestamp": stamp(self._world.clock()),
        }
        if subscription is not None:
            metadata["subscription_type"] = subscription.type
            metadata["subscription_version"] = subscription.version
        return {"metadata": metadata, "payload": payload}

    def _session(self, session_id: str) -> Session | None:
        # The newest wins: during a reconnection under one id, both sockets carry it.
        return next((it for it in reversed(self.open) if it.ready and it.id == session_id), None)

    def _lose(self, session: Session) -> None:
        if session not in self.open:
            return
        self.open.remove(session)
        inherited = any(other.replaces is session for other in self.open)
        if not inherited and self._session(session.id) is None:
            code = session.close_code or session.socket.close_code or 0
            for subscription in self._subscriptions.on(session.id):
                self._subscriptions.disable(subscription, LOST.get(code, "websocket_disconnected"))
        self._world.changed()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _session_id() -> str:
    return f"AgoQ{secrets.token_urlsafe(24)}"
