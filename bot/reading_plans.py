"""Reading plans of clubs: sections with dates, the agenda in step with them, and telling the rooms on the day.

What a plan says is in `games/reading_plan.py`; how far people are in `bot/reading_progress.py`, and the threads that
open to them in `bot/section_threads.py`. A change is made to the plan as it is on disk, all of it in one transaction.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import aiosqlite

from bot.agenda import Agenda
from bot.clock import Clock
from bot.club_books import ClubBooks, Telling
from bot.clubs import MEMBERS, Clubs
from bot.people import Visitor, visible
from bot.rooms import Rooms
from bot.storage import agenda as storage_of_agenda
from bot.storage import club_books as storage_of_books
from bot.storage import clubs as storage_of_clubs
from bot.storage import reading_plans
from bot.storage.agenda import Due, Plan, Planned, Step
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.reading_plans import Kept, Reader
from bot.storage.rooms import Room
from bot.wording import sections as words
from bot.wording.speech import Speech
from games.club import CURRENT, State
from games.core import Refusal, Role
from games.reading_plan import Section, check_order, horizon, numbered, position, shifted
from games.reading_words import read_change, read_division, read_sections, read_shift
from games.recurrence import Series, instant, local_time

KIND = "section"

STEPS = (Step("section-due", missed_after=12 * 3600),)
"""Rooms are told on the day, and not the day after."""

MINUTES = 15
"""How long a date of a plan takes in a calendar."""

_BOOK = re.compile(r"\s*#\s*([0-9]{1,9})\b\s*:?")
_PLACE = re.compile(
    r"\s*(?:section\s*)?(?:n\s*[°o]\.?|no\.?)?\s*([0-9]{1,3})\b\s*[:.=]?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class BookPlan:
    """A book of a club with the sections of its plan, and the room in whose channel its threads are, if anywhere."""

    club: Club
    book: Book
    sections: tuple[Kept, ...]
    room_id: int | None = None

    @property
    def rules(self) -> list[Section]:
        """The sections alone."""
        return [kept.section for kept in self.sections]

    def numbered(self, number: int) -> Kept:
        """Return a section by its place; raises `Refusal` (`no-section`)."""
        for kept in self.sections:
            if kept.section.number == number:
                return kept
        raise Refusal("no-section", number=number, last=len(self.sections))


@dataclass(frozen=True, slots=True)
class SectionDue:
    """Today is the day up to which a club has read."""

    plan: BookPlan
    kept: Kept


def split_book(text: str) -> tuple[str, str]:
    """Read "#12 something"; return the book's number as it is named, empty when it is not, and the rest."""
    found = _BOOK.match(text)
    return (f"#{found[1]}", text[found.end() :].strip()) if found else ("", text.strip())


def split_place(text: str) -> tuple[int, str]:
    """Read "2: ch. 6-10"; return the section's place and the rest; raises `Refusal` (`section-which`)."""
    if (found := _PLACE.match(text)) is None:
        raise Refusal("section-which")
    return int(found[1]), text[found.end() :].strip()


