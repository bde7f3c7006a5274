"""The dispatcher carries out what is due, each row exactly once, and sleeps until the next.

A row is settled in the transaction that writes its effect; people are told after the commit, and told again after a
crash that came between the two. What is due long since is said to be late, or left out.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import aiosqlite

from bot.clock import Clock
from bot.storage import agenda
from bot.storage.agenda import Due, State, Waiting
from bot.storage.database import Database, savepoint
from games.core import EVERYWHERE, Platform

log = logging.getLogger(__name__)

LONGEST_SLEEP = 600.0
"""Seconds after which the wall clock is looked at again: it may have been set, timers do not notice."""

BATCH = 64
"""Rows settled in one transaction, so that many share one write to disk and none holds it for long."""

WAITS = (5, 30, 120, 600, 3600)
"""Seconds before each further try at a row that failed; after the last it is set aside."""

TELL_AGAIN = 5.0
"""Seconds before what could not be told for now is tried again."""

IN_FLIGHT = 50
"""Rows told in a room that have not gone out everywhere; the next waits, or a long queue would lose its oldest."""

PATIENCE = 60.0
"""Seconds without anything going out after which a room is told more all the same: a platform may be away for long."""

Settle = Callable[[Due, aiosqlite.Connection], Awaitable[None]]
"""Writes what a due row leads to. It may wait for nothing but the disk; what it raises undoes its writing alone."""

Tell = Callable[[Due], Awaitable[None]]
"""Queues what people see of a settled row; it may be called again after a crash, and then finds what is on disk."""


class Untold(Exception):
    """A row cannot be told for now, through no fault of its own: it is tried again soon, and at the next start."""


@dataclass(frozen=True, slots=True)
class Handler:
    """What is done about a kind of row."""

    settle: Settle
    tell: Tell | None


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a row, and how many microseconds late."""

    due: Due
    state: State
    late: int


@dataclass(slots=True)
class _Flying:
    """A row that is on its way out, and the platforms on which it has gone."""

    due: Due
    told_on: set[Platform]


@dataclass(slots=True)
class _Lane:
    """What a room has yet to be told, in order, and what is on its way out there."""

    rows: deque[Due] = field(default_factory=deque)
    flying: set[asyncio.Task[None]] = field(default_factory=set)
    task: asyncio.Task[None] | None = None


