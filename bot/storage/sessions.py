"""SQL on sessions, their journals and the messages they posted."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiosqlite
import orjson

from bot.storage.database import Database

_COLUMNS = (
    "id, room_id, activity, title, options, seed, started_at, ended_at, paused, clock_us, saved_at"
)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as kept; `clock_us` is its session time when it was last saved."""

    id: int
    room_id: int
    activity: str
    title: str
    options: dict[str, Any]
    seed: int
    started_at: int
    ended_at: int | None
    paused: bool
    clock_us: int
    saved_at: int


JournalRow = tuple[int, int, int, str, int | None, str | None, str | None]
"""session id, sequence number, session time in microseconds, play, person id, platform, body."""


async def highest(database: Database) -> int:
    """Return the highest session id ever given."""
    rows = await database.rows("SELECT COALESCE(MAX(id), 0) FROM session")
    return int(rows[0][0])


async def add(transaction: aiosqlite.Connection, row: SessionRow) -> None:
    """Insert a session that starts. One that no run could find again ends here, unsettled, and frees its room."""
    await transaction.execute(
        "UPDATE session SET ended_at = ?, announced = 1 WHERE room_id = ? AND ended_at IS NULL",
        (row.started_at, row.room_id),
    )
    await transaction.execute(
        f"INSERT INTO session ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (constant)
        (
            row.id,
            row.room_id,
            row.activity,
            row.title,
            orjson.dumps(row.options).decode(),
            row.seed,
            row.started_at,
            row.ended_at,
            row.paused,
            row.clock_us,
            row.saved_at,
        ),
    )


async def unfinished(database: Database) -> list[int]:
    """Return the ids of sessions that run, and of those that ended without their end being announced."""
    rows = await database.rows("SELECT id FROM session WHERE announced = 0 ORDER BY id")
    return [key for (key,) in rows]


async def one(database: Database, key: int) -> SessionRow | None:
    """Return one session."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM session WHERE id = ?", (key,))  # noqa: S608 (constant)
    return _session(rows[0]) if rows else None


async def last_ended(database: Database, room_id: int, activity: str) -> int | None:
    """Return the room's last session of an activity that ended and still has its journal."""
    rows = await database.rows(
        "SELECT id FROM session WHERE room_id = ? AND activity = ? AND ended_at IS NOT NULL"
        " AND options != '{}' ORDER BY ended_at DESC, id DESC LIMIT 1",
        (room_id, activity),
    )
    return int(rows[0][0]) if rows else None


async def was_started(database: Database, room_id: int, planned: int, since: int) -> bool:
    """Whether what was due under this number started a session in a room, not before `since` (microseconds)."""
    rows = await database.rows(
        "SELECT 1 FROM session WHERE room_id = ? AND started_at >= ?"
        " AND json_extract(options, '$.planned') = ? LIMIT 1",
        (room_id, since, planned),
    )
    return bool(rows)


def _session(row: Any) -> SessionRow:
    values = list(row)
    values[4], values[8] = orjson.loads(values[4]), bool(values[8])
    return SessionRow(*values)


async def save_clocks(
    transaction: aiosqlite.Connection, clocks: Iterable[tuple[int, bool, int, int]]
) -> None:
    """Keep (session time in microseconds, paused, wall time, session id)."""
    await transaction.executemany(
        "UPDATE session SET clock_us = ?, paused = ?, saved_at = ? WHERE id = ?", clocks
    )


async def end(
    transaction: aiosqlite.Connection, key: int, at: int, *, players: int, untraced: int
) -> bool:
    """Mark a session ended; return False when it was so already."""
    cursor = await transaction.execute(
        "UPDATE session SET ended_at = ?, players = ?, untraced = ? WHERE id = ? AND ended_at IS NULL",
        (at, players, untraced, key),
    )
    return cursor.rowcount == 1


async def announced(transaction: aiosqlite.Connection, key: int) -> None:
    """Note that everybody has been told how a session ended."""
    await transaction.execute("UPDATE session SET announced = 1 WHERE id = ?", (key,))


async def append(transaction: aiosqlite.Connection, rows: Iterable[JournalRow]) -> None:
    """Add plays to journals."""
    await transaction.executemany(
        "INSERT INTO journal (session_id, seq, at_us, play, person_id, platform, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


async def journal(database: Database, key: int) -> list[JournalRow]:
    """Return a session's plays in order."""
    rows = await database.rows(
        "SELECT session_id, seq, at_us, play, person_id, platform, body FROM journal"
        " WHERE session_id = ? ORDER BY seq",
        (key,),
    )
    return [tuple(row) for row in rows]


async def erase_journals(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase the journals, boards and questions of sessions that ended before `before`; return how many plays went.

    An end that could not be announced until now no longer is.
    """
    ended = "SELECT id FROM session WHERE ended_at < ?"
    await transaction.execute(f"DELETE FROM post WHERE session_id IN ({ended})", (before,))  # noqa: S608 (constant)
    cursor = await transaction.execute(
        f"DELETE FROM journal WHERE session_id IN ({ended})",  # noqa: S608 (constant)
        (before,),
    )
    await transaction.execute(
        "UPDATE session SET options = '{}', announced = 1"
        " WHERE ended_at < ? AND (options != '{}' OR announced = 0)",
        (before,),
    )
    return cursor.rowcount


async def keep_post(
    transaction: aiosqlite.Connection, key: int, name: str, message_id: str
) -> None:
    """Remember which message shows a board of a session."""
    await transaction.execute(
        "INSERT INTO post (session_id, name, message_id) VALUES (?, ?, ?)"
        " ON CONFLICT (session_id, name) DO UPDATE SET message_id = excluded.message_id",
        (key, name, message_id),
    )


async def posts(database: Database, key: int) -> dict[str, str]:
    """Return the messages that show a session's boards, by name."""
    rows = await database.rows("SELECT name, message_id FROM post WHERE session_id = ?", (key,))
    return dict(rows)
