"""Motus and Wordle: a word to find by whole words, each answered by marks for its letters.

In Motus the first letter is given and every try begins with it; in Wordle nothing is given. The room shares one grid,
where the first valid word plays, or the word that most people voted for; or each person has a grid of their own, which
only they see, and what is typed for all to see plays on one more grid, that of everybody together.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, Self

from games.ballot import Ballot
from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.matching import fold
from games.table import (
    PACES,
    Events,
    Game,
    TableOptions,
    Times,
    Unseen,
    View,
    Wish,
    Words,
    later,
)
from games.wishes import LETTERS, LEVELS, Asked, draw_words

Style = Literal["motus", "wordle"]
Mode = Literal["first", "vote", "each"]

TIMES = Times(round=300.0, reveal=12.0)
ROUNDS = 3
TRIES = 6

VOTE = 20.0
"""Seconds in which votes are gathered after the first, at the usual pace."""

LAST_CALL = 0.2
"""The part of a round's time that is left once every grid that was begun is done, for whoever may still begin one."""

BREATHER = 8.0
"""Seconds before whoever played last may play again in a grid that others play in."""

LENGTHS: Mapping[Style, range] = {"motus": range(7, 9), "wordle": range(5, 6)}
"""How many letters the words to find have, unless a host asks for others."""

ANY_LENGTH = range(5, 11)

MODES: Mapping[Mode, tuple[str, ...]] = {
    "first": ("first", "premier", "together", "ensemble"),
    "vote": ("vote", "votes"),
    "each": ("each", "chacun", "chacune"),
}
"""The words for each way to play, English first."""


class Mark(IntEnum):
    """What a try tells about one of its letters."""

    ABSENT = 0
    ELSEWHERE = 1
    RIGHT = 2


CELLS: Mapping[Mark, str] = {Mark.RIGHT: "[{}]", Mark.ELSEWHERE: "({})", Mark.ABSENT: " {} "}
"""How a letter and its mark look as text, always three characters wide."""

HIDDEN = " _ "

MOST_SHOWN = 5
"""Words with votes that are shown."""

ROOM = 0
"""Where people have their number, the number of all together."""


def marks(tried: str, word: str) -> tuple[Mark, ...]:
    """Return what `tried` tells, letter by letter, about a word of as many letters.

    Letters in their place are marked first. Of what remains a letter is marked elsewhere, from the left, as often as
    the word still has it.
    """
    left = Counter(letter for letter, own in zip(word, tried, strict=True) if letter != own)
    found: list[Mark] = []
    for letter, own in zip(tried, word, strict=True):
        if letter == own:
            found.append(Mark.RIGHT)
        elif left[letter]:
            left[letter] -= 1
            found.append(Mark.ELSEWHERE)
        else:
            found.append(Mark.ABSENT)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class MotusOptions:
    """A game: the words to find, one for each round, and how it is played; `vote` is in seconds."""

    table: TableOptions
    words: tuple[str, ...]
    style: Style = "motus"
    mode: Mode = "first"
    vote: float = VOTE

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(table: TableOptions, wish: Wish, words: Words, chance: random.Random) -> MotusOptions:
    """Return what a host of Motus asked for: a way to play, a level, how many letters.

    Raises:
        Refusal: `unknown-option`, `no-number`.
    """
    return _options("motus", table, wish, words, chance)


def wordle_options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> MotusOptions:
    """Return what a host of Wordle asked for, as `options` does."""
    return _options("wordle", table, wish, words, chance)


