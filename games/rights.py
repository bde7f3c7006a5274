"""The register of works read aloud or shown on air: on which ground each may be, and whether that holds on a day.

French law, Code de la propriété intellectuelle. Saying or showing a work in public needs its author's consent (L122-4);
the exclusive right lasts for life, the calendar year of death and the seventy years after it (L123-1), counted from
the last of several authors (L123-2); a short quotation needs no consent when author and source are named (L122-5, 3°).
Not computed, because no date of death tells it: the extensions for the two wars and for those who died for France
(L123-8 to L123-10), posthumous and anonymous works (L123-3, L123-4). `docs/rights.md` asks people to mind these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

DAY = timedelta(days=1)

PROTECTED_YEARS = 70
"""Whole calendar years of protection after the year of death (L123-1)."""

NOTICE_DAYS = 14
"""Days before the end of a right from which a replay is announced as to be taken down."""

WARS = (range(1914, 1919), range(1939, 1946))
"""Years of death that call for a look at the extensions for the wars."""

Scope = Literal["live", "replay"]
"""What a permission allows: the live alone, or its replay too."""

GroundName = Literal["public-domain", "permission", "author-present", "quotation"]


@dataclass(frozen=True, slots=True)
class PublicDomain:
    """The last of its authors, the translator included, died in the year `died` (negative before our era)."""

    died: int


@dataclass(frozen=True, slots=True)
class Permission:
    """Whoever holds the rights allowed it in writing; `until` is the last day, None for no end."""

    by: str
    scope: Scope = "live"
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AuthorPresent:
    """The author takes part on the day `on` and lets it be read; that is no consent to a replay."""

    on: date


@dataclass(frozen=True, slots=True)
class Quotation:
    """A few lines, within a talk or a game that they serve, author and source named."""


Ground = PublicDomain | Permission | AuthorPresent | Quotation


@dataclass(frozen=True, slots=True)
class Right:
    """One ground for one work; from the day `ended` on it holds no longer, whatever it says."""

    id: int
    ground: Ground
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A work and the rights it was registered with."""

    id: int
    title: str
    author: str = ""
    rights: tuple[Right, ...] = ()


Validity = Literal["valid", "live-only", "expired", "none"]

Reason = Literal[
    "public-domain",
    "permission",
    "author-present",
    "quotation",
    "over",
    "withdrawn",
    "still-protected",
    "another-day",
    "no-right",
    "unknown-work",
]
"""The ground that holds; or why none does."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a work may be on air on a day.

    `until` is the last day of the unbroken time that it may (None for no end), or the last day that it could where it
    no longer can; `since` is the first day that it will, where that day is known and still to come.
    """

    validity: Validity
    reason: Reason
    until: date | None = None
    since: date | None = None


UNKNOWN = Verdict("none", "unknown-work")
"""What is said of a work that is not in the register."""


@dataclass(frozen=True, slots=True)
class Replay:
    """A recording that can be watched at `link`, of a reading of `work` on the day `aired`."""

    id: int
    work: Work
    title: str
    aired: date
    link: str


@dataclass(frozen=True, slots=True)
class Due:
    """A replay that may not stay: now where `last` is None, otherwise after that day."""

    replay: Replay
    verdict: Verdict
    last: date | None


@dataclass(frozen=True, slots=True)
class _Span:
    """The days on which a right holds, both ends included."""

    right: Right
    first: date
    last: date
    replay: bool

    def covers(self, on: date) -> bool:
        return self.first <= on <= self.last


def ground_name(ground: Ground) -> GroundName:
    """Return what a ground is called."""
    match ground:
        case PublicDomain():
            return "public-domain"
        case Permission():
            return "permission"
        case AuthorPresent():
            return "author-present"
        case Quotation():
            return "quotation"


def free_from(died: int) -> date:
    """Return the first day in the public domain for an author who died in that year."""
    year = died + PROTECTED_YEARS + 1
    return date.max if year > MAXYEAR else date(max(year, MINYEAR), 1, 1)


def may_be_extended(died: int) -> bool:
    """Tell whether a death in that year calls for a look at the extensions for the wars."""
    return any(died in war for war in WARS)


def check(work: Work, on: date, *, replay: bool) -> Verdict:
    """Tell whether a work may be on air on the day `on`, with its `replay` kept online or live alone.

    Asked with `replay`, `live-only` says that the live may be held and its replay may not be kept.
    """
    spans = [span for span in map(_span, work.rights) if span.first <= span.last]
    holding = [span for span in spans if span.replay or not replay]
    if any(span.covers(on) for span in holding):
        return _holds("valid", holding, on)
    if any(span.covers(on) for span in spans):
        return _holds("live-only", spans, on)
    return _why_not(spans, on)


def to_take_down(replays: Iterable[Replay], on: date) -> tuple[Due, ...]:
    """Return the replays whose right has ended, or ends within `NOTICE_DAYS`: the overdue first, then by last day."""
    dues = sorted(_dues(replays, on), key=lambda due: (due.last or date.min, due.replay.aired))
    return tuple(dues)


def _dues(replays: Iterable[Replay], on: date) -> Iterator[Due]:
    for replay in replays:
        verdict = check(replay.work, on, replay=True)
        if verdict.validity != "valid":
            yield Due(replay, verdict, None)
        elif verdict.until is not None and (verdict.until - on).days <= NOTICE_DAYS:
            yield Due(replay, verdict, verdict.until)


def _span(right: Right) -> _Span:
    first, last, replay = _days(right.ground)
    if right.ended is not None:
        last = min(last, right.ended - DAY)
    return _Span(right, first, last, replay)


def _days(ground: Ground) -> tuple[date, date, bool]:
    match ground:
        case PublicDomain(died):
            return free_from(died), date.max, True
        case Permission(_, scope, until):
            return date.min, until or date.max, scope == "replay"
        case AuthorPresent(on):
            return on, on, False
        case Quotation():
            return date.min, date.max, True


def _holds(validity: Validity, spans: list[_Span], on: date) -> Verdict:
    """Name the ground that holds longest, and the last day before any gap."""
    best = max((span for span in spans if span.covers(on)), key=lambda span: span.last)
    last = best.last
    while last < date.max:
        following = [span.last for span in spans if span.covers(last + DAY)]
        if not following:
            return Verdict(validity, ground_name(best.right.ground), last)
        last = max(following)
    return Verdict(validity, ground_name(best.right.ground))


def _why_not(spans: list[_Span], on: date) -> Verdict:
    since = min((span.first for span in spans if span.first > on), default=None)
    past = [span for span in spans if span.last < on]
    if past:
        latest = max(past, key=lambda span: span.last)
        withdrawn = latest.right.ended is not None and latest.last < _days(latest.right.ground)[1]
        reason: Reason = "withdrawn" if withdrawn else "over"
        return Verdict("expired", reason, latest.last, since)
    if any(isinstance(span.right.ground, PublicDomain) and span.first > on for span in spans):
        return Verdict("none", "still-protected", since=since)
    return Verdict("none", "no-right" if since is None else "another-day", since=since)
