"""Calendars that are read elsewhere: the address of each room's and club's, and what is to be read there.

An address holds what cannot be guessed, since when a small club meets is nobody's business; whoever knows it may read.
"""

import asyncio
import re
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.agenda import IN_CALENDARS, Agenda
from bot.calendars import Appointment, build
from bot.clock import Clock
from bot.clubs import Clubs, split
from bot.people import Visitor, visible
from bot.rooms import Rooms
from bot.storage import feeds
from bot.storage.agenda import Planned
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.feeds import Feed, Owner
from bot.storage.rooms import Room
from bot.wording import feed as words
from bot.wording.agenda import called
from bot.wording.speech import Speech
from games.core import Refusal, Role
from games.matching import fold
from games.recurrence import local_time

TOKEN_BYTES = 24
RENEW = frozenset({"renew", "renouveler", "renouvelle", "nouveau", "nouvelle"})
"""What is typed for another address, folded."""

REMEMBERED = 128
"""Calendars that are kept written, so that asking again costs nothing."""

FRESH = 300.0
"""Seconds for which what was written is given again without a look at the file, unless the agenda changed."""

AT_ONCE = 2
"""Calendars that are written at the same time."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a calendar is read; both are empty when the bot serves none."""

    https: str
    webcal: str


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as a file: its name, what it holds, and what changes with it."""

    name: str
    data: bytes
    etag: str


@dataclass(frozen=True, slots=True)
class _Source:
    """What a calendar is made of."""

    name: str
    locale: str
    zone: str
    plans: tuple[Planned, ...]


def read_calendar(text: str) -> tuple[str, bool]:
    """Read "renew @ club"; return the club's name, which may be empty, and whether the address is to change."""
    said, club = split(text, prose=False)
    first, _, rest = said.partition(" ")
    if fold(first) in RENEW:
        return club or rest.strip(), True
    return club or said, False


@dataclass(frozen=True, slots=True)
class _Recent:
    """A calendar as it was written lately, and of what."""

    of: Room | Club
    until: float
    written: Written


class Feeds:
    """All calendars that can be subscribed to."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        clubs: Clubs,
        rooms: Rooms,
        *,
        base: str,
        locale: str,
        zone: str,
    ) -> None:
        """`base` is where people reach the web server, empty when there is none; the rest is what clubs go by."""
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._clubs = clubs
        self._rooms = rooms
        self.base = base
        self._locale = locale
        self._zone = zone
        self._kept: OrderedDict[str, Written] = OrderedDict()
        self._recent: dict[tuple[str, int], _Recent] = {}
        self._generation = 0
        agenda.listen(self._changed)
        self._turn = asyncio.Semaphore(AT_ONCE)

    # addresses

    async def of_room(self, room: Room) -> Address:
        """Return where a room's calendar is read."""
        return await self._address("room", room.id)

    async def of_club(self, club: Club) -> Address:
        """Return where a club's calendar is read."""
        return await self._address("club", club.id)

    async def renew_room(self, room: Room, role: Role) -> Address:
        """Give a room's calendar another address; the former one leads nowhere.

        Raises:
            Refusal: `hosts-only`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        return await self._renew("room", room.id)

    async def renew_club(self, club: Club, visitor: Visitor, role: Role) -> Address:
        """Give a club's calendar another address. Raises `Refusal` (`club-hosts-only`)."""
        await self._clubs.require_leader(club, visitor, role)
        return await self._renew("club", club.id)

    async def is_open(self, room: Room) -> bool:
        """Return whether a room's calendar may be told to all who read its chat: no club there chooses its members."""
        return all(club.access == "public" for club in await self._clubs.here(room))

    async def _address(self, owner: Owner, key: int) -> Address:
        if not self.base:
            return Address("", "")
        async with self._database.transaction() as transaction:
            token = await feeds.token_of(transaction, owner, key)
            if token is None:
                token = secrets.token_urlsafe(TOKEN_BYTES)
                await feeds.keep(transaction, Feed(owner, key, token), self._clock.wall())
        return self._told(token)

    async def _renew(self, owner: Owner, key: int) -> Address:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        async with self._database.transaction() as transaction:
            await feeds.keep(transaction, Feed(owner, key, token), self._clock.wall())
        return self._told(token) if self.base else Address("", "")

    def _told(self, token: str) -> Address:
        address = f"{self.base}/calendar/{token}.ics"
        return Address(address, re.sub("^https?:", "webcal:", address))

    # what is read there

    async def open(self, token: str) -> Written | None:
        """Return the calendar at an address, or None when there is none."""
        feed = await feeds.find(self._database, token)
        if feed is None or not secrets.compare_digest(feed.token, token):
            return None
        of: Room | Club | None
        if feed.owner == "room":
            of = self._rooms.by_id.get(feed.key)
        else:
            of = await self._clubs.by_id(feed.key)
        return await self._lately(of) if of is not None else None

    async def _lately(self, of: Room | Club) -> Written:
        """Return a calendar as it was within the last `FRESH` seconds, unless the agenda has changed since."""
        now, key = self._clock.now(), (type(of).__name__, of.id)
        known = self._recent.get(key)
        if known is not None and known.of == of and now < known.until:
            return known.written
        generation = self._generation
        written = await (self.room_file(of) if isinstance(of, Room) else self.club_file(of))
        if generation == self._generation:
            self._recent[key] = _Recent(of, now + FRESH, written)
        return written

    def _changed(self) -> None:
        self._generation += 1
        self._recent.clear()

    async def room_file(self, room: Room) -> Written:
        """Return what is planned in a room and its clubs."""
        plans = await self._agenda.remembered_in_room(room.id)
        return await self._written(_Source(room.name, room.locale, room.zone, _shown(plans)))

    async def club_file(self, club: Club) -> Written:
        """Return what is planned for a club."""
        plans = await self._agenda.remembered_of_club(club.id)
        return await self._written(_Source(club.name, self._locale, self._zone, _shown(plans)))

    async def _written(self, source: _Source) -> Written:
        year = local_time(self._clock.wall(), source.zone).year
        appointments = [self._appointment(planned, source) for planned in source.plans]
        known = [(one.uid, one.revision, one.title, one.place, one.url) for one in appointments]
        mark = sha256(repr((source.name, source.locale, source.zone, year, known)).encode())
        key = mark.hexdigest()
        async with self._turn:
            if key not in self._kept:
                name, locale, zone = visible(source.name), source.locale, source.zone
                data = await asyncio.to_thread(build, name, appointments, locale, zone, year)
                file = f"agenda-{_slug(name)}.ics"
                self._kept[key] = Written(file, data, sha256(data).hexdigest()[:32])
        self._kept.move_to_end(key)
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _appointment(self, planned: Planned, source: _Source) -> Appointment:
        plan, speech = planned.plan, Speech(source.locale)
        room = self._rooms.by_id.get(plan.room_id or 0)
        login = room.twitch_login if room else None
        title = called(plan.kind, visible(plan.title), speech)
        return Appointment(
            planned.uid,
            planned.revision,
            planned.changed_at,
            plan.series,
            plan.minutes,
            title,
            words.cancelled(title, speech),
            visible(plan.place),
            f"https://www.twitch.tv/{login}" if login else "",
        )


def _shown(plans: Sequence[Planned]) -> tuple[Planned, ...]:
    """Return what calendars show, in an order that does not change with time."""
    kept = (one for one in plans if one.plan.kind in IN_CALENDARS)
    return tuple(sorted(kept, key=lambda planned: planned.id))


def _slug(name: str) -> str:
    """Return a name for a file: plain letters, whatever a room is called."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:40] or "ensemble"
