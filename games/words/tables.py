"""The packed lists, searched where they lie: an object for each of 680,000 words would take ten times the memory.

A list is one block of lines in order of a key. The key of every page's first line is noted; bisection finds the page
and a search for bytes finds the line, both at the speed of C.
"""

import gzip
from array import array
from bisect import bisect_right
from collections.abc import Callable
from importlib import resources

PAGE = 256
"""Bytes of a page at least: shorter ones are found quicker and take more memory."""


class _Pages:
    """Lines in order of what `key` makes of their first word; each begins with a line feed, and the last ends so."""

    def __init__(self, text: bytes, key: Callable[[bytes], bytes]) -> None:
        self._text = text
        self._firsts, self._starts = [b""], array("I", [0])
        start, end = 0, len(text) - 1
        while (start := text.find(b"\n", start + PAGE, end)) >= 0:
            first = text[start + 1 : text.index(b"\t", start)]
            self._firsts.append(key(first))
            self._starts.append(start)
        self._starts.append(len(text))


class Spellings(_Pages):
    """Every word as it is typed, with the ways it is written."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text, bytes)

    @classmethod
    def packaged(cls, locale: str) -> "Spellings":
        """Return the words of a language that come with the bot."""
        return cls(_unpacked(f"{locale}.words.gz"))

    def find(self, letters: str) -> int:
        """Return where the line of a word begins, or -1."""
        typed = letters.encode()
        page = bisect_right(self._firsts, typed)
        return self._text.find(b"\n" + typed + b"\t", self._starts[page - 1], self._starts[page])

    def of(self, letters: str) -> tuple[str, ...]:
        """Return how a word is written, what a dictionary has as a heading first; nothing for what is no word."""
        found = self.find(letters)
        if found < 0:
            return ()
        begin = self._text.index(b"\t", found) + 1
        written = self._text[begin : self._text.index(b"\n", begin)].decode()
        return tuple(written.split("/")) if written else (letters,)


class Anagrams(_Pages):
    """Every word of one piece, those of the same letters together."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text, _in_order)

    @classmethod
    def packaged(cls, locale: str) -> "Anagrams":
        """Return the words of a language that come with the bot."""
        return cls(_unpacked(f"{locale}.anagrams.gz"))

    def of(self, letters: str) -> list[str]:
        """Return the words that use exactly these letters, in alphabetical order."""
        wanted = _in_order(letters.encode())
        page = bisect_right(self._firsts, wanted)
        for line in self._text[self._starts[page - 1] : self._starts[page]].split(b"\n"):
            first = line.partition(b"\t")[0]
            if len(first) == len(wanted) and _in_order(first) == wanted:
                return line.decode().split()
        return []


def _in_order(word: bytes) -> bytes:
    return bytes(sorted(word))


def _unpacked(name: str) -> bytes:
    return gzip.decompress((resources.files("games.words") / name).read_bytes())
