"""Quizzes as people ask for them, the same for both faces: starting one, accepting an answer, looking back."""

import re
import secrets
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from bot.batch import Receipt
from bot.decks import Decks
from bot.hall import Hall
from bot.houses import Houses
from bot.people import People, Visitor
from bot.session import Unheard
from bot.storage.rooms import Room
from games.core import Platform, Refusal, Role
from games.deck import LIMITS, Sieve, draw
from games.matching import Verdict, fold
from games.question import Audience
from games.quiz import Quiz, QuizOptions, TeamPlay
from games.quiz_events import Closed
from games.scoring import Preset
from games.teams import MOST_TEAMS

KINDS = frozenset({"quiz"})
"""The kinds of session that commands on quizzes act on."""

QUESTIONS, LEAST_QUESTIONS, MOST_QUESTIONS = 10, 1, 50
SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 5, 300

SLOW = 2
"""By how much a slow round stretches every time."""

LONGEST_TEAM = 24
"""Characters of a team's name."""

Pace = Literal["auto", "slow", "host"]
_Meaning = TypeVar("_Meaning", bound=Hashable)

PRESETS: Mapping[Preset, tuple[str, ...]] = {
    "calm": ("calm", "calme"),
    "race": ("race", "course"),
    "speed": ("speed", "vitesse"),
    "survivor": ("survivor", "survie"),
}
"""The words for each way of sharing points, English first."""

LEVELS: Mapping[int, tuple[str, ...]] = {
    1: ("easy", "facile"),
    2: ("medium", "moyen"),
    3: ("hard", "difficile"),
}
"""The words for each difficulty, English first."""

PACES: Mapping[Pace, tuple[str, ...]] = {
    "slow": ("slow", "lent"),
    "host": ("host", "animation", "anime"),
}
"""The words for each pace but the usual one, English first."""

PUBLICS: Mapping[Audience, tuple[str, ...]] = {
    "children": ("children", "enfants"),
    "teens": ("teens", "ados"),
    "adults": ("adults", "adultes"),
}
"""The words for each audience, English first."""

TEAMS = ("teams", "equipes")
"""The words before a colon and how people come into teams."""

REMEMBER = ("remember", "retenir")
"""The words that keep an accepted answer for good, English first."""

PLATFORM_TEAMS = ("platforms", "plateformes")
HOUSE_TEAMS = ("houses", "maisons")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for; `teams` is empty, "platforms", "houses", or names with "/" or a comma between them."""

    deck: str = ""
    questions: int = QUESTIONS
    seconds: int = SECONDS
    preset: Preset = "calm"
    sieve: Sieve = field(default_factory=Sieve)
    pace: Pace = "auto"
    teams: str = ""


def level_of(word: str) -> int | None:
    """Return the difficulty that a word means."""
    return _meant(word, LEVELS)


def preset_of(word: str) -> Preset | None:
    """Return the preset that a word means."""
    return _meant(word, PRESETS)


def pace_of(word: str) -> Pace | None:
    """Return the pace that a word means."""
    return _meant(word, PACES)


def audience_of(word: str) -> Audience | None:
    """Return the audience that a word means."""
    return _meant(word, PUBLICS)


def _meant(word: str, known: Mapping[_Meaning, tuple[str, ...]]) -> _Meaning | None:
    folded = fold(word)
    return next((meaning for meaning, words in known.items() if folded in words), None)


_COUNTED = re.compile(
    r"(?:^| )(?P<number>\d{1,6}) ?(?:(?P<questions>questions?)"
    r"|(?:s|secs?|secondes?|seconds?)(?: (?:par|per|a) question| each)?)$",
    re.IGNORECASE,
)
"""A number of questions, or of seconds for each, as one says it."""


class _Reader:
    """Reads what a host typed, from its end: words, then numbers, then the deck's name."""

    def __init__(self, text: str) -> None:
        self._words = text.replace(", ", " ").rstrip(",").split()
        self.preset: Preset | None = None
        self.level: int | None = None
        self.pace: Pace | None = None
        self.audience: Audience | None = None
        self.theme = ""
        self.teams = ""
        self.questions = self.seconds = ""

    def wish(self) -> Wish:
        """Return the whole wish."""
        while self._words and (self._counts() or self._takes(self._words[-1])):
            self._words.pop()
        numbers: list[str] = []
        while self._words and self._words[-1].isdecimal() and len(numbers) < 2:
            numbers.insert(0, self._words.pop())
        if numbers and not self.questions:
            self.questions = numbers.pop(0)
        if numbers and not self.seconds:
            self.seconds = numbers.pop(0)
        questions, seconds = QUESTIONS, SECONDS
        if self.questions:
            questions = _number(self.questions, LEAST_QUESTIONS, MOST_QUESTIONS)
        if self.seconds:
            seconds = _number(self.seconds, LEAST_SECONDS, MOST_SECONDS)
        return Wish(
            deck=" ".join(self._words).strip("«»“”\"' \u00a0\u202f,"),
            questions=questions,
            seconds=seconds,
            preset=self.preset or "calm",
            sieve=Sieve(self.level, self.audience, self.theme),
            pace=self.pace or "auto",
            teams=self.teams,
        )

    def _counts(self) -> bool:
        """Take a number with what it counts from the end ("10 questions"), but for its first word."""
        found = _COUNTED.search(" ".join(self._words))
        if found is None:
            return False
        if found["questions"]:
            self.questions = found["number"]
        else:
            self.seconds = found["number"]
        del self._words[len(self._words) - len(found[0].split()) + 1 :]
        return True

    def _takes(self, word: str) -> bool:
        head, colon, rest = word.partition(":")
        if colon and fold(head) in TEAMS:
            self.teams = rest
        elif word.startswith("#") and len(word) > 1:
            self.theme = word[1:]
        elif found := preset_of(word):
            self.preset = self.preset or found
        elif level := level_of(word):
            self.level = self.level or level
        elif pace := pace_of(word):
            self.pace = self.pace or pace
        elif audience := audience_of(word):
            self.audience = self.audience or audience
        else:
            return False
        return True


