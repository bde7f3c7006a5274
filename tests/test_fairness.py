"""What makes a round fair: each platform's own clock, answers that count or may change, and what hosts put right."""

from typing import Any

import pytest

from games.core import Chose, Did, Player, Refusal, Said, Shown, Ticked, Withdrew, Wrote
from games.matching import Verdict
from games.question import Question
from games.quiz import GRACE, HOST_AWAY, LATEST, Quiz, QuizOptions, TeamPlay
from games.quiz_events import (
    Accepted,
    Answered,
    Closed,
    Credited,
    Finished,
    Opened,
    Reached,
    Solved,
)

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")
DOG = Question("Quel chien ?", "Idéfix")
TOWN = Question("Quelle ville ?", "Pau", wrong=("Dax", "Lons"))
NOTHING = ()


def asking(*questions: Question, **more: Any) -> Quiz:
    """A round whose first question was asked at 15 s."""
    quiz = Quiz(QuizOptions("Soirée", "fr", questions, **more), 7)
    quiz.play(Ticked(), 0)
    quiz.play(Ticked(), 15)
    return quiz


def place(quiz: Quiz, text: str) -> int:
    return quiz.scene().choices.index(text)


def refused(quiz: Quiz, play: Any, now: float) -> str:
    with pytest.raises(Refusal) as caught:
        quiz.play(play, now)
    return caught.value.code


def close(quiz: Quiz, now: float = 60) -> Closed:
    (event,) = quiz.play(Did(None, "skip"), now)
    assert isinstance(event, Closed)
    return event


# clocks


def test_time_counts_from_when_the_question_reached_a_platform() -> None:
    quiz = asking(TOWN)
    assert quiz.play(Shown("discord", 1), 15.2) == (Reached("discord", 1, moved=False),)
    assert quiz.play(Shown("twitch", 1), 16.2) == (Reached("twitch", 1, moved=False),)
    quiz.play(Said(ANNIE, "pau"), 17.2)
    quiz.play(Said(BASILE, "pau"), 17.7)
    assert [(s.by, round(s.after, 6)) for s in close(quiz).solvers] == [(BASILE, 1.5), (ANNIE, 2.0)]


def test_the_quicker_by_their_own_clock_wins_a_race() -> None:
    quiz = asking(TOWN, preset="race")
    quiz.play(Shown("discord", 1), 15)
    quiz.play(Shown("twitch", 1), 16.4)
    quiz.play(Said(ANNIE, "pau"), 18)
    quiz.play(Said(BASILE, "pau"), 18.5)
    assert {s.by: s.points for s in close(quiz).solvers} == {ANNIE: 0, BASILE: 1}


def test_who_is_reached_late_has_the_question_open_longer() -> None:
    quiz = asking(TOWN)
    quiz.play(Shown("discord", 1), 15)
    assert quiz.play(Shown("twitch", 1), 19) == (Reached("twitch", 1, moved=True),)
    assert quiz.deadline == 39


def test_a_platform_that_is_away_does_not_hold_the_others_up() -> None:
    quiz = asking(TOWN)
    quiz.play(Shown("twitch", 1), 34.5)
    assert quiz.deadline == 35 + LATEST


def test_a_question_reaches_a_platform_once() -> None:
    quiz = asking(TOWN)
    quiz.play(Shown("twitch", 1), 18)
    for play in (Shown("twitch", 1), Shown("discord", 2), Shown("discord", 0)):
        assert quiz.play(play, 19) == NOTHING
    close(quiz)
    assert quiz.play(Shown("discord", 1), 61) == NOTHING


def test_a_delay_of_the_picture_is_given_to_those_who_watch_it() -> None:
    quiz = asking(TOWN, delays=(("twitch", 6.0),))
    assert quiz.deadline == 41
    quiz.play(Said(BASILE, "pau"), 23)
    quiz.play(Said(ANNIE, "pau"), 18)
    assert [(s.by, s.after) for s in close(quiz).solvers] == [(BASILE, 2), (ANNIE, 3)]


def test_who_answers_before_the_picture_comes_answers_at_once() -> None:
    quiz = asking(TOWN, delays=(("twitch", 6.0),))
    quiz.play(Said(BASILE, "pau"), 16)
    assert close(quiz).solvers[0].after == 0


def test_the_first_right_answer_waits_for_who_sees_later() -> None:
    quiz = asking(DOG, delays=(("twitch", 6.0),))
    quiz.play(Said(ANNIE, "idefix"), 17)
    assert quiz.deadline == 17 + GRACE + 6
    quiz = asking(DOG)
    quiz.play(Said(ANNIE, "idefix"), 17)
    quiz.play(Shown("twitch", 1), 18.5)
    assert quiz.deadline == 18.5 + GRACE
    quiz.play(Withdrew(ANNIE), 18.6)
    assert quiz.deadline == 38.5


