"""What a room's clubs are about, in short: who meets here, what they read, whether they vote."""

from dataclasses import dataclass
from typing import Literal

from bot.club_books import ClubBooks
from bot.clubs import Clubs
from bot.people import Visitor
from bot.storage.club_books import Book
from bot.storage.clubs import Club, Standing
from bot.storage.rooms import Room
from bot.votes import Votes
from games.club import CURRENT
from games.votes import LEAST_OPTIONS

Next = Literal["admit", "vote", "close", "advance", "meet"]
"""What whoever leads a club is likely to do next."""


@dataclass(frozen=True, slots=True)
class Card:
    """A club as one person sees it: how many belong to it, what they are in it, its books of now.

    `proposals` is how many books wait to be voted on, `asking` how many people to be let in.
    """

    club: Club
    members: int
    standing: Standing | None
    books: tuple[Book, ...]
    voting: bool
    proposals: int = 0
    asking: int = 0

    @property
    def led(self) -> bool:
        """Whether they lead it."""
        return self.standing in ("cohost", "host")

    @property
    def next(self) -> Next | None:
        """Whom to let in first, then what comes next in the life of its books; None while there is nothing to do."""
        if self.asking:
            return "admit"
        states = {book.state for book in self.books}
        if self.voting:
            return "close"
        if states & {"reading", "discussed"}:
            return "meet"
        if "chosen" in states:
            return "advance"
        return "vote" if self.proposals >= LEAST_OPTIONS else None


class ClubCards:
    """Draws up the cards of a room's clubs."""

    def __init__(self, clubs: Clubs, club_books: ClubBooks, votes: Votes) -> None:
        self._clubs = clubs
        self._club_books = club_books
        self._votes = votes

    async def here(self, room: Room | None, visitor: Visitor) -> list[Card]:
        """Return a card for each club of a room."""
        found = await self._clubs.here(room)
        sizes, own = await self._clubs.sizes(found), await self._clubs.of(visitor)
        asking = await self._clubs.asking(found)
        return [
            await self._card(club, sizes[club.id], own.get(club.id), asking[club.id])
            for club in found
        ]

    async def _card(self, club: Club, members: int, standing: Standing | None, asking: int) -> Card:
        books = await self._club_books.listed(club)
        return Card(
            club,
            members,
            standing,
            tuple(book for book in books if book.state in CURRENT),
            await self._votes.is_open(club),
            sum(book.state == "proposed" for book in books),
            asking,
        )
