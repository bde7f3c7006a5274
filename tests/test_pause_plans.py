"""Pauses as hosts plan them in words, in French and in English."""

from datetime import datetime

import pytest

from bot.pause import Wish, lasting
from bot.pause_plans import Every, PauseWish, make_plan, read_plan
from games.core import Refusal
from games.recurrence import instant

PARIS = "Europe/Paris"
NOW = instant(datetime(2026, 3, 4, 12, 0), PARIS)  # a Wednesday
TUESDAY = datetime(2026, 3, 10, 18, 30)


def read(text: str) -> PauseWish:
    return read_plan(text, NOW, PARIS)


@pytest.mark.parametrize(
    ("text", "every", "wish"),
    [
        ("mardi 18h30", "once", Wish()),
        ("mardi 18h30 chaque semaine long", "week", Wish(preset="long")),
        ("mardi à 18 h 30 toutes les semaines 20", "week", Wish(20)),
        ("chaque mardi 18h30 libre", "week", Wish(kind="free")),
        ("tous les mardis à 18h30 marathon", "week", Wish(preset="marathon")),
        ("Tuesday 6:30 pm every week long", "week", Wish(preset="long")),
        ("every Tuesday 6:30 pm", "week", Wish()),
        ("10 mars 18h30 une fois 15", "once", Wish(15)),
        ("mardi 18h30 Lecture de midi", "once", Wish(title="Lecture de midi")),
        ("mardi 18h30 hebdo long Lecture du soir", "week", Wish(preset="long", title="Lecture du soir")),
        ("mardi 18h30 Le Horla", "once", Wish(title="Le Horla")),
        ("mardi 18h30 À vous de lire", "once", Wish(title="À vous de lire")),
        ("mardi 18h30 Soir de fête", "once", Wish(title="Soir de fête")),
        ("mardi 10 à 18h30 chaque semaine 20", "week", Wish(20)),
        ("mardi soir 18h30 Le Horla", "once", Wish(title="Le Horla")),
        ("2026-03-10 18:30 slow", "once", Wish(quiet="slow")),
        ("mardi 18h30 voix Germinal ; Zola", "once", Wish(kind="aloud", work="Germinal ; Zola")),
    ],
)  # fmt: skip
def test_date_rhythm_and_pause_are_told_apart(text: str, every: Every, wish: Wish) -> None:
    assert read(text) == PauseWish(TUESDAY, every, wish)


def test_every_day_begins_at_the_next_such_time() -> None:
    plan = read("18h30 tous les jours quart")
    assert (plan.first, plan.every) == (datetime(2026, 3, 4, 18, 30), "day")


@pytest.mark.parametrize(
    "text",
    [
        "mardi 18h30 chaque semaine sauf fériés animation:Camille",
        "mardi 18h30 hors jours fériés hebdo host:Camille",
        'Tuesday 6:30 pm every week except public holidays host: "Camille"',
    ],
)
def test_host_and_holidays_may_stand_anywhere(text: str) -> None:
    assert read(text) == PauseWish(TUESDAY, "week", Wish(), "Camille", holidays=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("bientôt", "date-unread"),
        ("chaque semaine", "date-unread"),
        ("mardi", "time-missing"),
        ("mardi chaque semaine long", "time-missing"),
        ("30 février 18h30", "no-such-date"),
        ("3 mars 2026 18h30", "date-past"),
        ("29/03 2h30", "no-such-time"),
        ("mardi 18h30 chaque semaine 500", "no-number"),
    ],
)
def test_what_cannot_be_a_plan_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(text)
    assert refused.value.code == code


def test_chosen_options_make_the_same_plan() -> None:
    made = make_plan(
        "chaque mardi 18h30", "once", Wish(), " Camille ", holidays=True, now=NOW, zone=PARIS
    )
    assert made == read("mardi 18h30 chaque semaine sauf fériés animation:Camille")


def test_a_pause_lasts_with_its_rests_for_calendars() -> None:
    assert lasting(read("mardi 18h30 20").wish) == 20
    assert lasting(read("mardi 18h30 marathon").wish) == 3 * 45 + 2 * 10
