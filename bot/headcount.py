"""Counting people without an account: what staff type, what it belongs to, and a session's whole attendance.

A count belongs to the session that runs in the room, else to the last one if it ended within `LATE_HOURS`, else to the
room and the day. For each place and class of age the last number counts.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.clock import Clock
from bot.hall import Hall
from bot.people import People
from bot.storage import headcount as storage
from bot.storage.database import Database
from bot.storage.headcount import Occasion
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.headcount import CLASSES, MOST, AgeClass, Counts, add_up
from games.matching import key_of
from games.recurrence import local_time

LATE_HOURS = 12
"""Hours for which a session that has ended can still be counted."""

HOUR = 3600 * 1_000_000
"""Microseconds, as wall times are."""

LONGEST_PLACE = 80

EXAMPLE = "!presence 0-5:3 6-11:12 65+:4 @ Salle 2"
"""What staff may type."""

WORDS: Mapping[AgeClass, tuple[str, ...]] = {
    "0-5": ("0-5", "toddlers", "babies", "tout-petits", "tout petits", "bebes"),
    "6-11": ("6-11",),
    "12-14": ("12-14",),
    "15-17": ("15-17",),
    "18-64": ("18-64", "adults", "adult", "adultes", "adulte"),
    "65+": (
        *("65+", "+65", "65 plus", "65 and over", "65 or over", "over 65", "65 et plus", "65 ou plus"),
        *("plus de 65", "seniors", "senior", "aines"),
    ),
    "unknown": (
        *("unknown", "?", "age unknown", "people", "inconnu", "inconnus", "age inconnu", "nc"),
        *("personnes", "personne"),
    ),
}  # fmt: skip
"""The words for each class of age, as they are compared. A word for several of them ("children") is none."""

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_YEARS = re.compile(r"(?<=[0-9+])\s*(?:ans|years old|years|yo)\b|\b(?:ans|years)\b")
_BETWEEN = re.compile(r"(?<=[0-9])\s*(?:-|/|\ba\b|\bto\b)\s*(?=[0-9])")
_CELL = re.compile(r"[\s,;]*(?:(?:et|and)\s)?\s*([^:=,;]+?)\s*[:=]\s*([^\s,;:=]+)")
_PHRASE = re.compile(r"(\S+)\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """What staff counted, and where (empty when not said)."""

    counts: Counts
    place: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """What was counted in one place."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was there: `accounts` that took part (`untraced` of them without trace), and people counted by place.

    `title` and `session_id` are the session's; outside one they are empty and None, and `day` is set.
    """

    session_id: int | None
    title: str
    day: date | None
    accounts: int
    untraced: int
    places: tuple[Place, ...]

    @property
    def counts(self) -> Counts:
        """People by class of age, over all places."""
        return add_up([place.counts for place in self.places])

    @property
    def headcount(self) -> int:
        """People counted."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Noted:
    """What was just counted, where, and what it belongs to (a session's title, or a day)."""

    entry: Entry
    title: str
    day: date | None


def class_of(label: str) -> AgeClass | None:
    """Return the class of age that a label means."""
    spread = unicodedata.normalize("NFKD", _DASHES.sub("-", label)).casefold()
    plain = "".join(char for char in spread if not unicodedata.combining(char))
    joined = _BETWEEN.sub("-", _YEARS.sub("", plain))
    folded = re.sub(r"\s*\+\s*", "+", " ".join(joined.split()))
    return next((age for age, words in WORDS.items() if folded in words), None)


def make_entry(counts: Mapping[AgeClass, int | None], place: str) -> Entry:
    """Build an entry from chosen options, those left empty aside.

    Raises:
        Refusal: `usage`, `no-number`.
    """
    given = {age: _number(str(count)) for age, count in counts.items() if count is not None}
    if not given:
        raise Refusal("usage", usage=EXAMPLE)
    return Entry(given, clean_place(place))


def read_entry(text: str) -> Entry:
    """Read "0-5:3 6-11:12 65+:4 @ place", "12 adults, 4 seniors @ place", or a number alone.

    Raises:
        Refusal: `usage`, `headcount-class`, `headcount-twice`, `no-number`.
    """
    body, _, place = text.partition("@")
    cells = _cells if re.search("[:=]", body) else _phrases
    counts: dict[AgeClass, int] = {}
    for label, number in cells(body):
        age = class_of(label)
        if age is None:
            raise Refusal("headcount-class", text=label[:40])
        if age in counts:
            raise Refusal("headcount-twice", text=label[:40])
        counts[age] = _number(number)
    if not counts:
        raise Refusal("usage", usage=EXAMPLE)
    return Entry(counts, clean_place(place))


def clean_place(text: str) -> str:
    """Return a place without control characters, at most `LONGEST_PLACE` long; may be empty."""
    kept = "".join(char for char in text if char.isprintable() or char.isspace())
    return " ".join(kept.split())[:LONGEST_PLACE].strip()


