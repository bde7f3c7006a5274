"""A game played by hand in tests: time that the test sets, ticks given when they are due, as the hall does."""

from collections.abc import Mapping
from contextlib import suppress
from random import Random
from typing import Any

import orjson
import pytest

from games.core import Activity, Did, Play, Player, Refusal, Said, Ticked, Wished, Wrote
from games.table import TableOptions, Times, Wish
from games.words import Lexicon, Word, lexicon

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")


def a_table(
    title: str = "Soirée", locale: str = "fr", rounds: int = 1, **times: float
) -> TableOptions:
    return TableOptions(title, locale, Times(**times), rounds)


class Evening:
    """A game and its clock; each method returns what happened."""

    def __init__(self, game: Activity) -> None:
        self.game = game
        self.now = 0.0
        self.events: list[Any] = []
        self.plays: list[tuple[Play, float]] = []

    def play(self, play: Play) -> tuple[Any, ...]:
        """Give a play, and the ticks that are due before it."""
        while self.game.deadline is not None and self.game.deadline <= self.now:
            if not self._give(Ticked()):
                break
        return self._give(play)

    def _give(self, play: Play) -> tuple[Any, ...]:
        events = self.game.play(play, self.now)
        if events:
            self.plays.append((play, self.now))
        self.events += events
        return events

    def wait(self, seconds: float) -> tuple[Any, ...]:
        """Let time go on, tick by tick."""
        end, seen = self.now + seconds, len(self.events)
        while self.game.deadline is not None and self.game.deadline <= end:
            self.now = max(self.now, self.game.deadline)
            if not self._give(Ticked()):
                break
        self.now = end
        return tuple(self.events[seen:])

    def begin(self, *players: Player) -> "Evening":
        """Let these sit down, where there are seats, and go on to the first round."""
        self._give(Ticked())
        for player in players:
            self.play(Wished(player, "join"))
        if self.game.scene().phase == "lobby":
            self.wait((self.game.deadline or self.now) - self.now)
        assert self.game.scene().phase == "playing"
        return self

    def say(self, by: Player, text: str) -> tuple[Any, ...]:
        return self.play(Said(by, text))

    def write(self, by: Player, text: str) -> tuple[Any, ...]:
        return self.play(Wrote(by, self.game.scene().turn, text))

    def do(self, action: str, text: str = "") -> tuple[Any, ...]:
        return self.play(Did(None, action, text))

    def refused(self, play: Play) -> Refusal:
        """Give a play that must be refused, and change nothing."""
        before = picture(self.game)
        with pytest.raises(Refusal) as caught:
            self.play(play)
        assert picture(self.game) == before
        return caught.value

    def why_not(self, by: Player, text: str) -> str:
        """Return why something written is refused; said in chat it must then be silence."""
        assert self.say(by, text) == ()
        return self.refused(Wrote(by, self.game.scene().turn, text)).code

    def points(self) -> dict[int, int]:
        return {part.player.id: part.points for part in self.game.record()}


def picture(game: Activity) -> tuple[Any, ...]:
    """Return all that can be seen of a game."""
    return game.scene(), game.record(), game.deadline, game.over


def asked(text: str = "", **more: Any) -> Wish:
    return Wish(text=text, **more)


def french() -> Lexicon:
    return lexicon("fr")


def through_json(options: Any) -> Mapping[str, Any]:
    """Return options as a session finds them again."""
    kept: Mapping[str, Any] = orjson.loads(orjson.dumps(options.as_json()))
    return kept


def chance(seed: int = 1) -> Random:
    return Random(seed)


def quietly(evening: Evening, play: Play) -> None:
    """Give a play that may be refused."""
    with suppress(Refusal):
        evening.play(play)


def word(text: str) -> Word:
    return Word.of(text)
