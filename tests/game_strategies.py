"""Sessions of any game to try: how it was started, what people do; and a driver that runs them as the hall does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from bot import journal
from bot.games import KINDS
from bot.storage.sessions import JournalRow
from games.core import (
    Activity,
    Chose,
    Did,
    Play,
    Player,
    Refusal,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.table import TableOptions, Wish
from games.words import lexicon
from tests.game_samples import SAMPLES

PEOPLE = tuple(
    Player(number, platform) for number in (1, 2, 3) for platform in ("discord", "twitch")
)
HOST = Player(9, "discord")
NOISE = (
    *("", "\x00", "\ud83d", "\u202eA", "A\u200br", "アラミス", "😀" * 20, "x" * 201, "x" * 5000),
    *("e" + "\u0301" * 190, "\ufdfa" * 199, "a\nb", "1:2,3", "🎲", "-1", "9" * 400, "!stop", "it"),
    *("salut", "a", "E", "É", "7", "4 4", "lettre", "mot entier", "1+1", "`", "oui", "non"),
)
NUMBERS = ("", "1", "2", "3")
ACTIONS = (
    *("play",) * 20,
    *("noise", "press", "write", "scribble", "old", "withdraw", "shown", "join", "leave") * 2,
    *("tick", "hint", "skip", "extend", "mine", "approve", "remove", "dance", "early"),
)


def started(key: str, wish: Wish, chance: Random, locale: str = "fr") -> dict[str, Any]:
    """Return the kept options of a game as a host starts it."""
    kind = KINDS[key]
    times = kind.times.at(wish.pace)
    table = TableOptions("Jeu", locale, times, wish.rounds or kind.rounds)
    kept: dict[str, Any] = kind.options(table, wish, lexicon(locale), chance).as_json()
    return kept


def build(key: str, options: bytes, seed: int) -> Activity:
    """Build a game from options kept as JSON."""
    kept = orjson.loads(options)
    return KINDS[key].build(kept, seed, lexicon(kept["table"]["locale"]))


@dataclass(slots=True)
class Runner:
    """Runs a game as the hall does: session time in whole microseconds, the clock served first, a journal.

    On the way it checks what holds after every play: see `take`.
    """

    key: str
    options: bytes
    seed: int
    people: tuple[Player, ...] = PEOPLE
    game: Any = field(init=False)
    at_us: int = 0
    rows: list[JournalRow] = field(default_factory=list)
    events: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.game = build(self.key, self.options, self.seed)

    @classmethod
    def of(cls, key: str, seed: int) -> "Runner":
        """Return a session that `seed` decides, opened."""
        chance = Random(seed)
        wish = chance.choice(SAMPLES[key].wishes)
        locale = chance.choice(("fr", "en")) if not wish.secret else "fr"
        people = PEOPLE[: chance.choice((1, 2, 6))]
        runner = cls(key, orjson.dumps(started(key, wish, chance, locale)), seed, people)
        runner.take(Ticked())
        if runner.game.table.hosted:
            runner.take(Did(HOST, "host"))
        for player in people[
            :: chance.choice((2, 4))
        ]:  # where there are seats, some sit down at once
            runner.take(Wished(player, "join"))
        return runner

    def take(self, play: Play) -> tuple[Any, ...]:
        """Give one play to the rules, and journal it when they accepted it.

        What is refused or no play changes nothing; points come to people who play, and are never taken away.
        """
        before = picture(self.game)
        points = {part.player.id: part.points for part in self.game.record()}
        try:
            events = self.game.play(play, self.at_us / 1_000_000)
        except Refusal:
            assert not isinstance(play, Said | Withdrew | Shown | Ticked), play
            assert picture(self.game) == before, play
            return ()
        if not events:
            assert picture(self.game) == before, play
            assert not isinstance(play, Wrote | Chose | Wished | Did), play
            return ()
        self.rows.append((1, len(self.rows) + 1, self.at_us, *journal.encode(play)))
        self.events += events
        for part in self.game.record():
            assert part.points >= points.get(part.player.id, 0), play
            assert 0 <= part.right <= part.plays, play
            assert part.plays > 0, play
        return events

    def clock(self) -> None:
        """Give the clock's play when it is due; it must lead on."""
        due = self.game.deadline
        if due is not None and self.at_us / 1_000_000 >= due:
            self.take(Ticked())
            later = self.game.deadline
            assert later is None or later > due or self.game.over, "time does not go on"

    def step(self, action: str, chance: Random) -> None:
        """Let some time pass, then let somebody do something."""
        due = self.game.deadline
        if action == "tick" and due is not None:
            self.at_us = max(self.at_us, round(due * 1_000_000))
        else:
            self.at_us += chance.randrange(2_000_000)
        self.clock()
        if not self.game.over and action != "tick":
            self.take(self._play(action, chance))

    def _play(self, action: str, chance: Random) -> Play:
        who, scene = chance.choice(self.people), self.game.scene()
        sample = SAMPLES[self.key]
        match action:
            case "play":
                return Said(who, sample.lines(self.game, chance))
            case "noise":
                return Said(who, chance.choice(NOISE))
            case "press":
                return Chose(who, scene.turn, (chance.randrange(max(1, len(scene.choices))),))
            case "old":
                return Chose(who, scene.turn - 1, (0,))
            case "write":
                return Wrote(who, scene.turn, sample.lines(self.game, chance))
            case "scribble":
                return Wrote(who, scene.turn, chance.choice(NOISE))
            case "withdraw":
                return Withdrew(who)
            case "shown":
                return Shown(who.platform, scene.turn)
            case "early":
                return Ticked()
            case "join" | "leave" | "mine":
                return Wished(who, action)
            case _ if action in sample.actions and chance.random() < 0.5:
                return Wished(who, action, chance.choice(NOISE))
            case _:
                return Did(None, action, chance.choice((*NUMBERS * 10, *NOISE)))

    def run(self, chance: Random, steps: int = 80) -> None:
        """Let people play, and in the end let the clock finish what they began."""
        actions = (*ACTIONS, *SAMPLES[self.key].actions * 2)
        for _ in range(steps):
            self.step(chance.choice(actions), chance)
        if chance.random() < 0.3 and not self.game.over:
            self.take(Did(None, "stop"))

    def left_alone(self) -> None:
        """Let nobody do anything any more: every game ends by itself."""
        for _ in range(200):
            if self.game.over:
                return
            due = self.game.deadline
            assert due is not None, "nothing would ever happen again"
            self.at_us = max(self.at_us, round(due * 1_000_000))
            self.clock()
        raise AssertionError("the game does not end")


def picture(game: Activity) -> tuple[Any, ...]:
    """Return all that can be seen of a game."""
    return game.scene(), game.record(), game.deadline, game.over


def replayed(runner: Runner, rows: Sequence[JournalRow] | None = None) -> tuple[Any, list[Any]]:
    """Build a game again from its kept options and its journal; return it and all its events."""
    game = build(runner.key, runner.options, runner.seed)
    events: list[Any] = []
    for row in runner.rows if rows is None else rows:
        play, at = journal.decode(row)
        events += game.play(play, at)
    return game, events
