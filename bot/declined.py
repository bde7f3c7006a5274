"""Saying why a typed guess does not count, where hardly anybody plays and silence would leave them puzzled.

In a crowd chat is not answered line by line: the board says enough, and others show how it is done.
"""

from collections.abc import Callable, Mapping

from bot.clock import Clock
from bot.hall import Hall
from bot.people import Visitor
from bot.storage.rooms import Room
from games.core import Platform, Refusal
from games.table import Game

EXPLAINED = frozenset(
    {"no-word", "letter-tried", "tried-already", "no-nearer", "no-longer", "said-already"}
)
"""What is said of something that was surely meant as a guess; anything else may have been talk."""

EVERY = 15.0
"""Seconds between two such sentences in a room at the least."""


class Declined:
    """Answers in rooms what was typed and does not count; `say` says a refusal, by platform."""

    def __init__(
        self, hall: Hall, clock: Clock, say: Mapping[Platform, Callable[[Room, Refusal], None]]
    ) -> None:
        self._hall = hall
        self._clock = clock
        self._say = say
        self._said_at: dict[int, float] = {}

    def line(self, room: Room, visitor: Visitor) -> None:
        """Look at the line that the hall has just heard in this room and that was no play."""
        session = self._hall.running(room.id)
        if session is None or not isinstance(session.activity, Game):
            return
        problem, now = session.activity.declined(), self._clock.now()
        if problem is None or problem.code not in EXPLAINED:
            return
        if now - self._said_at.get(room.id, -EVERY) >= EVERY:
            self._said_at[room.id] = now
            self._say[visitor.platform](room, problem)
