"""What rooms are told of a club's meetings, and the card that shows one."""

from dataclasses import dataclass

from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting


@dataclass(frozen=True, slots=True)
class Counts:
    """How many said what: `yes` have a seat, `waiting` said yes too and wait for one; `came` so far."""

    yes: int = 0
    maybe: int = 0
    no: int = 0
    waiting: int = 0
    came: int = 0


@dataclass(frozen=True, slots=True)
class Card:
    """A meeting as everybody sees it, with the book that it is about."""

    meeting: Meeting
    club: Club
    book: Book | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting is planned."""

    card: Card


@dataclass(frozen=True, slots=True)
class Soon:
    """A meeting begins in `left` seconds; `day_before` when it is still far off."""

    card: Card
    left: float
    day_before: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A meeting is open; `late` is by how many seconds, 0.0 as long as nobody need be told."""

    card: Card
    late: float


@dataclass(frozen=True, slots=True)
class Over:
    """A meeting is closed."""

    card: Card


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A meeting does not take place."""

    card: Card


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting takes place at another time; its card says when."""

    card: Card


@dataclass(frozen=True, slots=True)
class Changed:
    """A meeting is another than before: its card says what and where."""

    card: Card


MeetingNews = Planned | Soon | Begun | Over | CalledOff | Moved | Changed
