"""What people say of a club's book after a meeting: read or not, a rating, one word; and their favourites.

A favourite is written in one's own words for the library's page, signed as one wishes, and published when staff
accept it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from bot.clock import DAY, Clock
from bot.clubs import Clubs
from bot.meeting_cards import MeetingCards
from bot.meeting_news import Card
from bot.people import LONGEST_NAME, People, Visitor, visible
from bot.storage import meetings, opinions
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.opinions import Favourite
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.meeting import Opinion, Outcome, clean_word, read_opinion

OPEN_DAYS: Final = 14
"""Days after a meeting for which one can say what one thinks of the book."""

SHORTEST, LONGEST = 20, 600
"""Characters of a favourite."""

MOST_WAITING: Final = 5
"""Favourites of one person that wait for staff."""

LEAST_RATINGS: Final = 5
"""Ratings from which on their average is told: of fewer, one could work out who gave which."""

DECLINED_DAYS: Final = 30

_NUMBER = re.compile(r"(?:no?\.?|n°|#)?\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody said of a book; `changed` when they had said something before."""

    card: Card
    opinion: Opinion
    changed: bool
    newcomer: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What everybody said after a meeting; the average is None when there are too few ratings."""

    card: Card
    outcomes: dict[Outcome, int]
    no_copy: int
    ratings: int
    average: float | None
    words: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of somebody: (title, start, answer, how they came), (title, start, opinion), favourites."""

    meetings: tuple[tuple[str, int, str, str], ...]
    opinions: tuple[tuple[str, int, Opinion], ...]
    favourites: tuple[Favourite, ...]


