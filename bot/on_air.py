"""Whether a text that is read aloud may be: the host is warned in one sentence, and nothing is ever held up."""

import asyncio
import logging
from collections.abc import Iterator
from typing import Protocol

from bot.hosts import Hosts, Seen
from bot.rights import Rights
from bot.session import Announcement
from bot.storage.rooms import Room
from bot.wording.rights import warned
from bot.wording.speech import Speech
from games.core import Platform
from games.pause import Aside, Opened, Turned
from games.rights import Verdict, Work
from games.turns import Called, Changed, Reading

log = logging.getLogger(__name__)


class Warn(Protocol):
    """One platform's way to tell a host something, as privately as it can. Nothing here waits."""

    def __call__(self, room: Room, host: Seen, work: Work, verdict: Verdict) -> None:
        """Queue a warning."""


class OnAir:
    """Listens to pauses as a side of the hall, for the hosts of one platform."""

    def __init__(self, platform: Platform, rights: Rights, hosts: Hosts, warn: Warn) -> None:
        self.platform: Platform = platform
        self._rights = rights
        self._hosts = hosts
        self._warn = warn
        self._checking: set[asyncio.Task[None]] = set()

    def announce(self, announcement: Announcement) -> None:
        """Look up what is read aloud from now on."""
        host = self._hosts.last(announcement.room.id)
        if host is None or host.visitor.platform != self.platform:
            return
        for text in _begun(announcement):
            checking = asyncio.create_task(
                self._check(announcement.room, host, text),
                name=f"session {announcement.session_id} rights",
            )
            self._checking.add(checking)
            checking.add_done_callback(self._checking.discard)

    async def settled(self, room_id: int) -> None:  # noqa: ARG002 (a side's signature)
        """Wait until everything has been looked up."""
        await asyncio.gather(*self._checking)

    def give_up(self) -> None:
        """Look up nothing more."""
        for checking in self._checking:
            checking.cancel()

    async def _check(self, room: Room, host: Seen, text: Reading) -> None:
        try:
            found = await doubt(self._rights, room, text)
            if found is not None:
                self._warn(room, host, *found)
        except Exception:  # a register that fails must not stop who reads
            log.exception("a text on air could not be looked up in room %d", room.id)


async def doubt(rights: Rights, room: Room, text: Reading) -> tuple[Work, Verdict] | None:
    """Return a work and its verdict when it has no right that holds today; None for one that has, or for no work."""
    if not text.work:
        return None
    verdict = await rights.check(text.work, text.author, rights.today(room), replay=True)
    if verdict.validity in ("valid", "live-only"):
        return None
    return Work(0, text.work, text.author, ()), verdict


async def warning(rights: Rights, room: Room, text: Reading, speech: Speech) -> str:
    """Return the sentence that warns a host of a text without a right; empty for one that has."""
    found = await doubt(rights, room, text)
    return warned(*found, speech) if found is not None else ""


def _begun(announcement: Announcement) -> Iterator[Reading]:
    """Yield the works whose reading has begun, unless a host has just named them and was told then."""
    aside = announcement.scene.facts
    turns = aside.turns if isinstance(aside, Aside) else None
    for event in announcement.events:
        match event:
            case Opened(planned=True, text=text):
                yield text
            case Turned(Called(_, text)) if text.work:
                yield text
            case Turned(Changed(by, text)) if turns and turns.reader == by and text.work:
                yield text
