"""Whatever is typed after a command: nothing falls over, nobody is called, and the bot still answers afterwards.

What must never happen in any evening (an error in the log, a mention, a request that the platforms refuse as malformed)
is checked by the stage itself.
"""

import random
from collections.abc import Awaitable, Callable, Iterator

import pytest

from cogs.verbs import COMMANDS, VERBS
from tests.stage_fixtures import Evening
from tests.test_pause_plans_both import ahead, typed
from tests.waiting import LIMIT, until

LINES = 150
"""Typed on each platform in an evening."""

# fmt: off
NASTY = (
    "", " ", "@", "@ @", "; ; ;", "=", "a = ; = b", "#", "#0", "#99999999999999999999", "-1", "0", "1", "2",
    "999999999999999999999", "1 2 3 4 5 6 7 8 9 10 11 12 13", "é" * 300, "a\u202eb\u200bc\u0007",
    "@everyone <@1> <#2> <@&3>", "**`[a](http://b) ||c|| # d", "'); DROP TABLE club;--",
    "31/02/2027 25h61", "mardi 18h30", "dans 10 minutes",
    "hier 18h", "28/03/2027 2h30", "25/10/2026 2h30", "1e5", "½", "٣", "１２", "🎉" * 40, "ch. 5-1 mardi",
    "%s %d {name} {0}", "\\", '"', "“", "a @ b @ c", "oui", "non", "stop", "Camille", "Inès", "#1", "Polar",
    "Germinal", "lettres", "pendu",
    "Germinal ; Zola ; 591", "9782070409228", "12 p", "12/340", "110 %", "0-5:3 6-11:x", "https://x.y/z?a=b&c",
    "ch. 1-5 mardi ; ch. 6-10 15/12/2027 ; 3", "80 pages par semaine dès mardi", "tous les jours 20 min",
    "chaque semaine",
)
# fmt: on

LEFT_OUT = {("room", "link"), ("room", "unlink"), ("room", "language"), ("forgetme", "yes")}
"""Those after which there is no such evening any more."""


def lines(seed: int) -> Iterator[str]:
    """Yield commands, a verb of them or none, and what one would not type."""
    chance = random.Random(seed)
    while True:
        command = chance.choice(list(COMMANDS))
        verbs = VERBS.get(command, {})
        verb = chance.choice(["", *verbs])
        if (command, verb) in LEFT_OUT:
            continue
        name = chance.choice((command, *COMMANDS[command]))
        word = chance.choice(verbs[verb]) if verb else ""
        rest = " ".join(chance.sample(NASTY, chance.choice((1, 1, 1, 2))))
        yield f"!{name} {word} {rest}"[:500].rstrip()


async def club(evening: Evening) -> None:
    """Let there be a club with everything that one may talk of."""
    stage = evening.stage
    await evening.told("club create", name="Polar")
    for title in ("Germinal", "Nana", "Indiana"):
        await evening.told("club propose", title=title)
    await evening.told("club choose", book="Germinal")
    await evening.told("club advance", book="Germinal")
    await evening.asks(
        stage.twitch_moderator, "!plan ajouter ch. 1-5 mardi ; ch. 6-10", "2 sections"
    )
    await evening.told("club vote open")
    await evening.asks(
        stage.twitch_moderator, f"!rencontre prévoir {typed(ahead(evening, 60))}", "Pour changer"
    )
    await evening.told("meeting open")


async def quiz(evening: Evening) -> None:
    """Let a quiz go on."""
    await evening.quiz()


async def pause(evening: Evening) -> None:
    """Let a reading pause go on."""
    await evening.asks(evening.stage.twitch_moderator, "!pause 15", "ause")


async def nothing(evening: Evening) -> None:
    """Let there be nothing yet."""


async def game(evening: Evening) -> None:
    """Let a game go on."""
    await evening.asks(evening.stage.twitch_moderator, "!jeu lancer pendu", "Pendu")


async def asking(evening: Evening) -> None:
    """Let people ask to join a club."""
    await evening.told("club create", name="Polar", access="approval")
    await evening.told("club join", by=evening.stage.camille)
    await evening.asks(evening.stage.ines, "!club rejoindre", "Son animation va vous répondre")
    await evening.told("club approve")


SCENES = (nothing, club, asking, quiz, pause, game)


def hurry(evening: Evening) -> None:
    """Let Twitch take lines as fast as they are said: people's time is hurried, the platform's is not."""
    limits = evening.stage.twitch.limits
    limits.plain = limits.raised = 100_000
    limits.spacing = limits.repeat = 0.0
    evening.stage.discord.interaction_deadline = LIMIT


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_that_is_typed_after_a_command_makes_the_bot_fall(
    evening: Evening, scene: Callable[[Evening], Awaitable[None]], seed: int
) -> None:
    stage, chance = evening.stage, random.Random(seed)
    hurry(evening)
    await scene(evening)
    here = (stage.host, stage.moderator, stage.camille)
    there = (stage.broadcaster, stage.twitch_moderator, stage.ines)
    for _, line in zip(range(LINES), lines(seed), strict=False):
        await evening.write(chance.choice(here), line)
        await evening.chat(chance.choice(there), line)
        evening.clock.jump(30.0)
    count = len(evening.messages())
    await evening.write(stage.noe, "!aide")
    await until(lambda: len(evening.messages()) > count)
    await evening.asks(stage.leo, "!aide", "!moi")
