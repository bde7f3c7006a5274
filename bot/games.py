"""Which games there are, reading what a host asks for, and starting one: the same for both faces.

`KINDS` is the one list of games. Everything that is told apart by game (rules, words, times) is reached through it.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any, Protocol

from rapidfuzz.distance import OSA

from bot.batch import Receipt
from bot.hall import Builder, Hall
from bot.people import Visitor
from bot.storage.rooms import Room
from bot.wording import anagrams as anagrams_words
from bot.wording import bingo as bingo_words
from bot.wording import connect_four as connect_four_words
from bot.wording import countdown as countdown_words
from bot.wording import exquisite_corpse as exquisite_words
from bot.wording import hangman as hangman_words
from bot.wording import longest_word as longest_word_words
from bot.wording import motus as motus_words
from bot.wording import petit_bac as petit_bac_words
from bot.wording import word_chain as word_chain_words
from bot.wording import wordle as wordle_words
from bot.wording.bingo_draws import until
from bot.wording.exquisite_file import text_file
from bot.wording.games import GameWords, TextFile
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games import (
    anagrams,
    bingo,
    connect_four,
    countdown,
    exquisite_corpse,
    hangman,
    longest_word,
    motus,
    petit_bac,
    word_chain,
)
from games.core import Activity, Platform, Refusal, Role, Scene
from games.matching import fold, slips_allowed
from games.table import Pace, TableOptions, Times, Wish, Words
from games.wishes import LETTERS

LEAST_ROUNDS, MOST_ROUNDS = 1, 20
LEAST_SECONDS, MOST_SECONDS = 5, 900
MOST_ADDED = 30
"""Words that a host adds to a game."""

LONGEST_TEXT = 2000
"""Characters of what a host asks for in words."""

MOST_WORDS = 6
"""Words of a game's name at the most, articles included."""

PACES: Mapping[Pace, tuple[str, ...]] = {
    "slow": ("slow", "lent", "lente"),
    "normal": ("normal", "normale"),
    "fast": ("fast", "rapide", "vite"),
}
"""The words for each pace, English first."""


ADDED = ("words", "mots")
"""The words before a colon (or "=") and the words that a host adds, with commas between them."""


_UNITS = re.compile(r"\b(\d{1,3}) ?(?:manches?|rounds?|secondes?|seconds?|sec|s)$", re.IGNORECASE)
"""A number at the end with the word for what it counts, which its place says already."""

_ROUNDS = re.compile(r"\b(\d{1,3}) ?(?:manches?|rounds?)\b", re.IGNORECASE)
"""The same for rounds, anywhere."""

_LENGTH = re.compile(r"\b(\d{1,2}) ?(?:lettres|letters)\b", re.IGNORECASE)
"""How many letters words have, as one says it."""


