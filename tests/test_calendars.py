"""Calendars for elsewhere, read back by a parser that has nothing to do with what wrote them (`ical`, strict)."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from bot.calendars import Appointment, build, horizon
from games.recurrence import Series, instant
from tests.recurrence_strategies import exceptions, rules

PARIS = "Europe/Paris"
ZONES = (PARIS, "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "Africa/Lagos")
TUESDAY = datetime(2026, 3, 3, 18, 30)
WEEK = timedelta(days=7)
CHANGED = 1_772_000_000_000_000
unhurried = settings(deadline=None, max_examples=40)


def appointment(series: Series, **more: object) -> Appointment:
    values = {
        "uid": "0af1",
        "revision": 3,
        "changed_at": CHANGED,
        "series": series,
        "minutes": 90,
        "title": "Club polar",
        "cancelled": "Annulé : Club polar",
        "place": "Médiathèque, salle 2",
        "url": "https://www.twitch.tv/mediatheque",
    }
    return Appointment(**{**values, **more})  # type: ignore[arg-type]


def written(*appointments: Appointment, name: str = "Salon", year: int = 2026) -> str:
    return build(name, appointments, "fr", PARIS, year).decode()


def read(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


def shown(calendar: Calendar, *, until: datetime) -> list[Event]:
    """Return what somebody sees who turns the pages of a calendar to that date, what is cancelled among it."""
    return list(takewhile(lambda event: start(event) < until, calendar.timeline))


def start(event: Event) -> datetime:
    assert isinstance(event.dtstart, datetime)
    return event.dtstart.astimezone(UTC)


def seen(text: str, until: datetime) -> list[str]:
    """Return when and what, as its zone's clocks show it."""
    lines = []
    for event in shown(read(text), until=until.replace(tzinfo=UTC)):
        assert isinstance(event.dtstart, datetime)
        lines.append(f"{event.dtstart:%d/%m/%Y %H:%M %z} {event.summary}")
    return lines


def own(series: Series, until: datetime) -> list[int]:
    return [one.starts_at for one in series.occurrences(0, instant(until, series.zone))]


# --- Both changes of time -------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [2026, 2027])
@pytest.mark.parametrize(("month", "offsets"), [(3, "+0100 +0200"), (10, "+0200 +0100")])
def test_a_weekly_club_stays_at_its_hour_over_both_changes_of_time(
    year: int, month: int, offsets: str
) -> None:
    change = max(
        date(year, month, day) for day in range(25, 32) if date(year, month, day).weekday() == 6
    )
    sunday = datetime(year, month, change.day, 18, 30)
    before, after = offsets.split()
    moved_to = sunday + timedelta(days=1, hours=1)
    series = Series(
        sunday - WEEK,
        PARIS,
        "FREQ=WEEKLY",
        moved={sunday + WEEK: moved_to, sunday + 2 * WEEK: None},
    )
    lines = seen(written(appointment(series), year=year), sunday + 4 * WEEK - timedelta(days=1))
    assert lines == [
        f"{sunday - WEEK:%d/%m/%Y %H:%M} {before} Club polar",
        f"{sunday:%d/%m/%Y %H:%M} {after} Club polar",
        f"{moved_to:%d/%m/%Y %H:%M} {after} Club polar",
        f"{sunday + 2 * WEEK:%d/%m/%Y %H:%M} {after} Annulé : Club polar",
        f"{sunday + 3 * WEEK:%d/%m/%Y %H:%M} {after} Club polar",
    ]


def test_a_time_in_the_gap_is_the_first_instant_after_it_and_one_that_comes_twice_the_first() -> (
    None
):
    spring = Series(datetime(2026, 3, 28, 2, 30), PARIS, "FREQ=DAILY;COUNT=3")
    assert seen(written(appointment(spring)), datetime(2026, 5, 1)) == [
        "28/03/2026 02:30 +0100 Club polar",
        "29/03/2026 03:00 +0200 Club polar",
        "30/03/2026 02:30 +0200 Club polar",
    ]
    autumn = Series(datetime(2026, 10, 24, 2, 30), PARIS, "FREQ=DAILY;COUNT=3")
    assert seen(written(appointment(autumn)), datetime(2026, 12, 1)) == [
        "24/10/2026 02:30 +0200 Club polar",
        "25/10/2026 02:30 +0200 Club polar",
        "26/10/2026 02:30 +0100 Club polar",
    ]


def test_the_zone_says_when_its_clocks_change() -> None:
    text = written(appointment(Series(TUESDAY, PARIS, "FREQ=WEEKLY")))
    part = text[text.index("BEGIN:DAYLIGHT") :]
    starts = [f"20{year}T020000" for year in ("250330", "260329", "270328", "280326", "290325")]
    assert part.splitlines()[1:3] == [f"DTSTART:{starts[0]}", f"RDATE:{','.join(starts[1:])}"]


