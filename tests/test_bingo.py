"""Bingo: cards, draws by lot or by a host, claims against brute force, winners of one draw, kindness to the hasty."""

from itertools import combinations
from random import Random
from typing import Any

import pytest

from games.bingo import (
    BLANK,
    CLAIMS,
    FREE,
    LONGEST_TEXT,
    WIN,
    Bingo,
    BingoOptions,
    Carded,
    Drawn,
    NotYet,
    Outcome,
    Undrawn,
    Won,
    card_of,
    missing,
    options,
)
from games.core import Did, Player, Refusal, Said, Ticked, Wished
from games.lists import texts
from games.table import Finished, RoundOver, TableOptions, Wish
from games.words import lexicon

ANNIE, BASILE, INES = Player(1, "discord"), Player(2, "discord"), Player(3, "twitch")
NINE = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


def asked(text: str = "", locale: str = "fr") -> BingoOptions:
    table = TableOptions("Bingo", locale, rounds=1)
    return options(table, Wish(text=text), lexicon(locale), Random(3))


def play(text: str = ", ".join(NINE), seed: int = 1) -> Bingo:
    """Return a game at its first draw."""
    game = Bingo(asked(text), seed)
    game.play(Ticked(), 0.0)
    game.play(Did(None, "skip"), 0.0)
    return game


def take(game: Bingo, by: Player = ANNIE, now: float = 0.0) -> Carded:
    [carded] = game.play(Wished(by, "mine"), now)
    assert isinstance(carded, Carded)
    return carded


def draw(game: Bingo, text: str = "", now: float = 0.0) -> tuple[Any, ...]:
    return game.play(Did(None, "draw", text), now)


def code(game: Bingo, asked_: Any) -> Refusal:
    before = game.scene()
    with pytest.raises(Refusal) as caught:
        game.play(asked_, 0.0)
    assert game.scene() == before
    return caught.value


def line(game: Bingo, by: Player = ANNIE) -> list[str]:
    """Return what the first row of somebody's card waits for."""
    return [game.scene().facts.items[index] for index in game.card(by)[0]]


# --- Cards ----------------------------------------------------------------------------------------------------


def test_a_card_of_75_has_fifteen_numbers_a_column_and_a_free_place() -> None:
    for seed in range(300):
        card = card_of(Random(seed), 75, numbers=True)
        assert card[2][2] == FREE
        for column, cells in enumerate(zip(*card, strict=True)):
            numbers = [index for index in cells if index != FREE]
            assert len(set(numbers)) == len(numbers) == 5 - (column == 2)
            assert all(15 * column <= index < 15 * (column + 1) for index in numbers)


