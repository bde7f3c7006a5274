"""The questions of a book club: their life, and which one is asked next.

A question belongs to a section of a book, after which it may be asked; 0 is for what gives nothing away and may be
asked at any time. What all who are there have read, the *horizon*, is worked out elsewhere: nothing here knows people.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

State = Literal["proposed", "ready", "asked", "carried", "dropped"]
"""Waits to be looked at; may be asked; was asked; was asked and comes again, first, at the next meeting; put away."""

STATES: Final[tuple[State, ...]] = get_args(State)

STEPS: Final[Mapping[State, frozenset[State]]] = {
    "proposed": frozenset({"ready", "dropped"}),
    "ready": frozenset({"asked", "dropped"}),
    "asked": frozenset({"carried", "dropped"}),
    "carried": frozenset({"asked", "dropped"}),
    "dropped": frozenset({"ready"}),
}
"""From each state to those that may follow. Nothing is asked twice unless it is carried over in between."""

ASKABLE: Final[frozenset[State]] = frozenset({"ready", "carried"})

MOST_SECTION: Final = 99
"""The highest section of a book."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question as far as the choice goes.

    `horizon` is the section of its book that all who are there have read. `rests` says that it was carried over at this
    very meeting, and is for the next.
    """

    number: int
    state: State
    section: int
    horizon: int
    rests: bool = False

    @property
    def allowed(self) -> bool:
        """Whether it gives nothing away to anybody who is there."""
        return self.section <= self.horizon


def may_follow(state: State, to: State) -> bool:
    """Return whether a question in one state may go to another."""
    return to in STEPS[state]


def choose(questions: Iterable[Candidate]) -> int | None:
    """Return the number of the question to ask next, None when there is none to ask.

    What was carried over comes first, then the order of the book, then that in which they came.
    """
    found = [one for one in questions if _waits(one) and one.allowed]
    order = sorted(found, key=lambda one: (one.state != "carried", one.section, one.number))
    return order[0].number if order else None


def some_wait(questions: Iterable[Candidate]) -> bool:
    """Return whether there are questions that somebody has not read far enough for."""
    return any(_waits(one) and not one.allowed for one in questions)


def choose_general(keys: Sequence[str], asked: Collection[str]) -> str | None:
    """Return the first of the questions that fit every book which was not asked yet, None when all were."""
    return next((key for key in keys if key not in asked), None)


def _waits(one: Candidate) -> bool:
    return one.state in ASKABLE and not one.rests
