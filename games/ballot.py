"""A vote of the chat on what to play next: one vote each, changed at will; a tie goes to what was voted first."""

from collections import Counter
from collections.abc import Hashable
from typing import Generic, TypeVar

from games.core import Player

Choice = TypeVar("Choice", bound=Hashable)


class Ballot(Generic[Choice]):
    """The votes of one turn. A vote costs the same however many there are."""

    def __init__(self) -> None:
        self._votes: dict[int, tuple[Player, Choice]] = {}
        self._counts: dict[Choice, int] = {}

    def __len__(self) -> int:
        return len(self._votes)

    def cast(self, by: Player, choice: Choice) -> bool:
        """Take a vote; return whether it changed anything."""
        former = self._votes.get(by.id)
        if former is not None and former[1] == choice:
            return False
        self.withdraw(by)  # a vote that is changed is a later one
        self._votes[by.id] = by, choice
        self._counts[choice] = self._counts.get(choice, 0) + 1
        return True

    def withdraw(self, by: Player) -> bool:
        """Take a vote back; return whether there was one."""
        vote = self._votes.pop(by.id, None)
        if vote is None:
            return False
        self._counts[vote[1]] -= 1
        if not self._counts[vote[1]]:
            del self._counts[vote[1]]
        return True

    def counts(self) -> dict[Choice, int]:
        """Return the votes for each choice that has some, in the order in which the choices were first voted."""
        return dict(self._counts)

    def leader(self) -> Choice | None:
        """Return the choice with most votes, and of even ones that with the oldest vote; None without votes."""
        counts = Counter(choice for _, choice in self._votes.values())
        return max(counts, key=lambda choice: counts[choice], default=None)

    def voters(self, choice: Choice) -> tuple[Player, ...]:
        """Return who voted for a choice, in order."""
        return tuple(by for by, voted in self._votes.values() if voted == choice)
