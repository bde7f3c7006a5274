"""Telling single people of a meeting: that a seat is theirs, that it is called off, that it has moved.

What is to be told is on the agenda, in the transaction of what it is about: it is told once, and after a crash too.
Only those are told who waited for a seat, or asked to be reminded of the meeting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

import aiosqlite

from bot.agenda import Agenda
from bot.clock import DAY, Clock
from bot.meeting_cards import MeetingCards
from bot.meeting_news import Card
from bot.storage import meetings
from bot.storage.agenda import Due, Plan, Step
from bot.storage.database import Database
from bot.storage.meetings import Addressee, Meeting
from bot.storage.rooms import Room
from games.core import Platform
from games.meeting import seat
from games.recurrence import Series, local_time

KIND: Final = "meeting-notice"

STEPS: Final = (Step(KIND, missed_after=DAY // 1_000_000),)

What = Literal["seat", "off", "moved"]


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told; `due_id` is what had it told."""

    due_id: int
    what: What
    card: Card


class Face(Protocol):
    """One platform's way to tell people. Nothing here waits."""

    platform: Platform

    def notify(self, room: Room, notice: Notice, to: Sequence[Addressee]) -> None:
        """Queue what they are told, each in private or all by name."""


class MeetingNotices:
    """Gives seats, and tells people."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        cards: MeetingCards,
        rooms: Mapping[int, Room],
        faces: Sequence[Face],
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._cards = cards
        self._rooms = rooms
        self._faces = faces
        agenda.on(KIND, self._settle, self._tell)

    async def seat(
        self, transaction: aiosqlite.Connection, meeting: Meeting, besides: int | None = None
    ) -> None:
        """Give a meeting's free seats to those who wait, and tell them all; whoever just answered knows already."""
        replies = await meetings.replies(transaction, meeting.id)
        seating = seat(replies, meeting.seats)
        await meetings.give_seats(transaction, meeting.id, seating.promoted)
        told = [person for person in seating.promoted if person != besides]
        for room_id, people in (await meetings.by_room(transaction, meeting.id, told)).items():
            await self._plan(transaction, room_id, meeting, "seat", people)

    async def tell(self, transaction: aiosqlite.Connection, meeting: Meeting, what: What) -> None:
        """Tell everybody who wants to be told of a meeting."""
        for room_id, people in (await meetings.wanting_by_room(transaction, meeting.id)).items():
            await self._plan(transaction, room_id, meeting, what, people)

    async def _plan(
        self,
        transaction: aiosqlite.Connection,
        room_id: int,
        meeting: Meeting,
        what: What,
        people: Sequence[int],
    ) -> None:
        now = local_time(self._clock.wall(), "UTC").replace(microsecond=0)
        options: dict[str, Any] = {"meeting": meeting.id, "what": what, "people": list(people)}
        plan = Plan(KIND, Series(now, "UTC"), STEPS, room_id, options=options, shown=False)
        await self._agenda.plan(transaction, plan)

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Do nothing: what is told was written together with its plan."""

    async def _tell(self, due: Due) -> None:
        what: What = due.options["what"]
        card = await self._cards.card(due.options["meeting"])
        room = self._rooms.get(due.room_id or 0)
        if card is None or room is None:
            return
        known = await meetings.addressees(self._database, card.meeting.id, due.options["people"])
        if what == "seat":
            known = [one for one in known if one.seated]
        for face in due.untold(self._faces):
            if to := [one for one in known if one.platform == face.platform]:
                face.notify(room, Notice(due.id, what, card), to)
