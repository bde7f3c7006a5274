"""Killing the bot again and again in the middle of quizzes, and checking that no announced fact was ever untrue.

The platforms and the people live in this process and survive; the bot runs in `tests/killable.py` and does not. The
quizzes hold every kind of question; presets and teams take turns; a host meddles. `tests/killing_truth.py` says what is
checked.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.discord_interactions import Interaction
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.stage import Stage
from games.scoring import PRESETS
from tests.killing_deck import ITEMS, Item, asked
from tests.killing_truth import Said, announced_wrongly, counted_wrongly, kept_wrongly, replay
from tests.stage_fixtures import buttons, flat, plain

LOBBY, REVEAL, SECONDS = 2.0, 4.0, 6
PACE = 10.0
LONGEST_LIFE = 2.4
MOST_RIGHT = 3
"""Players who are right about a question at most: the most that a verdict names one by one."""

TEAMS = ("", "plateformes", "Rouges/Bleus")
MEDDLING = ("accept",) * 6 + ("undo",) * 3 + ("hint",) * 3 + ("extend", "pause", "skip")
"""What hosts do now and then, the more likely the more often it stands here."""

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


@dataclass(slots=True)
class Summary:
    """What became of a run."""

    kills: int = 0
    quizzes: int = 0
    verdicts: int = 0
    actions: int = 0
    confirmed: int = 0
    points: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.quizzes} quizzes: {self.verdicts} verdicts announced,"
            f" {self.confirmed} answers confirmed privately, {self.actions} acts of hosts and joins told,"
            f" {self.points} points in the ledger,"
            f" {len(self.violations)} violations"
        )


class Killing:
    """One run: people play quizzes, the bot is killed `kills` times at instants that `seed` decides."""

    def __init__(self, folder: Path, seed: int, kills: int, questions: int = len(ITEMS)) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._wanted = kills
        self._questions = questions
        self.summary = Summary()
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
        self._names = (*self._here, *self._there)
        self._session = 0  # the quiz that what is announced belongs to
        self._open = 0  # the quiz that people play, 0 while none is on
        self._round = seed  # decides the preset and the teams of a quiz
        self._plans: dict[int, dict[str, frozenset[str]]] = {}
        self._aliases: dict[int, dict[str, str]] = {}
        self._said: dict[int, Said] = {}
        self._checked: set[int] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._child: int | None = None

    async def run(self) -> Summary:
        """Play until every kill was done and the quiz that was on has ended."""
        await self.stage.open()
        text = ENV.format(stage=self.stage, folder=self._folder)
        (self._folder / ".env").write_text(text, "utf-8")
        tasks = [asyncio.create_task(self._host(), name="host")]
        tasks += [asyncio.create_task(self._meddle(), name="meddling host")]
        tasks += [asyncio.create_task(self._join(name)) for name in ("Camille", "Inès")]
        tasks += [asyncio.create_task(self._play_here(name)) for name in self._here]
        tasks += [asyncio.create_task(self._play_there(name)) for name in self._there]
        try:
            await self._kill_on()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._end()
            await self.stage.close()
        return self.summary

    # the bot's short lives

    async def _kill_on(self) -> None:
        with (self._folder / "stderr.txt").open("wb") as log:
            await self._open_nursery(log)
        while self.summary.kills < self._wanted:
            child = await self._spawn()
            await asyncio.sleep(self._chance.uniform(0.05, LONGEST_LIFE))
            os.kill(child, signal.SIGKILL)
            await self._gone()
            self.summary.kills += 1
        child = await self._spawn()
        await self._until_all_checked()
        os.kill(child, signal.SIGTERM)
        await asyncio.wait_for(self._gone(), 15.0)

    async def _open_nursery(self, log: BinaryIO) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.killable", str(PACE), str(LOBBY), str(REVEAL), "run"),
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

    async def _until_all_checked(self) -> None:
        end = time.monotonic() + 30.0
        while (latest := self._latest()[0]) not in self._checked:
            if time.monotonic() > end:
                self.summary.violations.append(f"quiz {latest} did not go on by itself")
                return
            await asyncio.sleep(0.05)

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

    # hosts

    async def _host(self) -> None:
        """Link the room once, start a quiz whenever none is on, and check the one before."""
        while not self._linked():
            await self._act(self.stage.moderator.id, "room link", twitch="mediatheque_pau")
        while True:
            latest, announced = self._latest()
            self._open = 0 if announced else latest
            if latest and announced and latest not in self._checked:
                self._check(latest)
                self._checked.add(latest)
                self.summary.quizzes += 1
                self._round += 1
            if latest and not announced:
                self._session = latest
                await asyncio.sleep(0.05)
            elif self.summary.kills < self._wanted or not latest:
                self._session = latest + 1  # all that was to be said of the one before has been
                await self._start()
            else:
                await asyncio.sleep(0.05)

    async def _start(self) -> None:
        options: dict[str, Any] = {"deck": "nuit", "questions": self._questions, "seconds": SECONDS}
        options["preset"] = PRESETS[self._round % len(PRESETS)]
        if teams := TEAMS[self._round % len(TEAMS)]:
            options["teams"] = teams
        await self._act(self.stage.host.id, "quiz start", **options)

    async def _meddle(self) -> None:
        """Act now and then, by slash or in the Twitch chat; a pause is ended until the bot says that there is none."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.1, 0.4))
            action = self._chance.choice(MEDDLING)
            board = self._board_with("commence par", pressed=False)
            item = asked(flat(board)) if board is not None else None
            if not self._open or item is None:
                continue
            text = item.alias if action == "accept" else ""
            if self._chance.random() < 0.3:
                host = self.stage.twitch_moderator.id
                line = f"!quiz {action} {text}".strip()
                await self.stage.twitch.say(host, self.stage.broadcaster.id, line)
            else:
                options = {"answer": text} if text else {}
                await self._act(self.stage.host.id, f"quiz {action}", **options)
            if action == "pause":
                await self._resume()

    async def _resume(self) -> None:
        while self._open:
            told = await self._act(self.stage.host.id, "quiz resume")
            if "pas en pause" in told or "Rien en cours" in told:
                return

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

    # players

    async def _join(self, name: str) -> None:
        """Choose a team once in each quiz that has some."""
        joined = 0
        while True:
            await asyncio.sleep(0.05)
            session, board = self._open, self._board_with("On joue !")
            if not session or session == joined or board is None:
                continue
            found = [b for b in buttons(board) if b["label"] == "Jouer pour Bleus"]
            if not found or f"quiz-team:{session}:" not in found[0]["custom_id"]:
                continue
            if name in self._there:
                user = self._there[name]
                await self.stage.twitch.say(user.id, self.stage.broadcaster.id, "!équipe bleus")
                joined = session
                continue
            told = await self._pressed(self._here[name].id, board, found[0])
            if "Vous jouez pour Bleus" in told:
                self._said_in(session).joined.add((name, "Bleus"))
            joined = session if told else joined

    async def _play_here(self, name: str) -> None:
        """Play on Discord: with the controls or by typing, until the board has gone on."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            board = self._open_board()
            item = asked(flat(board)) if board is not None else None
            if board is None or item is None or not self._waits_for(name, item):
                continue
            right = name in self._plan(item)
            if self._alias(item) == name:
                await self._say_here(name, item.alias)
            elif item.right:
                letters = item.letters(_letters(flat(board)), right=right)
                await self._answer(name, item, self._controls(name, item, board, letters), letters)
            elif self._chance.random() < 0.8:
                text = item.words(self._names.index(name), right=right)
                await self._answer(name, item, self._form(name, board, text), [text])
            else:
                await self._say_here(name, item.words(self._names.index(name), right=right))

    async def _say_here(self, name: str, text: str) -> None:
        with suppress(Refused):
            await self.stage.discord.say(self._here[name].id, self.stage.channel.id, text)

    async def _answer(
        self, name: str, item: Item, answering: Callable[[], Awaitable[str]], given: list[str]
    ) -> None:
        """Answer privately, and note when a right answer was confirmed."""
        session = self._session
        try:
            told = await answering()
        except (LookupError, ValueError, TimeoutError):
            return
        confirmed = f"notée : {', '.join(given)}." in told or "C’est cela !" in told
        if confirmed and name in self._plan(item):
            self._said_in(session).confirmed.add((item.word, name))

    def _controls(
        self, name: str, item: Item, board: dict[str, Any], letters: list[str]
    ) -> Callable[[], Awaitable[str]]:
        """Return what gives these letters with the board's controls."""
        user_id, control = self._here[name].id, buttons(board)[0]
        match item.kind:
            case "several":
                return partial(self._listed, user_id, board, control, letters)
            case "order":
                return partial(self._ordered, user_id, board, control, letters)
            case _:
                (chosen,) = (b for b in buttons(board) if b["label"].startswith(letters[0]))
                return partial(self._pressed, user_id, board, chosen)

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

    async def _listed(
        self, user_id: int, board: dict[str, Any], menu: dict[str, Any], letters: list[str]
    ) -> str:
        values = [str("ABCDEF".index(letter)) for letter in letters]
        interaction = await self.stage.discord.select(
            user_id, int(board["id"]), menu["custom_id"], values
        )
        answer = await interaction.answered(0.4)
        return plain(answer["content"]) if answer else ""

    async def _ordered(
        self, user_id: int, board: dict[str, Any], button: dict[str, Any], letters: list[str]
    ) -> str:
        """Press the chain of buttons in the private message."""
        _, message = await self._click(user_id, board, button)
        for letter in letters:
            left = [b for b in buttons(message) if b["label"].startswith(f"{letter} · ")]
            if not left:
                break
            _, message = await self._click(user_id, message, left[0])
        return plain(message.get("content", ""))

    def _form(self, name: str, board: dict[str, Any], text: str) -> Callable[[], Awaitable[str]]:
        return partial(self._entered, self._here[name].id, board, text)

    async def _entered(self, user_id: int, board: dict[str, Any], text: str) -> str:
        opened, _ = await self._click(user_id, board, buttons(board)[0])
        if opened.modal is None:
            return ""
        sent = await self.stage.discord.submit(opened, {"answer": text})
        answer = await sent.answered(0.4)
        return plain(answer["content"]) if answer else ""

    async def _play_there(self, name: str) -> None:
        """Play on Twitch: type, again and again, as somebody would who sees the bot go."""
        user = self._there[name]
        while True:
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            lines = self.stage.twitch.lines(self.stage.broadcaster.id)
            said = [plain(x.text) for x in lines if x.user_id == self.stage.twitch.bot.id]
            line = next((line for line in reversed(said) if asked(line)), "")
            item = asked(line)
            if item is None or not self._waits_for(name, item):
                continue
            right = name in self._plan(item)
            if self._alias(item) == name:
                text = item.alias
            elif item.right:
                text = " ".join(item.letters(_letters(line), right=right))
            else:
                text = item.words(self._names.index(name), right=right)
            await self.stage.twitch.say(user.id, self.stage.broadcaster.id, text)

    def _waits_for(self, name: str, item: Item) -> bool:
        """Whether somebody still has to answer: nobody repeats an answer that was confirmed or revealed."""
        said = self._said_in(self._open)
        confirmed = (item.word, name) in said.confirmed
        return bool(self._open) and not said.revealed(item.word) and not confirmed

    def _open_board(self) -> dict[str, Any] | None:
        return self._board_with("commence par")

    def _board_with(self, text: str, *, pressed: bool = True) -> dict[str, Any] | None:
        """Return the latest board with this text, and with something to press on it."""
        bot = str(self.stage.discord.bot_user.id)
        messages = self.stage.discord.messages(self.stage.channel.id)[-24:]
        boards = [m for m in messages if m["author"]["id"] == bot and text in flat(m)]
        boards = [m for m in boards if m["components"] or not pressed]
        return boards[-1] if boards else None

    def _plan(self, item: Item) -> frozenset[str]:
        """Return who is right about a question of this quiz."""
        plans = self._plans.setdefault(self._open, {})
        if item.word not in plans:
            count = self._chance.randint(0, MOST_RIGHT)
            plans[item.word] = frozenset(self._chance.sample(self._names, count))
            if item.kind == "text" and plans[item.word]:
                aliases = self._aliases.setdefault(self._open, {})
                aliases[item.word] = self._chance.choice(sorted(plans[item.word]))
        return plans[item.word]

    def _alias(self, item: Item) -> str:
        """Return who of them gives an answer that only a host can make right."""
        self._plan(item)
        return self._aliases.get(self._open, {}).get(item.word, "")

    # what was announced

    def _said_in(self, session: int) -> Said:
        return self._said.setdefault(session, Said(self._names))

    def _listen(self, row: Exchange | Frame) -> None:
        if not isinstance(row, Exchange) or row.status >= 300 or not isinstance(row.request, dict):
            return
        if row.method not in ("POST", "PATCH") or not row.path.split("/")[-1]:
            return
        said = self._said_in(self._session)
        if row.side == "twitch" and row.path == "/chat/messages":
            said.hear("twitch", plain(row.request["message"]))
        elif row.side == "discord" and "/messages" in row.path and "/channels/" in row.path:
            said.hear("discord", plain(row.request.get("content") or ""))
            for embed in row.request.get("embeds") or []:
                said.hear("discord", plain(embed.get("description", "")))

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

    def _linked(self) -> bool:
        sql = "SELECT 1 FROM room WHERE discord_channel_id NOT NULL AND twitch_channel_id NOT NULL"
        return bool(self._rows(sql))

    def _latest(self) -> tuple[int, bool]:
        rows = self._rows("SELECT id, announced FROM session ORDER BY id DESC LIMIT 1")
        return (rows[0][0], bool(rows[0][1])) if rows else (0, False)

    def _check(self, session: int) -> None:
        names = dict(self._rows("SELECT id, name FROM person"))
        [(options, seed)] = self._rows("SELECT options, seed FROM session WHERE id = ?", session)
        columns = "session_id, seq, at_us, play, person_id, platform, body"
        rows = self._rows(
            f"SELECT {columns} FROM journal WHERE session_id = ? ORDER BY seq", session
        )
        ledger = self._rows("SELECT person_id, points FROM ledger WHERE session_id = ?", session)
        truth, said = replay(options, seed, rows, names), self._said_in(session)
        plans, aliases = self._plans.get(session, {}), self._aliases.get(session, {})
        wrong = [
            *announced_wrongly(said, truth),
            *counted_wrongly(said, truth, plans, aliases),
            *kept_wrongly(said, truth, ledger, names),
        ]
        summary = self.summary
        summary.violations += [f"quiz {session}: {line}" for line in wrong]
        summary.verdicts += len(said.verdicts)
        summary.confirmed += len(said.confirmed)
        summary.points += sum(truth.points.values())
        summary.actions += len(said.notes) + len(said.joined)


def _letters(text: str) -> dict[str, str]:
    """Return the letter of each choice in a line of chat or on a board."""
    found = re.findall(r"([A-F])\) ([^·\n]+)|\*\*([A-F])\*\* · ([^\n]+)", text)
    return {(a or b).strip(): letter or bold for letter, a, bold, b in found}
