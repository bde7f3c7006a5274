"""Is this answer right? Text is folded to what a reader would call the same words, then compared whole.

Pure and deterministic. Folding drops case, accents, signs, one lead-in and one article, and writes numbers in digits:
"Louis XIV", "louis quatorze" and "Louis 14" are one answer. The allowance for slips of the keyboard grows with the
length of the accepted answer and never touches a number ("1815" is not "1816", "Louis XIV" is not "Louis XVI").
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache

from rapidfuzz.distance import OSA

from games.numbers import COUNTING, Numbers

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
POLITE = (" svp", " stp", " please", " pls")
AND = {"fr": "et", "en": "and"}
SAME = {
    "fr": {"st": "saint", "ste": "sainte", "mme": "madame", "mlle": "mademoiselle"},
    "en": {"st": "saint", "mister": "mr", "doctor": "dr"},
}
"""Words that are also written short."""

# fmt: off
DENIALS = frozenset({
    "pas", "non", "ni", "jamais", "sauf", "ou", "not", "no", "never", "nor", "or", "except", "neither",
})
"""Words that turn an answer into another: typed without being in the answer, they are no slip."""

GENERATIONS = frozenset({"jr", "sr", "junior", "senior", "pere"})
"""Words that close a name without being part of it; "fils" is, for the name without it is the father's."""

# fmt: on

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
_LEADS = {locale: tuple(f"{lead} " for lead in leads) for locale, leads in LEAD_INS.items()}
_NONE: frozenset[str] = frozenset()
_SPACES = re.compile(r" {2,}")
_EMOJI_BY_NAME = re.compile(r"<a?:\w+:\d+>")
_JOINTS = re.compile(r"(?<![0-9]) | (?![0-9])")


class Verdict(Enum):
    """What a judge says of an answer; `CLOSE` is one slip further than allowed, where any slip is."""

    RIGHT = "right"
    CLOSE = "close"
    WRONG = "wrong"


def _folded(char: str) -> str:
    """Return what is left of one character, which may be several ("ﬁ") or none."""
    spread = unicodedata.normalize("NFKD", char).casefold()  # "𝐏" has no lower case before NFKD
    spread = unicodedata.normalize("NFKD", spread)
    return unicodedata.normalize("NFKC", "".join(map(_kept, spread)))


def _kept(char: str) -> str:
    by_hand = _BY_HAND.get(char)
    if by_hand is not None:
        return by_hand
    category = unicodedata.category(char)
    if category[0] in "LN" or char == "&":
        return char
    invisible = category in ("Mn", "Me", "Cf", "Cc", "So", "Sk", "Cs", "Co", "Cn")
    return "" if invisible and char not in "\t\n\r" else " "


