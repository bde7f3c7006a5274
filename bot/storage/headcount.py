"""SQL on people counted by staff: one number for each session (or day), place and class of age, and its corrections."""

from dataclasses import dataclass

import aiosqlite

from bot.storage.database import Database
from games.headcount import AgeClass, Counts


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a count belongs to: a session of a room, or (None) a day in it, YYYY-MM-DD."""

    room_id: int
    session_id: int | None
    day: str | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """What an attendance says of a session; both counts are of its end, and 0 while it runs."""

    room_id: int
    title: str
    players: int
    untraced: int


async def session_line(database: Database, key: int) -> SessionLine | None:
    """Return one session."""
    rows = await database.rows(
        "SELECT room_id, title, players, untraced FROM session WHERE id = ?", (key,)
    )
    return SessionLine(*rows[0]) if rows else None


async def last_ended(database: Database, room_id: int, since: int) -> int | None:
    """Return a room's session that ended last, if it did so at `since` or later."""
    rows = await database.rows(
        "SELECT id FROM session WHERE room_id = ? AND ended_at >= ?"
        " ORDER BY ended_at DESC, id DESC LIMIT 1",
        (room_id, since),
    )
    return int(rows[0][0]) if rows else None


async def record(
    transaction: aiosqlite.Connection,
    occasion: Occasion,
    place: str,
    place_fold: str,
    counts: Counts,
    at: int,
) -> str:
    """Set counts; a number that changes is noted. Return the place as it was first written."""
    for age, people in counts.items():
        key = (occasion.room_id, occasion.session_id, occasion.day, place_fold, age)
        rows = await transaction.execute_fetchall(
            "SELECT id, people FROM headcount WHERE room_id = ? AND session_id IS ? AND day IS ?"
            " AND place_fold = ? AND age_class = ?",
            key,
        )
        before = next(((found, number) for found, number in rows), None)
        if before is None:
            await transaction.execute(
                "INSERT INTO headcount (room_id, session_id, day, place_fold, age_class, place, people, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*key, place, people, at),
            )
        elif before[1] != people:
            await _correct(transaction, before[0], before[1], people, at)
    [(first,)] = await transaction.execute_fetchall(
        "SELECT place FROM headcount WHERE room_id = ? AND session_id IS ? AND day IS ?"
        " AND place_fold = ? ORDER BY id LIMIT 1",
        (occasion.room_id, occasion.session_id, occasion.day, place_fold),
    )
    return str(first)


async def _correct(
    transaction: aiosqlite.Connection, key: int, before: int, after: int, at: int
) -> None:
    await transaction.execute(
        "UPDATE headcount SET people = ?, at = ? WHERE id = ?", (after, at, key)
    )
    await transaction.execute(
        "INSERT INTO headcount_correction (headcount_id, before, after, at) VALUES (?, ?, ?, ?)",
        (key, before, after, at),
    )


async def of_sessions(database: Database) -> dict[int, int]:
    """Return how many people were counted, by session, in those that run or whose end was not told yet."""
    rows = await database.rows(
        "SELECT session_id, SUM(people) FROM headcount JOIN session ON session.id = session_id"
        " WHERE session.announced = 0 GROUP BY session_id"
    )
    return {key: int(people) for key, people in rows}


async def counts(database: Database, occasion: Occasion) -> list[tuple[str, AgeClass, int]]:
    """Return every (place, class of age, people), in the order in which they were first counted."""
    rows = await database.rows(
        "SELECT FIRST_VALUE(place) OVER (PARTITION BY place_fold ORDER BY id), age_class, people FROM headcount"
        " WHERE room_id = ? AND session_id IS ? AND day IS ? ORDER BY id",
        (occasion.room_id, occasion.session_id, occasion.day),
    )
    return [tuple(row) for row in rows]
