"""The bot is killed with -9 while pauses begin and questions of the day are due: each comes once, whatever happens.

Before the bot lives, every one of many channels plans a reading pause and a question of the day for one and the same
second; two channels later another second begins, so that there is something due in every life.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dotenv import dotenv_values

from bot.app import App
from bot.clock import SystemClock
from bot.daily import Wish as Daily
from bot.pause import Wish
from bot.pause_plans import PauseWish
from bot.settings import read_settings
from games.core import Role
from games.recurrence import local_time
from tests.killing_deck import decks
from tests.lives import Planned
from tests.stage_fixtures import flat, plain

EACH = 2
"""Channels for each kill, so that something is still to begin when the last one falls."""

LEAD = 3
"""Seconds from the planning until the first is due."""

TEXTS = PAUSE, QUESTION = "Pause lecture", "Question du jour"


@dataclass(slots=True)
class Summary:
    """What happened in a run."""

    kills: int = 0
    pauses: int = 0
    questions: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.pauses} planned pauses begun, {self.questions} questions of the day asked;"
            f" {len(self.violations)} violations"
        )


class KillingPlans(Planned):
    """One run: the bot is killed `kills` times at instants that `seed` decides, from its first start on."""

    lead = LEAD

    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        super().__init__(folder, seed, kills, lobby=1.0, reveal=1.0)
        add = self.stage.discord.add_channel
        self._channels = [add(self.stage.guild.id, f"salon-{n}") for n in range(EACH * kills)]

    async def run(self) -> Summary:
        """Live until every kill was done and all has begun."""
        await self.live()
        pauses, questions = sum(self._begun().values()), sum(self._asked().values())
        return Summary(self.kills, pauses, questions, self.violations)

    async def _prepare(self) -> None:
        settings = read_settings(dotenv_values(self._folder / ".env"))
        app = await App.open(settings, decks=decks())
        now = local_time(SystemClock().wall(), settings.zone).replace(microsecond=0)
        start = now + timedelta(seconds=LEAD)
        try:
            for number, channel in enumerate(self._channels):
                room = await app.rooms.open_discord(
                    str(channel.id), str(self.stage.guild.id), channel.name
                )
                at = start + timedelta(seconds=number // EACH * self.longest_life // 2)
                pause = PauseWish(at, "once", Wish(60))
                await app.pause_plans.plan(room, pause, Role.HOST)
                await app.dailies.start(room, Daily(at.time()), Role.HOST)
        finally:
            await app.abandon()
            await app.database.close()

    def _hear(self, side: str, text: str) -> None:
        """Take nothing: what stands in the channels at the end is looked at."""

    def _begun(self) -> Counter[str]:
        """Return how many pauses that were planned have begun, by channel."""
        rows = self._rows(
            "SELECT room.discord_channel_id FROM session JOIN room ON room.id = session.room_id"
            " WHERE activity = 'pause' AND json_extract(options, '$.planned') IS NOT NULL"
        )
        return Counter(channel for (channel,) in rows)

    def _asked(self) -> Counter[str]:
        """Return how many questions of the day were asked, by channel."""
        rows = self._rows(
            "SELECT room.discord_channel_id FROM daily JOIN room ON room.id = daily.room_id"
        )
        return Counter(channel for (channel,) in rows)

    def _rested(self) -> bool:
        """Whether everything has begun and stands in its channel."""
        told = all(self._shown(each.id)[what] for each in self._channels for what in TEXTS)
        return told and self._nothing_due()

    def _shown(self, channel: int) -> Counter[str]:
        """Return how many messages of a channel show a pause or a question."""
        texts = [plain(flat(message)) for message in self.stage.discord.messages(channel)]
        return Counter(what for text in texts for what in TEXTS if what in text)

    def _check(self) -> None:
        begun, asked = self._begun(), self._asked()
        for channel in self._channels:
            key, shown = str(channel.id), self._shown(channel.id)
            for what, count in ((PAUSE, begun[key]), (QUESTION, asked[key])):
                if (count, shown[what]) != (1, 1):
                    self.violations.append(
                        f"{channel.name}: {what}: {count} kept, {shown[what]} shown"
                    )
