"""Connect four: a duel of two who sit down, or the chat against the host, the chat by vote.

In a vote everybody has one, on either platform, and may change it. The first opens it; when its time is up, the
column with most votes is played, and of even ones that which was voted first. A duellist who lets their time pass
loses; the host and the chat have no such limit, for a game that nobody plays ends by itself.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

from games.ballot import Ballot
from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import Events, Game, Seats, TableOptions, Times, View, Wish, Words

Mode = Literal["chat", "duel"]
Reason = Literal["four", "draw", "time", "left", "open"]
"""How a game ended: a line, a full board, a player's time, a player who left, or not at all."""

TIMES = Times(lobby=20.0, round=60.0, reveal=12.0, idle=240.0)
ROUNDS = 1
VOTE = 1 / 3
"""The part of a turn's time for which a vote stays open after the first."""

COLUMNS, ROWS, LINE = 7, 6, 4
WIN, DRAW = 5, 2
"""Points of those who win, and of all who play when nobody does."""

NUMBERS = tuple(str(column + 1) for column in range(COLUMNS))
"""What the columns are called."""

MARKS = ("X", "O")
"""What the pieces of each side are drawn with, the side that begins the first round first."""

MODES: Mapping[Mode, tuple[str, ...]] = {
    "chat": ("chat", "tchat", "vote", "public"),
    "duel": ("duel",),
}
"""The words for each way to play, English first."""

Place = tuple[int, int]
"""A column and a row, both from 0; rows are counted from the bottom."""

_DIRECTIONS = ((1, 0), (0, 1), (1, 1), (1, -1))


@dataclass(frozen=True, slots=True)
class ConnectFourOptions:
    """A game: who plays against whom."""

    table: TableOptions
    mode: Mode = "chat"

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> ConnectFourOptions:
    """Return what a host asked for: "chat" (themselves against the chat) or "duel".

    Raises:
        Refusal: `unknown-option`.
    """
    mode: Mode = "chat"
    for word in wish.text.split():
        found = [one for one, known in MODES.items() if fold(word) in known]
        if not found:
            raise Refusal("unknown-option", text=word[:30])
        mode = found[0]
    return ConnectFourOptions(replace(table, hosted=mode == "chat"), mode)


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody votes for a column (from 0)."""

    by: Player
    column: int


@dataclass(frozen=True, slots=True)
class Unvoted:
    """Somebody's vote no longer counts."""

    by: Player


@dataclass(frozen=True, slots=True)
class Played:
    """Side number `side` played a column; `by` is who did, None for a vote, which then had so many `votes`."""

    side: int
    column: int
    by: Player | None
    votes: int = 0


Event = Voted | Unvoted | Played


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table.

    `columns` hold sides from the bottom up; `players` are the two sides, None for the chat. `line` is the line that
    won; `votes` are (column, count), those voted first before the others; a vote lasts `vote` seconds.
    """

    columns: tuple[tuple[int, ...], ...]
    players: tuple[Player | None, Player | None]
    side: int
    last: Played | None = None
    line: tuple[Place, ...] = ()
    votes: tuple[tuple[int, int], ...] = ()
    vote: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a game ended: the side that won (None for none), whoever played it (None for the chat), the last column."""

    reason: Reason
    side: int | None
    winner: Player | None
    column: int | None = None
    voters: int = 0


class Board:
    """Seven columns of six places, and the line of four that ends a game."""

    def __init__(self) -> None:
        self.columns: list[list[int]] = [[] for _ in range(COLUMNS)]
        self.line: tuple[Place, ...] = ()

    @property
    def full(self) -> bool:
        """Whether no place is left."""
        return all(len(column) == ROWS for column in self.columns)

    def at(self, place: Place) -> int | None:
        """Return whose piece is in a place, None for none."""
        column, row = place
        if not (0 <= column < COLUMNS and 0 <= row < len(self.columns[column])):
            return None
        return self.columns[column][row]

    def has_room(self, column: int) -> bool:
        """Return whether a piece still goes into a column."""
        return len(self.columns[column]) < ROWS

    def drop(self, column: int, side: int) -> None:
        """Let a piece fall into a column that has room."""
        self.columns[column].append(side)
        place = column, len(self.columns[column]) - 1
        lines = (self._line(place, step, side) for step in _DIRECTIONS)
        self.line = next((line for line in lines if len(line) >= LINE), ())

    def _line(self, place: Place, step: tuple[int, int], side: int) -> tuple[Place, ...]:
        back = [*self._same(place, (-step[0], -step[1]), side)]
        return (*reversed(back), place, *self._same(place, step, side))

    def _same(self, place: Place, step: tuple[int, int], side: int) -> Iterator[Place]:
        """Yield the places of a side that follow one without a gap."""
        place = place[0] + step[0], place[1] + step[1]
        while self.at(place) == side:
            yield place
            place = place[0] + step[0], place[1] + step[1]


