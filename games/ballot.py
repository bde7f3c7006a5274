"""A vote of the chat on what to play next: one vote each, changed at will; a tie goes to what was voted first."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

from games.core import Player

Choice = TypeVar("Choice", bound=Hashable)


class Ballot(Generic[Choice]):
    """The votes of one turn. Whatever is asked of it costs as much as there are choices, not votes."""

    def __init__(self) -> None:
        self._choices: dict[int, Choice] = {}
        self._votes: dict[Choice, dict[int, tuple[int, Player]]] = {}
        self._cast = 0

    def __len__(self) -> int:
        return len(self._choices)

    def __iter__(self) -> Iterator[tuple[Player, Choice]]:
        """Yield everybody with their choice."""
        for choice, votes in self._votes.items():
            yield from ((by, choice) for _, by in votes.values())

    def cast(self, by: Player, choice: Choice) -> bool:
        """Take a vote; return whether it changed anything. A vote that is changed is a later one."""
        if self._choices.get(by.id) == choice:
            return False
        self.withdraw(by)
        self._cast += 1
        self._choices[by.id] = choice
        self._votes.setdefault(choice, {})[by.id] = self._cast, by
        return True

    def withdraw(self, by: Player) -> bool:
        """Take a vote back; return whether there was one."""
        choice = self._choices.pop(by.id, None)
        if choice is None:
            return False
        votes = self._votes[choice]
        del votes[by.id]
        if not votes:
            del self._votes[choice]
        return True

    def counts(self) -> dict[Choice, int]:
        """Return the votes for each choice that has some, that with the oldest vote first."""
        oldest = sorted(self._votes.items(), key=lambda one: next(iter(one[1].values()))[0])
        return {choice: len(votes) for choice, votes in oldest}

    def leader(self) -> Choice | None:
        """Return the choice with most votes, and of even ones that with the oldest vote; None without votes."""
        counts = self.counts()
        return max(counts, key=lambda choice: counts[choice], default=None)
