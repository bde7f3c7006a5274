"""What games share, by itself: lobby, seats, rounds, idleness, floods, options as they are kept."""

from dataclasses import replace
from typing import Any

import orjson
import pytest

from games.core import Chose, Did, Play, Player, Refusal, Said, Ticked, Wished, Wrote
from games.kept import keep, rebuild
from games.table import (
    MORE_TIME,
    MOST_GUESSES,
    WITHIN,
    Dealt,
    Extended,
    Finished,
    Hosted,
    Joined,
    Left,
    Opened,
    RoundOver,
    TableOptions,
    Times,
)
from tests.parrot import KIND, Acted, Echoed, Parrot, ParrotOptions

ANNIE, BASILE, COLINE, DENIS, ELSA = (Player(number, "discord") for number in range(1, 6))
TABLE = TableOptions("Jeu", "fr", KIND.times, rounds=2)


class Evening:
    """A game and its clock, served as the hall does."""

    def __init__(self, text: str = "", table: TableOptions = TABLE) -> None:
        self.game = Parrot(ParrotOptions(table, text))
        self.now = 0.0
        self.events = list(self.play(Ticked()))

    def play(self, play: Play) -> tuple[Any, ...]:
        return self.game.play(play, self.now)

    def wait(self, seconds: float) -> list[Any]:
        """Let time pass; return what the clock brought."""
        end, found = self.now + seconds, list[Any]()
        while (due := self.game.deadline) is not None and due <= end:
            self.now = max(self.now, due)
            found += self.play(Ticked())
        self.now = end
        return found

    def refused(self, play: Play) -> str:
        with pytest.raises(Refusal) as caught:
            self.play(play)
        return caught.value.code


def test_a_game_opens_deals_shows_and_deals_again_until_its_end() -> None:
    evening = Evening()
    assert evening.events == [Opened("Jeu", 2, 10.0)]
    assert evening.wait(10) == [Dealt(1, 2, 60.0)]
    evening.play(Said(ANNIE, "coco"))
    assert evening.wait(60) == [RoundOver(1, 2, 1, next_in=5.0)]
    assert evening.game.scene().phase == "reveal"
    assert evening.wait(5) == [Dealt(2, 2, 60.0)]
    assert evening.play(Said(ANNIE, "coco")) == (Echoed(ANNIE, "coco"),)
    *_, over, finished = evening.wait(60)
    assert over == RoundOver(2, 2, 2)
    assert isinstance(finished, Finished)
    assert (finished.players, finished.standings[0].points) == (1, 2)
    assert evening.game.over
    assert evening.game.deadline is None


def test_nothing_is_judged_before_the_first_round_and_between_two() -> None:
    evening = Evening()
    assert evening.play(Said(ANNIE, "coco")) == ()
    assert evening.refused(Wrote(ANNIE, 1, "coco")) == "moved-on"
    evening.wait(10)
    evening.play(Did(None, "skip"))
    assert evening.play(Said(ANNIE, "coco")) == ()
    assert evening.refused(Chose(ANNIE, evening.game.scene().turn, (0,))) == "moved-on"


def test_controls_of_a_former_turn_are_refused() -> None:
    evening = Evening()
    evening.wait(10)
    turn = evening.game.scene().turn
    evening.play(Chose(ANNIE, turn, (3,)))
    assert evening.refused(Chose(BASILE, turn, (3,))) == "moved-on"
    assert evening.refused(Wrote(BASILE, turn, "coco")) == "moved-on"
    assert evening.play(Chose(BASILE, turn + 1, (3,)))


def test_a_game_that_nobody_plays_ends_in_the_middle_of_whatever_is_on() -> None:
    evening = Evening(table=replace(TABLE, times=replace(KIND.times, idle=30.0)))
    evening.wait(10)
    evening.now = 35.0
    evening.play(Said(ANNIE, "coco"))
    assert evening.wait(29) == []
    over, finished = evening.wait(1)
    assert over == RoundOver(1, 2, 1)
    assert finished.idle
    assert not finished.stopped


def test_a_host_who_steers_keeps_a_game_alive() -> None:
    evening = Evening(table=replace(TABLE, times=replace(KIND.times, idle=30.0)))
    evening.wait(29)
    evening.play(Did(None, "approve", "1"))
    assert not evening.wait(29)


def test_nobody_guesses_faster_than_the_limit_and_others_are_not_held_up() -> None:
    evening = Evening()
    evening.wait(10)
    for _ in range(MOST_GUESSES):
        assert evening.play(Said(ANNIE, "coco"))
    assert evening.play(Said(ANNIE, "coco")) == ()
    turn = evening.game.scene().turn
    assert evening.refused(Wrote(ANNIE, turn, "coco")) == "too-many-guesses"
    assert evening.play(Said(BASILE, "coco"))
    evening.now += WITHIN
    assert evening.play(Said(ANNIE, "coco"))


