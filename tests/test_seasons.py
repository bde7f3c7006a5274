"""Seasons: by the room's own calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seasons import season_of

SEPTEMBER = (9, 1)


def at(text: str, zone: str = "UTC") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("moment", "season"),
    [
        ("2025-08-31T23:59:59.999999", 2024),
        ("2025-09-01T00:00:00", 2025),
        ("2025-12-31T23:59:59", 2025),
        ("2026-01-01T00:00:00", 2025),
        ("2026-08-31T23:59:59", 2025),
        ("2026-09-01T00:00:00", 2026),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Cayenne", "Pacific/Noumea", "UTC"])
def test_a_season_turns_at_local_midnight(moment: str, season: int, zone: str) -> None:
    assert season_of(at(moment, zone), zone, SEPTEMBER) == season


def test_one_instant_may_be_two_seasons_in_two_rooms() -> None:
    moment = at("2025-08-31T22:30:00")
    assert season_of(moment, "Europe/Paris", SEPTEMBER) == 2025
    assert season_of(moment, "America/Cayenne", SEPTEMBER) == 2024


@pytest.mark.parametrize(("start", "season"), [((1, 1), 2026), ((12, 31), 2025), ((2, 25), 2026)])
def test_any_day_may_start_a_season(start: tuple[int, int], season: int) -> None:
    assert season_of(at("2026-02-25T12:00:00"), "UTC", start) == season


@settings(deadline=None)
@given(
    st.integers(315_532_800_000_000, 3_471_292_800_000_000),
    st.sampled_from(["Europe/Paris", "Pacific/Kiritimati", "America/Cayenne"]),
    st.dates(date(2023, 1, 1), date(2023, 12, 31)),
)
def test_a_season_is_a_year_long_and_holds_its_moment(moment: int, zone: str, day: date) -> None:
    start = day.month, day.day
    local = datetime.fromtimestamp(moment / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date()
    season = season_of(moment, zone, start)
    assert date(season, *start) <= local < date(season + 1, *start)
