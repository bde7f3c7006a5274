"""What importing a deck of a thousand questions costs, for every kind of file."""

import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from itertools import cycle
from statistics import median
from typing import Any

import openpyxl

from bench.figures import Figure, spread
from bot.formats import FORMATS, export_deck, import_deck
from games.deck import Deck
from games.question import Kind, Question

QUESTIONS = 1_000
MOST_SECONDS = 2.0


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the seconds from a file's bytes to a deck."""
    rounds = 1 if quick else 5
    for name, (data, file_name) in _files().items():
        times = [_time(data, file_name, name) for _ in range(rounds)]
        note = f"{len(data):,} bytes; {spread(times, 3)}"
        yield Figure(
            "formats",
            f"{name}, {QUESTIONS:,} questions",
            median(times),
            "s",
            most=MOST_SECONDS,
            note=note,
        )


def _time(data: bytes, file_name: str, format_name: str) -> float:
    began = time.perf_counter()
    imported = import_deck(data, file_name)
    spent = time.perf_counter() - began
    assert imported.format == format_name
    assert len(imported.deck.questions) == QUESTIONS
    return spent


WRONG = ("Victor Hugo", "George Sand", "Stendhal")
KINDS: Mapping[Kind, dict[str, Any]] = {
    "text": {"answer": "Émile Zola", "accept": ("Zola", "E. Zola"), "unlike": ("Émile Zora",)},
    "choice": {"answer": "Émile Zola", "wrong": WRONG},
    "several": {"answers": ("Émile Zola", "Guy de Maupassant"), "wrong": WRONG},
    "order": {"order": ("Voltaire", *WRONG)},
    "truth": {"truth": True},
    "number": {"answer": "1885", "number": 1885},
}
"""What is asked for each kind of question, beside the prompt."""


def _questions(*kinds: Kind) -> tuple[Question, ...]:
    """Return the questions, of these kinds by turns."""
    return tuple(
        Question(f"Qui a écrit le roman n° {n} de notre liste « Été » ?", **KINDS[kind])
        for n, kind in zip(range(QUESTIONS), cycle(kinds), strict=False)
    )


def _deck(*kinds: Kind) -> Deck:
    return Deck("jeu", "Jeu", "fr", "Pau", "CC0", "", _questions(*kinds))


def _files() -> dict[str, tuple[bytes, str]]:
    """Return a file of each format with its name; every kind that is written where decks are."""
    files = {
        name: (export_deck(_deck(*sorted(one.kinds)), name), f"jeu{one.suffixes[0]}")
        for name, one in FORMATS.items()
        if one.write
    }
    asked = _questions("choice")
    files["opentdb"] = (_opentdb(asked), "jeu.json")
    files["openquizzdb"] = (_openquizzdb(asked), "jeu.json")
    files["aiken"] = ("\n".join(map(_aiken, asked)).encode(), "jeu.txt")
    notes = "".join(f"{q.prompt}\t{q.answer}\n" for q in asked)
    files["anki"] = (f"#separator:tab\n#html:true\n{notes}".encode(), "jeu.txt")
    files["kahoot"] = (_kahoot(asked), "jeu.xlsx")
    assert set(files) == set(FORMATS)
    return files


def _opentdb(asked: tuple[Question, ...]) -> bytes:
    rows = [
        {
            "type": "multiple",
            "difficulty": "easy",
            "question": q.prompt,
            "correct_answer": q.answer,
            "incorrect_answers": q.wrong,
        }
        for q in asked
    ]
    return json.dumps({"response_code": 0, "results": rows}).encode()


def _openquizzdb(asked: tuple[Question, ...]) -> bytes:
    rows = [
        {"question": q.prompt, "propositions": [q.answer, *q.wrong], "réponse": q.answer}
        for q in asked
    ]
    return json.dumps({"fournisseur": "x", "quizz": {"fr": {"débutant": rows}}}, indent=2).encode()


def _aiken(question: Question) -> str:
    choices = (question.answer, *question.wrong)
    lettered = "\n".join(f"{'ABCD'[n]}. {text}" for n, text in enumerate(choices))
    return f"{question.prompt}\n{lettered}\nANSWER: A\n"


def _kahoot(asked: tuple[Question, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    answers = [f"Answer {n} - max 75 characters" for n in range(1, 5)]
    sheet.append(["Question", *answers, "Time limit (sec) – 5, 10, 20", "Correct answer(s)"])
    for q in asked:
        sheet.append([q.prompt, q.answer, *q.wrong, 20, 1])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
