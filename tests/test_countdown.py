"""The numbers round: who is nearest, what is said openly and privately, deals of each level."""

import pytest

from games.core import Did, Refusal, Said
from games.countdown import (
    EXACT,
    FEW,
    GRACE,
    NEAREST,
    PLATES,
    TARGETS,
    Countdown,
    CountdownOptions,
    Deal,
    Entered,
    Gave,
    Hinted,
    deal,
    options,
)
from games.sums import Reach, Step
from games.table import RoundOver
from tests.game_steps import (
    ANNIE,
    BASILE,
    COLINE,
    Evening,
    a_table,
    asked,
    chance,
    french,
    through_json,
)
from tests.sums_oracle import check_sum

PLATES_HERE = (25, 4, 7, 3, 50, 75)


def a_deal(target: int, plates: tuple[int, ...] = PLATES_HERE) -> Deal:
    return Deal(plates, target, Reach(plates).nearest(target))


def countdown(*deals: Deal, **times: float) -> Evening:
    table = a_table(rounds=len(deals), **{"round": 60, "reveal": 15, **times})
    return Evening(Countdown(CountdownOptions(table, deals))).begin()


def test_plates_and_target_are_on_the_table() -> None:
    assert countdown(a_deal(107)).game.scene().board == ("107", "25  4  7  3  50  75")


def test_a_sum_is_taken_in_any_notation_with_its_distance() -> None:
    evening = countdown(a_deal(107))
    [gave] = evening.say(ANNIE, "25×4=100 puis 100+3")
    assert isinstance(gave, Gave)
    assert gave.leads
    assert (gave.reached.by, gave.reached.sum.value, gave.reached.gap) == (ANNIE, 103, 4)


def test_an_exact_sum_said_openly_closes_the_round_a_little_later() -> None:
    evening = countdown(a_deal(107), a_deal(200))
    evening.wait(10)
    evening.say(ANNIE, "25*4+7")
    assert evening.game.deadline == 25 + GRACE
    evening.wait(1)
    evening.say(BASILE, "7+4*25")
    [over] = evening.wait(1)
    assert isinstance(over, RoundOver)
    assert [reached.by for reached in over.outcome.reached] == [ANNIE, BASILE]
    assert evening.points() == {1: EXACT, 2: EXACT}
    assert evening.play(Said(COLINE, "25*4+7")) == ()


def test_an_exact_sum_entered_privately_leaves_the_others_their_time() -> None:
    evening = countdown(a_deal(107))
    [entered] = evening.write(ANNIE, "25*4+7")
    assert isinstance(entered, Entered)
    assert entered.reached.gap == 0
    assert evening.game.scene().deadline == 15 + 60
    assert evening.game.scene().facts.best is None
    evening.write(BASILE, "25*4+7")
    evening.wait(60)
    assert evening.points() == {1: EXACT, 2: EXACT}


def test_the_nearest_win_and_ties_are_equal() -> None:
    evening = countdown(a_deal(999))
    evening.write(ANNIE, "75*(7+4)")  # 825
    evening.write(BASILE, "75*(7+4)+50")  # 875
    evening.write(COLINE, "75*(7+4)+50")
    over, _ = evening.wait(60)
    assert [reached.sum.value for reached in over.outcome.reached] == [875, 875, 825]
    assert evening.points() == {1: 0, 2: NEAREST, 3: NEAREST}
    assert [part.right for part in evening.game.record()] == [0, 0, 0]


def test_a_value_said_openly_is_taken_after_a_moment() -> None:
    evening = countdown(a_deal(999))
    evening.say(ANNIE, "75*(7+4)")
    evening.wait(1)
    assert evening.say(BASILE, "(4+7)*75")
    evening.wait(2)
    assert evening.why_not(COLINE, "75*(7+4)") == "said-already"


def test_only_a_nearer_sum_replaces_ones_own() -> None:
    evening = countdown(a_deal(999))
    evening.say(ANNIE, "75*(7+4)")
    assert evening.why_not(ANNIE, "75*7") == "no-nearer"
    [nearer] = evening.say(ANNIE, "75*(7+4)+50")
    assert nearer.leads


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bonjour", "no-sum"),
        ("107", "no-sum"),
        ("25*25", "sum-no-plate"),
        ("25/4", "sum-not-whole"),
        ("4-7", "sum-not-positive"),
        ("25*4=99", "sum-wrong"),
    ],
)
def test_what_does_not_count_says_why(typed: str, code: str) -> None:
    assert countdown(a_deal(107)).why_not(ANNIE, typed) == code


def test_hints_are_steps_of_the_best_sum_but_never_the_last() -> None:
    evening = countdown(a_deal(107))
    assert evening.do("hint") == (Hinted(Step(25, "*", 4, 100)),)
    assert evening.game.scene().facts.hints == (Step(25, "*", 4, 100),)
    assert evening.refused(Did(None, "hint")).code == "no-more-hints"


def test_a_best_sum_is_shown_even_when_nobody_played() -> None:
    over, _ = countdown(a_deal(107), idle=600).wait(60)
    assert (over.outcome.reached, over.outcome.best.value) == ((), 107)


def test_a_stopped_round_is_paid_too() -> None:
    evening = countdown(a_deal(999), a_deal(107))
    evening.say(ANNIE, "75*(7+4)")
    evening.do("stop")
    assert evening.points() == {1: NEAREST}


# Deals


def test_the_bag_holds_twenty_four_plates() -> None:
    assert sorted(PLATES) == sorted([*range(1, 11), *range(1, 11), 25, 50, 75, 100])


@pytest.mark.parametrize("level", [1, 2, 3])
def test_deals_are_as_hard_as_they_say(level: int) -> None:
    draw = chance(level)
    for _ in range(8):
        dealt = deal(level, draw)
        left = list(PLATES)
        for plate in dealt.plates:
            left.remove(plate)
        assert (len(dealt.plates), dealt.target in TARGETS) == (6, True)
        check_sum(dealt.best, dealt.plates)
        assert level == 3 or dealt.best.value == dealt.target
        assert level > 1 or len(dealt.best.steps) < FEW


def test_a_host_says_the_level_and_nothing_else() -> None:
    made = options(a_table(rounds=2), asked("facile"), french(), chance())
    assert all(len(one.best.steps) < FEW for one in made.deals)
    with pytest.raises(Refusal):
        options(a_table(), asked("lundi"), french(), chance())


def test_a_session_is_built_again_from_its_options() -> None:
    made = options(a_table(rounds=2), asked(), french(), chance())
    assert Countdown.from_json(through_json(made), 5, french()).options == made
