"""Houses: which there are, and who belongs to which. A house is a team that lasts, a branch of the network."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rapidfuzz import process

from bot.clock import Clock
from bot.people import People, Visitor, visible
from bot.storage import houses
from bot.storage.database import Database
from bot.storage.houses import House
from games.core import Refusal, Role
from games.matching import Verdict, fold, judge

LONGEST, MOST = 40, 12
"""Characters in a house's name, and houses in a network."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody belongs to a house now; `newcomer` when nothing was kept of them before."""

    house: House
    newcomer: bool


def read_renaming(text: str) -> tuple[str, str] | None:
    """Read "old name = new name"; None when it is anything else."""
    old, sign, new = text.partition("=")
    return (old.strip(), new.strip()) if sign and old.strip() and new.strip() else None


class Houses:
    """All houses, found by their names without waiting. Names are found whatever their case, accents and slips."""

    def __init__(
        self,
        database: Database,
        people: People,
        clock: Clock,
        known: Iterable[House],
        *,
        locale: str,
    ) -> None:
        self._database = database
        self._people = people
        self._clock = clock
        self._locale = locale
        self._houses = {house.id: house for house in known}

    @classmethod
    async def load(cls, database: Database, people: People, clock: Clock, *, locale: str) -> Self:
        """Read all houses; `locale` is the language that their names are in."""
        return cls(database, people, clock, await houses.load(database), locale=locale)

    @property
    def all(self) -> Sequence[House]:
        """Every house, in the order of their names."""
        return sorted(self._houses.values(), key=lambda house: fold(house.name))

    def members(self) -> Mapping[int, int]:
        """Return the house's id of everybody who belongs to one, by person's id."""
        return self._people.members()

    def sizes(self) -> Mapping[int, int]:
        """Return how many belong to each house, by its id."""
        counts = Counter(self.members().values())
        return {key: counts[key] for key in self._houses}

    def house_of(self, person_id: int) -> House | None:
        """Return the house that a person belongs to, if any."""
        key = self._people.house_id(person_id)
        return None if key is None else self._houses.get(key)

    def own(self, visitor: Visitor) -> House | None:
        """Return the house that a visitor belongs to, if any."""
        person = self._people.find(visitor.platform, visitor.user_id)
        return self.house_of(person.id) if person else None

    def find(self, name: str) -> House:
        """Return the house that `name` means: exactly, or the only one that it may be a slip for.

        Raises:
            Refusal: `no-houses` while there are none, else `no-house` with the names of all.
        """
        if not self._houses:
            raise Refusal("no-houses")
        if (exact := self._named(name)) is not None:
            return exact
        near = [house for house in self.all if self._means(name, house)]
        if len(near) != 1:
            names = ", ".join(house.name for house in self.all)
            raise Refusal("no-house", name=visible(name)[:LONGEST], houses=names)
        return near[0]

    def nearest(self, typed: str) -> list[House]:
        """Return the houses, those whose names are near to what was typed first."""
        if not fold(typed):
            return list(self.all)
        names = {house.id: fold(house.name) for house in self.all}
        ranked = process.extract(fold(typed), names, limit=MOST)
        return [self._houses[key] for _, _, key in ranked]

    async def add(self, name: str, role: Role) -> House:
        """Add a house.

        Raises:
            Refusal: `moderators-only`, `house-name`, `house-exists`, `too-many-houses`.
        """
        _require_moderator(role)
        async with self._database.transaction() as transaction:
            name = self._free(name)
            if len(self._houses) >= MOST:
                raise Refusal("too-many-houses", most=MOST)
            house = await houses.add(transaction, name, fold(name), self._clock.wall())
        self._houses[house.id] = house
        return house

    async def rename(self, name: str, new: str, role: Role) -> House:
        """Give a house another name and return it as it is now; its members stay.

        Raises:
            Refusal: `moderators-only`, `house-name`, `house-exists`, or as `find`.
        """
        _require_moderator(role)
        async with self._database.transaction() as transaction:
            key = self.find(name).id
            house = House(key, self._free(new, besides=key))
            await houses.rename(transaction, house, fold(house.name))
        self._houses[key] = house
        return house

    async def remove(self, name: str, role: Role) -> House:
        """Remove a house and return what it was; who belonged to it belongs to none.

        Raises:
            Refusal: `moderators-only`, or as `find`.
        """
        _require_moderator(role)
        async with self._database.transaction() as transaction:
            house = self.find(name)
            await houses.remove(transaction, house.id)
        del self._houses[house.id]
        self._people.scatter(house.id)
        return house

    async def join(self, visitor: Visitor, name: str) -> Joined:
        """Let the visitor belong to a house, and to no other; somebody new becomes a person.

        Raises:
            Refusal: as `find`; `not-kept`, when they were erased meanwhile.
        """
        self.find(name)
        newcomer = self._people.find(visitor.platform, visitor.user_id) is None
        async with self._people.changing(visitor) as (person, transaction):
            house = self.find(name)  # it may have been renamed or removed while this waited
            await houses.settle_in(transaction, person.id, house.id)
        person.house_id = house.id
        return Joined(house, newcomer)

    async def leave(self, visitor: Visitor) -> House:
        """Let the visitor belong to no house any more; return the one they left.

        Raises:
            Refusal: `no-own-house`; `not-kept`, when they were erased meanwhile.
        """
        house = self.own(visitor)
        if house is None:
            raise Refusal("no-own-house")
        async with self._people.changing(visitor) as (person, transaction):
            await houses.settle_in(transaction, person.id, None)
        person.house_id = None
        return house

    def _named(self, name: str) -> House | None:
        key = fold(name)
        return next((house for house in self._houses.values() if fold(house.name) == key), None)

    def _means(self, name: str, house: House) -> bool:
        return judge(name, (house.name,), locale=self._locale) is Verdict.RIGHT

    def _free(self, name: str, besides: int | None = None) -> str:
        """Return a name as it may be given to a house that is not `besides`."""
        name = visible(name).strip("«»“”\"' ")
        if not fold(name) or len(name) > LONGEST:
            raise Refusal("house-name", most=LONGEST)
        taken = self._named(name)
        if taken is not None and taken.id != besides:
            raise Refusal("house-exists", name=taken.name)
        return name


def _require_moderator(role: Role) -> None:
    if role < Role.MODERATOR:
        raise Refusal("moderators-only")
