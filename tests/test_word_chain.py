"""The word chain: what the next word must begin with, the open race, turns at a table, and how chains end."""

import pytest

from games.core import Did, Refusal, Said, Wished
from games.matching import fold
from games.table import Finished, Joined, Left, RoundOver
from games.word_chain import (
    BREATHER,
    ENOUGH,
    LAST_IN,
    MOST_LINKS,
    Called,
    Hinted,
    Link,
    Linked,
    Mode,
    Out,
    Passed,
    WordChain,
    WordChainOptions,
    asked_after,
    last_syllable,
    options,
)
from games.words import LOCALES, lexicon
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


def chain(*starts: str, mode: Mode = "race", link: Link = "letter", **times: float) -> Evening:
    table = a_table(rounds=len(starts), **{"round": 30, "reveal": 10, **times})
    evening = Evening(WordChain(WordChainOptions(table, starts, mode, link), french()))
    return evening.begin(*(ANNIE, BASILE, COLINE) * (mode == "turns"))


# Syllables


@pytest.mark.parametrize(
    ("word", "syllable"),
    [
        ("château", "teau"),
        ("tomate", "te"),
        ("lapin", "pin"),
        ("sécurité", "te"),
        ("rayon", "yon"),
        ("fenêtre", "tre"),
        ("musique", "que"),
        ("fatigue", "gue"),
        ("montagne", "gne"),
        ("dimanche", "che"),
        ("orthographe", "phe"),
        ("livre", "vre"),
        ("table", "ble"),
        ("parler", "ler"),
        ("soleil", "leil"),
        ("pays", "pays"),
        ("mystère", "re"),
        ("nation", "tion"),
        ("chat", "chat"),
        ("arc", "arc"),
        ("août", "aout"),
        ("xyz", "xyz"),
        ("brr", "brr"),
    ],
)
def test_the_last_written_syllable(word: str, syllable: str) -> None:
    assert last_syllable(fold(word)) == syllable


@pytest.mark.parametrize(
    ("word", "beginning"),
    [("tomate", "te"), ("nation", "on"), ("rayon", "on"), ("flacon", "on"), ("livre", "re")],
)
def test_a_syllable_that_hardly_any_word_begins_with_is_shortened(
    word: str, beginning: str
) -> None:
    assert asked_after(word, "syllable", french()) == beginning


def test_by_letter_the_last_letter_is_asked_for() -> None:
    assert asked_after("tomate", "letter", french()) == "e"


@pytest.mark.parametrize("locale", LOCALES)
def test_what_is_asked_for_can_always_be_found_and_shown(locale: str) -> None:
    words, draw = lexicon(locale), chance()
    for _ in range(300):
        letters = words.draw(draw, range(4, 12), draw.choice((1, 2, 3))).letters
        beginning = asked_after(letters, "syllable", words)
        assert letters.endswith(beginning)
        assert words.decent(beginning)
        assert len(words.beginning(beginning)) >= ENOUGH or len(beginning) == 1


# The race


def test_whoever_has_a_word_first_goes_on() -> None:
    evening = chain("maison")
    assert evening.game.scene().facts.asked == "n"
    assert evening.say(ANNIE, "Nuages !") == (Linked(ANNIE, "nuages", 2, "s"),)
    assert evening.say(BASILE, "ete") == ()
    assert evening.say(BASILE, "soleil") == (Linked(BASILE, "soleil", 3, "l"),)
    assert evening.game.scene().board == ("maison → nuages → soleil",)
    assert evening.points() == {1: 1, 2: 1}


def test_by_syllable_the_next_word_begins_with_it() -> None:
    evening = chain("tomate", link="syllable")
    assert evening.why_not(ANNIE, "étoile") == "word-begins"
    assert evening.say(ANNIE, "télévision") == (Linked(ANNIE, "télévision", 2, "on"),)
    [linked] = evening.say(BASILE, "oncle")
    assert (linked.word, linked.asked) == ("oncle", "cle")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("soleil", "word-begins"),
        ("nuit noire", "word-begins"),
        ("ni", "word-too-short"),
        ("nnn", "no-word"),
        ("maison", "word-begins"),
        ("nichons", "word-not-shown"),
    ],
)
def test_what_does_not_go_on_says_why(typed: str, code: str) -> None:
    assert chain("maison").why_not(ANNIE, typed) == code


def test_no_word_comes_twice_however_it_is_typed() -> None:
    evening = chain("été")
    evening.say(ANNIE, "épée")
    evening.say(BASILE, "étude")
    assert evening.why_not(COLINE, "EPEE") == "said-already"
    assert evening.why_not(COLINE, "ete") == "said-already"


def test_somebody_who_plays_among_others_lets_them_breathe() -> None:
    evening = chain("été")
    evening.say(ANNIE, "épée")
    evening.say(ANNIE, "étude")
    evening.say(BASILE, "élan")
    assert evening.why_not(BASILE, "navet") == "let-others-play"
    evening.wait(BREATHER)
    assert evening.say(BASILE, "navet")


