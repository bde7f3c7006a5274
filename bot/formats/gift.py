"""Moodle's GIFT: questions as text, a blank line between them, answers in braces.

Taken: multiple choice with one right answer or with several that share the mark, short answers, true or false, numbers
(without their tolerance: the nearest wins). What Moodle has beside those (pairs, essays, partial marks) has no equal in
a live quiz and is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from bot.formats.reading import HEAD, Reading, Row, chosen
from bot.formats.text import NotTextError, decimal, decode, tidy
from games.deck import Deck
from games.question import Question

_SPECIAL = "~=#{}:\\"
_HIDDEN = {char: chr(0xFDD0 + at) for at, char in enumerate(_SPECIAL)}
"""Escaped characters, out of the way while the text is taken apart: these code points are nobody's."""
_SHOWN = str.maketrans({hidden: char for char, hidden in _HIDDEN.items()})
_NOBODYS = re.compile(r"[\ufdd0-\ufdef]")
_ESCAPED = re.compile(r"\\([~=#{}:\\])")

_STATED = re.compile(rf"//\s*({'|'.join(HEAD)})\s*:(.*)")
_NAME = re.compile(r"\s*::.*?::", re.DOTALL)
_MARKUP = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_TRUTH = re.compile(r"(T|TRUE|F|FALSE)\s*(#.*)?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,7})?)%")
_FIGURE = r"-?\d{1,15}(?:[.,]\d{1,40})?"
_NUMBER = re.compile(rf"\s*({_FIGURE})\s*(?:(:|\.\.)\s*({_FIGURE})\s*)?")
_ROUNDED = 1
"""Per cent by which shares may miss the whole: a third is written 33.33333."""
_GAP = " _____ "


@dataclass(frozen=True, slots=True)
class _Block:
    """One question's text, and the line it starts on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer: what stands before it (`=` or `~`), its weight in per cent, its text and its feedback, raw."""

    mark: str
    weight: float
    text: str
    feedback: str


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions; the feedback of the right answer, or the general one, becomes the explanation."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    if found := _NOBODYS.search(text):
        raise reading.refusal(text.count("\n", 0, found.start()) + 1, "encoding")
    return reading.take(_rows(text, reading))


def _rows(text: str, reading: Reading) -> Iterator[Row]:
    for block in _blocks(text, reading):
        fields = _question(block, reading)
        if fields is not None:
            yield Row(block.line, fields)


def _blocks(text: str, reading: Reading) -> Iterator[_Block]:
    """Yield what stands between blank lines, without comments; those at the top may tell of the deck."""
    lines: list[str] = []
    start, top = 0, True
    for number, line in enumerate([*text.split("\n"), ""], 1):
        bare = line.strip()
        if bare.startswith("//"):
            if top and (found := _STATED.fullmatch(bare)):
                reading.state(found[1], found[2], number)
        elif bare.startswith("$CATEGORY:"):
            continue
        elif bare:
            start, top = start if lines else number, False
            lines.append(line)
        elif lines:
            yield _Block(_ESCAPED.sub(lambda char: _HIDDEN[char[1]], "\n".join(lines)), start)
            lines = []


def _question(block: _Block, reading: Reading) -> dict[str, Any] | None:
    """Return the fields of one question, or flag why there are none."""
    before, brace, rest = block.text.partition("{")
    body, closed, after = rest.partition("}")
    if not brace:
        reading.flag(block.line, "no-answer")
        return None
    if not closed or "{" in body + after or "}" in before + after:
        reading.flag(block.line, "syntax")
        return None
    before = _NAME.sub("", before, count=1) if _NAME.match(before) else before
    markup = _MARKUP.match(before)
    kind = markup[1] if markup else "moodle"
    stem = before[markup.end() :] if markup else before
    if after.strip(" \n\t."):
        stem = stem + _GAP + after
    fields = _answers(body, kind, block.line, reading)
    return fields and {"prompt": _shown(stem, kind, block.line, reading)} | fields


def _shown(raw: str, kind: str, line: int, reading: Reading) -> str:
    """Return raw text as it is read: a markup of its own comes before that of its question."""
    if own := _MARKUP.match(raw):
        kind, raw = own[1], raw[own.end() :]
    text = raw.replace("\\n", "\n").translate(_SHOWN)
    return tidy(text) if kind == "plain" else reading.html(text, line)


def _answers(body: str, kind: str, line: int, reading: Reading) -> dict[str, Any] | None:
    body, _, general = body.partition("####")
    body = body.strip()
    if not body:
        reading.flag(line, "essay")
        return None
    fields: dict[str, Any] | None
    if truth := _TRUTH.fullmatch(body):
        fields = {"truth": truth[1].upper().startswith("T")}
        general = general or (truth[2] or "").rpartition("#")[2]
    else:
        numeric = body.startswith("#")
        answers = _numeric(body[1:]) if numeric else _split(body)
        chosen_of = _number if numeric else _choices
        fields = chosen_of(answers, kind, line, reading)
        told = (a.feedback for a in answers if a.weight > 0 and a.feedback.strip())
        general = general or next(told, "")
    if fields and (explanation := _shown(general, kind, line, reading)):
        fields["explanation"] = explanation
    return fields


