"""What one line of chat costs in a game, beside the same line in a quiz: 2,000 people, 1,000 lines a second, one room.

Real hall, database, rules, wording and boards; nothing is sent and no picture is drawn. The quiz and the game take
turns. A game of which most lines are talk is compared with a free-text question, a vote with lettered choices.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from bench import chatter
from bench.figures import Figure, spread
from bench.hall import one_core
from bot.clock import SystemClock
from bot.discord_client import quoted
from bot.discord_side import Later
from bot.games import KINDS, builders
from bot.hall import Hall
from bot.people import People, Visitor
from bot.rooms import Rooms
from bot.session import Announcement
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.twitch_side import Later as LaterLine
from bot.wording.speech import Speech
from cogs.games_boards import GameBoards
from cogs.games_twitch import GameLines
from cogs.quiz_boards import QuizBoards
from cogs.quiz_twitch import QuizLines
from games.core import Platform, Role
from games.question import Question
from games.quiz import Quiz
from games.table import TableOptions, Times, Wish
from games.words import lexicon

PLAYERS = 2_000
RATE = 1_000
MOST_RATIO = 1.5
SAID_EVERY = 1.0
"""Seconds between two edits of a board, or two lines: what waits for them is composed once, as in the outboxes."""

LOOKED_AFTER = 20
"""Lines after which the next round is begun, if one is over."""

Line = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Contest:
    """A game to measure: how it is asked for, what people type, and the question that it is compared with."""

    wish: Wish
    line: Line
    question: Question


HITS = 0.02
"""The part of what people type that counts, where most guesses are wrong and much is talk."""


def _talk(chance: random.Random) -> str:
    return chance.choice(chatter.SHORT)


def _letter_or_talk(chance: random.Random) -> str:
    return chance.choice("eaisnrtoulbcdfghj") if chance.random() < HITS else _talk(chance)


def _title_or_talk(chance: random.Random) -> str:
    return chatter.QUESTION.answer if chance.random() < HITS else _talk(chance)


def _column(chance: random.Random) -> str:
    return str(chance.randrange(1, 8))


def _choice(chance: random.Random) -> str:
    return chance.choice("ABCD")


def _word_or_talk(chance: random.Random) -> str:
    return chance.choice(_everyday(range(4, 11))) if chance.random() < HITS else _talk(chance)


def _five_letters(chance: random.Random) -> str:
    return chance.choice(_everyday(range(5, 6))[:8])


def _sum_or_talk(chance: random.Random) -> str:
    if chance.random() >= HITS:
        return _talk(chance)
    plates = chance.sample((*range(1, 11), 25, 50, 75, 100), 3)
    return "{} x {} + {}".format(*plates)


@cache
def _everyday(lengths: range) -> list[str]:
    words = lexicon("fr").beginning("")
    return [word for word in words if len(word) in lengths]


def _town(chance: random.Random) -> str:
    return f"1 p{chance.choice(chatter.SHORT)[:20]}"


CONTESTS = {
    "hangman": Contest(Wish(), _letter_or_talk, chatter.QUESTION),
    "connect_four": Contest(Wish(), _column, chatter.CHOICES),
    "motus": Contest(Wish(), _word_or_talk, chatter.QUESTION),
    "wordle": Contest(Wish(text="vote"), _five_letters, chatter.CHOICES),
    "anagrams": Contest(Wish(), _word_or_talk, chatter.QUESTION),
    "longest": Contest(Wish(), _word_or_talk, chatter.QUESTION),
    "countdown": Contest(Wish(), _sum_or_talk, chatter.QUESTION),
    "chain": Contest(Wish(), _word_or_talk, chatter.QUESTION),
    "petit_bac": Contest(Wish(text="ville, lettre:p"), _town, chatter.CHOICES),
}


class Side:
    """A platform that composes all it would show, and sends nothing."""

    def __init__(self, platform: Platform, people: People) -> None:
        here = platform == "discord"
        self.platform = platform
        self._waiting: dict[str | None, Later | LaterLine] = {}
        self._said_at = 0.0
        self._quote = quoted if here else str
        self._renderers: dict[str, Any] = {
            key: GameBoards(kind, people.name) if here else GameLines(kind, people)
            for key, kind in KINDS.items()
        }
        self._renderers["quiz"] = (
            QuizBoards(people, lambda _name: None) if here else QuizLines(people)
        )

    def announce(self, announcement: Announcement) -> None:
        """Compose."""
        speech = Speech(announcement.locale, self._quote)
        for post in self._renderers[announcement.activity](announcement, speech):
            if isinstance(post.payload, Later | LaterLine):
                self._waiting[post.key] = post.payload
        if self._waiting and time.perf_counter() >= self._said_at + SAID_EVERY:
            self._said_at = time.perf_counter()
            for later in self._waiting.values():
                later.compose()
            self._waiting.clear()

    async def settled(self, room_id: int) -> None:
        """Nothing waits here."""


class Hallway:
    """A hall with one room and its crowd, in which one thing is played again and again."""

    def __init__(self, database: Database, hall: Hall, room: Room, key: str) -> None:
        self._hall = hall
        self._room = room
        self._key = key
        self._contest = CONTESTS.get(key)
        self._crowd = [
            Visitor("discord" if n % 2 else "twitch", str(n), name)
            for n, name in enumerate(chatter.names(PLAYERS))
        ]
        self.database = database

    @classmethod
    @asynccontextmanager
    async def open(cls, folder: Path, key: str) -> AsyncIterator["Hallway"]:
        """Open an empty one and close it in order."""
        clock = SystemClock()
        database = await Database.open(folder / "games.sqlite3")
        people = await People.load(database, clock)
        rooms = await Rooms.load(database, clock, locale="fr", zone="Europe/Paris")
        hall = Hall(database, people, clock, {"quiz": Quiz.from_json, **builders(lexicon)})
        hall.add_side(Side("discord", people))
        hall.add_side(Side("twitch", people))
        room = await rooms.open_discord("d", "g", "salon")
        room = await rooms.link(room, "t", "t", busy=lambda _: False)
        await hall.open(rooms.by_id)
        try:
            yield cls(database, hall, room, key)
        finally:
            await hall.close()
            await hall.finish()
            await database.close()

    async def offer(self, line: Line, question: Question, seconds: float) -> float:
        """Offer lines at random instants; return the microseconds of this process's time that one costs."""
        chance, at, lines = random.Random(7), 0.0, 0
        self._start(question)
        for visitor in self._crowd:
            self._hall.said(self._room.id, visitor, line(chance))
        if self._hall.running(self._room.id) is not None:
            self._hall.act(self._room.id, Role.HOST, "stop")
        self._start(question)  # with people who are known, none of whom has answered
        await self._hall.flush()
        began, cpu = time.perf_counter(), time.process_time()
        while at < seconds:
            at += chance.expovariate(RATE)
            if (early := began + at - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            self._hall.said(self._room.id, chance.choice(self._crowd), line(chance))
            lines += 1
            if self._contest is None and lines % PLAYERS == 0:
                self._skip()  # everybody has answered; the next question is for everybody again
            if lines % LOOKED_AFTER == 0:
                self._keep_on(question)
        await self._hall.flush()
        return (time.process_time() - cpu) / lines * 1e6

    def _start(self, question: Question) -> None:
        times = Times(lobby=0.0, round=3600.0, reveal=0.0, idle=7200.0)
        if self._contest is None:
            options = chatter.options(question, copies=50, seconds=3600, lobby=0).as_json()
        else:
            table = TableOptions("Banc", "fr", times, rounds=20)
            kind, words = KINDS[self._key], lexicon("fr")
            options = kind.options(table, self._contest.wish, words, random.Random(1)).as_json()
        self._hall.start(self._room, self._key, "Banc", options, Role.HOST)
        self._skip()

    def _keep_on(self, question: Question) -> None:
        """Begin the next round at once, or another game."""
        session = self._hall.running(self._room.id)
        if session is None:
            self._start(question)
        elif session.activity.scene().phase in ("reveal", "lobby"):
            self._skip()

    def _skip(self) -> None:
        self._hall.act(self._room.id, Role.HOST, "skip")


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the cost of a line in each game, beside that of a line in a quiz."""
    seconds, turns = (2.0, 2) if quick else (8.0, 4)
    lexicon("fr")
    with one_core():
        for key, contest in CONTESTS.items():
            ours, quiz = [], []
            for _ in range(turns):
                quiz.append(await _cost("quiz", _quiz_line(contest), contest.question, seconds))
                ours.append(await _cost(key, contest.line, contest.question, seconds))
            ratio = median(ours) / median(quiz)
            yield Figure(
                "games", f"{key}, a line of chat, CPU", median(ours), "us", ratio, most=MOST_RATIO,
                note=f"{spread(ours)}; quiz {spread(quiz)}; {PLAYERS} people, {RATE} lines/s",
            )  # fmt: skip


def _quiz_line(contest: Contest) -> Line:
    return _choice if contest.question.wrong else _title_or_talk


async def _cost(key: str, line: Line, question: Question, seconds: float) -> float:
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        async with Hallway.open(Path(folder), key) as hallway:
            return await hallway.offer(line, question, seconds)
