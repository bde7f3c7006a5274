"""Reading plans as people type them, in French and in English: sections with their dates, and where one is.

"1: ch. 1-5 p. 1-80 mardi ; 2: ch. 6-10 15/12", "80 pages every week from Tuesday"; "3", "p. 120", "45 %", "1h20".
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final, Literal

from games.core import Refusal
from games.dates import Usual, read_date
from games.reading_log import Amount, Entry, Reached, Unit, read_goal, read_log, tidy
from games.reading_log import Span as Pages
from games.reading_plan import LONGEST_TITLE, Progress, Section, Span, divided
from games.recurrence import local_time

USUAL_TIMES: Final = (time(10), time(20))
"""When rooms are told of a section that is due on a day, and when that has passed."""

LONGEST: Final = 4000
"""Characters beyond which nobody types a plan."""

LONGEST_SHIFT: Final = 365
"""Days by which a plan is put off at the most."""

MOST_EACH: Final = {"pages": 20_000, "chapters": 1000}

# fmt: off
_CHAPTER = r"(?:chapitres?|chapters?|chaps?|chp|ch)\b\.?"
_PAGE = r"(?:pages?|pgs?|pp?)\b\.?"
_TO = r"(?:-+>?|[\u2010-\u2015\u2212→]|à|a|au|to|jusqu['’](?:à|au|a)|jusque)"
_UPTO = r"(?P<upto>(?:jusqu['’](?:à|au|a)(?: la)?|up to|until|→)\s*)?"
_REVEALING = re.compile(
    r"[(\[]?\b(?:titre\s+)?(?:révélateur|revelateur|revealing|spoiler)s?\b(?:\s+title)?[)\]]?", re.IGNORECASE
)
_NUMBER = re.compile(
    r"^\s*(?:section|partie|part)?\s*(?:n\s*[°o]\.?|no\.?|#)?\s*([0-9]{1,3})\s*(?:[:.)=]|[-–—]\s)\s*(?=\S)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"«\s*([^»]*?)\s*»|“([^”]*)”|\"([^\"]*)\"")
_FIGURES = "[0-9]{1,5}"
_ROMAN = r"(?=[ivxl]+\b(?!['’]))(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})(?<=[ivxl])\b"
_CHAPTERS, _PAGES = (
    re.compile(
        rf"{_UPTO}\b{unit}\s*(?P<first>{number})(?:\s*{_TO}\s*(?:{unit}\s*)?(?P<last>{number}))?",
        re.IGNORECASE,
    )
    for unit, number in ((_CHAPTER, f"(?:{_FIGURES}|{_ROMAN})"), (_PAGE, _FIGURES))
)
_EDGES = re.compile(r"^[\s,·:()\[\]–—-]+|[\s,·:()\[\]–—-]+$")
_LEADING = re.compile(r"(?:(?:pour|avant|d['’]ici|for|by|before)\s+)?(?:(?:le|la|on|the)\s+)?$", re.IGNORECASE)

_EACH = re.compile(
    rf"(?:sections? (?:de|of)|par|by|tranches? de)?\s*([0-9]{{1,5}})\s*({_PAGE}|{_CHAPTER})", re.IGNORECASE
)
_OF = re.compile(rf"(?:\bsur\b|\bof\b|/)\s*([0-9]{{1,5}})(?:\s*(?:{_PAGE}|{_CHAPTER}))?", re.IGNORECASE)
_PERIOD = re.compile(
    r"\b(?:(?P<day>chaque jour|tous les jours|par jour|every day|a day|daily)"
    r"|(?:tous les|every|chaque)\s+(?P<days>[0-9]{1,2})\s*(?:jours?|days?)"
    r"|(?:toutes les|every|chaque)\s+(?P<weeks>[0-9]{1,2}|deux|two|trois|three)\s*(?:semaines?|weeks?)"
    r"|(?P<week>chaque semaine|toutes les semaines|par semaine|every week|a week|weekly|hebdo(?:madaire)?))\b",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:dès|des|à partir d[eu]|a partir d[eu]|à compter d[eu]|from|starting|as of)\b(?:\s+le\b)?", re.IGNORECASE
)
_WORDS = {"deux": 2, "two": 2, "trois": 3, "three": 3}

_SHIFT = re.compile(
    r"(?P<back>-)? ?(?:d'|de |by )?(?P<count>[0-9]{1,3}|une?|an?|one|deux|two|trois|three)"
    r" ?(?P<unit>semaines?|sem|jours?|weeks?|days?)\b"
)
_SHIFT_FROM = re.compile(
    r"(?:(?:1|a) partir de|des|depuis|from) (?:la |the )?(?:section )?([0-9]{1,3})(?! ?(?:jour|semaine|day|week))"
)
_EARLIER = re.compile(r"plus tot|earlier|avancer|en avance|sooner")

_SECTION = re.compile(
    r"(?:la |the )?(?:section|sect|part|partie|s)s?\.? ?(?:n ?[°o]\.? ?)?([0-9]{1,3})|([0-9]{1,3})"
)
_AT_CHAPTER = re.compile(
    rf"(?:(?:le |the )?(?:chapitres?|chapters?|chaps?|chp|ch)\.? ?([0-9]{{1,4}}|{_ROMAN})"
    r"|(?:le |the )?([0-9]{1,4}) ?(?:ers?|e|emes?|st|nd|rd|th)? ?(?:chapitres?|chapters?|chaps?|chp|ch)\.?)"
)
_DONE = re.compile(
    r"(?:j'ai |i have |i've |i )?(?:tout )?(?:finie?|terminee?|finished|done|tout|tout lu|lu en entier|all|the end|fin)"
    r"(?: le livre| the book| it)?"
)
_NOTHING = re.compile(
    r"(?:rien|pas commence|pas encore|nothing|not (?:yet|started|begun)|none)(?: lu| read)?(?: encore)?"
)
_UNTIL = re.compile(r"^(?:jusqu'au?(?: la)?|au?|up to|until) (?=[a-z0-9])")
_HALF = re.compile(r"(?:a |la )?moitie|half(?: ?way)?|mi-chemin|a mi-chemin")
_FORGET = re.compile(r"(?:effacer|efface|oublier|oublie|forget|erase|clear)")
# fmt: on

_ROMAN_FIGURES: Final = {"i": 1, "v": 5, "x": 10, "l": 50}
_TIME = re.compile(r"[hm:]")
_WHOLE = re.compile(r"(.+?) ?(?:/|\bsur\b|\bof\b) ?(.+)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A section as typed: the place that it names, if it names one, and what it holds."""

    place: int | None
    section: Section


