"""The exquisite corpse: turns and who takes them over, the last words and nothing more, hosts who read first."""

from random import Random
from typing import Any

import pytest

from bot.wording.exquisite_file import text_file
from bot.wording.speech import Speech, pack
from games.core import Did, Player, Refusal, Said, Ticked, Wished, Withdrew, Wrote
from games.exquisite_corpse import (
    LONGEST_LINE,
    SIGNING,
    Completed,
    ExquisiteCorpse,
    ExquisiteOptions,
    Held,
    Outcome,
    Reviewed,
    Signed,
    Struck,
    Turn,
    Written,
    options,
)
from games.table import Finished, TableOptions, Wish
from games.words import lexicon

ANNIE, BASILE = Player(1, "discord"), Player(2, "discord")
INES, LEO = Player(3, "twitch"), Player(4, "twitch")
TABLE = TableOptions("Cadavre exquis", "fr", rounds=1, forms=("discord",))
FIRST = "Le lundi, la bibliothécaire enferme la lune dans un tiroir"
SECOND = "et la clef, que personne ne cherche, chante en si bémol"


def play(*writers: Player, lines: int = 4, moderated: bool = False) -> ExquisiteCorpse:
    """Return a game at its first line."""
    game = ExquisiteCorpse(ExquisiteOptions(TABLE, lines, moderated), lexicon("fr"))
    game.play(Ticked(), 0.0)
    for writer in writers or (ANNIE, INES):
        game.play(Wished(writer, "join"), 0.0)
    game.play(Did(None, "skip"), 0.0)
    return game


def write(game: ExquisiteCorpse, by: Player, text: str = FIRST, now: float = 0.0) -> Any:
    return game.play(Wrote(by, game.scene().turn, text), now)


def code(game: ExquisiteCorpse, asked: Any) -> str:
    before = game.scene()
    with pytest.raises(Refusal) as caught:
        game.play(asked, 0.0)
    assert game.scene() == before
    return caught.value.code


# --- Turns ----------------------------------------------------------------------------------------------------


def test_people_write_in_the_order_in_which_they_sat_down() -> None:
    game = play(BASILE, ANNIE, INES)
    order = []
    for _ in range(3):
        writer = game.scene().facts.writer
        order.append(writer)
        write(game, writer)
    assert order == [BASILE, ANNIE, INES]
    assert game.scene().facts.writer == BASILE


def test_only_whose_turn_it_is_writes() -> None:
    game = play()
    assert code(game, Wrote(INES, game.scene().turn, FIRST)) == "not-your-turn"
    assert write(game, ANNIE) == (Written(ANNIE, 1), Turn(INES))
    assert code(game, Wrote(ANNIE, game.scene().turn, FIRST)) == "not-your-turn"


def test_on_twitch_one_types_ones_line_and_small_talk_is_none() -> None:
    game = play(INES, LEO)
    assert game.play(Said(LEO, SECOND), 0.0) == ()
    assert game.play(Said(INES, "je réfléchis"), 0.0) == ()
    assert game.play(Said(INES, FIRST), 0.0) == (Written(INES, 1), Turn(LEO))


def test_on_discord_a_typed_line_is_no_line_as_others_would_read_it() -> None:
    game = play()
    assert game.play(Said(ANNIE, FIRST), 0.0) == ()


@pytest.mark.parametrize("typed", ["je prends", "Je continue !", "I take it"])
def test_a_turn_that_lapsed_is_taken_by_anybody(typed: str) -> None:
    game = play(ANNIE, BASILE)
    assert game.play(Said(LEO, typed), 0.0) == ()
    assert game.play(Ticked(), game.deadline or 0.0) == (Turn(None),)
    assert game.scene().wishes == ("take",)
    assert game.play(Said(LEO, "on attend qui, au juste ?"), 190.0) == ()
    assert game.play(Said(LEO, typed), 190.0) == (Turn(LEO),)
    assert game.play(Said(LEO, FIRST), 200.0) == (Written(LEO, 1), Turn(BASILE))


def test_the_one_whose_turn_lapsed_may_take_it_again() -> None:
    game = play()
    game.play(Ticked(), game.deadline or 0.0)
    assert game.play(Wished(ANNIE, "take"), 190.0) == (Turn(ANNIE),)
    assert code(game, Wished(BASILE, "take")) == "not-your-turn"


