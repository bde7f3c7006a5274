"""Calendars that people subscribe to, over the live bot: asked for on both platforms, read over HTTP, kept in step."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from games.recurrence import local_time
from tests.stage_fixtures import Evening, flat, refused
from tests.waiting import until

PARIS = "Europe/Paris"


async def fetch(url: str, etag: str = "") -> tuple[int, str, str]:
    """Ask for an address as a calendar program does."""
    headers = {"If-None-Match": etag} if etag else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, await answer.text(), answer.headers.get("ETag", "")


def read(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


def address_in(text: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/calendar/[\w-]{32}\.ics", text)
    assert found is not None, text
    return found[0]


def ahead(evening: Evening, days: float) -> datetime:
    now = local_time(evening.clock.wall(), PARIS) + timedelta(days=days)
    return now.replace(hour=18, minute=30, second=0, microsecond=0)


async def plan(evening: Evening, when: datetime, rest: str = "") -> None:
    host = evening.stage.twitch_moderator
    typed = f"!pause prévoir {when:%d/%m/%Y %H:%M} {rest}"
    await evening.asks(host, typed, "C’est prévu.")


async def given(evening: Evening, command: str, **options: Any) -> tuple[str, bytes]:
    """Ask for a calendar on Discord; return what is said and the file."""
    told = await evening.slash(command, **options)
    assert told.ephemeral
    [message] = told.messages
    [attachment] = message["attachments"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as answer:
        return flat(message), await answer.read()


async def test_address_and_file_are_given_on_discord_and_the_address_on_twitch(
    evening: Evening,
) -> None:
    when = ahead(evening, 2)
    await plan(evening, when, "chaque semaine Matinale")
    said, file = await given(evening, "agenda calendar", by=evening.stage.camille)
    address = address_in(said)
    assert f"webcal:{address.removeprefix('http:')}" in said
    line = await evening.asks(evening.stage.ines, "!agenda calendrier", "toujours à jour")
    assert address_in(line) == address
    status, text, _ = await fetch(address)
    assert (status, text.encode()) == (200, file)
    [event] = read(text).events
    assert (event.summary, event.sequence) == ("Matinale", 0)
    assert event.dtstart.replace(tzinfo=None) == when
    assert event.url is not None
    assert "twitch.tv/mediatheque_pau" in str(event.url)


async def test_what_is_moved_and_cancelled_is_read_at_the_same_address(evening: Evening) -> None:
    when = ahead(evening, 2)
    host = evening.stage.twitch_moderator
    await plan(evening, when, "chaque semaine Matinale")
    address = address_in((await given(evening, "agenda calendar"))[0])
    _, before, etag = await fetch(address)
    assert (await fetch(address, etag))[0] == 304
    moved = when + timedelta(hours=2)
    await evening.asks(host, f"!agenda déplacer 1 {moved:%d/%m/%Y %H:%M}", "Nouvelle date")
    await evening.asks(host, "!agenda annuler 2", "Annulé")
    status, after, newer = await fetch(address, etag)
    assert (status, newer != etag) == (200, True)
    calendar = read(after)
    assert {event.uid for event in calendar.events} == {e.uid for e in read(before).events}
    assert {event.sequence for event in calendar.events} == {2}
    seen = [
        (e.summary, e.dtstart.replace(tzinfo=None))
        for e, _ in zip(calendar.timeline, range(3), strict=False)
    ]
    week = timedelta(days=7)
    assert seen == [
        ("Matinale", moved),
        ("Annulé : Matinale".replace(" :", "\u202f:"), when + week),
        ("Matinale", when + 2 * week),
    ]
    assert (await fetch(address, newer))[0] == 304


async def test_host_renews_an_address_and_the_former_leads_nowhere(evening: Evening) -> None:
    first = address_in((await given(evening, "agenda calendar"))[0])
    assert (await fetch(first))[0] == 200
    patron = await evening.told("agenda calendar", by=evening.stage.camille, renew=True)
    assert patron == refused("hosts-only")
    await evening.asks(evening.stage.ines, "!agenda calendrier nouveau", refused("hosts-only"))
    said, _ = await given(evening, "agenda calendar", renew=True)
    assert "nouvelle adresse" in said
    second = address_in(said)
    assert (await fetch(first))[0] == 404
    assert (await fetch(second))[0] == 200
    host = evening.stage.twitch_moderator
    line = await evening.asks(host, "!agenda calendrier nouveau", "nouvelle adresse")
    assert (await fetch(second))[0] == 404
    assert (await fetch(address_in(line)))[0] == 200


async def test_calendar_of_a_club_that_chooses_its_members_is_theirs_alone(
    evening: Evening,
) -> None:
    stage = evening.stage
    await evening.told("club create", name="Polar", access="approval")
    said, _ = await given(evening, "club calendar", club="Polar")
    address = address_in(said)
    assert await evening.told("club calendar", by=stage.camille, club="Polar") == refused(
        "members-only", club="Polar"
    )
    await evening.asks(stage.twitch_moderator, "!club calendrier Polar", "sur Discord")
    await evening.asks(stage.ines, "!agenda calendrier", "sur Discord")
    status, text, _ = await fetch(address)
    assert (status, read(text).events) == (200, [])
    assert "X-WR-CALNAME:Polar" in text
    assert (
        "nouvelle adresse" in (await given(evening, "club calendar", club="Polar", renew=True))[0]
    )
    assert (await fetch(address))[0] == 404


async def test_calendar_of_a_public_club_is_given_in_both_chats(evening: Evening) -> None:
    await evening.told("club create", name="Polar")
    said, _ = await given(evening, "club calendar", by=evening.stage.camille)
    line = await evening.asks(evening.stage.ines, "!club calendrier", "toujours à jour")
    assert address_in(line) == address_in(said)
    renewal = await evening.told("club calendar", by=evening.stage.camille, renew=True)
    assert renewal == refused("club-hosts-only")


async def test_addresses_survive_a_restart_and_nothing_listens_after_the_stop(
    evening: Evening,
) -> None:
    await plan(evening, ahead(evening, 2), "Matinale")
    address = address_in((await given(evening, "agenda calendar"))[0])
    _, before, _ = await fetch(address)
    await evening.cast.stop()
    with pytest.raises(aiohttp.ClientConnectorError):
        await fetch(address)
    await evening.start()
    await until(lambda: evening.app.feeds.base.count(":") == 2)
    token = address.partition("/calendar/")[2]
    status, after, _ = await fetch(f"{evening.app.feeds.base}/calendar/{token}")
    assert (status, after) == (200, before)


async def test_health_tells_of_both_sides(evening: Evening) -> None:
    app = evening.app
    await until(lambda: len(app.hearing) == 2 and app.feeds.base.count(":") == 2)
    status, text, _ = await fetch(f"{evening.app.feeds.base}/health")
    assert (status, text) == (200, '{"status": "up", "discord": "up", "twitch": "up"}')


async def test_many_who_ask_at_once_have_it_written_once(evening: Evening) -> None:
    await plan(evening, ahead(evening, 2), "tous les jours Matinale")
    address = address_in((await given(evening, "agenda calendar"))[0])
    answers = await asyncio.gather(*(fetch(address) for _ in range(40)))
    assert {status for status, _, _ in answers} == {200}
    assert len({etag for _, _, etag in answers}) == 1
    assert len(evening.app.feeds._kept) == 1


async def test_what_took_place_lately_is_still_read(evening: Evening) -> None:
    await plan(evening, ahead(evening, 1), "Matinale")
    address = address_in((await given(evening, "agenda calendar"))[0])
    evening.clock.turn(9)
    evening.app.agenda._dispatcher.wake()
    assert [event.summary for event in read((await fetch(address))[1]).events] == ["Matinale"]
