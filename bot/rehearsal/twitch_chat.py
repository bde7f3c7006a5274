"""Chat on the rehearsal Twitch: what is said, sent, removed, and what is refused.

Limits from dev.twitch.tv/docs/chat: 20 lines in 30 s an account (100 where it is broadcaster, moderator or VIP), one a
second in a channel where it is none of these, no line twice within 30 s by a non-moderator. A room's settings (slow
mode, emotes only) hold back whoever is none of these, too.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.rehearsal import twitch_events as events
from bot.rehearsal import twitch_settings
from bot.rehearsal.twitch_http import Refused
from bot.rehearsal.twitch_sockets import Sockets
from bot.rehearsal.twitch_world import Channel, ChatLine, User, World

TEXT_MAX = 500
RAISED = frozenset({"broadcaster", "moderator", "lead_moderator", "vip"})


@dataclass(frozen=True, slots=True)
class Drop:
    """Why a line was not sent; Twitch does not document the codes."""

    code: str
    message: str


DUPLICATE = Drop(
    "msg_duplicate",
    "Your message was not sent because it is identical to the previous one you sent, "
    "less than 30 seconds ago.",
)
TOO_FAST = Drop(
    "msg_ratelimit",
    "Your message was not sent because you are sending messages too quickly.",
)
TOO_LONG = Drop("msg_too_long", "Your message is too long.")
TIMED_OUT = Drop("user_timed_out", "You are timed out in this channel.")
EMOTES_ONLY = Drop(
    "msg_emoteonly",
    "This room is in emote-only mode. You can find your currently available emoticons using the smiley "
    "in the chat text area.",
)


def too_soon(wait: float) -> Drop:
    """Return the drop of a line that comes `wait` seconds too soon for slow mode."""
    return Drop(
        "msg_slowmode",
        "This room is in slow mode and you are sending messages too quickly. You will be able to talk again in "
        f"{math.ceil(wait)} seconds.",
    )


@dataclass(slots=True)
class Limits:
    """The figures of the chat limits; a benchmark may raise them."""

    plain: int = 20
    raised: int = 100
    window: float = 30.0
    spacing: float = 1.0
    repeat: float = 30.0


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted line, as the limits remember it."""

    at: float
    channel_id: str
    text: str
    raised: bool


