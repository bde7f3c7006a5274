"""How a question's points are shared: four presets, none of which ever takes a point away.

- calm: everybody who is right before the end scores a point;
- race: the quickest scores a point;
- speed: `TOP` points for an answer at once, falling in a straight line to `LEAST` at the end of the time; whoever
  answers within `WINDOW` seconds of the first scores as the first does, so that a slower platform costs nothing;
- survivor: everybody who is right scores a point and stays in; the others are out, unless nobody was right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from games.core import Player

Preset = Literal["calm", "race", "speed", "survivor"]
PRESETS: tuple[Preset, ...] = ("calm", "race", "speed", "survivor")

TOP, LEAST = 100, 50
WINDOW = 2.0


@dataclass(frozen=True, slots=True)
class Solver:
    """Who was right, how many seconds into the question, and the points that earned."""

    by: Player
    after: float
    points: int = 1


def share(
    preset: Preset, right: Sequence[tuple[Player, float]], seconds: float
) -> tuple[Solver, ...]:
    """Return who scored, quickest first; `right` holds each player with the time of their answer, in order of receipt.

    Equal times are equal: in a race all the quickest score.
    """
    ordered = sorted(right, key=lambda answer: answer[1])
    if not ordered:
        return ()
    first = ordered[0][1]
    match preset:
        case "calm" | "survivor":
            return tuple(Solver(by, after) for by, after in ordered)
        case "race":
            return tuple(Solver(by, after, int(after == first)) for by, after in ordered)
        case "speed":
            return tuple(Solver(by, after, worth(after, first, seconds)) for by, after in ordered)


def worth(after: float, first: float, seconds: float) -> int:
    """Return the points of a right answer `after` seconds into a question of `seconds`, the first being at `first`."""
    counted = first if after - first <= WINDOW else after
    part = min(1.0, max(0.0, counted / seconds)) if seconds > 0 else 1.0
    return round(TOP - (TOP - LEAST) * part)


def survivors(before: frozenset[int] | None, solvers: Sequence[Solver]) -> frozenset[int] | None:
    """Return who is still in after a question; None means everybody, as before the first answer that was right."""
    right = frozenset(solver.by.id for solver in solvers)
    return right or before
