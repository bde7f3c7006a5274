"""Keeping one platform's client alive, apart from the other: build, run, and after a fault wait and build again."""

import logging
from collections.abc import Awaitable, Callable

from bot.clock import Clock

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
STEADY = 60.0
"""Seconds after which a run counts as a good one, and waiting starts again from the beginning."""


class Hopeless(Exception):
    """Trying again cannot help: a person must change something. `explain` is what to tell them."""

    def __init__(self, explain: str) -> None:
        super().__init__(explain)
        self.explain = explain


async def supervise(name: str, run: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run `run` again and again until it returns by itself.

    Raises:
        Hopeless: as `run` did.
    """
    wait = FIRST_WAIT
    while True:
        began = clock.now()
        try:
            await run()
        except Hopeless:
            raise
        except Exception:  # whatever ends one side must not end the other
            log.exception("%s ended; it is built again", name)
        else:
            return
        if clock.now() - began > STEADY:
            wait = FIRST_WAIT
        await clock.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 2)
