"""Taking turns to read aloud: who waits, who reads what, and gentle time calls that never cut anybody off.

Not an activity of its own: a pause of the kind "aloud" holds one `Turns`, hands it the plays named in `WISHES` and
each `Ticked`, adds its `deadline` to its own and its `scene()` to what it shows, and passes its events on. What hosts
do (`ACTIONS`) a pause calls by other names, `next` and `skip`: it has a "skip" of its own.
Turns live in the same session time as the pause, and are as deterministic: the same calls give the same events.

    match play:
        case Wished(wish=wish) if wish in turns.WISHES:
            return self._turns.play(play, now)
        case Ticked():
            return self._turns.tick(now) or self._advance(now)

`open` calls the first reader when the reading begins, `close` calls nobody any more when its time is up; the reading is
over once `idle`. From then on `heard()` tells who read what and for how long.
"""

import re
from dataclasses import dataclass

from games.core import Did, Play, Player, Refusal, Ticked, Wished

SECONDS = 300.0
"""Seconds of a turn, unless a host asks for others."""

NEAR = 60.0
"""Seconds before the end of a turn at which the reader is told; turns no longer than that have no such call."""

LONGEST_QUEUE = 50

LONGEST_TEXT = 100
"""Characters kept of a title, an author or a passage."""

WISHES = frozenset({"turn", "turn-leave", "turn-done"})
"""What people wish: to read (the text says what, as `read_reading` takes it), to read no more, to have finished."""

ACTIONS = frozenset({"next", "skip"})
"""What hosts do: hand on to the next reader, or go past one who is not there."""

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody reads, as they typed it; all of it may be empty."""

    work: str = ""
    author: str = ""
    passage: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """Somebody waits for their turn, at `place` (from 1) in the queue."""

    by: Player
    place: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody who waits or reads says that it is something else."""

    by: Player
    reading: Reading


@dataclass(frozen=True, slots=True)
class Unqueued:
    """Somebody no longer waits."""

    by: Player


@dataclass(frozen=True, slots=True)
class Called:
    """A turn of `seconds` begins; `next` comes after it, if anybody waits."""

    by: Player
    reading: Reading
    seconds: float
    next: Player | None


@dataclass(frozen=True, slots=True)
class Nearing:
    """The reader has `remaining` seconds left."""

    by: Player
    remaining: float


@dataclass(frozen=True, slots=True)
class TimeUp:
    """The reader's time is over. They may finish: the turn goes on until they or a host hand on."""

    by: Player
    next: Player | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn is over: who read what, for how many seconds."""

    by: Player
    reading: Reading
    seconds: float


@dataclass(frozen=True, slots=True)
class Postponed:
    """The reader was not there, and will be called again after the others."""

    by: Player


@dataclass(frozen=True, slots=True)
class Missed:
    """The reader was not there for the second time, or nobody else waits: they are off the queue."""

    by: Player


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody reads and nobody waits; whoever joins now is called at once."""


