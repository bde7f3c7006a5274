"""One ordered queue of posts per room and platform: pacing, priorities, coalescing, retry.

An outbox never makes the hall wait. A platform that is down keeps its own queue and harms nobody else's.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bot.clock import Clock

log = logging.getLogger(__name__)

LONGEST_QUEUE = 200
"""Posts that wait at most; beyond, the least important and oldest go."""

LONGEST_WAIT = 60.0
"""Seconds between two tries at the most."""


LONGEST_NAP = 1.0
"""Seconds after which what may not go yet is looked at again: a post that has to wait less may have taken its place."""


class Priority(IntEnum):
    """What goes first when not everything can go."""

    COURTESY = 0
    REPLY = 1
    NEWS = 2


class Busy(Exception):
    """The platform asks to try again, in `retry_after` seconds if it said so."""

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("busy")
        self.retry_after = retry_after


class Refused(Exception):
    """The platform will never take this post; `reason` is for the log and holds no text of a user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Post:
    """Something to show. A later post with the same `key` takes the place of one that still waits.

    `patience` is how many seconds it may wait before it is no longer worth saying; None waits for ever.
    `sent` is called each time it has gone out.
    """

    payload: Any
    priority: Priority = Priority.NEWS
    key: str | None = None
    patience: float | None = None
    sent: Callable[[], None] | None = None


@dataclass(slots=True, eq=False)
class _Waiting:
    post: Post
    since: float
    heir: "_Waiting | None" = None
    """What took its place."""

    def latest(self) -> "_Waiting":
        """Return what stands in its place now."""
        found = self
        while found.heir is not None:
            found = found.heir
        return found


@dataclass(slots=True)
class Outbox:
    """The queue of one room on one platform.

    `deliver` sends a payload and raises `Busy` or `Refused`; `pace` tells how many seconds to wait before a post may go
    (0 for now), and is asked again after the wait. Beyond `most` that wait, the least important and oldest go.
    """

    name: str
    deliver: Callable[[Any], Awaitable[None]]
    pace: Callable[[Post], float]
    clock: Clock
    most: int = LONGEST_QUEUE
    _queue: list[_Waiting] = field(default_factory=list)
    _sending: _Waiting | None = None
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None
    _failures: int = 0
    _closed: bool = False

    def put(self, post: Post) -> None:
        """Queue a post; after `close` it goes nowhere."""
        if self._closed:
            return
        waiting = _Waiting(post, self.clock.now())
        for index, other in enumerate(self._queue):
            if post.key is not None and other.post.key == post.key:
                self._queue[index] = other.heir = waiting
                break
        else:
            self._queue.append(waiting)
            self._trim()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"outbox {self.name}")

    async def settled(self) -> None:
        """Wait until all that waits now, or what took its place, has gone out or was given up.

        What `close` cut off never settles: it was not said.
        """
        waiting = self._waiting()
        while waiting:
            await self._gone.wait()
            waiting = {one.latest() for one in waiting} & self._waiting()

    def _waiting(self) -> set[_Waiting]:
        return {*self._queue, *([self._sending] if self._sending else [])}

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 (the drain is bounded by its caller)
        """Send what waits for at most `timeout` seconds, then stop."""
        self._closed = True
        if self._task is None:
            return
        await asyncio.wait([self._task], timeout=timeout)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def give_up(self) -> None:
        """Forget what waits and take nothing more: the platform will not come back."""
        self._closed = True
        self._queue.clear()
        self._sending = None
        if self._task is not None:
            self._task.cancel()
        self._some_left()

    def _some_left(self) -> None:
        """Let those look again who wait until something has gone."""
        self._gone.set()
        self._gone = asyncio.Event()

    def _trim(self) -> None:
        while len(self._queue) > self.most:
            least = min(self._queue, key=lambda waiting: (waiting.post.priority, waiting.since))
            self._queue.remove(least)
            self._some_left()
            if least.post.priority is Priority.NEWS:
                log.warning("outbox %s: too much waits, news are left out", self.name)

    def _next(self) -> _Waiting | None:
        now = self.clock.now()
        self._queue = [
            waiting
            for waiting in self._queue
            if waiting.post.patience is None or now - waiting.since <= waiting.post.patience
        ]
        self._some_left()
        return max(self._queue, key=lambda waiting: waiting.post.priority, default=None)

    async def _run(self) -> None:
        while (waiting := self._next()) is not None:
            delay = self._delay(waiting.post)
            if delay > 0:
                await self.clock.sleep(min(delay, LONGEST_NAP))
                continue
            self._queue.remove(waiting)
            self._sending = waiting
            await self._send(waiting)
            self._sending = None

    def _delay(self, post: Post) -> float:
        try:
            return self.pace(post)
        except Exception:  # what cannot be paced is sent: a queue that stands still helps nobody
            log.exception("outbox %s: no pace", self.name)
            return 0.0

    async def _send(self, waiting: _Waiting) -> None:
        try:
            await self.deliver(waiting.post.payload)
        except Busy as busy:
            self._failures += 1
            self._sending = None
            self._put_back(waiting)
            await self.clock.sleep(self._back_off(busy.retry_after))
        except Refused as refused:
            log.warning("outbox %s: a post was refused: %s", self.name, refused.reason)
        except Exception:  # one post that cannot be sent must not stop those behind it
            log.exception("outbox %s: a post was lost", self.name)
        else:
            self._failures = 0
            if waiting.post.sent is not None:
                waiting.post.sent()

    def _put_back(self, waiting: _Waiting) -> None:
        key = waiting.post.key
        newer = (other for other in self._queue if key is not None and other.post.key == key)
        waiting.heir = next(newer, None)
        if waiting.heir is None:
            self._queue.insert(0, waiting)
            self._trim()

    def _back_off(self, asked: float | None) -> float:
        delay = min(LONGEST_WAIT, 0.5 * 2 ** min(self._failures, 10))
        return max(asked, 0.05) if asked is not None else delay
