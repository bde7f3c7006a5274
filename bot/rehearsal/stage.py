"""The stage of a rehearsal: both platforms on one loopback port, people with roles, and a room to play in.

`ensemble rehearse`, the end-to-end tests and the benchmarks all stand on it; the bot on it is the live one.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Self

from aiohttp import web
from yarl import URL

from bot.app import App
from bot.clock import Clock
from bot.decks import Decks
from bot.endpoints import pointed
from bot.logs import Redactor
from bot.rehearsal.discord_platform import DiscordPlatform
from bot.rehearsal.page import Page, Persona
from bot.rehearsal.recorder import Recorder
from bot.rehearsal.twitch_platform import TwitchPlatform
from bot.settings import DiscordSettings, Settings, TwitchSettings, WebSettings

MODERATE = 1 << 13 | 1 << 40 | 1 << 52  # MANAGE_MESSAGES, MODERATE_MEMBERS, BYPASS_SLOWMODE
MANAGE_GUILD = 1 << 5
CHAT = (
    1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 31 | 1 << 38
)  # view, send, embed, attach, history, slash, send in threads
MANAGE_THREADS = 1 << 34

HOST_ROLE = "Animation"


class Stage:
    """Both platforms, with a library's server and channel and six people on either side."""

    def __init__(self, recorder: Recorder | None = None) -> None:
        self.discord = DiscordPlatform(recorder)
        self.twitch = TwitchPlatform(recorder)
        self.web = web.Application()
        self.discord.mount(self.web)
        self.twitch.mount(self.web)
        self._runner: web.AppRunner | None = None
        self.url = URL("http://127.0.0.1")
        self._build_discord()
        self._build_twitch()

    def _build_discord(self) -> None:
        discord = self.discord
        self.guild = discord.add_guild("Médiathèque de Pau")
        self.channel = discord.add_channel(self.guild.id, "quiz")
        self.second_channel = discord.add_channel(self.guild.id, "club-lecture")
        self.voice_channel = discord.add_voice_channel(self.guild.id, "Petit salon")
        self.stage_channel = discord.add_stage_channel(self.guild.id, "Estrade")
        discord.set_permissions(self.guild.id, self.guild.id, CHAT)
        hosts = discord.add_role(self.guild.id, HOST_ROLE, CHAT)
        moderators = discord.add_role(
            self.guild.id, "Modération", CHAT | MODERATE | MANAGE_GUILD | MANAGE_THREADS
        )
        self.camille = discord.add_user("camille", global_name="Camille")
        self.noe = discord.add_user("noe", global_name="Noé")
        self.host = discord.add_user("animation", global_name="Aurore (animation)")
        self.moderator = discord.add_user("moderation", global_name="Sami (modération)")
        discord.join(self.guild.id, self.camille.id)
        discord.join(self.guild.id, self.noe.id)
        discord.join(self.guild.id, self.host.id, roles=[hosts.id])
        discord.join(self.guild.id, self.moderator.id, roles=[moderators.id])

    def _build_twitch(self) -> None:
        twitch = self.twitch
        self.broadcaster = twitch.add_channel("mediatheque_pau", "Mediatheque_Pau")
        self.ines = twitch.add_user("ines", "Inès")
        self.leo = twitch.add_user("leo64", "Leo64")
        self.twitch_moderator = twitch.add_user("moderatrice", "Moderatrice")
        twitch.set_badges(self.broadcaster.id, self.twitch_moderator.id, "moderator")
        twitch.set_badges(self.broadcaster.id, self.broadcaster.id, "broadcaster")
        twitch.set_badges(self.broadcaster.id, twitch.bot.id, "moderator")

    def personas(self) -> list[Persona]:
        """Return who a visitor of the page may be."""
        return [
            Persona("camille", "discord", self.camille.id, "Camille", "patron"),
            Persona("noe", "discord", self.noe.id, "Noé", "patron"),
            Persona("host", "discord", self.host.id, "Aurore", "host"),
            Persona("moderator", "discord", self.moderator.id, "Sami", "moderator"),
            Persona("ines", "twitch", self.ines.id, "Inès", "patron"),
            Persona("leo", "twitch", self.leo.id, "Leo64", "patron"),
            Persona("broadcaster", "twitch", self.broadcaster.id, "Mediatheque_Pau", "host"),
            Persona("moderator", "twitch", self.twitch_moderator.id, "Moderatrice", "moderator"),
        ]

    def settings(self, database: Path, *, locale: str = "fr") -> Settings:
        """Return settings with which the live bot plays on this stage."""
        return Settings(
            discord=DiscordSettings(
                self.discord.bot_token, None, frozenset({HOST_ROLE.casefold()})
            ),
            twitch=TwitchSettings(
                client_id=self.twitch.client_id,
                client_secret=self.twitch.client_secret,
                bot_id=self.twitch.bot.id,
                token=self.twitch.access_token,
                refresh_token=self.twitch.refresh_token,
                channels=(self.broadcaster.login,),
                vip_hosts=False,
            ),
            database=database,
            decks=None,
            locale=locale,
            zone="Europe/Paris",
            season_start=(9, 1),
            lookup=(),
            lookup_contact="",
            web=WebSettings(0, "http://127.0.0.1"),
            journal_days=7,
            retention_days=400,
            log_level="INFO",
            log_format="text",
        )

    async def open(self, port: int = 0) -> Self:
        """Serve both platforms (and whatever was mounted on `web`) on 127.0.0.1; port 0 takes a free one.

        Raises:
            OSError: the port is taken.
        """
        self._runner = web.AppRunner(self.web, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        try:
            await site.start()
        except BaseException:
            await self._runner.cleanup()
            raise
        number = self._runner.addresses[0][1]
        self.url = URL(f"http://127.0.0.1:{number}")
        return self

    async def close(self) -> None:
        """Close every connection."""
        await self.discord.close()
        await self.twitch.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @asynccontextmanager
    async def addresses(self) -> AsyncIterator[None]:
        """Point both client libraries here."""
        with pointed(discord=self.url / "discord", twitch=self.url / "twitch"):
            yield


async def link_rooms(app: App, stage: Stage) -> None:
    """Make the stage's Discord channel and its Twitch channel one room, as `/room link` would."""
    room = await app.rooms.open_discord(
        str(stage.channel.id), str(stage.guild.id), stage.channel.name
    )
    if room.twitch_channel_id is None:
        await app.rooms.link(
            room, stage.broadcaster.id, stage.broadcaster.login, busy=lambda _: False
        )


class Cast:
    """The bot on the stage: it can be stopped in good order, killed, and started again."""

    def __init__(
        self,
        stage: Stage,
        database: Path,
        *,
        locale: str = "fr",
        clock: Clock | None = None,
        decks: Decks | None = None,
        times: Mapping[str, float] | None = None,
    ) -> None:
        self._stage = stage
        self._settings = stage.settings(database, locale=locale)
        self._clock = clock
        self._decks = decks
        self._times = times
        self._task: asyncio.Task[None] | None = None
        self.app: App | None = None

    async def start(self) -> App:
        """Open the bot and run it in the background."""
        redactor = Redactor(self._settings.secrets)
        app = await App.open(
            self._settings,
            clock=self._clock,
            decks=self._decks,
            times=self._times,
            redactor=redactor,
        )
        await link_rooms(app, self._stage)
        self._task = asyncio.create_task(app.run(), name="bot")
        self.app = app
        return app

    async def stop(self) -> None:
        """Stop it as SIGTERM would."""
        if self.app is not None and self._task is not None:
            self.app.stop()
            await self._task
        self._task = None

    async def restart(self) -> None:
        """Stop it in good order (if it runs) and start it again."""
        await self.stop()
        await self.start()

    async def kill(self) -> None:
        """Take it down without a word: nothing that waits is committed or sent."""
        if self.app is not None and self._task is not None:
            await self.app.abandon()
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._task = None


def mount_page(stage: Stage, cast: Cast, locale: str) -> None:
    """Put the page to play on at the stage's address."""
    Page(
        discord=stage.discord,
        twitch=stage.twitch,
        personas=stage.personas(),
        discord_channel=stage.channel.id,
        twitch_channel=stage.broadcaster.id,
        control=cast,
        locale=locale,
    ).mount(stage.web)
