"""Practising a game alone: a session of the same rules for one person, without room, journal and ledger.

A practice lives in memory only, and ends with the program. Whoever shows it is called when time alone has changed it.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.clock import Clock, Timer
from bot.games import Games, Kind, read_wish
from bot.people import Visitor
from games.core import Activity, Chose, Did, Play, Player, Refusal, Ticked, Wrote
from games.table import Wish

log = logging.getLogger(__name__)

FIRST = 10**12
"""The numbers of practices begin here, far above those of sessions, and have as many digits."""

MOST = 200
"""Practices at once."""

IDLE = 300.0
"""Seconds after which a practice that nobody touches ends."""

FOR_EVER = 86_400.0
"""Seconds that the rules wait for somebody: who is there, even if only wrong, is known here."""

MOST_ROUNDS, MOST_SECONDS = 5, 300
LONGEST_DETAILS = 60
"""Characters of what may be said beside the game's name, short enough to stand in a button."""

End = Literal["done", "stopped", "idle", "replaced", "failed", "closed"]


@dataclass(slots=True, eq=False)
class Practice:
    """One person's practice; `end` says how it ended, None while it is on."""

    number: int
    kind: Kind
    details: str
    owner: Visitor
    activity: Activity
    changed: Callable[["Practice"], None]
    began_at: float
    touched_at: float
    timer: Timer | None = field(default=None, repr=False)
    end: End | None = None

    @property
    def player(self) -> Player:
        """Who plays, as the rules know them: nobody's number."""
        return Player(0, self.owner.platform)

    @property
    def points(self) -> int:
        """What it has brought so far, which counts for nothing."""
        return sum(part.points for part in self.activity.record())


