"""Help on Discord: what can be typed, and by whom."""

from typing import Any

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.wording import room as words
from bot.wording.speech import N_
from cogs.commands_discord import FreeText, command, options, reply, role_in, typed
from cogs.verbs import COMMANDS, is_of_clubs
from games.core import Role


class HelpDiscord(commands.Cog, name="help"):
    """One short private answer."""

    def __init__(self, client: DiscordClient) -> None:
        self._client = client

    @command("help", "aide", N_("What one can do here"), COMMANDS["help"], FreeText)
    @options(topic=("sujet", N_("What about, if not everything")))
    @app_commands.choices(
        topic=[app_commands.Choice(name=locale_str(N_("the book clubs")), value="club")]
    )
    async def help(self, ctx: commands.Context[Any], topic: str = "") -> None:
        """Say what can be typed."""
        host = role_in(ctx) >= Role.HOST
        lines = words.club_help_lines if is_of_clubs(topic or typed(ctx)) else words.help_lines
        await reply(ctx, "\n".join(lines(self._client.speech(ctx.channel.id), host=host)))
