"""SQL on what people say of a book after a meeting, and on the favourites that they write for the library's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import aiosqlite

from bot.storage.database import Database
from games.meeting import Opinion

State = Literal["proposed", "accepted", "declined"]

_FAVOURITE = (
    "SELECT favourite.id, favourite.club_id, club.name, work.title, work.author, text, signature, favourite.state,"
    " favourite.at FROM favourite JOIN club ON club.id = favourite.club_id JOIN work ON work.id = favourite.work_id"
)


@dataclass(frozen=True, slots=True)
class Favourite:
    """What somebody wrote of a book that they loved, as they signed it."""

    id: int
    club_id: int
    club: str
    title: str
    author: str
    text: str
    signature: str
    state: State
    at: int


async def give(
    transaction: aiosqlite.Connection, key: int, person_id: int, opinion: Opinion
) -> bool:
    """Keep what somebody says after a meeting, in the place of what they said before; return whether they had."""
    before = list(
        await transaction.execute_fetchall(
            "SELECT 1 FROM opinion WHERE meeting_id = ? AND person_id = ?", (key, person_id)
        )
    )
    await transaction.execute(
        "INSERT INTO opinion (meeting_id, person_id, outcome, no_copy, rating, word) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (meeting_id, person_id) DO UPDATE SET outcome = excluded.outcome, no_copy = excluded.no_copy,"
        " rating = excluded.rating, word = excluded.word",
        (key, person_id, opinion.outcome, opinion.no_copy, opinion.rating, opinion.word),
    )
    return bool(before)


async def of_meeting(database: Database, key: int) -> list[Opinion]:
    """Return what people said after a meeting, in no order that tells who did."""
    rows = await database.rows(
        "SELECT outcome, no_copy, rating, word FROM opinion WHERE meeting_id = ? ORDER BY word, rating, outcome",
        (key,),
    )
    return [
        Opinion(outcome, bool(missing), rating, word) for outcome, missing, rating, word in rows
    ]


async def of_person(database: Database, person_id: int) -> list[tuple[str, int, Opinion]]:
    """Return the (title, start, opinion) of the meetings after which somebody said something."""
    rows = await database.rows(
        "SELECT title, starts_at, outcome, no_copy, rating, word FROM opinion"
        " JOIN meeting ON meeting.id = meeting_id WHERE person_id = ? ORDER BY starts_at",
        (person_id,),
    )
    return [(title, at, Opinion(o, bool(n), r, w)) for title, at, o, n, r, w in rows]


async def propose(
    transaction: aiosqlite.Connection,
    club_id: int,
    book_id: int,
    person_id: int,
    text: str,
    signature: str,
    at: int,
) -> int:
    """Keep what somebody wrote of a book, in the place of what they wrote before; return its number."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO favourite (club_id, work_id, person_id, text, signature, state, at)"
        " VALUES (?, (SELECT work_id FROM club_book WHERE id = ?), ?, ?, ?, 'proposed', ?)"
        " ON CONFLICT (club_id, work_id, person_id) DO UPDATE SET"
        " text = excluded.text, signature = excluded.signature, state = 'proposed', at = excluded.at RETURNING id",
        (club_id, book_id, person_id, text, signature, at),
    )
    return int(key)


async def waiting_of(transaction: aiosqlite.Connection, person_id: int) -> int:
    """Return how many of somebody's favourites wait for staff."""
    [(count,)] = await transaction.execute_fetchall(
        "SELECT COUNT(*) FROM favourite WHERE person_id = ? AND state = 'proposed'", (person_id,)
    )
    return int(count)


async def favourites(database: Database, club_id: int, state: State) -> list[Favourite]:
    """Return a club's favourites of a state, the newest first."""
    rows = await database.rows(
        f"{_FAVOURITE} WHERE favourite.club_id = ? AND favourite.state = ?"
        " ORDER BY favourite.at DESC, favourite.id DESC",
        (club_id, state),
    )
    return _favourites(rows)


async def own(database: Database, person_id: int) -> list[Favourite]:
    """Return everything that somebody wrote, the newest first."""
    rows = await database.rows(
        f"{_FAVOURITE} WHERE person_id = ? ORDER BY favourite.at DESC, favourite.id DESC",
        (person_id,),
    )
    return _favourites(rows)


def _favourites(rows: Sequence[Any]) -> list[Favourite]:
    return [Favourite(*row) for row in rows]


async def decide(
    transaction: aiosqlite.Connection, club_id: int, key: int, state: State, at: int
) -> bool:
    """Accept or decline a favourite of a club; return False when there is none of that number."""
    cursor = await transaction.execute(
        "UPDATE favourite SET state = ?, at = ? WHERE id = ? AND club_id = ?",
        (state, at, key, club_id),
    )
    return cursor.rowcount == 1


async def take_back(transaction: aiosqlite.Connection, person_id: int, key: int) -> bool:
    """Erase one of somebody's own favourites; return False when it is none of theirs."""
    cursor = await transaction.execute(
        "DELETE FROM favourite WHERE id = ? AND person_id = ?", (key, person_id)
    )
    return cursor.rowcount == 1


async def erase_declined(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase what was declined before `before`; return how much."""
    cursor = await transaction.execute(
        "DELETE FROM favourite WHERE state = 'declined' AND at < ?", (before,)
    )
    return cursor.rowcount
