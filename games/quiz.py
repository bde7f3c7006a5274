"""The quiz: a round of questions of any kind, everybody may answer; `games.scoring` shares the points.

A round goes lobby, then for each question asking and reveal, then over. A question with choices stays open until its
time is up, and so does one for a number, where whoever comes nearest is right. What is typed for all to see counts at
once and for good; what is given privately may be changed once. A free-text question closes `GRACE` seconds after the
first right answer, so that neither a slower platform nor a slower thumb loses the point; wrong guesses cost nothing.
Hints unfold one by one over a question's time, or when a host asks for the next.

Time is fair to both platforms: an answer's time counts from when the question reached the people there (`Shown`), plus
the delay of what they watch; who is reached late has the question open longer.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
from games.matching import LONGEST, AnswerKey, Verdict
from games.question import Prompt, Question, Reply, prepare
from games.quiz_events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Credited,
    Event,
    Extended,
    Finished,
    Hinted,
    Joined,
    Opened,
    Reached,
    SideCount,
    Solved,
    Undone,
    Withdrawn,
)
from games.scoring import Preset, Solver, share, survivors
from games.teams import Mode, Teams

GRACE = 2.0
"""Seconds that a free-text question stays open after the first right answer."""

MORE_TIME = 15.0
"""Seconds that a host adds to a question at a time."""

SLACK = 1.5
"""Seconds by which a question may reach a platform late before it stays open longer for it."""

LATEST = 10.0
"""Seconds of lateness that are made up for; a platform that is away must not hold the others up."""

HOST_AWAY = 1800.0
"""Seconds that a round led by its host waits for the next question before it ends by itself."""

Pace = Literal["auto", "host"]
"""Who goes on to the next question: the clock, or the host."""


@dataclass(frozen=True, slots=True)
class TeamPlay:
    """Teams of a round: how people come into them, their names, and who belongs to which (from 0) at its start."""

    mode: Mode
    names: tuple[str, ...]
    members: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class QuizOptions:
    """A round: its questions in order, its times in seconds, how points are shared.

    After `patience` questions in a row that nobody answered the round ends by itself; 0 means never. `delays` holds by
    how many seconds what the people of a platform watch lags behind.
    """

    title: str
    locale: str
    questions: tuple[Question, ...]
    seconds: float = 20.0
    lobby: float = 15.0
    reveal: float = 8.0
    preset: Preset = "calm"
    patience: int = 5
    pace: Pace = "auto"
    delays: tuple[tuple[Platform, float], ...] = ()
    teams: TeamPlay | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return asdict(self)

    def slower(self, factor: float) -> Self:
        """Return a round that gives people more time for everything."""
        return replace(
            self,
            seconds=self.seconds * factor,
            lobby=self.lobby * factor,
            reveal=self.reveal * factor,
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Build the options again from what `as_json` returned."""
        questions = tuple(Question(**_tuples(row)) for row in kept["questions"])
        teams = kept.get("teams")
        return cls(
            **{
                **_tuples(kept),
                "questions": questions,
                "teams": TeamPlay(**_tuples(teams)) if teams else None,
            }
        )


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _tuple(value) for key, value in row.items()}


def _tuple(value: Any) -> Any:
    return tuple(map(_tuple, value)) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that stands since session time `at`, and how often it may still be changed."""

    by: Player
    reply: Reply
    at: float
    left: int = 0


@dataclass(slots=True)
class _Tally:
    """One player's round so far."""

    player: Player
    plays: int = 0
    right: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class _Round:
    """How one question ended: its answers, and who was in before it."""

    closed: Closed
    answers: tuple[_Answer, ...]
    before: frozenset[int] | None
    taken_back: bool = False


def _later(now: float, seconds: float) -> float:
    """Return a deadline in whole microseconds, as session time is: not a hair after the time that reaches it."""
    return round(now + seconds, 6)


