"""Motus and Wordle: the marks against another way to find them, the grids, votes, and what people see."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Did, Refusal, Said, Wished, Withdrew, Wrote
from games.matching import fold
from games.motus import (
    BREATHER,
    CELLS,
    LAST_CALL,
    TRIES,
    VOTE,
    Hinted,
    Looked,
    Mark,
    Mode,
    Motus,
    MotusOptions,
    Outcome,
    Style,
    Tried,
    TriedAlone,
    Unvoted,
    Voted,
    marks,
    options,
    wordle_options,
)
from games.table import Finished, RoundOver
from games.words import lexicon
from tests.game_steps import (
    ANNIE,
    BASILE,
    COLINE,
    Evening,
    a_table,
    asked,
    chance,
    french,
    through_json,
)

A, E, R = Mark.ABSENT, Mark.ELSEWHERE, Mark.RIGHT


def motus(*words: str, style: Style = "motus", mode: Mode = "first", **times: float) -> Evening:
    table = a_table(rounds=len(words), **{"round": 300, "reveal": 12, **times})
    return Evening(Motus(MotusOptions(table, words, style, mode), french())).begin()


def board(evening: Evening) -> tuple[str, ...]:
    return evening.game.scene().board


# Marks


def marks_by_counting(tried: str, word: str) -> tuple[Mark, ...]:
    """The rule again, place by place: a letter that is not in its place is elsewhere if one is left for it."""
    found = []
    for place, letter in enumerate(tried):
        free = sum(own == letter != other for own, other in zip(word, tried, strict=True))
        taken = sum(
            earlier == letter != word[before] for before, earlier in enumerate(tried[:place])
        )
        found.append(R if word[place] == letter else E if taken < free else A)
    return tuple(found)


@pytest.mark.parametrize(
    ("tried", "word", "expected"),
    [
        ("serrer", "erreur", (A, E, R, E, E, R)),
        ("allee", "balle", (E, E, R, A, R)),
        ("eeeee", "abces", (A, A, A, R, A)),
        ("speed", "abide", (A, A, E, A, E)),
        ("speed", "erase", (E, A, E, E, A)),
        ("mamma", "maman", (R, R, R, A, E)),
        ("tests", "tests", (R,) * 5),
        ("abcde", "fghij", (A,) * 5),
    ],
)
def test_repeated_letters_are_marked_as_often_as_the_word_has_them(
    tried: str, word: str, expected: tuple[Mark, ...]
) -> None:
    assert marks(tried, word) == expected


def test_marks_agree_with_counting_for_all_pairs_of_letters_out_of_three() -> None:
    words = ["".join(letters) for letters in product("abc", repeat=4)]
    for tried, word in product(words, repeat=2):
        assert marks(tried, word) == marks_by_counting(tried, word)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("length", [5, 7])
def test_marks_agree_with_counting_for_all_pairs_of_a_sample_of_words(
    locale: str, length: int
) -> None:
    draw = chance(length)
    drawn = [lexicon(locale).draw(draw, range(length, length + 1), 1).letters for _ in range(150)]
    for tried, word in product(drawn, repeat=2):
        assert marks(tried, word) == marks_by_counting(tried, word)


@given(st.tuples(*[st.sampled_from("abcd")] * 6), st.tuples(*[st.sampled_from("abcd")] * 6))
def test_as_many_letters_are_marked_as_both_words_share(
    tried: tuple[str, ...], word: tuple[str, ...]
) -> None:
    found = marks("".join(tried), "".join(word))
    for letter in "abcd":
        shared = min(tried.count(letter), word.count(letter))
        marked = sum(
            one == letter and mark is not A for one, mark in zip(tried, found, strict=True)
        )
        assert marked == shared


# A shared grid


def test_the_first_letter_is_given_and_the_first_valid_word_plays() -> None:
    evening = motus("maison")
    assert board(evening) == ("[M] _  _  _  _  _ ",)
    [tried] = evening.say(ANNIE, "Marron")
    assert isinstance(tried, Tried)
    assert (tried.by, tried.left, tried.votes) == (ANNIE, TRIES - 1, 0)
    assert tried.row.marks == (R, R, A, A, R, R)
    assert board(evening) == ("[M][A] R  R [O][N]", "[M][A] _  _ [O][N]")


def test_a_word_is_typed_with_or_without_accents() -> None:
    for typed in ("étoile", "ETOILE", "etoile", " Étoile ! "):
        [tried, over, _] = motus("étoile").say(ANNIE, typed)
        assert isinstance(tried, Tried)
        assert isinstance(over, RoundOver)
        assert (over.outcome.word, over.outcome.by) == ("étoile", ANNIE)


def test_only_words_of_that_length_and_first_letter_play() -> None:
    evening = motus("maison")
    assert evening.why_not(ANNIE, "mais") == "word-length"
    assert evening.why_not(ANNIE, "m a i") == "word-length"
    assert evening.why_not(ANNIE, "pardon") == "word-begins"
    assert evening.why_not(ANNIE, "maizon") == "no-word"
    assert len(board(evening)) == 1


def test_in_wordle_any_letter_may_come_first() -> None:
    evening = motus("livre", style="wordle")
    assert board(evening) == (" _ " * 5,)
    [tried] = evening.say(ANNIE, "rives")
    assert tried.row.text == "(R)[I][V](E) S "


def test_a_word_that_may_not_be_shown_does_not_play() -> None:
    shameful = next(w for w in ("merde", "putes", "salope") if not french().decent(w))
    length = len(shameful)
    secret = french().draw(chance(), range(length, length + 1), 1).text
    evening = motus(secret, style="wordle")
    assert evening.why_not(ANNIE, shameful) == "word-not-shown"


def test_the_round_ends_with_the_sixth_try() -> None:
    evening = motus("maison", "livre")
    for word in ("marron", "melons", "mouton", "mentir", "manger"):
        assert len(evening.say(ANNIE, word)) == 1
        evening.wait(2)
    tried, over = evening.say(ANNIE, "mordre")
    assert (tried.left, over.outcome.by, over.outcome.word) == (0, None, "maison")
    [result] = over.outcome.results
    assert (result.by, len(result.rows), result.solved) == (None, TRIES, False)
    assert evening.game.scene().phase == "reveal"
    assert evening.game.record()[0].points == 0


def test_fewer_tries_bring_more_points() -> None:
    evening = motus("maison", "maison")
    evening.say(ANNIE, "maison")
    assert evening.points() == {1: 6}
    evening.wait(12)
    evening.say(BASILE, "marron")
    evening.say(ANNIE, "maison")
    assert evening.points() == {1: 6 + 5, 2: 0}


def test_no_word_is_tried_twice_on_one_grid() -> None:
    evening = motus("maison")
    evening.say(ANNIE, "marron")
    assert evening.why_not(BASILE, "MARRON") == "tried-already"


def test_somebody_who_plays_among_others_lets_them_breathe() -> None:
    evening = motus("maison")
    evening.say(ANNIE, "marron")
    evening.say(ANNIE, "mentir")  # she is alone
    evening.say(BASILE, "manger")
    assert evening.why_not(BASILE, "mordre") == "let-others-play"
    evening.wait(BREATHER)
    assert evening.say(BASILE, "mordre")


def test_time_ends_a_round_and_tells_the_word() -> None:
    evening = motus("maison", round=60, idle=500)
    over, finished = evening.wait(60)
    assert over.outcome == Outcome("maison", (), None)
    assert isinstance(finished, Finished)
    assert evening.game.over


def test_a_hint_puts_a_letter_in_its_place_but_never_the_last() -> None:
    evening = motus("maison")
    assert evening.do("hint") == (Hinted(2, "a"),)
    assert board(evening) == ("[M][A] _  _  _  _ ",)
    for _ in range(3):
        evening.do("hint")
    assert board(evening) == ("[M][A][I][S][O] _ ",)
    assert evening.refused(Did(None, "hint")).code == "no-more-hints"


def test_the_table_tells_which_letters_are_in_the_word_and_which_are_not() -> None:
    evening = motus("maison")
    evening.say(ANNIE, "mentir")
    grid = evening.game.scene().facts.grid
    assert (grid.present, grid.absent) == ("imn", "ert")


# Votes


def test_the_word_that_most_wanted_plays_when_votes_are_counted() -> None:
    evening = motus("maison", mode="vote")
    assert evening.game.scene().deadline is None
    [first] = evening.say(ANNIE, "marron")
    assert first == Voted(ANNIE, "marron")
    assert evening.game.scene().deadline == 15 + VOTE
    evening.say(BASILE, "mentir")
    assert evening.say(COLINE, "Mentir") == (Voted(COLINE, "mentir"),)
    assert evening.game.scene().facts.votes == (("mentir", 2), ("marron", 1))
    [tried] = evening.wait(VOTE)
    assert (tried.by, tried.row.letters, tried.votes) == (BASILE, "mentir", 2)
    assert {part.player.id: part.plays for part in evening.game.record()} == {1: 1, 2: 1, 3: 1}


def test_of_equal_votes_the_first_word_plays() -> None:
    evening = motus("maison", mode="vote")
    evening.say(ANNIE, "marron")
    evening.say(BASILE, "mentir")
    [tried] = evening.wait(VOTE)
    assert (tried.row.letters, tried.votes) == ("marron", 1)


def test_a_vote_may_be_changed_and_is_gone_with_its_message() -> None:
    evening = motus("maison", mode="vote")
    evening.say(ANNIE, "marron")
    evening.say(ANNIE, "mentir")
    assert evening.game.scene().facts.votes == (("mentir", 1),)
    assert evening.why_not(ANNIE, "mentir") == "already-voted"
    assert evening.play(Withdrew(ANNIE)) == (Unvoted(ANNIE),)
    assert evening.play(Withdrew(ANNIE)) == ()
    assert evening.game.scene().facts.votes == ()
    assert evening.wait(VOTE) == ()


def test_all_who_wanted_the_right_word_have_its_points() -> None:
    evening = motus("maison", mode="vote")
    evening.say(ANNIE, "maison")
    evening.say(BASILE, "maison")
    evening.say(COLINE, "marron")
    tried, over, _ = evening.wait(VOTE)
    assert (tried.votes, over.outcome.by) == (2, ANNIE)
    assert evening.points() == {1: 6, 2: 6, 3: 0}


# A grid each


def test_a_grid_of_ones_own_is_seen_by_nobody_else() -> None:
    evening = motus("maison", mode="each")
    [alone] = evening.write(ANNIE, "marron")
    assert isinstance(alone, TriedAlone)
    assert alone.grid.board == ("[M][A] R  R [O][N]", "[M][A] _  _ [O][N]")
    scene = evening.game.scene()
    assert scene.board == ("[M] _  _  _  _  _ ",)
    assert (scene.facts.alone, scene.facts.grid.rows) == (1, ())


def test_ones_own_grid_can_be_looked_at_again() -> None:
    evening = motus("maison", mode="each")
    [empty] = evening.play(Wished(ANNIE, "mine"))
    assert empty.grid.board == ("[M] _  _  _  _  _ ",)
    evening.write(ANNIE, "marron")
    [looked] = evening.play(Wished(ANNIE, "mine"))
    assert isinstance(looked, Looked)
    assert len(looked.grid.rows) == 1
    assert motus("maison").refused(Wished(ANNIE, "mine")).code == "unknown-action"


def test_everybody_has_six_tries_of_their_own() -> None:
    evening = motus("maison", mode="each")
    for word in ("marron", "melons", "mentir", "manger", "mordre", "mouton"):
        evening.write(ANNIE, word)
        evening.wait(2)
    assert evening.refused(Wrote(ANNIE, 1, "maison")).code == "grid-full"
    [alone] = evening.write(BASILE, "maison")
    assert (alone.grid.solved, alone.grid.left) == (True, TRIES - 1)
    assert evening.points() == {1: 0, 2: 6}


def test_what_is_typed_openly_plays_on_the_grid_of_all() -> None:
    evening = motus("maison", mode="each")
    [tried] = evening.say(BASILE, "marron")
    assert isinstance(tried, Tried)
    [tried] = evening.say(BASILE, "maison")
    assert evening.points() == {2: 5}
    assert evening.say(COLINE, "mentir") == ()
    assert evening.write(COLINE, "mentir")


def test_a_last_while_is_left_once_every_grid_is_done() -> None:
    evening = motus("maison", mode="each", idle=1000)
    evening.write(ANNIE, "marron")
    evening.write(BASILE, "maison")
    assert evening.game.scene().deadline == 15 + 300
    evening.write(ANNIE, "maison")
    assert evening.game.scene().deadline == 15 + LAST_CALL * 300
    evening.write(COLINE, "mentir")
    over, _ = evening.wait(LAST_CALL * 300)
    results = {result.by: (len(result.rows), result.solved) for result in over.outcome.results}
    assert results == {ANNIE: (2, True), BASILE: (1, True), COLINE: (1, False)}


# Options


def test_a_host_says_which_style_way_level_and_length() -> None:
    made = wordle_options(a_table(rounds=2), asked("vote lettres:6"), french(), chance())
    assert (made.style, made.mode, [len(fold(w)) for w in made.words]) == ("wordle", "vote", [6, 6])
    made = options(a_table(rounds=9), asked(), french(), chance())
    assert (made.style, made.mode) == ("motus", "first")
    assert {len(fold(word)) for word in made.words} <= {7, 8}
    made = options(a_table(), asked("8lettres difficile"), french(), chance())
    assert len(fold(made.words[0])) == 8


@pytest.mark.parametrize(
    ("text", "code"),
    [("lettres:3", "no-number"), ("lettres:99999999", "no-number"), ("demain", "unknown-option")],
)
def test_other_wishes_are_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        options(a_table(), asked(text), french(), chance())
    assert caught.value.code == code


def test_a_session_is_built_again_from_its_options() -> None:
    made = options(a_table(rounds=2), asked("vote"), french(), chance())
    again = Motus.from_json(through_json(made), 5, french())
    assert again.options == made


def test_every_row_is_as_wide() -> None:
    assert {len(cell.format("A")) for cell in CELLS.values()} == {3}


def test_words_are_looked_at_only_while_a_round_is_played() -> None:
    evening = motus("maison", "livre")
    evening.say(ANNIE, "maison")
    before: Any = evening.game.scene()
    assert evening.play(Said(BASILE, "marron")) == ()
    assert evening.game.scene() == before