def test_a_host_gives_more_time_where_there_is_a_limit() -> None:
    evening = Evening()
    evening.wait(10)
    assert evening.play(Did(None, "extend")) == (Extended(60.0 + MORE_TIME),)
    assert evening.wait(89) == []
    assert Evening("seats").refused(Did(None, "extend")) == "no-time-limit"


def test_a_host_skips_the_wait_the_round_and_the_look_at_it() -> None:
    evening = Evening()
    assert evening.play(Did(None, "skip")) == (Dealt(1, 2, 60.0),)
    assert evening.play(Did(None, "skip")) == (RoundOver(1, 2, 0, next_in=5.0),)
    assert evening.play(Did(None, "skip")) == (Dealt(2, 2, 60.0),)
    assert [type(e) for e in evening.play(Did(None, "skip"))] == [RoundOver, Finished]
    assert evening.refused(Did(None, "skip")) == "nothing-running"


def test_actions_of_its_own_reach_a_game_while_it_is_played() -> None:
    evening = Evening()
    assert evening.refused(Did(None, "approve", "1")) == "not-begun"
    evening.wait(10)
    assert evening.play(Did(None, "approve", "1")) == (Acted("approve", "1"),)
    assert evening.refused(Did(None, "hint")) == "no-more-hints"
    assert evening.refused(Wished(ANNIE, "dance")) == "unknown-action"


def test_a_game_knows_its_host() -> None:
    evening = Evening()
    assert evening.play(Did(ANNIE, "host")) == (Hosted(ANNIE),)
    assert evening.game._host == ANNIE


# --- Seats ----------------------------------------------------------------------------------------------------


def test_a_game_for_a_few_waits_for_enough_of_them_then_a_little_for_more() -> None:
    evening = Evening("seats")
    assert evening.events == [Opened("Jeu", 2, None, 2)]
    assert evening.game.scene().wishes == ("join",)
    assert evening.wait(50) == []
    assert evening.play(Wished(ANNIE, "join")) == (Joined(ANNIE, 1, 1),)
    assert evening.refused(Did(None, "skip")) == "seats-missing"
    assert evening.play(Wished(BASILE, "join")) == (Joined(BASILE, 2, 0),)
    assert evening.wait(9) == []
    assert evening.wait(1) == [Dealt(1, 2, 60.0)]
    assert evening.game.scene().seated == (ANNIE, BASILE)
    assert evening.game.scene().wishes == ("mine",)
    assert evening.refused(Wished(COLINE, "join")) == "seats-taken"


def test_a_full_table_begins_at_once() -> None:
    evening = Evening("seats")
    for player in (ANNIE, BASILE, COLINE, DENIS):
        evening.play(Wished(player, "join"))
    assert evening.wait(0) == [Dealt(1, 2, 60.0)]


def test_whoever_leaves_before_the_start_is_waited_for_again() -> None:
    evening = Evening("seats")
    evening.play(Wished(ANNIE, "join"))
    assert evening.refused(Wished(ANNIE, "join")) == "seated"
    evening.play(Wished(BASILE, "join"))
    assert evening.play(Wished(ANNIE, "leave")) == (Left(ANNIE),)
    assert evening.refused(Wished(ANNIE, "leave")) == "not-seated"
    assert evening.wait(20) == []
    evening.play(Wished(ELSA, "join"))
    assert evening.wait(10) == [Dealt(1, 2, 60.0)]


def test_no_further_round_is_dealt_when_too_few_are_left() -> None:
    evening = Evening("seats")
    evening.play(Wished(ANNIE, "join"))
    evening.play(Wished(BASILE, "join"))
    evening.wait(10)
    evening.play(Wished(BASILE, "leave"))
    evening.play(Did(None, "skip"))
    [finished] = evening.wait(5)
    assert isinstance(finished, Finished)
    assert finished.rounds == 1


def test_nobody_sits_down_where_there_are_no_seats() -> None:
    evening = Evening()
    assert evening.refused(Wished(ANNIE, "join")) == "no-seats"
    assert evening.refused(Wished(ANNIE, "leave")) == "no-seats"


def test_a_table_at_which_nobody_sits_is_cleared_politely() -> None:
    [finished] = Evening("seats").wait(100)
    assert finished == Finished("Jeu", 0, 0, (), idle=True)


# --- What is kept ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        ParrotOptions(TABLE),
        ParrotOptions(replace(TABLE, words=("a", "é"), hosted=True), "x", 3, ((1, "a"), (2, "b"))),
        ParrotOptions(TABLE, pairs=()),
    ],
)
def test_options_are_the_same_after_json(options: ParrotOptions) -> None:
    assert rebuild(ParrotOptions, orjson.loads(orjson.dumps(keep(options)))) == options
    assert rebuild(ParrotOptions, keep(options)) == options


def test_long_rounds_are_not_taken_for_idleness() -> None:
    assert Times(idle=180.0).rounds_of(60.0) == Times(round=60.0, idle=180.0)
    assert Times(idle=180.0).rounds_of(600.0).idle == 1200.0
