"""Pictures: readable, told apart without colour, drawn off the loop and only once."""

import asyncio
import io
import threading
from typing import get_args

import pytest
from PIL import Image

from bot import pictures
from bot.pictures import (
    MOST_KEPT,
    STROKES,
    WIDTH,
    Cell,
    Drawing,
    Gallows,
    Grid,
    Mark,
    Pictures,
    Podium,
    Step,
    draw,
    draw_gallows,
    draw_grid,
    draw_podium,
)
from games.hangman import MISSES

BOARD = Grid(
    tuple(tuple(Cell("X", mark) for mark in get_args(Mark)) for _ in range(3)), tuple("12345678")
)
FRENCH = "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ àâæçéèêëîïôœùûüÿ « » ’ – — … € \u202f"


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_picture_is_a_png_as_wide_as_a_board_should_be() -> None:
    image = opened(draw(BOARD))
    assert image.format == "PNG"
    assert image.width == WIDTH
    assert len(draw(BOARD)) < 60_000


def test_every_mark_differs_from_every_other_without_its_colour() -> None:
    grey = {}
    for mark in get_args(Mark):
        image = draw_grid(Grid(((Cell("A", mark),),))).convert("L")
        grey[mark] = image.point(lambda value: 255 * (value > 128)).tobytes()
    assert len(set(grey.values())) >= len(grey) - 1, "shapes alone tell nearly all of them apart"
    image = {m: draw_grid(Grid(((Cell("A", m),),))).convert("L").tobytes() for m in grey}
    assert len(set(image.values())) == len(image)


@pytest.mark.parametrize("char", sorted(set(FRENCH) - {" ", "\u202f"}))
def test_the_font_has_all_of_french(char: str) -> None:
    font = pictures._font(40)
    missing = font.getmask("\U0010ffff").getbbox(), bytes(font.getmask("\U0010ffff"))
    assert (font.getmask(char).getbbox(), bytes(font.getmask(char))) != missing


def test_letters_stay_readable_at_half_the_width() -> None:
    wide = Grid(((*(Cell("M", "full") for _ in range(12)),),))
    image = draw_grid(wide).convert("L").resize((400, draw_grid(wide).height // 2))
    column = [image.getpixel((x, image.height // 2)) for x in range(400)]
    assert min(map(float, column)) < 110  # type: ignore[arg-type]
    assert max(map(float, column)) > 180  # type: ignore[arg-type]


def test_a_text_that_is_too_long_is_shortened_not_shrunk_to_nothing() -> None:
    names = Podium((Step(1, "W" * 200, "5 points"), Step(2, "Inès", "3 points")))
    assert draw_podium(names).width == WIDTH
    assert draw_grid(Grid(((Cell("anticonstitutionnellement" * 3),) * 5,))).width == WIDTH


def test_a_word_too_wide_is_broken_at_its_hyphen_and_not_shortened() -> None:
    font = pictures._font(24)
    assert pictures._broken("de la science-fiction", font, 150) == ["de la", "science-", "fiction"]
    assert pictures._broken("un arc-en-ciel", font, 400) == ["un arc-en-ciel"]


def test_each_miss_adds_a_stroke_to_the_drawing() -> None:
    word = Grid(((Cell("A"), Cell("")),))
    drawings = [draw_gallows(Gallows(misses, word)).tobytes() for misses in range(MISSES + 1)]
    assert len(STROKES) == MISSES
    assert len(set(drawings)) == MISSES + 1


@pytest.mark.parametrize("drawing", [Grid(()), Grid(((),)), Podium(()), Grid(((Cell(),),))])
def test_a_picture_of_nothing_is_still_a_picture(drawing: Drawing) -> None:
    assert opened(draw(drawing)).width == WIDTH


async def test_a_picture_is_drawn_once_and_never_on_the_loop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: list[int] = []

    def noted(drawing: Drawing) -> bytes:
        threads.append(threading.get_ident())
        return draw(drawing)

    monkeypatch.setattr(pictures, "draw", noted)
    kept = Pictures()
    first = await kept.png(BOARD)
    again = await kept.png(Grid(BOARD.rows, BOARD.labels))
    assert first is again
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_only_the_latest_pictures_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "draw", lambda drawing: repr(drawing).encode())
    kept = Pictures()
    await asyncio.gather(*(kept.png(Grid(((Cell(str(n)),),))) for n in range(MOST_KEPT + 10)))
    assert len(kept._kept) == MOST_KEPT
