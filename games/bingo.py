"""Bingo: a card for each person, things that are drawn or that happen, and whoever has a line says so.

A card is made of the session's seed, the round and the person: asked for again it is the same, and whoever comes late
has what was drawn before. It holds numbers (75 or 90 of them) or short texts from a list. A claim is checked; the
first right one opens some seconds in which others claim for the same draw, and all of them win alike. A wrong one
costs nothing.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.lists import texts
from games.matching import fold
from games.table import Events, Game, TableOptions, Times, Unseen, View, Wish, Words
from games.typed import number_in, tidy

Goal = Literal["line", "two", "full"]
Mark = Literal["open", "drawn", "free", "blank"]
"""How a place of a card stands: not drawn yet, drawn, given to everybody, or no place at all."""

TIMES = Times(lobby=20.0, round=15.0, reveal=15.0, idle=300.0)
"""The time of a round is that between two draws, where they come by themselves."""

ROUNDS = 1
HOSTED_IDLE = 3600.0
"""Seconds that may pass between two things a host notes: an evening is not in a hurry."""

CLAIMS = 12.0
"""Seconds in which others may claim for the same draw."""

WIN = 5
SHORTEST_LIST, LONGEST_LIST, LONGEST_TEXT = 9, 75, 22
SMALL, LARGE, LARGE_FROM = 3, 4, 24
"""Sides of a card of texts, and how long a list the large one takes."""

FREE, BLANK = -1, -2
COLUMNS_75, COLUMN_75 = 5, 15
ROWS_90, COLUMNS_90, IN_ROW_90 = 3, 9, 5

GOALS: Mapping[Goal, tuple[str, ...]] = {
    "line": ("line", "ligne", "quine"),
    "two": ("two lines", "deux lignes", "double quine"),
    "full": ("full card", "full house", "carton plein", "carte pleine"),
}
LISTS: Mapping[str, tuple[str, ...]] = {
    "reading": ("reading", "lecture", "books", "livres"),
    "stream": ("stream", "live", "direct"),
}
TOPS: Mapping[int, tuple[str, ...]] = {
    75: ("numbers", "nombres", "numbers:75", "nombres:75"),
    90: ("numbers:90", "nombres:90", "loto", "tombola"),
}
DRAWS: Mapping[bool, tuple[str, ...]] = {
    True: ("auto", "automatic", "automatique"),
    False: ("host", "hosts", "animation"),
}
"""The words for what a host may choose, English first."""

_CLAIM = re.compile(r"bingo+|quine|carton plein|full house")

Card = tuple[tuple[int, ...], ...]
"""Rows of places: indices of what may be drawn, `FREE` or `BLANK`."""


@dataclass(frozen=True, slots=True)
class BingoOptions:
    """A game: the texts of the list, none for the numbers 1 to `top`; whether draws come by themselves."""

    table: TableOptions
    texts: tuple[str, ...]
    top: int
    goal: Goal
    automatic: bool

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(table: TableOptions, wish: Wish, words: Words, chance: random.Random) -> BingoOptions:
    """Return what a host asked for: numbers, a list that is shipped or their own, a goal, who draws.

    The parts of a list have commas or semicolons between them. Numbers come by themselves and texts are noted by a
    host, unless they say otherwise.

    Raises:
        Refusal: `bingo-list`, `not-shown`.
    """
    asked = _Asked(wish.text)
    goal: Goal = asked.take(GOALS) or "line"
    top = asked.take(TOPS) or 0
    shipped = asked.take(LISTS)
    automatic = asked.take(DRAWS)
    own = asked.rest()
    if own:
        shown = _own_list(own, words)
    else:
        shown = () if top and not shipped else texts(table.locale, "bingo", shipped or "reading")
    automatic = not shown if automatic is None else automatic
    if not automatic:
        idle = max(table.times.idle, HOSTED_IDLE)
        table = replace(table, times=replace(table.times, idle=idle))
    return BingoOptions(table, shown, 0 if shown else top, goal, automatic)


class _Asked:
    """The parts of a wish: those that mean something are taken, the others are a list."""

    def __init__(self, text: str) -> None:
        separated = re.split(r"[;,]", text)
        self._parts = [part for part in map(tidy, separated) if part]
        if len(self._parts) == 1:
            self._parts = self._phrases(self._parts[0])

    @staticmethod
    def _phrases(text: str) -> list[str]:
        """Return the choices in words that have no commas between them, longest first, or the text as it is."""
        known = {
            name
            for names in (GOALS, LISTS, TOPS, DRAWS)
            for kind in names.values()
            for name in kind
        }
        found, words = list[str](), text.split()
        while words:
            size = next((n for n in (2, 1) if _said(" ".join(words[:n])) in known), 0)
            if not size:
                return [text]
            found.append(" ".join(words[:size]))
            words = words[size:]
        return found

    def take(self, known: Mapping[Any, tuple[str, ...]]) -> Any:
        """Take the parts that mean something; return what the last of them means, None for none."""
        meant = {name: meaning for meaning, names in known.items() for name in names}
        found = [meant[_said(part)] for part in self._parts if _said(part) in meant]
        self._parts = [part for part in self._parts if _said(part) not in meant]
        return found[-1] if found else None

    def rest(self) -> list[str]:
        """Return the parts that nothing has taken."""
        return self._parts


def _said(text: str) -> str:
    return ":".join(map(fold, text.split(":")))


def _own_list(asked: Sequence[str], words: Words) -> tuple[str, ...]:
    found = {fold(text): text for text in asked}
    if not SHORTEST_LIST <= len(found) <= LONGEST_LIST or any(
        not key or len(text) > LONGEST_TEXT for key, text in found.items()
    ):
        raise Refusal("bingo-list", least=SHORTEST_LIST, most=LONGEST_LIST, length=LONGEST_TEXT)
    if not all(map(words.decent, found.values())):
        raise Refusal("not-shown")
    return tuple(found.values())


# --- Cards ----------------------------------------------------------------------------------------------------


def card_of(chance: random.Random, count: int, *, numbers: bool) -> Card:
    """Return a card for one of `count` things to draw."""
    if not numbers:
        side = LARGE if count >= LARGE_FROM else SMALL
        drawn = chance.sample(range(count), side * side)
        return tuple(tuple(drawn[row * side : (row + 1) * side]) for row in range(side))
    return _card_of_75(chance) if count == COLUMNS_75 * COLUMN_75 else _card_of_90(chance)


def _card_of_75(chance: random.Random) -> Card:
    """Return five columns, each from fifteen numbers of its own, with the place in the middle free."""
    columns = [
        chance.sample(range(start, start + COLUMN_75), COLUMNS_75)
        for start in range(0, COLUMNS_75 * COLUMN_75, COLUMN_75)
    ]
    middle = COLUMNS_75 // 2
    columns[middle][middle] = FREE
    return tuple(zip(*columns, strict=True))


def _card_of_90(chance: random.Random) -> Card:
    """Return three rows of five numbers over nine columns, one for each ten, in each column at least one."""
    extra = chance.sample([*range(COLUMNS_90)] * (ROWS_90 - 1), ROWS_90 * IN_ROW_90 - COLUMNS_90)
    heights = [1 + extra.count(column) for column in range(COLUMNS_90)]
    rows, room = [[BLANK] * COLUMNS_90 for _ in range(ROWS_90)], [IN_ROW_90] * ROWS_90
    for column in sorted(range(COLUMNS_90), key=lambda column: -heights[column]):
        by_room = sorted(range(ROWS_90), key=lambda row: (-room[row], chance.random()))
        taken = sorted(by_room[: heights[column]])
        numbers = sorted(chance.sample(_ten(column), heights[column]))
        for row, number in zip(taken, numbers, strict=True):
            rows[row][column] = number
            room[row] -= 1
    return tuple(map(tuple, rows))


def _ten(column: int) -> range:
    """Return the indices of a column's numbers: 1 to 9, 10 to 19, …, 80 to 90."""
    first, last = max(1, 10 * column), 10 * column + 9 + (column == COLUMNS_90 - 1)
    return range(first - 1, last)


