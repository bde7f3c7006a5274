"""Decks on Discord: imported from an attached file, shown, exported; questions proposed in a form and looked at."""

import asyncio
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient, Form, visitor_of
from bot.proposals import Draft, Proposal, Proposals, read_draft
from bot.shelf import LARGEST_FILE, READ, WRITTEN, ImportWish, Shelf, read_import
from bot.wording import proposals as proposal_words
from bot.wording import quiz as quiz_words
from bot.wording import room as room_words
from bot.wording import shelf as words
from bot.wording.decks import problem
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    group,
    named,
    privately,
    reply,
    role_in,
    typed_after,
    verb,
)
from cogs.deck_controls import (
    EDIT,
    PROPOSE,
    edit_form,
    propose_form,
    read_form,
    review_view,
    sign_view,
)
from cogs.verbs import COMMANDS, DECK, mistyped, read
from games.core import Refusal, Role
from games.deck import Deck, DeckError

Context = commands.Context[Any]

SHOWN = 10
"""Lines of a report that are shown; a longer one is attached whole."""

LONGEST = 1900
"""Characters of an answer."""

FETCHING = 30.0
"""Seconds in which an attached file must have come."""


class WithFile(FreeText):
    """A command whose typed form takes the file that is attached to the message."""

    async def _parse_arguments(self, ctx: Context) -> None:
        await super()._parse_arguments(ctx)
        if ctx.interaction is None:
            if not ctx.message.attachments:
                raise commands.CommandInvokeError(Refusal("file-missing"))
            ctx.kwargs["file"] = ctx.message.attachments[0]


