"""The question of the day: asked by the agenda, answered on either platform, revealed the next day.

Each step is one transaction, and people are told from what is on disk; so a crash between any two steps loses nothing
and asks nothing twice. Answers have their own tables: this is no session, and no points are given.
"""

import logging
import random
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from typing import Protocol

import aiosqlite

from bot.agenda import Agenda
from bot.clock import DAY, Clock
from bot.decks import Decks
from bot.people import People, Visitor
from bot.rooms import Rooms
from bot.storage import daily
from bot.storage.agenda import Due, Plan, Planned, Step
from bot.storage.daily import Daily, NewDaily, Past, Record, Tally
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import Platform, Refusal, Role
from games.daily import Answer, answer, answered, askable, missing, pick, right
from games.dates import take_time
from games.deck import Deck, drawn_from
from games.matching import fold
from games.question import Prompt, Reply, prepare
from games.recurrence import Series, instant, local_time

log = logging.getLogger(__name__)

KIND = "daily"
STEPS = (
    Step("daily-reveal", days=1, late_after=600, missed_after=None, importance=2),
    Step("daily-open", late_after=600, missed_after=24 * 3600, importance=1),
)
"""The answer goes before the next question. A question late by more than a day is left out, an answer never."""

DAYS: Mapping[str, tuple[str, ...]] = {
    "all": ("all", "tous", "toujours"),
    "weekdays": ("weekdays", "semaine"),
    "workdays": ("workdays", "ouvres"),
}
"""The words for the days on which a question is asked: every day, Monday to Friday, the same without holidays."""

_WEEK = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
RULES: Mapping[str, tuple[str, str]] = {
    "all": ("FREQ=DAILY", ""),
    "weekdays": (_WEEK, ""),
    "workdays": (_WEEK, "fr"),
}
"""For each of them the rule, and the holidays that are left out."""

LEAST_STREAK, MOST_THANKED = 3, 3
"""From how many questions in a row on somebody who asked to be shown is thanked, and how many people at most."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for."""

    at: time
    deck: str = ""
    days: str = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question is open; its answer comes at `closes` (local) or `closes_at` (microseconds)."""

    daily_id: int
    prompt: Prompt
    late: float
    day: datetime
    closes: datetime
    closes_at: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Revealed:
    """A question is closed: what was right, how many had it, and whose streaks are thanked for."""

    daily_id: int
    prompt: Prompt
    day: datetime
    tallies: Mapping[Platform, Tally]
    steady: tuple[tuple[int, int], ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """An answer that was kept, and who gave it."""

    answer: Answer
    prompt: Prompt
    person_id: int
    newcomer: bool


@dataclass(frozen=True, slots=True)
class Own:
    """What somebody sees of their answers: what they add up to, the one that is open, and the last one's outcome."""

    record: Record
    streak: int
    open: bool
    reply: Reply | None
    last_correct: bool | None
    traceless: bool


class Face(Protocol):
    """One platform's way to show a question and its answer. Nothing here waits."""

    platform: Platform

    def asked(self, room: Room, asked: Asked) -> None:
        """Queue what its users see of a question."""

    def revealed(self, room: Room, revealed: Revealed) -> None:
        """Queue what its users see of an answer."""


def days_of(word: str) -> str | None:
    """Return the days that a word means."""
    folded = fold(word)
    return next((days for days, words in DAYS.items() if folded in words), None)


def read_wish(text: str) -> Wish:
    """Read "9h litterature weekdays": a time, then a deck, then the days; the last two may be left out.

    Raises:
        Refusal: `time-missing`.
    """
    at, rest = take_time(text)
    if at is None:
        raise Refusal("time-missing")
    words = rest.split()
    days = days_of(words[-1]) if words else None
    return Wish(at, " ".join(words[:-1] if days else words), days or "all")


