"""`ensemble deck`: results and refusals in words, files written whole or not at all, nothing replaced unasked."""

import argparse
import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli, deck_command
from bot.decks import load_file
from bot.formats import FORMATS, import_deck
from bot.settings import DEFAULT_DATABASE, NAMES
from bot.storage import decks
from bot.storage.database import Database
from bot.storage.decks import Remembered

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "formats"
NARROW = "\u202f"
TABLE = "question;réponse;licence\r\nQui a écrit « Nana » ?;Zola;CC0\r\nOù ?;Pau;\r\n"
DECK = 'title = "Polar"\nlocale = "fr"\nlicence = "CC0"\n\n[[question]]\nprompt = "Qui ?"\nanswer = "Maigret"\n'

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder with no settings around."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENSEMBLE_LOCALE", "en")


def deck(*arguments: object) -> int:
    return cli.main(["deck", *map(str, arguments)])


def unusable(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        deck(*arguments)
    return int(caught.value.code or 0)


def here() -> set[str]:
    return {path.name for path in Path().iterdir()}


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def ensemble(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program itself."""
    inherited = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "bot", "deck", *arguments],
        env=inherited | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        check=False,
        timeout=30,
    )


# --- Arguments and settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["burn"],
        ["check"],
        ["import"],
        ["export", "litterature"],
        ["list", "--locale", "de"],
        ["import", "a.csv", "--locale", "de"],
    ],
)
def test_unusable_arguments_end_with_2(arguments: list[str], capsys: Said) -> None:
    assert unusable(*arguments) == 2
    assert "usage: ensemble deck" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [[], ["list"], ["check"], ["import"], ["export"]])
def test_help_is_no_error(verb: list[str], capsys: Said) -> None:
    assert unusable(*verb, "--help") == 0
    assert "usage: ensemble deck" in capsys.readouterr().out


def test_every_option_is_explained() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    found = list(options())
    assert len(found) > 7
    for verb, option in found:
        assert re.search(rf"^\| `{verb} {option}\b", page, re.MULTILINE), (verb, option)


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    [found] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found.choices)


def options() -> Iterator[tuple[str, str]]:
    for verb, parser in choices(choices(cli._parser())["deck"]).items():
        for action in parser._actions:
            yield from (
                (verb, name) for name in action.option_strings if name not in ("-h", "--help")
            )


def test_the_help_names_the_formats_that_are_written(capsys: Said) -> None:
    assert unusable("export", "--help") == 0
    said = capsys.readouterr().out
    for name, one in FORMATS.items():
        assert (name in said) == bool(one.write), name


def test_the_bot_does_not_load_what_only_decks_need() -> None:
    program = (
        "import bot.cli, sys; print({'openpyxl', 'yaml', 'bot.formats'} & set(sys.modules) or '')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    assert done.stdout.strip() == b""


def test_the_language_and_the_folder_are_those_of_the_env_file(capsys: Said) -> None:
    write(".env", "\ufeffENSEMBLE_LOCALE=en\r\nENSEMBLE_DECKS=mine\r\n")
    write("mine/polar.toml", DECK)
    assert deck("list", "--locale", "fr") == 0
    assert re.search(
        r"^polar +Polar +French +1 question +CC0$", capsys.readouterr().out, re.MULTILINE
    )


def test_the_environment_comes_before_the_file(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(".env", "ENSEMBLE_LOCALE=fr")
    monkeypatch.setenv("ENSEMBLE_LOCALE", "EN")
    assert deck("check", "missing.csv") == 1
    assert "missing.csv cannot be opened" in capsys.readouterr().err


def test_a_folder_that_is_not_there_is_told(capsys: Said) -> None:
    write(".env", "ENSEMBLE_DECKS=mien")
    assert deck("list") == 1
    assert f"ENSEMBLE_DECKS{NARROW}: il n’y a pas de dossier «{NARROW}mien{NARROW}»" in (
        capsys.readouterr().err
    )


def test_an_env_file_that_is_no_text_is_told(capsys: Said) -> None:
    write(".env", b"\xff\xfe\x00")
    assert deck("list") == 1
    assert ".env" in capsys.readouterr().err


# --- List -----------------------------------------------------------------------------------------------------


def test_the_list_says_name_title_language_number_and_licence(capsys: Said) -> None:
    assert deck("list") == 0
    lines = capsys.readouterr().out.splitlines()
    shipped = list((ROOT / "games" / "decks").glob("*.toml"))
    assert len(lines) == len(shipped)
    [line] = [line for line in lines if line.startswith("first-lines ")]
    count = len(load_file(ROOT / "games" / "decks" / "first-lines.toml").questions)
    assert re.split(" {2,}", line) == [
        *("first-lines", "First lines", "anglais", f"{count} questions", "CC BY-SA 4.0")
    ]
    languages = [re.split(" {2,}", line)[2] for line in lines]
    assert languages == sorted(languages, key="français".__ne__)


def test_the_list_of_one_language(capsys: Said, english: None) -> None:
    assert deck("list", "--locale", "en") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines
    assert all("  English  " in line for line in lines)


def test_a_deck_that_is_refused_does_not_hide_the_others(capsys: Said) -> None:
    write(".env", "ENSEMBLE_DECKS=mine")
    write("mine/bad.toml", "title = 1\n")
    write("mine/polar.toml", DECK)
    assert deck("list") == 1
    said = capsys.readouterr()
    assert "polar " in said.out
    assert "litterature " in said.out
    assert f"{Path('mine/bad.toml')}:1: " in said.err


# --- Check ----------------------------------------------------------------------------------------------------


def test_every_known_kind_of_file_is_checked(capsys: Said, english: None) -> None:
    files = sorted(SAMPLES.iterdir())
    assert deck("check", *files, write("polar.toml", DECK)) == 0
    said = capsys.readouterr()
    assert f"{SAMPLES / 'club.xlsx'}: fine: 1 question\n" in said.out
    assert "polar.toml: fine: 1 question\n" in said.out
    assert len(said.out.splitlines()) == len(files) + 1
    assert said.err == ""


BAD = "// rien\n\nQui ? {=Zola}\n\nOù ? {=Pau ~Pau}\n\nQuand ? {=un ~%50%deux}\n"


@pytest.mark.parametrize(
    ("locale", "same", "partial"),
    [
        ("fr", "deux choix sont identiques", "une réponse à moitié juste n’a pas d’équivalent ici"),
        ("en", "two choices are the same", "an answer that is half right has no equal here"),
    ],
)
def test_every_problem_is_told_at_its_line_in_both_languages(
    locale: str,
    same: str,
    partial: str,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ENSEMBLE_LOCALE", locale)
    assert deck("check", write("a.gift", BAD), write("polar.toml", DECK), "none.csv") == 1
    said = capsys.readouterr()
    assert said.err.splitlines()[:2] == [f"a.gift:5: {same}", f"a.gift:7: {partial}"]
    assert "none.csv" in said.err
    assert said.out.startswith("polar.toml")


def test_problems_are_all_told_however_many(capsys: Said) -> None:
    write("a.csv", "question;réponse\n" + "".join(f"q{n} ?;\n" for n in range(60)))
    assert deck("check", "a.csv") == 1
    assert len(capsys.readouterr().err.splitlines()) == 60


def test_a_native_deck_is_checked_as_the_bot_will_read_it(capsys: Said) -> None:
    assert deck("check", write("windows.toml", b"\xef\xbb\xbf" + crlf(DECK))) == 0
    assert deck("check", write("utf16.toml", DECK.encode("utf-16"))) == 1
    assert "utf16.toml:1: le fichier ne se lit pas comme un texte" in capsys.readouterr().err


def test_a_folder_is_no_deck(capsys: Said, tmp_path: Path) -> None:
    assert deck("check", tmp_path) == 1
    assert "ne peut pas être ouvert" in capsys.readouterr().err


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


# --- Import ---------------------------------------------------------------------------------------------------


def test_a_table_with_bom_and_windows_line_ends_becomes_a_native_deck(capsys: Said) -> None:
    write("mes_lectures.csv", b"\xef\xbb\xbf" + TABLE.encode())
    assert deck("import", "mes_lectures.csv") == 0
    said = capsys.readouterr()
    assert "mes_lectures.toml est écrit" in said.out
    assert f"«{NARROW}mes lectures{NARROW}», 2 questions, français" in said.out
    assert said.err == ""
    data = Path("mes_lectures.toml").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    made = load_file(Path("mes_lectures.toml"))
    assert [q.answer for q in made.questions] == ["Zola", "Pau"]
    assert (made.locale, made.licence) == ("fr", "CC0")
    assert here() == {"mes_lectures.csv", "mes_lectures.toml"}


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir()))
def test_every_sample_becomes_the_deck_that_it_holds(name: str) -> None:
    assert deck("import", SAMPLES / name, "--to", "x.toml") == 0
    made, read = load_file(Path("x.toml")), import_deck((SAMPLES / name).read_bytes(), name).deck
    assert made.questions == read.questions
    assert (made.title, made.licence) == (read.title, read.licence)


def test_what_the_host_says_is_in_the_deck(capsys: Said, english: None) -> None:
    write("a.txt", "question;answer\nWho?;Zola\n")
    asked = ("--format", "csv", "--title", "Zola", "--licence", "CC BY 4.0", "--locale", "fr")
    assert deck("import", "a.txt", *asked) == 0
    made = load_file(Path("a.toml"))
    assert (made.title, made.licence, made.locale) == ("Zola", "CC BY 4.0", "fr")
    assert "“Zola”, 1 question, French, licence: CC BY 4.0" in capsys.readouterr().out


def test_the_language_of_the_user_is_that_of_a_file_without_one(english: None) -> None:
    assert deck("import", write("a.csv", "question,answer\nWho?,Zola\n")) == 0
    assert load_file(Path("a.toml")).locale == "en"


def test_a_deck_goes_to_the_folder_of_the_settings_else_where_it_is_asked() -> None:
    Path("mine").mkdir()
    Path("yours").mkdir()
    write(".env", "ENSEMBLE_DECKS=mine")
    write("a.csv", TABLE)
    assert deck("import", "a.csv") == 0
    assert deck("import", "a.csv", "--to", "yours") == 0
    assert deck("import", "a.csv", "--to", Path("yours", "polar.toml")) == 0
    for name in ("mine/a.toml", "yours/a.toml", "yours/polar.toml"):
        assert load_file(Path(name)).questions
    assert here() == {".env", "a.csv", "mine", "yours"}


def test_nothing_is_replaced_without_force(capsys: Said) -> None:
    write("a.csv", TABLE)
    write("a.toml", DECK)
    assert deck("import", "a.csv") == 1
    assert "a.toml existe déjà" in capsys.readouterr().err
    assert Path("a.toml").read_text("utf-8") == DECK
    assert deck("import", "a.csv", "--force") == 0
    assert len(load_file(Path("a.toml")).questions) == 2


def test_a_refused_file_leaves_nothing_behind(capsys: Said) -> None:
    write("a.toml", DECK)
    write("a.gift", BAD)
    assert deck("import", "a.gift", "--force") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "a.gift est refusé" in said.err
    assert "a.gift:5: " in said.err
    assert Path("a.toml").read_text("utf-8") == DECK
    assert here() == {"a.gift", "a.toml"}


def test_a_full_disk_leaves_the_old_deck_and_no_half_of_the_new(
    capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    write("a.csv", TABLE)
    write("a.toml", DECK)
    monkeypatch.setattr(deck_command.os, "fsync", full)
    assert deck("import", "a.csv", "--force") == 1
    assert "a.toml ne peut pas être écrit" in capsys.readouterr().err
    assert Path("a.toml").read_text("utf-8") == DECK
    assert here() == {"a.csv", "a.toml"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    write("a.csv", TABLE)
    write("kept/a.toml", DECK)
    try:
        Path("a.toml").symlink_to(tmp_path / "kept" / "a.toml")
    except OSError:
        pytest.skip("no links on this machine")
    assert deck("import", "a.csv", "--force") == 0
    assert Path("a.toml").is_symlink()
    assert len(load_file(Path("kept/a.toml")).questions) == 2


@pytest.mark.parametrize(
    ("to", "code", "told"),
    [
        ("nowhere", 2, "n’est ni un dossier ni un nom de jeu"),
        ("polar.txt", 2, "qui finit par .toml"),
        ("nowhere/polar.toml", 1, "ne peut pas être écrit"),
        ("a.csv/polar.toml", 1, "ne peut pas être écrit"),
    ],
)
def test_a_place_that_cannot_be_is_told(to: str, code: int, told: str, capsys: Said) -> None:
    assert deck("import", write("a.csv", TABLE), "--to", to) == code
    assert told in capsys.readouterr().err
    assert here() == {"a.csv"}


@pytest.mark.parametrize(
    ("locale", "told"),
    [("fr", f"Il n’y a pas de format «{NARROW}word{NARROW}»"), ("en", "There is no format “word”")],
)
def test_an_unknown_format_is_an_unusable_argument(
    locale: str, told: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENSEMBLE_LOCALE", locale)
    assert deck("import", write("a.csv", TABLE), "--format", "word") == 2
    said = capsys.readouterr().err
    assert told in said
    assert "openquizzdb" in said


def test_questions_that_stand_twice_are_dropped_and_told(capsys: Said) -> None:
    write("a.csv", TABLE + "QUI a écrit Nana ?;Hugo;\nOù ?;Dax;\n")
    assert deck("import", "a.csv") == 0
    said = capsys.readouterr()
    assert "2 questions sont en double" in said.err
    assert "a.csv:4: la même question est déjà à la ligne 2\n" in said.err
    assert [q.answer for q in load_file(Path("a.toml")).questions] == ["Zola", "Pau"]
    assert deck("check", "a.csv") == 0
    assert "a.csv:5: " in capsys.readouterr().err


@pytest.mark.parametrize(("licence", "hint"), [((), True), (("--licence", "CC0"), False)])
def test_a_file_without_a_licence_is_told(
    licence: tuple[str, ...], hint: bool, capsys: Said
) -> None:
    assert deck("import", write("a.csv", "question;réponse\nQui ?;Zola\n"), *licence) == 0
    assert ("aucune licence" in capsys.readouterr().err) is hint


def test_a_file_that_is_no_deck_is_told_which_are(capsys: Said) -> None:
    assert deck("import", write("a.docx", "Bonjour")) == 1
    assert f"connus{NARROW}: {', '.join(FORMATS)}" in capsys.readouterr().err


# --- Export ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.write])
def test_a_deck_is_written_in_each_format_and_read_again(name: str) -> None:
    write("polar.toml", DECK)
    assert deck("export", "polar.toml", "--format", name, "--to", "out") == 0
    back = import_deck(Path("out").read_bytes(), "out", format=name).deck
    assert back.questions == load_file(Path("polar.toml")).questions


def test_the_bytes_go_to_standard_output(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert deck("export", "Premières phrases", "--format", "csv") == 0
    said = capsysbinary.readouterr()
    assert said.out.startswith("\ufeffquestion;réponse".encode())
    assert said.err == b""
    assert import_deck(said.out, "x.csv").deck.questions


def test_a_file_of_any_kind_is_exported(capsys: Said) -> None:
    assert deck("export", SAMPLES / "club.xlsx", "--format", "native") == 0
    assert "[[question]]" in capsys.readouterr().out


def test_a_deck_of_the_hosts_own_folder_is_found_by_its_title(capsys: Said) -> None:
    write(".env", "ENSEMBLE_DECKS=mine")
    write("mine/x.toml", DECK.replace('"Polar"', '"P. D. James"'))
    assert deck("export", "p. d. james", "--format", "red") == 0
    assert "Maigret" in capsys.readouterr().out


def kept(*rows: tuple[str, str], answers: tuple[Remembered, ...] = ()) -> None:
    """Put decks and remembered answers into the bot's file."""

    async def keep() -> None:
        database = await Database.open(Path(DEFAULT_DATABASE))
        async with database.transaction() as transaction:
            for name, text in rows:
                await decks.keep(transaction, decks.DeckRow(name, text, 0), ["Qui ?"])
            for answer in answers:
                await decks.remember(transaction, answer, 0)
        await database.close()

    asyncio.run(keep())


def test_what_was_imported_and_remembered_goes_out_too(capsys: Said) -> None:
    kept(("soiree", DECK), answers=(Remembered("soiree", "Qui ?", "Jules Maigret"),))
    assert deck("list") == 0
    assert re.search(r"^soiree +Polar +français +1", capsys.readouterr().out, re.MULTILINE)
    assert deck("export", "soiree", "--format", "native") == 0
    assert 'accept = ["Jules Maigret"]' in capsys.readouterr().out
    assert {path.name for path in Path("data").iterdir()} >= {"ensemble.sqlite3"}


def test_an_imported_deck_that_is_damaged_is_told_and_left_out(capsys: Said) -> None:
    kept(("soiree", DECK), ("perdu", "title = "))
    assert deck("list") == 1
    said = capsys.readouterr()
    assert "soiree" in said.out
    assert "perdu" in said.err


def test_an_export_replaces_nothing_without_force(capsys: Said) -> None:
    write("polar.toml", DECK)
    write("polar.gift", "mine")
    assert deck("export", "polar.toml", "--format", "gift", "--to", ".") == 1
    assert "polar.gift existe déjà" in capsys.readouterr().err
    assert Path("polar.gift").read_text("utf-8") == "mine"
    assert deck("export", "polar.toml", "--format", "gift", "--to", ".", "--force") == 0
    assert "Maigret" in Path("polar.gift").read_text("utf-8")
    assert here() == {"polar.toml", "polar.gift"}


@pytest.mark.parametrize(
    ("arguments", "code", "french", "english"),
    [
        (("polare", "--format", "csv"), 1, "Je ne connais pas", "There is no deck “polare”"),
        (("polar.csv", "--format", "csv"), 1, "ne peut pas être ouvert", "cannot be opened"),
        (("!", "--format", "csv"), 1, "ne peut pas être ouvert", "cannot be opened"),
        (("litterature", "--format", "anki"), 2, "aucun jeu ne s’écrit", "decks are not written"),
        (("litterature", "--format", "red"), 1, "ne peut pas s’écrire", "cannot be written as"),
    ],
)
def test_what_cannot_be_exported_is_told_in_both_languages(
    arguments: tuple[str, ...],
    code: int,
    french: str,
    english: str,
    capsys: Said,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for locale, told in (("fr", french), ("en", english)):
        monkeypatch.setenv("ENSEMBLE_LOCALE", locale)
        assert deck("export", *arguments, "--to", "out") == code
        said = capsys.readouterr()
        assert told in said.err
        assert said.out == ""
    assert here() == set()


# --- Pictures, and what is left behind ------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n"
PICTURED = DECK + 'image = "maigret-01.png"\nalt = "Un homme massif"\n'


def test_a_picture_goes_with_its_deck(capsys: Said, english: None) -> None:
    write("mine/polar.toml", PICTURED)
    write("mine/maigret-01.png", PNG)
    Path("there").mkdir()
    assert deck("import", "mine/polar.toml", "--to", "there") == 0
    assert Path("there/maigret-01.png").read_bytes() == PNG
    assert load_file(Path("there/polar.toml")) == load_file(Path("mine/polar.toml"))
    assert deck("export", "there/polar.toml", "--format", "csv", "--to", "out.csv") == 0
    assert Path("maigret-01.png").read_bytes() == PNG
    assert capsys.readouterr().err == ""


def test_a_shipped_deck_is_exported_with_its_pictures() -> None:
    assert deck("export", "ecritures", "--format", "native", "--to", ".") == 0
    assert here() == {"ecritures.toml", *(f"ecriture-{n:02d}.png" for n in range(1, 11))}
    load_file(Path("ecritures.toml"))


def test_a_picture_takes_no_other_file_s_place_without_force(capsys: Said, english: None) -> None:
    write("mine/polar.toml", PICTURED)
    write("mine/maigret-01.png", PNG)
    write("maigret-01.png", PNG + b"another")
    assert deck("import", "mine/polar.toml") == 1
    assert "maigret-01.png is there already" in capsys.readouterr().err
    assert not Path("polar.toml").exists()
    assert deck("import", "mine/polar.toml", "--force") == 0
    assert Path("maigret-01.png").read_bytes() == PNG
    assert deck("import", "mine/polar.toml", "--to", "again.toml") == 0


def test_a_picture_that_is_missing_is_told_at_its_line(capsys: Said, english: None) -> None:
    write("mine/polar.toml", PICTURED)
    for verb, line in (("check", 8), ("import", 5)):
        assert deck(verb, "mine/polar.toml") == 1
        told = capsys.readouterr().err
        assert f"polar.toml:{line}: the picture maigret-01.png does not stand beside" in told
    write("mine/maigret-01.png", b"GIF89a")
    assert deck("check", "mine/polar.toml") == 1
    assert "is not of the kind that its name says" in capsys.readouterr().err


def test_what_an_import_leaves_behind_is_told(capsys: Said, english: None) -> None:
    write("quiz.gift", "Né en ? {#1822:3}")
    assert deck("check", "quiz.gift") == 0
    assert "quiz.gift:1: a tolerance or a range has no equal here" in capsys.readouterr().err
    assert deck("import", "quiz.gift", "--licence", "CC0") == 0
    assert "quiz.gift:1: a tolerance" in capsys.readouterr().err


def test_what_an_export_leaves_behind_is_told_for_each_field(capsys: Said, english: None) -> None:
    rest = DECK.split("[[question]]")[1]
    more = "".join(f"\n[[question]]{rest.replace('Qui', f'Q{n}')}theme = 't'\n" for n in (2, 3, 5))
    write("polar.toml", DECK + 'source = "s"\n' + more)
    assert deck("export", "polar.toml", "--format", "red", "--to", "polar.yaml") == 0
    assert capsys.readouterr().err.splitlines() == [
        "“red” has no place for “source”: left behind in 1 question (1)",
        "“red” has no place for “theme”: left behind in 3 questions (2–4)",
    ]


def test_a_question_that_a_format_cannot_hold_is_named_with_the_reason(
    capsys: Said, english: None
) -> None:
    order = '\n[[question]]\nprompt = "Dans l’ordre ?"\norder = ["un", "deux", "trois"]\n'
    write("polar.toml", DECK + order)
    assert deck("export", "polar.toml", "--format", "gift") == 1
    assert "question 2: its choices are put in order" in capsys.readouterr().err


# --- The program itself ---------------------------------------------------------------------------------------


def test_the_program_exports_bytes_and_takes_them_back() -> None:
    done = ensemble("export", "litterature", "--format", "gift")
    assert done.returncode == 0
    lost = done.stderr.decode().splitlines()
    assert any(
        f"«{NARROW}source{NARROW}»{NARROW}: laissé de côté dans 40 questions (1–40)" in line
        for line in lost
    )
    write("litterature.gift", done.stdout)
    back = ensemble("import", "litterature.gift", ENSEMBLE_LOCALE="en")
    assert (back.returncode, back.stderr) == (0, b"")
    assert b"litterature.toml is written" in back.stdout
    assert ensemble("import", "litterature.gift").returncode == 1


def test_an_old_terminal_gets_what_it_can_show() -> None:
    write("a.csv", "question;réponse\nQui ?;Zola\n")
    done = ensemble("check", "a.csv", PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stdout.decode("cp1252").strip()) == (
        0,
        "a.csv : rien à redire, 1 question",
    )


def test_whoever_reads_may_stop_reading() -> None:
    source, sink = os.pipe()
    os.close(source)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "deck", "list"],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            stdout=sink,
            stderr=subprocess.PIPE,
            check=False,
            timeout=30,
        )
    finally:
        os.close(sink)
    assert (done.returncode, done.stderr) == (0, b"")