class ReadingPlans:
    """The plan of every book of every club."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        clubs: Clubs,
        club_books: ClubBooks,
        agenda: Agenda,
        telling: Telling,
        rooms: Rooms,
    ) -> None:
        self._database = database
        self._clock = clock
        self._clubs = clubs
        self._club_books = club_books
        self._agenda = agenda
        self._telling = telling
        self._rooms = rooms
        self._changed: list[Callable[[int], None]] = []
        self.untraced: dict[int, dict[int, Reader]] = {}
        """How far people without trace are, by book and person: in memory alone."""
        telling.on(KIND, self._told)
        agenda.on("section-due", self._settle)
        club_books.on_step(self._follow)

    def on_change(self, told: Callable[[int], None]) -> None:
        """Have `told` called with a book's number when its sections have changed."""
        self._changed.append(told)

    # finding

    async def find(self, club: Club, text: str = "") -> BookPlan:
        """Return the plan of the book that is meant: named, else the one that the club is busy with and has a plan.

        Raises:
            Refusal: as `ClubBooks.find_current`.
        """
        if not text.strip():
            busy = [book for book in await self._club_books.listed(club) if book.state in CURRENT]
            plans = [await self._plan(club, book) for book in busy]
            if len(planned := [plan for plan in plans if plan.sections]) == 1:
                return planned[0]
        return await self._plan(club, await self._club_books.find_current(club, text))

    async def of_book(self, book_id: int) -> BookPlan | None:
        """Return the plan of a book by its number; None when its club meets no more."""
        book = (await storage_of_books.some(self._database, [book_id])).get(book_id)
        club = await self._clubs.by_id(book.club_id) if book else None
        return await self._plan(club, book) if club and book else None

    async def holding(self, key: int) -> tuple[BookPlan, Kept]:
        """Return the section of that number of its own, with its plan; raises `Refusal` (`section-gone`)."""
        kept = await reading_plans.one(self._database, key)
        plan = await self.of_book(kept.book_id) if kept else None
        found = next((one for one in plan.sections if one.id == key), None) if plan else None
        if plan is None or found is None:
            raise Refusal("section-gone")
        return plan, found

    def now(self, room: Room | None, zone: str) -> datetime:
        """Return what the clocks of a room show, or those of a zone outside of rooms."""
        return local_time(self._clock.wall(), room.zone if room else zone)

    # how far people are

    async def readers(self, book_id: int) -> dict[int, Reader]:
        """Return how far everybody is in a book, those without trace included, by person."""
        kept = await reading_plans.readers(self._database, book_id)
        return {reader.person_id: reader for reader in kept} | self.untraced.get(book_id, {})

    async def reached(self, plan: BookPlan) -> dict[int, int]:
        """Return how many sections everybody has finished who said so, by person."""
        rules, pages = plan.rules, plan.book.pages
        return {
            person: position(reader.progress, rules, pages) or 0
            for person, reader in (await self.readers(plan.book.id)).items()
        }

    async def horizon(self, book: Book, person_ids: Iterable[int]) -> int:
        """Return the last section that may be talked about with these people: 0 for none, or without a plan.

        Every member of the club among them has finished it. A member who has not said where they are counts as not
        having begun; who does not belong to the club reads along with nobody and does not count.
        """
        members = await storage_of_clubs.members(self._database, book.club_id)
        readers = await self.readers(book.id)
        rules = [kept.section for kept in await reading_plans.of_book(self._database, book.id)]
        present = (readers.get(key) for key in set(person_ids) if members.get(key) in MEMBERS)
        return horizon(rules, (r.progress if r else None for r in present), book.pages)

    # what hosts do

    async def add(
        self, plan: BookPlan, text: str, room: Room, visitor: Visitor, role: Role
    ) -> BookPlan:
        """Add sections at the places that they name, else at the end; return the plan as it is then.

        Raises:
            Refusal: `club-hosts-only`, `plan-over`, `no-section`; as `read_sections` and `check_order`.
        """

        def add(old: list[tuple[int | None, Section]]) -> list[tuple[int | None, Section]]:
            before = old[-1][1] if old else None
            found = read_sections(visible_lines(text), before, self._clock.wall(), room.zone)
            if not found:
                raise Refusal("section-unread")
            new = list(old)
            for typed in found:
                at = len(new) if typed.place is None else typed.place - 1
                if not 0 <= at <= len(new):
                    raise Refusal("no-section", number=at + 1, last=len(new) + 1)
                new.insert(at, (None, typed.section))
            return new

        return await self._change(plan, add, room, visitor, role)

    async def generate(
        self, plan: BookPlan, text: str, room: Room, visitor: Visitor, role: Role
    ) -> BookPlan:
        """Make the plan of a book that has none from how much is read how often; return it.

        Raises:
            Refusal: `club-hosts-only`, `plan-over`, `plan-exists`; as `read_division`.
        """

        def divide(old: list[tuple[int | None, Section]]) -> list[tuple[int | None, Section]]:
            if old:
                raise Refusal("plan-exists")
            now, pages = self._clock.wall(), plan.book.pages
            return [(None, one) for one in read_division(visible(text), pages, now, room.zone)]

        return await self._change(plan, divide, room, visitor, role)

    async def edit(
        self, plan: BookPlan, text: str, room: Room, visitor: Visitor, role: Role
    ) -> BookPlan:
        """Change what "2: ch. 6-10 Tuesday" says of a section; return the plan as it is then.

        Raises:
            Refusal: as `add`; `section-which`, `section-moved`.
        """
        place, said = split_place(visible(text))
        meant = plan.numbered(place)
        if not said:
            raise Refusal("section-unread")

        def edit(old: list[tuple[int | None, Section]]) -> list[tuple[int | None, Section]]:
            at = _place_of(meant, old)
            before = old[at - 1][1] if at else None
            changed = read_change(said, old[at][1], before, self._clock.wall(), room.zone)
            return [*old[:at], (meant.id, changed), *old[at + 1 :]]

        return await self._change(plan, edit, room, visitor, role)

    async def remove(
        self, plan: BookPlan, text: str, room: Room, visitor: Visitor, role: Role
    ) -> tuple[Kept, BookPlan]:
        """Take a section from a plan; return it, and the plan as it is then. Raises as `edit`."""
        place, _ = split_place(text)
        meant = plan.numbered(place)

        def remove(old: list[tuple[int | None, Section]]) -> list[tuple[int | None, Section]]:
            at = _place_of(meant, old)
            return [*old[:at], *old[at + 1 :]]

        return meant, await self._change(plan, remove, room, visitor, role)

    async def clear(self, plan: BookPlan, room: Room, visitor: Visitor, role: Role) -> None:
        """Take a whole plan away; raises `Refusal` (`club-hosts-only`, `plan-over`, `no-reading-plan`)."""
        require_some(plan)
        await self._change(plan, lambda _: [], room, visitor, role)

    async def shift(
        self, plan: BookPlan, text: str, room: Room, visitor: Visitor, role: Role
    ) -> BookPlan:
        """Put off what is still to come by "a week", "10 days"; "from 3 by a week" leaves what is before it.

        Raises:
            Refusal: as `edit`; `no-reading-plan`, `shift-unread`, `nothing-to-shift`, `date-past`.
        """
        require_some(plan)
        first, days = read_shift(text)
        now = self.now(room, room.zone)

        def shift(old: list[tuple[int | None, Section]]) -> list[tuple[int | None, Section]]:
            ahead = [
                s.due is not None and s.due > now and (first is None or s.number >= first)
                for _, s in old
            ]
            if not any(ahead):
                raise Refusal("nothing-to-shift")
            new = [
                (key, shifted(section, days) if is_ahead else section)
                for (key, section), is_ahead in zip(old, ahead, strict=True)
            ]
            moved = [s.due for (_, s), is_ahead in zip(new, ahead, strict=True) if is_ahead]
            if any(due is not None and due <= now for due in moved):
                raise Refusal("date-past")
            return new

        return await self._change(plan, shift, room, visitor, role)

    # how

    async def _plan(self, club: Club, book: Book) -> BookPlan:
        sections = await reading_plans.of_book(self._database, book.id)
        planned = await storage_of_agenda.of_club(self._database, club.id, self._clock.wall())
        place = await reading_plans.place(self._database, book.id)
        return BookPlan(club, book, tuple(_dated(sections, planned)), place)

    async def _change(
        self,
        plan: BookPlan,
        change: Callable[[list[tuple[int | None, Section]]], list[tuple[int | None, Section]]],
        room: Room,
        visitor: Visitor,
        role: Role,
    ) -> BookPlan:
        """Write a plan as `change` makes it of the sections (with their numbers) that are on disk."""
        await self._clubs.require_leader(plan.club, visitor, role)
        async with self._agenda.transaction() as transaction:
            club = await self._clubs.again(plan.club)
            book = (await storage_of_books.some(self._database, [plan.book.id]))[plan.book.id]
            if book.state not in CURRENT:
                raise Refusal("plan-over", title=book.title)
            kept = await reading_plans.of_book(transaction, book.id)
            series = [one.series_id for one in kept if one.series_id is not None]
            planned = {p.id: p for p in await storage_of_agenda.some(transaction, series)}
            old = [(one.id, one.section) for one in _dated(kept, list(planned.values()))]
            new = change([(key, section) for key, section in old])
            placed = numbered(section for _, section in new)
            check_order(placed)
            pairs = [(key, section) for (key, _), section in zip(new, placed, strict=True)]
            await self._end_dates(transaction, kept, {key for key, _ in pairs})
            keys = await reading_plans.write(transaction, book.id, pairs, room.zone)
            places = [
                (section.number, dict(zip(keys, placed, strict=True))[key].number)
                for key, section in old
                if key in keys
            ]
            await reading_plans.renumber(transaction, book.id, places, len(placed))
            written = await reading_plans.of_book(transaction, book.id)
            for one in written:
                await self._date(transaction, club, one, planned, room)
        for told in self._changed:
            told(book.id)
        return await self._plan(club, book)

    async def _end_dates(
        self, transaction: aiosqlite.Connection, kept: Sequence[Kept], staying: set[int | None]
    ) -> None:
        for one in kept:
            if one.id not in staying and one.series_id is not None:
                await self._agenda.end(transaction, one.series_id)

    async def _date(
        self,
        transaction: aiosqlite.Connection,
        club: Club,
        kept: Kept,
        planned: dict[int, Planned],
        room: Room,
    ) -> None:
        """Bring what the agenda holds of a section in step with it."""
        due, ahead = kept.section.due, self._ahead(kept)
        old = planned.get(kept.series_id or 0)
        standing = old is not None and _is_ahead(old, self._clock.wall())
        if old is not None and standing and ahead and old.plan.series.zone == kept.zone:
            first = old.plan.series.first
            title = words.agenda_title(club, kept.section, Speech(room.locale))
            if title != old.plan.title:
                await self._agenda.describe(transaction, old.id, replace(old.plan, title=title))
            if due is not None and _local(old) != due:
                await self._agenda.move(transaction, old.id, first, due)
            return
        if old is not None and (due is None or ahead):
            await self._agenda.end(transaction, old.id)
            await reading_plans.note_series(transaction, kept.id, None)
        if ahead and due is not None:
            key = await self._agenda.plan(transaction, _entry(club, kept, due, room))
            await reading_plans.note_series(transaction, kept.id, key)

    def _ahead(self, kept: Kept) -> bool:
        due = kept.section.due
        return due is not None and instant(due, kept.zone) > self._clock.wall()

    async def _follow(self, transaction: aiosqlite.Connection, book: Book, to: State) -> None:
        """Take a book's dates from the agenda when the club is no longer busy with it, and put them back when it is."""
        club = await self._clubs.by_id(book.club_id)
        rooms = await self._clubs.rooms(club) if club else []
        for kept in await reading_plans.of_book(transaction, book.id):
            if to not in CURRENT and kept.series_id is not None:
                await self._agenda.end(transaction, kept.series_id)
                await reading_plans.note_series(transaction, kept.id, None)
            elif to in CURRENT and kept.series_id is None and club and rooms:
                await self._date(transaction, club, kept, {}, self._rooms.by_id[rooms[0]])

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Have the club's rooms told, and keep the date, which a host may have moved in the agenda."""
        kept = await reading_plans.one(transaction, due.options["section"])
        plan = await self.of_book(kept.book_id) if kept else None
        if kept is None or plan is None or plan.book.state not in CURRENT:
            return
        local = local_time(due.starts_at, kept.zone)
        await reading_plans.note_due(transaction, kept.id, local)
        await self._telling.plan(transaction, plan.club, KIND, kept.id)

    async def _told(self, key: int) -> SectionDue | None:
        """Return what there is to tell of a section that is due."""
        try:
            plan, kept = await self.holding(key)
        except Refusal:
            return None
        return SectionDue(plan, kept) if plan.book.state in CURRENT else None


