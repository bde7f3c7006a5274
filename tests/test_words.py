"""Words: the packed lists against plain ones, words checked by hand, what is drawn, and what is never shown."""

import gzip
import os
import random
import subprocess
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.matching import fold
from games.words import LEVELS, LOCALES, MOST_LETTERS, Word, lexicon
from games.words.decency import Refusals
from games.words.tables import Anagrams, Spellings

HERE = Path(__file__).resolve().parent
LISTS = resources.files("games.words")
each_locale = pytest.mark.parametrize("locale", LOCALES)


@cache
def plain(locale: str) -> Mapping[str, list[str]]:
    """Return every word as typed with its spellings, read without what is tested."""
    text = gzip.decompress((LISTS / f"{locale}.words.gz").read_bytes()).decode()
    rows = (line.split("\t") for line in text.split("\n")[1:-1])
    return {typed: written.split("/") if written else [typed] for typed, written in rows}


def lines(name: str) -> Iterator[str]:
    for line in (LISTS / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def drawn(locale: str) -> list[tuple[int, str]]:
    rows = (line.split() for line in lines(f"{locale}.drawn.txt"))
    return [(int(level), text) for level, text in rows]


def checked_by_hand(locale: str, sign: str) -> list[str]:
    text = (HERE / "words" / f"{locale}.txt").read_text("utf-8")
    return [w for line in text.splitlines() if line.startswith(sign) for w in line.split()[1:]]


# --- Is it a word? --------------------------------------------------------------------------------------------


@each_locale
def test_words_checked_by_hand_are_words_however_typed(locale: str) -> None:
    words = checked_by_hand(locale, "+")
    assert len(words) > 400
    for word in words:
        for typed in (word, word.upper(), fold(word), f" {word} ! "):
            assert lexicon(locale).valid(typed), typed


@each_locale
def test_slips_names_abbreviations_and_the_other_language_are_no_words(locale: str) -> None:
    words = checked_by_hand(locale, "-")
    assert len(words) > 80
    assert [word for word in words if lexicon(locale).valid(word)] == []


@each_locale
def test_every_listed_word_is_found_and_no_word_nearby(locale: str) -> None:
    words = plain(locale)
    assert len(words) > 250_000
    assert list(words) == sorted(words, key=str.encode)
    chance, letters = random.Random(1), "abcdefghijklmnopqrstuvwxyz "
    assert all(map(lexicon(locale).valid, words))
    for word in chance.sample(list(words), 20_000):
        at = chance.randrange(len(word))
        near = fold(word[:at] + chance.choice(letters) + word[at + 1 :])
        assert lexicon(locale).valid(near) is (near in words), near


@given(st.text(max_size=60), st.sampled_from(LOCALES))
def test_any_text_is_judged(text: str, locale: str) -> None:
    words = lexicon(locale)
    assert words.valid(text) is (len(text) <= 50 and fold(text) in plain(locale))
    assert words.decent(text) in (True, False)
    assert words.spelling(text) is None or words.valid(text)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\t", "a\nb", "eau\t", "/", "\0", "é" * 51, "\ud800"]
)
def test_what_the_lists_are_made_of_is_no_word(text: str) -> None:
    for locale in LOCALES:
        assert lexicon(locale).valid(text) is (text == "eau\t")


def test_there_is_no_lexicon_of_an_unknown_language() -> None:
    with pytest.raises(LookupError):
        lexicon("de")


# --- How is it written? ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "typed", "written"),
    [
        ("fr", "foret", "forêt"),
        ("fr", "CŒUR", "cœur"),
        ("fr", "oeuf", "œuf"),
        ("fr", "etait", "était"),
        ("fr", "mangeames", "mangeâmes"),
        ("fr", "cote", "côté"),
        ("fr", "peche", "pêche"),
        ("fr", "ile", "île"),
        ("fr", "age", "âge"),
        ("fr", "aout", "août"),
        ("fr", "ou", "ou"),
        ("fr", "arc en ciel", "arc-en-ciel"),
        ("fr", "aujourd’hui", "aujourd'hui"),
        ("fr", "maison", "maison"),
        ("fr", "qsdf", None),
        ("en", "cafe", "café"),
        ("en", "pinata", "piñata"),
        ("en", "HOUSE", "house"),
        ("en", "qsdf", None),
    ],
)
def test_a_word_is_shown_with_its_accents(locale: str, typed: str, written: str | None) -> None:
    assert lexicon(locale).spelling(typed) == written


