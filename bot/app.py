"""The composition root: builds everything once, runs both platforms side by side, closes in order."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Self

import discord
from discord.ext import commands as discord_commands
from twitchio.ext import commands as twitchio_commands

from bot import discord_client, twitch_client
from bot.agenda import KEPT_DAYS, Agenda
from bot.appointments import Appointments
from bot.clock import DAY, Clock, SystemClock
from bot.clubhouse import Clubhouse
from bot.clubs import Clubs
from bot.daily import Dailies
from bot.decks import Decks
from bot.declined import Declined
from bot.discord_client import DiscordClient
from bot.discord_events import DiscordEvents
from bot.discord_quiet import DiscordChats
from bot.discord_side import DiscordSide, Whisper
from bot.discord_threads import DiscordThreads
from bot.feeds import Feeds
from bot.games import KINDS, Games, builders
from bot.hall import Hall
from bot.headcount import Headcounts
from bot.hosts import Hosts, Seen
from bot.houses import Houses
from bot.logs import Redactor
from bot.on_air import OnAir, Warn
from bot.participation import Participation
from bot.pause import Pauses
from bot.pause_plans import PausePlans
from bot.people import People, Visitor
from bot.pictures import Pictures
from bot.practice import Practices
from bot.presence import Presence
from bot.projections import Projections, Site
from bot.proposals import Proposals
from bot.quiet import Chats, Quiet
from bot.quiz import Quizzes
from bot.readings import Readings
from bot.reminders import Reminders
from bot.rights import Rights
from bot.rooms import Rooms
from bot.settings import DiscordSettings, Settings, TwitchSettings
from bot.shelf import Shelf
from bot.storage import tokens
from bot.storage.database import Database
from bot.storage.rooms import Room
from bot.supervisor import Hopeless, supervise
from bot.sync import Syncs, settling
from bot.twitch_client import TwitchAuthError, TwitchClient
from bot.twitch_quiet import TwitchChats
from bot.twitch_schedule import TwitchSchedule
from bot.twitch_side import TwitchSide
from bot.web.server import Web
from bot.wording import proposals as proposal_words
from bot.wording import rights as rights_words
from bot.wording import room as room_words
from bot.wording import settings as settings_words
from bot.wording.speech import Speech
from cogs.agenda_discord import AgendaDiscord, AgendaOnDiscord
from cogs.agenda_twitch import AgendaOnTwitch, AgendaTwitch
from cogs.club_controls import CONTROLS as CLUB_CONTROLS
from cogs.club_discord import ClubDiscord, ClubOnDiscord
from cogs.club_twitch import ClubOnTwitch, ClubTwitch
from cogs.commands_twitch import Desk
from cogs.daily_boards import CONTROLS as DAILY_CONTROLS
from cogs.daily_boards import DailyOnDiscord
from cogs.daily_discord import DailyDiscord
from cogs.daily_twitch import DailyOnTwitch, DailyTwitch
from cogs.deck_controls import BUTTONS
from cogs.deck_discord import DeckDiscord
from cogs.deck_twitch import DeckTwitch
from cogs.games_boards import GameBoards
from cogs.games_controls import CONTROLS as GAME_CONTROLS
from cogs.games_discord import GamesDiscord
from cogs.games_twitch import GameLines, GamesTwitch
from cogs.headcount_discord import HeadcountDiscord
from cogs.headcount_twitch import HeadcountTwitch
from cogs.help_discord import HelpDiscord
from cogs.house_discord import HouseDiscord
from cogs.house_twitch import HouseTwitch
from cogs.meeting_boards import MeetingsOnDiscord
from cogs.meeting_controls import CONTROLS as MEETING_CONTROLS
from cogs.meeting_discord import MeetingDiscord
from cogs.meeting_twitch import MeetingsOnTwitch, MeetingTwitch
from cogs.minutes_controls import CONTROLS as MINUTES_CONTROLS
from cogs.minutes_discord import MinutesDiscord
from cogs.minutes_twitch import MinutesTwitch
from cogs.pause_boards import PauseBoards, PlansOnDiscord
from cogs.pause_controls import CONTROLS as PAUSE_CONTROLS
from cogs.pause_discord import PauseDiscord
from cogs.pause_twitch import PauseLines, PauseTwitch, PlansOnTwitch
from cogs.people_discord import OwnButton, PeopleDiscord
from cogs.people_twitch import PeopleTwitch
from cogs.plan_controls import CONTROLS as PLAN_CONTROLS
from cogs.plan_discord import PlanDiscord
from cogs.plan_twitch import PlanTwitch
from cogs.practice_controls import PracticeButton
from cogs.practice_discord import PracticeDiscord
from cogs.questions_controls import CONTROLS as QUESTION_CONTROLS
from cogs.questions_discord import QuestionsDiscord
from cogs.questions_twitch import QuestionsTwitch
from cogs.quiz_boards import QuizBoards
from cogs.quiz_controls import CONTROLS
from cogs.quiz_discord import QuizDiscord
from cogs.quiz_twitch import QuizLines, QuizTwitch
from cogs.rights_discord import RightsDiscord
from cogs.rights_twitch import RightsTwitch
from cogs.room_discord import Channel, RoomDiscord
from cogs.room_twitch import RoomTwitch
from cogs.round_table_controls import CONTROLS as ROUND_CONTROLS
from cogs.round_table_discord import RoundTableBoards, RoundTableDiscord
from cogs.round_table_twitch import RoundTableLines, RoundTableTwitch
from cogs.sync_discord import SyncBoards, SyncDiscord
from cogs.sync_twitch import SyncLines, SyncTwitch
from cogs.turn_controls import CONTROLS as TURN_CONTROLS
from cogs.turn_discord import TurnDiscord
from cogs.turn_twitch import TurnTwitch
from cogs.verbs import nearest_command
from cogs.vote_controls import CONTROLS as VOTE_CONTROLS
from cogs.vote_discord import VoteDiscord
from cogs.vote_twitch import VoteTwitch
from games.core import Platform, Refusal
from games.pause import Pause
from games.quiz import Quiz
from games.rights import Verdict, Work
from games.round_table import RoundTable
from games.sync import Sync
from games.words import lexicon

log = logging.getLogger(__name__)

DRAIN = 5.0
"""Seconds that outboxes get to send what waits when the program stops."""

NOTING = 1.0
"""Seconds that are left then to note what of the agenda has gone out."""


class App:
    """The whole program, once. `run` returns when it was told to `stop`, or when no platform is left."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        people: People,
        rooms: Rooms,
        houses: Houses,
        shelf: Shelf,
        *,
        clock: Clock,
        times: Mapping[str, float],
        redactor: Redactor,
    ) -> None:
        self.settings = settings
        self.database = database
        self.people = people
        self.rooms = rooms
        self.houses = houses
        self._clock = clock
        self._redactor = redactor
        self._stop = asyncio.Event()
        self._opening = asyncio.Lock()
        """Held while what runs by itself is being opened: nothing is closed half open."""
        self.readings = Readings(database, people, clock, season_start=settings.season_start)
        self.hall = Hall(
            database,
            people,
            clock,
            {
                "quiz": Quiz.from_json,
                "sync": Sync.from_json,
                "pause": Pause.from_json,
                "round": RoundTable.from_json,
                **builders(lexicon),
            },
            settlers={"sync": settling(rooms), "pause": self.readings.settle},
            season_start=settings.season_start,
        )
        self.participation = Participation(
            database,
            people,
            self.hall,
            clock,
            season_start=settings.season_start,
            zone=settings.zone,
            forget_elsewhere=self._forget_elsewhere,
        )
        self.shelf = shelf
        self.proposals = Proposals(
            database,
            people,
            shelf,
            clock,
            lambda locale: proposal_words.deck_title(Speech(locale)),
        )
        self.quizzes = Quizzes(self.hall, shelf.decks, people, self.houses, times, shelf.remember)
        self.hosts = Hosts(clock)
        self.headcounts = Headcounts(database, people, self.hall, clock)
        self.rights = Rights(database, clock, zone=settings.zone)
        self.syncs = Syncs(self.hall, rooms)
        self.games = Games(self.hall, lexicon, times, forms=("discord",))
        self.practices = Practices(self.games, clock)
        self.pictures = Pictures()
        self.pauses = Pauses(self.hall, people, self.readings)
        self.discord: DiscordClient | None = None
        self.twitch: TwitchClient | None = None
        self.discord_side = DiscordSide(
            database,
            clock,
            people,
            lambda: self.discord,
            {
                "quiz": QuizBoards(people, shelf.decks.picture, shelf.credit),
                "sync": SyncBoards(),
                "pause": PauseBoards(self.readings, people.name, self.headcounts.counted),
                "round": RoundTableBoards(people),
                **{key: GameBoards(kind, people.name) for key, kind in KINDS.items()},
            },
            self.pictures,
        )
        self.twitch_side = TwitchSide(
            clock,
            people,
            lambda: self.twitch,
            {
                "quiz": QuizLines(people, shelf.credit),
                "sync": SyncLines(),
                "pause": PauseLines(self.readings, people.name, self.headcounts.counted),
                "round": RoundTableLines(people),
                **{key: GameLines(kind, people) for key, kind in KINDS.items()},
            },
        )
        self.declined = Declined(
            self.hall,
            clock,
            {"discord": self.discord_side.decline, "twitch": self.twitch_side.decline},
        )
        self.agenda = Agenda(database, clock, self._settled)
        self.clubs = Clubs(database, people, clock, locale=settings.locale)
        self.appointments = Appointments(
            self.agenda,
            clock,
            [
                *([AgendaOnDiscord(self.discord_side)] if settings.discord else []),
                *([AgendaOnTwitch(self.twitch_side)] if settings.twitch else []),
            ],
            self.clubs,
            rooms.by_id,
        )
        self.dailies = Dailies(
            database,
            clock,
            self.agenda,
            people,
            rooms,
            shelf.decks,
            [
                *(
                    [DailyOnDiscord(self.discord_side, people, shelf.decks.picture)]
                    if settings.discord
                    else []
                ),
                *([DailyOnTwitch(self.twitch_side, people)] if settings.twitch else []),
            ],
        )
        plan_faces: list[PlansOnDiscord | PlansOnTwitch] = [
            *([PlansOnDiscord(self.discord_side)] if settings.discord else []),
            *([PlansOnTwitch(self.twitch_side, people)] if settings.twitch else []),
        ]
        self.reminders = Reminders(database, clock, self.agenda, people, rooms, plan_faces)
        self.pause_plans = PausePlans(
            database, clock, self.agenda, self.hall, rooms, self.pauses, self.hosts, plan_faces
        )
        self.clubhouse = self._build_clubs(settings)
        self.appointments.keep("meeting", self.clubhouse.meetings)
        self.reminders.also(self.clubhouse.rsvps.wanting)
        self.feeds = Feeds(
            database,
            clock,
            self.agenda,
            self.clubs,
            rooms,
            base=settings.web.url if settings.web else "",
            locale=settings.locale,
            zone=settings.zone,
        )
        self.web = Web(self.feeds, self._health)
        self.projections = Projections(
            database, clock, self.agenda, rooms, self.clubs, self._sites(settings)
        )
        self.presence = Presence(
            clock, self, {"discord": self.discord_side, "twitch": self.twitch_side}
        )
        self._desk = Desk(
            self.twitch_side,
            rooms,
            clock,
            self.hosts,
            vip_hosts=settings.twitch is not None and settings.twitch.vip_hosts,
        )
        self.quiet: dict[Platform, Quiet] = {}
        self._on_air: list[OnAir] = []
        self.hearing: set[Platform] = set()
        self._trusted: dict[str, str] = {}
        self._watched: set[str] = set()
        if settings.discord is not None:
            self.hall.add_side(self.discord_side)
            self._add_quiet(DiscordChats(lambda: self.discord), self.discord_side.say)
            self._add_on_air("discord", self._warn_on_discord)
        if settings.twitch is not None:
            self.hall.add_side(self.twitch_side)
            self._add_quiet(TwitchChats(lambda: self.twitch), self.twitch_side.say)
            self._add_on_air("twitch", self._warn_on_twitch)

    def _sites(self, settings: Settings) -> list[Site]:
        """Return where platforms show what is planned."""
        return [
            *([DiscordEvents(lambda: self.discord)] if settings.discord else []),
            *(
                [TwitchSchedule(lambda: self.twitch, settings.twitch.bot_id)]
                if settings.twitch
                else []
            ),
        ]

    def _build_clubs(self, settings: Settings) -> Clubhouse:
        """Build what clubs do on the platforms that are set up."""
        people, clock = self.people, self._clock
        news: list[ClubOnDiscord | ClubOnTwitch] = [
            *([ClubOnDiscord(self.discord_side)] if settings.discord else []),
            *([ClubOnTwitch(self.twitch_side, people, clock)] if settings.twitch else []),
        ]
        meetings: list[MeetingsOnDiscord | MeetingsOnTwitch] = [
            *([MeetingsOnDiscord(self.discord_side, people, clock)] if settings.discord else []),
            *([MeetingsOnTwitch(self.twitch_side, people, clock)] if settings.twitch else []),
        ]
        return Clubhouse(
            settings,
            self.database,
            clock,
            people,
            self.rooms,
            self.clubs,
            hall=self.hall,
            agenda=self.agenda,
            news_faces=news,
            meeting_faces=meetings,
            threads=DiscordThreads(lambda: self.discord),
        )

    async def _forget_elsewhere(self, visitor: Visitor) -> bool:
        """Let go of what is tied to an account rather than to a person; return whether there was any."""
        return await self.clubhouse.forget(visitor)

    def _add_quiet(self, chats: Chats, tell: Callable[[Room, str], None]) -> None:
        quiet = Quiet(self.database, self._clock, chats, self.hall.running, tell)
        self.quiet[quiet.platform] = quiet
        self.hall.add_side(quiet)

    def _add_on_air(self, platform: Platform, warn: Warn) -> None:
        on_air = OnAir(platform, self.rights, self.hosts, warn)
        self._on_air.append(on_air)
        self.hall.add_side(on_air)

    def _warn_on_discord(self, room: Room, host: Seen, work: Work, verdict: Verdict) -> None:
        text = rights_words.warned(work, verdict, Speech(room.locale, discord_client.quoted))
        self.discord_side.whisper(Whisper(host.visitor.user_id, text, f"air-{self._clock.wall()}"))

    def _warn_on_twitch(self, room: Room, host: Seen, work: Work, verdict: Verdict) -> None:
        text = rights_words.warned(work, verdict, Speech(room.locale))
        if host.source is not None and host.channel_id is not None:
            self.twitch_side.reply(room, [text], host.source, host.channel_id)

    @classmethod
    async def open(
        cls,
        settings: Settings,
        *,
        clock: Clock | None = None,
        decks: Decks | None = None,
        times: Mapping[str, float] | None = None,
        redactor: Redactor | None = None,
    ) -> Self:
        """Open the database and find again what a former run left.

        `times` overrides a quiz's `lobby` and `reveal` seconds.

        Raises:
            DeckError, DatabaseTooNewError, sqlite3.DatabaseError: nothing is left open then.
        """
        clock = clock or SystemClock()
        decks = decks or Decks.shipped(settings.decks)
        database = await Database.open(settings.database)
        try:
            people = await People.load(database, clock)
            rooms = await Rooms.load(database, clock, locale=settings.locale, zone=settings.zone)
            houses = await Houses.load(database, people, clock, locale=settings.locale)
            shelf = await Shelf.load(database, decks, people, clock)
            redactor = redactor or Redactor(settings.secrets)
            app = cls(
                settings,
                database,
                people,
                rooms,
                houses,
                shelf,
                clock=clock,
                times=times or {},
                redactor=redactor,
            )
            await app.readings.load()
            await app.headcounts.load()
            await app.hall.open(rooms.by_id)
            for quiet in app.quiet.values():
                await quiet.open(rooms.by_id)
        except BaseException:
            await database.close()
            raise
        return app

    def busy(self) -> Iterable[Room]:
        """Return the rooms that play now."""
        return [session.room for session in self.hall.sessions()]

    def notice_host(self, room: Room, line: twitch_client.Line) -> None:
        """Note that a host is there, if it is one who writes."""
        self._desk.notice_host(room, line)

    def suggest(self, line: twitch_client.Line, near: str) -> None:
        """Answer a mistyped Twitch command."""
        self._desk.suggest(line, near)

    async def _settled(self, room_id: int, platform: Platform) -> None:
        """Wait until all that was queued for a room has gone out on a platform."""
        sides = (side for side in self.hall.sides if side.platform == platform)
        await asyncio.gather(*(side.settled(room_id) for side in sides))

    def hear(self, room: Room, visitor: Visitor, text: str, source: str) -> None:
        """Let the hall judge a line of chat."""
        if self.hall.said(room.id, visitor, text, source) is None:
            self.declined.line(room, visitor)

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stop.set()

    async def run(self) -> None:
        """Run every platform that is set up until `stop`.

        Raises:
            Hopeless: the only platform left cannot work; says what a person must change.
        """
        sides = {
            "Discord": self._run_discord(self.settings.discord) if self.settings.discord else None,
            "Twitch": self._run_twitch(self.settings.twitch) if self.settings.twitch else None,
        }
        running = {
            asyncio.create_task(supervise(name, run, self._clock), name=name)
            for name, run in sides.items()
            if run is not None
        }
        stopping = asyncio.create_task(self._stop.wait(), name="stop")
        retention = asyncio.create_task(self._expire_daily(), name="retention")
        try:
            async with self._opening:
                await self.agenda.open()
                await self.clubhouse.votes.purge()
                await self._open_web()
                await self.projections.open()
            await self._until_stopped(running, stopping)
        finally:
            await self._close([stopping, retention, *running])

    async def abandon(self) -> None:
        """Fall silent at once, as a power cut would: what was not yet committed is lost. For rehearsals."""
        async with self._opening:
            await self.web.close()
        await self.projections.close()
        await self.agenda.close()
        self.practices.close()
        await self.clubhouse.abandon()
        for quiet in self.quiet.values():
            quiet.give_up()
        for on_air in self._on_air:
            on_air.give_up()
        await self.hall.abandon()
        await asyncio.gather(self.discord_side.close(0), self.twitch_side.close(0))

    async def _open_web(self) -> None:
        """Serve calendars, if the settings say where; without them everything else goes on."""
        web = self.settings.web
        if web is None:
            return
        try:
            await self.web.open(web.port)
        except OSError:
            self.feeds.base = ""
            log.error("%s", settings_words.web_port_taken(web.port, Speech(self.settings.locale)))
            return
        if web.url and not web.port:
            self.feeds.base = f"{web.url}:{self.web.port}"

    async def _health(self) -> Mapping[str, str]:
        """Return whether each side hears; raises when the disk does not answer."""
        await self.database.check()
        sides: dict[Platform, object] = {
            "discord": self.settings.discord,
            "twitch": self.settings.twitch,
        }
        return {
            name: "off" if settings is None else "up" if name in self.hearing else "down"
            for name, settings in sides.items()
        }

    async def _until_stopped(
        self, running: set[asyncio.Task[None]], stopping: asyncio.Task[bool]
    ) -> None:
        while running and not stopping.done():
            done, _ = await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
            for task in done & running:
                running.discard(task)
                error = task.exception()
                if isinstance(error, Hopeless) and running:
                    log.error("%s stays off: %s", task.get_name(), error.explain)
                    self._leave_off(task.get_name())
                elif error is not None:
                    raise error

    def _leave_off(self, name: str) -> None:
        side = self.discord_side if name == "Discord" else self.twitch_side
        on_air = (one for one in self._on_air if one.platform == side.platform)
        for left in (side, self.quiet[side.platform], *on_air):
            self.hall.drop_side(left)
            left.give_up()

    async def _close(self, tasks: list[asyncio.Task[None] | asyncio.Task[bool]]) -> None:
        """Intake closes, the writer commits, outboxes send, clients and database close."""
        self.presence.close()
        await self.web.close()
        await self.projections.close()
        await self.agenda.rest()
        self.practices.close()
        await self.clubhouse.close()
        await self.hall.close()
        await asyncio.gather(
            self.discord_side.close(DRAIN),
            self.twitch_side.close(DRAIN),
            *(quiet.close(DRAIN) for quiet in self.quiet.values()),
        )
        await self.hall.finish()
        await self.agenda.close(NOTING)
        if self.twitch is not None:
            await self.twitch.close()
        if self.discord is not None:
            await self.discord.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.database.close()

    async def _expire_daily(self) -> None:
        while True:
            try:
                plays, people = await self.participation.expire(
                    journal_days=self.settings.journal_days,
                    retention_days=self.settings.retention_days,
                )
                log.info("retention: %d plays and %d people erased", plays, people)
                log.info("retention: %d rights erased", await self.rights.expire())
                log.info("retention: %d dates and answers erased", await self._expire_plans())
                log.info("retention: %d proposals erased", await self.proposals.expire())
                await self.clubhouse.expire()
            except Exception:  # tomorrow is another day
                log.exception("retention failed")
            await self._clock.sleep(DAY / 1_000_000)

    async def _expire_plans(self) -> int:
        """Erase what is no longer needed of the agenda and the questions of the day; return how many rows went."""
        await self.discord_side.expire(self._clock.wall() - KEPT_DAYS * DAY)
        answers = await self.dailies.expire(self.settings.journal_days)
        return answers + await self.agenda.expire()

    def _run_discord(self, settings: DiscordSettings) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            self.discord = DiscordClient(
                listener=DiscordEar(self),
                locale=self.settings.locale,
                guild_id=settings.guild_id,
                host_roles=settings.host_roles,
                cogs=self._discord_cogs,
                buttons=(
                    *CONTROLS,
                    OwnButton,
                    *BUTTONS,
                    *CLUB_CONTROLS,
                    *DAILY_CONTROLS,
                    *GAME_CONTROLS,
                    PracticeButton,
                    *MEETING_CONTROLS,
                    *PAUSE_CONTROLS,
                    *PLAN_CONTROLS,
                    *TURN_CONTROLS,
                    *ROUND_CONTROLS,
                    *VOTE_CONTROLS,
                    *QUESTION_CONTROLS,
                    *MINUTES_CONTROLS,
                ),
            )
            speech = Speech(self.settings.locale)
            try:
                async with self.discord:
                    await self.discord.start(settings.token)
            except discord.LoginFailure as error:
                raise Hopeless(settings_words.discord_token(speech)) from error
            except discord.PrivilegedIntentsRequired as error:
                raise Hopeless(settings_words.discord_intent(speech)) from error
            finally:
                self.discord = None
                self.hearing.discard("discord")
                self.presence.down("discord")

        return run

    def _discord_cogs(self, client: DiscordClient) -> list[discord_commands.Cog]:
        return [
            QuizDiscord(client, self.hall, self.rooms, self.quizzes, self.people),
            PauseDiscord(
                client,
                self.hall,
                self.rooms,
                self.pauses,
                self.readings,
                self.people,
                self.discord_side.notices,
                self.rights,
                self.pause_plans,
                self.reminders,
            ),
            TurnDiscord(client, self.hall, self.rooms, self.pauses, self.people),
            RoundTableDiscord(client, self.hall, self.rooms, self.clubhouse.round_tables),
            PeopleDiscord(
                client,
                self.people,
                self.participation,
                self.rooms,
                self.proposals,
                self.dailies,
                self.readings,
                self.clubhouse.progress,
                self.clubhouse.opinions,
            ),
            AgendaDiscord(client, self.rooms, self.appointments, self.feeds),
            DailyDiscord(client, self.rooms, self.dailies, self._clock),
            RoomDiscord(
                client, self.hall, self.rooms, self._find_channel, self._watch_rooms, self.syncs
            ),
            SyncDiscord(client, self.rooms, self.syncs),
            HouseDiscord(client, self.houses),
            ClubDiscord(
                client,
                self.rooms,
                self.clubs,
                self.clubhouse.books,
                self.clubhouse.votes,
                self.clubhouse.cards,
                self.feeds,
                self.clubhouse.opinions,
                zone=self.settings.zone,
            ),
            MeetingDiscord(
                client,
                self.rooms,
                self.clubs,
                self.clubhouse.meetings,
                self.clubhouse.rsvps,
                self.clubhouse.attendances,
                self.clubhouse.opinions,
            ),
            VoteDiscord(client, self.clubs, self.clubhouse.votes, self.rooms),
            PlanDiscord(
                client,
                self.rooms,
                self.clubs,
                self.clubhouse.plans,
                self.clubhouse.progress,
                self.clubhouse.threads,
                zone=self.settings.zone,
            ),
            QuestionsDiscord(client, self.rooms, self.clubs, self.clubhouse.questions, self.people),
            MinutesDiscord(
                client, self.rooms, self.clubs, self.clubhouse.minutes, zone=self.settings.zone
            ),
            DeckDiscord(client, self.shelf, self.proposals),
            HelpDiscord(client),
            GamesDiscord(
                client,
                self.hall,
                self.rooms,
                self.games,
                self.people,
                self.pictures,
                PracticeDiscord(client, self.practices, self.pictures),
            ),
            RightsDiscord(client, self.rights, self.rooms),
            HeadcountDiscord(client, self.headcounts, self.rooms),
        ]

    def _run_twitch(self, settings: TwitchSettings) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            self._watched = set()
            store = TokensKept(self.database, settings, self._clock, self._redactor)
            self.twitch = TwitchClient(
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                bot_id=settings.bot_id,
                tokens=store,
                listener=TwitchEar(self),
            )
            for component in self._twitch_components():
                await self.twitch.add_component(component)
            opening = asyncio.create_task(self._open_channels(settings), name="twitch channels")
            try:
                await self.twitch.run_forever()
            except TwitchAuthError as error:
                speech = Speech(self.settings.locale)
                raise Hopeless(settings_words.twitch_token(str(error), speech)) from error
            finally:
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
                self.twitch = None
                self.hearing.discard("twitch")
                self.presence.down("twitch")

        return run

    def _twitch_components(self) -> list[twitchio_commands.Component]:
        return [
            QuizTwitch(self._desk, self.hall, self.quizzes, self.people),
            PauseTwitch(
                self._desk,
                self.hall,
                self.pauses,
                self.readings,
                self.people,
                self.twitch_side,
                self._clock,
                self.rights,
                self.pause_plans,
                self.reminders,
            ),
            TurnTwitch(self._desk, self.hall, self.pauses, self.people),
            RoundTableTwitch(self._desk, self.clubhouse.round_tables, self.people, self._clock),
            PeopleTwitch(self._desk, self.people, self.participation),
            AgendaTwitch(self._desk, self.appointments, self.feeds),
            DailyTwitch(self._desk, self.dailies, self.twitch_side, self.people, self._clock),
            RightsTwitch(self._desk, self.rights),
            HeadcountTwitch(self._desk, self.headcounts),
            RoomTwitch(self._desk, self.hall, self.rooms, self._watch_rooms, self.syncs),
            SyncTwitch(self._desk, self.syncs),
            HouseTwitch(self._desk, self.houses),
            ClubTwitch(
                self._desk,
                self.clubs,
                self.clubhouse.books,
                self.clubhouse.votes,
                self.clubhouse.cards,
                self.feeds,
                self.clubhouse.opinions,
            ),
            MeetingTwitch(
                self._desk,
                self.twitch_side,
                self.people,
                self._clock,
                self.clubhouse.meetings,
                self.clubhouse.rsvps,
                self.clubhouse.attendances,
                self.clubhouse.opinions,
            ),
            VoteTwitch(self._desk, self.twitch_side, self.clubhouse.votes, self._clock),
            PlanTwitch(
                self._desk,
                self.twitch_side,
                self._clock,
                self.clubs,
                self.clubhouse.plans,
                self.clubhouse.progress,
                self.clubhouse.threads,
            ),
            QuestionsTwitch(self._desk, self.clubs, self.clubhouse.questions),
            MinutesTwitch(self._desk, self.clubs, self.clubhouse.minutes),
            DeckTwitch(self._desk, self.shelf, self.proposals),
            GamesTwitch(self._desk, self.hall, self.games, self.people),
        ]

    async def _open_channels(self, settings: TwitchSettings) -> None:
        """Make each listed channel a room, and listen to all rooms' channels."""
        await self._watch_rooms()
        if self.twitch is None:
            return
        await self.twitch.wait_until_ready()
        for login in settings.channels:
            account = await self.twitch.user_by_login(login)
            if account is None:
                log.error("there is no Twitch channel called %s (TWITCH_CHANNELS)", login)
                continue
            self._trusted[account.id] = account.login
        await self._watch_rooms()

    async def _watch_rooms(self) -> None:
        """Listen to just the channels that are rooms, or may become one; each listed one is a room, if only its own."""
        if self.twitch is None:
            return
        for channel_id, login in self._trusted.items():
            await self.rooms.open_twitch(channel_id, login)
        wanted = set(self.rooms.twitch_channels())
        for channel_id in self._watched - wanted:
            await self.twitch.unwatch(channel_id)
        for channel_id in wanted:
            await self.twitch.watch(channel_id)
        self._watched = wanted

    async def _find_channel(self, login: str) -> Channel | None:
        if self.twitch is None:
            raise Refusal("no-twitch")
        account = await self.twitch.user_by_login(login)
        return Channel(account.id, account.login, account.id in self._trusted) if account else None


