"""Boards, one's own record and a settlement on a ledger of a million rows, or ten with `--large`."""

import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from statistics import median

from bench.figures import Figure, quantile
from bot.clock import SystemClock
from bot.people import People, Visitor
from bot.storage import participation, sessions
from bot.storage.database import Database
from bot.storage.participation import LedgerRow
from bot.storage.sessions import SessionRow

PEOPLE = 50_000
ROOMS = 40
SEASONS = 5
IN_SESSION = 20
SETTLED = 200
ASK_MS, SETTLE_MS = 20.0, 200.0
"""Our own bounds: what somebody who asks, and the writer of all rooms, should not notice."""


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the figures at a million rows (a hundred thousand when quick)."""
    async for figure in _at(100_000 if quick else 1_000_000, 40 if quick else 200):
        yield figure


async def measure_large(*, quick: bool) -> AsyncIterator[Figure]:  # noqa: ARG001 (it is never quick)
    """Yield the figures at ten million rows."""
    async for figure in _at(10_000_000, 200):
        yield figure


async def _at(rows: int, times: int) -> AsyncIterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        file = Path(folder) / "ledger.sqlite3"
        await (await Database.open(file)).close()
        _fill(file, rows)
        began = time.perf_counter()
        database = await Database.open(file)
        try:
            people = await People.load(database, SystemClock())
            opening = (time.perf_counter() - began) * 1000
            name, mark = "ledger", f"{rows:,} rows".replace(",", " ")
            yield Figure(name, f"open the file and read {PEOPLE} people, {mark}", opening, "ms")
            yield await _timed(
                name, f"one's own record (!moi), {mark}", times, ASK_MS, _own(people)
            )
            yield await _timed(name, f"season board, {mark}", times, ASK_MS, _board(people))
            yield await _timed(name, f"one's export, {mark}", times, ASK_MS, _export(people))
            settle = _settle(database, rows)
            what = f"settle a session of {SETTLED} people, {mark}"
            yield await _timed(name, what, times // 5, SETTLE_MS, settle)
        finally:
            await database.close()


def _fill(file: Path, rows: int) -> None:
    """Write years of participation, straight into the tables; safety is off, for this is scratch paper."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.executescript(
            f"""
            PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000;
            BEGIN;
            CREATE TEMP VIEW n AS WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT {rows})
                SELECT i FROM n;
            INSERT INTO room (id, name, locale, zone, created_at)
                SELECT i + 1, 'salon ' || i, 'fr', 'Europe/Paris', 0 FROM n LIMIT {ROOMS};
            INSERT INTO person (id, name, listed, created_at, seen_at)
                SELECT i + 1, 'lectrice ' || i, i % 3 = 0, 0, 0 FROM n LIMIT {PEOPLE};
            INSERT INTO identity (platform, user_id, person_id)
                SELECT iif(i % 2, 'discord', 'twitch'), i + 1, i + 1 FROM n LIMIT {PEOPLE};
            INSERT INTO session (id, room_id, activity, title, options, seed, started_at, ended_at, saved_at, announced)
                SELECT i + 1, i % {ROOMS} + 1, 'quiz', 'Littérature', '{{}}', i, i, i, i, 1
                FROM n LIMIT {rows // IN_SESSION};
            INSERT INTO ledger (session_id, person_id, room_id, season, platform, plays, correct, points, at)
                SELECT i / {IN_SESSION} + 1,
                    (i / {IN_SESSION} * 7919 + i % {IN_SESSION} * 2503) % {PEOPLE} + 1,
                    i / {IN_SESSION} % {ROOMS} + 1, 2022 + i * {SEASONS} / {rows}, iif(i % 2, 'discord', 'twitch'),
                    10, i % 11, i % 11, i
                FROM n;
            INSERT INTO tally (person_id, room_id, season, sessions, plays, correct, points, listed)
                SELECT person_id, room_id, season, COUNT(*), SUM(plays), SUM(correct), SUM(points), person_id % 3 = 1
                FROM ledger GROUP BY person_id, room_id, season;
            COMMIT;
            """
        )
    finally:
        connection.close()


async def _timed(
    name: str, what: str, times: int, most: float, act: Callable[[int], Awaitable[object]]
) -> Figure:
    took = []
    for n in range(times):
        began = time.perf_counter()
        await act(n)
        took.append((time.perf_counter() - began) * 1000)
    note = f"p99 {quantile(took, 0.99):.2f}, max {max(took):.2f} ms (n={times})"
    return Figure(name, what, median(took), "ms", most=most, note=note)


def _somebody(n: int) -> Visitor:
    number = n * 251 % PEOPLE
    return Visitor("discord" if number % 2 else "twitch", str(number + 1), "")


def _own(people: People) -> Callable[[int], Awaitable[object]]:
    return lambda n: people.own_record(_somebody(n), n % ROOMS + 1, 2022 + n % SEASONS)


def _board(people: People) -> Callable[[int], Awaitable[object]]:
    return lambda n: people.board(n % ROOMS + 1, 2022 + n % SEASONS)


def _export(people: People) -> Callable[[int], Awaitable[object]]:
    return lambda n: people.export(_somebody(n))


def _settle(database: Database, rows: int) -> Callable[[int], Awaitable[object]]:
    async def settle(n: int) -> None:
        key, room = rows + n + 1, n % ROOMS + 1
        parts = [
            LedgerRow(
                key, (n * 131 + i * 17) % PEOPLE + 1, room, 2026, "twitch", 10, i % 11, i % 11, n
            )
            for i in range(SETTLED)
        ]
        row = SessionRow(key, room, "quiz", "Littérature", {}, n, n, None, False, 0, n)
        async with database.transaction() as transaction:
            await sessions.add(transaction, row)
            await sessions.end(transaction, key, n, players=SETTLED, untraced=0)
            await participation.settle(transaction, parts)

    return settle
