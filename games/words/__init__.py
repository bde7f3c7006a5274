"""Words for word games: which are words, which are known well enough to be guessed, which are fit to be shown.

Players type without accents and in any case, so words are compared as `games.matching.fold` leaves them: "Forêt" is
"foret", "cœur" is "coeur" and has five letters. The lists lie beside this file; docs/words.md says what they are made
of. The first use of a language reads them, which takes a tenth of a second: do that in a thread.
"""

import random
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations
from types import MappingProxyType

from games.matching import fold
from games.words.decency import Refusals
from games.words.tables import Anagrams, Spellings

LOCALES = ("fr", "en")
LEVELS = (1, 2, 3)
LONGEST = 50
"""Characters beyond which nothing typed is looked up: no word is that long."""

MOST_LETTERS = 10
"""Letters that `Lexicon.longest` takes: each one more doubles its work."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word to find: as it is written, and the letters that are typed for it."""

    text: str
    letters: str

    @classmethod
    def of(cls, text: str) -> "Word":
        """Return the word that is written `text`."""
        return cls(text, fold(text))


class Lexicon:
    """The words of one language, and those that a host adds. It does not change: `plus` makes another."""

    def __init__(self, locale: str, extra: Mapping[str, Word] = MappingProxyType({})) -> None:
        self.locale = locale
        self._spellings, self._refusals = _spellings(locale), _refusals(locale)
        self._drawn = _drawn(locale)
        self._extra = extra
        self._extra_groups: dict[str, list[str]] = {}
        for letters in extra:
            if " " not in letters:
                self._extra_groups.setdefault(_in_order(letters), []).append(letters)

    def plus(self, texts: Iterable[str]) -> "Lexicon":
        """Return this lexicon with more words: valid, listed if they are decent, and drawn at every level.

        What has no letter or digit, or more than 50 characters, is left out.
        """
        words = [Word.of(text.strip()) for text in texts if len(text) <= LONGEST]
        return Lexicon(self.locale, {**self._extra, **{w.letters: w for w in words if w.letters}})

    def valid(self, word: str) -> bool:
        """Return whether something typed is a word, inflected forms included, decent or not; any text is safe."""
        if len(word) > LONGEST:
            return False
        folded = word.isascii() and word.isalpha() and word.islower()  # as most of what is typed
        letters = word if folded else fold(word)
        return self._spellings.find(letters) >= 0 or letters in self._extra

    def decent(self, text: str) -> bool:
        """Return whether a text, of one or several words, holds none that the bot refuses to show."""
        return not self._refusals.refuse(text)

    def spelling(self, word: str) -> str | None:
        """Return how a word is written ("foret" is "forêt"); None for what is no word or not fit to be shown."""
        return next(iter(self.spellings(word)), None)

    def spellings(self, word: str) -> tuple[str, ...]:
        """Return every way to write a word, the likeliest first: "cote" is "côté", "côte", "cote" and "coté"."""
        letters = fold(word) if len(word) <= LONGEST else ""
        known = (self._extra.get(letters), self._drawn.by_letters.get(letters))
        first = [found.text for found in known if found]
        return tuple(
            text
            for text in dict.fromkeys((*first, *self._spellings.of(letters)))
            if self.decent(text)
        )

    def draw(self, chance: random.Random, length: range, level: int) -> Word:
        """Return a decent word to find, never a name, a plural or a conjugated form.

        `length` is how many letters are typed for it, `level` how well it is known: 1 (everyday), 2 or 3. The same
        lists and the same `chance` give the same word; keep it with what the game journals, for lists are renewed.

        Raises:
            LookupError: no word of that level has that many letters.
        """
        words = [word for letters in length for word in self._drawn.words(level, letters)]
        words += [
            w for w in self._extra.values() if len(w.letters) in length and self.decent(w.text)
        ]
        if not words:
            raise LookupError(f"no word of level {level} has {length} letters")
        return chance.choice(words)

    def anagrams(self, letters: str) -> tuple[str, ...]:
        """Return the decent words that use exactly these letters, as written, in alphabetical order."""
        return self._shown(self._made_of(_in_order(letters)))

    def longest(self, letters: str) -> tuple[str, ...]:
        """Return the longest decent words that can be made of these letters, as written, in alphabetical order.

        Raises:
            ValueError: there are more than ten letters.
        """
        ordered = _in_order(letters)
        if len(ordered) > MOST_LETTERS:
            raise ValueError(f"{len(ordered)} letters, of which {MOST_LETTERS} are the most")
        for size in range(len(ordered), 0, -1):
            choices = {"".join(choice) for choice in combinations(ordered, size)}
            found = set[str]().union(*map(self._made_of, choices))
            if words := self._shown(found):
                return words
        return ()

    def beginning(self, letters: str) -> Sequence[str]:
        """Return the words to find, of any level, that begin with these letters, as written, in order of their letters.

        It tells how well a beginning can be continued; what a host added is not in it.
        """
        return self._drawn.beginning(fold(letters).replace(" ", ""))

    def _made_of(self, ordered: str) -> set[str]:
        listed = _anagrams(self.locale).of(ordered)
        return {*listed, *self._extra_groups.get(ordered, ())}

    def _shown(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for word in sorted(words) if (text := self.spelling(word)))


@cache
def lexicon(locale: str) -> Lexicon:
    """Return the words of a language.

    Raises:
        LookupError: there are none for that language; `LOCALES` are those there are.
    """
    if locale not in LOCALES:
        raise LookupError(f"no words for {locale!r}")
    return Lexicon(locale)


def _in_order(letters: str) -> str:
    return "".join(sorted(fold(letters).replace(" ", "")))


class _Drawn:
    """The words to find: by level and number of letters, and by letters."""

    def __init__(self, rows: Iterable[tuple[int, Word]]) -> None:
        self.by_letters: dict[str, Word] = {}
        self._words: dict[tuple[int, int], list[Word]] = {}
        for level, word in rows:
            self.by_letters[word.letters] = word
            self._words.setdefault((level, len(word.letters)), []).append(word)

        self._typed = sorted(self.by_letters)

    def beginning(self, letters: str) -> list[str]:
        """Return the words that begin with these letters."""
        first, end = (bisect_left(self._typed, edge) for edge in (letters, f"{letters}\uffff"))
        return [self.by_letters[typed].text for typed in self._typed[first:end]]

    def words(self, level: int, letters: int) -> list[Word]:
        """Return the words of one level with so many letters."""
        return self._words.get((level, letters), [])


@cache
def _drawn(locale: str) -> _Drawn:
    refusals = _refusals(locale)
    lines = (resources.files("games.words") / f"{locale}.drawn.txt").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return _Drawn((int(level), Word.of(text)) for level, text in rows if not refusals.refuse(text))


@cache
def _refusals(locale: str) -> Refusals:
    return Refusals.packaged(locale)


@cache
def _spellings(locale: str) -> Spellings:
    return Spellings.packaged(locale)


@cache
def _anagrams(locale: str) -> Anagrams:
    return Anagrams.packaged(locale)
