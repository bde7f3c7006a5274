"""The books of a club: what its members propose, what is chosen, and where the reading stands.

The steps of a book's life are in `games/club.py`; whichever is taken is logged with its time, and with nobody's name.
Each change is made to a book as it is on disk: one that somebody else moved meanwhile stays where they put it.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import aiosqlite

from bot.books import Books, may_be_same, title_key
from bot.clock import Clock
from bot.clubs import Clubs, meant
from bot.people import People, Visitor, visible
from bot.storage import club_books
from bot.storage.books import Details
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.database import Database
from games.club import CURRENT, STATES, WAITING, State, back, onward
from games.core import Refusal, Role

MOST_EACH: Final = 5
"""Proposals of one member that may wait at a time."""

MOST_WAITING: Final = 100
"""Proposals of one club that may wait."""

_NUMBER = re.compile(r"(?:#|n\s*[°o]\.?|no\.?)?\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A club has chosen a book: by a vote, or its host did."""

    club: Club
    book: Book


class Telling(Protocol):
    """What tells a club's rooms (`bot/club_news.py`)."""

    def on(self, about: str, load: Callable[[int], Awaitable[Any]]) -> None:
        """Make news about such things by `load`, which takes a number; None when there is nothing to tell any more."""

    def transaction(self) -> AbstractAsyncContextManager[aiosqlite.Connection]:
        """Begin a transaction in which something happens that is told."""

    async def plan(
        self, transaction: aiosqlite.Connection, club: Club, about: str, number: int
    ) -> None:
        """Have the club's rooms told of something, once this is committed."""


Following = Callable[[aiosqlite.Connection, Book, State], Awaitable[None]]
"""What follows from a book's step, given the book as it was and its new state."""


