"""What the bot says about Wordle: what it says about Motus, but for its name and its rules."""

from bot.wording import motus
from bot.wording.motus import (
    card,
    choices,
    drawing,
    fields,
    how,
    over,
    said,
    spoken,
    table,
    told,
    wish,
)
from bot.wording.speech import Speech
from games.motus import TRIES

__all__ = [
    "card",
    "choices",
    "drawing",
    "fields",
    "how",
    "name",
    "over",
    "rules",
    "said",
    "spoken",
    "table",
    "told",
    "wish",
]


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Wordle")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Find the word by trying words of the same length: {tries} tries.", tries=TRIES
        ),
        *motus.rules(speech)[1:],
    ]
