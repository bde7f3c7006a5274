"""The questions of clubs on Twitch: `!question`. What may give something away is never said in the chat."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from twitchio.ext import commands

from bot.clubs import Clubs, split
from bot.questions import Asked, Kept, Questions, read_draft
from bot.storage.clubs import Club
from bot.wording import questions as words
from bot.wording.speech import Speech
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, QUESTION, mistyped, read
from games.core import Refusal

Handler = Callable[[Call, Club, str], Awaitable[Sequence[str]]]

NEEDING = frozenset({"propose", "approve", "edit", "drop"})
"""Verbs that something must follow."""


class QuestionsTwitch(commands.Component):
    """Members propose questions; those who lead a club decide and ask."""

    def __init__(self, desk: Desk, clubs: Clubs, questions: Questions) -> None:
        self._desk = desk
        self._clubs = clubs
        self._questions = questions
        self._handlers: Mapping[str, Handler] = {
            "show": self._show,
            "next": self._next,
            "general": self._general,
            "carry": self._carry,
            "propose": self._propose,
            "list": self._list,
            "review": self._list,
            "approve": self._approve,
            "edit": self._edit,
            "drop": self._drop,
        }

    @commands.command(name="question", aliases=list(COMMANDS["question"]))
    async def question(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._question)

    async def _question(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, QUESTION)
        said, name = split(rest, prose=verb in NEEDING)
        if verb is None and said:
            raise mistyped("question", said, call.speech.locale, words.how_to("", call.speech))
        if verb in NEEDING and not said:
            raise Refusal("usage", usage=words.how_to(verb or "", call.speech))
        if verb not in NEEDING and not name:
            name = said
        club = await self._clubs.find(call.room, name, call.visitor)
        return await self._handlers[verb or "show"](call, club, said)

    async def _show(self, call: Call, club: Club, _: str) -> Sequence[str]:
        entry = await self._questions.current(club)
        if entry is None:
            return words.none_now(club, call.speech)
        return [words.asked(entry, call.speech)]

    async def _next(self, call: Call, club: Club, _: str) -> Sequence[str]:
        locale = call.speech.locale
        await self._questions.next(club, call.visitor, call.role, locale)
        return await self._unless_told(call, club)

    async def _general(self, call: Call, club: Club, _: str) -> Sequence[str]:
        locale = call.speech.locale
        await self._questions.ask_general(club, call.visitor, call.role, locale)
        return await self._unless_told(call, club)

    async def _carry(self, call: Call, club: Club, _: str) -> Sequence[str]:
        await self._questions.carry(club, call.visitor, call.role)
        return await self._unless_told(call, club)

    async def _propose(self, call: Call, club: Club, said: str) -> Sequence[str]:
        draft = read_draft(said)
        entry = await self._questions.propose(club, draft, call.visitor, call.role)
        return [words.proposed(entry, call.speech)]

    async def _list(self, call: Call, club: Club, _: str) -> Sequence[str]:
        entries = await self._questions.listed(club, call.visitor, call.role)
        return words.numbers(entries, club, call.speech)

    async def _approve(self, call: Call, club: Club, said: str) -> Sequence[str]:
        question = await self._questions.approve(club, said, call.visitor, call.role)
        return [words.approved(question.id, call.speech)]

    async def _edit(self, call: Call, club: Club, said: str) -> Sequence[str]:
        number, _, rest = said.partition("=")
        draft = read_draft(rest)
        entry = await self._questions.edit(club, number, draft, call.visitor, call.role)
        return [words.edited(entry, call.speech)]

    async def _drop(self, call: Call, club: Club, said: str) -> Sequence[str]:
        question = await self._questions.drop(club, said, call.visitor, call.role)
        return [words.dropped(question.id, call.speech)]

    async def _unless_told(self, call: Call, club: Club) -> Sequence[str]:
        """Answer, unless this chat is one of those that are told anyway."""
        told = call.room.id in await self._clubs.rooms(club)
        return [] if told else [words.done(call.speech)]


def lines(news: Asked | Kept, speech: Speech) -> Sequence[str]:
    """Return what a chat is told."""
    match news:
        case Asked():
            return [words.told(news, speech)]
        case Kept(entry):
            return [words.kept(entry, speech)]
