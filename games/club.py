"""The life of a book in a club: proposed, voted on, chosen, read, talked about, finished, put away.

Every step can be taken back, because hosts press the wrong button like everybody else. Who may take a step, and what
is said about it, is decided elsewhere.
"""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from games.core import Refusal

State = Literal["proposed", "voting", "chosen", "reading", "discussed", "finished", "archived"]

STATES: Final[tuple[State, ...]] = get_args(State)
"""Every state, in the order of a book's life."""

STEPS: Final[Mapping[State, frozenset[State]]] = {
    "proposed": frozenset({"voting", "chosen", "archived"}),
    "voting": frozenset({"proposed", "chosen"}),
    "chosen": frozenset({"reading", "proposed"}),
    "reading": frozenset({"discussed", "chosen"}),
    "discussed": frozenset({"finished", "reading"}),
    "finished": frozenset({"archived", "discussed"}),
    "archived": frozenset({"proposed"}),
}
"""From each state to those that may follow."""

WAITING: Final[frozenset[State]] = frozenset({"proposed", "voting"})
"""States of a book that may yet be chosen."""

CURRENT: Final[frozenset[State]] = frozenset({"chosen", "reading", "discussed"})
"""States of a book that the club is busy with."""

_ONWARD: Final[Mapping[State, State]] = {
    "chosen": "reading",
    "reading": "discussed",
    "discussed": "finished",
    "finished": "archived",
}
_BACK: Final[Mapping[State, State]] = {
    "chosen": "proposed",
    "reading": "chosen",
    "discussed": "reading",
    "finished": "discussed",
    "archived": "proposed",
}


def may_follow(state: State, to: State) -> bool:
    """Return whether a book in one state may go to another."""
    return to in STEPS[state]


def onward(state: State) -> State:
    """Return the state after this one; raises `Refusal` (`no-step-on`) for a book not chosen yet, or put away."""
    if state not in _ONWARD:
        raise Refusal("no-step-on")
    return _ONWARD[state]


def back(state: State) -> State:
    """Return the state before this one; raises `Refusal` (`no-step-back`) for a proposal, or one that is voted on."""
    if state not in _BACK:
        raise Refusal("no-step-back")
    return _BACK[state]
