"""The longest word: how letters are drawn, which words count and for whom, and the best against brute force."""

import gzip
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources

import pytest

from games.core import Chose, Did, Player, Refusal, Said, Wrote
from games.longest_word import (
    DRAWING,
    LEAST_OF_A_KIND,
    PILES,
    SIZES,
    Drew,
    Entered,
    Gave,
    Given,
    Hand,
    Hinted,
    LongestWord,
    LongestWordOptions,
    Mode,
    Searching,
    options,
)
from games.table import RoundOver
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

HAND = Hand("aieouaieou", "chsrtnlmpd", "cvcvcvcvcv")


def longest_word(*hands: Hand, mode: Mode = "auto", **times: float) -> Evening:
    table = a_table(rounds=len(hands), **{"round": 60, "reveal": 15, **times})
    return Evening(LongestWord(LongestWordOptions(table, hands, 10, mode), french())).begin()


def letters(evening: Evening) -> str:
    drawn: str = evening.game.scene().facts.letters
    return drawn


# Letters


def test_the_bot_draws_in_the_order_that_it_has_chosen() -> None:
    evening = longest_word(HAND)
    assert letters(evening) == "cahiserotu"
    assert evening.game.scene().board == ("C A H I S E R O T U",)


def test_players_ask_for_a_vowel_or_a_consonant_by_word_letter_or_button() -> None:
    evening = longest_word(HAND, mode="asked")
    assert evening.say(ANNIE, "voyelle") == (Drew(ANNIE, "a", 1),)
    assert evening.say(BASILE, "C") == (Drew(BASILE, "c", 2),)
    evening.wait(5)
    turn = evening.game.scene().turn
    assert evening.play(Chose(COLINE, turn, (0,))) == (Drew(COLINE, "i", 3),)
    assert evening.play(Chose(COLINE, turn, (1,))) == (Drew(COLINE, "h", 4),)
    assert evening.refused(Chose(COLINE, turn, (2,))).code == "no-such-choice"
    assert evening.game.scene().board == ("A C I H _ _ _ _ _ _",)
    assert evening.why_not(ANNIE, "chat") == "vowel-or-consonant"


def test_the_search_begins_with_the_last_letter() -> None:
    evening = longest_word(HAND, mode="asked")
    for number in range(9):
        evening.say(ANNIE, "cv"[number % 2])
        evening.wait(2)
    drew, searching = evening.say(ANNIE, "v")
    assert (drew.number, searching) == (10, Searching("cahiserotu", 60))
    assert evening.game.scene().choices == ()


def test_what_nobody_asks_for_in_time_the_bot_draws() -> None:
    evening = longest_word(HAND, mode="asked")
    evening.say(ANNIE, "v")
    [searching] = evening.wait(DRAWING)
    assert isinstance(searching, Searching)
    assert len(searching.letters) == 10


@pytest.mark.parametrize("kind", ["v", "c"])
def test_there_are_some_of_each_kind(kind: str) -> None:
    evening = longest_word(HAND, mode="asked")
    for _ in range(10 - LEAST_OF_A_KIND):
        assert evening.say(ANNIE, kind)
        evening.wait(2)
    assert evening.why_not(ANNIE, kind) == "enough-of-these"


@pytest.mark.parametrize("locale", LOCALES)
def test_letters_come_as_often_as_the_piles_have_them(locale: str) -> None:
    drawn = Counter[str]()
    made = options(a_table(locale=locale, rounds=4000), asked(), lexicon(locale), chance())
    for hand in made.hands:
        assert len(hand.vowels) == len(hand.consonants) == len(hand.order) == SIZES[locale]
        drawn.update(hand.vowels[:1] + hand.consonants[:1])
    for pile in PILES[locale].values():
        for letter, count in Counter(pile).items():
            expected = 4000 * count / len(pile)
            assert abs(drawn[letter] - expected) < 5 * expected**0.5 + 5, letter


def test_piles_hold_the_whole_alphabet_once() -> None:
    for piles in PILES.values():
        assert not set(piles["v"]) & set(piles["c"])
        assert set(piles["v"]) | set(piles["c"]) == set("abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize("locale", LOCALES)
def test_nearly_every_draw_has_a_long_word(locale: str) -> None:
    made = options(a_table(locale=locale, rounds=60), asked(), lexicon(locale), chance(2))
    lengths = []
    for hand in made.hands:
        table = a_table(locale=locale)
        game = LongestWord(LongestWordOptions(table, (hand,), made.size), lexicon(locale))
        [best, *_] = lexicon(locale).longest(letters(Evening(game).begin()))
        lengths.append(len(best))
    assert sum(length >= 6 for length in lengths) > 55


# Words


def test_every_valid_word_counts_with_or_without_accents() -> None:
    evening = longest_word(HAND)
    [gave] = evening.say(ANNIE, "hâtes")
    assert gave == Gave(Given(ANNIE, "hâtes", 5), leads=True)
    [gave] = evening.say(BASILE, "THEORISA")
    assert gave == Gave(Given(BASILE, "théorisa", 8), leads=True)
    assert evening.game.scene().facts.best == gave.given


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("as", "word-too-short"),
        ("chaises", "other-letters"),
        ("maison", "other-letters"),
        ("haricotse", "no-word"),
        ("le chat", "other-letters"),
        ("anticonstitutionnellement", "other-letters"),
    ],
)
def test_what_does_not_count_says_why(typed: str, code: str) -> None:
    assert longest_word(HAND).why_not(ANNIE, typed) == code


