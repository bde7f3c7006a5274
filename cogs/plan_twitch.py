"""Reading plans on Twitch: `!plan …` and `!lu 3`. A chat hears of sections by number and by what they cover alone.

Who says where they are is thanked together with others, and nothing of it is repeated.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from twitchio.ext import commands

from bot.clock import Clock
from bot.clubs import Clubs, split
from bot.outbox import Priority
from bot.people import clean_name
from bot.reading_plans import BookPlan, ReadingPlans, split_book
from bot.reading_progress import ReadingProgress
from bot.section_threads import SectionThreads
from bot.storage.rooms import Room
from bot.twitch_side import TwitchSide
from bot.wording import reading_plan as words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, PLAN, mistyped, read
from games.core import Refusal

TOGETHER = 4.0
"""Seconds for which thanks are gathered."""

Handler = Callable[[Call, BookPlan, str], Awaitable[Sequence[str]]]

NEEDED = frozenset({"add", "generate", "edit", "remove", "shift"})
"""Verbs that something is typed after."""


class PlanTwitch(commands.Component):
    """Plans, and how far one is in them."""

    def __init__(
        self,
        desk: Desk,
        side: TwitchSide,
        clock: Clock,
        clubs: Clubs,
        plans: ReadingPlans,
        progress: ReadingProgress,
        threads: SectionThreads,
    ) -> None:
        self._desk = desk
        self._side = side
        self._clock = clock
        self._clubs = clubs
        self._plans = plans
        self._progress = progress
        self._threads = threads
        self._noted: dict[int, list[str]] = {}
        self._handlers: Mapping[str, Handler] = {
            "show": self._show,
            "add": self._add,
            "generate": self._generate,
            "edit": self._edit,
            "remove": self._remove,
            "shift": self._shift,
            "clear": self._clear,
            "sums": self._sums,
            "threads": self._open,
            "nothreads": self._close,
        }

    @commands.command(name="plan", aliases=list(COMMANDS["plan"]))
    async def plan(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._plan)

    @commands.command(name="reached", aliases=list(COMMANDS["reached"]))
    async def reached(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Note how far somebody is."""
        await self._desk.serve(ctx, text, self._reached)

    async def _plan(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, PLAN)
        said, club = split(rest, prose=verb in NEEDED)
        book, said = split_book(said)
        if verb is None and said:
            raise mistyped("plan", said, call.speech.locale, words.how_to("add", call.speech))
        if verb in NEEDED and not said:
            raise Refusal("usage", usage=words.how_to(verb or "", call.speech))
        plan = await self._find(call, club, book)
        return await self._handlers[verb or "show"](call, plan, said)

    async def _find(self, call: Call, club: str, book: str) -> BookPlan:
        return await self._plans.find(await self._clubs.find(call.room, club, call.visitor), book)

    async def _show(self, call: Call, plan: BookPlan, _: str) -> Sequence[str]:
        if not plan.sections:
            host = await self._clubs.leads(plan.club, call.visitor, call.role)
            return words.none_yet(plan, call.speech, host=host)
        return words.short(plan, self._plans.now(call.room, call.room.zone), call.speech)

    async def _add(self, call: Call, plan: BookPlan, said: str) -> Sequence[str]:
        changed = await self._plans.add(plan, said, call.room, call.visitor, call.role)
        return self._confirm(call, changed)

    async def _generate(self, call: Call, plan: BookPlan, said: str) -> Sequence[str]:
        changed = await self._plans.generate(plan, said, call.room, call.visitor, call.role)
        return self._confirm(call, changed)

    async def _edit(self, call: Call, plan: BookPlan, said: str) -> Sequence[str]:
        changed = await self._plans.edit(plan, said, call.room, call.visitor, call.role)
        return self._confirm(call, changed)

    async def _remove(self, call: Call, plan: BookPlan, said: str) -> Sequence[str]:
        gone, _ = await self._plans.remove(plan, said, call.room, call.visitor, call.role)
        return [words.removed(gone, call.speech)]

    async def _shift(self, call: Call, plan: BookPlan, said: str) -> Sequence[str]:
        changed = await self._plans.shift(plan, said, call.room, call.visitor, call.role)
        return self._confirm(call, changed)

    async def _clear(self, call: Call, plan: BookPlan, _: str) -> Sequence[str]:
        await self._plans.clear(plan, call.room, call.visitor, call.role)
        return [words.cleared(plan, call.speech)]

    async def _sums(self, call: Call, plan: BookPlan, _: str) -> Sequence[str]:
        return words.sums(await self._progress.sums(plan, call.visitor, call.role), call.speech)

    async def _open(self, call: Call, plan: BookPlan, _: str) -> Sequence[str]:
        public = await self._threads.settle_in(plan, call.room, call.visitor, call.role)
        return [words.threads_here(call.speech, public=public)]

    async def _close(self, call: Call, plan: BookPlan, _: str) -> Sequence[str]:
        await self._threads.move_out(plan, call.visitor, call.role)
        return [words.threads_gone(call.speech)]

    def _confirm(self, call: Call, plan: BookPlan) -> Sequence[str]:
        return [words.changed(plan, self._plans.now(call.room, call.room.zone), call.speech)]

    async def _reached(self, call: Call) -> Sequence[str]:
        said, club = split(call.text, prose=False)
        book, said = split_book(said)
        plan = await self._find(call, club, book)
        noted = await self._progress.note(plan, said, call.visitor)
        if noted is None:
            await self._threads.dismiss(plan, call.visitor)
            return [words.forgotten(call.speech)]
        self._threads.wake(plan.book.id)
        self._thank(call.room, clean_name(call.visitor.name))
        return []  # thanked with the others

    def _thank(self, room: Room, name: str) -> None:
        if room.id not in self._noted:
            self._clock.call_later(TOGETHER, lambda: self._say_thanks(room))
        names = self._noted.setdefault(room.id, [])
        if name not in names:
            names.append(name)

    def _say_thanks(self, room: Room) -> None:
        names = self._noted.pop(room.id)
        self._side.say(room, words.thanks(names, Speech(room.locale)), priority=Priority.REPLY)
