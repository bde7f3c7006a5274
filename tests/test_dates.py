"""Dates as typed: both languages, and one clear refusal for each that cannot be."""

from contextlib import suppress
from datetime import date, datetime, time

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from games.core import Refusal
from games.dates import Usual, read_date, read_day
from games.recurrence import instant

PARIS = "Europe/Paris"
NOW = instant(datetime(2026, 2, 25, 12, 0), PARIS)  # a Wednesday


def read(text: str) -> str:
    return f"{read_date(text, NOW, PARIS):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mardi 18h30", "2026-03-03 18:30"),
        ("Mardi à 18 h 30", "2026-03-03 18:30"),
        ("mercredi 18h", "2026-03-04 18:00"),  # never today's
        ("Tuesday, 10 March, 6:30 pm", "2026-03-10 18:30"),
        ("next friday at 6 p.m.", "2026-02-27 18:00"),
        ("vendredi prochain 18:00", "2026-02-27 18:00"),
        ("tomorrow 7pm", "2026-02-26 19:00"),
        ("demain à midi", "2026-02-26 12:00"),
        ("après-demain 9 h", "2026-02-27 09:00"),
        ("aujourd’hui 20h", "2026-02-25 20:00"),
        ("ce soir à 20h", "2026-02-25 20:00"),
        ("15/12 à 20h", "2026-12-15 20:00"),
        ("15/12/2027 20:15", "2027-12-15 20:15"),
        ("15/01 20h", "2027-01-15 20:00"),  # the next one
        ("2026-12-15 20:00", "2026-12-15 20:00"),
        ("1er avril 9h", "2026-04-01 09:00"),
        ("March 10, 2027 18:00", "2027-03-10 18:00"),
        ("29 février 20h", "2028-02-29 20:00"),
        ("18h30", "2026-02-25 18:30"),
        ("9h", "2026-02-26 09:00"),
        ("12 am", "2026-02-26 00:00"),
        ("in 2 hours", "2026-02-25 14:00"),
        ("dans 1h30", "2026-02-25 13:30"),
        ("dans 45 minutes", "2026-02-25 12:45"),
        ("dans deux heures", "2026-02-25 14:00"),
        ("dans une heure et demie", "2026-02-25 13:30"),
        ("dans une demi-heure", "2026-02-25 12:30"),
        ("in an hour", "2026-02-25 13:00"),
        ("in half an hour", "2026-02-25 12:30"),
        ("dans 3 jours à 18h", "2026-02-28 18:00"),
        ("in two weeks at 6 pm", "2026-03-11 18:00"),
        ("dans une semaine à 18 heures", "2026-03-04 18:00"),
        ("mardi 18 heures 30", "2026-03-03 18:30"),
        ("18h 15/12", "2026-12-15 18:00"),
        ("20 h 15 décembre", "2026-12-15 20:00"),
        ("à 18h le 15/12", "2026-12-15 18:00"),
        ("samedi en huit 14h", "2026-03-07 14:00"),
        ("samedi en 15 à 14h", "2026-03-14 14:00"),
        ("Saturday week 2pm", "2026-03-07 14:00"),
        ("le 15 à 20h", "2026-03-15 20:00"),
        ("le 1er 18h", "2026-03-01 18:00"),
        ("the 25th at 8pm", "2026-02-25 20:00"),
        ("le 31 20h", "2026-03-31 20:00"),
        ("mardi 10 à 20h", "2026-03-10 20:00"),
        ("15.12.2026 20h", "2026-12-15 20:00"),
        ("15-12-2026 20h", "2026-12-15 20:00"),
        ("2026-12-15T20:00", "2026-12-15 20:00"),
        ("demain soir 20h30", "2026-02-26 20:30"),
        ("demain soir 8h", "2026-02-26 20:00"),
        ("ce soir à 8h30", "2026-02-25 20:30"),
        ("cet après-midi 3h", "2026-02-25 15:00"),
        ("tomorrow morning 9:00", "2026-02-26 09:00"),
        ("mardi 7 heures du soir", "2026-03-03 19:00"),
        ("mercredi après-midi 14h", "2026-03-04 14:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("30 février 18h", "no-such-date"),
        ("31/04 9h", "no-such-date"),
        ("2026-02-30 10:00", "no-such-date"),
        ("mardi 11 mars 18h", "not-that-weekday"),
        ("24/02/2026 9h", "date-past"),
        ("demain", "time-missing"),
        ("29/03/2026 2h30", "no-such-time"),
        ("25/10/2026 2h30", "time-twice"),
        ("bientôt", "date-unread"),
        ("hier 10h", "date-past"),
        ("the day before yesterday 10:00", "date-past"),
        ("mardi ou mercredi 18h", "date-unread"),
        ("25:00", "date-unread"),
        ("demain matin 20h", "date-unread"),
        ("demain minuit", "date-unread"),
        ("mardi 18h 20h", "date-unread"),
        ("lundi 14h-16h", "date-unread"),
        ("le 32 18h", "no-such-date"),
        ("mardi 11 à 18h", "not-that-weekday"),
        ("demain soir", "time-missing"),
        ("dans 3 jours", "time-missing"),
        ("", "date-unread"),
        ("mardi 18h " * 20, "date-unread"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.code == code


def test_what_is_not_said_is_as_usual() -> None:
    usual = Usual(date(2026, 3, 10), time(18, 30))
    assert read_date("19h", NOW, PARIS, usual) == datetime(2026, 3, 10, 19, 0)
    assert read_date("12 mars", NOW, PARIS, usual) == datetime(2026, 3, 12, 18, 30)
    with pytest.raises(Refusal, match="time-missing"):
        read_date("12 mars au matin", NOW, PARIS, usual)


def test_hours_that_pass_are_counted_over_a_change_of_time() -> None:
    before = instant(datetime(2026, 3, 29, 1, 30), PARIS)
    assert read_date("dans 2 heures", before, PARIS) == datetime(2026, 3, 29, 4, 30)


@given(st.text(max_size=90))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Refusal):
        assert instant(read_date(text, NOW, PARIS), PARIS) > NOW


# --- Days alone, past ones too

SAINT_SYLVESTER = date(2026, 12, 31)


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