def read_sections(text: str, before: Section | None, now: int, zone: str) -> list[Typed]:
    """Return the sections in a text, parted by semicolons or lines; `before` is the one that they follow.

    Raises:
        Refusal: `section-unread`, `section-title`, `log-backwards`; as `games.dates.read_date`.
    """
    parts = [part for part in re.split(r"[;\n]", text[:LONGEST]) if part.strip()]
    found: list[Typed] = []
    for part in parts:
        typed = _read(part, before, now, zone)
        found.append(typed)
        before = typed.section
    return found


def read_change(text: str, old: Section, before: Section | None, now: int, zone: str) -> Section:
    """Return a section as it is after a text, which says only what changes; "-" takes its date away.

    Raises:
        Refusal: as `read_sections`.
    """
    if re.search(r"(?:^|\s)(?:sans date|no date|-)\s*$", text, re.IGNORECASE):
        text = re.sub(r"(?:sans date|no date|-)\s*$", "", text, flags=re.IGNORECASE)
        old = replace(old, due=None)
        if not text.strip():
            return old
    new = _section(text, before, now, zone)
    return replace(
        old,
        title=new.title or old.title,
        chapters=new.chapters or old.chapters,
        pages=new.pages or old.pages,
        due=new.due or old.due,
        revealing=new.revealing or (old.revealing and not new.title),
    )


