"""People: who is who, what they are called, and what they may ask about themselves.

Identity is (platform, user id), never a name. Everybody known is held in memory, so that a play finds its person
without waiting; somebody new gets a number at their first accepted play and is written with it, in one transaction.
"""

import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

import aiosqlite

from bot.clock import DAY, Clock
from bot.storage import club_books, clubs, houses, meetings, participation, people, questions
from bot.storage.database import Database
from bot.storage.participation import Record
from games.core import Platform, Refusal

LONGEST_NAME = 32


@dataclass(slots=True)
class Person:
    """Somebody known. The name of a traceless person lives in memory only."""

    id: int
    name: str
    traceless: bool = False
    listed: bool = False
    house_id: int | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody as a platform shows them, before it is known who they are."""

    platform: Platform
    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What somebody sees of themselves; `books` and `questions` are (club, text) of those they propose.

    `meetings` is how many meetings they answered or came to.
    """

    name: str
    season: int
    here: Record
    everywhere: Record
    traceless: bool
    listed: bool
    house: str = ""
    clubs: tuple[str, ...] = ()
    books: tuple[tuple[str, str], ...] = ()
    meetings: int = 0
    questions: tuple[tuple[str, str], ...] = ()


def clean_name(name: str) -> str:
    """Return a name without control, invisible and direction characters, at most 32 long; may be empty."""
    return visible(name)[:LONGEST_NAME].strip()


def visible(text: str) -> str:
    """Return a text without control, invisible and direction characters, its words apart by one space."""
    kept = "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char)[0] not in "CZ"
    )
    return " ".join(kept.split())


