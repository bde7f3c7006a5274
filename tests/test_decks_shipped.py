"""The decks that come with the bot: every question can be answered, shown everywhere, checked, and reads well."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources

import pytest

from bot.decks import Decks
from bot.wording.quiz import asked, closed
from bot.wording.speech import Speech, compose
from games.core import Player
from games.deck import Deck, read_deck
from games.matching import AnswerKey, Verdict, fold, judge, key_of
from games.question import LETTERS, Question
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


def texts(question: Question) -> Iterator[str]:
    yield from (question.prompt, question.answer, question.explanation, question.source)
    yield from question.accept
    yield from question.wrong


def test_there_is_a_deck_in_each_language() -> None:
    assert {("literature", "en"), ("litterature", "fr")} <= {(d.name, d.locale) for d in DECKS}
    assert {deck.name for deck in Decks.shipped().all.values()} == {deck.name for deck in DECKS}


@each_deck
def test_a_deck_is_enough_for_an_evening_and_says_where_it_comes_from(deck: Deck) -> None:
    assert len(deck.questions) >= (40 if deck.name in ("literature", "litterature") else 20)
    assert deck.title
    assert deck.author
    assert deck.licence == "CC BY-SA 4.0"
    assert deck.description


@each_deck
def test_no_question_comes_twice(deck: Deck) -> None:
    assert len({fold(question.prompt) for question in deck.questions}) == len(deck.questions)
    asked_for = Counter(key_of(question.answer, deck.locale) for question in deck.questions)
    assert [answer for answer, times in asked_for.items() if times > 1] == []


@each_deck
def test_a_deck_mixes_choices_and_free_text_and_difficulties(deck: Deck) -> None:
    if all(question.kind == "number" for question in deck.questions):
        return
    choices = sum(bool(question.wrong) for question in deck.questions) / len(deck.questions)
    assert 0.25 <= choices <= 0.75
    assert {question.difficulty for question in deck.questions} == {1, 2, 3}


@each_deck
def test_every_accepted_answer_is_right(deck: Deck) -> None:
    for question in deck.questions:
        accepted = (question.answer, *question.accept)
        key = AnswerKey(accepted, locale=deck.locale, person=question.person)
        for answer in accepted:
            assert key.judge(answer) is Verdict.RIGHT
            assert key.judge(answer.upper()) is Verdict.RIGHT
            assert key.judge(fold(answer)) is Verdict.RIGHT


@each_deck
def test_no_wrong_choice_is_right(deck: Deck) -> None:
    for question in deck.questions:
        choices = (question.answer, *question.wrong)
        for wrong in question.wrong:
            assert judge(wrong, (question.answer,), locale=deck.locale) is not Verdict.RIGHT
        keys = [key_of(choice, deck.locale) for choice in choices]
        assert len(set(keys)) == len(keys)
        assert not set(keys) & set(LETTERS.lower())


@each_deck
def test_the_right_choice_is_not_the_only_one_of_its_look(deck: Deck) -> None:
    for question in deck.questions:
        for mark in ("«", "“", "("):
            alike = [wrong.startswith(mark) for wrong in question.wrong]
            assert question.answer.startswith(mark) in alike or not question.wrong


@each_deck
def test_a_question_does_not_give_its_answer_away(deck: Deck) -> None:
    for question in deck.questions:
        answers = {key_of(answer, deck.locale) for answer in (question.answer, *question.accept)}
        words = f" {fold(question.prompt)} "
        assert not [answer for answer in answers if f" {answer} " in words]


@each_deck
def test_a_question_says_why_and_where_to_check(deck: Deck) -> None:
    for question in deck.questions:
        assert len(question.explanation) > 20
        assert len(question.source) > 5
        assert all(text == text.strip() and "  " not in text for text in texts(question))


@each_deck
def test_a_question_fits_a_button_and_a_line(deck: Deck) -> None:
    for question in deck.questions:
        choices = (question.answer, *question.wrong) if question.wrong else ()
        for letter, choice in zip(LETTERS, choices, strict=False):
            assert len(f"{letter} · {choice}") <= DISCORD_BUTTON
        for locale in ("fr", "en"):
            parts = asked(Asked(40, 40, question.prompt, choices, 299), Speech(locale))
            line = compose(parts, TWITCH_LINE, " · ")
            assert line == " · ".join(parts)
            assert all(choice in line for choice in choices)


@each_deck
def test_an_answer_fits_a_line_with_two_long_names(deck: Deck) -> None:
    for question in deck.questions:
        for solvers in (0, 1, 2, 3, 40):
            event = Closed(
                number=40,
                total=40,
                answer=question.answer,
                right=(3,) if question.wrong else (),
                explanation=question.explanation,
                source=question.source,
                solvers=tuple(Solver(Player(n, "discord"), 299.0) for n in range(1, solvers + 1)),
                answered=solvers,
            )
            for locale in ("fr", "en"):
                parts = closed(event, Speech(locale), lambda number: f"{number:02d}".ljust(25, "W"))
                line = compose(parts, TWITCH_LINE, " ")
                assert line == " ".join(part for part in parts if part)
                assert question.answer in line
                assert question.explanation in line


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
