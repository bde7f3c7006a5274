"""Days: the room's own calendar, and dates however they are typed."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.days import day_of, read_day
from games.core import Refusal

SAINT_SYLVESTER = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", date(2026, 3, 11)),
        ("UTC", date(2026, 3, 10)),
        ("Pacific/Noumea", date(2026, 3, 11)),
        ("America/Cayenne", date(2026, 3, 10)),
    ],
)
def test_an_instant_has_its_day_in_each_room(zone: str, day: date) -> None:
    at = round(datetime(2026, 3, 10, 23, 30, tzinfo=UTC).timestamp() * 1_000_000)
    assert day_of(at, zone) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-31",
        " 31/12/2026 ",
        "31.12.2026",
        "31-12-2026",
        "31 décembre 2026",
        "31 DECEMBRE 2026",
        "31 déc. 2026",
        "31 December 2026",
        "31st Dec 2026",
    ],
)
def test_a_day_is_read_however_it_is_typed(text: str) -> None:
    assert read_day(text) == SAINT_SYLVESTER


def test_the_first_of_a_month_has_its_ordinal() -> None:
    assert read_day("1er mars 2027") == read_day("1st March 2027") == date(2027, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "demain",
            "31",
            "31/12",
            "31/12/26",
            "décembre 2026",
            "30 février 2026",
            "2026-02-30",
        ),
        *("12/31/2026", "0/1/2026", "31 de 2026", "12 jui 2026", "31 abc 2026", "1/1/0000"),
        *("٣١/١٢/٢٠٢٦", "31/12/2026 18:30", "x" * 500),
    ],
)
def test_what_is_no_day_is_refused_with_what_was_typed(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_day(text)
    assert caught.value.code == "no-date"
    assert len(caught.value.facts["text"]) <= 40


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["fr", "en_GB"]))
def test_a_day_written_out_in_words_is_read_back(day: date, locale: str) -> None:
    assert read_day(format_date(day, "d MMMM y", locale=locale)) == day
    assert read_day(day.isoformat()) == day


@given(st.text(max_size=30))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert isinstance(read_day(text), date)
