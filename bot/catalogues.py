"""Asking library catalogues what an ISBN stands for: the Bibliothèque nationale de France, then Open Library.

What leaves this machine is the ISBN and the name of the program, with the library's own address if the settings give
one; never anything about who asks. Answers are taken as text from a stranger: bounded in size and time, and read
without following anything in them.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

import aiohttp
import orjson
from stdnum import isbn as isbns

from bot.people import visible
from bot.storage.books import Details, Source

log = logging.getLogger(__name__)

PATIENCE: Final = 3.0
"""Seconds for one catalogue to answer."""

LARGEST: Final = 256 * 1024
"""Bytes of an answer; those that are read here have a few thousand."""

LONGEST: Final = 120
"""Characters of a title, an author, a publisher."""

AGENT: Final = "Ensemble (book clubs of a public library)"

ADDRESSES: Final[Mapping[Source, str]] = {
    "bnf": "https://catalogue.bnf.fr/api/SRU",
    "openlibrary": "https://openlibrary.org/api/books",
}

NAMES: Final[tuple[Source, ...]] = ("bnf", "openlibrary")
"""The catalogues there are, as the settings name them."""

_DUBLIN_CORE: Final = "http://purl.org/dc/elements/1.1/ "
_RESPONSE: Final = "http://www.loc.gov/zing/srw/ searchRetrieveResponse"
_RECORD: Final = "http://www.loc.gov/zing/srw/ record"
_ROLE = re.compile(r"\.\s+(?P<role>[A-ZÀ-Ý][a-zà-ÿ]{2,}[^.]*)\.?$")
_INITIAL = re.compile(r"\b([A-ZÀ-Ý])$")
_LIFE = re.compile(r"\s*\([^()]*\)\s*$")
_BRACKETS = re.compile(r"\s*\[[^\[\]]*\]")
_GENRE = re.compile(
    r"\s*:\s*(?:romans?|récits?|nouvelles?|théâtre|poèmes|poésies?|essais?|roman policier)$",
    re.IGNORECASE,
)
"""What the BnF adds to a title though nobody says it."""

_PAGES = re.compile(r"\b([1-9][0-9]{0,4})(?:-\[?[0-9]+\]?)?\s*p\b")
_YEAR = re.compile(r"\b(1[4-9][0-9]{2}|20[0-9]{2})\b")


class UnreadableAnswer(Exception):
    """A catalogue answered with something that is not what it says it sends."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the catalogues know: `sure` that there is nothing, when each of them said so."""

    details: Details | None
    sure: bool


