"""Declaring Discord commands with both languages, and reading from one its room and its author's role."""

from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.wording.speech import clip
from cogs.verbs import Verbs, others
from games.core import Refusal, Role

Declaring = Callable[[Callable[..., Any]], Any]


def named(name: str, french: str) -> locale_str:
    """Return a command's or option's name with its French form."""
    return locale_str(name, fr=french)


def options(**named_and_described: tuple[str, str]) -> Declaring:
    """Name and describe options: each by its English name, with the French one and what it is."""
    renaming = {name: named(name, french) for name, (french, _) in named_and_described.items()}
    describing = {name: locale_str(text) for name, (_, text) in named_and_described.items()}
    rename, describe = app_commands.rename(**renaming), app_commands.describe(**describing)
    return lambda function: rename(describe(function))


def command(
    name: str,
    french: str,
    description: str,
    aliases: tuple[str, ...],
    cls: type[commands.HybridCommand[Any, Any, Any]] = commands.HybridCommand,
) -> Declaring:
    """Declare a hybrid command for servers."""
    attributes: dict[str, Any] = {
        "name": named(name, french),
        "description": locale_str(description),
        "aliases": list(aliases),
    }
    return lambda function: cls(commands.guild_only()(function), **attributes)


def group(
    name: str, french: str, description: str, fallback: locale_str, aliases: tuple[str, ...] = ()
) -> Declaring:
    """Declare a hybrid group for servers; `fallback` names what the bare text command does, as a slash command."""
    declare: Any = commands.hybrid_group(
        name=named(name, french),
        description=locale_str(description),
        fallback=fallback,
        case_insensitive=True,
        invoke_without_command=True,
        aliases=list(aliases),
    )
    return lambda function: declare(commands.guild_only()(function))


class _Unparsed:
    """Leaves what is typed to the command itself."""

    cog: Any
    params: dict[str, commands.Parameter]

    async def _parse_arguments(self, ctx: commands.Context[Any]) -> None:
        if ctx.interaction is None:
            needed = (name for name, parameter in self.params.items() if parameter.required)
            ctx.args, ctx.kwargs = [self.cog, ctx], dict.fromkeys(needed, "")
        else:
            await super()._parse_arguments(ctx)  # type: ignore[misc]  # of the command it is mixed into


class FreeText(_Unparsed, commands.HybridCommand[Any, Any, Any]):
    """A command whose typed form is read by the command itself (`typed_after`), since people mix the order of words.

    Typed, options without a default come as empty texts.
    """


class FreeGroup(_Unparsed, commands.HybridGroup[Any, Any, Any]):
    """A group whose own typed form is read like that of `FreeText`."""


def verb(
    parent: Any,
    verbs: Verbs,
    name: str,
    description: str,
    cls: type[commands.HybridCommand[Any, Any, Any]] = commands.HybridCommand,
    usage: str | None = None,
) -> Declaring:
    """Declare a verb of a group; the first word after its English name is its French slash name.

    `usage` is an example of what is typed after it, in every language, where the options would not tell.
    """
    words = verbs[name]
    french = words[1] if len(words) > 1 else words[0]
    options: dict[str, Any] = {
        "name": named(name, french),
        "description": locale_str(description),
        "aliases": others(verbs, name),
        "usage": usage,
    }

    def declare(function: Callable[..., Any]) -> Any:
        added = cls(function, parent=parent, **options)
        parent.add_command(added)
        return added

    return declare


def subgroup(
    parent: Any, verbs: Verbs, name: str, description: str, fallback: locale_str
) -> Declaring:
    """Declare a verb that has verbs of its own; `fallback` is as for `group`."""
    french = (*verbs[name], name)[1]
    attributes: dict[str, Any] = {
        "name": named(name, french),
        "description": locale_str(description),
        "fallback": fallback,
        "case_insensitive": True,
        "invoke_without_command": True,
        "aliases": others(verbs, name),
    }

    def declare(function: Callable[..., Any]) -> Any:
        added = FreeGroup(function, parent=parent, **attributes)
        parent.add_command(added)
        return added

    return declare


def role_in(ctx: commands.Context[Any]) -> Role:
    """Return what the author may do in this channel."""
    permissions = ctx.interaction.permissions if ctx.interaction else ctx.permissions
    role: Role = ctx.bot.role_of(ctx.author, permissions)
    return role


async def room_of(ctx: commands.Context[Any], rooms: Rooms) -> Room:
    """Return the channel's room, opening one for a host who needs it.

    Raises:
        Refusal: `server-only` in private, `no-room` when there is none and the author may not open one.
    """
    room = rooms.by_discord.get(str(ctx.channel.id))
    if room is not None:
        return room
    if ctx.guild is None:
        raise Refusal("server-only")
    if role_in(ctx) < Role.HOST:
        raise Refusal("no-room")
    name = clip(getattr(ctx.channel, "name", "") or str(ctx.channel.id), 60)
    return await rooms.open_discord(str(ctx.channel.id), str(ctx.guild.id), name)


def typed(ctx: commands.Context[Any]) -> str:
    """Return what was typed after a text command; nothing for a slash command."""
    return "" if ctx.interaction else ctx.message.content.partition(" ")[2]


def typed_after(ctx: commands.Context[Any]) -> str:
    """Return what was typed after a verb; nothing for a slash command."""
    return "" if ctx.interaction else ctx.view.read_rest()


async def reply(ctx: commands.Context[Any], text: str, **more: Any) -> None:
    """Answer privately to a slash command, under the message to a text command."""
    await ctx.reply(text, ephemeral=True, mention_author=False, **more)


async def privately(ctx: commands.Context[Any], text: str, **more: Any) -> None:
    """Answer for its author's eyes alone: a slash command in place, a text command by direct message.

    Raises:
        Refusal: `no-direct-message`, when the author takes none.
    """
    if ctx.interaction is not None:
        await ctx.send(text, ephemeral=True, **more)
        return
    try:
        await ctx.author.send(text, **more)
    except discord.Forbidden as error:
        raise Refusal("no-direct-message") from error


async def acknowledge(ctx: commands.Context[Any], text: str) -> None:
    """Confirm a slash command privately; a text command needs no word where the board answers."""
    if ctx.interaction is not None:
        await ctx.send(text, ephemeral=True)
