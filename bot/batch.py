"""What all rooms produced since the last commit, and writing it as one transaction (group commit)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiosqlite

from bot.clock import DAY
from bot.people import People
from bot.seasons import season_of
from bot.session import Session
from bot.storage import participation, people, sessions
from bot.storage.database import Database
from bot.storage.people import NewPerson
from bot.storage.sessions import JournalRow, SessionRow
from games.core import Part, Player


@dataclass(slots=True)
class Touched:
    """A session in a batch: what happened in it, and who took part for the first time ever."""

    session: Session
    events: list[Any] = field(default_factory=list)
    newcomers: list[Player] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that ended in a batch, and each player's part."""

    session: Session
    at: int
    parts: tuple[Part, ...]


Settler = Callable[[aiosqlite.Connection, Ended], Awaitable[Callable[[], None] | None]]
"""Writes what an activity's end leaves besides the ledger; it may wait for nothing but the disk.

What it returns, if anything, is called once the transaction is committed: there it may change what is in memory.
"""


class Batch:
    """What all rooms produced since the last commit."""

    def __init__(self) -> None:
        self.people: dict[int, NewPerson] = {}
        self.names: dict[int, str] = {}
        self.lives: list[SessionRow | Ended] = []
        self.journal: list[JournalRow] = []
        self.clocks: dict[int, tuple[int, bool, int, int]] = {}
        self.touched: dict[int, Touched] = {}
        self.written = asyncio.Event()
        self.failed = False
        self.lost: set[Session] = set()

    @property
    def ended(self) -> list[Ended]:
        """The sessions that ended."""
        return [life for life in self.lives if isinstance(life, Ended)]

    def touch(self, session: Session) -> Touched:
        """Return this session's place in the batch."""
        touched = self.touched.get(session.id)
        if touched is None:
            touched = self.touched[session.id] = Touched(session)
        return touched

    def drop(self, session: Session) -> None:
        """Take a session out of the batch: what came before could not be kept, so this cannot either."""
        self.lost.add(session)
        self.touched.pop(session.id, None)
        self.clocks.pop(session.id, None)
        self.journal = [row for row in self.journal if row[0] != session.id]
        self.lives = [life for life in self.lives if _session_id(life) != session.id]

    def inherit(self, failed: "Batch") -> list[NewPerson]:
        """Take over from a failed batch the people who play here too, and return those whom nothing speaks of."""
        playing = {row[4]: row for row in self.journal if row[4] is not None}
        spoke = {row[4] for row in self.journal if row[3] in ("said", "did")}
        enrolled = failed.people | self.people
        self.people = {key: row for key, row in enrolled.items() if key in playing}
        self.names = failed.names | self.names
        for key, row in self.people.items():
            newcomers, player = self.touched[playing[key][0]].newcomers, Player(key, row.platform)
            if key in spoke and player not in newcomers:
                newcomers.append(player)
        return [row for key, row in enrolled.items() if key not in playing]

    def give_up(self) -> None:
        """Tell who waits that this will not be written; nothing happens when it was."""
        if not self.written.is_set():
            self.failed = True
            self.written.set()

    async def commit(
        self,
        database: Database,
        known: People,
        season_start: tuple[int, int],
        settlers: Mapping[str, Settler],
    ) -> None:
        """Write everything in one transaction; nothing is kept when it raises `sqlite3.Error`."""
        if not (self.people or self.names or self.lives or self.journal or self.clocks):
            return
        committed: list[Callable[[], None]] = []
        async with database.transaction() as transaction:
            # Who was erased or written meanwhile is no longer waiting to be.
            newcomers = [row for row in self.people.values() if known.unwritten(row.id) is not None]
            if newcomers:
                await people.add(transaction, newcomers)
            if self.names:
                await people.rename(transaction, self.names.items())
            # In order: a room's session ends before its next one starts.
            for life in self.lives:
                if isinstance(life, Ended):
                    noted = await _settle(transaction, life, known, season_start, settlers)
                    committed += [noted] if noted is not None else []
                else:
                    await sessions.add(transaction, life)
            if self.journal:
                await sessions.append(transaction, self.journal)
            if self.clocks:
                await sessions.save_clocks(transaction, self.clocks.values())
        for note in committed:
            note()


def _session_id(life: SessionRow | Ended) -> int:
    return life.session.id if isinstance(life, Ended) else life.id


async def _settle(
    transaction: aiosqlite.Connection,
    ended: Ended,
    known: People,
    season_start: tuple[int, int],
    settlers: Mapping[str, Settler],
) -> Callable[[], None] | None:
    session = ended.session
    untraced = [part.player.id for part in ended.parts if known.traceless(part.player.id)]
    first = await sessions.end(
        transaction, session.id, ended.at, players=len(ended.parts), untraced=len(untraced)
    )
    if not first:
        return None
    season = season_of(ended.at, session.room.zone, season_start)
    rows = [
        participation.LedgerRow(
            session_id=session.id,
            person_id=part.player.id,
            room_id=session.room.id,
            season=season,
            platform=part.player.platform,
            plays=part.plays,
            correct=part.right,
            points=part.points,
            at=ended.at,
        )
        for part in ended.parts
        if not known.traceless(part.player.id)
    ]
    await participation.settle(transaction, rows)
    # Their day only: retention must not take somebody for gone who comes every week, and would forget their wish.
    await people.seen(transaction, untraced, ended.at - ended.at % DAY)
    settler = settlers.get(session.kind)
    return await settler(transaction, ended) if settler is not None else None


class NotKeptError(Exception):
    """What was played could not be written, and does not count."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an accepted play led to. It counts once `committed` returns."""

    session: Session
    events: tuple[Any, ...]
    newcomer: bool
    batch: Batch

    @property
    def session_id(self) -> int:
        """The session it was accepted in."""
        return self.session.id

    async def committed(self) -> None:
        """Wait until it is on disk.

        Raises:
            NotKeptError: it could not be written.
        """
        await self.batch.written.wait()
        if self.batch.failed or self.session in self.batch.lost:
            raise NotKeptError
