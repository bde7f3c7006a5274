"""Recurrence: a series of dates in a place's own time, and the instants they fall on.

A rule is expanded in local time and each date is then placed in its zone, so that a weekly 18:30 stays at 18:30
whatever the clocks do. Nothing here knows what time it is; instants are microseconds since 1970, UTC.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import cache
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.easter import easter
from dateutil.rrule import rrulestr

LONGEST_YEARS = 30
"""Years after its first date at which any series ends, so that a rule that names no day ends too."""

_NUMBER = r"[1-9]\d{0,3}"
_DAYS = r"(?:[+-]?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"
PARTS: Mapping[str, str] = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": _NUMBER,
    "COUNT": _NUMBER,
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYDAY": rf"{_DAYS}(?:,{_DAYS})*",
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
}
"""What any rule may hold: RFC 5545, section 3.3.10, without what makes several times in a day."""

MONTHLY_PARTS: Mapping[str, str] = {
    "BYMONTHDAY": r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*",
    "BYSETPOS": r"-?[1-5]",
}
"""What a monthly or yearly rule may hold besides."""

_SECOND = timedelta(seconds=1)
_WIDEST = timedelta(days=2)
"""More than any zone is away from UTC, and than any clock was ever put forward."""


class Reading(Enum):
    """What a local time is in its zone."""

    ONCE = "once"
    TWICE = "twice"
    NEVER = "never"


def reading(local: datetime, zone: str) -> Reading:
    """Return whether a local time exists, comes twice (clocks go back) or never (clocks go forward)."""
    early, late = _offsets(local, zone)
    if early == late:
        return Reading.ONCE
    return Reading.TWICE if early > late else Reading.NEVER


def instant(local: datetime, zone: str) -> int:
    """Return when a local time is, in microseconds since 1970, UTC.

    Of a time that comes twice it is the first; for one that never comes it is the first instant after the gap
    (02:30 in Paris on the last Sunday of March is 03:00).
    """
    early, late = _offsets(local, zone)
    utc = local - early
    if early < late:
        utc = _transition(local - late, utc, zone)
    return round((utc - datetime(1970, 1, 1)) / timedelta(microseconds=1))  # noqa: DTZ001 (both naive, in UTC)


def local_time(at: int, zone: str) -> datetime:
    """Return what the clocks of a zone show at an instant, without the zone."""
    moment = datetime.fromtimestamp(at // 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return moment.replace(tzinfo=None, fold=0)


def _offsets(local: datetime, zone: str) -> tuple[timedelta, timedelta]:
    """Return the offsets from UTC before and after a change of time at this local time; equal when there is none."""
    place = ZoneInfo(zone)
    early = local.replace(tzinfo=place, fold=0).utcoffset()
    late = local.replace(tzinfo=place, fold=1).utcoffset()
    return early or timedelta(), late or timedelta()


def _transition(before: datetime, after: datetime, zone: str) -> datetime:
    """Return the first second (naive, UTC) of the offset that holds at `after`, where another held at `before`."""
    place = ZoneInfo(zone)
    new = place.utcoffset(after.replace(tzinfo=UTC).astimezone(place))
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        if place.utcoffset(middle.replace(tzinfo=UTC).astimezone(place)) == new:
            after = middle
        else:
            before = middle
    return after


@cache
def french_holidays(year: int) -> frozenset[date]:
    """Return the eleven public holidays of France (Code du travail, article L3133-1)."""
    sunday = easter(year)
    fixed = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
    moving = (1, 39, 50)  # Easter Monday, Ascension, Whit Monday
    return frozenset(
        [date(year, month, day) for month, day in fixed]
        + [sunday + timedelta(days=days) for days in moving]
    )


HOLIDAYS: Mapping[str, Callable[[int], frozenset[date]]] = {"fr": french_holidays}
"""The calendars of holidays that a series can leave out, by name."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: which one it is (its place in the rule), and when it takes place."""

    original: datetime
    starts_at: int
    local: datetime


