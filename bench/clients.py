"""The measured process: a bare client library with an empty handler, or the whole bot with a question open.

    python -m bench.clients (bare-discord | bare-twitch | bot) ADDRESS-AS-JSON

It says `{}` when it listens and answers these orders: `begin` and `wait` (the CPU used between them), and for the bot
`open` (start a round), `count` (how many lines are judged until `counted`), `over` (wait until the round has ended),
`pause` (start a reading pause), `act` (let a host act), `time` and `timed` (how long plays took to be on disk).
"""

import asyncio
import gc
import logging
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import discord
import orjson
import twitchio
from discord.ext import commands as discord_commands
from twitchio import eventsub
from twitchio.ext import commands as twitchio_commands
from yarl import URL

from bench import chatter
from bench.pipe import Pipe, Reply
from bench.platforms import Address
from bot.app import App
from bot.batch import Receipt
from bot.endpoints import pointed
from bot.pause import Wish
from bot.settings import DiscordSettings, Settings, TwitchSettings
from bot.twitch_socket import CHAT_TYPES
from games.core import Role

Order = dict[str, Any]


class Client(ABC):
    """What is measured. `marked` is set when the end of a flood has been heard."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.marked = asyncio.Event()
        self._cpu = self._wall = 0.0

    @abstractmethod
    async def run(self) -> None:
        """Connect and stay."""

    @abstractmethod
    async def listening(self) -> None:
        """Wait until chat is heard."""

    @abstractmethod
    async def close(self) -> None:
        """Leave."""

    def orders(self) -> dict[str, Callable[[Order], Awaitable[Reply]]]:
        """Return what this client can be told to do."""
        return {"begin": self._begin, "wait": self._wait}

    async def _begin(self, _order: Order) -> Reply:
        self.marked.clear()
        gc.collect()
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return {}

    async def _wait(self, _order: Order) -> Reply:
        await self.marked.wait()
        return {
            "cpu": time.process_time() - self._cpu,
            "wall": time.perf_counter() - self._wall,
        }


class BareDiscord(Client):
    """`commands.Bot` as its own quickstart makes it, with an empty `on_message`."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        intents = discord.Intents.default()
        intents.message_content = True
        self._bot = discord_commands.Bot("!", intents=intents)
        self._bot.event(on_message)
        self._bot.add_listener(self._deleted, "on_raw_message_delete")

    async def _deleted(self, _payload: discord.RawMessageDeleteEvent) -> None:
        self.marked.set()

    async def run(self) -> None:
        """Connect and stay."""
        async with self._bot:
            await self._bot.start(self.address.discord_token)

    async def listening(self) -> None:
        """Wait until ready."""
        await until(self._bot.is_ready)

    async def close(self) -> None:
        """Leave."""
        await self._bot.close()


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so. The libraries have no event for all that is waited for here."""
    while not true():  # noqa: ASYNC110 (see above)
        await asyncio.sleep(0.02)


async def on_message(_message: discord.Message) -> None:
    """Do nothing."""


class _EmptyTwitch(twitchio_commands.Bot):
    def __init__(self, address: Address, marked: asyncio.Event) -> None:
        self.subscribed = asyncio.Event()
        self._address = address
        self._marked = marked
        super().__init__(
            client_id=address.twitch_id,
            client_secret=address.twitch_secret,
            bot_id=address.twitch_bot,
            prefix="!",
        )

    async def setup_hook(self) -> None:
        """Hear one channel, and what is deleted there (the end mark)."""
        channel, bot = self._address.broadcaster, self._address.twitch_bot
        for kind in (eventsub.ChatMessageSubscription, eventsub.ChatMessageDeleteSubscription):
            await self.subscribe_websocket(
                kind(broadcaster_user_id=channel, user_id=bot), as_bot=True
            )
        self.subscribed.set()

    async def event_message(self, payload: twitchio.ChatMessage) -> None:
        """Do nothing."""

    async def event_message_delete(self, _payload: twitchio.ChatMessageDelete) -> None:
        """Note the end mark."""
        self._marked.set()


class BareTwitch(Client):
    """`commands.Bot` with an empty `event_message`; without its web server, which takes no part in chat."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self._bot = _EmptyTwitch(address, self.marked)

    async def run(self) -> None:
        """Connect and stay."""
        async with self._bot:
            await self._bot.add_token(self.address.twitch_access, self.address.twitch_refresh)
            await self._bot.start(with_adapter=False, load_tokens=False, save_tokens=False)

    async def listening(self) -> None:
        """Wait until subscribed."""
        await self._bot.subscribed.wait()

    async def close(self) -> None:
        """Leave."""
        await self._bot.close(save_tokens=False)


