"""What stands among a Discord server’s events, whoever changes it by hand and whatever the bot goes through."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.rehearsal.discord_world import Permission
from bot.storage.agenda import Plan, Step
from games.recurrence import Series, local_time
from tests.stage_fixtures import Evening, plain
from tests.waiting import until, until_read

PARIS = "Europe/Paris"
WEEK = timedelta(days=7)
SILENT = (Step("reminder", missed_after=0),)


def ahead(evening: Evening, days: float) -> datetime:
    now = local_time(evening.clock.wall(), PARIS) + timedelta(days=days)
    return now.replace(hour=18, minute=30, second=0, microsecond=0)


def events(evening: Evening) -> list[dict[str, Any]]:
    return evening.stage.discord.events(evening.stage.guild.id)


def told(evening: Evening) -> list[tuple[str, datetime]]:
    """Return what members see: what, and when in Paris."""
    return [(row["name"], starts(row)) for row in events(evening)]


def starts(row: dict[str, Any]) -> datetime:
    at = datetime.fromisoformat(row["scheduled_start_time"])
    return local_time(round(at.timestamp() * 1_000_000), PARIS)


async def shown(evening: Evening, *wanted: tuple[str, datetime]) -> None:
    await until(lambda: told(evening) == list(wanted), lambda: told(evening))


async def plan(evening: Evening, when: datetime, title: str = "Matinale", **more: Any) -> int:
    """Plan something as the bot's own code does."""
    room = evening.app.rooms.by_discord[str(evening.stage.channel.id)]
    series = Series(when, PARIS, more.pop("rule", ""))
    drawn = Plan("pause", series, SILENT, more.pop("room_id", room.id), title=title, **more)
    async with evening.app.agenda.transaction() as transaction:
        return await evening.app.agenda.plan(transaction, drawn)


async def change(evening: Evening, what: str, key: int, *arguments: Any) -> None:
    async with evening.app.agenda.transaction() as transaction:
        await getattr(evening.app.agenda, what)(transaction, key, *arguments)


async def rest(evening: Evening) -> None:
    """Wait until the bot has looked at what changed."""
    await evening.app.projections.rest()


async def remembered(evening: Evening, count: int) -> None:
    """Wait until so many events are remembered by name: what is over is forgotten, and left to Discord."""

    async def all_named() -> bool:
        rows = await evening.app.database.rows("SELECT remote_id FROM projection")
        return len(rows) == count and all(remote_id for (remote_id,) in rows)

    await until_read(all_named)


def writes(evening: Evening) -> int:
    """Return how often the bot has changed anything among the events."""
    return sum(
        "/scheduled-events" in exchange.path and exchange.method != "GET"
        for exchange in evening.exchanges
    )


def by_hand(evening: Evening, number: int, **body: Any) -> None:
    guild, row = evening.stage.guild.id, events(evening)[number]
    evening.stage.discord.change_event(guild, int(row["id"]), **body)


async def test_the_next_two_dates_stand_among_the_events_and_follow_the_agenda(
    evening: Evening,
) -> None:
    when = ahead(evening, 2)
    host = evening.stage.twitch_moderator
    typed = f"{when:%d/%m/%Y %H:%M}"
    await evening.asks(host, f"!pause prévoir {typed} chaque semaine Matinale", "C’est prévu.")
    await shown(evening, ("Matinale", when), ("Matinale", when + WEEK))
    row = events(evening)[0]
    assert row["entity_metadata"] == {"location": "#quiz"}
    assert "À l’agenda de #quiz." in plain(row["description"])
    ends = datetime.fromisoformat(row["scheduled_end_time"])
    assert ends - datetime.fromisoformat(row["scheduled_start_time"]) == timedelta(minutes=15)
    moved = when + timedelta(hours=1)
    await evening.asks(host, f"!agenda déplacer 1 {moved:%d/%m/%Y %H:%M}", "Nouvelle date")
    await shown(evening, ("Matinale", moved), ("Matinale", when + WEEK))
    await evening.asks(host, "!agenda annuler 2", "Annulé")
    await shown(evening, ("Matinale", moved), ("Matinale", when + 2 * WEEK))
    await evening.asks(host, "!pause déprogrammer", "C’est fait")
    await shown(evening)


async def test_the_rehearsals_page_lists_them(evening: Evening) -> None:
    when = ahead(evening, 2)
    await plan(evening, when)
    await shown(evening, ("Matinale", when))
    stage = evening.stage
    [seen] = stage.discord.view(stage.channel.id, stage.camille.id)["events"]
    assert (seen["name"], seen["where"]) == ("Matinale", "#quiz")
    assert local_time(round(seen["at"] * 1_000_000), PARIS) == when


