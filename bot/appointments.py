"""What people ask of the agenda, the same for both faces: what comes here, and changing one occurrence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import aiosqlite

from bot.agenda import Agenda, Entry
from bot.clock import Clock
from bot.clubs import Clubs
from bot.people import Visitor
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


class Keeper(Protocol):
    """Keeps a kind of plan in step with what becomes of its dates, and tells rooms and people of it."""

    async def skipped(self, transaction: aiosqlite.Connection, entry: Entry) -> Any:
        """Note that an occurrence falls out."""

    async def cancelled(self, transaction: aiosqlite.Connection, entry: Entry) -> Any:
        """Note that an occurrence is cancelled."""

    async def moved(self, transaction: aiosqlite.Connection, entry: Entry, to: datetime) -> Any:
        """Note that an occurrence takes place at another local time."""


class Appointments:
    """The list, and the changes that hosts make to it: the library's, and a club's own to what is their club's."""

    def __init__(
        self,
        agenda: Agenda,
        clock: Clock,
        faces: Sequence[Face],
        clubs: Clubs,
        rooms: Mapping[int, Room],
    ) -> None:
        self._agenda = agenda
        self._clock = clock
        self._faces = faces
        self._clubs = clubs
        self._rooms = rooms
        self._keepers: dict[str, Keeper] = {}

    def keep(self, kind: str, keeper: Keeper) -> None:
        """Let a kind of plan be kept in step by `keeper`, which tells of it, too."""
        self._keepers[kind] = keeper

    async def coming(self, room: Room, limit: int = LISTED) -> Coming:
        """Return what comes in a room."""
        return Coming(tuple(await self._agenda.upcoming(room.id, limit)), self._now(room.zone))

    def now(self, room: Room) -> datetime:
        """Return what a room's clocks show."""
        return self._now(room.zone)

    async def skip(
        self, room: Room, which: str, visitor: Visitor, role: Role
    ) -> tuple[Entry, datetime]:
        """Let one occurrence fall out quietly; return it and what the clocks show now.

        `which` is a number in the list, or what `reference` gave.

        Raises:
            Refusal: `hosts-only`, `club-hosts-only`, `no-such-entry`.
        """
        entry = await self._find(room, which, visitor, role)
        async with self._agenda.transaction() as transaction:
            await self._agenda.skip(transaction, entry.series_id, entry.original)
            if (keeper := self._keepers.get(entry.kind)) is not None:
                await keeper.skipped(transaction, entry)
        return entry, self._now(entry.zone)

    async def cancel(self, room: Room, which: str, visitor: Visitor, role: Role) -> None:
        """Cancel one occurrence and tell its rooms. Raises as `skip`; also `entry-cancelled`."""
        entry = await self._find(room, which, visitor, role)
        keeper = self._keepers.get(entry.kind)
        async with self._agenda.transaction() as transaction:
            await self._agenda.cancel(transaction, entry.series_id, entry.original)
            if keeper is not None:
                await keeper.cancelled(transaction, entry)
        if keeper is None:
            await self._tell(room, Cancelled(entry, self._now(entry.zone)))

    async def move(
        self, room: Room, which: str, text: str, visitor: Visitor, role: Role
    ) -> list[Entry]:
        """Move one occurrence to the date that `text` means, and tell its rooms; return what else is there then.

        Raises as `skip` and `read_date`.
        """
        entry = await self._find(room, which, visitor, role)
        keeper = self._keepers.get(entry.kind)
        usual = Usual(entry.local.date(), entry.local.time())
        to = read_date(text, self._clock.wall(), entry.zone, usual)
        async with self._agenda.transaction() as transaction:
            await self._agenda.move(transaction, entry.series_id, entry.original, to)
            if keeper is not None:
                await keeper.moved(transaction, entry, to)
        if keeper is None:
            moved = Moved(entry, to, instant(to, entry.zone), self._now(entry.zone))
            await self._tell(room, moved)
        series, key = Series(to, entry.zone), entry.series_id
        return await self._agenda.conflicts([room.id], series, entry.minutes, apart_from=key)

    async def leads_some(self, room: Room, visitor: Visitor, role: Role) -> bool:
        """Return whether the visitor may change anything in a room's list."""
        return role >= Role.HOST or any(
            [await self._clubs.leads(club, visitor, role) for club in await self._clubs.here(room)]
        )

    async def _find(self, room: Room, which: str, visitor: Visitor, role: Role) -> Entry:
        if not await self.leads_some(room, visitor, role):
            raise Refusal("hosts-only")
        entries = (await self.coming(room, 25)).entries
        if re.fullmatch(r"[1-9]", which.strip()):
            entries = (await self.coming(room)).entries
            found = entries[int(which) - 1 : int(which)]
        else:
            found = tuple(entry for entry in entries if reference(entry) == which.strip())
        if not found:
            raise Refusal("no-such-entry")
        await self._require_leader(found[0], visitor, role)
        return found[0]

    async def _require_leader(self, entry: Entry, visitor: Visitor, role: Role) -> None:
        if role >= Role.HOST:
            return
        club = await self._clubs.by_id(entry.club_id) if entry.club_id is not None else None
        if club is None:
            raise Refusal("hosts-only")
        await self._clubs.require_leader(club, visitor, role)

    def _now(self, zone: str) -> datetime:
        return local_time(self._clock.wall(), zone)

    async def _tell(self, room: Room, change: Cancelled | Moved) -> None:
        """Tell the room, or every room of the club whose appointment it is."""
        club = await self._clubs.by_id(change.entry.club_id or 0)
        keys = await self._clubs.rooms(club) if club is not None else [room.id]
        for key in keys:
            for face in self._faces:
                face.tell(self._rooms[key], change)


def reference(entry: Entry) -> str:
    """Return what names an occurrence for good, whatever comes before it in the list."""
    return f"{entry.series_id}@{entry.original.isoformat(timespec='minutes')}"
