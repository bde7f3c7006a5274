"""What people write freely in games, made fit for one line of a screen, and the numbers in it. Nothing is judged."""

import re
import unicodedata

from games.matching import fold

_COMMANDED = re.compile(r"(?P<word>[^\W\d_]+) (?P<number>[0-9]{1,4})")


def tidy(text: str) -> str:
    """Return a text on one line, with single spaces and without what cannot be seen.

    U+FFFD, as which the journal keeps what cannot be stored, goes too: a replay must see the same text.
    """
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    shown = (char for char in line if char.isprintable() and char != "\ufffd")
    return " ".join("".join(shown).split())


def number_in(text: str) -> int | None:
    """Return the number that a text is, None where it is none."""
    typed = text.strip().removeprefix("#")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else None


def word_and_number(text: str) -> tuple[str, int] | None:
    """Return a folded word and the number after it, as in "contest 3"; None for anything else."""
    match = _COMMANDED.fullmatch(fold(text))
    return (match["word"], int(match["number"])) if match else None
