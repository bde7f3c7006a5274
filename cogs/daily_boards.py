"""What the question of the day looks like on Discord, and what one presses to answer. All of it outlives a restart."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.daily import Asked, Revealed
from bot.discord_client import quoted
from bot.discord_side import Board, DiscordSide
from bot.outbox import Post
from bot.people import People
from bot.storage.rooms import Room
from bot.wording import daily as words
from bot.wording import quiz as quiz_words
from bot.wording.speech import Speech, clip
from cogs.quiz_boards import COLOUR, Pictures, picture_of
from cogs.quiz_controls import LABEL, LONGEST_ANSWER
from games.core import Platform
from games.question import CHOICE_KINDS, LETTERS

if TYPE_CHECKING:
    from cogs.daily_discord import DailyDiscord

FORM = re.compile(r"daily-form:(?P<daily>\d{1,15})")

Interaction = discord.Interaction[Any]


def _cog(interaction: Interaction) -> "DailyDiscord":
    cog: DailyDiscord = interaction.client.get_cog("daily")
    return cog


def _button(
    label: str, custom_id: str, row: int | None = None
) -> discord.ui.Button[discord.ui.View]:
    style = discord.ButtonStyle.secondary
    return discord.ui.Button(
        label=clip(label, LABEL) or None, style=style, custom_id=custom_id, row=row
    )


class DailyButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"daily:(?P<daily>\d{1,15}):(?P<choice>\d)",
):
    """One choice."""

    def __init__(self, daily: int, choice: int, label: str = "") -> None:
        row = None if len(label) < 30 else min(choice, 4)
        super().__init__(_button(label, f"daily:{daily}:{choice}", row))
        self._daily = daily
        self._choice = choice

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["daily"]), int(match["choice"]))

    async def callback(self, interaction: Interaction) -> None:
        """Answer with this choice."""
        work = _cog(interaction).choose(interaction, self._daily, (self._choice,))
        await interaction.client.serve(interaction, work)


class DailyList(
    discord.ui.DynamicItem[discord.ui.Select[discord.ui.View]],
    template=r"daily-list:(?P<daily>\d{1,15})",
):
    """A list of choices of which several are right."""

    def __init__(self, daily: int, choices: Sequence[str] = (), placeholder: str = "") -> None:
        options = [
            discord.SelectOption(label=clip(f"{LETTERS[index]} · {text}", LABEL), value=str(index))
            for index, text in enumerate(choices)
        ]
        super().__init__(
            discord.ui.Select(
                custom_id=f"daily-list:{daily}",
                placeholder=placeholder or None,
                max_values=max(1, len(options)),
                options=options or discord.utils.MISSING,
            )
        )
        self._daily = daily

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the list again from its id; `item` knows what was chosen."""
        built = cls(int(match["daily"]))
        if isinstance(item, discord.ui.Select):
            built.item = item
        return built

    async def callback(self, interaction: Interaction) -> None:
        """Answer with what was chosen."""
        taken = [int(value) for value in self.item.values if value.isdecimal()]
        work = _cog(interaction).choose(interaction, self._daily, taken)
        await interaction.client.serve(interaction, work)


class DailyFormButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"daily-open:(?P<daily>\d{1,15})",
):
    """Opens a form, so that nobody else reads the answer."""

    def __init__(self, daily: int, label: str = "") -> None:
        super().__init__(_button(label, f"daily-open:{daily}"))
        self._daily = daily

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["daily"]))

    async def callback(self, interaction: Interaction) -> None:
        """Open the form, as long as its question is open."""
        await interaction.client.serve(interaction, self._open(interaction))

    async def _open(self, interaction: Interaction) -> None:
        event = await _cog(interaction).question(interaction, self._daily)
        speech = interaction.client.speech(interaction.channel_id)
        form = discord.ui.Modal(
            title=clip(words.heading(event, speech), 45), custom_id=f"daily-form:{self._daily}"
        )
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id="answer", max_length=LONGEST_ANSWER
        )
        form.add_item(
            discord.ui.Label(
                text=quiz_words.your_answer(speech),
                description=clip(event.prompt.question.prompt, 100),
                component=field,
            )
        )
        await interaction.response.send_modal(form)


