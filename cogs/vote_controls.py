"""What one presses to vote on Discord. Each control holds all it needs in its id, and outlives a restart."""

import re
from collections.abc import Sequence
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.votes import Poll
from bot.wording import vote as words
from bot.wording.speech import Speech, clip
from games.votes import MOST_OPTIONS

if TYPE_CHECKING:
    from cogs.vote_discord import VoteDiscord

LABEL = 100
"""Characters of a choice in a list."""

LETTERS = ascii_lowercase[:MOST_OPTIONS]
"""An option in an id: "b" is the second."""

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Select = discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "VoteDiscord":
    cog: VoteDiscord = interaction.client.get_cog("vote")
    return cog


def _choices(poll: Poll, besides: Sequence[int] = ()) -> list[discord.SelectOption]:
    """Return the options of a vote, without those that are taken."""
    return [
        discord.SelectOption(
            label=clip(f"{number}. {book.title}", LABEL),
            value=str(number),
            description=clip(book.author, LABEL) or None,
        )
        for number, book in poll.books.items()
        if number not in besides
    ]


def controls(poll: Poll, speech: Speech) -> tuple[discord.ui.Item[Any], ...]:
    """Return what one presses to vote."""
    if poll.vote.rules.method == "ranked":
        return (RankButton(poll.vote.id, "", "show", words.vote_button(speech)),)
    return (BallotList(poll.vote.id, poll, speech),)


class BallotList(Select, template=r"vote:(?P<vote>\d{1,15})"):
    """The books; choosing again changes one's ballot."""

    def __init__(self, vote: int, poll: Poll | None = None, speech: Speech | None = None) -> None:
        super().__init__(
            discord.ui.Select(
                custom_id=f"vote:{vote}",
                placeholder=words.choose_books(speech) if speech else None,
                max_values=poll.vote.rules.choices if poll else 1,
                options=_choices(poll) if poll else discord.utils.MISSING,
            )
        )
        self._vote = vote

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["vote"]))
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Cast what was chosen."""
        await interaction.client.serve(interaction, self._cast(interaction))

    async def _cast(self, interaction: Interaction) -> None:
        numbers = [int(value) for value in self.item.values if value.isdecimal()]
        told = await _cog(interaction).cast(interaction, self._vote, numbers)
        speech = interaction.client.speech(interaction.channel_id)
        await interaction.client.tell(interaction, told, view=cast_view(self._vote, speech))


class RankList(Select, template=rf"vote-next:(?P<vote>\d{{1,15}}):(?P<taken>[{LETTERS}]{{0,25}})"):
    """The books that are not ranked yet, in a message that only its author sees; `taken` are those that are."""

    def __init__(self, vote: int, taken: str, options: list[discord.SelectOption]) -> None:
        super().__init__(
            discord.ui.Select(
                custom_id=f"vote-next:{vote}:{taken}",
                options=options or discord.utils.MISSING,
            )
        )
        self._place = vote, taken

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["vote"]), match["taken"], [])
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Rank what was chosen next."""
        await interaction.client.serve(interaction, self._rank(interaction))

    async def _rank(self, interaction: Interaction) -> None:
        vote, taken = self._place
        chosen = "".join(LETTERS[int(value) - 1] for value in self.item.values)
        await show_order(interaction, vote, taken + chosen, edit=True)


class RankButton(
    Button,
    template=rf"vote-rank:(?P<vote>\d{{1,15}}):(?P<taken>[{LETTERS}]{{0,25}}):(?P<act>show|again|cast)",
):
    """Begins an order, begins it again, or casts it."""

    def __init__(self, vote: int, taken: str, act: str, label: str = "") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(
                label=label or None, style=style, custom_id=f"vote-rank:{vote}:{taken}:{act}"
            )
        )
        self._place = vote, taken
        self._act = act

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["vote"]), match["taken"], match["act"])

    async def callback(self, interaction: Interaction) -> None:
        """Show the books to rank, or cast the order."""
        await interaction.client.serve(interaction, self._go_on(interaction))

    async def _go_on(self, interaction: Interaction) -> None:
        vote, taken = self._place
        if self._act != "cast":
            await show_order(interaction, vote, "", edit=self._act == "again")
            return
        told = await _cog(interaction).cast(interaction, vote, numbers_of(taken))
        speech = interaction.client.speech(interaction.channel_id)
        await interaction.response.edit_message(content=told, view=cast_view(vote, speech))


class TakeBackButton(Button, template=r"vote-back:(?P<vote>\d{1,15})"):
    """Takes one's ballot back."""

    def __init__(self, vote: int, label: str = "") -> None:
        style = discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label or None, style=style, custom_id=f"vote-back:{vote}")
        )
        self._vote = vote

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["vote"]))

    async def callback(self, interaction: Interaction) -> None:
        """Take the ballot back."""
        await interaction.client.serve(interaction, self._take_back(interaction))

    async def _take_back(self, interaction: Interaction) -> None:
        told = await _cog(interaction).take_back(interaction, self._vote)
        await interaction.response.edit_message(content=told, view=None)


def numbers_of(taken: str) -> list[int]:
    """Return the options that an id holds."""
    return [LETTERS.index(letter) + 1 for letter in taken]


def cast_view(vote: int, speech: Speech) -> discord.ui.View:
    """Return what stands under the answer to a ballot."""
    view = discord.ui.View(timeout=None)
    view.add_item(TakeBackButton(vote, words.take_back_button(speech)))
    return view


def ballot_view(poll: Poll, speech: Speech) -> discord.ui.View:
    """Return what one presses to vote, for a message of one's own."""
    view = discord.ui.View(timeout=None)
    for item in controls(poll, speech):
        view.add_item(item)
    return view


async def show_order(interaction: Interaction, vote: int, taken: str, *, edit: bool) -> None:
    """Show how far somebody has come with their order, in private: anew, or in place of what they pressed on."""
    poll = await _cog(interaction).poll(vote)
    speech = interaction.client.speech(interaction.channel_id)
    ballot = tuple(number for number in numbers_of(taken) if number in poll.books)
    text = words.order_so_far(ballot, poll, speech)
    view = discord.ui.View(timeout=None)
    if left := _choices(poll, ballot):
        view.add_item(RankList(vote, taken, left))
    if taken:
        view.add_item(RankButton(vote, taken, "cast", words.cast_button(speech)))
        view.add_item(RankButton(vote, taken, "again", words.again_button(speech)))
    if edit:
        await interaction.response.edit_message(content=text, view=view)
    else:
        await interaction.client.tell(interaction, text, view=view)


CONTROLS = (BallotList, RankList, RankButton, TakeBackButton)