def test_only_a_longer_word_replaces_ones_own() -> None:
    evening = longest_word(HAND)
    evening.say(ANNIE, "route")
    assert evening.why_not(ANNIE, "haies") == "no-longer"
    assert evening.say(ANNIE, "auteurs") == ()
    assert evening.say(ANNIE, "haricots")


def test_a_word_said_openly_is_taken_and_a_private_one_is_not() -> None:
    evening = longest_word(HAND)
    evening.write(ANNIE, "haricots")
    [entered] = evening.write(BASILE, "haricots")
    assert entered == Entered(Given(BASILE, "haricots", 8))
    assert evening.game.scene().facts.best is None
    evening.say(COLINE, "chariots")
    late = Wrote(Player(4, "twitch"), evening.game.scene().turn, "chariots")
    assert evening.refused(late).code == "said-already"


def test_the_longest_win_their_letters_and_every_other_word_a_point() -> None:
    evening = longest_word(HAND)
    evening.say(ANNIE, "haricots")
    evening.write(BASILE, "chariots")
    evening.say(COLINE, "route")
    over, _ = evening.wait(60)
    assert isinstance(over, RoundOver)
    assert [(gave.by, gave.length) for gave in over.outcome.given] == [
        (ANNIE, 8),
        (BASILE, 8),
        (COLINE, 5),
    ]
    assert evening.points() == {1: 8, 2: 8, 3: 1}
    assert [part.right for part in evening.game.record()] == [1, 1, 1]


def test_a_stopped_round_is_paid_too() -> None:
    evening = longest_word(HAND, HAND)
    evening.say(ANNIE, "haricots")
    evening.do("stop")
    assert evening.points() == {1: 8}


def test_no_best_word_is_told_of_letters_that_were_never_all_drawn() -> None:
    evening = longest_word(HAND, mode="asked")
    evening.play(Said(ANNIE, "v"))
    over, _ = evening.play(Did(None, "stop"))
    assert (over.outcome.best, over.outcome.best_count) == ((), 0)


def test_the_best_words_are_told_at_the_end() -> None:
    evening = longest_word(HAND)
    evening.say(ANNIE, "route")
    over, _ = evening.wait(60)
    best = over.outcome.best
    assert over.outcome.best_count >= len(best) > 0
    assert best == french().longest("cahiserotu")[:6]


def test_hints_tell_the_length_then_the_first_letter() -> None:
    evening = longest_word(HAND)
    [first] = evening.do("hint")
    [second] = evening.do("hint")
    assert isinstance(first, Hinted)
    assert (first.first, second.length) == ("", first.length)
    assert second.first
    assert evening.refused(Did(None, "hint")).code == "no-more-hints"


# The best there is


@cache
def plain(locale: str) -> Mapping[str, list[str]]:
    """Return every word of one piece as typed, with its spellings, read without what is tested."""
    packed = (resources.files("games.words") / f"{locale}.words.gz").read_bytes()
    rows = (line.split("\t") for line in gzip.decompress(packed).decode().split("\n")[1:-1])
    return {
        typed: written.split("/") if written else [typed]
        for typed, written in rows
        if " " not in typed
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_no_word_of_the_list_is_longer_than_the_best(locale: str) -> None:
    words = lexicon(locale)
    made = options(a_table(locale=locale, rounds=6), asked("auto"), words, chance(9))
    for hand in made.hands:
        game = LongestWord(LongestWordOptions(a_table(locale=locale), (hand,), made.size), words)
        evening = Evening(game).begin()
        have = Counter(letters(evening))
        fitting = [
            typed
            for typed, spellings in plain(locale).items()
            if len(typed) <= made.size
            and have.keys() >= set(typed)
            and not Counter(typed) - have
            and any(words.decent(text) for text in spellings)
        ]
        most = max(map(len, fitting))
        over, _ = evening.wait(90)
        assert over.outcome.best_count == sum(len(typed) == most for typed in fitting)


# Options


def test_a_host_says_who_draws_and_how_many() -> None:
    made = options(a_table(), asked("demande 8lettres"), french(), chance())
    assert (made.mode, made.size, len(made.hands[0].order)) == ("asked", 8, 8)
    assert options(a_table(), asked(), french(), chance()).size == 10
    assert options(a_table(locale="en"), asked(), lexicon("en"), chance()).size == 9
    with pytest.raises(Refusal):
        options(a_table(), asked("lettres:12"), french(), chance())


def test_a_session_is_built_again_from_its_options() -> None:
    made = options(a_table(rounds=2), asked("demande"), french(), chance())
    assert LongestWord.from_json(through_json(made), 5, french()).options == made


def test_nothing_counts_before_or_after_the_search() -> None:
    evening = longest_word(HAND, HAND)
    evening.wait(60)
    assert evening.play(Said(ANNIE, "haricots")) == ()
