"""Recurrence: local times stay local whatever the clocks do, and an exception touches one occurrence."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.recurrence import (
    Occurrence,
    Reading,
    Series,
    french_holidays,
    instant,
    local_time,
    overlapping,
    reading,
)

ZONES = ("Europe/Paris", "America/New_York", "Pacific/Auckland")
WEEK = timedelta(days=7)
TUESDAY = datetime(2026, 3, 3, 18, 30)
DAY_US = 86_400_000_000

zones = st.sampled_from(ZONES)
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
minutes = st.integers(0, 24 * 60 - 1)


def at(day: date, minute: int) -> datetime:
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)


unhurried = settings(deadline=None)
"""For properties that look at a year of dates, on a machine that others use as well."""


def shown(at_us: int, zone: str) -> datetime:
    """Return what a clock on the wall shows, computed without the module under test."""
    return datetime.fromtimestamp(at_us / 1e6, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def locals_of(series: Series, after: datetime, before: datetime) -> list[datetime]:
    zone = series.zone
    return [o.local for o in series.occurrences(instant(after, zone), instant(before, zone))]


# --- Over changes of time -------------------------------------------------------------------------------------


@unhurried
@given(days, zones)
def test_a_weekly_1830_is_at_1830_in_every_week(first: date, zone: str) -> None:
    series = Series(at(first, 18 * 60 + 30), zone, "FREQ=WEEKLY")
    found = list(islice(series.following(), 60))
    assert [shown(o.starts_at, zone) for o in found] == [series.first + WEEK * n for n in range(60)]


@unhurried
@given(days, minutes, zones, st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3"]))
def test_no_occurrence_is_lost_or_doubled_at_a_change_of_time(
    first: date, minute: int, zone: str, rule: str
) -> None:
    series = Series(at(first, minute), zone, rule)
    found = list(islice(series.following(), 370))
    step = timedelta(days=3 if "3" in rule else 1)
    assert [o.original for o in found] == [series.first + step * n for n in range(370)]
    gaps = {b.starts_at - a.starts_at for a, b in pairwise(found)}
    assert all(abs(gap / 1e6 - step.total_seconds()) <= 3600 for gap in gaps)
    for occurrence in found:
        moved = shown(occurrence.starts_at, zone) - occurrence.local
        exists = reading(occurrence.local, zone) is not Reading.NEVER
        assert moved == timedelta(0) if exists else timedelta(0) < moved <= timedelta(hours=1)


@unhurried
@given(days, minutes, zones, st.integers(0, 20), st.integers(1, 400))
def test_a_window_holds_just_what_starts_in_it(
    first: date, minute: int, zone: str, start: int, length: int
) -> None:
    series = Series(at(first, minute), zone, "FREQ=WEEKLY;BYDAY=MO,TH")
    every = [o.starts_at for o in islice(series.following(), 200)]
    after = every[0] + start * 5 * DAY_US + 1
    before = min(after + length * DAY_US, every[-1])
    found = [o.starts_at for o in series.occurrences(after, before)]
    assert found == [s for s in every if after <= s < before]


@unhurried
@given(
    st.sampled_from(
        ["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA", "FREQ=DAILY;INTERVAL=5"]
    ),
    days,
    st.integers(0, 5000),
)
def test_an_old_series_makes_the_dates_that_it_would_make_from_its_start(
    rule: str, first: date, later: int
) -> None:
    series = Series(at(first, 600), "Europe/Paris", rule)
    start = series.first + timedelta(days=later)
    slow = Series(series.first, series.zone, f"{rule};COUNT=9999")
    wanted = [local for local in slow._dates(series.first) if local >= start][:5]
    assert list(islice(series._dates(start), 5)) == wanted


def test_a_time_in_the_gap_of_spring_moves_to_the_first_instant_after_it() -> None:
    assert reading(datetime(2026, 3, 29, 2, 30), "Europe/Paris") is Reading.NEVER
    for minute in (0, 1, 30, 59):
        moved = instant(datetime(2026, 3, 29, 2, minute), "Europe/Paris")
        assert shown(moved, "Europe/Paris") == datetime(2026, 3, 29, 3, 0)
    assert reading(datetime(2011, 12, 30, 12), "Pacific/Apia") is Reading.NEVER
    moved = instant(datetime(2011, 12, 30, 12), "Pacific/Apia")
    assert shown(moved, "Pacific/Apia") == datetime(2011, 12, 31)


def test_a_time_that_comes_twice_is_its_first() -> None:
    twice = datetime(2026, 10, 25, 2, 30)
    assert reading(twice, "Europe/Paris") is Reading.TWICE
    assert datetime.fromtimestamp(instant(twice, "Europe/Paris") / 1e6, UTC).hour == 0
    assert local_time(instant(twice, "Europe/Paris"), "Europe/Paris") == twice


def test_an_ordinary_time_comes_once() -> None:
    assert reading(TUESDAY, "Europe/Paris") is Reading.ONCE


# --- Exceptions -----------------------------------------------------------------------------------------------


@unhurried
@given(days, zones, st.integers(0, 29), st.integers(-3 * 24 * 60, 3 * 24 * 60))
def test_skipping_and_moving_touch_one_occurrence_only(
    first: date, zone: str, which: int, minutes_away: int
) -> None:
    plain = Series(at(first, 18 * 60 + 30), zone, "FREQ=WEEKLY")
    before = list(islice(plain.following(), 30))
    touched = before[which]
    skipped = Series(plain.first, zone, plain.rule, frozenset([touched.original]))
    assert list(islice(skipped.following(), 29)) == [o for o in before if o is not touched]
    to = touched.local + timedelta(minutes=minutes_away)
    moved = Series(plain.first, zone, plain.rule, moved={touched.original: to})
    after = list(islice(moved.following(), 30))
    assert [o for o in after if o.original != touched.original] == [
        o for o in before if o is not touched
    ]
    assert after[which].original == touched.original
    assert after[which].local == to
    ordered = list(moved.occurrences(0, before[-1].starts_at + 10 * DAY_US))
    assert sorted(ordered, key=lambda o: o.starts_at) == ordered
    assert {o.original for o in ordered} >= {o.original for o in before}


def test_a_cancelled_occurrence_does_not_take_place() -> None:
    series = Series(TUESDAY, "Europe/Paris", "FREQ=WEEKLY", moved={TUESDAY + WEEK: None})
    found = locals_of(series, TUESDAY, TUESDAY + WEEK * 3)
    assert found == [TUESDAY, TUESDAY + WEEK * 2]


def test_an_occurrence_moved_into_a_window_from_outside_is_in_it() -> None:
    far = TUESDAY + WEEK * 8
    series = Series(
        TUESDAY, "Europe/Paris", "FREQ=WEEKLY", moved={far: TUESDAY + timedelta(days=1)}
    )
    assert TUESDAY + timedelta(days=1) in locals_of(series, TUESDAY, TUESDAY + WEEK)
    assert far not in locals_of(series, far - timedelta(days=1), far + timedelta(days=1))


def test_a_rule_knows_its_own_dates() -> None:
    series = Series(TUESDAY, "Europe/Paris", "FREQ=WEEKLY", frozenset([TUESDAY + WEEK]))
    assert series.holds(TUESDAY + WEEK)
    assert not series.holds(TUESDAY + timedelta(days=1))
    assert not Series(TUESDAY, "Europe/Paris").holds(TUESDAY + WEEK)


# --- Holidays -------------------------------------------------------------------------------------------------


def test_the_public_holidays_of_france() -> None:
    # As published for 2026: https://www.service-public.fr/particuliers/vosdroits/F2405
    assert sorted(french_holidays(2026)) == [
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    ]  # fmt: skip


def test_holidays_fall_out_unless_moved() -> None:
    rule, first = "FREQ=WEEKLY;BYDAY=FR", datetime(2026, 4, 24, 18)
    series = Series(first, "Europe/Paris", rule, holidays="fr")
    assert [o.local.day for o in islice(series.following(), 2)] == [24, 15]  # neither 1 nor 8 May
    kept = Series(
        first,
        "Europe/Paris",
        rule,
        moved={datetime(2026, 5, 1, 18): datetime(2026, 4, 30, 18)},
        holidays="fr",
    )
    assert [o.local.day for o in islice(kept.following(), 2)] == [24, 30]


# --- Rules ----------------------------------------------------------------------------------------------------


def test_a_series_without_a_rule_is_one_date() -> None:
    series = Series(TUESDAY, "Europe/Paris")
    assert [o.local for o in series.following()] == [TUESDAY]
    assert list(series.following(TUESDAY)) == []


@pytest.mark.parametrize("until", ["20260310", "20260310T173000Z", "20260310T183000"])
def test_the_last_day_of_a_rule_is_included(until: str) -> None:
    series = Series(TUESDAY, "Europe/Paris", f"FREQ=WEEKLY;UNTIL={until}")
    assert [o.local.day for o in series.following()] == [3, 10]


def test_a_count_counts_from_the_first() -> None:
    series = Series(TUESDAY, "Europe/Paris", "RRULE:FREQ=MONTHLY;BYDAY=1TU;COUNT=3")
    assert [(o.local.month, o.local.day) for o in series.following()] == [(3, 3), (4, 7), (5, 5)]
    assert [o.local.month for o in series.following(TUESDAY)] == [4, 5]


def test_the_last_weekday_of_the_month_can_be_meant() -> None:
    series = Series(TUESDAY, "Europe/Paris", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    assert [o.local.day for o in islice(series.following(), 3)] == [31, 30, 29]


def test_no_series_goes_on_for_ever() -> None:
    last = list(Series(TUESDAY, "Europe/Paris", "FREQ=YEARLY").following())[-1]
    assert 2050 < last.local.year < 2060


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY", "COUNT=3", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;BYMONTHDAY=3", "FREQ=DAILY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=9MO", "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;UNTIL=20261340", "FREQ=DAILY;COUNT=2;COUNT=3",
        "FREQ=DAILY;INTERVAL=0", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;UNTIL=20200101", "nonsense",
        "FREQ=DAILY\nEXDATE:20260310", "FREQ=DAILY;", "FREQ=DAILY;COUNT=99999",
    ],
)  # fmt: skip
def test_a_rule_that_is_none_of_ours_is_refused(rule: str) -> None:
    with pytest.raises(ValueError):
        Series(TUESDAY, "Europe/Paris", rule)


def test_a_zone_a_calendar_and_a_first_date_are_checked() -> None:
    for zone in ("Europe/Pau", "../etc", "", "Europe"):
        with pytest.raises(ValueError):
            Series(TUESDAY, zone)
    with pytest.raises(ValueError):
        Series(TUESDAY, "Europe/Paris", holidays="mars")
    with pytest.raises(ValueError):
        Series(TUESDAY.replace(tzinfo=UTC), "Europe/Paris")


# --- At the same time -----------------------------------------------------------------------------------------


def plainly(starts: list[int]) -> list[Occurrence]:
    """Return occurrences that start so many minutes after the beginning of 1970, soonest first."""
    times = [(minute, datetime(1970, 1, 1) + timedelta(minutes=minute)) for minute in starts]
    return [Occurrence(local, minute * 60_000_000, local) for minute, local in sorted(times)]


def test_what_ends_as_another_begins_is_not_at_the_same_time() -> None:
    mine, before, after = plainly([60]), plainly([30]), plainly([90])
    assert not list(overlapping(mine, 30, before, 30))
    assert not list(overlapping(mine, 30, after, 30))
    assert list(overlapping(mine, 31, after, 30)) == after
    assert list(overlapping(mine, 30, before, 31)) == before


starts = st.lists(st.integers(0, 500), max_size=12)
lengths = st.integers(1, 90)


@given(starts, lengths, starts, lengths)
def test_what_is_at_the_same_time_is_found_as_by_comparing_every_pair(
    mine: list[int], minutes: int, theirs: list[int], their_minutes: int
) -> None:
    expected = [
        their
        for their in sorted(theirs)
        if any(own < their + their_minutes and their < own + minutes for own in mine)
    ]
    found = overlapping(plainly(mine), minutes, plainly(theirs), their_minutes)
    assert [one.starts_at // 60_000_000 for one in found] == expected
