"""Quiet rooms: a chat is slow, or takes only emotes, while what runs in its room asks for it; then it is as before.

Before anything is changed, how the chat was is committed to the database; the row goes once the platform has taken the
former settings back. So every way out gives them back: the end, a stop, a fault, a crash (at the next start). What
somebody changed by hand meanwhile is theirs and stays. Each platform has a `Quiet` of its own, a side of the hall that
hears what was committed; its calls are next door (`discord_quiet.py`, `twitch_quiet.py`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol, cast

from bot.clock import Clock
from bot.outbox import Busy
from bot.session import Announcement, Session, Suspended
from bot.storage import quiet
from bot.storage.database import Database
from bot.storage.quiet import Kept
from bot.storage.rooms import Room
from bot.wording import quiet as words
from bot.wording.speech import Speech
from games.core import Platform

log = logging.getLogger(__name__)

Mode = Literal["slow", "emotes"]
MODES: Final[Mapping[str, Mode]] = {"slow": "slow", "emotes": "emotes"}
"""What a scene may ask for; anything else asks for nothing."""

Settings = Mapping[str, int]
"""How a chat is set, as far as it can be: `slow` is the seconds that people wait between two messages (0 for none),
`emotes` is 1 when they may say nothing but emotes."""

CALM: Final[Mapping[Mode, tuple[str, int]]] = {"slow": ("slow", 30), "emotes": ("emotes", 1)}
"""The setting that makes a mode, and its least value. A chat that is calmer already stays as it is."""

LONGEST_WAIT: Final = 60.0
"""Seconds between two tries at the most, while a platform is out of reach."""

DENIED_WAIT: Final = 600.0
"""Seconds until the bot asks again for what it may no longer give back: somebody may have let it."""


class Denied(Exception):
    """The bot lacks a permission; `code` names it (`bot/wording/quiet.py`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Chats(Protocol):
    """The chats of one platform. Both calls may raise `Busy` (for now) and `Denied`; other errors are faults."""

    platform: Platform
    modes: frozenset[Mode]

    def channel(self, room: Room) -> str | None:
        """Return the id of the room's channel on this platform."""

    async def read(self, channel_id: str) -> Settings:
        """Return how a chat is set now; nothing at all for one that is gone or cannot be set."""

    async def change(self, channel_id: str, changes: Settings) -> None:
        """Change these settings and no others."""


@dataclass(slots=True, eq=False)
class _Place:
    """One channel: what is asked for it, what it was before, and the task that brings the two together."""

    channel_id: str
    room: Room
    session_id: int = 0
    wish: Mode | None = None
    kept: Kept | None = None
    denied: bool = False
    nudge: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


_Step = Callable[[_Place], Awaitable[None]]


class Quiet:
    """Keeps the chats of one platform as quiet as their rooms ask, and gives them back as they were."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        chats: Chats,
        running: Callable[[int], Session | None],
        tell: Callable[[Room, str], None],
    ) -> None:
        """`running` returns the session of a room; `tell` says a sentence in a room, on this platform."""
        self.platform = chats.platform
        self._database = database
        self._clock = clock
        self._chats = chats
        self._running = running
        self._tell = tell
        self._places: dict[str, _Place] = {}
        self._told: dict[tuple[str, str], int] = {}
        self._closed = False

    # what others ask

    async def open(self, rooms: Mapping[int, Room]) -> None:
        """Find what a former run left, and give back what no session goes on with.

        Where one does, its first announcement says whether quiet is still wanted.
        """
        for kept in await quiet.load(self._database, self.platform):
            session = self._running(kept.room_id)
            goes_on = session is not None and not session.paused
            wish = cast("Mode", kept.mode) if goes_on else None
            place = _Place(kept.channel_id, rooms[kept.room_id], wish=wish, kept=kept)
            self._places[kept.channel_id] = place
            self._stir(place)

    def wake(self) -> None:
        """Say that the platform is there: what was left undone is tried now."""
        for place in list(self._places.values()):
            self._stir(place)

    def announce(self, announcement: Announcement) -> None:
        """Compare what a session asks for with how things are; one that stands still or is over asks for nothing."""
        mode = MODES.get(announcement.scene.quiet) if self._goes_on(announcement) else None
        if mode is not None:
            self.hush(announcement.room, mode, announcement.session_id)
        else:
            self.lift(announcement.room)

    async def settled(self, room_id: int) -> None:
        """Return at once: what a chat is owed is in the database, so an end need not wait for it."""

    def hush(self, room: Room, mode: Mode, session_id: int) -> None:
        """Make a room's chat quiet, soon; a platform that lacks the mode makes it slow."""
        channel_id = self._chats.channel(room)
        if channel_id is None or self._closed:
            return
        place = self._places.setdefault(channel_id, _Place(channel_id, room))
        place.room, place.session_id = room, session_id
        self._ask(place, mode if mode in self._chats.modes else "slow")

    def lift(self, room: Room) -> None:
        """Give a room's chat its former settings back, soon."""
        place = self._places.get(self._chats.channel(room) or "")
        if place is not None and not self._closed:
            self._ask(place, None)

    async def close(self, timeout: float) -> None:  # noqa: ASYNC109 (the drain is bounded by its caller)
        """Give every chat its settings back, within `timeout` seconds: nobody knows when the program will be back."""
        if not self._closed:
            for place in list(self._places.values()):
                place.wish = None
                self._stir(place)
        self._closed = True
        tasks = [place.task for place in self._places.values() if place.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=timeout)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def give_up(self) -> None:
        """Stop at once; the next run finds in the database what is to be given back."""
        self._closed = True
        for place in self._places.values():
            if place.task is not None:
                place.task.cancel()

    def _goes_on(self, announcement: Announcement) -> bool:
        session = self._running(announcement.room.id)
        if session is None or session.id != announcement.session_id or announcement.paused:
            return False
        return not any(isinstance(event, Suspended) for event in announcement.events)

    # bringing what is to what is asked

    def _ask(self, place: _Place, wish: Mode | None) -> None:
        if wish != place.wish:
            place.wish, place.denied = wish, False
            self._stir(place)

    def _stir(self, place: _Place) -> None:
        """Go on with a place now, whatever it waits for."""
        place.nudge.set()
        if self._closed or (place.task is not None and not place.task.done()):
            return
        if self._next(place) is not None:
            name = f"quiet {self.platform} {place.channel_id}"
            place.task = asyncio.create_task(self._settle(place), name=name)
        else:
            self._leave(place)

    def _next(self, place: _Place) -> _Step | None:
        kept = place.kept
        if kept is not None and kept.mode != place.wish:
            return self._give_back
        if place.wish is None or place.denied or (kept is not None and kept.changed):
            return None
        return self._quieten

    async def _settle(self, place: _Place) -> None:
        failures = 0
        while (step := self._next(place)) is not None:
            place.nudge.clear()
            wait = await self._attempt(place, step, failures)
            failures = failures + 1 if wait else 0
            if wait:
                await self._rest(place, wait)
        self._leave(place)

    async def _rest(self, place: _Place, seconds: float) -> None:
        timer = self._clock.call_later(seconds, place.nudge.set)
        try:
            await place.nudge.wait()
        finally:
            timer.cancel()

    def _leave(self, place: _Place) -> None:
        """Forget a place that owes and is owed nothing."""
        if place.wish is None and place.kept is None:
            self._places.pop(place.channel_id, None)

    async def _attempt(self, place: _Place, step: _Step, failures: int) -> float:
        """Take a step; return the seconds to wait before the next try, 0 when it was taken."""
        try:
            await step(place)
        except Busy as busy:
            return max(busy.retry_after or 0.0, _back_off(failures))
        except Denied:
            log.warning("%s channel %s cannot be given back", self.platform, place.channel_id)
            self._tell_once(place, "not-given-back")
            return DENIED_WAIT
        except Exception:  # the disk, an answer nobody foresaw: what a chat is owed it gets later
            log.exception("%s channel %s: quiet failed", self.platform, place.channel_id)
            return _back_off(failures)
        return 0.0

    async def _quieten(self, place: _Place) -> None:
        """Make a chat quiet; without the permission, say what is missing and leave it."""
        try:
            await self._make_quiet(place)
        except Denied as denied:
            place.denied = True
            self._tell_once(place, denied.code)

    async def _make_quiet(self, place: _Place) -> None:
        mode, now = place.wish, await self._chats.read(place.channel_id)
        if mode is None or mode != place.wish:
            return
        kept = self._plan(place, mode, now)
        changes = _differences(now, kept.wanted)
        await self._keep(place, kept)
        if changes:
            try:
                await self._chats.change(place.channel_id, changes)
            except Denied:
                await self._forget(place)
                raise
        await self._keep(place, replace(kept, changed=True))
        log.info("%s channel %s is quiet (%s)", self.platform, place.channel_id, mode)

    def _plan(self, place: _Place, mode: Mode, now: Settings) -> Kept:
        """Return what is to be kept before a chat is changed. A try that was cut short may have changed it already."""
        before = _without(place.kept, now)
        wanted = _calmer(mode, before)
        return Kept(
            self.platform,
            place.channel_id,
            place.room.id,
            mode,
            former={name: before[name] for name in wanted},
            wanted=wanted,
            changed=False,
            at=self._clock.wall(),
        )

    async def _give_back(self, place: _Place) -> None:
        now = await self._chats.read(place.channel_id)
        changes = _differences(now, _without(place.kept, now))
        if changes:
            await self._chats.change(place.channel_id, changes)
        await self._forget(place)
        log.info("%s channel %s is as before", self.platform, place.channel_id)

    async def _keep(self, place: _Place, kept: Kept) -> None:
        async with self._database.transaction() as transaction:
            await quiet.keep(transaction, kept)
        place.kept = kept

    async def _forget(self, place: _Place) -> None:
        async with self._database.transaction() as transaction:
            await quiet.forget(transaction, self.platform, place.channel_id)
        place.kept = None

    def _tell_once(self, place: _Place, code: str) -> None:
        """Tell the room what is wrong, once in a session."""
        key = (place.channel_id, code)
        if self._told.get(key) != place.session_id:
            self._told[key] = place.session_id
            self._tell(place.room, words.missing(code, Speech(place.room.locale)))


def _without(kept: Kept | None, now: Settings) -> Settings:
    """Return how a chat would be without us: what holds our value as it was, anything else as somebody made it."""
    if kept is None:
        return now
    ours = {name for name, value in kept.wanted.items() if now.get(name) == value}
    return {name: kept.former[name] if name in ours else value for name, value in now.items()}


def _calmer(mode: Mode, now: Settings) -> Settings:
    """Return what must change for a mode: nothing in a chat that is as calm already, or knows no such setting."""
    name, least = CALM[mode]
    return {name: least} if now.get(name, least) < least else {}


def _differences(now: Settings, wanted: Settings) -> Settings:
    return {name: value for name, value in wanted.items() if now.get(name) != value}


def _back_off(failures: int) -> float:
    return min(LONGEST_WAIT, 0.5 * 2.0 ** min(failures, 10))
