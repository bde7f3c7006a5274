"""Two thousand people in one reading pause: joining, logging, amending, settling; and sums over a million readings.

First the engine alone (real file, real rules, both faces composing all they would show), then the whole bot between the
rehearsal platforms, with typed words, buttons and forms; then questions to a file in which years of pauses stand.
"""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import discord
import orjson

from bench import chatter
from bench.figures import Figure, quantile
from bench.pipe import BenchError, worker
from bot.batch import Receipt
from bot.clock import SystemClock
from bot.hall import Hall
from bot.pause import Pauses, Wish
from bot.people import People, Visitor
from bot.readings import Readings
from bot.rooms import Rooms
from bot.session import Announcement
from bot.storage import readings, sessions
from bot.storage.database import Database
from bot.storage.readings import Where
from bot.storage.rooms import Room
from bot.storage.sessions import SessionRow
from bot.wording.speech import Speech
from cogs.pause_boards import PauseBoards
from cogs.pause_twitch import PauseLines
from games.core import Platform, Player, Role
from games.pause import LOG_FORM, Pause, log_form
from games.readers import Reading, Totals

READERS = 2_000
SLOWEST_MS = 100.0
ARRIVE_S = 10.0
"""Seconds within which all of them join, and again all log, and again all amend."""

CLICKS = 100
LONGEST_LINE, MOST_LINES = 500, 40
ANSWER_WITHIN = 3.0
PAGES, AMENDED = 12, 13

PEOPLE, ROOMS, SEASONS, IN_SESSION = 50_000, 40, 5, 20
SETTLED = 200
ASK_MS, SETTLE_MS = 20.0, 200.0
"""Our own bounds: what somebody who asks, and the writer of all rooms, should not notice."""

