"""The architecture as tests: who may import whom, where SQL stands, both faces, Discord's limits, what is shipped."""

import ast
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from hatchling.builders.wheel import WheelBuilder

from bot.app import App, DiscordEar
from bot.discord_client import DiscordClient, FrenchNames
from bot.settings import read_settings
from cogs.verbs import CLUB_VOTE, COMMANDS, VERBS

ROOT = Path(__file__).resolve().parent.parent
HERE = Path(__file__).name
LEFT_OUT = {".git", ".venv", ".venv-tool", "data", "dist", "__pycache__"}


def files(*folders: str, suffix: str = ".py") -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(f"*{suffix}")):
            if not LEFT_OUT & set(path.parts):
                yield path


def everything() -> Iterator[tuple[Path, str]]:
    """Yield (path from the root, text) of all that a newcomer gets."""
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        hidden = inside.parts[0].startswith(".") and inside.parts[0] not in (".ci", ".env.example")
        if path.is_file() and not hidden and not LEFT_OUT & set(inside.parts):
            try:
                yield inside, path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


def imports(path: Path) -> set[str]:
    """Return the modules that a file imports, dotted."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


# --- Who may import whom --------------------------------------------------------------------------------------

NO_IO = {
    "asyncio",
    "sqlite3",
    "aiosqlite",
    "time",
    "logging",
    "os",
    "socket",
    "threading",
}
NO_SDK = {"discord", "twitchio", "aiohttp"}


def test_rules_know_no_platform_no_clock_and_no_disk() -> None:
    for path in files("games"):
        assert not tops(path) & (NO_IO | NO_SDK | {"bot", "cogs"}), path


def test_rules_know_days_but_never_ask_which_one_it_is() -> None:
    asking = {"now", "utcnow", "today"}
    for path in files("games"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in asking, f"{path}:{node.lineno}"


def test_rules_take_chance_only_from_a_seed() -> None:
    for path in files("games"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "random":
                assert node.attr == "Random", f"{path}:{node.lineno}"
        assert "secrets" not in tops(path), path


def test_only_the_composition_root_imports_the_faces() -> None:
    wanting = {path.relative_to(ROOT) for path in files("bot") if "cogs" in tops(path)}
    assert wanting == {Path("bot/app.py")}


def test_no_face_knows_the_other_platform() -> None:
    for path in files("bot", "cogs"):
        if path.stem.startswith("discord_") or path.stem.endswith("_discord"):
            assert "twitchio" not in tops(path), path
        if path.stem.startswith("twitch_") or path.stem.endswith("_twitch"):
            assert "discord" not in tops(path), path


def test_words_and_storage_know_no_platform() -> None:
    for path in files("bot/wording", "bot/storage"):
        assert not tops(path) & NO_SDK, path


SQL = re.compile(
    r"\b(SELECT .+ FROM|INSERT (OR \w+ )?INTO|UPDATE \w+ SET|DELETE FROM|CREATE (TABLE|INDEX)|PRAGMA \w)",
    re.DOTALL,
)


def test_sql_stands_in_storage_alone() -> None:
    for path in files("bot", "cogs", "games"):
        if path.is_relative_to(ROOT / "bot" / "storage"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not SQL.search(node.value), f"{path}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("execute"), f"{path}:{node.lineno}"


def test_the_guard_knows_sql_when_it_sees_it() -> None:
    assert SQL.search("SELECT id FROM person")
    assert SQL.search("UPDATE person SET name = ?")
    assert not SQL.search("select a deck from the list")


# --- Style ----------------------------------------------------------------------------------------------------


def test_nothing_is_printed_and_nothing_left_for_later() -> None:
    for path in files("bot", "cogs", "games"):
        text = path.read_text("utf-8")
        called = {
            getattr(node.func, "id", "")
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Call)
        }
        assert not called & {"print", "breakpoint"}, path
        assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text), path


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "tools", "base"}
    assert not [path for path in files("bot", "cogs", "games", "tests") if path.stem in drawers]


def test_every_module_says_what_lives_in_it() -> None:
    for path in files("bot", "cogs", "games"):
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path


# --- Faces ----------------------------------------------------------------------------------------------------

FACELESS = {
    "verbs": "the words of both faces",
    "daily_boards": "what daily_discord shows, and has people press",
    "quiz_boards": "what quiz_discord shows",
    "quiz_controls": "what quiz_discord has people press",
    "plan_controls": "what plan_discord has people press",
    "club_controls": "what club_discord has people choose in",
    "vote_controls": "what vote_discord has people press",
    "pause_boards": "what pause_discord shows",
    "pause_controls": "what pause_discord has people press and fill in",
    "turn_controls": "what turn_discord has people press and fill in",
    "round_table_controls": "what round_table_discord has people press",
    "questions_controls": "what questions_discord has people press and fill in",
    "minutes_controls": "what minutes_discord has people press",
    "deck_controls": "what deck_discord has people press and fill in",
    "games_boards": "what games_discord shows",
    "games_controls": "what games_discord has people press",
    "practice_boards": "what practice_discord shows",
    "practice_controls": "what practice_discord has people press",
    "practice_discord": "a chat that everybody reads has no practice, which games_twitch says in a sentence",
    "meeting_boards": "what meeting_discord shows",
    "meeting_controls": "what meeting_discord has people press and fill in",
    "help_discord": "its twin is one command of room_twitch",
}


def test_every_capability_has_both_faces() -> None:
    modules = {path.stem for path in files("cogs")} - {"__init__"} - set(FACELESS)
    for module in modules:
        noun, _, platform = module.rpartition("_")
        assert platform in ("discord", "twitch"), module
        assert f"{noun}_{'twitch' if platform == 'discord' else 'discord'}" in modules, module


def test_no_exemption_outlives_its_module() -> None:
    assert set(FACELESS) <= {path.stem for path in files("cogs")}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    database = str(tmp_path / "ensemble.sqlite3")
    settings = read_settings({"DISCORD_TOKEN": "never-used", "ENSEMBLE_DATABASE": database})
    app = await App.open(settings)
    yield app
    await app._close([])


@pytest.fixture
async def client(app: App) -> DiscordClient:
    """Return the real client with its real commands, never connected."""
    client = DiscordClient(listener=DiscordEar(app), locale="fr", cogs=app._discord_cogs)
    for cog in app._discord_cogs(client):
        await client.add_cog(cog)
    return client


async def payloads(client: DiscordClient) -> list[dict[str, Any]]:
    """Return what Discord would be told at a sync."""
    commands = client.tree.get_commands()
    return [await c.get_translated_payload(client.tree, FrenchNames()) for c in commands]


def described(payload: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a command, its verbs and all their options with where they stand."""
    here = f"{path}/{payload['name']}"
    yield here, payload
    for option in payload.get("options", ()):
        yield from described(option, here)


