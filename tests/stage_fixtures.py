"""An evening at the library: the live bot on the stage, people who play, and what must hold in every one of them.

Every test that takes `evening` also checks that both platforms understood each request, that nobody was pinged, that
no line was too long or too fast, and that the log holds no error that the test did not ask for.
"""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.clock import DAY, SystemClock, Timer
from bot.decks import Decks
from bot.rehearsal.discord_interactions import Interaction
from bot.rehearsal.recorder import Exchange, Frame, Recorder
from bot.rehearsal.stage import Cast, Stage
from bot.rehearsal.twitch_world import User
from bot.session import Session
from bot.settings import Settings
from bot.wording.refusals import refusal
from bot.wording.speech import Speech
from games.core import Refusal
from games.deck import Deck
from games.question import Question
from games.quiz import Quiz
from tests.vendor_api import check
from tests.waiting import LIMIT, until

FRENCH = Speech("fr")
PACE = 20.0
TIMES = {"lobby": 0.5, "reveal": 60.0}
"""In the clock's seconds: a short lobby, and a reveal that only a host's skip ends."""


class Hurried(SystemClock):
    """A clock that runs `pace` times as fast as the machine's, and can be put forward."""

    def __init__(self, pace: float = PACE) -> None:
        self._pace = pace
        self._ahead = 0.0
        self._days = 0.0

    def now(self) -> float:
        return super().now() * self._pace + self._ahead

    def wall(self) -> int:
        return super().wall() + round(self._days * DAY)

    def turn(self, days: float) -> None:
        """Set the wall clock to some days later."""
        self._days += days

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        return super().call_later(delay / self._pace, call)

    async def sleep(self, delay: float) -> None:
        await super().sleep(delay / self._pace)

    def jump(self, seconds: float) -> None:
        """Put the clock forward; timers already set do not notice."""
        self._ahead += seconds


def _choice(prompt: str, answer: str, *wrong: str) -> Question:
    return Question(prompt, answer, wrong=wrong, explanation=f"La réponse : {answer}.")


def decks() -> Decks:
    """Return small decks: letters to choose, words to type, other kinds, and one in English."""
    letters = (
        _choice("Qui a écrit « Germinal » ?", "Zola", "Hugo", "Sand"),
        _choice("Qui a écrit « La Mare au diable » ?", "Sand", "Zola", "Hugo"),
        _choice("Qui a écrit « Les Misérables » ?", "Hugo", "Sand", "Zola"),
    )
    words = (
        Question("Quelle ville a vu naître Henri IV ?", "Pau", explanation="En 1553."),
        Question("Quel fleuve traverse Paris ?", "La Seine", accept=("Seine",)),
    )
    kinds = (
        Question("En quelle année paraît « Germinal » ?", "1885", number=1885),
        Question("Quel mousquetaire ?", "Porthos", hints=("Il est fort.", "Il rêve d’un titre.")),
    )
    source = "Émile Zola, « Germinal », 1885"
    sourced = (Question("Quelle mine ?", "Germinal", source=source),)
    english = (_choice("Who wrote “Emma”?", "Austen", "Eliot", "Woolf"),)
    return Decks(
        (
            Deck("lettres", "Auteurs et autrices", "fr", "", "", "", letters),
            Deck("mots", "Mots à trouver", "fr", "", "", "", words),
            Deck("genres", "Nombres et indices", "fr", "", "", "", kinds),
            Deck("sources", "Avec ses sources", "fr", "", "", "", sourced),
            Deck("authors", "Authors", "en", "", "", "", english),
        )
    )


def plain(text: str) -> str:
    """Return a text with ordinary spaces and without Discord's escapes, so that tests stay readable."""
    return text.translate({0x202F: " ", 0xA0: " ", 0x200B: None, ord("\\"): None})


def refused(code: str, **facts: Any) -> str:
    """Return the French sentence of a refusal."""
    return plain(refusal(Refusal(code, **facts), FRENCH))


def flat(message: Mapping[str, Any]) -> str:
    """Return everything that a Discord message shows."""
    parts = [message["content"]]
    for embed in message["embeds"]:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts.append(embed.get("footer", {}).get("text", ""))
    return plain("\n".join(part for part in parts if part))