class People:
    """Everybody known, and the actions of one person over their own record."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        known: Iterable[tuple[Platform, str, people.PersonRow]],
        highest: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._persons: dict[int, Person] = {}
        self._identities: dict[tuple[Platform, str], Person] = {}
        self._unwritten: dict[int, people.NewPerson] = {}
        self._highest = highest
        for platform, user_id, row in known:
            person = self._persons.setdefault(
                row.id, Person(row.id, row.name, row.traceless, row.listed, row.house_id)
            )
            self._identities[platform, user_id] = person

    @classmethod
    async def load(cls, database: Database, clock: Clock) -> Self:
        """Read everybody known."""
        return cls(database, clock, *await people.load(database))

    @property
    def next_id(self) -> int:
        """The number that the next new person will get."""
        return self._highest + 1

    def find(self, platform: Platform, user_id: str) -> Person | None:
        """Return who this is, if they took part before."""
        return self._identities.get((platform, user_id))

    def name(self, key: int) -> str:
        """Return what a person is called, or an empty text for somebody erased."""
        person = self._persons.get(key)
        return person.name if person else ""

    def shown(self, key: int) -> str:
        """Return the name that may stand beside something kept: empty for somebody without trace, or erased."""
        return "" if self.traceless(key) else self.name(key)

    def traceless(self, key: int) -> bool:
        """Whether this person takes part without trace."""
        person = self._persons.get(key)
        return person is None or person.traceless

    def house_id(self, key: int) -> int | None:
        """Return the house that a person belongs to, if any."""
        person = self._persons.get(key)
        return person.house_id if person else None

    def members(self) -> dict[int, int]:
        """Return the house of everybody who belongs to one, by person."""
        everybody = self._persons.values()
        return {p.id: p.house_id for p in everybody if p.house_id is not None}

    def scatter(self, house_id: int) -> None:
        """Note that a house is gone: who belonged to it belongs to none."""
        for person in self._persons.values():
            if person.house_id == house_id:
                person.house_id = None

    def enrol(self, visitor: Visitor) -> tuple[Person, people.NewPerson]:
        """Make a visitor a person; the caller writes the returned row."""
        self._highest += 1
        person = Person(self._highest, clean_name(visitor.name))
        self._persons[person.id] = person
        self._identities[visitor.platform, visitor.user_id] = person
        row = people.NewPerson(
            person.id, visitor.platform, visitor.user_id, person.name, self._clock.wall()
        )
        self._unwritten[person.id] = row
        return person, row

    def unwritten(self, key: int) -> people.NewPerson | None:
        """Return the row of somebody who is not on disk yet: it goes with whatever is written about them."""
        return self._unwritten.get(key)

    def written(self, keys: Iterable[int]) -> None:
        """Note that enrolments are on disk."""
        for key in keys:
            self._unwritten.pop(key, None)

    def strike(self, rows: Iterable[people.NewPerson]) -> None:
        """Take back enrolments that could not be written, and are not on disk by another way."""
        self._drop({row.id for row in rows if row.id in self._unwritten})

    def renamed(self, person: Person, name: str) -> bool:
        """Take a new display name; return whether it changed."""
        cleaned = clean_name(name)
        if cleaned == person.name or not cleaned:
            return False
        person.name = cleaned
        return True

    async def take_part(
        self, transaction: aiosqlite.Connection, visitor: Visitor
    ) -> tuple[Person, bool]:
        """Write that a visitor takes part, under their present name; return who it is, and whether they are new.

        For what takes place outside sessions. The caller calls `written` after the commit.
        """
        person = self.find(visitor.platform, visitor.user_id)
        newcomer = person is None
        if person is None:
            person, _ = self.enrol(visitor)
        if (row := self.unwritten(person.id)) is not None:
            await people.add(transaction, [row])
        if self.renamed(person, visitor.name):
            await people.rename(transaction, [(person.id, person.name)])
        await self.seen(transaction, person)
        return person, newcomer

    async def seen(self, transaction: aiosqlite.Connection, person: Person) -> None:
        """Write that somebody was here, so that retention does not take them for gone; without trace the day alone."""
        now = self._clock.wall()
        await people.seen(transaction, [person.id], now - now % DAY if person.traceless else now)

    async def seen_today(self, transaction: aiosqlite.Connection, visitor: Visitor) -> None:
        """Write that somebody known was here, and of when the day alone: for what must not be tied to its moment."""
        person = self.find(visitor.platform, visitor.user_id)
        if person is not None:
            now = self._clock.wall()
            await people.seen(transaction, [person.id], now - now % DAY)

    async def own_record(self, visitor: Visitor, room_id: int | None, season: int) -> OwnRecord:
        """Return what is kept about the visitor this season, here and everywhere.

        Raises:
            Refusal: `nothing-kept`, for somebody unknown.
        """
        person = self._known(visitor)
        here = await participation.of_person(self._database, person.id, room_id, season)
        everywhere = await participation.of_person(self._database, person.id, None, season)
        house = await houses.of_person(self._database, person.id)
        joined = await clubs.of_person(self._database, person.id)
        return OwnRecord(
            person.name,
            season,
            here,
            everywhere,
            person.traceless,
            person.listed,
            house,
            tuple(club.name for club, _ in joined),
            tuple(await club_books.of_person(self._database, person.id)),
            len(await meetings.of_person(self._database, person.id)),
            tuple(await questions.of_person(self._database, person.id)),
        )

    async def export(self, visitor: Visitor) -> list[tuple[str, str, str, int, int, int, int]]:
        """Return every kept participation of the visitor; raises `Refusal` like `own_record`."""
        return await participation.of_all(self._database, self._known(visitor).id)

    async def board(self, room_id: int, season: int, limit: int = 10) -> list[tuple[str, int]]:
        """Return the (name, points) of a room's season board."""
        rows = await participation.board(self._database, room_id, season, limit)
        return [(self.name(key), points) for key, points in rows]

    async def set_listed(self, visitor: Visitor, *, on: bool) -> None:
        """Show the visitor on season boards, or no longer."""
        person = self._known_or_new(visitor)
        if on and person.traceless:
            raise Refusal("traceless-not-listed")
        async with self._change(person) as transaction:
            await people.set_listed(transaction, person.id, on=on)
        person.listed = on

    async def set_traceless(self, visitor: Visitor, *, on: bool) -> None:
        """Let the visitor take part without trace from now on, or no longer. What was kept before stays."""
        person = self._known_or_new(visitor)
        name = "" if on else clean_name(visitor.name)
        async with self._change(person) as transaction:
            await people.set_traceless(transaction, person.id, name=name, on=on)
            if on:
                await people.set_listed(transaction, person.id, on=False)
        person.traceless = on
        person.listed = person.listed and not on
        if on:
            await self._database.scrub()

    @asynccontextmanager
    async def recording(
        self, visitor: Visitor
    ) -> AsyncIterator[tuple[Person, aiosqlite.Connection]]:
        """Begin a transaction on something that the visitor leaves here; they become a person if they are none yet.

        Raises:
            Refusal: `not-kept`, when they were erased while this waited.
        """
        person = self._known_or_new(visitor)
        async with self._change(person) as transaction:
            yield person, transaction

    async def forget(self, visitor: Visitor, *, after: Callable[[], Awaitable[None]]) -> None:
        """Erase the visitor. `after` waits until what is still being written has been, so that nothing comes back."""
        person = self._known(visitor)
        await after()
        async with self._database.transaction() as transaction:
            await people.erase(transaction, person.id)
        self._drop({person.id})
        await self._database.scrub()

    async def forget_unseen(self, before: int) -> int:
        """Erase everybody not seen since `before` (microseconds); return how many."""
        async with self._database.transaction() as transaction:
            gone = await people.erase_unseen(transaction, before)
        if gone:
            self._drop(set(gone))
            await self._database.scrub()
        return len(gone)

    def _drop(self, keys: Set[int]) -> None:
        for key in keys:
            self._persons.pop(key, None)
            self._unwritten.pop(key, None)
        for identity in [i for i, person in self._identities.items() if person.id in keys]:
            del self._identities[identity]

    def _known(self, visitor: Visitor) -> Person:
        person = self.find(visitor.platform, visitor.user_id)
        if person is None:
            raise Refusal("nothing-kept")
        return person

    def _known_or_new(self, visitor: Visitor) -> Person:
        return self.find(visitor.platform, visitor.user_id) or self.enrol(visitor)[0]

    @asynccontextmanager
    async def changing(
        self, visitor: Visitor
    ) -> AsyncIterator[tuple[Person, aiosqlite.Connection]]:
        """Begin a transaction on what a visitor, made a person if need be, wants changed about themselves.

        Raises:
            Refusal: `not-kept`, when they were erased while this waited.
        """
        person = self._known_or_new(visitor)
        async with self._change(person) as transaction:
            yield person, transaction

    @asynccontextmanager
    async def _change(self, person: Person) -> AsyncIterator[aiosqlite.Connection]:
        """Begin a transaction on somebody who may not be on disk yet.

        Raises:
            Refusal: `not-kept`, when they were struck or erased while this waited.
        """
        async with self._database.transaction() as transaction:
            if self._persons.get(person.id) is not person:
                raise Refusal("not-kept")
            row = self.unwritten(person.id)
            if row is not None:
                await people.add(transaction, [row])
            yield transaction
        self.written([person.id])
