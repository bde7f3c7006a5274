"""Killing the bot again and again in the middle of games, one after the other, and checking what was announced.

People play as `tests/game_samples.py` says, on a copy of the game that they build from the journal on disk.
`tests/lives.py` kills, `tests/killing_games_truth.py` says what is checked.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import journal
from bot.games import KINDS
from bot.rehearsal.discord_errors import Refused
from games.core import Activity, Scene
from tests.game_samples import SAMPLES
from tests.game_strategies import build
from tests.killing_games_truth import (
    Confirmed,
    Said,
    announced_wrongly,
    is_beside,
    kept_wrongly,
    normal,
    replay,
    told_wrongly,
)
from tests.lives import Sessions
from tests.stage_fixtures import buttons, plain

LOBBY, REVEAL, SECONDS, ROUNDS = 3.0, 4.0, 20, 2
LONGEST = 2
"""Lives after which a host ends a game that is still on."""

MEDDLING = ("hint",) * 4 + ("extend", "skip", "pause")
OWN = {
    "bingo": ("draw",) * 12,
    "exquisite_corpse": ("approve",) * 12 + ("remove",),
    "petit_bac": ("skip",),
}
"""What hosts do now and then, and what they do more often in some games."""


@dataclass(slots=True)
class Summary:
    """What became of a run."""

    kills: int = 0
    games: list[str] = field(default_factory=list)
    rounds: int = 0
    plays: int = 0
    heard: int = 0
    confirmed: int = 0
    points: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {len(self.games)} games ({len(set(self.games))} of {len(KINDS)} kinds):"
            f" {self.plays} plays kept, {self.heard} boards and lines heard, {self.rounds} rounds told,"
            f" {self.confirmed} plays confirmed privately, {self.points} points in the ledger,"
            f" {len(self.violations)} violations"
        )


@dataclass(slots=True)
class _Copy:
    """A game as the journal on disk has it."""

    session: int
    key: str
    game: Activity
    seq: int = 0


class KillingGames(Sessions):
    """One run: people play each game in turn, the bot is killed `kills` times at instants that `seed` decides."""

    longest_life = 3.0

    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        super().__init__(folder, seed, kills, LOBBY, REVEAL)
        self.summary = Summary()
        self._kinds = list(KINDS)
        self._chance.shuffle(self._kinds)
        self._said: dict[int, Said] = {}
        self._copy: _Copy | None = None
        self._begun = 0  # lives that had been ended when this game began

    async def run(self) -> Summary:
        """Play until every kill was done and the game that was on has ended."""
        await self.live()
        self.summary.kills, self.summary.violations = self.kills, self.violations
        return self.summary

    def _players(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._meddle()
        yield from (self._play(name) for name in self._names)

    # hosts

    async def _start(self) -> None:
        key = self._kinds[len(self._checked) % len(self._kinds)]
        wish = self._chance.choice(SAMPLES[key].wishes)
        options: dict[str, Any] = {"rounds": ROUNDS, "seconds": SECONDS}
        options |= {"details": wish.text} if wish.text else {}
        options |= {"secret": wish.secret} if wish.secret else {}
        self._begun = self.kills
        await self._act(self.stage.host.id, "game start", game=key, **options)

    async def _meddle(self) -> None:
        """Act now and then; end a game that has gone on for long, or is the last."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.2, 0.5))
            copy = self._look()
            if copy is None:
                continue
            last = self.kills >= self._wanted
            if last or self.kills - self._begun > LONGEST:
                await asyncio.sleep(1.0 if last else 0.0)
                await self._act(self.stage.host.id, "game stop")
                continue
            action = self._chance.choice((*MEDDLING, *OWN.get(copy.key, ())))
            options: dict[str, Any] = {}
            if action in ("approve", "remove"):
                held = getattr(copy.game.scene().facts, "held", 0)
                options["which"] = str(held or 1)
            if self._chance.random() < 0.3 and action != "pause":
                host, rest = self.stage.twitch_moderator.id, options.get("which", "")
                line = f"!game {action} {rest}".strip()
                await self.stage.twitch.say(host, self.stage.broadcaster.id, line)
                continue
            await self._act(self.stage.host.id, f"game {action}", **options)
            if action == "pause":
                await self._resume("game resume")

    # players

    async def _play(self, name: str) -> None:
        """Play on one platform, with controls where there are some or by typing."""
        while True:
            await asyncio.sleep(self._chance.uniform(0.05, 0.3))
            copy = self._look()
            if copy is None:
                continue
            scene = copy.game.scene()
            with suppress(LookupError, ValueError, TimeoutError, Refused):
                if name in self._there:
                    await self._play_there(name, copy, scene)
                else:
                    await self._play_here(name, copy, scene)

    async def _play_there(self, name: str, copy: _Copy, scene: Scene) -> None:
        joins = "join" in scene.wishes
        text = "!jeu rejoindre" if joins else self._line(copy)
        await self.stage.twitch.say(self._there[name].id, self.stage.broadcaster.id, text)

    async def _play_here(self, name: str, copy: _Copy, scene: Scene) -> None:
        place, chance = f"{copy.session}:{scene.turn}", self._chance
        if scene.wishes and chance.random() < 0.3:
            wish = chance.choice(scene.wishes)
            await self._press(name, f"game-wish:{copy.session}:{wish}", ("wished", f"{wish}:"))
        elif scene.choices and chance.random() < 0.6:
            choice = chance.randrange(len(scene.choices))
            await self._press(name, f"game:{place}:{choice}", ("chose", f"{scene.turn}:{choice}"))
        elif scene.form and chance.random() < 0.6:
            await self._fill_in(name, f"game-open:{place}", copy, scene.turn)
        elif scene.phase == "playing":
            text = self._line(copy)
            await self.stage.discord.say(self._here[name].id, self.stage.channel.id, text)

    def _line(self, copy: _Copy) -> str:
        return SAMPLES[copy.key].lines(copy.game, self._chance)

    async def _press(self, name: str, custom_id: str, play: tuple[str, str]) -> None:
        message = self._message_with(custom_id)
        if message is not None:
            session = self._session
            told = await self._pressed(self._here[name].id, message, {"custom_id": custom_id})
            self._confirm(session, told, (name, *play))

    async def _fill_in(self, name: str, custom_id: str, copy: _Copy, turn: int) -> None:
        message, session = self._message_with(custom_id), self._session
        if message is None:
            return
        button = {"custom_id": custom_id}
        opened, _ = await self._click(self._here[name].id, message, button)
        if opened.modal is None:
            return
        lines = self._line(copy).split("\n")
        count = len(opened.modal["components"])
        entered = {str(index): (lines + [""] * count)[index] for index in range(count)}
        sent = await self.stage.discord.submit(opened, entered)
        answer = await sent.answered(0.4)
        told = plain(answer["content"]) if answer else ""
        text = "\n".join(" ".join(line.split()) for line in entered.values())
        self._confirm(session, told, (name, "wrote", f"{turn}:{text}"))

    def _confirm(self, session: int, told: str, play: Confirmed) -> None:
        """Note that somebody was told that what they did is kept."""
        if told and not is_beside(told):
            self._said_in(session).confirmed.add(play)

    def _message_with(self, custom_id: str) -> dict[str, Any] | None:
        """Return the latest message with this control."""
        messages = self.stage.discord.messages(self.stage.channel.id)[-24:]
        found = [m for m in messages if any(b.get("custom_id") == custom_id for b in buttons(m))]
        return found[-1] if found else None

    def _look(self) -> _Copy | None:
        """Return the game that is on, as far as it is on disk."""
        if not self._open:
            return None
        if self._copy is None or self._copy.session != self._open:
            sql = "SELECT activity, options, seed FROM session WHERE id = ?"
            rows = self._rows(sql, self._open)
            if not rows:
                return None
            [(key, options, seed)] = rows
            self._copy = _Copy(self._open, key, build(key, options, seed))
        for row in self._journal(self._copy.session, self._copy.seq):
            self._copy.game.play(*journal.decode(row))
            self._copy.seq = row[1]
        return None if self._copy.game.over else self._copy

    # what was announced

    def _said_in(self, session: int) -> Said:
        return self._said.setdefault(session, Said())

    def _hear(self, side: str, text: str) -> None:
        self._said_in(self._session).heard.append((self.kills, side, normal(text)))

    # what is true

    def _journal(self, session: int, after: int = 0) -> list[Any]:
        columns = "session_id, seq, at_us, play, person_id, platform, body"
        where = "session_id = ? AND seq > ? ORDER BY seq"
        return self._rows(f"SELECT {columns} FROM journal WHERE {where}", session, after)

    def _check(self, session: int) -> None:
        names = dict(self._rows("SELECT id, name FROM person"))
        sql = "SELECT activity, options, seed FROM session WHERE id = ?"
        [(key, options, seed)] = self._rows(sql, session)
        rows = self._journal(session)
        ledger = self._rows("SELECT person_id, points FROM ledger WHERE session_id = ?", session)
        truth, said = replay(key, options, seed, rows, names), self._said_in(session)
        wrong = [
            *announced_wrongly(said, truth),
            *told_wrongly(said, truth),
            *kept_wrongly(said, truth, ledger),
        ]
        self.violations += [f"{key} {session}: {line}" for line in wrong]
        summary = self.summary
        summary.games.append(key)
        summary.rounds += len(list(truth.over()))
        summary.plays += len(rows)
        summary.heard += len(said.heard)
        summary.confirmed += len(said.confirmed)
        summary.points += sum(truth.points.values())
