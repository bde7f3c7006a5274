"""Orders and answers between the processes of a benchmark: one JSON object a line, over standard input and output."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import orjson

Reply = Mapping[str, Any]

ROOT = Path(__file__).parent.parent
LONGEST = 1 << 24


class Pipe:
    """This process's end."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader

    @classmethod
    async def standard(cls) -> Self:
        """Listen on standard input."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=LONGEST)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        return cls(reader)

    async def hear(self) -> dict[str, Any] | None:
        """Return the next order, or None when the other end has hung up."""
        line = await self._reader.readline()
        return orjson.loads(line) if line else None

    def tell(self, reply: Reply) -> None:
        """Answer."""
        sys.stdout.write(orjson.dumps(reply).decode() + "\n")
        sys.stdout.flush()


class BenchError(Exception):
    """A process of the benchmark ended early or did not answer in time."""


class Worker:
    """A child process as its parent sees it."""

    def __init__(self, process: asyncio.subprocess.Process, name: str) -> None:
        self._process = process
        self._name = name

    async def ask(self, do: str, *, patience: float = 120.0, **more: Any) -> dict[str, Any]:
        """Give an order and return its answer; `BenchError` when there is none within `patience` seconds."""
        assert self._process.stdin is not None
        self._process.stdin.write(orjson.dumps({"do": do, **more}) + b"\n")
        await self._process.stdin.drain()
        return await self.hear(patience)

    async def hear(self, patience: float = 30.0) -> dict[str, Any]:
        """Return the next thing it says."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(patience):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise BenchError(f"{self._name} says nothing for {patience:.0f} s") from None
        if not line:
            raise BenchError(f"{self._name} has ended")
        answer: dict[str, Any] = orjson.loads(line)
        return answer

    async def end(self) -> None:
        """Hang up, and make sure that it ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(5.0):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def worker(module: str, *arguments: str) -> AsyncIterator[Worker]:
    """Run a module of ours in its own process for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=LONGEST,
    )
    child = Worker(process, " ".join([module, *arguments[:1]]))
    try:
        yield child
    finally:
        await child.end()
