"""Numbers as people type them: in words, digits or Roman numerals, found in folded text and written in digits.

A closed parser for French and English below a thousand million; what it knows stands in the tables. "vingt mille",
"20 000" and "20000" are one number, and so are "xiv", "quatorze" and "14". Pure, like all rules.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

# fmt: off
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

_BETWEEN = frozenset({"et", "and", "the", "a", "e", "eme", "ieme", "er", "ere", "re", "th"})
"""Words that may go into a number: "vingt et un", "Henry the 8th", "17 ème"."""
COUNTING = ("deux trois", "2 3", "deux 3", "2 trois")
"""What follows "un" when somebody counts rather than names one thing."""
_DIGITS = re.compile(r"([0-9]+)([a-z]*)")


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


class Numbers:
    """Numbers of one language, in words, digits and Roman numerals: finds them and writes them in digits."""

    def __init__(self, locale: str, conjunction: str, same: Mapping[str, str]) -> None:
        """`conjunction` joins parts of a number ("vingt et un"); `same` writes short forms of words in full."""
        self._french = locale == "fr"
        words = UNITS.get(locale, "").split()
        self._cardinal = {word: value for value, word in enumerate(words)}
        self._cardinal |= VARIANTS.get(locale, {}) | TENS.get(locale, {})
        self._scale = SCALES.get(locale, {})
        self._ordinal = ORDINALS.get(locale, {})
        self._endings = ENDINGS.get(locale, frozenset())
        self._same = same
        self._and = conjunction
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
        counting = " ".join(words[at + 1 : at + 3]) in COUNTING
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


_PLAIN = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,6})?")
_GROUPED = re.compile(r"([+-]?\d{1,3})((?:[ \u00a0\u202f.,\u2019']\d{3})+)(?:([.,])(\d{1,6}))?")


@lru_cache(maxsize=16)
def _parser(locale: str) -> Numbers:
    return Numbers(locale, {"fr": "et", "en": "and"}.get(locale, "&"), {})


def read_number(text: str, locale: str) -> float | None:
    """Return the number that a whole message is, in digits or in words, or None when it is anything else.

    Thousands may stand apart ("12 583", "12.583" in French, "12,583" in English); a decimal comma or point is read
    as the language writes it.
    """
    typed = text.strip().rstrip("!?. ").replace("\u2212", "-")
    if (grouped := _GROUPED.fullmatch(typed)) is not None and _groups(grouped, locale):
        head, groups, _, decimals = grouped.groups()
        return float(head + re.sub(r"\D", "", groups) + (f".{decimals}" if decimals else ""))
    if _PLAIN.fullmatch(typed):
        return float(typed.replace(",", "."))
    words = _folded_words(typed)
    if not words or not all(word.isascii() for word in words):
        return None
    written = _parser(locale).written(words)
    return (
        float(written[0]) if len(written) == 1 and re.fullmatch(r"\d{1,15}", written[0]) else None
    )


def _groups(match: re.Match[str], locale: str) -> bool:
    """Return whether the marks between the groups are thousands' marks there: all the same, and not the decimal one."""
    marks = set(re.findall(r"\D", match[2]))
    decimal = "," if locale == "fr" else "."
    return len(marks) == 1 and decimal not in marks and match[3] in (None, decimal)


def _folded_words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        " " if char in "-'\u2019" else char for char in plain if not unicodedata.combining(char)
    )
    return kept.split()
