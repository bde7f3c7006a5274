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
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.formats import FORMATS, Imported, export_deck, import_deck
from bot.formats.columns import column
from bot.formats.reading import LARGEST_FILE, MOST_ROWS
from bot.formats.text import decode, from_html, literal, tidy
from bot.wording import decks as wording
from games.deck import Deck, DeckError, read_deck
from games.question import Question

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
        ("choices.tsv", "csv"),
        ("club.xlsx", "csv"),
        ("kahoot_en.xlsx", "kahoot"),
        ("kahoot_fr.xlsx", "kahoot"),
    ],
)
def test_the_format_is_seen_in_the_file(name: str, format_name: str) -> None:
    assert sample(name).format == format_name
    assert import_deck(SAMPLES[name], name, format=format_name) == sample(name)


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
    assert (river.answer, *river.accept) == ("False", "No", "Off")
    assert year.answer == "1885"
    assert (room.answer, *room.accept) == ("007", "yes")


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
    )
    assert (second.prompt, second.answer, second.wrong) == (
        "Don't \"L'Étranger\" and π rhyme?",
        "True",
        ("False",),
    )
    french = sample("opentdb.json", locale="fr").deck.questions[1]
    assert (french.answer, french.wrong) == ("Vrai", ("Faux",))


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
    assert hugo == Question(
        "Victor Hugo est né en 1802.", "Vrai", wrong=("Faux",), explanation="Oui."
    )
    assert year.answer == "1862"
    assert escaped == Question("Que dit {x} = 2 ~ 3 en <b> ?", "# oui \\", wrong=("non",))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Pays ? {=Canada -> Ottawa =Italie -> Rome}", "matching"),
        ("Racontez. {}", "essay"),
        ("Né en ? {#1822:1}", "range"),
        ("Pi ? {#3.14..3.15}", "range"),
        ("Né ? {#=1822:0 =%50%1822:2}", "range"),
        ("Qui ? {~%50%Zola ~%50%Hugo ~Sand}", "several-answers"),
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


def test_aiken_takes_either_mark_and_questions_on_two_lines() -> None:
    fable, town = sample("aiken.txt").deck.questions
    assert (fable.answer, fable.wrong) == ("La Fontaine", ("Perrault", "Ésope"))
    assert town == Question("Quelle ville est la capitale du Béarn ?", "Pau", wrong=("Tarbes",))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: C\n", (4, "no-such-choice")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER:\n", (4, "no-answer")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: A, B\n", (4, "several-answers")),
        ("Un ?\nA. a\nB. b\n\nQui ?\nA. Zola\nB. Hugo\nANSWER: A\n", (1, "no-answer")),
        ("Qui ?\nA. Zola\nB. Hugo\nANSWER: A\nOù ?\n", (5, "no-answer")),
        ("Qui ?\nA. Zola\nA. Hugo\nANSWER: A\n", (3, "same-choice")),
        ("Qui ?\nA. Zola\nANSWER: A\n", (1, "choices")),
    ],
)
def test_aiken_that_does_not_add_up_is_refused(text: str, told: tuple[int, str]) -> None:
    assert told in problems(text, "a.aiken")


# --- Tables ---------------------------------------------------------------------------------------------------


def test_a_french_spreadsheet_is_read() -> None:
    first, second = sample("tableur_fr.csv").deck.questions
    assert first == Question(
        "Qui a écrit « Germinal » ?",
        "Émile Zola",
        wrong=("Victor Hugo", "George Sand"),
        explanation="Paru en 1885 ; traduit partout.",
        difficulty=1,
    )
    assert second == Question('Qui a écrit "La Curée" ?', "Émile Zola", difficulty=3)


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
    assert problems(table + "Qui ?;Hugo;Zola;1,2\n", "a.csv") == [(2, "several-answers")]


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
        "Correct answer(s) - choose at least one": ("answer", None),
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
    assert (town.answer, town.wrong) == ("Vrai", ("Faux",))


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
        (["Wer?", "Zola", "Hugo", 20, "1,2"], (3, "several-answers")),
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


