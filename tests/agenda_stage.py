"""An agenda without platforms: a real file, a fake clock, handlers that note what they did."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import aiosqlite

from bot.agenda import Agenda
from bot.rooms import Rooms
from bot.storage import agenda
from bot.storage.agenda import Due, Plan, Step
from games.core import EVERYWHERE, Platform
from games.recurrence import Series, instant
from tests.fake_clock import FakeClock
from tests.hall_stage import Disk

PARIS = "Europe/Paris"
MONDAY = datetime(2026, 3, 2, 9, 0)


class Diary:
    """The agenda over a file, run after run; what was told adds up."""

    database: Disk
    agenda: Agenda

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = FakeClock()
        self.told: list[Due] = []
        self.told_at: list[int] = []
        self.failing: set[str] = set()
        self.reached: dict[Platform, asyncio.Event] = {
            platform: asyncio.Event() for platform in EVERYWHERE
        }
        """Each cleared while its platform is down."""
        self.back(*EVERYWHERE)

    async def open(self) -> Self:
        self.database = await Disk.open(self.path)
        async with self.database.transaction() as transaction:
            await transaction.execute(
                "CREATE TABLE IF NOT EXISTS effect (n INTEGER PRIMARY KEY, due TEXT)"
            )
        rooms = await Rooms.load(self.database, self.clock, locale="fr", zone=PARIS)
        await rooms.open_discord("1", "1", "salon")
        self.agenda = Agenda(self.database, self.clock, self.settled)
        for kind in ("open", "close", "reminder"):
            self.agenda.on(kind, self.settle, self.tell)
        self.agenda.on("silent", self.settle)
        await self.agenda.open()
        return self

    async def crash(self) -> None:
        """Fall silent at once; what is not committed is lost."""
        await self.agenda.close()
        await self.database.close()

    async def restart(self, away: float = 0.0) -> None:
        """Crash, and start again after so many seconds."""
        await self.crash()
        self.clock.advance(away)
        await self.open()

    async def settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        await transaction.execute("INSERT INTO effect (due) VALUES (?)", (name(due),))
        if due.title in self.failing:
            raise ValueError(due.title)

    async def tell(self, due: Due) -> None:
        self.told.append(due)
        self.told_at.append(self.clock.wall())

    async def settled(self, room_id: int, platform: Platform) -> None:
        await self.reached[platform].wait()

    def down(self, *platforms: Platform) -> None:
        """Let nothing go out on some platforms."""
        for platform in platforms:
            self.reached[platform].clear()

    def back(self, *platforms: Platform) -> None:
        """Let everything go out on some platforms again."""
        for platform in platforms:
            self.reached[platform].set()

    async def plan(
        self, first: datetime = MONDAY, rule: str = "", *steps: Step, **more: Any
    ) -> int:
        series = Series(first, PARIS, rule, **more.pop("exceptions", {}))
        async with self.agenda.transaction() as transaction:
            return await self.agenda.plan(
                transaction,
                Plan(more.pop("kind", "club"), series, steps or (Step("open"),), room_id=1, **more),
            )

    async def change(self, what: str, key: int, *arguments: Any) -> None:
        async with self.agenda.transaction() as transaction:
            await getattr(self.agenda, what)(transaction, key, *arguments)

    async def go_to(self, local: datetime, seconds: float = 0.0) -> None:
        """Let time pass to a local time, and everything due meanwhile be carried out at its own time."""
        end = instant(local, PARIS) + round(seconds * 1_000_000)
        await self.idle()
        while self.clock.wall() < end:
            next_at = await agenda.next_at(self.database)
            target = end if next_at is None else min(end, max(next_at, self.clock.wall()))
            self.clock.advance((target - self.clock.wall()) / 1_000_000)
            await self.idle()

    async def idle(self) -> None:
        """Wait until nothing is due any more and everything told was noted."""
        for _ in range(5000):
            self.clock.advance(0.0)  # a timer set since the hands were turned may be due at once
            await asyncio.sleep(0.001)
            [(due, untold)] = await self.database.rows(
                "SELECT COALESCE(SUM(state = 'waiting' AND next_at <= ?), 0), COALESCE(SUM(state = 'settled'), 0)"
                " FROM due",
                (self.clock.wall(),),
            )
            if not due and not (untold and all(one.is_set() for one in self.reached.values())):
                await asyncio.sleep(0.002)
                return
        raise AssertionError("the agenda did not come to rest")

    async def effects(self) -> list[str]:
        return [due for (due,) in await self.database.rows("SELECT due FROM effect ORDER BY n")]

    async def states(self) -> dict[str, int]:
        rows = await self.database.rows("SELECT state, COUNT(*) FROM due GROUP BY state")
        return dict(rows)


def name(due: Due) -> str:
    return f"{due.title or due.series_id} {due.kind} {due.original:%d/%m %H:%M}"