@dataclass(frozen=True, slots=True)
class Series:
    """Dates that come again: a first local date-time in an IANA zone, and an RFC 5545 rule, empty for one date.

    The rule counts from `first`, which is itself an occurrence only if the rule says so. An UNTIL that is a day
    includes that day. `exdates` fall out; `moved` tells where single occurrences went, None for one that is cancelled;
    what falls on a day of the `holidays` called so falls out unless it was moved. All dates are local and naive.

    Raises:
        ValueError: no such zone or calendar, or a rule that cannot be read, names no day or several times in a day.
    """

    first: datetime
    zone: str
    rule: str = ""
    exdates: frozenset[datetime] = frozenset()
    moved: Mapping[datetime, datetime | None] = field(default_factory=dict)
    holidays: str = ""

    def __post_init__(self) -> None:
        if self.first.tzinfo is not None:
            raise ValueError("a series begins at a local time, without a zone of its own")
        if self.holidays and self.holidays not in HOLIDAYS:
            raise ValueError(f"no holidays are known as {self.holidays!r}")
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no zone is known as {self.zone!r}") from error
        if next(self._dates(self.first), None) is None:
            raise ValueError(f"the rule {self.rule!r} names no day")

    def occurrences(self, after: int, before: int | None = None) -> Iterator[Occurrence]:
        """Yield what takes place from `after` on and earlier than `before` (None: without end), soonest first."""
        regular = self._regular(local_time(after, self.zone) - _WIDEST)
        every = heapq.merge(regular, sorted(self._elsewhere(), key=_start), key=_start)
        for occurrence in every:
            if before is not None and occurrence.starts_at >= before:
                return
            if occurrence.starts_at >= after:
                yield occurrence

    def following(self, original: datetime | None = None) -> Iterator[Occurrence]:
        """Yield what takes place, in the rule's own order, after that occurrence (None: from the first on)."""
        for local in self._dates(original or self.first):
            if original is not None and local <= original:
                continue
            moved = self.moved.get(local)
            if moved is not None:
                yield self._at(local, moved)
            elif self.stays(local):
                yield self._at(local, local)

    def dates(self, before: datetime) -> Iterator[datetime]:
        """Yield every date that the rule makes earlier than `before`, whatever became of it."""
        return takewhile(before.__gt__, self._dates(self.first))

    def stays(self, local: datetime) -> bool:
        """Return whether a date of the rule takes place just as the rule has it."""
        return local not in self.exdates and local not in self.moved and not self._is_holiday(local)

    def pattern(self) -> str:
        """Return the rule without what says when it ends, as RFC 5545 writes it; empty for one date."""
        if not self.rule:
            return ""
        parts = _parts(self.rule)
        if parts["FREQ"] in ("DAILY", "WEEKLY") and "BYDAY" in parts:
            parts["BYDAY"] = re.sub(
                r"[+-]?\d", "", parts["BYDAY"]
            )  # not allowed there, and ignored
        return ";".join(f"{k}={v}" for k, v in parts.items() if k not in ("COUNT", "UNTIL"))

    def holds(self, original: datetime) -> bool:
        """Return whether the rule makes this date, whatever became of it."""
        return original in islice(self._dates(original), 1)

    def _is_holiday(self, local: datetime) -> bool:
        return bool(self.holidays) and local.date() in HOLIDAYS[self.holidays](local.year)

    def _regular(self, start: datetime) -> Iterator[Occurrence]:
        return (self._at(local, local) for local in self._dates(start) if self.stays(local))

    def _elsewhere(self) -> Iterator[Occurrence]:
        return (self._at(old, new) for old, new in self.moved.items() if new is not None)

    def _at(self, original: datetime, local: datetime) -> Occurrence:
        return Occurrence(original, instant(local, self.zone), local)

    def _dates(self, start: datetime) -> Iterator[datetime]:
        """Yield the dates that the rule makes from `start` on, exceptions or not."""
        if not self.rule:
            return iter([self.first] if self.first >= start else [])
        parts = _parts(self.rule)
        end = self.first + timedelta(days=366 * LONGEST_YEARS)
        if (until := parts.pop("UNTIL", None)) is not None:
            end = min(end, _until(until, self.zone))
        count = parts.pop("COUNT", None)
        begin = self.first if count else _nearer(self.first, start, parts)
        text = ";".join(f"{name}={value}" for name, value in parts.items())
        dates = islice(iter(rrulestr(text, dtstart=begin)), int(count) if count else None)
        return (local for local in takewhile(end.__ge__, dates) if local >= start)


def overlapping(
    mine: Iterable[Occurrence], minutes: int, theirs: Iterable[Occurrence], their_minutes: int
) -> Iterator[Occurrence]:
    """Yield those of `theirs` that share a moment with one of `mine`; each is soonest first and lasts its minutes.

    What ends as something else begins shares no moment with it.
    """
    length, their_length = (max(1, each) * 60_000_000 for each in (minutes, their_minutes))
    coming = iter(mine)
    own = next(coming, None)
    for their in theirs:
        while own is not None and own.starts_at + length <= their.starts_at:
            own = next(coming, None)
        if own is None:
            return
        if own.starts_at < their.starts_at + their_length:
            yield their


def _start(occurrence: Occurrence) -> int:
    return occurrence.starts_at


def _parts(rule: str) -> dict[str, str]:
    """Return a rule's parts; raises `ValueError` for what is none of ours."""
    parts: dict[str, str] = {}
    for part in rule.removeprefix("RRULE:").upper().split(";"):
        name, _, value = part.partition("=")
        if name in parts:
            raise ValueError(f"a rule says {name} once")
        parts[name] = value
    known = {**PARTS, **MONTHLY_PARTS} if parts.get("FREQ") in ("MONTHLY", "YEARLY") else PARTS
    for name, value in {"FREQ": "", **parts}.items():
        if name not in known or not re.fullmatch(known[name], value):
            raise ValueError(f"this rule cannot hold {name[:20]}={value[:40]}")
    return parts


def _until(text: str, zone: str) -> datetime:
    """Return the last local time of a rule: RFC 5545 gives it in UTC, people give a day."""
    if re.fullmatch(r"\d{8}", text):
        return datetime.combine(_day(text), time(23, 59, 59))
    clock = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 (its zone is looked at next)
    if not text.endswith("Z"):
        return clock
    return clock.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _nearer(first: datetime, start: datetime, parts: Mapping[str, Any]) -> datetime:
    """Return a later date from which a daily or weekly rule makes the same dates, so that old series stay quick.

    Whole periods of INTERVAL weeks leave weekdays and intervals where they were.
    """
    if parts["FREQ"] not in ("DAILY", "WEEKLY") or set(parts) - {"FREQ", "INTERVAL", "BYDAY"}:
        return first
    period = timedelta(days=7 * int(parts.get("INTERVAL", "1")))
    return first + period * max(0, (start - first) // period - 1)
