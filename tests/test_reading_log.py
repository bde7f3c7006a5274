"""What people type about their reading, read as they meant it; nonsense gets a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Refusal
from games.reading_log import (
    LAST_PAGE,
    MOST,
    UNITS,
    Amount,
    Entry,
    Reached,
    Span,
    Unit,
    read_goal,
    read_log,
    read_page,
    split_start,
)
from tests.quiz_strategies import ANY_TEXT


def pages(count: int) -> Amount:
    return Amount("pages", count)


def minutes(count: int) -> Amount:
    return Amount("minutes", count)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((text, pages(12)) for text in ("12", " 12 ", "12.", "12 p", "12p", "12 p.", "12 pages")),
        *((text, pages(12)) for text in ("12 PAGES !", "pages 12", "+12", "12\u00a0pages")),
        *((text, pages(12)) for text in ("j’ai lu 12 pages", "12 pages lues", "about 12 pages")),
        *((text, pages(12)) for text in ("I read 12 pages", "environ 12 pages")),
        *((text, pages(1)) for text in ("une page", "1 page", "one page", "a page")),
        *((text, pages(1250)) for text in ("1 250 pages", "1250", "1\u202f250", "1,250 pages")),
        *((text, pages(0)) for text in ("0", "0 page", "0 pages")),
        *((text, Span(45, 67)) for text in ("p. 45-67", "p45-67", "45-67", "p. 45–67", "pp. 45-67")),
        *((text, Span(45, 67)) for text in ("pages 45 à 67", "de 45 à 67", "de la page 45 à la 67")),
        *((text, Span(45, 67)) for text in ("45 -> 67", "45 → 67", "from page 45 to page 67")),
        *((text, Span(45, 67)) for text in ("45 à 67 pages", "p. 45 - p. 67", "PAGE 45 A PAGE 67")),
        ("p. 12-12", Span(12, 12)),
        *((text, Reached(120)) for text in ("page 120", "p. 120", "p120", "p 120", "Page 120 !")),
        *((text, Reached(120)) for text in ("120/340", "p. 120 / 340", "page 120 sur 340")),
        *((text, Reached(120)) for text in ("jusqu’à la page 120", "je suis à la page 120")),
        *((text, Reached(120)) for text in ("up to page 120", "page 120 of 340")),
        *((text, Amount("percent", 45)) for text in ("45 %", "45%", "45\u202f%", "45 pour cent")),
        *((text, Amount("percent", 45)) for text in ("45 percent", "45 % du livre", "45 pct")),
        ("100 %", Amount("percent", 100)),
        *((text, minutes(80)) for text in ("1h20", "1 h 20", "1h20min", "1:20", "1:20:00")),
        *((text, minutes(80)) for text in ("1 heure 20 minutes", "1 hour 20", "80 min", "80 mn")),
        *((text, minutes(60)) for text in ("1h", "1 heure", "une heure", "an hour", "60 minutes")),
        *((text, minutes(25)) for text in ("25 min", "25min", "min 25", "25 minutes de lecture")),
        *((text, Amount("chapters", 2)) for text in ("2 chap", "2 chapitres", "2 ch.", "2 chapters")),
        *((text, Amount("chapters", 1)) for text in ("un chapitre", "chapitre 3", "ch. 3")),
        *((text, Amount("chapters", 1)) for text in ("Chapter 12", "chap. 3", "1 chapter")),
        *((text, Amount("chapters", 3)) for text in ("chapitres 3 à 5", "ch. 3-5", "chapters 3 to 5")),
    ],
)  # fmt: skip
def test_what_is_typed_is_read_as_it_was_meant(typed: str, meant: Entry) -> None:
    assert read_log(typed) == meant


@pytest.mark.parametrize("unit", UNITS)
def test_a_bare_number_is_of_the_readers_own_unit(unit: Unit) -> None:
    assert read_log("45", unit) == Amount(unit, 45)
    assert read_log("45 pages", unit) == pages(45)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((text, "log-empty") for text in ("", "  ", "!", "…"[:0])),
        *((text, "log-digits") for text in ("١٢", "१२ pages", "１２", "12²", "p. ٤٥-٦٧")),
        *((text, "log-negative") for text in ("-3", "−12 pages", "- 3", "p. -12", "12 - -3")),
        *((text, "log-backwards") for text in ("p. 12-8", "67 à 45", "ch. 5-3")),
        *((text, "log-percent") for text in ("101 %", "140%", "1000000000 %")),
        *((text, "log-too-much") for text in ("1000000000", "10000000000 pages", "2001", "99 h")),
        *((text, "log-too-much") for text in ("page 30000", "p. 1-2500", "301 chap", "p. 1-99999")),
        *((text, "log-unread") for text in ("beaucoup", "12 livres", "12,5 pages", "3-4-5", "12-")),
        *((text, "log-unread") for text in ("1h99", "12 pages 25 min", "x" * 200, "9" * 90)),
        *(
            (text, "log-unread")
            for text in ("10^9 pages", "1e9", "0x12", "douze", "NaN", "p. 12-b")
        ),
    ],
)
def test_nonsense_gets_its_own_sentence(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_log(typed)
    assert caught.value.code == code


@given(ANY_TEXT | st.text("0123456789 -–%hp.ages:,", max_size=20), st.sampled_from(UNITS))
def test_any_text_is_read_or_refused_and_never_beyond_what_is_possible(
    text: str, unit: Unit
) -> None:
    try:
        entry = read_log(text, unit)
    except Refusal:
        return
    match entry:
        case Amount(counted, amount):
            assert 0 <= amount <= MOST[counted]
        case Span(start, end):
            assert 0 <= start <= end <= LAST_PAGE
            assert end - start <= MOST["pages"]
        case Reached(page):
            assert 0 <= page <= LAST_PAGE


@given(st.integers(0, 2000))
def test_every_number_of_pages_is_read_in_every_form(count: int) -> None:
    for text in (
        f"{count}",
        f"{count} p",
        f"{count} pages",
        f"{count:,} pages",
        f"p. 7-{7 + count}",
    ):
        assert read_log(text) in (pages(count), Span(7, 7 + count))


@pytest.mark.parametrize(
    ("typed", "page"), [("", None), ("  ", None), ("45", 45), ("p. 45", 45), ("page 45", 45)]
)
def test_a_page_is_read_or_left_out(typed: str, page: int | None) -> None:
    assert read_page(typed) == page


@pytest.mark.parametrize("typed", ["45 %", "-3", "le début", "45-67", "2 chap"])
def test_what_is_no_page_is_refused(typed: str) -> None:
    with pytest.raises(Refusal):
        read_page(typed)


@pytest.mark.parametrize(
    ("typed", "title", "start"),
    [
        ("Germinal", "Germinal", None),
        ("  La   Terre ", "La Terre", None),
        ("Germinal p. 45", "Germinal", 45),
        ("Germinal, page 45", "Germinal", 45),
        ("Germinal (p. 45)", "Germinal", 45),
        ("Émile PAGE 3", "Émile", 3),
        ("p. 45", "", 45),
        ("1984", "1984", None),
        ("Fahrenheit 451", "Fahrenheit 451", None),
        ("Germinal p. 99999", "Germinal p. 99999", None),
        ("Germinal p. ٤٥", "Germinal p. ٤٥", None),
        ("", "", None),
    ],
)
def test_a_title_may_end_with_the_page_where_one_begins(
    typed: str, title: str, start: int | None
) -> None:
    assert split_start(typed) == (title, start)


@given(ANY_TEXT)
def test_any_title_is_kept_or_shortened_by_its_page(text: str) -> None:
    title, start = split_start(text)
    assert title in " ".join(text.split())
    assert start is None or 0 <= start <= LAST_PAGE


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("500 pages", pages(500)),
        ("12 000 pages", pages(12000)),
        ("500", pages(500)),
        ("20 h", minutes(1200)),
        ("30 chapitres", Amount("chapters", 30)),
    ],
)
def test_a_goal_is_read_like_a_log_and_may_be_greater(typed: str, meant: Amount) -> None:
    assert read_goal(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((text, "no-goal") for text in ("45 %", "0", "p. 12-45", "page 120")),
        ("100001 pages", "log-too-much"),
        ("-5", "log-negative"),
        ("tout Proust", "log-unread"),
    ],
)
def test_a_goal_that_is_none_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_goal(typed)
    assert caught.value.code == code
