"""How late does the picture reach Twitch? A host says "top" on the stream, and viewers type it when they hear it.

The measure begins with the session: what the host and the viewers type takes the same way through the chat, so that
only the picture's delay is left between them, and the time it takes to react. The median of all times is taken, so
that a few who sleep or guess do no harm. Nobody scores, and taking part is no participation.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Self

from games.core import (
    Chose,
    Did,
    Part,
    Play,
    Player,
    Refusal,
    Said,
    Scene,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.matching import LONGEST, fold

WORDS = frozenset({"top", "go"})
"""What viewers type, once or more."""

REACTION = 0.5
"""Seconds from hearing a word to having typed it."""

STEP = 0.5
"""Seconds to which a measured delay is rounded."""


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """A measure: what it is called, and the seconds for which viewers are listened to."""

    title: str
    seconds: float = 30.0

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Build the options again from what `as_json` returned."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Called:
    """The host says the word now; viewers have `seconds` to type it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A viewer typed the word, `after` seconds."""

    by: Player
    after: float


@dataclass(frozen=True, slots=True)
class Unheard:
    """What a viewer typed no longer counts."""

    by: Player


@dataclass(frozen=True, slots=True)
class Measured:
    """The picture is `delay` seconds late, as `people` viewers say."""

    delay: float
    people: int


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """Nobody typed the word: nothing is known."""


Event = Called | Heard | Unheard | Measured | Unmeasured


class Sync:
    """One measure. See `games.core.Activity` for the contract."""

    def __init__(self, options: SyncOptions) -> None:
        self.options = options
        self._phase = "new"
        self._called_at = 0.0
        self._deadline: float | None = 0.0
        self._times: dict[int, float] = {}

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int) -> Self:
        """Build a measure from its kept options."""
        return cls(SyncOptions.from_json(options))

    @property
    def deadline(self) -> float | None:
        """Session time at which the measure begins or ends."""
        return self._deadline

    @property
    def over(self) -> bool:
        """Whether the measure has ended."""
        return self._phase == "over"

    @property
    def delay(self) -> float | None:
        """The measured delay in seconds: None until the end, and when nobody typed the word."""
        return _delay(self._times.values()) if self.over and self._times else None

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`."""
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Withdrew(by):
                return self._withdrew(by)
            case Did(_, "stop"):
                return () if self.over else (self._end(),)
            case Chose() | Wrote() | Wished() | Did():
                raise Refusal("unknown-action")
            case Shown():
                return ()
            case Ticked():
                due = self._deadline is not None and now >= self._deadline
                return (self._advance(now),) if due else ()

    def scene(self) -> Scene:
        """Return what is on the table."""
        heard = len(self._times)
        return Scene(
            title=self.options.title,
            phase=self._phase,
            step=0,
            steps=0,
            deadline=self._deadline,
            replies=heard,
            players=heard,
        )

    def record(self) -> tuple[Part, ...]:
        """Return nothing: whoever helps to measure takes part in no game."""
        return ()

    def _advance(self, now: float) -> Event:
        if self._phase == "listening":
            return self._end()
        self._phase, self._called_at = "listening", now
        self._deadline = round(now + self.options.seconds, 6)
        return Called(self.options.seconds)

    def _said(self, by: Player, text: str, now: float) -> tuple[Event, ...]:
        if self._phase != "listening" or by.platform != "twitch" or by.id in self._times:
            return ()
        if len(text) > LONGEST or not (words := fold(text).split()) or not WORDS.issuperset(words):
            return ()
        self._times[by.id] = round(now - self._called_at, 6)
        return (Heard(by, self._times[by.id]),)

    def _withdrew(self, by: Player) -> tuple[Event, ...]:
        if self.over or by.platform != "twitch" or self._times.pop(by.id, None) is None:
            return ()
        return (Unheard(by),)

    def _end(self) -> Event:
        self._phase, self._deadline = "over", None
        delay = self.delay
        return Unmeasured() if delay is None else Measured(delay, len(self._times))


def _delay(times: Iterable[float]) -> float:
    """Return the delay that these times tell, not below 0."""
    late = max(0.0, median(times) - REACTION)
    return math.floor(late / STEP + 0.5) * STEP
