"""Group commit: one transaction for all rooms, and what a batch takes over from one that failed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.batch import Batch, Ended, NotKeptError, Receipt, Touched
from bot.session import Session
from bot.storage.people import NewPerson
from bot.storage.sessions import SessionRow
from games.core import Part, Player
from games.quiz import Quiz
from tests.hall_stage import House, options, visitor

ANA, BOB = Player(1, "discord"), Player(2, "twitch")
SEPTEMBER = (9, 1)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    await house.close()


async def _session(house: House, number: int = 1) -> tuple[Session, SessionRow]:
    room = await house.room(number)
    session = Session(number, room, "quiz", Quiz.from_json(options(), 0))
    row = SessionRow(number, room.id, "quiz", "x", options(), 0, 5, None, False, 0, 5)
    return session, row


async def test_settling_twice_settles_once(house: House) -> None:
    session, row = await _session(house)
    batch = Batch()
    for who in ("Ana", "Bob"):
        person, new = house.people.enrol(visitor("discord", who))
        batch.people[person.id] = new
    batch.lives = [
        row,
        Ended(session, house.clock.wall(), (Part(ANA, 3, 2, 2), Part(BOB, 1, 0, 0))),
    ]
    await batch.commit(house.database, house.people, SEPTEMBER, {})
    again = Batch()
    again.lives = [Ended(session, house.clock.wall() + 9, (Part(ANA, 3, 2, 2),))]
    await again.commit(house.database, house.people, SEPTEMBER, {})
    assert await house.sql("SELECT person_id, season, plays, correct, points FROM ledger") == [
        (1, 2025, 3, 2, 2),
        (2, 2025, 1, 0, 0),
    ]
    assert await house.sql("SELECT person_id, sessions, points FROM tally") == [
        (1, 1, 2),
        (2, 1, 0),
    ]
    assert await house.sql("SELECT ended_at FROM session") == [(house.clock.wall(),)]


async def test_an_empty_batch_does_not_touch_the_file(house: House) -> None:
    commits = house.database.commits
    await Batch().commit(house.database, house.people, SEPTEMBER, {})
    assert house.database.commits == commits


async def test_somebody_erased_while_their_row_waited_is_not_written(house: House) -> None:
    person, new = house.people.enrol(visitor("discord", "Ana"))
    batch = Batch()
    batch.people[person.id] = new
    await house.participation.forget(visitor("discord", "Ana"))
    await batch.commit(house.database, house.people, SEPTEMBER, {})
    assert await house.sql("SELECT * FROM person") == []
    assert await house.sql("SELECT * FROM identity") == []


async def test_dropping_a_session_leaves_the_others(house: House) -> None:
    (one, row1), (two, row2) = await _session(house, 1), await _session(house, 2)
    batch = Batch()
    batch.lives = [row1, row2, Ended(one, 9, ()), Ended(two, 9, ())]
    batch.journal = [(1, 1, 0, "ticked", None, None, None), (2, 1, 0, "ticked", None, None, None)]
    for session in (one, two):
        batch.touch(session).events.append("e")
        batch.clocks[session.id] = (0, False, 0, session.id)
    batch.drop(one)
    assert batch.lives == [row2, batch.ended[0]]
    assert [ended.session for ended in batch.ended] == [two]
    assert (list(batch.touched), list(batch.clocks), len(batch.journal)) == ([2], [2], 1)
    batch.written.set()
    with pytest.raises(NotKeptError):
        await Receipt(one, (), False, batch).committed()
    await Receipt(two, (), False, batch).committed()


async def test_a_session_brought_back_is_not_the_one_that_was_lost(house: House) -> None:
    lost, _ = await _session(house)
    back, _ = await _session(house)
    batch = Batch()
    batch.drop(lost)
    batch.written.set()
    await Receipt(back, (), False, batch).committed()


async def test_inheriting_keeps_who_plays_here_with_their_notice(house: House) -> None:
    session, _ = await _session(house)
    ana, bob = NewPerson(1, "discord", "a", "Ana", 0), NewPerson(2, "twitch", "b", "Bob", 0)
    failed, batch = Batch(), Batch()
    failed.people, failed.names = {1: ana, 2: bob}, {7: "old", 8: "kept"}
    batch.names = {7: "new"}
    batch.touched[session.id] = Touched(session, ["e"])
    batch.journal = [(session.id, 1, 0, "said", 1, "discord", "Pau")]
    assert batch.inherit(failed) == [bob]
    assert batch.people == {1: ana}
    assert batch.touched[session.id].newcomers == [ANA]
    assert batch.names == {7: "new", 8: "kept"}


async def test_giving_up_tells_who_waits_but_not_who_was_served(house: House) -> None:
    session, _ = await _session(house)
    batch, served = Batch(), Batch()
    waiting = asyncio.create_task(Receipt(session, (), False, batch).committed())
    await asyncio.sleep(0)
    served.written.set()
    batch.give_up()
    served.give_up()
    with pytest.raises(NotKeptError):
        await waiting
    await Receipt(session, (), False, served).committed()