def test_a_chain_that_nobody_goes_on_with_ends_and_the_next_begins() -> None:
    evening = chain("maison", "livre")
    evening.say(ANNIE, "nuages")
    [over] = evening.wait(30)
    assert isinstance(over, RoundOver)
    assert (over.outcome.length, over.outcome.last, over.outcome.winner) == (2, "nuages", None)
    assert fold(over.outcome.missed).startswith("s")
    evening.wait(10)
    assert evening.game.scene().facts.last == ("livre",)


def test_each_word_has_its_own_time() -> None:
    evening = chain("maison")
    evening.wait(29)
    evening.say(ANNIE, "nuages")
    assert evening.game.deadline == 15 + 29 + 30


def test_a_hint_begins_a_word_that_goes_on_and_was_not_said() -> None:
    evening = chain("maison")
    [first] = evening.do("hint")
    assert isinstance(first, Hinted)
    [word] = {w for w in french().beginning(first.beginning) if len(fold(w)) == first.length} & {
        french().beginning("n")[0]
    }
    evening.say(ANNIE, word)
    assert evening.do("hint") != (first,)


def test_a_long_enough_chain_ends_well() -> None:
    evening = chain("été")
    words = [w for w in french().beginning("e") if fold(w).endswith("e") and fold(w) != "ete"]
    for number, word in enumerate(words[: MOST_LINKS - 1]):
        evening.wait(3)
        events = evening.say((ANNIE, BASILE)[number % 2], word)
    linked, over, finished = events
    assert (linked.number, over.outcome.length) == (MOST_LINKS, MOST_LINKS)
    assert isinstance(finished, Finished)


# Turns


def test_people_take_turns_in_the_order_in_which_they_sat_down() -> None:
    evening = chain("maison", mode="turns")
    assert next(e for e in evening.events if isinstance(e, Joined)) == Joined(ANNIE, 1, 1)
    assert evening.events[-1] == Called(ANNIE)
    assert evening.game.scene().facts.turn == ANNIE
    assert evening.why_not(BASILE, "nuages") == "not-your-turn"
    assert evening.say(ANNIE, "nuages") == (Linked(ANNIE, "nuages", 2, "s"),)
    evening.say(BASILE, "soleil")
    assert evening.game.scene().facts.turn == COLINE


def test_whoever_has_no_word_in_time_passes_then_watches_until_one_is_left() -> None:
    evening = chain("maison", mode="turns", idle=600)
    assert evening.wait(30) == (Passed(ANNIE),)
    assert evening.game.scene().facts.turn == BASILE
    evening.say(BASILE, "nuages")
    assert evening.wait(30) == (Passed(COLINE),)
    assert evening.wait(30) == (Out(ANNIE),)
    evening.say(BASILE, "soleil")
    out, over, _ = evening.wait(30)
    assert out == Out(COLINE)
    assert over.outcome.winner == BASILE
    assert evening.points() == {2: 2 + LAST_IN}


def test_the_last_one_in_is_not_paid_for_never_having_played() -> None:
    evening = chain("maison", mode="turns", idle=600)
    evening.wait(150)
    assert evening.game.over
    assert evening.game.record() == ()


def test_whoever_leaves_in_the_middle_is_passed_over() -> None:
    evening = chain("maison", mode="turns")
    assert evening.play(Wished(ANNIE, "leave")) == (Left(ANNIE),)
    assert evening.game.scene().facts.turn == BASILE
    evening.say(BASILE, "nuages")
    evening.wait(20)
    left, over, _ = evening.play(Wished(COLINE, "leave"))
    assert left == Left(COLINE)
    assert over.outcome.winner == BASILE


def test_somebody_elses_leaving_costs_nobody_time() -> None:
    evening = chain("maison", mode="turns")
    evening.wait(10)
    evening.play(Wished(COLINE, "leave"))
    assert evening.game.scene().deadline == 15 + 30


def test_another_begins_the_next_chain() -> None:
    evening = chain("maison", "livre", mode="turns")
    evening.do("skip")
    evening.do("skip")
    assert evening.game.scene().facts.turn == BASILE


# Options


def test_a_host_says_the_way_and_the_link() -> None:
    made = options(a_table(rounds=2), asked("tours syllabe"), french(), chance())
    assert (made.mode, made.link, len(made.starts)) == ("turns", "syllable", 2)
    made = options(a_table(), asked(), french(), chance())
    assert (made.mode, made.link) == ("race", "letter")
    with pytest.raises(Refusal):
        options(a_table(), asked("vite fait"), french(), chance())


def test_a_session_is_built_again_from_its_options() -> None:
    made = options(a_table(rounds=2), asked("tours"), french(), chance())
    assert WordChain.from_json(through_json(made), 5, french()).options == made


def test_nothing_counts_between_two_chains() -> None:
    evening = chain("maison", "livre")
    evening.do("skip")
    assert evening.play(Said(ANNIE, "nuages")) == ()
    assert evening.refused(Did(None, "hint")).code == "moved-on"
