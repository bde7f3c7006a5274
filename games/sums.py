"""Sums out of plates: reading what people type, and finding the best there is.

A sum uses each plate at most once, and everything in it is a whole number above zero. People write it as they do on
paper: "25 x 4 + 7", "(25+3)×4 = 112", "25*4=100 ; 100+7=107", or "25 × 4 = 100 + 7 = 107". Nothing typed is ever run:
this file reads it, character by character, and works on numbers that the plates bound.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from games.core import Refusal
from games.matching import LONGEST

Sign = Literal["+", "-", "*", "/"]

DEEPEST = 20
"""Brackets within brackets that are read: six plates need five."""

SIGNS: dict[Sign, str] = {
    "+": "+＋➕",
    "-": "-−–—‐‑‒－➖",
    "*": "*x×X∗·⋅∙•✕✖＊",
    "/": "/÷:∶∕⁄／：➗",
}
"""How people type each sign."""

_BRACKETS = str.maketrans("[]{}（）", "()()()")
_SPELT = str.maketrans(
    {typed: sign for sign, ways in SIGNS.items() for typed in ways} | {"＝": "="}
)
_DROPPED = str.maketrans("", "", "\\`\ufe0f\u200b\u2060")
_AND_THEN = re.compile(r"\b(?:puis|ensuite|et|then|and)\b|[,;\n]", re.IGNORECASE)
_GROUPED = re.compile(r"(?<![0-9])([0-9]{1,3})((?:[ \u00a0\u202f\u2009][0-9]{3})+)(?![0-9])")
_ENGLISH_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_TOKEN = re.compile(r"\s*([0-9]+|[-+*/()])")
_ALL_SIGNS = re.escape("".join(SIGNS.values()))
_LIKE_A_SUM = re.compile(rf"[0-9)\]}}]\s*[\\{_ALL_SIGNS}]+\ufe0f?\s*[0-9(\[{{]")


@dataclass(frozen=True, slots=True)
class Step:
    """One operation and what it makes."""

    left: int
    sign: Sign
    right: int
    value: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What a sum comes to, and its operations in order; a plate alone has none."""

    value: int
    steps: tuple[Step, ...]


def read_sum(text: str, plates: Sequence[int]) -> Sum | None:
    """Read a sum out of these plates; None for what is no sum at all.

    Several sums, one after the other, may use what came before; the last one counts.

    Raises:
        Refusal: `sum-no-plate`, `sum-not-whole`, `sum-not-positive`, or `sum-wrong` for a result that is not so.
    """
    if len(text) > LONGEST or not _LIKE_A_SUM.search(text):
        return None
    plain = _plain(text)
    lines = _lines(plain) or _lines(_ENGLISH_THOUSANDS.sub("", plain))
    table = _Table(plates)
    try:
        for line in lines:
            table.take(line)
    except _Unreadable:
        return None
    return Sum(table.value, tuple(table.steps)) if table.steps else None


class _Unreadable(Exception):
    """What was typed is no sum."""


Tokens = list[str]
Line = list[Tokens]


def _plain(text: str) -> str:
    plain = text.translate(_DROPPED).translate(_BRACKETS).translate(_SPELT).rstrip(" .!?,;\n")
    return _GROUPED.sub(lambda found: "".join(found.group().split()), plain)


def _lines(plain: str) -> list[Line]:
    """Return each sum as its sides of the equals signs; nothing when any of it cannot be read."""
    texts = _AND_THEN.split(plain)
    lines = [[_tokens(side) for side in text.split("=")] for text in texts if text.strip()]
    return lines if all(map(_is_sum, lines)) else []


def _tokens(side: str) -> Tokens:
    tokens, at, side = Tokens(), 0, side.strip()
    while at < len(side):
        found = _TOKEN.match(side, at)
        if found is None:
            return Tokens()
        tokens.append(found.group(1))
        at = found.end()
    return tokens


def _is_sum(line: Line) -> bool:
    return all(line) and any(len(side) > 1 for side in line)


class _Table:
    """The plates and the results that are still free, and what was made so far."""

    def __init__(self, plates: Sequence[int]) -> None:
        self._free = list(plates)
        self.steps: list[Step] = []
        self.value = 0

    def take(self, sides: Line) -> None:
        """Work out one sum with its claims: "25*4 = 100", "100 = 25*4", "25*4 = 100 + 7 = 107"."""
        if len(sides) == 2 and len(sides[0]) == 1:
            sides = [sides[1], sides[0]]
        self._make(sides[0])
        for side in sides[1:]:
            if side[0] != str(self.value):
                claimed = int(side[0]) if side[0].isdecimal() else 0
                raise Refusal("sum-wrong", claimed=claimed, value=self.value)
            if len(side) > 1:
                self._make(side)

    def _make(self, tokens: Tokens) -> None:
        self.value = _Reader(tokens, self).whole()
        self._free.append(self.value)

    def number(self, number: int) -> int:
        """Take a number that is free, a result before a plate."""
        for place in range(len(self._free) - 1, -1, -1):
            if self._free[place] == number:
                return self._free.pop(place)
        raise Refusal("sum-no-plate", number=number)

    def step(self, left: int, sign: Sign, right: int) -> int:
        """Note an operation and return what it makes."""
        value = worked(left, sign, right)
        if value is None and sign == "-":
            raise Refusal("sum-not-positive", left=left, right=right)
        if value is None:
            raise Refusal("sum-not-whole", left=left, right=right)
        self.steps.append(Step(left, sign, right, value))
        return value


