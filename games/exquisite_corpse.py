"""The exquisite corpse: a text written in turns, of which each sees only the last words of what went before.

People sit down and write in that order. Whoever lets their time pass goes to the end of the row, and anybody may take
the turn over. A moderated text waits after every line until a host lets it stand; hosts take away any line at any time.
Nobody sees the text before its end, except hosts who ask. Those who wrote and wish to sign it, do.
"""

import random
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import Events, Game, Seats, TableOptions, Times, Told, Unseen, View, Wish, Words
from games.typed import number_in, tidy

Stage = Literal["writing", "open", "held", "signing"]
"""Somebody writes, anybody may take the turn, a line waits for a host, or the text is complete and may be signed."""

State = Literal["held", "in", "out"]

TIMES = Times(lobby=30.0, round=180.0, reveal=15.0, idle=900.0)
"""The time of a round is that of one line."""

ROUNDS = 1
SIGNING = 40.0
"""Seconds in which a complete text may still be signed."""

LEAST_WRITERS, MOST_WRITERS = 2, 12
LEAST_LINES, MOST_LINES = 4, 16
TAIL = 6
"""Words that are seen of the line before."""

LEAST_WORDS, LONGEST_LINE = 3, 200
REVIEWED = 3
"""Lines that a host is shown at once."""

MODERATED = ("moderated", "modéré", "relu")
LINES = ("lines", "lignes")
"""The words for what a host may choose, English first."""

SIGN = ("sign", "i sign", "signer", "je signe")
TAKE = ("i take it", "i go on", "je prends", "je continue")
"""What is typed to sign, and to take an open turn."""

