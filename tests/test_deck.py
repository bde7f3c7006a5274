"""Deck files: what is taken, what is refused, and that the line named is the line to mend."""

import ast
import datetime
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decks import Decks, load_file
from bot.wording.decks import SENTENCES, problem, refused
from bot.wording.quiz import asked
from bot.wording.speech import Speech, compose
from games.core import Refusal, Ticked
from games.deck import LARGEST, LIMITS, Deck, DeckError, Share, draw, read_deck
from games.deck_file import COUNTS, DECK_FIELDS, HINT, OTHERWISE, QUESTION_FIELDS
from games.question import LETTERS, Question
from games.quiz import Quiz, QuizOptions
from games.quiz_events import Asked

HEAD = 'title = "Petit jeu"\nlocale = "fr"\nlicence = "CC0"\n'
FIRST = '\n[[question]]\nprompt = "Qui ?"\nanswer = "Zola"\n'
GOOD = HEAD + FIRST + '\n[[question]]\nprompt = "Où ?"\nanswer = "Pau"\nwrong = ["Lyon", "Paris"]\n'
SPEECHES = (Speech("fr"), Speech("en"))


def problems(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    """What `read_deck` says of a text."""
    with pytest.raises(DeckError) as caught:
        read_deck(text, "jeu.toml")
    return [(p.line, p.code, dict(p.facts)) for p in caught.value.problems]


def with_field(line: str) -> str:
    """A deck whose first question has one more line, at line 8."""
    return GOOD.replace('answer = "Zola"\n', f'answer = "Zola"\n{line}\n')


def other(*lines: str) -> str:
    """A deck whose first question is answered in another way, from line 7 on."""
    return GOOD.replace('answer = "Zola"\n', "".join(f"{line}\n" for line in lines))


def pictured(image: str, alt: str = "Un homme barbu") -> str:
    """A deck whose first question has a picture, at lines 8 and 9."""
    return with_field(f'image = "{image}"\nalt = "{alt}"')


def test_a_good_deck_is_read() -> None:
    text = HEAD + 'author = "Annie"\ndescription = "Trois fois rien."\n' + FIRST
    text += (
        'accept = ["Émile Zola"]\nexplanation = "e"\nsource = "s"\ndifficulty = 3\nperson = true\n'
    )
    question = Question("Qui ?", "Zola", ("Émile Zola",), (), "e", "s", 3, person=True)
    deck = Deck("jeu", "Petit jeu", "fr", "Annie", "CC0", "Trois fois rien.", (question,))
    assert read_deck(text, "jeu.toml") == deck


def test_what_may_be_missing_has_a_default() -> None:
    deck = read_deck(GOOD, "jeu.toml")
    assert (deck.author, deck.description) == ("", "")
    assert deck.questions == (
        Question("Qui ?", "Zola"),
        Question("Où ?", "Pau", wrong=("Lyon", "Paris")),
    )


def test_every_kind_of_question_is_read() -> None:
    rows = {
        'answers = ["Pau", "Dax"]\nwrong = ["Lyon"]': Question(
            "Qui ?", answers=("Pau", "Dax"), wrong=("Lyon",)
        ),
        'answers = ["Pau", "Dax"]\nwrong = []': Question("Qui ?", answers=("Pau", "Dax")),
        'order = ["un", "deux", "trois"]': Question("Qui ?", order=("un", "deux", "trois")),
        "truth = false": Question("Qui ?", truth=False),
        'answer = "Faux, bien sûr"\ntruth = false': Question(
            "Qui ?", "Faux, bien sûr", truth=False
        ),
        'answer = "37 ans"\nnumber = 37': Question("Qui ?", "37 ans", number=37),
        'answer = "Zola"\nunlike = ["Zora"]': Question("Qui ?", "Zola", unlike=("Zora",)),
    }
    for lines, question in rows.items():
        assert read_deck(other(lines), "jeu.toml").questions[0] == question
    kinds = [read_deck(other(lines), "x").questions[0].kind for lines in rows]
    assert kinds == ["several", "several", "order", "truth", "truth", "number", "text"]


def test_what_is_said_of_a_question_is_read() -> None:
    lines = (
        'image = "https://example.org:8443/a%20b.png?c=d&e"\nalt = "Un homme"\nwork = "« Nana »"\n'
        'theme = "roman"\naudience = "adults"\nauthor = "Annie"\nlicence = "CC BY 4.0"'
    )
    question = read_deck(with_field(lines), "jeu.toml").questions[0]
    assert question == Question(
        "Qui ?",
        "Zola",
        image="https://example.org:8443/a%20b.png?c=d&e",
        alt="Un homme",
        work="« Nana »",
        theme="roman",
        audience="adults",
        author="Annie",
        licence="CC BY 4.0",
    )


def test_a_deck_says_for_whom_its_questions_are_unless_they_do() -> None:
    text = 'audience = "children"\n' + GOOD + 'audience = "all"\n'
    first, second = read_deck(text, "jeu.toml").questions
    assert (first.audience, second.audience) == ("children", "all")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_either_line_ending_will_do(newline: str) -> None:
    deck = read_deck(GOOD.replace("\n", newline), "jeu.toml")
    assert len(deck.questions) == 2


CASES: dict[str, tuple[str, list[tuple[int, str, dict[str, Any]]]]] = {
    "broken line": (GOOD + "prompt = Qui\n", [(13, "syntax", {})]),
    "broken string": (HEAD + '\n[[question]]\nprompt = "Qui ?\n', [(6, "syntax", {})]),
    "unfinished text": (GOOD + 'source = """abc\n\n\n', [(13, "syntax", {})]),
    "key twice": (with_field('answer = "Hugo"'), [(8, "syntax", {})]),
    "byte order mark": ("\ufeff" + GOOD, [(1, "syntax", {})]),
    "5,000 brackets": (GOOD + "x = " + "[" * 5000, [(1, "syntax", {})]),
    "5,000 digits": (GOOD + "x = " + "9" * 5000, [(1, "syntax", {})]),
    "no title": (GOOD.replace('title = "Petit jeu"\n', ""), [(1, "missing", {"field": "title"})]),
    "blank title": (GOOD.replace("Petit jeu", "  "), [(1, "missing", {"field": "title"})]),
    "no locale": (GOOD.replace('locale = "fr"\n', ""), [(1, "missing", {"field": "locale"})]),
    "no licence": (GOOD.replace('licence = "CC0"\n', ""), [(1, "missing", {"field": "licence"})]),
    "no question": (HEAD, [(1, "missing", {"field": "question"})]),
    "empty file": (
        "",
        [(1, "missing", {"field": f}) for f in ("title", "locale", "licence", "question")],
    ),
    "unknown language": (
        GOOD.replace('"fr"', '"de"'),
        [(2, "locale", {"known": "fr, en"})],
    ),
    "unknown deck field": (
        'colour = "red"\n' + GOOD,
        [(1, "unknown-field", {"field": "colour"})],
    ),
    "unknown field": (with_field('colour = "red"'), [(8, "unknown-field", {"field": "colour"})]),
    "deck field of the wrong kind": (
        GOOD.replace('"CC0"', "0"),
        [
            (1, "missing", {"field": "licence"}),
            (3, "wrong-type", {"field": "licence", "type": "str"}),
        ],
    ),
    "field of the wrong kind": (
        with_field('difficulty = "hard"'),
        [(8, "wrong-type", {"field": "difficulty", "type": "int"})],
    ),
    "true is not a number": (
        with_field("difficulty = true"),
        [(8, "wrong-type", {"field": "difficulty", "type": "int"})],
    ),
    "accept as one text": (
        with_field('accept = "Émile Zola"'),
        [(8, "wrong-type", {"field": "accept", "type": "list"})],
    ),
    "accept as tables": (
        with_field("accept = [{ a = 1 }]"),
        [(8, "empty-choice", {"field": "accept"})],
    ),
    "question = 3": (
        HEAD + "question = 3\n",
        [(4, "wrong-type", {"field": "question", "type": "list"})],
    ),
    "one [question]": (
        HEAD + '[question]\nprompt = "?"\n',
        [(1, "wrong-type", {"field": "question", "type": "list"})],
    ),
    "questions as texts": (HEAD + 'question = ["Qui ?"]\n', [(1, "not-a-table", {})]),
    "huge prompt number": (
        HEAD + "\n[[question]]\nprompt = 0x" + "f" * 5000 + '\nanswer = "Zola"\n',
        [(6, "wrong-type", {"field": "prompt", "type": "str"})],
    ),
    "a date for an answer": (
        HEAD + '\n[[question]]\nprompt = "Quand ?"\nanswer = 1885-03-02\n',
        [(7, "wrong-type", {"field": "answer", "type": "str"})],
    ),
    "no prompt": (
        GOOD.replace('prompt = "Qui ?"\n', ""),
        [(5, "missing", {"field": "prompt"})],
    ),
    "blank answer": (
        GOOD.replace('"Zola"', '"\u202f"'),
        [(5, "missing", {"field": "answer"})],
    ),
    "no answer, second question": (
        GOOD.replace('answer = "Pau"\n', ""),
        [(9, "missing", {"field": "answer"})],
    ),
    "difficulty 4": (with_field("difficulty = 4"), [(8, "difficulty", {})]),
    "difficulty 0": (with_field("difficulty = 0"), [(8, "difficulty", {})]),
    "answer without a letter": (GOOD.replace('"Zola"', '"?!"'), [(7, "unanswerable", {})]),
    "blank accept": (with_field('accept = [" "]'), [(8, "empty-choice", {"field": "accept"})]),
    "blank wrong": (
        GOOD.replace('"Lyon"', '""'),
        [(12, "empty-choice", {"field": "wrong"})],
    ),
    "numbers for choices": (
        GOOD.replace('"Lyon"', "3"),
        [(12, "empty-choice", {"field": "wrong"})],
    ),
    "no wrong choice": (
        with_field("wrong = []"),
        [(8, "choices", {"field": "wrong", "least": 1, "most": 5})],
    ),
    "six wrong choices": (
        with_field('wrong = ["a", "b", "c", "d", "e", "f"]'),
        [(8, "choices", {"field": "wrong", "least": 1, "most": 5})],
    ),
    "wrong like the answer": (GOOD.replace('"Lyon"', '"PAU !"'), [(12, "same-choice", {})]),
    "wrong twice": (GOOD.replace('"Lyon"', '"paris"'), [(12, "same-choice", {})]),
    "number with choices": (
        GOOD + "number = 3\n",
        [(12, "no-use", {"field": "wrong", "other": "number"})],
    ),
    "endless number": (with_field("number = inf"), [(8, "not-finite", {})]),
    "no number": (with_field("number = nan"), [(8, "not-finite", {})]),
    "a number that nobody types": (with_field(f"number = -1{'0' * 300}"), [(8, "not-finite", {})]),
    "number as text": (
        with_field('number = "1885"'),
        [(8, "wrong-type", {"field": "number", "type": "float"})],
    ),
    "truth as number": (
        with_field("number = true"),
        [(8, "wrong-type", {"field": "number", "type": "float"})],
    ),
    "long hint": (
        with_field(f'hints = ["{"x" * 161}"]'),
        [(8, "too-long", {"field": "hints", "limit": 160})],
    ),
    "empty hint": (with_field('hints = [" "]'), [(8, "empty-choice", {"field": "hints"})]),
    "accept with choices": (
        GOOD + 'accept = ["Po"]\n',
        [(13, "no-use", {"field": "accept", "other": "wrong"})],
    ),
    "long choice": (
        GOOD.replace('"Lyon"', f'"{"x" * 56}"'),
        [(12, "too-long", {"field": "wrong", "limit": 55})],
    ),
    "long accepted answer": (
        with_field(f'accept = ["{"x" * 56}"]'),
        [(8, "too-long", {"field": "accept", "limit": 55})],
    ),
    "long licence": (
        GOOD.replace("CC0", "x" * 1001),
        [(3, "too-long", {"field": "licence", "limit": 1000})],
    ),
    "one right answer of several": (
        other('answers = ["Pau"]'),
        [(7, "choices", {"field": "answers", "least": 2, "most": 5})],
    ),
    "six right answers": (
        other('answers = ["a", "b", "c", "d", "e", "f"]'),
        [(7, "choices", {"field": "answers", "least": 2, "most": 5})],
    ),
    "seven choices": (
        other('answers = ["a", "b", "c"]', 'wrong = ["d", "e", "f", "g"]'),
        [(8, "choices", {"field": "wrong", "least": 0, "most": 3})],
    ),
    "right and wrong alike": (
        other('answers = ["Pau", "Dax"]', 'wrong = ["PAU !"]'),
        [(8, "same-choice", {})],
    ),
    "two right answers alike": (other('answers = ["Pau", "pau"]'), [(7, "same-choice", {})]),
    "an order of two": (
        other('order = ["un", "deux"]'),
        [(7, "choices", {"field": "order", "least": 3, "most": 6})],
    ),
    "an order of seven": (
        other('order = ["a", "b", "c", "d", "e", "f", "g"]'),
        [(7, "choices", {"field": "order", "least": 3, "most": 6})],
    ),
    "an order with one twice": (other('order = ["a", "b", "A"]'), [(7, "same-choice", {})]),
    "an order as a text": (
        other('order = "a b c"'),
        [(7, "wrong-type", {"field": "order", "type": "list"})],
    ),
    "truth as a text": (
        other('truth = "vrai"'),
        [(7, "wrong-type", {"field": "truth", "type": "bool"})],
    ),
    "true with choices": (
        other("truth = false", 'wrong = ["Dax"]'),
        [(8, "no-use", {"field": "wrong", "other": "truth"})],
    ),
    "several ways to answer": (
        other("truth = true", 'answers = ["a", "b"]', 'order = ["a", "b", "c"]', "number = 3"),
        [
            (8, "no-use", {"field": "answers", "other": "truth"}),
            (9, "no-use", {"field": "order", "other": "truth"}),
            (10, "no-use", {"field": "number", "other": "truth"}),
        ],
    ),
    "an empty order beside true": (
        other("truth = true", "order = []", "wrong = []"),
        [(8, "no-use", {"field": "order", "other": "truth"})],
    ),
    "an order with wrong choices": (
        other('order = ["a", "b", "c"]', 'wrong = ["d"]'),
        [(8, "no-use", {"field": "wrong", "other": "order"})],
    ),
    "unlike with choices": (
        GOOD + 'unlike = ["Po"]\n',
        [(13, "no-use", {"field": "unlike", "other": "wrong"})],
    ),
    "unlike that is right": (
        with_field('unlike = ["Balzac", "ZOLA"]'),
        [(8, "unlike-right", {"value": "ZOLA"})],
    ),
    "unlike that is a right family name": (
        GOOD.replace('"Zola"', '"Émile Zola"\nperson = true\nunlike = ["Zola"]'),
        [(9, "unlike-right", {"value": "Zola"})],
    ),
    "no audience": (
        with_field('audience = "cats"'),
        [(8, "audience", {"known": "all, children, teens, adults"})],
    ),
    "no audience of a deck": (
        'audience = ""\n' + GOOD,
        [(1, "audience", {"known": "all, children, teens, adults"})],
    ),
    "picture in another folder": (pictured("../a.png"), [(8, "image", {})]),
    "picture of another kind": (pictured("a.svg"), [(8, "image", {})]),
    "picture without a name": (pictured(""), [(8, "image", {})]),
    "picture with spaces": (pictured("mon image.png"), [(8, "image", {})]),
    "picture from http": (pictured("http://example.org/a.png"), [(8, "image", {})]),
    "picture from nowhere": (pictured("https://localhost"), [(8, "image", {})]),
    "picture with a long address": (
        pictured("https://example.org/" + "a" * 500),
        [(8, "image", {})],
    ),
    "picture without words": (
        with_field('image = "a.png"'),
        [(8, "missing", {"field": "alt"})],
    ),
    "words without a picture": (with_field('alt = "Un homme"'), [(8, "alt-alone", {})]),
    "words that tell": (pictured("a.png", "Le romancier ZOLA !"), [(9, "alt-tells", {})]),
    "words that tell a number": (
        pictured("a.png", "Trente-sept ans").replace('"Zola"', '"37 ans"\nnumber = 37'),
        [(10, "alt-tells", {})],
    ),
    "words that tell one of several": (
        other('answers = ["Pau", "Dax"]', 'image = "a.png"', 'alt = "Une vue de Dax"'),
        [(9, "alt-tells", {})],
    ),
    "line break": (with_field('source = "a\\nb"'), [(8, "control", {"field": "source"})]),
    "tab": (with_field('source = "a\tb"'), [(8, "control", {"field": "source"})]),
    "delete": (with_field('source = "a\\u007fb"'), [(8, "control", {"field": "source"})]),
    "next line": (with_field('source = "a\\u0085b"'), [(8, "control", {"field": "source"})]),
    "turned text": (with_field('source = "a\\u202eb"'), [(8, "control", {"field": "source"})]),
    "line break in a choice": (
        GOOD.replace('"Lyon"', '"Ly\\non"'),
        [(12, "control", {"field": "wrong"})],
    ),
    "line break in the title": (
        GOOD.replace("Petit jeu", "Petit\\njeu"),
        [(1, "control", {"field": "title"})],
    ),
    "same question": (
        GOOD.replace('"Où ?"', '"QUI !"'),
        [(10, "duplicate", {"first": 6})],
    ),
    "after a line separator": (
        GOOD.replace('"Où ?"', '"O\u2028ù\u0085 ?"') + "zz = 1\n",
        [(10, "control", {"field": "prompt"}), (13, "unknown-field", {"field": "zz"})],
    ),
    "several at once, in order": (
        GOOD.replace('"fr"', '"de"') + "zz = 1\ndifficulty = 9\n",
        [
            (2, "locale", {"known": "fr, en"}),
            (13, "unknown-field", {"field": "zz"}),
            (14, "difficulty", {}),
        ],
    ),
    "too large": ("#" * (LARGEST + 1), [(1, "too-large", {"limit": LARGEST})]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_deck_is_refused_with_the_line_and_the_reason(case: str) -> None:
    text, expected = CASES[case]
    assert problems(text) == expected


@pytest.mark.parametrize("field", LIMITS)
def test_texts_have_a_longest_length(field: str) -> None:
    limit = LIMITS[field]
    lines = dict(line.split(" = ") for line in (HEAD + FIRST).splitlines() if "=" in line)

    def deck(length: int) -> str:
        fields = lines | {field: f'"{"x" * length}"'}
        top = [f"{key} = {fields[key]}" for key in fields if key in ("title", "locale", "licence")]
        rest = [
            f"{key} = {fields[key]}" for key in fields if key not in ("title", "locale", "licence")
        ]
        if field == "description":
            top.append(rest.pop())
        if field == "alt":
            rest.append('image = "a.png"')
        return "\n".join([*top, "[[question]]", *rest])

    read_deck(deck(limit), "x")
    ((_, code, facts),) = problems(deck(limit + 1))
    assert (code, facts) == ("too-long", {"field": field, "limit": limit})


def raised_in(name: str) -> Iterator[str]:
    """The codes of the problems that a module of the rules finds."""
    path = Path(__file__).parent.parent / "games" / name
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            function, code = node.func, node.args[1]
            finds = getattr(function, "id", getattr(function, "attr", "")) in ("Problem", "_flag")
            if finds and isinstance(code, ast.Constant):
                yield str(code.value)


def test_every_reason_has_its_sentence_and_a_case_here() -> None:
    seen = {code for _, expected in CASES.values() for _, code, _ in expected}
    raised = set(raised_in("deck.py")) | set(raised_in("deck_file.py"))
    assert seen == raised
    assert raised <= set(SENTENCES)


@pytest.mark.parametrize("speech", SPEECHES)
def test_a_refusal_names_the_file_and_the_line(speech: Speech) -> None:
    for text, expected in CASES.values():
        with pytest.raises(DeckError) as caught:
            read_deck(text, "jeu.toml")
        heading, *lines = refused(caught.value, speech)
        assert "jeu.toml" in heading
        for line, (number, _, _) in zip(lines, expected, strict=True):
            assert "jeu.toml" in line
            assert str(number) in line
            assert "{" not in line


def test_a_deck_with_one_error_is_refused_whole(tmp_path: Path) -> None:
    many = "".join(f'\n[[question]]\nprompt = "Q{n}"\nanswer = "R{n}"\n' for n in range(30))
    assert len(read_deck(HEAD + many, "x").questions) == 30
    bad = HEAD + many.replace('answer = "R29"', "answer = 29")
    assert [code for _, code, _ in problems(bad)] == ["wrong-type"]
    (tmp_path / "good.toml").write_text(GOOD, "utf-8")
    (tmp_path / "bad.toml").write_text(bad, "utf-8")
    with pytest.raises(DeckError) as caught:
        Decks.shipped(tmp_path)
    assert caught.value.name == "bad.toml"


# Files


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "jeu.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert load_file(path) == read_deck(GOOD, "jeu.toml")


@pytest.mark.parametrize(
    "data", [b"\xff\xfe" + GOOD.encode("utf-16-le"), GOOD.encode("latin-1"), b"\x80"]
)
def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "jeu.toml"
    path.write_bytes(data)
    with pytest.raises(DeckError) as caught:
        load_file(path)
    assert [(p.line, p.code) for p in caught.value.problems] == [(1, "unreadable")]


def test_a_file_that_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(DeckError) as caught:
            load_file(path)
        assert [p.code for p in caught.value.problems] == ["unreadable"]


def test_a_huge_file_is_refused_without_being_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "jeu.toml"
    path.write_bytes("é".encode() * (LARGEST * 2 + 1))
    with pytest.raises(DeckError) as caught:
        load_file(path)
    assert [p.code for p in caught.value.problems] == ["too-large"]


def test_decks_of_a_folder_come_beside_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "petit-jeu.toml").write_text(GOOD, "utf-8")
    decks = Decks.shipped(tmp_path)
    assert decks.find("PETIT JEU", "fr").name == "petit-jeu"
    assert len(decks.all) == len(Decks.shipped().all) + 1


def test_decks_are_found_whatever_case_and_accents_and_near_ones_offered() -> None:
    decks = Decks.shipped()
    for typed in ("litterature", "Littérature", "LITTÉRATURE !"):
        assert decks.find(typed, "en").locale == "fr"
    assert decks.find("", "fr").locale == "fr"
    assert decks.find(" ", "en").locale == "en"
    with pytest.raises(Refusal) as caught:
        decks.find("literatur", "fr")
    assert caught.value.code == "no-deck"
    assert str(caught.value.facts["decks"]).startswith("literature")


# Drawing


def _deck(count: int) -> Deck:
    questions = tuple(Question(f"Q{n}", f"R{n}", deck="x") for n in range(count))
    return Deck("x", "x", "fr", "", "CC0", "", questions)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 30), st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_a_draw_depends_on_its_seed_alone_and_repeats_nothing(
    size: int, count: int, seed: int
) -> None:
    deck = _deck(size)
    drawn = draw([Share(deck)], count, seed)
    assert drawn == draw([Share(_deck(size))], count, seed)
    assert len(drawn) == min(count, size)
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(deck.questions)


def test_other_seeds_draw_other_questions_and_every_question_comes() -> None:
    deck = _deck(10)
    draws = {draw([Share(deck)], 3, seed) for seed in range(100)}
    assert len(draws) > 80
    assert {question for drawn in draws for question in drawn} == set(deck.questions)


# Whatever is in the file

FIELDS = (
    "title",
    "locale",
    "licence",
    "question",
    "prompt",
    "answer",
    "wrong",
    "order",
    "alt",
    "zz",
)
KEYS = st.sampled_from(FIELDS) | st.text(max_size=6)
SCALARS: st.SearchStrategy[Any] = (
    st.text(max_size=12)
    | st.sampled_from(["fr", "en", "", "x" * 250, "?!", "a\nb", "[[question]]"])
    | st.integers()
    | st.sampled_from([..., -1, 1, 2, 3, True, False])
    | st.floats()
    | st.dates()
    | st.times()
    | st.datetimes()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=6,
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "prompt": st.sampled_from(["Qui ?", "Où ?", "Quand ?"]) | VALUES,
        "answer": st.sampled_from(["Zola", "A", "+"]) | VALUES,
        "accept": st.lists(st.text(min_size=1, max_size=5), max_size=2) | VALUES,
        "wrong": st.lists(st.sampled_from("ABCDEF+"), max_size=6) | VALUES,
        "answers": st.lists(st.sampled_from("ABCDEF"), max_size=6) | VALUES,
        "order": st.lists(st.sampled_from("ABCDEF"), max_size=7) | VALUES,
        "truth": st.booleans() | VALUES,
        "number": st.floats() | st.integers() | VALUES,
        "unlike": st.lists(st.sampled_from(["Zora", "Zola", "+"]), max_size=2) | VALUES,
        "image": st.sampled_from(["a.png", "a/b.png", "https://a.b/c", "https://a"]) | VALUES,
        "alt": st.sampled_from(["Zola", "Un homme", "A"]) | VALUES,
        "audience": st.sampled_from(["all", "teens", "cats"]) | VALUES,
        "work": st.text(max_size=90) | VALUES,
        "difficulty": st.integers(0, 4) | VALUES,
        "person": st.booleans() | VALUES,
        "zz": VALUES,
    },
)
DATA = st.fixed_dictionaries(
    {"title": st.just("t") | VALUES, "locale": st.sampled_from(["fr", "en"]) | VALUES},
    optional={
        "licence": st.just("CC0") | VALUES,
        "question": st.lists(ROWS, min_size=1, max_size=4) | VALUES,
        "extra": VALUES,
    },
)


