"""What words cost: looking one up, making words out of letters, and the memory that both languages take together.

Times are of the processor. The plain way, a frozenset of the same words, is measured beside it. Memory is that of a
process of its own, which does nothing else: `python -m bench.words (packed | plain)` says by how much loading made its
peak grow (on Linux, which tells).
"""

import gzip
import random
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from bench.figures import Figure, quantile, spread
from bench.pipe import worker
from games.matching import fold
from games.words import LEVELS, LOCALES, MOST_LETTERS, lexicon

MOST_US = 2.0
MOST_MB = 60.0
MOST_MS = 20.0
LETTERS = "eeeeeaaaiiissnnrrttoolluuddcmpgbvhfqyxjkwz"
"""Letters about as often as a game would deal them."""

ADDED = 200
"""Words that a generous host adds."""

WITHOUT_WORDS = "xzkwqjvbpm"
"""Every choice of these is tried in vain, which takes longest."""


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the figures of both languages."""
    rounds = 5 if quick else 25
    for locale in LOCALES:
        for figure in _look_ups(locale, rounds):
            yield figure
        for figure in _letters(locale, 50 if quick else 300):
            yield figure
    taken = {way: await _taken(way) for way in ("packed", "plain")}
    note = f"loaded in {taken['packed']['seconds'] * 1e3:.0f} ms"
    yield Figure(
        "words", "memory, both languages", taken["packed"]["mb"], "MB", most=MOST_MB, note=note
    )
    yield Figure("words", "memory, frozensets of the same words", taken["plain"]["mb"], "MB")


def _look_ups(locale: str, rounds: int) -> Iterable[Figure]:
    chance, rows = random.Random(1), _rows(locale)
    typed, written = zip(*chance.sample(rows, 20_000), strict=True)
    plain = frozenset(typed for typed, _ in rows)
    for metric, words in (
        ("a word, without accents", typed),
        ("a word, as written", written),
        ("no word", [f"{word}q" for word in typed]),
    ):
        costs = _time(lexicon(locale).valid, words, rounds)
        name = f"{locale}: look-up of {metric}"
        yield Figure("words", name, median(costs), "us", most=MOST_US, note=spread(costs, 2))
    costs = _time(lambda word: fold(word) in plain, typed, rounds)
    yield Figure("words", f"{locale}: look-up in a frozenset", median(costs), "us")


def _letters(locale: str, count: int) -> Iterable[Figure]:
    chance = random.Random(2)
    words = lexicon(locale).plus(f"ajout{number:04}" for number in range(ADDED))
    words.anagrams(WITHOUT_WORDS)  # the list is read at the first use
    deals = ["".join(chance.sample(LETTERS, MOST_LETTERS)) for _ in range(count)]
    longest = [_once(words.longest, deal) for deal in (*deals, WITHOUT_WORDS)]
    note = f"p99 {quantile(longest, 0.99):.2f}; {spread(longest, 2)}"
    name = f"{locale}: longest words of ten letters, slowest"
    yield Figure("words", name, max(longest), "ms", most=MOST_MS, note=note)
    anagrams = [_once(words.anagrams, deal) for deal in deals]
    yield Figure("words", f"{locale}: anagrams", median(anagrams), "ms", note=spread(anagrams, 3))
    drawn = [
        _once(lambda level: words.draw(chance, range(5, 10), level), LEVELS[number % 3])
        for number in range(count)
    ]
    yield Figure("words", f"{locale}: a word drawn", median(drawn), "ms", note=spread(drawn, 3))


def _rows(locale: str) -> list[tuple[str, str]]:
    """Return every word as typed and as written."""
    data = (resources.files("games.words") / f"{locale}.words.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(data).decode().split("\n")[1:-1])
    return [(typed, written.partition("/")[0] or typed) for typed, written in rows]


def _time(look_up: Callable[[str], bool], words: Iterable[str], rounds: int) -> list[float]:
    words, costs = list(words), list[float]()
    for _ in range(rounds):
        began = time.process_time()
        for word in words:
            look_up(word)
        costs.append((time.process_time() - began) / len(words) * 1e6)
    return costs


def _once(find: Callable[[Any], object], asked: str | int) -> float:
    began = time.process_time()
    find(asked)
    return (time.process_time() - began) * 1e3


async def _taken(way: str) -> dict[str, float]:
    async with worker("bench.words", way) as process:
        return await process.hear()


def _load(way: str) -> object:
    if way == "plain":
        return [frozenset(typed for typed, _ in _rows(locale)) for locale in LOCALES]
    return [(words.anagrams("a"), words) for words in map(lexicon, LOCALES)]


def _peak() -> int:
    """Return the most memory that this process has held, in bytes; `getrusage` would count its parent's too."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main(way: str) -> None:
    """Load the words one way and say what that took."""
    before, began = _peak(), time.process_time()
    kept = _load(way)
    row = {"mb": (_peak() - before) / 1e6, "seconds": time.process_time() - began}
    assert kept
    print(orjson.dumps(row).decode())


if __name__ == "__main__":
    main(sys.argv[1])
