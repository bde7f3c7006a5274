"""Who hears of a wish to join a club, and what becomes of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.club_notices import Account, ClubNotices, Notice
from bot.people import Visitor
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from games.core import Platform, Role
from tests.club_stage import AURORE, CAMILLE, INES, LEO, ClubHouse

PATRON = Role.PATRON


@dataclass
class Door:
    """Notes who is told what on a platform."""

    platform: Platform
    told: list[tuple[str, str]] = field(default_factory=list)

    def notify(self, room: Room, notice: Notice, to: Sequence[Account]) -> None:
        self.told += [(notice.what, one.user_id) for one in to]


class Entrance(ClubHouse):
    """A club by approval, and its doors."""

    def build(self) -> None:
        self.discord, self.twitch = Door("discord"), Door("twitch")
        doors = [self.discord, self.twitch]
        ClubNotices(self.database, self.clock, self.agenda, self.clubs, self.rooms.by_id, doors)

    async def by_approval(self) -> Club:
        return await self.club(access="approval")

    async def ask(self, club: Club, *people: Visitor) -> None:
        for who in people:
            await self.clubs.join(club, who)
        await self.settle()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Entrance]:
    engine = await Entrance(tmp_path / "file.db").open()
    yield engine
    await engine.close()


async def test_a_host_hears_of_the_first_who_asks_and_not_of_each(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES, CAMILLE, LEO)
    assert door.discord.told == [("asked", AURORE.user_id)]
    assert door.twitch.told == []


async def test_a_host_hears_again_once_nobody_waited(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES)
    await door.clubs.decline(club, "Inès", AURORE, PATRON)
    await door.ask(club, CAMILLE)
    assert [what for what, _ in door.discord.told] == ["asked", "asked"]


async def test_whoever_is_let_in_is_told_where_they_are(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES, CAMILLE)
    for name in ("Inès", "Camille"):
        await door.clubs.approve(club, name, AURORE, PATRON)
    await door.settle()
    assert door.twitch.told == [("welcome", INES.user_id)]
    assert door.discord.told[1:] == [("welcome", CAMILLE.user_id)]


async def test_a_chat_that_read_the_answer_is_not_told_again(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES, CAMILLE)
    room = await door.room()
    for name in ("Inès", "Camille"):
        await door.clubs.approve(club, name, AURORE, PATRON, room)
    await door.settle()
    assert door.twitch.told == []
    assert door.discord.told[1:] == [("welcome", CAMILLE.user_id)]


async def test_a_no_is_said_in_private_or_not_at_all(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES, CAMILLE)
    for name in ("Inès", "Camille"):
        await door.clubs.decline(club, name, AURORE, PATRON)
    await door.settle()
    assert door.twitch.told == []
    assert door.discord.told[1:] == [("declined", CAMILLE.user_id)]


async def test_what_was_decided_before_a_crash_is_told_after_it(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES)
    await door.agenda.close()
    await door.clubs.approve(club, "Inès", AURORE, PATRON)
    again = await door.after()
    assert again.twitch.told == [("welcome", INES.user_id)]
    await again.close()
    await door.open()


async def test_whoever_was_erased_or_left_meanwhile_is_told_nothing(door: Entrance) -> None:
    club = await door.by_approval()
    await door.ask(club, INES, LEO)
    await door.agenda.close()
    for name in ("Inès", "Leo64"):
        await door.clubs.approve(club, name, AURORE, PATRON)
    await door.participation.forget(INES)
    await door.clubs.leave(club, LEO)
    again = await door.after()
    assert again.twitch.told == []
    await again.close()
    await door.open()


async def test_nobody_is_called_for_whoever_asked_and_left_again(door: Entrance) -> None:
    club = await door.by_approval()
    await door.agenda.close()
    await door.clubs.join(club, INES)
    await door.clubs.leave(club, INES)
    again = await door.after()
    assert again.discord.told == []
    await again.close()
    await door.open()
