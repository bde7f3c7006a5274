"""The decks at hand: those shipped and those a host put into a folder, with the pictures beside them; and over them
those imported from the chat.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePath

from rapidfuzz import process

from bot.storage.decks import Remembered
from games.core import Refusal
from games.deck import LARGEST, Deck, DeckError, Problem, Share, read_deck
from games.deck_file import Lines, is_address, is_picture_name
from games.matching import fold
from games.question import Question

LARGEST_PICTURE = 1
"""Megabytes in one picture."""
_MOST_BYTES = LARGEST_PICTURE * 1_000_000

_BEGINNINGS = {
    "png": rb"\x89PNG\r\n\x1a\n",
    "jpg": rb"\xff\xd8\xff",
    "jpeg": rb"\xff\xd8\xff",
    "gif": rb"GIF8[79]a",
    "webp": rb"RIFF....WEBP",
}
"""How a picture's bytes begin, by the ending of its name."""

_KEPT = 16
"""Pictures that stay in memory: a board is edited often while its question is open."""


def load_file(path: Path) -> Deck:
    """Return the deck in a file; raises `DeckError` with everything that is wrong, its pictures included."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST * 4 + 1)
        if len(data) > LARGEST * 4:
            raise DeckError(path.name, [Problem(1, "too-large", {"limit": LARGEST})])
        return _read(data.decode("utf-8-sig"), path.name, path.parent)
    except (OSError, UnicodeDecodeError) as error:
        raise DeckError(path.name, [Problem(1, "unreadable", {})]) from error


def _read(text: str, name: str, folder: Traversable) -> Deck:
    deck = read_deck(text, name)
    problems = list(_picture_problems(deck, Lines(text), folder))
    if problems:
        raise DeckError(name, problems)
    return deck


def _picture_problems(deck: Deck, lines: Lines, folder: Traversable) -> Iterator[Problem]:
    for index, question in enumerate(deck.questions):
        if question.image and not is_address(question.image):
            data = picture_beside(folder, question.image)
            problem = picture_problem(question.image, data, lines.field("image", index))
            if problem is not None:
                yield problem


def picture_problem(name: str, data: bytes | None, line: int) -> Problem | None:
    """Return what is wrong with a picture that stands beside a deck and is named on a line, or None."""
    if data is None:
        return Problem(line, "no-picture", {"name": name[:60]})
    if len(data) > _MOST_BYTES:
        return Problem(line, "picture-large", {"name": name, "limit": LARGEST_PICTURE})
    if not is_picture(data, name):
        return Problem(line, "picture-type", {"name": name})
    return None


def is_picture(data: bytes, name: str) -> bool:
    """Return whether a file's first bytes are those of the kind of picture that its name says."""
    beginning = _BEGINNINGS.get(PurePath(name).suffix[1:].lower())
    return beginning is not None and re.match(beginning, data, re.DOTALL) is not None


def own_pictures(deck: Deck) -> Sequence[str]:
    """Return the names of the picture files that stand beside a deck."""
    images = (question.image for question in deck.questions)
    return sorted({image for image in images if image and not is_address(image)})


def picture_beside(folder: Traversable, name: str) -> bytes | None:
    """Return the file of a picture, or as much of it as tells that it is too large; None when it cannot be read."""
    if not is_picture_name(name):
        return None
    try:
        with (folder / name).open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except OSError:
        return None


FIRST = {"fr": "litterature", "en": "literature"}
"""The deck of a host who names none."""


class Decks:
    """Decks by name. Names and titles are found whatever their case and accents.

    Imported decks and remembered answers lie over the others, which stay as they are below.
    """

    def __init__(
        self,
        decks: Iterable[Deck],
        first: str | None = None,
        folders: Mapping[str, Traversable] | None = None,
    ) -> None:
        """`first` names the deck of a host who names none, in place of the usual one; `folders` says by a deck's name
        where its pictures are.
        """
        self._first = first
        self._folders = dict(folders or {})
        self._loaded = lru_cache(maxsize=_KEPT)(self._load)
        self._below = {fold(deck.name): deck for deck in decks}
        self._above: dict[str, Deck] = {}
        self._decks = self._below

    @classmethod
    def shipped(cls, folder: Path | None = None, files: Sequence[Path] = ()) -> "Decks":
        """Return the shipped decks, those in `folder` and those in `files`, the first of which a host need not name.

        Raises:
            DeckError: refuses a file as a whole.
        """
        packaged = resources.files("games.decks")
        entries = sorted(
            (e for e in packaged.iterdir() if e.name.endswith(".toml")), key=lambda e: e.name
        )
        found = [(_read(e.read_text("utf-8"), e.name, packaged), packaged) for e in entries]
        own = sorted(folder.glob("*.toml")) if folder is not None else []
        found += [(load_file(path), path.parent) for path in (*own, *files)]
        first = found[len(found) - len(files)][0].name if files else None
        return cls((deck for deck, _ in found), first, {deck.name: at for deck, at in found})

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
        return self._loaded(name)

    def _load(self, name: str) -> bytes | None:
        deck, _, file = name.rpartition("/")
        folder = self._folders.get(deck)
        data = None if folder is None else picture_beside(folder, file)
        return data if data is not None and len(data) <= _MOST_BYTES else None

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