async def test_a_date_that_has_passed_makes_room_for_the_next(evening: Evening) -> None:
    when = ahead(evening, 2)
    await plan(evening, when, rule="FREQ=WEEKLY", title="Polar")
    await shown(evening, ("Polar", when), ("Polar", when + WEEK))
    evening.clock.turn(3)
    evening.app.agenda._dispatcher.wake()
    await shown(evening, ("Polar", when), ("Polar", when + WEEK), ("Polar", when + 2 * WEEK))
    await remembered(evening, 2)


async def test_what_is_removed_by_hand_stays_away_until_it_is_moved(evening: Evening) -> None:
    when = ahead(evening, 2)
    key = await plan(evening, when)
    await shown(evening, ("Matinale", when))
    evening.stage.discord.remove_event(evening.stage.guild.id, int(events(evening)[0]["id"]))
    other = await plan(evening, when + WEEK, "Autre")
    await shown(evening, ("Autre", when + WEEK))
    await evening.cast.restart()
    await evening.ready()
    await rest(evening)
    assert told(evening) == [("Autre", when + WEEK)]
    await change(evening, "move", key, when, when + timedelta(hours=2))
    await shown(evening, ("Matinale", when + timedelta(hours=2)), ("Autre", when + WEEK))
    await change(evening, "end", other)
    await shown(evening, ("Matinale", when + timedelta(hours=2)))


async def test_what_is_reworded_by_hand_stays_so_and_follows_in_time(evening: Evening) -> None:
    when = ahead(evening, 2)
    key = await plan(evening, when)
    await shown(evening, ("Matinale", when))
    by_hand(
        evening,
        0,
        name="Grande matinale ☀",
        description="Avec des croissants",
        image="data:image/png;base64,AA==",
        entity_metadata={"location": "Salle 2"},
    )
    await change(evening, "move", key, when, when + timedelta(hours=2))
    await shown(evening, ("Grande matinale ☀", when + timedelta(hours=2)))
    [row] = events(evening)
    assert row["description"] == "Avec des croissants"
    assert row["entity_metadata"] == {"location": "Salle 2"}
    assert row["image"]
    by_hand(evening, 0, scheduled_start_time=(datetime.now(UTC) + WEEK).isoformat())
    evening.app.projections.back("discord")
    await shown(evening, ("Grande matinale ☀", when + timedelta(hours=2)))


async def test_what_is_begun_by_hand_is_left(evening: Evening) -> None:
    when = ahead(evening, 2)
    key = await plan(evening, when)
    await shown(evening, ("Matinale", when))
    by_hand(evening, 0, status=2)
    before = writes(evening)
    await change(evening, "move", key, when, when + timedelta(hours=2))
    await rest(evening)
    await change(evening, "end", key)
    await rest(evening)
    assert told(evening) == [("Matinale", when)]
    assert writes(evening) == before


async def test_strangers_events_are_never_touched_even_with_our_reference(
    evening: Evening,
) -> None:
    when = ahead(evening, 2)
    key = await plan(evening, when)
    await shown(evening, ("Matinale", when))
    [ours] = events(evening)
    false = evening.stage.discord.add_event(
        evening.stage.guild.id,
        evening.stage.noe.id,
        name="Fausse matinale",
        description=ours["description"],
        privacy_level=2,
        entity_type=3,
        entity_metadata={"location": "ailleurs"},
        scheduled_start_time=ours["scheduled_start_time"],
        scheduled_end_time=ours["scheduled_end_time"],
    )
    await evening.app.database.rows("SELECT 1")
    async with evening.app.database.transaction() as transaction:
        await transaction.execute("DELETE FROM projection")
    evening.app.projections.back("discord")
    await rest(evening)
    assert sorted(row["id"] for row in events(evening)) == sorted([ours["id"], false["id"]])
    await change(evening, "end", key)
    await until(lambda: [row["id"] for row in events(evening)] == [false["id"]])


async def test_one_event_for_two_rooms_of_a_club_in_one_server(evening: Evening) -> None:
    when = ahead(evening, 2)
    await evening.told("club create", name="Polar")
    other = evening.stage.second_channel.id
    await evening.slash("club attach", club="Polar", channel=other)
    [(club_id,)] = await evening.app.database.rows("SELECT id FROM club")
    await plan(evening, when, "Club polar", club_id=club_id, place="Médiathèque, salle 2")
    await shown(evening, ("Club polar", when))
    await rest(evening)
    [row] = events(evening)
    assert row["entity_metadata"] == {"location": "Médiathèque, salle 2"}


