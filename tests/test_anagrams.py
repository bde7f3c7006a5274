"""Anagrams: every word of the letters counts, hints come in time, a round closes after the first."""

import pytest

from games.anagrams import (
    GRACE,
    WORTH,
    Anagrams,
    AnagramsOptions,
    Found,
    Hinted,
    Puzzle,
    mixed,
    options,
)
from games.core import Did, Refusal, Said
from games.matching import fold
from games.table import Dealt, RoundOver
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


def anagrams(*words: str, **times: float) -> Evening:
    table = a_table(rounds=len(words), **{"round": 60, "reveal": 8, **times})
    puzzles = tuple(
        Puzzle(w, "".join(reversed(fold(w))), french().anagrams(fold(w))) for w in words
    )
    return Evening(Anagrams(AnagramsOptions(table, puzzles), french())).begin()


def test_the_letters_are_shown_mixed() -> None:
    evening = anagrams("niche")
    assert evening.game.scene().board == ("E H C I N",)
    assert evening.events[-1] == Dealt(1, 1, 60)


@pytest.mark.parametrize(
    ("typed", "shown"), [("chien", "chien"), ("Chiné", "chine"), ("NICHE", "niche")]
)
def test_every_word_of_the_letters_is_right(typed: str, shown: str) -> None:
    [found] = anagrams("niche").say(ANNIE, typed)
    assert isinstance(found, Found)
    assert (fold(found.word), found.thought_of) == (shown, shown == "niche")
    assert found.points == WORTH


def test_other_letters_and_no_words_are_not() -> None:
    evening = anagrams("niche")
    assert evening.why_not(ANNIE, "chiens") == "other-letters"
    assert evening.why_not(ANNIE, "chenu") == "other-letters"
    assert evening.why_not(ANNIE, "cinhe") == "no-word"


def test_a_round_closes_a_little_after_the_first_word() -> None:
    evening = anagrams("niche", "gare")
    evening.wait(5)
    [first] = evening.say(ANNIE, "niche")
    assert first.after == 5
    evening.wait(1)
    evening.say(BASILE, "chien")
    assert evening.why_not(BASILE, "niche") == "found-already"
    [over] = evening.wait(1)
    assert isinstance(over, RoundOver)
    assert [found.by for found in over.outcome.found] == [ANNIE, BASILE]
    assert set(over.outcome.words) >= {"niche", "chien", "chine"}
    assert over.outcome.words[0] == "niche"
    assert evening.play(Said(COLINE, "chine")) == ()
    assert evening.points() == {1: WORTH, 2: WORTH}


def test_hints_come_over_the_time_and_cost_a_point_each() -> None:
    evening = anagrams("chaise", round=60)  # three hints: every quarter of the time
    assert evening.game.deadline == 15 + 15
    assert evening.game.scene().deadline == 15 + 60
    assert evening.wait(15) == (Hinted("c_____"),)
    assert evening.wait(15) == (Hinted("ch____"),)
    assert evening.game.scene().facts.worth == WORTH - 2
    [found] = evening.say(ANNIE, "chaise")
    assert found.points == WORTH - 2


def test_a_host_gives_the_next_hint_sooner_and_the_others_share_what_is_left() -> None:
    evening = anagrams("chaise", round=60)
    assert evening.do("hint") == (Hinted("c_____"),)
    assert evening.game.deadline == 15 + 20
    evening.do("hint")
    evening.do("hint")
    assert evening.refused(Did(None, "hint")).code == "no-more-hints"
    assert evening.game.deadline == 15 + 60


def test_no_hint_comes_once_a_word_was_found() -> None:
    evening = anagrams("chaise", round=60)
    evening.wait(14)
    evening.say(ANNIE, "chaise")
    over, _ = evening.wait(GRACE)
    assert isinstance(over, RoundOver)


def test_nobody_finds_and_the_words_are_told() -> None:
    evening = anagrams("niche", idle=600)
    *_, over, _ = evening.wait(60)
    assert (over.outcome.word, over.outcome.found) == ("niche", ())


def test_a_word_that_may_not_be_shown_counts_and_is_not_repeated() -> None:
    evening = anagrams("brune")
    [found] = evening.say(ANNIE, "burne")
    assert (found.word, found.points) == ("", WORTH)
    [over] = evening.wait(GRACE)[:1]
    assert over.outcome.words == ("brune",)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_letters_are_mixed_so_that_they_are_no_word(locale: str) -> None:
    words = lexicon(locale)
    made = options(a_table(locale=locale, rounds=20), asked("facile"), words, chance(3))
    for puzzle in made.puzzles:
        assert sorted(puzzle.shown) == sorted(fold(puzzle.word))
        assert not words.valid(puzzle.shown)
        assert all(words.decent(word) for word in (puzzle.word, *puzzle.words))


def test_letters_that_are_a_word_in_every_order_stay_as_they_are() -> None:
    assert mixed("a", french(), chance()) == "a"


def test_a_host_says_the_level_and_the_length() -> None:
    made = options(a_table(rounds=3), asked("difficile 9lettres"), french(), chance())
    assert {len(puzzle.shown) for puzzle in made.puzzles} == {9}
    with pytest.raises(Refusal):
        options(a_table(), asked("lettres:20"), french(), chance())


def test_a_session_is_built_again_from_its_options() -> None:
    made = options(a_table(rounds=2), asked(), french(), chance())
    assert Anagrams.from_json(through_json(made), 5, french()).options == made
