"""SQL on votes. Open ballots are sealed, and their keys are the one thing here that must leave no copy behind.

SQLite copies rows from page to page as a table grows, and the old copies stay in free space. A table that never
outgrows one page is never copied: so all keys stand in `vote_key`, of which `MOST_OPEN` bounds the rows. There a key
is overwritten where it stands, then deleted (`secure_delete` clears it again), and what the write-ahead log still
holds goes with `Database.truncate`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

import aiosqlite

from bot.storage.database import Database
from games.core import Platform
from games.votes import Ballot, Method, Option, Rules, TieRule

MOST_OPEN: Final = 50
"""Votes open at a time: their keys take about half of SQLite's usual page of 4,096 bytes."""

State = Literal["open", "tied", "closed"]

_COLUMNS = (
    "id, club_id, state, opened_at, ends_at, asked, closed_at, discord_ballots, twitch_ballots, chosen,"
    " series_id, method, most, quorum, tie, seed"
)


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote. `books` are those of its options, by number; `asked` tells that a host set its end.

    `series_id` is its close in the agenda; `ballots` on each platform, and the number `chosen`, are known from then on.
    """

    id: int
    club_id: int
    state: State
    opened_at: int
    ends_at: int
    asked: bool
    rules: Rules
    books: Mapping[int, int]
    series_id: int | None = None
    closed_at: int | None = None
    ballots: Mapping[Platform, int] | None = None
    chosen: int | None = None


async def one(database: Database, key: int) -> Vote | None:
    """Return a vote."""
    return await _first(database, "id = ?", key)


async def current(database: Database, club_id: int) -> Vote | None:
    """Return the vote of a club that is open, or that its host is to decide."""
    return await _first(database, "club_id = ? AND state != 'closed'", club_id)


async def latest(database: Database, club_id: int) -> Vote | None:
    """Return the last vote of a club."""
    return await _first(database, "club_id = ? ORDER BY id DESC LIMIT 1", club_id)


async def cast_so_far(database: Database, key: int) -> int:
    """Return how many ballots lie in an open vote."""
    rows = await database.rows("SELECT COUNT(*) FROM ballot WHERE vote_id = ?", (key,))
    return int(rows[0][0])


async def counts(database: Database, key: int) -> dict[Ballot, int]:
    """Return how often each ballot was cast in a vote that is closed."""
    rows = await database.rows("SELECT choices, ballots FROM vote_count WHERE vote_id = ?", (key,))
    return {_choices(text): cast for text, cast in rows}


async def running(transaction: aiosqlite.Connection) -> dict[int, bytes]:
    """Return the keys of all open votes."""
    rows = await transaction.execute_fetchall("SELECT vote_id, key FROM vote_key")
    return {key: bytes(secret) for key, secret in rows}


async def key_of(transaction: aiosqlite.Connection, vote_id: int) -> bytes | None:
    """Return the key of an open vote."""
    rows = await transaction.execute_fetchall(
        "SELECT key FROM vote_key WHERE vote_id = ?", (vote_id,)
    )
    return next((bytes(secret) for (secret,) in rows), None)


async def add(transaction: aiosqlite.Connection, vote: Vote, key: bytes) -> int:
    """Insert a vote that opens (its id is ignored) and return its number."""
    rules = vote.rules
    [(number,)] = await transaction.execute_fetchall(
        "INSERT INTO vote (club_id, state, opened_at, ends_at, asked, method, most, quorum, tie, seed)"
        " VALUES (?, 'open', ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (
            vote.club_id,
            vote.opened_at,
            vote.ends_at,
            vote.asked,
            rules.method,
            rules.most,
            rules.quorum,
            rules.tie,
            rules.seed,
        ),
    )
    await transaction.executemany(
        "INSERT INTO vote_option (vote_id, number, book_id, pages) VALUES (?, ?, ?, ?)",
        [(number, o.number, vote.books[o.number], o.pages) for o in rules.options],
    )
    await transaction.execute("INSERT INTO vote_key (vote_id, key) VALUES (?, ?)", (number, key))
    return int(number)


async def note_series(transaction: aiosqlite.Connection, key: int, series_id: int) -> None:
    """Note what the close of a vote is in the agenda."""
    await transaction.execute("UPDATE vote SET series_id = ? WHERE id = ?", (series_id, key))


async def put(
    transaction: aiosqlite.Connection, vote_id: int, ballots: Iterable[tuple[bytes, bytes]]
) -> None:
    """Put (voter, sealed ballot) into an open vote, each in the place of the same voter's former one."""
    await transaction.executemany(
        "INSERT INTO ballot (vote_id, voter, sealed) VALUES (?, ?, ?)"
        " ON CONFLICT (vote_id, voter) DO UPDATE SET sealed = excluded.sealed",
        [(vote_id, voter, sealed) for voter, sealed in ballots],
    )


