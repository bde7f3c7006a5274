"""Seasons: a library's year runs from September, not from January."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def season_of(at: int, zone: str, start: tuple[int, int]) -> int:
    """Return the year in which the season of `at` (microseconds, UTC) began, in the room's own time.

    `start` is the (month, day) on which seasons begin.
    """
    local = datetime.fromtimestamp(at / 1_000_000, UTC).astimezone(ZoneInfo(zone))
    return local.year if (local.month, local.day) >= start else local.year - 1
