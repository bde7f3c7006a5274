"""Kahoot's spreadsheet. Its header is found by how it is built, so in whatever language the template was downloaded:
the question, the answers numbered from 1, the time limit, the numbers of the right answers.
"""

import re
from collections.abc import Sequence

from bot.formats import spreadsheet
from bot.formats.columns import Cells, Column, Line
from bot.formats.reading import Reading, Row
from bot.formats.rows import Table
from bot.formats.text import tidy

HEADER_WITHIN = 30
_ANSWER = re.compile(r"(\D*)([1-6])\b")
_TIME = re.compile(r"\d+\D+\d+\D+\d+|\(\s*se?[ck]|\(\s*s\s*\)", re.IGNORECASE)


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions of the first sheet with Kahoot's header."""
    for sheet in spreadsheet.sheets(data, reading):
        found = header(sheet)
        if found is not None:
            at, columns = found
            table = Table(columns, reading, lambda text, _: tidy(text))
            return reading.take(table.rows(sheet[at + 1 :]))
    raise reading.refusal(1, "not-this-format", format="kahoot")


def header(lines: Sequence[Line]) -> tuple[int, list[Column]] | None:
    """Return which line is Kahoot's header, and its columns."""
    for at, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        columns = _columns(cells)
        if columns is not None:
            return at, columns
    return None


def _columns(cells: Cells) -> list[Column] | None:
    named = [
        (at, tidy(cell)[:200])
        for at, cell in enumerate(cells)
        if isinstance(cell, str) and tidy(cell)
    ]
    for first in range(1, len(named)):
        answers = _run(named[first:])
        after = named[first + len(answers) :][:2]
        if len(answers) >= 2 and len(after) == 2 and _TIME.search(after[0][1]):
            choices = [Column(at, "choice", number) for number, at in enumerate(answers)]
            prompt, right = named[first - 1][0], after[1][0]
            return [Column(prompt, "prompt", None), *choices, Column(right, "number", None)]
    return None


def _run(named: Sequence[tuple[int, str]]) -> list[int]:
    """Return the columns from here on that bear one name and count from 1."""
    run: list[int] = []
    name = None
    for at, text in named:
        found = _ANSWER.match(text)
        if found is None or int(found[2]) != len(run) + 1 or name not in (None, found[1]):
            break
        name = found[1]
        run.append(at)
    return run