class Options(Protocol):
    """What a game is built from."""

    @property
    def table(self) -> TableOptions:
        """What every game is told."""

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One game: its key and names (English, French, others), its rules, its words, and what is usual in it.

    `open_cards` says that what is somebody's own may be read by others, so that a chat can be told it too; `whole` that
    how a round ended is told to the last word, on as many lines as it takes; `text_file` makes a file of it. `telling`
    are those of its names that also say which kind of it is meant; `alone` those of its options that are fixed where
    one person practises it, None where it takes others; `until` says what its countdown counts to if no end.
    """

    key: str
    names: tuple[str, ...]
    build: Callable[[Mapping[str, Any], int, Words], Activity]
    options: Callable[[TableOptions, Wish, Words, Random], Options]
    words: GameWords
    times: Times
    rounds: int = 1
    open_cards: bool = False
    whole: bool = False
    text_file: Callable[[Any, Speech, Naming], TextFile | None] | None = None
    telling: tuple[str, ...] = ()
    alone: Mapping[str, Any] | None = None
    until: Callable[[Scene, Speech], str] | None = None


KINDS: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            key="hangman",
            names=("hangman", "pendu", "le pendu"),
            build=hangman.Hangman.from_json,
            options=hangman.options,
            words=hangman_words,
            times=hangman.TIMES,
            rounds=hangman.ROUNDS,
            alone={"mode": "together"},
        ),
        Kind(
            key="connect_four",
            names=("connect four", "puissance 4", "connect 4", "puissance quatre", "p4"),
            build=connect_four.ConnectFour.from_json,
            options=connect_four.options,
            words=connect_four_words,
            times=connect_four.TIMES,
            rounds=connect_four.ROUNDS,
        ),
        Kind(
            key="motus",
            names=("motus", "motus", "tusmo"),
            build=motus.Motus.from_json,
            options=motus.options,
            words=motus_words,
            times=motus.TIMES,
            rounds=motus.ROUNDS,
            alone={"mode": "first"},
        ),
        Kind(
            key="wordle",
            names=("wordle", "wordle"),
            build=motus.Motus.from_json,
            options=motus.wordle_options,
            words=wordle_words,
            times=motus.TIMES,
            rounds=motus.ROUNDS,
            alone={"mode": "first"},
        ),
        Kind(
            key="anagrams",
            names=("anagrams", "anagrammes", "anagram", "anagramme"),
            build=anagrams.Anagrams.from_json,
            options=anagrams.options,
            words=anagrams_words,
            times=anagrams.TIMES,
            rounds=anagrams.ROUNDS,
            alone={},
        ),
        Kind(
            key="longest",
            names=("longest word", "mot le plus long", "le mot le plus long", "lettres", "letters"),
            build=longest_word.LongestWord.from_json,
            options=longest_word.options,
            words=longest_word_words,
            times=longest_word.TIMES,
            rounds=longest_word.ROUNDS,
            alone={},
        ),
        Kind(
            key="countdown",
            names=("numbers round", "compte est bon", "le compte est bon", "countdown", "chiffres"),
            build=countdown.Countdown.from_json,
            options=countdown.options,
            words=countdown_words,
            times=countdown.TIMES,
            rounds=countdown.ROUNDS,
            alone={},
        ),
        Kind(
            key="chain",
            names=("word chain", "chaîne de mots", "chaîne", "chain"),
            build=word_chain.WordChain.from_json,
            options=word_chain.options,
            words=word_chain_words,
            times=word_chain.TIMES,
            rounds=word_chain.ROUNDS,
        ),
        Kind(
            key="petit_bac",
            names=("categories", "petit bac", "baccalauréat", "bac", "scattergories"),
            build=petit_bac.PetitBac.from_json,
            options=petit_bac.options,
            words=petit_bac_words,
            times=petit_bac.TIMES,
            rounds=petit_bac.ROUNDS,
        ),
        Kind(
            key="bingo",
            names=("bingo", "bingo", "loto", "tombola"),
            build=bingo.Bingo.from_json,
            options=bingo.options,
            words=bingo_words,
            times=bingo.TIMES,
            rounds=bingo.ROUNDS,
            open_cards=True,
            until=until,
            telling=("loto", "tombola"),
        ),
        Kind(
            key="exquisite_corpse",
            names=("exquisite corpse", "cadavre exquis", "cadavre"),
            build=exquisite_corpse.ExquisiteCorpse.from_json,
            options=exquisite_corpse.options,
            words=exquisite_words,
            times=exquisite_corpse.TIMES,
            rounds=exquisite_corpse.ROUNDS,
            whole=True,
            text_file=text_file,
        ),
    )
}
"""Every game there is, in the order in which they are listed."""

ALONE = tuple(kind for kind in KINDS.values() if kind.alone is not None)
"""The games that one person can practise."""


def builders(words: Callable[[str], Words]) -> dict[str, Builder]:
    """Return how the hall builds each game; `words` are those of a language."""
    return {key: partial(_build, kind, words) for key, kind in KINDS.items()}


def _build(
    kind: Kind, words: Callable[[str], Words], options: Mapping[str, Any], seed: int
) -> Activity:
    table = options["table"]
    return kind.build(options, seed, _with(table["words"], words(table["locale"])))


def _with(added: Iterable[str], words: Words) -> Words:
    added = tuple(added)
    return words.plus(added) if added else words


# --- Reading what a host typed --------------------------------------------------------------------------------


def pace_of(word: str) -> Pace | None:
    """Return the pace that a word means."""
    folded = fold(word)
    return next((pace for pace, words in PACES.items() if folded in words), None)


def read_game(text: str, locale: str) -> tuple[Kind, str]:
    """Return the game whose key `text` is, or whose name it begins with, however it is typed, and the rest.

    Raises:
        Refusal: `which-game` for no text, `no-game` for no such game.
    """
    if text in KINDS:
        return KINDS[text], ""
    typed = text.split()
    if not typed:
        raise Refusal("which-game", games=names_of(locale, KINDS.values()))
    best: tuple[int, int, Kind] | None = None
    for count in range(1, min(MOST_WORDS, len(typed)) + 1):
        name = _squeezed(" ".join(typed[:count]))
        for kind in KINDS.values():
            slips = _slips(name, kind)
            if slips is not None and (best is None or (slips, -count) < best[:2]):
                best = slips, -count, kind
    if best is None:
        raise Refusal("no-game", name=typed[0][:30], games=names_of(locale, KINDS.values()))
    kind, count = best[2], -best[1]
    told = _squeezed(" ".join(typed[:count])) in kind.telling
    return kind, " ".join(typed if told else typed[count:])


def _slips(name: str, kind: Kind) -> int | None:
    """Return how far a name is from the nearest of a game's, None when that is too far."""
    slips = [
        (OSA.distance(name, known), slips_allowed(len(known)))
        for known in map(_squeezed, kind.names)
    ]
    return min((count for count, most in slips if count <= most), default=None)


def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


def names_of(locale: str, kinds: Iterable[Kind]) -> str:
    """Return the names by which games are asked for, with commas between them."""
    return ", ".join(kind.names[locale == "fr"] for kind in kinds)


