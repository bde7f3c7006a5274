"""Rounds of quiz to try: questions, options, what people do; and a driver that runs them as the hall does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from hypothesis import strategies as st

from bot import journal
from bot.storage.sessions import JournalRow
from games.core import (
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
from games.question import Question
from games.quiz import Quiz, QuizOptions, TeamPlay
from games.quiz_events import Event
from games.scoring import PRESETS

ANY_TEXT = st.text(st.characters(), max_size=30) | st.sampled_from(
    [
        "",
        "\x00",
        "\ud83d",
        "Aramis\udc00",
        "\u202eAramis",
        "A\u200br\u034famis",
        "アラミス",
        "أراميس",
        "अरामिस",
        "😀" * 20,
        "x" * 201,
        "x" * 5000,
        "e" + "\u0301" * 190,
        "\ufdfa" * 199,
    ]
)
"""Any text in any script, lone surrogates and control characters included."""

POOL = (
    Question("Qui rêve du couvent ?", "Aramis", explanation="expl-1", source="src-1"),
    Question("Qui signe ?", "George Sand", person=True, explanation="expl-2", source="src-2"),
    Question("Le chien ?", "Idéfix", ("Dogmatix",), explanation="expl-3", source="src-3"),
    Question("Quelle mine ?", "Germinal", wrong=("Nana", "La Terre"), explanation="expl-4"),
    Question("Quelle ville ?", "Pau", wrong=("Lyon", "Paris", "Orthez"), source="src-5"),
    Question("Quel signe ?", "+", wrong=("E", "un"), explanation="expl-6", source="src-6"),
    Question("Quelle année ?", "1885", number=1885, explanation="expl-7"),
    Question("Lesquels ?", answers=("Athos", "Aramis"), wrong=("Cyrano", "Roxane"), source="src-9"),
    Question("Dans l’ordre ?", order=("un", "deux", "trois"), explanation="expl-10"),
    Question("Zola a écrit « Nana » ?", truth=True, explanation="expl-11"),
    Question("Quel tableau ?", "Guernica", unlike=("Guerrico",), image="x/a.png", alt="Un cheval."),
    Question(
        "Quel héros ?", "Porthos", hints=("Il est fort.", "Il rêve d’un titre."), source="src-8"
    ),
)

TEAM_PLAYS = (
    None,
    TeamPlay("platforms", ("Discord", "Twitch")),
    TeamPlay("houses", ("Pau", "Lons", "Billère"), ((1, 2),)),
    TeamPlay("free", ("Rouges", "Bleus")),
)

ACTIONS = (
    *("tick",) * 4,
    *("answer", "letter", "press") * 3,
    *("text", "noise", "early", "withdraw", "skip", "old", "dance", "number", "hint", "undo"),
    *("several", "write", "accept", "credit", "shown", "team", "scribble"),
)
PEOPLE = tuple(
    Player(number, platform) for number in (1, 2, 3) for platform in ("discord", "twitch")
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `wait` microseconds later; what it is exactly depends on the open question."""

    action: str
    who: Player
    index: int
    wait: int
    text: str = ""

    def play(self, quiz: Quiz) -> Play:
        """Return the play it comes to."""
        scene = quiz.scene()
        questions = (Question("", ""), *quiz.options.questions)
        match self.action:
            case "tick" | "early":
                return Ticked()
            case "answer":
                return Said(self.who, questions[scene.step].answer)
            case "letter":
                return Said(self.who, "abcdefg"[self.index % 7])
            case "text":
                return Said(
                    self.who, (*scene.choices, "rien")[self.index % (len(scene.choices) + 1)]
                )
            case "number":
                return Said(self.who, str(1880 + self.index))
            case "noise":
                return Said(self.who, self.text)
            case "press":
                return Chose(self.who, scene.step, (self.index,))
            case "old":
                return Chose(self.who, scene.step - 1, (self.index,))
            case "several":
                return Chose(self.who, scene.step, several(self.index, len(scene.choices)))
            case "write":
                return Wrote(self.who, scene.step, questions[scene.step].answer)
            case "scribble":
                return Wrote(self.who, scene.step, self.text)
            case "accept":
                text = (*scene.choices, "Aramis")[self.index % (len(scene.choices) + 1)]
                return Did(None, "accept", text)
            case "credit":
                return Did(self.who, "credit", str(self.index))
            case "shown":
                return Shown(self.who.platform, scene.step)
            case "team":
                return Wished(self.who, "team", str(self.index))
            case "withdraw":
                return Withdrew(self.who)
            case action:
                return Did(None, action)


def several(index: int, count: int) -> tuple[int, ...]:
    """Return one of the ways to take several of `count` choices: the right ones, all of them, too many."""
    ways = ((), (0,), (0, 1), (1, 2), (2, 0, 1), tuple(range(count)), (0, 0), (9,))
    return ways[index % len(ways)]


