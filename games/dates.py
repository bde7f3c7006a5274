"""Dates as people type them, in French and in English: "mardi 18h30", "tomorrow 7pm", "15/12 à 20h", "in 2 hours".

The day comes before the month, as in both countries. Whoever calls says the answer back in words before anything is
done with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from games.core import Refusal
from games.recurrence import Reading, instant, local_time, reading

LONGEST = 80
"""Characters beyond which a text is no date."""

# fmt: off
WEEKDAYS = {
    word: number
    for number, words in enumerate((
        ("lundi", "monday", "mon"), ("mardi", "tuesday", "tue"), ("mercredi", "wednesday", "wed"),
        ("jeudi", "thursday", "thu"), ("vendredi", "friday", "fri"), ("samedi", "saturday", "sat"),
        ("dimanche", "sunday", "sun"),
    ))
    for word in words
}
MONTHS = {
    word: number
    for number, words in enumerate((
        ("janvier", "january", "jan", "janv"), ("fevrier", "february", "feb", "fev", "fevr"), ("mars", "march", "mar"),
        ("avril", "april", "apr", "avr"), ("mai", "may"), ("juin", "june", "jun"), ("juillet", "july", "jul", "juil"),
        ("aout", "august", "aug"), ("septembre", "september", "sep", "sept"), ("octobre", "october", "oct"),
        ("novembre", "november", "nov"), ("decembre", "december", "dec"),
    ), 1)
    for word in words
}
# fmt: on
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_DAYS_AHEAD = {
    "apres demain": 2,
    "day after tomorrow": 2,
    "demain": 1,
    "tomorrow": 1,
    "aujourd hui": 0,
    "aujourdhui": 0,
    "today": 0,
    "avant hier": -2,
    "day before yesterday": -2,
    "hier": -1,
    "yesterday": -1,
    "ce soir": 0,
    "cet apres midi": 0,
    "tonight": 0,
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        (
            ("un", "une", "a", "an", "one"),
            ("deux", "two"),
            ("trois", "three"),
            ("quatre", "four"),
            ("cinq", "five"),
            ("six",),
            ("sept", "seven"),
            ("huit", "eight"),
            ("neuf", "nine"),
            ("dix", "ten"),
        ),
        1,
    )
    for word in words
}
_WORDED = re.compile(rf"(?<=\bdans )(?:{'|'.join(_COUNTS)})\b|(?<=\bin )(?:{'|'.join(_COUNTS)})\b")
_HALF_HOUR = re.compile(r"\b(?:une )?demi heure\b|\bhalf an hour\b")
_AND_A_HALF = re.compile(r"\bheures? et demie\b|\bhours? and a half\b")
_ISO_TIME = re.compile(r"(?<=\d{4}-\d\d-\d\d)t(?=\d)")
_AHEAD = re.compile(rf"\b({'|'.join(_DAYS_AHEAD)})\b")
_ELAPSED = re.compile(
    r"\b(?:dans|in) (?:(\d{1,3}) ?(?:heures?|hours?|h)(?![a-z]) ?(?:(\d{1,2})(?: ?(?:mn|mins?|minutes?)\b)?)?"
    r"|(\d{1,4}) ?(?:mn|mins?|minutes?)\b)"
)
_TWELVE = re.compile(r"\b(1[0-2]|0?[1-9])(?::([0-5]\d))? ?([ap])\.?m\b\.?")
_CLOCK = re.compile(
    rf"\b([01]?\d|2[0-3]) ?(?:heures?\b|h(?![a-z])|:)"
    rf"(?: ?([0-5]\d)(?!\d|[/.-]\d| (?:{_MONTH})\b))?(?!\d)"
)
_NOON = re.compile(r"(?<!apres )\b(?:midi|noon)\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_SLASHES = re.compile(r"\b(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?\b")
_DOTS = re.compile(r"\b(\d{1,2})([.-])(\d{1,2})\2(\d{4})\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:er|st|nd|rd|th)? (?:of )?({_MONTH})\b\.?(?: (\d{{4}})\b)?"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?\b,?(?: (\d{{4}})\b)?(?!:)")
_WHOLE_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_WHOLE_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_NAMED = re.compile(rf"\b(?:next )?({_WEEKDAY})\b(?: prochain)?")
_COUNTED = re.compile(r"\b(?:dans|in) (\d{1,3}) (?:(jours?|days?)|semaines?|weeks?)\b")
_DAY_ALONE = re.compile(rf"\b(?:le|the|{_WEEKDAY}) ((\d{{1,2}})(?:er|st|nd|rd|th)?)\b")
_WEEKS_ON = re.compile(rf"\b({_WEEKDAY}) (?:en (8|huit|15|quinze)|week)\b")
_PART = re.compile(
    r"\b(?:du |de l |in the |this |ce |cet )?(?:(matin|morning)|(soir|evening|night|apres midi|afternoon))\b"
)
_FILLERS = re.compile(r"\b(?:a|au|at|le|on|the|de|vers|ce|this)\b|[,.]")


@dataclass(frozen=True, slots=True)
class Usual:
    """What is meant when a text names only a day or only a time: those of the date that is being moved."""

    day: date
    time: time


def read_date(text: str, now: int, zone: str, usual: Usual | None = None) -> datetime:
    """Return the local date-time that `text` means at `now` (microseconds, UTC).

    A weekday named is never today's. A date without a year is the next such date. A time alone is today's, or
    tomorrow's if that has passed.

    Raises:
        Refusal: `date-unread`, `no-such-date`, `not-that-weekday`, `time-missing`, `date-past`; `no-such-time` or
            `time-twice` where the clocks change.
    """
    if len(text) > LONGEST:
        raise Refusal("date-unread", text=text[:LONGEST])
    rest = _Rest(_plain(text))
    here = local_time(now, zone)
    if (elapsed := _elapsed(rest)) is not None:
        rest.check_empty(text)
        local = local_time(now + elapsed // timedelta(microseconds=1), zone)
        _check(local, now, zone)
        return local
    clock = _clock(rest)
    day = _day(rest, here.date())
    part = rest.take(_PART)
    rest.check_empty(text)
    if part is not None:
        clock = _in_its_part(clock, text, afternoon=bool(part[2]))
    if day is None and clock is None:
        raise Refusal("date-unread", text=text)
    local = datetime.combine(*_filled(day, clock, here, usual))
    _check(local, now, zone)
    return local


def read_day(text: str) -> date:
    """Read a day of any year, past or to come: "2026-12-31", "31/12/2026", "31 décembre 2026" or "31 December 2026".

    Raises:
        Refusal: `no-date`, also for a day that no calendar has.
    """
    bare = text.strip()
    if (found := _WHOLE_ISO.fullmatch(bare)) is not None:
        year, month, day = (int(part) for part in found.groups())
    elif (found := _WHOLE_NUMBERS.fullmatch(bare)) is not None:
        day, month, year = (int(part) for part in found.groups())
    elif (found := _DAY_MONTH.fullmatch(_plain(bare[:LONGEST]))) is not None and found[3]:
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    else:
        raise Refusal("no-date", text=bare[:40])
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal("no-date", text=bare[:40]) from None


def take_time(text: str) -> tuple[time | None, str]:
    """Return the time of day that a text begins with, and what follows it; None when it begins with none."""
    bare = text.strip()
    for pattern in (_TWELVE, _CLOCK, _NOON):
        found = pattern.match(bare.casefold())
        if found is not None:
            return _clock(_Rest(found[0])), bare[found.end() :].strip()
    return None, bare


_LENGTHS = (
    (
        re.compile(r"(\d{1,2}) ?(?:heures?|hours?|h)(?![a-z]) ?([0-5]\d)?(?!\d)", re.IGNORECASE),
        None,
    ),
    (re.compile(r"(?:une )?demi[ -]heure\b|half an hour\b", re.IGNORECASE), 30),
    (re.compile(r"(?:un |a )?(?:quart d['’]heure|quarter of an hour)\b", re.IGNORECASE), 15),
    (re.compile(r"(?:une heure|an hour|one hour)\b", re.IGNORECASE), 60),
)
_MINUTES = re.compile(r"(\d{1,4}) ?(?:minutes?|min|mn)\b", re.IGNORECASE)


def take_minutes(text: str) -> tuple[int | None, str]:
    """Return the minutes that a text begins with ("20 min", "1h30", "une demi-heure"), and what follows it; None when
    it does not begin with how long something takes.
    """
    bare = text.strip()
    if (found := _MINUTES.match(bare)) is not None:
        return int(found[1]), bare[found.end() :].strip()
    for pattern, minutes in _LENGTHS:
        if (found := pattern.match(bare)) is not None:
            length = minutes or 60 * int(found[1]) + int(found[2] or 0)
            return length, bare[found.end() :].strip()
    return None, bare


class _Rest:
    """What of a text has not been understood yet."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match and take it out."""
        found = pattern.search(self.text)
        if found is not None:
            self.text = f"{self.text[: found.start()]} {self.text[found.end() :]}"
        return found

    def check_empty(self, text: str) -> None:
        """Refuse a text of which something was not understood: half a date is another date."""
        if _FILLERS.sub(" ", self.text).strip():
            raise Refusal("date-unread", text=text)


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in spread if not unicodedata.combining(char))
    return _in_figures(" ".join(re.sub(r"['’-](?!\d)", " ", bare).split()))


