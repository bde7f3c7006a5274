"""Speaking a language: catalogues, plurals, lists, numbers, durations. The sentences themselves are next door."""

import gettext
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALES = ("fr", "en")
"""The languages spoken; the first is the default."""

PLATFORMS = {"discord": "Discord", "twitch": "Twitch"}
"""What the platforms are called, in every language."""


TIMES = {"fr": "H\u00a0'h'\u00a0mm", "en": "h:mm\u00a0a"}
"""How a time of day is written: "18 h 45", "6:45 pm"."""


@cache
def catalogue(locale: str) -> gettext.GNUTranslations:
    """Return the sentences of a locale, read from its .po file: there is no compiled copy to forget."""
    source = resources.files("bot.locales") / locale / "ensemble.po"
    with source.open("rb") as file:
        messages = read_po(file, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def N_(message: str) -> str:  # noqa: N802 (gettext's own word for "translate this later")
    """Mark a message for the catalogues without translating it here."""
    return message


def same(text: str) -> str:
    """Return the text as it is."""
    return text


@dataclass(frozen=True, slots=True)
class Speech:
    """One way of speaking: a locale, and what a platform must do to foreign text before it stands in a sentence.

    Every name, title or answer goes through `quote`; the sentences around them do not.
    """

    locale: str
    quote: Callable[[str], str] = same
    _messages: gettext.GNUTranslations = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_messages", catalogue(self.locale))

    def gettext(self, message: str, /, **values: object) -> str:
        """Return a message in this language, filled in."""
        return self._messages.gettext(message).format(**values)

    def ngettext(self, one: str, many: str, count: int, /, **values: object) -> str:
        """Return a message for `count` things in this language; `{count}` is filled in."""
        text = self._messages.ngettext(one, many, count)
        return text.format(count=self.number(count), **values)

    def number(self, value: int) -> str:
        """Return a number as this language writes it."""
        return format_decimal(value, locale=self.locale)

    def language(self, locale: str) -> str:
        """Return what this language calls another one."""
        return Locale.parse(locale).get_language_name(self.locale) or locale

    def decimal(self, value: float) -> str:
        """Return any number, without needless decimals; a year is not grouped."""
        return format_decimal(value, locale=self.locale, group_separator=abs(value) >= 10_000)

    def listed(self, items: Sequence[str]) -> str:
        """Return "a, b and c"."""
        return format_list(items, locale=Locale.parse(self.locale)) if items else ""

    def somebody(self, name: str) -> str:
        """Return a person's name, or a word for somebody without one."""
        return self.quote(name) if name else self.gettext("somebody")

    def people(self, names: Sequence[str], shown: int = 2) -> str:
        """Return "Camille", "Camille and Noé", "Camille, Noé and 3 others"; the text is never empty for people."""
        texts = [self.somebody(name) for name in names[:shown]]
        others = len(names) - len(texts)
        if others == 1:
            texts.append(self.somebody(names[shown]))
        elif others > 1:
            texts.append(self.ngettext("{count} other", "{count} others", others))
        return self.listed(texts)

    def seconds(self, value: float) -> str:
        """Return a duration in short form: "20 s", "2 min", "1 min 30 s", "2 h 05 min"."""
        whole = max(0, round(value))
        hours, rest = divmod(whole, 3600)
        minutes, left = divmod(rest, 60)
        if hours:
            return self.gettext("{hours} h {minutes:02d} min", hours=hours, minutes=minutes)
        if minutes and left:
            return self.gettext("{minutes} min {seconds} s", minutes=minutes, seconds=left)
        if minutes:
            return self.gettext("{minutes} min", minutes=minutes)
        return self.gettext("{seconds} s", seconds=left)

    def time(self, at: float, zone: str) -> str:
        """Return the time of day, in a zone, of an instant (seconds since 1970): "18 h 45", "6:45 pm"."""
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(zone))
        return format_time(local, TIMES[self.locale], locale=self.locale).lower()

    def month(self, first: date) -> str:
        """Return when something began that lasts less than a year: "septembre", or "15 septembre"."""
        return format_date(first, "d MMMM" if first.day > 1 else "MMMM", locale=self.locale)

    def quoted(self, title: str) -> str:
        """Return a title in this language's quotation marks."""
        return self.gettext("“{title}”", title=self.quote(title))


def spaced(signs: Iterable[str], speech: Speech) -> str:
    """Return letters apart from each other, on one line however narrow it is, and not taken for formatting."""
    return speech.quote("\u00a0".join(signs))


def compose(parts: Iterable[str], limit: int, separator: str = " ") -> str:
    """Return as many whole parts, in order, as fit into `limit` characters; a first that is too long is clipped."""
    text = ""
    for part in parts:
        if not part:
            continue
        longer = f"{text}{_between(text, separator)}{part}" if text else part
        if len(longer) > limit:
            return text or clip(part, limit)
        text = longer
    return text


def pack(parts: Iterable[str], limit: int, separator: str = " ") -> list[str]:
    """Return all parts, in order, in as few texts of at most `limit` characters as hold them; a long one is clipped."""
    texts: list[str] = []
    for part in (clip(part, limit) for part in parts if part):
        between = _between(texts[-1], separator) if texts else ""
        if texts and len(texts[-1]) + len(between) + len(part) <= limit:
            texts[-1] += between + part
        else:
            texts.append(part)
    return texts


def _between(text: str, separator: str) -> str:
    """Return what stands between `text` and the next part: after a sentence or a colon no dot is needed."""
    return (
        " " if text.endswith((".", ":", "!", "?", "…")) and separator.startswith(" ") else separator
    )


def clip(text: str, limit: int) -> str:
    """Return `text`, cut on a word with an ellipsis when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip() + "…"
