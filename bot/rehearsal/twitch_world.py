"""What exists on the rehearsal Twitch: users, channels, badges, chat lines, grants. Facts only, no protocol.

`twitch_chat.py` changes it, `twitch_helix.py` and `twitch_view.py` show it.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

LINES_KEPT = 5000
COLORS = ("#1E90FF", "#8A2BE2", "#008000", "#B22222", "#D2691E", "#5F9EA0", "#FF69B4")
MODERATORS = frozenset({"broadcaster", "moderator", "lead_moderator"})


def stamp(at: float) -> str:
    """Return unix seconds as the RFC 3339 text with nanoseconds that EventSub uses."""
    # A float of unix seconds is good to the microsecond; the last three digits are zeros.
    whole, rest = divmod(round(at * 1_000_000), 1_000_000)
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{rest:06d}000Z"


@dataclass(frozen=True, slots=True)
class User:
    """An account; a broadcaster's id is also the id of the channel."""

    id: str
    login: str
    name: str
    color: str
    created_at: str


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One line of a channel's chat; `refused` holds the reason when Twitch would not let it through."""

    id: str
    user_id: str
    login: str
    name: str
    text: str
    badges: tuple[str, ...]
    at: float
    reply_to: str | None = None
    deleted: bool = False
    refused: str | None = None


@dataclass(slots=True)
class Channel:
    """A broadcaster's room."""

    owner: User
    badges: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, ChatLine] = field(default_factory=dict)
    timeouts: dict[str, float] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    stream: dict[str, Any] | None = None
    segments: dict[str, dict[str, Any]] = field(default_factory=dict)
    affiliate: bool = True

    def badges_of(self, user_id: str) -> tuple[str, ...]:
        """Return the badges this user wears here, the broadcaster's own included."""
        worn = self.badges.get(user_id, ())
        if user_id == self.owner.id and "broadcaster" not in worn:
            return ("broadcaster", *worn)
        return worn

    def moderated_by(self, user_id: str) -> bool:
        """Whether this user may moderate here."""
        return not MODERATORS.isdisjoint(self.badges_of(user_id))

    @property
    def slow(self) -> int:
        """Seconds that people wait between two lines here; 0 without slow mode."""
        return self.settings.get("slow_mode_wait_time") or 0

    @property
    def emotes_only(self) -> bool:
        """Whether people may say nothing but emotes here."""
        return bool(self.settings.get("emote_mode"))

    def spoke_at(self, user_id: str) -> float | None:
        """Return when this user's latest line was let through, or None."""
        lines = reversed(self.lines.values())
        return next(
            (line.at for line in lines if line.user_id == user_id and not line.refused), None
        )

    def add(self, line: ChatLine) -> None:
        """Append a line and forget the oldest beyond `LINES_KEPT`."""
        self.lines[line.id] = line
        if len(self.lines) > LINES_KEPT:
            del self.lines[next(iter(self.lines))]

    def strike(self, ids: Iterable[str]) -> None:
        """Mark these lines as deleted."""
        for line_id in list(ids):
            self.lines[line_id] = replace(self.lines[line_id], deleted=True)


class World:
    """Users and channels by id, what users have granted to the application, and the clock (unix seconds)."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.grants: dict[str, set[str]] = {}
        self._listeners: list[Callable[[], None]] = []

    def add_user(self, login: str, name: str | None = None) -> User:
        """Create an account. `login` is lowercase and unique; `name` is what people see."""
        if self.by_login(login) is not None:
            raise ValueError(f"the login {login!r} is taken")
        number = len(self.users)
        user = User(
            id=str(100_000_001 + number * 37),
            login=login.lower(),
            name=name or login,
            color=COLORS[number % len(COLORS)],
            created_at=f"{datetime.fromtimestamp(self.clock(), UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
        self.users[user.id] = user
        return user

    def add_channel(self, login: str, name: str | None = None) -> User:
        """Create an account with a channel that has let the application's bot in (`channel:bot`)."""
        user = self.add_user(login, name)
        self.channels[user.id] = Channel(user)
        self.grant(user.id, "channel:bot")
        return user

    def grant(self, user_id: str, *scopes: str) -> None:
        """Record that this user has authorised the application for these scopes."""
        self.grants.setdefault(user_id, set()).update(scopes)

    def by_login(self, login: str) -> User | None:
        """Return the account with this login, if there is one."""
        wanted = login.lower()
        return next((user for user in self.users.values() if user.login == wanted), None)

    def new_line(self, channel: Channel, user: User, text: str, **more: Any) -> ChatLine:
        """Return (without adding it) a line said now by this user in this channel."""
        return ChatLine(
            id=more.pop("id", None) or str(uuid.uuid4()),
            user_id=user.id,
            login=user.login,
            name=user.name,
            text=text,
            badges=channel.badges_of(user.id),
            at=self.clock(),
            **more,
        )

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after anything visible has changed."""
        self._listeners.append(listener)

    def changed(self) -> None:
        """Tell the listeners that something visible has changed."""
        for listener in self._listeners:
            listener()
