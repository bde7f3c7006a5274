"""Starting a quiz, the same for both faces: which deck, how many questions, how long."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.batch import Receipt
from bot.decks import Decks
from bot.hall import Hall
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.deck import LIMITS, draw
from games.matching import fold
from games.quiz import QuizOptions
from games.scoring import Preset

QUESTIONS, LEAST_QUESTIONS, MOST_QUESTIONS = 10, 1, 50
SECONDS, LEAST_SECONDS, MOST_SECONDS = 20, 5, 300

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


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for."""

    deck: str = ""
    questions: int = QUESTIONS
    seconds: int = SECONDS
    preset: Preset = "calm"
    difficulty: int | None = None


def level_of(word: str) -> int | None:
    """Return the difficulty that a word means."""
    folded = fold(word)
    return next((level for level, words in LEVELS.items() if folded in words), None)


def preset_of(word: str) -> Preset | None:
    """Return the preset that a word means."""
    folded = fold(word)
    return next((preset for preset, words in PRESETS.items() if folded in words), None)


def read_wish(text: str) -> Wish:
    """Read "deck name, questions, seconds, preset, difficulty", each optional, the name first, the words last.

    Raises:
        Refusal: `no-number`, for a number out of range.
    """
    words, numbers = text.replace(",", " ").split(), list[str]()
    preset, difficulty = None, None
    while words and (preset_of(words[-1]) or level_of(words[-1])):
        word = words.pop()
        preset, difficulty = preset_of(word) or preset, level_of(word) or difficulty
    while words and words[-1].isdecimal() and len(numbers) < 2:
        numbers.insert(0, words.pop())
    deck = " ".join(words).strip("«»“”\"' \u00a0\u202f")
    questions = _number(numbers[0], LEAST_QUESTIONS, MOST_QUESTIONS) if numbers else QUESTIONS
    seconds = _number(numbers[1], LEAST_SECONDS, MOST_SECONDS) if len(numbers) > 1 else SECONDS
    return Wish(deck, questions, seconds, preset or "calm", difficulty)


def _number(text: str, least: int, most: int) -> int:
    if len(text) > 6 or not least <= int(text) <= most:
        raise Refusal("no-number", text=text[:12], least=least, most=most)
    return int(text)


class Quizzes:
    """Starts quizzes in rooms."""

    def __init__(self, hall: Hall, decks: Decks, times: Mapping[str, Any]) -> None:
        self._hall = hall
        self._times = times
        self.decks = decks

    def start(self, room: Room, wish: Wish, role: Role) -> Receipt:
        """Start a quiz; raises `Refusal` when the deck is unknown or the hall refuses."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        mix = self.decks.mix(wish.deck, room.locale)
        questions = draw(mix, wish.questions, secrets.randbits(32), wish.difficulty)
        if not questions:
            raise Refusal("no-question")
        title = " + ".join(share.deck.title for share in mix)
        title = title if len(title) <= LIMITS["title"] else f"{mix[0].deck.title} + {len(mix) - 1}"
        options = QuizOptions(
            title, mix[0].deck.locale, questions, wish.seconds, preset=wish.preset, **self._times
        )
        return self._hall.start(room, "quiz", title, options.as_json(), role)