def test_a_card_of_90_has_five_numbers_a_row_and_ordered_tens_in_its_columns() -> None:
    for seed in range(300):
        card = card_of(Random(seed), 90, numbers=True)
        assert [len(row) for row in card] == [9, 9, 9]
        assert [sum(index != BLANK for index in row) for row in card] == [5, 5, 5]
        for column, cells in enumerate(zip(*card, strict=True)):
            numbers = [index + 1 for index in cells if index != BLANK]
            assert numbers
            assert numbers == sorted(set(numbers))
            assert all(min(number // 10, 8) == column for number in numbers)


def test_a_card_of_texts_is_three_or_four_wide_by_the_length_of_its_list() -> None:
    for count, side in ((9, 3), (23, 3), (24, 4), (75, 4)):
        card = card_of(Random(1), count, numbers=False)
        cells = [index for row in card for index in row]
        assert len(card) == len(card[0]) == side
        assert len(set(cells)) == side * side
        assert set(cells) <= set(range(count))


def test_a_card_is_a_persons_own_and_the_same_when_asked_again() -> None:
    game, other = play("loto"), play("loto")
    assert take(game) == take(game)
    assert take(game).rows == take(other).rows
    assert take(game).rows != take(game, BASILE).rows
    assert take(game).rows != take(play("loto", seed=2)).rows
    assert game.record()[0].plays == 1


def test_whoever_comes_late_has_what_was_drawn_before() -> None:
    game = play()
    draw(game, "trois")
    marks = {text: mark for row in take(game).rows for text, mark in row}
    assert marks["trois"] == "drawn"
    assert marks["un"] == "open"


def test_nobody_elses_card_is_on_the_table() -> None:
    game = play("loto")
    take(game)
    facts = game.scene().facts
    assert (facts.cards, facts.drawn, facts.winners) == (1, (), ())


# --- Claims ---------------------------------------------------------------------------------------------------


def lines_by_hand(card: Any) -> list[list[int]]:
    """Return the lines of a card, found one place after the other."""
    height, width = len(card), len(card[0])
    lines = [[card[y][x] for x in range(width)] for y in range(height)]
    if height == width:
        lines += [[card[y][x] for y in range(height)] for x in range(width)]
        lines += [
            [card[i][i] for i in range(width)],
            [card[i][width - 1 - i] for i in range(width)],
        ]
    return lines


@pytest.mark.parametrize(("count", "numbers"), [(9, False), (30, False), (75, True), (90, True)])
@pytest.mark.parametrize("goal", ["line", "two", "full"])
def test_a_claim_is_judged_as_by_brute_force(count: int, numbers: bool, goal: Any) -> None:
    for seed in range(150):
        chance = Random(seed)
        card = card_of(chance, count, numbers=numbers)
        drawn = frozenset(chance.sample(range(count), chance.randrange(count + 1)))
        lines = lines_by_hand(card)
        full = [all(index in drawn or index < 0 for index in line) for line in lines]
        reached = all(full) if goal == "full" else sum(full) >= {"line": 1, "two": 2}[goal]
        left = missing(card, drawn, goal)
        assert (left == 0) == reached
        if left == 1:
            others = set(range(count)) - drawn
            assert any(not missing(card, drawn | {index}, goal) for index in others)
        elif left:
            others = {i for row in card for i in row if i >= 0} - drawn
            pairs = combinations(sorted(others), min(left - 1, 2))
            assert all(missing(card, drawn | set(pair), goal) for pair in pairs)


@pytest.mark.parametrize("typed", ["bingo", "BINGO !!!", "Bingoooo", "quine"])
def test_whoever_has_a_line_says_so(typed: str) -> None:
    game = play()
    take(game)
    for text in line(game):
        assert draw(game, text) == (Drawn(text),)
    assert game.play(Said(ANNIE, typed), 1.0) == (Won(ANNIE, "line", CLAIMS),)
    over, finished = game.play(Ticked(), 1.0 + CLAIMS)
    assert over == RoundOver(1, 1, Outcome("line", (ANNIE,), 3))
    assert finished.standings[0].points == WIN


def test_all_who_claim_for_the_same_draw_win_alike() -> None:
    game = play()
    for by in (ANNIE, BASILE, INES):
        take(game, by)
    for text in NINE:
        draw(game, text)
    game.play(Wished(BASILE, "claim"), 1.0)
    assert game.play(Said(INES, "bingo"), 5.0) == (Won(INES, "line", None),)
    over, finished = game.play(Ticked(), 1.0 + CLAIMS)
    assert over.outcome.winners == (BASILE, INES)
    assert {row.player: row.rank for row in finished.standings} == {BASILE: 1, INES: 1}


def test_a_claim_too_soon_costs_nothing_and_is_told() -> None:
    game = play()
    take(game)
    assert game.play(Said(ANNIE, "bingo"), 0.0) == (NotYet(ANNIE, 3, "line", aloud=True),)
    draw(game, line(game)[0])
    assert game.play(Wished(ANNIE, "claim"), 1.0) == (NotYet(ANNIE, 2, "line", aloud=False),)
    for text in line(game)[1:]:
        draw(game, text)
    assert isinstance(game.play(Wished(ANNIE, "claim"), 1.0)[0], Won)
    assert game.record()[0].points == WIN


def test_a_claim_takes_a_card_and_wins_once() -> None:
    game = play()
    assert code(game, Wished(ANNIE, "claim")).code == "bingo-no-card"
    assert game.play(Said(ANNIE, "bingo"), 0.0) == ()
    take(game)
    for text in NINE:
        draw(game, text)
    game.play(Wished(ANNIE, "claim"), 0.0)
    assert code(game, Wished(ANNIE, "claim")).code == "bingo-won"


def test_claiming_again_and_again_is_not_looked_at() -> None:
    game = play()
    take(game)
    assert sum(bool(game.play(Said(ANNIE, "bingo"), 0.0)) for _ in range(8)) == 5


@pytest.mark.parametrize("talk", ["bing", "un bingo ?", "ligne 3", "", "b"])
def test_talk_is_no_claim(talk: str) -> None:
    game = play()
    take(game)
    assert game.play(Said(ANNIE, talk), 0.0) == ()


# --- Draws ----------------------------------------------------------------------------------------------------


def test_numbers_come_by_themselves_each_once_and_the_last_closes() -> None:
    game = play("nombres")
    take(game)
    drawn = []
    while not isinstance((events := game.play(Ticked(), game.deadline or 0.0))[0], RoundOver):
        drawn.append(events[0].text)
    assert sorted(drawn, key=int) == [str(number) for number in range(1, 76)]
    assert events[0].outcome == Outcome("line", (), 75)


def test_a_draw_that_nobody_holds_a_card_for_ends_in_time() -> None:
    game = play("nombres")
    while not game.over:
        events = game.play(Ticked(), game.deadline or 0.0)
    assert isinstance(events[-1], Finished)
    assert events[-1].idle


def test_the_order_of_draws_is_the_seeds() -> None:
    first, again, other = (play("loto", seed) for seed in (1, 1, 2))
    draws = [[draw(game)[0].text for _ in range(20)] for game in (first, again, other)]
    assert draws[0] == draws[1] != draws[2]


@pytest.mark.parametrize("typed", ["5", "#5", "cinq", "CINQ", "cin", " Cinq !"])
def test_a_host_notes_what_happens_by_number_or_by_words(typed: str) -> None:
    assert draw(play(), typed) == (Drawn("cinq"),)


def test_what_a_host_cannot_note_is_said() -> None:
    game = play()
    draw(game, "cinq")
    assert code(game, Did(None, "draw", "cinq")).code == "bingo-drawn"
    assert code(game, Did(None, "draw", "i")).code == "bingo-which"
    assert code(game, Did(None, "draw", "10")).code == "bingo-which"
    assert code(game, Did(None, "remove", "six")).code == "bingo-not-drawn"
    for _ in range(8):
        draw(game)
    assert code(game, Did(None, "draw")).code == "bingo-all-drawn"


def test_a_host_takes_back_what_has_not_happened() -> None:
    game = play()
    draw(game, "cinq")
    assert game.play(Did(None, "remove", "cinq"), 0.0) == (Undrawn("cinq"),)
    assert game.scene().facts.drawn == ()


def test_nothing_is_drawn_while_others_may_still_claim() -> None:
    game = play("nombres")
    take(game)
    while missing(game.card(ANNIE), frozenset(game.scene().facts.drawn), "line"):
        game.play(Ticked(), game.deadline or 0.0)
    now = (game.deadline or 0.0) - 1.0
    game.play(Wished(ANNIE, "claim"), now)
    assert code(game, Did(None, "draw")).code == "bingo-claimed"
    assert game.deadline == now + CLAIMS


def test_a_hosts_list_waits_for_the_host() -> None:
    game = play()
    assert game.scene().deadline is None
    assert game.table.times.idle == 3600.0


def test_a_new_round_has_new_cards_and_nothing_drawn() -> None:
    table = TableOptions("Bingo", "fr", rounds=2)
    game = Bingo(options(table, Wish(text="loto, animation"), lexicon("fr"), Random(1)), 1)
    for _ in range(2):
        game.play(Ticked(), game.deadline or 0.0)
    before = take(game).rows
    draw(game)
    game.play(Did(None, "skip"), 30.0)
    game.play(Did(None, "skip"), 30.0)
    assert game.scene().facts.drawn == ()
    assert game.scene().facts.cards == 0
    assert take(game, now=30.0).rows != before


# --- What a host asks for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "top", "count", "goal", "automatic"),
    [
        ("", 0, 28, "line", False),
        ("stream", 0, 28, "line", False),
        ("lecture carton plein auto", 0, 28, "full", True),
        ("nombres", 75, 0, "line", True),
        ("Loto deux lignes", 90, 0, "two", True),
        ("numbers:90 full house host", 90, 0, "full", False),
        (", ".join((*NINE, "quine")), 0, 9, "line", False),
        ("; ".join(NINE), 0, 9, "line", False),
    ],
)
def test_what_a_host_asks_for(text: str, top: int, count: int, goal: str, automatic: bool) -> None:
    found = asked(text)
    assert (found.top, len(found.texts)) == (top, count)
    assert (found.goal, found.automatic) == (goal, automatic)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("un chat", "bingo-list"),
        (", ".join(NINE[:8]), "bingo-list"),
        (", ".join((*NINE[:8], "UN")), "bingo-list"),
        (", ".join(f"texte {n}" for n in range(76)), "bingo-list"),
        (", ".join((*NINE, "x" * (LONGEST_TEXT + 1))), "bingo-list"),
        (", ".join((*NINE, "merde")), "not-shown"),
    ],
)
def test_a_list_that_cannot_be_played_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(text)
    assert caught.value.code == expected


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("name", ["reading", "stream"])
def test_the_lists_that_are_shipped_can_be_played(locale: str, name: str) -> None:
    shipped = texts(locale, "bingo", name)
    own = asked(", ".join(text for text in shipped), locale)
    assert len(own.texts) == len(shipped) >= 24


def test_there_are_no_lists_in_a_language_nobody_wrote_them_in() -> None:
    with pytest.raises(LookupError):
        texts("oc", "bingo", "reading")
