"""Catalogues: answers as the BnF and Open Library give them, bad ones, slow ones, hostile ones; and what goes out.

The answers are written after the documented formats: SRU 1.2 with Dublin Core (BnF, "Protocole SRU"), and the Books API
of Open Library with jscmd=data.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from bot import catalogues as catalogues_module
from bot.catalogues import (
    LARGEST,
    LONGEST,
    NAMES,
    Answer,
    Catalogues,
    UnreadableAnswer,
    ask_bnf,
    read_bnf,
    read_open_library,
)
from bot.storage.books import Details, Source

FOLIO = "9782070360024"

RECORD = """
<srw:record>
 <srw:recordSchema>dc</srw:recordSchema><srw:recordPacking>xml</srw:recordPacking>
 <srw:recordData>
  <oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
             xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:identifier>http://catalogue.bnf.fr/ark:/12148/cb35298474x</dc:identifier>
   <dc:title>{title}</dc:title>
   {creators}
   <dc:contributor>Personne, Jean. Illustrateur</dc:contributor>
   <dc:publisher>Gallimard (Paris)</dc:publisher>
   <dc:date>1971</dc:date>
   <dc:description>Collection : Collection Folio ; 2</dc:description>
   <dc:identifier>ISBN 2070360024</dc:identifier>
   <dc:format>{extent}</dc:format>
   <dc:language>fre</dc:language>
   <dc:language>français</dc:language>
   <dc:type xml:lang="fre">texte imprimé</dc:type>
   <dc:rights xml:lang="fre">Catalogue en ligne de la Bibliothèque nationale de France</dc:rights>
  </oai_dc:dc>
 </srw:recordData>
 <srw:recordIdentifier>ark:/12148/cb35298474x</srw:recordIdentifier>
 <srw:recordPosition>1</srw:recordPosition>
</srw:record>
"""
CAMUS = "<dc:creator>Camus, Albert (1913-1960). Auteur du texte</dc:creator>"


def record(
    title: str = "L’Étranger / Albert Camus", creators: str = CAMUS, extent: str = "1 vol. (185 p.)"
) -> str:
    return RECORD.format(title=title, creators=creators, extent=extent)


def response(*records: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/">
 <srw:version>1.2</srw:version>
 <srw:echoedSearchRetrieveRequest><srw:version>1.2</srw:version></srw:echoedSearchRetrieveRequest>
 <srw:numberOfRecords>{len(records)}</srw:numberOfRecords>
 <srw:records>{"".join(records)}</srw:records>
</srw:searchRetrieveResponse>""".encode()


BNF = response(record())
BNF_EMPTY = response()
BNF_DIAGNOSTIC = b"""<?xml version="1.0" encoding="UTF-8"?>
<srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/"><srw:version>1.2</srw:version>
<srw:numberOfRecords>0</srw:numberOfRecords><srw:diagnostics>
<diag:diagnostic xmlns:diag="http://www.loc.gov/zing/srw/diagnostic/"><diag:uri>info:srw/diagnostic/1/10</diag:uri>
<diag:message>Query syntax error</diag:message></diag:diagnostic></srw:diagnostics></srw:searchRetrieveResponse>"""
OPEN_LIBRARY = """{"ISBN:9782070360024": {
  "url": "https://openlibrary.org/books/OL1M/L'étranger", "key": "/books/OL1M", "title": "L'étranger",
  "authors": [{"url": "https://openlibrary.org/authors/OL1A/Albert_Camus", "name": "Albert Camus"}],
  "number_of_pages": 191, "identifiers": {"isbn_13": ["9782070360024"], "openlibrary": ["OL1M"]},
  "publishers": [{"name": "Gallimard"}], "publish_date": "Oct 01, 1972",
  "subjects": [{"name": "Murder", "url": "https://openlibrary.org/subjects/murder"}]}}""".encode()
LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">"""
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (b"" if n == 1 else b"%d" % (n - 1)) * 10)
        for n in range(1, 10)
    )
    + b"""]><srw:searchRetrieveResponse xmlns:srw="http://www.loc.gov/zing/srw/">&lol9;</srw:searchRetrieveResponse>"""
)
STRANGER = Details("L’Étranger", "Albert Camus", FOLIO, "Gallimard", 1971, "fre", 185, "bnf")


