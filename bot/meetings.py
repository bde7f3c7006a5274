"""Meetings of clubs: planning them on the agenda, changing them, opening and closing each, and telling the rooms.

A plan is a series of dates; a meeting is one of them, written down when anybody has to do with it, so that what
became of it outlives the agenda's memory. Who says whether they come is in `bot/rsvps.py`, who came in
`bot/attendances.py`.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

import aiosqlite

from bot.agenda import REMINDERS, Agenda, Entry
from bot.appointments import reference
from bot.clock import Clock
from bot.club_books import Telling
from bot.clubs import Clubs
from bot.meeting_cards import MeetingCards
from bot.meeting_news import (
    Begun,
    CalledOff,
    Card,
    Changed,
    MeetingNews,
    Moved,
    Over,
    Planned,
    Soon,
)
from bot.meeting_notices import MeetingNotices
from bot.meeting_wishes import Changes, Wish, clean_place, clean_title, read_wish
from bot.people import Visitor
from bot.storage import club_books, meetings
from bot.storage.agenda import Due, Plan, Step
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.dates import Usual, read_date
from games.matching import fold
from games.meeting import add_up
from games.recurrence import Series, instant, local_time

KIND: Final = "meeting"

SOON, OPEN, CLOSE = "meeting-soon", "meeting-open", "meeting-close"

SECOND: Final = 1_000_000
"""Microseconds, as wall times are."""

HALF_DAY: Final = 12 * 3600 * SECOND
"""What is due longer than this before a meeting is due the day before."""

EARLIEST: Final = 2 * 3600 * SECOND
"""Before its start from when on a host may open a meeting."""

LATE: Final = 60 * SECOND
"""After its start from when on a meeting is said to open late."""

MOST_OFFERS: Final = 100
"""Plans that wait for a host's confirmation."""

LISTED: Final = 5
"""Meetings in a list."""

