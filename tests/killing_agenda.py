"""The bot is killed with -9 while much is due at once: nothing that was planned is lost, and nothing is told twice.

Before the bot lives, many meetings of a club are planned for one and the same time: that they are planned is due as
soon as it starts, and a few seconds later all of them are due again, being a day ahead.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from dotenv import dotenv_values

from bot.app import App
from bot.clock import SystemClock
from bot.clubs import Changes
from bot.meeting_wishes import Wish
from bot.people import Visitor
from bot.settings import read_settings
from games.core import Role
from games.recurrence import local_time
from tests.lives import Planned
from tests.stage_fixtures import flat, plain

EACH = 4
"""Meetings for each kill, so that there is still something to tell when the last one falls."""

LEAD = 5
"""Seconds from the planning until the meetings are a day ahead."""

TITLE = re.compile(r"« Soirée (\d+) », rencontre du club Polar")
SOON = "Bientôt"

Told = tuple[int, bool]
"""Which meeting was told of, and whether as one that comes soon."""


@dataclass(slots=True)
class Summary:
    """What happened in a run."""

    kills: int = 0
    here: int = 0
    there: int = 0
    again: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.here} pieces of news told on Discord, {self.there} on Twitch,"
            f" {self.again} of these again after a kill before it was noted; {len(self.violations)} violations"
        )


class KillingAgenda(Planned):
    """One run: the bot is killed `kills` times at instants that `seed` decides, from its first start on."""

    lead = LEAD

    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        super().__init__(folder, seed, kills, lobby=1.0, reveal=1.0)
        self._meetings = EACH * kills
        self._heard: dict[Told, list[int]] = {}

    async def run(self) -> Summary:
        """Live until every kill was done and nothing is due any more."""
        await self.live()
        again = sum(len(lives) - 1 for lives in self._heard.values())
        here = sum(self._shown().values())
        return Summary(self.kills, here, len(self._heard), again, self.violations)

    async def _prepare(self) -> None:
        stage = self.stage
        app = await App.open(read_settings(dotenv_values(self._folder / ".env")))
        try:
            room = await app.rooms.open_discord(str(stage.channel.id), str(stage.guild.id), "salon")
            await app.rooms.link(
                room, stage.broadcaster.id, stage.broadcaster.login, busy=lambda _: False
            )
            room = app.rooms.by_id[room.id]
            host = Visitor("discord", str(stage.host.id), "Aurore")
            club = (await app.clubs.create(room, host, Changes("Polar"), Role.HOST)).club
            now = local_time(SystemClock().wall(), room.zone).replace(microsecond=0)
            start = now + timedelta(days=1, seconds=LEAD)
            for number in range(self._meetings):
                wish = Wish(start, title=f"Soirée {number}")
                await app.clubhouse.meetings.plan(club, wish, room, host, Role.HOST)
        finally:
            await app.abandon()
            await app.database.close()

    def _hear(self, side: str, text: str) -> None:
        if side != "twitch":
            return
        for number in TITLE.findall(text):
            told = int(number), SOON in text
            lives = self._heard.setdefault(told, [])
            if lives and lives[-1] == self.kills:
                self.violations.append(f"{told} was told twice on Twitch in one life")
            lives.append(self.kills)

    def _shown(self) -> Counter[int]:
        """Return how many messages of Discord's channel there are on each meeting."""
        messages = self.stage.discord.messages(self.stage.channel.id)
        texts = [plain(flat(message)) for message in messages]
        return Counter(int(number) for text in texts for number in TITLE.findall(text))

    def _rested(self) -> bool:
        """Whether all that was due by now was told, both news of each meeting."""
        done = "SELECT COUNT(*) FROM due WHERE kind = 'club-news' AND state = 'done'"
        return self._rows(done) == [(2 * self._meetings,)] and self._nothing_due()

    def _check(self) -> None:
        shown = self._shown()
        for number in range(self._meetings):
            if shown[number] != 2:
                self.violations.append(f"{shown[number]} messages on meeting {number} on Discord")
            for soon in (False, True):
                if (number, soon) not in self._heard:
                    self.violations.append(f"{(number, soon)} was not told on Twitch")
