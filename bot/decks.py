"""The decks at hand: those shipped, those a host put into a folder, and over them those imported from the chat."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

from rapidfuzz import process

from bot.storage.decks import Remembered
from games.core import Refusal
from games.deck import LARGEST, Deck, DeckError, Problem, Share, read_deck
from games.matching import fold
from games.question import Question


def load_file(path: Path) -> Deck:
    """Return the deck in a file; raises `DeckError` with everything that is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST * 4 + 1)
        if len(data) > LARGEST * 4:
            raise DeckError(path.name, [Problem(1, "too-large", {"limit": LARGEST})])
        return read_deck(data.decode("utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise DeckError(path.name, [Problem(1, "unreadable", {})]) from error


FIRST = {"fr": "litterature", "en": "literature"}
"""The deck of a host who names none."""


class Decks:
    """Decks by name. Names and titles are found whatever their case and accents.

    Imported decks and remembered answers lie over the others, which stay as they are below.
    """

    def __init__(self, decks: Iterable[Deck], first: str | None = None) -> None:
        """`first` names the deck of a host who names none, in place of the usual one."""
        self._first = first
        self._pictures: dict[str, bytes] = {}
        self._below = {fold(deck.name): deck for deck in decks}
        self._above: dict[str, Deck] = {}
        self._decks = self._below

    @classmethod
    def shipped(cls, folder: Path | None = None) -> "Decks":
        """Return the shipped decks and those in `folder`; `DeckError` refuses a file as a whole."""
        packaged = resources.files("games.decks")
        entries = sorted(
            (e for e in packaged.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name
        )
        decks = [read_deck(entry.read_text("utf-8"), entry.name) for entry in entries]
        if folder is not None:
            decks += [load_file(path) for path in sorted(folder.glob("*.toml"))]
        return cls(decks)

    @property
    def all(self) -> Mapping[str, Deck]:
        """Every deck by its folded name."""
        return self._decks

    def lay(self, decks: Iterable[Deck], remembered: Iterable[Remembered]) -> None:
        """Lay decks over those at hand, in place of namesakes, and accept remembered answers to words.

        What was laid before is lifted off.
        """
        self._above = {fold(deck.name): deck for deck in decks}
        known = list(remembered)
        every = {**self._below, **self._above}
        self._decks = {key: _accepting(deck, known) for key, deck in every.items()}

    def is_below(self, name: str) -> bool:
        """Return whether a deck of that name is shipped or in the folder."""
        return fold(name) in self._below

    def is_above(self, name: str) -> bool:
        """Return whether a deck of that name was imported."""
        return fold(name) in self._above

    def repeated(self, deck: Deck, lines: Sequence[int]) -> list[Problem]:
        """Return the questions that other decks hold as well; `lines` says where each stands in its file."""
        others = [other for key, other in self._decks.items() if key != fold(deck.name)]
        holders = {fold(question.prompt): other for other in others for question in other.questions}
        return [
            Problem(line, "in-another-deck", {"deck": holders[prompt].name})
            for line, prompt in zip(lines, (fold(q.prompt) for q in deck.questions), strict=True)
            if prompt in holders
        ]

    def picture(self, name: str) -> bytes | None:
        """Return a question's picture by "deck/file", or None when there is none of that name."""
        return self._pictures.get(name)

    def default(self, locale: str) -> Deck:
        """Return the deck of a host who names none: the usual one of the language, else any in it, else any."""
        usual = self._decks.get(fold(self._first or FIRST.get(locale, "")))
        found = (deck for deck in self._decks.values() if deck.locale == locale)
        return usual or next(found, next(iter(self._decks.values())))

    def find(self, name: str, locale: str) -> Deck:
        """Return the deck that `name` (or nothing) means, by name or title.

        Raises:
            Refusal: `no-deck`, with the names of decks to try, nearest first.
        """
        key = fold(name)
        if not key:
            return self.default(locale)
        if key in self._decks:
            return self._decks[key]
        for deck in self._decks.values():
            if key == fold(deck.title):
                return deck
        raise Refusal("no-deck", name=name[:60], decks=", ".join(self.nearest(name, locale)))

    def mix(self, text: str, locale: str) -> list[Share]:
        """Return the decks in "litterature + jeunesse*2", each with its weight (1 to 9).

        Raises:
            Refusal: `no-deck`; `mixed-languages`, since answers are judged in one.
        """
        shares = [self._share(part, locale) for part in text.split("+")]
        if len({share.deck.locale for share in shares}) > 1:
            raise Refusal("mixed-languages")
        return shares

    def _share(self, part: str, locale: str) -> Share:
        weighted = re.fullmatch(r"(.*?)\s*[*×]\s*([1-9])\s*", part, re.DOTALL)
        name, weight = (weighted[1], int(weighted[2])) if weighted else (part, 1)
        return Share(self.find(name, locale), weight)

    def nearest(self, typed: str, locale: str, limit: int = 5) -> list[str]:
        """Return deck names near to what was typed; those in the room's language first when nothing was."""
        names = sorted(
            (d for d in self._decks.values()), key=lambda d: (d.locale != locale, d.name)
        )
        if not fold(typed):
            return [deck.name for deck in names[:limit]]
        labels = {deck.name: fold(f"{deck.name} {deck.title}") for deck in names}
        return [key for _, _, key in process.extract(fold(typed), labels, limit=limit)]


def _accepting(deck: Deck, remembered: Iterable[Remembered]) -> Deck:
    """Return a deck that takes the answers remembered for it."""
    more: dict[str, list[str]] = {}
    for row in remembered:
        if row.deck == deck.name:
            more.setdefault(row.prompt, []).append(row.answer)
    if not more:
        return deck
    return replace(
        deck, questions=tuple(_taking(q, more.get(q.prompt, ())) for q in deck.questions)
    )


def _taking(question: Question, answers: Iterable[str]) -> Question:
    new = tuple(answer for answer in answers if answer not in question.accept)
    if not new or question.kind != "text":
        return question
    return replace(question, accept=(*question.accept, *new))
