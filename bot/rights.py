"""The register of works on air, as staff use it: adding, checking, ending, and the replays to take down.

It is one register for the whole library network. What a right allows on which day is decided in `games/rights.py`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock import Clock
from bot.storage import rights as storage
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.dates import read_day
from games.matching import fold, key_of
from games.recurrence import local_time
from games.rights import (
    UNKNOWN,
    AuthorPresent,
    Due,
    Ground,
    GroundName,
    Permission,
    PublicDomain,
    Quotation,
    Replay,
    Right,
    Scope,
    Verdict,
    Work,
    check,
    to_take_down,
)

LONGEST = 120
"""Characters of a title, an author, a giver."""

LONGEST_LINK = 300

EARLIEST_YEAR = -3000

KEPT_DAYS = 5 * 366
"""Days for which what is over is kept as a proof: five years (Code civil, article 2224)."""

NEAR = 3
"""Titles offered in the place of one that is not in the register."""

GROUNDS: Mapping[GroundName, tuple[str, ...]] = {
    "public-domain": ("public domain", "domaine public", "domaine publique"),
    "permission": ("permission", "autorisation", "written permission", "autorisation ecrite", "accord"),
    "author-present": (
        *("author present", "auteur present", "autrice presente", "auteure presente", "present"),
        *("presente", "presence de l auteur", "presence de l autrice"),
    ),
    "quotation": ("quotation", "citation", "short quotation", "courte citation", "quote"),
}  # fmt: skip
"""The words for each ground, as they are compared; English first."""

SCOPES: Mapping[Scope, tuple[str, ...]] = {
    "live": ("live", "direct", "en direct", "live only", "direct seul"),
    "replay": ("replay", "rediffusion", "live and replay", "direct et rediffusion", "differe"),
}
"""The words for what a permission allows."""

_YEAR = re.compile(r"[-−]?[0-9]{1,4}")
_DATE = re.compile(
    r"(?:(?:jusqu[’']?\s*au|until|to|le|on)\s+)?"
    r"([0-9]{4}-[0-9]+-[0-9]+|[0-9]+[/.-][0-9]+[/.-][0-9]+|[0-9]+[a-z]*\s\w+\.?\s[0-9]{4})",
    re.IGNORECASE,
)
"""What looks like a day with its year; "10/18" is a publisher."""

_NUMBER = re.compile(r"(?:#|n\s*[°o]\.?|no\.?)\s*([0-9]{1,9})", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A work and the ground on which it may be on air, as staff enter them."""

    title: str
    author: str
    ground: Ground


@dataclass(frozen=True, slots=True)
class Details:
    """What a ground needs besides its name: which of these, it says itself."""

    died: int | None = None
    by: str = ""
    scope: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A replay as staff enter it: of which work, on which day, where, under which title."""

    work: str
    link: str
    day: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A work, one of its rights, and whether it may be on air today, its replay kept."""

    work: Work
    right: Right
    verdict: Verdict


def ground_of(word: str) -> GroundName | None:
    """Return the ground that a word means."""
    folded = fold(word)
    return next((name for name, words in GROUNDS.items() if folded in words), None)


def scope_of(word: str) -> Scope | None:
    """Return what of a permission a word means."""
    folded = fold(word)
    return next((scope for scope, words in SCOPES.items() if folded in words), None)


def make_entry(title: str, author: str, ground: str, details: Details, today: date) -> Entry:
    """Build an entry. A year of death alone means the public domain, a giver alone a permission.

    Raises:
        Refusal: `right-title`, `right-which`, `right-ground`, `right-author`, `right-died`, `right-giver`,
            `right-scope`, `no-number`, `no-date`.
    """
    title, author, by = clean(title), clean(author), clean(details.by)
    if not title:
        raise Refusal("right-title")
    name = ground_of(ground) if ground else _implied(details.died, by)
    match name:
        case "public-domain":
            return Entry(title, author, PublicDomain(_year(details.died, today)))
        case "permission" if by:
            until = read_day(details.day) if details.day else None
            return Entry(title, author, Permission(by, _scope(details.scope), until))
        case "permission":
            raise Refusal("right-giver")
        case "author-present":
            on = read_day(details.day) if details.day else today
            return Entry(title, author, AuthorPresent(on))
        case "quotation" if author:
            return Entry(title, author, Quotation())
        case "quotation":
            raise Refusal("right-author")
        case _ if ground:
            raise Refusal("right-ground", text=clean(ground)[:40])
        case _:
            raise Refusal("right-which")


