"""Books: ISBNs in any spelling, what is typed, works apart from editions, and what is asked of catalogues."""

import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from bot.books import (
    ASK_AGAIN_DAYS,
    LONGEST,
    Books,
    may_be_same,
    read_book,
    read_isbn,
    title_key,
)
from bot.catalogues import Answer, Catalogues
from bot.storage.books import Details, Kept
from games.core import Refusal
from tests.club_stage import ClubHouse

FOLIO = "9782070360024"
"""« L’Étranger » in the collection Folio."""


class Librarian(Catalogues):
    """Answers from a list, and counts how often it was asked."""

    def __init__(self, *known: Details, sure: bool = True) -> None:
        super().__init__(("bnf", "openlibrary"))
        self.known = {details.isbn: details for details in known}
        self.sure = sure
        self.asked: list[str] = []

    async def find(self, isbn: str) -> Answer:
        self.asked.append(isbn)
        return Answer(self.known.get(isbn), self.sure)


STRANGER = Details("L’Étranger", "Albert Camus", FOLIO, "Gallimard", 1971, "fre", 185, source="bnf")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


def asking(engine: ClubHouse, librarian: Librarian) -> Books:
    return Books(engine.database, engine.clock, librarian)


async def keep(engine: ClubHouse, text: str) -> Kept:
    details = await engine.books.look_up(read_book(text))
    async with engine.database.transaction() as transaction:
        return await engine.books.keep(transaction, details)


# --- ISBN


@pytest.mark.parametrize(
    "text",
    [
        "9782070360024",
        "978-2-07-036002-4",
        "978 2 07 036002 4",
        "978.2.07.036002.4",
        "978\u20102\u201007\u2010036002\u20104",
        "978–2–07–036002–4",
        "978\u00a02\u00a007\u00a0036002\u00a04",
        "ISBN 978-2-07-036002-4",
        "isbn: 9782070360024",
        "ISBN-13: 978-2-07-036002-4",
        "ISBN 13 : 978-2-07-036002-4",
        "ISBN-13 9782070360024",
        "EAN 9782070360024",
        "e-ISBN 9782070360024",
        "2070360024",
        "2-07-036002-4",
        "ISBN 2-07-036002-4",
        "ISBN-10: 2070360024",
        "ISBN 10 : 2-07-036002-4",
        "９７８２０７０３６００２４",
        "978 2 O7 O36OO2 4",
        "978207036oo24",
        " 9782070360024 ",
    ],
)
def test_an_isbn_is_read_however_it_is_spelt(text: str) -> None:
    assert read_isbn(text) == FOLIO


def test_the_last_sign_of_an_isbn_may_be_an_x() -> None:
    assert read_isbn("0-8044-2957-X") == read_isbn("0 8044 2957 x") == "9780804429573"


def test_newer_isbns_begin_with_979() -> None:
    assert read_isbn("979-10-90636-07-1") == "9791090636071"


@pytest.mark.parametrize(
    "text",
    [
        "Germinal",
        "1984",
        "Fahrenheit 451",
        "2001",
        "",
        "   ",
        "20 000 lieues",
        "12345",
        "Lol Lil O",
    ],
)
def test_a_title_is_no_isbn(text: str) -> None:
    assert read_isbn(text) is None


@pytest.mark.parametrize(
    "text",
    ["9782070360025", "2070360025", "ISBN 123", "ISBN 978-2-07", "1234567890123", "ISBN-10 2-07"],
)
def test_a_slip_in_an_isbn_is_told(text: str) -> None:
    with pytest.raises(Refusal, match="isbn-wrong"):
        read_isbn(text)


@given(st.integers(0, 999_999_999), st.sampled_from(["", "-", " ", "."]))
def test_both_forms_of_an_isbn_are_one(number: int, joint: str) -> None:
    body = f"978{number:09d}"
    long = body + ean.calc_check_digit(body)
    weighted = sum(int(digit) * (10 - place) for place, digit in enumerate(body[3:]))
    short = body[3:] + "0123456789X"[-weighted % 11]
    assert read_isbn(joint.join(long)) == long
    assert read_isbn(joint.join(short)) == long


