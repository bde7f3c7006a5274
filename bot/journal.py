"""Plays as rows and back.

A journal holds just what replaying a session needs, and goes when the session is done with.
"""

import re

from bot.storage.sessions import JournalRow
from games.core import (
    Chose,
    Did,
    Platform,
    Play,
    Player,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)

Encoded = tuple[str, int | None, str | None, str | None]
"""play, person id, platform, body."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def encode(play: Play) -> Encoded:
    """Return the row of a play, without where and when.

    Half a surrogate pair cannot be stored as text. It becomes U+FFFD, which answers are judged without just the same.
    """
    match play:
        case Said(by, text):
            return "said", by.id, by.platform, _storable(text)
        case Wrote(by, prompt, text):
            return "wrote", by.id, by.platform, f"{prompt}:{_storable(text)}"
        case Chose(by, prompt, choices):
            return "chose", by.id, by.platform, f"{prompt}:{','.join(map(str, choices))}"
        case Wished(by, wish, text):
            return "wished", by.id, by.platform, _storable(f"{wish}:{text}")
        case Withdrew(by):
            return "withdrew", by.id, by.platform, None
        case Did(about, action, text):
            body = _storable(f"{action}:{text}")
            return "did", about.id if about else None, about.platform if about else None, body
        case Shown(platform, prompt):
            return "shown", None, platform, str(prompt)
        case Ticked():
            return "ticked", None, None, None


def _storable(text: str) -> str:
    return _SURROGATES.sub("\ufffd", text)


def decode(row: JournalRow) -> tuple[Play, float]:
    """Return the play of a row and its session time in seconds.

    Raises:
        ValueError: the row is of no known kind.
    """
    _, _, at_us, kind, person, platform, body = row
    where: Platform = "discord" if platform == "discord" else "twitch"
    by = None if person is None else Player(person, where)
    if kind == "shown":
        return Shown(where, int(body or "")), at_us / 1_000_000
    return _play(kind, by, body or ""), at_us / 1_000_000


def _play(kind: str, by: Player | None, body: str) -> Play:
    head, _, text = body.partition(":")
    match kind, by:
        case "said", Player():
            return Said(by, body)
        case "wrote", Player():
            return Wrote(by, int(head), text)
        case "chose", Player():
            number, taken = body.split(":")
            return Chose(by, int(number), tuple(map(int, taken.split(",") if taken else ())))
        case "wished", Player():
            return Wished(by, head, text)
        case "withdrew", Player():
            return Withdrew(by)
        case "did", _:
            return Did(by, head, text)
        case "ticked", _:
            return Ticked()
        case _:
            raise ValueError(f"no such play: {kind}")
