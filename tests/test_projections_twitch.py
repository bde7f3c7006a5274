"""What stands in a Twitch channel's schedule, where the bot's account is the channel's own and was allowed to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.rehearsal.twitch_world import Channel
from bot.settings import Settings
from bot.storage.agenda import Plan, Step
from bot.storage.rooms import Room
from games.recurrence import Series, local_time
from tests.stage_fixtures import Evening
from tests.waiting import until

PARIS = "Europe/Paris"
WEEK = timedelta(days=7)
CHAT = ("user:read:chat", "user:write:chat", "user:bot")


class Station:
    """The bot's own channel."""

    def __init__(self, evening: Evening, *scopes: str) -> None:
        self.evening = evening
        self.twitch = evening.stage.twitch
        self.bot = self.twitch.bot
        self.channel = self.twitch._world.channels.setdefault(self.bot.id, Channel(self.bot))
        token = self.twitch.issue(self.bot.id, *CHAT, *scopes)

        def own(settings: Settings) -> Settings:
            assert settings.twitch is not None
            side = replace(
                settings.twitch,
                token=token.access,
                refresh_token=token.refresh or "",
                channels=(*settings.twitch.channels, self.bot.login),
            )
            return replace(settings, twitch=side)

        evening.settings(own)

    async def open(self) -> None:
        await self.evening.start()
        await until(lambda: self.bot.id in self.evening.app.rooms.by_twitch)

    @property
    def room(self) -> Room:
        return self.evening.app.rooms.by_twitch[self.bot.id]

    def told(self) -> list[tuple[str, datetime]]:
        rows = sorted(self.channel.segments.values(), key=lambda row: row["start_time"])
        return [(row["title"], starts(row)) for row in rows]

    async def shown(self, *wanted: tuple[str, datetime]) -> None:
        await until(lambda: self.told() == list(wanted), self.told)

    async def plan(self, when: datetime, title: str, rule: str = "", minutes: int = 60) -> int:
        drawn = Plan(
            "pause",
            Series(when, PARIS, rule),
            (Step("reminder", missed_after=0),),
            self.room.id,
            title=title,
            minutes=minutes,
        )
        async with self.evening.app.agenda.transaction() as transaction:
            return await self.evening.app.agenda.plan(transaction, drawn)

    async def change(self, what: str, key: int, *arguments: Any) -> None:
        async with self.evening.app.agenda.transaction() as transaction:
            await getattr(self.evening.app.agenda, what)(transaction, key, *arguments)


def starts(row: dict[str, Any]) -> datetime:
    at = datetime.fromisoformat(row["start_time"]).astimezone(UTC)
    return local_time(round(at.timestamp() * 1_000_000), PARIS)


def ahead(evening: Evening, days: float) -> datetime:
    now = local_time(evening.clock.wall(), PARIS) + timedelta(days=days)
    return now.replace(hour=18, minute=30, second=0, microsecond=0)


@pytest.fixture
async def station(stopped_evening: Evening) -> Station:
    station = Station(stopped_evening, "channel:manage:schedule")
    await station.open()
    return station


async def test_the_next_two_dates_stand_in_the_schedule_and_follow_the_agenda(
    station: Station,
) -> None:
    when = ahead(station.evening, 2)
    key = await station.plan(when, "Club polar " * 20, "FREQ=WEEKLY", minutes=10)
    await until(lambda: len(station.told()) == 2, station.told)
    row = next(iter(station.channel.segments.values()))
    assert len(row["title"]) <= 140
    ends, begins = (datetime.fromisoformat(row[name]) for name in ("end_time", "start_time"))
    assert ends - begins == timedelta(minutes=30), "Twitch takes nothing shorter"
    moved = when + timedelta(hours=2)
    await station.change("move", key, when, moved)
    await until(lambda: [at for _, at in station.told()] == [moved, when + WEEK], station.told)
    await station.change("end", key)
    await station.shown()


async def test_what_is_removed_or_retitled_by_hand_stays_so(station: Station) -> None:
    when = ahead(station.evening, 2)
    key = await station.plan(when, "Polar")
    other = await station.plan(when + WEEK, "Noir")
    await station.shown(("Polar", when), ("Noir", when + WEEK))
    first, second = sorted(
        station.channel.segments, key=lambda k: starts(station.channel.segments[k])
    )
    del station.channel.segments[first]
    station.channel.segments[second]["title"] = "Grande soirée"
    moved = when + WEEK + timedelta(hours=1)
    await station.change("move", other, when + WEEK, moved)
    await station.shown(("Grande soirée", moved))
    await station.change("move", key, when, when + timedelta(hours=1))
    await station.shown(("Polar", when + timedelta(hours=1)), ("Grande soirée", moved))


async def test_what_the_streamer_planned_is_left(station: Station) -> None:
    own = {
        "id": "mine",
        "start_time": "2099-01-01T18:00:00Z",
        "end_time": "2099-01-01T19:00:00Z",
        "title": "À moi",
        "canceled_until": None,
        "category": None,
        "is_recurring": True,
    }
    station.channel.segments["mine"] = dict(own)
    when = ahead(station.evening, 2)
    key = await station.plan(when, "Polar")
    await until(lambda: len(station.told()) == 2, station.told)
    await station.change("end", key)
    await until(lambda: len(station.told()) == 1, station.told)
    assert station.channel.segments == {"mine": own}


async def test_a_kill_after_a_segment_was_added_leaves_one(station: Station) -> None:
    site = station.evening.app.projections._sites[1]
    create = site.create

    async def die(*arguments: Any) -> str:
        await create(*arguments)
        station.evening.app.projections._task.cancel()  # type: ignore[union-attr]
        raise RuntimeError

    site.create = die  # type: ignore[method-assign]
    station.evening.errors = ("twitch:",)
    when = ahead(station.evening, 2)
    await station.plan(when, "Polar")
    await station.shown(("Polar", when))
    await station.evening.cast.kill()
    await station.open()
    await station.evening.ready()
    await station.plan(when + WEEK, "Noir")
    await station.shown(("Polar", when), ("Noir", when + WEEK))


@pytest.mark.parametrize("affiliate", [True, False])
async def test_where_it_is_not_allowed_it_is_said_and_nothing_else_suffers(
    stopped_evening: Evening, caplog: pytest.LogCaptureFixture, affiliate: bool
) -> None:
    scopes = () if affiliate else ("channel:manage:schedule",)
    station = Station(stopped_evening, *scopes)
    station.channel.affiliate = affiliate
    await station.open()
    when = ahead(stopped_evening, 2)
    await station.plan(when, "Polar")
    await until(lambda: any("is not shown there" in r.getMessage() for r in caplog.records))
    assert station.told() == []
    said = [r.getMessage() for r in caplog.records if "is not shown there" in r.getMessage()]
    assert ("Missing scope" if affiliate else "Only partners and affiliates") in said[0]


async def test_a_channel_that_is_not_the_bots_is_never_asked(evening: Evening) -> None:
    when = ahead(evening, 2)
    host = evening.stage.twitch_moderator
    await evening.asks(host, f"!pause prévoir {when:%d/%m/%Y %H:%M} Matinale", "C’est prévu.")
    await until(lambda: evening.stage.discord.events(evening.stage.guild.id))
    assert not [e for e in evening.exchanges if "/schedule" in e.path and e.side == "twitch"]
