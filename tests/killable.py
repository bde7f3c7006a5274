"""`ensemble run` in a process that a test may kill with -9 as often as it likes.

Reads commands on standard input, one a line: "start" forks a child that runs the program (its number is printed).
Forking spares each start the second that importing takes; the child is a process of its own all the same.
`python -m tests.killable PACE LOBBY REVEAL [arguments of ensemble…]`
"""

import os
import sys
from functools import partial

import bot.app
import bot.cli
from bot.wording.speech import LOCALES, catalogue
from tests.killing_deck import decks
from tests.stage_fixtures import Hurried


def _run(arguments: list[str]) -> int:
    pace, lobby, reveal = map(float, arguments[:3])
    hurried = partial(
        bot.app.App.open,
        clock=Hurried(pace),
        decks=decks(),
        times={"lobby": lobby, "reveal": reveal},
    )
    bot.app.App.open = hurried  # type: ignore[method-assign]
    return bot.cli.main(arguments[3:])


def main(arguments: list[str]) -> None:
    """Fork a running program for every line read."""
    for locale in LOCALES:
        catalogue(locale)
    for _ in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            os._exit(_run(arguments))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        os.waitpid(child, 0)
        sys.stdout.write("gone\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
