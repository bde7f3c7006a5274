"""What one presses and fills in on Discord about a club's questions. All of it outlives a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.questions import LONGEST, Entry
from bot.wording import questions as words
from bot.wording.speech import Speech, clip

if TYPE_CHECKING:
    from cogs.questions_discord import QuestionsDiscord

PROPOSE = re.compile(r"question-propose:(?P<club>\d{1,15})")
EDIT = re.compile(r"question-edit:(?P<key>\d{1,15})")

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]

_STYLES = {
    "approve": discord.ButtonStyle.success,
    "edit": discord.ButtonStyle.secondary,
    "drop": discord.ButtonStyle.danger,
    "later": discord.ButtonStyle.secondary,
}


def _cog(interaction: Interaction) -> "QuestionsDiscord":
    cog: QuestionsDiscord = interaction.client.get_cog("questions")
    return cog


class TableButton(
    Button, template=r"question:(?P<act>next|carry|propose):(?P<club>\d{1,15}):(?P<key>\d{1,15})"
):
    """What stands under the question on the table, `key`: two who press at once mean the same one."""

    def __init__(self, act: str, club: int, key: int, label: str = "") -> None:
        style = discord.ButtonStyle.primary if act == "propose" else discord.ButtonStyle.secondary
        custom_id = f"question:{act}:{club}:{key}"
        super().__init__(discord.ui.Button(label=label or None, style=style, custom_id=custom_id))
        self._place = act, club, key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["act"], int(match["club"]), int(match["key"]))

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).press(interaction, *self._place)
        )


class ReviewButton(
    Button, template=r"question-review:(?P<verb>approve|edit|drop|later):(?P<key>\d{1,15})"
):
    """One thing to do with a proposal."""

    def __init__(self, verb: str, key: int, label: str = "") -> None:
        super().__init__(
            discord.ui.Button(
                label=label or None, style=_STYLES[verb], custom_id=f"question-review:{verb}:{key}"
            )
        )
        self._asked = verb, key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["verb"], int(match["key"]))

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).decide(interaction, *self._asked)
        )


CONTROLS = (TableButton, ReviewButton)


def table_buttons(entry: Entry, speech: Speech) -> tuple[TableButton, ...]:
    """Return what stands under the question on the table."""
    club, key = entry.club.id, entry.question.id
    following = TableButton("next", club, key, words.button_next(speech))
    propose = TableButton("propose", club, key, words.button_propose(speech))
    if entry.question.state == "carried":
        return (propose, following)
    return (propose, following, TableButton("carry", club, key, words.button_carry(speech)))


def review_view(key: int, speech: Speech) -> discord.ui.View:
    """Return the buttons below a proposal."""
    labels = {
        "approve": words.button_approve(speech),
        "edit": words.button_edit(speech),
        "drop": words.button_drop(speech),
        "later": words.button_later(speech),
    }
    view = discord.ui.View(timeout=None)
    for verb, label in labels.items():
        view.add_item(ReviewButton(verb, key, label))
    return view


def propose_form(club: int, speech: Speech) -> discord.ui.Modal:
    """Return the form for a new question."""
    return _form(f"question-propose:{club}", "", "", speech)


def edit_form(entry: Entry, speech: Speech) -> discord.ui.Modal:
    """Return the form with a proposal in it."""
    question = entry.question
    section = str(question.section) if question.section else ""
    return _form(f"question-edit:{question.id}", question.text, section, speech)


def _form(custom_id: str, text: str, section: str, speech: Speech) -> discord.ui.Modal:
    form = discord.ui.Modal(title=clip(words.form_title(speech), 45), custom_id=custom_id)
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="text",
        style=discord.TextStyle.paragraph,
        default=text or None,
        max_length=LONGEST,
    )
    where: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id="section", default=section or None, required=False, max_length=20
    )
    form.add_item(discord.ui.Label[Any](text=words.field_text(speech), component=field))
    form.add_item(
        discord.ui.Label[Any](
            text=clip(words.field_section(speech), 45),
            description=words.hint_section(speech),
            component=where,
        )
    )
    return form