def toml(value: Any) -> str:
    """A value as TOML on one line."""
    match value:
        case bool():
            return str(value).lower()
        case _ if value is ...:
            return "0x" + "f" * 5000
        case str():
            return json.dumps(value).replace("\x7f", "\\u007f")
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{toml(k)} = {toml(v)}' for k, v in value.items())} }}"
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def document(data: dict[str, Any]) -> str:
    """A deck file that holds `data`, with questions as blocks where they can be."""
    rows = data.get("question")
    blocks = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    lines = [f"{toml(k)} = {toml(v)}" for k, v in data.items() if not blocks or k != "question"]
    for row in rows if blocks and rows else []:
        lines += ["", "[[question]]", *(f"{toml(k)} = {toml(v)}" for k, v in row.items())]
    return "\n".join(lines) + "\n"


def attempt(text: str) -> Deck | DeckError:
    """Read a text, whatever comes of it."""
    try:
        return read_deck(text, "x.toml")
    except DeckError as error:
        return error


def taken_or_refused(text: str) -> Deck | None:
    """Read a text: a deck that can be played, or a refusal that can be shown."""
    got = attempt(text)
    if isinstance(got, Deck):
        quiz = Quiz(QuizOptions(got.title, got.locale, got.questions), 1)
        assert quiz.play(Ticked(), 0)
        return got
    lines = [found.line for found in got.problems]
    assert lines
    assert lines == sorted(lines)
    assert lines[0] >= 1
    assert lines[-1] <= text.count("\n") + 1
    assert all(problem(found, speech) for found in got.problems for speech in SPEECHES)
    return None


