"""The agenda and the minutes of a club's meeting: one note, which gathers by itself what is known, and names nobody.

Those who lead the club write points beforehand, tick them, and add decisions and words to keep. Date, book, how many
came and which questions were asked are put together from what is on disk when the note is shown. What members say is
never written down.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import aiosqlite

from bot.clock import Clock
from bot.club_books import Telling
from bot.clubs import Clubs
from bot.people import Visitor, visible
from bot.questions import Entry
from bot.storage import club_books, meetings, minutes, questions
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.minutes import Kind, Note
from games.core import Refusal, Role
from games.matching import fold

LONGEST: Final = 300
"""Characters of a note."""

MOST: Final = 50
"""Notes about one meeting."""

_NUMBER = re.compile(r"(?:#|n\s*[°o]\.?|no\.?)?\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """A meeting's minutes: what leaders wrote, and what is known without anybody's doing."""

    club: Club
    meeting: Meeting
    book: Book | None
    came: int
    notes: Sequence[Note]
    questions: Sequence[Entry]

    def of(self, kind: Kind) -> list[Note]:
        """Return the notes of a kind, in order."""
        return [note for note in self.notes if note.kind == kind]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell but that it took place."""
        return not self.notes and not self.questions


@dataclass(frozen=True, slots=True)
class Written:
    """The minutes of a meeting that is over are there, or have changed."""

    record: Record


