"""A measured figure and how it is printed: one JSON line each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import orjson


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. `most` or `least` is its target, if it has one; `ratio` compares it with a bare library."""

    bench: str
    metric: str
    value: float
    unit: str
    ratio: float | None = None
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def target(self) -> str | None:
        """The target in words, or None."""
        if self.most is not None:
            return f"<= {self.most:g}"
        return f">= {self.least:g}" if self.least is not None else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; a ratio, where there is one, is what the target is about."""
        judged = self.value if self.ratio is None else self.ratio
        if self.most is not None:
            return judged <= self.most
        return judged >= self.least if self.least is not None else None

    def line(self) -> str:
        """Return the figure as one JSON line."""
        row = {
            "bench": self.bench,
            "metric": self.metric,
            "value": round(self.value, 3),
            "unit": self.unit,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": self.target,
            "met": self.met,
        }
        return orjson.dumps(row | ({"note": self.note} if self.note else {})).decode()


def spread(values: Sequence[float], digits: int = 1) -> str:
    """Return "min a, median b, max c (n)"."""
    low, middle, high = (round(v, digits) for v in (min(values), median(values), max(values)))
    return f"min {low}, median {middle}, max {high} (n={len(values)})"


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
