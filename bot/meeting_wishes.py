"""A meeting as a host asks for it: what is typed or chosen about its dates, where it is held, seats and length."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, Literal

from dateutil.rrule import rrulestr

from bot.pause_plans import HOLIDAYS, NAMED_DAY, leading_date
from bot.people import visible
from games.core import Refusal
from games.dates import WEEKDAYS as DAYS
from games.dates import read_date, take_minutes
from games.matching import fold
from games.meeting import FORMS, Form
from games.recurrence import Series, local_time

Every = Literal["once", "week", "fortnight", "month"]

USUAL_MINUTES: Final = 90
SHORTEST, LONGEST = 10, 720
"""Minutes that a meeting may last."""

MOST_SEATS: Final = 2000
LONGEST_TITLE, LONGEST_PLACE = 80, 80

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_EVERY: Mapping[Every, re.Pattern[str]] = {
    "fortnight": re.compile(
        r"\b(?:une semaine sur deux|tou(?:te)?s les (?:deux semaines|2 semaines|quinze jours|15 jours)"
        r"|every (?:two|2|other|second) weeks?|fortnightly)\b",
        re.IGNORECASE,
    ),
    "month": re.compile(
        r"\b(?:(?:chaque|tous les) mois|mensuel(?:le)?|(?:every|each) month|monthly)\b",
        re.IGNORECASE,
    ),
    "week": re.compile(
        r"\b(?:(?:chaque|toutes les) semaines?|hebdo(?:madaire)?|(?:every|each) week|weekly)\b",
        re.IGNORECASE,
    ),
    "once": re.compile(r"\b(?:une (?:seule )?fois|once)\b", re.IGNORECASE),
}
"""How a text says how often."""

_QUOTED = re.compile(r"«\s*([^»]+?)\s*»|“([^”]+)”|\"([^\"]+)\"")
_NTH: Final = {
    word: nth
    for nth, words in (
        (1, ("premier", "premiers", "1er", "first", "1st")),
        (2, ("deuxième", "deuxieme", "deuxièmes", "second", "2e", "2eme", "2ème", "2nd")),
        (3, ("troisième", "troisieme", "troisièmes", "third", "3e", "3eme", "3ème", "3rd")),
        (4, ("quatrième", "quatrieme", "quatrièmes", "fourth", "4e", "4eme", "4ème", "4th")),
        (-1, ("dernier", "derniers", "last")),
    )
    for word in words
}
_IN_MONTH = re.compile(
    rf"\b(?:(?:chaque|tous les|every|each|the|le|les)\s+)?({'|'.join(sorted(_NTH, key=len, reverse=True))})"
    rf"\s+({'|'.join(sorted(DAYS, key=len, reverse=True))})s?"
    r"\s+(?:du|de chaque|de|of the|of each|of every|of)\s+(?:mois|month)\b",
    re.IGNORECASE,
)
_LASTING = re.compile(r"\b(?:pendant|dur[ée]e?(?: de)?|for|lasting)\s*:?\s+", re.IGNORECASE)
_MINUTES = re.compile(r"(?<!dans )(?<!in )\b([0-9]{1,4})\s*(?:min(?:utes?)?|mn)\b", re.IGNORECASE)
_SEATS = re.compile(r"\b([0-9]{1,6})\s*(?:places?|seats?)\b", re.IGNORECASE)
_PHRASES: Mapping[str, Form] = {
    phrase: form for form, phrases in FORMS.items() for phrase in phrases
}


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting to be planned: from when (local), how often, where, for how many and for how long."""

    first: datetime
    every: Every = "once"
    form: Form = "text"
    minutes: int = USUAL_MINUTES
    seats: int | None = None
    place: str = ""
    voice_id: str = ""
    title: str = ""
    holidays: bool = False
    nth: int | None = None
    """Which of its weekdays in the month it is, when that was said; -1 for the last."""

    def series(self, zone: str) -> Series:
        """Return its dates; a monthly one keeps its place in the month, such as the second Tuesday."""
        return Series(self.first, zone, _rule(self), holidays="fr" if self.holidays else "")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different about a plan; None leaves it as it is, and 0 seats are seats without end."""

    form: Form | None = None
    minutes: int | None = None
    seats: int | None = None
    place: str | None = None
    voice_id: str | None = None
    title: str | None = None

    @property
    def some(self) -> bool:
        """Whether anything is to change."""
        return self != Changes()


def place_in_month(first: datetime) -> int:
    """Return which of its weekdays a date is in its month, 1 to 4; -1 for the fifth, which not every month has."""
    nth = (first.day - 1) // 7 + 1
    return nth if nth < 5 else -1


def make_wish(
    when: str,
    every: Every,
    changes: Changes,
    *,
    holidays: bool,
    now: int,
    zone: str,
) -> Wish:
    """Build a wish from chosen options; "every Tuesday" in `when` says how often, too.

    Raises:
        Refusal: as `games.dates.read_date`; `no-number`.
    """
    bare, nth = _take_place(when, now, zone)
    bare, said = _take_every(bare)
    often = "month" if nth else said or every
    return _wish(read_date(bare.strip(), now, zone), often, changes, holidays=holidays, nth=nth)


def read_wish(text: str, places: Sequence[str], now: int, zone: str) -> Wish:
    """Read "Tuesday 6:30 pm every month voice 12 seats 90 min Title"; all but the date is optional, in any order.

    `places` are what was typed after each @, and may hold how long it lasts.

    Raises:
        Refusal: as `games.dates.read_date`; `no-number`.
    """
    holidays = HOLIDAYS.search(text) is not None
    changes, rest = _take_changes(HOLIDAYS.sub(" ", text), places)
    bare, nth = _take_place(rest, now, zone)
    bare, every = _take_every(bare)
    first, left = leading_date(bare, now, zone)
    if changes.title is None and (title := _clean(left, LONGEST_TITLE)):
        changes = Changes(changes.form, changes.minutes, changes.seats, changes.place, None, title)
    often = "month" if nth else every or "once"
    return _wish(first, often, changes, holidays=holidays, nth=nth)


def read_changes(text: str, places: Sequence[str]) -> Changes:
    """Read "voice 12 seats 90 min Title": what of a plan is to be different. Raises `Refusal` (`no-number`)."""
    changes, rest = _take_changes(text, places)
    title = changes.title or _clean(rest, LONGEST_TITLE) or None
    return _checked(
        Changes(changes.form, changes.minutes, changes.seats, changes.place, None, title)
    )


def clean_place(text: str) -> str:
    """Return a place without what cannot be seen; may be empty."""
    return _clean(text, LONGEST_PLACE)


def clean_title(text: str) -> str:
    """Return a title without what cannot be seen; may be empty."""
    return _clean(text, LONGEST_TITLE)


def _wish(
    first: datetime, every: Every, changes: Changes, *, holidays: bool, nth: int | None
) -> Wish:
    changes = _checked(changes)
    usual: Form = "voice" if changes.voice_id else "site" if changes.place else "text"
    return Wish(
        first,
        every,
        changes.form or usual,
        changes.minutes or USUAL_MINUTES,
        changes.seats or None,
        clean_place(changes.place or ""),
        changes.voice_id or "",
        clean_title(changes.title or ""),
        holidays,
        nth,
    )


def _checked(changes: Changes) -> Changes:
    """Return changes whose numbers can be; raises `Refusal` (`no-number`)."""
    if changes.minutes is not None and not SHORTEST <= changes.minutes <= LONGEST:
        raise Refusal("no-number", text=str(changes.minutes), least=SHORTEST, most=LONGEST)
    if changes.seats is not None and not 0 <= changes.seats <= MOST_SEATS:
        raise Refusal("no-number", text=str(changes.seats), least=1, most=MOST_SEATS)
    return changes


def _rule(wish: Wish) -> str:
    match wish.every:
        case "once":
            return ""
        case "week":
            return "FREQ=WEEKLY"
        case "fortnight":
            return "FREQ=WEEKLY;INTERVAL=2"
        case "month":
            nth = wish.nth or place_in_month(wish.first)
            return f"FREQ=MONTHLY;BYDAY={nth}{WEEKDAYS[wish.first.weekday()]}"


def _take_changes(text: str, places: Sequence[str]) -> tuple[Changes, str]:
    """Return what a text says besides the date, and what is left of it."""
    title = None
    if (quoted := _QUOTED.search(text)) is not None:
        title = _clean(next(filter(None, quoted.groups())), LONGEST_TITLE) or None
        text = _QUOTED.sub(" ", text, count=1)
    where = " ".join(places)
    minutes, text = _take_length(text)
    later, where = _take_number(_MINUTES, where)
    seats, text = _take_number(_SEATS, text)
    more, where = _take_number(_SEATS, where)
    form, rest = _take_form(text)
    changes = Changes(
        form,
        later if minutes is None else minutes,
        more if seats is None else seats,
        _clean(where, LONGEST_PLACE) or None,
        None,
        title,
    )
    return changes, rest


def _take_place(text: str, now: int, zone: str) -> tuple[str, int | None]:
    """Return a text with the next date of "every first Tuesday of the month" in its place, and which one that is."""
    found = _IN_MONTH.search(text)
    if found is None:
        return text, None
    nth, weekday = _NTH[found[1].casefold()], DAYS[fold(found[2])]
    first = _next_in_month(nth, weekday, local_time(now, zone).date())
    return f"{first.isoformat()} {text[: found.start()]} {text[found.end() :]}", nth


def _next_in_month(nth: int, weekday: int, today: date) -> date:
    """Return the next such day of a month, never today."""
    rule = f"FREQ=MONTHLY;COUNT=2;BYDAY={nth}{WEEKDAYS[weekday]}"
    start = datetime.combine(today, time.min)
    return next(day.date() for day in rrulestr(rule, dtstart=start) if day.date() > today)


def _take_number(pattern: re.Pattern[str], text: str) -> tuple[int | None, str]:
    found = pattern.search(text)
    if found is None:
        return None, text
    return int(found[1]), f"{text[: found.start()]} {text[found.end() :]}"


def _take_length(text: str) -> tuple[int | None, str]:
    """Return the minutes that a text says it lasts: "90 min", "pendant 2h", "for 1h30"."""
    if (found := _LASTING.search(text)) is not None:
        minutes, rest = take_minutes(text[found.end() :])
        if minutes is not None:
            return minutes, f"{text[: found.start()]} {rest}"
    return _take_number(_MINUTES, text)


def _take_form(text: str) -> tuple[Form | None, str]:
    """Return where a text says that it is held, by the longest words that do, and the text without them."""
    words = text.split()
    for count in (2, 1):
        for start in range(len(words) - count + 1):
            form = _PHRASES.get(fold(" ".join(words[start : start + count])))
            if form is not None:
                return form, " ".join(words[:start] + words[start + count :])
    return None, text


def _take_every(text: str) -> tuple[str, Every | None]:
    found = next(((e, p) for e, p in _EVERY.items() if p.search(text)), None)
    every, bare = (found[0], found[1].sub(" ", text)) if found else (None, text)
    if NAMED_DAY.search(bare):
        return NAMED_DAY.sub(r"\1", bare), every or "week"
    return bare, every


def _clean(text: str, longest: int) -> str:
    return visible(text)[:longest].strip(" ,;·-")
