"""The questions that a club talks about: members propose, those who lead decide, and the next is asked for all.

Which one comes next is in `games/questions.py`. It gives nothing away to whoever is there, and neither who holds a
question back nor how many do is ever said, to those who lead neither.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import aiosqlite

from bot.clock import Clock
from bot.club_books import ClubBooks, Telling
from bot.clubs import Clubs
from bot.people import People, Visitor, visible
from bot.storage import club_books, meetings, questions
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.questions import Question
from bot.storage.rooms import Room
from games.club import CURRENT
from games.core import Refusal, Role
from games.lists import keyed
from games.matching import fold
from games.questions import (
    ASKABLE,
    MOST_SECTION,
    Candidate,
    State,
    choose,
    choose_general,
    may_follow,
    some_wait,
)

LONGEST: Final = 300
"""Characters of a question."""

MOST_EACH: Final = 5
"""Questions of one member that wait to be looked at."""

MOST_TRACELESS: Final = 20
"""Questions of people without trace, who cannot be told apart, that wait to be looked at in one club."""

MOST_WAITING: Final = 100
"""Questions that wait to be looked at in one club."""

MOST_READY: Final = 300
"""Questions that may be asked in one club."""

AT_ONCE: Final = 5_000_000
"""Microseconds within which a second "next" is taken for another hand on the same button."""

SAME_EVENING: Final = 12 * 3600 * 1_000_000
"""Microseconds for which what was carried over rests, where no meeting says when it is the next time."""

_NUMBER = re.compile(r"(?:#|n\s*[°o]\.?|no\.?)?\s*([0-9]{1,9})", re.IGNORECASE)
_SECTION = re.compile(r"(?:section|partie|part|s)\s*\.?\s*([0-9]{1,9})", re.IGNORECASE)
_BOOK = re.compile(r"(?:#|livre\b|book\b)\s*(.+)", re.IGNORECASE)


class Horizon(Protocol):
    """What has been read of a book (`bot/reading_plans.py`)."""

    async def horizon(self, book: Book, person_ids: Iterable[int]) -> int:
        """Return the last section that may be talked about with these people; 0 for none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as somebody enters it; `section` None is as it was, `book` is empty for the club's present one."""

    text: str = ""
    section: int | None = None
    book: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question with its club and its book, as it is shown."""

    club: Club
    question: Question
    book: Book | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A club is asked a question; `former` is the one that was on the table before."""

    entry: Entry
    former: Entry | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The question that was asked last is for the next meeting as well."""

    entry: Entry


def read_draft(text: str) -> Draft:
    """Read "the question ; section 2 ; book Germinal", the last two in any order; semicolons in the question stay.

    Raises:
        Refusal: `question-section`.
    """
    parts = text.split(";")
    section, book = None, ""
    while len(parts) > 1:
        last = parts[-1].strip()
        if section is None and (found := _SECTION.fullmatch(last)):
            section = _section(found[1])
        elif not book and (named := _BOOK.fullmatch(last)):
            book = named[1].strip()
        elif last:
            break
        parts.pop()
    return Draft(";".join(parts).strip(), section, book)


def read_section(text: str) -> int | None:
    """Read the section of a form, "2" or "section 2"; None for an empty field.

    Raises:
        Refusal: `question-section`.
    """
    if not text.strip():
        return None
    found = _SECTION.fullmatch(text.strip()) or re.fullmatch(r"([0-9]{1,9})", text.strip())
    if found is None:
        raise Refusal("question-section", most=MOST_SECTION)
    return _section(found[1])


def _section(digits: str) -> int:
    if int(digits) > MOST_SECTION:
        raise Refusal("question-section", most=MOST_SECTION)
    return int(digits)


class Questions:
    """Every club's questions."""

    def __init__(
        self,
        database: Database,
        people: People,
        clock: Clock,
        clubs: Clubs,
        books: ClubBooks,
        telling: Telling,
        rooms: Mapping[int, Room],
        horizon: Horizon,
    ) -> None:
        self._database = database
        self._people = people
        self._clock = clock
        self._clubs = clubs
        self._books = books
        self._telling = telling
        self._rooms = rooms
        self._horizon = horizon
        telling.on("question", self._asked)
        telling.on("question-kept", self._kept)

    # finding

    async def find(self, club: Club, text: str) -> Question:
        """Return one of a club's questions by its number; raises `Refusal` (`no-question-number`)."""
        number = _NUMBER.fullmatch(text.strip())
        found = await questions.one(self._database, int(number[1])) if number else None
        if found is None or found.club_id != club.id or found.state == "dropped":
            raise Refusal("no-question-number", text=visible(text)[:12])
        return found

    async def club_of(self, key: int) -> Club:
        """Return the club that a question belongs to, for a control that knows its number alone.

        Raises:
            Refusal: `no-question-number`, `club-over`.
        """
        found = await questions.one(self._database, key)
        if found is None:
            raise Refusal("no-question-number", text=str(key))
        return await self.club(found.club_id)

    async def club(self, key: int) -> Club:
        """Return a club by its number; raises `Refusal` (`club-over`)."""
        found = await self._clubs.by_id(key)
        if found is None:
            raise Refusal("club-over")
        return found

    async def current(self, club: Club) -> Entry | None:
        """Return the question that was asked last, as long as it is on the table."""
        found = await questions.latest(self._database, club.id)
        if not found or found[0].state not in ("asked", "carried"):
            return None
        meeting = await self._meeting(club)
        if not self._is_now(found[0], meeting):
            return None
        return await self._entry(club, found[0])

    async def listed(self, club: Club, visitor: Visitor, role: Role) -> list[Entry]:
        """Return a club's questions that were not asked yet or are carried over, in the order in which they come.

        Raises:
            Refusal: `club-hosts-only`.
        """
        await self._clubs.require_leader(club, visitor, role)
        order = ("carried", "ready", "proposed")
        found = [q for q in await questions.of_club(self._database, club.id) if q.state in order]
        found.sort(key=lambda one: (order.index(one.state), one.section, one.id))
        return [await self._entry(club, one) for one in found]

    async def review(
        self, club: Club, visitor: Visitor, role: Role, after: int = 0
    ) -> tuple[Entry | None, int]:
        """Return the oldest proposal with a higher number than `after`, and how many wait in all.

        Raises:
            Refusal: `club-hosts-only`.
        """
        await self._clubs.require_leader(club, visitor, role)
        every = await questions.of_club(self._database, club.id)
        waiting = [question for question in every if question.state == "proposed"]
        following = next((question for question in waiting if question.id > after), None)
        return await self._entry(club, following) if following else None, len(waiting)

    # proposing and deciding

    async def propose(self, club: Club, draft: Draft, visitor: Visitor, role: Role) -> Entry:
        """Put a member's question among those that wait; of somebody who leads the club it is ready at once.

        Raises:
            Refusal: `members-only`, `question-text`, `question-section`, `question-no-book`, `question-known`,
                `questions-own`, `questions-full`, `club-over`; as `ClubBooks.find`.
        """
        await self._clubs.require_member(club, visitor, role)
        text = _tidy(draft.text)
        leads = await self._clubs.leads(club, visitor, role)
        section = draft.section or 0
        book = await self._book(club, draft.book, section)
        person = self._people.find(visitor.platform, visitor.user_id)
        by = person.id if person and not person.traceless and not leads else None
        async with self._database.transaction() as transaction:
            await self._clubs.again(club)
            every = await questions.of_club(self._database, club.id)
            _refuse_known(text, every)
            _refuse_flood(every, by, leads=leads)
            state: State = "ready" if leads else "proposed"
            at, book_id = self._clock.wall(), book.id if book else None
            key = await questions.add(
                transaction, club.id, book_id, section, text, state, at, by=by
            )
            if person is not None:
                await self._people.seen(transaction, person)
        kept = Question(key, club.id, book_id, section, text, None, state, by, None, 0, None)
        return Entry(club, kept, book)

    async def approve(self, club: Club, text: str, visitor: Visitor, role: Role) -> Question:
        """Let a proposal be asked.

        Raises:
            Refusal: `club-hosts-only`, `no-question-number`, `question-moved`, `questions-full`.
        """
        await self._clubs.require_leader(club, visitor, role)
        every = await questions.of_club(self._database, club.id)
        if sum(question.state in ASKABLE for question in every) >= MOST_READY:
            raise Refusal("questions-full")
        return await self._move(await self.find(club, text), "ready")

    async def drop(self, club: Club, text: str, visitor: Visitor, role: Role) -> Question:
        """Put a question away: one's own proposal, or any for whoever leads the club.

        Raises:
            Refusal: `club-hosts-only`, `no-question-number`, `question-moved`.
        """
        question = await self.find(club, text)
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None or question.proposed_by != person.id:
            await self._clubs.require_leader(club, visitor, role)
        return await self._move(question, "dropped")

    async def edit(
        self, club: Club, text: str, draft: Draft, visitor: Visitor, role: Role
    ) -> Entry:
        """Change what a question says, or where it belongs, before it is asked; what is not said stays.

        Raises:
            Refusal: `club-hosts-only`, `no-question-number`, `question-text`, `question-section`, `question-no-book`,
                `question-known`, `question-moved`; as `ClubBooks.find`.
        """
        await self._clubs.require_leader(club, visitor, role)
        former = await self.find(club, text)
        said = _tidy(draft.text) if draft.text.strip() else former.text
        section = former.section if draft.section is None else draft.section
        if draft.book or (section and former.book_id is None):
            book = await self._book(club, draft.book, section)
        else:
            book = await self._book_by_id(former.book_id)
        every = await questions.of_club(self._database, club.id)
        _refuse_known(said, [question for question in every if question.id != former.id])
        book_id = book.id if book else None
        async with self._database.transaction() as transaction:
            if not await questions.rewrite(transaction, former.id, book_id, section, said):
                raise Refusal("question-moved")
        changed = replace(former, text=said, section=section, book_id=book_id)
        return Entry(club, changed, book)

    # asking

    async def next(
        self, club: Club, visitor: Visitor, role: Role, locale: str, *, after: int | None = None
    ) -> Question:
        """Ask the next question in all rooms of the club; return it. Of two who ask at once, one does.

        `after` is the number of the question that was on the table for whoever asks, 0 for none, when that is known.

        Raises:
            Refusal: `club-hosts-only`, `question-moved`, `questions-wait`, `no-more-questions`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        meeting = await self._meeting(club)
        async with self._telling.transaction() as transaction:
            await self._clubs.again(club)
            await self._refuse_twice(club, after)
            every = await questions.of_club(self._database, club.id)
            candidates = await self._candidates(club, every, meeting)
            chosen = choose(candidates)
            if chosen is None and some_wait(candidates):
                raise Refusal("questions-wait")
            if chosen is None:
                return await self._ask_general(transaction, club, every, meeting, locale)
            question = next(question for question in every if question.id == chosen)
            await self._ask(transaction, club, question, meeting)
        return question

    async def ask_general(self, club: Club, visitor: Visitor, role: Role, locale: str) -> Question:
        """Ask one of the questions that fit every book.

        Raises:
            Refusal: `club-hosts-only`, `question-moved`, `no-more-questions`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        meeting = await self._meeting(club)
        async with self._telling.transaction() as transaction:
            await self._clubs.again(club)
            await self._refuse_twice(club, None)
            every = await questions.of_club(self._database, club.id)
            return await self._ask_general(transaction, club, every, meeting, locale)

    async def carry(
        self, club: Club, visitor: Visitor, role: Role, *, after: int | None = None
    ) -> Question:
        """Keep the question on the table for the next meeting, where it comes first; return it.

        Raises:
            Refusal: `club-hosts-only`, `no-question-now`, `question-moved`, `question-kept`.
        """
        await self._clubs.require_leader(club, visitor, role)
        async with self._telling.transaction() as transaction:
            found = await self.current(club)
            if found is None:
                raise Refusal("no-question-now")
            if after is not None and found.question.id != after:
                raise Refusal("question-moved")
            if found.question.state == "carried":
                raise Refusal("question-kept")
            if not await questions.move(transaction, found.question, "carried"):
                raise Refusal("question-moved")
            await self._telling.plan(transaction, club, "question-kept", found.question.id)
        return replace(found.question, state="carried")

    async def _refuse_twice(self, club: Club, after: int | None) -> None:
        found = await questions.latest(self._database, club.id)
        on_table = found[0].id if found else 0
        lately = bool(found) and self._clock.wall() - (found[0].asked_at or 0) < AT_ONCE
        if lately or after not in (None, on_table):
            raise Refusal("question-moved")

    async def _ask_general(
        self,
        transaction: aiosqlite.Connection,
        club: Club,
        every: Sequence[Question],
        meeting: Meeting | None,
        locale: str,
    ) -> Question:
        books = await self._current_books(club, meeting)
        book_id = books[0].id if len(books) == 1 else None
        known = keyed(locale, "questions", "general")
        asked = {q.general for q in every if q.general is not None and q.book_id == book_id}
        key = choose_general(list(known), {general for general in asked if general})
        if key is None:
            raise Refusal("no-more-questions")
        text, at = known[key], self._clock.wall()
        number = await questions.add(
            transaction, club.id, book_id, 0, text, "ready", at, general=key
        )
        question = Question(number, club.id, book_id, 0, text, key, "ready", None, None, 0, None)
        await self._ask(transaction, club, question, meeting)
        return question

    async def _ask(
        self,
        transaction: aiosqlite.Connection,
        club: Club,
        question: Question,
        meeting: Meeting | None,
    ) -> None:
        at, meeting_id = self._clock.wall(), meeting.id if meeting else None
        if not await questions.move(transaction, question, "asked"):
            raise Refusal("question-moved")
        await questions.note_asked(transaction, question.id, at, meeting_id)
        await self._telling.plan(transaction, club, "question", question.id)

    async def _candidates(
        self, club: Club, every: Sequence[Question], meeting: Meeting | None
    ) -> list[Candidate]:
        books = {book.id: book for book in await self._current_books(club, meeting)}
        horizons = await self._horizons(club, books.values(), meeting)
        return [
            Candidate(
                question.id,
                question.state,
                question.section,
                horizons.get(question.book_id or 0, 0),
                rests=question.state == "carried" and self._is_now(question, meeting),
            )
            for question in every
            if question.book_id is None or question.book_id in books
        ]

    async def _horizons(
        self, club: Club, books: Iterable[Book], meeting: Meeting | None
    ) -> dict[int, int]:
        """Return how far all who are there have read each book; 0 where that cannot be known, or shown to nobody."""
        if meeting is None or meeting.untraced or not await self._on_discord(club):
            return {}
        present = await meetings.present(self._database, meeting.id)
        if not present:
            return {}
        return {book.id: await self._horizon.horizon(book, present) for book in books}

    async def _on_discord(self, club: Club) -> bool:
        """Whether there is a place where what gives something away can be shown to those who ask for it."""
        rooms = [self._rooms[key] for key in await self._clubs.rooms(club)]
        return any(room.discord_channel_id is not None for room in rooms)

    async def _current_books(self, club: Club, meeting: Meeting | None) -> list[Book]:
        """Return the book of the meeting, or else those that the club is busy with."""
        shelf = await self._books.listed(club)
        if meeting is not None and meeting.book_id is not None:
            return [book for book in shelf if book.id == meeting.book_id]
        return [book for book in shelf if book.state in CURRENT]

    async def _meeting(self, club: Club) -> Meeting | None:
        """Return the club's meeting that goes on."""
        found = await meetings.latest_of(self._database, club.id)
        return found if found is not None and found.open else None

    def _is_now(self, question: Question, meeting: Meeting | None) -> bool:
        """Whether a question was last asked at this meeting; without one, this evening."""
        if meeting is not None:
            return question.meeting_id == meeting.id
        asked = question.asked_at
        return asked is not None and self._clock.wall() - asked < SAME_EVENING

    # books and telling

    async def _book(self, club: Club, text: str, section: int) -> Book | None:
        """Return the book that is meant: the named one, or the only one that the club is busy with."""
        if text.strip():
            return await self._books.find(club, text)
        busy = [book for book in await self._books.listed(club) if book.state in CURRENT]
        if len(busy) == 1:
            return busy[0]
        if section:
            raise Refusal("question-no-book")
        return None

    async def _book_by_id(self, key: int | None) -> Book | None:
        return (await club_books.some(self._database, [key])).get(key) if key else None

    async def _entry(self, club: Club, question: Question) -> Entry:
        return Entry(club, question, await self._book_by_id(question.book_id))

    async def _asked(self, key: int) -> Asked | None:
        """Return what there is to tell of a question that was asked."""
        entry = await self._told(key)
        if entry is None:
            return None
        latest = await questions.latest(self._database, entry.club.id)
        earlier = [
            q for q in latest if q.id != key and (q.asked_at or 0) <= (entry.question.asked_at or 0)
        ]
        former = await self._entry(entry.club, earlier[0]) if earlier else None
        return Asked(entry, former)

    async def _kept(self, key: int) -> Kept | None:
        entry = await self._told(key)
        return Kept(entry) if entry and entry.question.state == "carried" else None

    async def _told(self, key: int) -> Entry | None:
        found = await questions.one(self._database, key)
        club = await self._clubs.by_id(found.club_id) if found else None
        return await self._entry(club, found) if club and found else None

    async def _move(self, question: Question, to: State) -> Question:
        if not may_follow(question.state, to):
            raise Refusal("question-moved")
        async with self._database.transaction() as transaction:
            if not await questions.move(transaction, question, to):
                raise Refusal("question-moved")
        if question.proposed_by is not None:
            await self._database.scrub()
        return replace(question, state=to, proposed_by=None)


def _tidy(text: str) -> str:
    text = visible(text)
    if not fold(text) or len(text) > LONGEST:
        raise Refusal("question-text", most=LONGEST)
    return text


def _refuse_known(text: str, every: Iterable[Question]) -> None:
    if any(question.state != "asked" and fold(question.text) == fold(text) for question in every):
        raise Refusal("question-known")


def _refuse_flood(every: Sequence[Question], by: int | None, *, leads: bool) -> None:
    if leads:
        if sum(question.state in ASKABLE for question in every) >= MOST_READY:
            raise Refusal("questions-full")
        return
    waiting = [question for question in every if question.state == "proposed"]
    own = sum(question.proposed_by == by for question in waiting)
    if by is not None and own >= MOST_EACH:
        raise Refusal("questions-own", most=MOST_EACH)
    if len(waiting) >= MOST_WAITING or (by is None and own >= MOST_TRACELESS):
        raise Refusal("questions-full")
