"""Everything that clubs do, built together: books, votes, reading plans, meetings, questions and minutes."""

import logging
from collections.abc import Sequence
from typing import Protocol

from bot import club_news, club_notices, meeting_cards, meeting_notices
from bot.agenda import Agenda
from bot.attendances import KEPT_DAYS, Attendances
from bot.books import Books
from bot.catalogues import Catalogues
from bot.clock import Clock
from bot.club_books import ClubBooks
from bot.club_cards import ClubCards
from bot.club_news import ClubNews
from bot.club_notices import ClubNotices
from bot.clubs import Clubs
from bot.hall import Hall
from bot.meeting_cards import MeetingCards
from bot.meeting_notices import MeetingNotices
from bot.meetings import Meetings
from bot.minutes import Minutes
from bot.opinions import Opinions
from bot.people import People, Visitor
from bot.questions import Questions
from bot.reading_plans import ReadingPlans
from bot.reading_progress import ReadingProgress
from bot.rooms import Rooms
from bot.round_table import RoundTables
from bot.rsvps import Rsvps
from bot.section_threads import SectionThreads, Threads
from bot.settings import Settings
from bot.storage.database import Database
from bot.votes import Votes

log = logging.getLogger(__name__)


class ClubFace(club_news.Face, club_notices.Face, Protocol):
    """A platform that tells rooms of their clubs, and people of their wish to join one."""


class MeetingFace(meeting_cards.Face, meeting_notices.Face, Protocol):
    """A platform on which meetings have cards and notices."""


class Clubhouse:
    """The clubs' engines, each of which the faces use by itself."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        people: People,
        rooms: Rooms,
        clubs: Clubs,
        *,
        hall: Hall,
        agenda: Agenda,
        news_faces: Sequence[ClubFace],
        meeting_faces: Sequence[MeetingFace],
        threads: Threads,
    ) -> None:
        """`threads` is where sections are talked about; the faces are the platforms that are set up."""
        by_id, locale = rooms.by_id, settings.locale
        self.clubs = clubs
        self.news = ClubNews(agenda, clock, clubs, by_id, news_faces)
        self.notices = ClubNotices(database, clock, agenda, clubs, by_id, news_faces)
        self.catalogues = Catalogues(settings.lookup, settings.lookup_contact)
        self._catalogued = Books(database, clock, self.catalogues)
        self.books = ClubBooks(
            database, people, clock, clubs, self._catalogued, self.news, locale=locale
        )
        self.votes = Votes(database, clock, clubs, self.books, agenda, self.news, locale=locale)
        self.cards = ClubCards(clubs, self.books, self.votes)
        self.plans = ReadingPlans(database, clock, clubs, self.books, agenda, self.news, rooms)
        self.progress = ReadingProgress(database, people, clubs, self.plans, clock)
        self.threads = SectionThreads(database, people, clubs, self.plans, rooms, threads)
        self.questions = Questions(
            database, people, clock, clubs, self.books, self.news, by_id, self.plans
        )
        self.round_tables = RoundTables(database, hall, clubs)
        self.minutes = Minutes(database, clock, clubs, self.news)
        self._meeting_cards = MeetingCards(database, clock, by_id, meeting_faces)
        notices = MeetingNotices(database, clock, agenda, self._meeting_cards, by_id, meeting_faces)
        self.meetings = Meetings(
            database, clock, agenda, clubs, self.news, self._meeting_cards, notices
        )
        self.meetings.on_close(self.minutes.closed)
        self.rsvps = Rsvps(database, clock, agenda, people, clubs, self._meeting_cards, notices)
        self.attendances = Attendances(database, clock, people, clubs, self._meeting_cards)
        self.opinions = Opinions(database, clock, people, clubs, self._meeting_cards)

    async def forget(self, visitor: Visitor) -> bool:
        """Let go of what is tied to an account rather than to a person; return whether there was any ballot."""
        await self.threads.forget(visitor)
        await self.rsvps.forget(visitor)
        return await self.votes.forget(visitor)

    async def expire(self) -> None:
        """Erase what is no longer needed of who came, what they said and where they are in their books."""
        answers = await self.rsvps.expire(KEPT_DAYS) + await self.opinions.expire()
        log.info("retention: %d answers to meetings erased", answers)
        await self._catalogued.expire()
        log.info("retention: %d places in books erased", await self.progress.expire())

    async def abandon(self) -> None:
        """Fall silent at once; what was not yet committed is lost."""
        self.votes.stop()
        self.attendances.stop()
        self._meeting_cards.stop()
        await self.threads.close()

    async def close(self) -> None:
        """End what goes on by itself."""
        await self.abandon()
        await self.catalogues.close()
