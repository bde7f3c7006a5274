"""A vote of the chat on what to play next: one vote each, changed at will; a tie goes to what was voted first."""

from collections import Counter

from games.core import Player


class Ballot:
    """The votes of one turn."""

    def __init__(self) -> None:
        self._votes: dict[int, tuple[Player, int]] = {}

    def __len__(self) -> int:
        return len(self._votes)

    def cast(self, by: Player, choice: int) -> bool:
        """Take a vote; return whether it changed anything."""
        former = self._votes.get(by.id)
        if former is not None and former[1] == choice:
            return False
        self._votes.pop(by.id, None)  # a vote that is changed is a later one
        self._votes[by.id] = by, choice
        return True

    def withdraw(self, by: Player) -> bool:
        """Take a vote back; return whether there was one."""
        return self._votes.pop(by.id, None) is not None

    def counts(self) -> dict[int, int]:
        """Return the votes for each choice that has some, in the order in which the choices were first voted."""
        return dict(Counter(choice for _, choice in self._votes.values()))

    def leader(self) -> int | None:
        """Return the choice with most votes, and of even ones that with the oldest vote; None without votes."""
        counts = self.counts()
        return max(counts, key=lambda choice: counts[choice], default=None)

    def voters(self, choice: int) -> tuple[Player, ...]:
        """Return who voted for a choice, in order."""
        return tuple(by for by, voted in self._votes.values() if voted == choice)
