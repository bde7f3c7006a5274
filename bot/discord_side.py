"""Discord's way out: boards that are edited, few new messages, one outbox per room."""

import asyncio
import io
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
from bot.storage import posters, sessions
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.wording.refusals import refusal
from bot.wording.speech import Speech
from games.core import Platform, Refusal

log = logging.getLogger(__name__)

MOST_WHISPERS = 10_000
"""Direct messages that wait at most."""

EDIT_EVERY = 1.0
"""Seconds between two edits of a room's boards at the least."""


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

    One without a session is the room's own, known by its name for good.
    A `Picture` goes with it when it is first sent, and stays until an edit shows none. One that is `Drawn` is sent
    again whenever it has changed. `every` is how
    many seconds must lie between the last edit and this one.
    """

    session_id: int | None
    name: str
    embed: discord.Embed
    buttons: tuple[discord.ui.Item[Any], ...] = ()
    picture: Picture | Drawn | None = None
    every: float = EDIT_EVERY


@dataclass(frozen=True, slots=True)
class Edit:
    """A board that is brought up to date where it is shown, and is not shown anew where it is not."""

    board: Board


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
class Whisper:
    """A direct message; one sent twice over a crash with the same `nonce` appears once.

    `instead` is called when the person takes no direct messages.
    """

    user_id: str
    text: str
    nonce: str
    instead: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A board that is composed only when it is sent, for what changes more often than it can be shown."""

    session_id: int
    name: str
    compose: Callable[[], Board]


Payload = Board | Words | Later | Edit


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
    messages: dict[tuple[int | None, str], int] = field(default_factory=dict)
    drawn: dict[tuple[int | None, str], Drawing] = field(default_factory=dict)


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
        self._private = Outbox(
            "discord, in private", self._whisper, lambda _: 0.0, clock, MOST_WHISPERS
        )

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

    def decline(self, room: Room, problem: Refusal) -> None:
        """Queue why something typed does not count, if there is time for it."""
        self.say(room, refusal(problem, Speech(room.locale, quoted)), priority=Priority.COURTESY)

    def post(self, room: Room, post: Post) -> None:
        """Queue a post whose payload is a `Board` or `Words`."""
        self._lane(room).outbox.put(post)

    def whisper(self, whisper: Whisper, patience: float | None = None) -> None:
        """Queue a direct message, worth sending for `patience` seconds (None: for ever)."""
        self._private.put(Post(whisper, Priority.NEWS, None, patience))

    async def expire(self, before: int) -> None:
        """Forget which messages show the rooms' own boards of before `before` (microseconds)."""
        async with self._database.transaction() as transaction:
            await posters.erase(transaction, before)

    async def settled(self, room_id: int) -> None:
        """Wait until a room's outbox is empty, and that of direct messages."""
        if (lane := self._lanes.get(room_id)) is not None:
            await lane.outbox.settled()
        await self._private.settled()

    def give_up(self) -> None:
        """Forget what waits: the platform will not come back in this run."""
        self._private.give_up()
        for lane in self._lanes.values():
            lane.outbox.give_up()

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 (handed on)
        """Send what waits, within `timeout` seconds."""
        self.notices.close()
        outboxes = [self._private, *(lane.outbox for lane in self._lanes.values())]
        await asyncio.gather(*(outbox.close(timeout) for outbox in outboxes))

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
        if isinstance(payload, Edit):
            payload = payload.board
        if not isinstance(payload, Board | Later):
            return 0.0
        if (payload.session_id, payload.name) not in lane.messages:
            return 0.0
        every = payload.every if isinstance(payload, Board) else EDIT_EVERY
        return max(0.0, lane.edited_at + every - self._clock.now())

    async def _deliver(self, room_id: int, payload: Payload) -> None:
        lane, client = self._lanes[room_id], self._client()
        if client is None or lane.room.discord_channel_id is None:
            raise Busy
        channel = client.get_partial_messageable(int(lane.room.discord_channel_id))
        with _outcome():
            match payload:
                case Words(text, document):
                    await channel.send(text, file=_attached(document))
                case Board():
                    await self._show(lane, channel, payload)
                case Later():
                    await self._show(lane, channel, payload.compose())
                case Edit(board):
                    await self._bring_up_to_date(lane, channel, board)

    async def _whisper(self, whisper: Whisper) -> None:
        client = self._client()
        if client is None:
            raise Busy
        with _outcome():
            channel = await client.create_dm(discord.Object(int(whisper.user_id)))
            try:
                await channel.send(whisper.text, nonce=whisper.nonce)
            except discord.Forbidden:
                if whisper.instead is None:
                    raise
                whisper.instead()

    async def _show(self, lane: _Lane, channel: discord.PartialMessageable, board: Board) -> None:
        key = (board.session_id, board.name)
        if key not in lane.messages:
            lane.messages = await self._kept(lane.room, board)
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
        file = await picture_of(board, self._pictures)
        message = await channel.send(
            embed=board.embed,
            nonce=_nonce(lane.room, board),
            view=view_of(board) or discord.utils.MISSING,
            file=file or discord.utils.MISSING,
        )
        lane.messages[key] = message.id
        await self._keep(lane.room, board, str(message.id))
        if _is_older(message, board):
            await message.edit(embed=board.embed, view=view_of(board))
        _note_drawn(lane, board)

    async def _bring_up_to_date(
        self, lane: _Lane, channel: discord.PartialMessageable, board: Board
    ) -> None:
        """Edit a board where it is shown, unless it was deleted."""
        message_id = (await self._kept(lane.room, board)).get((board.session_id, board.name))
        if message_id is None:
            return
        lane.edited_at = self._clock.now()
        with suppress(discord.NotFound):
            await self._edit(lane, channel.get_partial_message(message_id), board)

    async def _kept(self, room: Room, board: Board) -> dict[tuple[int | None, str], int]:
        """Return the messages that show the boards of the same session, or this one of the room's own."""
        session, name = board.session_id, board.name
        if session is None:
            message = await posters.message(self._database, room.id, name)
            return {(None, name): int(message)} if message else {}
        kept = await sessions.posts(self._database, session)
        return {(session, known): int(message) for known, message in kept.items()}

    async def _keep(self, room: Room, board: Board, message_id: str) -> None:
        async with self._database.transaction() as transaction:
            if board.session_id is None:
                at = self._clock.wall()
                await posters.keep(transaction, room.id, board.name, message_id, at)
            else:
                await sessions.keep_post(transaction, board.session_id, board.name, message_id)

    async def _edit(self, lane: _Lane, message: discord.PartialMessage, board: Board) -> None:
        attachments = discord.utils.MISSING
        shown = lane.drawn.get((board.session_id, board.name))
        if isinstance(board.picture, Drawn) and board.picture.drawing != shown:
            file = await picture_of(board, self._pictures)
            attachments = [] if file is None else [file]
        await message.edit(embed=board.embed, view=view_of(board), attachments=attachments)
        _note_drawn(lane, board)


