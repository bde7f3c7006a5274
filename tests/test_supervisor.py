"""The supervisor: what ends is built again, with patience, and only what is hopeless is given up."""

import asyncio

import pytest

from bot.supervisor import FIRST_WAIT, LONGEST_WAIT, STEADY, Hopeless, supervise
from tests.fake_clock import FakeClock


class Side:
    """Fails after each of `lives` seconds, then returns by itself (or stays for ever)."""

    def __init__(
        self, clock: FakeClock, lives: list[float], end: BaseException | None = None
    ) -> None:
        self.clock = clock
        self.lives = lives
        self.end = end
        self.began: list[float] = []

    async def run(self) -> None:
        self.began.append(self.clock.now())
        if not self.lives:
            if self.end is not None:
                raise self.end
            return
        if life := self.lives.pop(0):
            await self.clock.sleep(life)
        raise RuntimeError("gone")


async def _all(clock: FakeClock, side: Side, seconds: float = 10_000.0) -> None:
    task = asyncio.create_task(supervise("Side", side.run, clock))
    await clock.pass_time(seconds)
    await asyncio.wait_for(task, 1)


async def test_waits_double_up_to_a_minute() -> None:
    clock = FakeClock(0.0)
    side = Side(clock, [0.0] * 9)
    await _all(clock, side)
    gaps = [b - a for a, b in zip(side.began, side.began[1:], strict=False)]
    assert gaps == [FIRST_WAIT, 2, 4, 8, 16, 32, LONGEST_WAIT, LONGEST_WAIT, LONGEST_WAIT]


async def test_a_good_run_starts_the_waits_again() -> None:
    clock = FakeClock(0.0)
    side = Side(clock, [0.0, 0.0, STEADY + 1, 0.0, STEADY - 1])
    await _all(clock, side)
    gaps = [b - a for a, b in zip(side.began, side.began[1:], strict=False)]
    assert gaps == [1, 2, STEADY + 2, 2, STEADY - 1 + 4]


async def test_the_hopeless_is_given_up_at_once() -> None:
    clock = FakeClock(0.0)
    side = Side(clock, [0.0], Hopeless("a new token is needed"))
    with pytest.raises(Hopeless) as error:
        await _all(clock, side)
    assert error.value.explain == "a new token is needed"
    assert len(side.began) == 2


async def test_cancelling_ends_it_while_it_waits_and_while_it_runs() -> None:
    clock = FakeClock(0.0)
    for lives in ([0.0], [500.0]):
        task = asyncio.create_task(supervise("Side", Side(clock, lives).run, clock))
        await clock.pass_time(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
