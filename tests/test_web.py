"""The web server: what strangers can do to it, and what they cannot."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import cast

import aiohttp
import pytest

from bot.feeds import Feeds, Written
from bot.web import server
from bot.web.server import HOST, MOST_CONNECTIONS, Web
from tests.waiting import until

TOKEN = "Abcdefgh_-0123456789abcdefghijkl"
WRITTEN = Written("agenda-salon.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "0123abcd")


class Shelf:
    """One calendar."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def open(self, token: str) -> Written | None:
        self.asked.append(token)
        return WRITTEN if token == TOKEN else None


class Site:
    """The server and whoever asks it."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.healthy = True
        self.web = Web(cast("Feeds", self.shelf), self._health)

    async def _health(self) -> Mapping[str, str]:
        if not self.healthy:
            raise OSError("disk")
        return {"discord": "up", "twitch": "off"}

    async def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        async with aiohttp.ClientSession() as session:
            url = f"http://{HOST}:{self.web.port}{path}"
            async with session.request(method, url, headers=headers) as answer:
                return answer.status, answer.headers, await answer.read()

    async def send(self, raw: bytes) -> bytes:
        """Send bytes as they are, and read until the server closes."""
        reader, writer = await asyncio.open_connection(HOST, self.web.port)
        writer.write(raw)
        await writer.drain()
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    await site.web.open(0)
    yield site
    await site.web.close()


async def test_a_calendar_is_given_with_what_tells_whether_it_changed(site: Site) -> None:
    status, headers, body = await site.ask(f"/calendar/{TOKEN}.ics")
    assert (status, body) == (200, WRITTEN.data)
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["ETag"] == '"0123abcd"'
    assert headers["Cache-Control"] == "private, max-age=300"
    assert headers["Content-Disposition"] == 'inline; filename="agenda-salon.ics"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] == "Ensemble"
    for known in ('"0123abcd"', 'W/"0123abcd"', '"other", "0123abcd"', "*"):
        status, _, body = await site.ask(f"/calendar/{TOKEN}.ics", headers={"If-None-Match": known})
        assert (status, body) == (304, b""), known
    status, headers, body = await site.ask(f"/calendar/{TOKEN}.ics", "HEAD")
    assert (status, body) == (200, b"")
    assert headers["Content-Length"] == str(len(WRITTEN.data))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/calendar",
        "/calendar/",
        "/calendar/.ics",
        f"/calendar/{TOKEN}",
        f"/calendar/{TOKEN[:-1]}.ics",
        f"/calendar/{TOKEN}x.ics",
        f"/calendar/{TOKEN[:-1]}x.ics",
        f"/calendar/../calendar/{TOKEN[:-1]}z.ics",
        f"/calendar/%2e%2e%2f{TOKEN[:26]}.ics",
        f"/calendar/{TOKEN[:-1]}%00.ics",
        f"/calendar/{TOKEN[:-1]}%0d%0aX.ics",
        "/calendar/../../etc/passwd",
    ],
)
async def test_whatever_else_is_asked_for_is_not_there(site: Site, path: str) -> None:
    status, headers, body = await site.ask(path)
    assert status == 404
    assert b"VCALENDAR" not in body
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_nothing_can_be_changed(site: Site, method: str) -> None:
    status, _, _ = await site.ask(f"/calendar/{TOKEN}.ics", method)
    assert status == 405
    assert site.shelf.asked == []


async def test_health_is_told_without_saying_more(site: Site) -> None:
    status, headers, body = await site.ask("/health")
    assert (status, headers["Cache-Control"]) == (200, "no-store")
    assert body == b'{"status": "up", "discord": "up", "twitch": "off"}'
    site.healthy = False
    status, _, body = await site.ask("/health")
    assert (status, body) == (503, b'{"status": "down"}')


async def test_a_huge_request_is_refused(site: Site) -> None:
    long = b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    assert b" 400 " in (await site.send(long))[:20]
    heavy = b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"
    assert b" 400 " in (await site.send(heavy))[:20]


async def test_who_sends_a_request_byte_by_byte_is_cut_off(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "LONGEST", 0.05)
    assert await site.send(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ") == b""
    assert site.web._cuts == {}


async def test_connections_too_many_are_dropped_and_the_others_served(site: Site) -> None:
    open_ones = [
        await asyncio.open_connection(HOST, site.web.port) for _ in range(MOST_CONNECTIONS)
    ]
    assert site.web._runner is not None
    connections = site.web._runner.server
    assert connections is not None
    await until(lambda: len(connections.connections) == MOST_CONNECTIONS)
    assert await site.send(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    open_ones[0][1].close()
    await until(lambda: len(connections.connections) < MOST_CONNECTIONS)
    answer = await site.send(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert b"200 OK" in answer
    for _, writer in open_ones:
        writer.close()


async def test_while_nobody_asks_there_is_no_timer() -> None:
    site = Site()
    before = timers()
    await site.web.open(0)
    assert timers() == before
    await site.web.close()


def timers() -> int:
    """Return how many timers the loop has that were not cancelled; those of the test runner among them."""
    scheduled = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]
    return sum(not handle.cancelled() for handle in scheduled)


async def test_a_port_that_is_taken_is_told_and_nothing_stays_open(site: Site) -> None:
    other = Web(cast("Feeds", site.shelf), site._health)
    with pytest.raises(OSError, match="in use"):
        await other.open(site.web.port)
    with pytest.raises(RuntimeError):
        _ = other.port


async def test_a_path_that_climbs_out_is_not_followed(site: Site) -> None:
    for path in (b"/calendar/../../etc/passwd", b"//etc/passwd", b"http://elsewhere/x", b"*"):
        answer = await site.send(
            b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        assert answer[9:12] in (b"404", b"400"), path


@pytest.mark.parametrize("steps", range(6))
async def test_a_start_that_is_broken_off_leaves_nothing_open(steps: int) -> None:
    site = Site()
    opening = asyncio.create_task(site.web.open(0))
    for _ in range(steps):
        await asyncio.sleep(0)
    opening.cancel()
    await asyncio.gather(opening, return_exceptions=True)
    await site.web.close()


async def test_closing_twice_at_once_closes_once(site: Site) -> None:
    await asyncio.gather(site.web.close(), site.web.close())
    with pytest.raises(RuntimeError):
        _ = site.web.port