class Practices:
    """All practices, at most one for each person."""

    def __init__(self, games: Games, clock: Clock) -> None:
        self._games = games
        self._clock = clock
        self._on: dict[tuple[str, str], Practice] = {}
        self._starting: set[tuple[str, str]] = set()

    async def begin(
        self,
        owner: Visitor,
        kind: Kind,
        details: str,
        title: str,
        locale: str,
        changed: Callable[[Practice], None],
    ) -> Practice:
        """Begin a practice in the place of the one that this person may have; return it at its first round.

        `changed` is called when time has changed it, and when it ends otherwise than by its owner's hand.

        Raises:
            Refusal: `too-fast`, `practice-full`, what `read` says, or what the game says of the details.
        """
        wish, who = read(details), (owner.platform, owner.user_id)
        if who in self._starting:
            raise Refusal("too-fast")
        if who not in self._on and len(self._on) + len(self._starting) >= MOST:
            raise Refusal("practice-full")
        self._starting.add(who)
        try:
            activity = await self._games.alone(kind, wish, title, locale, FOR_EVER)
        finally:
            self._starting.discard(who)
        self._finish(self._on.get(who), "replaced")
        now, number = self._clock.now(), FIRST + secrets.randbelow(9 * FIRST)
        practice = Practice(number, kind, details, owner, activity, changed, now, now)
        self._on[who] = practice
        self._play(practice, Ticked())
        self._play(practice, Did(None, "skip"))
        return practice

    def find(self, owner: Visitor, number: int) -> Practice:
        """Return the practice of this number, if it is on and this person's own.

        Raises:
            Refusal: `practice-over`.
        """
        practice = self._on.get((owner.platform, owner.user_id))
        if practice is None or practice.number != number:
            raise Refusal("practice-over")
        return practice

    def ends_at(self, practice: Practice) -> float | None:
        """Return when what is on the table ends, in seconds since 1970; None while nothing is awaited."""
        deadline = practice.activity.scene().deadline
        if deadline is None:
            return None
        left = max(0.0, deadline - self._time(practice))
        return self._clock.wall() / 1_000_000 + left

    def wrote(self, practice: Practice, turn: int, text: str) -> Sequence[Any]:
        """Take what was entered in a form, and return what happened.

        Raises:
            Refusal: what the rules say.
        """
        return self._play(practice, Wrote(practice.player, turn, text))

    def chose(self, practice: Practice, turn: int, choices: Sequence[int]) -> Sequence[Any]:
        """Take controls that were pressed, and return what happened.

        Raises:
            Refusal: what the rules say.
        """
        return self._play(practice, Chose(practice.player, turn, tuple(choices)))

    def act(self, practice: Practice, action: str) -> Sequence[Any]:
        """Do what hosts do elsewhere: whoever practises is their own host.

        Raises:
            Refusal: what the rules say.
        """
        if action == "stop":
            self._finish(practice, "stopped")
            return ()
        return self._play(practice, Did(None, action))

    def abandon(self, practice: Practice) -> None:
        """End a practice that nobody sees any more."""
        self._remove(practice, "closed")

    def close(self) -> None:
        """Forget all practices."""
        for practice in list(self._on.values()):
            self._remove(practice, "closed")

    # time

    def _time(self, practice: Practice) -> float:
        return round(self._clock.now() - practice.began_at, 6)

    def _play(self, practice: Practice, play: Play) -> Sequence[Any]:
        """Give a play, after the ticks that are due; the rules decide, and what fails in them ends the practice."""
        practice.touched_at = self._clock.now()
        try:
            self._tick(practice)
            return practice.activity.play(play, self._time(practice))
        except Refusal:
            raise
        except Exception:
            self._remove(practice, "failed")
            raise
        finally:
            self._settle(practice)

    def _tick(self, practice: Practice) -> None:
        activity, now = practice.activity, self._time(practice)
        while activity.deadline is not None and activity.deadline <= now:
            if not activity.play(Ticked(), now):
                break

    def _settle(self, practice: Practice) -> None:
        """Wait for what comes next, or note the end."""
        if practice.end is not None:
            return
        if practice.activity.over:
            self._remove(practice, "done")
        else:
            self._arm(practice)

    def _arm(self, practice: Practice) -> None:
        if practice.timer is not None:
            practice.timer.cancel()
        delay = practice.touched_at + IDLE - self._clock.now()
        if (deadline := practice.activity.deadline) is not None:
            delay = min(delay, deadline - self._time(practice))
        practice.timer = self._clock.call_later(max(0.0, delay), lambda: self._due(practice))

    def _due(self, practice: Practice) -> None:
        practice.timer = None
        if self._clock.now() - practice.touched_at >= IDLE:
            self._finish(practice, "idle")
            return
        try:
            self._tick(practice)
        except Exception:  # nobody waits for an answer; the log knows, and the board will
            log.exception("the rules of a practice failed")
            self._remove(practice, "failed")
        self._settle(practice)
        practice.changed(practice)

    # ends

    def _finish(self, practice: Practice | None, end: End) -> None:
        """End a practice in the middle of whatever is going on, and have it shown."""
        if practice is None:
            return
        self._remove(practice, end)
        if not practice.activity.over:
            practice.activity.play(Did(None, "stop"), self._time(practice))
        if end != "stopped":
            practice.changed(practice)

    def _remove(self, practice: Practice, end: End) -> None:
        if practice.timer is not None:
            practice.timer.cancel()
            practice.timer = None
        practice.end = end
        who = practice.owner.platform, practice.owner.user_id
        if self._on.get(who) is practice:
            del self._on[who]


def read(details: str) -> Wish:
    """Read what was said beside the game's name: as for a game in a room, in smaller measure.

    Raises:
        Refusal: `unknown-option`, `no-number`.
    """
    if len(details) > LONGEST_DETAILS:
        raise Refusal("unknown-option", text=details[:30])
    wish = read_wish(details)
    for number, most in ((wish.rounds, MOST_ROUNDS), (wish.seconds, MOST_SECONDS)):
        if number is not None and number > most:
            raise Refusal("no-number", text=str(number), least=1, most=most)
    return wish
