"""One activity running in a room: its clock, and what its platforms are told about it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Timer
from bot.people import Visitor
from bot.storage.rooms import Room
from games.core import Activity, Platform, Player, Scene


@dataclass(frozen=True, slots=True)
class Paused:
    """A session's time stands still."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A session's time goes on; `remaining` seconds are left of its phase."""

    remaining: float | None


@dataclass(frozen=True, slots=True)
class Back:
    """A session was found again after `away` seconds without the bot."""

    away: float
    remaining: float | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Suspended:
    """What happened could not be kept, so it is not announced: the session waits, as it was when last saved."""


HallEvent = Paused | Resumed | Back | Suspended


@dataclass(frozen=True, slots=True)
class Announcement:
    """What a platform is told about a session, after it was committed.

    `ends_at` is the wall time of the deadline in seconds since 1970, or None while nothing is awaited. `shown` is to
    be called with a platform and the number of a prompt each time that prompt has reached the people there.
    """

    session_id: int
    room: Room
    activity: str
    locale: str
    events: tuple[Any, ...]
    scene: Scene
    ends_at: float | None
    paused: bool
    newcomers: tuple[Player, ...]
    shown: Callable[[Platform, int], None]


MOST_UNHEARD, LONGEST_UNHEARD = 5000, 200
"""How many lines that were no answer are remembered until the next prompt, in memory only, and of what length."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What somebody said at session time `at` that was no answer; a host may yet accept it."""

    visitor: Visitor
    text: str
    at: float
    source: str | None = None


@dataclass(slots=True, eq=False)
class Session:
    """One activity running in a room, with its clock."""

    id: int
    room: Room
    kind: str
    activity: Activity
    elapsed: float = 0.0
    running_since: float | None = None
    seq: int = 0
    paused: bool = False
    timer: Timer | None = None
    armed_for: float | None = None
    sources: dict[str, Player] = field(default_factory=dict)
    unheard: list[Unheard] = field(default_factory=list)

    def turn(self) -> None:
        """Forget what belonged to the prompt that was on the table."""
        self.sources.clear()
        self.unheard.clear()

    def hear(self, visitor: Visitor, text: str, now: float, source: str | None = None) -> None:
        """Remember what was no answer, the first of it when there is too much."""
        if len(self.unheard) < MOST_UNHEARD and len(text) <= LONGEST_UNHEARD:
            self.unheard.append(Unheard(visitor, text, self.time_us(now) / 1_000_000, source))

    def unhear(self, source: str | None = None, visitor: Visitor | None = None) -> None:
        """Forget the message `source`, or (None) all that somebody said."""
        who = (visitor.platform, visitor.user_id) if visitor else None
        self.unheard = [
            line
            for line in self.unheard
            if (
                line.source != source
                if source
                else (line.visitor.platform, line.visitor.user_id) != who
            )
        ]

    def time_us(self, now: float) -> int:
        """Return session time in whole microseconds, so that replay sees the very same numbers."""
        running = 0.0 if self.running_since is None else now - self.running_since
        return round((self.elapsed + running) * 1_000_000)

    def hold(self, now: float) -> None:
        """Stop the session's clock."""
        self.elapsed = self.time_us(now) / 1_000_000
        self.running_since = None
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    def remaining(self, now: float) -> float | None:
        """Return the seconds until the clock has something to do."""
        return self.until(self.activity.deadline, now)

    def left(self, now: float) -> float | None:
        """Return the seconds left of the present phase, as people see it: hints may come before its end."""
        return self.until(self.activity.scene().deadline, now)

    def until(self, deadline: float | None, now: float) -> float | None:
        """Return the seconds until a session time, not below 0."""
        return None if deadline is None else max(0.0, deadline - self.time_us(now) / 1_000_000)
