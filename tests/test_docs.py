"""The documentation as tests: links lead somewhere, and nothing that exists is left out of it."""

import argparse
import json
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import get_args

import pytest

from bot import cli
from bot.decks import LARGEST_PICTURE
from bot.games import KINDS
from bot.quiz import MOST_QUESTIONS, MOST_SECONDS, QUESTIONS, SECONDS
from bot.rehearsal.discord_faults import DiscordFaults
from bot.rehearsal.discord_platform import DiscordPlatform
from bot.rehearsal.incidents import incidents
from bot.rehearsal.twitch_faults import TwitchFaults
from bot.rehearsal.twitch_platform import TwitchPlatform
from bot.rooms import LINK_MINUTES
from bot.settings import NAMES, read_settings
from bot.storage.database import migrations
from bot.wording.speech import Speech
from cogs.verbs import CLUB_FAVOURITES, CLUB_VOTE, COMMANDS, VERBS
from games.deck import LARGEST, LIMITS, read_deck
from games.deck_file import COUNTS, DECK_FIELDS, HINT, QUESTION_FIELDS, ROOM, TOLD
from games.question import Kind

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def anchor(heading: str) -> str:
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, part = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), target
        if part:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert part in map(anchor, headings), target


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_every_file_that_is_named_exists(name: str) -> None:
    named = re.findall(r"`((?:bot|cogs|games|docs|tests|script)/[\w./-]+)`", page(name))
    assert len(named) > 5
    for path in named:
        if "morpion" not in path:  # what the tutorial adds
            assert (ROOT / path).exists(), path


def test_every_script_is_named() -> None:
    text = page("README.md") + page("CONTRIBUTING.md")
    for path in (ROOT / "script").iterdir():
        assert f"`script/{path.name}`" in text or f"script/{path.name}\n" in text, path.name


def test_every_page_is_reached_from_the_readme() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        linked = f"(docs/{path.name})" in page("README.md") + page("CONTRIBUTING.md")
        assert linked or any(f"({path.name})" in other.read_text("utf-8") for other in PAGES), path


def test_the_readme_opens_with_a_picture_and_the_two_commands() -> None:
    text = page("README.md")
    alt, target = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", text)[0]
    assert len(alt) > 60
    assert (ROOT / target).is_file()
    top = text[: text.index("## ")]
    for command in ("script/rehearse", "script/test", r"pip install --require-hashes", "En bref"):
        assert command in top


def spoken_pages() -> tuple[str, str]:
    """Return what hosts and moderators read in French, and in English."""
    halves = [page(f"docs/{name}.md").split("## In English") for name in ("hosts", "moderators")]
    return "".join(french for french, _ in halves), "".join(english for _, english in halves)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_in_both_languages(command: str) -> None:
    french, english = spoken_pages()
    assert re.search(rf"!{command}\b", english), command
    words = (command, *COMMANDS[command])
    assert any(re.search(rf"!{word}\b", french) for word in words), command


@pytest.mark.parametrize(
    ("command", "verb"),
    [(command, verb) for command in VERBS if command != "forgetme" for verb in VERBS[command]],
)
def test_every_verb_is_documented_in_both_languages(command: str, verb: str) -> None:
    french, english = spoken_pages()
    own, verbs = (*COMMANDS[command], command)[0], VERBS[command]
    assert re.search(rf"[!/]{command} {verb}\b", english), verb
    assert re.search(rf"[!/]{own} (?:{'|'.join(verbs[verb])})\b", french), verb


@pytest.mark.parametrize("verb", CLUB_VOTE)
def test_every_verb_of_a_club_s_votes_is_documented_in_both_languages(verb: str) -> None:
    french, english = spoken_pages()
    assert re.search(rf"[!/]club vote {verb}\b", english)
    assert re.search(rf"[!/]club vote (?:{'|'.join(CLUB_VOTE[verb])})\b", french)


@pytest.mark.parametrize("verb", CLUB_FAVOURITES)
def test_every_verb_of_a_club_s_favourites_is_documented_in_both_languages(verb: str) -> None:
    french, english = spoken_pages()
    assert re.search(rf"[!/]club favourites {verb}\b", english)
    assert re.search(rf"[!/]club coups (?:{'|'.join(CLUB_FAVOURITES[verb])})\b", french)


