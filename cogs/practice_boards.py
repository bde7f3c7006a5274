"""What somebody who practises a game alone sees: the board of the room, with buttons for all that is typed there."""

from typing import Any

import discord

from bot.practice import Practice
from bot.wording import practice as words
from bot.wording.speech import Speech
from cogs.games_boards import GameBoards
from cogs.games_controls import ChoiceButton, FormButton, WishButton
from cogs.practice_controls import PracticeButton
from games.core import Scene


class PracticeBoards(GameBoards):
    """Composes the board of one practice."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(practice.kind, lambda _player: practice.owner.name)
        self._practice = practice

    def _footer(self, _scene: Scene, speech: Speech) -> str:
        return words.private(speech)

    def _how(self, scene: Scene, speech: Speech) -> list[str]:
        return [words.how(scene, speech)]

    def _controls(
        self, session: int, scene: Scene, speech: Speech
    ) -> tuple[discord.ui.Item[Any], ...]:
        if self._practice.end is not None:
            practice = self._practice
            return (PracticeButton(practice.kind.key, practice.details, words.again(speech)),)
        place, playing = (session, scene.turn), scene.phase == "playing"
        labels = self._words.choices(scene, speech) if scene.choices else ()
        asked: list[discord.ui.Item[Any]] = [
            ChoiceButton(*place, index, text) for index, text in enumerate(labels)
        ]
        if playing and not labels:
            asked.append(FormButton(*place, words.answer(speech)))
        actions = ("hint", "skip", "stop") if playing else ("skip", "stop")
        acting = [WishButton(session, name, words.action(name, speech)) for name in actions]
        return (*asked, *acting)
