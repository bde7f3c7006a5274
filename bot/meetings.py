"""Meetings of clubs: planning them on the agenda, opening and closing each, and which one goes on in a room.

A plan is a series of dates; a meeting is one of them, written down when anybody has to do with it, so that what
became of it outlives the agenda's memory. Who says whether they come is in `bot/rsvps.py`, who came in
`bot/attendances.py`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import aiosqlite

from bot.agenda import REMINDERS, Agenda, Entry
from bot.clock import Clock
from bot.club_books import Telling
from bot.clubs import Clubs
from bot.meeting_wishes import Wish, read_wish
from bot.people import Visitor
from bot.storage import club_books, meetings
from bot.storage.agenda import Due, Plan, Step
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.matching import fold
from games.meeting import add_up
from games.recurrence import Series, instant, local_time

KIND: Final = "meeting"

SOON, OPEN, CLOSE = "meeting-soon", "meeting-open", "meeting-close"

SECOND: Final = 1_000_000
"""Microseconds, as wall times are."""

HALF_DAY: Final = 12 * 3600 * 1_000_000
"""Microseconds; what is due longer before a meeting is due the day before."""

EARLIEST: Final = 2 * 3600 * 1_000_000
"""Microseconds before its start from which on a host may open a meeting."""

MOST_OFFERS: Final = 100
"""Plans that wait for a host's confirmation."""

LISTED: Final = 5
"""Meetings in a list."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A meeting that waits for its host's confirmation: of which club, where it is planned."""

    club: Club
    room: Room
    wish: Wish


def steps(minutes: int) -> tuple[Step, ...]:
    """Return what is due for a meeting so long: it opens late rather than never, as long as it is not over."""
    return (
        *REMINDERS,
        Step(SOON, days=-1, missed_after=6 * 3600),
        Step(SOON, seconds=-3600, missed_after=3000),
        Step(OPEN, missed_after=minutes * 60 - 1, importance=1),
    )


