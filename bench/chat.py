"""What a line of chat costs the whole bot while it judges every line, beside the bare library doing nothing.

Both run against the same flood in the same run, in turn (A B A B), each in a process of its own; the platforms are in
another. The figure is user and system CPU of the client's process per message; wall time plays no part.
"""

from collections.abc import AsyncIterator
from statistics import median

import orjson

from bench.chatter import AUTHORS
from bench.figures import Figure, spread
from bench.pipe import BenchError, Worker, worker

MOST = 1.2
"""CPU of the bot per message, in shares of the bare library's."""

WARM_UP = 3_000


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield the figures of both platforms."""
    count, rounds = (10_000, 3) if quick else (50_000, 5)
    async with worker("bench.platforms") as platforms:
        address = orjson.dumps(await platforms.hear()).decode()
        await platforms.ask("people", count=AUTHORS)
        for side in ("discord", "twitch"):
            bare: list[float] = []
            bot: list[float] = []
            for _ in range(rounds):
                bare.append(await _bare(platforms, address, side, count))
                bot.append(await _bot(platforms, address, side, count))
            ratios = [b / a for a, b in zip(bare, bot, strict=True)]
            name = f"chat-{side}"
            yield Figure(
                name, "bare library, CPU per message", median(bare), "us", note=spread(bare)
            )
            yield Figure(
                name,
                "whole bot judging, CPU per message",
                median(bot),
                "us",
                ratio=median(ratios),
                most=MOST,
                note=f"{spread(bot)}; ratio {spread(ratios, 2)}; {count} messages a turn",
            )


async def _bare(platforms: Worker, address: str, side: str, count: int) -> float:
    async with worker("bench.clients", f"bare-{side}", address) as client:
        await client.hear()
        await _flood(platforms, client, side, WARM_UP)
        return await _flood(platforms, client, side, count)


async def _bot(platforms: Worker, address: str, side: str, count: int) -> float:
    async with worker("bench.clients", "bot", address) as client:
        await client.hear()
        await client.ask("open", choices=False, seconds=600)
        await client.ask("count")
        await _flood(platforms, client, side, WARM_UP)
        judged = (await client.ask("counted"))["judged"]
        if judged not in (WARM_UP, WARM_UP + 1):  # the end mark is a line too
            raise BenchError(f"{judged} lines of {WARM_UP} reached the hall")
        cost = await _flood(platforms, client, side, count)
        if (await client.ask("phase"))["phase"] != "asking":
            raise BenchError("the question did not stay open")
        return cost


async def _flood(platforms: Worker, client: Worker, side: str, count: int) -> float:
    """Return the microseconds of CPU that the client spent on each of `count` messages."""
    await client.ask("begin")
    await platforms.ask("flood", side=side, count=count)
    await platforms.ask("mark", side=side)
    spent = await client.ask("wait")
    return float(spent["cpu"]) / count * 1e6
