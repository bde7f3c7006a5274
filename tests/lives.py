"""The bot's many short lives: it is killed with -9 again and again while people go on playing.

The platforms and the people live in this process and survive; the bot runs in `tests/killable.py` and does not. What is
played, and what must be true of it, is said by those who use this: `tests/killing.py` for quizzes,
`tests/killing_games.py` for games, `tests/killing_agenda.py` for what is planned.
"""

import asyncio
import os
import random
import signal
import sqlite3
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, BinaryIO

from bot.clock import SystemClock
from bot.rehearsal.discord_interactions import Interaction
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.stage import Stage
from tests.stage_fixtures import flat, plain, refused

PACE = 10.0
PATIENCE = 30.0
"""Seconds within which the last session must have ended."""

ENV = """\
DISCORD_TOKEN={stage.discord.bot_token}
TWITCH_CLIENT_ID={stage.twitch.client_id}
TWITCH_CLIENT_SECRET={stage.twitch.client_secret}
TWITCH_BOT_ID={stage.twitch.bot.id}
TWITCH_TOKEN={stage.twitch.access_token}
TWITCH_REFRESH_TOKEN={stage.twitch.refresh_token}
TWITCH_CHANNELS={stage.broadcaster.login}
ENSEMBLE_DATABASE={folder}/killed.sqlite3
"""


