"""SQL on chats that were made quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import aiosqlite
import orjson

from bot.storage.database import Database
from games.core import Platform

_COLUMNS = "platform, channel_id, room_id, mode, former, wanted, changed, at"


@dataclass(frozen=True, slots=True)
class Kept:
    """How a chat was before it was made quiet (`former`), and what was then `wanted` of its platform instead.

    `changed` tells that the platform is known to have taken it.
    """

    platform: Platform
    channel_id: str
    room_id: int
    mode: str
    former: Mapping[str, int]
    wanted: Mapping[str, int]
    changed: bool
    at: int


async def load(database: Database, platform: Platform) -> list[Kept]:
    """Return the chats of a platform that have not got their settings back."""
    rows = await database.rows(f"SELECT {_COLUMNS} FROM quiet WHERE platform = ?", (platform,))  # noqa: S608 (constant)
    return [
        Kept(
            cast("Platform", platform_),
            channel_id,
            room_id,
            mode,
            orjson.loads(former),
            orjson.loads(wanted),
            bool(changed),
            at,
        )
        for platform_, channel_id, room_id, mode, former, wanted, changed, at in rows
    ]


async def keep(transaction: aiosqlite.Connection, kept: Kept) -> None:
    """Write a chat's row, in place of the one it had."""
    await transaction.execute(
        f"INSERT OR REPLACE INTO quiet ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 (constant)
        (
            kept.platform,
            kept.channel_id,
            kept.room_id,
            kept.mode,
            orjson.dumps(kept.former).decode(),
            orjson.dumps(kept.wanted).decode(),
            kept.changed,
            kept.at,
        ),
    )


async def forget(transaction: aiosqlite.Connection, platform: Platform, channel_id: str) -> None:
    """Remove a chat's row: it has its settings back."""
    await transaction.execute(
        "DELETE FROM quiet WHERE platform = ? AND channel_id = ?", (platform, channel_id)
    )
