"""SQL on the reading plans of clubs: sections, where their threads are, and how far each member has read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiosqlite

from bot.storage.database import Database
from games.reading_plan import Progress, Section, Span, Unit


@dataclass(frozen=True, slots=True)
class Kept:
    """A section of a book's plan as kept: what the agenda holds of it, and its thread on Discord."""

    id: int
    book_id: int
    section: Section
    zone: str
    series_id: int | None = None
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How far a person has read; `pages` and `minutes` are those of their own copy, if they said so."""

    person_id: int
    unit: Unit
    value: int
    pages: int | None = None
    minutes: int | None = None
    admitted: int = 0

    @property
    def progress(self) -> Progress:
        """Where they are, for the rules."""
        total = self.minutes if self.unit == "minute" else self.pages
        return Progress(self.unit, self.value, total)


_COLUMNS = (
    "id, book_id, number, title, first_chapter, last_chapter, first_page, last_page, due, revealing, zone, series_id,"
    " thread_id"
)
_SECTIONS = f"SELECT {_COLUMNS} FROM section"  # noqa: S608 (constant)
_READERS = "SELECT person_id, unit, value, pages, minutes, admitted FROM progress"


async def of_book(source: Database | aiosqlite.Connection, book_id: int) -> list[Kept]:
    """Return a book's sections in their order, as committed or as seen from within a transaction."""
    rows = await _read(source, f"{_SECTIONS} WHERE book_id = ? ORDER BY number", (book_id,))
    return [_kept(row) for row in rows]


async def one(source: Database | aiosqlite.Connection, key: int) -> Kept | None:
    """Return a section by its number of its own."""
    rows = await _read(source, f"{_SECTIONS} WHERE id = ?", (key,))
    return next((_kept(row) for row in rows), None)


async def write(
    transaction: aiosqlite.Connection,
    book_id: int,
    sections: Sequence[tuple[int | None, Section]],
    zone: str,
) -> list[int]:
    """Write a book's whole plan, each section under its own number or (None) as a new one; return these numbers.

    What is not among them is gone.
    """
    kept = [key for key, _ in sections if key is not None]
    marks = ", ".join("?" * len(kept))
    await transaction.execute(
        f"DELETE FROM section WHERE book_id = ? AND id NOT IN ({marks})",  # noqa: S608 (marks)
        (book_id, *kept),
    )
    await transaction.execute("UPDATE section SET number = -number WHERE book_id = ?", (book_id,))
    return [await _write(transaction, book_id, key, section, zone) for key, section in sections]


async def _write(
    transaction: aiosqlite.Connection, book_id: int, key: int | None, section: Section, zone: str
) -> int:
    due = section.due.isoformat(timespec="seconds") if section.due else None
    spans = [
        end
        for span in (section.chapters, section.pages)
        for end in ((span.first, span.last) if span else (None, None))
    ]
    values = (section.number, section.title, *spans, due, section.revealing)
    if key is None:
        [(key,)] = await transaction.execute_fetchall(
            "INSERT INTO section (number, title, first_chapter, last_chapter, first_page, last_page, due, revealing,"
            " book_id, zone) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (*values, book_id, zone),
        )
        return int(key)
    await transaction.execute(
        "UPDATE section SET number = ?1, title = ?2, first_chapter = ?3, last_chapter = ?4, first_page = ?5,"
        " last_page = ?6, zone = CASE WHEN due IS ?7 THEN zone ELSE ?9 END, due = ?7, revealing = ?8 WHERE id = ?10",
        (*values, zone, key),
    )
    return key


async def note_series(transaction: aiosqlite.Connection, key: int, series_id: int | None) -> None:
    """Remember what the agenda holds of a section."""
    await transaction.execute("UPDATE section SET series_id = ? WHERE id = ?", (series_id, key))


async def note_due(transaction: aiosqlite.Connection, key: int, due: datetime) -> None:
    """Remember when a section was due."""
    text = due.isoformat(timespec="seconds")
    await transaction.execute("UPDATE section SET due = ? WHERE id = ?", (text, key))


async def note_thread(transaction: aiosqlite.Connection, key: int, thread_id: str | None) -> None:
    """Remember a section's thread."""
    await transaction.execute("UPDATE section SET thread_id = ? WHERE id = ?", (thread_id, key))


async def place(source: Database | aiosqlite.Connection, book_id: int) -> int | None:
    """Return the room in whose channel a book's threads are, if they are anywhere."""
    rows = await _read(source, "SELECT room_id FROM section_place WHERE book_id = ?", (book_id,))
    return next((int(room_id) for (room_id,) in rows), None)


