"""What a pause leaves on disk: settled once whatever happens, summed for rooms and network, and one's own."""

import random
import sqlite3
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.batch import NotKeptError
from bot.clock import DAY
from bot.hall import KEEP_TIME, RESUME_AFTER
from bot.pause import Wish, begins_a_wish, read_wish
from bot.readings import OwnReading, week_of
from bot.session import Back, Suspended
from bot.storage.rooms import Room
from games.core import Platform, Refusal, Role
from games.pause import Finished, Joined, Logged, Pause
from games.readers import Totals
from games.reading_log import Amount
from tests.hall_stage import House, visitor

HELLO, SECONDS, LOG, SHARE = 120.0, 900.0, 600.0, 600.0
WEEK = 7 * DAY


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    house = await House(tmp_path / "e.sqlite3").open()
    yield house
    house.database.fault = None
    await house.close()


def wish(house: House, room: Room, platform: Platform, name: str, wish: str, text: str = "") -> Any:
    return house.hall.wished(room.id, visitor(platform, name), wish, text)


def start(house: House, room: Room, text: str = "") -> None:
    house.pauses.start(room, read_wish(text), Role.HOST)


def pause_in(house: House, room: Room) -> Pause:
    pause = house.pauses.running(room)
    assert pause is not None
    return pause


async def session(house: House, room: Room, **logs: str) -> None:
    """A pause from its start to its end, in which these people read and log."""
    start(house, room)
    for name in logs:
        wish(house, room, "twitch", name, "join")
    house.clock.advance(HELLO + SECONDS)
    for name, log in logs.items():
        if log:
            wish(house, room, "twitch", name, "log", log)
    house.clock.advance(LOG + SHARE)
    await house.hall.flush()
    assert house.hall.running(room.id) is None


async def own(house: House, room: Room, name: str) -> OwnReading:
    return await house.readings.own(visitor("twitch", name), room)


async def check(house: House) -> None:
    """Every sum is the sum of what it sums, but for those without trace."""
    per_session = await house.sql(
        "SELECT session_id, readers, pages, minutes, chapters, percents, present_s FROM reading_session"
    )
    ended = await house.sql(
        "SELECT id, players, untraced FROM session WHERE activity = 'pause' AND ended_at IS NOT NULL"
    )
    assert len(per_session) <= len(ended)
    for key, readers, *sums in per_session:
        [players, untraced] = next((p, u) for k, p, u in ended if k == key)
        assert readers == players
        [kept] = await house.sql(
            "SELECT COUNT(*), COALESCE(SUM(pages), 0), COALESCE(SUM(minutes), 0), COALESCE(SUM(chapters), 0),"
            " COALESCE(SUM(percent > 0), 0), COALESCE(SUM(present_s), 0) FROM reading WHERE session_id = ?",
            key,
        )
        ledger = await house.sql("SELECT COUNT(*) FROM ledger WHERE session_id = ?", key)
        assert ledger == [(readers - untraced,)]
        assert kept[0] <= readers - untraced
        if not untraced and kept[0] == readers:
            assert list(kept[1:]) == pytest.approx(sums, abs=readers)
    columns = "SUM(readers), SUM(logged), SUM(pages), SUM(minutes), SUM(chapters), SUM(percents), SUM(present_s)"
    whole = await house.sql(f"SELECT COUNT(*), {columns} FROM reading_session")
    for table in ("reading_room", "reading_network"):
        assert await house.sql(f"SELECT COALESCE(SUM(pauses), 0), {columns} FROM {table}") == whole
    mine = "person_id, COUNT(*), SUM(pages), SUM(minutes), SUM(chapters), SUM(percent > 0)"
    summed = "person_id, SUM(pauses), SUM(pages), SUM(minutes), SUM(chapters), SUM(percents)"
    rows = await house.sql(f"SELECT {mine} FROM reading GROUP BY person_id")
    assert await house.sql(f"SELECT {summed} FROM reader_season GROUP BY person_id") == rows


# --- Settling


