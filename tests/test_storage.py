"""The file: migrations, pragmas, transactions, roll-ups, and what erasing leaves behind."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.storage import database as database_module
from bot.storage import participation, people, quiet, rooms, sessions, tokens
from bot.storage.database import Database, DatabaseTooNewError, migrations
from bot.storage.participation import LedgerRow
from bot.storage.people import NewPerson
from bot.storage.quiet import Kept
from bot.storage.rooms import Room
from bot.storage.sessions import SessionRow

SALON = Room(0, "Salon", "fr", "Europe/Paris", "d1", "g", "t1", "salon")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "down" / "e.sqlite3"


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    database = await Database.open(path)
    yield database
    await database.close()


def new(key: int, name: str = "", at: int = 0) -> NewPerson:
    return NewPerson(key, "discord", f"user-{key}", name or f"Name {key}", at)


def begun(key: int, room_id: int, at: int = 0) -> SessionRow:
    return SessionRow(key, room_id, "quiz", "Titre", {"a": [1]}, 7, at, None, False, 0, at)


def part(
    session: int, person: int, room: int = 1, points: int = 1, season: int = 2025
) -> LedgerRow:
    return LedgerRow(session, person, room, season, "discord", points + 1, points, points, 100)


async def _peopled(database: Database, count: int, rooms_: int = 1) -> None:
    async with database.transaction() as t:
        for n in range(1, rooms_ + 1):
            await rooms.add(t, Room(0, f"S{n}", "fr", "UTC", f"d{n}", "g", None, None), 0)
        await people.add(t, [new(key) for key in range(1, count + 1)])


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(content)


def _file(path: Path) -> bytes:
    return path.read_bytes()


# --- Opening


async def test_an_empty_file_is_brought_to_the_newest_version(database: Database) -> None:
    assert await database.rows("PRAGMA user_version") == [(migrations()[-1][0],)]
    assert await database.rows("PRAGMA integrity_check") == [("ok",)]


def test_migrations_are_numbered_without_a_gap() -> None:
    numbers = [number for number, _ in migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_opening_again_changes_nothing(path: Path) -> None:
    for _ in range(2):
        await (await Database.open(path)).close()
    before = _file(path)
    await (await Database.open(path)).close()
    assert _file(path) == before


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
async def test_a_file_from_the_future_is_refused_untouched(path: Path, mode: str) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as file:
        file.execute(f"PRAGMA journal_mode={mode}")
        file.execute("CREATE TABLE wonder (x)")
        file.execute("PRAGMA user_version = 9999")
    file.close()
    before = _file(path)
    with pytest.raises(DatabaseTooNewError):
        await Database.open(path)
    assert _file(path) == before


async def test_what_is_no_database_is_refused_untouched(path: Path) -> None:
    _write(path, b"Cher journal, " * 1000)
    before = _file(path)
    with pytest.raises(sqlite3.DatabaseError):
        await Database.open(path)
    assert _file(path) == before


async def test_a_migration_that_fails_leaves_the_version_before(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await Database.open(path)).close()
    bad = tmp_path / "bad.sql"
    bad.write_text("CREATE TABLE half (x) STRICT; CREATE TABLE person (y);")
    steps = [*migrations(), (migrations()[-1][0] + 1, bad)]
    monkeypatch.setattr(database_module, "migrations", lambda: steps)
    with pytest.raises(sqlite3.OperationalError):
        await Database.open(path)
    monkeypatch.undo()
    database = await Database.open(path)
    assert await database.rows("SELECT name FROM sqlite_master WHERE name = 'half'") == []
    await database.close()


async def test_pragmas_hold_on_both_connections(database: Database) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5000,
    }
    for name, value in wanted.items():
        assert await database.rows(f"PRAGMA {name}") == [(value,)]
        async with database.transaction() as t:
            # The mode of synchronous cannot be changed inside, but it can be read.
            assert list(await t.execute_fetchall(f"PRAGMA {name}")) == [(value,)]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.rows("DELETE FROM person")


async def test_every_table_is_strict(database: Database) -> None:
    loose = (
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
    )
    names = {name for (name,) in await database.rows(loose)}
    assert names <= {"sqlite_schema", "sqlite_sequence"}
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as t:
            await t.execute(
                "INSERT INTO person (id, name, created_at, seen_at) VALUES (1, 'a', 'noon', 0)"
            )


async def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        async with database.transaction() as t:
            await sessions.add(t, begun(1, 77))


# --- Transactions


async def _count(database: Database) -> int:
    return int((await database.rows("SELECT count(*) FROM person"))[0][0])


async def test_an_exception_rolls_back(database: Database) -> None:
    async def work() -> None:
        async with database.transaction() as t:
            await people.add(t, [new(1)])
            raise Stop

    with pytest.raises(Stop):
        await work()
    assert await _count(database) == 0
    await _peopled(database, 2)
    assert await _count(database) == 2


class Stop(Exception):
    pass


@pytest.mark.parametrize("turns", range(14))
async def test_cancelled_anywhere_the_connection_is_left_clean(
    database: Database, turns: int
) -> None:
    async def work() -> None:
        async with database.transaction() as t:
            await people.add(t, [new(1)])
            await people.add(t, [new(2)])

    task = asyncio.create_task(work())
    for _ in range(turns):
        await asyncio.sleep(0 if turns % 2 else 0.0003)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with database.transaction() as t:
        assert await _all(t, "SELECT count(*) FROM person") in ([(0,)], [(2,)])
        await people.add(t, [new(3)])
    assert await _count(database) in (1, 3)


async def _all(connection: Any, sql: str) -> list[Any]:
    return list(await connection.execute_fetchall(sql))


async def test_cancelled_while_it_begins(database: Database) -> None:
    """BEGIN is on its way to the connection's thread when the task is cancelled: it must not stay open."""

    async def work() -> None:
        async with database.transaction():
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as t:
        await people.add(t, [new(1)])
    assert await _count(database) == 1