_NUMBER = re.compile("[1-9]")


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
        cards: MeetingCards,
        notices: MeetingNotices,
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._clubs = clubs
        self._telling = telling
        self._cards = cards
        self._notices = notices
        self._closings: list[Callable[[aiosqlite.Connection, Meeting], Awaitable[None]]] = []
        self._offers: dict[int, Offer] = {}
        self._highest = 0
        agenda.on(SOON, self._settle_soon)
        agenda.on(OPEN, self._settle_open)
        agenda.on(CLOSE, self._settle_close)
        for what in ("planned", "tomorrow", "soon", "begun", "over", "off", "moved", "changed"):
            telling.on(f"meeting-{what}", partial(self._news, what))
        clubs.on_end(self._end_club, agenda.wake)

    def on_close(self, closing: Callable[[aiosqlite.Connection, Meeting], Awaitable[None]]) -> None:
        """Have something done in the transaction in which a meeting closes, after all that closes it."""
        self._closings.append(closing)

    # finding

    def now(self, room: Room) -> datetime:
        """Return what a room's clocks show."""
        return local_time(self._clock.wall(), room.zone)

    def wall(self) -> int:
        """Return the present instant (microseconds, UTC)."""
        return self._clock.wall()

    async def current(self, room: Room) -> Meeting | None:
        """Return the meeting that goes on in a room's clubs, the one that opened last when there are several."""
        found = await meetings.open_in(self._database, room.id)
        return found[0] if found else None

    async def coming(self, club: Club, limit: int = LISTED) -> list[Entry]:
        """Return a club's next meetings, soonest first, cancelled ones among them."""
        return await self._agenda.of_club(club.id, KIND, limit)

    async def of_entry(self, entry: Entry) -> Card | None:
        """Return the card of an entry of the agenda, if anybody had to do with it yet."""
        found = await meetings.of_occurrence(self._database, entry.series_id, entry.original)
        return await self._cards.card(found.id) if found else None

    async def meant(
        self, room: Room | None, text: str, visitor: Visitor
    ) -> tuple[str, Club, list[str]]:
        """Return what was typed before any @, the club that is meant, and the places that are named.

        Raises:
            Refusal: as `Clubs.find`.
        """
        said, *tails = (part.strip() for part in text.split("@"))
        named = {fold(club.name): club for club in await self._clubs.nearest("", room)}
        found = [named[fold(tail)] for tail in tails if fold(tail) in named]
        places = [tail for tail in tails if tail and fold(tail) not in named]
        club = found[0] if found else await self._clubs.find(room, "", visitor)
        return said, club, places

    async def clubs_meant(self, room: Room | None, name: str, visitor: Visitor) -> list[Club]:
        """Return the club that is named, or else the room's clubs. Raises `Refusal` as `Clubs.find`."""
        if name:
            return [await self._clubs.find(room, name, visitor)]
        here = await self._clubs.here(room)
        if not here:
            raise Refusal("no-club-here")
        return here

    async def listed(self, found: Sequence[Club]) -> list[tuple[Entry, Card | None]]:
        """Return the next meetings of some clubs, soonest first, each with its card if it has one."""
        entries = [entry for club in found for entry in await self.coming(club)]
        entries.sort(key=lambda entry: entry.starts_at)
        return [(entry, await self.of_entry(entry)) for entry in entries[:LISTED]]

    async def open_now(self, found: Sequence[Club]) -> list[Card]:
        """Return the cards of those meetings of some clubs that go on."""
        return [await self._card(m.id) for club in found for m in await self._going_on(club)]

    async def to_answer(self, found: Sequence[Club]) -> int:
        """Return the number of the meeting that an answer is to: the one of these clubs' that goes on, or the next.

        Raises:
            Refusal: `no-meeting-planned`.
        """
        going_on = [m.id for club in found for m in await self._going_on(club)]
        if going_on:
            return going_on[-1]
        entries = [entry for club in found for entry in await self.coming(club)]
        entries = [entry for entry in entries if entry.state != "cancelled"]
        if not entries:
            raise Refusal("no-meeting-planned")
        async with self._agenda.transaction() as transaction:
            first = min(entries, key=lambda entry: entry.starts_at)
            return (await self.ensured(transaction, first)).id

    async def entry(self, club: Club, which: str) -> Entry:
        """Return one of a club's next meetings: the next, or by its number in the list, or by its reference.

        Raises:
            Refusal: `no-such-meeting`.
        """
        entries, which = await self.coming(club, 25), which.strip()
        if not which:
            found = [entry for entry in entries if entry.state != "cancelled"]
        elif _NUMBER.fullmatch(which):
            found = entries[:LISTED][int(which) - 1 : int(which)]
        else:
            found = [entry for entry in entries if reference(entry) == which]
        if not found:
            raise Refusal("no-such-meeting")
        return found[0]

    # planning

    async def read(self, room: Room, text: str, visitor: Visitor) -> tuple[Club, Wish]:
        """Read a plan as typed in a room; after an @ stands a place, or a club's name.

        Raises:
            Refusal: as `Clubs.find` and `bot.meeting_wishes.read_wish`.
        """
        said, club, places = await self.meant(room, text, visitor)
        return club, read_wish(said, places, self._clock.wall(), room.zone)

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

    async def rooms(self, club: Club) -> list[int]:
        """Return the ids of a club's rooms: they are told of its meetings."""
        return await self._clubs.rooms(club)

    async def clashes(self, offer: Offer) -> list[Entry]:
        """Return what else brings people of the club's rooms together at the same time."""
        rooms = {offer.room.id, *await self._clubs.rooms(offer.club)}
        series = offer.wish.series(offer.room.zone)
        return await self._agenda.conflicts(sorted(rooms), series, offer.wish.minutes)

    async def accept(self, number: int, visitor: Visitor, role: Role) -> Offer:
        """Plan what was offered.

        Raises:
            Refusal: `club-hosts-only`, `meeting-offer-gone`, `date-past`, `plan-no-day`, `club-over`.
        """
        offer = self._offers.get(number)
        if offer is None:
            raise Refusal("meeting-offer-gone")
        await self._clubs.require_leader(offer.club, visitor, role)
        self._offers.pop(number, None)
        await self.plan(offer.club, offer.wish, offer.room, visitor, role)
        return offer

    async def plan(
        self, club: Club, wish: Wish, room: Room, visitor: Visitor, role: Role
    ) -> Meeting:
        """Plan a club's meetings and tell its rooms of the first; return that.

        Raises:
            Refusal: `club-hosts-only`, `date-past`, `plan-no-day`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        series = _check(wish, room)
        first = next(series.following())
        if instant(wish.first, room.zone) <= self._clock.wall():
            raise Refusal("date-past")
        async with self._agenda.transaction() as transaction:
            club = await self._clubs.again(club)
            plan = _drawn_up(club, wish, series, room)
            key = await self._agenda.plan(transaction, plan)
            drawn = await self._drawn_from(plan, key, first.original, first.starts_at)
            meeting = await meetings.ensure(transaction, drawn)
            await self._telling.plan(transaction, club, "meeting-planned", meeting.id)
        return meeting

    async def edit(
        self, club: Club, which: str, changes: Changes, visitor: Visitor, role: Role
    ) -> Card:
        """Change what a plan is, for all its dates; whoever waits for a seat may get one. Return its next meeting.

        Raises:
            Refusal: `club-hosts-only`, `no-such-meeting`.
        """
        await self._clubs.require_leader(club, visitor, role)
        entry = await self.entry(club, which)
        async with self._agenda.transaction() as transaction:
            meeting = await self.ensured(transaction, entry)
            plan = await self._agenda.plan_of(transaction, entry.series_id)
            if plan is None:
                raise Refusal("no-such-meeting")
            changed = _changed(plan, changes)
            await self._agenda.describe(transaction, entry.series_id, changed)
            for one in await meetings.ahead(transaction, entry.series_id, self._clock.wall()):
                one = _described(one, changed)
                await meetings.describe(transaction, one)
                await self._notices.seat(transaction, one)
                self._cards.refresh(one.id)
            await self._telling.plan(transaction, club, "meeting-changed", meeting.id)
        return await self._card(meeting.id)

    async def cancel(self, club: Club, which: str, visitor: Visitor, role: Role) -> Card:
        """Cancel one meeting, and tell the rooms and those who asked to be told.

        Raises:
            Refusal: `club-hosts-only`, `no-such-meeting`, `entry-cancelled`, `no-such-entry`.
        """
        await self._clubs.require_leader(club, visitor, role)
        entry = await self.entry(club, which)
        async with self._agenda.transaction() as transaction:
            await self._agenda.cancel(transaction, entry.series_id, entry.original)
            meeting = await self.cancelled(transaction, entry)
        return await self._card(meeting.id)

    async def move(self, club: Club, which: str, text: str, visitor: Visitor, role: Role) -> Card:
        """Move one meeting to the date that `text` means; what people answered stays. Raises as `cancel`."""
        await self._clubs.require_leader(club, visitor, role)
        entry = await self.entry(club, which)
        usual = Usual(entry.local.date(), entry.local.time())
        to = read_date(text, self._clock.wall(), entry.zone, usual)
        async with self._agenda.transaction() as transaction:
            await self._agenda.move(transaction, entry.series_id, entry.original, to)
            meeting = await self.moved(transaction, entry, to)
        return await self._card(meeting.id)

    async def end(self, club: Club, which: str, visitor: Visitor, role: Role) -> Entry:
        """End a plan: none of its dates takes place any more. Raises as `edit`."""
        await self._clubs.require_leader(club, visitor, role)
        entry = await self.entry(club, which)
        async with self._agenda.transaction() as transaction:
            for one in await meetings.ahead(transaction, entry.series_id, self._clock.wall()):
                await self._call_off(transaction, one)
            await self._agenda.end(transaction, entry.series_id)
        return entry

    # what the agenda's own commands do

    async def cancelled(self, transaction: aiosqlite.Connection, entry: Entry) -> Meeting:
        """Note that an occurrence is cancelled, and tell everybody."""
        meeting = await self.ensured(transaction, entry)
        await self._call_off(transaction, meeting)
        return meeting

    async def skipped(self, transaction: aiosqlite.Connection, entry: Entry) -> Meeting:
        """Note that an occurrence falls out: those who asked to be told are, the rooms are not."""
        meeting = await self.ensured(transaction, entry)
        await meetings.describe(transaction, replace(meeting, cancelled_at=self._clock.wall()))
        await self._notices.tell(transaction, meeting, "off")
        self._cards.refresh(meeting.id)
        return meeting

    async def moved(self, transaction: aiosqlite.Connection, entry: Entry, to: datetime) -> Meeting:
        """Note that an occurrence takes place at another local time, and tell everybody."""
        meeting = await self.ensured(transaction, entry)
        moved = replace(meeting, starts_at=instant(to, entry.zone), cancelled_at=None)
        await meetings.describe(transaction, moved)
        await self._tell(transaction, moved, "moved")
        await self._notices.tell(transaction, moved, "moved")
        self._cards.refresh(moved.id)
        return moved

    async def _call_off(self, transaction: aiosqlite.Connection, meeting: Meeting) -> None:
        await meetings.describe(transaction, replace(meeting, cancelled_at=self._clock.wall()))
        await self._tell(transaction, meeting, "off")
        await self._notices.tell(transaction, meeting, "off")
        self._cards.refresh(meeting.id)

    async def _end_club(self, transaction: aiosqlite.Connection, club: Club) -> None:
        """Close what goes on in a club that ends, call off what is to come, and end its plans."""
        for meeting in await meetings.unfinished(transaction, club.id, self._clock.wall()):
            if meeting.open:
                await self._close(transaction, meeting.id)
            else:
                await self._call_off(transaction, meeting)
        await self._agenda.end_club(transaction, club.id)

    # opening and closing

    async def open(self, club: Club, visitor: Visitor, role: Role) -> Meeting:
        """Open a club's next meeting before its time.

        Raises:
            Refusal: `club-hosts-only`, `meeting-open`, `no-meeting-soon`.
        """
        await self._clubs.require_leader(club, visitor, role)
        if await self._going_on(club):
            raise Refusal("meeting-open")
        soon = [e for e in await self.coming(club) if e.state != "cancelled"]
        if not soon or soon[0].starts_at - self._clock.wall() > EARLIEST:
            raise Refusal("no-meeting-soon")
        async with self._agenda.transaction() as transaction:
            meeting = await self.ensured(transaction, soon[0])
            await self._open(transaction, meeting)
        return meeting

    async def close(self, club: Club, visitor: Visitor, role: Role) -> Card:
        """Close a club's meeting before its time.

        Raises:
            Refusal: `club-hosts-only`, `no-meeting`.
        """
        await self._clubs.require_leader(club, visitor, role)
        going_on = await self._going_on(club)
        if not going_on:
            raise Refusal("no-meeting")
        async with self._agenda.transaction() as transaction:
            await self._close(transaction, going_on[-1].id)
        return await self._card(going_on[-1].id)

    async def _going_on(self, club: Club) -> list[Meeting]:
        return [m for m in await meetings.going_on(self._database) if m.club_id == club.id]

    async def ensured(self, transaction: aiosqlite.Connection, entry: Entry) -> Meeting:
        """Return the meeting of an entry of the agenda, written down now if it was not yet.

        Raises:
            Refusal: `no-such-entry`, when the agenda has it no more.
        """
        plan = await self._agenda.plan_of(transaction, entry.series_id)
        if plan is None or plan.kind != KIND or not plan.series.holds(entry.original):
            raise Refusal("no-such-entry")
        drawn = await self._drawn_from(plan, entry.series_id, entry.original, entry.starts_at)
        return await meetings.ensure(transaction, drawn)

    async def _settle_soon(self, due: Due, transaction: aiosqlite.Connection) -> None:
        if due.changed_at > due.due_at:
            return  # it was planned, moved or changed since, and that was told
        meeting = await self._due(due, transaction)
        if meeting is None or meeting.opened_at is not None:
            return
        if due.starts_at - due.due_at > HALF_DAY:
            await meetings.note_reminded(transaction, meeting.id)
            await self._tell(transaction, meeting, "tomorrow")
        else:
            await self._tell(transaction, meeting, "soon")

    async def _settle_open(self, due: Due, transaction: aiosqlite.Connection) -> None:
        meeting = await self._due(due, transaction)
        if meeting is not None:
            await self._open(transaction, meeting)

    async def _settle_close(self, due: Due, transaction: aiosqlite.Connection) -> None:
        await self._close(transaction, due.options["meeting"])

    async def _due(self, due: Due, transaction: aiosqlite.Connection) -> Meeting | None:
        """Return the meeting that a row of its plan is about, with its book of now; None once its club has ended."""
        club = await self._clubs.by_id(due.club_id or 0)
        if club is None:
            return None
        plan = Plan(
            KIND,
            Series(due.original, "UTC"),
            (),
            title=due.title,
            options=due.options,
            club_id=due.club_id,
            minutes=due.minutes,
            place=due.place,
            voice_id=due.voice_id,
        )
        drawn = await self._drawn_from(plan, due.series_id, due.original, due.starts_at)
        kept = await meetings.ensure(transaction, drawn)
        meeting = replace(kept, book_id=drawn.book_id, starts_at=due.starts_at)
        await meetings.describe(transaction, meeting)
        return meeting

    async def _drawn_from(
        self, plan: Plan, series_id: int, original: datetime, starts_at: int
    ) -> Meeting:
        """Return a plan's meeting as it is to be written down, about the book that its club is busy with."""
        options, club_id = plan.options or {}, plan.club_id or 0
        return Meeting(
            0,
            series_id,
            original,
            club_id,
            options["book"] or await self._book(club_id),
            plan.title,
            options["form"],
            plan.place,
            plan.voice_id,
            options["seats"],
            starts_at,
            plan.minutes,
        )

    async def _book(self, club_id: int) -> int | None:
        """Return the book that a club is busy with: being read, else talked about, else chosen."""
        shelf = await club_books.of_club(self._database, club_id)
        for state in ("reading", "discussed", "chosen"):
            found = [book.id for book in shelf if book.state == state]
            if found:
                return found[-1]
        return None

    async def _open(self, transaction: aiosqlite.Connection, meeting: Meeting) -> None:
        """Open a meeting, plan its end and tell the rooms, unless it was open already."""
        if await meetings.open_it(transaction, meeting.id, self._clock.wall()):
            await self._plan_close(transaction, meeting)
            await self._tell(transaction, meeting, "begun")
            self._cards.refresh(meeting.id)

    async def _plan_close(self, transaction: aiosqlite.Connection, meeting: Meeting) -> None:
        """Have a meeting closed in time. Its end is an instant: no clock that changes moves it."""
        soonest = self._clock.wall() + SECOND
        end = local_time(max(meeting.ends_at, soonest), "UTC").replace(microsecond=0)
        closing = (Step(CLOSE, missed_after=None, importance=1),)
        options = {"meeting": meeting.id}
        plan = Plan(CLOSE, Series(end, "UTC"), closing, options=options, shown=False)
        await self._agenda.plan(transaction, plan)

    async def _close(self, transaction: aiosqlite.Connection, key: int) -> None:
        """Close a meeting, add it up and tell the rooms, unless it is closed already."""
        meeting = await meetings.within(transaction, key)
        if meeting is None or not meeting.open:
            return
        replies = await meetings.replies(transaction, key)
        came = await meetings.came(transaction, key)
        sums = add_up(replies, came, meeting.untraced)
        await meetings.close_it(transaction, key, self._clock.wall(), sums)
        await self._tell(transaction, meeting, "over")
        for closing in self._closings:
            await closing(transaction, meeting)
        self._cards.refresh(key)

    # telling

    async def _tell(self, transaction: aiosqlite.Connection, meeting: Meeting, what: str) -> None:
        club = await self._clubs.by_id(meeting.club_id)
        if club is not None:
            await self._telling.plan(transaction, club, f"meeting-{what}", meeting.id)

    async def _card(self, key: int) -> Card:
        card = await self._cards.card(key)
        if card is None:
            raise Refusal("no-such-meeting")
        return card

    async def _news(self, what: str, key: int) -> MeetingNews | None:
        """Return what there is to tell of a meeting as it stands now."""
        card = await self._cards.card(key)
        if card is None:
            return None
        meeting = card.meeting
        if what == "off":
            return CalledOff(card)
        if what == "over":
            return Over(card) if meeting.closed_at is not None else None
        if what == "begun":
            late = (meeting.opened_at or 0) - meeting.starts_at
            return Begun(card, late / SECOND if late > LATE else 0.0) if meeting.open else None
        left = (meeting.starts_at - self._clock.wall()) / SECOND
        if meeting.opened_at is not None or meeting.cancelled_at is not None or left <= 0:
            return None
        match what:
            case "planned":
                return Planned(card)
            case "moved":
                return Moved(card)
            case "changed":
                return Changed(card)
            case _:
                return Soon(card, left, day_before=what == "tomorrow")


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


def _changed(plan: Plan, changes: Changes) -> Plan:
    options = dict(plan.options or {})
    if changes.form is not None:
        options["form"] = changes.form
    if changes.seats is not None:
        options["seats"] = changes.seats or None
    return replace(
        plan,
        title=clean_title(changes.title or "") or plan.title,
        options=options,
        minutes=changes.minutes or plan.minutes,
        place=plan.place if changes.place is None else clean_place(changes.place),
        voice_id=plan.voice_id if changes.voice_id is None else changes.voice_id,
    )


def _described(meeting: Meeting, plan: Plan) -> Meeting:
    options = plan.options or {}
    return replace(
        meeting,
        title=plan.title,
        form=options["form"],
        seats=options["seats"],
        minutes=plan.minutes,
        place=plan.place,
        voice_id=plan.voice_id,
    )
