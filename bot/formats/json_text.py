"""JSON whose objects know their line, with keys folded: files come with and without accents in them."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from bot.formats.reading import Reading
from bot.formats.text import NotTextError, decode
from games.matching import fold

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}]', re.DOTALL)


class Object(dict[str, Any]):
    """A JSON object; `line` is where it opens."""

    __slots__ = ("line",)

    def __init__(self, pairs: list[tuple[str, Any]], line: int) -> None:
        super().__init__((fold(key), value) for key, value in pairs)
        self.line = line

    def text(self, key: str) -> str:
        """Return a field as text: numbers are written out, anything else is none."""
        value = self.get(key)
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return ""
        return str(value)

    def texts(self, key: str) -> list[str]:
        """Return a list of texts; empty when there is no list."""
        value = self.get(key)
        if not isinstance(value, list):
            return []
        return [str(item) for item in value if isinstance(item, (str, int, float))]


def load(data: bytes, reading: Reading) -> Any:
    """Return what a JSON file holds; raises `DeckError` with the line that cannot be read."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    starts = _starts(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=lambda pairs: Object(pairs, next(starts, 1)),
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:  # also: a number of 5,000 digits, 5,000 brackets
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise reading.refusal(line, "syntax") from error


def numbered(objects: Any) -> list[tuple[int, Object]]:
    """Return the objects of a list with their lines, or with their numbers when they share one line."""
    found = [item for item in objects if isinstance(item, Object)]
    shared = len({item.line for item in found}) < len(found)
    return [(at if shared else item.line, item) for at, item in enumerate(found, 1)]


def _starts(text: str) -> Iterator[int]:
    """Yield the line on which each object opens, in the order in which they close: as the hook sees them."""
    line, at, opened = 1, 0, list[int]()
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            line += text.count("\n", at, token.start())
            at = token.start()
            opened.append(line)
        elif token[0] == "}" and opened:
            yield opened.pop()


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
