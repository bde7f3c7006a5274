"""What each game is tried with by the tests that every game goes through: one entry for each game."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from games.hangman import HIDDEN
from games.table import Wish


@dataclass(frozen=True, slots=True)
class Sample:
    """Ways to start a game, and what somebody might type who plays well: `lines` gets the game as it stands."""

    wishes: tuple[Wish, ...]
    lines: Callable[[Any, Random], str]
    actions: tuple[str, ...] = ()
    """Actions of hosts and wishes of players that only this game knows."""


def hangman_lines(game: Any, chance: Random) -> str:
    scene = game.scene()
    if not scene.facts or chance.random() < 0.1:
        return game.options.words[max(0, scene.step - 1)]
    hidden = [
        slot.letter
        for slot, place in zip(game._word.slots, scene.facts.places, strict=True)
        if place == HIDDEN
    ]
    return chance.choice([*hidden, *"eaisnrtoulxyz"])


def connect_four_lines(game: Any, chance: Random) -> str:
    return str(chance.randrange(1, 8))


SAMPLES: Mapping[str, Sample] = {
    "hangman": Sample(
        wishes=(
            Wish(rounds=2),
            Wish(text="chacun", rounds=2),
            Wish(text="difficile together", pace="slow"),
            Wish(secret="Cœur d’artichaut"),
        ),
        lines=hangman_lines,
    ),
    "connect_four": Sample(
        wishes=(Wish(), Wish(text="duel", rounds=2), Wish(text="tchat", pace="fast", rounds=3)),
        lines=connect_four_lines,
    ),
}
