"""Two small platforms for the rehearsal page: they keep what they were asked and show what a test puts in."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.page import Persona

HERE = 7  # the Discord channel
CHAT = "70"  # the Twitch channel
LETTERS = 8  # the bot's direct messages to whoever acts

PERSONAS = (
    Persona("camille", "discord", 101, "Camille", "patron"),
    Persona("noe", "discord", 102, "Noé", "patron"),
    Persona("ines", "discord", 103, "Inès", "moderator"),
    Persona("sacha", "discord", 104, "Sacha", "host"),
    Persona("camille", "twitch", "201", "camille_lit", "patron"),
    Persona("noe", "twitch", "202", "noe64", "patron"),
    Persona("ines", "twitch", "203", "ines_mod", "moderator"),
    Persona("sacha", "twitch", "70", "MediathequesPau", "host"),
)
LIVELY = {"slow": 0, "emotes": False}
BOT = {"id": "900", "name": "Ensemble", "bot": True}


class Calls:
    """Remembers every method called on it, whatever its name."""

    def __init__(self) -> None:
        self.made: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        def call(*values: Any, **named: Any) -> None:
            self.made.append((name, values, named))

        return call


@dataclass
class StubInteraction:
    id: int
    answer: Any = None
    error: Exception | None = None
    user_id: int = 101

    async def answered(self, timeout: float = 3.0) -> Any:  # noqa: ASYNC109
        if self.error:
            raise self.error
        return self.answer


def button(label: str, custom_id: str, style: int = 2, **more: Any) -> dict[str, Any]:
    return {"type": 2, "label": label, "custom_id": custom_id, "style": style, **more}


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def option(name: str, local: str, kind: int = 3, **more: Any) -> dict[str, Any]:
    blank = {
        "name": name,
        "local": local,
        "description": "",
        "type": kind,
        "required": False,
        "choices": [],
        "autocomplete": False,
        "min": None,
        "max": None,
    }
    return blank | more


def command(name: str, local: str, description: str, *options: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "local": local, "description": description, "options": list(options)}


COMMANDS = [
    command(
        "quiz start",
        "quiz lancer",
        "Lancer un quiz, ici et sur Twitch",
        option(
            "deck", "jeu-de-questions", autocomplete=True, required=True, description="Lequel ?"
        ),
        option("questions", "questions", 4, min=3, max=30, description="Combien de questions"),
        option(
            "pace",
            "rythme",
            description="La vitesse des minuteurs",
            choices=[{"name": "Tranquille", "value": "slow"}, {"name": "Vif", "value": "quick"}],
        ),
    ),
    command("quiz stop", "quiz arrêter", "Arrêter le quiz en cours"),
    command("pause", "pause", "Proposer une pause lecture"),
    command(
        "deck import",
        "questions importer",
        "Faire un jeu d’un fichier",
        option("file", "fichier", 11, required=True, description="Un tableur"),
        option("name", "nom", autocomplete=True),
    ),
]


@dataclass
class StubDiscord:
    faults: Calls = field(default_factory=Calls)
    shown: list[dict[str, Any]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=lambda: list(COMMANDS))
    modal: dict[str, Any] | None = None
    mode: dict[str, Any] = field(default_factory=lambda: dict(LIVELY))
    connected: bool = True
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    error: Exception | None = None
    answer_error: Exception | None = None
    listeners: list[Callable[[], None]] = field(default_factory=list)
    speaking: list[int] = field(default_factory=list)
    letters: int = 0
    views: int = 0
    last: int = 1000

    def places(self, channel: int, user: int) -> list[dict[str, Any]]:
        blank = {"parent": None, "private": False, "letters": 0, "writable": True}
        here = blank | {"id": str(HERE), "name": "quiz"}
        letter = blank | {"id": str(LETTERS), "name": "", "letters": self.letters}
        return [here, letter] if self.letters else [here]

    def sees(self, channel: int, user: int) -> bool:
        return channel in (HERE, LETTERS)

    def on_change(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def changed(self) -> None:
        for listener in self.listeners:
            listener()

    def put(self, content: str = "", author: Any = None, **more: Any) -> dict[str, Any]:
        self.last += 1
        blank = {
            "id": str(self.last),
            "author": author or BOT,
            "content": content,
            "embeds": [],
            "components": [],
            "edited": False,
            "ephemeral": False,
            "at": int(time.time()),
            "reply_to": None,
            "command": None,
            "files": [],
        }
        message = blank | more
        self.shown.append(message)
        self.changed()
        return message

    def view(self, channel_id: int, user_id: int) -> dict[str, Any]:
        assert channel_id in (HERE, LETTERS)
        self.views += 1
        direct = channel_id == LETTERS
        name = "" if direct else "salon-quiz"
        return {
            "channel": {
                "id": str(channel_id),
                "name": name,
                "guild": "Médiathèques",
                "direct": direct,
            },
            "messages": self.shown,
            "modal": self.modal,
            "commands": self.commands,
            "connected": self.connected,
            "typing": [],
            "mode": self.mode,
            "voices": [
                {
                    "id": "77",
                    "name": "Petit salon",
                    "stage": False,
                    "people": [p.name for p in PERSONAS if p.user_id in self.speaking],
                    "here": user_id in self.speaking,
                }
            ],
        }

    async def speak_in(self, user_id: int, channel_id: int) -> None:
        self._take("speak_in", user_id, channel_id)
        self.speaking.append(user_id)
        self.changed()

    async def hang_up(self, user_id: int) -> None:
        self._take("hang_up", user_id)
        self.speaking.remove(user_id)
        self.changed()

    def _take(self, *asked: Any) -> StubInteraction:
        self.asked.append(asked)
        if self.error:
            raise self.error
        return StubInteraction(len(self.asked), error=self.answer_error)

    async def say(self, user_id: int, channel_id: int, text: str) -> int:
        self._take("say", user_id, text)
        name = next(p.name for p in PERSONAS if p.user_id == user_id)
        return int(self.put(text, {"id": str(user_id), "name": name, "bot": False})["id"])

    async def edit(self, user_id: int, message_id: int, text: str) -> None:
        self._take("edit", user_id, message_id, text)

    async def delete(self, message_id: int) -> None:
        self._take("delete", message_id)

    async def slash(
        self, user_id: int, channel_id: int, name: str, /, **options: Any
    ) -> StubInteraction:
        return self._take("slash", user_id, name, options)

    async def autocomplete(
        self,
        user_id: int,
        channel_id: int,
        name: str,
        option_name: str,
        typed: Any,
        /,
        **others: Any,
    ) -> list[dict[str, Any]]:
        self._take("autocomplete", name, option_name, typed, others)
        decks = {"Premières phrases": "first-lines", "Romans noirs": "crime", "Prix Goncourt": "g"}
        return [{"name": k, "value": v} for k, v in decks.items() if typed.lower() in k.lower()]

    async def click(self, user_id: int, message_id: int, custom_id: str) -> StubInteraction:
        return self._take("click", user_id, message_id, custom_id)

    async def select(
        self, user_id: int, message_id: int, custom_id: str, values: list[str]
    ) -> StubInteraction:
        return self._take("select", user_id, message_id, custom_id, values)

    async def submit(self, interaction: StubInteraction, values: dict[str, str]) -> StubInteraction:
        return self._take("submit", interaction.id, values)

    def interaction(self, interaction_id: int) -> StubInteraction:
        if self.modal is None or self.modal["interaction"] != str(interaction_id):
            raise LookupError(interaction_id)
        return StubInteraction(interaction_id)

    def dismiss(self, interaction: StubInteraction) -> None:
        self._take("dismiss", interaction.id)


@dataclass
class StubTwitch:
    faults: Calls = field(default_factory=Calls)
    shown: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[Any, ...]] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    mode: dict[str, Any] = field(default_factory=lambda: dict(LIVELY))

    def on_change(self, listener: Callable[[], None]) -> None:
        self.listeners.append(listener)

    def put(self, name: str, text: str, user_id: str = "201", **more: Any) -> None:
        blank = {
            "id": f"line-{len(self.shown)}",
            "user_id": user_id,
            "name": name,
            "bot": False,
            "badges": [],
            "text": text,
            "at": time.time(),
            "reply_to": None,
            "deleted": False,
            "refused": None,
        }
        self.shown.append(blank | more)
        for listener in self.listeners:
            listener()

    def view(self, channel_id: str, user_id: str) -> dict[str, Any]:
        assert channel_id == CHAT
        channel = {"id": CHAT, "login": "mediathequespau", "name": "MediathequesPau"}
        return {
            "channel": channel,
            "lines": self.shown,
            "connected": True,
            "mode": self.mode,
        }

    async def say(self, user_id: str, channel_id: str, text: str) -> str:
        self.asked.append(("say", user_id, text))
        self.put(next(p.name for p in PERSONAS if p.user_id == user_id), text, user_id)
        return "line"

    async def delete_message(self, channel_id: str, message_id: str) -> None:
        self.asked.append(("delete", message_id))


class StubControl:
    """A bot that only remembers what was done to it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    async def restart(self) -> None:
        self.done.append("restart")

    async def kill(self) -> None:
        self.done.append("kill")
