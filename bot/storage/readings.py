"""SQL on what was read in pauses: what each read, the sums kept in step with it, streaks and goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite

from bot.storage.database import Database
from games.readers import Reading, Totals

_SUMS = "readers, logged, pages, minutes, chapters, percents, present_s"
_ADDED = ", ".join(f"{name} = {name} + excluded.{name}" for name in _SUMS.split(", "))
_OWN = "pauses, pages, minutes, chapters, percents, present_s"


@dataclass(frozen=True, slots=True)
class Where:
    """A pause that ended: which, in which room, season and week, when (microseconds)."""

    session_id: int
    room_id: int
    season: int
    week: int
    at: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Pauses summed: how many, and what was read in them."""

    pauses: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class OwnSum:
    """What one person read in so many pauses; `present` in seconds."""

    pauses: int
    pages: int
    minutes: int
    chapters: int
    percents: int
    present: int


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """What is kept of one reader besides sums; `missed` counts weeks since that had a pause in their room, up to 2."""

    streak: int
    best_streak: int
    best_pages: int
    best_minutes: int
    goal: int | None
    goal_unit: str | None
    missed: int


async def settle(
    transaction: aiosqlite.Connection, where: Where, totals: Totals, traced: Sequence[Reading]
) -> Sum | None:
    """Write a pause that ended and move the roll-ups with it; None when that was done before.

    `totals` count everybody; `traced` are those whose rows are kept. People erased meanwhile are skipped.

    Returns:
        The network's sum of the season, this pause included.
    """
    sums = _sums(totals)
    cursor = await transaction.execute(
        f"INSERT INTO reading_session (session_id, room_id, season, week, at, {_SUMS})"  # noqa: S608 (constants)
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (session_id) DO NOTHING",
        (where.session_id, where.room_id, where.season, where.week, where.at, *sums),
    )
    if cursor.rowcount != 1:
        return None
    await _keep_readings(transaction, where, traced)
    await transaction.execute(
        f"INSERT INTO reading_room (room_id, season, pauses, {_SUMS}) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        f" ON CONFLICT (room_id, season) DO UPDATE SET pauses = pauses + 1, {_ADDED}",
        (where.room_id, where.season, *sums),
    )
    [row] = await transaction.execute_fetchall(
        f"INSERT INTO reading_network (season, pauses, {_SUMS}) VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        f" ON CONFLICT (season) DO UPDATE SET pauses = pauses + 1, {_ADDED} RETURNING pauses, {_SUMS}",
        (where.season, *sums),
    )
    return _sum(row)


async def _keep_readings(
    transaction: aiosqlite.Connection, where: Where, traced: Sequence[Reading]
) -> None:
    rows = [
        (one.player.id, one.pages, one.minutes, one.chapters, one.percent, round(one.present))
        for one in traced
    ]
    await transaction.executemany(
        "INSERT INTO reading (session_id, person_id, pages, minutes, chapters, percent, present_s)"
        " SELECT ?7, id, ?2, ?3, ?4, ?5, ?6 FROM person WHERE id = ?1",
        [(*row, where.session_id) for row in rows],
    )
    await transaction.executemany(
        f"INSERT INTO reader_season (person_id, season, {_OWN})"  # noqa: S608 (constant)
        " SELECT id, ?7, 1, ?2, ?3, ?4, ?5 > 0, ?6 FROM person WHERE id = ?1"
        " ON CONFLICT (person_id, season) DO UPDATE SET pauses = pauses + 1, pages = pages + excluded.pages,"
        " minutes = minutes + excluded.minutes, chapters = chapters + excluded.chapters,"
        " percents = percents + excluded.percents, present_s = present_s + excluded.present_s",
        [(*row, where.season) for row in rows],
    )
    await _keep_streaks(transaction, where, traced)


async def _keep_streaks(
    transaction: aiosqlite.Connection, where: Where, traced: Sequence[Reading]
) -> None:
    """A week without a pause in one's room is no week missed, and one that was missed breaks nothing yet."""
    missed = _missed("reader.room_id", "reader.week", "excluded.week")
    await transaction.executemany(
        "INSERT INTO reader (person_id, streak, best_streak, week, room_id, best_pages, best_minutes)"  # noqa: S608
        " SELECT id, 1, 1, ?2, ?3, ?4, ?5 FROM person WHERE id = ?1"
        " ON CONFLICT (person_id) DO UPDATE SET week = excluded.week, room_id = excluded.room_id,"
        " best_pages = MAX(best_pages, excluded.best_pages), best_minutes = MAX(best_minutes, excluded.best_minutes),"
        " (streak, best_streak) = (SELECT kept, MAX(kept, best_streak) FROM (SELECT CASE"
        "  WHEN week = excluded.week THEN streak"
        f"  WHEN week < excluded.week AND ({missed}) < 2 THEN streak + 1"
        "  ELSE 1 END AS kept))",
        [(one.player.id, where.week, where.room_id, one.pages, one.minutes) for one in traced],
    )


def _missed(room: str, after: str, before: str) -> str:
    """Return a query for how many weeks between two had a pause in a room that somebody read in; it stops at 2."""
    return (
        "SELECT COUNT(*) FROM (SELECT DISTINCT week FROM reading_session"  # noqa: S608 (names of columns)
        f" WHERE reading_session.room_id = {room} AND reading_session.week > {after}"
        f" AND reading_session.week < {before} AND readers > 0 LIMIT 2)"
    )


