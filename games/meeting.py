"""Meetings of a club: who has a seat, who waits for one, who came, and what people say of the book afterwards.

Seats are given in the order in which people said yes, and nobody who has one loses it to a smaller room.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from games.matching import fold

Form = Literal["voice", "stage", "text", "twitch", "site", "hybrid"]
"""Where it is held: on Discord (by voice, on a stage, in writing), on Twitch, in the library, or here and there."""

Answer = Literal["yes", "maybe", "no"]

Outcome = Literal["read", "partly", "not"]
"""How far somebody came with the book."""

VOICE_SECONDS = 600
"""Seconds in the voice channel that make somebody present, unless a third of the meeting is less."""

LONGEST_WORD = 30
"""Characters of the one word that somebody has for the book."""

# fmt: off
FORMS: Mapping[Form, tuple[str, ...]] = {
    "voice": ("voice", "vocal", "vocale", "en vocal", "vocalement", "visio", "en visio", "visioconference"),
    "stage": ("stage", "scene", "conference"),
    "text": ("text", "texte", "ecrit", "par ecrit", "in writing", "written"),
    "twitch": ("twitch",),
    "site": ("on site", "onsite", "in person", "sur place", "presentiel", "en presentiel"),
    "hybrid": ("hybrid", "hybride"),
}
"""The words for where a meeting is held, folded."""

ANSWERS: Mapping[Answer, tuple[str, ...]] = {
    "yes": ("yes", "oui", "je viens", "i come", "i am coming", "i m coming", "coming", "ok", "present", "presente",
            "je serai la", "j y serai", "j en suis", "volontiers", "avec plaisir", "presents", "count me in",
            "i ll be there", "with pleasure"),
    "maybe": ("maybe", "peut etre", "peutetre", "perhaps", "je ne sais pas", "not sure", "si possible"),
    "no": ("no", "non", "je ne viens pas", "je viens pas", "not coming", "i am not coming", "i m not coming", "absent",
           "absente", "pas disponible", "pas cette fois", "sans moi", "je ne peux pas", "je peux pas", "desolee",
           "desole", "not this time", "i can t", "sorry"),
}
"""The words for what somebody says to a meeting, folded."""

OUTCOMES: Mapping[Outcome, tuple[str, ...]] = {
    "not": ("not read", "not", "pas lu", "non lu", "unread", "no", "non"),
    "partly": ("partly", "partly read", "en partie", "lu en partie", "partiellement", "partiellement lu", "a moitie",
               "lu a moitie", "en cours", "commence", "pas fini", "abandonne", "half", "half read", "not finished",
               "given up"),
    "read": ("read", "lu", "lue", "je l ai lu", "j ai lu", "fini", "j ai fini", "i read it", "finished", "oui", "yes"),
}
"""The words for how far one came, folded; longer ones are looked for first."""

NO_COPY = (
    "could not get the book", "couldn t get the book", "could not get it", "couldn t get it", "no copy", "introuvable",
    "pas trouve", "pas trouve le livre", "pas pu l avoir", "pas eu le livre", "pas pu avoir le livre",
    "livre introuvable", "indisponible", "unavailable", "pas disponible",
)
"""The words for not having been able to get the book, folded."""
# fmt: on

_RATING = re.compile(
    r"(?<![0-9])([1-5])(?:\s*(?:/\s*5|★|\*|étoiles?|stars?))?(?![0-9])|(★{1,5}|⭐{1,5})☆{0,4}"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody said to a meeting: in which turn among those who say yes, and whether they have a seat."""

    person_id: int
    answer: Answer
    turn: int
    seated: bool


