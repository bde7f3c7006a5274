"""SQL on what is written down about meetings."""

from dataclasses import dataclass
from typing import Any, Literal, cast

import aiosqlite

from bot.storage.database import Database

Kind = Literal["point", "decision", "note"]
"""A point to talk about, what was decided, or a word to keep."""

_COLUMNS = "id, club_id, meeting_id, kind, text, done"


@dataclass(frozen=True, slots=True)
class Note:
    """Something written down about a meeting; of the club's next one when `meeting_id` is None."""

    id: int
    club_id: int
    meeting_id: int | None
    kind: Kind
    text: str
    done: bool = False


async def of_meeting(database: Database, meeting_id: int) -> list[Note]:
    """Return what is written down about a meeting, in order."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting_note WHERE meeting_id = ? ORDER BY id",  # noqa: S608
        (meeting_id,),
    )
    return [_note(row) for row in rows]


async def ahead(database: Database, club_id: int) -> list[Note]:
    """Return what is written down for a club's next meeting, in order."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting_note WHERE club_id = ? AND meeting_id IS NULL ORDER BY id",  # noqa: S608
        (club_id,),
    )
    return [_note(row) for row in rows]


async def one(database: Database, key: int) -> Note | None:
    """Return a note by its number."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM meeting_note WHERE id = ?", (key,))  # noqa: S608
    return _note(rows[0]) if rows else None


async def add(
    transaction: aiosqlite.Connection,
    club_id: int,
    meeting_id: int | None,
    kind: Kind,
    text: str,
    at: int,
) -> Note:
    """Write something down, and return it."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO meeting_note (club_id, meeting_id, kind, text, at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (club_id, meeting_id, kind, text, at),
    )
    return Note(key, club_id, meeting_id, kind, text)


async def adopt(transaction: aiosqlite.Connection, club_id: int, meeting_id: int) -> None:
    """Let what was written down for a club's next meeting be about this one."""
    await transaction.execute(
        "UPDATE meeting_note SET meeting_id = ? WHERE club_id = ? AND meeting_id IS NULL",
        (meeting_id, club_id),
    )


async def tick(transaction: aiosqlite.Connection, key: int, *, done: bool) -> bool:
    """Note whether a point was talked about; return False when there is no such point."""
    cursor = await transaction.execute(
        "UPDATE meeting_note SET done = ? WHERE id = ? AND kind = 'point'", (done, key)
    )
    return cursor.rowcount == 1


async def remove(transaction: aiosqlite.Connection, key: int) -> bool:
    """Erase a note; return False when there is no such."""
    cursor = await transaction.execute("DELETE FROM meeting_note WHERE id = ?", (key,))
    return cursor.rowcount == 1


def _note(row: Any) -> Note:
    key, club_id, meeting_id, kind, text, done = row
    return Note(key, club_id, meeting_id, cast("Kind", kind), text, bool(done))
