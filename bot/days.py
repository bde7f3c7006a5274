"""Days: which one it is in a room, and reading one that somebody typed."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from games.core import Refusal
from games.matching import fold

MONTHS = (
    ("janvier", "january"),
    ("fevrier", "february"),
    ("mars", "march"),
    ("avril", "april"),
    ("mai", "may"),
    ("juin", "june"),
    ("juillet", "july"),
    ("aout", "august"),
    ("septembre", "september"),
    ("octobre", "october"),
    ("novembre", "november"),
    ("decembre", "december"),
)
"""What the months are called, as they are compared."""

SHORTEST_MONTH = 3
"""Letters that a shortened month must have: "déc", "Aug"."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_WORDS = re.compile(r"([0-9]{1,2})(?:er|st|nd|rd|th)? ([a-z]+) ([0-9]{4})")


def day_of(at: int, zone: str) -> date:
    """Return the day of `at` (microseconds, UTC) in a room's own time."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone)).date()


def read_day(text: str) -> date:
    """Read "2026-12-31", "31/12/2026", "31 décembre 2026" or "31 December 2026", the day before the month.

    Raises:
        Refusal: `no-date`, also for a day that no calendar has.
    """
    numbers = _parts(text.strip())
    if numbers is None:
        raise Refusal("no-date", text=text.strip()[:40])
    try:
        return date(*numbers)
    except ValueError:
        raise Refusal("no-date", text=text.strip()[:40]) from None


def _parts(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day as typed; none of them need exist."""
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if (match := _WORDS.fullmatch(fold(text))) and (month := _month(match[2])):
        return int(match[3]), month, int(match[1])
    return None


def _month(word: str) -> int | None:
    """Return the number of the one month that begins so."""
    if len(word) < SHORTEST_MONTH:
        return None
    found = [
        number
        for number, names in enumerate(MONTHS, 1)
        if any(name.startswith(word) for name in names)
    ]
    return found[0] if len(found) == 1 else None
