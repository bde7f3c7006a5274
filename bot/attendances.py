"""Who comes to a meeting, apart from who said that they would: checking in, the voice channel, staff's count.

Whoever takes part without trace is counted and not kept. So is whoever is only heard in the voice channel and has
never used the program: being there is no wish to be known.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.clock import Clock, Timer
from bot.clubs import Clubs
from bot.meeting_cards import MeetingCards
from bot.meeting_news import Card
from bot.people import People, Visitor
from bot.storage import meetings
from bot.storage.clubs import Club
from bot.storage.database import Database
from bot.storage.meetings import Meeting
from bot.storage.rooms import Room
from games.core import Refusal, Role
from games.headcount import MOST
from games.meeting import Presence, Sums, add_up, needed_seconds

log = logging.getLogger(__name__)

TICK: Final = 20.0
"""Seconds after which the voice channels are looked at again: what a crash can lose, and how late somebody counts."""

KEPT_DAYS: Final = 365
"""Days for which it is kept who came."""

How = Literal["button", "typed"]


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """Somebody is there; `again` when that was known. `newcomer` when nothing was kept of them before."""

    card: Card
    person_id: int
    again: bool
    newcomer: bool


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came to a meeting, in numbers; `headcount` is what staff counted, None when they did not."""

    card: Card
    sums: Sums
    headcount: int | None


@dataclass(slots=True)
class _Watch:
    """The voice channel of a meeting that is open; who is `counted` need not be looked at again."""

    meeting: Meeting
    presence: Presence
    counted: set[str] = field(default_factory=set)


