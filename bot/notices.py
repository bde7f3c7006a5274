"""Telling people something once, those of a few seconds together, so that a crowd is no storm.

Newcomers are told so what is kept about them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.clock import Clock, Timer
from bot.people import People
from bot.storage.rooms import Room
from bot.wording.room import notice
from bot.wording.speech import Speech

AFTER = 8.0
"""Seconds from the first person to the notice."""

NAMED = 3
"""People named in a notice; the others are counted."""


@dataclass(slots=True)
class _Waiting:
    room: Room
    people: dict[int, None] = field(default_factory=dict)
    timer: Timer | None = None


class Notices:
    """The notices of one kind and platform. `say` queues one in a room."""

    def __init__(
        self,
        clock: Clock,
        people: People,
        say: Callable[[Room, str], None],
        speech: Callable[[str], Speech],
        sentence: Callable[[str, Speech], str] = notice,
    ) -> None:
        """`sentence` is said of people's names; usually it tells them what is kept."""
        self.after = AFTER
        self._sentence = sentence
        self._clock = clock
        self._people = people
        self._say = say
        self._speech = speech
        self._rooms: dict[int, _Waiting] = {}

    def add(self, room: Room, people: Iterable[int]) -> None:
        """Have these people told soon."""
        keys = list(people)
        if not keys:
            return
        waiting = self._rooms.setdefault(room.id, _Waiting(room))
        waiting.room = room
        waiting.people |= dict.fromkeys(keys)
        if waiting.timer is None:
            waiting.timer = self._clock.call_later(self.after, lambda: self._tell(waiting))

    def close(self) -> None:
        """Tell at once whoever still waits."""
        for waiting in list(self._rooms.values()):
            if waiting.timer is not None:
                waiting.timer.cancel()
            self._tell(waiting)

    def _tell(self, waiting: _Waiting) -> None:
        self._rooms.pop(waiting.room.id, None)
        speech = self._speech(waiting.room.locale)
        names = speech.people([self._people.name(key) for key in waiting.people], shown=NAMED)
        self._say(waiting.room, self._sentence(names, speech))