class DeckDiscord(commands.Cog, name="deck"):
    """Hosts bring decks and look at proposals; everybody may see what there is and propose a question."""

    def __init__(self, client: DiscordClient, shelf: Shelf, proposals: Proposals) -> None:
        self._client = client
        self._shelf = shelf
        self._proposals = proposals
        client.add_form(Form(PROPOSE, self.entered))
        client.add_form(Form(EDIT, self.edited))

    @group(
        "deck",
        "questions",
        N_("Which questions there are, and proposing some"),
        named("list", "liste"),
        COMMANDS["deck"],
    )
    async def deck(self, ctx: Context) -> None:
        """List the decks."""
        speech = self._client.speech(ctx.channel.id)
        unread = ctx.view.read_rest()
        if unread.strip() and read(unread, DECK)[0] != "list":
            raise mistyped("deck", unread, speech.locale)
        decks = self._shelf.decks.all.values()
        await reply(
            ctx, "\n".join(words.listed([self._line(d, speech) for d in decks], LONGEST, speech))
        )

    def _line(self, deck: Deck, speech: Speech) -> str:
        line = quiz_words.deck(deck, speech)
        return words.marked(line, speech) if self._shelf.decks.is_above(deck.name) else line

    @verb(deck, DECK, "show", N_("Describe a deck"), FreeText)
    @app_commands.describe(deck=locale_str(N_("Which questions")))
    @app_commands.rename(deck=named("deck", "jeu"))
    async def show(self, ctx: Context, deck: str = "") -> None:
        """Describe a deck; hosts also see which answers were remembered."""
        speech = self._client.speech(ctx.channel.id)
        found = self._shelf.decks.find(deck or typed_after(ctx), speech.locale)
        lines = words.shown(found, self._shelf.kept_on(found.name), speech)
        if role_in(ctx) >= Role.HOST:
            lines += words.remembered(self._shelf.remembered(found), speech)
        await reply(ctx, clip("\n".join(lines), LONGEST))

    @verb(deck, DECK, "import", N_("Make a deck of a file"), WithFile)
    @app_commands.describe(
        file=locale_str(N_("A spreadsheet, or a file of Kahoot, Moodle, Anki, OpenQuizzDB…")),
        name=locale_str(N_("What the deck is called; as the file unless you say so")),
        format=locale_str(N_("Which kind of file it is; as it looks unless you say so")),
        replace=locale_str(N_("Put it in the place of the deck of that name")),
    )
    @app_commands.rename(
        file=named("file", "fichier"),
        name=named("name", "nom"),
        format=named("format", "format"),
        replace=named("replace", "remplacer"),
    )
    @app_commands.choices(format=[app_commands.Choice(name=name, value=name) for name in READ])
    async def bring(
        self,
        ctx: Context,
        file: discord.Attachment,
        name: str = "",
        format: str = "",  # noqa: A002 (what a host calls it)
        replace: bool = False,
    ) -> None:
        """Import the deck in a file, whole or not at all, and say what is worth a look."""
        wish = ImportWish(name, format, replace)
        if ctx.interaction is None:
            wish = read_import(typed_after(ctx))
        role, speech = role_in(ctx), self._client.speech(ctx.channel.id)
        if role < Role.HOST:
            raise Refusal("hosts-only")
        if file.size > LARGEST_FILE * 1_000_000:
            raise Refusal("file-too-big", limit=LARGEST_FILE)
        await ctx.defer(ephemeral=True)
        data = await _fetched(file)
        try:
            arrival = await self._shelf.bring_in(file.filename, data, wish, speech.locale, role)
        except DeckError as error:
            plain = words.located(error.problems, Speech(speech.locale))
            lines = words.located(error.problems, speech)
            await self._report(ctx, [words.refused(file.filename, speech)], lines, plain)
            return
        plain = words.remarks(arrival.remarks, Speech(speech.locale))
        lines = words.remarks(arrival.remarks, speech)
        await self._report(ctx, words.imported(arrival, speech), lines, plain)

    async def _report(
        self, ctx: Context, head: Sequence[str], lines: Sequence[str], plain: Sequence[str]
    ) -> None:
        """Answer with the first lines; when there are more, all of them are attached as plain text."""
        speech = self._client.speech(ctx.channel.id)
        if len(lines) <= SHOWN and len("\n".join([*head, *lines])) <= LONGEST:
            await reply(ctx, "\n".join([*head, *lines]))
            return
        shown = [clip(line, 150) for line in lines[:SHOWN]]
        more = [words.more_in_file(len(lines) - SHOWN, speech)] if len(lines) > SHOWN else []
        data = io.BytesIO("".join(f"{line}\r\n" for line in plain).encode("utf-8-sig"))
        attached = discord.File(data, words.list_name(speech))
        await reply(ctx, clip("\n".join([*head, *shown, *more]), LONGEST), file=attached)

    @verb(deck, DECK, "export", N_("Get a deck as a file"), FreeText)
    @app_commands.describe(
        deck=locale_str(N_("Which questions")),
        format=locale_str(N_("Which kind of file; Ensemble’s own unless you say so")),
    )
    @app_commands.rename(deck=named("deck", "jeu"), format=named("format", "format"))
    @app_commands.choices(format=[app_commands.Choice(name=name, value=name) for name in WRITTEN])
    async def export(self, ctx: Context, deck: str = "", format: str = "") -> None:  # noqa: A002 (what a host calls it)
        """Hand a deck over as a file, privately: the answers are in it."""
        if ctx.interaction is None:
            deck, _, format = typed_after(ctx).strip().partition(" ")  # noqa: A001 (as above)
        role, speech = role_in(ctx), self._client.speech(ctx.channel.id)
        await ctx.defer(ephemeral=True)
        try:
            made = await self._shelf.export(deck, format.strip(), speech.locale, role)
        except DeckError as error:
            reasons = [problem(one, speech) for one in error.problems[:SHOWN]]
            text = "\n".join([words.not_exported(format, speech), *reasons])
            await privately(ctx, clip(text, LONGEST))
            return
        attached = discord.File(io.BytesIO(made.data), made.file_name)
        text = clip("\n".join(words.exported(made, speech)), LONGEST)
        await privately(ctx, text, file=attached)

    @verb(deck, DECK, "remove", N_("Remove an imported deck"), FreeText)
    @app_commands.describe(deck=locale_str(N_("Which questions")))
    @app_commands.rename(deck=named("deck", "jeu"))
    async def remove(self, ctx: Context, deck: str = "") -> None:
        """Remove an imported deck."""
        await ctx.defer(ephemeral=True)
        name = await self._shelf.remove(deck or typed_after(ctx), role_in(ctx))
        await reply(ctx, words.removed(name, self._client.speech(ctx.channel.id)))

    @verb(deck, DECK, "forget", N_("Forget an answer that was remembered"), FreeText)
    @app_commands.describe(
        deck=locale_str(N_("Which questions")),
        answer=locale_str(N_("The answer that is no longer right")),
    )
    @app_commands.rename(deck=named("deck", "jeu"), answer=named("answer", "réponse"))
    async def forget(self, ctx: Context, deck: str = "", answer: str = "") -> None:
        """Forget an answer that was remembered."""
        if ctx.interaction is None:
            deck, _, answer = typed_after(ctx).strip().partition(" ")
        speech = self._client.speech(ctx.channel.id)
        await ctx.defer(ephemeral=True)
        gone = await self._shelf.forget(deck, answer.strip(), speech.locale, role_in(ctx))
        await reply(ctx, words.forgotten(gone, speech))

    async def decks_for(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer decks, near ones first."""
        locale = self._client.speech(interaction.channel_id).locale
        decks = self._shelf.decks
        found = [decks.find(name, locale) for name in decks.nearest(typed, locale, limit=25)]
        return [
            app_commands.Choice(name=clip(f"{d.title} ({d.name})", 100), value=d.name)
            for d in found
        ]

    show.autocomplete("deck")(decks_for)
    export.autocomplete("deck")(decks_for)
    remove.autocomplete("deck")(decks_for)
    forget.autocomplete("deck")(decks_for)

    # --- Proposing --------------------------------------------------------------------------------------------

    @verb(deck, DECK, "propose", N_("Propose a question for the quiz"), FreeText)
    async def propose(self, ctx: Context) -> None:
        """Open a form; as text, read a question, its answer and the wrong choices."""
        speech = self._client.speech(ctx.channel.id)
        if ctx.interaction is not None:
            await ctx.interaction.response.send_modal(propose_form(speech))
            return
        text = typed_after(ctx)
        if "=" not in text:
            raise Refusal("usage", usage=proposal_words.how_to_propose(speech))
        text, view = await self._propose(ctx.author, read_draft(text), speech)
        await reply(ctx, text, view=view)

    async def entered(
        self,
        interaction: discord.Interaction[Any],
        _match: re.Match[str],
        entered: Mapping[str, str],
    ) -> None:
        """Take a question from the form."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        speech = self._client.speech(interaction.channel_id)
        text, view = await self._propose(interaction.user, read_form(entered), speech)
        await self._client.tell(interaction, text, view=view)

    async def _propose(
        self, author: discord.abc.User, draft: Draft, speech: Speech
    ) -> tuple[str, discord.ui.View]:
        made = await self._proposals.propose(visitor_of(author), draft, speech.locale)
        lines = [proposal_words.proposed(made.id, speech), proposal_words.may_sign(speech)]
        if made.newcomer is not None:
            lines.append(f"-# {room_words.notice('', speech)}")
        return "\n".join(lines), sign_view(made.id, speech)

    @verb(deck, DECK, "sign", N_("Have your name shown with a question that you proposed"))
    @app_commands.describe(number=locale_str(N_("The number of the proposal")))
    @app_commands.rename(number=named("number", "numéro"))
    async def sign(self, ctx: Context, number: int) -> None:
        """Sign one's own proposal."""
        await ctx.defer(ephemeral=True)
        await self._proposals.sign(visitor_of(ctx.author), number)
        await reply(ctx, proposal_words.signed(number, self._client.speech(ctx.channel.id)))

    async def press_sign(self, interaction: discord.Interaction[Any], key: int) -> None:
        """Sign one's own proposal with the button; it goes once it has been pressed."""
        await interaction.response.defer()
        speech = self._client.speech(interaction.channel_id)
        await self._proposals.sign(visitor_of(interaction.user), key)
        await interaction.edit_original_response(
            content=proposal_words.signed(key, speech), view=None
        )

    # --- Looking at proposals ---------------------------------------------------------------------------------

    @verb(deck, DECK, "review", N_("Look at the questions that people proposed"), FreeText)
    @app_commands.describe(deck=locale_str(N_("The imported deck that accepted questions join")))
    @app_commands.rename(deck=named("deck", "jeu"))
    async def review(self, ctx: Context, deck: str = "") -> None:
        """Show the oldest proposal with what can be done about it, privately."""
        speech = self._client.speech(ctx.channel.id)
        target = self._shelf.target(deck or typed_after(ctx))
        proposal = await self._proposals.next(role_in(ctx))
        if proposal is None:
            await privately(ctx, proposal_words.nothing_waiting(speech))
        elif ctx.interaction is not None:
            view = review_view(proposal, target, speech)
            await privately(ctx, _described(proposal, speech), view=view)
        else:  # a private message knows nothing of who hosts, so its buttons would be refused
            how = proposal_words.how_to_decide(proposal.id, speech)
            await privately(ctx, f"{_described(proposal, speech)}\n{how}")

    @verb(deck, DECK, "accept", N_("Accept a proposed question"))
    @app_commands.describe(
        number=locale_str(N_("The number of the proposal")),
        deck=locale_str(N_("The imported deck that it joins")),
    )
    @app_commands.rename(number=named("number", "numéro"), deck=named("deck", "jeu"))
    async def accept(self, ctx: Context, number: int, *, deck: str = "") -> None:
        """Put a proposal into an imported deck."""
        await ctx.defer(ephemeral=True)
        target = self._shelf.target(deck)
        joined = await self._proposals.accept(number, role_in(ctx), target)
        speech, count = self._client.speech(ctx.channel.id), len(joined.questions)
        await reply(ctx, proposal_words.accepted(number, joined.name, count, speech))

    @verb(deck, DECK, "reject", N_("Take a proposed question out of the queue"))
    @app_commands.describe(number=locale_str(N_("The number of the proposal")))
    @app_commands.rename(number=named("number", "numéro"))
    async def reject(self, ctx: Context, number: int) -> None:
        """Take a proposal out of the queue."""
        await ctx.defer(ephemeral=True)
        await self._proposals.reject(number, role_in(ctx))
        await reply(ctx, proposal_words.rejected(number, self._client.speech(ctx.channel.id)))

    async def press(
        self, interaction: discord.Interaction[Any], verb: str, key: int, deck: str
    ) -> None:
        """Do what a button below a proposal says, and show the next one in its place."""
        role, speech = self._role(interaction), self._client.speech(interaction.channel_id)
        if verb == "edit":
            proposal = await self._proposals.find(key, role)
            await interaction.response.send_modal(edit_form(proposal, deck, speech))
            return
        await interaction.response.defer()
        said = await self._decided(verb, key, deck, role, speech)
        following = await self._proposals.next(role, after=key)
        if following is not None:
            await self._show(interaction, said, following, deck)
        else:
            left = await self._proposals.next(role) is not None
            end = proposal_words.nothing_further if left else proposal_words.nothing_waiting
            text = "\n\n".join([*said, end(speech)])
            await interaction.edit_original_response(content=text, view=None)

    async def edited(
        self,
        interaction: discord.Interaction[Any],
        match: re.Match[str],
        entered: Mapping[str, str],
    ) -> None:
        """Take what a reviewer made of a proposal, and show it as it is now."""
        await interaction.response.defer()
        key, draft = int(match["key"]), read_form(entered)
        proposal = await self._proposals.rewrite(key, draft, self._role(interaction))
        await self._show(interaction, [], proposal, match["deck"])

    async def _decided(
        self, verb: str, key: int, deck: str, role: Role, speech: Speech
    ) -> list[str]:
        match verb:
            case "accept":
                joined = await self._proposals.accept(key, role, deck)
                count = len(joined.questions)
                return [proposal_words.accepted(key, joined.name, count, speech)]
            case "reject":
                await self._proposals.reject(key, role)
                return [proposal_words.rejected(key, speech)]
            case _:
                return []

    async def _show(
        self,
        interaction: discord.Interaction[Any],
        said: Sequence[str],
        proposal: Proposal,
        deck: str,
    ) -> None:
        speech = self._client.speech(interaction.channel_id)
        text = "\n\n".join([*said, _described(proposal, speech)])
        view = review_view(proposal, deck, speech)
        await interaction.edit_original_response(content=text, view=view)

    def _role(self, interaction: discord.Interaction[Any]) -> Role:
        return self._client.role_of(interaction.user, interaction.permissions)


async def _fetched(file: discord.Attachment) -> bytes:
    """Return what an attached file holds.

    Raises:
        Refusal: `file-unreachable`.
    """
    try:
        async with asyncio.timeout(FETCHING):
            return await file.read()
    except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
        raise Refusal("file-unreachable") from error


def _described(proposal: Proposal, speech: Speech) -> str:
    lines = [f"**{proposal_words.heading(proposal, speech)}**"]
    lines += [
        f"**{name}** · {text}" for name, text in proposal_words.fields(proposal.question, speech)
    ]
    if proposal.signed:
        lines.append(f"-# {proposal_words.will_be_signed(speech)}")
    return "\n".join(lines)
