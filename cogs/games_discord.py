"""Games on Discord: slash and text commands, and what becomes of a pressed control. No game has a cog of its own."""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import Receipt
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.games import (
    ALONE,
    KINDS,
    LEAST_ROUNDS,
    LEAST_SECONDS,
    MOST_ROUNDS,
    MOST_SECONDS,
    Games,
    Kind,
    pace_of,
    read_details,
    read_game,
    read_wish,
)
from bot.hall import Hall
from bot.people import People
from bot.pictures import Drawing, Pictures
from bot.rooms import Rooms
from bot.session import Session
from bot.storage.rooms import Room
from bot.wording import game_details
from bot.wording import games as words
from bot.wording import quiz as quiz_words
from bot.wording import room as room_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    group,
    named,
    reply,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.games_controls import FORM
from cogs.practice_discord import PracticeDiscord
from cogs.verbs import COMMANDS, GAME, mistyped
from games.core import Refusal, Role, Scene
from games.table import TABLE_EVENTS, Joined, Left, Unseen, Wish

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


def _games(kinds: Iterable[Kind]) -> list[app_commands.Choice[str]]:
    """Return games as choices, each by its name in both languages."""
    return [
        app_commands.Choice(
            name=locale_str(kind.words.name(Speech("en")), fr=kind.words.name(Speech("fr"))),
            value=kind.key,
        )
        for kind in kinds
    ]


