"""What may stand in a deck file, and everything that is wrong with one, line by line. Nothing is built here.

Problems are facts (`code`, `facts`); their sentences live in `bot/wording`. docs/deck.schema.json says the same of the
fields, for editors.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from games.matching import AnswerKey, Verdict, fold, key_of
from games.question import AUDIENCES, LETTERS

LIMITS = {
    "title": 60,
    "description": 200,
    "prompt": 180,
    "answer": 55,
    "explanation": 220,
    "source": 160,
    "alt": 150,
    "work": 80,
    "theme": 30,
}
"""Longest texts, in characters: a Discord button holds 80."""
OTHERWISE = 1000
"""Characters of any other text."""

HINT = 160
"""Characters of one hint."""

ROOM = {"wrong": 440, "answers": 405, "order": 400}
"""Characters for a question and all its choices, by the field that makes it of its kind: a Twitch line holds 500, with
the question's number, the time left and how to answer."""
PER_CHOICE = len(" · A) ")
PER_PICTURE = len(" · Picture: ")

TOLD = 330
"""Characters for the answer, the explanation and the work together: a Twitch line also tells who had it."""

COUNTS = {
    "wrong": (1, len(LETTERS) - 1),
    "answers": (2, len(LETTERS) - 1),
    "order": (3, len(LETTERS)),
}
"""How many choices stand in a field, by the field that makes a question of its kind."""

LARGEST_NUMBER = 10**15
"""What a number stays below: nobody could type it otherwise (`games.numbers.read_number`)."""

LOCALES = ("fr", "en")
LARGEST = 1_000_000
"""Characters in one deck file."""

QUESTION_FIELDS: Mapping[str, type] = {
    "prompt": str,
    "answer": str,
    "accept": list,
    "unlike": list,
    "wrong": list,
    "answers": list,
    "order": list,
    "truth": bool,
    "number": float,
    "explanation": str,
    "source": str,
    "difficulty": int,
    "person": bool,
    "hints": list,
    "image": str,
    "alt": str,
    "work": str,
    "theme": str,
    "audience": str,
    "author": str,
    "licence": str,
}
DECK_FIELDS: Mapping[str, type] = {
    "title": str,
    "locale": str,
    "author": str,
    "licence": str,
    "description": str,
    "audience": str,
    "question": list,
}

_DECIDING = ("truth", "number", "answers", "order", "wrong")
"""The fields that say how a question is answered, in the order in which `Question.kind` asks for them."""
_ANSWERING = (*_DECIDING, "accept", "unlike")
_WITHOUT_ANSWER = ("truth", "answers", "order")

