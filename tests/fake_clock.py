"""A clock whose hands a test turns: timers fire in order, sleepers wake, nothing really waits."""

import asyncio
import heapq
from collections.abc import Callable, Iterator
from itertools import count

START = 1000.0
WALL = 1_772_000_000_000_000
"""Wednesday 25 February 2026, in microseconds."""

ROUNDING = 1e-7
"""Seconds by which sums of the same times may differ: a timer that is due by the wall clock fires."""


class FakeTimer:
    """Something due later; see `bot.clock.Timer`."""

    def __init__(self, when: float, call: Callable[[], None]) -> None:
        self.when = when
        self.call = call
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class FakeClock:
    """Implements `bot.clock.Clock`. The wall clock runs along, and can be set apart by changing `wall_offset`."""

    def __init__(self, start: float = START, wall: int = WALL) -> None:
        self._now = start
        self.wall_offset = wall - round(start * 1_000_000)
        self._timers: list[tuple[float, int, FakeTimer]] = []
        self._numbers: Iterator[int] = count()

    def now(self) -> float:
        return self._now

    def wall(self) -> int:
        return self.wall_offset + round(self._now * 1_000_000)

    def call_later(self, delay: float, call: Callable[[], None]) -> FakeTimer:
        timer = FakeTimer(self._now + max(0.0, delay), call)
        heapq.heappush(self._timers, (timer.when, next(self._numbers), timer))
        return timer

    async def sleep(self, delay: float) -> None:
        done = asyncio.get_running_loop().create_future()
        timer = self.call_later(delay, lambda: None if done.done() else done.set_result(None))
        try:
            await done
        finally:
            timer.cancel()

    @property
    def waiting(self) -> int:
        """How many timers and sleepers wait."""
        return sum(not timer.cancelled for _, _, timer in self._timers)

    def next_due(self) -> float | None:
        """Return when the next timer is due."""
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        return self._timers[0][0] if self._timers else None

    def advance(self, seconds: float) -> None:
        """Let time pass at once: timers due meanwhile fire in order, each at its own time."""
        end = self._now + seconds
        while (due := self.next_due()) is not None and due <= end + ROUNDING:
            _, _, timer = heapq.heappop(self._timers)
            self._now = max(self._now, due)
            timer.call()
        self._now = max(self._now, end)

    async def pass_time(self, seconds: float, turns: int = 10) -> None:
        """Let time pass and the loop turn after each timer, so that sleepers can sleep again meanwhile."""
        end = self._now + seconds
        await spin(turns)
        while (due := self.next_due()) is not None and due <= end:
            self.advance(max(0.0, due - self._now))
            await spin(turns)
        self.advance(end - self._now)
        await spin(turns)


async def spin(turns: int = 10) -> None:
    """Let the event loop turn."""
    for _ in range(turns):
        await asyncio.sleep(0)