class DiscordEar:
    """What the Discord client hears, handed to the hall."""

    def __init__(self, app: App) -> None:
        self._app = app

    def line(self, line: discord_client.Line) -> None:
        """Let the hall judge a line."""
        room = self._app.rooms.by_discord.get(line.channel_id)
        if room is not None:
            self._app.hear(room, line.visitor, line.text, line.message_id)

    def hosted(self, channel_id: str, visitor: Visitor) -> None:
        """Note that a host is there."""
        room = self._app.rooms.by_discord.get(channel_id)
        if room is not None:
            self._app.hosts.seen(room.id, visitor)

    def removed(self, channel_id: str, message_id: str) -> None:
        """Take back the answer of a deleted message."""
        room = self._app.rooms.by_discord.get(channel_id)
        if room is not None:
            self._app.hall.withdraw(room.id, source=message_id)

    def hears(self) -> None:
        """Let sessions go on."""
        self._app.hearing.add("discord")
        self._app.presence.up("discord")
        self._app.hall.wake("discord")
        self._app.quiet["discord"].wake()
        self._app.clubhouse.threads.wake_all()
        self._app.projections.back("discord")

    def sees(self) -> None:
        """Let the servers' events be looked at."""
        self._app.projections.back("discord")

    def deaf(self) -> None:
        """Note that Discord is away."""
        self._app.hearing.discard("discord")
        self._app.presence.down("discord")
        self._app.clubhouse.attendances.deaf()

    def voice(self, user_id: str, channel_id: str | None) -> None:
        """Note who is at a meeting by voice."""
        self._app.clubhouse.attendances.moved(user_id, channel_id)

    def voices(self, states: Mapping[str, str]) -> None:
        """Note who is at a meeting by voice."""
        self._app.clubhouse.attendances.found(states)

    def locale_of(self, channel_id: str) -> str | None:
        """Return the room's language."""
        room = self._app.rooms.by_discord.get(channel_id)
        return room.locale if room else None

    def nearest(self, word: str) -> str | None:
        """Return the command that a mistyped one may have meant."""
        return nearest_command(word)