_MODERATED = frozenset(map(fold, MODERATED))
_NUMBER_OF_LINES = re.compile(r"(?:lines|lignes)[:=]([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class ExquisiteOptions:
    """A text: how many lines, 0 for two from each who sat down; whether hosts read each line first."""

    table: TableOptions
    lines: int = 0
    moderated: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> ExquisiteOptions:
    """Return what a host asked for: "moderated", "lines:12".

    Raises:
        Refusal: `unknown-option`, `no-number`.
    """
    lines, moderated = 0, False
    for word in wish.text.split():
        if match := _NUMBER_OF_LINES.fullmatch(word.lower()):
            lines = _lines(match[1])
        elif fold(word) in _MODERATED:
            moderated = True
        else:
            raise Refusal("unknown-option", text=word[:30])
    return ExquisiteOptions(replace(table, rounds=1), lines, moderated)


def _lines(typed: str) -> int:
    if not LEAST_LINES <= int(typed) <= MOST_LINES:
        raise Refusal("no-number", text=typed, least=LEAST_LINES, most=MOST_LINES)
    return int(typed)


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody's line stands: number `number` (from 1, over all that were written)."""

    by: Player
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody's line waits for a host."""

    by: Player
    number: int


@dataclass(frozen=True, slots=True)
class Struck:
    """A line was taken away, by a host or with its message."""

    number: int


@dataclass(frozen=True, slots=True)
class Turn:
    """It is somebody's turn; None for whoever takes it."""

    by: Player | None


@dataclass(frozen=True, slots=True)
class Reviewed(Unseen):
    """A host looks at the latest lines, each with its number; the first of them `waits`, if one does."""

    lines: tuple[tuple[int, str], ...]
    waits: bool


@dataclass(frozen=True, slots=True)
class Signed(Unseen):
    """Somebody wishes to sign the text, or no longer does."""

    by: Player
    signs: bool


@dataclass(frozen=True, slots=True)
class Completed(Told):
    """The text has all its `lines`; it may be signed for so many seconds."""

    lines: int
    seconds: float


Event = Written | Held | Struck | Turn | Reviewed | Signed | Completed


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: the last words of the last line, who writes, which line of how many, who signs.

    `held` is the number of the line that waits for a host, 0 for none. The text is not among them.
    """

    tail: str
    writer: Player | None
    number: int
    total: int
    held: int
    signatures: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text as it is in the end, line by line, and who signs it."""

    lines: tuple[str, ...]
    signatures: tuple[Player, ...]


@dataclass(slots=True)
class _Line:
    """A line as it was written."""

    by: Player
    text: str
    state: State


class ExquisiteCorpse(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: ExquisiteOptions, words: Words) -> None:
        super().__init__(options.table, Seats(LEAST_WRITERS, MOST_WRITERS))
        self.options = options
        self._words = words
        self._stage: Stage = "writing"
        self._row: deque[Player] = deque()
        self._writer: Player | None = None
        self._text: list[_Line] = []
        self._total = options.lines
        self._signatures: dict[int, Player] = {}

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(ExquisiteOptions, options), words)

    def _deal(self, now: float) -> Sequence[Event]:
        seated = self._seats.taken if self._seats else []
        self._row = deque(seated)
        self._writer = self._row[0]
        self._total = self.options.lines or min(MOST_LINES, max(LEAST_LINES, 2 * len(seated)))
        return ()

    # what people do

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        typed = fold(text)
        if typed in SIGN:
            return self._sign(by)
        if typed in TAKE:
            return self._take(by, now)
        hidden = by.platform in self.table.forms
        if hidden or len(text.split()) < LEAST_WORDS:
            raise Refusal("not-it")  # who can write unseen does not mean what all have read
        return self._write(by, text, now)

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        if self._stage != "writing" or self._writer is None or self._writer.id != by.id:
            raise Refusal("not-your-turn")
        line = self._fit(tidy(text))
        self._admit(by, now)
        self._count(by)
        self._text.append(_Line(by, line, "held"))
        number = len(self._text)
        if not self.options.moderated:
            return self._let_stand(number, now)
        self._stage = "held"
        self._ask(now, None)
        return (Held(by, number),)

    def _fit(self, line: str) -> str:
        if len(line) > LONGEST_LINE or len(fold(line).split()) < LEAST_WORDS:
            raise Refusal("exquisite-length", least=LEAST_WORDS, most=LONGEST_LINE)
        if not self._words.decent(line):
            raise Refusal("not-shown")
        return line

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[Event]:
        match wish:
            case "sign":
                return self._sign(by)
            case "take":
                return self._take(by, now)
            case _:
                return super()._wish(by, wish, text, now)

    def _sign(self, by: Player) -> Events[Event]:
        if not any(line.by.id == by.id and line.state != "out" for line in self._text):
            raise Refusal("exquisite-no-line")
        signs = by.id not in self._signatures
        if signs:
            self._signatures[by.id] = by
        else:
            del self._signatures[by.id]
        return (Signed(by, signs),)

    def _take(self, by: Player, now: float) -> Events[Event]:
        if self._stage != "open":
            raise Refusal("not-your-turn")
        return self._call(by, now)

    def _take_back(self, by: Player, now: float) -> Events[Event]:
        """Take a line away whose message was removed, as long as nobody has gone on from it."""
        number = len(self._text)
        newest = self._text[-1] if self._text else None
        if newest is None or newest.by.id != by.id or newest.state == "out":
            return ()
        return self._strike(number, now)

    def _leave(self, by: Player, seat: int, now: float) -> Events[Event]:
        self._row = deque(player for player in self._row if player.id != by.id)
        mine = self._writer is not None and self._writer.id == by.id
        if self._stage != "writing" or not mine:
            return ()
        return self._call(self._row[0] if self._row else None, now)

    # whose turn it is

    def _call(self, writer: Player | None, now: float) -> Events[Event]:
        """Give somebody the turn, or (None) leave it to whoever takes it."""
        self._writer = writer
        self._stage = "open" if writer is None else "writing"
        self._ask(now, None if writer is None else self.table.times.round)
        return (Turn(writer),)

    def _next(self, now: float) -> Events[Event]:
        self._row.rotate(-1)
        return self._call(self._row[0] if self._row else None, now)

    def _time_up(self, now: float) -> Events[Event]:
        if self._stage == "signing":
            return self._close(now)
        return self._call(None, now)

    def _skip(self, now: float) -> Events[Event]:
        match self._stage:
            case "writing":
                return self._next(now)
            case "held":
                raise Refusal("exquisite-held")
            case "open" if self._standing:
                return self._complete(now)
            case _:
                return self._close(now)

    # hosts

    def _act(self, action: str, text: str, about: Player | None, now: float) -> Events[Event]:
        if action not in ("approve", "remove"):
            return super()._act(action, text, about, now)
        if action == "approve" and not text.strip():
            return (self._review(),)
        number = number_in(text)
        if number is None or not 1 <= number <= len(self._text):
            raise Refusal("exquisite-which", most=len(self._text))
        state = self._text[number - 1].state
        if action == "remove" and state != "out":
            return self._strike(number, now)
        if action == "approve" and state == "held":
            return self._let_stand(number, now)
        raise Refusal("exquisite-decided", number=number)

    def _review(self) -> Reviewed:
        """Return the line that waits, or the latest that stand."""
        numbered = enumerate(self._text, 1)
        shown = [(number, line.text) for number, line in numbered if line.state != "out"]
        if not shown:
            raise Refusal("exquisite-nothing")
        waits = self._stage == "held"
        return Reviewed(tuple(shown[-1:] if waits else shown[-REVIEWED:]), waits)

    def _strike(self, number: int, now: float) -> Events[Event]:
        line = self._text[number - 1]
        again, line.state = line.state == "held", "out"
        if not any(other.by.id == line.by.id and other.state != "out" for other in self._text):
            self._signatures.pop(line.by.id, None)
        return (Struck(number), *(self._call(line.by, now) if again else ()))

    def _let_stand(self, number: int, now: float) -> Events[Event]:
        line = self._text[number - 1]
        line.state = "in"
        self._pay(line.by, 0, right=1)
        written = Written(line.by, number)
        if len(self._standing) >= self._total:
            return (written, *self._complete(now))
        return (written, *self._next(now))

    def _complete(self, now: float) -> Events[Event]:
        self._stage, self._writer = "signing", None
        self._ask(now, SIGNING)
        return (Completed(len(self._standing), SIGNING),)

    # what is seen

    @property
    def _standing(self) -> list[_Line]:
        return [line for line in self._text if line.state == "in"]

    @property
    def _tail(self) -> str:
        """The last words of the last line, never all of it."""
        words = self._standing[-1].text.split()[1:] if self._standing else []
        return " ".join(words[-TAIL:])

    def _result(self) -> Outcome:
        texts = tuple(line.text for line in self._standing)
        return Outcome(texts, tuple(self._signatures.values()))

    def _view(self) -> View:
        standing, tail = self._standing, self._tail
        held = len(self._text) if self._stage == "held" else 0
        return View(
            prompt=f"… {tail}" if tail and self._stage != "signing" else "",
            kind=self._stage,
            form="line" if self._stage == "writing" else "",
            wishes=(
                *(("take",) if self._stage == "open" else ()),
                *(("sign",) if standing else ()),
            ),
            facts=Facts(
                tail,
                self._writer,
                min(len(standing) + 1, self._total),
                self._total,
                held,
                len(self._signatures),
            ),
        )
