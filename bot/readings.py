"""What was read in pauses that are over: settling, sums of rooms and network, one's own record, goals, corrections.

The network's sums are kept in memory, too, so that the end of a pause can be told without waiting for the disk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import aiosqlite

from bot.batch import Ended
from bot.clock import DAY, Clock
from bot.people import People, Visitor
from bot.seasons import season_of
from bot.storage import readings
from bot.storage.database import Database
from bot.storage.readings import OwnSum, ReaderRow, Sum, Where
from bot.storage.rooms import Room
from games.core import Refusal
from games.pause import Pause
from games.readers import Totals
from games.reading_log import Amount, Unit, read_goal

CORRECTABLE = 7 * DAY
"""For how long after its end a pause can be corrected, in microseconds."""

FROZEN = 1
"""Weeks that one may miss before a streak begins anew."""

NOTHING = Sum(0, Totals())


@dataclass(frozen=True, slots=True)
class Season:
    """What the whole network read since a season began."""

    began: date
    totals: Totals


@dataclass(frozen=True, slots=True)
class OwnReading:
    """What somebody sees of their own reading, since the season began and in all; `streak` counts weeks."""

    began: date
    traceless: bool
    season: OwnSum
    ever: OwnSum
    streak: int
    best_streak: int
    best_pages: int
    best_minutes: int
    goal: Amount | None

    @property
    def towards(self) -> int:
        """What was read this season in the goal's unit."""
        match self.goal:
            case Amount("minutes"):
                return self.season.minutes
            case Amount("chapters"):
                return self.season.chapters
            case _:
                return self.season.pages


@dataclass(frozen=True, slots=True)
class Together:
    """What was read in pauses: in one room and in all since the season began, and in all ever."""

    began: date
    room: Sum
    network: Sum
    ever: Sum


def week_of(at: int, zone: str) -> int:
    """Return the number of the week of `at` (microseconds, UTC) in a room's own time; weeks begin on Monday."""
    local = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return (local.toordinal() - 1) // 7


def plus(one: Totals, other: Totals) -> Totals:
    """Return two totals as one."""
    return Totals(
        one.readers + other.readers,
        one.logged + other.logged,
        one.pages + other.pages,
        one.minutes + other.minutes,
        one.chapters + other.chapters,
        one.percents + other.percents,
        one.present + other.present,
    )


class Readings:
    """Settles pauses and answers questions about what was read in them."""

    def __init__(
        self, database: Database, people: People, clock: Clock, *, season_start: tuple[int, int]
    ) -> None:
        self._database = database
        self._people = people
        self._clock = clock
        self._season_start = season_start
        self._network: dict[int, Sum] = {}

    async def load(self) -> None:
        """Read the network's sums."""
        self._network = await readings.of_network(self._database)

    async def settle(
        self, transaction: aiosqlite.Connection, ended: Ended
    ) -> Callable[[], None] | None:
        """Write what a pause that ended leaves behind; see `bot.batch.Settler`."""
        session, pause = ended.session, ended.session.activity
        if not isinstance(pause, Pause) or not pause.begun:
            return None
        where = self._where(session.id, session.room, ended.at)
        traced = [one for one in pause.readings() if not self._people.traceless(one.player.id)]
        network = await readings.settle(transaction, where, pause.totals(), traced)
        return partial(self._network.update, {where.season: network}) if network else None

    def season(self, room: Room, unsettled: Totals = NOTHING.totals) -> Season:
        """Return all that the network read this season, a pause that is not settled yet included."""
        season = self._season(room)
        totals = plus(self._network.get(season, NOTHING).totals, unsettled)
        return Season(self._began(season), totals)

    async def together(self, room: Room) -> Together:
        """Return what was read together."""
        season = self._season(room)
        here = await readings.of_room(self._database, room.id, season)
        seasons = await readings.of_network(self._database)
        ever = NOTHING
        for one in seasons.values():
            ever = Sum(ever.pauses + one.pauses, plus(ever.totals, one.totals))
        return Together(self._began(season), here, seasons.get(season, NOTHING), ever)

    async def own(self, visitor: Visitor, room: Room) -> OwnReading:
        """Return what is kept of somebody's reading; raises `Refusal` (`nothing-kept`) for somebody unknown."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            raise Refusal("nothing-kept")
        week, season = week_of(self._clock.wall(), room.zone), self._season(room)
        here, ever, row = await readings.of_person(self._database, person.id, season, week)
        streak = row.streak if row.missed <= FROZEN else 0
        return OwnReading(
            self._began(season),
            person.traceless,
            here,
            ever,
            streak,
            row.best_streak,
            row.best_pages,
            row.best_minutes,
            _goal(row),
        )

    async def set_goal(self, visitor: Visitor, text: str) -> Amount | None:
        """Keep what somebody wants to read in a season, or forget it when `text` is empty; return it.

        Raises:
            Refusal: `traceless-no-goal`, or as `games.reading_log.read_goal`.
        """
        goal = read_goal(text) if text.strip() else None
        async with self._people.recording(visitor) as (person, transaction):
            if person.traceless:
                raise Refusal("traceless-no-goal")
            await readings.set_goal(
                transaction,
                person.id,
                goal.amount if goal else None,
                goal.unit if goal else None,
            )
        return goal

    async def export(self, visitor: Visitor) -> list[tuple[str, str, int, int, int, int, int, int]]:
        """Return every pause kept of the visitor; empty for somebody unknown."""
        person = self._people.find(visitor.platform, visitor.user_id)
        return await readings.of_all(self._database, person.id) if person else []

    async def last_readers(self, room: Room) -> tuple[int | None, list[int]]:
        """Return the room's last pause that can still be corrected, and the people of whom something is kept in it."""
        since = self._clock.wall() - CORRECTABLE
        session_id = await readings.last_pause(self._database, room.id, since)
        if session_id is None:
            return None, []
        return session_id, await readings.readers_of(self._database, session_id)

    async def correct(self, session_id: int, person_id: int, amount: Amount) -> None:
        """Set what somebody read in a pause that is over; raises `Refusal` (`not-a-reader`) when nothing is kept."""
        async with self._database.transaction() as transaction:
            if not await readings.correct(
                transaction, session_id, person_id, amount.unit, amount.amount
            ):
                raise Refusal("not-a-reader")
        await self.load()

    def _where(self, session_id: int, room: Room, at: int) -> Where:
        season = season_of(at, room.zone, self._season_start)
        return Where(session_id, room.id, season, week_of(at, room.zone), at)

    def _season(self, room: Room) -> int:
        return season_of(self._clock.wall(), room.zone, self._season_start)

    def _began(self, season: int) -> date:
        return date(season, *self._season_start)


def _goal(row: ReaderRow) -> Amount | None:
    unit: Unit | None = next(
        (one for one in ("pages", "minutes", "chapters") if one == row.goal_unit), None
    )
    return Amount(unit, row.goal) if unit and row.goal else None
