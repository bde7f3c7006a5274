"""Rooms: which Discord channel and which Twitch channel are one place, and how that is changed."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Self

import aiosqlite

from bot.clock import Clock
from bot.storage import rooms
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import Refusal

LINK_MINUTES = 10
LATE_MINUTES = 30
"""Minutes after which a code that came too late is no longer even refused."""

LONGEST_DELAY = 60.0
"""Seconds that the picture of a stream may be late."""


@dataclass(frozen=True, slots=True)
class _Offer:
    """A Discord room waits for the consent of a Twitch channel."""

    room_id: int
    twitch_channel_id: str
    twitch_login: str
    until: float


class Rooms:
    """All rooms, found by their channels without waiting."""

    def __init__(
        self, database: Database, clock: Clock, known: Iterable[Room], *, locale: str, zone: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._locale = locale
        self._zone = zone
        self._offers: dict[str, _Offer] = {}
        self.by_id: dict[int, Room] = {}
        self.by_discord: dict[str, Room] = {}
        self.by_twitch: dict[str, Room] = {}
        for room in known:
            self._index(room)

    @classmethod
    async def load(cls, database: Database, clock: Clock, *, locale: str, zone: str) -> Self:
        """Read all rooms; new ones get `locale` and `zone`."""
        return cls(database, clock, await rooms.load(database), locale=locale, zone=zone)

    def twitch_channels(self) -> Mapping[str, Room]:
        """Return the rooms by Twitch channel, those included that an offer was made to lately."""
        wanted = dict(self.by_twitch)
        late = self._clock.now() - LATE_MINUTES * 60
        for offer in self._offers.values():
            if offer.until > late:
                wanted.setdefault(offer.twitch_channel_id, self.by_id[offer.room_id])
        return wanted

    async def open_discord(self, channel_id: str, guild_id: str, name: str) -> Room:
        """Return the room of a Discord channel, made if need be."""
        if (room := self.by_discord.get(channel_id)) is not None:
            return room
        return await self._add(
            Room(0, name, self._locale, self._zone, channel_id, guild_id, None, None)
        )

    async def open_twitch(self, channel_id: str, login: str) -> Room:
        """Return the room of a Twitch channel, made if need be; logins change, ids do not."""
        room = self.by_twitch.get(channel_id)
        if room is None:
            return await self._add(
                Room(0, login, self._locale, self._zone, None, None, channel_id, login)
            )
        return room if room.twitch_login == login else await self._change(room, twitch_login=login)

    async def link(
        self, room: Room, channel_id: str, login: str, *, busy: Callable[[int], bool]
    ) -> Room:
        """Make a Discord room and a Twitch channel one.

        A room that the Twitch channel had of its own keeps its history, but no longer its channel; the stream's delay,
        its clubs and what was to come in it go with the channel.

        Raises:
            Refusal: `room-busy` while either plays, `room-taken` when the channel belongs to another Discord room.
        """
        other = self.by_twitch.get(channel_id)
        if other is not None and other.id == room.id:
            return room
        if other is not None and other.discord_channel_id is not None:
            raise Refusal("room-taken", login=login)
        if busy(room.id) or (other is not None and busy(other.id)):
            raise Refusal("room-busy")
        async with self._database.transaction() as transaction:
            other = self.by_twitch.get(channel_id)
            if other is not None and other.discord_channel_id not in (
                None,
                room.discord_channel_id,
            ):
                raise Refusal("room-taken", login=login)
            delay = other.delay if other is not None else 0.0
            if other is not None:
                other = replace(other, twitch_channel_id=None, twitch_login=None, delay=0.0)
                await rooms.save(transaction, other)
                await rooms.inherit(transaction, room.id, other.id, self._clock.wall())
            room = replace(
                self.by_id[room.id], twitch_channel_id=channel_id, twitch_login=login, delay=delay
            )
            await rooms.save(transaction, room)
        for changed in (other, room):
            if changed is not None:
                self._index(changed)
        return room

    def offer_link(self, room: Room, channel_id: str, login: str) -> str:
        """Return a one-time code with which the Twitch channel can consent within `LINK_MINUTES`."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        until = self._clock.now() + LINK_MINUTES * 60
        late = self._clock.now() - LATE_MINUTES * 60
        self._offers = {
            c: o for c, o in self._offers.items() if o.room_id != room.id and o.until > late
        }
        self._offers[code] = _Offer(room.id, channel_id, login, until)
        return code

    async def accept_link(self, code: str, channel_id: str, *, busy: Callable[[int], bool]) -> Room:
        """Consent to an offer from the Twitch channel it was made to.

        Raises:
            Refusal: `no-discord-room`, or as `link`.
        """
        offer = self._open_offers().get(code)
        if offer is None or offer.twitch_channel_id != channel_id:
            raise Refusal("no-discord-room")
        room = await self.link(self.by_id[offer.room_id], channel_id, offer.twitch_login, busy=busy)
        self._offers.pop(code, None)
        return room

    async def unlink(self, room: Room, *, busy: Callable[[int], bool]) -> Room:
        """Take the Twitch channel out of a room.

        Raises:
            Refusal: `not-linked`, `room-busy`.
        """
        if room.twitch_channel_id is None or room.discord_channel_id is None:
            raise Refusal("not-linked")
        if busy(room.id):
            raise Refusal("room-busy")
        return await self._change(room, twitch_channel_id=None, twitch_login=None, delay=0.0)

    async def set_locale(self, room: Room, locale: str) -> Room:
        """Choose the room's language."""
        return await self._change(room, locale=locale)

    async def set_delay(self, room: Room, seconds: float) -> Room:
        """Note how late the picture of the room's stream is, from 0 to `LONGEST_DELAY` seconds."""
        return await self._change(room, delay=seconds)

    async def write_delay(
        self, transaction: aiosqlite.Connection, room_id: int, seconds: float
    ) -> Callable[[], None]:
        """Write a delay in somebody else's transaction; what is returned is to be called once that is committed."""
        room = replace(self.by_id[room_id], delay=seconds)
        await rooms.save(transaction, room)
        return partial(self._index, room)

    def _open_offers(self) -> dict[str, _Offer]:
        now = self._clock.now()
        return {code: offer for code, offer in self._offers.items() if offer.until > now}

    async def _add(self, room: Room) -> Room:
        async with self._database.transaction() as transaction:
            known = self.by_discord.get(room.discord_channel_id or "") or self.by_twitch.get(
                room.twitch_channel_id or ""
            )
            if known is not None:
                return known
            room = await rooms.add(transaction, room, self._clock.wall())
        self._index(room)
        return room

    async def _change(self, room: Room, **changes: str | float | None) -> Room:
        """Change a room as it is now, which may be later than when the caller looked."""
        async with self._database.transaction() as transaction:
            room = replace(self.by_id[room.id], **changes)  # type: ignore[arg-type]
            await rooms.save(transaction, room)
        self._index(room)
        return room

    def _index(self, room: Room) -> None:
        before = self.by_id.get(room.id)
        if before is not None:
            self.by_discord.pop(before.discord_channel_id or "", None)
            self.by_twitch.pop(before.twitch_channel_id or "", None)
        self.by_id[room.id] = room
        if room.discord_channel_id is not None:
            self.by_discord[room.discord_channel_id] = room
        if room.twitch_channel_id is not None:
            self.by_twitch[room.twitch_channel_id] = room
