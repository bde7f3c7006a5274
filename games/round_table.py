"""A round of the table: everybody who sits at it speaks once, each for the same time, and nobody is cut off harshly.

People sit down while they gather, and later too: they come at the end. Whoever has spoken does not speak again; whoever
passed, or was not there, may sit down once more. There are no points and no ranks.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Literal, Self

from games.core import (
    Chose,
    Did,
    Part,
    Platform,
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
from games.kept import keep, rebuild
from games.matching import fold

Order = Literal["joined", "random"]
"""Who speaks first: whoever sat down first, or a draw when the round begins."""

SECONDS: Final = 180.0
"""Seconds to speak, unless a host asks for others."""

NEAR: Final = 30.0
"""Seconds before the end of somebody's time at which they are told; times no longer than that have no such call."""

GRACE: Final = 30.0
"""Seconds after the end of somebody's time in which they finish; then the next is called."""

GATHER: Final = 60.0
"""Seconds in which people sit down before the first one speaks."""

MORE: Final = 60.0
"""Seconds that a host adds."""

LONGEST: Final = 900.0
"""Seconds that somebody may have left at most, whatever hosts add."""

MOST: Final = 50
"""People who may wait for their turn."""

DONE_WORDS: Final = frozenset({"j ai fini", "i am done", "i m done", "i have finished"})
PASS_WORDS: Final = frozenset({"je passe", "i pass", "i ll pass"})
"""What somebody at the table may simply say, as it is compared."""