@pytest.mark.parametrize("key", KINDS)
def test_every_game_is_described_in_both_languages(key: str) -> None:
    french, english = page("docs/games.md").split("## In English")
    words = KINDS[key].words
    for text, locale in ((french, "fr"), (english, "en")):
        assert f"### {words.name(Speech(locale))}\n" in text


def test_the_numbers_that_hosts_read_are_those_of_the_program() -> None:
    text = page("docs/hosts.md")
    assert (QUESTIONS, SECONDS, MOST_QUESTIONS, MOST_SECONDS) == (10, 20, 50, 300)
    assert "ten questions" in text
    assert "twenty seconds" in text
    assert "1 to 50 questions, 5 to 300 seconds" in text
    assert LINK_MINUTES == 10
    assert "ten minutes" in page("docs/moderators.md")


def test_the_decks_that_hosts_read_about_are_shipped() -> None:
    for name in re.findall(r"(?:jeu|deck):([a-z][\w-]*)", page("docs/hosts.md")):
        assert (resources.files("games.decks") / f"{name}.toml").is_file(), name


def test_every_setting_is_in_the_installers_table_with_its_default() -> None:
    text = page("docs/installers.md")
    for name in NAMES:
        assert f"`{name}`" in text, name
    settings = read_settings({"DISCORD_TOKEN": "x"})
    shown = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)`", text, re.MULTILINE))
    assert shown["ENSEMBLE_DATABASE"] == settings.database.as_posix()
    assert shown["ENSEMBLE_LOCALE"] == settings.locale
    assert shown["ENSEMBLE_ZONE"] == settings.zone
    assert shown["ENSEMBLE_SEASON_START"] == "{:02d}-{:02d}".format(*settings.season_start)
    assert shown["ENSEMBLE_JOURNAL_DAYS"] == str(settings.journal_days)
    assert shown["ENSEMBLE_RETENTION_DAYS"] == str(settings.retention_days)
    assert shown["ENSEMBLE_LOG_LEVEL"] == settings.log_level
    assert shown["ENSEMBLE_LOG_FORMAT"] == settings.log_format


def options(command: str) -> Iterator[str]:
    """Yield the options of one command of the program."""
    [commands] = [
        action
        for action in cli._parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    for action in commands.choices[command]._actions:
        yield from (name for name in action.option_strings if name not in ("-h", "--help"))


@pytest.mark.parametrize(
    ("command", "name"), [("run", "docs/installers.md"), ("rehearse", "docs/rehearsal.md")]
)
def test_every_option_of_the_program_is_explained(command: str, name: str) -> None:
    for option in options(command):
        assert re.search(rf"`{option}\b", page(name)), option


async def test_every_incident_is_explained() -> None:
    class Nobody:
        async def restart(self) -> None: ...

        async def kill(self) -> None: ...

    discord, twitch = DiscordPlatform(), TwitchPlatform()
    assert isinstance(discord.faults, DiscordFaults)
    assert isinstance(twitch.faults, TwitchFaults)
    for key in incidents(discord.faults, twitch.faults, Nobody()):
        assert f"`{key}`" in page("docs/rehearsal.md"), key
    await discord.close()
    await twitch.close()


# --- Decks ----------------------------------------------------------------------------------------------------


def test_every_field_of_a_deck_is_explained_with_its_limit() -> None:
    deck, question = page("docs/decks.md").split("\n## A question\n")
    for text, fields in (
        (deck.split("\n## The deck\n")[1], DECK_FIELDS),
        (question, QUESTION_FIELDS),
    ):
        rows = dict(re.findall(r"^\| `(\w+)` \|(.+)$", text, re.MULTILINE))
        assert set(rows) == set(fields)
        for field in fields:
            if field in LIMITS:
                assert f"{LIMITS[field]} characters" in rows[field], field
            elif fields[field] is list and field != "question":
                limit = HINT if field == "hints" else LIMITS["answer"]
                assert f"{limit} characters each" in rows[field], field
    for field, (least, most) in COUNTS.items():
        assert f"{least} to {most}, " in dict(re.findall(r"`(\w+)` \|(.+)", question))[field]
    assert f"{LARGEST:,} characters" in deck
    assert f"about {ROOM['wrong']} characters, about {ROOM['order']} where" in question
    assert f"{TOLD}\ncharacters together" in question
    assert f"{LARGEST_PICTURE} MB at most" in question


