"""Rooms: one place on two platforms, and how that comes about."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.rooms import LATE_MINUTES, LINK_MINUTES, Rooms
from bot.storage import agenda, clubs, people, reminders
from bot.storage.agenda import Plan
from bot.storage.people import NewPerson
from bot.storage.rooms import Room
from games.core import Refusal
from games.recurrence import Series
from tests.fake_clock import FakeClock
from tests.hall_stage import Disk


def free(_room_id: int) -> bool:
    return False


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def disk(tmp_path: Path) -> AsyncIterator[Disk]:
    disk = await Disk.open(tmp_path / "e.sqlite3")
    yield disk
    disk.fault = None
    await disk.close()


@pytest.fixture
async def rooms(disk: Disk, clock: FakeClock) -> Rooms:
    return await Rooms.load(disk, clock, locale="fr", zone="Europe/Paris")


async def _same(rooms: Rooms, disk: Disk, clock: FakeClock) -> None:
    """What is in memory is what another run would read."""
    other = await Rooms.load(disk, clock, locale="fr", zone="Europe/Paris")
    assert other.by_id == rooms.by_id
    assert other.by_discord == rooms.by_discord
    assert other.by_twitch == rooms.by_twitch


async def test_a_channel_is_one_room_however_often_it_is_opened(rooms: Rooms, disk: Disk) -> None:
    found = await asyncio.gather(*(rooms.open_discord("d1", "g", "Salon") for _ in range(5)))
    assert len({room.id for room in found}) == 1
    twitch = await asyncio.gather(*(rooms.open_twitch("t1", "salon") for _ in range(5)))
    assert {room.id for room in twitch} == {2}
    assert await disk.rows("SELECT count(*) FROM room") == [(2,)]


async def test_a_new_login_is_noted(rooms: Rooms, disk: Disk, clock: FakeClock) -> None:
    await rooms.open_twitch("t1", "before")
    room = await rooms.open_twitch("t1", "after")
    assert (room.id, room.twitch_login) == (1, "after")
    await _same(rooms, disk, clock)


async def test_linking_takes_the_channel_from_the_room_it_had(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    own = await rooms.open_twitch("t1", "salon")
    room = await rooms.link(await rooms.open_discord("d1", "g", "Salon"), "t1", "salon", busy=free)
    assert rooms.by_twitch["t1"] == room
    assert rooms.by_id[own.id].twitch_channel_id is None
    assert await rooms.link(room, "t1", "salon", busy=free) is room
    await _same(rooms, disk, clock)


async def test_what_was_to_come_goes_with_the_channel(rooms: Rooms, disk: Disk) -> None:
    own = await rooms.open_twitch("t1", "salon")
    here = await rooms.open_discord("d1", "g", "Salon")
    series = Series(datetime(2030, 3, 10, 18, 30), "Europe/Paris")
    async with disk.transaction() as transaction:
        polars = await clubs.add(transaction, "Polars", "polars", "", "public", 0)
        for room in (own, here):
            await clubs.attach(transaction, polars.id, room.id)
        essays = await clubs.add(transaction, "Essais", "essais", "", "public", 0)
        await clubs.attach(transaction, essays.id, own.id)
        await people.add(transaction, [NewPerson(1, "twitch", "u1", "Inès", 0)])
        await reminders.ask(transaction, 1, own.id)
        for kind, room in (("pause", own), ("daily", own), ("daily", here)):
            await agenda.add(transaction, Plan(kind, series, (), room.id, title=room.name), 0)
    await rooms.link(here, "t1", "salon", busy=free)
    assert [club.name for club in await clubs.of_room(disk, here.id)] == ["Essais", "Polars"]
    assert await clubs.of_room(disk, own.id) == []
    assert await reminders.asked(disk, here.id) == [(1, "twitch", "u1")]
    rows = await disk.rows("SELECT kind, title FROM series WHERE room_id = ? ORDER BY id", (2,))
    assert rows == [("pause", "salon"), ("daily", "Salon")], "one question a day, the heir's own"
    assert await disk.rows("SELECT title FROM series WHERE ended_at IS NOT NULL") == [("salon",)]


async def test_a_channel_of_another_discord_room_is_taken(rooms: Rooms) -> None:
    await rooms.link(await rooms.open_discord("d1", "g", "A"), "t1", "salon", busy=free)
    with pytest.raises(Refusal, match="room-taken"):
        await rooms.link(await rooms.open_discord("d2", "g", "B"), "t1", "salon", busy=free)


async def test_two_rooms_that_want_one_channel_at_once(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    both = [await rooms.open_discord(f"d{n}", "g", "x") for n in (1, 2)]
    results = await asyncio.gather(
        *(rooms.link(room, "t1", "salon", busy=free) for room in both), return_exceptions=True
    )
    assert [type(r) for r in results] == [Room, Refusal]
    await _same(rooms, disk, clock)


async def test_no_linking_while_something_runs(rooms: Rooms) -> None:
    own = await rooms.open_twitch("t1", "salon")
    room = await rooms.open_discord("d1", "g", "A")
    for busy in (own.id, room.id):
        with pytest.raises(Refusal, match="room-busy"):
            await rooms.link(room, "t1", "salon", busy=lambda key, busy=busy: key == busy)
    linked = await rooms.link(room, "t1", "salon", busy=free)
    with pytest.raises(Refusal, match="room-busy"):
        await rooms.unlink(linked, busy=lambda _: True)


async def test_a_link_that_fails_half_way_leaves_the_channel_where_it_was(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    own = await rooms.open_twitch("t1", "salon")
    room = await rooms.open_discord("d1", "g", "A")
    disk.fault = sqlite3.OperationalError("disk full")
    with pytest.raises(sqlite3.OperationalError):
        await rooms.link(room, "t1", "salon", busy=free)
    disk.fault = None
    assert rooms.by_twitch == {"t1": own}
    await _same(rooms, disk, clock)


async def test_unlinking(rooms: Rooms, disk: Disk, clock: FakeClock) -> None:
    room = await rooms.link(await rooms.open_discord("d1", "g", "A"), "t1", "salon", busy=free)
    room = await rooms.unlink(room, busy=free)
    assert (room.twitch_channel_id, rooms.by_twitch) == (None, {})
    with pytest.raises(Refusal, match="not-linked"):
        await rooms.unlink(room, busy=free)
    with pytest.raises(Refusal, match="not-linked"):
        await rooms.unlink(await rooms.open_twitch("t2", "seul"), busy=free)
    await _same(rooms, disk, clock)


async def test_an_old_picture_of_a_room_does_not_undo_what_came_since(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    old = await rooms.open_discord("d1", "g", "A")
    await asyncio.gather(rooms.link(old, "t1", "salon", busy=free), rooms.set_locale(old, "en"))
    assert (rooms.by_id[1].twitch_channel_id, rooms.by_id[1].locale) == ("t1", "en")
    await _same(rooms, disk, clock)


# --- Consent


async def test_a_code_is_good_once_for_its_channel(rooms: Rooms) -> None:
    room = await rooms.open_discord("d1", "g", "A")
    code = rooms.offer_link(room, "t1", "salon")
    assert len(code) == 6
    assert code.isdecimal()
    assert rooms.twitch_channels() == {"t1": room}
    for wrong_code, channel in ((code, "t2"), ("", "t1"), (code + "0", "t1")):
        with pytest.raises(Refusal, match="no-discord-room"):
            await rooms.accept_link(wrong_code, channel, busy=free)
    linked = await rooms.accept_link(code, "t1", busy=free)
    assert linked.twitch_login == "salon"
    with pytest.raises(Refusal, match="no-discord-room"):
        await rooms.accept_link(code, "t1", busy=free)


async def test_a_code_ends_in_time_and_a_new_one_replaces_it(
    rooms: Rooms, clock: FakeClock
) -> None:
    room = await rooms.open_discord("d1", "g", "A")
    first = rooms.offer_link(room, "t1", "salon")
    second = rooms.offer_link(room, "t2", "autre")
    assert set(rooms.twitch_channels()) == {"t2"}
    if first != second:
        with pytest.raises(Refusal, match="no-discord-room"):
            await rooms.accept_link(first, "t1", busy=free)
    clock.advance(LINK_MINUTES * 60)
    with pytest.raises(Refusal, match="no-discord-room"):
        await rooms.accept_link(second, "t2", busy=free)
    assert set(rooms.twitch_channels()) == {"t2"}  # late, but still told so
    clock.advance(LATE_MINUTES * 60)
    assert rooms.twitch_channels() == {}


async def test_a_code_survives_a_busy_room(rooms: Rooms) -> None:
    room = await rooms.open_discord("d1", "g", "A")
    code = rooms.offer_link(room, "t1", "salon")
    with pytest.raises(Refusal, match="room-busy"):
        await rooms.accept_link(code, "t1", busy=lambda _: True)
    await rooms.accept_link(code, "t1", busy=free)


# --- The stream's delay


async def test_a_delay_is_kept(rooms: Rooms, disk: Disk, clock: FakeClock) -> None:
    room = await rooms.open_twitch("t1", "salon")
    assert room.delay == 0
    room = await rooms.set_delay(room, 6.5)
    assert rooms.by_twitch["t1"].delay == room.delay == 6.5
    assert (await rooms.set_locale(room, "en")).delay == 6.5
    await _same(rooms, disk, clock)


async def test_a_delay_goes_with_its_channel(rooms: Rooms, disk: Disk, clock: FakeClock) -> None:
    own = await rooms.set_delay(await rooms.open_twitch("t1", "salon"), 6.5)
    room = await rooms.link(await rooms.open_discord("d1", "g", "Salon"), "t1", "salon", busy=free)
    assert (room.delay, rooms.by_id[own.id].delay) == (6.5, 0)
    room = await rooms.link(room, "t2", "autre", busy=free)
    assert room.delay == 0
    room = await rooms.unlink(await rooms.set_delay(room, 3), busy=free)
    assert room.delay == 0
    await _same(rooms, disk, clock)


async def test_a_delay_that_cannot_be_written_is_in_no_memory(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    room = await rooms.open_twitch("t1", "salon")
    for impossible in (-1.0, 60.5):
        with pytest.raises(sqlite3.IntegrityError):
            await rooms.set_delay(room, impossible)
    disk.fault = sqlite3.OperationalError("disk full")
    with pytest.raises(sqlite3.OperationalError):
        await rooms.set_delay(room, 6.5)
    with pytest.raises(sqlite3.OperationalError):
        async with disk.transaction() as transaction:
            await rooms.write_delay(transaction, room.id, 6.5)
    disk.fault = None
    assert rooms.by_id[room.id].delay == 0
    await _same(rooms, disk, clock)


async def test_a_delay_written_with_something_else_is_known_once_that_is_committed(
    rooms: Rooms, disk: Disk, clock: FakeClock
) -> None:
    room = await rooms.open_twitch("t1", "salon")
    async with disk.transaction() as transaction:
        note = await rooms.write_delay(transaction, room.id, 6.5)
        assert rooms.by_id[room.id].delay == 0
    note()
    assert rooms.by_id[room.id].delay == 6.5
    await _same(rooms, disk, clock)
