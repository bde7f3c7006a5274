"""SQL on rooms."""

from dataclasses import dataclass
from typing import Any

import aiosqlite

from bot.storage import agenda
from bot.storage.database import Database

_COLUMNS = (
    "id, name, locale, zone, discord_channel_id, discord_guild_id, twitch_channel_id, twitch_login,"
    " twitch_delay"
)


@dataclass(frozen=True, slots=True)
class Room:
    """Where activities happen: at most one channel on each platform, a locale and an IANA time zone.

    `delay` is how many seconds late the picture of the Twitch stream reaches its viewers.
    """

    id: int
    name: str
    locale: str
    zone: str
    discord_channel_id: str | None
    discord_guild_id: str | None
    twitch_channel_id: str | None
    twitch_login: str | None
    delay: float = 0.0


async def load(database: Database) -> list[Room]:
    """Return all rooms."""
    return [Room(*row) for row in await database.rows(f"SELECT {_COLUMNS} FROM room ORDER BY id")]  # noqa: S608 (constant)


async def add(transaction: aiosqlite.Connection, room: Room, at: int) -> Room:
    """Insert a room (its id is ignored) and return it with its id."""
    values: tuple[Any, ...] = (
        room.name,
        room.locale,
        room.zone,
        room.discord_channel_id,
        room.discord_guild_id,
        room.twitch_channel_id,
        room.twitch_login,
        room.delay,
    )
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO room (name, locale, zone, discord_channel_id, discord_guild_id, twitch_channel_id,"
        " twitch_login, twitch_delay, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (*values, at),
    )
    return Room(key, *values)


async def save(transaction: aiosqlite.Connection, room: Room) -> None:
    """Write a room back."""
    await transaction.execute(
        "UPDATE room SET name = ?, locale = ?, zone = ?, discord_channel_id = ?, discord_guild_id = ?,"
        " twitch_channel_id = ?, twitch_login = ?, twitch_delay = ? WHERE id = ?",
        (
            room.name,
            room.locale,
            room.zone,
            room.discord_channel_id,
            room.discord_guild_id,
            room.twitch_channel_id,
            room.twitch_login,
            room.delay,
            room.id,
        ),
    )


async def inherit(transaction: aiosqlite.Connection, heir_id: int, room_id: int, at: int) -> None:
    """Let a room go on with what was to come in another: its clubs, what is planned, who asked to be reminded.

    There is one question of the day in a room: the heir's own, if it has one; then the other's ends `at` this time.
    """
    for table, key in (("club_room", "club_id"), ("reminder", "person_id")):
        await transaction.execute(
            f"INSERT OR IGNORE INTO {table} ({key}, room_id) SELECT {key}, ? FROM {table} WHERE room_id = ?",  # noqa: S608
            (heir_id, room_id),
        )
        await transaction.execute(f"DELETE FROM {table} WHERE room_id = ?", (room_id,))  # noqa: S608 (constant)
    await transaction.execute(
        "UPDATE series SET room_id = ?1 WHERE room_id = ?2 AND ended_at IS NULL AND NOT (kind = 'daily'"
        " AND EXISTS (SELECT 1 FROM series WHERE room_id = ?1 AND kind = 'daily' AND ended_at IS NULL))",
        (heir_id, room_id),
    )
    for (key,) in await transaction.execute_fetchall(
        "SELECT id FROM series WHERE room_id = ? AND ended_at IS NULL", (room_id,)
    ):
        await agenda.end(transaction, key, at)