def require_some(plan: BookPlan) -> None:
    """Raise `Refusal` (`no-reading-plan`) when a book has no sections."""
    if not plan.sections:
        raise Refusal("no-reading-plan", title=plan.book.title)


def visible_lines(text: str) -> str:
    """Return a text without what cannot be seen, its lines apart."""
    return "\n".join(visible(line) for line in text.splitlines())


def _place_of(meant: Kept, now: Sequence[tuple[int | None, Section]]) -> int:
    """Return where a section stands now; raises `Refusal` (`section-moved`) when another host took it away."""
    for at, (key, _) in enumerate(now):
        if key == meant.id:
            return at
    raise Refusal("section-moved", number=meant.section.number)


def _entry(club: Club, kept: Kept, due: datetime, room: Room) -> Plan:
    return Plan(
        KIND,
        Series(due, kept.zone),
        STEPS,
        room.id,
        title=words.agenda_title(club, kept.section, Speech(room.locale)),
        options={"section": kept.id},
        club_id=club.id,
        minutes=MINUTES,
    )


def _dated(sections: Sequence[Kept], planned: Sequence[Planned]) -> list[Kept]:
    """Return sections with the dates that the agenda has for them: hosts move appointments there, too."""
    dates = {one.id: _local(one) for one in planned}
    return [
        replace(kept, section=replace(kept.section, due=dates[kept.series_id]))
        if kept.series_id in dates
        else kept
        for kept in sections
    ]


def _local(planned: Planned) -> datetime | None:
    """Return when the one date of a plan takes place; None when it was cancelled or left out."""
    series = planned.plan.series
    if series.first in series.exdates:
        return None
    return series.moved.get(series.first, series.first)


def _is_ahead(planned: Planned, now: int) -> bool:
    local = _local(planned)
    return local is not None and instant(local, planned.plan.series.zone) > now
