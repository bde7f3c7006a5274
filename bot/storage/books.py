"""SQL on works, their editions, and ISBNs that no catalogue knew."""

from dataclasses import dataclass
from typing import Literal

import aiosqlite

from bot.storage.database import Database

Source = Literal["hand", "bnf", "openlibrary"]
"""Who says what an edition is: a member, or a catalogue."""


@dataclass(frozen=True, slots=True)
class Details:
    """A book as a member or a catalogue describes it; only the title is always there.

    `isbn` has thirteen digits, `language` three letters (ISO 639-2).
    """

    title: str
    author: str = ""
    isbn: str = ""
    publisher: str = ""
    year: int | None = None
    language: str = ""
    pages: int | None = None
    source: Source = "hand"


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition that is known, by its number and its work's."""

    id: int
    work_id: int
    details: Details


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a book is kept: its work, and its edition where one is known."""

    work_id: int
    edition_id: int | None


async def of_isbn(database: Database, isbn: str) -> list[Edition]:
    """Return what is known of an ISBN: what a catalogue said, then what members typed, the latest first."""
    rows = await database.rows(
        "SELECT edition.id, work_id, title, author, isbn, publisher, year, language, pages, source"
        " FROM edition JOIN work ON work.id = work_id WHERE isbn = ?"
        " ORDER BY source = 'hand', edition.id DESC",
        (isbn,),
    )
    return [Edition(key, work, Details(*row)) for key, work, *row in rows]


async def titled(database: Database, title_key: str) -> list[tuple[int, str]]:
    """Return (id, author key) of the works with a title, in the order in which they came."""
    rows = await database.rows(
        "SELECT id, author_key FROM work WHERE title_key = ? ORDER BY id", (title_key,)
    )
    return [(key, author) for key, author in rows]


async def add_work(
    transaction: aiosqlite.Connection, details: Details, keys: tuple[str, str], at: int
) -> int:
    """Insert a work, with its title and author as they are compared, and return its number."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO work (title, author, title_key, author_key, added_at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (details.title, details.author, *keys, at),
    )
    return int(key)


async def name_author(
    transaction: aiosqlite.Connection, key: int, author: str, folded: str
) -> None:
    """Note who wrote a work that was known without its author."""
    await transaction.execute(
        "UPDATE work SET author = ?, author_key = ? WHERE id = ? AND author_key = ''",
        (author, folded, key),
    )


async def add_edition(
    transaction: aiosqlite.Connection, work_id: int, details: Details, at: int
) -> int:
    """Insert an edition and return its number; a catalogue describes each ISBN once."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO edition (work_id, isbn, publisher, year, language, pages, source, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            work_id,
            details.isbn or None,
            details.publisher,
            details.year,
            details.language,
            details.pages,
            details.source,
            at,
        ),
    )
    return int(key)


async def asked(database: Database, isbn: str, since: int) -> bool:
    """Return whether every catalogue was asked for an ISBN since then, and none knew it."""
    rows = await database.rows(
        "SELECT 1 FROM isbn_unknown WHERE isbn = ? AND asked_at >= ?", (isbn, since)
    )
    return bool(rows)


async def note_unknown(transaction: aiosqlite.Connection, isbn: str, at: int) -> None:
    """Note that no catalogue knows an ISBN."""
    await transaction.execute(
        "INSERT INTO isbn_unknown (isbn, asked_at) VALUES (?, ?)"
        " ON CONFLICT (isbn) DO UPDATE SET asked_at = excluded.asked_at",
        (isbn, at),
    )


async def forget_unknown(transaction: aiosqlite.Connection, before: int) -> None:
    """Forget which ISBNs were unknown before then: a catalogue may have them by now."""
    await transaction.execute("DELETE FROM isbn_unknown WHERE asked_at < ?", (before,))