async def set_place(transaction: aiosqlite.Connection, book_id: int, room_id: int | None) -> None:
    """Say where a book's threads are from now on; where they were, they are known no more."""
    await transaction.execute("DELETE FROM section_place WHERE book_id = ?", (book_id,))
    await transaction.execute("UPDATE section SET thread_id = NULL WHERE book_id = ?", (book_id,))
    await transaction.execute("UPDATE progress SET admitted = 0 WHERE book_id = ?", (book_id,))
    if room_id is not None:
        await transaction.execute("INSERT INTO section_place VALUES (?, ?)", (book_id, room_id))


async def with_threads(database: Database) -> list[tuple[int, int]]:
    """Return (book, room) of every plan that has its threads somewhere."""
    return [(b, r) for b, r in await database.rows("SELECT book_id, room_id FROM section_place")]


# how far people are


async def readers(source: Database | aiosqlite.Connection, book_id: int) -> list[Reader]:
    """Return everybody whose progress in a book is kept."""
    rows = await _read(source, f"{_READERS} WHERE book_id = ?", (book_id,))
    return [Reader(*row) for row in rows]


async def reader(
    source: Database | aiosqlite.Connection, book_id: int, person_id: int
) -> Reader | None:
    """Return how far a person is in a book."""
    rows = await _read(
        source, f"{_READERS} WHERE book_id = ? AND person_id = ?", (book_id, person_id)
    )
    return next((Reader(*row) for row in rows), None)


async def note(
    transaction: aiosqlite.Connection, book_id: int, club_id: int, reader: Reader
) -> None:
    """Write how far somebody is, in the place of what was known."""
    await transaction.execute(
        "INSERT INTO progress (book_id, club_id, person_id, unit, value, pages, minutes, admitted)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (book_id, person_id) DO UPDATE SET unit = excluded.unit,"
        " value = excluded.value, pages = excluded.pages, minutes = excluded.minutes, admitted = excluded.admitted",
        (
            book_id,
            club_id,
            reader.person_id,
            reader.unit,
            reader.value,
            reader.pages,
            reader.minutes,
            reader.admitted,
        ),
    )


async def admit(
    transaction: aiosqlite.Connection, book_id: int, people: Iterable[tuple[int, int]]
) -> None:
    """Remember up to which section's thread each person was let in."""
    await transaction.executemany(
        "UPDATE progress SET admitted = ?1 WHERE book_id = ?2 AND person_id = ?3",
        [(number, book_id, person) for person, number in people],
    )


async def renumber(
    transaction: aiosqlite.Connection, book_id: int, places: Iterable[tuple[int, int]], most: int
) -> None:
    """Follow a change of places with the progress that was said by section: `places` has (old, new) of each.

    `most` is how many sections there are now. Whoever was let in is so again where it is not certain that they were.
    """
    for person in await readers(transaction, book_id):
        new = dict(places)
        value = person.value
        if person.unit == "section":
            value = min(most, max((new[n] for n in new if n <= person.value), default=0))
        same = 0
        while same < person.admitted and new.get(same + 1) == same + 1:
            same += 1
        await transaction.execute(
            "UPDATE progress SET value = ?, admitted = ? WHERE book_id = ? AND person_id = ?",
            (value, same, book_id, person.person_id),
        )


async def forget(transaction: aiosqlite.Connection, book_id: int, person_id: int) -> bool:
    """Erase how far somebody is in a book; return whether anything was kept."""
    cursor = await transaction.execute(
        "DELETE FROM progress WHERE book_id = ? AND person_id = ?", (book_id, person_id)
    )
    return cursor.rowcount == 1


async def of_person(database: Database, person_id: int) -> list[tuple[int, Reader]]:
    """Return everything kept of how far a person is, by book."""
    rows = await database.rows(
        "SELECT book_id, person_id, unit, value, pages, minutes, admitted FROM progress WHERE person_id = ?"
        " ORDER BY book_id",
        (person_id,),
    )
    return [(book, Reader(*row)) for book, *row in rows]


async def expire(transaction: aiosqlite.Connection, before: int) -> int:
    """Erase how far people were in books over since before `before`, or put away; return how many."""
    cursor = await transaction.execute(
        "DELETE FROM progress WHERE book_id IN (SELECT id FROM club_book WHERE state = 'archived'"
        " OR (state = 'finished' AND"
        " (SELECT MAX(at) FROM club_book_step WHERE club_book_step.book_id = club_book.id) < ?))",
        (before,),
    )
    return cursor.rowcount


async def _read(
    source: Database | aiosqlite.Connection, sql: str, values: Sequence[Any]
) -> list[Any]:
    if isinstance(source, Database):
        return await source.rows(sql, values)
    return list(await source.execute_fetchall(sql, values))


def _kept(row: Sequence[Any]) -> Kept:
    key, book_id, number, title, chapter, to_chapter, page, to_page, due, revealing, zone, *rest = (
        row
    )
    section = Section(
        number,
        title,
        Span(chapter, to_chapter) if chapter else None,
        Span(page, to_page) if page else None,
        datetime.fromisoformat(due) if due else None,
        bool(revealing),
    )
    return Kept(key, book_id, section, zone, *rest)
