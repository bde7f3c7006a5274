"""Decks from elsewhere and for elsewhere: what is taken, what is refused and where, and that no bomb goes off."""

import datetime
import io
import json
import random
import re
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.formats import FORMATS, Imported, export_deck, import_deck, left_behind
from bot.formats.columns import column
from bot.formats.reading import LARGEST_FILE, MOST_ROWS
from bot.formats.text import decimal, decode, from_html, literal, tidy
from bot.wording import decks as wording
from games.deck import Deck, DeckError, Problem, read_deck
from games.question import AUDIENCES, Question

HERE = Path(__file__).parent / "formats"
SAMPLES = {path.name: path.read_bytes() for path in sorted(HERE.iterdir())}


def taken(data: str | bytes, name: str, **asked: Any) -> Imported:
    return import_deck(data.encode() if isinstance(data, str) else data, name, **asked)


def questions(data: str | bytes, name: str, **asked: Any) -> tuple[Question, ...]:
    return taken(data, name, **asked).deck.questions


def problems(data: str | bytes, name: str, **asked: Any) -> list[tuple[int, str]]:
    with pytest.raises(DeckError) as caught:
        taken(data, name, **asked)
    assert caught.value.name == name
    return [(problem.line, problem.code) for problem in caught.value.problems]


def sample(name: str, **asked: Any) -> Imported:
    return import_deck(SAMPLES[name], name, **asked)


# --- Any file -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "format_name"),
    [
        ("red.yaml", "red"),
        ("opentdb.json", "opentdb"),
        ("opentdb_base64.json", "opentdb"),
        ("openquizzdb.json", "openquizzdb"),
        ("moodle.gift", "gift"),
        ("aiken.txt", "aiken"),
        ("anki.txt", "anki"),
        ("tableur_fr.csv", "csv"),
        ("genres.csv", "csv"),
        ("choices.tsv", "csv"),
        ("club.xlsx", "csv"),
        ("kahoot_en.xlsx", "kahoot"),
        ("kahoot_fr.xlsx", "kahoot"),
    ],
)
def test_the_format_is_seen_in_the_file(name: str, format_name: str) -> None:
    assert sample(name).format == format_name
    assert sample(name, format=format_name) == sample(name)


def test_every_sample_is_read() -> None:
    for name in SAMPLES:
        assert sample(name).deck.questions, name


def test_a_file_without_its_suffix_is_still_known() -> None:
    for name in ("opentdb.json", "openquizzdb.json", "aiken.txt", "moodle.gift", "kahoot_fr.xlsx"):
        assert import_deck(SAMPLES[name], "fichier").format == sample(name).format


def test_what_is_no_deck_is_told_which_are() -> None:
    with pytest.raises(DeckError) as caught:
        taken("Bonjour", "mot.docx")
    [problem] = caught.value.problems
    assert (problem.line, problem.code) == (1, "unknown-format")
    assert problem.facts["known"] == ", ".join(FORMATS)
    assert problems("question;réponse\n", "q.csv", format="word") == [(1, "unknown-format")]


def test_the_stem_names_the_deck_and_its_words_are_the_title() -> None:
    deck = taken("question;réponse\nQui ?;Zola\n", "mes_lectures-2024.csv").deck
    assert (deck.name, deck.title, deck.licence) == (
        "mes_lectures-2024",
        "mes lectures 2024",
        "unknown",
    )
    assert taken("question;réponse\nQui ?;Zola\n", "x" * 90 + ".csv").deck.title == "x" * 59 + "…"


def test_what_the_host_says_fills_what_the_file_leaves_open() -> None:
    asked = {"title": "Zola", "licence": "CC0", "locale": "en"}
    deck = taken("question;réponse\nQui ?;Zola\n", "a.csv", **asked).deck
    assert (deck.title, deck.licence, deck.locale) == ("Zola", "CC0", "en")


def test_the_files_own_licence_wins_over_the_hosts() -> None:
    assert sample("red.yaml", licence="CC0").deck.licence == "CC BY 4.0"
    assert sample("openquizzdb.json", licence="CC0").deck.licence == "CC BY-SA"


def test_a_question_that_stands_twice_is_dropped_and_told() -> None:
    imported = taken("question;réponse\nQui ?;Zola\nOù ?;Pau\n« QUI » ;Hugo\n", "a.csv")
    assert [q.answer for q in imported.deck.questions] == ["Zola", "Pau"]
    [problem] = imported.duplicates
    assert (problem.line, problem.code, problem.facts) == (4, "duplicate", {"first": 2})


def test_every_problem_is_told_at_once_and_nothing_is_taken() -> None:
    text = f"question;réponse;difficulté\nQui ?;;1\nOù ?;{'x' * 56};1\nQuand ?;1885;dur\n;Pau;\n"
    assert problems(text, "a.csv") == [
        (2, "no-answer"),
        (3, "too-long"),
        (4, "difficulty"),
        (5, "missing"),
    ]


def test_the_line_told_is_the_line_of_the_file_not_of_the_native_deck() -> None:
    text = "// rien\n\n\nQui ? {=Zola}\n\n// encore\nOù ? {=Pau ~Pau}\n"
    assert problems(text, "a.gift") == [(7, "same-choice")]


def test_a_file_without_questions_is_refused() -> None:
    assert problems("question;réponse\n", "a.csv") == [(1, "no-question")]
    assert problems('{"response_code":1,"results":[]}', "a.json") == [(1, "no-question")]
    assert problems("// rien\n", "a.gift") == [(1, "no-question")]
    assert problems("", "a.yaml") == [(1, "not-this-format")]


def test_control_characters_are_refused_and_line_breaks_become_spaces() -> None:
    assert problems("question;réponse\nQui \x07?;Zola\n", "a.csv") == [(2, "control")]
    assert problems('[{"question":"a\\ud800","correct_answer":"b"}]', "a.json") == [(1, "control")]
    [question] = questions('question;réponse\n"Qui\r\na  écrit ?";Zola\n', "a.csv")
    assert question.prompt == "Qui a écrit ?"


def test_no_break_spaces_stay_where_french_sets_them() -> None:
    [question] = questions("question;réponse\nQui\u202f?;«\u00a0La Curée\u00a0»\n", "a.csv")
    assert question == Question("Qui\u202f?", "«\u00a0La Curée\u00a0»")


def test_too_many_questions_are_refused_at_the_first_too_many() -> None:
    rows = "".join(f"q{n},a\n" for n in range(MOST_ROWS + 5))
    assert problems("question,answer\n" + rows, "a.csv") == [(MOST_ROWS + 2, "too-many-rows")]


