"""Hangman: accents, all places at once, the whole word at any time, one drawing or one each."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from games.core import Did, Player, Refusal, Said, Ticked, Wrote
from games.hangman import (
    MISSES,
    Hangman,
    HangmanOptions,
    Hinted,
    Mistaken,
    Out,
    Outcome,
    Solved,
    Tried,
    options,
)
from games.table import Finished, RoundOver, TableOptions, Wish
from games.words import lexicon

ANNIE, BASILE, COLINE = (Player(number, "discord") for number in (1, 2, 3))
TABLE = TableOptions("Pendu", "fr", rounds=1)
WRONG = "bcdghjklmnp"


def play(word: str = "forêt", mode: Any = "together", rounds: tuple[str, ...] = ()) -> Hangman:
    """Return a game at its first word."""
    words = rounds or (word,)
    game = Hangman(HangmanOptions(replace(TABLE, rounds=len(words)), words, mode))
    game.play(Ticked(), 0.0)
    game.play(Did(None, "skip"), 0.0)
    return game


def say(game: Hangman, text: str, by: Player = ANNIE, now: float = 0.0) -> tuple[Any, ...]:
    return game.play(Said(by, text), now)


def shown(game: Hangman) -> str:
    return " ".join(game.scene().facts.places)


@pytest.mark.parametrize("typed", ["e", "E", "ê", "É", " e ", "e!", "è."])
def test_a_letter_counts_with_or_without_its_accent(typed: str) -> None:
    game = play("forêt")
    assert say(game, typed) == (Tried(ANNIE, "e", 1, 0),)
    assert shown(game) == "_ _ _ Ê _"


def test_all_places_of_a_letter_are_found_at_once_and_each_is_a_point() -> None:
    game = play("élève")
    assert say(game, "e") == (Tried(ANNIE, "e", 3, 0),)
    assert shown(game) == "É _ È _ E"
    assert game.record()[0].points == 3


def test_a_ligature_is_found_by_the_letters_that_are_typed_for_it() -> None:
    game = play("cœur")
    assert shown(game) == "_ _ _ _ _"
    say(game, "o")
    assert shown(game) == "_ O _ _ _"
    assert say(game, "COEUR")[-1].standings[0].points == 5


def test_signs_between_words_are_shown_from_the_start() -> None:
    game = play("arc-en-ciel d’été")
    assert shown(game) == "_ _ _ - _ _ - _ _ _ _   _ ’ _ _ _"
    assert say(game, "Arc en ciel d'ete")


@pytest.mark.parametrize("typed", ["forêt", "FORET", "la forêt", "c’est la forêt !", "Forêt."])
def test_the_whole_word_wins_at_any_time_for_each_place_still_hidden(typed: str) -> None:
    game = play("forêt")
    say(game, "o", BASILE)
    solved, over, finished = say(game, typed)
    assert solved == Solved(ANNIE, 4)
    assert over == RoundOver(1, 1, Outcome("forêt", True, ANNIE))
    assert [row.points for row in finished.standings] == [4, 1]


@pytest.mark.parametrize(
    "typed", ["forets", "fleur", "aforet", "bonjour à tous", "12", "", "eé", "!"]
)
def test_talk_and_wrong_words_cost_nothing_in_chat(typed: str) -> None:
    game = play("forêt")
    before = game.scene()
    assert say(game, typed) == ()
    assert game.scene() == before


def test_a_letter_that_was_tried_costs_nothing_again() -> None:
    game = play("forêt")
    say(game, "z")
    assert say(game, "z", BASILE) == ()
    say(game, "e")
    assert say(game, "é", BASILE) == ()
    assert game.scene().facts.misses == 1


def test_the_last_letter_completes_the_word() -> None:
    game = play("pau")
    say(game, "p")
    say(game, "a", BASILE)
    tried, over, _ = say(game, "u", COLINE)
    assert tried == Tried(COLINE, "u", 1, 0)
    assert over.outcome == Outcome("pau", True, COLINE)


def test_together_the_drawing_is_everybodys_and_ends_the_word() -> None:
    game = play("forêt")
    for index, letter in enumerate(WRONG[: MISSES - 1]):
        say(game, letter, (ANNIE, BASILE)[index % 2], now=index)
    tried, over, _ = say(game, WRONG[MISSES], COLINE, now=20)
    assert tried.misses == MISSES
    assert over.outcome == Outcome("forêt", False, None, full=True)
    assert shown(game) == "F O R Ê T", "the word is shown in the end"


def test_each_has_a_drawing_and_those_who_filled_it_watch() -> None:
    game = play("forêt", "each")
    say(game, "o", BASILE)
    for index, letter in enumerate(WRONG[: MISSES - 1]):
        say(game, letter, now=index)
    tried, out = say(game, WRONG[MISSES], now=20)
    assert (tried.misses, out) == (MISSES, Out(ANNIE))
    assert say(game, "e", now=30) == ()
    assert game.scene().facts.out == 1
    assert say(game, "e", BASILE, now=30) == (Tried(BASILE, "e", 1, 0),)


def test_when_everybody_watches_the_word_is_over() -> None:
    game = play("forêt", "each")
    for index, letter in enumerate(WRONG[: MISSES - 1]):
        say(game, letter, now=index)
    *_, over, finished = say(game, WRONG[MISSES], now=20)
    assert not over.outcome.found
    assert isinstance(finished, Finished)


def test_a_wrong_word_in_the_form_costs_a_miss() -> None:
    game = play("forêt", "each")
    turn = game.scene().turn
    assert game.scene().form == "word"
    assert game.play(Wrote(ANNIE, turn, "fleur"), 0.0) == (Mistaken(ANNIE, 1),)
    assert game.play(Wrote(ANNIE, turn, "forêt"), 0.0)[0] == Solved(ANNIE, 5)


def test_there_is_no_form_where_everything_is_shared() -> None:
    assert play("forêt").scene().form == ""


def test_a_hint_gives_a_letter_to_nobody() -> None:
    game = play("pau")
    assert game.play(Did(None, "hint"), 0.0) == (Hinted("p", 1),)
    assert shown(game) == "P _ _"
    game.play(Did(None, "hint"), 0.0)
    _, over, finished = game.play(Did(None, "hint"), 0.0)
    assert over.outcome == Outcome("pau", True, None)
    assert finished.standings == ()


def test_each_round_has_its_own_word_and_its_own_drawing() -> None:
    game = play(rounds=("pau", "lyon"))
    say(game, "z")
    [_, over] = say(game, "pau")
    assert over == RoundOver(1, 2, Outcome("pau", True, ANNIE), next_in=8.0)
    game.play(Did(None, "skip"), 0.0)
    assert shown(game) == "_ _ _ _"
    assert game.scene().facts.misses == 0


def test_whoever_gave_the_word_does_not_play() -> None:
    game = play("forêt")
    game.play(Did(BASILE, "host"), 0.0)
    assert say(game, "forêt", BASILE) == ()
    assert say(game, "f", BASILE) == ()
    assert say(game, "f")


def test_a_word_whose_time_is_up_is_told_from_one_whose_drawing_is_full() -> None:
    game = play("forêt")
    say(game, "z")
    assert game.play(Did(None, "skip"), 1.0)[0].outcome == Outcome("forêt", False, None)


# --- What a host asks for -------------------------------------------------------------------------------------


def asked(wish: Wish, rounds: int = 2) -> HangmanOptions:
    return options(replace(TABLE, rounds=rounds), wish, lexicon("fr"), Random(3))


def test_words_are_drawn_one_for_each_round_of_the_level_asked_for() -> None:
    found = asked(Wish(text="chacun difficile"))
    assert found.mode == "each"
    assert len(found.words) == 2
    assert all(lexicon("fr").valid(word) for word in found.words)


def test_a_hosts_own_word_is_one_round_and_makes_them_its_host() -> None:
    found = asked(Wish(secret=" arc-en-ciel "))
    assert found.words == ("arc-en-ciel",)
    assert (found.table.rounds, found.table.hosted) == (1, True)


@pytest.mark.parametrize("secret", ["a", "aaa", "!!", "x" * 41, "merde", "é\u0301"])
def test_a_word_that_cannot_be_played_is_refused(secret: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(Wish(secret=secret))
    assert caught.value.code == "no-word-to-find"


def test_what_is_no_option_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        asked(Wish(text="forêt"))
    assert caught.value.code == "unknown-option"


def test_words_that_a_host_adds_may_be_drawn() -> None:
    words = lexicon("fr").plus(("xylothèque",))
    drawn = [options(TABLE, Wish(), words, Random(n)).words[0] for n in range(2000)]
    assert "xylothèque" in drawn
