"""Deck files: what is taken, what is refused, and that the line named is the line to mend."""

import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.decks import Decks, load_file
from bot.wording.decks import SENTENCES, problem, refused
from bot.wording.quiz import asked
from bot.wording.speech import Speech, compose
from games.core import Refusal, Ticked
from games.deck import LARGEST, LIMITS, Deck, DeckError, Share, draw, read_deck
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
        [(8, "choices", {"least": 1, "most": 5})],
    ),
    "six wrong choices": (
        with_field('wrong = ["a", "b", "c", "d", "e", "f"]'),
        [(8, "choices", {"least": 1, "most": 5})],
    ),
    "wrong like the answer": (GOOD.replace('"Lyon"', '"PAU !"'), [(12, "same-choice", {})]),
    "wrong twice": (GOOD.replace('"Lyon"', '"paris"'), [(12, "same-choice", {})]),
    "number with choices": (
        GOOD + "number = 3\n",
        [(12, "number-with-others", {"field": "wrong"})],
    ),
    "endless number": (with_field("number = inf"), [(8, "not-finite", {})]),
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
        [(13, "accept-with-choices", {})],
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
        return "\n".join([*top, "[[question]]", *rest])

    read_deck(deck(limit), "x")
    ((_, code, facts),) = problems(deck(limit + 1))
    assert (code, facts) == ("too-long", {"field": field, "limit": limit})


def test_every_reason_has_its_sentence_and_a_case_here(tmp_path: Path) -> None:
    seen = {code for _, expected in CASES.values() for _, code, _ in expected}
    rules = (Path(__file__).parent.parent / "games" / "deck.py").read_text("utf-8")
    raised = set(re.findall(r', "([a-z-]+)", \{', rules))
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

FIELDS = ("title", "locale", "licence", "question", "prompt", "answer", "wrong", "difficulty", "zz")
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
