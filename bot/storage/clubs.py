"""SQL on clubs, their rooms and who belongs to them. It is small, and read as it is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, cast

import aiosqlite

from bot.storage.database import Database

Access = Literal["public", "approval"]
"""Whether anybody joins at once, or a host says yes first."""

Standing = Literal["asked", "member", "cohost", "host"]
"""What somebody is in a club; whoever asked is not in it yet."""

_COLUMNS = "id, name, description, access"


@dataclass(frozen=True, slots=True)
class Club:
    """A book club."""

    id: int
    name: str
    description: str
    access: Access


async def running(database: Database) -> list[Club]:
    """Return every club that meets."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM club WHERE ended_at IS NULL ORDER BY folded"  # noqa: S608 (constant)
    )
    return [_club(row) for row in rows]


async def one(database: Database, key: int) -> Club | None:
    """Return a club by its number, whether it still meets or not."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM club WHERE id = ?", (key,))  # noqa: S608 (constant)
    return _club(rows[0]) if rows else None


async def of_room(database: Database, room_id: int) -> list[Club]:
    """Return the clubs that a room is one of the rooms of, in the order of their names."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM club JOIN club_room ON club_room.club_id = club.id"  # noqa: S608 (constant)
        " WHERE club_room.room_id = ? AND ended_at IS NULL ORDER BY folded",
        (room_id,),
    )
    return [_club(row) for row in rows]


async def of_person(database: Database, person_id: int) -> list[tuple[Club, Standing]]:
    """Return the clubs that somebody belongs to or asked to, with what they are in each."""
    rows = await database.rows(
        f"SELECT standing, {_COLUMNS} FROM club JOIN club_member ON club_member.club_id = club.id"  # noqa: S608
        " WHERE person_id = ? AND ended_at IS NULL ORDER BY folded",
        (person_id,),
    )
    return [(_club(row), standing) for standing, *row in rows]


async def rooms_of(database: Database, club_id: int) -> list[int]:
    """Return the ids of a club's rooms."""
    rows = await database.rows(
        "SELECT room_id FROM club_room WHERE club_id = ? ORDER BY room_id", (club_id,)
    )
    return [key for (key,) in rows]


async def members(database: Database, club_id: int) -> dict[int, Standing]:
    """Return what each person is in a club, by person's id."""
    rows = await database.rows(
        "SELECT person_id, standing FROM club_member WHERE club_id = ?", (club_id,)
    )
    return dict(rows)


async def sizes(database: Database, club_ids: Iterable[int]) -> dict[int, int]:
    """Return how many belong to each of these clubs."""
    counted = await database.rows(
        "SELECT club_id, COUNT(*) FROM club_member WHERE standing != 'asked' GROUP BY club_id"
    )
    return dict.fromkeys(club_ids, 0) | dict(counted)


async def asking(database: Database, club_ids: Iterable[int]) -> dict[int, int]:
    """Return how many ask to belong to each of these clubs."""
    counted = await database.rows(
        "SELECT club_id, COUNT(*) FROM club_member WHERE standing = 'asked' GROUP BY club_id"
    )
    return dict.fromkeys(club_ids, 0) | dict(counted)


async def standing_in(
    transaction: aiosqlite.Connection, club_id: int, person_id: int
) -> Standing | None:
    """Return what somebody is in a club that still meets, seen from within a transaction."""
    rows = await transaction.execute_fetchall(
        "SELECT standing FROM club_member JOIN club ON club.id = club_id"
        " WHERE club_id = ? AND person_id = ? AND ended_at IS NULL",
        (club_id, person_id),
    )
    return next((cast("Standing", standing) for (standing,) in rows), None)


async def add(
    transaction: aiosqlite.Connection,
    name: str,
    folded: str,
    description: str,
    access: Access,
    at: int,
) -> Club:
    """Insert a club and return it; no two that meet may fold alike."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO club (name, folded, description, access, created_at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (name, folded, description, access, at),
    )
    return Club(key, name, description, access)


async def save(transaction: aiosqlite.Connection, club: Club, folded: str) -> bool:
    """Write a club back; return False when it meets no more."""
    cursor = await transaction.execute(
        "UPDATE club SET name = ?, folded = ?, description = ?, access = ?"
        " WHERE id = ? AND ended_at IS NULL",
        (club.name, folded, club.description, club.access, club.id),
    )
    return cursor.rowcount == 1


async def end(transaction: aiosqlite.Connection, club_id: int, at: int) -> bool:
    """Let a club meet no more: rooms and members go, its books stay; return False when it was over already."""
    cursor = await transaction.execute(
        "UPDATE club SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (at, club_id)
    )
    for table in ("club_room", "club_member"):
        await transaction.execute(f"DELETE FROM {table} WHERE club_id = ?", (club_id,))  # noqa: S608 (constant)
    return cursor.rowcount == 1


async def attach(transaction: aiosqlite.Connection, club_id: int, room_id: int) -> None:
    """Make a room one of a club's rooms."""
    await transaction.execute(
        "INSERT INTO club_room (club_id, room_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (club_id, room_id),
    )


async def detach(transaction: aiosqlite.Connection, club_id: int, room_id: int) -> bool:
    """Take a room from a club; return False when it was none of its rooms."""
    cursor = await transaction.execute(
        "DELETE FROM club_room WHERE club_id = ? AND room_id = ?", (club_id, room_id)
    )
    return cursor.rowcount == 1


async def place(
    transaction: aiosqlite.Connection, club_id: int, person_id: int, standing: Standing
) -> None:
    """Note what somebody is in a club from now on."""
    await transaction.execute(
        "INSERT INTO club_member (club_id, person_id, standing) VALUES (?, ?, ?)"
        " ON CONFLICT (club_id, person_id) DO UPDATE SET standing = excluded.standing",
        (club_id, person_id, standing),
    )


async def move(
    transaction: aiosqlite.Connection, club_id: int, person_id: int, standing: Standing
) -> bool:
    """Change what somebody is in a club; return False when they are nothing in it."""
    cursor = await transaction.execute(
        "UPDATE club_member SET standing = ? WHERE club_id = ? AND person_id = ?",
        (standing, club_id, person_id),
    )
    return cursor.rowcount == 1


async def drop(transaction: aiosqlite.Connection, club_id: int, person_id: int) -> Standing | None:
    """Let somebody be nothing in a club any more; return what they were."""
    rows = await transaction.execute_fetchall(
        "DELETE FROM club_member WHERE club_id = ? AND person_id = ? RETURNING standing",
        (club_id, person_id),
    )
    return next((cast("Standing", standing) for (standing,) in rows), None)


def _club(row: Iterable[Any]) -> Club:
    return Club(*row)
