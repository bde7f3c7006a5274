"""What hosts type to plan a meeting."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.meeting_wishes import Changes, Wish, make_wish, place_in_month, read_changes, read_wish
from games.core import Refusal
from tests.fake_clock import WALL

PARIS = "Europe/Paris"
TUESDAY = datetime(2026, 3, 3, 18, 30)


@pytest.mark.parametrize(
    ("text", "places", "wish"),
    [
        ("mardi 18h30", [], Wish(TUESDAY)),
        (
            "mardi 18h30 chaque mois vocal 12 places",
            ["Salle 2 90 min"],
            Wish(TUESDAY, "month", "voice", 90, 12, "Salle 2"),
        ),
        (
            "Tuesday 6:30 pm every two weeks on site 45 min Noir",
            [],
            Wish(TUESDAY, "fortnight", "site", 45, title="Noir"),
        ),
        ("chaque mardi 18h30 sauf fériés", [], Wish(TUESDAY, "week", holidays=True)),
        ("mardi 18h30 « La scène du crime »", [], Wish(TUESDAY, title="La scène du crime")),
        ("mardi 18h30 en visio Le Horla", [], Wish(TUESDAY, form="voice", title="Le Horla")),
        ("mardi 18h30 pendant 2 heures", [], Wish(TUESDAY, minutes=120)),
        ("mardi 18h30 pendant une demi-heure Noir", [], Wish(TUESDAY, minutes=30, title="Noir")),
        ("mardi 18h30 pendant la pluie", [], Wish(TUESDAY, title="pendant la pluie")),
        ("Tuesday 6:30 pm for 1h15 Noir", [], Wish(TUESDAY, minutes=75, title="Noir")),
        ("le premier mardi du mois 18h30", [], Wish(TUESDAY, "month", nth=1)),
        ("chaque 1er mardi du mois à 18h30 Noir", [], Wish(TUESDAY, "month", title="Noir", nth=1)),
        ("every last Tuesday of the month 6:30 pm", [], Wish(datetime(2026, 3, 31, 18, 30), "month", nth=-1)),
        ("quatrième mercredi du mois 18h30", [], Wish(datetime(2026, 3, 25, 18, 30), "month", nth=4)),
        ("mardi 18h30", ["Médiathèque"], Wish(TUESDAY, form="site", place="Médiathèque")),
        ("dans 90 min twitch", [], Wish(datetime(2026, 2, 25, 8, 43, 20), form="twitch")),
    ],
)  # fmt: skip
def test_a_meeting_is_planned_in_one_line(text: str, places: list[str], wish: Wish) -> None:
    assert read_wish(text, places, WALL, PARIS) == wish


def test_options_say_the_same_as_words() -> None:
    changes = Changes("voice", 60, 8, None, "77", "Noir")
    wish = make_wish("mardi 18h30", "month", changes, holidays=False, now=WALL, zone=PARIS)
    assert wish == Wish(TUESDAY, "month", "voice", 60, 8, "", "77", "Noir")


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("20 places", Changes(seats=20)),
        ("hybride 120 min", Changes("hybrid", 120)),
        ("Noir et blanc", Changes(title="Noir et blanc")),
        ("", Changes()),
    ],
)
def test_what_is_to_be_different_is_typed_alike(text: str, changes: Changes) -> None:
    assert read_changes(text, []) == changes


@pytest.mark.parametrize(
    "text", ["mardi 18h30 5 min", "mardi 18h30 900 min", "mardi 18h30 3000 places"]
)
def test_numbers_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_wish(text, [], WALL, PARIS)
    assert refused.value.code == "no-number"


@pytest.mark.parametrize(("day", "nth"), [(1, 1), (7, 1), (8, 2), (28, 4), (29, -1), (31, -1)])
def test_a_month_has_four_of_each_weekday_and_sometimes_a_last(day: int, nth: int) -> None:
    assert place_in_month(datetime(2026, 3, day)) == nth


def test_a_monthly_meeting_keeps_its_place_in_the_month() -> None:
    dates = Wish(TUESDAY, "month").series(PARIS).following()
    found = [next(dates).local for _ in range(3)]
    assert [f"{local:%d/%m %H:%M}" for local in found] == [
        "03/03 18:30",
        "07/04 18:30",
        "05/05 18:30",
    ]


@given(st.text(max_size=120), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_read_or_refused(text: str, places: list[str]) -> None:
    try:
        wish = read_wish(text, places, WALL, PARIS)
    except Refusal:
        return
    next(wish.series(PARIS).following(), None)
