"""What one presses and fills in on Discord about questions that people propose. All of it outlives a restart."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.proposals import Draft, Proposal, draft_of
from bot.wording import proposals as words
from bot.wording.speech import Speech
from games.deck import LIMITS

if TYPE_CHECKING:
    from cogs.deck_discord import DeckDiscord

PROPOSE = re.compile(r"deck-propose")
EDIT = re.compile(r"deck-edit:(?P<key>\d{1,10}):(?P<deck>[\w-]{0,40})")

LONGEST_WRONG = 300
"""Characters of all wrong choices together; what a question holds is checked once it is sent."""

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "DeckDiscord":
    cog: DeckDiscord = interaction.client.get_cog("deck")
    return cog


class SignButton(Button, template=r"deck-sign:(?P<key>\d{1,10})"):
    """Lets an author be named."""

    def __init__(self, key: int, label: str = "") -> None:
        super().__init__(discord.ui.Button(label=label or None, custom_id=f"deck-sign:{key}"))
        self._key = key

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["key"]))

    async def callback(self, interaction: Interaction) -> None:
        """Sign."""
        await interaction.client.serve(
            interaction, _cog(interaction).press_sign(interaction, self._key)
        )


class ReviewButton(
    Button,
    template=r"deck-review:(?P<verb>accept|edit|reject|later):(?P<key>\d{1,10}):(?P<deck>[\w-]{0,40})",
):
    """One thing to do with a proposal; `deck` is where it goes if it is accepted, empty for the usual place."""

    def __init__(self, verb: str, key: int, deck: str, label: str = "") -> None:
        custom_id = f"deck-review:{verb}:{key}:{deck}"
        super().__init__(
            discord.ui.Button(label=label or None, style=_STYLES[verb], custom_id=custom_id)
        )
        self._asked = verb, key, deck

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["verb"], int(match["key"]), match["deck"])

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        await interaction.client.serve(
            interaction, _cog(interaction).press(interaction, *self._asked)
        )


_STYLES = {
    "accept": discord.ButtonStyle.success,
    "edit": discord.ButtonStyle.secondary,
    "reject": discord.ButtonStyle.danger,
    "later": discord.ButtonStyle.secondary,
}

BUTTONS = (SignButton, ReviewButton)


def sign_view(key: int, speech: Speech) -> discord.ui.View:
    """Return the button below the thanks for a question."""
    view = discord.ui.View(timeout=None)
    view.add_item(SignButton(key, words.button_sign(speech)))
    return view


def review_view(proposal: Proposal, deck: str, speech: Speech) -> discord.ui.View:
    """Return the buttons below a proposal."""
    labels = {
        "accept": words.button_accept(speech),
        "edit": words.button_edit(speech),
        "reject": words.button_reject(speech),
        "later": words.button_later(speech),
    }
    view = discord.ui.View(timeout=None)
    for verb, label in labels.items():
        view.add_item(ReviewButton(verb, proposal.id, deck, label))
    return view


def propose_form(speech: Speech) -> discord.ui.Modal:
    """Return the form for a new question."""
    return _form("deck-propose", Draft(), speech)


def edit_form(proposal: Proposal, deck: str, speech: Speech) -> discord.ui.Modal:
    """Return the form with a proposal in it."""
    return _form(f"deck-edit:{proposal.id}:{deck}", draft_of(proposal.question), speech)


def read_form(entered: Mapping[str, str]) -> Draft:
    """Return what was entered in either form."""
    return Draft(**{name: entered.get(name, "") for name in Draft.__slots__})


def _form(custom_id: str, draft: Draft, speech: Speech) -> discord.ui.Modal:
    form = discord.ui.Modal(title=words.form_title(speech), custom_id=custom_id)
    limits = {**LIMITS, "wrong": LONGEST_WRONG}
    hints = {"prompt": words.agreement(speech), "wrong": words.how_wrong(speech)}
    long = ("prompt", "wrong", "explanation")
    for name in Draft.__slots__:
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=name,
            style=discord.TextStyle.paragraph if name in long else discord.TextStyle.short,
            default=getattr(draft, name) or None,
            required=name in ("prompt", "answer"),
            max_length=limits[name],
        )
        label = discord.ui.Label(
            text=words.label(name, speech), description=hints.get(name), component=field
        )
        form.add_item(label)
    return form