@settings(max_examples=150, deadline=None)
@given(DATA)
def test_any_data_make_a_deck_or_a_deck_error(data: dict[str, Any]) -> None:
    taken_or_refused(document(data))


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GOOD)),
    st.integers(0, 12),
    st.text(max_size=6)
    | st.sampled_from(
        ['"', '"""', "[[question]]", "\r", "\x00", "[" * 3000, "{", "= 1e999\n", "#"]
    ),
)
def test_any_damage_to_a_file_makes_a_deck_or_a_deck_error(at: int, cut: int, put: str) -> None:
    taken_or_refused(GOOD[:at] + put + GOOD[at + cut :])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.text("[]{}\"=.\n #'0123xfe-:T", max_size=60))
def test_any_text_makes_a_deck_or_a_deck_error(text: str) -> None:
    taken_or_refused(text)


def test_the_two_random_files_above_are_sometimes_taken() -> None:
    data: dict[str, Any] = {
        "title": "t",
        "locale": "fr",
        "licence": "CC0",
        "question": [{"prompt": "Qui ?", "answer": "+"}],
    }
    assert taken_or_refused(document(data)) is None
    data["question"] = [{"prompt": "Qui ?", "answer": "A", "wrong": ["B"]}]
    assert taken_or_refused(document(data)) is not None


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("wrong", [1, 2, 3, 4, 5])
def test_the_longest_deck_taken_still_fits_a_line_of_twitch(locale: str, wrong: int) -> None:
    def deck(length: int) -> str:
        choices = [f"{LETTERS[n]}{'x' * (length - 1)}" for n in range(wrong + 1)]
        answer, *others = (json.dumps(choice) for choice in choices)
        prompt = "p" * LIMITS["prompt"]
        return f'{HEAD}[[question]]\nprompt = "{prompt}"\nanswer = {answer}\nwrong = [{", ".join(others)}]\n'

    length = LIMITS["answer"]
    while not isinstance(got := attempt(deck(length)), Deck):
        assert [p.code for p in got.problems] == ["too-long"]
        length -= 1
    (question,) = got.questions
    assert length == LIMITS["answer"] if wrong <= 3 else 30 < length < LIMITS["answer"]
    choices = (question.answer, *question.wrong)
    parts = asked(Asked(50, 50, question.prompt, choices, 299), Speech(locale))
    assert compose(parts, 500, " · ") == " · ".join(parts)


