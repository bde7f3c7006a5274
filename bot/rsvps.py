"""Who says whether they come to a meeting, and who has a seat.

Seats are given in order of receipt. In a public club everybody may answer, in another its members.
"""

from dataclasses import dataclass
from typing import Final

from bot.agenda import Agenda
from bot.clock import DAY, Clock
from bot.clubs import Clubs
from bot.meeting_cards import MeetingCards
from bot.meeting_news import Card
from bot.meeting_notices import MeetingNotices
from bot.people import People, Visitor
from bot.storage import meetings
from bot.storage.agenda import Due
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.rooms import Room
from games.core import Platform, Refusal, Role
from games.meeting import Answer

ANSWERS_DAYS: Final = 30
"""Days after a meeting for which it is kept who said what to it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody said to a meeting: whether they have a seat, else as which of those who wait.

    `newcomer` when nothing was kept of them before.
    """

    card: Card
    answer: Answer
    seated: bool
    place: int
    reminded: bool
    newcomer: bool


class Rsvps:
    """Answers to meetings."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        people: People,
        clubs: Clubs,
        cards: MeetingCards,
        notices: MeetingNotices,
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._people = people
        self._clubs = clubs
        self._cards = cards
        self._notices = notices

    async def answer(
        self, key: int, answer: Answer, visitor: Visitor, role: Role, room: Room
    ) -> Answered:
        """Keep what somebody says to a meeting, in the place of what they said before.

        Raises:
            Refusal: `meeting-gone`, `meeting-off`, `meeting-over`, `members-only`, `traceless-no-answer`; `not-kept`,
                when they were erased meanwhile.
        """
        meeting = await self._answerable(key)
        club = await self._clubs.by_id(meeting.club_id)
        if club is None:
            raise Refusal("club-over")
        if club.access != "public":
            await self._clubs.require_member(club, visitor, role)
        known = self._people.find(visitor.platform, visitor.user_id)
        if known is not None and known.traceless:
            raise Refusal("traceless-no-answer")
        async with self._people.recording(visitor) as (person, transaction):
            newcomer = self._people.unwritten(person.id) is not None
            meeting = _checked(await meetings.within(transaction, key))
            await meetings.reply(transaction, key, person.id, answer, room.id)
            await self._notices.seat(transaction, meeting, besides=person.id)
            await self._people.seen(transaction, person)
        self._agenda.wake()
        self._cards.refresh(key)
        return await self._answered(key, person.id, answer, newcomer=newcomer)

    async def own(self, key: int, visitor: Visitor) -> Answer | None:
        """Return what somebody said to a meeting."""
        person = self._people.find(visitor.platform, visitor.user_id)
        said = await meetings.said(self._database, key) if person else []
        return next((r.answer for r in said if person and r.person_id == person.id), None)

    async def remind(self, key: int, visitor: Visitor, *, on: bool) -> None:
        """Remind somebody who answered of a meeting in private, or no more.

        Raises:
            Refusal: `meeting-gone`, `meeting-off`, `meeting-over`, `not-answered`.
        """
        await self._answerable(key)
        person = self._people.find(visitor.platform, visitor.user_id)
        async with self._database.transaction() as transaction:
            if person is None or not await meetings.set_remind(transaction, key, person.id, on=on):
                raise Refusal("not-answered")

    async def wanting(self, due: Due) -> list[tuple[int, Platform, str, int]]:
        """Return who wants to be reminded of a date: person, platform, account there, and where they answered."""
        return await meetings.wanting(self._database, due.series_id, due.original)

    async def forget(self, visitor: Visitor) -> None:
        """Take somebody's answers out of the meetings that are not over, and give their seats to others."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return
        async with self._agenda.transaction() as transaction:
            for key in await meetings.withdraw(transaction, person.id):
                meeting = await meetings.within(transaction, key)
                if meeting is not None:
                    await self._notices.seat(transaction, meeting)
                self._cards.refresh(key)

    async def expire(self, came_days: int) -> int:
        """Erase who said what to meetings of some time ago, and who came to those of longer ago; return how many."""
        now = self._clock.wall()
        async with self._database.transaction() as transaction:
            return await meetings.erase_old(
                transaction, now - ANSWERS_DAYS * DAY, now - came_days * DAY
            )

    async def _answerable(self, key: int) -> Meeting:
        return _checked(await meetings.one(self._database, key))

    async def _answered(
        self, key: int, person_id: int, answer: Answer, *, newcomer: bool
    ) -> Answered:
        card = await self._cards.card(key)
        if card is None:
            raise Refusal("meeting-gone")
        said = await meetings.said(self._database, key)
        waiting = [r.person_id for r in said if r.answer == "yes" and not r.seated]
        place = waiting.index(person_id) + 1 if person_id in waiting else 0
        reminded = person_id in await meetings.reminded(self._database, key)
        return Answered(card, answer, answer == "yes" and not place, place, reminded, newcomer)


def _checked(meeting: Meeting | None) -> Meeting:
    """Return a meeting that takes answers."""
    if meeting is None:
        raise Refusal("meeting-gone")
    if meeting.cancelled_at is not None:
        raise Refusal("meeting-off")
    if meeting.closed_at is not None:
        raise Refusal("meeting-over")
    return meeting