class Dispatcher:
    """One task over the rows that wait."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        go_on: Callable[[aiosqlite.Connection, Sequence[int]], Awaitable[None]],
        settled: Callable[[int, Platform], Awaitable[None]],
        carried: Callable[[], None],
    ) -> None:
        """`go_on` makes the next rows of series, `carried` is called once something due has been settled.

        `settled` waits until all that was queued for a room has gone out on a platform.
        """
        self._database = database
        self._clock = clock
        self._go_on = go_on
        self._settled = settled
        self._carried = carried
        self._handlers: dict[str, Handler] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._background: set[asyncio.Task[None]] = set()
        self._lanes: dict[int | None, _Lane] = {}
        self._gone_out: dict[int, _Flying] = {}
        self._noting: asyncio.Task[None] | None = None
        self._failures = 0

    def on(self, kind: str, settle: Settle, tell: Tell | None = None) -> None:
        """Carry out rows of this kind so."""
        self._handlers[kind] = Handler(settle, tell)

    def wake(self) -> None:
        """Look again: something may be due sooner than before."""
        self._changed.set()

    async def open(self) -> None:
        """Tell what a former run left untold, as long as it would not be missed by now, and start."""
        recent: list[Due] = []
        old: list[Due] = []
        for due, missed_after in await agenda.untold(self._database):
            since = self._clock.wall() - due.due_at - round(due.late * 1_000_000)
            is_old = missed_after is not None and since > missed_after
            (old if is_old else recent).append(due)
        await self._note_told([(due.id, EVERYWHERE) for due in old])
        self._tell(recent)
        self._task = asyncio.create_task(self._run(), name="dispatcher")

    async def rest(self) -> None:
        """Carry out and tell nothing more; what is on its way out is still noted once it has gone."""
        telling = [lane.task for lane in self._lanes.values() if lane.task]
        await _end([*self._background, *telling, *([self._task] if self._task else [])])

    async def close(self, patience: float = 0.0) -> None:
        """Stop: what is being settled is undone and comes again; what goes out has `patience` seconds to be noted."""
        await self.rest()
        flying = [task for lane in self._lanes.values() for task in lane.flying]
        if flying and patience > 0:
            await asyncio.wait(flying, timeout=patience)
        await _end(flying)
        if self._noting is not None:
            await (asyncio.wait([self._noting]) if patience > 0 else _end([self._noting]))

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            try:
                if await self._carry_out():
                    self._failures = 0
                    continue
                next_at = await agenda.next_at(self._database)
            except (
                Exception
            ):  # a disk that fails now may work in a while, and everything waits for this task
                log.exception("what is due could not be carried out")
                self._failures += 1
                await self._clock.sleep(min(60.0, 2.0 ** min(self._failures, 6)))
            else:
                await self._rest(next_at)

    async def _rest(self, next_at: int | None) -> None:
        """Sleep until something is due or `wake`; for ever when nothing is planned."""
        if next_at is None:
            await self._changed.wait()
            return
        left = (next_at - self._clock.wall()) / 1_000_000
        timer = self._clock.call_later(min(max(left, 0.0), LONGEST_SLEEP), self._changed.set)
        try:
            await self._changed.wait()
        finally:
            timer.cancel()

    async def _carry_out(self) -> bool:
        """Settle some of what is due and tell it; return whether there was anything."""
        now = self._clock.wall()
        if (first := await agenda.next_at(self._database)) is None or first > now:
            return False
        async with self._database.transaction() as transaction:
            waiting = await agenda.take(transaction, now, BATCH)
            fates = [await self._settle(transaction, row, now) for row in waiting]
            settled = [fate for fate in fates if fate is not None]
            await agenda.settle(transaction, [(f.due.id, f.state, f.late) for f in settled])
            newest = {row.due.id for row in waiting if row.newest}
            await self._go_on(transaction, [f.due.series_id for f in settled if f.due.id in newest])
        self._carried()
        self._tell(fate.due for fate in settled if fate.state == "settled")
        return bool(waiting)

    async def _settle(
        self, transaction: aiosqlite.Connection, row: Waiting, now: int
    ) -> _Fate | None:
        """Settle one row; None when it is tried again later."""
        late = now - row.due.due_at
        if row.missed_after is not None and late > row.missed_after:
            log.warning("%s is missed by %d s", _name(row.due), late // 1_000_000)
            return _Fate(row.due, "missed", 0)
        late = late if late > row.late_after else 0
        due = replace(row.due, late=late / 1_000_000)
        try:
            handler = self._handlers[due.kind]
            async with savepoint(transaction):
                await handler.settle(due, transaction)
        except Exception:  # one that fails must not stop those behind it
            log.exception("%s failed", _name(due))
            return await self._postpone(transaction, row, now)
        return _Fate(due, "settled" if handler.tell else "done", late)

    async def _postpone(
        self, transaction: aiosqlite.Connection, row: Waiting, now: int
    ) -> _Fate | None:
        if row.tries < len(WAITS):
            await agenda.postpone(transaction, row.due.id, now + WAITS[row.tries] * 1_000_000)
            return None
        log.error("%s is set aside", _name(row.due))
        return _Fate(row.due, "failed", 0)

    def _tell(self, rows: Iterable[Due]) -> None:
        """Have rooms told, each in order."""
        for due in rows:
            lane = self._lanes.setdefault(due.room_id, _Lane())
            lane.rows.append(due)
            if lane.task is None or lane.task.done():
                lane.task = asyncio.create_task(self._tell_on(lane), name=f"news {due.room_id}")

    async def _tell_on(self, lane: _Lane) -> None:
        """Queue what people of a room see, no more at once than its queues hold, and note each row once it went out."""
        while lane.rows:
            if len(lane.flying) >= IN_FLIGHT:
                await self._until_one_is_gone(lane)
            due = lane.rows.popleft()
            if await self._tell_one(due):
                flying = asyncio.create_task(self._confirm(due), name=f"{due.kind} {due.id}")
                lane.flying.add(flying)
                flying.add_done_callback(lane.flying.discard)

    async def _until_one_is_gone(self, lane: _Lane) -> None:
        waking = asyncio.Event()
        timer = self._clock.call_later(PATIENCE, waking.set)
        patience = asyncio.create_task(waking.wait(), name="patience")
        try:
            await asyncio.wait({*lane.flying, patience}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            patience.cancel()

    async def _tell_one(self, due: Due) -> bool:
        """Queue what people see of a row; return whether it is on its way."""
        handler = self._handlers.get(due.kind)
        try:
            if handler is not None and handler.tell is not None:
                await handler.tell(due)
        except Untold:
            self._in_background(self._tell_again(due), f"{due.kind} {due.id} again")
            return False
        except Exception:  # it is told once more at the next start
            log.exception("%s could not be told", _name(due))
            return False
        return True

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _tell_again(self, due: Due) -> None:
        await self._clock.sleep(TELL_AGAIN)
        self._tell([due])

    async def _confirm(self, due: Due) -> None:
        """Note, platform by platform, that a row was told there."""
        flying = _Flying(due, set(due.told_on))
        if due.room_id is None:
            self._went_out(flying, EVERYWHERE)
        else:
            left = EVERYWHERE - due.told_on
            await asyncio.gather(*(self._confirm_on(flying, due.room_id, one) for one in left))

    async def _confirm_on(self, flying: _Flying, room_id: int, platform: Platform) -> None:
        try:
            await self._settled(room_id, platform)
        except Exception:  # it is told once more at the next start
            log.exception("%s may not have been told on %s", _name(flying.due), platform)
        else:
            self._went_out(flying, {platform})

    def _went_out(self, flying: _Flying, on: Collection[Platform]) -> None:
        """Have it noted, together with whatever else goes out meanwhile."""
        flying.told_on.update(on)
        self._gone_out[flying.due.id] = flying
        if self._noting is None or self._noting.done():
            self._noting = asyncio.create_task(self._note(), name="news noted")

    async def _note(self) -> None:
        while self._gone_out:
            gone, self._gone_out = self._gone_out, {}
            try:
                await self._note_told([(key, one.told_on) for key, one in gone.items()])
            except Exception:  # they are told once more at the next start
                log.exception("%d rows may not have been told", len(gone))

    async def _note_told(self, rows: Sequence[tuple[int, Collection[Platform]]]) -> None:
        if rows:
            async with self._database.transaction() as transaction:
                await agenda.told(transaction, rows)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _name(due: Due) -> str:
    return f"{due.kind} of series {due.series_id} ({due.original.isoformat()})"
