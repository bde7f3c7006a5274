"""Answers to meetings: seats in order, who is told, who may answer, and what stays when plans change."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.meeting_news import CalledOff, Moved, Planned, Soon
from bot.meeting_wishes import Changes, Wish
from bot.people import Visitor
from bot.rsvps import Answered
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from games.core import Refusal, Role
from games.meeting import Answer
from games.recurrence import local_time
from tests.club_stage import AURORE, CAMILLE, INES, LEO, ClubHouse
from tests.hall_stage import visitor

PATRON, HOST = Role.PATRON, Role.HOST
TUESDAY = datetime(2026, 3, 3, 18, 30)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


async def planned(
    engine: ClubHouse, seats: int | None = None, *, every: str = "once", access: str = "public"
) -> tuple[Club, Meeting]:
    club = await engine.club(access=access)
    wish = Wish(TUESDAY, every, seats=seats)  # type: ignore[arg-type]
    meeting = await engine.meetings.plan(club, wish, await engine.room(), AURORE, PATRON)
    await engine.settle()
    return club, meeting


async def say(
    engine: ClubHouse, meeting: Meeting, who: Visitor, answer: Answer = "yes"
) -> Answered:
    done = await engine.rsvps.answer(meeting.id, answer, who, PATRON, await engine.room())
    await engine.settle()
    return done


async def seated(engine: ClubHouse, meeting: Meeting) -> list[str]:
    rows = await engine.sql(
        "SELECT name FROM rsvp JOIN person ON person.id = person_id"
        " WHERE meeting_id = ? AND seated = 1 ORDER BY turn",
        meeting.id,
    )
    return [name for (name,) in rows]


def notified(engine: ClubHouse, what: str) -> list[str]:
    return [
        engine.people.name(one.person_id)
        for _, notice, to in engine.face.notified
        if notice.what == what
        for one in to
    ]


# --- Seats


async def test_seats_go_in_order_and_the_first_who_waits_is_told(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 1)
    assert (await say(engine, meeting, AURORE)).seated
    assert (await say(engine, meeting, CAMILLE)).place == 1
    assert (await say(engine, meeting, INES)).place == 2
    await say(engine, meeting, AURORE, "no")
    assert await seated(engine, meeting) == ["Camille"]
    assert notified(engine, "seat") == ["Camille"]


async def test_saying_yes_twice_keeps_ones_turn(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 1)
    await say(engine, meeting, AURORE)
    await say(engine, meeting, CAMILLE)
    await say(engine, meeting, INES)
    assert (await say(engine, meeting, CAMILLE)).place == 1
    assert (await say(engine, meeting, AURORE)).seated


async def test_whoever_changes_their_mind_twice_is_last_in_turn(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 1)
    await say(engine, meeting, AURORE)
    await say(engine, meeting, CAMILLE)
    await say(engine, meeting, AURORE, "maybe")
    assert (await say(engine, meeting, AURORE)).place == 1
    assert await seated(engine, meeting) == ["Camille"]


async def test_more_seats_are_given_and_fewer_take_none_away(engine: ClubHouse) -> None:
    club, meeting = await planned(engine, 1)
    for who in (AURORE, CAMILLE, INES):
        await say(engine, meeting, who)
    await engine.meetings.edit(club, "", Changes(seats=2), AURORE, PATRON)
    await engine.settle()
    assert await seated(engine, meeting) == ["Aurore", "Camille"]
    await engine.meetings.edit(club, "", Changes(seats=1), AURORE, PATRON)
    assert await seated(engine, meeting) == ["Aurore", "Camille"]
    await say(engine, meeting, AURORE, "no")
    assert await seated(engine, meeting) == ["Camille"]
    assert notified(engine, "seat") == ["Camille"]


async def test_two_hundred_at_once_get_just_the_seats_that_there_are(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 12)
    room = await engine.room()
    crowd = [visitor("twitch" if n % 2 else "discord", f"v{n}") for n in range(200)]
    done = await asyncio.gather(
        *(engine.rsvps.answer(meeting.id, "yes", who, PATRON, room) for who in crowd)
    )
    assert sum(one.seated for one in done) == 12
    assert sorted(one.place for one in done if one.place) == sorted(set(range(1, 189)))
    assert len(await seated(engine, meeting)) == 12


async def test_a_promotion_is_told_once_though_the_program_dies_between(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 1)
    await say(engine, meeting, AURORE)
    await say(engine, meeting, CAMILLE)
    room = await engine.room()
    engine.reached.clear()
    await engine.rsvps.answer(meeting.id, "no", AURORE, PATRON, room)
    engine = await engine.after()
    try:
        assert await seated(engine, meeting) == ["Camille"]
        assert notified(engine, "seat") == ["Camille"]
        again = await engine.after()
        engine = again
        assert notified(engine, "seat") == []
    finally:
        await engine.close()


async def test_whoever_is_erased_leaves_their_seat_to_the_next(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, 1)
    await say(engine, meeting, AURORE)
    await say(engine, meeting, CAMILLE)
    await engine.rsvps.forget(AURORE)
    await engine.participation.forget(AURORE)
    await engine.settle()
    assert await seated(engine, meeting) == ["Camille"]


# --- Who may answer, and to what


async def test_a_guest_answers_to_a_public_club_and_members_to_another(engine: ClubHouse) -> None:
    _, meeting = await planned(engine, access="approval")
    with pytest.raises(Refusal, match="members-only"):
        await say(engine, meeting, INES)
    assert (await say(engine, meeting, AURORE)).seated
    assert engine.people.find(INES.platform, INES.user_id) is None


async def test_without_trace_there_is_no_seat_to_be_kept(engine: ClubHouse) -> None:
    _, meeting = await planned(engine)
    await engine.people.set_traceless(INES, on=True)
    with pytest.raises(Refusal, match="traceless-no-answer"):
        await say(engine, meeting, INES)
    assert await engine.sql("SELECT COUNT(*) FROM rsvp") == [(0,)]


async def test_what_is_called_off_or_over_takes_no_answer(engine: ClubHouse) -> None:
    club, meeting = await planned(engine, every="week")
    await engine.meetings.cancel(club, "", AURORE, PATRON)
    with pytest.raises(Refusal, match="meeting-off"):
        await say(engine, meeting, INES)
    await engine.go_to(datetime(2026, 3, 10, 21, 0))
    closed = await engine.sql("SELECT id FROM meeting WHERE closed_at IS NOT NULL")
    with pytest.raises(Refusal, match="meeting-over"):
        await engine.rsvps.answer(closed[0][0], "yes", INES, PATRON, await engine.room())
    with pytest.raises(Refusal, match="meeting-gone"):
        await engine.rsvps.answer(999, "yes", INES, PATRON, await engine.room())


async def test_linked_to_nothing_each_account_answers_for_itself(engine: ClubHouse) -> None:
    _, meeting = await planned(engine)
    await say(engine, meeting, AURORE)
    await say(engine, meeting, visitor("twitch", "Aurore"), "no")
    card = await engine.cards.card(meeting.id)
    assert card is not None
    assert (card.counts.yes, card.counts.no) == (1, 1)


# --- When plans change


async def test_answers_stay_when_a_meeting_moves_and_those_who_asked_are_told(
    engine: ClubHouse,
) -> None:
    club, meeting = await planned(engine)
    await say(engine, meeting, CAMILLE)
    await say(engine, meeting, LEO)
    await engine.rsvps.remind(meeting.id, LEO, on=True)
    engine.face.platform = "twitch"
    moved = await engine.meetings.move(club, "", "mercredi 19h", AURORE, PATRON)
    await engine.settle()
    assert moved.counts.yes == 2
    assert moved.meeting.id == meeting.id
    assert notified(engine, "moved") == ["Leo64"]
    assert len(engine.face.of(Moved)) == 1
    await engine.go_to(datetime(2026, 3, 3, 19, 0))
    assert await engine.meetings.current(await engine.room()) is None
    await engine.go_to(datetime(2026, 3, 4, 19, 1))
    assert await engine.meetings.current(await engine.room()) is not None


async def test_a_meeting_is_called_off_once_in_every_room(engine: ClubHouse) -> None:
    club, meeting = await planned(engine)
    await engine.clubs.attach(club, await engine.room(2), HOST)
    await say(engine, meeting, CAMILLE)
    await engine.rsvps.remind(meeting.id, CAMILLE, on=True)
    await engine.meetings.cancel(club, "", AURORE, PATRON)
    await engine.settle()
    assert sorted(room for room, news in engine.face.heard if isinstance(news, CalledOff)) == [1, 2]
    assert notified(engine, "off") == ["Camille"]
    with pytest.raises(Refusal, match="no-such-meeting"):
        await engine.meetings.cancel(club, "", AURORE, PATRON)


async def test_a_meeting_that_was_called_off_can_be_moved_and_is_on_again(
    engine: ClubHouse,
) -> None:
    club, meeting = await planned(engine)
    await say(engine, meeting, CAMILLE)
    await engine.meetings.cancel(club, "", AURORE, PATRON)
    await engine.meetings.move(club, "1", "mercredi 19h", AURORE, PATRON)
    assert (await say(engine, meeting, INES)).seated


async def test_a_plan_that_ends_calls_off_what_people_answered_to(engine: ClubHouse) -> None:
    club, meeting = await planned(engine, every="week")
    await say(engine, meeting, CAMILLE)
    await engine.meetings.end(club, "", AURORE, PATRON)
    await engine.settle()
    assert await engine.meetings.coming(club) == []
    assert len(engine.face.of(CalledOff)) == 1
    with pytest.raises(Refusal, match="meeting-off"):
        await say(engine, meeting, INES)


async def test_a_club_that_ends_takes_its_plans_along(engine: ClubHouse) -> None:
    club, meeting = await planned(engine, every="week")
    await engine.clubs.end(club, AURORE, PATRON)
    await engine.go_to(datetime(2026, 3, 3, 18, 45))
    assert await engine.sql("SELECT COUNT(*) FROM meeting WHERE opened_at IS NOT NULL") == [(0,)]
    with pytest.raises(Refusal, match="meeting-off"):
        await say(engine, meeting, INES)


async def test_only_those_who_lead_change_anything(engine: ClubHouse) -> None:
    club, _ = await planned(engine)
    meetings = engine.meetings
    for refused in (
        meetings.cancel(club, "", INES, PATRON),
        meetings.move(club, "", "mercredi 19h", INES, PATRON),
        meetings.edit(club, "", Changes(seats=2), INES, PATRON),
        meetings.end(club, "", INES, PATRON),
        meetings.open(club, INES, PATRON),
        meetings.close(club, INES, PATRON),
        engine.attendances.count(club, "12", INES, PATRON),
        engine.attendances.latest(club, INES, PATRON),
        engine.opinions.summary(club, INES, PATRON),
    ):
        with pytest.raises(Refusal, match="club-hosts-only"):
            await refused


# --- What rooms are told


async def test_each_room_is_told_a_day_and_an_hour_before_once(engine: ClubHouse) -> None:
    club, _ = await planned(engine)
    await engine.clubs.attach(club, await engine.room(2), HOST)
    await engine.go_to(datetime(2026, 3, 3, 18, 20))
    told = [(room, n.day_before) for room, n in engine.face.heard if isinstance(n, Soon)]
    assert sorted(told) == [(1, False), (1, True), (2, False), (2, True)]
    assert len(engine.face.of(Planned)) == 1


async def test_what_was_missed_while_away_is_left_out(engine: ClubHouse) -> None:
    await planned(engine)
    await engine.crash()
    engine.clock.advance(6 * 86400 + 10 * 3600)
    engine = await ClubHouse(engine.path, engine.clock).open()
    try:
        await engine.settle()
        assert engine.face.of(Soon) == []
    finally:
        await engine.close()


async def test_answers_are_erased_a_month_later_and_the_sums_stay(engine: ClubHouse) -> None:
    _, meeting = await planned(engine)
    await say(engine, meeting, CAMILLE)
    await engine.go_to(datetime(2026, 4, 10))
    assert await engine.rsvps.expire(365) == 1
    assert await engine.sql("SELECT came, no_shows FROM meeting") == [(0, 1)]


async def test_a_meeting_planned_for_soon_is_told_once(engine: ClubHouse) -> None:
    club = await engine.club()
    soon = local_time(engine.clock.wall(), "Europe/Paris") + timedelta(minutes=30)
    await engine.meetings.plan(club, Wish(soon), await engine.room(), AURORE, PATRON)
    await engine.wait(60)
    assert len(engine.face.of(Planned)) == 1
    assert engine.face.of(Soon) == []
