"""What people see and change of themselves on Discord: `/me`, `/board`, `/forget-me`, with buttons."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Self

import discord
from discord.ext import commands

from bot.daily import Dailies
from bot.discord_client import DiscordClient, visitor_of
from bot.opinions import Kept, Opinions
from bot.participation import Participation
from bot.people import OwnRecord, People, Visitor
from bot.proposals import Proposals
from bot.reading_progress import ReadingProgress
from bot.readings import Readings
from bot.rooms import Rooms
from bot.storage.daily import Past, Record
from bot.wording import daily as daily_words
from bot.wording import opinions as opinion_words
from bot.wording import pause as pause_words
from bot.wording import people as words
from bot.wording import proposals as proposal_words
from bot.wording import questions as question_words
from bot.wording import reading_plan as plan_words
from bot.wording.speech import N_, Speech
from cogs.commands_discord import command, reply, typed
from cogs.verbs import COMMANDS, FORGET, ME, read
from games.core import Refusal

Context = commands.Context[Any]


class PeopleDiscord(commands.Cog, name="people"):
    """One's own record, the season's board, and being forgotten. Everything but the board is private."""

    def __init__(
        self,
        client: DiscordClient,
        people: People,
        participation: Participation,
        rooms: Rooms,
        proposals: Proposals,
        dailies: Dailies,
        readings: Readings,
        progress: ReadingProgress,
        opinions: Opinions,
    ) -> None:
        self._opinions = opinions
        self._proposals = proposals
        self._dailies = dailies
        self._client = client
        self._people = people
        self._participation = participation
        self._readings = readings
        self._progress = progress
        self._rooms = rooms

    @command("me", "moi", N_("See, correct or erase what I keep about you"), COMMANDS["me"])
    async def me(self, ctx: Context) -> None:
        """Show one's own record; as text also `!me show|hide|notrace|trace`."""
        verb, _ = read(typed(ctx), ME)
        if verb is not None:
            await reply(
                ctx,
                await self.change(
                    visitor_of(ctx.author), verb, self._client.speech(ctx.channel.id)
                ),
            )
            return
        speech = self._client.speech(ctx.channel.id)
        record = await self._record(visitor_of(ctx.author), ctx.channel.id)
        lines = words.own_record(record, speech)
        if ctx.interaction is None:
            await reply(ctx, "\n".join([*lines, words.own_choices(record, speech)]))
        else:
            await ctx.send("\n".join(lines), ephemeral=True, view=_choices(record, speech))

    @command(
        "board", "tableau", N_("The season’s board of this room"), ("top", "tableau", "classement")
    )
    async def board(self, ctx: Context) -> None:
        """Show the season's board of those who asked to be on it."""
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("no-room")
        season, rows = await self._participation.board(room)
        lines = words.board(rows, season, self._client.speech(ctx.channel.id))
        await reply(ctx, "\n".join(lines))

    @command(
        "forget-me",
        "oubliez-moi",
        N_("Erase everything I keep about you"),
        ("forgetme", "oubliezmoi", "oubliez-moi"),
    )
    async def forget_me(self, ctx: Context) -> None:
        """Erase everything, once confirmed."""
        speech = self._client.speech(ctx.channel.id)
        if ctx.interaction is not None:
            await ctx.send(
                words.confirm_forget_button(speech), ephemeral=True, view=_confirmation(speech)
            )
        elif read(typed(ctx), FORGET)[0] == "yes":
            await self._participation.forget(visitor_of(ctx.author))
            await reply(ctx, words.forgotten(speech))
        else:
            await reply(ctx, words.confirm_forget(speech))

    async def change(self, visitor: Visitor, verb: str, speech: Speech) -> str:
        """Change one thing about one's record and say so."""
        match verb:
            case "show" | "hide":
                await self._people.set_listed(visitor, on=verb == "show")
                return words.listed(speech) if verb == "show" else words.unlisted(speech)
            case "notrace" | "trace":
                await self._people.set_traceless(visitor, on=verb == "notrace")
                return words.traceless(speech) if verb == "notrace" else words.traced(speech)
            case "export":
                return words.export_by_slash(speech)
            case "forget":
                await self._participation.forget(visitor)
                return words.forgotten(speech)
            case _:
                return words.kept(speech)

    async def press(self, interaction: discord.Interaction[Any], verb: str) -> None:
        """Do what a button says; the message it stands on shows the outcome, without buttons."""
        speech = self._client.speech(interaction.channel_id)
        visitor = visitor_of(interaction.user)
        try:
            if verb == "export":
                await self._export(interaction, visitor, speech)
                return
            if verb == "ask":
                text, view = words.confirm_forget_button(speech), _confirmation(speech)
                await interaction.response.edit_message(content=text, view=view)
                return
            text = await self.change(visitor, verb, speech)
        except Refusal as problem:
            await self._client.refuse(interaction, problem, speech)
            return
        await interaction.response.edit_message(content=text, view=None)

    async def _record(self, visitor: Visitor, channel_id: int) -> OwnRecord:
        room = self._rooms.by_discord.get(str(channel_id))
        return await self._participation.own_record(visitor, room)

    async def _export(
        self, interaction: discord.Interaction[Any], visitor: Visitor, speech: Speech
    ) -> None:
        rows = await self._people.export(visitor)
        games = [
            [_when(at), room, title, platform, plays, correct, points]
            for room, title, platform, plays, correct, points, at in rows
        ]
        record = await self._record(visitor, interaction.channel_id or 0)
        answers, sums = await self._dailies.kept(visitor)
        games += [_past(past, speech) for past in answers]
        games += [_sum(room, kept, speech) for room, kept in sums]
        if record.house:
            games += [[], [words.export_house(speech), record.house]]
        games += [[words.export_club(speech), club] for club in record.clubs]
        games += [[words.export_book(speech), *proposed] for proposed in record.books]
        games += [
            [words.export_place(speech), club, title, plan_words.said(place, speech)]
            for club, title, place in await self._progress.of(visitor)
        ]
        games += [[question_words.export_heading(speech), *own] for own in record.questions]
        files = [_table("ensemble.csv", words.export_heading(speech), games)]
        told = [words.exported(len(rows) + len(answers), speech)]
        if proposed := await self._proposals.own(visitor):
            heading = proposal_words.export_heading(speech)
            questions = [[_when(one.at), one.prompt, one.deck] for one in proposed]
            files.append(_table("ensemble-questions.csv", heading, questions))
            told.append(proposal_words.exported(len(proposed), speech))
        if read := await self._readings.export(visitor):
            pauses = [
                [_when(at), room, title, pages, minutes, chapters, percent, round(present / 60)]
                for room, title, pages, minutes, chapters, percent, present, at in read
            ]
            files.append(_table("ensemble-pauses.csv", pause_words.export_heading(speech), pauses))
        if rows_of_meetings := _meetings(await self._opinions.kept(visitor), speech):
            heading = opinion_words.export_heading(speech)
            files.append(_table("ensemble-meetings.csv", heading, rows_of_meetings))
        await self._client.tell(interaction, " ".join(told), files=files)