# --- Reading the BnF


def test_a_record_of_the_bnf_is_read() -> None:
    assert read_bnf(BNF, FOLIO) == STRANGER


def test_no_record_is_no_book() -> None:
    assert read_bnf(BNF_EMPTY, FOLIO) is None
    assert read_bnf(BNF_DIAGNOSTIC, FOLIO) is None


def test_only_the_first_record_counts() -> None:
    found = read_bnf(response(record(), record("Nana / Émile Zola")), FOLIO)
    assert found == STRANGER


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Nana / Émile Zola ; préface d’Henri Mitterand", "Nana"),
        ("Celle qui brûle : roman / Paula Hawkins", "Celle qui brûle"),
        ("Nana [Texte imprimé] / Zola", "Nana"),
        ("Le vin : par ceux qui le font / S. Augereau", "Le vin : par ceux qui le font"),
        ("1984", "1984"),
    ],
)
def test_a_title_is_what_readers_call_the_book(title: str, bare: str) -> None:
    found = read_bnf(response(record(title)), FOLIO)
    assert found is not None
    assert found.title == bare


@pytest.mark.parametrize(
    ("creators", "author"),
    [
        (["Camus, Albert (1913-1960). Auteur du texte"], "Albert Camus"),
        (["Child, Lee (1954-....). Auteur du texte"], "Lee Child"),
        (["Tolkien, J. R. R. (1892-1973). Auteur du texte"], "J. R. R. Tolkien"),
        (["Tolkien, J. R. R."], "J. R. R. Tolkien"),
        (["Homère. Auteur du texte"], "Homère"),
        (["Hergé (1907-1983)"], "Hergé"),
        (["Goscinny, René. Auteur du texte", "Uderzo, A. Illustrateur"], "René Goscinny"),
        (
            ["Verchier, Yves. Auteur du texte", "Gerber, N. T. Auteur"],
            "Yves Verchier, N. T. Gerber",
        ),
        ([], ""),
    ],
)
def test_an_author_is_named_as_on_a_cover(creators: list[str], author: str) -> None:
    tags = "".join(f"<dc:creator>{one}</dc:creator>" for one in creators)
    found = read_bnf(response(record(creators=tags)), FOLIO)
    assert found is not None
    assert found.author == author


@pytest.mark.parametrize(
    ("extent", "pages"),
    [
        ("1 vol. (185 p.) : couv. ill. ; 18 cm", 185),
        ("112 p. : ill. ; 30 cm", 112),
        ("VI-350 p. ; in-12", 350),
        ("187-[5] p.", 187),
        ("1 vol. (non paginé)", None),
        ("1 disque compact (2 h 5 min)", None),
        ("", None),
    ],
)
def test_pages_are_read_where_they_are_counted(extent: str, pages: int | None) -> None:
    found = read_bnf(response(record(extent=extent)), FOLIO)
    assert found is not None
    assert found.pages == pages


def test_the_bnf_is_asked_for_both_forms_of_an_isbn() -> None:
    assert ask_bnf(FOLIO)["query"] == f'bib.isbn any "{FOLIO} 2070360024"'
    assert ask_bnf("9791090636071")["query"] == 'bib.isbn any "9791090636071"'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>503</body></html>",
        b"not xml at all",
        BNF[:200],
        BNF.replace(b"www.loc.gov/zing/srw", b"example.org/other"),
        b'<?xml version="1.0" encoding="utf-9"?><a/>',
        b'<?xml version="1.0" encoding="shift_jis"?><a/>',
        b"\xff\xfe<\x00",
        LAUGHS,
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
        b"<a>&undefined;</a>",
    ],
)
def test_what_is_no_answer_of_the_bnf_is_not_read(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_bnf(body, FOLIO)


def test_a_billion_laughs_are_not_laughed() -> None:
    with pytest.raises(UnreadableAnswer):
        read_bnf(LAUGHS, FOLIO)
    assert len(LAUGHS) < 1000


def test_long_and_odd_texts_are_cut_and_cleaned() -> None:
    found = read_bnf(response(record(title="&#x202E;Na&#9;na &lt;b&gt;" + "é" * 5000)), FOLIO)
    assert found is not None
    assert found.title.startswith("Na na <b>é")
    assert len(found.title) == LONGEST


# --- Reading Open Library


def test_a_book_of_open_library_is_read() -> None:
    assert read_open_library(OPEN_LIBRARY, FOLIO) == Details(
        "L'étranger", "Albert Camus", FOLIO, "Gallimard", 1972, "", 191, "openlibrary"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"ISBN:9782070360024": {}}',
        b'{"ISBN:9782070360024": []}',
        b'{"ISBN:9782070360024": {"title": 3}}',
        b'{"ISBN:9780000000000": {"title": "Autre"}}',
    ],
)
def test_no_book_is_none(body: bytes) -> None:
    assert read_open_library(body, FOLIO) is None


