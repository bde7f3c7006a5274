"""What holds for the games of words and numbers alone: another process, what hosts ask for, the words drawn."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from games import anagrams, motus, word_chain
from games.core import Refusal
from games.table import RoundOver
from games.wishes import LETTERS, LEVELS, Asked, draw_words
from games.words import LOCALES, lexicon
from tests.game_samples import SAMPLES
from tests.game_strategies import Runner, picture, started

KEYS = ("motus", "wordle", "anagrams", "longest", "countdown", "chain")

REPLAY = """
import hashlib, json, sys
from tests.game_strategies import Runner, picture, replayed
for key, options, seed, rows in json.load(sys.stdin):
    runner = Runner(key, options.encode(), seed)
    game, events = replayed(runner, rows)
    print(hashlib.sha256(repr((events, picture(game))).encode()).hexdigest())
"""


def live(key: str, seed: int) -> Runner:
    runner = Runner.of(key, seed)
    runner.run(Random(seed))
    return runner


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_under_another_hash_seed_replays_the_same(hash_seed: str) -> None:
    runners = [live(key, seed) for key in KEYS for seed in range(3)]
    over = [e for runner in runners for e in runner.events if isinstance(e, RoundOver)]
    assert len(over) > 10, "the recorded games are too quiet to prove anything"
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=json.dumps([[r.key, r.options.decode(), r.seed, r.rows] for r in runners]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=50,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout.split() == [
        hashlib.sha256(repr((r.events, picture(r.game))).encode()).hexdigest() for r in runners
    ]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("level", sorted(LEVELS))
def test_there_are_words_to_find_of_every_length_and_level(locale: str, level: int) -> None:
    for length in {*motus.ANY_LENGTH, *anagrams.ANY_LENGTH, *word_chain.LENGTHS}:
        drawn = draw_words(lexicon(locale), Random(1), range(length, length + 1), level, 20)
        assert len({word.letters for word in drawn}) == 20


def test_a_word_is_drawn_twice_only_when_there_are_no_others() -> None:
    words = lexicon("fr").plus(["zzzzzzzzzzzzzzzzzzzzz"])
    drawn = draw_words(words, Random(1), range(21, 22), 1, 3)
    assert [word.letters for word in drawn] == ["z" * 21] * 3


def test_a_word_of_several_pieces_that_a_host_adds_is_not_drawn() -> None:
    words = lexicon("fr").plus(["arc-en-ciel", "lendemain matin"])
    drawn = draw_words(words, Random(1), range(10, 12), 1, 40)
    assert all(word.letters.isalpha() for word in drawn)


@pytest.mark.parametrize("key", KEYS)
def test_a_slow_pace_stretches_every_timer(key: str) -> None:
    for wish in SAMPLES[key].wishes:
        usual, slow = (
            started(key, replace(wish, pace=pace), Random(1)) for pace in ("normal", "slow")
        )
        timed = {name for name in usual if isinstance(usual[name], float)}
        assert all(slow[name] == 2 * usual[name] for name in timed)
        assert slow["table"]["times"]["round"] == 2 * usual["table"]["times"]["round"]


def test_what_a_host_types_is_taken_word_by_word() -> None:
    wanted = Asked("Facile, lettres:7 VOTE")
    assert wanted.choice(LEVELS, 2) == 1
    assert wanted.number(LETTERS, range(5, 11)) == 7
    assert wanted.choice(motus.MODES, "first") == "vote"
    wanted.end()


@pytest.mark.parametrize(
    ("text", "number"), [("8lettres", 8), ("letters=8", 8), ("8", None), ("", None)]
)
def test_a_number_is_given_by_its_name(text: str, number: int | None) -> None:
    assert Asked(text).number(LETTERS, range(5, 11)) == number


def test_what_is_left_over_is_refused_shortened() -> None:
    with pytest.raises(Refusal) as caught:
        Asked("x" * 500).end()
    assert caught.value.facts == {"text": "x" * 30}
