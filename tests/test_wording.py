"""Wording: catalogues in step with the code, French as a reader expects it, every fact sayable on both platforms."""

import ast
import importlib.machinery
import importlib.util
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from string import Formatter
from types import ModuleType, SimpleNamespace
from typing import Any, cast, get_args

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.agenda import Entry, State
from bot.daily import Asked as DailyAsked
from bot.daily import Own, Revealed
from bot.discord_side import Board, view_of
from bot.discord_side import Words as Message
from bot.headcount import Attendance, Noted, Place
from bot.headcount import Entry as CountEntry
from bot.people import LONGEST_NAME, OwnRecord, People
from bot.proposals import Proposal
from bot.quiz import LONGEST_TEAM
from bot.rights import Judged
from bot.session import Announcement, Back, HallEvent, Paused, Resumed, Suspended
from bot.shelf import LONGEST_NAME as LONGEST_DECK
from bot.shelf import Arrival, Exported
from bot.storage.daily import Record as DailyRecord
from bot.storage.daily import Tally
from bot.storage.decks import Remembered
from bot.storage.participation import Record
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Words as Line
from bot.wording import agenda as agenda_words
from bot.wording import daily as daily_words
from bot.wording import decks as deck_words
from bot.wording import headcount as headcount_words
from bot.wording import people as people_words
from bot.wording import proposals as proposal_words
from bot.wording import quiz as quiz_words
from bot.wording import refusals
from bot.wording import rights as rights_words
from bot.wording import room as room_words
from bot.wording import shelf as shelf_words
from bot.wording.dates import in_words, moment
from bot.wording.speech import LOCALES, Speech, clip, compose, pack
from cogs.quiz_boards import QuizBoards
from cogs.quiz_twitch import QuizLines
from games.core import Platform, Player, Refusal, Scene, Standing, TeamStanding
from games.daily import Streak
from games.deck import LIMITS, Deck, DeckError, Problem, read_deck
from games.headcount import CLASSES, AgeClass
from games.question import LETTERS, Question, Reply, prepare
from games.quiz import Solver
from games.quiz_events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Credited,
    Event,
    Extended,
    Finished,
    Hinted,
    Joined,
    Opened,
    Reached,
    SideCount,
    Solved,
    Undone,
    Withdrawn,
)
from games.rights import (
    UNKNOWN,
    AuthorPresent,
    Due,
    Ground,
    Permission,
    PublicDomain,
    Quotation,
    Reason,
    Replay,
    Right,
    Verdict,
    Work,
)
from games.teams import MOST_TEAMS

ROOT = Path(__file__).resolve().parent.parent
NARROW = "\u202f"
COUNTS = (0, 1, 2, 1000)


