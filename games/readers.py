"""The readers of a pause: their books, what they logged of each, how long they were there, and what all come to."""

from dataclasses import dataclass, field
from typing import Literal

from games.core import Player, Refusal
from games.reading_log import UNITS, Amount, Entry, Reached, Span, Unit

Format = Literal["paper", "ebook", "audio"]
"""What somebody reads from; a bare number is minutes for who listens, else pages."""

FORMATS: tuple[Format, ...] = ("paper", "ebook", "audio")

LONGEST_TITLE = 100


def tidy_title(text: str) -> str:
    """Return a title on one line, not too long."""
    return " ".join(text.split())[:LONGEST_TITLE].strip()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader read in the whole pause, by unit, and the seconds for which they were there."""

    player: Player
    pages: int
    minutes: int
    chapters: int
    percent: int
    present: float


@dataclass(frozen=True, slots=True)
class Totals:
    """What all read together. `percents` counts who told a percentage, `present` sums seconds of presence."""

    readers: int = 0
    logged: int = 0
    pages: int = 0
    minutes: int = 0
    chapters: int = 0
    percents: int = 0
    present: float = 0.0


@dataclass(slots=True)
class Book:
    """What somebody reads, and how much of it they logged. `start` is where their bookmark was."""

    title: str = ""
    format: Format = "paper"
    start: int | None = None
    logs: dict[Unit, int] = field(default_factory=dict)

    def may_be(self, title: str) -> bool:
        """Whether a title, if there is one, is this book's, or names it now."""
        blank = not self.title and not self.logs
        return blank or not title or title.casefold() == self.title.casefold()

    def resolve(self, entry: Entry) -> Amount:
        """Return what an entry amounts to in this book; raises `Refusal` for pages that cannot be counted."""
        match entry:
            case Amount():
                return entry
            case Span(start, end):
                return Amount("pages", end - start)
            case Reached(page):
                return self._since_start(page)

    def _since_start(self, page: int) -> Amount:
        if self.start is None:
            raise Refusal("log-no-start", page=page, before=max(0, page - 12))
        if page < self.start:
            raise Refusal("log-backwards", start=self.start, end=page)
        return Amount("pages", page - self.start)


@dataclass(slots=True)
class Reader:
    """One reader. `since` is the reading time from which they are counted as there, None while they are not."""

    player: Player
    since: float | None
    gone: bool = False
    present: float = 0.0
    books: list[Book] = field(default_factory=lambda: [Book()])
    doubt: Amount | None = None

    @property
    def book(self) -> Book:
        """What they read now."""
        return self.books[-1]

    @property
    def logged(self) -> bool:
        """Whether they told anything."""
        return any(book.logs for book in self.books)

    def turn_to(self, book: Book) -> None:
        """Let them read another book from now on."""
        self.books.append(book)
        self.doubt = None

    def total(self, unit: Unit) -> int:
        """Return what they read in all of a unit."""
        return sum(book.logs.get(unit, 0) for book in self.books)

    def hold(self, read: float) -> None:
        """Count them as there up to now, and no longer."""
        if self.since is not None:
            self.present, self.since = round(self.present + read - self.since, 6), None

    def reading(self, read: float) -> Reading:
        """Return what they read, after `read` seconds of reading in the pause."""
        here = 0.0 if self.since is None else max(0.0, read - self.since)
        pages, minutes, chapters, percent = (self.total(unit) for unit in UNITS)
        present = round(self.present + here, 6)  # whole microseconds, as session time is
        return Reading(self.player, pages, minutes, chapters, percent, present)


class Readers:
    """All readers of a pause, in order of joining. Sums are kept as people log, for a board is drawn often."""

    def __init__(self) -> None:
        self._readers: dict[int, Reader] = {}
        self._sums = dict.fromkeys(UNITS, 0)
        self._logged = 0
        self._percents = 0
        self._owing: set[int] = set()
        self._here = 0
        self._present = 0.0

    def find(self, person: int) -> Reader | None:
        """Return a person as a reader."""
        return self._readers.get(person)

    def settle_in(self, player: Player, since: float | None) -> Reader:
        """Return somebody as a reader who is here, counted from `since` if they were not."""
        reader = self._readers.get(player.id)
        if reader is None:
            reader = self._readers[player.id] = Reader(player, None, gone=True)
        if reader.gone:
            reader.gone, self._here = False, self._here + 1
            if not reader.logged:
                self._owing.add(player.id)
        if reader.since is None:
            reader.since = since
        return reader

    def leave(self, reader: Reader, read: float) -> None:
        """Count somebody no longer; nobody waits for what they read."""
        reader.hold(read)
        reader.gone, self._here = True, self._here - 1
        self._owing.discard(reader.player.id)

    def note(self, reader: Reader, amount: Amount, *books: Book) -> None:
        """Set what somebody read of their present book, or of all these `books` together."""
        before, told, percent = reader.total(amount.unit), reader.logged, reader.total("percent")
        for book in books:
            book.logs.pop(amount.unit, None)
        reader.book.logs[amount.unit] = amount.amount
        reader.doubt = None
        self._sums[amount.unit] += reader.total(amount.unit) - before
        self._logged += not told
        self._percents += (reader.total("percent") > 0) - (percent > 0)
        self._owing.discard(reader.player.id)

    def rest(self, read: float) -> None:
        """Note, after `read` seconds of reading, for how long people were there."""
        self._present = round(sum(one.present for one in self.readings(read)), 6)

    def hold(self, read: float) -> None:
        """Count nobody any longer: reading is over."""
        for reader in self._readers.values():
            reader.hold(read)

    @property
    def all_logged(self) -> bool:
        """Whether somebody is here, and all who are have logged."""
        return self._here > 0 and not self._owing

    def readings(self, read: float) -> tuple[Reading, ...]:
        """Return what each read, after `read` seconds of reading in the pause."""
        return tuple(reader.reading(read) for reader in self._readers.values())

    def totals(self) -> Totals:
        """Return what all read together so far, their presence being that of the last `rest`."""
        pages, minutes, chapters, _ = (self._sums[unit] for unit in UNITS)
        return Totals(
            readers=len(self._readers),
            logged=self._logged,
            pages=pages,
            minutes=minutes,
            chapters=chapters,
            percents=self._percents,
            present=self._present,
        )


def doubtful(amount: Amount, minutes: int) -> bool:
    """Whether somebody should be asked if they really read so much in so many minutes."""
    match amount.unit:
        case "pages":
            return amount.amount > max(40, 4 * minutes)
        case "minutes":
            return amount.amount > minutes + 15
        case "chapters":
            return amount.amount > max(5, minutes // 2)
        case "percent":
            return False
