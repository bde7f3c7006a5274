"""The rehearsal Discord's misbehaviour, on command: failing requests, rate limits, dropped and repeated frames."""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.discord_gateway import INVALID_SESSION, RECONNECT, Gateway

GENEROUS = 10_000
_MESSAGES = {401: "401: Unauthorized", 403: "Missing Permissions", 404: "Unknown Message"}
_CODES = {403: 50013, 404: 10008}


@dataclass(slots=True)
class Failure:
    """An answer that some coming requests get instead of the right one."""

    status: int
    times: int
    method: str
    path: str
    retry_after: float

    def meant_for(self, method: str, path: str) -> bool:
        """Whether a request gets this answer: same method, and `path` occurs in its path."""
        return self.times > 0 and self.method in ("", method) and self.path in path

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the failure."""
        if self.status == 429:
            retry_after = self.retry_after
            text = "You are being rate limited."
            return {"message": text, "retry_after": retry_after, "global": False, "code": 0}
        text = _MESSAGES.get(self.status, f"{self.status}: Rehearsed failure")
        return {"message": text, "code": _CODES.get(self.status, 0)}


@dataclass(slots=True)
class Limit:
    """So many requests per window, for the requests it is meant for."""

    requests: int
    seconds: float
    method: str
    path: str

    def meant_for(self, method: str, path: str) -> bool:
        """Whether it counts a request: same method, and `path` occurs in its path."""
        return self.method in ("", method) and self.path in path


@dataclass(slots=True)
class Window:
    """A fixed window of one bucket."""

    ends: float
    left: int


class DiscordFaults:
    """What goes wrong next. `fail` and `limit` concern REST; the rest concerns the gateway."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._failures: list[Failure] = []
        self._limits: list[Limit] = []
        self._windows: dict[str, Window] = {}
        self.delay = 0.0
        self.rest_refused = False
        self.rate_violations = 0

    # -- REST

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        method: str = "",
        path: str = "",
        retry_after: float = 0.01,
    ) -> None:
        """Answer the next `times` requests of this method whose path contains `path` with `status`."""
        self._failures.append(Failure(status, times, method, path, retry_after))

    def slow(self, seconds: float) -> None:
        """Delay every REST answer by so much, until told otherwise."""
        self.delay = seconds

    def limit(self, requests: int, seconds: float, *, method: str = "", path: str = "") -> None:
        """From now on, count requests whose path contains `path`; too many get 429, as on the real one."""
        self._limits.insert(0, Limit(requests, seconds, method, path))
        self._windows.clear()

    def clear(self) -> None:
        """End every failure, limit and delay asked for, and accept connections."""
        self._failures.clear()
        self._limits.clear()
        self._windows.clear()
        self.delay = 0.0
        self._gateway.duplicates = 0
        self._gateway.disallowed_intents = 0
        self._gateway.speak()
        self.accept_connections()

    def next_failure(self, method: str, path: str) -> Failure | None:
        """Return and count down the failure meant for this request, if any."""
        for failure in self._failures:
            if failure.meant_for(method, path):
                failure.times -= 1
                return failure
        return None

    def count(self, method: str, path: str, route: str, major: str) -> tuple[dict[str, str], float]:
        """Count a request; return the X-RateLimit headers, and how long to wait (0: none).

        A bucket is a route (its pattern) with its major parameters (channel, guild, webhook).
        """
        limit = next((each for each in self._limits if each.meant_for(method, path)), None)
        most, seconds = (limit.requests, limit.seconds) if limit else (GENEROUS, 1.0)
        now = time.monotonic()
        bucket = f"{method} {route} {major}"
        window = self._windows.get(bucket)
        if window is None or window.ends <= now:
            window = self._windows[bucket] = Window(now + seconds, most)
        wait = window.ends - now if window.left == 0 else 0.0
        self.rate_violations += window.left == 0
        window.left = max(window.left - 1, 0)
        return _headers(f"{method} {route}", most, window, now), wait

    # -- gateway

    def duplicate_next(self, n: int = 1) -> None:
        """Deliver each of the next `n` events twice, the same frame."""
        self._gateway.duplicates += n

    async def drop(self, code: int = 4000) -> None:
        """Close the open sockets with this code."""
        await self._gateway.close_sockets(code)

    async def reconnect(self) -> None:
        """Ask the client to reconnect and resume (opcode 7)."""
        await self._gateway.broadcast(RECONNECT, None)

    async def invalid_session(self, resumable: bool = False) -> None:
        """Declare the session invalid (opcode 9); unless resumable it is forgotten."""
        if not resumable:
            self._gateway.forget_sessions()
        await self._gateway.broadcast(INVALID_SESSION, resumable)

    def silence(self) -> None:
        """Leave sockets open but send nothing, not even heartbeat acknowledgements: up, but deaf."""
        self._gateway.silent = True

    def speak(self) -> None:
        """End the silence; the events held back are sent."""
        self._gateway.speak()

    def refuse_connections(self, seconds: float | None = None, *, rest: bool = False) -> None:
        """Refuse new gateway connections with 503, for so long or until told; REST too when asked."""
        self._gateway.refused_until = (
            float("inf") if seconds is None else time.monotonic() + seconds
        )
        self.rest_refused = rest

    def accept_connections(self) -> None:
        """Accept gateway connections and REST requests again."""
        self._gateway.refused_until = 0.0
        self.rest_refused = False

    @property
    def refuses_rest(self) -> bool:
        """Whether REST answers 503 at this moment."""
        return self.rest_refused and self._gateway.refusing

    def disallow_intents(self, intents: int) -> None:
        """Close the next IDENTIFY that asks for one of these intents with 4014."""
        self._gateway.disallowed_intents = intents

    def send_raw(self, event: str, data: dict[str, Any]) -> None:
        """Dispatch any event as it stands, even one that a client cannot parse."""
        self._gateway.dispatch(event, data)


def _headers(route: str, most: int, window: Window, now: float) -> dict[str, str]:
    left = window.ends - now
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(window.left),
        "X-RateLimit-Reset": f"{time.time() + left:.3f}",
        "X-RateLimit-Reset-After": f"{left:.3f}",
        "X-RateLimit-Bucket": hashlib.blake2b(route.encode(), digest_size=16).hexdigest(),
    }
