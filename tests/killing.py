"""Killing the bot again and again in the middle of quizzes, and checking that no announced fact was ever untrue.

The platforms and the players live in this process and survive; the bot runs in `tests/killable.py` and does not.
What is checked for each quiz, against a replay of its journal: every verdict that any message ever showed names exactly
those who were right; every privately confirmed right answer counts; the ledger holds each player once, with just
these points; the final board says the same; every question was closed and revealed.
"""

import asyncio
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections import defaultdict
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from bot import journal
from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.stage import Stage
from games.question import LETTERS
from games.quiz import Closed, Quiz
from tests.stage_fixtures import buttons, flat, plain

WORDS = (
    "Bibliothèque",
    "Cathédrale",
    "Dromadaire",
    "Funiculaire",
    "Grenouille",
    "Hippocampe",
    "Kaléidoscope",
    "Montgolfière",
    "Nébuleuse",
    "Parapluie",
)
"""The right answers, one for each question, too far apart to be taken for one another."""

LOBBY, REVEAL, SECONDS = 2.0, 4.0, 6
PACE = 10.0
LONGEST_LIFE = 1.6
MOST_RIGHT = 3
"""Players who are right about a question at most: the most that a verdict names one by one."""

ENV = """\
DISCORD_TOKEN={stage.discord.bot_token}
TWITCH_CLIENT_ID={stage.twitch.client_id}
TWITCH_CLIENT_SECRET={stage.twitch.client_secret}
TWITCH_BOT_ID={stage.twitch.bot.id}
TWITCH_TOKEN={stage.twitch.access_token}
TWITCH_REFRESH_TOKEN={stage.twitch.refresh_token}
TWITCH_CHANNELS={stage.broadcaster.login}
ENSEMBLE_DATABASE={folder}/killed.sqlite3
ENSEMBLE_DECKS={folder}
"""


@dataclass(slots=True)
class Summary:
    """What became of a run."""

    kills: int = 0
    quizzes: int = 0
    verdicts: int = 0
    confirmed: int = 0
    points: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.quizzes} quizzes: {self.verdicts} verdicts announced,"
            f" {self.confirmed} answers confirmed privately, {self.points} points in the ledger,"
            f" {len(self.violations)} violations"
        )


@dataclass(slots=True)
class _Said:
    """What was announced while one quiz ran."""

    verdicts: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    results: list[str] = field(default_factory=list)


