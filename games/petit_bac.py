"""Petit bac (categories): a letter, some categories, and in each a word that begins with the letter.

A round has two parts. First everybody answers: privately in a form, or openly by typing, for a chat hides nothing. Then
the answers are laid open, numbered, those that are alike under one number, and the room contests them. An answer falls
when more people contest it than keep it, and whoever gave it keeps it until they say otherwise; a host decides alone.
An answer that nobody else had scores 2, one that several had scores 1 for each of them.
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from games.core import Player, Refusal
from games.kept import keep, rebuild
from games.lists import texts
from games.matching import ARTICLES, fold
from games.table import Events, Game, TableOptions, Times, Told, Unseen, View, Wish, Words
from games.typed import number_in, tidy, word_and_number

Stage = Literal["answering", "contesting"]
Flaw = Literal["letter", "long", "rude"]
"""Why an answer is not taken: another first letter, too long, not fit to be shown."""

TIMES = Times(round=120.0, reveal=12.0, idle=240.0)
ROUNDS = 3
CONTEST = 1 / 3
"""The part of a round's time that is given to contesting."""

UNIQUE, SHARED = 2, 1
"""Points of an answer that one person had, and that several had."""

MOST_CATEGORIES = 5
"""As many as a form has fields."""

LONGEST_CATEGORY, LONGEST_ANSWER = 24, 30
MOST_CHOICES = 25
"""Answers that can be contested by a control; all can by typing."""

LETTERS = {"fr": "abcdefghilmnoprstv", "en": "abcdefghilmnoprstw"}
"""Letters with which enough words begin."""

LISTS: Mapping[str, tuple[str, ...]] = {
    "usual": ("usual", "classique", "classic"),
    "reading": ("reading", "lecture", "livres", "books"),
}
"""The words for the lists of categories that are shipped."""

LETTER = ("letter", "lettre")
CONTESTING = ("contest", "contester", "conteste")
KEEPING = ("keep", "garder", "garde")
"""What is typed before an answer's number, and before a letter that a host asks for."""

_NUMBERED = re.compile(r"(?:^|(?<=\s))([1-9])(?:[.):=-]\s*|\s+)")


@dataclass(frozen=True, slots=True)
class PetitBacOptions:
    """A game: a letter for each round, in lower case, and the categories."""

    table: TableOptions
    letters: tuple[str, ...]
    categories: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the options as a JSON-ready mapping."""
        return keep(self)


def options(
    table: TableOptions, wish: Wish, words: Words, chance: random.Random
) -> PetitBacOptions:
    """Return what a host asked for: a list that is shipped, or categories with commas between them; a first letter.

    Raises:
        Refusal: `unknown-option`, `bac-categories`, `not-shown`.
    """
    asked = [tidy(part) for part in re.split(r"[,;/]", wish.text)]
    letter, asked = _letter(part for part in asked if part)
    usual = [
        one for one, known in LISTS.items() if [fold(part) for part in asked] in map(_one, known)
    ]
    if usual or not asked:
        categories = texts(table.locale, "petit_bac", (*usual, "usual")[0])
    else:
        categories = _categories(asked, words)
    pool = LETTERS[table.locale]
    drawn = chance.sample(pool, min(table.rounds, len(pool)))
    drawn += chance.choices(pool, k=table.rounds - len(drawn))
    return PetitBacOptions(
        table, tuple([letter, *drawn] if letter else drawn)[: table.rounds], categories
    )


def _one(word: str) -> list[str]:
    return [word]


def _letter(parts: Iterable[str]) -> tuple[str, list[str]]:
    """Return the letter that was asked for, if one was, and the other parts."""
    letter, others = "", list[str]()
    for part in parts:
        words = []
        for word in part.split():
            head, colon, typed = word.partition(":")
            if colon and fold(head) in LETTER:
                letter = _is_letter(typed)
            else:
                words.append(word)
        others += [" ".join(words)] if words else []
    return letter, others


def _is_letter(typed: str) -> str:
    letter = fold(typed)
    if len(letter) != 1 or not letter.isalpha():
        raise Refusal("unknown-option", text=typed[:30])
    return letter


def _categories(asked: Sequence[str], words: Words) -> tuple[str, ...]:
    found = {fold(name): name for name in asked}
    if not 1 <= len(found) <= MOST_CATEGORIES or any(
        not key or len(name) > LONGEST_CATEGORY for key, name in found.items()
    ):
        raise Refusal("bac-categories", most=MOST_CATEGORIES, length=LONGEST_CATEGORY)
    if not all(map(words.decent, found.values())):
        raise Refusal("not-shown")
    return tuple(found.values())


# --- What happens ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What one or several people answered, under one number over all categories (from 1)."""

    number: int
    text: str
    by: tuple[Player, ...]


