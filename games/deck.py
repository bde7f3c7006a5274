"""Decks: questions as data. Reads the native format (TOML) and says, line by line, what is wrong with a file.

A deck is taken whole or refused whole. Problems are facts (`code`, `facts`); their sentences live in `bot/wording`.
"""

import math
import random
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from games.matching import AnswerKey, Verdict, fold
from games.question import LETTERS, Audience, Question

LIMITS = {
    "title": 60,
    "description": 200,
    "prompt": 180,
    "answer": 55,
    "explanation": 220,
    "source": 160,
}
"""Longest texts, in characters: a Discord button holds 80."""

HINT = 160
"""Characters of one hint."""

ROOM = 440
"""Characters for a question and all its choices: a Twitch line holds 500, with their number and the time left."""
PER_CHOICE = len(" · A) ")

LOCALES = ("fr", "en")
LARGEST = 1_000_000
"""Characters in one deck file."""

_QUESTION_FIELDS = {
    "prompt": str,
    "answer": str,
    "accept": list,
    "wrong": list,
    "explanation": str,
    "source": str,
    "difficulty": int,
    "person": bool,
    "number": float,
    "hints": list,
}
_DECK_FIELDS = {
    "title": str,
    "locale": str,
    "author": str,
    "licence": str,
    "description": str,
    "question": list,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on one line (from 1) of a file."""

    line: int
    code: str
    facts: Mapping[str, Any]


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
    which deck it comes.
    """
    sieve, chance = sieve or Sieve(), random.Random(seed)
    piles: list[list[Question]] = []
    for share in mix:
        name = share.deck.name
        fitting = [replace(q, deck=name) for q in share.deck.questions if sieve.lets_through(q)]
        piles.append(chance.sample(fitting, len(fitting)))
    weights = [share.weight for share in mix]
    drawn: list[Question] = []
    while len(drawn) < count and any(piles):
        left = [weight if pile else 0 for weight, pile in zip(weights, piles, strict=True)]
        (pile,) = chance.choices(piles, left)
        drawn.append(pile.pop())
    return tuple(drawn)


def read_deck(text: str, name: str) -> Deck:
    """Return the deck that `text` holds, or raise `DeckError` with every problem found."""
    if len(text) > LARGEST:
        raise DeckError(name, [Problem(1, "too-large", {"limit": LARGEST})])
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also: a number of 5,000 digits, 5,000 brackets
        raise DeckError(name, [Problem(_line_of(error, text), "syntax", {})]) from error
    problems = list(_deck_problems(data, _Lines(text)))
    if problems:
        raise DeckError(name, problems)
    questions = tuple(_question(row) for row in data["question"])
    texts = {field: data.get(field, "") for field in _DECK_FIELDS if field != "question"}
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


def _text(row: Mapping[str, Any], field: str) -> str:
    """Return a field that should hold text, empty when it holds something else or is missing."""
    value = row.get(field, "")
    return value if isinstance(value, str) else ""


def _is_control(char: str) -> bool:
    """Whether a character breaks a line, or turns the text around what follows it (embeddings and overrides)."""
    return unicodedata.category(char) in ("Cc", "Zl", "Zp") or "\u202a" <= char <= "\u202e"


class _Lines:
    """Where things stand in the file: tomllib forgets it, people need it."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")  # as TOML counts: U+2028 ends no line
        self._starts = [
            number
            for number, line in enumerate(self._lines, 1)
            if re.match(r"\s*\[\[\s*question\s*\]\]", line)
        ]

    def question(self, index: int) -> int:
        """Return the line where question `index` (from 0) starts."""
        return self._starts[index] if index < len(self._starts) else 1

    def field(self, key: str, index: int | None = None) -> int:
        """Return the line of a field of the deck, or of question `index`; its start when there is no such line."""
        first = 1 if index is None else self.question(index)
        last = len(self._lines)
        if index is None and self._starts:
            last = self._starts[0]
        elif index is not None and index + 1 < len(self._starts):
            last = self._starts[index + 1]
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
        for number in range(first, last + 1):
            if pattern.match(self._lines[number - 1]):
                return number
        return first


def _deck_problems(data: Mapping[str, Any], lines: _Lines) -> Iterator[Problem]:
    yield from _field_problems(data, _DECK_FIELDS, lines, None)
    for required in ("title", "locale", "licence", "question"):
        value = data.get(required)
        if not (value.strip() if isinstance(value, str) else value):
            yield Problem(1, "missing", {"field": required})
    if _text(data, "locale").strip() and data["locale"] not in LOCALES:
        yield Problem(lines.field("locale"), "locale", {"known": ", ".join(LOCALES)})
    rows = data.get("question")
    if not isinstance(rows, list):
        return
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            yield Problem(lines.question(index), "not-a-table", {})
            continue
        yield from _question_problems(row, index, lines, _text(data, "locale"))
        prompt = fold(_text(row, "prompt"))
        if prompt and prompt in seen:
            first = lines.field("prompt", seen[prompt])
            yield Problem(lines.field("prompt", index), "duplicate", {"first": first})
        seen.setdefault(prompt, index)


def _field_problems(
    row: Mapping[str, Any], fields: Mapping[str, type], lines: _Lines, index: int | None
) -> Iterator[Problem]:
    for key, value in row.items():
        line = lines.field(key, index)
        if key not in fields:
            yield Problem(line, "unknown-field", {"field": key})
        elif not _is(value, fields[key]):
            yield Problem(line, "wrong-type", {"field": key, "type": fields[key].__name__})
        elif isinstance(value, str) and len(value) > LIMITS.get(key, 1000):
            yield Problem(line, "too-long", {"field": key, "limit": LIMITS.get(key, 1000)})
        elif any(_is_control(char) for text in _texts(value) for char in text):
            yield Problem(line, "control", {"field": key})


def _is(value: Any, kind: type) -> bool:
    """Return whether a value is of a kind; a whole number will do for any number, a truth value for none."""
    return type(value) is kind or (kind is float and type(value) is int)


def _texts(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _question_problems(
    row: Mapping[str, Any], index: int, lines: _Lines, locale: str
) -> Iterator[Problem]:
    yield from _field_problems(row, _QUESTION_FIELDS, lines, index)
    for required in ("prompt", "answer"):
        value = row.get(required, "")
        if isinstance(value, str) and not value.strip():
            yield Problem(lines.question(index), "missing", {"field": required})
    yield from _choice_problems(row, index, lines)
    difficulty = row.get("difficulty", 1)
    if type(difficulty) is int and not 1 <= difficulty <= 3:
        yield Problem(lines.field("difficulty", index), "difficulty", {})
    yield from _number_problems(row, index, lines)
    answer = _text(row, "answer")
    if "wrong" not in row and "number" not in row and answer.strip():
        verdict = AnswerKey((answer,), locale=locale).judge(answer)
        if verdict is not Verdict.RIGHT:
            yield Problem(lines.field("answer", index), "unanswerable", {})


def _number_problems(row: Mapping[str, Any], index: int, lines: _Lines) -> Iterator[Problem]:
    number = row.get("number")
    if number is None:
        return
    if isinstance(number, float) and not math.isfinite(number):
        yield Problem(lines.field("number", index), "not-finite", {})
    for field in ("wrong", "accept"):
        if row.get(field):
            yield Problem(lines.field(field, index), "number-with-others", {"field": field})


def _choice_problems(row: Mapping[str, Any], index: int, lines: _Lines) -> Iterator[Problem]:
    for field in ("accept", "wrong", "hints"):
        texts = row.get(field, [])
        if not isinstance(texts, list):
            continue
        if not all(isinstance(text, str) and text.strip() for text in texts):
            yield Problem(lines.field(field, index), "empty-choice", {"field": field})
        else:
            limit = HINT if field == "hints" else LIMITS["answer"]
            if any(len(text) > limit for text in texts):
                yield Problem(
                    lines.field(field, index), "too-long", {"field": field, "limit": limit}
                )
    wrong = row.get("wrong")
    if not isinstance(wrong, list) or not all(isinstance(text, str) for text in wrong):
        return
    if not 1 <= len(wrong) < len(LETTERS):
        yield Problem(
            lines.field("wrong", index), "choices", {"least": 1, "most": len(LETTERS) - 1}
        )
    answer, prompt = _text(row, "answer"), _text(row, "prompt")
    folded = [fold(text) for text in (answer, *wrong)]
    if len(set(folded)) < len(folded):
        yield Problem(lines.field("wrong", index), "same-choice", {})
    left = max(0, ROOM - len(prompt) - len(answer) - PER_CHOICE * (len(wrong) + 1))
    if sum(map(len, wrong)) > left:
        yield Problem(lines.field("wrong", index), "too-long", {"field": "wrong", "limit": left})
    if row.get("accept"):
        yield Problem(lines.field("accept", index), "accept-with-choices", {})
