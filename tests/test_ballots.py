"""Ballots: sealed while a vote is open, and tied to nobody by any byte of the file once it is closed."""

import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ballots import KEY_BYTES, NONCE_BYTES, SEALED_BYTES, Seal, new_key
from bot.people import Visitor
from bot.storage import votes as storage
from bot.storage.votes import MOST_OPEN
from bot.vote_wishes import Wish
from bot.votes import Closed, Poll
from games.core import Platform, Refusal, Role
from games.votes import MOST_OPTIONS, Ballot
from tests.club_stage import AURORE, ClubHouse
from tests.hall_stage import visitor
from tests.waiting import until

KEY = bytes(range(KEY_BYTES))
CROWD = 10_000
TITLES = tuple(f"Livre {number}" for number in range(1, 9))

ballots = st.lists(st.integers(1, MOST_OPTIONS), unique=True, max_size=MOST_OPTIONS).map(tuple)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[ClubHouse]:
    engine = await ClubHouse(tmp_path / "e.sqlite3").open()
    yield engine
    await engine.close()


def dump(engine: ClubHouse) -> bytes:
    """Return every byte of the database: its file, its log, and whatever else lies beside it."""
    files = sorted(engine.path.parent.glob(engine.path.name + "*"))
    return b"".join(file.read_bytes() for file in files)


# --- Sealing


@given(ballots, st.sampled_from(["discord", "twitch"]))
def test_what_is_sealed_is_read_with_the_key(ballot: Ballot, platform: Platform) -> None:
    sealed = Seal(KEY).close(platform, ballot)
    assert len(sealed) == NONCE_BYTES + SEALED_BYTES
    assert Seal(KEY).read(sealed) == (platform, ballot)


def test_the_same_ballot_never_looks_the_same() -> None:
    seal = Seal(KEY)
    sealed = [seal.close("discord", (1, 3)) for _ in range(200)]
    assert len(set(sealed)) == 200
    for one, other in pairwise(sealed):
        assert one[NONCE_BYTES:] != other[NONCE_BYTES:]


def test_another_key_reads_noise() -> None:
    sealed = [Seal(KEY).close("discord", (1, 3)) for _ in range(2000)]
    counts = Counter(byte for one in sealed for byte in one[NONCE_BYTES:])
    assert len(counts) == 256
    assert max(counts.values()) < 2 * min(counts.values())


def test_an_account_has_one_name_in_a_vote_and_another_in_the_next() -> None:
    seal, other = Seal(KEY), Seal(new_key())
    assert seal.voter("twitch", "12") == seal.voter("twitch", "12")
    names = {
        seal.voter("twitch", "12"),
        seal.voter("discord", "12"),
        seal.voter("twitch", "1"),
        other.voter("twitch", "12"),
    }
    assert len(names) == 4


# --- In the file


def crowd(count: int) -> list[Visitor]:
    places: Sequence[Platform] = ("discord", "twitch")
    return [Visitor(places[n % 2], f"user-{n:06d}", f"Nom-{n:06d}") for n in range(count)]


def rows(
    seal: Seal, people: Iterable[Visitor], choices: Iterable[Ballot]
) -> list[tuple[bytes, bytes]]:
    return [
        (seal.voter(who.platform, who.user_id), seal.close(who.platform, ballot))
        for who, ballot in zip(people, choices, strict=True)
    ]


async def key_of(engine: ClubHouse, poll: Poll) -> bytes:
    async with engine.database.transaction() as transaction:
        key = await storage.key_of(transaction, poll.vote.id)
    assert key is not None
    return key


