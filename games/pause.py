"""The reading pause: people read at the same time, each for themselves, and what they read is counted together.

A pause goes hello, then reading (in blocks with breaks between, if there are several), log, share, over. Whoever
joined was there, whether or not they log. While the log window is open what was logged can be said again; a host may
open it once more, and correct. There is no ranking: readers, pages, minutes and chapters are summed apart, and a
percentage of a book is counted, never added up.

In a pause of the kind "aloud" people take turns to read to the others (`games/turns.py`). When the time is up nobody
else is called, and whoever reads may finish.
"""

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from games.core import (
    Chose,
    Did,
    Part,
    Play,
    Player,
    Refusal,
    Said,
    Scene,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.readers import (
    FORMATS,
    Book,
    Format,
    Reader,
    Readers,
    Reading,
    Totals,
    doubtful,
    tidy_title,
)
from games.reading_log import Amount, Entry, Span, Unit, read_log, read_page, split_start
from games.turns import SECONDS as TURN
from games.turns import WISHES, TurnEvent, Turns, TurnsScene, read_work
from games.turns import Reading as Text

Kind = Literal["silent", "aloud", "free"]
"""Everybody in silence, somebody reads to the others, or as one likes."""

KINDS: tuple[Kind, ...] = ("silent", "aloud", "free")

Quiet = Literal["", "slow", "emotes"]
"""How quiet the chats are while people read; see `games.core.Scene`."""

BOARD = 1
"""Number of the board's prompt: its choices are `READ` and `BREATHE`."""

READ, BREATHE = 0, 1
"""The choices of the board: I read (again); a break of one's own, or the end of it."""

BOOK_FORM, LOG_FORM, TURN_FORM = 1, 2, 3
"""Numbers of the forms: what one reads, how much one has read, and what one will read aloud."""

GRACE = 60.0
"""Seconds that the log window stays open once everybody present has logged: the last one may have slipped, too."""

OVERTIME = 600.0
"""Seconds that somebody who reads aloud may take to finish once the time is up."""

MORE_TIME = 5
"""Minutes that a host adds or takes away when they do not say how many."""

LEAST_MINUTES, MOST_MINUTES = 1, 240

NO_TEXT = Text()
"""Nobody has said what is read aloud."""


@dataclass(frozen=True, slots=True)
class PauseOptions:
    """A pause: its times in seconds. It has `blocks` of `seconds` each, with `rest` between two.

    `work` is what is read aloud, as `games.turns.read_work` takes it, and `turn` how long each turn should last.
    One that was planned bears the number of what was due (`planned`), starts `late` seconds late, with its `host`, or
    is `alone` because nobody of the hosts is there.
    """

    title: str
    kind: Kind = "silent"
    seconds: float = 900.0
    blocks: int = 1
    rest: float = 600.0
    hello: float = 120.0
    log: float = 600.0
    share: float = 600.0
    quiet: Quiet = ""
    work: str = ""
    turn: float = TURN
    host: str = ""
    planned: int = 0
    late: float = 0.0
    alone: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Build the options again from what `as_json` returned."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Opened:
    """A pause is announced; reading begins in `starts_in` seconds. For the rest see `PauseOptions`."""

    title: str
    kind: Kind
    seconds: float
    blocks: int
    rest: float
    starts_in: float
    text: Text = NO_TEXT
    host: str = ""
    planned: bool = False
    late: float = 0.0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Began:
    """Block `block` (from 1) of reading has begun and lasts `seconds`."""

    block: int
    blocks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rested:
    """Block `block` is over; the next one begins in `seconds`."""

    block: int
    blocks: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """Reading is over: so many read together, these of them aloud, and may log for `seconds`."""

    readers: int
    seconds: float
    voices: tuple[Player, ...] = ()


@dataclass(frozen=True, slots=True)
class Reopened:
    """The log window is open again, for `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Counted:
    """The log window is closed; there is time to share for `seconds`."""

    totals: Totals
    seconds: float


@dataclass(frozen=True, slots=True)
class Finished:
    """The pause is over, or was `stopped` by a host; `told` says that these very totals were told before."""

    totals: Totals
    stopped: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody reads along from now on."""

    by: Player


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody reads again, after a break of their own or after having left."""

    by: Player


@dataclass(frozen=True, slots=True)
class Breathed:
    """Somebody takes a break of their own."""

    by: Player


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody has gone; they were there all the same."""

    by: Player


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody said what they read; what they logged of another book before stands."""

    by: Player
    title: str


@dataclass(frozen=True, slots=True)
class Logged:
    """Somebody told how much they read of their present book; `amended` when it takes the place of what they said.

    `total` is what they read of this unit in the whole pause, other books included.
    """

    by: Player
    unit: Unit
    amount: int
    amended: bool
    total: int


@dataclass(frozen=True, slots=True)
class Doubted:
    """So much in `minutes` is unlikely: it counts when they say it again."""

    by: Player
    unit: Unit
    amount: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Amended:
    """A host set how much a person read in all."""

    person: int
    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Retimed:
    """A host made the present phase longer or shorter; `remaining` seconds are left of it."""

    remaining: float


@dataclass(frozen=True, slots=True)
class Turned:
    """Something happened among those who take turns to read aloud."""

    event: TurnEvent


@dataclass(frozen=True, slots=True)
class Overran:
    """The time is up: nobody else is called, and the reader has at most `seconds` to finish."""

    by: Player
    seconds: float


@dataclass(frozen=True, slots=True)
class Aside:
    """What is on the table besides the sums: how the pause came about, and what is read aloud (`text`) by whom.

    `turns` is None in a pause in which nobody reads aloud; a reader who named no work reads the pause's.
    """

    host: str
    late: float
    alone: bool
    text: Text
    turns: TurnsScene | None


Event = (
    Opened
    | Began
    | Rested
    | Ended
    | Reopened
    | Counted
    | Finished
    | Joined
    | Returned
    | Breathed
    | Left
    | Changed
    | Logged
    | Doubted
    | Amended
    | Retimed
    | Turned
    | Overran
)


def _later(now: float, seconds: float) -> float:
    """Return a deadline in whole microseconds, as session time is: not a hair after the time that reaches it."""
    return round(now + seconds, 6)


def book_form(title: str, format_: str, start: str) -> str:
    """Return what was entered in the form `BOOK_FORM` as the text of one play."""
    return "\n".join(" ".join(part.split()) for part in (title, format_, start))


def log_form(what: str, title: str) -> str:
    """Return what was entered in the form `LOG_FORM` as the text of one play."""
    return "\n".join(" ".join(part.split()) for part in (what, title))


class Pause:
    """One reading pause. See `games.core.Activity` for the contract."""

    def __init__(self, options: PauseOptions, seed: int) -> None:
        self.options = options
        self._phase = "new"
        self._block = 0
        self._deadline: float | None = 0.0
        # When the log window closes by itself, everybody present having logged.
        self._closing: float | None = None
        # Seconds of reading in the blocks that are over, and when the present one began.
        self._read = 0.0
        self._began_at: float | None = None
        self._readers = Readers()
        self._told: Totals | None = None
        self._text = read_work(options.work)
        self._turns = Turns(options.turn) if options.kind == "aloud" else None
        self._overtime = False

    @classmethod
    def from_json(cls, options: Mapping[str, Any], seed: int) -> Self:
        """Build a pause from its kept options."""
        return cls(PauseOptions.from_json(options), seed)

    @property
    def deadline(self) -> float | None:
        """Session time at which the present phase ends, or sooner that of the next time call."""
        call = self._turns.deadline if self._turns is not None else None
        ends = [end for end in (self._phase_end, call) if end is not None]
        return min(ends, default=None)

    @property
    def _phase_end(self) -> float | None:
        if self._closing is None or self._deadline is None:
            return self._deadline
        return min(self._closing, self._deadline)

    @property
    def over(self) -> bool:
        """Whether the pause has ended."""
        return self._phase == "over"

    @property
    def begun(self) -> bool:
        """Whether anybody could read at all: a pause called off while people arrive was none."""
        return self._block > 0

    def play(self, play: Play, now: float) -> tuple[Event, ...]:
        """Take one play; see `Activity.play`."""
        match play:
            case Wished(by, wish, text) if wish in WISHES:
                return self._take_turn(by, wish, text, now)
            case Wished(by, wish, text):
                return self._asked(by, wish, text, now)
            case Chose(by, prompt, choices):
                return self._pressed(by, prompt, choices, now)
            case Wrote(by, form, text):
                return self._filled_in(by, form, text, now)
            case Did(_, action, text):
                return self._did(action, text, now)
            case Ticked():
                return self._tick(now)
            case Said() | Withdrew() | Shown():
                return ()

    def scene(self) -> Scene:
        """Return what is on the table; its `outcome` is the `Totals` so far, presence up to the last block."""
        totals = self.totals()
        return Scene(
            title=self.options.title,
            phase=self._phase,
            step=self._block,
            steps=self.options.blocks,
            deadline=self._phase_end,
            kind=self.options.kind,
            replies=totals.logged,
            players=totals.readers,
            outcome=totals,
            quiet=self.options.quiet if self._phase == "reading" else "",
            facts=self._aside(),
        )

    def _aside(self) -> Aside:
        options, text = self.options, self._text
        turns = self._turns.scene() if self._turns is not None else None
        if turns is not None and turns.reader is not None and turns.reading.work:
            text = turns.reading
        elif turns is not None and turns.reader is not None and turns.reading.passage:
            text = Text(text.work, text.author, turns.reading.passage)
        return Aside(options.host, options.late, options.alone, text, turns)

    def record(self) -> tuple[Part, ...]:
        """Return everybody who was there. There is nothing to be right about."""
        return tuple(Part(one.player, 0, 0, 0) for one in self.readings())

    def readings(self) -> tuple[Reading, ...]:
        """Return what each reader read, in order of joining."""
        if not self.begun:
            return ()
        return self._readers.readings(self._read)

    def totals(self) -> Totals:
        """Return what all read together so far; presence is told when a block is over."""
        return self._readers.totals()

    def present(self, person: int) -> bool:
        """Whether this person joined."""
        return self._readers.find(person) is not None

    # The course of a pause

    def _advance(self, now: float) -> tuple[Event, ...]:
        match self._phase:
            case "new":
                return (self._open(now),)
            case "hello" | "break":
                return self._begin(now)
            case "reading" if self._block < self.options.blocks:
                return self._rest(now)
            case "reading":
                return self._end(now)
            case "log":
                return (self._count(now),)
            case "share":
                return (self._finish(),)
            case _:
                return ()

    def _open(self, now: float) -> Opened:
        options = self.options
        self._phase, self._deadline = "hello", _later(now, options.hello)
        return Opened(
            options.title,
            options.kind,
            options.seconds,
            options.blocks,
            options.rest,
            options.hello,
            self._text,
            options.host,
            options.planned > 0,
            options.late,
            options.alone,
        )

    def _begin(self, now: float) -> tuple[Event, ...]:
        self._phase, self._block, self._began_at = "reading", self._block + 1, now
        self._deadline = _later(now, self.options.seconds)
        began = Began(self._block, self.options.blocks, self.options.seconds)
        return (began, *_turned(self._turns.open(now) if self._turns is not None else ()))

    def _rest(self, now: float) -> tuple[Event, ...]:
        heard = self._close_block(now)
        self._phase, self._deadline = "break", _later(now, self.options.rest)
        return (*heard, Rested(self._block, self.options.blocks, self.options.rest))

    def _end(self, now: float) -> tuple[Event, ...]:
        heard = self._close_block(now)
        self._readers.hold(self._read)
        self._phase, self._deadline = "log", _later(now, self.options.log)
        self._await_everybody(now)
        return (*heard, Ended(self.totals().readers, self.options.log, self._voices()))

    def _count(self, now: float) -> Counted | Finished:
        self._closing = None
        if not self.totals().readers or not self.options.share:
            return self._finish()
        self._phase, self._deadline = "share", _later(now, self.options.share)
        self._told = self.totals()
        return Counted(self._told, self.options.share)

    def _finish(self, *, stopped: bool = False) -> Finished:
        self._phase, self._deadline, self._closing = "over", None, None
        totals = self.totals() if self.begun else Totals()
        return Finished(totals, stopped, totals == self._told)

    def _close_block(self, now: float) -> tuple[Event, ...]:
        """Close a block of reading, and the turn under way with it."""
        self._read, self._began_at = self._reading_time(now), None
        self._readers.rest(self._read)
        self._overtime = False
        if self._turns is None:
            return ()
        self._turns.close()
        return () if self._turns.idle else _turned(self._turns.next(now))

    def _reading_time(self, now: float) -> float:
        """Return the seconds of reading so far; what comes after the end of a block is not reading."""
        if self._began_at is None:
            return self._read
        until = now if self._deadline is None else min(now, self._deadline)
        return round(self._read + until - self._began_at, 6)

    def _await_everybody(self, now: float) -> None:
        """Close the log window soon when all who are still here have logged, and not while somebody has yet to."""
        soon = self._phase == "log" and self._readers.all_logged
        self._closing = _later(now, GRACE) if soon else None

    # Turns to read aloud

    def _tick(self, now: float) -> tuple[Event, ...]:
        calls = _turned(self._turns.tick(now) if self._turns is not None else ())
        if self._phase_end is None or now < self._phase_end:
            return calls
        return (*calls, *self._time_up(now))

    def _time_up(self, now: float) -> tuple[Event, ...]:
        """Go on to the next phase, once whoever reads aloud has finished."""
        reader = self._turns.reader if self._turns is not None else None
        if self._turns is None or reader is None or self._overtime:
            return self._advance(now)
        self._turns.close()
        self._overtime, self._deadline = True, _later(now, OVERTIME)
        return (Overran(reader, OVERTIME),)

    def _take_turn(self, by: Player, wish: str, text: str, now: float) -> tuple[Event, ...]:
        turns = self._open_turns()
        happened = turns.play(Wished(by, wish, text), now)
        news = self._enter(by, now)[1] if wish == "turn" else ()
        return (*news, *_turned(happened), *self._finished_reading(now))

    def _pass_turn(self, action: str, now: float) -> tuple[Event, ...]:
        turns = self._open_turns()
        happened = turns.next(now) if action == "next" else turns.skip(now)
        return (*_turned(happened), *self._finished_reading(now))

    def _open_turns(self) -> Turns:
        if self._turns is None:
            raise Refusal("turn-none")
        if self._phase not in ("hello", "reading", "break"):
            raise Refusal("turn-closed")
        return self._turns

    def _finished_reading(self, now: float) -> tuple[Event, ...]:
        """Go on at once when the last reader has finished after the time was up."""
        over = self._overtime and self._turns is not None and self._turns.idle
        return self._advance(now) if over else ()

    def _voices(self) -> tuple[Player, ...]:
        """Return who read aloud, in order of their first turn."""
        heard = self._turns.heard() if self._turns is not None else ()
        return tuple({turn.by.id: turn.by for turn in heard}.values())

    # What readers do

    def _asked(self, by: Player, wish: str, text: str, now: float) -> tuple[Event, ...]:
        match wish:
            case "join":
                title, start = split_start(text)
                return self._join(by, title, start, now)
            case "book":
                title, start = split_start(text)
                if not title and start is None:
                    raise Refusal("no-title")
                return self._take_book(by, title, None, start, now)
            case "log":
                return self._log(by, text, now)
            case "breathe":
                return (self._breathe(by, now),)
            case "back":
                return self._join(by, "", None, now)
            case "leave":
                return self._leave(by, now)
            case _:
                raise Refusal("unknown-action", action=wish)

    def _pressed(
        self, by: Player, prompt: int, choices: tuple[int, ...], now: float
    ) -> tuple[Event, ...]:
        if prompt != BOARD or choices not in ((READ,), (BREATHE,)):
            raise Refusal("no-such-choice")
        reader = self._readers.find(by.id)
        reads = reader is not None and reader.since is not None
        if choices == (BREATHE,) and reads:
            return (self._breathe(by, now),)
        return self._join(by, "", None, now)

    def _filled_in(self, by: Player, form: int, text: str, now: float) -> tuple[Event, ...]:
        first, *rest = text.split("\n")
        if form == BOOK_FORM and len(rest) == 2:
            format_ = next((one for one in FORMATS if one == rest[0]), None)
            return self._take_book(by, first, format_, read_page(rest[1]), now)
        if form == LOG_FORM and len(rest) == 1:
            return self._log(by, first, now, rest[0])
        if form == TURN_FORM:
            return self._take_turn(by, "turn", " ".join(text.split()), now)
        raise Refusal("unknown-action", action="")

    def _welcome(self) -> None:
        if self._phase not in ("hello", "reading", "break", "log"):
            raise Refusal("log-closed")

    def _away(self, reader: Reader) -> bool:
        return reader.gone or (reader.since is None and self._phase != "log")

    def _enter(self, by: Player, now: float) -> tuple[Reader, tuple[Event, ...]]:
        """Return somebody as a reader from now on; in the log window they only say that they were there."""
        known = self._readers.find(by.id)
        news: tuple[Event, ...] = ()
        if known is None:
            news = (Joined(by),)
        elif self._away(known):
            news = (Returned(by),)
        since = None if self._phase == "log" else self._reading_time(now)
        reader = self._readers.settle_in(by, since)
        self._await_everybody(now)
        return reader, news

    def _join(self, by: Player, title: str, start: int | None, now: float) -> tuple[Event, ...]:
        self._welcome()
        if title or start is not None:
            return self._take_book(by, title, None, start, now)
        known = self._readers.find(by.id)
        if known is not None and not self._away(known):
            raise Refusal("already-reading")
        return self._enter(by, now)[1]

    def _take_book(
        self, by: Player, title: str, format_: Format | None, start: int | None, now: float
    ) -> tuple[Event, ...]:
        self._welcome()
        title = tidy_title(title)
        reader, news = self._enter(by, now)
        if not reader.book.may_be(title):
            reader.turn_to(Book(format=reader.book.format))
        book = reader.book
        book.title, book.format = title or book.title, format_ or book.format
        book.start = book.start if start is None else start
        return (*news, Changed(by, book.title))

    def _breathe(self, by: Player, now: float) -> Breathed:
        reader = self._readers.find(by.id)
        if reader is None or reader.since is None:
            raise Refusal("not-reading")
        reader.hold(self._reading_time(now))
        return Breathed(by)

    def _leave(self, by: Player, now: float) -> tuple[Event, ...]:
        self._welcome()
        reader = self._readers.find(by.id)
        if reader is None or reader.gone:
            raise Refusal("not-reading")
        self._readers.leave(reader, self._reading_time(now))
        self._await_everybody(now)
        happened: tuple[TurnEvent, ...] = ()
        with suppress(Refusal):  # most people wait for no turn
            happened = self._turns.leave(by, now) if self._turns is not None else ()
        return (*_turned(happened), *self._finished_reading(now), Left(by))

    # Logging

    def _log(self, by: Player, text: str, now: float, title: str = "") -> tuple[Event, ...]:
        if not self.begun:
            raise Refusal("log-too-soon")
        self._welcome()
        known, title = self._readers.find(by.id), tidy_title(title)
        book = known.book if known else Book()
        # A title that comes with the log names a book that had none; another one is another book.
        other = bool(title and book.title) and not book.may_be(title)
        book = Book(title, book.format) if other else book
        entry = read_log(text, "minutes" if book.format == "audio" else "pages")
        amount = book.resolve(entry)
        reader, news = (known, ()) if known else self._enter(by, now)
        if other:
            reader.turn_to(book)
        reader.book.title = reader.book.title or title
        minutes = max(1, math.ceil(self._reading_time(now) / 60))
        if doubtful(amount, minutes) and reader.doubt != amount:
            reader.doubt = amount
            return (*news, Doubted(by, amount.unit, amount.amount, minutes))
        return (*news, self._note(reader, entry, amount, now))

    def _note(self, reader: Reader, entry: Entry, amount: Amount, now: float) -> Logged:
        book, unit = reader.book, amount.unit
        amended = unit in book.logs
        self._readers.note(reader, amount)
        if isinstance(entry, Span):
            book.start = entry.start
        self._await_everybody(now)
        return Logged(reader.player, unit, amount.amount, amended, reader.total(unit))

    # What hosts do

    def _did(self, action: str, text: str, now: float) -> tuple[Event, ...]:
        if self.over:
            raise Refusal("nothing-running")
        match action:
            case "skip":
                return self._advance(now)
            case "end":
                return self._end_early(now)
            case "stop":
                return (*self._close_block(now), self._finish(stopped=True))
            case "next" | "absent":
                return self._pass_turn(action, now)
            case "extend":
                return (self._retime(_minutes(text), now),)
            case "shorten":
                return (self._retime(-_minutes(text), now),)
            case "reopen":
                return (self._reopen(now),)
            case "amend":
                return (self._amend(text),)
            case _:
                raise Refusal("unknown-action", action=action)

    def _end_early(self, now: float) -> tuple[Event, ...]:
        match self._phase:
            case "reading" | "break":
                return self._end(now)
            case "hello":
                return (self._finish(stopped=True),)
            case _:
                return (self._finish(),)

    def _retime(self, minutes: int, now: float) -> Retimed:
        if self._deadline is None:
            raise Refusal("nothing-running")
        end = _later(self._deadline, minutes * 60)
        if end <= now:
            raise Refusal("too-short", minutes=max(1, math.ceil((self._deadline - now) / 60)))
        if end - now > MOST_MINUTES * 60:
            raise Refusal("too-long", most=MOST_MINUTES)
        self._deadline, self._closing = end, None
        if self._overtime and self._turns is not None and minutes > 0:
            self._overtime = False
            self._turns.open(now)  # somebody reads, so nobody is called yet
        return Retimed(end - now)

    def _reopen(self, now: float) -> Reopened:
        if self._phase != "share":
            raise Refusal("not-closed")
        self._phase, self._deadline = "log", _later(now, self.options.log)
        return Reopened(self.options.log)

    def _amend(self, text: str) -> Amended:
        """Set what one person, named by number, read in all of a unit."""
        person, _, what = text.partition(" ")
        reader = self._readers.find(int(person)) if person.isdecimal() else None
        if reader is None:
            raise Refusal("not-a-reader")
        if not self.begun:
            raise Refusal("log-too-soon")
        amount = reader.book.resolve(read_log(what))
        self._readers.note(reader, amount, *reader.books)
        return Amended(reader.player.id, amount.unit, amount.amount)


def _turned(events: Iterable[TurnEvent]) -> tuple[Turned, ...]:
    return tuple(map(Turned, events))


def _minutes(text: str) -> int:
    if not text.strip():
        return MORE_TIME
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refusal("no-number", text=text[:12], least=LEAST_MINUTES, most=MOST_MINUTES)
    minutes = int(text)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise Refusal("no-number", text=text, least=LEAST_MINUTES, most=MOST_MINUTES)
    return minutes
