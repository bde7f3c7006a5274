"""What every reader of a foreign file shares: its rows, what it noted on the way, and the limits."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.formats.text import from_html, has_media, tidy
from games.deck import LIMITS, Deck, DeckError, Problem
from games.matching import fold
from games.question import TRUTHS, Kind

LARGEST_FILE = 8
"""Megabytes in one file."""
MOST_ROWS = 10_000
"""Questions in one file."""

UNKNOWN = "unknown"
"""The licence of a file that states none, when the host states none either."""

_TRUTHS = {
    pair: truth
    for (true, *_), (false, *_) in TRUTHS.values()
    for pair, truth in (((fold(true), fold(false)), True), ((fold(false), fold(true)), False))
}
"""By the right and the wrong of two choices: what is true of a statement whose choices they are."""

HEAD = ("title", "locale", "author", "licence", "description")
"""What a file may say of itself, by the native format's names."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question as a file gives it; `fields` bears the native format's names.

    `line` counts from 1: a line of text, a row of a spreadsheet, or the number of the question in JSON that
    stands on one line.
    """

    line: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of itself, and where."""

    text: str
    line: int


@dataclass(slots=True)
class Reading:
    """One file being read: what was asked for, what the file says of itself, what is wrong with it.

    A reader flags what concerns one question and goes on, so that a host sees every problem at once, and raises
    `refusal` where going on makes no sense. What it leaves behind without harm it notes.
    """

    name: str
    asked: str
    head: dict[str, Stated] = field(default_factory=dict)
    assumed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    said: dict[str, list[str]] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        """The language of the questions: the file's own word, else what was asked for."""
        return self.head["locale"].text if "locale" in self.head else self.asked

    def state(self, field: str, text: str, line: int) -> None:
        """Note what the file says of itself; whoever is named later is named beside the first."""
        text = tidy(text)
        said = self.said.setdefault(field, [])
        if not text or text in said:
            return
        said.append(text)
        if len(said) == 1:
            self.head[field] = Stated(text, line)
        elif field == "locale":
            self.flag(line, "mixed-locale", first=said[0][:20], other=text[:20])
        elif field in ("author", "licence"):
            self.head[field] = Stated(", ".join(said), self.head[field].line)

    def flag(self, line: int, code: str, **facts: Any) -> None:
        """Note a problem and go on."""
        problem = Problem(line, code, facts)
        if problem not in self.problems[-8:]:  # each cell of a row may say the same
            self.problems.append(problem)

    def note(self, line: int, code: str, **facts: Any) -> None:
        """Note what is left behind of a question that is taken all the same."""
        self.notes.append(Problem(line, code, facts))

    def refusal(self, line: int, code: str, **facts: Any) -> DeckError:
        """Return the error that ends the reading, with all that was noted before."""
        return DeckError(self.name, [*self.problems, Problem(line, code, facts)])

    def take(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows; raises `DeckError` (`too-many-rows`) as soon as there are too many."""
        taken: list[Row] = []
        for row in rows:
            if len(taken) == MOST_ROWS:
                raise self.refusal(row.line, "too-many-rows", limit=MOST_ROWS)
            taken.append(row)
        return taken

    def html(self, text: str, line: int) -> str:
        """Return what a reader of HTML sees; a picture or a sound is a problem, for it would be missed."""
        if has_media(text):
            self.flag(line, "media")
        return from_html(text)

    def theme(self, text: str, line: int) -> dict[str, Any]:
        """Return the field of a question's theme; one that is too long to be asked for is left behind."""
        if len(text) > LIMITS["theme"]:
            self.note(line, "theme-left", theme=text[:60], limit=LIMITS["theme"])
            return {}
        return {"theme": text} if text else {}

    def titled(self, title: str | None, stem: str) -> Stated:
        """Return the deck's title: the host's, else the file's, else the file's name in words."""
        if title is not None:
            return Stated(title, 1)
        if "title" in self.head:
            return self.head["title"]
        words = tidy(self.assumed.get("title") or stem.replace("_", " ").replace("-", " "))
        return Stated(shortened(words, LIMITS["title"]), 1)


def shortened(text: str, limit: int) -> str:
    """Return a text that was only guessed, cut to `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def multiple_choice(
    prompt: str, choices: Iterable[str], right: str, line: int, reading: Reading
) -> dict[str, Any] | None:
    """Return the fields of a question whose right choice is named by its text, or flag why there are none."""
    texts = list(choices)
    if not right:
        reading.flag(line, "no-answer")
        return None
    found = [at for at, text in enumerate(texts) if text == right]
    found = found or [at for at, text in enumerate(texts) if fold(text) == fold(right)]
    if len(found) != 1:
        reading.flag(line, "no-such-choice", value=right[:60])
        return None
    wrong = [text for at, text in enumerate(texts) if at != found[0]]
    return {"prompt": prompt} | chosen([texts[found[0]]], wrong)


def chosen(right: Sequence[str], wrong: Sequence[str]) -> dict[str, Any]:
    """Return the fields of an answer that is chosen: true or false, one right choice among others, or several."""
    if len(right) > 1:
        return {"answers": list(right)} | ({"wrong": list(wrong)} if wrong else {})
    truth = _TRUTHS.get((fold(right[0]), fold(wrong[0]))) if len(wrong) == 1 else None
    return {"answer": right[0], "wrong": list(wrong)} if truth is None else {"truth": truth}


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `suffixes` are in lower case with their dot; `write` is None where decks are only read.

    `kinds` are the kinds of question that can be written; `fields` what else of a question is, by its native name.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, Reading], list[Row]]
    write: Callable[[Deck], bytes] | None = None
    kinds: frozenset[Kind] = frozenset()
    fields: frozenset[str] = frozenset()
