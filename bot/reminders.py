"""Reminders of what is planned in a room, for those alone who asked: a day, an hour and ten minutes before.

Whatever is planned with a step of the kind "reminder" is told of here.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import aiosqlite

from bot.agenda import Agenda
from bot.clock import Clock
from bot.people import People, Visitor
from bot.rooms import Rooms
from bot.storage import reminders
from bot.storage.agenda import Due
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import Platform, Refusal
from games.matching import fold
from games.recurrence import local_time

STOP_WORDS = frozenset({"stop", "off", "no", "non", "fin", "plus"})
"""What is typed to be reminded no more, folded."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something begins in `left` seconds, at `starts` (local); `due_id` is what had it told."""

    due_id: int
    title: str
    starts: datetime
    left: float
    now: datetime


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who asked, by person and by account."""

    person_id: int
    user_id: str


Wanting = tuple[int, Platform, str, int]
"""Somebody who asked to be reminded: person, platform, account there, and the room where they are told."""


class Face(Protocol):
    """One platform's way to remind people. Nothing here waits."""

    platform: Platform

    def remind(self, room: Room, reminder: Reminder, asking: Sequence[Asking]) -> None:
        """Queue what they are told, each in private or all by name."""


def wants(text: str) -> bool:
    """Whether what is typed after the verb asks for reminders, and not for their end."""
    return fold(text) not in STOP_WORDS


class Reminders:
    """Who asked, and telling them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        people: People,
        rooms: Rooms,
        faces: Sequence[Face],
    ) -> None:
        self._database = database
        self._clock = clock
        self._people = people
        self._rooms = rooms
        self._faces = faces
        self._elsewhere: list[Callable[[Due], Awaitable[Sequence[Wanting]]]] = []
        agenda.on("reminder", self._settle, self._tell)

    def also(self, find: Callable[[Due], Awaitable[Sequence[Wanting]]]) -> None:
        """Remind also whoever `find` returns: the (person, platform, user id, room id) of those who asked elsewhere."""
        self._elsewhere.append(find)

    async def ask(self, room: Room, visitor: Visitor) -> None:
        """Remind somebody in this room from now on.

        Raises:
            Refusal: `traceless-no-reminder`.
        """
        async with self._people.recording(visitor) as (person, transaction):
            if person.traceless:
                raise Refusal("traceless-no-reminder")
            await reminders.ask(transaction, person.id, room.id)

    async def stop(self, room: Room, visitor: Visitor) -> None:
        """Remind somebody in this room no more."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is not None:
            async with self._database.transaction() as transaction:
                await reminders.stop(transaction, person.id, room.id)

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Write nothing: that it was due is what is kept."""

    async def _tell(self, due: Due) -> None:
        """Remind those who asked, each once, unless it has begun meanwhile."""
        home, now = due.room_id or 0, self._clock.wall()
        left = (due.starts_at - now) / 1_000_000
        if left <= 0:
            return
        asked = await reminders.asked(self._database, home)
        rooms = dict.fromkeys(asked, home)
        for find in self._elsewhere:
            for person, where, user, room_id in await find(due):
                rooms.setdefault((person, where, user), room_id)
        for room_id in dict.fromkeys([home, *rooms.values()]):
            room = self._rooms.by_id[room_id]
            starts = local_time(due.starts_at, room.zone)
            reminder = Reminder(due.id, due.title, starts, left, local_time(now, room.zone))
            there = [one for one, where in rooms.items() if where == room_id]
            for face in due.untold(self._faces):
                here = [Asking(key, user) for key, where, user in there if where == face.platform]
                if here:
                    face.remind(room, reminder, here)
