"""`ensemble deck`: list, check, import and export decks, without running the bot.

Results go to standard output, complaints to standard error. What was imported from the chat, and the answers that hosts
had remembered, are read from the bot's file, which may be in use. The readers of foreign files are imported only when a
command needs them.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from bot.decks import Decks, load_file, own_pictures, picture_beside
from bot.settings import DEFAULT_DATABASE
from bot.storage.decks import peek
from bot.wording import decks as words
from bot.wording import refusals
from bot.wording import settings as setting_words
from bot.wording.speech import LOCALES, Speech
from games.core import Refusal
from games.deck import Deck, DeckError, Problem, read_deck
from games.matching import fold

if TYPE_CHECKING:
    from bot.formats import Imported

Picture = Callable[[str], bytes | None]
"""From a picture's name to its file."""

ENV = Path(".env")
SETTINGS = ("ENSEMBLE_LOCALE", "ENSEMBLE_DECKS", "ENSEMBLE_DATABASE")
NARROW = "\u202f"


class _Stopped(Exception):
    """A command cannot go on; `lines` say why and `code` is its exit code."""

    def __init__(self, lines: Sequence[str], code: int = 1) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.code = code


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where a command works: the words it speaks, and the settings."""

    speech: Speech
    values: Mapping[str, str]

    @property
    def folder(self) -> Path | None:
        """The host's own folder of decks; stops when there is no such folder."""
        text = self.values.get("ENSEMBLE_DECKS", "")
        if text and not Path(text).is_dir():
            complaint = setting_words.Complaint("ENSEMBLE_DECKS", "folder", {"text": text})
            raise _Stopped(setting_words.complaints((complaint,), self.speech))
        return Path(text) if text else None

    @property
    def database(self) -> Path:
        """The bot's file, there or not."""
        return Path(self.values.get("ENSEMBLE_DATABASE") or DEFAULT_DATABASE)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `deck` and its subcommands to the command line."""
    deck = commands.add_parser("deck", help="list, check, import and export decks of questions")
    verbs = deck.add_subparsers(required=True, metavar="command")
    listing = _verb(verbs, "list", _list, "the decks at hand")
    listing.add_argument("--locale", choices=LOCALES, help="only those in this language")

    checking = _verb(verbs, "check", _check, "say what is wrong with files, line by line")
    checking.add_argument("file", nargs="+", type=Path, help="a deck, or a file to import")

    importing = _verb(verbs, "import", _import, "make a deck of a file of another kind")
    importing.add_argument(
        "file", type=Path, help="a file in one of the formats of docs/formats.md"
    )
    importing.add_argument("--format", help="the file's format (default: as the file looks)")
    importing.add_argument(
        "--locale", choices=LOCALES, help="the questions' language, if the file states none"
    )
    importing.add_argument("--title", help="the deck's title")
    importing.add_argument("--licence", help="who may use it, if the file does not say")
    importing.add_argument(
        "--to", type=Path, help="the folder or file to write (default: ENSEMBLE_DECKS, else here)"
    )
    _add_force(importing)

    exporting = _verb(verbs, "export", _export, "write a deck in another format")
    exporting.add_argument("deck", help="a deck's name or title, or a file")
    exporting.add_argument("--format", required=True, help="native, csv, gift or red")
    exporting.add_argument("--to", type=Path, help="the file to write (default: standard output)")
    _add_force(exporting)


def _verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    work: Callable[[argparse.Namespace, _Desk], int],
    summary: str,
) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=summary, description=summary)
    parser.set_defaults(command=lambda options: _run(work, options))
    return parser


def _add_force(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="replace a file that is there already")


def _run(work: Callable[[argparse.Namespace, _Desk], int], options: argparse.Namespace) -> int:
    """Run one command, say what stopped it, and return its exit code."""
    try:
        code = work(options, _desk())
        sys.stdout.flush()
    except _Stopped as stopped:
        _complain(stopped.lines)
        return stopped.code
    except BrokenPipeError:  # whoever reads has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _desk() -> _Desk:
    """Read the settings; the environment comes before the file, as when the bot runs."""
    values: dict[str, str | None] = {}
    unreadable = False
    try:
        values |= dotenv_values(ENV, encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        unreadable = True
    values |= {name: os.environ[name] for name in SETTINGS if name in os.environ}
    given = {name: (values.get(name) or "").strip() for name in SETTINGS}
    asked = given["ENSEMBLE_LOCALE"].lower()
    speech = Speech(asked if asked in LOCALES else LOCALES[0])
    if unreadable:
        raise _Stopped([setting_words.unreadable(str(ENV), speech)])
    return _Desk(speech, given)


# --- Commands -------------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, desk: _Desk) -> int:
    decks, fine = _decks(desk)
    locale = desk.speech.locale
    shown = [d for d in decks.all.values() if options.locale in (None, d.locale)]
    _tell(words.table(sorted(shown, key=lambda d: (d.locale != locale, d.name)), desk.speech))
    return 0 if fine else 1


def _check(options: argparse.Namespace, desk: _Desk) -> int:
    code = 0
    for path in options.file:
        try:
            deck, remarks = _checked(path, desk)
        except DeckError as error:
            _complain(words.located(str(path), error.problems, desk.speech))
            code = 1
        except _Stopped as stopped:
            _complain(stopped.lines)
            code = 1
        else:
            _tell([words.fine(str(path), deck, desk.speech)])
            _complain(remarks)
    return code


def _checked(path: Path, desk: _Desk) -> tuple[Deck, list[str]]:
    """Return a deck as the bot itself would load it, or as an import would make it, and what is to be told of it."""
    if path.suffix.lower() == ".toml":
        _bytes(path, desk)
        return load_file(path), []
    imported = _read(path, desk)
    return imported.deck, _remarks(path, imported, desk)


def _remarks(path: Path, imported: "Imported", desk: _Desk) -> list[str]:
    """Return what an import left behind: questions that came twice, and what has no equal here."""
    twice = words.dropped(str(path), imported.duplicates, desk.speech)
    return [*twice, *words.located(str(path), imported.notes, desk.speech)]


def _import(options: argparse.Namespace, desk: _Desk) -> int:
    from bot.formats import export_deck
    from bot.formats.reading import UNKNOWN

    target = _deck_file(options, desk)
    _keep_existing(target, options, desk)
    imported = _taken(
        options.file,
        desk,
        format_name=options.format,
        locale=options.locale,
        title=options.title,
        licence=options.licence,
    )
    folder = options.file.parent
    pictures = {name: picture_beside(folder, name) for name in own_pictures(imported.deck)}
    _write_with(target, export_deck(imported.deck, "native"), pictures, options, desk)
    _tell([words.written(str(target), imported.deck, desk.speech)])
    if imported.deck.licence == UNKNOWN:
        _complain([words.no_licence(desk.speech)])
    return 0


def _export(options: argparse.Namespace, desk: _Desk) -> int:
    from bot.formats import FORMATS, export_deck, left_behind

    writable = [name for name, one in FORMATS.items() if one.write]
    if options.format not in writable:
        facts = {"format": options.format, "known": ", ".join(writable)}
        raise _Stopped([words.problem(Problem(1, "no-export", facts), desk.speech)], 2)
    deck, picture = _wanted(options.deck, desk)
    try:
        data = export_deck(deck, options.format)
    except DeckError as error:
        raise _Stopped(words.not_written(options.format, error, desk.speech)) from error
    _complain(words.left_behind(options.format, left_behind(deck, options.format), desk.speech))
    if options.to is None:
        sys.stdout.buffer.write(data)
        return 0
    target = options.to
    if target.is_dir():
        target /= f"{deck.name}{FORMATS[options.format].suffixes[0]}"
    _keep_existing(target, options, desk)
    pictures = {name: picture(name) for name in own_pictures(deck)}
    _write_with(target, data, pictures, options, desk)
    _tell([words.written(str(target), deck, desk.speech)])
    return 0


# --- Decks and files ------------------------------------------------------------------------------------------


def _decks(desk: _Desk) -> tuple[Decks, bool]:
    """Return the decks at hand and whether all are; those that are refused are told and left out."""
    files: list[Path] = []
    fine = True
    for path in sorted(desk.folder.glob("*.toml")) if desk.folder else ():
        try:
            load_file(path)
        except DeckError as error:
            _complain(words.not_taken(str(path), error, desk.speech))
            fine = False
        else:
            files.append(path)
    decks = Decks.shipped(files=files)
    return decks, _lay_imported(decks, desk) and fine


def _lay_imported(decks: Decks, desk: _Desk) -> bool:
    """Lay what the bot's file holds over the decks, and return whether all of it could be read."""
    kept, remembered = peek(desk.database)
    imported: list[Deck] = []
    for row in kept:
        try:
            imported.append(read_deck(row.text, row.name))
        except DeckError as error:
            _complain(words.not_taken(row.name, error, desk.speech))
    decks.lay(imported, remembered)
    return len(imported) == len(kept)