# --- Text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_offices_write_are_read(encoding: str) -> None:
    text = "question;réponse\r\nOù est « l’Œuvre » ?;Médan\r\n"
    [question] = questions(text.encode(encoding), "a.csv")
    assert question == Question("Où est « l’Œuvre » ?", "Médan")


def test_a_broken_byte_in_utf8_is_refused_at_its_line_not_turned_into_signs() -> None:
    data = "question;réponse\nOù ?;Pau\n".encode() + b"Qui ?;Zol\xe9\n"
    assert problems(data, "a.csv") == [(3, "encoding")]
    assert problems(b"question;answer\nWho\0;x\n", "a.csv") == [(2, "encoding")]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Qui&nbsp;?</p><p>Zola</p>", "Qui\u00a0? Zola"),
        ("a<br/>b<BR>c", "a b c"),
        ("<b>Ger</b>minal &amp; <i class='x'>L&rsquo;Argent</i>", "Germinal & L’Argent"),
        ("1 < 2 and 3 > 2, R&D, &copy sans fin", "1 < 2 and 3 > 2, R&D, &copy sans fin"),
        ("<Germinal> &fleur; &#233;&#xE9;", "<Germinal> &fleur; éé"),
        ("a<!-- <b> -->b <!-- sans fin", "a b <!-- sans fin"),
        ("x<script>alert(1)</script>y", "x y"),
        ("&lt;br&gt;", "<br>"),
    ],
)
def test_html_becomes_what_is_read(html: str, text: str) -> None:
    assert from_html(html) == text


@given(st.text(st.sampled_from("ab<>&;#!-/ 3lmtgpr\u202f'"), max_size=40).map(tidy))
def test_any_text_survives_being_written_as_html(text: str) -> None:
    assert from_html(literal(text)) == text


def test_hostile_html_takes_no_time() -> None:
    began = time.process_time()
    for piece in ("<!--", "<a ", "<script>", "&a", "<", "[sound:", " \u00a0", "<!-- -"):
        from_html(piece * 100_000)
    assert time.process_time() - began < 2


# --- Red ------------------------------------------------------------------------------------------------------


def test_red_answers_are_what_red_makes_of_them() -> None:
    deck = sample("red.yaml").deck
    assert (deck.author, deck.description) == ("Médiathèque de Pau", "Fables et romans")
    fable, river, year, room = deck.questions
    assert fable == Question(
        "Qui a écrit « Le Corbeau et le Renard » ?", "La Fontaine", ("Jean de La Fontaine",)
    )
    assert river == Question("La Garonne passe-t-elle à Pau : oui ou non ?", truth=False)
    assert year.answer == "1885"
    assert (room.answer, *room.accept) == ("007", "yes")


@pytest.mark.parametrize(
    ("items", "question"),
    [
        ("yes", Question("a ?", truth=True)),
        ("[off]", Question("a ?", truth=False)),
        ("[true, Vrai, V, On]", Question("a ?", truth=True)),
        ("[true, false]", Question("a ?", "True", ("Yes", "On", "False", "No", "Off"))),
        ("[true, sans doute]", Question("a ?", "True", ("Yes", "On", "sans doute"))),
        ("[Vrai, true]", Question("a ?", "Vrai", ("True", "Yes", "On"))),
        ("'yes'", Question("a ?", "yes")),
    ],
)
def test_a_bare_truth_value_makes_a_statement_of_a_question(items: str, question: Question) -> None:
    assert questions(f"a ?: {items}\n", "a.yaml") == (question,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a ?:\n- !!python/object/apply:os.system [ls]\n", (2, "yaml-tag")),
        ("a ?:\n- !!str x\n", (2, "yaml-tag")),
        ("a ?: &x\n- Zola\nb ?: *x\n", (3, "yaml-alias")),
        ("a ?: [[[[[[[[[x]]]]]]]]]\n", (1, "too-deep")),
        ("a ?:\n- Zola\n\tb: c\n", (3, "syntax")),
        ("a ?:\n- x\n---\nb ?:\n- y\n", (4, "syntax")),
        ("- a\n- b\n", (1, "not-this-format")),
        ("a ?:\nb ?:\n- Zola\n", (1, "no-answer")),
        ("a ?:\n- Zola\nb ?: {c: d}\n", (3, "no-answer")),
        ("a ?:\n- null\n", (1, "no-answer")),
        ("[a, b]: x\n", (1, "syntax")),
    ],
)
def test_yaml_that_is_more_than_text_is_refused(text: str, told: tuple[int, str]) -> None:
    assert problems(text, "a.yaml") == [told]


def test_a_yaml_bomb_never_unfolds() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n"
    assert problems(bomb, "a.yaml") == [(2, "yaml-alias")]
    assert problems("a: " + "[" * 100_000, "a.yaml") == [(1, "too-deep")]


# --- Open Trivia Database, OpenQuizzDB ------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["base64", "url3986", "urllegacy"])
def test_opentdb_says_the_same_in_all_its_encodings(encoding: str) -> None:
    assert (
        sample(f"opentdb_{encoding}.json").deck.questions == sample("opentdb.json").deck.questions
    )


def test_opentdb_is_read_with_its_licence() -> None:
    deck = sample("opentdb.json", locale="en").deck
    assert (deck.title, deck.licence) == ("Entertainment: Books", "CC BY-SA 4.0")
    assert "opentdb.com" in deck.author
    first, second = deck.questions
    assert first == Question(
        'Who wrote "Emma" & "Persuasion"?',
        "Jane Austen",
        wrong=("George Eliot", "Charlotte Brontë", "Mary Shelley"),
        difficulty=1,
        theme="Books",
    )
    assert second == Question(
        "Don't \"L'Étranger\" and π rhyme?", truth=True, difficulty=3, theme="Books"
    )


def test_a_theme_that_is_too_long_to_be_asked_for_is_left_behind_and_told() -> None:
    results = [{"question": "q", "correct_answer": "a", "category": f"Science: {'x' * 31}"}]
    imported = taken(json.dumps(results), "a.json")
    assert imported.deck.questions == (Question("q", "a"),)
    [note] = imported.notes
    assert (note.line, note.code, note.facts) == (1, "theme-left", {"theme": "x" * 31, "limit": 30})