class Quiz:
    """One round. See `games.core.Activity` for the contract."""

    def __init__(self, options: QuizOptions, seed: int) -> None:
        chance = random.Random(seed)
        self.options = options
        self._prompts = [prepare(q, options.locale, chance) for q in options.questions]
        self._delays = dict(options.delays)
        self._longest_delay = max(self._delays.values(), default=0.0)
        self._phase = "new"
        self._number = 0
        self._asked_at = 0.0
        self._reached: dict[Platform, float] = {}
        self._deadline: float | None = 0.0
        # Where the deadline was before the first right answer brought it nearer, should that answer be taken back.
        self._closes_at: float | None = None
        self._closed_at = 0.0
        self._hint_at: float | None = None
        self._gives_up_at: float | None = None
        self._hints = 0
        self._answers: dict[int, _Answer] = {}
        self._credited: dict[int, tuple[Player, float]] = {}
        self._tallies: dict[int, _Tally] = {}
        self._teams = _teams(options.teams)
        self._board: tuple[Standing, ...] = ()
        self._in: frozenset[int] | None = None
        self._rounds: list[_Round] = []
        self._unanswered = 0
        self._outcome: Closed | Finished | None = None

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int) -> Self:
        """Build a round from its kept options."""
        return cls(QuizOptions.from_json(options), seed)

    @property
    def deadline(self) -> float | None:
        """Session time at which the present phase ends, the next hint is due, or the host is waited for no longer."""
        due = [at for at in (self._deadline, self._hint_at, self._gives_up_at) if at is not None]
        return min(due, default=None)

    @property
    def over(self) -> bool:
        """Whether the round has ended."""
        return self._phase == "over"

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`."""
        match play:
            case Said(by, text):
                return self._said(by, text, now)
            case Wrote(by, number, text):
                return self._wrote(by, number, text, now)
            case Chose(by, number, choices):
                return self._chose(by, number, choices, now)
            case Wished(by, wish, text):
                return self._wished(by, wish, text)
            case Withdrew(by):
                return self._withdrew(by)
            case Shown(platform, number):
                return self._shown(platform, number, now)
            case Did(Player() as about, "credit", text):
                return (self._credit(about, text),)
            case Did(_, action, text):
                return self._did(action, text, now)
            case Ticked():
                due = self.deadline is not None and now >= self.deadline
                return self._due(now) if due else ()

    def scene(self) -> Scene:
        """Return what is on the table."""
        prompt = self._prompts[self._number - 1] if self._number else None
        question = prompt.question if prompt else None
        return Scene(
            title=self.options.title,
            phase=self._phase,
            step=self._number,
            steps=len(self._prompts),
            deadline=self._deadline,
            prompt=question.prompt if question else "",
            choices=prompt.choices if prompt else (),
            kind=question.kind if question else "",
            hints=question.hints[: self._hints] if question else (),
            replies=len(self._answers),
            players=len(self._tallies),
            standings=self._board,
            outcome=self._outcome,
            image=question.image if question else "",
            alt=question.alt if question else "",
            teams=self._teams.standings() if self._teams else (),
        )

    def record(self) -> tuple[Part, ...]:
        """Return each player's part so far."""
        return tuple(Part(t.player, t.plays, t.right, t.points) for t in self._tallies.values())

    def choices_of(self, player: int) -> tuple[int, ...]:
        """Return the choices that stand for this player on the open question, if any."""
        answer = self._answers.get(player)
        return answer.reply.choices if answer else ()

    def missed(self, player: int) -> tuple[Closed, ...]:
        """Return the closed questions that somebody did not get right; all of them for somebody who never played."""
        return tuple(
            one.closed
            for one in self._rounds
            if all(solver.by.id != player for solver in one.closed.solvers)
        )

    def played(self, player: int) -> bool:
        """Return whether somebody has a part in the round."""
        return player in self._tallies

    def deck_of_question(self) -> tuple[str, str]:
        """Return the deck and the prompt of the question on the table, empty before the first."""
        if not self._number:
            return "", ""
        question = self._prompts[self._number - 1].question
        return question.deck, question.prompt

    def accepting(self, text: str) -> AnswerKey | None:
        """Return what judges whether a line would be right if `text` were; None where no line is judged by its words.

        Raises:
            Refusal: `nothing-to-accept`, or what `Prompt.accepting` says.
        """
        if self._phase not in ("asking", "reveal"):
            raise Refusal("nothing-to-accept")
        return self._prompts[self._number - 1].accepting(text).key

    # the clock

    def _due(self, now: float) -> tuple[Event, ...]:
        if self._gives_up_at is not None and now >= self._gives_up_at:
            return (self._finish(idle=True),)
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
        end = self._asked_at + self.options.seconds + self._longest_delay
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

    def _wait(self, now: float, seconds: float) -> None:
        """Wait for the next question: for some seconds, or for the host."""
        if self.options.pace == "host":
            self._deadline, self._gives_up_at = None, _later(now, HOST_AWAY)
        else:
            self._deadline = _later(now, seconds)

    def _open(self, now: float) -> Opened:
        options, teams = self.options, self.options.teams
        self._phase = "lobby"
        self._wait(now, options.lobby)
        return Opened(
            title=options.title,
            total=len(self._prompts),
            seconds=options.seconds,
            starts_in=options.lobby if self._deadline is not None else None,
            preset=options.preset,
            teams=teams.names if teams else (),
            mode=teams.mode if teams else None,
        )

    def _is_last(self) -> bool:
        decided = self._in is not None and len(self._in) <= 1 and len(self._tallies) > 1
        return self._number == len(self._prompts) or decided or self._is_idle()

    def _is_idle(self) -> bool:
        return 0 < self.options.patience <= self._unanswered

    def _ask(self, now: float) -> Asked:
        self._phase = "asking"
        self._number += 1
        self._asked_at, self._gives_up_at = now, None
        self._deadline = _later(now, self.options.seconds + self._longest_delay)
        self._answers, self._outcome, self._closes_at = {}, None, None
        self._credited, self._reached, self._hints = {}, {}, 0
        self._plan_hint(now)
        prompt, total = self._prompts[self._number - 1], len(self._prompts)
        question, seconds = prompt.question, self.options.seconds
        return Asked(
            self._number,
            total,
            question.prompt,
            prompt.choices,
            seconds,
            question.kind,
            question.alt,
        )

    def _shown(self, platform: Platform, number: int, now: float) -> tuple[Event, ...]:
        asking = self._phase == "asking" and number == self._number
        if not asking or self._deadline is None or platform in self._reached:
            return ()
        self._reached[platform] = now
        late = now - self._asked_at
        if late <= SLACK:
            return (Reached(platform, number, moved=False),)
        reached = self._asked_at + min(late, LATEST) + self._delays.get(platform, 0.0)
        end, before = _later(reached, self.options.seconds), self._deadline
        if self._closes_at is None:
            self._deadline = max(self._deadline, end)
        else:
            self._closes_at = max(self._closes_at, end)
            self._deadline = min(self._closes_at, max(self._deadline, _later(reached, GRACE)))
        return (Reached(platform, number, moved=self._deadline != before),)

    # the end of a question

    def _close(self, now: float) -> Closed:
        self._phase, self._hint_at = "reveal", None
        self._closed_at = now if self._deadline is None else min(now, self._deadline)
        self._wait(now, self.options.reveal)
        self._unanswered = 0 if self._answers else self._unanswered + 1
        self._outcome = self._settle(self._in)
        return self._outcome

    def _settle(self, before: frozenset[int] | None) -> Closed:
        """Judge the answers that stand, share the points, and note how the question ended."""
        prompt, options = self._prompts[self._number - 1], self.options
        answers = tuple(self._answers.values())
        right, gap = _right(prompt, answers)
        timed = [(answer.by, self._after(answer.by, answer.at)) for answer in right]
        solvers = share(options.preset, timed, options.seconds)
        self._in = survivors(before, solvers) if options.preset == "survivor" else None
        question = prompt.question
        closed = Closed(
            number=self._number,
            total=len(self._prompts),
            answer=prompt.answer,
            right=prompt.right,
            explanation=question.explanation,
            source=question.source,
            solvers=solvers,
            answered=len(answers),
            prompt=question.prompt,
            left=None if self._in is None else len(self._in),
            gap=gap,
            work=question.work,
            waits=options.pace == "host" and self._number < len(self._prompts),
        )
        for answer in answers:
            self._tallies.setdefault(answer.by.id, _Tally(answer.by)).plays += 1
        self._pay(solvers, 1)
        if self._teams:
            self._teams.score(solvers)
        self._rounds.append(_Round(closed, answers, before))
        return closed

    def _unsettle(self) -> _Round:
        """Take the last question's end back whole."""
        last = self._rounds.pop()
        for answer in last.answers:
            self._tallies[answer.by.id].plays -= 1
        if not last.taken_back:
            self._take_back(last)
        return last

    def _take_back(self, last: _Round) -> None:
        self._pay(last.closed.solvers, -1)
        if self._teams:
            self._teams.take_back()
        self._in = last.before

    def _pay(self, solvers: Sequence[Solver], sign: int) -> None:
        for solver in solvers:
            tally = self._tallies[solver.by.id]
            tally.right += sign
            tally.points += sign * solver.points
        self._board = rank({t.player: t.points for t in self._tallies.values() if t.points})

    def _finish(self, *, stopped: bool = False, idle: bool = False) -> Finished:
        asked = self._number - (self._phase == "asking")
        self._phase, self._deadline, self._hint_at, self._gives_up_at = "over", None, None, None
        self._outcome = Finished(
            title=self.options.title,
            asked=asked,
            players=len(self._tallies),
            standings=self._board,
            stopped=stopped,
            idle=idle or (not stopped and self._is_idle()),
            sides=self._sides(),
            hardest=self._hardest(),
            teams=self._teams.standings() if self._teams else (),
        )
        return self._outcome

    def _sides(self) -> tuple[SideCount, ...]:
        counts: dict[Platform, list[int]] = {}
        for tally in self._tallies.values():
            counts.setdefault(tally.player.platform, []).append(tally.right)
        return tuple(SideCount(side, len(rights), sum(rights)) for side, rights in counts.items())

    def _hardest(self) -> str:
        """Return the question that the smallest part got right; of free text only right answers are known."""
        parts = [
            (len(one.closed.solvers) / len(one.answers), one.closed.prompt)
            for one in self._rounds
            if one.answers and self._prompts[one.closed.number - 1].kind not in ("text", "number")
        ]
        part, prompt = min(parts, key=lambda one: one[0], default=(1.0, ""))
        return prompt if part < 1.0 else ""

    # what people do

    def _is_out(self, player: int) -> bool:
        return self._in is not None and player not in self._in

    def _after(self, by: Player, at: float) -> float:
        """Return how long somebody had had the question before them at session time `at`, in seconds."""
        reached = self._reached.get(by.platform, self._asked_at)
        return max(0.0, at - reached - self._delays.get(by.platform, 0.0))

    def _said(self, by: Player, text: str, now: float) -> tuple[Event, ...]:
        if self._phase != "asking" or by.id in self._answers or len(text) > LONGEST:
            return ()
        if self._is_out(by.id):
            return ()
        prompt = self._prompts[self._number - 1]
        reply = prompt.read(text)
        return () if reply is None else self._take(by, reply, now, changes=0)

    def _wrote(self, by: Player, number: int, text: str, now: float) -> tuple[Event, ...]:
        prompt = self._open_prompt(by, number)
        reply = prompt.weigh(text)
        if reply is None:
            raise Refusal("unreadable", kind=prompt.kind)
        if reply.verdict is not Verdict.RIGHT:
            if reply.verdict is Verdict.CLOSE:
                raise Refusal("close")
            raise Refusal("not-it")
        return self._take(by, reply, now, changes=1)

    def _chose(
        self, by: Player, number: int, choices: tuple[int, ...], now: float
    ) -> tuple[Event, ...]:
        reply = self._open_prompt(by, number).choose(choices)
        return self._take(by, reply, now, changes=1)

    def _open_prompt(self, by: Player, number: int) -> Prompt:
        """Return the prompt that somebody may answer privately, or refuse."""
        if self._phase != "asking" or number != self._number:
            raise Refusal("question-closed", number=number)
        if self._is_out(by.id):
            raise Refusal("out")
        prompt, answer = self._prompts[number - 1], self._answers.get(by.id)
        if answer is not None and not answer.left:
            raise Refusal("already-answered", choices=answer.reply.choices)
        return prompt

    def _take(self, by: Player, reply: Reply, now: float, *, changes: int) -> tuple[Event, ...]:
        former = self._answers.get(by.id)
        if self._prompts[self._number - 1].kind == "text":
            return (self._solve(by, now, now),)
        if former is not None and former.reply == reply:
            raise Refusal("already-answered", choices=reply.choices)
        left = changes if former is None else former.left - 1
        self._seat(by)
        self._answers[by.id] = _Answer(by, reply, now, left)
        return (Answered(by, self._number, reply.choices, left, reply.value),)

    def _solve(self, by: Player, at: float, now: float) -> Solved:
        self._seat(by)
        self._answers[by.id] = _Answer(by, Reply(), at)
        if self._closes_at is None and self._deadline is not None:
            self._closes_at = self._deadline
            self._deadline = min(self._deadline, _later(now, GRACE + self._longest_delay))
        return Solved(by, self._number, self._after(by, at))

    def _seat(self, by: Player) -> None:
        if self._teams:
            self._teams.seat(by)

    def _wished(self, by: Player, wish: str, text: str) -> tuple[Event, ...]:
        if self.over or wish != "team":
            raise Refusal("unknown-action", action=wish)
        if self._teams is None:
            raise Refusal("no-teams")
        team = self._teams.join(by, text)
        return (Joined(by, team, self._teams.names[team]),)

    def _withdrew(self, by: Player) -> tuple[Event, ...]:
        if self._phase != "asking" or self._answers.pop(by.id, None) is None:
            return ()
        if not self._answers and self._closes_at is not None:
            self._deadline, self._closes_at = self._closes_at, None
        return (Withdrawn(by, self._number),)

    # what hosts do

    def _did(self, action: str, text: str, now: float) -> tuple[Event, ...]:
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
            case "accept":
                return self._accept(text, now)
            case "hint":
                return (self._hint_now(now),)
            case _:
                raise Refusal("unknown-action", action=action)

    def _undo(self) -> Undone:
        """Take back the last question's points, once, until the next question is asked."""
        if self._phase != "reveal" or not self._rounds:
            raise Refusal("nothing-to-undo")
        last = self._rounds[-1]
        if last.taken_back or not last.closed.solvers:
            raise Refusal("nothing-to-undo")
        self._take_back(last)
        self._rounds[-1] = replace(last, taken_back=True)
        return Undone(self._number)

    def _credit(self, about: Player, at: str) -> Credited:
        """Note what somebody said at session time `at`, before a host accepts it with `accept`."""
        if self._phase not in ("asking", "reveal"):
            raise Refusal("nothing-to-accept")
        if about.id in self._credited or not self._may_be_credited(about):
            raise Refusal("already-answered")
        try:
            said_at = min(max(0.0, float(at)), 1e12)
        except ValueError as error:
            raise Refusal("unknown-action", action="credit") from error
        if self._phase == "reveal" and said_at > self._closed_at:
            raise Refusal("question-closed", number=self._number)
        self._credited[about.id] = about, said_at
        return Credited(about, self._number)

    def _accept(self, text: str, now: float) -> tuple[Event, ...]:
        """Take one more answer as right, for the question that is open or was just closed."""
        if self._phase not in ("asking", "reveal"):
            raise Refusal("nothing-to-accept")
        self._prompts[self._number - 1] = self._prompts[self._number - 1].accepting(text)
        words = self._prompts[self._number - 1].kind == "text"
        credited = list(self._credited.values()) if words else []
        self._credited = {}
        if self._phase == "asking":
            solved = tuple(self._solve(who, at, now) for who, at in credited)
            return (Accepted(self._number, text), *solved)
        last = self._unsettle()
        for who, at in credited:
            self._seat(who)
            self._answers[who.id] = _Answer(who, Reply(), at)
        self._unanswered = 0 if self._answers else self._unanswered
        closed = self._settle(last.before)
        self._outcome = closed
        return (Accepted(self._number, text, closed),)

    def _may_be_credited(self, who: Player) -> bool:
        before = self._in if self._phase == "asking" else self._rounds[-1].before
        return who.id not in self._answers and (before is None or who.id in before)

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
        if self._closes_at is not None:
            self._closes_at = max(self._closes_at, self._deadline)
        return Extended(self._number, self._deadline - now)


def _teams(play: TeamPlay | None) -> Teams | None:
    return Teams(play.mode, play.names, dict(play.members)) if play else None


def _right(prompt: Prompt, answers: Sequence[_Answer]) -> tuple[list[_Answer], float | None]:
    """Return the answers that are right, and how far off they were when nobody had the very number."""
    number = prompt.question.number
    if number is None or prompt.kind != "number":
        return [answer for answer in answers if prompt.is_right(answer.reply)], None
    gaps = [abs(a.reply.value - number) for a in answers if a.reply.value is not None]
    if not gaps:
        return [], None
    gap = min(gaps)
    near = [a for a in answers if a.reply.value is not None and abs(a.reply.value - number) == gap]
    return near, gap or None
