"""Spreadsheets (.xlsx) as sheets of plain values.

They are looked over before they are opened: a zip may hold far more than it seems.
"""

import io
import struct
import warnings
import zipfile
import zlib
from typing import Any

import openpyxl

from bot.formats.columns import Line
from bot.formats.reading import MOST_ROWS, Reading

ZIP = b"PK\x03\x04"
OLD = b"\xd0\xcf\x11\xe0"
"""How .xls files start, and .xlsx files with a password."""

MOST_PARTS = 500
MOST_UNPACKED = 16_000_000
RATIO = 150
"""How many times larger than its file a workbook may be, once it is larger than a megabyte."""
MOST_TAGS = 400_000
"""XML elements: 10,000 questions in eight columns have 270,000."""
MOST_STRINGS = 120_000

_LOCAL_HEADER, _LOCAL_LENGTHS = 30, 26
"""Where a zip's local header ends, and where the lengths of its name and extra field stand."""

_COLUMNS = 40
_SHEETS = 10
_BLANK = 50_000
"""Rows that are looked at, blank ones included."""


def sheets(data: bytes, reading: Reading) -> list[list[Line]]:
    """Return the sheets of a workbook, each as its rows that are not blank; formulas give the values kept with them.

    Raises:
        DeckError: `not-xlsx`, `zip-ratio` or `too-many-rows`.
    """
    _look_over(data, reading)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out is none of ours
            return _read(data, reading)
    except _FAULTS as error:
        raise reading.refusal(1, "not-xlsx") from error


# openpyxl has no error of its own for a broken workbook: these come out of its parts.
_FAULTS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # xml.etree's ParseError
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


def _look_over(data: bytes, reading: Reading) -> None:
    """Refuse what would unpack to more than a deck needs, by its directory first, then by its parts."""
    if not data.startswith(ZIP) or data.count(b"PK\x01\x02") > MOST_PARTS:
        raise reading.refusal(1, "zip-ratio" if data.startswith(ZIP) else "not-xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > MOST_UNPACKED or unpacked > max(1_000_000, RATIO * len(data)):
                raise reading.refusal(1, "zip-ratio")
            if not all(_plain(part) for part in parts):
                raise reading.refusal(1, "not-xlsx")
            xml = [content for part in parts if (content := _xml(part, data)) is not None]
    except _FAULTS as error:
        raise reading.refusal(1, "not-xlsx") from error
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\0" in part for part in xml):
        raise reading.refusal(1, "not-xlsx")
    tags = sum(part.count(b"<") - part.count(b"</") for part in xml)
    strings = sum(part.count(b"<si") + part.count(b":si") for part in xml)
    if tags > MOST_TAGS or strings > MOST_STRINGS:
        raise reading.refusal(1, "too-many-rows", limit=MOST_ROWS)


def _plain(part: zipfile.ZipInfo) -> bool:
    """Whether a part is neither locked nor packed in a way that costs memory to unpack."""
    packed = part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return packed and not part.flag_bits & 1


def _xml(part: zipfile.ZipInfo, data: bytes) -> bytes | None:
    """Return a part's content, None when no XML parser would take it.

    It is unpacked here, not by zipfile, which unpacks to the end what claims to be short.

    Raises:
        ValueError: the part is not as long as the directory says.
    """
    names = sum(struct.unpack_from("<HH", data, part.header_offset + _LOCAL_LENGTHS))
    start = part.header_offset + _LOCAL_HEADER + names
    content = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, part.file_size + 1)
    if len(content) != part.file_size:
        raise ValueError(part.filename)
    named = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    begins = content[:64].lstrip(b" \t\r\n\0\xef\xbb\xbf\xfe\xff")[:1]
    return content if named or begins == b"<" else None


def _read(data: bytes, reading: Reading) -> list[list[Line]]:
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        return [_lines(sheet, reading) for sheet in book.worksheets[:_SHEETS]]
    finally:
        book.close()


def _lines(sheet: Any, reading: Reading) -> list[Line]:
    sheet.reset_dimensions()  # some writers state them wrongly
    lines: list[Line] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=_COLUMNS, values_only=True), 1):
        if number > _BLANK or len(lines) > MOST_ROWS + 100:
            raise reading.refusal(number, "too-many-rows", limit=MOST_ROWS)
        if any(cell not in (None, "") for cell in cells):
            lines.append((number, cells))
    return lines
