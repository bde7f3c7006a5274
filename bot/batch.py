"""What all rooms produced since the last commit, and writing it as one transaction (group commit)."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiosqlite

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


class Batch:
    """What all rooms produced since the last commit."""

    def __init__(self) -> None:
        self.people: list[NewPerson] = []
        self.names: dict[int, str] = {}
        self.started: list[SessionRow] = []
        self.journal: list[JournalRow] = []
        self.clocks: dict[int, tuple[int, bool, int, int]] = {}
        self.ended: list[Ended] = []
        self.touched: dict[int, Touched] = {}
        self.written = asyncio.Event()
        self.lost: set[int] = set()

    def touch(self, session: Session) -> Touched:
        """Return this session's place in the batch."""
        touched = self.touched.get(session.id)
        if touched is None:
            touched = self.touched[session.id] = Touched(session)
        return touched

    def drop(self, session: Session) -> None:
        """Take a session out of the batch: what came before could not be kept, so this cannot either."""
        self.lost.add(session.id)
        self.touched.pop(session.id, None)
        self.clocks.pop(session.id, None)
        self.journal = [row for row in self.journal if row[0] != session.id]
        self.ended = [ended for ended in self.ended if ended.session is not session]

    async def commit(
        self, database: Database, known: People, season_start: tuple[int, int]
    ) -> None:
        """Write everything in one transaction; nothing is kept when it raises `sqlite3.Error`."""
        async with database.transaction() as transaction:
            if self.people:
                await people.add(transaction, self.people)
            if self.names:
                await people.rename(transaction, self.names.items())
            for row in self.started:
                await sessions.add(transaction, row)
            if self.journal:
                await sessions.append(transaction, self.journal)
            if self.clocks:
                await sessions.save_clocks(transaction, self.clocks.values())
            for ended in self.ended:
                await _settle(transaction, ended, known, season_start)


async def _settle(
    transaction: aiosqlite.Connection, ended: Ended, known: People, season_start: tuple[int, int]
) -> None:
    session = ended.session
    untraced = sum(known.traceless(part.player.id) for part in ended.parts)
    first = await sessions.end(
        transaction, session.id, ended.at, players=len(ended.parts), untraced=untraced
    )
    if not first:
        return
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


class NotKeptError(Exception):
    """What was played could not be written, and does not count."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an accepted play led to. It counts once `committed` returns."""

    session_id: int
    events: tuple[Any, ...]
    newcomer: bool
    batch: Batch

    async def committed(self) -> None:
        """Wait until it is on disk.

        Raises:
            NotKeptError: it could not be written.
        """
        await self.batch.written.wait()
        if self.session_id in self.batch.lost:
            raise NotKeptError
