"""Questions of every kind: made ready, read as people type, judged by themselves."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Refusal
from games.matching import Verdict
from games.question import CHOICE_KINDS, Kind, Prompt, Question, Reply, prepare, read_letters
from tests.quiz_strategies import ANY_TEXT, POOL

MUSKETEERS = Question("Lesquels ?", answers=("Athos", "Aramis"), wrong=("Cyrano", "Roxane"))
ZOLA = Question("Dans l’ordre ?", order=("L’Assommoir", "Nana", "Germinal"))
TRUE = Question("Zola a écrit « Nana » ?", truth=True)
DOG = Question("Quel chien ?", "Idéfix", unlike=("Idéfax",))


def ready(question: Question, locale: str = "fr", seed: int = 7) -> Prompt:
    return prepare(question, locale, random.Random(seed))


def refused(prompt: Prompt, *choices: int) -> str:
    with pytest.raises(Refusal) as caught:
        prompt.choose(choices)
    return caught.value.code


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (Question("?", "x"), "text"),
        (Question("?", "x", wrong=("y",)), "choice"),
        (Question("?", "1", number=1.0), "number"),
        (MUSKETEERS, "several"),
        (ZOLA, "order"),
        (TRUE, "truth"),
    ],
)
def test_the_kind_follows_from_what_a_question_holds(question: Question, kind: Kind) -> None:
    assert question.kind == kind
    assert bool(ready(question).choices) == (kind in CHOICE_KINDS)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("A C", (0, 2)),
        ("a c", (0, 2)),
        ("ac", (0, 2)),
        ("AC", (0, 2)),
        ("A, C", (0, 2)),
        ("A et C", (0, 2)),
        ("a and c", (0, 2)),
        ("A+C", (0, 2)),
        ("A/C", (0, 2)),
        ("A) C)", (0, 2)),
        ("B puis A", (1, 0)),
        ("b > a > d > c", (1, 0, 3, 2)),
        ("C → A", (2, 0)),
        ("d", (3,)),
        ("BAC", (1, 0, 2)),
        ("bac", ()),
        ("fac", ()),
        ("de", ()),
        ("ça", ()),
        ("cabane", ()),
        ("A A", ()),
        ("E", ()),
        ("A Z", ()),
        ("", ()),
        ("😀", ()),
        ("a c'est sûr", ()),
    ],
)
def test_letters_are_read_and_talk_is_not(typed: str, read: tuple[int, ...]) -> None:
    assert read_letters(typed, 4) == read


def test_several_are_right_together_in_any_order() -> None:
    prompt = ready(MUSKETEERS)
    athos, aramis = prompt.choices.index("Athos"), prompt.choices.index("Aramis")
    assert prompt.right == tuple(sorted((athos, aramis)))
    for taken in ((athos, aramis), (aramis, athos)):
        assert prompt.is_right(prompt.choose(taken))
    for taken in ((athos,), (athos, aramis, prompt.choices.index("Cyrano")), (0, 1, 2, 3)):
        assert not prompt.is_right(prompt.choose(taken))
    reply = prompt.read("aramis, athos")
    assert reply is not None
    assert prompt.is_right(reply)
    assert prompt.answer == ", ".join(prompt.choices[index] for index in prompt.right)


def test_an_order_is_right_when_it_is_the_very_one() -> None:
    for seed in range(20):
        prompt = ready(ZOLA, seed=seed)
        assert prompt.choices != ZOLA.order, "shown in order it would be no question"
        right = tuple(prompt.choices.index(text) for text in ZOLA.order)
        assert prompt.right == right
        assert prompt.is_right(prompt.choose(right))
        assert not prompt.is_right(prompt.choose(right[::-1]))
        typed = prompt.read("l'assommoir > nana > germinal")
        assert typed is not None
        assert prompt.is_right(typed)
        assert prompt.answer == "L’Assommoir, Nana, Germinal"


def test_an_order_that_leaves_one_out_is_no_answer() -> None:
    prompt = ready(ZOLA)
    assert prompt.read("A B") is None
    assert refused(prompt, 0, 1) == "order-all"


@pytest.mark.parametrize(
    ("locale", "true", "false"),
    [
        ("fr", ["vrai", "V", "oui", "a"], ["Faux !", "f", "non", "B"]),
        ("en", ["TRUE", "t", "yes"], ["false", "no"]),
    ],
)
def test_true_and_false_are_typed_in_the_rooms_language(
    locale: str, true: list[str], false: list[str]
) -> None:
    prompt = ready(TRUE, locale)
    for typed in true:
        assert prompt.read(typed) == Reply((0,)), typed
    for typed in false:
        assert prompt.read(typed) == Reply((1,)), typed
    assert prompt.read("peut-être") is None
    assert prompt.is_right(Reply((0,)))
    assert ready(Question("?", truth=False), locale).right == (1,)


@pytest.mark.parametrize(("typed", "choice"), [("C’est vrai !", 0), ("je dirais faux", 1)])
def test_true_and_false_are_typed_with_a_lead_in_too(typed: str, choice: int) -> None:
    assert ready(TRUE).read(typed) == Reply((choice,))
    assert ready(TRUE).read("c’est vrai que") is None


def test_words_are_an_answer_only_when_they_are_right() -> None:
    prompt = ready(DOG)
    assert prompt.read("idefix") == Reply()
    assert prompt.read("Milou") is None
    weighed = [prompt.weigh(text) for text in ("idefix", "Idéfisq", "Milou")]
    assert [reply.verdict for reply in weighed if reply] == [
        Verdict.RIGHT,
        Verdict.CLOSE,
        Verdict.WRONG,
    ]
    assert prompt.read("Idéfax") is None, "it is nearer to what it must not be taken for"


@pytest.mark.parametrize(
    "question", [MUSKETEERS, ZOLA, TRUE, Question("?", "x", wrong=("y",)), DOG]
)
def test_controls_that_are_not_there_are_refused(question: Question) -> None:
    prompt = ready(question)
    for choices in ((), (9,), (-1,), (0, 0)):
        assert refused(prompt, *choices) == "no-such-choice"
    if question.kind in ("choice", "truth"):
        assert refused(prompt, 0, 1) == "no-such-choice"


def test_one_more_answer_may_be_accepted_and_the_others_stay() -> None:
    prompt = ready(DOG).accepting("Dogmatix")
    assert prompt.read("dogmatix") == prompt.read("idéfix") == Reply()
    assert prompt.read("Idéfax") is None
    choice = ready(Question("?", "Pau", wrong=("Lons", "Dax")))
    lons = choice.choices.index("Lons")
    more = choice.accepting("lons")
    assert set(more.right) == {*choice.right, lons}
    assert more.is_right(Reply((lons,)))


@pytest.mark.parametrize(
    ("question", "text", "code"),
    [
        (DOG, "IDEFIX !", "already-right"),
        (Question("?", "Pau", wrong=("Dax",)), "Pau", "already-right"),
        (Question("?", "Pau", wrong=("Dax",)), "Tarbes", "no-such-choice"),
        (ZOLA, "Nana", "cannot-accept"),
        (MUSKETEERS, "Cyrano", "cannot-accept"),
        (TRUE, "faux", "cannot-accept"),
        (Question("?", "1", number=1.0), "2", "cannot-accept"),
    ],
)
def test_what_cannot_be_accepted_is_refused(question: Question, text: str, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        ready(question).accepting(text)
    assert caught.value.code == code


@given(st.sampled_from(POOL), ANY_TEXT, st.integers(0, 99))
def test_no_text_makes_reading_fail(question: Question, text: str, seed: int) -> None:
    prompt = ready(question, seed=seed)
    reply = prompt.read(text)
    if reply is not None and prompt.choices:
        assert prompt.choose(reply.choices) == reply


@given(st.sampled_from(POOL), st.lists(st.integers(-2, 7), max_size=8))
def test_controls_are_taken_or_refused(question: Question, choices: list[int]) -> None:
    prompt = ready(question)
    try:
        reply = prompt.choose(choices)
    except Refusal:
        return
    assert set(reply.choices) == set(choices)
    assert isinstance(prompt.is_right(reply), bool)