Act = Callable[[int], Receipt]


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the figures of the engine, of the whole bot, and of a file with a million readings."""
    people = READERS // 10 if quick else READERS
    async for figure in _engine(people):
        yield figure
    async for figure in _whole(people):
        yield figure
    async for figure in _at(100_000 if quick else 1_000_000, 40 if quick else 200):
        yield figure


async def measure_large(*, quick: bool) -> AsyncIterator[Figure]:  # noqa: ARG001 (it is never quick)
    """Yield the figures of a file with ten million readings."""
    async for figure in _at(10_000_000, 200):
        yield figure


# --- The engine


class Side:
    """A platform that composes all it would show, and sends nothing."""

    def __init__(self, platform: Platform, kept: Readings) -> None:
        self.platform = platform
        face = PauseBoards if platform == "discord" else PauseLines
        self._render = face(kept, str, lambda _: 0)
        self._quote = discord.utils.escape_markdown if platform == "discord" else str

    def announce(self, announcement: Announcement) -> None:
        """Compose."""
        self._render(announcement, Speech(announcement.locale, self._quote))

    async def settled(self, room_id: int) -> None:
        """Nothing waits here."""


@dataclass(frozen=True, slots=True)
class Library:
    """A hall with one room on both platforms, and its readers."""

    database: Database
    hall: Hall
    pauses: Pauses
    room: Room
    crowd: tuple[Visitor, ...]

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, people: int) -> AsyncIterator["Library"]:
        """Open an empty one and close it in order."""
        clock = SystemClock()
        database = await Database.open(folder / "pause.sqlite3")
        known = await People.load(database, clock)
        rooms = await Rooms.load(database, clock, locale="fr", zone="Europe/Paris")
        kept = Readings(database, known, clock, season_start=(9, 1))
        hall = Hall(
            database, known, clock, {"pause": Pause.from_json}, settlers={"pause": kept.settle}
        )
        hall.add_side(Side("discord", kept))
        hall.add_side(Side("twitch", kept))
        room = await rooms.open_discord("d", "g", "salon")
        room = await rooms.link(room, "t", "t", busy=lambda _: False)
        await hall.open(rooms.by_id)
        sides: tuple[Platform, Platform] = ("discord", "twitch")
        crowd = tuple(
            Visitor(sides[n % 2], str(n), name) for n, name in enumerate(chatter.names(people))
        )
        try:
            yield cls(database, hall, Pauses(hall, known, kept), room, crowd)
        finally:
            await hall.close()
            await hall.finish()
            await database.close()

    async def offer(self, act: Act) -> list[float]:
        """Let everybody act at random instants; return the milliseconds from when each was due to its commit."""
        chance, waits, watching = random.Random(7), list[float](), list[asyncio.Task[None]]()
        dues = sorted(chance.uniform(0, ARRIVE_S) for _ in self.crowd)
        began = time.perf_counter()

        async def watch(receipt: Receipt, due: float) -> None:
            await receipt.committed()
            waits.append((time.perf_counter() - due) * 1000)

        for number, due in enumerate(dues):
            if (early := began + due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            watching.append(asyncio.create_task(watch(act(number), began + due)))
        await asyncio.gather(*watching)
        return waits


async def _engine(people: int) -> AsyncIterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with Library.open(Path(folder), people) as library:
            hall, room, crowd = library.hall, library.room, library.crowd
            session = library.pauses.start(room, Wish(), Role.HOST).session_id
            hall.act(room.id, Role.HOST, "skip")

            def join(n: int) -> Receipt:
                return hall.wished(room.id, crowd[n], "join")

            def log(pages: int) -> Act:
                text = log_form(f"{pages} pages", "")
                return lambda n: (
                    hall.wrote(room.id, crowd[n], session, LOG_FORM, text)
                    if crowd[n].platform == "discord"
                    else hall.wished(room.id, crowd[n], "log", f"{pages} pages")
                )

            yield _waits("engine", "join", people, await library.offer(join))
            hall.act(room.id, Role.HOST, "end")
            yield _waits("engine", "log", people, await library.offer(log(PAGES)))
            yield _waits("engine", "amend", people, await library.offer(log(AMENDED)))
            began = time.perf_counter()
            await hall.act(room.id, Role.HOST, "end").committed()
            took = (time.perf_counter() - began) * 1000
            yield Figure("pause", f"engine: settle {people} readers", took, "ms", most=SETTLE_MS)
            yield _missing(Path(folder) / "pause.sqlite3", "engine", people)


def _waits(where: str, what: str, people: int, waits: list[float]) -> Figure:
    note = f"p50 {median(waits):.1f}, max {max(waits):.1f} ms; {people} people in {ARRIVE_S:.0f} s"
    return Figure(
        "pause",
        f"{where}: receipt to commit, {what}, p99",
        quantile(waits, 0.99),
        "ms",
        most=SLOWEST_MS,
        note=note,
    )


def _missing(file: Path, where: str, people: int) -> Figure:
    """Count how far rows and sums are from what was read: each reader once, with what they said last."""
    connection = sqlite3.connect(file)
    try:
        rows = [
            *connection.execute("SELECT COUNT(*), SUM(pages) FROM reading").fetchall(),
            *connection.execute("SELECT readers, pages FROM reading_session").fetchall(),
            *connection.execute("SELECT SUM(readers), SUM(pages) FROM reading_room").fetchall(),
            *connection.execute("SELECT readers, pages FROM reading_network").fetchall(),
            *connection.execute("SELECT COUNT(*), SUM(pages) FROM reader_season").fetchall(),
        ]
    finally:
        connection.close()
    expected = (people, people * AMENDED)
    wrong = sum(row != expected for row in rows) + abs(len(rows) - 5)
    return Figure("pause", f"{where}: sums that are not what was read", wrong, "sums", most=0)


# --- The whole bot


async def _whole(people: int) -> AsyncIterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with worker("bench.platforms") as platforms:
            address = orjson.dumps(await platforms.hear()).decode()
            await platforms.ask("people", count=people // 2)
            async with worker("bench.clients", "bot", address, folder) as bot:
                await bot.hear()
                await platforms.ask("watch")
                for name in ("pause", "time"):
                    await bot.ask(name)
                waits: dict[str, list[float]] = {}
                answers: list[float] = []
                for what, text, form in _steps():
                    if what == "log":
                        await bot.ask("act", action="end")
                    crowd: dict[str, Any] = {"seconds": ARRIVE_S, "text": text, "choice": 0}
                    clicks = max(1, CLICKS * people // READERS)
                    sent = await platforms.ask("crowd", **crowd, clicks=clicks, form=form)
                    timed = await bot.ask("timed", plays=people)
                    waits[what] = [one * 1000 for one in timed["waits"]]
                    answers += sent["waits"]
                took = await bot.ask("act", action="end")
                await bot.ask("over")
                seen = await platforms.ask("seen")
        for what, found in waits.items():
            yield _waits("whole bot", what, people, found)
        yield Figure(
            "pause",
            f"whole bot: settle {people} readers",
            took["seconds"] * 1000,
            "ms",
            most=SETTLE_MS,
        )
        yield _missing(Path(folder) / "bench.sqlite3", "whole bot", people)
        for figure in _manners(answers, seen):
            yield figure


def _steps() -> tuple[tuple[str, str, dict[str, str] | None], ...]:
    """Return what happens: its name, what is typed, and what is filled in."""
    forms = [{"what": f"{pages} pages", "title": ""} for pages in (PAGES, AMENDED)]
    return (
        ("join", "!lis", None),
        ("log", f"!pages {PAGES}", forms[0]),
        ("amend", f"!pages {AMENDED}", forms[1]),
    )


def _manners(answers: list[float], seen: dict[str, Any]) -> list[Figure]:
    """Look at boards, lines and waits."""
    boards = [sorted(at for at, _ in edits) for edits in seen["edits"].values()]
    gaps = [b - a for times in boards for a, b in pairwise(times)]
    lines = [text for _, text in seen["lines"]]
    if not lines:
        raise BenchError("the bot said nothing on Twitch")
    return [
        Figure("pause", "shortest time between edits of a board", min(gaps, default=99.0), "s", least=0.95,
               note=f"{sum(map(len, boards))} edits of {len(boards)} boards"),
        Figure("pause", "Twitch lines over the rate", seen["violations"], "lines", most=0),
        Figure("pause", "Twitch lines said in a pause", len(lines), "lines", most=MOST_LINES),
        Figure("pause", "longest Twitch line", max(map(len, lines)), "characters", most=LONGEST_LINE),
        Figure("pause", "slowest answer to a button or form", max(answers), "s", most=ANSWER_WITHIN,
               note=f"p50 {quantile(answers, 0.5):.3f} s; {len(answers)} pressed"),
    ]  # fmt: skip


# --- Years of pauses


async def _at(rows: int, times: int) -> AsyncIterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        file = Path(folder) / "readings.sqlite3"
        await (await Database.open(file)).close()
        _fill(file, rows)
        database = await Database.open(file)
        try:
            mark = f"{rows:,} readings".replace(",", " ")
            for what, act in _questions(database).items():
                yield await _timed(f"{what}, {mark}", times, ASK_MS, act)
            settle = f"settle a pause of {SETTLED} readers, {mark}"
            yield await _timed(settle, times // 5, SETTLE_MS, _settle(database, rows))
        finally:
            await database.close()


def _fill(file: Path, rows: int) -> None:
    """Write years of reading, straight into the tables; safety is off, for this is scratch paper."""
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
            INSERT INTO person (id, name, created_at, seen_at)
                SELECT i + 1, 'lectrice ' || i, 0, 0 FROM n LIMIT {PEOPLE};
            INSERT INTO session (id, room_id, activity, title, options, seed, started_at, ended_at, saved_at, announced)
                SELECT i + 1, i % {ROOMS} + 1, 'pause', 'Pause lecture', '{{}}', i, i, i, i, 1
                FROM n LIMIT {rows // IN_SESSION};
            INSERT INTO reading (session_id, person_id, pages, minutes, chapters, percent, present_s)
                SELECT i / {IN_SESSION} + 1,
                    (i / {IN_SESSION} * 7919 + i % {IN_SESSION} * 2503) % {PEOPLE} + 1, i % 40, 0, 0, 0, 900
                FROM n;
            INSERT INTO reading_session (session_id, room_id, season, week, readers, logged, pages, minutes, chapters,
                    percents, present_s, at)
                SELECT i + 1, i % {ROOMS} + 1, 2022 + i * {SEASONS} / {rows // IN_SESSION},
                    i * 260 / {rows // IN_SESSION}, {IN_SESSION}, {IN_SESSION}, 400, 0, 0, 0, 18000, i
                FROM n LIMIT {rows // IN_SESSION};
            INSERT INTO reading_room SELECT room_id, season, COUNT(*), SUM(readers), SUM(logged), SUM(pages), 0, 0, 0,
                SUM(present_s) FROM reading_session GROUP BY room_id, season;
            INSERT INTO reading_network SELECT season, COUNT(*), SUM(readers), SUM(logged), SUM(pages), 0, 0, 0,
                SUM(present_s) FROM reading_session GROUP BY season;
            INSERT INTO reader_season SELECT person_id, season, COUNT(*), SUM(reading.pages), 0, 0, 0,
                SUM(reading.present_s) FROM reading JOIN reading_session USING (session_id) GROUP BY person_id, season;
            INSERT INTO reader (person_id, streak, best_streak, week, room_id)
                SELECT id, 3, 9, 200 + id % 60, id % {ROOMS} + 1 FROM person;
            COMMIT;
            """
        )
    finally:
        connection.close()


