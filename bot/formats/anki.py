"""Notes as Anki exports them to text: a question, its answer, perhaps a remark, with or without its `#` headers."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.formats.columns import column
from bot.formats.reading import Reading, Row
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
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=export.separator, strict=True)
    except (TypeError, ValueError) as error:
        raise reading.refusal(1, "not-this-format", format="anki") from error
    line = skipped + 1
    try:
        for cells in reader:
            if any(tidy(cell) for cell in cells):
                fields = _fields(cells, line, export, reading)
                if fields is not None:
                    yield Row(line, fields)
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise reading.refusal(line, "syntax") from error


def _fields(
    cells: list[str], line: int, export: _Export, reading: Reading
) -> dict[str, Any] | None:
    if any(_CLOZE.search(cell) for cell in cells):
        reading.flag(line, "cloze")
        return None
    if export.html and any(_SOUND.search(cell) for cell in cells):
        reading.flag(line, "media")
    own = [(at, cell) for at, cell in enumerate(cells) if at not in export.beside]
    fields: dict[str, Any] = {}
    for place, (at, cell) in enumerate(own):
        text = reading.html(cell, line) if export.html else tidy(cell)
        role = _role(at, place, export)
        if text and role is None:
            reading.flag(line, "stray-cell")
            return None
        if text and role:
            fields.setdefault(role, text)
    if "answer" not in fields:
        reading.flag(line, "no-answer")
        return None
    return fields


def _role(at: int, place: int, export: _Export) -> str | None:
    """Return what a column holds: by its name if the file names it as we do, else by its place."""
    named = column(at, export.names[at]) if at < len(export.names) else None
    if named is not None and named.role in (*_FIELDS, "source"):
        return named.role
    return _FIELDS[place] if place < len(_FIELDS) else None
