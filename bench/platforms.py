"""The process that plays both platforms for a benchmark. It reads JSON orders, one a line, and answers each."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any

from bench import chatter
from bench.pipe import Pipe, Reply
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.stage import Stage

UNANSWERED = 1e9


@dataclass(frozen=True, slots=True)
class Address:
    """All that a client in another process must know of the platforms."""

    url: str
    discord_token: str
    guild: str
    channel: str
    twitch_id: str
    twitch_secret: str
    twitch_bot: str
    twitch_access: str
    twitch_refresh: str
    broadcaster: str
    login: str


class Platforms:
    """A stage, its crowd, and what the bot did there."""

    def __init__(self) -> None:
        self._recorder = Recorder()
        self._stage = Stage(self._recorder)
        self._edits: dict[str, list[tuple[float, str]]] = {}
        self._lines: list[tuple[float, str]] = []
        self._discord_crowd: list[int] = []
        self._twitch_crowd: list[str] = []

    async def run(self, pipe: Pipe) -> None:
        """Serve until the other end hangs up."""
        await self._stage.open()
        orders: dict[str, Callable[[dict[str, Any]], Awaitable[Reply]]] = {
            "people": self._people,
            "flood": self._flood,
            "mark": self._mark,
            "crowd": self._crowd,
            "watch": self._watch,
            "seen": self._seen,
        }
        try:
            pipe.tell(asdict(self._address()))
            while (order := await pipe.hear()) is not None:
                pipe.tell(await orders[order["do"]](order))
        finally:
            await self._stage.close()

    def _address(self) -> Address:
        stage = self._stage
        return Address(
            url=str(stage.url),
            discord_token=stage.discord.bot_token,
            guild=str(stage.guild.id),
            channel=str(stage.channel.id),
            twitch_id=stage.twitch.client_id,
            twitch_secret=stage.twitch.client_secret,
            twitch_bot=stage.twitch.bot.id,
            twitch_access=stage.twitch.access_token,
            twitch_refresh=stage.twitch.refresh_token,
            broadcaster=stage.broadcaster.id,
            login=stage.broadcaster.login,
        )

    async def _people(self, order: dict[str, Any]) -> Reply:
        """Let `count` people come in on either side."""
        for name in chatter.names(order["count"]):
            user = self._stage.discord.add_user(name, global_name=name.title())
            self._stage.discord.join(self._stage.guild.id, user.id)
            self._discord_crowd.append(user.id)
            self._twitch_crowd.append(self._stage.twitch.add_user(name).id)
        return {}

    async def _flood(self, order: dict[str, Any]) -> Reply:
        """Say `count` lines as fast as the socket takes them, authors taking turns."""
        side, count = order["side"], order["count"]
        texts = chatter.lines(997)
        began = time.perf_counter()
        if side == "discord":
            platform, channel = self._stage.discord, self._stage.channel.id
            await platform.flood(channel, self._discord_crowd, texts[:41], count)
        else:
            channel_id = self._stage.broadcaster.id
            await self._stage.twitch.flood(channel_id, self._twitch_crowd, texts, count)
        return {"seconds": time.perf_counter() - began}

    async def _mark(self, order: dict[str, Any]) -> Reply:
        """Say a line and delete it: who hears of that has heard all that came before."""
        if order["side"] == "discord":
            discord = self._stage.discord
            await discord.delete(
                await discord.say(self._discord_crowd[0], self._stage.channel.id, "…")
            )
        else:
            twitch, channel = self._stage.twitch, self._stage.broadcaster.id
            await twitch.delete_message(
                channel, await twitch.say(self._twitch_crowd[0], channel, "…")
            )
        return {}

    async def _watch(self, _order: dict[str, Any]) -> Reply:
        """Note what the bot edits and says from now on, and when."""
        self._recorder.listen(self._note)
        return {}

    def _note(self, row: Exchange | Frame) -> None:
        if not isinstance(row, Exchange) or row.status != 200:
            return
        if row.side == "discord" and row.method == "PATCH":
            text = str(row.response["embeds"]) if "embeds" in row.response else ""
            self._edits.setdefault(row.path, []).append((row.at, text))
        elif row.side == "twitch" and row.path == "/chat/messages":
            self._lines.append((row.at, row.request["message"]))

    async def _crowd(self, order: dict[str, Any]) -> Reply:
        """Let everybody answer once within `seconds`, evenly; `clicks` of the Discord people press a button.

        With a `form` the button opens one, which they send with these values.
        """
        stage, text, channel = self._stage, order["text"], self._stage.broadcaster.id
        clickers = set(self._discord_crowd[:: max(1, len(self._discord_crowd) // order["clicks"])])
        board, button = await self._button(order["choice"])
        pressed: dict[int, asyncio.Task[float]] = {}
        step = order["seconds"] / len(self._discord_crowd)
        began = time.perf_counter()
        for n, (here, there) in enumerate(
            zip(self._discord_crowd, self._twitch_crowd, strict=True)
        ):
            if (early := began + n * step - time.perf_counter()) > 0.001:
                await asyncio.sleep(early)
            if here in clickers:
                pressed[here] = asyncio.create_task(
                    self._press(here, board, button, order.get("form"))
                )
            else:
                await stage.discord.say(here, stage.channel.id, text)
            await stage.twitch.say(there, channel, text)
        took = time.perf_counter() - began
        waits = await asyncio.gather(*pressed.values())
        return {
            "seconds": took,
            "typed": [str(user) for user in self._discord_crowd if user not in clickers],
            "clicked": [str(user) for user in pressed],
            "twitch": self._twitch_crowd,
            "waits": waits,
        }

    async def _button(self, choice: int) -> tuple[int, str]:
        """Wait for a board with buttons; return its message and the id of the button of a choice."""
        while True:
            for message in reversed(self._stage.discord.messages(self._stage.channel.id)):
                buttons = [button for row in message["components"] for button in row["components"]]
                if buttons:
                    return int(message["id"]), str(buttons[choice]["custom_id"])
            await asyncio.sleep(0.02)

    async def _press(
        self, user: int, board: int, button: str, form: dict[str, str] | None
    ) -> float:
        """Press a button; return the seconds until the bot confirmed it, an age when it did not."""
        began = time.perf_counter()
        try:
            interaction = await self._stage.discord.click(user, board, button)
            if form is not None:
                await interaction.answered(10.0)
                interaction = await self._stage.discord.submit(interaction, form)
            await interaction.settled(10.0)
        except TimeoutError:
            return UNANSWERED
        return time.perf_counter() - began

    async def _seen(self, _order: dict[str, Any]) -> Reply:
        """Tell what the bot said and edited."""
        return {
            "edits": self._edits,
            "lines": self._lines,
            "violations": self._stage.twitch.faults.rate_violations,
        }


async def main() -> None:
    """Serve on standard input and output."""
    await Platforms().run(await Pipe.standard())


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    asyncio.run(main())
