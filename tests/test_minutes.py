"""The agenda and the minutes of meetings: who writes, what is gathered, and what is never in them."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.meeting_wishes import Wish
from bot.minutes import LONGEST, MOST, Record, Written
from bot.questions import Draft
from bot.storage import meetings as meeting_rows
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from bot.storage.minutes import Note
from bot.wording import minutes as words
from bot.wording.speech import Speech
from games.core import Refusal, Role
from tests.club_stage import AURORE, CAMILLE, INES, ClubHouse

PATRON, HOST = Role.PATRON, Role.HOST
TUESDAY = datetime(2026, 3, 3, 18, 30)
FRENCH = Speech("fr")
ZONE = "Europe/Paris"


class MinutesHouse(ClubHouse):
    """A club that meets."""

    async def meet(self, club: Club) -> Meeting:
        """Plan a meeting, and let its time come."""
        await self.meetings.plan(club, Wish(TUESDAY), await self.room(), AURORE, PATRON)
        await self.go_to(TUESDAY)
        meeting = await self.meetings.current(await self.room())
        assert meeting is not None
        return meeting

    async def come(self, meeting: Meeting, count: int) -> None:
        async with self.database.transaction() as transaction:
            await meeting_rows.add_untraced(transaction, meeting.id, count)

    async def close_now(self, club: Club) -> None:
        await self.meetings.close(club, AURORE, PATRON)
        await self.settle()

    async def point(self, club: Club, text: str) -> Note:
        return await self.minutes.point(club, text, AURORE, PATRON)

    def told(self) -> list[Record]:
        return [news.record for news in self.face.of(Written)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[MinutesHouse]:
    house = await MinutesHouse(tmp_path / "clubs.sqlite3").open()
    yield house
    await house.close()


def code(refusal: pytest.ExceptionInfo[Refusal]) -> str:
    return refusal.value.code


async def test_points_are_written_before_and_belong_to_the_meeting_that_comes(
    house: MinutesHouse,
) -> None:
    club = await house.club()
    first = await house.point(club, "Accueil")
    assert first.meeting_id is None
    meeting = await house.meet(club)
    assert [note.text for note in await house.minutes.agenda(club)] == ["Accueil"]
    second = await house.point(club, "Le prochain livre")
    assert second.meeting_id == meeting.id
    ticked = await house.minutes.tick(club, f"#{first.id}", AURORE, PATRON)
    assert ticked.done
    await house.close_now(club)
    [record] = house.told()
    assert [(note.text, note.done) for note in record.of("point")] == [
        ("Accueil", True),
        ("Le prochain livre", False),
    ]
    assert await house.minutes.agenda(club) == []
    assert (await house.point(club, "La fois d’après")).meeting_id is None


async def test_a_meeting_about_which_nothing_was_written_is_not_followed_by_minutes(
    house: MinutesHouse,
) -> None:
    club = await house.club()
    await house.meet(club)
    await house.close_now(club)
    assert house.told() == []
    await house.minutes.add(club, "decision", "On lit Zola", AURORE, PATRON)
    await house.settle()
    [record] = house.told()
    assert [note.text for note in record.of("decision")] == ["On lit Zola"]


async def test_what_is_known_is_gathered_without_anybody_s_name(house: MinutesHouse) -> None:
    club = await house.club()
    await house.clubs.join(club, CAMILLE)
    [book] = await house.propose(club, "Germinal ; Émile Zola")
    await house.club_books.choose(club, "Germinal", AURORE, PATRON)
    await house.questions.propose(club, Draft("Pourquoi ?"), CAMILLE, PATRON)
    await house.questions.approve(club, "1", AURORE, PATRON)
    meeting = await house.meet(club)
    assert meeting.book_id == book.id
    await house.questions.next(club, AURORE, PATRON, "fr")
    await house.questions.carry(club, AURORE, PATRON)
    await house.come(meeting, 4)
    record = await house.minutes.latest(club)
    text = words.document(record, ZONE, FRENCH)
    assert text.replace("\u202f", " ").replace("\u00a0", " ") == (
        "# Compte rendu de la rencontre du club Polar\n\n"
        "Mardi 3 mars 2026 à 18 h 30 · « Germinal », Émile Zola · moins de 5 personnes\n\n"
        "## Questions\n\n"
        "- Pourquoi ? · gardée pour la prochaine rencontre\n"
    )
    await house.come(meeting, 1)
    text = words.document(await house.minutes.latest(club), ZONE, FRENCH)
    assert "5 personnes" in text
    for name in ("Aurore", "Camille"):
        assert name not in text


async def test_what_gives_something_away_is_not_in_what_a_chat_is_told(house: MinutesHouse) -> None:
    club = await house.club()
    await house.propose(club, "Germinal ; Émile Zola")
    await house.club_books.choose(club, "Germinal", AURORE, PATRON)
    await house.questions.propose(club, Draft("Qui meurt ?", 1), AURORE, PATRON)
    meeting = await house.meet(club)
    aurore = house.people.find(AURORE.platform, AURORE.user_id)
    assert aurore is not None
    house.read.sections = {aurore.id: 1}
    async with house.database.transaction() as transaction:
        await meeting_rows.attend(transaction, meeting.id, aurore.id, "button")
    await house.questions.next(club, AURORE, PATRON, "fr")
    record = await house.minutes.latest(club)
    assert not [part for part in words.spoken(record, ZONE, FRENCH) if "meurt" in part]
    assert "Qui meurt" in words.document(record, ZONE, FRENCH)
    assert words.asked(record.questions[0], FRENCH, "||").startswith("||Qui meurt")
    assert words.file_name(record, ZONE, FRENCH) == "SPOILER_compte-rendu-2026-03-03.md"


async def test_only_those_who_lead_write(house: MinutesHouse) -> None:
    club = await house.club()
    await house.clubs.join(club, CAMILLE)
    note = await house.point(club, "Accueil")
    await house.meet(club)
    for by in (CAMILLE, INES):
        for act in (
            house.minutes.point(club, "Moi", by, PATRON),
            house.minutes.add(club, "note", "Moi", by, PATRON),
            house.minutes.tick(club, str(note.id), by, PATRON),
            house.minutes.remove(club, str(note.id), by, PATRON),
        ):
            with pytest.raises(Refusal) as refusal:
                await act
            assert code(refusal) == "club-hosts-only"


async def test_a_note_of_another_club_is_out_of_reach(house: MinutesHouse) -> None:
    club, other = await house.club(), await house.club("Roman")
    note = await house.point(club, "Accueil")
    for act in (house.minutes.tick, house.minutes.remove):
        with pytest.raises(Refusal) as refusal:
            await act(other, str(note.id), AURORE, HOST)
        assert code(refusal) == "no-note"


async def test_notes_have_limits(house: MinutesHouse) -> None:
    club = await house.club()
    for text in ("", "?!", "x" * (LONGEST + 1)):
        with pytest.raises(Refusal) as refusal:
            await house.point(club, text)
        assert code(refusal) == "minutes-text"
    for number in range(MOST):
        await house.point(club, f"Point {number}")
    with pytest.raises(Refusal) as refusal:
        await house.point(club, "De trop")
    assert code(refusal) == "minutes-full"
    with pytest.raises(Refusal) as refusal:
        await house.minutes.add(club, "note", "Rien", AURORE, PATRON)
    assert code(refusal) == "no-minutes"
    with pytest.raises(Refusal) as refusal:
        await house.minutes.latest(club)
    assert code(refusal) == "no-minutes"


async def test_what_is_changed_after_the_close_changes_what_was_shown(house: MinutesHouse) -> None:
    club = await house.club()
    note = await house.point(club, "Accueil")
    await house.meet(club)
    await house.close_now(club)
    await house.minutes.tick(club, str(note.id), AURORE, PATRON)
    await house.settle()
    await house.minutes.tick(club, str(note.id), AURORE, PATRON)
    await house.settle()
    assert [record.notes[0].done for record in house.told()] == [False, True, False]
    await house.minutes.remove(club, str(note.id), AURORE, PATRON)
    await house.settle()
    assert len(house.told()) == 3, "there is nothing left to show"


async def test_minutes_are_told_after_a_crash(house: MinutesHouse) -> None:
    club = await house.club()
    await house.point(club, "Accueil")
    await house.meet(club)
    house.reached.clear()
    await house.meetings.close(club, AURORE, PATRON)
    again = await house.after()
    assert len(again.told()) == 1
    await again.close()


async def test_a_club_that_ends_takes_its_notes_along_in_silence(house: MinutesHouse) -> None:
    club = await house.club()
    await house.point(club, "Accueil")
    await house.clubs.end(club, AURORE, PATRON)
    with pytest.raises(Refusal) as refusal:
        await house.point(club, "Encore")
    assert code(refusal) in ("club-over", "club-hosts-only")
