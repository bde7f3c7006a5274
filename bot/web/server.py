"""The web server: loopback, read-only, nothing listed, a bound to everything that a stranger can make it do.

A reverse proxy stands before it and has the certificate. While nobody asks, it has no timer and does nothing.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from aiohttp import web

from bot.feeds import Feeds

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
LONGEST = 30.0
"""Seconds after which a connection is cut, whatever goes on: everything served here is small."""

IDLE = 5.0
"""Seconds for which a connection waits for another request."""

MOST_CONNECTIONS = 200
MAX_AGE = 300
"""Seconds for which a calendar may be shown without asking again."""

TOKEN = "[A-Za-z0-9_-]{32}"  # noqa: S105 (a pattern)
HEADERS = {
    "Server": "Ensemble",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}

Health = Callable[[], Awaitable[Mapping[str, str]]]


class Web:
    """One server. `health` tells how each part is; it raises when the bot cannot work."""

    def __init__(self, feeds: Feeds, health: Health) -> None:
        self._feeds = feeds
        self._health = health
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None
        self._cuts: dict[asyncio.TimerHandle, None] = {}

    @property
    def port(self) -> int:
        """Where it listens."""
        if self._server is None:
            raise RuntimeError("the web server is closed")
        return int(self._server.sockets[0].getsockname()[1])

    async def open(self, port: int) -> None:
        """Listen; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        application = web.Application(client_max_size=1024)
        application.router.add_get("/health", self._tell_health)
        application.router.add_get(f"/calendar/{{token:{TOKEN}}}.ics", self._calendar)
        application.on_response_prepare.append(_harden)
        self._runner = web.AppRunner(
            application,
            access_log=None,  # addresses are secrets
            handle_signals=False,
            keepalive_timeout=IDLE,
            lingering_time=1.0,
            shutdown_timeout=1.0,
            max_line_size=2048,
            max_field_size=4096,
        )
        await self._runner.setup()
        try:
            # Begun in two steps: a task that ends in the middle of the only one would leave the socket open.
            loop = asyncio.get_running_loop()
            listening = socket.create_server((HOST, port), backlog=64)
            self._server = await loop.create_server(
                self._connected, sock=listening, backlog=64, start_serving=False
            )
            await self._server.start_serving()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Answer what is being asked, and nothing more."""
        server, runner = self._server, self._runner
        self._server = self._runner = None
        if server is not None:
            server.close()
        if runner is not None:
            await runner.cleanup()
        for cut in self._cuts:
            cut.cancel()
        self._cuts.clear()

    def _connected(self) -> asyncio.BaseProtocol:
        """Take a connection in, for so long and no longer: one that sends its request byte by byte holds nothing."""
        server = self._runner.server if self._runner else None
        if server is None or len(server.connections) >= MOST_CONNECTIONS:
            return _Refused()
        handler = server()

        def end() -> None:
            self._cuts.pop(cut, None)
            if handler.transport is not None:
                handler.transport.abort()

        cut = asyncio.get_running_loop().call_later(LONGEST, end)
        self._cuts[cut] = None
        return handler

    async def _tell_health(self, _request: web.Request) -> web.Response:
        try:
            parts = await self._health()
        except Exception:  # whoever watches over the bot must hear of it
            log.exception("the health check failed")
            return web.json_response({"status": "down"}, status=503)
        return web.json_response({"status": "up", **parts}, headers={"Cache-Control": "no-store"})

    async def _calendar(self, request: web.Request) -> web.Response:
        written = await self._feeds.open(request.match_info["token"])
        if written is None:
            raise web.HTTPNotFound
        headers = {
            "ETag": f'"{written.etag}"',
            "Cache-Control": f"private, max-age={MAX_AGE}",
            "Content-Disposition": f'inline; filename="{written.name}"',
        }
        known = request.if_none_match or ()
        if any(tag.value in (written.etag, "*") for tag in known):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=written.data, content_type="text/calendar", charset="utf-8", headers=headers
        )


class _Refused(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Drop it."""
        cast("asyncio.Transport", transport).abort()


async def _harden(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
