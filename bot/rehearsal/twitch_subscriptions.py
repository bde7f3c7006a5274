"""EventSub subscriptions of the rehearsal Twitch: which exist, who may create them, how many.

Rules from dev.twitch.tv/docs/eventsub (subscription types, handling WebSocket events): per application and user three
sockets with subscriptions, 300 subscriptions a socket, a total cost of ten. Delivery is in `twitch_sockets.py`.
"""

import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.twitch_http import Refused
from bot.rehearsal.twitch_oauth import Token
from bot.rehearsal.twitch_world import World, stamp

SOCKETS_MAX = 3
PER_SOCKET_MAX = 300
COST_MAX = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """A subscription type: its version, its condition's keys, the scopes of which one is needed.

    `by` names the condition's key that must hold the token's own user ("" when anybody may ask).
    """

    version: str
    keys: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    by: str = ""


CHAT = Kind("1", ("broadcaster_user_id", "user_id"), ("user:read:chat",), "user_id")
OPEN = Kind("1", ("broadcaster_user_id",))
MODERATED = ("broadcaster_user_id", "moderator_user_id")
POLL = Kind(
    "1",
    ("broadcaster_user_id",),
    ("channel:read:polls", "channel:manage:polls"),
    "broadcaster_user_id",
)
KINDS: Mapping[str, Kind] = {
    "channel.chat.message": CHAT,
    "channel.chat.message_delete": CHAT,
    "channel.chat.clear": CHAT,
    "channel.chat.clear_user_messages": CHAT,
    "channel.chat.notification": CHAT,
    "channel.chat.user_message_hold": CHAT,
    "channel.chat.user_message_update": CHAT,
    "channel.chat_settings.update": CHAT,
    "channel.shared_chat.begin": OPEN,
    "channel.shared_chat.update": OPEN,
    "channel.shared_chat.end": OPEN,
    "channel.update": Kind("2", ("broadcaster_user_id",)),
    "channel.raid": Kind("1", ()),
    "stream.online": OPEN,
    "stream.offline": OPEN,
    "user.update": Kind("1", ("user_id",)),
    "channel.ad_break.begin": Kind(
        "1", ("broadcaster_user_id",), ("channel:read:ads",), "broadcaster_user_id"
    ),
    "channel.follow": Kind("2", MODERATED, ("moderator:read:followers",), "moderator_user_id"),
    "automod.message.hold": Kind("2", MODERATED, ("moderator:manage:automod",), MODERATED[1]),
    "automod.message.update": Kind("2", MODERATED, ("moderator:manage:automod",), MODERATED[1]),
    "channel.poll.begin": POLL,
    "channel.poll.progress": POLL,
    "channel.poll.end": POLL,
}


@dataclass(slots=True, eq=False)
class Subscription:
    """One subscription; `transport` and `status` change as its socket comes and goes."""

    id: str
    type: str
    version: str
    condition: dict[str, str]
    transport: dict[str, str]
    user_id: str
    cost: int
    created_at: str
    status: str = "enabled"

    def body(self) -> dict[str, Any]:
        """Return it as Helix shows it."""
        return {
            "id": self.id,
            "status": self.status,
            "type": self.type,
            "version": self.version,
            "condition": dict(self.condition),
            "created_at": self.created_at,
            "transport": dict(self.transport),
            "cost": self.cost,
        }

    def frame_body(self) -> dict[str, Any]:
        """Return it as EventSub's frames show it: the transport has no times there."""
        transport = {key: self.transport[key] for key in ("method", "session_id")}
        return self.body() | {"transport": transport}

    def covers(self, kind: str, condition: Mapping[str, str]) -> bool:
        """Whether an event of this type about this condition belongs here."""
        return self.type == kind and all(
            self.condition.get(key) == value for key, value in condition.items()
        )


