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

UNITS = {
    "fr": (
        "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    ),
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen"
    ),
}
TENS = {
    "fr": {
        "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
        "quatrevingt": 80, "quatrevingts": 80, "huitante": 80, "octante": 80, "nonante": 90, "vingts": 20,
    },
    "en": {
        "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
        "ninety": 90,
    },
}
SCALES = {
    "fr": {
        "cent": 100, "cents": 100, "mille": 1000, "mil": 1000, "milles": 1000,
        "million": 10**6, "millions": 10**6,
    },
    "en": {"hundred": 100, "thousand": 1000, "million": 10**6},
}
VARIANTS = {"fr": {"une": 1, "quatres": 4}, "en": {}}
ORDINALS = {
    "fr": {
        "premier": 1, "premiere": 1, "ier": 1, "iere": 1, "unieme": 1, "second": 2, "seconde": 2,
        "2nd": 2, "2nde": 2, "2de": 2, "quatrieme": 4, "cinquieme": 5, "neuvieme": 9, "onzieme": 11,
        "douzieme": 12, "treizieme": 13, "quatorzieme": 14, "quinzieme": 15, "seizieme": 16,
        "trentieme": 30, "quarantieme": 40, "cinquantieme": 50, "soixantieme": 60, "millieme": 1000,
        **{word + "ieme": n for word, n in {
            "deux": 2, "trois": 3, "six": 6, "sept": 7, "huit": 8, "dix": 10, "vingt": 20, "cent": 100,
        }.items()},
    },
    "en": {
        "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
        "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60,
        "seventieth": 70, "eightieth": 80, "ninetieth": 90,
        **{word + "th": n for word, n in {
            "four": 4, "six": 6, "seven": 7, "ten": 10, "eleven": 11, "thirteen": 13, "fourteen": 14,
            "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
            "hundred": 100, "thousand": 1000,
        }.items()},
    },
}
ENDINGS = {
    "fr": frozenset({"er", "ere", "re", "e", "eme", "ieme"}),
    "en": frozenset({"st", "nd", "rd", "th"}),
}
"""What is written after digits to make an ordinal of them."""

CENTURIES = frozenset({"siecle", "century"})
MONTHS = frozenset({
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
})
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
_BETWEEN = frozenset({"et", "and", "the", "a", "e", "eme", "ieme", "er", "ere", "re", "th"})
"""Words that may go into a number: "vingt et un", "Henry the 8th", "17 ème"."""
_NONE: frozenset[str] = frozenset()
_SPACES = re.compile(r" {2,}")
_EMOJI_BY_NAME = re.compile(r"<a?:\w+:\d+>")
_JOINTS = re.compile(r"(?<![0-9]) | (?![0-9])")
_COUNTING = ("deux trois", "2 3", "deux 3", "2 trois")
_DIGITS = re.compile(r"([0-9]+)([a-z]*)")


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


