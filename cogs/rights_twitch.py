"""The register of works on air on Twitch: `!rights …`, for hosts.

The chat is public, so who gave a permission is not said.
"""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.rights import Rights, read_entry, read_recording
from bot.wording import rights as words
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, RIGHTS, called, mistyped, read


class RightsTwitch(commands.Component):
    """Hosts add works, check and end rights, and see which replays must go."""

    def __init__(self, desk: Desk, rights: Rights) -> None:
        self._desk = desk
        self._rights = rights

    @commands.command(name="rights", aliases=list(COMMANDS["rights"]))
    async def rights(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._serve)

    async def _serve(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, RIGHTS)
        today, role, speech = self._rights.today(call.room), call.role, call.speech
        match verb:
            case "add":
                entry = read_entry(rest, today)
                return words.added(await self._rights.add(entry, today, role), speech)
            case "check":
                judged = await self._rights.judge(rest, today, role)
                return [words.verdict(work, verdict, speech) for work, verdict in judged]
            case "end":
                return [words.ended(await self._rights.end(rest, today, role), speech)]
            case "replay":
                recording = read_recording(rest)
                replay, verdict = await self._rights.add_replay(recording, today, role)
                return words.replay_added(replay, verdict, speech)
            case "replays":
                dues = await self._rights.to_take_down(today, role)
                return words.to_take_down(dues, speech, links=False)
            case "removed":
                number, title = await self._rights.remove_replay(rest, today, role)
                return [words.removed(number, title, speech)]
            case _:
                return await self._list(call, verb)

    async def _list(self, call: Call, verb: str | None) -> Sequence[str]:
        if verb is None and call.text.strip():
            raise mistyped(
                "rights",
                call.text,
                call.speech.locale,
                called("rights", call.speech.locale, "check"),
            )
        found = await self._rights.running(self._rights.today(call.room), call.role)
        return words.listed(found, call.speech, givers=False)
