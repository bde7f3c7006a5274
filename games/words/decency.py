"""Which words are not for a public library's evening: the lists of refused words, and comparing words with them."""

from collections.abc import Iterable
from importlib import resources

from games.matching import fold

PLURALS = ("", "s", "x")


class Refusals:
    """Words that are never drawn, listed or shown.

    Each entry is without accents. "word" refuses the word and its plural in -s or -x, "begin*" all that begins so;
    "!word" and "!begin*" allow what another entry refuses.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        refused, allowed = list[str](), list[str]()
        for entry in entries:
            (allowed if entry.startswith("!") else refused).append(entry.removeprefix("!"))
        self._refused, self._allowed = _Entries(refused), _Entries(allowed)

    @classmethod
    def packaged(cls, locale: str) -> "Refusals":
        """Return the refusals of a language that come with the bot."""
        file = resources.files("games.words") / f"{locale}.refused.txt"
        lines = file.read_text("utf-8").splitlines()
        return cls(entry for line in lines for entry in line.partition("#")[0].split())

    def refuse(self, text: str) -> bool:
        """Return whether a text holds a refused word."""
        return any(
            word in self._refused and word not in self._allowed for word in fold(text).split()
        )


class _Entries:
    def __init__(self, entries: Iterable[str]) -> None:
        whole, begins = set[str](), list[str]()
        for entry in entries:
            if entry.endswith("*"):
                begins.append(entry.removesuffix("*"))
            else:
                whole.update(f"{entry}{plural}" for plural in PLURALS)
        self._whole, self._begins = frozenset(whole), tuple(begins)

    def __contains__(self, word: str) -> bool:
        return word in self._whole or word.startswith(self._begins)
