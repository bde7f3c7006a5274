"""Plays as rows and back, and whole rounds replayed: here, and in another process."""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.journal import decode, encode
from bot.storage.sessions import JournalRow
from games.core import (
    Chose,
    Did,
    Play,
    Player,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.matching import fold
from games.quiz import Quiz
from games.quiz_events import Closed
from tests.quiz_strategies import ANY_TEXT, Round, Runner, chance_round, picture, replayed, rounds

ANNIE, BASILE = Player(1, "discord"), Player(2**53, "twitch")
MIGRATIONS = Path(__file__).parents[1] / "bot" / "storage" / "migrations"

players = st.builds(Player, st.integers(1, 2**62), st.sampled_from(["discord", "twitch"]))
words = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)
plays = st.one_of(
    st.builds(Said, players, st.text(max_size=40)),
    st.builds(Wrote, players, st.integers(-5, 10**9), st.text(max_size=40)),
    st.builds(
        Chose,
        players,
        st.integers(-5, 10**9),
        st.lists(st.integers(-5, 10**9), max_size=6).map(tuple),
    ),
    st.builds(Wished, players, words, st.text(max_size=40)),
    st.builds(Withdrew, players),
    st.builds(Did, players | st.none(), words, st.text(max_size=40)),
    st.builds(Shown, st.sampled_from(["discord", "twitch"]), st.integers(1, 10**9)),
    st.just(Ticked()),
)


def table() -> sqlite3.Connection:
    """The journal as the first migration makes it."""
    text = "\n".join(path.read_text("utf-8") for path in sorted(MIGRATIONS.glob("*.sql")))
    start = text.index("CREATE TABLE journal")
    connection = sqlite3.connect(":memory:")
    connection.execute(text[start : text.index(";", start)])
    return connection


def through(connection: sqlite3.Connection, rows: Iterable[JournalRow]) -> list[JournalRow]:
    connection.execute("DELETE FROM journal")
    connection.executemany("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    columns = "session_id, seq, at_us, play, person_id, platform, body"
    return connection.execute(f"SELECT {columns} FROM journal ORDER BY seq").fetchall()


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    made = table()
    yield made
    made.close()


@pytest.mark.parametrize(
    "play",
    [
        Said(ANNIE, "Zola"),
        Said(BASILE, ""),
        Said(BASILE, "a\x00b\u202e\U0001f600"),
        Wrote(ANNIE, 2, "Zola : l’ami"),
        Wrote(BASILE, 1, ""),
        Chose(BASILE, 3, (0,)),
        Chose(ANNIE, -1, (-1,)),
        Chose(ANNIE, 2, (3, 0, 1)),
        Chose(ANNIE, 2, ()),
        Wished(BASILE, "team", "Rouges : les seuls"),
        Wished(ANNIE, "leave"),
        Withdrew(ANNIE),
        Did(None, "stop"),
        Did(ANNIE, "skip"),
        Did(None, "accept", "Idéfix: oui"),
        Shown("twitch", 3),
        Ticked(),
    ],
)
def test_a_play_comes_back_as_it_was(play: Play, connection: sqlite3.Connection) -> None:
    (row,) = through(connection, [(4, 1, 1_500_000, *encode(play))])
    assert decode(row) == (play, 1.5)


@settings(max_examples=150, deadline=None)
@given(plays, st.integers(0, 10**13))
def test_every_play_comes_back_as_it_was(play: Play, at_us: int) -> None:
    again, at = decode((1, 1, at_us, *encode(play)))
    assert again == play
    assert round(at * 1_000_000) == at_us


@settings(max_examples=60, deadline=None)
@given(ANY_TEXT)
def test_any_line_can_be_kept(connection: sqlite3.Connection, text: str) -> None:
    (row,) = through(connection, [(1, 1, 0, *encode(Said(ANNIE, text)))])
    play, _ = decode(row)
    assert isinstance(play, Said)
    assert len(play.text) == len(text)
    assert fold(play.text) == fold(text)
    whole = not any("\ud800" <= char <= "\udfff" for char in text)
    assert (play.text == text) == whole


def test_half_a_surrogate_pair_is_kept_as_a_sign_that_no_judge_sees(
    connection: sqlite3.Connection,
) -> None:
    runner = Runner(Quiz(chance_round(1).options, 1))
    answer = next(q.answer for q in runner.quiz.options.questions if not q.wrong)
    (row,) = through(connection, [(1, 1, 0, *encode(Said(ANNIE, f"{answer}\ud83d")))])
    assert decode(row)[0] == Said(ANNIE, f"{answer}\ufffd")


@pytest.mark.parametrize(
    "row",
    [
        (1, 1, 0, "sang", 1, "discord", "la"),
        (1, 1, 0, "said", None, None, "Zola"),
        (1, 1, 0, "chose", 1, "discord", "a:b"),
        (1, 1, 0, "chose", 1, "discord", "1"),
        (1, 1, 0, "withdrew", None, None, None),
    ],
)
def test_a_row_of_no_known_kind_is_a_fault(row: JournalRow) -> None:
    with pytest.raises(ValueError):
        decode(row)


@settings(max_examples=80, deadline=None)
@given(rounds())
def test_a_replayed_journal_gives_the_live_state(
    connection: sqlite3.Connection, plan: Round
) -> None:
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.run(plan.steps)
    rows = through(connection, runner.rows)
    again, events = replayed(orjson.dumps(plan.options.as_json()), plan.seed, rows)
    assert picture(again) == picture(runner.quiz)
    assert events == runner.events


@settings(max_examples=40, deadline=None)
@given(rounds(), st.integers(0, 40))
def test_a_round_goes_on_after_a_replay_as_if_nothing_had_been(plan: Round, cut: int) -> None:
    straight = Runner(Quiz(plan.options, plan.seed))
    straight.run(plan.steps)
    first = Runner(Quiz(plan.options, plan.seed))
    first.run(plan.steps[:cut])
    again, events = replayed(orjson.dumps(plan.options.as_json()), plan.seed, first.rows)
    second = Runner(again, first.at_us, list(first.rows), events)
    second.run(plan.steps[cut:])
    assert second.events == straight.events
    assert picture(second.quiz) == picture(straight.quiz)


REPLAY = """
import hashlib, json, sys
from bot.journal import decode
from games.quiz import Quiz
for options, seed, rows in json.load(sys.stdin):
    quiz, events = Quiz.from_json(options, seed), []
    for row in rows:
        play, at = decode(tuple(row))
        events += quiz.play(play, at)
    seen = repr((events, quiz.scene(), quiz.record(), quiz.deadline))
    print(hashlib.sha256(seen.encode()).hexdigest())
"""


def _live(seed: int) -> Runner:
    plan = chance_round(seed)
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.run(plan.steps)
    return runner


def _digest(runner: Runner) -> str:
    quiz = runner.quiz
    seen = repr((runner.events, quiz.scene(), quiz.record(), quiz.deadline))
    return hashlib.sha256(seen.encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_under_another_hash_seed_replays_the_same(hash_seed: str) -> None:
    runners = [_live(seed) for seed in range(20)]
    solved = [e for runner in runners for e in runner.events if isinstance(e, Closed) and e.solvers]
    assert len(solved) > 20, "the recorded rounds are too quiet to prove anything"
    runs = [[r.quiz.options.as_json(), seed, r.rows] for seed, r in enumerate(runners)]
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=30,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout.split() == [_digest(runner) for runner in runners]
