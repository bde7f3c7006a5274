"""Pictures of games: boards, cards and podiums as PNG, drawn in a thread and kept by what they show.

A `Drawing` says what to draw and is all that faces and wording know. Pictures are 800 pixels wide, so that they are
sharp on a 1080p stream and readable on a telephone at 400. They never stand alone: each has its text beside it, and
whatever is told apart by a colour is told apart by a shape or a letter too.
"""

import asyncio
import io
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, assert_never

from PIL import Image, ImageDraw, ImageFont

WIDTH = 800
MARGIN = 24
GAP = 8
LARGEST_CELL = 120
MOST_KEPT = 64
"""Pictures that are remembered; each is some 10 kilobytes."""

PAPER = (250, 248, 243)
INK = (28, 32, 38)
LINE = (120, 126, 134)
TEAL = (31, 95, 92)
AMBER = (240, 178, 62)
PALE = (225, 230, 228)
WHITE = (255, 255, 255)

Colour = tuple[int, int, int]
Mark = Literal["plain", "empty", "disc", "ring", "full", "part", "none", "won"]
"""How a cell is drawn: with its text alone, an empty hole, a filled disc, a thick ring, a full square (right), a square
with a bar in it (right elsewhere), a pale square (not there); `won` is a full square in a thick frame."""

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of a grid: a short text and how it is drawn."""

    text: str = ""
    mark: Mark = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells from the top, under an optional row of labels; a cell is `largest` pixels wide at the most."""

    rows: tuple[tuple[Cell, ...], ...]
    labels: tuple[str, ...] = ()
    largest: int = LARGEST_CELL


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a podium: a rank, who stands on it, what they have."""

    rank: int
    names: str
    points: str


@dataclass(frozen=True, slots=True)
class Podium:
    """The first ranks, best first."""

    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Gallows:
    """The drawing of hangman after `misses` of eight strokes, above the word."""

    misses: int
    word: Grid


Drawing = Grid | Podium | Gallows


class Pictures:
    """Draws off the event loop, and remembers what was drawn lately."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Drawing, bytes] = OrderedDict()

    async def png(self, drawing: Drawing) -> bytes:
        """Return the picture as a PNG file."""
        data = self._kept.get(drawing)
        if data is None:
            data = await asyncio.to_thread(draw, drawing)
            self._kept[drawing] = data
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(drawing)
        return data


def draw(drawing: Drawing) -> bytes:
    """Draw, and return a PNG file. It takes some milliseconds: call it in a thread."""
    match drawing:
        case Grid():
            image = draw_grid(drawing)
        case Podium():
            image = draw_podium(drawing)
        case Gallows():
            image = draw_gallows(drawing)
        case _:
            assert_never(drawing)
    file = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


# --- Grids ----------------------------------------------------------------------------------------------------


