"""Columns of a table by their names, in French and in English, in any order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.formats.text import tidy
from games.matching import fold

Cells = Sequence[Any]
Line = tuple[int, Cells]
"""A line or spreadsheet row (from 1) with its cells: texts, or what a spreadsheet keeps."""

# fmt: off
_NAMES = {
    "prompt": ("question", "questions", "prompt", "enonce", "intitule", "intitule de la question", "question text",
               "texte de la question", "front", "recto"),
    "answer": ("answer", "correct", "correct answer", "right answer", "solution", "reponse", "bonne reponse",
               "reponse correcte", "reponse juste", "back", "verso"),
    "right": ("correct answers", "right answers", "bonnes reponses", "reponses correctes", "reponses justes"),
    "answers": ("answers", "reponses", "accepted answers"),
    "accept": ("accept", "accepted", "also accepted", "other answer", "other answers", "synonyms", "aliases",
               "autre reponse", "autres reponses", "reponse acceptee", "reponses acceptees", "accepte", "synonymes",
               "variante", "variantes"),
    "wrong": ("wrong", "wrong answer", "wrong answers", "incorrect", "incorrect answer", "incorrect answers",
              "distractor", "distractors", "mauvaise reponse", "mauvaises reponses", "fausse reponse",
              "fausses reponses", "faux", "leurre", "leurres", "distracteur", "distracteurs", "autre proposition",
              "autres propositions"),
    "choice": ("choice", "choices", "option", "options", "choix", "proposition", "propositions"),
    "unlike": ("unlike", "not to be taken for", "a ne pas confondre", "a ne pas confondre avec"),
    "order": ("right order", "correct order", "in order", "bon ordre", "ordre correct", "dans l ordre"),
    "truth": ("true or false", "true false", "vrai ou faux", "vrai faux", "truth"),
    "value": ("nearest number", "numeric answer", "nombre", "nombre au plus pres", "reponse numerique"),
    "hints": ("hint", "hints", "clue", "clues", "indice", "indices"),
    "explanation": ("explanation", "comment", "comments", "feedback", "anecdote", "explication", "explications",
                    "commentaire", "commentaires", "le saviez vous", "note"),
    "source": ("source", "sources", "reference"),
    "difficulty": ("difficulty", "level", "difficulte", "niveau"),
    "person": ("person", "personne", "est une personne"),
    "image": ("image", "picture", "illustration"),
    "alt": ("alt", "alt text", "alternative text", "texte alternatif", "description de l image"),
    "work": ("work", "oeuvre", "a la mediatheque", "at the library"),
    "theme": ("theme", "category", "categorie"),
    "audience": ("audience", "public"),
    "by": ("question author", "author of the question", "auteur de la question", "autrice de la question"),
    "under": ("question licence", "licence of the question", "licence de la question"),
    "author": ("author", "auteur", "autrice"),
    "licence": ("licence", "license"),
    "locale": ("language", "locale", "langue"),
    "": ("id", "no", "n", "numero", "number", "tags", "etiquettes", "time", "time limit", "duree", "temps", "points",
         "type", "instructions", "render as", "date"),
}
# fmt: on
_ROLES = {name: role for role, names in _NAMES.items() for name in names}
_MANY = {"accept", "unlike", "wrong", "choice", "right", "order", "hints"}
_NUMBERED_AS = {
    **dict.fromkeys(("answer", "reponse", "answers", "reponses", "solution"), "choice"),
    **dict.fromkeys(
        ("correct answer", "right answer", "bonne reponse", "reponse correcte", "reponse juste"),
        "right",
    ),
    **dict.fromkeys(("order", "ordre"), "order"),
}
"""What a name means with a number behind it, where that is not the same as without."""
_ANSWERS = {"answer", "answers", "right", "order", "truth", "value"}
_HEADLINE = re.compile(r"\s+[-–—(:].*", re.DOTALL)
_NUMBERED = re.compile(r"(.+?) ?(?:n ?)?([1-9]\d?|[a-h])")


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
    if numbered is None:
        return None
    role = _NUMBERED_AS.get(numbered[1]) or _ROLES.get(numbered[1])
    if role not in _MANY:
        return None
    place = numbered[2]
    return Column(index, role, int(place) - 1 if place.isdecimal() else ord(place) - ord("a"))


def columns(cells: Cells) -> list[Column] | None:
    """Return the columns that a line names, None when it is no header: a question and an answer are needed."""
    named = [column(at, cell) for at, cell in enumerate(cells) if isinstance(cell, str)]
    found = [one for one in named if one is not None]
    roles = {one.role for one in found}
    return found if "prompt" in roles and roles & _ANSWERS else None


def unknown(cells: Cells, found: Iterable[Column]) -> Iterator[str]:
    """Yield the names in a header that mean nothing to us."""
    known = {one.index for one in found}
    for at, cell in enumerate(cells):
        if at not in known and isinstance(cell, str) and tidy(cell):
            yield tidy(cell)
