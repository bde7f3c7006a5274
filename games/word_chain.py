"""The word chain: each word begins as the one before it ends, by its last letter or its last syllable.

No word comes twice. In an open race whoever has a word first goes on; in turns people sit at a table, and whoever had
none in time `CHANCES` times watches until the next chain, until one is left. A chain ends when nobody goes on in
time, or when it is `MOST_LINKS` long.

The last syllable is the written one, by a rule that anybody can follow: the last vowels of the word, with the
consonants that begin their syllable (one, or two that French does not part, such as "pl" or "ch") and all that
follows. "château" ends with "teau", "tomate" with "te", "rayon" with "yon". Where fewer than `ENOUGH` everyday words
begin so, or where it may not be shown, letters are dropped from its front: "nation" asks for "on".
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import Events, Game, Seats, TableOptions, Times, View, Wish, Words
from games.wishes import LEVELS, Asked, draw_words

Mode = Literal["race", "turns"]
Link = Literal["letter", "syllable"]

TIMES = Times(round=30.0, reveal=10.0)
ROUNDS = 2

LENGTHS = range(4, 9)
"""Letters of the word that a chain begins with."""

LEAST = 3
"""Letters of the shortest word that counts."""

ENOUGH = 3
"""Everyday words that must begin with a syllable before it is asked for."""

MOST_LINKS = 100
"""Words of a chain that is long enough."""

SHOWN = 5
"""Words of the chain's end that are told."""

WIDEST = 35
"""Characters of them that are shown on a board."""

BREATHER = 8.0
"""Seconds before whoever played last may play again in a race in which others play."""

CHANCES = 2
"""Turns without a word after which somebody watches."""

LAST_IN = 3
"""Points for whoever is left in at last, where people take turns; a word is worth one."""

LEAST_SEATS, MOST_SEATS = 2, 8

MODES: Mapping[Mode, tuple[str, ...]] = {
    "race": ("race", "course", "open", "libre"),
    "turns": ("turns", "tours", "tour"),
}
"""The words for each way to play, English first."""

LINKS: Mapping[Link, tuple[str, ...]] = {
    "letter": ("letter", "lettre"),
    "syllable": ("syllable", "syllabe"),
}
"""The words for what links two words, English first."""

_VOWELS = r"(?:[aeiou]|y(?![aeiou])|(?<![aeiou])y)"
_TOGETHER = r"[cpt]h[lr]|[bcdfgkptv][lr]|[cpstw]h|gn"
_LAST_SYLLABLE = re.compile(
    rf"(?:{_TOGETHER}|(?!{_VOWELS})[a-z])?{_VOWELS}+(?:(?!{_VOWELS})[a-z])*$"
)


def last_syllable(letters: str) -> str:
    """Return the last written syllable of a word that is given by its letters; all of it if it has no vowel."""
    found = _LAST_SYLLABLE.search(letters)
    return found.group() if found else letters


def asked_after(letters: str, link: Link, words: Words) -> str:
    """Return what the word after this one must begin with."""
    if link == "letter":
        return letters[-1]
    ending = last_syllable(letters)
    while len(ending) > 1 and not _may_be_asked(ending, words):
        ending = ending[1:]
    return ending


def _may_be_asked(beginning: str, words: Words) -> bool:
    return words.decent(beginning) and len(words.beginning(beginning)) >= ENOUGH


def _tail(chain: Sequence[str]) -> str:
    """Return the end of a chain on one line."""
    line = chain[-1]
    for word in reversed(chain[:-1]):
        if len(longer := f"{word} → {line}") > WIDEST:
            return f"… → {line}"
        line = longer
    return line


@dataclass(frozen=True, slots=True)
class WordChainOptions:
    """A game: the word that each chain begins with, and how it is played."""

    table: TableOptions
    starts: tuple[str, ...]
    mode: Mode = "race"
    link: Link = "letter"

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> WordChainOptions:
    """Return what a host asked for: "race" or "turns", "letter" or "syllable".

    Raises:
        Refusal: `unknown-option`.
    """
    asked = Asked(wish.text)
    mode = asked.choice(MODES, "race")
    link = asked.choice(LINKS, "letter")
    level = asked.choice(LEVELS, 1)
    asked.end()
    starts = draw_words(words, chance, LENGTHS, level, table.rounds)
    return WordChainOptions(table, tuple(word.text for word in starts), mode, link)


@dataclass(frozen=True, slots=True)
class Linked:
    """Somebody went on with a word, the `number`th of the chain; the next must begin with `asked`."""

    by: Player
    word: str
    number: int
    asked: str


