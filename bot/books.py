"""Books: what somebody typed, which work and which edition that is, and what catalogues add to it.

A title typed by hand always suffices. Clubs speak of works, because their members read different editions; an edition
is kept where an ISBN or a number of pages says which.
"""

import re
import unicodedata
from dataclasses import replace
from typing import Final

import aiosqlite
from stdnum import isbn as isbns

from bot.catalogues import LONGEST, Answer, Catalogues
from bot.clock import DAY, Clock
from bot.people import visible
from bot.storage import books
from bot.storage.books import Details, Kept
from bot.storage.database import Database
from games.core import Refusal
from games.matching import key_of

ASK_AGAIN_DAYS: Final = 30
"""Days after which catalogues are asked again for an ISBN that they did not know: new books come late to them."""

_LABEL = re.compile(r"^(?:e-?)?(?:isbn|ean)(?:[\s-]*1[03](?=[\s:]))?[\s:n°]*", re.IGNORECASE)
_JOINTS = re.compile(r"[\s.\-\u2010-\u2015\u2212]")
_LOOKS_SO = re.compile(r"[0-9OIL]{9}[0-9OILX]|[0-9OIL]{13}")
_MISREAD = str.maketrans("OIL", "011")
"""Letters that a scanned or copied number has in the place of digits."""

_PAGES = re.compile(r"([1-9][0-9]{0,4})\s*(?:p|pp|pages?)?\.?", re.IGNORECASE)


def read_isbn(text: str) -> str | None:
    """Return the thirteen digits of an ISBN in any spelling, or None for a text that is none.

    Raises:
        Refusal: `isbn-wrong`, for what is meant as one but cannot be.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = _LABEL.sub("", plain)
    digits = _JOINTS.sub("", bare).upper()
    if not _LOOKS_SO.fullmatch(digits) or sum(map(str.isdecimal, digits)) < 8:
        if bare != plain and any(map(str.isdecimal, bare)):
            raise Refusal("isbn-wrong", text=visible(text)[:40])
        return None
    number = digits.translate(_MISREAD)
    if not isbns.is_valid(number):
        raise Refusal("isbn-wrong", text=visible(text)[:40])
    return str(isbns.to_isbn13(number))


def read_book(text: str) -> Details:
    """Read "title ; author ; 320 p", with an ISBN in any place or alone; the title is empty where none is typed.

    Raises:
        Refusal: `isbn-wrong`.
    """
    said: list[str] = []
    isbn, pages = "", None
    for part in filter(None, (part.strip() for part in text.split(";"))):
        if not isbn and (found := read_isbn(part)) is not None:
            isbn = found
        elif pages is None and _is_length(part, len(said)) and (match := _PAGES.fullmatch(part)):
            pages = int(match[1])
        else:
            said.append(clean(part))
    title, *authors = said or [""]
    return Details(title, ", ".join(authors)[:LONGEST], isbn, pages=pages)


def _is_length(part: str, said: int) -> bool:
    """Return whether a number may be one of pages: after title and author, or after a title when it says so."""
    return said > 1 or (said == 1 and not part.isdecimal())


def clean(text: str) -> str:
    """Return a title or a name as it is kept: visible, without quotation marks around it, at most `LONGEST` long."""
    return visible(text.replace(";", ",")).strip("«»“”\"' ")[:LONGEST].strip()


class Books:
    """Finds what a book is, and keeps it."""

    def __init__(self, database: Database, clock: Clock, catalogues: Catalogues) -> None:
        self._database = database
        self._clock = clock
        self._catalogues = catalogues

    async def look_up(self, typed: Details) -> Details:
        """Return what is known of a book that somebody typed: from our own table, from catalogues, from them.

        It may wait for the network, so it is called outside of any transaction.

        Raises:
            Refusal: `book-title`, `isbn-unknown`.
        """
        if not typed.isbn:
            return _titled(typed)
        known = [edition.details for edition in await books.of_isbn(self._database, typed.isbn)]
        if known and known[0].source != "hand":
            return known[0]
        answer = await self._ask(typed.isbn)
        if answer.details is not None:
            return replace(answer.details, pages=answer.details.pages or typed.pages)
        if not typed.title and not known:
            raise Refusal("isbn-unknown", isbn=isbns.format(typed.isbn))
        return typed if typed.title else known[0]

    async def keep(self, transaction: aiosqlite.Connection, details: Details) -> Kept:
        """Write a book, unless it is known, and return where it is kept."""
        at = self._clock.wall()
        if details.isbn:
            for known in await books.of_isbn(self._database, details.isbn):
                if known.details.source == details.source != "hand" or known.details == details:
                    return Kept(known.work_id, known.id)
        work = await self._work(transaction, details, at)
        if not details.isbn and details.pages is None:
            return Kept(work, None)
        return Kept(work, await books.add_edition(transaction, work, details, at))

    async def expire(self) -> None:
        """Forget which ISBNs were unknown a while ago."""
        async with self._database.transaction() as transaction:
            await books.forget_unknown(transaction, self._ask_again())

    async def _ask(self, isbn: str) -> Answer:
        """Ask the catalogues, unless all of them said lately that they do not know."""
        if await books.asked(self._database, isbn, self._ask_again()):
            return Answer(None, sure=True)
        answer = await self._catalogues.find(isbn)
        if answer.details is None and answer.sure and self._catalogues.names:
            async with self._database.transaction() as transaction:
                await books.note_unknown(transaction, isbn, self._clock.wall())
        return answer

    def _ask_again(self) -> int:
        return self._clock.wall() - ASK_AGAIN_DAYS * DAY

    async def _work(self, transaction: aiosqlite.Connection, details: Details, at: int) -> int:
        """Return the number of the work with that title and author, one name of whom may be missing."""
        title, author = title_key(details.title), title_key(details.author)
        known = await books.titled(self._database, title)
        exact = [key for key, other in known if other == author]
        alike = [(key, other) for key, other in known if may_be_same(author, other)]
        if not exact and len(alike) != 1:
            return await books.add_work(transaction, details, (title, author), at)
        [(key, other), *_] = [(exact[0], author)] if exact else alike
        if author and not other:
            await books.name_author(transaction, key, details.author, author)
        return key


def may_be_same(author: str, other: str) -> bool:
    """Return whether two authors, as they are compared, may be one: "zola" and "emile zola", or nobody and anybody."""
    words, others = set(author.split()), set(other.split())
    return words <= others or others <= words


def title_key(text: str) -> str:
    """Return a title or an author as they are compared: no case, no accents, no article."""
    return key_of(text, "fr") or text.strip().casefold()


def _titled(typed: Details) -> Details:
    if not typed.title:
        raise Refusal("book-title")
    return typed
