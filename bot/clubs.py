"""Book clubs: which there are, where they meet, who belongs to them and who leads them.

A club meets in several rooms, and a room may be home to several clubs. It is led by its own hosts, and by the library's
staff. Its books are in `bot/club_books.py`, its votes in `bot/votes.py`.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final, Literal

import aiosqlite
from rapidfuzz import process

from bot.clock import Clock
from bot.people import People, Visitor, visible
from bot.storage import agenda, clubs, people, votes
from bot.storage.clubs import Access, Club, Standing
from bot.storage.database import Database
from bot.storage.rooms import Room
from games.core import OPEN, Refusal, Role
from games.matching import Verdict, fold, judge

LONGEST_NAME, LONGEST_DESCRIPTION = 40, 200
"""Characters."""

MOST: Final = 100
"""Clubs in a network."""

MEMBERS: Final[Set[Standing]] = frozenset({"member", "cohost", "host"})
"""What whoever belongs to a club may be in it."""

LEADERS: Final[Set[Standing | None]] = frozenset({"cohost", "host"})

# fmt: off
ACCESS: Mapping[Access, tuple[str, ...]] = {
    "public": ("public", "publique", "open", "ouvert"),
    "approval": ("approval", "by approval", "approbation", "sur approbation", "sur demande"),
}
"""The words for how one joins, as they are compared."""

STANDINGS: Mapping[Standing, tuple[str, ...]] = {
    "host": ("host", "animation", "animatrice", "animateur"),
    "cohost": ("cohost", "co host", "coanimation", "co animation"),
    "member": ("member", "membre"),
}
"""The words for what somebody is made in a club."""
# fmt: on

_NUMBER = re.compile(r"#\s*([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be said of a club; None leaves it as it is."""

    name: str | None = None
    description: str | None = None
    access: Access | None = None

    @property
    def some(self) -> bool:
        """Whether anything is to change."""
        return any(what is not None for what in (self.name, self.description, self.access))


