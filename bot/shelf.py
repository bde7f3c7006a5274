"""The shelf: decks imported from the chat and answers that hosts had remembered, kept and laid over the decks at hand.

A deck joins and leaves without a restart. What was drawn from it before is not touched: a round has its own questions.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Self

import aiosqlite

from bot.clock import Clock
from bot.deck_reader import DeckReader
from bot.decks import Decks, own_pictures
from bot.people import People
from bot.quiz import read_wish
from bot.storage import decks as rows
from bot.storage import proposals
from bot.storage.database import Database
from bot.storage.decks import DeckRow, Remembered
from games.core import Refusal, Role
from games.deck import Deck, DeckError, Problem, read_deck
from games.matching import AnswerKey, Verdict, fold
from games.question import Question

log = logging.getLogger(__name__)

LONGEST_NAME = 40
"""Characters of an imported deck's name."""

MOST_REMEMBERED = 20
"""Answers remembered for one question."""

LICENCE = "CC BY-SA 4.0"
"""What whoever proposes a question agrees to."""

READ = ("native", "csv", "kahoot", "openquizzdb", "opentdb", "gift", "aiken", "anki", "red")
WRITTEN = ("native", "csv", "gift", "red")
"""The names in `bot.formats`, which is imported only once a deck comes or goes."""

LARGEST_FILE = 8
"""Megabytes in one file, as in `bot.formats`."""

REPLACE = ("replace", "remplacer", "remplace")
"""The words that let a deck take the place of its namesake, English first."""

