"""A room that reads: an activity in small that asks for quiet, chats whose settings a test sees and breaks, a house."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from bot.batch import Receipt
from bot.quiet import Mode, Quiet
from bot.session import Session
from bot.storage.rooms import Room
from games.core import Did, Part, Platform, Play, Role, Said, Scene, Ticked
from tests.hall_stage import House
from tests.waiting import until

HELLO, READING = 5.0, 60.0
PHASES = ("hello", "reading", "break", "reading", "over")


@dataclass(frozen=True, slots=True)
class Turned:
    """A phase has begun."""

    phase: str


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody said that they are there."""


class Reading:
    """Hello, reading, a break, reading again, over; `mode` is how quiet reading is."""

    def __init__(self, mode: str, later: str) -> None:
        self._modes = (mode, later)
        self._step = 0
        self._ends = HELLO

    @classmethod
    def from_json(cls, options: Mapping[str, Any], _seed: int) -> Self:
        return cls(options["mode"], options.get("later", options["mode"]))

    @property
    def deadline(self) -> float | None:
        return None if self.over else self._ends

    @property
    def over(self) -> bool:
        return PHASES[self._step] == "over"

    def play(self, play: Play, now: float) -> tuple[Any, ...]:
        match play:
            case Said(_, "bug"):
                raise ArithmeticError
            case Said():
                return (Heard(),)
            case Did(_, "stop"):
                return self._turn(len(PHASES) - 1, now)
            case Did(_, "skip"):
                return self._turn(self._step + 1, now)
            case Ticked() if not self.over and now >= self._ends:
                return self._turn(self._step + 1, now)
        return ()

    def _turn(self, step: int, now: float) -> tuple[Any, ...]:
        self._step, self._ends = step, now + READING
        return (Turned(PHASES[step]),)

    def scene(self) -> Scene:
        reads = PHASES[self._step] == "reading"
        # The last scene of all still asks: what is over is not asked any more.
        quiet = self._modes[self._step > 2] if reads or self.over else "none"
        return Scene("Lire", PHASES[self._step], self._step, 5, self.deadline, quiet=quiet)

    def record(self) -> tuple[Part, ...]:
        return ()


@dataclass
class FakeChats:
    """One platform's chats: `set` is how each is set now, `calls` what was asked, the faults what calls raise."""

    platform: Platform
    modes: frozenset[Mode]
    set: dict[str, dict[str, int]] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    changes: list[dict[str, int]] = field(default_factory=list)
    read_fault: Exception | None = None
    change_fault: Exception | None = None
    taken_fault: Exception | None = None
    """Raised after a change was taken: its answer is lost."""
    free: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, changes wait before they are taken."""
    answers: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, reading waits."""
    before_change: Any = None

    def __post_init__(self) -> None:
        self.free.set()
        self.answers.set()

    def channel(self, room: Room) -> str | None:
        return {"discord": room.discord_channel_id, "twitch": room.twitch_channel_id}[self.platform]

    async def read(self, channel_id: str) -> dict[str, int]:
        self.calls.append(("read", channel_id))
        await self.answers.wait()
        if self.read_fault is not None:
            raise self.read_fault
        return dict(self.set.get(channel_id, {}))

    async def change(self, channel_id: str, changes: Mapping[str, int]) -> None:
        self.calls.append(("change", channel_id))
        if self.before_change is not None:
            await self.before_change()
        await self.free.wait()
        if self.change_fault is not None:
            raise self.change_fault
        self.set[channel_id].update(changes)
        self.changes.append(dict(changes))
        if self.taken_fault is not None:
            raise self.taken_fault

    def down(self, fault: Exception | None) -> None:
        """Let both calls raise this, or work again."""
        self.read_fault = self.change_fault = fault


def resting(quiet: Quiet) -> bool:
    """Tell whether nothing is under way; a channel that waits to try again is not."""
    return all(
        place.task is None or place.task.done() or bool(place.nudge._waiters)  # type: ignore[attr-defined]
        for place in quiet._places.values()
    )


class QuietHouse(House):
    """The engine with quiet on both platforms. The chats are the platforms' and live on when the engine does not."""

    quiet: dict[Platform, Quiet]
    successor: "QuietHouse | None" = None

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.gone = False
        self.activities = {"reading": Reading.from_json}
        self.on_discord = FakeChats("discord", frozenset({"slow"}), {"d1": {"slow": 0}})
        self.on_twitch = FakeChats(
            "twitch", frozenset({"slow", "emotes"}), {"t1": {"slow": 0, "emotes": 0}}
        )
        self.told: list[tuple[Platform, int, str]] = []

    async def open(self) -> Self:
        await super().open()
        self.quiet = {chats.platform: self._quiet(chats) for chats in self.chats}
        for quiet in self.quiet.values():
            self.hall.add_side(quiet)
            await quiet.open(self.rooms.by_id)
        return self

    @property
    def chats(self) -> tuple[FakeChats, FakeChats]:
        return self.on_discord, self.on_twitch

    def _quiet(self, chats: FakeChats) -> Quiet:
        def tell(room: Room, text: str) -> None:
            self.told.append((chats.platform, room.id, text))

        def running(room_id: int) -> Session | None:
            return self.hall.running(room_id)

        return Quiet(self.database, self.clock, chats, running, tell)

    async def close(self) -> None:
        self.gone = True
        self.database.free.set()
        await self.hall.close()
        for quiet in self.quiet.values():
            await quiet.close(0.5)
        await self.hall.finish()
        await self.database.close()

    async def crash(self) -> None:
        self.gone = True
        for quiet in self.quiet.values():
            quiet.give_up()
        tasks = [place.task for quiet in self.quiet.values() for place in quiet._places.values()]
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)
        await super().crash()

    async def again(self) -> "QuietHouse":
        """Return the next run, over the same file and the same platforms."""
        house = QuietHouse(self.path, self.clock)
        house.activities = self.activities
        house.on_discord, house.on_twitch = self.chats
        self.successor = house
        return await house.open()

    async def close_last(self) -> None:
        """Close whichever run is open."""
        last = self
        while last.successor is not None:
            last = last.successor
        if not last.gone:
            await last.close()

    async def both_up(self) -> None:
        """Let both platforms be there."""
        for platform, quiet in self.quiet.items():
            self.hall.wake(platform)
            quiet.wake()
        await self.calm()

    async def calm(self) -> None:
        """Wait until all that was played is committed and nothing is under way in any chat."""
        await self.hall.flush()
        await until(lambda: all(resting(quiet) for quiet in self.quiet.values()))

    def pause(self, room: Room, mode: str = "emotes", **more: str) -> Receipt:
        return self.hall.start(room, "reading", "Lire", {"mode": mode, **more}, Role.HOST)

    async def reading(self, mode: str = "emotes", **more: str) -> Room:
        """Start a pause and go to its first reading."""
        room = await self.room()
        self.pause(room, mode, **more)
        self.clock.advance(HELLO)
        await self.calm()
        return room

    async def skip(self, room: Room) -> None:
        self.hall.act(room.id, Role.HOST, "skip")
        await self.calm()

    async def act(self, room: Room, action: str) -> None:
        self.hall.act(room.id, Role.HOST, action)
        await self.calm()

    @property
    def now(self) -> tuple[dict[str, int], dict[str, int]]:
        """How the room's chats are set: Discord's, Twitch's."""
        return self.on_discord.set["d1"], self.on_twitch.set["t1"]

    async def rows(self) -> list[Any]:
        return await self.sql("SELECT platform, mode, former, wanted, changed FROM quiet")
