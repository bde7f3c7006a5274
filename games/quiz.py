"""The quiz: multiple choice and free text in one round, everybody may answer, everybody who is right scores.

A round goes lobby, then for each question asking and reveal, then over. A multiple-choice question stays
open until its time is up, and the first answer of each player counts. A free-text question closes `GRACE`
seconds after the first right answer, so that neither a slower platform nor a slower thumb loses the point;
wrong guesses cost nothing.
"""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from games.core import (
    Chose,
    Did,
    Part,
    Play,
    Player,
    Refusal,
    Said,
    Scene,
    Standing,
    Ticked,
    Withdrew,
    rank,
)
from games.matching import LONGEST, AnswerKey, Verdict, fold, key_of

GRACE = 2.0
"""Seconds that a free-text question stays open after the first right answer."""

LETTERS = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Question:
    """One question as data. With `wrong` it is multiple choice, without it free text."""

    prompt: str
    answer: str
    accept: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""
    difficulty: int = 2
    person: bool = False


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """A round: its questions in order, and its times in seconds."""

    title: str
    locale: str
    questions: tuple[Question, ...]
    seconds: float = 20.0
    lobby: float = 15.0
    reveal: float = 8.0

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Build the options again from what `as_json` returned."""
        questions = tuple(
            Question(**{**row, "accept": tuple(row["accept"]), "wrong": tuple(row["wrong"])})
            for row in kept["questions"]
        )
        return cls(**{**kept, "questions": questions})


@dataclass(frozen=True, slots=True)
class Opened:
    """A round is announced and starts in `starts_in` seconds."""

    title: str
    total: int
    seconds: float
    starts_in: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Question `number` (from 1) is open for `seconds`; `choices` is empty for free text."""

    number: int
    total: int
    prompt: str
    choices: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """A multiple-choice answer was taken. Whether it is right stays secret until the question closes."""

    by: Player
    number: int
    choice: int


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
class Solver:
    """Who was right, and how many seconds into the question."""

    by: Player
    after: float


@dataclass(frozen=True, slots=True)
class Closed:
    """Question `number` is over: what was right and who scored a point, quickest first.

    `choice` is the right choice's index, None for free text; `answered` counts everybody whose answer was taken.
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


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is over, at its end or because it was `stopped`; `asked` questions were closed."""

    title: str
    asked: int
    players: int
    standings: tuple[Standing, ...]
    stopped: bool


