"""A reading plan: the sections of a book, how far each reader is, and what may be talked about with all who are there.

Where a reader is, they say as they count: section, chapter, page of their own edition, percent, minutes of a recording.
It is kept so and turned into a section only when it is asked for, since sections change. How sections and progress
are typed is in `games/reading_words.py`; who reads what is somebody else's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from games.core import Refusal

MOST_SECTIONS: Final = 60
"""Sections of one plan."""

LONGEST_TITLE: Final = 60
"""Characters."""

Unit = Literal["section", "chapter", "page", "percent", "minute", "done"]
"""How somebody counts where they are."""


@dataclass(frozen=True, slots=True)
class Span:
    """From one page or chapter to another, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a book that is read at a time, by its place in the plan; `due` is the local time at which it is read.

    A title that is `revealing` tells of the story: only those who have read it see it.
    """

    number: int
    title: str = ""
    chapters: Span | None = None
    pages: Span | None = None
    due: datetime | None = None
    revealing: bool = False

    @property
    def last_chapter(self) -> int | None:
        """The chapter that it ends with."""
        return self.chapters.last if self.chapters else None

    @property
    def last_page(self) -> int | None:
        """The page that it ends with."""
        return self.pages.last if self.pages else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has read; `total` is how many pages or minutes their own copy has, if they said so."""

    unit: Unit
    value: int
    total: int | None = None


def check_order(sections: Sequence[Section]) -> None:
    """Refuse a plan that goes back: a section that ends, or is due, before the one in front of it.

    Raises:
        Refusal: `too-many-sections`, `section-backwards`, `section-early`.
    """
    if len(sections) > MOST_SECTIONS:
        raise Refusal("too-many-sections", most=MOST_SECTIONS)
    for span in ("chapters", "pages"):
        ends = [(s.number, getattr(s, span)) for s in sections if getattr(s, span) is not None]
        for (_, before), (number, after) in pairwise(ends):
            if after.last <= before.last or after.first <= before.first:
                raise Refusal("section-backwards", number=number)
    dated = [(section.number, section.due) for section in sections if section.due is not None]
    for (_, early), (number, late) in pairwise(dated):
        if late < early:
            raise Refusal("section-early", number=number)


def numbered(sections: Iterable[Section]) -> list[Section]:
    """Return sections with the numbers of their places."""
    return [replace(section, number=place) for place, section in enumerate(sections, 1)]


def position(progress: Progress, sections: Sequence[Section], pages: int | None) -> int | None:
    """Return how many sections are finished; None when that cannot be told from what the plan says.

    `pages` is how many the book has. A page counts as one of the book's unless the reader's own edition has another
    number of them; percents, minutes and other editions go by their share of the pages, else of the chapters. While a
    plan does not reach the book's end yet, these come out as less rather than more.
    """
    match progress.unit:
        case "done":
            return len(sections)
        case "section":
            return min(progress.value, len(sections))
        case "chapter":
            return _reached([s.last_chapter for s in sections], progress.value)
        case "percent":
            return _reached(_shares(sections, pages), Fraction(progress.value, 100))
        case "page" if _is_edition(progress.total, sections, pages):
            return _reached([s.last_page for s in sections], progress.value)
        case "page" | "minute":
            whole = progress.total or (pages if progress.unit == "page" else None)
            if whole is None:
                return None
            return _reached(_shares(sections, pages), Fraction(progress.value, whole))


def horizon(
    sections: Sequence[Section], progresses: Iterable[Progress | None], pages: int | None = None
) -> int:
    """Return the last section that every one of these readers has finished; 0 when there is none.

    Who said nothing (None), or nothing that can be told, counts as not having begun. The number says neither who holds
    it back nor how many do.
    """
    reached = [position(p, sections, pages) or 0 if p is not None else 0 for p in progresses]
    return min(reached, default=0)


def shifted(section: Section, days: int) -> Section:
    """Return a section that is due so many days later."""
    if section.due is None:
        return section
    return replace(section, due=section.due + timedelta(days=days))


def divided(
    unit: Literal["pages", "chapters"], each: int, total: int, first: datetime, days: int
) -> list[Section]:
    """Return the sections that hold `each` pages or chapters of `total`, the first due at `first`, then every `days`.

    Raises:
        Refusal: `too-many-sections`.
    """
    starts = range(1, total + 1, each)
    if len(starts) > MOST_SECTIONS:
        raise Refusal("too-many-sections", most=MOST_SECTIONS)
    made: list[Section] = []
    for place, start in enumerate(starts):
        span = Span(start, min(start + each - 1, total))
        due = first + timedelta(days=days * place)
        bare = Section(place + 1, due=due)
        made.append(replace(bare, pages=span) if unit == "pages" else replace(bare, chapters=span))
    return made


def upcoming(sections: Sequence[Section], today: date) -> Section | None:
    """Return the next section that is due, today's included; without dates there is none."""
    return next((s for s in sections if s.due is not None and s.due.date() >= today), None)


def _reached(
    ends: Sequence[int | None] | Sequence[Fraction | None], value: int | Fraction
) -> int | None:
    """Return the place of the last end that is not beyond `value`; None when there are no ends to compare with."""
    known = [(place, end) for place, end in enumerate(ends, 1) if end is not None]
    if not known:
        return None
    return max((place for place, end in known if end <= value), default=0)


def _shares(sections: Sequence[Section], pages: int | None) -> list[Fraction | None]:
    """Return what share of the book each section's end is at: by pages if there are any, else by chapters."""
    ends, total = [section.last_page for section in sections], pages or 0
    if not any(ends):
        ends, total = [section.last_chapter for section in sections], 0
    total = max([total, *(end for end in ends if end is not None)])
    return [Fraction(end, total) if end is not None else None for end in ends]


def _is_edition(total: int | None, sections: Sequence[Section], pages: int | None) -> bool:
    """Whether a reader's pages are those of the plan."""
    last = _last_page(sections)
    return last > 0 and total in (None, pages, last)


def _last_page(sections: Sequence[Section]) -> int:
    return max((section.last_page or 0 for section in sections), default=0)