class Dailies:
    """The questions of the day of all rooms."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        agenda: Agenda,
        people: People,
        rooms: Rooms,
        decks: Decks,
        faces: Sequence[Face],
    ) -> None:
        self._database = database
        self._clock = clock
        self._agenda = agenda
        self._people = people
        self._rooms = rooms
        self._faces = faces
        self.decks = decks
        agenda.on("daily-open", self._open, self._tell)
        agenda.on("daily-reveal", self._reveal, self._tell)

    # hosts

    async def start(self, room: Room, wish: Wish, role: Role) -> datetime:
        """Ask a question every day from now on, in place of what was planned; return when the first one comes.

        Raises:
            Refusal: `hosts-only`, `no-deck`, `daily-no-question`.
        """
        _require_host(role)
        deck = self._deck(wish.deck, room.locale)
        first = self._first(room, wish.at)
        rule, holidays = RULES[wish.days]
        series = Series(first, room.zone, rule, holidays=holidays)
        plan = Plan(KIND, series, STEPS, room.id, options={"deck": deck.name})
        async with self._agenda.transaction() as transaction:
            await self._end(transaction, room)
            await self._agenda.plan(transaction, plan)
        return next(series.following()).local

    async def stop(self, room: Room, role: Role) -> None:
        """Ask no further questions; the answer to the one that is open still comes.

        Raises:
            Refusal: `hosts-only`, `daily-not-planned`.
        """
        _require_host(role)
        async with self._agenda.transaction() as transaction:
            if not await self._end(transaction, room):
                raise Refusal("daily-not-planned")

    async def ask_now(self, room: Room, deck: str, role: Role) -> None:
        """Ask today's question at once; its answer comes tomorrow at this time, or when the next one is asked.

        Raises:
            Refusal: `hosts-only`, `no-deck`, `daily-no-question`; `daily-asked` when today's was asked already.
        """
        _require_host(role)
        now = local_time(self._clock.wall(), room.zone)
        async with self._agenda.transaction() as transaction:
            if await daily.of_day(transaction, room.id, now.date()) is not None:
                raise Refusal("daily-asked")
            planned = [row.plan for row in await self._planned(transaction, room)]
            kept = str((planned[0].options or {}).get("deck", "")) if planned else ""
            chosen = self._deck(deck or kept, room.locale)
            plan = Plan(
                KIND,
                Series(now.replace(microsecond=0), room.zone),
                STEPS,
                room.id,
                options={"deck": chosen.name},
                shown=False,
            )
            await self._agenda.plan(transaction, plan)

    # everybody

    async def question(self, room: Room) -> Asked:
        """Return the open question.

        Raises:
            Refusal: `no-daily`.
        """
        for row in await daily.latest(self._database, room.id):
            if row.closed_at is None:
                return self._asked(row, room, 0.0)
        raise Refusal("no-daily")

    async def choose(
        self, room: Room, visitor: Visitor, choices: Sequence[int], daily_id: int
    ) -> Noted:
        """Take controls pressed.

        Raises:
            Refusal: `no-daily`, `daily-closed`, `no-such-choice`, `already-answered`, `daily-changed`.
        """
        read = partial(Prompt.choose, choices=choices)
        return await self._answer(room, visitor, read, daily_id, private=True)

    async def write(
        self,
        room: Room,
        visitor: Visitor,
        text: str,
        daily_id: int | None = None,
        *,
        private: bool,
    ) -> Noted:
        """Take what was typed: `private`, or for all to read.

        Raises as `choose`; also `daily-unread`, when it cannot be an answer.
        """
        read = partial(_read, text=text)
        return await self._answer(room, visitor, read, daily_id, private=private)

    async def own(self, room: Room, visitor: Visitor) -> Own:
        """Return what somebody sees of their answers in a room.

        Raises:
            Refusal: `nothing-kept`, for somebody unknown.
        """
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            raise Refusal("nothing-kept")
        latest = await daily.latest(self._database, room.id)
        given = [await daily.own_answer(self._database, row.id, person.id) for row in latest]
        record = await daily.record(self._database, person.id, room.id)
        is_open = bool(latest) and latest[0].closed_at is None
        last = latest[0].number if latest else 0
        missed = await daily.days_between(
            self._database, room.id, record.number, last if is_open else last + 1
        )
        return Own(
            record=record,
            streak=missing(record.streak, missed).length,
            open=is_open,
            reply=given[0].reply if is_open else None,
            last_correct=next((one.correct for one in given if one.correct is not None), None),
            traceless=person.traceless,
        )

    async def kept(self, visitor: Visitor) -> tuple[list[Past], list[tuple[str, Record]]]:
        """Return everything that is kept of somebody's answers: one by one, and what they add up to by room."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return [], []
        answers = await daily.past(self._database, person.id)
        return answers, await daily.records(self._database, person.id)

    async def expire(self, days: int) -> int:
        """Erase single answers to questions that closed so many days ago; return how many."""
        async with self._database.transaction() as transaction:
            gone = await daily.erase_answers(transaction, self._clock.wall() - days * DAY)
        if gone:
            await self._database.scrub()
        return gone

    async def _answer(
        self,
        room: Room,
        visitor: Visitor,
        read: Callable[[Prompt], Reply],
        daily_id: int | None,
        *,
        private: bool,
    ) -> Noted:
        async with self._database.transaction() as transaction:
            row = await daily.open_in(transaction, room.id)
            if daily_id is not None and (row is None or row.id != daily_id):
                raise Refusal("daily-closed")
            if row is None:
                raise Refusal("no-daily")
            prompt = _prompt(row)
            known = self._people.find(visitor.platform, visitor.user_id)
            before = await daily.answer_of(transaction, row.id, known.id) if known else None
            stands = answer(before, read(prompt), visitor.platform, private=private)
            person, newcomer = await self._people.take_part(transaction, visitor)
            await daily.keep_answer(transaction, row.id, person.id, stands)
            if before is None and not person.traceless:
                await self._count(transaction, row, person.id)
        self._people.written([person.id])
        return Noted(stands, prompt, person.id, newcomer)

    async def _count(self, transaction: aiosqlite.Connection, row: Daily, person_id: int) -> None:
        """Add a first answer to somebody's record."""
        record = await daily.record(self._database, person_id, row.room_id)
        days = await daily.days_between(self._database, row.room_id, record.number, row.number)
        record = replace(
            record,
            answers=record.answers + 1,
            streak=answered(missing(record.streak, days)),
            number=row.number,
        )
        await daily.keep_record(transaction, person_id, row.room_id, record)

    # what is due

    async def _open(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Ask a question, unless the room has had one that day; close the one before if it is open still."""
        room = self._room(due)
        day = local_time(due.starts_at, room.zone)
        if await daily.of_day(transaction, room.id, day.date()) is not None:
            return
        before = await daily.open_in(transaction, room.id)
        if before is not None:
            await self._close(transaction, before, due)
        deck = self._deck_or_usual(str(due.options.get("deck", "")), room)
        seed = secrets.randbits(32)
        picked = pick(askable(deck.questions), *await daily.asked(transaction, room.id), seed)
        new = NewDaily(
            room_id=room.id,
            day=day.date(),
            deck=deck.title,
            question=drawn_from(deck.name, picked),
            locale=deck.locale,
            seed=seed,
            at=self._clock.wall(),
            asked_by=due.id,
            closes_at=instant(day + timedelta(days=1), room.zone),
        )
        await daily.add(transaction, new)

    async def _reveal(self, due: Due, transaction: aiosqlite.Connection) -> None:
        """Close the question of that day, if it is open still."""
        room = self._room(due)
        day = local_time(due.starts_at, room.zone)
        row = await daily.of_day(transaction, room.id, day.date())
        if row is not None and row.closed_at is None:
            await self._close(transaction, row, due)

    async def _close(self, transaction: aiosqlite.Connection, row: Daily, due: Due) -> None:
        answers = await daily.answers(transaction, row.id)
        winners = right(_prompt(row), {key: given.reply for key, given in answers.items()})
        await daily.close(transaction, row, self._clock.wall(), due.id, _tallies(answers, winners))
        untraced = {key for key in answers if self._people.traceless(key)}
        await daily.drop_answers(transaction, row.id, untraced)
        correct = {key: key in winners for key in answers if key not in untraced}
        await daily.settle_answers(transaction, row, correct)

    async def _tell(self, due: Due) -> None:
        """Show what a due row closed, then what it asked."""
        room = self._room(due)
        for row in await daily.closed_by(self._database, due.id):
            revealed = await self._revealed(row, room)
            for face in due.untold(self._faces):
                face.revealed(room, revealed)
        for row in await daily.asked_by(self._database, due.id):
            if row.closed_at is None:
                for face in due.untold(self._faces):
                    face.asked(room, self._asked(row, room, due.late))

    def _asked(self, row: Daily, room: Room, late: float) -> Asked:
        return Asked(
            daily_id=row.id,
            prompt=_prompt(row),
            late=late,
            day=datetime.combine(row.day, time()),
            closes=local_time(row.closes_at, room.zone),
            closes_at=row.closes_at,
            now=local_time(self._clock.wall(), room.zone),
        )

    async def _revealed(self, row: Daily, room: Room) -> Revealed:
        steady = await daily.steady(self._database, room.id, row.number, LEAST_STREAK, MOST_THANKED)
        return Revealed(
            daily_id=row.id,
            prompt=_prompt(row),
            day=datetime.combine(row.day, time()),
            tallies=row.tallies,
            steady=tuple(steady),
            now=local_time(self._clock.wall(), room.zone),
        )

    def _room(self, due: Due) -> Room:
        return self._rooms.by_id[due.room_id or 0]

    def _deck(self, name: str, locale: str) -> Deck:
        deck = self.decks.find(name, locale)
        if not askable(deck.questions):
            raise Refusal("daily-no-question")
        return deck

    def _deck_or_usual(self, name: str, room: Room) -> Deck:
        """Return the deck that was planned, or the usual one when it is gone."""
        try:
            return self._deck(name, room.locale)
        except Refusal:
            log.warning("room %d: the planned deck is gone", room.id)
            return self.decks.default(room.locale)

    def _first(self, room: Room, at: time) -> datetime:
        here = local_time(self._clock.wall(), room.zone)
        today = datetime.combine(here.date(), at)
        return today if today > here else today + timedelta(days=1)

    async def _planned(self, transaction: aiosqlite.Connection, room: Room) -> list[Planned]:
        return [
            row for row in await self._agenda.of_kind(transaction, room.id, KIND) if row.plan.shown
        ]

    async def _end(self, transaction: aiosqlite.Connection, room: Room) -> bool:
        planned = await self._planned(transaction, room)
        for row in planned:
            await self._agenda.end(transaction, row.id)
        return bool(planned)


def _require_host(role: Role) -> None:
    if role < Role.HOST:
        raise Refusal("hosts-only")


def _prompt(row: Daily) -> Prompt:
    return prepare(row.question, row.locale, random.Random(row.seed))


def _read(prompt: Prompt, text: str) -> Reply:
    reply = prompt.weigh(text)
    if reply is None:
        raise Refusal("daily-unread")
    return reply


def _tallies(answers: Mapping[int, Answer], winners: frozenset[int]) -> dict[Platform, Tally]:
    tallies: dict[Platform, Tally] = {}
    for key, given in answers.items():
        so_far = tallies.get(given.platform, Tally(0, 0))
        tallies[given.platform] = Tally(so_far.answers + 1, so_far.right + (key in winners))
    return tallies
