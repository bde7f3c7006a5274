"""Reading aloud in turn on Discord: `/turn` for everybody, `/turn next|absent` for hosts, and the board's buttons."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import Receipt
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.hall import Hall
from bot.pause import KINDS, Pauses
from bot.people import People
from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.wording import pause as words
from bot.wording import room as room_words
from bot.wording import turns as turn_words
from bot.wording.speech import N_, Speech
from cogs.commands_discord import acknowledge, group, named, role_in, verb
from cogs.turn_controls import FORM, TextButton
from cogs.verbs import COMMANDS, TURN, check_turn
from games.core import Refusal
from games.pause import TURN_FORM, Turned
from games.turns import Called, Queued

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]


class TurnDiscord(commands.Cog, name="turn"):
    """Everybody may read aloud in turn; hosts hand on."""

    def __init__(
        self, client: DiscordClient, hall: Hall, rooms: Rooms, pauses: Pauses, people: People
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._pauses = pauses
        self._people = people
        client.add_form(Form(FORM, self.filled_in))

    @group(
        "turn",
        "tour",
        N_("Read aloud when it is your turn"),
        named("ask", "demander"),
        COMMANDS["turn"],
    )
    @app_commands.describe(
        work=locale_str(N_("What you will read, if you like: title ; author ; passage"))
    )
    @app_commands.rename(work=named("work", "œuvre"))
    async def turn(self, ctx: Context, *, work: str = "") -> None:
        """Wait for one's turn, or say what one will read."""
        check_turn(work)
        await self._wish(ctx, "turn", work)

    @verb(turn, TURN, "done", N_("You have finished reading aloud"))
    async def done(self, ctx: Context) -> None:
        """Hand on."""
        await self._wish(ctx, "turn-done")

    @verb(turn, TURN, "leave", N_("Leave the queue of readers"))
    async def leave(self, ctx: Context) -> None:
        """Wait no longer."""
        await self._wish(ctx, "turn-leave")

    @verb(turn, TURN, "next", N_("Hand on to the next reader"))
    async def next(self, ctx: Context) -> None:
        """Hand on in the reader's place."""
        await self._act(ctx, "next")

    @verb(turn, TURN, "absent", N_("Call the next reader: this one is not there"))
    async def absent(self, ctx: Context) -> None:
        """Go past a reader, who is called again after the others."""
        await self._act(ctx, "absent")

    async def choose(self, interaction: Interaction, session_id: int, wish: str) -> None:
        """Take a button of the board."""
        room = self.check(interaction, session_id)
        receipt = self._hall.wished(room.id, visitor_of(interaction.user), wish)
        await self._confirm(interaction, receipt)

    async def filled_in(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what somebody will read."""
        session_id, text = int(match["session"]), entered.get("text", "")
        room = self.check(interaction, session_id)
        visitor = visitor_of(interaction.user)
        receipt = self._hall.wrote(room.id, visitor, session_id, TURN_FORM, text)
        await self._confirm(interaction, receipt)

    def check(self, interaction: Interaction, session_id: int) -> Room:
        """Return the room of a control; raises `Refusal` (`session-over`) when its pause is no longer on."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        running = self._hall.running(room.id) if room else None
        if room is None or running is None or running.id != session_id:
            raise Refusal("session-over")
        return room

    async def _wish(self, ctx: Context, wish: str, text: str = "") -> None:
        receipt = self._hall.wished(
            self._room(ctx).id, visitor_of(ctx.author), wish, text, kinds=KINDS
        )
        if ctx.interaction is not None:
            await self._confirm(ctx.interaction, receipt)
        else:
            await receipt.committed()

    async def _act(self, ctx: Context, action: str) -> None:
        receipt = self._hall.act(self._room(ctx).id, role_in(ctx), action, kinds=KINDS)
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.done(self._speech(ctx)))

    async def _confirm(self, interaction: Interaction, receipt: Receipt) -> None:
        """Tell somebody privately what became of what they did, once it is kept."""
        await self._client.kept(interaction, receipt)
        speech = self._client.speech(interaction.channel_id)
        turned = [event.event for event in receipt.events if isinstance(event, Turned)]
        text = turn_words.told(turned[0], speech, self._people.name)
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        more: dict[str, Any] = {}
        if _may_say_what(turned):
            more["view"] = discord.ui.View(timeout=None)
            more["view"].add_item(TextButton(receipt.session_id, words.button_text(speech)))
        await self._client.tell(interaction, text, **more)

    def _room(self, ctx: Context) -> Room:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None or self._pauses.running(room) is None:
            raise Refusal("nothing-running")
        return room

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)


def _may_say_what(events: Sequence[object]) -> bool:
    """Whether somebody has just asked for a turn without saying what they will read."""
    match events[0]:
        case Queued(_, _, text) | Called(_, text):
            return not text.work
        case _:
            return False
