"""Connect four: an oracle that tries every line, the duel, and the chat that votes."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from games.ballot import Ballot
from games.connect_four import (
    COLUMNS,
    DRAW,
    ROWS,
    WIN,
    Board,
    ConnectFour,
    ConnectFourOptions,
    Outcome,
    Played,
    Unvoted,
    Voted,
    options,
)
from games.core import Chose, Did, Player, Refusal, Said, Ticked, Wished, Withdrew
from games.table import RoundOver, TableOptions, Times, Wish
from games.words import lexicon

ANNIE, BASILE, COLINE = (Player(number, "discord") for number in (1, 2, 3))
INES, LEO = (Player(number, "twitch") for number in (11, 12))
TABLE = TableOptions("Puissance 4", "fr", Times(lobby=5.0, round=60.0, idle=240.0))


# --- The board against brute force ----------------------------------------------------------------------------


def lines() -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield every line of four that there is: 69 of them."""
    for column in range(COLUMNS):
        for row in range(ROWS):
            for x, y in ((1, 0), (0, 1), (1, 1), (1, -1)):
                line = tuple((column + n * x, row + n * y) for n in range(4))
                if all(0 <= c < COLUMNS and 0 <= r < ROWS for c, r in line):
                    yield line


LINES = tuple(lines())


def won(board: Board) -> bool:
    return any(
        board.at(line[0]) is not None and len({board.at(place) for place in line}) == 1
        for line in LINES
    )


def test_there_are_69_lines() -> None:
    assert len(LINES) == 69


def test_the_board_finds_every_win_of_random_full_games_when_it_comes() -> None:
    wins = draws = 0
    for seed in range(1000):
        chance, board, side = Random(seed), Board(), 0
        while not board.full and not board.line:
            board.drop(chance.choice([c for c in range(COLUMNS) if board.has_room(c)]), side)
            assert bool(board.line) == won(board), board.columns
            assert all(board.at(place) == side for place in board.line)
            side = 1 - side
        wins, draws = wins + bool(board.line), draws + (not board.line)
    assert wins > 900
    assert draws > 0


def test_a_longer_line_is_found_whole() -> None:
    board = Board()
    for column in (0, 1, 2, 4, 5, 6, 3):
        board.drop(column, 0)
    assert board.line == tuple((column, 0) for column in range(COLUMNS))


# --- The duel -------------------------------------------------------------------------------------------------


class Match:
    """A game and its clock."""

    def __init__(self, mode: Any = "duel", rounds: int = 1) -> None:
        table = TableOptions(TABLE.title, "fr", TABLE.times, rounds, hosted=mode == "chat")
        self.game = ConnectFour(ConnectFourOptions(table, mode))
        self.now = 0.0
        self.game.play(Ticked(), 0.0)
        if mode == "duel":
            self.play(Wished(ANNIE, "join"))
            self.play(Wished(BASILE, "join"))
            self.tick()
        else:
            self.play(Did(COLINE, "host"))
            self.play(Did(None, "skip"))

    def play(self, play: Any) -> tuple[Any, ...]:
        return self.game.play(play, self.now)

    def say(self, by: Player, text: str) -> tuple[Any, ...]:
        return self.play(Said(by, text))

    def press(self, by: Player, column: int) -> tuple[Any, ...]:
        return self.play(Chose(by, self.game.scene().turn, (column - 1,)))

    def tick(self) -> tuple[Any, ...]:
        due = self.game.deadline
        assert due is not None
        self.now = max(self.now, due)
        return self.play(Ticked())

    def moves(self, *columns: int) -> tuple[Any, ...]:
        events: tuple[Any, ...] = ()
        for n, column in enumerate(columns):
            events = self.say((ANNIE, BASILE)[n % 2], str(column))
        return events

    def refused(self, play: Any) -> str:
        with pytest.raises(Refusal) as caught:
            self.play(play)
        return caught.value.code


def test_the_first_to_sit_begins_and_four_in_a_row_wins() -> None:
    match = Match()
    played, over, finished = match.moves(1, 2, 1, 2, 1, 2, 1)
    assert played == Played(0, 0, ANNIE)
    assert over.outcome == Outcome("four", 0, ANNIE, 0)
    assert [(row.player, row.points) for row in finished.standings] == [(ANNIE, WIN)]
    assert match.game.scene().board == (
        " 1  2  3  4  5  6  7 ",
        " ·  ·  ·  ·  ·  ·  · ",
        " ·  ·  ·  ·  ·  ·  · ",
        "[X] ·  ·  ·  ·  ·  · ",
        "[X] O  ·  ·  ·  ·  · ",
        "[X] O  ·  ·  ·  ·  · ",
        "[X] O  ·  ·  ·  ·  · ",
    )


