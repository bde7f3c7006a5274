"""What one presses to play a game on Discord. Each control holds all it needs in its id, and outlives a restart."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.practice import FIRST
from bot.wording import games as words
from bot.wording.speech import clip

if TYPE_CHECKING:
    from cogs.games_discord import GamesDiscord
    from cogs.practice_discord import PracticeDiscord

LABEL = 80
FIELD = 45
"""Characters of a button's label, and of a form's field and title."""

PLACE = r"(?P<session>\d{1,15}):(?P<turn>\d{1,6})"
FORM = re.compile(r"game-form:(?P<session>\d{1,12}):(?P<turn>\d{1,6})")
PRACTICE_FORM = re.compile(r"game-form:(?P<session>\d{13}):(?P<turn>\d{1,6})")
LONGEST_ENTRY = 300

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _table(interaction: Interaction, session: int) -> "GamesDiscord | PracticeDiscord":
    """Return where this is played: in the room, or by one person alone."""
    cog: GamesDiscord = interaction.client.get_cog("game")
    return cog.practice_table if session >= FIRST else cog


def _button(label: str, custom_id: str) -> discord.ui.Button[discord.ui.View]:
    style = discord.ButtonStyle.secondary
    return discord.ui.Button(label=clip(label, LABEL) or None, style=style, custom_id=custom_id)


class ChoiceButton(Button, template=rf"game:{PLACE}:(?P<choice>\d{{1,2}})"):
    """One choice of what is asked now."""

    def __init__(self, session: int, turn: int, choice: int, label: str = "") -> None:
        super().__init__(_button(label, f"game:{session}:{turn}:{choice}"))
        self._place = session, turn
        self._choice = choice

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["turn"]), int(match["choice"]))

    async def callback(self, interaction: Interaction) -> None:
        """Play this choice."""
        work = _table(interaction, self._place[0]).choose(
            interaction, *self._place, (self._choice,)
        )
        await interaction.client.serve(interaction, work)


class ChoiceList(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]], template=rf"game-list:{PLACE}"
):
    """A list of choices, where there are too many for buttons."""

    def __init__(
        self, session: int, turn: int, labels: Sequence[str] = (), placeholder: str = ""
    ) -> None:
        options = [
            discord.SelectOption(label=clip(label, LABEL), value=str(index))
            for index, label in enumerate(labels)
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=f"game-list:{session}:{turn}",
                placeholder=placeholder or None,
                options=options or discord.utils.MISSING,
            )
        )
        self._place = session, turn

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["session"]), int(match["turn"]))
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Play what was chosen."""
        taken = [int(value) for value in self.item.values if value.isdecimal()]
        work = _table(interaction, self._place[0]).choose(interaction, *self._place, taken)
        await interaction.client.serve(interaction, work)


class FormButton(Button, template=rf"game-open:{PLACE}"):
    """Opens a form, so that nobody else reads the answer."""

    def __init__(self, session: int, turn: int, label: str = "") -> None:
        super().__init__(_button(label, f"game-open:{session}:{turn}"))
        self._place = session, turn

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["turn"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open the form, as long as what it answers is asked."""
        await interaction.client.serve(interaction, self._open(interaction))

    async def _open(self, interaction: Interaction) -> None:
        session, turn = self._place
        scene, labels = _table(interaction, session).form(interaction, session, turn)
        speech = interaction.client.speech(interaction.channel_id)
        form = discord.ui.Modal(
            title=clip(words.heading(scene, speech), FIELD), custom_id=f"game-form:{session}:{turn}"
        )
        for index, label in enumerate(labels):
            field: discord.ui.TextInput[Any] = discord.ui.TextInput(
                custom_id=str(index), max_length=LONGEST_ENTRY, required=len(labels) == 1
            )
            form.add_item(discord.ui.Label(text=clip(label, FIELD), component=field))
        await interaction.response.send_modal(form)


class WishButton(Button, template=r"game-wish:(?P<session>\d{1,15}):(?P<wish>[a-z-]{1,30})"):
    """Says something about oneself: to join, to see one's card."""

    def __init__(self, session: int, wish: str, label: str = "") -> None:
        super().__init__(_button(label, f"game-wish:{session}:{wish}"))
        self._session = session
        self._wish = wish

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), match["wish"])

    async def callback(self, interaction: Interaction) -> None:
        """Wish it."""
        work = _table(interaction, self._session).wish(interaction, self._session, self._wish)
        await interaction.client.serve(interaction, work)


CONTROLS = (ChoiceButton, ChoiceList, FormButton, WishButton)