class Minutes:
    """Every club's agendas and minutes."""

    def __init__(self, database: Database, clock: Clock, clubs: Clubs, telling: Telling) -> None:
        self._database = database
        self._clock = clock
        self._clubs = clubs
        self._telling = telling
        telling.on("minutes", self._written)

    # reading

    async def agenda(self, club: Club) -> list[Note]:
        """Return the points of the meeting that goes on, or else of the next one."""
        meeting = await self._open(club)
        notes = await minutes.ahead(self._database, club.id)
        if meeting is not None:
            notes = [*notes, *await minutes.of_meeting(self._database, meeting.id)]
        points = [note for note in notes if note.kind == "point"]
        return sorted(points, key=lambda note: note.id)

    async def latest(self, club: Club) -> Record:
        """Return the minutes of the club's meeting that goes on, or else of its last one.

        Raises:
            Refusal: `no-minutes`.
        """
        meeting = await meetings.latest_of(self._database, club.id)
        if meeting is None:
            raise Refusal("no-minutes")
        return await self._record(club, meeting)

    async def of_meeting(self, key: int) -> Record:
        """Return the minutes of a meeting; raises `Refusal` (`no-minutes`) when its club meets no more."""
        written = await self._written(key)
        if written is None:
            raise Refusal("no-minutes")
        return written.record

    # writing

    async def point(self, club: Club, text: str, visitor: Visitor, role: Role) -> Note:
        """Put a point on the agenda of the meeting that goes on, or else of the next one.

        Raises:
            Refusal: `club-hosts-only`, `minutes-text`, `minutes-full`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        return await self._add(club, await self._open(club), "point", text)

    async def add(self, club: Club, kind: Kind, text: str, visitor: Visitor, role: Role) -> Note:
        """Write a decision or a word down about the meeting that goes on, or else the last one.

        Raises:
            Refusal: `club-hosts-only`, `no-minutes`, `minutes-text`, `minutes-full`, `club-over`.
        """
        await self._clubs.require_leader(club, visitor, role)
        meeting = await meetings.latest_of(self._database, club.id)
        if meeting is None:
            raise Refusal("no-minutes")
        return await self._add(club, meeting, kind, text)

    async def tick(self, club: Club, text: str, visitor: Visitor, role: Role) -> Note:
        """Tick a point that was talked about, or take its tick away; return it as it is now.

        Raises:
            Refusal: `club-hosts-only`, `no-note`.
        """
        await self._clubs.require_leader(club, visitor, role)
        note = await self._find(club, text)
        async with self._telling.transaction() as transaction:
            if not await minutes.tick(transaction, note.id, done=not note.done):
                raise Refusal("no-note", text=visible(text)[:12])
            await self._tell(transaction, club, note.meeting_id)
        return replace(note, done=not note.done)

    async def remove(self, club: Club, text: str, visitor: Visitor, role: Role) -> Note:
        """Erase a note; return it.

        Raises:
            Refusal: `club-hosts-only`, `no-note`.
        """
        await self._clubs.require_leader(club, visitor, role)
        note = await self._find(club, text)
        async with self._telling.transaction() as transaction:
            if not await minutes.remove(transaction, note.id):
                raise Refusal("no-note", text=visible(text)[:12])
            await self._tell(transaction, club, note.meeting_id)
        await self._database.scrub()
        return note

    async def closed(self, transaction: aiosqlite.Connection, meeting: Meeting) -> None:
        """Have the minutes told, in the transaction in which a meeting closes, if there is anything in them."""
        await minutes.adopt(transaction, meeting.club_id, meeting.id)
        await self._tell(transaction, await self._club(meeting), meeting.id, now=True)

    async def _add(self, club: Club, meeting: Meeting | None, kind: Kind, text: str) -> Note:
        text = _tidy(text)
        async with self._telling.transaction() as transaction:
            club = await self._clubs.again(club)
            key = meeting.id if meeting else None
            if meeting is not None and meeting.open:
                await minutes.adopt(transaction, club.id, meeting.id)
            written = (
                await minutes.of_meeting(self._database, meeting.id)
                if meeting
                else await minutes.ahead(self._database, club.id)
            )
            if len(written) >= MOST:
                raise Refusal("minutes-full", most=MOST)
            at = self._clock.wall()
            note = await minutes.add(transaction, club.id, key, kind, text, at)
            await self._tell(transaction, club, key)
        return note

    async def _tell(
        self,
        transaction: aiosqlite.Connection,
        club: Club | None,
        meeting_id: int | None,
        *,
        now: bool = False,
    ) -> None:
        """Have the club's rooms told of the minutes of a meeting that is over."""
        if club is None or meeting_id is None:
            return
        meeting = await meetings.one(self._database, meeting_id)
        if now or (meeting is not None and meeting.closed_at is not None):
            await self._telling.plan(transaction, club, "minutes", meeting_id)

    async def _find(self, club: Club, text: str) -> Note:
        number = _NUMBER.fullmatch(text.strip())
        found = await minutes.one(self._database, int(number[1])) if number else None
        if found is None or found.club_id != club.id:
            raise Refusal("no-note", text=visible(text)[:12])
        return found

    async def _written(self, key: int) -> Written | None:
        """Return what there is to tell of a meeting's minutes; None when there is nothing in them."""
        meeting = await meetings.one(self._database, key)
        club = await self._club(meeting) if meeting else None
        if meeting is None or club is None:
            return None
        record = await self._record(club, meeting)
        return None if record.empty else Written(record)

    async def _record(self, club: Club, meeting: Meeting) -> Record:
        notes = await minutes.of_meeting(self._database, meeting.id)
        if meeting.open:
            notes = [*notes, *await minutes.ahead(self._database, club.id)]
        asked = await questions.of_meeting(self._database, meeting.id)
        keys = {q.book_id for q in asked if q.book_id} | {meeting.book_id or 0}
        books = await club_books.some(self._database, sorted(keys))
        entries = [Entry(club, question, books.get(question.book_id or 0)) for question in asked]
        present = await meetings.present(self._database, meeting.id)
        came = max(len(present) + meeting.untraced, meeting.headcount or 0)
        return Record(club, meeting, books.get(meeting.book_id or 0), came, notes, entries)

    async def _club(self, meeting: Meeting) -> Club | None:
        return await self._clubs.by_id(meeting.club_id)

    async def _open(self, club: Club) -> Meeting | None:
        meeting = await meetings.latest_of(self._database, club.id)
        return meeting if meeting is not None and meeting.open else None


def _tidy(text: str) -> str:
    text = visible(text)
    if not fold(text) or len(text) > LONGEST:
        raise Refusal("minutes-text", most=LONGEST)
    return text
