"""What happens in a quiz, as facts. They carry no words; `games.quiz` says when each comes."""

from dataclasses import dataclass

from games.core import Platform, Player, Standing, TeamStanding
from games.question import Kind
from games.scoring import Preset, Solver
from games.teams import Mode


@dataclass(frozen=True, slots=True)
class Opened:
    """A round is announced and starts in `starts_in` seconds, or (None) when its host says so."""

    title: str
    total: int
    seconds: float
    starts_in: float | None
    preset: Preset = "calm"
    teams: tuple[str, ...] = ()
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A player is in team number `team` (from 0) from now on."""

    by: Player
    team: int
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Question `number` (from 1) is open for `seconds`; `choices` is empty unless there are some to choose from."""

    number: int
    total: int
    prompt: str
    choices: tuple[str, ...]
    seconds: float
    kind: Kind = "text"
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """The question has reached a platform; its end `moved` because it was late."""

    platform: Platform
    number: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """Choices (by their index) or a number (none) were taken; whether they are right stays secret for now.

    `left` is how many more times this answer may be changed.
    """

    by: Player
    number: int
    choices: tuple[int, ...]
    left: int = 0
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """A free-text answer was right, `after` seconds into the question."""

    by: Player
    number: int
    after: float


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A player's answer to the open question no longer counts."""

    by: Player
    number: int


@dataclass(frozen=True, slots=True)
class Hinted:
    """Hint `index` (from 1) of `total` for question `number`."""

    number: int
    index: int
    total: int
    text: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A host gave question `number` more time; `remaining` seconds are left."""

    number: int
    remaining: float


@dataclass(frozen=True, slots=True)
class Closed:
    """Question `number` is over: what was right and who was, quickest first.

    `right` holds the right choices' indexes, in their order for an order; `answered` counts everybody whose answer was
    taken; `left` is how many are still in, None where nobody is ever out; `gap` is how far off the nearest number
    was, None when it was the right one or none was asked for; `waits` means that the next question waits for the host.
    """

    number: int
    total: int
    answer: str
    right: tuple[int, ...]
    explanation: str
    source: str
    solvers: tuple[Solver, ...]
    answered: int
    prompt: str = ""
    left: int | None = None
    gap: float | None = None
    work: str = ""
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """A host accepts `text` as well; when question `number` was over, `closed` is how it ends now."""

    number: int
    text: str
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Credited:
    """What a player said about question `number` counts if a host now accepts it."""

    by: Player
    number: int


@dataclass(frozen=True, slots=True)
class Undone:
    """A host took back the points of question `number`; nobody is out because of it."""

    number: int


@dataclass(frozen=True, slots=True)
class SideCount:
    """How one platform did: its players and their right answers."""

    platform: Platform
    players: int
    right: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The round is over: at its end, `stopped` by a host, or `idle` as nobody answered; `asked` questions were closed.

    `hardest` is the question that the smallest part of the answers got right, empty when all got it right or nobody
    answered.
    """

    title: str
    asked: int
    players: int
    standings: tuple[Standing, ...]
    stopped: bool
    idle: bool = False
    sides: tuple[SideCount, ...] = ()
    hardest: str = ""
    teams: tuple[TeamStanding, ...] = ()


Event = (
    Opened
    | Joined
    | Asked
    | Reached
    | Answered
    | Solved
    | Withdrawn
    | Hinted
    | Extended
    | Closed
    | Accepted
    | Credited
    | Undone
    | Finished
)
