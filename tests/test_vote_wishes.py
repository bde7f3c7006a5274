"""A vote as a host asks for it: what is typed about ballots, quorum, ties, end and books."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY
from bot.vote_wishes import (
    LONGEST_DAYS,
    METHODS,
    MINUTE,
    MOST_VOTES,
    TIES,
    Wish,
    make_wish,
    method_of,
    read_end,
    read_wish,
    tie_of,
)
from games.core import Refusal
from games.recurrence import local_time
from tests.fake_clock import WALL

HOUR = 60 * MINUTE


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish()),
        ("classement", Wish("ranked")),
        ("Approbation", Wish("approval")),
        ("unique", Wish("single")),
        ("3 voix", Wish("several", 3)),
        ("3 votes", Wish("several", 3)),
        ("1 voix", Wish("single")),
        ("quorum 5", Wish(quorum="5")),
        ("quorum : 30 %", Wish(quorum="30 %")),
        ("égalité tirage", Wish(tie="seed")),
        ("égalité : pages", Wish(tie="pages")),
        ("tie host", Wish(tie="host")),
        ("3 jours", Wish(end="3 jours")),
        ("jusqu’au 31/12/2026", Wish(end="31/12/2026")),
        ("until 31 december 2026", Wish(end="31 december 2026")),
        ("#3 #5 #12", Wish(books=("3", "5", "12"))),
        (
            "Classement, #3 #5, quorum 30%, égalité : sort, 2 jours",
            Wish("ranked", 1, "30%", "seed", "2 jours", ("3", "5")),
        ),
        ("2 days ranked tie oldest quorum 4", Wish("ranked", 1, "4", "oldest", "2 days")),
        ("2 voix 3 h", Wish("several", 2, end="3 h")),
    ],
)
def test_a_wish_stands_in_one_line(text: str, wish: Wish) -> None:
    assert read_wish(text) == wish


@pytest.mark.parametrize(
    ("text", "code"),
    [("0 voix", "no-number"), ("99 voix", "no-number"), ("égalité pile", "vote-tie")],
)
def test_a_wish_that_cannot_be_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        read_wish(text)


def test_chosen_options_make_the_same_wish() -> None:
    assert make_wish("ranked", None, "30%", "seed", "2 days", "#3, 5") == Wish(
        "ranked", 1, "30%", "seed", "2 days", ("3", "5")
    )
    assert make_wish("approval", 3, "", "oldest", "", "") == Wish("several", 3)
    assert make_wish("approval", MOST_VOTES, "", "host", "", "").most == MOST_VOTES
    with pytest.raises(Refusal, match="no-number"):
        make_wish("approval", MOST_VOTES + 1, "", "host", "", "")


def test_every_word_is_read() -> None:
    for method, words in METHODS.items():
        assert [method_of(word.upper()) for word in words] == [method] * len(words)
    for tie, words in TIES.items():
        assert [tie_of(word.title()) for word in words] == [tie] * len(words)


@given(st.text(max_size=100))
def test_any_line_is_a_wish_or_refused(text: str) -> None:
    try:
        wish = read_wish(text)
    except Refusal:
        return
    assert 1 <= wish.most <= MOST_VOTES


# --- The end


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("90 min", 90 * MINUTE),
        ("90min", 90 * MINUTE),
        ("90 mn", 90 * MINUTE),
        ("dans 3 heures", 3 * HOUR),
        ("in 3 hours", 3 * HOUR),
        ("2 jours", 2 * DAY),
        ("2 j", 2 * DAY),
        ("1 day", DAY),
        (f"{LONGEST_DAYS} days", LONGEST_DAYS * DAY),
    ],
)
def test_an_end_is_so_much_time_from_now(text: str, after: int) -> None:
    assert read_end(text, WALL, "Europe/Paris") == WALL + after


@pytest.mark.parametrize("text", ["10/03/2026", "2026-03-10", "10 mars", "10 March 2026"])
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Cayenne", "Indian/Reunion"])
def test_a_day_alone_is_the_end_of_it_as_the_room_has_it(text: str, zone: str) -> None:
    assert _local(text, zone) == datetime(2026, 3, 10, 23, 59)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("10/03 18h30", datetime(2026, 3, 10, 18, 30)),
        ("mardi 18h30", datetime(2026, 3, 3, 18, 30)),
        ("tomorrow 7pm", datetime(2026, 2, 26, 19)),
        ("18h", datetime(2026, 2, 25, 18)),
        ("demain", datetime(2026, 2, 26, 23, 59)),
    ],
)
def test_an_end_is_a_date_as_people_type_it(text: str, local: datetime) -> None:
    assert _local(text, "Europe/Paris") == local


def _local(text: str, zone: str) -> datetime:
    return local_time(read_end(text, WALL, zone), zone)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0 min", "vote-end"),
        ("29 days", "vote-end"),
        ("31/12/2026", "vote-end"),
        ("01/01/2026", "date-past"),
        ("30/02/2026", "no-such-date"),
        ("29/03/2026 2h30", "no-such-time"),
        ("x", "date-unread"),
        ("3", "date-unread"),
    ],
)
def test_an_end_that_is_none_or_past_or_far_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        read_end(text, WALL, "Europe/Paris")


def test_a_wish_keeps_the_time_of_day() -> None:
    assert read_wish("classement jusqu’à mardi 18:30").end == "mardi 18:30"
    assert read_wish("fin : 10/03 à 18h30, quorum 3").end == "10/03 a 18h30"
