"""Votes on what a club reads next: opening one, casting and changing ballots, closing it, and telling the rooms.

How ballots are counted is in `games/votes.py`, how they are kept from everybody's eyes in `bot/ballots.py`. A vote
closes when a host says so, or by the agenda when its time is up.
"""

import asyncio
import math
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import aiosqlite

from bot.agenda import Agenda
from bot.ballots import Seal, new_key
from bot.clock import DAY, Clock, Timer
from bot.club_books import ClubBooks, Telling
from bot.clubs import Clubs, meant
from bot.people import Visitor
from bot.storage import club_books as storage_of_books
from bot.storage import votes
from bot.storage.agenda import Due, Plan, Step
from bot.storage.club_books import Book
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.storage.votes import MOST_OPEN, Vote
from bot.vote_wishes import LONGEST_DAYS, Wish, read_end
from games.club import State
from games.core import Refusal, Role
from games.recurrence import Series, local_time
from games.votes import LEAST_OPTIONS, MOST_OPTIONS, Ballot, Option, Outcome, Rules, mark, tally

SEEDS: Final = 1_000_000
"""Seeds that a draw may have: six digits, to be told in a line."""

RETRY: Final = 60.0
"""Seconds until what somebody who reads the file prevented is tried again."""

KIND: Final = "vote-close"

STEPS: Final = (Step(KIND, missed_after=None, importance=1),)
"""A vote that was due while nobody kept time closes late rather than never."""

