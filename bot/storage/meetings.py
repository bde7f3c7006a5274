"""SQL on clubs' meetings: each occurrence that anybody had to do with, who said what, and who came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiosqlite

from bot.storage.database import Database
from games.core import Platform
from games.meeting import Answer, Form, Reply, Sums

_FACTS = (
    "series_id, original, club_id, book_id, title, form, place, voice_id, seats, starts_at, minutes"
)
_COLUMNS = f"id, {_FACTS}, reminded, opened_at, closed_at, cancelled_at, headcount, untraced"
_OPEN = "opened_at IS NOT NULL AND closed_at IS NULL AND cancelled_at IS NULL"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a club. Instants are microseconds, UTC; `series_id` is None once the agenda has forgotten it."""

    id: int
    series_id: int | None
    original: datetime
    club_id: int
    book_id: int | None
    title: str
    form: Form
    place: str
    voice_id: str
    seats: int | None
    starts_at: int
    minutes: int
    reminded: bool = False
    opened_at: int | None = None
    closed_at: int | None = None
    cancelled_at: int | None = None
    headcount: int | None = None
    untraced: int = 0

    @property
    def ends_at(self) -> int:
        """When it is to be over."""
        return self.starts_at + self.minutes * 60_000_000

    @property
    def open(self) -> bool:
        """Whether it goes on now."""
        return self.opened_at is not None and self.closed_at is None and self.cancelled_at is None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is told of a meeting in private, by one of their accounts; they answered in that room."""

    person_id: int
    platform: Platform
    user_id: str
    room_id: int


def _text(local: datetime) -> str:
    return local.isoformat(timespec="seconds")


def _meeting(row: Any) -> Meeting:
    key, series_id, original, *rest = row
    rest[9] = bool(rest[9])
    return Meeting(key, series_id, datetime.fromisoformat(original), *rest)


async def ensure(transaction: aiosqlite.Connection, meeting: Meeting) -> Meeting:
    """Return an occurrence's meeting as kept; when it is none yet it is made as given, but for its id."""
    values = (
        meeting.series_id,
        _text(meeting.original),
        meeting.club_id,
        meeting.book_id,
        meeting.title,
        meeting.form,
        meeting.place,
        meeting.voice_id,
        meeting.seats,
        meeting.starts_at,
        meeting.minutes,
    )
    await transaction.execute(
        f"INSERT INTO meeting ({_FACTS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 (constant)
        " ON CONFLICT (series_id, original) DO NOTHING",
        values,
    )
    [row] = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM meeting WHERE series_id = ? AND original = ?",  # noqa: S608 (constant)
        values[:2],
    )
    return _meeting(row)


async def one(database: Database, key: int) -> Meeting | None:
    """Return a meeting by its number."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM meeting WHERE id = ?", (key,))  # noqa: S608 (constant)
    return _meeting(rows[0]) if rows else None


async def within(transaction: aiosqlite.Connection, key: int) -> Meeting | None:
    """Return a meeting by its number, as it is in a transaction."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM meeting WHERE id = ?",  # noqa: S608 (constant)
        (key,),
    )
    return next((_meeting(row) for row in rows), None)


async def of_occurrence(database: Database, series_id: int, original: datetime) -> Meeting | None:
    """Return the meeting of an occurrence, if anybody had to do with it."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting WHERE series_id = ? AND original = ?",  # noqa: S608 (constant)
        (series_id, _text(original)),
    )
    return _meeting(rows[0]) if rows else None


async def ahead(transaction: aiosqlite.Connection, series_id: int) -> list[Meeting]:
    """Return the meetings of a plan that have neither opened nor been cancelled."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM meeting WHERE series_id = ? AND opened_at IS NULL"  # noqa: S608 (constant)
        " AND cancelled_at IS NULL ORDER BY starts_at",
        (series_id,),
    )
    return [_meeting(row) for row in rows]


async def open_in(database: Database, room_id: int) -> list[Meeting]:
    """Return the meetings that go on in a room's clubs, the one that opened last first."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting WHERE {_OPEN} AND club_id IN"  # noqa: S608 (constant)
        " (SELECT club_id FROM club_room WHERE room_id = ?) ORDER BY opened_at DESC, id DESC",
        (room_id,),
    )
    return [_meeting(row) for row in rows]


async def going_on(database: Database) -> list[Meeting]:
    """Return every meeting that goes on."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM meeting WHERE {_OPEN} ORDER BY id")  # noqa: S608 (constant)
    return [_meeting(row) for row in rows]


async def last_closed(database: Database, room_id: int, since: int) -> Meeting | None:
    """Return the meeting of a room's clubs that closed last, if it did so at `since` or later."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting WHERE closed_at >= ? AND club_id IN"  # noqa: S608 (constant)
        " (SELECT club_id FROM club_room WHERE room_id = ?) ORDER BY closed_at DESC, id DESC LIMIT 1",
        (since, room_id),
    )
    return _meeting(rows[0]) if rows else None


async def latest_of(database: Database, club_id: int) -> Meeting | None:
    """Return the meeting of a club that opened last."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM meeting WHERE club_id = ? AND opened_at IS NOT NULL"  # noqa: S608 (constant)
        " ORDER BY opened_at DESC, id DESC LIMIT 1",
        (club_id,),
    )
    return _meeting(rows[0]) if rows else None


