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
    """Return a guess: a good one mostly, or where the word is of odd length, as luck will have it."""
    scene = game.scene()
    word = game.options.words[max(0, scene.step - 1)]
    skill = 0.05 if len(word) % 2 else 0.5
    if not scene.facts or chance.random() < skill / 4:
        return word
    hidden = [
        slot.letter
        for slot, place in zip(game._word.slots, scene.facts.places, strict=True)
        if place == HIDDEN
    ]
    good = hidden and chance.random() < skill
    return chance.choice(hidden if good else "eaisnrtoulxyzbcdfghjkmpqvw")


def connect_four_lines(game: Any, chance: Random) -> str:
    return str(chance.choice((4, 4, 3, chance.randrange(1, 8))))


def petit_bac_lines(game: Any, chance: Random) -> str:
    """Return answers that may be alike, or a vote; every answer in the samples begins with the right letter."""
    scene = game.scene()
    if scene.kind == "contesting":
        word = chance.choice(("contester", "contest", "garder", "keep"))
        return f"{word} {chance.randrange(1, 6)}"
    letter = game.options.letters[max(0, scene.step - 1)]
    ends = [f"{letter}{chance.choice(('ain', 'omme', 'ierre'))}" for _ in range(3)]
    return chance.choice((f"1 {ends[0]} 2 {ends[1]} 3 zzz", f"2 la {ends[2]}", "\n".join(ends)))


def bingo_lines(game: Any, chance: Random) -> str:
    return chance.choice(("bingo", "Bingo !", "quine", "BINGOOO"))


def exquisite_corpse_lines(game: Any, chance: Random) -> str:
    """Return a line mostly; at times somebody signs, takes a turn, or writes too little."""
    lines = ("une nuit d’hiver sans lune", "le chat bleu traverse la cour et ne dit rien")
    return chance.choice((*lines * 4, "je prends", "signer", "deux mots"))


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
    "petit_bac": Sample(
        wishes=(
            Wish(rounds=2),
            Wish(text="lecture", pace="fast", rounds=1),
            Wish(text="ville, animal, métier, lettre:P", rounds=2),
        ),
        lines=petit_bac_lines,
        actions=("contest", "keep"),
    ),
    "bingo": Sample(
        wishes=(
            Wish(text="un, deux, trois, quatre, cinq, six, sept, huit, neuf, auto", pace="fast"),
            Wish(text="stream, deux lignes"),
            Wish(text="nombres", pace="fast"),
            Wish(text="loto carton plein"),
        ),
        lines=bingo_lines,
        actions=(*("draw", "mine") * 5, "claim", "remove", "remove"),
    ),
    "exquisite_corpse": Sample(
        wishes=(
            Wish(),
            Wish(text="lignes:4", pace="fast"),
            Wish(text="modéré"),
            Wish(text="moderated lines:4"),
        ),
        lines=exquisite_corpse_lines,
        actions=(
            *("join", "write") * 20,
            *("take", "sign", "approve", "remove", "skip") * 5,
        ),
    ),
}
