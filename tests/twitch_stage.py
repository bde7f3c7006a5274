"""A rehearsal Twitch with one channel, one bot and a recording listener, for the tests of the client."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from yarl import URL

from bot.endpoints import pointed
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.twitch_platform import TwitchPlatform
from bot.rehearsal.twitch_world import User
from bot.twitch_client import Line, Timings, TwitchClient
from tests.waiting import until

QUICK = Timings(tick=0.01, retry=0.01, longest_retry=0.05, linger=0.02, welcome=2.0)


class Hands:
    """A clock that runs, and jumps when told to."""

    def __init__(self, base: Callable[[], float]) -> None:
        self._base = base
        self._ahead = 0.0

    def __call__(self) -> float:
        return self._base() + self._ahead

    def jump(self, seconds: float) -> None:
        self._ahead += seconds


class Ear:
    """Writes down what the client tells the application."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.strange: list[tuple[str, str]] = []
        self.gone: list[tuple[str, str | None, str | None]] = []
        self.lost: list[tuple[str, float]] = []
        self.back: list[tuple[str, float]] = []
        self.dead: list[str] = []
        self.order: list[str] = []

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]

    def line(self, line: Line) -> None:
        self.lines.append(line)
        self.order.append(line.text)

    def unknown(self, line: Line, word: str) -> None:
        self.strange.append((line.text, word))

    def removed(self, channel_id: str, message_id: str | None, user_id: str | None) -> None:
        self.gone.append((channel_id, message_id, user_id))

    def deaf(self, channel_id: str, since_s: float) -> None:
        self.lost.append((channel_id, since_s))

    def hears(self, channel_id: str, missed_s: float) -> None:
        self.back.append((channel_id, missed_s))

    def unauthorized(self, reason: str) -> None:
        self.dead.append(reason)


class Drawer:
    """A token store in memory that remembers every pair it was given."""

    def __init__(self, access: str, refresh: str) -> None:
        self.pair = (access, refresh)
        self.saved: list[tuple[str, str]] = []

    async def load(self) -> tuple[str, str]:
        return self.pair

    async def save(self, access: str, refresh: str) -> None:
        self.pair = (access, refresh)
        self.saved.append(self.pair)


@dataclass
class Stage:
    platform: TwitchPlatform
    channel: User
    ear: Ear
    clock: Hands
    wall: Hands
    drawer: Drawer
    rows: list[Exchange | Frame]
    base: URL
    clients: list[tuple[TwitchClient, asyncio.Task[None]]] = field(default_factory=list)

    def client(self, **changes: Any) -> TwitchClient:
        given: dict[str, Any] = {
            "client_id": self.platform.client_id,
            "client_secret": self.platform.client_secret,
            "bot_id": self.platform.bot.id,
            "tokens": self.drawer,
            "listener": self.ear,
            "clock": self.clock,
            "timings": QUICK,
        }
        return TwitchClient(**(given | changes))

    def run(self, client: TwitchClient) -> "asyncio.Task[None]":
        task = asyncio.create_task(client.run_forever())
        self.clients.append((client, task))
        return task

    async def up(self, client: TwitchClient | None = None) -> TwitchClient:
        """Start a client that hears the channel with everything it asks for."""
        client = client or self.client()
        await client.watch(self.channel.id)
        task = self.run(client)
        await until(lambda: task.done() or self.whole(client))
        if task.done():
            task.result()
        return client

    def whole(self, client: TwitchClient) -> bool:
        health = client.health
        return health.connected and 0 < health.wanted == health.subscribed

    async def say(self, user: User, *texts: str) -> None:
        for text in texts:
            await self.platform.say(user.id, self.channel.id, text)

    async def heard(self, *texts: str) -> None:
        await until(lambda: self.ear.texts == list(texts), lambda: self.ear.texts)

    def calls(self, method: str, path: str) -> list[Exchange]:
        return [
            row
            for row in self.rows
            if isinstance(row, Exchange) and (row.method, row.path) == (method, path)
        ]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Serve a platform on a free port of loopback and point the library at it; close everything at the end."""
    rows: list[Exchange | Frame] = []
    recorder = Recorder()
    recorder.listen(rows.append)
    wall = Hands(time.time)
    platform = TwitchPlatform(recorder, clock=wall)
    platform.limits.spacing = 0.0
    app = web.Application()
    platform.mount(app)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = URL(f"http://127.0.0.1:{runner.addresses[0][1]}/twitch")
    drawer = Drawer(platform.access_token, platform.refresh_token)
    channel = platform.add_channel("mediatheque", "Médiathèque")
    with pointed(twitch=base):
        it = Stage(platform, channel, Ear(), Hands(time.monotonic), wall, drawer, rows, base)
        try:
            yield it
        finally:
            for client, task in it.clients:
                await client.close()
                await asyncio.gather(task, return_exceptions=True)
            await runner.cleanup()


async def settled() -> None:
    """Give everything under way on loopback the time to arrive."""
    await asyncio.sleep(0.05)
