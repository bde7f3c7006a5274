"""A calendar as Discord gives it: its address in words, and the file beside it."""

import io

import discord

from bot.feeds import Address, Written
from bot.wording import feed as words
from bot.wording.speech import Speech


def given(address: Address, speech: Speech) -> list[str]:
    """Return the lines that say where a calendar is read, and what its file is."""
    if not address.https:
        return [words.attached(speech)]
    https, webcal = f"<{address.https}>", f"`{address.webcal}`"
    return [
        *words.address(https, webcal, speech),
        words.for_whom(speech),
        f"-# {words.attached(speech)}",
    ]


def attached(written: Written) -> discord.File:
    """Return a calendar as a file of a message."""
    return discord.File(io.BytesIO(written.data), written.name)
