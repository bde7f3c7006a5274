"""SQL on participation: the append-only ledger and the roll-ups kept in step with it."""

from collections.abc import Iterable
from dataclasses import dataclass

import aiosqlite

from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One person's part in one session."""

    session_id: int
    person_id: int
    room_id: int
    season: int
    platform: str
    plays: int
    correct: int
    points: int
    at: int


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody did, summed: in a room and season, or in all."""

    sessions: int
    plays: int
    correct: int
    points: int


async def settle(transaction: aiosqlite.Connection, rows: Iterable[LedgerRow]) -> None:
    """Add ledger rows and move the roll-ups with them. People erased meanwhile are skipped."""
    rows = list(rows)
    await transaction.executemany(
        "INSERT INTO ledger (session_id, person_id, room_id, season, platform, plays, correct, points, at)"
        " SELECT ?, id, ?, ?, ?, ?, ?, ?, ? FROM person WHERE id = ?",
        [
            (
                r.session_id,
                r.room_id,
                r.season,
                r.platform,
                r.plays,
                r.correct,
                r.points,
                r.at,
                r.person_id,
            )
            for r in rows
        ],
    )
    await transaction.executemany(
        "INSERT INTO tally (person_id, room_id, season, sessions, plays, correct, points, listed)"
        " SELECT id, ?, ?, 1, ?, ?, ?, listed FROM person WHERE id = ?"
        " ON CONFLICT (person_id, room_id, season) DO UPDATE SET sessions = sessions + 1,"
        " plays = plays + excluded.plays, correct = correct + excluded.correct, points = points + excluded.points",
        [(r.room_id, r.season, r.plays, r.correct, r.points, r.person_id) for r in rows],
    )
    await transaction.executemany(
        "UPDATE person SET seen_at = ? WHERE id = ?", [(r.at, r.person_id) for r in rows]
    )


async def of_person(database: Database, person_id: int, room_id: int | None, season: int) -> Record:
    """Return somebody's record of the season, in one room or (None) in all."""
    [row] = await database.rows(
        "SELECT COALESCE(SUM(sessions), 0), COALESCE(SUM(plays), 0), COALESCE(SUM(correct), 0),"
        " COALESCE(SUM(points), 0) FROM tally WHERE person_id = ?1 AND season = ?2 AND (?3 IS NULL OR room_id = ?3)",
        (person_id, season, room_id),
    )
    return Record(*row)


async def board(database: Database, room_id: int, season: int, limit: int) -> list[tuple[int, int]]:
    """Return the best (person id, points) of a room's season, among those who asked to be shown."""
    rows = await database.rows(
        "SELECT person_id, points FROM tally WHERE room_id = ? AND season = ? AND listed = 1 AND points > 0"
        " ORDER BY points DESC, person_id LIMIT ?",
        (room_id, season, limit),
    )
    return [(key, points) for key, points in rows]


async def of_all(
    database: Database, person_id: int
) -> list[tuple[str, str, str, int, int, int, int]]:
    """Return every ledger row of a person as (room, activity title, platform, plays, correct, points, at)."""
    rows = await database.rows(
        "SELECT room.name, session.title, ledger.platform, ledger.plays, ledger.correct, ledger.points, ledger.at"
        " FROM ledger JOIN room ON room.id = ledger.room_id JOIN session ON session.id = ledger.session_id"
        " WHERE ledger.person_id = ? ORDER BY ledger.at",
        (person_id,),
    )
    return [tuple(row) for row in rows]