# The schema, for editors

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "deck.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

BEYOND = {
    "duplicate",
    "same-choice",
    "unanswerable",
    "unlike-right",
    "alt-tells",
    "syntax",
    "too-large",
}
"""What a schema cannot say: it compares no texts."""


def told_by_schema(text: str) -> bool | None:
    """Whether the schema finds something wrong; None when there is nothing to look at."""
    if len(text) > LARGEST:
        return None
    try:
        return not VALIDATOR.is_valid(tomllib.loads(text))
    except (ValueError, RecursionError):  # also: jsonschema writes out a number of 5,000 digits
        return None


def beyond(code: str, facts: Mapping[str, Any]) -> bool:
    """Whether a problem is one that a schema cannot say: texts compared, or counted together."""
    fixed = (*LIMITS.values(), HINT, OTHERWISE)
    return code in BEYOND or (code == "too-long" and facts["limit"] not in fixed)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("case", CASES)
def test_the_schema_says_of_a_bad_deck_what_the_rules_say(case: str) -> None:
    text, expected = CASES[case]
    found = told_by_schema(text)
    if found is not None and case != "no number":  # JSON knows no NaN
        assert found == any(not beyond(code, facts) for _, code, facts in expected)


@pytest.mark.parametrize("name", sorted(Decks.shipped().all))
def test_the_schema_takes_the_shipped_decks(name: str) -> None:
    deck = Decks.shipped().all[name]
    path = Path(__file__).parent.parent / "games" / "decks" / f"{deck.name}.toml"
    VALIDATOR.validate(tomllib.loads(path.read_text("utf-8")))