async def test_a_pause_leaves_what_each_read_and_the_sums(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="12 pages", Bob="25 min", Cle="45 %", Dan="")
    assert await house.sql(
        "SELECT person.name, pages, minutes, chapters, percent, present_s FROM reading"
        " JOIN person ON person.id = person_id"
    ) == [
        ("Ana", 12, 0, 0, 0, 900),
        ("Bob", 0, 25, 0, 0, 900),
        ("Cle", 0, 0, 0, 45, 900),
        ("Dan", 0, 0, 0, 0, 900),
    ]
    expected = (2025, 1, 4, 3, 12, 25, 0, 1, 3600)
    assert await house.sql("SELECT * FROM reading_network") == [expected]
    assert await house.sql("SELECT * FROM reading_room") == [(room.id, *expected)]
    assert await house.sql("SELECT COUNT(*), SUM(points) FROM ledger") == [(4, 0)]
    [finished] = house.discord.of(Finished)
    assert finished.totals == Totals(4, 3, 12, 25, 0, 1, 3600)
    await check(house)


async def test_rooms_are_summed_apart_and_the_network_together(house: House) -> None:
    first, second = await house.room(1), await house.room(2)
    await session(house, first, Ana="12")
    await session(house, second, Ana="8", Bob="2 chap")
    here = await house.readings.together(first)
    assert (here.began.year, here.room.pauses, here.room.totals.pages) == (2025, 1, 12)
    assert (here.network.pauses, here.network.totals.pages) == (2, 20)
    assert (here.network.totals.readers, here.network.totals.chapters) == (3, 2)
    assert here.ever == here.network
    await check(house)


async def test_who_takes_part_without_trace_is_counted_and_leaves_no_row(house: House) -> None:
    room = await house.room()
    await house.people.set_traceless(visitor("twitch", "Ana"), on=True)
    await session(house, room, Ana="12", Bob="5")
    assert await house.sql("SELECT readers, pages FROM reading_session") == [(2, 17)]
    assert await house.sql("SELECT pages FROM reading") == [(5,)]
    assert await house.sql("SELECT COUNT(*) FROM reader_season") == [(1,)]
    assert await house.sql("SELECT players, untraced FROM session") == [(2, 1)]
    assert (await own(house, room, "Ana")).traceless
    await check(house)


async def test_who_is_erased_while_the_pause_is_on_is_counted(house: House) -> None:
    room = await house.room()
    await house.people.set_listed(visitor("twitch", "Ana"), on=False)
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    house.clock.advance(HELLO + SECONDS)
    wish(house, room, "twitch", "Ana", "log", "12")
    await house.participation.forget(visitor("twitch", "Ana"))
    house.clock.advance(LOG + SHARE)
    await house.hall.flush()
    assert await house.sql("SELECT readers, pages FROM reading_session") == [(1, 12)]
    assert await house.sql("SELECT COUNT(*) FROM reading") == [(0,)]
    await check(house)


