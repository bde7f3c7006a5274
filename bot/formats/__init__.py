"""Decks from elsewhere, and decks for elsewhere: one module for each kind of file, one way in, one way out.

Pure and synchronous: bytes go in, a deck or a `DeckError` comes out. What makes a good question is decided in
`games.deck` alone: whatever was read is written as a native deck, read there, and its lines are led back to the file.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import get_args

from bot.decks import picture_problem
from bot.formats import (
    aiken,
    anki,
    gift,
    kahoot,
    native,
    openquizzdb,
    opentdb,
    red,
    spreadsheet,
    table,
)
from bot.formats.reading import LARGEST_FILE, UNKNOWN, Format, Reading, Row, Stated
from bot.formats.text import decimal
from games.deck import Deck, DeckError, Problem, read_deck
from games.deck_file import QUESTION_FIELDS, is_picture_name
from games.matching import fold
from games.question import Kind, Question

__all__ = [
    "FORMATS",
    "Format",
    "Imported",
    "Reading",
    "Row",
    "export_deck",
    "guess_format",
    "import_deck",
    "left_behind",
]

_EVERY_KIND: frozenset[Kind] = frozenset(get_args(Kind))
_EVERY_FIELD = frozenset(QUESTION_FIELDS)

FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        one.name: one
        for one in (
            Format("native", (".toml",), native.read, native.write, _EVERY_KIND, _EVERY_FIELD),
            Format(
                "csv",
                (".csv", ".tsv", ".xlsx"),
                table.read,
                table.write,
                _EVERY_KIND,
                _EVERY_FIELD,
            ),
            Format("kahoot", (".xlsx",), kahoot.read),
            Format("openquizzdb", (".json",), openquizzdb.read),
            Format("opentdb", (".json",), opentdb.read),
            Format(
                "gift",
                (".gift", ".txt"),
                gift.read,
                gift.write,
                _EVERY_KIND - {"order"},
                frozenset({"unlike", "explanation"}),
            ),
            Format("aiken", (".aiken", ".txt"), aiken.read),
            Format("anki", (".txt",), anki.read),
            Format("red", (".yaml", ".yml"), red.read, red.write, frozenset({"text", "truth"})),
        )
    }
)
"""Every kind of file by its name, as a host types it."""

Pictures = Callable[[str], bytes | None]
"""From a picture's name to its file, None when there is none of that name."""

_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Imported:
    """A deck from a file.

    `duplicates` are the questions that stood in it twice: only the first of each is in the deck. `notes` say what of a
    question was left behind without harm.
    """

    deck: Deck
    format: str
    duplicates: tuple[Problem, ...]
    notes: tuple[Problem, ...] = ()


def import_deck(
    data: bytes,
    name: str,
    *,
    format: str | None = None,  # noqa: A002 (what a host calls it)
    locale: str = "fr",
    title: str | None = None,
    licence: str | None = None,
    pictures: Pictures = lambda _: None,
) -> Imported:
    """Return the deck that a file holds, whole.

    `name` is the file's; its stem names the deck. The format is guessed when None. `locale` and `licence` hold when the
    file states none of its own, `title` always. `pictures` gives the picture files that stand beside it: a question
    with one that is not there is refused.

    Raises:
        DeckError: with every problem found, at its line or row.
    """
    if len(data) > LARGEST_FILE * 1_000_000:
        raise DeckError(name, [Problem(1, "too-big", {"limit": LARGEST_FILE})])
    chosen = format or guess_format(data, name)
    if chosen is None or chosen not in FORMATS:
        raise DeckError(name, [Problem(1, "unknown-format", {"known": ", ".join(FORMATS)})])
    reading = Reading(name, locale)
    rows, duplicates = _once(FORMATS[chosen].read(data, reading))
    if not rows:
        if not reading.problems:
            reading.flag(1, "no-question")
        raise DeckError(name, reading.problems)
    stem = PurePath(name.replace("\\", "/")).stem
    reading.problems += _picture_problems(rows, pictures)
    deck = _judged(rows, _head(reading, stem, title, licence), stem, reading)
    return Imported(deck, chosen, tuple(duplicates), tuple(reading.notes))


def export_deck(deck: Deck, format: str) -> bytes:  # noqa: A002 (what a host calls it)
    """Return the deck as a file; raises `DeckError` when the format is not written, or cannot hold a question."""
    known = FORMATS.get(format)
    if known is None or known.write is None:
        written = ", ".join(one.name for one in FORMATS.values() if one.write)
        raise DeckError(
            deck.name, [Problem(1, "no-export", {"format": format[:60], "known": written})]
        )
    bad = [
        Problem(number, "cannot-hold", {"format": format, "number": number, "what": what})
        for number, question in enumerate(deck.questions, 1)
        if (what := _beyond(question, known))
    ]
    if bad:
        raise DeckError(deck.name, bad)
    return known.write(deck)


def _beyond(question: Question, known: Format) -> str:
    """Return what of a question a format cannot do without and has no place for, or nothing."""
    if question.kind not in known.kinds:
        return question.kind
    return "picture" if question.image and "image" not in known.fields else ""


