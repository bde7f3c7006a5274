"""SQL on who asked to be reminded of what is planned in a room."""

import aiosqlite

from bot.storage.database import Database
from games.core import Platform


async def ask(transaction: aiosqlite.Connection, person_id: int, room_id: int) -> None:
    """Keep that somebody wants to be reminded."""
    await transaction.execute(
        "INSERT INTO reminder (person_id, room_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (person_id, room_id),
    )


async def stop(transaction: aiosqlite.Connection, person_id: int, room_id: int) -> None:
    """Forget that somebody wanted to be reminded."""
    await transaction.execute(
        "DELETE FROM reminder WHERE person_id = ? AND room_id = ?", (person_id, room_id)
    )


async def asked(database: Database, room_id: int) -> list[tuple[int, Platform, str]]:
    """Return the (person id, platform, user id) of everybody who wants to be reminded in a room."""
    rows = await database.rows(
        "SELECT person_id, platform, user_id FROM reminder JOIN identity USING (person_id)"
        " WHERE room_id = ? ORDER BY person_id",
        (room_id,),
    )
    return [tuple(row) for row in rows]
