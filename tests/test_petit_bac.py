"""Petit bac: the first letter, answers alike, hidden until the end, contested by vote; an oracle for the points."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from games.core import Chose, Did, Player, Refusal, Said, Ticked, Wished, Withdrew, Wrote
from games.matching import fold
from games.petit_bac import (
    LETTERS,
    MOST_CATEGORIES,
    Answered,
    Contesting,
    Noted,
    Outcome,
    PetitBac,
    PetitBacOptions,
    Revealed,
    Ruled,
    TakenBack,
    Voted,
    options,
)
from games.table import Finished, RoundOver, TableOptions, Wish
from games.typed import number_in, tidy, word_and_number
from games.words import lexicon

ANNIE, BASILE, COLINE, INES = (Player(n, p) for n, p in enumerate(("discord", "twitch") * 2, 1))  # type: ignore[arg-type]
TABLE = TableOptions("Petit bac", "fr", rounds=1)
CATEGORIES = ("Ville", "Animal", "Métier")


def play(*letters: str, categories: tuple[str, ...] = CATEGORIES) -> PetitBac:
    """Return a game at its first letter."""
    letters = letters or ("p",)
    table = TableOptions("Petit bac", "fr", rounds=len(letters))
    game = PetitBac(PetitBacOptions(table, letters, categories), lexicon("fr"))
    game.play(Ticked(), 0.0)
    game.play(Did(None, "skip"), 0.0)
    return game


def say(game: PetitBac, text: str, by: Player = ANNIE, now: float = 1.0) -> tuple[Any, ...]:
    return game.play(Said(by, text), now)


def write(game: PetitBac, *lines: str, by: Player = ANNIE) -> tuple[Any, ...]:
    return game.play(Wrote(by, game.scene().turn, "\n".join(lines)), 1.0)


def reveal(game: PetitBac) -> tuple[Any, ...]:
    return game.play(Did(None, "skip"), 2.0)


def close(game: PetitBac) -> Outcome:
    over = next(e for e in game.play(Did(None, "skip"), 3.0) if isinstance(e, RoundOver))
    outcome: Outcome = over.outcome
    return outcome


def code(game: PetitBac, play_: Any) -> str:
    with pytest.raises(Refusal) as caught:
        game.play(play_, 1.0)
    return caught.value.code


# --- Answering ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "1 Paris 2 panda 3 pâtissier",
        "1. Paris 2) panda 3: pâtissier",
        "ville: Paris, animal: panda, métier: pâtissier",
        "VILLE : Paris ; anim : panda ; metier: pâtissier",
    ],
)
def test_answers_are_typed_by_number_or_by_name(typed: str) -> None:
    noted, _ = say(play(), typed)
    assert noted == Noted(ANNIE, ((0, "Paris"), (1, "panda"), (2, "pâtissier")), ())


def test_who_answers_for_all_to_read_is_named_once_and_nobody_else() -> None:
    game = play()
    assert say(game, "1 Paris")[1:] == (Answered(ANNIE),)
    assert len(say(game, "2 panda")) == 1
    assert len(write(game, "Pau", by=BASILE)) == 1
    assert game.scene().facts.answered == (ANNIE, BASILE)


def test_a_form_has_a_line_for_each_category_and_some_may_stay_empty() -> None:
    [noted] = write(play(), "Paris", "", " pâtissier ")
    assert noted.taken == ((0, "Paris"), (2, "pâtissier"))


@pytest.mark.parametrize(
    "talk", ["salut tout le monde", "Paris", "", "j’hésite", "1", "12 singes", "4 pomme"]
)
def test_talk_is_no_answer(talk: str) -> None:
    game = play()
    assert say(game, talk) == ()
    assert not game.record()


@pytest.mark.parametrize("answer", ["Évreux", "EVREUX", "l’Évrard", "une école", "É"])
def test_the_first_letter_counts_without_its_accent_and_after_an_article(answer: str) -> None:
    assert write(play("e"), answer)


def test_what_begins_otherwise_is_told_and_the_rest_is_taken() -> None:
    game = play()
    [noted] = write(game, "Paris", "lion", "p" * 31)
    assert noted == Noted(ANNIE, ((0, "Paris"),), ((1, "letter"), (2, "long")))
    assert code(game, Wrote(ANNIE, game.scene().turn, "lion")) == "bac-letter"
    assert code(game, Wrote(ANNIE, game.scene().turn, "p" * 40)) == "bac-long"
    assert code(game, Wrote(ANNIE, game.scene().turn, "putain")) == "not-shown"
    assert code(game, Wrote(ANNIE, game.scene().turn, "\n\n")) == "unreadable"


def test_an_answer_may_be_changed_until_the_time_is_up() -> None:
    game = play()
    write(game, "Paris")
    say(game, "1 Pau")
    revealed, _ = reveal(game)
    assert [answer.text for answer in revealed.answers] == ["Pau"]
    assert game.record()[0].plays == 1


def test_what_cannot_be_seen_is_not_shown() -> None:
    game = play()
    write(game, "Pa\u202eris\u200b")
    assert reveal(game)[0].answers[0].text == "Paris"


def test_a_removed_message_takes_its_answers_back() -> None:
    game = play()
    say(game, "1 Paris")
    assert game.play(Withdrew(ANNIE), 1.0) == (TakenBack(ANNIE),)
    assert game.play(Withdrew(ANNIE), 1.0) == ()
    assert close(game).stood == 0


def test_nothing_of_the_answers_is_seen_before_they_are_laid_open() -> None:
    game = play()
    write(game, "Pontarlier")
    say(game, "2 panda", BASILE)
    assert "Pontarlier" not in repr(game.scene())
    assert "panda" not in repr(game.scene())
    assert game.scene().facts.answered == (ANNIE, BASILE)
    assert game.scene().choices == ()


def test_the_form_is_closed_once_the_answers_are_open() -> None:
    game = play()
    write(game, "Paris")
    turn = game.scene().turn
    reveal(game)
    assert game.scene().form == ""
    assert code(game, Wrote(BASILE, turn, "Pau")) == "moved-on"
    assert code(game, Wrote(BASILE, game.scene().turn, "Pau")) == "moved-on"


def test_a_round_without_answers_has_nothing_to_contest() -> None:
    assert isinstance(play().play(Did(None, "skip"), 3.0)[-1], Finished)


# --- Contesting -----------------------------------------------------------------------------------------------


def opened() -> PetitBac:
    """Return a game with Paris (two people), Pau and panda laid open: numbers 1, 2, 3."""
    game = play()
    write(game, "Paris", by=ANNIE)
    write(game, "PARIS !", "panda", by=BASILE)
    write(game, "Pau", by=COLINE)
    reveal(game)
    return game


def test_answers_alike_have_one_number_over_all_categories() -> None:
    game = play()
    write(game, "Paris", "panda")
    write(game, "le Paris", "le panda", by=BASILE)
    write(game, "Pau", by=COLINE)
    towns, animals, contesting = reveal(game)
    assert [(a.number, a.text, len(a.by)) for a in towns.answers] == [
        (1, "Paris", 2),
        (2, "Pau", 1),
    ]
    assert [(a.number, a.text, len(a.by)) for a in animals.answers] == [(3, "panda", 2)]
    assert (type(towns), towns.category) == (Revealed, "Ville")
    assert contesting == Contesting(30.0)


def test_what_nobody_else_had_scores_more() -> None:
    game = opened()
    assert close(game) == Outcome("p", 3, (), ((BASILE, 3), (COLINE, 2), (ANNIE, 1)), hidden=False)
    assert {part.player: (part.right, part.points) for part in game.record()} == {
        ANNIE: (1, 1),
        BASILE: (2, 3),
        COLINE: (1, 2),
    }


@pytest.mark.parametrize("typed", ["contester 2", "Contest 2 !", "CONTESTE 2"])
def test_an_answer_falls_when_more_people_contest_than_keep_it(typed: str) -> None:
    game = opened()
    assert say(game, typed, ANNIE) == (Voted(ANNIE, 2, "Pau", contests=True, falls=False),)
    assert say(game, typed, BASILE) == (Voted(BASILE, 2, "Pau", contests=True, falls=True),)
    assert say(game, "garder 2", INES) == (Voted(INES, 2, "Pau", contests=False, falls=False),)
    game.play(Wished(INES, "contest", "2"), 1.0)
    assert close(game).fell == ("Pau",)
    assert game.record()[2].points == 0


def test_one_person_alone_strikes_nothing() -> None:
    game = opened()
    say(game, "contester 2", INES)
    assert close(game).fell == ()


def test_whoever_gave_an_answer_may_give_it_up() -> None:
    game = opened()
    assert say(game, "contester 2", COLINE)[0].falls


def test_a_control_contests_and_pressed_again_keeps() -> None:
    game = opened()
    turn = game.scene().turn
    assert game.play(Chose(INES, turn, (0,)), 1.0)[0].contests
    assert not game.play(Chose(INES, turn, (0,)), 1.0)[0].contests
    assert code(game, Chose(INES, turn, (3,))) == "no-such-choice"


def test_one_vote_each_and_none_twice() -> None:
    game = opened()
    game.play(Wished(ANNIE, "contest", "2"), 1.0)
    assert code(game, Wished(ANNIE, "contest", "2")) == "bac-voted"
    assert code(game, Wished(ANNIE, "contest", "9")) == "bac-no-answer"
    assert code(game, Wished(ANNIE, "keep", "x")) == "bac-no-answer"
    assert code(play(), Wished(ANNIE, "contest", "1")) == "bac-too-soon"


def test_a_host_decides_against_all_votes() -> None:
    game = opened()
    for by in (ANNIE, BASILE):
        say(game, "contester 2", by)
    assert game.play(Did(None, "approve", "2"), 1.0) == (Ruled(2, "Pau", falls=False),)
    assert game.play(Did(None, "remove", "#1"), 1.0) == (Ruled(1, "Paris", falls=True),)
    assert close(game).fell == ("Paris",)


def test_flooding_is_not_looked_at() -> None:
    game = opened()
    votes = [say(game, f"{word} 1", INES) for word in ("contester", "garder") * 4]
    assert sum(map(bool, votes)) == 5


def test_a_game_stopped_while_answers_are_hidden_counts_none_of_them() -> None:
    game = play()
    write(game, "Paris")
    over, finished = game.play(Did(None, "stop"), 1.0)
    assert over.outcome == Outcome("p", 0, (), (), hidden=True)
    assert (finished.stopped, finished.standings) == (True, ())


def test_a_game_stopped_while_one_may_contest_counts_what_stands() -> None:
    game = play()
    write(game, "Paris", "panda")
    write(game, "Pau", by=BASILE)
    reveal(game)
    say(game, "contester 1", COLINE)
    say(game, "contester 1", INES)
    over, finished = game.play(Did(None, "stop"), 3.0)
    assert over.outcome == Outcome("p", 2, ("Paris",), ((ANNIE, 2), (BASILE, 2)), hidden=False)
    assert [(one.player, one.points) for one in finished.standings] == [(ANNIE, 2), (BASILE, 2)]


def test_the_time_leads_from_answers_to_votes_to_the_next_letter() -> None:
    game = play("p", "m")
    write(game, "Paris")
    assert isinstance(game.play(Ticked(), game.deadline or 0)[-1], Contesting)
    assert isinstance(game.play(Ticked(), game.deadline or 0)[-1], RoundOver)
    game.play(Ticked(), game.deadline or 0)
    assert game.scene().facts.letter == "M"
    assert game.scene().facts.answered == ()


def test_points_are_those_of_a_plain_count() -> None:
    for seed in range(200):
        chance = Random(seed)
        game, players = play(), [Player(n, "discord") for n in range(1, chance.randrange(2, 9))]
        sheets = {
            p: [chance.choice(("pa", "PÂ", "po", "pu", "")) for _ in CATEGORIES] for p in players
        }
        for player, sheet in sheets.items():
            if any(sheet):
                write(game, *sheet, by=player)
        if not game.record():
            continue
        reveal(game)
        given = [(place, fold(t)) for s in sheets.values() for place, t in enumerate(s) if t]
        counts = Counter(given)
        expected = {
            player: sum(1 + (counts[place, fold(t)] == 1) for place, t in enumerate(sheet) if t)
            for player, sheet in sheets.items()
            if any(sheet)
        }
        close(game)
        assert {part.player: part.points for part in game.record()} == expected


# --- What a host asks for -------------------------------------------------------------------------------------


def asked(text: str, rounds: int = 3, locale: str = "fr") -> PetitBacOptions:
    table = TableOptions("Petit bac", locale, rounds=rounds)
    return options(table, Wish(text=text), lexicon(locale), Random(3))


def test_there_are_categories_in_both_languages_without_asking() -> None:
    assert asked("").categories[0] == "Prénom"
    assert asked("", locale="en").categories[0] == "First name"
    assert asked("lecture").categories[0] == "Titre"
    assert all(
        len(asked(name, locale=locale).categories) == MOST_CATEGORIES
        for name in ("", "livres")
        for locale in ("fr", "en")
    )


def test_letters_are_drawn_without_the_rare_ones_and_not_twice() -> None:
    found = asked("", rounds=10)
    assert len(set(found.letters)) == 10
    assert set(found.letters) <= set(LETTERS["fr"])
    assert len(asked("", rounds=20).letters) == 20


def test_a_host_gives_categories_and_the_first_letter() -> None:
    found = asked("Ville, Animal ; titre de livre, lettre:É")
    assert found.categories == ("Ville", "Animal", "titre de livre")
    assert found.letters[0] == "e"
    assert len(found.letters) == 3
    assert asked("lettre:p").categories == asked("").categories


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c,d,e,f", "bac-categories"),
        ("x" * 25, "bac-categories"),
        ("ville, !", "bac-categories"),
        ("ville, merde", "not-shown"),
        ("lettre:ab", "unknown-option"),
        ("lettre:", "unknown-option"),
    ],
)
def test_what_cannot_be_played_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Refusal) as caught:
        asked(text)
    assert caught.value.code == expected


# --- What is typed --------------------------------------------------------------------------------------------


def test_free_text_is_put_on_one_line() -> None:
    assert tidy(" a\n b\t\u200bc\u202e \ud83d e\u0301") == "a b c é"


def test_numbers_are_read_and_nothing_else() -> None:
    assert [number_in(text) for text in ("3", " #12 ", "", "x", "-1", "³", "99999")] == [3, 12] + [
        None
    ] * 5
    assert word_and_number("Contester  3 !") == ("contester", 3)
    assert word_and_number("contester") is None
