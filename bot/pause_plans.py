"""Reading pauses on the agenda: planning them from natural words, and starting each exactly once.

What is due is settled first and started then; the session that starts bears the number of what was due, in the same
transaction as itself. So a crash between any two steps neither loses a pause nor starts it twice.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, Protocol

import aiosqlite

from bot.agenda import REMINDERS, Agenda, Entry
from bot.batch import NotKeptError
from bot.clock import Clock
from bot.dispatcher import Untold
from bot.hall import Hall
from bot.hosts import Hosts
from bot.pause import Occasion, Pauses, Wish, lasting, read_wish
from bot.people import visible
from bot.rooms import Rooms
from bot.storage import sessions
from bot.storage.agenda import Due, Plan, Planned, Step
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.wording.pause import untitled
from bot.wording.speech import Speech
from games.core import Platform, Refusal, Role
from games.dates import WEEKDAYS, read_date
from games.readers import tidy_title
from games.recurrence import Series, instant, local_time

log = logging.getLogger(__name__)

KIND = "pause"

LATE_AFTER, MISSED_AFTER = 60, 1800
"""Seconds after which a planned pause is said to be late, and after which it is left out."""

STEPS = (
    *REMINDERS,
    Step("reminder", seconds=-600, missed_after=540),
    Step("pause-start", late_after=LATE_AFTER, missed_after=MISSED_AFTER, importance=1),
)

HOST_WITHIN = 1800.0
"""Seconds before the start within which a host who is there has said a word or pressed something."""

MOST_OFFERS = 100
"""Plans that wait for a host's confirmation."""

LONGEST_HOST = 40

Every = Literal["once", "day", "week"]

RULES: Mapping[Every, str] = {"once": "", "day": "FREQ=DAILY", "week": "FREQ=WEEKLY"}

_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_EVERY: Mapping[Every, re.Pattern[str]] = {
    "week": re.compile(
        r"\b(?:(?:chaque|toutes les) semaines?|hebdo(?:madaire)?|(?:every|each) week|weekly)\b",
        re.IGNORECASE,
    ),
    "day": re.compile(
        r"\b(?:(?:chaque|tous les) jours?|quotidienn?e?|(?:every|each) day|daily)\b", re.IGNORECASE
    ),
    "once": re.compile(r"\b(?:une (?:seule )?fois|once)\b", re.IGNORECASE),
}
"""How a text says how often."""