async def cast_all(engine: ClubHouse, poll: Poll, people: list[Visitor], seed: int) -> list[Ballot]:
    """Let everybody vote in some order, a hundred in a transaction, and half of them change their minds."""
    chance, seal = random.Random(seed), Seal(await key_of(engine, poll))

    def choose() -> Ballot:
        return tuple(sorted(chance.sample(range(1, 9), chance.randint(1, 8))))

    final = [choose() for _ in people]
    order = list(range(len(people)))
    chance.shuffle(order)
    changing = order[: len(order) // 2]
    for batch, choices in ((order, [choose() for _ in order]), (changing, None)):
        for start in range(0, len(batch), 100):
            part = batch[start : start + 100]
            cast = [
                choices[start + at] if choices and key in changing else final[key]
                for at, key in enumerate(part)
            ]
            sealed = rows(seal, [people[key] for key in part], cast)
            async with engine.database.transaction() as transaction:
                await storage.put(transaction, poll.vote.id, sealed)
    return final


def linked(dumped: bytes, key: bytes, people: Sequence[Visitor]) -> int:
    """Return how many of these people a thief of the file who has the key finds in it."""
    seal = Seal(key)
    return sum(seal.voter(who.platform, who.user_id) in dumped for who in people)


def windows(dumped: bytes, width: int) -> set[bytes]:
    """Return every run of so many bytes, those in pages that hold nothing but zeros left out."""
    found: set[bytes] = set()
    for start in range(0, len(dumped), 4096):
        if any(dumped[start : start + 4096]):
            found.update(dumped[at : at + width] for at in range(start, start + 4096))
    return found


async def test_ten_thousand_ballots_cast_changed_and_closed_tie_nobody_to_theirs(
    engine: ClubHouse,
) -> None:
    club, people = await engine.club(), crowd(CROWD)
    poll = await engine.vote(club, titles=TITLES)
    final = await cast_all(engine, poll, people, seed=5)
    key = await key_of(engine, poll)
    open_file = dump(engine)
    assert key in open_file, "what is searched for below is found while the vote is open"
    assert linked(open_file, key, people[:50]) == 50
    assert key in windows(open_file, KEY_BYTES)

    closed = await engine.counted(club)
    assert closed.outcome.ballots == CROWD
    assert await storage.counts(engine.database, poll.vote.id) == dict(Counter(final))
    left = dump(engine)
    assert key not in left
    for part in range(0, KEY_BYTES, 8):
        assert key[part : part + 8] not in left
    for secret in (key.hex(), key.hex().upper(), repr(key)):
        assert secret.encode() not in left
    for who in people[:1000]:
        assert who.user_id.encode() not in left
        assert who.name.encode() not in left

    # A thief who tries every 32 bytes of the file as the key finds no voter's name in it.
    there = windows(left, 16)
    some = people[17]
    account = f"{some.platform}:{some.user_id}".encode()
    for tried in windows(left, KEY_BYTES):
        assert blake2b(account, key=tried, person=b"voter", digest_size=16).digest() not in there
    assert await engine.sql("SELECT COUNT(*) FROM ballot") == [(0,)]
    assert await engine.sql("SELECT COUNT(*) FROM vote_key") == [(0,)]


@pytest.mark.parametrize("seed", range(3))
async def test_the_order_in_which_people_voted_leaves_nothing_behind(
    tmp_path: Path, seed: int
) -> None:
    """The same ballots from other people and in another order come to the same rows."""
    kept = []
    for run in range(2):
        engine = await ClubHouse(tmp_path / f"{run}.sqlite3").open()
        club = await engine.club()
        poll = await engine.vote(club, titles=TITLES)
        chance = random.Random(seed)
        choices = [tuple(sorted(chance.sample(range(1, 9), 3))) for _ in range(300)]
        people = crowd(300)
        random.Random(run).shuffle(people)
        random.Random(run + 10).shuffle(choices)
        seal = Seal(await key_of(engine, poll))
        async with engine.database.transaction() as transaction:
            await storage.put(transaction, poll.vote.id, rows(seal, people, choices))
        await engine.counted(club)
        counts = await engine.sql("SELECT * FROM vote_count")
        assert [row[1] for row in counts] == sorted(row[1] for row in counts)
        kept.append(
            (counts, await engine.sql("SELECT discord_ballots, twitch_ballots, chosen FROM vote"))
        )
        await engine.close()
    assert kept[0] == kept[1]


async def test_no_column_says_when_a_ballot_was_cast(engine: ClubHouse) -> None:
    columns = {
        table: [name for _, name, *_ in await engine.sql(f"PRAGMA table_info({table})")]
        for table in ("ballot", "vote_key", "vote_count")
    }
    assert columns == {
        "ballot": ["vote_id", "voter", "sealed"],
        "vote_key": ["vote_id", "key"],
        "vote_count": ["vote_id", "choices", "ballots"],
    }


async def test_votes_that_close_leave_the_keys_of_the_others_readable(engine: ClubHouse) -> None:
    polls: list[tuple[Poll, bytes]] = []
    for number in range(MOST_OPEN):
        club = await engine.club(f"Club {number}")
        poll = await engine.vote(club)
        await engine.cast(club, "2")
        polls.append((poll, await key_of(engine, poll)))
    one_more = await engine.club("Encore un")
    with pytest.raises(Refusal, match="too-many-votes"):
        await engine.vote(one_more)
    random.Random(1).shuffle(polls)
    for at, (poll, _) in enumerate(polls):
        closed = await engine.counted(poll.club)
        assert closed.outcome.winner == 2
        if at % 7 == 0:
            left = dump(engine)
            assert not [key for _, key in polls[: at + 1] if key in left]
            assert all(key in left for _, key in polls[at + 1 :])
    assert not [key for _, key in polls if key[:8] in dump(engine)]


async def test_a_file_written_anew_while_a_vote_is_open_keeps_no_second_key(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    key = await key_of(engine, poll)
    await engine.cast(club, "1", "1", "2")
    await engine.database.scrub()
    await engine.database.sweep()
    await engine.counted(club)
    assert key[:8] not in dump(engine)


async def test_while_somebody_reads_the_key_goes_as_soon_as_they_are_done(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.cast(club, "1")
    key = await key_of(engine, poll)
    reader = sqlite3.connect(engine.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM vote").fetchall()
    await engine.counted(club)
    assert key in dump(engine), "the log cannot be emptied under somebody who reads"
    reader.close()
    await engine.wait(61)
    await until(lambda: key[:8] not in dump(engine))


async def test_a_crash_right_after_the_close_leaves_no_key_after_the_next_start(
    engine: ClubHouse,
) -> None:
    club = await engine.club()
    poll = await engine.vote(club)
    await engine.cast(club, "1")
    key = await key_of(engine, poll)
    async with engine.database.transaction() as transaction:
        await engine.votes.settle(transaction, poll.vote.id)
    copied = {file.name: file.read_bytes() for file in engine.path.parent.glob("e.sqlite3*")}
    assert any(key in content for content in copied.values()), "it is in the log"
    other = engine.path.parent / "crashed"
    other.mkdir()
    for name, content in copied.items():
        if not name.endswith("-shm"):
            (other / name).write_bytes(content)
    again = await ClubHouse(other / "e.sqlite3", engine.clock).open()
    left = dump(again)
    await again.settle()
    await again.close()
    assert key[:8] not in left
    [closed] = again.face.of(Closed)
    assert closed.outcome.winner == 1


async def test_a_ballot_cast_the_whole_way_is_nowhere_in_the_clear(engine: ClubHouse) -> None:
    club = await engine.club()
    poll = await engine.vote(club, Wish("ranked"), titles=TITLES)
    people = [visitor("twitch", f"Lectrice{number}") for number in range(60)]
    for number, who in enumerate(people):
        await engine.votes.cast(club, "8 7 6 5 4 3 2 1", who, Role.PATRON)
        if number % 2:
            await engine.votes.cast(club, "1 2 3 4 5 6 7 8", who, Role.PATRON)
    held = dump(engine)
    for clear in (b"8 7 6 5 4 3 2 1", bytes((8, 7, 6, 5, 4, 3, 2, 1)), b"lectrice", b"Lectrice"):
        assert clear not in held
    key = await key_of(engine, poll)
    await engine.votes.close(club, AURORE, Role.PATRON)
    left = dump(engine)
    assert key[:8] not in left
    assert b"lectrice" not in left
    assert await engine.sql("SELECT choices, ballots FROM vote_count") == [
        ("1 2 3 4 5 6 7 8", 30),
        ("8 7 6 5 4 3 2 1", 30),
    ]
    assert await engine.sql("SELECT COUNT(*) FROM person") == [(1,)], "voting enrols nobody"