_ADDRESS = re.compile(
    r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]{1,5})?/[!#-;=?-\[\]_a-z~]*"
)
_LONGEST_ADDRESS = 500
_PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(?:png|jpe?g|webp|gif)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong on one line (from 1) of a file."""

    line: int
    code: str
    facts: Mapping[str, Any]


class Lines:
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


def is_address(image: str) -> bool:
    """Return whether a picture is somewhere on the web, rather than a file beside the deck."""
    return image.startswith("https://")


def is_picture_name(image: str) -> bool:
    """Return whether a picture may be a file beside the deck: one plain name, never a way to another folder."""
    return _PICTURE.fullmatch(image) is not None


def deck_problems(data: Mapping[str, Any], lines: Lines) -> Iterator[Problem]:
    """Yield everything that is wrong with a parsed deck file."""
    yield from _field_problems(data, DECK_FIELDS, lines, None)
    for required in ("title", "locale", "licence", "question"):
        value = data.get(required)
        if not (value.strip() if isinstance(value, str) else value):
            yield Problem(1, "missing", {"field": required})
    if _text(data, "locale").strip() and data["locale"] not in LOCALES:
        yield Problem(lines.field("locale"), "locale", {"known": ", ".join(LOCALES)})
    if isinstance(data.get("audience"), str) and data["audience"] not in AUDIENCES:
        yield Problem(lines.field("audience"), "audience", {"known": ", ".join(AUDIENCES)})
    rows = data.get("question")
    if isinstance(rows, list):
        yield from _row_problems(rows, lines, _text(data, "locale"))


def _row_problems(rows: list[Any], lines: Lines, locale: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        if not isinstance(row, dict):
            yield Problem(lines.question(index), "not-a-table", {})
            continue
        yield from _field_problems(row, QUESTION_FIELDS, lines, index)
        yield from _Row(row, index, lines, locale).problems()
        prompt = fold(_text(row, "prompt"))
        if prompt and prompt in seen:
            first = lines.field("prompt", seen[prompt])
            yield Problem(lines.field("prompt", index), "duplicate", {"first": first})
        seen.setdefault(prompt, index)


def _field_problems(
    row: Mapping[str, Any], fields: Mapping[str, type], lines: Lines, index: int | None
) -> Iterator[Problem]:
    for key, value in row.items():
        line = lines.field(key, index)
        if key not in fields:
            yield Problem(line, "unknown-field", {"field": key})
        elif not _is(value, fields[key]):
            yield Problem(line, "wrong-type", {"field": key, "type": fields[key].__name__})
        elif isinstance(value, str) and len(value) > LIMITS.get(key, OTHERWISE):
            yield Problem(line, "too-long", {"field": key, "limit": LIMITS.get(key, OTHERWISE)})
        elif any(_is_control(char) for text in _texts(value) for char in text):
            yield Problem(line, "control", {"field": key})


def _is(value: Any, kind: type) -> bool:
    """Return whether a value is of a kind; a whole number will do for any number, a truth value for none."""
    return type(value) is kind or (kind is float and type(value) is int)


def _text(row: Mapping[str, Any], field: str) -> str:
    """Return a field that should hold text, empty when it holds something else or is missing."""
    value = row.get(field, "")
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, str)]


def _is_control(char: str) -> bool:
    """Whether a character breaks a line, or turns the text around what follows it (embeddings and overrides)."""
    return unicodedata.category(char) in ("Cc", "Zl", "Zp") or "\u202a" <= char <= "\u202e"


class _Row:
    """One question of a file. Fields of the wrong type are told elsewhere, and count as missing here."""

    def __init__(self, row: Mapping[str, Any], index: int, lines: Lines, locale: str) -> None:
        self._row, self._index, self._lines, self._locale = row, index, lines, locale
        self._decider = next((field for field in _DECIDING if field in row), None)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with this question by itself, whatever the others are."""
        yield from self._missing()
        yield from self._excluded()
        for field in ("accept", "unlike", "wrong", "answers", "order", "hints"):
            yield from self._list(field)
        yield from self._choices()
        yield from self._free_text()
        yield from self._picture()
        yield from self._values()
        yield from self._told()

    def _flag(self, field: str, code: str, /, **facts: Any) -> Problem:
        return Problem(self._lines.field(field, self._index), code, facts)

    def _text(self, field: str) -> str:
        return _text(self._row, field)

    def _list_of(self, field: str) -> list[str]:
        """Return a field that should hold texts, empty when it holds anything else."""
        value = self._row.get(field)
        good = isinstance(value, list) and all(isinstance(text, str) for text in value)
        return list(value) if good and value else []

    def _missing(self) -> Iterator[Problem]:
        optional = self._decider in _WITHOUT_ANSWER
        for required in ("prompt",) if optional else ("prompt", "answer"):
            value = self._row.get(required, "")
            if isinstance(value, str) and not value.strip():
                yield Problem(self._lines.question(self._index), "missing", {"field": required})

    def _excluded(self) -> Iterator[Problem]:
        """Yield the fields that say in another way how the question is answered."""
        if self._decider is None:
            return
        for field in _ANSWERING:
            given = field in self._row and (field in _DECIDING[:-1] or self._row[field] != [])
            beside = field == self._decider or (self._decider, field) == ("answers", "wrong")
            if given and not beside:
                yield self._flag(field, "no-use", field=field, other=self._decider)

    def _list(self, field: str) -> Iterator[Problem]:
        texts = self._row.get(field, [])
        if not isinstance(texts, list):
            return
        limit = HINT if field == "hints" else LIMITS["answer"]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            yield self._flag(field, "empty-choice", field=field)
        elif any(len(text) > limit for text in texts):
            yield self._flag(field, "too-long", field=field, limit=limit)

    def _choices(self) -> Iterator[Problem]:
        field = self._decider
        if field not in COUNTS or not isinstance(self._row[field], list):
            return
        listed, wrong = self._list_of(field), self._list_of("wrong")
        least, most = COUNTS[field]
        if not least <= len(self._row[field]) <= most:
            yield self._flag(field, "choices", field=field, least=least, most=most)
        elif field == "answers" and len(listed) + len(wrong) > len(LETTERS):
            most = len(LETTERS) - len(listed)
            yield self._flag("wrong", "choices", field="wrong", least=0, most=most)
        right = [self._text("answer")] if field == "wrong" else listed
        choices = right if field == "order" else [*right, *wrong]
        last = "wrong" if wrong and field != "order" else field
        if len({fold(text) for text in choices}) < len(choices):
            yield self._flag(last, "same-choice")
        yield from self._fitting(choices, last)

    def _fitting(self, choices: list[str], field: str) -> Iterator[Problem]:
        """Yield a problem when the question and its choices are longer than a line of Twitch; `field` is to be cut."""
        room = ROOM[self._decider or ""] - len(self._text("prompt")) - PER_CHOICE * len(choices)
        if alt := self._text("alt"):
            room -= len(alt) + PER_PICTURE
        listed = sum(map(len, self._list_of(field)))
        left = max(0, room - sum(map(len, choices)) + listed)
        if listed > left:
            yield self._flag(field, "too-long", field=field, limit=left)

    def _free_text(self) -> Iterator[Problem]:
        answer = self._text("answer")
        if self._decider is not None or not answer.strip():
            return
        unlike = tuple(self._list_of("unlike"))
        key = AnswerKey(
            (answer, *self._list_of("accept")),
            locale=self._locale,
            wrong=unlike,
            person=self._row.get("person") is True,
        )
        if key.judge(answer) is not Verdict.RIGHT:
            yield self._flag("answer", "unanswerable")
        taken = next((text for text in unlike if key.judge(text) is Verdict.RIGHT), None)
        if taken is not None:
            yield self._flag("unlike", "unlike-right", value=taken[:60])

    def _picture(self) -> Iterator[Problem]:
        image, alt = self._row.get("image"), self._text("alt")
        if image is None:
            if "alt" in self._row:
                yield self._flag("alt", "alt-alone")
            return
        if not isinstance(image, str):
            return
        address = _ADDRESS.fullmatch(image) and len(image) <= _LONGEST_ADDRESS
        if not address and not is_picture_name(image):
            yield self._flag("image", "image")
        if not alt.strip():
            yield self._flag("image", "missing", field="alt")
        elif self._tells(alt):
            yield self._flag("alt", "alt-tells")

    def _tells(self, alt: str) -> bool:
        """Return whether a description names what is to be found; what is to be put in order is shown anyway."""
        right = [self._text("answer"), *self._list_of("accept"), *self._list_of("answers")]
        words = f" {key_of(alt, self._locale)} "
        keys = (key_of(text, self._locale) for text in right if text.strip())
        return self._decider not in ("order", "truth") and any(
            f" {key} " in words for key in keys if key
        )

    def _values(self) -> Iterator[Problem]:
        difficulty, number = self._row.get("difficulty", 1), self._row.get("number", 0)
        if type(difficulty) is int and not 1 <= difficulty <= 3:
            yield self._flag("difficulty", "difficulty")
        if _is(number, float) and not abs(number) < LARGEST_NUMBER:
            yield self._flag("number", "not-finite")
        if isinstance(self._row.get("audience"), str) and self._row["audience"] not in AUDIENCES:
            yield self._flag("audience", "audience", known=", ".join(AUDIENCES))

    def _told(self) -> Iterator[Problem]:
        """Yield a problem when the answer and what is said with it are longer than a line of Twitch."""
        listed = self._list_of("answers") or self._list_of("order")
        answer = self._text("answer") or ", ".join(listed)
        over = len(answer) + len(self._text("explanation")) + len(self._text("work")) - TOLD
        if over <= 0:
            return
        cut = ("explanation", "work", "answer", "answers", "order")
        field = next(f for f in cut if self._text(f) or self._list_of(f))
        length = len(self._text(field)) or sum(map(len, listed))
        yield self._flag(field, "too-long", field=field, limit=max(0, length - over))
