"""Votes: what a ballot may hold, who wins, and the same answer from a count written the long way round."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Refusal
from games.votes import (
    METHODS,
    MOST_OPTIONS,
    TIE_RULES,
    Ballot,
    Method,
    Option,
    Outcome,
    Round,
    Rules,
    draw_order,
    mark,
    tally,
)


def rules(method: Method, options: int = 3, **more: Any) -> Rules:
    return Rules(method, tuple(Option(number) for number in range(1, options + 1)), **more)


def outcome(ballots: Sequence[Ballot], chosen: Rules) -> Outcome:
    return tally(Counter(ballots), chosen)


def winner(ballots: Sequence[Ballot], chosen: Rules) -> int | None:
    return outcome(ballots, chosen).winner


# --- What a ballot may hold


@pytest.mark.parametrize(
    ("method", "choices", "ballot"),
    [
        ("approval", (3, 1), (1, 3)),
        ("approval", (3, 1, 3, 2), (1, 2, 3)),
        ("single", (2,), (2,)),
        ("single", (2, 2), (2,)),
        ("several", (3, 1), (1, 3)),
        ("ranked", (3, 1), (3, 1)),
        ("ranked", (2, 3, 2, 1), (2, 3, 1)),
    ],
)
def test_a_ballot_is_kept_in_one_form(
    method: Method, choices: tuple[int, ...], ballot: Ballot
) -> None:
    assert mark(choices, rules(method, most=2)) == ballot


@pytest.mark.parametrize(
    ("method", "choices", "code"),
    [
        *((method, (), "vote-nothing") for method in METHODS),
        *((method, (4,), "no-such-option") for method in METHODS),
        ("approval", (0,), "no-such-option"),
        ("single", (1, 2), "vote-one"),
        ("several", (1, 2, 3), "vote-too-many"),
    ],
)
def test_what_is_no_ballot_is_refused(method: Method, choices: tuple[int, ...], code: str) -> None:
    with pytest.raises(Refusal, match=code):
        mark(choices, rules(method, most=2))


def test_more_votes_than_options_are_as_many_as_there_are() -> None:
    assert rules("several", options=2, most=5).choices == 2
    assert mark((2, 1), rules("several", options=2, most=5)) == (1, 2)


# --- Who wins


def test_the_most_approved_wins() -> None:
    found = outcome([(1, 2), (2, 3), (2,), (3,)], rules("approval"))
    assert found == Outcome(4, True, (Round(((2, 3), (3, 2), (1, 1))),), 2)


@pytest.mark.parametrize("method", ["approval", "single", "several", "ranked"])
def test_without_ballots_nobody_wins(method: Method) -> None:
    assert tally({}, rules(method)) == Outcome(0, False, (), None)


def test_too_few_ballots_choose_nothing_but_are_counted() -> None:
    found = outcome([(1,), (1,)], rules("approval", quorum=3))
    assert (found.quorate, found.winner, found.ballots) == (False, None, 2)
    assert found.rounds[0].counts[0] == (1, 2)
    assert winner([(1,), (1,), (1,)], rules("approval", quorum=3)) == 1


def test_more_than_half_of_the_first_choices_end_a_run_off_at_once() -> None:
    found = outcome([(1, 2), (1, 3), (2, 3)], rules("ranked"))
    assert found == Outcome(3, True, (Round(((1, 2), (2, 1), (3, 0))),), 1)


def test_second_choices_count_once_the_first_is_out() -> None:
    ballots = [(1,), (1,), (1, 2), (2, 1), (2,), (3, 2), (3, 2)]
    found = outcome([*ballots, (2,)], rules("ranked"))
    assert found.rounds == (
        Round(((1, 3), (2, 3), (3, 2)), out=3),
        Round(((2, 5), (1, 3)), exhausted=0),
    )
    assert found.winner == 2


def test_of_those_tied_for_last_the_newest_goes_first() -> None:
    ballots = [(1,), (1,), (2,), (2,), (3, 1), (4, 2)]
    found = outcome(ballots, rules("ranked", options=4))
    assert [one.out for one in found.rounds] == [4, 3, None]
    assert found.tied == (1, 2)


def test_a_ballot_with_nobody_left_on_it_no_longer_counts() -> None:
    ballots = [(1,), (1,), (2,), (2, 1), (3,)]
    found = outcome(ballots, rules("ranked"))
    assert found.rounds[-1] == Round(((1, 2), (2, 2)), exhausted=1)


def test_half_of_what_is_left_is_no_majority() -> None:
    found = outcome([(1,), (1,), (2,), (3,)], rules("ranked"))
    assert found.rounds[0].out == 3
    assert found.rounds[1].exhausted == 1
    assert found.winner == 1


def test_two_options_level_at_the_end_are_a_tie() -> None:
    found = outcome([(1,), (2,)], rules("ranked", options=2, tie="host"))
    assert (found.tied, found.winner, found.quorate) == ((1, 2), None, True)
    assert len(found.rounds) == 1


# --- Ties

LEVEL = [(1,), (2,), (3,)]


def test_the_oldest_proposal_wins_a_tie() -> None:
    assert winner([(2,), (3,)], rules("single")) == 2


def test_the_book_with_fewest_pages_wins_a_tie() -> None:
    options = (Option(1, 900), Option(2, 120), Option(3, 120))
    assert winner(LEVEL, Rules("single", options, tie="pages")) == 2


def test_a_book_whose_pages_nobody_knows_comes_after_the_others() -> None:
    options = (Option(1), Option(2, 900), Option(3))
    assert winner(LEVEL, Rules("single", options, tie="pages")) == 2
    assert winner([(1,), (3,)], Rules("single", options, tie="pages")) == 1


def test_the_host_decides_where_it_was_announced() -> None:
    found = outcome(LEVEL, rules("single", tie="host"))
    assert (found.winner, found.tied, found.quorate) == (None, (1, 2, 3), True)


def test_a_draw_can_be_done_again_with_any_tool() -> None:
    # `printf 7:1 | sha256sum`, and so on, give d7a0…, 8d8e…, 111c…
    assert draw_order([1, 2, 3], 7) == [3, 2, 1]
    assert winner(LEVEL, rules("single", tie="seed", seed=7)) == 3


def test_a_draw_favours_no_number() -> None:
    firsts = Counter(draw_order([1, 2, 3], seed)[0] for seed in range(3000))
    assert all(850 < count < 1150 for count in firsts.values())


# --- Every small election, counted by somebody who never saw the program


def ballots_of(method: Method, options: int, most: int) -> list[Ballot]:
    """Return every ballot that may be cast."""
    numbers = range(1, options + 1)
    if method == "ranked":
        return [ballot for size in numbers for ballot in permutations(numbers, size)]
    longest = {"single": 1, "several": most, "approval": options}[method]
    return [ballot for size in range(1, longest + 1) for ballot in combinations(numbers, size)]


def elections(method: Method, options: int, voters: int) -> Iterator[list[Ballot]]:
    """Yield every election of so many voters."""
    yield from map(list, combinations_with_replacement(ballots_of(method, options, 2), voters))


def by_hand(ballots: list[Ballot], numbers: list[int]) -> tuple[list[int], list[int]]:
    """Run off on a table, ballot by ballot: return who is left at the top, and who went in which order."""
    gone: list[int] = []
    while True:
        left = [number for number in numbers if number not in gone]
        piles: dict[int, list[Ballot]] = {number: [] for number in left}
        for ballot in ballots:
            standing = [number for number in ballot if number not in gone]
            if standing:
                piles[standing[0]].append(ballot)
        on_the_table = sum(map(len, piles.values()))
        for number, pile in piles.items():
            if len(pile) > on_the_table - len(pile):
                return [number], gone
        if len(left) <= 2:
            return left, gone
        smallest = min(len(pile) for pile in piles.values())
        gone.append([number for number in left if len(piles[number]) == smallest][-1])


def hands_up(ballots: list[Ballot], numbers: list[int]) -> list[int]:
    """Ask for each option who is for it; return those with most hands."""
    hands = [len([ballot for ballot in ballots if number in ballot]) for number in numbers]
    return [number for number, count in zip(numbers, hands, strict=True) if count == max(hands)]


SMALL = [
    *(("ranked", options, voters) for options in (1, 2, 3) for voters in (1, 2, 3, 4)),
    ("ranked", 4, 2),
    *(
        (method, options, voters)
        for method in ("approval", "single", "several")
        for options in (1, 2, 3, 4)
        for voters in (1, 2, 3, 4)
    ),
]


@pytest.mark.parametrize(("method", "options", "voters"), SMALL)
def test_every_small_election_ends_as_it_does_by_hand(
    method: Method, options: int, voters: int
) -> None:
    chosen, numbers = rules(method, options, most=2), list(range(1, options + 1))
    for ballots in elections(method, options, voters):
        found = outcome(ballots, chosen)
        if method == "ranked":
            top, gone = by_hand(ballots, numbers)
            assert [one.out for one in found.rounds[:-1]] == gone, ballots
        else:
            top = hands_up(ballots, numbers)
        assert found.winner == top[0], ballots
        assert found.tied == (tuple(top) if len(top) > 1 else ()), ballots


# --- Any election


@st.composite
def any_election(draw: st.DrawFn) -> tuple[list[Ballot], Rules]:
    method = draw(st.sampled_from(METHODS))
    count = draw(st.integers(1, MOST_OPTIONS))
    pages = st.none() | st.integers(1, 2000)
    options = tuple(Option(number, draw(pages)) for number in range(1, count + 1))
    chosen = Rules(
        method,
        options,
        most=draw(st.integers(1, 5)),
        quorum=draw(st.integers(0, 8)),
        tie=draw(st.sampled_from(TIE_RULES)),
        seed=draw(st.integers(0, 10**6)),
    )
    numbers = st.lists(st.integers(1, count), min_size=1, max_size=chosen.choices)
    return [mark(choices, chosen) for choices in draw(st.lists(numbers, max_size=12))], chosen


@given(any_election())
def test_no_ballot_is_lost_and_the_winner_is_one_of_the_best(
    election: tuple[list[Ballot], Rules],
) -> None:
    ballots, chosen = election
    found = outcome(ballots, chosen)
    assert found.ballots == len(ballots)
    for one in found.rounds:
        if chosen.method == "ranked":
            assert sum(cast for _, cast in one.counts) + one.exhausted == len(ballots)
        assert all(0 <= cast <= len(ballots) for _, cast in one.counts)
        assert list(one.counts) == sorted(one.counts, key=lambda row: (-row[1], row[0]))
    if not found.quorate:
        assert found.winner is None
        assert len(ballots) < max(1, chosen.quorum)
        return
    best = found.rounds[-1].counts[0][1]
    leading = {number for number, cast in found.rounds[-1].counts if cast == best}
    assert found.tied == (tuple(sorted(leading)) if len(leading) > 1 else ())
    assert found.winner in leading or (found.winner is None and chosen.tie == "host")
    assert (found.winner is None) == (len(leading) > 1 and chosen.tie == "host")


@given(any_election(), st.randoms())
def test_the_order_of_ballots_changes_nothing(
    election: tuple[list[Ballot], Rules], chance: Any
) -> None:
    ballots, chosen = election
    shuffled = list(ballots)
    chance.shuffle(shuffled)
    assert outcome(shuffled, chosen) == outcome(ballots, chosen)


@given(any_election(), st.integers(1, 4))
def test_everybody_voting_alike_more_often_changes_no_winner(
    election: tuple[list[Ballot], Rules], times: int
) -> None:
    ballots, chosen = election
    before = outcome(ballots, chosen)
    if before.quorate:
        assert outcome(ballots * times, chosen).winner == before.winner
