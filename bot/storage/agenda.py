"""SQL on what is planned: series, their exceptions, and the rows that say what is due when."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import aiosqlite
import orjson

from bot.storage.database import Database
from games.core import EVERYWHERE, Platform
from games.recurrence import Series

Change = Literal["skipped", "moved", "cancelled"]
"""What may become of one occurrence."""


State = Literal["settled", "done", "missed", "failed"]
"""What may become of a row that is due."""


class OnPlatform(Protocol):
    """Whatever is of one platform."""

    @property
    def platform(self) -> Platform:
        """Which it is."""


Face = TypeVar("Face", bound=OnPlatform)


@dataclass(frozen=True, slots=True)
class Step:
    """Something due for each occurrence, `days` (as the calendar counts) and `seconds` after its start, or before.

    From `late_after` seconds on it is said to be late, from `missed_after` on it is left out (None: never).
    What is more important goes first when much is due at once.
    """

    kind: str
    days: int = 0
    seconds: int = 0
    late_after: int = 60
    missed_after: int | None = 3600
    importance: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: dates, for which room, club or person, and what is due for each of them.

    It lasts `minutes`, at a `place` in words, in the Discord voice or stage channel `voice_id` if it is in one. What is
    a club's is also in the agendas of that club's other rooms.
    """

    kind: str
    series: Series
    steps: tuple[Step, ...]
    room_id: int | None = None
    person_id: int | None = None
    title: str = ""
    options: dict[str, Any] | None = None
    shown: bool = True
    club_id: int | None = None
    minutes: int = 60
    place: str = ""
    voice_id: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan as kept; `made` is the latest occurrence, in the rule's order, whose rows were made.

    `uid` names it for good; `revision` counts what was changed about it, at last at `changed_at`.
    """

    id: int
    plan: Plan
    made: datetime | None
    last_at: int | None
    ended_at: int | None
    uid: str
    revision: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Due:
    """Something due: for which occurrence of which series, since when, and how late it is carried out.

    Instants are microseconds, UTC; `late` is in seconds, 0.0 as long as nobody need be told. On the platforms in
    `told_on` a former run has told it already.
    """

    id: int
    series_id: int
    kind: str
    original: datetime
    starts_at: int
    due_at: int
    late: float
    room_id: int | None
    person_id: int | None
    title: str
    options: dict[str, Any]
    club_id: int | None = None
    minutes: int = 60
    place: str = ""
    voice_id: str = ""
    told_on: frozenset[Platform] = frozenset()
    changed_at: int = 0
    """When its plan was made, or changed at last."""

    def untold(self, faces: Iterable[Face]) -> list[Face]:
        """Return the faces whose platform has not told it yet."""
        return [face for face in faces if face.platform not in self.told_on]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that waits, with what decides its fate; `newest` when no later occurrence's rows were made yet."""

    due: Due
    late_after: int
    missed_after: int | None
    tries: int
    newest: bool


NewRow = tuple[int, str, int, str, int, int, int, int, int | None, int]
"""series, original, step, kind, start, due and next instants, late and missed after (microseconds), importance."""

_COLUMNS = (
    "id, kind, room_id, person_id, title, first, zone, rule, holidays, steps, options, shown, club_id, minutes, place,"
    " voice_id, made, last_at, ended_at, uid, revision, changed_at"
)
_DUE = (
    "due.id, due.series_id, due.kind, due.original, due.starts_at, due.due_at, due.late,"
    " series.room_id, series.person_id, series.title, series.options, series.club_id, series.minutes, series.place,"
    " series.voice_id, due.told_on, series.changed_at"
)
_EXCEPTIONS = (
    "SELECT series_id, original, change, moved_to FROM exception"
    " WHERE series_id IN (SELECT value FROM json_each(?))"
)
_LIVE = "ended_at IS NULL AND (last_at IS NULL OR last_at >= ?2)"
_OF_ROOM = "(room_id = ?1 OR club_id IN (SELECT club_id FROM club_room WHERE room_id = ?1))"
_CHANGED = "UPDATE series SET revision = revision + 1, changed_at = ? WHERE id = ?"


def _text(local: datetime) -> str:
    return local.isoformat(timespec="seconds")