@dataclass(frozen=True, slots=True)
class Round:
    """A round to run."""

    options: QuizOptions
    seed: int
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Runner:
    """Runs a quiz as the hall does: session time in whole microseconds, the clock served first, a journal."""

    quiz: Quiz
    at_us: int = 0
    rows: list[JournalRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def take(self, play: Play) -> tuple[Event, ...]:
        """Give one play to the rules, and journal it when they accepted it."""
        events = self.quiz.play(play, self.at_us / 1_000_000)
        if events:
            self.rows.append((1, len(self.rows) + 1, self.at_us, *journal.encode(play)))
            self.events += events
        return events

    def clock(self) -> None:
        """Give the clock's play when it is due."""
        if self.quiz.deadline is not None and self.at_us >= self.quiz.deadline * 1_000_000:
            self.take(Ticked())

    def step(self, step: Step) -> Play | None:
        """Let time pass and return the play to come, or None after the end."""
        if step.action == "tick" and self.quiz.deadline is not None:
            self.at_us = max(self.at_us, round(self.quiz.deadline * 1_000_000))
        else:
            self.at_us += step.wait
            self.clock()
        return None if self.quiz.over else step.play(self.quiz)

    def run(self, steps: Sequence[Step]) -> None:
        """Run until the steps or the round end."""
        self.take(Ticked())
        for step in steps:
            play = self.step(step)
            try:
                if play is not None:
                    self.take(play)
            except Refusal:
                continue


def replayed(options: bytes, seed: int, rows: Sequence[JournalRow]) -> tuple[Quiz, list[Event]]:
    """Build a round again from kept options (JSON) and its journal."""
    quiz = Quiz.from_json(orjson.loads(options), seed)
    events: list[Event] = []
    for row in rows:
        play, at = journal.decode(row)
        events += quiz.play(play, at)
    return quiz, events


def picture(quiz: Quiz) -> tuple[Any, ...]:
    """Return all that can be seen of a round."""
    members = dict(quiz._teams._members) if quiz._teams else {}
    inside = (
        dict(quiz._answers),
        dict(quiz._credited),
        dict(quiz._reached),
        members,
        tuple(quiz._rounds),
        [(p.question, p.right) for p in quiz._prompts],
    )
    return quiz.scene(), quiz.record(), quiz.deadline, quiz.over, *inside


def rounds() -> st.SearchStrategy[Round]:
    """Return rounds with what people do in them: short ones that shrink well, and long lively ones."""
    return short_rounds() | st.integers(0, 2**32 - 1).map(chance_round)


def short_rounds() -> st.SearchStrategy[Round]:
    """Return rounds of which hypothesis decides every detail."""
    seconds = st.sampled_from([5, 20.0, 0.1, 7.3, 59.999999])
    options = st.builds(
        QuizOptions,
        st.just("Soirée"),
        st.sampled_from(["fr", "en"]),
        st.lists(st.sampled_from(POOL), min_size=1, max_size=4).map(tuple),
        seconds,
        seconds,
        seconds,
        preset=st.sampled_from(PRESETS),
        pace=st.sampled_from(["auto", "host"]),
        delays=st.sampled_from([(), (("twitch", 4.5),)]),
        teams=st.sampled_from(TEAM_PLAYS),
    )
    step = st.builds(
        Step,
        st.sampled_from((*ACTIONS, "stop")),
        st.sampled_from(PEOPLE),
        st.integers(-1, 6),
        st.integers(0, 3_000_000) | st.integers(0, 70_000_000),
        ANY_TEXT,
    )
    steps = st.lists(step, min_size=5, max_size=30).map(tuple)
    return st.builds(Round, options, st.integers(0, 2**32 - 1), steps)


def chance_round(seed: int, steps: int = 60) -> Round:
    """Return a round that `seed` decides, for tests that must not depend on hypothesis."""
    chance = Random(seed)
    questions = tuple(chance.choices(POOL, k=4))
    options = QuizOptions(
        "Soirée",
        "fr",
        questions,
        chance.choice([5, 7.3]),
        0.1,
        3.3,
        preset=chance.choice(PRESETS),
        delays=chance.choice([(), (("twitch", 4.5),)]),
        teams=chance.choice(TEAM_PLAYS),
    )
    actions = [*ACTIONS * 8, "stop"]
    return Round(
        options,
        seed,
        tuple(
            Step(
                chance.choice(actions),
                chance.choice(PEOPLE),
                chance.randrange(-1, 7),
                chance.randrange(2_000_000),
                chance.choice(["bof", "\ud83d", "c’est qui ?"]),
            )
            for _ in range(steps)
        ),
    )
