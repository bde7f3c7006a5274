"""Five thousand people answer one question within two seconds, on both platforms, through the real client libraries."""

import sqlite3
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson

from bench import chatter
from bench.figures import Figure, quantile
from bench.pipe import worker

PER_SIDE = 2_500
SECONDS = 2.0
CLICKS = 250
LONGEST_LINE = 500
MOST_LINES = 15
LATEST_ANSWER = 2.0
"""Our own bounds: chat stays readable, and both rooms learn the answer together."""

ANSWER_WITHIN = 3.0
"""Seconds that Discord gives a bot to answer a button."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is in the bot's file after a round: who answered, in order, by platform, and how many were settled."""

    discord: list[str]
    twitch: list[str]
    settled: int


async def measure(*, quick: bool) -> AsyncIterator[Figure]:
    """Yield what was lost, whether order held, and how the bot behaved meanwhile."""
    people = PER_SIDE // 5 if quick else PER_SIDE
    with tempfile.TemporaryDirectory(prefix="ensemble-bench-") as folder:
        sent, seen = await _play(people, Path(folder))
        kept = _read(Path(folder) / "bench.sqlite3")
    for figure in (*_faithful(sent, kept), *_manners(sent, seen)):
        yield figure


async def _play(people: int, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    async with worker("bench.platforms") as platforms:
        address = orjson.dumps(await platforms.hear()).decode()
        await platforms.ask("people", count=people)
        async with worker("bench.clients", "bot", address, str(folder)) as bot:
            await bot.hear()
            await platforms.ask("watch")
            opened = await bot.ask("open", choices=True, seconds=SECONDS + 13.0)
            right = int(opened["right"])
            sent = await platforms.ask(
                "crowd",
                seconds=SECONDS,
                text="ABCD"[right],
                choice=right,
                clicks=max(1, CLICKS * people // PER_SIDE),
            )
            await bot.ask("over")
            seen = await platforms.ask("seen")
    return sent, seen


def _read(file: Path) -> Kept:
    connection = sqlite3.connect(file)
    try:
        rows = connection.execute(
            "SELECT identity.platform, identity.user_id FROM journal JOIN identity USING (person_id)"
            " WHERE play IN ('said', 'chose') ORDER BY seq"
        ).fetchall()
        [(settled,)] = connection.execute("SELECT COUNT(*) FROM ledger").fetchall()
    finally:
        connection.close()
    by = {
        side: [user for platform, user in rows if platform == side]
        for side in ("discord", "twitch")
    }
    return Kept(by["discord"], by["twitch"], settled)


def _faithful(sent: dict[str, Any], kept: Kept) -> list[Figure]:
    """Compare what was sent with what is in journal and ledger."""
    everybody = len(sent["typed"]) + len(sent["clicked"]) + len(sent["twitch"])
    clicked = set(sent["clicked"])
    typed = [user for user in kept.discord if user not in clicked]
    pressed = [user for user in kept.discord if user in clicked]
    took = sent["seconds"]
    figures = [
        Figure("crowd", "answers in the journal that were sent", everybody - len(kept.discord) - len(kept.twitch),
               "missing", most=0, note=f"{everybody} people answered within {took:.2f} s"),
        Figure("crowd", "people without a ledger row", everybody - kept.settled, "missing", most=0),
    ]  # fmt: skip
    for name, order, found in (
        ("Discord lines", sent["typed"], typed),
        ("Discord buttons", sent["clicked"], pressed),
        ("Twitch lines", sent["twitch"], kept.twitch),
    ):
        wrong = sum(a != b for a, b in zip(order, found, strict=False))
        figures.append(
            Figure(
                "crowd", f"{name} out of order", wrong, "answers", most=0, note=f"of {len(order)}"
            )
        )
    return figures


def _manners(sent: dict[str, Any], seen: dict[str, Any]) -> list[Figure]:
    """Look at boards, lines and waits."""
    boards = [sorted(at for at, _ in edits) for edits in seen["edits"].values()]
    gaps = [b - a for times in boards for a, b in pairwise(times)]
    lines, waits = seen["lines"], sent["waits"]
    longest = max(len(text) for _, text in lines)
    return [
        Figure("crowd", "shortest time between edits of a board", min(gaps, default=99.0), "s", least=0.95,
               note=f"{sum(map(len, boards))} edits"),
        Figure("crowd", "longest Twitch line", longest, "characters", most=LONGEST_LINE),
        Figure("crowd", "Twitch lines over the rate", seen["violations"], "lines", most=0),
        Figure("crowd", "Twitch lines said in a round of one question", len(lines), "lines", most=MOST_LINES),
        Figure("crowd", "answer told on Twitch after Discord", _lag(seen), "s", most=LATEST_ANSWER),
        Figure("crowd", "slowest answer to a button", max(waits), "s", most=ANSWER_WITHIN,
               note=f"p50 {quantile(waits, 0.5):.3f} s; {len(waits)} buttons"),
    ]  # fmt: skip


def _lag(seen: dict[str, Any]) -> float:
    """Return how much later than Discord Twitch was told the answer: both name it last when the question closes."""
    answer = chatter.CHOICES.answer.strip("« »")
    here: float = max(
        at for edits in seen["edits"].values() for at, text in edits if answer in text
    )
    there: float = max(at for at, text in seen["lines"] if answer in text)
    return max(0.0, there - here)
