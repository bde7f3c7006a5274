"""Reading pauses as hosts ask for them, the same for both faces: how long, of which kind; and what they correct."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from bot.batch import Receipt
from bot.hall import Hall
from bot.people import People
from bot.readings import Readings
from bot.storage.rooms import Room
from bot.wording.pause import untitled
from bot.wording.speech import Speech
from games.core import Refusal, Role
from games.dates import take_minutes
from games.matching import fold
from games.pause import LEAST_MINUTES, MOST_MINUTES, Amended, Kind, Pause, PauseOptions, Quiet
from games.readers import Book, tidy_title
from games.reading_log import Amount, read_log
from games.turns import Reading, read_work


@dataclass(frozen=True, slots=True)
class Preset:
    """A pause ready made: minutes of a block, how many blocks, minutes between two."""

    minutes: int
    blocks: int = 1
    rest: int = 10


KINDS = frozenset({"pause"})
"""The kinds of session that commands on pauses act on."""

UNITS = frozenset({"min", "mn", "minute", "minutes"})
_MINUTES = re.compile(r"([0-9]+)(?:min|mn)?", re.IGNORECASE)

PRESETS: Mapping[str, Preset] = {
    "quarter": Preset(15),
    "long": Preset(45),
    "marathon": Preset(45, blocks=3),
}

PRESET_WORDS: Mapping[str, tuple[str, ...]] = {
    "quarter": ("quarter", "quartdheure", "quart"),
    "long": ("long", "longue"),
    "marathon": ("marathon",),
}
"""The words for each preset, folded, English first."""

KIND_WORDS: Mapping[Kind, tuple[str, ...]] = {
    "silent": ("silent", "silence", "silencieuse", "silencieux"),
    "aloud": ("aloud", "voix", "voixhaute", "hautevoix"),
    "free": ("free", "libre"),
}
"""The words for each kind, folded, English first."""


QUIET_WORDS: Mapping[Quiet, tuple[str, ...]] = {
    "slow": ("slow", "lent", "lente", "calme"),
    "emotes": ("emotes", "emote"),
}
"""The words for each way to have the chats quiet while people read, folded, English first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for; None and an empty title are what the preset and the room make of it."""

    minutes: int | None = None
    preset: str = "quarter"
    kind: Kind = "silent"
    title: str = ""
    quiet: Quiet = ""
    work: str = ""

    @property
    def text(self) -> Reading:
        """What is read aloud."""
        return read_work(self.work)


@dataclass(frozen=True, slots=True)
class Occasion:
    """How a pause that was planned comes about; see `games.pause.PauseOptions`."""

    planned: int
    host: str = ""
    late: float = 0.0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody read, as a host set it."""

    name: str
    amount: Amount


def preset_of(word: str) -> str | None:
    """Return the preset that a word means."""
    folded = fold(word).replace(" ", "")
    return next((preset for preset, words in PRESET_WORDS.items() if folded in words), None)


def kind_of(word: str) -> Kind | None:
    """Return the kind that a word means."""
    folded = fold(word).replace(" ", "")
    return next((kind for kind, words in KIND_WORDS.items() if folded in words), None)


def quiet_of(word: str) -> Quiet | None:
    """Return how quiet a word means the chats to be."""
    folded = fold(word).replace(" ", "")
    return next((quiet for quiet, words in QUIET_WORDS.items() if folded in words), None)


def read_wish(text: str) -> Wish:
    """Read "minutes, preset, kind, quiet, title", each optional; the title is what comes after.

    In a pause that is read aloud, "title ; author" is not what the pause is called, but what is read.

    Raises:
        Refusal: `no-number`, for minutes out of range.
    """
    minutes, preset, kind, quiet = None, None, None, None
    words = _in_minutes(text).split()
    while words:
        if minutes is None and (said := _MINUTES.fullmatch(words[0])) is not None:
            minutes = _minutes(said[1])
        elif preset is None and (found := preset_of(words[0])) is not None:
            preset = found
        elif kind is None and (meant := kind_of(words[0])) is not None:
            kind = meant
        elif quiet is None and (calm := quiet_of(words[0])) is not None:
            quiet = calm
        elif minutes is None or words[0].casefold() not in UNITS:
            break
        words.pop(0)
    rest = " ".join(words)
    title, work = ("", rest) if kind == "aloud" and ";" in rest else (rest, "")
    return Wish(minutes, preset or "quarter", kind or "silent", title, quiet or "", work)


