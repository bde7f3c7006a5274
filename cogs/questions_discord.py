"""The questions of clubs on Discord: `/question`, the form, the buttons, and the question on the table."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clubs import Clubs, split
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.discord_side import Board
from bot.outbox import Post
from bot.people import People
from bot.questions import Asked, Draft, Entry, Kept, Questions, read_draft, read_section
from bot.rooms import Rooms
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from bot.wording import questions as words
from bot.wording.speech import N_, Speech, clip, compose
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    group,
    named,
    options,
    reply,
    role_in,
    typed_after,
    verb,
)
from cogs.questions_controls import (
    EDIT,
    PROPOSE,
    edit_form,
    propose_form,
    review_view,
    table_buttons,
)
from cogs.verbs import COMMANDS, QUESTION, mistyped, read
from games.core import Refusal, Role

COLOUR = 0x8A5A3C
LONGEST_REPLY = 1900

WHICH_CLUB = N_("Which club, when several meet here")
WHICH_NUMBER = N_("The number of the question")

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]


class QuestionsDiscord(commands.Cog, name="questions"):
    """Members propose questions; those who lead a club decide and ask."""

    def __init__(
        self,
        client: DiscordClient,
        rooms: Rooms,
        clubs: Clubs,
        questions: Questions,
        people: People,
    ) -> None:
        self._client = client
        self._rooms = rooms
        self._clubs = clubs
        self._questions = questions
        self._people = people
        client.add_form(Form(PROPOSE, self.entered))
        client.add_form(Form(EDIT, self.edited))

    @group(
        "question",
        "question",
        N_("The questions that a club talks about"),
        named("show", "voir"),
        COMMANDS["question"],
    )
    @options(club=("club", WHICH_CLUB))
    async def question(self, ctx: Context, club: str = "") -> None:
        """Show the question on the table."""
        said, name = club, club
        if ctx.interaction is None:
            said, name = split(ctx.message.content.partition(" ")[2], prose=False)
            if said and read(said, QUESTION)[0] is None:
                speech = self._speech(ctx)
                raise mistyped("question", said, speech.locale, words.how_to("", speech))
        found, speech = await self._find(ctx, name), self._speech(ctx)
        entry = await self._questions.current(found)
        if entry is None:
            await reply(ctx, "\n".join(words.none_now(found, speech)))
        else:
            await reply(
                ctx, "\n".join([f"**{words.heading(entry, speech)}**", _shown(entry, speech)])
            )

    @verb(question, QUESTION, "next", N_("Ask the next question"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def ask(self, ctx: Context, club: str = "") -> None:
        """Ask the next question."""
        found = await self._find(ctx, club or _name(ctx))
        locale = self._speech(ctx).locale
        await self._questions.next(found, visitor_of(ctx.author), role_in(ctx), locale)
        await acknowledge(ctx, words.done(self._speech(ctx)))

    @verb(question, QUESTION, "general", N_("Ask a question that fits every book"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def general(self, ctx: Context, club: str = "") -> None:
        """Ask a general question."""
        found = await self._find(ctx, club or _name(ctx))
        locale = self._speech(ctx).locale
        await self._questions.ask_general(found, visitor_of(ctx.author), role_in(ctx), locale)
        await acknowledge(ctx, words.done(self._speech(ctx)))

    @verb(question, QUESTION, "carry", N_("Keep the question for the next meeting"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def carry(self, ctx: Context, club: str = "") -> None:
        """Keep the question on the table for the next meeting."""
        found = await self._find(ctx, club or _name(ctx))
        await self._questions.carry(found, visitor_of(ctx.author), role_in(ctx))
        await acknowledge(ctx, words.done(self._speech(ctx)))

    @verb(
        question,
        QUESTION,
        "propose",
        N_("Propose a question for the club"),
        FreeText,
        "… ? ; section 2",
    )
    @options(
        text=("question", N_("The question")),
        section=("section", N_("After which section it may be asked; 0 if it gives nothing away")),
        book=("livre", N_("Its title or its number")),
        club=("club", WHICH_CLUB),
    )
    async def propose(
        self,
        ctx: Context,
        section: app_commands.Range[int, 0, 99] = 0,
        book: str = "",
        club: str = "",
        *,
        text: str,
    ) -> None:
        """Propose a question."""
        draft = Draft(text, section, book)
        if ctx.interaction is None:
            said, club = self._typed(ctx, "propose")
            draft = read_draft(said)
        found = await self._find(ctx, club)
        entry = await self._questions.propose(found, draft, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, _thanks(entry, self._speech(ctx)))

    @verb(question, QUESTION, "list", N_("The questions that may be asked, for hosts"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def listing(self, ctx: Context, club: str = "") -> None:
        """List a club's questions in private; count them where everybody reads."""
        found, speech = await self._find(ctx, club or _name(ctx)), self._speech(ctx)
        entries = await self._questions.listed(found, visitor_of(ctx.author), role_in(ctx))
        if ctx.interaction is None:
            lines = words.numbers(entries, found, speech)
        else:
            lines = words.listed(entries, found, speech)
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))

    @verb(question, QUESTION, "review", N_("Look at the questions that members propose"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def review(self, ctx: Context, club: str = "") -> None:
        """Show the oldest proposal with what can be done about it."""
        found, speech = await self._find(ctx, club or _name(ctx)), self._speech(ctx)
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        entry, waiting = await self._questions.review(found, visitor, role)
        if ctx.interaction is None:
            entries = await self._questions.listed(found, visitor, role)
            await reply(ctx, "\n".join(words.numbers(entries, found, speech)))
        elif entry is None:
            await reply(ctx, words.none_waiting(speech))
        else:
            view = review_view(entry.question.id, speech)
            await reply(ctx, self._described(entry, waiting, speech), view=view)

    @verb(question, QUESTION, "approve", N_("Let a proposal be asked"), FreeText)
    @options(number=("numéro", WHICH_NUMBER), club=("club", WHICH_CLUB))
    async def approve(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Let a proposal be asked."""
        if ctx.interaction is None:
            number, club = self._typed(ctx, "approve")
        found = await self._find(ctx, club)
        question = await self._questions.approve(
            found, number, visitor_of(ctx.author), role_in(ctx)
        )
        await reply(ctx, words.approved(question.id, self._speech(ctx)))

    @verb(question, QUESTION, "drop", N_("Put a question away, or take your own back"), FreeText)
    @options(number=("numéro", WHICH_NUMBER), club=("club", WHICH_CLUB))
    async def drop(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Put a question away."""
        if ctx.interaction is None:
            number, club = self._typed(ctx, "drop")
        found = await self._find(ctx, club)
        question = await self._questions.drop(found, number, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, words.dropped(question.id, self._speech(ctx)))

    @verb(question, QUESTION, "edit", N_("Change a question before it is asked"), FreeText)
    @options(
        number=("numéro", WHICH_NUMBER),
        text=("question", N_("The question")),
        section=("section", N_("After which section it may be asked; 0 if it gives nothing away")),
        book=("livre", N_("Its title or its number")),
        club=("club", WHICH_CLUB),
    )
    async def edit(
        self,
        ctx: Context,
        text: str = "",
        section: app_commands.Range[int, 0, 99] | None = None,
        book: str = "",
        club: str = "",
        *,
        number: str,
    ) -> None:
        """Change a question."""
        draft = Draft(text, section, book)
        if ctx.interaction is None:
            said, club = self._typed(ctx, "edit")
            number, _, rest = said.partition("=")
            draft = read_draft(rest)
        found, speech = await self._find(ctx, club), self._speech(ctx)
        entry = await self._questions.edit(
            found, number, draft, visitor_of(ctx.author), role_in(ctx)
        )
        await reply(ctx, words.edited(entry, speech))

    # what is pressed and filled in

    async def press(self, interaction: Interaction, act: str, club: int, key: int) -> None:
        """Take a button under the question on the table."""
        found, visitor, role = await self._questions.club(club), *self._who(interaction)
        speech = self._client.speech(interaction.channel_id)
        match act:
            case "propose":
                await self._clubs.require_member(found, visitor, role)
                await interaction.response.send_modal(propose_form(club, speech))
                return
            case "next":
                await self._questions.next(found, visitor, role, speech.locale, after=key)
            case _:
                await self._questions.carry(found, visitor, role, after=key)
        await self._client.tell(interaction, words.done(speech))

    async def entered(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take a question from the form."""
        found, visitor, role = (
            await self._questions.club(int(match["club"])),
            *self._who(interaction),
        )
        draft = Draft(entered.get("text", ""), read_section(entered.get("section", "")))
        entry = await self._questions.propose(found, draft, visitor, role)
        speech = self._client.speech(interaction.channel_id)
        await self._client.tell(interaction, _thanks(entry, speech))

    async def decide(self, interaction: Interaction, verb: str, key: int) -> None:
        """Do what a button below a proposal says, and show the next one in its place."""
        club, visitor, role = await self._questions.club_of(key), *self._who(interaction)
        speech = self._client.speech(interaction.channel_id)
        said: list[str] = []
        match verb:
            case "edit":
                entry, _ = await self._questions.review(club, visitor, role, after=key - 1)
                if entry is None or entry.question.id != key:
                    raise Refusal("question-moved")
                await interaction.response.send_modal(edit_form(entry, speech))
                return
            case "approve":
                await self._questions.approve(club, str(key), visitor, role)
                said = [words.approved(key, speech)]
            case "drop":
                await self._questions.drop(club, str(key), visitor, role)
                said = [words.dropped(key, speech)]
        following, waiting = await self._questions.review(club, visitor, role, after=key)
        if following is not None:
            said.append(self._described(following, waiting, speech))
            view: discord.ui.View | None = review_view(following.question.id, speech)
        else:
            said.append(words.no_more(speech) if waiting else words.none_waiting(speech))
            view = None
        await interaction.response.edit_message(content="\n\n".join(said), view=view)

    async def edited(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what a leader made of a proposal, and show it as it is now."""
        key = int(match["key"])
        club, visitor, role = await self._questions.club_of(key), *self._who(interaction)
        draft = Draft(entered.get("text", ""), read_section(entered.get("section", "")) or 0)
        await self._questions.edit(club, str(key), draft, visitor, role)
        entry, waiting = await self._questions.review(club, visitor, role, after=key - 1)
        speech = self._client.speech(interaction.channel_id)
        if entry is None or entry.question.id != key:
            raise Refusal("question-moved")
        text, view = self._described(entry, waiting, speech), review_view(key, speech)
        await interaction.response.edit_message(content=text, view=view)

    async def clubs_for(
        self, interaction: Interaction, begun: str
    ) -> Sequence[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        near = await self._clubs.nearest(begun, room)
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    for one in (ask, general, carry, propose, listing, review, approve, drop, edit):
        one.autocomplete("club")(clubs_for)
    del one

    def _described(self, entry: Entry, waiting: int, speech: Speech) -> str:
        by = entry.question.proposed_by
        author = self._people.shown(by) if by is not None else ""
        return "\n".join(words.reviewing(entry, waiting, author, speech))

    def _who(self, interaction: Interaction) -> tuple[Any, Role]:
        role = self._client.role_of(interaction.user, interaction.permissions)
        return visitor_of(interaction.user), role

    async def _find(self, ctx: Context, name: str) -> Club:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        return await self._clubs.find(room, name, visitor_of(ctx.author))

    def _typed(self, ctx: Context, verb: str) -> tuple[str, str]:
        """Return what was typed after a verb that needs something, and the club's name."""
        said, club = split(typed_after(ctx))
        if not said:
            raise Refusal("usage", usage=words.how_to(verb, self._speech(ctx)))
        return said, club

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)


def posts(news: Asked | Kept, room: Room, speech: Speech) -> Sequence[Post]:
    """Return the question on the table, and the one before it without its buttons."""
    plain = Speech(room.locale)
    match news:
        case Asked(entry, former):
            board = _board(entry, speech, plain)
            return [board] if former is None else [_board(former, speech), board]
        case Kept(entry):
            return [_board(entry, speech, plain)]


def _board(entry: Entry, speech: Speech, plain: Speech | None = None) -> Post:
    """Return a question's message; with `plain`, in which its buttons speak, it is on the table."""
    embed = discord.Embed(
        colour=COLOUR,
        title=clip(words.heading(entry, speech), 256),
        description=_shown(entry, speech),
    )
    if entry.question.state == "carried":
        embed.set_footer(text=words.kept_here(speech))
    buttons = table_buttons(entry, plain) if plain is not None else ()
    name = f"q{entry.question.id}-{entry.question.times}"
    return Post(Board(None, name, embed, buttons), key=name)


def _shown(entry: Entry, speech: Speech) -> str:
    """Return the question, under a veil where somebody who passes by may not have read so far."""
    text = words.text(entry, speech)
    return f"||{text}||" if words.hidden(entry) else text


def _thanks(entry: Entry, speech: Speech) -> str:
    return f"{words.proposed(entry, speech)}\n{words.where(entry, speech)}"


def _name(ctx: Context) -> str:
    """Return the club that was typed after a verb, with or without an @."""
    return typed_after(ctx).strip().removeprefix("@").strip()