def test_the_example_decks_are_taken() -> None:
    example, *others = re.findall(r"```toml\n(.+?)```", page("docs/decks.md"), re.DOTALL)
    deck = read_deck(example, "polar.toml")
    assert len(deck.questions) == 2
    assert set(tomllib.loads(example)) == set(DECK_FIELDS)
    kinds = {question.kind for question in deck.questions}
    for other in others:
        if "[[question]]" in other:
            [*_, question] = read_deck(example + other, "polar.toml").questions
            kinds.add(question.kind)
    assert kinds == set(get_args(Kind))


def test_the_schema_is_where_the_page_says() -> None:
    for target in re.findall(r"[\w./-]*deck\.schema\.json", page("docs/decks.md")):
        assert target.endswith(("docs/deck.schema.json", "deck.schema.json"))
    assert json.loads(page("docs/deck.schema.json"))["$schema"].endswith("/draft/2020-12/schema")


# --- Privacy --------------------------------------------------------------------------------------------------


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    for _, entry in migrations():
        connection.executescript(entry.read_text("utf-8"))
    yield connection
    connection.close()


def sections() -> dict[str, str]:
    found = re.findall(
        r"^### (\w+)\n(.+?)(?=^##|\Z)", page("docs/privacy.md"), re.DOTALL | re.MULTILINE
    )
    return dict(found)


def test_every_column_that_is_kept_is_explained_to_the_officer(
    database: sqlite3.Connection,
) -> None:
    tables = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    ).fetchall()
    assert len(tables) > 5
    for (table,) in tables:
        section = sections()[table]
        assert "**Kept" in section, table
        explained = {
            column
            for row in re.findall(r"^\|([^|]+)\|", section, re.MULTILINE)
            for column in re.findall(r"`(\w+)`", row)
        }
        columns = {name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")}
        assert explained == columns, table


def test_nothing_is_explained_that_is_not_kept(database: sqlite3.Connection) -> None:
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert set(sections()) - {"Elsewhere"} <= tables


def test_what_the_library_does_on_request_works(database: sqlite3.Connection) -> None:
    database.executescript(
        "INSERT INTO person (id, name, created_at, seen_at) VALUES (1, 'Inès', 0, 0), (2, 'Noé', 0, 0);"
        "INSERT INTO identity VALUES ('twitch', '12345', 1), ('discord', '12345', 2);"
        "INSERT INTO room (id, name, locale, zone, created_at) VALUES (1, 'quiz', 'fr', 'Europe/Paris', 0);"
        "INSERT INTO session (id, room_id, activity, title, options, seed, started_at, saved_at)"
        " VALUES (1, 1, 'quiz', 'Polar', '{}', 0, 0, 0);"
        "INSERT INTO ledger (session_id, person_id, room_id, season, platform, plays, correct, points, at)"
        " VALUES (1, 1, 1, 2026, 'twitch', 9, 8, 7, 0);"
        "INSERT INTO tally VALUES (1, 1, 2026, 1, 9, 8, 7, 0);"
        "INSERT INTO reading VALUES (1, 1, 12, 25, 2, 45, 900);"
        "INSERT INTO reader_season VALUES (1, 2026, 1, 12, 25, 2, 1, 900);"
        "INSERT INTO reader (person_id, streak, goal, goal_unit) VALUES (1, 3, 500, 'pages');"
        "INSERT INTO daily (id, room_id, number, day, deck, topic, question, locale, seed, asked_at, asked_by,"
        " closes_at) VALUES (1, 1, 1, '2026-03-10', 'Polar', '', '{}', 'fr', 0, 0, 1, 0);"
        "INSERT INTO daily_answer VALUES (1, 1, 'twitch', NULL, 1, 0);"
        "INSERT INTO daily_record VALUES (1, 1, 5, 4, 3, 3, NULL, 1);"
        "INSERT INTO club (id, name, folded, description, access, created_at)"
        " VALUES (1, 'Polar', 'polar', '', 'public', 0);"
        "INSERT INTO club_member VALUES (1, 1, 'member'), (1, 2, 'host');"
        "INSERT INTO work (id, title, author, title_key, author_key, added_at)"
        " VALUES (1, 'Nana', '', 'nana', '', 0);"
        "INSERT INTO club_book (club_id, work_id, state, proposed_by, proposed_at)"
        " VALUES (1, 1, 'proposed', 1, 0);"
        "INSERT INTO progress VALUES (1, 1, 1, 'page', 120, 340, NULL, 0);"
        "INSERT INTO meeting (id, original, club_id, title, form, place, voice_id, starts_at, minutes)"
        " VALUES (1, '2026-03-03T18:30:00', 1, 'Polar', 'text', '', '', 0, 90);"
        "INSERT INTO rsvp VALUES (1, 1, 'yes', 1, 1, 0, 1);"
        "INSERT INTO attendance VALUES (1, 1, 'typed');"
        "INSERT INTO opinion VALUES (1, 1, 'read', 0, 4, 'fort');"
        "INSERT INTO favourite VALUES (1, 1, 1, 1, 'Un livre fort.', 'Inès', 'accepted', 0);"
    )
    statements = re.findall(r"```sql\n(.+?)```", page("docs/privacy.md"), re.DOTALL)
    copy, meetings, favourites, questions, clubs, places, erasure = statements
    [row] = database.execute(copy).fetchall()
    assert row[0] == "Inès"
    assert row[5:11] == ("quiz", "Polar", "twitch", 9, 8, 7)
    assert row[13:19] == (12, 25, 2, 45, 900, 3)
    assert row[-2:] == (500, "pages")
    asked = [("quiz", 5, 4, 3, 3, "2026-03-10", "twitch", None, 1)]
    assert database.execute(questions).fetchall() == asked
    assert database.execute(clubs).fetchall() == [("Polar", "member", "Nana")]
    assert database.execute(places).fetchall() == [("Polar", "Nana", "page", 120, 340, None)]
    met = [("Polar", 0, "yes", 1, "typed", "read", 0, 4, "fort")]
    assert database.execute(meetings).fetchall() == met
    loved = [(1, "Nana", "Un livre fort.", "Inès", "accepted")]
    assert database.execute(favourites).fetchall() == loved
    database.executescript(erasure)
    assert database.execute(clubs).fetchall() == []
    assert database.execute("SELECT proposed_by FROM club_book").fetchone() == (None,)
    assert database.execute(questions).fetchall() == []
    assert database.execute(meetings).fetchall() == []
    assert database.execute(favourites).fetchall() == []
    assert database.execute("SELECT COUNT(*) FROM daily_answer").fetchone() == (0,)
    assert database.execute(copy).fetchall() == []
    assert database.execute("SELECT name FROM person").fetchall() == [("Noé",)]
    assert database.execute("SELECT person_id, points FROM ledger").fetchall() == [(None, 7)]
    for table in ("tally", "reading", "reader_season", "reader", "progress"):
        assert database.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)


