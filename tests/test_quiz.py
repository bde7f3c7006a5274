"""The rules of the quiz, by sentences and by properties."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import (
    Chose,
    Did,
    Part,
    Play,
    Player,
    Refusal,
    Said,
    Standing,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)
from games.question import LETTERS, Question
from games.quiz import GRACE, Quiz, QuizOptions, Solver
from games.quiz_events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Event,
    Finished,
    Opened,
    SideCount,
    Solved,
    Undone,
    Withdrawn,
)
from tests.quiz_strategies import ANY_TEXT, POOL, Round, Runner, picture, replayed, rounds

ANNIE, BASILE, COLINE = Player(1, "discord"), Player(2, "twitch"), Player(3, "discord")
FREE = Question("Le plus pieux ?", "Aramis", explanation="Il entre en religion.", source="Dumas")
CHOICE = Question("Quelle mine ?", "Germinal", wrong=("Nana", "La Terre", "L’Argent"))
NOTHING = ()


def quiz_of(*questions: Question, seed: int = 7, **times: Any) -> Quiz:
    return Quiz(QuizOptions("Soirée", "fr", questions, **times), seed)


def asking(*questions: Question, seed: int = 7, **times: Any) -> Quiz:
    """A round whose first question was asked at 15 s."""
    quiz = quiz_of(*questions, seed=seed, **times)
    quiz.play(Ticked(), 0)
    quiz.play(Ticked(), 15)
    assert quiz.scene().phase == "asking"
    return quiz


def only(quiz: Quiz, play: Play, now: float) -> Any:
    """The one event that a play caused."""
    (event,) = quiz.play(play, now)
    return event


def places(quiz: Quiz) -> tuple[int, int]:
    """The index of the right choice and of a wrong one."""
    scene = quiz.scene()
    right = scene.choices.index(quiz.options.questions[scene.step - 1].answer)
    return right, (right + 1) % len(scene.choices)


def refused(quiz: Quiz, play: Play, now: float) -> str:
    before = picture(quiz)
    with pytest.raises(Refusal) as caught:
        quiz.play(play, now)
    assert picture(quiz) == before
    return caught.value.code


# The course of a round


def test_a_round_goes_through_lobby_asking_reveal_and_ends() -> None:
    quiz = quiz_of(FREE, CHOICE)
    assert (quiz.scene().phase, quiz.deadline) == ("new", 0)
    assert quiz.play(Ticked(), 0) == (Opened("Soirée", 2, 20, 15),)
    assert (quiz.scene().phase, quiz.deadline) == ("lobby", 15)
    assert quiz.play(Ticked(), 15) == (Asked(1, 2, "Le plus pieux ?", (), 20),)
    assert (quiz.scene().phase, quiz.deadline) == ("asking", 35)
    closed = only(quiz, Ticked(), 35)
    expected = Closed(
        1, 2, "Aramis", (), "Il entre en religion.", "Dumas", (), 0, "Le plus pieux ?"
    )
    assert closed == expected == quiz.scene().outcome
    assert (quiz.scene().phase, quiz.deadline) == ("reveal", 43)
    asked = only(quiz, Ticked(), 43)
    assert (asked.number, sorted(asked.choices)) == (2, sorted(["Germinal", *CHOICE.wrong]))
    assert quiz.scene().outcome is None
    quiz.play(Ticked(), 63)
    assert quiz.play(Ticked(), 71) == (Finished("Soirée", 2, 0, (), stopped=False),)
    assert (quiz.over, quiz.deadline, quiz.scene().phase) == (True, None, "over")


def test_a_tick_before_the_deadline_does_nothing() -> None:
    quiz = asking(FREE)
    before = picture(quiz)
    assert quiz.play(Ticked(), 34.999999) == NOTHING
    assert picture(quiz) == before


def test_a_late_tick_opens_the_next_phase_in_full() -> None:
    quiz = asking(FREE, reveal=8)
    quiz.play(Ticked(), 50)
    assert quiz.deadline == 58


def test_a_round_without_questions_ends_after_its_lobby() -> None:
    quiz = quiz_of()
    quiz.play(Ticked(), 0)
    assert quiz.play(Ticked(), 15) == (Finished("Soirée", 0, 0, (), stopped=False),)


def test_the_scene_of_an_open_question_shows_what_is_on_the_table() -> None:
    quiz = asking(CHOICE)
    scene = quiz.scene()
    assert (scene.title, scene.step, scene.steps, scene.deadline) == ("Soirée", 1, 1, 35)
    assert (scene.prompt, scene.replies, scene.players) == ("Quelle mine ?", 0, 0)


# Multiple choice


@pytest.mark.parametrize("dress", [str, str.upper, lambda letter: f" {letter.upper()} ! "])
def test_a_choice_is_made_by_its_letter(dress: Callable[[str], str]) -> None:
    for index in range(4):
        quiz = asking(CHOICE)
        assert quiz.play(Said(ANNIE, dress("abcd"[index])), 16) == (Answered(ANNIE, 1, (index,)),)
        assert quiz.choices_of(1) == (index,)


def test_a_choice_is_made_by_its_text_with_or_without_article() -> None:
    for typed, text in [
        ("l'argent", "L’Argent"),
        ("ARGENT", "L’Argent"),
        ("C’est la terre !", "La Terre"),
        ("terre", "La Terre"),
        ("nana", "Nana"),
    ]:
        quiz = asking(CHOICE)
        place = quiz.scene().choices.index(text)
        assert quiz.play(Said(ANNIE, typed), 16) == (Answered(ANNIE, 1, (place,)),), typed


def test_an_article_does_not_choose_between_two_choices_that_differ_by_it() -> None:
    quiz = asking(Question("?", "Le Tour", wrong=("La Tour",)))
    assert quiz.play(Said(ANNIE, "tour"), 16) == NOTHING
    place = quiz.scene().choices.index("La Tour")
    assert quiz.play(Said(ANNIE, "la tour"), 16) == (Answered(ANNIE, 1, (place,)),)


def test_a_choice_is_made_by_a_button() -> None:
    quiz = asking(CHOICE)
    assert quiz.play(Chose(ANNIE, 1, (2,)), 16) == (Answered(ANNIE, 1, (2,), left=1),)


@pytest.mark.parametrize("typed", ["e", "z", "ab", "a b", "germinal ou nana", "", "😀", "bonsoir"])
def test_a_line_that_is_no_choice_is_just_chat(typed: str) -> None:
    quiz = asking(CHOICE)
    before = picture(quiz)
    assert quiz.play(Said(ANNIE, typed), 16) == NOTHING
    assert picture(quiz) == before


def test_an_emoji_is_no_answer_where_a_choice_is_a_sign() -> None:
    quiz = asking(Question("?", "+", wrong=("plus", "moins")))
    assert quiz.play(Said(ANNIE, "😀"), 16) == NOTHING
    assert quiz.play(Said(ANNIE, "…"), 16) == NOTHING


def test_letters_win_over_choices_that_are_letters() -> None:
    question = Question("Quelle lettre manque à « La Disparition » ?", "C", wrong=("A", "B"))
    for index in range(3):
        quiz = asking(question, seed=1)
        assert quiz.play(Said(ANNIE, "abc"[index]), 16) == (Answered(ANNIE, 1, (index,)),)


def test_the_first_answer_of_a_player_counts() -> None:
    quiz = asking(CHOICE)
    right, wrong = places(quiz)
    quiz.play(Said(ANNIE, LETTERS[wrong]), 16)
    assert quiz.play(Said(ANNIE, LETTERS[right]), 17) == NOTHING
    assert refused(quiz, Chose(ANNIE, 1, (right,)), 17) == "already-answered"
    closed = only(quiz, Ticked(), 35)
    assert (closed.solvers, closed.answered) == ((), 1)
    assert quiz.record() == (Part(ANNIE, 1, 0, 0),)


def test_somebody_linked_answers_once_whichever_platform() -> None:
    quiz = asking(CHOICE)
    right, wrong = places(quiz)
    quiz.play(Chose(ANNIE, 1, (wrong,)), 16)
    assert quiz.play(Said(Player(1, "twitch"), LETTERS[right]), 17) == NOTHING


def test_a_choice_that_is_not_there_is_refused() -> None:
    quiz = asking(CHOICE)
    assert refused(quiz, Chose(ANNIE, 1, (4,)), 16) == "no-such-choice"
    assert refused(quiz, Chose(ANNIE, 1, (-1,)), 16) == "no-such-choice"
    assert refused(asking(FREE), Chose(ANNIE, 1, (0,)), 16) == "no-such-choice"


def test_an_old_questions_button_is_refused() -> None:
    quiz = asking(CHOICE, CHOICE)
    assert refused(quiz, Chose(ANNIE, 2, (0,)), 16) == "question-closed"
    quiz.play(Ticked(), 35)
    assert refused(quiz, Chose(ANNIE, 1, (0,)), 36) == "question-closed"
    quiz.play(Ticked(), 43)
    assert refused(quiz, Chose(ANNIE, 1, (0,)), 44) == "question-closed"


def test_a_button_before_the_first_question_and_after_the_last_is_refused() -> None:
    quiz = quiz_of(CHOICE)
    assert refused(quiz, Chose(ANNIE, 1, (0,)), 0) == "question-closed"
    assert refused(quiz, Chose(ANNIE, 0, (0,)), 0) == "question-closed"
    quiz.play(Did(None, "stop"), 1)
    assert refused(quiz, Chose(ANNIE, 1, (0,)), 2) == "question-closed"


def test_everybody_who_is_right_scores_one_point_quickest_first() -> None:
    quiz = asking(CHOICE)
    right, wrong = places(quiz)
    quiz.play(Chose(BASILE, 1, (right,)), 17)
    quiz.play(Chose(COLINE, 1, (wrong,)), 18)
    quiz.play(Said(ANNIE, "Germinal"), 19.5)
    assert quiz.deadline == 35
    closed = only(quiz, Ticked(), 35)
    assert closed.solvers == (Solver(BASILE, 2), Solver(ANNIE, 4.5))
    assert (closed.right, closed.answered) == ((right,), 3)
    assert quiz.record() == (Part(BASILE, 1, 1, 1), Part(COLINE, 1, 0, 0), Part(ANNIE, 1, 1, 1))
    assert quiz.scene().standings == (Standing(1, BASILE, 1), Standing(1, ANNIE, 1))


# Free text


def test_the_first_right_answer_leaves_the_others_a_moment() -> None:
    quiz = asking(FREE)
    assert quiz.play(Said(ANNIE, "aramis !"), 20) == (Solved(ANNIE, 1, 5),)
    assert quiz.deadline == 20 + GRACE
    assert quiz.play(Said(BASILE, "Arramis"), 21.5) == (Solved(BASILE, 1, 6.5),)
    assert quiz.deadline == 20 + GRACE
    closed = only(quiz, Ticked(), 22)
    assert closed.solvers == (Solver(ANNIE, 5), Solver(BASILE, 6.5))


def test_second_right_answer_scores_nothing() -> None:
    quiz = asking(FREE)
    quiz.play(Said(ANNIE, "Aramis"), 20)
    before = picture(quiz)
    assert quiz.play(Said(ANNIE, "Aramis"), 21) == NOTHING
    assert quiz.play(Said(Player(1, "twitch"), "Aramis"), 21) == NOTHING
    assert picture(quiz) == before
    quiz.play(Ticked(), 22)
    assert quiz.record() == (Part(ANNIE, 1, 1, 1),)


def test_the_last_seconds_are_not_stretched() -> None:
    quiz = asking(FREE)
    quiz.play(Said(ANNIE, "Aramis"), 34)
    assert quiz.deadline == 35


def test_wrong_guesses_cost_nothing() -> None:
    quiz = asking(FREE)
    for guess in ("Athos", "Porthos", "pas Aramis", "Aramis ou Athos", "x" * 300):
        assert quiz.play(Said(ANNIE, guess), 16) == NOTHING
    assert quiz.play(Said(ANNIE, "Aramis"), 17) == (Solved(ANNIE, 1, 2),)


@pytest.mark.parametrize("question", [FREE, CHOICE])
def test_a_late_answer_falls_in_the_next_phase(question: Question) -> None:
    quiz = asking(question)
    runner = Runner(quiz, at_us=35_000_000)
    runner.clock()
    assert quiz.scene().phase == "reveal"
    assert runner.take(Said(ANNIE, question.answer)) == NOTHING
    assert refused(quiz, Chose(ANNIE, 1, (0,)), 35) == "question-closed"
    assert quiz.record() == ()


def test_an_answer_in_the_lobby_or_the_reveal_is_just_chat() -> None:
    quiz = quiz_of(FREE, FREE)
    quiz.play(Ticked(), 0)
    assert quiz.play(Said(ANNIE, "Aramis"), 1) == NOTHING
    quiz.play(Ticked(), 15)
    quiz.play(Ticked(), 35)
    assert quiz.play(Said(ANNIE, "Aramis"), 36) == NOTHING


# Withdrawn answers


def test_a_withdrawn_choice_no_longer_counts_and_can_be_made_again() -> None:
    quiz = asking(CHOICE)
    right, wrong = places(quiz)
    quiz.play(Chose(ANNIE, 1, (wrong,)), 16)
    assert quiz.play(Withdrew(ANNIE), 17) == (Withdrawn(ANNIE, 1),)
    assert (quiz.scene().replies, quiz.choices_of(1)) == (0, ())
    assert quiz.play(Chose(ANNIE, 1, (right,)), 18) == (Answered(ANNIE, 1, (right,), left=1),)
    closed = only(quiz, Ticked(), 35)
    assert closed.solvers == (Solver(ANNIE, 3),)


def test_a_withdrawn_solution_scores_nothing() -> None:
    quiz = asking(FREE)
    quiz.play(Said(ANNIE, "Aramis"), 16)
    assert quiz.play(Withdrew(ANNIE), 17) == (Withdrawn(ANNIE, 1),)
    closed = only(quiz, Ticked(), 35)
    assert (closed.solvers, closed.answered, quiz.record()) == ((), 0, ())


def test_a_withdrawn_solution_does_not_close_the_question_for_the_others() -> None:
    quiz = asking(FREE)
    quiz.play(Said(ANNIE, "Aramis"), 16)
    quiz.play(Withdrew(ANNIE), 17)
    assert quiz.deadline == 35
    assert quiz.play(Ticked(), 18) == NOTHING
    assert quiz.play(Said(BASILE, "Aramis"), 30) == (Solved(BASILE, 1, 15),)


def test_who_answers_again_after_withdrawing_comes_last() -> None:
    quiz = asking(CHOICE)
    right, _ = places(quiz)
    quiz.play(Chose(ANNIE, 1, (right,)), 16)
    quiz.play(Chose(BASILE, 1, (right,)), 17)
    quiz.play(Withdrew(ANNIE), 18)
    quiz.play(Chose(ANNIE, 1, (right,)), 19)
    closed = only(quiz, Ticked(), 35)
    assert [solver.by for solver in closed.solvers] == [BASILE, ANNIE]


def test_nothing_is_withdrawn_where_nothing_stands() -> None:
    quiz = asking(CHOICE)
    quiz.play(Chose(ANNIE, 1, (0,)), 16)
    assert quiz.play(Withdrew(BASILE), 17) == NOTHING
    quiz.play(Ticked(), 35)
    before = picture(quiz)
    assert quiz.play(Withdrew(ANNIE), 36) == NOTHING
    assert picture(quiz) == before


# Hosts


def test_skip_goes_on_from_every_phase() -> None:
    quiz = quiz_of(FREE, CHOICE)
    kinds = []
    for now in range(6):
        event = only(quiz, Did(ANNIE, "skip"), now)
        kinds.append(type(event))
    assert kinds == [Opened, Asked, Closed, Asked, Closed, Finished]
    assert refused(quiz, Did(ANNIE, "skip"), 9) == "nothing-running"


def test_a_skipped_question_counts_the_answers_given() -> None:
    quiz = asking(CHOICE)
    right, _ = places(quiz)
    quiz.play(Chose(ANNIE, 1, (right,)), 16)
    closed = only(quiz, Did(None, "skip"), 17)
    assert closed.solvers == (Solver(ANNIE, 1),)
    assert quiz.deadline == 25


@pytest.mark.parametrize(("skips", "asked"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 1), (5, 2)])
def test_stop_ends_the_round_from_every_phase(skips: int, asked: int) -> None:
    quiz = quiz_of(FREE, CHOICE)
    for now in range(skips):
        quiz.play(Did(None, "skip"), now)
    assert quiz.play(Did(None, "stop"), 9) == (Finished("Soirée", asked, 0, (), stopped=True),)
    assert (quiz.over, quiz.deadline) == (True, None)
    assert refused(quiz, Did(None, "stop"), 10) == "nothing-running"
    before = picture(quiz)
    for play in (Ticked(), Said(ANNIE, "Aramis"), Withdrew(ANNIE)):
        assert quiz.play(play, 99) == NOTHING
    assert picture(quiz) == before


def test_stop_keeps_earlier_points_and_drops_the_open_question() -> None:
    quiz = asking(FREE, FREE)
    quiz.play(Said(ANNIE, "Aramis"), 16)
    quiz.play(Ticked(), 18)
    quiz.play(Ticked(), 26)
    quiz.play(Said(BASILE, "Aramis"), 27)
    finished = only(quiz, Did(None, "stop"), 28)
    sides = (SideCount("discord", 1, 1),)
    assert finished == Finished("Soirée", 1, 1, (Standing(1, ANNIE, 1),), stopped=True, sides=sides)
    assert quiz.record() == (Part(ANNIE, 1, 1, 1),)


def test_an_unknown_action_is_refused() -> None:
    assert refused(asking(FREE), Did(None, "dance"), 16) == "unknown-action"


# Standings


def test_equal_players_share_a_rank_in_the_result() -> None:
    quiz = asking(FREE, FREE)
    quiz.play(Said(BASILE, "Aramis"), 16)
    quiz.play(Said(ANNIE, "Aramis"), 16)
    quiz.play(Ticked(), 18)
    quiz.play(Ticked(), 26)
    for player in (COLINE, ANNIE, BASILE):
        quiz.play(Said(player, "Aramis"), 27)
    quiz.play(Ticked(), 29)
    finished = only(quiz, Ticked(), 37)
    assert finished.standings == (
        Standing(1, BASILE, 2),
        Standing(1, ANNIE, 2),
        Standing(2, COLINE, 1),
    )
    assert finished.players == 3


def test_who_played_without_a_point_is_recorded_but_not_on_the_board() -> None:
    quiz = asking(CHOICE)
    _, wrong = places(quiz)
    quiz.play(Chose(ANNIE, 1, (wrong,)), 16)
    quiz.play(Ticked(), 35)
    finished = only(quiz, Ticked(), 43)
    assert (finished.players, finished.standings) == (1, ())
    assert quiz.record() == (Part(ANNIE, 1, 0, 0),)


def test_points_made_on_two_platforms_go_to_one_person() -> None:
    quiz = asking(FREE, FREE)
    quiz.play(Said(Player(1, "discord"), "Aramis"), 16)
    quiz.play(Ticked(), 18)
    quiz.play(Ticked(), 26)
    quiz.play(Said(Player(1, "twitch"), "Aramis"), 27)
    quiz.play(Ticked(), 29)
    assert quiz.record() == (Part(ANNIE, 2, 2, 2),)
    assert quiz.scene().standings == (Standing(1, ANNIE, 2),)


# Secrets


def test_until_it_closes_a_question_looks_the_same_whichever_choice_is_right() -> None:
    texts = ("Germinal", "Nana", "La Terre")
    looks: dict[tuple[str, ...], dict[str, str]] = {}
    for right in texts:
        wrong = tuple(text for text in texts if text != right)
        for seed in range(60):
            quiz = asking(Question("Quelle mine ?", right, wrong=wrong), seed=seed)
            order = quiz.scene().choices
            seen: list[Any] = [quiz.scene(), quiz.deadline, quiz.record()]
            for player, play in ((1, "a"), (2, "b"), (3, order[2])):
                seen += [quiz.play(Said(Player(player, "twitch"), play), 16), picture(quiz)[:4]]
            looks.setdefault(order, {})[right] = repr(seen)
    assert set(looks) == set(permutations(texts))
    for order, by_right in looks.items():
        assert len(by_right) == 3, f"some answer never comes in the order {order}"
        assert len(set(by_right.values())) == 1


def test_the_right_choice_comes_in_every_place_about_as_often() -> None:
    found = Counter(places(asking(CHOICE, seed=seed))[0] for seed in range(400))
    assert set(found) == {0, 1, 2, 3}
    assert min(found.values()) > 60


@settings(max_examples=80, deadline=None)
@given(rounds())
def test_nothing_tells_an_answer_before_its_question_is_closed(plan: Round) -> None:
    numbered = tuple(
        Question(f"?{n}", f"secret-{n}q", (f"alias-{n}q",), (), f"why-{n}q", f"where-{n}q")
        if not question.wrong
        else Question(f"?{n}", "oui", (), ("non", "si"), f"why-{n}q", f"where-{n}q")
        for n, question in enumerate(plan.options.questions, 1)
    )
    options = QuizOptions("Soirée", "fr", numbered, plan.options.seconds)
    runner, seen = Runner(Quiz(options, plan.seed)), 0
    closed: set[int] = set()
    runner.take(Ticked())
    for step in plan.steps:
        play, told = runner.step(step), ""
        try:
            if play is not None:
                runner.take(play)
        except Refusal as refusal:
            told = repr(refusal.facts)
        closed |= {event.number for event in runner.events[seen:] if isinstance(event, Closed)}
        shown = repr((runner.events[seen:], runner.quiz.scene(), told))
        seen = len(runner.events)
        assert {int(n) for n in re.findall(r"(?:secret|alias|why|where)-(\d+)q", shown)} <= closed


# Properties


@settings(max_examples=120, deadline=None)
@given(rounds())
def test_no_events_means_that_nothing_changed_and_events_that_something_did(plan: Round) -> None:
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.take(Ticked())
    for step in plan.steps:
        play = runner.step(step)
        if play is None:
            break
        before = picture(runner.quiz)
        try:
            events = runner.take(play)
        except Refusal:
            assert isinstance(play, Chose | Wrote | Wished | Did)
            events = ()
        assert (picture(runner.quiz) != before) == bool(events)


@settings(max_examples=120, deadline=None)
@given(rounds())
def test_points_never_come_from_nowhere(plan: Round) -> None:
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.run(plan.steps)
    closed = _ends(runner.events)
    assert [event.number for event in closed] == list(range(1, len(closed) + 1))
    undone = _undone(runner.events)
    earned = Counter[int]()
    for event in closed:
        if event.number not in undone:
            earned.update({solver.by.id: solver.points for solver in event.solvers})
    for event in closed:
        assert len({solver.by.id for solver in event.solvers}) == len(event.solvers)
        assert [s.after for s in event.solvers] == sorted(s.after for s in event.solvers)
        assert len(event.solvers) <= event.answered
        standing = _answers_before(runner.events, event)
        assert {s.by for s in event.solvers} <= standing.keys()
        if event.right:
            right = {player for player, taken in standing.items() if _is_right(event, taken)}
            assert right == {solver.by for solver in event.solvers}
    record = runner.quiz.record()
    assert {part.player.id: part.points for part in record if part.points} == +earned
    assert len({part.player.id for part in record}) == len(record)
    assert sum(part.plays for part in record) == sum(event.answered for event in closed)
    standings = runner.quiz.scene().standings
    points = {part.player: part.points for part in record if part.points}
    assert {standing.player: standing.points for standing in standings} == points


def _ends(events: Sequence[Event]) -> list[Closed]:
    """How each question ended: a host who accepts one more answer makes it end anew."""
    ends: dict[int, Closed] = {}
    for event in events:
        match event:
            case Closed(number=number):
                ends[number] = event
            case Accepted(number=number, closed=Closed() as closed):
                ends[number] = closed
    return list(ends.values())


def _undone(events: Sequence[Event]) -> set[int]:
    undone: set[int] = set()
    for event in events:
        match event:
            case Undone(number):
                undone.add(number)
            case Accepted(number=number, closed=Closed()):
                undone.discard(number)
    return undone


def _is_right(closed: Closed, taken: tuple[int, ...]) -> bool:
    """The right choices, all of them where several are asked for; one that a host accepted is as right as the other."""
    question = next(q for q in POOL if q.prompt == closed.prompt)
    one = question.kind in ("choice", "truth")
    return taken[0] in closed.right if one else taken == closed.right


def _answers_before(events: Sequence[Event], closed: Closed) -> dict[Player, tuple[int, ...]]:
    standing: dict[Player, tuple[int, ...]] = {}
    number = 0
    for event in events:
        match event:
            case Asked(number=asked):
                number = asked
        if number > closed.number:
            break
        match event:
            case Asked():
                standing = {}
            case Answered(by, _, taken):
                standing = {key: value for key, value in standing.items() if key.id != by.id}
                standing[by] = taken
            case Solved(by):
                standing[by] = ()
            case Accepted(closed=Closed(right=(), solvers=solvers)):
                standing |= dict.fromkeys((solver.by for solver in solvers), ())
            case Withdrawn(by):
                standing = {key: value for key, value in standing.items() if key.id != by.id}
    return standing


@settings(max_examples=80, deadline=None)
@given(rounds())
def test_the_same_plays_give_the_same_events_after_the_options_went_through_json(
    plan: Round,
) -> None:
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.run(plan.steps)
    kept = orjson.dumps(plan.options.as_json())
    assert QuizOptions.from_json(orjson.loads(kept)) == plan.options
    again, events = replayed(kept, plan.seed, runner.rows)
    assert events == runner.events
    assert picture(again) == picture(runner.quiz)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(POOL), st.lists(ANY_TEXT, max_size=4), st.integers(0, 99))
def test_no_line_of_chat_raises(question: Question, lines: list[str], seed: int) -> None:
    quiz = asking(question, seed=seed)
    for player, line in enumerate(lines):
        before = picture(quiz)
        events = quiz.play(Said(Player(player, "twitch"), line), 16)
        assert bool(events) == (picture(quiz) != before)


@settings(max_examples=100, deadline=None)
@given(st.integers(), st.integers(), st.text(st.characters(), max_size=8), st.integers(0, 5))
def test_only_refusals_come_of_buttons_and_actions(
    number: int, choice: int, action: str, skips: int
) -> None:
    quiz = quiz_of(FREE, CHOICE)
    for now in range(skips):
        quiz.play(Did(None, "skip"), now)
    for play in (Chose(ANNIE, number, (choice,)), Did(None, action)):
        before = picture(quiz)
        try:
            events = quiz.play(play, 9)
        except Refusal:
            events = ()
        assert bool(events) == (picture(quiz) != before)


@settings(max_examples=60, deadline=None)
@given(rounds())
def test_a_deadline_is_reached_at_the_very_microsecond_it_names(plan: Round) -> None:
    runner = Runner(Quiz(plan.options, plan.seed))
    runner.run(plan.steps)
    if runner.quiz.deadline is not None:
        runner.at_us = round(runner.quiz.deadline * 1_000_000)
        assert runner.at_us / 1_000_000 == runner.quiz.deadline
        assert runner.take(Ticked())


def test_every_round_ends_when_the_clock_alone_plays() -> None:
    runner = Runner(quiz_of(*POOL, seconds=7.3, lobby=0.1, reveal=59.999999, patience=0))
    hints = sum(len(question.hints) for question in POOL)
    for _ in range(2 + 2 * len(POOL) + hints):
        runner.at_us = round((runner.quiz.deadline or 0) * 1_000_000)
        assert runner.take(Ticked())
    assert runner.quiz.over