def _in_figures(text: str) -> str:
    """Return a text with figures for what it says in words of how long it is until then."""
    text = _AND_A_HALF.sub("h 30", _HALF_HOUR.sub("30 minutes", _ISO_TIME.sub(" ", text)))
    return _WORDED.sub(lambda found: str(_COUNTS[found[0]]), text)


def _elapsed(rest: _Rest) -> timedelta | None:
    found = rest.take(_ELAPSED)
    if found is None:
        return None
    hours, more, minutes = (int(group or 0) for group in found.groups())
    return timedelta(hours=hours, minutes=more + minutes)


def _clock(rest: _Rest) -> time | None:
    if rest.take(_NOON):
        return time(12)
    if (found := rest.take(_TWELVE)) is not None:
        return time(int(found[1]) % 12 + (12 if found[3] == "p" else 0), int(found[2] or 0))
    if (found := rest.take(_CLOCK)) is not None:
        return time(int(found[1]), int(found[2] or 0))
    return None


def _in_its_part(clock: time | None, text: str, *, afternoon: bool) -> time:
    """Return a time as the part of the day says it that stands beside it: 7 in the evening is 19."""
    if clock is None:
        raise Refusal("time-missing")
    if not afternoon and clock.hour > 12:
        raise Refusal("date-unread", text=text)
    return clock.replace(hour=clock.hour + 12) if afternoon and 1 <= clock.hour < 12 else clock


