"""Open Trivia Database: the JSON of its API, in any of its four encodings. Its questions are CC BY-SA 4.0."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from bot.formats import json_text
from bot.formats.json_text import Object
from bot.formats.reading import Reading, Row
from bot.formats.text import tidy

LICENCE = "CC BY-SA 4.0"
AUTHOR = "Open Trivia Database (opentdb.com)"
DIFFICULTY = {"easy": 1, "medium": 2, "hard": 3}

_KINDS = ("multiple", "boolean")
_IN_BASE64 = {base64.b64encode(kind.encode()).decode() for kind in _KINDS}
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")

_Decode = Callable[[str, int], str]


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions of a file as the API answers it, or of the bare list of results."""
    loaded = json_text.load(data, reading)
    results = loaded.get("results") if isinstance(loaded, Object) else loaded
    if not isinstance(results, list) or not all(isinstance(item, Object) for item in results):
        raise reading.refusal(1, "not-this-format", format="opentdb")
    reading.assumed |= {"licence": LICENCE, "author": AUTHOR}
    objects = json_text.numbered(results)
    decode = _decoder([item for _, item in objects], reading)
    categories = {decode(item.text("category"), line) for line, item in objects}
    if len(categories) == 1:
        reading.assumed["title"] = categories.pop()
    return reading.take(_rows(objects, decode, reading))


def _rows(objects: list[tuple[int, Object]], decode: _Decode, reading: Reading) -> Iterator[Row]:
    for line, item in objects:
        kind = decode(item.text("type"), line)
        right = decode(item.text("correct answer"), line)
        wrong = [decode(text, line) for text in item.texts("incorrect answers")]
        fields: dict[str, Any] = {"prompt": decode(item.text("question"), line)}
        if not right:
            reading.flag(line, "no-answer")
            continue
        if kind == "boolean":
            fields["truth"] = right.casefold() == "true"
        else:
            fields |= {"answer": right} | ({"wrong": wrong} if wrong else {})
        fields |= reading.theme(decode(item.text("category"), line).rpartition(": ")[2], line)
        level = decode(item.text("difficulty"), line).casefold()
        if level in DIFFICULTY:
            fields["difficulty"] = DIFFICULTY[level]
        yield Row(line, fields)


def _decoder(objects: list[Object], reading: Reading) -> _Decode:
    """Return how this file's texts are read. The API does not say: the texts do."""
    if any(item.text("type") in _IN_BASE64 for item in objects):
        return lambda text, line: tidy(_from_base64(text, line, reading))
    prompts = [item.text("question") for item in objects]
    answers = [text for item in objects for text in item.texts("incorrect answers")]
    texts = [*prompts, *answers, *(item.text("correct answer") for item in objects)]
    if any(" " in text for text in texts) or not any(_PERCENT.search(text) for text in texts):
        return reading.html
    legacy = any("+" in text for text in texts)
    return lambda text, _: tidy(unquote_plus(text) if legacy else unquote(text))


def _from_base64(text: str, line: int, reading: Reading) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        reading.flag(line, "encoding")
        return ""
