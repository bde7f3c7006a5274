"""SQL on the question of the day: what was asked, who answered, and what each person's answers add up to."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import aiosqlite
import orjson

from bot.storage.database import Database
from games.core import Platform
from games.daily import Answer, Streak, topic
from games.matching import Verdict
from games.question import Question, Reply


@dataclass(frozen=True, slots=True)
class NewDaily:
    """A question to be asked in a room on a day of its own calendar, by a due row."""

    room_id: int
    day: date
    deck: str
    question: Question
    locale: str
    seed: int
    at: int
    asked_by: int
    closes_at: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answered on a platform, and how many of them were right."""

    answers: int
    right: int


@dataclass(frozen=True, slots=True)
class Daily:
    """A question as asked; `tallies` are known once it is closed."""

    id: int
    room_id: int
    number: int
    day: date
    question: Question
    locale: str
    seed: int
    closes_at: int
    closed_at: int | None
    tallies: Mapping[Platform, Tally]


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody's answers in a room add up to; `number` is the last question they answered."""

    answers: int = 0
    correct: int = 0
    streak: Streak = field(default_factory=Streak)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What is kept of somebody's answer to one question, None where it is not known yet."""

    room: str
    deck: str
    platform: Platform
    correct: bool | None
    at: int


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """What is kept of an answer: the reply while the question is open, then whether it was right."""

    reply: Reply | None
    correct: bool | None


_COLUMNS = (
    "id, room_id, number, day, question, locale, seed, closes_at, closed_at,"
    " discord_answers, discord_right, twitch_answers, twitch_right"
)


def _daily(row: Any) -> Daily:
    key, room_id, number, day, question, locale, seed, closes_at, closed_at, *counts = row
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in orjson.loads(question).items()
    }
    tallies: dict[Platform, Tally] = {
        "discord": Tally(counts[0], counts[1]),
        "twitch": Tally(counts[2], counts[3]),
    }
    return Daily(
        key,
        room_id,
        number,
        date.fromisoformat(day),
        Question(**fields),
        locale,
        seed,
        closes_at,
        closed_at,
        tallies,
    )


async def add(transaction: aiosqlite.Connection, new: NewDaily) -> None:
    """Insert a question, the next of its room."""
    await transaction.execute(
        "INSERT INTO daily (room_id, number, day, deck, topic, question, locale, seed, asked_at, asked_by, closes_at)"
        " SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM daily WHERE room_id = ?1",
        (
            new.room_id,
            new.day.isoformat(),
            new.deck,
            topic(new.question),
            orjson.dumps(asdict(new.question)).decode(),
            new.locale,
            new.seed,
            new.at,
            new.asked_by,
            new.closes_at,
        ),
    )


async def open_in(transaction: aiosqlite.Connection, room_id: int) -> Daily | None:
    """Return the question that is open in a room."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM daily WHERE room_id = ? AND closed_at IS NULL",  # noqa: S608 (constant)
        (room_id,),
    )
    return next(map(_daily, rows), None)


async def of_day(transaction: aiosqlite.Connection, room_id: int, day: date) -> Daily | None:
    """Return the question that was asked in a room on a day."""
    rows = await transaction.execute_fetchall(
        f"SELECT {_COLUMNS} FROM daily WHERE room_id = ? AND day = ?",  # noqa: S608 (constant)
        (room_id, day.isoformat()),
    )
    return next(map(_daily, rows), None)


async def latest(database: Database, room_id: int) -> list[Daily]:
    """Return the last two questions of a room, the newest first."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM daily WHERE room_id = ? ORDER BY number DESC LIMIT 2",  # noqa: S608 (constant)
        (room_id,),
    )
    return [_daily(row) for row in rows]


