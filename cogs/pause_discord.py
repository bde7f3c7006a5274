"""Reading pauses on Discord: slash and text commands, a board with buttons, and forms that survive a restart."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Self

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.batch import NotKeptError, Receipt
from bot.discord_client import DiscordClient, visitor_of
from bot.discord_side import Board, Words
from bot.hall import Hall
from bot.notices import Notices
from bot.outbox import Post
from bot.pause import Pauses, Wish, begins_a_wish, kind_of, preset_of, read_wish
from bot.people import People
from bot.readings import Readings
from bot.rooms import Rooms
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.storage.rooms import Room
from bot.wording import pause as words
from bot.wording import room as room_words
from bot.wording.speech import N_, Speech, clip
from cogs.commands_discord import acknowledge, command, group, named, reply, role_in, room_of, verb
from cogs.verbs import COMMANDS, PAUSE, logged, nearest
from games.core import Refusal
from games.pause import (
    BOARD,
    BOOK_FORM,
    BREATHE,
    LEAST_MINUTES,
    LOG_FORM,
    MORE_TIME,
    MOST_MINUTES,
    READ,
    Amended,
    Began,
    Breathed,
    Changed,
    Counted,
    Doubted,
    Ended,
    Event,
    Finished,
    Joined,
    Left,
    Logged,
    Opened,
    Reopened,
    Rested,
    Retimed,
    Returned,
    book_form,
    log_form,
)
from games.readers import FORMATS, LONGEST_TITLE
from games.reading_log import LONGEST, Amount

COLOUR = 0x4A6D8C

Context = commands.Context[Any]
Minutes = commands.Range[int, LEAST_MINUTES, MOST_MINUTES]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


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
    ) -> None:
        self._client = client
        self._hall = hall
        self._rooms = rooms
        self._pauses = pauses
        self._readings = readings
        self._people = people
        self._notices = notices

    @group("pause", "pause", N_("What is on, and how to join"), named("now", "maintenant"))
    async def pause(self, ctx: Context) -> None:
        """Say what is on, and what one can do; `!pause 15` starts one."""
        speech = self._speech(ctx)
        unread = ctx.view.read_rest()
        if begins_a_wish(unread):
            await self._start(ctx, read_wish(unread))
            return
        if unread.split():
            near = nearest(unread.split()[0], [word for known in PAUSE.values() for word in known])
            usage = f"!pause {near}" if near else words.how_to_start_with(speech)
            raise Refusal("usage", usage=usage)
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        pause = self._pauses.running(room) if room else None
        if room is None or pause is None:
            await reply(ctx, f"{room_words.nothing_running(speech)} {words.how_to_start(speech)}")
        else:
            await reply(ctx, words.now(pause.scene(), self._hall.left(room.id), speech))

    # Hosts

    @verb(pause, PAUSE, "start", N_("Start a reading pause in this channel"))
    @app_commands.describe(
        minutes=locale_str(N_("Minutes of reading")),
        preset=locale_str(N_("A pause ready made")),
        kind=locale_str(N_("In silence, aloud, or as one likes")),
        title=locale_str(N_("What the pause is called")),
    )
    @app_commands.rename(
        minutes=named("minutes", "minutes"),
        preset=named("preset", "formule"),
        kind=named("kind", "genre"),
        title=named("title", "titre"),
    )
    @app_commands.choices(
        preset=[
            _choice(N_("quarter: 15 minutes"), "quarter"),
            _choice(N_("long: 45 minutes"), "long"),
            _choice(N_("marathon: three times 45 minutes, with breaks"), "marathon"),
        ],
        kind=[
            _choice(N_("silent: everybody reads their own book"), "silent"),
            _choice(N_("aloud: somebody reads to the others"), "aloud"),
            _choice(N_("free: as one likes"), "free"),
        ],
    )
    async def start(
        self,
        ctx: Context,
        minutes: Minutes | None = None,
        preset: str = "",
        kind: str = "",
        *,
        title: str = "",
    ) -> None:
        """Start a reading pause."""
        if ctx.interaction is None:
            typed = " ".join(filter(None, [str(minutes or ""), preset, kind, title]))
            await self._start(ctx, read_wish(typed))
            return
        wish = Wish(minutes, preset_of(preset) or "quarter", kind_of(kind) or "silent", title)
        await self._start(ctx, wish)

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

    @verb(pause, PAUSE, "amend", N_("Correct what somebody read"))
    @app_commands.describe(
        who=locale_str(N_("Who read")), what=locale_str(N_("How much, for example: 12 pages"))
    )
    @app_commands.rename(who=named("who", "qui"), what=named("what", "combien"))
    async def amend(self, ctx: Context, who: str, *, what: str) -> None:
        """Correct what somebody read, also when the pause is over."""
        room = self._room(ctx)
        correction = await self._pauses.amend(room, role_in(ctx), f"{who} {what}")
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

    # Everybody

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
        """Show one's own reading, privately where that is possible."""
        room = self._room(ctx)
        record = await self._readings.own(visitor_of(ctx.author), room)
        await reply(ctx, "\n".join(words.own(record, self._speech(ctx))))

    @verb(pause, PAUSE, "goal", N_("Set yourself a goal for the season, for you alone"))
    @app_commands.describe(
        what=locale_str(N_("For example: 500 pages; leave empty to have none any more"))
    )
    @app_commands.rename(what=named("what", "combien"))
    async def goal(self, ctx: Context, *, what: str = "") -> None:
        """Keep a goal, or forget it."""
        goal = await self._readings.set_goal(visitor_of(ctx.author), what)
        await reply(ctx, words.goal_set(goal, self._speech(ctx)))

    @verb(pause, PAUSE, "total", N_("What was read together"))
    async def total(self, ctx: Context) -> None:
        """Tell what was read together here, in all rooms, and in all."""
        room = self._room(ctx)
        together = await self._readings.together(room)
        await reply(ctx, "\n".join(words.sums(together, self._speech(ctx))))

    # Buttons and forms

    async def press(
        self, interaction: discord.Interaction[Any], session_id: int, button: str
    ) -> None:
        """Do what a button of a board says."""
        match button:
            case "read":
                await self._choose(interaction, session_id, READ)
            case "breathe":
                await self._choose(interaction, session_id, BREATHE)
            case _:
                await self._open_form(interaction, session_id, button)

    @commands.Cog.listener("on_interaction")
    async def submitted(self, interaction: discord.Interaction[Any]) -> None:
        """Take a form, also one that was opened before a restart: all that is needed is in its id."""
        data: Any = interaction.data or {}
        found = _FORM.fullmatch(data.get("custom_id", ""))
        if interaction.type is not discord.InteractionType.modal_submit or found is None:
            return
        values = dict(_entered(data["components"]))
        if found["form"] == "book":
            form = BOOK_FORM
            text = book_form(*(values.get(key, "") for key in ("title", "format", "start")))
        else:
            form, text = LOG_FORM, log_form(values.get("what", ""), values.get("title", ""))
        session_id = int(found["session"])
        await self._answer(
            interaction,
            lambda room: self._hall.wrote(
                room.id, visitor_of(interaction.user), session_id, form, text
            ),
        )

    async def _choose(
        self, interaction: discord.Interaction[Any], session_id: int, choice: int
    ) -> None:
        await self._answer(
            interaction,
            lambda room: self._hall.chose(
                room.id, visitor_of(interaction.user), session_id, BOARD, (choice,)
            ),
        )

    async def _open_form(
        self, interaction: discord.Interaction[Any], session_id: int, form: str
    ) -> None:
        speech = self._client.speech(interaction.channel_id)
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        session = self._hall.running(room.id) if room else None
        if session is None or session.id != session_id:
            await self._client.refuse(interaction, Refusal("session-over"), speech)
            return
        make = _book_form if form == "book" else _log_form
        await interaction.response.send_modal(make(session_id, speech))

    async def _answer(
        self, interaction: discord.Interaction[Any], act: Callable[[Room], Receipt]
    ) -> None:
        """Do something for somebody and confirm it privately once it is kept."""
        speech = self._client.speech(interaction.channel_id)
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        try:
            if room is None:
                raise Refusal("session-over")
            receipt = act(room)
            await self._client.kept(interaction, receipt)
        except Refusal as problem:
            await self._client.refuse(interaction, problem, speech)
            return
        except NotKeptError:
            await self._client.refuse(interaction, Refusal("not-kept"), speech)
            return
        text = _confirmation(receipt.events, speech)
        if receipt.newcomer:
            text = f"{text}\n-# {room_words.notice('', speech)}"
        await self._client.tell(interaction, text, **_next_step(receipt, speech))

    # Words

    async def _start(self, ctx: Context, wish: Wish) -> None:
        room = await room_of(ctx, self._rooms)
        receipt = self._pauses.start(room, wish, role_in(ctx))
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, words.starting(self._speech(ctx)))

    async def _act(
        self, ctx: Context, action: str, sentence: Callable[[Speech], str], text: str = ""
    ) -> None:
        receipt = self._hall.act(self._room(ctx).id, role_in(ctx), action, text)
        await self._client.kept(ctx.interaction, receipt)
        await acknowledge(ctx, sentence(self._speech(ctx)))

    async def _wish(self, ctx: Context, wish: str, text: str) -> None:
        """Take a wish. Typed ones are confirmed by the board, but for a question, which must be heard."""
        room, visitor = self._room(ctx), visitor_of(ctx.author)
        if self._pauses.running(room) is None:
            raise Refusal("nothing-running")
        if ctx.interaction is not None:
            await self._answer(
                ctx.interaction, lambda room: self._hall.wished(room.id, visitor, wish, text)
            )
            return
        receipt = self._hall.wished(room.id, visitor, wish, text)
        await receipt.committed()
        for event in receipt.events:
            if isinstance(event, Doubted):
                await reply(ctx, words.doubted(event, self._speech(ctx)))
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


