"""The agenda on Twitch: `!agenda` for everybody, `!agenda skip|move|cancel` for hosts."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.appointments import Appointments, Cancelled, Moved
from bot.feeds import RENEW, Feeds
from bot.storage.rooms import Room
from bot.twitch_side import TwitchSide
from bot.wording import agenda as words
from bot.wording import feed as feed_words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.feed_twitch import given
from cogs.verbs import AGENDA, COMMANDS, mistyped, read
from games.core import Refusal
from games.matching import fold


class AgendaTwitch(commands.Component):
    """What comes in this channel's room, and changing one occurrence."""

    def __init__(self, desk: Desk, appointments: Appointments, feeds: Feeds) -> None:
        self._desk = desk
        self._feeds = feeds
        self._appointments = appointments

    @commands.command(name="agenda", aliases=list(COMMANDS["agenda"]))
    async def agenda(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._agenda)

    async def _agenda(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, AGENDA)
        which, _, when = rest.partition(" ")
        match verb:
            case "skip":
                if not rest:
                    raise Refusal("usage", usage=words.usage_skip(call.speech))
                entry, now = await self._appointments.skip(call.room, rest, call.visitor, call.role)
                return [words.skipped(entry, call.speech, now)]
            case "cancel":
                if not rest:
                    raise Refusal("usage", usage=words.usage_cancel(call.speech))
                await self._appointments.cancel(call.room, rest, call.visitor, call.role)
                return []
            case "move":
                if not when.strip():
                    raise Refusal("usage", usage=words.usage_move(call.speech))
                clashes = await self._appointments.move(
                    call.room, which, when, call.visitor, call.role
                )
                return [words.clash(clashes, call.speech, self._appointments.now(call.room))]
            case "calendar":
                return await self._calendar(call, rest)
            case _:
                return await self._coming(call)

    async def _calendar(self, call: Call, text: str) -> Sequence[str]:
        """Give the room's address, unless a club here chooses who may know when it meets."""
        told: list[str] = []
        if fold(text) in RENEW:
            await self._feeds.renew_room(call.room, call.role)
            told.append(feed_words.renewed(call.speech))
        address = await self._feeds.of_room(call.room)
        public = await self._feeds.is_open(call.room)
        return [*told, given(address, call.speech, public=public)]

    async def _coming(self, call: Call) -> Sequence[str]:
        if call.text.strip():
            raise mistyped("agenda", call.text, call.speech.locale)
        coming = await self._appointments.coming(call.room)
        if not coming.entries:
            return [words.nothing(call.speech)]
        return words.coming(coming.entries, call.speech, coming.now)


class AgendaOnTwitch:
    """Tells a room's Twitch chat what became of an appointment."""

    def __init__(self, side: TwitchSide) -> None:
        self._side = side

    def tell(self, room: Room, change: Cancelled | Moved) -> None:
        """Queue a line."""
        if room.twitch_channel_id is None:
            return
        speech = Speech(room.locale)
        match change:
            case Cancelled(entry, now):
                self._side.say(room, words.cancelled(entry, speech, now))
            case Moved(entry, to, _, now):
                self._side.say(room, words.moved(entry, to, speech, now))
