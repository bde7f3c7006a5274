"""Practising alone, without platforms: one for each person, the game's own deadlines, an end when nobody is there."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import practice as module
from bot.games import ALONE, KINDS, Games
from bot.people import Visitor
from bot.practice import FIRST, IDLE, Practice, Practices, read
from games.core import Refusal
from games.words import lexicon
from tests.fake_clock import FakeClock
from tests.hall_stage import House

ANA, BOB = Visitor("discord", "1", "Ana"), Visitor("discord", "2", "Bob")
EVERY = pytest.mark.parametrize("key", [kind.key for kind in ALONE])


class Room:
    """The practices of a program, with its clock and what was told of their changes."""

    def __init__(self, house: House) -> None:
        self.clock: FakeClock = house.clock
        self.house = house
        self.practices = Practices(Games(house.hall, lexicon, {}), house.clock)
        self.changed: list[Practice] = []

    async def begin(
        self, key: str = "hangman", details: str = "", owner: Visitor = ANA
    ) -> Practice:
        kind = KINDS[key]
        return await self.practices.begin(owner, kind, details, "Jeu", "fr", self.changed.append)

    def scene(self, practice: Practice) -> Any:
        return practice.activity.scene()


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    house = await House(tmp_path / "p").open()
    yield Room(house)
    await house.close()


async def refusal(room: Room, *arguments: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as caught:
        await room.begin(*arguments, **more)
    return caught.value.code


@EVERY
async def test_every_game_that_can_be_practised_begins_at_once_and_ends_by_its_own_clock(
    room: Room, key: str
) -> None:
    practice = await room.begin(key, "2")
    assert room.scene(practice).phase == "playing"
    assert room.scene(practice).step == 1
    ends_at = room.practices.ends_at(practice)
    assert ends_at is not None
    times = KINDS[key].times
    assert ends_at - room.clock.wall() / 1e6 == pytest.approx(times.round)
    for _ in range(200):
        room.clock.advance(10.0)
        practice.touched_at = room.clock.now()
    assert practice.end == "done"
    assert room.changed.count(practice) >= 3
    assert room.practices._on == {}


async def test_games_that_take_others_cannot_be_practised(room: Room) -> None:
    for key in set(KINDS) - {kind.key for kind in ALONE}:
        assert await refusal(room, key) == "not-alone"
    assert {kind.key for kind in ALONE} >= {"hangman", "motus", "wordle", "anagrams"}


async def test_nothing_is_written_and_nobody_is_enrolled(room: Room) -> None:
    practice = await room.begin("motus", "1")
    game: Any = practice.activity
    room.practices.wrote(practice, room.scene(practice).turn, game.options.words[0])
    assert practice.end == "done"
    assert practice.points == 6
    await room.house.hall.flush()
    for table in ("person", "session", "journal", "ledger"):
        assert not await room.house.sql(f"SELECT * FROM {table}")


async def test_ways_to_play_that_take_others_are_left_out(room: Room) -> None:
    for text in ("vote", "chacun"):
        practice = await room.begin("motus", text)
        game: Any = practice.activity
        assert game.options.mode == "first"


async def test_one_person_has_one_practice_and_others_have_theirs(room: Room) -> None:
    first = await room.begin()
    other = await room.begin(owner=BOB)
    second = await room.begin("motus")
    assert (first.end, other.end, second.end) == ("replaced", None, None)
    assert room.changed == [first]
    assert room.practices.find(ANA, second.number) is second
    for owner, number in ((ANA, first.number), (BOB, second.number), (ANA, 12)):
        with pytest.raises(Refusal, match="practice-over"):
            room.practices.find(owner, number)


async def test_an_abandoned_practice_ends_after_some_minutes(room: Room) -> None:
    practice = await room.begin("motus", "lent 5 300")
    room.clock.advance(IDLE - 1)
    assert practice.end is None
    with pytest.raises(Refusal):
        room.practices.wrote(practice, room.scene(practice).turn, "?")
    room.clock.advance(IDLE - 1)
    assert practice.end is None, "who is wrong is there all the same"
    room.clock.advance(1)
    assert practice.end == "idle"
    assert room.changed[-1] is practice
    assert room.scene(practice).phase == "over"


async def test_only_so_many_practise_at_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    await room.begin()
    await room.begin(owner=BOB)
    assert await refusal(room, owner=Visitor("discord", "3", "Cléo")) == "practice-full"
    await room.begin("motus")


async def test_rules_that_fail_end_the_practice_and_free_its_place(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = await room.begin()

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    monkeypatch.setattr(practice.activity, "play", fail)
    with pytest.raises(ZeroDivisionError):
        room.practices.act(practice, "hint")
    assert practice.end == "failed"
    assert room.practices._on == {}


async def test_a_late_answer_falls_in_the_next_round(room: Room) -> None:
    practice = await room.begin("anagrams", "2")
    turn = room.scene(practice).turn
    practice.timer.cancel() if practice.timer else None
    room.clock.advance(KINDS["anagrams"].times.round + 1)
    with pytest.raises(Refusal, match="moved-on"):
        room.practices.wrote(practice, turn, "mot")


async def test_closing_forgets_all_and_no_timer_is_left(room: Room) -> None:
    practice = await room.begin()
    room.practices.close()
    assert practice.timer is None
    room.clock.advance(2 * IDLE)
    assert room.changed == []


@pytest.mark.parametrize(
    ("text", "code"), [("6", "no-number"), ("1 301", "no-number"), ("x" * 61, "unknown-option")]
)
def test_details_are_modest(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        read(text)


def test_numbers_of_practices_are_never_those_of_sessions() -> None:
    assert len(str(FIRST)) == len(str(10 * FIRST - 1)) == 13
