"""What one presses and fills in on Discord to read aloud in turn. Each control holds all it needs in its id."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.wording import pause as words
from bot.wording.speech import Speech, clip
from games.turns import LONGEST_TEXT

if TYPE_CHECKING:
    from cogs.turn_discord import TurnDiscord

FORM = re.compile(r"turn-text:(?P<session>\d{1,15})")

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "TurnDiscord":
    cog: TurnDiscord = interaction.client.get_cog("turn")
    return cog


class TurnButton(Button, template=r"turn:(?P<session>\d{1,15}):(?P<wish>turn|turn-done)"):
    """Asks for a turn to read aloud, or ends one's own."""

    def __init__(self, session: int, wish: str, label: str = "") -> None:
        custom_id = f"turn:{session}:{wish}"
        super().__init__(discord.ui.Button(label=label or None, custom_id=custom_id))
        self._place = session, wish

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), match["wish"])

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).choose(interaction, *self._place)
        )


class TextButton(Button, template=r"turn-open:(?P<session>\d{1,15})"):
    """Opens the form about what one will read aloud."""

    def __init__(self, session: int, label: str = "") -> None:
        custom_id = f"turn-open:{session}"
        super().__init__(discord.ui.Button(label=label or None, custom_id=custom_id))
        self._session = session

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open the form, as long as its pause is on."""
        await interaction.client.serve(interaction, self._open(interaction))

    async def _open(self, interaction: Interaction) -> None:
        _cog(interaction).check(interaction, self._session)
        speech = interaction.client.speech(interaction.channel_id)
        await interaction.response.send_modal(text_form(self._session, speech))


CONTROLS = (TurnButton, TextButton)


def text_form(session: int, speech: Speech) -> discord.ui.Modal:
    """Return the form about what one will read aloud."""
    form = discord.ui.Modal(title=words.button_turn(speech), custom_id=f"turn-text:{session}")
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="text", max_length=3 * LONGEST_TEXT, placeholder=words.text_example(speech)
    )
    label = clip(words.field_text(speech), 45)
    form.add_item(discord.ui.Label[Any](text=label, component=field))
    return form
