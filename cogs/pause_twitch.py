"""Reading pauses on Twitch: `!pause …` for hosts; patrons type `!read`, `!pages 12`, `!min 15`.

Whoever joins or notes is thanked together with the others of the same few seconds, so that a crowd is no storm.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from twitchio.ext import commands

from bot.batch import Receipt
from bot.clock import Clock
from bot.hall import Hall
from bot.notices import Notices
from bot.on_air import warning
from bot.outbox import Post, Priority
from bot.pause import KINDS, Pauses, begins_a_wish, read_wish
from bot.pause_plans import LeftOut, PausePlans
from bot.people import People
from bot.readings import Readings
from bot.reminders import Asking, Reminder, Reminders, wants
from bot.rights import Rights
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import TwitchSide, Words
from bot.wording import pause as words
from bot.wording import pause_plans as plan_words
from bot.wording import room as room_words
from bot.wording import turns as turn_words
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, clip, compose
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, PAUSE, logged, mistyped, read
from games.core import Platform, Refusal
from games.pause import (
    Amended,
    Began,
    Breathed,
    Changed,
    Counted,
    Doubted,
    Ended,
    Finished,
    Joined,
    Left,
    Logged,
    Opened,
    Overran,
    Reopened,
    Rested,
    Retimed,
    Returned,
    Turned,
)
from games.turns import Changed as TextChanged
from games.turns import Queued, Unqueued

MOST_NAMED = 10
"""People named in a reminder; the others are counted."""


class PauseTwitch(commands.Component):
    """Hosts start and steer a pause from chat; patrons read along."""

    def __init__(
        self,
        desk: Desk,
        hall: Hall,
        pauses: Pauses,
        readings: Readings,
        people: People,
        side: TwitchSide,
        clock: Clock,
        rights: Rights,
        plans: PausePlans,
        reminders: Reminders,
    ) -> None:
        self._desk = desk
        self._plans = plans
        self._reminders = reminders
        self._rights = rights
        self._hall = hall
        self._pauses = pauses
        self._readings = readings
        self._people = people
        say = partial(side.say, priority=Priority.COURTESY)
        self._arrived = Notices(clock, people, say, Speech, words.arrived)
        self._noted = Notices(clock, people, say, Speech, words.noted)
        self._late = Notices(clock, people, say, Speech, words.too_late)

    @commands.command(name="pause", aliases=list(COMMANDS["pause"]))
    async def pause(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._pause)

    @commands.command(name="read", aliases=list(COMMANDS["read"]))
    async def read(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Join, come back, or say what one reads."""
        await self._desk.serve(ctx, text, self._read)

    @commands.command(name="log", aliases=list(COMMANDS["log"]))
    async def log(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Log; `!pages 12` says the same as `!log 12 pages`."""
        await self._desk.serve(ctx, logged(ctx.invoked_with or "", text), self._log)

    @commands.command(name="breathe", aliases=list(COMMANDS["breathe"]))
    async def breathe(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Take a break of one's own."""
        await self._desk.serve(ctx, text, self._breathe)

    async def _pause(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, PAUSE)
        match verb:
            case None:
                return await self._bare(call)
            case "start":
                return await self._start(call, rest)
            case "amend":
                done = await self._pauses.amend(call.room, call.role, rest)
                return [words.corrected(done.name, done.amount, call.speech)]
            case "plan":
                return await self._plan(call, rest)
            case "unplan":
                title = await self._plans.unplan(call.room, rest, call.role)
                return [plan_words.unplanned(title, call.speech)]
            case "remind":
                return await self._remind(call, rest)
            case "me":
                record = await self._readings.own(call.visitor, call.room)
                return words.own(record, call.speech)
            case "goal":
                goal = await self._readings.set_goal(call.visitor, rest)
                return [words.goal_set(goal, call.speech)]
            case "total":
                together = await self._readings.together(call.room)
                return words.sums(together, call.speech)
            case "book" | "leave":
                await self._wish(call, verb, rest)
                return []
            case _:
                action = "pause" if verb == "hold" else verb
                await self._hall.act(call.room.id, call.role, action, rest, kinds=KINDS).committed()
                return []

    async def _start(self, call: Call, text: str) -> Sequence[str]:
        """Start a pause; its host is told when what is read aloud has no right."""
        wish = read_wish(text)
        await self._pauses.start(call.room, wish, call.role).committed()
        return [await warning(self._rights, call.room, wish.text, call.speech)]

    async def _plan(self, call: Call, text: str) -> Sequence[str]:
        """Plan a pause at once: the answer says in words what was understood, and how to undo it."""
        if not text:
            raise Refusal("usage", usage=plan_words.how_to_plan(call.speech))
        plan = self._plans.read(call.room, text)
        clashes = await self._plans.clashes(call.room, plan)
        await self._plans.plan(call.room, plan, call.role)
        return plan_words.confirmed(plan, call.speech, self._plans.now(call.room), clashes)

    async def _remind(self, call: Call, text: str) -> Sequence[str]:
        if not wants(text):
            await self._reminders.stop(call.room, call.visitor)
            return [plan_words.reminds_no_more(call.speech)]
        await self._reminders.ask(call.room, call.visitor)
        return [plan_words.will_remind(call.speech)]

    async def _bare(self, call: Call) -> Sequence[str]:
        """Say what is on; `!pause 15` starts a pause."""
        if begins_a_wish(call.text):
            return await self._start(call, call.text)
        if call.text.strip():
            otherwise = words.how_to_start_with(call.speech)
            raise mistyped("pause", call.text, call.speech.locale, otherwise)
        pause = self._pauses.running(call.room)
        if pause is None:
            return [room_words.nothing_running(call.speech), words.how_to_start(call.speech)]
        return [words.now(pause.scene(), self._hall.left(call.room.id), call.speech)]

    async def _read(self, call: Call) -> Sequence[str]:
        try:
            receipt = await self._wish(call, "join", call.text)
        except Refusal as problem:
            if problem.code != "already-reading":  # to say it twice is no mistake
                raise
            self._arrived.add(call.room, self._person(call))
            return []
        if isinstance(receipt.events[0], Joined | Returned):
            self._arrived.add(call.room, self._person(call))
        return []

    async def _log(self, call: Call) -> Sequence[str]:
        try:
            receipt = await self._wish(call, "log", call.text)
        except Refusal as problem:
            known = self._person(call)
            if problem.code != "log-closed" or not known:
                raise
            self._late.add(call.room, known)
            return []
        asked = receipt.events[-1]
        if isinstance(asked, Doubted):
            return [words.doubted(asked, call.speech)]
        self._noted.add(call.room, self._person(call))
        return []

    async def _breathe(self, call: Call) -> Sequence[str]:
        await self._wish(call, "breathe", "")
        return []

    async def _wish(self, call: Call, wish: str, text: str) -> Receipt:
        """Take a wish about the pause that is on; who is new here is told what is kept, together with others."""
        if self._pauses.running(call.room) is None:
            raise Refusal("nothing-running")
        receipt = self._hall.wished(call.room.id, call.visitor, wish, text, kinds=KINDS)
        await receipt.committed()
        if receipt.newcomer:
            for key in self._person(call):
                self._desk.welcome(call.room, key)
        return receipt

    def _person(self, call: Call) -> list[int]:
        person = self._people.find(call.visitor.platform, call.visitor.user_id)
        return [person.id] if person is not None else []


class PauseLines:
    """Turns a pause's announcements into lines of chat, each complete in itself: one at the start, one at the end."""

    def __init__(self, readings: Readings, naming: Naming, onsite: Callable[[int], int]) -> None:
        """`naming` tells what a person is called, `onsite` how many were counted in a session."""
        self._readings = readings
        self._naming = naming
        self._onsite = onsite

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts = self._turns(announcement, speech)
        until, session = _clock(announcement, speech), announcement.session_id
        for event in announcement.events:
            match event:
                case Opened():
                    posts.append(_line(self._opened(event, announcement, speech)))
                case Began(1):
                    pass
                case Began():
                    posts.append(_line([words.began(event, until, speech)]))
                case Rested():
                    posts.append(_line([words.rested(event, until, speech)]))
                case Ended():
                    posts.append(_line(words.ended(event, until, speech, self._naming)))
                case Reopened():
                    posts.append(_line([words.reopened(until, speech)]))
                case Counted(totals):
                    season = self._readings.season(announcement.room, totals)
                    posts.append(
                        _line(words.counted(totals, self._onsite(session), season, speech))
                    )
                case Finished(told=True):
                    pass
                case Finished():
                    season = self._readings.season(announcement.room)
                    posts.append(
                        _line(words.finished(event, self._onsite(session), season, speech))
                    )
                case Retimed():
                    posts.append(_line([words.retimed(announcement.scene, until, speech)]))
                case Overran():
                    posts.append(_line([words.overran(event, speech, self._naming)]))
                case Joined() | Returned() | Breathed() | Left() | Changed() | Turned():
                    pass
                case Logged() | Doubted() | Amended():
                    pass
                case Paused() | Resumed() | Back() | Suspended():
                    posts.append(_line([words.hall_event(event, until, speech)]))
        return posts

    def _turns(self, announcement: Announcement, speech: Speech) -> list[Post]:
        """Return one line for all that happened among the readers, less urgent when nobody is called."""
        events = [event.event for event in announcement.events if isinstance(event, Turned)]
        if not events:
            return []
        told = [turn_words.told(event, speech, self._naming) for event in events]
        waits = all(isinstance(event, Queued | Unqueued | TextChanged) for event in events)
        priority = Priority.COURTESY if waits else Priority.NEWS
        return [Post(Words(compose(told, MOST_CHARACTERS)), priority)]

    def _opened(self, event: Opened, announcement: Announcement, speech: Speech) -> list[str]:
        elsewhere = "discord" if announcement.room.discord_channel_id else None
        ahead = event.seconds if announcement.scene.phase == "hello" else 0.0
        return words.opened(event, _clock(announcement, speech, ahead), speech, elsewhere)


class PlansOnTwitch:
    """Tells a room's Twitch chat of planned pauses: one line for all who asked to be reminded, by name."""

    platform: Platform = "twitch"

    def __init__(self, side: TwitchSide, people: People) -> None:
        self._side = side
        self._people = people

    def left_out(self, room: Room, event: LeftOut) -> None:
        """Queue a line."""
        if room.twitch_channel_id is not None:
            self._side.say(room, plan_words.left_out(event, Speech(room.locale)))

    def remind(self, room: Room, reminder: Reminder, asking: Sequence[Asking]) -> None:
        """Queue a line."""
        if room.twitch_channel_id is None:
            return
        speech = Speech(room.locale)
        known = [name for one in asking if (name := self._people.name(one.person_id))]
        names = speech.people(known, shown=MOST_NAMED)
        text = plan_words.reminder(reminder, speech, names)
        self._side.post(room, Post(Words(clip(text, MOST_CHARACTERS)), patience=reminder.left))


def _clock(announcement: Announcement, speech: Speech, ahead: float = 0.0) -> str | None:
    """Return the time of day at which the present phase ends, or `ahead` seconds later."""
    if announcement.ends_at is None:
        return None
    return speech.time(announcement.ends_at + ahead, announcement.room.zone)


def _line(parts: Sequence[str]) -> Post:
    return Post(Words(compose(parts, MOST_CHARACTERS)))
