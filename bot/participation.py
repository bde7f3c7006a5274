"""Participation as people ask about it: their own record, the season's board, being forgotten, and what time erases."""

from collections.abc import Awaitable, Callable

from bot.clock import DAY, Clock
from bot.hall import Hall
from bot.people import OwnRecord, People, Visitor
from bot.seasons import season_of
from bot.storage import sessions
from bot.storage.database import Database
from bot.storage.rooms import Room


class Participation:
    """Questions about the ledger, with the season of a room's own calendar."""

    def __init__(
        self,
        database: Database,
        people: People,
        hall: Hall,
        clock: Clock,
        *,
        season_start: tuple[int, int],
        zone: str,
        forget_elsewhere: Callable[[Visitor], Awaitable[bool]] | None = None,
    ) -> None:
        """`forget_elsewhere` erases what is kept of an account that may be nobody's; it tells if there was any."""
        self._forget_elsewhere = forget_elsewhere
        self._database = database
        self._people = people
        self._hall = hall
        self._clock = clock
        self._season_start = season_start
        self._zone = zone

    def season(self, room: Room | None) -> int:
        """Return the present season, as the year it began in."""
        return season_of(self._clock.wall(), room.zone if room else self._zone, self._season_start)

    async def own_record(self, visitor: Visitor, room: Room | None) -> OwnRecord:
        """Return what is kept about somebody; raises `Refusal` (`nothing-kept`) for somebody unknown."""
        return await self._people.own_record(visitor, room.id if room else None, self.season(room))

    async def board(self, room: Room, limit: int = 10) -> tuple[int, list[tuple[str, int]]]:
        """Return the season and the (name, points) of those who asked to be shown, best first."""
        season = self.season(room)
        return season, await self._people.board(room.id, season, limit)

    async def forget(self, visitor: Visitor) -> None:
        """Erase somebody; what is being written at this moment is waited for, so that nothing comes back.

        Raises:
            Refusal: `nothing-kept`, for somebody unknown.
        """
        known = self._people.find(visitor.platform, visitor.user_id) is not None
        if (
            self._forget_elsewhere is not None
            and await self._forget_elsewhere(visitor)
            and not known
        ):
            return
        self._hall.unhear(visitor)
        await self._people.forget(visitor, after=self._hall.flush)

    async def expire(self, *, journal_days: int, retention_days: int) -> tuple[int, int]:
        """Erase journals of sessions long over and people long unseen; return how many plays and people went."""
        now = self._clock.wall()
        async with self._database.transaction() as transaction:
            plays = await sessions.erase_journals(transaction, now - journal_days * DAY)
        people = await self._people.forget_unseen(now - retention_days * DAY)
        if plays:
            await self._database.scrub()
        if not any(self._hall.sessions()):  # nobody waits for a commit meanwhile
            await self._database.sweep()
        return plays, people
