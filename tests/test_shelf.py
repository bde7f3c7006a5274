"""The shelf: what lies over the decks at hand, what takes whose place, and what is left when something is damaged."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deck_reader import DeckReader, Taken
from bot.decks import Decks
from bot.formats import FORMATS, export_deck, import_deck, reading
from bot.people import People
from bot.shelf import (
    LARGEST_FILE,
    LICENCE,
    LONGEST_NAME,
    MOST_REMEMBERED,
    READ,
    WRITTEN,
    ImportWish,
    Shelf,
    _suffix,
    checked,
    read_import,
    slug,
)
from bot.storage import decks as rows
from bot.storage.database import Database
from bot.storage.decks import DeckRow, Remembered, peek
from games.core import Refusal, Role
from games.deck import Deck, DeckError, Problem
from games.question import Question
from tests.fake_clock import FakeClock

HOST, PATRON = Role.HOST, Role.PATRON
TABLE = b"question;answer\nWho?;Maigret\nWhere?;Paris\n"
DOG = Question("Quel chien ?", "Milou", accept=("Le chien Milou",))
CHOICE = Question("Qui ?", "Zola", wrong=("Hugo",))
SHIPPED = Deck("mots", "Mots à trouver", "fr", "", "CC0", "", (DOG, CHOICE))


class Reader(DeckReader):
    """Reads at once, in this process; `gate` holds back what was read."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, data: bytes, name: str, format: str | None, locale: str) -> Taken:  # noqa: A002
        imported = import_deck(data, name, format=format, locale=locale)
        await self.gate.wait()
        lines = tuple(range(2, len(imported.deck.questions) + 2))
        return Taken(imported.deck, imported.duplicates, lines)


@dataclass
class Library:
    """A shelf and what it stands on."""

    database: Database
    people: People
    clock: FakeClock
    decks: Decks
    shelf: Shelf
    reader: Reader

    async def again(self) -> Shelf:
        """Return the shelf as the next start of the program finds it."""
        return await Shelf.load(self.database, Decks((SHIPPED,)), self.people, self.clock)

    async def bring(self, name: str = "", data: bytes = TABLE, **wish: bool) -> Deck:
        asked = ImportWish(name, "", **wish)
        return (await self.shelf.bring_in("crime.csv", data, asked, "en", HOST)).deck


@pytest.fixture
async def library(tmp_path: Path) -> AsyncIterator[Library]:
    database, clock = await Database.open(tmp_path / "e.sqlite3"), FakeClock()
    people, decks, reader = await People.load(database, clock), Decks((SHIPPED,)), Reader()
    shelf = Shelf(database, decks, people, clock, reader)
    yield Library(database, people, clock, decks, shelf, reader)
    await database.close()


# --- What the shelf says of formats without loading them


def test_the_formats_are_those_of_the_readers() -> None:
    assert tuple(FORMATS) == READ
    assert tuple(name for name, one in FORMATS.items() if one.write) == WRITTEN
    assert [FORMATS[name].suffixes[0] for name in WRITTEN] == [_suffix(name) for name in WRITTEN]
    assert LARGEST_FILE == reading.LARGEST_FILE


# --- Names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Polars du Sud-Ouest", "polars-du-sud-ouest"),
        ("L’Été à la mer !", "l-ete-a-la-mer"),
        ("  a & b  ", "a-b"),
        ("Œuvres_2", "oeuvres-2"),
        ("???", ""),
        ("x" * 60, "x" * LONGEST_NAME),
        (f"{'x' * (LONGEST_NAME - 1)} y", "x" * (LONGEST_NAME - 1)),
    ],
)
def test_a_deck_gets_a_name_that_can_be_typed(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.text(max_size=80))
def test_a_name_is_made_of_any_text_and_names_itself(text: str) -> None:
    made = slug(text)
    assert len(made) <= LONGEST_NAME
    assert slug(made) == made


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", ImportWish()),
        ("polar", ImportWish("polar")),
        ("polar csv", ImportWish("polar", "csv")),
        ("GIFT", ImportWish("", "gift")),
        ("polar du soir gift remplacer", ImportWish("polar du soir", "gift", True)),
        ("replace", ImportWish(replace=True)),
        ("csv polar", ImportWish("csv polar")),
    ],
)
def test_what_a_host_types_beside_a_file_is_read(typed: str, wish: ImportWish) -> None:
    assert read_import(typed) == wish


