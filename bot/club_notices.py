"""Telling single people of a club by approval: its hosts that somebody asks, and whoever asked what came of it.

What is to be told is on the agenda, in the transaction of what it is about: it is told once, and after a crash too.
Twitch has nothing private: there a chat welcomes by name, who asks and who is not let in is not said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiosqlite

from bot.agenda import Agenda
from bot.clock import DAY, Clock
from bot.clubs import Clubs, Request
from bot.storage import clubs as storage
from bot.storage import people as people_rows
from bot.storage.agenda import Due, Plan, Step
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import OPEN, Platform
from games.recurrence import Series, local_time

KIND: Final = "club-notice"

STEPS: Final = (Step(KIND, missed_after=3 * DAY // 1_000_000),)

ALOUD: Final = frozenset({"welcome"})
"""What may be said where everybody reads."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody, by one of their accounts on a platform."""

    person_id: int
    user_id: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody is told; `due_id` is what had it told, `waiting` how many ask to join."""

    due_id: int
    what: Request
    club: Club
    waiting: int


class Face(Protocol):
    """One platform's way to tell people. Nothing here waits."""

    platform: Platform

    def notify(self, room: Room, notice: Notice, to: Sequence[Account]) -> None:
        """Queue what they are told, each in private or all by name."""


class ClubNotices:
    """Tells people what becomes of a wish to join."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        clubs: Clubs,
        rooms: Mapping[int, Room],
        faces: Sequence[Face],
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._clubs = clubs
        self._rooms = rooms
        self._faces = faces
        agenda.on(KIND, self._settle, self._tell)
        clubs.on_request(self._plan, agenda.wake)

    async def _plan(
        self,
        transaction: aiosqlite.Connection,
        club: Club,
        what: Request,
        people: Sequence[int],
        read_in: Room | None,
    ) -> None:
        """Have people told; a chat in which the answer was given aloud is not told again."""
        if not people:
            return
        now = local_time(self._clock.wall(), "UTC").replace(microsecond=0)
        rooms = [self._rooms[key] for key in await self._clubs.rooms(club)]
        for platform, room in _homes(rooms).items():
            if platform in OPEN and (what not in ALOUD or room == read_in):
                continue
            options: dict[str, Any] = {
                "club": club.id,
                "what": what,
                "people": list(people),
                "platform": platform,
            }
            plan = Plan(KIND, Series(now, "UTC"), STEPS, room.id, options=options, shown=False)
            await self._agenda.plan(transaction, plan)

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Do nothing: what is told was written together with its plan."""

    async def _tell(self, due: Due) -> None:
        """Tell those whom it still concerns."""
        what: Request = due.options["what"]
        club = await self._clubs.by_id(due.options["club"])
        room = self._rooms.get(due.room_id or 0)
        if club is None or room is None:
            return
        standings = await storage.members(self._database, club.id)
        waiting = sum(standing == "asked" for standing in standings.values())
        if what == "asked" and not waiting:
            return
        concerned = [p for p in due.options["people"] if _concerned(what, standings.get(p))]
        found = await people_rows.accounts(self._database, concerned, due.options["platform"])
        to = [Account(person, user) for person, users in found.items() for user in users]
        for face in due.untold(self._faces):
            if to and face.platform == due.options["platform"]:
                face.notify(room, Notice(due.id, what, club, waiting), to)


def _homes(rooms: Sequence[Room]) -> dict[Platform, Room]:
    """Return the room of a club from which people of a platform are told."""
    homes: dict[Platform, Room] = {}
    for room in rooms:
        if room.discord_channel_id is not None:
            homes.setdefault("discord", room)
        if room.twitch_channel_id is not None:
            homes.setdefault("twitch", room)
    return homes


def _concerned(what: Request, standing: str | None) -> bool:
    """Whether something is still news to somebody who is this in the club by now."""
    match what:
        case "asked":
            return standing in ("host", "cohost")
        case "welcome":
            return standing not in (None, "asked")
        case "declined":
            return standing is None