async def test_a_pause_called_off_before_it_began_leaves_nothing(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    assert await house.sql("SELECT COUNT(*) FROM reading_session") == [(0,)]
    assert await house.sql("SELECT COUNT(*) FROM ledger") == [(0,)]


async def test_a_disk_that_fails_at_the_end_settles_once_in_the_end(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    house.clock.advance(HELLO + SECONDS)
    await wish(house, room, "twitch", "Ana", "log", "12").committed()
    house.database.fault, house.database.failures = sqlite3.OperationalError("full"), 1
    receipt = house.hall.act(room.id, Role.HOST, "stop")
    with pytest.raises(NotKeptError):
        await receipt.committed()
    assert house.discord.of(Suspended)
    assert await house.sql("SELECT COUNT(*) FROM reading_session") == [(0,)]
    house.hall.act(room.id, Role.HOST, "resume")
    await house.hall.act(room.id, Role.HOST, "stop").committed()
    assert await house.sql("SELECT pauses, pages FROM reading_network") == [(1, 12)]
    assert house.readings.season(room).totals.pages == 12
    await check(house)


async def test_the_season_is_known_without_waiting_for_the_disk(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="12")
    assert house.readings.season(room).totals.pages == 12
    assert house.readings.season(room, Totals(pages=5)).totals.pages == 17
    await session(house, room, Ana="5")
    season = house.readings.season(room)
    assert (season.began, season.totals.pages) == (date(2025, 9, 1), 17)
    again = await house.again()
    assert again.readings.season(room) == season
    await again.close()


async def test_what_was_not_committed_is_in_no_sum(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="12")
    start(house, room)
    house.clock.advance(HELLO)
    await wish(house, room, "twitch", "Ana", "log", "5").committed()
    house.database.fault = sqlite3.OperationalError("full")
    house.hall.act(room.id, Role.HOST, "stop")
    await house.hall.flush()
    assert house.readings.season(room).totals.pages == 12
    house.database.fault = None


@pytest.mark.parametrize("seed", range(4))
async def test_many_pauses_in_many_rooms_are_the_sums_of_what_was_read(
    house: House, seed: int
) -> None:
    chance = random.Random(seed)
    rooms = [await house.room(number) for number in (1, 2, 3)]
    await house.people.set_traceless(visitor("twitch", "P0"), on=True)
    for _ in range(12):
        logs = ["", "12", "7 pages", "p. 4-20", "15 min", "2 chap", "30 %", "0", "-3"]
        people = {f"P{number}": chance.choice(logs[:-1]) for number in range(chance.randrange(6))}
        await session(house, chance.choice(rooms), **people)
        house.clock.wall_offset += chance.randrange(9) * DAY
    await check(house)


# --- Survival


@pytest.mark.parametrize("seed", range(6))
async def test_power_cuts_in_every_phase_settle_a_pause_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    house = await House(tmp_path / "e.sqlite3").open()
    room = await house.room()
    house.pauses.start(room, Wish(preset="marathon", minutes=10), Role.HOST)
    kept: dict[str, int] = {}
    seen: set[str] = set()
    while house.hall.running(room.id) is not None:
        phase = pause_in(house, room).scene().phase
        seen.add(phase)
        for n in range(chance.randrange(1, 5)):
            await _act(house, room, phase, f"P{chance.randrange(12)}", 1 + n, kept)
        if chance.random() < 0.7:
            house = await _killed(house, room, chance)
            continue
        left = house.hall.left(room.id)
        house.clock.advance(chance.choice([left or 0.0, 5.0, 61.0]))
        await house.hall.flush()
    assert seen >= {"hello", "reading", "break", "log"}
    [(pauses, readers, pages)] = await house.sql(
        "SELECT pauses, readers, pages FROM reading_network"
    )
    assert (pauses, readers, pages) == (1, len(kept), sum(kept.values()))
    rows = await house.sql(
        "SELECT person.name, pages FROM reading JOIN person ON person.id = person_id"
    )
    assert dict(rows) == kept
    await check(house)
    await house.close()
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    await house.hall.flush()
    assert await house.sql("SELECT pauses FROM reading_network") == [(1,)]
    assert await house.sql("SELECT COUNT(*) FROM reading_session") == [(1,)]
    await house.close()


async def _act(
    house: House, room: Room, phase: str, name: str, pages: int, kept: dict[str, int]
) -> None:
    """Let somebody join, or log, or log something else; `kept` is what must be on disk in the end."""
    if phase == "share":
        return
    if phase == "hello" or name not in kept:
        if name not in kept:
            await wish(house, room, "twitch", name, "join").committed()
            kept[name] = 0
        return
    await wish(house, room, "twitch", name, "log", f"{pages} pages").committed()
    kept[name] = pages


async def _killed(house: House, room: Room, chance: random.Random) -> House:
    """Cut the power at once, or with something on its way; come back later, with the time that was left."""
    left = house.hall.left(room.id) or 0.0
    if chance.random() < 0.3:
        house.clock.advance(left)  # the phase has just changed, and nobody knows yet
        left = house.hall.left(room.id) or 0.0
    before = house.hall.running(room.id)
    await house.hall.flush()
    await house.crash()
    away = chance.choice([2.0, 40.0, 3600.0])
    house.clock.advance(away)
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    await house.hall.flush()
    if before is not None:
        [back] = house.twitch.of(Back)
        assert away - 0.01 <= back.away <= away + KEEP_TIME
        assert back.remaining == house.hall.left(room.id)
        assert left - 0.01 <= back.remaining <= left + KEEP_TIME
    return house


async def test_an_hour_away_takes_nothing_from_the_pause_and_is_said(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    house.clock.advance(HELLO + SECONDS - 42)
    await house.hall.flush()
    await house.crash()
    house.clock.advance(3600)
    later = await house.again()
    later.hall.wake("discord")
    house.clock.advance(RESUME_AFTER)
    await later.hall.flush()
    [back] = later.discord.of(Back)
    assert (back.away, back.remaining) == pytest.approx((3600 + RESUME_AFTER, 42), abs=0.01)
    house.clock.advance(42)
    assert pause_in(later, room).scene().phase == "log"
    await later.close()
    house.database, house.hall = (last := await house.again()).database, last.hall


async def test_what_is_doubted_is_still_doubted_after_a_power_cut(house: House) -> None:
    room = await house.room()
    start(house, room)
    house.clock.advance(HELLO + SECONDS)
    await wish(house, room, "twitch", "Ana", "log", "482").committed()
    await house.crash()
    later = await house.again()
    later.hall.wake("discord")
    later.hall.wake("twitch")
    receipt = wish(later, room, "twitch", "Ana", "log", "482")
    assert isinstance(receipt.events[-1], Logged)
    await later.close()
    house.database, house.hall = (last := await house.again()).database, last.hall


# --- One's own


async def _weekly(house: House, room: Room, weeks: str) -> OwnReading:
    """Pauses week after week: `A` attended by Ana, `b` by Bob alone, `-` none."""
    for week in weeks:
        if week == "A":
            await session(house, room, Ana="10")
        elif week == "b":
            await session(house, room, Bob="1")
        house.clock.wall_offset += WEEK
    house.clock.wall_offset -= WEEK
    return await own(house, room, "Ana")


@pytest.mark.parametrize(
    ("weeks", "streak", "best"),
    [
        ("A", 1, 1),
        ("AAA", 3, 3),
        ("AbA", 2, 2),
        ("AbAbA", 3, 3),
        ("AbbA", 1, 1),
        ("AAAbbA", 1, 3),
        ("AA-A", 3, 3),
        ("AA------A", 3, 3),
        ("A---b---A", 2, 2),
        ("AAb", 2, 2),
        ("AAbb", 2, 2),
        ("AAbbb", 0, 2),
    ],
)
async def test_a_missed_pause_is_forgiven_and_a_week_without_one_is_not_missed(
    house: House, weeks: str, streak: int, best: int
) -> None:
    record = await _weekly(house, await house.room(), weeks)
    assert (record.streak, record.best_streak) == (streak, best)


async def test_two_pauses_in_a_week_are_one_week(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="10")
    await session(house, room, Ana="30")
    record = await own(house, room, "Ana")
    assert (record.streak, record.season.pauses, record.season.pages) == (1, 2, 40)
    assert (record.best_pages, record.season.present) == (30, 1800)


def test_weeks_begin_on_monday_in_the_rooms_own_time() -> None:
    sunday = 1_772_406_000_000_000  # Sunday 1 March 2026, 23:00 UTC
    assert week_of(sunday, "UTC") + 1 == week_of(sunday, "Europe/Paris")
    assert week_of(sunday, "Europe/Paris") == week_of(sunday + 6 * DAY, "Europe/Paris")


async def test_seasons_are_told_apart_and_together(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="10")
    house.clock.wall_offset += 365 * DAY
    await session(house, room, Ana="5")
    record = await own(house, room, "Ana")
    assert (record.season.pages, record.ever.pages, record.ever.pauses) == (5, 15, 2)
    together = await house.readings.together(room)
    assert (together.began.year, together.room.totals.pages, together.ever.totals.pages) == (
        2026,
        5,
        15,
    )


async def test_a_goal_is_kept_followed_and_forgotten(house: House) -> None:
    room = await house.room()
    ana = visitor("twitch", "Ana")
    assert await house.readings.set_goal(ana, "500 pages") == Amount("pages", 500)
    await session(house, room, Ana="12")
    record = await own(house, room, "Ana")
    assert (record.goal, record.towards) == (Amount("pages", 500), 12)
    await house.readings.set_goal(ana, "10 h")
    assert (await own(house, room, "Ana")).towards == 0
    await house.readings.set_goal(ana, "")
    assert (await own(house, room, "Ana")).goal is None
    await house.people.set_traceless(ana, on=True)
    with pytest.raises(Refusal, match="traceless-no-goal"):
        await house.readings.set_goal(ana, "500 pages")


async def test_somebody_unknown_has_read_nothing(house: House) -> None:
    room = await house.room()
    with pytest.raises(Refusal, match="nothing-kept"):
        await own(house, room, "Ana")
    assert await house.readings.export(visitor("twitch", "Ana")) == []


async def test_an_export_lists_every_pause(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="12", Bob="3")
    await session(house, room, Ana="25 min")
    rows = await house.readings.export(visitor("twitch", "Ana"))
    assert [row[:7] for row in rows] == [
        (room.name, "Pause lecture", 12, 0, 0, 0, 900),
        (room.name, "Pause lecture", 0, 25, 0, 0, 900),
    ]


async def test_erasing_takes_every_row_and_leaves_the_sums(house: House) -> None:
    room = await house.room()
    ana = visitor("twitch", "Ana")
    await house.readings.set_goal(ana, "500 pages")
    await session(house, room, Ana="12", Bob="3")
    await house.participation.forget(ana)
    for table in ("reading", "reader_season", "reader"):
        assert await house.sql(f"SELECT COUNT(*) FROM {table}") == [(1,)]
    assert await house.sql("SELECT readers, pages FROM reading_network") == [(2, 15)]
    assert await house.sql("SELECT readers, pages FROM reading_session") == [(2, 15)]


# --- Corrections


async def test_a_host_corrects_while_the_pause_is_on(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana Paula", "join")
    house.clock.advance(HELLO + SECONDS)
    wish(house, room, "twitch", "Ana Paula", "log", "60")
    done = await house.pauses.amend(room, Role.HOST, "ana PAULA 6 pages")
    assert (done.name, done.amount) == ("Ana Paula", Amount("pages", 6))
    house.clock.advance(LOG + SHARE)
    await house.hall.flush()
    assert await house.sql("SELECT pages FROM reading_network") == [(6,)]


async def test_a_correction_that_the_clock_overtakes_counts_all_the_same(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    house.clock.advance(HELLO)
    current = house.hall.running(room.id)
    assert current is not None
    assert current.timer is not None
    current.timer.cancel()  # the loop is late
    house.clock.advance(SECONDS)
    done = await house.pauses.amend(room, Role.HOST, "Ana 6 pages")
    assert done.amount == Amount("pages", 6)
    assert pause_in(house, room).totals().pages == 6


@pytest.mark.parametrize(
    ("text", "row", "sums"),
    [
        ("Ana 21 pages", (21, 0, 0, 0), (24, 0, 0, 0)),
        ("Ana 25 min", (12, 25, 0, 0), (15, 25, 0, 0)),
        ("Ana 2 chap", (12, 0, 2, 0), (15, 0, 2, 0)),
        ("Ana 40 %", (12, 0, 0, 40), (15, 0, 0, 1)),
        ("Ana p. 10-12", (2, 0, 0, 0), (5, 0, 0, 0)),
        ("Ana 0", (0, 0, 0, 0), (3, 0, 0, 0)),
    ],
)
async def test_a_host_corrects_a_pause_that_is_over_and_every_sum_moves(
    house: House, text: str, row: tuple[int, ...], sums: tuple[int, ...]
) -> None:
    room = await house.room()
    await session(house, room, Ana="12", Bob="3")
    await house.pauses.amend(room, Role.HOST, text)
    ana = "person_id = (SELECT id FROM person WHERE name = 'Ana')"
    assert await house.sql(
        f"SELECT pages, minutes, chapters, percent FROM reading WHERE {ana}"
    ) == [row]
    for table in ("reading_session", "reading_room", "reading_network"):
        assert await house.sql(f"SELECT pages, minutes, chapters, percents FROM {table}") == [sums]
    assert await house.sql(f"SELECT best_pages, best_minutes FROM reader WHERE {ana}") == [row[:2]]
    await check(house)


async def test_corrections_that_cannot_be_made_are_refused(house: House) -> None:
    room = await house.room()
    await session(house, room, Ana="12")
    for text, code in [
        ("Bob 12", "not-a-reader"),
        ("Ana", "not-a-reader"),
        ("Ana -3", "log-negative"),
        ("Ana page 12", "log-no-start"),
    ]:
        with pytest.raises(Refusal, match=code):
            await house.pauses.amend(room, Role.HOST, text)
    with pytest.raises(Refusal, match="hosts-only"):
        await house.pauses.amend(room, Role.PATRON, "Ana 13")
    house.clock.wall_offset += 8 * DAY
    with pytest.raises(Refusal, match="not-a-reader"):
        await house.pauses.amend(room, Role.HOST, "Ana 13")
    assert await house.sql("SELECT pages FROM reading_network") == [(12,)]


async def test_two_readers_of_one_name_are_not_mixed_up(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    wish(house, room, "discord", "Ana", "join")
    house.clock.advance(HELLO)
    with pytest.raises(Refusal, match="same-name"):
        await house.pauses.amend(room, Role.HOST, "Ana 13")
    assert await house.pauses.reader_names(room) == ["Ana", "Ana"]


# --- What hosts ask for


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Wish()),
        ("20", Wish(20)),
        ("20 min", Wish(20)),
        ("20min silence", Wish(20)),
        ("20 minutes Le Horla", Wish(20, title="Le Horla")),
        ("marathon 30 minutes voix", Wish(30, "marathon", "aloud")),
        ("un quart d’heure", Wish(15)),
        ("une demi-heure Nana", Wish(30, title="Nana")),
        ("1h", Wish(60)),
        ("18h30", Wish(title="18h30")),
        ("1 h 30 libre", Wish(90, kind="free")),
        ("an hour", Wish(60)),
        ("quart-d’heure", Wish()),
        ("quart", Wish()),
        ("long libre", Wish(preset="long", kind="free")),
        ("marathon 30 voix", Wish(30, "marathon", "aloud")),
        ("marathon à-voix-haute", Wish(preset="marathon", title="à-voix-haute")),
        ("voix-haute 15 Zola au coin du feu", Wish(15, kind="aloud", title="Zola au coin du feu")),
        ("Nuit de la lecture 2026", Wish(title="Nuit de la lecture 2026")),
        ("quarter silent 15", Wish(15)),
        ("15 lent", Wish(15, quiet="slow")),
        ("emotes silence Nana", Wish(title="Nana", quiet="emotes")),
    ],
)
def test_a_wish_is_read_from_words_in_any_order(typed: str, meant: Wish) -> None:
    assert read_wish(typed) == meant


@pytest.mark.parametrize("typed", ["0", "241", "99999999"])
def test_minutes_out_of_range_are_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="no-number"):
        read_wish(typed)


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("15", True),
        ("15min", True),
        ("marathon", True),
        ("", False),
        ("strat", False),
        ("-3", False),
    ],
)
def test_a_bare_number_or_preset_starts_a_pause(typed: str, begins: bool) -> None:
    assert begins_a_wish(typed) is begins


async def test_a_pause_without_a_title_is_called_what_it_is(house: House) -> None:
    room = await house.room()
    start(house, room, "marathon 30 voix")
    pause = pause_in(house, room)
    options = pause.options
    assert (options.title, options.kind) == ("Pause lecture", "aloud")
    assert (options.seconds, options.blocks, options.rest) == (1800, 3, 600)
    with pytest.raises(Refusal, match="already-running"):
        start(house, room)
    with pytest.raises(Refusal, match="hosts-only"):
        house.pauses.start(await house.room(2), Wish(), Role.PATRON)


async def test_one_may_read_along_from_either_platform(house: House) -> None:
    room = await house.room()
    start(house, room)
    wish(house, room, "twitch", "Ana", "join")
    wish(house, room, "discord", "Bob", "join")
    await house.hall.flush()
    assert [event.by.platform for event in house.discord.of(Joined)] == ["twitch", "discord"]
    assert pause_in(house, room).totals().readers == 2
