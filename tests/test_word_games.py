"""What holds for the games of words and numbers alone: another process, and what their wording shows."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from games.table import RoundOver
from tests.game_strategies import Runner, picture

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
