"""What counting ten thousand ballots costs, and closing a vote that holds them: counted, kept as counts, destroyed."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median

from bench.figures import Figure, spread
from bot.agenda import Agenda
from bot.ballots import Seal
from bot.books import Books, read_book
from bot.catalogues import Catalogues
from bot.clock import SystemClock
from bot.club_books import ClubBooks
from bot.club_news import ClubNews
from bot.clubs import Changes, Clubs
from bot.people import People, Visitor
from bot.rooms import Rooms
from bot.storage import votes as storage
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.vote_wishes import Wish
from bot.votes import Votes
from games.core import Platform, Role
from games.votes import MOST_OPTIONS, Ballot, Method, Option, Rules, mark, tally

BALLOTS = 10_000
TALLY_MS, CLOSE_MS, CAST_MS = 250.0, 1000.0, 20.0
"""Our own bounds: a tally holds up the loop, a close and a ballot the writer of all rooms."""

HOST = Visitor("discord", "host", "Aurore")
ZONE = "Europe/Paris"


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the cost of tallies, then of a vote in a real file."""
    count, rounds = (1_000, 3) if quick else (BALLOTS, 15)
    for method in ("approval", "ranked"):
        costs = _tallies(method, count, rounds)
        yield Figure(
            "votes",
            f"tally of {count} ballots on {MOST_OPTIONS} options, {method}",
            median(costs),
            "ms",
            most=TALLY_MS,
            note=spread(costs),
        )
    async for figure in _held(count, 50 if quick else 300):
        yield figure


def _tallies(method: Method, count: int, rounds: int) -> list[float]:
    """Time the count with all ballots different, as far as chance makes them: nothing is gained by adding up."""
    rules = Rules(method, tuple(Option(number) for number in range(1, MOST_OPTIONS + 1)))
    costs = []
    for seed in range(rounds):
        counts = Counter(_ballots(rules, count, seed))
        began = time.perf_counter()
        outcome = tally(counts, rules)
        costs.append((time.perf_counter() - began) * 1000)
        assert outcome.ballots == count
    return costs


def _ballots(rules: Rules, count: int, seed: int) -> list[Ballot]:
    chance, numbers = random.Random(seed), range(1, MOST_OPTIONS + 1)
    return [mark(chance.sample(numbers, chance.randint(1, 12)), rules) for _ in range(count)]


async def _held(count: int, singly: int) -> AsyncIterator[Figure]:
    """Yield what one ballot costs from the chat to the disk, and the close of a vote with all of them."""
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        database = await Database.open(Path(folder) / "votes.sqlite3")
        try:
            votes, club = await _club(database)
            poll = await votes.open(club, Wish("ranked"), HOST, Role.HOST, ZONE)
            costs = []
            for number in range(singly):
                began = time.perf_counter()
                await votes.cast(club, "3 1 2", _voter(number), Role.PATRON)
                costs.append((time.perf_counter() - began) * 1000)
            yield Figure(
                "votes",
                "one ballot, committed",
                median(costs),
                "ms",
                most=CAST_MS,
                note=spread(costs),
            )
            await _fill(database, poll.vote.id, poll.vote.rules, range(singly, count))
            began = time.perf_counter()
            closed = await votes.close(club, HOST, Role.HOST)
            cost = (time.perf_counter() - began) * 1000
            assert closed.outcome.ballots == count
            yield Figure("votes", f"close a vote of {count} ballots", cost, "ms", most=CLOSE_MS)
            votes.stop()
        finally:
            await database.close()


def _voter(number: int) -> Visitor:
    return Visitor("twitch", f"voter-{number}", f"Lectrice {number}")


async def _fill(database: Database, key: int, rules: Rules, numbers: range) -> None:
    """Put as many ballots into a vote, in one transaction."""
    ballots = _ballots(rules, len(numbers), 7)
    async with database.transaction() as transaction:
        secret = await storage.key_of(transaction, key)
        assert secret is not None
        seal = Seal(secret)
        rows = [
            (seal.voter("twitch", _voter(number).user_id), seal.close("twitch", ballot))
            for number, ballot in zip(numbers, ballots, strict=True)
        ]
        await storage.put(transaction, key, rows)


async def _club(database: Database) -> tuple[Votes, Club]:
    """Return the votes of a club with as many proposals as a vote takes."""
    clock = SystemClock()
    people = await People.load(database, clock)
    rooms = await Rooms.load(database, clock, locale="fr", zone=ZONE)
    room = await rooms.open_discord("1", "1", "club-lecture")
    agenda = Agenda(database, clock, _nothing)
    clubs = Clubs(database, people, clock, locale="fr")
    news = ClubNews(agenda, clock, clubs, rooms.by_id, ())
    books = Books(database, clock, Catalogues(()))
    club_books = ClubBooks(database, people, clock, clubs, books, news, locale="fr")
    club = (await clubs.create(room, HOST, Changes("Polar"), Role.HOST)).club
    for number in range(MOST_OPTIONS):
        await club_books.propose(club, read_book(f"Livre {number}"), HOST, Role.HOST)
    votes = Votes(database, clock, clubs, club_books, agenda, news, locale="fr")
    return votes, club


async def _nothing(_room: int, _platform: Platform) -> None:
    """Nothing waits to go out."""
