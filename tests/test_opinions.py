"""What people say of a book after a meeting, and their favourites."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.clock import DAY
from bot.meeting_wishes import Wish
from bot.opinions import LONGEST, MOST_WAITING
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from games.core import Refusal, Role
from games.meeting import Opinion
from tests.club_stage import AURORE, CAMILLE, INES, ClubHouse
from tests.hall_stage import visitor

PATRON, HOST = Role.PATRON, Role.HOST
TUESDAY = datetime(2026, 3, 3, 18, 30)
LOVED = "Un livre qui tient chaud comme un poêle en hiver."


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


async def over(engine: ClubHouse, *books: str) -> tuple[Club, Meeting]:
    club = await engine.club()
    await engine.propose(club, *books)
    for book in books:
        await engine.club_books.choose(club, book.split(" ;")[0], AURORE, PATRON)
    room = await engine.room()
    meeting = await engine.meetings.plan(club, Wish(TUESDAY), room, AURORE, PATRON)
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    return club, meeting


async def test_the_last_opinion_of_each_counts(engine: ClubHouse) -> None:
    club, meeting = await over(engine)
    room = await engine.room()
    first = await engine.opinions.give_here(room, "pas lu", INES)
    second = await engine.opinions.give(meeting.id, Opinion("read", rating=5, word="fort !"), INES)
    assert (first.changed, first.newcomer, second.changed) == (False, True, True)
    summary = await engine.opinions.summary(club, AURORE, PATRON)
    assert summary.outcomes == {"read": 1, "partly": 0, "not": 0}
    assert summary.words == (("fort", 1),)


async def test_an_average_takes_five_ratings(engine: ClubHouse) -> None:
    club, meeting = await over(engine)
    for number in range(5):
        summary = await engine.opinions.summary(club, AURORE, PATRON)
        assert summary.average is None
        who = visitor("twitch", f"v{number}")
        await engine.opinions.give(meeting.id, Opinion("read", rating=number % 2 + 3), who)
    summary = await engine.opinions.summary(club, AURORE, PATRON)
    assert (summary.ratings, summary.average) == (5, 3.4)


async def test_missing_copies_are_counted(engine: ClubHouse) -> None:
    club, meeting = await over(engine)
    await engine.opinions.give(meeting.id, Opinion("not", no_copy=True, rating=4), INES)
    await engine.opinions.give(meeting.id, Opinion("read", no_copy=True, rating=4), CAMILLE)
    summary = await engine.opinions.summary(club, AURORE, PATRON)
    assert (summary.no_copy, summary.ratings) == (1, 1)


async def test_opinions_are_taken_while_it_goes_on_and_two_weeks_after(engine: ClubHouse) -> None:
    club = await engine.club()
    room = await engine.room()
    meeting = await engine.meetings.plan(club, Wish(TUESDAY), room, AURORE, PATRON)
    with pytest.raises(Refusal, match="no-meeting-lately"):
        await engine.opinions.give_here(room, "lu", INES)
    with pytest.raises(Refusal, match="meeting-not-open"):
        await engine.opinions.give(meeting.id, Opinion("read"), INES)
    await engine.go_to(datetime(2026, 3, 3, 19, 0))
    await engine.opinions.give_here(room, "lu", INES)
    await engine.go_to(datetime(2026, 3, 18, 19, 0))
    with pytest.raises(Refusal, match="opinions-closed"):
        await engine.opinions.give(meeting.id, Opinion("read"), CAMILLE)
    with pytest.raises(Refusal, match="no-meeting-lately"):
        await engine.opinions.give_here(room, "lu", CAMILLE)


async def test_what_says_nothing_is_asked_again(engine: ClubHouse) -> None:
    await over(engine)
    with pytest.raises(Refusal, match="opinion-unread"):
        await engine.opinions.give_here(await engine.room(), "bof", INES)


async def test_without_trace_nothing_is_kept(engine: ClubHouse) -> None:
    club, meeting = await over(engine, "Germinal ; Zola")
    await engine.people.set_traceless(INES, on=True)
    with pytest.raises(Refusal, match="traceless-no-opinion"):
        await engine.opinions.give(meeting.id, Opinion("read"), INES)
    with pytest.raises(Refusal, match="traceless-no-opinion"):
        await engine.opinions.write(club, LOVED, "Inès", INES)


# --- Favourites


async def test_a_favourite_is_published_once_staff_accept_it(engine: ClubHouse) -> None:
    club, _ = await over(engine, "Germinal ; Émile Zola")
    number = await engine.opinions.write(club, LOVED, "Inès, lectrice", INES)
    assert await engine.opinions.published(club) == []
    with pytest.raises(Refusal, match="hosts-only"):
        await engine.opinions.waiting(club, PATRON)
    with pytest.raises(Refusal, match="hosts-only"):
        await engine.opinions.decide(club, str(number), PATRON, accepted=True)
    assert len(await engine.opinions.waiting(club, HOST)) == 1
    await engine.opinions.decide(club, f"nº {number}".replace("º", "°"), HOST, accepted=True)
    [shown] = await engine.opinions.published(club)
    assert (shown.title, shown.text, shown.signature) == ("Germinal", LOVED, "Inès, lectrice")


async def test_writing_again_is_read_again_by_staff(engine: ClubHouse) -> None:
    club, _ = await over(engine, "Germinal ; Zola")
    number = await engine.opinions.write(club, LOVED, "Inès", INES)
    await engine.opinions.decide(club, str(number), HOST, accepted=True)
    assert await engine.opinions.write(club, f"{LOVED} Vraiment.", "Inès", INES) == number
    assert await engine.opinions.published(club) == []


async def test_ones_own_is_taken_back_and_nobody_else_s(engine: ClubHouse) -> None:
    club, _ = await over(engine, "Germinal ; Zola")
    number = await engine.opinions.write(club, LOVED, "Inès", INES)
    with pytest.raises(Refusal, match="no-favourite"):
        await engine.opinions.take_back(str(number), CAMILLE)
    await engine.opinions.take_back(str(number), INES)
    assert await engine.opinions.waiting(club, HOST) == []


@pytest.mark.parametrize(
    ("text", "signature", "code"),
    [
        ("trop court", "Inès", "favourite-length"),
        ("x" * (LONGEST + 1), "Inès", "favourite-length"),
        ("\u200b" * 30, "Inès", "favourite-length"),
        (LOVED, "", "favourite-signature"),
        (LOVED, "\u202e", "favourite-signature"),
        (LOVED, "x" * 33, "favourite-signature"),
    ],
)
async def test_what_cannot_be_published_is_refused(
    engine: ClubHouse, text: str, signature: str, code: str
) -> None:
    club, _ = await over(engine, "Germinal ; Zola")
    with pytest.raises(Refusal, match=code):
        await engine.opinions.write(club, text, signature, INES)


async def test_a_favourite_is_about_a_book(engine: ClubHouse) -> None:
    club, _ = await over(engine)
    with pytest.raises(Refusal, match="favourite-book"):
        await engine.opinions.write(club, LOVED, "Inès", INES)


async def test_nobody_fills_the_list_alone(engine: ClubHouse) -> None:
    club, _ = await over(engine, "Germinal ; Zola")
    [(work,)] = await engine.sql("SELECT MAX(id) FROM work")
    await engine.opinions.write(club, LOVED, "Inès", INES)
    [(person,)] = await engine.sql("SELECT person_id FROM favourite")
    async with engine.database.transaction() as transaction:
        for number in range(MOST_WAITING - 1):
            await transaction.execute(
                "INSERT INTO work (id, title, author, title_key, author_key, added_at) VALUES (?, 't', '', ?, '', 0)",
                (work + 1 + number, str(number)),
            )
            await transaction.execute(
                "INSERT INTO favourite (club_id, work_id, person_id, text, signature, state, at)"
                " VALUES (?, ?, ?, 't', 's', 'proposed', 0)",
                (club.id, work + 1 + number, person),
            )
    with pytest.raises(Refusal, match="too-many-favourites"):
        await engine.opinions.write(club, LOVED, "Inès", INES)


async def test_an_erasure_takes_opinions_and_favourites_along(engine: ClubHouse) -> None:
    club, meeting = await over(engine, "Germinal ; Zola")
    await engine.opinions.give(meeting.id, Opinion("read"), INES)
    await engine.opinions.write(club, LOVED, "Inès", INES)
    await engine.participation.forget(INES)
    for table in ("opinion", "favourite"):
        assert await engine.sql(f"SELECT COUNT(*) FROM {table}") == [(0,)]


async def test_what_was_declined_goes_after_a_month(engine: ClubHouse) -> None:
    club, _ = await over(engine, "Germinal ; Zola")
    number = await engine.opinions.write(club, LOVED, "Inès", INES)
    await engine.opinions.decide(club, str(number), HOST, accepted=False)
    assert await engine.opinions.expire() == 0
    engine.clock.advance(31 * DAY / 1_000_000)
    assert await engine.opinions.expire() == 1
