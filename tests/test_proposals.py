"""Proposals: what is taken, what becomes of it, who is named, and what is left when its author is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import DAY
from bot.decks import Decks
from bot.formats import import_deck
from bot.people import People, Visitor
from bot.proposals import (
    DAYS,
    MOST,
    MOST_OWN,
    MOST_TRACELESS,
    Draft,
    OwnProposal,
    Proposals,
    draft_of,
    question_of,
    read_draft,
)
from bot.shelf import Shelf
from bot.storage import proposals as rows
from bot.storage.database import Database
from games.core import Refusal, Role
from games.deck import Deck
from games.question import Question
from tests.fake_clock import FakeClock

HOST, PATRON = Role.HOST, Role.PATRON
CAMILLE, INES = Visitor("discord", "1", "Camille"), Visitor("twitch", "2", "Inès")
DOG = Draft(
    "Quel chien suit Obélix ?", "Idéfix", "Milou\nRantanplan ; Bill", "Chapitre 1.", "Uderzo"
)
SHIPPED = Deck("mots", "Mots", "fr", "", "CC0", "", (Question("Où ?", "Pau"),))


@dataclass
class Desk:
    """A queue and what it stands on."""

    database: Database
    people: People
    clock: FakeClock
    shelf: Shelf
    proposals: Proposals

    async def propose(self, visitor: Visitor = CAMILLE, draft: Draft = DOG) -> int:
        return (await self.proposals.propose(visitor, draft, "fr")).id

    async def many(self, visitor: Visitor, count: int) -> None:
        for number in range(count):
            draft = Draft(f"Question {visitor.user_id} {number} ?", f"Réponse {number}")
            await self.propose(visitor, draft)

    async def forget(self, visitor: Visitor) -> None:
        async def nothing() -> None:
            return

        await self.people.forget(visitor, after=nothing)

    async def waiting(self) -> list[int]:
        return [row.id for row in await rows.after(self.database, 0)]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    database, clock = await Database.open(tmp_path / "e.sqlite3"), FakeClock()
    people = await People.load(database, clock)
    shelf = Shelf(database, Decks((SHIPPED,)), people, clock)
    titles = {"fr": "Questions du public", "en": "Questions from the public"}
    proposals = Proposals(database, people, shelf, clock, titles.__getitem__)
    yield Desk(database, people, clock, shelf, proposals)
    await database.close()


# --- Reading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "draft"),
    [
        ("Où ? = Pau", Draft("Où ? ", " Pau")),
        ("Où ? = Pau ; Lyon ; Metz", Draft("Où ? ", " Pau ", " Lyon ; Metz")),
        ("2 + 2 = combien ? = quatre", Draft("2 + 2 = combien ? ", " quatre")),
        ("Où ?", Draft("", "Où ?")),
        ("", Draft()),
    ],
)
def test_a_typed_line_is_read(typed: str, draft: Draft) -> None:
    assert read_draft(typed) == draft


def test_a_draft_becomes_a_question_and_back() -> None:
    question = question_of(DOG, "fr")
    assert question.wrong == ("Milou", "Rantanplan", "Bill")
    assert question.kind == "choice"
    assert question_of(draft_of(question), "fr") == question
    assert question_of(Draft("Où\u00a0?", " Pau "), "fr").prompt == "Où\u00a0?"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft("", "Pau"), "missing"),
        (Draft("Où ?", " "), "missing"),
        (Draft("x" * 181, "Pau"), "too-long"),
        (Draft("Où ?", "!?"), "unanswerable"),
        (Draft("Où ?", "Pau", "pau"), "same-choice"),
        (Draft("Où ?", "Pau", ";".join("abcdef")), "choices"),
        (Draft("Où \u202e?", "Pau"), "control"),
    ],
)
def test_a_question_is_judged_by_the_rules_of_decks(draft: Draft, code: str) -> None:
    with pytest.raises(Refusal, match="bad-question") as caught:
        question_of(draft, "fr")
    assert caught.value.facts["reason"].code == code


@given(st.builds(Draft, *[st.text(max_size=60)] * 5))
def test_whatever_is_entered_is_a_question_or_refused(draft: Draft) -> None:
    codes: set[str] = set()
    try:
        question = question_of(draft, "fr")
    except Refusal as problem:
        codes.add(problem.code)
    else:
        assert question_of(draft_of(question), "fr") == question
    assert codes <= {"bad-question"}


# --- Proposing ------------------------------------------------------------------------------------------------


async def test_a_proposal_waits_with_its_author_and_the_oldest_comes_first(desk: Desk) -> None:
    first = await desk.proposals.propose(CAMILLE, DOG, "fr")
    camille = desk.people.find("discord", "1")
    assert camille is not None
    assert first.newcomer == camille.id
    second = await desk.proposals.propose(CAMILLE, Draft("Qui ?", "Zola"), "fr")
    assert second.newcomer is None
    shown = await desk.proposals.next(HOST)
    assert shown is not None
    assert (shown.id, shown.author, shown.waiting, shown.locale) == (first.id, "Camille", 2, "fr")
    following = await desk.proposals.next(HOST, after=shown.id)
    assert following is not None
    assert following.question == Question("Qui ?", "Zola")
    assert await desk.proposals.next(HOST, after=following.id) is None


async def test_only_hosts_look_at_proposals(desk: Desk) -> None:
    key = await desk.propose()
    for asked in (
        desk.proposals.next(PATRON),
        desk.proposals.find(key, PATRON),
        desk.proposals.rewrite(key, DOG, PATRON),
        desk.proposals.accept(key, PATRON),
        desk.proposals.reject(key, PATRON),
    ):
        with pytest.raises(Refusal, match="hosts-only"):
            await asked
    assert await desk.waiting() == [key]


async def test_a_question_that_is_there_already_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal, match="question-there"):
        await desk.propose(draft=Draft("où", "ici"))


async def test_one_person_has_five_waiting_at_most(desk: Desk) -> None:
    await desk.many(CAMILLE, MOST_OWN)
    with pytest.raises(Refusal, match="proposals-own"):
        await desk.propose(CAMILLE)
    await desk.propose(INES)
    [first, *_] = await desk.waiting()
    await desk.proposals.reject(first, HOST)
    await desk.propose(CAMILLE)


async def test_the_queue_has_an_end(desk: Desk) -> None:
    for number in range(MOST // MOST_OWN):
        await desk.many(Visitor("discord", f"u{number}", f"N{number}"), MOST_OWN)
    with pytest.raises(Refusal, match="proposals-full"):
        await desk.propose()


async def test_somebody_without_trace_leaves_none(desk: Desk) -> None:
    await desk.people.set_traceless(CAMILLE, on=True)
    key = await desk.propose()
    shown = await desk.proposals.find(key, HOST)
    assert (shown.author, shown.signed) == ("", False)
    assert [row.person_id for row in await rows.after(desk.database, 0)] == [None]
    with pytest.raises(Refusal, match="traceless-not-signed"):
        await desk.proposals.sign(CAMILLE, key)
    await desk.many(CAMILLE, MOST_TRACELESS - 1)
    with pytest.raises(Refusal, match="proposals-full"):
        await desk.propose(CAMILLE, Draft("Qui ?", "Zola"))
    await desk.forget(CAMILLE)
    assert len(await desk.waiting()) == MOST_TRACELESS


async def test_a_refused_proposal_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(Refusal):
        await desk.propose(draft=Draft("Où donc ?", ""))
    assert await desk.waiting() == []
    assert desk.people.find("discord", "1") is None


async def test_to_propose_is_to_be_seen(desk: Desk) -> None:
    await desk.propose()
    desk.clock.wall_offset += 300 * DAY
    await desk.propose(draft=Draft("Qui ?", "Zola"))
    assert await desk.people.forget_unseen(desk.clock.wall() - 2 * DAY) == 0


# --- Reviewing ------------------------------------------------------------------------------------------------


async def test_what_is_accepted_joins_the_usual_deck_or_the_one_named(desk: Desk) -> None:
    first, second = await desk.propose(), await desk.propose(INES, Draft("Qui ?", "Zola"))
    deck = await desk.proposals.accept(first, HOST)
    assert (deck.name, deck.title) == ("propositions", "Questions du public")
    assert deck.questions == (question_of(DOG, "fr"),)
    named = await desk.proposals.accept(second, HOST, "soirée polar")
    assert (named.name, named.title) == ("soiree-polar", "soirée polar")
    assert await desk.waiting() == []


@pytest.mark.parametrize("what", ["accept", "reject", "both"])
async def test_of_two_reviewers_one_decides(desk: Desk, what: str) -> None:
    key = await desk.propose()
    accept, reject = desk.proposals.accept, desk.proposals.reject
    ways = {"accept": (accept, accept), "reject": (reject, reject), "both": (accept, reject)}
    done = await asyncio.gather(*(way(key, HOST) for way in ways[what]), return_exceptions=True)
    refused = [one for one in done if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["proposal-gone"]
    decks = [deck for name, deck in desk.shelf.decks.all.items() if name == "propositions"]
    accepted = any(isinstance(one, Deck) for one in done)
    assert [len(deck.questions) for deck in decks] == ([1] if accepted else [])


async def test_a_proposal_is_changed_before_it_is_accepted(desk: Desk) -> None:
    key = await desk.propose()
    changed = await desk.proposals.rewrite(key, Draft("Quel chien ?", "Idéfix"), HOST)
    assert changed.question == Question("Quel chien ?", "Idéfix")
    with pytest.raises(Refusal, match="bad-question"):
        await desk.proposals.rewrite(key, Draft("Quel chien ?", ""), HOST)
    deck = await desk.proposals.accept(key, HOST)
    assert deck.questions == (changed.question,)
    with pytest.raises(Refusal, match="proposal-gone"):
        await desk.proposals.rewrite(key, DOG, HOST)


async def test_what_a_deck_does_not_take_keeps_waiting(desk: Desk) -> None:
    first = await desk.propose()
    second = await desk.propose(INES)
    await desk.proposals.accept(first, HOST)
    with pytest.raises(Refusal, match="question-there"):
        await desk.proposals.accept(second, HOST)
    with pytest.raises(Refusal, match="deck-not-kept"):
        await desk.proposals.accept(second, HOST, "mots")
    assert await desk.waiting() == [second]


@pytest.mark.parametrize("key", [0, -1, 99, 10**30])
async def test_a_number_that_nobody_has_finds_nothing(desk: Desk, key: int) -> None:
    await desk.propose()
    for asked in (
        desk.proposals.accept(key, HOST),
        desk.proposals.reject(key, HOST),
        desk.proposals.rewrite(key, DOG, HOST),
    ):
        with pytest.raises(Refusal, match="proposal-gone"):
            await asked
    with pytest.raises(Refusal, match="not-your-proposal"):
        await desk.proposals.sign(CAMILLE, key)


async def test_a_number_is_never_given_twice(desk: Desk) -> None:
    first = await desk.propose()
    await desk.proposals.reject(first, HOST)
    assert await desk.propose() > first


async def test_a_damaged_proposal_holds_up_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await desk.propose(), await desk.propose(INES, Draft("Qui ?", "Zola"))
    async with desk.database.transaction() as transaction:
        await rows.rewrite(transaction, first, "title = ")
    shown = await desk.proposals.next(HOST)
    assert shown is not None
    assert shown.id == second
    assert f"proposal {first} is damaged" in caplog.text
    await desk.proposals.reject(first, HOST)


async def test_what_waits_for_half_a_year_goes(desk: Desk) -> None:
    await desk.propose()
    desk.clock.wall_offset += (DAYS - 1) * DAY
    assert await desk.proposals.expire() == 0
    later = await desk.propose(INES, Draft("Qui ?", "Zola"))
    desk.clock.wall_offset += 2 * DAY
    assert await desk.proposals.expire() == 1
    assert await desk.waiting() == [later]


# --- Names ----------------------------------------------------------------------------------------------------


async def signed(desk: Desk) -> Deck:
    key = await desk.propose()
    await desk.proposals.sign(CAMILLE, key)
    assert (await desk.proposals.find(key, HOST)).signed
    return await desk.proposals.accept(key, HOST)


async def test_whoever_signs_is_named_with_the_question_and_in_the_file(desk: Desk) -> None:
    deck = await signed(desk)
    assert desk.shelf.credit(DOG.prompt) == "Camille"
    made = await desk.shelf.export(deck.name, "", "fr", HOST)
    assert import_deck(made.data, made.file_name).deck.questions[0].author == "Camille"
    assert "Camille" not in (await desk.database.rows("SELECT text FROM deck"))[0][0]
    again = await Shelf.load(desk.database, Decks(()), desk.people, desk.clock)
    assert again.credit(DOG.prompt) == "Camille"


async def test_whoever_does_not_sign_is_not_named(desk: Desk) -> None:
    deck = await desk.proposals.accept(await desk.propose(), HOST)
    assert desk.shelf.credit(DOG.prompt) == ""
    assert b"Camille" not in (await desk.shelf.export(deck.name, "", "fr", HOST)).data


async def test_nobody_signs_for_another(desk: Desk) -> None:
    key = await desk.propose()
    await desk.propose(INES, Draft("Qui ?", "Zola"))
    for visitor in (INES, Visitor("twitch", "1", "Camille")):
        with pytest.raises(Refusal, match="not-your-proposal"):
            await desk.proposals.sign(visitor, key)
    assert not (await desk.proposals.find(key, HOST)).signed


async def test_whoever_is_forgotten_is_named_no_more_and_what_waits_goes(desk: Desk) -> None:
    deck = await signed(desk)
    await desk.propose(CAMILLE, Draft("Qui ?", "Zola"))
    await desk.forget(CAMILLE)
    assert desk.shelf.credit(DOG.prompt) == ""
    assert b"Camille" not in (await desk.shelf.export(deck.name, "", "fr", HOST)).data
    assert await desk.waiting() == []
    assert await rows.signatures(desk.database) == []
    assert len(desk.shelf.decks.find("propositions", "fr").questions) == 1


async def test_whoever_takes_part_without_trace_from_now_on_is_named_no_more(desk: Desk) -> None:
    deck = await signed(desk)
    waiting = await desk.propose(CAMILLE, Draft("Qui ?", "Zola"))
    await desk.people.set_traceless(CAMILLE, on=True)
    assert desk.shelf.credit(DOG.prompt) == ""
    assert (await desk.proposals.find(waiting, HOST)).author == ""
    assert b"Camille" not in (await desk.shelf.export(deck.name, "", "fr", HOST)).data


async def test_a_signature_goes_with_its_question(desk: Desk) -> None:
    deck = await signed(desk)
    await desk.shelf.remove(deck.name, HOST)
    assert await rows.signatures(desk.database) == []
    assert desk.shelf.credit(DOG.prompt) == ""


async def test_people_get_a_copy_of_what_they_proposed(desk: Desk) -> None:
    assert await desk.proposals.own(CAMILLE) == ()
    await signed(desk)
    await desk.propose(CAMILLE, Draft("Qui ?", "Zola"))
    await desk.propose(INES, Draft("Quoi ?", "Nana"))
    assert await desk.proposals.own(CAMILLE) == [
        OwnProposal("Qui ?", "", desk.clock.wall()),
        OwnProposal(DOG.prompt, "propositions", None),
    ]
