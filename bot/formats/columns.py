"""Columns of a table by their names, in French and in English, in any order; and the questions in its rows."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.formats.reading import Reading, Row
from bot.formats.text import tidy
from games.matching import fold

Cells = Sequence[Any]
Line = tuple[int, Cells]
"""A line or spreadsheet row (from 1) with its cells: texts, or what a spreadsheet keeps."""

# fmt: off
_NAMES = {
    "prompt": ("question", "questions", "prompt", "enonce", "intitule", "intitule de la question", "question text",
               "texte de la question", "front", "recto"),
    "answer": ("answer", "correct", "correct answer", "correct answers", "right answer", "solution", "reponse",
               "bonne reponse", "bonnes reponses", "reponse correcte", "reponses correctes", "reponse juste", "back",
               "verso"),
    "answers": ("answers", "reponses", "accepted answers"),
    "accept": ("accept", "accepted", "also accepted", "other answer", "other answers", "synonyms", "aliases",
               "autre reponse", "autres reponses", "reponse acceptee", "reponses acceptees", "accepte", "synonymes",
               "variante", "variantes"),
    "wrong": ("wrong", "wrong answer", "wrong answers", "incorrect", "incorrect answer", "incorrect answers",
              "distractor", "distractors", "mauvaise reponse", "mauvaises reponses", "fausse reponse",
              "fausses reponses", "faux", "leurre", "leurres", "distracteur", "distracteurs", "autre proposition",
              "autres propositions"),
    "choice": ("choice", "choices", "option", "options", "choix", "proposition", "propositions"),
    "explanation": ("explanation", "comment", "comments", "feedback", "anecdote", "explication", "explications",
                    "commentaire", "commentaires", "le saviez vous", "note"),
    "source": ("source", "sources", "reference"),
    "difficulty": ("difficulty", "level", "difficulte", "niveau"),
    "person": ("person", "personne", "est une personne"),
    "author": ("author", "auteur", "autrice"),
    "licence": ("licence", "license"),
    "locale": ("language", "locale", "langue"),
    "": ("id", "no", "n", "numero", "number", "theme", "category", "categorie", "tags", "etiquettes", "time",
         "time limit", "duree", "temps", "points", "type", "instructions", "render as", "date"),
}
# fmt: on
_ROLES = {name: role for role, names in _NAMES.items() for name in names}
_MANY = {"accept", "wrong", "choice"}
_HEADLINE = re.compile(r"\s+[-–—(:].*", re.DOTALL)
_NUMBERED = re.compile(r"(.+?) ?(?:n ?)?([1-9]|[a-h])")

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
_YES = {"oui", "yes", "true", "vrai", "1", "x"}
_NO = {"non", "no", "false", "faux", "0"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it stands, what it holds, and which one of several it is (from 0; None: it stands alone)."""

    index: int
    role: str
    number: int | None


def column(index: int, header: str) -> Column | None:
    """Return what a header means, None for a name we do not know."""
    words = fold(_HEADLINE.sub("", tidy(header)[:100]).replace("(s)", "s"))
    if words in _ROLES:
        return Column(index, _ROLES[words], None)
    if re.fullmatch(r"[a-f]", words):
        return Column(index, "choice", ord(words) - ord("a"))
    numbered = _NUMBERED.fullmatch(words)
    role = _ROLES.get(numbered[1]) if numbered else None
    if numbered is None or role not in (*_MANY, "answer", "answers"):
        return None
    number = "123456789".find(numbered[2])
    number = number if number >= 0 else ord(numbered[2]) - ord("a")
    return Column(index, role if role in _MANY else "choice", number)


def columns(cells: Cells) -> list[Column] | None:
    """Return the columns that a line names, None when it is no header: a question and an answer are needed."""
    named = [column(at, cell) for at, cell in enumerate(cells) if isinstance(cell, str)]
    found = [one for one in named if one is not None]
    roles = {one.role for one in found}
    return found if "prompt" in roles and roles & {"answer", "answers"} else None


def unknown(cells: Cells, found: Iterable[Column]) -> Iterator[str]:
    """Yield the names in a header that mean nothing to us."""
    known = {one.index for one in found}
    for at, cell in enumerate(cells):
        if at not in known and isinstance(cell, str) and tidy(cell):
            yield tidy(cell)


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
        self._asked = [c for c in found if c.role not in ("", "author", "licence", "locale")]

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Yield the questions; blank rows are skipped, rows that are wrong are flagged."""
        for line, cells in lines:
            if not any(_given(cells, one) for one in self._asked):
                continue
            for one in self._columns:
                if one.role in ("author", "licence", "locale"):
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
                return self._reading.truth(value)[0]
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
                pieces = [raw] if one.number is not None else _listed(raw, commas=role == "answers")
                texts += [self._clean(piece, line) for piece in pieces]
        return [text for text in texts if text]

    def _one(self, role: str, cells: Cells, line: int) -> str:
        texts = (self._text(cells, one, line) for one in self._columns if one.role == role)
        return next((text for text in texts if text), "")

    def _fields(self, cells: Cells, line: int) -> dict[str, Any] | None:
        answers = self._all("answers", cells, line)
        number = self._one("number", cells, line)
        answer = number or self._one("answer", cells, line) or (answers.pop(0) if answers else "")
        accept = answers + self._all("accept", cells, line)
        wrong = self._all("wrong", cells, line)
        choices = self._choices(cells, line)
        if not answer:
            self._reading.flag(line, "no-answer")
            return None
        if choices:
            texts = {} if number else choices
            right = self._right(answer, choices, texts, line)
            if right is None:
                return None
            answer = choices[right]
            wrong += [text for number, text in choices.items() if number != right]
        fields = {"prompt": self._one("prompt", cells, line), "answer": answer}
        more = {"accept": accept, "wrong": wrong} | self._details(cells, line)
        return fields | {name: value for name, value in more.items() if value}

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
        self, answer: str, choices: dict[int, str], texts: dict[int, str], line: int
    ) -> int | None:
        """Return the choice that is meant: by its text, its letter or its number, as long as that is one choice."""
        several = re.fullmatch(r"(?:\d|[A-Fa-f])(?:\s*[.,;/+&]\s*(?:\d|[A-Fa-f]))+", answer)
        meant = {at for at, text in texts.items() if fold(text) == fold(answer)}
        if not meant and several:
            self._reading.flag(line, "several-answers")
            return None
        if re.fullmatch(r"[1-9]", answer):
            meant |= {int(answer) - 1} & set(choices)
        elif re.fullmatch(r"[A-Fa-f]", answer):
            meant |= {ord(answer.lower()) - ord("a")} & set(choices)
        if len(meant) == 1:
            return meant.pop()
        code = "ambiguous-choice" if meant else "no-such-choice"
        self._reading.flag(line, code, value=answer[:60])
        return None

    def _details(self, cells: Cells, line: int) -> dict[str, Any]:
        details: dict[str, Any] = {
            "explanation": self._one("explanation", cells, line),
            "source": self._one("source", cells, line),
        }
        level, person = (fold(self._one(role, cells, line)) for role in ("difficulty", "person"))
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


def _listed(raw: str, *, commas: bool) -> list[str]:
    for mark in ("|", "\n", ";", *((",",) if commas else ())):
        if mark in raw.strip():
            return raw.split(mark)
    return [raw]
