"""Tables as spreadsheets write them: CSV and TSV, whatever their separator, and .xlsx with named columns.

A cell that a spreadsheet would take for a formula gets a "'" before it when we write, and loses it when we read.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.formats import spreadsheet
from bot.formats.columns import Column, Line, columns, unknown
from bot.formats.reading import Reading, Row
from bot.formats.rows import Table
from bot.formats.text import NotTextError, decimal, decode, literal, tidy
from games.deck import Deck
from games.deck_file import QUESTION_FIELDS
from games.question import TRUTHS, Question

DELIMITERS = ("\t", ";", ",", "|")
HEADER_WITHIN = 30
"""Lines among which the header is looked for."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_EXCEL = re.compile(r'"?sep=(.)"?\n', re.IGNORECASE)

HEADERS = {
    "fr": {
        "prompt": "question",
        "answer": "réponse",
        "accept": "autre réponse",
        "unlike": "à ne pas confondre",
        "wrong": "mauvaise réponse",
        "answers": "bonne réponse",
        "order": "ordre",
        "truth": "vrai ou faux",
        "number": "nombre",
        "hints": "indice",
        "explanation": "explication",
        "source": "source",
        "difficulty": "difficulté",
        "person": "personne",
        "image": "image",
        "alt": "texte alternatif",
        "work": "œuvre",
        "theme": "thème",
        "audience": "public",
        "author": "auteur de la question",
        "licence": "licence de la question",
    },
    "en": {
        "prompt": "question",
        "answer": "answer",
        "accept": "also accepted",
        "unlike": "not to be taken for",
        "wrong": "wrong answer",
        "answers": "right answer",
        "order": "order",
        "truth": "true or false",
        "number": "nearest number",
        "hints": "hint",
        "explanation": "explanation",
        "source": "source",
        "difficulty": "difficulty",
        "person": "person",
        "image": "image",
        "alt": "alternative text",
        "work": "work",
        "theme": "theme",
        "audience": "audience",
        "author": "question author",
        "licence": "question licence",
    },
}
"""The columns of a question by its fields, in their order; those of a list are numbered."""
ABOUT = {
    "fr": {"author": "auteur", "licence": "licence", "locale": "langue"},
    "en": {"author": "author", "licence": "licence", "locale": "language"},
}
"""The columns that say of the deck what they say in every row."""
_ALWAYS = ("prompt", "answer", "explanation", "source", "difficulty", "person")
_YES = {"fr": "oui", "en": "yes"}
_AUDIENCES = {
    "fr": {"children": "enfants", "teens": "ados", "adults": "adultes"},
    "en": {"children": "children", "teens": "teens", "adults": "adults"},
}


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions of a table; its header is found by the names of its columns."""
    if data.startswith(spreadsheet.ZIP):
        for sheet in spreadsheet.sheets(data, reading):
            header = _header(sheet)
            if header is not None:
                return _questions(sheet, *header, reading)
        raise reading.refusal(1, "no-header")
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    lines = _records(text, reading)
    header = _header(lines)
    if header is None:
        raise reading.refusal(1, "no-header")
    _flag_strays(lines, header[0], reading)
    return _questions(lines, *header, reading)


def _questions(lines: Sequence[Line], at: int, found: list[Column], reading: Reading) -> list[Row]:
    number, cells = lines[at]
    for name in unknown(cells, found):
        reading.flag(number, "unknown-column", column=name[:60])
    return reading.take(Table(found, reading, reading.html).rows(lines[at + 1 :]))


def _header(lines: Sequence[Line]) -> tuple[int, list[Column]] | None:
    """Return which line is the header, and its columns."""
    for at, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        found = columns(cells)
        if found is not None:
            return at, found
    return None


def _flag_strays(lines: Sequence[Line], at: int, reading: Reading) -> None:
    """Flag cells beyond the header: a separator inside a text without quotation marks has cut it."""
    named = {at for at, cell in enumerate(lines[at][1]) if tidy(cell)}
    for number, cells in lines[at + 1 :]:
        strays = (cell for at, cell in enumerate(cells) if at not in named)
        if any(tidy(cell) and not cell.strip().isdigit() for cell in strays):
            reading.flag(number, "stray-cell")


def _records(text: str, reading: Reading) -> list[Line]:
    """Return the records of a file with the lines they start on, told apart by the separator that makes sense."""
    excel = _EXCEL.match(text)
    skipped = 1 if excel else 0
    text = text[excel.end() :] if excel else text
    delimiter = excel[1] if excel else _delimiter(text)
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            lines.append((start + skipped, [_plain(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error as error:
        raise reading.refusal(start + skipped, "syntax") from error
    return lines


def recognises(text: str) -> bool:
    """Whether the first line names columns that we know."""
    line = text.lstrip("\n").partition("\n")[0]
    return any(columns(line.split(delimiter)) for delimiter in DELIMITERS)


def _delimiter(text: str) -> str:
    """Return the separator under which a header has most columns that we know."""

    def named(delimiter: str) -> int:
        head = io.StringIO(text, newline="")
        try:
            records = list(_first(csv.reader(head, delimiter=delimiter)))
        except csv.Error:
            return 0
        header = _header(records)
        return len(header[1]) if header else 0

    return max(DELIMITERS, key=named)


def _first(reader: Iterator[list[str]]) -> Iterator[Line]:
    for number in range(1, HEADER_WITHIN + 1):
        cells = next(reader, None)
        if cells is None:
            return
        yield number, cells


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def write(deck: Deck) -> bytes:
    """Return the deck as CSV, as a spreadsheet in its language opens it: title and description stay behind.

    Columns that no question fills are left out, but for the usual ones.
    """
    locale = deck.locale if deck.locale in HEADERS else "en"
    widths = {field: _width(deck, field) for field in HEADERS[locale]}
    about = [getattr(deck, field) for field in ABOUT[locale]]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if locale == "fr" else ",", lineterminator="\r\n")
    writer.writerow([*_names(widths, locale), *ABOUT[locale].values()])
    for question in deck.questions:
        cells = [
            cell for field in widths for cell in _cells(question, field, widths[field], locale)
        ]
        writer.writerow([_safe(cell) for cell in (*cells, *about)])
    return out.getvalue().encode("utf-8-sig")


def _width(deck: Deck, field: str) -> int:
    """Return how many columns a field needs: none when no question fills it."""
    values = [getattr(question, field) for question in deck.questions]
    if _is_list(field):
        return max(map(len, values), default=0)
    empty = ("", "all") if field == "audience" else ("", None)
    return int(field in _ALWAYS or any(value not in empty for value in values))


def _is_list(field: str) -> bool:
    return QUESTION_FIELDS[field] is list


def _names(widths: Mapping[str, int], locale: str) -> list[str]:
    names: list[str] = []
    for field, width in widths.items():
        name = HEADERS[locale][field]
        names += [f"{name} {n}" for n in range(1, width + 1)] if _is_list(field) else [name] * width
    return names


def _cells(question: Question, field: str, width: int, locale: str) -> list[str]:
    """Return what a question says in the columns of a field."""
    value = getattr(question, field)
    if _is_list(field):
        return [*value, *[""] * (width - len(value))]
    return [_cell(field, value, locale)] * width


def _cell(field: str, value: Any, locale: str) -> str:
    match field:
        case "truth":
            return "" if value is None else TRUTHS[locale][not value][0]
        case "number":
            return "" if value is None else decimal(value, locale)
        case "person":
            return _YES[locale] if value else ""
        case "audience":
            return _AUDIENCES[locale].get(value, "")
    return str(value)


def _safe(cell: str) -> str:
    cell = literal(cell)
    return f"'{cell}" if _FORMULA.match(cell) else cell
