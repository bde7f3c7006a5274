"""Plays as rows and back.

A journal holds just what replaying a session needs, and goes when the session is done with.
"""

import re

from bot.storage.sessions import JournalRow
from games.core import Chose, Did, Play, Player, Said, Ticked, Withdrew

Encoded = tuple[str, int | None, str | None, str | None]
"""play, person id, platform, body."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(play: Play) -> Encoded:
    """Return the row of a play, without where and when.

    Half a surrogate pair cannot be stored as text. It becomes U+FFFD, which answers are judged without just the same.
    """
    match play:
        case Said(by, text):
            return "said", by.id, by.platform, _SURROGATES.sub("\ufffd", text)
        case Chose(by, prompt, choice):
            return "chose", by.id, by.platform, f"{prompt}:{choice}"
        case Withdrew(by):
            return "withdrew", by.id, by.platform, None
        case Did(by, action):
            return "did", by.id if by else None, by.platform if by else None, action
        case Ticked():
            return "ticked", None, None, None


def decode(row: JournalRow) -> tuple[Play, float]:
    """Return the play of a row and its session time in seconds.

    Raises:
        ValueError: the row is of no known kind.
    """
    _, _, at_us, kind, person, platform, body = row
    by = None
    if person is not None:
        by = Player(person, "discord" if platform == "discord" else "twitch")
    return _play(kind, by, body or ""), at_us / 1_000_000


def _play(kind: str, by: Player | None, body: str) -> Play:
    match kind, by:
        case "said", Player():
            return Said(by, body)
        case "chose", Player():
            prompt, choice = body.split(":")
            return Chose(by, int(prompt), int(choice))
        case "withdrew", Player():
            return Withdrew(by)
        case "did", _:
            return Did(by, body)
        case "ticked", _:
            return Ticked()
        case _:
            raise ValueError(f"no such play: {kind}")
