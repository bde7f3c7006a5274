"""Reading aloud in turn on Twitch: `!turn` for everybody, `!turn next|absent` for hosts."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.hall import Hall
from bot.pause import KINDS, Pauses
from bot.people import People
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, TURN, check_turn, read
from games.core import Refusal


class TurnTwitch(commands.Component):
    """Everybody may read aloud in turn; hosts hand on. The pause's own lines say what came of it."""

    def __init__(self, desk: Desk, hall: Hall, pauses: Pauses, people: People) -> None:
        self._desk = desk
        self._hall = hall
        self._pauses = pauses
        self._people = people

    @commands.command(name="turn", aliases=list(COMMANDS["turn"]))
    async def turn(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it; anything else is what somebody will read."""
        await self._desk.serve(ctx, text, self._turn)

    async def _turn(self, call: Call) -> Sequence[str]:
        check_turn(call.text)
        if self._pauses.running(call.room) is None:
            raise Refusal("nothing-running")
        verb, rest = read(call.text, TURN)
        match verb:
            case "next" | "absent":
                await self._hall.act(call.room.id, call.role, verb, kinds=KINDS).committed()
            case "done" | "leave":
                await self._wish(call, f"turn-{verb}", "")
            case _:
                await self._wish(call, "turn", rest)
        return []

    async def _wish(self, call: Call, wish: str, text: str) -> None:
        receipt = self._hall.wished(call.room.id, call.visitor, wish, text, kinds=KINDS)
        await receipt.committed()
        person = self._people.find(call.visitor.platform, call.visitor.user_id)
        if receipt.newcomer and person is not None:
            self._desk.welcome(call.room, person.id)
