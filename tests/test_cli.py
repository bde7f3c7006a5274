"""The command line: arguments, settings and files that cannot be used are told in words, and nothing is touched."""

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.settings import NAMES

TOKEN = "a-discord-token-that-nobody-sees"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder with no settings around, and leave the logs of the tests alone."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("bot.logs.set_up", lambda *_: None)
    return tmp_path


@pytest.fixture
def env(tmp_path: Path) -> Callable[..., Path]:
    def write(**values: str) -> Path:
        file = tmp_path / ".env"
        lines = [f"{name}={value}" for name, value in {"DISCORD_TOKEN": TOKEN, **values}.items()]
        file.write_text("\n".join(lines), "utf-8")
        return file

    return write


def unusable(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    return int(caught.value.code or 0)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["run", "--colour"],
        ["rehearse", "--port", "high"],
        ["rehearse", "--locale", "de"],
    ],
)
def test_unusable_arguments_end_with_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert unusable(arguments) == 2
    assert "usage: ensemble" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["rehearse", "--help"]])
def test_help_is_no_error(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert unusable(arguments) == 0
    assert "usage: ensemble" in capsys.readouterr().out


def test_without_settings_the_rehearsal_is_offered(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "Il n’y a pas de .env ici" in said
    assert "ensemble rehearse" in said
    assert not list(Path.cwd().iterdir())


def test_the_language_of_the_environment_is_spoken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENSEMBLE_LOCALE", "en")
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "neither Discord nor Twitch is set up" in said


def test_every_wrong_setting_is_told_at_once(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    env(ENSEMBLE_ZONE="Pau", ENSEMBLE_JOURNAL_DAYS="0", TWITCH_BOT_ID="12")
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    for name in ("ENSEMBLE_ZONE", "ENSEMBLE_JOURNAL_DAYS", "TWITCH_TOKEN", "TWITCH_CLIENT_ID"):
        assert f"\n  {name}\u202f: " in said
    assert TOKEN not in said
    assert not Path("data").exists()


def test_the_environment_comes_before_the_file(
    env: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    env(ENSEMBLE_ZONE="Europe/Paris", ENSEMBLE_LOCALE="en")
    monkeypatch.setenv("ENSEMBLE_ZONE", "Pau")
    assert cli.main(["run"]) == 1
    assert "“Pau” is no time zone" in capsys.readouterr().err


def test_another_file_can_hold_the_settings(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    env(ENSEMBLE_LOCALE="de").rename("library.env")
    assert cli.main(["run", "--env", "library.env"]) == 1
    assert "ENSEMBLE_LOCALE" in capsys.readouterr().err


@pytest.mark.parametrize("side", ["--discord-url", "--twitch-url"])
@pytest.mark.parametrize(
    "url", ["http://example.org/x", "http://10.0.0.1:80", "http://127.0.0.1.example.org", "nowhere"]
)
def test_no_token_goes_to_an_address_that_is_not_this_machine(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str], side: str, url: str
) -> None:
    env()
    assert cli.main(["run", side, url]) == 2
    assert "n’est pas une adresse de cette machine" in capsys.readouterr().err
    assert not Path("data").exists()


def test_a_file_that_is_no_database_stays_as_it_is(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    photo = Path("photo.jpg")
    photo.write_bytes(b"\xff\xd8\xff\xe0" * 2000)
    env(ENSEMBLE_DATABASE=str(photo))
    assert cli.main(["run"]) == 1
    assert "photo.jpg n’est pas une base de données d’Ensemble" in capsys.readouterr().err
    assert photo.read_bytes() == b"\xff\xd8\xff\xe0" * 2000


def test_a_database_of_a_later_version_is_left_alone(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect("later.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    env(ENSEMBLE_DATABASE="later.sqlite3", ENSEMBLE_LOCALE="en")
    assert cli.main(["run"]) == 1
    assert "later version" in capsys.readouterr().err


def test_a_deck_that_is_wrong_is_told_line_by_line(
    env: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine").mkdir()
    Path("mine/polar.toml").write_text('title = "Polar"\nlocale = "xx"\n', "utf-8")
    env(ENSEMBLE_DECKS="mine")
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    assert "polar.toml est refusé" in said
    assert "polar.toml, ligne 2\u202f: langue inconnue" in said
    assert not Path("data").exists()


@pytest.mark.parametrize("name", ["missing.toml", "picture.toml"])
def test_a_rehearsal_with_a_wrong_deck_does_not_start(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("picture.toml").write_bytes(b"\xff\xd8\xff")
    assert cli.main(["rehearse", "--deck", name, "--port", "0"]) == 1
    assert f"{name}, ligne 1" in capsys.readouterr().err


def test_a_port_in_use_is_told_with_a_way_out(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["rehearse", "--port", str(port), "--locale", "en"]) == 1
    said = capsys.readouterr().err
    assert f"Port {port} is taken" in said
    assert "--port 8800" in said
