"""Notes as Anki exports them to text: a question, its answer, perhaps a remark, with or without its `#` headers.

Fields that its headers name as a table would (bot/formats/columns.py) are taken as a table's.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.formats.columns import Column, Line, column
from bot.formats.reading import Reading, Row
from bot.formats.rows import Table
from bot.formats.text import NotTextError, decode, tidy

_HEADER = re.compile(r"#([a-z ]+):(.*)", re.IGNORECASE)
_SEPARATORS = {
    "tab": "\t",
    "\\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "space": " ",
    "pipe": "|",
    "colon": ":",
}
_GUESSED = ("\t", "|", ";", ",", ":")
_FIELDS = ("prompt", "answer", "explanation")
_SOUND = re.compile(r"\[sound:[^\[\]]*\]", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c\d+::")


@dataclass(slots=True)
class _Export:
    """What the headers say. `beside` are the columns of Anki's own: tags, deck, note type, identifier."""

    separator: str = ""
    html: bool = True
    names: list[str] = field(default_factory=list)
    beside: set[int] = field(default_factory=set)


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the notes as questions, front to back."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    export = _Export()
    lines = text.split("\n")
    start = 0
    while start < len(lines) and lines[start].lstrip().startswith(("#", "tags:")):
        if found := _HEADER.fullmatch(lines[start].strip()[:300]):
            _note(export, found[1].lower(), found[2], reading)
        start += 1
    export.separator = export.separator or _guess(lines[start:])
    return reading.take(_rows("\n".join(lines[start:]), start, export, reading))


def _note(export: _Export, key: str, value: str, reading: Reading) -> None:
    if key == "separator":
        word = value.strip().lower()
        export.separator = _SEPARATORS.get(word) or (value.strip(" ") or value)[:1]
    elif key == "html":
        export.html = value.strip().lower() != "false"
    elif key == "columns":
        export.names = [tidy(name) for name in value.split(export.separator or "\t")]
    elif key == "deck":
        reading.assumed["title"] = tidy(value).rpartition("::")[2]
    elif key.endswith(" column") and value.strip().isdecimal():
        export.beside.add(int(value.strip()[:4]) - 1)


def _guess(lines: list[str]) -> str:
    first = next((line for line in lines if line.strip()), "")
    return next((mark for mark in _GUESSED if mark in first), "\t")


def _rows(text: str, skipped: int, export: _Export, reading: Reading) -> Iterator[Row]:
    found = _columns(export)
    known = export.beside.union(one.index for one in found)
    table = Table(found, reading, reading.html if export.html else lambda cell, _: tidy(cell))
    lines = _lines(text, skipped, export, reading)
    yield from table.rows(line for line in lines if _fit(line, known, export, reading))


def _columns(export: _Export) -> list[Column]:
    """Return what columns hold: by name where the file names them as a table would, else by their place."""
    most = len(export.names) + len(export.beside) + len(_FIELDS)
    own = [at for at in range(most) if at not in export.beside]
    found: list[Column] = []
    for place, at in enumerate(own):
        named = column(at, export.names[at]) if at < len(export.names) else None
        if named is not None and named.role:
            found.append(named)
        elif place < len(_FIELDS):
            found.append(Column(at, _FIELDS[place], None))
    return found


def _lines(text: str, skipped: int, export: _Export, reading: Reading) -> Iterator[Line]:
    """Yield the notes with the lines they start on."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=export.separator, strict=True)
    except (TypeError, ValueError) as error:
        raise reading.refusal(1, "not-this-format", format="anki") from error
    line = skipped + 1
    try:
        for cells in reader:
            if any(tidy(cell) for cell in cells):
                yield line, cells
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise reading.refusal(line, "syntax") from error


def _fit(note: Line, known: set[int], export: _Export, reading: Reading) -> bool:
    """Return whether a note is a question and its answer, or flag why it is none."""
    line, cells = note
    if any(_CLOZE.search(cell) for cell in cells):
        reading.flag(line, "cloze")
        return False
    if export.html and any(_SOUND.search(cell) for cell in cells):
        reading.flag(line, "media")
    if any(at not in known and tidy(cell) for at, cell in enumerate(cells)):
        reading.flag(line, "stray-cell")
        return False
    return True
