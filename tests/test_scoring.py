"""Sharing the points of a question, and the rounds that the presets make."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz import Wish, preset_of, read_wish
from games.core import Chose, Did, Player, Refusal, Said, Ticked
from games.deck import Sieve
from games.question import Question
from games.quiz import Quiz, QuizOptions
from games.quiz_events import Closed, Extended, Finished, SideCount, Undone
from games.scoring import LEAST, PRESETS, TOP, WINDOW, Preset, Solver, share, worth

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")
FREE = Question("Le plus pieux ?", "Aramis")
CHOICE = Question("Quelle mine ?", "Germinal", wrong=("Nana", "La Terre", "L’Argent"))

times = st.floats(0, 300, allow_nan=False)
answers = st.lists(times, max_size=20).map(
    lambda found: [(Player(n, "twitch"), after) for n, after in enumerate(found)]
)


def asking(*questions: Question, preset: Preset = "calm", patience: int = 0) -> Quiz:
    """A round whose first question was asked at 15 s."""
    quiz = Quiz(QuizOptions("Soirée", "fr", questions, preset=preset, patience=patience), 7)
    quiz.play(Ticked(), 0)
    quiz.play(Ticked(), 15)
    return quiz


def choose(quiz: Quiz, player: Player, now: float, *, right: bool) -> None:
    scene = quiz.scene()
    place = scene.choices.index("Germinal")
    quiz.play(Chose(player, scene.step, (place if right else (place + 1) % 4,)), now)


def close(quiz: Quiz) -> Closed:
    assert quiz.deadline is not None
    (event,) = quiz.play(Ticked(), quiz.deadline)
    assert isinstance(event, Closed)
    return event


def test_calm_gives_everybody_who_is_right_a_point() -> None:
    right = [(BASILE, 9.0), (ANNIE, 3.0)]
    assert share("calm", right, 20) == (Solver(ANNIE, 3.0), Solver(BASILE, 9.0))


def test_a_race_is_won_by_the_quickest_alone_or_by_equals() -> None:
    right = [(ANNIE, 3.0), (BASILE, 3.0), (COLINE, 3.1)]
    assert [solver.points for solver in share("race", right, 20)] == [1, 1, 0]


def test_speed_falls_in_a_straight_line() -> None:
    assert [worth(after, 0, 20) for after in (0, 10, 20)] == [TOP, (TOP + LEAST) // 2, LEAST]


def test_speed_gives_the_window_what_the_first_has() -> None:
    right = [(ANNIE, 4.0), (BASILE, 4.0 + WINDOW), (COLINE, 4.1 + WINDOW)]
    first, second, third = (solver.points for solver in share("speed", right, 20))
    assert first == second == 90
    assert third < first


@given(st.sampled_from(PRESETS), answers, st.floats(1, 300))
def test_points_are_never_negative_and_never_favour_the_slower(
    preset: Preset, right: list[tuple[Player, float]], seconds: float
) -> None:
    solvers = share(preset, right, seconds)
    assert [s.after for s in solvers] == sorted(after for _, after in right)
    points = [solver.points for solver in solvers]
    assert all(0 <= one <= TOP for one in points)
    assert points == sorted(points, reverse=True)
    assert not right or points[0] > 0


def test_survivor_lets_only_the_right_go_on() -> None:
    quiz = asking(CHOICE, CHOICE, CHOICE, preset="survivor")
    choose(quiz, ANNIE, 16, right=True)
    choose(quiz, BASILE, 17, right=True)
    choose(quiz, COLINE, 18, right=False)
    assert close(quiz).left == 2
    quiz.play(Ticked(), quiz.deadline or 0)
    with pytest.raises(Refusal, match="out"):
        choose(quiz, COLINE, 50, right=True)
    assert quiz.play(Said(COLINE, "Germinal"), 50) == ()
    choose(quiz, ANNIE, 51, right=True)
    assert close(quiz).left == 1
    (finished,) = quiz.play(Ticked(), quiz.deadline or 0)
    assert isinstance(finished, Finished)
    assert [standing.player for standing in finished.standings] == [ANNIE, BASILE]


def test_survivor_spares_everybody_when_nobody_is_right() -> None:
    quiz = asking(CHOICE, CHOICE, preset="survivor")
    choose(quiz, ANNIE, 16, right=False)
    assert close(quiz).left is None
    quiz.play(Ticked(), quiz.deadline or 0)
    choose(quiz, ANNIE, 50, right=True)
    assert close(quiz).left == 1


def test_speed_points_reach_standings_and_record() -> None:
    quiz = asking(CHOICE, preset="speed")
    choose(quiz, ANNIE, 15, right=True)
    close(quiz)
    assert quiz.scene().standings[0].points == TOP
    assert [(part.right, part.points) for part in quiz.record()] == [(1, TOP)]


def test_a_round_that_nobody_answers_ends_by_itself() -> None:
    quiz = asking(FREE, FREE, FREE, FREE, patience=2)
    close(quiz)
    quiz.play(Ticked(), quiz.deadline or 0)
    close(quiz)
    (finished,) = quiz.play(Ticked(), quiz.deadline or 0)
    assert isinstance(finished, Finished)
    assert (finished.idle, finished.stopped, finished.asked) == (True, False, 2)


def test_an_answer_begins_the_patience_again() -> None:
    quiz = asking(FREE, FREE, FREE, patience=2)
    close(quiz)
    quiz.play(Ticked(), quiz.deadline or 0)
    quiz.play(Said(ANNIE, "Aramis"), (quiz.deadline or 0) - 5)
    close(quiz)
    quiz.play(Ticked(), quiz.deadline or 0)
    close(quiz)
    (finished,) = quiz.play(Ticked(), quiz.deadline or 0)
    assert isinstance(finished, Finished)
    assert not finished.idle


def test_a_host_gives_an_open_question_more_time_and_no_other() -> None:
    quiz = asking(FREE)
    assert quiz.play(Did(None, "extend"), 30) == (Extended(1, 20.0),)
    assert quiz.deadline == 50
    close(quiz)
    with pytest.raises(Refusal, match="question-closed"):
        quiz.play(Did(None, "extend"), 51)


def test_a_host_takes_back_the_last_points_once_and_before_the_next_question() -> None:
    quiz = asking(CHOICE, CHOICE, preset="survivor")
    with pytest.raises(Refusal, match="nothing-to-undo"):
        quiz.play(Did(None, "undo"), 15)
    choose(quiz, ANNIE, 16, right=True)
    choose(quiz, BASILE, 17, right=False)
    close(quiz)
    assert quiz.play(Did(None, "undo"), 36) == (Undone(1),)
    assert quiz.scene().standings == ()
    assert [(part.plays, part.right, part.points) for part in quiz.record()] == [(1, 0, 0)] * 2
    with pytest.raises(Refusal, match="nothing-to-undo"):
        quiz.play(Did(None, "undo"), 37)
    quiz.play(Ticked(), quiz.deadline or 0)
    choose(quiz, BASILE, 50, right=True)
    assert [solver.by for solver in close(quiz).solvers] == [BASILE]


def test_the_result_counts_platforms_and_names_the_hardest() -> None:
    hard = Question("Quelle mine, encore ?", "Germinal", wrong=("Nana", "La Terre", "L’Argent"))
    quiz = asking(CHOICE, hard)
    choose(quiz, ANNIE, 16, right=True)
    choose(quiz, BASILE, 16, right=True)
    close(quiz)
    quiz.play(Ticked(), quiz.deadline or 0)
    choose(quiz, ANNIE, 50, right=True)
    choose(quiz, BASILE, 50, right=False)
    close(quiz)
    (finished,) = quiz.play(Ticked(), quiz.deadline or 0)
    assert isinstance(finished, Finished)
    assert finished.sides == (SideCount("discord", 1, 2), SideCount("twitch", 1, 1))
    assert finished.hardest == hard.prompt


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", Wish()),
        ("vitesse", Wish(preset="speed")),
        ("litterature 5 30 Survie", Wish("litterature", 5, 30, "survivor")),
        ("littérature du monde 5", Wish("littérature du monde", 5)),
        ("12 course", Wish(questions=12, preset="race")),
        ("jeunesse 5 Difficile vitesse", Wish("jeunesse", 5, preset="speed", sieve=Sieve(3))),
        ("facile", Wish(sieve=Sieve(1))),
        ("litterature + jeunesse*2 8", Wish("litterature + jeunesse*2", 8)),
    ],
)
def test_a_wish_is_read_with_its_preset_last(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("polar 5 questions", Wish("polar", 5)),
        ("polar 5 questions 30 s", Wish("polar", 5, 30)),
        ("polar 30 secondes", Wish("polar", seconds=30)),
        ("polar 30 secondes par question course", Wish("polar", seconds=30, preset="race")),
        ("polar 5 30s", Wish("polar", 5, 30)),
        ("Les 7 questions", Wish("Les", 7)),
        ("questions", Wish("questions")),
    ],
)
def test_numbers_are_read_with_what_they_count(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


def test_no_other_word_is_a_preset() -> None:
    assert preset_of("litterature") is None
    assert [preset_of(word) for word in ("CALME", "race", "survie")] == ["calm", "race", "survivor"]