def _when(at: int | None) -> str:
    """Return a time in microseconds as a spreadsheet reads it; nothing for none."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at / 1_000_000, UTC).isoformat(timespec="seconds")


def _meetings(kept: Kept, speech: Speech) -> list[list[Any]]:
    """Return the rows of somebody's meetings, opinions and favourites."""
    rows: list[list[Any]] = [
        [_when(at), title, answer, how, "", "", ""] for title, at, answer, how in kept.meetings
    ]
    rows += [
        [_when(at), title, "", "", opinion_words.said(one, speech), one.rating or "", one.word]
        for title, at, one in kept.opinions
    ]
    rows += [
        [_when(one.at), one.title, "", "", one.state, "", f"{one.text} ({one.signature})"]
        for one in kept.favourites
    ]
    return rows


def _past(past: Past, speech: Speech) -> list[Any]:
    """Return the row of one answer to a question of the day."""
    title = f"{daily_words.title(speech)} · {past.deck}"
    right = "" if past.correct is None else int(past.correct)
    return [_when(past.at), past.room, title, past.platform, 1, right, ""]


def _sum(room: str, kept: Record, speech: Speech) -> list[Any]:
    """Return the row of what all answers to questions of the day add up to in a room."""
    title = daily_words.exported(kept, speech)
    return ["", room, title, "", kept.answers, kept.correct, ""]


def _table(name: str, heading: Sequence[str], rows: Sequence[Sequence[Any]]) -> discord.File:
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(heading)
    for row in rows:
        table.writerow([_inert(cell) if isinstance(cell, str) else cell for cell in row])
    return discord.File(io.BytesIO(text.getvalue().encode("utf-8-sig")), name)


def _inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text


class OwnButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"me:(?P<verb>show|hide|notrace|trace|export|ask|forget|keep)",
):
    """One choice about one's own record. It stands on a private message, and works after a restart."""

    def __init__(self, verb: str, label: str = "", *, danger: bool = False) -> None:
        style = discord.ButtonStyle.danger if danger else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label or None, style=style, custom_id=f"me:{verb}")
        )
        self._verb = verb

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["verb"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the cog."""
        cog = interaction.client.get_cog("people")
        if isinstance(cog, PeopleDiscord):
            await cog.press(interaction, self._verb)


def _choices(record: OwnRecord, speech: Speech) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    if record.traceless:
        view.add_item(OwnButton("trace", words.button_trace(speech)))
    else:
        verb = "hide" if record.listed else "show"
        label = words.button_hide(speech) if record.listed else words.button_show(speech)
        view.add_item(OwnButton(verb, label))
        view.add_item(OwnButton("notrace", words.button_notrace(speech)))
    view.add_item(OwnButton("export", words.button_export(speech)))
    view.add_item(OwnButton("ask", words.button_forget(speech), danger=True))
    return view


def _confirmation(speech: Speech) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(OwnButton("forget", words.button_forget_now(speech), danger=True))
    view.add_item(OwnButton("keep", words.button_keep(speech)))
    return view
