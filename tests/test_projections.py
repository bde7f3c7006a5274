"""The task that keeps platforms in step: idle while nothing happens, patient with a platform that answers badly."""

from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import cast

import pytest

from bot.clubs import Clubs
from bot.feeds import Feeds
from bot.projections import WAITS, Place, Projections, Showing, Unreachable, Unwelcome
from bot.rooms import Rooms
from bot.storage.agenda import Step
from bot.storage.rooms import Room
from bot.web.server import Web
from games.core import Platform
from games.projection import Content, Found
from tests.agenda_stage import MONDAY, Diary
from tests.waiting import until

WEEK = timedelta(days=7)


class Wall:
    """A platform in memory, which can be away or unwilling."""

    platform: Platform = "discord"

    def __init__(self) -> None:
        self.shown: dict[str, Found] = {}
        self.problem: Exception | None = None
        self.asked = 0
        self.names = count(1)
        self.refused: set[str] = set()

    def places(self, rooms: Iterable[Room]) -> list[Place]:
        return [Place("discord:1", "1", tuple(rooms))]

    def content(self, place: Place, showing: Showing) -> Content:
        begins = showing.occurrence.starts_at // 1_000_000
        title = showing.planned.plan.title
        return Content(begins, begins + 60 * showing.planned.plan.minutes, {"title": title})

    async def found(self, place: Place) -> list[Found]:
        self.asked += 1
        if self.problem is not None:
            raise self.problem
        return list(self.shown.values())

    async def create(self, place: Place, key: str, content: Content) -> str:
        if content.words["title"] in self.refused:
            raise Unwelcome("not this one")
        name = str(next(self.names))
        self.shown[name] = Found(name, key, content)
        return name

    async def change(self, place: Place, remote_id: str, content: Content) -> None:
        self.shown[remote_id] = Found(remote_id, self.shown[remote_id].key, content)

    async def remove(self, place: Place, remote_id: str) -> None:
        del self.shown[remote_id]

    @property
    def titles(self) -> list[str]:
        return [one.content.words["title"] for one in self.shown.values()]


class Hall:
    """The agenda, and what shows it."""

    def __init__(self, diary: Diary, projections: Projections, wall: Wall) -> None:
        self.diary = diary
        self.projections = projections
        self.wall = wall

    async def rest(self) -> None:
        await self.diary.idle()
        await self.projections.rest()


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    diary = await Diary(tmp_path / "agenda.sqlite3").open()
    rooms = await Rooms.load(diary.database, diary.clock, locale="fr", zone="Europe/Paris")
    clubs, wall = cast("Clubs", None), Wall()
    projections = Projections(diary.database, diary.clock, diary.agenda, rooms, clubs, [wall])
    await projections.open()
    yield Hall(diary, projections, wall)
    await projections.close()
    await diary.crash()


async def test_an_idle_bot_wakes_for_the_next_due_row_and_for_nothing_else(hall: Hall) -> None:
    web = Web(cast("Feeds", None), cast("object", None))  # type: ignore[arg-type]
    await web.open(0)
    await hall.rest()
    assert hall.diary.clock.waiting == 0, "nothing is planned"
    await hall.diary.plan(MONDAY, "FREQ=WEEKLY", kind="meeting", title="club")
    await hall.rest()
    assert hall.wall.titles == ["club", "club"]
    assert hall.diary.clock.waiting == 1, "the dispatcher's own"
    asked = hall.wall.asked
    await hall.diary.go_to(MONDAY - timedelta(minutes=1))
    assert (hall.wall.asked, hall.diary.clock.waiting) == (asked, 1)
    await hall.diary.go_to(MONDAY)
    await hall.rest()
    assert hall.wall.titles == ["club", "club", "club"], "the first has begun and stays"
    assert (hall.wall.asked, hall.diary.clock.waiting) == (asked + 1, 1)
    await web.close()


async def test_a_platform_that_answers_badly_is_asked_again_a_few_times_and_then_left(
    hall: Hall,
) -> None:
    hall.wall.problem = Unreachable("500")
    await hall.diary.plan(MONDAY + 52 * WEEK, kind="meeting", title="club")
    await hall.rest()
    for number, wait in enumerate(WAITS, 1):
        assert (hall.wall.asked, hall.diary.clock.waiting) == (number, 2)
        hall.diary.clock.advance(wait)
        await hall.rest()
    assert hall.wall.asked == len(WAITS) + 1
    assert hall.diary.clock.waiting == 1, "it waits for the next change"
    hall.wall.problem = None
    hall.projections.back("discord")
    await hall.rest()
    assert hall.wall.titles == ["club"]


async def test_one_that_is_refused_harms_no_other(hall: Hall) -> None:
    hall.wall.refused = {"club"}
    await hall.diary.plan(MONDAY, kind="meeting", title="club")
    await hall.diary.plan(MONDAY + WEEK, kind="pause", title="pause")
    await hall.rest()
    assert hall.wall.titles == ["pause"]


async def test_what_only_comes_due_is_no_event(hall: Hall) -> None:
    await hall.diary.plan(MONDAY, kind="daily", title="question")
    await hall.diary.plan(MONDAY, kind="meeting", title="hidden", shown=False)
    await hall.rest()
    assert hall.wall.titles == []


async def test_a_wall_full_of_plans_shows_the_next_ones(hall: Hall) -> None:
    for number in range(30):
        await hall.diary.plan(
            MONDAY + timedelta(hours=number), "FREQ=WEEKLY", Step("silent"), kind="pause", title="p"
        )
    await until(lambda: len(hall.wall.shown) == 25)
    await hall.rest()
    assert len(hall.wall.shown) == 25
    latest = max(one.content.begins for one in hall.wall.shown.values())
    assert datetime.fromtimestamp(latest) < MONDAY + WEEK  # noqa: DTZ006
