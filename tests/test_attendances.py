"""Who comes to a meeting: checking in, minutes in the voice channel, staff's count, and people who leave no trace."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.attendances import TICK
from bot.meeting_wishes import Wish
from bot.people import Visitor
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from games.core import Refusal, Role
from games.meeting import Sums
from tests.club_stage import AURORE, CAMILLE, INES, LEO, ClubHouse
from tests.hall_stage import visitor

PATRON = Role.PATRON
TUESDAY = datetime(2026, 3, 3, 18, 30)
VOICE = "777"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


async def planned(engine: ClubHouse) -> tuple[Club, Meeting]:
    club = await engine.club()
    wish = Wish(TUESDAY, form="voice", voice_id=VOICE)
    meeting = await engine.meetings.plan(club, wish, await engine.room(), AURORE, PATRON)
    return club, meeting


async def begun(engine: ClubHouse) -> tuple[Club, Meeting]:
    club, meeting = await planned(engine)
    await engine.go_to(datetime(2026, 3, 3, 18, 30))
    return club, meeting


async def sums(engine: ClubHouse, club: Club) -> Sums:
    return (await engine.attendances.latest(club, AURORE, PATRON)).sums


async def meet(engine: ClubHouse, *people: Visitor) -> None:
    """Let people be known."""
    for who in people:
        async with engine.people.changing(who):
            pass


async def pass_time(engine: ClubHouse, seconds: float) -> None:
    """Let time pass, and the voice channels be looked at now and then as they are."""
    for _ in range(int(seconds / TICK)):
        engine.clock.advance(TICK)
        await engine.attendances.look()
    await engine.settle()


# --- Checking in


async def test_checking_in_is_possible_while_it_goes_on_and_counts_once(engine: ClubHouse) -> None:
    club, meeting = await planned(engine)
    with pytest.raises(Refusal, match="meeting-not-open"):
        await engine.attendances.check_in(meeting.id, INES, "button")
    with pytest.raises(Refusal, match="no-meeting"):
        await engine.attendances.check_in_here(await engine.room(), INES, "typed")
    await engine.go_to(datetime(2026, 3, 3, 18, 31))
    first = await engine.attendances.check_in_here(await engine.room(), INES, "typed")
    again = await engine.attendances.check_in(meeting.id, INES, "button")
    assert (first.again, first.newcomer, again.again) == (False, True, True)
    assert (await sums(engine, club)).came == 1
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    with pytest.raises(Refusal, match="meeting-over"):
        await engine.attendances.check_in(meeting.id, LEO, "button")


async def test_who_came_is_apart_from_who_said_yes(engine: ClubHouse) -> None:
    club, meeting = await planned(engine)
    room = await engine.room()
    for who in (AURORE, CAMILLE):
        await engine.rsvps.answer(meeting.id, "yes", who, PATRON, room)
    await engine.go_to(datetime(2026, 3, 3, 18, 31))
    for who in (CAMILLE, INES):
        await engine.attendances.check_in(meeting.id, who, "button")
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    assert await sums(engine, club) == Sums(2, 2, 1, 1)


async def test_without_trace_one_is_counted_and_not_kept(engine: ClubHouse) -> None:
    club, meeting = await begun(engine)
    await engine.people.set_traceless(INES, on=True)
    assert not (await engine.attendances.check_in(meeting.id, INES, "typed")).again
    assert (await engine.attendances.check_in(meeting.id, INES, "typed")).again
    assert (await sums(engine, club)).came == 1
    assert await engine.sql("SELECT COUNT(*) FROM attendance") == [(0,)]


async def test_staff_count_and_the_number_given_later_counts(engine: ClubHouse) -> None:
    club, _ = await begun(engine)
    for text, number in (("12", 12), ("14 personnes", 14)):
        assert (await engine.attendances.count(club, text, AURORE, PATRON)).headcount == number
    for text in ("", "-3", "douze", "99999", "१२"):
        with pytest.raises(Refusal, match="no-number"):
            await engine.attendances.count(club, text, AURORE, PATRON)


async def test_the_sums_stay_when_somebody_is_erased(engine: ClubHouse) -> None:
    club, meeting = await begun(engine)
    await engine.attendances.check_in(meeting.id, INES, "typed")
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    await engine.participation.forget(INES)
    assert (await sums(engine, club)).came == 1
    assert await engine.sql("SELECT COUNT(*) FROM attendance") == [(0,)]


# --- The voice channel


async def test_ten_minutes_in_the_channel_make_somebody_present(engine: ClubHouse) -> None:
    club, _ = await begun(engine)
    await meet(engine, CAMILLE)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 580)
    assert (await sums(engine, club)).came == 0
    await pass_time(engine, 40)
    assert (await sums(engine, club)).came == 1
    assert await engine.sql("SELECT how FROM attendance") == [("voice",)]


async def test_another_channel_and_minutes_before_do_not_count(engine: ClubHouse) -> None:
    club, _ = await planned(engine)
    await meet(engine, CAMILLE, AURORE)
    await engine.go_to(datetime(2026, 3, 3, 18, 15))
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    engine.attendances.moved(AURORE.user_id, "778")
    await engine.go_to(datetime(2026, 3, 3, 18, 30))
    await pass_time(engine, 580)
    assert (await sums(engine, club)).came == 0
    await pass_time(engine, 60)
    assert (await sums(engine, club)).came == 1


async def test_interruptions_add_up(engine: ClubHouse) -> None:
    club, _ = await begun(engine)
    await meet(engine, CAMILLE)
    for channel in (VOICE, None, VOICE, "778", VOICE):
        engine.attendances.moved(CAMILLE.user_id, channel)
        await pass_time(engine, 240)
    assert (await sums(engine, club)).came == 1


async def test_strangers_and_people_without_trace_are_counted_and_not_kept(
    engine: ClubHouse,
) -> None:
    club, _ = await begun(engine)
    await engine.people.set_traceless(CAMILLE, on=True)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    engine.attendances.moved("never-seen", VOICE)
    await pass_time(engine, 900)
    assert (await sums(engine, club)).came == 2
    assert await engine.sql("SELECT COUNT(*) FROM attendance") == [(0,)]
    assert await engine.sql("SELECT COUNT(*) FROM voice_presence") == [(0,)]


async def test_a_stranger_who_then_checks_in_is_counted_once(engine: ClubHouse) -> None:
    club, meeting = await begun(engine)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 900)
    await engine.attendances.check_in(meeting.id, CAMILLE, "button")
    await pass_time(engine, 100)
    assert (await sums(engine, club)).came == 1


async def test_minutes_outlive_a_crash_but_for_a_moment(engine: ClubHouse) -> None:
    club, _ = await begun(engine)
    await meet(engine, CAMILLE)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 400)
    engine.clock.advance(TICK - 1)
    engine = await engine.after()
    try:
        engine.attendances.found({CAMILLE.user_id: VOICE})
        await pass_time(engine, 180)
        assert (await sums(engine, club)).came == 0
        await pass_time(engine, 60)
        assert (await sums(engine, club)).came == 1
    finally:
        await engine.close()


async def test_what_is_not_heard_does_not_count(engine: ClubHouse) -> None:
    club, _ = await begun(engine)
    await meet(engine, CAMILLE)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 300)
    engine.attendances.deaf()
    await pass_time(engine, 900)
    engine.attendances.found({CAMILLE.user_id: VOICE, "other": "778"})
    await pass_time(engine, 240)
    assert (await sums(engine, club)).came == 0
    await pass_time(engine, 120)
    assert (await sums(engine, club)).came == 1


async def test_nothing_of_the_voice_channel_is_kept_after_the_end(engine: ClubHouse) -> None:
    await begun(engine)
    await meet(engine, CAMILLE)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 100)
    assert await engine.sql("SELECT COUNT(*) FROM voice_presence") == [(1,)]
    engine.attendances.moved(CAMILLE.user_id, None)
    await engine.go_to(datetime(2026, 3, 3, 20, 1))
    await pass_time(engine, 900)
    assert await engine.sql("SELECT COUNT(*) FROM voice_presence") == [(0,)]
    assert await engine.sql("SELECT came FROM meeting") == [(0,)]


async def test_somebody_erased_meanwhile_does_not_come_back(engine: ClubHouse) -> None:
    await begun(engine)
    await meet(engine, CAMILLE)
    engine.attendances.moved(CAMILLE.user_id, VOICE)
    await pass_time(engine, 400)
    await engine.participation.forget(CAMILLE)
    await pass_time(engine, 400)
    assert await engine.sql("SELECT COUNT(*) FROM attendance") == [(0,)]
    assert await engine.sql("SELECT COUNT(*) FROM voice_presence") == [(0,)]


async def test_a_flood_of_checking_in_is_one_each(engine: ClubHouse) -> None:
    club, meeting = await begun(engine)
    crowd = [visitor("twitch", f"v{n % 40}") for n in range(120)]
    for who in crowd:
        await engine.attendances.check_in(meeting.id, who, "typed")
    assert (await sums(engine, club)).came == 40
