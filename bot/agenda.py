"""The agenda: what is planned, what becomes of single occurrences, and what comes next.

A plan is a series of dates and the steps that are due for each of them. The rows of an occurrence are made when
something of the former one is settled, so that there is always one ahead and never a heap. Everything that
plans takes a transaction of `Agenda.transaction`, so that it stands or falls with what it belongs to.
"""

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

import aiosqlite

from bot.clock import DAY, Clock
from bot.dispatcher import Dispatcher, Settle, Tell
from bot.storage import agenda
from bot.storage.agenda import NewRow, Plan, Planned, Step
from bot.storage.database import Database
from games.core import Platform, Refusal
from games.recurrence import Occurrence, Series, instant, overlapping

KEPT_DAYS = 30
"""Days for which it is kept what was done when."""

EACH = 5
"""Occurrences of one plan that are looked at for a list."""

MOST_PLANS = 50
"""Plans of a room that are looked at for a list, those that take place soonest."""

GATHERINGS = frozenset({"pause", "meeting"})
"""Kinds of plans for which people come together for a time; the others are only due."""

IN_CALENDARS = GATHERINGS | {"section"}
"""Kinds of plans that calendars elsewhere show: gatherings, and the days of a reading plan."""

CLASH_DAYS = 92
"""Days, from the first date of what is being planned, in which other appointments at the same time are looked for."""

REMINDERS = (Step("reminder", days=-1, missed_after=6 * 3600), Step("reminder", seconds=-3600))
"""A day before, as the calendar counts, and an hour before; what is due at the start itself is each plan's own."""


