"""The rehearsal Discord's gateway: sessions, sequence numbers, resuming, and who is sent which event.

Speaks opcodes and frames only; what an event says is built elsewhere.
Source of the rules: Discord's "Gateway" and "Gateway events" pages.
"""

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from aiohttp import ClientError, WSMessage, WSMsgType, web

from bot.rehearsal import discord_payloads
from bot.rehearsal.discord_world import World, stamp
from bot.rehearsal.recorder import Recorder

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, ACKNOWLEDGED = 9, 10, 11
GUILDS, GUILD_MEMBERS, GUILD_MESSAGES, REACTIONS, TYPING = 1 << 0, 1 << 1, 1 << 9, 1 << 10, 1 << 11
DM_MESSAGES, DM_REACTIONS, DM_TYPING = 1 << 12, 1 << 13, 1 << 14
VOICE_STATES, MESSAGE_CONTENT, SCHEDULED_EVENTS = 1 << 7, 1 << 15, 1 << 16
LOG_LENGTH = 10_000
CHUNK = 1000

# Which intent an event needs: in a guild, in a private channel. 0: sent whatever the intents.
NEEDS: dict[str, tuple[int, int]] = {
    **dict.fromkeys(
        ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"), (GUILD_MESSAGES, DM_MESSAGES)
    ),
    "MESSAGE_DELETE_BULK": (GUILD_MESSAGES, DM_MESSAGES),
    **dict.fromkeys(
        ("MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE", "MESSAGE_REACTION_REMOVE_ALL"),
        (REACTIONS, DM_REACTIONS),
    ),
    "TYPING_START": (TYPING, DM_TYPING),
    "CHANNEL_PINS_UPDATE": (GUILDS, DM_MESSAGES),
    **dict.fromkeys(
        ("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), (GUILD_MEMBERS, 0)
    ),
    **dict.fromkeys(
        (
            *("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE"),
            *("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"),
            *("CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE"),
            *("THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE", "THREAD_MEMBERS_UPDATE"),
        ),
        (GUILDS, 0),
    ),
    **dict.fromkeys(
        (
            "GUILD_SCHEDULED_EVENT_CREATE",
            "GUILD_SCHEDULED_EVENT_UPDATE",
            "GUILD_SCHEDULED_EVENT_DELETE",
        ),
        (SCHEDULED_EVENTS, 0),
    ),
    "VOICE_STATE_UPDATE": (VOICE_STATES, 0),
}


class Session:
    """What the gateway remembers of one identified client, connected or not."""

    def __init__(self, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.seq = 0
        self.log: deque[tuple[int, bytes]] = deque(maxlen=LOG_LENGTH)
        self.waiting: deque[bytes] = deque()
        self.woken = asyncio.Event()
        self.socket: web.WebSocketResponse | None = None

    @property
    def connected(self) -> bool:
        """Whether a socket is open for this session."""
        return self.socket is not None and not self.socket.closed

    def push(self, event: str, data: bytes, *, times: int = 1) -> None:
        """Number the event, keep it for a resume, and queue it for the socket, if there is one."""
        self.seq += 1
        frame = b'{"t":"%b","s":%d,"op":0,"d":%b}' % (event.encode(), self.seq, data)
        self.log.append((self.seq, frame))
        if self.connected:
            self.waiting.extend([frame] * times)
            self.woken.set()

    def missed(self, seq: int) -> list[bytes] | None:
        """Return the frames after `seq`; None when they are no longer known."""
        if seq > self.seq or (self.log and self.log[0][0] > seq + 1):
            return None
        return [frame for number, frame in self.log if number > seq]


class Gateway:
    """Serves the gateway's WebSocket and sends events to every session that asked for them."""

    def __init__(self, world: World, token: str, recorder: Recorder) -> None:
        self._world = world
        self._token = token
        self._recorder = recorder
        self._sessions: dict[str, Session] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        self.duplicates = 0
        self.silent = False
        self.refused_until = 0.0
        self.disallowed_intents = 0
        self.heartbeat_seconds = 41.25

    @property
    def connected(self) -> bool:
        """Whether a bot is connected and identified."""
        return any(session.connected for session in self._sessions.values())

    @property
    def sockets(self) -> int:
        """How many sockets are open now."""
        return len(self._sockets)

    @property
    def refusing(self) -> bool:
        """Whether new connections are refused at this moment."""
        return time.monotonic() < self.refused_until

    # -- events out

    def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Send an event to the sessions whose intents include it."""
        in_guild, in_private = NEEDS.get(event, (0, 0))
        need = in_guild if "guild_id" in data or event.startswith("GUILD") else in_private
        sessions = [s for s in self._sessions.values() if not need or s.intents & need]
        times = 1
        if self.duplicates and sessions:
            self.duplicates -= 1
            times = 2
        whole = orjson.dumps(data)
        for session in sessions:
            hidden = event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and self._hides(session, data)
            session.push(
                event, orjson.dumps(_without_content(data)) if hidden else whole, times=times
            )
        self._recorder.frame("discord", "sent", {"op": DISPATCH, "t": event, "d": data})

    def _hides(self, session: Session, message: dict[str, Any]) -> bool:
        bot_id = str(self._world.bot.id)
        return (
            not session.intents & MESSAGE_CONTENT
            and "guild_id" in message
            and message["author"]["id"] != bot_id
            and all(mention["id"] != bot_id for mention in message["mentions"])
        )

    async def flood(self, payloads: Sequence[bytes], count: int) -> None:
        """Send `count` MESSAGE_CREATE frames, cycling over payloads that lack their opening brace and id.

        Frames are not kept for a resume. Returns when the last has been handed to the sockets.
        """
        for session in list(self._sessions.values()):
            socket = session.socket
            if socket is not None and session.connected and session.intents & GUILD_MESSAGES:
                try:
                    for frame in self._flood_frames(session, payloads, count):
                        await socket.send_frame(frame, WSMsgType.TEXT)
                except (ClientError, ConnectionError):
                    continue

    def _flood_frames(
        self, session: Session, payloads: Sequence[bytes], count: int
    ) -> Iterator[bytes]:
        first, start = session.seq + 1, self._world.new_id()
        session.seq += count
        self._world.skip_ids(count)
        return (
            b'{"t":"MESSAGE_CREATE","s":%d,"op":0,"d":{"id":"%d",%b}'
            % (first + n, start + n, payloads[n % len(payloads)])
            for n in range(count)
        )

    # -- sockets in

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Handle one WebSocket connection from hello to close."""
        if self.refusing:
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=64 * 1024, compress=False, timeout=0.5)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await self._send(
                socket, HELLO, {"heartbeat_interval": int(self.heartbeat_seconds * 1000)}
            )
            await self._converse(socket, f"ws://{request.host}{request.path}")
        finally:
            self._sockets.discard(socket)
            self._world.changed()
        return socket

    async def _converse(self, socket: web.WebSocketResponse, address: str) -> None:
        session: Session | None = None
        pump: asyncio.Task[None] | None = None
        try:
            async for message in socket:
                frame = _frame(message)
                if frame is None:
                    await socket.close(code=4002, message=b"Error while decoding payload.")
                    break
                self._recorder.frame("discord", "received", frame)
                if session is not None and frame["op"] in (IDENTIFY, RESUME):
                    await socket.close(code=4005, message=b"Already authenticated.")
                elif frame["op"] in (IDENTIFY, RESUME):
                    session = await self._open(socket, frame, address)
                    if session is not None:
                        pump = asyncio.create_task(self._pump(session, socket))
                        self._world.changed()
                else:
                    await self._answer(socket, session, frame)
        finally:
            if pump is not None:
                pump.cancel()
            if session is not None and session.socket is socket:
                session.socket = None

    async def _open(
        self, socket: web.WebSocketResponse, frame: dict[str, Any], address: str
    ) -> Session | None:
        data = frame["d"]
        if data.get("token") != self._token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if frame["op"] == RESUME:
            return await self._resume(socket, data)
        if data["intents"] & self.disallowed_intents:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        return self._identify(socket, data["intents"], address)

    def _identify(self, socket: web.WebSocketResponse, intents: int, address: str) -> Session:
        for session_id in [key for key, each in self._sessions.items() if not each.connected]:
            del self._sessions[session_id]
        session = Session(intents)
        session.socket = socket
        self._sessions[session.id] = session
        self._push(session, "READY", self._ready(session, address))
        for guild in self._world.guilds.values():
            self._push(session, "GUILD_CREATE", discord_payloads.guild_create(self._world, guild))
        return session

    def _push(self, session: Session, event: str, data: dict[str, Any]) -> None:
        session.push(event, orjson.dumps(data))
        self._recorder.frame("discord", "sent", {"op": DISPATCH, "t": event, "d": data})

    def _ready(self, session: Session, address: str) -> dict[str, Any]:
        application_id = str(self._world.application_id)
        return {
            "v": 10,
            "user": discord_payloads.own_user(self._world.bot),
            "guilds": [{"id": str(guild), "unavailable": True} for guild in self._world.guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": address,
            "shard": [0, 1],
            "application": {"id": application_id, "flags": discord_payloads.APPLICATION_FLAGS},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
        }

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        session = self._sessions.get(data["session_id"])
        missed = session.missed(data["seq"]) if session else None
        if session is None or missed is None:
            await self._send(socket, INVALID_SESSION, False)
            return None
        session.socket = socket
        session.waiting = deque(missed)
        session.woken.set()
        session.push("RESUMED", b"{}")
        return session

    async def _answer(
        self, socket: web.WebSocketResponse, session: Session | None, frame: dict[str, Any]
    ) -> None:
        if frame["op"] == HEARTBEAT:
            if not self.silent:
                await self._send(socket, ACKNOWLEDGED, None)
        elif session is None:
            await socket.close(code=4003, message=b"Not authenticated.")
        elif frame["op"] == MEMBERS:
            self._send_members(session, frame["d"])

    def _send_members(self, session: Session, asked: dict[str, Any]) -> None:
        guild = self._world.guilds.get(int(asked["guild_id"]))
        if guild is None:
            return
        wanted = list(guild.members.values())
        if asked.get("user_ids"):
            ids = {int(each) for each in asked["user_ids"]}
            wanted = [member for member in wanted if member.user.id in ids]
        elif query := (asked.get("query") or "").lower():
            wanted = [member for member in wanted if member.display_name.lower().startswith(query)]
        wanted = wanted[: asked.get("limit") or None]
        parts = [wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK)] or [[]]
        for index, part in enumerate(parts):
            chunk = {
                "guild_id": str(guild.id),
                "members": [discord_payloads.member(member) for member in part],
                "chunk_index": index,
                "chunk_count": len(parts),
                "not_found": [],
                "nonce": asked.get("nonce"),
            }
            self._push(session, "GUILD_MEMBERS_CHUNK", chunk)

    async def _pump(self, session: Session, socket: web.WebSocketResponse) -> None:
        """Send the session's queue in order until the socket closes."""
        try:
            while session.socket is socket:
                session.woken.clear()
                while session.waiting and session.socket is socket and not self.silent:
                    await socket.send_frame(session.waiting.popleft(), WSMsgType.TEXT)
                await session.woken.wait()
        except (ClientError, ConnectionError):
            # The log keeps what was not sent: a resume asks for it by number.
            return

    # -- misbehaviour and the end

    async def broadcast(self, op: int, data: Any) -> None:
        """Send one opcode to every open socket."""
        for socket in list(self._sockets):
            await self._send(socket, op, data)

    def forget_sessions(self) -> None:
        """Forget every session, so that none can be resumed."""
        self._sessions.clear()

    def speak(self) -> None:
        """End a silence: what was held back is sent."""
        self.silent = False
        for session in self._sessions.values():
            session.woken.set()

    async def close_sockets(self, code: int) -> None:
        """Close every open socket with this code."""
        closing = [socket.close(code=code) for socket in list(self._sockets)]
        await asyncio.gather(*closing)

    async def _send(self, socket: web.WebSocketResponse, op: int, data: Any) -> None:
        frame = {"t": None, "s": None, "op": op, "d": data}
        await socket.send_frame(orjson.dumps(frame), WSMsgType.TEXT)
        self._recorder.frame("discord", "sent", frame)


def _frame(message: WSMessage) -> dict[str, Any] | None:
    try:
        frame = orjson.loads(message.data)
    except orjson.JSONDecodeError:
        return None
    return frame if isinstance(frame, dict) and isinstance(frame.get("op"), int) else None


def _without_content(message: dict[str, Any]) -> dict[str, Any]:
    return message | {"content": "", "embeds": [], "attachments": [], "components": []}


def flood_payload(world: World, channel_id: int, user_id: int, text: str) -> bytes:
    """Return a MESSAGE_CREATE payload without its opening brace and id, for `Gateway.flood`."""
    channel = world.channel(channel_id)
    member = world.member(channel.guild_id or 0, user_id)
    payload = {
        "channel_id": str(channel_id),
        "guild_id": str(channel.guild_id),
        "type": 0,
        "content": text,
        "author": discord_payloads.user(member.user),
        "member": discord_payloads.member_without_user(member),
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": False,
        "attachments": [],
        "embeds": [],
        "components": [],
        "timestamp": stamp(),
        "edited_timestamp": None,
        "flags": 0,
        "pinned": False,
        "tts": False,
        "channel_type": channel.type,
    }
    return orjson.dumps(payload)[1:]
