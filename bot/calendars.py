"""Plans as an iCalendar file (RFC 5545), which calendars elsewhere read.

Only what is passed in decides, so that the same plans give the same bytes. What the format cannot say as it is meant
here is written date by date: a time in the gap of spring is the first instant after it with us, and an hour later in
RFC 5545.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vRecur,
    vText,
    vUri,
)

from games.recurrence import Reading, Series, instant, local_time, reading

AHEAD_YEARS = 2
"""Whole years ahead that are written out; a calendar that asks again learns of what follows."""

REFRESH = timedelta(hours=1)
"""How often calendars elsewhere are asked to look again."""

_DOMAIN = "ensemble"
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Appointment:
    """A plan for other calendars: what it is called, cancelled too, and where it is; `url` may be empty."""

    uid: str
    revision: int
    changed_at: int
    series: Series
    minutes: int
    title: str
    cancelled: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class _Time:
    """A change of the clocks: when (naive, UTC), from and to which offset, and what the time is called then."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


def horizon(year: int) -> datetime:
    """Return when (local) what is written in a year ends."""
    return datetime(year + AHEAD_YEARS + 1, 1, 1)  # noqa: DTZ001 (local in each series' own zone)


def build(
    name: str, appointments: Sequence[Appointment], locale: str, zone: str, year: int
) -> bytes:
    """Return a calendar of these appointments, as it is written in `year`; `zone` is the calendar's own.

    A calendar without any appointment holds at least its zone, since an empty one is none (RFC 5545, section 3.6).
    """
    until = horizon(year)
    calendar = Calendar()
    calendar.add("prodid", f"-//Ensemble//Ensemble//{locale.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vText("PT1H"))
    calendar.add("x-wr-timezone", vText(zone))
    for key, begin in sorted({zone: year - 1, **_zones(appointments)}.items()):
        calendar.add_component(_timezone(key, begin, until.year))
    for appointment in appointments:
        for event in _events(appointment, year):
            calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _zones(appointments: Iterable[Appointment]) -> dict[str, int]:
    """Return the first year that each zone is needed for; UTC needs no rules."""
    years: dict[str, int] = {}
    for one in appointments:
        zone, moved = one.series.zone, filter(None, one.series.moved.values())
        first = min([one.series.first, *moved]).year
        if zone != "UTC":
            years[zone] = min(first - 1, years.get(zone, first))
    return years


def _events(of: Appointment, year: int) -> Iterator[Event]:
    series = of.series
    dates = list(series.dates(horizon(year)))
    if len(dates) == 1:
        yield from _one_by_one(of, dates, f"{of.uid}@{_DOMAIN}")
        return
    if any(reading(local, series.zone) is Reading.NEVER for local in dates):
        recent = [local for local in dates if local.year >= year - 1]
        yield from _one_by_one(of, recent, f"{of.uid}-%Y%m%dT%H%M%S@{_DOMAIN}")
        return
    kept = [local for local in dates if series.stays(local)]
    changed = [local for local in dates if local in series.moved]
    if not kept and not changed:
        return
    yield _master(of, dates, [d for d in dates if d not in series.moved and not series.stays(d)])
    for original in changed:
        event = _changed(of, original)
        event.add("recurrence-id", _placed(original, series.zone))
        yield event


def _one_by_one(of: Appointment, dates: Sequence[datetime], uid: str) -> Iterator[Event]:
    """Yield an event for each date that has not fallen out; `uid` is a pattern for each date's name."""
    for local in dates:
        if of.series.stays(local) or local in of.series.moved:
            event = _changed(of, local)
            event["UID"] = vText(local.strftime(uid))
            yield event


def _master(of: Appointment, dates: Sequence[datetime], out: Sequence[datetime]) -> Event:
    zone = of.series.zone
    event = _event(of, dates[0])
    last = datetime.fromtimestamp(instant(dates[-1], zone) / 1e6, UTC)
    event.add("rrule", vRecur.from_ical(f"{of.series.pattern()};UNTIL={last:%Y%m%dT%H%M%SZ}"))
    if out:
        event.add("exdate", [_placed(local, zone) for local in out])
    return event


def _changed(of: Appointment, original: datetime) -> Event:
    """Return one occurrence as it became: as planned, moved or cancelled."""
    local = of.series.moved.get(original, original)
    event = _event(of, original if local is None else local)
    if local is None:
        event["SUMMARY"] = vText(of.cancelled)
        event.add("status", "CANCELLED")
        event.add("transp", "TRANSPARENT")
    return event


def _event(of: Appointment, local: datetime) -> Event:
    event = Event()
    changed = datetime.fromtimestamp(of.changed_at // 1_000_000, UTC)
    event.add("uid", f"{of.uid}@{_DOMAIN}")
    event.add("sequence", of.revision)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", _placed(local, of.series.zone))
    event.add("duration", of.minutes * _MINUTE)
    event.add("summary", of.title)
    if of.place:
        event.add("location", of.place)
    if of.url:
        event.add("url", vUri(of.url))
    return event


def _placed(local: datetime, zone: str) -> datetime:
    """Return a local time that exists, in its zone."""
    return local_time(instant(local, zone), zone).replace(tzinfo=ZoneInfo(zone))


@cache
def _times(zone: str, begin: int, end: int) -> tuple[_Time, ...]:
    """Return how the clocks of a zone change from the beginning of one year to that of another.

    The library's own generator puts the change of spring an hour late.
    """
    place = ZoneInfo(zone)
    start, stop = datetime(begin, 1, 1), datetime(end + 1, 1, 1)  # noqa: DTZ001 (both naive, in UTC)
    found = [_time(place, start, start)]
    day = start
    while day < stop:
        if _offset(place, day) != _offset(place, day + _DAY):
            found.append(_time(place, _change(place, day, day + _DAY), day))
        day += _DAY
    return tuple(found)


def _change(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first second (naive, UTC) of the offset that holds at `after`."""
    while after - before > _SECOND:
        middle = (before + (after - before) // 2).replace(microsecond=0)
        same = _offset(place, middle) == _offset(place, after)
        before, after = (before, middle) if same else (middle, after)
    return after


def _time(place: ZoneInfo, at: datetime, earlier: datetime) -> _Time:
    local = at.replace(tzinfo=UTC).astimezone(place)
    name, summer = local.tzname() or "", bool(local.dst())
    return _Time(at, _offset(place, earlier), _offset(place, at), name, summer)


def _offset(place: ZoneInfo, at: datetime) -> timedelta:
    return at.replace(tzinfo=UTC).astimezone(place).utcoffset() or timedelta()


def _timezone(zone: str, begin: int, end: int) -> Timezone:
    component = Timezone()
    component.add("tzid", zone)
    grouped: dict[tuple[timedelta, timedelta, str, bool], list[datetime]] = {}
    for one in _times(zone, begin, end):
        key = (one.before, one.after, one.name, one.summer)
        grouped.setdefault(key, []).append(one.at + one.before)
    for (before, after, name, summer), starts in grouped.items():
        part = TimezoneDaylight() if summer else TimezoneStandard()
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("dtstart", starts[0])
        if starts[1:]:
            part.add("rdate", starts[1:])
        component.add_component(part)
    return component
