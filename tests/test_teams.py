"""Teams: who belongs to which, and how points become a team's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Player, Refusal, TeamStanding
from games.scoring import Solver
from games.teams import Teams

ANNIE, BASILE, COLINE, DENIS = (
    Player(1, "discord"),
    Player(2, "twitch"),
    Player(3, "discord"),
    Player(4, "twitch"),
)
FREE = ("Rouges", "Bleus")


def refused(teams: Teams, by: Player, text: str) -> str:
    with pytest.raises(Refusal) as caught:
        teams.join(by, text)
    return caught.value.code


def test_platforms_play_each_other() -> None:
    teams = Teams("platforms", ("Discord", "Twitch"), {})
    assert (teams.seat(ANNIE), teams.seat(BASILE)) == (0, 1)
    assert refused(teams, ANNIE, "2") == "teams-by-platform"


def test_who_has_no_team_in_a_free_round_gets_the_smallest() -> None:
    teams = Teams("free", FREE, {})
    assert [teams.seat(by) for by in (ANNIE, BASILE, COLINE, DENIS)] == [0, 1, 0, 1]


@pytest.mark.parametrize("text", ["2", "bleus", " BLEUS ! "])
def test_a_team_is_joined_by_its_number_or_its_name(text: str) -> None:
    teams = Teams("free", FREE, {})
    assert teams.join(ANNIE, text) == 1
    assert teams.seat(ANNIE) == 1


@pytest.mark.parametrize("text", ["", "0", "3", "verts", "999999999999", "٢"])
def test_a_team_that_is_not_there_is_refused(text: str) -> None:
    teams = Teams("free", FREE, {})
    if text == "٢":
        assert teams.join(ANNIE, text) == 1, "any digits will do"
    else:
        assert refused(teams, ANNIE, text) == "no-team"


def test_a_team_may_be_changed_until_one_has_answered() -> None:
    teams = Teams("free", FREE, {})
    teams.join(ANNIE, "1")
    assert refused(teams, ANNIE, "1") == "team-kept"
    assert teams.join(ANNIE, "2") == 1
    teams.seat(ANNIE)
    assert refused(teams, ANNIE, "1") == "team-kept"


def test_houses_have_their_members_and_take_others() -> None:
    teams = Teams("houses", ("Pau", "Lons"), {1: 1})
    assert teams.seat(ANNIE) == 1
    assert teams.seat(BASILE) is None, "without a house one plays for oneself"
    teams.score([Solver(BASILE, 1.0)])
    assert [row.points for row in teams.standings()] == [0, 0]
    assert teams.join(BASILE, "pau") == 0


def test_a_team_scores_the_mean_of_those_who_took_part() -> None:
    teams = Teams("platforms", ("Discord", "Twitch"), {})
    for by in (ANNIE, COLINE, BASILE):
        teams.seat(by)
    teams.score([Solver(ANNIE, 1.0, 1), Solver(BASILE, 2.0, 1)])
    assert teams.standings() == (
        TeamStanding(1, "Twitch", 1.0, 1),
        TeamStanding(2, "Discord", 0.5, 2),
    )
    teams.take_back()
    assert [(row.rank, row.points) for row in teams.standings()] == [(1, 0), (1, 0)]


def test_what_is_taken_back_twice_is_taken_back_once() -> None:
    teams = Teams("platforms", ("Discord", "Twitch"), {})
    teams.seat(ANNIE)
    teams.score([Solver(ANNIE, 1.0, 1)])
    teams.score([Solver(ANNIE, 1.0, 1)])
    teams.take_back()
    teams.take_back()
    assert teams.standings()[0] == TeamStanding(1, "Discord", 1.0, 1)


@given(st.lists(st.sampled_from([ANNIE, BASILE, COLINE, DENIS]), max_size=30))
def test_points_stay_within_what_was_earned(solvers: list[Player]) -> None:
    teams = Teams("free", FREE, {})
    for by in solvers:
        teams.seat(by)
        teams.score([Solver(by, 1.0, 1)])
    rows = teams.standings()
    assert sum(row.points for row in rows) <= len(solvers) + 0.1
    assert sum(row.members for row in rows) == len(set(solvers))
    assert [row.rank for row in rows] == sorted(row.rank for row in rows)
