"""Sealing ballots: what makes them unreadable, and their voters unknown, once the key of their vote is destroyed.

A ballot must be found again while its vote is open, to be changed; and afterwards nothing must tie it to anybody.
Deleting rows is not enough: SQLite leaves copies of rows in the free space of pages whenever it moves rows from page
to page, in the order in which they came. So neither voter nor choices are ever written in the clear. Who voted is a
digest under the vote's key, what they voted is covered with a digest under that key, and the key is 32 bytes in a
place that SQLite does not copy (`bot/storage/votes.py`). Without the key, what is left of ballots is noise.

Both digests are BLAKE2b's keyed mode, which is a pseudorandom function (RFC 7693). A cover is used once: each ballot
has its own nonce, a changed one a new nonce.
"""

import secrets
from hashlib import blake2b
from typing import Final

from games.core import Platform
from games.votes import MOST_OPTIONS, Ballot

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 16
SEALED_BYTES: Final = 1 + MOST_OPTIONS
"""Bytes of any ballot, so that none is known by its length: where it was cast, then the options, then nothing."""

_PLATFORMS: Final[tuple[Platform, ...]] = ("discord", "twitch")


class Seal:
    """Seals and reads the ballots of one vote."""

    def __init__(self, key: bytes) -> None:
        """`key` has `KEY_BYTES` bytes, from `new_key`."""
        self._key = key

    def voter(self, platform: Platform, user_id: str) -> bytes:
        """Return the name of an account in this vote."""
        account = f"{platform}:{user_id}".encode()
        return blake2b(account, key=self._key, person=b"voter", digest_size=16).digest()

    def close(self, platform: Platform, ballot: Ballot) -> bytes:
        """Seal a ballot, with the platform it was cast on."""
        written = bytes([_PLATFORMS.index(platform), *ballot]).ljust(SEALED_BYTES, b"\0")
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._covered(nonce, written)

    def read(self, sealed: bytes) -> tuple[Platform, Ballot]:
        """Return the platform and the ballot that were sealed."""
        nonce, covered = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        platform, *choices = self._covered(nonce, covered)
        return _PLATFORMS[platform], tuple(number for number in choices if number)

    def _covered(self, nonce: bytes, text: bytes) -> bytes:
        cover = blake2b(nonce, key=self._key, person=b"ballot", digest_size=SEALED_BYTES).digest()
        return bytes(one ^ other for one, other in zip(text, cover, strict=True))


def new_key() -> bytes:
    """Return a key for one vote."""
    return secrets.token_bytes(KEY_BYTES)
