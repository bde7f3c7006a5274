"""Rooms on Twitch: `!room`, `!room link CODE` and `!room language`, for moderators; `!room sync`, for hosts."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from twitchio.ext import commands

from bot.hall import Hall
from bot.rooms import Rooms
from bot.sync import Syncs, read_seconds
from bot.wording import room as words
from bot.wording import sync as sync_words
from bot.wording.speech import LOCALES, Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, ROOM, called, is_of_clubs, mistyped, read
from games.core import Refusal, Role


class RoomTwitch(commands.Component):
    """Consent to a link, choose the language, say where the room is; and help."""

    def __init__(
        self,
        desk: Desk,
        hall: Hall,
        rooms: Rooms,
        changed: Callable[[], Awaitable[None]],
        syncs: Syncs,
    ) -> None:
        self._desk = desk
        self._hall = hall
        self._rooms = rooms
        self._changed = changed
        self._syncs = syncs

    @commands.command(name="room", aliases=list(COMMANDS["room"]))
    async def room(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve_guest(ctx, text, self._room)

    @commands.command(name="help", aliases=list(COMMANDS["help"]))
    async def help(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Say what can be typed."""
        await self._desk.serve(ctx, text, self._help)

    async def _help(self, call: Call) -> Sequence[str]:
        lines = words.club_help_lines if is_of_clubs(call.text) else words.help_lines
        return lines(call.speech, host=call.role >= Role.HOST)

    async def _room(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, ROOM)
        guest = call.room.twitch_channel_id != call.line.channel_id
        if guest and verb != "link":
            return []
        if verb is None and call.text.strip():
            raise mistyped("room", call.text, call.speech.locale)
        if verb in (None, "show"):
            return self._show(call)
        if verb in ("sync", "delay"):
            return await self._delay(call, verb, rest)
        if call.role < Role.MODERATOR:
            raise Refusal("moderators-only")
        match verb:
            case "link":
                room = await self._rooms.accept_link(rest, call.line.channel_id, busy=self._busy)
                await self._changed()
                return [words.linked_here(Speech(room.locale))]
            case "unlink":
                await self._rooms.unlink(call.room, busy=self._busy)
                await self._changed()
                return [words.unlinked(call.room.twitch_login or "", call.speech)]
            case _:
                return [await self._language(call, rest)]

    def _show(self, call: Call) -> Sequence[str]:
        room, linked = call.room, call.room.discord_channel_id is not None
        shown = words.shown(room.twitch_login, call.speech, discord=linked)
        return [shown, sync_words.shown(room.delay, call.speech) if room.delay else ""]

    async def _delay(self, call: Call, verb: str, rest: str) -> Sequence[str]:
        if verb == "sync":
            await self._syncs.start(call.room, call.role).committed()
            return []
        seconds = read_seconds(rest, call.room.locale)
        room = await self._syncs.set(call.room, seconds, call.role)
        return [sync_words.set_to(room.delay, call.speech)]

    async def _language(self, call: Call, rest: str) -> str:
        locale = rest.strip().casefold()[:2]
        if locale not in LOCALES:
            raise Refusal("usage", usage=f"{called('room', call.speech.locale, 'language')} fr")
        room = await self._rooms.set_locale(call.room, locale)
        self._hall.refresh(room)
        return words.locale_set(Speech(locale))

    def _busy(self, room_id: int) -> bool:
        return self._hall.running(room_id) is not None
