"""Which games there are, reading what a host asks for, and starting one: the same for both faces.

`KINDS` is the one list of games. Everything that is told apart by game (rules, words, times) is reached through it.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any, Protocol

from rapidfuzz.distance import OSA

from bot.batch import Receipt
from bot.hall import Builder, Hall
from bot.people import Visitor
from bot.storage.rooms import Room
from bot.wording import hangman as hangman_words
from bot.wording.games import GameWords
from bot.wording.speech import Speech
from games import hangman
from games.core import Activity, Refusal, Role
from games.matching import fold, slips_allowed
from games.table import Pace, TableOptions, Times, Wish, Words

LEAST_ROUNDS, MOST_ROUNDS = 1, 20
LEAST_SECONDS, MOST_SECONDS = 5, 900
LONGEST_TEXT = 500
"""Characters of what a host asks for in words."""

MOST_WORDS = 6
"""Words of a game's name at the most, articles included."""

PACES: Mapping[Pace, tuple[str, ...]] = {
    "slow": ("slow", "lent", "lente"),
    "normal": ("normal", "normale"),
    "fast": ("fast", "rapide", "vite"),
}
"""The words for each pace, English first."""


class Options(Protocol):
    """What a game is built from."""

    @property
    def table(self) -> TableOptions:
        """What every game is told."""

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One game: its key and names (English, French, others), its rules, its words, and what is usual in it."""

    key: str
    names: tuple[str, ...]
    build: Callable[[Mapping[str, Any], int, Words], Activity]
    options: Callable[[TableOptions, Wish, Words, Random], Options]
    words: GameWords
    times: Times
    rounds: int = 1


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
        ),
    )
}
"""Every game there is, in the order in which they are listed."""


def builders(words: Callable[[str], Words]) -> dict[str, Builder]:
    """Return how the hall builds each game; `words` are those of a language."""
    return {key: partial(_build, kind, words) for key, kind in KINDS.items()}


def _build(
    kind: Kind, words: Callable[[str], Words], options: Mapping[str, Any], seed: int
) -> Activity:
    return kind.build(options, seed, words(options["table"]["locale"]))


# --- Reading what a host typed --------------------------------------------------------------------------------


def pace_of(word: str) -> Pace | None:
    """Return the pace that a word means."""
    folded = fold(word)
    return next((pace for pace, words in PACES.items() if folded in words), None)


def read_game(text: str, locale: str) -> tuple[Kind, str]:
    """Return the game whose name `text` begins with, however it is typed, and the rest.

    Raises:
        Refusal: `which-game` for no text, `no-game` for no such game.
    """
    typed = text.split()
    if not typed:
        raise Refusal("which-game", games=_known(locale))
    best: tuple[int, int, Kind] | None = None
    for count in range(1, min(MOST_WORDS, len(typed)) + 1):
        name = _squeezed(" ".join(typed[:count]))
        for kind in KINDS.values():
            slips = _slips(name, kind)
            if slips is not None and (best is None or (slips, -count) < best[:2]):
                best = slips, -count, kind
    if best is None:
        raise Refusal("no-game", name=typed[0][:30], games=_known(locale))
    return best[2], " ".join(typed[-best[1] :])


def _slips(name: str, kind: Kind) -> int | None:
    """Return how far a name is from the nearest of a game's, None when that is too far."""
    slips = [
        (OSA.distance(name, known), slips_allowed(len(known)))
        for known in map(_squeezed, kind.names)
    ]
    return min((count for count, most in slips if count <= most), default=None)


def _squeezed(name: str) -> str:
    return fold(name).replace(" ", "")


def _known(locale: str) -> str:
    return ", ".join(kind.names[locale == "fr"] for kind in KINDS.values())


def read_wish(text: str) -> Wish:
    """Read what follows a game's name: a pace, rounds, seconds of each, and whatever else the game understands.

    Raises:
        Refusal: `no-number`, for a number out of range.
    """
    pace: Pace = "normal"
    numbers: list[str] = []
    rest: list[str] = []
    for word in text.split():
        if (found := pace_of(word)) is not None:
            pace = found
        elif word.isdecimal() and len(numbers) < 2:
            numbers.append(word)
        else:
            rest.append(word)
    return Wish(
        pace=pace,
        rounds=_number(numbers[0], LEAST_ROUNDS, MOST_ROUNDS) if numbers else None,
        seconds=_number(numbers[1], LEAST_SECONDS, MOST_SECONDS) if len(numbers) > 1 else None,
        text=" ".join(rest)[:LONGEST_TEXT],
    )


def _number(text: str, least: int, most: int) -> int:
    if len(text) > 6 or not least <= int(text) <= most:
        raise Refusal("no-number", text=text[:12], least=least, most=most)
    return int(text)


# --- Starting -------------------------------------------------------------------------------------------------


class Games:
    """Games in rooms."""

    def __init__(
        self, hall: Hall, words: Callable[[str], Words], times: Mapping[str, float]
    ) -> None:
        """`words` may read files the first time that it is asked for a language; `times` override every game's."""
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
        words = await asyncio.to_thread(self._words, room.locale)
        title = kind.words.name(Speech(room.locale))
        table = TableOptions(
            title=title,
            locale=room.locale,
            times=self._times_of(kind, wish),
            rounds=wish.rounds or kind.rounds,
        )
        options = kind.options(table, wish, words, Random(secrets.randbits(64)))
        receipt = self._hall.start(room, kind.key, title, options.as_json(), role)
        if options.table.hosted:
            self._hall.act(room.id, role, "host", about=host)
        return receipt

    def _times_of(self, kind: Kind, wish: Wish) -> Times:
        times = kind.times.at(wish.pace)
        if wish.seconds is not None:
            times = times.rounds_of(wish.seconds)
        return replace(times, **self._times)
