"""Quiet rooms over a real database: every way out gives the chats their settings back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.outbox import Busy
from bot.quiet import DENIED_WAIT, Denied, Mode
from bot.storage.rooms import Room
from bot.wording.quiet import SENTENCES, missing
from bot.wording.speech import Speech
from games.core import Role
from tests.fake_clock import spin
from tests.hall_stage import visitor
from tests.quiet_stage import READING, QuietHouse, resting
from tests.waiting import until

LIVELY: tuple[dict[str, int], dict[str, int]] = ({"slow": 0}, {"slow": 0, "emotes": 0})
EMOTES: tuple[dict[str, int], dict[str, int]] = ({"slow": 30}, {"slow": 0, "emotes": 1})
SLOW: tuple[dict[str, int], dict[str, int]] = ({"slow": 30}, {"slow": 30, "emotes": 0})


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[QuietHouse]:
    """Give a house that is open; whichever run is open at the end is closed."""
    house = await QuietHouse(tmp_path / "e.sqlite3").open()
    yield house
    await house.close_last()


async def crashed(house: QuietHouse) -> QuietHouse:
    """Crash a house and return the next run, before its platforms are there."""
    await house.crash()
    return await house.again()


# --- Quiet comes and goes with the reading


@pytest.mark.parametrize(("mode", "quiet"), [("emotes", EMOTES), ("slow", SLOW)])
async def test_reading_is_quiet_and_what_comes_after_is_as_before(
    house: QuietHouse, mode: str, quiet: Any
) -> None:
    room = await house.room()
    house.pause(room, mode)
    await house.calm()
    assert house.now == LIVELY
    house.clock.advance(5)
    await house.calm()
    assert house.now == quiet
    house.clock.advance(READING)
    await house.calm()
    assert house.now == LIVELY
    await house.skip(room)
    assert house.now == quiet
    await house.skip(room)
    assert house.hall.running(room.id) is None
    assert house.now == LIVELY
    assert await house.rows() == []
    assert house.told == []


@pytest.mark.parametrize("mode", ["", "none", "silence"])
async def test_a_pause_that_asks_for_nothing_leaves_the_chats_alone(
    house: QuietHouse, mode: str
) -> None:
    room = await house.reading(mode)
    await house.act(room, "stop")
    assert house.on_discord.calls == house.on_twitch.calls == []


async def test_what_is_said_meanwhile_asks_the_platforms_for_nothing_more(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    asked = [list(chats.calls) for chats in house.chats]
    for name in ("Camille", "Noé"):
        house.hall.said(room.id, visitor("twitch", name), "HeyGuys")
        await house.calm()
    assert [chats.calls for chats in house.chats] == asked


async def test_settings_of_before_come_back_and_nothing_else_is_touched(house: QuietHouse) -> None:
    house.on_discord.set["d1"] = {"slow": 5}
    house.on_twitch.set["t1"] = {"slow": 10, "emotes": 0}
    room = await house.reading()
    assert house.now == ({"slow": 30}, {"slow": 10, "emotes": 1})
    await house.act(room, "stop")
    assert house.now == ({"slow": 5}, {"slow": 10, "emotes": 0})
    assert house.on_twitch.changes == [{"emotes": 1}, {"emotes": 0}]


async def test_a_chat_that_is_calmer_already_stays_as_it_is(house: QuietHouse) -> None:
    house.on_discord.set["d1"] = {"slow": 300}
    house.on_twitch.set["t1"] = {"slow": 0, "emotes": 1}
    room = await house.reading()
    assert [row[2:] for row in await house.rows()] == [("{}", "{}", 1)] * 2
    await house.act(room, "stop")
    assert house.on_discord.changes == house.on_twitch.changes == []
    assert await house.rows() == []


async def test_another_mode_in_the_same_session_forgets_nothing(house: QuietHouse) -> None:
    house.on_twitch.set["t1"] = {"slow": 3, "emotes": 0}
    room = await house.reading("slow", later="emotes")
    await house.skip(room)
    await house.skip(room)
    assert house.now == ({"slow": 30}, {"slow": 3, "emotes": 1})
    quiet = house.quiet["twitch"]
    quiet.hush(room, "slow", 1)
    await house.calm()
    assert house.now == ({"slow": 30}, {"slow": 30, "emotes": 0})
    await house.act(room, "stop")
    assert house.now == ({"slow": 0}, {"slow": 3, "emotes": 0})


async def test_a_pause_of_the_clock_gives_the_chats_back_until_it_goes_on(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    await house.act(room, "pause")
    assert house.now == LIVELY
    await house.act(room, "resume")
    assert house.now == EMOTES
    await house.act(room, "stop")
    assert house.now == LIVELY


async def test_rules_that_fail_give_the_chats_back(house: QuietHouse) -> None:
    room = await house.reading()
    house.hall.said(room.id, visitor("twitch", "Camille"), "bug")
    await house.calm()
    await until(lambda: house.now == LIVELY)
    await house.act(room, "resume")
    assert house.now == EMOTES


async def test_rules_that_fail_for_good_give_the_chats_back(house: QuietHouse) -> None:
    room = await house.reading()
    async with house.database.transaction() as transaction:
        await transaction.execute("UPDATE journal SET play = 'torn'")
    house.hall.said(room.id, visitor("twitch", "Camille"), "bug")
    await until(lambda: house.now == LIVELY)
    assert house.hall.running(room.id) is None


async def test_a_room_on_one_platform_is_quiet_there(house: QuietHouse) -> None:
    room = await house.rooms.open_discord("d1", "guild", "Salon")
    house.pause(room, "emotes")
    house.clock.advance(5)
    await house.calm()
    assert house.now == ({"slow": 30}, LIVELY[1])
    await house.act(room, "stop")
    assert house.now == LIVELY


async def test_nothing_is_asked_of_a_channel_without_a_room(house: QuietHouse) -> None:
    room = await house.rooms.open_discord("d1", "guild", "Salon")
    house.quiet["twitch"].hush(room, "slow", 1)
    house.quiet["twitch"].lift(room)
    await house.calm()
    assert house.on_twitch.calls == []


# --- Commit first


async def test_nothing_changes_before_what_was_played_is_on_disk(house: QuietHouse) -> None:
    room = await house.room()
    house.pause(room)
    await house.calm()
    house.database.free.clear()
    house.clock.advance(5)
    await asyncio.sleep(0.02)
    assert house.on_discord.calls == house.on_twitch.calls == []
    house.database.free.set()
    await house.calm()
    assert house.now == EMOTES


async def test_how_a_chat_was_is_on_disk_before_it_is_changed(house: QuietHouse) -> None:
    house.on_discord.set["d1"] = {"slow": 5}
    seen: list[Any] = []

    async def look() -> None:
        seen.extend(await house.sql("SELECT former, wanted, changed FROM quiet"))

    house.on_discord.before_change = look
    house.on_twitch.down(Busy())
    await house.reading()
    assert seen == [('{"slow":5}', '{"slow":30}', 0)]
    assert await house.rows() == [("discord", "slow", '{"slow":5}', '{"slow":30}', 1)]


async def test_a_disk_that_fails_changes_no_chat(house: QuietHouse) -> None:
    house.on_discord.answers.clear()
    house.on_twitch.answers.clear()
    await house.room()
    room = await house.room()
    house.pause(room)
    house.clock.advance(5)
    await house.hall.flush()
    await until(lambda: house.on_discord.calls and house.on_twitch.calls)
    house.database.fault, house.database.failures = sqlite3.OperationalError("disk full"), 2
    for chats in house.chats:
        chats.answers.set()
    await house.calm()
    assert house.now == LIVELY
    assert house.on_discord.changes == house.on_twitch.changes == []
    await house.clock.pass_time(0.5)
    await house.calm()
    assert house.now == EMOTES


# --- Crashes


async def test_a_crash_in_mid_reading_stays_quiet_and_then_all_is_as_before(
    house: QuietHouse,
) -> None:
    house.on_discord.set["d1"] = {"slow": 5}
    room = await house.reading()
    house = await crashed(house)
    assert house.now == ({"slow": 30}, EMOTES[1])
    await house.both_up()
    assert house.now == ({"slow": 30}, EMOTES[1])
    assert [len(chats.changes) for chats in house.chats] == [1, 1]
    await house.act(room, "stop")
    assert house.now == ({"slow": 5}, LIVELY[1])
    assert await house.rows() == []


async def test_a_crash_before_the_change_changes_it_when_reading_goes_on(
    house: QuietHouse,
) -> None:
    for chats in house.chats:
        chats.free.clear()
    room = await house.room()
    house.pause(room)
    house.clock.advance(5)
    await house.hall.flush()
    await until(lambda: all(("change", c.channel(room)) in c.calls for c in house.chats))
    house = await crashed(house)
    assert house.now == LIVELY
    assert [row[4] for row in await house.rows()] == [0, 0]
    for chats in house.chats:
        chats.free.set()
    await house.both_up()
    assert house.now == EMOTES
    await house.act(room, "stop")
    assert house.now == LIVELY


async def test_a_crash_before_the_change_leaves_nothing_when_reading_does_not_go_on(
    house: QuietHouse,
) -> None:
    house.on_twitch.free.clear()
    room = await house.room()
    house.pause(room)
    house.clock.advance(5)
    await house.hall.flush()
    await until(lambda: ("change", "t1") in house.on_twitch.calls)
    house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    house = await crashed(house)
    house.on_twitch.free.set()
    await house.both_up()
    assert house.now == LIVELY
    assert house.on_twitch.changes == []
    assert await house.rows() == []


async def test_a_crash_between_the_change_and_its_note_still_knows_how_it_was(
    house: QuietHouse,
) -> None:
    house.on_discord.set["d1"] = {"slow": 5}
    house.on_discord.taken_fault = Busy()
    house.on_twitch.down(Busy())
    room = await house.reading()
    assert await house.rows() == [("discord", "slow", '{"slow":5}', '{"slow":30}', 0)]
    assert house.now[0] == {"slow": 30}
    house = await crashed(house)
    house.on_discord.taken_fault = None
    house.on_twitch.down(None)
    await house.both_up()
    assert await house.sql("SELECT former, changed FROM quiet WHERE platform = 'discord'") == [
        ('{"slow":5}', 1)
    ]
    assert house.on_discord.changes == [{"slow": 30}]
    await house.act(room, "stop")
    assert house.now == ({"slow": 5}, LIVELY[1])


async def test_a_pause_that_ended_just_before_the_crash_gives_back_at_the_next_start(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    for chats in house.chats:
        chats.down(Busy())
    await house.act(room, "stop")
    house = await crashed(house)
    assert house.now == EMOTES
    for chats in house.chats:
        chats.down(None)
    await house.both_up()
    assert house.now == LIVELY
    assert await house.rows() == []


async def test_a_crash_just_after_the_reading_s_end_gives_back_at_the_next_start(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    for chats in house.chats:
        chats.down(Busy())
    await house.skip(room)
    house = await crashed(house)
    for chats in house.chats:
        chats.down(None)
    await house.both_up()
    await house.calm()
    assert house.now == LIVELY
    assert house.hall.running(room.id) is not None


async def test_a_crash_after_giving_back_and_before_its_note_gives_back_once(
    house: QuietHouse,
) -> None:
    room = await house.reading("slow")
    for chats in house.chats:
        chats.taken_fault = Busy()
    await house.act(room, "stop")
    assert house.now == LIVELY
    assert len(await house.rows()) == 2
    house = await crashed(house)
    for chats in house.chats:
        chats.taken_fault = None
    await house.both_up()
    assert [chats.changes for chats in house.chats] == [[{"slow": 30}, {"slow": 0}]] * 2
    assert await house.rows() == []


async def test_a_paused_session_found_again_gives_back_at_the_next_start(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    for chats in house.chats:
        chats.down(Busy())
    await house.act(room, "pause")
    house = await crashed(house)
    for chats in house.chats:
        chats.down(None)
    for quiet in house.quiet.values():
        quiet.wake()
    await house.calm()
    assert house.now == LIVELY
    await house.both_up()
    await house.act(room, "resume")
    assert house.now == EMOTES


async def test_a_session_that_cannot_be_found_again_gives_back(house: QuietHouse) -> None:
    await house.reading()
    async with house.database.transaction() as transaction:
        await transaction.execute("UPDATE journal SET play = 'torn'")
    house = await crashed(house)
    await house.both_up()
    assert house.now == LIVELY


async def test_one_platform_s_chats_are_given_back_while_the_other_stays_away(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    for chats in house.chats:
        chats.down(Busy())
    await house.act(room, "stop")
    house = await crashed(house)
    house.on_twitch.down(None)
    house.quiet["twitch"].wake()
    await house.calm()
    assert house.now == (EMOTES[0], LIVELY[1])
    house.on_discord.down(None)
    house.quiet["discord"].wake()
    await house.calm()
    assert house.now == LIVELY


# --- Stops in good order


async def test_a_stop_of_the_program_gives_back_and_the_next_start_is_quiet_again(
    house: QuietHouse,
) -> None:
    house.on_discord.set["d1"] = {"slow": 5}
    room = await house.reading()
    await house.close()
    assert house.now == ({"slow": 5}, LIVELY[1])
    house = await house.again()
    assert await house.rows() == []
    await house.both_up()
    await house.calm()
    assert house.now == ({"slow": 30}, EMOTES[1])
    await house.act(room, "stop")
    assert house.now == ({"slow": 5}, LIVELY[1])


async def test_a_stop_waits_no_longer_than_it_may_for_a_platform_that_is_down(
    house: QuietHouse,
) -> None:
    await house.reading()
    house.on_twitch.down(Busy())
    await house.close()
    assert house.now == (LIVELY[0], EMOTES[1])
    house = await house.again()
    assert [row[0] for row in await house.rows()] == ["twitch"]
    house.on_twitch.down(None)
    await house.close()
    assert house.now == LIVELY


async def test_nothing_begins_once_it_is_closed(house: QuietHouse) -> None:
    room = await house.room()
    for quiet in house.quiet.values():
        await quiet.close(0.1)
    house.quiet["twitch"].hush(room, "slow", 1)
    house.quiet["twitch"].lift(room)
    assert resting(house.quiet["twitch"])
    assert house.on_twitch.calls == []


# --- A platform out of reach


async def test_a_platform_that_is_down_harms_only_itself(house: QuietHouse) -> None:
    house.on_twitch.down(Busy())
    room = await house.reading()
    assert house.now == (EMOTES[0], LIVELY[1])
    house.on_twitch.down(None)
    await house.clock.pass_time(0.5)
    await house.calm()
    assert house.now == EMOTES
    house.on_discord.down(Busy())
    await house.act(room, "stop")
    assert house.now == (EMOTES[0], LIVELY[1])
    house.on_discord.down(None)
    house.quiet["discord"].wake()
    await house.calm()
    assert house.now == LIVELY


async def test_tries_become_rarer_and_a_platform_may_say_when(house: QuietHouse) -> None:
    house.on_twitch.down(Busy())
    await house.reading()
    for wait, tries in ((0.5, 2), (1.0, 3), (2.0, 4), (4.0, 5)):
        await house.clock.pass_time(wait - 0.01)
        await house.calm()
        assert len(house.on_twitch.calls) == tries - 1
        await house.clock.pass_time(0.01)
        await house.calm()
        assert len(house.on_twitch.calls) == tries
    house.on_twitch.down(Busy(retry_after=40.0))
    house.quiet["twitch"].wake()
    await house.calm()
    await house.clock.pass_time(39.0)
    await house.calm()
    assert len(house.on_twitch.calls) == 6


async def test_a_reading_that_ends_before_the_platform_is_back_asks_it_for_nothing(
    house: QuietHouse,
) -> None:
    house.on_twitch.down(Busy())
    room = await house.reading()
    await house.act(room, "stop")
    house.on_twitch.down(None)
    house.quiet["twitch"].wake()
    await house.clock.pass_time(120.0)
    await house.calm()
    assert house.on_twitch.changes == []
    assert house.quiet["twitch"]._places == {}


async def test_a_reading_that_ends_while_the_platform_thinks_changes_nothing(
    house: QuietHouse,
) -> None:
    house.on_twitch.answers.clear()
    room = await house.room()
    house.pause(room)
    house.clock.advance(5)
    await house.hall.flush()
    await until(lambda: house.on_twitch.calls)
    house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    house.on_twitch.answers.set()
    await house.calm()
    assert house.on_twitch.changes == []
    assert await house.rows() == []


async def test_a_change_whose_answer_was_lost_is_not_taken_for_how_it_was(
    house: QuietHouse,
) -> None:
    house.on_twitch.taken_fault = Busy()
    room = await house.reading("slow")
    house.on_twitch.taken_fault = None
    house.on_twitch.set["t1"]["emotes"] = 1
    await house.clock.pass_time(0.5)
    await house.calm()
    assert house.on_twitch.changes == [{"slow": 30}]
    await house.act(room, "stop")
    assert house.now == ({"slow": 0}, {"slow": 0, "emotes": 1})


async def test_a_second_reading_before_the_first_was_given_back_forgets_nothing(
    house: QuietHouse,
) -> None:
    house.on_twitch.set["t1"] = {"slow": 7, "emotes": 0}
    room = await house.reading("slow")
    house.on_twitch.down(Busy())
    await house.act(room, "stop")
    house.pause(room, "slow")
    house.clock.advance(5)
    await house.calm()
    house.on_twitch.down(None)
    house.quiet["twitch"].wake()
    await house.calm()
    assert house.now == SLOW
    await house.act(room, "stop")
    assert house.now == (LIVELY[0], {"slow": 7, "emotes": 0})


async def test_an_answer_nobody_foresaw_is_logged_and_tried_again(
    house: QuietHouse, caplog: pytest.LogCaptureFixture
) -> None:
    room = await house.reading("slow")
    house.on_discord.down(ValueError("?"))
    await house.act(room, "stop")
    assert "discord channel d1: quiet failed" in caplog.text
    house.on_discord.down(None)
    await house.clock.pass_time(0.5)
    await house.calm()
    assert house.now == LIVELY


# --- What people do by hand


async def test_what_a_moderator_changed_meanwhile_stays(house: QuietHouse) -> None:
    room = await house.reading("slow")
    house.on_discord.set["d1"]["slow"] = 60
    house.on_twitch.set["t1"].update(slow=0, emotes=1)
    await house.act(room, "stop")
    assert house.now == ({"slow": 60}, {"slow": 0, "emotes": 1})
    assert await house.rows() == []


async def test_what_a_moderator_ended_is_not_begun_again(house: QuietHouse) -> None:
    room = await house.reading()
    house.on_twitch.set["t1"]["emotes"] = 0
    house.hall.said(room.id, visitor("twitch", "Camille"), "Bonjour")
    await house.calm()
    house.quiet["twitch"].wake()
    await house.calm()
    assert house.now == (EMOTES[0], LIVELY[1])
    house = await crashed(house)
    await house.both_up()
    assert house.now == (EMOTES[0], LIVELY[1])
    await house.act(room, "stop")
    assert house.now == LIVELY


# --- Permissions


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_missing_permission_is_told_once_and_the_pause_goes_on(
    house: QuietHouse, at_once: bool
) -> None:
    denied = Denied("twitch-scope")
    house.on_twitch.change_fault = denied
    house.on_twitch.read_fault = denied if at_once else None
    room = await house.reading()
    text = missing("twitch-scope", Speech("fr"))
    assert house.told == [("twitch", room.id, text)]
    assert house.now == (EMOTES[0], LIVELY[1])
    assert [row[0] for row in await house.rows()] == ["discord"]
    calls = len(house.on_twitch.calls)
    house.hall.said(room.id, visitor("twitch", "Camille"), "Bonjour")
    house.quiet["twitch"].wake()
    await house.clock.pass_time(30.0)
    await house.calm()
    assert len(house.on_twitch.calls) == calls
    await house.skip(room)
    await house.skip(room)
    assert len(house.on_twitch.calls) == 2 * calls
    await house.act(room, "stop")
    assert house.told == [("twitch", room.id, text)]
    assert house.now == LIVELY
    house.pause(room)
    house.clock.advance(5)
    await house.calm()
    assert len(house.told) == 2


async def test_a_permission_that_was_given_meanwhile_is_used_at_the_next_reading(
    house: QuietHouse,
) -> None:
    house.on_discord.change_fault = Denied("discord-permission")
    room = await house.reading()
    house.on_discord.change_fault = None
    await house.skip(room)
    await house.skip(room)
    assert house.now == EMOTES


async def test_a_permission_that_was_given_meanwhile_is_used_for_another_mode(
    house: QuietHouse,
) -> None:
    room = await house.room()
    house.on_twitch.change_fault = Denied("twitch-scope")
    house.quiet["twitch"].hush(room, "slow", 1)
    await house.calm()
    house.on_twitch.change_fault = None
    house.quiet["twitch"].hush(room, "emotes", 1)
    await house.calm()
    assert house.now == (LIVELY[0], EMOTES[1])


async def test_a_permission_that_was_taken_away_is_told_and_asked_for_again_later(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    house.on_twitch.change_fault = Denied("twitch-moderator")
    await house.act(room, "stop")
    assert house.now == (LIVELY[0], EMOTES[1])
    assert house.told == [("twitch", room.id, missing("not-given-back", Speech("fr")))]
    await house.clock.pass_time(DENIED_WAIT - 1)
    await house.calm()
    house.on_twitch.change_fault = None
    assert house.now == (LIVELY[0], EMOTES[1])
    await house.clock.pass_time(1.0)
    await house.calm()
    assert house.now == LIVELY
    assert len(house.told) == 1
    assert await house.rows() == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_sentence_is_one(locale: str) -> None:
    for code in SENTENCES:
        text = missing(code, Speech(locale))
        assert text.count(".") == 1
        assert text.endswith(".")
        assert len(text) <= 200


# --- Channels that go


async def test_a_room_that_was_unlinked_meanwhile_has_its_channel_given_back(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    house.on_twitch.down(Busy())
    await house.act(room, "stop")
    await house.rooms.unlink(room, busy=lambda _: False)
    house = await crashed(house)
    house.on_twitch.down(None)
    await house.both_up()
    assert house.now == LIVELY
    assert await house.rows() == []


async def test_what_is_owed_is_given_back_though_nobody_says_that_the_platform_is_there(
    house: QuietHouse,
) -> None:
    room = await house.reading()
    house.on_twitch.down(Busy())
    await house.act(room, "stop")
    await house.rooms.unlink(room, busy=lambda _: False)
    house = await crashed(house)
    await house.clock.pass_time(1.0)
    await house.calm()
    house.on_twitch.down(None)
    await house.clock.pass_time(60.0)
    await house.calm()
    assert house.now == LIVELY


async def test_a_channel_that_moved_to_another_room_keeps_its_first_state(
    house: QuietHouse,
) -> None:
    house.on_twitch.set["t1"] = {"slow": 4, "emotes": 0}
    room = await house.reading("slow")
    house.on_twitch.down(Busy())
    await house.act(room, "stop")
    await house.rooms.unlink(room, busy=lambda _: False)
    other = await house.rooms.open_discord("d2", "guild", "Annexe")
    house.on_discord.set["d2"] = {"slow": 0}
    other = await house.rooms.link(other, "t1", "salon1", busy=lambda _: False)
    house.pause(other, "slow")
    house.clock.advance(5)
    await house.calm()
    house.on_twitch.down(None)
    house.quiet["twitch"].wake()
    await house.calm()
    assert house.now[1] == SLOW[1]
    await house.act(other, "stop")
    assert house.now == (LIVELY[0], {"slow": 4, "emotes": 0})


@pytest.mark.parametrize("when", ["before", "meanwhile"])
async def test_a_channel_that_is_gone_is_owed_nothing(house: QuietHouse, when: str) -> None:
    if when == "before":
        house.on_discord.set["d1"] = {}
    room = await house.reading()
    house.on_discord.set["d1"] = {}
    await house.act(room, "stop")
    assert await house.rows() == []
    assert house.now == ({}, LIVELY[1])


# --- Whatever happens


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next; `in_time` says whether the bot gets to the end of it first."""

    what: str
    value: Any = None
    in_time: bool = True


