"""People: who is who, and what they may ask about themselves."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.people import LONGEST_NAME, Visitor, clean_name
from games.core import Refusal
from tests.fake_clock import spin
from tests.hall_stage import CAPITAL, REVEAL, SECONDS, House, visitor

ANA = visitor("discord", "Ana")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    house.database.fault = None
    await house.close()


async def _again(house: House) -> House:
    await house.close()
    return await house.again()


# --- Names


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("Ana", "Ana"),
        ("  Ana \n\t Bel ", "Ana Bel"),
        ("A\u202ena\u200b", "Ana"),
        ("\u0000\ud800x", "x"),
        ("\u2028", ""),
        ("É" * 50, "É" * LONGEST_NAME),
        ("a" * 31 + " b", "a" * 31),
        ("👩‍🚀", "👩🚀"),
    ],
)
def test_clean_name(shown: str, kept: str) -> None:
    assert clean_name(shown) == kept


@settings(deadline=None)
@given(st.text())
def test_a_clean_name_is_short_writable_and_stays_so(name: str) -> None:
    kept = clean_name(name)
    assert len(kept) <= LONGEST_NAME
    assert kept.isprintable()
    kept.encode()
    assert clean_name(kept) == kept


# --- Identity


async def test_identity_is_platform_and_id_never_a_name(house: House) -> None:
    one, _ = house.people.enrol(Visitor("discord", "7", "Ana"))
    two, _ = house.people.enrol(Visitor("twitch", "7", "Ana"))
    assert one is not two
    assert house.people.find("discord", "7") is one
    assert house.people.find("twitch", "7") is two
    assert house.people.find("discord", "8") is None
    assert house.people.name(99) == ""


async def test_people_come_back_in_another_run(house: House) -> None:
    await house.people.set_listed(ANA, on=True)
    await house.people.set_traceless(visitor("twitch", "Bob"), on=True)
    house = await _again(house)
    ana, bob = house.people.find("discord", ANA.user_id), house.people.find("twitch", "twitch-bob")
    assert ana is not None
    assert bob is not None
    assert (ana.id, ana.name, ana.listed, ana.traceless) == (1, "Ana", True, False)
    assert (bob.id, bob.name, bob.listed, bob.traceless) == (2, "", False, True)
    assert house.people.next_id == 3
    await house.close()


async def test_unknown_people_have_nothing(house: House) -> None:
    with pytest.raises(Refusal, match="nothing-kept"):
        await house.people.own_record(ANA, None, 2025)
    with pytest.raises(Refusal, match="nothing-kept"):
        await house.people.export(ANA)
    with pytest.raises(Refusal, match="nothing-kept"):
        await house.participation.forget(ANA)


# --- Wishes


async def test_traceless_people_are_not_listed(house: House) -> None:
    await house.people.set_listed(ANA, on=True)
    await house.people.set_traceless(ANA, on=True)
    with pytest.raises(Refusal, match="traceless-not-listed"):
        await house.people.set_listed(ANA, on=True)
    assert await house.sql("SELECT name, listed, traceless FROM person") == [("", 0, 1)]
    await house.people.set_traceless(ANA, on=False)
    assert await house.sql("SELECT name, listed, traceless FROM person") == [("Ana", 0, 0)]


async def test_a_traceless_newcomers_name_never_stays_in_the_file(house: House) -> None:
    await house.people.set_traceless(Visitor("discord", "7", "Zénobie"), on=True)
    files = house.path.parent.glob(house.path.name + "*")
    assert all("Zénobie".encode() not in file.read_bytes() for file in files)


async def test_a_wish_made_before_ones_first_answer_is_written(house: House) -> None:
    """The disk is slow: the answer is not written yet, nor is who gave it."""
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.database.free.clear()
    house.press(room, "Bob", "Dax")
    await spin()
    wish = asyncio.create_task(house.people.set_listed(ANA, on=True))
    receipt = house.press(room, "Ana", "Pau")
    await spin()
    house.database.free.set()
    await asyncio.gather(wish, receipt.committed())
    assert await house.sql("SELECT name, listed FROM person ORDER BY name") == [
        ("Ana", 1),
        ("Bob", 0),
    ]
    assert await house.sql("SELECT count(*) FROM identity") == [(2,)]


async def test_a_wish_whose_writing_failed_leaves_no_ghost(house: House) -> None:
    house.database.fault = sqlite3.OperationalError("disk full")
    with pytest.raises(sqlite3.OperationalError):
        await house.people.set_listed(ANA, on=True)
    house.database.fault = None
    room = await house.room()
    await house.asking(room, CAPITAL)
    await house.press(room, "Ana", "Pau").committed()
    assert await house.sql("SELECT id, name, listed FROM person") == [(1, "Ana", 0)]
    house = await _again(house)
    assert house.people.find("discord", ANA.user_id) is not None
    assert house.people.next_id == 2
    await house.close()


async def test_two_wishes_at_once(house: House) -> None:
    await asyncio.gather(
        house.people.set_listed(ANA, on=True), house.people.set_listed(ANA, on=True)
    )
    assert await house.sql("SELECT id, listed FROM person") == [(1, 1)]


# --- Records, boards, forgetting


async def _played(house: House, *names: str) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    for name in names:
        house.press(room, name, "Pau")
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()


async def test_own_record_and_export(house: House) -> None:
    await _played(house, "Ana")
    await _played(house, "Ana", "Bob")
    room = await house.room()
    record = await house.participation.own_record(ANA, room)
    assert (record.here.sessions, record.here.points) == (2, 2)
    assert record.everywhere == record.here
    elsewhere = await house.participation.own_record(ANA, await house.room(2))
    assert (elsewhere.here.sessions, elsewhere.everywhere.sessions) == (0, 2)
    rows = await house.people.export(ANA)
    assert [row[:6] for row in rows] == [("Salon 1", "Le Béarn", "discord", 1, 1, 1)] * 2


async def test_only_those_who_asked_are_on_the_board(house: House) -> None:
    await _played(house, "Ana", "Bob")
    room = await house.room()
    assert await house.participation.board(room) == (2025, [])
    await house.people.set_listed(ANA, on=True)
    assert await house.participation.board(room) == (2025, [("Ana", 1)])
    await house.people.set_listed(ANA, on=False)
    assert (await house.participation.board(room))[1] == []


async def test_forgetting_leaves_counts_of_nobody(house: House) -> None:
    await _played(house, "Ana", "Bob")
    await house.people.set_listed(ANA, on=True)
    await house.participation.forget(ANA)
    assert house.people.find("discord", ANA.user_id) is None
    assert house.people.name(1) == ""
    assert await house.sql("SELECT person_id, points FROM ledger ORDER BY id") == [
        (None, 1),
        (2, 1),
    ]
    assert await house.sql("SELECT person_id FROM tally") == [(2,)]
    assert (await house.participation.board(await house.room()))[1] == []
    with pytest.raises(Refusal, match="nothing-kept"):
        await house.participation.own_record(ANA, None)


async def test_the_forgotten_are_in_no_byte_of_the_files(house: House) -> None:
    await _played(house, "Zénobie", "Bob")
    await house.participation.forget(visitor("discord", "Zénobie"))
    left = b"".join(f.read_bytes() for f in house.path.parent.glob(house.path.name + "*"))
    assert "énobie".encode() not in left
    assert b"discord-bob" in left


async def test_forgetting_twice_at_once(house: House) -> None:
    await _played(house, "Ana")
    await asyncio.gather(house.participation.forget(ANA), house.participation.forget(ANA))
    assert await house.sql("SELECT count(*) FROM person") == [(0,)]


async def test_somebody_forgotten_comes_back_as_somebody_new(house: House) -> None:
    await _played(house, "Ana")
    await house.participation.forget(ANA)
    await _played(house, "Ana")
    person = house.people.find("discord", ANA.user_id)
    assert person is not None
    assert person.id == 2
    assert (await house.participation.own_record(ANA, None)).everywhere.sessions == 1
