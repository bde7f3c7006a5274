"""Every game is killed at random instants, in its process, without a word: nothing announced is lost or untrue."""

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from bot import journal
from bot.games import KINDS, builders
from bot.session import Back
from bot.storage import sessions
from games.core import Platform, Refusal, Role
from games.table import Finished
from games.words import lexicon
from tests.game_samples import SAMPLES
from tests.game_strategies import started
from tests.hall_stage import House, visitor

EVERY = pytest.mark.parametrize("key", KINDS)
PEOPLE: tuple[tuple[Platform, str], ...] = (
    ("discord", "Ana"),
    ("twitch", "Bob"),
    ("discord", "Cléo"),
    ("twitch", "Dan"),
)


class Evening:
    """One game in one room over several lives of the bot, and all that was ever announced."""

    def __init__(self, house: House, key: str, seed: int) -> None:
        self.house = house
        self.key = key
        self.chance = Random(seed)
        self.room: Any = None
        self.session = 0
        self.announced: list[Any] = []
        self.lives = 1

    async def start(self) -> None:
        self.room = await self.house.room()
        wish = self.chance.choice(SAMPLES[self.key].wishes)
        kept = started(self.key, wish, self.chance)
        receipt = self.house.hall.start(self.room, self.key, "Jeu", kept, Role.HOST)
        self.session = receipt.session_id
        if kept["table"]["hosted"]:
            self.act("host", about=True)
        await self.house.hall.flush()

    @property
    def running(self) -> Any:
        return self.house.hall.running(self.room.id)

    def act(self, action: str, *, about: bool = False) -> None:
        whom = visitor("discord", "Hôte") if about else None
        with suppress(Refusal):
            self.house.hall.act(self.room.id, Role.HOST, action, about=whom)

    def step(self) -> None:
        """Let somebody do something, or time pass."""
        hall, chance = self.house.hall, self.chance
        game, scene = self.running.activity, self.running.activity.scene()
        platform, name = chance.choice((*PEOPLE, ("discord", "Hôte")))
        who, session = visitor(platform, name), self.running.id
        with suppress(Refusal):
            match chance.randrange(12):
                case 0:
                    hall.act(self.room.id, Role.HOST, chance.choice(("skip", "hint", "extend")))
                case 1:
                    hall.wished(self.room.id, who, "join")
                case 2 if scene.choices:
                    taken = (chance.randrange(len(scene.choices)),)
                    hall.chose(self.room.id, who, session, scene.turn, taken)
                case 3 if scene.form:
                    text = SAMPLES[self.key].lines(game, chance)
                    hall.wrote(self.room.id, who, session, scene.turn, text)
                case 4:
                    self.house.clock.advance(chance.choice((1.0, 7.0, 30.0)))
                case _:
                    hall.said(self.room.id, who, SAMPLES[self.key].lines(game, chance))

    async def die(self) -> None:
        """Kill the bot, what was not yet committed with it, and start it again."""
        self.announced += self.house.discord.events
        await self.house.crash()
        self.house = await self.house.again()
        self.lives += 1
        self.house.hall.wake("discord")
        self.house.hall.wake("twitch")
        await self.house.hall.flush()

    async def play(self) -> None:
        for _ in range(120):
            if self.running is not None:
                self.step()
            if self.chance.random() < 0.5:
                await self.house.hall.flush()
            if self.chance.random() < 0.15:
                await self.die()
        self.act("stop")
        await self.house.hall.flush()


@EVERY
@pytest.mark.parametrize("seed", range(4))
async def test_a_game_that_is_killed_at_any_play_ends_as_its_journal_says(
    tmp_path: Path, key: str, seed: int
) -> None:
    house = House(tmp_path / "e")
    house.activities |= builders(lexicon)
    evening = Evening(await house.open(), key, seed)
    await evening.start()
    await evening.play()
    house = evening.house
    try:
        assert evening.lives > 1
        evening.announced += house.discord.events
        told = [event for event in evening.announced if not isinstance(event, Back)]
        replayed = await journalled(house, key, evening.session)
        assert is_within(unique(told), unique(replayed)), "something untrue was announced"
        game = await house.hall.replay(evening.session)
        assert game is not None
        assert game.over
        assert isinstance(replayed[-1], Finished)
        rows = await house.sql(
            "SELECT person_id, plays, correct, points FROM ledger WHERE session_id = ?",
            evening.session,
        )
        parts = [(p.player.id, p.plays, p.right, p.points) for p in game.record()]
        assert sorted(rows) == sorted(parts)
    finally:
        await house.close()


async def journalled(house: House, key: str, session: int) -> list[Any]:
    """Return all events of a session as its journal tells it."""
    [(options, seed)] = await house.sql("SELECT options, seed FROM session WHERE id = ?", session)
    game = KINDS[key].build(orjson.loads(options), seed, lexicon("fr"))
    events: list[Any] = []
    for row in await sessions.journal(house.database, session):
        events += game.play(*journal.decode(row))
    return events


def unique(events: list[Any]) -> list[Any]:
    """Return events without one that follows its like: an end may be told once more after a crash."""
    return [event for index, event in enumerate(events) if event not in events[:index][-3:]]


def is_within(part: list[Any], whole: list[Any]) -> bool:
    """Return whether all of a part stands in the whole, in the same order."""
    rest = iter(whole)
    return all(event in rest for event in part)
