"""Which host was last at work in each room: whom a warning goes to, and whether anybody is there. In memory alone."""

from dataclasses import dataclass

from bot.clock import Clock
from bot.people import Visitor


@dataclass(frozen=True, slots=True)
class Seen:
    """A host, when they were seen (microseconds), and the message to answer, with its channel, if it can be."""

    visitor: Visitor
    at: int
    source: str | None = None
    channel_id: str | None = None


class Hosts:
    """The last host of each room who said a word or pressed anything."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since = clock.wall()
        self._seen: dict[int, Seen] = {}

    def seen(
        self,
        room_id: int,
        visitor: Visitor,
        source: str | None = None,
        channel_id: str | None = None,
    ) -> None:
        """Note that a host is there."""
        self._seen[room_id] = Seen(visitor, self._clock.wall(), source, channel_id)

    def last(self, room_id: int) -> Seen | None:
        """Return whoever was seen last in this run."""
        return self._seen.get(room_id)

    def absent(self, room_id: int, seconds: float) -> bool:
        """Whether no host was seen for so long; False as long as this run has not listened for that time itself."""
        seen = self._seen.get(room_id)
        since = self._since if seen is None else max(seen.at, self._since)
        return self._clock.wall() - since > seconds * 1_000_000
