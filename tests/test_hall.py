"""The hall: order, time, commit before announcing, and what survives."""

import asyncio
import random
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.batch import NotKeptError, Receipt
from bot.hall import KEEP_TIME, RESUME_AFTER
from bot.session import Back, Paused, Resumed, Suspended
from games.core import Platform, Player, Refusal, Role
from games.quiz import GRACE, Quiz
from games.quiz_events import Answered, Asked, Closed, Finished, Opened, Solved, Withdrawn
from tests.fake_clock import FakeClock, spin
from tests.hall_stage import (
    CAPITAL,
    LOBBY,
    MOUNTAIN,
    REVEAL,
    RIVER,
    SECONDS,
    FakeSide,
    House,
    options,
    visitor,
)

PLATFORMS: tuple[Platform, ...] = ("discord", "twitch")
FULL = sqlite3.OperationalError("database or disk is full")
pytestmark = pytest.mark.usefixtures("closed_files")


def scene(house: House, room_id: int) -> Any:
    session = house.hall.running(room_id)
    assert session is not None
    return session.activity.scene()


# --- Starting


async def test_start_is_refused_for_patrons(house: House) -> None:
    room = await house.room()
    with pytest.raises(Refusal, match="hosts-only"):
        house.hall.start(room, "quiz", "x", options(), Role.PATRON)
    assert house.hall.running(room.id) is None


async def test_one_session_per_room(house: House) -> None:
    room, other = await house.room(1), await house.room(2)
    house.start(room)
    with pytest.raises(Refusal, match="already-running") as refused:
        house.start(room)
    assert refused.value.facts["title"] == "Le Béarn"
    house.start(other)
    assert len(list(house.hall.sessions())) == 2


