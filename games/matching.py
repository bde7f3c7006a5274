"""Is this answer right? Text is folded to what a reader would call the same words, then compared whole.

Pure and deterministic. The allowance for slips of the keyboard grows with the length of the accepted answer and never
touches a number, in digits or Roman ("1815" is not "1816", "Louis XIV" is not "Louis XVI").
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
    "fr": ("c est", "cest", "je dirais", "la reponse est"),
    "en": ("it s", "its", "it is", "i think it s", "the answer is"),
}
AND = {"fr": "et", "en": "and"}
# fmt: off
PARTICLES = frozenset({
    "al", "ben", "da", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el",
    "la", "le", "mac", "o", "saint", "st", "van", "von",
})
# fmt: on
"""Words that open a family name: "du Maurier", "Le Guin", "van Gogh"."""

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
    # Letters to Unicode, apostrophes to those who type them:
    "\u02b9": " ",
    "\u02bb": " ",
    "\u02bc": " ",
    "\u02bd": " ",
    "\u02c8": " ",
    "`": " ",
    # Letters to Unicode, nothing to the eye:
    "\u115f": "",
    "\u1160": "",
}
_SPACES = re.compile(r" {2,}")
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")


class Verdict(Enum):
    """What a judge says of an answer; `CLOSE` is one slip further than allowed, where any slip is."""

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
    plain = unicodedata.normalize("NFKD", text).casefold()  # "𝐏" has no lower case before NFKD
    spread = unicodedata.normalize("NFKD", plain)
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


def key_of(text: str, locale: str) -> str:
    """Return what of `text` is compared: folded, without a lead-in and an article ("C’est la Loire !": "loire")."""
    return _bare(fold(text), locale).replace("&", AND.get(locale, "&"))


def slips_allowed(length: int) -> int:
    """Return how many slips an answer of `length` folded characters forgives: 0 up to 4, 1 up to 8, then 2."""
    return 0 if length <= 4 else 1 if length <= 8 else 2


def _numbers(folded: str) -> list[str]:
    words = enumerate(folded.split())
    return [word for index, word in words if _is_number(word, first=index == 0)]


def _is_number(word: str, *, first: bool) -> bool:
    if any(char.isdigit() for char in word):
        return True
    # "d", "l" or "m" alone is an elision or an initial, and a first word ("I, Claudius") is no ordinal.
    plausible = not first and (len(word) > 1 or word in "ivx")
    return plausible and _ROMAN.fullmatch(word) is not None


def _family_names(name: str) -> list[str]:
    """Return what of "Antoine de Saint-Exupéry" is enough: "de Saint-Exupéry", "Saint-Exupéry", "exupery"."""
    words = name.split()
    start = len(words) - 1
    while start > 1 and fold(words[start - 1]) in PARTICLES:
        start -= 1
    if start < 1:
        return []
    return [" ".join(words[index:]) for index in range(start, len(words))] + fold(name).split()[-1:]


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
        names = [family for text in accepted for family in _family_names(text)] if person else []
        keys = [key_of(text, locale) for text in (*accepted, *names)]
        self._locale = locale
        self._right = frozenset(key for key in keys if key)
        self._wrong = frozenset(key for key in (key_of(text, locale) for text in wrong) if key)
        self._near = tuple(sorted(key for key in self._right if slips_allowed(len(key))))
        self._numbers = {key: _numbers(key) for key in self._near}
        self._shortest = min((len(key) for key in self._near), default=0) - 3
        self._longest = max((len(key) for key in self._near), default=-4) + 3

    def judge(self, typed: str) -> Verdict:
        """Return the verdict on a whole message."""
        if len(typed) > LONGEST:
            return Verdict.WRONG
        key = key_of(typed, self._locale)
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
            if slips > allowed + 1 or _numbers(key) != self._numbers[right]:
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
