"""Another way to find all that can be made of some plates, against which the solver is held."""

import random
import time
from collections.abc import Sequence
from functools import cache

from games.sums import Reach, Sum

BAG = (*range(1, 11), *range(1, 11), 25, 50, 75, 100)
TARGETS = range(100, 1000)


def deal(chance: random.Random) -> tuple[int, ...]:
    """Return six plates."""
    return tuple(chance.sample(BAG, 6))


@cache
def _made(numbers: tuple[int, ...]) -> frozenset[int]:
    """Return all that appears on the table when any two numbers are replaced by a result, again and again."""
    found = set(numbers)
    for i, x in enumerate(numbers):
        for j, y in enumerate(numbers[:i]):
            rest = [n for k, n in enumerate(numbers) if k not in (i, j)]
            large, small = max(x, y), min(x, y)
            results = {large + small, large * small, large - small} - {0}
            if large % small == 0:
                results.add(large // small)
            for result in results:
                found |= _made(tuple(sorted((*rest, result))))
    return frozenset(found)


def reachable(plates: Sequence[int]) -> frozenset[int]:
    """Return every value that some of the plates make."""
    found = _made(tuple(sorted(plates)))
    _made.cache_clear()
    return found


def check_sum(found: Sum, plates: Sequence[int]) -> None:
    """Assert that a sum uses what lies there once, rightly, and comes to what it says."""
    free = list(plates)
    for step in found.steps:
        free.remove(step.left)
        free.remove(step.right)
        match step.sign:
            case "+":
                value = step.left + step.right
            case "-":
                value = step.left - step.right
            case "*":
                value = step.left * step.right
            case "/":
                value, left = divmod(step.left, step.right)
                assert left == 0
        assert value == step.value > 0
        free.append(value)
    assert found.value in free


def every_target(plates: Sequence[int]) -> tuple[int, float]:
    """Check the best sum for every target; return how many are met and the seconds of a whole solution."""
    known = sorted(reachable(plates))
    began = time.process_time()
    reach = Reach(plates)
    built = time.process_time() - began
    met, slowest = 0, 0.0
    for target in TARGETS:
        began = time.process_time()
        best = reach.nearest(target)
        slowest = max(slowest, time.process_time() - began)
        assert abs(best.value - target) == min(abs(one - target) for one in known), (plates, target)
        check_sum(best, plates)
        met += best.value == target
    return met, built + slowest