@dataclass(frozen=True, slots=True)
class Joined:
    """What somebody is in a club now; `newcomer` when nothing was kept of them before."""

    club: Club
    standing: Standing
    newcomer: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person in a list of a club, by their number and by the name they show."""

    id: int
    name: str


Leaving = Callable[[int, int], Awaitable[None]]
"""What is told of a person who leaves a club, by their numbers."""

Reply = Literal["welcome", "declined"]
"""What hosts say to a wish to join."""

Request = Literal["asked"] | Reply
"""What becomes of a wish to join: hosts hear of it, and say yes or no."""

Telling = Callable[
    [aiosqlite.Connection, Club, Request, Sequence[int], Room | None], Awaitable[None]
]
"""Plans that people hear of it, by their numbers; a chat in which it was answered aloud is named."""


def split(text: str, *, prose: bool = True) -> tuple[str, str]:
    """Read "something @ club"; the club is empty when none is named.

    In prose an @ that a word follows at once belongs to what is said: it may call somebody by name.
    Elsewhere, after numbers or nothing, "@club" names one too.
    """
    *something, club = re.split(r"(?<!\S)@(?!\S)" if prose else "@", text)
    return ("@".join(something).strip(), club.strip()) if something else (text.strip(), "")


def access_of(word: str) -> Access | None:
    """Return how one joins, as a word means it."""
    return next((access for access, words in ACCESS.items() if fold(word) in words), None)


def standing_of(word: str) -> Standing | None:
    """Return what somebody is to be in a club, as a word means it."""
    return next((standing for standing, words in STANDINGS.items() if fold(word) in words), None)


def read_changes(text: str) -> tuple[str, Changes]:
    """Read "club = new name ; description ; public", the last two in any order; return the club and the changes."""
    first, *rest = (part.strip() for part in text.split(";"))
    name, sign, new = (part.strip() for part in first.partition("="))
    access: Access | None = None
    said: list[str] = []
    for part in filter(None, rest):
        if (found := access_of(part)) is not None:
            access = found
        else:
            said.append(part)
    return name, Changes(new if sign else None, " ; ".join(said) if said else None, access)


def read_appointment(text: str) -> tuple[str, str]:
    """Read "somebody = cohost"; return the name and the word, which may be empty."""
    name, _, word = text.rpartition("=") if "=" in text else (text, "", "")
    return name.strip(), word.strip()


def meant(typed: str, names: Mapping[int, str], locale: str) -> list[int]:
    """Return the keys that a typed name means: of those called just so, else of all that it may be a slip for."""
    exact = [key for key, name in names.items() if fold(name) == fold(typed)]
    near = (k for k, name in names.items() if judge(typed, (name,), locale=locale) is Verdict.RIGHT)
    return exact or list(near)


class Clubs:
    """All clubs. Names are found whatever their case, accents and slips."""

    def __init__(self, database: Database, people: People, clock: Clock, *, locale: str) -> None:
        """`locale` is the language that the clubs' names are in."""
        self._database = database
        self._people = people
        self._clock = clock
        self._locale = locale
        self._leaving: list[Leaving] = []
        self._endings: list[
            tuple[Callable[[aiosqlite.Connection, Club], Awaitable[None]], Callable[[], None]]
        ] = []
        self._requests: list[tuple[Telling, Callable[[], None]]] = []

    def on_request(self, tell: Telling, after: Callable[[], None]) -> None:
        """Have people told of a wish to join: `tell` plans it in the transaction, `after` follows the commit."""
        self._requests.append((tell, after))

    def on_leaving(self, told: Leaving) -> None:
        """Have `told` called before somebody belongs to a club no more: what they hold there goes with it."""
        self._leaving.append(told)

    def on_end(
        self,
        ending: Callable[[aiosqlite.Connection, Club], Awaitable[None]],
        after: Callable[[], None],
    ) -> None:
        """Have something done in the transaction in which a club ends, while its rooms are still its, and after it."""
        self._endings.append((ending, after))

    # finding

    async def here(self, room: Room | None) -> list[Club]:
        """Return the clubs of a room, in the order of their names."""
        return await clubs.of_room(self._database, room.id) if room else []

    async def of(self, visitor: Visitor) -> dict[int, Standing]:
        """Return what a visitor is in the clubs that they belong to or asked to, by club's id."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return {}
        found = await clubs.of_person(self._database, person.id)
        return {club.id: standing for club, standing in found}

    async def sizes(self, found: Iterable[Club]) -> dict[int, int]:
        """Return how many belong to each of these clubs, by its id."""
        return await clubs.sizes(self._database, [club.id for club in found])

    async def find(self, room: Room | None, name: str, visitor: Visitor) -> Club:
        """Return the club that is meant: by its name anywhere, or unnamed the room's only one, or the visitor's only
        one of the room's.

        Raises:
            Refusal: `no-clubs`, `no-club`, `no-club-here`, `which-club`.
        """
        if name.strip():
            return self._named(name, await clubs.running(self._database))
        here = await self.here(room)
        if not here:
            raise Refusal("no-club-here")
        if len(here) > 1:
            own = await self.of(visitor)
            here = [club for club in here if club.id in own] or here
        if len(here) > 1:
            raise Refusal("which-club", clubs=", ".join(club.name for club in here))
        return here[0]

    async def asking(self, found: Iterable[Club]) -> dict[int, int]:
        """Return how many ask to belong to each of some clubs, by club."""
        return await clubs.asking(self._database, [club.id for club in found])

    async def nearest(self, typed: str, room: Room | None) -> list[Club]:
        """Return clubs for a list, the room's own first, or those near to what was typed first."""
        here, every = await self.here(room), await clubs.running(self._database)
        if not fold(typed):
            return [*here, *(club for club in every if club not in here)]
        names = {index: fold(club.name) for index, club in enumerate(every)}
        return [every[key] for _, _, key in process.extract(fold(typed), names, limit=MOST)]

    def _named(self, name: str, every: Sequence[Club]) -> Club:
        if not every:
            raise Refusal("no-clubs")
        found = meant(name, {club.id: club.name for club in every}, self._locale)
        if len(found) != 1:
            names = ", ".join(club.name for club in every)
            raise Refusal("no-club", name=visible(name)[:LONGEST_NAME], clubs=names)
        return next(club for club in every if club.id == found[0])

    async def again(self, club: Club) -> Club:
        """Return a club as it is now; raises `Refusal` (`club-over`) when it meets no more."""
        return _among(await clubs.running(self._database), club)

    async def by_id(self, key: int) -> Club | None:
        """Return a club that meets, by its number."""
        return next((c for c in await clubs.running(self._database) if c.id == key), None)

    async def rooms(self, club: Club) -> list[int]:
        """Return the ids of a club's rooms."""
        return await clubs.rooms_of(self._database, club.id)

    # leading

    async def leads(self, club: Club, visitor: Visitor, role: Role) -> bool:
        """Return whether the visitor leads the club, or works for the library."""
        return role >= Role.HOST or (await self.of(visitor)).get(club.id) in LEADERS

    async def require_leader(self, club: Club, visitor: Visitor, role: Role) -> None:
        """Raise `Refusal` (`club-hosts-only`) unless the visitor leads the club, or works for the library."""
        if not await self.leads(club, visitor, role):
            raise Refusal("club-hosts-only")

    async def require_member(self, club: Club, visitor: Visitor, role: Role) -> None:
        """Raise `Refusal` (`members-only`) unless the visitor belongs to the club, or works for the library."""
        if role < Role.HOST and (await self.of(visitor)).get(club.id) not in MEMBERS:
            raise Refusal("members-only", club=club.name)

    async def _require_owner(self, club: Club, visitor: Visitor, role: Role) -> None:
        """Some things are for a club's hosts, not for those who only help them."""
        if role < Role.MODERATOR and (await self.of(visitor)).get(club.id) != "host":
            raise Refusal("club-owners-only")

    async def create(self, room: Room, visitor: Visitor, changes: Changes, role: Role) -> Joined:
        """Create a club that meets in a room; whoever does it is its host.

        Raises:
            Refusal: `hosts-only`, `club-name`, `club-description`, `club-exists`, `too-many-clubs`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        async with self._people.changing(visitor) as (person, transaction):
            every = await clubs.running(self._database)
            if len(every) >= MOST:
                raise Refusal("too-many-clubs", most=MOST)
            name = _free(changes.name or "", every)
            described = _described(changes.description or "")
            access, at = changes.access or "public", self._clock.wall()
            club = await clubs.add(transaction, name, fold(name), described, access, at)
            await clubs.attach(transaction, club.id, room.id)
            await clubs.place(transaction, club.id, person.id, "host")
            newcomer = self._people.unwritten(person.id) is not None
        return Joined(club, "host", newcomer)

    async def edit(self, club: Club, visitor: Visitor, changes: Changes, role: Role) -> Club:
        """Change what is said of a club, and how one joins; return it as it is now.

        Raises:
            Refusal: `club-owners-only`, `club-name`, `club-description`, `club-exists`, `club-over`.
        """
        await self._require_owner(club, visitor, role)
        async with self._database.transaction() as transaction:
            every = await clubs.running(self._database)
            club = _among(every, club)
            if changes.name is not None:
                club = replace(club, name=_free(changes.name, every, besides=club.id))
            if changes.description is not None:
                club = replace(club, description=_described(changes.description))
            club = replace(club, access=changes.access or club.access)
            await clubs.save(transaction, club, fold(club.name))
        return club

    async def end(self, club: Club, visitor: Visitor, role: Role) -> None:
        """Let a club meet no more; its members are forgotten, its books stay for reports.

        Raises:
            Refusal: `club-owners-only`, `club-votes`, `club-over`.
        """
        await self._require_owner(club, visitor, role)
        async with self._database.transaction() as transaction:
            if await votes.current(self._database, club.id) is not None:
                raise Refusal("club-votes")
            for ending, _ in self._endings:
                await ending(transaction, club)
            at = self._clock.wall()
            if not await clubs.end(transaction, club.id, at):
                raise Refusal("club-over")
            await agenda.end_of_club(transaction, club.id, at)
        for _, after in self._endings:
            after()
        await self._database.scrub()

    async def attach(self, club: Club, room: Room, role: Role) -> None:
        """Make a room one of a club's rooms; raises `Refusal` (`hosts-only`, `club-over`)."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        async with self._database.transaction() as transaction:
            _among(await clubs.running(self._database), club)
            await clubs.attach(transaction, club.id, room.id)

    async def detach(self, club: Club, room: Room, role: Role) -> None:
        """Take a room from a club; raises `Refusal` (`hosts-only`, `club-elsewhere`)."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        async with self._database.transaction() as transaction:
            if not await clubs.detach(transaction, club.id, room.id):
                raise Refusal("club-elsewhere")

    # belonging

    async def join(self, club: Club, visitor: Visitor) -> Joined:
        """Let the visitor belong to a club, or ask its hosts; somebody new becomes a person.

        Raises:
            Refusal: `already-member`, `already-asked`, `club-over`; `not-kept`, when they were erased meanwhile.
        """
        async with self._people.changing(visitor) as (person, transaction):
            club = _among(await clubs.running(self._database), club)
            match await clubs.standing_in(transaction, club.id, person.id):
                case None:
                    standing: Standing = "member" if club.access == "public" else "asked"
                case "asked" if club.access == "approval":
                    raise Refusal("already-asked")
                case "asked":
                    standing = "member"
                case _:
                    raise Refusal("already-member")
            if standing == "asked":
                await self._call_hosts(transaction, club)
            await clubs.place(transaction, club.id, person.id, standing)
            await self._people.seen(transaction, person)
            newcomer = self._people.unwritten(person.id) is not None
        self._requested()
        return Joined(club, standing, newcomer)

    async def leave(self, club: Club, visitor: Visitor) -> None:
        """Let the visitor belong to a club no more, or ask no more; raises `Refusal` (`not-member`)."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is not None:
            for told in self._leaving:
                await told(person.id, club.id)
        async with self._database.transaction() as transaction:
            if person is None or await clubs.drop(transaction, club.id, person.id) is None:
                raise Refusal("not-member")
        await self._database.scrub()

    async def seen_today(self, transaction: aiosqlite.Connection, visitor: Visitor) -> None:
        """Write that somebody known took part, so that retention does not take them for gone; of when the day alone."""
        await self._people.seen_today(transaction, visitor)

    async def waiting(self, club: Club, visitor: Visitor, role: Role) -> list[Somebody]:
        """Return who asked to join; raises `Refusal` (`club-hosts-only`)."""
        await self.require_leader(club, visitor, role)
        return await self._who(club, {"asked"})

    async def aloud(self, waiting: Sequence[Somebody]) -> list[str]:
        """Return the names of those who asked before everybody, being nowhere but where nothing is private."""
        homes = await people.platforms(self._database, [one.id for one in waiting])
        return [one.name for one in waiting if homes.get(one.id) in OPEN]

    async def belonging(self, club: Club, visitor: Visitor, role: Role) -> list[Somebody]:
        """Return who belongs to a club; raises `Refusal` (`club-hosts-only`)."""
        await self.require_leader(club, visitor, role)
        return await self._who(club, MEMBERS)

    async def approve(
        self, club: Club, name: str, visitor: Visitor, role: Role, read_in: Room | None = None
    ) -> Somebody:
        """Let somebody who asked belong to a club: named, or by their number ("#12"); they are told.

        `read_in` is the room whose chat reads the answer to whoever does it.

        Raises:
            Refusal: `club-hosts-only`, `nobody-called`, `which-person`, `answered-already`.
        """
        somebody = self._one(name, await self.waiting(club, visitor, role))
        await self._reply(club, [somebody], "welcome", read_in)
        return somebody

    async def decline(self, club: Club, name: str, visitor: Visitor, role: Role) -> Somebody:
        """Let somebody who asked not belong to a club; they are told in private. Raises like `approve`."""
        somebody = self._one(name, await self.waiting(club, visitor, role))
        await self._reply(club, [somebody], "declined")
        return somebody

    async def reply(
        self, club: Club, keys: Collection[int], reply: Reply, visitor: Visitor, role: Role
    ) -> list[Somebody]:
        """Let several who asked belong to a club, or not; return those of them who were still waiting.

        Raises:
            Refusal: `club-hosts-only`; `answered-already`, when none was.
        """
        waiting = await self.waiting(club, visitor, role)
        return await self._reply(club, [one for one in waiting if one.id in keys], reply)

    async def _reply(
        self, club: Club, people: Sequence[Somebody], reply: Reply, read_in: Room | None = None
    ) -> list[Somebody]:
        """Answer those of these people who wait, all or none, and have them told."""
        async with self._database.transaction() as transaction:
            done = [
                one
                for one in people
                if await clubs.standing_in(transaction, club.id, one.id) == "asked"
            ]
            if not done:
                raise Refusal("answered-already")
            for one in done:
                if reply == "welcome":
                    await clubs.move(transaction, club.id, one.id, "member")
                else:
                    await clubs.drop(transaction, club.id, one.id)
            await self._tell(transaction, club, reply, [one.id for one in done], read_in)
        self._requested()
        if reply == "declined":
            await self._database.scrub()
        return done

    async def appoint(
        self, club: Club, name: str, standing: Standing, visitor: Visitor, role: Role
    ) -> Somebody:
        """Make a member a host, somebody who helps the hosts, or a member like the others.

        Raises:
            Refusal: `club-owners-only`, `nobody-called`, `which-person`.
        """
        await self._require_owner(club, visitor, role)
        somebody = self._one(name, await self._who(club, MEMBERS))
        async with self._database.transaction() as transaction:
            if not await clubs.move(transaction, club.id, somebody.id, standing):
                raise Refusal("nobody-called", name=somebody.name)
        return somebody

    async def _who(self, club: Club, standings: Set[Standing]) -> list[Somebody]:
        found = await clubs.members(self._database, club.id)
        keys = sorted(key for key, standing in found.items() if standing in standings)
        return [Somebody(key, self._people.name(key)) for key in keys]

    def _one(self, name: str, known: Sequence[Somebody]) -> Somebody:
        names = {somebody.id: somebody.name for somebody in known}
        if (number := _NUMBER.fullmatch(name.strip())) is not None:
            found = [key for key in names if key == int(number[1])]
        else:
            found = meant(name.strip().removeprefix("@"), names, self._locale)
        if len(found) > 1:
            raise Refusal("which-person", numbers=", ".join(f"#{key}" for key in found))
        if not found:
            raise Refusal("nobody-called", name=visible(name)[:LONGEST_NAME])
        return Somebody(found[0], names[found[0]])

    async def _call_hosts(self, transaction: aiosqlite.Connection, club: Club) -> None:
        """Tell those who lead a club that somebody asks, unless they know of another who waits."""
        standings = await clubs.members(self._database, club.id)
        if "asked" not in standings.values():
            leaders = [key for key, standing in standings.items() if standing in LEADERS]
            await self._tell(transaction, club, "asked", leaders)

    async def _tell(
        self,
        transaction: aiosqlite.Connection,
        club: Club,
        what: Request,
        people: Sequence[int],
        read_in: Room | None = None,
    ) -> None:
        for tell, _ in self._requests:
            await tell(transaction, club, what, people, read_in)

    def _requested(self) -> None:
        for _, after in self._requests:
            after()


def _among(every: Iterable[Club], club: Club) -> Club:
    """Return a club as it is now; raises `Refusal` (`club-over`) when it meets no more."""
    for one in every:
        if one.id == club.id:
            return one
    raise Refusal("club-over")


def _free(name: str, every: Iterable[Club], besides: int | None = None) -> str:
    """Return a name as it may be given to a club that is not `besides`."""
    name = visible(name).strip("«»“”\"' ")
    if not fold(name) or len(name) > LONGEST_NAME or set("@;=#") & set(name):
        raise Refusal("club-name", most=LONGEST_NAME)
    for club in every:
        if fold(club.name) == fold(name) and club.id != besides:
            raise Refusal("club-exists", name=club.name)
    return name


def _described(text: str) -> str:
    text = visible(text)
    if len(text) > LONGEST_DESCRIPTION:
        raise Refusal("club-description", most=LONGEST_DESCRIPTION)
    return text
