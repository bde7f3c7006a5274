"""How far each member of a club has read: their newest word alone, and nobody else's business.

Of people without trace it is in memory alone, as long as the program runs. Hosts see sums, never names.
"""

from dataclasses import dataclass

from bot.clock import DAY, Clock
from bot.clubs import MEMBERS, Clubs
from bot.people import People, Visitor
from bot.reading_plans import BookPlan, ReadingPlans, require_some
from bot.storage import clubs as storage_of_clubs
from bot.storage import reading_plans
from bot.storage.club_books import Book
from bot.storage.database import Database
from bot.storage.reading_plans import Kept, Reader
from games.core import Refusal, Role
from games.reading_plan import Progress, position
from games.reading_words import read_progress

KEPT_DAYS = 120
"""Days for which it is kept how far people came in a book that the club has finished."""


@dataclass(frozen=True, slots=True)
class Noted:
    """How far somebody is now, in finished sections; `before` is how far they were, None for what was not known."""

    plan: BookPlan
    person_id: int
    said: Progress
    reached: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Sums:
    """How many readers there are, and how many have finished each section."""

    plan: BookPlan
    readers: int
    finished: tuple[tuple[Kept, int], ...]


class ReadingProgress:
    """Everybody's progress in every club's books."""

    def __init__(
        self,
        database: Database,
        people: People,
        clubs: Clubs,
        plans: ReadingPlans,
        clock: Clock,
    ) -> None:
        self._database = database
        self._clock = clock
        self._people = people
        self._clubs = clubs
        self._plans = plans

    async def own(self, plan: BookPlan, visitor: Visitor) -> int | None:
        """Return how many sections the visitor has finished; None when they have not said."""
        person = self._people.find(visitor.platform, visitor.user_id)
        return (await self._plans.reached(plan)).get(person.id) if person else None

    async def note(self, plan: BookPlan, text: str, visitor: Visitor) -> Noted | None:
        """Take the visitor's word for where they are; None when they wanted it forgotten.

        Raises:
            Refusal: `no-reading-plan`, `reading-members-only`, `plan-over`, `no-section`, `progress-total`,
                `progress-unmeasured`; as `read_progress`.
        """
        require_some(plan)
        said = read_progress(text)
        if said is None:
            await self.forget(plan.book, visitor)
            return None
        if said.unit == "section" and said.value:
            plan.numbered(said.value)
        return await self._note(plan, said, visitor)

    async def note_section(self, key: int, visitor: Visitor) -> Noted:
        """Note that the visitor has read up to the end of a section, unless they are further.

        Raises:
            Refusal: `section-gone`, `reading-members-only`, `plan-over`.
        """
        plan, kept = await self._plans.holding(key)
        there = await self.own(plan, visitor)
        person = self._people.find(visitor.platform, visitor.user_id)
        said = Progress("section", kept.section.number)
        if person is not None and there is not None and there >= kept.section.number:
            await self._require(plan, visitor)
            return Noted(plan, person.id, said, there, there)
        return await self._note(plan, said, visitor)

    async def forget(self, book: Book, visitor: Visitor) -> None:
        """Forget where the visitor is in a book; raises `Refusal` (`no-progress`)."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            raise Refusal("no-progress")
        untraced = self._plans.untraced.get(book.id, {}).pop(person.id, None)
        async with self._database.transaction() as transaction:
            kept = await reading_plans.forget(transaction, book.id, person.id)
        if not kept and untraced is None:
            raise Refusal("no-progress")
        await self._database.scrub()

    async def sums(self, plan: BookPlan, visitor: Visitor, role: Role) -> Sums:
        """Return how many have finished each section; raises `Refusal` (`club-hosts-only`, `no-reading-plan`)."""
        await self._clubs.require_leader(plan.club, visitor, role)
        require_some(plan)
        reached = (await self._plans.reached(plan)).values()
        finished = tuple(
            (kept, sum(place >= kept.section.number for place in reached)) for kept in plan.sections
        )
        return Sums(plan, len(reached), finished)

    async def of(self, visitor: Visitor) -> list[tuple[str, str, Progress]]:
        """Return the (club, title, progress) of everything that is kept of where the visitor is."""
        person = self._people.find(visitor.platform, visitor.user_id)
        kept = await reading_plans.of_person(self._database, person.id) if person else []
        found: list[tuple[str, str, Progress]] = []
        for book_id, reader in kept:
            plan = await self._plans.of_book(book_id)
            if plan is not None:
                found.append((plan.club.name, plan.book.title, reader.progress))
        return found

    async def expire(self) -> int:
        """Erase where people were in books put away, or over for `KEPT_DAYS`; return how many rows went."""
        before = self._clock.wall() - KEPT_DAYS * DAY
        async with self._database.transaction() as transaction:
            return await reading_plans.expire(transaction, before)

    async def _note(self, plan: BookPlan, said: Progress, visitor: Visitor) -> Noted:
        await self._require(plan, visitor)
        book = plan.book.id
        async with self._people.changing(visitor) as (person, transaction):
            standing = await storage_of_clubs.standing_in(transaction, plan.club.id, person.id)
            if standing not in MEMBERS:
                raise Refusal("reading-members-only", club=plan.club.name)
            untraced = self._plans.untraced.setdefault(book, {})
            kept = await reading_plans.reader(transaction, book, person.id)
            old = untraced.get(person.id) or kept
            new = _follow(old, said, person.id)
            reached = _placed(new.progress, plan)
            if person.traceless:
                await reading_plans.forget(transaction, book, person.id)
            else:
                await reading_plans.note(transaction, book, plan.club.id, new)
            await self._people.seen(transaction, person)
        if person.traceless:
            untraced[person.id] = new
        else:
            untraced.pop(person.id, None)
        before = position(old.progress, plan.rules, plan.book.pages) if old else None
        return Noted(plan, person.id, new.progress, reached, before)

    async def _require(self, plan: BookPlan, visitor: Visitor) -> None:
        if plan.book.state == "archived":
            raise Refusal("plan-over", title=plan.book.title)
        if (await self._clubs.of(visitor)).get(plan.club.id) not in MEMBERS:
            raise Refusal("reading-members-only", club=plan.club.name)


def _follow(old: Reader | None, said: Progress, person_id: int) -> Reader:
    """Return a reader as their newest word has it; how many pages or minutes their copy has is not forgotten."""
    pages, minutes = (old.pages, old.minutes) if old else (None, None)
    if said.unit == "page":
        pages = said.total or pages
    if said.unit == "minute":
        minutes = said.total or minutes
    admitted = old.admitted if old else 0
    new = Reader(person_id, said.unit, said.value, pages, minutes, admitted)
    total = new.progress.total if said.unit in ("page", "minute") else None
    if total is not None and said.value > total:
        raise Refusal("progress-beyond", total=total)
    return new


def _placed(progress: Progress, plan: BookPlan) -> int:
    """Return how many sections are finished; raises `Refusal` when that cannot be told."""
    reached = position(progress, plan.rules, plan.book.pages)
    if reached is not None:
        return reached
    if progress.unit == "minute" and progress.total is None:
        raise Refusal("progress-total")
    raise Refusal("progress-unmeasured")
