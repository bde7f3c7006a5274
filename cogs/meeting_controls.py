"""What one presses about meetings on Discord. Each control holds all it needs in its id, and outlives a restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.meeting_news import Card
from bot.opinions import LONGEST, SHORTEST
from bot.people import LONGEST_NAME
from bot.wording import meeting as words
from bot.wording import opinions as opinion_words
from bot.wording.speech import Speech, clip
from games.meeting import LONGEST_WORD, Answer

if TYPE_CHECKING:
    from cogs.meeting_discord import MeetingDiscord

NO_COPY = "no-copy"
"""What is chosen by whoever did not get hold of the book."""

LABEL = 45
"""Characters of the label of a field."""

FORM = re.compile(r"meeting-(?P<form>opinion|favourite):(?P<meeting>\d{1,15})")
"""The ids of the forms."""

Button = discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]]
Interaction = discord.Interaction[Any]

_STYLES: dict[Answer, discord.ButtonStyle] = {
    "yes": discord.ButtonStyle.success,
    "maybe": discord.ButtonStyle.secondary,
    "no": discord.ButtonStyle.secondary,
}


def _cog(interaction: Interaction) -> "MeetingDiscord":
    cog: MeetingDiscord = interaction.client.get_cog("meeting")
    return cog


class AnswerButton(Button, template=r"meeting:(?P<meeting>\d{1,15}):(?P<answer>yes|maybe|no)"):
    """Says whether one comes."""

    def __init__(self, meeting: int, answer: Any, label: str = "") -> None:
        super().__init__(
            discord.ui.Button(
                label=label or None,
                style=_STYLES[answer],
                custom_id=f"meeting:{meeting}:{answer}",
            )
        )
        self._meeting = meeting
        self._answer: Answer = answer

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["meeting"]), match["answer"])

    async def callback(self, interaction: Interaction) -> None:
        """Take the answer."""
        answering = _cog(interaction).press_answer(interaction, self._meeting, self._answer)
        await interaction.client.serve(interaction, answering)


class RemindButton(Button, template=r"meeting-remind:(?P<meeting>\d{1,15}):(?P<on>on|off)"):
    """Asks to be reminded of a meeting in private, or no more."""

    def __init__(self, meeting: int, on: str, label: str = "") -> None:
        super().__init__(
            discord.ui.Button(
                label=label or None,
                style=discord.ButtonStyle.secondary,
                custom_id=f"meeting-remind:{meeting}:{on}",
            )
        )
        self._meeting = meeting
        self._on = on == "on"

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["meeting"]), match["on"])

    async def callback(self, interaction: Interaction) -> None:
        """Note it."""
        noting = _cog(interaction).press_remind(interaction, self._meeting, on=self._on)
        await interaction.client.serve(interaction, noting)


class MeetingButton(Button, template=r"meeting-(?P<act>here|say|love|plan):(?P<number>\d{1,15})"):
    """Checks in, opens a form on the book, or makes a plan that was said back in words."""

    def __init__(self, act: str, number: int, label: str = "", *, main: bool = False) -> None:
        style = discord.ButtonStyle.primary if main else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(label=label or None, style=style, custom_id=f"meeting-{act}:{number}")
        )
        self._act = act
        self._number = number

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(match["act"], int(match["number"]))

    async def callback(self, interaction: Interaction) -> None:
        """Do it."""
        cog = _cog(interaction)
        match self._act:
            case "here":
                work = cog.press_here(interaction, self._number)
            case "plan":
                work = cog.press_plan(interaction, self._number)
            case _:
                work = cog.press_form(interaction, self._act, self._number)
        await interaction.client.serve(interaction, work)


CONTROLS = (AnswerButton, RemindButton, MeetingButton)


def answer_buttons(card: Card, speech: Speech) -> tuple[discord.ui.Item[Any], ...]:
    """Return what one presses to say whether one comes; nothing once that is no question any more."""
    meeting = card.meeting
    if meeting.cancelled_at is not None or meeting.opened_at is not None:
        return ()
    answers: tuple[Answer, ...] = ("yes", "maybe", "no")
    return tuple(AnswerButton(meeting.id, one, words.button(one, speech)) for one in answers)


def opinion_buttons(card: Card, speech: Speech) -> tuple[discord.ui.Item[Any], ...]:
    """Return what one presses to say what one thinks of the book."""
    if card.book is None:
        return ()
    key = card.meeting.id
    return (
        MeetingButton("say", key, opinion_words.button(speech), main=True),
        MeetingButton("love", key, opinion_words.button_favourite(speech)),
    )


def opinion_form(meeting: int, speech: Speech) -> discord.ui.Modal:
    """Return the form about what one thinks of the book."""
    form = discord.ui.Modal(
        title=clip(opinion_words.form_title(speech), LABEL),
        custom_id=f"meeting-opinion:{meeting}",
    )
    outcomes: list[tuple[str, str]] = [*opinion_words.OUTCOMES.items()]
    outcomes.append((NO_COPY, opinion_words.NO_COPY))
    options = [discord.SelectOption(label=speech.gettext(t), value=k) for k, t in outcomes]
    stars = [
        discord.SelectOption(label=f"{number}/5", value=str(number)) for number in range(5, 0, -1)
    ]
    for name, choices in (("outcome", options), ("rating", stars)):
        select = discord.ui.Select[Any](custom_id=name, required=name == "outcome", options=choices)
        form.add_item(_labelled(name, select, speech))
    word = discord.ui.TextInput[Any](custom_id="word", required=False, max_length=LONGEST_WORD)
    form.add_item(_labelled("word", word, speech))
    return form


def favourite_form(meeting: int, name: str, speech: Speech) -> discord.ui.Modal:
    """Return the form for a favourite; `name` is what its author is called here."""
    form = discord.ui.Modal(
        title=clip(opinion_words.favourite_title(speech), LABEL),
        custom_id=f"meeting-favourite:{meeting}",
    )
    text = discord.ui.TextInput[Any](
        custom_id="text",
        style=discord.TextStyle.paragraph,
        min_length=SHORTEST,
        max_length=LONGEST,
        placeholder=clip(opinion_words.favourite_hint(speech), 100),
    )
    signature = discord.ui.TextInput[Any](
        custom_id="signature", default=name[:LONGEST_NAME], max_length=LONGEST_NAME
    )
    form.add_item(_labelled("text", text, speech))
    form.add_item(_labelled("signature", signature, speech))
    return form


def _labelled(name: str, item: discord.ui.Item[Any], speech: Speech) -> discord.ui.Label[Any]:
    return discord.ui.Label(text=clip(opinion_words.field(name, speech), LABEL), component=item)
