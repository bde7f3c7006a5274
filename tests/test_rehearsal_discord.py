"""The rehearsal Discord, seen by the unmodified discord.py and by the people who use it.

Every exchange of every test is held to Discord's OpenAPI document (`watched`).
"""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Self

import aiohttp
import discord
import pytest
from aiohttp import web
from discord import app_commands
from discord.ext import commands
from yarl import URL

from bot.endpoints import pointed
from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.discord_forms import ATTACHMENT_LIMIT, picked
from bot.rehearsal.discord_platform import DiscordPlatform
from bot.rehearsal.discord_world import BOT_ROLE, Permission
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from tests.vendor_api import watch
from tests.waiting import LIMIT, until

FRENCH = {"quiz": "quiz", "start": "lancer", "deck": "paquet", "Starts a quiz": "Lance un quiz"}
# Discord's form errors carry words as codes (its own "Error Messages" page shows them); its document says integers.
# /nowhere is nowhere, and tests/specs leaves overwrites out.
PARDONED = re.compile(
    r"_errors'\]\[\d+\]\.code: '[A-Z_0-9]+' is not of type 'integer'"
    r"|/nowhere -> |/permissions/\d+ -> 204: no such operation"
)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0"


class French(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        return FRENCH.get(string.message) if locale is discord.Locale.french else None


class Choice(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"choice:(?P<n>\d+)"):
    def __init__(self, n: int) -> None:
        super().__init__(discord.ui.Button(label=f"Réponse {n}", custom_id=f"choice:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction, _item: discord.ui.Item[Any], match: Any, /
    ) -> Self:
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"noté : {self.n}", ephemeral=True)


class Suggest(discord.ui.Modal, title="Proposer un livre"):
    book: discord.ui.Label[Any] = discord.ui.Label(
        text="Titre", component=discord.ui.TextInput(custom_id="book", max_length=50)
    )
    why = discord.ui.TextInput[Any](
        label="Pourquoi", custom_id="why", required=False, style=discord.TextStyle.paragraph
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        title = self.book.component.value  # type: ignore[attr-defined]
        await interaction.response.send_message(f"{title} / {self.why.value}")


class Probe(commands.Bot):
    """A small bot with one of everything; `heard` is what it received."""

    def __init__(self, guild_id: int, **options: Any) -> None:
        intents = discord.Intents(
            guilds=True,
            members=True,
            messages=True,
            message_content=True,
            reactions=True,
            guild_scheduled_events=True,
        )
        super().__init__(
            "!",
            intents=options.pop("intents", intents),
            guild_ready_timeout=0.01,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.guild_id = guild_id
        self.heard: list[str] = []
        self.edits: list[str] = []
        self.ready = asyncio.Event()
        self.resumed = asyncio.Event()
        self.errors: list[BaseException] = []

    async def setup_hook(self) -> None:
        await self.tree.set_translator(French())
        self.add_dynamic_items(Choice)
        add_commands(self)
        await self.tree.sync()

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        """Identify at once: the library otherwise waits five seconds before the second time."""

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message.content)
        await self.process_commands(message)

    async def on_message_edit(self, _before: discord.Message, after: discord.Message) -> None:
        self.edits.append(after.content)


def add_commands(bot: Probe) -> None:
    quiz = app_commands.Group(
        name=app_commands.locale_str("quiz"), description=app_commands.locale_str("Quizzes")
    )

    @quiz.command(
        name=app_commands.locale_str("start"), description=app_commands.locale_str("Starts a quiz")
    )
    @app_commands.rename(deck=app_commands.locale_str("deck"))
    async def start(
        interaction: discord.Interaction,
        deck: str,
        rounds: app_commands.Range[int, 1, 20] = 5,
        host: discord.Member | None = None,
    ) -> None:
        name = host.display_name if host else "personne"
        await interaction.response.send_message(f"{deck} {rounds} {name} {interaction.locale}")

    @start.autocomplete("deck")
    async def complete(
        _interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        decks = ["cinéma", "contes", "polar"]
        return [app_commands.Choice(name=d, value=d) for d in decks if d.startswith(typed)]

    bot.tree.add_command(quiz)

    @bot.tree.command(description="A board with controls")
    async def board(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(Choice(1))
        view.add_item(discord.ui.Button(label="Fermé", custom_id="closed", disabled=True))
        view.add_item(discord.ui.Button(label="Lire", url="https://example.org/"))
        menu: discord.ui.Select[Any] = discord.ui.Select(
            custom_id="menu", options=[discord.SelectOption(label=x) for x in "abc"], max_values=2
        )

        async def chosen(answer: discord.Interaction) -> None:
            await answer.response.edit_message(content="+".join(menu.values))

        menu.callback = chosen  # type: ignore[method-assign,assignment]
        view.add_item(menu)
        embed = discord.Embed(title="Tableau", description="À vous").add_field(name="1", value="un")
        await interaction.response.send_message(embed=embed, view=view)

    @bot.tree.command(description="Seen by one person")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("en secret", ephemeral=True)
        await interaction.edit_original_response(content="en grand secret")

    @bot.tree.command(description="Defers")
    async def think(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=False)
        await interaction.followup.send("réfléchi")
        await interaction.followup.send("et encore", ephemeral=True)

    @bot.tree.command(description="Opens a form")
    async def suggest(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Suggest())

    @bot.tree.command(description="Takes a file")
    async def lend(interaction: discord.Interaction, book: discord.Attachment) -> None:
        text = (await book.read()).decode()
        told = f"{book.filename} {book.size} {book.ephemeral} {text}"
        back = discord.File(io.BytesIO(text.upper().encode()), "rendu.txt")
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(told, file=back)

    @bot.tree.command(description="Too late")
    async def late(interaction: discord.Interaction) -> None:
        await asyncio.sleep(0.04)
        await caught(bot, interaction.response.send_message("trop tard"))

    @bot.tree.command(description="Answers twice")
    async def twice(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("une fois")
        again = discord.InteractionResponse[Any](interaction)
        await caught(bot, again.send_message("deux fois"))

    @bot.tree.command(description="For moderators")
    @app_commands.default_permissions(manage_messages=True)
    async def stop(interaction: discord.Interaction) -> None:
        allowed = interaction.permissions.manage_messages
        await interaction.response.send_message(
            f"{allowed} {interaction.app_permissions.embed_links}"
        )

    @bot.hybrid_command(description="Says hello")  # type: ignore[arg-type]
    async def hello(ctx: commands.Context[Probe], name: str = "monde") -> None:
        await ctx.send(f"bonjour {name}")


async def caught(bot: Probe, answering: Awaitable[object]) -> None:
    try:
        await answering
    except discord.HTTPException as error:
        bot.errors.append(error)


class Stage:
    """A platform being served, a room on it with two people, and the bot that will connect."""

    def __init__(self, port: int, platform: DiscordPlatform, recorder: Recorder) -> None:
        self.base = URL(f"http://127.0.0.1:{port}/discord")
        self.platform = platform
        self.guild = platform.add_guild("Médiathèque")
        self.channel = platform.add_channel(self.guild.id, "jeux").id
        self.moderation = platform.add_role(
            self.guild.id, "Modération", Permission.MANAGE_MESSAGES
        ).id
        self.lea = platform.add_user("lea", global_name="Léa").id
        self.max = platform.add_user("max", locale="en-US").id
        platform.join(self.guild.id, self.lea)
        platform.join(self.guild.id, self.max, roles=[self.moderation])
        self.rows: list[Exchange | Frame] = []
        recorder.listen(self.rows.append)
        self.bot = Probe(self.guild.id)

    @property
    def place(self) -> discord.TextChannel:
        channel = self.bot.get_channel(self.channel)
        assert isinstance(channel, discord.TextChannel)
        return channel

    def sent(self, event: str) -> list[dict[str, Any]]:
        frames = [row.data for row in self.rows if isinstance(row, Frame)]
        return [frame["d"] for frame in frames if frame.get("t") == event]

    def sent_ops(self, op: int) -> list[dict[str, Any]]:
        rows = [row for row in self.rows if isinstance(row, Frame) and row.direction == "sent"]
        return [row.data for row in rows if row.data["op"] == op]

    def requests(self, method: str, end: str) -> list[Exchange]:
        rows = [row for row in self.rows if isinstance(row, Exchange)]
        return [row for row in rows if row.method == method and row.path.endswith(end)]

    def contents(self) -> list[str]:
        return [message["content"] for message in self.platform.messages(self.channel)]

    async def started(self, *, token: str = "") -> "asyncio.Task[None]":
        task = asyncio.create_task(self.bot.start(token or self.platform.bot_token))
        await until(lambda: self.bot.ready.is_set() or task.done())
        return task


@asynccontextmanager
async def served() -> AsyncIterator[Stage]:
    recorder = Recorder()
    complaints = watch(recorder)
    platform = DiscordPlatform(recorder)
    app = web.Application()
    platform.mount(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    stage = Stage(runner.addresses[0][1], platform, recorder)
    with pointed(discord=stage.base):
        yield stage
        await stage.bot.close()
    await platform.close()
    await runner.cleanup()
    assert [each for each in complaints if not PARDONED.search(each)] == []


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A platform with no bot connected yet."""
    async with served() as stage:
        yield stage


@pytest.fixture
async def live(stage: Stage) -> AsyncIterator[Stage]:
    """A platform with the probe bot connected and ready."""
    task = await stage.started()
    assert stage.bot.ready.is_set(), task
    yield stage
    await stage.bot.close()
    # A client that waits to reconnect does not notice that it was closed.
    await asyncio.wait([task], timeout=0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


# -- connecting


async def test_login_to_ready_shows_guild_channel_roles_and_all_members(live: Stage) -> None:
    guild = live.bot.guilds[0]
    assert (guild.name, guild.preferred_locale) == ("Médiathèque", discord.Locale.french)
    assert {member.display_name for member in guild.members} >= {"Léa", "max", "Ensemble"}
    assert live.place.name == "jeux"
    moderator = guild.get_member(live.max)
    assert moderator is not None
    assert moderator.guild_permissions.manage_messages
    assert not guild.me.guild_permissions.administrator
    assert live.place.permissions_for(guild.me).embed_links
    assert live.platform.view(live.channel, live.lea)["connected"]
    assert live.platform.sockets == 1


async def test_a_wrong_token_is_refused_by_rest(stage: Stage) -> None:
    with pytest.raises(discord.LoginFailure):
        await stage.bot.start("wrong")
    await stage.bot.close()


async def test_a_wrong_token_is_refused_by_the_gateway(stage: Stage) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(stage.base / "gateway") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1}})
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert socket.close_code == 4004


async def test_disallowed_intents_end_the_client(stage: Stage) -> None:
    stage.platform.faults.disallow_intents(discord.Intents(message_content=True).value)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await stage.bot.start(stage.platform.bot_token)


async def test_a_401_later_ends_the_call_not_the_client(live: Stage) -> None:
    live.platform.faults.fail(401, path="/messages")
    with pytest.raises(discord.HTTPException) as caught_error:
        await live.place.send("bonjour")
    assert caught_error.value.status == 401
    await live.place.send("rebonjour")
    assert live.contents() == ["rebonjour"]


async def test_an_unknown_address_is_404(stage: Stage) -> None:
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {stage.platform.bot_token}"}
        address = stage.base / "api/v10/channels/123/nowhere"
        async with session.get(address, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (404, 0)


async def test_without_the_content_intent_other_peoples_words_are_hidden(stage: Stage) -> None:
    stage.bot = Probe(stage.guild.id, intents=discord.Intents(guilds=True, messages=True))
    task = await stage.started()
    await stage.platform.say(stage.lea, stage.channel, "caché")
    await stage.platform.say(stage.lea, stage.channel, f"vu <@{stage.platform.bot_user.id}>")
    await until(lambda: len(stage.bot.heard) == 2)
    assert stage.bot.heard[0] == ""
    assert stage.bot.heard[1].startswith("vu ")
    await stage.bot.close()
    await task


# -- commands


async def test_a_slash_command_with_options(live: Stage) -> None:
    interaction = await live.platform.slash(
        live.lea, live.channel, "quiz start", deck="contes", rounds="7", host=live.max
    )
    message = await interaction.answered()
    assert message is not None
    assert message["content"] == "contes 7 max fr"
    assert message["interaction"]["name"] == "quiz start"
    shown = live.platform.view(live.channel, live.max)["messages"][-1]
    assert shown["command"] == {"user": "Léa", "name": "quiz start"}


@pytest.mark.parametrize(
    "options",
    [{}, {"deck": "x", "rounds": 21}, {"deck": "x", "colour": "red"}, {"deck": "x", "rounds": "a"}],
)
async def test_options_that_a_client_would_not_send(live: Stage, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        await live.platform.slash(live.lea, live.channel, "quiz start", **options)


@pytest.mark.parametrize("name", ["nothing", "quiz", "quiz stop"])
async def test_a_command_that_is_not_registered(live: Stage, name: str) -> None:
    with pytest.raises(LookupError):
        await live.platform.slash(live.lea, live.channel, name)


async def test_the_view_lists_commands_in_the_readers_language(live: Stage) -> None:
    seen = {c["name"]: c for c in live.platform.view(live.channel, live.lea)["commands"]}
    start = seen["quiz start"]
    assert (start["local"], start["description"]) == ("quiz lancer", "Lance un quiz")
    deck, rounds, host = start["options"]
    assert (deck["name"], deck["local"], deck["required"]) == ("deck", "paquet", True)
    assert deck["autocomplete"]
    assert (rounds["type"], rounds["min"], rounds["max"]) == (4, 1, 20)
    assert host["type"] == 6
    english = {c["name"]: c for c in live.platform.view(live.channel, live.max)["commands"]}
    assert english["quiz start"]["local"] == "quiz start"


async def test_default_permissions_hide_a_command_and_interactions_carry_them(live: Stage) -> None:
    names = [c["name"] for c in live.platform.view(live.channel, live.lea)["commands"]]
    assert "stop" not in names
    with pytest.raises(PermissionError):
        await live.platform.slash(live.lea, live.channel, "stop")
    interaction = await live.platform.slash(live.max, live.channel, "stop")
    assert (await interaction.settled())["content"] == "True True"


async def test_autocomplete(live: Stage) -> None:
    choices = await live.platform.autocomplete(
        live.lea, live.channel, "quiz start", "deck", "c", rounds=3
    )
    assert [choice["value"] for choice in choices] == ["cinéma", "contes"]


async def test_a_hybrid_command_answers_as_slash_and_as_text(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "hello", name="Léa")
    assert (await interaction.settled())["content"] == "bonjour Léa"
    await live.platform.say(live.lea, live.channel, "!hello tous")
    await until(lambda: len(live.contents()) == 3)
    assert live.contents()[1:] == ["!hello tous", "bonjour tous"]


async def test_a_guilds_own_command_is_synced_and_runs(live: Stage) -> None:
    guild = discord.Object(live.guild.id)

    @live.bot.tree.command(name="ici", description="Only here", guild=guild)
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("ici")

    await live.bot.tree.sync(guild=guild)
    interaction = await live.platform.slash(live.lea, live.channel, "ici")
    assert (await interaction.settled())["content"] == "ici"
    fetched = await live.bot.tree.fetch_commands(guild=guild)
    assert [command.name for command in fetched] == ["ici"]
    assert fetched[0].guild_id == live.guild.id
    again = await live.bot.tree.sync(guild=guild)
    assert again[0].id == fetched[0].id
    await fetched[0].delete()
    with pytest.raises(LookupError):
        await live.platform.slash(live.lea, live.channel, "ici")


async def test_a_bad_command_is_refused_at_registration(live: Stage) -> None:
    application = live.platform.application_id
    body: Any = {"name": "Bad Name", "description": "", "type": 1}
    with pytest.raises(discord.HTTPException) as refusal:
        await live.bot.http.bulk_upsert_global_commands(application, [body])
    assert refusal.value.code == 50035


# -- components and forms


async def test_a_persistent_button_answers_privately(live: Stage) -> None:
    board = await (await live.platform.slash(live.lea, live.channel, "board")).settled()
    interaction = await live.platform.click(live.max, int(board["id"]), "choice:1")
    answer = await interaction.answered()
    assert answer is not None
    assert (answer["content"], answer["flags"]) == ("noté : 1", 64)
    assert interaction.ephemeral
    mine = live.platform.view(live.channel, live.max)["messages"]
    assert [m["content"] for m in mine if m["ephemeral"]] == ["noté : 1"]
    assert mine[-1]["reply_to"] == {"author": "Ensemble", "content": ""}
    theirs = live.platform.view(live.channel, live.lea)["messages"]
    assert not any(m["ephemeral"] for m in theirs)
    assert [m["id"] for m in live.platform.messages(live.channel)] == [board["id"]]
    assert len(live.sent("MESSAGE_CREATE")) == 1


async def test_buttons_that_cannot_be_pressed(live: Stage) -> None:
    board = await (await live.platform.slash(live.lea, live.channel, "board")).settled()
    message = int(board["id"])
    with pytest.raises(ValueError, match="disabled"):
        await live.platform.click(live.lea, message, "closed")
    with pytest.raises(LookupError):
        await live.platform.click(live.lea, message, "choice:2")
    with pytest.raises(LookupError):
        await live.platform.click(live.lea, 1, "choice:1")
    whispered = await (await live.platform.slash(live.lea, live.channel, "whisper")).settled()
    with pytest.raises(LookupError):
        await live.platform.click(live.max, int(whispered["id"]), "choice:1")


async def test_a_select_edits_the_message(live: Stage) -> None:
    board = await (await live.platform.slash(live.lea, live.channel, "board")).settled()
    message = int(board["id"])
    interaction = await live.platform.select(live.max, message, "menu", ["a", "c"])
    assert (await interaction.settled())["content"] == "a+c"
    with pytest.raises(ValueError, match="offer"):
        await live.platform.select(live.max, message, "menu", ["z"])
    with pytest.raises(ValueError, match="takes"):
        await live.platform.select(live.max, message, "menu", ["a", "b", "c"])
    shown = live.platform.view(live.channel, live.lea)["messages"]
    assert [(m["content"], m["edited"]) for m in shown] == [("a+c", True)]


async def test_the_view_shows_embeds_components_and_edits(live: Stage) -> None:
    message = await live.place.send(embed=discord.Embed(title="Avant", colour=0x123456))
    await message.edit(embed=discord.Embed(title="Après").set_footer(text="fin"))
    shown = live.platform.view(live.channel, live.lea)["messages"][0]
    assert shown["embeds"][0]["title"] == "Après"
    assert shown["embeds"][0]["footer"] == {"text": "fin"}
    assert (shown["edited"], shown["author"]["bot"]) == (True, True)


async def test_a_form_is_opened_filled_in_and_submitted(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "suggest")
    modal = await interaction.answered()
    assert modal is not None
    assert modal["title"] == "Proposer un livre"
    opened = live.platform.view(live.channel, live.lea)["modal"]
    assert opened["interaction"] == str(interaction.id)
    assert live.platform.view(live.channel, live.max)["modal"] is None
    with pytest.raises(ValueError, match="takes"):
        await live.platform.submit(interaction, {"book": "x" * 51})
    with pytest.raises(ValueError, match="no field"):
        await live.platform.submit(interaction, {"author": "x"})
    found = live.platform.interaction(interaction.id)
    answer = await live.platform.submit(found, {"book": "Dune", "why": "le sable"})
    assert (await answer.settled())["content"] == "Dune / le sable"
    assert live.platform.view(live.channel, live.lea)["modal"] is None
    with pytest.raises(LookupError):
        await live.platform.submit(interaction, {"book": "Dune"})


async def test_a_form_can_be_dismissed(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "suggest")
    await interaction.answered()
    live.platform.dismiss(interaction)
    assert live.platform.view(live.channel, live.lea)["modal"] is None


# -- answering interactions


async def test_an_ephemeral_answer_is_edited_and_seen_by_one(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "whisper")
    await until(
        lambda: bool(interaction.messages) and "grand" in interaction.messages[0]["content"]
    )
    assert live.platform.messages(live.channel) == []
    assert live.platform.view(live.channel, live.lea)["messages"][0]["ephemeral"]
    assert live.platform.view(live.channel, live.max)["messages"] == []
    assert live.sent("MESSAGE_CREATE") == live.sent("MESSAGE_UPDATE") == []


async def test_the_first_follow_up_replaces_the_thinking(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "think")
    assert await interaction.answered() is None
    assert (await interaction.settled())["content"] == "réfléchi"
    await until(lambda: len(interaction.messages) == 2)
    assert [m["content"] for m in interaction.messages] == ["réfléchi", "et encore"]
    assert live.contents() == ["réfléchi"]
    public = live.platform.messages(live.channel)[0]
    assert (public["flags"], public["edited_timestamp"]) == (0, None)
    assert (interaction.deferred, interaction.ephemeral) == (True, False)


async def test_after_the_deadline_the_interaction_is_unknown(live: Stage) -> None:
    live.platform.interaction_deadline = 0.02
    interaction = await live.platform.slash(live.lea, live.channel, "late")
    with pytest.raises(TimeoutError):
        await interaction.answered(timeout=0.06)
    await until(lambda: bool(live.bot.errors))
    error = live.bot.errors[0]
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062
    assert live.contents() == []


async def test_a_second_acknowledgement_is_refused(live: Stage) -> None:
    interaction = await live.platform.slash(live.lea, live.channel, "twice")
    await until(lambda: bool(live.bot.errors))
    error = live.bot.errors[0]
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (400, 40060)
    assert [m["content"] for m in interaction.messages] == ["une fois"]


async def test_an_old_token_is_refused(live: Stage) -> None:
    live.platform.token_life = 0.02
    failures: list[int] = []

    @live.bot.tree.command(description="Follows up late")
    async def slow(interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        await asyncio.sleep(0.03)
        try:
            await interaction.followup.send("trop tard")
        except discord.HTTPException as error:
            failures.append(error.code)

    await live.bot.tree.sync()
    await live.platform.slash(live.lea, live.channel, "slow")
    await until(lambda: bool(failures))
    assert failures == [50027]


async def test_the_answers_can_be_fetched_edited_and_deleted(live: Stage) -> None:
    done = asyncio.Event()

    @live.bot.tree.command(description="Everything with the token")
    async def all_of_it(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("premier")
        original = await interaction.original_response()
        second = await interaction.followup.send("second", wait=True)
        await second.edit(content="second bis")
        assert (await interaction.followup.fetch_message(second.id)).content == "second bis"
        await second.delete()
        await original.edit(
            content="premier bis", attachments=[discord.File(io.BytesIO(b"x"), "x.txt")]
        )
        done.set()

    await live.bot.tree.sync()
    interaction = await live.platform.slash(live.lea, live.channel, "all_of_it")
    await asyncio.wait_for(done.wait(), 2)
    assert [m["content"] for m in interaction.messages] == ["premier bis"]
    [shown] = live.platform.view(live.channel, live.lea)["messages"][0]["files"]
    assert (shown["name"], shown["description"]) == ("x.txt", None)


async def test_an_interaction_in_private(live: Stage) -> None:
    private = live.platform.private_channel(live.lea).id
    interaction = await live.platform.slash(live.lea, private, "hello", name="toi")
    assert (await interaction.settled())["content"] == "bonjour toi"
    payload = live.sent("INTERACTION_CREATE")[0]
    assert (payload["context"], "member" in payload) == (1, False)


# -- messages


async def test_the_client_hears_people_write_edit_and_delete(live: Stage) -> None:
    deleted = asyncio.create_task(live.bot.wait_for("message_delete", timeout=LIMIT))
    await asyncio.sleep(0)
    message = await live.platform.say(live.lea, live.channel, "l’été")
    await until(lambda: bool(live.bot.heard))
    await live.platform.edit(live.lea, message, "l’hiver")
    with pytest.raises(PermissionError):
        await live.platform.edit(live.max, message, "non")
    await live.platform.delete(message)
    assert (await deleted).id == message
    assert (live.bot.heard, live.bot.edits) == (["l’été"], ["l’hiver"])
    assert live.contents() == []


async def test_a_reply_shows_what_it_answers(live: Stage) -> None:
    first = await live.platform.say(live.lea, live.channel, "question")
    await until(lambda: bool(live.bot.heard))
    await live.place.get_partial_message(first).reply("réponse")
    shown = live.platform.view(live.channel, live.max)["messages"][-1]
    assert shown["reply_to"] == {"author": "Léa", "content": "question"}
    with pytest.raises(discord.HTTPException) as refusal:
        await live.place.get_partial_message(1).reply("à rien")
    assert refusal.value.code == 50035
    fetched = await live.place.fetch_message(int(shown["id"]))
    assert fetched.reference is not None
    assert isinstance(fetched.reference.resolved, discord.Message)


async def test_allowed_mentions_decide_who_is_pinged(live: Stage) -> None:
    text = f"<@{live.lea}> <@&{live.moderation}> @everyone"
    await live.place.send(text)
    await live.place.send(text, allowed_mentions=discord.AllowedMentions(users=True))
    live.platform.set_permissions(
        live.guild.id, live.guild.bot_role_id, int(Permission.MENTION_EVERYONE) | 0xC00
    )
    await live.place.send(text, allowed_mentions=discord.AllowedMentions.all())
    silent, one, all_of_them = live.platform.messages(live.channel)
    assert (silent["mentions"], silent["mention_roles"], silent["mention_everyone"]) == (
        [],
        [],
        False,
    )
    assert [user["id"] for user in one["mentions"]] == [str(live.lea)]
    assert one["mention_roles"] == []
    assert all_of_them["mention_roles"] == [str(live.moderation)]
    assert all_of_them["mention_everyone"]


def too_long() -> dict[str, Any]:
    return {"content": "x" * 2001}


def too_many_rows() -> dict[str, Any]:
    button = {"type": 2, "style": 1, "label": "x"}
    return {
        "content": "x",
        "components": [
            {"type": 1, "components": [button | {"custom_id": str(n)}]} for n in range(6)
        ],
    }


def buttons(*changes: dict[str, Any]) -> dict[str, Any]:
    row = [
        {"type": 2, "style": 1, "label": "x", "custom_id": str(n)} | change
        for n, change in enumerate(changes)
    ]
    return {"content": "x", "components": [{"type": 1, "components": row}]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (too_long(), 50035),
        ({"content": ""}, 50006),
        ({"content": " \n"}, 50006),
        ({"embeds": [{"title": "x" * 257}]}, 50035),
        ({"embeds": [{"description": "x" * 4097}]}, 50035),
        ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, 50035),
        ({"embeds": [{"fields": [{"name": "x", "value": "x" * 1025}]}]}, 50035),
        ({"embeds": [{"fields": [{"name": "x", "value": ""}]}]}, 50035),
        ({"embeds": [{"fields": [{"name": "x", "value": "x"}] * 26}]}, 50035),
        ({"embeds": [{}]}, 50035),
        ({"embeds": [{"title": "x"}] * 11}, 50035),
        (too_many_rows(), 50035),
        (buttons(*[{}] * 6), 50035),
        (buttons({"label": "x" * 81}), 50035),
        (buttons({"label": None}), 50035),
        (buttons({"custom_id": "x" * 101}), 50035),
        (buttons({"custom_id": ""}), 50035),
        (buttons({"custom_id": None}), 50035),
        (buttons({"custom_id": "same"}, {"custom_id": "same"}), 50035),
        (buttons({"style": 5}), 50035),
        (buttons({"style": 9}), 50035),
    ],
)
async def test_what_discord_refuses_is_refused(
    stage: Stage, body: dict[str, Any], code: int
) -> None:
    headers = {"Authorization": f"Bot {stage.platform.bot_token}"}
    address = stage.base / f"api/v10/channels/{stage.channel}/messages"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(address, json=body) as answer,
    ):
        assert (answer.status, (await answer.json())["code"]) == (400, code)
        assert answer.headers["Content-Type"] == "application/json"
        assert "X-RateLimit-Remaining" in answer.headers
    assert stage.platform.messages(stage.channel) == []


async def test_people_cannot_write_too_much_either(stage: Stage) -> None:
    with pytest.raises(Refused):
        await stage.platform.say(stage.lea, stage.channel, "x" * 2001)
    stranger = stage.platform.add_user("passant").id
    with pytest.raises(Refused):
        await stage.platform.say(stranger, stage.channel, "bonjour")


async def test_a_slow_channel_makes_people_wait_but_not_those_above_it(live: Stage) -> None:
    await live.place.edit(slowmode_delay=30)
    await until(lambda: live.place.slowmode_delay == 30)
    assert live.platform.view(live.channel, live.lea)["mode"] == {"slow": 30, "emotes": False}
    await live.platform.say(live.lea, live.channel, "un")
    with pytest.raises(Refused) as held:
        await live.platform.say(live.lea, live.channel, "deux")
    assert (held.value.status, held.value.code) == (429, 20016)
    await live.place.send("le bot")
    await live.place.send("encore le bot")
    live.platform.world.channel(live.channel).wrote_at[live.lea] -= 30
    await live.platform.say(live.lea, live.channel, "trois")
    await live.platform.say(live.max, live.channel, "quatre")
    may = int(Permission.BYPASS_SLOWMODE)
    live.platform.set_permissions(live.guild.id, live.moderation, may)
    await live.platform.say(live.max, live.channel, "cinq")
    live.platform.set_slowmode(live.channel, 0)
    await live.platform.say(live.lea, live.channel, "six")
    await until(lambda: live.place.slowmode_delay == 0)


async def test_slowness_has_bounds_and_needs_the_permission(live: Stage) -> None:
    for seconds in (-1, 21_601):
        with pytest.raises(discord.HTTPException) as refused:
            await live.place.edit(slowmode_delay=seconds)
        assert (refused.value.status, refused.value.code) == (400, 50035)
    bot_role = live.guild.bot_role_id
    live.platform.set_overwrite(live.channel, bot_role, 0, deny=int(Permission.MANAGE_CHANNELS))
    with pytest.raises(discord.Forbidden) as forbidden:
        await live.place.edit(slowmode_delay=30)
    assert forbidden.value.code == 50013
    assert live.place.slowmode_delay == 0


async def test_unknown_messages_and_other_peoples(live: Stage) -> None:
    with pytest.raises(discord.NotFound) as missing:
        await live.place.get_partial_message(12345).edit(content="x")
    assert missing.value.code == 10008
    theirs = await live.platform.say(live.lea, live.channel, "à moi")
    with pytest.raises(discord.Forbidden) as refused:
        await live.place.get_partial_message(theirs).edit(content="x")
    assert refused.value.code == 50005
    await live.place.get_partial_message(theirs).delete()
    assert live.contents() == []


async def test_missing_permissions(live: Stage) -> None:
    bot_role = live.guild.bot_role_id
    live.platform.set_overwrite(live.channel, bot_role, 0, deny=int(Permission.SEND_MESSAGES))
    with pytest.raises(discord.Forbidden) as refused:
        await live.place.send("x")
    assert refused.value.code == 50013
    live.platform.set_overwrite(live.channel, bot_role, 0, deny=int(Permission.VIEW_CHANNEL))
    with pytest.raises(discord.Forbidden) as unseen:
        await live.place.send("x")
    assert unseen.value.code == 50001
    await until(lambda: not live.place.permissions_for(live.place.guild.me).view_channel)


async def test_files_are_stored_and_served(live: Stage) -> None:
    chart = discord.File(io.BytesIO(PNG), "tableau.png", description="Un tableau")
    embed = discord.Embed(title="x").set_image(url="attachment://tableau.png")
    message = await live.place.send(file=chart, embed=embed)
    assert (message.attachments[0].width, message.attachments[0].height) == (4, 3)
    assert await message.attachments[0].read() == PNG
    assert message.embeds[0].image.url == message.attachments[0].url
    shown = live.platform.view(live.channel, live.lea)["messages"][0]
    url = message.attachments[0].url
    assert shown["files"] == [{"name": "tableau.png", "description": "Un tableau", "url": url}]
    await message.edit(attachments=[], embed=None, content="rien")
    assert live.platform.messages(live.channel)[0]["attachments"] == []


async def test_a_file_is_handed_over_with_a_command_and_comes_back(live: Stage) -> None:
    file = picked("conte.txt", "il était une fois".encode())
    interaction = await live.platform.slash(live.lea, live.channel, "lend", book=file)
    answer = await interaction.settled()
    assert answer["content"] == "conte.txt 18 True il était une fois"
    [back] = answer["attachments"]
    stored = live.platform.world.files[int(back["id"])]
    assert (stored[0], stored[2].decode()) == ("rendu.txt", "IL ÉTAIT UNE FOIS")
    shown = live.platform.view(live.channel, live.lea)["messages"][-1]["files"]
    assert shown == [{"name": "rendu.txt", "description": None, "url": back["url"]}]
    for wrong in ("12", "conte"):
        with pytest.raises((LookupError, ValueError)):
            await live.platform.slash(live.lea, live.channel, "lend", book=wrong)


async def test_a_file_is_attached_to_a_message(live: Stage) -> None:
    heard = asyncio.create_task(live.bot.wait_for("message", timeout=LIMIT))
    await asyncio.sleep(0)
    file = picked("conte.txt", b"il y a")
    await live.platform.say(live.lea, live.channel, "", file=file)
    message = await heard
    [attachment] = message.attachments
    assert (attachment.filename, await attachment.read()) == ("conte.txt", b"il y a")


async def test_a_file_may_be_too_large_to_send() -> None:
    assert picked("x", b"0" * ATTACHMENT_LIMIT).filename == "x"
    with pytest.raises(Refused, match="too large"):
        picked("x", b"0" * (ATTACHMENT_LIMIT + 1))


async def test_reactions_pins_typing_and_history(live: Stage) -> None:
    message = await live.place.send("à garder")
    await message.add_reaction("📚")
    hers = lambda _reaction, user: user.id == live.lea  # noqa: E731
    seen = asyncio.create_task(live.bot.wait_for("reaction_add", check=hers, timeout=LIMIT))
    await asyncio.sleep(0)
    await live.platform.react(live.lea, message.id, "📚")
    assert (await seen)[0].count == 2
    await message.remove_reaction("📚", live.bot.user)  # type: ignore[arg-type]
    assert (await live.place.fetch_message(message.id)).reactions[0].count == 1
    await message.pin()
    assert [pinned.id async for pinned in live.place.pins()] == [message.id]
    await message.unpin()
    async with live.place.typing():
        await until(lambda: bool(live.platform.view(live.channel, live.lea)["typing"]))
    history = [m.content async for m in live.place.history(limit=10, oldest_first=True)]
    assert history[0] == "à garder"
    await message.clear_reactions()
    assert live.platform.messages(live.channel)[0].get("reactions") is None


async def test_a_layout_of_components(live: Stage) -> None:
    layout = discord.ui.LayoutView(timeout=None)
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow()
    row.add_item(discord.ui.Button(label="Encore", custom_id="again"))
    box: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay("# Titre"),
        discord.ui.Separator(),
        discord.ui.Section("texte", accessory=discord.ui.Button(label="Ici", custom_id="here")),
        row,
    )
    layout.add_item(box)
    message = await live.place.send(view=layout)
    assert message.flags.components_v2
    interaction = await live.platform.click(live.lea, message.id, "here")
    assert interaction.source is not None


async def test_a_private_message(live: Stage) -> None:
    user = live.bot.get_user(live.lea)
    assert user is not None
    await user.send("code : 123456")
    private = live.platform.private_channel(live.lea).id
    assert [m["content"] for m in live.platform.messages(private)] == ["code : 123456"]
    await live.platform.say(live.lea, private, "merci")
    await until(lambda: live.bot.heard == ["merci"])
    live.platform.close_to_dms(live.lea)
    with pytest.raises(discord.Forbidden) as refused:
        await user.send("encore")
    assert refused.value.code == 50007


async def test_threads_roles_channels_and_members(live: Stage) -> None:
    guild = live.bot.guilds[0]
    thread = await live.place.create_thread(name="Club", type=discord.ChannelType.public_thread)
    await thread.send("dans le fil")
    assert live.platform.view(thread.id, live.lea)["messages"][0]["content"] == "dans le fil"
    await thread.edit(archived=True)
    message = await live.place.send("début")
    assert (await message.create_thread(name="Suite")).id == message.id
    role = await guild.create_role(name="Club", mentionable=True)
    member = guild.get_member(live.lea)
    assert member is not None
    await member.add_roles(role)
    await until(lambda: role in member.roles)
    await member.remove_roles(role)
    await role.edit(name="Club du mardi")
    await role.delete()
    may = BOT_ROLE | Permission.MANAGE_NICKNAMES
    live.platform.set_permissions(guild.id, live.guild.bot_role_id, int(may))
    await member.edit(nick="Léa B.")
    await until(lambda: member.display_name == "Léa B.")
    assert (await guild.fetch_member(live.lea)).nick == "Léa B."
    created = await guild.create_text_channel("pause", topic="Lecture")
    await created.edit(topic="Pause")
    await created.set_permissions(guild.default_role, send_messages=False)
    await until(lambda: bool(guild.get_channel(created.id).overwrites))  # type: ignore[union-attr]
    assert (await live.bot.fetch_channel(created.id)).id == created.id
    await created.delete()
    await until(lambda: guild.get_channel(created.id) is None)
    assert (await live.bot.fetch_guild(guild.id)).name == "Médiathèque"
    assert {each.name for each in await guild.fetch_roles()} >= {"@everyone", "Modération"}
    assert len([each async for each in guild.fetch_members()]) == 4
    assert (await live.bot.fetch_user(live.lea)).name == "lea"
    assert [each.id for each in await guild.active_threads()] == [message.id]


async def test_a_private_thread_is_seen_by_those_who_are_let_in(live: Stage) -> None:
    thread = await live.place.create_thread(
        name="Section 1", type=discord.ChannelType.private_thread, invitable=False
    )
    await thread.send("secret")
    seen = lambda who: live.platform.view(thread.id, who)["messages"]  # noqa: E731
    assert seen(live.lea) == []
    assert not live.platform.sees(thread.id, live.lea)
    await thread.add_user(discord.Object(live.lea))
    await thread.add_user(discord.Object(live.lea))
    assert [each["content"] for each in seen(live.lea)] == ["secret"]
    assert {member.id for member in await thread.fetch_members()} >= {live.lea}
    await thread.remove_user(discord.Object(live.lea))
    assert seen(live.lea) == []
    with pytest.raises(discord.NotFound):
        await thread.add_user(discord.Object(1))
    live.platform.edit_thread(thread.id, archived=True)
    with pytest.raises(discord.HTTPException) as refused:
        await thread.add_user(discord.Object(live.lea))
    assert refused.value.code == 50083
    await thread.edit(archived=False)
    await thread.add_user(discord.Object(live.lea))
    names = [place["name"] for place in live.platform.places(live.place.id, live.lea)]
    assert "Section 1" in names


async def test_private_threads_take_a_permission_of_their_own(live: Stage) -> None:
    guild = live.bot.guilds[0]
    may = BOT_ROLE & ~Permission.CREATE_PRIVATE_THREADS
    live.platform.set_permissions(guild.id, live.guild.bot_role_id, int(may))
    with pytest.raises(discord.Forbidden) as refused:
        await live.place.create_thread(name="x", type=discord.ChannelType.private_thread)
    assert refused.value.code == 50013
    await live.place.create_thread(name="x", type=discord.ChannelType.public_thread)


async def test_a_forum_takes_posts_with_tags(live: Stage) -> None:
    forum = live.platform.add_forum(live.guild.id, "lectures", "Spoiler")
    guild = live.bot.guilds[0]
    await until(lambda: isinstance(guild.get_channel(forum.id), discord.ForumChannel))
    home = guild.get_channel(forum.id)
    assert isinstance(home, discord.ForumChannel)
    await until(lambda: [tag.name for tag in home.available_tags] == ["Spoiler"])
    made = await home.create_thread(
        name="Section 1", content="Attention", applied_tags=home.available_tags[:1]
    )
    assert made.message.id == made.thread.id
    shown = live.platform.view(made.thread.id, live.lea)["messages"]
    assert [each["content"] for each in shown] == ["Attention"]
    assert live.platform.threads(forum.id)[0].applied_tags == [str(home.available_tags[0].id)]


async def test_a_select_of_people_carries_them(live: Stage) -> None:
    chosen: list[str] = []

    class Invite(discord.ui.View):
        @discord.ui.select(cls=discord.ui.MentionableSelect, custom_id="who", max_values=2)
        async def who(self, interaction: discord.Interaction, menu: Any) -> None:
            chosen.extend(type(each).__name__ for each in menu.values)
            await interaction.response.defer()

    message = await live.place.send("Qui ?", view=Invite())
    people = [str(live.lea), str(live.moderation)]
    interaction = await live.platform.select(live.max, message.id, "who", people)
    await interaction.answered()
    assert sorted(chosen) == ["Member", "Role"]


async def test_a_role_above_the_bots_is_out_of_its_reach(live: Stage) -> None:
    guild = live.bot.guilds[0]
    member = guild.get_member(live.lea)
    assert member is not None
    assert guild.me.top_role.position == 2
    with pytest.raises(discord.Forbidden) as refused:
        await member.add_roles(guild.me.top_role)
    assert refused.value.code == 50013


async def test_what_changes_while_connected_reaches_the_client(live: Stage) -> None:
    newcomer = live.platform.add_user("nour")
    live.platform.join(live.guild.id, newcomer.id)
    guild = live.bot.guilds[0]
    await until(lambda: guild.get_member(newcomer.id) is not None)
    live.platform.set_nick(live.guild.id, newcomer.id, "Nour")
    await until(lambda: guild.get_member(newcomer.id).display_name == "Nour")  # type: ignore[union-attr]
    live.platform.leave(live.guild.id, newcomer.id)
    await until(lambda: guild.get_member(newcomer.id) is None)
    second = live.platform.add_guild("Annexe", preferred_locale="en-GB")
    await until(lambda: live.bot.get_guild(second.id) is not None)
    other = live.platform.add_channel(second.id, "salon")
    await until(lambda: live.bot.get_channel(other.id) is not None)
    live.platform.delete_channel(live.channel)
    await until(lambda: live.bot.get_channel(live.channel) is None)


async def test_listeners_hear_of_visible_changes(stage: Stage) -> None:
    changes: list[int] = []
    stage.platform.on_change(lambda: changes.append(1))
    await stage.platform.say(stage.lea, stage.channel, "bonjour")
    assert changes


async def test_the_same_nonce_is_one_message(live: Stage) -> None:
    first = await live.place.send("une fois", nonce="annonce-7")
    again = await live.place.send("une fois", nonce="annonce-7")
    assert first.id == again.id
    assert live.contents() == ["une fois"]
    assert len(live.sent("MESSAGE_CREATE")) == 1


async def test_what_the_bot_cannot_see_it_is_not_told(live: Stage) -> None:
    hidden = live.platform.add_channel(live.guild.id, "bureau").id
    role = live.guild.bot_role_id
    live.platform.set_overwrite(hidden, role, 0, deny=int(Permission.VIEW_CHANNEL))
    await live.platform.say(live.lea, hidden, "entre nous")
    await live.platform.say(live.lea, live.channel, "pour tous")
    await until(lambda: bool(live.bot.heard))
    assert live.bot.heard == ["pour tous"]


async def test_a_person_sees_only_the_channels_open_to_them(live: Stage) -> None:
    everyone = live.guild.id
    live.platform.set_overwrite(live.channel, everyone, 0, deny=int(Permission.VIEW_CHANNEL))
    live.platform.set_overwrite(
        live.channel, live.moderation, 0, allow=int(Permission.VIEW_CHANNEL)
    )
    await live.platform.say(live.max, live.channel, "réunion")
    assert live.platform.view(live.channel, live.lea)["messages"] == []
    assert len(live.platform.view(live.channel, live.max)["messages"]) == 1
    with pytest.raises(PermissionError):
        await live.platform.slash(live.lea, live.channel, "board")


async def test_a_scheduled_event(live: Stage) -> None:
    guild = live.bot.guilds[0]
    begin = discord.utils.utcnow() + timedelta(days=2)
    event = await guild.create_scheduled_event(
        name="Pause lecture",
        start_time=begin,
        end_time=begin + timedelta(hours=1),
        entity_type=discord.EntityType.external,
        privacy_level=discord.PrivacyLevel.guild_only,
        location="Médiathèque de Pau",
    )
    await until(lambda: guild.get_scheduled_event(event.id) is not None)
    await event.edit(name="Grande pause lecture")
    assert (await guild.fetch_scheduled_event(event.id)).name == "Grande pause lecture"
    assert [each.id for each in await guild.fetch_scheduled_events()] == [event.id]
    assert [user async for user in event.users()] == []
    await event.delete()
    await until(lambda: guild.get_scheduled_event(event.id) is None)


async def test_a_deferred_update_then_an_edit_of_the_board(live: Stage) -> None:
    class Slow(discord.ui.View):
        @discord.ui.button(label="Calculer", custom_id="slow")
        async def slow(self, interaction: discord.Interaction, _button: Any) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(content="calculé", view=None)
            await interaction.followup.send("et voilà", ephemeral=True)

    board = await live.place.send("calcul", view=Slow())
    interaction = await live.platform.click(live.lea, board.id, "slow")
    assert await interaction.answered() is None
    assert (await interaction.settled())["content"] == "calculé"
    await until(lambda: len(interaction.messages) == 2)
    assert live.contents() == ["calculé"]
    assert live.platform.messages(live.channel)[0]["components"] == []


async def test_interactions_say_where_and_who(live: Stage) -> None:
    await live.platform.slash(live.max, live.channel, "board")
    payload = live.sent("INTERACTION_CREATE")[0]
    assert (payload["locale"], payload["guild_locale"]) == ("en-US", "fr")
    assert payload["authorizing_integration_owners"] == {"0": str(live.guild.id)}
    assert int(payload["member"]["permissions"]) & Permission.MANAGE_MESSAGES
    assert not int(payload["app_permissions"]) & Permission.ADMINISTRATOR
    assert payload["channel"]["id"] == payload["channel_id"] == str(live.channel)
    assert payload["attachment_size_limit"] == 10 * 1024 * 1024


# -- misbehaviour


@pytest.mark.parametrize(
    ("frame", "code"),
    [("not json", 4002), ("[]", 4002), ('{"op": 8, "d": {"guild_id": 1}}', 4003)],
)
async def test_a_bad_frame_closes_the_connection(stage: Stage, frame: str, code: int) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(stage.base / "gateway") as socket,
    ):
        await socket.receive()
        await socket.send_str(frame)
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
    assert socket.close_code == code


async def test_identifying_twice_and_resuming_nothing(stage: Stage) -> None:
    token = stage.platform.bot_token
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(stage.base / "gateway") as socket,
    ):
        await socket.receive()
        await socket.send_json({"op": 6, "d": {"token": token, "session_id": "x", "seq": 3}})
        assert await socket.receive_json() == {"t": None, "s": None, "op": 9, "d": False}
        await socket.send_json({"op": 2, "d": {"token": token, "intents": 0}})
        assert (await socket.receive_json())["t"] == "READY"
        await socket.send_json({"op": 2, "d": {"token": token, "intents": 0}})
        while (await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
            pass
    assert socket.close_code == 4005


async def test_a_malformed_body_is_answered_at_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Authorization": f"Bot {stage.platform.bot_token}"}
    address = stage.base / "api/v10/users/@me/channels"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(address, json={}) as answer,
    ):
        assert answer.status == 400
    assert "could not be served" in caplog.text


async def test_a_dropped_connection_is_resumed_without_losing_events(live: Stage) -> None:
    faults = live.platform.faults
    await live.platform.say(live.lea, live.channel, "avant")
    await until(lambda: live.bot.heard == ["avant"])
    await faults.drop()
    for word in ("un", "deux", "trois"):
        await live.platform.say(live.lea, live.channel, word)
    await until(lambda: live.bot.heard == ["avant", "un", "deux", "trois"])
    await until(live.bot.resumed.is_set)
    assert len(live.sent("READY")) == 1


async def test_opcode_7_makes_the_client_resume(live: Stage) -> None:
    await live.platform.faults.reconnect()
    await until(live.bot.resumed.is_set)
    await live.platform.say(live.lea, live.channel, "après")
    await until(lambda: live.bot.heard == ["après"])
    assert live.platform.sockets == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session(live: Stage, resumable: bool) -> None:
    live.bot.ready.clear()
    await live.platform.faults.invalid_session(resumable=resumable)
    await until((live.bot.resumed if resumable else live.bot.ready).is_set)
    assert len(live.sent("READY")) == (1 if resumable else 2)


async def test_a_duplicate_frame_arrives_twice(live: Stage) -> None:
    live.platform.faults.duplicate_next()
    await live.platform.say(live.lea, live.channel, "écho")
    await live.platform.say(live.lea, live.channel, "fin")
    await until(lambda: len(live.bot.heard) == 3)
    assert live.bot.heard == ["écho", "écho", "fin"]


async def test_a_429_is_waited_out_by_the_library(live: Stage) -> None:
    live.platform.faults.fail(429, times=2, method="POST", path="/messages")
    await live.place.send("patience")
    statuses = [row.status for row in live.requests("POST", "/messages")]
    assert statuses == [429, 429, 200]
    assert live.contents() == ["patience"]


async def test_a_limited_bucket_is_respected_by_the_library(live: Stage) -> None:
    live.platform.faults.limit(3, 0.1, method="POST", path="/messages")
    await live.place.send("0")
    await asyncio.gather(*(live.place.send(str(n)) for n in range(1, 6)))
    assert len(live.contents()) == 6
    assert live.platform.faults.rate_violations == 0


async def test_a_500_is_retried_by_the_library(live: Stage) -> None:
    live.platform.faults.fail(500, method="POST", path="/messages")
    await live.place.send("enfin")
    assert [row.status for row in live.requests("POST", "/messages")] == [500, 200]


async def test_an_event_that_cannot_be_parsed_ends_the_client(stage: Stage) -> None:
    task = await stage.started()
    stage.platform.faults.send_raw("MESSAGE_CREATE", {"channel_id": str(stage.channel)})
    with pytest.raises(KeyError):
        await asyncio.wait_for(task, 2)


async def test_up_but_deaf(live: Stage) -> None:
    live.platform.faults.silence()
    await live.platform.say(live.lea, live.channel, "allô ?")
    await live.place.send("le reste marche")
    await asyncio.sleep(0.02)
    assert live.bot.heard == []
    live.platform.faults.speak()
    await until(lambda: live.bot.heard == ["allô ?"])


async def test_unacknowledged_heartbeats_make_the_client_reconnect(stage: Stage) -> None:
    stage.platform.heartbeat_seconds = 0.03
    stage.bot = Probe(stage.guild.id, heartbeat_timeout=0.08)
    task = await stage.started()
    stage.platform.faults.silence()
    await until(lambda: len(stage.sent_ops(10)) >= 2)
    stage.platform.faults.speak()
    await until(stage.bot.resumed.is_set)
    await stage.bot.close()
    await task


async def test_refused_connections(live: Stage) -> None:
    live.platform.faults.refuse_connections()
    await live.platform.faults.drop()
    await until(lambda: live.platform.sockets == 0)
    assert not live.platform.view(live.channel, live.lea)["connected"]
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(live.base / "gateway"),
        ):
            pytest.fail("accepted")
    live.platform.faults.clear()


async def test_rest_can_be_refused_and_slow(live: Stage) -> None:
    live.platform.faults.refuse_connections(rest=True)
    with pytest.raises(discord.DiscordServerError):
        await live.place.send("x")
    live.platform.faults.accept_connections()
    live.platform.faults.slow(0.03)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await live.place.send("x")
    assert loop.time() - begun >= 0.03


async def test_a_flood_arrives_whole_and_in_order(live: Stage) -> None:
    await live.platform.flood(live.channel, [live.lea, live.max], ["a", "b", "c"], 600)
    await until(lambda: len(live.bot.heard) == 600)
    assert set(live.bot.heard) == {"a", "b", "c"}
    assert live.platform.messages(live.channel) == []
    await live.platform.say(live.lea, live.channel, "après")
    await until(lambda: live.bot.heard[-1] == "après")


async def test_ids_grow_and_carry_the_time(stage: Stage) -> None:
    ids = [stage.platform.world.new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    age = discord.utils.utcnow() - discord.utils.snowflake_time(ids[-1])
    assert abs(age.total_seconds()) < 5


async def test_the_recorder_keeps_paths_without_the_prefix(live: Stage) -> None:
    await live.place.send("bonjour")
    exchange = live.requests("POST", "/messages")[0]
    assert exchange.path == f"/channels/{live.channel}/messages"
    assert exchange.request["content"] == exchange.response["content"] == "bonjour"
    assert any(isinstance(row, Frame) and row.direction == "received" for row in live.rows)


# -- voice


async def hearing_voice(stage: Stage) -> "asyncio.Task[None]":
    """Connect a bot that hears of voice, and knows of members those who are in it."""
    flags = discord.MemberCacheFlags.none()
    flags.voice = True
    intents = discord.Intents(guilds=True, voice_states=True)
    stage.bot = Probe(
        stage.guild.id, intents=intents, member_cache_flags=flags, chunk_guilds_at_startup=False
    )
    return await stage.started()


async def test_whoever_moves_in_voice_is_seen_with_their_channel(stage: Stage) -> None:
    spoken = stage.platform.add_voice_channel(stage.guild.id, "Petit salon").id
    raised = stage.platform.add_stage_channel(stage.guild.id, "Estrade").id
    await hearing_voice(stage)
    moves: list[tuple[int, int | None, int | None]] = []

    @stage.bot.event
    async def on_voice_state_update(
        member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        left = before.channel.id if before.channel else None
        moves.append((member.id, left, after.channel.id if after.channel else None))

    await stage.platform.speak_in(stage.lea, spoken)
    await until(lambda: len(moves) == 1)
    await stage.platform.speak_in(stage.lea, raised)
    await until(lambda: len(moves) == 2)
    [on_stage] = stage.bot.guilds[0].stage_channels
    assert list(on_stage.voice_states) == [stage.lea]
    assert on_stage.voice_states[stage.lea].suppress, "whoever comes in is in the audience"
    await stage.platform.hang_up(stage.lea)
    await stage.platform.hang_up(stage.lea)
    await until(lambda: len(moves) == 3)
    assert moves == [
        (stage.lea, None, spoken),
        (stage.lea, spoken, raised),
        (stage.lea, raised, None),
    ]


async def test_who_is_in_voice_already_is_seen_on_connecting(stage: Stage) -> None:
    spoken = stage.platform.add_voice_channel(stage.guild.id, "Petit salon").id
    await stage.platform.speak_in(stage.lea, spoken)
    await hearing_voice(stage)
    [guild] = stage.bot.guilds
    [channel] = guild.voice_channels
    assert list(channel.voice_states) == [stage.lea]
    member = guild.get_member(stage.lea)
    assert member is not None
    assert (await member.fetch_voice()).channel == channel
    with pytest.raises(discord.NotFound):
        await guild.me.fetch_voice()
    stage.platform.leave(stage.guild.id, stage.lea)
    await until(lambda: not channel.voice_states)


async def test_without_the_intent_nothing_of_voice_is_sent(live: Stage) -> None:
    spoken = live.platform.add_voice_channel(live.guild.id, "Petit salon").id
    await live.platform.speak_in(live.lea, spoken)
    await asyncio.sleep(0.05)
    assert not live.bot.guilds[0].voice_channels[0].voice_states


async def test_nobody_speaks_in_a_text_channel_or_where_they_see_nothing(stage: Stage) -> None:
    with pytest.raises(ValueError, match="speaks"):
        await stage.platform.speak_in(stage.lea, stage.channel)
    spoken = stage.platform.add_voice_channel(stage.guild.id, "Petit salon").id
    hidden = int(Permission.VIEW_CHANNEL)
    stage.platform.set_overwrite(spoken, stage.guild.id, 0, deny=hidden)
    with pytest.raises(Refused, match="Missing Access"):
        await stage.platform.speak_in(stage.lea, spoken)