def lines_of(card: Card) -> tuple[frozenset[int], ...]:
    """Return what must be drawn for each line: rows, and on a square card columns and diagonals."""
    lines: list[Sequence[int]] = list(card)
    side = len(card)
    if side == len(card[0]):
        lines += list(zip(*card, strict=True))
        lines.append([card[place][place] for place in range(side)])
        lines.append([card[place][side - 1 - place] for place in range(side)])
    return tuple(frozenset(index for index in line if index >= 0) for line in lines)


def missing(card: Card, drawn: frozenset[int], goal: Goal) -> int:
    """Return how many things must still be drawn, at the least, for a goal to be reached."""
    lines = lines_of(card)
    if goal == "full":
        return len(frozenset[int]().union(*lines) - drawn)
    if goal == "line":
        return min(len(line - drawn) for line in lines)
    return min(len((one | other) - drawn) for one, other in combinations(lines, 2))


# --- What happens ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carded(Unseen):
    """Somebody looks at their card: rows of what stands in each place and how it stands; `numbers` has nine or five."""

    by: Player
    rows: tuple[tuple[tuple[str, Mark], ...], ...]
    numbers: bool


@dataclass(frozen=True, slots=True)
class NotYet(Unseen):
    """Somebody claimed, and `missing` more must be drawn; `aloud` where everybody could read the claim."""

    by: Player
    missing: int
    goal: Goal
    aloud: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """Something was drawn, or has happened."""

    text: str