Settle = Callable[[aiosqlite.Connection, str], Awaitable[None]]
"""Does something else in the transaction that keeps a deck, whose name it gets; nothing is kept when it raises."""


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What a host asked for beside the file; what is empty follows from the file."""

    name: str = ""
    format: str = ""
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """A deck that was imported, and what is worth a look: questions that came twice, lost something, or stand in
    another deck.

    `licensed` says whether the file states who may use it.
    """

    deck: Deck
    remarks: tuple[Problem, ...]
    licensed: bool


@dataclass(frozen=True, slots=True)
class Exported:
    """A deck as a file, and how many remembered answers are in it.

    `lost` says what its format has no place for, `pictures` how many stay where the deck is.
    """

    file_name: str
    data: bytes
    remembered: int
    format: str = "native"
    lost: tuple[Problem, ...] = ()
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class _Kept:
    deck: Deck
    at: int


def slug(text: str) -> str:
    """Return the name that a deck gets: what a host can type, in small letters with hyphens; may be empty."""
    return re.sub(r"[^\w]+", "-", fold(text)).strip("-")[:LONGEST_NAME].strip("-")


def read_import(text: str) -> ImportWish:
    """Read "name, format, replace", each optional and typed in this order."""
    words = text.split()
    over = bool(words) and fold(words[-1]) in REPLACE
    if over:
        words.pop()
    known = words.pop().casefold() if words and words[-1].casefold() in READ else ""
    return ImportWish(" ".join(words), known, over)


def written(deck: Deck, format: str = "native") -> bytes:  # noqa: A002 (what a host calls it)
    """Return a deck as a file; see `bot.formats.export_deck`. Not for the loop: it may take a while."""
    from bot.formats import export_deck

    return export_deck(deck, format)


def _lost(deck: Deck, format: str) -> tuple[Problem, ...]:  # noqa: A002 (what a host calls it)
    from bot.formats import left_behind

    return left_behind(deck, format)


def checked(deck: Deck) -> Deck:
    """Return a deck as its file would be read; raises `DeckError` for what no file may hold. Not for the loop."""
    return read_deck(written(deck).decode(), deck.name)


def alone(question: Question, locale: str) -> Deck:
    """Return a deck of one question, to check or to keep it."""
    return Deck("question", "-", locale, "", LICENCE, "", (question,))


def fitting(question: Question, locale: str) -> Question:
    """Return a question as a file would hold it; raises `Refusal` (`bad-question`) for what no file may hold."""
    try:
        return checked(alone(question, locale)).questions[0]
    except DeckError as error:
        raise Refusal("bad-question", reason=error.problems[0]) from error


class Shelf:
    """Decks in the database. Only one change is under way at a time."""

    def __init__(
        self,
        database: Database,
        decks: Decks,
        people: People,
        clock: Clock,
        reader: DeckReader | None = None,
    ) -> None:
        self.decks = decks
        self._database = database
        self._people = people
        self._clock = clock
        self._reader = reader or DeckReader()
        self._lock = asyncio.Lock()
        self._kept: dict[str, _Kept] = {}
        self._damaged: set[str] = set()
        self._remembered: list[Remembered] = []
        self._signed: dict[tuple[str, str], int] = {}

    @classmethod
    async def load(cls, database: Database, decks: Decks, people: People, clock: Clock) -> Self:
        """Read every deck; one that cannot be read is left out, and stops nothing."""
        shelf = cls(database, decks, people, clock)
        kept, shelf._remembered = await rows.load(database)
        for row in kept:
            shelf._take(row)
        await shelf._read_signatures()
        shelf._lay()
        return shelf

    def _take(self, row: DeckRow) -> None:
        try:
            self._kept[row.name] = _Kept(read_deck(row.text, row.name), row.at)
        except DeckError as error:
            log.error("the imported deck %s is damaged and left out: %s", row.name, error)
            self._damaged.add(row.name)

    def kept_on(self, name: str) -> date | None:
        """Return the day (UTC) on which an imported deck was last changed; None for a deck of another kind."""
        kept = self._kept.get(slug(name))
        return datetime.fromtimestamp(kept.at / 1_000_000, UTC).date() if kept else None

    def remembered(self, deck: Deck) -> Sequence[Remembered]:
        """Return the answers remembered for questions that a deck asks."""
        asked = {question.prompt for question in deck.questions}
        return [row for row in self._remembered if row.deck == deck.name and row.prompt in asked]

    def credit(self, prompt: str) -> str:
        """Return who proposed a question, if they wish it to be known and are still known; else an empty text."""
        keys = (key for (_, asked), key in self._signed.items() if asked == prompt)
        return next((name for name in map(self._people.shown, keys) if name), "")

    def target(self, name: str) -> str:
        """Return the imported deck, there or to be made, that accepted questions are to join; empty for the usual one.

        Raises:
            Refusal: `deck-name`, `deck-not-kept` for a deck of another kind.
        """
        made = _typable(name) if name.strip() else ""
        if made and made not in self._kept and self.decks.is_below(made):
            raise Refusal("deck-not-kept", name=made)
        return made

    async def bring_in(
        self, file_name: str, data: bytes, wish: ImportWish, locale: str, role: Role
    ) -> Arrival:
        """Import the deck that a file holds, whole; `locale` holds when the file states none.

        Raises:
            DeckError: with every problem found; nothing was taken.
            Refusal: `hosts-only`, `deck-name`, `deck-exists`, `file-too-slow`.
        """
        _require_host(role)
        path = PurePath(file_name.replace("\\", "/"))
        called = re.sub(r"[/\\]", " ", wish.name)[:60].strip() or path.stem
        name = _typable(called)
        self._refuse_taken(name, wish)
        taken = await self._reader.read(data, f"{called}{path.suffix}", wish.format or None, locale)
        deck = replace(taken.deck, name=name)
        async with self._lock:
            self._refuse_taken(name, wish)  # it may have come meanwhile
            remarks = (*taken.remarks, *self.decks.repeated(deck, taken.lines))
            await self._keep(deck)
        remarks = tuple(sorted(remarks, key=lambda remark: remark.line))
        return Arrival(deck, remarks, taken.licensed)

    async def add(
        self, name: str, title: str, locale: str, question: Question, settle: Settle
    ) -> Deck:
        """Add a question to an imported deck, made with this title if need be; return the deck.

        Raises:
            Refusal: `deck-name`, `deck-not-kept` for a deck of another kind, `mixed-languages`, `question-there`,
                `bad-question`, or what `settle` raises.
        """
        async with self._lock:
            deck = self._grown(self.target(name), title, locale, question)
            try:
                await asyncio.to_thread(checked, deck)
            except DeckError as error:
                raise Refusal("bad-question", reason=error.problems[0]) from error
            await self._keep(deck, settle)
            return deck

    async def remove(self, name: str, role: Role) -> str:
        """Remove an imported deck, with what was remembered for it unless a namesake lies below; return its name.

        Raises:
            Refusal: `hosts-only`, `deck-not-kept` for a deck of another kind, `no-deck`.
        """
        _require_host(role)
        async with self._lock:
            key = self._kept_name(name)
            gone = [] if self.decks.is_below(key) else self._remembered_for(key)
            async with self._database.transaction() as transaction:
                await rows.drop(transaction, key)
                await rows.forget(transaction, gone)
            self._kept.pop(key, None)
            self._damaged.discard(key)
            self._remembered = [row for row in self._remembered if row not in gone]
            await self._read_signatures()
            self._lay()
        return key

    async def export(self, name: str, format: str, locale: str, role: Role) -> Exported:  # noqa: A002 (what a host calls it)
        """Return a deck as a file, with what was remembered and with the names of those who signed.

        Raises:
            DeckError: the format is not written, or cannot hold a question.
            Refusal: `hosts-only`, `no-deck`.
        """
        _require_host(role)
        deck = self.decks.find(name, locale)
        chosen = format.casefold() or "native"
        signed = self._signed_by_name(deck)
        data = await asyncio.to_thread(written, signed, chosen)
        lost = await asyncio.to_thread(_lost, signed, chosen)
        file_name = f"{slug(deck.name)}{_suffix(chosen)}"
        return Exported(
            file_name, data, len(self.remembered(deck)), chosen, lost, len(own_pictures(deck))
        )

    async def remember(self, deck_name: str, prompt: str, answer: str) -> None:
        """Accept one more answer to a question whenever it is asked from now on.

        Raises:
            Refusal: `question-gone`, `remember-words-only`, `already-right`, `remembered-full`, `bad-question`.
        """
        async with self._lock:
            deck = self.decks.all.get(fold(deck_name))
            question = _asking(deck, prompt)
            if deck is None or question is None:
                raise Refusal("question-gone")
            await asyncio.to_thread(self._refuse_answer, deck, question, answer)
            row = Remembered(deck.name, prompt, answer)
            async with self._database.transaction() as transaction:
                await rows.remember(transaction, row, self._clock.wall())
            self._remembered.append(row)
            self._lay()

    async def forget(self, name: str, answer: str, locale: str, role: Role) -> Sequence[Remembered]:
        """Forget an answer that was remembered for questions of a deck; return what was forgotten.

        Raises:
            Refusal: `hosts-only`, `no-deck`, `not-remembered`.
        """
        _require_host(role)
        async with self._lock:
            deck = self.decks.find(name, locale)
            gone = [r for r in self._remembered_for(deck.name) if fold(r.answer) == fold(answer)]
            if not gone:
                raise Refusal("not-remembered", answer=answer[:60], deck=deck.name)
            async with self._database.transaction() as transaction:
                await rows.forget(transaction, gone)
            self._remembered = [row for row in self._remembered if row not in gone]
            self._lay()
        return gone

    # --- Inside -----------------------------------------------------------------------------------------------

    def _lay(self) -> None:
        self.decks.lay((kept.deck for kept in self._kept.values()), self._remembered)

    async def _read_signatures(self) -> None:
        found = await proposals.signatures(self._database)
        self._signed = {(deck, prompt): key for deck, prompt, key in found}

    async def _keep(self, deck: Deck, settle: Settle | None = None) -> None:
        data = await asyncio.to_thread(written, deck)
        row = DeckRow(deck.name, data.decode(), self._clock.wall())
        prompts = [question.prompt for question in deck.questions]
        async with self._database.transaction() as transaction:
            await rows.keep(transaction, row, prompts)
            if settle is not None:
                await settle(transaction, deck.name)
        self._kept[deck.name] = _Kept(deck, row.at)
        self._damaged.discard(deck.name)
        self._remembered = [
            row for row in self._remembered if row.deck != deck.name or row.prompt in prompts
        ]
        await self._read_signatures()
        self._lay()

    def _refuse_taken(self, name: str, wish: ImportWish) -> None:
        if fold(name) in self.decks.all and not wish.replace:
            raise Refusal("deck-exists", name=name)

    def _grown(self, name: str, title: str, locale: str, question: Question) -> Deck:
        kept = self._kept.get(name)
        if kept is None:
            return Deck(name, title, locale, "", LICENCE, "", (question,))
        if kept.deck.locale != locale:
            raise Refusal("mixed-languages")
        if fold(question.prompt) in {fold(asked.prompt) for asked in kept.deck.questions}:
            raise Refusal("question-there", deck=name)
        return replace(kept.deck, questions=(*kept.deck.questions, question))

    def _kept_name(self, name: str) -> str:
        """Return the imported deck that is meant, by name or title."""
        key = fold(name)
        for known in (*self._kept, *self._damaged):
            if key and key == fold(known):
                return known
        for known, kept in self._kept.items():
            if key and key == fold(kept.deck.title):
                return known
        if self.decks.is_below(name):
            raise Refusal("deck-not-kept", name=name[:60])
        raise Refusal("no-deck", name=name[:60], decks=", ".join(self.decks.nearest(name, "")))

    def _remembered_for(self, name: str) -> list[Remembered]:
        return [row for row in self._remembered if row.deck == name]

    def _refuse_answer(self, deck: Deck, question: Question, answer: str) -> None:
        if question.kind != "text":
            raise Refusal("remember-words-only")
        accepted = (question.answer, *question.accept)
        key = AnswerKey(accepted, locale=deck.locale, wrong=question.unlike, person=question.person)
        if key.judge(answer) is Verdict.RIGHT:
            raise Refusal("already-right")
        kept = [r for r in self._remembered_for(deck.name) if r.prompt == question.prompt]
        if len(kept) >= MOST_REMEMBERED:
            raise Refusal("remembered-full", most=MOST_REMEMBERED)
        fitting(replace(question, accept=(*question.accept, answer)), deck.locale)

    def _signed_by_name(self, deck: Deck) -> Deck:
        signed = {prompt: key for (name, prompt), key in self._signed.items() if name == deck.name}
        if not signed:
            return deck
        return replace(deck, questions=tuple(self._named(deck.questions, signed)))

    def _named(self, questions: Iterable[Question], signed: dict[str, int]) -> Iterable[Question]:
        for question in questions:
            key = signed.get(question.prompt)
            name = self._people.shown(key) if key is not None else ""
            yield replace(question, author=name) if name else question


def _suffix(format_name: str) -> str:
    return {"native": ".toml", "red": ".yaml"}.get(format_name, f".{format_name}")


def _require_host(role: Role) -> None:
    if role < Role.HOST:
        raise Refusal("hosts-only")


def _typable(name: str) -> str:
    """Return the name of a deck, such that a host who types it gets this deck and nothing else.

    Raises:
        Refusal: `deck-name`.
    """
    made = slug(name)
    if not any(char.isalpha() for char in made) or read_wish(made).deck != made:
        raise Refusal("deck-name", name=name[:60])
    return made


def _asking(deck: Deck | None, prompt: str) -> Question | None:
    every = deck.questions if deck is not None else ()
    return next((question for question in every if question.prompt == prompt), None)