async def test_two_coroutines_never_share_a_transaction(database: Database) -> None:
    inside = 0

    async def work(key: int) -> None:
        nonlocal inside
        async with database.transaction() as t:
            inside += 1
            assert inside == 1
            await people.add(t, [new(key)])
            await asyncio.sleep(0)
            inside -= 1
            if key % 3 == 0:
                raise Stop

    await asyncio.gather(*(work(key) for key in range(1, 31)), return_exceptions=True)
    kept = [key for (key,) in await database.rows("SELECT id FROM person")]
    assert kept == [key for key in range(1, 31) if key % 3]


async def test_readers_do_not_see_what_is_not_committed(database: Database) -> None:
    async with database.transaction() as t:
        await people.add(t, [new(1)])
        assert await _count(database) == 0
    assert await _count(database) == 1


async def test_a_locked_file_is_an_error_and_not_the_end(path: Path, database: Database) -> None:
    async with database.transaction() as t:
        await t.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        async with database.transaction():
            pass
    other.rollback()
    other.close()
    await _peopled(database, 1)


# --- Sessions


async def test_a_session_comes_back_as_it_was_kept(database: Database) -> None:
    await _peopled(database, 0)
    row = begun(5, 1, 9)
    plays = [(5, 1, 0, "ticked", None, None, None), (5, 2, 3, "said", 4, "twitch", "É’\u202f")]
    async with database.transaction() as t:
        await sessions.add(t, row)
        await sessions.append(t, plays)
        await sessions.save_clocks(t, [(77, True, 88, 5)])
    kept = await sessions.one(database, 5)
    assert kept == SessionRow(5, 1, "quiz", "Titre", {"a": [1]}, 7, 9, None, True, 77, 88)
    assert await sessions.journal(database, 5) == plays
    assert await sessions.one(database, 6) is None
    assert await sessions.highest(database) == 5


