"""The agenda and the minutes of meetings on Discord: `/recap`, and the note that a channel is shown at the close."""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.clubs import Clubs, split
from bot.discord_client import DiscordClient, visitor_of
from bot.discord_side import Board
from bot.minutes import Minutes, Record, Written
from bot.outbox import Post
from bot.rooms import Rooms
from bot.storage.clubs import Club
from bot.storage.minutes import Kind
from bot.storage.rooms import Room
from bot.wording import minutes as words
from bot.wording.speech import N_, Speech, clip, compose
from cogs.commands_discord import (
    FreeText,
    group,
    named,
    options,
    reply,
    role_in,
    typed_after,
    verb,
)
from cogs.minutes_controls import FileButton
from cogs.verbs import COMMANDS, MINUTES, mistyped, read
from games.core import Refusal

COLOUR = 0x4F6D3A
LONGEST_REPLY, LONGEST_BOARD = 1900, 4000

VEIL = "||"
"""What hides a text until it is pressed."""

WHICH_CLUB = N_("Which club, when several meet here")
WHICH_NOTE = N_("The number of the note")

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]


class MinutesDiscord(commands.Cog, name="minutes"):
    """Those who lead a club write; everybody reads."""

    def __init__(
        self, client: DiscordClient, rooms: Rooms, clubs: Clubs, minutes: Minutes, *, zone: str
    ) -> None:
        """`zone` is where days end outside a room."""
        self._client = client
        self._rooms = rooms
        self._clubs = clubs
        self._minutes = minutes
        self._zone = zone

    @group(
        "recap",
        "compte-rendu",
        N_("The agenda and the minutes of a club’s meeting"),
        named("show", "voir"),
        COMMANDS["recap"],
    )
    @options(club=("club", WHICH_CLUB))
    async def minutes(self, ctx: Context, club: str = "") -> None:
        """Show the minutes of the meeting that goes on, or of the last one."""
        speech, name = self._speech(ctx), club
        if ctx.interaction is None:
            said, name = split(ctx.message.content.partition(" ")[2], prose=False)
            if said and read(said, MINUTES)[0] is None:
                raise mistyped("recap", said, speech.locale, words.how_to("point", speech))
        record = await self._minutes.latest(await self._find(ctx, name))
        text = [f"**{words.title(record, speech)}**", *_lines(record, self._zone_of(ctx), speech)]
        await reply(ctx, compose(text, LONGEST_REPLY, "\n"))

    @verb(minutes, MINUTES, "agenda", N_("What the meeting talks about, or the next one"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def agenda(self, ctx: Context, club: str = "") -> None:
        """Show the points of the meeting."""
        found, speech = await self._find(ctx, club or _name(ctx)), self._speech(ctx)
        lines = words.agenda(await self._minutes.agenda(found), found, speech)
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))

    @verb(minutes, MINUTES, "point", N_("Put a point on the agenda of the meeting"), FreeText)
    @options(text=("texte", N_("What to talk about")), club=("club", WHICH_CLUB))
    async def point(self, ctx: Context, club: str = "", *, text: str) -> None:
        """Put a point on the agenda."""
        text, found = await self._typed(ctx, text, club, "point")
        note = await self._minutes.point(found, text, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, words.added(note, self._speech(ctx)))

    @verb(minutes, MINUTES, "tick", N_("Tick a point, or take its tick away"), FreeText)
    @options(number=("numéro", WHICH_NOTE), club=("club", WHICH_CLUB))
    async def tick(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Tick a point."""
        number, found = await self._typed(ctx, number, club, "tick")
        note = await self._minutes.tick(found, number, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, words.ticked(note, self._speech(ctx)))

    @verb(minutes, MINUTES, "decide", N_("Write down what was decided"), FreeText)
    @options(text=("texte", N_("What was decided")), club=("club", WHICH_CLUB))
    async def decide(self, ctx: Context, club: str = "", *, text: str) -> None:
        """Write a decision down."""
        await self._add(ctx, text, club, "decide", "decision")

    @verb(minutes, MINUTES, "add", N_("Write down something to keep"), FreeText)
    @options(text=("texte", N_("What to keep")), club=("club", WHICH_CLUB))
    async def add(self, ctx: Context, club: str = "", *, text: str) -> None:
        """Write a word down."""
        await self._add(ctx, text, club, "add", "note")

    @verb(minutes, MINUTES, "remove", N_("Erase what was written down"), FreeText)
    @options(number=("numéro", WHICH_NOTE), club=("club", WHICH_CLUB))
    async def remove(self, ctx: Context, club: str = "", *, number: str) -> None:
        """Erase a note."""
        number, found = await self._typed(ctx, number, club, "remove")
        note = await self._minutes.remove(found, number, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, words.removed(note, self._speech(ctx)))

    @verb(minutes, MINUTES, "export", N_("The minutes as a file"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def export(self, ctx: Context, club: str = "") -> None:
        """Hand the minutes over as a file."""
        record = await self._minutes.latest(await self._find(ctx, club or _name(ctx)))
        speech = self._speech(ctx)
        file = _file(record, self._zone_of(ctx), speech)
        await reply(ctx, words.exported(speech), file=file)

    async def press(self, interaction: Interaction, meeting: int) -> None:
        """Hand the minutes of a meeting over as a file."""
        record = await self._minutes.of_meeting(meeting)
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        speech = self._client.speech(interaction.channel_id)
        file = _file(record, room.zone if room else self._zone, speech)
        await self._client.tell(interaction, words.exported(speech), file=file)

    async def clubs_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        near = await self._clubs.nearest(begun, room)
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    for one in (agenda, point, tick, decide, add, remove, export):
        one.autocomplete("club")(clubs_for)
    del one

    async def _add(self, ctx: Context, text: str, club: str, verb: str, kind: Kind) -> None:
        text, found = await self._typed(ctx, text, club, verb)
        note = await self._minutes.add(found, kind, text, visitor_of(ctx.author), role_in(ctx))
        await reply(ctx, words.added(note, self._speech(ctx)))

    async def _typed(self, ctx: Context, text: str, club: str, verb: str) -> tuple[str, Club]:
        """Return what was typed after a verb that needs something, and the club."""
        if ctx.interaction is None:
            text, club = split(typed_after(ctx))
        if not text.strip():
            raise Refusal("usage", usage=words.how_to(verb, self._speech(ctx)))
        return text, await self._find(ctx, club)

    async def _find(self, ctx: Context, name: str) -> Club:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        return await self._clubs.find(room, name, visitor_of(ctx.author))

    def _zone_of(self, ctx: Context) -> str:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        return room.zone if room else self._zone

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)


def posts(news: Written, room: Room, speech: Speech) -> Sequence[Post]:
    """Return the minutes as one message, which is edited when they change."""
    record, name = news.record, f"m{news.record.meeting.id}-minutes"
    text = "\n".join(_lines(record, room.zone, speech))
    if len(text) > LONGEST_BOARD:
        text = compose(_lines(record, room.zone, speech), LONGEST_BOARD, "\n")
    embed = discord.Embed(
        colour=COLOUR, title=clip(words.title(record, speech), 256), description=text
    )
    button = FileButton(record.meeting.id, words.button_file(Speech(room.locale)))
    return [Post(Board(None, name, embed, (button,)), key=name)]


def _lines(record: Record, zone: str, speech: Speech) -> list[str]:
    lines = [words.facts(record, zone, speech)]
    asked = [words.asked(entry, speech, VEIL) for entry in record.questions]
    for heading, listed in words.sections(record, asked, speech):
        lines += ["", f"**{heading}**", *(f"- {line}" for line in listed)]
    return lines


def _file(record: Record, zone: str, speech: Speech) -> discord.File:
    plain = Speech(speech.locale)
    data = words.document(record, zone, plain).encode()
    return discord.File(io.BytesIO(data), words.file_name(record, zone, plain))


def _name(ctx: Context) -> str:
    """Return the club that was typed after a verb, with or without an @."""
    return typed_after(ctx).strip().removeprefix("@").strip()
