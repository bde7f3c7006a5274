"""Killing the bot again and again in the middle of quizzes, and checking that no announced fact was ever untrue.

The quizzes hold every kind of question; presets and teams take turns; a host meddles. `tests/lives.py` kills,
`tests/killing_truth.py` says what is checked.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from bot.rehearsal.discord_errors import Refused
from games.scoring import PRESETS
from tests.killing_deck import ITEMS, Item, asked
from tests.killing_truth import Said, announced_wrongly, counted_wrongly, kept_wrongly, replay
from tests.lives import Sessions
from tests.stage_fixtures import buttons, flat, plain

LOBBY, REVEAL, SECONDS = 2.0, 4.0, 6
MOST_RIGHT = 3
"""Players who are right about a question at most: the most that a verdict names one by one."""

TEAMS = ("", "plateformes", "Rouges/Bleus")
MEDDLING = ("accept",) * 6 + ("undo",) * 3 + ("hint",) * 3 + ("extend", "pause", "skip")
"""What hosts do now and then, the more likely the more often it stands here."""


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


class Killing(Sessions):
    """One run: people play quizzes, the bot is killed `kills` times at instants that `seed` decides."""

    def __init__(self, folder: Path, seed: int, kills: int, questions: int = len(ITEMS)) -> None:
        super().__init__(folder, seed, kills, LOBBY, REVEAL)
        self._questions = questions
        self.summary = Summary()
        self._round = seed  # decides the preset and the teams of a quiz
        self._plans: dict[int, dict[str, frozenset[str]]] = {}
        self._aliases: dict[int, dict[str, str]] = {}
        self._said: dict[int, Said] = {}

    async def run(self) -> Summary:
        """Play until every kill was done and the quiz that was on has ended."""
        await self.live()
        self.summary.kills, self.summary.violations = self.kills, self.violations
        return self.summary

    def _players(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._meddle()
        yield from (self._join(name) for name in ("Camille", "Inès"))
        yield from (self._play_here(name) for name in self._here)
        yield from (self._play_there(name) for name in self._there)

    # hosts

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
                await self._resume("quiz resume")

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
            if not _tells_choices(flat(board), item):
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
            if item is None or not self._waits_for(name, item) or not _tells_choices(line, item):
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

    def _hear(self, side: str, text: str) -> None:
        self._said_in(self._session).hear(side, text)

    # what is true

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
        self._round += 1
        self.violations += [f"quiz {session}: {line}" for line in wrong]
        summary = self.summary
        summary.quizzes += 1
        summary.verdicts += len(said.verdicts)
        summary.confirmed += len(said.confirmed)
        summary.points += sum(truth.points.values())
        summary.actions += len(said.notes) + len(said.joined)


def _tells_choices(text: str, item: Item) -> bool:
    """Whether a text that repeats a question has its choices too, if there are some."""
    return set(item.right) <= _letters(text).keys()


def _letters(text: str) -> dict[str, str]:
    """Return the letter of each choice in a line of chat or on a board."""
    found = re.findall(r"([A-F])\) ([^·\n]+)|\*\*([A-F])\*\* · ([^\n]+)", text)
    return {(a or b).strip(): letter or bold for letter, a, bold, b in found}
