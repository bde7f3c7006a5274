"""The rules of a round of the table, by sentences and by properties; replayed here and in another process."""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import journal
from bot.storage.sessions import JournalRow
from games.core import (
    Chose,
    Did,
    Part,
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
from games.round_table import (
    GATHER,
    GRACE,
    LONGEST,
    MORE,
    MOST,
    NEAR,
    SECONDS,
    Called,
    Event,
    Extended,
    Finished,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    RoundOptions,
    RoundTable,
    Seated,
    Skipped,
    Spoke,
    TimeUp,
)
from tests.quiz_strategies import ANY_TEXT

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")


def gathering(*people: Player, **options: Any) -> RoundTable:
    """A round that people sit down for until 60 s."""
    table = RoundTable(RoundOptions("Tour de table", **options), 7)
    assert table.play(Ticked(), 0) == (Opened(table.options.seconds, GATHER),)
    for player in people:
        table.play(Wished(player, "join"), 1)
    return table


def talking(*people: Player, **options: Any) -> RoundTable:
    """A round whose first speaker began at 60 s."""
    table = gathering(*people, **options)
    table.play(Ticked(), GATHER)
    return table


def refused(table: RoundTable, play: Play, now: float) -> str:
    before = table.scene()
    with pytest.raises(Refusal) as refusal:
        table.play(play, now)
    assert table.scene() == before
    return refusal.value.code


def test_people_sit_down_and_speak_in_that_order() -> None:
    table = gathering(ANNIE)
    assert table.play(Wished(BASILE, "join"), 2) == (Joined(BASILE, 2),)
    assert table.play(Ticked(), 60) == (Called(ANNIE, 1, SECONDS, BASILE),)
    assert table.play(Wished(ANNIE, "done"), 100) == (
        Spoke(ANNIE, 1),
        Called(BASILE, 2, SECONDS, None),
    )
    assert table.play(Wished(BASILE, "done"), 120) == (Spoke(BASILE, 2), Finished(2))
    assert table.over
    assert table.record() == (Part(ANNIE, 1, 0, 0), Part(BASILE, 1, 0, 0))


def test_whoever_is_there_is_seated_once() -> None:
    table = gathering(BASILE)
    seated = table.play(Did(None, "seat", "discord:1 twitch:2 gopher:4 discord:1 x"), 2)
    assert seated == (Seated((ANNIE,)),)
    assert table.play(Did(None, "seat", "discord:1"), 2) == ()
    assert table.scene().seated == (BASILE, ANNIE)


def test_a_draw_is_the_same_for_the_same_seed() -> None:
    people = [Player(number, "discord") for number in range(12)]
    orders = [
        [
            talking(*people, order="random").scene().facts.speaker,
            *talking(*people, order="random").scene().seated,
        ]
        for _ in range(2)
    ]
    assert orders[0] == orders[1]
    assert orders[0] != people
    assert sorted(player.id for player in orders[0]) == list(range(12))


def test_time_is_called_calmly_and_then_the_next_has_the_floor() -> None:
    table = talking(ANNIE, BASILE)
    assert table.deadline == 60 + SECONDS - NEAR
    assert table.play(Ticked(), 210) == (Nearing(ANNIE, 30),)
    assert table.play(Ticked(), 240) == (TimeUp(ANNIE, GRACE, BASILE),)
    assert table.scene().facts.over
    assert table.play(Ticked(), 270) == (Spoke(ANNIE, 1), Called(BASILE, 2, SECONDS, None))


def test_a_short_time_has_no_call_before_its_end() -> None:
    table = talking(ANNIE, seconds=20.0)
    assert table.play(Ticked(), 80) == (TimeUp(ANNIE, GRACE, None),)


def test_only_the_latest_call_is_made_when_several_were_missed() -> None:
    assert talking(ANNIE, BASILE).play(Ticked(), 250) == (TimeUp(ANNIE, 20, BASILE),)
    assert talking(ANNIE, BASILE).play(Ticked(), 999)[0] == Spoke(ANNIE, 1)


def test_nobody_speaks_twice_and_late_comers_are_last() -> None:
    table = talking(ANNIE, BASILE)
    table.play(Wished(ANNIE, "done"), 70)
    assert refused(table, Wished(ANNIE, "join"), 71) == "round-spoken"
    assert refused(table, Wished(BASILE, "join"), 71) == "round-now"
    assert table.play(Wished(COLINE, "join"), 72) == (Joined(COLINE, 1),)
    assert refused(table, Wished(COLINE, "join"), 73) == "round-waits"


def test_linked_accounts_are_one_person_at_the_table() -> None:
    table = gathering(ANNIE)
    assert refused(table, Wished(Player(ANNIE.id, "twitch"), "join"), 2) == "round-waits"


def test_whoever_passes_may_come_back() -> None:
    table = talking(ANNIE, BASILE)
    assert table.play(Wished(BASILE, "pass"), 61) == (Left(BASILE),)
    assert table.play(Wished(BASILE, "join"), 62) == (Joined(BASILE, 1),)
    assert table.play(Wished(ANNIE, "pass"), 63) == (
        Passed(ANNIE, 1),
        Called(BASILE, 2, SECONDS, None),
    )
    assert table.play(Wished(ANNIE, "join"), 64) == (Joined(ANNIE, 1),)
    assert table.play(Wished(BASILE, "pass"), 65)[0] == Passed(BASILE, 2)
    assert table.play(Wished(ANNIE, "done"), 66) == (Spoke(ANNIE, 3), Finished(1))


def test_what_one_says_at_the_table_is_enough() -> None:
    table = talking(ANNIE, BASILE, COLINE)
    assert table.play(Said(BASILE, "j’ai fini"), 61) == ()
    assert table.play(Said(ANNIE, "Je passe !"), 62)[0] == Passed(ANNIE, 1)
    assert table.play(Said(BASILE, "J'ai fini."), 63)[0] == Spoke(BASILE, 2)
    assert table.play(Said(COLINE, "je passe trop de temps à lire"), 64) == ()


def test_hosts_hand_on_go_past_and_give_time() -> None:
    table = gathering()
    assert refused(table, Did(None, "next"), 1) == "round-empty"
    assert refused(table, Did(None, "skip"), 1) == "round-empty"
    assert table.play(Did(None, "extend"), 10) == (Extended(None, 110),)
    for player in (ANNIE, BASILE, COLINE):
        table.play(Wished(player, "join"), 10)
    assert table.play(Did(None, "next"), 20) == (Called(ANNIE, 1, SECONDS, BASILE),)
    assert table.play(Did(None, "skip"), 30) == (
        Skipped(ANNIE, 1),
        Called(BASILE, 2, SECONDS, COLINE),
    )
    assert table.play(Did(None, "extend"), 40) == (Extended(BASILE, 170 + MORE),)
    assert table.play(Did(None, "next"), 50) == (
        Spoke(BASILE, 2),
        Called(COLINE, 3, SECONDS, None),
    )
    assert table.play(Wished(ANNIE, "join"), 51) == (Joined(ANNIE, 1),)
    assert table.play(Did(None, "stop"), 52) == (Spoke(COLINE, 3), Finished(2))


def test_two_hosts_who_press_at_once_go_past_one_person() -> None:
    table = talking(ANNIE, BASILE, COLINE)
    assert table.play(Did(None, "next", "1"), 70)[0] == Spoke(ANNIE, 1)
    assert refused(table, Did(None, "next", "1"), 70) == "round-moved"


def test_more_time_after_the_end_counts_from_now_and_has_a_limit() -> None:
    table = talking(ANNIE)
    table.play(Ticked(), 240)
    assert table.play(Did(None, "extend"), 250) == (Extended(ANNIE, MORE),)
    assert not table.scene().facts.over
    assert table.deadline == 250 + MORE - NEAR
    for _ in range(30):
        table.play(Did(None, "extend"), 250)
    assert table.scene().deadline == 250 + LONGEST


def test_nobody_at_the_table_is_an_end_too() -> None:
    assert gathering().play(Ticked(), 60) == (Finished(0),)


def test_the_table_has_so_many_chairs() -> None:
    table = gathering(*(Player(number, "twitch") for number in range(MOST)))
    assert refused(table, Wished(Player(999, "twitch"), "join"), 2) == "round-full"
    assert table.play(Did(None, "seat", "discord:998"), 3) == ()


def test_leaving_where_one_is_not_seated_is_refused() -> None:
    table = gathering(ANNIE)
    assert refused(table, Wished(BASILE, "pass"), 2) == "round-not-seated"
    assert refused(table, Wished(ANNIE, "done"), 2) == "round-not-yours"
    assert refused(table, Wished(ANNIE, "dance"), 2) == "unknown-action"
    assert refused(table, Did(None, "dance"), 2) == "unknown-action"
    assert refused(table, Chose(ANNIE, 1, (0,)), 2) == "unknown-action"
    assert refused(table, Wrote(ANNIE, 1, "x"), 2) == "unknown-action"


# --- Properties

PEOPLE = tuple(Player(n, platform) for n in range(1, 10) for platform in ("discord", "twitch"))
WISHES = ("join", "join", "join", "done", "pass", "dance")
ACTIONS = ("next", "skip", "extend", "seat", "dance")
SAID = ("je passe", "j’ai fini", "bonjour", "")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `wait` microseconds later."""

    action: str
    who: Player
    index: int
    wait: int
    text: str = ""

    def play(self) -> Play:
        match self.action:
            case "tick":
                return Ticked()
            case "wish":
                return Wished(self.who, WISHES[self.index % len(WISHES)], self.text)
            case "did":
                text = f"discord:{self.index} twitch:2" if self.index % 2 else self.text
                return Did(None, ACTIONS[self.index % len(ACTIONS)], text)
            case "said":
                return Said(self.who, (*SAID, self.text)[self.index % (len(SAID) + 1)])
            case "press":
                return Chose(self.who, 1, (self.index,))
            case "write":
                return Wrote(self.who, 1, self.text)
            case "shown":
                return Shown("discord", self.index)
            case "withdraw":
                return Withdrew(self.who)
            case _:
                return Did(None, "stop")


@dataclass(slots=True)
class Runner:
    """Runs a round as the hall does: session time in whole microseconds, the clock served first, a journal."""

    table: RoundTable
    at_us: int = 0
    rows: list[JournalRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def take(self, play: Play) -> tuple[Event, ...]:
        events = self.table.play(play, self.at_us / 1_000_000)
        if events:
            self.rows.append((1, len(self.rows) + 1, self.at_us, *journal.encode(play)))
            self.events += events
        return events

    def run(self, steps: tuple[Step, ...]) -> "Runner":
        self.take(Ticked())
        for step in steps:
            deadline = self.table.deadline
            if step.action == "tick" and deadline is not None:
                self.at_us = max(self.at_us, round(deadline * 1_000_000))
            else:
                self.at_us += step.wait
                if deadline is not None and self.at_us >= deadline * 1_000_000:
                    self.take(Ticked())
            before = seen(self.table)
            try:
                events = self.take(step.play())
            except Refusal:
                events = ()
            assert events or seen(self.table) == before
        return self


def seen(table: RoundTable) -> tuple[Any, ...]:
    return table.scene(), table.record(), table.deadline, table.over


def chance_run(seed: int, steps: int = 60) -> Runner:
    chance = Random(seed)
    options = RoundOptions(
        "Tour de table",
        chance.choice([180.0, 20.0, 60.5]),
        chance.choice([60.0, 20.0]),
        "random" if chance.random() < 0.5 else "joined",
    )
    kinds = ("tick", "wish", "wish", "wish", "wish", "did", "said", "shown", "withdraw")
    plan = [
        Step(
            chance.choice(kinds),
            chance.choice(PEOPLE),
            chance.randrange(60),
            chance.randrange(8_000_000),
        )
        for _ in range(steps)
    ]
    return Runner(RoundTable(options, seed)).run(tuple(plan))


STEPS = st.builds(
    Step,
    st.sampled_from(
        ("tick", "wish", "wish", "did", "said", "press", "write", "shown", "withdraw", "stop")
    ),
    st.sampled_from(PEOPLE),
    st.integers(0, 60),
    st.integers(0, 3_000_000) | st.integers(0, 300_000_000),
    ANY_TEXT,
)
ROUNDS = st.builds(
    RoundOptions,
    st.just("Tour de table"),
    st.sampled_from([180.0, 30.0, 0.1, 59.999999]),
    st.sampled_from([60.0, 0.0, 0.1]),
    st.sampled_from(["joined", "random"]),
)


@settings(max_examples=150, deadline=None)
@given(ROUNDS, st.integers(0, 99), st.lists(STEPS, max_size=30).map(tuple))
def test_a_replayed_journal_gives_the_live_state(
    options: RoundOptions, seed: int, steps: tuple[Step, ...]
) -> None:
    live = Runner(RoundTable(options, seed)).run(steps)
    again, events = RoundTable.from_json(orjson.loads(orjson.dumps(options.as_json())), seed), []
    for row in live.rows:
        play, at = journal.decode(row)
        events += again.play(play, at)
    assert seen(again) == seen(live.table)
    assert events == live.events


@settings(max_examples=150, deadline=None)
@given(ROUNDS, st.integers(0, 99), st.lists(STEPS, max_size=40).map(tuple))
def test_nobody_speaks_twice_whatever_happens(
    options: RoundOptions, seed: int, steps: tuple[Step, ...]
) -> None:
    live = Runner(RoundTable(options, seed)).run(steps)
    spoke = [event.by.id for event in live.events if isinstance(event, Spoke)]
    assert len(spoke) == len(set(spoke))
    assert all(part.points == 0 for part in live.table.record())
    assert len(live.table.record()) == len(spoke)


def test_every_round_ends_by_itself() -> None:
    for seed in range(40):
        runner = chance_run(seed)
        for _ in range(400):
            if runner.table.deadline is None:
                break
            runner.at_us = round(runner.table.deadline * 1_000_000)
            runner.take(Ticked())
        assert runner.table.over


REPLAY = """
import hashlib, json, sys
from bot.journal import decode
from games.round_table import RoundTable
for options, seed, rows in json.load(sys.stdin):
    table, events = RoundTable.from_json(options, seed), []
    for row in rows:
        play, at = decode(tuple(row))
        events += table.play(play, at)
    print(hashlib.sha256(repr((events, table.scene(), table.deadline)).encode()).hexdigest())
"""


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_under_another_hash_seed_replays_the_same(hash_seed: str) -> None:
    runners = [chance_run(seed) for seed in range(20)]
    assert sum(isinstance(event, Called) for r in runners for event in r.events) > 40
    runs = [[r.table.options.as_json(), seed, r.rows] for seed, r in enumerate(runners)]
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
    pictures = [repr((r.events, r.table.scene(), r.table.deadline)) for r in runners]
    assert done.stdout.split() == [hashlib.sha256(p.encode()).hexdigest() for p in pictures]