def test_json_on_one_line_is_told_by_question() -> None:
    results = [{"question": f"q{n}", "correct_answer": "a" * n * 30} for n in (1, 2, 0)]
    told = [(2, "too-long"), (3, "no-answer")]
    assert problems(json.dumps(results), "a.json") == told
    assert problems(json.dumps(results, indent=1), "a.json") == [(6, "too-long"), (10, "no-answer")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"results": [\n{"correct_answer": }]}', (2, "syntax")),
        ('{"correct_answer": ' + "[" * 100_000, (1, "syntax")),
        ('{"correct_answer": ' + "9" * 5_000 + "}", (1, "syntax")),
        ('{"correct_answer": NaN}', (1, "syntax")),
        ('{"correct_answer": 3}', (1, "not-this-format")),
        ('["correct_answer", 3]', (1, "not-this-format")),
        ('{"quizz": []}', (1, "not-this-format")),
        ('{"x": 1}', (1, "unknown-format")),
    ],
)
def test_json_that_holds_no_questions_is_refused(text: str, told: tuple[int, str]) -> None:
    assert problems(text, "a.json") == [told]


def test_openquizzdb_keeps_author_licence_and_remark() -> None:
    deck = sample("openquizzdb.json").deck
    assert deck.title == "Romans du XIXe siècle"
    assert deck.description == "De Balzac à Zola"
    assert deck.licence == "CC BY-SA"
    assert deck.author.startswith("Camille Exemple, OpenQuizzDB")
    assert deck.questions[0] == Question(
        "Qui a écrit « Germinal » ?",
        "Émile Zola",
        wrong=("Victor Hugo", "George Sand", "Stendhal"),
        explanation="Le roman paraît d'abord en feuilleton, en 1884.",
        difficulty=1,
    )
    assert deck.questions[1].difficulty == 2


def test_openquizzdb_has_questions_in_the_language_asked_for_or_is_refused() -> None:
    english = sample("openquizzdb.json", locale="en").deck
    assert [q.prompt for q in english.questions] == ["Who wrote “Germinal”?"]
    assert english.title == "Nineteenth-century novels"
    assert problems(SAMPLES["openquizzdb.json"], "q.json", locale="de") == [(20, "no-locale")]


def test_an_answer_that_is_no_choice_is_refused_at_its_line() -> None:
    data = SAMPLES["openquizzdb.json"].replace(b'"Tostes",\r\n', b'"Pau",\r\n')
    assert problems(data, "q.json") == [(37, "no-such-choice")]


# --- GIFT, Aiken ----------------------------------------------------------------------------------------------


def test_gift_as_moodle_exports_it() -> None:
    fable, two, hugo, year, escaped = sample("moodle.gift").deck.questions
    assert fable == Question(
        "Qui a écrit Le Corbeau et le Renard\u00a0?",
        "La Fontaine",
        wrong=("Perrault", "Ésope"),
        explanation="Dans les Fables, en 1668.",
    )
    assert two == Question(
        "Deux plus deux égalent _____ en tout.",
        "quatre",
        ("4",),
        explanation="Compter est un art.",
    )
    assert hugo == Question("Victor Hugo est né en 1802.", truth=True, explanation="Oui.")
    assert year == Question("Année de parution des Misérables ?", "1862", number=1862)
    assert escaped == Question("Que dit {x} = 2 ~ 3 en <b> ?", "# oui \\", wrong=("non",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pays ? {=Canada -> Ottawa =Italie -> Rome}", "matching"),
        ("Racontez. {}", "essay"),
        ("Né en ? {#vers 1822}", "range"),
        ("Né ? {#=1822 =1823}", "range"),
        ("Né ? {#=%50%1822:2}", "range"),
        ("Qui ? {~%50%Zola ~%30%Hugo ~Sand}", "partial"),
        ("Qui ? {~%50%Zola ~Sand}", "partial"),
        ("Qui ? {~%100%Zola ~%50%Hugo ~%50%Sand}", "partial"),
        ("Qui ? {=Zola =Hugo ~Sand}", "several-answers"),
        ("Qui ? {=Zola ~%50%Émile ~Sand}", "partial"),
        ("Qui ? {=Zola =%75%Zolla}", "partial"),
        ("Qui ? {~Zola ~Hugo}", "no-answer"),
        ("Un texte sans question.", "no-answer"),
        ("Qui ? {=Zola", "syntax"),
        ("Qui ? {Zola}", "syntax"),
        ("Qui ? {=a} ou {=b}", "syntax"),
        ('[html]<img src="@@PLUGINFILE@@/a.png"> Qui ? {=Zola}', "media"),
    ],
)
def test_what_gift_has_and_a_live_quiz_has_not_is_refused(text: str, code: str) -> None:
    assert problems(f"Un ? {{=a}}\n\n{text}\n", "a.gift") == [(3, code)]


def test_gift_weights_of_nothing_and_of_all_are_no_weights() -> None:
    [question] = questions("Qui ? {~%100%Zola ~%-100%Hugo ~%0%Sand}", "a.gift")
    assert (question.answer, question.wrong) == ("Zola", ("Hugo", "Sand"))


@pytest.mark.parametrize(
    ("body", "answers", "wrong"),
    [
        ("~%50%Zola ~%50%Hugo ~%-100%Sand", ("Zola", "Hugo"), ("Sand",)),
        ("~%33.33333%a ~%33.33333%b ~%33.33333%c ~d", ("a", "b", "c"), ("d",)),
        ("~%75%Zola ~%25%Hugo", ("Zola", "Hugo"), ()),
    ],
)
def test_gift_answers_that_share_the_mark_are_all_needed(
    body: str, answers: tuple[str, ...], wrong: tuple[str, ...]
) -> None:
    assert questions(f"Qui ? {{{body}}}", "a.gift") == (
        Question("Qui ?", answers=answers, wrong=wrong),
    )


@pytest.mark.parametrize(
    ("body", "answer", "number", "notes"),
    [
        ("#1822", "1822", 1822, []),
        ("#1822:0####Oui.", "1822", 1822, []),
        ("#3,14:0.01", "3,14", 3.14, ["tolerance"]),
        ("#1800..1900", "1850", 1850, ["tolerance"]),
        ("#-2..1", "-0,5", -0.5, ["tolerance"]),
        ("#=1822:0#Oui. =%50%1822:2", "1822", 1822, ["tolerance"]),
    ],
)
def test_gift_numbers_leave_their_tolerance_behind(
    body: str, answer: str, number: float, notes: list[str]
) -> None:
    imported = taken(f"// rien\n\nNé ? {{{body}}}", "a.gift")
    [question] = imported.deck.questions
    assert (question.answer, question.number) == (answer, number)
    assert question.explanation == ("Oui." if "Oui" in body else "")
    assert [(note.line, note.code) for note in imported.notes] == [(3, code) for code in notes]


def test_gift_answers_worth_nothing_are_unlike() -> None:
    [question] = questions("Qui ? {=Zola =%0%Zora#Non =%-10%Zoé}", "a.gift")
    assert question == Question("Qui ?", "Zola", unlike=("Zora", "Zoé"))


