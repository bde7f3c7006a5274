"""Time, injected: the hall and the outboxes ask a `Clock`, so that tests turn its hands themselves."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

DAY = 86_400 * 1_000_000
"""Microseconds, as wall times are."""


class Timer(Protocol):
    """Something due later."""

    def cancel(self) -> None:
        """Make sure that it does not happen."""


class Clock(Protocol):
    """What time it is, and waking up later."""

    def now(self) -> float:
        """Return seconds that never go back."""

    def wall(self) -> int:
        """Return microseconds since 1970, UTC."""

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        """Call `call` after `delay` seconds."""

    async def sleep(self, delay: float) -> None:
        """Wait `delay` seconds."""


class SystemClock:
    """The machine's clock and the running event loop's timers."""

    def now(self) -> float:
        """Return the monotonic clock."""
        return time.monotonic()

    def wall(self) -> int:
        """Return the wall clock."""
        return time.time_ns() // 1000

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        """Ask the running loop."""
        return asyncio.get_running_loop().call_later(delay, call)

    async def sleep(self, delay: float) -> None:
        """Sleep on the running loop."""
        await asyncio.sleep(delay)