def test_whoever_leaves_gives_the_turn_on() -> None:
    game = play(ANNIE, BASILE, INES)
    assert game.play(Wished(ANNIE, "leave"), 0.0)[1:] == (Turn(BASILE),)
    assert game.play(Wished(INES, "leave"), 0.0)[1:] == ()
    assert game.play(Wished(BASILE, "leave"), 0.0)[1:] == (Turn(None),)


def test_a_host_passes_to_the_next_and_closes_what_nobody_takes() -> None:
    game = play()
    assert game.play(Did(None, "skip"), 0.0) == (Turn(INES),)
    write(game, INES)
    game.play(Ticked(), game.deadline or 0.0)
    assert game.play(Did(None, "skip"), 400.0) == (Completed(1, SIGNING),)
    assert isinstance(game.play(Did(None, "skip"), 400.0)[-1], Finished)


def test_a_text_that_nobody_goes_on_with_ends_as_it_is() -> None:
    game = play()
    write(game, ANNIE)
    game.play(Ticked(), game.deadline or 0.0)
    over, finished = game.play(Ticked(), game.deadline or 0.0)
    assert over.outcome == Outcome((FIRST,), ())
    assert finished.idle


def test_there_are_two_lines_for_each_unless_a_host_says_otherwise() -> None:
    assert play(ANNIE, BASILE, INES, lines=0).scene().facts.total == 6
    assert play(lines=9).scene().facts.total == 9


# --- Hidden ---------------------------------------------------------------------------------------------------


def test_only_the_last_words_are_on_the_table() -> None:
    game = play()
    write(game, ANNIE, FIRST)
    assert game.scene().facts.tail == "enferme la lune dans un tiroir"
    assert "bibliothécaire" not in repr(game.scene())
    write(game, INES, SECOND)
    assert game.scene().facts.tail == "ne cherche, chante en si bémol"
    for hidden in ("lune", "clef", "personne"):
        assert hidden not in repr(game.scene())


def test_a_short_line_is_not_shown_whole_either() -> None:
    game = play()
    write(game, ANNIE, "Il neige dehors")
    assert game.scene().facts.tail == "neige dehors"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("deux mots", "exquisite-length"),
        ("", "exquisite-length"),
        ("… ! ?", "exquisite-length"),
        ("mot " * 51, "exquisite-length"),
        ("quelle merde ce livre", "not-shown"),
    ],
)
def test_what_is_too_short_too_long_or_rude_is_refused(line: str, expected: str) -> None:
    game = play()
    assert code(game, Wrote(ANNIE, game.scene().turn, line)) == expected


def test_a_line_is_one_line_and_holds_nothing_that_cannot_be_seen() -> None:
    game = play()
    write(game, ANNIE, "un\nchat\u202e  bleu\u200b passe")
    assert game.play(Did(None, "stop"), 0.0)[0].outcome.lines == ("un chat bleu passe",)
    assert LONGEST_LINE == 200


# --- Hosts ----------------------------------------------------------------------------------------------------


def test_a_moderated_line_waits_and_nobody_sees_its_words() -> None:
    game = play(moderated=True)
    assert write(game, ANNIE) == (Held(ANNIE, 1),)
    scene = game.scene()
    assert (scene.facts.held, scene.facts.tail, scene.form, scene.deadline) == (1, "", "", None)
    assert "lune" not in repr(scene)
    assert code(game, Wrote(INES, scene.turn, SECOND)) == "not-your-turn"
    assert code(game, Did(None, "skip")) == "exquisite-held"
    assert game.play(Did(None, "approve"), 0.0) == (Reviewed(((1, FIRST),), waits=True),)
    assert game.play(Did(None, "approve", "1"), 0.0) == (Written(ANNIE, 1), Turn(INES))
    assert game.scene().facts.tail


def test_a_line_that_is_taken_away_is_written_anew_by_the_same() -> None:
    game = play(moderated=True)
    write(game, ANNIE)
    assert game.play(Did(None, "remove", "1"), 0.0) == (Struck(1), Turn(ANNIE))
    write(game, ANNIE, SECOND)
    game.play(Did(None, "approve", "2"), 0.0)
    assert game.play(Did(None, "stop"), 0.0)[0].outcome.lines == (SECOND,)


