"""The judge against a table of what people type, and properties of numbers, names and denials."""

import unicodedata

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from games.matching import AnswerKey, Verdict, judge, key_of
from tests.judging_table import TABLE, Pair
from tests.quiz_strategies import ANY_TEXT

RIGHT, CLOSE, WRONG = Verdict.RIGHT, Verdict.CLOSE, Verdict.WRONG
ANSWERS = st.sampled_from(sorted({(p.accepted, p.locale, p.person) for p in TABLE}))
WORDS = st.text("abcdefghijklmnoprstuvzéèç", min_size=1, max_size=9)
PLAIN = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def verdict(pair: Pair) -> Verdict:
    key = AnswerKey(pair.accepted, locale=pair.locale, wrong=pair.wrong, person=pair.person)
    return key.judge(pair.typed)


def said(pair: Pair, found: Verdict) -> str:
    return f"{pair.typed!r} for {pair.accepted[0]!r}: {found.value}, not {pair.expected.value}"


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len(TABLE) >= 320
    assert len({pair[:5] for pair in TABLE}) == len(TABLE)
    assert min(sum(pair.locale == locale for pair in TABLE) for locale in ("fr", "en")) >= 100


def test_nothing_wrong_is_called_right() -> None:
    taken = [pair for pair in TABLE if pair.expected is not RIGHT and verdict(pair) is RIGHT]
    assert [said(pair, RIGHT) for pair in taken] == []


def test_the_judge_agrees_with_a_kind_but_exact_quizmaster() -> None:
    verdicts = [(pair, verdict(pair)) for pair in TABLE]
    apart = [said(pair, found) for pair, found in verdicts if found is not pair.expected]
    assert len(apart) <= len(TABLE) / 100, "\n".join(apart)


def test_no_right_answer_of_the_table_is_refused() -> None:
    refused = [pair for pair in TABLE if pair.expected is RIGHT and verdict(pair) is not RIGHT]
    assert [said(pair, verdict(pair)) for pair in refused] == []


_FRENCH = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix-sept dix-huit dix-neuf"
)
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_ROMAN = "I II III IV V VI VII VIII IX"
_MIXED = (
    "un une deux quatre vingt vingts cent cents mille million soixante dix sept et premier unième"
    " xiv vie i v ier 1 20 000 2e eme e zéro seize one a hundred thousand and nineteen eighty the th"
    " may & svp of siècle 007 huitième second"
)
FRENCH_20 = _FRENCH.split()
ENGLISH_20 = _ENGLISH.split()
FRENCH_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante")
ENGLISH_TENS = (
    "",
    "",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
)