NAMED_DAY = re.compile(rf"\b(?:chaque|tous les|every|each)\s+({_WEEKDAY})s?\b", re.IGNORECASE)
HOLIDAYS = re.compile(
    r"\b(?:(?:sauf|hors|sans)(?: les)?(?: jours?)? f[eé]ri[eé]s?"
    r"|(?:except|without|no|not on)(?: public| bank)? holidays)\b",
    re.IGNORECASE,
)
_HOST = re.compile(r"\b(?:host|animation)\s*:\s*(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PauseWish:
    """A pause to be planned: from when (local), how often, what it is like, and who is to host it, if anybody is."""

    first: datetime
    every: Every
    wish: Wish
    host: str = ""
    holidays: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A planned pause that does not start because something else is on."""

    title: str
    running: str


class Face(Protocol):
    """One platform's way to tell a room. Nothing here waits."""

    platform: Platform

    def left_out(self, room: Room, event: LeftOut) -> None:
        """Queue what its users see of it."""


def make_plan(
    when: str, every: Every, wish: Wish, host: str, *, holidays: bool, now: int, zone: str
) -> PauseWish:
    """Build a plan from chosen options; "every Tuesday" in `when` says how often, too.

    Raises:
        Refusal: as `games.dates.read_date`.
    """
    date, said = _take_every(when)
    return PauseWish(
        read_date(date, now, zone), said or every, wish, _clean(host), holidays=holidays
    )


def read_plan(text: str, now: int, zone: str) -> PauseWish:
    """Read "Tuesday 6:30 pm every week long aloud host:Camille except holidays Title"; all but the date is optional.

    Raises:
        Refusal: as `games.dates.read_date` and `bot.pause.read_wish`.
    """
    host = _HOST.search(text)
    text = _HOST.sub(" ", text)
    holidays = HOLIDAYS.search(text) is not None
    date, every, rest = _split(HOLIDAYS.sub(" ", text), now, zone)
    named = (host[1] or host[2] or "") if host is not None else ""
    return PauseWish(date, every or "once", read_wish(rest), _clean(named), holidays=holidays)


def _split(text: str, now: int, zone: str) -> tuple[datetime, Every | None, str]:
    """Return the date that a text begins with, how often it says, and what follows."""
    for every, pattern in _EVERY.items():
        if (found := pattern.search(text)) is None:
            continue
        before, after = text[: found.start()], text[found.end() :]
        if (date := _date(before, now, zone)) is not None:
            return date, every, after
        date, rest = leading_date(f"{before} {after}", now, zone)
        return date, every, rest
    plain, every_named = _take_every(text)
    date, rest = leading_date(plain, now, zone)
    return date, every_named, rest


def _take_every(text: str) -> tuple[str, Every | None]:
    if NAMED_DAY.search(text):
        return NAMED_DAY.sub(r"\1", text), "week"
    for every, pattern in _EVERY.items():
        if pattern.search(text):
            return pattern.sub(" ", text), every
    return text, None


def leading_date(text: str, now: int, zone: str) -> tuple[datetime, str]:
    """Return the date that the most words at the beginning mean, and the words after those that say it.

    "Le" in "mardi 18h30 Le Horla" adds nothing to the date: it begins what follows.
    """
    words = text.split()
    for count in range(min(len(words), 8), 0, -1):
        date = _date(" ".join(words[:count]), now, zone)
        if date is not None:
            said = _enough(words[:count], date, now, zone)
            return date, " ".join(words[said:])
    return read_date(text.strip(), now, zone), ""


def _enough(words: Sequence[str], date: datetime, now: int, zone: str) -> int:
    """Return how many of these words are enough to say the date."""
    for count in range(len(words) - 1, 0, -1):
        try:
            shorter = read_date(" ".join(words[:count]), now, zone)
        except Refusal:
            return count + 1
        if shorter != date:
            return count + 1
    return 1


def _date(text: str, now: int, zone: str) -> datetime | None:
    try:
        return read_date(text.strip(), now, zone)
    except Refusal as problem:
        if problem.code == "date-unread":
            return None
        raise


def _clean(host: str) -> str:
    return visible(host)[:LONGEST_HOST].strip()


class PausePlans:
    """Plans pauses, and starts those that are due."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        hall: Hall,
        rooms: Rooms,
        pauses: Pauses,
        hosts: Hosts,
        faces: Sequence[Face],
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._hall = hall
        self._rooms = rooms
        self._pauses = pauses
        self._hosts = hosts
        self._faces = faces
        self._offers: dict[int, tuple[Room, PauseWish]] = {}
        self._highest = 0
        agenda.on("pause-start", self._settle, self._start)

    def now(self, room: Room) -> datetime:
        """Return what a room's clocks show."""
        return local_time(self._clock.wall(), room.zone)

    def read(self, room: Room, text: str) -> PauseWish:
        """Read a plan as typed in a room; see `read_plan`."""
        return read_plan(text, self._clock.wall(), room.zone)

    def make(
        self, room: Room, when: str, every: Every, wish: Wish, host: str, *, holidays: bool
    ) -> PauseWish:
        """Build a plan from chosen options; see `make_plan`."""
        now = self._clock.wall()
        return make_plan(when, every, wish, host, holidays=holidays, now=now, zone=room.zone)

    async def clashes(self, room: Room, plan: PauseWish) -> list[Entry]:
        """Return what else is in this room at the same time; it forbids nothing."""
        series = _series(room, plan)
        return await self._agenda.conflicts([room.id], series, lasting(plan.wish))

    def offer(self, room: Room, plan: PauseWish, role: Role) -> int:
        """Keep a plan until a host confirms it, in this run; return its number.

        Raises:
            Refusal: `hosts-only`, `plan-no-day`.
        """
        _check(room, plan, role)
        self._highest += 1
        self._offers[self._highest] = (room, plan)
        if len(self._offers) > MOST_OFFERS:
            del self._offers[next(iter(self._offers))]
        return self._highest

    async def accept(self, number: int, role: Role) -> tuple[Room, PauseWish]:
        """Plan what was offered; return it.

        Raises:
            Refusal: `hosts-only`, `plan-gone`, `date-past`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        offered = self._offers.pop(number, None)
        if offered is None:
            raise Refusal("plan-gone")
        await self.plan(*offered, role)
        return offered

    async def plan(self, room: Room, plan: PauseWish, role: Role) -> None:
        """Plan a pause.

        Raises:
            Refusal: `hosts-only`, `date-past`, `plan-no-day`.
        """
        series = _check(room, plan, role)
        if instant(plan.first, room.zone) <= self._clock.wall():
            raise Refusal("date-past")
        title = tidy_title(plan.wish.title) or untitled(Speech(room.locale))
        options = {**asdict(plan.wish), "host": plan.host}
        minutes = lasting(plan.wish)
        drawn_up = Plan(KIND, series, STEPS, room.id, None, title, options, minutes=minutes)
        async with self._agenda.transaction() as transaction:
            await self._agenda.plan(transaction, drawn_up)

    async def unplan(self, room: Room, text: str, role: Role) -> str:
        """End a planned series whole, named by its title or, when there is but one, by nothing; return its title.

        Raises:
            Refusal: `hosts-only`, `no-plan`, `which-plan`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        async with self._agenda.transaction() as transaction:
            planned = await self._agenda.of_kind(transaction, room.id, KIND)
            chosen = _chosen(planned, text)
            await self._agenda.end(transaction, chosen.id)
        return chosen.plan.title

    async def titles(self, room: Room) -> list[str]:
        """Return what the pauses planned in a room are called."""
        async with self._agenda.transaction() as transaction:
            planned = await self._agenda.of_kind(transaction, room.id, KIND)
        return list(dict.fromkeys(one.plan.title for one in planned))

    async def _settle(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Write nothing: that it was due is what is kept, and `_start` finds what became of it."""

    async def _start(self, due: Due) -> None:
        """Start what is due, unless it has started or something else is on."""
        room = self._rooms.by_id[due.room_id or 0]
        if await sessions.was_started(self._database, room.id, due.id, due.due_at):
            return
        late = (self._clock.wall() - due.due_at) / 1_000_000
        if late > MISSED_AFTER:
            log.warning("room %d: a planned pause could not start in time", room.id)
            return
        running = self._hall.running(room.id)
        if running is not None:
            event = LeftOut(due.title, running.activity.scene().title)
            for face in due.untold(self._faces):
                face.left_out(room, event)
            return
        wish, host = _wish(due.options, due.title)
        alone = bool(host) and self._hosts.absent(room.id, HOST_WITHIN)
        occasion = Occasion(due.id, host, late if late > LATE_AFTER else 0.0, alone=alone)
        try:
            await self._pauses.start_planned(room, wish, occasion).committed()
        except NotKeptError as error:
            raise Untold from error
        except Refusal as problem:
            if problem.code in ("closing", "not-kept"):
                raise Untold from problem
            raise


def _check(room: Room, plan: PauseWish, role: Role) -> Series:
    if role < Role.HOST:
        raise Refusal("hosts-only")
    series = _series(room, plan)
    if next(series.following(), None) is None:
        raise Refusal("plan-no-day")
    return series


def _series(room: Room, plan: PauseWish) -> Series:
    holidays = "fr" if plan.holidays else ""
    return Series(plan.first, room.zone, RULES[plan.every], holidays=holidays)


def _chosen(planned: Sequence[Planned], text: str) -> Planned:
    title = tidy_title(text).casefold()
    found = [one for one in planned if not title or one.plan.title.casefold() == title]
    if not found:
        raise Refusal("no-plan")
    if len(found) > 1 and not title:
        titles = ", ".join(dict.fromkeys(one.plan.title for one in found))
        raise Refusal("which-plan", titles=titles)
    return found[0]


def _wish(options: Mapping[str, Any], title: str) -> tuple[Wish, str]:
    kept = {key: value for key, value in options.items() if key != "host"}
    return replace(Wish(**kept), title=title), str(options.get("host", ""))
