"""SQL on the books of clubs, and the steps of their lives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import aiosqlite

from bot.storage.books import Kept
from bot.storage.database import Database
from games.club import State, may_follow

_BOOK = (
    "SELECT club_book.id, club_book.club_id, title, author, club_book.state, pages, proposed_by"
    " FROM club_book JOIN work ON work.id = club_book.work_id"
    " LEFT JOIN edition ON edition.id = club_book.edition_id"
)


@dataclass(frozen=True, slots=True)
class Book:
    """A work on a club's shelf; `pages` are those of the edition that was named, `proposed_by` a person's id."""

    id: int
    club_id: int
    title: str
    author: str
    state: State
    pages: int | None = None
    proposed_by: int | None = None


async def of_club(database: Database, club_id: int) -> list[Book]:
    """Return a club's books, the oldest proposal first."""
    rows = await database.rows(
        f"{_BOOK} WHERE club_book.club_id = ? ORDER BY proposed_at, club_book.id", (club_id,)
    )
    return [_book(row) for row in rows]


async def some(database: Database, keys: Sequence[int]) -> dict[int, Book]:
    """Return these books, by number."""
    marks = ", ".join("?" * len(keys))
    rows = await database.rows(f"{_BOOK} WHERE club_book.id IN ({marks})", keys)
    return {row[0]: _book(row) for row in rows}


async def of_person(database: Database, person_id: int) -> list[tuple[str, str]]:
    """Return the (club, title) of everything that somebody proposes and that waits to be chosen."""
    rows = await database.rows(
        "SELECT club.name, work.title FROM club_book JOIN club ON club.id = club_book.club_id"
        " JOIN work ON work.id = club_book.work_id WHERE proposed_by = ? ORDER BY proposed_at",
        (person_id,),
    )
    return [(club, title) for club, title in rows]


async def steps(database: Database, book_id: int) -> list[tuple[State, int]]:
    """Return the states that a book entered and when, in order."""
    rows = await database.rows(
        "SELECT state, at FROM club_book_step WHERE book_id = ? ORDER BY id", (book_id,)
    )
    return [(state, at) for state, at in rows]


async def propose(
    transaction: aiosqlite.Connection,
    club_id: int,
    kept: Kept,
    proposed_by: int | None,
    at: int,
) -> int | None:
    """Put a work on a club's shelf, one put away included; return its number, or None when it stands there."""
    rows = await transaction.execute_fetchall(
        "INSERT INTO club_book (club_id, work_id, edition_id, state, proposed_by, proposed_at)"
        " VALUES (?, ?, ?, 'proposed', ?, ?) ON CONFLICT (club_id, work_id) DO UPDATE SET"
        " state = 'proposed', edition_id = COALESCE(excluded.edition_id, edition_id),"
        " proposed_by = excluded.proposed_by, proposed_at = excluded.proposed_at"
        " WHERE state = 'archived' RETURNING id",
        (club_id, kept.work_id, kept.edition_id, proposed_by, at),
    )
    key = next((int(key) for (key,) in rows), None)
    if key is not None:
        await _log(transaction, [(key, "proposed", at)])
    return key


async def move(
    transaction: aiosqlite.Connection, books: Iterable[tuple[int, State]], to: State, at: int
) -> list[int]:
    """Move books (each with the state it is thought to be in) to another; return those that were moved.

    Who proposed a book is forgotten once it waits no more.

    Raises:
        ValueError: for a step that no book takes.
    """
    moved: list[int] = []
    for key, state in books:
        if not may_follow(state, to):
            raise ValueError(f"a book that is {state} does not become {to}")
        cursor = await transaction.execute(
            "UPDATE club_book SET state = ?1,"
            " proposed_by = CASE WHEN ?1 IN ('proposed', 'voting') THEN proposed_by END"
            " WHERE id = ?2 AND state = ?3",
            (to, key, state),
        )
        if cursor.rowcount == 1:
            moved.append(key)
    await _log(transaction, [(key, to, at) for key in moved])
    return moved


async def _log(transaction: aiosqlite.Connection, rows: Iterable[tuple[int, State, int]]) -> None:
    await transaction.executemany(
        "INSERT INTO club_book_step (book_id, state, at) VALUES (?, ?, ?)", rows
    )


def _book(row: Sequence[Any]) -> Book:
    key, club_id, title, author, state, pages, proposed_by = row
    return Book(key, club_id, title, author, cast("State", state), pages, proposed_by)