def script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("catalogues", str(ROOT / "script" / "catalogues"))
    spec = importlib.util.spec_from_loader("catalogues", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


CATALOGUES = script()


def forms(message: Any) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def originals(message: Any) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def sentences(locale: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return (the English forms, the forms in this language) of every sentence."""
    return [(originals(m), forms(m)) for m in CATALOGUES.catalogue_of(locale) if m.id]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# --- Catalogues -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_holds_the_sentences_of_the_code_and_no_others(locale: str) -> None:
    in_code = {originals(message) for message in CATALOGUES.extract() if message.id}
    assert {english for english, _ in sentences(locale)} == in_code


@pytest.mark.parametrize("locale", LOCALES)
def test_running_the_script_again_changes_nothing(locale: str) -> None:
    catalogue = CATALOGUES.catalogue_of(locale)
    catalogue.update(CATALOGUES.extract(), no_fuzzy_matching=True)
    assert CATALOGUES.text_of(catalogue, locale) == CATALOGUES.path_of(locale).read_bytes()


@pytest.mark.parametrize("locale", LOCALES)
def test_no_sentence_is_empty_or_uncertain(locale: str) -> None:
    for message in CATALOGUES.catalogue_of(locale):
        assert not message.fuzzy, message.id
        assert not message.id or all(forms(message)), message.id


def test_english_is_its_own_translation() -> None:
    for english, translated in sentences("en"):
        assert english == translated


@pytest.mark.parametrize("locale", LOCALES)
def test_a_translation_fills_in_what_the_sentence_fills_in(locale: str) -> None:
    for english, translated in sentences(locale):
        for form in translated:
            assert placeholders(form) == placeholders(english[-1]), form


def test_the_header_holds_no_names_and_no_dates() -> None:
    for locale in LOCALES:
        text = CATALOGUES.path_of(locale).read_text("utf-8")
        assert not re.search(r"FULL NAME|EMAIL|ORGANIZATION|Creation-Date|Generated", text)


# --- Typography -----------------------------------------------------------------------------------------------

TECHNICAL = re.compile(
    r"\{[^}]*\}|::1|https?://\S+|\b(?:user|moderator):\w+(?::\w+)?|<t:\d+:\w>|(?<!\S)!\w+|(?<!\S)/[\w-]+"
)
"""What keeps its own punctuation: placeholders, addresses, scopes, timestamps, commands."""


def typography(text: str) -> list[str]:
    """Return what a French typesetter would correct."""
    plain = TECHNICAL.sub("x", text)
    rules = {
        "no narrow space before ; : ! ?": rf"(?<!{NARROW})[;:!?]",
        "no narrow space inside « »": rf"«(?!{NARROW})|(?<!{NARROW})»",
        "straight apostrophe or quotation mark": "['\"]",
        "a shortened feminine": r"\(e\)|\(s\)|\(ne\)|\w[·•]\w|\wé\.e",
        "three dots": r"\.\.\.",
        "a bare capital": r"(?:^|[.!?:]\s)(?:A |Ecri|Eta|Etes|Ca )",
        "an English quotation mark": "[“”]",
        "a breakable space before a unit": r"[0-9x}] (?:s|min|h)\b",
    }
    return [what for what, pattern in rules.items() if re.search(pattern, plain)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Bravo !", "narrow space before"),
        ("Bravo\u00a0!", "narrow space before"),
        ("« Germinal »", "inside"),
        ("l'heure", "apostrophe"),
        ("inscrit(e)", "feminine"),
        ("lecteur·rice", "feminine"),
        ("A vous", "capital"),
        ("il reste {time} s", "unit"),
    ],
)
def test_the_typographer_sees_faults(text: str, fault: str) -> None:
    assert any(fault in found for found in typography(text))


def test_the_typographer_lets_commands_and_addresses_be() -> None:
    assert not typography(f"À taper{NARROW}: !quiz lancer · user:read:chat, ::1, {{minutes:02d}}")


def test_french_is_set_as_french() -> None:
    every = (form for _, found in sentences("fr") for form in found)
    assert not {text: faults for text in every if (faults := typography(text))}


def test_english_is_set_as_english() -> None:
    every = (form for _, found in sentences("en") for form in found)
    assert not [text for text in every if re.search("['\"«»\u202f]", text)]


def test_nobody_is_shamed_and_everybody_is_vous() -> None:
    for _, found in sentences("fr"):
        for form in found:
            assert not re.search(
                r"\b(tu|ton|tes|toi|échoué|perdant|dernier|inactif)\b", form.lower()
            ), form


# --- Refusals -------------------------------------------------------------------------------------------------


def raised(folders: Sequence[str], name: str) -> Iterator[tuple[str, set[str], str]]:
    """Yield (code, names of the facts, where) for each `name("code", fact=…)` in the code."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                    where = f"{path.relative_to(ROOT)}:{node.lineno}"
                    first = node.args[0]
                    assert isinstance(first, ast.Constant), f"{where}: the code is no constant"
                    yield str(first.value), {key.arg or "" for key in node.keywords}, where


REFUSALS = list(raised(("games", "bot", "cogs"), "Refusal"))


def test_every_refusal_raised_has_its_sentence() -> None:
    assert len(REFUSALS) > 20
    for code, facts, where in REFUSALS:
        assert code in refusals.SENTENCES, where
        assert placeholders(refusals.SENTENCES[code]) <= facts, where


def test_every_sentence_of_refusal_is_used() -> None:
    codes = {code for code, _, _ in REFUSALS} | {"already-answered-letter"}
    assert codes == set(refusals.SENTENCES)


def test_the_letter_of_an_answer_is_told_when_there_is_one() -> None:
    speech = Speech("en")
    with_letter = refusals.refusal(Refusal("already-answered", choices=(1,)), speech)
    without = refusals.refusal(Refusal("already-answered", choices=()), speech)
    assert with_letter == "Your answer is already noted: B."
    assert without == "Your answer is already noted."


@pytest.mark.parametrize("locale", LOCALES)
def test_a_code_nobody_foresaw_is_still_answered(locale: str) -> None:
    assert refusals.refusal(Refusal("never-heard-of"), Speech(locale))


def test_what_somebody_typed_is_quoted_in_a_refusal() -> None:
    speech = Speech("en", discord.utils.escape_markdown)
    text = refusals.refusal(Refusal("no-deck", name="*a*", decks="b_c"), speech)
    assert r"\*a\*" in text
    assert r"b\_c" in text


FLAGGING = {"Problem", "_flag", "flag", "note", "refusal"}
"""What notes a problem of a deck: a line, a code, facts."""


def constants(node: ast.expr | None, names: dict[str, set[str]]) -> set[str]:
    """Return the texts that an expression may be: itself, either side of an `if`, what its name was given."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return constants(node.body, names) | constants(node.orelse, names)
        case ast.Name():
            return names.get(node.id, set())
    return set()


def deck_problems(path: Path) -> Iterator[tuple[str, set[str], str]]:
    """Yield (code, names of the facts, where) for each problem of a deck that a module notes."""
    tree = ast.parse(path.read_text("utf-8"))
    names: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.setdefault(node.targets[0].id, set()).update(constants(node.value, {}))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        if getattr(node.func, "id", getattr(node.func, "attr", "")) in FLAGGING:
            facts = {key.arg or "" for key in node.keywords}
            if len(node.args) == 3 and isinstance(node.args[2], ast.Dict):
                facts = {str(cast("Any", key).value) for key in node.args[2].keys}
            for code in sorted(constants(node.args[1], names) - {""}):
                yield code, facts, f"{path.name}:{node.lineno}"


DECK_PROBLEMS = [
    problem
    for path in (
        ROOT / "games" / "deck.py",
        ROOT / "games" / "deck_file.py",
        ROOT / "bot" / "decks.py",
        *sorted((ROOT / "bot" / "formats").glob("*.py")),
    )
    for problem in deck_problems(path)
]


def test_every_problem_of_a_deck_has_its_sentence_and_the_reverse() -> None:
    assert {code for code, _, _ in DECK_PROBLEMS} == set(deck_words.SENTENCES)


@pytest.mark.parametrize(("code", "facts", "where"), DECK_PROBLEMS)
def test_every_problem_of_a_deck_brings_the_facts_of_its_sentence(
    code: str, facts: set[str], where: str
) -> None:
    given = {"kind" if fact == "type" else fact for fact in facts}
    assert placeholders(deck_words.SENTENCES[code]) <= given, where


@pytest.mark.parametrize("locale", LOCALES)
def test_a_refused_deck_is_told_line_by_line_without_jargon(locale: str) -> None:
    text = '\ntitle = 1\nlocale = "de"\nquestion = "x"\nsurprise = 2\n'
    with pytest.raises(DeckError) as caught:
        read_deck(text, "mien.toml")
    lines = deck_words.refused(caught.value, Speech(locale))
    assert len(lines) == 1 + len(caught.value.problems)
    assert all("mien.toml" in line for line in lines)
    assert not any(re.search(r"\b(str|int|bool|dict)\b", line) for line in lines)


def test_a_long_list_of_problems_is_cut_and_counted() -> None:
    error = DeckError("d.toml", [Problem(n, "difficulty", {}) for n in range(1, 31)])
    lines = deck_words.refused(error, Speech("en"))
    assert len(lines) == 22
    assert lines[-1] == "… and 10 more"


def test_every_sentence_is_said_somewhere() -> None:
    code = {
        path: path.read_text("utf-8")
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
    }
    used = Counter(word for text in code.values() for word in re.findall(r"\w+", text))
    for path in sorted((ROOT / "bot" / "wording").glob("*.py")):
        for node in ast.parse(code[path]).body:
            if isinstance(node, ast.FunctionDef):
                assert used[node.name] > 1, f"{path.name}: {node.name} is never called"


# --- Counting and joining -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr", ["0 point", "1 point", "2 points", f"1{NARROW}000 points"]),
        ("en", ["0 points", "1 point", "2 points", "1,000 points"]),
    ],
)
def test_points_are_counted_as_the_language_counts(locale: str, expected: list[str]) -> None:
    assert [quiz_words.points(count, Speech(locale)) for count in COUNTS] == expected


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("count", COUNTS)
def test_every_plural_says_its_number(locale: str, count: int) -> None:
    speech = Speech(locale)
    for english, _ in sentences(locale):
        if len(english) == 2:
            others = dict.fromkeys(placeholders(english[1]) - {"count"}, "x")
            said = speech.ngettext(*english, count, **others)
            assert speech.number(count) in said


@pytest.mark.parametrize(
    ("names", "french", "english"),
    [
        ([], "", ""),
        (["Camille"], "Camille", "Camille"),
        (["Camille", "Noé"], "Camille et Noé", "Camille and Noé"),
        (["Camille", "Noé", "Inès"], "Camille, Noé et Inès", "Camille, Noé, and Inès"),
        (["Camille", "Noé", "a", "b"], "Camille, Noé et 2 autres", "Camille, Noé, and 2 others"),
        (["Camille", ""], "Camille et quelqu’un", "Camille and somebody"),
    ],
)
def test_few_people_are_named_and_the_others_counted(
    names: list[str], french: str, english: str
) -> None:
    assert Speech("fr").people(names) == french
    assert Speech("en").people(names) == english


def test_a_thousand_people_are_a_number() -> None:
    names = [f"n{number}" for number in range(1001)]
    assert Speech("fr").people(names, shown=1) == f"n0 et 1{NARROW}000 autres"


@given(st.lists(st.text(max_size=20), max_size=12), st.integers(1, 4))
def test_people_are_never_lost_in_a_list(names: list[str], shown: int) -> None:
    text = Speech("en").people(names, shown)
    assert bool(text) == bool(names)
    for name in names[:shown]:
        assert (name or "somebody") in text
    if len(names) > shown + 1:
        assert f"{len(names) - shown} others" in text


def test_people_are_quoted_each() -> None:
    assert Speech("fr", str.upper).people(["a", "b", "c"], 2) == "A, B et C"


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "0\u00a0s", "0 s"),
        (-3, "0\u00a0s", "0 s"),
        (59.4, "59\u00a0s", "59 s"),
        (59.6, "1\u00a0min", "1 min"),
        (90, "1\u00a0min\u00a030\u00a0s", "1 min 30 s"),
        (7500, "2\u00a0h\u00a005", "2 h 05 min"),
    ],
)
def test_durations_are_short(seconds: float, french: str, english: str) -> None:
    assert Speech("fr").seconds(seconds) == french
    assert Speech("en").seconds(seconds) == english


def test_braces_in_a_name_are_only_braces() -> None:
    assert Speech("en").quoted("{count} {0} {{") == "“{count} {0} {{”"


# --- Fitting --------------------------------------------------------------------------------------------------

PARTS = st.lists(st.text(max_size=30), max_size=8)


@given(st.text(max_size=80), st.integers(1, 60))
def test_a_clipped_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    if len(text) <= limit:
        assert clipped == text
    else:
        assert clipped.endswith("…")
        assert text.startswith(clipped[:-1])


def test_a_clipped_text_is_cut_between_words() -> None:
    assert clip("la médiathèque André-Labarrère", 20) == "la médiathèque…"


def joined(parts: list[str], separator: str) -> str:
    """Return parts as they stand in one line: no dot comes after a sentence or a colon."""
    text = ""
    for part in parts:
        if text:
            text += " " if text[-1] in ".:!?…" else separator
        text += part
    return text


def cuts(parts: list[str]) -> Iterator[list[list[str]]]:
    """Yield every way to cut a list into parts that follow each other."""
    for size in range(1, len(parts) + 1):
        for rest in cuts(parts[size:]) if size < len(parts) else iter([[]]):
            yield [parts[:size], *rest]


@given(
    st.lists(st.text("ab .:!", max_size=12), max_size=7),
    st.integers(4, 30),
    st.sampled_from([" ", " · "]),
)
def test_packed_parts_are_all_there_in_the_fewest_lines(
    parts: list[str], limit: int, separator: str
) -> None:
    texts = pack(parts, limit, separator)
    kept = [clip(part, limit) for part in parts if part]
    ways = [[joined(line, separator) for line in cut] for cut in cuts(kept)] or [[]]
    fitting = [way for way in ways if all(len(line) <= limit for line in way)]
    assert texts in fitting
    assert len(texts) == min(map(len, fitting))


@given(PARTS, st.integers(1, 80), st.sampled_from([" ", " · "]))
@example([".", "0"], 3, " · ")
def test_composed_parts_are_whole_and_in_order(
    parts: list[str], limit: int, separator: str
) -> None:
    text = compose(parts, limit, separator)
    assert len(text) <= limit
    kept = [part for part in parts if part]
    whole = [joined(kept[:count], separator) for count in range(len(kept) + 1)]
    fitting = [line for line in whole if len(line) <= limit]
    if kept and len(kept[0]) > limit:
        assert text == clip(kept[0], limit)
    else:
        assert text == fitting[-1]


# --- Every event on both platforms ----------------------------------------------------------------------------

LONG_NAME = "W" * LONGEST_NAME
HOSTILE = "*_~`|[a](b)#"


def naming(name: str) -> People:
    return cast("People", SimpleNamespace(name=lambda _key: name))


def player(number: int, platform: Platform = "discord") -> Player:
    return Player(number, platform)


def text_of(field: str) -> str:
    """Return a text as long as a deck may hold it."""
    return ("é" * (LIMITS[field] // 2 - 1) + " " + "x" * LIMITS[field])[: LIMITS[field]]


def closed(count: int, *, right: tuple[int, ...] = (5,)) -> Closed:
    solvers = tuple(Solver(player(n, "twitch"), 299.4) for n in range(count))
    texts = text_of("answer"), text_of("explanation"), text_of("source")
    answer, explanation, source = texts
    prompt = text_of("prompt")
    return Closed(50, 50, answer, right, explanation, source, solvers, count, prompt, count)


def finished(count: int, *, stopped: bool = False) -> Finished:
    standings = tuple(
        Standing(min(3, 1 + n // 5), player(n, "discord"), 1000) for n in range(count)
    )
    sides = (SideCount("discord", count, count), SideCount("twitch", count, count))
    return Finished(
        text_of("title"),
        50 if count else 0,
        count,
        standings,
        stopped,
        False,
        sides,
        text_of("prompt"),
        tuple(TeamStanding(1, name, 1234.5, count) for name in TEAM_NAMES[: count % 5]),
    )


TEAM_NAMES = tuple(f"équipe {n} ".ljust(LONGEST_TEAM, "x") for n in range(MOST_TEAMS))


def samples(count: int) -> list[Any]:
    """Return every event there is, at its longest, for so many people."""
    choices = tuple(f"{letter}{text_of('answer')[1:]}" for letter in LETTERS[:4])
    return [
        Opened(text_of("title"), max(1, count), 300, 3599),
        Asked(50, 50, text_of("prompt"), (), 300),
        Asked(50, 50, text_of("prompt"), choices, 300),
        Opened(text_of("title"), max(1, count), 300, None, "speed", TEAM_NAMES, "free"),
        Opened(text_of("title"), max(1, count), 300, 3599, "calm", TEAM_NAMES[:2], "platforms"),
        Opened(text_of("title"), max(1, count), 300, 3599, "calm", TEAM_NAMES, "houses"),
        Joined(player(1), 1, TEAM_NAMES[1]),
        Asked(50, 50, text_of("prompt"), choices, 300, "several"),
        Asked(50, 50, text_of("prompt"), choices, 300, "order"),
        Asked(50, 50, text_of("prompt"), ("Vrai", "Faux"), 300, "truth", "é" * 120),
        Reached("twitch", 50, moved=True),
        Accepted(50, text_of("answer")),
        Credited(player(1), 50),
        Accepted(50, text_of("answer"), closed(count, right=())),
        replace(closed(count, right=(2, 0, 1)), work=text_of("answer"), waits=True),
        Answered(player(1), 50, (3,), left=1),
        Solved(player(1), 50, 3.0),
        Withdrawn(player(1), 50),
        Extended(50, 299.0),
        Undone(50),
        Hinted(50, 1, 3, "é" * 79 + " " + "x" * 80),
        Asked(50, 50, text_of("prompt"), (), 300, "number"),
        replace(closed(count, right=()), gap=1234567.891),
        closed(count),
        closed(count, right=()),
        finished(count),
        finished(count, stopped=True),
        Paused(),
        Resumed(None),
        Resumed(float(count)),
        Back(3599.0, None, paused=False),
        Back(3599.0, float(count), paused=False),
        Back(3599.0, 3.0, paused=True),
        Suspended(),
    ]


def announcement(event: Any, locale: str, count: int, platform: Platform) -> Announcement:
    prompt, choices, phase = "", tuple[str, ...](), "reveal"
    if isinstance(event, Asked):
        prompt, choices, phase = event.prompt, event.choices, "asking"
    if isinstance(event, Answered | Solved | Withdrawn | Extended | Hinted | Reached):
        prompt, phase = text_of("prompt"), "asking"
    standings = tuple(Standing(1, player(n), 1) for n in range(count))
    scene = Scene(
        title=text_of("title"),
        phase=phase,
        step=50,
        steps=50,
        deadline=20.0,
        prompt=prompt,
        choices=choices,
        kind=event.kind if isinstance(event, Asked) else "",
        replies=count,
        players=count,
        standings=standings,
        outcome=closed(count) if isinstance(event, Back) else None,
    )
    newcomers = tuple(player(n, platform) for n in range(count))
    room = Room(1, "quiz", locale, "Europe/Paris", "10", "20", "30", "mediatheque_pau")
    unseen = lambda _platform, _prompt: None  # noqa: E731
    return Announcement(1, room, "quiz", locale, (event,), scene, 1.7e9, False, newcomers, unseen)


EVERY = pytest.mark.parametrize("event", samples(1000), ids=lambda event: type(event).__name__)
SPOKEN = pytest.mark.parametrize("locale", LOCALES)


def twitch_lines(event: Any, locale: str, count: int, name: str = LONG_NAME) -> list[str]:
    posts = QuizLines(naming(name))(announcement(event, locale, count, "twitch"), Speech(locale))
    assert all(isinstance(post.payload, Line) for post in posts)
    return [post.payload.text for post in posts]


def discord_posts(event: Any, locale: str, count: int, name: str = LONG_NAME) -> list[Any]:
    speech = Speech(locale, discord.utils.escape_markdown)
    posts = QuizBoards(naming(name), lambda _name: None)(
        announcement(event, locale, count, "discord"), speech
    )
    return [post.payload for post in posts]


def discord_texts(event: Any, locale: str, count: int, name: str = LONG_NAME) -> list[str]:
    found: list[str] = []
    for payload in discord_posts(event, locale, count, name):
        match payload:
            case Message(text):
                found.append(text)
            case Board(embed=embed):
                found += [embed.title or "", embed.description or "", embed.footer.text or ""]
    return found


def test_the_samples_show_every_event() -> None:
    shown = {type(event) for event in samples(1)}
    assert shown == {*get_args(Event), *get_args(HallEvent)}


@SPOKEN
@pytest.mark.parametrize("count", COUNTS)
def test_every_event_fits_a_line_of_twitch(locale: str, count: int) -> None:
    for event in samples(count):
        for line in twitch_lines(event, locale, count):
            assert 0 < len(line) <= MOST_CHARACTERS, type(event)
            assert "\n" not in line


@SPOKEN
@pytest.mark.parametrize("count", COUNTS)
def test_every_event_fits_a_message_of_discord(locale: str, count: int) -> None:
    for event in samples(count):
        for payload in discord_posts(event, locale, count, "_" * LONGEST_NAME):
            match payload:
                case Message(text):
                    assert 0 < len(text) <= 2000
                case Board(embed=embed):
                    assert 0 < len(embed.title or "") <= 256
                    assert 0 < len(embed.description or "") <= 4096
                    assert len(embed) <= 6000


@SPOKEN
@EVERY
def test_what_matters_is_said_on_both_platforms(event: Any, locale: str) -> None:
    on_twitch = " ".join(twitch_lines(event, locale, 0))
    on_discord = " ".join(discord_texts(event, locale, 0))
    match event:
        case Extended() | Hinted():
            assert on_twitch
            assert text_of("prompt") in on_discord
        case Joined() | Credited():
            assert not on_twitch
            assert not on_discord
        case Answered() | Solved() | Withdrawn() | Reached():
            assert not on_twitch
            assert text_of("prompt") in on_discord
        case Asked(prompt=prompt, choices=choices):
            for text in (prompt, *choices):
                assert text in on_twitch
                assert text in on_discord
        case Closed(answer=answer):
            assert answer in on_twitch
            assert answer in on_discord
        case Opened(title=title):
            assert title in on_twitch
            assert title in on_discord
        case _:
            assert on_twitch
            assert on_discord


@EVERY
def test_french_is_well_set_with_names_and_numbers_in_it(event: Any) -> None:
    for count in COUNTS:
        for line in twitch_lines(event, "fr", count, "Inès"):
            assert not typography(line), line


@SPOKEN
@EVERY
def test_names_are_shown_escaped_on_discord(event: Any, locale: str) -> None:
    escaped = discord.utils.escape_markdown(HOSTILE)
    for text in discord_texts(event, locale, 4, HOSTILE):
        assert HOSTILE not in text.replace(escaped, "")
    if isinstance(event, Closed | Finished):
        assert any(escaped in text for text in discord_texts(event, locale, 4, HOSTILE))


@SPOKEN
def test_the_texts_of_a_deck_are_shown_escaped_on_discord(locale: str) -> None:
    escaped = discord.utils.escape_markdown(HOSTILE)
    revealed = Closed(1, 1, HOSTILE, (), HOSTILE, HOSTILE, (), 0, HOSTILE)
    for event in (
        Opened(HOSTILE, 1, 20, 20),
        Asked(1, 1, HOSTILE, (HOSTILE, "b"), 20),
        revealed,
        Finished(HOSTILE, 1, 0, (), False),
    ):
        text = " ".join(discord_texts(event, locale, 0))
        assert escaped in text
        assert HOSTILE not in text.replace(escaped, "")


@SPOKEN
def test_names_are_shown_as_they_are_on_twitch(locale: str) -> None:
    assert HOSTILE in twitch_lines(closed(1), locale, 0, HOSTILE)[0]


@SPOKEN
@pytest.mark.parametrize("count", range(1, len(LETTERS)))
def test_every_question_that_a_deck_may_hold_has_buttons_that_discord_takes(
    count: int, locale: str
) -> None:
    choices = tuple(f"{letter}{text_of('answer')[1:]}" for letter in LETTERS[: count + 1])
    [board] = discord_posts(Asked(1, 1, text_of("prompt"), choices, 20.0, "choice"), locale, 0)
    view = view_of(board)
    assert view is not None
    rows = view.to_components()
    assert len(rows) <= 5
    labels = [button["label"] for row in rows for button in row["components"]]
    assert len(labels) == count + 1
    assert all(len(label) <= 80 for label in labels)


@SPOKEN
@pytest.mark.parametrize("count", range(1, len(LETTERS)))
def test_a_deck_that_is_taken_fits_twitch_with_all_its_choices(count: int, locale: str) -> None:
    choices = [f"{letter}{text_of('answer')[1:]}" for letter in LETTERS[: count + 1]]
    text = (
        f'title = "t"\nlocale = "{locale}"\nlicence = "x"\n[[question]]\nprompt = "{text_of("prompt")}"\n'
        f'answer = "{choices[0]}"\nwrong = {choices[1:]!r}\n'
    )
    try:
        [question] = read_deck(text, "d.toml").questions
    except DeckError:
        return
    asked = Asked(50, 50, question.prompt, (question.answer, *question.wrong), 299.0)
    [line] = twitch_lines(asked, locale, 0)
    for choice in choices:
        assert choice in line


# --- Other sentences ------------------------------------------------------------------------------------------


def own(*, traceless: bool = False, listed: bool = False, count: int = 0) -> OwnRecord:
    record = Record(count, count, count, count)
    return OwnRecord("" if traceless else LONG_NAME, 2026, record, record, traceless, listed)


DAY = date(2026, 1, 1)
WORK = Work(1, "T" * 60, "A" * 60)
RIGHT = Judged(
    WORK, Right(12, PublicDomain(1944)), Verdict("none", "still-protected", since=date(2027, 1, 1))
)
REPLAY = Replay(12, WORK, "R" * 60, DAY, "https://videos.example.org/horla")
DUES = [Due(REPLAY, UNKNOWN, None), Due(REPLAY, UNKNOWN, DAY)]
COUNTED: dict[AgeClass, int] = dict.fromkeys(CLASSES, 1000)
FEW = (Place("Salle 2", {"65+": 4}),)
ATTENDANCE = Attendance(None, "", DAY, 0, 0, (Place("P" * 80, COUNTED),))
NOTED = Noted(CountEntry(COUNTED, "P" * 80), "T" * 80, None)
VERDICTS = [
    Verdict("valid", "public-domain"),
    Verdict("valid", "permission", DAY),
    Verdict("live-only", "author-present", DAY),
    Verdict("live-only", "permission"),
    Verdict("valid", "quotation"),
    Verdict("expired", "over", DAY),
    Verdict("expired", "withdrawn", DAY),
    Verdict("none", "still-protected", since=DAY),
    Verdict("none", "another-day", since=DAY),
    Verdict("none", "no-right"),
    UNKNOWN,
]
DECK = Deck("polar", "Polar", "fr", "", "CC0", "", (Question("Qui ?", "Maigret"),))
REPEATED = Problem(4, "duplicate", {"first": 2})
ELSEWHERE = Problem(7, "in-another-deck", {"deck": "mots"})
KEPT = Remembered("polar", "Qui ?", "Jules")
PROPOSAL = Proposal(12, Question("Qui ?", "Zola"), "fr", LONG_NAME, True, 3)
NEW_YEAR, EVENING = datetime(2027, 1, 1), datetime(2026, 9, 30, 23, 59)


def daily(late: float = 0.0) -> DailyAsked:
    """Return the longest question of the day that a deck may hold, with as many choices as there may be."""
    wrong = tuple(f"{letter} {'x' * 25}" for letter in LETTERS[1:4])
    question = Question(text_of("prompt"), "y" * 25, wrong=wrong)
    prompt = prepare(question, "fr", random.Random(1))
    return DailyAsked(1, prompt, late, NEW_YEAR, NEW_YEAR, 0, EVENING)


def daily_end() -> Revealed:
    tallies: dict[Platform, Tally] = {"discord": Tally(1000, 1), "twitch": Tally(1, 0)}
    steady = ((1, 3), (2, 1000), (3, 12))
    return Revealed(1, daily().prompt, NEW_YEAR, tallies, steady, EVENING)


def daily_own(*, traceless: bool = False) -> Own:
    record = DailyRecord(1000, 1, Streak(1, 1000, None), 3)
    return Own(record, 1, True, Reply((1, 2)), False, traceless)


def entry(state: State) -> Entry:
    return Entry(1, "daily", "", EVENING, EVENING, 0, "Europe/Paris", state, 60, "", None)


SAID: dict[str, Callable[[Speech], str | list[str]]] = {
    "own record": lambda s: people_words.own_record(own(count=1000), s),
    "own record, listed": lambda s: people_words.own_record(own(listed=True, count=1), s),
    "own record, traceless": lambda s: people_words.own_record(own(traceless=True), s),
    "own choices": lambda s: people_words.own_choices(own(), s),
    "own choices, listed": lambda s: people_words.own_choices(own(listed=True), s),
    "own choices, traceless": lambda s: people_words.own_choices(own(traceless=True), s),
    "board": lambda s: people_words.board([(LONG_NAME, 12), ("", 12), ("c", 1)], 2026, s),
    "empty board": lambda s: people_words.board([], 2026, s),
    "other platform": lambda s: room_words.other_platform_down("discord", s),
    "deaf": lambda s: room_words.deaf(3599, s),
    "notice": lambda s: room_words.notice(s.people([LONG_NAME] * 9, 3), s),
    "code": lambda s: room_words.link_code("mediatheque_pau", "012345", 10, s),
    "agenda": lambda s: agenda_words.coming(
        [entry("planned"), entry("moved"), entry("cancelled")], s, NEW_YEAR
    ),
    "agenda changes": lambda s: [
        agenda_words.skipped(entry("planned"), s, EVENING),
        agenda_words.cancelled(entry("planned"), s, EVENING),
        agenda_words.moved(entry("planned"), NEW_YEAR, s, EVENING),
        agenda_words.how_to_change(s),
    ],
    "agenda clashes": lambda s: [
        agenda_words.clash([entry("planned")], s, EVENING),
        agenda_words.clash([entry("planned")] * 3, s, EVENING),
    ],
    "question of the day": lambda s: compose(
        daily_words.asked(daily(late=9000), s), MOST_CHARACTERS, " · "
    ),
    "its answer": lambda s: compose(
        daily_words.revealed(daily_end(), s, lambda _: LONG_NAME), MOST_CHARACTERS, " · "
    ),
    "its end": lambda s: [
        daily_words.turnout(daily_end().tallies, s),
        daily_words.turnout({}, s),
        *daily_words.faithful(daily_end(), s, lambda _: LONG_NAME),
    ],
    "one's own answers": lambda s: daily_words.own(daily_own(), s, private=True),
    "one's own answers, traceless": lambda s: daily_words.own(
        daily_own(traceless=True), s, private=False
    ),
    "starting it": lambda s: [daily_words.started(NEW_YEAR, EVENING, s), daily_words.stopped(s)],
    "help": lambda s: room_words.help_lines(s, host=True),
    "help on clubs": lambda s: room_words.club_help_lines(s, host=True),
    "now": lambda s: quiz_words.now(
        Scene(text_of("title"), "asking", 1, 2, 3.0, text_of("prompt")), s
    ),
    "decks": lambda s: quiz_words.decks([DECK], s),
    "deck": lambda s: quiz_words.deck(DECK, s),
    "deck shown": lambda s: shelf_words.shown(DECK, date(2026, 3, 1), s),
    "deck imported": lambda s: shelf_words.imported(Arrival(DECK, (REPEATED,), False), s),
    "deck's remarks": lambda s: shelf_words.remarks([REPEATED, ELSEWHERE], s),
    "deck removed": lambda s: shelf_words.removed("polar", s),
    "deck exported": lambda s: shelf_words.exported(Exported("polar.csv", b"", 2), s),
    "deck elsewhere": lambda s: [shelf_words.import_elsewhere(s), shelf_words.export_elsewhere(s)],
    "answers remembered": lambda s: shelf_words.remembered([KEPT, KEPT], s),
    "answer forgotten": lambda s: shelf_words.forgotten([KEPT], s),
    "proposed": lambda s: [
        proposal_words.proposed(9_999_999_999, s),
        proposal_words.how_to_sign(9_999_999_999, s),
    ],
    "proposal": lambda s: [
        proposal_words.heading(PROPOSAL, s),
        proposal_words.how_to_decide(PROPOSAL.id, s),
    ],
    "proposal accepted": lambda s: proposal_words.accepted(12, "x" * LONGEST_DECK, 1000, s),
    "credit": lambda s: proposal_words.credit(LONG_NAME, s),
    "right": lambda s: rights_words.added(RIGHT, s),
    "rights": lambda s: rights_words.listed([RIGHT, RIGHT], s, givers=True),
    "no rights": lambda s: rights_words.listed([], s, givers=False),
    "right ended": lambda s: rights_words.ended(RIGHT, s),
    "replay": lambda s: rights_words.replay_added(REPLAY, Verdict("valid", "permission", DAY), s),
    "replays": lambda s: rights_words.to_take_down(DUES, s, links=False),
    "no replays": lambda s: rights_words.to_take_down([], s, links=False),
    "replay removed": lambda s: rights_words.removed(12, WORK.title, s),
    "count": lambda s: headcount_words.noted(NOTED, s),
    "counted": lambda s: headcount_words.public(ATTENDANCE, s),
    "few counted": lambda s: headcount_words.public(replace(ATTENDANCE, places=FEW), s),
    "nobody counted": lambda s: headcount_words.public(replace(ATTENDANCE, places=()), s),
    "every number": lambda s: headcount_words.exact(ATTENDANCE, s),
}


@pytest.mark.parametrize("name", SAID)
def test_everything_else_is_well_set_and_fits_twitch(name: str) -> None:
    for locale in LOCALES:
        said = SAID[name](Speech(locale))
        text = compose([said] if isinstance(said, str) else said, 10_000, " · ")
        assert 0 < len(text) <= MOST_CHARACTERS
        if locale == "fr":
            assert not typography(text), text


@pytest.mark.parametrize("judged", VERDICTS, ids=lambda one: f"{one.validity}-{one.reason}")
def test_every_verdict_on_a_work_is_well_set_and_says_its_day(judged: Verdict) -> None:
    assert {one.reason for one in VERDICTS} == set(get_args(Reason))
    for locale in LOCALES:
        text = rights_words.verdict(WORK, judged, Speech(locale))
        assert WORK.title in text
        assert ("2026" in text) == bool(judged.until or judged.since)
        assert locale != "fr" or not typography(text), text


@pytest.mark.parametrize(
    ("ground", "french"),
    [
        (PublicDomain(1902), "domaine public (décès en 1902)"),
        (Permission("Lac"), "autorisation écrite, direct seul"),
        (
            Permission("Lac", "replay", DAY),
            "autorisation écrite, direct et rediffusion, jusqu’au 1er janvier 2026",
        ),
        (AuthorPresent(date(2026, 3, 10)), "auteur présent le 10 mars 2026"),
        (Quotation(), "courte citation"),
    ],
)
def test_a_ground_is_described_without_who_gave_it(ground: Ground, french: str) -> None:
    assert rights_words.ground(ground, Speech("fr")) == french
    assert "Lac" not in rights_words.ground(ground, Speech("en"))


def test_days_are_said_in_words() -> None:
    assert in_words(date(2026, 12, 31), Speech("fr")) == "31 décembre 2026"
    assert in_words(date(2026, 8, 1), Speech("fr")) == "1er août 2026"
    assert in_words(date(2026, 1, 1), Speech("en")) == "1 January 2026"


@pytest.mark.parametrize("locale", LOCALES)
def test_every_class_of_age_has_its_name(locale: str) -> None:
    names = [headcount_words.age_class(age, Speech(locale)) for age in CLASSES]
    assert len(set(names)) == len(CLASSES)


def test_what_is_wrong_with_an_entered_question_bears_the_names_of_the_form() -> None:
    french = Speech("fr")
    missing = Refusal("bad-question", reason=Problem(1, "missing", {"field": "wrong"}))
    many = Refusal("bad-question", reason=Problem(1, "choices", {"least": 1, "most": 5}))
    for refusal, told in ((missing, "Mauvaises réponses"), (many, "de 1 à 5 mauvaises réponses")):
        text = refusals.refusal(refusal, french)
        assert told in text
        assert not typography(text), text


def test_a_long_list_of_decks_is_cut_and_counted() -> None:
    lines = [f"deck-{number:02}: Deck, 10 questions" for number in range(100)]
    shown = shelf_words.listed(lines, 1000, Speech("en"))
    assert len("\n".join(shown)) <= 1000
    assert shown[-1] == f"… and {101 - len(shown)} more"
    assert shelf_words.listed(lines[:5], 1000, Speech("en")) == lines[:5]
    assert shelf_words.listed([], 1000, Speech("en")) == []


def test_a_board_shares_places_and_skips_none() -> None:
    lines = people_words.board([("a", 3), ("b", 3), ("c", 1)], 2026, Speech("en"))
    assert lines == ["Season 2026–2027", "1. a: 3 points", "1. b: 3 points", "2. c: 1 point"]


def test_somebody_without_trace_is_told_so_without_a_name() -> None:
    first, second = people_words.own_record(own(traceless=True), Speech("fr"))
    assert first.startswith("Cette saison\u202f: 0 rendez-vous")
    assert "sans trace" in second


def test_the_notice_fits_one_line_and_says_where_to_go() -> None:
    text = room_words.notice("", Speech("fr"))
    assert text.endswith("!moi")
    assert len(text) < 200


@pytest.mark.parametrize(
    ("local", "french", "english"),
    [
        (datetime(2026, 3, 10, 18, 30), "mardi 10 mars à 18 h 30", "Tuesday 10 March, 6:30 pm"),
        (datetime(2026, 5, 1, 9), "vendredi 1er mai à 9 h", "Friday 1 May, 9 am"),
        (datetime(2026, 8, 2, 0, 5), "dimanche 2 août à 0 h 05", "Sunday 2 August, 12:05 am"),
        (datetime(2027, 12, 15, 12), "mercredi 15 décembre 2027 à 12 h", "Wednesday 15 December 2027, 12 pm"),
    ],
)  # fmt: skip
def test_dates_are_said_in_words(local: datetime, french: str, english: str) -> None:
    now = datetime(2026, 2, 25)
    for locale, expected in (("fr", french), ("en", english)):
        assert moment(local, Speech(locale), now).replace("\u00a0", " ") == expected


@pytest.mark.parametrize("locale", LOCALES)
def test_the_question_and_its_choices_always_fit_a_line(locale: str) -> None:
    event = daily(late=9000)
    line = compose(daily_words.asked(event, Speech(locale)), MOST_CHARACTERS, " · ")
    for text in (event.prompt.question.prompt, *event.prompt.choices, "B"):
        assert text in line
