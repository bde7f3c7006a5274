"""What arrives from Twitch chat, made into facts for the application: one synchronous path, in order of receipt.

A line costs a few microseconds here: no library object is built and no task is made unless it is a command. Duplicates,
stale deliveries, the bot's own echo and copies from a Shared Chat end here. Sockets live in `twitch_socket`.
"""

import logging
import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

PREFIX: Final = "!"
REMEMBERED_S: Final = 600.0
ELEVATING: Final = frozenset({"broadcaster", "moderator", "lead_moderator", "vip"})
_TIDY_S: Final = 5.0
_PER_GENERATION: Final = 65_536
# Clients append these to get past Twitch's duplicate check; the joiners that emoji need are not among them.
_INVISIBLE: Final = re.compile("[\u034f\u200b\u2060\ufeff\U000e0000]+")
_NO_BADGES: Final[frozenset[str]] = frozenset()

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One chat line as received, without library types.

    `text` has lost trailing and invisible characters, and the `@name` that Twitch puts before a reply. `badges` are set
    ids ("moderator", "vip", …) in the channel `channel_id`.
    """

    channel_id: str
    user_id: str
    login: str
    name: str
    text: str
    badges: frozenset[str]
    message_id: str


class Listener(Protocol):
    """The application's ear. Everything is called on the loop, in order of receipt, and must not block."""

    def line(self, line: Line) -> None:
        """Take a plain line (not a command)."""

    def unknown(self, line: Line, word: str) -> None:
        """Take a line that looks like a command, `!word …`, which no face answers to."""

    def removed(self, channel_id: str, message_id: str | None, user_id: str | None) -> None:
        """Forget one message (only `message_id`), one user's messages (only `user_id`) or all of them (neither)."""

    def deaf(self, channel_id: str, since_s: float) -> None:
        """The channel is no longer heard; the last sign of life came `since_s` seconds ago."""

    def hears(self, channel_id: str, missed_s: float) -> None:
        """The channel is heard from now on; lines of `missed_s` seconds may be lost (0.0 the first time)."""

    def unauthorized(self, reason: str) -> None:
        """The account's token is dead for good; `reason` is fit for a log or a host's page."""


class Seen:
    """Ids met lately: at least ten minutes of them, or the latest 65 536, whichever is less."""

    __slots__ = ("_clock", "_new", "_old", "_since")

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._new: set[str] = set()
        self._old: set[str] = set()
        self._since = clock()

    def __len__(self) -> int:
        return len(self._new) + len(self._old)

    def again(self, key: str) -> bool:
        """Tell whether `key` was met before, and remember it."""
        if key in self._new or key in self._old:
            return True
        self._new.add(key)
        if len(self._new) >= _PER_GENERATION:
            self._turn(self._clock())
        return False

    def age(self, now: float) -> None:
        """Forget what is old; to be called now and then."""
        if now - self._since >= REMEMBERED_S:
            self._turn(now)

    def _turn(self, now: float) -> None:
        self._old, self._new, self._since = self._new, set(), now