class Subscriptions:
    """The enabled subscriptions, and the last disabled ones as Twitch goes on listing them."""

    def __init__(self, world: World) -> None:
        self.enabled: dict[str, Subscription] = {}
        self.disabled: deque[Subscription] = deque(maxlen=PER_SOCKET_MAX)
        self._world = world

    def create(self, token: Token, body: Mapping[str, Any], connected_at: str) -> Subscription:
        """Add a subscription to the session named in `body`; Refused with Twitch's reason if it may not be."""
        if token.user is None:
            raise Refused(400, "invalid transport and auth combination")
        kind = self._kind(body)
        condition = self._condition(body, kind)
        if not token.allows(*kind.scopes) or (kind.by and condition[kind.by] != token.user.id):
            raise Refused(403, "subscription missing proper authorization")
        made = Subscription(
            id=str(uuid.uuid4()),
            type=body["type"],
            version=kind.version,
            condition=condition,
            transport={
                "method": "websocket",
                "session_id": body["transport"]["session_id"],
                "connected_at": connected_at,
            },
            user_id=token.user.id,
            cost=self._cost(condition, token.user.id),
            created_at=stamp(self._world.clock()),
        )
        self._check_room(made)
        self.enabled[made.id] = made
        return made

    def of(self, user_id: str) -> list[Subscription]:
        """Return what this user's token lists: enabled first, in order of creation."""
        return [
            item for item in (*self.enabled.values(), *self.disabled) if item.user_id == user_id
        ]

    def on(self, session_id: str) -> list[Subscription]:
        """Return the enabled subscriptions of this session."""
        return [
            item for item in self.enabled.values() if item.transport.get("session_id") == session_id
        ]

    def disable(self, subscription: Subscription, status: str) -> None:
        """Take a subscription out of service, for the reason Twitch gives as its status."""
        if self.enabled.pop(subscription.id, None) is None:
            return
        subscription.status = status
        if status.startswith("websocket"):
            subscription.transport["disconnected_at"] = stamp(self._world.clock())
        self.disabled.append(subscription)

    def totals(self, user_id: str) -> dict[str, int]:
        """Return the three counters that go with every answer about subscriptions."""
        mine = [item for item in self.enabled.values() if item.user_id == user_id]
        return {
            "total": len(mine),
            "total_cost": sum(item.cost for item in mine),
            "max_total_cost": COST_MAX,
        }

    def _kind(self, body: Mapping[str, Any]) -> Kind:
        kind = KINDS.get(body.get("type", ""))
        if kind is None or body.get("version") != kind.version:
            raise Refused(
                400, "the combination of values in the type and version fields is not valid"
            )
        return kind

    def _condition(self, body: Mapping[str, Any], kind: Kind) -> dict[str, str]:
        given = body.get("condition")
        condition = {str(k): v for k, v in given.items()} if isinstance(given, dict) else {}
        if not condition or any(not condition.get(key) for key in kind.keys):
            raise Refused(400, "missing required field in condition")
        for value in condition.values():
            if not isinstance(value, str) or (value and value not in self._world.users):
                raise Refused(400, "the value specified in the condition is not a valid user")
        return condition

    def _cost(self, condition: Mapping[str, str], user_id: str) -> int:
        free = {user_id, *self._world.grants}
        return 0 if not free.isdisjoint({condition.get("user_id"), _owner(condition)}) else 1

    def _check_room(self, new: Subscription) -> None:
        session_id = new.transport["session_id"]
        mine = [item for item in self.enabled.values() if item.user_id == new.user_id]
        for item in self.on(session_id):
            if item.type == new.type and item.condition == new.condition:
                raise Refused(409, "subscription already exists")
        sessions = {item.transport["session_id"] for item in mine} | {session_id}
        if len(sessions) > SOCKETS_MAX:
            raise Refused(429, "number of websocket transports limit exceeded")
        if len(self.on(session_id)) >= PER_SOCKET_MAX:
            raise Refused(429, "websocket transport subscriptions limit exceeded")
        if sum(item.cost for item in mine) + new.cost > COST_MAX:
            raise Refused(429, "subscription total cost limit exceeded")


def _owner(condition: Mapping[str, str]) -> str | None:
    return condition.get("broadcaster_user_id") or condition.get("to_broadcaster_user_id")
