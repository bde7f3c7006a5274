"""What holds for every game there is. A game that is registered goes through all of this by itself."""

from contextlib import suppress
from functools import partial
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import journal
from bot.games import KINDS, read_game, read_wish
from bot.wording import game_details
from bot.wording.speech import Speech
from games.core import Did, Refusal, Standing
from games.table import PACES, Finished, RoundOver, Times, Wish
from games.words import lexicon
from tests.game_samples import SAMPLES
from tests.game_strategies import NOISE, Runner, picture, replayed, started

EVERY = pytest.mark.parametrize("key", KINDS)
SEEDS = st.integers(0, 2**32 - 1)


def test_every_game_has_its_sample() -> None:
    assert set(SAMPLES) == set(KINDS)


@EVERY
@settings(max_examples=60, deadline=None)
@given(seed=SEEDS)
def test_replaying_the_journal_gives_the_live_game(key: str, seed: int) -> None:
    runner = Runner.of(key, seed)
    runner.run(Random(seed))
    game, events = replayed(runner)
    assert events == runner.events
    assert picture(game) == picture(runner.game)


@EVERY
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_a_game_that_was_killed_at_any_play_goes_on_alike(key: str, seed: int) -> None:
    runner = Runner.of(key, seed)
    runner.run(Random(seed), steps=40)
    for cut in range(1, len(runner.rows)):
        game, events = replayed(runner, runner.rows[:cut])
        for row in runner.rows[cut:]:
            events += replay_one(game, row)
        assert events == runner.events
        assert picture(game) == picture(runner.game)


def replay_one(game: Any, row: Any) -> Any:
    play, at = journal.decode(row)
    return game.play(play, at)


@EVERY
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_a_game_that_nobody_plays_ends_by_itself(key: str, seed: int) -> None:
    runner = Runner.of(key, seed)
    runner.run(Random(seed), steps=seed % 30)
    runner.left_alone()
    [finished] = [event for event in runner.events if isinstance(event, Finished)]
    assert runner.events[-1] == finished


@EVERY
@settings(max_examples=30, deadline=None)
@given(seed=SEEDS)
def test_the_standings_at_the_end_are_what_the_ledger_gets(key: str, seed: int) -> None:
    runner = Runner.of(key, seed)
    runner.run(Random(seed))
    if not runner.game.over:
        runner.take(Did(None, "stop"))
    finished = runner.events[-1]
    assert isinstance(finished, Finished)
    assert finished.players == len(runner.game.record())
    assert finished.standings == runner.game.scene().standings
    points = {part.player: part.points for part in runner.game.record() if part.points}
    assert {row.player: row.points for row in finished.standings} == points
    assert all(isinstance(row, Standing) for row in finished.standings)


@EVERY
def test_a_host_stops_a_game_in_the_middle_of_a_round_and_sees_how_it_would_have_ended(
    key: str,
) -> None:
    for seed in range(40):
        runner = Runner.of(key, seed)
        runner.run(Random(seed), steps=12)
        if runner.game.scene().phase == "playing":
            events = runner.take(Did(None, "stop"))
            assert isinstance(events[-2], RoundOver)
            assert isinstance(events[-1], Finished)
            assert events[-1].stopped
            return
    pytest.fail("no seed came to a round")


@EVERY
def test_options_survive_json(key: str) -> None:
    for wish in SAMPLES[key].wishes:
        kept = started(key, wish, Random(1))
        again = KINDS[key].build(orjson.loads(orjson.dumps(kept)), 1, lexicon("fr"))
        assert orjson.dumps(again.options.as_json()) == orjson.dumps(kept)  # type: ignore[attr-defined]


@EVERY
@pytest.mark.parametrize("text", [*NOISE, "123456789", "chacun " * 60])
def test_no_wish_breaks_a_game(key: str, text: str) -> None:
    for wish in (Wish(text=text), Wish(secret=text)):
        try:
            kept = started(key, wish, Random(1))
        except Refusal:
            continue
        KINDS[key].build(kept, 1, lexicon("fr"))