class ConnectFour(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: ConnectFourOptions) -> None:
        super().__init__(options.table, Seats(2, 2) if options.mode == "duel" else None)
        self.options = options
        self._begun()

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, _words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(ConnectFourOptions, options))

    def _begun(self) -> None:
        self._grid = Board()
        self._ballot = Ballot[int]()
        self._voters: dict[int, Player] = {}
        self._last: Played | None = None
        self._drawn = _drawn(self._grid, None)
        self._reason: Reason = "open"
        self._winner: int | None = None
        self._side = (self._number - 1) % 2
        self._sides: tuple[Player | None, Player | None] = (None, self._host)
        if self._seats is not None and not self._seats.missing:
            first, second = self._seats.taken
            self._sides = first, second

    def _deal(self, now: float) -> Sequence[Event]:
        self._begun()
        self._wait(now, self._time)
        return ()

    @property
    def _votes_now(self) -> bool:
        return self.options.mode == "chat" and self._side == 0

    @property
    def _time(self) -> float | None:
        return self.table.times.round if self.options.mode == "duel" else None

    # what people do

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        typed = fold(text)
        if len(typed) != 1 or not "1" <= typed <= str(COLUMNS):
            raise Refusal("not-it")
        return self._take(by, int(typed) - 1, now)

    def _choose(self, by: Player, choices: tuple[int, ...], now: float) -> Events[Event]:
        if len(choices) != 1 or not 0 <= choices[0] < COLUMNS:
            raise Refusal("no-such-choice")
        return self._take(by, choices[0], now)

    def _take(self, by: Player, column: int, now: float) -> Events[Event]:
        if not self._grid.has_room(column):
            raise Refusal("column-full", column=column + 1)
        if self._votes_now:
            return self._vote(by, column, now)
        player = self._sides[self._side]
        if player is None or player.id != by.id:
            raise Refusal("not-your-turn")
        self._count(by)
        return self._play(Played(self._side, column, by), now)

    def _vote(self, by: Player, column: int, now: float) -> Events[Event]:
        if self._host is not None and self._host.id == by.id:
            raise Refusal("not-your-turn")
        self._admit(by, now)
        first = not len(self._ballot)
        if not self._ballot.cast(by, column):
            raise Refusal("voted-so", column=column + 1)
        if first:
            self._wait(now, self.table.times.round * VOTE)
        return (Voted(by, column),)

    def _take_back(self, by: Player, now: float) -> Events[Event]:
        if not self._ballot.withdraw(by):
            return ()
        if not len(self._ballot):
            self._wait(now, None)
        return (Unvoted(by),)

    def _leave(self, by: Player, seat: int, now: float) -> Events[Event]:
        self._reason, self._winner = "left", 1 - seat
        return self._settle(now)

    # how it goes on

    def _time_up(self, now: float) -> Events[Event]:
        if self._votes_now:
            return self._count_votes(now)
        self._reason, self._winner = "time", 1 - self._side
        return self._settle(now)

    def _skip(self, now: float) -> Events[Event]:
        return self._count_votes(now) if len(self._ballot) else self._close(now)

    def _count_votes(self, now: float) -> Events[Event]:
        ballot, column = self._ballot, self._ballot.leader()
        if column is None:
            return self._close(now)
        for voter, choice in ballot:
            self._voters[voter.id] = voter
            self._count(voter, right=choice == column)
        self._ballot = Ballot()
        return self._play(Played(self._side, column, None, ballot.counts()[column]), now)

    def _play(self, played: Played, now: float) -> Events[Event]:
        self._last = played
        self._grid.drop(played.column, played.side)
        self._drawn = _drawn(self._grid, played)
        if self._grid.line:
            self._reason, self._winner = "four", played.side
        elif self._grid.full:
            self._reason = "draw"
        else:
            self._side = 1 - self._side
            self._ask(now, self._time)
            return (played,)
        return (played, *self._settle(now))

    def _settle(self, now: float) -> Events[Event]:
        """Give the points of a game that has ended, and close it."""
        for side in (0, 1):
            points = DRAW if self._winner is None else WIN * (side == self._winner)
            for player in self._people_of(side):
                self._pay(player, points)
        return self._close(now)

    def _people_of(self, side: int) -> Sequence[Player]:
        player = self._sides[side]
        return tuple(self._voters.values()) if player is None else (player,)

    def _result(self) -> Outcome:
        winner = None if self._winner is None else self._sides[self._winner]
        column = self._last.column if self._last else None
        return Outcome(self._reason, self._winner, winner, column, len(self._voters))

    def _view(self) -> View:
        grid = self._grid
        return View(
            board=self._drawn,
            choices=NUMBERS,
            kind="vote" if self._votes_now else "move",
            facts=Facts(
                columns=tuple(tuple(column) for column in grid.columns),
                players=self._sides,
                side=self._side,
                last=self._last,
                line=grid.line,
                votes=tuple(self._ballot.counts().items()),
                vote=self.table.times.round * VOTE,
            ),
        )


def _drawn(grid: Board, last: Played | None) -> tuple[str, ...]:
    """Return the board as text; what was played last, or the line that won, stands in brackets."""
    marked = set(grid.line)
    if last is not None and not marked:
        marked = {(last.column, len(grid.columns[last.column]) - 1)}
    rows = [
        "".join(_cell(grid, (column, row), marked) for column in range(COLUMNS))
        for row in reversed(range(ROWS))
    ]
    return ("".join(f" {number} " for number in NUMBERS), *rows)


def _cell(grid: Board, place: Place, marked: Collection[Place]) -> str:
    side = grid.at(place)
    mark = "·" if side is None else MARKS[side]
    return f"[{mark}]" if place in marked else f" {mark} "