def begins_a_wish(text: str) -> bool:
    """Whether a text is meant as a pause to start: it begins with minutes or a preset."""
    first = "".join(_in_minutes(text).split()[:1])
    return _MINUTES.fullmatch(first) is not None or preset_of(first) is not None


def _in_minutes(text: str) -> str:
    """Return a text that begins with a number of minutes where it began with how long it takes in other words."""
    minutes, rest = take_minutes(text)
    return text if minutes is None or minutes > MOST_MINUTES else f"{minutes} {rest}"


def _minutes(text: str) -> int:
    if len(text) > 6 or not LEAST_MINUTES <= int(text) <= MOST_MINUTES:
        raise Refusal("no-number", text=text[:12], least=LEAST_MINUTES, most=MOST_MINUTES)
    return int(text)


class Pauses:
    """Starts reading pauses in rooms, and corrects what was read in them."""

    def __init__(self, hall: Hall, people: People, readings: Readings) -> None:
        self._hall = hall
        self._people = people
        self._readings = readings

    def start(self, room: Room, wish: Wish, role: Role) -> Receipt:
        """Start a pause; raises `Refusal` when the hall refuses."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        options = _options(room, wish)
        return self._hall.start(room, "pause", options.title, options.as_json(), role)

    def start_planned(self, room: Room, wish: Wish, occasion: Occasion) -> Receipt:
        """Start a pause that was planned; raises `Refusal` when the hall refuses."""
        options = replace(_options(room, wish), **asdict(occasion))
        return self._hall.start(room, "pause", options.title, options.as_json(), Role.HOST)

    def running(self, room: Room) -> Pause | None:
        """Return the pause that is on in a room."""
        session = self._hall.running(room.id)
        activity = session.activity if session is not None else None
        return activity if isinstance(activity, Pause) else None

    async def reader_names(self, room: Room) -> list[str]:
        """Return the names of those who read in the pause that is on, or else in the last one."""
        _, people = await self._readers(room)
        return [name for key in people if (name := self._people.name(key))]

    async def amend(self, room: Room, role: Role, text: str) -> Correction:
        """Set what somebody read: "name, how much". In the pause that is on, or else in the last one of the room.

        Raises:
            Refusal: `hosts-only`, `no-pause`, `not-a-reader`, `same-name`, or what is wrong with the amount.
            NotKeptError: it could not be written.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        session_id, people = await self._readers(room)
        person, what = self._named(people, text)
        name = self._people.name(person)
        if self.running(room) is not None:
            receipt = self._hall.act(room.id, role, "amend", f"{person} {what}")
            await receipt.committed()
            for event in receipt.events:
                if isinstance(event, Amended):
                    return Correction(name, Amount(event.unit, event.amount))
            return await self.amend(room, role, text)  # the clock was served first, this is next
        if session_id is None:
            raise Refusal("no-pause")
        amount = Book().resolve(read_log(what))
        await self._readings.correct(session_id, person, amount)
        return Correction(name, amount)

    async def _readers(self, room: Room) -> tuple[int | None, list[int]]:
        pause = self.running(room)
        if pause is not None:
            return None, [part.player.id for part in pause.record()]
        return await self._readings.last_readers(room)

    def _named(self, people: Iterable[int], text: str) -> tuple[int, str]:
        """Return whose name a text begins with, and what follows it; the longest name counts."""
        words, keys = text.split(), list(people)
        for count in range(len(words) - 1, 0, -1):
            typed = _folded(" ".join(words[:count]).removeprefix("@"))
            found = [key for key in keys if _folded(self._people.name(key)) == typed]
            if len(found) > 1:
                raise Refusal("same-name")
            if found:
                return found[0], " ".join(words[count:])
        raise Refusal("not-a-reader")


def _options(room: Room, wish: Wish) -> PauseOptions:
    preset = PRESETS[wish.preset]
    return PauseOptions(
        tidy_title(wish.title) or untitled(Speech(room.locale)),
        wish.kind,
        seconds=(wish.minutes or preset.minutes) * 60.0,
        blocks=preset.blocks,
        rest=preset.rest * 60.0,
        quiet=wish.quiet,
        work=wish.work if wish.kind == "aloud" else "",
    )


def lasting(wish: Wish) -> int:
    """Return how many minutes a pause takes in all, the rests between its blocks included."""
    preset = PRESETS[wish.preset]
    return (wish.minutes or preset.minutes) * preset.blocks + preset.rest * (preset.blocks - 1)


def _folded(name: str) -> str:
    return fold(name) or name.casefold()
