"""A club's books: proposing, taking back, choosing, and each step of a book's life, logged and without names."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest

from bot.books import read_book
from bot.club_books import MOST_EACH, MOST_WAITING, Chosen
from bot.people import Visitor
from bot.storage import club_books as storage
from bot.vote_wishes import Wish
from games.club import STATES, may_follow
from games.core import Refusal, Role
from tests.club_stage import AURORE, CAMILLE, INES, LEO, TITLES, ClubHouse

PATRON, HOST = Role.PATRON, Role.HOST


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


# --- Proposing


async def test_a_member_proposes_a_title_typed_by_hand(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    book = await engine.club_books.propose(club, read_book("Germinal ; Zola"), INES, PATRON)
    assert (book.title, book.author, book.state) == ("Germinal", "Zola", "proposed")
    assert await engine.club_books.listed(club) == [book]


async def test_whoever_does_not_belong_proposes_nothing(engine: ClubHouse) -> None:
    club = await engine.club(access="approval")
    await engine.clubs.join(club, INES)
    for who in (INES, LEO):
        with pytest.raises(Refusal, match="members-only"):
            await engine.club_books.propose(club, read_book("Nana"), who, PATRON)
    await engine.club_books.propose(club, read_book("Nana"), LEO, HOST)


@pytest.mark.parametrize("again", ["Germinal", "germinal ; Zola", "GERMINAL ; Émile Zola"])
async def test_a_book_is_proposed_once(engine: ClubHouse, again: str) -> None:
    club = await engine.club()
    await engine.propose(club, "Germinal ; Émile Zola")
    with pytest.raises(Refusal, match="already-proposed"):
        await engine.propose(club, again)


async def test_the_same_proposal_at_once_is_one(engine: ClubHouse) -> None:
    club = await engine.club()
    results = await asyncio.gather(
        *(engine.propose(club, "Nana") for _ in range(4)), return_exceptions=True
    )
    assert sorted(isinstance(result, Refusal) for result in results) == [False, True, True, True]
    assert len(await engine.club_books.listed(club)) == 1


async def test_two_clubs_may_propose_one_book(engine: ClubHouse) -> None:
    for name in ("Polar", "Noir"):
        await engine.propose(await engine.club(name), "Germinal ; Zola")
    assert await engine.sql("SELECT COUNT(*) FROM work") == [(1,)]


async def test_what_is_being_read_is_not_proposed_again(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, "Nana")
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    for _ in ("chosen", "reading", "discussed"):
        with pytest.raises(Refusal, match="already-chosen"):
            await engine.propose(club, "Nana")
        await engine.club_books.advance(club, "", AURORE, PATRON)
    with pytest.raises(Refusal, match="already-chosen"):
        await engine.propose(club, "Nana")
    await engine.club_books.advance(club, "Nana", AURORE, PATRON)
    [book] = await engine.propose(club, "Nana")
    assert book.state == "proposed"


async def test_nobody_fills_a_shelf_alone(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    for number in range(MOST_EACH):
        await engine.club_books.propose(club, read_book(f"Tome {number}"), INES, PATRON)
    with pytest.raises(Refusal, match="too-many-own"):
        await engine.club_books.propose(club, read_book("Encore un"), INES, PATRON)
    await engine.club_books.withdraw(club, "Tome 1", INES, PATRON)
    await engine.club_books.propose(club, read_book("Encore un"), INES, PATRON)
    await engine.propose(club, *(f"De l’animation {number}" for number in range(9)))


async def test_a_shelf_is_full_some_day(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, *(f"Livre {number}" for number in range(MOST_WAITING)))
    with pytest.raises(Refusal, match="too-many-proposals"):
        await engine.propose(club, "Un de trop")


async def test_whoever_takes_part_without_trace_leaves_none_on_the_shelf(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.people.set_traceless(INES, on=True)
    book = await engine.club_books.propose(club, read_book("Nana"), INES, PATRON)
    assert book.proposed_by is None


# --- Finding


@pytest.mark.parametrize(
    "typed", ["#{0}", "{0}", "n° {0}", "no. {0}", "germinal", "Germinel", "« Germinal »"]
)
async def test_a_book_is_named_by_number_or_by_title(engine: ClubHouse, typed: str) -> None:
    club = await engine.club()
    await engine.propose(club, "Nana")
    [book] = await engine.propose(club, "Germinal")
    assert await engine.club_books.find(club, typed.format(book.id)) == book


async def test_what_fits_nothing_or_several_is_told(engine: ClubHouse) -> None:
    club = await engine.club()
    with pytest.raises(Refusal, match="no-books"):
        await engine.club_books.find(club, "Nana")
    one, other = await engine.propose(club, "Poésies ; Rimbaud", "Poésies ; Valéry")
    with pytest.raises(Refusal, match="no-book"):
        await engine.club_books.find(club, "Nana")
    with pytest.raises(Refusal, match="which-book") as caught:
        await engine.club_books.find(club, "poesies")
    assert caught.value.facts["numbers"] == f"#{one.id}, #{other.id}"


async def test_a_title_that_is_a_number_is_found(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, "1984 ; George Orwell")
    assert (await engine.club_books.find(club, "1984")).title == "1984"


# --- The steps of a life


async def test_a_proposal_is_taken_back_by_whoever_made_it_or_by_a_host(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    for who in (INES, CAMILLE):
        await engine.clubs.join(club, who)
    await engine.propose(club, "Nana", "Germinal", by=INES)
    with pytest.raises(Refusal, match="not-your-book"):
        await engine.club_books.withdraw(club, "Nana", CAMILLE, PATRON)
    await engine.club_books.withdraw(club, "Nana", INES, PATRON)
    await engine.club_books.withdraw(club, "Germinal", AURORE, PATRON)
    assert await engine.states(club) == {"Nana": "archived", "Germinal": "archived"}


async def test_a_book_put_away_may_be_proposed_again_and_is_then_the_newest(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    old, other = await engine.propose(club, "Nana", "Germinal")
    await engine.club_books.withdraw(club, "Nana", AURORE, PATRON)
    engine.clock.advance(60)
    [again] = await engine.propose(club, "Nana")
    assert again.id == old.id
    assert [book.id for book in await engine.club_books.listed(club)] == [other.id, old.id]


async def test_a_host_chooses_and_the_rooms_are_told(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.attach(club, await engine.room(2), HOST)
    await engine.propose(club, "Nana", "Germinal")
    with pytest.raises(Refusal, match="club-hosts-only"):
        await engine.club_books.choose(club, "Nana", CAMILLE, PATRON)
    book = await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    await engine.settle()
    assert engine.face.heard == [(1, Chosen(club, book)), (2, Chosen(club, book))]
    with pytest.raises(Refusal, match="no-book"):
        await engine.club_books.choose(club, "Nana", AURORE, PATRON)


async def test_a_book_lives_step_by_step_and_each_is_logged(engine: ClubHouse) -> None:
    club = await engine.club()
    [book] = await engine.propose(club, "Nana")
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    for _ in range(4):
        engine.clock.advance(60)
        await engine.club_books.advance(club, "Nana", AURORE, PATRON)
    with pytest.raises(Refusal, match="no-step-on"):
        await engine.club_books.advance(club, "Nana", AURORE, PATRON)
    steps = await storage.steps(engine.database, book.id)
    assert [state for state, _ in steps] == [state for state in STATES if state != "voting"]
    assert [at for _, at in steps] == sorted(at for _, at in steps)


async def test_every_step_can_be_taken_back(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, "Nana")
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    for state in ("reading", "chosen", "proposed"):
        moved = engine.club_books.advance if state == "reading" else engine.club_books.back
        assert (await moved(club, "", AURORE, PATRON)).state == state
    with pytest.raises(Refusal, match="no-current-book"):
        await engine.club_books.back(club, "", AURORE, PATRON)
    with pytest.raises(Refusal, match="no-books"):
        await engine.club_books.back(club, "Nana", AURORE, PATRON)


async def test_of_two_current_books_one_must_be_named(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, "Nana", "Germinal")
    for title in ("Nana", "Germinal"):
        await engine.club_books.choose(club, title, AURORE, PATRON)
    with pytest.raises(Refusal, match="which-book"):
        await engine.club_books.advance(club, "", AURORE, PATRON)
    assert (await engine.club_books.advance(club, "germinal", AURORE, PATRON)).title == "Germinal"


async def test_only_who_leads_the_club_moves_its_books(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, "Nana")
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    for move in (engine.club_books.advance, engine.club_books.back):
        with pytest.raises(Refusal, match="club-hosts-only"):
            await move(club, "Nana", INES, PATRON)
    await engine.clubs.appoint(club, "Inès", "cohost", AURORE, PATRON)
    assert (await engine.club_books.advance(club, "", INES, PATRON)).state == "reading"


async def test_a_book_that_somebody_else_moved_stays_where_it_is(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.propose(club, *TITLES)
    results = await asyncio.gather(
        *(engine.club_books.choose(club, "Nana", AURORE, PATRON) for _ in range(3)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Refusal) for result in results) == 2
    await engine.settle()
    assert len(engine.face.of(Chosen)) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_hosts_do_every_book_takes_one_step_at_a_time(
    engine: ClubHouse, seed: int
) -> None:
    club, chance = await engine.club(), random.Random(seed)
    await engine.propose(club, *TITLES)
    books, votes = engine.club_books, engine.votes
    for _ in range(40):
        title = chance.choice(("Germinal", "Nana", "Indiana"))
        with contextlib.suppress(Refusal):
            match chance.randrange(7):
                case 0:
                    await books.choose(club, title, AURORE, PATRON)
                case 1:
                    await books.advance(club, title, AURORE, PATRON)
                case 2:
                    await books.back(club, title, AURORE, PATRON)
                case 3:
                    await books.withdraw(club, title, AURORE, PATRON)
                case 4:
                    await engine.propose(club, title)
                case 5:
                    await votes.open(club, Wish(tie="host"), AURORE, PATRON, "Europe/Paris")
                case _:
                    await engine.cast(club, "1", "2")
                    await votes.close(club, AURORE, PATRON)
    for book in await books.listed(club):
        states = [state for state, _ in await storage.steps(engine.database, book.id)]
        assert states[-1] == book.state
        assert all(may_follow(before, after) for before, after in pairwise(states)), states


async def test_no_book_skips_a_step(engine: ClubHouse) -> None:
    club = await engine.club()
    [book] = await engine.propose(club, "Nana")
    async with engine.database.transaction() as transaction:
        with pytest.raises(ValueError, match="does not become reading"):
            await storage.move(transaction, [(book.id, "proposed")], "reading", 0)


async def test_who_proposed_is_forgotten_once_the_book_waits_no_more(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    for title, change in (
        ("Nana", engine.club_books.choose),
        ("Germinal", engine.club_books.withdraw),
    ):
        [book] = await engine.propose(club, title, by=INES)
        assert book.proposed_by is not None
        await change(club, title, AURORE, PATRON)
    assert {book.proposed_by for book in await engine.club_books.listed(club)} == {None}
    assert await engine.club_books.of(INES) == []


async def test_one_s_own_proposals_are_those_that_wait(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    await engine.propose(club, "Nana", "Germinal", by=INES)
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    assert await engine.club_books.of(INES) == [("Polar", "Germinal")]
    assert await engine.club_books.of(Visitor("twitch", "nobody", "X")) == []