def test_aiken_takes_either_mark_and_questions_on_two_lines() -> None:
    fable, town = sample("aiken.txt").deck.questions
    assert (fable.answer, fable.wrong) == ("La Fontaine", ("Perrault", "Ésope"))
    assert town == Question("Quelle ville est la capitale du Béarn ?", "Pau", wrong=("Tarbes",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: C\n", (4, "no-such-choice")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER:\n", (4, "no-answer")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: A, C\n", (4, "no-such-choice")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: Zola\n", (4, "no-such-choice")),
        ("Un ?\nA. a\nB. b\n\nQui ?\nA. Zola\nB. Hugo\nANSWER: A\n", (1, "no-answer")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: A\nOù ?\n", (5, "no-answer")),
        ("Qui ?\nA. Zola\nA. Hugo\nANSWER: A\n", (3, "same-choice")),
        ("Qui ?\nA. Zola\nANSWER: A\n", (1, "choices")),
    ],
)
def test_aiken_that_does_not_add_up_is_refused(text: str, told: tuple[int, str]) -> None:
    assert told in problems(text, "a.aiken")


@pytest.mark.parametrize("named", ["A, C", "A C", "c;a", "A et C", "A. C.", "A & C"])
def test_aiken_may_name_several_letters(named: str) -> None:
    text = f"Qui ?\nA. Zola\nB. Hugo\nC. Sand\nANSWER: {named}\n"
    assert questions(text, "a.aiken") == (
        Question("Qui ?", answers=("Zola", "Sand"), wrong=("Hugo",)),
    )


def test_choices_that_are_true_and_false_make_a_statement() -> None:
    text = (
        "Hugo est né en 1802.\nA. Vrai\nB. Faux\nANSWER: B\n\nZola ?\nA. True\nB. Faux\nANSWER: A\n"
    )
    assert questions(text, "a.aiken") == (
        Question("Hugo est né en 1802.", truth=False),
        Question("Zola ?", "True", wrong=("Faux",)),
    )


# --- Tables ---------------------------------------------------------------------------------------------------


def test_a_french_spreadsheet_is_read() -> None:
    first, second = sample("tableur_fr.csv").deck.questions
    assert first == Question(
        "Qui a écrit « Germinal » ?",
        "Émile Zola",
        wrong=("Victor Hugo", "George Sand"),
        explanation="Paru en 1885 ; traduit partout.",
        difficulty=1,
        theme="Romans",
    )
    assert second == Question(
        'Qui a écrit "La Curée" ?', "Émile Zola", difficulty=3, theme="Romans"
    )


def test_a_table_holds_every_kind_of_question() -> None:
    several, order, truth, number, text, picture = sample("genres.csv").deck.questions
    assert several == Question(
        "Quels romans sont de Zola ?", answers=("Nana", "Germinal"), wrong=("Chéri",)
    )
    assert order == Question(
        "Du plus ancien au plus récent ?", order=("Candide", "Nana", "Chéri"), work="« Candide »"
    )
    assert truth == Question(
        "Victor Hugo est né à Besançon.", truth=True, theme="auteurs", audience="teens"
    )
    assert number == Question("En quelle année paraît « Germinal » ?", "1885", number=1885)
    assert text == Question(
        "Qui a écrit « Nana » ?",
        "Zola",
        unlike=("Zora",),
        hints=("Il a accusé.", "Il est né en 1840."),
        author="Annie",
        licence="CC0",
    )
    assert picture == Question(
        "Quel animal ?",
        "Un ours",
        wrong=("Un loup",),
        image="https://example.org/ours.png",
        alt="Une fourrure brune",
    )


PNG = b"\x89PNG\r\n\x1a\n"
PICTURED = (
    "question;réponse;image;texte alternatif\nQuel animal ?;Un ours;a.png;Une fourrure brune\n"
)


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (None, "no-picture"),
        (PNG + b"x" * 1_000_000, "picture-large"),
        (b"GIF89a", "picture-type"),
        (b"", "picture-type"),
    ],
)
def test_a_picture_that_does_not_stand_beside_the_file_is_told(
    picture: bytes | None, told: str
) -> None:
    assert problems(PICTURED, "a.csv", pictures=lambda _: picture) == [(2, told)]


def test_a_picture_that_stands_beside_the_file_is_taken_by_its_name() -> None:
    [question] = questions(PICTURED, "a.csv", pictures={"a.png": PNG}.get)
    assert (question.image, question.alt) == ("a.png", "Une fourrure brune")
    assert problems(PICTURED.replace("a.png", "../a.png"), "a.csv") == [(2, "image")]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("question;bonnes réponses;mauvaises réponses\nQ ?;a|b;c|d", ("several", "", ("a", "b"))),
        ("question;bonnes réponses\nQ ?;a|b", ("text", "a", ())),
        ("question;bonne réponse 1;bonne réponse 2\nQ ?;a;b", ("several", "", ("a", "b"))),
        ("question;bonne réponse 1;bonne réponse 2\nQ ?;a;", ("text", "a", ())),
        ("question;A;B;C;bonnes réponses\nQ ?;a1;b1;c1;A|C", ("several", "", ("a1", "c1"))),
        ("question;A;B;C;bonne réponse\nQ ?;a1;b1;c1;A, C", ("several", "", ("a1", "c1"))),
        ("question;A;B;C;bonne réponse\nQ ?;a1;b1;c1;a1|c1", ("several", "", ("a1", "c1"))),
        ("question;bon ordre\nQ ?;a > b > c", ("order", "", ())),
        ("question;vrai ou faux\nQ ?;F", ("truth", "", ())),
        ("question;choix 1;choix 2;réponse\nQ ?;Vrai;Faux;2", ("truth", "", ())),
        ("question;réponse;nombre\nQ ?;12 ans et demi;12,5", ("number", "12 ans et demi", ())),
    ],
)
def test_how_a_row_is_answered_follows_from_what_is_filled(
    text: str, fields: tuple[str, str, tuple[str, ...]]
) -> None:
    [question] = questions(text, "a.csv")
    assert (question.kind, question.answer, question.answers) == fields


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("question;vrai ou faux\nQ ?;peut-être", [(2, "no-answer"), (2, "wrong-type")]),
        ("question;nombre\nQ ?;beaucoup", [(2, "no-answer"), (2, "wrong-type")]),
        ("question;réponse;public\nQ ?;a;chats", [(2, "audience")]),
        ("question;réponse;image;alt\nQ ?;a;ours.png;Un ours", [(2, "no-picture")]),
        ("question;réponse;image\nQ ?;a;https://example.org/a.png", [(2, "missing")]),
        ("question;réponse;vrai ou faux;ordre 1\nQ ?;;vrai;a", [(2, "no-use")]),
    ],
)
def test_what_a_cell_cannot_mean_is_told_at_its_row(text: str, told: list[tuple[int, str]]) -> None:
    assert sorted(problems(text, "a.csv")) == told