async def describe(transaction: aiosqlite.Connection, meeting: Meeting) -> None:
    """Write anew what a meeting is, when and where."""
    await transaction.execute(
        "UPDATE meeting SET book_id = ?, title = ?, form = ?, place = ?, voice_id = ?, seats = ?, starts_at = ?,"
        " minutes = ? WHERE id = ?",
        (
            meeting.book_id,
            meeting.title,
            meeting.form,
            meeting.place,
            meeting.voice_id,
            meeting.seats,
            meeting.starts_at,
            meeting.minutes,
            meeting.id,
        ),
    )


async def note_reminded(transaction: aiosqlite.Connection, key: int) -> None:
    """Note that a meeting's card is shown again."""
    await transaction.execute("UPDATE meeting SET reminded = 1 WHERE id = ?", (key,))


async def open_it(transaction: aiosqlite.Connection, key: int, at: int) -> bool:
    """Open a meeting; return False when it has been open, or was cancelled."""
    cursor = await transaction.execute(
        "UPDATE meeting SET opened_at = ? WHERE id = ? AND opened_at IS NULL AND cancelled_at IS NULL",
        (at, key),
    )
    return cursor.rowcount == 1


async def close_it(transaction: aiosqlite.Connection, key: int, at: int, sums: Sums) -> bool:
    """Close a meeting with its sums; return False when it is not open."""
    cursor = await transaction.execute(
        f"UPDATE meeting SET closed_at = ?, came = ?, walk_ins = ?, no_shows = ? WHERE id = ? AND {_OPEN}",  # noqa: S608
        (at, sums.came, sums.walk_ins, sums.no_shows, key),
    )
    await transaction.execute("DELETE FROM voice_presence WHERE meeting_id = ?", (key,))
    return cursor.rowcount == 1


async def cancel_it(transaction: aiosqlite.Connection, key: int, at: int) -> None:
    """Cancel a meeting that has not been closed."""
    await transaction.execute(
        "UPDATE meeting SET cancelled_at = ? WHERE id = ? AND closed_at IS NULL", (at, key)
    )


# --- What people say to it


async def replies(transaction: aiosqlite.Connection, key: int) -> list[Reply]:
    """Return what everybody said to a meeting, as it is in a transaction."""
    rows = await transaction.execute_fetchall(
        "SELECT person_id, answer, turn, seated FROM rsvp WHERE meeting_id = ? ORDER BY turn",
        (key,),
    )
    return [Reply(who, answer, turn, bool(seated)) for who, answer, turn, seated in rows]


async def said(database: Database, key: int) -> list[Reply]:
    """Return what everybody said to a meeting."""
    rows = await database.rows(
        "SELECT person_id, answer, turn, seated FROM rsvp WHERE meeting_id = ? ORDER BY turn",
        (key,),
    )
    return [Reply(who, answer, turn, bool(seated)) for who, answer, turn, seated in rows]


async def reply(
    transaction: aiosqlite.Connection, key: int, person_id: int, answer: Answer, room_id: int
) -> None:
    """Keep what somebody says to a meeting; whoever says yes anew is last in turn, and has no seat yet."""
    await transaction.execute(
        "INSERT INTO rsvp (meeting_id, person_id, answer, turn, seated, room_id) VALUES (?1, ?2, ?3,"
        " (SELECT COALESCE(MAX(turn), 0) + 1 FROM rsvp WHERE meeting_id = ?1), 0, ?4)"
        " ON CONFLICT (meeting_id, person_id) DO UPDATE SET answer = excluded.answer, turn = excluded.turn,"
        " seated = 0, room_id = excluded.room_id WHERE answer != excluded.answer",
        (key, person_id, answer, room_id),
    )


async def give_seats(transaction: aiosqlite.Connection, key: int, people: Iterable[int]) -> None:
    """Note that people have a seat now."""
    await transaction.executemany(
        "UPDATE rsvp SET seated = 1 WHERE meeting_id = ? AND person_id = ?",
        [(key, person) for person in people],
    )


async def set_remind(
    transaction: aiosqlite.Connection, key: int, person_id: int, *, on: bool
) -> bool:
    """Note whether somebody who answered wants to be reminded in private; return False when they did not answer."""
    cursor = await transaction.execute(
        "UPDATE rsvp SET remind = ? WHERE meeting_id = ? AND person_id = ?", (on, key, person_id)
    )
    return cursor.rowcount == 1


async def wanting(database: Database, key: int) -> list[Addressee]:
    """Return those who want to be told of a meeting in private and have not said no, by each of their accounts."""
    rows = await database.rows(
        "SELECT person_id, platform, user_id, room_id FROM rsvp JOIN identity USING (person_id)"
        " WHERE meeting_id = ? AND remind = 1 AND answer != 'no' ORDER BY turn",
        (key,),
    )
    return [Addressee(*row) for row in rows]


