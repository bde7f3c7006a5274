"""SQL on the questions of clubs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import aiosqlite

from bot.storage.database import Database
from games.questions import State, may_follow

_COLUMNS = (
    "id, club_id, book_id, section, text, general, state, proposed_by, asked_at, times, meeting_id"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a club; `section` is the one after which it may be asked, `proposed_by` a person's id.

    `general` is the key of one that comes with the program; `asked_at` is microseconds since 1970.
    """

    id: int
    club_id: int
    book_id: int | None
    section: int
    text: str
    general: str | None
    state: State
    proposed_by: int | None
    asked_at: int | None
    times: int
    meeting_id: int | None


async def of_club(database: Database, club_id: int) -> list[Question]:
    """Return a club's questions, those put away left out, the oldest first."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM club_question WHERE club_id = ? AND state != 'dropped' ORDER BY id",  # noqa: S608
        (club_id,),
    )
    return [_question(row) for row in rows]


async def one(database: Database, key: int) -> Question | None:
    """Return a question by its number."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM club_question WHERE id = ?", (key,))  # noqa: S608
    return _question(rows[0]) if rows else None


async def latest(database: Database, club_id: int) -> list[Question]:
    """Return the two questions of a club that were asked last, the last one first."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM club_question WHERE club_id = ? AND asked_at IS NOT NULL"  # noqa: S608
        " ORDER BY asked_at DESC, id DESC LIMIT 2",
        (club_id,),
    )
    return [_question(row) for row in rows]


async def of_meeting(database: Database, meeting_id: int) -> list[Question]:
    """Return the questions that were last asked at a meeting, in order."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM club_question WHERE meeting_id = ? ORDER BY asked_at, id",  # noqa: S608
        (meeting_id,),
    )
    return [_question(row) for row in rows]


async def of_person(database: Database, person_id: int) -> list[tuple[str, str]]:
    """Return the (club, text) of every question that somebody proposes and that waits to be looked at."""
    rows = await database.rows(
        "SELECT club.name, text FROM club_question JOIN club ON club.id = club_id"
        " WHERE proposed_by = ? ORDER BY club_question.id",
        (person_id,),
    )
    return [(club, text) for club, text in rows]


async def add(
    transaction: aiosqlite.Connection,
    club_id: int,
    book_id: int | None,
    section: int,
    text: str,
    state: State,
    at: int,
    *,
    by: int | None = None,
    general: str | None = None,
) -> int:
    """Insert a question and return its number."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO club_question (club_id, book_id, section, text, general, state, proposed_by, proposed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (club_id, book_id, section, text, general, state, by, at),
    )
    return int(key)


async def rewrite(
    transaction: aiosqlite.Connection, key: int, book_id: int | None, section: int, text: str
) -> bool:
    """Change what a question says that was not asked yet; return False when there is no such."""
    cursor = await transaction.execute(
        "UPDATE club_question SET book_id = ?, section = ?, text = ?, general = NULL"
        " WHERE id = ? AND state IN ('proposed', 'ready')",
        (book_id, section, text, key),
    )
    return cursor.rowcount == 1


async def move(transaction: aiosqlite.Connection, question: Question, to: State) -> bool:
    """Take a question to another state; return False when it is no longer in the one it is thought to be in.

    Who proposed it is forgotten once it waits no more.

    Raises:
        ValueError: for a step that no question takes.
    """
    if not may_follow(question.state, to):
        raise ValueError(f"a question that is {question.state} does not become {to}")
    cursor = await transaction.execute(
        "UPDATE club_question SET state = ?, proposed_by = NULL WHERE id = ? AND state = ?",
        (to, question.id, question.state),
    )
    return cursor.rowcount == 1


async def note_asked(
    transaction: aiosqlite.Connection, key: int, at: int, meeting_id: int | None
) -> None:
    """Note when and at which meeting a question is asked."""
    await transaction.execute(
        "UPDATE club_question SET asked_at = ?, meeting_id = ?, times = times + 1 WHERE id = ?",
        (at, meeting_id, key),
    )


def _question(row: Sequence[Any]) -> Question:
    key, club_id, book_id, section, text, general, state, by, asked_at, times, meeting_id = row
    return Question(
        key,
        club_id,
        book_id,
        section,
        text,
        general,
        cast("State", state),
        by,
        asked_at,
        times,
        meeting_id,
    )
