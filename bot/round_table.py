"""Rounds of the table as hosts ask for them, the same for both faces: how long, who begins, who sits there already."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.batch import Receipt
from bot.clubs import Clubs
from bot.hall import Hall
from bot.people import Visitor
from bot.storage import meetings, people
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.wording.round_table import title
from bot.wording.speech import Speech
from games.core import Player, Refusal, Role
from games.matching import fold
from games.round_table import Order, RoundOptions, RoundTable

LEAST_MINUTES: Final = 1
MOST_MINUTES: Final = 15
"""Minutes that each may be given."""

SLOW: Final = 1.5
"""What the slow pace makes of every time."""

RANDOM_WORDS: Final = frozenset({"random", "hasard", "au hasard", "tirage", "draw"})
JOINED_WORDS: Final = frozenset({"joined", "arrivee", "ordre"})
SLOW_WORDS: Final = frozenset({"slow", "lent", "lente", "tranquille"})
"""The words for who begins and for the pace, folded, English first."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host asked for."""

    minutes: int = 3
    order: Order = "joined"
    stretch: float = 1.0


def read_wish(text: str) -> Wish:
    """Read "minutes, who begins, pace", each optional and in any order.

    Raises:
        Refusal: `no-number`, for minutes out of range and words that mean nothing here.
    """
    minutes, order, stretch = 3, "joined", 1.0
    for word in text.replace(",", " ").split():
        folded = fold(word)
        if folded in RANDOM_WORDS:
            order = "random"
        elif folded in SLOW_WORDS:
            stretch = SLOW
        elif folded not in JOINED_WORDS | {"min", "minute", "minutes", "au"}:
            minutes = _minutes(folded.removesuffix("min"), word)
    return Wish(minutes, "random" if order == "random" else "joined", stretch)


def _minutes(number: str, word: str) -> int:
    digits = number.isascii() and number.isdecimal() and len(number) < 4
    if not digits or not LEAST_MINUTES <= int(number) <= MOST_MINUTES:
        raise Refusal("no-number", text=word[:12], least=LEAST_MINUTES, most=MOST_MINUTES)
    return int(number)


class RoundTables:
    """Starts rounds, and knows who may lead them: the library's hosts, and the leaders of a club that meets there."""

    def __init__(self, database: Database, hall: Hall, clubs: Clubs) -> None:
        self._database = database
        self._hall = hall
        self._clubs = clubs

    def running(self, room: Room) -> RoundTable | None:
        """Return the round that is on in a room."""
        session = self._hall.running(room.id)
        activity = session.activity if session is not None else None
        return activity if isinstance(activity, RoundTable) else None

    async def role(self, room: Room, visitor: Visitor, role: Role) -> Role:
        """Return what somebody may do about rounds in a room."""
        if role >= Role.HOST:
            return role
        for club in await self._clubs.here(room):
            if await self._clubs.leads(club, visitor, role):
                return Role.HOST
        return role

    async def start(self, room: Room, wish: Wish, visitor: Visitor, role: Role) -> Receipt:
        """Start a round; those who are at the meeting that goes on in the room sit at the table already.

        Raises:
            Refusal: `hosts-only`, or what the hall says.
        """
        role = await self.role(room, visitor, role)
        if role < Role.HOST:
            raise Refusal("hosts-only")
        called = title(Speech(room.locale))
        times = RoundOptions(called)
        options = RoundOptions(
            called,
            wish.minutes * 60.0 * wish.stretch,
            times.gather * wish.stretch,
            wish.order,
        )
        present = await self._present(room)
        receipt = self._hall.start(room, "round", called, options.as_json(), role)
        if seats := " ".join(f"{player.platform}:{player.id}" for player in present):
            with suppress(Refusal):  # it was ended meanwhile
                self._hall.act(room.id, role, "seat", seats)
        return receipt

    async def _present(self, room: Room) -> list[Player]:
        """Return who is at the meeting that goes on in a room, in the order in which they first took part anywhere."""
        found = await meetings.open_in(self._database, room.id)
        if not found:
            return []
        there = await meetings.present(self._database, found[0].id)
        platforms = await people.platforms(self._database, there)
        return [Player(key, platforms[key]) for key in sorted(platforms)]

    async def act(
        self, room: Room, action: str, visitor: Visitor, role: Role, turn: str = ""
    ) -> Receipt:
        """Let somebody who leads act on the round, or on just that `turn` of it.

        Raises:
            Refusal: `no-round`, `hosts-only`, or what the rules say.
        """
        role = await self.role(room, visitor, role)
        if self.running(room) is None:
            raise Refusal("no-round")
        return self._hall.act(room.id, role, action, turn)

    def wish(self, room: Room, wish: str, visitor: Visitor) -> Receipt:
        """Let somebody sit down, pass, or say that they have finished.

        Raises:
            Refusal: `no-round`, or what the rules say.
        """
        if self.running(room) is None:
            raise Refusal("no-round")
        return self._hall.wished(room.id, visitor, wish)