async def test_discord_takes_every_command_in_both_languages(client: DiscordClient) -> None:
    tree = await payloads(client)
    assert 0 < len(tree) <= 100
    for command in tree:
        for where, part in described(command):
            names = [part["name"], *part["name_localizations"].values()]
            descriptions = [part["description"], *part["description_localizations"].values()]
            assert set(part["name_localizations"]) >= {"fr", "en-GB", "en-US"}, where
            for name in names:
                assert re.fullmatch(r"[-_'\w]{1,32}", name), where
                assert name == name.lower(), where
            for description in descriptions:
                assert 1 < len(description) <= 100, f"{where} lacks a description"
            assert len(part.get("options", ())) <= 25, where
            assert len(part.get("choices", ())) <= 25, where


async def test_no_two_commands_or_options_bear_one_name_in_either_language(
    client: DiscordClient,
) -> None:
    def check(parts: list[dict[str, Any]]) -> None:
        for language in ("fr", "en-GB"):
            names = [part["name_localizations"][language] for part in parts]
            assert len(names) == len(set(names)), names
        for part in parts:
            check(part.get("options", []))

    check(await payloads(client))


async def test_every_french_description_is_french(client: DiscordClient) -> None:
    for command in await payloads(client):
        for where, part in described(command):
            texts = part["description_localizations"]
            assert texts["fr"] != texts["en-GB"], where


def text_names(commands: Any) -> dict[str, set[str]]:
    """Return every name typed after "!", by the capability's own name for it."""
    own = {name: main for main, names in COMMANDS.items() for name in (main, *names)}
    return {own.get(c.name, c.name): {c.name, *c.aliases} for c in commands}


async def test_both_platforms_answer_to_the_same_commands(app: App, client: DiscordClient) -> None:
    everywhere = {main: {main, *names} for main, names in COMMANDS.items()}
    on_twitch = [
        command
        for component in app._twitch_components()
        for command in component.__all_commands__.values()
    ]
    assert text_names(on_twitch) == everywhere
    assert text_names(client.commands) == everywhere


GROUPS = {name: verbs for name, verbs in VERBS.items() if name not in ("me", "forgetme", "vote")}
GROUPS["club vote"] = CLUB_VOTE


@pytest.mark.parametrize("name", sorted(GROUPS))
async def test_discord_has_every_verb_with_all_its_words(client: DiscordClient, name: str) -> None:
    group = cast("Any", client.get_command(name))
    found = {verb.name: {verb.name, *verb.aliases} for verb in group.commands}
    for verb, words in GROUPS[name].items():
        if verb != group.fallback:
            assert found.pop(verb) == set(words)
    assert not found


# --- What is shipped ------------------------------------------------------------------------------------------


def test_the_package_holds_everything_it_reads(tmp_path: Path) -> None:
    [wheel] = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    read = [
        path
        for suffix in (
            ".sql",
            ".po",
            ".toml",
            ".png",
            ".ttf",
            ".html",
            ".css",
            ".js",
            ".gz",
            ".txt",
        )
        for path in files("bot", "cogs", "games", suffix=suffix)
    ]
    assert len(read) > 10
    for path in [*read, *files("bot", "cogs", "games")]:
        assert path.relative_to(ROOT).as_posix() in inside
    assert not [name for name in inside if name.startswith(("tests", "docs", "script", "data"))]


ELSEWHERE = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|index-url|/home/\w|/Users/\w|[A-Z]:\\Users|(?<![\w.])/(?:work|root)/"
)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    for path, text in everything():
        if path.name != HERE:
            found = ELSEWHERE.search(text)
            assert not found, f"{path}: {found}"


def test_the_lock_pins_every_direct_dependency_with_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in re.findall(r'^    "([A-Za-z][\w.-]*)[><=]', project, re.MULTILINE):
        assert re.search(rf"^{re.escape(name.lower().replace('.', '-'))}==", lock, re.MULTILINE), (
            name
        )
    assert lock.count("--hash=sha256:") > lock.count("==")