def test_paces_stretch_what_people_wait_for() -> None:
    usual = Times()
    slow, fast = usual.at("slow"), usual.at("fast")
    assert usual.at("normal") == usual
    assert slow.round == usual.round * PACES["slow"]
    assert fast.round < usual.round
    assert fast.lobby == usual.lobby
    assert fast.idle == usual.idle


# --- Reading what hosts type ----------------------------------------------------------------------------------


@EVERY
def test_each_name_is_read_however_it_is_typed(key: str) -> None:
    for name in KINDS[key].names:
        for typed in (name, name.upper(), name.title(), name.replace(" ", "  "), name + " 3 lent"):
            assert read_game(typed, "fr")[0].key == key, typed


def test_what_follows_a_name_is_kept() -> None:
    kind, rest = read_game("Le Pendu lent 3 60 chacun", "fr")
    assert (kind.key, rest) == ("hangman", "lent 3 60 chacun")
    assert read_wish(rest) == Wish("slow", 3, 60, "chacun")


def test_a_slip_in_a_name_is_forgiven() -> None:
    assert read_game("pendo", "fr")[0].key == "hangman"
    assert read_game("hangmann 2", "fr") == (KINDS["hangman"], "2")


@pytest.mark.parametrize(("text", "code"), [("", "which-game"), ("échecs", "no-game")])
def test_what_is_no_game_is_refused_with_those_there_are(text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_game(text, "fr")
    assert caught.value.code == code
    assert "pendu" in caught.value.facts["games"]


@pytest.mark.parametrize("text", ["0", "21", "3 4", "3 901", "9999999"])
def test_numbers_out_of_range_are_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_wish(text)
    assert caught.value.code == "no-number"


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for read in (partial(read_game, locale="fr"), read_wish):
        with suppress(Refusal):
            read(text)


def test_no_two_games_have_one_name() -> None:
    names = [name for kind in KINDS.values() for name in set(kind.names)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("text", ["chacun 3 60 lent", "3 chacun lent 60", "lent chacun 3 60"])
def test_a_pace_and_numbers_are_read_wherever_they_stand(text: str) -> None:
    assert read_wish(text) == Wish("slow", 3, 60, "chacun")


@pytest.mark.parametrize("text", ["facile 2 manches", "facile 2", "2 facile", "facile 2 rounds"])
def test_the_word_for_what_a_last_number_counts_may_be_said(text: str) -> None:
    assert read_wish(text) == Wish(rounds=2, text="facile")


def test_how_many_letters_is_said_as_one_says_it() -> None:
    assert read_wish("8 lettres lent") == Wish("slow", text="letters:8")
    assert read_wish("3 manches 7 lettres") == Wish(rounds=3, text="letters:7")


def test_what_stands_in_a_list_is_the_games_own() -> None:
    wish = read_wish("lent un chat passe 2 fois, un tempo rapide ici 3")
    assert wish == Wish("slow", 3, text="un chat passe 2 fois, un tempo rapide ici")


@pytest.mark.parametrize(("text", "rest"), [("loto rapide", "loto rapide"), ("bingo loto", "loto")])
def test_a_name_that_says_which_kind_of_game_is_meant_is_read_as_both(text: str, rest: str) -> None:
    assert read_game(text, "fr") == (KINDS["bingo"], rest)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("key", KINDS)
def test_each_detail_that_a_host_is_told_of_is_understood(key: str, locale: str) -> None:
    def begun(text: str) -> str:
        return str([started(key, read_wish(text), Random(seed), locale) for seed in range(9)])

    found = []
    for group in Speech(locale).gettext(game_details.DETAILS[key]).split(" · "):
        kept = [begun(one) for one in group.split(", ")]
        assert len(set(kept)) == len(kept), "each means something else"
        found += [options for options in kept if options != begun("")]
    assert found, "something is not as usual"


def test_nobody_is_left_without_details() -> None:
    assert set(game_details.DETAILS) == set(KINDS)