@dataclass(frozen=True, slots=True)
class Undrawn:
    """Something that was noted has not happened after all."""

    text: str


@dataclass(frozen=True, slots=True)
class Won:
    """A claim was right; `seconds` are left for others to claim, None for who is not the first."""

    by: Player
    goal: Goal
    seconds: float | None


Event = Carded | NotYet | Drawn | Undrawn | Won


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: what was drawn, in order, of what there is; how many cards are out; who has won.

    `items` is everything that may be drawn, `drawn` holds their indices.
    """

    items: tuple[str, ...]
    drawn: tuple[int, ...]
    goal: Goal
    numbers: bool
    automatic: bool
    cards: int
    winners: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended: who won, in the order of their claims, after how many draws."""

    goal: Goal
    winners: tuple[Player, ...]
    draws: int


class Bingo(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: BingoOptions, seed: int) -> None:
        super().__init__(options.table)
        self.options = options
        self._seed = seed
        numbers = tuple(str(number) for number in range(1, options.top + 1))
        self._items = options.texts or numbers
        self._keys = {fold(text): index for index, text in enumerate(self._items)}
        self._clear()

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int, _words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(BingoOptions, options), seed)

    def _clear(self) -> None:
        self._order = list(range(len(self._items)))
        random.Random(f"{self._seed}:{self._number}").shuffle(self._order)
        self._drawn: list[int] = []
        self._cards: dict[int, Card] = {}
        self._winners: dict[int, Player] = {}

    def _deal(self, now: float) -> Sequence[Event]:
        self._clear()
        self._wait_for_draw(now)
        return ()

    def _wait_for_draw(self, now: float) -> None:
        self._wait(now, self.table.times.round if self.options.automatic else None)

    def card(self, player: Player) -> Card:
        """Return somebody's card of this round, whether they have asked for it or not."""
        chance = random.Random(f"{self._seed}:{self._number}:{player.id}")
        return card_of(chance, len(self._items), numbers=not self.options.texts)

    # cards and claims

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        if not _CLAIM.fullmatch(fold(text)):
            raise Refusal("not-it")
        return self._claim(by, now, aloud=True)

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[Event]:
        match wish:
            case "mine":
                return (self._show(by),)
            case "claim":
                return self._claim(by, now, aloud=False)
            case _:
                return super()._wish(by, wish, text, now)

    def _show(self, by: Player) -> Carded:
        if by.id not in self._cards:
            self._cards[by.id] = self.card(by)
            self._count(by)
        drawn = frozenset(self._drawn)
        rows = tuple(
            tuple(self._place(index, drawn) for index in row) for row in self._cards[by.id]
        )
        return Carded(by, rows, not self.options.texts)

    def _place(self, index: int, drawn: frozenset[int]) -> tuple[str, Mark]:
        if index < 0:
            return "", "free" if index == FREE else "blank"
        return self._items[index], "drawn" if index in drawn else "open"

    def _claim(self, by: Player, now: float, *, aloud: bool) -> Events[Event]:
        card = self._cards.get(by.id)
        if card is None:
            raise Refusal("bingo-no-card")
        if by.id in self._winners:
            raise Refusal("bingo-won")
        self._admit(by, now)
        goal = self.options.goal
        if left := missing(card, frozenset(self._drawn), goal):
            return (NotYet(by, left, goal, aloud),)
        first = not self._winners
        self._winners[by.id] = by
        self._count(by, right=True, points=WIN)
        if first:
            self._wait(now, CLAIMS)
        return (Won(by, goal, CLAIMS if first else None),)

    # draws

    def _act(self, action: str, text: str, about: Player | None, now: float) -> Events[Event]:
        if action not in ("draw", "remove"):
            return super()._act(action, text, about, now)
        if self._winners:
            raise Refusal("bingo-claimed")
        if action == "remove":
            return self._undraw(self._named(text))
        index = self._named(text) if text.strip() else self._next()
        if index is None:
            raise Refusal("bingo-all-drawn")
        if index in self._drawn:
            raise Refusal("bingo-drawn", text=self._items[index])
        return self._draw(index, now)

    def _named(self, text: str) -> int:
        """Return what somebody means by a number, by its words or by a part of them that nothing else has."""
        number, key = number_in(text), fold(text)
        if number is not None and 1 <= number <= len(self._items):
            return number - 1
        if key in self._keys:
            return self._keys[key]
        found = [index for known, index in self._keys.items() if key and key in known]
        if len(found) != 1:
            raise Refusal("bingo-which", text=text.strip()[:30])
        return found[0]

    def _undraw(self, index: int) -> Events[Event]:
        if index not in self._drawn:
            raise Refusal("bingo-not-drawn", text=self._items[index])
        self._drawn.remove(index)
        return (Undrawn(self._items[index]),)

    def _next(self) -> int | None:
        return next((index for index in self._order if index not in self._drawn), None)

    def _draw(self, index: int, now: float) -> Events[Event]:
        self._drawn.append(index)
        self._wait_for_draw(now)
        return (Drawn(self._items[index]),)

    def _time_up(self, now: float) -> Events[Event]:
        index = self._next()
        if self._winners or index is None:
            return self._close(now)
        if self._cards:  # whoever holds a card plays by listening
            self._played_at = now
        return self._draw(index, now)

    def _result(self) -> Outcome:
        return Outcome(self.options.goal, tuple(self._winners.values()), len(self._drawn))

    def _view(self) -> View:
        return View(
            board=self._board(),
            wishes=("mine", "claim"),
            facts=Facts(
                self._items,
                tuple(self._drawn),
                self.options.goal,
                not self.options.texts,
                self.options.automatic,
                len(self._cards),
                tuple(self._winners.values()),
            ),
        )

    def _board(self) -> tuple[str, ...]:
        """Return the list with crosses, or the numbers that were drawn, in order of size."""
        drawn = frozenset(self._drawn)
        if self.options.texts:
            return tuple(
                f"{'x' if index in drawn else '·'} {index + 1:>2} {text}"
                for index, text in enumerate(self._items)
            )
        numbers = [f"{index + 1:>2}" for index in sorted(drawn)]
        return tuple(" ".join(numbers[start : start + 10]) for start in range(0, len(numbers), 10))
