"""What the agenda costs: 10,000 rows planned, 1,000 of them due in the same second, each settled with its effect."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiosqlite

from bench.figures import Figure
from bench.pipe import BenchError
from bot.agenda import Agenda
from bot.clock import SystemClock
from bot.rooms import Rooms
from bot.storage import sessions
from bot.storage.agenda import Due, Plan, Step
from bot.storage.database import Database
from games.core import Platform
from games.recurrence import Series, local_time

ZONE = "Europe/Paris"
SLOWEST_S = 1.0
"""Seconds within which 1,000 rows due at once are settled."""

SOON = 3.0
"""Seconds from the last plan to the second in which much is due."""


class Calendar:
    """An agenda whose steps each write a row, and note in which order they did."""

    def __init__(self, database: Database, agenda: Agenda) -> None:
        self.database = database
        self.agenda = agenda
        self.order: list[tuple[int, int]] = []
        self.waits: list[float] = []
        self.begun = asyncio.Event()
        self.told = asyncio.Event()
        self._soon = 0
        self._clock = SystemClock()

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator["Calendar"]:
        """Open an empty one with one room, and close it."""
        database = await Database.open(folder / "agenda.sqlite3")
        rooms = await Rooms.load(database, SystemClock(), locale="fr", zone=ZONE)
        await rooms.open_discord("1", "1", "banc")
        agenda = Agenda(database, SystemClock(), _at_once)
        calendar = cls(database, agenda)
        agenda.on("bench", calendar.settle, calendar.tell)
        await agenda.open()
        try:
            yield calendar
        finally:
            await agenda.close()
            await database.close()

    async def settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Write something small, as handlers do."""
        await sessions.announced(transaction, due.id)

    async def tell(self, due: Due) -> None:
        """Note the order and how long it took from the instant it was due."""
        self.begun.set()
        self.order.append((-int(due.title), due.due_at))
        if len(self.order) == self._soon:
            self.told.set()
        self.waits.append((self._clock.wall() - due.due_at) / 1_000_000)

    async def plan(self, soon: int, later: int) -> float:
        """Plan rows, `soon` of them due in one second; return the seconds that one takes."""
        began, self._soon = time.perf_counter(), soon
        first = local_time(self._clock.wall(), ZONE) + timedelta(
            seconds=SOON + (soon + later) / 400
        )
        async with self.agenda.transaction() as transaction:
            for number in range(soon + later):
                at = first if number < soon else first + timedelta(days=1, seconds=number)
                importance = number % 3
                step = Step("bench", importance=importance)
                series = Series(at.replace(microsecond=0), ZONE, "FREQ=WEEKLY")
                await self.agenda.plan(
                    transaction, Plan("bench", series, (step,), 1, title=str(importance))
                )
        return (time.perf_counter() - began) / (soon + later)


async def _at_once(_room_id: int, _platform: Platform) -> None:
    """Nothing waits in an outbox here."""


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield what planning costs, and how long a second full of rows takes."""
    soon, later = (100, 900) if quick else (1_000, 9_000)
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with Calendar.open(Path(folder)) as calendar:
            each = await calendar.plan(soon, later)
            yield Figure("agenda", "planning a series", each * 1_000_000, "µs")
            cpu = await _until_told(calendar)
            await _check(calendar, soon, later)
            waits = calendar.waits
            yield Figure(
                "agenda",
                f"{soon} of {soon + later} rows due in one second, the last settled and told after",
                max(waits),
                "s",
                most=SLOWEST_S,
                note=f"first after {min(waits):.3f} s; {cpu / soon * 1e6:.0f} µs of CPU each; order of importance held",
            )
            began = time.perf_counter()
            await calendar.agenda.upcoming(1)
            yield Figure(
                "agenda",
                f"the list of a room with {soon + later} plans",
                (time.perf_counter() - began) * 1000,
                "ms",
            )


async def _until_told(calendar: Calendar) -> float:
    """Wait until all was told; return the CPU seconds from the first to the last."""
    await calendar.begun.wait()
    cpu = time.process_time()
    await calendar.told.wait()
    return time.process_time() - cpu


async def _check(calendar: Calendar, soon: int, later: int) -> None:
    """Make sure that each was done once, in order, and that each series has its next date."""
    await asyncio.sleep(0.2)
    rows = await calendar.database.rows("SELECT state, COUNT(*) FROM due GROUP BY state")
    if dict(rows) != {"done": soon, "waiting": soon + later} or len(calendar.order) != soon:
        raise BenchError(f"rows in the end: {dict(rows)}, told: {len(calendar.order)}")
    if calendar.order != sorted(calendar.order):
        raise BenchError("what is more important did not come first")
