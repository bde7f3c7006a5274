"""The agenda: what is due is done once, at its time, late or not at all; exceptions touch one occurrence."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.agenda import REMINDERS
from bot.dispatcher import IN_FLIGHT, LONGEST_SLEEP, PATIENCE, WAITS
from bot.storage import agenda, clubs, rooms
from bot.storage.agenda import Planned, Step
from bot.storage.rooms import Room
from games.core import EVERYWHERE, Refusal
from games.recurrence import Series, instant
from tests.agenda_stage import MONDAY, PARIS, Diary, name
from tests.waiting import until, until_read

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@pytest.fixture
async def diary(tmp_path: Path) -> AsyncIterator[Diary]:
    diary = await Diary(tmp_path / "agenda.sqlite3").open()
    yield diary
    await diary.crash()


# --- In time --------------------------------------------------------------------------------------------------


async def test_a_single_date_is_carried_out_once_at_its_time(diary: Diary) -> None:
    await diary.plan(title="club")
    await diary.go_to(MONDAY - timedelta(seconds=1))
    assert await diary.effects() == []
    await diary.go_to(MONDAY)
    assert await diary.effects() == ["club open 02/03 09:00"]
    await diary.go_to(MONDAY + WEEK)
    assert await diary.effects() == ["club open 02/03 09:00"]
    assert [due.late for due in diary.told] == [0.0]
    assert await diary.states() == {"done": 1}


async def test_each_occurrence_of_a_series_has_its_turn_over_a_change_of_time(diary: Diary) -> None:
    await diary.plan(datetime(2026, 3, 27, 18, 30), "FREQ=DAILY", title="club")
    for day in range(5):
        local = datetime(2026, 3, 27, 18, 30) + DAY * day
        await diary.go_to(local)
        assert len(await diary.effects()) == day + 1
        assert diary.told[-1].starts_at == instant(local, PARIS) == diary.clock.wall()
    assert (await diary.states())["waiting"] == 1, "one ahead, no heap"


async def test_a_daily_rule_has_its_rows_one_by_one(diary: Diary) -> None:
    await diary.plan(MONDAY, "FREQ=DAILY;COUNT=3", title="club")
    await diary.go_to(MONDAY + DAY * 9)
    assert [due.original for due in diary.told] == [MONDAY, MONDAY + DAY, MONDAY + DAY * 2]
    assert await diary.agenda.upcoming(1) == []


async def test_reminders_come_a_day_and_an_hour_before_and_then_the_start(diary: Diary) -> None:
    sunday = datetime(2026, 3, 29, 18, 30)  # the clocks changed that morning
    await diary.plan(sunday, "", *REMINDERS, Step("open"), title="club")
    await diary.go_to(sunday)
    assert diary.told_at == [
        instant(datetime(2026, 3, 28, 18, 30), PARIS),
        instant(datetime(2026, 3, 29, 17, 30), PARIS),
        instant(sunday, PARIS),
    ]


async def test_an_idle_agenda_sets_no_timer(diary: Diary) -> None:
    await diary.idle()
    assert diary.clock.waiting == 0
    await diary.plan()
    await until(lambda: diary.clock.waiting == 1)


async def test_an_earlier_row_wakes_a_sleeping_agenda(diary: Diary) -> None:
    await diary.plan(MONDAY + WEEK, title="later")
    await diary.idle()
    await diary.plan(MONDAY, title="sooner")
    await diary.go_to(MONDAY)
    assert [due.title for due in diary.told] == ["sooner"]


async def test_a_clock_that_is_set_forward_is_noticed(diary: Diary) -> None:
    await diary.plan(title="club")
    await diary.idle()
    diary.clock.wall_offset += instant(MONDAY, PARIS) - diary.clock.wall()
    diary.clock.advance(LONGEST_SLEEP)
    await until(lambda: diary.told)
    assert LONGEST_SLEEP >= diary.told[0].late > 60


# --- Late, missed, failing ------------------------------------------------------------------------------------


async def test_what_is_late_says_how_late_and_what_is_missed_is_left_out(diary: Diary) -> None:
    await diary.plan(title="late")
    await diary.plan(MONDAY - timedelta(hours=2), title="missed")
    await diary.restart((instant(MONDAY, PARIS) - diary.clock.wall()) / 1e6 + 600)
    await diary.idle()
    assert [(due.title, due.late) for due in diary.told] == [("late", 600.0)]
    assert await diary.states() == {"done": 1, "missed": 1}


async def test_a_long_stop_is_followed_by_one_occurrence_not_by_a_storm(diary: Diary) -> None:
    await diary.plan(MONDAY, "FREQ=DAILY", Step("open", missed_after=86_400), title="club")
    await diary.go_to(MONDAY)
    await diary.restart(86_400 * 365 + 7200)
    await diary.idle()
    assert [due.late for due in diary.told] == [0.0, 7200.0]
    assert len(await diary.effects()) == 2
    [(rows,)] = await diary.database.rows("SELECT COUNT(*) FROM due")
    assert rows <= 4, "the days without the bot leave no rows"


async def test_a_step_that_is_never_missed_is_done_after_any_time(diary: Diary) -> None:
    steps = Step("open", missed_after=3600), Step("close", days=1, missed_after=None)
    await diary.plan(MONDAY, "FREQ=DAILY", *steps, title="club")
    await diary.go_to(MONDAY)
    await diary.restart(86_400 * 30)
    await diary.idle()
    assert "club close 02/03 09:00" in await diary.effects()
    assert len([due for due in diary.told if due.kind == "close"]) <= 2


async def test_a_handler_that_fails_leaves_nothing_waits_longer_and_blocks_nobody(
    diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    diary.failing.add("bad")
    await diary.plan(MONDAY, "", Step("open", importance=9), title="bad")
    await diary.plan(title="good")
    await diary.go_to(MONDAY)
    assert await diary.effects() == ["good open 02/03 09:00"]
    diary.failing.clear()
    await diary.go_to(MONDAY, WAITS[0])
    assert await diary.effects() == ["good open 02/03 09:00", "bad open 02/03 09:00"]
    assert "failed" in caplog.text


async def test_what_fails_again_and_again_is_set_aside_and_the_series_goes_on(
    diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    diary.failing.add("bad")
    await diary.plan(MONDAY, "FREQ=DAILY", Step("open", missed_after=None), title="bad")
    await diary.go_to(MONDAY, sum(WAITS) + 1)
    assert (await diary.states())["failed"] == 1
    assert [
        r for r in caplog.records if r.levelno == logging.ERROR and "set aside" in r.getMessage()
    ]
    diary.failing.clear()
    await diary.go_to(MONDAY + DAY)
    assert await diary.effects() == ["bad open 03/03 09:00"]


async def test_a_kind_without_a_handler_is_set_aside(diary: Diary) -> None:
    await diary.plan(MONDAY, "", Step("unheard-of", missed_after=None))
    await diary.go_to(MONDAY, sum(WAITS) + 1)
    assert await diary.states() == {"failed": 1}


async def test_a_disk_that_fails_delays_and_loses_nothing(diary: Diary) -> None:
    await diary.plan(title="club")
    await diary.go_to(MONDAY - timedelta(seconds=1))
    diary.database.fault, diary.database.failures = OSError("disk full"), 2
    diary.clock.advance(1.0)
    await until(lambda: diary.database.failures < 2)
    for _ in range(40):
        await asyncio.sleep(0.01)
        diary.clock.advance(4.0)
    await diary.idle()
    assert await diary.effects() == ["club open 02/03 09:00"]


# --- Told after the commit ------------------------------------------------------------------------------------


async def until_noted(diary: Diary, told_on: str) -> None:
    """Wait until the only row is known to have been told on some platforms."""

    async def noted() -> bool:
        return await diary.database.rows("SELECT told_on FROM due") == [(told_on,)]

    await until_read(noted)


async def test_nothing_is_told_that_is_not_on_disk(diary: Diary) -> None:
    await diary.plan()
    await diary.go_to(MONDAY - timedelta(seconds=1))
    diary.database.free.clear()
    diary.clock.advance(1.0)
    await asyncio.sleep(0.05)
    assert not diary.told
    diary.database.free.set()
    await until(lambda: diary.told)


async def test_what_was_settled_but_may_not_have_gone_out_is_told_again(diary: Diary) -> None:
    await diary.plan(title="club")
    diary.down(*EVERYWHERE)
    await diary.go_to(MONDAY)
    assert await diary.states() == {"settled": 1}
    diary.back(*EVERYWHERE)
    diary.told.clear()
    await diary.restart()
    await diary.idle()
    assert [name(due) for due in diary.told] == ["club open 02/03 09:00"]
    assert await diary.effects() == ["club open 02/03 09:00"]
    assert await diary.states() == {"done": 1}


async def test_old_news_is_not_told(diary: Diary) -> None:
    await diary.plan()
    diary.down(*EVERYWHERE)
    await diary.go_to(MONDAY)
    diary.told.clear()
    await diary.restart(86_400 * 2)
    assert not diary.told
    assert await diary.states() == {"done": 1}


async def test_what_went_out_on_one_platform_is_told_again_on_the_other_alone(diary: Diary) -> None:
    await diary.plan(title="club")
    diary.down("twitch")
    await diary.go_to(MONDAY)
    await until_noted(diary, "discord")
    assert await diary.states() == {"settled": 1}
    diary.told.clear()
    await diary.restart()
    await until(lambda: diary.told)
    [due] = diary.told
    assert due.told_on == {"discord"}
    diary.back("twitch")
    await diary.idle()
    assert await diary.states() == {"done": 1}


async def test_what_is_going_out_when_all_ends_is_noted_if_it_still_goes(diary: Diary) -> None:
    await diary.plan(title="club")
    diary.down(*EVERYWHERE)
    await diary.go_to(MONDAY)
    await diary.agenda.rest()
    diary.back(*EVERYWHERE)
    await diary.agenda.close(1.0)
    assert await diary.states() == {"done": 1}


# --- Much at once ---------------------------------------------------------------------------------------------


async def test_a_room_is_told_no_more_at_once_than_its_queues_hold(diary: Diary) -> None:
    for number in range(IN_FLIGHT + 3):
        await diary.plan(title=f"club {number}")
    diary.down("twitch")
    await diary.go_to(MONDAY)
    await until(lambda: len(diary.told) == IN_FLIGHT, lambda: len(diary.told))
    await asyncio.sleep(0.05)
    assert len(diary.told) == IN_FLIGHT
    diary.back("twitch")
    await diary.idle()
    assert [due.title for due in diary.told] == [f"club {n}" for n in range(IN_FLIGHT + 3)]


async def test_a_platform_that_is_away_for_long_does_not_silence_the_other(diary: Diary) -> None:
    for number in range(IN_FLIGHT + 2):
        await diary.plan(title=f"club {number}")
    diary.down("twitch")
    await diary.go_to(MONDAY)
    await until(lambda: len(diary.told) == IN_FLIGHT, lambda: len(diary.told))
    for more in (1, 2):
        await asyncio.sleep(0.05)
        diary.clock.advance(PATIENCE)
        await until(lambda more=more: len(diary.told) == IN_FLIGHT + more)


async def test_what_is_due_in_one_second_goes_by_importance_then_time(diary: Diary) -> None:
    chance = random.Random(5)
    plans = [
        (chance.randrange(3), MONDAY + timedelta(seconds=chance.randrange(2))) for _ in range(200)
    ]
    for importance, first in plans:
        await diary.plan(first, "", Step("open", importance=importance))
    await diary.restart((instant(MONDAY, PARIS) - diary.clock.wall()) / 1e6 + 2)
    await diary.idle()
    keys = [(-plans[due.series_id - 1][0], due.due_at) for due in diary.told]
    assert len(keys) == 200
    assert keys == sorted(keys)


@pytest.mark.parametrize("seed", range(3))
async def test_however_often_it_is_killed_nothing_is_lost_and_nothing_doubled(
    diary: Diary, seed: int
) -> None:
    chance = random.Random(seed)
    steps = Step("open", missed_after=864_000), Step("close", seconds=300, missed_after=None)
    for number in range(12):
        first = MONDAY + timedelta(minutes=chance.randrange(60))
        rule = chance.choice(["", "FREQ=DAILY;COUNT=4", "FREQ=DAILY;INTERVAL=2;COUNT=2"])
        await diary.plan(first, rule, *steps, title=f"s{number}")
    diary.clock.advance((instant(MONDAY, PARIS) - diary.clock.wall()) / 1e6)
    kills = 0
    while diary.clock.wall() < instant(MONDAY + DAY * 5, PARIS):
        diary.clock.advance(chance.choice([60, 600, 7200]))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        if chance.random() < 0.5:
            await asyncio.sleep(chance.random() * 0.01)
        await diary.restart()
        kills += 1
    await diary.idle()
    told = {name(due) for due in diary.told}
    effects = await diary.effects()
    rows = await diary.database.rows(
        "SELECT series.title, due.kind, due.original FROM due JOIN series ON series.id = due.series_id"
    )
    wanted = {f"{t} {k} {datetime.fromisoformat(o):%d/%m %H:%M}" for t, k, o in rows}
    assert kills > 20
    assert Counter(effects) == Counter(wanted)
    assert told == wanted
    counts = await diary.database.rows(
        "SELECT series.rule, COUNT(*) FROM due JOIN series ON series.id = due.series_id GROUP BY series.id"
    )
    for rule, count in counts:
        assert count == 2 * int(rule.partition("COUNT=")[2] or "1")


# --- Exceptions -----------------------------------------------------------------------------------------------


async def test_a_skipped_occurrence_falls_out_without_a_word(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", *REMINDERS, Step("open"), title="club")
    await diary.change("skip", key, MONDAY)
    assert [e.local for e in await diary.agenda.upcoming(1, 2)] == [
        MONDAY + WEEK,
        MONDAY + WEEK * 2,
    ]
    await diary.go_to(MONDAY + WEEK)
    assert {due.original for due in diary.told} == {MONDAY + WEEK}


async def test_a_cancelled_occurrence_stays_in_the_list_as_cancelled(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", title="club")
    await diary.change("cancel", key, MONDAY)
    states = [(e.local, e.state) for e in await diary.agenda.upcoming(1, 2)]
    assert states == [(MONDAY, "cancelled"), (MONDAY + WEEK, "planned")]
    await diary.go_to(MONDAY + WEEK)
    assert [due.original for due in diary.told] == [MONDAY + WEEK]
    with pytest.raises(Refusal):
        await diary.change("cancel", key, MONDAY)


async def test_a_moved_occurrence_takes_its_reminders_along(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", *REMINDERS, Step("open"), title="club")
    await diary.go_to(MONDAY - timedelta(hours=20))
    assert [due.kind for due in diary.told] == ["reminder"]
    await diary.change("move", key, MONDAY, MONDAY + DAY * 3)
    [first, *_] = await diary.agenda.upcoming(1)
    assert (first.local, first.original, first.state) == (MONDAY + DAY * 3, MONDAY, "moved")
    await diary.go_to(MONDAY + DAY * 3)
    assert [due.kind for due in diary.told] == ["reminder", "reminder", "reminder", "open"]
    await diary.go_to(MONDAY + WEEK)
    assert diary.told[-1].original == MONDAY + WEEK


async def test_a_later_occurrence_moved_before_the_next_one_comes_first_and_once(
    diary: Diary,
) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", title="club")
    await diary.change("move", key, MONDAY + WEEK * 2, MONDAY - DAY)
    await diary.go_to(MONDAY + WEEK * 3)
    assert [due.original for due in diary.told] == [
        MONDAY + WEEK * 2,
        MONDAY,
        MONDAY + WEEK,
        MONDAY + WEEK * 3,
    ]


async def test_an_occurrence_moved_to_its_own_time_is_as_before(diary: Diary) -> None:
    key = await diary.plan(title="club")
    await diary.change("cancel", key, MONDAY)
    await diary.change("move", key, MONDAY, MONDAY)
    assert [e.state for e in await diary.agenda.upcoming(1)] == ["planned"]
    await diary.go_to(MONDAY)
    assert len(diary.told) == 1


async def test_what_has_started_or_does_not_exist_cannot_be_changed(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", title="club")
    await diary.go_to(MONDAY)
    for original in (MONDAY, MONDAY + DAY):
        with pytest.raises(Refusal, match="no-such-entry"):
            await diary.change("skip", key, original)
    with pytest.raises(Refusal, match="no-such-entry"):
        await diary.change("cancel", key + 1, MONDAY + WEEK)


async def test_an_ended_series_finishes_what_it_began(diary: Diary) -> None:
    steps = Step("open"), Step("close", seconds=3600)
    key = await diary.plan(MONDAY, "FREQ=DAILY", *steps, title="club")
    await diary.go_to(MONDAY)
    await diary.change("end", key)
    await diary.go_to(MONDAY + DAY * 2)
    assert [due.kind for due in diary.told] == ["open", "close"]
    assert await diary.agenda.upcoming(1) == []


# --- The list -------------------------------------------------------------------------------------------------


async def test_every_plan_has_a_place_in_the_list_before_any_has_two(diary: Diary) -> None:
    await diary.plan(MONDAY, "FREQ=DAILY", title="question")
    await diary.plan(MONDAY + WEEK, "FREQ=WEEKLY", title="club")
    await diary.plan(MONDAY, "", title="hidden", shown=False)
    entries = await diary.agenda.upcoming(1, 3)
    assert [(e.title, e.local) for e in entries] == [
        ("question", MONDAY), ("question", MONDAY + DAY), ("club", MONDAY + WEEK),
    ]  # fmt: skip
    assert await diary.agenda.upcoming(2) == []


async def test_what_a_club_plans_is_in_the_agenda_of_each_of_its_rooms(diary: Diary) -> None:
    async with diary.database.transaction() as transaction:
        club = await clubs.add(transaction, "Polars", "polars", "", "public", 0)
        other = await rooms.add(transaction, Room(0, "Autre", "fr", PARIS, "2", "1", None, None), 0)
        for room_id in (1, other.id):
            await clubs.attach(transaction, club.id, room_id)
    await diary.plan(title="club", club_id=club.id, minutes=90, place="Salle 2")
    [here], [there] = await diary.agenda.upcoming(1), await diary.agenda.upcoming(other.id)
    assert here == there
    assert (here.place, here.ends_at - here.starts_at) == ("Salle 2", 90 * 60_000_000)
    assert [one.id for one in await agenda.of_club(diary.database, club.id, 0)] == [here.series_id]


async def test_calendars_elsewhere_can_tell_what_changed(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=DAILY", title="club")
    other = await diary.plan(MONDAY, "FREQ=DAILY", title="other")

    async def kept() -> dict[int, Planned]:
        listed = await agenda.of_room(diary.database, 1, diary.clock.wall(), 9)
        return {one.id: one for one in listed}

    before = await kept()
    assert before[key].revision == 0
    assert before[key].uid != before[other].uid
    diary.clock.advance(1)
    await diary.change("skip", key, MONDAY + DAY)
    await diary.change("move", key, MONDAY + DAY * 2, MONDAY + DAY * 3 + timedelta(hours=1))
    await diary.change("describe", key, replace(before[key].plan, title="new", place="Salle 2"))
    after = (await kept())[key]
    assert (after.revision, after.uid) == (3, before[key].uid)
    assert after.changed_at == before[key].changed_at + 1_000_000
    assert (after.plan.title, after.plan.place) == ("new", "Salle 2")
    assert (await kept())[other] == before[other]


async def test_what_was_done_long_ago_is_erased(diary: Diary) -> None:
    await diary.plan(title="club")
    await diary.plan(MONDAY, "FREQ=WEEKLY", title="goes on")
    await diary.go_to(MONDAY + DAY * 40)
    assert await diary.agenda.expire() == 3
    rows = await diary.database.rows("SELECT title FROM series")
    assert [title for (title,) in rows] == ["goes on"]
    assert (await diary.states())["waiting"] == 1


# --- At the same time -----------------------------------------------------------------------------------------


async def test_what_else_is_at_the_same_time_is_found_in_the_room_and_its_clubs(
    diary: Diary,
) -> None:
    await diary.plan(MONDAY, "FREQ=WEEKLY", title="pause", kind="pause", minutes=30)
    await diary.plan(MONDAY + DAY, "FREQ=WEEKLY", title="elsewhere", kind="pause")
    await diary.plan(MONDAY, "FREQ=DAILY", title="question", kind="daily")
    series = Series(MONDAY + timedelta(minutes=29), PARIS, "FREQ=WEEKLY;INTERVAL=2")
    found = await diary.agenda.conflicts([1], series, 60)
    assert [(entry.title, entry.local) for entry in found] == [("pause", MONDAY)]
    assert not await diary.agenda.conflicts([1], series, 60, apart_from=found[0].series_id)
    assert not await diary.agenda.conflicts([2], series, 60), "another room"
    later = Series(MONDAY + timedelta(minutes=30), PARIS, "FREQ=WEEKLY")
    assert not await diary.agenda.conflicts([1], later, 60)


async def test_what_was_cancelled_is_in_nobodys_way_and_what_was_moved_may_be(diary: Diary) -> None:
    key = await diary.plan(MONDAY, "FREQ=WEEKLY", kind="meeting", title="club")
    await diary.change("cancel", key, MONDAY)
    await diary.change("move", key, MONDAY + WEEK, MONDAY + WEEK + DAY)
    once = [Series(MONDAY + days * DAY, PARIS) for days in (0, 7, 8)]
    found = [await diary.agenda.conflicts([1], one, 60) for one in once]
    assert [[entry.state for entry in entries] for entries in found] == [[], [], ["moved"]]
