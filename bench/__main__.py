"""Run benchmarks and print one JSON line for each figure."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Protocol

from bench import (
    agenda,
    calendars,
    chat,
    crowd,
    formats,
    games,
    hall,
    judging,
    ledger,
    pause,
    votes,
    words,
)
from bench.figures import Figure


class Bench(Protocol):
    """Something to measure."""

    def __call__(self, *, quick: bool) -> AsyncIterator[Figure]:
        """Yield figures as they are found."""


BENCHES: dict[str, Bench] = {
    "judge": judging.measure,
    "hall": hall.measure,
    "ledger": ledger.measure,
    "crowd": crowd.measure,
    "chat": chat.measure,
    "formats": formats.measure,
    "agenda": agenda.measure,
    "calendars": calendars.measure,
    "games": games.measure,
    "words": words.measure,
    "votes": votes.measure,
    "pause": pause.measure,
    "ledger-large": ledger.measure_large,
    "pause-large": pause.measure_large,
}
ON_REQUEST = {"ledger-large", "pause-large"}


async def run(names: list[str], *, quick: bool) -> bool:
    """Run the benchmarks called; return whether every target was met."""
    fine = True
    for name in names:
        async for figure in BENCHES[name](quick=quick):
            print(figure.line(), flush=True)
            fine = fine and figure.met is not False
    return fine


def main() -> int:
    """Read the command line and run; 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}")
    parser.add_argument(
        "--quick", action="store_true", help="smaller and fewer, to see that it works"
    )
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(BENCHES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    names = asked.names or [name for name in BENCHES if name not in ON_REQUEST]
    return 0 if asyncio.run(run(names, quick=asked.quick)) else 1


if __name__ == "__main__":
    sys.exit(main())
