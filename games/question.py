"""A question: what it asks, how it is answered, and reading what somebody answered.

Six kinds. Which one a question is follows from what it holds: wrong choices, several answers, an order, a number, a
truth, or none of these (free text). Whoever asks it makes it ready with `prepare`; who scores is not decided here.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from games.core import Refusal
from games.matching import LONGEST, AnswerKey, Verdict, fold, key_of
from games.numbers import read_number

LETTERS = "ABCDEF"

Kind = Literal["choice", "truth", "several", "order", "number", "text"]
"""How a question is answered: one choice, true or false, every right choice, choices put in order, the number that
comes nearest, words."""

CHOICE_KINDS: frozenset[Kind] = frozenset({"choice", "truth", "several", "order"})
"""The kinds that show choices."""

Audience = Literal["all", "children", "teens", "adults"]
AUDIENCES: tuple[Audience, ...] = ("all", "children", "teens", "adults")

TRUTHS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fr": (("Vrai", "v", "oui"), ("Faux", "f", "non")),
    "en": (("True", "t", "yes"), ("False", "f", "no")),
}
"""By language: how true and false are shown, then how else they are typed."""

_BETWEEN = re.compile(r"(?:[\s,;:/+&>.)\-\u2192]|\bet\b|\band\b|\bpuis\b|\bthen\b)+", re.IGNORECASE)
_RUNS = re.compile(r"[a-f]{2,6}", re.IGNORECASE)

# fmt: off
_WORDS = frozenset({
    "ad", "bac", "bad", "bade", "be", "bed", "bd", "cab", "cad", "cade", "caf", "cafe", "cd", "da", "dab", "de", "deb",
    "fa", "fab", "fac", "face", "fad", "fade", "fed",
})
"""Words that are made of the letters of choices; in small letters they are talk."""
# fmt: on


@dataclass(frozen=True, slots=True)
class Question:
    """One question as data; its `kind` follows from the fields that are filled.

    `answer` is what is shown as right; with `answers`, `order` or `truth` it may stay empty. `unlike` holds answers to
    free text that are wrong however near they come. `work` is a work that the library may hold; `deck` the name of the
    deck that a question was drawn from.
    """

    prompt: str
    answer: str = ""
    accept: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    explanation: str = ""
    source: str = ""
    difficulty: int = 2
    person: bool = False
    number: float | None = None
    hints: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    truth: bool | None = None
    unlike: tuple[str, ...] = ()
    image: str = ""
    alt: str = ""
    work: str = ""
    theme: str = ""
    audience: Audience = "all"
    author: str = ""
    licence: str = ""
    deck: str = ""

    @property
    def kind(self) -> Kind:
        """Return how it is answered."""
        if self.truth is not None:
            return "truth"
        if self.number is not None:
            return "number"
        if self.answers:
            return "several"
        if self.order:
            return "order"
        return "choice" if self.wrong else "text"


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered: choices by their index, or a number, or (neither) words."""

    choices: tuple[int, ...] = ()
    value: float | None = None
    verdict: Verdict = Verdict.RIGHT


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question made ready: choices in the order shown, answers folded. Build one with `prepare`.

    `right` holds the indexes of the right choices: any of them for one choice, all of them for several, in their order
    for an order.
    """

    question: Question
    locale: str
    choices: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    key: AnswerKey | None = None
    typed: Mapping[str, int] = field(default_factory=dict)
    bare: Mapping[str, int] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """Return how it is answered."""
        return self.question.kind

    @property
    def answer(self) -> str:
        """Return what is shown as right."""
        return self.question.answer or ", ".join(self.choices[index] for index in self.right)

    def read(self, text: str) -> Reply | None:
        """Return the answer that a line of chat gives, None when it is none: words that are wrong are just talk."""
        if self.key is None:
            return self._reply(text)
        reply = self.weigh(text)
        return reply if reply is not None and reply.verdict is Verdict.RIGHT else None

    def weigh(self, text: str) -> Reply | None:
        """Return the answer that a text gives, with its verdict where it is words; None when it cannot be one."""
        if self.key is None:
            return self._reply(text)
        return None if len(text) > LONGEST else Reply(verdict=self.key.judge(text))

    def choose(self, choices: Sequence[int]) -> Reply:
        """Return the answer that controls give.

        Raises:
            Refusal: `no-such-choice`; `order-all` when an order leaves a choice out.
        """
        taken = tuple(choices)
        if not taken or len(set(taken)) < len(taken):
            raise Refusal("no-such-choice")
        if any(not 0 <= choice < len(self.choices) for choice in taken):
            raise Refusal("no-such-choice")
        if self.kind == "order":
            if len(taken) < len(self.choices):
                raise Refusal("order-all")
            return Reply(taken)
        if self.kind == "several":
            return Reply(tuple(sorted(taken)))
        if len(taken) > 1:
            raise Refusal("no-such-choice")
        return Reply(taken)

    def is_right(self, reply: Reply) -> bool:
        """Return whether an answer is right by itself: of numbers only the very one is, near as others may come."""
        match self.kind:
            case "choice" | "truth":
                return reply.choices[0] in self.right
            case "several" | "order":
                return reply.choices == self.right
            case "number":
                return reply.value == self.question.number
            case "text":
                return reply.verdict is Verdict.RIGHT

    def accepting(self, text: str) -> "Prompt":
        """Return this prompt with one more right answer: words, or a choice by its letter or its text.

        Raises:
            Refusal: `cannot-accept` for a kind that has just one answer; `no-such-choice`; `already-right`.
        """
        if self.kind == "text":
            if self.key is not None and self.key.judge(text) is Verdict.RIGHT:
                raise Refusal("already-right")
            question = replace(self.question, accept=(*self.question.accept, text))
            return replace(self, question=question, key=_key_of(question, self.locale))
        if self.kind != "choice":
            raise Refusal("cannot-accept")
        choice = self._choice(text)
        if choice is None:
            raise Refusal("no-such-choice")
        if choice in self.right:
            raise Refusal("already-right")
        return replace(self, right=tuple(sorted({*self.right, choice})))

    def _reply(self, text: str) -> Reply | None:
        if len(text) > LONGEST:
            return None
        match self.kind:
            case "number":
                value = read_number(text, self.locale)
                return None if value is None else Reply(value=value)
            case "several":
                return self._letters(text, every=False)
            case "order":
                return self._letters(text, every=True)
            case _:
                choice = self._choice(text)
                return None if choice is None else Reply((choice,))

    def _choice(self, text: str) -> int | None:
        """Return the choice that a text means: by its letter, by its text."""
        choice = self.typed.get(fold(text))
        return self.bare.get(key_of(text, self.locale)) if choice is None else choice

    def _letters(self, text: str, *, every: bool) -> Reply | None:
        """Return the choices that "A C", "ac", "A et C" or their texts, separated, mean."""
        found = read_letters(text, len(self.choices)) or self._texts(text)
        if not found or (every and len(found) < len(self.choices)):
            return None
        return Reply(found if every else tuple(sorted(found)))

    def _texts(self, text: str) -> tuple[int, ...]:
        parts = [part for part in re.split(r"[,;/+>\u2192\n]", text) if part.strip()]
        found = [self._choice(part) for part in parts]
        taken = tuple(choice for choice in found if choice is not None)
        return taken if len(set(taken)) == len(found) else ()


def read_letters(text: str, count: int) -> tuple[int, ...]:
    """Return the choices (from 0) that letters stand for, "A C" or "ac"; nothing when the text is anything else."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(parts) == 1 and _RUNS.fullmatch(parts[0]) and parts[0] not in _WORDS:
        parts = list(parts[0])
    letters = LETTERS[:count]
    if not parts or any(len(part) != 1 or part.upper() not in letters for part in parts):
        return ()
    found = tuple(letters.index(part.upper()) for part in parts)
    return found if len(set(found)) == len(found) else ()


