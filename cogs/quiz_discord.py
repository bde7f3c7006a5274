"""The quiz on Discord: slash and text commands, and what becomes of a pressed control."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import Receipt
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.hall import Hall
from bot.people import People
from bot.quiz import (
    KINDS,
    LEAST_QUESTIONS,
    LEAST_SECONDS,
    MOST_QUESTIONS,
    MOST_SECONDS,
    QUESTIONS,
    SECONDS,
    Quizzes,
    Wish,
    audience_of,
    level_of,
    pace_of,
    preset_of,
    read_acceptance,
    read_wish,
)
from bot.rooms import Rooms
from bot.session import Session
from bot.storage.rooms import Room
from bot.wording import games as game_words
from bot.wording import quiz as words
from bot.wording import room as room_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    command,
    group,
    named,
    privately,
    reply,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.quiz_controls import FORM
from cogs.verbs import COMMANDS, QUIZ, mistyped
from games.core import Refusal, Scene
from games.deck import Sieve
from games.quiz import Quiz
from games.quiz_events import Answered, Joined, Solved

Context = commands.Context[Any]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


class QuizDiscord(commands.Cog, name="quiz"):
    """Hosts start and steer a quiz; everybody answers with buttons or by typing."""

    def __init__(
        self, client: DiscordClient, hall: Hall, rooms: Rooms, quizzes: Quizzes, people: People
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._quizzes = quizzes
        self._people = people
        client.add_form(Form(FORM, self.wrote))

    @group("quiz", "quiz", N_("What is on, and how to play"), named("now", "maintenant"))
    async def quiz(self, ctx: Context) -> None:
        """Say what is on, and what one can do."""
        speech = self._client.speech(ctx.channel.id)
        if unread := ctx.view.read_rest().strip():
            raise mistyped("quiz", unread, speech.locale, words.how_to_start_with(speech))
        session = self._session(ctx)
        if session is None:
            await reply(ctx, f"{room_words.nothing_running(speech)} {words.how_to_start(speech)}")
        elif isinstance(session.activity, Quiz):
            await reply(ctx, words.now(session.activity.scene(), speech))
        else:
            await reply(ctx, game_words.something_else(session.activity.scene(), speech))

    @verb(quiz, QUIZ, "start", N_("Start a quiz in this channel"), FreeText)
    @app_commands.describe(
        deck=locale_str(N_("Which questions")),
        questions=locale_str(N_("How many questions")),
        seconds=locale_str(N_("Seconds for each question")),
        preset=locale_str(N_("How points are shared")),
        difficulty=locale_str(N_("Only questions of one difficulty")),
        audience=locale_str(N_("Only questions for one audience")),
        theme=locale_str(N_("Only questions of one theme")),
        pace=locale_str(N_("Who says when the next question comes")),
        teams=locale_str(N_("platforms, houses, or names with a comma between them")),
    )
    @app_commands.rename(
        deck=named("deck", "jeu"),
        questions=named("questions", "questions"),
        seconds=named("seconds", "secondes"),
        preset=named("preset", "formule"),
        difficulty=named("difficulty", "difficulté"),
        audience=named("audience", "public"),
        theme=named("theme", "thème"),
        pace=named("pace", "rythme"),
        teams=named("teams", "équipes"),
    )
    @app_commands.choices(
        preset=[
            _choice(N_("calm: a point for everybody who is right"), "calm"),
            _choice(N_("race: the quickest takes the point"), "race"),
            _choice(N_("speed: quicker is worth more"), "speed"),
            _choice(N_("survivor: wrong is out"), "survivor"),
        ],
        difficulty=[
            _choice(N_("easy"), "easy"),
            _choice(N_("medium"), "medium"),
            _choice(N_("hard"), "hard"),
        ],
        audience=[
            _choice(N_("children"), "children"),
            _choice(N_("teenagers"), "teens"),
            _choice(N_("adults"), "adults"),
        ],
        pace=[
            _choice(N_("the clock"), "auto"),
            _choice(N_("the clock, twice as slow"), "slow"),
            _choice(N_("the host"), "host"),
        ],
    )
    async def start(
        self,
        ctx: Context,
        deck: str = "",
        questions: commands.Range[int, LEAST_QUESTIONS, MOST_QUESTIONS] = QUESTIONS,
        seconds: commands.Range[int, LEAST_SECONDS, MOST_SECONDS] = SECONDS,
        preset: str = "calm",
        difficulty: str = "",
        audience: str = "",
        theme: str = "",
        pace: str = "auto",
        teams: str = "",
    ) -> None:
        """Start a quiz."""
        sieve = Sieve(level_of(difficulty), audience_of(audience), theme)
        wish = Wish(
            deck=deck,
            questions=questions,
            seconds=seconds,
            preset=preset_of(preset) or "calm",
            sieve=sieve,
            pace=pace_of(pace) or "auto",
            teams=teams,
        )
        if ctx.interaction is None:
            wish = read_wish(typed_after(ctx))
        room = await room_of(ctx, self._rooms)
        receipt = self._quizzes.start(room, wish, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.starting(self._client.speech(ctx.channel.id)))

    async def decks_for(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer decks, near ones first."""
        locale = self._client.speech(interaction.channel_id).locale
        decks = self._quizzes.decks
        found = [decks.find(name, locale) for name in decks.nearest(typed, locale, limit=25)]
        return [
            app_commands.Choice(name=clip(f"{d.title} ({d.name})", 100), value=d.name)
            for d in found
        ]

    start.autocomplete("deck")(decks_for)

    @verb(quiz, QUIZ, "stop", N_("Stop the game"))
    async def stop(self, ctx: Context) -> None:
        """Stop the game, with its standings."""
        await self._act(ctx, "stop", words.stopped_by_host)

    @verb(quiz, QUIZ, "skip", N_("Close this question, or go straight to the next"))
    async def skip(self, ctx: Context) -> None:
        """Go on without waiting."""
        await self._act(ctx, "skip", words.on_we_go)

    @verb(quiz, QUIZ, "undo", N_("Take back the points of the last question"))
    async def undo(self, ctx: Context) -> None:
        """Take back the points of the last question."""
        await self._act(ctx, "undo", words.on_we_go)

    @verb(quiz, QUIZ, "accept", N_("Accept one more answer as right"), FreeText)
    @app_commands.describe(
        answer=locale_str(N_("What is right as well: words, or a letter")),
        remember=locale_str(N_("Take it as right from now on, whenever this question is asked")),
    )
    @app_commands.rename(answer=named("answer", "réponse"), remember=named("remember", "retenir"))
    async def accept(self, ctx: Context, answer: str = "", remember: bool = False) -> None:
        """Accept one more answer to the question that is open or was just closed, for good if the host says so."""
        if ctx.interaction is None:
            answer, remember = read_acceptance(typed_after(ctx))
        if remember:
            await self._accept_for_good(ctx, answer)
            return
        receipt = self._quizzes.accept(self._room(ctx), answer, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.on_we_go(self._client.speech(ctx.channel.id)))

    async def _accept_for_good(self, ctx: Context, answer: str) -> None:
        accepted = self._quizzes.accept_for_good(self._room(ctx), answer, role_in(ctx))
        if accepted.receipt is not None:
            await self._client.kept(ctx.interaction, accepted.receipt)
        await self._quizzes.remember(accepted)
        await reply(ctx, words.remembered(accepted.answer, self._client.speech(ctx.channel.id)))

    @verb(quiz, QUIZ, "hint", N_("Give the next hint"))
    async def hint(self, ctx: Context) -> None:
        """Give the next hint."""
        await self._act(ctx, "hint", words.on_we_go)

    @verb(quiz, QUIZ, "extend", N_("Give this question more time"))
    async def extend(self, ctx: Context) -> None:
        """Give this question more time."""
        await self._act(ctx, "extend", words.on_we_go)

    @verb(quiz, QUIZ, "pause", N_("Stop the clock"))
    async def pause(self, ctx: Context) -> None:
        """Stop the clock."""
        await self._act(ctx, "pause", words.paused_by_host)

    @verb(quiz, QUIZ, "resume", N_("Go on after a pause"))
    async def resume(self, ctx: Context) -> None:
        """Go on after a pause."""
        await self._act(ctx, "resume", words.on_we_go)

    @verb(quiz, QUIZ, "score", N_("How the game stands"))
    async def score(self, ctx: Context) -> None:
        """Say how the game stands."""
        session = self._session(ctx)
        if session is None:
            raise Refusal("nothing-running")
        speech = self._client.speech(ctx.channel.id)
        lines = words.score(session.activity.scene(), speech, self._people.name)
        await reply(ctx, "\n".join(lines))

    @verb(quiz, QUIZ, "source", N_("Where the last answer can be checked"))
    async def source(self, ctx: Context) -> None:
        """Say where the answer to the question that was just closed can be checked."""
        closed = self._quizzes.source(self._room(ctx))
        await reply(ctx, words.source(closed.source, self._client.speech(ctx.channel.id)))

    @verb(quiz, QUIZ, "review", N_("What you did not find in the last quiz, for you alone"))
    async def review(self, ctx: Context) -> None:
        """List what somebody did not find in the room's last quiz: privately, so as text only by direct message."""
        missed = await self._quizzes.review(self._room(ctx), visitor_of(ctx.author))
        speech = self._client.speech(ctx.channel.id)
        lines = words.reviewed(missed, speech)
        if missed:
            lines = [words.review_head(len(missed), speech), *(f"- {line}" for line in lines)]
        await privately(ctx, clip("\n".join(lines), 1900))

    @command("team", "équipe", N_("Choose your team in the quiz that is on"), COMMANDS["team"])
    @app_commands.describe(team=locale_str(N_("Its number or its name")))
    @app_commands.rename(team=named("team", "équipe"))
    async def team(self, ctx: Context, *, team: str) -> None:
        """Choose one's team."""
        receipt = self._hall.wished(
            self._room(ctx).id, visitor_of(ctx.author), "team", team, kinds=KINDS
        )
        await self._client.kept(ctx.interaction, receipt)
        await reply(ctx, self._told(receipt, self._client.speech(ctx.channel.id)))

    @verb(quiz, QUIZ, "decks", N_("Which questions there are"))
    async def decks(self, ctx: Context) -> None:
        """List the decks."""
        speech = self._client.speech(ctx.channel.id)
        lines = [words.deck(deck, speech) for deck in self._quizzes.decks.all.values()]
        await reply(ctx, clip("\n".join(lines), 1900))

    @command("stop", "stop", N_("Stop the game"), COMMANDS["stop"])
    async def stop_now(self, ctx: Context) -> None:
        """Stop whatever runs in this channel."""
        await self._act(ctx, "stop", words.stopped_by_host, kinds=None)

    async def answer(
        self, interaction: discord.Interaction[Any], session: int, number: int, taken: Sequence[int]
    ) -> str:
        """Take what was pressed, and return what to tell the one who did, once it is kept."""
        room = self._room_of(interaction)
        visitor = visitor_of(interaction.user)
        receipt = self._hall.chose(room.id, visitor, session, number, taken)
        return await self._confirmed(interaction, receipt)

    async def join(self, interaction: discord.Interaction[Any], team: int) -> str:
        """Let somebody choose their team, and return what to tell them."""
        room = self._room_of(interaction)
        visitor = visitor_of(interaction.user)
        receipt = self._hall.wished(room.id, visitor, "team", str(team + 1))
        return await self._confirmed(interaction, receipt)

    async def wrote(
        self,
        interaction: discord.Interaction[Any],
        match: re.Match[str],
        entered: Mapping[str, str],
    ) -> None:
        """Take what was entered in a form, and tell the one who did."""
        room = self._room_of(interaction)
        receipt = self._hall.wrote(
            room.id,
            visitor_of(interaction.user),
            int(match["session"]),
            int(match["number"]),
            entered.get("answer", ""),
        )
        await self._client.tell(interaction, await self._confirmed(interaction, receipt))

    def question(self, interaction: discord.Interaction[Any], session: int, number: int) -> Scene:
        """Return the open question that a control belongs to; raises `Refusal` when it is no longer open."""
        running = self._hall.running(self._room_of(interaction).id)
        if running is None or running.id != session:
            raise Refusal("session-over")
        scene = running.activity.scene()
        if scene.phase != "asking" or scene.step != number:
            raise Refusal("question-closed", number=number)
        return scene

    async def _confirmed(self, interaction: discord.Interaction[Any], receipt: Receipt) -> str:
        await self._client.kept(interaction, receipt)
        return self._told(receipt, self._client.speech(interaction.channel_id))

    def _told(self, receipt: Receipt, speech: Speech) -> str:
        """Return what to tell whoever played; the first time ever, also what is kept about them."""
        text = self._answer_to(receipt, speech)
        return f"{text}\n-# {room_words.notice('', speech)}" if receipt.newcomer else text

    def _answer_to(self, receipt: Receipt, speech: Speech) -> str:
        for event in receipt.events:
            match event:
                case Answered():
                    return words.noted(event, speech)
                case Solved():
                    return words.solved(speech)
                case Joined():
                    return words.joined(event, speech)
        return words.on_we_go(speech)

    def _room_of(self, interaction: discord.Interaction[Any]) -> Room:
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

    async def _act(
        self,
        ctx: Context,
        action: str,
        sentence: Callable[[Speech], str],
        *,
        kinds: Container[str] | None = KINDS,
    ) -> None:
        receipt = self._hall.act(self._room(ctx).id, role_in(ctx), action, kinds=kinds)
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, sentence(self._client.speech(ctx.channel.id)))
