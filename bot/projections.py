"""Keeps what platforms show of the agenda in step with it: Discord's events, Twitch's schedule.

It looks when the agenda changed or something of it took place, and when a platform is within reach again; while nothing
happens it has no timer. What it is about to do is kept before it is done, so that a crash leaves nothing twice.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol, assert_never

from bot.agenda import GATHERINGS, Agenda
from bot.clock import Clock, Timer
from bot.clubs import Clubs
from bot.rooms import Rooms
from bot.storage import projections
from bot.storage.agenda import Planned
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import Platform
from games.projection import (
    Change,
    Content,
    Create,
    Forget,
    Found,
    Known,
    Remember,
    Remove,
    Step,
    differences,
)
from games.recurrence import Occurrence

log = logging.getLogger(__name__)

AHEAD = 2
"""Occurrences of a plan that are shown at a time."""

MOST = 25
"""Appointments shown in one place, the next ones; a Discord server has at most 100 events of everybody's."""

MOST_REFUSALS = 3
"""Refusals after which a place is left alone until the platform is within reach anew."""

WAITS = (30.0, 120.0, 600.0)
"""Seconds before each further try at a platform that answers badly; after the last it waits for the next change."""


class Unreachable(Exception):
    """The platform cannot be asked now; it is tried again."""


class Unwelcome(Exception):
    """The platform does not let the bot do this here; the message says what somebody would have to grant."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where appointments are shown, and the rooms that are there."""

    key: str
    remote_id: str
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Showing:
    """One occurrence that is to be shown, in the room where it was planned or the first of its club's there.

    It is `closed` when it is a club's that chooses its members: when that meets is not for everybody to know.
    """

    key: str
    planned: Planned
    occurrence: Occurrence
    room: Room
    closed: bool


class Site(Protocol):
    """One platform. What it does may raise `Unreachable` or `Unwelcome`."""

    platform: Platform

    def places(self, rooms: Iterable[Room]) -> list[Place]:
        """Return where something can be shown now; none while the platform is away."""

    def content(self, place: Place, showing: Showing) -> Content | None:
        """Return how an occurrence is shown there, None when it cannot be."""

    async def found(self, place: Place) -> list[Found]:
        """Return what is shown there."""

    async def create(self, place: Place, key: str, content: Content) -> str:
        """Show something; return what the platform calls it."""

    async def change(self, place: Place, remote_id: str, content: Content) -> None:
        """Show something differently; what is gone meanwhile is no fault."""

    async def remove(self, place: Place, remote_id: str) -> None:
        """Call something off; what is gone meanwhile is no fault."""


