"""What one presses and fills in on Discord in a reading pause. Each control holds all it needs in its id."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.wording import pause as words
from bot.wording.speech import Speech, clip
from games.readers import FORMATS, LONGEST_TITLE
from games.reading_log import LONGEST

if TYPE_CHECKING:
    from cogs.pause_discord import PauseDiscord

FORM = re.compile(r"pause-(?P<form>book|log):(?P<session>\d{1,15})")
LONGEST_PAGE = 10

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "PauseDiscord":
    cog: PauseDiscord = interaction.client.get_cog("pause")
    return cog


class PauseButton(Button, template=r"pause:(?P<session>\d{1,15}):(?P<choice>\d)"):
    """A choice of the board: I read along, or a break of one's own."""

    def __init__(self, session: int, choice: int, label: str = "") -> None:
        style = discord.ButtonStyle.secondary if choice else discord.ButtonStyle.primary
        custom_id = f"pause:{session}:{choice}"
        super().__init__(discord.ui.Button(label=label or None, style=style, custom_id=custom_id))
        self._place = session, choice

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["choice"]))

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).choose(interaction, *self._place)
        )


class FormButton(Button, template=r"pause-open:(?P<form>book|log):(?P<session>\d{1,15})"):
    """Opens the form about one's book, or about what one read."""

    def __init__(self, form: str, session: int, label: str = "") -> None:
        custom_id = f"pause-open:{form}:{session}"
        super().__init__(discord.ui.Button(label=label or None, custom_id=custom_id))
        self._form = form
        self._session = session

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["form"], int(match["session"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open the form, as long as its pause is on."""
        await interaction.client.serve(interaction, self._open(interaction))

    async def _open(self, interaction: Interaction) -> None:
        _cog(interaction).check(interaction, self._session)
        speech = interaction.client.speech(interaction.channel_id)
        make = book_form if self._form == "book" else log_form
        await interaction.response.send_modal(make(self._session, speech))


class PlanButton(Button, template=r"pause-plan:(?P<number>\d{1,9})"):
    """Makes a plan that was said back in words."""

    def __init__(self, number: int, label: str = "") -> None:
        custom_id = f"pause-plan:{number}"
        style = discord.ButtonStyle.primary
        super().__init__(discord.ui.Button(label=label or None, style=style, custom_id=custom_id))
        self._number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["number"]))

    async def callback(self, interaction: Interaction) -> None:
        """Make it."""
        await interaction.client.serve(
            interaction, _cog(interaction).confirm_plan(interaction, self._number)
        )


CONTROLS = (PauseButton, FormButton, PlanButton)


def book_form(session: int, speech: Speech) -> discord.ui.Modal:
    """Return the form about what one reads, from which page on."""
    form = discord.ui.Modal(title=words.book_form_title(speech), custom_id=f"pause-book:{session}")
    ways = discord.ui.Select[Any](
        custom_id="format",
        required=False,
        options=[
            discord.SelectOption(label=words.format_name(one, speech), value=one) for one in FORMATS
        ],
    )
    form.add_item(_text("title", words.field_title(speech), LONGEST_TITLE))
    form.add_item(discord.ui.Label(text=words.field_format(speech), component=ways))
    form.add_item(_text("start", words.field_start(speech), LONGEST_PAGE))
    return form


def log_form(session: int, speech: Speech) -> discord.ui.Modal:
    """Return the form about how much one read."""
    what, example = words.field_amount(speech), words.amount_examples(speech)
    form = discord.ui.Modal(title=what, custom_id=f"pause-log:{session}")
    form.add_item(_text("what", what, LONGEST, required=True, example=example))
    form.add_item(_text("title", words.field_title(speech), LONGEST_TITLE))
    return form


def _text(
    key: str, label: str, most: int, *, required: bool = False, example: str = ""
) -> discord.ui.Label[Any]:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=key, required=required, max_length=most, placeholder=example or None
    )
    return discord.ui.Label(text=clip(label, 45), component=field)