# what counts, what may change


def test_what_is_given_privately_may_be_changed_once() -> None:
    quiz = asking(TOWN)
    pau, dax = place(quiz, "Pau"), place(quiz, "Dax")
    assert quiz.play(Chose(ANNIE, 1, (dax,)), 16) == (Answered(ANNIE, 1, (dax,), left=1),)
    assert refused(quiz, Chose(ANNIE, 1, (dax,)), 17) == "already-answered"
    assert quiz.play(Chose(ANNIE, 1, (pau,)), 18) == (Answered(ANNIE, 1, (pau,), left=0),)
    assert refused(quiz, Chose(ANNIE, 1, (dax,)), 19) == "already-answered"
    closed = close(quiz)
    assert [(s.by, s.after) for s in closed.solvers] == [(ANNIE, 3)]
    assert closed.answered == 1


def test_what_is_said_for_all_to_hear_counts_at_once() -> None:
    quiz = asking(TOWN)
    quiz.play(Said(ANNIE, "dax"), 16)
    assert refused(quiz, Chose(ANNIE, 1, (place(quiz, "Pau"),)), 17) == "already-answered"


def test_words_given_privately_are_told_how_near_they_are() -> None:
    quiz = asking(DOG)
    assert refused(quiz, Wrote(ANNIE, 1, "Idéfisq"), 16) == "close"
    assert refused(quiz, Wrote(ANNIE, 1, "Milou"), 16) == "not-it"
    assert refused(quiz, Wrote(ANNIE, 2, "Idéfix"), 16) == "question-closed"
    assert quiz.play(Wrote(ANNIE, 1, "idefix"), 17) == (Solved(ANNIE, 1, 2),)
    assert refused(quiz, Wrote(ANNIE, 1, "idefix"), 18) == "already-answered"


def test_a_number_given_privately_may_be_changed_once() -> None:
    quiz = asking(Question("Quand ?", "1885", number=1885))
    assert refused(quiz, Wrote(ANNIE, 1, "jadis"), 16) == "unreadable"
    quiz.play(Wrote(ANNIE, 1, "1880"), 16)
    assert quiz.play(Wrote(ANNIE, 1, "1886"), 17) == (Answered(ANNIE, 1, (), 0, 1886),)
    assert close(quiz).gap == 1


# hosts


def test_a_round_led_by_its_host_waits_for_them() -> None:
    quiz = Quiz(QuizOptions("Soirée", "fr", (TOWN, DOG), pace="host"), 7)
    (opened,) = quiz.play(Ticked(), 0)
    assert isinstance(opened, Opened)
    assert opened.starts_in is None
    assert (quiz.scene().deadline, quiz.deadline) == (None, HOST_AWAY)
    quiz.play(Did(None, "skip"), 100)
    assert quiz.deadline == 120
    (closed,) = quiz.play(Ticked(), 120)
    assert isinstance(closed, Closed)
    assert closed.waits
    assert (quiz.scene().phase, quiz.scene().deadline) == ("reveal", None)
    quiz.play(Did(None, "skip"), 500)
    assert quiz.scene().step == 2


def test_a_host_who_has_gone_is_not_waited_for_for_ever() -> None:
    quiz = Quiz(QuizOptions("Soirée", "fr", (TOWN,), pace="host"), 7)
    quiz.play(Ticked(), 0)
    (finished,) = quiz.play(Ticked(), HOST_AWAY)
    assert isinstance(finished, Finished)
    assert (finished.idle, quiz.over) == (True, True)


def test_an_answer_accepted_in_time_counts_with_whoever_had_said_it() -> None:
    quiz = asking(DOG)
    assert quiz.play(Said(ANNIE, "Dogmatix"), 16) == NOTHING
    assert quiz.play(Did(ANNIE, "credit", "16.0"), 18) == (Credited(ANNIE, 1),)
    accepted, solved = quiz.play(Did(None, "accept", "Dogmatix"), 18)
    assert accepted == Accepted(1, "Dogmatix")
    assert solved == Solved(ANNIE, 1, 1)
    assert quiz.play(Said(BASILE, "dogmatix"), 19) == (Solved(BASILE, 1, 4),)
    assert [s.by for s in close(quiz).solvers] == [ANNIE, BASILE]


