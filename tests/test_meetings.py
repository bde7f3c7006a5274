"""Meetings: planned on the agenda, opened and closed once each, and what goes on in a room."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.meeting_wishes import Wish
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from games.core import Refusal, Role
from tests.club_stage import AURORE, CAMILLE, INES, ClubHouse

PATRON, HOST = Role.PATRON, Role.HOST
TUESDAY = datetime(2026, 3, 3, 18, 30)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


async def plan(engine: ClubHouse, club: Club, wish: Wish | None = None) -> Meeting:
    room = await engine.room()
    return await engine.meetings.plan(club, wish or Wish(TUESDAY), room, AURORE, PATRON)


async def current(engine: ClubHouse) -> Meeting | None:
    return await engine.meetings.current(await engine.room())


# --- Planning


async def test_a_meeting_is_on_the_agenda_of_every_room_of_its_club(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.attach(club, await engine.room(2), HOST)
    await plan(engine, club, Wish(TUESDAY, place="Salle 2", minutes=60))
    for number in (1, 2):
        [entry] = await engine.agenda.upcoming((await engine.room(number)).id)
        assert (entry.kind, entry.title, entry.place, entry.minutes) == (
            "meeting",
            "Polar",
            "Salle 2",
            60,
        )


async def test_whoever_does_not_lead_the_club_plans_nothing(engine: ClubHouse) -> None:
    club = await engine.club()
    await engine.clubs.join(club, INES)
    with pytest.raises(Refusal, match="club-hosts-only"):
        await engine.meetings.plan(club, Wish(TUESDAY), await engine.room(), INES, PATRON)
    await engine.clubs.appoint(club, "Inès", "cohost", AURORE, PATRON)
    await engine.meetings.plan(club, Wish(TUESDAY), await engine.room(), INES, PATRON)
    await engine.meetings.plan(club, Wish(TUESDAY), await engine.room(), CAMILLE, HOST)


async def test_a_meeting_is_not_planned_for_the_past(engine: ClubHouse) -> None:
    club = await engine.club()
    with pytest.raises(Refusal, match="date-past"):
        await plan(engine, club, Wish(datetime(2026, 1, 6, 18, 30)))


async def test_a_club_or_a_place_stands_after_an_at(engine: ClubHouse) -> None:
    await engine.club("Polar")
    manga = await engine.club("Manga")
    room = await engine.room()
    club, wish = await engine.meetings.read(room, "mardi 18h30 @ manga @ Salle 2 60 min", AURORE)
    assert (club.id, wish.place, wish.minutes, wish.form) == (manga.id, "Salle 2", 60, "site")


async def test_an_offer_is_planned_once_and_by_those_who_lead(engine: ClubHouse) -> None:
    club, room = await engine.club(), await engine.room()
    number = await engine.meetings.offer(club, Wish(TUESDAY), room, AURORE, PATRON)
    with pytest.raises(Refusal, match="club-hosts-only"):
        await engine.meetings.accept(number, INES, PATRON)
    await engine.meetings.accept(number, AURORE, PATRON)
    with pytest.raises(Refusal, match="meeting-offer-gone"):
        await engine.meetings.accept(number, AURORE, PATRON)
    assert len(await engine.meetings.coming(club)) == 1


async def test_it_is_about_the_book_that_the_club_is_busy_with(engine: ClubHouse) -> None:
    club = await engine.club()
    _, nana = await engine.propose(club, "Germinal ; Zola", "Nana ; Zola")
    await engine.club_books.choose(club, "Nana", AURORE, PATRON)
    assert (await plan(engine, club)).book_id == nana.id


# --- Opening and closing


async def test_a_meeting_opens_and_closes_by_itself(engine: ClubHouse) -> None:
    club = await engine.club()
    await plan(engine, club)
    await engine.go_to(datetime(2026, 3, 3, 18, 29))
    assert await current(engine) is None
    await engine.go_to(datetime(2026, 3, 3, 18, 31))
    going_on = await current(engine)
    assert going_on is not None
    assert going_on.club_id == club.id
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    assert await current(engine) is None


async def test_each_date_of_a_plan_is_a_meeting_of_its_own(engine: ClubHouse) -> None:
    club = await engine.club()
    first = await plan(engine, club, Wish(TUESDAY, "week"))
    await engine.go_to(datetime(2026, 3, 10, 18, 31))
    second = await current(engine)
    assert second is not None
    assert second.id != first.id
    assert second.series_id == first.series_id


async def test_a_host_opens_and_closes_early(engine: ClubHouse) -> None:
    club = await engine.club()
    await plan(engine, club)
    with pytest.raises(Refusal, match="no-meeting-soon"):
        await engine.meetings.open(club, AURORE, PATRON)
    await engine.go_to(datetime(2026, 3, 3, 18, 0))
    opened = await engine.meetings.open(club, AURORE, PATRON)
    with pytest.raises(Refusal, match="meeting-open"):
        await engine.meetings.open(club, AURORE, PATRON)
    await engine.go_to(datetime(2026, 3, 3, 18, 40))
    assert await current(engine) is not None
    closed = await engine.meetings.close(club, AURORE, PATRON)
    assert closed.id == opened.id
    with pytest.raises(Refusal, match="no-meeting"):
        await engine.meetings.close(club, AURORE, PATRON)
    await engine.go_to(datetime(2026, 3, 3, 20, 30))
    assert await current(engine) is None


async def test_a_meeting_goes_on_after_a_crash_and_closes_in_time(engine: ClubHouse) -> None:
    club = await engine.club()
    await plan(engine, club)
    await engine.go_to(datetime(2026, 3, 3, 18, 31))
    engine = await engine.after()
    try:
        assert await current(engine) is not None
        await engine.crash()
        engine.clock.advance(3 * 3600)
        engine = await ClubHouse(engine.path, engine.clock).open()
        await engine.settle()
        assert await current(engine) is None
    finally:
        await engine.close()


async def test_a_meeting_that_was_missed_altogether_does_not_open(engine: ClubHouse) -> None:
    club = await engine.club()
    await plan(engine, club)
    await engine.settle()
    await engine.crash()
    engine.clock.advance(8 * 86400)
    engine = await ClubHouse(engine.path, engine.clock).open()
    try:
        await engine.settle()
        assert await engine.sql("SELECT opened_at FROM meeting") == [(None,)]
    finally:
        await engine.close()


async def test_the_end_is_an_instant_whatever_the_clocks_do(engine: ClubHouse) -> None:
    club = await engine.club()
    night = datetime(2026, 10, 25, 1, 30)
    await plan(engine, club, Wish(night, minutes=120))
    await engine.go_to(datetime(2026, 10, 25, 1, 31))
    await engine.wait(118 * 60)
    assert await current(engine) is not None
    await engine.wait(2 * 60)
    assert await current(engine) is None


async def test_a_meeting_outlives_its_plan(engine: ClubHouse) -> None:
    club = await engine.club()
    await plan(engine, club)
    await engine.go_to(datetime(2026, 4, 20))
    await engine.agenda.expire()
    assert await engine.sql("SELECT series_id, came FROM meeting") == [(None, 0)]
