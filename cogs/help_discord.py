"""Help on Discord: what can be typed, and by whom."""

from typing import Any

from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.wording import room as words
from bot.wording.speech import N_
from cogs.commands_discord import command, reply, role_in
from cogs.verbs import COMMANDS
from games.core import Role


class HelpDiscord(commands.Cog, name="help"):
    """One short private answer."""

    def __init__(self, client: DiscordClient) -> None:
        self._client = client

    @command("help", "aide", N_("What one can do here"), COMMANDS["help"])
    async def help(self, ctx: commands.Context[Any]) -> None:
        """Say what can be typed."""
        host = role_in(ctx) >= Role.HOST
        speech = self._client.speech(ctx.channel.id)
        await reply(ctx, "\n".join(words.help_lines(speech, host=host)))