@contextmanager
def _outcome() -> Iterator[None]:
    """Tell what Discord refuses for good from what may be tried again."""
    try:
        yield
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


def _nonce(room: Room, board: Board) -> str:
    """Return what Discord knows a message by for some minutes, so that one sent twice over a crash appears once."""
    owner = f"r{room.id}" if board.session_id is None else str(board.session_id)
    return f"{owner}-{board.name}"


def _is_older(message: discord.Message, board: Board) -> bool:
    """Whether Discord knew the nonce and gave back what was sent before a crash, which may say something else."""
    return [embed.description for embed in message.embeds] != [board.embed.description]


def _attached(document: Document | None) -> Any:
    """Return what the library attaches."""
    if document is None:
        return discord.utils.MISSING
    return discord.File(io.BytesIO(document.text.encode()), document.name)


def _note_drawn(lane: _Lane, board: Board) -> None:
    if isinstance(board.picture, Drawn):
        lane.drawn[board.session_id, board.name] = board.picture.drawing


async def picture_of(board: Board, pictures: Pictures) -> discord.File | None:
    """Return the picture of a board as the library sends it, if it has one that can be drawn."""
    match board.picture:
        case None:
            return None
        case Drawn(name, alt, drawing):
            try:
                data = await pictures.png(drawing)
            except Exception:  # a board without its picture is still a board
                log.exception("a picture could not be drawn")
                return None
        case Picture(name, alt, data):
            pass
    return discord.File(io.BytesIO(data), name, description=alt or None)


def view_of(board: Board) -> discord.ui.View | None:
    """Return the controls of a board as the library sends them."""
    if not board.buttons:
        return None
    view = discord.ui.View(timeout=None)
    for button in board.buttons:
        view.add_item(button)
    return view
