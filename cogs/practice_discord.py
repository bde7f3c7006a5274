"""Practising a game alone on Discord: a private message that is edited as the game goes, and its controls."""

import asyncio
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord.ext import commands

from bot.discord_client import DiscordClient, Form, visitor_of
from bot.discord_side import picture_of, view_of
from bot.games import ALONE, KINDS, names_of, read_game
from bot.pictures import Pictures
from bot.practice import Practice, Practices, read
from bot.wording import practice as words
from bot.wording.refusals import refusal
from bot.wording.speech import Speech, clip
from cogs.commands_discord import reply
from cogs.games_controls import PRACTICE_FORM
from cogs.practice_boards import PracticeBoards
from cogs.practice_controls import PracticeButton
from games.core import Refusal, Scene
from games.table import TABLE_EVENTS

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]


@dataclass(slots=True)
class _Screen:
    """Where a practice is shown: through the interaction that came last, for its token lives longest."""

    interaction: Interaction
    boards: PracticeBoards
    speech: Speech
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class PracticeDiscord:
    """Shows practices and takes what is pressed in them."""

    def __init__(self, client: DiscordClient, practices: Practices, pictures: Pictures) -> None:
        self._client = client
        self._practices = practices
        self._pictures = pictures
        self._screens: dict[int, _Screen] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        client.add_form(Form(PRACTICE_FORM, self.wrote))

    async def offer(self, ctx: commands.Context[Any], text: str) -> None:
        """Answer a typed command with a button, since only what is pressed can be answered unseen.

        Raises:
            Refusal: what `read_game` and `read` say, `not-alone`.
        """
        speech = self._client.speech(ctx.channel.id)
        if not text.strip():
            raise Refusal("which-practice", games=names_of(speech.locale, ALONE))
        kind, details = read_game(text, speech.locale)
        _require_alone(kind.key, speech.locale)
        read(details)
        view = discord.ui.View(timeout=None)
        view.add_item(PracticeButton(kind.key, details, words.offer(kind.words, speech)))
        await reply(ctx, words.invitation(speech), view=view)

    async def begin(self, interaction: Interaction, key: str, details: str) -> None:
        """Begin a practice for whoever asked, in a message of their own.

        Raises:
            Refusal: `not-alone`, `no-game`, or what `Practices.begin` says.
        """
        speech = self._client.speech(interaction.channel_id)
        _require_alone(key, speech.locale)
        read(details)
        message = interaction.message
        if message is not None and message.flags.ephemeral:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=True, thinking=True)
        kind, owner = KINDS[key], visitor_of(interaction.user)
        plain = Speech(speech.locale)
        practice = await self._practices.begin(
            owner,
            kind,
            details,
            words.title(kind.words.name(plain), plain),
            speech.locale,
            self._changed,
        )
        screen = self._screen(practice, interaction)
        await self._show(practice, screen, interaction, " ".join(kind.words.rules(speech)))

    # what is pressed

    async def choose(
        self, interaction: Interaction, number: int, turn: int, taken: Sequence[int]
    ) -> None:
        """Take what was pressed."""
        await self._play(
            interaction, number, lambda practice: self._practices.chose(practice, turn, taken)
        )

    async def wrote(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what was entered in a form."""
        text = "\n".join(" ".join(entered[key].split()) for key in sorted(entered))
        await self._play(
            interaction,
            int(match["session"]),
            lambda practice: self._practices.wrote(practice, int(match["turn"]), text),
        )

    async def wish(self, interaction: Interaction, number: int, wish: str) -> None:
        """Do what was asked for: a hint, to go on, to stop."""
        await self._play(interaction, number, lambda practice: self._practices.act(practice, wish))

    def form(self, interaction: Interaction, number: int, turn: int) -> tuple[Scene, Sequence[str]]:
        """Return what a form answers, and the labels of its fields.

        Raises:
            Refusal: `practice-over`, `moved-on`.
        """
        practice = self._practices.find(visitor_of(interaction.user), number)
        scene = practice.activity.scene()
        if scene.phase != "playing" or scene.turn != turn:
            raise Refusal("moved-on")
        speech = self._client.speech(interaction.channel_id)
        return scene, words.fields(scene, practice.kind.words, speech)

    async def _play(
        self, interaction: Interaction, number: int, play: Callable[[Practice], Sequence[Any]]
    ) -> None:
        """Let somebody play, and show what came of it in the same message, also why it was refused."""
        practice = self._practices.find(visitor_of(interaction.user), number)
        screen = self._screen(practice, interaction)
        try:
            note = _told(practice, play(practice), screen.speech)
        except Refusal as problem:
            note = refusal(problem, screen.speech)
        await self._show(practice, screen, interaction, note)

    # what is shown

    def _screen(self, practice: Practice, interaction: Interaction) -> _Screen:
        """Return where a practice is shown from now on; one that a former connection showed is shown here."""
        screen = self._screens.get(practice.number)
        if screen is None:
            speech = self._client.speech(interaction.channel_id)
            screen = _Screen(interaction, PracticeBoards(practice), speech)
            self._screens[practice.number] = screen
            practice.changed = self._changed
        screen.interaction = interaction
        return screen

    def _changed(self, practice: Practice) -> None:
        """Show what time has changed."""
        screen = self._screens.get(practice.number)
        if screen is None:
            return
        task = asyncio.create_task(self._show_again(practice, screen), name="a practice's board")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show_again(self, practice: Practice, screen: _Screen) -> None:
        try:
            await self._show(practice, screen, screen.interaction, "")
        except discord.DiscordServerError as error:
            log.warning("a practice could not be shown: %s", error.status)
        except discord.HTTPException as error:  # they closed it, and nobody else ever saw it
            log.info("a practice is shown no more: %s %s", error.status, error.code)
            self._practices.abandon(practice)
            self._screens.pop(practice.number, None)
        except Exception:  # nobody waits for this
            log.exception("a practice could not be shown")

    async def _show(
        self, practice: Practice, screen: _Screen, interaction: Interaction, note: str
    ) -> None:
        """Show a practice as it is now, in answer to an interaction if it has had none."""
        async with screen.lock:
            if not self._is_covered(practice, screen):
                await self._edit(practice, screen, interaction, note)
        if practice.end is not None:
            self._screens.pop(practice.number, None)

    def _is_covered(self, practice: Practice, screen: _Screen) -> bool:
        """Whether another practice has begun in the message of this one."""
        message = screen.interaction.message
        return practice.end == "replaced" and any(
            other is not screen and message is not None and other.interaction.message == message
            for other in self._screens.values()
        )

    async def _edit(
        self, practice: Practice, screen: _Screen, interaction: Interaction, note: str
    ) -> None:
        scene, ends_at = practice.activity.scene(), self._practices.ends_at(practice)
        board = screen.boards.board(practice.number, scene, ends_at, screen.speech)
        ending = words.over(practice, screen.speech) if practice.end is not None else ""
        file = await picture_of(board, self._pictures)
        content = "\n".join(part for part in (note, ending) if part)
        edit: Any = interaction.response.edit_message
        if interaction.response.is_done():
            edit = interaction.edit_original_response
        await edit(
            content=clip(content, 2000) or None,
            embed=board.embed,
            view=view_of(board),
            attachments=[] if file is None else [file],
        )


def _require_alone(key: str, locale: str) -> None:
    kind = KINDS.get(key)
    if kind is None or kind.alone is None:
        raise Refusal("not-alone", games=names_of(locale, ALONE))


def _told(practice: Practice, events: Sequence[Any], speech: Speech) -> str:
    """Return what came of it for whoever did it, where the board does not show it."""
    own = [event for event in events if not isinstance(event, TABLE_EVENTS)]
    parts = (practice.kind.words.told(event, speech) for event in own)
    return "\n".join(part for part in parts if part)
