"""SQL on the register of works on air: works, rights and replays. It is small, and read whole."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import aiosqlite

from bot.storage.database import Database
from games.rights import (
    AuthorPresent,
    Ground,
    Permission,
    PublicDomain,
    Quotation,
    Replay,
    Right,
    Work,
    ground_name,
)


async def works(database: Database) -> list[Work]:
    """Return every work with all its rights, in order of title."""
    rows = await database.rows("SELECT id, title, author FROM aired_work ORDER BY fold")
    rights: dict[int, list[Right]] = {}
    for work_id, *row in await database.rows(
        "SELECT work_id, id, ground, died, granted_by, scope, day, ended FROM aired_right ORDER BY id"
    ):
        rights.setdefault(work_id, []).append(_right(row))
    return [Work(key, title, author, tuple(rights.get(key, ()))) for key, title, author in rows]


async def replays(database: Database) -> list[Replay]:
    """Return the replays that have not been taken down, oldest first."""
    rows = await database.rows(
        "SELECT id, work_id, title, aired, link FROM aired_replay WHERE removed IS NULL ORDER BY aired, id"
    )
    known = {work.id: work for work in await works(database)}
    return [
        Replay(key, known[work_id], title, date.fromisoformat(aired), link)
        for key, work_id, title, aired, link in rows
    ]


async def add_work(
    transaction: aiosqlite.Connection, title: str, author: str, fold: str, at: int
) -> int:
    """Return the number of the work that folds so, made if need be."""
    await transaction.execute(
        "INSERT INTO aired_work (title, author, fold, added_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (fold) DO NOTHING",
        (title, author, fold, at),
    )
    [(key,)] = await transaction.execute_fetchall(
        "SELECT id FROM aired_work WHERE fold = ?", (fold,)
    )
    return int(key)


async def add_right(
    transaction: aiosqlite.Connection, work_id: int, ground: Ground, at: int
) -> int:
    """Give a work a right; return its number."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO aired_right (work_id, ground, died, granted_by, scope, day, added_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (work_id, ground_name(ground), *_columns(ground), at),
    )
    return int(key)


async def end_right(transaction: aiosqlite.Connection, key: int, on: date) -> bool:
    """Let a right hold no longer from a day on; return False when it was ended before, or is none."""
    cursor = await transaction.execute(
        "UPDATE aired_right SET ended = ? WHERE id = ? AND ended IS NULL", (on.isoformat(), key)
    )
    return cursor.rowcount == 1


async def add_replay(
    transaction: aiosqlite.Connection, work_id: int, title: str, aired: date, link: str, at: int
) -> int:
    """Keep a replay; return its number."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO aired_replay (work_id, title, aired, link, added_at) VALUES (?, ?, ?, ?, ?)"
        " RETURNING id",
        (work_id, title, aired.isoformat(), link, at),
    )
    return int(key)


async def remove_replay(transaction: aiosqlite.Connection, key: int, on: date) -> str | None:
    """Note that a replay was taken down; return its title, or None when there is none any more."""
    rows = await transaction.execute_fetchall(
        "UPDATE aired_replay SET removed = ? WHERE id = ? AND removed IS NULL RETURNING title",
        (on.isoformat(), key),
    )
    return next((str(title) for (title,) in rows), None)


async def erase_over(transaction: aiosqlite.Connection, before: date) -> int:
    """Erase what was over before a day: rights, replays taken down, then works left with neither; count the rights.

    A right that holds without end stays, and so does one whose replay can still be watched.
    """
    day = before.isoformat()
    await transaction.execute("DELETE FROM aired_replay WHERE removed < ?", (day,))
    cursor = await transaction.execute(
        "DELETE FROM aired_right WHERE (ended < ?1 OR day < ?1)"
        " AND work_id NOT IN (SELECT work_id FROM aired_replay)",
        (day,),
    )
    await transaction.execute(
        "DELETE FROM aired_work WHERE id NOT IN (SELECT work_id FROM aired_right)"
        " AND id NOT IN (SELECT work_id FROM aired_replay)"
    )
    return cursor.rowcount


def _columns(ground: Ground) -> tuple[int | None, str | None, str | None, str | None]:
    """Return died, granted_by, scope and day."""
    match ground:
        case PublicDomain(died):
            return died, None, None, None
        case Permission(by, scope, until):
            return None, by, scope, until.isoformat() if until else None
        case AuthorPresent(on):
            return None, None, None, on.isoformat()
        case Quotation():
            return None, None, None, None


def _right(row: Iterable[Any]) -> Right:
    key, ground, died, granted_by, scope, day, ended = row
    ended_on = date.fromisoformat(ended) if ended else None
    return Right(key, _ground(ground, died, granted_by, scope, day), ended_on)


def _ground(name: str, died: Any, granted_by: Any, scope: Any, day: str | None) -> Ground:
    match name:
        case "public-domain":
            return PublicDomain(died)
        case "permission":
            return Permission(granted_by, scope, date.fromisoformat(day) if day else None)
        case "author-present":
            return AuthorPresent(date.fromisoformat(day or ""))
        case _:
            return Quotation()
