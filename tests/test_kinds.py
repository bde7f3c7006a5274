"""Questions for a number, and hints that unfold: the rules of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Did, Player, Refusal, Said, Ticked, Withdrew
from games.numbers import read_number
from games.question import Question
from games.quiz import Quiz, QuizOptions, Solver
from games.quiz_events import Answered, Closed, Hinted, Solved

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")
YEAR = Question("En quelle année paraît « Germinal » ?", "1885", number=1885)
HERO = Question(
    "Qui est-ce ?", "Porthos", hints=("Il est fort.", "Il boit.", "Il rêve d’un titre.")
)


def asking(*questions: Question, seconds: float = 20) -> Quiz:
    """A round whose first question was asked at 15 s."""
    quiz = Quiz(QuizOptions("Soirée", "fr", questions, seconds), 7)
    quiz.play(Ticked(), 0)
    quiz.play(Ticked(), 15)
    return quiz


def close(quiz: Quiz) -> Closed:
    (event,) = quiz.play(Did(None, "skip"), 34)
    assert isinstance(event, Closed)
    return event


@pytest.mark.parametrize(
    ("typed", "locale", "number"),
    [
        ("1885", "fr", 1885),
        (" 1885 ! ", "fr", 1885),
        ("-12", "fr", -12),
        ("\u221212", "en", -12),
        ("12 583", "fr", 12583),
        ("12\u202f583", "fr", 12583),
        ("12.583", "fr", 12583),
        ("12,583", "fr", 12.583),
        ("12,583", "en", 12583),
        ("12.583", "en", 12.583),
        ("1 234 567,5", "fr", 1234567.5),
        ("1,234,567.5", "en", 1234567.5),
        ("mille huit cent quatre-vingt-cinq", "fr", 1885),
        ("twenty-one", "en", 21),
        ("vingt et un", "fr", 21),
        ("1.234,567", "en", None),
        ("en 1885", "fr", None),
        ("1885 ou 1886", "fr", None),
        ("", "fr", None),
        ("zola", "fr", None),
        ("٣", "fr", 3),
        ("1e9", "fr", None),
        ("inf", "fr", None),
        ("9" * 16, "fr", None),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(
    typed: str, locale: str, number: float | None
) -> None:
    assert read_number(typed, locale) == number


@given(st.text(max_size=60), st.sampled_from(["fr", "en", "xx"]))
def test_no_text_makes_reading_a_number_fail(text: str, locale: str) -> None:
    value = read_number(text, locale)
    assert value is None or abs(value) < 1e16


@given(st.integers(0, 999_999_999))
def test_whole_numbers_are_read_in_every_dress(number: int) -> None:
    grouped = f"{number:,}"
    assert read_number(str(number), "fr") == number
    assert read_number(grouped, "en") == number
    assert read_number(grouped.replace(",", "\u202f"), "fr") == number


def test_whoever_comes_nearest_is_right() -> None:
    quiz = asking(YEAR)
    assert quiz.play(Said(ANNIE, "1880"), 16) == (Answered(ANNIE, 1, (), value=1880),)
    quiz.play(Said(BASILE, "1890"), 17)
    quiz.play(Said(COLINE, "1900"), 18)
    closed = close(quiz)
    assert closed.solvers == (Solver(ANNIE, 1), Solver(BASILE, 2))
    assert (closed.gap, closed.answered) == (5, 3)


def test_the_very_number_leaves_nothing_nearest() -> None:
    quiz = asking(YEAR)
    quiz.play(Said(ANNIE, "1885"), 16)
    quiz.play(Said(BASILE, "1884"), 17)
    closed = close(quiz)
    assert (closed.solvers, closed.gap) == ((Solver(ANNIE, 1),), None)


def test_the_first_number_counts_and_chat_is_no_number() -> None:
    quiz = asking(YEAR)
    assert quiz.play(Said(ANNIE, "c’était quand déjà ?"), 16) == ()
    quiz.play(Said(ANNIE, "1700"), 17)
    assert quiz.play(Said(ANNIE, "1885"), 18) == ()
    quiz.play(Withdrew(ANNIE), 19)
    assert quiz.play(Said(ANNIE, "1885"), 20) == (Answered(ANNIE, 1, (), value=1885),)


def test_nobody_near_when_nobody_answers() -> None:
    closed = close(asking(YEAR))
    assert (closed.solvers, closed.gap, closed.right) == ((), None, ())


def test_hints_unfold_over_the_time() -> None:
    quiz = asking(HERO)
    seen = []
    while quiz.scene().phase == "asking":
        now = quiz.deadline
        assert now is not None
        seen.append((now, quiz.play(Ticked(), now)[0]))
    assert [now for now, _ in seen] == [20, 25, 30, 35]
    assert [event.text for _, event in seen[:-1] if isinstance(event, Hinted)] == list(HERO.hints)
    assert isinstance(seen[-1][1], Closed)


def test_a_hint_on_request_shares_the_time_left_among_the_others() -> None:
    quiz = asking(HERO)
    assert quiz.play(Did(None, "hint"), 17) == (Hinted(1, 1, 3, "Il est fort."),)
    assert quiz.deadline == 23
    assert quiz.scene().hints == ("Il est fort.",)
    quiz.play(Did(None, "hint"), 18)
    quiz.play(Did(None, "hint"), 19)
    assert quiz.deadline == 35
    with pytest.raises(Refusal, match="no-hint"):
        quiz.play(Did(None, "hint"), 20)


def test_no_hint_shows_before_its_time_nor_outside_a_question() -> None:
    quiz = asking(HERO, HERO)
    assert all(hint not in repr(quiz.scene()) for hint in HERO.hints)
    close(quiz)
    with pytest.raises(Refusal, match="question-closed"):
        quiz.play(Did(None, "hint"), 35)
    quiz.play(Did(None, "skip"), 36)
    assert quiz.scene().hints == ()


def test_a_solution_ends_the_hints_with_the_question() -> None:
    quiz = asking(HERO)
    assert quiz.play(Said(ANNIE, "porthos"), 16) == (Solved(ANNIE, 1, 1),)
    assert quiz.deadline == 18
    assert isinstance(quiz.play(Ticked(), 18)[0], Closed)
    assert quiz.deadline == 26