CONTROLS = (DailyButton, DailyList, DailyFormButton)


class DailyOnDiscord:
    """Shows a question as one message, closes it the next day, and posts the answer as another."""

    platform: Platform = "discord"

    def __init__(self, side: DiscordSide, people: People, pictures: Pictures) -> None:
        self._side = side
        self._people = people
        self._pictures = pictures

    def asked(self, room: Room, asked: Asked) -> None:
        """Queue the question, with what one presses."""
        if room.discord_channel_id is not None:
            name = _name(asked)
            self._side.post(
                room, Post(self._question(asked, Speech(room.locale, quoted)), key=name)
            )

    def revealed(self, room: Room, revealed: Revealed) -> None:
        """Queue the closing of the question and the answer."""
        if room.discord_channel_id is None:
            return
        speech, name = Speech(room.locale, quoted), _name(revealed)
        closed = self._embed(revealed, [words.closed(speech)], speech)
        self._side.post(room, Post(Board(None, name, closed), key=name))
        ending = self._ending(revealed, speech)
        self._side.post(room, Post(Board(None, f"{name}-end", ending), key=f"{name}-end"))

    def _question(self, asked: Asked, speech: Speech) -> Board:
        kind = asked.prompt.kind
        seconds = asked.closes_at // 1_000_000
        lines = [*words.apology(asked, speech), ""]
        lines += [f"{words.closes(asked, speech)} <t:{seconds}:R>"]
        lines += [f"-# {words.how_to_press(kind, speech)}"]
        embed = self._embed(asked, lines, speech)
        image, alt = asked.prompt.question.image, asked.prompt.question.alt
        picture = picture_of(image, alt, embed, self._pictures)
        return Board(None, _name(asked), embed, _controls(asked, speech), picture)

    def _embed(self, event: Asked | Revealed, more: Sequence[str], speech: Speech) -> discord.Embed:
        question = event.prompt.question
        lines = [f"### {speech.quote(question.prompt)}"]
        lines += [f"-# {line}" for line in quiz_words.picture(question.alt, speech)]
        choices = quiz_words.choices(event.prompt.choices, speech)
        lines += [f"**{line[0]}** · {line[3:]}" for line in choices]
        return discord.Embed(
            colour=COLOUR,
            title=words.heading(event, speech),
            description="\n".join([*lines, *more]),
        )

    def _ending(self, revealed: Revealed, speech: Speech) -> discord.Embed:
        question = revealed.prompt.question
        lines = [f"**{speech.quote(question.prompt)}**", "", words.answer(revealed.prompt, speech)]
        if question.explanation:
            lines.append(speech.quote(question.explanation))
        lines += quiz_words.at_the_library(question.work, speech)
        if question.source:
            lines.append(f"-# {quiz_words.source(question.source, speech)}")
        lines += ["", words.turnout(revealed.tallies, speech)]
        lines += words.faithful(revealed, speech, self._people.name)
        return discord.Embed(
            colour=COLOUR,
            title=words.heading(revealed, speech),
            description="\n".join(lines),
        )


def _name(event: Asked | Revealed) -> str:
    return f"daily-{event.daily_id}"


def _controls(asked: Asked, speech: Speech) -> tuple[discord.ui.Item[Any], ...]:
    prompt, daily = asked.prompt, asked.daily_id
    if prompt.kind == "several":
        return (DailyList(daily, prompt.choices, quiz_words.choose_all(speech)),)
    if prompt.kind in CHOICE_KINDS:
        return tuple(
            DailyButton(daily, index, f"{LETTERS[index]} · {text}")
            for index, text in enumerate(prompt.choices)
        )
    return (DailyFormButton(daily, words.write(speech)),)