@pytest.mark.parametrize("name", ["2024", "calme", "?!", "lent"])
async def test_a_name_that_would_mean_something_else_is_refused(
    library: Library, name: str
) -> None:
    with pytest.raises(Refusal, match="deck-name"):
        await library.bring(name)


# --- Importing ------------------------------------------------------------------------------------------------


async def test_an_imported_deck_joins_at_once_and_is_there_at_the_next_start(
    library: Library,
) -> None:
    deck = await library.bring("Crime Stories")
    assert (deck.name, deck.title, len(deck.questions)) == ("crime-stories", "Crime Stories", 2)
    assert library.decks.find("crime stories", "en") == deck
    again = await library.again()
    assert again.decks.find("crime-stories", "en") == deck
    assert again.kept_on("crime-stories") == date(2026, 2, 25)
    assert again.kept_on("mots") is None


async def test_only_hosts_import_export_and_remove(library: Library) -> None:
    shelf = library.shelf
    for asked in (
        shelf.bring_in("c.csv", TABLE, ImportWish(), "en", PATRON),
        shelf.export("mots", "", "fr", PATRON),
        shelf.remove("mots", PATRON),
        shelf.forget("mots", "x", "fr", PATRON),
    ):
        with pytest.raises(Refusal, match="hosts-only"):
            await asked


async def test_a_refused_file_leaves_everything_as_it_was(library: Library) -> None:
    await library.bring("crime")
    before = dict(library.decks.all)
    with pytest.raises(DeckError):
        await library.bring("crime", b"question;answer\nWho?;Maigret\nWhere?;\n", replace=True)
    assert library.decks.all == before
    assert (await library.again()).decks.all == before


@pytest.mark.parametrize("name", ["mots", "Mots !"])
async def test_a_name_that_is_taken_is_refused_unless_the_host_replaces(
    library: Library, name: str
) -> None:
    with pytest.raises(Refusal, match="deck-exists"):
        await library.bring(name)
    deck = await library.bring(name, replace=True)
    assert library.decks.find("mots", "fr") == deck
    assert await library.shelf.remove("mots", HOST) == "mots"
    assert library.decks.find("mots", "fr") == SHIPPED


async def test_a_name_taken_while_the_file_was_read_is_refused_too(library: Library) -> None:
    library.reader.gate.clear()
    both = [asyncio.create_task(library.bring("crime")) for _ in range(2)]
    await asyncio.sleep(0)
    library.reader.gate.set()
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["Deck", "Refusal"]


async def test_questions_that_other_decks_hold_are_told_with_their_line(library: Library) -> None:
    data = "question;réponse\nOù ?;Pau\nQuel chien ?;Milou\nOù ?;Pau\n".encode()
    arrival = await library.shelf.bring_in("a.csv", data, ImportWish("a"), "fr", HOST)
    assert arrival.remarks == (
        Problem(3, "in-another-deck", {"deck": "mots"}),
        Problem(4, "duplicate", {"first": 2}),
    )
    again = ImportWish("a", replace=True)
    arrival = await library.shelf.bring_in("a.csv", data, again, "fr", HOST)
    assert len(arrival.remarks) == 2, "a deck is not compared with itself"


PICTURED = """title = "Images"
locale = "fr"
licence = "CC0"

[[question]]
prompt = "Qui ?"
answer = "Zola"
image = "{image}"
alt = "Un homme à lunettes"
"""


@pytest.mark.parametrize("image", ["https://example.org/x.png", "zola.png"])
async def test_pictures_come_from_the_web_but_not_with_a_message(
    library: Library, image: str
) -> None:
    data = PICTURED.format(image=image).encode()
    bringing = library.shelf.bring_in("images.toml", data, ImportWish(), "fr", HOST)
    if image.startswith("https"):
        assert (await bringing).deck.questions[0].image == image
        return
    with pytest.raises(DeckError) as caught:
        await bringing
    assert [(one.line, one.code) for one in caught.value.problems] == [(5, "no-picture")]


async def test_a_slash_in_a_name_is_no_folder(library: Library) -> None:
    deck = await library.bring("été/hiver\\2")
    assert (deck.name, deck.title) == ("ete-hiver-2", "été hiver 2")


async def test_the_file_itself_names_a_deck_whose_host_does_not(library: Library) -> None:
    wish = ImportWish()
    arrival = await library.shelf.bring_in("..\\dossier/Mon polar.csv", TABLE, wish, "en", HOST)
    assert (arrival.deck.name, arrival.deck.title) == ("mon-polar", "Mon polar")