async def add(transaction: aiosqlite.Connection, plan: Plan, at: int) -> int:
    """Insert a plan, with the exceptions that its series brings; return its id."""
    series = plan.series
    values = (
        plan.kind,
        plan.room_id,
        plan.person_id,
        plan.title,
        _text(series.first),
        series.zone,
        series.rule,
        series.holidays,
        orjson.dumps(plan.steps).decode(),
        orjson.dumps(plan.options or {}).decode(),
        plan.shown,
        plan.club_id,
        plan.minutes,
        plan.place,
        plan.voice_id,
        at,
        at,
    )
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO series (kind, room_id, person_id, title, first, zone, rule, holidays, steps, options, shown,"
        " club_id, minutes, place, voice_id, created_at, changed_at, uid)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, lower(hex(randomblob(16)))) RETURNING id",
        values,
    )
    for original in series.exdates:
        await change(transaction, key, original, "skipped")
    for original, local in series.moved.items():
        await change(transaction, key, original, "moved" if local else "cancelled", local)
    return int(key)


async def describe(transaction: aiosqlite.Connection, key: int, plan: Plan) -> None:
    """Write anew what a plan is called, how long it lasts, where it takes place and its options; its dates stay."""
    options = orjson.dumps(plan.options or {}).decode()
    await transaction.execute(
        "UPDATE series SET title = ?, minutes = ?, place = ?, voice_id = ?, options = ? WHERE id = ?",
        (plan.title, plan.minutes, plan.place, plan.voice_id, options, key),
    )


async def note_change(transaction: aiosqlite.Connection, key: int, at: int) -> None:
    """Count a change of a plan, for the calendars elsewhere that know it."""
    await transaction.execute(_CHANGED, (at, key))


async def change(
    transaction: aiosqlite.Connection,
    key: int,
    original: datetime,
    what: Change,
    moved_to: datetime | None = None,
) -> None:
    """Keep what became of one occurrence."""
    await transaction.execute(
        "INSERT INTO exception (series_id, original, change, moved_to) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (series_id, original) DO UPDATE SET change = excluded.change, moved_to = excluded.moved_to",
        (key, _text(original), what, _text(moved_to) if moved_to else None),
    )


async def restore(transaction: aiosqlite.Connection, key: int, original: datetime) -> None:
    """Let one occurrence be as the rule has it."""
    await transaction.execute(
        "DELETE FROM exception WHERE series_id = ? AND original = ?", (key, _text(original))
    )


async def some(transaction: aiosqlite.Connection, keys: Sequence[int]) -> list[Planned]:
    """Return the plans among these that have not been ended."""
    listed = orjson.dumps(keys).decode()
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM series WHERE ended_at IS NULL AND id IN (SELECT value FROM json_each(?))",  # noqa: S608 (constant)
        (listed,),
    )
    return _planned(rows, await transaction.execute_fetchall(_EXCEPTIONS, (listed,)))


async def of_room(database: Database, room_id: int, now: int, limit: int) -> list[Planned]:
    """Return the plans that a room's agenda shows, those that take place soonest: not ended, not all in the past."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM series WHERE {_OF_ROOM} AND shown = 1 AND {_LIVE} ORDER BY"  # noqa: S608 (constant)
        " COALESCE((SELECT MIN(starts_at) FROM due WHERE series_id = series.id AND state = 'waiting'), last_at)"
        " LIMIT ?3",
        (room_id, now, limit),
    )
    return await _with_exceptions(database, rows)


async def of_club(database: Database, club_id: int, now: int) -> list[Planned]:
    """Return a club's plans that are shown, ended ones and those of the past left out."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM series WHERE club_id = ?1 AND shown = 1 AND {_LIVE} ORDER BY id",  # noqa: S608 (constant)
        (club_id, now),
    )
    return await _with_exceptions(database, rows)


async def end_of_club(transaction: aiosqlite.Connection, club_id: int, at: int) -> None:
    """End everything that is planned for a club."""
    rows = await transaction.execute_fetchall(
        "SELECT id FROM series WHERE club_id = ? AND ended_at IS NULL", (club_id,)
    )
    for (key,) in rows:
        await end(transaction, key, at)
        await note_change(transaction, key, at)