class ClubBooks:
    """Every club's books."""

    def __init__(
        self,
        database: Database,
        people: People,
        clock: Clock,
        clubs: Clubs,
        books: Books,
        telling: Telling,
        *,
        locale: str,
    ) -> None:
        self._database = database
        self._people = people
        self._clock = clock
        self._clubs = clubs
        self._books = books
        self._telling = telling
        telling.on("book", self._chosen)
        self._locale = locale
        self._following: list[Following] = []

    def on_step(self, follow: Following) -> None:
        """Have `follow` called in the transaction in which a book takes a step."""
        self._following.append(follow)

    async def listed(self, club: Club) -> list[Book]:
        """Return a club's books, the oldest proposal first."""
        return await club_books.of_club(self._database, club.id)

    async def find(self, club: Club, text: str, states: Sequence[State] = ()) -> Book:
        """Return the one of a club's books that is meant: by its number ("#12"), or by its title.

        `states` are those to look at, all when it is empty.

        Raises:
            Refusal: `no-books`, `no-book`, `which-book`.
        """
        books = {b.id: b for b in await self.listed(club) if not states or b.state in states}
        if not books:
            raise Refusal("no-books")
        if (number := _NUMBER.fullmatch(text.strip())) and int(number[1]) in books:
            return books[int(number[1])]
        found = meant(text, {key: book.title for key, book in books.items()}, self._locale)
        if len(found) > 1:
            raise Refusal("which-book", numbers=", ".join(f"#{key}" for key in found))
        if not found:
            raise Refusal("no-book", title=visible(text)[:40])
        return books[found[0]]

    async def find_current(self, club: Club, text: str) -> Book:
        """Return the book that is meant and waits no more; without a text, the one that the club is busy with.

        Raises:
            Refusal: as `find`; `no-current-book`.
        """
        if text.strip():
            return await self.find(club, text, tuple(set(STATES) - WAITING))
        busy = [book for book in await self.listed(club) if book.state in CURRENT]
        if not busy:
            raise Refusal("no-current-book")
        if len(busy) > 1:
            raise Refusal("which-book", numbers=", ".join(f"#{book.id}" for book in busy))
        return busy[0]

    async def propose(self, club: Club, typed: Details, visitor: Visitor, role: Role) -> Book:
        """Put what a member typed among a club's proposals. May wait some seconds for catalogues.

        Raises:
            Refusal: `members-only`, `book-title`, `isbn-unknown`, `already-proposed`, `already-chosen`,
                `too-many-proposals`, `too-many-own`, `club-over`.
        """
        await self._clubs.require_member(club, visitor, role)
        details = await self._books.look_up(typed)
        leads = await self._clubs.leads(club, visitor, role)
        person = self._people.find(visitor.platform, visitor.user_id)
        by = person.id if person and not person.traceless else None
        async with self._database.transaction() as transaction:
            await self._clubs.again(club)
            _allow(details, await self.listed(club), None if leads else by)
            kept, at = await self._books.keep(transaction, details), self._clock.wall()
            key = await club_books.propose(transaction, club.id, kept, by, at)
            if person is not None:
                await self._people.seen(transaction, person)
            if key is None:
                raise Refusal("already-proposed", title=details.title)
        return (await club_books.some(self._database, [key]))[key]

    async def withdraw(self, club: Club, text: str, visitor: Visitor, role: Role) -> Book:
        """Put a proposal away: one's own, or any for whoever leads the club; return it.

        Raises:
            Refusal: as `find`; `not-your-book`, `book-moved`.
        """
        book = await self.find(club, text, ("proposed",))
        person = self._people.find(visitor.platform, visitor.user_id)
        own = person is not None and book.proposed_by == person.id
        if not own and not await self._clubs.leads(club, visitor, role):
            raise Refusal("not-your-book")
        return await self._move(book, "archived")

    async def choose(self, club: Club, text: str, visitor: Visitor, role: Role) -> Book:
        """Choose a proposal without a vote, and tell the rooms; return it.

        Raises:
            Refusal: as `find`; `club-hosts-only`, `book-moved`.
        """
        await self._clubs.require_leader(club, visitor, role)
        book = await self.find(club, text, ("proposed",))
        async with self._telling.transaction() as transaction:
            await self._move_in(transaction, book, "chosen")
            await self._telling.plan(transaction, club, "book", book.id)
        return _moved(book, "chosen")

    async def advance(self, club: Club, text: str, visitor: Visitor, role: Role) -> Book:
        """Take a book to the next step of its life; return it as it is now.

        Raises:
            Refusal: as `find_current`; `club-hosts-only`, `no-step-on`, `book-moved`.
        """
        await self._clubs.require_leader(club, visitor, role)
        book = await self.find_current(club, text)
        return await self._move(book, onward(book.state))

    async def back(self, club: Club, text: str, visitor: Visitor, role: Role) -> Book:
        """Take a book back to the step before; return it as it is now.

        Raises:
            Refusal: as `find_current`; `club-hosts-only`, `no-step-back`, `book-moved`.
        """
        await self._clubs.require_leader(club, visitor, role)
        book = await self.find_current(club, text)
        return await self._move(book, back(book.state))

    async def of(self, visitor: Visitor) -> list[tuple[str, str]]:
        """Return the (club, title) of everything that the visitor proposes and that waits to be chosen."""
        person = self._people.find(visitor.platform, visitor.user_id)
        return await club_books.of_person(self._database, person.id) if person else []

    async def _chosen(self, key: int) -> Chosen | None:
        """Return what there is to tell of a book that was chosen."""
        book = (await club_books.some(self._database, [key])).get(key)
        club = await self._clubs.by_id(book.club_id) if book else None
        return Chosen(club, book) if club and book and book.state in CURRENT else None

    async def _move(self, book: Book, to: State) -> Book:
        async with self._database.transaction() as transaction:
            await self._move_in(transaction, book, to)
        return _moved(book, to)

    async def _move_in(self, transaction: aiosqlite.Connection, book: Book, to: State) -> None:
        states = [(book.id, book.state)]
        if not await club_books.move(transaction, states, to, self._clock.wall()):
            raise Refusal("book-moved", title=book.title)
        for follow in self._following:
            await follow(transaction, book, to)


def _moved(book: Book, to: State) -> Book:
    """Return a book as it is after a step: who proposed it is known while it waits."""
    return replace(book, state=to, proposed_by=book.proposed_by if to in WAITING else None)


def _allow(details: Details, shelf: Sequence[Book], by: int | None) -> None:
    """Refuse a proposal that stands on the shelf, or one too many of the club's or of this person's."""
    for book in shelf:
        if _is_same(details, book) and book.state in WAITING:
            raise Refusal("already-proposed", title=book.title)
        if _is_same(details, book) and book.state != "archived":
            raise Refusal("already-chosen", title=book.title)
    waiting = [book for book in shelf if book.state in WAITING]
    if len(waiting) >= MOST_WAITING:
        raise Refusal("too-many-proposals", most=MOST_WAITING)
    if by is not None and sum(book.proposed_by == by for book in waiting) >= MOST_EACH:
        raise Refusal("too-many-own", most=MOST_EACH)


def _is_same(details: Details, book: Book) -> bool:
    return title_key(details.title) == title_key(book.title) and may_be_same(
        title_key(details.author), title_key(book.author)
    )
