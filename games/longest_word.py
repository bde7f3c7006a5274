"""The longest word: letters are drawn, vowels and consonants, and everybody looks for the longest word they make.

Letters come from two piles, with as many of each as the language uses; players ask for a vowel or a consonant, or the
bot draws. A word said for all to see belongs to whoever said it first; one that is entered privately counts for each
who had it, unless it was said before. The longest words win the round and bring a point for each letter; whoever has
another word has a point.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import PACES, Events, Game, TableOptions, Times, Unseen, View, Wish, Words
from games.wishes import LETTERS, Asked

Mode = Literal["asked", "auto"]
Kind = Literal["v", "c"]

TIMES = Times(round=60.0, reveal=15.0)
ROUNDS = 3

DRAWING = 30.0
"""Seconds in which letters are asked for at the usual pace, before the bot draws the rest."""

SIZES: Mapping[str, int] = {"fr": 10, "en": 9}
"""How many letters are drawn, as on each country's television."""

SIZE_ALLOWED = range(7, 11)

LEAST = 3
"""Letters of the shortest word that counts: "oui" and "non" are chat most of the time, and "le" always."""

LEAST_OF_A_KIND = 2
"""Vowels, and consonants, that there are at least."""

MOST_SHOWN = 6
"""Words that are shown at the end, of those that nobody could have beaten."""

PILES: Mapping[str, Mapping[Kind, str]] = {
    "fr": {
        "v": "a" * 9 + "e" * 15 + "i" * 8 + "o" * 6 + "u" * 6 + "y",
        "c": "bbccdddffgghhjklllllmmmnnnnnnppqrrrrrrssssssttttttvvwxz",
    },
    "en": {
        "v": "a" * 15 + "e" * 21 + "i" * 13 + "o" * 13 + "u" * 5,
        "c": "bbcccddddddffggghhjklllllmmmmnnnnnnnnppppqrrrrrrrrrsssssssss" + "t" * 9 + "vwxyz",
    },
}
"""The letters in each pile: in French those of Scrabble's tiles, in English those of the British "Countdown"."""

VOWELS: Mapping[str, tuple[int, ...]] = {"fr": (4, 5), "en": (3, 4, 4, 4, 5)}
"""How many vowels the bot draws, as often as it stands here, of the usual number of letters."""

MODES: Mapping[Mode, tuple[str, ...]] = {
    "asked": ("asked", "ask", "demande", "choix"),
    "auto": ("auto", "automatic", "automatique"),
}
"""The words for who draws, English first."""

KINDS: Mapping[Kind, tuple[str, ...]] = {
    "v": ("v", "vowel", "voyelle"),
    "c": ("c", "consonant", "consonne"),
}
"""What players type for a letter of each pile; the controls are in this order."""

HIDDEN = "_"

_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Hand:
    """The letters of a round before they are drawn: each pile's top, and what the bot takes from which if it draws."""

    vowels: str
    consonants: str
    order: str


@dataclass(frozen=True, slots=True)
class LongestWordOptions:
    """A game: the letters of each round, how many are drawn, who draws, and for how many seconds at most."""

    table: TableOptions
    hands: tuple[Hand, ...]
    size: int
    mode: Mode = "auto"
    drawing: float = DRAWING

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> LongestWordOptions:
    """Return what a host asked for: who draws, how many letters.

    Raises:
        Refusal: `unknown-option`, `no-number`.
    """
    asked = Asked(wish.text)
    mode = asked.choice(MODES, "auto")
    size = asked.number(LETTERS, SIZE_ALLOWED) or SIZES[table.locale]
    asked.end()
    hands = tuple(_hand(table.locale, size, chance) for _ in range(table.rounds))
    words.anagrams("")  # this reads the list that the end of a round needs
    return LongestWordOptions(table, hands, size, mode, DRAWING * PACES[wish.pace])


def _hand(locale: str, size: int, chance: random.Random) -> Hand:
    piles = PILES[locale]
    vowels, consonants = ("".join(chance.sample(piles[kind], size)) for kind in KINDS)
    usual = chance.choice(VOWELS[locale])
    count = max(LEAST_OF_A_KIND, round(usual * size / SIZES[locale]))
    order = "".join(chance.sample("v" * count + "c" * (size - count), size))
    return Hand(vowels, consonants, order)


@dataclass(frozen=True, slots=True)
class Drew:
    """A letter was drawn, the `number`th (from 1), from the pile that somebody asked for."""

    by: Player
    letter: str
    number: int


@dataclass(frozen=True, slots=True)
class Searching:
    """All letters are there: the longest word is looked for, for `seconds`."""

    letters: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Given:
    """A word of so many letters that somebody has; `word` is empty where it may not be shown."""

    by: Player
    word: str
    length: int


@dataclass(frozen=True, slots=True)
class Gave:
    """Somebody said a word for all to see; it `leads` when no word as long was known to all."""

    given: Given
    leads: bool


@dataclass(frozen=True, slots=True)
class Entered(Unseen):
    """Somebody entered a word that only the bot has read."""

    given: Given


@dataclass(frozen=True, slots=True)
class Hinted:
    """There is a word of so many letters, beginning with `first`, which is empty at the first hint."""

    length: int
    first: str


Event = Drew | Searching | Gave | Entered | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: the letters so far, how many there will be, the best word that all have seen.

    `players` is how many people have a word.
    """

    letters: str
    size: int
    searching: bool
    best: Given | None = None
    players: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended: everybody's longest word, the longest first; some of the `best_count` longest there are."""

    letters: str
    given: tuple[Given, ...]
    best: tuple[str, ...]
    best_count: int