class WholeBot(Client):
    """The bot as it is run, both platforms connected, one room on both."""

    def __init__(self, address: Address, folder: Path) -> None:
        super().__init__(address)
        self._folder = folder
        self._judged = 0
        self._waits: list[float] = []
        self._timing: set[asyncio.Task[None]] = set()
        self._app: App | None = None
        self._opened = asyncio.Event()

    @property
    def app(self) -> App:
        """The bot, once open."""
        assert self._app is not None
        return self._app

    def _settings(self) -> Settings:
        a = self.address
        return Settings(
            discord=DiscordSettings(a.discord_token, None, frozenset()),
            twitch=TwitchSettings(
                a.twitch_id,
                a.twitch_secret,
                a.twitch_bot,
                a.twitch_access,
                a.twitch_refresh,
                (a.login,),
                vip_hosts=False,
            ),
            database=self._folder / "bench.sqlite3",
            decks=None,
            locale="fr",
            zone="Europe/Paris",
            season_start=(9, 1),
            lookup=(),
            lookup_contact="",
            web=None,
            journal_days=7,
            retention_days=400,
            log_level="INFO",
            log_format="text",
        )

    async def run(self) -> None:
        """Connect and stay."""
        app = self._app = await App.open(self._settings())
        room = await app.rooms.open_discord(self.address.channel, self.address.guild, "quiz")
        await app.rooms.link(
            room, self.address.broadcaster, self.address.login, busy=lambda _: False
        )
        withdraw = app.hall.withdraw

        def withdrawn(*args: Any, **more: Any) -> None:
            withdraw(*args, **more)
            self.marked.set()

        app.hall.withdraw = withdrawn  # type: ignore[method-assign]
        self._opened.set()
        await app.run()

    async def listening(self) -> None:
        """Wait until both sides hear."""
        await self._opened.wait()
        await until(self._hears)

    def _hears(self) -> bool:
        here, there = self.app.discord, self.app.twitch
        if here is None or there is None or not here.is_ready():
            return False
        return there.health.subscribed >= len(CHAT_TYPES)

    async def close(self) -> None:
        """Leave in good order."""
        self.app.stop()

    def orders(self) -> dict[str, Callable[[Order], Awaitable[Reply]]]:
        """Return what the bot can be told to do."""
        more = {"open": self._open, "count": self._count, "counted": self._counted}
        pause = {"pause": self._pause, "act": self._act, "time": self._time, "timed": self._timed}
        return super().orders() | more | pause | {"over": self._over, "phase": self._phase}

    async def _open(self, order: Order) -> Reply:
        """Start a round of one question and wait until it is asked."""
        question = chatter.CHOICES if order["choices"] else chatter.QUESTION
        made = chatter.options(question, seconds=order["seconds"], lobby=0.3)
        room = self.app.rooms.by_discord[self.address.channel]
        receipt = self.app.hall.start(room, "quiz", "Banc d’essai", made.as_json(), Role.HOST)
        await receipt.committed()
        while (session := self.app.hall.running(room.id)) is not None:
            if session.activity.scene().phase == "asking":
                break
            await asyncio.sleep(0.02)
        await self.app.discord_side.settled(room.id)
        scene = session.activity.scene() if session else None
        right = scene.choices.index(question.answer) if scene and scene.choices else None
        return {"right": right}

    async def _pause(self, _order: Order) -> Reply:
        """Start a reading pause and go to the reading."""
        room = self.app.rooms.by_discord[self.address.channel]
        await self.app.pauses.start(room, Wish(), Role.HOST).committed()
        return await self._act({"action": "skip"})

    async def _act(self, order: Order) -> Reply:
        """Let a host act; return the seconds until that was on disk."""
        room = self.app.rooms.by_discord[self.address.channel]
        began = time.perf_counter()
        await self.app.hall.act(room.id, Role.HOST, order["action"]).committed()
        took = time.perf_counter() - began
        await self.app.discord_side.settled(room.id)
        return {"seconds": took}

    async def _time(self, _order: Order) -> Reply:
        """Time every play of people, from its receipt to its commit."""
        hall, self._waits = self.app.hall, []
        for name in ("chose", "wrote", "wished"):
            setattr(hall, name, self._stopwatch(getattr(hall, name)))
        return {}

    def _stopwatch(self, play: Callable[..., Receipt]) -> Callable[..., Receipt]:
        def timed(*args: Any) -> Receipt:
            began = time.perf_counter()
            receipt = play(*args)
            task = asyncio.create_task(self._committed(receipt, began))
            self._timing.add(task)
            task.add_done_callback(self._timing.discard)
            return receipt

        return timed

    async def _committed(self, receipt: Receipt, began: float) -> None:
        await receipt.committed()
        self._waits.append(time.perf_counter() - began)

    async def _timed(self, order: Order) -> Reply:
        """Wait for so many plays, and tell how long each took; the next count begins."""
        await until(lambda: len(self._waits) >= order["plays"])
        waits, self._waits = self._waits, []
        return {"waits": waits}

    async def _phase(self, _order: Order) -> Reply:
        """Tell how things stand."""
        session = self.app.hall.running(self.app.rooms.by_discord[self.address.channel].id)
        return {"phase": session.activity.scene().phase if session else "over"}

    async def _count(self, _order: Order) -> Reply:
        """Count the lines that are handed to the hall."""
        said = self.app.hall.said

        def counted(*args: Any) -> Any:
            self._judged += 1
            return said(*args)

        self.app.hall.said = counted  # type: ignore[method-assign,assignment]
        return {}

    async def _counted(self, _order: Order) -> Reply:
        """Count no longer: nothing of the counting is left."""
        del self.app.hall.said
        return {"judged": self._judged}

    async def _over(self, _order: Order) -> Reply:
        """Wait until the round is over and all is said."""
        room = self.app.rooms.by_discord[self.address.channel]
        await until(lambda: self.app.hall.running(room.id) is None)
        await self.app.hall.flush()
        await self.app.discord_side.settled(room.id)
        await self.app.twitch_side.settled(room.id)
        return {}