class GamesDiscord(commands.Cog, name="game"):
    """Hosts start and steer a game; everybody plays with buttons, forms, or by typing."""

    def __init__(
        self,
        client: DiscordClient,
        hall: Hall,
        rooms: Rooms,
        games: Games,
        people: People,
        pictures: Pictures,
        practice_table: PracticeDiscord,
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._games = games
        self._people = people
        self._pictures = pictures
        self.practice_table = practice_table
        client.add_form(Form(FORM, self.wrote))

    # what is typed, or chosen in slash commands

    @group(
        "game",
        "jeu",
        N_("What is being played, and how to play"),
        named("now", "maintenant"),
        COMMANDS["game"],
    )
    async def game(self, ctx: Context) -> None:
        """Say what is on, and what one can do."""
        speech = self._client.speech(ctx.channel.id)
        if unread := ctx.view.read_rest().strip():
            raise mistyped("game", unread, speech.locale, words.how_to_start(speech))
        await reply(ctx, "\n".join(self._now(ctx, speech)))

    @verb(game, GAME, "start", N_("Start a game in this channel"), FreeText)
    @app_commands.describe(
        game=locale_str(N_("Which game")),
        pace=locale_str(N_("How much time there is")),
        rounds=locale_str(N_("How many rounds")),
        seconds=locale_str(N_("Seconds of a round, or of a turn")),
        details=locale_str(N_("What else this game lets you choose")),
        secret=locale_str(N_("What only you and I may know, such as a word to find")),
    )
    @app_commands.rename(
        game=named("game", "jeu"),
        pace=named("pace", "rythme"),
        rounds=named("rounds", "manches"),
        seconds=named("seconds", "secondes"),
        details=named("details", "précisions"),
        secret=named("secret", "secret"),
    )
    @app_commands.choices(
        game=_games(KINDS.values()),
        pace=[
            _choice(N_("slow"), "slow"),
            _choice(N_("normal"), "normal"),
            _choice(N_("fast"), "fast"),
        ],
    )
    async def start(
        self,
        ctx: Context,
        game: str,
        pace: str = "normal",
        rounds: commands.Range[int, LEAST_ROUNDS, MOST_ROUNDS] | None = None,
        seconds: commands.Range[int, LEAST_SECONDS, MOST_SECONDS] | None = None,
        details: str = "",
        secret: str = "",
    ) -> None:
        """Start a game."""
        locale = self._client.speech(ctx.channel.id).locale
        if ctx.interaction is None:
            kind, rest = read_game(typed_after(ctx), locale)
            wish = read_wish(rest)
        else:
            kind, _ = read_game(game, locale)
            text, added = read_details(details)
            wish = Wish(pace_of(pace) or "normal", rounds, seconds, text, secret, added)
        room, role = await room_of(ctx, self._rooms), role_in(ctx)
        receipt = await self._games.start(room, kind, wish, role, visitor_of(ctx.author))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, quiz_words.starting(self._client.speech(ctx.channel.id)))

    @verb(game, GAME, "practice", N_("Practise a game alone; only you see it"), FreeText)
    @app_commands.describe(
        game=locale_str(N_("Which game")),
        details=locale_str(N_("What else this game lets you choose")),
    )
    @app_commands.rename(game=named("game", "jeu"), details=named("details", "précisions"))
    @app_commands.choices(game=_games(ALONE))
    async def practice(self, ctx: Context, game: str, details: str = "") -> None:
        """Practise a game alone."""
        if ctx.interaction is None:
            await self.practice_table.offer(ctx, typed_after(ctx))
        else:
            await self.practice_table.begin(ctx.interaction, game, " ".join(details.split()))

    @verb(game, GAME, "stop", N_("Stop the game"))
    async def stop(self, ctx: Context) -> None:
        """Stop the game, with its standings."""
        await self._act(ctx, "stop", quiz_words.stopped_by_host)

    @verb(game, GAME, "skip", N_("Close this round, or go straight to the next"))
    async def skip(self, ctx: Context) -> None:
        """Go on without waiting."""
        await self._act(ctx, "skip", quiz_words.on_we_go)

    @verb(game, GAME, "hint", N_("Give a hint"))
    async def hint(self, ctx: Context) -> None:
        """Help those who play."""
        await self._act(ctx, "hint", quiz_words.on_we_go)

    @verb(game, GAME, "extend", N_("Give more time"))
    async def extend(self, ctx: Context) -> None:
        """Give more time."""
        await self._act(ctx, "extend", quiz_words.on_we_go)

    @verb(game, GAME, "pause", N_("Stop the clock"))
    async def pause(self, ctx: Context) -> None:
        """Stop the clock."""
        await self._act(ctx, "pause", words.paused_by_host)

    @verb(game, GAME, "resume", N_("Go on after a pause"))
    async def resume(self, ctx: Context) -> None:
        """Go on after a pause."""
        await self._act(ctx, "resume", quiz_words.on_we_go)

    @verb(
        game, GAME, "approve", N_("See what waits for you; with its number, let it stand"), FreeText
    )
    @app_commands.describe(which=locale_str(N_("Its number")))
    @app_commands.rename(which=named("which", "numéro"))
    async def approve(self, ctx: Context, which: str = "") -> None:
        """Approve what waits for a host; without a number, show it to the host alone."""
        text = which or typed_after(ctx)
        if ctx.interaction is None and not text:
            raise Refusal("slash-only", usage="/game approve")
        await self._act(ctx, "approve", quiz_words.on_we_go, text)

    @verb(game, GAME, "remove", N_("Take something away that should not be read"), FreeText)
    @app_commands.describe(which=locale_str(N_("Its number")))
    @app_commands.rename(which=named("which", "numéro"))
    async def remove(self, ctx: Context, which: str = "") -> None:
        """Remove what should not stand."""
        await self._act(ctx, "remove", quiz_words.on_we_go, which or typed_after(ctx))

    @verb(game, GAME, "draw", N_("Draw the next of a game’s list, or say which has come"), FreeText)
    @app_commands.describe(which=locale_str(N_("Its number or its words")))
    @app_commands.rename(which=named("which", "lequel"))
    async def draw(self, ctx: Context, which: str = "") -> None:
        """Draw what comes next."""
        await self._act(ctx, "draw", quiz_words.on_we_go, which or typed_after(ctx))

    @verb(game, GAME, "contest", N_("Contest somebody’s answer"), FreeText)
    @app_commands.describe(which=locale_str(N_("Its number")))
    @app_commands.rename(which=named("which", "numéro"))
    async def contest(self, ctx: Context, which: str = "") -> None:
        """Vote against an answer."""
        await self._wish(ctx, "contest", which or typed_after(ctx))

    @verb(game, GAME, "keep", N_("Keep an answer that others contest"), FreeText)
    @app_commands.describe(which=locale_str(N_("Its number")))
    @app_commands.rename(which=named("which", "numéro"))
    async def keep(self, ctx: Context, which: str = "") -> None:
        """Vote for an answer."""
        await self._wish(ctx, "keep", which or typed_after(ctx))

    @verb(game, GAME, "sign", N_("Sign the text that you write together, or no longer"))
    async def sign(self, ctx: Context) -> None:
        """Sign what is written together."""
        await self._wish(ctx, "sign")

    @verb(game, GAME, "join", N_("Take a seat in a game for a few"))
    async def join(self, ctx: Context) -> None:
        """Take a seat."""
        await self._wish(ctx, "join")

    @verb(game, GAME, "leave", N_("Give up your seat"))
    async def leave(self, ctx: Context) -> None:
        """Give up one's seat."""
        await self._wish(ctx, "leave")

    @verb(game, GAME, "mine", N_("Your own card or grid, for you alone"))
    async def mine(self, ctx: Context) -> None:
        """Show what only its owner may see."""
        if ctx.interaction is None:
            raise Refusal("slash-only", usage="/game mine")
        await self._wish(ctx, "mine")

    @verb(game, GAME, "score", N_("How the game stands"))
    async def score(self, ctx: Context) -> None:
        """Say how the game stands."""
        session = self._session(ctx)
        if session is None:
            raise Refusal("nothing-running")
        speech = self._client.speech(ctx.channel.id)
        lines = quiz_words.score(session.activity.scene(), speech, self._people.name)
        await reply(ctx, "\n".join(lines))

    @verb(game, GAME, "rules", N_("How a game is played"), FreeText)
    @app_commands.describe(game=locale_str(N_("Which game")))
    @app_commands.rename(game=named("game", "jeu"))
    @app_commands.choices(game=_games(KINDS.values()))
    async def rules(self, ctx: Context, game: str = "") -> None:
        """Say how a game is played: the one that is on, or any."""
        text = game or typed_after(ctx)
        running, speech = self._kind(ctx), self._client.speech(ctx.channel.id)
        kind = running if running is not None and not text else read_game(text, speech.locale)[0]
        details = [game_details.told(kind.key, speech)] if role_in(ctx) >= Role.HOST else []
        await reply(ctx, "\n".join([words.described(kind.words, speech), *details]))

    @verb(game, GAME, "list", N_("Which games there are"))
    async def all_games(self, ctx: Context) -> None:
        """List the games, each in a line."""
        speech = self._client.speech(ctx.channel.id)
        games = [f"- {words.in_short(kind.words, speech)}" for kind in KINDS.values()]
        lines = [*games, words.how_to_learn(speech), words.how_to_start(speech)]
        await reply(ctx, clip("\n".join(lines), 2000))

    # what is pressed

    async def choose(
        self, interaction: Interaction, session: int, turn: int, taken: Sequence[int]
    ) -> None:
        """Take what was pressed, and tell the one who did, once it is kept."""
        room, visitor = self._room_of(interaction), visitor_of(interaction.user)
        await self._answer(interaction, self._hall.chose(room.id, visitor, session, turn, taken))

    async def wrote(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what was entered in a form, a line for each of its fields, and tell the one who did."""
        room, visitor = self._room_of(interaction), visitor_of(interaction.user)
        lines = [" ".join(entered[key].split()) for key in sorted(entered)]
        receipt = self._hall.wrote(
            room.id, visitor, int(match["session"]), int(match["turn"]), "\n".join(lines)
        )
        await self._answer(interaction, receipt)

    async def wish(self, interaction: Interaction, session: int, wish: str) -> None:
        """Take a wish that was pressed, and tell the one who did."""
        room = self._room_of(interaction)
        running = self._hall.running(room.id)
        if running is None or running.id != session:
            raise Refusal("session-over")
        await self._answer(
            interaction, self._hall.wished(room.id, visitor_of(interaction.user), wish, kinds=KINDS)
        )

    def form(
        self, interaction: Interaction, session: int, turn: int
    ) -> tuple[Scene, Sequence[str]]:
        """Return what a form answers, and the labels of its fields.

        Raises:
            Refusal: `session-over`, `moved-on`.
        """
        running = self._hall.running(self._room_of(interaction).id)
        if running is None or running.id != session or running.kind not in KINDS:
            raise Refusal("session-over")
        scene = running.activity.scene()
        if not scene.form or scene.turn != turn:
            raise Refusal("moved-on")
        speech = self._client.speech(interaction.channel_id)
        return scene, KINDS[running.kind].words.fields(scene, speech)[:5]

    async def _answer(self, interaction: Interaction, receipt: Receipt) -> None:
        await self._client.kept(interaction, receipt)
        speech = self._client.speech(interaction.channel_id)
        text, drawing = self._told(receipt, speech)
        more = {} if drawing is None else {"file": await self._file(drawing, text)}
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        await self._client.tell(interaction, clip(text, 2000), **more)

    def _told(self, receipt: Receipt, speech: Speech) -> tuple[str, Drawing | None]:
        """Return what to tell whoever did this: the words, and the picture that is for them alone."""
        own, parts, drawing = KINDS[receipt.session.kind].words, [], None
        for event in receipt.events:
            match event:
                case Joined():
                    parts.append(words.you_joined(speech))
                case Left():
                    parts.append(words.you_left(speech))
                case _ if not isinstance(event, TABLE_EVENTS):
                    parts.append(own.told(event, speech))
                    drawing = own.card(event, speech) or drawing
        text = "\n".join(part for part in parts if part)
        return text or quiz_words.on_we_go(speech), drawing

    async def _file(self, drawing: Drawing, alt: str) -> discord.File:
        data = await self._pictures.png(drawing)
        return discord.File(io.BytesIO(data), "card.png", description=clip(alt, 1000))

    # where

    def _now(self, ctx: Context, speech: Speech) -> list[str]:
        session = self._session(ctx)
        if session is None:
            return [
                room_words.nothing_running(speech),
                words.which_games(speech),
                words.how_to_start(speech),
            ]
        kind, scene = KINDS.get(session.kind), session.activity.scene()
        if kind is None:
            return [words.something_else(scene, speech)]
        return words.now(scene, kind.words, speech, self._hall.left(session.room.id))

    def _room_of(self, interaction: Interaction) -> Room:
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        if room is None:
            raise Refusal("session-over")
        return room

    def _room(self, ctx: Context) -> Room:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("nothing-running")
        return room

    def _session(self, ctx: Context) -> Session | None:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        return self._hall.running(room.id) if room else None

    def _kind(self, ctx: Context) -> Kind | None:
        session = self._session(ctx)
        return KINDS.get(session.kind) if session else None

    async def _wish(self, ctx: Context, wish: str, text: str = "") -> None:
        receipt = self._hall.wished(
            self._room(ctx).id, visitor_of(ctx.author), wish, text, kinds=KINDS
        )
        if ctx.interaction is not None:
            await self._answer(ctx.interaction, receipt)
        else:
            await receipt.committed()

    async def _act(
        self, ctx: Context, action: str, sentence: Callable[[Speech], str], text: str = ""
    ) -> None:
        receipt = self._hall.act(self._room(ctx).id, role_in(ctx), action, text, kinds=KINDS)
        await self._client.kept(ctx.interaction, receipt)
        speech = self._client.speech(ctx.channel.id)
        await acknowledge(ctx, _for_the_host(receipt, speech) or sentence(speech))


def _for_the_host(receipt: Receipt, speech: Speech) -> str:
    """Return what a host asked to see and others do not."""
    kind = KINDS.get(receipt.session.kind)
    if kind is None:
        return ""
    told = (kind.words.told(one, speech) for one in receipt.events if isinstance(one, Unseen))
    return clip("\n".join(filter(None, told)), 2000)
