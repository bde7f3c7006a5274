"""Text as files bring it: which bytes, which white space, how much HTML. No format is known here."""

import codecs
import re
from decimal import Decimal
from html import unescape
from html.entities import html5

BREAKS = "\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029"
_WHITE = re.compile(rf"[ {BREAKS}]+")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,40});")

# Only what browsers know is a tag: a question may well ask about "<Germinal>".
_INLINE = (
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|"
    "strong|sub|sup|tt|u|var"
)
_BLOCK = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|head|header|hr|html|"
    "label|li|main|meta|link|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul|wbr"
)
_MEDIA = "img|audio|video|source|iframe|object|embed|svg|canvas|math"
_REST = r"(?=[\s/>])[^<>]*>"
_HIDDEN = re.compile(r"<(script|style)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:(?P<inline>{_INLINE})|{_BLOCK}|{_MEDIA}){_REST}", re.IGNORECASE)
_MEDIA_TAG = re.compile(rf"<(?:{_MEDIA}){_REST}", re.IGNORECASE)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xe2\x80[\x80-\xbf]")


class NotTextError(ValueError):
    """Bytes that are no text in any encoding we take; `line` is where they stop being one."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


def decode(data: bytes) -> str:
    """Return the text of a file with `\\n` at each line's end: UTF-8, UTF-16 with its mark, or Windows-1252.

    Raises:
        NotTextError: neither; also for UTF-8 with a broken byte, which Windows-1252 would turn into "Ã©".
    """
    encoding = "utf-8"
    for mark, name in _MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if encoding != "utf-8" or _UTF8_LETTER.search(data):
            raise NotTextError(line) from error
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as other:
            raise NotTextError(data.count(b"\n", 0, other.start) + 1) from other
    if "\0" in text:
        raise NotTextError(text.count("\n", 0, text.index("\0")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def tidy(text: str) -> str:
    """Return text on one line, single spaces between words; no-break spaces stay, as French sets them."""
    return _WHITE.sub(" ", text).strip(" \u00a0\u202f\ufeff\u200b")


def has_media(html: str) -> bool:
    """Whether a piece of HTML shows or plays something."""
    return "<" in html and bool(_MEDIA_TAG.search(html))


def from_html(html: str) -> str:
    """Return the text of a piece of HTML, or of plain text with some HTML in it."""
    if "<" in html:
        html = _HIDDEN.sub(" ", _without_comments(html))
        html = _TAG.sub(lambda tag: "" if tag["inline"] else " ", html)
    return tidy(_ENTITY.sub(_character, html)) if "&" in html else tidy(html)


def _without_comments(html: str) -> str:
    """Return HTML without its comments; one that never ends is text. (A pattern would take a square of the time.)"""
    kept: list[str] = []
    at = 0
    while (start := html.find("<!--", at)) >= 0 and (end := html.find("-->", start + 4)) >= 0:
        kept += [html[at:start], " "]
        at = end + 3
    return "".join([*kept, html[at:]])


def _character(entity: re.Match[str]) -> str:
    known = entity[0].startswith("&#") or entity[0][1:] in html5
    return unescape(entity[0]) if known else entity[0]


def decimal(number: float, locale: str) -> str:
    """Return a number in digits as `games.numbers.read_number` reads it in a language: no grouping, no exponent."""
    digits = format(Decimal(repr(number)), "f")
    whole, _, parts = digits.partition(".")
    parts = parts.rstrip("0")
    return f"{whole}{',' if locale == 'fr' else '.'}{parts}" if parts else whole


def literal(text: str) -> str:
    """Return text of which `from_html` makes `text` again, changed as little as possible."""
    text = _ENTITY.sub(lambda entity: "&amp;" + entity[0][1:], text)
    for pattern in (_TAG, re.compile(r"<(?=!--|script|style)", re.IGNORECASE)):
        text = pattern.sub(lambda tag: "&lt;" + tag[0][1:], text)
    return text
