"""SQL on posters: the Discord messages of a room that belong to no session."""

import aiosqlite

from bot.storage.database import Database


async def keep(
    transaction: aiosqlite.Connection, room_id: int, name: str, message_id: str, at: int
) -> None:
    """Remember which message shows a poster."""
    await transaction.execute(
        "INSERT INTO poster (room_id, name, message_id, posted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (room_id, name) DO UPDATE SET message_id = excluded.message_id",
        (room_id, name, message_id, at),
    )


async def message(database: Database, room_id: int, name: str) -> str | None:
    """Return the message that shows a poster, if it was posted."""
    rows = await database.rows(
        "SELECT message_id FROM poster WHERE room_id = ? AND name = ?", (room_id, name)
    )
    return rows[0][0] if rows else None


async def erase(transaction: aiosqlite.Connection, before: int) -> None:
    """Forget the posters of before `before`: they stand where they are, unchanged from now on."""
    await transaction.execute("DELETE FROM poster WHERE posted_at < ?", (before,))