async def keys_of_club(transaction: aiosqlite.Connection, club_id: int) -> list[int]:
    """Return the numbers of all plans of a club that have not been ended."""
    rows = await transaction.execute_fetchall(
        "SELECT id FROM series WHERE club_id = ? AND ended_at IS NULL", (club_id,)
    )
    return [key for (key,) in rows]


async def _with_exceptions(database: Database, rows: Sequence[Any]) -> list[Planned]:
    listed = orjson.dumps([row[0] for row in rows]).decode()
    return _planned(rows, await database.rows(_EXCEPTIONS, (listed,)))


async def of_kind(
    transaction: aiosqlite.Connection, room_id: int, kind: str, now: int
) -> list[Planned]:
    """Return a room's plans of a kind: not ended, and not all in the past."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM series WHERE room_id = ?1 AND kind = ?3 AND {_LIVE} ORDER BY id",  # noqa: S608 (constant)
        (room_id, now, kind),
    )
    return _planned(rows, ())


def _planned(rows: Iterable[Any], exceptions: Iterable[Any]) -> list[Planned]:
    changes: dict[int, list[Any]] = {}
    for key, *row in exceptions:
        changes.setdefault(key, []).append(row)
    return [_one_planned(row, changes.get(row[0], [])) for row in rows]


def _one_planned(row: Any, changes: Sequence[Any]) -> Planned:
    key, kind, room_id, person_id, title, first, zone, rule, holidays, steps, *rest = row
    options, shown, club_id, minutes, place, voice_id, made, *kept = rest
    series = Series(
        datetime.fromisoformat(first),
        zone,
        rule,
        frozenset(datetime.fromisoformat(old) for old, what, _ in changes if what == "skipped"),
        {
            datetime.fromisoformat(old): datetime.fromisoformat(new) if new else None
            for old, what, new in changes
            if what != "skipped"
        },
        holidays,
    )
    due = tuple(Step(**step) for step in orjson.loads(steps))
    plan = Plan(
        kind,
        series,
        due,
        room_id,
        person_id,
        title,
        orjson.loads(options),
        shown=bool(shown),
        club_id=club_id,
        minutes=minutes,
        place=place,
        voice_id=voice_id,
    )
    return Planned(key, plan, datetime.fromisoformat(made) if made else None, *kept)


async def note_made(
    transaction: aiosqlite.Connection, made: Iterable[tuple[int, datetime]]
) -> None:
    """Remember, by plan, the latest occurrence whose rows were made."""
    await transaction.executemany(
        "UPDATE series SET made = ? WHERE id = ?", [(_text(local), key) for key, local in made]
    )


async def note_last(transaction: aiosqlite.Connection, last: Iterable[tuple[int, int]]) -> None:
    """Remember, by plan, when the last occurrence starts; that only ever moves to later."""
    await transaction.executemany(
        "UPDATE series SET last_at = MAX(COALESCE(last_at, 0), ?) WHERE id = ?",
        [(at, key) for key, at in last],
    )


async def end(transaction: aiosqlite.Connection, key: int, at: int) -> None:
    """End a plan. What waits for occurrences that have started still comes, the rest does not."""
    await transaction.execute(
        "UPDATE series SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (at, key)
    )
    await transaction.execute(
        "DELETE FROM due WHERE series_id = ? AND state = 'waiting' AND starts_at > ?", (key, at)
    )


async def make(transaction: aiosqlite.Connection, rows: Iterable[NewRow]) -> None:
    """Add rows; those that are there already stay as they are."""
    await transaction.executemany(
        "INSERT INTO due (series_id, original, step, kind, starts_at, due_at, next_at, late_after, missed_after,"
        " importance, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')"
        " ON CONFLICT (series_id, original, step) DO NOTHING",
        rows,
    )


async def unmake(transaction: aiosqlite.Connection, key: int, original: datetime) -> None:
    """Take away every row of an occurrence."""
    await transaction.execute(
        "DELETE FROM due WHERE series_id = ? AND original = ?", (key, _text(original))
    )


async def stalled(
    transaction: aiosqlite.Connection, keys: Sequence[int] | None = None
) -> list[int]:
    """Return the plans, of these or (None) of all, that should go on but have nothing waiting."""
    rows = await transaction.execute_fetchall(
        "SELECT id FROM series WHERE (?1 IS NULL OR id IN (SELECT value FROM json_each(?1)))"
        " AND ended_at IS NULL AND last_at IS NULL AND NOT EXISTS (SELECT 1 FROM due"
        " WHERE series_id = series.id AND original = series.made AND state = 'waiting')",
        (None if keys is None else orjson.dumps(keys).decode(),),
    )
    return [key for (key,) in rows]


async def next_at(database: Database) -> int | None:
    """Return when the next row is due."""
    [(at,)] = await database.rows("SELECT MIN(next_at) FROM due WHERE state = 'waiting'")
    return None if at is None else int(at)


async def take(transaction: aiosqlite.Connection, now: int, limit: int) -> list[Waiting]:
    """Return rows that are due: the most important first, then the longest due."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_DUE}, due.late_after, due.missed_after, due.tries,"  # noqa: S608 (constant)
        " series.made = due.original AND series.last_at IS NULL AND series.ended_at IS NULL FROM due"
        " JOIN series ON series.id = due.series_id WHERE due.state = 'waiting' AND due.next_at <= ?"
        " ORDER BY due.importance DESC, due.due_at, due.id LIMIT ?",
        (now, limit),
    )
    return [Waiting(_one_due(row), row[-4], row[-3], row[-2], newest=bool(row[-1])) for row in rows]


