"""The spoiler gate: a thread on Discord for each section of a plan, open to those who say that they have read so far.

A thread is made when its first reader comes. Who reads back stays where they are, and who left a thread is not put back
into it; threads that were deleted are made again, archived ones opened. What this asks of Discord comes after what
somebody said is on disk, and is caught up with at the next start.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.clubs import Clubs
from bot.people import People, Visitor
from bot.reading_plans import BookPlan, ReadingPlans
from bot.rooms import Rooms
from bot.storage import people as people_rows
from bot.storage import reading_plans
from bot.storage.database import Database
from bot.storage.reading_plans import Kept
from bot.storage.rooms import Room
from bot.wording import sections as words
from bot.wording.speech import Speech
from games.core import Refusal, Role

log = logging.getLogger(__name__)

PATIENCE = 6.0
"""Seconds for which somebody who pressed a button waits for their threads."""


class Away(Exception):
    """Discord is out of reach for now."""


class Gone(Exception):
    """A thread, its channel or an account is not there any more."""


class Barred(Exception):
    """The bot lacks a permission."""


class Threads(Protocol):
    """What is done with threads. All of it raises `Away`, `Gone` or `Barred`."""

    def quote(self, text: str) -> str:
        """Return somebody's text so that it shows as it is."""

    def is_open(self, channel_id: str) -> bool:
        """Return whether everybody sees the threads of a channel, because it is a forum's."""

    async def check(self, channel_id: str) -> None:
        """Raise `Refusal` (`threads-forbidden`, `threads-nowhere`) when threads cannot be made in a channel."""

    async def create(self, channel_id: str, name: str, opening: str) -> str:
        """Make a thread that only those see who are let in (a post, in a forum); return its id."""

    async def admit(self, thread_id: str, user_id: str) -> None:
        """Let somebody into a thread, which is opened again if it was archived."""

    async def dismiss(self, thread_id: str, user_id: str) -> None:
        """Take somebody out of a thread."""

    async def rename(self, thread_id: str, name: str) -> None:
        """Call a thread by another name."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The threads that somebody may enter, by section; `late` when some are yet to come."""

    open: tuple[tuple[Kept, str], ...]
    late: bool


