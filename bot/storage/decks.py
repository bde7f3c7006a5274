"""SQL on decks that were imported, and on answers that hosts had remembered."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiosqlite
import orjson

from bot.storage.database import Database

_DECKS = "SELECT name, text, at FROM deck ORDER BY name"
_REMEMBERED = "SELECT deck, prompt, answer FROM remembered ORDER BY at, answer"


@dataclass(frozen=True, slots=True)
class DeckRow:
    """A deck as kept: a native file, unread."""

    name: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer that is right as well, to the question of a deck that asks `prompt`."""

    deck: str
    prompt: str
    answer: str


async def load(database: Database) -> tuple[list[DeckRow], list[Remembered]]:
    """Return every deck, and every remembered answer in the order they came."""
    decks, remembered = await database.rows(_DECKS), await database.rows(_REMEMBERED)
    return [DeckRow(*row) for row in decks], [Remembered(*row) for row in remembered]


def peek(path: Path) -> tuple[list[DeckRow], list[Remembered]]:
    """Return what `load` would, of a file that may be in use, be of an earlier version, or not be there at all."""
    if not path.is_file():
        return [], []
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            decks, remembered = (
                file.execute(_DECKS).fetchall(),
                file.execute(_REMEMBERED).fetchall(),
            )
    except sqlite3.Error:
        return [], []
    return [DeckRow(*row) for row in decks], [Remembered(*row) for row in remembered]


async def keep(transaction: aiosqlite.Connection, row: DeckRow, prompts: Iterable[str]) -> None:
    """Keep a deck, in place of the one of its name; what is about questions it does not ask goes."""
    await transaction.execute(
        "INSERT INTO deck (name, text, at) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET text = excluded.text, at = excluded.at",
        (row.name, row.text, row.at),
    )
    asked = orjson.dumps(list(prompts)).decode()
    for table in ("remembered", "signature"):
        await transaction.execute(
            f"DELETE FROM {table} WHERE deck = ? AND prompt NOT IN (SELECT value FROM json_each(?))",  # noqa: S608 (constants)
            (row.name, asked),
        )


async def drop(transaction: aiosqlite.Connection, name: str) -> bool:
    """Erase a deck and its signatures; return whether there was one."""
    rows = await transaction.execute_fetchall(
        "DELETE FROM deck WHERE name = ? RETURNING name", (name,)
    )
    return bool(list(rows))


async def remember(transaction: aiosqlite.Connection, row: Remembered, at: int) -> None:
    """Keep an answer; one that is kept already stays as it is."""
    await transaction.execute(
        "INSERT INTO remembered (deck, prompt, answer, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (row.deck, row.prompt, row.answer, at),
    )


async def forget(transaction: aiosqlite.Connection, rows: Iterable[Remembered]) -> None:
    """Erase answers."""
    await transaction.executemany(
        "DELETE FROM remembered WHERE deck = ? AND prompt = ? AND answer = ?",
        [(row.deck, row.prompt, row.answer) for row in rows],
    )
