"""The questions of the quizzes that are killed: every kind, each told by one word that no other question holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.decks import Decks
from games.deck import Deck
from games.question import Kind, Question


@dataclass(frozen=True, slots=True)
class Item:
    """One question: `word` tells it, `right` are its right choices in order, `alias` is what a host may accept too."""

    word: str
    kind: Kind
    question: Question
    right: tuple[str, ...] = ()

    @property
    def alias(self) -> str:
        """Return words that are wrong until a host accepts them: the word backwards."""
        return self.word[::-1]

    def letters(self, known: Mapping[str, str], *, right: bool) -> list[str]:
        """Return the letters to give, right or wrong; `known` holds the letter of each text."""
        good = [known[text] for text in self.right]
        match self.kind:
            case _ if right:
                return good
            case "several":
                return good[:1]
            case "order":
                return good[::-1]
            case _:
                return [next(letter for letter in known.values() if letter not in good)]

    def words(self, place: int, *, right: bool) -> str:
        """Return what to type or enter where nothing is to choose from; `place` makes wrong numbers differ."""
        if self.kind == "number":
            return self.word if right else str(1000 + 100 * place)
        return self.word if right else "aucune idée"


def _prompt(word: str) -> str:
    return f"Qu’est-ce qui commence par {word[:3]} ?"


def _text(word: str, *hints: str) -> Item:
    return Item(word, "text", Question(_prompt(word), word, hints=hints))


def _choice(word: str, *wrong: str) -> Item:
    return Item(word, "choice", Question(_prompt(word), word, wrong=wrong), (word,))


def _several(word: str) -> Item:
    right = (word, f"{word} bis")
    return Item(word, "several", Question(_prompt(word), answers=right, wrong=("rien",)), right)


def _order(word: str) -> Item:
    right = (f"{word} un", f"{word} deux", f"{word} trois")
    return Item(word, "order", Question(_prompt(word), order=right), right)


ITEMS = (
    _text("Bibliothèque"),
    _choice("Cathédrale", "Dune", "Étang"),
    _text("Grenouille", "Elle saute.", "Elle est verte."),
    Item(
        "Hippocampe", "truth", Question(_prompt("Hippocampe"), "Hippocampe", truth=True), ("Vrai",)
    ),
    _several("Kaléidoscope"),
    _order("Montgolfière"),
    Item("1885", "number", Question(_prompt("1885"), "1885", number=1885)),
    _text("Parapluie"),
)
BY_WORD = {item.word: item for item in ITEMS}


def decks() -> Decks:
    """Return the one deck that is played."""
    questions = tuple(item.question for item in ITEMS)
    return Decks((Deck("nuit", "Nuit", "fr", "", "", "", questions),))


def asked(text: str) -> Item | None:
    """Return the question that a text asks or repeats."""
    found = re.search(r"commence par (\w+) \?", text)
    return next((item for item in ITEMS if found and item.word.startswith(found[1])), None)


def named(text: str) -> Item | None:
    """Return the question whose answer a text names."""
    return next((item for item in ITEMS if item.word in text), None)