def test_columns_stand_in_any_order_and_a_cell_may_hold_several_answers() -> None:
    [question] = sample("club.xlsx").deck.questions
    accept = ("Georges Simenon", "G. Simenon")
    assert question == Question("Qui a créé Maigret ?", "Simenon", accept, source="Fayard, 1931")
    [question] = sample("kotoba.csv").deck.questions
    assert (question.answer, question.accept) == ("Pau", ("Pau la ville",))


def test_the_right_choice_is_named_by_letter_number_or_text() -> None:
    first, second = sample("choices.tsv").deck.questions
    assert (first.answer, first.wrong) == ("Jane Austen", ("George Eliot", "Mary Shelley"))
    assert (second.answer, second.wrong) == ("1816", ("1815", "1817"))
    table = "question;réponse 1;réponse 2;bonne réponse\n"
    assert questions(table + "Qui ?;Hugo;Zola;2\n", "a.csv")[0].answer == "Zola"
    assert problems(table + "Combien ?;2;1;2\n", "a.csv") == [(2, "ambiguous-choice")]
    assert problems(table + "Qui ?;Hugo;Zola;Sand\n", "a.csv") == [(2, "no-such-choice")]
    assert questions(table + "Qui ?;Hugo;Zola;1,2\n", "a.csv")[0].answers == ("Hugo", "Zola")
    assert problems(table + "Qui ?;Hugo;Zola;1,3\n", "a.csv") == [(2, "no-such-choice")]


def test_columns_bear_the_names_people_give_them() -> None:
    names = {
        "Énoncé": ("prompt", None),
        "Mauvaise(s) réponse(s)": ("wrong", None),
        "MAUVAISE RÉPONSE N°2": ("wrong", 1),
        "wrong_answer_3": ("wrong", 2),
        "Autre réponse": ("accept", None),
        "Réponse A": ("choice", 0),
        "D": ("choice", 3),
        "Bonne réponse (lettre)": ("answer", None),
        "Correct answer(s) - choose at least one": ("right", None),
        "Bonne réponse 2": ("right", 1),
        "Ordre 3": ("order", 2),
        "Indice 12": ("hints", 11),
        "À ne pas confondre (avec…)": ("unlike", None),
        "Œuvre": ("work", None),
        "Catégorie": ("theme", None),
        "Auteur de la question": ("by", None),
        "Licence": ("licence", None),
    }
    for name, role in names.items():
        found = column(0, name)
        assert found is not None, name
        assert (found.role, found.number) == role, name
    assert column(0, "Mauvaise repnse") is None


def test_a_column_that_means_nothing_to_us_is_told_not_skipped() -> None:
    text = "question;réponse;mauvaise repnse\nQui ?;Zola;Hugo\n"
    assert problems(text, "a.csv") == [(1, "unknown-column")]


def test_a_text_cut_by_its_own_commas_is_told() -> None:
    assert problems("question,answer\nWho, then?,Zola\n", "a.csv") == [(2, "stray-cell")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Qui ?;Zola\nOù ?;Pau\n", (1, "no-header")),
        ('question;réponse\nUn ?;a\n"Qui ?;Zola\nOù ?;Pau\n', (3, "syntax")),
        ("question;réponse;personne\nQui ?;Zola;peut-être\n", (2, "wrong-type")),
        ("question;réponse;langue\nQui ?;Zola;fr\nWho?;Zola;en\n", (3, "mixed-locale")),
        ("question;réponse\n;Zola\n", (2, "missing")),
    ],
)
def test_tables_that_make_no_sense_are_refused(text: str, told: tuple[int, str]) -> None:
    assert problems(text, "a.csv") == [told]


def test_excel_says_its_separator() -> None:
    [question] = questions("sep=|\nquestion|réponse\nQui ?|Zola;Hugo\n", "a.csv")
    assert question.answer == "Zola;Hugo"
    assert problems("sep=|\nquestion|réponse\nQui ?|\n", "a.csv") == [(3, "no-answer")]


def test_a_cell_that_looks_like_a_formula_is_written_harmless_and_read_back() -> None:
    starts = ("=1+1", "+33", "-5", "@nom", "'=x", "''-", "'tis", "＝A1")
    deck = Deck(
        "f",
        "f",
        "fr",
        "",
        "CC0",
        "",
        tuple(Question(f"{s} q{n} ?", f"{s} a{n}") for n, s in enumerate(starts)),
    )
    data = export_deck(deck, "csv")
    for line in data.decode("utf-8-sig").split("\r\n")[1:]:
        for cell in line.split(";"):
            assert not cell.startswith(("=", "+", "-", "@", "＝")), cell
    assert import_deck(data, "f.csv").deck == deck


# --- Spreadsheets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["kahoot_en.xlsx", "kahoot_fr.xlsx"])
def test_kahoots_template_is_read_in_any_language(name: str) -> None:
    zola, year, town = sample(name).deck.questions
    assert zola == Question(
        "Qui a écrit « Germinal » ?", "Émile Zola", wrong=("Victor Hugo", "George Sand", "Stendhal")
    )
    assert (year.answer, year.wrong) == ("1885", ("1884",))
    assert (town.kind, town.truth) == ("truth", True)


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


KAHOOT = ["Frage", "Antwort 1", "Antwort 2", "Zeit (Sek.) – 5, 10, 20", "Richtige Antwort(en)"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["Wer?", "Zola", "Hugo", 20, "1,3"], (3, "no-such-choice")),
        (["Wer?", "Zola", "Hugo", 20, 3], (3, "no-such-choice")),
        (["Wer?", "Zola", "Hugo", 20, None], (3, "no-answer")),
        (["Wer?", "x" * 56, "Hugo", 20, 1], (3, "too-long")),
        ([None, "Zola", "Hugo", 20, 1], (3, "missing")),
    ],
)
def test_kahoot_rows_are_refused_at_their_row(cells: list[Any], told: tuple[int, str]) -> None:
    good = ["Wo?", "Pau", "Tarbes", 20, 1]
    assert problems(workbook(KAHOOT, good, cells), "k.xlsx") == [told]


def test_kahoots_number_is_a_place_even_when_the_choices_are_numbers() -> None:
    [question] = questions(workbook(KAHOOT, ["1+1?", 1, 2, 20, 2]), "k.xlsx")
    assert (question.answer, question.wrong) == ("2", ("1",))


