"""Measuring the stream's delay: the rules by sentences and by properties, and what a room keeps of it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any, get_args

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import journal
from bot.batch import Batch, Ended, NotKeptError
from bot.rooms import LONGEST_DELAY
from bot.session import Session, Suspended
from bot.storage.rooms import Room
from bot.sync import Syncs, read_seconds
from bot.twitch_client import MOST_CHARACTERS
from bot.wording import sync as words
from bot.wording.speech import LOCALES, Speech
from games.core import (
    Chose,
    Did,
    Platform,
    Play,
    Player,
    Refusal,
    Role,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.sync import (
    REACTION,
    STEP,
    Called,
    Event,
    Heard,
    Measured,
    Sync,
    SyncOptions,
    Unheard,
    Unmeasured,
)
from tests.hall_stage import CAPITAL, House
from tests.quiz_strategies import ANY_TEXT
from tests.test_wording import typography

INES, LEO, ZOE = Player(1, "twitch"), Player(2, "twitch"), Player(3, "twitch")
CAMILLE = Player(4, "discord")
NOTHING = ()


def listening(**times: float) -> Sync:
    """A measure that began at 0 s."""
    sync = Sync(SyncOptions("Décalage", **times))
    assert sync.play(Ticked(), 0) == (Called(times.get("seconds", 30.0)),)
    return sync


def told(*times: float) -> Sync:
    """A measure in which viewers typed the word at these times, and that is over."""
    sync = listening()
    for number, time in enumerate(times, 1):
        sync.play(Said(Player(number, "twitch"), "top"), time)
    sync.play(Ticked(), 30)
    return sync


# --- The rules


def test_a_measure_listens_for_half_a_minute_and_ends() -> None:
    sync = Sync(SyncOptions("Décalage"))
    assert (sync.deadline, sync.scene().phase, sync.over) == (0, "new", False)
    assert sync.play(Ticked(), 0) == (Called(30),)
    assert (sync.deadline, sync.scene().phase) == (30, "listening")
    assert sync.play(Said(INES, "top"), 7) == (Heard(INES, 7),)
    assert sync.scene().replies == 1
    assert sync.play(Ticked(), 29.999999) == NOTHING
    assert sync.delay is None
    assert sync.play(Ticked(), 30) == (Measured(6.5, 1),)
    assert (sync.deadline, sync.over, sync.delay) == (None, True, 6.5)


@pytest.mark.parametrize(
    "text",
    ["top", "TOP", "Top !", " tôp ", "top top TOP", "go", "GO!!!", "go top", "top 😀", "t\u200bop"],
)
def test_the_word_counts_however_it_is_typed(text: str) -> None:
    assert listening().play(Said(INES, text), 5) == (Heard(INES, 5),)


@pytest.mark.parametrize(
    "text",
    ["", "!", "stop", "topo", "le top", "top chef", "gogo", "!top x", "top" * 2000, "top " * 90],
)
def test_any_other_line_is_only_a_line(text: str) -> None:
    assert listening().play(Said(INES, text), 5) == NOTHING


def test_only_the_first_word_of_each_viewer_counts() -> None:
    sync = listening()
    sync.play(Said(INES, "top"), 5)
    assert sync.play(Said(INES, "top"), 9) == NOTHING
    assert sync.play(Ticked(), 30) == (Measured(4.5, 1),)


def test_discord_sees_no_picture_and_does_not_count() -> None:
    sync = listening()
    assert sync.play(Said(CAMILLE, "top"), 1) == NOTHING
    assert sync.play(Said(Player(1, "discord"), "top"), 1) == NOTHING
    assert sync.play(Said(INES, "top"), 5) == (Heard(INES, 5),)


@pytest.mark.parametrize(
    ("times", "delay"),
    [
        ((6.5,), 6.0),
        ((6.2,), 5.5),
        ((6.8,), 6.5),
        ((6.75,), 6.5),
        ((6.74,), 6.0),
        ((0.1,), 0.0),
        ((0.5,), 0.0),
        ((4.0, 20.0), 11.5),
        ((5.0, 6.0, 29.0), 5.5),
        ((0.2, 6.9, 7.0, 7.1, 29.9), 6.5),
    ],
)
def test_the_delay_is_the_median_without_the_time_to_react(
    times: Sequence[float], delay: float
) -> None:
    sync = told(*times)
    assert sync.delay == delay


def test_when_nobody_answers_nothing_is_known() -> None:
    sync = listening()
    assert sync.play(Ticked(), 30) == (Unmeasured(),)
    assert sync.delay is None


def test_a_host_ends_it_sooner_with_what_was_heard() -> None:
    sync = listening()
    sync.play(Said(INES, "top"), 5)
    assert sync.play(Did(None, "stop"), 8) == (Measured(4.5, 1),)
    assert listening().play(Did(None, "stop"), 8) == (Unmeasured(),)


def test_a_word_that_was_deleted_does_not_count_and_may_be_typed_again() -> None:
    sync = listening()
    sync.play(Said(INES, "top"), 1)
    sync.play(Said(LEO, "top"), 7)
    assert sync.play(Withdrew(INES), 2) == (Unheard(INES),)
    assert sync.play(Withdrew(INES), 2) == NOTHING
    assert sync.play(Withdrew(Player(2, "discord")), 2) == NOTHING
    assert sync.play(Said(INES, "go"), 7.2) == (Heard(INES, 7.2),)
    assert sync.play(Ticked(), 30) == (Measured(6.5, 2),)


def test_nothing_counts_before_it_begins_or_after_it_ends() -> None:
    sync = Sync(SyncOptions("Décalage"))
    assert sync.play(Said(INES, "top"), 0) == NOTHING
    ended = told(5.0)
    for play in (Said(LEO, "top"), Withdrew(INES), Ticked(), Did(None, "stop")):
        assert ended.play(play, 40) == NOTHING
    assert ended.delay == 4.5


def test_what_a_measure_does_not_know_is_refused() -> None:
    sync = listening()
    plays = (Did(None, "skip"), Chose(INES, 1, (0,)), Wrote(INES, 1, "top"), Wished(INES, "join"))
    for play in plays:
        with pytest.raises(Refusal, match="unknown-action"):
            sync.play(play, 3)
    assert sync.play(Shown("twitch", 1), 3) == NOTHING


def test_taking_part_is_no_participation() -> None:
    assert listening().record() == ()
    assert told(5.0, 6.0).record() == ()


# --- Properties

PLATFORMS: list[Platform] = ["discord", "twitch"]
PEOPLE = st.builds(Player, st.integers(1, 4), st.sampled_from(PLATFORMS))
TEXTS = ANY_TEXT | st.sampled_from(["top", "Top !", "go", "TOP TOP"])
PLAYS = st.one_of(
    st.builds(Said, PEOPLE, TEXTS),
    st.builds(Said, PEOPLE, st.just("top")),
    st.builds(Withdrew, PEOPLE),
    st.just(Ticked()),
    st.builds(Did, st.none() | PEOPLE, st.sampled_from(["stop", "skip", ""]), TEXTS),
    st.builds(Chose, PEOPLE, st.integers(0, 3), st.just((0,))),
    st.builds(Wrote, PEOPLE, st.integers(0, 3), TEXTS),
    st.builds(Wished, PEOPLE, TEXTS, TEXTS),
    st.builds(Shown, st.sampled_from(PLATFORMS), st.integers(0, 3)),
)
ROUNDS = st.lists(st.tuples(PLAYS, st.integers(0, 6_000_000)), max_size=40)
"""Plays, each so many microseconds after the one before."""

Row = tuple[Play, float]


def run(sync: Sync, steps: Sequence[tuple[Play, int]]) -> tuple[list[Event], list[Row]]:
    """Play as the hall does (a tick first when it is due); return the events, and the plays that caused any."""
    events: list[Event] = []
    kept: list[Row] = []
    at_us = 0

    def take(play: Play) -> None:
        now = at_us / 1_000_000
        try:
            found = sync.play(play, now)
        except Refusal:
            assert not isinstance(play, Said | Withdrew | Shown | Ticked)
            return
        events.extend(found)
        if found:
            kept.append((play, now))

    take(Ticked())
    for play, wait in steps:
        at_us += wait
        if sync.over:
            break
        if sync.deadline is not None and at_us / 1_000_000 >= sync.deadline:
            take(Ticked())
        take(play)
    return events, kept


def picture(sync: Sync) -> tuple[Any, ...]:
    return sync.scene(), sync.deadline, sync.over, sync.delay, sync.record()


@given(ROUNDS)
def test_whatever_is_played_the_facts_add_up(steps: Sequence[tuple[Play, int]]) -> None:
    sync = Sync(SyncOptions("x"))
    events, _ = run(sync, steps)
    standing: dict[int, float] = {}
    for event in events:
        match event:
            case Heard(by, after):
                assert by.platform == "twitch"
                assert by.id not in standing
                assert 0 <= after < 30
                standing[by.id] = after
            case Unheard(by):
                del standing[by.id]
    assert sync.scene().replies == len(standing)
    if sync.over and standing:
        assert events[-1] == Measured(sync.delay or 0.0, len(standing))
        assert 0 <= (sync.delay or 0.0) <= LONGEST_DELAY
        wanted = max(0.0, median(standing.values()) - REACTION)
        assert abs((sync.delay or 0.0) - wanted) <= STEP / 2
    else:
        assert sync.delay is None
    assert sync.record() == ()


@given(ROUNDS)
def test_replaying_what_was_kept_gives_the_same_measure(steps: Sequence[tuple[Play, int]]) -> None:
    options = orjson.loads(orjson.dumps(SyncOptions("x").as_json()))
    live, again = Sync.from_json(options, 1), Sync.from_json(options, 2)
    events, kept = run(live, steps)
    replayed: list[Event] = []
    for number, (play, now) in enumerate(kept):
        row = (1, number, round(now * 1_000_000), *journal.encode(play))
        replayed += again.play(*journal.decode(row))
    assert replayed == events
    assert picture(again) == picture(live)


@given(PLAYS, st.floats(0, 29))
def test_a_play_without_events_changes_nothing(play: Play, now: float) -> None:
    sync = listening()
    sync.play(Said(INES, "top"), 0)
    before = picture(sync)
    try:
        events = sync.play(play, now)
    except Refusal:
        events = ()
    if not events:
        assert picture(sync) == before


# --- What the room keeps


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[House]:
    engine = await House(tmp_path / "e.sqlite3").open()
    yield engine
    engine.database.fault = None
    await engine.close()


def begin(engine: House, room: Room) -> None:
    Syncs(engine.hall, engine.rooms).start(room, Role.HOST)


async def measured(engine: House, room: Room, after: float) -> None:
    """Run a measure that one viewer answers."""
    begin(engine, room)
    engine.clock.advance(after)
    engine.say(room, "twitch", "Inès", "top")
    engine.clock.advance(30 - after)
    await engine.hall.flush()


async def test_the_room_knows_the_delay_once_the_measure_is_over(engine: House) -> None:
    room = await engine.room()
    begin(engine, room)
    engine.clock.advance(7)
    engine.say(room, "twitch", "Inès", "top")
    await engine.hall.flush()
    assert engine.rooms.by_id[room.id].delay == 0
    engine.clock.advance(23)
    await engine.hall.flush()
    assert engine.twitch.of(Measured) == engine.discord.of(Measured) == [Measured(6.5, 1)]
    after = engine.rooms.by_id[room.id]
    assert (after.delay, engine.rooms.by_twitch["t1"], engine.rooms.by_discord["d1"]) == (
        6.5,
        after,
        after,
    )
    assert await engine.sql("SELECT twitch_delay FROM room") == [(6.5,)]
    assert await engine.sql("SELECT count(*) FROM ledger") == [(0,)]
    assert await engine.sql("SELECT players FROM session") == [(0,)]


async def test_the_delay_outlives_the_run(engine: House) -> None:
    room = await engine.room()
    await measured(engine, room, 7)
    await engine.crash()
    again = await engine.again()
    assert again.rooms.by_id[room.id].delay == 6.5
    assert again.hall.running(room.id) is None
    await again.close()
    await engine.open()


async def test_a_measure_goes_on_after_a_crash_and_sets_the_delay_once(engine: House) -> None:
    room = await engine.room()
    begin(engine, room)
    engine.clock.advance(7)
    engine.say(room, "twitch", "Inès", "top")
    await engine.hall.flush()
    await engine.crash()
    again = await engine.again()
    for platform in PLATFORMS:
        again.hall.wake(platform)
    again.clock.advance(23)
    await again.hall.flush()
    assert again.rooms.by_id[room.id].delay == 6.5
    assert again.twitch.of(Measured) == [Measured(6.5, 1)]
    await again.close()
    await engine.open()


async def test_the_same_end_written_twice_sets_the_delay_once(engine: House) -> None:
    room = await engine.room()
    await measured(engine, room, 7)
    [(key,)] = await engine.sql("SELECT id FROM session")
    ended = told(20.0)
    session = Session(key, room, "sync", ended)
    batch = Batch()
    batch.lives = [Ended(session, engine.clock.wall(), ())]
    await batch.commit(engine.database, engine.people, (9, 1), engine.settlers)
    assert engine.rooms.by_id[room.id].delay == 6.5
    assert await engine.sql("SELECT twitch_delay FROM room") == [(6.5,)]


async def test_a_delay_that_could_not_be_written_is_in_no_memory(engine: House) -> None:
    room = await engine.room()
    begin(engine, room)
    engine.clock.advance(7)
    engine.say(room, "twitch", "Inès", "top")
    await engine.hall.flush()
    engine.database.fault = sqlite3.OperationalError("disk full")
    engine.database.failures = 1
    engine.clock.advance(23)
    await engine.hall.flush()
    await engine.hall.flush()
    assert engine.rooms.by_id[room.id].delay == 0
    assert len(engine.twitch.of(Suspended)) == 1
    assert not engine.twitch.of(Measured)
    engine.hall.act(room.id, Role.HOST, "resume")
    engine.clock.advance(30)
    await engine.hall.flush()
    assert engine.rooms.by_id[room.id].delay == 6.5
    assert engine.twitch.of(Measured) == [Measured(6.5, 1)]


async def test_nothing_changes_when_nobody_answers(engine: House) -> None:
    room = await engine.room()
    await measured(engine, room, 7)
    begin(engine, room)
    engine.clock.advance(30)
    await engine.hall.flush()
    assert engine.twitch.of(Unmeasured) == [Unmeasured()]
    assert engine.rooms.by_id[room.id].delay == 6.5


async def test_two_rooms_are_measured_at_once_each_for_itself(engine: House) -> None:
    one, two = await engine.room(1), await engine.room(2)
    begin(engine, one)
    begin(engine, two)
    engine.clock.advance(4)
    engine.say(one, "twitch", "Inès", "top")
    engine.clock.advance(4)
    engine.say(two, "twitch", "Inès", "top")
    engine.clock.advance(30)
    await engine.hall.flush()
    assert [engine.rooms.by_id[room.id].delay for room in (one, two)] == [3.5, 7.5]


async def test_a_measure_keeps_what_else_changed_in_the_room_meanwhile(engine: House) -> None:
    room = await engine.room()
    begin(engine, room)
    engine.clock.advance(7)
    engine.say(room, "twitch", "Inès", "top")
    engine.clock.advance(23)
    await asyncio.gather(engine.hall.flush(), engine.rooms.set_locale(room, "en"))
    kept = engine.rooms.by_id[room.id]
    assert (kept.locale, kept.delay) == ("en", 6.5)
    assert (await engine.again()).rooms.by_id[room.id] == kept


async def test_a_delay_set_by_hand(engine: House) -> None:
    room = await engine.room()
    syncs = Syncs(engine.hall, engine.rooms)
    await engine.asking(room, CAPITAL)
    room = await syncs.set(room, 6.5, Role.HOST)
    session = engine.hall.running(room.id)
    assert session is not None
    assert session.room == engine.rooms.by_id[room.id] == room
    assert room.delay == 6.5
    assert (await syncs.set(room, 0, Role.HOST)).delay == 0
    assert await engine.sql("SELECT twitch_delay FROM room") == [(0.0,)]


async def test_only_hosts_of_a_room_with_a_stream_measure_or_set_it(engine: House) -> None:
    room, alone = await engine.room(), await engine.rooms.open_discord("d9", "g", "Seul")
    syncs = Syncs(engine.hall, engine.rooms)
    for where, role, code in ((room, Role.PATRON, "hosts-only"), (alone, Role.HOST, "not-linked")):
        with pytest.raises(Refusal, match=code):
            syncs.start(where, role)
        with pytest.raises(Refusal, match=code):
            await syncs.set(where, 6, role)
    await engine.asking(room, CAPITAL)
    with pytest.raises(Refusal, match="already-running"):
        syncs.start(room, Role.HOST)


async def test_a_measure_that_was_not_kept_is_told_to_who_started_it(engine: House) -> None:
    room = await engine.room()
    engine.database.fault = sqlite3.OperationalError("disk full")
    receipt = Syncs(engine.hall, engine.rooms).start(room, Role.HOST)
    with pytest.raises(NotKeptError):
        await receipt.committed()


# --- Reading and saying


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *[
            ("6", 6.0),
            ("6,5", 6.5),
            ("6.5", 6.5),
            ("6 s", 6.0),
            ("6,5s", 6.5),
            ("12 secondes", 12.0),
        ],
        *[("0", 0.0), ("60", 60.0), ("six", 6.0), (" 6 sec ", 6.0)],
    ],
)
def test_seconds_are_read_as_people_type_them(text: str, seconds: float) -> None:
    assert read_seconds(text, "fr") == seconds


@pytest.mark.parametrize(
    "text", ["", "s", "beaucoup", "61", "-1", "6 min", "nan", "inf", "9" * 400]
)
def test_what_is_no_delay_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="no-number") as caught:
        read_seconds(text, "fr")
    assert len(caught.value.facts["text"]) <= 12


SAMPLES: list[Any] = [
    Called(30.0),
    Measured(6.5, 1),
    Measured(0.0, 12),
    Measured(29.5, 1200),
    Unmeasured(),
]


def said(event: Any, speech: Speech) -> list[str]:
    match event:
        case Called():
            return [words.called(event, speech), words.called_elsewhere(event, speech)]
        case Measured():
            return [words.measured(event, speech)]
        case _:
            return [words.unmeasured(speech)]


@pytest.mark.parametrize("event", SAMPLES)
def test_every_sentence_fits_and_is_well_set(event: Any) -> None:
    for locale in LOCALES:
        for text in said(event, Speech(locale)):
            assert 0 < len(text) < 200 <= MOST_CHARACTERS
            assert locale != "fr" or not typography(text), text


def test_the_result_is_said_in_words() -> None:
    assert words.measured(Measured(6.5, 12), Speech("fr")) == (
        "Décalage réglé\u202f: 6,5\u00a0s, d’après 12 personnes."
    )
    assert words.measured(Measured(6.0, 1), Speech("en")) == "Delay set: 6 s, as 1 person heard it."


def test_every_event_is_a_sample_or_silent() -> None:
    shown = {type(event) for event in SAMPLES}
    assert shown == {*get_args(Event)} - {Heard, Unheard}