def left_behind(deck: Deck, format: str) -> tuple[Problem, ...]:  # noqa: A002 (what a host calls it)
    """Return for each question what a file of a format that can hold it says less of it: `fields`, by native names."""
    kept = FORMATS[format].fields
    lost = [(number, _lost(question, kept)) for number, question in enumerate(deck.questions, 1)]
    return tuple(
        Problem(number, "left-behind", {"number": number, "fields": ", ".join(names)})
        for number, names in lost
        if names
    )


def _lost(question: Question, kept: frozenset[str]) -> list[str]:
    given = native.fields_of(question)
    if question.kind in ("text", "choice") or question.answer == decimal(
        question.number or 0, "en"
    ):
        given.pop("answer")  # what is right, rather than how it is shown
    return [name for name in given if name not in _ASKED | kept]


_ASKED = {"prompt", "accept", "wrong", "answers", "order", "truth", "number"}
"""The fields that ask and say what is right."""


def guess_format(data: bytes, name: str) -> str | None:
    """Return the format that a file's name and first lines suggest, or None."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith((spreadsheet.ZIP, spreadsheet.OLD)):
        return _guess_sheet(data, name)
    sample = data[:_SAMPLE].decode("utf-8", "replace").lstrip("\ufeff")
    if re.match(r"#(separator|html|columns|notetype|deck|tags|guid column):", sample):
        return "anki"
    for one in FORMATS.values():
        if suffix in one.suffixes and suffix not in (".json", ".txt", ".xlsx"):
            return one.name
    if suffix == ".xlsx":
        return "kahoot"
    return _guess_text(sample, typed=suffix == ".txt")


def _guess_sheet(data: bytes, name: str) -> str:
    """Return whether a workbook is Kahoot's or a plain table; one that cannot be read is refused later, with why."""
    try:
        sheets = spreadsheet.sheets(data, Reading(name, ""))
    except DeckError:
        return "kahoot"
    return "kahoot" if any(kahoot.header(sheet) for sheet in sheets) else "csv"


def _guess_text(sample: str, *, typed: bool) -> str | None:
    if sample.lstrip()[:1] in ("{", "["):
        if re.search(r'"(incorrect_answers|correct_answer|response_code)"', sample):
            return "opentdb"
        return "openquizzdb" if re.search(r'"(quizz|fournisseur)"', sample) else None
    if table.recognises(sample):
        return "csv"
    if aiken.recognises(sample):
        return "aiken"
    if re.search(r"(?<!\\)\{[^{}]*\}", sample):
        return "gift"
    return "anki" if typed and "\t" in sample else None


def _picture_problems(rows: list[Row], pictures: Pictures) -> list[Problem]:
    """Return what is wrong with the pictures that are files beside the one that is read."""
    images = ((row, row.fields.get("image")) for row in rows)
    found = (
        picture_problem(image, pictures(image), row.line)
        for row, image in images
        if isinstance(image, str) and is_picture_name(image)
    )
    return [problem for problem in found if problem is not None]


def _once(rows: list[Row]) -> tuple[list[Row], list[Problem]]:
    """Return each question's first row, and a problem for each that comes again."""
    seen: dict[str, int] = {}
    kept: list[Row] = []
    again: list[Problem] = []
    for row in rows:
        prompt = fold(row.fields.get("prompt", ""))
        if prompt in seen:
            again.append(Problem(row.line, "duplicate", {"first": seen[prompt]}))
            continue
        if prompt:
            seen[prompt] = row.line
        kept.append(row)
    return kept, again


def _head(reading: Reading, stem: str, title: str | None, licence: str | None) -> dict[str, Stated]:
    """Return what the deck says of itself: the file's word, else the host's, else what its format stands for."""
    head = {"title": reading.titled(title, stem)} | reading.head
    head["title"] = reading.titled(title, stem)
    head.setdefault("locale", Stated(reading.asked, 1))
    fallback = licence or reading.assumed.get("licence", UNKNOWN)
    head.setdefault("licence", Stated(fallback, 1))
    if author := reading.assumed.get("author"):
        head.setdefault("author", Stated(author, 1))
    return head


def _judged(rows: list[Row], head: dict[str, Stated], stem: str, reading: Reading) -> Deck:
    """Return the deck if `games.deck` takes it and the reader had nothing to flag."""
    whole = [row for row in rows if not _broken(row, reading)]
    if not whole:
        raise DeckError(reading.name, reading.problems)
    written = native.write_rows(head, whole)
    problems = reading.problems
    try:
        deck = read_deck(written.text, f"{stem}.toml")
    except DeckError as error:
        problems = [*problems, *(_at_home(p, written) for p in error.problems)]
    if problems:
        raise DeckError(reading.name, problems)
    return deck


def _broken(row: Row, reading: Reading) -> bool:
    """Flag half characters, which JSON can spell and no file can hold."""
    for name, value in row.fields.items():
        texts = value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and re.search("[\ud800-\udfff]", text) for text in texts):
            reading.flag(row.line, "control", field=name)
            return True
    return False


def _at_home(problem: Problem, written: native.Written) -> Problem:
    """Return a problem of the native deck at the line of the file that it came from."""
    at = problem.line - 1
    line = written.origin[at] if at < len(written.origin) else 1
    return Problem(line, problem.code, problem.facts)
