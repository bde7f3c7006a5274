"""SQL on people and their identities."""

from collections.abc import Iterable
from dataclasses import dataclass

import aiosqlite

from bot.storage.database import Database
from games.core import Platform


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as kept."""

    id: int
    name: str
    traceless: bool
    listed: bool
    house_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody seen taking part for the first time."""

    id: int
    platform: Platform
    user_id: str
    name: str
    at: int


async def load(database: Database) -> tuple[list[tuple[Platform, str, PersonRow]], int]:
    """Return every identity with its person, and the highest person id ever given."""
    rows = await database.rows(
        "SELECT identity.platform, identity.user_id, person.id, person.name, person.traceless, person.listed,"
        " person.house_id"
        " FROM identity JOIN person ON person.id = identity.person_id"
    )
    highest = await database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'person'")
    people = [
        (platform, user_id, PersonRow(key, name, bool(traceless), bool(listed), house))
        for platform, user_id, key, name, traceless, listed, house in rows
    ]
    return people, highest[0][0] if highest else 0


async def add(transaction: aiosqlite.Connection, people: Iterable[NewPerson]) -> None:
    """Insert people with their one identity; those who are there already stay as they are."""
    people = list(people)
    await transaction.executemany(
        "INSERT INTO person (id, name, created_at, seen_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO NOTHING",
        [(person.id, person.name, person.at, person.at) for person in people],
    )
    await transaction.executemany(
        "INSERT INTO identity (platform, user_id, person_id) VALUES (?, ?, ?)"
        " ON CONFLICT (platform, user_id) DO NOTHING",
        [(person.platform, person.user_id, person.id) for person in people],
    )


async def rename(transaction: aiosqlite.Connection, names: Iterable[tuple[int, str]]) -> None:
    """Keep new display names, as (person id, name)."""
    await transaction.executemany(
        "UPDATE person SET name = ? WHERE id = ? AND traceless = 0",
        [(name, key) for key, name in names],
    )


async def seen(transaction: aiosqlite.Connection, keys: Iterable[int], at: int) -> None:
    """Note that people were there, so that retention does not take them for gone."""
    await transaction.executemany(
        "UPDATE person SET seen_at = ? WHERE id = ? AND seen_at < ?",
        [(at, key, at) for key in keys],
    )


async def set_traceless(
    transaction: aiosqlite.Connection, key: int, *, name: str, on: bool
) -> None:
    """Remember whether somebody takes part without trace; `name` is empty when they do."""
    await transaction.execute(
        "UPDATE person SET traceless = ?, name = ? WHERE id = ?", (on, name, key)
    )


async def set_listed(transaction: aiosqlite.Connection, key: int, *, on: bool) -> None:
    """Put somebody on the season boards, or take them off."""
    await transaction.execute("UPDATE person SET listed = ? WHERE id = ?", (on, key))
    await transaction.execute("UPDATE tally SET listed = ? WHERE person_id = ?", (on, key))


async def erase(transaction: aiosqlite.Connection, key: int) -> None:
    """Erase a person: identities and tallies go, ledger rows stay as counts of nobody, journals lose the link."""
    await transaction.execute("DELETE FROM person WHERE id = ?", (key,))


async def erase_unseen(transaction: aiosqlite.Connection, before: int) -> list[int]:
    """Erase everybody not seen since `before`; return their ids."""
    rows = await transaction.execute_fetchall(
        "DELETE FROM person WHERE seen_at < ? RETURNING id", (before,)
    )
    return [row[0] for row in rows]


async def accounts(
    database: Database, keys: Iterable[int], platform: Platform
) -> dict[int, list[str]]:
    """Return the accounts that these people have on a platform, by person; who has none there is left out."""
    wanted = sorted(set(keys))
    marks = ", ".join("?" * len(wanted))
    rows = await database.rows(
        f"SELECT person_id, user_id FROM identity WHERE platform = ? AND person_id IN ({marks})",  # noqa: S608
        (platform, *wanted),
    )
    found: dict[int, list[str]] = {}
    for person, user_id in rows:
        found.setdefault(person, []).append(user_id)
    return found


async def platforms(database: Database, keys: Iterable[int]) -> dict[int, Platform]:
    """Return one platform on which each of these people is, Discord if they are on both."""
    wanted = sorted(set(keys))
    marks = ", ".join("?" * len(wanted))
    rows = await database.rows(
        f"SELECT person_id, MIN(platform) FROM identity WHERE person_id IN ({marks}) GROUP BY person_id",  # noqa: S608
        wanted,
    )
    return dict(rows)