async def test_a_session_ends_once_and_is_told_once(database: Database) -> None:
    await _peopled(database, 0)
    async with database.transaction() as t:
        await sessions.add(t, begun(1, 1))
        assert await sessions.end(t, 1, 50, players=3, untraced=1)
        assert not await sessions.end(t, 1, 60, players=9, untraced=9)
    assert await database.rows("SELECT ended_at, players, untraced FROM session") == [(50, 3, 1)]
    assert await sessions.unfinished(database) == [1]
    async with database.transaction() as t:
        await sessions.announced(t, 1)
    assert await sessions.unfinished(database) == []


async def test_a_session_that_nobody_could_find_again_frees_its_room(database: Database) -> None:
    await _peopled(database, 0, 2)
    async with database.transaction() as t:
        await sessions.add(t, begun(1, 1))
        await sessions.add(t, begun(2, 2))
        await sessions.add(t, begun(3, 1, 40))
    assert await database.rows("SELECT id, ended_at FROM session") == [
        (1, 40),
        (2, None),
        (3, None),
    ]
    assert await sessions.unfinished(database) == [2, 3]


async def test_posts_are_remembered_by_name(database: Database) -> None:
    await _peopled(database, 0)
    async with database.transaction() as t:
        await sessions.add(t, begun(1, 1))
        await sessions.keep_post(t, 1, "q1", "100")
        await sessions.keep_post(t, 1, "q1", "101")
        await sessions.keep_post(t, 1, "q2", "102")
    assert await sessions.posts(database, 1) == {"q1": "101", "q2": "102"}


async def test_journals_boards_and_questions_go_in_time(database: Database) -> None:
    await _peopled(database, 0, 3)
    async with database.transaction() as t:
        for key in (1, 2, 3):
            await sessions.add(t, begun(key, key))
            await sessions.append(t, [(key, n, 0, "ticked", None, None, None) for n in (1, 2)])
            await sessions.keep_post(t, key, "q1", "100")
        await sessions.end(t, 1, 50, players=0, untraced=0)
        await sessions.end(t, 2, 60, players=0, untraced=0)
        assert await sessions.erase_journals(t, 60) == 2
        assert await sessions.erase_journals(t, 60) == 0
    assert [len(await sessions.journal(database, key)) for key in (1, 2, 3)] == [0, 2, 2]
    assert [bool(await sessions.posts(database, key)) for key in (1, 2, 3)] == [False, True, True]
    assert [
        row.options == {} for key in (1, 2, 3) if (row := await sessions.one(database, key))
    ] == [True, False, False]
    assert await sessions.unfinished(database) == [2, 3]


# --- Participation