def draw_grid(grid: Grid) -> Image.Image:
    """Draw rows of cells, as large as fits."""
    columns = max([1, len(grid.labels), *map(len, grid.rows)])
    size = min(grid.largest, (WIDTH - 2 * MARGIN) // columns)
    top = MARGIN + (size // 2 if grid.labels else 0)
    left = (WIDTH - columns * size) // 2
    image, pen = _sheet(top + len(grid.rows) * size + MARGIN)
    for column, label in enumerate(grid.labels):
        centre = left + column * size + size // 2, MARGIN + size // 4 - GAP
        _write(pen, centre, label, INK, (size - GAP, size // 2))
    for y, row in enumerate(grid.rows):
        for x, cell in enumerate(row):
            corner = left + x * size + GAP // 2, top + y * size + GAP // 2
            _draw_cell(pen, cell, (*corner, corner[0] + size - GAP, corner[1] + size - GAP))
    return image


def _draw_cell(pen: ImageDraw.ImageDraw, cell: Cell, box: tuple[int, int, int, int]) -> None:
    size = box[2] - box[0]
    ink = INK
    match cell.mark:
        case "plain":
            pen.rounded_rectangle(box, size // 10, WHITE, LINE, 2)
        case "empty":
            pen.ellipse(box, WHITE, LINE, 2)
        case "disc":
            ink = WHITE
            pen.ellipse(box, TEAL, INK, 3)
        case "ring":
            pen.ellipse(box, AMBER, INK, max(4, size // 8))
        case "full":
            ink = WHITE
            pen.rounded_rectangle(box, size // 10, TEAL, INK, 3)
        case "part":
            pen.rounded_rectangle(box, size // 10, AMBER, INK, 3)
            bar = size // 8
            pen.rectangle(
                (box[0] + 2 * bar, box[3] - bar, box[2] - 2 * bar, box[3] - bar // 2), INK
            )
        case "none":
            pen.rounded_rectangle(box, size // 10, PALE, LINE, 2)
        case "won":
            ink = WHITE
            pen.rounded_rectangle(box, size // 10, TEAL, AMBER, max(6, size // 9))
        case _:
            assert_never(cell.mark)
    centre = (box[0] + box[2]) // 2, (box[1] + box[3]) // 2
    if " " in cell.text or "-" in cell.text.strip("-"):
        _write_lines(pen, centre, cell.text, ink, (size * 9 // 10, size * 9 // 10))
    else:
        _write(pen, centre, cell.text, ink, (size * 5 // 6, size * 3 // 5))


# --- Hangman --------------------------------------------------------------------------------------------------

STROKES: tuple[tuple[int, int, int, int], ...] = (
    (250, 330, 550, 330),
    (300, 330, 300, 40),
    (300, 44, 460, 44),
    (460, 44, 460, 90),
    (430, 90, 490, 150),
    (460, 150, 460, 235),
    (460, 175, 410, 205),
    (460, 235, 420, 295),
)
"""The drawing, stroke by stroke: ground, post, beam, rope, the box of the head, body, and one of each pair of limbs."""

HEAD, ARMS, LEGS = 4, 6, 7
MIDDLE = 460
THICK = 8


def draw_gallows(gallows: Gallows) -> Image.Image:
    """Draw the strokes there are, and the word below."""
    word = draw_grid(gallows.word)
    image, pen = _sheet(350 + word.height)
    for number, (x1, y1, x2, y2) in enumerate(STROKES[: gallows.misses]):
        if number == HEAD:
            pen.ellipse((x1, y1, x2, y2), outline=INK, width=THICK)
            continue
        pen.line((x1, y1, x2, y2), INK, THICK)
        if number in (ARMS, LEGS):
            pen.line((x1, y1, 2 * MIDDLE - x2, y2), INK, THICK)
    image.paste(word, (0, 350))
    return image


# --- Podiums --------------------------------------------------------------------------------------------------

STEP_HEIGHT = 110


def draw_podium(podium: Podium) -> Image.Image:
    """Draw the first ranks, each a step lower than the one before."""
    image, pen = _sheet(2 * MARGIN + len(podium.steps) * (STEP_HEIGHT + GAP))
    for place, step in enumerate(podium.steps):
        top = MARGIN + place * (STEP_HEIGHT + GAP)
        box = MARGIN, top, WIDTH - MARGIN - place * 60, top + STEP_HEIGHT
        fill, ink = (TEAL, WHITE) if place == 0 else (PALE, INK)
        pen.rounded_rectangle(box, 12, fill, INK, 3)
        middle = top + STEP_HEIGHT // 2
        _write(pen, (MARGIN + 60, middle), str(step.rank), ink, (90, 70))
        name_room = box[2] - MARGIN - 130
        _write(pen, (MARGIN + 120 + name_room // 2, middle - 20), step.names, ink, (name_room, 44))
        _write(pen, (MARGIN + 120 + name_room // 2, middle + 30), step.points, ink, (name_room, 32))
    return image


# --- Text -----------------------------------------------------------------------------------------------------


def _sheet(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, max(1, height)), PAPER)
    return image, ImageDraw.Draw(image)


def _write(
    pen: ImageDraw.ImageDraw,
    centre: tuple[int, int],
    text: str,
    ink: Colour,
    room: tuple[int, int],
) -> None:
    """Write a text around `centre`, as large as `room` lets it be, shortened when even small letters are too wide."""
    if not text:
        return
    width, height = room
    for size in _sizes(height):
        if _font(size).getlength(text) <= width:
            break
    font = _font(size)
    while len(text) > 1 and font.getlength(text) > width:
        text = f"{text[:-2]}…"
    pen.text(centre, text, ink, font, anchor="mm")


def _write_lines(
    pen: ImageDraw.ImageDraw,
    centre: tuple[int, int],
    text: str,
    ink: Colour,
    room: tuple[int, int],
) -> None:
    """Write words around `centre` on as many lines as they need, in letters that can just be read."""
    width, height = room
    size = _sizes(0)[0]
    lines = _broken(text, _font(size), width)[: height // size]
    for number, line in enumerate(lines):
        middle = centre[1] + round((number - (len(lines) - 1) / 2) * size)
        _write(pen, (centre[0], middle), line, ink, (width, size))


def _broken(text: str, font: Font, width: int) -> list[str]:
    """Return a text on lines that are no wider than `width`, unless one word is."""
    lines: list[str] = []
    for space, word in _pieces(text, font, width):
        longer = f"{lines[-1]}{space}{word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _pieces(text: str, font: Font, width: int) -> list[tuple[str, str]]:
    """Return the words of a text, each with the space before it; one too wide comes in parts, by its hyphens."""
    pieces: list[tuple[str, str]] = []
    for word in text.split():
        if font.getlength(word) <= width:
            pieces.append((" ", word))
        else:
            first, *others = re.findall(r"[^-]*-|[^-]+", word)
            pieces += [(" ", first), *(("", other) for other in others)]
    return pieces


def _sizes(height: int) -> Sequence[int]:
    """Return font sizes to try, largest first; none is smaller than what can be read at half the width."""
    return range(max(24, height), 23, -2)


@cache
def _font(size: int) -> Font:
    with (resources.files("bot.fonts") / "DejaVuSans-Bold.ttf").open("rb") as file:
        return ImageFont.truetype(io.BytesIO(file.read()), size)