def read_wish(text: str) -> Wish:
    """Read "deck name, questions, seconds, words", each optional.

    The words, in any order: a preset, a difficulty, a pace, an audience, `#theme`, `teams:platforms` or
    `teams:Reds/Blues`.

    Raises:
        Refusal: `no-number`, for a number out of range.
    """
    return _Reader(text).wish()


def _number(text: str, least: int, most: int) -> int:
    if len(text) > 6 or not least <= int(text) <= most:
        raise Refusal("no-number", text=text[:12], least=least, most=most)
    return int(text)


def read_teams(text: str) -> TeamPlay | None:
    """Return the teams that a host asked for.

    Raises:
        Refusal: `teams-usage`, for fewer than 2 names, more than `MOST_TEAMS`, or two that read alike.
    """
    if not text.strip():
        return None
    if fold(text) in PLATFORM_TEAMS:
        return TeamPlay("platforms", ("Discord", "Twitch"))
    names = [" ".join(name.split()) for name in text.replace(",", "/").split("/")]
    names = [name for name in names if name]
    folded = {fold(name) for name in names} - {""}
    if not 2 <= len(names) <= MOST_TEAMS or len(folded) < len(names):
        raise Refusal("teams-usage", most=MOST_TEAMS)
    if any(len(name) > LONGEST_TEAM or not name.isprintable() for name in names):
        raise Refusal("teams-usage", most=MOST_TEAMS)
    return TeamPlay("free", tuple(names))


def read_acceptance(text: str) -> tuple[str, bool]:
    """Read "answer, remember": what is right as well, and whether it is kept for good."""
    answer, _, last = text.strip().rpartition(" ")
    return (answer.strip(), True) if answer and fold(last) in REMEMBER else (text.strip(), False)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An answer that is to be kept for a question of a deck. `receipt` is None when it was accepted here before."""

    deck: str
    prompt: str
    answer: str
    receipt: Receipt | None


Keeping = Callable[[str, str, str], Awaitable[None]]
"""Keeps an answer for good: the deck's name, the question, the answer; raises `Refusal` when it cannot be kept."""


