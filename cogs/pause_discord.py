"""Reading pauses on Discord: slash and text commands, and what the board's buttons and the forms lead to."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import Receipt
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.hall import Hall
from bot.notices import Notices
from bot.on_air import warning
from bot.pause import KINDS, Pauses, Wish, begins_a_wish, kind_of, preset_of, quiet_of, read_wish
from bot.pause_plans import Every, PausePlans
from bot.people import People
from bot.readings import Readings
from bot.reminders import Reminders, wants
from bot.rights import Rights
from bot.rooms import Rooms
from bot.storage.rooms import Room
from bot.wording import pause as words
from bot.wording import pause_plans as plan_words
from bot.wording import room as room_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import (
    FreeText,
    acknowledge,
    command,
    group,
    named,
    privately,
    reply,
    role_in,
    room_of,
    typed_after,
    verb,
)
from cogs.pause_controls import FORM, FormButton, PlanButton
from cogs.verbs import COMMANDS, PAUSE, logged, mistyped
from games.core import Refusal
from games.pause import (
    BOARD,
    BOOK_FORM,
    LEAST_MINUTES,
    LOG_FORM,
    MORE_TIME,
    MOST_MINUTES,
    Breathed,
    Changed,
    Doubted,
    Event,
    Joined,
    Left,
    Logged,
    Returned,
    book_form,
    log_form,
)
from games.reading_log import Amount

Context = commands.Context[Any]
Minutes = commands.Range[int, LEAST_MINUTES, MOST_MINUTES]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


_PRESETS = [
    _choice(N_("quarter: 15 minutes"), "quarter"),
    _choice(N_("long: 45 minutes"), "long"),
    _choice(N_("marathon: three times 45 minutes, with breaks"), "marathon"),
]
_KINDS = [
    _choice(N_("silent: everybody reads their own book"), "silent"),
    _choice(N_("aloud: somebody reads to the others"), "aloud"),
    _choice(N_("free: as one likes"), "free"),
]


def _wish(minutes: int | None, preset: str, kind: str, title: str, quiet: str, work: str) -> Wish:
    return Wish(
        minutes,
        preset_of(preset) or "quarter",
        kind_of(kind) or ("aloud" if work else "silent"),
        title,
        quiet_of(quiet) or "",
        work,
    )


def _needed(text: str, usage: str) -> str:
    if not text.strip():
        raise Refusal("usage", usage=usage)
    return text


class PauseDiscord(commands.Cog, name="pause"):
    """Hosts start and steer a pause; everybody joins, breathes and notes with buttons or words."""

    def __init__(
        self,
        client: DiscordClient,
        hall: Hall,
        rooms: Rooms,
        pauses: Pauses,
        readings: Readings,
        people: People,
        notices: Notices,
        rights: Rights,
        plans: PausePlans,
        reminders: Reminders,
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._pauses = pauses
        self._readings = readings
        self._people = people
        self._notices = notices
        self._rights = rights
        self._plans = plans
        self._reminders = reminders
        client.add_form(Form(FORM, self.filled_in))

    @group("pause", "pause", N_("What is on, and how to join"), named("now", "maintenant"))
    async def pause(self, ctx: Context) -> None:
        """Say what is on, and what one can do; `!pause 15` starts one."""
        speech = self._speech(ctx)
        unread = ctx.view.read_rest()
        if begins_a_wish(unread):
            await self._start(ctx, read_wish(unread))
            return
        if unread.split():
            raise mistyped("pause", unread, speech.locale, words.how_to_start_with(speech))
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        pause = self._pauses.running(room) if room else None
        if room is None or pause is None:
            await reply(ctx, f"{room_words.nothing_running(speech)} {words.how_to_start(speech)}")
        else:
            await reply(ctx, words.now(pause.scene(), self._hall.left(room.id), speech))

    # Hosts

    @verb(pause, PAUSE, "start", N_("Start a reading pause in this channel"), FreeText)
    @app_commands.describe(
        minutes=locale_str(N_("Minutes of reading")),
        preset=locale_str(N_("A pause ready made")),
        kind=locale_str(N_("In silence, aloud, or as one likes")),
        title=locale_str(N_("What the pause is called")),
        quiet=locale_str(N_("How quiet the chats are while people read")),
        work=locale_str(N_("What is read aloud: title ; author ; passage")),
    )
    @app_commands.rename(
        minutes=named("minutes", "minutes"),
        preset=named("preset", "formule"),
        kind=named("kind", "genre"),
        title=named("title", "titre"),
        quiet=named("quiet", "calme"),
        work=named("work", "œuvre"),
    )
    @app_commands.choices(
        preset=_PRESETS,
        kind=_KINDS,
        quiet=[
            _choice(N_("slow: one message each half-minute"), "slow"),
            _choice(N_("emotes only on Twitch, slow on Discord"), "emotes"),
        ],
    )
    async def start(
        self,
        ctx: Context,
        minutes: Minutes | None = None,
        preset: str = "",
        kind: str = "",
        title: str = "",
        quiet: str = "",
        work: str = "",
    ) -> None:
        """Start a reading pause."""
        wish = _wish(minutes, preset, kind, title, quiet, work)
        await self._start(ctx, read_wish(typed_after(ctx)) if ctx.interaction is None else wish)

    @verb(pause, PAUSE, "extend", N_("Make this phase longer"))
    @app_commands.describe(minutes=locale_str(N_("How many minutes more")))
    async def extend(self, ctx: Context, minutes: Minutes = MORE_TIME) -> None:
        """Make this phase longer."""
        await self._act(ctx, "extend", words.done, str(minutes))

    @verb(pause, PAUSE, "shorten", N_("Make this phase shorter"))
    @app_commands.describe(minutes=locale_str(N_("How many minutes less")))
    async def shorten(self, ctx: Context, minutes: Minutes = MORE_TIME) -> None:
        """Make this phase shorter."""
        await self._act(ctx, "shorten", words.done, str(minutes))

    @verb(pause, PAUSE, "skip", N_("Go on to the next phase at once"))
    async def skip(self, ctx: Context) -> None:
        """Go on without waiting."""
        await self._act(ctx, "skip", words.done)

    @verb(pause, PAUSE, "end", N_("End the reading now, then the notes"))
    async def end(self, ctx: Context) -> None:
        """End the reading early, or the log window."""
        await self._act(ctx, "end", words.done)

    @verb(pause, PAUSE, "reopen", N_("Open the notes once more"))
    async def reopen(self, ctx: Context) -> None:
        """Open the log window once more."""
        await self._act(ctx, "reopen", words.done)

    @verb(pause, PAUSE, "hold", N_("Stop the clock"))
    async def hold(self, ctx: Context) -> None:
        """Stop the clock."""
        await self._act(ctx, "pause", words.done)

    @verb(pause, PAUSE, "resume", N_("Go on after the clock was stopped"))
    async def resume(self, ctx: Context) -> None:
        """Let the clock go on."""
        await self._act(ctx, "resume", words.done)

    @verb(pause, PAUSE, "stop", N_("Stop the pause at once"))
    async def stop(self, ctx: Context) -> None:
        """Stop the pause, with what was read so far."""
        await self._act(ctx, "stop", words.done)

    @verb(pause, PAUSE, "amend", N_("Correct what somebody read"), FreeText)
    @app_commands.describe(
        who=locale_str(N_("Who read")), what=locale_str(N_("How much, for example: 12 pages"))
    )
    @app_commands.rename(who=named("who", "qui"), what=named("what", "combien"))
    async def amend(self, ctx: Context, who: str, what: str) -> None:
        """Correct what somebody read, also when the pause is over."""
        text = typed_after(ctx) if ctx.interaction is None else f"{who} {what}"
        correction = await self._pauses.amend(self._room(ctx), role_in(ctx), text)
        speech = self._speech(ctx)
        await reply(ctx, words.corrected(correction.name, correction.amount, speech))

    async def readers_for(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the readers of the pause that is on, or of the last one."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        names = await self._pauses.reader_names(room) if room else []
        found = [name for name in names if typed.casefold() in name.casefold()]
        return [app_commands.Choice(name=name, value=name) for name in found[:25]]

    amend.autocomplete("who")(readers_for)

    @verb(pause, PAUSE, "plan", N_("Plan a reading pause, once or again and again"), FreeText)
    @app_commands.describe(
        when=locale_str(N_("Such as: Tuesday 6:30 pm, 15/12 8 pm, 2026-12-15 20:00")),
        every=locale_str(N_("How often")),
        minutes=locale_str(N_("Minutes of reading")),
        preset=locale_str(N_("A pause ready made")),
        kind=locale_str(N_("In silence, aloud, or as one likes")),
        title=locale_str(N_("What the pause is called")),
        host=locale_str(N_("Who hosts it; leave empty for a pause without a host")),
        holidays=locale_str(N_("Leave out public holidays")),
        work=locale_str(N_("What is read aloud: title ; author ; passage")),
    )
    @app_commands.rename(
        when=named("when", "quand"),
        every=named("every", "chaque"),
        minutes=named("minutes", "minutes"),
        preset=named("preset", "formule"),
        kind=named("kind", "genre"),
        title=named("title", "titre"),
        host=named("host", "animation"),
        holidays=named("holidays", "fériés"),
        work=named("work", "œuvre"),
    )
    @app_commands.choices(
        every=[_choice(name, every) for every, name in plan_words.EVERY.items()],
        preset=_PRESETS,
        kind=_KINDS,
    )
    async def plan(
        self,
        ctx: Context,
        when: str,
        every: str = "once",
        minutes: Minutes | None = None,
        preset: str = "",
        kind: str = "",
        title: str = "",
        host: str = "",
        holidays: bool = False,
        work: str = "",
    ) -> None:
        """Say a plan back in words, with a button that makes it."""
        room, speech = await room_of(ctx, self._rooms), self._speech(ctx)
        if ctx.interaction is None:
            plan = self._plans.read(room, _needed(typed_after(ctx), plan_words.how_to_plan(speech)))
        else:
            wish = _wish(minutes, preset, kind, title, "", work)
            often: Every = next((one for one in plan_words.EVERY if one == every), "once")
            plan = self._plans.make(room, when, often, wish, host, holidays=holidays)
        number = self._plans.offer(room, plan, role_in(ctx))
        view = discord.ui.View(timeout=None)
        view.add_item(PlanButton(number, plan_words.button_plan(speech)))
        clashes = await self._plans.clashes(room, plan)
        lines = plan_words.offered(plan, speech, self._plans.now(room), clashes)
        await reply(ctx, "\n".join(lines), view=view)

    @verb(pause, PAUSE, "unplan", N_("Take a planned pause off the agenda, with all its dates"))
    @app_commands.describe(title=locale_str(N_("What the pause is called")))
    @app_commands.rename(title=named("title", "titre"))
    async def unplan(self, ctx: Context, *, title: str = "") -> None:
        """End a series."""
        ended = await self._plans.unplan(self._room(ctx), title, role_in(ctx))
        await reply(ctx, plan_words.unplanned(ended, self._speech(ctx)))

    async def titles_for(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Offer what is planned."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        titles = await self._plans.titles(room) if room else []
        found = [title for title in titles if typed.casefold() in title.casefold()]
        return [app_commands.Choice(name=clip(one, 100), value=one) for one in found[:25]]

    unplan.autocomplete("title")(titles_for)

    async def confirm_plan(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Make the plan that was offered."""
        role = self._client.role_of(interaction.user, interaction.permissions)
        room, plan = await self._plans.accept(number, role)
        speech = self._client.speech(interaction.channel_id)
        lines = plan_words.confirmed(plan, speech, self._plans.now(room))
        await self._client.tell(interaction, "\n".join(lines))

    # Everybody

    @verb(pause, PAUSE, "remind", N_("Be reminded of the pauses that are planned here"), FreeText)
    @app_commands.describe(stop=locale_str(N_("Be reminded no more")))
    async def remind(
        self,
        ctx: Context,
        stop: bool = False,
    ) -> None:
        """Remind the author by direct message, or no more."""
        room, speech, visitor = self._room(ctx), self._speech(ctx), visitor_of(ctx.author)
        if stop or not wants(typed_after(ctx)):
            await self._reminders.stop(room, visitor)
            await reply(ctx, plan_words.reminds_no_more(speech))
        else:
            await self._reminders.ask(room, visitor)
            await reply(ctx, plan_words.will_remind(speech))

    @command("read", "lis", N_("Read along in the reading pause"), COMMANDS["read"])
    @app_commands.describe(title=locale_str(N_("Your book, if you like; only you and I know")))
    @app_commands.rename(title=named("title", "titre"))
    async def read(self, ctx: Context, *, title: str = "") -> None:
        """Join, come back, or say what one reads."""
        await self._wish(ctx, "join", title)

    @command("log", "noter", N_("Note how much you read in the pause"), COMMANDS["log"])
    @app_commands.describe(
        what=locale_str(N_("12 pages, p. 45-67, page 120, 25 min, 2 chap, 45 %"))
    )
    @app_commands.rename(what=named("what", "combien"))
    async def log(self, ctx: Context, *, what: str = "") -> None:
        """Log; `!pages 12` says the same as `!log 12 pages`."""
        word = ctx.invoked_with if ctx.interaction is None else ""
        await self._wish(ctx, "log", logged(word or "", what))

    @command("breathe", "souffle", N_("Take a break of your own"), COMMANDS["breathe"])
    async def breathe(self, ctx: Context) -> None:
        """Take a break of one's own."""
        await self._wish(ctx, "breathe", "")

    @verb(pause, PAUSE, "leave", N_("Leave the pause; you were there all the same"))
    async def leave(self, ctx: Context) -> None:
        """Leave."""
        await self._wish(ctx, "leave", "")

    @verb(pause, PAUSE, "book", N_("Say which book you read now"))
    @app_commands.describe(title=locale_str(N_("The title, and the page if you like: Nana p. 30")))
    @app_commands.rename(title=named("title", "titre"))
    async def book(self, ctx: Context, *, title: str = "") -> None:
        """Change books."""
        await self._wish(ctx, "book", title)

    @verb(pause, PAUSE, "me", N_("What you read so far, for you alone"))
    async def me(self, ctx: Context) -> None:
        """Show one's own reading, privately."""
        room = self._room(ctx)
        record = await self._readings.own(visitor_of(ctx.author), room)
        await privately(ctx, "\n".join(words.own(record, self._speech(ctx))))

    @verb(pause, PAUSE, "goal", N_("Set yourself a goal for the season, for you alone"))
    @app_commands.describe(
        what=locale_str(N_("For example: 500 pages; leave empty to have none any more"))
    )
    @app_commands.rename(what=named("what", "combien"))
    async def goal(self, ctx: Context, *, what: str = "") -> None:
        """Keep a goal, or forget it."""
        goal = await self._readings.set_goal(visitor_of(ctx.author), what)
        await privately(ctx, words.goal_set(goal, self._speech(ctx)))

    @verb(pause, PAUSE, "total", N_("What was read together"))
    async def total(self, ctx: Context) -> None:
        """Tell what was read together here, in all rooms, and in all."""
        room = self._room(ctx)
        together = await self._readings.together(room)
        await reply(ctx, "\n".join(words.sums(together, self._speech(ctx))))

    # Controls

    async def choose(
        self, interaction: discord.Interaction[Any], session_id: int, choice: int
    ) -> None:
        """Take a button of the board."""
        visitor = visitor_of(interaction.user)
        room = self.check(interaction, session_id)
        await self._confirm(
            interaction, self._hall.chose(room.id, visitor, session_id, BOARD, (choice,))
        )

    async def filled_in(
        self,
        interaction: discord.Interaction[Any],
        match: re.Match[str],
        entered: Mapping[str, str],
    ) -> None:
        """Take a form."""
        visitor, session_id = visitor_of(interaction.user), int(match["session"])
        room = self.check(interaction, session_id)
        form, text = (
            BOOK_FORM,
            book_form(*(entered.get(n, "") for n in ("title", "format", "start"))),
        )
        if match["form"] == "log":
            form, text = LOG_FORM, log_form(entered.get("what", ""), entered.get("title", ""))
        await self._confirm(interaction, self._hall.wrote(room.id, visitor, session_id, form, text))

    def check(self, interaction: discord.Interaction[Any], session_id: int) -> Room:
        """Return the room of a control; raises `Refusal` (`session-over`) when its pause is no longer on."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        running = self._hall.running(room.id) if room else None
        if room is None or running is None or running.id != session_id:
            raise Refusal("session-over")
        return room

    async def _confirm(self, interaction: discord.Interaction[Any], receipt: Receipt) -> None:
        """Tell somebody privately what became of what they did, once it is kept."""
        await self._client.kept(interaction, receipt)
        speech = self._client.speech(interaction.channel_id)
        text = _confirmation(receipt.events, speech)
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        if not isinstance(receipt.events[-1], Joined):
            await self._client.tell(interaction, text)
            return
        view = discord.ui.View(timeout=None)
        view.add_item(FormButton("book", receipt.session_id, words.button_book(speech)))
        await self._client.tell(interaction, text, view=view)

    # Words

    async def _start(self, ctx: Context, wish: Wish) -> None:
        room = await room_of(ctx, self._rooms)
        receipt = self._pauses.start(room, wish, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        speech = self._speech(ctx)
        doubt = await warning(self._rights, room, wish.text, speech)
        await acknowledge(ctx, " ".join(filter(None, (words.starting(speech), doubt))))
        if doubt and ctx.interaction is None:
            await privately(ctx, doubt)

    async def _act(
        self, ctx: Context, action: str, sentence: Callable[[Speech], str], text: str = ""
    ) -> None:
        receipt = self._hall.act(self._room(ctx).id, role_in(ctx), action, text, kinds=KINDS)
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, sentence(self._speech(ctx)))

    async def _wish(self, ctx: Context, wish: str, text: str) -> None:
        """Take a wish. Typed ones are confirmed by the board, but for a question, which must be heard."""
        room, visitor = self._room(ctx), visitor_of(ctx.author)
        if self._pauses.running(room) is None:
            raise Refusal("nothing-running")
        receipt = self._hall.wished(room.id, visitor, wish, text, kinds=KINDS)
        if ctx.interaction is not None:
            await self._confirm(ctx.interaction, receipt)
            return
        await receipt.committed()
        asked = receipt.events[-1]
        if isinstance(asked, Doubted):
            await reply(ctx, words.doubted(asked, self._speech(ctx)))
        person = self._people.find(visitor.platform, visitor.user_id)
        if receipt.newcomer and person is not None:
            self._notices.add(room, [person.id])

    def _room(self, ctx: Context) -> Room:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("nothing-running")
        return room

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)


def _confirmation(events: Sequence[Event], speech: Speech) -> str:
    """Return what somebody is told who did something: the end of it is what matters."""
    match events[-1]:
        case Logged(_, unit, amount, amended, total):
            return words.logged(Amount(unit, amount), total, speech, amended=amended)
        case Doubted() as asked:
            return words.doubted(asked, speech)
        case Changed(_, title):
            return words.changed(title, speech)
        case Returned():
            return words.returned(speech)
        case Breathed():
            return words.breathed(speech)
        case Left():
            return words.left(speech)
        case _:
            return words.joined(speech)