def _next_step(receipt: Receipt, speech: Speech) -> dict[str, Any]:
    """Offer a newcomer to the pause to say what they read."""
    if not isinstance(receipt.events[-1], Joined):
        return {}
    view = discord.ui.View(timeout=None)
    view.add_item(PauseButton(receipt.session_id, "book", words.button_book(speech)))
    return {"view": view}


class PauseButton(
    discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]],
    template=r"pause:(?P<session>\d{1,15}):(?P<button>read|breathe|log|book)",
):
    """One thing to do. Everything it needs is in its id, so that it works after a restart."""

    def __init__(self, session: int, button: str, label: str = "") -> None:
        style = discord.ButtonStyle.primary if button == "read" else discord.ButtonStyle.secondary
        super().__init__(
            discord.ui.Button(
                label=label or None, style=style, custom_id=f"pause:{session}:{button}"
            )
        )
        self._place = session, button

    @classmethod
    async def from_custom_id(
        cls,
        _interaction: discord.Interaction[Any],
        _item: discord.ui.Item[Any],
        match: re.Match[str],
        /,
    ) -> Self:
        """Build the button again from its id."""
        return cls(int(match["session"]), match["button"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the press to the cog."""
        cog = interaction.client.get_cog("pause")
        if isinstance(cog, PauseDiscord):
            await cog.press(interaction, *self._place)


_FORM = re.compile(r"pause:(?P<session>\d{1,15}):(?P<form>book|log)")


def _form(
    session_id: int, form: str, title: str, *fields: discord.ui.Label[Any]
) -> discord.ui.Modal:
    """Return a form that the library forgets once it is sent: `PauseDiscord.submitted` takes it by its id."""
    modal = discord.ui.Modal(title=clip(title, 45), custom_id=f"pause:{session_id}:{form}")
    for field in fields:
        modal.add_item(field)
    modal.stop()
    return modal


def _text(key: str, label: str, most: int, *, required: bool = False, example: str = "") -> Any:
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=key, required=required, max_length=most, placeholder=example or None
    )
    return discord.ui.Label(text=clip(label, 45), component=field)


def _book_form(session_id: int, speech: Speech) -> discord.ui.Modal:
    ways = discord.ui.Select[Any](
        custom_id="format",
        required=False,
        options=[
            discord.SelectOption(label=words.format_name(one, speech), value=one) for one in FORMATS
        ],
    )
    return _form(
        session_id,
        "book",
        words.book_form_title(speech),
        _text("title", words.field_title(speech), LONGEST_TITLE),
        discord.ui.Label(text=words.field_format(speech), component=ways),
        _text("start", words.field_start(speech), 10, example="45"),
    )


def _log_form(session_id: int, speech: Speech) -> discord.ui.Modal:
    what, example = words.field_amount(speech), words.amount_examples(speech)
    return _form(
        session_id,
        "log",
        what,
        _text("what", what, LONGEST, required=True, example=example),
        _text("title", words.field_title(speech), LONGEST_TITLE),
    )


def _entered(components: Sequence[Any]) -> list[tuple[str, str]]:
    """Return what was entered in a form, by the id of its field."""
    found: list[tuple[str, str]] = []
    for component in components:
        field = component.get("component") or component
        value = field.get("value") or next(iter(field.get("values", ())), "")
        found.append((field.get("custom_id", ""), value))
    return found


class PauseBoards:
    """Turns a pause's announcements into two boards: one while people read, one from the end of reading on."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        changed = False
        for event in announcement.events:
            match event:
                case Opened() | Began() | Rested() | Reopened() | Counted() | Retimed():
                    changed = True
                case Joined() | Returned() | Logged() | Amended():
                    changed = True
                case Breathed() | Left() | Changed() | Doubted():
                    pass
                case Ended() | Finished():
                    posts.append(self._closed_board(announcement, speech))
                    changed = True
                case Paused() | Resumed() | Back() | Suspended():
                    until = _clock(announcement)
                    posts.append(Post(Words(words.hall_event(event, until, speech))))
                    changed = True
        if changed:
            posts.append(self._board(announcement, speech))
        return posts

    def _board(self, announcement: Announcement, speech: Speech) -> Post:
        match announcement.scene.phase:
            case "hello" | "reading" | "break":
                return self._reading_board(announcement, speech)
            case "log":
                return self._log_board(announcement, speech)
            case _:
                return self._result_board(announcement, speech)

    def _reading_board(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        lines = [words.settle_in(scene.kind, speech), *_countdown(announcement, speech)]
        lines += ["", f"-# {words.how_here(speech)}"]
        embed = _embed(words.heading(scene, speech), lines)
        embed.set_footer(text=words.reading_now(scene.players, speech))
        labels = {
            "read": words.button_read(speech),
            "breathe": words.button_breathe(speech),
            "log": words.button_log(speech),
        }
        buttons = tuple(
            PauseButton(announcement.session_id, name, label) for name, label in labels.items()
        )
        return Post(Board(announcement.session_id, "reading", embed, buttons), key="reading")

    def _closed_board(self, announcement: Announcement, speech: Speech) -> Post:
        """Take the buttons off the first board: what comes is on the second."""
        embed = _embed(words.heading(announcement.scene, speech), [words.reading_over(speech)])
        return Post(Board(announcement.session_id, "reading", embed), key="reading")

    def _log_board(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        lines = [words.people(scene.players, speech)] if scene.players else []
        lines += [*_countdown(announcement, speech), "", f"-# {words.how_to_log_here(speech)}"]
        embed = _embed(words.heading(scene, speech), lines)
        embed.set_footer(text=words.noted_so_far(scene.replies, speech))
        button = PauseButton(announcement.session_id, "log", words.button_log(speech))
        return Post(Board(announcement.session_id, "log", embed, (button,)), key="log")

    def _result_board(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        ended = next((one for one in announcement.events if isinstance(one, Finished)), None)
        if ended is None:
            season = self._readings.season(announcement.room, scene.outcome)
            lines = [
                *words.counted(scene.outcome, season, speech),
                *_countdown(announcement, speech),
            ]
        else:
            season = self._readings.season(announcement.room)
            lines = words.finished(ended, season, speech)
        embed = _embed(words.heading(scene, speech), [line for line in lines if line])
        return Post(Board(announcement.session_id, "log", embed), key="log")


def _embed(title: str, lines: Sequence[str]) -> discord.Embed:
    text = "\n".join(lines).strip()
    return discord.Embed(colour=COLOUR, title=clip(title, 256), description=text)


def _clock(announcement: Announcement) -> str | None:
    return None if announcement.ends_at is None else f"<t:{round(announcement.ends_at)}:t>"


def _countdown(announcement: Announcement, speech: Speech) -> list[str]:
    if announcement.ends_at is None:
        return []
    at = round(announcement.ends_at)
    return [f"{words.board_ends(announcement.scene.phase, speech)} <t:{at}:R> (<t:{at}:t>)"]
