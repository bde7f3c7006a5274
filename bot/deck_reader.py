"""Reading a file that somebody sent, in a process of its own: however bad the file, the bot goes on.

The process is this module run as a program. It knows no secret, reads one file, and is ended when its time is over.
What it hands back is a deck that was checked, or what is wrong with the file. The readers of foreign files are imported
there alone: they bring libraries that the running bot has no use for.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from games.core import Refusal
from games.deck import Deck, DeckError, Problem, read_deck
from games.matching import fold

if TYPE_CHECKING:
    from bot.formats import Imported

PATIENCE = 20.0
"""Seconds that reading one file may take; the largest that is taken needs two."""

MOST_PROBLEMS = 2000
"""Problems of one file that are handed back; more would help nobody, and fit into no message."""

MEMORY = 1 << 30
"""Bytes that reading one file may take, where the system can bound it."""


class ReaderError(Exception):
    """The process ended without an answer; `args` holds its exit code."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A deck from a file: what was left behind, the line of each question, and whether it says its licence."""

    deck: Deck
    remarks: tuple[Problem, ...]
    lines: tuple[int, ...]
    licensed: bool = True


class DeckReader:
    """Reads files one after the other, so that many sent at once take no more than one."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = asyncio.Lock()

    async def read(self, data: bytes, name: str, format: str | None, locale: str) -> Taken:  # noqa: A002 (what a host calls it)
        """Return the deck that a file holds; see `bot.formats.import_deck`.

        Raises:
            DeckError: with every problem found, at its line or row.
            Refusal: `file-too-slow`.
            ReaderError: the reader itself is at fault.
        """
        asked = {"name": name, "format": format, "locale": locale}
        async with self._lock:
            answer = await self._answer(json.dumps(asked).encode() + b"\n" + data)
        if "problems" in answer:
            raise DeckError(name, _problems(answer["problems"]))
        deck = await asyncio.to_thread(read_deck, answer["deck"], PurePath(name).stem)
        remarks = tuple(_problems(answer["remarks"]))
        return Taken(deck, remarks, tuple(answer["lines"]), answer["licensed"])

    async def _answer(self, sent: bytes) -> Mapping[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", __name__),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_around(),
        )
        try:
            async with asyncio.timeout(self._patience):
                answer, _ = await process.communicate(sent)
        except TimeoutError as error:
            raise Refusal("file-too-slow") from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            raise ReaderError(process.returncode)
        found: Mapping[str, Any] = json.loads(answer)
        return found


def _around() -> dict[str, str]:
    """Return the environment of the process: where the code is, and nothing that is secret."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}


def _problems(rows: list[tuple[int, str, Mapping[str, Any]]]) -> list[Problem]:
    return [Problem(line, code, facts) for line, code, facts in rows]


# --- The process ----------------------------------------------------------------------------------------------


def main() -> None:
    """Read what was asked and the file from standard input, and write the answer to standard output."""
    _bound()
    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    try:
        answer = _read(data, **json.loads(head))
    except DeckError as error:
        answer = {"problems": _rows(error.problems[:MOST_PROBLEMS])}
    # Half characters, which JSON can spell and no chat can show, become question marks.
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"))


def _bound() -> None:
    """Bound this process, where the system can, in case nobody is left to end it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (round(PATIENCE), round(PATIENCE) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(data: bytes, name: str, format: str | None, locale: str) -> dict[str, Any]:  # noqa: A002 (what a host calls it)
    from bot.formats import export_deck, import_deck
    from bot.formats.reading import UNKNOWN

    imported = import_deck(data, name, format=format, locale=locale)
    return {
        "deck": export_deck(imported.deck, "native").decode(),
        "remarks": _rows((*imported.duplicates, *imported.notes)),
        "lines": _lines(imported, data, name, locale),
        "licensed": imported.deck.licence != UNKNOWN,
    }


def _lines(imported: "Imported", data: bytes, name: str, locale: str) -> list[int]:
    """Return the line of each question; the readers know them, the deck no longer does."""
    from bot.formats import FORMATS, Reading

    found: dict[str, int] = {}
    for row in FORMATS[imported.format].read(data, Reading(name, locale)):
        found.setdefault(fold(row.fields.get("prompt", "")), row.line)
    return [found.get(fold(question.prompt), 1) for question in imported.deck.questions]


def _rows(problems: tuple[Problem, ...]) -> list[tuple[int, str, Mapping[str, Any]]]:
    return [(problem.line, problem.code, dict(problem.facts)) for problem in problems]


if __name__ == "__main__":
    main()
