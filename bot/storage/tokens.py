"""SQL on Twitch tokens, which change by themselves and must survive a restart."""

from bot.storage.database import Database


async def load(database: Database, bot_id: str, origin: str) -> tuple[str, str] | None:
    """Return the newest (access, refresh) pair that grew from `origin`, or None when the settings changed since."""
    rows = await database.rows(
        "SELECT access, refresh FROM twitch_token WHERE bot_id = ? AND origin = ?", (bot_id, origin)
    )
    return (rows[0][0], rows[0][1]) if rows else None


async def save(
    database: Database, bot_id: str, origin: str, access: str, refresh: str, at: int
) -> None:
    """Keep a pair; committed when this returns."""
    async with database.transaction() as transaction:
        await transaction.execute(
            "INSERT INTO twitch_token (bot_id, origin, access, refresh, saved_at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (bot_id) DO UPDATE SET origin = excluded.origin, access = excluded.access,"
            " refresh = excluded.refresh, saved_at = excluded.saved_at",
            (bot_id, origin, access, refresh, at),
        )