@dataclass(frozen=True, slots=True)
class Called:
    """It is somebody's turn to begin."""

    by: Player


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody had no word in time, and keeps their place at the table."""

    by: Player


@dataclass(frozen=True, slots=True)
class Out:
    """Somebody had no word in time again, and watches until the next chain."""

    by: Player


@dataclass(frozen=True, slots=True)
class Hinted:
    """How a word begins that would go on, and how many letters it has."""

    beginning: str
    length: int


Event = Linked | Called | Passed | Out | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: the chain's last words, how long it is, what the next must begin with, whose turn it is."""

    last: tuple[str, ...]
    length: int
    asked: str
    link: Link
    mode: Mode
    turn: Player | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a chain ended: how many words it has, its last, the longest, what would have gone on, who was left in."""

    length: int
    last: str
    longest: str
    missed: str
    winner: Player | None


class WordChain(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: WordChainOptions, words: Words) -> None:
        turns = options.mode == "turns"
        super().__init__(options.table, Seats(LEAST_SEATS, MOST_SEATS) if turns else None)
        self.options = options
        self._lexicon = words
        self._chain: list[str] = []
        self._used = set[str]()
        self._players = set[int]()
        self._asked = ""
        self._in: list[Player] = []
        self._misses: dict[int, int] = {}
        self._at = 0
        self._last: tuple[int, float] | None = None

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(WordChainOptions, options), words)

    # hooks

    def _deal(self, _now: float) -> Sequence[Event]:
        start = self.options.starts[self._number - 1]
        self._chain, self._used = [start], {fold(start)}
        self._players, self._misses, self._last = set(), {}, None
        self._asked = asked_after(fold(start), self.options.link, self._lexicon)
        self._in = list(self._seats.taken) if self._seats else []
        if not self._in:
            return ()
        self._at = (self._number - 1) % len(self._in)
        return (Called(self._in[self._at]),)

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        letters = self._read(text)
        self._require_turn_of(by, now)
        self._admit(by, now)
        self._require_word(letters)
        self._count(by, right=True, points=1)
        return self._add(by, letters, now)

    def _time_up(self, now: float) -> Events[Event]:
        return self._miss(self._in[self._at], now) if self._in else self._close(now)

    def _leave(self, by: Player, _seat: int, now: float) -> Events[Event]:
        return self._drop(by, now) if any(player.id == by.id for player in self._in) else ()

    def _hint(self, _now: float) -> Events[Event]:
        word = self._going_on()
        if not word:
            raise Refusal("no-more-hints")
        letters = fold(word)
        known = (len(letters) + 1) // 2
        while not self._lexicon.decent(letters[:known]):
            known += 1
        return (Hinted(letters[:known], len(letters)),)

    def _award(self) -> None:
        if (winner := self._winner()) is not None:
            self._pay(winner, LAST_IN)

    def _result(self) -> Outcome:
        longest = max(self._chain, key=len)
        return Outcome(len(self._chain), self._chain[-1], longest, self._going_on(), self._winner())

    def _view(self) -> View:
        facts = Facts(
            last=tuple(self._chain[-SHOWN:]),
            length=len(self._chain),
            asked=self._asked,
            link=self.options.link,
            mode=self.options.mode,
            turn=self._whose(),
        )
        return View(board=(_tail(self._chain),), facts=facts)

    # words

    def _read(self, text: str) -> str:
        letters = fold(text)
        if not letters.isalpha() or not letters.startswith(self._asked):
            raise Refusal("word-begins", letter=self._asked.upper())
        return letters

    def _require_word(self, letters: str) -> None:
        if len(letters) < LEAST:
            raise Refusal("word-too-short", least=LEAST)
        if letters in self._used:
            raise Refusal("said-already")
        if not self._lexicon.valid(letters):
            raise Refusal("no-word")
        if not self._lexicon.decent(letters):
            raise Refusal("word-not-shown")

    def _add(self, by: Player, letters: str, now: float) -> Events[Event]:
        word = self._lexicon.spelling(letters) or letters
        self._chain.append(word)
        self._used.add(letters)
        self._players.add(by.id)
        self._last = by.id, now
        self._asked = asked_after(letters, self.options.link, self._lexicon)
        self._at = (self._at + 1) % len(self._in) if self._in else 0
        linked = Linked(by, word, len(self._chain), self._asked)
        if len(self._chain) >= MOST_LINKS:
            return (linked, *self._close(now))
        self._ask(now, self.table.times.round)
        return (linked,)

    def _going_on(self) -> str:
        """Return a word that would go on, empty for none."""
        words = self._lexicon.beginning(self._asked)
        return next((word for word in words if fold(word) not in self._used), "")

    # turns

    def _whose(self) -> Player | None:
        return self._in[self._at] if self._in else None

    def _winner(self) -> Player | None:
        """Return whoever is left in at last, if they had a word in this chain."""
        left = self._in[0] if len(self._in) == 1 else None
        return left if left is not None and left.id in self._players else None

    def _require_turn_of(self, by: Player, now: float) -> None:
        whose = self._whose()
        if whose is None:
            self._require_breath(by, now)
        elif whose.id != by.id:
            raise Refusal("not-your-turn")

    def _require_breath(self, by: Player, now: float) -> None:
        """Refuse a second word in a row in a race that others run, unless they have had time for one."""
        if self._last is None or self._last[0] != by.id or now - self._last[1] >= BREATHER:
            return
        if any(player != by.id for player in self._tallies):
            raise Refusal("let-others-play", seconds=round(BREATHER))

    def _miss(self, absent: Player, now: float) -> Events[Event]:
        """Go past somebody who has no word; after `CHANCES` times they watch."""
        misses = self._misses[absent.id] = self._misses.get(absent.id, 0) + 1
        if misses >= CHANCES:
            return (Out(absent), *self._drop(absent, now))
        self._at = (self._at + 1) % len(self._in)
        self._ask(now, self.table.times.round)
        return (Passed(absent),)

    def _drop(self, absent: Player, now: float) -> Events[Event]:
        """Take somebody out of this chain; the last one in has won."""
        place = next(place for place, one in enumerate(self._in) if one.id == absent.id)
        theirs = place == self._at
        del self._in[place]
        if place < self._at:
            self._at -= 1
        self._at %= max(1, len(self._in))
        if len(self._in) < 2:
            return self._close(now)
        if theirs:
            self._ask(now, self.table.times.round)
        return ()
