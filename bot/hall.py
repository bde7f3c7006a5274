"""The hall runs sessions: order of receipt, session time, deadlines, journal, commit, and only then announcing.

Plays are synchronous and therefore atomic. What they produced gathers in a batch; one writer commits a batch as one
transaction, announces it, and takes the next. After a crash each session is built again by replaying its journal;
its time stood still meanwhile, as it does during a pause.
"""

import asyncio
import logging
import secrets
import sqlite3
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from bot import journal
from bot.batch import Batch, Ended, Receipt, Settler, Touched
from bot.clock import Clock, Timer
from bot.people import People, Person, Visitor
from bot.session import Announcement, Back, HallEvent, Paused, Resumed, Session, Suspended, Unheard
from bot.storage import sessions
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.storage.sessions import SessionRow
from games.core import (
    Activity,
    Chose,
    Did,
    Platform,
    Play,
    Player,
    Refusal,
    Role,
    Said,
    Shown,
    Ticked,
    Wished,
    Withdrew,
    Wrote,
)

log = logging.getLogger(__name__)

RESUME_AFTER = 5.0
"""Seconds that a session found again waits for the second platform of its room once the first is there."""

KEEP_TIME = 5.0
"""Seconds between two savings of the clocks of sessions in which nothing happens: what a power cut takes at most."""

AT_ONCE = 500
"""Plays of an ended session that are replayed before the rooms that are on have their turn."""

READ_AGAIN = 1.0
"""Seconds between two tries to read from a disk that fails."""

Builder = Callable[[Mapping[str, Any], int], Activity]


class Side(Protocol):
    """One platform's way out. Nothing here waits: sides queue."""

    platform: Platform

    def announce(self, announcement: Announcement) -> None:
        """Queue what users of this platform see of it."""

    async def settled(self, room_id: int) -> None:
        """Wait until all that was queued for a room has gone out (or was given up)."""