@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b'{"ISBN', b"null", b"[" * 100_000])
def test_what_is_no_answer_of_open_library_is_not_read(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_open_library(body, FOLIO)


def test_fields_of_the_wrong_kind_are_left_out() -> None:
    body = b"""{"ISBN:9782070360024": {"title": "T", "authors": {"name": "x"}, "number_of_pages": -3,
        "publishers": [1, {"name": null}, {"name": "P"}], "publish_date": 1971}}"""
    assert read_open_library(body, FOLIO) == Details(
        "T", "", FOLIO, "P", None, "", None, "openlibrary"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for read in (read_bnf, read_open_library):
        try:
            assert read(body, FOLIO) is None
        except UnreadableAnswer:
            continue


# --- Asking


CLOSING = web.AppKey("closing", asyncio.Event)


@dataclass
class Server:
    """A Bibliothèque nationale and an Open Library on loopback, and everything they were asked."""

    answers: dict[Source, Callable[[web.Request], Awaitable[web.StreamResponse]]] = field(
        default_factory=dict
    )
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name: Any = request.path.strip("/")
        body = await request.read()
        seen = {"name": name, "method": request.method, "headers": dict(request.headers)}
        self.asked.append(seen | {"query": dict(request.query), "body": body, "url": request.path})
        self.heard.set()
        return await self.answers[name](request)

    def says(self, name: Source, body: bytes, status: int = 200, **headers: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers=headers)

        self.answers[name] = answer

    @property
    def addresses(self) -> Mapping[Source, str]:
        return {name: f"{self.url}/{name}" for name in NAMES}

    @property
    def names(self) -> list[str]:
        return [seen["name"] for seen in self.asked]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    server.says("bnf", BNF)
    server.says("openlibrary", OPEN_LIBRARY)
    app = web.Application()
    app[CLOSING] = asyncio.Event()
    app.router.add_route("*", "/{name}", server.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    app[CLOSING].set()
    await runner.cleanup()


@pytest.fixture
async def catalogues(server: Server) -> AsyncIterator[Catalogues]:
    catalogues = Catalogues(NAMES, "biblio@example.org", server.addresses)
    yield catalogues
    await catalogues.close()


async def hang(request: web.Request) -> web.StreamResponse:
    await request.app[CLOSING].wait()
    return web.Response()


async def drip(request: web.Request) -> web.StreamResponse:
    """Send a byte now and then, so that no single read takes long."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    while True:
        await answer.write(b" ")
        await asyncio.sleep(0.02)


async def drop(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def flood(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(10 * LARGEST // 65_536):
        await answer.write(b"x" * 65_536)
    return answer


async def test_the_first_catalogue_that_knows_is_enough(
    server: Server, catalogues: Catalogues
) -> None:
    assert await catalogues.find(FOLIO) == Answer(STRANGER, sure=True)
    assert server.names == ["bnf"]


async def test_the_next_is_asked_when_one_knows_nothing(
    server: Server, catalogues: Catalogues
) -> None:
    server.says("bnf", BNF_EMPTY)
    found = await catalogues.find(FOLIO)
    assert found.details is not None
    assert found.details.source == "openlibrary"
    assert server.names == ["bnf", "openlibrary"]


async def test_when_none_knows_that_is_sure(server: Server, catalogues: Catalogues) -> None:
    server.says("bnf", BNF_EMPTY)
    server.says("openlibrary", b"{}")
    assert await catalogues.find(FOLIO) == Answer(None, sure=True)


BAD: Mapping[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
    "hangs": hang,
    "drips": drip,
    "drops": drop,
    "floods": flood,
}


@pytest.mark.parametrize("how", BAD)
async def test_a_catalogue_that_misbehaves_is_passed_over_in_time(
    server: Server, catalogues: Catalogues, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues_module, "PATIENCE", 0.2)
    server.answers["bnf"] = BAD[how]
    loop = asyncio.get_running_loop()
    began = loop.time()
    found = await catalogues.find(FOLIO)
    assert loop.time() - began < 1.5
    assert found.details is not None
    assert found.details.source == "openlibrary"


@pytest.mark.parametrize("status", [204, 301, 302, 403, 404, 429, 500, 503])
async def test_an_answer_that_is_none_is_no_proof(
    server: Server, catalogues: Catalogues, status: int
) -> None:
    server.says("bnf", b"", status, Location=f"{server.url}/openlibrary")
    server.says("openlibrary", b"{}")
    assert await catalogues.find(FOLIO) == Answer(None, sure=False)
    assert server.names == ["bnf", "openlibrary"], "a redirection is not followed"


async def test_hostile_xml_is_passed_over(
    server: Server, catalogues: Catalogues, caplog: pytest.LogCaptureFixture
) -> None:
    server.says("bnf", LAUGHS)
    with caplog.at_level(logging.WARNING):
        found = await catalogues.find(FOLIO)
    assert found.details is not None
    assert found.details.source == "openlibrary"
    assert "the catalogue bnf did not help: UnreadableAnswer" in caplog.text


async def test_a_catalogue_that_is_not_there_is_passed_over(server: Server) -> None:
    addresses = {**server.addresses, "bnf": "http://127.0.0.1:9/"}
    catalogues = Catalogues(NAMES, "", addresses)
    found = await catalogues.find(FOLIO)
    assert found.details is not None
    await catalogues.close()


async def test_the_same_isbn_at_once_is_asked_once(server: Server, catalogues: Catalogues) -> None:
    free = asyncio.Event()

    async def wait(_: web.Request) -> web.StreamResponse:
        await free.wait()
        return web.Response(body=BNF)

    server.answers["bnf"] = wait
    asking = [asyncio.create_task(catalogues.find(FOLIO)) for _ in range(5)]
    await server.heard.wait()
    asking[0].cancel()
    free.set()
    found = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(found[0], asyncio.CancelledError)
    assert found[1:] == [Answer(STRANGER, sure=True)] * 4
    assert server.names == ["bnf"]


async def test_closing_stops_what_is_being_asked(server: Server, catalogues: Catalogues) -> None:
    server.answers["bnf"] = hang
    asking = asyncio.create_task(catalogues.find(FOLIO))
    await server.heard.wait()
    await catalogues.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_catalogues_that_are_off_ask_nobody() -> None:
    catalogues = Catalogues(())
    assert await catalogues.find(FOLIO) == Answer(None, sure=True)
    await catalogues.close()


async def test_only_the_isbn_goes_out(server: Server, catalogues: Catalogues) -> None:
    server.says("bnf", BNF_EMPTY, **{"Set-Cookie": "you=known; Path=/"})
    for isbn in (FOLIO, "9791090636071"):
        await catalogues.find(isbn)
    for seen in server.asked:
        assert (seen["method"], seen["body"]) == ("GET", b"")
        assert set(seen["headers"]) == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
        assert seen["headers"]["User-Agent"] == (
            "Ensemble (book clubs of a public library; biblio@example.org)"
        )
    assert [seen["query"] for seen in server.asked[:2]] == [
        {
            "version": "1.2",
            "operation": "searchRetrieve",
            "query": f'bib.isbn any "{FOLIO} 2070360024"',
            "recordSchema": "dublincore",
            "maximumRecords": "1",
        },
        {"bibkeys": f"ISBN:{FOLIO}", "jscmd": "data", "format": "json"},
    ]


async def test_without_a_contact_the_program_alone_is_named(server: Server) -> None:
    catalogues = Catalogues(("bnf",), "", server.addresses)
    await catalogues.find(FOLIO)
    agent = server.asked[0]["headers"]["User-Agent"]
    assert agent == "Ensemble (book clubs of a public library)"
    await catalogues.close()
