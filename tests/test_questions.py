"""Which question of a club is asked next, by sentences and by properties."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from games.lists import keyed
from games.questions import STATES, STEPS, Candidate, choose, choose_general, may_follow, some_wait


def ready(number: int, section: int = 0, horizon: int = 0) -> Candidate:
    return Candidate(number, "ready", section, horizon)


def test_the_order_is_that_of_the_book_then_that_in_which_they_came() -> None:
    assert choose([ready(3, 1, 2), ready(2, 2, 2), ready(5, 1, 2), ready(9, 0, 2)]) == 9
    assert choose([ready(3, 1, 2), ready(2, 2, 2), ready(5, 1, 2)]) == 3


def test_what_somebody_there_has_not_read_is_not_asked() -> None:
    assert choose([ready(1, 3, 2)]) is None
    assert some_wait([ready(1, 3, 2)])
    assert choose([ready(1, 3, 2), ready(2, 2, 2)]) == 2
    assert not some_wait([ready(1, 2, 2)])


def test_what_was_carried_over_comes_first_but_not_at_the_same_meeting() -> None:
    carried = Candidate(7, "carried", 2, 2)
    assert choose([ready(1), carried]) == 7
    assert choose([ready(1), Candidate(7, "carried", 2, 2, rests=True)]) == 1
    assert choose([ready(1), Candidate(7, "carried", 3, 2)]) == 1
    assert not some_wait([Candidate(7, "carried", 3, 2, rests=True)])


def test_nothing_else_is_asked() -> None:
    assert (
        choose(
            [Candidate(n, state, 0, 9) for n, state in enumerate(("proposed", "asked", "dropped"))]
        )
        is None
    )
    assert choose([]) is None


def test_nothing_is_asked_twice_unless_it_is_carried_over() -> None:
    assert not may_follow("asked", "asked")
    assert not may_follow("asked", "ready")
    assert may_follow("asked", "carried")
    assert may_follow("carried", "asked")
    assert set(STEPS) == set(STATES)


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.integers(1, 50),
        st.sampled_from(STATES),
        st.integers(0, 5),
        st.integers(0, 5),
        st.booleans(),
    ),
    unique_by=lambda one: one.number,
)


@given(CANDIDATES, st.integers(0, 99))
def test_the_choice_does_not_depend_on_the_order_and_gives_nothing_away(
    questions: list[Candidate], seed: int
) -> None:
    found = choose(questions)
    shuffled = list(questions)
    Random(seed).shuffle(shuffled)
    assert choose(shuffled) == found
    if found is not None:
        one = next(one for one in questions if one.number == found)
        assert one.section <= one.horizon
        assert may_follow(one.state, "asked")
        assert not one.rests


def test_general_questions_come_in_order_each_once() -> None:
    keys, asked = list(keyed("fr", "questions", "general")), set[str]()
    while (key := choose_general(keys, asked)) is not None:
        asked.add(key)
    assert asked == set(keys)


def test_general_questions_are_the_same_in_both_languages() -> None:
    french, english = (keyed(locale, "questions", "general") for locale in ("fr", "en"))
    assert list(french) == list(english)
    assert len(french) >= 20
    for text in (*french.values(), *english.values()):
        assert text.endswith("?")
        assert len(text) < 100
    assert all("\u202f?" in text for text in french.values())