@pytest.mark.parametrize("cell", ["1,3", "3; 1", 1.3])
def test_kahoots_numbers_may_be_several(cell: str | float) -> None:
    header = [*KAHOOT[:3], "Antwort 3", *KAHOOT[3:]]
    [question] = questions(workbook(header, ["Wer?", "Zola", "Hugo", "Sand", 20, cell]), "k.xlsx")
    assert question == Question("Wer?", answers=("Zola", "Sand"), wrong=("Hugo",))


def test_a_cell_that_a_spreadsheet_says_is_true_makes_a_statement() -> None:
    rows = workbook(["question", "réponse"], ["Hugo est né en 1802.", True], ["Lui aussi.", False])
    assert [question.truth for question in questions(rows, "k.xlsx")] == [True, False]


def test_a_number_that_a_spreadsheet_keeps_is_not_read_as_text() -> None:
    rows = workbook(["question", "nombre"], ["Combien ?", 12.583], ["Quand ?", 1885])
    told = [(question.answer, question.number) for question in questions(rows, "k.xlsx")]
    assert told == [("12,583", 12.583), ("1885", 1885)]


def test_anki_fields_named_as_a_table_names_them_are_a_tables() -> None:
    text = (
        "#separator:tab\n#columns:Recto\tVerso\tThème\tMauvaise réponse 1\tIndice 1\n"
        "Qui ?\tZola\troman\tHugo\tIl a accusé.\n"
    )
    assert questions(text, "a.txt") == (
        Question("Qui ?", "Zola", wrong=("Hugo",), theme="roman", hints=("Il a accusé.",)),
    )


def test_a_text_that_became_a_date_is_told() -> None:
    made = ["Score ?", datetime.date(2024, 2, 1)]
    assert (2, "date-cell") in problems(workbook(["question", "réponse"], made), "k.xlsx")


def test_formulas_are_never_worked_out() -> None:
    rows = workbook(["question", "answer"], ["2+2?", "=2+2"])
    assert problems(rows, "k.xlsx") == [(2, "no-answer")]


def test_sheets_without_questions_are_refused() -> None:
    assert problems(workbook(["bonjour"]), "k.xlsx") == [(1, "no-header")]
    assert problems(workbook(["bonjour"]), "k.xlsx", format="kahoot") == [(1, "not-this-format")]
    assert problems(b"\xd0\xcf\x11\xe0" + b"x" * 99, "k.xls") == [(1, "not-xlsx")]
    assert problems(b"question;r\n", "k.xlsx") == [(1, "not-xlsx")]


def test_a_row_far_down_is_not_lost() -> None:
    book = openpyxl.load_workbook(io.BytesIO(SAMPLES["club.xlsx"]))
    book["Questions"].cell(60_000, 1, "loin")
    out = io.BytesIO()
    book.save(out)
    assert [code for _, code in problems(out.getvalue(), "k.xlsx")] == ["too-many-rows"]


# --- Hostile files --------------------------------------------------------------------------------------------


