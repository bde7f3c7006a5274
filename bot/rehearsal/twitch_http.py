"""How the rehearsal Twitch answers HTTP: one gate that reads, misbehaves on command, dispatches and records.

What the answers say is in `twitch_oauth.py` and `twitch_helix.py`.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from bot.rehearsal.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read whole. `path` is the vendor's, without our prefix; `base` is the mounted root's URL."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Any
    headers: Mapping[str, str]
    base: str

    def first(self, name: str) -> str:
        """Return the first query value of this name, or the empty string."""
        values = self.query.get(name)
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; a body of None is sent as no body."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):
    """The platform says no, with the status and message that Twitch would give."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers or {}

    def answer(self) -> Answer:
        """Return the error as Twitch words it."""
        body = {
            "error": HTTPStatus(self.status).phrase,
            "status": self.status,
            "message": self.message,
        }
        return Answer(self.status, body, self.headers)


Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(slots=True)
class Failure:
    """An order to refuse the next `times` requests whose method and path begin fit."""

    refusal: Refused
    times: int
    method: str
    path: str

    def fits(self, call: Call) -> bool:
        """Whether this request is to be refused. Without a path, OAuth is left alone."""
        if self.times < 1 or (self.method and self.method.upper() != call.method):
            return False
        if not self.path:
            return not call.path.startswith("/oauth2")
        return call.path.startswith("/" + self.path.lstrip("/"))


class Outage:
    """Requests that get no proper answer: refusals on order, and connections cut without a word."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.failures: list[Failure] = []
        self.cuts = 0
        self.http_until = 0.0
        self.sockets_until = 0.0
        self._clock = clock

    def cut_http(self) -> bool:
        """Whether this HTTP request is to be cut; counts it off."""
        if self._clock() < self.http_until:
            return True
        if self.cuts > 0:
            self.cuts -= 1
            return True
        return False

    def cut_socket(self) -> bool:
        """Whether this WebSocket handshake is to be cut."""
        return self._clock() < self.sockets_until

    def refuse(self, call: Call) -> None:
        """Raise the first `Refused` ordered for such a request, and count it off."""
        for failure in self.failures:
            if failure.fits(call):
                failure.times -= 1
                self.failures = [left for left in self.failures if left.times > 0]
                raise failure.refusal


def cut(request: web.Request) -> web.Response:
    """Drop the connection; the response returned is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


class Gate:
    """Serves one root (`/helix` or `/id`) of the platform from a table of handlers."""

    def __init__(
        self,
        root: str,
        table: Mapping[tuple[str, str], Handler],
        outage: Outage,
        recorder: Recorder | None,
    ) -> None:
        self._root = root
        self._table = table
        self._outage = outage
        self._recorder = recorder

    def mount(self, app: web.Application, prefix: str) -> None:
        """Serve everything under `prefix` plus this root."""

        async def serve(request: web.Request) -> web.Response:
            return await self._serve(request, prefix)

        app.router.add_route("*", f"{prefix}{self._root}/{{path:.*}}", serve)

    async def _serve(self, request: web.Request, prefix: str) -> web.Response:
        call = await _read(request, prefix, self._root)
        if self._outage.cut_http():
            return cut(request)
        answer = await self._answer(call)
        if self._recorder is not None:
            self._recorder.http(
                "twitch", call.method, call.path, call.query, call.body, answer.status, answer.body
            )
        if answer.body is None:
            return web.Response(status=answer.status, headers=answer.headers)
        return web.Response(
            status=answer.status,
            body=orjson.dumps(answer.body),
            content_type="application/json",
            charset="utf-8",
            headers=answer.headers,
        )

    async def _answer(self, call: Call) -> Answer:
        try:
            self._outage.refuse(call)
            handler = self._table.get((call.method, call.path))
            if handler is None:
                raise Refused(404, "")
            return await handler(call)
        except Refused as refusal:
            return refusal.answer()


async def _read(request: web.Request, prefix: str, root: str) -> Call:
    raw = await request.read()
    return Call(
        method=request.method,
        path=request.path.removeprefix(prefix + root).rstrip("/"),
        query={key: request.query.getall(key) for key in request.query},
        body=_decoded(raw, request.content_type),
        headers=request.headers,
        base=f"http://{request.host}{prefix}",
    )


def _decoded(raw: bytes, content_type: str) -> Any:
    if not raw:
        return None
    if content_type == "application/x-www-form-urlencoded":
        return {key: values[0] for key, values in parse_qs(raw.decode()).items()}
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
