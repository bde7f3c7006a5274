"""Pictures beside decks: what is taken, how a question finds its own, and how both platforms show it."""

from pathlib import Path

import pytest

from bot.decks import LARGEST_PICTURE, Decks, is_picture, load_file, own_pictures
from games.deck import DeckError, Share, draw
from tests.stage_fixtures import Evening, plain

PNG = b"\x89PNG\r\n\x1a\n"
DECK = (
    'title = "Bêtes"\nlocale = "fr"\nlicence = "CC0"\n\n[[question]]\nprompt = "Quel animal ?"\n'
    'answer = "Un ours"\nimage = "bete-01.png"\nalt = "Une fourrure brune"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a deck and its picture."""
    (tmp_path / "betes.toml").write_text(DECK, "utf-8")
    (tmp_path / "bete-01.png").write_bytes(PNG + b"first")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "beginning", "taken"),
    [
        ("a.png", PNG, True),
        ("a.PNG", PNG, True),
        ("a.jpg", b"\xff\xd8\xff\xe0", True),
        ("a.jpeg", b"\xff\xd8\xff\xe1", True),
        ("a.gif", b"GIF89a", True),
        ("a.gif", b"GIF88a", False),
        ("a.webp", b"RIFF\n\0\0\0WEBPVP8 ", True),
        ("a.webp", b"RIFF\n\0\0\0WAVEfmt ", False),
        ("a.png", b"\xff\xd8\xff\xe0", False),
        ("a.png", b"", False),
        ("a.svg", b"<svg>", False),
        ("a", PNG, False),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(name: str, beginning: bytes, taken: bool) -> None:
    assert is_picture(beginning, name) == taken


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "no-picture"),
        (b"", "picture-type"),
        (b"<svg>", "picture-type"),
        (PNG + b"x" * LARGEST_PICTURE * 1_000_000, "picture-large"),
    ],
)
def test_a_deck_is_refused_at_the_line_of_its_picture(
    folder: Path, data: bytes | None, code: str
) -> None:
    path = folder / "bete-01.png"
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    for load in (lambda: load_file(folder / "betes.toml"), lambda: Decks.shipped(folder)):
        with pytest.raises(DeckError) as caught:
            load()
        assert [(p.line, p.code) for p in caught.value.problems] == [(8, code)]


def test_a_folder_is_no_picture(folder: Path) -> None:
    (folder / "bete-01.png").unlink()
    (folder / "bete-01.png").mkdir()
    with pytest.raises(DeckError, match="no-picture"):
        load_file(folder / "betes.toml")


def test_a_question_that_is_drawn_calls_its_picture_by_deck_and_file(folder: Path) -> None:
    decks = Decks.shipped(folder)
    [question] = draw([Share(decks.find("betes", "fr"))], 1, 1)
    assert question.image == "betes/bete-01.png"
    assert decks.picture(question.image) == PNG + b"first"


def test_a_picture_on_the_web_keeps_its_address(folder: Path) -> None:
    text = DECK.replace("bete-01.png", "https://example.org/a.png")
    (folder / "betes.toml").write_text(text, "utf-8")
    deck = load_file(folder / "betes.toml")
    [question] = draw([Share(deck)], 1, 1)
    assert question.image == "https://example.org/a.png"
    assert own_pictures(deck) == []


def test_nothing_but_pictures_of_decks_at_hand_is_given(folder: Path) -> None:
    (folder / "secret.txt").write_text("x")
    decks = Decks.shipped(folder)
    for name in (
        "",
        "bete-01.png",
        "betes/",
        "betes/bete-02.png",
        "betes/secret.txt",
        "betes/../betes/bete-01.png",
        "../bete-01.png",
        "autre/bete-01.png",
        "betes/betes.toml",
    ):
        assert decks.picture(name) is None, name


def test_a_picture_that_has_gone_meanwhile_is_none(folder: Path) -> None:
    decks = Decks.shipped(folder)
    (folder / "bete-01.png").unlink()
    assert decks.picture("betes/bete-01.png") is None


def test_a_picture_is_read_once_while_its_question_is_open(folder: Path) -> None:
    decks = Decks.shipped(folder)
    first = decks.picture("betes/bete-01.png")
    (folder / "bete-01.png").unlink()
    assert decks.picture("betes/bete-01.png") is first


def test_a_deck_of_the_hosts_brings_its_pictures_in_place_of_a_shipped_one(folder: Path) -> None:
    text = DECK.replace("bete-01.png", "ecriture-01.png")
    (folder / "ecritures.toml").write_text(text, "utf-8")
    (folder / "ecriture-01.png").write_bytes(PNG + b"mine")
    assert Decks.shipped(folder).picture("ecritures/ecriture-01.png") == PNG + b"mine"
    shipped = Decks.shipped().picture("ecritures/ecriture-01.png")
    assert shipped is not None
    assert shipped != PNG + b"mine"


def test_a_deck_that_is_rehearsed_brings_its_pictures_and_is_the_first(folder: Path) -> None:
    decks = Decks.shipped(files=[folder / "betes.toml"])
    assert decks.default("fr").name == "betes"
    assert decks.picture("betes/bete-01.png") == PNG + b"first"


async def test_both_platforms_show_a_picture_or_say_it(stopped_evening: Evening) -> None:
    decks = Decks.shipped()
    stopped_evening.cast._decks = decks
    await stopped_evening.start()
    evening = stopped_evening
    await evening.quiz("ecritures")
    scene = evening.session.activity.scene()
    board = await evening.board()
    [attachment] = board["attachments"]
    assert f"ecritures/{attachment['filename']}" == scene.image
    assert attachment["description"] == scene.alt
    assert attachment["size"] == len(decks.picture(scene.image) or b"")
    assert board["embeds"][0]["image"]["url"] == attachment["url"]
    await evening.shown(f"Image : {plain(scene.alt)}")
    await evening.heard(f"Image : {plain(scene.alt)}")
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    await evening.heard(f"Image : {plain(scene.alt)}")
    assert (await evening.board())["attachments"]
