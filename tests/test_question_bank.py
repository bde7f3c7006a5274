"""The questions of clubs: who proposes, who decides, which is asked next, and what nobody is told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.people import Visitor
from bot.questions import (
    AT_ONCE,
    MOST_EACH,
    MOST_READY,
    MOST_TRACELESS,
    MOST_WAITING,
    SAME_EVENING,
    Asked,
    Draft,
    Kept,
    read_draft,
    read_section,
)
from bot.storage import meetings as meeting_rows
from bot.storage import questions as rows
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.questions import Question
from games.core import Refusal, Role
from games.lists import keyed
from tests.club_stage import AURORE, CAMILLE, INES, LEO, ClubHouse
from tests.hall_stage import visitor

SECOND = 1_000_000


class QuestionHouse(ClubHouse):
    """A club with its questions."""

    async def polar(self, *members: Visitor) -> Club:
        club = await self.club()
        for member in members:
            await self.clubs.join(club, member)
        return club

    async def germinal(self, club: Club) -> Book:
        await self.propose(club, "Germinal ; Émile Zola")
        return await self.club_books.choose(club, "Germinal", AURORE, Role.HOST)

    async def ready(self, club: Club, text: str, section: int = 0, book: str = "") -> int:
        draft = Draft(text, section, book)
        return (await self.questions.propose(club, draft, AURORE, Role.PATRON)).question.id

    async def ask(self, club: Club, by: Visitor = AURORE) -> Question:
        self.clock.advance(6)
        question = await self.questions.next(club, by, Role.PATRON, "fr")
        await self.settle()
        return question

    async def meet(self, club: Club, *present: Visitor, book: int | None = None) -> int:
        """Open a meeting at which these people are."""
        at = self.clock.wall()
        async with self.database.transaction() as transaction:
            await transaction.execute_fetchall(
                "INSERT INTO meeting (series_id, original, club_id, book_id, title, form, place, voice_id, starts_at,"
                " minutes, opened_at) VALUES (NULL, ?, ?, ?, 'Polar', 'voice', '', '', ?, 60, ?)",
                (f"2026-03-10T18:30:{at % 60:02}", club.id, book, at, at),
            )
            [(key,)] = await transaction.execute_fetchall("SELECT MAX(id) FROM meeting")
            for one in present:
                person = self.people.find(one.platform, one.user_id)
                assert person is not None
                await meeting_rows.attend(transaction, key, person.id, "button")
        return int(key)

    async def close_meeting(self, key: int) -> None:
        await self.change("UPDATE meeting SET closed_at = ? WHERE id = ?", self.clock.wall(), key)

    async def change(self, sql: str, *values: object) -> None:
        async with self.database.transaction() as transaction:
            await transaction.execute(sql, values)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[QuestionHouse]:
    house = await QuestionHouse(tmp_path / "clubs.sqlite3").open()
    yield house
    await house.close()


def code(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.code


# --- What is typed


def test_semicolons_in_a_question_stay() -> None:
    assert read_draft("Étienne ; héros ou non ? ; section 2 ; livre Germinal") == Draft(
        "Étienne ; héros ou non ?", 2, "Germinal"
    )
    assert read_draft("Pourquoi ? ; #12 ; S3") == Draft("Pourquoi ?", 3, "12")
    assert read_draft("Pourquoi ?") == Draft("Pourquoi ?", None, "")
    assert read_draft("section 2") == Draft("section 2", None, "")
    assert read_section("") is None
    assert read_section("2") == read_section("Section 2") == 2
    with pytest.raises(Refusal):
        read_draft("Pourquoi ? ; section 100")
    with pytest.raises(Refusal):
        read_section("la fin")


# --- Proposing and deciding


async def test_a_member_proposes_and_a_leader_decides(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    entry = await house.questions.propose(club, Draft("Pourquoi ?"), CAMILLE, Role.PATRON)
    assert entry.question.state == "proposed"
    assert (await house.participation.own_record(CAMILLE, None)).questions == (
        ("Polar", "Pourquoi ?"),
    )
    with pytest.raises(Refusal) as refusal:
        await house.questions.approve(club, f"#{entry.question.id}", CAMILLE, Role.PATRON)
    assert code(refusal) == "club-hosts-only"
    await house.questions.approve(club, f"#{entry.question.id}", AURORE, Role.PATRON)
    kept = await rows.one(house.database, entry.question.id)
    assert kept is not None
    assert (kept.state, kept.proposed_by) == ("ready", None)
    assert (await house.participation.own_record(CAMILLE, None)).questions == ()


async def test_whoever_does_not_belong_to_the_club_proposes_nothing(house: QuestionHouse) -> None:
    club = await house.polar()
    for stranger in (CAMILLE, LEO):
        with pytest.raises(Refusal) as refusal:
            await house.questions.propose(club, Draft("Pourquoi ?"), stranger, Role.PATRON)
        assert code(refusal) == "members-only"
    assert await rows.of_club(house.database, club.id) == []


async def test_proposals_have_a_limit_for_each_and_for_all(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    refused: list[str] = []
    for number in range(1000):
        by = CAMILLE if number < 10 else visitor("twitch", f"v{number // MOST_EACH}")
        if number >= 10 and number % MOST_EACH == 0:
            await house.clubs.join(club, by)
        try:
            await house.questions.propose(club, Draft(f"Question {number} ?"), by, Role.PATRON)
        except Refusal as refusal:
            refused.append(refusal.code)
        if number == 200:
            break
    waiting = await rows.of_club(house.database, club.id)
    assert len(waiting) == MOST_WAITING
    assert refused[:5] == ["questions-own"] * 5
    assert set(refused[5:]) == {"questions-full"}
    with pytest.raises(Refusal) as refusal:
        await house.questions.propose(club, Draft("Encore ?"), INES, Role.PATRON)
    assert code(refusal) == "members-only"


async def test_people_without_trace_are_counted_together(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    await house.people.set_traceless(CAMILLE, on=True)
    for number in range(MOST_TRACELESS):
        entry = await house.questions.propose(
            club, Draft(f"Question {number} ?"), CAMILLE, Role.PATRON
        )
        assert entry.question.proposed_by is None
    with pytest.raises(Refusal) as refusal:
        await house.questions.propose(club, Draft("Encore une ?"), CAMILLE, Role.PATRON)
    assert code(refusal) == "questions-full"


async def test_leaders_have_a_limit_too(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    kept = await house.questions.propose(club, Draft("De Camille ?"), CAMILLE, Role.PATRON)
    async with house.database.transaction() as transaction:
        for number in range(MOST_READY):
            await rows.add(transaction, club.id, None, 0, f"Q{number}", "ready", 1)
    with pytest.raises(Refusal) as refusal:
        await house.ready(club, "Une de trop ?")
    assert code(refusal) == "questions-full"
    with pytest.raises(Refusal) as refusal:
        await house.questions.approve(club, str(kept.question.id), AURORE, Role.PATRON)
    assert code(refusal) == "questions-full"


@pytest.mark.parametrize("text", ["", "  ", "?!", "x" * 301, "\u200b\u202e"])
async def test_a_question_has_some_words(house: QuestionHouse, text: str) -> None:
    club = await house.polar()
    with pytest.raises(Refusal) as refusal:
        await house.ready(club, text)
    assert code(refusal) == "question-text"


async def test_the_same_question_stands_there_once(house: QuestionHouse) -> None:
    club = await house.polar()
    await house.ready(club, "Pourquoi ?")
    with pytest.raises(Refusal) as refusal:
        await house.ready(club, " POURQUOI ?? ")
    assert code(refusal) == "question-known"


async def test_a_section_is_one_of_a_book(house: QuestionHouse) -> None:
    club = await house.polar()
    with pytest.raises(Refusal) as refusal:
        await house.ready(club, "Et la fin ?", 2)
    assert code(refusal) == "question-no-book"
    book = await house.germinal(club)
    key = await house.ready(club, "Et la fin ?", 2)
    kept = await rows.one(house.database, key)
    assert kept is not None
    assert kept.book_id == book.id


async def test_a_question_is_changed_before_it_is_asked(house: QuestionHouse) -> None:
    club = await house.polar()
    book = await house.germinal(club)
    key = await house.ready(club, "Pourquoi ?")
    entry = await house.questions.edit(club, str(key), Draft("", 2), AURORE, Role.PATRON)
    assert (entry.question.text, entry.question.section, entry.book) == ("Pourquoi ?", 2, book)
    entry = await house.questions.edit(club, str(key), Draft("Comment ?", 0), AURORE, Role.PATRON)
    assert (entry.question.text, entry.question.section) == ("Comment ?", 0)
    await house.ask(club)
    with pytest.raises(Refusal) as refusal:
        await house.questions.edit(club, str(key), Draft("Trop tard ?"), AURORE, Role.PATRON)
    assert code(refusal) == "question-moved"


async def test_a_question_of_another_club_is_out_of_reach(house: QuestionHouse) -> None:
    club, other = await house.polar(CAMILLE), await house.club("Roman")
    key = await house.ready(club, "Pourquoi ?")
    for act in (house.questions.approve, house.questions.drop):
        with pytest.raises(Refusal) as refusal:
            await act(other, str(key), AURORE, Role.MODERATOR)
        assert code(refusal) == "no-question-number"
    assert await house.questions.club_of(key) == club
    with pytest.raises(Refusal) as refusal:
        await house.questions.drop(club, str(key), CAMILLE, Role.PATRON)
    assert code(refusal) == "club-hosts-only"


async def test_one_takes_one_s_own_proposal_back(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE, INES)
    entry = await house.questions.propose(club, Draft("Pourquoi ?"), CAMILLE, Role.PATRON)
    number = str(entry.question.id)
    with pytest.raises(Refusal) as refusal:
        await house.questions.drop(club, number, INES, Role.PATRON)
    assert code(refusal) == "club-hosts-only"
    await house.questions.drop(club, number, CAMILLE, Role.PATRON)
    with pytest.raises(Refusal) as refusal:
        await house.questions.find(club, number)
    assert code(refusal) == "no-question-number"


async def test_the_question_of_somebody_erased_waits_for_itself(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    entry = await house.questions.propose(club, Draft("Pourquoi ?"), CAMILLE, Role.PATRON)
    await house.participation.forget(CAMILLE)
    kept, waiting = await house.questions.review(club, AURORE, Role.PATRON)
    assert kept is not None
    assert waiting == 1
    assert kept.question.proposed_by is None
    await house.questions.approve(club, str(entry.question.id), AURORE, Role.PATRON)


# --- Asking


async def test_the_next_question_is_told_to_the_rooms_with_the_one_before(
    house: QuestionHouse,
) -> None:
    club = await house.polar()
    first, second = await house.ready(club, "Pourquoi ?"), await house.ready(club, "Comment ?")
    assert (await house.ask(club)).id == first
    assert (await house.ask(club)).id == second
    asked = house.face.of(Asked)
    assert [news.entry.question.id for news in asked] == [first, second]
    assert asked[0].former is None
    assert asked[1].former.question.id == first
    current = await house.questions.current(club)
    assert current is not None
    assert current.question.id == second


async def test_two_leaders_who_ask_at_once_ask_one_question(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    await house.clubs.appoint(club, "Camille", "cohost", AURORE, Role.PATRON)
    await house.ready(club, "Pourquoi ?")
    await house.ready(club, "Comment ?")
    house.clock.advance(60)
    both = await asyncio.gather(
        house.questions.next(club, AURORE, Role.PATRON, "fr"),
        house.questions.next(club, CAMILLE, Role.PATRON, "fr"),
        return_exceptions=True,
    )
    refused = [one for one in both if isinstance(one, Refusal)]
    assert [one.code for one in refused] == ["question-moved"]
    house.clock.advance(AT_ONCE / SECOND)
    first = next(one for one in both if isinstance(one, Question))
    both = await asyncio.gather(
        house.questions.next(club, AURORE, Role.PATRON, "fr", after=first.id),
        house.questions.next(club, CAMILLE, Role.PATRON, "fr", after=first.id),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Refusal) for one in both) == 1
    await house.settle()
    assert len(house.face.of(Asked)) == 2


async def test_a_late_press_on_an_old_question_asks_nothing(house: QuestionHouse) -> None:
    club = await house.polar()
    first = await house.ready(club, "Pourquoi ?")
    await house.ready(club, "Comment ?")
    await house.ask(club)
    await house.ask(club)
    house.clock.advance(60)
    with pytest.raises(Refusal) as refusal:
        await house.questions.next(club, AURORE, Role.PATRON, "fr", after=first)
    assert code(refusal) == "question-moved"


async def test_what_somebody_there_has_not_read_waits_and_nobody_learns_whom_for(
    house: QuestionHouse,
) -> None:
    club = await house.polar(CAMILLE, INES)
    book = await house.germinal(club)
    key = await house.ready(club, "Et la mine ?", 2)
    aurore, camille, ines = (
        house.people.find(one.platform, one.user_id) for one in (AURORE, CAMILLE, INES)
    )
    assert aurore
    assert camille
    assert ines
    house.read.sections = {aurore.id: 5, camille.id: 5, ines.id: 1}
    meeting = await house.meet(club, AURORE, CAMILLE, INES, book=book.id)
    with pytest.raises(Refusal) as refusal:
        await house.ask(club)
    assert code(refusal) == "questions-wait"
    assert not refusal.value.facts
    house.read.sections[ines.id] = 2
    assert (await house.ask(club)).id == key
    kept = await rows.one(house.database, key)
    assert kept is not None
    assert kept.meeting_id == meeting


async def test_without_a_meeting_or_with_people_nobody_knows_only_what_gives_nothing_away(
    house: QuestionHouse,
) -> None:
    club = await house.polar()
    await house.germinal(club)
    await house.ready(club, "Et la mine ?", 1)
    aurore = house.people.find(AURORE.platform, AURORE.user_id)
    assert aurore
    house.read.sections = {aurore.id: 5}
    with pytest.raises(Refusal) as refusal:
        await house.ask(club)
    assert code(refusal) == "questions-wait"
    meeting = await house.meet(club)
    with pytest.raises(Refusal) as refusal:
        await house.ask(club)
    assert code(refusal) == "questions-wait"
    async with house.database.transaction() as transaction:
        await meeting_rows.attend(transaction, meeting, aurore.id, "button")
        await meeting_rows.add_untraced(transaction, meeting, 1)
    with pytest.raises(Refusal) as refusal:
        await house.ask(club)
    assert code(refusal) == "questions-wait"
    await house.change("UPDATE meeting SET untraced = 0")
    await house.ask(club)


async def test_a_club_without_questions_has_some_that_fit_every_book(house: QuestionHouse) -> None:
    club = await house.polar()
    texts = [(await house.ask(club)).text for _ in range(3)]
    assert texts == list(keyed("fr", "questions", "general").values())[:3]
    await house.ready(club, "Pourquoi ?")
    assert (await house.ask(club)).text == "Pourquoi ?"
    house.clock.advance(6)
    general = await house.questions.ask_general(club, AURORE, Role.PATRON, "en")
    assert general.text == list(keyed("en", "questions", "general").values())[3]
    for _ in range(len(keyed("fr", "questions", "general")) - 4):
        await house.ask(club)
    with pytest.raises(Refusal) as refusal:
        await house.ask(club)
    assert code(refusal) == "no-more-questions"
    await house.germinal(club)
    assert (await house.ask(club)).text == texts[0]


async def test_a_question_is_carried_over_to_the_next_meeting_and_comes_first(
    house: QuestionHouse,
) -> None:
    club = await house.polar()
    first, second = await house.ready(club, "Pourquoi ?"), await house.ready(club, "Comment ?")
    meeting = await house.meet(club, AURORE)
    with pytest.raises(Refusal) as refusal:
        await house.questions.carry(club, AURORE, Role.PATRON)
    assert code(refusal) == "no-question-now"
    await house.ask(club)
    await house.questions.carry(club, AURORE, Role.PATRON)
    await house.settle()
    assert [news.entry.question.id for news in house.face.of(Kept)] == [first]
    with pytest.raises(Refusal) as refusal:
        await house.questions.carry(club, AURORE, Role.PATRON)
    assert code(refusal) == "question-kept"
    assert (await house.ask(club)).id == second
    await house.close_meeting(meeting)
    third = await house.ready(club, "Où ?")
    await house.meet(club, AURORE)
    assert (await house.ask(club)).id == first
    assert (await house.ask(club)).id == third
    kept = await rows.one(house.database, first)
    assert kept is not None
    assert kept.times == 2


async def test_without_meetings_it_comes_another_evening(house: QuestionHouse) -> None:
    club = await house.polar()
    first, second = await house.ready(club, "Pourquoi ?"), await house.ready(club, "Comment ?")
    await house.ask(club)
    await house.questions.carry(club, AURORE, Role.PATRON)
    assert (await house.ask(club)).id == second
    await house.wait(SAME_EVENING / SECOND)
    assert await house.questions.current(club) is None
    assert (await house.ask(club)).id == first


async def test_only_those_who_lead_ask_carry_and_see(house: QuestionHouse) -> None:
    club = await house.polar(CAMILLE)
    asking = (
        house.questions.next(club, CAMILLE, Role.PATRON, "fr"),
        house.questions.ask_general(club, CAMILLE, Role.PATRON, "fr"),
        house.questions.carry(club, CAMILLE, Role.PATRON),
        house.questions.listed(club, CAMILLE, Role.PATRON),
        house.questions.review(club, CAMILLE, Role.PATRON),
    )
    for one in asking:
        with pytest.raises(Refusal) as refusal:
            await one  # type: ignore[misc]  # several kinds
        assert code(refusal) == "club-hosts-only"


async def test_a_question_asked_is_told_after_a_crash(house: QuestionHouse) -> None:
    club = await house.polar()
    house.reached.clear()
    await house.questions.next(club, AURORE, Role.PATRON, "fr")
    again = await house.after()
    assert len(again.face.of(Asked)) == 1
    assert (await again.ask(club)).text == list(keyed("fr", "questions", "general").values())[1]
    await again.close()