async def _timed(
    what: str, times: int, most: float, act: Callable[[int], Awaitable[object]]
) -> Figure:
    took = []
    for n in range(times):
        began = time.perf_counter()
        await act(n)
        took.append((time.perf_counter() - began) * 1000)
    note = f"p99 {quantile(took, 0.99):.2f}, max {max(took):.2f} ms (n={times})"
    return Figure("pause", what, median(took), "ms", most=most, note=note)


def _questions(database: Database) -> dict[str, Callable[[int], Awaitable[object]]]:
    return {
        "a room's season": lambda n: readings.of_room(database, n % ROOMS + 1, 2022 + n % SEASONS),
        "the network's seasons": lambda _: readings.of_network(database),
        "one's own reading, with streak": lambda n: readings.of_person(
            database, n * 251 % PEOPLE + 1, 2026, 262
        ),
        "one's export": lambda n: readings.of_all(database, n * 251 % PEOPLE + 1),
    }


def _settle(database: Database, rows: int) -> Callable[[int], Awaitable[object]]:
    async def settle(n: int) -> None:
        key, room = rows + n + 1, n % ROOMS + 1
        read = [
            Reading(Player((n * 131 + i * 17) % PEOPLE + 1, "twitch"), i % 40, 0, 0, 0, 900.0)
            for i in range(SETTLED)
        ]
        totals = Totals(SETTLED, SETTLED, sum(one.pages for one in read), present=SETTLED * 900.0)
        row = SessionRow(key, room, "pause", "Pause lecture", {}, n, n, None, False, 0, n)
        async with database.transaction() as transaction:
            await sessions.add(transaction, row)
            await sessions.end(transaction, key, n, players=SETTLED, untraced=0)
            await readings.settle(transaction, Where(key, room, 2026, 262 + n, n), totals, read)

    return settle
