"""What all games share: a lobby, rounds, turns, seats, points, an end by themselves when nobody plays.

A game is a subclass of `Game`, and nothing is a subclass of a game. It fills in the hooks that begin with an underscore
and calls `_close` when a round is over, `_count` and `_pay` for points, `_ask` when it asks for the next thing. The
rest of its state is its own. What people type is judged by `_guess`; what happened is said by events, some of which
(`TableEvent`) every game has.

Only accepted plays are journalled, so a replay sees fewer guesses than were made: the flood limit may only ever refuse,
and must never change what an accepted play does.
"""

import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Protocol, Self, TypeVar, get_args

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
    Standing,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
    rank,
)
from games.matching import LONGEST
from games.words import Word

Pace = Literal["slow", "normal", "fast"]
PACES: Mapping[Pace, float] = {"slow": 2.0, "normal": 1.0, "fast": 0.6}
"""By how much each pace stretches a game's times."""

MORE_TIME = 30.0
"""Seconds that a host adds to what is going on."""

MOST_GUESSES, WITHIN = 5, 5.0
"""Guesses that one person may make within so many seconds; more are not looked at."""

Phase = Literal["new", "lobby", "playing", "reveal", "over"]


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: before the first round, of a round (or of a turn, where there are turns), of looking at how it ended.

    After `idle` seconds in which nobody played the game ends by itself.
    """

    lobby: float = 15.0
    round: float = 90.0
    reveal: float = 8.0
    idle: float = 180.0

    def at(self, pace: Pace) -> Self:
        """Return these times at a pace. A quick game is not sooner taken for abandoned."""
        factor = PACES[pace]
        return replace(
            self,
            lobby=self.lobby * max(1.0, factor),
            round=self.round * factor,
            reveal=self.reveal * factor,
            idle=self.idle * max(1.0, factor),
        )

    def rounds_of(self, seconds: float) -> Self:
        """Return these times with rounds of so many seconds; nobody is taken for gone within two of them."""
        return replace(self, round=seconds, idle=max(self.idle, 2 * seconds))


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What every game is told: its title, the language it is played in, times, rounds.

    `hosted` asks for the game's host to be named (`Did` "host"), for games in which they have a part of their own.
    `words` are those that the host adds to the language's for this game. `forms` are the platforms on which one may
    answer in a form that nobody else reads.
    """

    title: str
    locale: str
    times: Times = field(default_factory=Times)
    rounds: int = 1
    hosted: bool = False
    words: tuple[str, ...] = ()
    forms: tuple[Platform, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for, beyond which game: None and empty for whatever is usual.

    `text` is what else they typed for all to read, `secret` what only the bot has read, `words` are words to add.
    """

    pace: Pace = "normal"
    rounds: int | None = None
    seconds: int | None = None
    text: str = ""
    secret: str = ""
    words: tuple[str, ...] = ()


class Words(Protocol):
    """The words of a language, as `games.words.Lexicon` has them."""

    def plus(self, texts: Iterable[str]) -> "Words":
        """Return these words and more."""

    def draw(self, chance: random.Random, length: range, level: int) -> Word:
        """Return a word to find; raises `LookupError` when there is none."""

    def valid(self, word: str) -> bool:
        """Return whether something typed is a word."""

    def decent(self, text: str) -> bool:
        """Return whether a text may be shown."""

    def spelling(self, word: str) -> str | None:
        """Return how a word is written, None for none or one that may not be shown."""

    def anagrams(self, letters: str) -> tuple[str, ...]:
        """Return the words of exactly these letters."""

    def longest(self, letters: str) -> tuple[str, ...]:
        """Return the longest words of these letters."""

    def beginning(self, letters: str) -> Sequence[str]:
        """Return the words to find that begin with these letters."""


# --- What happens in every game -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """A game is announced: it starts in `starts_in` seconds, or (None) once enough people sit, at least `seats`."""

    title: str
    rounds: int
    starts_in: float | None
    seats: int = 0


@dataclass(frozen=True, slots=True)
class Hosted:
    """A player is this game's host."""

    by: Player


@dataclass(frozen=True, slots=True)
class Joined:
    """A player has taken seat number `seat` (from 1); `missing` more are needed."""

    by: Player
    seat: int
    missing: int


@dataclass(frozen=True, slots=True)
class Left:
    """A player has given up their seat."""

    by: Player


@dataclass(frozen=True, slots=True)
class Dealt:
    """Round `number` (from 1) of `total` begins; `seconds` is its time or its first turn's, None without a limit."""

    number: int
    total: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Extended:
    """A host gave more time; `remaining` seconds are left."""

    remaining: float


@dataclass(frozen=True, slots=True)
class RoundOver:
    """Round `number` of `total` is over; `outcome` is of the game's own kind.

    The next begins in `next_in` seconds, None where there is none.
    """

    number: int
    total: int
    outcome: Any
    next_in: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The game is over: at its end, `stopped` by a host, or `idle` as nobody played; `rounds` were played."""

    title: str
    rounds: int
    players: int
    standings: tuple[Standing, ...]
    stopped: bool = False
    idle: bool = False


TableEvent = Opened | Hosted | Joined | Left | Dealt | Extended | RoundOver | Finished
TABLE_EVENTS = get_args(TableEvent)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What happened to one player alone, and changes nothing of what chat is told is on the table."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in full where it happens: chat is not told the table after it."""


EventT = TypeVar("EventT")
Events = tuple[EventT | TableEvent, ...]


# --- What games are made of -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class View:
    """What a game shows while it is played; the fields are those of `Scene`."""

    prompt: str = ""
    board: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    form: str = ""
    wishes: tuple[str, ...] = ()
    kind: str = ""
    facts: Any = None


class Floods:
    """Who guesses faster than anybody thinks."""

    def __init__(self) -> None:
        self._lately: dict[int, deque[float]] = {}

    def admits(self, player: int, now: float) -> bool:
        """Note a guess, and return whether it is to be looked at."""
        times = self._lately.get(player)
        if times is None:
            times = self._lately[player] = deque(maxlen=MOST_GUESSES)
        elif len(times) == MOST_GUESSES and now - times[0] < WITHIN:
            return False
        times.append(now)
        return True


class Seats:
    """Who plays, in games for a few: from `least` to `most` people, in the order in which they sat down."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        self.most = most
        self.taken: list[Player] = []

    @property
    def missing(self) -> int:
        """How many people are still needed."""
        return max(0, self.least - len(self.taken))

    def of(self, player: Player) -> int | None:
        """Return the seat of somebody (from 0), None when they have none."""
        return next((seat for seat, one in enumerate(self.taken) if one.id == player.id), None)

    def join(self, player: Player) -> int:
        """Give somebody the next seat and return it.

        Raises:
            Refusal: `seated`, `seats-taken`.
        """
        if self.of(player) is not None:
            raise Refusal("seated")
        if len(self.taken) >= self.most:
            raise Refusal("seats-taken")
        self.taken.append(player)
        return len(self.taken) - 1

    def leave(self, player: Player) -> int:
        """Take somebody's seat away and return which it was.

        Raises:
            Refusal: `not-seated`.
        """
        seat = self.of(player)
        if seat is None:
            raise Refusal("not-seated")
        del self.taken[seat]
        return seat


@dataclass(slots=True)
class _Tally:
    """One player's game so far."""

    player: Player
    plays: int = 0
    right: int = 0
    points: int = 0


def later(now: float, seconds: float) -> float:
    """Return a deadline in whole microseconds, as session time is: not a hair after the time that reaches it."""
    return round(now + seconds, 6)


class Game(ABC, Generic[EventT]):
    """One session of a game. See `games.core.Activity` for the contract of what is public.

    A hook returns what happened, raises `Refusal` before it has changed anything, and never returns nothing: what is
    no play is refused. On a line of chat a refusal is only silence.
    """

    def __init__(self, table: TableOptions, seats: Seats | None = None) -> None:
        self.table = table
        self._seats = seats
        self._host: Player | None = None
        self._phase: Phase = "new"
        self._number = 0
        self._turn = 0
        self._lines = 0
        self._deadline: float | None = 0.0
        self._played_at = 0.0
        self._outcome: Any = None
        self._floods = Floods()
        self._tallies: dict[int, _Tally] = {}
        self._standings: tuple[Standing, ...] | None = ()
        self._declined: Refusal | None = None

    # hooks: what makes a game

    @abstractmethod
    def _deal(self, now: float) -> Sequence[EventT]:
        """Lay round number `_number`. The time of a round is set already; `_ask` sets another, or none."""

    @abstractmethod
    def _guess(self, by: Player, text: str, now: float) -> Events[EventT]:
        """Judge what somebody typed for all to see, and privately too unless `_write` says otherwise."""

    @abstractmethod
    def _view(self) -> View:
        """Return what is on the table; called from the first round on."""

    def _award(self) -> None:
        """Pay what is paid when a round ends, before `_result` says how it did."""

    @abstractmethod
    def _result(self) -> Any:
        """Return how the round ends if it ends now: frozen facts for the game's wording."""

    def _write(self, by: Player, text: str, now: float) -> Events[EventT]:
        """Judge what somebody entered in a form; its fields are lines of the text."""
        return self._guess(by, text, now)

    def _choose(self, by: Player, choices: tuple[int, ...], now: float) -> Events[EventT]:
        """Take controls of the present turn."""
        raise Refusal("no-such-choice")

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[EventT]:
        """Take a wish other than to join or to leave."""
        raise Refusal("unknown-action", action=wish)

    def _leave(self, by: Player, seat: int, now: float) -> Events[EventT]:
        """Go on after somebody got up from their seat in the middle of a round."""
        return ()

    def _take_back(self, by: Player, now: float) -> Events[EventT]:
        """Forget what somebody said, as its message was removed. Most games cannot: what is on the table stays."""
        return ()

    def _hint(self, now: float) -> Events[EventT]:
        """Help; a host asked for it."""
        raise Refusal("no-more-hints")

    def _skip(self, now: float) -> Events[EventT]:
        """Go on without waiting; a host asked for it."""
        return self._close(now)

    def _act(self, action: str, text: str, about: Player | None, now: float) -> Events[EventT]:
        """Take a host's action that not every game knows."""
        raise Refusal("unknown-action", action=action)

    def _time_up(self, now: float) -> Events[EventT]:
        """Go on when the time of the round, or of a turn, is up. It must set another time, or none."""
        return self._close(now)

    # what games call

    def _ask(self, now: float, seconds: float | None) -> None:
        """Begin the next turn: controls and forms of the one before are closed from now on."""
        self._turn += 1
        self._wait(now, seconds)

    def _wait(self, now: float, seconds: float | None) -> None:
        """Set the time of what is asked, None for no limit."""
        self._deadline = None if seconds is None else later(now, seconds)

    def _admit(self, by: Player, now: float) -> None:
        """Note that somebody guesses: call it once a line is known to be a guess and not talk.

        Raises:
            Refusal: `too-many-guesses`.
        """
        if not self._floods.admits(by.id, now):
            raise Refusal("too-many-guesses", most=MOST_GUESSES, seconds=round(WITHIN))

    def _count(self, by: Player, *, right: bool = False, points: int = 0) -> None:
        """Note that somebody played, and what it brought."""
        tally = self._tallies.setdefault(by.id, _Tally(by))
        tally.plays += 1
        tally.right += right
        self._pay(by, points)

    def _pay(self, by: Player, points: int, *, right: int = 0) -> None:
        """Give points to somebody, if they have played, and note how much of what they played was right."""
        tally = self._tallies.get(by.id)
        if tally is None:
            return
        tally.right += right
        if points:
            tally.points += points
            self._standings = None

    def _close(self, now: float) -> Events[EventT]:
        """End the round: what came of it is looked at for a while, unless it was the last."""
        self._award()
        self._phase, self._outcome = "reveal", self._result()
        self._turn += 1
        self._wait(now, self.table.times.reveal)
        if self._number >= self.table.rounds:
            return (RoundOver(self._number, self.table.rounds, self._outcome), self._finish())
        reveal = self.table.times.reveal
        return (RoundOver(self._number, self.table.rounds, self._outcome, reveal),)

    # what is public

    @property
    def deadline(self) -> float | None:
        """Session time at which the present phase or turn ends, or the game because nobody plays."""
        if self._phase in ("new", "over"):
            return self._deadline
        gives_up = self._gives_up_at
        return gives_up if self._deadline is None else min(self._deadline, gives_up)

    @property
    def over(self) -> bool:
        """Whether the game has ended."""
        return self._phase == "over"

    def play(self, play: Play, now: float) -> Events[EventT]:
        """Take one play; see `Activity.play`."""
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Wrote(by, turn, text):
                self._require_turn(turn)
                return self._taken(self._write(by, text, now), now)
            case Chose(by, turn, choices):
                self._require_turn(turn)
                return self._taken(self._choose(by, choices, now), now)
            case Wished(by, wish, text):
                return self._taken(self._wished(by, wish, text, now), now)
            case Withdrew(by):
                return self._take_back(by, now) if self._phase == "playing" else ()
            case Did(about, action, text):
                return self._did(action, text, about, now)
            case Shown():
                return ()
            case Ticked():
                return self._ticked(now)

    def scene(self) -> Scene:
        """Return what is on the table."""
        view = self._view() if self._number else View()
        open_now = self._phase == "playing"
        seats = self._seats
        return Scene(
            title=self.table.title,
            phase=self._phase,
            step=self._number,
            steps=self.table.rounds,
            deadline=self._deadline,
            prompt=view.prompt,
            choices=view.choices if open_now else (),
            kind=view.kind,
            replies=self._lines,
            players=len(self._tallies),
            standings=self._ranked(),
            outcome=self._outcome,
            turn=self._turn,
            board=view.board,
            form=view.form if open_now else "",
            wishes=self._wishes(view),
            seated=tuple(seats.taken) if seats else (),
            facts=view.facts,
        )

    def declined(self) -> Refusal | None:
        """Return, once, why the last line that was no play was none, unless two people have played already."""
        declined, self._declined = self._declined, None
        return declined

    def record(self) -> tuple[Part, ...]:
        """Return each player's part so far."""
        return tuple(Part(t.player, t.plays, t.right, t.points) for t in self._tallies.values())

    # people

    def _said(self, by: Player, text: str, now: float) -> Events[EventT]:
        if self._phase != "playing" or len(text) > LONGEST:
            return ()
        try:
            events = self._guess(by, text, now)
        except Refusal as refusal:  # chat is not answered line by line
            self._declined = refusal if len(self._tallies) < 2 else None
            return ()
        self._lines += 1
        return self._taken(events, now)

    def _taken(self, events: Events[EventT], now: float) -> Events[EventT]:
        self._played_at = now
        return events

    def _require_turn(self, turn: int) -> None:
        if self._phase != "playing" or turn != self._turn:
            raise Refusal("moved-on")

    def _wished(self, by: Player, wish: str, text: str, now: float) -> Events[EventT]:
        if self.over:
            raise Refusal("session-over")
        match wish:
            case "join":
                return self._join(by, now)
            case "leave":
                return self._get_up(by, now)
            case _ if self._phase == "playing":
                return self._wish(by, wish, text, now)
            case _:
                raise self._not_now()

    def _join(self, by: Player, now: float) -> Events[EventT]:
        seats = self._seats
        if seats is None:
            raise Refusal("no-seats")
        if self._phase != "lobby":
            raise Refusal("seats-taken")
        seat = seats.join(by)
        if len(seats.taken) == seats.most:
            self._wait(now, 0.0)
        elif not seats.missing and self._deadline is None:
            self._wait(now, self.table.times.lobby)
        return (Joined(by, seat + 1, seats.missing),)

    def _get_up(self, by: Player, now: float) -> Events[EventT]:
        if self._seats is None:
            raise Refusal("no-seats")
        seat = self._seats.leave(by)
        if self._phase == "lobby" and self._seats.missing:
            self._deadline = None
        left = Left(by)
        return (left, *self._leave(by, seat, now)) if self._phase == "playing" else (left,)

    def _wishes(self, view: View) -> tuple[str, ...]:
        if self._phase == "lobby" and self._seats is not None:
            return ("join",)
        return view.wishes if self._phase == "playing" else ()

    def _ranked(self) -> tuple[Standing, ...]:
        if self._standings is None:
            self._standings = rank({t.player: t.points for t in self._tallies.values() if t.points})
        return self._standings

    # hosts

    def _did(self, action: str, text: str, about: Player | None, now: float) -> Events[EventT]:
        if self.over:
            raise Refusal("nothing-running")
        events = self._done(action, text, about, now)
        self._played_at = now
        return events

    def _done(self, action: str, text: str, about: Player | None, now: float) -> Events[EventT]:
        playing = self._phase == "playing"
        match action:
            case "stop":
                return self._end(stopped=True)
            case "skip":
                return self._skip(now) if playing else self._go_on(now)
            case "extend":
                return (self._extend(now),)
            case "host" if about is not None:
                self._host = about
                return (Hosted(about),)
            case "hint" if playing:
                return self._hint(now)
            case _ if playing:
                return self._act(action, text, about, now)
            case _:
                raise self._not_now()

    def _not_now(self) -> Refusal:
        if self._phase in ("new", "lobby"):
            return Refusal("not-begun")
        return Refusal("moved-on")

    def _extend(self, now: float) -> Extended:
        if self._deadline is None:
            raise Refusal("no-time-limit")
        self._deadline = later(self._deadline, MORE_TIME)
        return Extended(self._deadline - now)

    # the clock

    @property
    def _gives_up_at(self) -> float:
        return later(self._played_at, self.table.times.idle)

    def _ticked(self, now: float) -> Events[EventT]:
        deadline = self.deadline
        if deadline is None or now < deadline:
            return ()
        if self._phase != "new" and now >= self._gives_up_at:
            return self._end(idle=True)
        return self._time_up(now) if self._phase == "playing" else self._go_on(now)

    def _go_on(self, now: float) -> Events[EventT]:
        match self._phase:
            case "new":
                return (self._open(now),)
            case "lobby" if self._seats is not None and self._seats.missing:
                raise Refusal("seats-missing", missing=self._seats.missing)
            case "lobby" | "reveal":
                return self._begin(now)
            case _:
                return ()

    def _open(self, now: float) -> Opened:
        self._phase, self._played_at = "lobby", now
        waits = self._seats is not None and self._seats.missing > 0
        starts_in = None if waits else self.table.times.lobby
        self._wait(now, starts_in)
        least = self._seats.least if self._seats else 0
        return Opened(self.table.title, self.table.rounds, starts_in, least)

    def _begin(self, now: float) -> Events[EventT]:
        if self._seats is not None and self._seats.missing:
            return (self._finish(),)
        self._phase, self._outcome, self._lines = "playing", None, 0
        self._number += 1
        self._ask(now, self.table.times.round)
        events = self._deal(now)
        seconds = None if self._deadline is None else self._deadline - now
        return (Dealt(self._number, self.table.rounds, seconds), *events)

    def _end(self, *, stopped: bool = False, idle: bool = False) -> Events[EventT]:
        """End in the middle of whatever is going on."""
        if self._phase != "playing":
            return (self._finish(stopped=stopped, idle=idle),)
        self._award()
        self._outcome = self._result()
        over = RoundOver(self._number, self.table.rounds, self._outcome)
        return (over, self._finish(stopped=stopped, idle=idle))

    def _finish(self, *, stopped: bool = False, idle: bool = False) -> Finished:
        self._phase, self._deadline = "over", None
        return Finished(
            title=self.table.title,
            rounds=self._number,
            players=len(self._tallies),
            standings=self._ranked(),
            stopped=stopped,
            idle=idle,
        )
