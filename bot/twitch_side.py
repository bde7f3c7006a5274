"""Twitch's way out: single lines within the account's budget, one outbox per room, all rooms sharing the budget."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.clock import Clock
from bot.notices import Notices
from bot.outbox import Busy, Outbox, Post, Priority, Refused
from bot.people import People
from bot.session import Announcement
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS, ChatBudget, TwitchAuthError, TwitchBusy, TwitchClient
from bot.wording.refusals import refusal
from bot.wording.speech import Speech, compose
from games.core import Platform, Refusal

SEPARATOR = " · "
"""What stands between the parts of an answer to a command."""

TABLE_EVERY = 3.0
"""Seconds between two lines that say how things stand, so that a lively chat stays readable."""

LOOK_AGAIN = 0.5
"""Seconds after which news that came meanwhile may go before such a line."""

REPLY_PATIENCE = 30.0
"""Seconds after which a reply to a command is no longer worth a line."""


@dataclass(frozen=True, slots=True)
class Words:
    """A line, the message it answers, and the channel it goes to when that is not simply the room's."""

    text: str
    reply_to: str | None = None
    channel_id: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A line on how things stand, composed only when it is said: they change more often than that."""

    compose: Callable[[], str]


Payload = Words | Later


class Renderer(Protocol):
    """Turns what happened in one activity into posts."""

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return posts whose payloads are `Words` or `Later`, of at most 500 characters."""


@dataclass(slots=True)
class _Lane:
    room: Room
    outbox: Outbox
    told_at: float = -TABLE_EVERY


class TwitchSide:
    """Queues lines for every room that has a Twitch channel."""

    platform: Platform = "twitch"

    def __init__(
        self,
        clock: Clock,
        people: People,
        client: Callable[[], TwitchClient | None],
        renderers: Mapping[str, Renderer],
    ) -> None:
        courteously = partial(self.say, priority=Priority.COURTESY)
        self.notices = Notices(clock, people, courteously, Speech)
        self._clock = clock
        self._client = client
        self._renderers = renderers
        self._lanes: dict[int, _Lane] = {}
        self._budget = ChatBudget(self._elevated)

    def announce(self, announcement: Announcement) -> None:
        """Queue what Twitch chat reads of it."""
        lane = self._lane(announcement.room)
        for post in self._renderers[announcement.activity](
            announcement, Speech(announcement.locale)
        ):
            lane.outbox.put(post)
        here = (player.id for player in announcement.newcomers if player.platform == self.platform)
        self.notices.add(announcement.room, here)

    def say(
        self, room: Room, text: str, *, priority: Priority = Priority.NEWS, key: str | None = None
    ) -> None:
        """Queue a line."""
        self._lane(room).outbox.put(Post(Words(text), priority, key))

    def decline(self, room: Room, problem: Refusal) -> None:
        """Queue why something typed does not count, if there is time for it."""
        self.say(room, refusal(problem, Speech(room.locale)), priority=Priority.COURTESY)

    def post(self, room: Room, post: Post) -> None:
        """Queue a post whose payload is `Words` of at most 500 characters."""
        self._lane(room).outbox.put(post)

    def reply(self, room: Room, parts: Sequence[str], reply_to: str, channel_id: str) -> None:
        """Queue an answer to a command where it was given; it is dropped when chat has moved on."""
        text = compose(parts, MOST_CHARACTERS, SEPARATOR)
        self._lane(room).outbox.put(
            Post(Words(text, reply_to, channel_id), Priority.REPLY, None, REPLY_PATIENCE)
        )

    async def settled(self, room_id: int) -> None:
        """Wait until a room's outbox is empty."""
        if (lane := self._lanes.get(room_id)) is not None:
            await lane.outbox.settled()

    def give_up(self) -> None:
        """Forget what waits: the platform will not come back in this run."""
        for lane in self._lanes.values():
            lane.outbox.give_up()

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 (handed on)
        """Send what waits, within `timeout` seconds."""
        self.notices.close()
        await asyncio.gather(*(lane.outbox.close(timeout) for lane in self._lanes.values()))

    def _lane(self, room: Room) -> _Lane:
        lane = self._lanes.get(room.id)
        if lane is None:
            name = f"twitch room {room.id}"
            deliver, wait = partial(self._deliver, room.id), partial(self._wait, room.id)
            lane = self._lanes[room.id] = _Lane(room, Outbox(name, deliver, wait, self._clock))
        lane.room = room
        return lane

    def _elevated(self, channel_id: str) -> bool:
        client = self._client()
        return client is not None and client.elevated(channel_id)

    def _wait(self, room_id: int, post: Post) -> float:
        channel, now = self._channel(room_id, post.payload), self._clock.now()
        wait = self._budget.wait(channel, now) if channel else 0.0
        if isinstance(post.payload, Later):
            early = self._lanes[room_id].told_at + TABLE_EVERY - now
            wait = max(wait, min(early, LOOK_AGAIN))
        return wait

    def _channel(self, room_id: int, payload: Payload) -> str | None:
        elsewhere = payload.channel_id if isinstance(payload, Words) else None
        return elsewhere or self._lanes[room_id].room.twitch_channel_id

    async def _deliver(self, room_id: int, payload: Payload) -> None:
        if isinstance(payload, Later):
            self._lanes[room_id].told_at = self._clock.now()
            payload = Words(payload.compose())
        client, channel = self._client(), self._channel(room_id, payload)
        if channel is None:
            raise Refused("no channel any more")
        if client is None:
            raise Busy
        self._budget.spend(channel, self._clock.now())
        try:
            sent = await client.say(channel, payload.text, reply_to=payload.reply_to)
        except TwitchBusy as error:
            raise Busy(error.retry_after) from error
        except TwitchAuthError as error:
            raise Busy from error
        except ValueError as error:
            raise Refused("length") from error
        if sent.refused is not None:
            raise Refused(sent.refused)