def build(kind: str, address: Address, folder: Path) -> Client:
    """Return the client called `kind`."""
    match kind:
        case "bare-discord":
            return BareDiscord(address)
        case "bare-twitch":
            return BareTwitch(address)
        case _:
            return WholeBot(address, folder)


async def serve(client: Client, pipe: Pipe) -> None:
    """Run the client, and do as told until the other end hangs up."""
    running = asyncio.create_task(client.run())
    orders = client.orders()
    listening = asyncio.create_task(client.listening())
    try:
        await asyncio.wait([running, listening], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        pipe.tell({})
        while (order := await pipe.hear()) is not None:
            pipe.tell(await orders[order["do"]](order))
    finally:
        listening.cancel()
        await client.close()
        await asyncio.wait([running], timeout=10.0)


async def main(kind: str, address: Address, folder: Path | None) -> None:
    """Point the libraries at the platforms and serve."""
    url = URL(address.url)
    with (
        tempfile.TemporaryDirectory(prefix="ensemble-bench-") as kept,
        pointed(discord=url / "discord", twitch=url / "twitch"),
    ):
        await serve(build(kind, address, folder or Path(kept)), await Pipe.standard())


if __name__ == "__main__":
    logging.basicConfig(level="ERROR", stream=sys.stderr)
    place = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    asyncio.run(main(sys.argv[1], Address(**orjson.loads(sys.argv[2])), place))