async def asked_by(database: Database, due_id: int) -> list[Daily]:
    """Return the question that a due row asked."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM daily WHERE asked_by = ?",  # noqa: S608 (constant)
        (due_id,),
    )
    return [_daily(row) for row in rows]


async def closed_by(database: Database, due_id: int) -> list[Daily]:
    """Return the questions that a due row closed."""
    rows = await database.rows(
        f"SELECT {_COLUMNS} FROM daily WHERE closed_by = ? ORDER BY number",  # noqa: S608 (constant)
        (due_id,),
    )
    return [_daily(row) for row in rows]


async def asked(transaction: aiosqlite.Connection, room_id: int) -> tuple[dict[str, int], str]:
    """Return how often each topic was asked in a room, and the last one."""
    counts = await transaction.execute_fetchall(
        "SELECT topic, COUNT(*) FROM daily WHERE room_id = ? GROUP BY topic", (room_id,)
    )
    last = await transaction.execute_fetchall(
        "SELECT topic FROM daily WHERE room_id = ? ORDER BY number DESC LIMIT 1", (room_id,)
    )
    return {str(known): int(count) for known, count in counts}, next(
        (topic for (topic,) in last), ""
    )


async def close(
    transaction: aiosqlite.Connection,
    daily: Daily,
    at: int,
    closed_by: int,
    tallies: Mapping[Platform, Tally],
) -> None:
    """Close a question with its counts."""
    discord, twitch = tallies.get("discord", Tally(0, 0)), tallies.get("twitch", Tally(0, 0))
    await transaction.execute(
        "UPDATE daily SET closed_at = ?, closed_by = ?, discord_answers = ?, discord_right = ?, twitch_answers = ?,"
        " twitch_right = ? WHERE id = ?",
        (at, closed_by, discord.answers, discord.right, twitch.answers, twitch.right, daily.id),
    )


async def answers(transaction: aiosqlite.Connection, daily_id: int) -> dict[int, Answer]:
    """Return the answers to a question, by person, as long as it is open."""
    rows = await transaction.execute_fetchall(
        "SELECT person_id, reply, platform, changed FROM daily_answer"
        " WHERE daily_id = ? AND reply IS NOT NULL",
        (daily_id,),
    )
    return {
        key: Answer(_reply(text), platform, bool(changed)) for key, text, platform, changed in rows
    }


async def answer_of(
    transaction: aiosqlite.Connection, daily_id: int, person_id: int
) -> Answer | None:
    """Return somebody's answer to an open question."""
    rows = await transaction.execute_fetchall(
        "SELECT reply, platform, changed FROM daily_answer"
        " WHERE daily_id = ? AND person_id = ? AND reply IS NOT NULL",
        (daily_id, person_id),
    )
    found = (Answer(_reply(text), platform, bool(changed)) for text, platform, changed in rows)
    return next(found, None)


async def keep_answer(
    transaction: aiosqlite.Connection, daily_id: int, person_id: int, answer: Answer
) -> None:
    """Keep somebody's answer, in place of an earlier one. What was typed is not kept, only how it was judged."""
    reply = answer.reply
    kept = orjson.dumps([reply.choices, reply.value, reply.verdict.value]).decode()
    await transaction.execute(
        "INSERT INTO daily_answer (daily_id, person_id, platform, reply, changed) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (daily_id, person_id) DO UPDATE SET reply = excluded.reply, changed = excluded.changed",
        (daily_id, person_id, answer.platform, kept, answer.changed),
    )


def _reply(text: str) -> Reply:
    choices, value, verdict = orjson.loads(text)
    return Reply(tuple(choices), value, Verdict(verdict))


async def settle_answers(
    transaction: aiosqlite.Connection, daily: Daily, correct: Mapping[int, bool]
) -> None:
    """Keep of each person's answer only whether it was right, and add it to their record."""
    await transaction.executemany(
        "UPDATE daily_answer SET reply = NULL, correct = ? WHERE daily_id = ? AND person_id = ?",
        [(right, daily.id, key) for key, right in correct.items()],
    )
    await transaction.executemany(
        "UPDATE daily_record SET correct = correct + 1 WHERE person_id = ? AND room_id = ?",
        [(key, daily.room_id) for key, right in correct.items() if right],
    )


