"""A vote as a host asks for it: what is typed or chosen about ballots, quorum, ties, end and books."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final

from bot.clock import DAY
from bot.people import visible
from games.core import Refusal
from games.dates import Usual, read_date
from games.matching import fold
from games.recurrence import instant, local_time
from games.votes import Method, TieRule

LONGEST_DAYS: Final = 28
"""Days after which a vote closes though no host has closed it: ballots are not kept for ever."""

MOST_VOTES: Final = 20
"""Votes that each may have in a vote of that kind."""

MINUTE: Final = 60 * 1_000_000
"""Microseconds, as wall times are."""

LAST_MINUTE: Final = time(23, 59)
"""Of a day that is named without a time."""

# fmt: off
METHODS: Mapping[Method, tuple[str, ...]] = {
    "approval": ("approval", "approbation"),
    "ranked": ("ranked", "ranking", "classement", "preference"),
    "single": ("single", "unique"),
}
"""The words for how ballots are filled in, as they are compared; votes each are a number."""

TIES: Mapping[TieRule, tuple[str, ...]] = {
    "oldest": ("oldest", "ancien", "ancienne", "anciennete"),
    "pages": ("pages", "court", "courte", "shortest"),
    "seed": ("seed", "draw", "tirage", "sort"),
    "host": ("host", "animation"),
}
"""The words for who wins among equals."""
# fmt: on

_QUORUM = re.compile(r"\bquorum\s*[:=]?\s*([0-9]{1,6}\s*%?)")
_TIE = re.compile(r"\b(?:egalite|ties?)\s*[:=]?\s*([a-z]+)")
_BOOK = re.compile(r"#\s*([0-9]{1,9})")
_EACH = re.compile(r"\b([0-9]{1,3})\s*(?:votes?|voix)\b")
_WORD = re.compile(r"[a-z]+")
_FILLERS = re.compile(
    r"\b(?:jusqu[’' ]?\s*au?\b|until|pendant|for|fin|end|methode|method)\b|[,;]|(?<![0-9]):|:(?![0-9])"
)
_SPAN = re.compile(r"([0-9]{1,4})\s*(min|minutes?|mn|d|days?|j|jours?)", re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """A vote as a host asks for it. `most` is for votes each; `quorum` is a number, or a share such as "30%".

    `end` is as `read_end` takes it, `books` are what the options are to be; empty for all proposals.
    """

    method: Method = "approval"
    most: int = 1
    quorum: str = ""
    tie: TieRule = "oldest"
    end: str = ""
    books: tuple[str, ...] = ()


def method_of(word: str) -> Method | None:
    """Return the method that a word means."""
    return next((method for method, words in METHODS.items() if fold(word) in words), None)


def tie_of(word: str) -> TieRule | None:
    """Return the rule for ties that a word means."""
    return next((tie for tie, words in TIES.items() if fold(word) in words), None)


def read_wish(text: str) -> Wish:
    """Read "ranked #3 #5 quorum 30% tie draw 3 days", all of it optional and in any order.

    Raises:
        Refusal: `vote-tie`, `no-number`.
    """
    spread = unicodedata.normalize("NFKD", visible(text)).casefold()
    rest = "".join(char for char in spread if not unicodedata.combining(char))
    wish = Wish(books=tuple(_BOOK.findall(rest)))
    rest = _BOOK.sub(" ", rest)
    if match := _QUORUM.search(rest):
        wish, rest = replace(wish, quorum=match[1]), _without(rest, match)
    if match := _TIE.search(rest):
        wish, rest = replace(wish, tie=_known_tie(match[1])), _without(rest, match)
    if match := _EACH.search(rest):
        wish, rest = _with_votes(wish, int(match[1])), _without(rest, match)
    for match in _WORD.finditer(rest):
        if (method := method_of(match[0])) is not None:
            wish, rest = replace(wish, method=method), _without(rest, match)
            break
    return replace(wish, end=" ".join(_FILLERS.sub(" ", rest).split()))


def make_wish(method: str, each: int | None, quorum: str, tie: str, end: str, books: str) -> Wish:
    """Build a wish from chosen options; votes each are a method of their own.

    Raises:
        Refusal: `vote-tie`, `no-number`.
    """
    chosen = method_of(method) or "approval"
    named = tuple(_NUMBERS.findall(books))
    wish = Wish(chosen, quorum=quorum, tie=_known_tie(tie), end=end, books=named)
    return wish if each is None else _with_votes(wish, each)


def read_end(text: str, now: int, zone: str) -> int:
    """Return the instant (microseconds) of "90 min", "2 days", or of a date as `games.dates` reads it.

    A day without a time is the end of that day.

    Raises:
        Refusal: as `games.dates.read_date`; `vote-end`, for what is past or more than `LONGEST_DAYS` away.
    """
    if match := _SPAN.fullmatch(text.strip()):
        at = now + int(match[1]) * (MINUTE if match[2].casefold().startswith("m") else DAY)
    else:
        at = instant(_date(text, now, zone), zone)
    if not now + MINUTE <= at <= now + LONGEST_DAYS * DAY:
        raise Refusal("vote-end", most=LONGEST_DAYS)
    return at


def _date(text: str, now: int, zone: str) -> datetime:
    try:
        return read_date(text, now, zone)
    except Refusal as problem:
        if problem.code != "time-missing":
            raise
    return read_date(text, now, zone, Usual(local_time(now, zone).date(), LAST_MINUTE))


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"


def _with_votes(wish: Wish, each: int) -> Wish:
    if not 1 <= each <= MOST_VOTES:
        raise Refusal("no-number", text=str(each), least=1, most=MOST_VOTES)
    return replace(wish, method="single" if each == 1 else "several", most=each)


def _known_tie(word: str) -> TieRule:
    tie = tie_of(word)
    if tie is None:
        raise Refusal("vote-tie", text=word[:20])
    return tie
