"""A crowd on both platforms answers one question at once: nothing is lost, and the platforms are not flooded back."""

import asyncio
import time
from dataclasses import dataclass
from itertools import pairwise

from tests.stage_fixtures import Evening
from tests.waiting import until


@dataclass(frozen=True, slots=True)
class Crowd:
    """What became of it: seconds until the last answer was counted, and what the bot sent meanwhile."""

    players: int
    counted: int
    rows: int
    points: int
    took: float
    edits: int
    shortest_gap: float


async def answer_at_once(evening: Evening, each: int, seconds: float = 30.0) -> Crowd:
    """Start the bot in real time, let `each` people on either platform be right, and play to the end."""
    stage = evening.stage
    here = [stage.discord.add_user(f"d{n}", global_name=f"D{n}") for n in range(each)]
    for user in here:
        stage.discord.join(stage.guild.id, user.id)
    there = [stage.twitch.add_user(f"t{n}", f"T{n}") for n in range(each)]
    evening.play_in_real_time({"lobby": 0.1, "reveal": 60.0})
    await evening.start()
    await evening.quiz("lettres", questions=1)
    board, right = await evening.board(), evening.right
    session = evening.session
    began = time.monotonic()
    await asyncio.gather(
        stage.discord.flood(stage.channel.id, [user.id for user in here], [right], each),
        stage.twitch.flood(stage.broadcaster.id, [user.id for user in there], [right], each),
    )
    await until(lambda: session.activity.scene().replies == 2 * each, seconds=seconds)
    took = time.monotonic() - began
    await evening.app.hall.flush()
    await evening.skip()
    await evening.shown("Question 1 sur 1", f"et {_number(2 * each - 2)} autres", seconds=seconds)
    counted = session.activity.scene().replies
    await evening.skip()
    await evening.heard(f"{_number(2 * each)} personnes ont joué", seconds=seconds)
    [(rows, points)] = await evening.app.database.rows("SELECT COUNT(*), SUM(points) FROM ledger")
    edits = [
        e.at for e in evening.exchanges if e.method == "PATCH" and e.path.endswith(board["id"])
    ]
    gaps = [later - earlier for earlier, later in pairwise(edits)]
    return Crowd(2 * each, counted, rows, points, took, len(edits), min(gaps, default=float("inf")))


def _number(value: int) -> str:
    return f"{value:,}".replace(",", " ")