def french(number: int, *, swiss: bool = False) -> str:
    """Write a number in words, by the rules of school: independent of the judge's parser."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        head = "mille" if thousands == 1 else f"{french(thousands, swiss=swiss)} mille"
        return f"{head} {french(rest, swiss=swiss)}" if rest else head
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        head = "cent" if hundreds == 1 else f"{FRENCH_20[hundreds]} cent"
        if not rest:
            return head + ("s" if hundreds > 1 else "")
        return f"{head} {french(rest, swiss=swiss)}"
    return _french_below_100(number, swiss=swiss)


def _french_below_100(number: int, *, swiss: bool) -> str:
    if number < 20:
        return FRENCH_20[number]
    tens, unit = divmod(number, 10)
    if swiss and tens >= 7:
        head = {7: "septante", 8: "huitante", 9: "nonante"}[tens]
    elif tens >= 8:
        rest = number - 80
        return f"quatre-vingt-{FRENCH_20[rest]}" if rest else "quatre-vingts"
    elif tens == 7:
        return "soixante et onze" if unit == 1 else f"soixante-{FRENCH_20[10 + unit]}"
    else:
        head = FRENCH_TENS[tens]
    return f"{head} et un" if unit == 1 else f"{head}-{FRENCH_20[unit]}" if unit else head


def english(number: int) -> str:
    """Write a number in words, by the rules of school."""
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        joint = " and " if 0 < rest < 100 else " "
        return f"{english(thousands)} thousand" + (joint + english(rest) if rest else "")
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return f"{ENGLISH_20[hundreds]} hundred" + (f" and {english(rest)}" if rest else "")
    if number < 20:
        return ENGLISH_20[number]
    tens, unit = divmod(number, 10)
    return ENGLISH_TENS[tens] + (f"-{ENGLISH_20[unit]}" if unit else "")


def roman(number: int) -> str:
    """Write a number below 40 as kings and centuries do."""
    return "X" * (number // 10) + ("", *_ROMAN.split())[number % 10]


def spellings(number: int) -> list[tuple[str, str]]:
    """Return ways to write a number, each with its language."""
    written = french(number)
    found = [("fr", text) for text in (written, french(number, swiss=True))]
    found += [("fr", written.replace(" ", "-")), ("fr", written.replace("-", " "))]
    found += [("en", english(number)), ("en", english(number).replace("-", " "))]
    return [*found, ("fr", f"{number:,}".replace(",", "\u202f")), ("en", f"{number:,}")]


def test_every_number_below_two_thousand_is_read_in_words() -> None:
    for number in range(2000):
        for locale, text in spellings(number):
            assert key_of(text, locale) == str(number), text


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 999_999))
@example(999_999)
@example(80_000)
@example(21_071)
def test_a_number_in_words_is_the_number_in_digits(number: int) -> None:
    for locale, text in spellings(number):
        assert key_of(text, locale) == str(number), text
        assert judge(text, (str(number),), locale=locale) is RIGHT
        if number != 1:  # "un" before a name is an article
            assert judge(f"{text} ab", (f"{number} ab",), locale=locale) is RIGHT, text


@settings(max_examples=300, deadline=None)
@given(
    st.integers(0, 999_999),
    st.integers(0, 999_999),
    st.sampled_from(["{}", "chapitre {}", "{} chapitres"]),
)
def test_two_numbers_in_words_are_never_one(one: int, other: int, frame: str) -> None:
    assume(one != other)
    answers = [(locale, frame.format(text)) for locale, text in spellings(one)]
    for locale, answer in answers:
        for language, text in spellings(other):
            if language == locale:
                assert judge(frame.format(text), (answer,), locale=locale) is WRONG


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 39), st.integers(1, 39))
def test_reigns_are_read_in_roman_digits_and_words(one: int, other: int) -> None:
    assume(one != other)
    accepted = (f"Louis {roman(one)}",)
    for typed in (
        f"louis {french(one)}",
        f"louis {one}",
        f"LOUIS {roman(one)}",
        f"louis {roman(one).lower()}",
    ):
        assert judge(typed, accepted, locale="fr", person=True) is RIGHT, typed
    for typed in (
        f"louis {french(other)}",
        f"louis {other}",
        f"louis {roman(other)}",
        roman(one),
        str(one),
    ):
        assert judge(typed, accepted, locale="fr", person=True) is not RIGHT, typed


@settings(max_examples=300, deadline=None)
@given(ANSWERS, st.data())
def test_an_answer_is_right_whatever_its_dress(
    asked: tuple[tuple[str, ...], str, bool], data: st.DataObject
) -> None:
    accepted, locale, person = asked
    answer = data.draw(st.sampled_from(accepted))
    bare = "".join(
        c for c in unicodedata.normalize("NFD", answer) if unicodedata.category(c) != "Mn"
    )
    dress = data.draw(
        st.sampled_from(
            [
                "{}",
                "{} !!!",
                "« {} »",
                "  {}\t",
                "{} ???",
                "“{}”…",
                "{} 😂",
                "**{}**",
                "||{}||",
                "{} <:ok:123>",
                "{} svp",
            ]
        )
    )
    text = data.draw(
        st.sampled_from([answer, answer.upper(), answer.lower(), answer.title(), bare])
    )
    text = text.replace(" ", data.draw(st.sampled_from([" ", "  ", "\u00a0", "-", "\u202f", "_"])))
    assert judge(dress.format(text), accepted, locale=locale, person=person) is RIGHT


@settings(max_examples=300, deadline=None)
@given(
    ANSWERS.map(lambda asked: (asked[0][:1], asked[1], asked[2]))
    | st.tuples(st.tuples(PLAIN), st.sampled_from(["fr", "en"]), st.booleans()),
    st.sampled_from(
        [
            "pas {}",
            "not {}",
            "non {}",
            "{} non",
            "jamais {}",
            "never {}",
            "no {}",
            "ni {}",
            "sauf {}",
            "c’est pas {}",
            "it’s not {}",
            "{} ou {other}",
            "{other} ou {}",
            "{} or {other}",
            "{} ou ?",
        ]
    ),
    PLAIN,
)
@example((("no abcdefghi",), "fr", False), "no {}", "x")
@example((("Montevideo",), "fr", False), "{} ou ?", "x")
@example((("Passage",), "fr", False), "{other} ou {}", "lyon")
def test_a_denial_or_two_answers_are_never_right(
    asked: tuple[tuple[str, ...], str, bool], frame: str, other: str
) -> None:
    accepted, locale, person = asked
    typed = frame.format(accepted[0], other=other)
    assert judge(typed, accepted, locale=locale, person=person) is not RIGHT


@settings(max_examples=300, deadline=None)
@given(
    ANY_TEXT | st.text(st.characters(), max_size=60),
    st.lists(ANY_TEXT, max_size=3).map(tuple),
    st.sampled_from(["fr", "en", "xx"]),
    st.booleans(),
)
def test_the_judge_never_raises(
    typed: str, accepted: tuple[str, ...], locale: str, person: bool
) -> None:
    assert judge(typed, accepted, locale=locale, person=person) in Verdict


NUMBER_WORDS = st.lists(st.sampled_from(_MIXED.split()), min_size=1, max_size=9).map(" ".join)


@settings(max_examples=600, deadline=None)
@given(NUMBER_WORDS, st.sampled_from(["fr", "en"]))
def test_number_words_in_any_order_are_read_without_fail(text: str, locale: str) -> None:
    assert judge(text, (text,), locale=locale) is RIGHT
    assert judge(text.upper(), (text,), locale=locale) is RIGHT
    assert judge(f"pas {text}", (text,), locale=locale) is not RIGHT


@pytest.mark.parametrize(
    ("name", "family", "not_enough"),
    [
        ("Louis XIV", (), ("XIV", "14", "Louis")),
        ("Jean-Paul II", (), ("II", "2", "Paul", "Jean-Paul")),
        ("Catherine II de Russie", (), ("Russie", "de Russie")),
        ("Napoléon Ier", (), ("Ier", "1er", "Napoléon")),
        ("Martin Luther King Jr.", ("King",), ("jr", "Jr.", "Martin")),
        ("Otto Dix", ("Dix",), ("Otto",)),
        ("Philip K. Dick", ("Dick", "Philip Dick", "P. K. Dick"), ("K", "Philip")),
        ("Malcolm X", (), ("X", "10", "Malcolm")),
        ("V. S. Naipaul", ("Naipaul", "VS Naipaul"), ("V. S.", "S. Naipaul et fils")),
        ("Gabriel García Márquez", ("Márquez", "García Márquez"), ("García", "Gabriel")),
    ],
)
def test_what_is_enough_of_a_name(
    name: str, family: tuple[str, ...], not_enough: tuple[str, ...]
) -> None:
    key = AnswerKey((name,), locale="fr", person=True)
    for typed in (name, *family):
        assert key.judge(typed) is RIGHT, typed
    for typed in not_enough:
        assert key.judge(typed) is not RIGHT, typed


@pytest.mark.parametrize(
    ("typed", "answer", "locale", "expected"),
    [
        ("vie siècle", "6e siècle", "fr", RIGHT),
        ("une vie", "Le 6e", "fr", WRONG),
        ("mix", "1009", "fr", WRONG),
        ("CDI", "401", "fr", WRONG),
        ("un deux trois", "1, 2, 3", "fr", RIGHT),
        ("deux trois", "1, 2, 3", "fr", WRONG),
        ("un million", "1 000 000", "fr", RIGHT),
        ("numéro 1", "Numéro un", "fr", RIGHT),
        ("Journal dun curé de campagne", "Journal d’un curé de campagne", "fr", RIGHT),
        ("dans une heure", "Dans 1 heure", "fr", WRONG),
        ("what im looking for", "What I’m Looking For", "en", RIGHT),
        ("twenty twenty", "2020", "en", RIGHT),
        ("friday the thirteenth", "Friday the 13th", "en", RIGHT),
        ("1 2", "12", "fr", WRONG),
        ("lavare", "L’Avare", "fr", RIGHT),
        ("bat 612", "Bit 612", "fr", WRONG),
        ("XVII siècle", "Le XVIIe siècle", "fr", RIGHT),
        ("17 century", "17th century", "en", RIGHT),
    ],
)
def test_words_that_are_numbers_only_sometimes(
    typed: str, answer: str, locale: str, expected: Verdict
) -> None:
    assert judge(typed, (answer,), locale=locale) is expected


def test_a_space_does_not_choose_between_a_right_and_a_wrong_answer() -> None:
    key = AnswerKey(("Bel-Ami",), locale="fr", wrong=("Belami",))
    assert key.judge("bel ami") is RIGHT
    assert key.judge("belami") is WRONG
    assert key.judge("be lami") is WRONG
