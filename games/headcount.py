"""Counting people without an account: the classes of age, and what of a count may be shown in public."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

AgeClass = Literal["0-5", "6-11", "12-14", "15-17", "18-64", "65+", "unknown"]

CLASSES: tuple[AgeClass, ...] = ("0-5", "6-11", "12-14", "15-17", "18-64", "65+", "unknown")
"""In years, both ends included; they add up to those of libraries' yearly reports."""

LEAST_SHOWN = 5
"""People that a class must hold to be shown in public."""

MOST = 2000
"""People that one entry may hold: more is a slip of the keyboard."""

Counts = Mapping[AgeClass, int]


@dataclass(frozen=True, slots=True)
class Published:
    """What may be shown in public: some classes, and the total, None when it is small itself.

    `hidden` tells whether any class is left out.
    """

    counts: Counts
    total: int | None
    hidden: bool


def add_up(counts: list[Counts]) -> dict[AgeClass, int]:
    """Return the sums by class, in the order of the classes; a class that nobody spoke of is not in it."""
    spoken = {age for one in counts for age in one}
    return {age: sum(one.get(age, 0) for one in counts) for age in CLASSES if age in spoken}


def publish(counts: Counts) -> Published:
    """Leave out every class of fewer than `LEAST_SHOWN`, so that nobody can be singled out.

    The classes that hold the fewest of the others go with them: a class left out alone would be the difference to the
    total. So at least two values fit each class that is left out, whoever knows this rule included.
    """
    there = {age: counts[age] for age in CLASSES if counts.get(age, 0) > 0}
    total = sum(there.values())
    if 0 < total < LEAST_SHOWN:
        return Published({}, None, hidden=True)
    large = {age: count for age, count in there.items() if count >= LEAST_SHOWN}
    if len(large) == len(there):
        return Published(there, total, hidden=False)
    fewest = min(large.values(), default=0)
    shown = {age: count for age, count in large.items() if count > fewest}
    return Published(shown, total, hidden=True)