class Killing:
    """One run: players play, the bot is killed `kills` times at instants that `seed` decides."""

    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._wanted = kills
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
        self._plans: dict[tuple[int, str], frozenset[str]] = {}
        self._said: dict[int, _Said] = defaultdict(_Said)
        self._checked: set[int] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._child: int | None = None

    async def run(self) -> Summary:
        """Play until every kill was done and the quiz that was on has ended."""
        await self.stage.open()
        self._write_files()
        tasks = [asyncio.create_task(self._host(), name="host")]
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

    def _write_files(self) -> None:
        (self._folder / ".env").write_text(
            ENV.format(stage=self.stage, folder=self._folder), "utf-8"
        )
        (self._folder / "nuit.toml").write_text(_deck(), "utf-8")

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
        while not self._session or self._session not in self._checked:
            if time.monotonic() > end:
                self.summary.violations.append(f"quiz {self._session} did not go on by itself")
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

    # people

    async def _host(self) -> None:
        """Link the room once, start a quiz whenever none is on, and check the one before."""
        while not self._linked():
            await self._try(self.stage.moderator.id, "room link", twitch="mediatheque_pau")
        while True:
            latest, announced = self._latest()
            self._open = 0 if announced else latest
            if latest and announced and latest not in self._checked:
                self._check(latest)
                self._checked.add(latest)
                self.summary.quizzes += 1
            if latest and not announced:
                self._session = latest
                await asyncio.sleep(0.05)
            elif self.summary.kills < self._wanted or not latest:
                await self._try(
                    self.stage.host.id,
                    "quiz start",
                    deck="nuit",
                    questions=len(WORDS),
                    seconds=SECONDS,
                )
            else:
                await asyncio.sleep(0.05)

    async def _try(self, user_id: int, command: str, **options: Any) -> None:
        with suppress(LookupError, TimeoutError):
            interaction = await self.stage.discord.slash(
                user_id, self.stage.channel.id, command, **options
            )
            await interaction.answered(0.5)
        await asyncio.sleep(0.05)

    async def _play_here(self, name: str) -> None:
        """Play on Discord: press or type, until the board has gone on."""
        user = self._here[name]
        while True:
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            board = self._open_board()
            word = _word_asked(flat(board)) if board is not None else None
            if board is None or word is None or not self._waits_for(name, word):
                continue
            right = name in self._plan(word)
            choices = [button for button in buttons(board) if " · " in button["label"]]
            if choices:
                fitting = [b for b in choices if (word in b["label"]) == right]
                await self._press(name, user.id, int(board["id"]), fitting[0], word)
            else:
                with suppress(Refused):
                    text = word if right else "aucune idée"
                    await self.stage.discord.say(user.id, self.stage.channel.id, text)

    async def _press(
        self, name: str, user_id: int, message_id: int, button: dict[str, Any], word: str
    ) -> None:
        session = self._session
        try:
            interaction = await self.stage.discord.click(user_id, message_id, button["custom_id"])
            answer = await interaction.answered(0.4)
        except (LookupError, ValueError, TimeoutError):
            return
        letter = button["label"][0]
        text = plain(answer["content"]) if answer else ""
        if f"notée : {letter}." in text and word in button["label"]:
            self._said[session].confirmed.add((word, name))

    async def _play_there(self, name: str) -> None:
        """Play on Twitch: type, again and again, as somebody would who sees the bot go."""
        user = self._there[name]
        while True:
            await asyncio.sleep(self._chance.uniform(0.02, 0.2))
            lines = self.stage.twitch.lines(self.stage.broadcaster.id)
            said = [plain(x.text) for x in lines if x.user_id == self.stage.twitch.bot.id]
            asked = [line for line in said if _word_asked(line)]
            word = _word_asked(asked[-1]) if asked else None
            if word is None or not self._waits_for(name, word):
                continue
            wrong = "Z" if "A) " not in asked[-1] else _wrong_letter(asked[-1], word)
            text = word if name in self._plan(word) else wrong
            await self.stage.twitch.say(user.id, self.stage.broadcaster.id, text)

    def _waits_for(self, name: str, word: str) -> bool:
        """Whether somebody still has to answer: nobody repeats an answer that was confirmed or revealed."""
        said = self._said[self._open]
        revealed = any(word == known for _, known, _ in said.verdicts)
        return bool(self._open) and not revealed and (word, name) not in said.confirmed

    def _open_board(self) -> dict[str, Any] | None:
        bot = str(self.stage.discord.bot_user.id)
        messages = self.stage.discord.messages(self.stage.channel.id)[-12:]
        boards = [m for m in messages if m["author"]["id"] == bot and _word_asked(flat(m))]
        return boards[-1] if boards else None

    def _plan(self, word: str) -> frozenset[str]:
        """Return who is right about a question of this quiz."""
        key = (self._open, word)
        if key not in self._plans:
            count = self._chance.randint(0, MOST_RIGHT)
            self._plans[key] = frozenset(self._chance.sample(self._names, count))
        return self._plans[key]

    # what was announced

    def _listen(self, row: Exchange | Frame) -> None:
        if not isinstance(row, Exchange) or row.status >= 300 or not isinstance(row.request, dict):
            return
        if row.method not in ("POST", "PATCH") or not row.path.split("/")[-1]:
            return
        if row.side == "twitch" and row.path == "/chat/messages":
            self._heard("twitch", plain(row.request["message"]))
        elif row.side == "discord" and "/messages" in row.path:
            for embed in row.request.get("embeds") or []:
                self._heard("discord", plain(embed.get("description", "")))

    def _heard(self, side: str, text: str) -> None:
        said = self._said[self._session]
        if "La partie est finie" in text:
            said.results.append(text)
        for line in text.split("\n"):
            match = re.search(r"(?:C’est|c’était) (?:[A-F], )?(\S+?)(?: !|\.)", line)
            if match and match[1] in WORDS and ("a trouvé" in line or "Personne" in line):
                names = frozenset(name for name in self._names if name in line)
                said.verdicts.append((side, match[1], names))

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
        complain = self.summary.violations.append
        names = dict(self._rows("SELECT id, name FROM person"))
        truth = self._truth(session, names)
        said = self._said[session]
        self.summary.verdicts += len(said.verdicts)
        self.summary.confirmed += len(said.confirmed)
        if set(truth) != set(WORDS):
            complain(f"quiz {session}: questions not closed: {sorted(set(WORDS) - set(truth))}")
        for side, word, solvers in said.verdicts:
            if truth.get(word) != solvers:
                complain(f"quiz {session}: {side} said {word}: {solvers}, true: {truth.get(word)}")
        for side in ("discord", "twitch"):
            shown = {word for where, word, _ in said.verdicts if where == side}
            if missing := set(truth) - shown:
                complain(f"quiz {session}: never revealed on {side}: {sorted(missing)}")
        for word, name in said.confirmed:
            if name not in truth.get(word, ()):
                complain(f"quiz {session}: confirmed to {name}, not counted: {word}")
        for word, solvers in truth.items():
            if not solvers <= self._plans.get((session, word), frozenset()):
                complain(f"quiz {session}: a point from nowhere: {word} {solvers}")
        self._check_ledger(session, names, truth, said)

    def _check_ledger(
        self, session: int, names: dict[int, str], truth: dict[str, frozenset[str]], said: _Said
    ) -> None:
        complain = self.summary.violations.append
        rows = self._rows("SELECT person_id, points FROM ledger WHERE session_id = ?", session)
        ledger = {names[person]: points for person, points in rows}
        self.summary.points += sum(ledger.values())
        if len(ledger) != len(rows):
            complain(f"quiz {session}: somebody stands twice in the ledger: {rows}")
        due = {name: sum(name in solvers for solvers in truth.values()) for name in self._names}
        if {n: p for n, p in ledger.items() if p} != {n: p for n, p in due.items() if p}:
            complain(f"quiz {session}: ledger {ledger}, due {due}")
        if not said.results:
            complain(f"quiz {session}: the end was never announced")
        for text in said.results:
            for line, points in re.findall(r"\d\. ([^:]+) : (\d+) points?", text):
                for name in self._names:
                    if name in line and due[name] != int(points):
                        complain(f"quiz {session}: announced {name} {points}, due {due[name]}")

    def _truth(self, session: int, names: dict[int, str]) -> dict[str, frozenset[str]]:
        """Replay the journal; return who was right, by answer."""
        [(options, seed)] = self._rows("SELECT options, seed FROM session WHERE id = ?", session)
        quiz = Quiz.from_json(orjson.loads(options), seed)
        truth: dict[str, frozenset[str]] = {}
        columns = "session_id, seq, at_us, play, person_id, platform, body"
        rows = self._rows(
            f"SELECT {columns} FROM journal WHERE session_id = ? ORDER BY seq", session
        )
        for row in rows:
            play, at = journal.decode(row)
            for event in quiz.play(play, at):
                if isinstance(event, Closed):
                    solvers = frozenset(names.get(s.by.id, "?") for s in event.solvers)
                    truth[event.answer] = solvers
        return truth


def _deck() -> str:
    """Return the deck's file: every other question with choices."""
    parts = ['title = "Nuit"\nlocale = "fr"\nlicence = "CC0-1.0"\nauthor = "Personne"\n']
    for number, word in enumerate(WORDS):
        parts.append(
            f'[[question]]\nprompt = "Quel mot commence par {word[:3]} ?"\nanswer = "{word}"'
        )
        if number % 2:
            wrong = ", ".join(f'"{w}"' for w in WORDS if w != word and w < "E")
            parts.append(f"wrong = [{wrong}]")
    return "\n".join(parts) + "\n"


def _word_asked(text: str) -> str | None:
    found = re.search(r"Quel mot commence par (\w+) \?", text)
    return next((word for word in WORDS if found and word.startswith(found[1])), None)


def _wrong_letter(line: str, word: str) -> str:
    letters = re.findall(r"([A-F])\) (\w+)", line)
    return next((letter for letter, text in letters if text != word), LETTERS[0])