async def addressee(database: Database, key: int, person_id: int) -> list[Addressee]:
    """Return one person who answered, by each of their accounts."""
    rows = await database.rows(
        "SELECT person_id, platform, user_id, room_id FROM rsvp JOIN identity USING (person_id)"
        " WHERE meeting_id = ? AND person_id = ? AND seated = 1",
        (key, person_id),
    )
    return [Addressee(*row) for row in rows]


# --- Who came


async def came(transaction: aiosqlite.Connection, key: int) -> list[int]:
    """Return who came to a meeting, as it is in a transaction."""
    rows = await transaction.execute_fetchall(
        "SELECT person_id FROM attendance WHERE meeting_id = ?", (key,)
    )
    return [person for (person,) in rows]


async def present(database: Database, key: int) -> list[int]:
    """Return who came to a meeting."""
    rows = await database.rows("SELECT person_id FROM attendance WHERE meeting_id = ?", (key,))
    return [person for (person,) in rows]


async def attend(transaction: aiosqlite.Connection, key: int, person_id: int, how: str) -> bool:
    """Keep that somebody came to a meeting that is open; return False when it was known."""
    cursor = await transaction.execute(
        "INSERT INTO attendance (meeting_id, person_id, how) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (key, person_id, how),
    )
    return cursor.rowcount == 1


async def add_untraced(transaction: aiosqlite.Connection, key: int, count: int) -> None:
    """Count people who came and are kept nowhere."""
    await transaction.execute(
        "UPDATE meeting SET untraced = untraced + ? WHERE id = ?", (count, key)
    )


async def count_heads(transaction: aiosqlite.Connection, key: int, people: int) -> None:
    """Keep how many people staff counted."""
    await transaction.execute("UPDATE meeting SET headcount = ? WHERE id = ?", (people, key))


async def keep_voice(
    transaction: aiosqlite.Connection, key: int, seconds: Iterable[tuple[int, int]]
) -> None:
    """Keep how long people have been in a meeting's voice channel, as (person, seconds)."""
    await transaction.executemany(
        "INSERT INTO voice_presence (meeting_id, person_id, seconds) VALUES (?, ?, ?)"
        " ON CONFLICT (meeting_id, person_id) DO UPDATE SET seconds = excluded.seconds",
        [(key, person, long) for person, long in seconds],
    )


async def voice(database: Database, key: int) -> dict[str, int]:
    """Return how long accounts on Discord have been in a meeting's voice channel, by user id."""
    rows = await database.rows(
        "SELECT user_id, seconds FROM voice_presence JOIN identity USING (person_id)"
        " WHERE meeting_id = ? AND platform = 'discord'",
        (key,),
    )
    return dict(rows)


async def sums(database: Database, key: int) -> tuple[int, int, int] | None:
    """Return (came, walk-ins, no-shows) of a meeting that is closed."""
    rows = await database.rows(
        "SELECT came, walk_ins, no_shows FROM meeting WHERE id = ? AND came IS NOT NULL", (key,)
    )
    return tuple(rows[0]) if rows else None


# --- What is kept of somebody, and for how long


async def of_person(database: Database, person_id: int) -> list[tuple[str, int, str, str]]:
    """Return the (title, start, answer, how they came) of the meetings that somebody answered or came to."""
    rows = await database.rows(
        "SELECT title, starts_at, COALESCE(answer, ''), COALESCE(how, '') FROM meeting"
        " LEFT JOIN rsvp ON rsvp.meeting_id = meeting.id AND rsvp.person_id = ?1"
        " LEFT JOIN attendance ON attendance.meeting_id = meeting.id AND attendance.person_id = ?1"
        " WHERE answer IS NOT NULL OR how IS NOT NULL ORDER BY starts_at, meeting.id",
        (person_id,),
    )
    return [tuple(row) for row in rows]


async def withdraw(transaction: aiosqlite.Connection, person_id: int) -> list[int]:
    """Take somebody's answers out of the meetings that are ahead; return the meetings where that frees a seat."""
    rows = await transaction.execute_fetchall(
        "DELETE FROM rsvp WHERE person_id = ? AND meeting_id IN"
        " (SELECT id FROM meeting WHERE closed_at IS NULL AND cancelled_at IS NULL)"
        " RETURNING meeting_id, seated",
        (person_id,),
    )
    return [key for key, seated in rows if seated]


async def erase_old(
    transaction: aiosqlite.Connection, answered_before: int, came_before: int
) -> int:
    """Erase the answers to meetings of before the first, who came to those of before the second; return how many."""
    gone = 0
    for table, before in (
        ("rsvp", answered_before),
        ("attendance", came_before),
        ("opinion", came_before),
    ):
        cursor = await transaction.execute(
            f"DELETE FROM {table} WHERE meeting_id IN (SELECT id FROM meeting WHERE starts_at < ?)",  # noqa: S608
            (before,),
        )
        gone += cursor.rowcount
    return gone