class Projections:
    """One task that brings every place in step."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        rooms: Rooms,
        clubs: Clubs,
        sites: Sequence[Site],
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._rooms = rooms
        self._clubs = clubs
        self._sites = sites
        self._changed = asyncio.Event()
        self._rested = asyncio.Event()
        self._done: dict[str, Mapping[str, Content]] = {}
        self._unwelcome: set[str] = set()
        self._failures: dict[str, int] = {}
        self._again: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        agenda.listen(self._wake)

    async def open(self) -> None:
        """Start, with a look at everything."""
        self._wake()
        self._task = asyncio.create_task(self._run(), name="projections")

    async def close(self) -> None:
        """Do nothing more; what was begun is found again at the next start."""
        if self._again is not None:
            self._again.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def back(self, platform: Platform) -> None:
        """A platform is within reach again: people may have changed things meanwhile, or granted what was missing."""
        for place in [key for key in self._done if key.startswith(platform)]:
            del self._done[place]
        self._unwelcome = {key for key in self._unwelcome if not key.startswith(platform)}
        self._failures = {k: n for k, n in self._failures.items() if not k.startswith(platform)}
        self._wake()

    async def rest(self) -> None:
        """Return once all that changed has been looked at; what failed may be tried again later."""
        await self._rested.wait()

    def _wake(self) -> None:
        self._rested.clear()
        self._changed.set()

    async def _run(self) -> None:
        while True:
            if not self._changed.is_set():
                self._rested.set()
            await self._changed.wait()
            self._changed.clear()
            for site in self._sites:
                for place in site.places(self._rooms.by_id.values()):
                    await self._bring_in_step(site, place)

    async def _bring_in_step(self, site: Site, place: Place) -> None:
        """Bring one place in step, if anything may be out of it; a fault there harms no other."""
        if place.key in self._unwelcome:
            return
        try:
            showings = await self._showings(place)
            wanted = _contents(site, place, showings)
            if self._done.get(place.key) == wanted:
                return
            series = {one.key: one.planned.id for one in showings}
            await self._work(site, place, wanted, series)
        except Unwelcome as problem:
            self._unwelcome.add(place.key)
            log.warning("%s: the agenda is not shown there: %s", place.key, problem)
        except Unreachable as problem:
            self._try_again(place, str(problem))
        except Exception:  # one place that fails must not keep the others from being in step
            log.exception("%s could not be brought in step with the agenda", place.key)
            self._try_again(place, "a fault")
        else:
            self._done[place.key] = wanted
            self._failures.pop(place.key, None)

    def _try_again(self, place: Place, reason: str) -> None:
        number = self._failures.get(place.key, 0)
        self._failures[place.key] = number + 1
        if number >= len(WAITS):
            log.warning("%s waits for the agenda's next change: %s", place.key, reason)
            return
        if self._again is not None:
            self._again.cancel()
        self._again = self._clock.call_later(WAITS[number], self._wake)

    async def _showings(self, place: Place) -> list[Showing]:
        """Return what is to be shown in a place: of each plan the next dates, once whatever the rooms it is in."""
        now = self._clock.wall()
        found: dict[str, Showing] = {}
        for room in place.rooms:
            for planned in await self._agenda.shown_in(room.id):
                if planned.plan.kind not in GATHERINGS:
                    continue
                for showing in await self._next(planned, place, room, now):
                    found.setdefault(showing.key, showing)
        return sorted(found.values(), key=lambda one: (one.occurrence.starts_at, one.key))[:MOST]

    async def _next(self, planned: Planned, place: Place, room: Room, now: int) -> list[Showing]:
        plan = planned.plan
        own = next((one for one in place.rooms if one.id == plan.room_id), room)
        club = await self._clubs.by_id(plan.club_id) if plan.club_id is not None else None
        closed = club is not None and club.access != "public"
        ahead = (one for one in plan.series.occurrences(now) if one.starts_at > now)
        return [
            Showing(f"{planned.uid}@{one.original:%Y%m%dT%H%M%S}", planned, one, own, closed)
            for one in islice(ahead, AHEAD)
        ]

    async def _work(
        self, site: Site, place: Place, wanted: Mapping[str, Content], series: Mapping[str, int]
    ) -> None:
        known = await projections.of_place(self._database, place.key)
        if not wanted and not known:
            return
        found = await site.found(place)
        now = self._clock.wall() // 1_000_000
        refused: list[Unwelcome] = []
        for step in differences(wanted, known, found, now):
            try:
                await self._do(site, place, step, series)
            except Unwelcome as problem:
                log.warning("%s: one appointment is not shown there: %s", place.key, problem)
                refused.append(problem)
            if len(refused) == MOST_REFUSALS:
                raise refused[-1]

    async def _do(self, site: Site, place: Place, step: Step, series: Mapping[str, int]) -> None:
        database, here = self._database, place.key
        match step:
            case Create(key, content):
                await projections.keep(database, here, series[key], Known(key, "", content))
                remote_id = await site.create(place, key, content)
                await projections.name(database, here, key, remote_id)
            case Change(key, remote_id, content, _, written):
                await site.change(place, remote_id, content)
                known = Known(key, remote_id, written)
                await projections.keep(database, here, series[key], known)
            case Remember(key, remote_id, written):
                known = Known(key, remote_id, written)
                await projections.keep(database, here, series[key], known)
            case Remove(key, remote_id, forget):
                if forget:
                    await projections.name(database, here, key, "")
                await site.remove(place, remote_id)
                if forget:
                    await projections.forget(database, here, key)
            case Forget(key):
                await projections.forget(database, here, key)
            case _:
                assert_never(step)


def _contents(site: Site, place: Place, showings: Iterable[Showing]) -> dict[str, Content]:
    """Return how each is shown, what cannot be left out."""
    each = ((one.key, site.content(place, one)) for one in showings)
    return {key: content for key, content in each if content is not None}
