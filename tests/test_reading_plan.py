"""Reading plans: what is typed, where a reader is, and what may be talked about with all who are there."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Refusal
from games.reading_plan import (
    MOST_SECTIONS,
    Progress,
    Section,
    Span,
    check_order,
    divided,
    horizon,
    numbered,
    position,
    shifted,
    upcoming,
)
from games.reading_words import read_change, read_division, read_progress, read_sections
from games.recurrence import instant

ZONE = "Europe/Paris"
NOW = instant(datetime(2026, 11, 26, 14, 0), ZONE)
TUESDAY = datetime(2026, 12, 1, 10, 0)

BY_PAGES = numbered(Section(0, pages=Span(p - 79, p)) for p in (80, 160, 240, 320))
BY_CHAPTERS = numbered(Section(0, chapters=Span(c - 4, c)) for c in (5, 10, 15, 20))
PARTS = numbered(Section(0, f"Partie {number}") for number in (1, 2, 3))


def sections(text: str) -> list[Section]:
    return [typed.section for typed in read_sections(text, None, NOW, ZONE)]


@pytest.mark.parametrize(
    ("text", "chapters", "title"),
    [
        ("chapitres I à V", Span(1, 5), ""),
        ("ch. ix-xii mardi", Span(9, 12), ""),
        ("ch. 6 à la fin", Span(6, 6), "à la fin"),
        ("chapitre l’été", None, "chapitre l’été"),
        ("chapitre il était", None, "chapitre il était"),
    ],
)
def test_chapters_may_have_roman_numerals(text: str, chapters: Span | None, title: str) -> None:
    [section] = sections(text)
    assert (section.chapters, section.title) == (chapters, title)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as problem:
        read_progress(text)
    return problem.value.code


# --- Sections as typed


def test_a_plan_is_typed_in_one_line() -> None:
    typed = read_sections("1: ch. 1-5 p. 1-80 mardi ; 2: ch. 6-10 p. 81-160 15/12", None, NOW, ZONE)
    assert [one.place for one in typed] == [1, 2]
    assert typed[0].section == Section(0, "", Span(1, 5), Span(1, 80), TUESDAY)
    assert typed[1].section.due == datetime(2026, 12, 15, 10, 0)


@pytest.mark.parametrize(
    "text",
    [
        "chapitres 1 à 5 pour mardi",
        "ch. 1-5, le 1er décembre",
        "chapters 1-5 by Tuesday",
        "jusqu’au chapitre 5 avant mardi",
        "up to ch. 5 on Tuesday 1 December",
    ],
)
def test_a_section_is_understood_in_both_languages(text: str) -> None:
    assert sections(text) == [Section(0, "", Span(1, 5), None, TUESDAY)]


def test_a_section_goes_on_where_the_one_in_front_of_it_ends() -> None:
    found = sections("p. 80 ; p. 160 ; jusqu’à la page 200")
    assert [section.pages for section in found] == [Span(1, 80), Span(81, 160), Span(161, 200)]


def test_a_part_has_a_title_and_a_time_of_its_own() -> None:
    [section] = sections("Première partie mardi 18h30")
    assert section.title == "Première partie"
    assert section.due == datetime(2026, 12, 1, 18, 30)


def test_a_title_in_quotation_marks_may_hold_a_weekday_and_may_be_revealing() -> None:
    [section] = sections("« La mort du mardi » révélateur ch. 6")
    assert (section.title, section.revealing, section.due) == ("La mort du mardi", True, None)


def test_a_day_of_today_is_told_of_in_the_evening_once_the_morning_has_passed() -> None:
    [section] = sections("p. 80 aujourd’hui")
    assert section.due == datetime(2026, 11, 26, 20, 0)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ch. 5-3", "log-backwards"),
        ("p. 0", "log-backwards"),
        ("p. 80 30 février", "no-such-date"),
        ("2", "section-unread"),
        ("x" * 61, "section-title"),
    ],
)
def test_what_is_no_section_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as problem:
        sections(text)
    assert problem.value.code == code


def test_a_change_says_only_what_changes() -> None:
    old = Section(2, "Fin", Span(6, 10), None, TUESDAY, revealing=True)
    assert read_change("p. 90-160", old, None, NOW, ZONE) == Section(
        2, "Fin", Span(6, 10), Span(90, 160), TUESDAY, revealing=True
    )
    assert read_change("sans date", old, None, NOW, ZONE).due is None
    moved = read_change("15/12", old, None, NOW, ZONE)
    assert moved.due == datetime(2026, 12, 15, 10, 0)
    assert not read_change("« Suite »", old, None, NOW, ZONE).revealing


def test_a_plan_never_goes_back() -> None:
    with pytest.raises(Refusal, match="section-backwards"):
        check_order(numbered([Section(0, pages=Span(1, 80)), Section(0, pages=Span(20, 60))]))
    with pytest.raises(Refusal, match="section-early"):
        check_order(
            numbered(
                [Section(0, "A", due=TUESDAY), Section(0, "B", due=TUESDAY.replace(day=2))][::-1]
            )
        )
    with pytest.raises(Refusal, match="too-many-sections"):
        check_order(numbered(Section(0, "x") for _ in range(500)))


# --- A plan made from how much one reads


def test_a_book_is_divided_by_pages_and_weeks() -> None:
    made = read_division("80 pages chaque semaine dès mardi", 300, NOW, ZONE)
    assert [section.pages for section in made] == [
        Span(1, 80), Span(81, 160), Span(161, 240), Span(241, 300)
    ]  # fmt: skip
    assert [section.due and section.due.day for section in made] == [1, 8, 15, 22]
    assert made == read_division("sections of 80 pages every week from Tuesday", 300, NOW, ZONE)


def test_chapters_need_to_be_counted_first() -> None:
    with pytest.raises(Refusal, match="division-total"):
        read_division("5 chapitres", 300, NOW, ZONE)
    made = read_division("5 chapitres sur 12 toutes les deux semaines", 300, NOW, ZONE)
    assert [section.chapters for section in made] == [Span(1, 5), Span(6, 10), Span(11, 12)]
    assert [section.due and section.due.day for section in made] == [10, 24, 7]


def test_a_book_in_five_hundred_sections_is_refused() -> None:
    with pytest.raises(Refusal, match="too-many-sections"):
        read_division("1 page", 500, NOW, ZONE)


@pytest.mark.parametrize("text", ["tout", "0 pages", "900 pages", "80 pages tous les 0 jours"])
def test_what_divides_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="division-unread"):
        read_division(text, 300, NOW, ZONE)


@given(st.integers(1, 50), st.integers(1, 2000))
def test_a_division_covers_the_book_once(each: int, total: int) -> None:
    if total > each * MOST_SECTIONS:
        return
    made = divided("pages", each, total, TUESDAY, 7)
    pages = [p for s in made if s.pages for p in range(s.pages.first, s.pages.last + 1)]
    assert pages == list(range(1, total + 1))
    check_order(made)


# --- Where somebody is


@pytest.mark.parametrize(
    ("text", "progress"),
    [
        ("3", Progress("section", 3)),
        ("la section 3", Progress("section", 3)),
        ("p. 120", Progress("page", 120)),
        ("jusqu’à la page 120", Progress("page", 120)),
        ("120/340", Progress("page", 120, 340)),
        ("p. 120 sur 340 pages", Progress("page", 120, 340)),
        ("45 %", Progress("percent", 45)),
        ("ch. 12", Progress("chapter", 12)),
        ("jusqu’au chapitre 12", Progress("chapter", 12)),
        ("12 chapters", Progress("chapter", 12)),
        ("1h20", Progress("minute", 80)),
        ("1h20 / 60h", Progress("minute", 80, 3600)),
        ("80 sur 8h", Progress("minute", 80, 480)),
        ("fini", Progress("done", 0)),
        ("I’ve finished", Progress("done", 0)),
        ("chapitre IV", Progress("chapter", 4)),
        ("ch. xxxix", Progress("chapter", 39)),
        ("3e chapitre", Progress("chapter", 3)),
        ("the 12th chapter", Progress("chapter", 12)),
        ("s2", Progress("section", 2)),
        ("la moitié", Progress("percent", 50)),
        ("halfway", Progress("percent", 50)),
        ("rien", Progress("section", 0)),
        ("effacer", None),
    ],
)
def test_one_says_where_one_is_as_one_counts(text: str, progress: Progress | None) -> None:
    assert read_progress(text) == progress


def test_what_says_nothing_of_where_one_is_is_refused() -> None:
    assert refused("blabla") == "progress-unread"
    assert refused("") == "progress-unread"
    assert refused("400/300") == "progress-beyond"
    assert refused("150 %") == "log-percent"
    assert refused("-3") == "log-negative"


@given(st.text(max_size=200))
def test_nothing_typed_breaks_the_readers(text: str) -> None:
    for read in (
        lambda: read_progress(text),
        lambda: read_sections(text, None, NOW, ZONE),
        lambda: read_division(text, 300, NOW, ZONE),
        lambda: read_change(text, PARTS[0], None, NOW, ZONE),
    ):
        try:
            read()
        except Refusal:
            continue


# --- As a section


def test_a_section_is_finished_when_its_last_page_is_read() -> None:
    assert position(Progress("page", 79), BY_PAGES, 320) == 0
    assert position(Progress("page", 80), BY_PAGES, 320) == 1
    assert position(Progress("page", 319), BY_PAGES, 320) == 3


def test_a_page_is_one_of_ones_own_edition() -> None:
    assert position(Progress("page", 160), BY_PAGES, 320) == 2
    assert position(Progress("page", 160, 640), BY_PAGES, 320) == 1
    assert position(Progress("page", 640, 640), BY_PAGES, 320) == 4


def test_percents_and_minutes_go_by_share() -> None:
    assert position(Progress("percent", 50), BY_PAGES, 320) == 2
    assert position(Progress("percent", 49), BY_PAGES, 320) == 1
    assert position(Progress("minute", 240, 480), BY_CHAPTERS, None) == 2
    assert position(Progress("minute", 240), BY_CHAPTERS, None) is None


def test_what_the_plan_does_not_measure_cannot_be_told() -> None:
    assert position(Progress("page", 10), PARTS, None) is None
    assert position(Progress("chapter", 10), BY_PAGES, 320) is None
    assert position(Progress("page", 160), BY_CHAPTERS, 320) == 2
    assert position(Progress("section", 9), PARTS, None) == 3
    assert position(Progress("done", 0), PARTS, None) == 3


def test_what_may_be_talked_about_is_what_all_have_finished() -> None:
    readers = [Progress("section", 3), Progress("page", 165), Progress("percent", 100)]
    assert horizon(BY_PAGES, readers, 320) == 2
    assert horizon(BY_PAGES, [*readers, Progress("section", 0)], 320) == 0
    assert horizon(BY_PAGES, [*readers, None], 320) == 0
    assert horizon(BY_PAGES, [], 320) == 0


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(0, 400))
def test_one_more_reader_never_opens_anything(pages: list[int], more: int) -> None:
    readers = [Progress("page", page) for page in pages]
    with_more = horizon(BY_PAGES, [*readers, Progress("page", more)], 320)
    if readers:
        assert with_more <= horizon(BY_PAGES, readers, 320)


@given(st.integers(0, 100), st.integers(0, 100))
def test_reading_on_never_closes_anything(first: int, more: int) -> None:
    early, late = Progress("percent", min(first, more)), Progress("percent", max(first, more))
    assert (position(early, BY_PAGES, 320) or 0) <= (position(late, BY_PAGES, 320) or 0)


# --- Dates


def test_a_plan_is_put_off_by_a_week() -> None:
    assert shifted(Section(1, due=TUESDAY), 7).due == TUESDAY.replace(day=8)
    assert shifted(Section(1, "A"), 7) == Section(1, "A")


def test_what_comes_next_is_the_first_that_is_due() -> None:
    plan = [Section(1, due=TUESDAY), Section(2, due=TUESDAY.replace(day=8)), Section(3, "A")]
    assert upcoming(plan, TUESDAY.date()) == plan[0]
    assert upcoming(plan, TUESDAY.replace(day=2).date()) == plan[1]
    assert upcoming(plan, TUESDAY.replace(day=9).date()) is None
