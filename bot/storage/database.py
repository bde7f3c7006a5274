"""The database file: its connections, pragmas, migrations and transactions; SQL on nouns is next door."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

import aiosqlite

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "busy_timeout=5000",
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
            reader = await _connect(path)
        except BaseException:
            await writer.close()
            raise
        await reader.execute("PRAGMA query_only=ON")
        return cls(writer, reader)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Yield the writing connection inside BEGIN IMMEDIATE; commit at the end, roll back on any exception."""
        async with self._lock:
            await self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
                await self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    await self._writer.execute("ROLLBACK")
                raise

    async def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Return all rows of a query, read apart from any transaction under way."""
        return list(await self._reader.execute_fetchall(sql, parameters))

    async def close(self) -> None:
        """Close both connections, after the transaction under way."""
        async with self._lock:
            await self._reader.close()
            await self._writer.close()


async def _connect(path: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    try:
        for pragma in PRAGMAS:
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


def migrations() -> list[tuple[int, Traversable]]:
    """Return the numbered migration files in order."""
    folder = resources.files("bot.storage") / "migrations"
    found = [(re.match(r"(\d{4})_\w+\.sql$", entry.name), entry) for entry in folder.iterdir()]
    return sorted((int(match[1]), entry) for match, entry in found if match)


async def _migrate(connection: aiosqlite.Connection) -> None:
    [(version,)] = await connection.execute_fetchall("PRAGMA user_version")
    steps = migrations()
    if version > steps[-1][0]:
        raise DatabaseTooNewError(f"version {version}, known up to {steps[-1][0]}")
    for number, entry in steps:
        if number > version:
            script = entry.read_text("utf-8")
            await connection.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
            )
