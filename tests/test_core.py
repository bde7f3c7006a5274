"""The words that rules share: boards, roles, refusals."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import Player, Refusal, Role, Said, Standing, rank

ANNIE, BASILE, COLINE = (Player(number, "discord") for number in (1, 2, 3))


def test_ties_share_a_rank_and_the_next_is_not_skipped() -> None:
    assert rank({ANNIE: 3, BASILE: 5, COLINE: 3}) == (
        Standing(1, BASILE, 5),
        Standing(2, ANNIE, 3),
        Standing(2, COLINE, 3),
    )
    assert [s.rank for s in rank({ANNIE: 5, BASILE: 5, COLINE: 2})] == [1, 1, 2]


def test_tied_players_keep_the_order_they_came_in() -> None:
    assert [s.player for s in rank({COLINE: 1, ANNIE: 1, BASILE: 1})] == [COLINE, ANNIE, BASILE]


def test_nobody_makes_an_empty_board() -> None:
    assert rank({}) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.builds(Player, st.integers(1, 50), st.just("twitch")), st.integers(-5, 9))
)
def test_a_board_has_everybody_once_with_dense_ranks_that_follow_points(
    points: dict[Player, int],
) -> None:
    board = rank(points)
    assert {s.player: s.points for s in board} == points
    assert len(board) == len(points)
    levels = sorted(set(points.values()), reverse=True)
    assert [s.rank for s in board] == sorted(levels.index(s.points) + 1 for s in board)


def test_each_role_includes_the_ones_before_it() -> None:
    assert Role.PATRON < Role.HOST < Role.MODERATOR


def test_a_refusal_carries_a_code_and_the_facts_of_its_sentence() -> None:
    refusal = Refusal("no-deck", name="x")
    assert (refusal.code, dict(refusal.facts), str(refusal)) == (
        "no-deck",
        {"name": "x"},
        "no-deck",
    )


def test_plays_are_facts_that_nobody_can_change() -> None:
    play = Said(ANNIE, "Zola")
    with pytest.raises(FrozenInstanceError):
        play.text = "Hugo"  # type: ignore[misc]
    assert play == Said(Player(1, "discord"), "Zola")


def test_the_same_person_on_two_platforms_is_two_players_of_one_id() -> None:
    assert Player(1, "discord") != Player(1, "twitch")
    assert Player(1, "discord").id == Player(1, "twitch").id
