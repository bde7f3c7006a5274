"""The decks that come with the bot: every question can be answered, shown everywhere, checked, and reads well."""

import random
import re
import struct
from collections import Counter
from collections.abc import Iterator
from importlib import resources

import pytest

from bot.decks import Decks, own_pictures
from bot.wording.quiz import asked, closed
from bot.wording.speech import Speech, compose
from games.core import Player
from games.deck import Deck, read_deck
from games.matching import AnswerKey, Verdict, fold, judge, key_of
from games.question import LETTERS, Prompt, Question, prepare
from games.quiz import Solver
from games.quiz_events import Asked, Closed

TWITCH_LINE = 500
DISCORD_BUTTON = 80
NARROW = "\u202f"


def _shipped() -> list[Deck]:
    folder = resources.files("games.decks")
    files = sorted((e for e in folder.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name)
    return [read_deck(file.read_text("utf-8"), file.name) for file in files]


DECKS = _shipped()
each_deck = pytest.mark.parametrize("deck", DECKS, ids=[deck.name for deck in DECKS])


EVENING = {"literature": 40, "litterature": 40, "ecritures": 10, "mixed-bag": 16}
"""The least number of questions of a deck, where it is not 20."""


def texts(question: Question) -> Iterator[str]:
    yield from (question.prompt, question.answer, question.explanation, question.source)
    yield from (question.work, question.theme, question.alt)
    for several in (question.accept, question.unlike, question.wrong, question.answers):
        yield from several
    yield from question.order


def choices_of(question: Question) -> tuple[str, ...]:
    """Every choice of a question, the right ones first."""
    if question.kind == "order":
        return question.order
    right = question.answers or ((question.answer,) if question.wrong else ())
    return (*right, *question.wrong)


def ready(question: Question, locale: str) -> Prompt:
    return prepare(question, locale, random.Random(1))


def test_there_is_a_deck_in_each_language() -> None:
    assert {("literature", "en"), ("litterature", "fr")} <= {(d.name, d.locale) for d in DECKS}
    assert {deck.name for deck in Decks.shipped().all.values()} == {deck.name for deck in DECKS}


@each_deck
def test_a_deck_is_enough_for_an_evening_and_says_where_it_comes_from(deck: Deck) -> None:
    assert len(deck.questions) >= EVENING.get(deck.name, 20)
    assert deck.title
    assert deck.author
    assert deck.licence == "CC BY-SA 4.0"
    assert deck.description


@each_deck
def test_no_question_comes_twice(deck: Deck) -> None:
    assert len({fold(question.prompt) for question in deck.questions}) == len(deck.questions)
    answers = [question.answer for question in deck.questions if question.answer]
    asked_for = Counter(key_of(answer, deck.locale) for answer in answers)
    assert [answer for answer, times in asked_for.items() if times > 1] == []


@each_deck
def test_a_deck_mixes_kinds_and_difficulties(deck: Deck) -> None:
    kinds = Counter(question.kind for question in deck.questions)
    assert deck.name == "au-plus-pres" or max(kinds.values()) <= 0.75 * len(deck.questions)
    assert {question.difficulty for question in deck.questions} == {1, 2, 3}


def test_there_are_questions_of_every_kind_in_each_language() -> None:
    least = {
        "fr": {"several": 12, "order": 10, "truth": 14, "number": 20, "choice": 150, "text": 90},
        "en": {"several": 6, "order": 4, "truth": 6, "choice": 80, "text": 50},
    }
    for locale, wanted in least.items():
        found = Counter(q.kind for deck in DECKS if deck.locale == locale for q in deck.questions)
        assert all(found[kind] >= count for kind, count in wanted.items()), (locale, found)
    assert sum(len(deck.questions) for deck in DECKS if deck.locale == "fr") >= 300
    assert sum(len(deck.questions) for deck in DECKS if deck.locale == "en") >= 150


@each_deck
def test_as_many_statements_are_true_as_false(deck: Deck) -> None:
    truths = Counter(q.truth for q in deck.questions if q.truth is not None)
    assert truths[True] == truths[False]


@each_deck
def test_a_question_says_what_it_is_about_and_names_the_work_it_names(deck: Deck) -> None:
    opening, closing = {"fr": ("«", "»"), "en": ("“", "”")}[deck.locale]
    for question in deck.questions:
        assert question.theme
        assert question.work.count(opening) == question.work.count(closing)
        assert not question.work or question.work.startswith(opening)
    named = sum(bool(question.work) for question in deck.questions) / len(deck.questions)
    about_books = not deck.name.startswith(("bearn", "bibl", "ecri", "libr", "sci"))
    assert named >= 0.5 or not about_books


def test_there_are_questions_for_children_in_each_language() -> None:
    for name in ("jeunesse", "childrens-books"):
        [deck] = [deck for deck in DECKS if deck.name == name]
        children = sum(question.audience == "children" for question in deck.questions)
        assert children >= 0.7 * len(deck.questions)


@each_deck
def test_every_accepted_answer_is_right(deck: Deck) -> None:
    for question in deck.questions:
        if question.kind not in ("text", "choice"):
            continue
        accepted = (question.answer, *question.accept)
        key = AnswerKey(accepted, locale=deck.locale, wrong=question.unlike, person=question.person)
        for answer in accepted:
            assert key.judge(answer) is Verdict.RIGHT
            assert key.judge(answer.upper()) is Verdict.RIGHT
            assert key.judge(fold(answer)) is Verdict.RIGHT
        for wrong in question.unlike:
            assert key.judge(wrong) is not Verdict.RIGHT


@each_deck
def test_what_is_shown_as_right_is_right_when_it_is_typed(deck: Deck) -> None:
    for question in deck.questions:
        prompt = ready(question, deck.locale)
        typed = prompt.answer
        if question.kind in ("several", "order"):
            typed = " ".join(LETTERS[index] for index in prompt.right)
        elif question.kind == "number":
            typed = re.sub(r"\D", "", question.answer)
        reply = prompt.read(typed)
        assert reply is not None, typed
        assert prompt.is_right(reply)


@each_deck
def test_the_wrong_choices_are_wrong_when_they_are_typed(deck: Deck) -> None:
    for question in deck.questions:
        prompt = ready(question, deck.locale)
        for wrong in question.wrong:
            reply = prompt.read(wrong)
            assert reply is not None
            assert not prompt.is_right(reply)
        if question.truth is not None:
            assert not prompt.is_right(prompt.choose([prompt.choices.index(_not(prompt))]))


def _not(prompt: Prompt) -> str:
    return next(text for at, text in enumerate(prompt.choices) if at not in prompt.right)


@each_deck
def test_no_wrong_choice_is_right(deck: Deck) -> None:
    for question in deck.questions:
        choices = choices_of(question)
        right = question.answers or (question.answer,)
        for wrong in question.wrong:
            assert judge(wrong, right, locale=deck.locale) is not Verdict.RIGHT
        keys = [key_of(choice, deck.locale) for choice in choices]
        assert len(set(keys)) == len(keys)
        assert not set(keys) & set(LETTERS.lower())


@each_deck
def test_the_right_choice_is_not_the_only_one_of_its_look(deck: Deck) -> None:
    for question in deck.questions:
        for mark in ("«", "“", "("):
            alike = [wrong.startswith(mark) for wrong in question.wrong]
            for right in question.answers or (question.answer,):
                assert right.startswith(mark) in alike or not question.wrong


@each_deck
def test_a_question_does_not_give_its_answer_away(deck: Deck) -> None:
    for question in deck.questions:
        right = (question.answer, *question.accept, *question.answers)
        answers = {key_of(answer, deck.locale) for answer in right if answer}
        for shown in (question.prompt, question.alt):
            assert not [answer for answer in answers if f" {answer} " in f" {fold(shown)} "]


@each_deck
def test_a_question_says_why_and_where_to_check(deck: Deck) -> None:
    for question in deck.questions:
        assert len(question.explanation) > 20
        assert len(question.source) > 5
        assert all(text == text.strip() and "  " not in text for text in texts(question))


@each_deck
def test_a_question_fits_a_button_and_a_line(deck: Deck) -> None:
    for question in deck.questions:
        choices = ready(question, deck.locale).choices
        for letter, choice in zip(LETTERS, choices, strict=False):
            assert len(f"{letter} · {choice}") <= DISCORD_BUTTON
        for locale in ("fr", "en"):
            event = Asked(40, 40, question.prompt, choices, 599, question.kind, question.alt)
            parts = asked(event, Speech(locale))
            line = compose(parts, TWITCH_LINE, " · ")
            assert line == compose(parts, 10 * TWITCH_LINE, " · ")
            assert all(text in line for text in (*choices, question.alt))


@each_deck
def test_an_answer_fits_a_line_with_two_long_names(deck: Deck) -> None:
    for question in deck.questions:
        prompt = ready(question, deck.locale)
        for solvers in (0, 1, 2, 3, 40):
            event = Closed(
                number=40,
                total=40,
                answer=prompt.answer,
                right=prompt.right,
                explanation=question.explanation,
                source=question.source,
                work=question.work,
                solvers=tuple(Solver(Player(n, "discord"), 299.0) for n in range(1, solvers + 1)),
                answered=solvers,
            )
            for locale in ("fr", "en"):
                parts = closed(event, Speech(locale), lambda number: f"{number:02d}".ljust(25, "W"))
                line = compose(parts, TWITCH_LINE, " ")
                assert line == " ".join(part for part in parts if part)
                assert prompt.answer in line
                assert question.explanation in line
                assert question.work in line


# --- Pictures -------------------------------------------------------------------------------------------------


@each_deck
def test_every_picture_is_there_small_and_found_by_what_a_question_calls_it(deck: Deck) -> None:
    decks = Decks.shipped()
    for name in own_pictures(deck):
        data = decks.picture(f"{deck.name}/{name}")
        assert data is not None
        assert len(data) < 20_000
        width, height = struct.unpack(">LL", data[16:24])
        assert (width, height) == (640, 280)


@each_deck
def test_a_picture_is_described_in_words_that_are_enough_to_play(deck: Deck) -> None:
    for question in deck.questions:
        assert bool(question.image) == bool(question.alt)
        assert not question.image or len(question.alt) > 40


def test_there_is_a_deck_of_pictures_and_no_picture_that_no_question_shows() -> None:
    shown = {name for deck in DECKS for name in own_pictures(deck)}
    files = {entry.name for entry in resources.files("games.decks").iterdir()}
    assert len(shown) >= 8
    assert shown == {name for name in files if name.endswith((".png", ".jpg", ".webp", ".gif"))}


# --- Typography -----------------------------------------------------------------------------------------------


def french_faults(text: str) -> list[str]:
    """What a French typographer would mark in a text."""
    faults = re.findall(r".?['\"].?", text)
    faults += re.findall(rf"[^{NARROW}!?][;!?]", text)
    faults += re.findall(rf"[^{NARROW}]:(?!//)", text)
    faults += re.findall(rf"«[^{NARROW}]|[^{NARROW}]»", text)
    faults += re.findall(r"\.\.\.|\s[,.…]|[\u00a0 ][;:!?»]", text)
    faults += re.findall(r"\b[a-zA-Z]?[Oo]eu\w*", text)
    return faults


def in_language(locale: str) -> list[str]:
    """Every text of the decks in a language, without the titles in sources: they may be in any."""
    written = []
    for deck in (deck for deck in DECKS if deck.locale == locale):
        written += [deck.title, deck.description]
        for question in deck.questions:
            source = re.sub(rf"«{NARROW}[^»]*{NARROW}»", f"«{NARROW}x{NARROW}»", question.source)
            written += [text for text in texts(question) if text != question.source] + [source]
    return written


def test_french_typography() -> None:
    assert [french_faults(text) for text in in_language("fr") if french_faults(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "l'été",
        "Qui ?",
        "Qui\u00a0?",
        "Qui?",
        "« Nana »",
        "«Nana»",
        '"Nana"',
        "a ; b",
        "a: b",
        "Bon...",
        "soeur",
    ],
)
def test_the_typographer_sees_faults(text: str) -> None:
    assert french_faults(text)


def test_english_typography() -> None:
    for text in in_language("en"):
        assert not re.search(r"['\"«»]|\.\.\.|\s[,.;:!?…]", text)
        assert text.count("“") == text.count("”")