async def test_a_damaged_deck_is_left_out_and_can_be_removed_or_replaced(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    await library.bring("crime")
    async with library.database.transaction() as transaction:
        for name in ("broken", "hollow"):
            await rows.keep(transaction, DeckRow(name, "title = ", 0), ())
    shelf = await library.again()
    assert set(shelf.decks.all) == {"mots", "crime"}
    assert "broken is damaged" in caplog.text
    await shelf.remove("broken", HOST)
    assert set((await library.again())._damaged) == {"hollow"}
    library.shelf._damaged.add("hollow")
    await library.bring("hollow")
    assert "hollow" in (await library.again()).decks.all


async def test_what_is_not_there_cannot_be_removed(library: Library) -> None:
    with pytest.raises(Refusal, match="deck-not-kept"):
        await library.shelf.remove("Mots", HOST)
    with pytest.raises(Refusal, match="no-deck"):
        await library.shelf.remove("polar", HOST)
    await library.bring("crime")
    assert await library.shelf.remove("CRIME", HOST) == "crime"
    assert set((await library.again()).decks.all) == {"mots"}


async def test_a_title_finds_its_deck_too_but_a_name_comes_first(library: Library) -> None:
    await library.bring("crime")
    title = replace(SHIPPED, name="other", title="Crime")
    library.decks._below["other"] = title
    library.shelf._lay()
    assert library.decks.find("crime", "en").name == "crime"
    assert await library.shelf.remove("Crime", HOST) == "crime"
    assert library.decks.find("crime", "en").name == "other"


# --- Exporting ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_name", "file_name"), [("", "mots.toml"), ("CSV", "mots.csv"), ("gift", "mots.gift")]
)
async def test_a_deck_goes_out_as_it_may_come_in(
    library: Library, format_name: str, file_name: str
) -> None:
    made = await library.shelf.export("mots", format_name, "fr", HOST)
    assert (made.file_name, made.remembered) == (file_name, 0)
    back = import_deck(made.data, made.file_name, locale="fr", licence="CC0")
    assert [q.prompt for q in back.deck.questions] == [q.prompt for q in SHIPPED.questions]


async def test_a_format_that_is_not_written_is_refused(library: Library) -> None:
    with pytest.raises(DeckError):
        await library.shelf.export("mots", "kahoot", "fr", HOST)


# --- Remembering ----------------------------------------------------------------------------------------------


async def test_a_remembered_answer_is_right_from_then_on(library: Library) -> None:
    await library.shelf.remember("mots", DOG.prompt, "Snowy")
    for shelf in (library.shelf, await library.again()):
        deck = shelf.decks.find("mots", "fr")
        assert deck.questions[0].accept == ("Le chien Milou", "Snowy")
        assert deck.questions[1] == CHOICE
        assert shelf.remembered(deck) == [Remembered("mots", DOG.prompt, "Snowy")]
        made = await shelf.export("mots", "", "fr", HOST)
        assert made.remembered == 1
        assert b'"Snowy"' in made.data


