"""What a room's clubs are about, in short: who meets here, what they read, whether they vote."""

from dataclasses import dataclass

from bot.club_books import ClubBooks
from bot.clubs import Clubs
from bot.people import Visitor
from bot.storage.club_books import Book
from bot.storage.clubs import Club, Standing
from bot.storage.rooms import Room
from bot.votes import Votes
from games.club import CURRENT


@dataclass(frozen=True, slots=True)
class Card:
    """A club as one person sees it: how many belong to it, what they are in it, its books of now."""

    club: Club
    members: int
    standing: Standing | None
    books: tuple[Book, ...]
    voting: bool


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
        return [
            Card(
                club,
                sizes[club.id],
                own.get(club.id),
                tuple(b for b in await self._club_books.listed(club) if b.state in CURRENT),
                await self._votes.is_open(club),
            )
            for club in found
        ]