@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_be_looked_at_for_an_isbn(text: str) -> None:
    try:
        found = read_isbn(text)
    except Refusal:
        return
    assert found is None or (len(found) == 13 and found.isdecimal())


# --- What is typed


@pytest.mark.parametrize(
    ("text", "details"),
    [
        ("Germinal", Details("Germinal")),
        ("Germinal ; Émile Zola", Details("Germinal", "Émile Zola")),
        ("Germinal;Émile Zola;591", Details("Germinal", "Émile Zola", pages=591)),
        ("Germinal ; 591 p. ; Zola", Details("Germinal", "Zola", pages=591)),
        ("Germinal ; Zola ; 591 pages", Details("Germinal", "Zola", pages=591)),
        ("1984 ; George Orwell", Details("1984", "George Orwell")),
        ("Malavita ; 1984", Details("Malavita", "1984")),
        ("Boule et Bill ; Roba ; Verron", Details("Boule et Bill", "Roba, Verron")),
        (FOLIO, Details("", isbn=FOLIO)),
        (f"{FOLIO} ; L’Étranger ; Camus", Details("L’Étranger", "Camus", FOLIO)),
        (f"L’Étranger ; ISBN {FOLIO}", Details("L’Étranger", "", FOLIO)),
        ("  ", Details("")),
        (" ; Zola", Details("Zola")),
        ("Ger\x00mi\u202enal", Details("Germinal")),
    ],
)
def test_a_book_stands_in_one_line(text: str, details: Details) -> None:
    assert read_book(text) == details


@given(st.text(max_size=400))
def test_any_line_becomes_a_book_within_bounds_or_is_refused(text: str) -> None:
    try:
        details = read_book(text)
    except Refusal:
        return
    for kept in (details.title, details.author):
        assert len(kept) <= LONGEST
        assert not any(unicodedata.category(char)[0] == "C" for char in kept)
        assert ";" not in kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Zola", "Émile Zola", True),
        ("Émile Zola", "Zola, Émile", True),
        ("", "Émile Zola", True),
        ("Zola", "Sand", False),
        ("Alexandre Dumas père", "Alexandre Dumas fils", False),
    ],
)
def test_an_author_may_be_named_in_part(one: str, other: str, same: bool) -> None:
    assert may_be_same(title_key(one), title_key(other)) is same


# --- Works and editions


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Germinal ; Émile Zola", "germinal ; emile zola"),
        ("L’Étranger ; Camus", "Étranger ; camus"),
        ("Germinal ; Émile Zola", "Germinal"),
        ("Germinal ; Émile Zola", "Germinal ; Zola"),
        ("Germinal", "Germinal ; Zola"),
    ],
)
async def test_a_work_is_known_again(engine: ClubHouse, first: str, second: str) -> None:
    assert (await keep(engine, first)).work_id == (await keep(engine, second)).work_id
    [(author,)] = await engine.sql("SELECT author FROM work")
    assert author


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nana ; Zola", "Nana ; Sand"),
        ("Nana", "Germinal"),
        ("Poésies ; Rimbaud", "Poésies ; Valéry"),
    ],
)
async def test_another_work_is_another(engine: ClubHouse, first: str, second: str) -> None:
    assert (await keep(engine, first)).work_id != (await keep(engine, second)).work_id


async def test_a_title_of_two_works_alone_is_a_third(engine: ClubHouse) -> None:
    kept = {(await keep(engine, f"Poésies{author}")).work_id for author in (" ; A", " ; B", "")}
    assert len(kept) == 3
    assert (await keep(engine, "Poésies")).work_id in kept


async def test_a_title_alone_needs_no_edition(engine: ClubHouse) -> None:
    assert (await keep(engine, "Germinal")).edition_id is None
    assert (await keep(engine, "Germinal ; Zola ; 591")).edition_id is not None
    assert await engine.sql("SELECT COUNT(*) FROM work") == [(1,)]


async def test_two_editions_are_one_work(engine: ClubHouse) -> None:
    other = Details("L’étranger", "Albert Camus", "9782070212002", pages=159, source="openlibrary")
    books = asking(engine, Librarian(STRANGER, other))
    kept = []
    for isbn in (FOLIO, "2070212009"):
        details = await books.look_up(read_book(isbn))
        async with engine.database.transaction() as transaction:
            kept.append(await books.keep(transaction, details))
    assert kept[0].work_id == kept[1].work_id
    assert kept[0].edition_id != kept[1].edition_id


