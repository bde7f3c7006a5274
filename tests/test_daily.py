"""The question of the day as rules: which one comes, whose answer stands, who was right, streaks that forgive."""

import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.daily import RULES, Wish, read_wish
from games.core import Platform, Refusal
from games.daily import (
    FORGIVEN_EVERY,
    Answer,
    Streak,
    answer,
    answered,
    askable,
    missing,
    pick,
    right,
    topic,
)
from games.matching import Verdict
from games.question import Question, Reply, prepare
from games.recurrence import Series

LETTERS = [Question(f"Question {n} ?", "Zola", wrong=("Hugo", "Sand")) for n in range(7)]
MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


# --- Which question -------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_no_question_comes_twice_until_the_deck_is_used_up(seed: int, days: int) -> None:
    chance, asked, last = random.Random(seed), Counter[str](), ""
    for n in range(days):
        question = pick(LETTERS, asked, last, chance.randrange(2**32))
        assert topic(question) != last
        asked[topic(question)] += 1
        last = topic(question)
        assert set(asked.values()) <= {n // len(LETTERS), n // len(LETTERS) + 1}


def test_a_deck_of_one_question_repeats_it() -> None:
    assert pick(LETTERS[:1], {topic(LETTERS[0]): 3}, topic(LETTERS[0]), 1) is LETTERS[0]


def test_a_question_whose_answer_was_put_right_is_the_same_question() -> None:
    assert topic(Question("Qui a écrit « Germinal » ?", "Zola")) == topic(
        Question("qui a ecrit Germinal", "Émile Zola", wrong=("Hugo",))
    )


def test_an_order_is_not_asked() -> None:
    order = Question("Rangez", order=("a", "b", "c"))
    kinds = (
        LETTERS[0],
        order,
        Question("Vrai ?", truth=True),
        Question("Combien ?", "3", number=3),
    )
    assert order not in askable(kinds)
    assert len(askable(kinds)) == 3


# --- Which answer ---------------------------------------------------------------------------------------------

FIRST, SECOND, THIRD = Reply((0,)), Reply((1,)), Reply((2,))


@pytest.mark.parametrize("platform", ["discord", "twitch"])
def test_what_is_typed_for_all_to_read_changes_nothing(platform: Platform) -> None:
    stands = answer(None, FIRST, platform, private=False)
    assert stands == Answer(FIRST, platform)
    with pytest.raises(Refusal, match="already-answered") as refused:
        answer(stands, SECOND, platform, private=False)
    assert not refused.value.facts, "chat is public"


def test_one_private_change_is_allowed() -> None:
    stands = answer(answer(None, FIRST, "discord", private=True), SECOND, "discord", private=True)
    assert stands == Answer(SECOND, "discord", changed=True)
    with pytest.raises(Refusal, match="daily-changed"):
        answer(stands, THIRD, "discord", private=True)


def test_the_same_answer_again_is_no_change() -> None:
    stands = answer(None, FIRST, "discord", private=True)
    with pytest.raises(Refusal, match="already-answered"):
        answer(stands, FIRST, "discord", private=True)


# --- Who was right --------------------------------------------------------------------------------------------


def test_whoever_is_right_is_right() -> None:
    prompt = prepare(LETTERS[0], "fr", random.Random(1))
    replies = {n: Reply((n,)) for n in range(3)}
    assert right(prompt, replies) == {prompt.choices.index("Zola")}
    several = prepare(Question("Qui ?", answers=("a", "b"), wrong=("c",)), "fr", random.Random(1))
    assert right(several, {1: Reply(several.right), 2: Reply(several.right[:1])}) == {1}
    text = prepare(Question("Qui ?", "Zola"), "fr", random.Random(1))
    assert right(text, {1: Reply(verdict=Verdict.RIGHT), 2: Reply(verdict=Verdict.WRONG)}) == {1}


def test_the_nearest_numbers_are_right() -> None:
    prompt = prepare(Question("Quand ?", "1885", number=1885), "fr", random.Random(1))
    replies = {1: Reply(value=1880.0), 2: Reply(value=1890.0), 3: Reply(value=1900.0)}
    assert right(prompt, replies) == {1, 2}
    assert right(prompt, {}) == frozenset()


# --- What a host asks for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("9h", Wish(time(9))),
        ("9:30 litterature", Wish(time(9, 30), "litterature")),
        ("18 h 30 Premières phrases semaine", Wish(time(18, 30), "Premières phrases", "weekdays")),
        ("9 am workdays", Wish(time(9), "", "workdays")),
        ("midi ouvrés", Wish(time(12), "", "workdays")),
    ],
)
def test_a_time_then_a_deck_then_the_days(text: str, wish: Wish) -> None:
    assert read_wish(text) == wish


@pytest.mark.parametrize("text", ["", "litterature", "semaine 9h", "25h"])
def test_without_a_time_nothing_can_be_planned(text: str) -> None:
    with pytest.raises(Refusal, match="time-missing"):
        read_wish(text)


def test_workdays_leave_out_weekends_and_holidays() -> None:
    rule, holidays = RULES["workdays"]
    thursday = datetime(2026, 4, 30, 9)
    series = Series(thursday, "Europe/Paris", rule, holidays=holidays)
    assert [o.local.day for o in islice(series.following(), 3)] == [30, 4, 5]


# --- Streaks --------------------------------------------------------------------------------------------------


def after(*days: bool) -> Streak:
    """Return a streak after days on which somebody answered or not."""
    streak = Streak()
    for number, present in enumerate(days):
        streak = answered(streak) if present else missing(streak, [day(number)])
    return streak


def test_a_streak_counts_questions_answered_in_a_row() -> None:
    assert after(True, True, True) == Streak(3, 3)


def test_one_missed_question_a_week_is_forgiven() -> None:
    assert after(True, True, False, True).length == 3
    assert after(True, True, False, False, True) == Streak(1, 2)
    week = [True] * 3 + [False] + [True] * 6 + [False] + [True]
    assert after(*week).length == 10
    soon = [True] * 3 + [False] + [True] * 5 + [False] + [True]
    assert after(*soon).length == 1


def test_whoever_never_answered_has_nothing_to_forgive() -> None:
    assert after(False, False) == Streak()


def test_days_without_a_question_count_against_nobody() -> None:
    assert missing(after(True, True), []).length == 2


@given(st.lists(st.booleans(), max_size=80))
def test_a_streak_never_exceeds_the_answers_and_its_best_never_falls(days: list[bool]) -> None:
    best = 0
    for count in range(len(days) + 1):
        streak = after(*days[:count])
        assert 0 <= streak.length <= streak.best <= sum(days[:count])
        assert streak.best >= best
        best = streak.best


@given(st.integers(1, 60), st.data())
def test_whoever_misses_at_most_one_in_a_week_keeps_their_streak(
    length: int, data: st.DataObject
) -> None:
    days = [True] * length
    gap = data.draw(st.integers(FORGIVEN_EVERY, 12))
    for index in range(data.draw(st.integers(1, 6)), length, gap):
        days[index] = False
    assert after(*days).length == sum(days)
