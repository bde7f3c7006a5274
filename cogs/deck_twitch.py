"""Decks on Twitch: listed, described; questions proposed and looked at by typing. Files are for Discord."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.proposals import Proposals, read_draft
from bot.shelf import Shelf
from bot.wording import proposals as proposal_words
from bot.wording import quiz as quiz_words
from bot.wording import shelf as words
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, DECK, called, mistyped, read
from games.core import Refusal, Role


class DeckTwitch(commands.Component):
    """Everybody may see what there is and propose a question; hosts look at proposals."""

    def __init__(self, desk: Desk, shelf: Shelf, proposals: Proposals) -> None:
        self._desk = desk
        self._shelf = shelf
        self._proposals = proposals

    @commands.command(name="deck", aliases=list(COMMANDS["deck"]))
    async def deck(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._deck)

    async def _deck(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, DECK)
        match verb:
            case "show":
                return self._show(call, rest)
            case "import":
                return [words.import_elsewhere(call.speech)]
            case "export":
                return [words.export_elsewhere(call.speech)]
            case "remove" | "forget":
                return await self._tidy(call, verb, rest)
            case "propose" | "sign":
                return await self._propose(call, verb, rest)
            case "review" | "accept" | "reject":
                return await self._look(call, verb, rest)
            case _:
                return self._list(call, verb)

    def _list(self, call: Call, verb: str | None) -> Sequence[str]:
        if verb is None and call.text.strip():
            raise mistyped("deck", call.text, call.speech.locale)
        return quiz_words.decks(self._shelf.decks.all.values(), call.speech)

    def _show(self, call: Call, name: str) -> Sequence[str]:
        deck = self._shelf.decks.find(name, call.speech.locale)
        lines = words.shown(deck, self._shelf.kept_on(deck.name), call.speech)
        if call.role >= Role.HOST:
            lines += words.remembered(self._shelf.remembered(deck), call.speech)
        return lines

    async def _tidy(self, call: Call, verb: str, text: str) -> Sequence[str]:
        if verb == "remove":
            return [words.removed(await self._shelf.remove(text, call.role), call.speech)]
        deck, _, answer = text.partition(" ")
        locale = call.speech.locale
        gone = await self._shelf.forget(deck, answer.strip(), locale, call.role)
        return [words.forgotten(gone, call.speech)]

    async def _propose(self, call: Call, verb: str, text: str) -> Sequence[str]:
        if verb == "sign":
            number = _number(verb, text, call.speech.locale)
            await self._proposals.sign(call.visitor, number)
            return [proposal_words.signed(number, call.speech)]
        if "=" not in text:
            raise Refusal("usage", usage=proposal_words.how_to_propose(call.speech))
        locale = call.speech.locale
        made = await self._proposals.propose(call.visitor, read_draft(text), locale)
        if made.newcomer is not None:
            self._desk.welcome(call.room, made.newcomer)
        return [
            proposal_words.proposed(made.id, call.speech),
            proposal_words.how_to_sign(made.id, call.speech),
        ]

    async def _look(self, call: Call, verb: str, text: str) -> Sequence[str]:
        if verb == "review":
            return await self._review(call, text)
        first, _, deck = text.partition(" ")
        number = _number(verb, first, call.speech.locale)
        if verb == "reject":
            await self._proposals.reject(number, call.role)
            return [proposal_words.rejected(number, call.speech)]
        joined = await self._proposals.accept(number, call.role, self._shelf.target(deck))
        count = len(joined.questions)
        return [proposal_words.accepted(number, joined.name, count, call.speech)]

    async def _review(self, call: Call, text: str) -> Sequence[str]:
        """Show the oldest proposal, or the oldest after a number."""
        after = _number("review", text, call.speech.locale) if text else 0
        proposal = await self._proposals.next(call.role, after)
        if proposal is None:
            return [proposal_words.nothing_waiting(call.speech)]
        return [
            proposal_words.heading(proposal, call.speech),
            proposal_words.in_a_line(proposal.question, call.speech),
            proposal_words.how_to_decide(proposal.id, call.speech),
        ]


def _number(verb: str, text: str, locale: str) -> int:
    """Return the number of a proposal; raises `Refusal` (`usage`) for anything else."""
    digits = text.strip().removeprefix("#")
    if not digits.isdecimal() or len(digits) > 10:
        raise Refusal("usage", usage=f"{called('deck', locale, verb)} 12")
    return int(digits)