class Pace:
    """Counts what one account sent."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._sent: deque[Sent] = deque()

    def refusal(self, channel: Channel, user: User, text: str) -> Drop | None:
        """Return why this line may not be sent now, or None."""
        now = self._clock()
        while self._sent and self._sent[0].at <= now - max(
            self._limits.window, self._limits.repeat
        ):
            self._sent.popleft()
        if not channel.moderated_by(user.id) and self._repeated(channel, text, now):
            return DUPLICATE
        if self._full(channel, user, now):
            return TOO_FAST
        return None

    def note(self, channel: Channel, user: User, text: str) -> None:
        """Count an accepted line."""
        raised = _raised(channel, user)
        self._sent.append(Sent(self._clock(), channel.owner.id, text, raised))

    def _repeated(self, channel: Channel, text: str, now: float) -> bool:
        since = now - self._limits.repeat
        return any(
            item.at > since and item.text == text and item.channel_id == channel.owner.id
            for item in self._sent
        )

    def _full(self, channel: Channel, user: User, now: float) -> bool:
        count = sum(item.at > now - self._limits.window for item in self._sent)
        if _raised(channel, user):
            return count >= self._limits.raised
        return count >= self._limits.plain or any(
            item.channel_id == channel.owner.id and item.at > now - self._limits.spacing
            for item in self._sent
        )


class Chat:
    """Every way in which a room's lines change; each tells the subscribed sockets."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.limits = Limits()
        self.rejections: deque[Drop] = deque()
        self.sends = 0
        self.rate_violations = 0
        self._world = world
        self._sockets = sockets
        self._paces: dict[str, Pace] = {}

    async def say(
        self,
        channel: Channel,
        user: User,
        text: str,
        *,
        message_id: str | None = None,
        source: Channel | None = None,
        reply_to: str | None = None,
    ) -> ChatLine:
        """Let a person say something; a known `message_id` is delivered again under the same id.

        The line returned has `refused` when the person is timed out, the text too long, or the room's settings
        against it.
        """
        line = self._world.new_line(channel, user, text, id=message_id, reply_to=reply_to)
        drop = TOO_LONG if len(text) > TEXT_MAX else self._silenced(channel, user)
        drop = drop or self._held_back(channel, user, text)
        if drop is not None:
            return self._refuse(channel, line, drop)
        await self._publish(channel, line, source)
        return line

    async def send(self, channel: Channel, user: User, text: str, reply_to: str | None) -> ChatLine:
        """Send through the API; the line returned has `refused` when Twitch drops it.

        Raises Refused for what is an error of the request itself.
        """
        self.sends += 1
        self._check(channel, text, reply_to)
        drop = self._drop(channel, user, text)
        line = self._world.new_line(channel, user, text, reply_to=reply_to)
        if drop is not None:
            return self._refuse(channel, line, drop)
        self._pace(user).note(channel, user, text)
        await self._publish(channel, line, None)
        return line

    async def announce(self, channel: Channel, user: User, text: str) -> None:
        """Show an announcement; like Twitch, cut it at 500 characters and send no chat message event."""
        channel.add(self._world.new_line(channel, user, text[:TEXT_MAX]))
        self._world.changed()

    async def delete(self, channel: Channel, line_id: str) -> None:
        """Remove one line; LookupError when there is no such line."""
        line = channel.lines[line_id]
        channel.strike([line_id])
        await self._tell(
            "channel.chat.message_delete", channel, events.message_delete(channel, line)
        )

    async def timeout(self, channel: Channel, user: User, seconds: float) -> None:
        """Silence a user and remove all their lines."""
        channel.timeouts[user.id] = self._world.clock() + seconds
        channel.strike(key for key, line in channel.lines.items() if line.user_id == user.id)
        event = events.clear_user_messages(channel, user)
        await self._tell("channel.chat.clear_user_messages", channel, event)

    async def clear(self, channel: Channel) -> None:
        """Remove every line."""
        channel.strike(channel.lines)
        await self._tell("channel.chat.clear", channel, events.clear(channel))

    async def change_settings(self, channel: Channel, body: Any) -> None:
        """Change the room's settings, named as in Helix; Refused(400) when they cannot be so."""
        channel.settings = twitch_settings.changed(channel.settings, body)
        await self._tell("channel.chat_settings.update", channel, events.chat_settings(channel))

    async def _publish(self, channel: Channel, line: ChatLine, source: Channel | None) -> None:
        channel.add(line)
        event = events.message(self._world, channel, line, source)
        await self._tell("channel.chat.message", channel, event)

    async def _tell(self, kind: str, channel: Channel, event: dict[str, object]) -> None:
        await self._sockets.deliver(kind, {"broadcaster_user_id": channel.owner.id}, event)
        self._world.changed()

    def _check(self, channel: Channel, text: str, reply_to: str | None) -> None:
        if not text.strip():
            raise Refused(400, 'Missing required parameter "message"')
        if len(text) > TEXT_MAX:
            raise Refused(422, "The message is too large")
        if reply_to is not None and reply_to not in channel.lines:
            raise Refused(400, "The ID in reply_parent_message_id is not valid")

    def _drop(self, channel: Channel, user: User, text: str) -> Drop | None:
        if self.rejections:
            return self.rejections.popleft()
        drop = (
            self._silenced(channel, user)
            or self._held_back(channel, user, text)
            or self._pace(user).refusal(channel, user, text)
        )
        if drop is TOO_FAST:
            self.rate_violations += 1
        return drop

    def _silenced(self, channel: Channel, user: User) -> Drop | None:
        return TIMED_OUT if channel.timeouts.get(user.id, 0.0) > self._world.clock() else None

    def _held_back(self, channel: Channel, user: User, text: str) -> Drop | None:
        """Return why the room's settings hold a line back; broadcaster, moderators and VIPs are above them."""
        if _raised(channel, user):
            return None
        if channel.emotes_only and not events.only_emotes(text):
            return EMOTES_ONLY
        spoke_at = channel.spoke_at(user.id) if channel.slow else None
        wait = 0.0 if spoke_at is None else spoke_at + channel.slow - self._world.clock()
        return too_soon(wait) if wait > 0 else None

    def _refuse(self, channel: Channel, line: ChatLine, drop: Drop) -> ChatLine:
        refused = replace(line, refused=f"{drop.code}: {drop.message}")
        channel.add(refused)
        self._world.changed()
        return refused

    def _pace(self, user: User) -> Pace:
        return self._paces.setdefault(user.id, Pace(self.limits, self._world.clock))


def _raised(channel: Channel, user: User) -> bool:
    return not RAISED.isdisjoint(channel.badges_of(user.id))