def test_the_schema_takes_every_kind_of_question() -> None:
    for lines in (
        'answers = ["Pau", "Dax"]\nwrong = ["Lyon"]',
        'answers = ["Pau", "Dax"]\nwrong = []',
        'order = ["un", "deux", "trois"]',
        "truth = false",
        'answer = "37 ans"\nnumber = 37',
        'answer = "Zola"\nunlike = ["Zora"]\naccept = []',
        'answer = "Zola"\nimage = "a.PNG"\nalt = "Un homme"\nwork = ""\naudience = "all"',
    ):
        assert isinstance(attempt(other(lines)), Deck)
        assert told_by_schema(other(lines)) is False


@settings(max_examples=300, deadline=None)
@given(DATA)
def test_the_schema_and_the_rules_agree_on_any_data(data: dict[str, Any]) -> None:
    text = document(data)
    got, found = attempt(text), told_by_schema(text)
    if isinstance(got, Deck):
        assert found is False
    elif found is False:
        told = [p for p in got.problems if not beyond(p.code, p.facts)]
        numbers = re.search(r"\bnan\b|= \d\.0$", text, re.MULTILINE)
        assert not told or numbers  # JSON knows no NaN, and takes 2.0 for a whole number


def test_the_schema_and_the_rules_know_the_same_fields_and_limits() -> None:
    fields = SCHEMA["$defs"]["question"]["properties"]
    assert set(fields) == set(QUESTION_FIELDS)
    assert set(SCHEMA["properties"]) == set(DECK_FIELDS)
    for name, field in (fields | SCHEMA["properties"]).items():
        assert field["description"]
        if name in LIMITS:
            assert field["maxLength"] == LIMITS[name]
    for name, (least, most) in COUNTS.items():
        assert fields[name].get("minItems", least) == least
        assert fields[name]["maxItems"] == most
