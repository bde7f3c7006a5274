"""Teams in a round: who belongs to which, and how a question's points become a team's.

A team scores the mean of its members' points, its members being those who have taken part so far: three people on
one side are a match for three hundred on the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from games.core import Player, Refusal, TeamStanding
from games.matching import fold
from games.scoring import Solver

Mode = Literal["platforms", "houses", "free"]
"""How people come into teams: by where they play, by their house, or as they like."""

MOST_TEAMS = 12


class Teams:
    """The teams of one round. Somebody without a house plays for themselves until they join one."""

    def __init__(self, mode: Mode, names: Sequence[str], members: Mapping[int, int]) -> None:
        """`members` says who belongs to which team (from 0) before anybody has played."""
        self.names = tuple(names)
        self._mode = mode
        self._members = dict(members)
        self._present: list[set[int]] = [set() for _ in names]
        self._points = [0.0 for _ in names]
        self._gains = [0.0 for _ in names]

    def team_of(self, player: int) -> int | None:
        """Return somebody's team, if they have one."""
        return self._members.get(player)

    def join(self, by: Player, text: str) -> int:
        """Let somebody choose another team by its number (from 1) or its name, before they have answered; return it.

        Raises:
            Refusal: `teams-by-platform`, `team-kept`, `no-team`.
        """
        if self._mode == "platforms":
            raise Refusal("teams-by-platform")
        team = self._named(text)
        if team is None:
            raise Refusal("no-team", teams=", ".join(self.names))
        now = self._members.get(by.id)
        if now is not None and (now == team or by.id in self._present[now]):
            raise Refusal("team-kept", team=self.names[now])
        self._members[by.id] = team
        return team

    def seat(self, by: Player) -> int | None:
        """Return the team of somebody who answers; who has none in a free round gets the smallest."""
        team = self._members.get(by.id)
        if team is None and self._mode == "platforms":
            team = 0 if by.platform == "discord" else 1
        if team is None and self._mode == "free":
            sizes = [0 for _ in self.names]
            for taken in self._members.values():
                sizes[taken] += 1
            team = sizes.index(min(sizes))
        if team is not None:
            self._members[by.id] = team
            self._present[team].add(by.id)
        return team

    def score(self, solvers: Iterable[Solver]) -> None:
        """Give the teams what their members earned with one question."""
        self._gains = [0.0 for _ in self.names]
        for solver in solvers:
            team = self._members.get(solver.by.id)
            if team is not None:
                self._gains[team] += solver.points / max(1, len(self._present[team]))
        self._points = [
            points + gain for points, gain in zip(self._points, self._gains, strict=True)
        ]

    def take_back(self) -> None:
        """Take back what the last question gave."""
        self._points = [
            points - gain for points, gain in zip(self._points, self._gains, strict=True)
        ]
        self._gains = [0.0 for _ in self.names]

    def standings(self) -> tuple[TeamStanding, ...]:
        """Return the teams, best first; ties share a rank."""
        rows: list[TeamStanding] = []
        scores = [round(points, 1) + 0.0 for points in self._points]
        for team in sorted(range(len(scores)), key=lambda team: -scores[team]):
            level = rows[-1].rank if rows else 0
            if not rows or rows[-1].points != scores[team]:
                level += 1
            members = len(self._present[team])
            rows.append(TeamStanding(level, self.names[team], scores[team], members))
        return tuple(rows)

    def _named(self, text: str) -> int | None:
        typed = fold(text)
        if typed.isdecimal() and len(typed) < 3 and 1 <= int(typed) <= len(self.names):
            return int(typed) - 1
        names = [fold(name) for name in self.names]
        return names.index(typed) if typed in names else None