class SectionThreads:
    """Opens threads to readers, one book at a time."""

    def __init__(
        self,
        database: Database,
        people: People,
        clubs: Clubs,
        plans: ReadingPlans,
        rooms: Rooms,
        threads: Threads,
    ) -> None:
        self._database = database
        self._people = people
        self._clubs = clubs
        self._plans = plans
        self._rooms = rooms
        self._threads = threads
        self._running: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._asides: set[asyncio.Task[None]] = set()
        self._closed = False
        plans.on_change(self._refresh)
        clubs.on_leaving(self.leaving)

    # where

    async def settle_in(self, plan: BookPlan, room: Room, visitor: Visitor, role: Role) -> bool:
        """Have a plan's threads made in a room's Discord channel from now on; return whether everybody sees them.

        Raises:
            Refusal: `club-hosts-only`, `threads-nowhere`, `threads-forbidden`, `club-elsewhere`.
        """
        await self._clubs.require_leader(plan.club, visitor, role)
        if room.id not in await self._clubs.rooms(plan.club):
            raise Refusal("club-elsewhere")
        if room.discord_channel_id is None:
            raise Refusal("threads-nowhere")
        await self._threads.check(room.discord_channel_id)
        if plan.room_id != room.id:
            async with self._database.transaction() as transaction:
                await reading_plans.set_place(transaction, plan.book.id, room.id)
        self.wake(plan.book.id)
        return self._threads.is_open(room.discord_channel_id)

    async def move_out(self, plan: BookPlan, visitor: Visitor, role: Role) -> None:
        """Make no more threads for a plan; those there are stay on Discord. Raises `Refusal` (`club-hosts-only`)."""
        await self._clubs.require_leader(plan.club, visitor, role)
        async with self._database.transaction() as transaction:
            await reading_plans.set_place(transaction, plan.book.id, None)

    # when

    def wake(self, book_id: int) -> None:
        """Bring the threads of a book in step with how far its readers are, in the background."""
        if self._closed:
            return
        if book_id in self._running:
            self._again.add(book_id)
            return
        task = asyncio.create_task(self._catch_up(book_id), name=f"threads of book {book_id}")
        self._running[book_id] = task

    def wake_all(self) -> None:
        """Catch up with every book: Discord is within reach (again)."""
        self._aside(self._wake_all)

    async def _wake_all(self) -> None:
        for book_id, _ in await reading_plans.with_threads(self._database):
            self.wake(book_id)

    async def doors(self, plan: BookPlan, person_id: int) -> Doors:
        """Let somebody in who has just said how far they are; return what is open to them within a few seconds."""
        self.wake(plan.book.id)
        if (task := self._running.get(plan.book.id)) is not None:
            await asyncio.wait([task], timeout=PATIENCE)
        now = await self._plans.of_book(plan.book.id)
        if now is None or now.room_id is None:
            return Doors((), late=False)
        reached = (await self._plans.reached(now)).get(person_id, 0)
        reader = (await self._plans.readers(plan.book.id)).get(person_id)
        admitted = reader.admitted if reader else 0
        there = now.sections[: min(admitted, reached)]
        return Doors(
            tuple((kept, kept.thread_id) for kept in there if kept.thread_id), admitted < reached
        )

    async def leaving(self, person_id: int, club_id: int) -> None:
        """Take somebody out of the threads of a club that they leave, in the background."""
        found = await self._entered([person_id], club_id)
        for book_id in list(self._plans.untraced):
            plan = await self._plans.of_book(book_id)
            if plan is None or plan.club.id == club_id:
                self._plans.untraced[book_id].pop(person_id, None)
        self._aside(partial(self._dismiss, found))

    async def forget(self, visitor: Visitor) -> None:
        """Take somebody who is to be erased out of every thread that they were let into."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return
        found = await self._entered([person.id], None)
        for readers in self._plans.untraced.values():
            readers.pop(person.id, None)
        self._aside(partial(self._dismiss, found))

    async def dismiss(self, plan: BookPlan, visitor: Visitor) -> None:
        """Take somebody out of a book's threads, because they asked to be forgotten there."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is not None:
            found = await self._entered([person.id], None)
            ids = {kept.thread_id for kept in plan.sections}
            inside = [one for one in found if one[0] in ids]
            self._aside(partial(self._dismiss, inside))

    async def close(self) -> None:
        """Do nothing more; the next start goes on."""
        self._closed = True
        tasks = [*self._running.values(), *self._asides]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # how

    def _aside(self, work: Callable[[], Awaitable[None]]) -> None:
        if self._closed:
            return

        async def run() -> None:
            try:
                await work()
            except Exception:  # the edge: nobody waits for this
                log.exception("threads could not be looked after")

        task = asyncio.create_task(run(), name="threads")
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _catch_up(self, book_id: int) -> None:
        try:
            while True:
                self._again.discard(book_id)
                await self._follow(book_id)
                if book_id not in self._again:
                    return
        except Away:
            log.info("book %d: its threads wait for Discord", book_id)
        except Barred:
            log.warning("book %d: the bot may not make threads, or let people in", book_id)
        except Exception:  # the edge: the next reader, or the next start, tries again
            log.exception("book %d: its threads could not be opened", book_id)
        finally:
            del self._running[book_id]

    async def _follow(self, book_id: int) -> None:
        """Let everybody in who has said that they have read so far, section by section."""
        plan = await self._plans.of_book(book_id)
        room = self._rooms.by_id.get(plan.room_id or 0) if plan else None
        if plan is None or room is None or room.discord_channel_id is None:
            return
        reached = await self._plans.reached(plan)
        readers = await self._plans.readers(book_id)
        accounts = await self._accounts(reached)
        for kept in plan.sections:
            number = kept.section.number
            ready = [person for person, place in reached.items() if place >= number]
            new = [person for person in ready if readers[person].admitted < number]
            if any(accounts.get(person) for person in new):
                await self._let_in(plan, kept, room, ready, new, accounts)
            await self._note_admitted(book_id, number, new)

    async def _let_in(
        self,
        plan: BookPlan,
        kept: Kept,
        room: Room,
        ready: Iterable[int],
        new: Iterable[int],
        accounts: dict[int, list[str]],
    ) -> None:
        """Let people into a section's thread: those who come, or everybody when it had to be made anew."""
        thread_id = kept.thread_id
        try:
            if thread_id is not None:
                await self._admit(thread_id, new, accounts)
                return
        except Gone:
            log.info("section %d: its thread is gone and made again", kept.id)
        speech = Speech(room.locale, self._threads.quote)
        name = words.label(kept.section, speech)
        opening = words.thread_opening(plan.book, kept.section, speech)
        try:
            thread_id = await self._threads.create(str(room.discord_channel_id), name, opening)
            async with self._database.transaction() as transaction:
                await reading_plans.note_thread(transaction, kept.id, thread_id)
            await self._admit(thread_id, ready, accounts)
        except Gone as error:
            raise Barred from error

    async def _admit(
        self, thread_id: str, people: Iterable[int], accounts: dict[int, list[str]]
    ) -> None:
        for person in people:
            for user_id in accounts.get(person, ()):
                await self._threads.admit(thread_id, user_id)

    async def _note_admitted(self, book_id: int, number: int, people: list[int]) -> None:
        if not people:
            return
        async with self._database.transaction() as transaction:
            await reading_plans.admit(transaction, book_id, [(person, number) for person in people])
        untraced = self._plans.untraced.get(book_id, {})
        for person in people:
            if person in untraced:
                untraced[person] = replace(untraced[person], admitted=number)

    async def _accounts(self, people: Iterable[int]) -> dict[int, list[str]]:
        return await people_rows.accounts(self._database, people, "discord")

    async def _entered(self, people: list[int], club_id: int | None) -> list[tuple[str, str]]:
        """Return the (thread, account) of every thread that these people were let into, in one club or in all."""
        accounts = await self._accounts(people)
        found: list[tuple[str, str]] = []
        for book_id, _ in await reading_plans.with_threads(self._database):
            plan = await self._plans.of_book(book_id)
            if plan is None or club_id not in (None, plan.club.id):
                continue
            readers = await self._plans.readers(book_id)
            for person in people:
                last = readers[person].admitted if person in readers else 0
                found += [
                    (kept.thread_id, user_id)
                    for kept in plan.sections
                    if kept.thread_id is not None and kept.section.number <= last
                    for user_id in accounts.get(person, ())
                ]
        return found

    async def _dismiss(self, places: Iterable[tuple[str, str]]) -> None:
        for thread_id, user_id in places:
            try:
                await self._threads.dismiss(thread_id, user_id)
            except (Away, Gone, Barred):
                log.info("thread %s: somebody could not be taken out", thread_id)

    def _refresh(self, book_id: int) -> None:
        """Call the threads of a plan that has changed by what they are now."""
        self._aside(partial(self._rename, book_id))
        self.wake(book_id)

    async def _rename(self, book_id: int) -> None:
        plan = await self._plans.of_book(book_id)
        room = self._rooms.by_id.get(plan.room_id or 0) if plan else None
        if plan is None or room is None:
            return
        for kept in plan.sections:
            if kept.thread_id is None:
                continue
            try:
                name = words.label(kept.section, Speech(room.locale))
                await self._threads.rename(kept.thread_id, name)
            except (Away, Gone, Barred):
                log.info("section %d: its thread keeps its name", kept.id)
