"""The round of the table on Discord: `/round`, its board, and one message for each turn."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import Receipt
from bot.discord_client import DiscordClient, visitor_of
from bot.discord_side import Board, Words
from bot.hall import Hall
from bot.outbox import Post
from bot.people import People
from bot.rooms import Rooms
from bot.round_table import LEAST_MINUTES, MOST_MINUTES, SLOW, RoundTables, Wish, read_wish
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.storage.rooms import Room
from bot.wording import room as room_words
from bot.wording import round_table as words
from bot.wording.quiz import Naming
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    group,
    named,
    options,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.round_table_controls import HOSTS, RoundButton
from cogs.verbs import COMMANDS, ROUND, mistyped, read
from games.core import Refusal
from games.round_table import (
    Called,
    Extended,
    Finished,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    RoundScene,
    Seated,
    Skipped,
    Spoke,
    TimeUp,
)

COLOUR = 0x6A5A8C

COUNT_EVERY = 3.0
"""Seconds between two edits of the board while people sit down."""

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]
Minutes = app_commands.Range[int, LEAST_MINUTES, MOST_MINUTES]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


class RoundTableDiscord(commands.Cog, name="round_table"):
    """Everybody speaks once; those who lead hand on."""

    def __init__(
        self,
        client: DiscordClient,
        hall: Hall,
        rooms: Rooms,
        round_tables: RoundTables,
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._tables = round_tables

    @group(
        "round",
        "tour-de-table",
        N_("The round of the table: everybody speaks once, for the same time"),
        named("join", "rejoindre"),
        COMMANDS["round"],
    )
    async def table(self, ctx: Context) -> None:
        """Sit down at the table."""
        said, rest = read(ctx.view.read_rest(), ROUND)
        if said is None and rest:
            raise mistyped("round", rest, self._speech(ctx).locale)
        await self._wish(ctx, "join")

    @verb(table, ROUND, "start", N_("Start a round of the table"), FreeText)
    @options(
        minutes=("minutes", N_("Minutes for each, 3 unless you say otherwise")),
        order=("ordre", N_("Who begins")),
        pace=("rythme", N_("Slow gives everybody half as much again")),
    )
    @app_commands.choices(
        order=[
            _choice(N_("whoever sat down first"), "joined"),
            _choice(N_("a draw"), "random"),
        ],
        pace=[_choice(N_("normal"), "normal"), _choice(N_("slow"), "slow")],
    )
    async def start(
        self, ctx: Context, minutes: Minutes = 3, order: str = "joined", pace: str = "normal"
    ) -> None:
        """Start a round."""
        if ctx.interaction is None:
            wish = read_wish(typed_after(ctx))
        else:
            drawn = order == "random"
            wish = Wish(minutes, "random" if drawn else "joined", SLOW if pace == "slow" else 1.0)
        room = await room_of(ctx, self._rooms)
        receipt = await self._tables.start(room, wish, visitor_of(ctx.author), role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.starting(self._speech(ctx)))

    @verb(table, ROUND, "pass", N_("You would rather not speak this time"))
    async def pass_(self, ctx: Context) -> None:
        """Pass."""
        await self._wish(ctx, "pass")

    @verb(table, ROUND, "done", N_("You have finished speaking"))
    async def done(self, ctx: Context) -> None:
        """Hand on."""
        await self._wish(ctx, "done")

    @verb(table, ROUND, "next", N_("Begin now, or hand on to the next"))
    async def next(self, ctx: Context) -> None:
        """Begin, or hand on."""
        await self._act(ctx, "next")

    @verb(table, ROUND, "absent", N_("Go past somebody who is not there"))
    async def absent(self, ctx: Context) -> None:
        """Go past whoever has the floor."""
        await self._act(ctx, "skip")

    @verb(table, ROUND, "extend", N_("Give one more minute"))
    async def extend(self, ctx: Context) -> None:
        """Give time."""
        await self._act(ctx, "extend")

    @verb(table, ROUND, "hold", N_("Stop the clock"))
    async def hold(self, ctx: Context) -> None:
        """Stop the clock."""
        await self._act(ctx, "pause")

    @verb(table, ROUND, "resume", N_("Go on after the clock was stopped"))
    async def resume(self, ctx: Context) -> None:
        """Let the clock go on."""
        await self._act(ctx, "resume")

    @verb(table, ROUND, "stop", N_("End the round of the table"))
    async def stop(self, ctx: Context) -> None:
        """End the round."""
        await self._act(ctx, "stop")

    async def press(self, interaction: Interaction, session_id: int, turn: int, act: str) -> None:
        """Take a button."""
        room = self._check(interaction, session_id)
        visitor = visitor_of(interaction.user)
        if act in HOSTS:
            role = self._client.role_of(interaction.user, interaction.permissions)
            receipt = await self._tables.act(room, act, visitor, role, str(turn))
        else:
            receipt = self._tables.wish(room, act, visitor)
        await self._confirm(interaction, receipt)

    def _check(self, interaction: Interaction, session_id: int) -> Room:
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        running = self._hall.running(room.id) if room else None
        if room is None or running is None or running.id != session_id:
            raise Refusal("session-over")
        return room

    async def _wish(self, ctx: Context, wish: str) -> None:
        receipt = self._tables.wish(self._room(ctx), wish, visitor_of(ctx.author))
        if ctx.interaction is not None:
            await self._confirm(ctx.interaction, receipt)
        else:
            await receipt.committed()

    async def _act(self, ctx: Context, action: str) -> None:
        room, visitor = self._room(ctx), visitor_of(ctx.author)
        receipt = await self._tables.act(room, action, visitor, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.done(self._speech(ctx)))

    async def _confirm(self, interaction: Interaction, receipt: Receipt) -> None:
        """Tell somebody privately what became of what they did, once it is kept."""
        await self._client.kept(interaction, receipt)
        speech = self._client.speech(interaction.channel_id)
        match receipt.events[0]:
            case Joined(_, place):
                text = words.sat_down(place, speech)
            case Left() | Passed():
                text = words.passed(speech)
            case _:
                text = words.done(speech)
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        await self._client.tell(interaction, text)

    def _room(self, ctx: Context) -> Room:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("no-round")
        return room

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)


class RoundTableBoards:
    """Turns a round's announcements into one board for the table and one for each turn, which are edited."""

    def __init__(self, people: People) -> None:
        self._naming: Naming = people.name

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        facts: RoundScene = announcement.scene.facts
        table = changed = turned = False
        for event in announcement.events:
            match event:
                case Opened() | Extended(None):
                    changed = True
                case Seated() | Joined() | Left():
                    table = True
                case Called():
                    changed = turned = True
                case Nearing() | TimeUp() | Extended():
                    turned = True
                case Spoke(_, turn) | Passed(_, turn) | Skipped(_, turn):
                    text = words.told(event, speech, self._naming)
                    posts.append(_turn_board(announcement, turn, text))
                    changed = True
                case Finished(people):
                    posts.append(self._end_board(announcement, people, speech))
                    changed = True
                case Paused() | Resumed() | Back() | Suspended():
                    posts.append(Post(Words(words.hall_event(event, speech))))
                    changed = turned = True
        if changed or table:
            board = self._table_board(announcement, speech)
            posts.insert(0, board if changed else _unhurried(board))
        if turned and facts.speaker is not None:
            posts.append(self._floor_board(announcement, speech))
        return posts

    def _table_board(self, announcement: Announcement, speech: Speech) -> Post:
        facts, session = announcement.scene.facts, announcement.session_id
        join = RoundButton(session, facts.turn, "join", words.button_join(speech))
        buttons: tuple[RoundButton, ...] = ()
        match announcement.scene.phase:
            case "over":
                lines = [words.is_over(speech)]
            case "talk":
                said = [words.floor(facts, speech, self._naming)]
                lines = [*said, *words.queue(facts, speech, self._naming)]
                lines += ["", f"-# {words.sit_here(speech)}"]
                buttons = (join,)
            case _:
                lines = words.gathering(facts, speech, self._naming)
                lines += _countdown(announcement, words.begins(speech))
                buttons = (
                    join,
                    RoundButton(session, facts.turn, "pass", words.button_pass(speech)),
                    RoundButton(session, facts.turn, "next", words.button_begin(speech)),
                    RoundButton(session, facts.turn, "extend", words.button_extend(speech)),
                )
        embed = _embed(lines, words.title(speech))
        if facts.spoken:
            embed.set_footer(text=words.spoken(facts.spoken, speech))
        return Post(Board(session, "table", embed, buttons), key="table")

    def _floor_board(self, announcement: Announcement, speech: Speech) -> Post:
        """Show who has the floor and until when, with what they and the hosts press."""
        facts, session = announcement.scene.facts, announcement.session_id
        lines = [f"**{words.floor(facts, speech, self._naming)}**"]
        if not facts.over:
            lines += _countdown(announcement, words.ends(speech))
        lines += words.queue(facts, speech, self._naming)
        buttons = (
            RoundButton(session, facts.turn, "done", words.button_done(speech)),
            RoundButton(session, facts.turn, "pass", words.button_pass(speech)),
            RoundButton(session, facts.turn, "next", words.button_next(speech)),
            RoundButton(session, facts.turn, "extend", words.button_extend(speech)),
        )
        name = f"turn-{facts.turn}"
        return Post(Board(session, name, _embed(lines), buttons), key=name)

    def _end_board(self, announcement: Announcement, people: int, speech: Speech) -> Post:
        embed = _embed([words.finished(people, speech)])
        return Post(Board(announcement.session_id, "end", embed), key="end")


def _turn_board(announcement: Announcement, turn: int, text: str) -> Post:
    """Show how a turn ended, in the place of what was pressed during it."""
    name = f"turn-{turn}"
    return Post(Board(announcement.session_id, name, _embed([text])), key=name)


def _unhurried(post: Post) -> Post:
    """Return a board that only counts anew: while a crowd sits down, now and then is enough."""
    return replace(post, payload=replace(post.payload, every=COUNT_EVERY))


def _countdown(announcement: Announcement, before: str) -> list[str]:
    if announcement.ends_at is None:
        return []
    return [f"{before} <t:{round(announcement.ends_at)}:R>"]


def _embed(lines: Sequence[str], title: str = "") -> discord.Embed:
    text = "\n".join(lines).strip()
    return discord.Embed(colour=COLOUR, title=clip(title, 256) or None, description=text)
