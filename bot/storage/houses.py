"""SQL on houses and on who belongs to which."""

from dataclasses import dataclass

import aiosqlite

from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class House:
    """A team that lasts: a branch of the network."""

    id: int
    name: str


async def load(database: Database) -> list[House]:
    """Return all houses."""
    return [House(*row) for row in await database.rows("SELECT id, name FROM house ORDER BY id")]


async def add(transaction: aiosqlite.Connection, name: str, folded: str, at: int) -> House:
    """Insert a house and return it; no two may fold alike."""
    [(key,)] = await transaction.execute_fetchall(
        "INSERT INTO house (name, folded, created_at) VALUES (?, ?, ?) RETURNING id",
        (name, folded, at),
    )
    return House(key, name)


async def rename(transaction: aiosqlite.Connection, house: House, folded: str) -> None:
    """Write a house's name back."""
    await transaction.execute(
        "UPDATE house SET name = ?, folded = ? WHERE id = ?", (house.name, folded, house.id)
    )


async def remove(transaction: aiosqlite.Connection, key: int) -> None:
    """Delete a house; who belonged to it belongs to none."""
    await transaction.execute("DELETE FROM house WHERE id = ?", (key,))


async def settle_in(transaction: aiosqlite.Connection, person_id: int, key: int | None) -> None:
    """Let somebody belong to a house, or (None) to none."""
    await transaction.execute("UPDATE person SET house_id = ? WHERE id = ?", (key, person_id))


async def of_person(database: Database, person_id: int) -> str:
    """Return the name of somebody's house, empty when they belong to none."""
    rows = await database.rows(
        "SELECT house.name FROM person JOIN house ON house.id = person.house_id WHERE person.id = ?",
        (person_id,),
    )
    return str(rows[0][0]) if rows else ""