async def drop_answers(
    transaction: aiosqlite.Connection, daily_id: int, keys: Iterable[int]
) -> None:
    """Erase the answers of people who take part without trace."""
    await transaction.executemany(
        "DELETE FROM daily_answer WHERE daily_id = ? AND person_id = ?",
        [(daily_id, key) for key in keys],
    )


async def record(database: Database, person_id: int, room_id: int) -> Record:
    """Return what somebody's answers in a room add up to."""
    rows = await database.rows(
        "SELECT answers, correct, streak, best, forgiven, number FROM daily_record"
        " WHERE person_id = ? AND room_id = ?",
        (person_id, room_id),
    )
    return _record(rows[0]) if rows else Record()


def _record(row: Any) -> Record:
    answers, correct, length, best, forgiven, number = row
    day = date.fromisoformat(forgiven) if forgiven else None
    return Record(answers, correct, Streak(length, best, day), number)


async def keep_record(
    transaction: aiosqlite.Connection, person_id: int, room_id: int, record: Record
) -> None:
    """Keep what somebody's answers add up to."""
    streak = record.streak
    await transaction.execute(
        "INSERT OR REPLACE INTO daily_record (person_id, room_id, answers, correct, streak, best, forgiven, number)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person_id,
            room_id,
            record.answers,
            record.correct,
            streak.length,
            streak.best,
            streak.forgiven.isoformat() if streak.forgiven else None,
            record.number,
        ),
    )


async def days_between(database: Database, room_id: int, after: int, before: int) -> list[date]:
    """Return the days of the questions between two, neither of them included."""
    rows = await database.rows(
        "SELECT day FROM daily WHERE room_id = ? AND number > ? AND number < ? ORDER BY number",
        (room_id, after, before),
    )
    return [date.fromisoformat(day) for (day,) in rows]


async def steady(
    database: Database, room_id: int, number: int, least: int, limit: int
) -> list[tuple[int, int]]:
    """Return the longest (person id, streak) of who answered a question, of those who asked to be shown."""
    rows = await database.rows(
        "SELECT person_id, streak FROM daily_record JOIN person ON person.id = person_id"
        " WHERE room_id = ? AND number >= ? AND streak >= ? AND listed = 1 AND traceless = 0"
        " ORDER BY streak DESC, person_id LIMIT ?",
        (room_id, number, least, limit),
    )
    return [(key, length) for key, length in rows]


async def past(database: Database, person_id: int) -> list[Past]:
    """Return every answer of a person that is still kept one by one."""
    rows = await database.rows(
        "SELECT room.name, daily.deck, daily_answer.platform, daily_answer.correct, daily.asked_at FROM daily_answer"
        " JOIN daily ON daily.id = daily_answer.daily_id JOIN room ON room.id = daily.room_id"
        " WHERE daily_answer.person_id = ? ORDER BY daily.asked_at",
        (person_id,),
    )
    return [
        Past(room, deck, platform, None if correct is None else bool(correct), at)
        for room, deck, platform, correct, at in rows
    ]


async def records(database: Database, person_id: int) -> list[tuple[str, Record]]:
    """Return what somebody's answers add up to, room by room."""
    rows = await database.rows(
        "SELECT room.name, answers, correct, streak, best, forgiven, number FROM daily_record"
        " JOIN room ON room.id = room_id WHERE person_id = ? ORDER BY room.name",
        (person_id,),
    )
    return [(name, _record(row)) for name, *row in rows]


async def own_answer(database: Database, daily_id: int, person_id: int) -> OwnAnswer:
    """Return what is kept of somebody's answer to a question."""
    rows = await database.rows(
        "SELECT reply, correct FROM daily_answer WHERE daily_id = ? AND person_id = ?",
        (daily_id, person_id),
    )
    for text, correct in rows:
        return OwnAnswer(_reply(text) if text else None, None if correct is None else bool(correct))
    return OwnAnswer(None, None)


async def erase_answers(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase the single answers to questions that closed before `before`; return how many."""
    cursor = await transaction.execute(
        "DELETE FROM daily_answer WHERE daily_id IN (SELECT id FROM daily WHERE closed_at < ?)",
        (before,),
    )
    return cursor.rowcount