def _day(rest: _Rest, today: date) -> date | None:
    if (found := rest.take(_WEEKS_ON)) is not None:
        weeks = 2 if found[2] in ("15", "quinze") else 1
        return _next(WEEKDAYS[found[1]], today) + timedelta(weeks=weeks)
    day = _dated(rest, today)
    if day is None:
        day = _ahead(rest, today)
    if (found := rest.take(_NAMED)) is None:
        return day
    weekday = WEEKDAYS[found[1]]
    if day is None:
        return _next(weekday, today)
    if day.weekday() != weekday:
        raise Refusal("not-that-weekday", weekday=day.weekday())
    return day


def _next(weekday: int, today: date) -> date:
    """Return the next day of that name, never today."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _ahead(rest: _Rest, today: date) -> date | None:
    """Return a day that is so many days from today."""
    if (found := rest.take(_COUNTED)) is not None:
        return today + timedelta(days=int(found[1]) * (1 if found[2] else 7))
    if (found := rest.take(_AHEAD)) is None:
        return None
    if found[1] in ("ce soir", "cet apres midi", "tonight"):
        rest.text += " soir"  # the part of the day is read with the time
    return today + timedelta(days=_DAYS_AHEAD[found[1]])


def _dated(rest: _Rest, today: date) -> date | None:
    """Return a day written with its number, whichever way."""
    if (found := rest.take(_ISO)) is not None:
        return _real(found[1], found[2], found[3], today)
    if (found := rest.take(_SLASHES)) is not None:
        return _real(found[3], found[2], found[1], today)
    if (found := rest.take(_DAY_MONTH)) is not None:
        return _real(found[3], str(MONTHS[found[2]]), found[1], today)
    if (found := rest.take(_MONTH_DAY)) is not None:
        return _real(found[3], str(MONTHS[found[1]]), found[2], today)
    if (found := rest.take(_DOTS)) is not None:
        return _real(found[4], found[3], found[1], today)
    return _numbered(rest, today)


def _numbered(rest: _Rest, today: date) -> date | None:
    """Return the next day of that number in a month: "le 15", "mardi 15"."""
    found = _DAY_ALONE.search(rest.text)
    if found is None:
        return None
    rest.text = f"{rest.text[: found.start(1)]} {rest.text[found.end(1) :]}"
    for ahead in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        try:
            day = date(year, month + 1, int(found[2]))
        except ValueError:
            continue
        if day >= today:
            return day
    raise Refusal("no-such-date", day=int(found[2]), month=today.month)


def _real(year: str | None, month: str, day: str, today: date) -> date:
    """Return that day, the next one when no year is said; 29 February waits for a year that has it."""
    years = [int(year)] if year else range(today.year, today.year + 9)
    for number in years:
        try:
            found = date(number + 2000 if number < 100 else number, int(month), int(day))
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise Refusal("no-such-date", day=int(day), month=int(month))


def _filled(
    day: date | None, clock: time | None, here: datetime, usual: Usual | None
) -> tuple[date, time]:
    if clock is None and usual is None:
        raise Refusal("time-missing")
    if day is None and usual is None and clock is not None:
        ahead = 0 if clock > here.time() else 1
        return here.date() + timedelta(days=ahead), clock
    standing = usual or Usual(here.date(), here.time())
    return day or standing.day, clock or standing.time


def _check(local: datetime, now: int, zone: str) -> None:
    match reading(local, zone):
        case Reading.NEVER:
            raise Refusal("no-such-time")
        case Reading.TWICE:
            raise Refusal("time-twice")
        case Reading.ONCE:
            if instant(local, zone) <= now:
                raise Refusal("date-past")
