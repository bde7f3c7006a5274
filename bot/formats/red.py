"""Red-DiscordBot's trivia lists: YAML, a question as key, its accepted answers as a list.

YAML is read event by event: nothing is ever built but texts, so a file can neither name a class nor unfold itself.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bot.formats.reading import Reading, Row
from bot.formats.text import NotTextError, decode, tidy
from games.deck import Deck, DeckError, Problem
from games.matching import fold
from games.question import TRUTHS, Question

HEAD = {"AUTHOR": "author", "DESCRIPTION": "description"}
IGNORED = ("CONFIG", "$schema")
STATED = ("title", "locale", "licence")
"""What Red has no key for: written as comments at the top, and read there."""
DEEPEST = 4

TRUTH = {True: ("True", "Yes", "On"), False: ("False", "No", "Off")}
"""What Red makes of a bare `yes`, which YAML takes for a truth value (its `_parse_answers`)."""
_SAME = {
    truth: {
        fold(word) for said in (*TRUTHS.values(), tuple(TRUTH.values())) for word in said[not truth]
    }
    for truth in (True, False)
}
"""Every word for true, every word for false."""

_YES = ("yes", "true", "on")
_BOOL = "tag:yaml.org,2002:bool"
_NULL = "tag:yaml.org,2002:null"
_RESOLVER = yaml.resolver.Resolver()
_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COMMENT = re.compile(rf"#\s*({'|'.join(STATED)})\s*:(.*)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""What YAML does not take, and its readers do not give the line of."""
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Scalar:
    text: str
    line: int
    bare: bool


@dataclass(frozen=True, slots=True)
class _List:
    items: tuple["_Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class _Mapping:
    pairs: tuple[tuple["_Node", "_Node"], ...]
    line: int


_Node = _Scalar | _List | _Mapping


def read(data: bytes, reading: Reading) -> list[Row]:
    """Return the questions of a list; every answer after the first is accepted too."""
    try:
        text = decode(data)
    except NotTextError as error:
        raise reading.refusal(error.line, "encoding") from error
    if found := _UNPRINTABLE.search(text):
        raise reading.refusal(text.count("\n", 0, found.start()) + 1, "control", field="prompt")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("#"):
            break
        if found := _COMMENT.fullmatch(line.rstrip()):
            reading.state(found[1], found[2], number)
    root = _Tree(text, reading).root()
    if not isinstance(root, _Mapping):
        raise reading.refusal(1, "not-this-format", format="red")
    return reading.take(_rows(root, reading))


def _rows(root: _Mapping, reading: Reading) -> Iterator[Row]:
    for key, value in root.pairs:
        if not isinstance(key, _Scalar):
            reading.flag(key.line, "syntax")
        elif key.text in HEAD and isinstance(value, _Scalar):
            reading.state(HEAD[key.text], value.text, key.line)
        elif key.text not in IGNORED:
            fields = _fields(value)
            if fields:
                yield Row(key.line, {"prompt": tidy(key.text)} | fields)
            else:
                reading.flag(key.line, "no-answer")


def _fields(value: _Node) -> dict[str, Any]:
    """Return the answers as Red understands them, each once; nothing when one of them is no text."""
    items = value.items if isinstance(value, _List) else (value,)
    scalars = [item for item in items if isinstance(item, _Scalar) and tidy(item.text)]
    meanings = [meaning for item in scalars if (meaning := _meaning(item))]
    if not items or len(meanings) < len(items):
        return {}
    answers = list(dict.fromkeys(word for meaning in meanings for word in meaning))
    truth = meanings[0] is TRUTH[True]
    if meanings[0] is TRUTH[truth] and _SAME[truth].issuperset(map(fold, answers)):
        return {"truth": truth}
    return {"answer": answers[0]} | ({"accept": answers[1:]} if answers[1:] else {})


def _meaning(item: _Scalar) -> tuple[str, ...]:
    """Return what a scalar stands for, nothing for null; numbers and dates stay as they were written."""
    if not item.bare:
        return (tidy(item.text),)
    tag = _RESOLVER.resolve(yaml.ScalarNode, item.text, (True, False))  # type: ignore[no-untyped-call]
    if tag == _NULL:
        return ()
    if tag == _BOOL:
        return TRUTH[item.text.lower() in _YES]
    return (tidy(item.text),)


class _Tree:
    """YAML as scalars, lists and mappings with their lines; tags, aliases and depth are refused as they come."""

    def __init__(self, text: str, reading: Reading) -> None:
        self._events = iter(yaml.parse(text, Loader=_FASTEST))
        self._reading = reading

    def root(self) -> _Node | None:
        """Return the file's one document, None when there is none."""
        try:
            return self._document()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self._reading.refusal(line, "syntax") from error
        except yaml.YAMLError as error:
            raise self._reading.refusal(1, "syntax") from error

    def _document(self) -> _Node | None:
        node = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if node is not None:
                    raise self._reading.refusal(_line(event), "syntax")
                node = self._node(event, 1)
        return node

    def _node(self, event: yaml.NodeEvent, depth: int) -> _Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise self._reading.refusal(line, "yaml-alias")
        if getattr(event, "tag", None) is not None:
            raise self._reading.refusal(line, "yaml-tag")
        if depth > DEEPEST:
            raise self._reading.refusal(line, "too-deep")
        if isinstance(event, yaml.ScalarEvent):
            return _Scalar(event.value, line, bare=event.style in (None, ""))
        children = tuple(self._children(depth + 1))
        if isinstance(event, yaml.SequenceStartEvent):
            return _List(children, line)
        return _Mapping(tuple(zip(children[::2], children[1::2], strict=True)), line)

    def _children(self, depth: int) -> Iterator[_Node]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            if isinstance(event, yaml.NodeEvent):
                yield self._node(event, depth)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1


def write(deck: Deck) -> bytes:
    """Return the deck as a list for Red; raises `DeckError` where a question reads like one of Red's own keys."""
    bad = [
        Problem(number, "cannot-hold", {"format": "red", "number": number, "what": "key"})
        for number, question in enumerate(deck.questions, 1)
        if question.prompt in (*HEAD, *IGNORED)
    ]
    if bad:
        raise DeckError(deck.name, bad)
    lines = [f"# {field}: {_UNSAFE.sub('', getattr(deck, field))}" for field in STATED]
    lines += [
        f"{key}: {_quoted(getattr(deck, field))}"
        for key, field in HEAD.items()
        if getattr(deck, field)
    ]
    for question in deck.questions:
        lines += [f"{_quoted(question.prompt)}:", *_written(question, deck.locale)]
    return "".join(f"{line}\n" for line in lines).encode()


def _written(question: Question, locale: str) -> list[str]:
    """Return the answers; a truth value in bare YAML, then the words for it in the deck's language."""
    if question.truth is None:
        return [f"- {_quoted(answer)}" for answer in (question.answer, *question.accept)]
    words = TRUTHS.get(locale, TRUTHS["en"])[not question.truth]
    return [f"- {str(question.truth).lower()}", *(f"- {_quoted(word)}" for word in words)]


def _quoted(text: str) -> str:
    """Return a double-quoted scalar: JSON's, but for what YAML calls unprintable."""
    plain = json.dumps(text, ensure_ascii=False)
    return _UNSAFE.sub(lambda char: f"\\u{ord(char[0]):04x}", plain)
