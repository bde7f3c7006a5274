"""How often the bot may speak on Twitch: pure arithmetic on a clock that the caller reads.

Twitch counts chat messages per account over 30 seconds: 100 to channels where the bot is broadcaster,
moderator or VIP ("elevated"), elsewhere 20 (in which the elevated ones count too) and one per second and
channel. Whoever exceeds this is ignored for up to an hour (https://dev.twitch.tv/docs/chat/#rate-limits).
Sending itself is the outbox's.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

PLAIN: Final = 20
ELEVATED: Final = 100
# Twitch measures at its door, we at ours: the network may bring two sends closer together than we made them.
WINDOW_S: Final = 30.5
GAP_S: Final = 1.1
_FORGET_ABOVE: Final = 256


class ChatBudget:
    """What one bot account may still send.

    `elevated(channel_id)` tells whether the bot is known to be broadcaster, moderator or VIP there. `now` is
    in seconds on any clock that never goes back. The budget must outlive a client that is rebuilt: Twitch's
    count does.
    """

    def __init__(self, elevated: Callable[[str], bool] = lambda _channel: False) -> None:
        self._elevated = elevated
        self._sent: deque[float] = deque()
        self._last: dict[str, float] = {}

    def wait(self, channel_id: str, now: float) -> float:
        """Seconds until a message to this channel is allowed; 0.0 means now."""
        self._expire(now)
        if self._elevated(channel_id):
            return self._until_fewer_than(ELEVATED, now)
        gap = self._last.get(channel_id, now - GAP_S) + GAP_S - now
        return max(0.0, gap, self._until_fewer_than(PLAIN, now))

    def spend(self, channel_id: str, now: float) -> None:
        """Count one message to this channel, whether or not Twitch took it."""
        self._expire(now)
        self._sent.append(now)
        self._last[channel_id] = now
        if len(self._last) > _FORGET_ABOVE:
            self._last = {c: at for c, at in self._last.items() if now - at < GAP_S}

    def _expire(self, now: float) -> None:
        while self._sent and now - self._sent[0] >= WINDOW_S:
            self._sent.popleft()

    def _until_fewer_than(self, limit: int, now: float) -> float:
        surplus = len(self._sent) - limit
        return max(0.0, self._sent[surplus] + WINDOW_S - now) if surplus >= 0 else 0.0
