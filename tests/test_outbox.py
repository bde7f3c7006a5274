"""The outbox: order, priorities, coalescing, pacing, retry, and bounds."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.outbox import (
    LONGEST_NAP,
    LONGEST_QUEUE,
    LONGEST_WAIT,
    Busy,
    Outbox,
    Post,
    Priority,
    Refused,
)
from tests.fake_clock import FakeClock, spin


class Wire:
    """A platform's end of the line."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.sent: list[str] = []
        self.times: list[float] = []
        self.tries: list[float] = []
        self.faults: list[BaseException] = []
        self.open = asyncio.Event()
        self.open.set()
        self.gap = 0.0

    async def deliver(self, payload: str) -> None:
        self.tries.append(self.clock.now())
        await self.open.wait()
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append(payload)
        self.times.append(self.clock.now())

    def pace(self, _post: Post) -> float:
        return max(0.0, self.times[-1] + self.gap - self.clock.now()) if self.times else 0.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(0.0)


@pytest.fixture
async def wire(clock: FakeClock) -> Wire:
    return Wire(clock)


@pytest.fixture
async def outbox(wire: Wire, clock: FakeClock) -> AsyncIterator[Outbox]:
    outbox = Outbox("test", wire.deliver, wire.pace, clock)
    yield outbox
    await outbox.close(0)


async def test_posts_go_in_order(outbox: Outbox, wire: Wire) -> None:
    for text in "abc":
        outbox.put(Post(text))
    await outbox.settled()
    assert wire.sent == ["a", "b", "c"]


async def test_what_matters_most_goes_first_and_in_order(outbox: Outbox, wire: Wire) -> None:
    for text, priority in [
        ("c1", Priority.COURTESY),
        ("r1", Priority.REPLY),
        ("n1", Priority.NEWS),
        ("c2", Priority.COURTESY),
        ("n2", Priority.NEWS),
        ("r2", Priority.REPLY),
    ]:
        outbox.put(Post(text, priority))
    await outbox.settled()
    assert wire.sent == ["n1", "n2", "r1", "r2", "c1", "c2"]


async def test_a_later_post_of_the_same_key_takes_the_place(outbox: Outbox, wire: Wire) -> None:
    for post in (Post("a1", key="a"), Post("b"), Post("a2", key="a"), Post("a3", key="a")):
        outbox.put(post)
    await outbox.settled()
    assert wire.sent == ["a3", "b"]


async def test_coalescing_while_the_former_is_in_flight(outbox: Outbox, wire: Wire) -> None:
    wire.open.clear()
    outbox.put(Post("a1", key="a"))
    await spin()
    outbox.put(Post("a2", key="a"))
    outbox.put(Post("a3", key="a"))
    wire.open.set()
    await outbox.settled()
    assert wire.sent == ["a1", "a3"]