def buttons(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the buttons of a message, in order."""
    return [button for row in message["components"] for button in row["components"]]


class Evening:
    """The stage with its bot."""

    def __init__(self, folder: Path) -> None:
        self.recorder = Recorder()
        self.exchanges: list[Exchange] = []
        self.recorder.listen(self._record)
        self.stage = Stage(self.recorder)
        self.clock = Hurried()
        self.database = folder / "evening.sqlite3"
        self.errors: tuple[str, ...] = ()
        """Beginnings of the error messages that this evening is allowed to log."""
        self.decks = decks()
        self.cast = Cast(self.stage, self.database, clock=self.clock, decks=self.decks, times=TIMES)

    def _record(self, row: Exchange | Frame) -> None:
        if isinstance(row, Exchange):
            self.exchanges.append(row)

    # the bot

    @property
    def app(self) -> App:
        assert self.cast.app is not None
        return self.cast.app

    def settings(self, change: Callable[[Settings], Settings]) -> None:
        """Change the settings with which the bot will start."""
        self.cast._settings = change(self.cast._settings)

    def play_in_real_time(self, times: Mapping[str, float]) -> None:
        """Let the bot that starts next keep the machine's time."""
        self.cast._clock, self.cast._times = SystemClock(), times

    async def start(self) -> None:
        """Start the bot and wait until both platforms hear it."""
        await self.cast.start()
        await self.ready()

    async def ready(self) -> None:
        """Wait until both platforms that are set up hear the bot."""
        if self.cast._settings.discord is not None:
            await until(lambda: self.discord_is_up)
        if self.cast._settings.twitch is not None:
            await until(lambda: self.twitch_is_up)

    @property
    def discord_is_up(self) -> bool:
        client = self.app.discord
        return client is not None and self.stage.discord.sockets > 0 and bool(client.guilds)

    @property
    def twitch_is_up(self) -> bool:
        client = self.app.twitch
        health = client.health if client is not None else None
        return health is not None and 0 < health.wanted == health.subscribed and health.connected

    @property
    def session(self) -> Session:
        """The session that runs in the stage's room."""
        room = self.app.rooms.by_discord[str(self.stage.channel.id)]
        session = self.app.hall.running(room.id)
        assert session is not None
        return session

    @property
    def playing(self) -> bool:
        room = self.app.rooms.by_discord[str(self.stage.channel.id)]
        return self.app.hall.running(room.id) is not None

    @property
    def answer(self) -> str:
        """The right answer of the open question."""
        prompt = self.session.activity.scene().prompt
        every = [q for deck in self.decks.all.values() for q in deck.questions]
        return next(question.answer for question in every if question.prompt == prompt)

    @property
    def right(self) -> str:
        """The right letter of the open question."""
        return self.letter(self.answer)

    def letter(self, answer: str) -> str:
        """Return the letter of a choice of the open question."""
        return "ABCDEF"[self.session.activity.scene().choices.index(answer)]

    # Discord

    async def slash(
        self, command: str, /, by: Any = None, channel: int | None = None, **options: Any
    ) -> Interaction:
        """Run a slash command (as the host) and wait for its answer."""
        who = (by or self.stage.host).id
        place = channel or self.stage.channel.id
        interaction = await self.stage.discord.slash(who, place, command, **options)
        await interaction.settled()
        return interaction

    async def told(self, command: str, /, by: Any = None, **options: Any) -> str:
        """Run a slash command and return what the bot answers, privately."""
        interaction = await self.slash(command, by=by, **options)
        assert interaction.ephemeral, "the answer to a command is private"
        return flat(interaction.messages[0])

    async def write(self, by: Any, text: str) -> int:
        """Write in the Discord channel."""
        return await self.stage.discord.say(by.id, self.stage.channel.id, text)

    def messages(self) -> list[dict[str, Any]]:
        """Return the bot's public messages in the Discord channel."""
        bot = str(self.stage.discord.bot_user.id)
        every = self.stage.discord.messages(self.stage.channel.id)
        return [message for message in every if message["author"]["id"] == bot]

    def whispers(self, to: Any) -> list[str]:
        """Return what the bot wrote to somebody in private."""
        channel = self.stage.discord.private_channel(to.id)
        return [flat(message) for message in self.stage.discord.messages(channel.id)]

    async def shown(self, *texts: str, seconds: float = LIMIT) -> dict[str, Any]:
        """Wait for one public message of the bot that holds all these texts; return the latest such."""

        def find() -> dict[str, Any] | None:
            fitting = [m for m in self.messages() if all(text in flat(m) for text in texts)]
            return fitting[-1] if fitting else None

        seen = lambda: [flat(message) for message in self.messages()]  # noqa: E731
        found: dict[str, Any] = await until(find, seen, seconds)
        return found

    async def board(self) -> dict[str, Any]:
        """Wait for the open question's board and return it."""
        step = self.session.activity.scene().step
        return await self.shown(f"Question {step} sur")

    async def press(self, by: Any, label: str, message: Mapping[str, Any] | None = None) -> str:
        """Press the button whose label begins so, on the open question's board; return the private answer."""
        message = message or await self.board()
        pressed = next(b for b in buttons(message) if b["label"].startswith(label))
        interaction = await self.stage.discord.click(
            by.id, int(message["id"]), pressed["custom_id"]
        )
        answer = await interaction.settled()
        assert interaction.ephemeral, "the answer to a button is private"
        return flat(answer)

    async def click(self, by: Any, label: str, message: Mapping[str, Any]) -> Interaction:
        """Press the button whose label begins so, on any message; return what came of it at once."""
        pressed = next(b for b in buttons(message) if b["label"].startswith(label))
        interaction = await self.stage.discord.click(
            by.id, int(message["id"]), pressed["custom_id"]
        )
        await interaction.answered()
        return interaction

    async def choose(self, by: Any, letters: str, message: Mapping[str, Any] | None = None) -> str:
        """Choose in the open question's list; return the private answer."""
        message = message or await self.board()
        (menu,) = buttons(message)
        values = [str("ABCDEF".index(letter)) for letter in letters]
        interaction = await self.stage.discord.select(
            by.id, int(message["id"]), menu["custom_id"], values
        )
        answer = await interaction.settled()
        assert interaction.ephemeral, "the answer to a list is private"
        return flat(answer)

    async def open_form(self, by: Any) -> Interaction:
        """Open the form of the open question."""
        interaction = await self.click(by, "Répondre en privé", await self.board())
        assert interaction.modal is not None
        return interaction

    async def enter(self, form: Interaction, text: str) -> str:
        """Send a form that was opened; return the private answer."""
        interaction = await self.stage.discord.submit(form, {"answer": text})
        answer = await interaction.settled()
        assert interaction.ephemeral, "the answer to a form is private"
        return flat(answer)

    async def put_in_order(self, by: Any, *labels: str) -> tuple[Interaction, list[str]]:
        """Press "put in order" and then buttons of the private message; return it and what it said each time."""
        first = await self.click(by, "Mettre en ordre", await self.board())
        said = [flat(first.messages[0])]
        for label in labels:
            await self.click(by, label, first.messages[0])
            said.append(flat(first.messages[0]))
        return first, said

    # Twitch

    async def chat(self, by: User, text: str) -> str:
        """Write in the Twitch chat."""
        return await self.stage.twitch.say(by.id, self.stage.broadcaster.id, text)

    def lines(self) -> list[str]:
        """Return what the bot said in the Twitch chat."""
        every = self.stage.twitch.lines(self.stage.broadcaster.id)
        return [plain(line.text) for line in every if line.user_id == self.stage.twitch.bot.id]

    async def heard(self, *texts: str, seconds: float = LIMIT, after: int = 0) -> str:
        """Wait for one line of the bot that holds all these texts; return the latest such."""

        def find() -> str | None:
            fitting = [line for line in self.lines()[after:] if all(text in line for text in texts)]
            return fitting[-1] if fitting else None

        found: str = await until(find, self.lines, seconds)
        return found

    async def asks(self, by: User, text: str, *answer: str) -> str:
        """Write a command in the Twitch chat and wait for the answer."""
        count = len(self.lines())
        await self.chat(by, text)
        return await self.heard(*answer, after=count)

    # the game

    async def quiz(self, deck: str = "lettres", questions: int = 1, seconds: int = 300) -> None:
        """Let the host start a quiz, and wait for the first question on both platforms."""
        boards, lines = len(self.messages()), len(self.lines())
        await self.slash("quiz start", deck=deck, questions=questions, seconds=seconds)
        await until(lambda: any("Question 1 sur" in flat(m) for m in self.messages()[boards:]))
        await self.heard("Question 1 sur", after=lines)

    async def ask(self, *questions: Question, **options: Any) -> None:
        """Let the host start a quiz of these questions (in any order), and wait for the first on both platforms."""
        self.lay(*questions)
        await self.start_quiz(deck="soir", questions=len(questions), **options)

    def lay(self, *questions: Question) -> None:
        """Have a deck "soir" of these questions."""
        deck = Deck("soir", "Le soir", "fr", "", "", "", questions)
        self.decks._below = {**self.decks._below, "soir": deck}
        self.decks.lay((), ())

    async def start_quiz(self, **options: Any) -> None:
        """Let the host start a quiz by slash, and wait for the first question on both platforms."""
        boards, lines = len(self.messages()), len(self.lines())
        told = await self.told("quiz start", **{"seconds": 300, **options})
        assert told == "C’est parti !", told
        await until(lambda: any("Question 1 sur" in flat(m) for m in self.messages()[boards:]))
        await self.heard("Question 1 sur", after=lines)

    async def fair(self) -> None:
        """Wait until the rules know that both platforms see the question, and let it be since the same moment."""
        quiz = self.session.activity
        assert isinstance(quiz, Quiz)
        await until(lambda: len(quiz._reached) == 2)
        quiz._reached = dict.fromkeys(quiz._reached, max(quiz._reached.values()))

    async def replies(self, count: int) -> None:
        """Wait until so many have answered the open question."""
        await until(lambda: self.session.activity.scene().replies == count)

    async def asked(self, number: int) -> None:
        """Wait until a question is open on both platforms."""
        await self.shown(f"Question {number} sur")
        await self.heard(f"Question {number} sur")

    async def skip(self) -> None:
        """Let the host close the question, or go straight to the next."""
        await self.slash("quiz skip")

    async def points(self) -> dict[tuple[str, str], int]:
        """Return the ledger's points by (platform, name)."""
        rows = await self.app.database.rows(
            "SELECT ledger.platform, person.name, ledger.points FROM ledger"
            " JOIN person ON person.id = ledger.person_id"
        )
        return {(platform, name): points for platform, name, points in rows}

    # at the end

    def check(self, records: Sequence[logging.LogRecord], registered: set[str]) -> None:
        """Fail on whatever must not happen in any evening; `registered` holds command lists checked before."""
        bad = [line for exchange in self._unchecked(registered) for line in check(exchange)]
        assert not bad, bad[:5]
        for channel in (self.stage.channel.id, self.stage.second_channel.id):
            for message in self.stage.discord.messages(channel):
                if message["author"].get("bot"):
                    assert not message["mentions"], flat(message)
                    assert not message["mention_roles"], flat(message)
                    assert not message["mention_everyone"], flat(message)
        for exchange in self.exchanges:
            self._check_allowed_mentions(exchange)
        assert all(len(line) <= 500 for line in self.lines())
        assert self.stage.twitch.faults.rate_violations == 0
        errors = [r for r in records if r.levelno >= logging.ERROR]
        surprises = [r for r in errors if not r.getMessage().startswith(self.errors or ("\0",))]
        assert not surprises, [(r.getMessage(), r.exc_info) for r in surprises]
        wanted = [w for w in self.errors if not any(r.getMessage().startswith(w) for r in errors)]
        assert not wanted, f"these errors never came: {wanted}"

    def _unchecked(self, registered: set[str]) -> Iterator[Exchange]:
        """Leave out the long list of commands, the same at every start, when it was checked before."""
        for exchange in self.exchanges:
            if exchange.method == "PUT" and exchange.path.endswith("/commands"):
                body = repr(exchange.request)
                if body in registered:
                    continue
                registered.add(body)
            yield exchange

    def _check_allowed_mentions(self, exchange: Exchange) -> None:
        body = exchange.request if exchange.side == "discord" else None
        if not isinstance(body, dict) or exchange.method != "POST":
            return
        message = body.get("data") if "/callback" in exchange.path else body
        if isinstance(message, dict) and message.get("content"):
            assert message.get("allowed_mentions", {}).get("parse") == [], exchange.path


@pytest.fixture(scope="session")
def registered() -> set[str]:
    """Give the lists of commands whose registration was checked in this run."""
    return set()


@pytest.fixture
async def stopped_evening(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, registered: set[str]
) -> AsyncIterator[Evening]:
    """Give an evening whose bot has not started yet."""
    evening = Evening(tmp_path)
    await evening.stage.open()
    try:
        async with evening.stage.addresses():
            yield evening
            evening.stage.discord.faults.clear()
            evening.stage.twitch.faults.accept_connections()
            await evening.cast.stop()
    finally:
        await evening.stage.close()
        evening.recorder.close()
    evening.check(caplog.get_records("call"), registered)


@pytest.fixture
async def evening(stopped_evening: Evening) -> Evening:
    """Give an evening whose bot both platforms hear."""
    await stopped_evening.start()
    return stopped_evening


def only_discord(settings: Settings) -> Settings:
    """Return the settings without Twitch."""
    return replace(settings, twitch=None)


def only_twitch(settings: Settings) -> Settings:
    """Return the settings without Discord."""
    return replace(settings, discord=None)
