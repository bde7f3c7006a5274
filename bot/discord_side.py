"""Discord's way out: boards that are edited, few new messages, one outbox per room."""

import asyncio
import io
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

import aiohttp
import discord

from bot.clock import Clock
from bot.discord_client import quoted
from bot.notices import Notices
from bot.outbox import Busy, Outbox, Post, Priority, Refused
from bot.people import People
from bot.pictures import Drawing, Pictures
from bot.session import Announcement
from bot.storage import sessions
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.wording.speech import Speech
from games.core import Platform

log = logging.getLogger(__name__)

EDIT_EVERY = 1.0
"""Seconds between two edits of a room's boards."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a message; `alt` says what it shows."""

    name: str
    alt: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that is drawn when its message is sent; `alt` says what it shows."""

    name: str
    alt: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Board:
    """A message that is edited in place: `name` tells the boards of one session apart.

    A `Picture` goes with it when it is first sent, and stays until an edit shows none. One that is `Drawn` is sent
    again whenever it has changed.
    """

    session_id: int
    name: str
    embed: discord.Embed
    buttons: tuple[discord.ui.Item[Any], ...] = ()
    picture: Picture | Drawn | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text file that goes with a message."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A message of its own, with a file if there is one to keep."""

    text: str
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A board that is composed only when it is sent, for what changes more often than it can be shown."""

    session_id: int
    name: str
    compose: Callable[[], Board]


Payload = Board | Words | Later


class Renderer(Protocol):
    """Turns what happened in one activity into posts."""

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return posts whose payloads are `Board`, `Words` or `Later`."""


@dataclass(slots=True)
class _Lane:
    """One room's outbox and what it needs to remember."""

    room: Room
    outbox: Outbox
    edited_at: float = -EDIT_EVERY
    messages: dict[tuple[int, str], int] = field(default_factory=dict)
    drawn: dict[tuple[int, str], Drawing] = field(default_factory=dict)


class DiscordSide:
    """Queues posts for every room that has a Discord channel."""

    platform: Platform = "discord"

    def __init__(
        self,
        database: Database,
        clock: Clock,
        people: People,
        client: Callable[[], discord.Client | None],
        renderers: Mapping[str, Renderer],
        pictures: Pictures,
    ) -> None:
        self._pictures = pictures
        self.notices = Notices(clock, people, self._notify, partial(Speech, quote=quoted))
        self._database = database
        self._clock = clock
        self._client = client
        self._renderers = renderers
        self._lanes: dict[int, _Lane] = {}

    def announce(self, announcement: Announcement) -> None:
        """Queue what Discord shows of it."""
        speech = Speech(announcement.locale, quoted)
        lane = self._lane(announcement.room)
        for post in self._renderers[announcement.activity](announcement, speech):
            lane.outbox.put(post)
        here = (player.id for player in announcement.newcomers if player.platform == self.platform)
        self.notices.add(announcement.room, here)

    def _notify(self, room: Room, text: str) -> None:
        self.say(room, f"-# {text}", priority=Priority.COURTESY)

    def say(
        self, room: Room, text: str, *, priority: Priority = Priority.NEWS, key: str | None = None
    ) -> None:
        """Queue a message of its own."""
        self._lane(room).outbox.put(Post(Words(text), priority, key))

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
            outbox = Outbox(
                f"discord room {room.id}",
                partial(self._deliver, room.id),
                partial(self._wait, room.id),
                self._clock,
            )
            lane = self._lanes[room.id] = _Lane(room, outbox)
        lane.room = room
        return lane

    def _wait(self, room_id: int, post: Post) -> float:
        lane, payload = self._lanes[room_id], post.payload
        board = isinstance(payload, Board | Later)
        known = board and (payload.session_id, payload.name) in lane.messages
        return max(0.0, lane.edited_at + EDIT_EVERY - self._clock.now()) if known else 0.0

    async def _deliver(self, room_id: int, payload: Payload) -> None:
        lane, client = self._lanes[room_id], self._client()
        if client is None or lane.room.discord_channel_id is None:
            raise Busy
        channel = client.get_partial_messageable(int(lane.room.discord_channel_id))
        try:
            match payload:
                case Words(text, document):
                    await channel.send(text, file=_attached(document))
                case Board():
                    await self._show(lane, channel, payload)
                case Later():
                    await self._show(lane, channel, payload.compose())
        except discord.RateLimited as error:
            raise Busy(error.retry_after) from error
        except discord.DiscordServerError as error:
            raise Busy from error
        except discord.HTTPException as error:
            if error.status == 429:
                raise Busy from error
            raise Refused(f"{error.status} {error.code}") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Busy from error

    async def _show(self, lane: _Lane, channel: discord.PartialMessageable, board: Board) -> None:
        key = (board.session_id, board.name)
        if key not in lane.messages:
            kept = await sessions.posts(self._database, board.session_id)
            lane.messages = {
                (board.session_id, name): int(message) for name, message in kept.items()
            }
            lane.drawn = {
                known: drawing for known, drawing in lane.drawn.items() if known in lane.messages
            }
        lane.edited_at = self._clock.now()
        if (message_id := lane.messages.get(key)) is not None:
            try:
                await self._edit(lane, channel.get_partial_message(message_id), board)
            except discord.NotFound:
                lane.messages.pop(key)
            else:
                return
        file = await self._file(board)
        message = await channel.send(
            embed=board.embed,
            nonce=f"{board.session_id}-{board.name}",
            view=_view(board) or discord.utils.MISSING,
            file=file or discord.utils.MISSING,
        )
        lane.messages[key] = message.id
        _note_drawn(lane, board)
        async with self._database.transaction() as transaction:
            await sessions.keep_post(transaction, board.session_id, board.name, str(message.id))

    async def _edit(self, lane: _Lane, message: discord.PartialMessage, board: Board) -> None:
        attachments = discord.utils.MISSING
        shown = lane.drawn.get((board.session_id, board.name))
        if isinstance(board.picture, Drawn) and board.picture.drawing != shown:
            file = await self._file(board)
            attachments = [] if file is None else [file]
        await message.edit(embed=board.embed, view=_view(board), attachments=attachments)
        _note_drawn(lane, board)

    async def _file(self, board: Board) -> discord.File | None:
        match board.picture:
            case None:
                return None
            case Drawn(name, alt, drawing):
                try:
                    data = await self._pictures.png(drawing)
                except Exception:  # a board without its picture is still a board
                    log.exception("a picture could not be drawn")
                    return None
            case Picture(name, alt, data):
                pass
        return discord.File(io.BytesIO(data), name, description=alt or None)


def _attached(document: Document | None) -> Any:
    """Return what the library attaches."""
    if document is None:
        return discord.utils.MISSING
    return discord.File(io.BytesIO(document.text.encode()), document.name)


def _note_drawn(lane: _Lane, board: Board) -> None:
    if isinstance(board.picture, Drawn):
        lane.drawn[board.session_id, board.name] = board.picture.drawing


def _view(board: Board) -> discord.ui.View | None:
    if not board.buttons:
        return None
    view = discord.ui.View(timeout=None)
    for button in board.buttons:
        view.add_item(button)
    return view