Event = Opened | Asked | Answered | Solved | Withdrawn | Closed | Finished


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that stands: `choice` is None for free text, and then it is right."""

    by: Player
    choice: int | None
    after: float


@dataclass(slots=True)
class _Tally:
    """One player's round so far."""

    player: Player
    plays: int = 0
    right: int = 0


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
    if not question.wrong:
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
        self._answers: dict[int, _Answer] = {}
        self._tallies: dict[int, _Tally] = {}
        self._board: tuple[Standing, ...] = ()
        self._outcome: Closed | Finished | None = None

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int) -> Self:
        """Build a round from its kept options."""
        return cls(QuizOptions.from_json(options), seed)

    @property
    def deadline(self) -> float | None:
        """Session time at which the present phase ends."""
        return self._deadline

    @property
    def over(self) -> bool:
        """Whether the round has ended."""
        return self._phase == "over"

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`."""
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Chose(by, number, choice):
                return self._chose(by, number, choice, now)
            case Withdrew(by):
                return self._withdrew(by)
            case Did(_, action):
                return self._did(action, now)
            case Ticked():
                due = self._deadline is not None and now >= self._deadline
                return self._advance(now) if due else ()

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
            replies=len(self._answers),
            players=len(self._tallies),
            standings=self._standings(),
            outcome=self._outcome,
        )

    def record(self) -> tuple[Part, ...]:
        """Return each player's part so far; a right answer is worth one point."""
        return tuple(Part(t.player, t.plays, t.right, t.right) for t in self._tallies.values())

    def choice_of(self, player: int) -> int | None:
        """Return the choice that stands for this player on the open question, if any."""
        answer = self._answers.get(player)
        return answer.choice if answer else None

    def _advance(self, now: float) -> tuple[Event, ...]:
        match self._phase:
            case "new":
                return (self._open(now),)
            case "asking":
                return (self._close(now),)
            case "lobby" | "reveal":
                last = self._number == len(self._prompts)
                return (self._finish(stopped=False) if last else self._ask(now),)
            case _:
                return ()

    def _open(self, now: float) -> Opened:
        options = self.options
        self._phase, self._deadline = "lobby", _later(now, options.lobby)
        return Opened(options.title, len(self._prompts), options.seconds, options.lobby)

    def _ask(self, now: float) -> Asked:
        self._phase = "asking"
        self._number += 1
        self._asked_at, self._deadline = now, _later(now, self.options.seconds)
        self._answers, self._outcome = {}, None
        prompt = self._prompts[self._number - 1]
        text, seconds = prompt.question.prompt, self.options.seconds
        return Asked(self._number, len(self._prompts), text, prompt.choices, seconds)

    def _close(self, now: float) -> Closed:
        prompt = self._prompts[self._number - 1]
        right = [a for a in self._answers.values() if a.choice == prompt.right]
        for answer in self._answers.values():
            tally = self._tallies.setdefault(answer.by.id, _Tally(answer.by))
            tally.plays += 1
            tally.right += answer.choice == prompt.right
        self._board = rank({t.player: t.right for t in self._tallies.values() if t.right})
        self._phase, self._deadline = "reveal", _later(now, self.options.reveal)
        self._outcome = Closed(
            number=self._number,
            total=len(self._prompts),
            answer=prompt.question.answer,
            choice=prompt.right,
            explanation=prompt.question.explanation,
            source=prompt.question.source,
            solvers=tuple(Solver(answer.by, answer.after) for answer in right),
            answered=len(self._answers),
            prompt=prompt.question.prompt,
        )
        return self._outcome

    def _finish(self, *, stopped: bool) -> Finished:
        asked = self._number - (self._phase == "asking")
        self._phase, self._deadline = "over", None
        players, title = len(self._tallies), self.options.title
        self._outcome = Finished(title, asked, players, self._standings(), stopped)
        return self._outcome

    def _said(self, by: Player, text: str, now: float) -> tuple[Event, ...]:
        if self._phase != "asking" or by.id in self._answers or len(text) > LONGEST:
            return ()
        prompt = self._prompts[self._number - 1]
        if prompt.key is None:
            choice = prompt.choice(text, self.options.locale)
            return () if choice is None else (self._take(by, choice, now),)
        if prompt.key.judge(text) is not Verdict.RIGHT:
            return ()
        answer = self._answers[by.id] = _Answer(by, None, now - self._asked_at)
        grace = _later(now, GRACE)
        self._deadline = grace if self._deadline is None else min(self._deadline, grace)
        return (Solved(by, self._number, answer.after),)

    def _chose(self, by: Player, number: int, choice: int, now: float) -> tuple[Event, ...]:
        prompt = self._prompts[self._number - 1] if self._number else None
        if prompt is None or self._phase != "asking" or number != self._number:
            raise Refusal("question-closed", number=number)
        if by.id in self._answers:
            raise Refusal("already-answered", choice=self.choice_of(by.id))
        if not 0 <= choice < len(prompt.choices):
            raise Refusal("no-such-choice")
        return (self._take(by, choice, now),)

    def _take(self, by: Player, choice: int, now: float) -> Answered:
        self._answers[by.id] = _Answer(by, choice, now - self._asked_at)
        return Answered(by, self._number, choice)

    def _withdrew(self, by: Player) -> tuple[Event, ...]:
        if self._phase != "asking" or self._answers.pop(by.id, None) is None:
            return ()
        if not self._answers:  # a right answer that was taken back must not close the question
            self._deadline = _later(self._asked_at, self.options.seconds)
        return (Withdrawn(by, self._number),)

    def _did(self, action: str, now: float) -> tuple[Event, ...]:
        if self.over:
            raise Refusal("nothing-running")
        match action:
            case "skip":
                return self._advance(now)
            case "stop":
                return (self._finish(stopped=True),)
            case _:
                raise Refusal("unknown-action", action=action)

    def _standings(self) -> tuple[Standing, ...]:
        return self._board
