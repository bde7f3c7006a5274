"""Telling a club's rooms what happens: a vote opens or is counted, a book is chosen, a section is read.

What is to be told is put on the agenda with what it is about, in one transaction, for each room apart; so it is told
after a crash too, and once. What people then see is made from what is on disk, in the language of the room.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import aiosqlite

from bot.agenda import Agenda
from bot.clock import DAY, Clock
from bot.club_books import Chosen
from bot.clubs import Clubs
from bot.meeting_news import MeetingNews
from bot.minutes import Written
from bot.questions import Asked, Kept
from bot.reading_plans import SectionDue
from bot.storage.agenda import Due, Plan, Step
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from bot.votes import Closed, Opened
from games.core import Platform
from games.recurrence import Series, local_time

KIND = "club-news"

STEPS = (Step(KIND, missed_after=DAY // 1_000_000),)
"""News of a day ago are none."""

News = Opened | Closed | Chosen | SectionDue | MeetingNews | Asked | Kept | Written
"""Everything that a club's rooms may be told; each face matches it."""


class Face(Protocol):
    """One platform's way to tell a room."""

    platform: Platform

    def tell(self, room: Room, news: News) -> None:
        """Queue what its users see of it."""


class ClubNews:
    """Takes news to every room of a club, on every platform."""

    def __init__(
        self,
        agenda: Agenda,
        clock: Clock,
        clubs: Clubs,
        rooms: Mapping[int, Room],
        faces: Sequence[Face],
    ) -> None:
        self._agenda = agenda
        self._clock = clock
        self._clubs = clubs
        self._rooms = rooms
        self._faces = faces
        self._loaders: dict[str, Callable[[int], Awaitable[News | None]]] = {}
        agenda.on(KIND, self._settle, self._tell)

    def on(self, about: str, load: Callable[[int], Awaitable[News | None]]) -> None:
        """Make news about such things by `load`, which takes a number and may find that there is nothing to tell."""
        self._loaders[about] = load

    def transaction(self) -> AbstractAsyncContextManager[aiosqlite.Connection]:
        """Begin a transaction in which something happens that is told."""
        return self._agenda.transaction()

    async def plan(
        self, transaction: aiosqlite.Connection, club: Club, about: str, number: int
    ) -> None:
        """Have the club's rooms told of something, once this is committed."""
        for key in await self._clubs.rooms(club):
            room = self._rooms[key]
            now = local_time(self._clock.wall(), room.zone)
            series = Series(now.replace(microsecond=0), room.zone)
            options = {"about": about, "number": number}
            plan = Plan(KIND, series, STEPS, room.id, options=options, shown=False)
            await self._agenda.plan(transaction, plan)

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Do nothing: what is told was written together with its plan."""

    async def _tell(self, due: Due) -> None:
        news = await self._loaders[due.options["about"]](due.options["number"])
        room = self._rooms.get(due.room_id or 0)
        if news is None or room is None:
            return
        for face in due.untold(self._faces):
            face.tell(room, news)