class Catalogues:
    """The catalogues that the settings name, asked in that order. One question at a time for each ISBN."""

    def __init__(
        self,
        names: Sequence[Source],
        contact: str = "",
        addresses: Mapping[Source, str] | None = None,
    ) -> None:
        """`contact` is an address of the library's, for a catalogue to complain to; `addresses` are the real ones."""
        self.names = tuple(names)
        self._agent = f"{AGENT[:-1]}; {contact})" if contact else AGENT
        self._addresses = ADDRESSES if addresses is None else addresses
        self._session: aiohttp.ClientSession | None = None
        self._asking: dict[str, asyncio.Task[Answer]] = {}

    async def find(self, isbn: str) -> Answer:
        """Return what is known about an ISBN (thirteen digits); takes `PATIENCE` for each catalogue at the most."""
        task = self._asking.get(isbn)
        if task is None:
            task = asyncio.create_task(self._find(isbn), name="catalogues")
            self._asking[isbn] = task
            task.add_done_callback(lambda _: self._asking.pop(isbn, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Stop asking."""
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _find(self, isbn: str) -> Answer:
        sure = True
        for name in self.names:
            try:
                async with asyncio.timeout(PATIENCE):
                    details = _READERS[name](await self._get(name, isbn), isbn)
            except (TimeoutError, aiohttp.ClientError, UnreadableAnswer) as error:
                log.warning("the catalogue %s did not help: %s", name, type(error).__name__)
                sure = False
                continue
            if details is not None:
                return Answer(details, sure=True)
        return Answer(None, sure)

    async def _get(self, name: Source, isbn: str) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": self._agent}, cookie_jar=aiohttp.DummyCookieJar()
            )
        async with self._session.get(
            self._addresses[name], params=_QUESTIONS[name](isbn), allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise UnreadableAnswer
            body = bytearray()
            async for chunk in answer.content.iter_chunked(16_384):
                body += chunk
                if len(body) > LARGEST:
                    raise UnreadableAnswer
            return bytes(body)


# --- Bibliothèque nationale de France: SRU 1.2, Dublin Core


def ask_bnf(isbn: str) -> dict[str, str]:
    """Return the question as the BnF takes it; older records bear the ISBN of ten digits."""
    numbers = " ".join([isbn, *_ten(isbn)])
    return {
        "version": "1.2",
        "operation": "searchRetrieve",
        "query": f'bib.isbn any "{numbers}"',
        "recordSchema": "dublincore",
        "maximumRecords": "1",
    }


def read_bnf(body: bytes, isbn: str) -> Details | None:
    """Read the first record; raises `UnreadableAnswer` for what is no answer of the protocol."""
    fields = _Record.read(body)
    title = _bare_title(_first(fields.get("title")))
    if not title:
        return None
    authors = [_person(text) for text in _writers(fields.get("creator", []))]
    return Details(
        title,
        ", ".join(authors)[:LONGEST],
        isbn,
        _clean(_LIFE.sub("", _first(fields.get("publisher")))),
        _number(_YEAR, _first(fields.get("date"))),
        _first(fields.get("language"))[:3],
        _number(_PAGES, _first(fields.get("format"))),
        "bnf",
    )


class _Record:
    """Gathers the Dublin Core of the first record, event by event.

    The standard library's trees would build whatever entities a document declares. No catalogue declares any, so that
    a document type is reason enough to stop reading, before the first entity is known.
    """

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.answered = False
        self._records = 0
        self._text: list[str] | None = None

    @classmethod
    def read(cls, body: bytes) -> dict[str, list[str]]:
        record = cls()
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = record._refuse
        parser.StartElementHandler = record._start
        parser.EndElementHandler = record._end
        parser.CharacterDataHandler = record._add
        try:
            parser.Parse(body, True)
        except (expat.ExpatError, ValueError, LookupError) as error:  # the latter for odd encodings
            raise UnreadableAnswer from error
        if not record.answered:
            raise UnreadableAnswer
        return record.fields

    def _refuse(self, *_: Any) -> None:
        raise UnreadableAnswer

    def _start(self, name: str, _: Mapping[str, str]) -> None:
        self.answered = self.answered or name == _RESPONSE
        self._records += name == _RECORD
        self._text = [] if name.startswith(_DUBLIN_CORE) and self._records == 1 else None

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if self._text is not None:
            field = name.removeprefix(_DUBLIN_CORE)
            self.fields.setdefault(field, []).append(_clean("".join(self._text)))
        self._text = None


def _bare_title(text: str) -> str:
    """Return a title without who is responsible for it ("Nana / Émile Zola") and without what kind of book it is."""
    title = _BRACKETS.sub("", text.partition(" / ")[0])
    return _clean(_GENRE.sub("", title))


def _writers(creators: Iterable[str]) -> list[str]:
    """Return those of the creators who wrote the text, or the first when nobody says who did what."""
    creators = list(creators)
    wrote = [text for text in creators if (role := _ROLE.search(text)) and "uteur" in role["role"]]
    return wrote or creators[:1]


def _person(text: str) -> str:
    """Return "Albert Camus" for "Camus, Albert (1913-1960). Auteur du texte"."""
    name = _INITIAL.sub(r"\1.", _LIFE.sub("", _ROLE.sub("", text)))
    family, _, given = name.partition(", ")
    return f"{given} {family}".strip()


# --- Open Library: the Books API


def ask_open_library(isbn: str) -> dict[str, str]:
    """Return the question as Open Library takes it."""
    return {"bibkeys": f"ISBN:{isbn}", "jscmd": "data", "format": "json"}


def read_open_library(body: bytes, isbn: str) -> Details | None:
    """Read the one book asked for; raises `UnreadableAnswer` for what is no answer to that."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise UnreadableAnswer from error
    if not isinstance(answer, dict):
        raise UnreadableAnswer
    book = answer.get(f"ISBN:{isbn}")
    if not isinstance(book, dict) or not (title := _text(book.get("title"))):
        return None
    pages = book.get("number_of_pages")
    return Details(
        title,
        ", ".join(_names(book.get("authors")))[:LONGEST],
        isbn,
        _first(_names(book.get("publishers"))),
        _number(_YEAR, _text(book.get("publish_date"))),
        pages=pages if isinstance(pages, int) and 0 < pages < 100_000 else None,
        source="openlibrary",
    )


def _names(people: Any) -> list[str]:
    """Return the names in a list of things that have one."""
    found = (
        [each.get("name") for each in people if isinstance(each, dict)]
        if isinstance(people, list)
        else []
    )
    return [name for name in map(_text, found) if name]


def _text(value: Any) -> str:
    return _clean(value) if isinstance(value, str) else ""


def _clean(text: str) -> str:
    return visible(text[: LONGEST * 8])[:LONGEST].strip()


def _first(texts: Sequence[str] | None) -> str:
    return texts[0] if texts else ""


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(match[1]) if match else None


def _ten(isbn: str) -> list[str]:
    """Return the ISBN of ten digits, where there is one."""
    return [isbns.to_isbn10(isbn)] if isbn.startswith("978") else []


_QUESTIONS: Final[Mapping[Source, Callable[[str], dict[str, str]]]] = {
    "bnf": ask_bnf,
    "openlibrary": ask_open_library,
}
_READERS: Final[Mapping[Source, Callable[[bytes, str], Details | None]]] = {
    "bnf": read_bnf,
    "openlibrary": read_open_library,
}