def prepare(question: Question, locale: str, chance: random.Random) -> Prompt:
    """Return a question ready to be asked; `chance` decides the order of its choices."""
    match question.kind:
        case "number":
            return Prompt(question, locale)
        case "text":
            return Prompt(question, locale, key=_key_of(question, locale))
        case "truth":
            return _truth(question, locale)
        case "order":
            return _order(question, locale, chance)
        case "several":
            return _shuffled(question, question.answers, locale, chance)
        case "choice":
            return _shuffled(question, (question.answer,), locale, chance)


def _key_of(question: Question, locale: str) -> AnswerKey:
    accepted = (question.answer, *question.accept)
    return AnswerKey(accepted, locale=locale, wrong=question.unlike, person=question.person)


def _shuffled(
    question: Question, right: tuple[str, ...], locale: str, chance: random.Random
) -> Prompt:
    choices = [*right, *question.wrong]
    chance.shuffle(choices)
    return _choosable(question, locale, choices, tuple(sorted(choices.index(r) for r in right)))


def _order(question: Question, locale: str, chance: random.Random) -> Prompt:
    choices = list(question.order)
    chance.shuffle(choices)
    if choices == list(question.order):  # shown in the right order it would be no question
        choices = [*choices[1:], choices[0]]
    return _choosable(question, locale, choices, tuple(choices.index(o) for o in question.order))


def _truth(question: Question, locale: str) -> Prompt:
    words = TRUTHS.get(locale, TRUTHS["en"])
    typed = {fold(word): index for index, known in enumerate(words) for word in known}
    typed |= {LETTERS[0].lower(): 0, LETTERS[1].lower(): 1}
    choices = tuple(known[0] for known in words)
    bare = {key_of(text, locale): index for index, text in enumerate(choices)}
    right = (0 if question.truth else 1,)
    return Prompt(question, locale, choices, right, typed=typed, bare=bare)


def _choosable(
    question: Question, locale: str, choices: Sequence[str], right: tuple[int, ...]
) -> Prompt:
    # A choice may read like a letter ("E") or fold to nothing ("+"): letters win, and an emoji is no answer.
    typed = {fold(text): index for index, text in enumerate(choices) if fold(text)}
    typed |= {LETTERS[index].lower(): index for index in range(len(choices))}
    keys = [key_of(text, locale) for text in choices]
    bare = {key: index for index, key in enumerate(keys) if key and keys.count(key) == 1}
    return Prompt(question, locale, tuple(choices), right, None, typed, bare)