def test_the_likeliest_of_several_spellings_comes_first() -> None:
    assert lexicon("fr").spellings("cote") == ("côté", "côte", "cote", "coté")
    assert lexicon("fr").spellings("arbre") == ("arbre",)
    assert lexicon("fr").spellings("qsdf") == ()


@each_locale
def test_every_spelling_is_that_of_its_letters(locale: str) -> None:
    for typed, spellings in plain(locale).items():
        assert {fold(spelling) for spelling in spellings} == {typed}
        assert len(set(spellings)) == len(spellings)


# --- Words to find --------------------------------------------------------------------------------------------


@each_locale
def test_what_is_drawn_is_a_decent_word_of_the_length_and_level_asked(locale: str) -> None:
    words, levels = lexicon(locale), dict[str, int]()
    for level, text in drawn(locale):
        assert words.valid(text)
        assert words.decent(text)
        assert text.isalpha()
        assert text == text.lower()
        assert words.spelling(text) == text
        levels[fold(text)] = level
    assert len(levels) == len(drawn(locale))
    chance = random.Random(3)
    for _ in range(2_000):
        least, level = chance.randrange(4, 11), chance.choice(LEVELS)
        word = words.draw(chance, range(least, least + 3), level)
        assert word == Word.of(word.text)
        assert least <= len(word.letters) < least + 3
        assert levels[word.letters] == level


@each_locale
@pytest.mark.parametrize("letters", range(4, 11))
def test_there_are_enough_words_for_many_evenings(locale: str, letters: int) -> None:
    counts = Counter((level, len(fold(text))) for level, text in drawn(locale))
    assert all(counts[level, letters] >= 60 for level in LEVELS)


def test_nothing_unfair_is_drawn() -> None:
    unfair = {
        "fr": "était paris pierre-jean chevaux maisons chantions mangea vertes belle the house allant avec leur nous",
        "en": "went mice houses walking walked bigger best london the which with maison february children",
    }
    for locale, words in unfair.items():
        assert {text for _, text in drawn(locale)}.isdisjoint(words.split())


@each_locale
def test_what_a_person_decided_on_reading_the_list_holds(locale: str) -> None:
    shown = {text for _, text in drawn(locale)}
    wanted, unwanted = set[str](), set[str]()
    for line in lines(f"{locale}.review.txt"):
        sign, *words = line.split()
        (wanted if sign == "+" else unwanted).update(words)
    assert wanted.isdisjoint(unwanted)
    assert wanted <= shown
    assert shown.isdisjoint(unwanted)


DRAW = """
import random
from games.words import LEVELS, LOCALES, lexicon
chance = random.Random(42)
for locale in LOCALES:
    words = lexicon(locale).plus(["Ossau", "chocolatine", "Gave"])
    print(*(words.draw(chance, range(4, 12), level).letters for level in LEVELS * 40))
    print(*words.anagrams("aimer"), *words.longest("chocolatin"))
"""


def test_the_same_seed_draws_the_same_words_in_any_process() -> None:
    outputs = set()
    for hash_seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", DRAW],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            timeout=30,
            cwd=HERE.parent,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().split()) > 240


def test_a_length_that_no_word_has_is_said() -> None:
    with pytest.raises(LookupError):
        lexicon("fr").draw(random.Random(0), range(40, 45), 1)
    with pytest.raises(LookupError):
        lexicon("fr").draw(random.Random(0), range(5, 9), 4)


