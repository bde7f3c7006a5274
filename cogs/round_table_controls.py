"""What one presses on Discord in a round of the table. Each control holds all it needs in its id."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

if TYPE_CHECKING:
    from cogs.round_table_discord import RoundTableDiscord

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]

HOSTS = frozenset({"next", "extend"})
"""What only those press who lead."""


def _cog(interaction: Interaction) -> "RoundTableDiscord":
    cog: RoundTableDiscord = interaction.client.get_cog("round_table")
    return cog


class RoundButton(
    Button,
    template=r"round:(?P<session>\d{1,15}):(?P<turn>\d{1,6}):(?P<act>join|done|pass|next|extend)",
):
    """One thing to do at the table; what hosts press is about the turn that it was shown with."""

    def __init__(self, session: int, turn: int, act: str, label: str = "") -> None:
        style = discord.ButtonStyle.primary if act == "join" else discord.ButtonStyle.secondary
        custom_id = f"round:{session}:{turn}:{act}"
        super().__init__(discord.ui.Button(label=label or None, style=style, custom_id=custom_id))
        self._place = session, turn, act

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["turn"]), match["act"])

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).press(interaction, *self._place)
        )


CONTROLS = (RoundButton,)
