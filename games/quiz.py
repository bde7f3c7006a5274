"""The quiz: multiple choice and free text in one round, everybody may answer; `games.scoring` shares the points.

A round goes lobby, then for each question asking and reveal, then over. A multiple-choice question stays
open until its time is up, and the first answer of each player counts; so does a question for a number, where
whoever comes nearest is right. A free-text question closes `GRACE` seconds after the first right answer, so
that neither a slower platform nor a slower thumb loses the point; wrong guesses cost nothing. Hints unfold one
by one over a question's time, or when a host asks for the next.
"""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from games.core import (
    Chose,
    Did,
    Part,
    Platform,
    Play,
    Player,
    Refusal,
    Said,
    Scene,
    Shown,
    Standing,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
    rank,
)
from games.matching import LONGEST, AnswerKey, Verdict, fold, key_of
from games.numbers import read_number
from games.scoring import Preset, Solver, share, survivors

GRACE = 2.0
"""Seconds that a free-text question stays open after the first right answer."""

LETTERS = "ABCDEF"

Kind = Literal["choice", "text", "number"]
"""How a question is answered: a choice, words, or the number that comes nearest."""

MORE_TIME = 15.0
"""Seconds that a host adds to a question at a time."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as data: with `wrong` multiple choice, with `number` the nearest wins, else free text."""

    prompt: str
    answer: str
    accept: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""
    difficulty: int = 2
    person: bool = False
    number: float | None = None
    hints: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Return how it is answered."""
        if self.number is not None:
            return "number"
        return "choice" if self.wrong else "text"


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """A round: its questions in order, its times in seconds, how points are shared.

    After `patience` questions in a row that nobody answered the round ends by itself; 0 means never.
    """

    title: str
    locale: str
    questions: tuple[Question, ...]
    seconds: float = 20.0
    lobby: float = 15.0
    reveal: float = 8.0
    preset: Preset = "calm"
    patience: int = 5

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Build the options again from what `as_json` returned."""
        rows: list[dict[str, Any]] = [
            {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
            for row in kept["questions"]
        ]
        questions = tuple(Question(**row) for row in rows)
        return cls(**{**kept, "questions": questions})


@dataclass(frozen=True, slots=True)
class Opened:
    """A round is announced and starts in `starts_in` seconds."""

    title: str
    total: int
    seconds: float
    starts_in: float
    preset: Preset = "calm"


@dataclass(frozen=True, slots=True)
class Asked:
    """Question `number` (from 1) is open for `seconds`; `choices` is empty unless there are some to choose from."""

    number: int
    total: int
    prompt: str
    choices: tuple[str, ...]
    seconds: float
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Answered:
    """A choice (by its index) or a number (None) was taken; whether it is right stays secret for now."""

    by: Player
    number: int
    choice: int | None


@dataclass(frozen=True, slots=True)
class Solved:
    """A free-text answer was right, `after` seconds into the question."""

    by: Player
    number: int
    after: float


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A player's answer to the open question no longer counts."""

    by: Player
    number: int


@dataclass(frozen=True, slots=True)
class Hinted:
    """Hint `index` (from 1) of `total` for question `number`."""

    number: int
    index: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A host gave question `number` more time; `remaining` seconds are left."""

    number: int
    remaining: float


@dataclass(frozen=True, slots=True)
class Closed:
    """Question `number` is over: what was right and who was, quickest first.

    `choice` is the right choice's index, None where there were none; `answered` counts everybody whose answer was
    taken; `left` is how many are still in, None where nobody is ever out; `gap` is how far off the nearest number
    was, None when it was the right one or none was asked for.
    """

    number: int
    total: int
    answer: str
    choice: int | None
    explanation: str
    source: str
    solvers: tuple[Solver, ...]
    answered: int
    prompt: str = ""
    left: int | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """A host took back the points of question `number`; nobody is out because of it."""

    number: int


@dataclass(frozen=True, slots=True)
class SideCount:
    """How one platform did: its players and their right answers."""

    platform: Platform
    players: int
    right: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is over: at its end, `stopped` by a host, or `idle` as nobody answered; `asked` questions were closed.

    `hardest` is the question that the smallest part of the answers got right, empty when all got it right or nobody
    answered.
    """

    title: str
    asked: int
    players: int
    standings: tuple[Standing, ...]
    stopped: bool
    idle: bool = False
    sides: tuple[SideCount, ...] = ()
    hardest: str = ""


Event = (
    Opened | Asked | Answered | Solved | Withdrawn | Hinted | Extended | Closed | Undone | Finished
)


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that stands: a choice or a number; when it is neither, it is words, and right."""

    by: Player
    choice: int | None
    after: float
    value: float | None = None


@dataclass(slots=True)
class _Tally:
    """One player's round so far."""

    player: Player
    plays: int = 0
    right: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A question made ready: choices shuffled, answers folded. `bare` is `typed` without lead-in and article."""

    question: Question
    choices: tuple[str, ...] = ()
    right: int | None = None
    typed: Mapping[str, int] = field(default_factory=dict)
    bare: Mapping[str, int] = field(default_factory=dict)
    key: AnswerKey | None = None

    def choice(self, text: str, locale: str) -> int | None:
        """Return the choice that a line of chat means: by its letter, by its text."""
        choice = self.typed.get(fold(text))
        return self.bare.get(key_of(text, locale)) if choice is None else choice


def _prepare(question: Question, locale: str, chance: random.Random) -> _Prompt:
    if question.kind == "number":
        return _Prompt(question)
    if question.kind == "text":
        accepted = (question.answer, *question.accept)
        return _Prompt(question, key=AnswerKey(accepted, locale=locale, person=question.person))
    choices = [question.answer, *question.wrong]
    chance.shuffle(choices)
    # A choice may read like a letter ("E") or fold to nothing ("+"): letters win, and an emoji is no answer.
    typed = {fold(text): index for index, text in enumerate(choices) if fold(text)}
    typed |= {LETTERS[index].lower(): index for index in range(len(choices))}
    keys = [key_of(text, locale) for text in choices]
    bare = {key: index for index, key in enumerate(keys) if key and keys.count(key) == 1}
    return _Prompt(question, tuple(choices), choices.index(question.answer), typed, bare)


def _later(now: float, seconds: float) -> float:
    """Return a deadline in whole microseconds, as session time is: not a hair after the time that reaches it."""
    return round(now + seconds, 6)


class Quiz:
    """One round. See `games.core.Activity` for the contract."""

    def __init__(self, options: QuizOptions, seed: int) -> None:
        chance = random.Random(seed)
        self.options = options
        self._prompts = tuple(_prepare(q, options.locale, chance) for q in options.questions)
        self._phase = "new"
        self._number = 0
        self._asked_at = 0.0
        self._deadline: float | None = 0.0
        # Where the deadline was before the first right answer brought it nearer, should that answer be taken back.
        self._closes_at: float | None = None
        self._hint_at: float | None = None
        self._hints = 0
        self._answers: dict[int, _Answer] = {}
        self._tallies: dict[int, _Tally] = {}
        self._board: tuple[Standing, ...] = ()
        self._in: frozenset[int] | None = None
        self._scored: tuple[tuple[Solver, ...], frozenset[int] | None] = (), None
        self._unanswered = 0
        self._hardest = (1.0, "")
        self._outcome: Closed | Finished | None = None

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int) -> Self:
        """Build a round from its kept options."""
        return cls(QuizOptions.from_json(options), seed)

    @property
    def deadline(self) -> float | None:
        """Session time at which the present phase ends or the next hint is due."""
        if self._hint_at is None or self._deadline is None:
            return self._deadline
        return min(self._hint_at, self._deadline)

    @property
    def over(self) -> bool:
        """Whether the round has ended."""
        return self._phase == "over"

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`."""
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Chose(by, number, choices):
                return self._chose(by, number, choices[0] if choices else -1, now)
            case Withdrew(by):
                return self._withdrew(by)
            case Wrote() | Wished():
                raise Refusal("unknown-action", action="")
            case Shown():
                return ()
            case Did(_, action):
                return self._did(action, now)
            case Ticked():
                due = self.deadline is not None and now >= self.deadline
                return self._due(now) if due else ()

    def scene(self) -> Scene:
        """Return what is on the table."""
        prompt = self._prompts[self._number - 1] if self._number else None
        return Scene(
            title=self.options.title,
            phase=self._phase,
            step=self._number,
            steps=len(self._prompts),
            deadline=self._deadline,
            prompt=prompt.question.prompt if prompt else "",
            choices=prompt.choices if prompt else (),
            kind=prompt.question.kind if prompt else "",
            hints=prompt.question.hints[: self._hints] if prompt else (),
            replies=len(self._answers),
            players=len(self._tallies),
            standings=self._standings(),
            outcome=self._outcome,
        )

    def record(self) -> tuple[Part, ...]:
        """Return each player's part so far."""
        return tuple(Part(t.player, t.plays, t.right, t.points) for t in self._tallies.values())

    def choice_of(self, player: int) -> int | None:
        """Return the choice that stands for this player on the open question, if any."""
        answer = self._answers.get(player)
        return answer.choice if answer else None

    def _due(self, now: float) -> tuple[Event, ...]:
        hint = self._hint_at is not None and (self._deadline is None or now < self._deadline)
        return (self._hint(now),) if hint else self._advance(now)

    def _hint(self, now: float) -> Hinted:
        """Show the next hint, and share what is left of the time among the others."""
        question = self._prompts[self._number - 1].question
        self._hints += 1
        self._plan_hint(now)
        total = len(question.hints)
        return Hinted(self._number, self._hints, total, question.hints[self._hints - 1])

    def _plan_hint(self, now: float) -> None:
        left = len(self._prompts[self._number - 1].question.hints) - self._hints
        end = self._asked_at + self.options.seconds
        self._hint_at = _later(now, (end - now) / (left + 1)) if left and end > now else None

    def _advance(self, now: float) -> tuple[Event, ...]:
        match self._phase:
            case "new":
                return (self._open(now),)
            case "asking":
                return (self._close(now),)
            case "lobby" | "reveal":
                return (self._finish() if self._is_last() else self._ask(now),)
            case _:
                return ()

    def _open(self, now: float) -> Opened:
        options = self.options
        self._phase, self._deadline = "lobby", _later(now, options.lobby)
        total = len(self._prompts)
        return Opened(options.title, total, options.seconds, options.lobby, options.preset)

    def _is_last(self) -> bool:
        decided = self._in is not None and len(self._in) <= 1 and len(self._tallies) > 1
        return self._number == len(self._prompts) or decided or self._is_idle()

    def _is_idle(self) -> bool:
        return 0 < self.options.patience <= self._unanswered

    def _ask(self, now: float) -> Asked:
        self._phase = "asking"
        self._number += 1
        self._asked_at, self._deadline = now, _later(now, self.options.seconds)
        self._answers, self._outcome, self._closes_at = {}, None, None
        self._hints = 0
        self._plan_hint(now)
        prompt, total = self._prompts[self._number - 1], len(self._prompts)
        question, seconds = prompt.question, self.options.seconds
        return Asked(self._number, total, question.prompt, prompt.choices, seconds, question.kind)

    def _close(self, now: float) -> Closed:
        prompt, options = self._prompts[self._number - 1], self.options
        right, gap = self._right(prompt)
        solvers = share(options.preset, right, options.seconds)
        self._count(prompt, solvers)
        self._phase, self._deadline = "reveal", _later(now, options.reveal)
        self._hint_at = None
        self._outcome = Closed(
            number=self._number,
            total=len(self._prompts),
            answer=prompt.question.answer,
            choice=prompt.right,
            explanation=prompt.question.explanation,
            source=prompt.question.source,
            solvers=solvers,
            answered=len(self._answers),
            prompt=prompt.question.prompt,
            left=None if self._in is None else len(self._in),
            gap=gap,
        )
        return self._outcome

    def _right(self, prompt: _Prompt) -> tuple[list[tuple[Player, float]], float | None]:
        """Return who was right and when, and how far off they were when nobody had the very number."""
        answers, number = list(self._answers.values()), prompt.question.number
        if number is None:
            return [(a.by, a.after) for a in answers if a.choice == prompt.right], None
        gaps = [abs(a.value - number) for a in answers if a.value is not None]
        if not gaps:
            return [], None
        gap = min(gaps)
        near = [a for a in answers if a.value is not None and abs(a.value - number) == gap]
        return [(a.by, a.after) for a in near], gap or None

    def _count(self, prompt: _Prompt, solvers: tuple[Solver, ...]) -> None:
        for answer in self._answers.values():
            self._tallies.setdefault(answer.by.id, _Tally(answer.by)).plays += 1
        for solver in solvers:
            tally = self._tallies[solver.by.id]
            tally.right += 1
            tally.points += solver.points
        self._scored = solvers, self._in
        self._rank()
        self._unanswered = 0 if self._answers else self._unanswered + 1
        if self.options.preset == "survivor":
            self._in = survivors(self._in, solvers)
        # Of a free-text question only right answers are known, so it cannot be called hard.
        if self._answers and prompt.question.kind == "choice":
            part = len(solvers) / len(self._answers)
            self._hardest = min(
                self._hardest, (part, prompt.question.prompt), key=lambda one: one[0]
            )

    def _finish(self, *, stopped: bool = False) -> Finished:
        asked = self._number - (self._phase == "asking")
        self._phase, self._deadline, self._hint_at = "over", None, None
        self._outcome = Finished(
            title=self.options.title,
            asked=asked,
            players=len(self._tallies),
            standings=self._standings(),
            stopped=stopped,
            idle=not stopped and self._is_idle(),
            sides=self._sides(),
            hardest=self._hardest[1],
        )
        return self._outcome

    def _sides(self) -> tuple[SideCount, ...]:
        counts: dict[Platform, list[int]] = {}
        for tally in self._tallies.values():
            counts.setdefault(tally.player.platform, []).append(tally.right)
        return tuple(SideCount(side, len(rights), sum(rights)) for side, rights in counts.items())

    def _is_out(self, player: int) -> bool:
        return self._in is not None and player not in self._in

    def _said(self, by: Player, text: str, now: float) -> tuple[Event, ...]:
        if self._phase != "asking" or by.id in self._answers or len(text) > LONGEST:
            return ()
        if self._is_out(by.id):
            return ()
        prompt = self._prompts[self._number - 1]
        if prompt.question.kind == "number":
            value = read_number(text, self.options.locale)
            return () if value is None else (self._take(by, None, now, value),)
        if prompt.key is None:
            choice = prompt.choice(text, self.options.locale)
            return () if choice is None else (self._take(by, choice, now),)
        if prompt.key.judge(text) is not Verdict.RIGHT:
            return ()
        answer = self._answers[by.id] = _Answer(by, None, now - self._asked_at)
        if self._closes_at is None and self._deadline is not None:
            self._closes_at = self._deadline
            self._deadline = min(self._deadline, _later(now, GRACE))
        return (Solved(by, self._number, answer.after),)

    def _chose(self, by: Player, number: int, choice: int, now: float) -> tuple[Event, ...]:
        prompt = self._prompts[self._number - 1] if self._number else None
        if prompt is None or self._phase != "asking" or number != self._number:
            raise Refusal("question-closed", number=number)
        if by.id in self._answers:
            raise Refusal("already-answered", choice=self.choice_of(by.id))
        if self._is_out(by.id):
            raise Refusal("out")
        if not 0 <= choice < len(prompt.choices):
            raise Refusal("no-such-choice")
        return (self._take(by, choice, now),)

    def _take(
        self, by: Player, choice: int | None, now: float, value: float | None = None
    ) -> Answered:
        self._answers[by.id] = _Answer(by, choice, now - self._asked_at, value)
        return Answered(by, self._number, choice)

    def _withdrew(self, by: Player) -> tuple[Event, ...]:
        if self._phase != "asking" or self._answers.pop(by.id, None) is None:
            return ()
        if not self._answers and self._closes_at is not None:
            self._deadline, self._closes_at = self._closes_at, None
        return (Withdrawn(by, self._number),)

    def _did(self, action: str, now: float) -> tuple[Event, ...]:
        if self.over:
            raise Refusal("nothing-running")
        match action:
            case "skip":
                return self._advance(now)
            case "stop":
                return (self._finish(stopped=True),)
            case "extend":
                return (self._extend(now),)
            case "undo":
                return (self._undo(),)
            case "hint":
                return (self._hint_now(now),)
            case _:
                raise Refusal("unknown-action", action=action)

    def _undo(self) -> Undone:
        """Take back the last question's points, once, until the next question is asked."""
        solvers, still_in = self._scored
        if self._phase != "reveal" or not solvers:
            raise Refusal("nothing-to-undo")
        for solver in solvers:
            tally = self._tallies[solver.by.id]
            tally.right -= 1
            tally.points -= solver.points
        self._in, self._scored = still_in, ((), still_in)
        self._rank()
        return Undone(self._number)

    def _rank(self) -> None:
        self._board = rank({t.player: t.points for t in self._tallies.values() if t.points})

    def _hint_now(self, now: float) -> Hinted:
        if self._phase != "asking":
            raise Refusal("question-closed", number=self._number)
        if self._hints == len(self._prompts[self._number - 1].question.hints):
            raise Refusal("no-hint")
        return self._hint(now)

    def _extend(self, now: float) -> Extended:
        if self._phase != "asking" or self._deadline is None:
            raise Refusal("question-closed", number=self._number)
        self._deadline = _later(self._deadline, MORE_TIME)
        return Extended(self._number, self._deadline - now)

    def _standings(self) -> tuple[Standing, ...]:
        return self._board
