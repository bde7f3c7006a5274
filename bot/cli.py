"""The command line: `ensemble run` and `ensemble rehearse`; `ensemble deck` is in `bot/deck_command.py`.

Reads arguments and settings, says what is wrong, exits.
"""

import argparse
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from yarl import URL

from bot import deck_command, logs
from bot.app import App
from bot.decks import Decks
from bot.endpoints import gateway_of, is_loopback, pointed
from bot.rehearsal.recorder import Recorder
from bot.rehearsal.stage import Cast, Stage, mount_page
from bot.settings import NAMES, Settings, SettingsError, read_settings
from bot.storage.database import DatabaseTooNewError
from bot.supervisor import Hopeless
from bot.wording import decks as deck_words
from bot.wording import settings as words
from bot.wording.speech import LOCALES, Speech
from games.deck import DeckError

DEFAULT_PORT = 8765


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something a person must change, 2 unusable arguments."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.command(options)
    except KeyboardInterrupt:
        return 0
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ensemble", description="The community bot of public libraries."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    run = commands.add_parser("run", help="run the bot with the settings in .env")
    run.add_argument(
        "--env", type=Path, default=Path(".env"), help="the file with the settings (default: .env)"
    )
    run.add_argument(
        "--discord-url", type=URL, help="a local server to use in place of Discord (loopback only)"
    )
    run.add_argument(
        "--twitch-url", type=URL, help="a local server to use in place of Twitch (loopback only)"
    )
    run.set_defaults(command=_in_loop(_run))
    rehearse = commands.add_parser(
        "rehearse", help="play on a Discord and a Twitch of one's own, without any account"
    )
    rehearse.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        help=f"where the page is (default: {DEFAULT_PORT})",
    )
    rehearse.add_argument(
        "--deck",
        type=Path,
        action="append",
        default=[],
        help="a deck to rehearse with (repeatable)",
    )
    rehearse.add_argument(
        "--record", type=Path, help="write every HTTP exchange and every frame to this file"
    )
    rehearse.add_argument(
        "--database",
        type=Path,
        help="keep the rehearsal in this file (default: forgotten at the end)",
    )
    rehearse.add_argument(
        "--locale", choices=LOCALES, default=LOCALES[0], help="the room's language (default: fr)"
    )
    rehearse.add_argument(
        "--lobby", type=float, default=5.0, help="seconds before the first question (default: 5)"
    )
    rehearse.add_argument("--open", action="store_true", help="open the page in a browser")
    rehearse.set_defaults(command=_in_loop(_rehearse))
    deck_command.register(commands)
    return parser


def _in_loop(
    work: Callable[[argparse.Namespace], Coroutine[Any, Any, int]],
) -> Callable[[argparse.Namespace], int]:
    return lambda options: asyncio.run(work(options))


def _say(lines: Sequence[str]) -> None:
    sys.stderr.write("\n".join(lines) + "\n")


async def _run(options: argparse.Namespace) -> int:
    speech = Speech(_language(os.environ.get("ENSEMBLE_LOCALE")))
    try:
        values = dotenv_values(options.env, encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        _say([words.unreadable(str(options.env), speech)])
        return 1
    values |= {name: os.environ[name] for name in NAMES if name in os.environ}
    if not any(values.get(name) for name in NAMES):
        _say([words.no_env(str(options.env), speech)])
        return 1
    try:
        settings = read_settings(values)
    except SettingsError as error:
        _say(words.complaints(error.complaints, Speech(error.locale)))
        return 1
    speech = Speech(settings.locale)
    for url in (options.discord_url, options.twitch_url):
        if url is not None and not is_loopback(url):
            _say([words.not_loopback(str(url), speech)])
            return 2
    redactor = logs.Redactor(settings.secrets)
    logs.set_up(settings.log_level, settings.log_format, redactor)
    gateway = await gateway_of(options.discord_url) if options.discord_url else None
    with pointed(discord=options.discord_url, twitch=options.twitch_url, gateway=gateway):
        return await _run_app(settings, redactor, speech)


async def _run_app(settings: Settings, redactor: logs.Redactor, speech: Speech) -> int:
    try:
        app = await App.open(settings, redactor=redactor)
    except DeckError as error:
        _say(deck_words.refused(error, speech))
        return 1
    except DatabaseTooNewError:
        _say([words.database_too_new(str(settings.database), speech)])
        return 1
    except (sqlite3.DatabaseError, OSError):
        _say([words.database_unreadable(str(settings.database), speech)])
        return 1
    sides = [
        name for name, side in (("Discord", settings.discord), ("Twitch", settings.twitch)) if side
    ]
    _say([words.running(speech.listed(sides), speech)])
    _on_signals(app.stop)
    try:
        await app.run()
    except Hopeless as error:
        _say([error.explain])
        return 1
    return 0


async def _rehearse(options: argparse.Namespace) -> int:
    speech = Speech(options.locale)
    logs.set_up("WARNING", "text", logs.Redactor(()))
    try:
        decks = Decks.shipped(files=options.deck)
    except DeckError as error:
        _say(deck_words.refused(error, speech))
        return 1
    with ExitStack() as things:
        try:
            recorder = things.enter_context(Recorder(options.record))
        except OSError:
            _say([words.unwritable(str(options.record), speech)])
            return 1
        folder = Path(things.enter_context(tempfile.TemporaryDirectory(prefix="ensemble-")))
        database = options.database or folder / "rehearsal.sqlite3"
        stage = Stage(recorder)
        cast = Cast(
            stage, database, locale=options.locale, decks=decks, times={"lobby": options.lobby}
        )
        mount_page(stage, cast, options.locale)
        try:
            await stage.open(options.port)
        except OSError:
            _say([words.port_taken(options.port, speech)])
            return 1
        try:
            async with stage.addresses():
                return await _play(stage, cast, options, speech)
        finally:
            await stage.close()


async def _play(stage: Stage, cast: Cast, options: argparse.Namespace, speech: Speech) -> int:
    stopping = asyncio.Event()
    _on_signals(stopping.set)
    await cast.start()
    _say(words.rehearsal_ready(str(stage.url), speech))
    if options.open:
        webbrowser.open(str(stage.url))
    await stopping.wait()
    await cast.stop()
    return 0


def _on_signals(stop: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows: Ctrl+C ends the program through KeyboardInterrupt
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))


def _language(text: str | None) -> str:
    return text if text in LOCALES else LOCALES[0]