def read_division(text: str, pages: int | None, now: int, zone: str) -> list[Section]:
    """Return the sections that "80 pages every week from Tuesday" or "5 chapters of 24 every 2 weeks" makes.

    A book's own number of pages is meant when a text says none. Without a beginning, the first is due in one period.

    Raises:
        Refusal: `division-unread`, `division-total`, `too-many-sections`; as `games.dates.read_date`.
    """
    if (each := _EACH.search(text)) is None:
        raise Refusal("division-unread")
    unit: Literal["pages", "chapters"] = (
        "pages" if re.match(r"p", each[2], re.IGNORECASE) else "chapters"
    )
    rest = text[: each.start()] + " " + text[each.end() :]
    total = pages if unit == "pages" else None
    if (of := _OF.search(rest)) is not None:
        total, rest = int(of[1]), rest[: of.start()] + " " + rest[of.end() :]
    days = 7
    if (period := _PERIOD.search(rest)) is not None:
        days, rest = _days(period), rest[: period.start()] + " " + rest[period.end() :]
    if total is None:
        raise Refusal("division-total", unit=unit)
    if not (0 < int(each[1]) <= total <= MOST_EACH[unit]) or not 0 < days <= 60:
        raise Refusal("division-unread")
    when = _EDGES.sub("", _FROM.sub(" ", rest))
    first = _date(when, now, zone) if when else _later(now, zone, days)
    return divided(unit, int(each[1]), total, first, days)


def read_shift(text: str) -> tuple[int | None, int]:
    """Return the section from which on (None: all) and the days by which "from 3 by a week" puts a plan off.

    "-" or "earlier" brings it forward.

    Raises:
        Refusal: `shift-unread`.
    """
    plain = tidy(text.replace("−", "-")) if text.strip() else ""
    first = None
    if (found := _SHIFT_FROM.search(plain)) is not None:
        first, plain = int(found[1]), f"{plain[: found.start()]} {plain[found.end() :]}"
    found = _SHIFT.search(plain)
    if found is None:
        raise Refusal("shift-unread")
    said = found["count"]
    count = _WORDS.get(said) or (int(said) if said.isdecimal() else 1)
    days = count * (7 if found["unit"] in ("semaine", "semaines", "week", "weeks", "sem") else 1)
    if not 0 < days <= LONGEST_SHIFT:
        raise Refusal("shift-unread")
    return first, -days if found["back"] or _EARLIER.search(plain) else days


def read_progress(text: str, pages: int | None = None) -> Progress | None:
    """Return how far somebody says that they are; None when they want it forgotten. A bare number is a section.

    `pages` is how many pages the book has.

    Raises:
        Refusal: `progress-unread`, `progress-beyond`, `progress-total`; as `games.reading_log.read_log`.
    """
    plain = _UNTIL.sub("", tidy(text))
    if _FORGET.fullmatch(plain):
        return None
    if _NOTHING.fullmatch(plain):
        return Progress("section", 0)
    if _DONE.fullmatch(plain):
        return Progress("done", 0)
    if _HALF.fullmatch(plain):
        return Progress("percent", 50)
    if (found := _SECTION.fullmatch(plain)) is not None:
        return Progress("section", int(found[1] or found[2]))
    if (found := _AT_CHAPTER.fullmatch(plain)) is not None:
        return Progress("chapter", _value(found[1] or found[2]))
    whole = None
    if (found := _WHOLE.fullmatch(plain)) is not None:
        plain, whole = found[1], found[2]
    return _measured(plain, whole)


def _value(number: str) -> int:
    """Return a number written in figures, or in Roman ones up to 89."""
    if number.isdecimal():
        return int(number)
    values = [_ROMAN_FIGURES[figure] for figure in number.casefold()]
    return sum(
        -one if any(one < later for later in values[place + 1 :]) else one
        for place, one in enumerate(values)
    )


def _measured(said: str, whole: str | None) -> Progress:
    """Return progress by page, percent or minutes, with the whole that was named."""
    unit: Unit = "minutes" if whole is not None and _TIME.search(whole) else "pages"
    match _entry(said, unit):
        case Reached(page) | Pages(_, page) | Amount("pages", page):
            return _checked(Progress("page", page, _whole(whole, "pages")))
        case Amount("percent", percent):
            return Progress("percent", percent)
        case Amount("minutes", minutes):
            return _checked(Progress("minute", minutes, _whole(whole, "minutes")))
        case _:
            raise Refusal("progress-unread")


def _whole(text: str | None, unit: Literal["pages", "minutes"]) -> int | None:
    if text is None:
        return None
    match _entry(text, unit):
        case Amount(named, amount) if named == unit and amount > 0:
            return amount
        case Reached(page) if unit == "pages" and page > 0:
            return page
        case _:
            raise Refusal("progress-unread")