def _wanted(name: str, desk: _Desk) -> tuple[Deck, Picture]:
    """Return the deck in the file of that name, else the deck of that name or title, and how its pictures are had."""
    path = Path(name)
    if path.is_file() or not fold(name):
        return _taken(path, desk).deck, lambda picture: picture_beside(path.parent, picture)
    decks, _ = _decks(desk)
    try:
        deck = decks.find(name, desk.speech.locale)
    except Refusal as refusal:
        like_a_file = path.suffix or path.name != name
        missing = words.no_file(name, desk.speech)
        no_deck = refusals.refusal(refusal, desk.speech)
        raise _Stopped([missing if like_a_file else no_deck]) from refusal
    return deck, lambda picture: decks.picture(f"{deck.name}/{picture}")


def _taken(path: Path, desk: _Desk, **asked: str | None) -> "Imported":
    """Return what a file holds, and tell what was left behind; stops when it is refused."""
    try:
        imported = _read(path, desk, **asked)
    except DeckError as error:
        raise _Stopped(words.not_taken(str(path), error, desk.speech)) from error
    _complain(_remarks(path, imported, desk))
    return imported


def _read(
    path: Path,
    desk: _Desk,
    *,
    format_name: str | None = None,
    locale: str | None = None,
    title: str | None = None,
    licence: str | None = None,
) -> "Imported":
    from bot.formats import FORMATS, import_deck

    if format_name is not None and format_name not in FORMATS:
        raise _Stopped([words.no_format(format_name, ", ".join(FORMATS), desk.speech)], 2)
    return import_deck(
        _bytes(path, desk),
        path.name,
        format=format_name,
        locale=locale or desk.speech.locale,
        title=title,
        licence=licence,
        pictures=lambda name: picture_beside(path.parent, name),
    )