@st.composite
def decks(draw: st.DrawFn, *, choices: bool) -> Deck:
    """Draw decks of tidy text that `read_deck` takes."""
    drawn = []
    for n in range(draw(st.integers(1, 4))):
        wrong = draw(st.lists(TEXT, max_size=3)) if choices else []
        accept = [] if wrong else draw(st.lists(TEXT, max_size=3))
        drawn.append(
            Question(
                prompt=tidy(f"{draw(TEXT)} q{n}q"),
                answer=tidy(f"{draw(TEXT)} ra"),
                accept=tuple(tidy(f"{text} ac{i}") for i, text in enumerate(accept)),
                wrong=tuple(tidy(f"{text} wr{i}") for i, text in enumerate(wrong)),
                explanation=tidy(draw(TEXT)),
                source=tidy(draw(TEXT)),
                difficulty=draw(st.integers(1, 3)),
                person=draw(st.booleans()),
            )
        )
    locale = draw(st.sampled_from(("fr", "en")))
    title, author, licence, description = (
        tidy(f"{draw(TEXT)}t".replace("\ufffe", "")) for _ in range(4)
    )
    return Deck("jeu", title, locale, author, licence, description, tuple(drawn))


@settings(max_examples=60, deadline=None)
@given(decks(choices=True))
def test_native_holds_a_deck_exactly(deck: Deck) -> None:
    data = export_deck(deck, "native")
    assert read_deck(data.decode(), "jeu.toml") == deck
    assert import_deck(data, "jeu.toml") == Imported(deck, "native", ())


@settings(max_examples=100, deadline=None)
@given(decks(choices=True))
def test_gift_holds_all_but_source_difficulty_and_person(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "gift"), "jeu.gift").deck
    kept = tuple(
        Question(q.prompt, q.answer, q.accept, q.wrong, q.explanation) for q in deck.questions
    )
    assert back == Deck(
        "jeu", deck.title, deck.locale, deck.author, deck.licence, deck.description, kept
    )


@settings(max_examples=100, deadline=None)
@given(decks(choices=True))
def test_csv_holds_all_but_title_and_description(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "csv"), "jeu.csv").deck
    assert back == Deck("jeu", "jeu", deck.locale, deck.author, deck.licence, "", deck.questions)


@settings(max_examples=100, deadline=None)
@given(decks(choices=False))
def test_red_holds_questions_with_their_answers(deck: Deck) -> None:
    back = import_deck(export_deck(deck, "red"), "jeu.yaml").deck
    kept = tuple(Question(q.prompt, q.answer, q.accept) for q in deck.questions)
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


def test_red_has_no_choices_and_says_so() -> None:
    deck = sample("club.xlsx").deck
    choice = Question("Où ?", "Pau", wrong=("Dax",))
    mixed = Deck("j", "j", "fr", "", "CC0", "", (*deck.questions, choice, Question("AUTHOR", "x")))
    assert refused_export(mixed, "red") == [(2, "cannot-hold"), (3, "cannot-hold")]


def test_decks_are_written_in_four_formats_and_no_other() -> None:
    deck = sample("club.xlsx").deck
    written = {name for name, one in FORMATS.items() if one.write}
    assert written == {"native", "gift", "csv", "red"}
    for name in set(FORMATS) - written | {"word"}:
        assert refused_export(deck, name) == [(1, "no-export")]


def test_the_shipped_decks_go_through_every_format_that_can_hold_them() -> None:
    for path in sorted((Path(__file__).parent.parent / "games" / "decks").glob("*.toml")):
        deck = read_deck(path.read_text("utf-8"), path.name)
        assert import_deck(export_deck(deck, "native"), path.name).deck == deck
        for name in ("gift", "csv"):
            if any(question.kind == "number" or question.hints for question in deck.questions):
                with pytest.raises(DeckError, match="cannot-hold"):
                    export_deck(deck, name)
                continue
            back = import_deck(export_deck(deck, name), f"x.{name}").deck
            assert [
                (q.prompt, q.answer, q.accept, q.wrong, q.explanation) for q in back.questions
            ] == [(q.prompt, q.answer, q.accept, q.wrong, q.explanation) for q in deck.questions]


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