@pytest.mark.parametrize("seed", range(5))
async def test_roll_ups_are_the_sums_of_the_ledger(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    await _peopled(database, 12, 3)
    for key in range(1, 40):
        async with database.transaction() as t:
            room, season = chance.randint(1, 3), chance.randint(2024, 2026)
            await sessions.add(t, begun(key, room))
            await sessions.end(t, key, 100, players=0, untraced=0)
            players = chance.sample(range(1, 15), chance.randint(0, 8))  # some are nobody
            await participation.settle(
                t, [part(key, p, room, chance.randint(0, 9), season) for p in players]
            )
            match chance.randrange(6):
                case 0:
                    await people.erase(t, chance.randint(1, 12))
                case 1:
                    await people.set_listed(t, chance.randint(1, 12), on=chance.random() < 0.5)
    summed = (
        "SELECT person_id, room_id, season, count(*), sum(plays), sum(correct), sum(points)"
        " FROM ledger WHERE person_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    )
    kept = (
        "SELECT person_id, room_id, season, sessions, plays, correct, points"
        " FROM tally ORDER BY 1, 2, 3"
    )
    assert await database.rows(summed) == await database.rows(kept)
    differ = "SELECT 1 FROM tally JOIN person ON person.id = person_id WHERE tally.listed <> person.listed"
    assert await database.rows(differ) == []


async def test_settling_the_same_part_twice_changes_nothing(database: Database) -> None:
    await _peopled(database, 2)
    async with database.transaction() as t:
        await sessions.add(t, begun(1, 1))
        await participation.settle(t, [part(1, 1)])
    for rows in ([part(1, 1)], [part(1, 2), part(1, 1)]):
        with pytest.raises(sqlite3.IntegrityError):
            async with database.transaction() as t:
                await participation.settle(t, rows)
    assert await database.rows("SELECT person_id, sessions, points FROM tally") == [(1, 1, 1)]


async def test_records_in_a_room_and_everywhere(database: Database) -> None:
    await _peopled(database, 1, 2)
    async with database.transaction() as t:
        for key, room, season in ((1, 1, 2025), (2, 2, 2025), (3, 1, 2024)):
            await sessions.add(t, begun(key, room))
            await sessions.end(t, key, 1, players=1, untraced=0)
            await participation.settle(t, [part(key, 1, room, 10 ** (key - 1), season)])
    assert (await participation.of_person(database, 1, 1, 2025)).points == 1
    assert (await participation.of_person(database, 1, None, 2025)).points == 11
    assert (await participation.of_person(database, 1, None, 2020)).sessions == 0
    assert len(await participation.of_all(database, 1)) == 3


async def test_the_board_shows_the_listed_best_first(database: Database) -> None:
    await _peopled(database, 5)
    async with database.transaction() as t:
        await sessions.add(t, begun(1, 1))
        points = {1: 3, 2: 9, 3: 9, 4: 0, 5: 50}
        await participation.settle(t, [part(1, key, 1, n) for key, n in points.items()])
        for key in (1, 2, 3, 4):
            await people.set_listed(t, key, on=True)
    assert await participation.board(database, 1, 2025, 10) == [(2, 9), (3, 9), (1, 3)]
    assert await participation.board(database, 1, 2025, 1) == [(2, 9)]
    assert await participation.board(database, 1, 2024, 10) == []


class Explained(Database):
    """Says how a query would be answered, instead of answering it."""

    plans: list[str]

    async def rows(self, sql: str, parameters: Any = ()) -> list[Any]:
        if sql.startswith("SELECT"):
            plan = await super().rows("EXPLAIN QUERY PLAN " + sql, parameters)
            self.plans = [row[3] for row in plan]
            return []
        return await super().rows(sql, parameters)


async def test_boards_and_erasing_walk_indexes(path: Path) -> None:
    database = await Explained.open(path)
    await participation.board(database, 1, 2025, 10)
    assert len(database.plans) == 1
    assert "tally_board" in database.plans[0]
    plans = []
    async with database.transaction() as t:
        for sql in (
            "UPDATE ledger SET person_id = NULL WHERE person_id = 1",
            "DELETE FROM identity WHERE person_id = 1",
            "DELETE FROM tally WHERE person_id = 1",
        ):
            plans += await _all(t, "EXPLAIN QUERY PLAN " + sql)
    assert all("SCAN" not in row[3] for row in plans)
    await database.close()


# --- People


async def test_ids_are_never_used_again(path: Path) -> None:
    database = await Database.open(path)
    await _peopled(database, 3)
    async with database.transaction() as t:
        await people.erase(t, 3)
    await database.close()
    database = await Database.open(path)
    known, highest = await people.load(database)
    assert ([row.id for _, _, row in known], highest) == ([1, 2], 3)
    await database.close()


async def test_adding_somebody_twice_keeps_them_as_they_are(database: Database) -> None:
    await _peopled(database, 1)
    async with database.transaction() as t:
        await people.set_traceless(t, 1, name="", on=True)
        await people.add(t, [new(1)])
    assert await database.rows("SELECT id, name, traceless FROM person") == [(1, "", 1)]


async def test_a_traceless_name_is_not_written(database: Database) -> None:
    await _peopled(database, 2)
    async with database.transaction() as t:
        await people.set_traceless(t, 1, name="", on=True)
        await people.rename(t, [(1, "Ana"), (2, "Bob")])
    assert await database.rows("SELECT name FROM person") == [("",), ("Bob",)]


def _bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(path.parent.glob(path.name + "*")))


@pytest.mark.parametrize("seed", range(4))
async def test_the_erased_are_in_no_byte_of_the_file(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    database = await Database.open(path)
    keys = list(range(1, 1201))
    rows = [new(k, f"Nom-{k:05d}-" + "z" * chance.randint(0, 20)) for k in keys]
    rows = [NewPerson(r.id, "twitch", f"ident-{r.id:05d}", r.name, 0) for r in rows]
    chance.shuffle(rows)
    for start in range(0, len(rows), 300):
        async with database.transaction() as t:
            await people.add(t, rows[start : start + 300])
    renamed = chance.sample(keys, 300)
    async with database.transaction() as t:
        await people.rename(t, [(k, f"Neuf-{k:05d}") for k in renamed])
    gone = chance.sample(keys, 1000)
    for start in range(0, len(gone), 250):
        async with database.transaction() as t:
            for key in gone[start : start + 250]:
                await people.erase(t, key)
    await database.scrub()
    await database.sweep()
    left = _bytes(path)
    stay = set(keys) - set(gone)
    assert [k for k in gone if b"ident-%05d" % k in left] == []
    assert [k for k in gone if b"Nom-%05d" % k in left or b"Neuf-%05d" % k in left] == []
    assert [k for k in renamed if b"Nom-%05d" % k in left] == []
    assert all(b"ident-%05d" % k in left for k in stay)
    await database.close()


async def test_scrubbing_while_somebody_reads_is_put_off(path: Path, database: Database) -> None:
    await _peopled(database, 3)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT * FROM person").fetchall()
    async with database.transaction() as t:
        await people.erase(t, 1)
    await database.scrub()
    other.close()
    await database.scrub()
    assert path.with_name(path.name + "-wal").stat().st_size == 0
    async with database.transaction() as t:
        assert await _all(t, "PRAGMA busy_timeout") == [(5000,)]


async def test_those_unseen_are_erased(database: Database) -> None:
    async with database.transaction() as t:
        await people.add(t, [new(1, at=10), new(2, at=20), new(3, at=10)])
        await people.seen(t, [3], 20)
        await people.seen(t, [2], 5)
        assert await people.erase_unseen(t, 20) == [1]
    assert await database.rows("SELECT person_id FROM identity ORDER BY 1") == [(2,), (3,)]


# --- Rooms and tokens


async def test_rooms_come_back(database: Database) -> None:
    async with database.transaction() as t:
        room = await rooms.add(t, SALON, 0)
        await rooms.save(t, Room(room.id, "Autre", "en", "UTC", "d1", "g", None, None))
    assert await rooms.load(database) == [Room(1, "Autre", "en", "UTC", "d1", "g", None, None)]


async def test_tokens_belong_to_the_settings_they_grew_from(database: Database) -> None:
    await tokens.save(database, "bot", "origin", "a1", "r1", 1)
    await tokens.save(database, "bot", "origin", "a2", "r2", 2)
    assert await tokens.load(database, "bot", "origin") == ("a2", "r2")
    assert await tokens.load(database, "bot", "other") is None


async def test_how_a_chat_was_is_kept_by_channel_until_it_is_forgotten(database: Database) -> None:
    async with database.transaction() as t:
        room = await rooms.add(t, SALON, 0)
    kept = Kept("twitch", "t1", room.id, "emotes", {"emotes": 0}, {"emotes": 1}, False, 5)
    other = replace(kept, platform="discord", mode="slow", former={}, wanted={})
    async with database.transaction() as t:
        for row in (kept, other, replace(kept, changed=True)):
            await quiet.keep(t, row)
    assert await quiet.load(database, "twitch") == [replace(kept, changed=True)]
    assert await quiet.load(database, "discord") == [other]
    async with database.transaction() as t:
        await quiet.forget(t, "twitch", "t1")
    assert await quiet.load(database, "twitch") == []
    assert await quiet.load(database, "discord") == [other]