class TwitchEar:
    """What the Twitch client hears, handed to the hall."""

    def __init__(self, app: App) -> None:
        self._app = app

    def line(self, line: twitch_client.Line) -> None:
        """Let the hall judge a line."""
        room = self._app.rooms.by_twitch.get(line.channel_id)
        if room is not None:
            self._app.notice_host(room, line)
            visitor = Visitor("twitch", line.user_id, line.name)
            self._app.hear(room, visitor, line.text, line.message_id)

    def unknown(self, line: twitch_client.Line, word: str) -> None:
        """Suggest the nearest command, if there is one."""
        near = nearest_command(word)
        if near is not None:
            self._app.suggest(line, near)

    def removed(self, channel_id: str, message_id: str | None, user_id: str | None) -> None:
        """Take back the answer of a deleted message or a silenced person."""
        room = self._app.rooms.by_twitch.get(channel_id)
        if room is not None:
            visitor = Visitor("twitch", user_id, "") if user_id else None
            self._app.hall.withdraw(room.id, source=message_id, visitor=visitor)

    def deaf(self, channel_id: str, since_s: float) -> None:
        """Note that Twitch is away."""
        log.warning("twitch channel %s is not heard since %.0f s", channel_id, since_s)
        self._app.hearing.discard("twitch")
        self._app.presence.down("twitch")

    def hears(self, channel_id: str, missed_s: float) -> None:
        """Let sessions go on; say so when lines may have been missed while a game was on."""
        self._app.hearing.add("twitch")
        self._app.presence.up("twitch")
        self._app.hall.wake("twitch")
        self._app.quiet["twitch"].wake()
        self._app.projections.back("twitch")
        room = self._app.rooms.by_twitch.get(channel_id)
        if room is not None and missed_s > 0 and self._app.hall.running(room.id) is not None:
            text = room_words.deaf(missed_s, Speech(room.locale))
            self._app.twitch_side.say(room, text, key="deaf")

    def unauthorized(self, reason: str) -> None:
        """Say so in the log; the supervisor stops this side."""
        log.error("twitch: %s", reason)


class TokensKept:
    """Twitch tokens: the pair in the settings at first, then whatever it was refreshed to."""

    def __init__(
        self, database: Database, settings: TwitchSettings, clock: Clock, redactor: Redactor
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._redactor = redactor
        self._origin = hashlib.sha256(settings.refresh_token.encode()).hexdigest()

    async def load(self) -> tuple[str, str]:
        """Return the newest pair."""
        kept = await tokens.load(self._database, self._settings.bot_id, self._origin)
        pair = kept or (self._settings.token, self._settings.refresh_token)
        self._learn(*pair)
        return pair

    async def save(self, access: str, refresh: str) -> None:
        """Keep a refreshed pair, on disk when this returns."""
        self._learn(access, refresh)
        await tokens.save(
            self._database, self._settings.bot_id, self._origin, access, refresh, self._clock.wall()
        )

    def _learn(self, access: str, refresh: str) -> None:
        self._redactor.learn(access)
        self._redactor.learn(refresh)
