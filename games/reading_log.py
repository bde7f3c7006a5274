"""What somebody typed about their reading, as an amount: "12 pages", "p. 45-67", "45 %", "1h20", "chapitre 3".

A closed parser for French and English in one: nobody should have to say which language "12 pages" is in. It knows
neither books nor sessions: whether an amount is likely, and where a reader began, is for `games.pause` to say.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from games.core import Refusal

Unit = Literal["pages", "minutes", "chapters", "percent"]
"""How reading is counted. Units are never turned into one another."""

UNITS: tuple[Unit, ...] = ("pages", "minutes", "chapters", "percent")

MOST: Mapping[Unit, int] = {"pages": 2000, "minutes": 1440, "chapters": 300, "percent": 100}
"""The most that one person can have read in a day, by unit; beyond it is a slip of the keyboard."""

LAST_PAGE = 20_000
"""The highest page number there is."""

MOST_GOAL = 100_000
"""The most that one can set out to read in a season."""

LONGEST = 60
"""Characters beyond which nobody tells how much they read."""


@dataclass(frozen=True, slots=True)
class Amount:
    """So much was read."""

    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Span:
    """Read from one page to another: `end - start` pages, as a bookmark moves."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A bookmark at a page; where it was before is not said."""

    page: int


Entry = Amount | Span | Reached

# fmt: off
_PAGES = r"(?:pages?|pgs?|pp?)\.?"
_CHAPTERS = r"(?:chapitres?|chapters?|chaps?|ch)\.?"
_HOURS = r"(?:heures?|hours?|hrs?|h)"
_MINUTES = r"(?:minutes?|mins?|mn|m)\.?"
_PERCENT = r"(?:%|pourcents?|pour ?cents?|percent|per ?cent|pct)"
_TO = r"(?:-+>?|>|→|a la page|a la|a|to page|to|jusqu'a la page|jusqu'a la|jusqu'a|au)"
_LEAD = (
    r"(?:j'ai lu|on a lu|lu|i read|i've read|i have read|read|je suis a la|je suis a|jusqu'a la|jusqu'a|up to|to|a la"
    r"|environ|about)"
)
_TAIL = r"(?:lue?s?|read|de lecture|of reading|de mon livre|du livre|of my book|of the book)"
# fmt: on

_FROM = r"(?:de la |de |des |du |from )?"
_N = r"([0-9]+)"
_DIGIT_GROUPS = re.compile(r"(?<=[0-9])[ ,.](?=[0-9]{3}(?![0-9]))")
_AROUND = re.compile(rf"^(?:{_LEAD} )*|(?: {_TAIL})*$")
_ONE = re.compile(r"^(?:une?|one|an?) (?=[a-z])")
_NEGATIVE = re.compile(r"(?:^|[^0-9 -]) ?- ?[0-9]|- ?- ?[0-9]")
_START = re.compile(rf"(?:^|[ ,(·]+){_PAGES} ?([0-9]{{1,5}})\)?$", re.IGNORECASE)


def _page(number: int) -> int:
    if number > LAST_PAGE:
        raise Refusal("log-too-much", most=LAST_PAGE)
    return number


def _span(first: str, last: str) -> Span:
    start, end = int(first), int(last)
    if end < start:
        raise Refusal("log-backwards", start=start, end=end)
    return Span(_page(start), _page(end))


def _chapters(first: str, last: str) -> Amount:
    start, end = int(first), int(last)
    if end < start:
        raise Refusal("log-backwards", start=start, end=end)
    return Amount("chapters", end - start + 1)