class Attendances:
    """Everybody who comes to a meeting."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        people: People,
        clubs: Clubs,
        cards: MeetingCards,
    ) -> None:
        self._database = database
        self._clock = clock
        self._people = people
        self._clubs = clubs
        self._cards = cards
        self._untraced: dict[int, set[str]] = {}
        self._there: dict[str, tuple[str, float]] = {}
        self._watches: dict[int, _Watch] = {}
        self._looking = asyncio.Lock()
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None

    # checking in

    async def check_in(self, key: int, visitor: Visitor, how: How) -> CheckedIn:
        """Note that somebody is at a meeting.

        Raises:
            Refusal: `meeting-gone`, `meeting-off`, `meeting-over`, `meeting-not-open`; `not-kept`, when they were
                erased meanwhile.
        """
        _require_open(await meetings.one(self._database, key))
        async with self._people.recording(visitor) as (person, transaction):
            newcomer = self._people.unwritten(person.id) is not None
            _require_open(await meetings.within(transaction, key))
            counted = self._untraced.setdefault(key, set())
            if person.traceless:
                marks, again = {_nobody(person.id)}, _nobody(person.id) in counted
                await meetings.add_untraced(transaction, key, 0 if again else 1)
            else:
                marks, again = set(), not await meetings.attend(transaction, key, person.id, how)
                heard = counted & {visitor.user_id}  # in the voice channel, before they were known
                await meetings.add_untraced(transaction, key, -len(heard))
                await self._people.seen(transaction, person)
        counted |= marks
        if not person.traceless:
            counted.discard(visitor.user_id)
        self._cards.refresh(key)
        card = await self._cards.card(key)
        if card is None:
            raise Refusal("meeting-gone")
        return CheckedIn(card, person.id, again, newcomer)

    async def check_in_here(self, room: Room, visitor: Visitor, how: How) -> CheckedIn:
        """Note that somebody is at the meeting that goes on in a room. Raises as `check_in`; also `no-meeting`."""
        going_on = await meetings.open_in(self._database, room.id)
        if not going_on:
            raise Refusal("no-meeting")
        return await self.check_in(going_on[0].id, visitor, how)

    async def count(self, club: Club, text: str, visitor: Visitor, role: Role) -> Attendance:
        """Keep how many people staff count at a club's last meeting; the last number counts.

        Raises:
            Refusal: `club-hosts-only`, `no-number`, `no-meeting-yet`.
        """
        await self._clubs.require_leader(club, visitor, role)
        number = text.strip().split(" ")[0]
        if not (number.isascii() and number.isdecimal()) or int(number[:9]) > MOST:
            raise Refusal("no-number", text=text[:20], least=0, most=MOST)
        meeting = await meetings.latest_of(self._database, club.id)
        if meeting is None:
            raise Refusal("no-meeting-yet")
        async with self._database.transaction() as transaction:
            await meetings.count_heads(transaction, meeting.id, int(number))
        self._cards.refresh(meeting.id)
        return await self._attendance(meeting.id)

    async def latest(self, club: Club, visitor: Visitor, role: Role) -> Attendance:
        """Return who came to a club's last meeting. Raises `Refusal` (`club-hosts-only`, `no-meeting-yet`)."""
        await self._clubs.require_leader(club, visitor, role)
        meeting = await meetings.latest_of(self._database, club.id)
        if meeting is None:
            raise Refusal("no-meeting-yet")
        return await self._attendance(meeting.id)

    async def _attendance(self, key: int) -> Attendance:
        card = await self._cards.card(key)
        if card is None:
            raise Refusal("no-meeting-yet")
        meeting = card.meeting
        kept = await meetings.sums(self._database, key)
        if kept is not None:
            said = card.counts.yes + card.counts.waiting
            return Attendance(card, Sums(said, *kept), meeting.headcount)
        replies = await meetings.said(self._database, key)
        came = await meetings.present(self._database, key)
        return Attendance(card, add_up(replies, came, meeting.untraced), meeting.headcount)

    # the voice channel

    def moved(self, user_id: str, channel_id: str | None) -> None:
        """Note in which voice channel somebody is from now on, or that they are in none."""
        now = self._clock.now()
        before = self._there.pop(user_id, None)
        if channel_id is not None:
            same = before is not None and before[0] == channel_id
            self._there[user_id] = before if before is not None and same else (channel_id, now)
        for watch in self._watches.values():
            if watch.meeting.voice_id == channel_id:
                watch.presence.enter(user_id, now)
            else:
                watch.presence.leave(user_id, now)
        self._arm()

    def found(self, states: Mapping[str, str]) -> None:
        """Note who is in which voice channel at the moment when one begins, or begins again, to hear of it."""
        for user_id in [user for user in self._there if user not in states]:
            self.moved(user_id, None)
        for user_id, channel_id in states.items():
            self.moved(user_id, channel_id)

    def deaf(self) -> None:
        """Note that nothing is heard of the voice channels for now: what is not seen does not count."""
        for user_id in list(self._there):
            self.moved(user_id, None)

    async def look(self) -> None:
        """Look at the voice channels of the meetings that are open, and count who has been there long enough."""
        async with self._looking:
            await self._sync()
            now = self._clock.now()
            for watch in list(self._watches.values()):
                await self._look_at(watch, now)

    def stop(self) -> None:
        """Look no more."""
        for waiting in (self._timer, self._task):
            if waiting is not None:
                waiting.cancel()

    def _arm(self) -> None:
        """Look again in a moment, as long as anybody is in a voice channel."""
        if self._timer is None and self._there:
            self._timer = self._clock.call_later(TICK, self._tick)

    def _tick(self) -> None:
        self._timer = None
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look_once(), name="voice channels")
        self._arm()

    async def _look_once(self) -> None:
        try:
            await self.look()
        except Exception:  # the next look sees everything that this one missed
            log.exception("the voice channels could not be looked at")

    async def _sync(self) -> None:
        """Watch the channels of just the meetings that are open; who was there when one opened counts from then on."""
        open_now = {m.id: m for m in await meetings.going_on(self._database) if m.voice_id}
        for key in [key for key in self._watches if key not in open_now]:
            del self._watches[key]
        for key, meeting in open_now.items():
            watch = self._watches.get(key)
            if watch is None:
                self._watches[key] = await self._begin(meeting)
            elif watch.meeting.voice_id == meeting.voice_id:
                watch.meeting = meeting

    async def _begin(self, meeting: Meeting) -> _Watch:
        kept = await meetings.voice(self._database, meeting.id)
        presence = Presence({user: float(seconds) for user, seconds in kept.items()})
        since_open = (self._clock.wall() - (meeting.opened_at or 0)) / 1_000_000
        opened = self._clock.now() - max(0.0, since_open)
        for user_id, (channel_id, since) in self._there.items():
            if channel_id == meeting.voice_id:
                presence.enter(user_id, max(since, opened))
        return _Watch(meeting, presence)

    async def _look_at(self, watch: _Watch, now: float) -> None:
        key, needed = watch.meeting.id, needed_seconds(watch.meeting.minutes)
        so_far = watch.presence.so_far(now)
        reached = {user for user, s in so_far.items() if s >= needed} - watch.counted
        known = {user: self._person(user) for user in so_far}
        kept = [(p, int(so_far[u])) for u, p in known.items() if p is not None]
        strangers = self._new_strangers(key, [user for user in reached if known[user] is None])
        if not kept and not strangers:
            return
        async with self._database.transaction() as transaction:
            meeting = await meetings.within(transaction, key)
            if meeting is None or not meeting.open:
                return
            kept = [(person, s) for person, s in kept if self._people.name(person)]
            await meetings.keep_voice(transaction, key, kept)
            for user in reached:
                if (person := known[user]) is not None:
                    await meetings.attend(transaction, key, person, "voice")
            await meetings.add_untraced(transaction, key, len(strangers))
        self._untraced.setdefault(key, set()).update(strangers)
        watch.counted |= reached
        if reached:
            self._cards.refresh(key)

    def _person(self, user_id: str) -> int | None:
        """Return the person that may be kept for an account in a voice channel."""
        person = self._people.find("discord", user_id)
        written = person is not None and self._people.unwritten(person.id) is None
        return person.id if person is not None and written and not person.traceless else None

    def _new_strangers(self, key: int, users: Iterable[str]) -> set[str]:
        """Return those who are counted and not kept, and were not counted yet, each by what tells them apart."""
        told = set()
        for user in users:
            person = self._people.find("discord", user)
            told.add(user if person is None else _nobody(person.id))
        return told - self._untraced.get(key, set())


def _nobody(person_id: int) -> str:
    """Return what tells somebody without trace apart from others, in memory alone."""
    return f"nobody {person_id}"


def _require_open(meeting: Meeting | None) -> Meeting:
    if meeting is None:
        raise Refusal("meeting-gone")
    if meeting.cancelled_at is not None:
        raise Refusal("meeting-off")
    if meeting.closed_at is not None:
        raise Refusal("meeting-over")
    if meeting.opened_at is None:
        raise Refusal("meeting-not-open")
    return meeting