def _split(body: str) -> list[_Answer]:
    """Return the answers; whatever stands before the first mark is an answer with no mark."""
    answers = []
    for piece in re.split(r"(?=[~=])", body):
        mark = piece[:1] if piece[:1] in ("~", "=") else ""
        raw = piece[len(mark) :]
        weight = _WEIGHT.match(raw)
        text, _, feedback = (raw[weight.end() :] if weight else raw).partition("#")
        if mark or text.strip():
            share = float(weight[1]) if weight else 100.0 if mark == "=" else 0.0
            answers.append(_Answer(mark, share, text, feedback))
    return answers


def _choices(
    answers: list[_Answer], kind: str, line: int, reading: Reading
) -> dict[str, Any] | None:
    code = _unusable(answers)
    if code:
        reading.flag(line, code)
        return None
    right = [_shown(a.text, kind, line, reading) for a in answers if a.weight > 0]
    wrong = [_shown(a.text, kind, line, reading) for a in answers if a.weight <= 0]
    if any(answer.mark == "~" for answer in answers):
        return chosen(right, wrong)
    others = {"accept": right[1:], "unlike": wrong}
    return {"answer": right[0]} | {name: texts for name, texts in others.items() if texts}


def _unusable(answers: list[_Answer]) -> str:
    """Return why answers make no question here, or nothing: all right by themselves, or all together."""
    full = [answer for answer in answers if answer.weight == 100]
    shares = [answer.weight for answer in answers if 0 < answer.weight < 100]
    chosen_from = any(answer.mark == "~" for answer in answers)
    whole = len(shares) > 1 and abs(sum(shares) - 100) <= _ROUNDED
    code = ""
    if not all(answer.mark for answer in answers):
        code = "syntax"
    elif any("->" in answer.text for answer in answers if answer.mark == "="):
        code = "matching"
    elif not full and not shares:
        code = "no-answer"
    elif chosen_from and len(full) > 1:
        code = "several-answers"
    elif shares and (full or not whole or not chosen_from):
        code = "partial"
    return code


def _numeric(body: str) -> list[_Answer]:
    text, _, feedback = body.partition("#")
    return _split(body) if "=" in body else [_Answer("=", 100.0, text, feedback)]


def _number(
    answers: list[_Answer], _kind: str, line: int, reading: Reading
) -> dict[str, Any] | None:
    """Return the one right number: of a range its middle. What else would be right or half right comes near anyway."""
    right = [_NUMBER.fullmatch(answer.text) for answer in answers if answer.weight == 100]
    found = right[0] if len(right) == 1 else None
    if found is None:
        reading.flag(line, "range")
        return None
    text, mark, other = found.groups()
    number, second = _figure(text), _figure(other or "0")
    if len(answers) > 1 or mark == ".." or second:
        reading.note(line, "tolerance")
    if mark == "..":
        number = (number + second) / 2
        text = decimal(number, reading.locale)
    return {"answer": text, "number": int(number) if number.is_integer() else number}


def _figure(text: str) -> float:
    return float(text.replace(",", "."))


def write(deck: Deck) -> bytes:
    """Return the deck as GIFT; `Format.fields` says what has its place there."""
    head = [f"// {field}: {getattr(deck, field)}" for field in HEAD if getattr(deck, field)]
    blocks = ["\n".join(head), *map(_written, deck.questions)]
    return ("\n\n".join(blocks) + "\n").encode()


def _written(question: Question) -> str:
    answers = _answers_of(question)
    if question.explanation:
        answers.append(f"####{_raw(question.explanation)}")
    return "\n\t".join([f"[html]{_raw(question.prompt)}{{", *answers]) + "\n}"


def _answers_of(question: Question) -> list[str]:
    wrong = [_raw(text) for text in question.wrong]
    match question.kind:
        case "truth":
            return ["TRUE" if question.truth else "FALSE"]
        case "number":
            return [f"#{decimal(question.number or 0, 'en')}"]
        case "several":
            share = f"{100 / len(question.answers):.5f}".rstrip("0").rstrip(".")
            right = [f"~%{share}%{_raw(text)}" for text in question.answers]
            return right + [f"~%-100%{text}" for text in wrong]
    right = [f"={_raw(text)}" for text in (question.answer, *question.accept)]
    unlike = [f"=%0%{_raw(text)}" for text in question.unlike]
    return right + unlike + [f"~{text}" for text in wrong]


def _raw(text: str) -> str:
    """Return text that GIFT and its HTML read as it is, a leading "[" or "%" too."""
    html = escape(text, quote=False)
    if html[:1] in ("[", "%"):
        html = f"&#{ord(html[0])};{html[1:]}"
    return re.sub(r"[~=#{}:\\]", lambda char: "\\" + char[0], html)