def test_each_plays_in_turn_and_nobody_else() -> None:
    match = Match()
    assert match.say(BASILE, "4") == ()
    assert match.say(COLINE, "4") == ()
    assert match.press(ANNIE, 4) == (Played(0, 3, ANNIE),)
    turn = match.game.scene().turn
    assert match.refused(Chose(ANNIE, turn, (3,))) == "not-your-turn"
    assert match.refused(Chose(BASILE, turn - 1, (3,))) == "moved-on"
    assert match.refused(Chose(BASILE, turn, (7,))) == "no-such-choice"
    assert match.say(BASILE, "4") == (Played(1, 3, BASILE),)


def test_a_full_column_takes_no_more() -> None:
    match = Match()
    match.moves(1, 1, 1, 1, 1, 1)
    assert match.say(ANNIE, "1") == ()
    assert match.refused(Chose(ANNIE, match.game.scene().turn, (0,))) == "column-full"


@pytest.mark.parametrize("typed", ["0", "8", "44", "4 4", "quatre", "", "④x"])
def test_what_is_no_column_is_no_move(typed: str) -> None:
    assert Match().say(ANNIE, typed) == ()


@pytest.mark.parametrize("typed", ["4", " 4 ", "4 !", "(4)", "④"])
def test_a_column_is_read_however_it_is_typed(typed: str) -> None:
    assert Match().say(ANNIE, typed)


def drawn_game() -> tuple[int, ...]:
    """Return the columns, from 1, of a game without a line of four."""
    for seed in range(10_000):
        chance, board, moves = Random(seed), Board(), list[int]()
        while not board.full and not board.line:
            moves.append(chance.choice([c for c in range(COLUMNS) if board.has_room(c)]))
            board.drop(moves[-1], len(moves) % 2)
        if not board.line:
            return tuple(column + 1 for column in moves)
    raise AssertionError("every game was won")


def test_a_full_board_is_a_draw_and_both_have_something() -> None:
    match = Match()
    _, over, finished = match.moves(*drawn_game())
    assert over.outcome.reason == "draw"
    assert [row.points for row in finished.standings] == [DRAW, DRAW]


def test_whoever_lets_their_time_pass_loses() -> None:
    match = Match()
    match.moves(1, 2)
    over, _ = match.tick()
    assert over.outcome == Outcome("time", 1, BASILE, 1)


def test_whoever_leaves_loses() -> None:
    match = Match()
    match.moves(1, 2, 3)
    _left, over, finished = match.play(Wished(BASILE, "leave"))
    assert over.outcome == Outcome("left", 0, ANNIE, 2)
    assert finished.standings[0].player == ANNIE


def test_nobody_wins_points_without_having_played() -> None:
    match = Match()
    over, finished = match.play(Wished(ANNIE, "leave"))[1:]
    assert over.outcome.winner == BASILE
    assert finished.standings == ()


def test_sides_change_who_begins_with_each_round() -> None:
    match = Match(rounds=2)
    match.moves(1, 2, 1, 2, 1, 2, 1)
    match.tick()
    assert match.say(ANNIE, "1") == ()
    assert match.say(BASILE, "1") == (Played(1, 0, BASILE),)


def test_a_stopped_game_stays_undecided() -> None:
    match = Match()
    match.moves(1, 2)
    over, finished = match.play(Did(None, "stop"))
    assert over == RoundOver(1, 1, Outcome("open", None, None, 1))
    assert finished.standings == ()


# --- The chat against its host --------------------------------------------------------------------------------


def test_both_platforms_vote_together_and_the_first_vote_opens_the_window() -> None:
    match = Match("chat")
    assert match.game.scene().deadline is None
    assert match.press(ANNIE, 4) == (Voted(ANNIE, 3),)
    assert match.game.scene().deadline == 20.0
    match.now = 10.0
    assert match.say(INES, "3") == (Voted(INES, 2),)
    assert match.say(LEO, "3") == (Voted(LEO, 2),)
    assert match.game.scene().facts.votes == ((3, 1), (2, 2))
    assert match.game.scene().deadline == 20.0
    assert match.tick() == (Played(0, 2, None, 2),)
    assert [(part.player, part.plays, part.right) for part in match.game.record()] == [
        (ANNIE, 1, 0),
        (INES, 1, 1),
        (LEO, 1, 1),
    ]


