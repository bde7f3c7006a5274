"""Anagrams: letters in disorder, of which somebody makes a word.

Every word of exactly these letters is right, not only the one that was thought of. A round closes `GRACE` seconds after
the first, so that neither a slower platform nor a slower thumb loses the point, or when its time is up. Hints put the
letters in their places one by one, over the round's time or when a host asks for the next; each costs what is to be won
a point.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import Events, Game, TableOptions, Times, View, Wish, Words, later
from games.wishes import LETTERS, LEVELS, Asked, draw_words
from games.words import Word

TIMES = Times(lobby=15.0, round=60.0, reveal=8.0)
ROUNDS = 5

GRACE = 2.0
"""Seconds that a round stays open after the first word."""

LENGTHS: Mapping[int, range] = {1: range(5, 7), 2: range(6, 9), 3: range(7, 10)}
"""How many letters there are at each level, unless a host asks for others."""

ANY_LENGTH = range(4, 11)

WORTH = 5
"""Points of a word found without a hint; one less for each hint, and never less than one."""

SHUFFLES = 50
"""How often letters are mixed until they make no word."""

HIDDEN = "_"


@dataclass(frozen=True, slots=True)
class Puzzle:
    """The word that was thought of, its letters in the order in which they are shown, every word of them to show."""

    word: str
    shown: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnagramsOptions:
    """A game: a puzzle for each round."""

    table: TableOptions
    puzzles: tuple[Puzzle, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> AnagramsOptions:
    """Return what a host asked for: a level, how many letters.

    Raises:
        Refusal: `unknown-option`, `no-number`.
    """
    asked = Asked(wish.text)
    level = asked.choice(LEVELS, 1)
    length = asked.number(LETTERS, ANY_LENGTH)
    asked.end()
    lengths = LENGTHS[level] if length is None else range(length, length + 1)
    drawn = draw_words(words, chance, lengths, level, table.rounds)
    return AnagramsOptions(table, tuple(_puzzle(word, words, chance) for word in drawn))


def _puzzle(word: Word, words: Words, chance: random.Random) -> Puzzle:
    shown = mixed(word.letters, words, chance)
    return Puzzle(word.text, shown, words.anagrams(word.letters))


def mixed(letters: str, words: Words, chance: random.Random) -> str:
    """Return the letters in an order that is no word and may be shown; as they are where there is no such order."""
    for _ in range(SHUFFLES):
        order = "".join(chance.sample(letters, len(letters)))
        if not words.valid(order) and words.decent(order):
            return order
    return letters


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody made a word of all the letters, `after` seconds into the round; whether it was the one thought of."""

    by: Player
    word: str
    after: float
    thought_of: bool
    points: int


@dataclass(frozen=True, slots=True)
class Hinted:
    """Letters stand in their places: those that are known, `HIDDEN` elsewhere."""

    places: str


Event = Found | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: the letters as they are mixed, those in their places after so many hints, who has a word.

    `worth` is how many points a word would bring now.
    """

    letters: str
    places: str
    worth: int
    hints: int
    found: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended: the word that was thought of, who found which word, and all words there are to show."""

    word: str
    found: tuple[Found, ...]
    words: tuple[str, ...]


class Anagrams(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: AnagramsOptions, words: Words) -> None:
        super().__init__(options.table)
        self.options = options
        self._lexicon = words
        self._puzzle = Puzzle("", "", ())
        self._letters: list[str] = []
        self._word = ""
        self._hints = 0
        self._hint_at: float | None = None
        self._dealt_at = 0.0
        self._found: dict[int, Found] = {}

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(AnagramsOptions, options), words)

    @property
    def deadline(self) -> float | None:
        """Session time at which the next hint is due, or what `Game.deadline` says if that is sooner."""
        end = super().deadline
        if self._phase != "playing" or self._hint_at is None or end is None:
            return end
        return min(end, self._hint_at)

    # hooks

    def _deal(self, now: float) -> Sequence[Event]:
        self._puzzle = self.options.puzzles[self._number - 1]
        self._word = fold(self._puzzle.word)
        self._letters = sorted(self._puzzle.shown)
        self._found, self._hints, self._dealt_at = {}, 0, now
        self._plan_hint(now)
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        letters = fold(text).replace(" ", "")
        if len(letters) != len(self._letters) or sorted(letters) != self._letters:
            raise Refusal("other-letters")
        if by.id in self._found:
            raise Refusal("found-already")
        self._admit(by, now)
        if letters != self._word and not self._lexicon.valid(text):
            raise Refusal("no-word")
        return (self._find(by, letters, now),)

    def _time_up(self, now: float) -> Events[Event]:
        hint = self._deadline is None or now < self._deadline
        return self._hint(now) if hint else self._close(now)

    def _hint(self, now: float) -> Events[Event]:
        if self._hints >= self._most_hints:
            raise Refusal("no-more-hints")
        self._hints += 1
        self._plan_hint(now)
        return (Hinted(self._places),)

    def _result(self) -> Outcome:
        shown = (self._puzzle.word, *self._puzzle.words)
        return Outcome(self._puzzle.word, tuple(self._found.values()), tuple(dict.fromkeys(shown)))

    def _view(self) -> View:
        facts = Facts(
            letters=self._puzzle.shown,
            places=self._places,
            worth=self._worth,
            hints=self._hints,
            found=tuple(found.by for found in self._found.values()),
        )
        return View(board=(" ".join(self._puzzle.shown.upper()),), facts=facts)

    # what is found

    def _find(self, by: Player, letters: str, now: float) -> Found:
        points = self._worth
        self._count(by, right=True, points=points)
        if not self._found and self._deadline is not None:
            self._deadline, self._hint_at = min(self._deadline, later(now, GRACE)), None
        own = letters == self._word
        word = self._puzzle.word if own else self._lexicon.spelling(letters) or ""
        found = self._found[by.id] = Found(by, word, now - self._dealt_at, own, points)
        return found

    @property
    def _most_hints(self) -> int:
        return len(self._word) // 2

    @property
    def _places(self) -> str:
        return self._word[: self._hints].ljust(len(self._word), HIDDEN)

    @property
    def _worth(self) -> int:
        return max(1, WORTH - self._hints)

    def _plan_hint(self, now: float) -> None:
        """Share what is left of the time among the hints that are left."""
        left, end = self._most_hints - self._hints, self._deadline
        planned = left and end is not None and not self._found
        self._hint_at = later(now, (end - now) / (left + 1)) if planned and end else None