def _bytes(path: Path, desk: _Desk) -> bytes:
    """Return what a file holds, but not much more than a deck may."""
    from bot.formats.reading import LARGEST_FILE

    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE * 1_000_000 + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise _Stopped([words.no_file(str(path), desk.speech)]) from error


def _deck_file(options: argparse.Namespace, desk: _Desk) -> Path:
    """Return where an imported deck goes."""
    target: Path = options.to or desk.folder or Path()
    if target.is_dir():
        return target / f"{options.file.stem}.toml"
    if target.suffix != ".toml":
        raise _Stopped([words.no_deck_name(str(target), desk.speech)], 2)
    return target


def _write_with(
    target: Path,
    data: bytes,
    pictures: Mapping[str, bytes | None],
    options: argparse.Namespace,
    desk: _Desk,
) -> None:
    """Write a deck and the pictures that go beside it, none in the place of another one unasked."""
    changed = {
        target.with_name(name): picture
        for name, picture in pictures.items()
        if picture is not None and picture != picture_beside(target.parent, name)
    }
    for path in changed:
        _keep_existing(path, options, desk)
    for path, picture in changed.items():
        _write(path, picture, desk)
    _write(target, data, desk)


def _keep_existing(target: Path, options: argparse.Namespace, desk: _Desk) -> None:
    if target.exists() and not options.force:
        raise _Stopped([words.no_overwriting(str(target), desk.speech)])


def _write(target: Path, data: bytes, desk: _Desk) -> None:
    """Write a file whole or not at all: beside its place first, then into it."""
    place = Path(os.path.realpath(target))  # a link stays a link
    draft = place.with_name(f".ensemble-{os.getpid()}.part")
    try:
        try:
            with draft.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise _Stopped([setting_words.unwritable(str(target), desk.speech)]) from error


# --- Saying it ------------------------------------------------------------------------------------------------


def _tell(lines: Sequence[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    sys.stdout.write(_spelled(text, sys.stdout.encoding or "utf-8"))


def _complain(lines: Sequence[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    sys.stderr.write(_spelled(text, sys.stderr.encoding or "utf-8"))


def _spelled(text: str, encoding: str) -> str:
    """Return text as far as an old terminal can show it: the narrow space is in few of their alphabets."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = text.replace(NARROW, " ")
        return plain.encode(encoding, "replace").decode(encoding)
    return text
