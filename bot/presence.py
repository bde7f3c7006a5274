"""Which platforms are within reach, and telling the rooms of the other one when theirs is not."""

from collections.abc import Iterable
from typing import Protocol

from bot.clock import Clock, Timer
from bot.storage.rooms import Room
from bot.wording import room as words
from bot.wording.speech import Speech
from games.core import Platform

PATIENCE = 5.0
"""Seconds of absence before anybody is told: most reconnections are quicker."""

OTHER: dict[Platform, Platform] = {"discord": "twitch", "twitch": "discord"}


class Teller(Protocol):
    """A platform's way to say a sentence in a room."""

    def say(self, room: Room, text: str) -> None:
        """Queue a sentence."""


class Rooms(Protocol):
    """Where something is going on."""

    def busy(self) -> Iterable[Room]:
        """Return the rooms that play now."""


class Presence:
    """Tells rooms that play on both platforms when one goes out of reach, and when it is back."""

    def __init__(self, clock: Clock, rooms: Rooms, tellers: dict[Platform, Teller]) -> None:
        self._clock = clock
        self._rooms = rooms
        self._tellers = tellers
        self._waiting: dict[Platform, Timer] = {}
        self._told: dict[Platform, list[Room]] = {}
        self._closed = False

    def down(self, platform: Platform) -> None:
        """A platform went out of reach."""
        if self._closed:
            return
        if platform not in self._waiting and platform not in self._told:
            self._waiting[platform] = self._clock.call_later(PATIENCE, lambda: self._tell(platform))

    def up(self, platform: Platform) -> None:
        """A platform is within reach (again)."""
        if (timer := self._waiting.pop(platform, None)) is not None:
            timer.cancel()
        for room in self._told.pop(platform, []):
            self._tellers[OTHER[platform]].say(
                room, words.other_platform_back(platform, Speech(room.locale))
            )

    def close(self) -> None:
        """Tell nobody any more."""
        self._closed = True
        for timer in self._waiting.values():
            timer.cancel()
        self._waiting.clear()

    def _tell(self, platform: Platform) -> None:
        self._waiting.pop(platform, None)
        both = [r for r in self._rooms.busy() if r.discord_channel_id and r.twitch_channel_id]
        self._told[platform] = both
        for room in both:
            self._tellers[OTHER[platform]].say(
                room, words.other_platform_down(platform, Speech(room.locale))
            )
