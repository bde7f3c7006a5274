"""The question of the day on Discord: `/daily`, answering by button, list, form or typing, and starting it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.clock import Clock
from bot.daily import Asked, Dailies, Noted, Wish, days_of, read_wish
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.wording import daily as words
from bot.wording import room as room_words
from bot.wording.speech import N_, clip
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    group,
    named,
    privately,
    reply,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.daily_boards import FORM, Interaction
from cogs.verbs import COMMANDS, DAILY
from games.core import Refusal
from games.dates import take_time
from games.recurrence import local_time

Context = commands.Context[Any]


class DailyDiscord(commands.Cog, name="daily"):
    """Everybody answers once a day; hosts say when, and from which deck."""

    def __init__(self, client: DiscordClient, rooms: Rooms, dailies: Dailies, clock: Clock) -> None:
        self._client = client
        self._rooms = rooms
        self._dailies = dailies
        self._clock = clock
        client.add_form(Form(FORM, self.wrote))

    @group(
        "daily",
        "qdj",
        N_("Today’s question, and how to answer"),
        named("show", "voir"),
        COMMANDS["daily"],
    )
    async def daily(self, ctx: Context) -> None:
        """Show today's question; as text also `!daily B`."""
        room = await room_of(ctx, self._rooms)
        if typed := ctx.view.read_rest().strip():
            await self._typed(ctx, room, typed)
            return
        speech = self._client.speech(ctx.channel.id)
        event = await self._dailies.question(room)
        await reply(ctx, clip(" · ".join(words.asked(event, speech)), 1900))

    @verb(daily, DAILY, "answer", N_("Answer today’s question"))
    @app_commands.rename(answer=named("answer", "réponse"))
    @app_commands.describe(answer=locale_str(N_("The letter, or your answer in words")))
    async def answer(self, ctx: Context, *, answer: str) -> None:
        """Answer today's question, whatever its answer looks like."""
        await self._typed(ctx, await room_of(ctx, self._rooms), answer)

    @verb(daily, DAILY, "me", N_("Your answers and your streak"))
    async def me(self, ctx: Context) -> None:
        """Tell the author about their answers, privately."""
        room = await room_of(ctx, self._rooms)
        own = await self._dailies.own(room, visitor_of(ctx.author))
        lines = words.own(own, self._client.speech(ctx.channel.id), private=True)
        await privately(ctx, "\n".join(lines))

    @verb(daily, DAILY, "start", N_("Ask a question every day"), FreeText)
    @app_commands.rename(
        time=named("time", "heure"), deck=named("deck", "jeu"), days=named("days", "jours")
    )
    @app_commands.describe(
        time=locale_str(N_("At what time, such as 9:00")),
        deck=locale_str(N_("Which questions")),
        days=locale_str(N_("On which days")),
    )
    @app_commands.choices(
        days=[
            app_commands.Choice(name=locale_str(name), value=days)
            for days, name in words.DAYS.items()
        ]
    )
    async def start(self, ctx: Context, time: str = "", deck: str = "", days: str = "all") -> None:
        """Ask a question every day."""
        wish = read_wish(typed_after(ctx)) if ctx.interaction is None else _wish(time, deck, days)
        room = await room_of(ctx, self._rooms)
        first = await self._dailies.start(room, wish, role_in(ctx))
        now = local_time(self._clock.wall(), room.zone)
        await reply(ctx, words.started(first, now, self._client.speech(ctx.channel.id)))

    @verb(daily, DAILY, "stop", N_("Ask no more questions of the day"))
    async def stop(self, ctx: Context) -> None:
        """Ask no further questions."""
        await self._dailies.stop(await room_of(ctx, self._rooms), role_in(ctx))
        await reply(ctx, words.stopped(self._client.speech(ctx.channel.id)))

    @verb(daily, DAILY, "now", N_("Ask today’s question at once"))
    @app_commands.rename(deck=named("deck", "jeu"))
    @app_commands.describe(deck=locale_str(N_("Which questions")))
    async def now(self, ctx: Context, *, deck: str = "") -> None:
        """Ask today's question at once."""
        await self._dailies.ask_now(await room_of(ctx, self._rooms), deck, role_in(ctx))
        await acknowledge(ctx, words.asking(self._client.speech(ctx.channel.id)))

    async def decks_for(
        self, interaction: Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer decks, near ones first."""
        locale, decks = self._client.speech(interaction.channel_id).locale, self._dailies.decks
        found = [decks.find(name, locale) for name in decks.nearest(typed, locale, limit=25)]
        return [
            app_commands.Choice(name=clip(f"{d.title} ({d.name})", 100), value=d.name)
            for d in found
        ]

    start.autocomplete("deck")(decks_for)
    now.autocomplete("deck")(decks_for)

    async def question(self, interaction: Interaction, daily: int) -> Asked:
        """Return the question that a control belongs to; raises `Refusal` when it is open no longer."""
        event = await self._dailies.question(self._room_of(interaction))
        if event.daily_id != daily:
            raise Refusal("daily-closed")
        return event

    async def choose(self, interaction: Interaction, daily: int, choices: Sequence[int]) -> None:
        """Take what was pressed, and confirm it privately."""
        room, visitor = self._room_of(interaction), visitor_of(interaction.user)
        await self._confirm(interaction, await self._dailies.choose(room, visitor, choices, daily))

    async def wrote(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what was entered in a form, and confirm it privately."""
        room, visitor = self._room_of(interaction), visitor_of(interaction.user)
        text, daily = entered.get("answer", ""), int(match["daily"])
        await self._confirm(
            interaction, await self._dailies.write(room, visitor, text, daily, private=True)
        )

    async def _typed(self, ctx: Context, room: Room, text: str) -> None:
        private = ctx.interaction is not None
        noted = await self._dailies.write(room, visitor_of(ctx.author), text, private=private)
        await reply(ctx, self._said(ctx.channel.id, noted))

    async def _confirm(self, interaction: Interaction, noted: Noted) -> None:
        await self._client.tell(interaction, self._said(interaction.channel_id, noted))

    def _said(self, channel_id: int | None, noted: Noted) -> str:
        speech = self._client.speech(channel_id)
        text = words.noted(noted, speech)
        return f"{text}\n-# {room_words.notice('', speech)}" if noted.newcomer else text

    def _room_of(self, interaction: discord.Interaction[Any]) -> Room:
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        if room is None:
            raise Refusal("daily-closed")
        return room


def _wish(time: str, deck: str, days: str) -> Wish:
    at, rest = take_time(time)
    if at is None or rest:
        raise Refusal("time-missing")
    return Wish(at, deck, days_of(days) or "all")