class Meetings:
    """Every club's meetings."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        clubs: Clubs,
        telling: Telling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._clubs = clubs
        self._telling = telling
        self._closings: list[Callable[[aiosqlite.Connection, Meeting], Awaitable[None]]] = []
        self._offers: dict[int, Offer] = {}
        self._highest = 0
        agenda.on(SOON, self._settle_soon)
        agenda.on(OPEN, self._settle_open)
        agenda.on(CLOSE, self._settle_close)

    def on_close(self, closing: Callable[[aiosqlite.Connection, Meeting], Awaitable[None]]) -> None:
        """Have something done in the transaction in which a meeting closes, after all that closes it."""
        self._closings.append(closing)

    # finding

    def now(self, room: Room) -> datetime:
        """Return what a room's clocks show."""
        return local_time(self._clock.wall(), room.zone)

    async def current(self, room: Room) -> Meeting | None:
        """Return the meeting that goes on in a room's clubs, the one that opened last when there are several."""
        found = await meetings.open_in(self._database, room.id)
        return found[0] if found else None

    async def one(self, key: int) -> Meeting | None:
        """Return a meeting by its number."""
        return await meetings.one(self._database, key)

    async def coming(self, club: Club, limit: int = LISTED) -> list[Entry]:
        """Return a club's next meetings, soonest first, cancelled ones among them."""
        return await self._agenda.of_club(club.id, KIND, limit)

    # planning

    async def read(self, room: Room, text: str, visitor: Visitor) -> tuple[Club, Wish]:
        """Read a plan as typed in a room; after an @ stands a place, or a club's name.

        Raises:
            Refusal: as `Clubs.find` and `bot.meeting_wishes.read_wish`.
        """
        said, club, places = await self.meant(room, text, visitor)
        return club, read_wish(said, places, self._clock.wall(), room.zone)

    async def meant(
        self, room: Room | None, text: str, visitor: Visitor
    ) -> tuple[str, Club, list[str]]:
        """Return what was typed before any @, the club that is meant, and the places that are named."""
        said, *tails = (part.strip() for part in text.split("@"))
        named = {fold(club.name): club for club in await self._clubs.nearest("", room)}
        found = [named[fold(tail)] for tail in tails if fold(tail) in named]
        places = [tail for tail in tails if tail and fold(tail) not in named]
        club = found[0] if found else await self._clubs.find(room, "", visitor)
        return said, club, places

    async def offer(self, club: Club, wish: Wish, room: Room, visitor: Visitor, role: Role) -> int:
        """Keep a plan until a host confirms it, in this run; return its number.

        Raises:
            Refusal: `club-hosts-only`, `plan-no-day`.
        """
        await self._clubs.require_leader(club, visitor, role)
        _check(wish, room)
        self._highest += 1
        self._offers[self._highest] = Offer(club, room, wish)
        if len(self._offers) > MOST_OFFERS:
            del self._offers[next(iter(self._offers))]
        return self._highest

    async def accept(self, number: int, visitor: Visitor, role: Role) -> tuple[Offer, Meeting]:
        """Plan what was offered.

        Raises:
            Refusal: `club-hosts-only`, `meeting-offer-gone`, `date-past`, `plan-no-day`, `club-over`.
        """
        offer = self._offers.get(number)
        if offer is None:
            raise Refusal("meeting-offer-gone")
        await self._clubs.require_leader(offer.club, visitor, role)
        self._offers.pop(number, None)
        return offer, await self.plan(offer.club, offer.wish, offer.room, visitor, role)

    async def plan(
        self, club: Club, wish: Wish, room: Room, visitor: Visitor, role: Role
    ) -> Meeting:
        """Plan a club's meetings; return the first.

        Raises:
            Refusal: `club-hosts-only`, `date-past`, `plan-no-day`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        series = _check(wish, room)
        if instant(wish.first, room.zone) <= self._clock.wall():
            raise Refusal("date-past")
        async with self._agenda.transaction() as transaction:
            club = await self._clubs.again(club)
            plan = _drawn_up(club, wish, series, room)
            key = await self._agenda.plan(transaction, plan)
            first = next(series.following())
            return await meetings.ensure(
                transaction, await self._drawn_from(plan, key, first.original, first.starts_at)
            )

    # opening and closing

    async def open(self, club: Club, visitor: Visitor, role: Role) -> Meeting:
        """Open a club's next meeting before its time.

        Raises:
            Refusal: `club-hosts-only`, `meeting-open`, `no-meeting-soon`.
        """
        await self._clubs.require_leader(club, visitor, role)
        if any(m.club_id == club.id for m in await meetings.going_on(self._database)):
            raise Refusal("meeting-open")
        soon = [e for e in await self.coming(club) if e.state != "cancelled"]
        if not soon or soon[0].starts_at - self._clock.wall() > EARLIEST:
            raise Refusal("no-meeting-soon")
        async with self._agenda.transaction() as transaction:
            meeting = await self.ensured(transaction, soon[0])
            await self._open(transaction, meeting)
        return replace(meeting, opened_at=self._clock.wall())

    async def close(self, club: Club, visitor: Visitor, role: Role) -> Meeting:
        """Close a club's meeting before its time.

        Raises:
            Refusal: `club-hosts-only`, `no-meeting`.
        """
        await self._clubs.require_leader(club, visitor, role)
        going_on = [m for m in await meetings.going_on(self._database) if m.club_id == club.id]
        if not going_on:
            raise Refusal("no-meeting")
        async with self._agenda.transaction() as transaction:
            await self._close(transaction, going_on[-1].id)
        closed = await meetings.one(self._database, going_on[-1].id)
        return closed or going_on[-1]

    async def ensured(self, transaction: aiosqlite.Connection, entry: Entry) -> Meeting:
        """Return the meeting of an entry of the agenda, written down now if it was not yet.

        Raises:
            Refusal: `no-such-entry`, when the agenda has it no more.
        """
        plan = await self._agenda.plan_of(transaction, entry.series_id)
        if plan is None or plan.kind != KIND or not plan.series.holds(entry.original):
            raise Refusal("no-such-entry")
        meeting = await self._drawn_from(plan, entry.series_id, entry.original, entry.starts_at)
        return await meetings.ensure(transaction, meeting)

    async def _settle_soon(self, due: Due, transaction: aiosqlite.Connection) -> None:
        await self._due(due, transaction)

    async def _settle_open(self, due: Due, transaction: aiosqlite.Connection) -> None:
        meeting = await self._due(due, transaction)
        if meeting is not None:
            await self._open(transaction, meeting)

    async def _settle_close(self, due: Due, transaction: aiosqlite.Connection) -> None:
        await self._close(transaction, due.options["meeting"])

    async def _due(self, due: Due, transaction: aiosqlite.Connection) -> Meeting | None:
        """Return the meeting that a row of its plan is about, unless its club meets no more."""
        club = await self._clubs.by_id(due.club_id or 0)
        if club is None:
            return None
        options, at = due.options, due.starts_at
        book = options["book"] or await self._book(club)
        meeting = Meeting(
            0,
            due.series_id,
            due.original,
            club.id,
            book,
            due.title,
            options["form"],
            due.place,
            due.voice_id,
            options["seats"],
            at,
            due.minutes,
        )
        return await meetings.ensure(transaction, meeting)

    async def _drawn_from(
        self, plan: Plan, series_id: int, original: datetime, starts_at: int
    ) -> Meeting:
        """Return a plan's meeting as it is to be written down."""
        options, club_id = plan.options or {}, plan.club_id or 0
        club = await self._clubs.by_id(club_id)
        book = options["book"] or (await self._book(club) if club else None)
        return Meeting(
            0,
            series_id,
            original,
            club_id,
            book,
            plan.title,
            options["form"],
            plan.place,
            plan.voice_id,
            options["seats"],
            starts_at,
            plan.minutes,
        )

    async def _book(self, club: Club) -> int | None:
        """Return the book that a club is busy with: being read, else talked about, else chosen."""
        shelf = await club_books.of_club(self._database, club.id)
        for state in ("reading", "discussed", "chosen"):
            found = [book.id for book in shelf if book.state == state]
            if found:
                return found[-1]
        return None

    async def _open(self, transaction: aiosqlite.Connection, meeting: Meeting) -> bool:
        """Open a meeting, and plan its end; return False when it was open already."""
        if not await meetings.open_it(transaction, meeting.id, self._clock.wall()):
            return False
        await self._plan_close(transaction, meeting)
        return True

    async def _plan_close(self, transaction: aiosqlite.Connection, meeting: Meeting) -> None:
        """Have a meeting closed in time. Its end is an instant: no clock that changes moves it."""
        soonest = self._clock.wall() + SECOND
        end = local_time(max(meeting.ends_at, soonest), "UTC").replace(microsecond=0)
        closing = (Step(CLOSE, missed_after=None, importance=1),)
        plan = Plan(
            CLOSE, Series(end, "UTC"), closing, options={"meeting": meeting.id}, shown=False
        )
        await self._agenda.plan(transaction, plan)

    async def _close(self, transaction: aiosqlite.Connection, key: int) -> bool:
        """Close a meeting and add it up; return False when it was not open."""
        meeting = await meetings.within(transaction, key)
        if meeting is None or not meeting.open:
            return False
        replies, came = (
            await meetings.replies(transaction, key),
            await meetings.came(transaction, key),
        )
        sums = add_up(replies, came, meeting.untraced)
        if not await meetings.close_it(transaction, key, self._clock.wall(), sums):
            return False
        for closing in self._closings:
            await closing(transaction, meeting)
        return True


def _check(wish: Wish, room: Room) -> Series:
    series = wish.series(room.zone)
    if next(series.following(), None) is None:
        raise Refusal("plan-no-day")
    return series


def _drawn_up(club: Club, wish: Wish, series: Series, room: Room) -> Plan:
    options: dict[str, Any] = {"form": wish.form, "seats": wish.seats, "book": None}
    return Plan(
        KIND,
        series,
        steps(wish.minutes),
        room.id,
        None,
        wish.title or club.name,
        options,
        club_id=club.id,
        minutes=wish.minutes,
        place=wish.place,
        voice_id=wish.voice_id,
    )
