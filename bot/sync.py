"""The delay of a room's stream: measuring it with the viewers, or setting it by hand, the same for both faces."""

import re
from collections.abc import Callable

import aiosqlite

from bot.batch import Ended, Receipt, Settler
from bot.hall import Hall
from bot.rooms import LONGEST_DELAY, Rooms
from bot.storage.rooms import Room
from bot.wording.speech import Speech
from bot.wording.sync import title
from games.core import Refusal, Role
from games.numbers import read_number
from games.sync import Sync, SyncOptions


def settling(rooms: Rooms) -> Settler:
    """Return what keeps a measured delay in the transaction that ends its session."""

    async def settle(transaction: aiosqlite.Connection, ended: Ended) -> Callable[[], None] | None:
        sync = ended.session.activity
        if not isinstance(sync, Sync) or sync.delay is None:
            return None
        return await rooms.write_delay(transaction, ended.session.room.id, sync.delay)

    return settle


def read_seconds(text: str, locale: str) -> float:
    """Read a delay in seconds: "6", "6,5", "6.5 s".

    Raises:
        Refusal: `no-number`, for what is no number from 0 to 60.
    """
    number = read_number(re.sub(r"\s*s(?:ec\w*)?\s*$", "", text, flags=re.IGNORECASE), locale)
    if number is None or not 0 <= number <= LONGEST_DELAY:
        raise Refusal("no-number", text=text[:12], least=0, most=round(LONGEST_DELAY))
    return number


class Syncs:
    """Measures and sets the delays of rooms' streams."""

    def __init__(self, hall: Hall, rooms: Rooms) -> None:
        self._hall = hall
        self._rooms = rooms

    def start(self, room: Room, role: Role) -> Receipt:
        """Start a measure: the host says the word at this very moment.

        Raises:
            Refusal: `hosts-only`, `not-linked`, or what the hall says.
        """
        _require_stream(room, role)
        options = SyncOptions(title(Speech(room.locale)))
        return self._hall.start(room, "sync", options.title, options.as_json(), role)

    async def set(self, room: Room, seconds: float, role: Role) -> Room:
        """Set a delay by hand, 0 for none; a game that runs keeps the one it began with.

        Raises:
            Refusal: `hosts-only`, `not-linked`.
        """
        _require_stream(room, role)
        room = await self._rooms.set_delay(room, seconds)
        self._hall.refresh(room)
        return room


def _require_stream(room: Room, role: Role) -> None:
    if role < Role.HOST:
        raise Refusal("hosts-only")
    if room.twitch_channel_id is None:
        raise Refusal("not-linked")