@unhurried
@given(rules(), st.sampled_from(ZONES), st.data())
def test_any_series_is_read_back_as_it_takes_place(
    rule: str, zone: str, data: st.DataObject
) -> None:
    series = data.draw(exceptions(rule, zone))
    until = datetime(2027, 6, 1)
    expected = own(series, until)
    text = written(appointment(series), year=2026)
    events = shown(read(text), until=until.replace(tzinfo=UTC) + timedelta(days=2))
    found = [
        round(start(event).timestamp() * 1_000_000)
        for event in events
        if event.status != "CANCELLED"
    ]
    limit = instant(until, zone)
    assert sorted(at for at in found if at < limit) == expected


# --- What a calendar needs to know it again --------------------------------------------------------------------


def test_the_same_plans_give_the_same_bytes_and_a_change_grows_the_sequence() -> None:
    series = Series(TUESDAY, PARIS, "FREQ=WEEKLY", moved={TUESDAY + WEEK: None})
    assert written(appointment(series)) == written(appointment(series))
    events = read(written(appointment(series, revision=7))).events
    assert {event.sequence for event in events} == {7}
    assert {event.uid for event in events} == {"0af1@ensemble"}
    assert {event.dtstamp for event in events} == {datetime.fromtimestamp(CHANGED / 1e6, UTC)}


def test_a_single_date_that_moved_is_one_event_at_its_new_time() -> None:
    series = Series(TUESDAY, PARIS, moved={TUESDAY: TUESDAY + WEEK})
    [event] = read(written(appointment(series))).events
    assert start(event) == datetime(2026, 3, 10, 17, 30, tzinfo=UTC)
    assert (event.rrule, event.recurrence_id, event.location) == (
        None,
        None,
        "Médiathèque, salle 2",
    )
    cancelled = Series(TUESDAY, PARIS, moved={TUESDAY: None})
    [event] = read(written(appointment(cancelled))).events
    assert (event.status, event.summary) == ("CANCELLED", "Annulé : Club polar")
    assert not read(
        written(appointment(Series(TUESDAY, PARIS, exdates=frozenset([TUESDAY]))))
    ).events


def test_holidays_fall_out_and_what_was_moved_off_one_stays() -> None:
    whit = datetime(2026, 5, 25, 18, 30)
    monday = datetime(2026, 5, 18, 18, 30)
    series = Series(monday, PARIS, "FREQ=WEEKLY;COUNT=3", holidays="fr")
    assert [start(e).day for e in shown(read(written(appointment(series))), until=START)] == [18, 1]
    moved = Series(
        monday, PARIS, "FREQ=WEEKLY;COUNT=3", moved={whit: whit + WEEK / 7}, holidays="fr"
    )
    days = [start(e).day for e in shown(read(written(appointment(moved))), until=START)]
    assert days == [18, 26, 1]


START = datetime(2027, 1, 1, tzinfo=UTC)


def test_what_is_written_ends_two_years_ahead() -> None:
    series = Series(TUESDAY, PARIS, "FREQ=DAILY")
    last = max(start(event) for event in read(written(appointment(series))).timeline)
    assert last.date() == horizon(2026).date() - timedelta(days=1) == date(2028, 12, 31)


# --- Bad titles ------------------------------------------------------------------------------------------------


nasty = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(',;:\\\n"📚é')
).map(lambda text: text + "x")


@unhurried
@given(nasty, nasty, nasty)
def test_no_title_or_place_makes_a_line_of_its_own(title: str, place: str, name: str) -> None:
    series = Series(TUESDAY, PARIS, "FREQ=WEEKLY", moved={TUESDAY + WEEK: None})
    text = written(appointment(series, title=title, cancelled=title, place=place), name=name)
    plain = written(appointment(series, title="x", cancelled="x", place="x"), name="x")
    assert names(text) == names(plain)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [event, *_] = read(text).events
    assert (event.summary, event.location) == (title, place)


def names(text: str) -> Sequence[str]:
    """Return the names of the properties, in order."""
    return list(_names(text))


def _names(text: str) -> Iterator[str]:
    for line in text.split("\r\n"):
        if not line.startswith(" "):
            yield re.split(r"[:;]", line)[0]


def test_what_is_in_utc_says_so_and_names_no_zone() -> None:
    """The parser does not match a RECURRENCE-ID in UTC to its series, so this is read by eye."""
    series = Series(TUESDAY, "UTC", "FREQ=WEEKLY;COUNT=2", moved={TUESDAY + WEEK: None})
    lines = written(appointment(series)).splitlines()
    assert not [line for line in lines if "TZID=UTC" in line]
    assert (
        lines.count("DTSTART:20260303T183000Z")
        == lines.count("RECURRENCE-ID:20260310T183000Z")
        == 1
    )


def test_a_calendar_without_appointments_is_one_all_the_same() -> None:
    calendar = read(written())
    assert (calendar.events, [zone.tz_id for zone in calendar.timezones]) == ([], [PARIS])