def test_the_lifetimes_told_are_the_defaults() -> None:
    settings = read_settings({"DISCORD_TOKEN": "x"})
    text = page("docs/privacy.md")
    assert f"`ENSEMBLE_RETENTION_DAYS` ({settings.retention_days})" in text
    assert f"`ENSEMBLE_JOURNAL_DAYS` ({settings.journal_days})" in text


def test_the_french_pages_are_set_as_french() -> None:
    pages = ("hosts", "moderators", "rights", "games", "clubs")
    for name in (f"docs/{name}.md" for name in pages):
        french = page(name).split("## In English")[0].split("## En français")[1]
        prose = re.sub(r"`[^`]*`|\]\([^)]*\)|\|[-|]+\|", "x", french)
        assert not re.search("(?<!\u202f)[;:!?]|«(?!\u202f)|(?<!\u202f)»|'", prose), name


def test_each_direct_dependency_has_its_reason() -> None:
    project = tomllib.loads(page("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[><=]", requirement)[0] for requirement in wanted}
    reasons = dict(
        re.findall(r"^\| ([\w.-]+) \| (.+) \|$", page("docs/dependencies.md"), re.MULTILINE)
    )
    assert set(reasons) - {"package"} == names
    assert all(len(reason) > 10 for name, reason in reasons.items() if name in names)


def test_the_deck_folder_says_its_licence() -> None:
    assert "CC BY-SA" in (resources.files("games.decks") / "LICENSE").read_text("utf-8")