class Lives(ABC):
    """One run: the bot is killed at instants that `seed` decides."""

    longest_life = 2.4
    """Seconds in which the bot lives at most, its start among them."""

    def __init__(self, folder: Path, seed: int, kills: int, lobby: float, reveal: float) -> None:
        """`lobby` and `reveal` are seconds on the bot's clock, which is `PACE` times as fast as others."""
        self._folder = folder
        self._chance = random.Random(seed)
        self._wanted = kills
        self._times = lobby, reveal
        self.kills = 0
        self.violations: list[str] = []
        recorder = Recorder()
        recorder.listen(self._listen)
        self.stage = Stage(recorder)
        limits = self.stage.twitch.limits
        limits.plain = limits.raised = 100_000
        limits.spacing = limits.repeat = 0.0  # its time is hurried, the platform's is not
        zoe = self.stage.discord.add_user("zoe", global_name="Zoé")
        self.stage.discord.join(self.stage.guild.id, zoe.id)
        max64 = self.stage.twitch.add_user("max64", "Max64")
        self._here = {"Camille": self.stage.camille, "Noé": self.stage.noe, "Zoé": zoe}
        self._there = {"Inès": self.stage.ines, "Leo64": self.stage.leo, "Max64": max64}
        self._process: asyncio.subprocess.Process | None = None
        self._child: int | None = None

    async def _prepare(self) -> None:
        """Do what must be done before the bot lives for the first time; nothing, as a rule."""
        return

    @abstractmethod
    def _hear(self, side: str, text: str) -> None:
        """Take a public text of the bot."""

    @abstractmethod
    def _people(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Yield what everybody does, hosts too, for ever."""

    @abstractmethod
    async def _until_done(self) -> None:
        """Wait in the life that is not ended by a kill until all is done and checked, `PATIENCE` at most."""

    async def live(self) -> None:
        """Go on until every kill was done and what was on has ended."""
        await self.stage.open()
        text = ENV.format(stage=self.stage, folder=self._folder)
        (self._folder / ".env").write_text(text, "utf-8")
        await self._prepare()
        tasks = [asyncio.create_task(person) for person in self._people()]
        try:
            await self._kill_on()
            for task in tasks:
                if task.done():
                    task.result()  # somebody who fell over plays no more
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end()
            await self.stage.close()

    # the bot's short lives

    async def _kill_on(self) -> None:
        with (self._folder / "stderr.txt").open("wb") as log:
            await self._open_nursery(log)
        while self.kills < self._wanted:
            child = await self._spawn()
            await asyncio.sleep(self._chance.uniform(0.05, self.longest_life))
            os.kill(child, signal.SIGKILL)
            await self._gone()
            self.kills += 1
        child = await self._spawn()
        await self._until_done()
        os.kill(child, signal.SIGTERM)
        await asyncio.wait_for(self._gone(), 15.0)

    async def _open_nursery(self, log: BinaryIO) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.killable", str(PACE), *map(str, self._times), "run"),
            *("--env", str(self._folder / ".env")),
            *("--discord-url", str(self.stage.url / "discord")),
            *("--twitch-url", str(self.stage.url / "twitch")),
            cwd=Path(__file__).parent.parent,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )

    async def _spawn(self) -> int:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"start\n")
        self._child = int(await self._process.stdout.readline())
        return self._child

    async def _gone(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        assert line == b"gone\n", line
        self._child = None

    async def _end(self) -> None:
        if self._child is not None:
            os.kill(self._child, signal.SIGKILL)
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), 5.0)
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    # what was announced

    def _listen(self, row: Exchange | Frame) -> None:
        if not isinstance(row, Exchange) or row.status >= 300 or not isinstance(row.request, dict):
            return
        if row.method not in ("POST", "PATCH") or not row.path.split("/")[-1]:
            return
        if row.side == "twitch" and row.path == "/chat/messages":
            self._hear("twitch", plain(row.request["message"]))
        elif row.side == "discord" and "/messages" in row.path and "/channels/" in row.path:
            self._hear("discord", plain(row.request.get("content") or ""))
            for embed in row.request.get("embeds") or []:
                self._hear("discord", plain(embed.get("description", "")))

    # what is true

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        path = self._folder / "killed.sqlite3"
        if not path.exists():
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5.0)) as database:
            try:
                return database.execute(sql, values).fetchall()
            except sqlite3.OperationalError:
                return []  # killed before the tables were there


class Planned(Lives):
    """One run in which what was planned before the bot lived comes by itself; `lead` seconds after its first start."""

    longest_life = 1.4
    lead: int

    @abstractmethod
    def _rested(self) -> bool:
        """Whether everything that was planned has come."""

    @abstractmethod
    def _check(self) -> None:
        """Note what is wrong."""

    def _people(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield from ()  # what is planned comes without anybody

    def _nothing_due(self) -> bool:
        """Whether all that is due by now was done and told."""
        due = (
            "SELECT COUNT(*) FROM due WHERE state = 'settled' OR state = 'waiting' AND next_at <= ?"
        )
        return self._rows(due, SystemClock().wall()) == [(0,)]

    async def _until_done(self) -> None:
        end = time.monotonic() + PATIENCE + self.lead
        while not self._rested():
            if time.monotonic() > end:
                self.violations.append("what is due does not come to rest")
                break
            await asyncio.sleep(0.05)
        self._check()


class Sessions(Lives):
    """One run in which people play one session after the other."""

    def __init__(self, folder: Path, seed: int, kills: int, lobby: float, reveal: float) -> None:
        super().__init__(folder, seed, kills, lobby, reveal)
        self._names = (*self._here, *self._there)
        self._session = 0  # the session that what is announced belongs to
        self._open = 0  # the session that people play, 0 while none is on
        self._checked: set[int] = set()

    @abstractmethod
    async def _start(self) -> None:
        """Let the host start the next session."""

    @abstractmethod
    def _check(self, session: int) -> None:
        """Check a session that has ended and was announced, and note what is wrong."""

    @abstractmethod
    def _players(self) -> Iterator[Coroutine[Any, Any, None]]:
        """Yield what everybody does but the host, for ever."""

    def _people(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._host()
        yield from self._players()

    async def _until_done(self) -> None:
        end = time.monotonic() + PATIENCE
        while (latest := self._latest()[0]) not in self._checked:
            if time.monotonic() > end:
                sql = "SELECT activity, paused, ended_at FROM session WHERE id = ?"
                state = self._rows(sql, latest)
                self.violations.append(f"session {latest} did not go on by itself: {state}")
                return
            await asyncio.sleep(0.05)

    # hosts

    async def _host(self) -> None:
        """Link the room once, start a session whenever none is on, and check the one before."""
        while not self._linked():
            await self._act(self.stage.moderator.id, "room link", twitch="mediatheque_pau")
        while True:
            latest, announced = self._latest()
            self._open = 0 if announced else latest
            if latest and announced and latest not in self._checked:
                self._check(latest)
                self._checked.add(latest)
            if latest and not announced:
                self._session = latest
                await asyncio.sleep(0.05)
            elif self.kills < self._wanted or not latest:
                self._session = latest + 1  # all that was to be said of the one before has been
                await self._start()
            else:
                await asyncio.sleep(0.05)

    async def _act(self, user_id: int, command: str, **options: Any) -> str:
        """Run a slash command; return the private answer, empty when the bot is not there."""
        told = ""
        with suppress(LookupError, TimeoutError):
            interaction = await self.stage.discord.slash(
                user_id, self.stage.channel.id, command, **options
            )
            answer = await interaction.answered(0.5)
            told = plain(answer["content"]) if answer else ""
        await asyncio.sleep(0.05)
        return told

    async def _resume(self, command: str) -> None:
        """End a pause: again until the bot says that there is none."""
        over = (refused("not-paused"), refused("nothing-running"))
        while self._open and await self._act(self.stage.host.id, command) not in over:
            pass

    # players

    async def _click(
        self, user_id: int, message: dict[str, Any], button: dict[str, Any]
    ) -> tuple[Interaction, dict[str, Any]]:
        interaction = await self.stage.discord.click(
            user_id, int(message["id"]), button["custom_id"]
        )
        return interaction, await interaction.answered(0.4) or {}

    async def _pressed(self, user_id: int, message: dict[str, Any], button: dict[str, Any]) -> str:
        try:
            _, answer = await self._click(user_id, message, button)
        except (LookupError, ValueError, TimeoutError):
            return ""
        return plain(answer.get("content", ""))

    def _board_with(self, text: str, *, pressed: bool = True) -> dict[str, Any] | None:
        """Return the latest board with this text, and with something to press on it."""
        bot = str(self.stage.discord.bot_user.id)
        messages = self.stage.discord.messages(self.stage.channel.id)[-24:]
        boards = [m for m in messages if m["author"]["id"] == bot and text in flat(m)]
        boards = [m for m in boards if m["components"] or not pressed]
        return boards[-1] if boards else None

    def _linked(self) -> bool:
        sql = "SELECT 1 FROM room WHERE discord_channel_id NOT NULL AND twitch_channel_id NOT NULL"
        return bool(self._rows(sql))

    def _latest(self) -> tuple[int, bool]:
        rows = self._rows("SELECT id, announced FROM session ORDER BY id DESC LIMIT 1")
        return (rows[0][0], bool(rows[0][1])) if rows else (0, False)
