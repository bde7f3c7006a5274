"""The cards of meetings: drawing one up from what is on disk, and keeping those that rooms show in step with it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Protocol

from bot.clock import Clock, Timer
from bot.meeting_news import Card, Counts
from bot.storage import club_books, clubs, meetings
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.rooms import Room

TOGETHER: Final = 1.0
"""Seconds for which changes of a card are gathered, so that a crowd that answers is one edit."""


class Face(Protocol):
    """One platform's way to show cards. Nothing here waits."""

    def refresh(self, room: Room, card: Card) -> None:
        """Bring what the room shows of a meeting up to date; what it does not show stays so."""


class MeetingCards:
    """Draws up cards, and has them shown again when they change."""

    def __init__(
        self, database: Database, clock: Clock, rooms: Mapping[int, Room], faces: Sequence[Face]
    ) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._faces = faces
        self._waiting: dict[int, Timer] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def card(self, key: int) -> Card | None:
        """Return the card of a meeting."""
        meeting = await meetings.one(self._database, key)
        club = await clubs.one(self._database, meeting.club_id) if meeting else None
        if meeting is None or club is None:
            return None
        return Card(meeting, club, await self._book(meeting), await self._counts(meeting))

    async def _book(self, meeting: Meeting) -> club_books.Book | None:
        if meeting.book_id is None:
            return None
        found = await club_books.some(self._database, [meeting.book_id])
        return found.get(meeting.book_id)

    async def _counts(self, meeting: Meeting) -> Counts:
        replies = await meetings.said(self._database, meeting.id)
        said = Counter(reply.answer for reply in replies)
        seated = sum(reply.seated for reply in replies if reply.answer == "yes")
        came = len(await meetings.present(self._database, meeting.id)) + meeting.untraced
        return Counts(seated, said["maybe"], said["no"], said["yes"] - seated, came)

    def refresh(self, key: int) -> None:
        """Have a meeting's card shown anew in its club's rooms, in a moment."""
        if key not in self._waiting:
            self._waiting[key] = self._clock.call_later(TOGETHER, partial(self._begin, key))

    def stop(self) -> None:
        """Show nothing more."""
        for timer in self._waiting.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()

    def _begin(self, key: int) -> None:
        self._waiting.pop(key, None)
        task = asyncio.create_task(self._show(key), name=f"card of meeting {key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show(self, key: int) -> None:
        card = await self.card(key)
        if card is None:
            return
        for room_id in await clubs.rooms_of(self._database, card.club.id):
            for face in self._faces:
                if (room := self._rooms.get(room_id)) is not None:
                    face.refresh(room, card)
