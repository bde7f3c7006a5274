"""The long runs: hundreds of kills, thousands of players, every sum. Short versions of all are in the test suite.

    script/soak --kills 200 --seed 1     kill the bot 200 times in the middle of quizzes
    script/soak --games 60 --seed 1      kill the bot 60 times in the middle of games of every kind
    script/soak --agenda 40 --seed 1     kill the bot 40 times while much is due at once
    script/soak --plans 30 --seed 1      kill the bot 30 times while planned pauses and questions of the day begin
    script/soak --players 5000           let 5,000 people answer one question at once
    script/soak --sums 500               solve every target of 500 draws of plates, against brute force

Prints one line for each; exit code 1 when anything announced was not true or anything was lost.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
from pathlib import Path

from tests.crowd import answer_at_once
from tests.killing import Killing
from tests.killing_agenda import KillingAgenda
from tests.killing_games import KillingGames
from tests.killing_plans import KillingPlans
from tests.stage_fixtures import Evening
from tests.sums_oracle import TARGETS, deal, every_target


async def kill(
    killing: type[Killing | KillingGames | KillingAgenda | KillingPlans], count: int, seed: int
) -> bool:
    """Kill the bot `count` times; return whether all was well."""
    with tempfile.TemporaryDirectory(prefix="ensemble-soak-") as folder:
        summary = await killing(Path(folder), seed, count).run()
        errors = (Path(folder) / "stderr.txt").read_text("utf-8", "replace")
    say(f"seed {seed}: {summary}")
    for violation in summary.violations:
        say(f"  {violation}")
    faults = [line for line in errors.splitlines() if " ERROR " in line]
    for line in faults[:20]:
        say(f"  logged: {line}")
    return not summary.violations and not faults


async def crowd(players: int) -> bool:
    """Let so many people answer at once; return whether all was well."""
    with tempfile.TemporaryDirectory(prefix="ensemble-soak-") as folder:
        evening = Evening(Path(folder))
        await evening.stage.open()
        try:
            async with evening.stage.addresses():
                result = await answer_at_once(evening, players // 2, seconds=120.0)
                await evening.cast.stop()
        finally:
            await evening.stage.close()
        evening.check([], set())
    say(str(result))
    exact = result.counted == result.rows == result.points == result.players
    return exact and result.shortest_gap > 0.95


SLOWEST_SUM = 0.2
"""Seconds of the processor in which the best sum must be found."""


def sums(draws: int, seed: int) -> bool:
    """Solve every target of so many draws; return whether all was exact, and quick enough."""
    chance, met, seconds = random.Random(seed), 0, list[float]()
    for _ in range(draws):
        found, slowest = every_target(deal(chance))
        met += found
        seconds.append(slowest)
    seconds.sort()
    say(
        f"seed {seed}: {draws * len(TARGETS)} targets of {draws} draws solved as near as can be, {met} exactly; "
        f"median {seconds[draws // 2] * 1e3:.0f} ms, slowest {seconds[-1] * 1e3:.0f} ms"
    )
    return seconds[-1] < SLOWEST_SUM


def say(line: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description="The long runs.")
    parser.add_argument("--kills", type=int, default=0, help="how often to kill the bot")
    parser.add_argument("--games", type=int, default=0, help="how often to kill the bot in games")
    parser.add_argument("--agenda", type=int, default=0, help="how often while much is due at once")
    parser.add_argument("--plans", type=int, default=0, help="how often while plans begin")
    parser.add_argument("--players", type=int, default=0, help="how many people answer at once")
    parser.add_argument("--sums", type=int, default=0, help="how many draws of plates to solve")
    parser.add_argument("--seed", type=int, default=1, help="decides all chance (default: 1)")
    options = parser.parse_args()
    kills = {
        Killing: options.kills,
        KillingGames: options.games,
        KillingAgenda: options.agenda,
        KillingPlans: options.plans,
    }
    if not any((*kills.values(), options.players, options.sums)):
        kills = {Killing: 200, KillingGames: 60, KillingAgenda: 40, KillingPlans: 30}
        options.players, options.sums = 5000, 500
    logging.basicConfig(level=logging.WARNING)
    fine = True
    for killing, count in kills.items():
        if count:
            fine &= asyncio.run(kill(killing, count, options.seed))
    if options.players:
        fine &= asyncio.run(crowd(options.players))
    if options.sums:
        fine &= sums(options.sums, options.seed)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
