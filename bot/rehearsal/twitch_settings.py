"""Chat settings of the rehearsal Twitch: which there are, and what a request may make of them. Pure.

Source: "Get Chat Settings" and "Update Chat Settings" on dev.twitch.tv/docs/api/reference. Nobody here follows or
subscribes, so the modes for followers and subscribers are kept and hold nobody back. Who is held back is in
`twitch_chat.py`.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.twitch_http import Refused

EVERYBODY: Mapping[str, Any] = {
    "emote_mode": False,
    "follower_mode": False,
    "follower_mode_duration": None,
    "slow_mode": False,
    "slow_mode_wait_time": None,
    "subscriber_mode": False,
    "unique_chat_mode": False,
}
"""What anybody may read, as it is until it is changed."""

MODERATORS: Mapping[str, Any] = {
    "non_moderator_chat_delay": False,
    "non_moderator_chat_delay_duration": None,
}
"""What only moderators read besides."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The number that belongs to a mode; without a `default` it must be given."""

    name: str
    allowed: Container[Any]
    default: int | None

    def of(self, body: Mapping[str, Any]) -> int:
        """Return the number that a request asks for; Refused(400) when it may not be."""
        value = body.get(self.name, self.default)
        if type(value) is not int or value not in self.allowed:
            raise Refused(400, f"The value of {self.name} is not valid")
        return value


MEASURES: Mapping[str, Measure] = {
    "slow_mode": Measure("slow_mode_wait_time", range(3, 121), 30),
    "follower_mode": Measure("follower_mode_duration", range(129_601), 0),
    "non_moderator_chat_delay": Measure("non_moderator_chat_delay_duration", (2, 4, 6), None),
}
_NUMBERS = {measure.name for measure in MEASURES.values()}
_MODES = (EVERYBODY.keys() | MODERATORS.keys()) - _NUMBERS


def changed(settings: Mapping[str, Any], body: Any) -> dict[str, Any]:
    """Return the settings after a request, or raise Refused(400) and change nothing."""
    asked = body if isinstance(body, dict) else {}
    if not asked or asked.keys() - _MODES - _NUMBERS:
        raise Refused(400, "The request must specify at least one known setting")
    modes = {name: value for name, value in asked.items() if name in _MODES}
    if not all(isinstance(value, bool) for value in modes.values()):
        raise Refused(400, "A mode must be true or false")
    new = {**settings, **modes}
    for mode, measure in MEASURES.items():
        if measure.name in asked and asked.get(mode) is not True:
            raise Refused(400, f"To set {measure.name}, {mode} must be true")
        if mode in asked:
            new[measure.name] = measure.of(asked) if asked[mode] else None
    return new


def shown(settings: Mapping[str, Any], *, moderator: bool) -> dict[str, Any]:
    """Return all settings as somebody may read them, those never changed included."""
    readable = {**EVERYBODY, **(MODERATORS if moderator else {})}
    return {name: settings.get(name, value) for name, value in readable.items()}
