"""Turns to read aloud: an orderly queue, gentle calls, and nobody ever cut off; and how that is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import journal
from bot.people import LONGEST_NAME
from bot.twitch_client import MOST_CHARACTERS
from bot.wording import turns as words
from bot.wording.speech import LOCALES, Speech
from games.core import Chose, Did, Play, Player, Refusal, Said, Shown, Ticked, Wished, Withdrew
from games.turns import (
    ACTIONS,
    LONGEST_QUEUE,
    LONGEST_TEXT,
    NEAR,
    SECONDS,
    WISHES,
    Called,
    Changed,
    Heard,
    Missed,
    Nearing,
    Postponed,
    Queued,
    Quiet,
    Reading,
    TimeUp,
    TurnEvent,
    Turns,
    TurnsScene,
    Unqueued,
    Waiting,
    read_reading,
)
from tests.test_wording import typography

ANA, BEN, CLO = (Player(number, "discord") for number in (1, 2, 3))
HORLA = Reading("Le Horla", "Maupassant", "la première page")
NOTHING = Reading()


def opened(*readers: Player, seconds: float = SECONDS) -> Turns:
    """Return turns that began at 0 with these readers in order; the first reads."""
    turns = Turns(seconds)
    for reader in readers:
        turns.join(reader, NOTHING, 0)
    turns.open(0)
    return turns


def refusal(turns: Turns, play: Play) -> str:
    """Return the code of a refusal; nothing may have changed."""
    before = turns.scene(), turns.heard(), turns.deadline
    with pytest.raises(Refusal) as caught:
        turns.play(play, 1)
    assert (turns.scene(), turns.heard(), turns.deadline) == before
    return caught.value.code


# --- What is read


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("", NOTHING),
        ("Le Horla", Reading("Le Horla")),
        ("Le Horla ; la première page", Reading("Le Horla", passage="la première page")),
        ("Le Horla;Maupassant;la première page", HORLA),
        ("  Le \n Horla  ;; p. 12 ", Reading("Le Horla", "", "p. 12")),
        ("Le Horla ; Maupassant ; p. 3 ; puis p. 9", Reading("Le Horla", "Maupassant", "p. 3 ; puis p. 9")),
        (";", NOTHING),
        ("x" * 500, Reading("x" * LONGEST_TEXT)),
        ("a\ud83db", Reading("a\ufffdb")),
    ],
)  # fmt: skip
def test_what_is_read_is_a_title_an_author_and_a_passage(text: str, reading: Reading) -> None:
    assert read_reading(text) == reading


# --- The queue


def test_people_queue_before_anybody_is_called() -> None:
    turns = Turns()
    assert turns.join(ANA, HORLA, 0) == (Queued(ANA, 1, HORLA),)
    assert turns.join(BEN, NOTHING, 0) == (Queued(BEN, 2, NOTHING),)
    assert turns.idle
    assert turns.deadline is None


def test_opening_calls_the_first_and_says_who_is_next() -> None:
    turns = Turns()
    turns.join(ANA, HORLA, 0)
    turns.join(BEN, NOTHING, 0)
    assert turns.open(10) == (Called(ANA, HORLA, SECONDS, BEN),)
    assert turns.open(11) == ()
    assert turns.reader == ANA


def test_whoever_joins_while_nobody_reads_is_called_at_once() -> None:
    turns = Turns()
    assert turns.open(0) == ()
    assert turns.join(ANA, HORLA, 5) == (Called(ANA, HORLA, SECONDS, None),)


def test_a_reader_hands_on_to_the_next() -> None:
    turns = opened(ANA, BEN)
    assert turns.finish(ANA, 90.5) == (
        Heard(ANA, NOTHING, 90.5),
        Called(BEN, NOTHING, SECONDS, None),
    )


def test_a_host_hands_on_to_the_next() -> None:
    turns = opened(ANA, BEN)
    assert turns.play(Did(None, "next"), 30) == (
        Heard(ANA, NOTHING, 30),
        Called(BEN, NOTHING, SECONDS, None),
    )


def test_the_last_reader_leaves_quiet_and_turns_stay_open() -> None:
    turns = opened(ANA)
    assert turns.finish(ANA, 60) == (Heard(ANA, NOTHING, 60), Quiet())
    assert turns.join(ANA, NOTHING, 70) == (Called(ANA, NOTHING, SECONDS, None),)


def test_whoever_has_read_may_queue_again_at_the_end() -> None:
    turns = opened(ANA, BEN, CLO)
    turns.finish(ANA, 10)
    assert turns.join(ANA, NOTHING, 11) == (Queued(ANA, 2, NOTHING),)


def test_who_waits_may_say_something_else_and_keeps_their_place() -> None:
    turns = opened(ANA, BEN, CLO)
    assert turns.join(CLO, HORLA, 5) == (Changed(CLO, HORLA),)
    assert turns.scene().queue == (Waiting(BEN, NOTHING), Waiting(CLO, HORLA))


def test_who_reads_may_say_what_it_is() -> None:
    turns = opened(ANA)
    assert turns.join(ANA, HORLA, 5) == (Changed(ANA, HORLA),)
    assert turns.finish(ANA, 9) == (Heard(ANA, HORLA, 9), Quiet())


def test_joining_twice_with_nothing_new_says_where_one_stands() -> None:
    turns = opened(ANA, BEN)
    assert refusal(turns, Wished(BEN, "turn")) == "turn-waits"
    assert refusal(turns, Wished(ANA, "turn")) == "turn-now"
    turns.join(BEN, HORLA, 1)
    text = "Le Horla ; Maupassant ; la première page"
    assert refusal(turns, Wished(BEN, "turn", text)) == "turn-waits"


def test_one_person_on_two_platforms_waits_once() -> None:
    turns = opened(ANA, BEN)
    assert refusal(turns, Wished(Player(BEN.id, "twitch"), "turn")) == "turn-waits"
    assert turns.leave(Player(BEN.id, "twitch"), 1) == (Unqueued(BEN),)


def test_the_queue_has_an_end() -> None:
    turns = opened(*(Player(number, "twitch") for number in range(LONGEST_QUEUE)))
    turns.join(Player(98, "twitch"), NOTHING, 0)
    assert refusal(turns, Wished(Player(99, "twitch"), "turn")) == "turn-full"


def test_who_leaves_the_queue_moves_the_others_up() -> None:
    turns = opened(ANA, BEN, CLO)
    assert turns.leave(BEN, 5) == (Unqueued(BEN),)
    assert turns.scene().queue == (Waiting(CLO, NOTHING),)


def test_a_reader_who_leaves_hands_on() -> None:
    turns = opened(ANA, BEN)
    assert turns.leave(ANA, 5) == (Heard(ANA, NOTHING, 5), Called(BEN, NOTHING, SECONDS, None))


def test_nobody_leaves_or_finishes_what_is_not_theirs() -> None:
    turns = opened(ANA, BEN)
    assert refusal(turns, Wished(CLO, "turn-leave")) == "turn-not-queued"
    assert refusal(turns, Wished(BEN, "turn-done")) == "turn-not-yours"
    assert refusal(turns, Wished(CLO, "turn-done")) == "turn-not-yours"


def test_there_is_no_next_before_the_reading_or_when_nobody_waits() -> None:
    turns = Turns()
    turns.join(ANA, NOTHING, 0)
    assert refusal(turns, Did(None, "next")) == "turn-closed"
    turns = opened()
    assert refusal(turns, Did(None, "next")) == "turn-nobody"
    assert refusal(turns, Did(None, "skip")) == "turn-nobody"


# --- Who is not there


def test_a_reader_who_is_not_there_is_called_again_after_the_others() -> None:
    turns = opened(ANA, BEN)
    assert turns.play(Did(None, "skip"), 20) == (
        Postponed(ANA),
        Called(BEN, NOTHING, SECONDS, ANA),
    )
    assert turns.heard() == ()


def test_a_reader_missed_twice_is_off_the_queue() -> None:
    turns = opened(ANA, BEN)
    turns.skip(20)
    turns.finish(BEN, 30)
    assert turns.skip(40) == (Missed(ANA), Quiet())
    assert turns.scene().queue == ()


def test_a_reader_who_is_not_there_and_alone_is_not_called_in_a_circle() -> None:
    turns = opened(ANA)
    assert turns.skip(20) == (Missed(ANA), Quiet())


def test_who_was_missed_keeps_that_when_they_say_what_they_read() -> None:
    turns = opened(ANA, BEN)
    turns.skip(20)
    turns.join(ANA, HORLA, 25)
    assert turns.scene().queue == (Waiting(ANA, HORLA, missed=True),)


# --- Time


def test_one_minute_left_is_said_then_the_end_and_nobody_is_cut_off() -> None:
    turns = opened(ANA, BEN, seconds=180)
    assert turns.deadline == 120
    assert turns.tick(119.999) == ()
    assert turns.tick(120) == (Nearing(ANA, 60),)
    assert turns.deadline == 180
    assert turns.tick(180) == (TimeUp(ANA, BEN),)
    assert turns.deadline is None
    assert turns.tick(9999) == ()
    assert turns.reader == ANA
    assert turns.finish(ANA, 500) == (
        Heard(ANA, NOTHING, 500),
        Called(BEN, NOTHING, 180, None),
    )


def test_a_turn_of_a_minute_has_one_call() -> None:
    turns = opened(ANA, seconds=NEAR)
    assert turns.deadline == NEAR
    assert turns.tick(NEAR) == (TimeUp(ANA, None),)


def test_a_late_clock_makes_one_call() -> None:
    turns = opened(ANA, seconds=180)
    assert turns.tick(1000) == (TimeUp(ANA, None),)


def test_each_turn_has_its_own_time() -> None:
    turns = opened(ANA, BEN, seconds=180)
    turns.tick(130)
    turns.finish(ANA, 130)
    assert turns.deadline == 250
    assert turns.tick(130) == ()


def test_after_closing_the_reader_finishes_and_nobody_is_called() -> None:
    turns = opened(ANA, BEN, seconds=180)
    turns.close()
    assert not turns.idle
    assert turns.tick(120) == (Nearing(ANA, 60),)
    assert turns.tick(180) == (TimeUp(ANA, None),)
    assert turns.finish(ANA, 200) == (Heard(ANA, NOTHING, 200),)
    assert turns.idle
    assert turns.join(CLO, NOTHING, 201) == (Queued(CLO, 2, NOTHING),)


def test_the_scene_shows_who_reads_what_until_when_and_who_waits() -> None:
    turns = Turns(180)
    turns.join(ANA, HORLA, 0)
    turns.join(BEN, NOTHING, 0)
    turns.open(10)
    queue = (Waiting(BEN, NOTHING),)
    assert turns.scene() == TurnsScene(ANA, HORLA, 190, over=False, queue=queue, turns=0)
    turns.tick(190)
    assert turns.scene() == TurnsScene(ANA, HORLA, 190, over=True, queue=queue, turns=0)
    turns.finish(ANA, 200)
    turns.finish(BEN, 260)
    assert turns.scene() == TurnsScene(None, NOTHING, None, over=False, queue=(), turns=2)
    assert turns.heard() == (Heard(ANA, HORLA, 190), Heard(BEN, NOTHING, 60))


@pytest.mark.parametrize(
    "play",
    [
        Said(ANA, "next"),
        Chose(ANA, 1, (0,)),
        Withdrew(ANA),
        Shown("twitch", 1),
        Wished(ANA, "pages", "12"),
        Did(None, "extend"),
        Ticked(),
    ],
)
def test_other_plays_are_for_the_pause(play: Play) -> None:
    assert opened(ANA, BEN).play(play, 1) == ()


# --- Properties

TEXTS = st.text(max_size=12) | st.sampled_from(["", "Le Horla", "Le Horla ; p. 3", "\ud83d;\udc00"])
PEOPLE = tuple(Player(number, platform) for number in (1, 2, 3) for platform in ("discord", "twitch"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """A play, or opening or closing, `wait` microseconds later."""

    play: Play | str
    wait: int


STEPS = st.lists(
    st.builds(
        Step,
        st.one_of(
            st.builds(Wished, st.sampled_from(PEOPLE), st.sampled_from(sorted(WISHES)), TEXTS),
            st.builds(Did, st.none(), st.sampled_from(sorted(ACTIONS))),
            st.just(Ticked()),
            st.sampled_from(["open", "open", "close"]),
        ),
        st.integers(0, 2_000_000) | st.integers(0, 200_000_000),
    ),
    max_size=40,
)


def run(steps: Sequence[Step], seconds: float = 100.0) -> tuple[Turns, list[TurnEvent]]:
    """Run steps as the hall does: a `Ticked` first when the deadline has passed."""
    turns, events, at_us = Turns(seconds), list[TurnEvent](), 0
    for step in steps:
        at_us += step.wait
        now = at_us / 1_000_000
        if turns.deadline is not None and now >= turns.deadline:
            events += turns.tick(now)
        match step.play:
            case "open":
                events += turns.open(now)
            case "close":
                turns.close()
            case str():
                pass
            case play:
                events += attempt(turns, play, now)
        assert turns.deadline is None or turns.deadline > now - 1e-6
    return turns, events


def attempt(turns: Turns, play: Play, now: float) -> tuple[TurnEvent, ...]:
    before = turns.scene()
    try:
        return turns.play(play, now)
    except Refusal:
        assert turns.scene() == before
        return ()


@settings(deadline=None)
@given(STEPS)
def test_the_same_plays_give_the_same_events(steps: list[Step]) -> None:
    (one, events), (other, again) = run(steps), run(steps)
    assert events == again
    assert one.scene() == other.scene()


@settings(deadline=None)
@given(STEPS)
def test_plays_that_went_through_a_journal_give_the_same_events(steps: list[Step]) -> None:
    def kept(play: Any) -> Any:
        if isinstance(play, str):
            return play
        return journal.decode((1, 1, 0, *journal.encode(play)))[0]

    assert run(steps)[1] == run([Step(kept(step.play), step.wait) for step in steps])[1]


@settings(deadline=None)
@given(STEPS)
def test_one_reads_at_a_time_and_every_turn_ends_by_somebodys_act(steps: list[Step]) -> None:
    turns, events = run(steps)
    reading: Player | None = None
    for event in events:
        match event:
            case Called(by):
                assert reading is None
                reading = by
            case Heard(by) | Postponed(by) | Missed(by):
                assert reading == by
                reading = None
            case Nearing(by) | TimeUp(by):
                assert reading == by
            case _:
                pass
    assert turns.reader == reading


@settings(deadline=None)
@given(STEPS)
def test_nobody_is_called_twice_to_time_in_one_turn(steps: list[Step]) -> None:
    calls: list[type] = []
    for event in run(steps)[1]:
        if isinstance(event, Called):
            calls = []
        if isinstance(event, Nearing | TimeUp):
            assert type(event) not in calls
            assert not (isinstance(event, Nearing) and TimeUp in calls)
            calls.append(type(event))


@settings(deadline=None)
@given(STEPS)
def test_nobody_stands_in_the_queue_twice_or_while_reading(steps: list[Step]) -> None:
    turns, _ = run(steps)
    scene = turns.scene()
    there = [waiting.by.id for waiting in scene.queue]
    there += [scene.reader.id] if scene.reader else []
    assert len(there) == len(set(there))


@settings(deadline=None)
@given(STEPS)
def test_nobody_is_lost(steps: list[Step]) -> None:
    """Whoever came in is waiting, reading, or went by one of the ways out."""
    turns, events = run(steps)
    inside: list[int] = []
    for event in events:
        match event:
            case Queued(by) | Called(by) if by.id not in inside:
                inside.append(by.id)
            case Heard(by) | Missed(by) | Unqueued(by):
                inside.remove(by.id)
            case _:
                pass
    scene = turns.scene()
    there = [waiting.by.id for waiting in scene.queue]
    there += [scene.reader.id] if scene.reader else []
    assert sorted(inside) == sorted(there)


# --- Wording

LONG = Reading("T" * LONGEST_TEXT, "A" * LONGEST_TEXT, "p" * LONGEST_TEXT)
EVENTS: list[TurnEvent] = [
    Queued(ANA, 12, LONG),
    Queued(ANA, 1, NOTHING),
    Changed(ANA, LONG),
    Unqueued(ANA),
    Called(ANA, LONG, 300, BEN),
    Called(ANA, NOTHING, 90, None),
    Nearing(ANA, 60),
    TimeUp(ANA, BEN),
    TimeUp(ANA, None),
    Heard(ANA, LONG, 300),
    Heard(ANA, NOTHING, 300),
    Postponed(ANA),
    Missed(ANA),
    Quiet(),
]


def test_the_samples_show_every_event_of_turns() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(TurnEvent))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_of_turns_fits_a_line_and_is_well_set(event: TurnEvent, locale: str) -> None:
    speech = Speech(locale)
    assert len(words.told(event, speech, lambda _: "W" * LONGEST_NAME)) <= MOST_CHARACTERS
    said = words.told(event, speech, lambda _: "Inès")
    assert isinstance(event, Quiet) or "Inès" in said
    if locale == "fr":
        assert not typography(said), said


def test_what_is_read_is_quoted_on_the_way_out() -> None:
    speech = Speech("fr", str.upper)
    assert words.reading(HORLA, speech) == "«\u202fLE HORLA\u202f», MAUPASSANT, LA PREMIÈRE PAGE"
    assert words.reading(NOTHING, speech) == ""


def test_a_turn_is_announced_with_what_is_read_and_who_is_next() -> None:
    names = {1: "Inès", 2: "Noé"}
    said = words.told(Called(ANA, Reading("Le Horla"), 300, BEN), Speech("fr"), names.__getitem__)
    assert (
        said
        == "À vous, Inès\u202f: «\u202fLe Horla\u202f». Vous avez 5\u00a0min. Puis ce sera à Noé."
    )


def test_the_table_says_who_reads_and_who_waits() -> None:
    turns = opened(ANA, BEN, CLO)
    turns.join(ANA, Reading("Le Horla"), 1)
    naming = {1: "Inès", 2: "Noé", 3: ""}.__getitem__
    assert words.table(turns.scene(), Speech("en"), naming) == [
        "Reading now: Inès, “Le Horla”",
        "Then: Noé and somebody",
    ]
    assert words.table(Turns().scene(), Speech("en"), naming) == []
    assert words.table(opened(ANA).scene(), Speech("en"), naming) == ["Reading now: Inès"]
