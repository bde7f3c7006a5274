"""How many plays the hall takes, and how long one takes to be on disk: real database, real rules, real wording.

The whole process is kept on one core. Faces turn every announcement into posts as they do live; nothing is sent.
"""

import asyncio
import os
import random
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import discord

from bench import chatter
from bench.figures import Figure, quantile, spread
from bench.pipe import BenchError
from bot.batch import Batch, Receipt
from bot.clock import SystemClock
from bot.hall import Hall
from bot.people import People, Visitor
from bot.rooms import Rooms
from bot.session import Announcement
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.wording.speech import Speech
from cogs.quiz_boards import QuizBoards
from cogs.quiz_twitch import QuizLines
from games.core import Platform, Role
from games.quiz import Quiz

PER_SECOND = 20_000
SLOWEST_MS = 50.0
RATE = 1_000
ROOMS = 50
PLAYERS = 200
"""In each room."""

TURN = 64
"""Plays taken in one turn of the loop: about what one read from a busy socket holds."""


class Side:
    """A platform that composes all it would show, and sends nothing."""

    def __init__(self, platform: Platform, people: People) -> None:
        self.platform = platform
        self.posts = 0
        self._render = (
            QuizBoards(people, lambda _name: None) if platform == "discord" else QuizLines(people)
        )
        self._quote = discord.utils.escape_markdown if platform == "discord" else str

    def announce(self, announcement: Announcement) -> None:
        """Compose."""
        self.posts += len(self._render(announcement, Speech(announcement.locale, self._quote)))

    async def settled(self, room_id: int) -> None:
        """Nothing waits here."""


class Building:
    """A hall with its rooms and the people in them."""

    def __init__(self, database: Database, people: People, hall: Hall, rooms: list[Room]) -> None:
        self.database = database
        self.people = people
        self.hall = hall
        self.rooms = rooms
        self.crowd = {room.id: _crowd(room.id) for room in rooms}

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path) -> AsyncIterator["Building"]:
        """Open an empty one and close it in order."""
        clock = SystemClock()
        database = await Database.open(folder / "hall.sqlite3")
        people = await People.load(database, clock)
        rooms = await Rooms.load(database, clock, locale="fr", zone="Europe/Paris")
        hall = Hall(database, people, clock, {"quiz": Quiz.from_json})
        hall.add_side(Side("discord", people))
        hall.add_side(Side("twitch", people))
        made = []
        for number in range(ROOMS):
            room = await rooms.open_discord(f"d{number}", "g", f"salon {number}")
            login = f"t{number}"
            made.append(await rooms.link(room, login, login, busy=lambda _: False))
        await hall.open(rooms.by_id)
        try:
            yield cls(database, people, hall, made)
        finally:
            await hall.close()
            await hall.finish()
            await database.close()

    async def start(self, questions: int) -> dict[int, int]:
        """Start a round in every room; return the sessions by room."""
        made = chatter.options(chatter.CHOICES, copies=questions, seconds=600, lobby=600).as_json()
        started = {
            room.id: self.hall.start(room, "quiz", "Banc", made, Role.HOST) for room in self.rooms
        }
        await self.hall.flush()
        return {room: receipt.session_id for room, receipt in started.items()}

    def step(self) -> None:
        """Go on in every room."""
        for room in self.rooms:
            self.hall.act(room.id, Role.HOST, "skip")

    def answer(
        self, room: Room, session: int, number: int, visitor: Visitor, choice: int
    ) -> Receipt:
        """Let somebody answer: people on Discord press a button, people on Twitch type the letter."""
        if visitor.platform == "discord":
            return self.hall.chose(room.id, visitor, session, number, (choice,))
        receipt = self.hall.said(room.id, visitor, "ABCD"[choice], f"m{number}-{visitor.user_id}")
        if receipt is None:
            raise BenchError("an answer was not taken")
        return receipt

    async def count(self, table: str, where: str = "1") -> int:
        """Count rows."""
        [(rows,)] = await self.database.rows(f"SELECT COUNT(*) FROM {table} WHERE {where}")
        return int(rows)