def _roman(number: int) -> str:
    digits = (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
        (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    )  # fmt: skip
    written = ""
    for value, sign in digits:
        count, number = divmod(number, value)
        written += sign * count
    return written


def _romans() -> Iterator[tuple[str, int]]:
    """Yield the Roman numerals that are no words: "xiv", "mdcc", but not "di", "mix" or "cdi"."""
    for number in range(1, 4000):
        written = _roman(number)
        if number < 40 or len(written) > 3 or (written[0] == "x" and len(written) == 3):
            yield written, number


_ROMAN = dict(_romans())


class _Numbers:
    """Numbers of one language, in words, digits and Roman numerals: finds them and writes them in digits."""

    def __init__(self, locale: str) -> None:
        self._french = locale == "fr"
        words = UNITS.get(locale, "").split()
        self._cardinal = {word: value for value, word in enumerate(words)}
        self._cardinal |= VARIANTS.get(locale, {}) | TENS.get(locale, {})
        self._scale = SCALES.get(locale, {})
        self._ordinal = ORDINALS.get(locale, {})
        self._endings = ENDINGS.get(locale, frozenset())
        self._same = SAME.get(locale, {})
        self._and = AND.get(locale, "&")
        self._roman_ordinals = dict(self._ordinals_in_roman()) if self._french else {}
        spelt = {*self._cardinal, *self._scale, *self._ordinal, *self._roman_ordinals, *_ROMAN}
        self._vocabulary = frozenset(spelt | {*self._same})
        self._openers = self._vocabulary if self._french else self._vocabulary | {"a"}

    @staticmethod
    def _ordinals_in_roman() -> Iterator[tuple[str, int]]:
        for number in range(2, 40):
            for ending in ("e", "eme"):
                yield _roman(number) + ending, number

    def plain(self, bare: str, words: Sequence[str]) -> bool:
        """Return whether there is nothing to rewrite in `bare`, whose words are `words`."""
        return self._vocabulary.isdisjoint(words) and bare.replace(" ", "").isalpha()

    def spared(self, words: Sequence[str]) -> int:
        """Return how many letters of `words` writing them in digits may save at most."""
        return sum(
            len(word)
            for word in words
            if word in self._vocabulary or word[0].isdecimal() or word in _BETWEEN
        )

    def written(self, words: Sequence[str]) -> list[str]:
        """Return `words` with every number in digits ("2e" when it is an ordinal) and short forms in full."""
        found: list[str] = []
        at = 0
        while at < len(words):
            word = words[at]
            if word not in self._openers and not word[0].isdecimal():
                found.append(word)
                at += 1
                continue
            text, taken = self._next(words, at)
            before = found[-1] if found else ""
            short = self._as_cardinal(text, before, words, at + taken)
            if short != text and before == "the" and len(found) > 1:
                found.pop()
            found.append(short)
            at += taken
        return found

    def _next(self, words: Sequence[str], at: int) -> tuple[str, int]:
        """Return what the words from `at` on begin with, and how many of them that is."""
        word = words[at]
        if word[0].isdecimal() and word.isascii():
            return self._in_digits(words, at)
        value, taken, ordinal = self._in_words(words, at)
        if not taken:
            value, taken, ordinal = self._in_roman(words, at)
        if not taken:
            return self._same.get(word, word), 1
        return self._text(value, ordinal=ordinal), taken

    def _text(self, value: int, *, ordinal: bool) -> str:
        # "1er mai" is "1 mai" and "François Ier" is "François 1"; but "le 2e sexe" is not "2 sexes".
        return f"{value}e" if ordinal and not (self._french and value == 1) else str(value)

    def _in_digits(self, words: Sequence[str], at: int) -> tuple[str, int]:
        match = _DIGITS.fullmatch(words[at])
        if match is None:
            return words[at], 1
        digits, ending = match.groups()
        if ending:
            ordinal = ending in self._endings
            known = self._ordinal.get(words[at])
            if known is not None:
                return self._text(known, ordinal=True), 1
            return (self._text(int(digits), ordinal=True) if ordinal else words[at]), 1
        taken = 1
        if len(digits) < 4 and digits[0] != "0":
            while at + taken < len(words) and _is_group(words[at + taken]):
                digits += words[at + taken]
                taken += 1
        following = words[at + taken] if at + taken < len(words) else ""
        if following in self._endings:
            return self._text(int(digits), ordinal=True), taken + 1
        scale = self._scale.get(following, 0)
        if scale >= 1000 and len(digits) < 4:
            value, more, _ = self._in_words(words, at + taken, group=int(digits))
            return str(value), taken + more
        return digits, taken

    def _in_roman(self, words: Sequence[str], at: int) -> tuple[int, int, bool]:
        word, last = words[at], at + 1 == len(words)
        following = "" if last else words[at + 1]
        value = self._roman_ordinals.get(word)
        if value is not None:
            # "vie" is life before it is a sixth.
            return (value, 1, True) if word != "vie" or following in CENTURIES else (0, 0, False)
        value = _ROMAN.get(word)
        if value is None or (len(word) == 1 and not self._stands_alone(words, at)):
            return 0, 0, False
        if following in self._endings and self._french:
            return value, 2, True
        return value, 1, False

    def _stands_alone(self, words: Sequence[str], at: int) -> bool:
        """Return whether one letter is a number there: never first ("I, Claudius"), nor the English "I"."""
        if at == 0:
            return False
        following = words[at + 1] if at + 1 < len(words) else "of"
        return self._french or words[at] != "i" or following == "of"

    def _in_words(self, words: Sequence[str], at: int, group: int = 0) -> tuple[int, int, bool]:
        """Read one number as far as it goes; return its value, how many words it took, whether it is an ordinal.

        `group` is what has been read below a thousand, when it was in digits ("20 mille").
        """
        total, start, ceiling, years = 0, at, 10**9, group > 0
        if self._lone_one(words, at):
            return 0, 0, False
        while at < len(words):
            word = words[at]
            if word == self._and:
                if at == start or not self._joined(total, group, words, at):
                    break
                at += 1
                continue
            scale = self._scale.get(word, 0)
            if scale >= 1000:
                if scale >= ceiling or (group == 0 and at > start and total):
                    break
                total, group, ceiling = total + (group or 1) * scale, 0, scale
            elif scale == 100:
                if group > (19 if self._french else 99) or (group == 1 and self._french):
                    break
                group = (group or 1) * 100
            else:
                ordinal = self._ordinal.get(word)
                value = self._cardinal.get(word) if ordinal is None else ordinal
                if value is None and not self._french and word == "a" and at == start:
                    value = 1
                grown = None if value is None else self._grown(group, value, fresh=at == start)
                if grown is None and value is not None and not (years or total or self._french):
                    grown, years = _year(group, value), True
                if grown is None or (value == 0 and at > start):
                    break
                if value == 0:
                    return 0, 1, False
                group = grown
                if ordinal is not None:
                    return total + group, at + 1 - start, True
            at += 1
        return total + group, at - start, False

    def _lone_one(self, words: Sequence[str], at: int) -> bool:
        """Return whether the word at `at` is an article rather than a one."""
        word = words[at]
        following = words[at + 1] if at + 1 < len(words) else ""
        large = self._scale.get(following, 0)
        if word == "a":
            return not large
        if not self._french or word not in ("un", "une"):
            return False
        counting = " ".join(words[at + 1 : at + 3]) in _COUNTING
        return bool(following) and large < 10**6 and not counting

    def _grown(self, group: int, value: int, *, fresh: bool) -> int | None:
        """Return `group` with a number word after it, None when it begins another number."""
        units, below = group % 10, group % 100
        if fresh:
            return value
        if self._french and value == 20 and below == 4:
            return group + 76
        if value < 10:
            follows_ten = self._french and (below == 10) and value > 6
            joins = units == 0 and (below != 10 or follows_ten)
        elif value < 20:
            joins = below == 0 or (self._french and below in (60, 80) and value < 17)
        else:
            joins = below == 0 and value < 100
        return group + value if joins else None

    def _joined(self, total: int, group: int, words: Sequence[str], at: int) -> bool:
        """Return whether an "and" belongs to the number: "vingt et un", "one hundred and two"."""
        word = words[at + 1] if at + 1 < len(words) else ""
        value = self._cardinal.get(word, self._ordinal.get(word, 0))
        whole = group % 100 == 0 and (group > 0 or total > 0)
        if not self._french:
            return whole and 0 < value < 100
        tens = group % 100
        return (value == 1 and (whole or (tens > 10 and tens % 10 == 0))) or (
            value == 11 and tens == 60
        )

    def _as_cardinal(self, text: str, before: str, words: Sequence[str], after: int) -> str:
        """Write an ordinal as people also do ("May 1st" as "May 1"), and "17 siècle" as "17e siècle"."""
        following = words[after] if after < len(words) else ""
        if following in CENTURIES and text.isdecimal():
            return text if self._french and text == "1" else f"{text}e"
        if self._french or text[-1:] != "e" or not text[:-1].isdecimal():
            return text
        dated = before in MONTHS or following in MONTHS
        regnal = before == "the" and following in ("", "of")
        return text[:-1] if dated or regnal else text


def _is_group(word: str) -> bool:
    return len(word) == 3 and word.isascii() and word.isdecimal()


def _year(group: int, value: int) -> int | None:
    """Return what "nineteen" and "eighty" make together, None when no year."""
    return group * 100 + value if 10 <= group <= 99 and 10 <= value <= 99 else None


@lru_cache(maxsize=16)
def _numbers_of(locale: str) -> _Numbers:
    return _Numbers(locale)


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
    return folded if first == "un" and rest.startswith(_COUNTING) else rest


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
