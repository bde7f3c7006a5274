"""Voting on Discord: `/vote`, the menus under a vote's announcement, and what a channel is told of votes."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.clubs import Clubs, split
from bot.discord_client import DiscordClient, visitor_of
from bot.rooms import Rooms
from bot.votes import Poll, Votes
from bot.wording import vote as words
from bot.wording.speech import N_, compose
from cogs.commands_discord import FreeText, command, named, reply, role_in, typed
from cogs.verbs import COMMANDS, VOTE, read
from cogs.vote_controls import ballot_view

LONGEST_REPLY = 1900

Context = commands.Context[Any]


class VoteDiscord(commands.Cog, name="vote"):
    """Ballots, typed or chosen; every answer to a menu is private."""

    def __init__(self, client: DiscordClient, clubs: Clubs, votes: Votes, rooms: Rooms) -> None:
        self._client = client
        self._clubs = clubs
        self._votes = votes
        self._rooms = rooms

    @command("vote", "vote", N_("Vote on what the club reads next"), COMMANDS["vote"], FreeText)
    @app_commands.rename(books=named("books", "livres"), club=named("club", "club"))
    @app_commands.describe(
        books=locale_str(N_("The numbers of the books, such as 1 3 4; empty to see them")),
        club=locale_str(N_("Which club, when several meet here")),
    )
    async def vote(self, ctx: Context, club: str = "", *, books: str = "") -> None:
        """Take a ballot, or show what there is to vote on."""
        if ctx.interaction is None:
            books, club = split(typed(ctx), prose=False)
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        found = await self._votes.voting(room, club, visitor)
        speech = self._client.speech(ctx.channel.id)
        if read(books, VOTE)[0] == "withdraw":
            await self._votes.take_back(found, visitor)
            await reply(ctx, words.taken_back(speech))
        elif books.strip():
            done = await self._votes.cast(found, books, visitor, role)
            private = ctx.interaction is not None
            said = words.cast(done, speech) if private else words.noted([visitor.name], speech)
            await reply(ctx, said)
        else:
            await self._show(ctx, (await self._votes.under_way(found)).poll)

    async def _show(self, ctx: Context, poll: Poll) -> None:
        """Show the vote to whoever asks, with their ballot and the menu where nobody else sees it."""
        speech = self._client.speech(ctx.channel.id)
        lines = [words.title(poll, speech), *words.options(poll, speech, LONGEST_REPLY // 2)]
        lines += [words.how_to_vote(poll.vote.rules, speech)]
        if ctx.interaction is None:
            await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))
            return
        own = await self._votes.own(poll.vote.id, visitor_of(ctx.author))
        lines.insert(1, words.own(own, poll, speech))
        text = compose(lines, LONGEST_REPLY, "\n")
        await reply(ctx, text, view=ballot_view(poll, speech))

    async def clubs_for(
        self, interaction: discord.Interaction[Any], begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        near = await self._clubs.nearest(begun, room)
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    vote.autocomplete("club")(clubs_for)

    # what the menus ask for

    async def poll(self, vote: int) -> Poll:
        """Return an open vote; raises `Refusal` (`vote-over`)."""
        return await self._votes.poll(vote)

    async def cast(
        self, interaction: discord.Interaction[Any], vote: int, numbers: Sequence[int]
    ) -> str:
        """Cast a ballot and return what to say in private. Raises like `Votes.cast_in`."""
        role = self._client.role_of(interaction.user, interaction.permissions)
        done = await self._votes.cast_in(vote, numbers, visitor_of(interaction.user), role)
        return words.cast(done, self._client.speech(interaction.channel_id))

    async def take_back(self, interaction: discord.Interaction[Any], vote: int) -> str:
        """Take a ballot back and return what to say in private. Raises like `Votes.take_back`."""
        poll = await self._votes.poll(vote)
        await self._votes.take_back(poll.club, visitor_of(interaction.user))
        return words.taken_back(self._client.speech(interaction.channel_id))