_NUMBERS = re.compile(r"[0-9]+")
_ONLY_NUMBERS = re.compile(r"(?:[0-9]+|[\s,;.>&+-]+|\b(?:et|and|puis|then)\b)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Poll:
    """A vote of a club, with the books that its options stand for, by number."""

    club: Club
    vote: Vote
    books: Mapping[int, Book]


@dataclass(frozen=True, slots=True)
class Opened:
    """A vote has opened."""

    poll: Poll


@dataclass(frozen=True, slots=True)
class Closed:
    """A vote was counted; it is the host's to decide while its state is "tied"."""

    poll: Poll
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How an open vote stands: how many ballots there are, and nothing of what is on them."""

    poll: Poll
    ballots: int


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot lies in the vote; `changed` when it took the place of another."""

    poll: Poll
    ballot: Ballot
    changed: bool


class Votes:
    """Every club's votes."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        clubs: Clubs,
        club_books: ClubBooks,
        agenda: Agenda,
        telling: Telling,
        *,
        locale: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._clubs = clubs
        self._club_books = club_books
        self._agenda = agenda
        self._telling = telling
        self._locale = locale
        self._retry: Timer | None = None
        self._purging: asyncio.Task[None] | None = None
        telling.on("vote", self._told)
        agenda.on(KIND, self._close_due, self._purge_due)

    # the agenda

    async def purge(self) -> None:
        """Let no key that was destroyed be left in the write-ahead log, as soon as nobody reads it."""
        if self._retry is not None:
            self._retry.cancel()
        if not await self._database.truncate():
            self._retry = self._clock.call_later(RETRY, self._purge_again)

    def _purge_again(self) -> None:
        self._purging = asyncio.create_task(self.purge(), name="purge")

    def stop(self) -> None:
        """Leave what is left in the log to the next start."""
        for waiting in (self._retry, self._purging):
            if waiting is not None:
                waiting.cancel()

    async def _close_due(self, due: Due, transaction: aiosqlite.Connection) -> None:
        await self.settle(transaction, due.options["vote"])

    async def _purge_due(self, _: Due) -> None:
        await self.purge()

    async def _told(self, key: int) -> Opened | Closed | None:
        """Return what there is to tell of a vote as it stands now."""
        vote = await votes.one(self._database, key)
        club = await self._clubs.by_id(vote.club_id) if vote else None
        if vote is None or club is None:
            return None
        poll = await self._poll(club, vote)
        return Opened(poll) if vote.state == "open" else await self._counted(poll)

    async def settle(self, transaction: aiosqlite.Connection, key: int) -> bool:
        """Count an open vote in somebody's transaction; return False when it is not open any more.

        Its counts are kept, its ballots and their key destroyed, its books moved (the winner is chosen, the others are
        proposals again), and the rooms are told. Once that is committed, `purge` is to be called.
        """
        vote, secret = await votes.one(self._database, key), await votes.key_of(transaction, key)
        if vote is None or secret is None:
            return False
        seal, at = Seal(secret), self._clock.wall()
        cast = [seal.read(sealed) for sealed in await votes.ballots(transaction, key)]
        counted = Counter(ballot for _, ballot in cast)
        await votes.close(transaction, vote, counted, Counter(p for p, _ in cast), at)
        if vote.series_id is not None:
            await self._agenda.end(transaction, vote.series_id)
        outcome = tally(counted, vote.rules)
        if outcome.tied and outcome.winner is None:
            losers = [n for n in vote.books if n not in outcome.tied]
            await self._move(transaction, vote, losers, "voting", "proposed")
            await self._tell(transaction, vote)
        else:
            await self._decide(transaction, vote, outcome.winner)
        return True

    # what hosts do

    async def open(self, club: Club, wish: Wish, visitor: Visitor, role: Role, zone: str) -> Poll:
        """Open a vote on a club's proposals and tell its rooms.

        Raises:
            Refusal: `club-hosts-only`, `vote-open`, `vote-undecided`, `few-proposals`, `too-many-votes`, `vote-end`,
                `no-number`, `proposals-moved`, `club-over`; as `ClubBooks.find` for books that are named.
        """
        await self._clubs.require_leader(club, visitor, role)
        await self._require_none(club)
        books = await self._options(club, wish)
        vote = await self._drawn_up(club, wish, books, zone)
        async with self._telling.transaction() as transaction:
            await self._clubs.again(club)
            await self._require_none(club)
            if len(await votes.running(transaction)) >= MOST_OPEN:
                raise Refusal("too-many-votes", most=MOST_OPEN)
            key = await votes.add(transaction, vote, new_key())
            moved = await self._move(transaction, vote, vote.books, "proposed", "voting")
            if len(moved) < len(books):
                raise Refusal("proposals-moved")
            await self._plan_close(transaction, replace(vote, id=key), zone)
            await self._telling.plan(transaction, club, "vote", key)
        return await self.poll(key)

    async def close(self, club: Club, visitor: Visitor, role: Role) -> Closed:
        """Close a club's vote now, and tell its rooms; one that its host has to decide ends without a choice.

        Raises:
            Refusal: `club-hosts-only`, `no-vote`.
        """
        await self._clubs.require_leader(club, visitor, role)
        vote = await votes.current(self._database, club.id)
        if vote is None:
            raise Refusal("no-vote")
        if vote.state == "open":
            await self._close(vote.id)
        else:
            await self._end(vote, None)
        return await self._result(club, vote.id)

    async def decide(self, club: Club, text: str, visitor: Visitor, role: Role) -> Closed:
        """Choose among the books that ended level, by an option's number or by title, and tell the rooms.

        Raises:
            Refusal: `club-hosts-only`, `nothing-to-decide`, `not-level`.
        """
        await self._clubs.require_leader(club, visitor, role)
        vote = await votes.current(self._database, club.id)
        if vote is None or vote.state != "tied":
            raise Refusal("nothing-to-decide")
        closed = await self._counted(await self._poll(club, vote))
        level = {number: closed.poll.books[number].title for number in closed.outcome.tied}
        found = self._named(text, level)
        if len(found) != 1 or found[0] not in level:
            numbers = ", ".join(map(str, level))
            raise Refusal("not-level", numbers=numbers)
        await self._end(vote, found[0])
        return await self._result(club, vote.id)

    # what everybody does

    async def is_open(self, club: Club) -> bool:
        """Return whether a club votes now."""
        vote = await votes.current(self._database, club.id)
        return vote is not None and vote.state == "open"

    async def voting(self, room: Room | None, name: str, visitor: Visitor) -> Club:
        """Return the club whose vote is meant: as `Clubs.find` does, unless one alone of the room's clubs votes now.

        Raises:
            Refusal: as `Clubs.find`.
        """
        if not name:
            here = [c for c in await self._clubs.here(room) if await self.is_open(c)]
            if len(here) == 1:
                return here[0]
        return await self._clubs.find(room, name, visitor)

    async def under_way(self, club: Club) -> Progress:
        """Return how a club's open vote stands; raises `Refusal` (`no-vote`)."""
        poll = await self._open_poll(club)
        return Progress(poll, await votes.cast_so_far(self._database, poll.vote.id))

    async def latest(self, club: Club) -> Progress | Closed:
        """Return a club's last vote, open or counted; raises `Refusal` (`no-vote`) when it never had one."""
        vote = await votes.latest(self._database, club.id)
        if vote is None:
            raise Refusal("no-vote")
        if vote.state == "open":
            return await self.under_way(club)
        return await self._counted(await self._poll(club, vote))

    async def cast(self, club: Club, text: str, visitor: Visitor, role: Role) -> Cast:
        """Put a ballot into a club's open vote, in the place of the visitor's former one: "1 3 4", or a title.

        Whoever votes is not made a person by it. In a public club everybody votes, in another its members.

        Raises:
            Refusal: `no-vote`, `members-only`; as `games.votes.mark` for what is no ballot.
        """
        poll = await self._open_poll(club)
        titles = {number: book.title for number, book in poll.books.items()}
        return await self._cast(poll, self._named(text, titles), visitor, role)

    async def cast_in(self, key: int, choices: Sequence[int], visitor: Visitor, role: Role) -> Cast:
        """Put a ballot into the vote of that number. Raises like `cast`; also `vote-over`."""
        return await self._cast(await self.poll(key), choices, visitor, role)

    async def take_back(self, club: Club, visitor: Visitor) -> None:
        """Take the visitor's ballot out of a club's open vote; raises `Refusal` (`no-vote`, `no-ballot`)."""
        poll = await self._open_poll(club)
        async with self._database.transaction() as transaction:
            if not await self._take_back(transaction, poll.vote.id, visitor):
                raise Refusal("no-ballot")

    async def own(self, key: int, visitor: Visitor) -> Ballot:
        """Return what is on the visitor's ballot in an open vote; nothing when there is none."""
        async with self._database.transaction() as transaction:
            secret = await votes.key_of(transaction, key)
            if secret is None:
                return ()
            seal = Seal(secret)
            voter = seal.voter(visitor.platform, visitor.user_id)
            sealed = await votes.ballot_of(transaction, key, voter)
        return seal.read(sealed)[1] if sealed else ()

    async def poll(self, key: int) -> Poll:
        """Return an open vote by its number; raises `Refusal` (`vote-over`)."""
        vote = await votes.one(self._database, key)
        club = await self._clubs.by_id(vote.club_id) if vote else None
        if vote is None or club is None or vote.state != "open":
            raise Refusal("vote-over")
        return await self._poll(club, vote)

    async def forget(self, visitor: Visitor) -> bool:
        """Take the visitor's ballots out of every open vote; return whether there were any."""
        async with self._database.transaction() as transaction:
            keys = await votes.running(transaction)
            return any([await self._take_back(transaction, key, visitor) for key in keys])

    # how

    async def _cast(self, poll: Poll, choices: Sequence[int], visitor: Visitor, role: Role) -> Cast:
        ballot = mark(choices, poll.vote.rules)
        if poll.club.access != "public":
            await self._clubs.require_member(poll.club, visitor, role)
        async with self._database.transaction() as transaction:
            secret = await votes.key_of(transaction, poll.vote.id)
            if secret is None:
                raise Refusal("vote-over")
            seal = Seal(secret)
            voter = seal.voter(visitor.platform, visitor.user_id)
            changed = await votes.take_back(transaction, poll.vote.id, voter)
            sealed = seal.close(visitor.platform, ballot)
            await votes.put(transaction, poll.vote.id, [(voter, sealed)])
            await self._clubs.seen_today(transaction, visitor)
        return Cast(poll, ballot, changed)

    async def _take_back(
        self, transaction: aiosqlite.Connection, key: int, visitor: Visitor
    ) -> bool:
        secret = await votes.key_of(transaction, key)
        if secret is None:
            return False
        voter = Seal(secret).voter(visitor.platform, visitor.user_id)
        return await votes.take_back(transaction, key, voter)

    def _named(self, text: str, titles: Mapping[int, str]) -> list[int]:
        """Return the options that a text names: by their numbers, in its order, or the one by its title."""
        numbers = [int(number) for number in _NUMBERS.findall(text[:200])]
        if _ONLY_NUMBERS.fullmatch(text) and all(number in titles for number in numbers):
            return numbers
        by_title = meant(text, titles, self._locale)
        return by_title if len(by_title) == 1 else numbers

    async def _options(self, club: Club, wish: Wish) -> list[Book]:
        """Return the books to vote on, the oldest proposal first."""
        waiting = [b for b in await self._club_books.listed(club) if b.state == "proposed"]
        if wish.books:
            named = [await self._club_books.find(club, book, ("proposed",)) for book in wish.books]
            waiting = [book for book in waiting if book in named]
        if len(waiting) < LEAST_OPTIONS:
            raise Refusal("few-proposals")
        return waiting[:MOST_OPTIONS]

    async def _drawn_up(self, club: Club, wish: Wish, books: Sequence[Book], zone: str) -> Vote:
        """Return a vote on these books, as it is going to be announced."""
        now = self._clock.wall()
        rules = Rules(
            wish.method,
            tuple(Option(number, book.pages) for number, book in enumerate(books, 1)),
            wish.most,
            await self._quorum(club, wish.quorum),
            wish.tie,
            secrets.randbelow(SEEDS),
        )
        end = read_end(wish.end, now, zone) if wish.end else now + LONGEST_DAYS * DAY
        numbered = {number: book.id for number, book in enumerate(books, 1)}
        return Vote(0, club.id, "open", now, end, bool(wish.end), rules, numbered)

    async def _quorum(self, club: Club, text: str) -> int:
        """Return how many ballots it takes; a share is one of the members that there are now."""
        match = re.fullmatch(r"([0-9]{1,6})\s*(%?)", text.strip() or "1")
        if match is None:
            raise Refusal("no-number", text=text[:20], least=1, most="100%")
        number = int(match[1])
        if not match[2]:
            return max(1, number)
        members = (await self._clubs.sizes([club]))[club.id]
        return max(1, math.ceil(members * min(number, 100) / 100))

    async def _require_none(self, club: Club) -> None:
        vote = await votes.current(self._database, club.id)
        if vote is not None and vote.state == "open":
            raise Refusal("vote-open")
        if vote is not None:
            raise Refusal("vote-undecided")

    async def _plan_close(self, transaction: aiosqlite.Connection, vote: Vote, zone: str) -> None:
        end = local_time(vote.ends_at, zone).replace(microsecond=0)
        plan = Plan(KIND, Series(end, zone), STEPS, options={"vote": vote.id}, shown=False)
        series = await self._agenda.plan(transaction, plan)
        await votes.note_series(transaction, vote.id, series)

    async def _close(self, key: int) -> None:
        async with self._telling.transaction() as transaction:
            await self.settle(transaction, key)
        await self.purge()

    async def _end(self, vote: Vote, chosen: int | None) -> None:
        """End a vote that was counted without a winner."""
        async with self._telling.transaction() as transaction:
            await self._decide(transaction, vote, chosen)

    async def _tell(self, transaction: aiosqlite.Connection, vote: Vote) -> None:
        club = await self._clubs.by_id(vote.club_id)
        if club is not None:
            await self._telling.plan(transaction, club, "vote", vote.id)

    async def _decide(
        self, transaction: aiosqlite.Connection, vote: Vote, chosen: int | None
    ) -> None:
        if await votes.decide(transaction, vote.id, "closed", chosen):
            losers = [number for number in vote.books if number != chosen]
            await self._move(transaction, vote, losers, "voting", "proposed")
            if chosen is not None:
                await self._move(transaction, vote, [chosen], "voting", "chosen")
            await self._tell(transaction, vote)

    async def _move(
        self,
        transaction: aiosqlite.Connection,
        vote: Vote,
        options: Iterable[int],
        state: State,
        to: State,
    ) -> list[int]:
        """Move the books of options from one state to another; return those that were where they should be."""
        books = [(vote.books[number], state) for number in options]
        return await storage_of_books.move(transaction, books, to, self._clock.wall())

    async def _open_poll(self, club: Club) -> Poll:
        vote = await votes.current(self._database, club.id)
        if vote is None or vote.state != "open":
            raise Refusal("no-vote")
        return await self._poll(club, vote)

    async def _poll(self, club: Club, vote: Vote) -> Poll:
        books = await storage_of_books.some(self._database, list(vote.books.values()))
        return Poll(club, vote, {number: books[key] for number, key in vote.books.items()})

    async def _counted(self, poll: Poll) -> Closed:
        counted = await votes.counts(self._database, poll.vote.id)
        return Closed(poll, tally(counted, poll.vote.rules))

    async def _result(self, club: Club, key: int) -> Closed:
        vote = await votes.one(self._database, key)
        if vote is None:
            raise Refusal("no-vote")
        return await self._counted(await self._poll(club, vote))
