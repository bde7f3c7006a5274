"""The native format (TOML): a deck written so that `games.deck.read_deck` reads the same deck."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from typing import Any

from bot.formats.reading import HEAD, Reading, Row, Stated
from bot.formats.text import NotTextError, decode
from games.deck import Deck, read_deck
from games.deck_file import QUESTION_FIELDS
from games.question import Question

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]')
_DEFAULTS = {f.name: f.default for f in fields(Question) if f.default is not MISSING}


@dataclass(frozen=True, slots=True)
class Written:
    """A deck as TOML. `origin[n]` is the line of the first file that line n (from 0) was made of."""

    text: str
    origin: tuple[int, ...]


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions of a native file; raises what `read_deck` raises."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "unreadable") from error
    deck = read_deck(text, reading.name)
    for name in HEAD:
        reading.state(name, getattr(deck, name), 1)
    starts = [
        number
        for number, line in enumerate(text.split("\n"), 1)
        if re.match(r"\s*\[\[\s*question\s*\]\]", line)
    ]
    lines = starts if len(starts) == len(deck.questions) else [1] * len(deck.questions)
    return [Row(line, fields_of(q)) for line, q in zip(lines, deck.questions, strict=True)]


def write(deck: Deck) -> bytes:
    """Return the deck as a native file."""
    head = {name: Stated(getattr(deck, name), 1) for name in HEAD}
    rows = [Row(number, fields_of(q)) for number, q in enumerate(deck.questions, 1)]
    return write_rows(head, rows).text.encode()


def fields_of(question: Question) -> dict[str, Any]:
    """Return what a native file says of a question: nothing that has its default."""
    given = {name: getattr(question, name) for name in QUESTION_FIELDS}
    return {k: v for k, v in given.items() if k not in _DEFAULTS or v != _DEFAULTS[k]}


def write_rows(head: Mapping[str, Stated], rows: Iterable[Row]) -> Written:
    """Return rows as TOML, one field a line, be they right or wrong: `read_deck` is the judge."""
    written = [(stated.line, _field(name, stated.text)) for name, stated in head.items()]
    for row in rows:
        written += [(row.line, ""), (row.line, "[[question]]")]
        written += [(row.line, _field(name, value)) for name, value in row.fields.items()]
    text = "".join(f"{line}\n" for _, line in written)
    return Written(text, tuple(line for line, _ in written))


def _field(name: str, value: Any) -> str:
    return f"{name} = {_value(value)}"


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return repr(value)
        case str():
            return f'"{_SPECIAL.sub(_escape, value)}"'
        case Sequence():
            return f"[{', '.join(_value(item) for item in value)}]"
    raise TypeError(type(value).__name__)


def _escape(char: re.Match[str]) -> str:
    return _ESCAPES.get(char[0]) or f"\\u{ord(char[0]):04x}"
