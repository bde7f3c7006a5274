"""Is this answer right? Text is folded to what a reader would call the same words, then compared whole.

Pure and deterministic. The allowance for slips of the keyboard grows with the length of the accepted answer and never
touches a word that holds a digit ("1815" is not "1816").
"""

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from rapidfuzz.distance import OSA

LONGEST = 200
"""Characters beyond which a line of chat is not looked at: nobody's answer is that long."""

ARTICLES = {
    "fr": frozenset({"le", "la", "les", "l", "un", "une", "des", "du", "de", "d"}),
    "en": frozenset({"the", "a", "an"}),
}
LEAD_INS = {
    "fr": ("c est", "je dirais", "la reponse est"),
    "en": ("it s", "it is", "i think it s", "the answer is"),
}
AND = {"fr": "et", "en": "and"}

_BY_HAND = {
    "œ": "oe",
    "æ": "ae",
    "ø": "o",
    "ß": "ss",
    "ł": "l",
    "đ": "d",
    "ı": "i",
    "þ": "th",
    "ð": "d",
}
_SPACES = re.compile(r" {2,}")


class Verdict(Enum):
    """What a judge says of an answer; `CLOSE` is one slip further than allowed."""

    RIGHT = "right"
    CLOSE = "close"
    WRONG = "wrong"


class _Folding(dict[int, str]):
    """A self-filling table for `str.translate`: each character to what is left of it after folding."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _BY_HAND.get(char)
        if folded is None:
            category = unicodedata.category(char)
            if category[0] in "LN":
                folded = char
            elif (
                category in ("Mn", "Me", "Cf", "Cc", "So", "Sk", "Cs", "Co", "Cn")
                and char not in "\t\n\r"
            ):
                folded = ""
            elif char == "&":
                folded = " & "
            else:
                folded = " "
        if len(self) < 4096:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return `text` without case, accents, ligatures, punctuation, emoji and invisible characters.

    Words are separated by single spaces. "L’Étranger !" and "l etranger" fold alike.
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    words = unicodedata.normalize("NFKC", spread.translate(_FOLDING))
    return _SPACES.sub(" ", words).strip()


def _bare(folded: str, locale: str) -> str:
    """Drop one lead-in and one leading article, but never the whole text."""
    for lead in LEAD_INS.get(locale, ()):
        if folded.startswith(lead + " "):
            folded = folded[len(lead) + 1 :]
            break
    first, _, rest = folded.partition(" ")
    return rest if rest and first in ARTICLES.get(locale, frozenset()) else folded


def _key(text: str, locale: str) -> str:
    return _bare(fold(text), locale).replace("&", AND.get(locale, "&"))


def slips_allowed(length: int) -> int:
    """Return how many slips an answer of `length` folded characters forgives: 0 up to 4, 1 up to 8, then 2."""
    return 0 if length <= 4 else 1 if length <= 8 else 2


def _digits(folded: str) -> list[str]:
    return [word for word in folded.split() if any(char.isdigit() for char in word)]


class AnswerKey:
    """The accepted answers to one question, folded once. `judge` is safe on any text of any length."""

    def __init__(
        self,
        accepted: tuple[str, ...],
        *,
        locale: str,
        wrong: tuple[str, ...] = (),
        person: bool = False,
    ) -> None:
        keys = [_key(text, locale) for text in accepted]
        if person:
            keys += [key.rsplit(" ", 1)[-1] for key in keys if " " in key]
        self._locale = locale
        self._right = frozenset(key for key in keys if key)
        self._wrong = frozenset(key for key in (_key(text, locale) for text in wrong) if key)
        self._near = tuple(sorted(key for key in self._right if slips_allowed(len(key))))
        self._digits = {key: _digits(key) for key in self._near}
        self._shortest = min((len(key) for key in self._near), default=0) - 3
        self._longest = max((len(key) for key in self._near), default=-4) + 3

    def judge(self, typed: str) -> Verdict:
        """Return the verdict on a whole message."""
        if len(typed) > LONGEST:
            return Verdict.WRONG
        key = _key(typed, self._locale)
        if key in self._right:
            return Verdict.RIGHT
        if key in self._wrong or not self._shortest <= len(key) <= self._longest:
            return Verdict.WRONG
        return self._nearly(key)

    def _nearly(self, key: str) -> Verdict:
        verdict = Verdict.WRONG
        for right in self._near:
            allowed = slips_allowed(len(right))
            slips = OSA.distance(key, right, score_cutoff=allowed + 1)
            if slips > allowed + 1 or _digits(key) != self._digits[right]:
                continue
            if any(OSA.distance(key, wrong) <= slips for wrong in self._wrong):
                continue
            if slips <= allowed:
                return Verdict.RIGHT
            verdict = Verdict.CLOSE
        return verdict


@lru_cache(maxsize=256)
def _key_for(
    accepted: tuple[str, ...], locale: str, wrong: tuple[str, ...], person: bool
) -> AnswerKey:
    return AnswerKey(accepted, locale=locale, wrong=wrong, person=person)


def judge(
    typed: str,
    accepted: tuple[str, ...],
    *,
    locale: str,
    wrong: tuple[str, ...] = (),
    person: bool = False,
) -> Verdict:
    """Judge one answer; for many answers to one question build an `AnswerKey`."""
    return _key_for(accepted, locale, wrong, person).judge(typed)