async def test_what_not_everybody_may_know_is_no_event_of_the_server(evening: Evening) -> None:
    when, stage = ahead(evening, 2), evening.stage
    await evening.told("club create", name="Polar", access="approval")
    [(club_id,)] = await evening.app.database.rows("SELECT id FROM club")
    await plan(evening, when, "Club polar", club_id=club_id)
    everyone = stage.guild.id
    stage.discord.set_overwrite(stage.second_channel.id, everyone, 0, deny=Permission.VIEW_CHANNEL)
    hidden = await evening.app.rooms.open_discord(
        str(stage.second_channel.id), str(stage.guild.id), "caché"
    )
    await plan(evening, when, "Réunion", room_id=hidden.id)
    await plan(evening, when, "Matinale")
    await shown(evening, ("Matinale", when))
    voice = stage.discord._places.create_channel(stage.guild.id, {"name": "salon", "type": 2})
    client = evening.app.discord
    assert client is not None
    await until(lambda: client.get_channel(int(voice["id"])))
    await plan(
        evening, when + WEEK, "Club polar, de vive voix", club_id=club_id, voice_id=voice["id"]
    )
    await shown(evening, ("Matinale", when), ("Club polar, de vive voix", when + WEEK))
    spoken = events(evening)[1]
    assert (spoken["entity_type"], spoken["channel_id"]) == (2, voice["id"])


async def test_without_the_permission_nothing_else_suffers_and_it_is_said_once(
    evening: Evening, caplog: Any
) -> None:
    stage = evening.stage
    stage.discord.set_permissions(stage.guild.id, stage.guild.bot_role_id, 1 << 10 | 1 << 11)
    when = ahead(evening, 2)
    for number in range(5):
        await plan(evening, when + number * WEEK, f"Matinale {number}")
    await rest(evening)
    await plan(evening, when + 9 * WEEK, "Encore")
    await rest(evening)
    said = [r for r in caplog.records if "is not shown there" in r.getMessage()]
    assert sum("the agenda is not shown" in record.getMessage() for record in said) == 1
    assert told(evening) == []
    await evening.asks(stage.ines, "!agenda", "Matinale 0")
    stage.discord.set_permissions(
        stage.guild.id, stage.guild.bot_role_id, 1 << 10 | 1 << 11 | 1 << 33 | 1 << 44
    )
    evening.app.projections.back("discord")
    await until(lambda: len(events(evening)) == 6, lambda: told(evening))


async def test_what_changed_while_discord_was_down_is_shown_when_it_is_back(
    evening: Evening,
) -> None:
    when = ahead(evening, 2)
    evening.stage.discord.faults.fail(500, times=1000, path="/scheduled-events")
    before = len(evening.exchanges)
    await plan(evening, when)
    await evening.asks(evening.stage.ines, "!agenda", "Matinale")
    await until(lambda: any("/scheduled-events" in e.path for e in evening.exchanges[before:]))
    assert told(evening) == []
    evening.stage.discord.faults.clear()
    evening.clock.turn(0)
    evening.app.projections.back("discord")
    await shown(evening, ("Matinale", when))


async def test_a_kill_at_any_write_leaves_one_event_for_each_date(evening: Evening) -> None:
    """The bot dies as soon as Discord has done what was asked, before it has heard or remembered it."""
    when = ahead(evening, 2)
    site = evening.app.projections._sites[0]
    create = site.create

    async def die(*arguments: Any) -> str:
        await create(*arguments)
        await asyncio.Event().wait()
        raise AssertionError

    site.create = die  # type: ignore[method-assign]
    await plan(evening, when, rule="FREQ=WEEKLY")
    await shown(evening, ("Matinale", when))
    await evening.cast.kill()
    await evening.start()
    await shown(evening, ("Matinale", when), ("Matinale", when + WEEK))
    await rest(evening)
    await remembered(evening, 2)


async def test_nothing_is_asked_when_nothing_of_it_changed(evening: Evening) -> None:
    when = ahead(evening, 2)
    await plan(evening, when)
    await shown(evening, ("Matinale", when))
    await rest(evening)
    before = len(evening.exchanges)
    async with evening.app.agenda.transaction():
        pass
    await rest(evening)
    asked = [e for e in evening.exchanges[before:] if "/scheduled-events" in e.path]
    assert asked == []


async def test_a_hostile_title_stays_one_title(evening: Evening) -> None:
    when = ahead(evening, 2)
    title = "@everyone " + "📚" * 200 + "\r\nX: y"
    await plan(evening, when, title)
    await until(lambda: events(evening))
    [row] = events(evening)
    assert len(row["name"]) <= 100
    assert "\n" not in row["name"]
