"""The database file: its connections, pragmas, migrations and transactions; SQL on nouns is next door."""

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import aiosqlite

log = logging.getLogger(__name__)

BUSY_TIMEOUT = "busy_timeout=5000"
PRAGMAS = (
    BUSY_TIMEOUT,
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
)


class DatabaseTooNewError(Exception):
    """The file was written by a later version of the program; nothing was touched."""


class Database:
    """One SQLite file with one writing connection and one reading connection.

    Coroutines never share a transaction: `transaction` holds a lock from BEGIN to COMMIT, first come, first served.
    Nothing that waits on a network may happen inside.
    """

    def __init__(self, writer: aiosqlite.Connection, reader: aiosqlite.Connection) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()
        self._unswept = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the file, creating and migrating it as needed.

        Raises:
            DatabaseTooNewError: the file needs a later version of the program.
            sqlite3.DatabaseError: the file is no database or is damaged.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        writer = await _connect(path)
        try:
            await _migrate(writer)
            reader = await _connect(path, "query_only=ON")
        except BaseException:
            await writer.close()
            raise
        return cls(writer, reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield the writing connection inside BEGIN IMMEDIATE; commit at the end, roll back on any exception."""
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
                yield self._writer
                await self._writer.execute("COMMIT")
            except BaseException:
                # A cancelled statement still runs in its turn on the connection's thread, BEGIN and COMMIT too;
                # only behind it is it known whether there is anything to roll back.
                await self._writer.rollback()
                raise

    async def check(self) -> None:
        """Raise `sqlite3.Error` when the file cannot be read."""
        await self.rows("SELECT user_version FROM pragma_user_version")

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query, read apart from any transaction under way."""
        return list(await self._reader.execute_fetchall(sql, parameters))

    async def scrub(self) -> None:
        """Empty the write-ahead log, so that what was erased is in no file any more; later, if somebody reads now."""
        self._unswept = True
        await self.truncate()

    async def truncate(self) -> bool:
        """Empty the write-ahead log, of what was overwritten too; return False when it must be tried again later."""
        async with self._lock:
            await self._writer.execute_fetchall("PRAGMA busy_timeout=250")
            try:
                [(busy, *_)] = await self._writer.execute_fetchall(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                )
            except sqlite3.Error:
                log.exception("the write-ahead log could not be emptied")
                return False
            finally:
                await self._writer.execute_fetchall(f"PRAGMA {BUSY_TIMEOUT}")
        return not busy

    async def sweep(self) -> None:
        """Write the whole file anew if anything was erased since the last time; takes seconds for a big file.

        `secure_delete` clears what is deleted, but not the copies that SQLite leaves in a page's free space whenever
        rows move from page to page.
        """
        if not self._unswept:
            return
        async with self._lock:
            try:
                await self._writer.execute("VACUUM")
            except sqlite3.Error:
                log.exception("the file could not be written anew")
                return
        await self.scrub()
        self._unswept = False

    async def close(self) -> None:
        """Close both connections, after the transaction under way."""
        async with self._lock:
            await self._reader.close()
            await self._writer.close()


@asynccontextmanager
async def savepoint(transaction: aiosqlite.Connection) -> AsyncIterator[None]:
    """Do part of a transaction: when it fails only that part is undone, and the rest can go on."""
    await transaction.execute("SAVEPOINT part")
    try:
        yield
    except Exception:
        await transaction.execute("ROLLBACK TO part")
        await transaction.execute("RELEASE part")
        raise
    await transaction.execute("RELEASE part")


async def _connect(path: Path, *more: str) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    try:
        await _version(connection)
        for pragma in (*PRAGMAS, *more):
            await connection.execute_fetchall(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


def migrations() -> list[tuple[int, Traversable]]:
    """Return the numbered migration files in order."""
    folder = resources.files("bot.storage") / "migrations"
    found = [(re.match(r"(\d{4})_\w+\.sql$", entry.name), entry) for entry in folder.iterdir()]
    return sorted((int(match[1]), entry) for match, entry in found if match)


async def _version(connection: aiosqlite.Connection) -> int:
    """Return the file's version; asked before any pragma, because `journal_mode` alone would change the file."""
    [(version,)] = await connection.execute_fetchall("PRAGMA user_version")
    newest = migrations()[-1][0]
    if version > newest:
        raise DatabaseTooNewError(f"version {version}, known up to {newest}")
    return int(version)


async def _migrate(connection: aiosqlite.Connection) -> None:
    version = await _version(connection)
    for number, entry in migrations():
        if number > version:
            script = entry.read_text("utf-8")
            await connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