class Intake:
    """Turns decoded notifications into calls of the listener.

    `command(line, data)` is called for a line `!word …` whose word `knows` accepts. `shared_chat` holds the
    channels that take part in Shared Chat; `elevated` those where the bot's own badges said so.
    """

    def __init__(
        self,
        *,
        bot_id: str,
        listener: Listener,
        clock: Callable[[], float],
        knows: Callable[[str], bool],
        command: Callable[[Line, dict[str, Any]], None],
        watched: Callable[[str], bool],
        other: Callable[[str, dict[str, Any]], None],
        echoed: Callable[[str, str, str], None],
    ) -> None:
        self.shared_chat: set[str] = set()
        self.elevated: set[str] = {bot_id}
        self._bot_id = bot_id
        self._listener = listener
        self._clock = clock
        self._knows = knows
        self._command = command
        self._watched = watched
        self._other = other
        self._echoed = echoed
        self._deliveries = Seen(clock)
        self._messages = Seen(clock)
        self._tidy_at = clock()
        self._twitch_time: tuple[datetime, float] | None = None
        self._stale_before = ""

    def tell_time(self, stamp: str) -> None:
        """Take the time of a welcome or keepalive frame as Twitch's clock.

        Staleness is measured against it, so that a machine with a wrong clock does not turn the bot deaf.
        """
        try:
            self._twitch_time = (
                datetime.fromisoformat(stamp[:19]).replace(tzinfo=UTC),
                self._clock(),
            )
        except ValueError:
            log.debug("twitch sent a timestamp that is none")

    def take(self, data: dict[str, Any]) -> bool:
        """Handle one notification; True when it started a command."""
        now = self._clock()
        if now >= self._tidy_at:
            self._tidy(now)
        metadata = data["metadata"]
        if metadata["message_timestamp"] < self._stale_before:
            return False
        if self._deliveries.again(metadata["message_id"]):
            return False
        kind = metadata["subscription_type"]
        if kind == "channel.chat.message":
            return self._line(data, data["payload"]["event"])
        self._rest(kind, data)
        return False

    def starts_command(self, data: dict[str, Any]) -> bool:
        """Whether a notification is a plain command line, which starts a task and calls nobody at once."""
        if data["metadata"]["subscription_type"] != "channel.chat.message":
            return False
        text = data["payload"]["event"]["message"]["text"]
        return text[:1] == PREFIX and self._knows(text[1:].partition(" ")[0])

    def _line(self, data: dict[str, Any], event: dict[str, Any]) -> bool:
        if self._messages.again(event["message_id"]):
            return False
        channel = event["broadcaster_user_id"]
        user = event["chatter_user_id"]
        source = event.get("source_broadcaster_user_id")
        foreign = source is not None and source != channel
        if user == self._bot_id:
            if not foreign:
                self._own(channel, event)
            return False
        if foreign and not self._takes_copy(channel, source, event):
            return False
        message = event["message"]
        text: str = message["text"]
        if not text.isascii():
            text = message["text"] = _INVISIBLE.sub("", text).rstrip()
        if event.get("reply"):
            text = message["text"] = _without_mention(text, event["reply"])
        badges = event["badges"]
        line = Line(
            channel,
            user,
            event["chatter_user_login"],
            event["chatter_user_name"],
            text,
            frozenset([badge["set_id"] for badge in badges]) if badges else _NO_BADGES,
            event["message_id"],
        )
        if text[:1] != PREFIX:
            self._listener.line(line)
            return False
        return self._exclaimed(line, data)

    def _exclaimed(self, line: Line, data: dict[str, Any]) -> bool:
        """Tell a command from an exclamation ("!!!", "! quel suspense")."""
        rest = line.text[1:].lstrip()
        word = rest.split(maxsplit=1)[0] if rest else ""
        if word and self._knows(word):
            data["payload"]["event"]["message"]["text"] = PREFIX + rest
            self._command(line, data)
            return True
        if line.text[1:2].isalnum():
            self._listener.unknown(line, word)
        else:
            self._listener.line(line)
        return False

    def _takes_copy(self, channel: str, source: str | None, event: dict[str, Any]) -> bool:
        """A copy counts only where it is wanted, once, and only if its original is not heard itself."""
        if channel not in self.shared_chat or self._watched(source or ""):
            return False
        original = event.get("source_message_id")
        return not (original and self._messages.again(original))

    def _own(self, channel: str, event: dict[str, Any]) -> None:
        badges = {badge["set_id"] for badge in event["badges"]}
        if badges & ELEVATING or channel == self._bot_id:
            self.elevated.add(channel)
        else:
            self.elevated.discard(channel)
        self._echoed(channel, event["message"]["text"], event["message_id"])

    def _rest(self, kind: str, data: dict[str, Any]) -> None:
        event = data["payload"]["event"]
        if kind == "channel.chat.message_delete":
            self._listener.removed(event["broadcaster_user_id"], event["message_id"], None)
        elif kind == "channel.chat.clear_user_messages":
            self._listener.removed(event["broadcaster_user_id"], None, event["target_user_id"])
        elif kind == "channel.chat.clear":
            self._listener.removed(event["broadcaster_user_id"], None, None)
        else:
            self._other(kind, data)

    def _tidy(self, now: float) -> None:
        self._tidy_at = now + _TIDY_S
        self._deliveries.age(now)
        self._messages.age(now)
        if self._twitch_time is not None:
            at, read = self._twitch_time
            oldest = at + timedelta(seconds=now - read - REMEMBERED_S)
            self._stale_before = oldest.isoformat()[:19]


def _without_mention(text: str, reply: dict[str, Any]) -> str:
    """Drop the `@name` that clients put before a reply: people answer a question by replying to it."""
    names: Set[str] = {reply.get("parent_user_name") or "", reply.get("parent_user_login") or ""}
    head, _, rest = text.partition(" ")
    if head.startswith("@") and head[1:].casefold() in {name.casefold() for name in names}:
        return rest.lstrip()
    return text
