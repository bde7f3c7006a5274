"""The contract between rules and everything else: who plays, what a play is, and what an activity answers.

Rules are deterministic: the same options, seed and plays give the same events, in any process. Time enters as `now`
(seconds of session time), people as opaque `Player`s (names live elsewhere), chance as a seeded `random.Random`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Literal, Protocol, get_args

Platform = Literal["discord", "twitch"]

EVERYWHERE: Final[frozenset[Platform]] = frozenset(get_args(Platform))
"""All platforms."""

OPEN: Final[frozenset[Platform]] = frozenset({"twitch"})
"""Where everybody reads whatever somebody says or is told; the others have private answers."""


class Role(IntEnum):
    """What somebody may do in a room; each role includes the ones before it."""

    PATRON = 0
    HOST = 1
    MODERATOR = 2


@dataclass(frozen=True, slots=True)
class Player:
    """Somebody who plays: `id` is the person, `platform` where they spoke."""

    id: int
    platform: Platform


@dataclass(frozen=True, slots=True)
class Said:
    """A line of chat, as typed."""

    by: Player
    text: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """Text entered privately, in a form of prompt number `prompt` (from 1): nobody else has seen it."""

    by: Player
    prompt: int
    text: str


@dataclass(frozen=True, slots=True)
class Chose:
    """Controls of prompt number `prompt` (from 1): the choices (from 0) taken, in the order in which they were."""

    by: Player
    prompt: int
    choices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wished:
    """What a player asks about themselves: to join a team, to leave, to log pages. It needs no right."""

    by: Player
    wish: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """A host's action, about a player or (None) about the whole. Permission was checked before."""

    about: Player | None
    action: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Withdrew:
    """What this player last answered no longer stands: the message was removed or its author silenced."""

    by: Player


@dataclass(frozen=True, slots=True)
class Shown:
    """Prompt number `prompt` (from 1) has reached the people of a platform."""

    platform: Platform
    prompt: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """The deadline may have passed."""


Play = Said | Wrote | Chose | Wished | Did | Withdrew | Shown | Ticked


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board. Equal points share a rank; the next rank is not skipped over ("1, 1, 2")."""

    rank: int
    player: Player
    points: int


@dataclass(frozen=True, slots=True)
class TeamStanding:
    """One line of a board of teams: `points` in tenths, `members` those who took part."""

    rank: int
    name: str
    points: float
    members: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one player did in a whole session, for the ledger."""

    player: Player
    plays: int
    right: int
    points: int


@dataclass(frozen=True, slots=True)
class Scene:
    """The neutral picture of what is on the table now. It holds facts, no sentences.

    `deadline` is when the phase ends; `Activity.deadline` may be sooner, for something that happens within it.
    `quiet` is how quiet the room's chats should be meanwhile: "slow", "emotes" (only these, where a chat knows such a
    thing; slow elsewhere), or anything else for as they are.

    The rest is for games. `turn` numbers what is asked now over the whole session, and its controls and forms bear it;
    `board` is the table as lines of text, of one width, in no language; `form` names what may be answered privately,
    `wishes` what players may wish for now; `seated` are those who have a seat, in order. `facts` are of the game's own
    kind, for its wording alone. Its `replies` are the lines of chat that counted in this round.
    """

    title: str
    phase: str
    step: int
    steps: int
    deadline: float | None
    prompt: str = ""
    choices: tuple[str, ...] = ()
    kind: str = ""
    hints: tuple[str, ...] = ()
    replies: int = 0
    players: int = 0
    standings: tuple[Standing, ...] = ()
    outcome: Any = None
    image: str = ""
    alt: str = ""
    teams: tuple[TeamStanding, ...] = ()
    quiet: str = ""
    turn: int = 0
    board: tuple[str, ...] = ()
    form: str = ""
    wishes: tuple[str, ...] = ()
    seated: tuple[Player, ...] = ()
    facts: Any = None


class Refusal(Exception):
    """Something a person asked for that cannot be done; `code` names the sentence, `facts` fill it.

    Raised by rules and actions, turned into a private reply in one place per platform. Not a fault.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Any] = facts


class Activity(Protocol):
    """Rules with state.

    `play` returns what happened; an empty tuple means that nothing changed, and such a play is not journalled.
    It never raises on what nobody asked an answer for (`Said`, `Withdrew`, `Shown`, `Ticked`); on the others it may
    raise `Refusal`, and then nothing has changed either.
    Whoever runs it gives a `Ticked` first when `deadline` has passed, so that a late play falls in the next phase.
    """

    @property
    def deadline(self) -> float | None:
        """Session time at which a `Ticked` is due, or None when nothing waits for the clock."""

    @property
    def over(self) -> bool:
        """Whether the activity has ended; no further play changes it."""

    def play(self, play: Play, now: float) -> tuple[Any, ...]:
        """Take one play at session time `now` (seconds, never going back)."""

    def scene(self) -> Scene:
        """Return what is on the table."""

    def record(self) -> tuple[Part, ...]:
        """Return each player's part so far, in order of first play."""


def rank(points: Mapping[Player, int]) -> tuple[Standing, ...]:
    """Return the standings for `points`, best first; ties share a rank and keep the order of the mapping."""
    standings: list[Standing] = []
    for player, score in sorted(points.items(), key=lambda item: -item[1]):
        level = standings[-1].rank if standings else 0
        if not standings or standings[-1].points != score:
            level += 1
        standings.append(Standing(level, player, score))
    return tuple(standings)
