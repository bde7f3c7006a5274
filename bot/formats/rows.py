"""The questions in the rows of a table whose columns are known."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bot.formats.columns import Cells, Column, Line
from bot.formats.reading import Reading, Row, chosen
from bot.formats.text import decimal, tidy
from games.matching import fold
from games.numbers import read_number
from games.question import AUDIENCES, TRUTHS

_MARKS = {"answers": (",",), "order": (">", "→")}
"""What else stands between several texts in one cell, by role."""
_ABOUT_ALL = ("author", "licence", "locale")
"""What a row says of the whole file."""
_IDLE = ("", "theme", "audience", "by", "under", *_ABOUT_ALL)
"""What makes no question of a row by itself."""
_SEVERAL = re.compile(r"\s*[.,;/+&]\s*")
_SEVERAL_NAMED = re.compile(r"(?:\d|[A-Fa-f])(?:\s*[.,;/+&]\s*(?:\d|[A-Fa-f]))+")

_LEVELS = {
    "1": 1,
    "2": 2,
    "3": 3,
    "facile": 1,
    "moyen": 2,
    "moyenne": 2,
    "difficile": 3,
    "debutant": 1,
    "confirme": 2,
    "expert": 3,
    "easy": 1,
    "medium": 2,
    "hard": 3,
}
_AUDIENCES = {
    **dict.fromkeys(
        ("all", "everybody", "everyone", "tous", "tout public", "tout le monde"), "all"
    ),
    **dict.fromkeys(("children", "kids", "enfants", "jeunesse"), "children"),
    **dict.fromkeys(("teens", "teenagers", "ados", "adolescents"), "teens"),
    **dict.fromkeys(("adults", "adultes"), "adults"),
}
_YES = {fold(word) for true, _ in TRUTHS.values() for word in true} | {"1", "x"}
_NO = {fold(word) for _, false in TRUTHS.values() for word in false} | {"0"}
_DETAILS = {
    "explanation": "explanation",
    "source": "source",
    "image": "image",
    "alt": "alt",
    "work": "work",
    "author": "by",
    "licence": "under",
}
"""The fields that a column of one role fills as it stands."""


class Table:
    """Reads questions out of rows whose columns are known; `clean` makes text of what stands in a cell.

    The role "number" is Kahoot's: a right answer that is always the number of a choice.
    """

    def __init__(
        self, found: Sequence[Column], reading: Reading, clean: Callable[[str, int], str]
    ) -> None:
        self._columns = found
        self._reading = reading
        self._clean = clean
        self._asked = [c for c in found if c.role not in _IDLE]

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Yield the questions; blank rows are skipped, rows that are wrong are flagged."""
        for line, cells in lines:
            if not any(_given(cells, one) for one in self._asked):
                continue
            for one in self._columns:
                if one.role in _ABOUT_ALL:
                    self._reading.state(one.role, self._text(cells, one, line), line)
            fields = self._fields(cells, line)
            if fields is not None:
                yield Row(line, fields)

    def _text(self, cells: Cells, one: Column, line: int) -> str:
        return self._clean(self._raw(cells, one, line), line)

    def _raw(self, cells: Cells, one: Column, line: int) -> str:
        """Return what a person sees in a cell."""
        value = cells[one.index] if one.index < len(cells) else ""
        match value:
            case None:
                return ""
            case bool():
                words = TRUTHS.get(self._reading.locale, TRUTHS["en"])
                return words[not value][0]
            case float() if value.is_integer():
                return str(int(value))
            case datetime.date() | datetime.time() | datetime.timedelta():
                self._reading.flag(line, "date-cell")
                return ""
        return str(value)

    def _all(self, role: str, cells: Cells, line: int) -> list[str]:
        """Return the texts of a role: a cell each when numbered, else a list in one cell."""
        texts: list[str] = []
        for one in self._columns:
            if one.role == role:
                raw = self._raw(cells, one, line)
                pieces = [raw] if one.number is not None else _listed(raw, _MARKS.get(role, ()))
                texts += [self._clean(piece, line) for piece in pieces]
        return [text for text in texts if text]

    def _one(self, role: str, cells: Cells, line: int) -> str:
        texts = (self._text(cells, one, line) for one in self._columns if one.role == role)
        return next((text for text in texts if text), "")

    def _fields(self, cells: Cells, line: int) -> dict[str, Any] | None:
        """Return the fields of a row, or flag why there are none."""
        given = self._answered(cells, line)
        if given is None:
            return None
        fields = {"prompt": self._one("prompt", cells, line)} | given | self._details(cells, line)
        return {
            name: value
            for name, value in fields.items()
            if value not in ("", []) or name == "prompt"
        }

    def _answered(self, cells: Cells, line: int) -> dict[str, Any] | None:
        """Return what is right and what is wrong. How the question is answered follows from what is filled."""
        answers = self._all("answers", cells, line)
        right = self._all("right", cells, line)
        fields: dict[str, Any] = {
            name: self._all(name, cells, line) for name in ("accept", "unlike", "wrong", "order")
        }
        fields["answer"] = self._one("answer", cells, line)
        if answers and not fields["answer"]:
            fields["answer"] = answers.pop(0)
        fields["accept"] = answers + fields["accept"]
        fields |= self._truth(cells, line) | self._value(cells, line)
        choices = self._choices(cells, line)
        number = self._one("number", cells, line)
        if choices:
            named = [number] if number else right or [fields["answer"]]
            return self._chosen(
                fields, choices, [name for name in named if name], bool(number), line
            )
        return self._listed_right(fields, right, line)

    def _listed_right(
        self, fields: dict[str, Any], right: list[str], line: int
    ) -> dict[str, Any] | None:
        """Return the fields with the right answers of a row where choices are not all in columns of their own."""
        apart = any(one.role == "right" and one.number is not None for one in self._columns)
        if len(right) > 1 and (apart or fields["wrong"]):
            return fields | {"answers": right}
        if right and not fields["answer"]:
            fields |= {"answer": right[0], "accept": right[1:] + fields["accept"]}
        if not (fields["answer"] or fields["order"] or "truth" in fields):
            self._reading.flag(line, "no-answer")
            return None
        return fields

    def _chosen(
        self,
        fields: dict[str, Any],
        choices: dict[int, str],
        named: list[str],
        counted: bool,
        line: int,
    ) -> dict[str, Any] | None:
        """Return the fields of a row with all choices in columns of their own, the right ones named elsewhere."""
        if not named:
            self._reading.flag(line, "no-answer")
            return None
        right = self._right(named, choices, {} if counted else choices, line)
        if right is None:
            return None
        wrong = [text for number, text in choices.items() if number not in right]
        answer = chosen([choices[number] for number in sorted(right)], wrong + fields["wrong"])
        return fields | {"answer": "", "wrong": []} | answer

    def _truth(self, cells: Cells, line: int) -> dict[str, Any]:
        """Return whether a statement is true, where a row says so: in its own column, or as a spreadsheet says it."""
        word = fold(self._one("truth", cells, line))
        if word in _YES or word in _NO:
            return {"truth": word in _YES}
        if word:
            self._reading.flag(line, "wrong-type", field="truth", type="bool")
        if any(one.role == "choice" for one in self._columns):
            return {}
        kept = self._kept("answer", cells)
        return {"truth": kept, "answer": ""} if isinstance(kept, bool) else {}

    def _value(self, cells: Cells, line: int) -> dict[str, Any]:
        """Return the number that is to be found, where a row has one."""
        text = self._one("value", cells, line)
        if not text:
            return {}
        locale = self._reading.locale
        kept = self._kept("value", cells)
        value = kept if isinstance(kept, float) else read_number(text, locale)
        if value is None and re.fullmatch(r"-?\d{1,15}[.,]\d+", text):
            value = float(text.replace(",", "."))
        if value is None:
            self._reading.flag(line, "wrong-type", field="number", type="float")
            return {}
        return {
            "number": int(value) if value.is_integer() else value,
            "answer": self._one("answer", cells, line) or decimal(value, locale),
        }

    def _kept(self, role: str, cells: Cells) -> Any:
        """Return what a spreadsheet keeps in the first column of a role, rather than what one sees."""
        found = (one.index for one in self._columns if one.role == role and one.index < len(cells))
        return next((cells[index] for index in found), None)

    def _choices(self, cells: Cells, line: int) -> dict[int, str]:
        alone = [c for c in self._columns if c.role == "choice" and c.number is None]
        if alone:
            return dict(enumerate(self._all("choice", cells, line)))
        texts = {
            one.number: self._text(cells, one, line)
            for one in self._columns
            if one.role == "choice" and one.number is not None
        }
        return {number: text for number, text in texts.items() if text}

    def _right(
        self, named: list[str], choices: dict[int, str], texts: dict[int, str], line: int
    ) -> set[int] | None:
        """Return the choices that are meant: by their texts, their letters or their numbers."""
        if len(named) == 1 and fold(named[0]) not in map(fold, texts.values()):
            named = (
                _SEVERAL.split(named[0])
                if _SEVERAL_NAMED.fullmatch(named[0])
                else _listed(named[0])
            )
        right: set[int] = set()
        for name in filter(None, map(tidy, named)):
            meant = _meant(name, choices, texts)
            if len(meant) != 1:
                code = "ambiguous-choice" if meant else "no-such-choice"
                self._reading.flag(line, code, value=name[:60])
                return None
            right |= meant
        return right

    def _details(self, cells: Cells, line: int) -> dict[str, Any]:
        details: dict[str, Any] = {
            field: self._one(role, cells, line) for field, role in _DETAILS.items()
        }
        details["hints"] = self._all("hints", cells, line)
        details |= self._reading.theme(self._one("theme", cells, line), line)
        level, person, audience = (
            fold(self._one(role, cells, line)) for role in ("difficulty", "person", "audience")
        )
        if audience in _AUDIENCES:
            details["audience"] = _AUDIENCES[audience]
        elif audience:
            self._reading.flag(line, "audience", known=", ".join(AUDIENCES))
        if level in _LEVELS:
            details["difficulty"] = _LEVELS[level]
        elif level:
            self._reading.flag(line, "difficulty")
        if person in _YES:
            details["person"] = True
        elif person and person not in _NO:
            self._reading.flag(line, "wrong-type", field="person", type="bool")
        return details


def _given(cells: Cells, one: Column) -> bool:
    value = cells[one.index] if one.index < len(cells) else None
    return value is not None and (not isinstance(value, str) or bool(tidy(value)))


def _meant(name: str, choices: dict[int, str], texts: dict[int, str]) -> set[int]:
    """Return the choices that one name may mean; `texts` are those that may be called by their text."""
    meant = {at for at, text in texts.items() if fold(text) == fold(name)}
    if re.fullmatch(r"[1-9]", name):
        meant |= {int(name) - 1} & set(choices)
    elif re.fullmatch(r"[A-Fa-f]", name):
        meant |= {ord(name.lower()) - ord("a")} & set(choices)
    return meant


def _listed(raw: str, more: Sequence[str] = ()) -> list[str]:
    """Return the texts in one cell; `more` are marks that stand between them beside the usual ones."""
    for mark in ("|", "\n", ";", *more):
        if mark in raw.strip():
            return raw.split(mark)
    return [raw]