class LongestWord(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: LongestWordOptions, words: Words) -> None:
        super().__init__(options.table)
        self.options = options
        self._lexicon = words
        self._hand = Hand("", "", "")
        self._letters = ""
        self._searching = False
        self._given: dict[int, Given] = {}
        self._words_said: dict[str, int] = {}
        self._best: tuple[str, ...] | None = None
        self._leader: Given | None = None
        self._hints = 0

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(LongestWordOptions, options), words)

    # hooks

    def _deal(self, now: float) -> Sequence[Event]:
        self._hand = self.options.hands[self._number - 1]
        self._letters, self._searching, self._best = "", False, None
        self._given, self._words_said, self._leader, self._hints = {}, {}, None, 0
        if self.options.mode == "asked":
            self._wait(now, self.options.drawing)
        else:
            self._draw_rest(now)
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        if self._searching:
            return (self._say(by, text, now),)
        kind = _KIND_OF.get(fold(text))
        if kind is None:
            raise Refusal("vowel-or-consonant")
        return self._draw(by, kind, now)

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        if not self._searching:
            return self._guess(by, text, now)
        return (Entered(self._give(by, text, now)),)

    def _choose(self, by: Player, choices: tuple[int, ...], now: float) -> Events[Event]:
        if self._searching or len(choices) != 1 or not 0 <= choices[0] < len(KINDS):
            raise Refusal("no-such-choice")
        return self._draw(by, tuple(KINDS)[choices[0]], now)

    def _time_up(self, now: float) -> Events[Event]:
        return self._close(now) if self._searching else self._draw_rest(now)

    def _hint(self, _now: float) -> Events[Event]:
        best = self._longest() if self._searching else ()
        if not best or self._hints == 2:
            raise Refusal("no-more-hints")
        self._hints += 1
        word = fold(best[0])
        return (Hinted(len(word), word[0] if self._hints == 2 else ""),)

    def _award(self) -> None:
        most = max((given.length for given in self._given.values()), default=0)
        for given in self._given.values():
            self._pay(given.by, given.length if given.length == most else 1)

    def _result(self) -> Outcome:
        given = sorted(self._given.values(), key=lambda one: -one.length)
        best = self._longest() if self._searching else ()
        return Outcome(self._letters, tuple(given), best[:MOST_SHOWN], len(best))

    def _view(self) -> View:
        facts = Facts(
            letters=self._letters,
            size=self.options.size,
            searching=self._searching,
            best=self._leader,
            players=len(self._given),
        )
        board = " ".join(self._letters.ljust(self.options.size, HIDDEN).upper())
        if self._searching:
            return View(board=(board,), form="word", facts=facts)
        return View(board=(board,), choices=tuple(KINDS), facts=facts)

    # letters

    def _draw(self, by: Player, kind: Kind, now: float) -> Events[Event]:
        if not self._may_draw(kind):
            raise Refusal("enough-of-these", least=LEAST_OF_A_KIND)
        self._admit(by, now)
        self._take(kind)
        drew = Drew(by, self._letters[-1], len(self._letters))
        full = len(self._letters) == self.options.size
        return (drew, *self._search(now)) if full else (drew,)

    def _may_draw(self, kind: Kind) -> bool:
        return self._drawn(kind) < self.options.size - LEAST_OF_A_KIND

    def _drawn(self, kind: Kind) -> int:
        vowels = sum(letter in PILES[self.table.locale]["v"] for letter in self._letters)
        return vowels if kind == "v" else len(self._letters) - vowels

    def _take(self, kind: Kind) -> None:
        pile = self._hand.vowels if kind == "v" else self._hand.consonants
        self._letters += pile[self._drawn(kind)]

    def _draw_rest(self, now: float) -> Events[Event]:
        while len(self._letters) < self.options.size:
            kind: Kind = "v" if self._hand.order[len(self._letters)] == "v" else "c"
            other: Kind = "c" if kind == "v" else "v"
            self._take(kind if self._may_draw(kind) else other)
        return self._search(now)

    def _search(self, now: float) -> Events[Event]:
        self._searching = True
        self._ask(now, self.table.times.round)
        return (Searching(self._letters, self.table.times.round),)

    # words

    def _say(self, by: Player, text: str, now: float) -> Gave:
        given = self._give(by, text, now)
        self._words_said[fold(text)] = by.id
        leads = self._leader is None or given.length > self._leader.length
        self._leader = given if leads else self._leader
        return Gave(given, leads)

    def _give(self, by: Player, text: str, now: float) -> Given:
        letters = self._read(by, text, now)
        self._count(by, right=True)
        word = self._lexicon.spelling(letters) or ""
        given = self._given[by.id] = Given(by, word, len(letters))
        return given

    def _read(self, by: Player, text: str, now: float) -> str:
        """Return the letters of a word that counts for somebody."""
        letters = fold(text)
        if len(letters) < LEAST:
            raise Refusal("word-too-short", least=LEAST)
        if not set(self._letters).issuperset(letters) or Counter(letters) - Counter(self._letters):
            raise Refusal("other-letters")
        self._admit(by, now)
        if not self._lexicon.valid(letters):
            raise Refusal("no-word")
        own = self._given.get(by.id)
        if own is not None and own.length >= len(letters):
            raise Refusal("no-longer", length=own.length)
        if self._words_said.get(letters, by.id) != by.id:
            raise Refusal("said-already")
        return letters

    def _longest(self) -> tuple[str, ...]:
        """Return the longest words there are; they are looked for once in a search."""
        if self._best is None:
            self._best = self._lexicon.longest(self._letters)
        return self._best
