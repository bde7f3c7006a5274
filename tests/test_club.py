"""The life of a book: which step follows which, and that every one can be taken back."""

from itertools import pairwise

import pytest

from games.club import CURRENT, STATES, STEPS, WAITING, State, back, may_follow, onward
from games.core import Refusal


def test_every_state_has_its_steps() -> None:
    assert set(STEPS) == set(STATES)
    assert all(steps <= set(STATES) for steps in STEPS.values())


def test_a_book_lives_from_proposal_to_archive() -> None:
    assert all(may_follow(before, after) for before, after in pairwise(STATES))


def test_every_step_can_be_taken_back() -> None:
    for state, steps in STEPS.items():
        for to in steps:
            assert _reaches(to, state), f"{state} → {to}"


def _reaches(start: State, end: State) -> bool:
    seen: set[State] = set()
    border = {start}
    while border:
        seen |= border
        border = {to for state in border for to in STEPS[state]} - seen
    return end in seen


@pytest.mark.parametrize("state", STATES)
def test_on_and_back_are_steps(state: State) -> None:
    if state in WAITING:
        for move in (onward, back):
            with pytest.raises(Refusal):
                move(state)
        return
    assert may_follow(state, back(state))
    if state == "archived":
        with pytest.raises(Refusal, match="no-step-on"):
            onward(state)
    else:
        assert may_follow(state, onward(state))
        assert may_follow(onward(state), state) or onward(state) == "archived"


def test_nothing_is_chosen_twice_or_skips_the_reading() -> None:
    assert not may_follow("proposed", "reading")
    assert not may_follow("chosen", "voting")
    assert not may_follow("archived", "chosen")


def test_a_book_is_waiting_or_current_or_past() -> None:
    assert not WAITING & CURRENT
    assert set(STATES) - WAITING - CURRENT == {"finished", "archived"}