# --- Words out of letters -------------------------------------------------------------------------------------


def possible(locale: str, letters: str, length: int) -> list[str]:
    """Return the words of one length out of letters, found by trying every word there is."""
    stock = Counter(letters)
    fitting = (w for w in plain(locale) if len(w) == length and set(w) <= stock.keys())
    return [word for word in fitting if not Counter(word) - stock]


@each_locale
@pytest.mark.parametrize(
    "letters", ["marie", "niche", "listen", "abcdef", "zzzz", "x", "", "é", "àimer"]
)
def test_anagrams_are_all_the_words_of_these_letters(locale: str, letters: str) -> None:
    words, typed = lexicon(locale), fold(letters)
    expected = [w for w in possible(locale, typed, len(typed)) if words.decent(w)]
    assert [fold(word) for word in words.anagrams(letters)] == sorted(expected)


@each_locale
def test_each_word_is_among_its_anagrams(locale: str) -> None:
    words = lexicon(locale)
    for word in random.Random(5).sample(list(plain(locale)), 5_000):
        if word.isalpha() and words.decent(word):
            assert words.spelling(word) in words.anagrams(word)


@each_locale
@pytest.mark.parametrize("seed", range(5))
def test_the_longest_words_are_those_that_trying_every_word_finds(locale: str, seed: int) -> None:
    chance, words = random.Random(seed), lexicon(locale)
    drawn_letters = "".join(chance.choices("aeioubcdfglmnprstvz", k=MOST_LETTERS - seed))
    for length in range(len(drawn_letters), 0, -1):
        expected = [w for w in possible(locale, drawn_letters, length) if words.decent(w)]
        if expected:
            break
    assert [fold(word) for word in words.longest(drawn_letters)] == sorted(expected)


def test_no_word_at_all_comes_out_of_some_letters() -> None:
    assert lexicon("fr").longest("xzkwqjvbpm") == ()
    assert lexicon("fr").longest("") == ()


def test_more_than_ten_letters_are_too_many() -> None:
    with pytest.raises(ValueError, match="11 letters"):
        lexicon("fr").longest("abcdefghijk")


# --- Words that a host adds -----------------------------------------------------------------------------------


def test_a_host_adds_words_for_an_evening() -> None:
    words = lexicon("fr").plus(["Ossau", " Gourette ", "  ", "!", "x" * 51])
    assert words.valid("OSSAU")
    assert words.spelling("gourette") == "Gourette"
    assert words.anagrams("ossua") == ("Ossau",)
    assert words.longest("uossazx") == ("Ossau", "saxos")
    assert words.valid("maison")
    assert not words.valid("x" * 51)
    assert not words.valid("")


def test_an_added_word_of_several_pieces_is_no_anagram() -> None:
    words = lexicon("fr").plus(["Saint-Zaxx"])
    assert words.valid("saint zaxx")
    assert words.anagrams("saintzaxx") == ()


def test_added_words_are_drawn_at_every_level() -> None:
    words = lexicon("fr").plus(["Lalalalalalalalalalalalala"])
    for level in LEVELS:
        assert words.draw(random.Random(0), range(20, 30), level).text.startswith("Lala")


def test_added_words_stay_with_those_who_added_them() -> None:
    first = lexicon("fr").plus(["Ossau"])
    second = first.plus(["Gourette"])
    assert second.valid("ossau")
    assert not first.valid("gourette")
    assert not lexicon("fr").valid("ossau")


def test_the_spelling_of_a_host_comes_first() -> None:
    assert lexicon("fr").plus(["Pau", "Cote"]).spellings("cote")[0] == "Cote"
    assert "Forêt" in lexicon("fr").plus(["Forêt"]).anagrams("foret")


# --- Decency --------------------------------------------------------------------------------------------------


def refused(locale: str) -> list[str]:
    """Return every word of a list that its refusals refuse."""
    refusals = Refusals.packaged(locale)
    return [word for word in plain(locale) if refusals.refuse(word)]


