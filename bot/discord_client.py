"""The Discord client: intents, chat as facts in order of receipt, errors turned into private replies, command sync.

Ordinary lines of chat take a short cut: they are read from the gateway's payload, synchronously, without building the
library's `Message` and without a task each. Lines that begin with the prefix go the library's own way.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord import app_commands
from discord.ext import commands

from bot.batch import NotKeptError, Receipt
from bot.people import Visitor
from bot.wording.refusals import refusal
from bot.wording.speech import LOCALES, Speech
from games.core import Refusal, Role

log = logging.getLogger(__name__)

PREFIX = "!"
PATIENCE = 2.0
"""Seconds of the three that Discord gives for a first answer to an interaction."""

REMEMBERED = 5000
"""Ids of messages and interactions that are kept to recognise one that comes again."""

_ORDINARY = frozenset({0, 19})  # message types: default, reply
_HOSTING = discord.Permissions(
    administrator=True,
    manage_guild=True,
    manage_messages=True,
    moderate_members=True,
    manage_events=True,
)
_LIVELY = re.compile(r"[\\*_~|`<\[\]]|:(?=//|\w+:)|^[>#+-]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of chat as received."""

    channel_id: str
    visitor: Visitor
    text: str
    message_id: str


class Listener(Protocol):
    """The application's ear; called on the loop, in order of receipt."""

    def line(self, line: Line) -> None:
        """Take a line that is no command."""

    def hosted(self, channel_id: str, visitor: Visitor) -> None:
        """Somebody who may host here wrote or pressed something."""

    def removed(self, channel_id: str, message_id: str) -> None:
        """A message was deleted."""

    def hears(self) -> None:
        """The client is connected and ready (again)."""

    def sees(self) -> None:
        """The channels of the servers are known (again)."""

    def deaf(self) -> None:
        """The connection was lost; the library tries again by itself."""

    def voice(self, user_id: str, channel_id: str | None) -> None:
        """Somebody is in that voice channel from now on, or in none."""

    def voices(self, states: Mapping[str, str]) -> None:
        """These are in voice channels now, by user id, and nobody else is: told whenever the client hears again."""

    def locale_of(self, channel_id: str) -> str | None:
        """Return the language of the room of a channel, if it is one."""

    def nearest(self, word: str) -> str | None:
        """Return the command that a mistyped word may have meant."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that still works after a restart: all it needs is in its custom_id, which `pattern` matches whole.

    `handle` gets the interaction, the match and what was entered, by the custom_id of each field.
    """

    pattern: re.Pattern[str]
    handle: Callable[[discord.Interaction[Any], re.Match[str], Mapping[str, str]], Awaitable[None]]


class FrenchNames(app_commands.Translator):
    """Localises descriptions from the catalogues, names from where the commands are declared."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 (the library's signature)
    ) -> str | None:
        """Return the text in a language we speak, or None for Discord's default."""
        language = locale.value.split("-")[0]
        if language not in LOCALES:
            return None
        return string.extras.get(language) or Speech(language).gettext(string.message)


