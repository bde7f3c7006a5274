"""The quiz on Discord: slash and text commands, answer buttons that survive a restart, and the board."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import NotKeptError
from bot.discord_client import DiscordClient, visitor_of
from bot.discord_side import Board, Words
from bot.hall import Hall
from bot.outbox import Post
from bot.people import People
from bot.quiz import (
    LEAST_QUESTIONS,
    LEAST_SECONDS,
    MOST_QUESTIONS,
    MOST_SECONDS,
    QUESTIONS,
    SECONDS,
    Quizzes,
    Wish,
    level_of,
    preset_of,
)
from bot.rooms import Rooms
from bot.session import Announcement, Back, Paused, Resumed, Session, Suspended
from bot.wording import quiz as words
from bot.wording import room as room_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import acknowledge, command, group, named, reply, role_in, room_of, verb
from cogs.verbs import COMMANDS, QUIZ, nearest
from games.core import Refusal
from games.quiz import (
    LETTERS,
    Answered,
    Asked,
    Closed,
    Extended,
    Finished,
    Hinted,
    Opened,
    Solved,
    Undone,
    Withdrawn,
)

COLOUR = 0x2F6F6D
LABEL = 80

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

    @group("quiz", "quiz", N_("What is on, and how to play"), named("now", "maintenant"))
    async def quiz(self, ctx: Context) -> None:
        """Say what is on, and what one can do."""
        speech = self._client.speech(ctx.channel.id)
        if unread := ctx.view.read_rest().split():
            near = nearest(unread[0], [word for known in QUIZ.values() for word in known])
            usage = f"!quiz {near}" if near else words.how_to_start_with(speech)
            raise Refusal("usage", usage=usage)
        session = self._session(ctx)
        if session is None:
            await reply(ctx, f"{room_words.nothing_running(speech)} {words.how_to_start(speech)}")
        else:
            await reply(ctx, words.now(session.activity.scene(), speech))

    @verb(quiz, QUIZ, "start", N_("Start a quiz in this channel"))
    @app_commands.describe(
        deck=locale_str(N_("Which questions")),
        questions=locale_str(N_("How many questions")),
        seconds=locale_str(N_("Seconds for each question")),
        preset=locale_str(N_("How points are shared")),
        difficulty=locale_str(N_("Only questions of one difficulty")),
    )
    @app_commands.rename(
        deck=named("deck", "jeu"),
        questions=named("questions", "questions"),
        seconds=named("seconds", "secondes"),
        preset=named("preset", "formule"),
        difficulty=named("difficulty", "difficulté"),
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
    )
    async def start(
        self,
        ctx: Context,
        deck: str = "",
        questions: commands.Range[int, LEAST_QUESTIONS, MOST_QUESTIONS] = QUESTIONS,
        seconds: commands.Range[int, LEAST_SECONDS, MOST_SECONDS] = SECONDS,
        preset: str = "calm",
        difficulty: str = "",
    ) -> None:
        """Start a quiz."""
        level = level_of(difficulty)
        shared = preset_of(preset)
        if shared is None or (difficulty and level is None):
            raise Refusal(
                "usage", usage=words.how_to_start_with(self._client.speech(ctx.channel.id))
            )
        if ctx.interaction is None and (alone := preset_of(deck)) is not None:
            deck, shared = "", alone
        room = await room_of(ctx, self._rooms)
        wish = Wish(deck, questions, seconds, shared, level)
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
        lines = words.score(session.activity.scene().standings, speech, self._people.name)
        await reply(ctx, "\n".join(lines))

    @verb(quiz, QUIZ, "decks", N_("Which questions there are"))
    async def decks(self, ctx: Context) -> None:
        """List the decks."""
        speech = self._client.speech(ctx.channel.id)
        lines = [words.deck(deck, speech) for deck in self._quizzes.decks.all.values()]
        await reply(ctx, clip("\n".join(lines), 1900))

    @command("stop", "stop", N_("Stop the game"), COMMANDS["stop"])
    async def stop_now(self, ctx: Context) -> None:
        """Stop whatever runs in this channel."""
        await self._act(ctx, "stop", words.stopped_by_host)

    async def answer(
        self, interaction: discord.Interaction[Any], session_id: int, number: int, choice: int
    ) -> None:
        """Take a button's answer and confirm it privately once it is kept."""
        speech = self._client.speech(interaction.channel_id)
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        try:
            if room is None:
                raise Refusal("session-over")
            receipt = self._hall.chose(
                room.id, visitor_of(interaction.user), session_id, number, (choice,)
            )
            await self._client.kept(interaction, receipt)
        except Refusal as problem:
            await self._client.refuse(interaction, problem, speech)
            return
        except NotKeptError:
            await self._client.refuse(interaction, Refusal("not-kept"), speech)
            return
        text = words.noted(LETTERS[choice], speech)
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        await self._client.tell(interaction, text)

    def _session(self, ctx: Context) -> Session | None:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        return self._hall.running(room.id) if room else None

    async def _act(self, ctx: Context, action: str, sentence: Callable[[Speech], str]) -> None:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("nothing-running")
        receipt = self._hall.act(room.id, role_in(ctx), action)
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, sentence(self._client.speech(ctx.channel.id)))


class AnswerButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"quiz:(?P<session>\d{1,15}):(?P<number>\d{1,4}):(?P<choice>\d)",
):
    """One choice. Everything it needs is in its id, so that it works after a restart."""

    def __init__(self, session: int, number: int, choice: int, label: str = "") -> None:
        super().__init__(
            discord.ui.Button(
                label=clip(label, LABEL) or None,
                style=discord.ButtonStyle.secondary,
                custom_id=f"quiz:{session}:{number}:{choice}",
                row=None if len(label) < 30 else min(choice, 4),
            )
        )
        self._place = session, number, choice

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["number"]), int(match["choice"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the answer to the cog."""
        cog = interaction.client.get_cog("quiz")
        if isinstance(cog, QuizDiscord):
            await cog.answer(interaction, *self._place)


class QuizBoards:
    """Turns a quiz's announcements into boards: one message per question, edited as it goes."""

    def __init__(self, people: People) -> None:
        self._people = people

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        changed = False
        for event in announcement.events:
            match event:
                case Opened():
                    posts.append(self._opening(event, announcement, speech))
                case Asked():
                    changed = True
                case Answered() | Solved() | Withdrawn() | Hinted() | Extended():
                    changed = True
                case Closed():
                    posts.append(self._reveal(event, announcement, speech))
                    changed = False
                case Undone():
                    posts.append(Post(Words(words.undone(event, speech))))
                case Finished():
                    posts.append(self._result(event, announcement, speech))
                case Paused() | Resumed() | Back() | Suspended():
                    text = room_words.hall_event(event, speech)
                    posts.append(Post(Words(text)))
                    changed = True
        if changed:
            posts += self._table(announcement, speech)
        return posts

    def _table(self, announcement: Announcement, speech: Speech) -> list[Post]:
        """Show what is on the table; after a restart nobody knows whether it was shown before."""
        scene = announcement.scene
        if scene.phase == "asking":
            return [self._question(announcement, speech)]
        if isinstance(scene.outcome, Closed):
            return [self._reveal(scene.outcome, announcement, speech)]
        return []

    def _opening(self, event: Opened, announcement: Announcement, speech: Speech) -> Post:
        elsewhere = "twitch" if announcement.room.twitch_channel_id else None
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.quiz_title(event.title, speech), 256),
            description="\n".join(words.opened(event, speech, elsewhere)),
        )
        return Post(Board(announcement.session_id, "opening", embed), key="opening")

    def _question(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        lines = [f"### {speech.quote(scene.prompt)}"]
        lines += [f"**{line[0]}** · {line[3:]}" for line in words.choices(scene.choices, speech)]
        lines += words.hints(scene.hints, speech)
        lines.append("")
        if announcement.ends_at is not None:
            lines.append(f"{words.ends(speech)} <t:{round(announcement.ends_at)}:R>")
        lines.append(f"-# {words.how_to_answer_here(words.kind_of(scene), speech)}")
        embed = discord.Embed(
            colour=COLOUR,
            title=words.heading(scene.step, scene.steps, speech),
            description="\n".join(lines),
        )
        embed.set_footer(text=words.answers(scene.replies, speech))
        buttons = tuple(
            AnswerButton(announcement.session_id, scene.step, index, f"{LETTERS[index]} · {text}")
            for index, text in enumerate(scene.choices)
        )
        name = f"q{scene.step}"
        return Post(Board(announcement.session_id, name, embed, buttons), key=name)

    def _reveal(self, event: Closed, announcement: Announcement, speech: Speech) -> Post:
        lines = [
            f"**{speech.quote(event.prompt)}**",
            "",
            words.verdict(event, speech, self._people.name),
        ]
        if event.explanation:
            lines.append(speech.quote(event.explanation))
        if event.source:
            lines.append(f"-# {words.source(event.source, speech)}")
        embed = discord.Embed(
            colour=COLOUR,
            title=words.heading(event.number, event.total, speech),
            description="\n".join(lines),
        )
        embed.set_footer(text=words.answers(event.answered, speech))
        name = f"q{event.number}"
        return Post(Board(announcement.session_id, name, embed), key=name)

    def _result(self, event: Finished, announcement: Announcement, speech: Speech) -> Post:
        first, *podium = words.finished(event, speech, self._people.name)
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.quiz_title(event.title, speech), 256),
            description="\n".join([first, "", *podium]).strip(),
        )
        return Post(Board(announcement.session_id, "result", embed), key="result")
