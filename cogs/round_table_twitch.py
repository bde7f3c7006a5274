"""The round of the table on Twitch: `!round` for everybody, and a line for each turn."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from twitchio.ext import commands

from bot.clock import Clock
from bot.outbox import Post, Priority
from bot.people import People
from bot.round_table import RoundTables, read_wish
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Later, Words
from bot.wording import round_table as words
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, compose
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, ROUND, mistyped, read
from games.core import Refusal, Scene
from games.round_table import (
    Called,
    Extended,
    Finished,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    Seated,
    Skipped,
    Spoke,
    TimeUp,
)

ACTIONS = {"absent": "skip", "hold": "pause"}
"""What a verb is called in the rules, where that is another word."""

FULL_EVERY = 30.0
"""Seconds for which a room that was told that its table is full is not told again."""


class RoundTableTwitch(commands.Component):
    """Everybody speaks once; those who lead hand on. The round's own lines say what came of it."""

    def __init__(self, desk: Desk, round_tables: RoundTables, people: People, clock: Clock) -> None:
        self._desk = desk
        self._tables = round_tables
        self._people = people
        self._clock = clock
        self._told_full: dict[int, float] = {}

    @commands.command(name="round", aliases=list(COMMANDS["round"]))
    async def table(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it; without one, sit down."""
        await self._desk.serve(ctx, text, self._table)

    async def _table(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, ROUND)
        match verb:
            case "start":
                wish = read_wish(rest)
                receipt = await self._tables.start(call.room, wish, call.visitor, call.role)
                await receipt.committed()
            case "next" | "absent" | "extend" | "hold" | "resume" | "stop":
                action = ACTIONS.get(verb, verb)
                receipt = await self._tables.act(call.room, action, call.visitor, call.role)
                await receipt.committed()
            case "pass" | "done" | "join":
                await self._wish(call, verb)
            case _ if rest:
                raise mistyped("round", rest, call.speech.locale)
            case _:
                await self._wish(call, "join")
        return []

    async def _wish(self, call: Call, wish: str) -> None:
        try:
            receipt = self._tables.wish(call.room, wish, call.visitor)
        except Refusal as problem:
            if problem.code == "round-full" and not self._tell_full(call.room.id):
                return
            raise
        await receipt.committed()
        person = self._people.find(call.visitor.platform, call.visitor.user_id)
        if receipt.newcomer and person is not None:
            self._desk.welcome(call.room, person.id)

    def _tell_full(self, room_id: int) -> bool:
        """Return whether it is time to say that the table is full: a crowd is not answered one by one."""
        now = self._clock.now()
        if now - self._told_full.get(room_id, -FULL_EVERY) < FULL_EVERY:
            return False
        self._told_full[room_id] = now
        return True


class RoundTableLines:
    """Turns a round's announcements into lines of chat: one for each turn, one when time draws near."""

    def __init__(self, people: People) -> None:
        self._naming: Naming = people.name

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        said: list[str] = []
        seats = False
        for event in announcement.events:
            match event:
                case Opened() | Called() | Nearing() | Extended() | Finished():
                    said.append(words.told(event, speech, self._naming))
                case Spoke() | Passed() | Skipped():
                    said.append(words.told(event, speech, self._naming))
                case Seated() | Joined() | Left():
                    seats = True
                case TimeUp():
                    pass  # the next line comes soon enough
                case Paused() | Resumed() | Back() | Suspended():
                    said.append(words.hall_event(event, speech))
        posts = [Post(Words(compose(said, MOST_CHARACTERS)))] if said else []
        return [*posts, self._seats(announcement, speech)] if seats else posts

    def _seats(self, announcement: Announcement, speech: Speech) -> Post:
        """Say who waits, now and then while a crowd sits down."""
        line = Later(partial(self._queue, announcement.scene, speech))
        return Post(line, Priority.COURTESY, key=f"{announcement.session_id}-seats")

    def _queue(self, scene: Scene, speech: Speech) -> str:
        return compose(words.queue(scene.facts, speech, self._naming), MOST_CHARACTERS)