async def correct(
    transaction: aiosqlite.Connection, session_id: int, person_id: int, unit: str, amount: int
) -> bool:
    """Set what somebody read in a pause that was settled, and move every sum by the difference.

    `unit` is `pages`, `minutes`, `chapters` or `percent`; returns False when nothing is kept of them there.
    """
    rows = await transaction.execute_fetchall(
        f"SELECT reading.{unit}, room_id, season FROM reading JOIN reading_session USING (session_id)"  # noqa: S608 (a name)
        " WHERE session_id = ? AND person_id = ?",
        (session_id, person_id),
    )
    for before, room_id, season in rows:
        await transaction.execute(
            f"UPDATE reading SET {unit} = ? WHERE session_id = ? AND person_id = ?",  # noqa: S608 (a name)
            (amount, session_id, person_id),
        )
        summed = "percents" if unit == "percent" else unit
        more = (amount > 0) - (before > 0) if unit == "percent" else amount - before
        for table, key, values in (
            ("reading_session", "session_id = ?", (session_id,)),
            ("reading_room", "room_id = ? AND season = ?", (room_id, season)),
            ("reading_network", "season = ?", (season,)),
            ("reader_season", "person_id = ? AND season = ?", (person_id, season)),
        ):
            await transaction.execute(
                f"UPDATE {table} SET {summed} = {summed} + ? WHERE {key}",  # noqa: S608 (names)
                (more, *values),
            )
        await transaction.execute(
            "UPDATE reader SET (best_pages, best_minutes) ="
            " (SELECT MAX(pages), MAX(minutes) FROM reading WHERE reading.person_id = reader.person_id)"
            " WHERE person_id = ?",
            (person_id,),
        )
    return bool(rows)


async def last_pause(database: Database, room_id: int, since: int) -> int | None:
    """Return the session of the pause that ended last in a room, not before `since` (microseconds)."""
    rows = await database.rows(
        "SELECT session_id FROM reading_session WHERE room_id = ? AND at >= ?"
        " ORDER BY week DESC, at DESC LIMIT 1",
        (room_id, since),
    )
    return rows[0][0] if rows else None


async def readers_of(database: Database, session_id: int) -> list[int]:
    """Return the people of whom something is kept in a pause."""
    rows = await database.rows("SELECT person_id FROM reading WHERE session_id = ?", (session_id,))
    return [key for (key,) in rows]


async def of_room(database: Database, room_id: int, season: int) -> Sum:
    """Return a room's sum of a season."""
    rows = await database.rows(
        f"SELECT pauses, {_SUMS} FROM reading_room WHERE room_id = ? AND season = ?",  # noqa: S608 (constant)
        (room_id, season),
    )
    return _sum(rows[0]) if rows else Sum(0, Totals())


async def of_network(database: Database) -> dict[int, Sum]:
    """Return all rooms' sum of each season."""
    rows = await database.rows(f"SELECT season, pauses, {_SUMS} FROM reading_network")  # noqa: S608 (constant)
    return {season: _sum(row) for season, *row in rows}


async def of_person(
    database: Database, person_id: int, season: int, week: int
) -> tuple[OwnSum, OwnSum, ReaderRow]:
    """Return what somebody read in a season and in all, and how they stand in this `week`."""
    rows = await database.rows(
        f"SELECT season, {_OWN} FROM reader_season WHERE person_id = ?",  # noqa: S608 (constant)
        (person_id,),
    )
    by_season = {season: values for season, *values in rows}
    ever = [sum(column) for column in zip(*by_season.values(), strict=True)] or [0] * 6
    found = await database.rows(
        "SELECT streak, best_streak, best_pages, best_minutes, goal, goal_unit,"  # noqa: S608 (names of columns)
        f" ({_missed('reader.room_id', 'reader.week', '?2')}) FROM reader WHERE person_id = ?1",
        (person_id, week),
    )
    reader = ReaderRow(*found[0]) if found else ReaderRow(0, 0, 0, 0, None, None, 0)
    return OwnSum(*by_season.get(season, [0] * 6)), OwnSum(*ever), reader


async def set_goal(
    transaction: aiosqlite.Connection, person_id: int, goal: int | None, unit: str | None
) -> None:
    """Keep what somebody wants to read in a season, or forget it."""
    await transaction.execute(
        "INSERT INTO reader (person_id, goal, goal_unit) VALUES (?, ?, ?)"
        " ON CONFLICT (person_id) DO UPDATE SET goal = excluded.goal, goal_unit = excluded.goal_unit",
        (person_id, goal, unit),
    )


async def of_all(
    database: Database, person_id: int
) -> list[tuple[str, str, int, int, int, int, int, int]]:
    """Return a person's every pause as (room, title, pages, minutes, chapters, percent, seconds there, when)."""
    rows = await database.rows(
        "SELECT room.name, session.title, reading.pages, reading.minutes, reading.chapters, reading.percent,"
        " reading.present_s, reading_session.at"
        " FROM reading JOIN reading_session USING (session_id) JOIN session ON session.id = session_id"
        " JOIN room ON room.id = reading_session.room_id WHERE reading.person_id = ? ORDER BY reading_session.at",
        (person_id,),
    )
    return [tuple(row) for row in rows]


def _sums(totals: Totals) -> tuple[int, ...]:
    return (
        totals.readers,
        totals.logged,
        totals.pages,
        totals.minutes,
        totals.chapters,
        totals.percents,
        round(totals.present),
    )


def _sum(row: Sequence[Any]) -> Sum:
    pauses, *sums = row
    return Sum(pauses, Totals(*sums))