# --- What is asked


async def test_a_title_typed_by_hand_asks_nobody(engine: ClubHouse) -> None:
    librarian = Librarian(STRANGER)
    found = await asking(engine, librarian).look_up(read_book("L’Étranger ; Camus"))
    assert (found.title, found.source, librarian.asked) == ("L’Étranger", "hand", [])


async def test_an_isbn_is_asked_once_and_then_known(engine: ClubHouse) -> None:
    librarian = Librarian(STRANGER)
    books = asking(engine, librarian)
    for _ in range(3):
        details = await books.look_up(read_book("2-07-036002-4"))
        async with engine.database.transaction() as transaction:
            await books.keep(transaction, details)
    assert details == STRANGER
    assert librarian.asked == [FOLIO]
    assert await engine.sql("SELECT COUNT(*) FROM edition") == [(1,)]


async def test_what_no_catalogue_knows_is_asked_again_after_a_month(engine: ClubHouse) -> None:
    librarian = Librarian()
    books = asking(engine, librarian)
    for _ in range(2):
        with pytest.raises(Refusal, match="isbn-unknown") as caught:
            await books.look_up(read_book(FOLIO))
    assert caught.value.facts == {"isbn": "978-2-07-036002-4"}
    assert len(librarian.asked) == 1
    engine.clock.advance(ASK_AGAIN_DAYS * 86_400 + 1)
    await books.expire()
    assert await engine.sql("SELECT COUNT(*) FROM isbn_unknown") == [(0,)]
    librarian.known[FOLIO] = STRANGER
    assert await books.look_up(read_book(FOLIO)) == STRANGER


async def test_a_catalogue_that_was_out_of_reach_is_asked_again_at_once(engine: ClubHouse) -> None:
    librarian = Librarian(sure=False)
    books = asking(engine, librarian)
    for _ in range(2):
        with pytest.raises(Refusal, match="isbn-unknown"):
            await books.look_up(read_book(FOLIO))
    assert len(librarian.asked) == 2
    assert await engine.sql("SELECT COUNT(*) FROM isbn_unknown") == [(0,)]


async def test_without_catalogues_nothing_is_noted_as_unknown(engine: ClubHouse) -> None:
    with pytest.raises(Refusal, match="isbn-unknown"):
        await engine.books.look_up(read_book(FOLIO))
    assert await engine.sql("SELECT COUNT(*) FROM isbn_unknown") == [(0,)]


async def test_a_title_beside_the_isbn_will_do_when_no_catalogue_helps(engine: ClubHouse) -> None:
    kept = await keep(engine, f"{FOLIO} ; L’Étranger ; Camus ; 185")
    assert await engine.sql("SELECT isbn, pages, source FROM edition") == [(FOLIO, 185, "hand")]
    assert (await keep(engine, FOLIO)).work_id == kept.work_id
    assert await engine.sql("SELECT COUNT(*) FROM edition") == [(1,)]


async def test_what_a_member_said_of_an_isbn_does_not_outlive_a_catalogue(
    engine: ClubHouse,
) -> None:
    await keep(engine, f"{FOLIO} ; Une farce")
    books = asking(engine, Librarian(STRANGER))
    assert await books.look_up(read_book(FOLIO)) == STRANGER
    async with engine.database.transaction() as transaction:
        await books.keep(transaction, STRANGER)
    assert await engine.books.look_up(read_book(f"{FOLIO} ; Une autre farce")) == STRANGER


async def test_pages_that_the_catalogue_lacks_are_taken_from_who_typed_them(
    engine: ClubHouse,
) -> None:
    bare = Details("L’Étranger", "Albert Camus", FOLIO, source="openlibrary")
    found = await asking(engine, Librarian(bare)).look_up(read_book(f"{FOLIO} ; É ; C ; 185"))
    assert found.pages == 185


async def test_neither_title_nor_isbn_is_no_book(engine: ClubHouse) -> None:
    with pytest.raises(Refusal, match="book-title"):
        await engine.books.look_up(read_book("  ;  "))
