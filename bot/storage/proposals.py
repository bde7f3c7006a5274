"""SQL on questions that people proposed, and on who signed those that were accepted."""

from dataclasses import dataclass
from typing import Any

import aiosqlite

from bot.storage.database import Database

_COLUMNS = "id, person_id, text, signed, at"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal as kept: a native file with one question, unread. `person_id` is None for somebody without trace."""

    id: int
    person_id: int | None
    text: str
    signed: bool
    at: int


async def add(
    transaction: aiosqlite.Connection, person_id: int | None, text: str, at: int
) -> ProposalRow:
    """Keep a proposal under a number of its own."""
    cursor = await transaction.execute(
        "INSERT INTO proposal (person_id, text, at) VALUES (?, ?, ?)", (person_id, text, at)
    )
    return ProposalRow(cursor.lastrowid or 0, person_id, text, False, at)


async def waiting(transaction: aiosqlite.Connection, person_id: int | None) -> tuple[int, int]:
    """Return how many proposals of somebody wait (None: of people without trace), and how many of all."""
    [row] = await transaction.execute_fetchall(
        "SELECT COUNT(*) FILTER (WHERE person_id IS ?), COUNT(*) FROM proposal", (person_id,)
    )
    return int(row[0]), int(row[1])


async def count(database: Database) -> int:
    """Return how many proposals wait."""
    [(found,)] = await database.rows("SELECT COUNT(*) FROM proposal")
    return int(found)


async def one(database: Database, key: int) -> ProposalRow | None:
    """Return a proposal that waits."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM proposal WHERE id = ?", (key,))  # noqa: S608 (constant)
    return _proposal(rows[0]) if rows else None


async def after(database: Database, key: int) -> list[ProposalRow]:
    """Return the proposals whose number is higher than `key`, oldest first."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM proposal WHERE id > ? ORDER BY id",  # noqa: S608 (constant)
        (key,),
    )
    return [_proposal(row) for row in rows]


async def rewrite(transaction: aiosqlite.Connection, key: int, text: str) -> bool:
    """Change what a proposal says; return whether it still waited."""
    rows = await transaction.execute_fetchall(
        "UPDATE proposal SET text = ? WHERE id = ? RETURNING id", (text, key)
    )
    return bool(list(rows))


async def sign(transaction: aiosqlite.Connection, key: int, person_id: int) -> bool:
    """Note that its author wishes to be named; return whether it waited and is theirs."""
    rows = await transaction.execute_fetchall(
        "UPDATE proposal SET signed = 1 WHERE id = ? AND person_id = ? RETURNING id",
        (key, person_id),
    )
    return bool(list(rows))


async def take(transaction: aiosqlite.Connection, key: int) -> ProposalRow | None:
    """Take a proposal out of the queue; None when it waits no longer: of two who try, one is told so."""
    rows = await transaction.execute_fetchall(
        f"DELETE FROM proposal WHERE id = ? RETURNING {_COLUMNS}",  # noqa: S608 (constant)
        (key,),
    )
    return next((_proposal(row) for row in rows), None)


async def expire(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase proposals from before a time; return how many."""
    rows = await transaction.execute_fetchall(
        "DELETE FROM proposal WHERE at < ? RETURNING id", (before,)
    )
    return len(list(rows))


async def credit(transaction: aiosqlite.Connection, deck: str, prompt: str, person_id: int) -> None:
    """Note whose question of a deck it is."""
    await transaction.execute(
        "INSERT INTO signature (deck, prompt, person_id) VALUES (?, ?, ?)"
        " ON CONFLICT (deck, prompt) DO UPDATE SET person_id = excluded.person_id",
        (deck, prompt, person_id),
    )


async def signatures(database: Database) -> list[tuple[str, str, int]]:
    """Return every signed question as (deck, prompt, person id)."""
    rows = await database.rows("SELECT deck, prompt, person_id FROM signature")
    return [(deck, prompt, key) for deck, prompt, key in rows]


async def of_person(database: Database, person_id: int) -> list[ProposalRow]:
    """Return what somebody proposed that waits."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM proposal WHERE person_id = ? ORDER BY id",  # noqa: S608 (constant)
        (person_id,),
    )
    return [_proposal(row) for row in rows]


async def signed_by(database: Database, person_id: int) -> list[tuple[str, str]]:
    """Return the questions that somebody signed, as (deck, prompt)."""
    rows = await database.rows(
        "SELECT deck, prompt FROM signature WHERE person_id = ? ORDER BY deck, prompt", (person_id,)
    )
    return [(deck, prompt) for deck, prompt in rows]


def _proposal(row: Any) -> ProposalRow:
    key, person_id, text, signed, at = row
    return ProposalRow(key, person_id, text, bool(signed), at)