def test_a_vote_may_be_changed_and_counts_from_then() -> None:
    match = Match("chat")
    match.say(ANNIE, "4")
    match.say(INES, "3")
    assert match.refused(Chose(ANNIE, match.game.scene().turn, (3,))) == "voted-so"
    match.say(ANNIE, "3")
    match.say(LEO, "3")
    assert match.game.scene().facts.votes == ((2, 3),)


def test_a_tie_goes_to_the_column_that_was_voted_first() -> None:
    match = Match("chat")
    for voter, column in ((ANNIE, "4"), (INES, "2"), (LEO, "2"), (BASILE, "4")):
        match.say(voter, column)
    assert match.tick() == (Played(0, 3, None, 2),)


def test_a_removed_message_takes_its_vote_back() -> None:
    match = Match("chat")
    match.say(INES, "4")
    assert match.play(Withdrew(INES)) == (Unvoted(INES),)
    assert match.play(Withdrew(INES)) == ()
    assert match.game.scene().deadline is None


def test_the_host_plays_alone_and_does_not_vote() -> None:
    match = Match("chat")
    assert match.say(COLINE, "4") == ()
    match.say(ANNIE, "4")
    match.tick()
    assert match.say(ANNIE, "4") == ()
    assert match.say(COLINE, "5") == (Played(1, 4, COLINE),)


def test_everybody_who_voted_wins_with_the_chat() -> None:
    match = Match("chat")
    events: tuple[Any, ...] = ()
    for turn in range(4):
        match.say((ANNIE, INES)[turn % 2], "1")
        events = match.tick()
        if turn < 3:
            match.say(COLINE, "2")
    _, over, finished = events
    assert over.outcome == Outcome("four", 0, None, 0, 2)
    assert {row.player: row.points for row in finished.standings} == {ANNIE: WIN, INES: WIN}


def test_a_host_closes_a_vote_before_its_time() -> None:
    match = Match("chat")
    match.say(ANNIE, "4")
    assert match.play(Did(None, "skip")) == (Played(0, 3, None, 1),)


def test_a_chat_that_falls_silent_ends_the_game_politely() -> None:
    match = Match("chat")
    over, finished = match.tick()
    assert match.now == 240.0
    assert finished.idle
    assert over.outcome.reason == "open"


def test_what_a_host_asks_for_is_read_in_both_languages() -> None:
    for text, mode in (("", "chat"), ("Duel", "duel"), ("tchat", "chat"), ("vote", "chat")):
        found = options(TABLE, Wish(text=text), lexicon("fr"), Random(1))
        assert (found.mode, found.table.hosted) == (mode, mode == "chat")
    with pytest.raises(Refusal) as caught:
        options(TABLE, Wish(text="échecs"), lexicon("fr"), Random(1))
    assert caught.value.code == "unknown-option"


# --- Ballots --------------------------------------------------------------------------------------------------


def test_a_ballot_counts_as_a_plain_count_would() -> None:
    for seed in range(300):
        chance, ballot, plain = Random(seed), Ballot(), dict[int, tuple[int, int]]()
        for at in range(chance.randrange(40)):
            voter, choice = chance.randrange(8), chance.randrange(4)
            if chance.random() < 0.2:
                assert ballot.withdraw(Player(voter, "twitch")) == (voter in plain)
                plain.pop(voter, None)
            elif ballot.cast(Player(voter, "twitch"), choice):
                plain[voter] = choice, at
        counts = {c: sum(c == v for v, _ in plain.values()) for c in range(4)}
        oldest = {c: min((at for v, at in plain.values() if v == c), default=0) for c in range(4)}
        best = min(range(4), key=lambda c: (-counts[c], oldest[c]))
        assert ballot.leader() == (best if plain else None)
        assert ballot.counts() == {c: n for c, n in counts.items() if n}
        assert sorted((by.id, c) for by, c in ballot) == sorted(
            (v, c) for v, (c, _) in plain.items()
        )
