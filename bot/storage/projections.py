"""SQL on what stands on a platform for an occurrence of the agenda."""

from typing import Any

import orjson

from bot.storage.database import Database
from games.projection import Content, Known


async def of_place(database: Database, place: str) -> list[Known]:
    """Return what is remembered of a place."""
    rows = await database.rows(
        "SELECT key, remote_id, written FROM projection WHERE place = ? ORDER BY key", (place,)
    )
    return [Known(key, remote_id, Content(**orjson.loads(text))) for key, remote_id, text in rows]


async def keep(database: Database, place: str, series_id: int, known: Known) -> None:
    """Remember what stands for an occurrence; a series that is gone meanwhile has none."""
    values: tuple[Any, ...] = (
        place,
        known.key,
        series_id,
        known.remote_id,
        orjson.dumps(known.written).decode(),
    )
    async with database.transaction() as transaction:
        await transaction.execute(
            "INSERT INTO projection (place, key, series_id, remote_id, written) SELECT ?1, ?2, ?3, ?4, ?5"
            " WHERE EXISTS (SELECT 1 FROM series WHERE id = ?3)"
            " ON CONFLICT (place, key) DO UPDATE SET remote_id = excluded.remote_id, written = excluded.written",
            values,
        )


async def name(database: Database, place: str, key: str, remote_id: str) -> None:
    """Say what the platform calls it; nothing while it is being removed."""
    async with database.transaction() as transaction:
        await transaction.execute(
            "UPDATE projection SET remote_id = ? WHERE place = ? AND key = ?",
            (remote_id, place, key),
        )


async def forget(database: Database, place: str, key: str) -> None:
    """Remember it no more."""
    async with database.transaction() as transaction:
        await transaction.execute(
            "DELETE FROM projection WHERE place = ? AND key = ?", (place, key)
        )