def read_wish(text: str) -> Wish:
    """Read what follows a game's name: a pace, rounds, seconds of each, words to add, what else the game takes.

    The first are read wherever they stand; in a list, which has commas, from both ends only: what stands between
    them is the game's own, whatever it looks like.

    Raises:
        Refusal: `no-number`, for a number out of range.
    """
    return _Reader(text).wish()


def read_details(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what is the game's own in a text, and the words to add to it."""
    wish = _Reader(text, numbers=2).wish()
    return wish.text, wish.words


class _Reader:
    """Reads what a host typed, from both ends to the middle."""

    def __init__(self, text: str, numbers: int = 0) -> None:
        """`numbers` of two were given in another way already."""
        self._listed = "," in text
        bare = _UNITS.sub(r"\1", text if self._listed else _ROUNDS.sub(r"\1", text))
        self._typed = _LENGTH.sub(rf"{LETTERS[0]}:\1", bare).split()
        self._room = 2 - numbers
        self._pace: Pace = "normal"
        self._added: list[str] = []

    def wish(self) -> Wish:
        """Return the whole wish."""
        typed = self._typed
        numbers: list[str] = []
        while typed and self._takes(typed[0], numbers):
            typed.pop(0)
        later: list[str] = []
        between: list[str] = []
        self._room -= len(numbers)
        while typed and self._takes(typed[-1], later):
            typed.pop()
        numbers += reversed(later)
        self._room -= len(later)
        if not self._listed:
            typed = [word for word in typed if not self._takes(word, between)]
            numbers += between
        return Wish(
            pace=self._pace,
            rounds=_number(numbers[0], LEAST_ROUNDS, MOST_ROUNDS) if numbers else None,
            seconds=_number(numbers[1], LEAST_SECONDS, MOST_SECONDS) if len(numbers) > 1 else None,
            text=" ".join(typed)[:LONGEST_TEXT],
            words=tuple(self._added[:MOST_ADDED]),
        )

    def _takes(self, word: str, numbers: list[str]) -> bool:
        head, colon, more = word.replace("=", ":", 1).partition(":")
        if (pace := pace_of(word)) is not None:
            self._pace = pace
        elif word.isdecimal() and len(numbers) < self._room:
            numbers.append(word)
        elif colon and fold(head) in ADDED:
            self._added += [one for one in more.split(",") if one]
        else:
            return False
        return True


def _number(text: str, least: int, most: int) -> int:
    if len(text) > 6 or not least <= int(text) <= most:
        raise Refusal("no-number", text=text[:12], least=least, most=most)
    return int(text)


# --- Starting -------------------------------------------------------------------------------------------------


class Games:
    """Games in rooms."""

    def __init__(
        self,
        hall: Hall,
        words: Callable[[str], Words],
        times: Mapping[str, float],
        forms: tuple[Platform, ...] = (),
    ) -> None:
        """`words` may read files the first time that it is asked for a language; `times` override every game's.

        `forms` are the platforms on which one may answer in a form that nobody else reads.
        """
        self._forms = forms
        self._hall = hall
        self._words = words
        self._times = times

    async def start(self, room: Room, kind: Kind, wish: Wish, role: Role, host: Visitor) -> Receipt:
        """Start a game.

        Raises:
            Refusal: `hosts-only`, what the game says of the wish, or what the hall says.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        title = kind.words.name(Speech(room.locale))
        table = TableOptions(
            title=title,
            locale=room.locale,
            times=self._times_of(kind, wish),
            rounds=wish.rounds or kind.rounds,
            words=wish.words,
            forms=self._forms,
        )
        options = await self._options(kind, table, wish)
        receipt = self._hall.start(room, kind.key, title, options.as_json(), role)
        if options.table.hosted:
            self._hall.act(room.id, role, "host", about=host)
        return receipt

    async def alone(self, kind: Kind, wish: Wish, title: str, locale: str, idle: float) -> Activity:
        """Build a game for one person, which no room knows of; `idle` seconds without a play end it.

        Raises:
            Refusal: `not-alone` for a game that takes others, or what the game says of the wish.
        """
        if kind.alone is None:
            raise Refusal("not-alone", games=names_of(locale, ALONE))
        times = replace(self._times_of(kind, wish), idle=idle)
        table = TableOptions(title, locale, times, wish.rounds or kind.rounds, words=wish.words)
        options: Any = await self._options(kind, table, wish)
        kept = replace(options, **kind.alone).as_json()
        return _build(kind, self._words, kept, secrets.randbits(32))

    async def _options(self, kind: Kind, table: TableOptions, wish: Wish) -> Options:
        words = await asyncio.to_thread(self._words, table.locale)
        chance, known = Random(secrets.randbits(64)), _with(wish.words, words)
        return await asyncio.to_thread(kind.options, table, wish, known, chance)

    def _times_of(self, kind: Kind, wish: Wish) -> Times:
        times = kind.times.at(wish.pace)
        if wish.seconds is not None:
            times = times.rounds_of(wish.seconds)
        return replace(times, **self._times)
