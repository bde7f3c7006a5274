"""Reading what somebody sent: in a process of its own, which knows no secret and never outlives its time."""

import asyncio
import json
import os
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from bot import deck_reader
from bot.deck_reader import MOST_PROBLEMS, DeckReader, ReaderError
from bot.formats import import_deck
from games.core import Refusal
from games.deck import DeckError

SAMPLES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "formats").iterdir()}
TABLE = b"question;answer\nWho?;Maigret\nWhere?;Paris\nWho ?;Maigret\n"


@pytest.mark.parametrize("name", ["aiken.txt", "kahoot_fr.xlsx", "moodle.gift", "red.yaml"])
async def test_a_file_is_read_as_the_formats_read_it(name: str) -> None:
    taken = await DeckReader().read(SAMPLES[name], name, None, "fr")
    wanted = import_deck(SAMPLES[name], name, locale="fr")
    assert taken.deck == wanted.deck
    assert taken.remarks == wanted.duplicates
    assert len(taken.lines) == len(taken.deck.questions)


async def test_the_line_of_each_question_is_known() -> None:
    taken = await DeckReader().read(TABLE, "crime.csv", "csv", "en")
    assert taken.lines == (2, 3)
    assert [(one.line, one.code) for one in taken.remarks] == [(4, "duplicate")]


async def test_everything_that_is_wrong_comes_back_with_its_line() -> None:
    with pytest.raises(DeckError) as caught:
        await DeckReader().read(b"question;answer\nWho?;\n;Paris\n", "crime.csv", None, "en")
    assert caught.value.name == "crime.csv"
    assert [(one.line, one.code) for one in caught.value.problems] == [
        (2, "no-answer"),
        (3, "missing"),
    ]


async def test_a_file_of_nothing_but_problems_is_told_in_part() -> None:
    text = 'title = "t"\nlocale = "fr"\nlicence = "x"\n' + "[[question]]\n" * 3000
    with pytest.raises(DeckError) as caught:
        await DeckReader().read(text.encode(), "x.toml", None, "fr")
    assert len(caught.value.problems) == MOST_PROBLEMS
    assert caught.value.problems[0].line == 4


async def test_half_characters_come_back_as_something_that_can_be_shown() -> None:
    text = '{"results":[{"question":"Who?","correct_answer":"\\ud800","incorrect_answers":["a"]}]}'
    with pytest.raises(DeckError) as caught:
        await DeckReader().read(text.encode(), "x.json", "opentdb", "en")
    for found in caught.value.problems:
        str(dict(found.facts)).encode()


async def test_what_takes_too_long_is_ended() -> None:
    begun = time.monotonic()
    with pytest.raises(Refusal, match="file-too-slow"):
        await DeckReader(patience=0.01).read(TABLE, "crime.csv", None, "en")
    assert time.monotonic() - begun < 5


async def test_a_reader_that_fails_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deck_reader, "__name__", "bot.no_such_module")
    with pytest.raises(ReaderError):
        await DeckReader().read(b"", "x.csv", None, "fr")


async def test_whoever_stops_waiting_leaves_no_process_behind() -> None:
    reader = DeckReader()
    task = asyncio.create_task(reader.read(TABLE, "crime.csv", None, "en"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await reader.read(TABLE, "crime.csv", None, "en")).deck.name == "crime"


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    around = deck_reader._around()
    assert set(around) <= {"SYSTEMROOT", "PYTHONPATH", "PYTHONUTF8"}
    assert str(Path(deck_reader.__file__).parent.parent) in around["PYTHONPATH"].split(os.pathsep)


async def test_the_loop_runs_while_a_file_is_read() -> None:
    rows = b"".join(b"Question number %d?;Answer %d\n" % (n, n) for n in range(3000))
    reading = asyncio.create_task(
        DeckReader().read(b"question;answer\n" + rows, "big.csv", None, "en")
    )
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert len((await reading).deck.questions) == 3000
    assert turns > 10


def bomb() -> bytes:
    """Return a workbook of some kilobytes that unpacks to hundreds of megabytes."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return data.getvalue()


async def test_a_bomb_is_refused() -> None:
    with pytest.raises(DeckError) as caught:
        await DeckReader().read(bomb(), "bomb.xlsx", None, "fr")
    assert [one.code for one in caught.value.problems] == ["zip-ratio"]


def test_as_a_program_it_reads_what_was_asked_and_the_file() -> None:
    asked = json.dumps({"name": "crime.csv", "format": None, "locale": "en"}).encode()
    done = subprocess.run(
        [sys.executable, "-m", "bot.deck_reader"],
        input=asked + b"\n" + TABLE,
        env=deck_reader._around(),
        capture_output=True,
        check=True,
        timeout=30,
    )
    answer = json.loads(done.stdout)
    assert answer["lines"] == [2, 3]
    assert "Maigret" in answer["deck"]
    assert done.stderr == b""
