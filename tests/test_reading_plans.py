"""Reading plans without platforms: the agenda in step, two hosts at once, whose progress counts, threads that fail."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.people import Visitor
from bot.reading_plans import BookPlan, ReadingPlans, SectionDue
from bot.reading_progress import ReadingProgress
from bot.section_threads import Away, Barred, Gone, SectionThreads
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.recurrence import local_time
from tests.club_stage import AURORE, CAMILLE, INES, LEO, ClubHouse
from tests.hall_stage import visitor
from tests.waiting import until

NOE = visitor("discord", "Noé")


@dataclass
class FakeThreads:
    """Keeps who is in which thread; `problem` is raised by whatever is asked."""

    inside: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    problem: Exception | None = None
    asked: int = 0

    def quote(self, text: str) -> str:
        return text

    def is_open(self, channel_id: str) -> bool:
        return False

    async def check(self, channel_id: str) -> None:
        self._fail()

    async def create(self, channel_id: str, name: str, opening: str) -> str:
        await asyncio.sleep(0)
        self._fail()
        key = str(len(self.names) + 1)
        self.inside[key], self.names[key] = set(), name
        return key

    async def admit(self, thread_id: str, user_id: str) -> None:
        await asyncio.sleep(0)
        self._fail()
        if thread_id not in self.inside:
            raise Gone
        self.inside[thread_id].add(user_id)

    async def dismiss(self, thread_id: str, user_id: str) -> None:
        self._fail()
        self.inside[thread_id].discard(user_id)

    async def rename(self, thread_id: str, name: str) -> None:
        self._fail()
        self.names[thread_id] = name

    def _fail(self) -> None:
        self.asked += 1
        if self.problem is not None:
            raise self.problem


class Reading(ClubHouse):
    """A club with its plans."""

    plans: ReadingPlans
    progress: ReadingProgress
    gate: SectionThreads

    async def open(self) -> "Reading":
        self.threads = FakeThreads()
        await super().open()
        return self

    def build(self) -> None:
        self.plans = ReadingPlans(
            self.database,
            self.clock,
            self.clubs,
            self.club_books,
            self.agenda,
            self.news,
            self.rooms,
        )
        self.progress = ReadingProgress(
            self.database, self.people, self.clubs, self.plans, self.clock
        )
        self.gate = SectionThreads(
            self.database, self.people, self.clubs, self.plans, self.rooms, self.threads
        )

    async def close(self) -> None:
        await self.gate.close()
        await super().close()

    async def reading(self, sections: str, title: str = "Germinal ; Zola ; 300") -> BookPlan:
        """Return the plan of a book that a new club reads; Camille, Noé, Inès and Léo belong to it."""
        self.one = await self.club()
        await self.propose(self.one, title)
        await self.club_books.choose(self.one, title.split(" ;")[0], AURORE, Role.HOST)
        for member in (CAMILLE, NOE, INES, LEO):
            await self.clubs.join(self.one, member)
        if sections:
            await self.add(sections)
        return await self.plan()

    async def plan(self) -> BookPlan:
        return await self.plans.find(self.one)

    async def add(self, text: str) -> BookPlan:
        return await self.plans.add(await self.plan(), text, await self.room(), AURORE, Role.HOST)

    async def edit(self, text: str, plan: BookPlan | None = None) -> BookPlan:
        return await self.plans.edit(
            plan or await self.plan(), text, await self.room(), AURORE, Role.HOST
        )

    async def note(self, who: Visitor, where: str) -> None:
        await self.progress.note(await self.plan(), where, who)

    async def person(self, who: Visitor) -> int:
        person = self.people.find(who.platform, who.user_id)
        assert person is not None
        return person.id

    async def coming(self) -> list[tuple[str, datetime]]:
        room = await self.room()
        return [
            (entry.title.replace("\u202f", " "), entry.local)
            for entry in await self.agenda.upcoming(room.id, 20)
        ]

    def day(self, days: int, hour: int = 10) -> datetime:
        today = local_time(self.clock.wall(), "Europe/Paris").date()
        return datetime.combine(today + timedelta(days=days), datetime.min.time()).replace(
            hour=hour
        )

    def date(self, days: int) -> str:
        return f"{self.day(days):%d/%m/%Y}"

    async def still(self) -> None:
        """Wait until no thread is being looked after."""
        await asyncio.sleep(0)
        await until(lambda: not self.gate._running and not self.gate._asides)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Reading]:
    reading = await Reading(tmp_path / "file.db").open()
    yield reading
    await reading.close()


# --- The agenda in step


async def test_dates_are_in_the_agenda_and_follow_every_change(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(7)} ; ch. 6-10 {house.date(14)} ; ch. 11-15")
    assert await house.coming() == [
        ("Polar : Section 1 · ch. 1–5", house.day(7)),
        ("Polar : Section 2 · ch. 6–10", house.day(14)),
    ]
    await house.edit(f"2: ch. 6-11 {house.date(15)}")
    await house.edit(f"3: ch. 12-15 {house.date(20)} 18h30")
    assert await house.coming() == [
        ("Polar : Section 1 · ch. 1–5", house.day(7)),
        ("Polar : Section 2 · ch. 6–11", house.day(15)),
        ("Polar : Section 3 · ch. 12–15", house.day(20, 18).replace(minute=30)),
    ]
    plan, room = await house.plan(), await house.room()
    await house.plans.remove(plan, "1", room, AURORE, Role.HOST)
    assert [title for title, _ in await house.coming()] == [
        "Polar : Section 1 · ch. 6–11",
        "Polar : Section 2 · ch. 12–15",
    ]
    await house.edit("1: sans date")
    assert len(await house.coming()) == 1
    await house.plans.clear(await house.plan(), room, AURORE, Role.HOST)
    assert await house.coming() == []


async def test_a_moved_date_stays_the_same_appointment_to_calendars(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(7)}")
    [(uid, revision)] = await house.sql("SELECT uid, revision FROM series WHERE kind = 'section'")
    await house.edit(f"1: {house.date(9)}")
    [(same, later)] = await house.sql("SELECT uid, revision FROM series WHERE kind = 'section'")
    assert (same, later > revision) == (uid, True)


async def test_what_a_host_moves_in_the_agenda_is_moved_in_the_plan(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(7)} ; ch. 6-10 {house.date(14)}")
    room = await house.room()
    [entry, _] = await house.agenda.upcoming(room.id)
    async with house.agenda.transaction() as transaction:
        await house.agenda.move(transaction, entry.series_id, entry.original, house.day(8))
    assert (await house.plan()).rules[0].due == house.day(8)
    await house.plans.shift(await house.plan(), "d’une semaine", room, AURORE, Role.HOST)
    assert [local for _, local in await house.coming()] == [house.day(15), house.day(21)]


async def test_all_that_is_still_to_come_is_put_off_and_the_past_stays(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(2)} ; ch. 6-10 {house.date(9)}")
    first, second = (section.due for section in (await house.plan()).rules)
    assert first is not None
    assert second is not None
    await house.wait(3 * 86_400)
    room = await house.room()
    plan = await house.plans.shift(await house.plan(), "une semaine", room, AURORE, Role.HOST)
    assert [section.due for section in plan.rules] == [first, second + timedelta(days=7)]
    with pytest.raises(Refusal, match="date-past"):
        await house.plans.shift(plan, "60 jours plus tôt", room, AURORE, Role.HOST)


async def test_rooms_are_told_on_the_day_once_and_after_a_crash_too(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(1)}")
    await house.wait(2 * 86_400)
    told = house.face.of(SectionDue)
    assert [news.kept.section.number for news in told] == [1]
    await house.wait(86_400)
    assert len(house.face.of(SectionDue)) == 1


async def test_a_book_that_is_finished_is_not_told_of(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(1)}")
    for _ in range(3):
        await house.club_books.advance(house.one, "#1", AURORE, Role.HOST)
    assert await house.coming() == []
    await house.wait(2 * 86_400)
    assert house.face.of(SectionDue) == []


async def test_a_club_that_ends_takes_its_dates_along(house: Reading) -> None:
    await house.reading(f"ch. 1-5 {house.date(3)}")
    await house.clubs.end(house.one, AURORE, Role.MODERATOR)
    assert await house.coming() == []
    await house.wait(5 * 86_400)
    assert house.face.of(SectionDue) == []
    assert await house.sql("SELECT * FROM progress") == []


# --- Two hosts, and too much


async def test_two_hosts_at_once_lose_nothing(house: Reading) -> None:
    plan = await house.reading("ch. 1-5 ; ch. 6-10 ; ch. 11-15")
    room = await house.room()
    await asyncio.gather(
        house.edit("1: ch. 1-4", plan),
        house.edit("3: ch. 11-16", plan),
        house.plans.remove(plan, "2", room, AURORE, Role.HOST),
    )
    chapters = [section.chapters for section in (await house.plan()).rules]
    assert [(span.first, span.last) for span in chapters if span] == [(1, 4), (11, 16)]
    with pytest.raises(Refusal, match="section-moved"):
        await house.plans.remove(plan, "2", room, AURORE, Role.HOST)


async def test_five_hundred_sections_are_refused_and_nothing_changes(house: Reading) -> None:
    await house.reading("ch. 1-5")
    with pytest.raises(Refusal, match="too-many-sections"):
        await house.add(" ; ".join(f"p. {number}" for number in range(1, 501)))
    with pytest.raises(Refusal, match="section-backwards"):
        await house.add("ch. 3")
    assert len((await house.plan()).sections) == 1


async def test_a_section_goes_in_between_and_progress_follows(house: Reading) -> None:
    await house.reading("ch. 1-5 ; ch. 11-15 ; ch. 16-20")
    await house.note(CAMILLE, "2")
    await house.note(NOE, "ch. 15")
    await house.add("2: ch. 6-10")
    reached = await house.plans.reached(await house.plan())
    assert sorted(reached.values()) == [3, 3]
    await house.plans.remove(await house.plan(), "1", await house.room(), AURORE, Role.HOST)
    assert sorted((await house.plans.reached(await house.plan())).values()) == [2, 2]


# --- Whose progress counts


async def test_the_horizon_is_what_every_member_present_has_finished(house: Reading) -> None:
    plan = await house.reading("ch. 1-5 ; ch. 6-10 ; ch. 11-15")
    camille, noe = await house.person(CAMILLE), await house.person(NOE)
    ines = await house.person(INES)
    await house.note(CAMILLE, "3")
    await house.note(NOE, "ch. 10")
    book = plan.book
    assert await house.plans.horizon(book, [camille]) == 3
    assert await house.plans.horizon(book, [camille, noe]) == 2
    assert await house.plans.horizon(book, [camille, noe, ines]) == 0
    assert await house.plans.horizon(book, [camille, 99_999]) == 3
    assert await house.plans.horizon(book, []) == 0


async def test_without_trace_one_counts_and_nothing_is_kept(house: Reading) -> None:
    plan = await house.reading("ch. 1-5 ; ch. 6-10")
    await house.note(CAMILLE, "2")
    await house.people.set_traceless(CAMILLE, on=True)
    await house.note(CAMILLE, "1")
    assert await house.sql("SELECT * FROM progress") == []
    assert await house.plans.horizon(plan.book, [await house.person(CAMILLE)]) == 1
    await house.note(CAMILLE, "effacer")
    assert await house.plans.reached(plan) == {}


async def test_nobody_learns_where_somebody_else_is(house: Reading) -> None:
    plan = await house.reading("ch. 1-5 ; ch. 6-10")
    await house.note(CAMILLE, "2")
    assert await house.progress.own(plan, NOE) is None
    assert await house.progress.of(NOE) == []
    with pytest.raises(Refusal, match="club-hosts-only"):
        await house.progress.sums(plan, NOE, Role.PATRON)
    sums = await house.progress.sums(plan, AURORE, Role.PATRON)
    assert (sums.readers, [count for _, count in sums.finished]) == (1, [1, 1])


async def test_progress_goes_with_the_book_that_is_put_away(house: Reading) -> None:
    await house.reading("ch. 1-5")
    await house.note(CAMILLE, "1")
    for _ in range(3):
        await house.club_books.advance(house.one, "#1", AURORE, Role.HOST)
    assert await house.progress.expire() == 0
    house.clock.advance(121 * 86_400)
    assert await house.progress.expire() == 1


async def test_whoever_leaves_or_is_erased_leaves_no_progress(house: Reading) -> None:
    await house.reading("ch. 1-5")
    await house.note(CAMILLE, "1")
    await house.note(INES, "1")
    await house.clubs.leave(house.one, CAMILLE)
    await house.participation.forget(INES)
    assert await house.sql("SELECT * FROM progress") == []


async def test_the_newest_word_takes_the_place_of_the_one_before(house: Reading) -> None:
    await house.reading("p. 100 ; p. 200 ; p. 300")
    await house.note(CAMILLE, "p. 100/600")
    await house.note(CAMILLE, "p. 400")
    [(value, pages)] = await house.sql("SELECT value, pages FROM progress")
    assert (value, pages) == (400, 600)
    assert set((await house.plans.reached(await house.plan())).values()) == {2}
    with pytest.raises(Refusal, match="progress-beyond"):
        await house.note(CAMILLE, "p. 601")


async def test_a_button_never_takes_anybody_back(house: Reading) -> None:
    plan = await house.reading("ch. 1-5 ; ch. 6-10")
    await house.note(CAMILLE, "2")
    noted = await house.progress.note_section(plan.sections[0].id, CAMILLE)
    assert noted.reached == 2
    with pytest.raises(Refusal, match="section-gone"):
        await house.progress.note_section(999, CAMILLE)
    with pytest.raises(Refusal, match="reading-members-only"):
        await house.progress.note_section(plan.sections[0].id, visitor("discord", "Zoé"))


async def test_another_club_s_button_is_of_no_use(house: Reading) -> None:
    await house.reading("ch. 1-5")
    other = await house.club("Roman")
    await house.propose(other, "Nana ; Zola ; 470")
    await house.club_books.choose(other, "Nana", AURORE, Role.HOST)
    plan = await house.plans.add(
        await house.plans.find(other), "ch. 1-5", await house.room(), AURORE, Role.HOST
    )
    with pytest.raises(Refusal, match="reading-members-only"):
        await house.progress.note_section(plan.sections[0].id, CAMILLE)


# --- Threads


async def _gated(house: Reading, sections: str = "ch. 1-5 ; ch. 6-10") -> Club:
    plan = await house.reading(sections)
    await house.gate.settle_in(plan, await house.room(), AURORE, Role.HOST)
    await house.still()
    return house.one


async def test_presses_at_once_make_one_thread(house: Reading) -> None:
    await _gated(house)
    plan = await house.plan()

    async def press(who: Visitor) -> None:
        noted = await house.progress.note_section(plan.sections[1].id, who)
        await house.gate.doors(noted.plan, noted.person_id)

    await asyncio.gather(*(press(who) for who in (CAMILLE, NOE)))
    await house.still()
    assert list(house.threads.names.values()) == ["Section 1 · ch. 1–5", "Section 2 · ch. 6–10"]
    assert [len(inside) for inside in house.threads.inside.values()] == [2, 2]


@pytest.mark.parametrize("problem", [Away(), Barred(), Gone(), RuntimeError("x")])
async def test_whatever_discord_refuses_progress_is_noted_and_threads_come_later(
    house: Reading, problem: Exception
) -> None:
    await _gated(house)
    house.threads.problem = problem
    await house.note(CAMILLE, "1")
    doors = await house.gate.doors(await house.plan(), await house.person(CAMILLE))
    assert (doors.open, doors.late) == ((), True)
    house.threads.problem = None
    house.gate.wake_all()
    await house.still()
    doors = await house.gate.doors(await house.plan(), await house.person(CAMILLE))
    assert len(doors.open) == 1


async def test_twitch_alone_makes_no_thread(house: Reading) -> None:
    await _gated(house)
    await house.note(INES, "2")
    await house.gate.doors(await house.plan(), await house.person(INES))
    assert house.threads.names == {}


async def test_another_place_begins_anew(house: Reading) -> None:
    await _gated(house)
    await house.note(CAMILLE, "1")
    await house.gate.doors(await house.plan(), await house.person(CAMILLE))
    await house.gate.move_out(await house.plan(), AURORE, Role.HOST)
    assert (await house.plan()).sections[0].thread_id is None
    plan, room = await house.plan(), await house.room()
    await house.gate.settle_in(plan, room, AURORE, Role.HOST)
    await house.still()
    assert len(house.threads.names) == 2


async def test_threads_are_made_in_the_club_s_own_rooms_alone(house: Reading) -> None:
    plan = await house.reading("ch. 1-5")
    elsewhere = await house.rooms.open_discord("777", "1", "ailleurs")
    assert isinstance(elsewhere, Room)
    with pytest.raises(Refusal, match="club-elsewhere"):
        await house.gate.settle_in(plan, elsewhere, AURORE, Role.HOST)
