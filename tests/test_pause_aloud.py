"""Pauses that are read aloud: taking turns within the pause's own time, and finishing in peace when it is up."""

import pytest

from games.core import Did, Player, Refusal, Ticked, Wished, Wrote
from games.pause import (
    OVERTIME,
    TURN_FORM,
    Aside,
    Began,
    Ended,
    Event,
    Joined,
    Left,
    Overran,
    Pause,
    PauseOptions,
    Rested,
    Retimed,
    Turned,
)
from games.turns import Called, Heard, Nearing, Queued, Reading, TimeUp

ANNIE, BOB = Player(1, "discord"), Player(2, "twitch")
NANA = Reading("Nana", "", "chapitre 2")


def pause(**options: object) -> Pause:
    """Return a pause in which people arrive until 100, and read until 1000."""
    kept = {"kind": "aloud", "hello": 100.0, "seconds": 900.0, "log": 600.0, **options}
    found = Pause.from_json({"title": "Pause lecture", **kept}, 0)
    found.play(Ticked(), 0)
    return found


def aside(of: Pause) -> Aside:
    found = of.scene().facts
    assert isinstance(found, Aside)
    return found


def tick(of: Pause) -> tuple[Event, ...]:
    assert of.deadline is not None
    return of.play(Ticked(), of.deadline)


def test_whoever_asks_while_people_arrive_is_called_when_reading_begins() -> None:
    aloud = pause()
    asked = aloud.play(Wished(ANNIE, "turn", "Nana ; chapitre 2"), 10)
    assert asked == (Joined(ANNIE), Turned(Queued(ANNIE, 1, NANA)))
    assert aloud.play(Ticked(), 100) == (Began(1, 1, 900.0), Turned(Called(ANNIE, NANA, 300, None)))
    assert aloud.present(ANNIE.id)


def test_deadline_is_the_soonest_of_the_turn_and_the_pause() -> None:
    aloud = pause(turn=120.0)
    aloud.play(Wished(ANNIE, "turn"), 10)
    aloud.play(Ticked(), 100)
    assert (aloud.deadline, aloud.scene().deadline) == (160, 1000)
    assert tick(aloud) == (Turned(Nearing(ANNIE, 60)),)
    assert tick(aloud) == (Turned(TimeUp(ANNIE, None)),)
    assert aloud.deadline == 1000


def test_turns_follow_each_other_until_nobody_waits() -> None:
    aloud = pause()
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 110)
    aloud.play(Wished(BOB, "turn", "Emma"), 120)
    events = aloud.play(Wished(ANNIE, "turn-done"), 150)
    assert events == (
        Turned(Heard(ANNIE, Reading(), 40)),
        Turned(Called(BOB, Reading("Emma"), 300, None)),
    )
    events = aloud.play(Did(None, "absent"), 160)
    assert len(events) == 2
    with pytest.raises(Refusal, match="turn-nobody"):
        aloud.play(Did(None, "next"), 170)


def test_what_is_read_is_the_pauses_work_unless_the_reader_names_another() -> None:
    aloud = pause(work="Germinal ; Émile Zola ; chapitre 1")
    germinal = Reading("Germinal", "Émile Zola", "chapitre 1")
    assert aside(aloud).text == germinal
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 110)
    assert aside(aloud).text == germinal
    aloud.play(Wrote(ANNIE, TURN_FORM, "; chapitre 3"), 120)
    assert aside(aloud).text == Reading("Germinal", "Émile Zola", "chapitre 3")
    aloud.play(Wrote(ANNIE, TURN_FORM, "Nana ; chapitre 2"), 130)
    assert aside(aloud).text == NANA


def test_reader_finishes_in_peace_when_the_time_is_up_and_nobody_else_is_called() -> None:
    aloud = pause()
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 800)
    aloud.play(Wished(BOB, "turn"), 810)
    assert aloud.play(Ticked(), 1000) == (Overran(ANNIE, OVERTIME),)
    assert aloud.scene().phase == "reading"
    events = aloud.play(Wished(ANNIE, "turn-done"), 1030)
    assert events == (Turned(Heard(ANNIE, Reading(), 230)), Ended(2, 600.0, (ANNIE,)))
    assert aloud.scene().phase == "log"
    with pytest.raises(Refusal, match="turn-closed"):
        aloud.play(Wished(BOB, "turn-leave"), 1040)


def test_reader_who_forgets_to_hand_on_does_not_keep_everybody_for_ever() -> None:
    aloud = pause()
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 990)
    assert Overran(ANNIE, OVERTIME) in aloud.play(Ticked(), 1000)
    events = aloud.play(Ticked(), 1000 + OVERTIME)
    assert isinstance(events[-1], Ended)
    assert events[-1].voices == (ANNIE,)


def test_host_who_extends_in_overtime_lets_the_next_reader_come() -> None:
    aloud = pause()
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 900)
    aloud.play(Wished(BOB, "turn"), 901)
    aloud.play(Ticked(), 1000)
    assert aloud.play(Did(None, "extend", "5"), 1010) == (Retimed(OVERTIME - 10 + 300),)
    events = aloud.play(Wished(ANNIE, "turn-done"), 1020)
    assert events[-1] == Turned(Called(BOB, Reading(), 300, None))


def test_break_ends_the_turn_and_keeps_the_queue() -> None:
    aloud = pause(blocks=2, rest=60.0)
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 200)
    aloud.play(Wished(BOB, "turn"), 210)
    events = aloud.play(Did(None, "skip"), 300)
    assert events == (Turned(Heard(ANNIE, Reading(), 100)), Rested(1, 2, 60.0))
    assert aloud.play(Ticked(), 360)[-1] == Turned(Called(BOB, Reading(), 300, None))


def test_whoever_leaves_the_pause_leaves_the_queue() -> None:
    aloud = pause()
    aloud.play(Ticked(), 100)
    aloud.play(Wished(ANNIE, "turn"), 200)
    aloud.play(Wished(BOB, "turn"), 210)
    events = aloud.play(Wished(ANNIE, "leave"), 220)
    assert events[0] == Turned(Heard(ANNIE, Reading(), 20))
    assert events[-1] == Left(ANNIE)
    assert aside(aloud).turns is not None
    assert aside(aloud).turns.reader == BOB


@pytest.mark.parametrize("kind", ["silent", "free"])
def test_nobody_reads_aloud_in_another_pause(kind: str) -> None:
    quiet = pause(kind=kind)
    for play in (Wished(ANNIE, "turn"), Wrote(ANNIE, TURN_FORM, "Nana"), Did(None, "next")):
        with pytest.raises(Refusal, match="turn-none"):
            quiet.play(play, 10)
    assert aside(quiet).turns is None


def test_options_of_a_former_version_are_read() -> None:
    kept = PauseOptions("Pause lecture").as_json()
    for new in ("work", "turn", "host", "planned", "late", "alone"):
        del kept[new]
    assert Pause.from_json(kept, 0).options == PauseOptions("Pause lecture")