class Hall:
    """All running sessions, at most one per room."""

    def __init__(
        self,
        database: Database,
        known: People,
        clock: Clock,
        activities: Mapping[str, Builder],
        *,
        settlers: Mapping[str, Settler] | None = None,
        season_start: tuple[int, int] = (9, 1),
    ) -> None:
        """`settlers` write, by activity, what its end leaves besides the ledger, in the transaction that ends it."""
        self._database = database
        self._people = known
        self._clock = clock
        self._activities = activities
        self._settlers = {} if settlers is None else settlers
        self._season_start = season_start
        self._sides: list[Side] = []
        self._sessions: dict[int, Session] = {}
        self._asleep: dict[int, tuple[Session, int]] = {}
        self._finales: list[tuple[Session, tuple[Any, ...]]] = []
        self._awake: set[Platform] = set()
        self._batch = self._writing = Batch()
        self._doubtful: list[Session] = []
        self._wanted = asyncio.Event()
        self._highest = 0
        self._keeper: Timer | None = None
        self._open = False
        self._writer: asyncio.Task[None] | None = None
        self._confirming: set[asyncio.Task[None]] = set()

    def add_side(self, side: Side) -> None:
        """Announce to this platform from now on."""
        self._sides.append(side)

    @property
    def sides(self) -> Sequence[Side]:
        """The platforms that are announced to."""
        return tuple(self._sides)

    def drop_side(self, side: Side) -> None:
        """Announce to this platform no longer: it will not come back in this run."""
        self._sides.remove(side)

    async def open(self, rooms: Mapping[int, Room]) -> None:
        """Build the sessions that a former run left, start writing, and take plays.

        A session that cannot be built again is left as it is on disk; its room is free.
        """
        self._highest = await sessions.highest(self._database)
        for key in await sessions.unfinished(self._database):
            try:
                await self._find_again(key, rooms)
            except Exception:  # one damaged journal must not keep the other rooms shut
                log.exception("session %d cannot be found again", key)
        self._writer = asyncio.create_task(self._write(), name="hall writer")
        self._open = True

    async def close(self) -> None:
        """Take no more plays, keep the exact session times, and commit what is pending; sides may still send."""
        self._open = False
        now = self._clock.now()
        for session in self._sessions.values():
            session.hold(now)
            self._batch.clocks[session.id] = self._clock_row(session)
        self._rest()
        await self.flush()

    async def finish(self, patience: float = 1.0) -> None:
        """End the writer, after at most `patience` seconds for ends that are being announced."""
        if self._confirming:
            await asyncio.wait(self._confirming, timeout=patience)
        tasks = [*self._confirming, *([self._writer] if self._writer else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def abandon(self) -> None:
        """Stop at once without writing what is pending, as a power cut would."""
        self._open = False
        for session in self.sessions():
            session.hold(self._clock.now())
        self._rest()
        await self.finish(0)

    async def flush(self) -> None:
        """Wait until all that was played so far is committed (or was refused by the disk)."""
        batch = self._batch
        self._wanted.set()
        if self._writer is not None and not self._writer.done():
            await batch.written.wait()

    def wake(self, platform: Platform) -> None:
        """Say that a platform is there: sessions of a former run go on in rooms whose platforms are all there."""
        self._awake.add(platform)
        if not self._open:
            return
        for session, _ in list(self._asleep.values()):
            if _platforms(session.room) <= self._awake:
                self._wake_session(session)
            elif platform in _platforms(session.room) and session.timer is None:
                wake = partial(self._wake_session, session)
                session.timer = self._clock.call_later(RESUME_AFTER, wake)
        self._announce_finales()

    def unheard(self, room_id: int) -> Sequence[Unheard]:
        """Return what was said in a room and was no answer to the prompt on the table, as far as this run remembers."""
        session = self.running(room_id)
        return tuple(session.unheard) if session is not None else ()

    def unhear(self, visitor: Visitor) -> None:
        """Forget what somebody said that was no answer, in every room."""
        for session in self.sessions():
            session.unhear(visitor=visitor)

    def refresh(self, room: Room) -> None:
        """Take a room's new language."""
        session = self.running(room.id)
        if session is not None:
            session.room = room

    def running(self, room_id: int) -> Session | None:
        """Return the session of a room, also one that is paused or waits to go on."""
        asleep = self._asleep.get(room_id)
        return self._sessions.get(room_id) or (asleep[0] if asleep else None)

    def left(self, room_id: int) -> float | None:
        """Return the seconds left of the phase in a room, None when nothing is awaited there."""
        session = self.running(room_id)
        return None if session is None else session.left(self._clock.now())

    def sessions(self) -> Iterable[Session]:
        """Return all sessions."""
        return [*self._sessions.values(), *(session for session, _ in self._asleep.values())]

    def start(
        self, room: Room, kind: str, title: str, options: Mapping[str, Any], role: Role
    ) -> Receipt:
        """Start an activity in a room.

        Raises:
            Refusal: `hosts-only`, `already-running`, `closing`; `not-kept` when the rules fail.
        """
        _require(role, Role.HOST)
        if not self._open:
            raise Refusal("closing")
        if (running := self.running(room.id)) is not None:
            raise Refusal("already-running", title=running.activity.scene().title)
        seed, wall = secrets.randbits(32), self._clock.wall()
        self._highest += 1
        activity = self._activities[kind](options, seed)
        session = Session(self._highest, room, kind, activity, running_since=self._clock.now())
        row = SessionRow(
            session.id, room.id, kind, title, dict(options), seed, wall, None, False, 0, wall
        )
        self._batch.lives.append(row)
        self._batch.touch(session)
        self._sessions[room.id] = session
        self._wanted.set()
        log.info("session %d (%s) starts in room %d", session.id, kind, room.id)
        try:
            return self._tick(session)
        except Refusal:
            self._doubtful.remove(session)
            self._leave(session)
            raise

    def said(
        self, room_id: int, visitor: Visitor, text: str, source: str | None = None
    ) -> Receipt | None:
        """Take a line of chat; None when it was no answer to anything. `source` is the message's id on its platform."""
        session = self._sessions.get(room_id)
        if session is None or session.running_since is None or not self._open:
            return None
        player, person = self._player(visitor)
        try:
            receipt = self._play(session, Said(player, text), visitor, person, source)
        except Refusal:  # chat is not answered line by line
            return None
        if receipt is None:
            session.hear(visitor, text, self._clock.now(), source)
        return receipt

    def chose(
        self, room_id: int, visitor: Visitor, session_id: int, prompt: int, choices: Sequence[int]
    ) -> Receipt:
        """Take controls pressed on a session's board.

        Raises:
            Refusal: `session-over`, `paused`, or what the rules say; `not-kept` when they fail.
        """
        session = self._listening(room_id, session_id)
        player, person = self._player(visitor)
        play = Chose(player, prompt, tuple(choices))
        return self._answered(session, play, visitor, person)

    def wrote(
        self, room_id: int, visitor: Visitor, session_id: int, prompt: int, text: str
    ) -> Receipt:
        """Take text entered privately in a form of a session's board.

        Raises:
            Refusal: as `chose`.
        """
        session = self._listening(room_id, session_id)
        player, person = self._player(visitor)
        try:
            return self._answered(session, Wrote(player, prompt, text), visitor, person)
        except Refusal:
            if prompt == _prompt(session):
                session.hear(visitor, text, self._clock.now())
            raise

    def wished(
        self,
        room_id: int,
        visitor: Visitor,
        wish: str,
        text: str = "",
        *,
        kinds: Container[str] | None = None,
    ) -> Receipt:
        """Take what somebody asks about themselves in what runs here, if it is of one of these kinds.

        Raises:
            Refusal: `nothing-running`, `something-else`, `paused`, or what the rules say; `not-kept` when they fail.
        """
        session = self._listening(room_id, self._meant(room_id, kinds).id)
        player, person = self._player(visitor)
        return self._answered(session, Wished(player, wish, text), visitor, person)

    def _meant(self, room_id: int, kinds: Container[str] | None) -> Session:
        """Return what runs here, of these kinds; raises `Refusal` (`nothing-running`, `something-else`)."""
        session = self.running(room_id)
        if session is None:
            raise Refusal("nothing-running")
        if kinds is not None and session.kind not in kinds:
            raise Refusal("something-else", title=session.activity.scene().title)
        return session

    def _listening(self, room_id: int, session_id: int) -> Session:
        session = self._sessions.get(room_id)
        if session is None or session.id != session_id or not self._open:
            raise Refusal("session-over")
        if session.running_since is None:
            raise Refusal("paused")
        return session

    def _player(self, visitor: Visitor) -> tuple[Player, Person | None]:
        person = self._people.find(visitor.platform, visitor.user_id)
        return Player(person.id if person else self._people.next_id, visitor.platform), person

    def _answered(
        self,
        session: Session,
        play: Chose | Wrote | Wished,
        visitor: Visitor,
        person: Person | None,
    ) -> Receipt:
        receipt = self._play(session, play, visitor, person, None)
        if receipt is None:
            raise Refusal("session-over")
        return receipt

    def _shown(self, session: Session, platform: Platform, prompt: int) -> None:
        """Note that a prompt has reached the people of a platform; nobody waits for an answer."""
        if self._open and session.running_since is not None and not session.activity.over:
            with suppress(Refusal):
                self._play(session, Shown(platform, prompt), None, None, None)

    def withdraw(
        self, room_id: int, *, source: str | None = None, visitor: Visitor | None = None
    ) -> None:
        """Take back an answer to the open question: its message was removed, or its author was silenced.

        With a `source`, only that very message counts: whoever removed a remark did not mean the answer. A pause does
        not keep anything from being taken back.
        """
        session = self._sessions.get(room_id)
        if session is None or not self._open:
            return
        session.unhear(source, visitor)
        player = session.sources.pop(source, None) if source else None
        if source is None and visitor is not None:
            person = self._people.find(visitor.platform, visitor.user_id)
            player = Player(person.id, visitor.platform) if person else None
        if player is not None:
            with suppress(Refusal):
                self._play(session, Withdrew(player), None, None, None)

    def act(
        self,
        room_id: int,
        role: Role,
        action: str,
        text: str = "",
        about: Visitor | None = None,
        *,
        kinds: Container[str] | None = None,
    ) -> Receipt:
        """Let a host act on what runs: `pause`, `resume`, `stop`, or an action of the activity.

        `text` and `about` say more: words, and whom it is about. What is of none of `kinds` is let alone.

        Raises:
            Refusal: `hosts-only`, `nothing-running`, `something-else`, `paused`, `not-paused`, or what the rules say;
                `not-kept` when they fail.
        """
        session = self._meant(room_id, kinds)
        _require(role, Role.HOST)
        if not self._open:
            raise Refusal("closing")
        if action == "pause":
            return self._pause(session)
        if action == "resume":
            return self._resume(session)
        if action != "stop" and session.running_since is None:
            raise Refusal("paused")
        self._settle_in(session)
        before = _prompt(session)
        player, person = self._player(about) if about is not None else (None, None)
        receipt = self._play(session, Did(player, action, text), about, person, None)
        if _prompt(session) != before:
            session.turn()
        if receipt is None:
            raise Refusal("nothing-running")
        return receipt

    def _pause(self, session: Session) -> Receipt:
        if session.paused:
            raise Refusal("paused")
        self._settle_in(session)
        session.hold(self._clock.now())
        session.paused = True
        self._rest()
        return self._note(session, Paused())

    def _resume(self, session: Session) -> Receipt:
        if not session.paused:
            raise Refusal("not-paused")
        self._settle_in(session)
        session.paused = False
        session.running_since = self._clock.now()
        self._arm(session)
        return self._note(session, Resumed(session.left(self._clock.now())))

    def _settle_in(self, session: Session) -> None:
        """Bring a session of a former run among the others, its clock still standing."""
        if self._asleep.pop(session.room.id, None) is not None:
            session.hold(self._clock.now())
            self._sessions[session.room.id] = session

    def _play(
        self,
        session: Session,
        play: Play,
        visitor: Visitor | None,
        person: Person | None,
        source: str | None,
    ) -> Receipt | None:
        at_us = session.time_us(self._clock.now())
        deadline = session.activity.deadline
        if deadline is not None and at_us / 1_000_000 >= deadline:
            tick = self._tick(session)
            if session.activity.over:
                return None
            if tick.events and isinstance(play, Did) and play.action != "stop":
                return tick  # what the host wanted to act on is over; what came next nobody has seen yet
        events = self._judge(session, play, at_us)
        if not events:
            return None
        if visitor is None:
            return self._accept(session, play, at_us, events)
        return self._accept_from(session, play, at_us, events, visitor, person, source)

    def _accept_from(
        self,
        session: Session,
        play: Any,
        at_us: int,
        events: tuple[Any, ...],
        visitor: Visitor,
        person: Person | None,
        source: str | None,
    ) -> Receipt:
        newcomer = person is None
        if person is None:
            person, _ = self._people.enrol(visitor)
            if isinstance(play, Said | Did):  # who pressed a button is told privately
                player = Player(person.id, visitor.platform)
                self._batch.touch(session).newcomers.append(player)
        elif person.name != visitor.name and self._people.renamed(person, visitor.name):
            self._batch.names[person.id] = person.name
        if (row := self._people.unwritten(person.id)) is not None:
            self._batch.people[person.id] = row
        if source is not None:
            session.sources[source] = play.by
        return self._accept(session, play, at_us, events, newcomer=newcomer)

    def _accept(
        self,
        session: Session,
        play: Play,
        at_us: int,
        events: tuple[Any, ...],
        *,
        newcomer: bool = False,
    ) -> Receipt:
        batch = self._batch
        session.seq += 1
        batch.journal.append((session.id, session.seq, at_us, *journal.encode(play)))
        batch.touch(session).events.extend(events)
        if session.activity.over:
            self._end(session)
        else:
            self._arm(session)
        self._wanted.set()
        return Receipt(session, events, newcomer, batch)

    def _judge(self, session: Session, play: Play, at_us: int) -> tuple[Any, ...]:
        """Ask the rules. When they fail, the session is taken back to what the journal says, and waits."""
        try:
            return session.activity.play(play, at_us / 1_000_000)
        except Refusal:
            raise
        except Exception as error:
            log.exception("session %d: the rules failed", session.id)
            session.hold(self._clock.now())
            self._doubtful.append(session)
            self._wanted.set()
            raise Refusal("not-kept") from error

    def _tick(self, session: Session) -> Receipt:
        at_us, before = session.time_us(self._clock.now()), _prompt(session)
        events = self._judge(session, Ticked(), at_us)
        if events:
            if _prompt(session) != before:
                session.turn()
            return self._accept(session, Ticked(), at_us, events)
        self._arm(session)
        return Receipt(session, (), False, self._batch)

    def _arm(self, session: Session) -> None:
        deadline = session.activity.deadline
        if session.timer is not None:
            if session.running_since is not None and session.armed_for == deadline:
                return
            session.timer.cancel()
            session.timer = None
        if session.running_since is None:
            return
        session.armed_for = deadline
        if self._keeper is None:
            self._keeper = self._clock.call_later(KEEP_TIME, self._keep_time)
        remaining = session.remaining(self._clock.now())
        if remaining is not None:
            session.timer = self._clock.call_later(remaining, lambda: self._due(session))

    def _due(self, session: Session) -> None:
        session.timer = None
        if self._open and session.running_since is not None and not session.activity.over:
            with suppress(Refusal):  # nobody asked; the log knows
                self._tick(session)

    def _end(self, session: Session) -> None:
        session.hold(self._clock.now())
        self._sessions.pop(session.room.id, None)
        self._rest()
        self._batch.lives.append(Ended(session, self._clock.wall(), session.activity.record()))
        log.info("session %d ends after %d plays", session.id, session.seq)

    def _keep_time(self) -> None:
        """Have the clocks of all running sessions saved, and come back for it."""
        self._keeper = None
        for session in self._running():
            self._batch.clocks[session.id] = self._clock_row(session)
            self._wanted.set()
        if self._open and self._running():
            self._keeper = self._clock.call_later(KEEP_TIME, self._keep_time)

    def _rest(self) -> None:
        """Keep no time while no clock runs."""
        if self._keeper is not None and not self._running():
            self._keeper.cancel()
            self._keeper = None

    def _running(self) -> list[Session]:
        return [one for one in self._sessions.values() if one.running_since is not None]

    def _note(self, session: Session, event: HallEvent) -> Receipt:
        self._batch.touch(session).events.append(event)
        self._wanted.set()
        return Receipt(session, (event,), False, self._batch)

    def _clock_row(self, session: Session) -> tuple[int, bool, int, int]:
        now_us = session.time_us(self._clock.now())
        return now_us, session.paused, self._clock.wall(), session.id

    async def _write(self) -> None:
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                self._writing, self._batch = self._batch, Batch()
                try:
                    await self._write_batch(self._writing)
                    await self._settle_doubts()
                except Exception:  # without a writer every room would fall silent
                    log.exception("the writer goes on")
                self._writing.give_up()
        finally:
            self._writing.give_up()
            self._batch.give_up()

    async def _write_batch(self, batch: Batch) -> None:
        announcements = self._announcements(batch.touched.values())
        for touched in batch.touched.values():
            batch.clocks[touched.session.id] = self._clock_row(touched.session)
        try:
            await batch.commit(self._database, self._people, self._season_start, self._settlers)
        except Exception:
            log.exception("a batch of %d plays could not be written", len(batch.journal))
            await self._lose(batch)
        else:
            self._people.written(batch.people)
            self._tell(announcements)
            self._confirm([ended.session for ended in batch.ended])
        batch.written.set()

    async def _lose(self, batch: Batch) -> None:
        """Memory must not run ahead of the disk: what could not be kept is taken back, and the rooms are told."""
        batch.failed = True
        await self._fall_back([touched.session for touched in batch.touched.values()])
        self._people.strike(self._batch.inherit(batch))

    async def _settle_doubts(self) -> None:
        """Take back sessions whose rules failed, once what they did before is written."""
        written = [s for s in self._doubtful if s.id not in self._batch.touched]
        if written:
            await self._fall_back(written)

    async def _fall_back(self, doomed: Sequence[Session]) -> None:
        """Put sessions as they are on disk in the place of what they are in memory."""
        for session in doomed:
            session.hold(self._clock.now())
        kept = [(session, await self._read_again(session)) for session in doomed]
        # Nothing waits from here on, so that nobody sees a room between the two.
        self._doubtful = [session for session in self._doubtful if session not in doomed]
        for session, _ in kept:
            self._leave(session)
        back = [(session, found) for session, found in kept if found is not None]
        for session, found in back:
            if (newer := self._sessions.get(session.room.id)) is not None:
                self._leave(newer)
            found.room, found.paused = session.room, True
            self._sessions[found.room.id] = found
            self._batch.clocks[found.id] = self._clock_row(found)
            self._wanted.set()
        self._tell(self._announcements([Touched(found, [Suspended()]) for _, found in back]))

    def _leave(self, session: Session) -> None:
        session.hold(self._clock.now())
        self._batch.drop(session)
        if self._sessions.get(session.room.id) is session:
            del self._sessions[session.room.id]

    async def _read_again(self, session: Session) -> Session | None:
        """Return a session as it is on disk, or None when it never got there or cannot be built."""
        while True:
            try:
                row = await sessions.one(self._database, session.id)
                running = row is not None and row.ended_at is None
                return (await self._rebuild(row, session.room))[0] if row and running else None
            except sqlite3.Error:
                log.exception("session %d cannot be read either", session.id)
                if not self._open:
                    return None
                await self._clock.sleep(READ_AGAIN)
            except Exception:
                log.exception("session %d cannot be built again", session.id)
                self._tell(self._announcements([Touched(session, [Suspended()])]))
                return None

    def _announcements(self, touched: Iterable[Touched]) -> list[Announcement]:
        announcements = []
        for one in touched:
            if not one.events:
                continue
            try:
                announcements.append(self._announcement(one))
            except Exception:  # a scene that fails must not silence the other rooms
                log.exception("session %d shows nothing", one.session.id)
        return announcements

    def _announcement(self, touched: Touched) -> Announcement:
        session = touched.session
        scene = session.activity.scene()
        left = session.until(scene.deadline, self._clock.now())
        counting = left is not None and session.running_since is not None
        return Announcement(
            session_id=session.id,
            room=session.room,
            activity=session.kind,
            locale=session.room.locale,
            events=tuple(touched.events),
            scene=scene,
            ends_at=self._clock.wall() / 1_000_000 + (left or 0.0) if counting else None,
            paused=session.paused,
            newcomers=tuple(touched.newcomers),
            shown=partial(self._shown, session),
        )

    def _tell(self, announcements: Sequence[Announcement]) -> None:
        for announcement in announcements:
            for side in self._sides:
                if side.platform in _platforms(announcement.room):
                    try:
                        side.announce(announcement)
                    except (
                        Exception
                    ):  # a face that cannot say it must not silence the other, nor the writer
                        log.exception(
                            "session %d: %s says nothing", announcement.session_id, side.platform
                        )

    def _confirm(self, ended: Sequence[Session]) -> None:
        for session in ended:
            task = asyncio.create_task(
                self._note_announced(session), name=f"session {session.id} end"
            )
            self._confirming.add(task)
            task.add_done_callback(self._confirming.discard)

    async def _note_announced(self, session: Session) -> None:
        sides = [s for s in self._sides if s.platform in _platforms(session.room)]
        try:
            await asyncio.gather(*(side.settled(session.room.id) for side in sides))
            async with self._database.transaction() as transaction:
                await sessions.announced(transaction, session.id)
        except Exception:  # it is announced once more at the next start
            log.exception("session %d: its end may not have been told", session.id)

    async def _find_again(self, key: int, rooms: Mapping[int, Room]) -> None:
        """Build a session of a former run; it waits until `wake`."""
        row = await sessions.one(self._database, key)
        if row is None:
            return
        session, events = await self._rebuild(row, rooms[row.room_id])
        log.info("session %d found again after %d plays", session.id, session.seq)
        if row.ended_at is not None:
            self._finales.append((session, events))
        else:
            self._asleep[session.room.id] = (session, row.saved_at)

    async def _rebuild(self, row: SessionRow, room: Room) -> tuple[Session, tuple[Any, ...]]:
        """Return a session as its journal tells it, its clock standing, and the last play's events."""
        activity = self._activities[row.activity](row.options, row.seed)
        session = Session(row.id, room, row.activity, activity, paused=row.paused)
        elapsed_us, events = row.clock_us, ()
        for entry in await sessions.journal(self._database, row.id):
            play, at = journal.decode(entry)
            events = activity.play(play, at)
            session.seq, elapsed_us = entry[1], max(elapsed_us, entry[2])
        session.elapsed = elapsed_us / 1_000_000
        return session, events

    async def last_ended(self, room_id: int, kind: str) -> int | None:
        """Return the room's last ended session of a kind whose journal is still kept."""
        return await sessions.last_ended(self._database, room_id, kind)

    async def replay(self, key: int) -> Activity | None:
        """Build an ended session's activity again from its journal; None when that is gone."""
        row = await sessions.one(self._database, key)
        if row is None or not row.options:
            return None
        activity = self._activities[row.activity](row.options, row.seed)
        for number, entry in enumerate(await sessions.journal(self._database, key), 1):
            activity.play(*journal.decode(entry))
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)
        return activity

    def _wake_session(self, session: Session) -> None:
        found = self._asleep.get(session.room.id)
        if not self._open or found is None or found[0] is not session:
            return
        self._settle_in(session)
        now = self._clock.now()
        away = max(0.0, (self._clock.wall() - found[1]) / 1_000_000)
        if not session.paused:
            session.running_since = now
            self._arm(session)
        self._note(session, Back(away, session.left(now), session.paused))

    def _announce_finales(self) -> None:
        for finale in list(self._finales):
            session, events = finale
            if _platforms(session.room) & self._awake:
                self._finales.remove(finale)
                self._tell(self._announcements([Touched(session, list(events))]))
                self._confirm([session])


def _prompt(session: Session) -> int:
    """Return the number of the prompt that was last on the table; 0 when the scene fails."""
    with suppress(Exception):
        return session.activity.scene().step
    return 0


def _platforms(room: Room) -> frozenset[Platform]:
    found: set[Platform] = set()
    if room.discord_channel_id is not None:
        found.add("discord")
    if room.twitch_channel_id is not None:
        found.add("twitch")
    return frozenset(found)


def _require(role: Role, least: Role) -> None:
    if role < least:
        raise Refusal("hosts-only")