def read_entry(text: str, today: date) -> Entry:
    """Read "title ; author ; ground ; details", the details in any order: a year, a giver, live or replay, a day.

    Raises:
        Refusal: like `make_entry`; `right-ground` names the first part that means nothing.
    """
    title, author, *rest = *_fields(text), "", ""
    ground, died, by, scope, day = "", None, list[str](), "", ""
    for part in filter(None, rest):
        if ground_of(part) and not ground:
            ground = part
        elif _YEAR.fullmatch(part) and died is None:
            died = int(part.replace("−", "-"))
        elif (match := _DATE.fullmatch(part)) and not day:
            day = match[1]
        elif scope_of(part) and not scope:
            scope = part
        else:
            by.append(part)
    # Only where a permission was named may other words be who gave it: elsewhere they are a ground misspelt.
    if by and (ground_of(ground) != "permission" or len(by) > 1):
        raise Refusal("right-ground", text=by[-1][:40])
    return make_entry(title, author, ground, Details(died, "".join(by), scope, day), today)


def read_recording(text: str) -> Recording:
    """Read "title ; day ; link ; title of the replay", all but the first in any order."""
    work, *rest = (part.strip() for part in text.split(";"))
    link, day, title = "", "", list[str]()
    for part in filter(None, rest):
        if part.lower().startswith(("http:", "https:")) and not link:
            link = part
        elif (match := _DATE.fullmatch(part)) and not day:
            day = match[1]
        else:
            title.append(part)
    return Recording(work, link, day, " ; ".join(title))


class Rights:
    """The register. Only hosts read and change it."""

    def __init__(self, database: Database, clock: Clock, *, zone: str) -> None:
        """`zone` is where days begin outside a room."""
        self._database = database
        self._clock = clock
        self._zone = zone

    def today(self, room: Room | None = None) -> date:
        """Return the day in a room."""
        return local_time(self._clock.wall(), room.zone if room else self._zone).date()

    async def check(self, title: str, author: str, on: date, *, replay: bool) -> Verdict:
        """Tell what runs whether it may put a text on air, without asking who wants to know.

        Of several works that bear the title, when no author is given, the least allowed counts.
        """
        found = _matching(await storage.works(self._database), title, author)
        verdicts = [check(work, on, replay=replay) for work in found]
        order = ("none", "expired", "live-only", "valid")
        return min(verdicts, key=lambda verdict: order.index(verdict.validity), default=UNKNOWN)

    async def add(self, entry: Entry, today: date, role: Role) -> Judged:
        """Give a work a right, and tell what it is worth today; raises `Refusal` (`hosts-only`)."""
        _hosts(role)
        at = self._clock.wall()
        async with self._database.transaction() as transaction:
            work_id = await storage.add_work(
                transaction, entry.title, entry.author, _fold(entry.title, entry.author), at
            )
            key = await storage.add_right(transaction, work_id, entry.ground, at)
        works = await storage.works(self._database)
        work = next(work for work in works if work.id == work_id)
        right = next(right for right in work.rights if right.id == key)
        return Judged(work, right, check(work, today, replay=True))

    async def running(self, today: date, role: Role) -> list[Judged]:
        """Return the rights that hold or will hold, those that end first before the others."""
        _hosts(role)
        found = [one for work in await storage.works(self._database) for one in _runs(work, today)]
        return sorted(found, key=lambda one: one.verdict.until or date.max)

    async def judge(self, text: str, today: date, role: Role) -> list[tuple[Work, Verdict]]:
        """Return the works of a title ("title" or "title ; author"), each with whether it may be on air.

        Raises:
            Refusal: `hosts-only`, `no-work`, `no-work-near`.
        """
        _hosts(role)
        return [(work, check(work, today, replay=True)) for work in await self._found(text)]

    async def near(self, text: str, limit: int) -> list[Work]:
        """Return works whose titles hold what was typed, or are held by it, in order of title."""
        typed = _key(text.partition(";")[0])
        works = await storage.works(self._database)
        keys = [(work, _key(work.title)) for work in works]
        return [work for work, key in keys if typed in key or key in typed][:limit]

    async def end(self, text: str, today: date, role: Role) -> Judged:
        """Let a right hold no longer from today on: named by its number ("#3"), or by a title that has but one.

        Raises:
            Refusal: `hosts-only`, `no-work`, `no-work-near`, `which-right`, `no-such-right`.
        """
        _hosts(role)
        chosen = await self._chosen(text, today)
        async with self._database.transaction() as transaction:
            if not await storage.end_right(transaction, chosen.right.id, today):
                raise Refusal("no-such-right", text=clean(text)[:40])
        return chosen

    async def add_replay(
        self, recording: Recording, today: date, role: Role
    ) -> tuple[Replay, Verdict]:
        """Keep a replay of a work, and tell whether it may stay.

        Raises:
            Refusal: `hosts-only`, `right-title`, `no-link`, `no-date`, `no-work`, `no-work-near`, `which-work`.
        """
        _hosts(role)
        link = recording.link.strip()
        if not _LINK.fullmatch(link) or len(link) > LONGEST_LINK:
            raise Refusal("no-link")
        aired = read_day(recording.day) if recording.day else today
        work, title = await self._recorded(recording)
        async with self._database.transaction() as transaction:
            key = await storage.add_replay(
                transaction, work.id, title, aired, link, self._clock.wall()
            )
        return Replay(key, work, title, aired, link), check(work, today, replay=True)

    async def to_take_down(self, today: date, role: Role) -> tuple[Due, ...]:
        """Return the replays whose right has ended or ends soon; raises `Refusal` (`hosts-only`)."""
        _hosts(role)
        return to_take_down(await storage.replays(self._database), today)

    async def remove_replay(self, text: str, today: date, role: Role) -> tuple[int, str]:
        """Note that a replay, named by its number, was taken down; return its number and title.

        Raises:
            Refusal: `hosts-only`, `no-such-replay`.
        """
        _hosts(role)
        match = _NUMBER.fullmatch(text.strip()) or re.fullmatch(r"([0-9]{1,9})", text.strip())
        if match is None:
            raise Refusal("no-such-replay", text=clean(text)[:40])
        async with self._database.transaction() as transaction:
            title = await storage.remove_replay(transaction, int(match[1]), today)
        if title is None:
            raise Refusal("no-such-replay", text=clean(text)[:40])
        return int(match[1]), title

    async def expire(self) -> int:
        """Erase what has been over for `KEPT_DAYS`; return how many rights went."""
        before = self.today() - timedelta(days=KEPT_DAYS)
        async with self._database.transaction() as transaction:
            gone = await storage.erase_over(transaction, before)
        if gone:
            await self._database.scrub()
        return gone

    async def _found(self, text: str) -> list[Work]:
        title, author = (*_fields(text), "")[:2]
        if not title:
            raise Refusal("right-title")
        found = _matching(await storage.works(self._database), title, author)
        if found:
            return found
        near = ", ".join(work.title for work in await self.near(title, NEAR))
        if near:
            raise Refusal("no-work-near", title=title, near=near)
        raise Refusal("no-work", title=title)

    async def _chosen(self, text: str, today: date) -> Judged:
        """Return the right that a number or a title names."""
        works = await storage.works(self._database)
        running = [one for work in works for one in _runs(work, today)]
        if match := _NUMBER.fullmatch(text.strip()):
            found = [one for one in running if one.right.id == int(match[1])]
        else:
            named = {work.id for work in await self._found(text)}
            found = [one for one in running if one.work.id in named]
        if len(found) > 1:
            raise Refusal("which-right", numbers=", ".join(f"#{one.right.id}" for one in found))
        if not found:
            raise Refusal("no-such-right", text=clean(text)[:40])
        return found[0]

    async def _recorded(self, recording: Recording) -> tuple[Work, str]:
        """Return the work of a replay and the replay's title, which may turn out to be the work's author."""
        found, title = await self._found(recording.work), clean(recording.title)
        by_author = [work for work in found if title and _key(work.author) == _key(title)]
        if len(found) > 1 and len(by_author) != 1:
            raise Refusal("which-work", authors=", ".join(work.author for work in found))
        [work] = by_author or found
        return work, work.title if by_author or not title else title


