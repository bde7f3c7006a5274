"""What can go wrong on purpose during a rehearsal, each thing under the name that the page uses.

The misbehaving itself is done by the platforms (their `faults`) and by whoever runs the bot.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from bot.rehearsal.discord_faults import DiscordFaults
from bot.rehearsal.twitch_faults import TwitchFaults

CHAT = "/chat/messages"  # what the bot sends to Twitch
VISIBLE = 2.0  # seconds to wait after a 429, long enough to be seen


class Control(Protocol):
    """Power over the bot itself, for the incidents that concern it."""

    async def restart(self) -> None:
        """Stop the bot in good order and start it again (start it, if it is not running)."""

    async def kill(self) -> None:
        """Stop the bot as a power cut would."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that can be provoked; a lasting one begins or ends a state that the page shows."""

    steps: tuple[Callable[[], Any], ...]
    begins: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()

    async def act(self) -> None:
        """Carry it out."""
        for step in self.steps:
            outcome = step()
            if inspect.isawaitable(outcome):
                await outcome


def incidents(
    discord: DiscordFaults, twitch: TwitchFaults, control: Control | None
) -> dict[str, Incident]:
    """Return every incident by key; those that concern the bot only when there is a `control`."""
    cut = partial(discord.refuse_connections, None, rest=True)
    slow_down = partial(discord.fail, 429, method="POST", retry_after=VISIBLE)
    known = {
        "discord.cut": Incident((cut, discord.drop), begins=frozenset({"discord.cut"})),
        "discord.restore": Incident((discord.accept_connections,), ends=frozenset({"discord.cut"})),
        "discord.reconnect": Incident((discord.reconnect,)),
        "discord.duplicate": Incident((discord.duplicate_next,)),
        "discord.429": Incident((slow_down,)),
        "discord.500": Incident((partial(discord.fail, 500, method="POST"),)),
        "twitch.cut": Incident(
            (twitch.refuse_connections, twitch.drop), begins=frozenset({"twitch.cut"})
        ),
        "twitch.restore": Incident((twitch.accept_connections,), ends=frozenset({"twitch.cut"})),
        "twitch.reconnect": Incident((twitch.reconnect,)),
        "twitch.duplicate": Incident((twitch.duplicate_next,)),
        "twitch.429": Incident((partial(twitch.fail, 429, path=CHAT),)),
        "twitch.500": Incident((partial(twitch.fail, 500, path=CHAT),)),
        "twitch.silence": Incident((twitch.silence,)),
        "twitch.speak": Incident((twitch.speak,)),
    }
    if control is not None:
        known["bot.restart"] = Incident((control.restart,))
        known["bot.kill"] = Incident((control.kill,))
    return known