class _Folding(dict[int, str]):
    """A self-filling table for `str.translate`: each character to what is left of it after folding."""

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        if len(self) < 4096:
            self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return `text` without case, accents, ligatures, punctuation, emoji and invisible characters.

    Words are separated by single spaces. "L’Étranger !" and "l etranger" fold alike.
    """
    words = text.translate(_FOLDING)
    if not words.isascii():
        words = unicodedata.normalize("NFKC", words)  # syllables that were typed in pieces
    if "&" in words:
        words = words.replace("&", " & ")
    if "  " in words:
        words = _SPACES.sub(" ", words)
    return words.strip()


@lru_cache(maxsize=16)
def _numbers_of(locale: str) -> Numbers:
    return Numbers(locale, AND.get(locale, "&"), SAME.get(locale, {}))


def _bare(folded: str, locale: str) -> str:
    """Drop one lead-in, one polite word and one leading article, but never the whole text."""
    leads = _LEADS.get(locale, ())
    if folded.startswith(leads):
        lead = next(lead for lead in leads if folded.startswith(lead))
        folded = folded[len(lead) :]
    if folded.endswith(POLITE):
        folded = folded[: folded.rindex(" ")]
    first, _, rest = folded.partition(" ")
    if not rest or first not in ARTICLES.get(locale, _NONE):
        return folded
    return folded if first == "un" and rest.startswith(COUNTING) else rest


def key_of(text: str, locale: str) -> str:
    """Return what of `text` is compared: folded, without a lead-in and an article, its numbers in digits.

    "C’est la Loire !" gives "loire", "Louis XIV" and "louis quatorze" give "louis 14".
    """
    return _written(_bare(fold(text), locale), locale)


def _written(bare: str, locale: str) -> str:
    if "&" in bare:
        bare = bare.replace("&", AND.get(locale, "&"))
    words, numbers = bare.split(), _numbers_of(locale)
    return bare if numbers.plain(bare, words) else " ".join(numbers.written(words))


def slips_allowed(length: int) -> int:
    """Return how many slips an answer of `length` letters and digits forgives: 0 up to 4, 1 up to 8, then 2."""
    return 0 if length <= 4 else 1 if length <= 8 else 2


def _is_number(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _squeezed(key: str) -> str:
    """Return `key` without its spaces, except between digits: "b 612" is "b612", but "1 2" is not "12"."""
    tight = key.replace(" ", "")
    return tight if tight.isalpha() else _JOINTS.sub("", key)


def _glued(text: str, locale: str) -> str:
    """Return `text` as one word with its article, as people type it on a phone: "lassommoir"."""
    folded = _written(fold(text), locale)
    first = folded.partition(" ")[0]
    loose = first in ("l", "d", "le", "la", "les", "the")
    return _squeezed(folded if loose else _written(_bare(fold(text), locale), locale))


def _family_names(words: Sequence[str]) -> Iterator[str]:
    """Yield what of "Antoine de Saint-Exupéry" is enough: "de Saint-Exupéry", "Saint-Exupéry", "exupery"."""
    last = len(words) - (2 if fold(words[-1]) == "fils" else 1)
    for index in range(1, last + 1):
        if len(fold(words[index])) > 1:
            yield " ".join(words[index:])
    if last == len(words) - 1:
        yield " ".join(fold(words[-1]).split()[-1:])


def _is_reign(word: str) -> bool:
    """Return whether a word of a name is a sovereign's number: "XIV", "Ier", "quatorze", but not "V." or "Dix"."""
    folded = fold(word)
    if "." in word or (word[:1].isupper() and not word.isupper() and folded not in ("ier", "iere")):
        return False
    return _is_number(_written(f"x {folded}", "fr"))


def _people(name: str) -> tuple[list[str], list[str]]:
    """Return other ways to write a person's name: those that forgive slips, and those with initials that do not."""
    words = name.split()
    if len(words) > 1 and fold(words[-1]) in GENERATIONS:
        words = words[:-1]
    if len(words) < 2 or any(_is_reign(word) for word in words[1:]):
        return [], []
    families = [family for family in _family_names(words) if fold(family)]
    exact = []
    for family in families:
        given = words[: len(words) - len(family.split())]
        letters = [fold(word)[:1] for word in given]
        exact += [f"{before} {family}" for before in (given[0], letters[0], " ".join(letters))]
        exact += [f"{family} {after}" for after in (given[0], " ".join(given))]
    return [" ".join(words), *families], exact