class Opinions:
    """Opinions after meetings, and favourites."""

    def __init__(
        self, database: Database, clock: Clock, people: People, clubs: Clubs, cards: MeetingCards
    ) -> None:
        self._database = database
        self._clock = clock
        self._people = people
        self._clubs = clubs
        self._cards = cards

    # opinions

    async def check(self, key: int) -> Card:
        """Return the card of a meeting that one can speak of.

        Raises:
            Refusal: `meeting-gone`, `meeting-not-open`, `meeting-off`, `opinions-closed`.
        """
        card = await self._cards.card(key)
        if card is None:
            raise Refusal("meeting-gone")
        self._require_open(card.meeting)
        return card

    async def give(self, key: int, opinion: Opinion, visitor: Visitor) -> Given:
        """Keep what somebody says of the book of a meeting.

        Raises:
            Refusal: as `check`; `traceless-no-opinion`; `not-kept`, when they were erased meanwhile.
        """
        card = await self.check(key)
        known = self._people.find(visitor.platform, visitor.user_id)
        if known is not None and known.traceless:
            raise Refusal("traceless-no-opinion")
        async with self._people.recording(visitor) as (person, transaction):
            newcomer = self._people.unwritten(person.id) is not None
            changed = await opinions.give(transaction, key, person.id, _cleaned(opinion))
            await self._people.seen(transaction, person)
        return Given(card, _cleaned(opinion), changed, newcomer)

    async def give_here(self, room: Room, text: str, visitor: Visitor) -> Given:
        """Keep what somebody typed about the book of a room's last meeting: "lu 4 émouvant".

        Raises:
            Refusal: as `give`; `no-meeting-lately`, `opinion-unread`.
        """
        meeting = await self.last(room)
        opinion = read_opinion(text)
        if opinion is None:
            raise Refusal("opinion-unread")
        return await self.give(meeting.id, opinion, visitor)

    async def last(self, room: Room) -> Meeting:
        """Return the meeting of a room that one can speak of: the one that goes on, or the last.

        Raises:
            Refusal: `no-meeting-lately`.
        """
        going_on = await meetings.open_in(self._database, room.id)
        since = self._clock.wall() - OPEN_DAYS * DAY
        found = going_on[0] if going_on else None
        found = found or await meetings.last_closed(self._database, room.id, since)
        if found is None:
            raise Refusal("no-meeting-lately")
        return found

    async def summary(self, club: Club, visitor: Visitor, role: Role) -> Summary:
        """Return what was said after a club's last meeting. Raises `Refusal` (`club-hosts-only`, `no-meeting-yet`)."""
        await self._clubs.require_leader(club, visitor, role)
        meeting = await meetings.latest_of(self._database, club.id)
        card = await self._cards.card(meeting.id) if meeting else None
        if meeting is None or card is None:
            raise Refusal("no-meeting-yet")
        said = await opinions.of_meeting(self._database, meeting.id)
        rated = [one.rating for one in said if one.rating is not None]
        average = sum(rated) / len(rated) if len(rated) >= LEAST_RATINGS else None
        words = Counter(one.word.casefold() for one in said if one.word)
        outcomes: dict[Outcome, int] = {
            outcome: sum(one.outcome == outcome for one in said)
            for outcome in ("read", "partly", "not")
        }
        missing = sum(one.no_copy for one in said)
        return Summary(card, outcomes, missing, len(rated), average, tuple(words.most_common()))

    def _require_open(self, meeting: Meeting) -> None:
        if meeting.cancelled_at is not None:
            raise Refusal("meeting-off")
        if meeting.opened_at is None:
            raise Refusal("meeting-not-open")
        closed = meeting.closed_at
        if closed is not None and self._clock.wall() - closed > OPEN_DAYS * DAY:
            raise Refusal("opinions-closed")

    # favourites

    async def write(
        self, club: Club, text: str, signature: str, visitor: Visitor, key: int | None = None
    ) -> int:
        """Propose a favourite on the book of a meeting, or of the club's last one; return its number.

        Raises:
            Refusal: `favourite-length`, `favourite-signature`, `favourite-book`, `too-many-favourites`,
                `traceless-no-opinion`, `club-over`; `not-kept`, when they were erased meanwhile.
        """
        text, signature = visible(text), visible(signature)[: LONGEST_NAME + 1].strip()
        if not SHORTEST <= len(text) <= LONGEST:
            raise Refusal("favourite-length", least=SHORTEST, most=LONGEST)
        if not signature or len(signature) > LONGEST_NAME:
            raise Refusal("favourite-signature", most=LONGEST_NAME)
        await self._clubs.again(club)
        found = await meetings.latest_of(self._database, club.id) if key is None else None
        card = await self._cards.card(found.id if found else key or 0)
        if card is None or card.book is None:
            raise Refusal("favourite-book")
        known = self._people.find(visitor.platform, visitor.user_id)
        if known is not None and known.traceless:
            raise Refusal("traceless-no-opinion")
        async with self._people.recording(visitor) as (person, transaction):
            if await opinions.waiting_of(transaction, person.id) >= MOST_WAITING:
                raise Refusal("too-many-favourites", most=MOST_WAITING)
            book, at = card.book.id, self._clock.wall()
            number = await opinions.propose(
                transaction, club.id, book, person.id, text, signature, at
            )
            await self._people.seen(transaction, person)
        return number

    async def published(self, club: Club) -> list[Favourite]:
        """Return the favourites of a club that staff accepted, the newest first."""
        return await opinions.favourites(self._database, club.id, "accepted")

    async def waiting(self, club: Club, role: Role) -> list[Favourite]:
        """Return the favourites of a club that wait for staff; raises `Refusal` (`hosts-only`)."""
        if role < Role.HOST:
            raise Refusal("hosts-only")
        return await opinions.favourites(self._database, club.id, "proposed")

    async def unread(self, club: Club, role: Role) -> int:
        """Return how many favourites wait for this person: none, unless they are staff."""
        return len(await self.waiting(club, role)) if role >= Role.HOST else 0

    async def decide(self, club: Club, text: str, role: Role, *, accepted: bool) -> int:
        """Accept a favourite for the library's page, or decline it; return its number.

        Raises:
            Refusal: `hosts-only`, `no-favourite`.
        """
        if role < Role.HOST:
            raise Refusal("hosts-only")
        number = _number(text)
        async with self._database.transaction() as transaction:
            state: opinions.State = "accepted" if accepted else "declined"
            at = self._clock.wall()
            if not await opinions.decide(transaction, club.id, number, state, at):
                raise Refusal("no-favourite")
        return number

    async def take_back(self, text: str, visitor: Visitor) -> int:
        """Erase one of the visitor's own favourites; raises `Refusal` (`no-favourite`)."""
        number = _number(text)
        person = self._people.find(visitor.platform, visitor.user_id)
        async with self._database.transaction() as transaction:
            if person is None or not await opinions.take_back(transaction, person.id, number):
                raise Refusal("no-favourite")
        await self._database.scrub()
        return number

    async def kept(self, visitor: Visitor) -> Kept:
        """Return everything that is kept of somebody about meetings and favourites."""
        person = self._people.find(visitor.platform, visitor.user_id)
        if person is None:
            return Kept((), (), ())
        return Kept(
            tuple(await meetings.of_person(self._database, person.id)),
            tuple(await opinions.of_person(self._database, person.id)),
            tuple(await opinions.own(self._database, person.id)),
        )

    async def expire(self) -> int:
        """Erase what staff declined some time ago; return how much."""
        before = self._clock.wall() - DECLINED_DAYS * DAY
        async with self._database.transaction() as transaction:
            return await opinions.erase_declined(transaction, before)


def _cleaned(opinion: Opinion) -> Opinion:
    """Return an opinion that says nothing twice over: whoever did not read it does not rate it."""
    no_copy = opinion.no_copy and opinion.outcome != "read"
    rating = None if opinion.outcome == "not" else opinion.rating
    return Opinion(opinion.outcome, no_copy, rating, clean_word(visible(opinion.word)))


def _number(text: str) -> int:
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise Refusal("no-favourite")
    return int(match[1])