@each_locale
def test_no_refused_word_is_ever_drawn_listed_or_shown(locale: str) -> None:
    words, bad = lexicon(locale), refused(locale)
    assert len(bad) > 1_000
    assert {fold(text) for _, text in drawn(locale)}.isdisjoint(bad)
    for word in bad:
        assert words.valid(word)
        assert not words.decent(word)
        assert words.spelling(word) is None
    for word in random.Random(7).sample([w for w in bad if w.isalpha()], 300):
        assert all(words.decent(text) for text in words.anagrams(word))
        assert all(words.decent(text) for text in words.longest(word[:MOST_LETTERS]))


@each_locale
def test_every_refusal_refuses_with_its_plural_and_in_a_sentence(locale: str) -> None:
    words = lexicon(locale)
    entries = [entry for line in lines(f"{locale}.refused.txt") for entry in line.split()]
    assert len(entries) == len(set(entries))
    for entry in entries:
        word = entry.strip("!*")
        assert word == fold(word), entry
        if not entry.startswith("!"):
            assert not words.decent(word.upper())
            assert not words.decent(f"{word}s")
            assert not words.decent(f"abc {word}, def")


@each_locale
def test_a_word_that_a_host_adds_is_refused_like_any_other(locale: str) -> None:
    bad = refused(locale)[0]
    words = lexicon(locale).plus([bad, f"{bad} {'z' * 30}"])
    assert words.valid(bad)
    assert words.spelling(bad) is None
    assert words.anagrams(bad) == lexicon(locale).anagrams(bad)
    with pytest.raises(LookupError):
        words.draw(random.Random(0), range(30, 50), 1)


@each_locale
def test_harmless_words_are_not_taken_for_others(locale: str) -> None:
    for word in checked_by_hand(locale, "~"):
        assert lexicon(locale).valid(word), word
        assert lexicon(locale).decent(word), word


def test_an_exception_allows_what_a_beginning_refuses() -> None:
    refusals = Refusals(["blip*", "!blipping*", "zut"])
    assert [w for w in ("blip", "Blips", "blipping", "zut", "zuts", "zute") if refusals.refuse(w)] == [
        "blip", "Blips", "zut", "zuts",
    ]  # fmt: skip


# --- What it costs, and what is shipped -----------------------------------------------------------------------


def test_both_languages_take_less_than_sixty_megabytes() -> None:
    tracemalloc.start()
    try:
        kept = [(Spellings.packaged(locale), Anagrams.packaged(locale)) for locale in LOCALES]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(kept) == 2
    assert taken < 40_000_000


def test_the_folder_says_the_licence_of_every_list() -> None:
    text = (LISTS / "LICENSE").read_text("utf-8")
    for wanted in (
        "Mozilla Public",
        "SCOWL",
        "WordNet 3.0 Copyright",
        "wordfreq",
        "SUBTLEX",
        "/by-sa/",
    ):
        assert wanted in text
    for entry in LISTS.iterdir():
        if entry.name.endswith((".gz", ".txt")):
            kind = entry.name.split(".", 1)[1]
            assert entry.name in text or f"*.{kind}" in text, entry.name
            assert entry.name.split(".")[0] in LOCALES


