"""What one presses on Discord about the minutes of a meeting. It outlives a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

if TYPE_CHECKING:
    from cogs.minutes_discord import MinutesDiscord

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "MinutesDiscord":
    cog: MinutesDiscord = interaction.client.get_cog("minutes")
    return cog


class FileButton(Button, template=r"minutes:(?P<meeting>\d{1,15})"):
    """Gives the minutes of a meeting as a file."""

    def __init__(self, meeting: int, label: str = "") -> None:
        custom_id = f"minutes:{meeting}"
        super().__init__(discord.ui.Button(label=label or None, custom_id=custom_id))
        self._meeting = meeting

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["meeting"]))

    async def callback(self, interaction: Interaction) -> None:
        """Hand the file over."""
        await interaction.client.serve(
            interaction, _cog(interaction).press(interaction, self._meeting)
        )


CONTROLS = (FileButton,)
