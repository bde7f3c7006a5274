"""Questions that people propose, and their review: what the team accepts joins a deck, what it does not goes."""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiosqlite

from bot.clock import DAY, Clock
from bot.people import People, Visitor
from bot.shelf import Shelf, alone, fitting, written
from bot.storage import people as person_rows
from bot.storage import proposals as rows
from bot.storage.database import Database
from bot.storage.proposals import ProposalRow
from games.core import Refusal, Role
from games.deck import Deck, DeckError, read_deck
from games.matching import fold
from games.question import Question

log = logging.getLogger(__name__)

MOST_OWN = 5
"""Proposals of one person that wait at a time."""

MOST_TRACELESS = 20
"""Proposals of people without trace, who cannot be told apart, that wait at a time."""

MOST = 500
"""Proposals of everybody that wait at a time."""

DAYS = 180
"""Days that a proposal waits at most."""

ACCEPTED = {"fr": "propositions", "en": "proposals"}
"""The deck for what is accepted, unless the reviewer names one."""

HIGHEST = 9_999_999_999
"""No proposal has a higher number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as somebody enters it; `wrong` holds texts with a line break or a semicolon between them."""

    prompt: str = ""
    answer: str = ""
    wrong: str = ""
    explanation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question that waits; `author` is empty for somebody without trace. `waiting` counts all that wait."""

    id: int
    question: Question
    locale: str
    author: str
    signed: bool
    waiting: int = 1


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """A question of somebody's: one that waits, since `at` (microseconds), or one that they signed, in a deck."""

    prompt: str
    deck: str
    at: int | None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed; `newcomer` is its author's number if they are new here."""

    id: int
    newcomer: int | None


def read_draft(text: str) -> Draft:
    """Read "question = answer ; wrong ; wrong"; nothing stands for what is missing."""
    prompt, _, answers = text.rpartition("=")
    answer, _, wrong = answers.partition(";")
    return Draft(prompt, answer, wrong)


def draft_of(question: Question) -> Draft:
    """Return a question as it would have been entered."""
    return Draft(
        question.prompt,
        question.answer,
        "\n".join(question.wrong),
        question.explanation,
        question.source,
    )


def question_of(draft: Draft, locale: str) -> Question:
    """Return the question that was entered.

    Not for the loop, the first time. Raises `Refusal` (`bad-question`) by the rules of every deck.
    """
    wrong = tuple(text for part in re.split(r"[;\n]", draft.wrong) if (text := _tidy(part)))
    question = Question(
        _tidy(draft.prompt),
        _tidy(draft.answer),
        wrong=wrong,
        explanation=_tidy(draft.explanation),
        source=_tidy(draft.source),
    )
    return fitting(question, locale)


def _tidy(text: str) -> str:
    """Return text on one line, single spaces between words; no-break spaces stay, as French sets them."""
    return re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip()