# --- script/words ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def script() -> ModuleType:
    loader = SourceFileLoader("words_script", str(HERE.parent / "script" / "words"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    loader.exec_module(module)
    return module


AFFIXES = """\
SFX S. Y 2
SFX S. 0 0/L'D'Q' [^sxz] is:sg
SFX S. 0 s/D'Q' [^sxz] is:pl
SFX F. Y 2
SFX F. 0 0/L'D'Q' t is:mas is:sg
SFX F. 0 e/L'D'Q' t is:fem is:sg
SFX a0 Y 3
SFX a0 er er/n'q' er po:infi
SFX a0 er ons/n'q' [^cg]er po:ipre po:1pl
SFX a0 er è/n'q' er po:ipre po:1isg
PFX L' Y 1
PFX L' 0 l' . dp:le
PFX Um Y 2
PFX Um 0 0/S. .
PFX Um 0 kilo/S.() .
"""
ENTRIES = """\
9
pré/S.() po:nom is:mas
petit/F.() po:adj
chanter/a0p+() po:v1_it____a
mètre/Um() po:nom is:mas
île/S.() po:nom is:fem
avec po:mg po:prep
kg/||-- po:nom is:mas is:inv
Pau/L'D'Q' po:npr is:epi is:inv
porte-clés/L' po:nom is:mas is:inv
"""


def listed(words: set[str]) -> str:
    return " ".join(sorted(words))


def test_a_french_dictionary_is_written_out(script: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "usr" / "share" / "hunspell"
    folder.mkdir(parents=True)
    (folder / "fr.aff").write_text(AFFIXES, "utf-8")
    (folder / "fr.dic").write_text(ENTRIES, "utf-8")
    source = script.read_french(tmp_path)
    assert listed(source.spellings) == (
        "avec chanter chantons kilomètre kilomètres mètre mètres petit petite porte-clés pré prés île îles"
    )
    assert listed(source.drawable) == "chanter kilomètre mètre petit pré île"
    source.spellings.add("ile")
    assert script.by_folding(source)["ile"] == ["île", "ile"]
    assert list(script.word_lines({"pre": ["pré"], "petit": ["petit"]})) == ["pre\tpré", "petit\t"]


def test_english_lists_are_read_by_size_and_without_inflections(
    script: ModuleType, tmp_path: Path
) -> None:
    share = tmp_path / "usr" / "share"
    (share / "dict" / "scowl").mkdir(parents=True)
    (share / "wordnet").mkdir()
    for name, words in {
        "english-words.10": "walk walks walked number numb mouse mice x",
        "american-words.35": "color colors color's",
        "british-words.35": "colour",
        "english-words.95": "wirrah",
        "english-upper.10": "Paris",
    }.items():
        (share / "dict" / "scowl" / name).write_text("\n".join(words.split()), "utf-8")
    index = {
        "noun": "number\nmouse\ncolor\ncolour\nwalk",
        "verb": "walk\nnumber",
        "adj": "numb",
        "adv": "",
    }
    for part, words in index.items():
        (share / "wordnet" / f"index.{part}").write_text(f"  1 licence\n{words}", "utf-8")
        (share / "wordnet" / f"{part}.exc").write_text("mice mouse" * (part == "noun"), "utf-8")
    source = script.read_english(tmp_path)
    assert listed(source.spellings) == (
        "color colors colour mice mouse numb number walk walked walks"
    )
    assert listed(source.drawable) == "color colour mouse numb number walk"


def test_the_packed_files_are_in_the_order_that_is_searched(
    script: ModuleType, tmp_path: Path
) -> None:
    words = {fold(word): [word] for word in ("niche", "chien", "été", "chine", "arc-en-ciel")}
    script.pack(tmp_path / "a", script.anagram_lines(words))
    anagrams = Anagrams(gzip.decompress((tmp_path / "a").read_bytes()))
    assert sorted(anagrams.of("chine")) == ["chien", "chine", "niche"]
    assert anagrams.of("arcenciel") == []
    script.pack(tmp_path / "b", script.anagram_lines(words))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@settings(max_examples=50)
@given(st.sets(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=60))
def test_any_list_finds_all_its_words_and_no_other(words: set[str]) -> None:
    text = "".join(f"\n{word}\t" for word in sorted(words)) + "\n"
    spellings = Spellings(text.encode())
    for word in words | {f"{word}a" for word in words} | {"a", "m", "zz"}:
        assert (spellings.find(word) >= 0) is (word in words)
        assert spellings.of(word) == ((word,) if word in words else ())


def test_a_lexicon_is_made_once_for_each_language() -> None:
    assert lexicon("fr") is lexicon("fr")
    assert lexicon("fr") is not lexicon("en")
