"""What people ask of the agenda, the same for both faces: what comes here, and changing one occurrence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.agenda import Agenda, Entry
from bot.clock import Clock
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.dates import Usual, read_date
from games.recurrence import Series, instant, local_time

LISTED = 5
"""Appointments in a list."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes in a room, and what its clocks show now."""

    entries: tuple[Entry, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Cancelled:
    """One occurrence will not take place."""

    entry: Entry
    now: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """One occurrence takes place at another time, `to` (local) and `at` (microseconds); `entry` is as it was."""

    entry: Entry
    to: datetime
    at: int
    now: datetime


class Face(Protocol):
    """One platform's way to tell a room."""

    def tell(self, room: Room, change: Cancelled | Moved) -> None:
        """Queue what its users see of a change."""


class Appointments:
    """The list, and the changes that hosts make to it."""

    def __init__(self, agenda: Agenda, clock: Clock, faces: Sequence[Face]) -> None:
        self._agenda = agenda
        self._clock = clock
        self._faces = faces

    async def coming(self, room: Room, limit: int = LISTED) -> Coming:
        """Return what comes in a room."""
        return Coming(tuple(await self._agenda.upcoming(room.id, limit)), self._now(room.zone))

    def now(self, room: Room) -> datetime:
        """Return what a room's clocks show."""
        return self._now(room.zone)

    async def skip(self, room: Room, which: str, role: Role) -> tuple[Entry, datetime]:
        """Let one occurrence fall out quietly; return it and what the clocks show now.

        `which` is a number in the list, or what `reference` gave.

        Raises:
            Refusal: `hosts-only`, `no-such-entry`.
        """
        entry = await self._find(room, which, role)
        async with self._agenda.transaction() as transaction:
            await self._agenda.skip(transaction, entry.series_id, entry.original)
        return entry, self._now(entry.zone)

    async def cancel(self, room: Room, which: str, role: Role) -> None:
        """Cancel one occurrence and tell the room. Raises as `skip`; also `entry-cancelled`."""
        entry = await self._find(room, which, role)
        async with self._agenda.transaction() as transaction:
            await self._agenda.cancel(transaction, entry.series_id, entry.original)
        self._tell(room, Cancelled(entry, self._now(entry.zone)))

    async def move(self, room: Room, which: str, text: str, role: Role) -> list[Entry]:
        """Move one occurrence to the date that `text` means, and tell the room; return what else is there then.

        Raises as `skip` and `read_date`.
        """
        entry = await self._find(room, which, role)
        usual = Usual(entry.local.date(), entry.local.time())
        to = read_date(text, self._clock.wall(), entry.zone, usual)
        async with self._agenda.transaction() as transaction:
            await self._agenda.move(transaction, entry.series_id, entry.original, to)
        self._tell(room, Moved(entry, to, instant(to, entry.zone), self._now(entry.zone)))
        series, key = Series(to, entry.zone), entry.series_id
        return await self._agenda.conflicts([room.id], series, entry.minutes, apart_from=key)

    async def _find(self, room: Room, which: str, role: Role) -> Entry:
        if role < Role.HOST:
            raise Refusal("hosts-only")
        entries = (await self.coming(room, 25)).entries
        if re.fullmatch(r"[1-9]", which.strip()):
            entries = (await self.coming(room)).entries
            found = entries[int(which) - 1 : int(which)]
        else:
            found = tuple(entry for entry in entries if reference(entry) == which.strip())
        if not found:
            raise Refusal("no-such-entry")
        return found[0]

    def _now(self, zone: str) -> datetime:
        return local_time(self._clock.wall(), zone)

    def _tell(self, room: Room, change: Cancelled | Moved) -> None:
        for face in self._faces:
            face.tell(room, change)


def reference(entry: Entry) -> str:
    """Return what names an occurrence for good, whatever comes before it in the list."""
    return f"{entry.series_id}@{entry.original.isoformat(timespec='minutes')}"