def _checked(progress: Progress) -> Progress:
    if progress.total is not None and progress.value > progress.total:
        raise Refusal("progress-beyond", total=progress.total)
    return progress


def _entry(text: str, unit: Unit) -> Entry:
    """Return an amount, a bare number being of `unit`; a recording may last longer than anybody reads in a day."""
    try:
        return read_log(text, unit)
    except Refusal as problem:
        if problem.code == "log-too-much" and not text.isdecimal():
            return read_goal(text)
        if problem.code in ("log-unread", "log-empty"):
            raise Refusal("progress-unread") from problem
        raise


def _read(text: str, before: Section | None, now: int, zone: str) -> Typed:
    if (found := _NUMBER.match(text)) is None:
        return Typed(None, _section(text, before, now, zone))
    return Typed(int(found[1]), _section(text[found.end() :], before, now, zone))


def _section(text: str, before: Section | None, now: int, zone: str) -> Section:
    """Return what a text says of one section, without its place."""
    title = ""
    if (quoted := _QUOTED.search(text)) is not None:
        title = next(part for part in quoted.groups() if part is not None)
        text = text[: quoted.start()] + " " + text[quoted.end() :]
    text, revealing = _REVEALING.subn(" ", text, count=1)
    chapters, text = _taken(_CHAPTERS, text, before.chapters if before else None)
    pages, text = _taken(_PAGES, text, before.pages if before else None, alone_is_last=True)
    due, rest = _due(_EDGES.sub("", " ".join(text.split())), now, zone)
    title = " ".join((title or rest).split())
    if len(title) > LONGEST_TITLE:
        raise Refusal("section-title", most=LONGEST_TITLE)
    if title.isdecimal() or not (title or chapters or pages or due):
        raise Refusal("section-unread")
    return Section(0, title, chapters, pages, due, revealing > 0)


def _taken(
    pattern: re.Pattern[str], text: str, before: Span | None, *, alone_is_last: bool = False
) -> tuple[Span | None, str]:
    """Return the span that a text names and what else it says; a lone page, or "up to", goes on from `before`."""
    if (found := pattern.search(text)) is None:
        return None, text
    first, last = _value(found["first"]), _value(found["last"] or found["first"])
    if found["last"] is None and (alone_is_last or found["upto"]):
        first = min(before.last + 1 if before else 1, last)
    if last < first or first < 1:
        raise Refusal("log-backwards", start=first, end=last)
    return Span(first, last), f"{text[: found.start()]} {text[found.end() :]}"


def _due(text: str, now: int, zone: str) -> tuple[datetime | None, str]:
    """Return the date that a text ends with, and what it says before."""
    words = text.split()
    for start in range(len(words)):
        said = " ".join(words[start:])
        try:
            due = _date(said, now, zone)
        except Refusal as problem:
            if problem.code in ("date-unread", "time-missing"):
                continue
            raise
        return due, _EDGES.sub("", _LEADING.sub("", " ".join(words[:start])))
    return None, text


def _date(text: str, now: int, zone: str) -> datetime:
    """Return the local time that a text means; a day alone is told of in the morning, or else in the evening."""
    today = local_time(now, zone).date()
    clear = re.sub(r"\b(?:pour|avant|for|by|before)\b", " ", text)
    morning, evening = (Usual(today, usual) for usual in USUAL_TIMES)
    try:
        return read_date(clear, now, zone, morning)
    except Refusal as problem:
        if problem.code != "date-past":
            raise
    return read_date(clear, now, zone, evening)


def _later(now: int, zone: str, days: int) -> datetime:
    """Return the usual time of the day that is so many days ahead."""
    day = local_time(now, zone).date().toordinal() + days
    return datetime.combine(datetime.fromordinal(day).date(), USUAL_TIMES[0])


def _days(period: re.Match[str]) -> int:
    if period["day"]:
        return 1
    if period["days"]:
        return int(period["days"])
    if period["weeks"]:
        weeks = period["weeks"].casefold()
        return 7 * (_WORDS.get(weeks) or int(weeks))
    return 7
