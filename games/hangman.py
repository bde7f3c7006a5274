"""Hangman: a word to find letter by letter, or whole at any time.

Together, everybody shares one drawing. Each for themselves, the letters that are found are everybody's, and each has a
drawing of their own: whoever has filled it watches until the next word. A letter brings a point for each place where it
stands, the whole word one for each place that was still hidden. Accents do not matter, and a wrong word typed in
chat costs nothing, for it may have been talk.
"""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold, key_of
from games.table import Events, Game, TableOptions, Times, Unseen, View, Wish, Words

Mode = Literal["together", "each"]

TIMES = Times(round=180.0, reveal=10.0)
ROUNDS = 3
MISSES = 8
"""Wrong letters that fill the drawing."""

LENGTHS = range(5, 11)
LONGEST_WORD = 40
"""Characters of a word that a host gives."""

HIDDEN = "_"

MODES: Mapping[Mode, tuple[str, ...]] = {
    "together": ("together", "ensemble"),
    "each": ("each", "chacun", "chacune"),
}
"""The words for each way to play, English first."""

LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("easy", "facile"),
    2: ("medium", "moyen"),
    3: ("hard", "difficile"),
}
"""The words for how well known the words to find are, English first."""


@dataclass(frozen=True, slots=True)
class HangmanOptions:
    """A game: the words to find, one for each round, and how it is played."""

    table: TableOptions
    words: tuple[str, ...]
    mode: Mode = "together"

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(table: TableOptions, wish: Wish, words: Words, chance: random.Random) -> HangmanOptions:
    """Return what a host asked for: "each" or "together", a level, a word of their own.

    Raises:
        Refusal: `unknown-option`, `no-word-to-find`.
    """
    mode: Mode = "together"
    level = 1
    for word in wish.text.split():
        folded = fold(word)
        modes = [one for one, known in MODES.items() if folded in known]
        levels = [one for one, known in LEVELS.items() if folded in known]
        if not modes and not levels:
            raise Refusal("unknown-option", text=word[:30])
        mode, level = (*modes, mode)[0], (*levels, level)[0]
    if wish.secret.strip():
        own = _own_word(wish.secret, words)
        return HangmanOptions(replace(table, rounds=1, hosted=True), (own,), mode)
    drawn = tuple(words.draw(chance, LENGTHS, level).text for _ in range(table.rounds))
    return HangmanOptions(table, drawn, mode)


def _own_word(text: str, words: Words) -> str:
    own = unicodedata.normalize("NFC", " ".join(text.split()))
    letters = {slot.letter for slot in _slots(own) if slot.letter}
    if len(own) > LONGEST_WORD or len(letters) < 2 or not words.decent(own):
        raise Refusal("no-word-to-find", most=LONGEST_WORD)
    return own


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody tried a letter, which stands in `hits` places; `misses` of the drawing it counts on are used."""

    by: Player
    letter: str
    hits: int
    misses: int


@dataclass(frozen=True, slots=True)
class Solved:
    """Somebody had the whole word, of which `hidden` places were still to be found."""

    by: Player
    hidden: int


@dataclass(frozen=True, slots=True)
class Mistaken(Unseen):
    """Somebody entered, unread by others, a word that it is not; `misses` of their drawing are used."""

    by: Player
    misses: int


@dataclass(frozen=True, slots=True)
class Out:
    """Somebody's own drawing is full: they watch until the next word."""

    by: Player


@dataclass(frozen=True, slots=True)
class Hinted:
    """A letter was given away."""

    letter: str
    hits: int


Event = Tried | Solved | Mistaken | Out | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: each place with its letter or `HIDDEN`, wrong letters in order, the drawing, the last try.

    `misses` are those of the shared drawing, or of whoever has used most; `out` counts those who only watch.
    """

    places: tuple[str, ...]
    wrong: tuple[str, ...]
    misses: int
    mode: Mode
    last: Tried | None = None
    out: int = 0

    @property
    def length(self) -> int:
        """How many letters the word has."""
        return sum(place == HIDDEN or place.isalnum() for place in self.places)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a word ended: found by all letters or as a whole (`by`, None where a hint gave the last letter), or not.

    `full` says that it ended because every drawing in use is full.
    """

    word: str
    found: bool
    by: Player | None
    full: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a word: what is shown there, and the letter that finds it (none where it is shown at once)."""

    shown: str
    letter: str


def _slots(word: str) -> tuple[Slot, ...]:
    """Return the places of a word; a ligature takes as many as the letters that are typed for it."""
    slots: list[Slot] = []
    for char in word.upper():
        letters = fold(char)
        if not letters.isalnum():
            slots.append(Slot(char, ""))
        elif len(letters) == 1:
            slots.append(Slot(char, letters))
        else:
            slots += [Slot(letter.upper(), letter) for letter in letters]
    return tuple(slots)


@dataclass(slots=True)
class _Word:
    """A word being found."""

    text: str
    slots: tuple[Slot, ...]
    letters: str
    found: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    misses: dict[int, int] = field(default_factory=dict)
    last: Tried | None = None
    by: Player | None = None

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a word of which nothing is known."""
        slots = _slots(text)
        return cls(text, slots, "".join(slot.letter for slot in slots))

    @property
    def hidden(self) -> int:
        """How many places are still to be found."""
        return sum(letter not in self.found for letter in self.letters)


