"""SQL on the addresses of calendars that are read elsewhere."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import aiosqlite

from bot.storage.database import Database

Owner = Literal["room", "club"]
"""Whose calendar it is."""

_UPSERT = {
    "room": (
        "INSERT INTO feed (room_id, token, digest, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (room_id)"
        " DO UPDATE SET token = excluded.token, digest = excluded.digest, made_at = excluded.made_at"
    ),
    "club": (
        "INSERT INTO feed (club_id, token, digest, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (club_id)"
        " DO UPDATE SET token = excluded.token, digest = excluded.digest, made_at = excluded.made_at"
    ),
}
_OF = {
    "room": "SELECT token FROM feed WHERE room_id = ?",
    "club": "SELECT token FROM feed WHERE club_id = ?",
}


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that is read elsewhere: a room's or a club's."""

    owner: Owner
    key: int
    token: str


async def token_of(transaction: aiosqlite.Connection, owner: Owner, key: int) -> str | None:
    """Return what cannot be guessed in the address of a room's or a club's calendar."""
    rows = list(await transaction.execute_fetchall(_OF[owner], (key,)))
    return rows[0][0] if rows else None


async def keep(transaction: aiosqlite.Connection, feed: Feed, at: int) -> None:
    """Keep an address, in place of a former one."""
    await transaction.execute(_UPSERT[feed.owner], (feed.key, feed.token, _digest(feed.token), at))


async def find(database: Database, token: str) -> Feed | None:
    """Return the calendar at an address. It is found by a digest, so that the time it takes tells nothing."""
    rows = await database.rows(
        "SELECT room_id, club_id, token FROM feed WHERE digest = ?", (_digest(token),)
    )
    for room_id, club_id, kept in rows:
        return Feed("room" if club_id is None else "club", room_id or club_id, kept)
    return None


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
