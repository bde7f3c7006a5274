"""The rules of a meeting: seats in order, who came, how long in the voice channel, and what words mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.meeting import (
    Answer,
    Form,
    Opinion,
    Presence,
    Reply,
    Sums,
    add_up,
    clean_word,
    needed_seconds,
    read_answer,
    read_form,
    read_opinion,
    seat,
)


def yes(person: int, turn: int, *, seated: bool = False) -> Reply:
    return Reply(person, "yes", turn, seated)


# --- Seats


def test_seats_go_in_the_order_of_the_answers() -> None:
    seating = seat([yes(7, 3), yes(8, 1), yes(9, 2)], 2)
    assert (seating.seated, seating.waiting, seating.promoted) == ((8, 9), (7,), (8, 9))


def test_without_a_number_there_is_a_seat_for_everybody() -> None:
    assert seat([yes(n, n) for n in range(300)], None).waiting == ()


def test_only_those_who_say_yes_take_a_seat() -> None:
    replies = [Reply(1, "maybe", 1, seated=False), Reply(2, "no", 2, seated=False), yes(3, 3)]
    assert seat(replies, 1).seated == (3,)


def test_a_seat_that_is_left_goes_to_the_first_who_waits() -> None:
    replies = [Reply(1, "no", 9, seated=False), yes(2, 2, seated=True), yes(4, 4), yes(3, 3)]
    assert seat(replies, 2).promoted == (3,)


def test_nobody_loses_a_seat_to_a_smaller_room() -> None:
    replies = [yes(1, 1, seated=True), yes(2, 2, seated=True), yes(3, 3, seated=True), yes(4, 4)]
    seating = seat(replies, 2)
    assert seating.seated == (1, 2, 3)
    assert seating.promoted == ()
    left = [reply for reply in replies if reply.person_id not in (1, 2)]
    assert seat(left, 2).promoted == (4,)


@given(
    st.lists(st.tuples(st.sampled_from(["yes", "maybe", "no"]), st.booleans()), max_size=40),
    st.none() | st.integers(1, 30),
)
def test_seats_are_neither_lost_nor_made(
    said: list[tuple[Answer, bool]], seats: int | None
) -> None:
    replies = [
        Reply(n, answer, n, seated=seated and answer == "yes")
        for n, (answer, seated) in enumerate(said)
    ]
    had = {reply.person_id for reply in replies if reply.seated}
    coming = {reply.person_id for reply in replies if reply.answer == "yes"}
    seating = seat(replies, seats)
    assert set(seating.seated) | set(seating.waiting) == coming
    assert had <= set(seating.seated)
    assert set(seating.promoted) == set(seating.seated) - had
    assert seats is None or len(seating.seated) <= max(seats, len(had))
    if seating.waiting and seating.promoted:
        assert max(seating.promoted) < min(seating.waiting)


# --- Who came


def test_who_came_is_told_apart_from_who_said_yes() -> None:
    replies = [
        yes(1, 1, seated=True),
        yes(2, 2, seated=True),
        yes(3, 3),
        Reply(4, "no", 4, seated=False),
    ]
    assert add_up(replies, {1, 3, 4, 5}, untraced=2) == Sums(3, 6, 4, 1)


def test_who_waited_in_vain_is_no_no_show() -> None:
    assert add_up([yes(1, 1)], ()) == Sums(1, 0, 0, 0)


@pytest.mark.parametrize(("minutes", "seconds"), [(90, 600), (30, 600), (15, 300), (1, 20)])
def test_ten_minutes_or_a_third_make_somebody_present(minutes: int, seconds: int) -> None:
    assert needed_seconds(minutes) == seconds


def test_interruptions_are_left_out_and_the_rest_adds_up() -> None:
    presence = Presence()
    presence.enter("a", 0)
    presence.leave("a", 200)
    presence.enter("a", 1000)
    presence.enter("a", 1100)
    assert presence.so_far(1300) == {"a": 500}
    assert presence.next_at(600) == 1400
    presence.leave("a", 1300)
    presence.leave("a", 1400)
    assert presence.so_far(9999) == {"a": 500}
    assert presence.next_at(600) is None


def test_what_was_there_before_counts_too() -> None:
    presence = Presence({"a": 550.0})
    presence.enter("a", 100)
    assert presence.next_at(600) == 150


# --- Words


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("oui", "yes"),
        ("Je viens !", "yes"),
        ("J’y serai", "yes"),
        ("YES", "yes"),
        ("peut-être", "maybe"),
        ("Maybe", "maybe"),
        ("non", "no"),
        ("je ne viens pas", "no"),
        ("not coming", "no"),
        ("avec plaisir", "yes"),
        ("pas cette fois", "no"),
        ("sans moi", "no"),
        ("ouistiti", None),
        ("", None),
    ],
)
def test_answers_are_read_in_both_languages(text: str, answer: Answer | None) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("vocal", "voice"),
        ("Sur place", "site"),
        ("hybride", "hybrid"),
        ("scène", "stage"),
        ("zoom", None),
    ],
)
def test_where_it_is_held_is_read_in_both_languages(text: str, form: Form | None) -> None:
    assert read_form(text) == form


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("lu 4 émouvant", Opinion("read", rating=4, word="émouvant")),
        ("lu ★★★★ émouvant", Opinion("read", rating=4, word="émouvant")),
        ("4 émouvant", Opinion("read", rating=4, word="émouvant")),
        ("⭐⭐⭐", Opinion("read", rating=3)),
        ("je l’ai lu 5", Opinion("read", rating=5)),
        ("lu en partie 2 bof", Opinion("partly", rating=2, word="bof")),
        ("abandonné", Opinion("partly")),
        ("pas fini 3", Opinion("partly", rating=3)),
        ("pas trouvé le livre", Opinion("not", no_copy=True)),
        ("lu", Opinion("read")),
        ("Read 5/5 moving", Opinion("read", rating=5, word="moving")),
        ("en partie 3 dense", Opinion("partly", rating=3, word="dense")),
        ("pas lu", Opinion("not")),
        ("pas lu, introuvable", Opinion("not", no_copy=True)),
        ("introuvable", Opinion("not", no_copy=True)),
        ("not read, couldn’t get the book", Opinion("not", no_copy=True)),
        ("pas lu 4", Opinion("not")),
        ("lu « magnifique »", Opinion("read", word="magnifique")),
        ("émouvant", None),
        ("", None),
    ],
)
def test_opinions_are_read_in_both_languages(text: str, opinion: Opinion | None) -> None:
    assert read_opinion(text) == opinion


@given(st.text(max_size=80))
def test_any_text_is_read_or_not(text: str) -> None:
    read_opinion(text)
    read_answer(text)
    assert len(clean_word(text).split()) <= 1