def _options(
    style: Style, table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> MotusOptions:
    asked = Asked(wish.text)
    mode = asked.choice(MODES, "first")
    level = asked.choice(LEVELS, 1)
    length = asked.number(LETTERS, ANY_LENGTH)
    asked.end()
    lengths = LENGTHS[style] if length is None else range(length, length + 1)
    drawn = draw_words(words, chance, lengths, level, table.rounds)
    return MotusOptions(
        table, tuple(word.text for word in drawn), style, mode, VOTE * PACES[wish.pace]
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A word that was tried, as its letters, and its marks."""

    letters: str
    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        """The row as text: [A] for a letter in its place, (A) for one that stands elsewhere."""
        pairs = zip(self.letters.upper(), self.marks, strict=True)
        return "".join(CELLS[mark].format(letter) for letter, mark in pairs)


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid as it stands: its rows, the letters known to be in place (None elsewhere), tries left.

    `absent` holds the letters that are not in the word, `present` those that are, both in order of the alphabet;
    `board` is the grid as lines of text, the next row with what is known of it.
    """

    rows: tuple[Row, ...]
    known: tuple[str | None, ...]
    left: int
    solved: bool
    present: str
    absent: str
    board: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A word was played in the room's grid: `by` said it first, `votes` people wanted it (0: there was no vote)."""

    by: Player
    row: Row
    left: int
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody voted for a word."""

    by: Player
    letters: str


@dataclass(frozen=True, slots=True)
class Unvoted:
    """Somebody's vote no longer counts."""

    by: Player


@dataclass(frozen=True, slots=True)
class TriedAlone(Unseen):
    """Somebody tried a word in their own grid, which nobody else may see."""

    by: Player
    grid: Grid


@dataclass(frozen=True, slots=True)
class Looked(Unseen):
    """Somebody looked at their own grid."""

    by: Player
    grid: Grid


@dataclass(frozen=True, slots=True)
class Hinted:
    """The letter at `place` (from 1) was given away."""

    place: int
    letter: str


Event = Tried | Voted | Unvoted | TriedAlone | Looked | Hinted


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table: the grid of the room, how it is played, its last try, the votes so far (most first).

    `first` is the letter that is given, `alone` how many people have begun a grid of their own, `vote` the seconds of a
    vote.
    """

    style: Style
    mode: Mode
    length: int
    first: str
    grid: Grid
    last: Tried | None = None
    votes: tuple[tuple[str, int], ...] = ()
    alone: int = 0
    vote: float = VOTE


@dataclass(frozen=True, slots=True)
class Result:
    """How somebody did in their own grid, or (None) the room in its own."""

    by: Player | None
    rows: tuple[tuple[Mark, ...], ...]
    solved: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a word ended: the results of all grids that were begun, and who found it in the grid of the room."""

    word: str
    results: tuple[Result, ...]
    by: Player | None


@dataclass(slots=True)
class _Grid:
    """A grid being filled."""

    word: str
    tries: int
    given: set[int] = field(default_factory=set)
    rows: list[Row] = field(default_factory=list)
    _seen: Grid | None = None

    @property
    def solved(self) -> bool:
        return bool(self.rows) and self.rows[-1].letters == self.word

    @property
    def left(self) -> int:
        return self.tries - len(self.rows)

    @property
    def done(self) -> bool:
        return self.solved or not self.left

    def play(self, letters: str) -> Row:
        """Fill the next row."""
        row = Row(letters, marks(letters, self.word))
        self.rows.append(row)
        self._seen = None
        return row

    def give(self, place: int) -> None:
        """Give the letter at a place (from 0) away."""
        self.given.add(place)
        self._seen = None

    def placed(self) -> set[int]:
        """Return the places whose letter is known."""
        found = {i for row in self.rows for i, mark in enumerate(row.marks) if mark is Mark.RIGHT}
        return found | self.given

    def seen(self) -> Grid:
        """Return it as it stands; that is worked out once for each row."""
        if self._seen is None:
            self._seen = self._look()
        return self._seen

    def _look(self) -> Grid:
        placed = self.placed()
        tried = sorted({letter for row in self.rows for letter in row.letters})
        known = tuple(letter if i in placed else None for i, letter in enumerate(self.word))
        board = [row.text for row in self.rows]
        if not self.done:
            board.append("".join(f"[{letter.upper()}]" if letter else HIDDEN for letter in known))
        return Grid(
            rows=tuple(self.rows),
            known=known,
            left=self.left,
            solved=self.solved,
            present="".join(letter for letter in tried if letter in self.word),
            absent="".join(letter for letter in tried if letter not in self.word),
            board=tuple(board),
        )


class Motus(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: MotusOptions, words: Words) -> None:
        super().__init__(options.table)
        self.options = options
        self._lexicon = words
        self._letters = ""
        self._grid = self._new_grid()
        self._alone: dict[int, tuple[Player, _Grid]] = {}
        self._ballot = Ballot[str]()
        self._unfinished = set[int]()
        self._last: tuple[int, float] | None = None
        self._tried: Tried | None = None
        self._by: Player | None = None

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(MotusOptions, options), words)

    # hooks

    def _deal(self, now: float) -> Sequence[Event]:
        self._letters = fold(self.options.words[self._number - 1])
        self._grid, self._alone, self._unfinished = self._new_grid(), {}, set()
        self._ballot = Ballot()
        self._last = self._by = self._tried = None
        if self.options.mode == "vote":
            self._wait(now, None)
        return ()

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        letters = self._read(by, text, self._grid, now)
        if self.options.mode == "vote":
            return (self._vote(by, letters, now),)
        self._require_breath(by, now)
        self._last = by.id, now
        return self._try([by], letters, now)

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        if self.options.mode != "each":
            return self._guess(by, text, now)
        _, grid = self._alone.get(by.id) or (by, self._new_grid())
        letters = self._read(by, text, grid, now)
        self._alone[by.id] = by, grid
        grid.play(letters)
        self._count(by, right=grid.solved, points=(grid.left + 1) * grid.solved)
        self._last_call(by.id, grid, now)
        return (TriedAlone(by, grid.seen()),)

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[Event]:
        if wish != "mine" or self.options.mode != "each":
            return super()._wish(by, wish, text, now)
        _, grid = self._alone.get(by.id) or (by, self._new_grid())
        return (Looked(by, grid.seen()),)

    def _time_up(self, now: float) -> Events[Event]:
        return self._tally(now) if self._ballot else self._close(now)

    def _take_back(self, by: Player, now: float) -> Events[Event]:
        if not self._ballot.withdraw(by):
            return ()
        if not self._ballot:
            self._wait(now, None)
        return (Unvoted(by),)

    def _hint(self, _now: float) -> Events[Event]:
        hidden = set(range(len(self._letters))) - self._grid.placed()
        if self._grid.done or len(hidden) < 2:
            raise Refusal("no-more-hints")
        place = min(hidden)
        self._grid.give(place)
        return (Hinted(place + 1, self._letters[place]),)

    def _result(self) -> Outcome:
        alone = self._alone.values()
        grids = [(who, grid) for who, grid in [(None, self._grid), *alone] if grid.rows]
        results = tuple(
            Result(who, tuple(row.marks for row in grid.rows), grid.solved) for who, grid in grids
        )
        return Outcome(self.options.words[self._number - 1], results, self._by)

    def _view(self) -> View:
        grid, options = self._grid.seen(), self.options
        facts = Facts(
            style=options.style,
            mode=options.mode,
            length=len(self._letters),
            first=self._letters[0] if options.style == "motus" else "",
            grid=grid,
            last=self._tried,
            votes=tuple(Counter(self._ballot.counts()).most_common(MOST_SHOWN)),
            vote=options.vote,
            alone=len(self._alone),
        )
        alone = options.mode == "each"
        return View(
            board=grid.board,
            form="word" if alone else "",
            wishes=("mine",) if alone else (),
            facts=facts,
        )

    # what is played

    def _new_grid(self) -> _Grid:
        given = {0} if self.options.style == "motus" else set[int]()
        return _Grid(self._letters, TRIES, given)

    def _read(self, by: Player, text: str, grid: _Grid, now: float) -> str:
        """Return the letters of a word that may be played on a grid."""
        if grid.done:
            raise Refusal("grid-full")
        letters = fold(text)
        if len(letters) != len(self._letters) or not letters.isalpha():
            raise Refusal("word-length", length=len(self._letters))
        if self.options.style == "motus" and letters[0] != self._letters[0]:
            raise Refusal("word-begins", letter=self._letters[0].upper())
        if any(row.letters == letters for row in grid.rows):
            raise Refusal("tried-already")
        self._admit(by, now)
        if letters != self._letters:
            self._require_word(letters)
        return letters

    def _require_word(self, letters: str) -> None:
        if not self._lexicon.valid(letters):
            raise Refusal("no-word")
        if not self._lexicon.decent(letters):
            raise Refusal("word-not-shown")

    def _require_breath(self, by: Player, now: float) -> None:
        """Refuse a second try in a row in a grid that others play in, unless they have had time for one."""
        if self._last is None or self._last[0] != by.id or now - self._last[1] >= BREATHER:
            return
        if any(player != by.id for player in self._tallies):
            raise Refusal("let-others-play", seconds=round(BREATHER))

    def _vote(self, by: Player, letters: str, now: float) -> Voted:
        begins = not self._ballot
        if not self._ballot.cast(by, letters):
            raise Refusal("already-voted")
        if begins:
            self._wait(now, self.options.vote)
        return Voted(by, letters)

    def _tally(self, now: float) -> Events[Event]:
        """Play the word with the most votes, of equal ones the first that was said."""
        letters = self._ballot.leader() or ""
        wanted, others = list[Player](), list[Player]()
        for by, voted in self._ballot:
            (wanted if voted == letters else others).append(by)
        for player in others:
            self._count(player)
        self._ballot = Ballot()
        self._ask(now, None)
        return self._try(wanted, letters, now)

    def _try(self, by: Sequence[Player], letters: str, now: float) -> Events[Event]:
        row = self._grid.play(letters)
        grid = self._grid
        for player in by:
            self._count(player, right=grid.solved, points=(grid.left + 1) * grid.solved)
        self._by = by[0] if grid.solved else None
        votes = len(by) if self.options.mode == "vote" else 0
        tried = self._tried = Tried(by[0], row, grid.left, votes)
        if grid.done and self.options.mode != "each":
            return (tried, *self._close(now))
        if self.options.mode == "each":
            self._last_call(ROOM, grid, now)
        return (tried,)

    def _last_call(self, whose: int, grid: _Grid, now: float) -> None:
        """Leave a last while once every grid that was begun is done."""
        if not grid.done:
            self._unfinished.add(whose)
            return
        self._unfinished.discard(whose)
        if self._deadline is not None and not self._unfinished:
            self._deadline = min(self._deadline, later(now, LAST_CALL * self.table.times.round))
