"""What each game is tried with by the tests that every game goes through: one entry for each game."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from games.hangman import HIDDEN
from games.matching import fold
from games.table import Wish
from games.words import lexicon


@dataclass(frozen=True, slots=True)
class Sample:
    """Ways to start a game, and what somebody might type who plays well: `lines` gets the game as it stands."""

    wishes: tuple[Wish, ...]
    lines: Callable[[Any, Random], str]
    actions: tuple[str, ...] = ()
    """Actions of hosts and wishes of players that only this game knows, or that it needs more often than others."""


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


def motus_lines(game: Any, chance: Random) -> str:
    scene = game.scene()
    word = game.options.words[max(0, scene.step - 1)]
    if chance.random() < 0.15:
        return word
    first = fold(word)[0] if game.options.style == "motus" else chance.choice("aeilmprst")
    known = lexicon(game.table.locale).beginning(first)
    return chance.choice([one for one in known if len(fold(one)) == len(fold(word))] or [word])


def anagrams_lines(game: Any, chance: Random) -> str:
    puzzle = game.options.puzzles[max(0, game.scene().step - 1)]
    return chance.choice([puzzle.word, puzzle.shown, puzzle.shown[::-1], *puzzle.words])


def longest_word_lines(game: Any, chance: Random) -> str:
    scene = game.scene()
    if not scene.facts or not scene.facts.searching:
        return chance.choice(("v", "c", "voyelle", "consonne", "VOWEL", "consonant"))
    letters = "".join(chance.sample(scene.facts.letters, chance.randrange(4, 8)))
    return chance.choice([*lexicon(game.table.locale).longest(letters), letters])


def countdown_lines(game: Any, chance: Random) -> str:
    dealt = game.options.deals[max(0, game.scene().step - 1)]
    if chance.random() < 0.1:
        return " ; ".join(
            f"{step.left}{step.sign}{step.right}={step.value}" for step in dealt.best.steps
        )
    numbers = [str(plate) for plate in chance.sample(dealt.plates, chance.randrange(2, 5))]
    return "".join(f"{number}{chance.choice('+-*/×x:')}" for number in numbers)[:-1]


def word_chain_lines(game: Any, chance: Random) -> str:
    asked = game.scene().facts.asked if game.scene().facts else "e"
    return chance.choice([*lexicon(game.table.locale).beginning(asked), f"{asked}zzz"])


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
    "motus": Sample(
        wishes=(
            Wish(rounds=2),
            Wish(text="vote", rounds=2),
            Wish(text="chacun 6lettres", rounds=2, pace="fast"),
        ),
        lines=motus_lines,
        actions=("mine",),
    ),
    "wordle": Sample(
        wishes=(Wish(rounds=2), Wish(text="each facile"), Wish(text="vote letters:7")),
        lines=motus_lines,
        actions=("mine",),
    ),
    "anagrams": Sample(
        wishes=(Wish(rounds=2), Wish(text="difficile lettres:9", rounds=2, pace="slow")),
        lines=anagrams_lines,
    ),
    "longest": Sample(
        wishes=(Wish(rounds=2), Wish(text="demande", rounds=2), Wish(text="asked 7letters")),
        lines=longest_word_lines,
    ),
    "countdown": Sample(
        wishes=(Wish(rounds=1), Wish(text="difficile", rounds=2)),
        lines=countdown_lines,
    ),
    "chain": Sample(
        wishes=(
            Wish(rounds=2),
            Wish(text="syllabe", rounds=2),
            *(Wish(text="tours"), Wish(text="turns syllable", pace="fast")) * 2,
        ),
        lines=word_chain_lines,
        actions=("tick",) * 8,  # people who miss their turns
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