class Proposals:
    """The queue, and what becomes of what is in it."""

    def __init__(
        self,
        database: Database,
        people: People,
        shelf: Shelf,
        clock: Clock,
        title: Callable[[str], str],
    ) -> None:
        """`title` returns what the usual deck for accepted questions is called in a language."""
        self._title = title
        self._database = database
        self._people = people
        self._shelf = shelf
        self._clock = clock

    async def propose(self, visitor: Visitor, draft: Draft, locale: str) -> Proposed:
        """Put somebody's question into the queue.

        Raises:
            Refusal: `bad-question`, `question-there`, `proposals-own`, `proposals-full`.
        """
        question = await asyncio.to_thread(question_of, draft, locale)
        self._refuse_known(question)
        known = self._people.find(visitor.platform, visitor.user_id) is not None
        async with self._people.recording(visitor) as (person, transaction):
            owner = None if person.traceless else person.id
            await _refuse_flood(transaction, owner)
            now = self._clock.wall()
            await person_rows.seen(transaction, [person.id], now - now % DAY)
            row = await rows.add(transaction, owner, _text(question, locale), now)
        return Proposed(row.id, None if known else person.id)

    async def sign(self, visitor: Visitor, key: int) -> None:
        """Have the visitor named as the author of what they proposed, if it is accepted.

        Raises:
            Refusal: `not-your-proposal`, also when it waits no longer; `traceless-not-signed`.
        """
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            raise Refusal("not-your-proposal", number=key)
        if person.traceless:
            raise Refusal("traceless-not-signed")
        async with self._database.transaction() as transaction:
            if not 0 < key <= HIGHEST or not await rows.sign(transaction, key, person.id):
                raise Refusal("not-your-proposal", number=key)

    async def next(self, role: Role, after: int = 0) -> Proposal | None:
        """Return the oldest proposal with a higher number than `after`, None when there is none.

        Raises:
            Refusal: `hosts-only`.
        """
        _require_host(role)
        waiting = await rows.count(self._database)
        read = (self._read(row, waiting) for row in await rows.after(self._database, after))
        return next((proposal for proposal in read if proposal is not None), None)

    async def find(self, key: int, role: Role) -> Proposal:
        """Return a proposal that waits.

        Raises:
            Refusal: `hosts-only`, `proposal-gone`.
        """
        _require_host(role)
        row = await rows.one(self._database, key) if 0 < key <= HIGHEST else None
        proposal = self._read(row, 1) if row is not None else None
        if proposal is None:
            raise Refusal("proposal-gone", number=key)
        return proposal

    async def rewrite(self, key: int, draft: Draft, role: Role) -> Proposal:
        """Change what a proposal says, and return it as it is now.

        Raises:
            Refusal: `hosts-only`, `proposal-gone`, `bad-question`.
        """
        former = await self.find(key, role)
        question = await asyncio.to_thread(question_of, draft, former.locale)
        async with self._database.transaction() as transaction:
            if not await rows.rewrite(transaction, key, _text(question, former.locale)):
                raise Refusal("proposal-gone", number=key)
        return await self.find(key, role)

    async def accept(self, key: int, role: Role, deck: str = "") -> Deck:
        """Add a proposal to an imported deck (or to the usual one), which is returned. Of two who try, one does.

        Raises:
            Refusal: `hosts-only`, `proposal-gone`, or as `Shelf.add`.
        """
        proposal = await self.find(key, role)
        name = deck or ACCEPTED[proposal.locale]
        title = deck or self._title(proposal.locale)

        async def settle(transaction: aiosqlite.Connection, joined: str) -> None:
            row = await rows.take(transaction, key)
            if row is None or row.text != _text(proposal.question, proposal.locale):
                raise Refusal("proposal-gone", number=key)
            if row.signed and row.person_id is not None:
                prompt = proposal.question.prompt
                await rows.credit(transaction, joined, prompt, row.person_id)

        try:
            return await self._shelf.add(name, title, proposal.locale, proposal.question, settle)
        except Refusal:
            await self.find(
                key, role
            )  # the deck may have the question from another reviewer's hand
            raise

    async def reject(self, key: int, role: Role) -> None:
        """Take a proposal out of the queue for good. Of two who try, one does.

        Raises:
            Refusal: `hosts-only`, `proposal-gone`.
        """
        _require_host(role)
        async with self._database.transaction() as transaction:
            if not 0 < key <= HIGHEST or await rows.take(transaction, key) is None:
                raise Refusal("proposal-gone", number=key)

    async def own(self, visitor: Visitor) -> Sequence[OwnProposal]:
        """Return everything of the visitor's that waits, and what they signed."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return ()
        waiting = [
            OwnProposal(proposal.question.prompt, "", row.at)
            for row in await rows.of_person(self._database, person.id)
            if (proposal := self._read(row, 0)) is not None
        ]
        signed = await rows.signed_by(self._database, person.id)
        return [*waiting, *(OwnProposal(prompt, deck, None) for deck, prompt in signed)]

    async def expire(self) -> int:
        """Erase what has waited for too long; return how many."""
        before = self._clock.wall() - DAYS * DAY
        async with self._database.transaction() as transaction:
            gone = await rows.expire(transaction, before)
        if gone:
            await self._database.scrub()
        return gone

    def _read(self, row: ProposalRow, waiting: int) -> Proposal | None:
        """Return a kept proposal, None for one that is damaged."""
        try:
            deck = read_deck(row.text, "proposal")
        except DeckError as error:
            log.error("proposal %d is damaged and left out: %s", row.id, error)
            return None
        author = self._people.shown(row.person_id) if row.person_id is not None else ""
        return Proposal(row.id, deck.questions[0], deck.locale, author, row.signed, waiting)

    def _refuse_known(self, question: Question) -> None:
        for deck in self._shelf.decks.all.values():
            if any(fold(known.prompt) == fold(question.prompt) for known in deck.questions):
                raise Refusal("question-there", deck=deck.name)


async def _refuse_flood(transaction: aiosqlite.Connection, owner: int | None) -> None:
    own, every = await rows.waiting(transaction, owner)
    if owner is not None and own >= MOST_OWN:
        raise Refusal("proposals-own", most=MOST_OWN)
    if every >= MOST or (owner is None and own >= MOST_TRACELESS):
        raise Refusal("proposals-full")


def _text(question: Question, locale: str) -> str:
    return written(alone(question, locale)).decode()


def _require_host(role: Role) -> None:
    if role < Role.HOST:
        raise Refusal("hosts-only")