def test_an_answer_accepted_afterwards_scores_the_question_anew() -> None:
    quiz = asking(DOG, DOG, preset="speed", teams=TeamPlay("platforms", ("Discord", "Twitch")))
    quiz.play(Said(BASILE, "idefix"), 17)
    first = close(quiz, 20)
    quiz.play(Did(ANNIE, "credit", "15.5"), 21)
    (accepted,) = quiz.play(Did(None, "accept", "Dogmatix"), 21)
    assert isinstance(accepted, Accepted)
    assert accepted.closed is not None
    assert [s.by for s in accepted.closed.solvers] == [ANNIE, BASILE]
    assert first.solvers[0].points <= accepted.closed.solvers[0].points
    parts = {part.player: (part.plays, part.right, part.points) for part in quiz.record()}
    assert parts == {s.by: (1, 1, s.points) for s in accepted.closed.solvers}
    assert {team.name: team.members for team in quiz.scene().teams} == {"Discord": 1, "Twitch": 1}
    assert quiz.scene().outcome == accepted.closed


def test_an_accepted_answer_brings_back_who_was_out() -> None:
    quiz = asking(DOG, DOG, preset="survivor")
    quiz.play(Said(BASILE, "idefix"), 17)
    close(quiz, 20)
    quiz.play(Did(ANNIE, "credit", "16"), 21)
    (accepted,) = quiz.play(Did(None, "accept", "Dogmatix"), 21)
    assert isinstance(accepted, Accepted)
    assert accepted.closed is not None
    assert accepted.closed.left == 2


def test_what_was_said_after_the_end_is_not_credited() -> None:
    quiz = asking(DOG)
    close(quiz, 20)
    assert refused(quiz, Did(ANNIE, "credit", "20.000001"), 21) == "question-closed"
    assert quiz.play(Did(ANNIE, "credit", "20.0"), 21) == (Credited(ANNIE, 1),)


def test_time_that_a_host_gave_is_not_lost_with_the_first_right_answer() -> None:
    quiz = asking(DOG)
    quiz.play(Said(ANNIE, "idefix"), 34)
    assert quiz.deadline == 35
    quiz.play(Did(None, "extend"), 34.5)
    assert quiz.deadline == 50
    quiz.play(Shown("twitch", 1), 34.6)
    assert quiz.deadline == 50
    quiz.play(Withdrew(ANNIE), 34.8)
    assert quiz.deadline == 50


def test_lines_are_credited_as_the_question_will_judge_them() -> None:
    quiz = asking(Question("Qui ?", "Victor Hugo", person=True))
    key = quiz.accepting("George Sand")
    assert key is not None
    assert key.judge("sand") is Verdict.RIGHT


def test_nobody_is_credited_twice_or_for_what_they_answered() -> None:
    quiz = asking(DOG)
    quiz.play(Said(BASILE, "idefix"), 16)
    assert refused(quiz, Did(BASILE, "credit", "15.5"), 17) == "already-answered"
    quiz.play(Did(ANNIE, "credit", "16"), 17)
    assert refused(quiz, Did(ANNIE, "credit", "16"), 17) == "already-answered"
    assert refused(quiz, Did(COLINE, "credit", "soon"), 17) == "unknown-action"


def test_a_choice_accepted_afterwards_is_as_right_as_the_other() -> None:
    quiz = asking(TOWN, DOG)
    quiz.play(Said(ANNIE, "dax"), 16)
    assert close(quiz).solvers == ()
    (accepted,) = quiz.play(Did(None, "accept", "Dax"), 61)
    assert isinstance(accepted, Accepted)
    assert accepted.closed is not None
    assert [s.by for s in accepted.closed.solvers] == [ANNIE]
    assert refused(quiz, Did(None, "accept", "dax"), 62) == "already-right"


def test_nothing_is_accepted_before_the_first_question_or_after_the_end() -> None:
    quiz = Quiz(QuizOptions("Soirée", "fr", (DOG,)), 7)
    quiz.play(Ticked(), 0)
    assert refused(quiz, Did(None, "accept", "x"), 1) == "nothing-to-accept"
    assert refused(quiz, Did(ANNIE, "credit", "1"), 1) == "nothing-to-accept"
    quiz.play(Did(None, "stop"), 2)
    assert refused(quiz, Did(None, "accept", "x"), 3) == "nothing-running"


def test_what_somebody_missed_is_what_they_did_not_solve() -> None:
    quiz = asking(DOG, TOWN)
    quiz.play(Said(ANNIE, "idefix"), 16)
    close(quiz, 20)
    quiz.play(Did(None, "skip"), 21)
    quiz.play(Said(ANNIE, "dax"), 22)
    close(quiz, 30)
    assert [one.prompt for one in quiz.missed(ANNIE.id)] == ["Quelle ville ?"]
    assert (quiz.played(ANNIE.id), quiz.played(COLINE.id)) == (True, False)
