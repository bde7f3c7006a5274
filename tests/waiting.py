"""Waiting for what happens in its own time: a limit is only there so that what never comes is told."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Found = TypeVar("Found")

LIMIT = 20.0
"""Seconds; far beyond what anything takes on a slow machine with other things to do."""


async def until(
    condition: Callable[[], Found], seen: Callable[[], object] = lambda: "", seconds: float = LIMIT
) -> Found:
    """Wait until the condition is true and return it; fails with what was `seen` instead."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited in vain; seen: {seen()}"
        await asyncio.sleep(0.003)
    return found


async def until_read(
    condition: Callable[[], Awaitable[Found]],
    seen: Callable[[], object] = lambda: "",
    seconds: float = LIMIT,
) -> Found:
    """Wait until what has to be awaited, a row of the database say, is true and return it, as `until` does."""
    end = time.monotonic() + seconds
    while not (found := await condition()):
        assert time.monotonic() < end, f"waited in vain; seen: {seen()}"
        await asyncio.sleep(0.003)
    return found