class Headcounts:
    """What staff count."""

    def __init__(self, database: Database, people: People, hall: Hall, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._hall = hall
        self._clock = clock
        self._counted: dict[int, int] = {}

    async def load(self) -> None:
        """Read what was counted in the sessions that go on."""
        self._counted = await storage.of_sessions(self._database)

    def counted(self, session_id: int) -> int:
        """Return how many people were counted in a session of this run, without waiting."""
        return self._counted.get(session_id, 0)

    async def add(self, room: Room, entry: Entry, role: Role) -> Noted:
        """Keep what was counted; a number given before is corrected.

        Raises:
            Refusal: `hosts-only`; `not-kept`, when the session it belongs to could not be kept.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        occasion = await self._occasion(room)
        key = key_of(entry.place, "fr") or entry.place.casefold()
        try:
            async with self._database.transaction() as transaction:
                place = await storage.record(
                    transaction, occasion, entry.place, key, entry.counts, self._clock.wall()
                )
        except sqlite3.IntegrityError as error:  # the session was taken back meanwhile
            raise Refusal("not-kept") from error
        if occasion.session_id is not None:
            attendance = await self._attendance(occasion)
            self._counted[occasion.session_id] = attendance.headcount
        title, day = await self._named(occasion)
        return Noted(Entry(entry.counts, place), title, day)

    async def present(self, room: Room) -> Attendance:
        """Return the attendance of what a count would belong to now."""
        return await self._attendance(await self._occasion(room))

    async def attendance(self, session_id: int) -> Attendance:
        """Return everybody who was at a session: accounts, and people counted.

        Raises:
            LookupError: there is no such session.
        """
        line = await storage.session_line(self._database, session_id)
        if line is None:
            raise LookupError(session_id)
        return await self._attendance(Occasion(line.room_id, session_id, None))

    async def of_day(self, room: Room, day: date) -> Attendance:
        """Return the people counted in a room on a day, outside any session."""
        return await self._attendance(Occasion(room.id, None, day.isoformat()))

    async def _occasion(self, room: Room) -> Occasion:
        """Return what a count belongs to; whatever was played until now is on disk then."""
        running, now = self._hall.running(room.id), self._clock.wall()
        await self._hall.flush()
        if running is not None:
            return Occasion(room.id, running.id, None)
        since = now - LATE_HOURS * HOUR
        ended = await storage.last_ended(self._database, room.id, since)
        day = local_time(now, room.zone).date().isoformat() if ended is None else None
        return Occasion(room.id, ended, day)

    async def _attendance(self, occasion: Occasion) -> Attendance:
        title, day = await self._named(occasion)
        accounts, untraced = await self._accounts(occasion.session_id)
        places: dict[str, dict[AgeClass, int]] = {}
        for name, age, people in await storage.counts(self._database, occasion):
            places.setdefault(name, {})[age] = people
        found = tuple(Place(name, add_up([counts])) for name, counts in places.items())
        return Attendance(occasion.session_id, title, day, accounts, untraced, found)

    async def _named(self, occasion: Occasion) -> tuple[str, date | None]:
        if occasion.session_id is None:
            return "", date.fromisoformat(occasion.day or "")
        line = await storage.session_line(self._database, occasion.session_id)
        return line.title if line else "", None

    async def _accounts(self, session_id: int | None) -> tuple[int, int]:
        """Return how many accounts took part, and how many of these without trace, so far or in all."""
        if session_id is None:
            return 0, 0
        for session in self._hall.sessions():
            if session.id == session_id:
                players = [part.player.id for part in session.activity.record()]
                return len(players), sum(map(self._people.traceless, players))
        line = await storage.session_line(self._database, session_id)
        return (line.players, line.untraced) if line else (0, 0)


def _cells(body: str) -> Iterator[tuple[str, str]]:
    """Yield (label, number) of "0-5:3 6-11:12"."""
    end = 0
    while match := _CELL.match(body, end):
        yield match[1], match[2]
        end = match.end()
    if rest := body[end:].strip(" ,;"):
        raise Refusal("headcount-class", text=rest[:40])


def _phrases(body: str) -> Iterator[tuple[str, str]]:
    """Yield (label, number) of "12 adults, 4 seniors"; a number alone is of people of unknown age."""
    for part in filter(
        None, (part.strip() for part in re.split(r"[,;]|\s(?:et|and)\s(?=\d)", body))
    ):
        if match := _PHRASE.fullmatch(part):
            yield match[2], match[1]
        elif part.isdecimal():
            yield CLASSES[-1], part
        else:
            raise Refusal("usage", usage=EXAMPLE)


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) > MOST:
        raise Refusal("no-number", text=text[:12], least=0, most=MOST)
    return int(text)
