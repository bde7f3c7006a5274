"""Participation over time: seasons of a room, and what retention erases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.clock import DAY
from tests.hall_stage import CAPITAL, REVEAL, SECONDS, House, visitor

YEAR = 365


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    await house.close()


async def _evening(house: House, *names: str) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    for name in names:
        house.press(room, name, "Pau")
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()


async def _days(house: House, days: int) -> tuple[int, int]:
    house.clock.wall_offset += days * DAY
    return await house.participation.expire(journal_days=7, retention_days=YEAR)


async def test_journals_go_after_their_days_and_results_stay(house: House) -> None:
    await _evening(house, "Ana")
    plays = (await house.sql("SELECT count(*) FROM journal"))[0][0]
    assert await _days(house, 6) == (0, 0)
    assert await _days(house, 2) == (plays, 0)
    assert await house.sql("SELECT count(*) FROM journal") == [(0,)]
    assert await house.sql("SELECT options FROM session") == [("{}",)]
    assert (await house.participation.own_record(visitor("discord", "Ana"), None)).here.points == 1


async def test_the_journal_of_what_still_runs_stays(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.hall.act(room.id, 1, "pause")  # type: ignore[arg-type]
    await house.hall.flush()
    assert await _days(house, 100) == (0, 0)
    await house.crash()
    again = await house.again()
    assert again.hall.running(room.id) is not None
    await again.close()
    house.database, house.hall = (later := await house.again()).database, later.hall


async def test_people_long_unseen_are_erased_and_those_who_come_stay(house: House) -> None:
    await _evening(house, "Ana", "Bob")
    await _days(house, 200)
    await _evening(house, "Bob")
    assert (await _days(house, 200))[1] == 1
    assert house.people.find("discord", "discord-ana") is None
    assert house.people.find("discord", "discord-bob") is not None
    assert await house.sql("SELECT name FROM person") == [("Bob",)]
    assert await house.sql("SELECT count(*) FROM ledger") == [(3,)]


async def test_somebody_traceless_who_comes_every_season_is_not_made_traced(house: House) -> None:
    await house.people.set_traceless(visitor("discord", "Ana"), on=True)
    for _ in range(3):
        await _days(house, 300)
        await _evening(house, "Ana")
    person = house.people.find("discord", "discord-ana")
    assert person is not None
    assert person.traceless
    [(seen,)] = await house.sql("SELECT seen_at FROM person")
    assert seen % DAY == 0  # the day, not the hour
    assert await house.sql("SELECT count(*) FROM ledger") == [(0,)]
    assert (await _days(house, 400))[1] == 1


async def test_an_end_nobody_could_be_told_does_not_come_up_after_its_journal_went(
    house: House,
) -> None:
    house.twitch.stuck = True
    await _evening(house, "Ana")
    await _days(house, 30)
    await house.crash()
    again = await house.again()
    again.hall.wake("discord")
    assert again.discord.heard == []
    house.database, house.hall = again.database, again.hall


async def test_the_season_is_the_rooms_own(house: House) -> None:
    room = await house.room()
    # 31 August 2026, 22:30 UTC
    house.clock.wall_offset = 1_788_215_400_000_000 - round(house.clock.now() * 1e6)
    assert house.participation.season(room) == 2026
    assert house.participation.season(replace(room, zone="America/Cayenne")) == 2025
    assert house.participation.season(None) == 2026