async def ballot_of(transaction: aiosqlite.Connection, vote_id: int, voter: bytes) -> bytes | None:
    """Return a voter's sealed ballot."""
    rows = await transaction.execute_fetchall(
        "SELECT sealed FROM ballot WHERE vote_id = ? AND voter = ?", (vote_id, voter)
    )
    return next((bytes(sealed) for (sealed,) in rows), None)


async def take_back(transaction: aiosqlite.Connection, vote_id: int, voter: bytes) -> bool:
    """Take a voter's ballot out; return False when there was none."""
    cursor = await transaction.execute(
        "DELETE FROM ballot WHERE vote_id = ? AND voter = ?", (vote_id, voter)
    )
    return cursor.rowcount == 1


async def ballots(transaction: aiosqlite.Connection, vote_id: int) -> list[bytes]:
    """Return the sealed ballots of a vote."""
    rows = await transaction.execute_fetchall(
        "SELECT sealed FROM ballot WHERE vote_id = ?", (vote_id,)
    )
    return [bytes(sealed) for (sealed,) in rows]


async def close(
    transaction: aiosqlite.Connection,
    vote: Vote,
    counted: Mapping[Ballot, int],
    platforms: Mapping[Platform, int],
    at: int,
) -> None:
    """Keep the counts of a vote, in the order of what is on the ballots, and destroy its key and its ballots."""
    await transaction.executemany(
        "INSERT INTO vote_count (vote_id, choices, ballots) VALUES (?, ?, ?)",
        [(vote.id, " ".join(map(str, ballot)), counted[ballot]) for ballot in sorted(counted)],
    )
    await transaction.execute(
        "UPDATE vote SET closed_at = ?, discord_ballots = ?, twitch_ballots = ?, state = 'tied'"
        " WHERE id = ?",
        (at, platforms.get("discord", 0), platforms.get("twitch", 0), vote.id),
    )
    # In place, since nothing changes its length; the row may then go.
    await transaction.execute(
        "UPDATE vote_key SET key = zeroblob(length(key)) WHERE vote_id = ?", (vote.id,)
    )
    await transaction.execute("DELETE FROM vote_key WHERE vote_id = ?", (vote.id,))
    await transaction.execute("DELETE FROM ballot WHERE vote_id = ?", (vote.id,))


async def decide(
    transaction: aiosqlite.Connection, key: int, state: State, chosen: int | None
) -> bool:
    """Note how a vote that is counted ends; return False when it had ended."""
    cursor = await transaction.execute(
        "UPDATE vote SET state = ?, chosen = ? WHERE id = ? AND state = 'tied'",
        (state, chosen, key),
    )
    return cursor.rowcount == 1


async def _first(database: Database, condition: str, key: int) -> Vote | None:
    rows = await database.rows(f"SELECT {_COLUMNS} FROM vote WHERE {condition}", (key,))  # noqa: S608 (constant)
    if not rows:
        return None
    options = await database.rows(
        "SELECT number, book_id, pages FROM vote_option WHERE vote_id = ? ORDER BY number",
        (rows[0][0],),
    )
    return _vote(rows[0], options)


def _vote(row: Sequence[Any], options: Sequence[tuple[int, int, int | None]]) -> Vote:
    key, club_id, state, opened_at, ends_at, asked, closed_at, discord, twitch, chosen, *rest = row
    series_id, method, most, quorum, tie, seed = rest
    choices = tuple(Option(number, pages) for number, _, pages in options)
    return Vote(
        key,
        club_id,
        cast("State", state),
        opened_at,
        ends_at,
        bool(asked),
        Rules(cast("Method", method), choices, most, quorum, cast("TieRule", tie), seed),
        {number: book for number, book, _ in options},
        series_id,
        closed_at,
        None if closed_at is None else {"discord": discord, "twitch": twitch},
        chosen,
    )


def _choices(text: str) -> Ballot:
    return tuple(int(number) for number in text.split())