class AnswerKey:
    """The accepted answers to one question, folded once.

    `wrong` are answers that a slip must not be taken from; with `person` a family name alone will do.
    `judge` is safe on any text of any length.
    """

    def __init__(
        self,
        accepted: tuple[str, ...],
        *,
        locale: str,
        wrong: tuple[str, ...] = (),
        person: bool = False,
    ) -> None:
        people = [_people(text) for text in accepted] if person else []
        loose = [*accepted, *(text for names, _ in people for text in names)]
        exact = [text for _, names in people for text in names]
        self._locale, self._person = locale, person
        self._numbers = _numbers_of(locale)
        keys = self._keys(loose)
        self._right = frozenset(keys + self._keys(exact))
        self._wrong = frozenset(self._keys(wrong))
        self._tight_wrong = frozenset(map(_squeezed, self._wrong))
        self._bare = frozenset(_bare(fold(text), locale) for text in loose) - {""}
        spelt = {_squeezed(text) for text in self._bare if not _is_number(text)}
        self._tight = spelt.union(map(_squeezed, self._right)) - self._tight_wrong
        self._glued = frozenset(_glued(text, locale) for text in loose) - self._tight_wrong - {""}
        self._near = tuple(near for near in map(_Near, sorted(set(keys))) if near.allowed)
        self._spelt = any(map(_is_number, self._right))
        self._shortest, self._longest = self._bounds()

    def _keys(self, texts: Iterable[str]) -> list[str]:
        return [key for text in texts if (key := key_of(text, self._locale))]

    def _bounds(self) -> tuple[int, int]:
        """Return between which lengths, spaces apart, a line with no number in words may be anything but wrong."""
        short_forms = {full: short for short, full in SAME.get(self._locale, {}).items()}
        least, most = LONGEST, 0
        for key in (*self._right, *self._glued, *self._bare):
            shortest = [short_forms.get(word, word) for word in key.split()]
            longest = [max(word, short_forms.get(word, ""), key=len) for word in key.split()]
            least = min(least, len("".join(shortest)) - 3)
            most = max(most, len("".join(longest)) + 3)
        return least, most

    def judge(self, typed: str) -> Verdict:
        """Return the verdict on a whole message."""
        if len(typed) > LONGEST:
            return Verdict.WRONG
        if "<" in typed:
            typed = _EMOJI_BY_NAME.sub(" ", typed)
        bare = _bare(fold(typed), self._locale)
        if bare in self._bare:
            return Verdict.RIGHT
        length = len(bare) - bare.count(" ")
        if length < self._shortest or (length > self._longest and not self._spelt):
            return Verdict.WRONG
        words, key = bare.split(), bare
        if self._numbers.plain(bare, words):
            if length > self._longest:
                return Verdict.WRONG
        elif length - self._numbers.spared(words) > self._longest:
            return Verdict.WRONG
        else:
            key = _written(bare, self._locale)
            words = key.split()
        return self._compare(key, words, bare)

    def _compare(self, key: str, words: Sequence[str], bare: str) -> Verdict:
        if key in self._right:
            return Verdict.RIGHT
        if key in self._wrong:
            return Verdict.WRONG
        tight = _squeezed(key)
        denials = [] if DENIALS.isdisjoint(words) else [w for w in words if w in DENIALS]
        if not denials and (
            tight in self._tight
            or bare in self._glued
            or (key is not bare and _squeezed(bare) in self._tight)
        ):
            return Verdict.RIGHT  # only spaces differ: "b612", "lassommoir", "louisxiv"
        return self._nearly(words, tight, denials)

    def _nearly(self, words: Sequence[str], tight: str, denials: Sequence[str]) -> Verdict:
        numbers = [] if tight.isalpha() else [word for word in words if _is_number(word)]
        verdict, length = Verdict.WRONG, len(tight)
        for right in self._near:
            if not right.least <= length <= right.most or right.numbers != numbers:
                continue
            slips = OSA.distance(tight, right.tight, score_cutoff=right.allowed + 1)
            if slips > right.allowed + 1 or right.differs_in_denial(words, denials):
                continue
            if self._person and right.is_other_than(words):
                continue
            if any(OSA.distance(tight, wrong) <= slips for wrong in self._tight_wrong):
                continue
            if slips <= right.allowed:
                return Verdict.RIGHT
            verdict = Verdict.CLOSE
        return verdict


class _Near:
    """An accepted answer that may forgive slips: as many as `allowed`."""

    __slots__ = ("_denials", "_initials", "_words", "allowed", "least", "most", "numbers", "tight")

    def __init__(self, key: str) -> None:
        words = key.split()
        self.tight = _squeezed(key)
        self.numbers = [word for word in words if _is_number(word)]
        # Spaces are not counted, as they cost nothing; the digits of "B 612" must not buy a slip for the "B".
        letters = len(self.tight) - len("".join(self.numbers))
        self.allowed = slips_allowed(len(self.tight)) if slips_allowed(letters) else 0
        self.least = len(self.tight) - self.allowed - 1
        self.most = len(self.tight) + self.allowed + 1
        self._words = len(words)
        self._denials = [word for word in words if word in DENIALS]
        self._initials = {word for word in words if len(word) == 1}

    def is_other_than(self, words: Sequence[str]) -> bool:
        """Return whether `words` have an initial or a name more than this one: "T. Corneille" is not Pierre."""
        if len(words) > self._words:
            return True
        return any(len(word) == 1 and word not in self._initials for word in words)

    def differs_in_denial(self, words: Sequence[str], denials: Sequence[str]) -> bool:
        """Return whether `words` deny what this answer does not, or leave out its denial."""
        if any(denials.count(word) > self._denials.count(word) for word in denials):
            return True
        return len(words) < self._words and len(denials) < len(self._denials)


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
