"""What can go wrong with Twitch, said without a secret: no text, cause or attribute here holds a token.

The library's own exceptions quote request addresses, headers and tokens; ours name the endpoint and the status only.
"""

import traceback


class TwitchError(Exception):
    """Anything that Twitch, or the way to it, refused."""


class TwitchAuthError(TwitchError):
    """The account's tokens or permissions are unusable: only a person can mend it (`ensemble setup`)."""


class TwitchBusy(TwitchError):
    """A passing failure (429, 5xx, network): the same call may succeed in `retry_after` seconds.

    `maybe_done` tells that Twitch may have acted on the request although no good answer came back.
    """

    def __init__(self, what: str, retry_after: float = 1.0, *, maybe_done: bool = False) -> None:
        super().__init__(what)
        self.retry_after = retry_after
        self.maybe_done = maybe_done


class TwitchUnreachable(TwitchBusy, ConnectionError):
    """Twitch cannot be reached: as the end of `run_forever`, back off and build a new client."""


class TwitchRefused(TwitchError):
    """Twitch said no for good: `status` is the HTTP status, `reason` Twitch's own sentence."""

    def __init__(self, what: str, status: int, reason: str) -> None:
        super().__init__(f"{what} was refused with status {status}: {reason}")
        self.status = status
        self.reason = reason


def trace(error: BaseException) -> str:
    """Say what kind of error arose where, without its message: that may quote chat or a secret."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{places}".rstrip()