async def test_a_post_that_failed_in_flight_gives_way_to_its_successor(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.open.clear()
    wire.faults = [Busy(1.0)]
    outbox.put(Post("a1", key="a"))
    await spin()
    outbox.put(Post("a2", key="a"))
    wire.open.set()
    await clock.pass_time(1.0)
    assert wire.sent == ["a2"]


async def test_pacing(outbox: Outbox, wire: Wire, clock: FakeClock) -> None:
    wire.gap = 1.5
    for text in "abc":
        outbox.put(Post(text))
    await clock.pass_time(10)
    assert wire.times == [0.0, 1.5, 3.0]


async def test_something_urgent_overtakes_during_the_pause(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.gap = 1.0
    for text in ("a", "b"):
        outbox.put(Post(text, Priority.COURTESY))
    await clock.pass_time(0.5)
    outbox.put(Post("now", Priority.NEWS))
    await clock.pass_time(5)
    assert wire.sent == ["a", "now", "b"]


async def test_busy_with_a_time_waits_just_that(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.faults = [Busy(7.0), Busy(0.0)]
    outbox.put(Post("a"))
    outbox.put(Post("b"))
    await clock.pass_time(20)
    assert wire.sent == ["a", "b"]
    assert wire.times == [pytest.approx(7.05), pytest.approx(7.05)]


async def test_busy_without_a_time_backs_off_and_starts_again_after_success(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.faults = [Busy() for _ in range(8)]
    outbox.put(Post("a"))
    await clock.pass_time(1000)
    gaps = [b - a for a, b in zip(wire.tries, wire.tries[1:], strict=False)]
    assert gaps == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, LONGEST_WAIT, LONGEST_WAIT]
    wire.faults = [Busy()]
    outbox.put(Post("b"))
    await clock.pass_time(1.0)
    assert wire.sent == ["a", "b"]


async def test_a_refused_post_goes_nowhere_and_those_behind_it_go_on(
    outbox: Outbox, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    wire.faults = [Refused("403 50013")]
    outbox.put(Post("secret words"))
    outbox.put(Post("b"))
    await outbox.settled()
    assert wire.sent == ["b"]
    assert "403 50013" in caplog.text
    assert "secret words" not in caplog.text


async def test_an_unexpected_fault_does_not_stop_the_queue(outbox: Outbox, wire: Wire) -> None:
    wire.faults = [RuntimeError("x")]
    outbox.put(Post("a"))
    outbox.put(Post("b"))
    await outbox.settled()
    assert wire.sent == ["b"]


async def test_what_must_go_soon_does_not_wait_for_what_may_wait_long(
    wire: Wire, clock: FakeClock
) -> None:
    outbox = Outbox(
        "test", wire.deliver, lambda post: 60.0 if post.payload == "slow" else 0.0, clock
    )
    outbox.put(Post("slow", key="board"))
    await spin()
    outbox.put(Post("quick", key="board"))
    await clock.pass_time(LONGEST_NAP)
    assert wire.sent == ["quick"]
    await outbox.close(0)


async def test_a_pace_that_fails_does_not_stop_the_queue(wire: Wire, clock: FakeClock) -> None:
    def broken(_post: Post) -> float:
        raise KeyError

    outbox = Outbox("test", wire.deliver, broken, clock)
    outbox.put(Post("a"))
    await asyncio.wait_for(outbox.settled(), 1)
    assert wire.sent == ["a"]


async def test_patience(outbox: Outbox, wire: Wire, clock: FakeClock) -> None:
    wire.faults = [Busy(10.0)]
    for post in (Post("a"), Post("stale", patience=9.0), Post("fresh", patience=11.0)):
        outbox.put(post)
    await clock.pass_time(10)
    await outbox.settled()
    assert wire.sent == ["a", "fresh"]


async def test_patience_counts_from_the_post_that_took_the_place(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.faults = [Busy(10.0)]
    outbox.put(Post("a"))
    outbox.put(Post("old", key="k", patience=5.0))
    await clock.pass_time(6.0)
    outbox.put(Post("new", key="k", patience=5.0))
    await clock.pass_time(4.0)
    assert wire.sent == ["a", "new"]


async def test_a_dead_platform_keeps_a_bounded_queue_of_the_most_important(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.faults = [Busy() for _ in range(10_000)]
    outbox.put(Post("first"))
    await spin()
    for n in range(LONGEST_QUEUE * 3):
        outbox.put(Post(f"news {n}"))
        outbox.put(Post(f"courtesy {n}", Priority.COURTESY))
        if n % 50 == 0:
            await clock.pass_time(30)
        assert len(outbox._queue) <= LONGEST_QUEUE
    await clock.pass_time(300)
    assert len(outbox._queue) <= LONGEST_QUEUE
    wire.faults = []
    await clock.pass_time(LONGEST_WAIT)
    assert wire.sent == [f"news {n}" for n in range(LONGEST_QUEUE * 2, LONGEST_QUEUE * 3)]


async def test_a_full_queue_stays_bounded_when_a_post_comes_back(
    outbox: Outbox, wire: Wire
) -> None:
    wire.open.clear()
    wire.faults = [Busy()]
    outbox.put(Post("first"))
    await spin()
    for n in range(LONGEST_QUEUE):
        outbox.put(Post(str(n)))
    wire.open.set()
    await spin()
    assert len(outbox._queue) == LONGEST_QUEUE


async def test_settled_waits_for_the_post_in_flight_too(outbox: Outbox, wire: Wire) -> None:
    await outbox.settled()
    wire.open.clear()
    outbox.put(Post("a"))
    waiting = asyncio.create_task(outbox.settled())
    await spin()
    assert not waiting.done()
    wire.open.set()
    await waiting
    assert wire.sent == ["a"]


async def test_settled_does_not_wait_for_what_comes_later(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.gap = 1.0
    for text in "abc":
        outbox.put(Post(text))
    waiting = asyncio.create_task(outbox.settled())
    for text in "defg":
        await clock.pass_time(0.6)
        outbox.put(Post(text))
    assert waiting.done()
    assert wire.sent == ["a", "b", "c"]


async def test_settled_waits_for_what_took_the_place_of_a_post(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.gap = 1.0
    outbox.put(Post("a"))
    outbox.put(Post("old", key="k"))
    waiting = asyncio.create_task(outbox.settled())
    await spin()
    outbox.put(Post("new", key="k"))
    await spin()
    assert wire.sent == ["a"]
    assert not waiting.done()
    await clock.pass_time(1.0)
    assert wire.sent == ["a", "new"]
    assert waiting.done()


async def test_settled_waits_for_the_successor_of_a_post_that_failed_in_flight(
    outbox: Outbox, wire: Wire, clock: FakeClock
) -> None:
    wire.open.clear()
    wire.faults = [Busy(1.0)]
    outbox.put(Post("old", key="k"))
    await spin()
    waiting = asyncio.create_task(outbox.settled())
    outbox.put(Post("new", key="k"))
    wire.open.set()
    await spin()
    assert not waiting.done()
    await clock.pass_time(1.0)
    assert wire.sent == ["new"]
    assert waiting.done()


async def test_what_is_left_out_of_a_full_queue_is_waited_for_no_longer(
    outbox: Outbox, wire: Wire
) -> None:
    wire.open.clear()
    outbox.put(Post("a"))
    await spin()
    outbox.put(Post("b", Priority.COURTESY))
    waiting = asyncio.create_task(outbox.settled())
    await spin()
    for n in range(LONGEST_QUEUE):
        outbox.put(Post(str(n)))
    wire.open.set()
    wire.gap = 5.0
    await spin()
    assert wire.sent == ["a"]
    assert waiting.done()


async def test_close_sends_what_it_can(outbox: Outbox, wire: Wire) -> None:
    for text in "abc":
        outbox.put(Post(text))
    await outbox.close(1.0)
    assert wire.sent == ["a", "b", "c"]


async def test_close_is_bounded_and_does_not_claim_that_it_was_said(
    outbox: Outbox, wire: Wire
) -> None:
    wire.open.clear()
    outbox.put(Post("a"))
    waiting = asyncio.create_task(outbox.settled())
    await asyncio.wait_for(outbox.close(0.01), 1)
    await spin()
    assert not waiting.done()
    waiting.cancel()
    outbox.put(Post("late"))
    await spin()
    assert wire.sent == []


async def test_closing_an_outbox_that_never_spoke(outbox: Outbox) -> None:
    await outbox.close(1.0)
    await outbox.settled()