def test_hosts_read_and_take_away_what_already_stands() -> None:
    game = play(lines=8)
    for number in range(4):
        write(game, game.scene().facts.writer, f"{FIRST} {number}")
    [reviewed] = game.play(Did(None, "approve"), 0.0)
    assert [number for number, _ in reviewed.lines] == [2, 3, 4]
    assert game.play(Did(None, "remove", "2"), 0.0) == (Struck(2),)
    assert game.scene().facts.number == 4
    assert code(game, Did(None, "remove", "2")) == "exquisite-decided"
    assert code(game, Did(None, "approve", "1")) == "exquisite-decided"
    assert code(game, Did(None, "remove", "9")) == "exquisite-which"
    assert len(game.play(Did(None, "stop"), 0.0)[0].outcome.lines) == 3


def test_a_line_whose_message_is_removed_goes_while_nobody_went_on_from_it() -> None:
    game = play(INES, LEO)
    assert game.play(Withdrew(INES), 0.0) == ()
    game.play(Said(INES, FIRST), 0.0)
    assert game.play(Withdrew(LEO), 0.0) == ()
    assert game.play(Withdrew(INES), 0.0) == (Struck(1),)
    assert game.play(Withdrew(INES), 0.0) == ()
    game.play(Said(LEO, FIRST), 0.0)
    game.play(Said(INES, SECOND), 0.0)
    assert game.play(Withdrew(LEO), 0.0) == ()


def test_there_is_nothing_to_read_before_the_first_line() -> None:
    assert code(play(), Did(None, "approve")) == "exquisite-nothing"


# --- Signing --------------------------------------------------------------------------------------------------


def test_those_who_wrote_and_wish_it_sign() -> None:
    game = play()
    assert code(game, Wished(ANNIE, "sign")) == "exquisite-no-line"
    for _ in range(3):
        write(game, game.scene().facts.writer)
    *_, completed = write(game, INES)
    assert completed == Completed(4, SIGNING)
    assert game.scene().form == ""
    assert game.play(Said(INES, "Signer !"), 1.0) == (Signed(INES, signs=True),)
    assert game.play(Wished(ANNIE, "sign"), 1.0) == (Signed(ANNIE, signs=True),)
    assert game.play(Wished(INES, "sign"), 1.0) == (Signed(INES, signs=False),)
    assert code(game, Wished(LEO, "sign")) == "exquisite-no-line"
    over, finished = game.play(Ticked(), game.deadline or 0.0)
    assert over.outcome == Outcome((FIRST,) * 4, (ANNIE,))
    assert (finished.standings, finished.players) == ((), 2)
    assert [part.right for part in game.record()] == [2, 2]


def test_nobody_signs_a_text_from_which_their_lines_are_gone() -> None:
    game = play()
    write(game, ANNIE)
    game.play(Wished(ANNIE, "sign"), 0.0)
    game.play(Did(None, "remove", "1"), 0.0)
    assert game.scene().facts.signatures == 0


# --- The finished text ----------------------------------------------------------------------------------------


def test_the_file_holds_the_text_and_those_who_signed() -> None:
    file = text_file(Outcome((FIRST, SECOND), (ANNIE, INES)), Speech("fr"), lambda n: f"P{n}")
    assert file is not None
    assert file.name == "cadavre-exquis.txt"
    assert file.text == f"{FIRST}\n{SECOND}\n\nP1 et P3\n"
    unsigned = text_file(Outcome((FIRST,), ()), Speech("en"), str)
    assert unsigned is not None
    assert unsigned.text == f"{FIRST}\n"
    assert text_file(Outcome((), ()), Speech("fr"), str) is None


def test_pages_hold_all_parts_in_order() -> None:
    for seed in range(200):
        chance = Random(seed)
        parts = ["x" * chance.randrange(1, 40) for _ in range(chance.randrange(20))]
        found = pack(parts, 40)
        assert " ".join(found).split() == parts
        assert all(0 < len(page) <= 40 for page in found)
    assert pack(["a" * 50], 40) == ["a" * 39 + "…"]


# --- What a host asks for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines", "moderated"),
    [
        ("", 0, False),
        ("modéré", 0, True),
        ("lignes:12 modere", 12, True),
        ("Moderated lines:4", 4, True),
    ],
)
def test_what_a_host_asks_for(text: str, lines: int, moderated: bool) -> None:
    found = options(TABLE, Wish(text=text), lexicon("fr"), Random(1))
    assert (found.lines, found.moderated, found.table.rounds) == (lines, moderated, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("lignes:3", "no-number"), ("lignes:17", "no-number"), ("vite fait", "unknown-option")],
)
def test_what_is_no_option_is_refused(text: str, expected: str) -> None:
    with pytest.raises(Refusal) as caught:
        options(TABLE, Wish(text=text), lexicon("fr"), Random(1))
    assert caught.value.code == expected