FAULTS = {"up": None, "busy": Busy(), "denied": Denied("twitch-scope")}
STEPS = st.one_of(
    st.builds(Step, st.just("hush"), st.sampled_from(["slow", "emotes"]), st.booleans()),
    st.builds(Step, st.just("lift"), st.none(), st.booleans()),
    st.builds(Step, st.just("hand"), st.sampled_from([("slow", 0), ("slow", 5), ("slow", 60)])),
    st.builds(Step, st.just("hand"), st.just(("emotes", 0))),
    st.builds(Step, st.just("platform"), st.sampled_from(sorted(FAULTS))),
    st.builds(Step, st.just("lost answer"), st.booleans()),
    st.builds(Step, st.just("wait"), st.sampled_from([1.0, 700.0])),
    st.builds(Step, st.just("crash")),
)


class Evening:
    """A chat, its moderators and a bot that comes and goes; `theirs` is how they think that it is set."""

    def __init__(self, path: Path, before: dict[str, int]) -> None:
        self.house = QuietHouse(path)
        self.theirs = dict(before)
        self.chats = self.house.on_twitch
        self.chats.set["t1"] = dict(before)
        self.wish: Mode | None = None

    async def go(self, steps: Sequence[Step]) -> dict[str, int]:
        """Go through it all, let the platform be there and the reading be over; return how the chat is set."""
        await self.house.open()
        room = await self.house.room()
        try:
            for step in [*steps, Step("platform", "up"), Step("lost answer", False), Step("lift")]:
                await self._do(step, room)
            self.house.quiet["twitch"].wake()
            await self.house.calm()
            assert await self.house.rows() == []
            return self.chats.set["t1"]
        finally:
            await self.house.close_last()

    async def _do(self, step: Step, room: Room) -> None:
        if step.what == "hand":  # nobody can be as quick as two calls that follow each other
            await self.house.calm()
        match step.what, step.value:
            case "hush", mode:
                self.wish = mode
                self.house.quiet["twitch"].hush(room, mode, 1)
            case "lift", _:
                self.wish = None
                self.house.quiet["twitch"].lift(room)
            case "hand", (name, value):
                self.chats.set["t1"][name] = self.theirs[name] = value
            case "platform", state:
                self.chats.down(FAULTS[state])
            case "lost answer", happens:
                self.chats.taken_fault = Busy() if happens else None
            case "wait", seconds:
                await self.house.clock.pass_time(seconds)
            case "crash", _:
                await self._crash(room)
        if step.in_time:
            await self.house.calm()
        else:
            await spin(3)

    async def _crash(self, room: Room) -> None:
        await self.house.crash()
        self.house = await self.house.again()
        quiet = self.house.quiet["twitch"]
        quiet.wake()
        if self.wish is not None:
            quiet.hush(room, self.wish, 1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(STEPS, max_size=14),
    st.fixed_dictionaries(
        {"slow": st.sampled_from([0, 5, 120]), "emotes": st.sampled_from([0, 1])}
    ),
)
def test_whatever_happens_the_chat_is_in_the_end_as_its_moderators_think(
    steps: list[Step], before: dict[str, int]
) -> None:
    with TemporaryDirectory() as folder:
        evening = Evening(Path(folder) / "e.sqlite3", before)
        assert asyncio.run(evening.go(steps)) == evening.theirs
