"""Answering Twitch commands: who, where, in which language; refusals as one line; nobody floods the chat through us."""

import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from twitchio.ext import commands

from bot.batch import NotKeptError
from bot.clock import Clock
from bot.hosts import Hosts
from bot.people import Visitor
from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.twitch_client import Line, line_of
from bot.twitch_side import TwitchSide
from bot.wording.refusals import refusal
from bot.wording.speech import Speech
from games.core import Refusal, Role

log = logging.getLogger(__name__)

MOST_COMMANDS, WITHIN = 4, 20.0
"""Commands that one patron may give within so many seconds; more are left unanswered."""

MODERATORS = frozenset({"broadcaster", "moderator", "lead_moderator"})


@dataclass(frozen=True, slots=True)
class Call:
    """A command as typed, with where it stands and what its author may do."""

    line: Line
    room: Room
    visitor: Visitor
    role: Role
    speech: Speech
    text: str


Handler = Callable[[Call], Awaitable[Sequence[str]]]


def visitor_of(line: Line) -> Visitor:
    """Return the author of a line as a visitor."""
    return Visitor("twitch", line.user_id, line.name)


class Desk:
    """Serves commands: one place for permission, flood, refusals and faults."""

    def __init__(
        self, side: TwitchSide, rooms: Rooms, clock: Clock, hosts: Hosts, *, vip_hosts: bool
    ) -> None:
        self._side = side
        self._rooms = rooms
        self._clock = clock
        self._hosts = hosts
        self._vip_hosts = vip_hosts
        self._lately: dict[str, deque[float]] = {}

    def role_of(self, line: Line) -> Role:
        """Return what the author may do: moderators by badge, VIPs host where the settings say so."""
        if line.badges & MODERATORS:
            return Role.MODERATOR
        return Role.HOST if self._vip_hosts and "vip" in line.badges else Role.PATRON

    def notice_host(self, room: Room, line: Line) -> None:
        """Note that a host is there, if it is one who writes."""
        if self.role_of(line) >= Role.HOST:
            self._hosts.seen(room.id, visitor_of(line), line.message_id, line.channel_id)

    async def serve(self, ctx: commands.Context[Any], text: str, handler: Handler) -> None:
        """Call `handler` and send what it answers as one line; a refusal is answered with its sentence."""
        line = line_of(ctx)
        room = self._rooms.by_twitch.get(line.channel_id)
        if room is not None:
            await self._serve(room, line, text, handler)

    async def serve_guest(self, ctx: commands.Context[Any], text: str, handler: Handler) -> None:
        """Serve also a channel that a room has asked for a link; it has no power over that room yet."""
        line = line_of(ctx)
        room = self._rooms.twitch_channels().get(line.channel_id)
        if room is not None:
            await self._serve(room, line, text, handler)

    async def _serve(self, room: Room, line: Line, text: str, handler: Handler) -> None:
        role = self.role_of(line)
        if role is Role.PATRON and self._floods(line.user_id):
            return
        self.notice_host(room, line)
        speech = Speech(room.locale)
        try:
            parts = await handler(Call(line, room, visitor_of(line), role, speech, text))
        except Refusal as problem:
            parts = [refusal(problem, speech)]
        except NotKeptError:
            parts = [refusal(Refusal("not-kept"), speech)]
        except Exception:  # a command that fails must not leave its author without a word
            log.exception("a twitch command failed in room %d", room.id)
            parts = [refusal(Refusal("fault"), speech)]
        if any(parts):
            self._reply(room, parts, line)

    def _reply(self, room: Room, parts: Sequence[str], line: Line) -> None:
        room = self._rooms.by_id.get(room.id, room)  # the command may have changed it
        self._side.reply(room, parts, line.message_id, line.channel_id)

    def welcome(self, room: Room, person_id: int) -> None:
        """Have somebody new told what is kept about them, as whoever plays for the first time is."""
        self._side.notices.add(room, [person_id])

    def suggest(self, line: Line, near: str) -> None:
        """Answer a mistyped command with the nearest one."""
        room = self._rooms.by_twitch.get(line.channel_id)
        if room is not None and not self._floods(line.user_id):
            text = refusal(Refusal("usage", usage=f"!{near}"), Speech(room.locale))
            self._reply(room, [text], line)

    def _floods(self, user_id: str) -> bool:
        now = self._clock.now()
        if len(self._lately) > 1000:
            self._lately = {u: t for u, t in self._lately.items() if t and now - t[-1] < WITHIN}
        times = self._lately.setdefault(user_id, deque(maxlen=MOST_COMMANDS))
        floods = len(times) == MOST_COMMANDS and now - times[0] < WITHIN
        if not floods:
            times.append(now)
        return floods
