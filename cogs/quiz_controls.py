"""What one presses to answer a quiz on Discord. Each control holds all it needs in its id, and outlives a restart."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.wording import quiz as words
from bot.wording.speech import Speech, clip
from games.question import LETTERS

if TYPE_CHECKING:
    from cogs.quiz_discord import QuizDiscord

LABEL = 80
"""Characters of a button's label, and (more would be taken) of a choice in a list."""

FORM = re.compile(r"quiz-form:(?P<session>\d{1,15}):(?P<number>\d{1,4})")
LONGEST_ANSWER = 200

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "QuizDiscord":
    cog: QuizDiscord = interaction.client.get_cog("quiz")
    return cog


def _button(
    label: str, custom_id: str, row: int | None = None
) -> discord.ui.Button[discord.ui.View]:
    style = discord.ButtonStyle.secondary
    return discord.ui.Button(
        label=clip(label, LABEL) or None, style=style, custom_id=custom_id, row=row
    )


class AnswerButton(
    Button, template=r"quiz:(?P<session>\d{1,15}):(?P<number>\d{1,4}):(?P<choice>\d)"
):
    """One choice."""

    def __init__(self, session: int, number: int, choice: int, label: str = "") -> None:
        row = None if len(label) < 30 else min(choice, 4)
        super().__init__(_button(label, f"quiz:{session}:{number}:{choice}", row))
        self._place = session, number
        self._choice = choice

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["number"]), int(match["choice"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answer with this choice."""
        await interaction.client.serve(interaction, self._answer(interaction))

    async def _answer(self, interaction: Interaction) -> None:
        told = await _cog(interaction).answer(interaction, *self._place, (self._choice,))
        await interaction.client.tell(interaction, told)


class AnswerList(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=r"quiz-list:(?P<session>\d{1,15}):(?P<number>\d{1,4})",
):
    """A list of choices of which several are right."""

    def __init__(
        self, session: int, number: int, choices: Sequence[str] = (), placeholder: str = ""
    ) -> None:
        options = [
            discord.SelectOption(label=clip(f"{LETTERS[index]} · {text}", LABEL), value=str(index))
            for index, text in enumerate(choices)
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=f"quiz-list:{session}:{number}",
                placeholder=placeholder or None,
                max_values=max(1, len(options)),
                options=options or discord.utils.MISSING,
            )
        )
        self._place = session, number

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["session"]), int(match["number"]))
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Answer with what was chosen."""
        await interaction.client.serve(interaction, self._answer(interaction))

    async def _answer(self, interaction: Interaction) -> None:
        taken = [int(value) for value in self.item.values if value.isdecimal()]
        told = await _cog(interaction).answer(interaction, *self._place, taken)
        await interaction.client.tell(interaction, told)


class OrderButton(
    Button,
    template=r"quiz-order:(?P<session>\d{1,15}):(?P<number>\d{1,4}):(?P<taken>[0-5]{0,6})(?P<begun>!?)",
):
    """Builds an order press by press, in a message that only its author sees; `taken` are the choices so far."""

    def __init__(
        self, session: int, number: int, taken: str = "", label: str = "", *, begun: bool = False
    ) -> None:
        mark = "!" if begun else ""
        super().__init__(_button(label, f"quiz-order:{session}:{number}:{taken}{mark}"))
        self._place = session, number
        self._taken = taken
        self._begun = begun

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        place = int(match["session"]), int(match["number"])
        return cls(*place, match["taken"], begun=bool(match["begun"]))

    async def callback(self, interaction: Interaction) -> None:
        """Show what is left to choose from, or answer when nothing is."""
        await interaction.client.serve(interaction, self._go_on(interaction))

    async def _go_on(self, interaction: Interaction) -> None:
        cog = _cog(interaction)
        choices = cog.question(interaction, *self._place).choices
        speech = interaction.client.speech(interaction.channel_id)
        taken = [int(index) for index in self._taken]
        if len(taken) < len(choices):
            text = words.order_so_far([choices[index] for index in taken], speech)
            view = self._choices_left(choices, taken, speech)
            await self._show(interaction, text, view)
        else:
            told = await cog.answer(interaction, *self._place, taken)
            await self._show(interaction, told, None)

    def _choices_left(
        self, choices: Sequence[str], taken: list[int], speech: Speech
    ) -> discord.ui.View:
        view = discord.ui.View(timeout=None)
        for index, text in enumerate(choices):
            if index not in taken:
                label = f"{LETTERS[index]} · {text}"
                after = f"{self._taken}{index}"
                view.add_item(OrderButton(*self._place, after, label, begun=True))
        if taken:
            view.add_item(OrderButton(*self._place, "", words.start_over(speech), begun=True))
        return view

    async def _show(
        self, interaction: Interaction, text: str, view: discord.ui.View | None
    ) -> None:
        if self._begun and not interaction.response.is_done():
            await interaction.response.edit_message(content=text, view=view)
        else:
            more = {} if view is None else {"view": view}
            await interaction.client.tell(interaction, text, **more)


class FormButton(Button, template=r"quiz-open:(?P<session>\d{1,15}):(?P<number>\d{1,4})"):
    """Opens a form, so that nobody else reads the answer."""

    def __init__(self, session: int, number: int, label: str = "") -> None:
        super().__init__(_button(label, f"quiz-open:{session}:{number}"))
        self._place = session, number

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["number"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open the form, as long as its question is open."""
        await interaction.client.serve(interaction, self._open(interaction))

    async def _open(self, interaction: Interaction) -> None:
        scene = _cog(interaction).question(interaction, *self._place)
        speech = interaction.client.speech(interaction.channel_id)
        session, number = self._place
        form = discord.ui.Modal(
            title=words.heading(scene.step, scene.steps, speech),
            custom_id=f"quiz-form:{session}:{number}",
        )
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="answer", max_length=LONGEST_ANSWER
        )
        form.add_item(
            discord.ui.Label(
                text=words.your_answer(speech),
                description=clip(scene.prompt, 100),
                component=field,
            )
        )
        await interaction.response.send_modal(form)


class TeamButton(Button, template=r"quiz-team:(?P<session>\d{1,15}):(?P<team>\d{1,2})"):
    """Joins a team."""

    def __init__(self, session: int, team: int, label: str = "") -> None:
        super().__init__(_button(label, f"quiz-team:{session}:{team}"))
        self._team = team

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), int(match["team"]))

    async def callback(self, interaction: Interaction) -> None:
        """Join the team."""
        await interaction.client.serve(interaction, self._join(interaction))

    async def _join(self, interaction: Interaction) -> None:
        told = await _cog(interaction).join(interaction, self._team)
        await interaction.client.tell(interaction, told)


CONTROLS = (AnswerButton, AnswerList, OrderButton, FormButton, TeamButton)