@pytest.mark.parametrize(
    ("deck", "prompt", "answer", "code"),
    [
        ("mots", DOG.prompt, "milou", "already-right"),
        ("mots", CHOICE.prompt, "Émile", "remember-words-only"),
        ("mots", "Qui donc ?", "x", "question-gone"),
        ("polar", DOG.prompt, "x", "question-gone"),
        ("", "", "x", "question-gone"),
        ("mots", DOG.prompt, "bid\u202edi", "bad-question"),
    ],
)
async def test_what_cannot_be_remembered_is_refused(
    library: Library, deck: str, prompt: str, answer: str, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        await library.shelf.remember(deck, prompt, answer)
    assert (await rows.load(library.database))[1] == []


async def test_answers_are_remembered_up_to_a_number(library: Library) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyz"[:MOST_REMEMBERED]:
        await library.shelf.remember("mots", DOG.prompt, letter * 8)
    with pytest.raises(Refusal, match="remembered-full"):
        await library.shelf.remember("mots", DOG.prompt, "Snowy")


async def test_an_answer_is_forgotten_however_it_is_typed(library: Library) -> None:
    await library.shelf.remember("mots", DOG.prompt, "Snowy")
    with pytest.raises(Refusal, match="not-remembered"):
        await library.shelf.forget("mots", "Rantanplan", "fr", HOST)
    gone = await library.shelf.forget("Mots", "SNOWY !", "fr", HOST)
    assert gone == [Remembered("mots", DOG.prompt, "Snowy")]
    for shelf in (library.shelf, await library.again()):
        assert shelf.decks.find("mots", "fr") == SHIPPED


async def test_what_is_about_questions_that_are_gone_goes_with_them(library: Library) -> None:
    await library.bring("crime")
    await library.shelf.remember("crime", "Who?", "Jules")
    await library.shelf.remember("crime", "Where?", "Paname")
    await library.bring("crime", b"question;answer\nWho?;Maigret\nWhen?;1931\n", replace=True)
    kept = [Remembered("crime", "Who?", "Jules")]
    for shelf in (library.shelf, await library.again()):
        assert shelf.remembered(shelf.decks.find("crime", "en")) == kept
    await library.shelf.remove("crime", HOST)
    assert (await rows.load(library.database))[1] == []


async def test_answers_for_a_shipped_deck_outlive_an_import_over_it(library: Library) -> None:
    await library.shelf.remember("mots", DOG.prompt, "Snowy")
    same = export_deck(SHIPPED, "native")
    await library.shelf.bring_in("mots.toml", same, ImportWish(replace=True), "fr", HOST)
    await library.shelf.remove("mots", HOST)
    deck = (await library.again()).decks.find("mots", "fr")
    assert deck.questions[0].accept == ("Le chien Milou", "Snowy")


# --- Growing --------------------------------------------------------------------------------------------------


async def nothing(_transaction: object, _name: str) -> None:
    return


async def test_a_question_makes_a_deck_and_joins_it(library: Library) -> None:
    first = await library.shelf.add("vos-questions", "Vos questions", "fr", DOG, nothing)
    assert (first.title, first.licence) == ("Vos questions", LICENCE)
    second = await library.shelf.add("vos questions", "ignoré", "fr", CHOICE, nothing)
    assert second.questions == (DOG, CHOICE)
    assert (await library.again()).decks.find("vos-questions", "fr") == second


@pytest.mark.parametrize(
    ("name", "locale", "question", "code"),
    [
        ("mots", "fr", Question("Où ?", "Pau"), "deck-not-kept"),
        ("crime", "fr", Question("Où ?", "Pau"), "mixed-languages"),
        ("crime", "en", Question("who", "x"), "question-there"),
        ("12", "fr", Question("Où ?", "Pau"), "deck-name"),
        ("crime", "en", Question("Why?", "y" * 99), "bad-question"),
    ],
)
async def test_a_question_that_does_not_fit_a_deck_is_refused(
    library: Library, name: str, locale: str, question: Question, code: str
) -> None:
    before = await library.bring("crime")
    with pytest.raises(Refusal, match=code):
        await library.shelf.add(name, name, locale, question, nothing)
    assert library.decks.find("crime", "en") == before


async def test_what_cannot_be_settled_is_not_added(library: Library) -> None:
    async def refuse(_transaction: object, _name: str) -> None:
        raise Refusal("proposal-gone", number=1)

    with pytest.raises(Refusal):
        await library.shelf.add("x", "X", "fr", DOG, refuse)
    assert (await rows.load(library.database))[0] == []
    assert set(library.decks.all) == {"mots"}


async def test_many_questions_at_once_all_join(library: Library) -> None:
    questions = [Question(f"Question {n} ?", f"Réponse {n}") for n in range(10)]
    await asyncio.gather(*(library.shelf.add("x", "X", "fr", q, nothing) for q in questions))
    deck = (await library.again()).decks.find("x", "fr")
    assert {question.prompt for question in deck.questions} == {q.prompt for q in questions}


def test_a_deck_is_checked_as_its_file_would_be() -> None:
    assert checked(SHIPPED) == SHIPPED
    with pytest.raises(DeckError):
        checked(replace(SHIPPED, questions=(DOG, DOG)))


# --- The file, from outside -----------------------------------------------------------------------------------


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.sqlite3"
    path.write_bytes(b"")
    return path


async def test_the_file_is_read_while_the_bot_has_it(library: Library, tmp_path: Path) -> None:
    await library.bring("crime")
    await library.shelf.remember("mots", DOG.prompt, "Snowy")
    [deck], remembered = peek(tmp_path / "e.sqlite3")
    assert deck.name == "crime"
    assert remembered == [Remembered("mots", DOG.prompt, "Snowy")]


def test_a_file_without_decks_holds_none(tmp_path: Path, empty: Path) -> None:
    for path in (tmp_path / "missing.sqlite3", empty, tmp_path):
        assert peek(path) == ([], [])
    assert not (tmp_path / "missing.sqlite3").exists()