def rezipped(**parts: bytes) -> bytes:
    """Return a real workbook with some parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLES["club.xlsx"])) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            if part not in parts:
                new.writestr(part, old.read(part))
        for part, content in parts.items():
            new.writestr(part, content)
    return out.getvalue()


def liar() -> bytes:
    """Return a workbook whose directory says that 60 MB are 100 bytes, with the checksum of these."""
    content = b"<x/>" + b" " * 60_000_000
    data = rezipped(**{"xl/theme/theme1.xml": content})
    real = struct.pack("<L", len(content))
    crc = struct.pack("<L", zlib.crc32(content))
    shown = struct.pack("<L", zlib.crc32(content[:100]))
    return data.replace(real, struct.pack("<L", 100)).replace(crc, shown)


def crowd() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(30_000):
            archive.writestr(str(number), b"")
    return out.getvalue()


SHEET = "xl/worksheets/sheet2.xml"
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def weighty(**parts: bytes) -> bytes:
    """Return a workbook with a photo in it, so that its ratio is fair."""
    photo = random.Random(1).randbytes(200_000)
    return rezipped(**{"xl/media/image1.png": photo}, **parts)


BOMBS: dict[str, Callable[[], bytes]] = {
    "50 MB": lambda: b"PK\x03\x04" + b"\0" * 50_000_000,
    "60 MB of spaces": lambda: rezipped(**{SHEET: b" " * 60_000_000}),
    "15 MB of spaces": lambda: rezipped(**{SHEET: b" " * 15_000_000}),
    "a directory that lies": liar,
    "30,000 parts": crowd,
    "many strings": lambda: weighty(
        **{"xl/sharedStrings.xml": STRINGS + b"<si><t>a</t></si>" * 190_000}
    ),
    "entities": lambda: rezipped(**{SHEET: LAUGHS}),
    "entities in UTF-16": lambda: rezipped(**{SHEET: LAUGHS.decode().encode("utf-16")}),
    "empty elements": lambda: weighty(**{SHEET: b"<x>" + b"<a/>" * 3_000_000 + b"</x>"}),
    "deep elements": lambda: rezipped(**{SHEET: b"<a>" * 50_000}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_at_once_and_never_unpacked(name: str) -> None:
    bomb = BOMBS[name]()
    tracemalloc.start()
    began = time.process_time()
    try:
        told = problems(bomb, "k.xlsx")
        spent = time.process_time() - began
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told[0][1] in {"too-big", "zip-ratio", "not-xlsx", "too-many-rows"}
    assert spent < 1
    assert peak < 100_000_000


def test_long_lines_take_no_time() -> None:
    began = time.process_time()
    for piece in (
        " ",
        "A) ",
        "ANSWER : ",
        "::",
        "{",
        "#",
        "\u00a0",
        "1",
        '"',
        "\\",
        "- ",
        "[",
        "~%1%",
    ):
        for format_name in FORMATS:
            data = ("ANSWER:x" + piece * (400_000 // len(piece)) + "x\n").encode()
            with pytest.raises(DeckError):
                import_deck(data, "x", format=format_name)
    assert time.process_time() - began < 8


def imported_or_not(data: bytes, name: str, format_name: str | None) -> Deck | DeckError:
    try:
        return import_deck(data, name, format=format_name).deck
    except DeckError as error:
        return error


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return a file with some bytes changed, cut, doubled or moved."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(out) + 1), chance.randint(0, 30)
        kind = chance.randrange(5)
        if kind == 0:
            out[at : at + 1] = chance.randbytes(1)
        elif kind == 1:
            del out[at : at + length]
        elif kind == 2:
            out[at:at] = out[at : at + length]
        elif kind == 3:
            out[at:at] = chance.choice(
                (
                    b"{",
                    b"}",
                    b"=",
                    b"~",
                    b"#",
                    b"\n",
                    b"\n\n",
                    b'"',
                    b":",
                    b"\\",
                    b"\0",
                    b"&",
                    b"\xff",
                )
            )
        else:
            del out[at + chance.randrange(len(out) + 1) :]
    return bytes(out)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(sorted(SAMPLES)), st.integers(0, 2**32), st.sampled_from((None, None, *FORMATS))
)
def test_a_damaged_file_is_refused_or_taken_never_worse(
    name: str, seed: int, format_name: str | None
) -> None:
    data = mutated(SAMPLES[name], random.Random(seed))
    outcome = imported_or_not(data, name, format_name)
    if isinstance(outcome, Deck):
        assert read_deck(export_deck(outcome, "native").decode(), outcome.name) == outcome
        return
    for problem in outcome.problems:
        assert problem.line >= 1
        sentence = wording.SENTENCES[problem.code]
        assert sentence.format(**{"kind": "", **problem.facts})


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(FORMATS)))
def test_any_bytes_are_refused_or_taken_never_worse(data: bytes, format_name: str) -> None:
    outcome = imported_or_not(data, "x", format_name)
    assert isinstance(outcome, Deck) or outcome.problems


def damaged_part(name: str, seed: int) -> bytes:
    """Return a workbook whose zip is whole and one of whose parts is not: what openpyxl itself stumbles over."""
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(SAMPLES[name])) as archive:
        part = chance.choice(archive.namelist())
        content = archive.read(part)
    words = re.findall(rb"[\w:/.]+", content)
    for _ in range(chance.randint(1, 4)):
        content = content.replace(
            chance.choice(words), chance.choice((*words, b"", b"-1", b"99999999999", b"x")), 1
        )
    return rezipped(**{part: content})


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_a_damaged_workbook_is_refused_or_taken_never_worse(seed: int) -> None:
    outcome = imported_or_not(damaged_part("club.xlsx", seed), "k.xlsx", None)
    assert isinstance(outcome, Deck) or outcome.problems


# --- There and back -------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [*"abcéÀœ «»'’\"&<>/;,|#=~{}:\\%[]+-@$!?*_`0123456789\u202f\u00a0→😀^.()"]
) | st.sampled_from(
    [
        *(
            "<b>",
            "&amp;",
            "<br/>",
            "[html]",
            "//",
            "::",
            "####",
            "->",
            "yes",
            "<!--",
            "TRUE",
            "$CATEGORY:",
            "=%50%",
        ),
        *(
            "\\n",
            "&#39;",
            "<img src=x>",
            "[sound:a]",
            "'=",
            "# ",
            ": ",
            "- ",
            "sep=;",
            "\ufffe",
            "\u200d",
        ),
    ]
)
TEXT = st.lists(PIECES, max_size=9).map(lambda pieces: "".join(pieces)[:45])


KINDS = ("text", "choice", "truth", "several", "order", "number")
NUMBERS = st.integers(-(10**9), 10**9) | st.integers(-(10**9), 10**9).map(lambda n: n / 1000)


@st.composite
def questions_of(draw: st.DrawFn, n: int, kinds: tuple[str, ...]) -> Question:
    """Draw a question of one of some kinds, with everything that can be said of it."""
    few = st.lists(TEXT, max_size=3)
    kind = draw(st.sampled_from(kinds))
    said: dict[str, Any] = {"answer": tidy(f"{draw(TEXT)} ra")}
    if kind == "text":
        said["accept"] = tuple(tidy(f"{text} ac{i}") for i, text in enumerate(draw(few)))
        said["unlike"] = tuple(tidy(f"zzzzz {i} {text}") for i, text in enumerate(draw(few)))
    elif kind == "choice":
        said["wrong"] = tuple(tidy(f"{text} wr{i}") for i, text in enumerate(["", *draw(few)]))
    else:
        said["answer"] = draw(st.sampled_from(("", said["answer"])))
    if kind == "several":
        said["answers"] = tuple(
            tidy(f"{text} ri{i}") for i, text in enumerate(["", *draw(few), ""])
        )
        said["wrong"] = () if draw(st.booleans()) else ("wr",)
    elif kind == "order":
        said["order"] = tuple(
            tidy(f"{text} or{i}") for i, text in enumerate(["", "", "", *draw(few)])
        )
    elif kind == "truth":
        said["truth"] = draw(st.booleans())
    elif kind == "number":
        said["number"] = draw(NUMBERS)
        said["answer"] = said["answer"] or f"{said['number']} ra"
    if draw(st.booleans()):
        said |= {
            "image": "https://example.org/a.png?b=c&d;e",
            "alt": tidy(f"{draw(TEXT)[:30]} alt"),
            "work": tidy(draw(TEXT)[:20]),
            "theme": tidy(draw(TEXT)[:20]),
            "audience": draw(st.sampled_from(AUDIENCES)),
            "author": tidy(draw(TEXT)),
            "licence": tidy(draw(TEXT)),
            "hints": tuple(tidy(f"{text} hi{i}") for i, text in enumerate(draw(few))),
        }
    return Question(
        prompt=tidy(f"{draw(TEXT)} q{n}q"),
        explanation=tidy(draw(TEXT)),
        source=tidy(draw(TEXT)),
        difficulty=draw(st.integers(1, 3)),
        person=draw(st.booleans()),
        **said,
    )


@st.composite
def decks(draw: st.DrawFn, *, kinds: tuple[str, ...] = KINDS, bare: bool = False) -> Deck:
    """Draw decks of tidy text that `read_deck` takes; bare ones have no pictures."""
    drawn = [draw(questions_of(n, kinds)) for n in range(draw(st.integers(1, 4)))]
    if bare:
        drawn = [replace(question, image="", alt="") for question in drawn]
    locale = draw(st.sampled_from(("fr", "en")))
    title, author, licence, description = (
        tidy(f"{draw(TEXT)}t".replace("\ufffe", "")) for _ in range(4)
    )
    return Deck("jeu", title, locale, author, licence, description, tuple(drawn))


@settings(max_examples=100, deadline=None)
@given(decks())
def test_native_holds_a_deck_exactly(deck: Deck) -> None:
    data = export_deck(deck, "native")
    assert read_deck(data.decode(), "jeu.toml") == deck
    assert import_deck(data, "jeu.toml") == Imported(deck, "native", ())
    assert left_behind(deck, "native") == ()


GIFT_KINDS = ("text", "choice", "truth", "several", "number")


@settings(max_examples=150, deadline=None)
@given(decks(kinds=GIFT_KINDS, bare=True))
def test_gift_holds_all_but_what_it_says_it_leaves_behind(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "gift"), "jeu.gift").deck
    kept = without(deck, left_behind(deck, "gift"))
    shown = tuple(
        replace(q, answer=decimal(q.number, "en")) if q.number is not None else q for q in kept
    )
    assert back == Deck(
        "jeu", deck.title, deck.locale, deck.author, deck.licence, deck.description, shown
    )


def without(deck: Deck, lost: tuple[Problem, ...]) -> tuple[Question, ...]:
    """Return the questions of a deck without what an export leaves behind."""
    bare = Question("")
    names = {one.facts["number"]: one.facts["fields"].split(", ") for one in lost}
    return tuple(
        replace(question, **{name: getattr(bare, name) for name in names.get(number, ())})
        for number, question in enumerate(deck.questions, 1)
    )


@settings(max_examples=150, deadline=None)
@given(decks())
def test_csv_holds_all_but_title_and_description(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "csv"), "jeu.csv").deck
    assert back == Deck("jeu", "jeu", deck.locale, deck.author, deck.licence, "", deck.questions)
    assert left_behind(deck, "csv") == ()


@settings(max_examples=100, deadline=None)
@given(decks(kinds=("text", "truth"), bare=True))
def test_red_holds_questions_with_their_answers(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "red"), "jeu.yaml").deck
    kept = without(deck, left_behind(deck, "red"))
    assert back == Deck(
        "jeu", deck.title, deck.locale, deck.author, deck.licence, deck.description, kept
    )


def test_words_that_yaml_takes_for_truth_stay_words() -> None:
    words = ("yes", "No", "on", "null", "~", "1_000", "12:30", "2001-01-01", "0x1F", "- a")
    asked = tuple(
        Question(f"{word} n{n} ?", f"{word}{n}" if word == "~" else word)
        for n, word in enumerate(words)
    )
    deck = Deck("jeu", "jeu", "fr", "", "CC0", "", asked)
    assert import_deck(export_deck(deck, "red"), "jeu.yaml").deck == deck


def refused_export(deck: Deck, format_name: str) -> list[tuple[int, str]]:
    with pytest.raises(DeckError) as caught:
        export_deck(deck, format_name)
    return [(problem.line, problem.code) for problem in caught.value.problems]


EACH = {
    "text": Question("Qui ?", "Zola"),
    "choice": Question("Où ?", "Pau", wrong=("Dax",)),
    "truth": Question("Hugo est né en 1802.", truth=True),
    "several": Question("Lesquels ?", answers=("Nana", "Germinal")),
    "order": Question("Dans l’ordre ?", order=("un", "deux", "trois")),
    "number": Question("Quand ?", "1885", number=1885),
    "picture": Question("Quel animal ?", "Un ours", image="ours.png", alt="Une fourrure"),
}
"""A question of each kind, and one with a picture."""


@pytest.mark.parametrize(
    ("format_name", "beyond"),
    [
        ("native", []),
        ("csv", []),
        ("gift", ["order", "picture"]),
        ("red", ["choice", "several", "order", "number", "picture"]),
    ],
)
def test_what_a_format_cannot_hold_is_said_of_each_question(
    format_name: str, beyond: list[str]
) -> None:
    deck = Deck("j", "j", "fr", "", "CC0", "", tuple(EACH.values()))
    if not beyond:
        assert export_deck(deck, format_name)
        return
    with pytest.raises(DeckError) as caught:
        export_deck(deck, format_name)
    told = [(one.code, one.facts["number"], one.facts["what"]) for one in caught.value.problems]
    numbers = {what: number for number, what in enumerate(EACH, 1)}
    assert told == [("cannot-hold", numbers[what], what) for what in beyond]


def test_what_an_export_leaves_behind_is_said_of_each_question() -> None:
    said = replace(EACH["text"], source="s", work="w", difficulty=3, person=True, unlike=("Zora",))
    years = replace(EACH["number"], answer="En 1885")
    deck = Deck("j", "j", "fr", "", "CC0", "", (said, EACH["truth"], EACH["number"], years))
    lost = {one.line: one.facts["fields"] for one in left_behind(deck, "gift")}
    assert lost == {1: "source, difficulty, person, work", 4: "answer"}
    assert [one.line for one in left_behind(deck, "red")] == [1, 4]
    assert left_behind(deck, "red")[0].facts["fields"].startswith("unlike, ")


def test_red_takes_some_words_for_its_own_and_says_so() -> None:
    mixed = Deck("j", "j", "fr", "", "CC0", "", (EACH["text"], Question("AUTHOR", "x")))
    assert refused_export(mixed, "red") == [(2, "cannot-hold")]


def test_decks_are_written_in_four_formats_and_no_other() -> None:
    deck = sample("club.xlsx").deck
    written = {name for name, one in FORMATS.items() if one.write}
    assert written == {"native", "gift", "csv", "red"}
    for name in set(FORMATS) - written | {"word"}:
        assert refused_export(deck, name) == [(1, "no-export")]


def test_the_shipped_decks_go_through_every_format_that_can_hold_them() -> None:
    folder = Path(__file__).parent.parent / "games" / "decks"

    def beside(name: str) -> bytes | None:
        return (folder / name).read_bytes()

    for path in sorted(folder.glob("*.toml")):
        deck = read_deck(path.read_text("utf-8"), path.name)
        assert import_deck(export_deck(deck, "native"), path.name, pictures=beside).deck == deck
        assert import_deck(export_deck(deck, "csv"), "x.csv", pictures=beside).deck.questions == (
            deck.questions
        )
        bare = [q for q in deck.questions if q.kind != "order" and not q.image]
        held = replace(deck, questions=tuple(bare))
        if bare:
            back = import_deck(export_deck(held, "gift"), "x.gift").deck.questions
            assert [(q.prompt, q.kind, q.explanation) for q in back] == [
                (q.prompt, q.kind, q.explanation) for q in bare
            ]


def test_native_lines_are_those_of_read_deck() -> None:
    text = (
        'title = "a"\nlocale = "fr"\nlicence = "CC0"\n\n[[question]]\nprompt = "x"\nanswer = "!"\n'
    )
    assert problems(text, "a.toml") == [(7, "unanswerable")]
    assert problems(text.encode("utf-16"), "a.toml") == [(7, "unanswerable")]
    assert problems(b'title = "\xff\xc3\xa9"', "a.toml") == [(1, "unreadable")]


def test_windows_1252_is_only_a_last_resort() -> None:
    assert decode(b"caf\xe9") == "café"
    assert decode("café".encode()) == "café"


def test_every_format_is_explained() -> None:
    page = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (`\.[^|]+) \|", page, re.MULTILINE))
    assert set(rows) == set(FORMATS)
    for name, one in FORMATS.items():
        assert tuple(re.findall(r"`([^`]+)`", rows[name])) == one.suffixes
    assert f"{LARGEST_FILE} MB and {MOST_ROWS:,} questions" in page