@dataclass(frozen=True, slots=True)
class Noted(Unseen):
    """Answers of somebody are taken, by category (from 0), and some are not."""

    by: Player
    taken: tuple[tuple[int, str], ...]
    flaws: tuple[tuple[int, Flaw], ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Somebody has answered for all to read, for the first time in this round."""

    by: Player


@dataclass(frozen=True, slots=True)
class TakenBack(Unseen):
    """Nothing that somebody answered in this round counts any more."""

    by: Player


@dataclass(frozen=True, slots=True)
class Revealed(Told):
    """All answers of one category are laid open."""

    category: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Contesting(Told):
    """Answers may be contested for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody contests an answer, or keeps it; it now `falls` or stands."""

    by: Player
    number: int
    text: str
    contests: bool
    falls: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """A host has decided on an answer."""

    number: int
    text: str
    falls: bool


Event = Noted | Answered | TakenBack | Revealed | Contesting | Voted | Ruled


@dataclass(frozen=True, slots=True)
class Doubt:
    """How things stand with an answer that was contested."""

    number: int
    text: str
    contested: int
    kept: int
    falls: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What is on the table. `answers` are those that controls offer, with their category, once they are laid open."""

    letter: str
    categories: tuple[str, ...]
    answered: tuple[Player, ...]
    answers: tuple[tuple[str, str], ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a round ended: how many answers stood, which fell, and who scored in it, best first; `hidden` when it was
    stopped before its answers were laid open, so that none counts."""

    letter: str
    stood: int
    fell: tuple[str, ...]
    scores: tuple[tuple[Player, int], ...]
    hidden: bool


@dataclass(slots=True)
class _Sheet:
    """What one person has answered in this round, by category."""

    player: Player
    answers: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """An answer that is laid open, with its votes."""

    category: int
    text: str
    givers: list[Player] = field(default_factory=list)
    votes: dict[int, bool] = field(default_factory=dict)
    contested: int = 0
    kept: int = 0
    ruled: bool | None = None

    def give(self, by: Player) -> None:
        """Note that somebody gave it, and so keeps it."""
        self.givers.append(by)
        self.votes[by.id] = False
        self.kept += 1

    def vote(self, by: Player, contests: bool) -> None:
        """Take a vote in the place of the one before."""
        former = self.votes.get(by.id)
        self.contested += contests - (former is True)
        self.kept += (not contests) - (former is False)
        self.votes[by.id] = contests

    @property
    def falls(self) -> bool:
        """Whether it scores nothing as things stand."""
        return self.contested > self.kept if self.ruled is None else self.ruled

    @property
    def points(self) -> int:
        """What it brings to each who gave it."""
        return 0 if self.falls else UNIQUE if len(self.givers) == 1 else SHARED


class PetitBac(Game[Event]):
    """One session. See `games.core.Activity` for the contract."""

    def __init__(self, options: PetitBacOptions, words: Words) -> None:
        super().__init__(options.table)
        self.options = options
        self._words = words
        self._articles = ARTICLES.get(options.table.locale, frozenset())
        self._clear()

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int, words: Words) -> Self:
        """Build a session from its kept options."""
        return cls(rebuild(PetitBacOptions, options), words)

    def _clear(self) -> None:
        self._stage: Stage = "answering"
        self._sheets: dict[int, _Sheet] = {}
        self._answers: list[_Open] = []
        self._doubted: dict[int, _Open] = {}

    @property
    def _letter(self) -> str:
        return self.options.letters[self._number - 1]

    def _deal(self, now: float) -> Sequence[Event]:
        self._clear()
        return ()

    # answering

    def _guess(self, by: Player, text: str, now: float) -> Events[Event]:
        if self._stage == "contesting":
            return self._typed_vote(by, text, now)
        answers = self._typed(text)
        if not answers:
            raise Refusal("not-it")
        begins = by.id not in self._sheets
        noted = self._answer(by, answers, now)
        return (*noted, Answered(by)) if begins else noted

    def _write(self, by: Player, text: str, now: float) -> Events[Event]:
        if self._stage == "contesting":
            raise Refusal("moved-on")
        typed = {} if "\n" in text else self._typed(text)
        lines = dict(enumerate(text.split("\n")[: len(self.options.categories)]))
        answers = typed or {place: tidy(line) for place, line in lines.items() if tidy(line)}
        if not answers:
            raise Refusal("unreadable")
        return self._answer(by, answers, now)

    def _typed(self, text: str) -> dict[int, str]:
        """Return the answers in a line such as "1 Paris 2 loup" or "town: Paris, animal: wolf", by category."""
        before, *numbered = _NUMBERED.split(text)
        if numbered and not before.strip():
            found = ((int(n) - 1, a) for n, a in zip(numbered[::2], numbered[1::2], strict=True))
        else:
            named = (part.partition(":") for part in re.split(r"[,;\n]", text))
            found = ((self._category(name), answer) for name, _, answer in named)
        known = range(len(self.options.categories))
        return {place: tidy(a) for place, a in found if place in known and tidy(a)}

    def _category(self, name: str) -> int:
        """Return the category that a name means, shortened or not; -1 for none."""
        key = fold(name)
        if len(key) < 2:
            return -1
        names = map(fold, self.options.categories)
        return next((place for place, known in enumerate(names) if known.startswith(key)), -1)

    def _answer(self, by: Player, answers: Mapping[int, str], now: float) -> Events[Event]:
        flaws = {place: flaw for place, text in answers.items() if (flaw := self._flaw(text))}
        taken = {place: text for place, text in answers.items() if place not in flaws}
        if not taken:
            self._refuse(next(iter(flaws.values())))
        self._admit(by, now)
        sheet = self._sheets.setdefault(by.id, _Sheet(by))
        for _ in taken.keys() - sheet.answers.keys():
            self._count(by)
        sheet.answers |= taken
        return (Noted(by, tuple(taken.items()), tuple(flaws.items())),)

    def _flaw(self, text: str) -> Flaw | None:
        if len(text) > LONGEST_ANSWER:
            return "long"
        if self._letter not in (fold(text)[:1], self._bare(text)[:1]):
            return "letter"
        return None if self._words.decent(text) else "rude"

    def _refuse(self, flaw: Flaw) -> None:
        match flaw:
            case "letter":
                raise Refusal("bac-letter", letter=self._letter.upper())
            case "long":
                raise Refusal("bac-long", most=LONGEST_ANSWER)
            case "rude":
                raise Refusal("not-shown")

    def _bare(self, text: str) -> str:
        """Return an answer as it is compared with others: folded, and without its article."""
        first, _, rest = fold(text).partition(" ")
        return rest if rest and first in self._articles else f"{first} {rest}".strip()

    def _take_back(self, by: Player, now: float) -> Events[Event]:
        if self._stage == "contesting" or self._sheets.pop(by.id, None) is None:
            return ()
        return (TakenBack(by),)

    # contesting

    def _time_up(self, now: float) -> Events[Event]:
        if self._stage == "contesting" or not self._sheets:
            return self._close(now)
        return self._reveal(now)

    def _skip(self, now: float) -> Events[Event]:
        return self._time_up(now)

    def _reveal(self, now: float) -> Events[Event]:
        self._stage = "contesting"
        self._lay_open()
        seconds = self.table.times.round * CONTEST
        self._ask(now, seconds)
        categories = (
            Revealed(name, answers)
            for place, name in enumerate(self.options.categories)
            if (answers := self._answers_in(place))
        )
        return (*categories, Contesting(seconds))

    def _lay_open(self) -> None:
        alike: dict[tuple[int, str], _Open] = {}
        for place in range(len(self.options.categories)):
            for sheet in self._sheets.values():
                if (text := sheet.answers.get(place)) is not None:
                    answer = alike.setdefault((place, self._bare(text)), _Open(place, text))
                    answer.give(sheet.player)
        self._answers = list(alike.values())

    def _answers_in(self, place: int) -> tuple[Answer, ...]:
        return tuple(
            Answer(number, answer.text, tuple(answer.givers))
            for number, answer in enumerate(self._answers, 1)
            if answer.category == place
        )

    def _typed_vote(self, by: Player, text: str, now: float) -> Events[Event]:
        typed = word_and_number(text)
        if typed is None or typed[0] not in (*CONTESTING, *KEEPING):
            raise Refusal("not-it")
        return self._vote(by, typed[1], typed[0] in CONTESTING, now)

    def _choose(self, by: Player, choices: tuple[int, ...], now: float) -> Events[Event]:
        if len(choices) != 1 or not 0 <= choices[0] < min(MOST_CHOICES, len(self._answers)):
            raise Refusal("no-such-choice")
        contests = not self._answers[choices[0]].votes.get(by.id, False)
        return self._vote(by, choices[0] + 1, contests, now)

    def _wish(self, by: Player, wish: str, text: str, now: float) -> Events[Event]:
        if wish not in ("contest", "keep"):
            return super()._wish(by, wish, text, now)
        return self._vote(by, number_in(text), wish == "contest", now)

    def _vote(self, by: Player, number: int | None, contests: bool, now: float) -> Events[Event]:
        answer = self._numbered(number)
        if answer.votes.get(by.id) == contests:
            raise Refusal("bac-voted")
        self._admit(by, now)
        answer.vote(by, contests)
        self._doubted[number or 0] = answer
        return (Voted(by, number or 0, answer.text, contests, answer.falls),)

    def _act(self, action: str, text: str, about: Player | None, now: float) -> Events[Event]:
        if action not in ("approve", "remove"):
            return super()._act(action, text, about, now)
        number = number_in(text)
        answer = self._numbered(number)
        self._doubted[number or 0] = answer
        answer.ruled = action == "remove"
        return (Ruled(number or 0, answer.text, answer.ruled),)

    def _numbered(self, number: int | None) -> _Open:
        if self._stage != "contesting":
            raise Refusal("bac-too-soon")
        if number is None or not 1 <= number <= len(self._answers):
            raise Refusal("bac-no-answer", most=len(self._answers))
        return self._answers[number - 1]

    # how it ends

    def _award(self) -> None:
        """Pay for what was laid open, as it stands; in a round that is stopped before, nobody could contest."""
        for answer in self._answers:
            for giver in answer.givers:
                self._pay(giver, answer.points, right=not answer.falls)

    def _result(self) -> Outcome:
        scores: dict[Player, int] = {}
        for answer in self._answers:
            for giver in answer.givers:
                scores[giver] = scores.get(giver, 0) + answer.points
        best = sorted((s for s in scores.items() if s[1]), key=lambda score: -score[1])
        fell = tuple(answer.text for answer in self._answers if answer.falls)
        stood = len(self._answers) - len(fell)
        hidden = self._stage == "answering" and bool(self._sheets)
        return Outcome(self._letter, stood, fell, tuple(best), hidden)

    def _view(self) -> View:
        categories = self.options.categories
        opened = self._answers[:MOST_CHOICES]
        numbered = [f"{number} {name}" for number, name in enumerate(categories, 1)]
        return View(
            board=(self._letter.upper(), *numbered),
            choices=tuple(str(number) for number in range(1, len(opened) + 1)),
            form="answers" if self._stage == "answering" else "",
            kind=self._stage,
            facts=Facts(
                self._letter.upper(),
                categories,
                tuple(sheet.player for sheet in self._sheets.values()),
                tuple((categories[answer.category], answer.text) for answer in opened),
                self._doubts(),
            ),
        )

    def _doubts(self) -> tuple[Doubt, ...]:
        return tuple(
            Doubt(number, answer.text, answer.contested, answer.kept, answer.falls)
            for number, answer in sorted(self._doubted.items(), key=lambda doubt: doubt[0])
        )
