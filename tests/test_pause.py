"""The rules of the reading pause, by sentences and by properties; replayed here and in another process."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings

from games.core import (
    Chose,
    Did,
    Part,
    Play,
    Player,
    Refusal,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.pause import (
    BOARD,
    BOOK_FORM,
    BREATHE,
    GRACE,
    LOG_FORM,
    MOST_MINUTES,
    READ,
    Amended,
    Began,
    Breathed,
    Changed,
    Counted,
    Doubted,
    Ended,
    Finished,
    Joined,
    Left,
    Logged,
    Opened,
    Pause,
    PauseOptions,
    Reopened,
    Rested,
    Retimed,
    Returned,
    book_form,
    log_form,
)
from games.readers import Reading, Totals
from tests.pause_strategies import Plan, Runner, chance_plan, picture, plans, replayed

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")
NOTHING = ()
HELLO, SECONDS, LOG, SHARE, REST = 120, 900, 600, 300, 60


def pause_of(**options: Any) -> Pause:
    chosen = {"seconds": SECONDS, "hello": HELLO, "log": LOG, "share": SHARE, "rest": REST}
    pause = Pause(PauseOptions("Pause lecture", **(chosen | options)), 7)
    pause.play(Ticked(), 0)
    return pause


def reading(**options: Any) -> Pause:
    """A pause whose first block began at 120 s and lasts until 1020 s."""
    pause = pause_of(**options)
    pause.play(Ticked(), HELLO)
    assert pause.scene().phase == "reading"
    return pause


def logging(*readers: Player, **options: Any) -> Pause:
    """A pause that these people read from its very beginning to its end at 1020 s."""
    pause = pause_of(**options)
    for reader in readers:
        pause.play(Wished(reader, "join"), 1)
    pause.play(Ticked(), HELLO)
    pause.play(Ticked(), HELLO + SECONDS)
    assert pause.scene().phase == "log"
    return pause


def log(by: Player, what: str) -> Wished:
    return Wished(by, "log", what)


def refused(pause: Pause, play: Play, now: float) -> str:
    before = picture(pause)
    with pytest.raises(Refusal) as caught:
        pause.play(play, now)
    assert picture(pause) == before
    return caught.value.code


def of(pause: Pause, player: Player) -> Reading:
    return next(one for one in pause.readings() if one.player == player)


# The course of a pause


def test_a_pause_goes_through_hello_reading_log_and_share_and_ends() -> None:
    pause = Pause(PauseOptions("Pause lecture", hello=120, log=600, share=300), 7)
    assert (pause.scene().phase, pause.deadline) == ("new", 0)
    opened = Opened("Pause lecture", "silent", 900, 1, 600, 120)
    assert pause.play(Ticked(), 0) == (opened,)
    assert (pause.scene().phase, pause.deadline) == ("hello", 120)
    pause.play(Wished(ANNIE, "join"), 30)
    assert pause.play(Ticked(), 120) == (Began(1, 1, 900),)
    assert (pause.scene().phase, pause.deadline) == ("reading", 1020)
    assert pause.play(Ticked(), 1020) == (Ended(1, 600),)
    assert (pause.scene().phase, pause.deadline) == ("log", 1620)
    totals = Totals(readers=1, present=900)
    assert pause.play(Ticked(), 1620) == (Counted(totals, 300),)
    assert (pause.scene().phase, pause.deadline) == ("share", 1920)
    assert pause.play(Ticked(), 1920) == (Finished(totals, stopped=False, told=True),)
    assert (pause.over, pause.deadline, pause.scene().phase) == (True, None, "over")


def test_a_tick_before_the_deadline_does_nothing() -> None:
    pause = reading()
    before = picture(pause)
    assert pause.play(Ticked(), 1019.999999) == NOTHING
    assert picture(pause) == before


def test_the_scene_shows_what_is_on_the_table() -> None:
    pause = reading(kind="aloud", blocks=3)
    pause.play(Wished(ANNIE, "join"), 130)
    pause.play(log(ANNIE, "12"), 140)
    scene = pause.scene()
    assert (scene.title, scene.kind, scene.step, scene.steps) == ("Pause lecture", "aloud", 1, 3)
    assert (scene.players, scene.replies, scene.deadline) == (1, 1, 1020)
    assert scene.outcome == Totals(1, 1, 12)


def test_the_chats_are_quiet_only_while_people_read() -> None:
    pause = pause_of(quiet="slow", blocks=2)
    pause.play(Wished(ANNIE, "join"), 1)
    asked = [pause.scene().quiet]
    for at in (120, 1020, 1080, 1980, 2580, 2880):
        pause.play(Ticked(), at)
        asked.append(pause.scene().quiet)
    assert asked == ["", "slow", "", "slow", "", "", ""]
    assert reading().scene().quiet == ""


def test_a_marathon_reads_in_blocks_with_breaks_between() -> None:
    pause = reading(blocks=3)
    pause.play(Wished(ANNIE, "join"), 420)
    assert pause.play(Ticked(), 1020) == (Rested(1, 3, 60),)
    assert (pause.scene().phase, pause.deadline) == ("break", 1080)
    pause.play(Wished(BASILE, "join"), 1030)
    assert pause.play(Ticked(), 1080) == (Began(2, 3, 900),)
    assert pause.play(Ticked(), 1980) == (Rested(2, 3, 60),)
    assert pause.play(Ticked(), 2040) == (Began(3, 3, 900),)
    assert pause.play(Ticked(), 2940) == (Ended(2, 600),)
    assert [one.present for one in pause.readings()] == [600 + 900 + 900, 900 + 900]


def test_a_pause_without_time_to_share_ends_with_its_log_window() -> None:
    pause = logging(ANNIE, share=0)
    assert pause.play(Ticked(), 1620) == (Finished(Totals(1, present=900), False, told=False),)


def test_a_pause_without_readers_ends_with_its_log_window() -> None:
    pause = logging()
    assert pause.play(Ticked(), 1620) == (Finished(Totals(), stopped=False, told=False),)
    assert pause.record() == ()


def test_chat_silence_and_posts_are_none_of_its_business() -> None:
    pause = logging(ANNIE)
    before = picture(pause)
    for play in (Said(ANNIE, "12 pages"), Withdrew(ANNIE), Shown("twitch", 1)):
        assert pause.play(play, 1030) == NOTHING
    assert picture(pause) == before


# Who is there


def test_everybody_who_joined_was_there_whether_or_not_they_log() -> None:
    pause = logging(ANNIE, BASILE)
    pause.play(log(ANNIE, "12"), 1030)
    assert pause.record() == (Part(ANNIE, 0, 0, 0), Part(BASILE, 0, 0, 0))
    assert pause.totals() == Totals(2, 1, 12, present=1800)


def test_a_late_reader_still_counts() -> None:
    pause = reading()
    assert pause.play(Wished(ANNIE, "join"), 720) == (Joined(ANNIE),)
    pause.play(Ticked(), 1020)
    assert of(pause, ANNIE).present == 300


def test_the_time_of_arriving_is_not_reading() -> None:
    pause = logging(ANNIE)
    assert of(pause, ANNIE).present == 900


def test_who_reads_already_is_told_so() -> None:
    pause = reading()
    pause.play(Wished(ANNIE, "join"), 130)
    assert refused(pause, Wished(ANNIE, "join"), 140) == "already-reading"
    assert refused(pause, Chose(ANNIE, BOARD, (READ,)), 140) == "already-reading"
    assert refused(pause, Wished(Player(1, "twitch"), "join"), 140) == "already-reading"


def test_a_break_of_ones_own_is_not_counted() -> None:
    pause = reading()
    pause.play(Chose(ANNIE, BOARD, (READ,)), 120)
    assert pause.play(Chose(ANNIE, BOARD, (BREATHE,)), 220) == (Breathed(ANNIE),)
    assert refused(pause, Wished(ANNIE, "breathe"), 230) == "not-reading"
    assert pause.play(Chose(ANNIE, BOARD, (BREATHE,)), 320) == (Returned(ANNIE),)
    assert pause.play(Wished(ANNIE, "breathe"), 420) == (Breathed(ANNIE),)
    assert pause.play(Wished(ANNIE, "join"), 920) == (Returned(ANNIE),)
    pause.play(Ticked(), 1020)
    assert of(pause, ANNIE).present == 100 + 100 + 100


def test_the_button_for_a_break_lets_a_newcomer_in() -> None:
    assert reading().play(Chose(ANNIE, BOARD, (BREATHE,)), 130) == (Joined(ANNIE),)


def test_who_leaves_was_there_and_may_come_back() -> None:
    pause = reading()
    assert refused(pause, Wished(ANNIE, "leave"), 130) == "not-reading"
    pause.play(Wished(ANNIE, "join"), 120)
    assert pause.play(Wished(ANNIE, "leave"), 220) == (Left(ANNIE),)
    assert refused(pause, Wished(ANNIE, "leave"), 230) == "not-reading"
    assert pause.play(Wished(ANNIE, "back"), 920) == (Returned(ANNIE),)
    pause.play(Ticked(), 1020)
    assert of(pause, ANNIE).present == 200


def test_one_may_say_in_the_log_window_that_one_was_there() -> None:
    pause = logging(ANNIE)
    assert pause.play(Wished(BASILE, "join"), 1030) == (Joined(BASILE),)
    assert pause.play(log(COLINE, "3 pages"), 1040) == (
        Joined(COLINE),
        Logged(COLINE, "pages", 3, False, 3),
    )
    assert [of(pause, one).present for one in (BASILE, COLINE)] == [0, 0]
    pause.play(Ticked(), 1620)
    assert refused(pause, Wished(Player(9, "twitch"), "join"), 1630) == "log-closed"


@pytest.mark.parametrize("wish", ["dance", ""])
def test_a_wish_nobody_knows_is_refused(wish: str) -> None:
    assert refused(reading(), Wished(ANNIE, wish), 130) == "unknown-action"


@pytest.mark.parametrize(("prompt", "choices"), [(1, (2,)), (1, ()), (1, (0, 1)), (2, (0,))])
def test_a_button_that_is_not_there_is_refused(prompt: int, choices: tuple[int, ...]) -> None:
    assert refused(reading(), Chose(ANNIE, prompt, choices), 130) == "no-such-choice"


# Books


def test_a_book_may_be_named_when_joining() -> None:
    pause = reading()
    assert pause.play(Wished(ANNIE, "join", "Germinal p. 45"), 130) == (
        Joined(ANNIE),
        Changed(ANNIE, "Germinal"),
    )
    assert pause.play(log(ANNIE, "page 67"), 1000) == (Logged(ANNIE, "pages", 22, False, 22),)


def test_a_book_may_be_told_in_a_form() -> None:
    pause = reading()
    form = Wrote(ANNIE, BOOK_FORM, book_form("Emma ", "audio", ""))
    assert pause.play(form, 130) == (Joined(ANNIE), Changed(ANNIE, "Emma"))
    assert pause.play(log(ANNIE, "15"), 140) == (Logged(ANNIE, "minutes", 15, False, 15),)


def test_another_book_keeps_what_was_logged_of_the_one_before() -> None:
    pause = logging(ANNIE)
    pause.play(Wished(ANNIE, "book", "Germinal"), 1021)
    pause.play(log(ANNIE, "12 pages"), 1022)
    assert pause.play(Wished(ANNIE, "book", "Nana p. 30"), 1023) == (Changed(ANNIE, "Nana"),)
    assert pause.play(log(ANNIE, "p. 35"), 1024) == (Logged(ANNIE, "pages", 5, False, 17),)
    assert pause.play(log(ANNIE, "p. 40"), 1025) == (Logged(ANNIE, "pages", 10, True, 22),)
    assert of(pause, ANNIE).pages == 22


def test_the_same_title_again_is_the_same_book() -> None:
    pause = logging(ANNIE)
    pause.play(Wished(ANNIE, "join", "Germinal"), 1021)
    pause.play(log(ANNIE, "12 pages"), 1022)
    pause.play(Wished(ANNIE, "join", "GERMINAL p. 3"), 1023)
    assert pause.play(log(ANNIE, "p. 10"), 1024) == (Logged(ANNIE, "pages", 7, True, 7),)


def test_a_title_that_comes_with_the_log_names_the_book_or_is_another_one() -> None:
    pause = logging(ANNIE)
    pause.play(Wrote(ANNIE, LOG_FORM, log_form("12", "")), 1021)
    pause.play(Wrote(ANNIE, LOG_FORM, log_form("13", "Germinal")), 1022)
    assert of(pause, ANNIE).pages == 13
    pause.play(Wrote(ANNIE, LOG_FORM, log_form("5", "Nana")), 1023)
    assert of(pause, ANNIE).pages == 18


def test_a_book_needs_a_name_or_a_page() -> None:
    assert refused(reading(), Wished(ANNIE, "book", "  "), 130) == "no-title"


@pytest.mark.parametrize("form", [(1, "a"), (1, "a\nb\nc\nd"), (2, "12"), (4, "12\n")])
def test_a_form_that_is_not_ours_is_refused(form: tuple[int, str]) -> None:
    assert refused(reading(), Wrote(ANNIE, *form), 130) == "unknown-action"


def test_a_form_is_one_line_for_each_field() -> None:
    assert book_form("Le\nsoir", "paper", "4\r\n5") == "Le soir\npaper\n4 5"
    assert log_form("12\n", "a\n\nb") == "12\na b"


# Logging


def test_units_are_summed_apart_and_percentages_counted() -> None:
    pause = logging(ANNIE, BASILE, COLINE)
    for by, what in [
        (ANNIE, "12 pages"),
        (ANNIE, "25 min"),
        (BASILE, "30 pages"),
        (BASILE, "45 %"),
        (COLINE, "2 chap"),
        (COLINE, "60 %"),
    ]:
        pause.play(log(by, what), 1030)
    assert pause.totals() == Totals(3, 3, 42, 25, 2, 2, 2700)
    assert of(pause, ANNIE) == Reading(ANNIE, 12, 25, 0, 0, 900)


def test_what_is_logged_again_takes_the_place_of_what_was_before() -> None:
    pause = logging(ANNIE, BASILE)
    assert pause.play(log(ANNIE, "12"), 1030) == (Logged(ANNIE, "pages", 12, False, 12),)
    assert pause.play(log(ANNIE, "21"), 1040) == (Logged(ANNIE, "pages", 21, True, 21),)
    assert pause.totals().pages == 21


def test_one_may_log_while_reading_goes_on() -> None:
    pause = reading()
    assert pause.play(log(ANNIE, "5"), 300)[-1] == Logged(ANNIE, "pages", 5, False, 5)
    assert refused(pause_of(), log(ANNIE, "5"), 10) == "log-too-soon"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-3", "log-negative"),
        ("1000000000", "log-too-much"),
        ("p. 12-8", "log-backwards"),
        ("140 %", "log-percent"),
        ("١٢", "log-digits"),
        ("beaucoup", "log-unread"),
        ("", "log-empty"),
        ("page 120", "log-no-start"),
    ],
)
def test_nonsense_changes_nothing(typed: str, code: str) -> None:
    pause = logging(ANNIE)
    assert refused(pause, log(ANNIE, typed), 1030) == code
    assert refused(pause, log(BASILE, typed), 1030) == code
    assert refused(pause, Wrote(ANNIE, LOG_FORM, log_form(typed, "Nana")), 1030) == code


def test_an_end_page_before_the_page_where_one_began_is_refused() -> None:
    pause = logging(ANNIE)
    pause.play(Wished(ANNIE, "book", "Nana p. 30"), 1021)
    assert refused(pause, log(ANNIE, "p. 29"), 1030) == "log-backwards"
    assert refused(pause, Wrote(ANNIE, BOOK_FORM, "Nana\npaper\n-5"), 1030) == "log-negative"


def test_what_is_unlikely_is_asked_again_and_then_believed() -> None:
    pause = logging(ANNIE)
    asked = Doubted(ANNIE, "pages", 482, 15)
    assert pause.play(log(ANNIE, "482 pages"), 1030) == (asked,)
    assert pause.totals().logged == 0
    assert pause.play(log(ANNIE, "482"), 1040) == (Logged(ANNIE, "pages", 482, False, 482),)


def test_another_unlikely_value_is_asked_again() -> None:
    pause = logging(ANNIE)
    pause.play(log(ANNIE, "482"), 1030)
    assert pause.play(log(ANNIE, "483"), 1031) == (Doubted(ANNIE, "pages", 483, 15),)
    assert pause.play(log(ANNIE, "48"), 1032) == (Logged(ANNIE, "pages", 48, False, 48),)
    assert pause.play(log(ANNIE, "483"), 1033) == (Doubted(ANNIE, "pages", 483, 15),)


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [("60 pages", "61 pages"), ("30 min", "31 min"), ("7 chap", "8 chap"), ("p. 1-61", "p. 1-62")],
)
def test_caps_grow_with_the_time_there_was(likely: str, unlikely: str) -> None:
    assert isinstance(logging(ANNIE).play(log(ANNIE, likely), 1030)[-1], Logged)
    assert isinstance(logging(ANNIE).play(log(ANNIE, unlikely), 1030)[-1], Doubted)
    long = pause_of(seconds=5400)
    long.play(Ticked(), HELLO)
    long.play(Ticked(), HELLO + 5400)
    assert isinstance(long.play(log(ANNIE, unlikely), 5530)[-1], Logged)


def test_who_is_doubted_was_there_all_the_same() -> None:
    pause = logging(ANNIE)
    assert pause.play(log(BASILE, "482"), 1030) == (
        Joined(BASILE),
        Doubted(BASILE, "pages", 482, 15),
    )
    assert pause.totals().readers == 2


def test_the_log_window_closes_soon_once_everybody_present_has_logged() -> None:
    pause = logging(ANNIE, BASILE, COLINE)
    pause.play(Wished(COLINE, "leave"), 1021)
    pause.play(log(ANNIE, "12"), 1030)
    assert pause.deadline == 1620
    pause.play(log(BASILE, "3"), 1040)
    assert pause.deadline == pause.scene().deadline == 1040 + GRACE
    pause.play(log(BASILE, "4"), 1090)
    assert pause.deadline == 1090 + GRACE
    pause.play(Wished(Player(9, "twitch"), "join"), 1100)
    assert pause.deadline == 1620
    pause.play(Wished(Player(9, "twitch"), "leave"), 1110)
    [counted] = pause.play(Ticked(), 1110 + GRACE)
    assert isinstance(counted, Counted)
    assert (counted.totals.readers, counted.totals.logged, counted.totals.pages) == (4, 2, 16)


def test_everybody_having_logged_never_makes_the_window_longer() -> None:
    pause = logging(ANNIE)
    pause.play(log(ANNIE, "12"), 1600)
    assert pause.deadline == 1620


# Hosts


@pytest.mark.parametrize(("text", "seconds"), [("", 300), ("1", 60), ("20", 1200)])
def test_a_host_makes_a_phase_longer(text: str, seconds: int) -> None:
    pause = reading()
    assert pause.play(Did(None, "extend", text), 1000) == (Retimed(20 + seconds),)
    assert pause.deadline == 1020 + seconds
    pause.play(Wished(ANNIE, "join"), 1010)
    pause.play(Ticked(), 1020 + seconds)
    assert of(pause, ANNIE).present == 10 + seconds


def test_a_host_makes_a_phase_shorter_but_not_shorter_than_it_was() -> None:
    pause = reading()
    assert pause.play(Did(None, "shorten", "10"), 220) == (Retimed(200),)
    assert refused(pause, Did(None, "shorten", "4"), 221) == "too-short"
    assert refused(pause, Did(None, "extend", str(MOST_MINUTES)), 221) == "too-long"


@pytest.mark.parametrize("text", ["0", "241", "-5", "beaucoup", "٥", "99999", "5.5"])
def test_minutes_that_are_none_are_refused(text: str) -> None:
    assert refused(reading(), Did(None, "extend", text), 130) == "no-number"


def test_a_host_goes_on_at_once() -> None:
    pause = pause_of(blocks=2)
    pause.play(Wished(ANNIE, "join"), 1)
    kinds = [type(pause.play(Did(None, "skip"), at)[0]) for at in range(10, 70, 10)]
    assert kinds == [Began, Rested, Began, Ended, Counted, Finished]
    assert of(pause, ANNIE).present == 20


def test_a_host_ends_the_reading_early() -> None:
    pause = reading(blocks=3)
    pause.play(Wished(ANNIE, "join"), 120)
    assert pause.play(Did(None, "end"), 420) == (Ended(1, 600),)
    assert of(pause, ANNIE).present == 300
    assert pause.play(Did(None, "end"), 430) == (Finished(Totals(1, present=300), False, False),)


@pytest.mark.parametrize("action", ["end", "stop"])
def test_a_pause_called_off_before_it_began_was_none(action: str) -> None:
    pause = pause_of()
    pause.play(Wished(ANNIE, "join"), 1)
    assert pause.play(Did(None, action), 10) == (Finished(Totals(), stopped=True, told=False),)
    assert (pause.record(), pause.readings(), pause.begun) == ((), (), False)


def test_a_pause_stopped_while_reading_counts_what_was() -> None:
    pause = reading()
    pause.play(Wished(ANNIE, "join"), 120)
    assert pause.play(Did(None, "stop"), 220) == (
        Finished(Totals(1, present=100), stopped=True, told=False),
    )
    assert pause.record() == (Part(ANNIE, 0, 0, 0),)
    assert refused(pause, Did(None, "stop"), 230) == "nothing-running"


def test_a_host_reopens_the_log_window() -> None:
    pause = logging(ANNIE)
    assert refused(pause, Did(None, "reopen"), 1030) == "not-closed"
    pause.play(log(ANNIE, "12"), 1040)
    pause.play(Ticked(), 1100)
    assert refused(pause, log(ANNIE, "21"), 1110) == "log-closed"
    assert pause.play(Did(None, "reopen"), 1120) == (Reopened(600),)
    assert pause.deadline == 1720
    pause.play(log(ANNIE, "21"), 1130)
    [counted] = pause.play(Ticked(), 1190)
    assert isinstance(counted, Counted)
    assert counted.totals.pages == 21
    assert pause.play(Ticked(), 1490) == (Finished(counted.totals, False, told=True),)


def test_a_host_corrects_what_somebody_read_also_when_the_window_is_closed() -> None:
    pause = logging(ANNIE)
    pause.play(Wished(ANNIE, "book", "Germinal"), 1021)
    pause.play(log(ANNIE, "12"), 1022)
    pause.play(Wished(ANNIE, "book", "Nana"), 1023)
    pause.play(log(ANNIE, "13"), 1024)
    pause.play(Ticked(), 1100)
    assert pause.play(Did(None, "amend", "1 500 pages"), 1110) == (Amended(1, "pages", 500),)
    assert of(pause, ANNIE).pages == 500
    [finished] = pause.play(Ticked(), 1400)
    assert isinstance(finished, Finished)
    assert (finished.totals.pages, finished.told) == (500, False)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2 12", "not-a-reader"), ("", "not-a-reader"), ("x 12", "not-a-reader"), ("1 -3", "log-negative")],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(text: str, code: str) -> None:
    assert refused(logging(ANNIE), Did(None, "amend", text), 1030) == code


def test_an_action_nobody_knows_is_refused() -> None:
    assert refused(reading(), Did(None, "dance"), 130) == "unknown-action"


def test_options_come_back_from_json() -> None:
    options = PauseOptions("Le soir", "free", 60, 3, 5, 1, 2, 3)
    assert PauseOptions.from_json(orjson.loads(orjson.dumps(options.as_json()))) == options


# Properties


def runner_of(plan: Plan) -> Runner:
    runner = Runner(Pause(plan.options, 0))
    runner.run(plan.steps)
    return runner


@settings(max_examples=120, deadline=None)
@given(plans())
def test_totals_are_always_the_sums_of_what_people_read(plan: Plan) -> None:
    runner = Runner(Pause(plan.options, 0))
    runner.take(Ticked())
    for step in plan.steps:
        play = runner.step(step)
        try:
            events = runner.take(play) if play is not None else ()
        except Refusal:
            events = ()
        pause = runner.pause
        totals, readings = pause.totals(), pause.readings()
        if pause.begun:
            assert totals.readers == len(readings)
            assert totals.pages == sum(one.pages for one in readings)
            assert totals.minutes == sum(one.minutes for one in readings)
            assert totals.chapters == sum(one.chapters for one in readings)
            assert totals.percents == sum(one.percent > 0 for one in readings)
        if pause.over:
            assert totals.present == round(sum(one.present for one in readings), 6)
        assert 0 <= totals.logged <= totals.readers
        assert pause.over == (pause.deadline is None)
        for event in events:
            if isinstance(event, Logged):
                assert 0 <= event.amount <= event.total


@settings(max_examples=120, deadline=None)
@given(plans())
def test_nobody_was_there_longer_than_there_was_reading(plan: Plan) -> None:
    runner = runner_of(plan)
    pause, read = runner.pause, runner.pause._reading_time(runner.at_us / 1_000_000)
    for one in pause.readings():
        assert 0 <= one.present <= read
        assert min(one.pages, one.minutes, one.chapters, one.percent) >= 0


@settings(max_examples=120, deadline=None)
@given(plans())
def test_a_refused_play_changes_nothing(plan: Plan) -> None:
    runner = Runner(Pause(plan.options, 0))
    runner.take(Ticked())
    for step in plan.steps:
        play = runner.step(step)
        if play is None:
            break
        before = picture(runner.pause)
        try:
            events = runner.take(play)
        except Refusal:
            events = ()
        if not events:
            assert picture(runner.pause) == before


@settings(max_examples=120, deadline=None)
@given(plans())
def test_a_replayed_journal_gives_the_live_state(plan: Plan) -> None:
    runner = runner_of(plan)
    again, events = replayed(orjson.dumps(plan.options.as_json()), runner.rows)
    assert picture(again) == picture(runner.pause)
    assert events == runner.events


@settings(max_examples=60, deadline=None)
@given(plans())
def test_a_pause_goes_on_after_a_replay_as_if_nothing_had_been(plan: Plan) -> None:
    straight, cut = runner_of(plan), len(plan.steps) // 2
    first = Runner(Pause(plan.options, 0))
    first.run(plan.steps[:cut])
    again, events = replayed(orjson.dumps(plan.options.as_json()), first.rows)
    second = Runner(again, first.at_us, list(first.rows), events)
    for step in plan.steps[cut:]:
        play = second.step(step)
        try:
            if play is not None:
                second.take(play)
        except Refusal:
            continue
    assert second.events == straight.events
    assert picture(second.pause) == picture(straight.pause)


REPLAY = """
import hashlib, json, sys
from bot.journal import decode
from games.pause import Pause
for options, rows in json.load(sys.stdin):
    pause, events = Pause.from_json(options, 0), []
    for row in rows:
        play, at = decode(tuple(row))
        events += pause.play(play, at)
    seen = repr((events, pause.scene(), pause.readings(), pause.deadline))
    print(hashlib.sha256(seen.encode()).hexdigest())
"""


def _digest(runner: Runner) -> str:
    pause = runner.pause
    seen = repr((runner.events, pause.scene(), pause.readings(), pause.deadline))
    return hashlib.sha256(seen.encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_another_process_under_another_hash_seed_replays_the_same(hash_seed: str) -> None:
    runners = [runner_of(chance_plan(seed)) for seed in range(20)]
    logged = [e for runner in runners for e in runner.events if isinstance(e, Logged | Doubted)]
    ended = [e for runner in runners for e in runner.events if isinstance(e, Counted | Finished)]
    assert len(logged) > 20, "the recorded pauses are too quiet to prove anything"
    assert len(ended) > 10, "the recorded pauses end too seldom to prove anything"
    runs = [[runner.pause.options.as_json(), runner.rows] for runner in runners]
    done = subprocess.run(
        [sys.executable, "-c", REPLAY],
        input=json.dumps(runs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=30,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stdout.split() == [_digest(runner) for runner in runners]
