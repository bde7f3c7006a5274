"""The numbers round ("Le compte est bon"): six plates and a target, which everybody tries to make or to come near.

Whoever is nearest when the time is up wins, the exact sum most. A sum said for all to see belongs to whoever said it
first: later ones of the same value count for `GRACE` seconds only, and an exact one closes the round after as long. One
that is entered privately counts for each who had it, unless all had seen it before. `games.sums` reads and solves.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.sums import Reach, Step, Sum, read_sum
from games.table import Events, Game, TableOptions, Times, Unseen, View, Wish, Words, later
from games.wishes import LEVELS, Asked

TIMES = Times(round=90.0, reveal=15.0)
ROUNDS = 3

GRACE = 2.0
"""Seconds in which the same value still counts after it was said for all to see."""

PLATES = (*range(1, 11), *range(1, 11), 25, 50, 75, 100)
"""The plates of the television game, six of which are drawn."""

DRAWN = 6
TARGETS = range(100, 1000)

FEW = 4
"""Plates that are enough for the target of an easy round."""

EXACT, NEAREST = 10, 7
"""Points of whoever makes the target, and of whoever is nearest where nobody does, as on television."""


@dataclass(frozen=True, slots=True)
class Deal:
    """The plates of a round, its target, and a sum that is as near to it as any."""

    plates: tuple[int, ...]
    target: int
    best: Sum


@dataclass(frozen=True, slots=True)
class CountdownOptions:
    """A game: a deal for each round."""

    table: TableOptions
    deals: tuple[Deal, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, _words: Words, chance: random.Random
) -> CountdownOptions:
    """Return what a host asked for: a level. This takes up to a tenth of a second for each round.

    Raises:
        Refusal: `unknown-option`.
    """
    asked = Asked(wish.text)
    level = asked.choice(LEVELS, 2)
    asked.end()
    return CountdownOptions(table, tuple(deal(level, chance) for _ in range(table.rounds)))


def deal(level: int, chance: random.Random) -> Deal:
    """Draw plates and a target: 1 few plates make it, 2 they make it, 3 whatever comes."""
    while True:
        plates = tuple(chance.sample(PLATES, DRAWN))
        target = chance.choice(TARGETS)
        best = Reach(plates).nearest(target)
        exact, few = best.value == target, len(best.steps) < FEW
        if level == 3 or (exact and (few or level == 2)):
            return Deal(plates, target, best)


@dataclass(frozen=True, slots=True)
class Reached:
    """A sum that somebody has, `gap` away from the target."""

    by: Player
    sum: Sum
    gap: int


@dataclass(frozen=True, slots=True)
class Gave:
    """Somebody said a sum for all to see; it `leads` when none as near was known to all."""

    reached: Reached
    leads: bool


@dataclass(frozen=True, slots=True)
class Entered(Unseen):
    """Somebody entered a sum that only the bot has read."""

    reached: Reached


@dataclass(frozen=True, slots=True)
class Hinted:
    """One more step of the best sum."""

    step: Step


Event = Gave | Entered | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: plates, target, the nearest sum that all have seen, how many people have one, the hints."""

    plates: tuple[int, ...]
    target: int
    best: Reached | None
    players: int
    hints: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended: everybody's nearest sum, the nearest first, and one that nothing is nearer than."""

    target: int
    reached: tuple[Reached, ...]
    best: Sum


class Countdown(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: CountdownOptions) -> None:
        super().__init__(options.table)
        self.options = options
        self._dealt = Deal((), 0, Sum(0, ()))
        self._reached: dict[int, Reached] = {}
        self._values_said: dict[int, tuple[int, float]] = {}
        self._leader: Reached | None = None
        self._hints = 0

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, _words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(CountdownOptions, options))

    # hooks

    def _deal(self, _now: float) -> Sequence[Event]:
        self._dealt = self.options.deals[self._number - 1]
        self._reached, self._values_said, self._leader, self._hints = {}, {}, None, 0
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        reached = self._reach(by, text, now)
        self._values_said.setdefault(reached.sum.value, (by.id, now))
        leads = self._leader is None or reached.gap < self._leader.gap
        self._leader = reached if leads else self._leader
        if not reached.gap and self._deadline is not None:
            self._deadline = min(self._deadline, later(now, GRACE))
        return (Gave(reached, leads),)

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        return (Entered(self._reach(by, text, now)),)

    def _hint(self, _now: float) -> Events[Event]:
        steps = self._dealt.best.steps
        if self._hints >= len(steps) - 1:
            raise Refusal("no-more-hints")
        self._hints += 1
        return (Hinted(steps[self._hints - 1]),)

    def _award(self) -> None:
        least = min((reached.gap for reached in self._reached.values()), default=0)
        for reached in self._reached.values():
            if reached.gap == least:
                self._pay(reached.by, NEAREST if reached.gap else EXACT)

    def _result(self) -> Outcome:
        reached = sorted(self._reached.values(), key=lambda one: one.gap)
        return Outcome(self._dealt.target, tuple(reached), self._dealt.best)

    def _view(self) -> View:
        dealt = self._dealt
        facts = Facts(
            plates=dealt.plates,
            target=dealt.target,
            best=self._leader,
            players=len(self._reached),
            hints=dealt.best.steps[: self._hints],
        )
        board = (str(dealt.target), "  ".join(map(str, dealt.plates)))
        return View(board=board, form="sum", facts=facts)

    # sums

    def _reach(self, by: Player, text: str, now: float) -> Reached:
        found = read_sum(text, self._dealt.plates)
        if found is None:
            raise Refusal("no-sum")
        self._admit(by, now)
        gap = abs(found.value - self._dealt.target)
        own = self._reached.get(by.id)
        if own is not None and own.gap <= gap:
            raise Refusal("no-nearer", gap=own.gap)
        who, at = self._values_said.get(found.value, (by.id, now))
        if who != by.id and now - at > GRACE:
            raise Refusal("said-already")
        reached = self._reached[by.id] = Reached(by, found, gap)
        self._count(by, right=not gap)
        return reached
