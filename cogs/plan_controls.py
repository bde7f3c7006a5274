"""What one presses on Discord to say how far one has read. Each control holds all it needs in its id, and outlives a
restart; whether somebody may press it is looked at anew each time.
"""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.reading_plans import BookPlan
from bot.wording import reading_plan as words
from bot.wording.sections import label
from bot.wording.speech import Speech, clip
from games.reading_plan import Section

if TYPE_CHECKING:
    from cogs.plan_discord import PlanDiscord

LABEL, CHOICES = 100, 25

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Select = discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "PlanDiscord":
    cog: PlanDiscord = interaction.client.get_cog("plan")
    return cog


class ReadButton(Button, template=r"plan-read:(?P<section>\d{1,15})"):
    """Says that one has read up to the end of a section."""

    def __init__(self, section: int, label: str = "") -> None:
        style = discord.ButtonStyle.primary
        super().__init__(
            discord.ui.Button(label=label or None, style=style, custom_id=f"plan-read:{section}")
        )
        self._section = section

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["section"]))

    async def callback(self, interaction: Interaction) -> None:
        """Note it, and open the threads."""
        await interaction.client.serve(interaction, self._note(interaction))

    async def _note(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await _cog(interaction).read_section(interaction, self._section)
        await interaction.client.tell(interaction, told)


class PlaceList(Select, template=r"plan-place:(?P<book>\d{1,15})"):
    """The sections of a book, to say which one has finished."""

    def __init__(
        self, book: int, options: list[discord.SelectOption] | None = None, placeholder: str = ""
    ) -> None:
        super().__init__(
            discord.ui.Select(
                custom_id=f"plan-place:{book}",
                placeholder=placeholder or None,
                options=options or discord.utils.MISSING,
            )
        )
        self._book = book

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["book"]))
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Note what was chosen, and open the threads."""
        await interaction.client.serve(interaction, self._note(interaction))

    async def _note(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await _cog(interaction).place(interaction, self._book, self.item.values[0])
        await interaction.client.tell(interaction, told)


def place_list(plan: BookPlan, reached: int | None, speech: Speech) -> PlaceList:
    """Return the list of a plan's sections, those around where somebody is when they are many."""
    first = max(0, min((reached or 0) - CHOICES // 2, len(plan.sections) - CHOICES + 1))
    shown = plan.rules[first : first + CHOICES - 1]
    nothing = discord.SelectOption(
        label=words.not_begun(speech), value="rien", default=reached == 0
    )
    options = [nothing, *(_option(section, reached, speech) for section in shown)]
    return PlaceList(plan.book.id, options, words.choose(speech))


def place_view(plan: BookPlan, reached: int | None, speech: Speech) -> discord.ui.View:
    """Return what stands under a plan: the list, and a button for the section that somebody is in."""
    view = discord.ui.View(timeout=None)
    view.add_item(place_list(plan, reached, speech))
    for kept in plan.sections[reached or 0 : (reached or 0) + 1]:
        view.add_item(ReadButton(kept.id, words.next_button(kept.section, speech)))
    return view


def _option(section: Section, reached: int | None, speech: Speech) -> discord.SelectOption:
    return discord.SelectOption(
        label=clip(words.choice(section, speech), LABEL),
        description=clip(label(section, speech), LABEL),
        value=str(section.number),
        default=section.number == reached,
    )


CONTROLS = (ReadButton, PlaceList)