def clean(text: str) -> str:
    """Return a text without control characters and semicolons, at most `LONGEST` long."""
    kept = "".join(char for char in text if char.isprintable() or char.isspace())
    return " ".join(kept.replace(";", ",").split())[:LONGEST].strip()


def _hosts(role: Role) -> None:
    if role < Role.HOST:
        raise Refusal("hosts-only")


def _fields(text: str) -> list[str]:
    return [clean(field) for field in text.split(";")]


def _implied(died: int | None, by: str) -> GroundName | None:
    return "public-domain" if died is not None else "permission" if by else None


def _year(died: int | None, today: date) -> int:
    if died is None:
        raise Refusal("right-died")
    if not EARLIEST_YEAR <= died <= today.year:
        raise Refusal("no-number", text=str(died)[:12], least=EARLIEST_YEAR, most=today.year)
    return died


def _scope(word: str) -> Scope:
    scope = scope_of(word) if word else "live"
    if scope is None:
        raise Refusal("right-scope", text=clean(word)[:40])
    return scope


def _key(text: str) -> str:
    """Return a text as titles and authors are compared: no case, no accents, no article."""
    return key_of(text, "fr") or text.strip().casefold()


def _fold(title: str, author: str) -> str:
    return f"{_key(title)}\n{_key(author)}"


def _matching(works: Iterable[Work], title: str, author: str) -> list[Work]:
    found = [work for work in works if _key(work.title) == _key(title)]
    by_author = [work for work in found if author and _key(work.author) == _key(author)]
    return by_author if author else found


def _runs(work: Work, today: date) -> Sequence[Judged]:
    """Return the rights of a work that staff have not ended and that are not over, each judged alone."""
    alone = [(right, Work(work.id, work.title, work.author, (right,))) for right in work.rights]
    judged = [Judged(work, right, check(one, today, replay=False)) for right, one in alone]
    return [one for one in judged if one.right.ended is None and one.verdict.validity != "expired"]
