"""Verbs: both languages, however typed; slips are understood, other bots' commands are left alone."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.speech import LOCALES, catalogue
from cogs.verbs import (
    COMMANDS,
    QUIZ,
    ROOM,
    VERBS,
    logged,
    nearest,
    nearest_command,
    others,
    read,
)
from games.matching import fold

TRANSLATED = set(VERBS) - {"quiz", "pause", "agenda", "club", "vote", "plan", "question"} | {
    "help",
    "sync",
    "reached",
}
"""Commands that have a French name."""
WORDS = [
    (table, verb, word)
    for table, verbs in VERBS.items()
    for verb, words in verbs.items()
    for word in words
]


def test_each_word_is_read_however_it_is_typed() -> None:
    for table, verb, word in WORDS:
        spread = unicodedata.normalize("NFD", word)
        bare = "".join(char for char in spread if not unicodedata.combining(char))
        for typed in (word, word.upper(), word.title(), spread, bare, f"  {word} "):
            assert read(typed, VERBS[table]) == (verb, ""), (table, typed)


@pytest.mark.parametrize("space", [" ", "  ", "\u00a0", "\u202f", "\t"])
def test_what_follows_the_verb_is_kept(space: str) -> None:
    assert read(f"lancer{space}Littérature 5 20 ", QUIZ) == ("start", "Littérature 5 20")


def test_what_begins_with_no_verb_is_kept_whole() -> None:
    assert read(" polar 5 ", QUIZ) == (None, "polar 5")
    assert read("", QUIZ) == (None, "")
    assert read("   ", QUIZ) == (None, "")


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    for table in VERBS.values():
        verb, rest = read(text, table)
        assert verb is None or verb in table
        assert rest in text


@pytest.mark.parametrize("table", VERBS)
def test_no_word_means_two_things(table: str) -> None:
    words = [word for words in VERBS[table].values() for word in words]
    assert len(words) == len(set(words))


def test_a_word_with_accents_also_stands_without() -> None:
    for table, verb, word in WORDS:
        assert fold(word).replace(" ", "") in VERBS[table][verb], (table, word)


@pytest.mark.parametrize("table", VERBS)
def test_the_name_of_a_verb_is_its_first_word(table: str) -> None:
    for verb, words in VERBS[table].items():
        assert words[0] == verb
        assert others(VERBS[table], verb) == list(words[1:])


def test_no_command_has_the_name_of_another() -> None:
    names = [*COMMANDS, *(name for names in COMMANDS.values() for name in names)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("quizz", "quiz"),
        ("quis", "quiz"),
        ("hlep", "help"),
        ("aidee", "aide"),
        ("tabelau", "tableau"),
        ("clasement", "classement"),
        ("oublie-moi", "oubliezmoi"),
        ("stpo", "stop"),
        ("sale", "salle"),
        ("mason", "maison"),
        ("STOP", "stop"),
    ],
)
def test_a_slip_gets_the_command_that_was_meant(typed: str, meant: str) -> None:
    assert nearest_command(typed) == meant


OTHER_BOTS = [
    *("uptime", "lurk", "so", "discord", "song", "mods", "mod", "raid", "followage"),
    *("hello", "commands", "points", "clip", "shoutout"),
]


@pytest.mark.parametrize(
    "typed",
    [*OTHER_BOTS, "merci", "", "😀", "x" * 500],
)
def test_the_commands_of_other_bots_are_left_to_them(typed: str) -> None:
    assert nearest_command(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"), [("strat", "start"), ("lncer", "lancer"), ("arète", "arrête")]
)
def test_a_slip_in_a_verb_gets_the_verb(typed: str, meant: str) -> None:
    assert nearest(typed, [word for words in QUIZ.values() for word in words]) == meant


def told(locale: str) -> list[tuple[str, str]]:
    """Return (sign, what follows) for each command that a sentence in this language tells people to type."""
    found: list[tuple[str, str]] = []
    for text in map(str, catalogue(locale)._catalog.values()):  # type: ignore[attr-defined]
        found += re.findall(r"(?<![\w.])([!/])([a-zà-ÿ][\w-]*(?: [\w-]+)?)", text)
    return found


def command_of(word: str) -> str | None:
    return next((name for name, names in COMMANDS.items() if word in (name, *names)), None)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_that_a_sentence_tells_people_to_type_exists(locale: str) -> None:
    commands = told(locale)
    assert len(commands) > 20
    for sign, typed in commands:
        word, _, verb = typed.partition(" ")
        name = command_of(word)
        assert name is not None, typed
        if verb and sign == "!" and name in VERBS and name not in ANSWERED:
            assert read(verb, VERBS[name])[0] is not None, typed


ANSWERED = {"daily", "vote"}
"""Commands after which an answer stands where others have a verb."""

OURS = ("me", "forgetme", "room", "house", "sync", "help")
"""Commands with a French name of their own."""


def test_french_sentences_speak_french_words() -> None:
    for _, typed in told("fr"):
        word, _, verb = typed.partition(" ")
        name = command_of(word)
        assert name is not None
        french = COMMANDS[name][0] if name in TRANSLATED else word
        assert word.replace("-", "") == french, typed
        if verb and name in VERBS and (known := read(verb, VERBS[name])[0]):
            words = VERBS[name][known]
            assert verb in (*words[1:], "stop", "pause", "trace", "vote", "point"), typed


def test_slash_commands_in_sentences_bear_the_names_that_discord_shows() -> None:
    for locale, shown in (("en", 0), ("fr", 1)):
        for sign, typed in told(locale):
            word, _, verb = typed.partition(" ")
            if sign == "/" and word in ("room", "salle"):
                name = read(verb, ROOM)[0]
                assert name is not None
                assert verb == ROOM[name][shown], typed


@pytest.mark.parametrize(
    ("word", "text", "meant"),
    [
        ("log", "45 %", "45 %"),
        ("pages", "12", "12 pages"),
        ("PAGES", " 12 ", "12 pages"),
        ("page", "120", "page 120"),
        ("min", "15", "15 min"),
        ("chap", "2", "2 chap"),
        ("chap", "3-5", "chap 3-5"),
        ("pages", "-3", "pages -3"),
        ("min", "1h20", "1h20"),
        ("min", "1:20", "1:20"),
        ("pages", "25 min", "25 min"),
        ("pages", "", ""),
    ],
)
def test_the_word_of_a_log_says_the_unit_of_a_bare_number(word: str, text: str, meant: str) -> None:
    assert logged(word, text) == meant