class _Reader:
    """Reads one side of a sum, and works it out as it goes."""

    def __init__(self, tokens: Tokens, table: _Table) -> None:
        self._tokens = tokens
        self._table = table
        self._at = 0

    def whole(self) -> int:
        """Return what all of it comes to."""
        value = self._terms(0)
        if self._at < len(self._tokens):
            raise _Unreadable
        return value

    def _terms(self, depth: int) -> int:
        value = self._factors(depth)
        while (sign := self._next()) in ("+", "-"):
            self._at += 1
            value = self._table.step(value, "+" if sign == "+" else "-", self._factors(depth))
        return value

    def _factors(self, depth: int) -> int:
        value = self._factor(depth)
        while (sign := self._next()) in ("*", "/", "("):
            self._at += sign != "("
            value = self._table.step(value, "/" if sign == "/" else "*", self._factor(depth))
        return value

    def _factor(self, depth: int) -> int:
        part = self._next()
        self._at += 1
        if part.isdecimal():
            return self._table.number(int(part))
        if part != "(" or depth == DEEPEST:
            raise _Unreadable
        value = self._terms(depth + 1)
        if self._next() != ")":
            raise _Unreadable
        self._at += 1
        return value

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""


def worked(left: int, sign: Sign, right: int) -> int | None:
    """Return what an operation makes; None for what is not whole or not above zero."""
    match sign:
        case "+":
            return left + right
        case "*":
            return left * right
        case "-":
            return left - right if left > right else None
        case "/":
            return left // right if left % right == 0 else None


class Reach:
    """All that can be made of some plates: of each choice of them, every value."""

    def __init__(self, plates: Sequence[int]) -> None:
        self._plates = tuple(plates)
        self._made: list[set[int]] = [set()]
        for choice in range(1, 1 << len(plates)):
            self._made.append(self._values(choice))

    def nearest(self, target: int) -> Sum:
        """Return a sum that comes as near to the target as any, of as few plates as any of these."""
        choices = range(1, len(self._made))
        gap, _, best = min((self._gap(c, target), c.bit_count(), c) for c in choices)
        value = target - gap if target - gap in self._made[best] else target + gap
        return Sum(value, tuple(self._steps(best, value)))

    def _gap(self, choice: int, target: int) -> int:
        made = self._made[choice]
        return 0 if target in made else min(abs(value - target) for value in made)

    def _values(self, choice: int) -> set[int]:
        if choice.bit_count() == 1:
            return {self._plates[choice.bit_length() - 1]}
        made = set[int]()
        for part, rest in _splits(choice):
            for left in self._made[part]:
                rights = self._made[rest]
                made.update([left + right for right in rights])
                made.update([left * right for right in rights])
                made.update([abs(left - right) for right in rights if left != right])
                made.update([left // right for right in rights if not left % right])
                made.update([right // left for right in rights if not right % left])
        return made

    def _steps(self, choice: int, value: int) -> Iterator[Step]:
        if choice.bit_count() == 1:
            return
        step, part, rest = next(self._last_steps(choice, value))
        yield from self._steps(part, step.left)
        yield from self._steps(rest, step.right)
        yield step

    def _last_steps(self, choice: int, value: int) -> Iterator[tuple[Step, int, int]]:
        """Yield each operation that makes the value at last, with the plates of its left and of its right."""
        for one, other in _splits(choice):
            for part, rest in ((one, other), (other, one)):
                rights = self._made[rest]
                for left in sorted(self._made[part]):
                    for sign, right in _rights(left, value):
                        if right in rights:
                            yield Step(left, sign, right, value), part, rest


def _splits(choice: int) -> Iterator[tuple[int, int]]:
    """Yield each way to part a choice of plates in two, once."""
    part = (choice - 1) & choice
    while part > choice ^ part:
        yield part, choice ^ part
        part = (part - 1) & choice


def _rights(left: int, value: int) -> Iterator[tuple[Sign, int]]:
    """Yield what makes `value` of `left`, sign by sign; of what may be turned round, the larger number first."""
    if left < value <= 2 * left:
        yield "+", value - left
    elif left > value:
        yield "-", left - value
    if value % left == 0 and value // left <= left:
        yield "*", value // left
    if left % value == 0:
        yield "/", left // value
