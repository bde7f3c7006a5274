"""Reading plans on Discord: `/plan …`, `/reached`, and the message of a section's day.

What is typed after a verb is read as on Twitch, the club's name after an @, the book's number before it when the club
reads several.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clubs import Clubs, split
from bot.discord_client import DiscordClient, visitor_of
from bot.discord_side import Board
from bot.outbox import Post
from bot.people import Visitor
from bot.reading_plans import BookPlan, ReadingPlans, SectionDue, split_book
from bot.reading_progress import Noted, ReadingProgress
from bot.rooms import Rooms
from bot.section_threads import SectionThreads
from bot.storage.rooms import Room
from bot.wording import reading_plan as words
from bot.wording.speech import N_, Speech, clip, compose
from cogs.commands_discord import (
    FreeText,
    command,
    group,
    named,
    options,
    reply,
    role_in,
    room_of,
    typed,
    typed_after,
    verb,
)
from cogs.plan_controls import ReadButton, place_view
from cogs.verbs import COMMANDS, PLAN, mistyped
from games.core import Refusal

LONGEST_REPLY = 1900
COLOUR = 0x2F6F6D

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]

WHICH_CLUB = N_("Which club, when several meet here")
WHICH_BOOK = N_("Its number, such as #12, when the club reads several")


class PlanDiscord(commands.Cog, name="plan"):
    """Plans, and how far one is in them; every answer to a button is private."""

    def __init__(
        self,
        client: DiscordClient,
        rooms: Rooms,
        clubs: Clubs,
        plans: ReadingPlans,
        progress: ReadingProgress,
        threads: SectionThreads,
        *,
        zone: str,
    ) -> None:
        """`zone` is where days end outside a room."""
        self._client = client
        self._rooms = rooms
        self._clubs = clubs
        self._plans = plans
        self._progress = progress
        self._threads = threads
        self._zone = zone

    # the plan

    @group(
        "plan",
        "plan",
        N_("What the club reads by when, and where you are"),
        named("show", "voir"),
        COMMANDS["plan"],
    )
    @options(club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK))
    async def plan(self, ctx: Context, club: str = "", book: str = "") -> None:
        """Show where the club is, what comes next, and how one says how far one is."""
        if ctx.interaction is None:
            said, club = split(ctx.view.read_rest(), prose=False)
            book, rest = split_book(said)
            if rest and rest.split()[0].casefold() not in PLAN["show"]:
                speech = self._speech(ctx)
                raise mistyped("plan", rest, speech.locale, words.how_to("add", speech))
        await self._show(ctx, await self._find(ctx, club, book))

    async def _show(self, ctx: Context, plan: BookPlan) -> None:
        speech, now = self._speech(ctx), self._now(ctx)
        host = await self._clubs.leads(plan.club, visitor_of(ctx.author), role_in(ctx))
        if not plan.sections:
            await self._reply(ctx, words.none_yet(plan, speech, host=host))
            return
        if ctx.interaction is None:  # everybody reads it
            lines = [
                words.heading(plan, speech),
                *words.listed(plan, None, now, speech, host=False),
                words.how_to_say(plan, speech),
            ]
            await self._reply(ctx, lines)
            return
        reached = await self._progress.own(plan, visitor_of(ctx.author))
        lines = [
            f"**{words.heading(plan, speech)}**",
            *words.listed(plan, reached, now, speech, host=host),
            words.where(plan, reached, speech),
            *([f"-# {words.for_hosts(speech)}"] if host else []),
        ]
        view = place_view(plan, reached, Speech(speech.locale))
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"), view=view)

    @verb(
        plan,
        PLAN,
        "add",
        N_("Add sections: chapters, pages or a title, each with a date"),
        FreeText,
    )
    @options(
        sections=("sections", N_("Such as: ch. 1-5 Tuesday ; ch. 6-10 15/12")),
        club=("club", WHICH_CLUB),
        book=("livre", WHICH_BOOK),
    )
    async def add(self, ctx: Context, club: str = "", book: str = "", *, sections: str) -> None:
        """Add sections to the plan."""
        said, plan = await self._meant(ctx, sections, club, book, "add")
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        changed = await self._plans.add(plan, said, await self._here(ctx), visitor, role)
        await self._confirm(ctx, changed)

    @verb(
        plan, PLAN, "generate", N_("Make the plan: so many pages or chapters every week"), FreeText
    )
    @options(
        pace=("rythme", N_("Such as: 80 pages every week from Tuesday")),
        club=("club", WHICH_CLUB),
        book=("livre", WHICH_BOOK),
    )
    async def generate(self, ctx: Context, club: str = "", book: str = "", *, pace: str) -> None:
        """Make a plan from a pace."""
        said, plan = await self._meant(ctx, pace, club, book, "generate")
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        changed = await self._plans.generate(plan, said, await self._here(ctx), visitor, role)
        await self._confirm(ctx, changed)

    @verb(plan, PLAN, "edit", N_("Change a section: what it covers, its date, its title"), FreeText)
    @options(
        section=("section", N_("Its number and what changes, such as: 2: ch. 6-12 Tuesday")),
        club=("club", WHICH_CLUB),
        book=("livre", WHICH_BOOK),
    )
    async def edit(self, ctx: Context, club: str = "", book: str = "", *, section: str) -> None:
        """Change a section."""
        said, plan = await self._meant(ctx, section, club, book, "edit")
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        changed = await self._plans.edit(plan, said, await self._here(ctx), visitor, role)
        await self._confirm(ctx, changed)

    @verb(plan, PLAN, "remove", N_("Take a section from the plan"), FreeText)
    @options(
        section=("section", N_("Its number")), club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK)
    )
    async def remove(self, ctx: Context, club: str = "", book: str = "", *, section: str) -> None:
        """Take a section away."""
        said, plan = await self._meant(ctx, section, club, book, "remove")
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        gone, _ = await self._plans.remove(plan, said, await self._here(ctx), visitor, role)
        await self._reply(ctx, [words.removed(gone, self._speech(ctx))])

    @verb(plan, PLAN, "shift", N_("Put off all that is still to come"), FreeText)
    @options(
        amount=(
            "durée",
            N_("By how much: a week, 10 days; “from 3 by a week” begins with section 3"),
        ),
        club=("club", WHICH_CLUB),
        book=("livre", WHICH_BOOK),
    )
    async def shift(self, ctx: Context, club: str = "", book: str = "", *, amount: str) -> None:
        """Put a plan off."""
        said, plan = await self._meant(ctx, amount, club, book, "shift")
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        changed = await self._plans.shift(plan, said, await self._here(ctx), visitor, role)
        await self._confirm(ctx, changed)

    @verb(plan, PLAN, "clear", N_("Take the whole plan away"), FreeText)
    @options(club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK))
    async def clear(self, ctx: Context, club: str = "", book: str = "") -> None:
        """Take a plan away."""
        _, plan = await self._meant(ctx, "", club, book)
        await self._plans.clear(plan, await self._here(ctx), visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.cleared(plan, self._speech(ctx))])

    @verb(plan, PLAN, "sums", N_("How many have finished each section, roughly"), FreeText)
    @options(club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK))
    async def sums(self, ctx: Context, club: str = "", book: str = "") -> None:
        """Tell a host how many have read how far."""
        _, plan = await self._meant(ctx, "", club, book)
        found = await self._progress.sums(plan, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, words.sums(found, self._speech(ctx)))

    @verb(
        plan, PLAN, "threads", N_("Open a thread here for each section, for its readers"), FreeText
    )
    @options(club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK))
    async def threads(self, ctx: Context, club: str = "", book: str = "") -> None:
        """Have a plan's threads in this channel."""
        _, plan = await self._meant(ctx, "", club, book)
        room, visitor = await self._here(ctx), visitor_of(ctx.author)
        public = await self._threads.settle_in(plan, room, visitor, role_in(ctx))
        await self._reply(ctx, [words.threads_here(self._speech(ctx), public=public)])

    @verb(plan, PLAN, "nothreads", N_("Open no more threads for the plan"), FreeText)
    @options(club=("club", WHICH_CLUB), book=("livre", WHICH_BOOK))
    async def nothreads(self, ctx: Context, club: str = "", book: str = "") -> None:
        """Have no threads for a plan any more."""
        _, plan = await self._meant(ctx, "", club, book)
        await self._threads.move_out(plan, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.threads_gone(self._speech(ctx))])

    # how far one is

    @command("reached", "lu", N_("Say how far you have read"), COMMANDS["reached"], FreeText)
    @options(
        where=(
            "où",
            N_(
                "3, p. 120, p. 120/340, ch. 12, 45 %, 1h20 / 8h, finished; “forget” to be forgotten"
            ),
        ),
        club=("club", WHICH_CLUB),
        book=("livre", WHICH_BOOK),
    )
    async def reached(self, ctx: Context, club: str = "", book: str = "", *, where: str) -> None:
        """Note how far somebody is."""
        if ctx.interaction is None:
            where, club = split(typed(ctx), prose=False)
            book, where = split_book(where)
        else:
            await ctx.defer(ephemeral=True)
        plan, visitor, speech = (
            await self._find(ctx, club, book),
            visitor_of(ctx.author),
            self._speech(ctx),
        )
        noted = await self._progress.note(plan, where, visitor)
        if noted is None:
            await self._threads.dismiss(plan, visitor)
            await self._reply(ctx, [words.forgotten(speech)])
        elif ctx.interaction is None:
            self._threads.wake(plan.book.id)
            await self._reply(ctx, [words.thanks([visitor.name], speech)])
        else:
            await self._reply(ctx, await self._noted(noted, speech))

    async def read_section(self, interaction: Interaction, section: int) -> str:
        """Note that somebody has read up to the end of a section; return what to tell them.

        Raises like `ReadingProgress.note_section`.
        """
        noted = await self._progress.note_section(section, visitor_of(interaction.user))
        speech = self._client.speech(interaction.channel_id)
        return compose(await self._noted(noted, speech), LONGEST_REPLY, "\n")

    async def place(self, interaction: Interaction, book_id: int, chosen: str) -> str:
        """Note what somebody chose in the list; return what to tell them. Raises like `ReadingProgress.note`."""
        plan = await self._plans.of_book(book_id)
        if plan is None:
            raise Refusal("section-gone")
        noted = await self._progress.note(plan, chosen, visitor_of(interaction.user))
        speech = self._client.speech(interaction.channel_id)
        lines = await self._noted(noted, speech) if noted else [words.forgotten(speech)]
        return compose(lines, LONGEST_REPLY, "\n")

    async def _noted(self, noted: Noted, speech: Speech) -> Sequence[str]:
        doors = await self._threads.doors(noted.plan, noted.person_id)
        untraced = noted.person_id in self._plans.untraced.get(noted.plan.book.id, {})
        return [
            words.noted(noted, speech),
            *words.doors(doors, speech),
            *([f"-# {words.untraced(speech)}"] if untraced else []),
        ]

    # what options complete themselves with

    async def clubs_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        near = await self._clubs.nearest(begun, self._room(interaction.channel))
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    for one in (add, generate, edit, remove, shift, clear, sums, threads, nothreads, reached):
        one.autocomplete("club")(clubs_for)
    del one

    # helpers

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)

    def _now(self, ctx: Context) -> datetime:
        return self._plans.now(self._room(ctx.channel), self._zone)

    def _room(self, channel: Any) -> Room | None:
        """Return a channel's room; a thread's is that of its channel."""
        here = self._rooms.by_discord.get(str(channel.id))
        return here or self._rooms.by_discord.get(str(getattr(channel, "parent_id", None)))

    async def _here(self, ctx: Context) -> Room:
        return self._room(ctx.channel) or await room_of(ctx, self._rooms)

    async def _find(self, ctx: Context, club: str, book: str) -> BookPlan:
        found = await self._clubs.find(self._room(ctx.channel), club, self._visitor(ctx))
        return await self._plans.find(found, book)

    def _visitor(self, ctx: Context) -> Visitor:
        return visitor_of(ctx.author)

    async def _meant(
        self, ctx: Context, said: str, club: str, book: str, needed: str = ""
    ) -> tuple[str, BookPlan]:
        """Return what was said after a verb (which `needed` something), and the plan that is meant."""
        if ctx.interaction is None:
            said, club = split(typed_after(ctx))
            book, said = split_book(said)
        if needed and not said.strip():
            raise Refusal("usage", usage=words.how_to(needed, self._speech(ctx)))
        return said, await self._find(ctx, club, book)

    async def _confirm(self, ctx: Context, plan: BookPlan) -> None:
        speech, now = self._speech(ctx), self._now(ctx)
        private = ctx.interaction is not None
        lines = words.listed(plan, None, now, speech, host=private)
        threads = [words.how_to_thread(speech)] if plan.room_id is None else []
        await self._reply(ctx, [words.changed(plan, now, speech), *lines, *threads])

    async def _reply(self, ctx: Context, lines: Sequence[str]) -> None:
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))


def section_post(news: SectionDue, speech: Speech) -> Post:
    """Return the message of a section's day: one and the same, however often it is told."""
    name = f"section-{news.kept.id}"
    title = clip(words.due(news, speech), 256)
    embed = discord.Embed(colour=COLOUR, title=title, description=words.due_on_discord(speech))
    button = ReadButton(news.kept.id, words.read_button(Speech(speech.locale)))
    return Post(Board(None, name, embed, (button,)), key=name)