class Quizzes:
    """Quizzes in rooms."""

    def __init__(
        self,
        hall: Hall,
        decks: Decks,
        people: People,
        houses: Houses,
        times: Mapping[str, Any],
        keeping: Keeping,
    ) -> None:
        self._keeping = keeping
        self._hall = hall
        self._people = people
        self._houses = houses
        self._times = times
        self._looked_back: dict[int, tuple[int, Quiz]] = {}
        self.decks = decks

    def start(self, room: Room, wish: Wish, role: Role) -> Receipt:
        """Start a quiz; raises `Refusal` when the deck is unknown or the hall refuses."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        mix = self.decks.mix(wish.deck, room.locale)
        teams = self._teams(wish.teams)
        questions = draw(mix, wish.questions, secrets.randbits(32), wish.sieve)
        if not questions:
            raise Refusal("no-question")
        title = " + ".join(share.deck.title for share in mix)
        title = title if len(title) <= LIMITS["title"] else f"{mix[0].deck.title} + {len(mix) - 1}"
        options = QuizOptions(
            title,
            mix[0].deck.locale,
            questions,
            wish.seconds,
            preset=wish.preset,
            pace="host" if wish.pace == "host" else "auto",
            delays=_delays(room),
            teams=teams,
            **self._times,
        )
        if wish.pace == "slow":
            options = options.slower(SLOW)
        return self._hall.start(room, "quiz", title, options.as_json(), role)

    def _teams(self, text: str) -> TeamPlay | None:
        if fold(text) not in HOUSE_TEAMS:
            return read_teams(text)
        houses = self._houses.all
        if len(houses) < 2:
            raise Refusal("few-houses")
        team_of = {house.id: team for team, house in enumerate(houses)}
        members = self._houses.members().items()
        seated = tuple((person, team_of[house]) for person, house in members if house in team_of)
        return TeamPlay("houses", tuple(house.name for house in houses), seated)

    def accept(self, room: Room, text: str, role: Role) -> Receipt:
        """Let a host accept one more answer to the question that is open or was just closed.

        Raises:
            Refusal: `hosts-only`, `nothing-running`, `accept-what`, or what the rules say.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        quiz = self._running(room)
        text = _one_line(text)
        if not text:
            raise Refusal("accept-what")
        key = quiz.accepting(text)
        if key is not None:
            for line in self._hall.unheard(room.id):
                if key.judge(line.text) is Verdict.RIGHT:
                    self._credit(room, role, line)
        return self._hall.act(room.id, role, "accept", text)

    def _credit(self, room: Room, role: Role, line: Unheard) -> None:
        with suppress(Refusal):  # whoever has answered already, or is out
            self._hall.act(room.id, role, "credit", repr(line.at), about=line.visitor)

    def accept_for_good(self, room: Room, text: str, role: Role) -> Acceptance:
        """Let a host accept one more answer, to be kept with `remember` once it is committed.

        Raises:
            Refusal: as `accept`, but for an answer that was accepted in this round before; `remember-words-only`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        quiz = self._running(room)
        if quiz.scene().kind not in ("text", ""):
            raise Refusal("remember-words-only")
        deck, prompt = quiz.deck_of_question()
        receipt = None
        try:
            receipt = self.accept(room, text, role)
        except Refusal as problem:
            if problem.code != "already-right":
                raise
        return Acceptance(deck, prompt, _one_line(text), receipt)

    async def remember(self, accepted: Acceptance) -> None:
        """Keep an answer for good, after its play was committed; raises `Refusal` when it cannot be kept."""
        await self._keeping(accepted.deck, accepted.prompt, accepted.answer)

    def _running(self, room: Room) -> Quiz:
        session = self._hall.running(room.id)
        if session is None or not isinstance(session.activity, Quiz):
            raise Refusal("nothing-running")
        return session.activity

    def source(self, room: Room) -> Closed:
        """Return the question that was just closed, for whoever asks where its answer can be checked.

        Raises:
            Refusal: `nothing-running`; `no-source` when none was closed, or its deck names none.
        """
        outcome = self._running(room).scene().outcome
        if not isinstance(outcome, Closed) or not outcome.source:
            raise Refusal("no-source")
        return outcome

    async def review(self, room: Room, visitor: Visitor) -> Sequence[Closed]:
        """Return what somebody did not find in the room's last quiz, as long as its journal is kept.

        Raises:
            Refusal: `nothing-to-review` when there is none, or they did not play in it.
        """
        person = self._people.find(visitor.platform, visitor.user_id)
        quiz = await self._last(room)
        if person is None or quiz is None or not quiz.played(person.id):
            raise Refusal("nothing-to-review")
        return quiz.missed(person.id)

    async def _last(self, room: Room) -> Quiz | None:
        key = await self._hall.last_ended(room.id, "quiz")
        if key is None:
            return None
        known = self._looked_back.get(room.id)
        if known is None or known[0] != key:
            activity = await self._hall.replay(key)
            if not isinstance(activity, Quiz):
                return None
            known = self._looked_back[room.id] = key, activity
        return known[1]


def _one_line(text: str) -> str:
    return " ".join(text.split())[: LIMITS["answer"]]


def _delays(room: Room) -> tuple[tuple[Platform, float], ...]:
    return (("twitch", room.delay),) if room.twitch_channel_id is not None and room.delay else ()
