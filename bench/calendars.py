"""What a calendar to subscribe to costs: written for the first time, asked for again, and asked for by many at once."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp

from bench.figures import Figure
from bench.pipe import BenchError
from bot.agenda import Agenda
from bot.clock import SystemClock
from bot.clubs import Clubs
from bot.feeds import Feeds
from bot.people import People
from bot.rooms import Rooms
from bot.storage.agenda import Plan, Step
from bot.storage.database import Database
from bot.web.server import Web
from games.core import Platform
from games.recurrence import Series, local_time

ZONE = "Europe/Paris"
SLOWEST_MS = 1000.0
"""Milliseconds within which the largest calendar of a room is written."""


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield what one room's calendar costs, as large as a room's can be."""
    requests = 200 if quick else 2_000
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        database = await Database.open(Path(folder) / "calendars.sqlite3")
        feeds, web = await _planned(database)
        try:
            async for figure in _read(feeds, web, requests):
                yield figure
        finally:
            await web.close()
            await database.close()


async def _planned(database: Database) -> tuple[Feeds, Web]:
    """Plan fifty weekly pauses without holidays in one room, and serve its calendar."""
    clock = SystemClock()
    rooms = await Rooms.load(database, clock, locale="fr", zone=ZONE)
    room = await rooms.open_discord("1", "1", "banc")
    people = await People.load(database, clock)
    clubs = Clubs(database, people, clock, locale="fr")
    agenda = Agenda(database, clock, _settled)
    first = local_time(clock.wall(), ZONE).replace(hour=18, minute=30, second=0, microsecond=0)
    async with database.transaction() as transaction:
        for number in range(50):
            await agenda.plan(
                transaction, _pause(first + timedelta(days=1, minutes=number), room.id)
            )
    feeds = Feeds(database, clock, agenda, clubs, rooms, base="http://x", locale="fr", zone=ZONE)
    web = Web(feeds, _healthy)
    await web.open(0)
    return feeds, web


def _pause(first: datetime, room_id: int) -> Plan:
    series = Series(first, ZONE, "FREQ=WEEKLY", holidays="fr")
    return Plan("pause", series, (Step("pause-start"),), room_id, title="Pause lecture")


async def _read(feeds: Feeds, web: Web, requests: int) -> AsyncIterator[Figure]:
    [room] = feeds._rooms.by_id.values()
    address = (await feeds.of_room(room)).https.replace("http://x", f"http://127.0.0.1:{web.port}")
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        etag, size = await _get(session, address, "")
        first = (time.perf_counter() - began) * 1000
        note = f"{size / 1000:.0f} kB, two years and more of dates"
        yield Figure(
            "calendars",
            "a room's calendar of 50 weekly plans, written",
            first,
            "ms",
            most=SLOWEST_MS,
            note=note,
        )
        began = time.perf_counter()
        for _ in range(0, requests, 20):
            await asyncio.gather(*(_get(session, address, etag) for _ in range(20)))
        rate = requests / (time.perf_counter() - began)
        yield Figure("calendars", "asked for again, nothing changed, 20 at once", rate, "/s")


async def _get(session: aiohttp.ClientSession, address: str, etag: str) -> tuple[str, int]:
    async with session.get(address, headers={"If-None-Match": etag} if etag else {}) as answer:
        if answer.status != (304 if etag else 200):
            raise BenchError(f"the calendar was answered with {answer.status}")
        return answer.headers["ETag"], len(await answer.read())


async def _settled(_room_id: int, _platform: Platform) -> None:
    pass


async def _healthy() -> dict[str, str]:
    return {}
