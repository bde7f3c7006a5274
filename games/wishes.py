"""What a host asked for beyond a game's name: words that mean something to the game, numbers; and words to find."""

import random
import re
from collections.abc import Hashable, Mapping
from typing import TypeVar

from games.core import Refusal
from games.matching import fold
from games.table import Words
from games.words import Word

Meaning = TypeVar("Meaning", bound=Hashable)

LONGEST_SHOWN = 30
"""Characters of a word that was not understood which are said back."""

LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("easy", "facile"),
    2: ("medium", "moyen"),
    3: ("hard", "difficile"),
}
"""The words for how well known the words to find are, English first."""


LETTERS = ("letters", "lettres")
"""The words for how many letters there are."""

DRAWS = 50
"""How often a word is drawn before one is taken twice."""

_NAMED = re.compile(r"(?:(?P<before>[^\W\d_]+)[:=])?(?P<number>[0-9]+)(?P<after>[^\W\d_]+)?")


class Asked:
    """The words of a wish: each is taken by what knows it, and nothing may be left."""

    def __init__(self, text: str) -> None:
        self._words = text.replace(",", " ").split()

    def choice(self, known: Mapping[Meaning, tuple[str, ...]], usual: Meaning) -> Meaning:
        """Take the words that mean something; return what the last of them means."""
        meant = {word: meaning for meaning, words in known.items() for word in words}
        found = [meant[fold(word)] for word in self._words if fold(word) in meant]
        self._words = [word for word in self._words if fold(word) not in meant]
        return found[-1] if found else usual

    def number(self, names: tuple[str, ...], allowed: range) -> int | None:
        """Take a number that is given by name ("letters:8", "8letters"); None when there is none.

        Raises:
            Refusal: `no-number`, for one that is not allowed.
        """
        for place, word in enumerate(self._words):
            match = _NAMED.fullmatch(word)
            if match and fold(match["before"] or match["after"] or "") in names:
                del self._words[place]
                number = match["number"]
                if len(number) > 6 or int(number) not in allowed:
                    raise Refusal("no-number", text=number[:12], least=allowed[0], most=allowed[-1])
                return int(number)
        return None

    def end(self) -> None:
        """Refuse what nothing has taken.

        Raises:
            Refusal: `unknown-option`.
        """
        if self._words:
            raise Refusal("unknown-option", text=self._words[0][:LONGEST_SHOWN])


def draw_words(
    words: Words, chance: random.Random, lengths: range, level: int, count: int
) -> tuple[Word, ...]:
    """Draw words of one piece to find, none of them twice as long as there are others."""
    drawn: dict[str, Word] = {}
    again: list[Word] = []
    for _ in range(count * DRAWS):
        word = words.draw(chance, lengths, level)
        if word.letters.isalpha():
            again += [word] if word.letters in drawn else []
            drawn.setdefault(word.letters, word)
        if len(drawn) == count:
            break
    return (*drawn.values(), *again)[:count]