TurnEvent = (
    Queued | Changed | Unqueued | Called | Nearing | TimeUp | Heard | Postponed | Missed | Quiet
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue, with what they will read; `missed` when they were called before in vain."""

    by: Player
    reading: Reading
    missed: bool = False


@dataclass(frozen=True, slots=True)
class TurnsScene:
    """What is on the table: for a pause to show beside its own scene.

    `ends` is the session time at which the turn should end, to be shown as a countdown; None when nobody reads.
    `over` says that this time has come, and that the reader is finishing.
    """

    reader: Player | None
    reading: Reading
    ends: float | None
    over: bool
    queue: tuple[Waiting, ...]
    turns: int


@dataclass(slots=True)
class _Turn:
    """The turn under way, with the time calls still to be made."""

    waiting: Waiting
    began: float
    ends: float
    calls: list[float]


def read_reading(text: str) -> Reading:
    """Read "title", "title ; passage" or "title ; author ; passage"; any text is some reading."""
    # As a journal keeps it, so that replaying one gives the same events.
    whole = _SURROGATES.sub("\ufffd", text)
    fields = [" ".join(field.split())[:LONGEST_TEXT] for field in whole.split(";", 2)]
    match fields:
        case [work, author, passage]:
            return Reading(work, author, passage)
        case [work, passage]:
            return Reading(work, passage=passage)
        case _:
            return Reading(*fields)


def read_work(text: str) -> Reading:
    """Read what a whole pause reads: as `read_reading`, but of two parts the second is the author."""
    found = read_reading(text)
    if found.author or not found.passage:
        return found
    return Reading(found.work, found.passage)


class Turns:
    """A queue of readers and the turn under way.

    Every method takes `now`, the session time in seconds, and returns what happened; on `Refusal` nothing has changed.
    People may queue before `open` and after `close`, when nobody is called.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        """`seconds` is how long a turn should last."""
        self._seconds = seconds
        self._queue: list[Waiting] = []
        self._turn: _Turn | None = None
        self._open = False
        self._heard: list[Heard] = []

    @property
    def deadline(self) -> float | None:
        """Session time of the next time call, or None: a `Ticked` is due then."""
        return self._turn.calls[0] if self._turn and self._turn.calls else None

    @property
    def idle(self) -> bool:
        """Whether nobody reads."""
        return self._turn is None

    @property
    def reader(self) -> Player | None:
        """Whose turn it is."""
        return self._turn.waiting.by if self._turn else None

    def play(self, play: Play, now: float) -> tuple[TurnEvent, ...]:
        """Take one of the plays that are about turns; on all others nothing happens.

        Raises:
            Refusal: `turn-waits`, `turn-now`, `turn-full`, `turn-not-queued`, `turn-not-yours`, `turn-nobody`,
                `turn-closed`.
        """
        match play:
            case Wished(by, "turn", text):
                return self.join(by, read_reading(text), now)
            case Wished(by, "turn-leave"):
                return self.leave(by, now)
            case Wished(by, "turn-done"):
                return self.finish(by, now)
            case Did(action="next"):
                return self.next(now)
            case Did(action="skip"):
                return self.skip(now)
            case Ticked():
                return self.tick(now)
            case _:
                return ()

    def open(self, now: float) -> tuple[TurnEvent, ...]:
        """Call readers from now on, the first at once; nothing happens when it was so already."""
        if self._open:
            return ()
        self._open = True
        return self._call(now) if self._queue and self._turn is None else ()

    def close(self) -> None:
        """Call nobody any more. Whoever reads may finish, with their time calls."""
        self._open = False

    def join(self, by: Player, reading: Reading, now: float) -> tuple[TurnEvent, ...]:
        """Put somebody at the end of the queue, or take what they read instead if they wait or read already.

        Raises:
            Refusal: `turn-waits`, `turn-now`, when they say nothing new; `turn-full`.
        """
        if self._turn is not None and self._turn.waiting.by.id == by.id:
            return self._change_present(self._turn, reading)
        place = self._place(by)
        if place is not None:
            return self._change_waiting(place, reading)
        if len(self._queue) >= LONGEST_QUEUE:
            raise Refusal("turn-full", most=LONGEST_QUEUE)
        self._queue.append(Waiting(by, reading))
        if self._open and self._turn is None:
            return self._call(now)
        return (Queued(by, len(self._queue), reading),)

    def leave(self, by: Player, now: float) -> tuple[TurnEvent, ...]:
        """Take somebody out of the queue; whoever reads hands on.

        Raises:
            Refusal: `turn-not-queued`.
        """
        if self._turn is not None and self._turn.waiting.by.id == by.id:
            return self._hand_on(self._turn, now)
        place = self._place(by)
        if place is None:
            raise Refusal("turn-not-queued")
        return (Unqueued(self._queue.pop(place).by),)

    def finish(self, by: Player, now: float) -> tuple[TurnEvent, ...]:
        """Let the reader hand on.

        Raises:
            Refusal: `turn-not-yours`.
        """
        if self._turn is None or self._turn.waiting.by.id != by.id:
            raise Refusal("turn-not-yours")
        return self._hand_on(self._turn, now)

    def next(self, now: float) -> tuple[TurnEvent, ...]:
        """Let a host hand on to the next reader.

        Raises:
            Refusal: `turn-nobody`, `turn-closed`.
        """
        if self._turn is not None:
            return self._hand_on(self._turn, now)
        if not self._open:
            raise Refusal("turn-closed")
        raise Refusal("turn-nobody")

    def skip(self, now: float) -> tuple[TurnEvent, ...]:
        """Let a host go past a reader who is not there: called again after the others, once.

        Raises:
            Refusal: `turn-nobody`.
        """
        if self._turn is None:
            raise Refusal("turn-nobody")
        absent, self._turn = self._turn.waiting, None
        if absent.missed or not self._queue:
            return (Missed(absent.by), *self._call(now))
        self._queue.append(Waiting(absent.by, absent.reading, missed=True))
        return (Postponed(absent.by), *self._call(now))

    def tick(self, now: float) -> tuple[TurnEvent, ...]:
        """Make the time call that is due: the last one alone, when both are."""
        turn = self._turn
        if turn is None or not turn.calls or now < turn.calls[0]:
            return ()
        turn.calls = [call for call in turn.calls if call > now]
        if turn.calls:
            return (Nearing(turn.waiting.by, turn.ends - now),)
        return (TimeUp(turn.waiting.by, self._following()),)

    def scene(self) -> TurnsScene:
        """Return what is on the table."""
        turn = self._turn
        return TurnsScene(
            reader=self.reader,
            reading=turn.waiting.reading if turn else Reading(),
            ends=turn.ends if turn else None,
            over=turn is not None and not turn.calls,
            queue=tuple(self._queue),
            turns=len(self._heard),
        )

    def heard(self) -> tuple[Heard, ...]:
        """Return the turns that are over, in order."""
        return tuple(self._heard)

    def _change_present(self, turn: _Turn, reading: Reading) -> tuple[TurnEvent, ...]:
        if reading in (Reading(), turn.waiting.reading):
            raise Refusal("turn-now")
        turn.waiting = Waiting(turn.waiting.by, reading, turn.waiting.missed)
        return (Changed(turn.waiting.by, reading),)

    def _change_waiting(self, place: int, reading: Reading) -> tuple[TurnEvent, ...]:
        waiting = self._queue[place]
        if reading in (Reading(), waiting.reading):
            raise Refusal("turn-waits", place=place + 1)
        self._queue[place] = Waiting(waiting.by, reading, waiting.missed)
        return (Changed(waiting.by, reading),)

    def _hand_on(self, turn: _Turn, now: float) -> tuple[TurnEvent, ...]:
        heard = Heard(turn.waiting.by, turn.waiting.reading, now - turn.began)
        self._heard.append(heard)
        self._turn = None
        return (heard, *self._call(now))

    def _call(self, now: float) -> tuple[TurnEvent, ...]:
        """Begin the next turn, if one may begin."""
        if not self._open:
            return ()
        if not self._queue:
            return (Quiet(),)
        waiting, ends = self._queue.pop(0), _later(now, self._seconds)
        calls = [_later(ends, -NEAR), ends] if self._seconds > NEAR else [ends]
        self._turn = _Turn(waiting, now, ends, calls)
        return (Called(waiting.by, waiting.reading, self._seconds, self._following()),)

    def _following(self) -> Player | None:
        return self._queue[0].by if self._queue and self._open else None

    def _place(self, by: Player) -> int | None:
        for place, waiting in enumerate(self._queue):
            if waiting.by.id == by.id:
                return place
        return None


def _later(now: float, seconds: float) -> float:
    """Return a session time in whole microseconds: not a hair after the time that reaches it."""
    return round(now + seconds, 6)