async def untold(database: Database) -> list[tuple[Due, int | None]]:
    """Return the rows whose effect is on disk and may not have been told, each with its `missed_after`."""
    rows = await database.rows(
        f"SELECT {_DUE}, due.missed_after FROM due JOIN series ON series.id = due.series_id"  # noqa: S608 (constant)
        " WHERE due.state = 'settled' ORDER BY due.importance DESC, due.due_at, due.id"
    )
    return [(_one_due(row), row[-1]) for row in rows]


def _one_due(row: Any) -> Due:
    key, series_id, kind, original, starts_at, due_at, late, room_id, person_id, title = row[:10]
    return Due(
        id=key,
        series_id=series_id,
        kind=kind,
        original=datetime.fromisoformat(original),
        starts_at=starts_at,
        due_at=due_at,
        late=late / 1_000_000,
        room_id=room_id,
        person_id=person_id,
        title=title,
        options=orjson.loads(row[10]),
        club_id=row[11],
        minutes=row[12],
        place=row[13],
        voice_id=row[14],
        told_on=frozenset(row[15].split()),
        changed_at=row[16],
    )


async def settle(
    transaction: aiosqlite.Connection, fates: Iterable[tuple[int, State, int]]
) -> None:
    """Say, by row, what became of it and how many microseconds late."""
    await transaction.executemany(
        "UPDATE due SET state = ?, late = ? WHERE id = ?",
        [(state, late, key) for key, state, late in fates],
    )


async def told(
    transaction: aiosqlite.Connection, rows: Iterable[tuple[int, Collection[Platform]]]
) -> None:
    """Note, by row, on which platforms people have been told by now; with all of them it is done."""
    values = [(" ".join(sorted(on)), len(on) == len(EVERYWHERE), key) for key, on in rows]
    await transaction.executemany(
        "UPDATE due SET told_on = ?, state = IIF(?, 'done', state) WHERE id = ? AND state = 'settled'",
        values,
    )


async def postpone(transaction: aiosqlite.Connection, key: int, next_at: int) -> None:
    """Try a row again later."""
    await transaction.execute(
        "UPDATE due SET tries = tries + 1, next_at = ? WHERE id = ?", (next_at, key)
    )


async def erase(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase what was done, missed or set aside before `before`, and plans that ended as long ago; return how many."""
    cursor = await transaction.execute(
        "DELETE FROM due WHERE state IN ('done', 'missed', 'failed') AND due_at < ?", (before,)
    )
    await transaction.execute(
        "DELETE FROM series WHERE COALESCE(ended_at, last_at) < ?"
        " AND NOT EXISTS (SELECT 1 FROM due WHERE series_id = series.id)",
        (before,),
    )
    return cursor.rowcount