_SEAT = re.compile(r"(discord|twitch):([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class RoundOptions:
    """A round: what it is called, seconds for each, seconds to gather, who begins."""

    title: str
    seconds: float = SECONDS
    gather: float = GATHER
    order: Order = "joined"

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


@dataclass(frozen=True, slots=True)
class Opened:
    """People may sit down, for `gather` seconds; each will have `seconds`."""

    seconds: float
    gather: float


@dataclass(frozen=True, slots=True)
class Seated:
    """Those who were there already sit at the table."""

    people: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody sat down: `place` (from 1) among those who wait."""

    by: Player
    place: int


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody who waited left the table."""

    by: Player


@dataclass(frozen=True, slots=True)
class Called:
    """It is somebody's turn, for `seconds`; `next` comes after them, if anybody waits. Turns are numbered from 1."""

    by: Player
    turn: int
    seconds: float
    next: Player | None


@dataclass(frozen=True, slots=True)
class Nearing:
    """Whoever speaks has `remaining` seconds left."""

    by: Player
    remaining: float


@dataclass(frozen=True, slots=True)
class TimeUp:
    """Their time is over; they have `grace` seconds to finish."""

    by: Player
    grace: float
    next: Player | None


@dataclass(frozen=True, slots=True)
class Extended:
    """A host gave more time: `remaining` seconds are left, to whoever speaks, or (None) to gather."""

    by: Player | None
    remaining: float


@dataclass(frozen=True, slots=True)
class Spoke:
    """Somebody has spoken."""

    by: Player
    turn: int


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody whose turn it was would rather not speak."""

    by: Player
    turn: int


@dataclass(frozen=True, slots=True)
class Skipped:
    """A host went past somebody who was not there."""

    by: Player
    turn: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is over: `people` have spoken."""

    people: int


Event = (
    Opened
    | Seated
    | Joined
    | Left
    | Called
    | Nearing
    | TimeUp
    | Extended
    | Spoke
    | Passed
    | Skipped
    | Finished
)


@dataclass(frozen=True, slots=True)
class RoundScene:
    """What is on the table. `ends` is the session time at which whoever speaks should end, `over` that it has come.

    `turn` numbers the turns so far; `spoken` counts those who have spoken.
    """

    speaker: Player | None
    ends: float | None
    over: bool
    queue: tuple[Player, ...]
    spoken: int
    turn: int
    seconds: float


@dataclass(slots=True)
class _Turn:
    """The turn under way, with the time calls still to be made; the last of them ends it."""

    by: Player
    ends: float
    calls: list[float]


class RoundTable:
    """One round. See `games.core.Activity` for the contract."""

    def __init__(self, options: RoundOptions, seed: int) -> None:
        self.options = options
        self._random = Random(seed)
        self._phase = "new"
        self._gathered: float | None = 0.0
        self._queue: list[Player] = []
        self._turn: _Turn | None = None
        self._turns = 0
        self._spoken: list[Player] = []

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int) -> Self:
        """Build a round from its kept options."""
        return cls(rebuild(RoundOptions, options), seed)

    @property
    def deadline(self) -> float | None:
        """Session time of the next call."""
        return self._turn.calls[0] if self._turn else self._gathered

    @property
    def over(self) -> bool:
        """Whether everybody has spoken, or a host ended it."""
        return self._phase == "over"

    @property
    def speaker(self) -> Player | None:
        """Whose turn it is."""
        return self._turn.by if self._turn else None

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`.

        Raises:
            Refusal: `round-waits`, `round-now`, `round-spoken`, `round-full`, `round-not-seated`, `round-not-yours`,
                `round-empty`, `round-moved`, `unknown-action`.
        """
        if self.over:
            return ()
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Wished(by, wish):
                return self._wished(by, wish, now)
            case Did(_, action, text):
                return self._did(action, text, now)
            case Chose() | Wrote():
                raise Refusal("unknown-action")
            case Withdrew() | Shown():
                return ()
            case Ticked():
                due = self.deadline is not None and now >= self.deadline
                return self._advance(now) if due else ()

    def scene(self) -> Scene:
        """Return what is on the table."""
        turn = self._turn
        waiting = len(self._queue) + (turn is not None)
        return Scene(
            title=self.options.title,
            phase=self._phase,
            step=self._turns,
            steps=len(self._spoken) + waiting,
            deadline=turn.ends if turn else self._gathered,
            players=len(self._spoken) + waiting,
            seated=tuple(self._queue),
            facts=RoundScene(
                speaker=self.speaker,
                ends=turn.ends if turn else None,
                over=turn is not None and len(turn.calls) == 1,
                queue=tuple(self._queue),
                spoken=len(self._spoken),
                turn=self._turns,
                seconds=self.options.seconds,
            ),
        )

    def record(self) -> tuple[Part, ...]:
        """Return those who have spoken, without points."""
        return tuple(Part(player, 1, 0, 0) for player in self._spoken)

    # what people do

    def _said(self, by: Player, text: str, now: float) -> tuple[Event, ...]:
        turn = self._turn
        if turn is None or turn.by.id != by.id or len(text) > 40:
            return ()
        words = fold(text)
        if words in PASS_WORDS:
            return (Passed(turn.by, self._turns), *self._call(now))
        return self._end_turn(turn, now) if words in DONE_WORDS else ()

    def _wished(self, by: Player, wish: str, now: float) -> tuple[Event, ...]:
        match wish:
            case "join":
                return self._join(by)
            case "done":
                if self._turn is None or self._turn.by.id != by.id:
                    raise Refusal("round-not-yours")
                return self._end_turn(self._turn, now)
            case "pass":
                return self._pass(by, now)
            case _:
                raise Refusal("unknown-action")

    def _join(self, by: Player) -> tuple[Event, ...]:
        if self.speaker is not None and self.speaker.id == by.id:
            raise Refusal("round-now")
        if (place := self._place(by)) is not None:
            raise Refusal("round-waits", place=place + 1)
        if any(player.id == by.id for player in self._spoken):
            raise Refusal("round-spoken")
        if len(self._queue) >= MOST:
            raise Refusal("round-full", most=MOST)
        self._queue.append(by)
        return (Joined(by, len(self._queue)),)

    def _pass(self, by: Player, now: float) -> tuple[Event, ...]:
        if self.speaker is not None and self.speaker.id == by.id:
            return (Passed(self.speaker, self._turns), *self._call(now))
        place = self._place(by)
        if place is None:
            raise Refusal("round-not-seated")
        return (Left(self._queue.pop(place)),)

    # what hosts do

    def _did(self, action: str, text: str, now: float) -> tuple[Event, ...]:
        """Act; `text` may be the number of the turn that was meant, so that two hosts do not go past two people."""
        if text.isascii() and text.isdecimal() and int(text) != self._turns:
            raise Refusal("round-moved")
        match action:
            case "seat":
                return self._seat(text)
            case "next":
                return self._next(now)
            case "skip":
                if self._turn is None:
                    raise Refusal("round-empty")
                return (Skipped(self._turn.by, self._turns), *self._call(now))
            case "extend":
                return self._extend(now)
            case "stop":
                return self._stop()
            case _:
                raise Refusal("unknown-action")

    def _seat(self, text: str) -> tuple[Event, ...]:
        """Seat those who are there: "discord:12 twitch:7", as many as there are chairs for."""
        known = {player.id for player in self._everybody()}
        seated = []
        for platform, number in _SEAT.findall(text):
            player = Player(int(number), _platform(platform))
            if player.id not in known and len(self._queue) < MOST:
                known.add(player.id)
                self._queue.append(player)
                seated.append(player)
        return (Seated(tuple(seated)),) if seated else ()

    def _next(self, now: float) -> tuple[Event, ...]:
        if self._turn is not None:
            return self._end_turn(self._turn, now)
        if not self._queue:
            raise Refusal("round-empty")
        return self._begin(now)

    def _extend(self, now: float) -> tuple[Event, ...]:
        if self._turn is not None:
            turn = self._turn
            ends = max(turn.ends, min(max(turn.ends, now) + MORE, now + LONGEST))
            self._turn = _turn(turn.by, ends, now)
            return (Extended(turn.by, _left(self._turn.ends, now)),)
        self._gathered = _later(min((self._gathered or now) + MORE, now + LONGEST))
        return (Extended(None, _left(self._gathered, now)),)

    # what time does

    def _advance(self, now: float) -> tuple[Event, ...]:
        if self._phase == "new":
            self._phase, self._gathered = "gather", _later(now + self.options.gather)
            return (Opened(self.options.seconds, self.options.gather),)
        if self._turn is None:
            return self._begin(now)
        turn = self._turn
        turn.calls = [call for call in turn.calls if call > now]
        match len(turn.calls):
            case 0:
                return self._end_turn(turn, now)
            case 1:
                return (TimeUp(turn.by, _left(turn.calls[0], now), self._following()),)
            case _:
                return (Nearing(turn.by, _left(turn.ends, now)),)

    def _begin(self, now: float) -> tuple[Event, ...]:
        self._phase, self._gathered = "talk", None
        if self.options.order == "random":
            self._random.shuffle(self._queue)
        return self._call(now)

    def _end_turn(self, turn: _Turn, now: float) -> tuple[Event, ...]:
        number = self._turns
        self._spoken.append(turn.by)
        return (Spoke(turn.by, number), *self._call(now))

    def _call(self, now: float) -> tuple[Event, ...]:
        """Call the next, or end the round when nobody waits."""
        if not self._queue:
            return (self._finish(),)
        by = self._queue.pop(0)
        self._turn = _turn(by, now + self.options.seconds, now)
        self._turns += 1
        return (Called(by, self._turns, self.options.seconds, self._following()),)

    def _stop(self) -> tuple[Event, ...]:
        if self._turn is None:
            return (self._finish(),)
        self._spoken.append(self._turn.by)
        return (Spoke(self._turn.by, self._turns), self._finish())

    def _finish(self) -> Event:
        self._phase, self._gathered, self._turn = "over", None, None
        return Finished(len(self._spoken))

    def _following(self) -> Player | None:
        return self._queue[0] if self._queue else None

    def _place(self, by: Player) -> int | None:
        places = (place for place, player in enumerate(self._queue) if player.id == by.id)
        return next(places, None)

    def _everybody(self) -> Iterable[Player]:
        speaking = [self._turn.by] if self._turn else []
        return [*self._spoken, *speaking, *self._queue]


def _turn(by: Player, ends: float, now: float) -> _Turn:
    """Return a turn with all its calls that are still to come."""
    ends = _later(ends)
    calls = [call for call in (_later(ends - NEAR), ends, _later(ends + GRACE)) if call > now]
    return _Turn(by, ends, calls)


def _later(at: float) -> float:
    """Return a session time in whole microseconds: not a hair after the time that reaches it."""
    return round(at, 6)


def _left(at: float, now: float) -> float:
    return _later(max(0.0, at - now))


def _platform(word: str) -> Platform:
    return "twitch" if word == "twitch" else "discord"
