"""The question of the day: which one comes next, whose answer stands, who was right, and streaks that forgive.

A streak counts the questions of a room that somebody answered in a row, right or wrong. Days without a question
never count against anybody, and one missed question in any seven days is forgiven: it adds nothing and ends nothing.
"""

import random
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from games.core import Platform, Refusal
from games.matching import fold
from games.question import Kind, Prompt, Question, Reply

KINDS: frozenset[Kind] = frozenset({"choice", "truth", "several", "text", "number"})
"""The kinds that are asked: an order is tedious to answer with one command."""

FORGIVEN_EVERY = 7
"""Days within which one missed question is forgiven."""

Key = TypeVar("Key", bound=Hashable)


def topic(question: Question) -> str:
    """Return what tells a question from others, whatever is changed in its answer."""
    return fold(question.prompt)


def askable(questions: Iterable[Question]) -> tuple[Question, ...]:
    """Return the questions of a kind that is asked."""
    return tuple(question for question in questions if question.kind in KINDS)


def pick(questions: Sequence[Question], asked: Mapping[str, int], last: str, seed: int) -> Question:
    """Return the next question: one of those asked least often so far, so that none comes twice in one round.

    `asked` counts by topic. When a round is over, the question that closed it (`last`) does not open the next.
    """
    least = min(asked.get(topic(question), 0) for question in questions)
    fresh = [question for question in questions if asked.get(topic(question), 0) == least]
    others = [question for question in fresh if topic(question) != last]
    return random.Random(seed).choice(others or fresh)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that stands, and whether it was changed already."""

    reply: Reply
    platform: Platform
    changed: bool = False


def answer(before: Answer | None, reply: Reply, platform: Platform, *, private: bool) -> Answer:
    """Return the answer that stands from now on: the first, or one private change of it.

    What is said for all to read changes nothing: it would tell who copied.

    Raises:
        Refusal: `already-answered`, `daily-changed`.
    """
    if before is None:
        return Answer(reply, platform)
    if not private:
        raise Refusal("already-answered")
    if before.reply == reply and reply.choices:
        raise Refusal("already-answered", choices=reply.choices)
    if before.changed:
        raise Refusal("daily-changed")
    return replace(before, reply=reply, changed=True)


def right(prompt: Prompt, replies: Mapping[Key, Reply]) -> frozenset[Key]:
    """Return whose answers were right; where a number was asked for, whoever came nearest."""
    if prompt.kind != "number":
        return frozenset(key for key, reply in replies.items() if prompt.is_right(reply))
    wanted = prompt.question.number or 0.0
    gaps = {key: abs((reply.value or 0.0) - wanted) for key, reply in replies.items()}
    nearest = min(gaps.values(), default=0.0)
    return frozenset(key for key, away in gaps.items() if away == nearest)


@dataclass(frozen=True, slots=True)
class Streak:
    """Questions answered in a row, the most so far, and the day of the last one that was forgiven."""

    length: int = 0
    best: int = 0
    forgiven: date | None = None


def missing(streak: Streak, days: Iterable[date]) -> Streak:
    """Return a streak after the questions of these days, in order, came and went without an answer."""
    for day in days:
        last = streak.forgiven
        if streak.length and (last is None or (day - last).days >= FORGIVEN_EVERY):
            streak = replace(streak, forgiven=day)
        else:
            streak = Streak(0, streak.best)
    return streak


def answered(streak: Streak) -> Streak:
    """Return a streak with one more question answered."""
    length = streak.length + 1
    return replace(streak, length=length, best=max(length, streak.best))