class Hangman(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: HangmanOptions) -> None:
        super().__init__(options.table)
        self.options = options
        self._word = _Word.of("")

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, _words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(HangmanOptions, options))

    def _deal(self, now: float) -> Sequence[Event]:
        self._word = _Word.of(self.options.words[self._number - 1])
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        letters = fold(text).replace(" ", "")
        if len(letters) == 1:
            return self._try(by, letters, now)
        if letters.endswith(self._word.letters) and self._is_the_word(text, letters):
            return self._solve(by, now)
        raise Refusal("not-it")

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        try:
            return self._guess(by, text, now)
        except Refusal as refusal:
            if refusal.code != "not-it":
                raise
        self._require_in(by, now)
        self._count(by)
        return self._after_miss(by, Mistaken(by, self._miss(by)), now)

    def _is_the_word(self, text: str, letters: str) -> bool:
        bare = key_of(text, self.table.locale).replace(" ", "")
        return self._word.letters in (letters, bare)

    def _try(self, by: Player, letter: str, now: float) -> Events[Event]:
        word = self._word
        if letter in word.found or letter in word.wrong:
            raise Refusal("letter-tried", letter=letter.upper())
        self._require_in(by, now)
        hits = word.letters.count(letter)
        self._count(by, right=hits > 0, points=hits)
        word.misses.setdefault(self._drawing_of(by), 0)
        if hits:
            word.found.add(letter)
            word.last = Tried(by, letter, hits, self._misses_of(by))
            return self._after_hit(by, word.last, now)
        word.wrong.append(letter)
        word.last = Tried(by, letter, 0, self._miss(by))
        return self._after_miss(by, word.last, now)

    def _solve(self, by: Player, now: float) -> Events[Event]:
        self._require_in(by, now)
        solved = Solved(by, self._word.hidden)
        self._count(by, right=True, points=solved.hidden)
        self._word.found.update(self._word.letters)
        return self._after_hit(by, solved, now)

    def _require_in(self, by: Player, now: float) -> None:
        """Refuse whoever knows the word, only watches, or guesses too fast."""
        if self._host is not None and self._host.id == by.id:
            raise Refusal("knows-the-word")
        if self._misses_of(by) >= MISSES:
            raise Refusal("out")
        self._admit(by, now)

    def _drawing_of(self, by: Player) -> int:
        return by.id if self.options.mode == "each" else 0

    def _misses_of(self, by: Player) -> int:
        return self._word.misses.get(self._drawing_of(by), 0)

    def _miss(self, by: Player) -> int:
        misses = self._word.misses[self._drawing_of(by)] = self._misses_of(by) + 1
        return misses

    def _after_hit(self, by: Player | None, event: Event, now: float) -> Events[Event]:
        if self._word.hidden:
            return (event,)
        self._word.by = by
        return (event, *self._close(now))

    def _after_miss(self, by: Player, event: Event, now: float) -> Events[Event]:
        if self._misses_of(by) < MISSES:
            return (event,)
        over = self.options.mode == "together" or self._nobody_is_in()
        ending = self._close(now) if over else ()
        return (event, *ending) if self.options.mode == "together" else (event, Out(by), *ending)

    def _nobody_is_in(self) -> bool:
        return all(misses >= MISSES for misses in self._word.misses.values())

    def _hint(self, now: float) -> Events[Event]:
        word = self._word
        letter = next(letter for letter in word.letters if letter not in word.found)
        word.found.add(letter)
        return self._after_hit(None, Hinted(letter, word.letters.count(letter)), now)

    def _result(self) -> Outcome:
        word = self._word
        full = bool(word.misses) and bool(word.hidden) and self._nobody_is_in()
        return Outcome(word.text, not word.hidden, word.by, full)

    def _view(self) -> View:
        word, over = self._word, self._phase != "playing"
        places = tuple(
            slot.shown if over or not slot.letter or slot.letter in word.found else HIDDEN
            for slot in word.slots
        )
        misses = max(word.misses.values(), default=0)
        out = sum(used >= MISSES for used in word.misses.values())
        each = self.options.mode == "each"
        facts = Facts(places, tuple(word.wrong), misses, self.options.mode, word.last, out * each)
        return View(
            board=(" ".join(places),),
            form="word" if each else "",
            facts=facts,
        )