def _hours(hours: str, minutes: str | None) -> Amount:
    return Amount("minutes", int(hours) * 60 + int(minutes or 0))


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Entry]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"{_N} ?{_PAGES}", lambda n: Amount("pages", int(n))),
        (rf"pages {_N}", lambda n: Amount("pages", int(n))),
        (rf"{_FROM}(?:{_PAGES} ?)?{_N} ?{_TO} ?(?:{_PAGES} ?)?{_N}(?: ?{_PAGES})?", _span),
        (rf"(?:page|pg|p)\.? ?{_N}", lambda n: Reached(_page(int(n)))),
        (rf"(?:(?:page|pg|p)\.? ?)?{_N} ?(?:/|sur|of) ?[0-9]+", lambda n: Reached(_page(int(n)))),
        (rf"{_N} ?{_PERCENT}", lambda n: Amount("percent", int(n))),
        (rf"{_N} ?{_CHAPTERS}", lambda n: Amount("chapters", int(n))),
        (rf"{_CHAPTERS} ?[0-9]+", lambda: Amount("chapters", 1)),
        (rf"{_FROM}{_CHAPTERS} ?{_N} ?{_TO} ?{_N}", _chapters),
        (rf"{_N} ?{_MINUTES}", lambda n: Amount("minutes", int(n))),
        (rf"{_MINUTES} ?{_N}", lambda n: Amount("minutes", int(n))),
        (rf"{_N} ?{_HOURS}(?: ?([0-5]?[0-9]) ?(?:{_MINUTES})?)?", _hours),
        (rf"{_N}:([0-5][0-9])(?::[0-5][0-9])?", _hours),
    )
)


def read_log(text: str, unit: Unit = "pages") -> Entry:
    """Return what was typed, a bare number being of `unit`.

    Raises:
        Refusal: `log-empty`, `log-digits`, `log-negative`, `log-backwards`, `log-percent`, `log-too-much` or
            `log-unread`.
    """
    return _possible(_entry(text, unit))


def read_goal(text: str) -> Amount:
    """Return what somebody sets out to read: pages, minutes or chapters.

    Raises:
        Refusal: as `read_log`; `no-goal` for what is none.
    """
    match _entry(text, "pages"):
        case Amount("percent") | Amount(_, 0) | Span() | Reached():
            raise Refusal("no-goal")
        case Amount(_, amount) if amount > MOST_GOAL:
            raise Refusal("log-too-much", most=MOST_GOAL)
        case Amount() as goal:
            return goal


def _entry(text: str, unit: Unit) -> Entry:
    plain = tidy(text)
    if not plain:
        raise Refusal("log-empty")
    if any(char.isdigit() and not char.isascii() for char in text):
        raise Refusal("log-digits")
    if len(text) > LONGEST:
        raise Refusal("log-unread")
    if _NEGATIVE.search(plain):
        raise Refusal("log-negative")
    if plain.isdecimal():
        return Amount(unit, int(plain))
    for pattern, make in _FORMS:
        if (match := pattern.fullmatch(plain)) is not None:
            return make(*match.groups())
    raise Refusal("log-unread")


def read_page(text: str) -> int | None:
    """Return the page that "45", "p. 45" or nothing at all means.

    Raises:
        Refusal: as `read_log`; `log-unread` for what is no page.
    """
    if not text.strip():
        return None
    match read_log(text):
        case Reached(page) | Amount("pages", page):
            return _page(page)
        case _:
            raise Refusal("log-unread")


def split_start(text: str) -> tuple[str, int | None]:
    """Return a title and the page behind it: "Germinal p. 45" is "Germinal" from page 45.

    A page that cannot be one belongs to the title.
    """
    words = " ".join(text.split())
    match = _START.search(words)
    if match is None or int(match[1]) > LAST_PAGE:
        return words, None
    return words[: match.start()], int(match[1])


def tidy(text: str) -> str:
    """Return lower case without accents, one kind of dash, apostrophe and space, digits in one piece."""
    spread = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(char for char in spread if not unicodedata.combining(char))
    kept = re.sub("[\u2010-\u2015\u2212]", "-", kept).replace("’", "'")
    bare = _DIGIT_GROUPS.sub("", " ".join(kept.split()).rstrip(" .!").lstrip("+≈~ "))
    return _ONE.sub("1 ", _AROUND.sub("", bare).strip())


def _possible(entry: Entry) -> Entry:
    match entry:
        case Amount("percent", amount) if amount > MOST["percent"]:
            raise Refusal("log-percent")
        case Amount(unit, amount) if amount > MOST[unit]:
            raise Refusal("log-too-much", most=MOST[unit])
        case Span(start, end) if end - start > MOST["pages"]:
            raise Refusal("log-too-much", most=MOST["pages"])
        case _:
            return entry