def _crowd(room: int) -> list[Visitor]:
    names = chatter.names(PLAYERS, room)
    sides: tuple[Platform, Platform] = ("discord", "twitch")
    return [Visitor(sides[n % 2], f"{room}-{n}", name) for n, name in enumerate(names)]


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield throughput on one core, then the time from receipt to commit at a steady rate."""
    with one_core() as pinned:
        where = "one core" if pinned else "not pinned: this system cannot"
        fills = [await _fill(3 if quick else 10) for _ in range(3 if quick else 5)]
        rates, busy = [fill.per_second for fill in fills], [fill.share for fill in fills]
        yield Figure(
            "hall",
            "plays committed per second",
            median(rates),
            "1/s",
            least=PER_SECOND,
            note=f"{spread(rates, 0)}; {where}; share of it that was ours: {spread(busy, 2)}",
        )
        costs = [fill.per_cpu_second for fill in fills]
        yield Figure("hall", "plays per second of CPU", median(costs), "1/s", note=spread(costs, 0))
        waits = await _steady(4.0 if quick else 20.0)
        yield Figure(
            "hall",
            f"receipt to commit at {RATE} plays/s in {ROOMS} rooms, p99",
            quantile(waits, 0.99) * 1000,
            "ms",
            most=SLOWEST_MS,
            note=f"p50 {median(waits) * 1000:.1f}, max {max(waits) * 1000:.1f} ms; {len(waits)} plays; {where}",
        )


@contextmanager
def one_core() -> Iterator[bool]:
    """Keep this process on one core; yields whether that was possible."""
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, before)


@dataclass(frozen=True, slots=True)
class Fill:
    """How long a number of plays took, in seconds of wall time and of this process's CPU."""

    plays: int
    wall: float
    cpu: float

    @property
    def per_second(self) -> float:
        """Plays per second, waiting for disk and neighbours included."""
        return self.plays / self.wall

    @property
    def per_cpu_second(self) -> float:
        """Plays per second of CPU: what other programs on the machine change least."""
        return self.plays / self.cpu

    @property
    def share(self) -> float:
        """CPU used of the wall time; much under 1 when the core was shared or the disk waited for."""
        return self.cpu / self.wall


async def _fill(questions: int) -> Fill:
    """Let everybody answer every question in all rooms at once, and time it up to the last commit.

    The last commit is the one that ends all rounds and settles them into the ledger.
    """
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with Building.open(Path(folder)) as building:
            sessions = await building.start(questions)
            plays = 0
            began, cpu = time.perf_counter(), time.process_time()
            for number in range(1, questions + 1):
                building.step()
                for n in range(PLAYERS):
                    for room in building.rooms:
                        visitor = building.crowd[room.id][n]
                        building.answer(room, sessions[room.id], number, visitor, n % 4)
                        plays += 1
                        if plays % TURN == 0:
                            await asyncio.sleep(0)
                building.step()
            building.step()
            await building.hall.flush()
            fill = Fill(plays, time.perf_counter() - began, time.process_time() - cpu)
            await _check(building, plays)
            return fill


async def _check(building: Building, plays: int) -> None:
    """Make sure that all that was counted is in the file."""
    kept = await building.count("journal", "play IN ('said', 'chose')")
    settled = await building.count("ledger")
    if (kept, settled) != (plays, ROOMS * PLAYERS):
        raise BenchError(f"{kept} of {plays} plays in the journal, {settled} ledger rows")


async def _steady(seconds: float) -> list[float]:
    """Offer `RATE` plays a second at random instants, whatever the hall does; return each one's time to commit.

    The time counts from the instant at which a play was due, so that a hall that lags cannot hide it.
    """
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with Building.open(Path(folder)) as building:
            due = _arrivals(seconds)
            questions = len(due) // (ROOMS * PLAYERS) + 1
            sessions = await building.start(questions)
            return await Steady(building, sessions).offer(due)


def _arrivals(seconds: float) -> list[float]:
    chance, at, due = random.Random(7), 0.0, []
    while at < seconds:
        at += chance.expovariate(RATE)
        due.append(at)
    return due


class Steady:
    """Plays offered on time, and how long each took to be on disk."""

    def __init__(self, building: Building, sessions: dict[int, int]) -> None:
        self._building = building
        self._sessions = sessions
        self._pending: dict[Batch, list[float]] = {}
        self._waits: list[float] = []
        self._watching: set[asyncio.Task[None]] = set()

    async def offer(self, due: list[float]) -> list[float]:
        """Offer one play at each of these seconds from now."""
        building, began = self._building, time.perf_counter()
        for n, at in enumerate(due):
            if (early := began + at - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            turn, place = divmod(n, ROOMS * PLAYERS)
            if place == 0:
                for _ in range(2 if turn else 1):
                    building.step()
            room = building.rooms[place % ROOMS]
            visitor = building.crowd[room.id][place // ROOMS]
            receipt = building.answer(room, self._sessions[room.id], turn + 1, visitor, n % 4)
            self._note(receipt.batch, began + at)
        await building.hall.flush()
        await asyncio.gather(*self._watching)
        return self._waits

    def _note(self, batch: Batch, at: float) -> None:
        waiting = self._pending.get(batch)
        if waiting is None:
            waiting = self._pending[batch] = []
            task = asyncio.create_task(self._watch(batch))
            self._watching.add(task)
            task.add_done_callback(self._watching.discard)
        waiting.append(at)

    async def _watch(self, batch: Batch) -> None:
        await batch.written.wait()
        now = time.perf_counter()
        self._waits += [now - at for at in self._pending.pop(batch)]
