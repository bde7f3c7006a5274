"""The engine without platforms: a real database file, real people, rooms and hall, a fake clock, sides that note."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiosqlite
import pytest

from bot.batch import Receipt, Settler
from bot.hall import Hall
from bot.houses import Houses
from bot.participation import Participation
from bot.pause import Pauses
from bot.people import People, Visitor
from bot.readings import Readings
from bot.rooms import Rooms
from bot.session import Announcement
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.sync import settling
from games.core import Platform, Role
from games.pause import Pause
from games.question import Question
from games.quiz import Quiz, QuizOptions
from games.sync import Sync
from tests.fake_clock import FakeClock

LOBBY, SECONDS, REVEAL = 5.0, 20.0, 8.0
CAPITAL = Question("Capitale du Béarn ?", "Pau", wrong=("Dax", "Tarbes"))
RIVER = Question("Quel fleuve traverse Nantes ?", "la Loire")
MOUNTAIN = Question("Quel pic domine Pau ?", "Ossau")


class Disk(Database):
    """A database whose commits can be held back, or fail (the next `failures` of them)."""

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        super().__init__(writer, reader)
        self.free = asyncio.Event()
        self.free.set()
        self.fault: Exception | None = None
        self.read_fault: Exception | None = None
        self.failures: float = math.inf
        self.commits = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        async with super().transaction() as transaction:
            yield transaction
            await self.free.wait()
            if self.fault is not None and self.failures > 0:
                self.failures -= 1
                raise type(self.fault)(*self.fault.args)
            self.commits += 1

    async def rows(self, sql: str, parameters: Any = ()) -> list[Any]:
        if self.read_fault is not None:
            raise type(self.read_fault)(*self.read_fault.args)
        return await super().rows(sql, parameters)


@dataclass
class FakeSide:
    """Notes what it is told. `stuck` is a platform that never gets anything out."""

    platform: Platform
    heard: list[Announcement] = field(default_factory=list)
    stuck: bool = False
    fault: Exception | None = None

    def announce(self, announcement: Announcement) -> None:
        if self.fault is not None:
            raise self.fault
        self.heard.append(announcement)

    async def settled(self, room_id: int) -> None:
        if self.stuck:
            await asyncio.Event().wait()

    @property
    def events(self) -> list[Any]:
        return [event for announcement in self.heard for event in announcement.events]

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def options(*questions: Question, **times: float) -> dict[str, Any]:
    chosen = {"seconds": SECONDS, "lobby": LOBBY, "reveal": REVEAL} | times
    return QuizOptions("Le Béarn", "fr", questions or (CAPITAL, RIVER), **chosen).as_json()


def visitor(platform: Platform, name: str) -> Visitor:
    return Visitor(platform, f"{platform}-{name.lower()}", name)


class House:
    """One run of the engine over a file; `again` is the next run."""

    database: Disk
    people: People
    rooms: Rooms
    houses: Houses
    settlers: dict[str, Settler]
    hall: Hall
    participation: Participation
    readings: Readings
    pauses: Pauses

    def __init__(self, path: Path, clock: FakeClock | None = None) -> None:
        self.path = path
        self.clock = clock or FakeClock()
        self.discord = FakeSide("discord")
        self.twitch = FakeSide("twitch")
        self.activities: dict[str, Any] = {
            "quiz": Quiz.from_json,
            "sync": Sync.from_json,
            "pause": Pause.from_json,
        }

    async def open(self) -> Self:
        self.database = await Disk.open(self.path)
        self.people = await People.load(self.database, self.clock)
        self.rooms = await Rooms.load(self.database, self.clock, locale="fr", zone="Europe/Paris")
        self.readings = Readings(self.database, self.people, self.clock, season_start=(9, 1))
        self.houses = await Houses.load(self.database, self.people, self.clock, locale="fr")
        self.settlers = {"sync": settling(self.rooms), "pause": self.readings.settle}
        self.hall = Hall(
            self.database, self.people, self.clock, self.activities, settlers=self.settlers
        )
        self.pauses = Pauses(self.hall, self.people, self.readings)
        self.hall.add_side(self.discord)
        self.hall.add_side(self.twitch)
        self.participation = Participation(
            self.database,
            self.people,
            self.hall,
            self.clock,
            season_start=(9, 1),
            zone="Europe/Paris",
        )
        await self.readings.load()
        await self.hall.open(self.rooms.by_id)
        return self

    async def close(self) -> None:
        self.database.free.set()
        await self.hall.close()
        await self.hall.finish()
        await self.database.close()

    async def crash(self) -> None:
        await self.hall.abandon()
        await self.database.close()

    async def again(self) -> "House":
        house = House(self.path, self.clock)
        house.activities = self.activities
        return await house.open()

    async def room(self, number: int = 1) -> Room:
        room = await self.rooms.open_discord(f"d{number}", "guild", f"Salon {number}")
        if room.twitch_channel_id is None:
            room = await self.rooms.link(room, f"t{number}", f"salon{number}", busy=lambda _: False)
        return room

    def start(self, room: Room, *questions: Question, **times: float) -> Receipt:
        kept = options(*questions, **times)
        return self.hall.start(room, "quiz", "Le Béarn", kept, Role.HOST)

    def say(
        self, room: Room, platform: Platform, name: str, text: str, source: str | None = None
    ) -> Receipt | None:
        return self.hall.said(room.id, visitor(platform, name), text, source)

    def press(self, room: Room, name: str, text: str) -> Receipt:
        session = self.hall.running(room.id)
        assert session is not None
        scene = session.activity.scene()
        choice = scene.choices.index(text)
        return self.hall.chose(
            room.id, visitor("discord", name), session.id, max(1, scene.step), (choice,)
        )

    async def asking(self, room: Room, *questions: Question, **times: float) -> None:
        """Start a quiz and go to its first question."""
        self.start(room, *questions, **times)
        self.clock.advance(times.get("lobby", LOBBY))
        await self.hall.flush()

    async def sql(self, text: str, *parameters: Any) -> list[Any]:
        return await Database.rows(self.database, text, parameters)


@pytest.fixture
async def closed_files(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Close every file: a database left open by a test that failed would keep its thread, and the test run, alive."""
    opened: list[Disk] = []
    connect = Disk.__init__

    def noted(self: Disk, *connections: Any) -> None:
        connect(self, *connections)
        opened.append(self)

    monkeypatch.setattr(Disk, "__init__", noted)
    yield
    for disk in opened:
        disk.free.set()
        await disk.close()


@pytest.fixture
async def house(tmp_path: Path, closed_files: None) -> AsyncIterator[House]:
    """Give one run of the engine."""
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    house.database.fault = house.database.read_fault = None
    await house.close()