async def test_a_closing_hall_starts_nothing_and_hears_nothing(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    await house.hall.close()
    assert house.say(room, "twitch", "Ana", "Pau") is None
    with pytest.raises(Refusal, match="session-over"):
        house.press(room, "Ana", "Pau")
    with pytest.raises(Refusal, match="closing"):
        house.hall.act(room.id, Role.HOST, "stop")
    with pytest.raises(Refusal, match="closing"):
        house.start(await house.room(2))


async def test_stop_and_start_within_one_commit(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.say(room, "twitch", "Ana", "Pau")
    house.clock.advance(SECONDS)
    await house.hall.flush()
    house.database.free.clear()
    house.hall.act(room.id, Role.HOST, "skip")
    await spin()
    house.hall.act(room.id, Role.HOST, "stop")
    house.start(room)
    house.hall.act(room.id, Role.HOST, "stop")
    third = house.start(room)
    house.database.free.set()
    await third.committed()
    rows = await house.sql("SELECT id, ended_at IS NULL FROM session ORDER BY id")
    assert rows == [(1, 0), (2, 0), (3, 1)]
    assert await house.sql("SELECT session_id, points FROM ledger") == [(1, 1)]
    assert not house.discord.of(Suspended)


async def test_an_activity_that_cannot_start_leaves_nothing(house: House) -> None:
    class Broken(Quiz):
        def play(self, play: Any, now: float) -> Any:
            raise RuntimeError

    room = await house.room()
    house.activities["broken"] = Broken.from_json
    with pytest.raises(Refusal, match="not-kept"):
        house.hall.start(room, "broken", "x", options(), Role.HOST)
    await house.start(room).committed()
    assert await house.sql("SELECT activity FROM session") == [("quiz",)]
    assert len(house.discord.heard) == 1


# --- Order and time


async def test_who_was_right_first_is_order_of_receipt_across_platforms(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "loire")
    house.clock.advance(0.5)
    house.say(room, "discord", "Bob", "La Loire")
    house.clock.advance(0.5)
    house.say(room, "twitch", "Cle", "la loire !")
    house.clock.advance(GRACE)
    await house.hall.flush()
    [closed] = house.twitch.of(Closed)
    assert [house.people.name(s.by.id) for s in closed.solvers] == ["Ana", "Bob", "Cle"]
    assert [s.by.platform for s in closed.solvers] == ["twitch", "discord", "twitch"]
    assert [s.after for s in closed.solvers] == [0.0, 0.5, 1.0]
    assert house.discord.events == house.twitch.events


async def test_deadlines_fire_by_themselves_until_the_end(house: House) -> None:
    room = await house.room()
    house.start(room)
    house.clock.advance(LOBBY + 2 * (SECONDS + REVEAL))
    await house.hall.flush()
    kinds = [type(event) for event in house.discord.events]
    assert kinds == [Opened, Asked, Closed, Asked, Closed, Finished]
    assert house.hall.running(room.id) is None
    assert house.clock.waiting == 0


async def test_a_late_play_falls_into_the_next_phase(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    session = house.hall.running(room.id)
    assert session is not None
    assert session.timer is not None
    session.timer.cancel()  # the loop was late
    house.clock.advance(SECONDS)
    assert house.say(room, "twitch", "Ana", "Pau") is None
    assert session.activity.scene().phase == "reveal"
    assert house.people.find("twitch", "twitch-ana") is None
    await house.hall.flush()
    assert house.discord.of(Closed)[0].solvers == ()


async def test_a_play_that_the_late_tick_ended_is_told_so(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.clock.advance(SECONDS)
    session = house.hall.running(room.id)
    assert session is not None
    assert session.timer is not None
    session.timer.cancel()
    house.clock.advance(REVEAL)
    with pytest.raises(Refusal, match="session-over"):
        house.press(room, "Ana", "Pau")


async def test_announcement_tells_the_wall_time_of_the_deadline(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    asked = house.discord.heard[-1]
    assert asked.ends_at == pytest.approx(house.clock.wall() / 1e6 + SECONDS)
    house.hall.act(room.id, Role.HOST, "pause")
    await house.hall.flush()
    assert (house.discord.heard[-1].ends_at, house.discord.heard[-1].paused) == (None, True)


async def test_pause_and_resume_keep_the_exact_session_time(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.clock.advance(7.123456)
    house.hall.act(room.id, Role.HOST, "pause")
    assert house.say(room, "twitch", "Ana", "loire") is None
    with pytest.raises(Refusal, match="paused"):
        house.press(room, "Bob", "Pau") if scene(house, room.id).choices else house.hall.act(
            room.id, Role.HOST, "skip"
        )
    with pytest.raises(Refusal, match="paused"):
        house.hall.act(room.id, Role.HOST, "pause")
    house.clock.advance(3600)
    house.hall.act(room.id, Role.HOST, "resume")
    with pytest.raises(Refusal, match="not-paused"):
        house.hall.act(room.id, Role.HOST, "resume")
    house.clock.advance(1.5)
    house.say(room, "twitch", "Ana", "loire")
    await house.hall.flush()
    assert house.discord.of(Paused) == [Paused()]
    assert house.discord.of(Resumed) == [Resumed(pytest.approx(SECONDS - 7.123456))]
    assert house.discord.of(Solved)[0].after == pytest.approx(8.623456, abs=1e-9)


async def test_pressing_while_paused_is_refused(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.hall.act(room.id, Role.HOST, "pause")
    with pytest.raises(Refusal, match="paused"):
        house.press(room, "Ana", "Pau")


async def test_acting_needs_a_session_and_a_role(house: House) -> None:
    room = await house.room()
    with pytest.raises(Refusal, match="nothing-running"):
        house.hall.act(room.id, Role.HOST, "stop")
    house.start(room)
    with pytest.raises(Refusal, match="hosts-only"):
        house.hall.act(room.id, Role.PATRON, "stop")
    with pytest.raises(Refusal, match="unknown-action"):
        house.hall.act(room.id, Role.HOST, "dance")
    assert house.hall.running(room.id) is not None


async def test_stop_ends_with_standings_and_settles_once(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.press(room, "Bob", "Dax")
    house.clock.advance(SECONDS)
    house.hall.act(room.id, Role.HOST, "stop")
    with pytest.raises(Refusal, match="nothing-running"):
        house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    [finished] = house.discord.of(Finished)
    assert finished.stopped
    assert house.clock.waiting == 0
    assert [(house.people.name(s.player.id), s.points) for s in finished.standings] == [("Ana", 1)]
    assert await house.sql("SELECT person_id, plays, correct, points FROM ledger") == [
        (1, 1, 1, 1),
        (2, 1, 0, 0),
    ]
    assert await house.sql("SELECT players, untraced FROM session") == [(2, 0)]


# --- Commit, then announce


async def test_nothing_is_announced_before_its_commit(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    before = len(house.discord.heard)
    house.database.free.clear()
    receipt = house.press(room, "Ana", "Pau")
    waiting = asyncio.create_task(receipt.committed())
    await asyncio.sleep(0.02)
    assert len(house.discord.heard) == before
    assert not waiting.done()
    house.database.free.set()
    await waiting
    assert house.discord.of(Answered)


async def test_plays_during_a_commit_share_the_next_one(house: House) -> None:
    rooms = [await house.room(1), await house.room(2)]
    for room in rooms:
        await house.asking(room)
    house.database.free.clear()
    house.press(rooms[0], "Ana", "Pau")
    await spin()
    commits, announced = house.database.commits, len(house.discord.heard)
    later = [house.press(room, f"P{n}", "Dax") for room in rooms for n in range(20)]
    house.database.free.set()
    await asyncio.gather(*(receipt.committed() for receipt in later))
    assert house.database.commits == commits + 2
    assert len(house.discord.heard) == announced + 3


async def test_an_announcement_shows_the_scene_of_its_own_batch(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.database.free.clear()
    house.press(room, "Ana", "Pau")
    await spin()
    house.press(room, "Bob", "Pau")
    house.database.free.set()
    await house.hall.flush()
    assert [a.scene.replies for a in house.discord.heard[-2:]] == [1, 2]


async def test_a_side_that_fails_silences_neither_the_other_nor_the_writer(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    room = await house.room()
    house.discord.fault = RuntimeError("no words")
    await house.asking(room)
    assert house.twitch.of(Asked)
    assert "says nothing" in caplog.text


async def test_an_idle_hall_does_not_write(house: House) -> None:
    commits = house.database.commits
    await house.hall.flush()
    await house.hall.flush()
    assert house.database.commits == commits


# --- People


async def test_newcomers_are_announced_once(house: House) -> None:
    room, other = await house.room(1), await house.room(2)
    await house.asking(room)
    house.say(room, "discord", "Ana", "Pau")
    assert house.press(room, "Cle", "Pau").newcomer  # told privately
    await house.hall.flush()
    await house.asking(other)
    house.say(other, "discord", "Ana", "Pau")
    house.say(other, "discord", "Cle", "Pau")
    house.say(other, "twitch", "Bob", "Dax")
    await house.hall.flush()
    newcomers = [player for a in house.discord.heard for player in a.newcomers]
    assert newcomers == [Player(1, "discord"), Player(3, "twitch")]


async def test_a_wrong_guess_makes_nobody_known(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    assert house.say(room, "twitch", "Ana", "la Seine") is None
    await house.hall.flush()
    assert await house.sql("SELECT count(*) FROM person") == [(0,)]


async def test_a_new_name_is_written(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.clock.advance(SECONDS + REVEAL)
    session = house.hall.running(room.id)
    assert session is not None
    who = visitor("discord", "Ana")
    house.hall.chose(room.id, type(who)("discord", who.user_id, "Anaïs\u202e"), session.id, 2, [0])
    await house.hall.flush()
    assert await house.sql("SELECT name FROM person") == [("Anaïs",)]


async def test_traceless_people_count_but_leave_no_row(house: House) -> None:
    room = await house.room()
    await house.people.set_traceless(visitor("discord", "Ana"), on=True)
    await house.asking(room, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.press(room, "Bob", "Pau")
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()
    [finished] = house.discord.of(Finished)
    assert [house.people.name(s.player.id) for s in finished.standings] == ["Ana", "Bob"]
    assert await house.sql("SELECT players, untraced FROM session") == [(2, 1)]
    assert await house.sql("SELECT person_id FROM ledger") == [(2,)]
    assert await house.sql("SELECT person_id FROM tally") == [(2,)]
    assert await house.sql("SELECT name FROM person ORDER BY id") == [("",), ("Bob",)]


async def test_forgetting_during_a_session(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.press(room, "Bob", "Pau")
    await house.participation.forget(visitor("discord", "Ana"))
    assert await house.sql("SELECT name FROM person") == [("Bob",)]
    house.clock.advance(SECONDS)
    standings = scene(house, room.id).standings
    assert [house.people.name(s.player.id) for s in standings] == ["", "Bob"]
    house.clock.advance(REVEAL)
    receipt = house.press(room, "Ana", "Pau")
    assert receipt.newcomer
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()
    assert await house.sql("SELECT person_id, points FROM ledger") == [(2, 1), (3, 1)]
    assert await house.sql("SELECT players, untraced FROM session") == [(3, 1)]


async def test_speaking_at_the_very_moment_of_erasure(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, CAPITAL, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.database.free.clear()
    forgetting = asyncio.create_task(house.participation.forget(visitor("discord", "Ana")))
    for _ in range(3):
        await spin()
        house.clock.advance(SECONDS + REVEAL)
        if house.hall.running(room.id) is not None:
            house.press(room, "Ana", "Pau")
        house.database.free.set()
        await asyncio.sleep(0.002)
        house.database.free.clear()
    house.database.free.set()
    await forgetting
    await house.asking(room, CAPITAL) if house.hall.running(room.id) is None else None
    house.press(room, "Bob", "Pau")
    await house.hall.flush()
    assert not house.discord.of(Suspended)
    known = await house.sql("SELECT person_id FROM identity")
    assert (1,) not in known


async def test_answers_written_after_the_erasure_began_bring_nobody_back(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.database.free.clear()
    house.press(room, "Ana", "Pau")
    await spin()
    house.database.fault = (
        FULL  # Ana's row is not written with this batch, but must not come with a later one
    )
    house.press(room, "Bob", "Pau")
    forgetting = asyncio.create_task(house.participation.forget(visitor("discord", "Ana")))
    await spin()
    house.database.free.set()
    await asyncio.sleep(0.02)
    house.database.fault = None
    house.hall.act(room.id, Role.HOST, "resume")
    await asyncio.gather(forgetting, return_exceptions=True)
    await house.hall.flush()
    assert await house.sql("SELECT count(*) FROM person WHERE name = 'Ana'") == [(0,)]


async def test_withdraw_by_message_and_by_person(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "discord", "Ana", "Loire", source="m1")
    house.say(room, "twitch", "Bob", "Loire", source="m2")
    house.hall.withdraw(room.id, source="m1")
    house.hall.withdraw(room.id, source="m1")
    house.hall.withdraw(room.id, source="other", visitor=visitor("twitch", "Bob"))
    await house.hall.flush()
    assert [w.by.id for w in house.discord.of(Withdrawn)] == [1]
    house.hall.withdraw(room.id, visitor=visitor("twitch", "Bob"))
    house.hall.withdraw(room.id, visitor=visitor("twitch", "Nobody"))
    house.clock.advance(SECONDS)
    await house.hall.flush()
    assert [w.by.id for w in house.discord.of(Withdrawn)] == [1, 2]
    assert house.discord.of(Closed)[0].solvers == ()


async def test_removing_the_message_of_a_skipped_question_leaves_the_next_answer(
    house: House,
) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, CAPITAL)
    house.say(room, "discord", "Ana", "Pau", source="m1")
    house.hall.act(room.id, Role.HOST, "skip")
    house.hall.act(room.id, Role.HOST, "skip")
    house.press(room, "Ana", "Pau")
    house.hall.withdraw(room.id, source="m1")
    assert scene(house, room.id).replies == 1


async def test_the_room_may_change_its_language_mid_session(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    assert house.discord.heard[-1].locale == "fr"
    house.hall.refresh(await house.rooms.set_locale(room, "en"))
    house.press(room, "Ana", "Pau")
    await house.hall.flush()
    assert house.discord.heard[-1].locale == "en"


# --- A disk that fails


async def test_what_the_disk_refused_is_neither_announced_nor_remembered(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    await house.press(room, "Ana", "Pau").committed()
    heard = len(house.discord.heard)
    house.database.fault = FULL
    receipt = house.press(room, "Bob", "Pau")
    with pytest.raises(NotKeptError):
        await receipt.committed()
    assert [a.events for a in house.discord.heard[heard:]] == [(Suspended(),)]
    assert house.discord.heard[-1].paused
    assert scene(house, room.id).replies == 1
    assert house.people.find("discord", "discord-bob") is None
    house.database.fault = None
    await house.hall.act(room.id, Role.HOST, "resume").committed()
    again = house.press(room, "Bob", "Pau")
    assert again.newcomer
    await again.committed()
    house.clock.advance(SECONDS)
    await house.hall.flush()
    assert len(house.discord.of(Closed)[0].solvers) == 2


async def test_a_full_disk_for_real(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    async with house.database.transaction() as transaction:
        [(pages,)] = await transaction.execute_fetchall("PRAGMA page_count")
        await transaction.execute_fetchall(f"PRAGMA max_page_count = {pages}")
    receipts = [house.press(room, f"{n}-" + "x" * 28, "Pau") for n in range(300)]
    with pytest.raises(NotKeptError):
        await receipts[-1].committed()
    assert house.discord.of(Suspended)
    assert scene(house, room.id).replies == 0
    async with house.database.transaction() as transaction:
        await transaction.execute_fetchall("PRAGMA max_page_count = 1000000")
    await house.hall.act(room.id, Role.HOST, "resume").committed()
    await house.press(room, "Ana", "Pau").committed()
    assert await house.sql("SELECT count(*) FROM person") == [(1,)]


async def test_every_room_of_a_lost_batch_is_told_and_the_writer_survives(house: House) -> None:
    rooms = [await house.room(n) for n in (1, 2, 3)]
    for room in rooms[:2]:
        await house.asking(room)
    house.database.fault = FULL
    for room in rooms[:2]:
        house.press(room, "Ana", "Pau")
    await house.hall.flush()
    told = [a.room.id for a in house.twitch.heard if a.events == (Suspended(),)]
    assert sorted(told) == [rooms[0].id, rooms[1].id]
    house.database.fault = None
    await house.start(rooms[2]).committed()
    for room in rooms[:2]:
        await house.hall.act(room.id, Role.HOST, "resume").committed()


async def test_a_start_that_cannot_be_kept_is_taken_back(house: House) -> None:
    room = await house.room()
    house.database.fault = FULL
    with pytest.raises(NotKeptError):
        await house.start(room).committed()
    assert house.hall.running(room.id) is None
    assert house.discord.heard == []
    house.database.fault = None
    await house.start(room).committed()


async def test_plays_after_the_lost_batch_are_lost_too(house: House) -> None:
    """What came after was played on a table that never was."""
    room, other = await house.room(1), await house.room(2)
    await house.asking(room)
    await house.asking(other)
    house.database.free.clear()
    first = house.say(room, "discord", "Ana", "Pau")
    await spin()
    second = house.press(room, "Bob", "Pau")
    elsewhere = house.say(other, "discord", "Ana", "Pau")
    assert first is not None
    assert elsewhere is not None
    house.database.fault = FULL
    house.database.free.set()
    with pytest.raises(NotKeptError):
        await first.committed()
    house.database.fault = None
    resumed = house.hall.act(room.id, Role.HOST, "resume")
    with pytest.raises(NotKeptError):
        await second.committed()
    await elsewhere.committed()
    await resumed.committed()
    assert scene(house, room.id).replies == 0
    assert house.people.find("discord", "discord-bob") is None
    assert await house.sql("SELECT name FROM person") == [("Ana",)]
    assert [p.id for a in house.discord.heard for p in a.newcomers] == [1]
    journals = "SELECT count(*) FROM journal WHERE person_id > 0 AND person_id NOT IN (SELECT id FROM person)"
    assert await house.sql(journals) == [(0,)]


async def test_a_session_started_where_one_comes_back_gives_way(house: House) -> None:
    room, other = await house.room(1), await house.room(2)
    await house.asking(room)
    house.database.free.clear()
    house.hall.act(room.id, Role.HOST, "stop")
    await spin()
    newer = house.start(room)
    elsewhere = house.start(other)
    house.database.fault, house.database.failures = FULL, 1
    house.database.free.set()
    with pytest.raises(NotKeptError):
        await newer.committed()
    await elsewhere.committed()
    running = house.hall.running(room.id)
    assert running is not None
    assert (running.id, running.paused) == (1, True)
    assert await house.sql("SELECT id FROM session WHERE ended_at IS NULL") == [(1,), (3,)]
    assert house.discord.of(Finished) == []


async def test_a_disk_that_cannot_be_read_either_is_asked_again(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.database.fault = house.database.read_fault = FULL
    receipt = house.press(room, "Ana", "Pau")
    await asyncio.sleep(0.02)
    with pytest.raises(Refusal, match="already-running"):
        house.start(room)
    house.database.fault = house.database.read_fault = None
    await house.clock.pass_time(1.0)
    with pytest.raises(NotKeptError):
        await receipt.committed()
    assert house.discord.of(Suspended)
    await house.hall.act(room.id, Role.HOST, "resume").committed()


async def test_rules_that_fail_suspend_their_own_room_only(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    class Moody(Quiz):
        failing = False

        def play(self, play: Any, now: float) -> Any:
            if Moody.failing:
                Moody.failing = False
                self._answers.clear()  # half done
                raise RuntimeError("rules")
            return super().play(play, now)

    house.activities["moody"] = Moody.from_json
    room, other = await house.room(1), await house.room(2)
    house.hall.start(room, "moody", "x", options(), Role.HOST)
    house.clock.advance(LOBBY)
    await house.asking(other)
    house.press(room, "Ana", "Pau")
    Moody.failing = True
    assert house.say(room, "twitch", "Bob", "Pau") is None
    house.clock.advance(SECONDS)
    await house.hall.flush()
    await house.hall.flush()
    assert house.discord.of(Answered)
    assert [a.room.id for a in house.discord.heard if Suspended() in a.events] == [room.id]
    assert scene(house, room.id).replies == 1
    assert house.discord.of(Closed)
    assert "the rules failed" in caplog.text
    await house.hall.act(room.id, Role.HOST, "resume").committed()
    house.clock.advance(SECONDS)
    await house.hall.flush()
    assert len(house.discord.of(Closed)) == 2


async def test_a_timer_whose_rules_fail_suspends_instead_of_dying(house: House) -> None:
    class Moody(Quiz):
        failing = False

        def play(self, play: Any, now: float) -> Any:
            if Moody.failing:
                Moody.failing = False
                raise RuntimeError("rules")
            return super().play(play, now)

    house.activities["moody"] = Moody.from_json
    room = await house.room()
    house.hall.start(room, "moody", "x", options(), Role.HOST)
    house.clock.advance(LOBBY)
    await house.hall.flush()
    Moody.failing = True
    house.clock.advance(SECONDS)
    await house.hall.flush()
    await house.hall.flush()
    assert house.discord.of(Suspended)
    Moody.failing = True
    with pytest.raises(Refusal, match="not-kept"):
        house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    await house.hall.flush()
    await house.hall.act(room.id, Role.HOST, "stop").committed()
    assert len(house.discord.of(Finished)) == 1


async def test_rules_that_fail_for_good_free_their_room(house: House) -> None:
    class Broken(Quiz):
        failing = False

        def play(self, play: Any, now: float) -> Any:
            if Broken.failing:
                raise RuntimeError("rules")
            return super().play(play, now)

    house.activities["broken"] = Broken.from_json
    room = await house.room()
    house.hall.start(room, "broken", "x", options(), Role.HOST)
    await house.hall.flush()
    Broken.failing = True
    house.clock.advance(LOBBY)
    await house.hall.flush()
    await house.hall.flush()
    assert house.discord.of(Suspended)
    assert house.hall.running(room.id) is None
    await house.start(room).committed()


async def test_a_scene_that_fails_silences_only_its_room(house: House) -> None:
    class Blind(Quiz):
        def scene(self) -> Any:
            raise RuntimeError("no scene")

    house.activities["blind"] = Blind.from_json
    room, other = await house.room(1), await house.room(2)
    house.hall.start(room, "blind", "x", options(), Role.HOST)
    await house.start(other).committed()
    assert [a.room.id for a in house.discord.heard] == [other.id]


async def test_whoever_waits_for_a_commit_that_a_stop_cut_off_is_told(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.database.free.clear()
    first = house.press(room, "Ana", "Pau")
    await spin()
    second = house.press(room, "Bob", "Pau")
    waiting = [asyncio.create_task(r.committed()) for r in (first, second)]
    flushing = asyncio.create_task(house.hall.flush())
    await spin()
    await house.hall.abandon()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(r) for r in results] == [NotKeptError, NotKeptError]
    await flushing


# --- Another run


async def test_graceful_close_keeps_the_exact_remaining_time(tmp_path: Path) -> None:
    house = await House(tmp_path / "e").open()
    room = await house.room()
    await house.asking(room, RIVER)
    house.clock.advance(7.654321)
    await house.close()
    house.clock.advance(90)
    house = await house.again()
    assert house.hall.running(room.id) is not None
    assert house.say(room, "twitch", "Ana", "Loire") is None
    house.hall.wake("discord")
    house.hall.wake("twitch")
    await house.hall.flush()
    [back] = house.discord.of(Back)
    assert back == Back(90.0, pytest.approx(SECONDS - 7.654321, abs=1e-6), False)
    assert house.discord.heard[-1].ends_at == pytest.approx(
        house.clock.wall() / 1e6 + SECONDS - 7.654321
    )
    house.clock.advance(SECONDS - 7.654322)
    assert scene(house, room.id).phase == "asking"
    house.clock.advance(0.00001)
    assert scene(house, room.id).phase == "reveal"
    await house.close()


async def test_a_power_cut_takes_little_time_from_a_session_in_which_nothing_happens(
    tmp_path: Path,
) -> None:
    house = await House(tmp_path / "e").open()
    room = await house.room()
    await house.asking(room, CAPITAL, seconds=900.0)
    await house.clock.pass_time(800)
    await house.hall.flush()
    await house.crash()
    assert house.clock.waiting == 0
    house.clock.advance(60)
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    await house.hall.flush()
    [back] = house.discord.of(Back)
    assert 60 <= back.away <= 60 + KEEP_TIME
    assert 100 <= back.remaining <= 100 + KEEP_TIME
    await house.close()


async def test_nobody_keeps_time_where_no_clock_runs(house: House) -> None:
    room = await house.room()
    await house.asking(room)
    house.hall.act(room.id, Role.HOST, "pause")
    assert house.clock.waiting == 0
    house.hall.act(room.id, Role.HOST, "resume")
    assert house.clock.waiting == 2
    house.hall.act(room.id, Role.HOST, "stop")
    assert house.clock.waiting == 0


async def test_paused_stays_paused(tmp_path: Path) -> None:
    house = await House(tmp_path / "e").open()
    room = await house.room()
    await house.asking(room)
    house.clock.advance(4)
    await house.hall.act(room.id, Role.HOST, "pause").committed()
    await house.crash()
    house.clock.advance(1000)
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    house.clock.advance(1000)
    await house.hall.flush()
    [back] = house.discord.of(Back)
    assert back == Back(1000.0, 16.0, True)
    assert house.discord.heard[-1].paused
    assert scene(house, room.id).phase == "asking"
    house.hall.act(room.id, Role.HOST, "resume")
    house.clock.advance(16)
    assert scene(house, room.id).phase == "reveal"
    await house.close()


async def test_a_found_session_waits_for_both_platforms_but_not_for_ever(tmp_path: Path) -> None:
    house = await House(tmp_path / "e").open()
    room, alone = await house.room(1), await house.rooms.open_discord("d9", "guild", "Seul")
    await house.asking(room)
    await house.asking(alone)
    await house.crash()
    house = await house.again()
    house.hall.wake("discord")
    await house.hall.flush()
    assert [a.room.id for a in house.discord.heard] == [alone.id]
    house.clock.advance(RESUME_AFTER - 0.1)
    house.hall.wake("discord")
    await house.hall.flush()
    assert len(house.discord.of(Back)) == 1
    house.clock.advance(0.1)
    house.hall.wake("twitch")
    await house.hall.flush()
    assert len(house.discord.of(Back)) == 2
    assert len(house.twitch.of(Back)) == 1
    await house.close()


@pytest.mark.parametrize("action", ["stop", "pause"])
async def test_a_host_may_act_on_a_session_that_still_waits(tmp_path: Path, action: str) -> None:
    house = await House(tmp_path / "e").open()
    room = await house.room()
    await house.asking(room)
    await house.crash()
    house = await house.again()
    house.hall.wake("discord")
    house.hall.act(room.id, Role.HOST, action)
    house.clock.advance(100)
    house.hall.wake("twitch")
    await house.hall.flush()
    assert house.discord.of(Back) == []
    assert [type(e) for e in house.discord.events] == [Finished if action == "stop" else Paused]
    await house.close()


async def test_an_end_that_was_not_told_is_told_again_and_settled_once(tmp_path: Path) -> None:
    house = await House(tmp_path / "e").open()
    room = await house.room()
    house.twitch.stuck = True
    await house.asking(room, CAPITAL)
    house.press(room, "Ana", "Pau")
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()
    [finished] = house.discord.of(Finished)
    await house.crash()
    ledger = [(1, 1, 1)]
    for _ in range(2):
        house = await house.again()
        assert house.discord.heard == []
        house.twitch.stuck = True
        house.hall.wake("discord")
        assert house.discord.of(Finished) == [finished]
        assert house.hall.running(room.id) is None
        await house.crash()
    house = await house.again()
    house.hall.wake("discord")
    await house.close()
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    await house.hall.flush()
    assert house.discord.heard == []
    assert await house.sql("SELECT person_id, plays, points FROM ledger") == ledger
    assert await house.sql("SELECT sessions, points FROM tally") == [(1, 1)]
    await house.close()


async def test_a_damaged_journal_does_not_keep_the_other_rooms_shut(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    house = await House(tmp_path / "e").open()
    rooms = [await house.room(n) for n in range(1, 6)]
    for room in rooms:
        await house.asking(room, seconds=300.0)
    await house.press(rooms[0], "Ana", "Pau").committed()
    async with house.database.transaction() as t:
        await t.execute("UPDATE journal SET play = 'flew' WHERE session_id = 1 AND seq = 3")
        await t.execute("UPDATE session SET options = '{' WHERE id = 2")
        await t.execute("UPDATE session SET activity = 'chess' WHERE id = 3")
        await t.execute("UPDATE session SET options = '{}' WHERE id = 4")
    await house.crash()
    house = await house.again()
    assert [s.id for s in house.hall.sessions()] == [5]
    assert caplog.text.count("cannot be found again") == 4
    await house.start(rooms[0]).committed()
    assert not house.discord.of(Suspended)
    assert await house.sql("SELECT id FROM session WHERE ended_at IS NULL AND room_id = 1") == [
        (6,)
    ]
    await house.close()


async def test_waking_a_closed_hall_does_nothing(tmp_path: Path) -> None:
    house = await House(tmp_path / "e").open()
    await house.asking(await house.room())
    await house.close()
    house.hall.wake("discord")
    await spin()


# --- Random evenings cut off at random


def _step(house: House, room_id: int, chance: random.Random) -> None:
    room = house.rooms.by_id[room_id]
    name, platform = chance.choice("ABCDEFG"), chance.choice(PLATFORMS)
    match chance.randrange(10):
        case 0 | 1 | 2:
            text = chance.choice(["Pau", "a", "b", "Dax", "loire", "la loire", "Ossau", "bonjour"])
            house.say(room, platform, name, text, chance.choice(["m1", "m2", "m3"]))
        case 3 | 4:
            session = house.hall.running(room_id)
            if session is not None:
                step = session.activity.scene().step
                house.hall.chose(
                    room_id, visitor("discord", name), session.id, step, [chance.randrange(3)]
                )
        case 5:
            house.clock.advance(chance.choice([0.001, 0.7, 3.0, 21.0]))
        case 6:
            house.hall.withdraw(room_id, source=chance.choice(["m1", "m2", "m3"]))
        case 7:
            house.hall.withdraw(room_id, visitor=visitor(platform, name))
        case 8:
            house.hall.act(room_id, Role.HOST, chance.choice(["pause", "resume", "resume", "skip"]))
        case _:
            house.clock.advance(1.0)


def _quiet(call: Any, *values: Any) -> None:
    with suppress(Refusal):
        call(*values)


class Diary:
    """What each session's table looked like after each of its plays, and how far each was announced."""

    def __init__(self, house: House) -> None:
        self.pages: dict[tuple[int, int], Any] = {}
        self.announced: dict[int, int] = {}
        accept, announcement, tell = house.hall._accept, house.hall._announcement, house.hall._tell
        reached: dict[int, tuple[int, int]] = {}

        def noted(session: Any, play: Any, at_us: int, events: Any, **more: Any) -> Receipt:
            receipt = accept(session, play, at_us, events, **more)
            self.pages[session.id, session.seq] = self.picture(session)
            return receipt

        def composed(touched: Any) -> Any:
            made = announcement(touched)
            reached[id(made)] = touched.session.id, touched.session.seq
            return made

        def told(announcements: Any) -> None:
            tell(announcements)
            self.announced.update(reached[id(made)] for made in announcements)

        house.hall._accept = noted  # type: ignore[method-assign]
        house.hall._announcement = composed  # type: ignore[method-assign]
        house.hall._tell = told  # type: ignore[method-assign]

    @staticmethod
    def picture(session: Any) -> Any:
        return session.activity.scene(), session.activity.record()


@pytest.mark.parametrize("seed", range(12))
async def test_after_a_cut_every_session_is_a_prefix_that_holds_all_that_was_announced(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    house = await House(tmp_path / "e", FakeClock()).open()
    for n in (1, 2):
        house.start(await house.room(n), CAPITAL, RIVER, MOUNTAIN, CAPITAL)
    await house.hall.flush()
    for _ in range(4):
        diary = Diary(house)
        for _ in range(chance.randrange(5, 60)):
            _quiet(_step, house, chance.choice((1, 2)), chance)
            await asyncio.sleep(chance.choice([0, 0, 0.0005]))
            if chance.random() < 0.1:
                await house.hall.flush()
        await house.crash()
        house = await house.again()
        found = [*house.hall.sessions(), *(session for session, _ in house.hall._finales)]
        for session in found:
            assert session.seq >= diary.announced.get(session.id, 0)
            if (session.id, session.seq) in diary.pages:
                assert diary.picture(session) == diary.pages[session.id, session.seq]
        kept = await house.sql("SELECT id FROM session")
        assert diary.announced.keys() <= {key for (key,) in kept}
        house.hall.wake("discord")
        house.hall.wake("twitch")
        for room_id in (1, 2):
            if house.hall.running(room_id) is None:
                house.start(house.rooms.by_id[room_id], CAPITAL, RIVER)
        await house.hall.flush()
    for room_id in (1, 2):
        _quiet(house.hall.act, room_id, Role.HOST, "stop")
    await house.hall.flush()
    twice = "SELECT 1 FROM ledger GROUP BY session_id, person_id HAVING count(*) > 1"
    assert await house.sql(twice) == []
    sums = "SELECT sum(plays), sum(correct), sum(points) FROM "
    assert await house.sql(sums + "ledger") == await house.sql(sums + "tally")
    assert not house.discord.of(Suspended)
    await house.close()


@pytest.mark.parametrize("seed", range(10))
async def test_a_disk_that_fails_now_and_then_never_makes_memory_and_file_differ(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(1000 + seed)
    house = await House(tmp_path / "e").open()
    for n in (1, 2):
        await house.room(n)
    for _ in range(120):
        room_id = chance.choice((1, 2))
        if house.hall.running(room_id) is None:
            house.start(house.rooms.by_id[room_id], CAPITAL, RIVER)
        _quiet(_step, house, room_id, chance)
        if chance.random() < 0.03:
            _quiet(house.hall.act, room_id, Role.HOST, "stop")
        house.database.fault = FULL if chance.random() < 0.15 else None
        if chance.random() < 0.5:
            await asyncio.sleep(0.0005)
    house.database.fault = None
    await house.hall.flush()
    await house.hall.flush()
    memory = {s.id: (s.seq, Diary.picture(s)) for s in house.hall.sessions()}
    names = {key: house.people.name(key) for key in range(1, house.people.next_id)}
    rows = await house.sql("SELECT id, name FROM person")
    assert {key: name for key, name in names.items() if name} == dict(rows)
    assert await house.sql(
        "SELECT count(*) FROM journal WHERE person_id > 0 AND person_id NOT IN (SELECT id FROM person)"
    ) == [(0,)]
    await house.crash()
    house = await house.again()
    assert {s.id: (s.seq, Diary.picture(s)) for s in house.hall.sessions()} == memory
    await house.close()


def test_the_fakes_are_sides() -> None:
    assert FakeSide("discord").platform == "discord"