@dataclass(frozen=True, slots=True)
class Seating:
    """Who has a seat, who waits in which order, and who was given one just now; each in order of their turns."""

    seated: tuple[int, ...]
    waiting: tuple[int, ...]
    promoted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """A meeting in numbers. A walk-in came without having said yes; a no-show had a seat and did not come."""

    yes: int
    came: int
    walk_ins: int
    no_shows: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of the book: how far they came, whether no copy was to be had, 1 to 5, one word."""

    outcome: Outcome
    no_copy: bool = False
    rating: int | None = None
    word: str = ""


def seat(replies: Collection[Reply], seats: int | None) -> Seating:
    """Give free seats to those who wait, in order of their turns. Without `seats` there is one for everybody.

    Whoever has a seat keeps it when there are fewer than before; a seat is free again only below the new number.
    """
    coming = sorted((r for r in replies if r.answer == "yes"), key=lambda reply: reply.turn)
    kept = sum(reply.seated for reply in coming)
    waiting = [reply.person_id for reply in coming if not reply.seated]
    free = len(waiting) if seats is None else max(0, seats - kept)
    promoted, left = waiting[:free], waiting[free:]
    has = {reply.person_id for reply in coming if reply.seated} | set(promoted)
    seated = tuple(reply.person_id for reply in coming if reply.person_id in has)
    return Seating(seated, tuple(left), tuple(promoted))


def add_up(replies: Collection[Reply], came: Collection[int], untraced: int = 0) -> Sums:
    """Return a meeting in numbers; `untraced` came too, and are nobody that one knows."""
    yes = {reply.person_id for reply in replies if reply.answer == "yes"}
    seated = {reply.person_id for reply in replies if reply.answer == "yes" and reply.seated}
    there = set(came)
    return Sums(len(yes), len(there) + untraced, len(there - yes) + untraced, len(seated - there))


def needed_seconds(minutes: int) -> int:
    """Return how many seconds in the voice channel make somebody present at a meeting so long."""
    return min(VOICE_SECONDS, minutes * 60 // 3)


@dataclass(slots=True)
class Presence:
    """How long each has been in a voice channel: interruptions are left out, what lies between them adds up.

    Times are seconds of any clock that only goes forward; `seconds` is what was there before.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)

    def enter(self, who: str, now: float) -> None:
        """Note that somebody is there from now on, if they are not already."""
        self._since.setdefault(who, now)

    def leave(self, who: str, now: float) -> None:
        """Note that somebody is there no more."""
        since = self._since.pop(who, None)
        if since is not None:
            self.seconds[who] = self.seconds.get(who, 0.0) + max(0.0, now - since)

    def so_far(self, now: float) -> dict[str, float]:
        """Return how long each has been there until now."""
        here = {who: max(0.0, now - since) for who, since in self._since.items()}
        return {who: self.seconds.get(who, 0.0) + here.get(who, 0.0) for who in self.seconds | here}

    def next_at(self, needed: float) -> float | None:
        """Return when the next of those who are there now will have been there for `needed` seconds."""
        left = {who: needed - self.seconds.get(who, 0.0) for who in self._since}
        return min(
            (self._since[who] + more for who, more in left.items() if more > 0), default=None
        )


def read_form(text: str) -> Form | None:
    """Return where a meeting is held, as a word means it."""
    return next((form for form, words in FORMS.items() if fold(text) in words), None)


def read_answer(text: str) -> Answer | None:
    """Return what somebody says to a meeting, as their words mean it."""
    return next((answer for answer, words in ANSWERS.items() if fold(text) in words), None)


def read_opinion(text: str) -> Opinion | None:
    """Read "lu 4 émouvant" or "not read, could not get the book"; None when it does not say how far one came.

    A rating is a number from 1 to 5, or as many stars; the one word is what is left; both may be missing. Whoever
    begins with a rating has read the book.
    """
    rest, no_copy = _take(text, NO_COPY)
    found = next(
        ((o, left) for o, words in OUTCOMES.items() if (left := _begins(rest, words)) is not None),
        None,
    )
    if found is None and not no_copy:
        if _RATING.match(rest.strip()) is None:
            return None
        found = "read", rest
    outcome, rest = found or ("not", rest)
    rating = _RATING.search(rest)
    if rating is not None:
        rest = f"{rest[: rating.start()]} {rest[rating.end() :]}"
    stars = int(rating[1] or len(rating[2])) if rating and outcome != "not" else None
    return Opinion(outcome, no_copy and outcome != "read", stars, clean_word(rest))


def clean_word(text: str) -> str:
    """Return the one word that somebody has for a book; may be empty."""
    words = text.strip(' \t,;.:!…·-«»"“”()').split()
    return words[0].strip(',;.:!…«»"“”()')[:LONGEST_WORD] if words else ""


def _begins(text: str, words: Sequence[str]) -> str | None:
    """Return what follows the longest of these, when the text begins with one."""
    said = text.replace(",", " ").split()
    for count in range(min(len(said), 4), 0, -1):
        if fold(said[count - 1]) and fold(" ".join(said[:count])) in words:
            return " ".join(said[count:])
    return None


def _take(text: str, words: Sequence[str]) -> tuple[str, bool]:
    """Return a text without the longest of these that stands in it, and whether one did."""
    said = text.replace(",", " ").split()
    for count in range(min(len(said), 6), 0, -1):
        for start in range(len(said) - count + 1):
            if fold(" ".join(said[start : start + count])) in words:
                return " ".join(said[:start] + said[start + count :]), True
    return text, False
