"""Moodle's Aiken: a question, lettered choices, a line that names the right letter, or as some write it several."""

import re
from collections.abc import Iterator

from bot.formats.reading import Reading, Row, chosen
from bot.formats.text import NotTextError, decode

_CHOICE = re.compile(r"([A-Z])\s?[.)](.*)")
_ANSWER = re.compile(r"(?:ANSWER|R[ÉE]PONSE)\s?:(.*)", re.IGNORECASE)
_LETTERS = re.compile(r"[\s,;/&+.)]+|(?<=\s)(?:et|and)(?=\s)", re.IGNORECASE)
"""What stands between the letters of several right choices."""


class _Draft:
    """A question while its lines come in."""

    def __init__(self) -> None:
        self.line = 0
        self.prompt: list[str] = []
        self.choices: dict[str, str] = {}


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions; a question may go over several lines, a choice may not."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    return reading.take(_rows(text.split("\n"), reading))


def recognises(text: str) -> bool:
    """Whether a line of the text names a right letter."""
    return any(_ANSWER.fullmatch(line.strip()) for line in text.splitlines())


def _rows(lines: list[str], reading: Reading) -> Iterator[Row]:
    draft = _Draft()
    for number, line in enumerate(lines, 1):
        bare = line.strip()
        if not bare:
            continue
        draft.line = draft.line or number
        if answer := _ANSWER.fullmatch(bare):
            row = _row(draft, answer[1].strip()[:60], number, reading)
            if row is not None:
                yield row
            draft = _Draft()
        elif draft.prompt and (choice := _CHOICE.fullmatch(bare)):
            if choice[1] in draft.choices:
                reading.flag(number, "same-choice")
            draft.choices[choice[1]] = reading.html(choice[2], number)
        elif draft.choices:
            reading.flag(draft.line, "no-answer")
            draft = _Draft()
            draft.line, draft.prompt = number, [line]
        else:
            draft.prompt.append(line)
    if draft.line:
        reading.flag(draft.line, "no-answer")


def _row(draft: _Draft, named: str, line: int, reading: Reading) -> Row | None:
    letters = [piece.upper() for piece in _LETTERS.split(named) if piece]
    strange = next((letter for letter in letters if letter not in draft.choices), None)
    if not letters:
        reading.flag(line, "no-answer")
        return None
    if strange is not None:
        reading.flag(line, "no-such-choice", value=strange)
        return None
    prompt = reading.html(" ".join(draft.prompt), draft.line)
    right = [text for letter, text in draft.choices.items() if letter in letters]
    wrong = [text for letter, text in draft.choices.items() if letter not in letters]
    return Row(draft.line, {"prompt": prompt} | chosen(right, wrong))
