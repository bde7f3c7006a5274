"""The button that begins a practice. It holds all it needs in its id, and outlives a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.practice import LONGEST_DETAILS
from bot.wording.speech import clip
from cogs.games_controls import LABEL

if TYPE_CHECKING:
    from cogs.games_discord import GamesDiscord

Interaction = discord.Interaction[Any]


class PracticeButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=rf"game-practice:(?P<kind>[a-z_]{{1,20}}):(?P<details>.{{0,{LONGEST_DETAILS}}})",
):
    """Begins a practice for whoever presses it."""

    def __init__(self, kind: str, details: str, label: str = "") -> None:
        custom_id = f"game-practice:{kind}:{details}"
        super().__init__(discord.ui.Button(label=clip(label, LABEL) or None, custom_id=custom_id))
        self._kind = kind
        self._details = details

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["kind"], match["details"])

    async def callback(self, interaction: Interaction) -> None:
        """Begin the practice."""
        cog: GamesDiscord = interaction.client.get_cog("game")
        work = cog.practice_table.begin(interaction, self._kind, self._details)
        await interaction.client.serve(interaction, work)
