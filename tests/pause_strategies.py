"""Reading pauses to try: options, what people do; and a driver that runs them as the hall does."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from hypothesis import strategies as st

from bot import journal
from bot.storage.sessions import JournalRow
from games.core import Chose, Did, Play, Player, Refusal, Said, Ticked, Wished, Withdrew, Wrote
from games.pause import BOARD, BOOK_FORM, LOG_FORM, TURN_FORM, Event, Pause, PauseOptions
from tests.quiz_strategies import ANY_TEXT

LOGS = (
    *("12", "0", "12 pages", "p. 45-67", "p. 12-8", "page 120", "45 %", "140 %", "1h20", "25 min"),
    *("2 chap", "chapitre 3", "482 pages", "999999999", "-3", "١٢", "beaucoup", ""),
)
TITLES = ("", "Germinal", "germinal", "Nana p. 30", "Nana", "p. 45", "x" * 300)
TURNS = ("turn", "turn", "turn", "turn-done", "turn-done", "turn-leave")
WORKS = ("", "Germinal ; Émile Zola", "Nana ; chapitre 2", "Nana", "Emma ; Jane Austen ; chapter 1")
FORMS = ("Nana\npaper\n12", "\naudio\n", "Emma\nebook\np. 8", "Emma\nvinyl\n", "x", "a\nb\nc\nd")
WISHES = ("join", "join", "book", "log", "log", "log", "breathe", "back", "leave", "dance")
ACTIONS = (
    *("tick",) * 3,
    *("wish",) * 18,
    *("press", "press", "book form", "book form", "log form", "log form", "log form"),
    *("turn",) * 8,
    *("turn form", "next", "absent"),
    *("noise", "early", "withdraw", "extend", "shorten", "reopen", "amend", "amend", "dance"),
)
ENDINGS = ("skip", "end", "stop")
PEOPLE = tuple(
    Player(number, platform) for number in (1, 2, 3) for platform in ("discord", "twitch")
)


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens `wait` microseconds later."""

    action: str
    who: Player
    index: int
    wait: int
    text: str = ""

    def play(self) -> Play:
        """Return the play it comes to."""
        log = (*LOGS, self.text)[self.index % (len(LOGS) + 1)]
        match self.action:
            case "tick" | "early":
                return Ticked()
            case "wish":
                wish = WISHES[self.index % len(WISHES)]
                title = TITLES[self.index % len(TITLES)]
                return Wished(self.who, wish, log if wish == "log" else title)
            case "turn":
                wish = TURNS[self.index % len(TURNS)]
                return Wished(self.who, wish, WORKS[self.index % len(WORKS)])
            case "turn form":
                return Wrote(self.who, TURN_FORM, WORKS[self.index % len(WORKS)])
            case "press":
                return Chose(self.who, BOARD + self.index // 20, (self.index % 4 - 1,))
            case "book form":
                return Wrote(self.who, BOOK_FORM, FORMS[self.index % len(FORMS)])
            case "log form":
                return Wrote(self.who, LOG_FORM, f"{log}\n{TITLES[self.index % len(TITLES)]}")
            case "noise":
                return Said(self.who, self.text)
            case "withdraw":
                return Withdrew(self.who)
            case "amend":
                return Did(None, "amend", f"{self.index % 5} {log}")
            case "extend" | "shorten" as action:
                return Did(None, action, ("", "3", "0", "240", "trois")[self.index % 5])
            case action:
                return Did(None, action)


@dataclass(frozen=True, slots=True)
class Plan:
    """A pause to run."""

    options: PauseOptions
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Runner:
    """Runs a pause as the hall does: session time in whole microseconds, the clock served first, a journal."""

    pause: Pause
    at_us: int = 0
    rows: list[JournalRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def take(self, play: Play) -> tuple[Event, ...]:
        """Give one play to the rules, and journal it when they accepted it."""
        events = self.pause.play(play, self.at_us / 1_000_000)
        if events:
            self.rows.append((1, len(self.rows) + 1, self.at_us, *journal.encode(play)))
            self.events += events
        return events

    def clock(self) -> None:
        """Give the clock's play when it is due."""
        if self.pause.deadline is not None and self.at_us >= self.pause.deadline * 1_000_000:
            self.take(Ticked())

    def step(self, step: Step) -> Play | None:
        """Let time pass and return the play to come, or None after the end."""
        if step.action == "tick" and self.pause.deadline is not None:
            self.at_us = max(self.at_us, round(self.pause.deadline * 1_000_000))
        else:
            self.at_us += step.wait
            self.clock()
        return None if self.pause.over else step.play()

    def run(self, steps: Sequence[Step]) -> None:
        """Run until the steps or the pause end."""
        self.take(Ticked())
        for step in steps:
            play = self.step(step)
            try:
                if play is not None:
                    self.take(play)
            except Refusal:
                continue


def replayed(options: bytes, rows: Sequence[JournalRow]) -> tuple[Pause, list[Event]]:
    """Build a pause again from kept options (JSON) and its journal."""
    pause = Pause.from_json(orjson.loads(options), 0)
    events: list[Event] = []
    for row in rows:
        play, at = journal.decode(row)
        events += pause.play(play, at)
    return pause, events


def picture(pause: Pause) -> tuple[Any, ...]:
    """Return all that can be seen of a pause."""
    return (
        *(pause.scene(), pause.record(), pause.readings(), pause.totals()),
        *(pause.deadline, pause.over, pause.begun),
    )


def plans() -> st.SearchStrategy[Plan]:
    """Return pauses with what people do in them: short ones that shrink well, and long lively ones."""
    return short_plans() | st.integers(0, 2**32 - 1).map(chance_plan)


def short_plans() -> st.SearchStrategy[Plan]:
    """Return pauses of which hypothesis decides every detail."""
    seconds = st.sampled_from([5, 20.0, 0.1, 900.0, 59.999999])
    options = st.builds(
        PauseOptions,
        st.just("Pause lecture"),
        st.sampled_from(["silent", "aloud", "free"]),
        seconds,
        st.integers(1, 3),
        seconds,
        seconds,
        seconds,
        st.sampled_from([0, 5.0]),
        st.sampled_from(["", "slow", "emotes"]),
        st.sampled_from(WORKS),
        st.sampled_from([300.0, 10.0, 0.5, 61.0]),
    )
    step = st.builds(
        Step,
        st.sampled_from((*ACTIONS, *ENDINGS)),
        st.sampled_from(PEOPLE),
        st.integers(0, 40),
        st.integers(0, 3_000_000) | st.integers(0, 70_000_000),
        ANY_TEXT,
    )
    return st.builds(Plan, options, st.lists(step, min_size=5, max_size=30).map(tuple))


def chance_plan(seed: int, steps: int = 60) -> Plan:
    """Return a pause that `seed` decides, for tests that must not depend on hypothesis."""
    chance = Random(seed)
    options = PauseOptions(
        "Pause lecture",
        chance.choice(["silent", "aloud", "aloud"]),
        turn=chance.choice([300.0, 20.0]),
        seconds=chance.choice([900.0, 61.7]),
        blocks=chance.choice([1, 1, 2]),
        rest=30.0,
        hello=chance.choice([0.1, 20.0]),
        log=300.0,
        share=chance.choice([0.0, 60.0]),
    )
    actions = [*ACTIONS * 4, *ENDINGS]
    return Plan(
        options,
        tuple(
            Step(
                chance.choice(actions),
                chance.choice(PEOPLE),
                chance.randrange(40),
                chance.randrange(20_000_000),
                chance.choice(["bof", "\ud83d", "12 pages"]),
            )
            for _ in range(steps)
        ),
    )