State = Literal["planned", "moved", "cancelled"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence in a list: `original` says which one it is, `local` and `starts_at` when it takes place."""

    series_id: int
    kind: str
    title: str
    original: datetime
    local: datetime
    starts_at: int
    zone: str
    state: State
    minutes: int = 60
    place: str = ""
    club_id: int | None = None

    @property
    def ends_at(self) -> int:
        """When it is over (microseconds, UTC)."""
        return self.starts_at + self.minutes * 60_000_000


class Agenda:
    """Everything planned."""

    def __init__(
        self, database: Database, clock: Clock, settled: Callable[[int, Platform], Awaitable[None]]
    ) -> None:
        """`settled` waits until all that was queued for a room has gone out on a platform."""
        self._database = database
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self._dispatcher = Dispatcher(
            database, clock, go_on=self._make_next, settled=settled, carried=self._notify
        )

    def on(self, kind: str, settle: Settle, tell: Tell | None = None) -> None:
        """Carry out steps of this kind: `settle` writes in the transaction that settles them, `tell` comes after."""
        self._dispatcher.on(kind, settle, tell)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call whenever something was planned, changed or took place; it must not wait."""
        self._listeners.append(listener)

    async def open(self) -> None:
        """Start, once every kind has its handler."""
        async with self._database.transaction() as transaction:
            await self._make_next(transaction, await agenda.stalled(transaction))
        await self._dispatcher.open()

    async def rest(self) -> None:
        """Carry out and tell nothing more; what is on its way out is still noted once it has gone."""
        await self._dispatcher.rest()

    async def close(self, patience: float = 0.0) -> None:
        """Stop; what is going out has `patience` seconds to be noted, or is told again at the next start."""
        await self._dispatcher.close(patience)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Begin a transaction in which something is planned or changed."""
        async with self._database.transaction() as transaction:
            yield transaction
        self._dispatcher.wake()
        self._notify()

    async def plan(self, transaction: aiosqlite.Connection, plan: Plan) -> int:
        """Plan a series; return its number. Of occurrences in the past only what is not missed yet comes."""
        key = await agenda.add(transaction, plan, self._clock.wall())
        await self._make_next(transaction, [key])
        return key

    async def skip(self, transaction: aiosqlite.Connection, key: int, original: datetime) -> None:
        """Let one occurrence fall out without a word.

        Raises:
            Refusal: `no-such-entry`, when there is no such occurrence or it has started.
        """
        planned = await self._ahead(transaction, key, original)
        await agenda.change(transaction, key, original, "skipped")
        await self._note_change(transaction, key)
        await self._drop(transaction, planned, original)

    async def cancel(self, transaction: aiosqlite.Connection, key: int, original: datetime) -> None:
        """Cancel one occurrence: it stays in the list, as cancelled.

        Raises:
            Refusal: as `skip`; `entry-cancelled`, when it is so already.
        """
        planned = await self._ahead(transaction, key, original)
        if planned.plan.series.moved.get(original, original) is None:
            raise Refusal("entry-cancelled")
        await agenda.change(transaction, key, original, "cancelled")
        await self._note_change(transaction, key)
        await self._drop(transaction, planned, original)

    async def move(
        self, transaction: aiosqlite.Connection, key: int, original: datetime, to: datetime
    ) -> None:
        """Move one occurrence to another local time; to its own, it is as the rule has it again. Raises as `skip`."""
        planned = await self._ahead(transaction, key, original)
        if to == original:
            await agenda.restore(transaction, key, original)
        else:
            await agenda.change(transaction, key, original, "moved", to)
        await self._note_change(transaction, key)
        await agenda.unmake(transaction, key, original)
        occurrence = Occurrence(original, instant(to, planned.plan.series.zone), to)
        await agenda.make(transaction, self._rows(planned, occurrence))
        if planned.last_at is not None:
            await agenda.note_last(transaction, [(key, occurrence.starts_at)])

    async def end(self, transaction: aiosqlite.Connection, key: int) -> None:
        """End a series: what has started is brought to its end, nothing else comes."""
        await agenda.end(transaction, key, self._clock.wall())
        await self._note_change(transaction, key)

    async def end_club(self, transaction: aiosqlite.Connection, club_id: int) -> None:
        """End everything that is planned for a club."""
        for key in await agenda.keys_of_club(transaction, club_id):
            await self.end(transaction, key)

    def wake(self) -> None:
        """Look again, after a transaction of somebody else's in which something was planned."""
        self._dispatcher.wake()

    async def describe(self, transaction: aiosqlite.Connection, key: int, plan: Plan) -> None:
        """Say anew what a plan is, how long it lasts and where it takes place; its dates and steps stay."""
        await agenda.describe(transaction, key, plan)
        await self._note_change(transaction, key)

    async def of_kind(
        self, transaction: aiosqlite.Connection, room_id: int, kind: str
    ) -> list[Planned]:
        """Return a room's plans of a kind that are not over."""
        return await agenda.of_kind(transaction, room_id, kind, self._clock.wall())

    async def upcoming(self, room_id: int, limit: int = 5) -> list[Entry]:
        """Return what comes in a room and its clubs, soonest first: of every plan the next, then more."""
        now = self._clock.wall()
        ranked: list[tuple[int, int, Entry]] = []
        for planned in await agenda.of_room(self._database, room_id, now, MOST_PLANS):
            entries = islice(_entries(planned, now), EACH)
            ranked += [(rank, entry.starts_at, entry) for rank, entry in enumerate(entries)]
        ranked.sort(key=lambda row: row[:2])
        return sorted((entry for _, _, entry in ranked[:limit]), key=lambda entry: entry.starts_at)

    async def shown_in(self, room_id: int) -> list[Planned]:
        """Return what a room's agenda shows, soonest first."""
        return await agenda.of_room(self._database, room_id, self._clock.wall(), MOST_PLANS)

    async def remembered_in_room(self, room_id: int) -> list[Planned]:
        """Return what a room's agenda shows, and what of it took place lately."""
        now = self._clock.wall()
        coming = await agenda.of_room(self._database, room_id, now, MOST_PLANS)
        past = await agenda.of_room(self._database, room_id, now - KEPT_DAYS * DAY, MOST_PLANS)
        return list({planned.id: planned for planned in [*coming, *past]}.values())

    async def remembered_of_club(self, club_id: int) -> list[Planned]:
        """Return what a club's agenda shows, and what of it took place lately."""
        return await agenda.of_club(self._database, club_id, self._clock.wall() - KEPT_DAYS * DAY)

    async def conflicts(
        self,
        room_ids: Iterable[int],
        series: Series,
        minutes: int,
        *,
        apart_from: int | None = None,
        limit: int = 3,
    ) -> list[Entry]:
        """Return what else brings people of these rooms together at the same time: of each plan the first such date.

        What was cancelled is none of it, nor is the plan `apart_from`, which is the one being changed.
        """
        now = self._clock.wall()
        mine = _soon(series, now)
        if not mine:
            return []
        entries: list[Entry] = []
        for planned in await self._gatherings(room_ids):
            if planned.id != apart_from:
                entries += islice(_clashes(mine, minutes, planned), 1)
        return sorted(entries, key=lambda entry: entry.starts_at)[:limit]

    async def _gatherings(self, room_ids: Iterable[int]) -> list[Planned]:
        """Return what brings people of any of these rooms together, each plan once."""
        now = self._clock.wall()
        found: dict[int, Planned] = {}
        for room_id in room_ids:
            plans = await agenda.of_room(self._database, room_id, now, MOST_PLANS)
            found |= {one.id: one for one in plans if one.plan.kind in GATHERINGS}
        return list(found.values())

    async def of_club(self, club_id: int, kind: str, limit: int = 5) -> list[Entry]:
        """Return what comes of a club's plans of a kind, soonest first."""
        now = self._clock.wall()
        plans = await agenda.of_club(self._database, club_id, now)
        entries = [
            entry
            for planned in plans
            if planned.plan.kind == kind
            for entry in islice(_entries(planned, now), limit)
        ]
        return sorted(entries, key=lambda entry: entry.starts_at)[:limit]

    async def plan_of(self, transaction: aiosqlite.Connection, key: int) -> Plan | None:
        """Return a plan by its number, as long as it has not been ended."""
        found = await agenda.some(transaction, [key])
        return found[0].plan if found else None

    async def expire(self) -> int:
        """Erase what was done or over `KEPT_DAYS` ago; return how many rows went."""
        async with self._database.transaction() as transaction:
            return await agenda.erase(transaction, self._clock.wall() - KEPT_DAYS * DAY)

    def _notify(self) -> None:
        for listener in self._listeners:
            listener()

    async def _note_change(self, transaction: aiosqlite.Connection, key: int) -> None:
        await agenda.note_change(transaction, key, self._clock.wall())

    async def _ahead(
        self, transaction: aiosqlite.Connection, key: int, original: datetime
    ) -> Planned:
        """Return the plan of an occurrence that has not started."""
        found = await agenda.some(transaction, [key])
        if not found or not found[0].plan.series.holds(original):
            raise Refusal("no-such-entry")
        [planned] = found
        series = planned.plan.series
        local = series.moved.get(original) or original
        if instant(local, series.zone) <= self._clock.wall():
            raise Refusal("no-such-entry")
        return planned

    async def _drop(
        self, transaction: aiosqlite.Connection, planned: Planned, original: datetime
    ) -> None:
        await agenda.unmake(transaction, planned.id, original)
        if planned.made == original:
            await self._make_next(transaction, [planned.id])

    async def _make_next(self, transaction: aiosqlite.Connection, keys: Sequence[int]) -> None:
        """Make the rows of each series' next occurrence, unless a host moved it and it has been already."""
        while keys:
            rows: list[NewRow] = []
            made: list[tuple[int, datetime]] = []
            last: list[tuple[int, int]] = []
            for planned in await agenda.some(transaction, keys):
                occurrence = self._next(planned)
                if occurrence is not None:
                    rows += self._rows(planned, occurrence)
                    made.append((planned.id, occurrence.original))
                if (end := self._end(planned, occurrence)) is not None:
                    last.append((planned.id, end))
            await agenda.make(transaction, rows)
            await agenda.note_made(transaction, made)
            await agenda.note_last(transaction, last)
            keys = await agenda.stalled(transaction, keys)

    def _next(self, planned: Planned) -> Occurrence | None:
        """Return the next occurrence of which not everything is missed yet."""
        now = self._clock.wall()
        following = planned.plan.series.following(planned.made)
        ahead = (
            o for o in following if not all(_is_missed(r, now) for r in self._rows(planned, o))
        )
        return next(ahead, None)

    def _end(self, planned: Planned, occurrence: Occurrence | None) -> int | None:
        """Return when a series takes place for the last time, if nothing follows this occurrence."""
        series = planned.plan.series
        if occurrence is None:
            return self._clock.wall()
        if next(series.following(occurrence.original), None) is not None:
            return None
        elsewhere = [instant(local, series.zone) for local in series.moved.values() if local]
        return max([occurrence.starts_at, *elsewhere])

    def _rows(self, planned: Planned, occurrence: Occurrence) -> Iterator[NewRow]:
        """Return the rows of an occurrence."""
        zone = planned.plan.series.zone
        for number, step in enumerate(planned.plan.steps):
            day = instant(occurrence.local + timedelta(days=step.days), zone)
            at = (occurrence.starts_at if step.days == 0 else day) + step.seconds * 1_000_000
            missed = None if step.missed_after is None else step.missed_after * 1_000_000
            yield (
                planned.id,
                occurrence.original.isoformat(timespec="seconds"),
                number,
                step.kind,
                occurrence.starts_at,
                at,
                at,
                step.late_after * 1_000_000,
                missed,
                step.importance,
            )


def _is_missed(row: NewRow, now: int) -> bool:
    """Whether a row comes too late to be made; what is never missed once made is not made for the past either."""
    due_at, missed_after = row[5], row[8]
    return now - due_at > (missed_after or 0)


def _soon(series: Series, now: int) -> list[Occurrence]:
    """Return the dates of a series within `CLASH_DAYS` of its next one."""
    first = next(series.occurrences(now), None)
    if first is None:
        return []
    return list(series.occurrences(first.starts_at, first.starts_at + CLASH_DAYS * DAY))


def _clashes(mine: Sequence[Occurrence], minutes: int, planned: Planned) -> Iterator[Entry]:
    """Yield the occurrences of a plan that are at the same time as one of `mine`."""
    plan = planned.plan
    begin = mine[0].starts_at - plan.minutes * 60_000_000
    end = mine[-1].starts_at + minutes * 60_000_000
    theirs = plan.series.occurrences(begin, end)
    for occurrence in overlapping(mine, minutes, theirs, plan.minutes):
        yield _entry(planned, plan.series, occurrence)


def _entries(planned: Planned, now: int) -> Iterator[Entry]:
    """Yield a plan's occurrences from now on, the cancelled ones among them."""
    series = planned.plan.series
    cancelled = sorted(
        (
            Occurrence(original, instant(original, series.zone), original)
            for original, local in series.moved.items()
            if local is None
        ),
        key=_start,
    )
    ahead = (one for one in cancelled if one.starts_at >= now)
    for occurrence in heapq.merge(series.occurrences(now), ahead, key=_start):
        yield _entry(planned, series, occurrence)


def _start(occurrence: Occurrence) -> int:
    return occurrence.starts_at


def _entry(planned: Planned, series: Series, occurrence: Occurrence) -> Entry:
    original = occurrence.original
    state: State = "moved" if occurrence.local != original else "planned"
    if original in series.moved and series.moved[original] is None:
        state = "cancelled"
    return Entry(
        planned.id,
        planned.plan.kind,
        planned.plan.title,
        original,
        occurrence.local,
        occurrence.starts_at,
        series.zone,
        state,
        planned.plan.minutes,
        planned.plan.place,
        planned.plan.club_id,
    )
