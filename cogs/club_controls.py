"""What whoever leads a club chooses in when somebody asks to join it. Each list outlives a restart."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, get_args

import discord

from bot.clubs import Reply, Somebody
from bot.wording import club as words
from bot.wording.speech import Speech, clip

if TYPE_CHECKING:
    from cogs.club_discord import ClubDiscord

MOST, LABEL = 25, 100
"""People in a list, and characters of each: Discord's limits."""

Select = discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]]
Interaction = discord.Interaction[Any]


def answer_lists(club: int, people: Sequence[Somebody], speech: Speech) -> discord.ui.View:
    """Return the lists in which to let people in, or not."""
    view = discord.ui.View(timeout=None)
    for reply in get_args(Reply):
        view.add_item(AnswerList(club, reply, people[:MOST], speech))
    return view


class AnswerList(Select, template=r"club-(?P<reply>welcome|declined):(?P<club>\d{1,15})"):
    """Those who ask to join a club; whoever is chosen is let in, or is not."""

    def __init__(
        self,
        club: int,
        reply: Reply,
        people: Sequence[Somebody] = (),
        speech: Speech | None = None,
    ) -> None:
        options = [
            discord.SelectOption(label=clip(one.name or f"#{one.id}", LABEL), value=str(one.id))
            for one in people
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=f"club-{reply}:{club}",
                placeholder=words.whom(reply, speech) if speech else None,
                max_values=len(options) or 1,
                options=options or discord.utils.MISSING,
            )
        )
        self._club = club
        self._reply: Reply = reply

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows who was chosen."""
        built = cls(int(match["club"]), "welcome" if match["reply"] == "welcome" else "declined")
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Answer those who were chosen."""
        await interaction.client.serve(interaction, self._answer(interaction))

    async def _answer(self, interaction: Interaction) -> None:
        cog: ClubDiscord = interaction.client.get_cog("club")
        chosen = [int(value) for value in self.item.values if value.isdecimal()]
        await cog.answer(interaction, self._club, chosen, self._reply)


CONTROLS = (AnswerList,)
