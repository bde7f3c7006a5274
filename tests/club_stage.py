"""Clubs without platforms: a real database file, a fake clock, catalogues that are asked nothing, rooms that note."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from bot.agenda import Agenda
from bot.attendances import Attendances
from bot.books import Books, read_book
from bot.catalogues import Catalogues
from bot.club_books import ClubBooks
from bot.club_news import ClubNews, News
from bot.clubs import Changes, Clubs
from bot.meeting_cards import MeetingCards
from bot.meeting_news import Card
from bot.meeting_notices import MeetingNotices, Notice
from bot.meetings import Meetings
from bot.minutes import Minutes
from bot.opinions import Opinions
from bot.participation import Participation
from bot.people import Visitor
from bot.questions import Questions
from bot.reminders import Reminders
from bot.rsvps import Rsvps
from bot.storage import agenda
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.meetings import Addressee
from bot.storage.rooms import Room
from bot.vote_wishes import Wish
from bot.votes import Closed, Poll, Votes
from games.core import Platform, Role
from games.recurrence import instant
from tests.fake_clock import FakeClock
from tests.hall_stage import House, visitor

AURORE, CAMILLE = visitor("discord", "Aurore"), visitor("discord", "Camille")
INES, LEO = visitor("twitch", "Inès"), visitor("twitch", "Leo64")
TITLES = ("Germinal ; Émile Zola ; 591", "Nana ; Émile Zola ; 470", "Indiana ; George Sand ; 350")


@dataclass
class FakeFace:
    """Notes what each room is told."""

    platform: Platform = "discord"
    heard: list[tuple[int, News]] = field(default_factory=list)
    shown: list[tuple[int, Card]] = field(default_factory=list)
    notified: list[tuple[int, Notice, list[Addressee]]] = field(default_factory=list)

    def tell(self, room: Room, news: News) -> None:
        self.heard.append((room.id, news))

    def refresh(self, room: Room, card: Card) -> None:
        self.shown.append((room.id, card))

    def notify(self, room: Room, notice: Notice, to: Sequence[Addressee]) -> None:
        self.notified.append((room.id, notice, list(to)))

    def of(self, kind: type) -> list[Any]:
        return [news for _, news in self.heard if isinstance(news, kind)]


@dataclass
class Read:
    """How far everybody has read, as tests say, by person."""

    sections: dict[int, int] = field(default_factory=dict)

    async def horizon(self, book: Book, person_ids: Iterable[int]) -> int:
        """Return the section that all these people have read."""
        return min((self.sections.get(person, 0) for person in person_ids), default=0)


class ClubHouse(House):
    """One run of the clubs over a file; `after` is the next run."""

    agenda: Agenda
    clubs: Clubs
    books: Books
    club_books: ClubBooks
    votes: Votes
    news: ClubNews
    meetings: Meetings
    questions: Questions
    minutes: Minutes

    def __init__(self, path: Path, clock: FakeClock | None = None) -> None:
        super().__init__(path, clock)
        self.face = FakeFace()
        self.read = Read()
        self.catalogues = Catalogues(())
        self.reached = asyncio.Event()
        """Cleared while nothing that is told goes out."""
        self.reached.set()

    async def open(self) -> Self:
        await super().open()
        self.agenda = Agenda(self.database, self.clock, self._settled)
        self.clubs = Clubs(self.database, self.people, self.clock, locale="fr")
        self.books = Books(self.database, self.clock, self.catalogues)
        self.news = ClubNews(self.agenda, self.clock, self.clubs, self.rooms.by_id, [self.face])
        people, clock = self.people, self.clock
        self.club_books = ClubBooks(
            self.database, people, clock, self.clubs, self.books, self.news, locale="fr"
        )
        self.votes = Votes(
            self.database, clock, self.clubs, self.club_books, self.agenda, self.news, locale="fr"
        )
        self.reminders = Reminders(self.database, clock, self.agenda, people, self.rooms, [])
        cards = MeetingCards(self.database, clock, self.rooms.by_id, [self.face])
        notices = MeetingNotices(
            self.database, clock, self.agenda, cards, self.rooms.by_id, [self.face]
        )
        self.meetings = Meetings(
            self.database, clock, self.agenda, self.clubs, self.news, cards, notices
        )
        self.cards = cards
        self.rsvps = Rsvps(self.database, clock, self.agenda, people, self.clubs, cards, notices)
        self.attendances = Attendances(self.database, clock, people, self.clubs, cards)
        self.opinions = Opinions(self.database, clock, people, self.clubs, cards)
        self.reminders.also(self.rsvps.wanting)
        self.minutes = Minutes(self.database, clock, self.clubs, self.news)
        self.meetings.on_close(self.minutes.closed)
        self.questions = Questions(
            self.database,
            people,
            clock,
            self.clubs,
            self.club_books,
            self.news,
            self.rooms.by_id,
            self.read,
        )
        self.participation = Participation(
            self.database,
            people,
            self.hall,
            clock,
            season_start=(9, 1),
            zone="Europe/Paris",
            forget_elsewhere=self.votes.forget,
        )
        self.build()
        await self.votes.purge()
        await self.agenda.open()
        return self

    def build(self) -> None:
        """Build what more a stage has, before the agenda opens."""

    async def _settled(self, room_id: int, platform: Platform) -> None:
        await self.reached.wait()

    async def close(self) -> None:
        await self.agenda.close()
        self.votes.stop()
        self.attendances.stop()
        self.cards.stop()
        await self.catalogues.close()
        await super().close()

    async def crash(self) -> None:
        await self.agenda.close()
        self.votes.stop()
        self.attendances.stop()
        self.cards.stop()
        await super().crash()

    async def after(self) -> Self:
        """Crash, and start again over the same file."""
        await self.crash()
        again = await type(self)(self.path, self.clock).open()
        await again.settle()
        return again

    async def settle(self) -> None:
        """Wait until nothing is due any more and everything told was noted."""
        for _ in range(5000):
            [(left,)] = await self.sql(
                "SELECT COUNT(*) FROM due WHERE (state = 'waiting' AND next_at <= ?) OR state = 'settled'",
                self.clock.wall(),
            )
            self.clock.advance(0.0)  # a timer set since the hands were turned may be due at once
            await asyncio.sleep(0.001)
            if not left or not self.reached.is_set():
                return
        raise AssertionError("the agenda did not come to rest")

    async def wait(self, seconds: float) -> None:
        """Let time pass, and whatever is due be done in its time."""
        end = self.clock.now() + seconds
        await self.settle()
        while (due := self.clock.next_due()) is not None and due <= end:
            self.clock.advance(max(0.0, due - self.clock.now()))
            await asyncio.sleep(0.002)
            await self.settle()
        self.clock.advance(end - self.clock.now())
        await self.settle()

    async def go_to(self, local: datetime, zone: str = "Europe/Paris") -> None:
        """Let time pass to a local time, and everything planned meanwhile be done at its own time."""
        end = instant(local, zone)
        await self.settle()
        while self.clock.wall() < end:
            next_at = await agenda.next_at(self.database)
            target = end if next_at is None else min(end, max(next_at, self.clock.wall()))
            self.clock.advance((target - self.clock.wall()) / 1_000_000)
            await self.settle()

    async def club(self, name: str = "Polar", **changes: Any) -> Club:
        """Return a new club of the first room, whose host is Aurore."""
        room = await self.room()
        created = await self.clubs.create(room, AURORE, Changes(name, **changes), Role.HOST)
        return created.club

    async def propose(self, club: Club, *titles: str, by: Visitor = AURORE) -> list[Book]:
        """Put books on a club's shelf."""
        return [
            await self.club_books.propose(club, read_book(title), by, Role.HOST) for title in titles
        ]

    async def vote(
        self, club: Club, wish: Wish | None = None, titles: Sequence[str] = TITLES
    ) -> Poll:
        """Open a vote on some proposals."""
        await self.propose(club, *titles)
        poll = await self.votes.open(club, wish or Wish(), AURORE, Role.PATRON, "Europe/Paris")
        await self.settle()
        return poll

    async def cast(self, club: Club, *ballots: str) -> None:
        """Let as many people vote, each from another account."""
        for number, ballot in enumerate(ballots):
            await self.votes.cast(club, ballot, visitor("twitch", f"v{number}"), Role.PATRON)

    async def counted(self, club: Club) -> Closed:
        """Close a club's vote."""
        closed = await self.votes.close(club, AURORE, Role.PATRON)
        await self.settle()
        return closed

    async def states(self, club: Club) -> dict[str, str]:
        """Return where each of a club's books stands."""
        return {book.title: book.state for book in await self.club_books.listed(club)}
