"""Drawing from several decks, weighted and by difficulty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decks import Decks
from games.core import Refusal
from games.deck import Deck, Share, Sieve, draw
from games.question import Question
from tests.stage_fixtures import Evening, refused


def deck(name: str, count: int, locale: str = "fr") -> Deck:
    questions = tuple(
        Question(f"{name} {n} ?", f"{n}", difficulty=1 + n % 3, deck=name) for n in range(count)
    )
    return Deck(name, name.title(), locale, "", "", "", questions)


SMALL, LARGE = deck("petit", 6), deck("grand", 300)
DECKS = Decks((SMALL, LARGE, deck("english", 3, "en")))

mixes = st.lists(
    st.builds(Share, st.sampled_from([SMALL, LARGE]), st.integers(1, 9)),
    min_size=1,
    max_size=2,
    unique_by=lambda share: share.deck.name,
)


@given(mixes, st.integers(1, 50), st.integers(0, 2**32), st.sampled_from([None, 1, 2, 3]))
def test_a_draw_is_decided_by_its_seed_and_repeats_nothing(
    mix: list[Share], count: int, seed: int, difficulty: int | None
) -> None:
    drawn = draw(mix, count, seed, Sieve(difficulty))
    assert drawn == draw(mix, count, seed, Sieve(difficulty))
    fitting = [
        q for share in mix for q in share.deck.questions if difficulty in (None, q.difficulty)
    ]
    assert len(drawn) == len(set(drawn)) == min(count, len(fitting))
    assert set(drawn) <= set(fitting)


def test_weights_are_kept_to_on_the_whole() -> None:
    mix = [Share(deck("un", 200)), Share(deck("deux", 200), 3)]
    drawn = [question for seed in range(40) for question in draw(mix, 40, seed)]
    share = sum(question.prompt.startswith("deux") for question in drawn) / len(drawn)
    assert 0.71 < share < 0.79


def test_a_deck_that_runs_out_leaves_its_share_to_the_others() -> None:
    drawn = draw([Share(SMALL, 9), Share(LARGE)], 50, 1)
    assert len(drawn) == 50
    assert sum(question in SMALL.questions for question in drawn) == 6


@pytest.mark.parametrize(
    ("typed", "mix"),
    [
        ("petit", [Share(SMALL)]),
        ("Petit+GRAND", [Share(SMALL), Share(LARGE)]),
        ("petit * 3 + grand×2", [Share(SMALL, 3), Share(LARGE, 2)]),
    ],
)
def test_a_mix_is_typed_with_plus_and_weights(typed: str, mix: list[Share]) -> None:
    assert DECKS.mix(typed, "fr") == mix


@pytest.mark.parametrize(
    ("typed", "code"),
    [("petit + rien", "no-deck"), ("petit + english", "mixed-languages"), ("petit*0", "no-deck")],
)
def test_a_mix_that_cannot_be_is_refused_whole(typed: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        DECKS.mix(typed, "fr")


async def test_a_mix_is_played_from_twitch_under_both_titles(evening: Evening) -> None:
    await evening.chat(evening.stage.broadcaster, "!quiz lancer lettres + mots*2 5 300")
    await evening.heard("« Auteurs et autrices + Mots à trouver », 5 questions")
    await evening.shown("« Auteurs et autrices + Mots à trouver », 5 questions")


async def test_one_difficulty_is_asked_for_by_slash_and_refused_when_there_is_none(
    evening: Evening,
) -> None:
    told = await evening.told("quiz start", deck="lettres + mots", difficulty="hard")
    assert told == refused("no-question")
    await evening.told("quiz start", deck="lettres + mots", questions=9, difficulty="medium")
    await evening.heard("5 questions")