class DiscordClient(commands.Bot):
    """A `commands.Bot` that keeps no caches it does not need and never stops for one bad event."""

    def __init__(
        self,
        *,
        listener: Listener,
        locale: str,
        guild_id: int | None = None,
        host_roles: frozenset[str] = frozenset(),
        cogs: Callable[["DiscordClient"], Sequence[commands.Cog]],
        buttons: Sequence[type[discord.ui.DynamicItem[Any]]] = (),
        ready_timeout: float = 2.0,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.message_content = True
        intents.voice_states = True
        in_voice = discord.MemberCacheFlags.none()
        in_voice.voice = True  # so that bots in a voice channel are known for what they are
        super().__init__(
            PREFIX,
            intents=intents,
            help_command=None,
            case_insensitive=True,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=in_voice,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=ready_timeout,
        )
        self._listener = listener
        self._locale = locale
        self._home = discord.Object(guild_id) if guild_id else None
        self._host_roles = host_roles
        self._make_cogs = cogs
        self._buttons = buttons
        self._forms: list[Form] = []
        self._lately: dict[str, None] = {}
        parsers = self._connection.parsers
        self._parse_message = parsers["MESSAGE_CREATE"]
        self._parse_interaction = parsers["INTERACTION_CREATE"]
        parsers["MESSAGE_CREATE"] = self._message_created
        parsers["INTERACTION_CREATE"] = self._interaction_created
        self.tree.error(self._on_slash_error)

    async def setup_hook(self) -> None:
        """Add cogs and lasting buttons, then tell Discord the commands."""
        await self.tree.set_translator(FrenchNames())
        for cog in self._make_cogs(self):
            await self.add_cog(cog)
        self.add_dynamic_items(*self._buttons)
        if self._home is not None:
            self.tree.copy_global_to(guild=self._home)
        await self.tree.sync(guild=self._home)

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Drop the event that comes with every other and that nobody listens to, and all once the client closes."""
        if event_name != "socket_event_type" and not self.is_closed():
            super().dispatch(event_name, *args, **kwargs)

    async def on_connect(self) -> None:
        """Tell the application, without the library's wait for the last guild before it calls itself ready."""
        self._listener.hears()

    async def on_resumed(self) -> None:
        """Tell the application."""
        self._listener.hears()
        self._listener.voices(self._in_voice())

    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """Tell the application, and who is in voice channels: a server that was just read says so."""
        self._listener.sees()
        self._listener.voices(self._in_voice())

    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Tell the application as above."""
        self._listener.voices(self._in_voice())

    async def on_voice_state_update(
        self, member: discord.Member, _before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Tell the application where somebody is now."""
        if not member.bot:
            channel = str(after.channel.id) if after.channel is not None else None
            self._listener.voice(str(member.id), channel)

    def _in_voice(self) -> dict[str, str]:
        """Return who is in which voice channel, bots aside."""
        found = {}
        for guild in self.guilds:
            for channel in (*guild.voice_channels, *guild.stage_channels):
                for key in channel.voice_states:
                    member = guild.get_member(key)
                    if member is None or not member.bot:
                        found[str(key)] = str(channel.id)
        return found

    async def on_ready(self) -> None:
        """Tell the application."""
        self._listener.sees()

    async def on_disconnect(self) -> None:
        """Tell the application."""
        self._listener.deaf()

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Tell the application."""
        self._listener.removed(str(payload.channel_id), str(payload.message_id))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Tell the application, message by message."""
        for message_id in payload.message_ids:
            self._listener.removed(str(payload.channel_id), str(message_id))

    def add_form(self, form: Form) -> None:
        """Take what is entered in forms of a kind."""
        self._forms.append(form)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Hand a form that was sent to whoever takes it; the library itself forgets forms with every restart."""
        if self.role_of(interaction.user, interaction.permissions) >= Role.HOST:
            self._listener.hosted(str(interaction.channel_id), visitor_of(interaction.user))
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Mapping[str, Any] = interaction.data or {}
        for form in self._forms:
            if (match := form.pattern.fullmatch(str(data.get("custom_id", "")))) is not None:
                entered = dict(_entered(data.get("components") or []))
                await self.serve(interaction, form.handle(interaction, match, entered))
                return

    async def serve(self, interaction: discord.Interaction[Any], work: Awaitable[None]) -> None:
        """Do what a control asks for; whatever goes wrong is answered privately with one sentence."""
        speech = self.speech(interaction.channel_id)
        try:
            await work
        except Refusal as problem:
            await self.refuse(interaction, problem, speech)
        except NotKeptError:
            await self.refuse(interaction, Refusal("not-kept"), speech)
        except Exception:  # whoever pressed something must not be left without a word
            log.exception("a control failed")
            await self.refuse(interaction, Refusal("fault"), speech)

    def speech(self, channel_id: int | None) -> Speech:
        """Return how to speak in a channel."""
        locale = self._listener.locale_of(str(channel_id)) if channel_id else None
        return Speech(locale or self._locale, quoted)

    def role_of(self, user: discord.abc.User, permissions: discord.Permissions) -> Role:
        """Return what somebody may do: moderation permissions, then event permission or a host's role."""
        if permissions.manage_guild or permissions.manage_messages or permissions.moderate_members:
            return Role.MODERATOR
        names = {role.name.casefold() for role in getattr(user, "roles", ())}
        return Role.HOST if permissions.manage_events or names & self._host_roles else Role.PATRON

    async def on_command_error(
        self, context: commands.Context[Any], exception: commands.CommandError, /
    ) -> None:
        """Answer a command that failed with one sentence: privately, or under the typed command."""
        speech = self.speech(context.channel.id)
        if isinstance(exception, commands.CommandNotFound):
            near = self._listener.nearest(context.invoked_with or "")
            problem = Refusal("usage", usage=f"{PREFIX}{near}") if near else None
        else:
            problem = self._problem(exception, context)
        if problem is None:
            return
        if context.interaction is not None:
            await self.refuse(context.interaction, problem, speech)
        else:
            await self._try(context.reply(refusal(problem, speech), mention_author=False))

    async def _on_slash_error(
        self, interaction: discord.Interaction[Any], exception: app_commands.AppCommandError
    ) -> None:
        speech = self.speech(interaction.channel_id)
        cause = getattr(exception, "original", exception)
        await self.refuse(interaction, self._problem(cause, interaction.command), speech)

    async def refuse(
        self, interaction: discord.Interaction[Any], problem: Refusal, speech: Speech
    ) -> None:
        """Answer an interaction privately with a refusal."""
        await self.tell(interaction, refusal(problem, speech))

    async def tell(self, interaction: discord.Interaction[Any], text: str, **more: Any) -> None:
        """Answer an interaction privately, whether or not it was answered before."""
        if interaction.response.is_done():
            await self._try(interaction.followup.send(text, ephemeral=True, **more))
        else:
            await self._try(interaction.response.send_message(text, ephemeral=True, **more))

    async def kept(self, interaction: discord.Interaction[Any] | None, receipt: Receipt) -> None:
        """Wait until a play is on disk; on a slow disk Discord is asked for patience before its three seconds end.

        Raises:
            NotKeptError: it could not be written.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                await receipt.committed()
        except TimeoutError:
            if interaction is not None and not interaction.response.is_done():
                await self._try(interaction.response.defer(ephemeral=True))
            await receipt.committed()

    def _problem(self, error: BaseException, about: Any) -> Refusal:
        while isinstance(
            error,
            (
                commands.HybridCommandError,
                commands.CommandInvokeError,
                app_commands.CommandInvokeError,
            ),
        ):
            error = error.original
        match error:
            case Refusal():
                return error
            case NotKeptError():
                return Refusal("not-kept")
            case commands.UserInputError() | app_commands.TransformerError():
                return Refusal("usage", usage=_usage(about))
            case commands.NoPrivateMessage() | app_commands.NoPrivateMessage():
                return Refusal("server-only")
            case commands.CommandOnCooldown() | app_commands.CommandOnCooldown():
                return Refusal("too-fast")
            case _:
                log.error("a command failed", exc_info=error)
                return Refusal("fault")

    async def _try(self, sending: Awaitable[Any]) -> None:
        try:
            await sending
        except discord.HTTPException as error:
            log.warning("a reply could not be sent: %s %s", error.status, error.code)

    def _message_created(self, data: Mapping[str, Any]) -> None:
        text = data.get("content")
        author = data.get("author")
        if not text or not author or author.get("bot") or "webhook_id" in data:
            return
        if data.get("type") not in _ORDINARY or "guild_id" not in data:
            return
        if self._again(data["id"]):
            return
        member = data.get("member") or {}
        name = member.get("nick") or author.get("global_name") or author.get("username") or ""
        visitor = Visitor("discord", author["id"], name)
        if self._may_host(data["guild_id"], author["id"], member):
            self._listener.hosted(data["channel_id"], visitor)
        if text[0] == PREFIX:
            self._parse_message(data)
            return
        self._listener.line(Line(data["channel_id"], visitor, text, data["id"]))

    def _may_host(self, guild_id: str, user_id: str, member: Mapping[str, Any]) -> bool:
        """Whether the roles of a line's author make them a host; a channel's own exceptions are not looked at."""
        guild = self.get_guild(int(guild_id))
        if guild is None:
            return False
        if user_id == str(guild.owner_id):
            return True
        for key in member.get("roles", ()):
            role = guild.get_role(int(key))
            if role is None:
                continue
            may, named = role.permissions, role.name.casefold() in self._host_roles
            if named or may.value & _HOSTING.value:
                return True
        return False

    def _interaction_created(self, data: Mapping[str, Any]) -> None:
        if not self._again(data["id"]):
            self._parse_interaction(data)

    def _again(self, key: str) -> bool:
        """Tell whether an event came before: a resumed connection may repeat some, and "skip" must not skip twice."""
        if key in self._lately:
            return True
        self._lately[key] = None
        if len(self._lately) > REMEMBERED:
            del self._lately[next(iter(self._lately))]
        return False


def _entered(components: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield the custom_id and the text, or the first choice, of every field of a form."""
    for component in components:
        if "value" in component:
            yield component["custom_id"], component["value"]
        elif "values" in component:
            yield component["custom_id"], "".join(component["values"][:1])
        inner = component.get("component")
        yield from _entered(component.get("components") or ([inner] if inner else []))


def _usage(about: Any) -> str:
    command = getattr(about, "command", about)
    if command is None:
        return "/help"
    name = getattr(command, "qualified_name", "")
    return f"{PREFIX}{name} {getattr(command, 'signature', '')}".strip()


def quoted(text: str) -> str:
    """Return somebody's text so that Discord shows it as it is: no formatting, no link, no mention."""
    return discord.utils.escape_mentions(_LIVELY.sub(r"\\\g<0>", text))


def visitor_of(user: discord.abc.User) -> Visitor:
    """Return a Discord user as a visitor."""
    return Visitor("discord", str(user.id), user.display_name)
