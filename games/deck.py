"""Decks: questions as data. Reads the native format (TOML), draws questions from decks.

A deck is taken whole or refused whole; what is wrong with a file is found in `games/deck_file.py`.
"""

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from games.deck_file import (
    DECK_FIELDS,
    LARGEST,
    LIMITS,
    Lines,
    Problem,
    deck_problems,
    is_address,
)
from games.matching import fold
from games.question import Audience, Question

__all__ = [
    "LARGEST",
    "LIMITS",
    "Deck",
    "DeckError",
    "Problem",
    "Share",
    "Sieve",
    "draw",
    "drawn_from",
    "read_deck",
]


class DeckError(Exception):
    """A deck file is refused; `name` is the file's name and `problems` says why, in order of lines."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__(f"{name}: {', '.join(f'{p.line}: {p.code}' for p in problems[:5])}")
        self.name = name
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line))


@dataclass(frozen=True, slots=True)
class Deck:
    """Questions with a title; `name` is what a host types."""

    name: str
    title: str
    locale: str
    author: str
    licence: str
    description: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A deck in a mix; one of weight 2 gives twice as many questions as one of weight 1."""

    deck: Deck
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which questions of a deck are wanted; what is None or empty leaves all through."""

    difficulty: int | None = None
    audience: Audience | None = None
    theme: str = ""

    def lets_through(self, question: Question) -> bool:
        """Return whether a question is wanted; one that is for everybody suits every audience."""
        if self.difficulty not in (None, question.difficulty):
            return False
        if self.audience is not None and question.audience not in ("all", self.audience):
            return False
        return not self.theme or fold(self.theme) == fold(question.theme)


def draw(
    mix: Sequence[Share], count: int, seed: int, sieve: Sieve | None = None
) -> tuple[Question, ...]:
    """Return up to `count` different questions of a mix, those that `sieve` lets through.

    `seed` decides which and in what order; a deck that runs out leaves its share to the others. Each question says from
    which deck it comes (`drawn_from`).
    """
    sieve, chance = sieve or Sieve(), random.Random(seed)
    piles: list[list[Question]] = []
    for share in mix:
        name = share.deck.name
        fitting = [drawn_from(name, q) for q in share.deck.questions if sieve.lets_through(q)]
        piles.append(chance.sample(fitting, len(fitting)))
    weights = [share.weight for share in mix]
    drawn: list[Question] = []
    while len(drawn) < count and any(piles):
        left = [weight if pile else 0 for weight, pile in zip(weights, piles, strict=True)]
        (pile,) = chance.choices(piles, left)
        drawn.append(pile.pop())
    return tuple(drawn)


def drawn_from(deck: str, question: Question) -> Question:
    """Return a question that says from which deck it comes; a picture of the deck's own is called "deck/file"."""
    own = bool(question.image) and not is_address(question.image)
    image = f"{deck}/{question.image}" if own else question.image
    return replace(question, deck=deck, image=image)


_APART = ("question", "audience")
"""The fields of a file that a deck's questions hold."""


def read_deck(text: str, name: str) -> Deck:
    """Return the deck that `text` holds, or raise `DeckError` with every problem found."""
    if len(text) > LARGEST:
        raise DeckError(name, [Problem(1, "too-large", {"limit": LARGEST})])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also: a number of 5,000 digits, 5,000 brackets
        raise DeckError(name, [Problem(_line_of(error, text), "syntax", {})]) from error
    problems = list(deck_problems(data, Lines(text)))
    if problems:
        raise DeckError(name, problems)
    audience = data.get("audience", "all")
    questions = tuple(_question({"audience": audience} | row) for row in data["question"])
    texts = {field: data.get(field, "") for field in DECK_FIELDS if field not in _APART}
    return Deck(name=name.removesuffix(".toml"), questions=questions, **texts)


def _question(row: Mapping[str, Any]) -> Question:
    fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Question(**fields)


def _line_of(error: Exception, text: str) -> int:
    found = re.search(r"at line (\d+)", str(error))
    if found:
        return int(found[1])
    at_the_end = isinstance(error, tomllib.TOMLDecodeError)
    return text.rstrip().count("\n") + 1 if at_the_end else 1
