"""Meetings on Discord: `/meeting …`, `/here`, `/review`, and what the buttons under a meeting's card do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.appointments import reference
from bot.attendances import Attendances
from bot.clubs import Clubs, split
from bot.discord_client import DiscordClient, Form, visitor_of
from bot.meeting_wishes import Changes, Every, make_wish, read_changes
from bot.meetings import Meetings, Offer
from bot.opinions import Opinions
from bot.people import LONGEST_NAME
from bot.rooms import Rooms
from bot.rsvps import Answered, Rsvps
from bot.storage.clubs import Club
from bot.storage.rooms import Room
from bot.wording import meeting as words
from bot.wording import opinions as opinion_words
from bot.wording import room as room_words
from bot.wording.agenda import line as agenda_line
from bot.wording.speech import N_, Speech, clip, compose
from cogs.commands_discord import (
    FreeText,
    command,
    group,
    named,
    options,
    reply,
    role_in,
    room_of,
    typed,
    typed_after,
    verb,
)
from cogs.meeting_controls import (
    FORM,
    NO_COPY,
    MeetingButton,
    RemindButton,
    answer_buttons,
    favourite_form,
    opinion_form,
)
from cogs.verbs import COMMANDS, MEETING, mistyped
from games.core import Refusal, Role
from games.meeting import Answer, Opinion, Outcome, read_answer, read_form

LONGEST_REPLY = 1900

Context = commands.Context[Any]
Interaction = discord.Interaction[Any]
VoiceChannel = discord.VoiceChannel | discord.StageChannel

WHICH_CLUB = N_("Which club, when several meet here")
WHICH = N_("Which meeting, when it is not the next one")

_CHANNEL = re.compile(r"<#(\d{1,20})>")


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


class MeetingDiscord(commands.Cog, name="meeting"):
    """Planning meetings, answering to them, being there, and saying what one thinks of the book."""

    def __init__(
        self,
        client: DiscordClient,
        rooms: Rooms,
        clubs: Clubs,
        meetings: Meetings,
        rsvps: Rsvps,
        attendances: Attendances,
        opinions: Opinions,
    ) -> None:
        self._client = client
        self._rooms = rooms
        self._clubs = clubs
        self._meetings = meetings
        self._rsvps = rsvps
        self._attendances = attendances
        self._opinions = opinions
        client.add_form(Form(FORM, self.filled_in))

    # everybody

    @group(
        "meeting",
        "rencontre",
        N_("The clubs’ meetings: when, where, who comes"),
        named("show", "voir"),
        COMMANDS["meeting"],
    )
    async def meeting(self, ctx: Context) -> None:
        """Say which meetings come; typed, an answer in one's own words too."""
        said, name = split(ctx.view.read_rest(), prose=False)
        answer = read_answer(said)
        if answer is not None:
            await self._answer(ctx, answer, name)
            return
        if said and said.split()[0].casefold() not in MEETING["show"]:
            speech = self._speech(ctx)
            raise mistyped("meeting", said, speech.locale, words.how_to_answer(speech))
        await self._show(ctx, name)

    async def _show(self, ctx: Context, name: str) -> None:
        room, visitor = await room_of(ctx, self._rooms), visitor_of(ctx.author)
        found = await self._meetings.clubs_meant(room, name, visitor)
        here = {club.id for club in await self._clubs.here(room)}
        least = 0 if {club.id for club in found} <= here else words.LEAST_SHOWN
        ahead, going_on = await self._meetings.listed(found), await self._meetings.open_now(found)
        lines = words.listed(
            ahead,
            self._speech(ctx),
            self._meetings.now(room),
            going_on=going_on,
            least=least,
            numbered=len(found) == 1,
        )
        if going_on or not ahead:
            await self._reply(ctx, lines)
            return
        cards = [card for _, card in ahead if card is not None]
        buttons = answer_buttons(cards[0], self._plain(ctx)) if cards else ()
        if ctx.interaction is None or not buttons:
            await self._reply(ctx, [*lines, words.how_to_answer(self._speech(ctx))])
            return
        await self._reply(ctx, lines, view=_view(buttons))

    @verb(meeting, MEETING, "yes", N_("Say that you are coming"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def yes(self, ctx: Context, club: str = "") -> None:
        """Say that one comes."""
        await self._answer(ctx, "yes", club or _club(typed_after(ctx)))

    @verb(meeting, MEETING, "maybe", N_("Say that you may come"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def maybe(self, ctx: Context, club: str = "") -> None:
        """Say that one may come."""
        await self._answer(ctx, "maybe", club or _club(typed_after(ctx)))

    @verb(meeting, MEETING, "no", N_("Say that you are not coming"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def no(self, ctx: Context, club: str = "") -> None:
        """Say that one does not come."""
        await self._answer(ctx, "no", club or _club(typed_after(ctx)))

    async def _answer(self, ctx: Context, answer: Answer, name: str) -> None:
        room, visitor = await room_of(ctx, self._rooms), visitor_of(ctx.author)
        found = await self._meetings.clubs_meant(room, name, visitor)
        key = await self._meetings.to_answer(found)
        done = await self._rsvps.answer(key, answer, visitor, role_in(ctx), room)
        lines = self._answered(done, room, self._speech(ctx))
        if ctx.interaction is None:
            await self._reply(ctx, lines)
        else:
            await self._reply(ctx, lines, view=self._reminding(done, room))

    @verb(meeting, MEETING, "remind", N_("Be reminded of the next meeting in private"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def remind(self, ctx: Context, club: str = "") -> None:
        """Be reminded, or typed "stop", no more."""
        said, typed_club = split(typed_after(ctx), prose=False)
        room, visitor = await room_of(ctx, self._rooms), visitor_of(ctx.author)
        found = await self._meetings.clubs_meant(room, club or typed_club, visitor)
        on = said.casefold() not in ("stop", "off") and read_answer(said) != "no"
        await self._rsvps.remind(await self._meetings.to_answer(found), visitor, on=on)
        await self._reply(ctx, [words.reminding(self._speech(ctx), on=on)])

    @command("here", "ici", N_("Say that you are at the meeting"), COMMANDS["here"])
    async def here(self, ctx: Context) -> None:
        """Check in."""
        room = await room_of(ctx, self._rooms)
        done = await self._attendances.check_in_here(room, visitor_of(ctx.author), "typed")
        lines = [words.checked_in(done, self._speech(ctx))]
        await self._reply(ctx, [*lines, *self._notice(self._speech(ctx), newcomer=done.newcomer)])

    @command(
        "review",
        "avis",
        N_("Say what you think of the book of the last meeting"),
        COMMANDS["review"],
        FreeText,
    )
    async def review(self, ctx: Context) -> None:
        """Open the form; typed, read "lu 4 émouvant"."""
        room, speech = await room_of(ctx, self._rooms), self._speech(ctx)
        if ctx.interaction is not None:
            meeting = await self._opinions.last(room)
            form = opinion_form(meeting.id, self._plain(ctx))
            await ctx.interaction.response.send_modal(form)
            return
        if not typed(ctx).strip():
            raise Refusal("usage", usage=opinion_words.how_to_give(speech))
        done = await self._opinions.give_here(room, typed(ctx), visitor_of(ctx.author))
        lines = [opinion_words.noted(speech.somebody(visitor_of(ctx.author).name), speech)]
        await self._reply(ctx, [*lines, *self._notice(speech, newcomer=done.newcomer)])

    # hosts

    @verb(
        meeting,
        MEETING,
        "plan",
        N_("Plan a meeting, once or again and again"),
        FreeText,
        "mardi 18h30 chaque mois vocal 12 places 90 min @ Salle 2",
    )
    @options(
        when=(
            "quand",
            N_("Such as: Tuesday 6:30 pm, the 15th at 8 pm, the first Tuesday of the month 8 pm"),
        ),
        every=("fréquence", N_("How often")),
        form=("forme", N_("Where it is held")),
        channel=("salon", N_("The voice or stage channel")),
        place=("lieu", N_("Where people go, in words")),
        seats=("places", N_("How many seats there are; without end when left empty")),
        minutes=("minutes", N_("How long it lasts")),
        title=("titre", N_("What it is called; the club’s name when left empty")),
        holidays=("fériés", N_("Whether public holidays are left out")),
        club=("club", WHICH_CLUB),
    )
    @app_commands.choices(
        every=[_choice(name, every) for every, name in words.EVERY.items()],
        form=[_choice(name, form) for form, name in words.FORMS.items()],
        holidays=[_choice(N_("leave them out"), "yes")],
    )
    async def plan(
        self,
        ctx: Context,
        every: str = "once",
        form: str = "",
        channel: VoiceChannel | None = None,
        place: str = "",
        seats: app_commands.Range[int, 1, 2000] | None = None,
        minutes: app_commands.Range[int, 10, 720] | None = None,
        title: str = "",
        holidays: str = "",
        club: str = "",
        *,
        when: str,
    ) -> None:
        """Say a plan back in words, with a button that makes it."""
        room, visitor, speech = (
            await room_of(ctx, self._rooms),
            visitor_of(ctx.author),
            self._speech(ctx),
        )
        if ctx.interaction is None:
            text = typed_after(ctx)
            if not text.strip():
                raise Refusal("usage", usage=words.how_to("plan", speech))
            voice = _CHANNEL.search(text)
            found, wish = await self._meetings.read(room, _CHANNEL.sub(" ", text), visitor)
            if voice is not None:
                form_said = wish.form if wish.form not in ("text", "site") else "voice"
                wish = replace(wish, voice_id=voice[1], form=form_said)
        else:
            found = await self._clubs.find(room, club, visitor)
            changes = Changes(
                self._form(form, channel),
                minutes,
                seats,
                place,
                str(channel.id) if channel is not None else "",
                title,
            )
            often: Every = next((one for one in words.EVERY if one == every), "once")
            wish = make_wish(
                when,
                often,
                changes,
                holidays=bool(holidays),
                now=self._meetings.wall(),
                zone=room.zone,
            )
        number = await self._meetings.offer(found, wish, room, visitor, role_in(ctx))
        label = words.button_plan(self._plain(ctx))
        view = _view([MeetingButton("plan", number, label, main=True)])
        offer = Offer(found, room, wish)
        clashes = await self._meetings.clashes(offer)
        lines = words.offered(offer, speech, self._meetings.now(room), clashes)
        await self._reply(ctx, lines, view=view)

    @verb(
        meeting, MEETING, "edit", N_("Change what a planned meeting is, on all its dates"), FreeText
    )
    @options(
        which=("laquelle", WHICH),
        form=("forme", N_("Where it is held")),
        channel=("salon", N_("The voice or stage channel")),
        place=("lieu", N_("Where people go, in words")),
        seats=("places", N_("How many seats there are; 0 for no end")),
        minutes=("minutes", N_("How long it lasts")),
        title=("titre", N_("What it is called")),
        club=("club", WHICH_CLUB),
    )
    @app_commands.choices(form=[_choice(name, form) for form, name in words.FORMS.items()])
    async def edit(
        self,
        ctx: Context,
        which: str = "",
        form: str = "",
        channel: VoiceChannel | None = None,
        place: str | None = None,
        seats: app_commands.Range[int, 0, 2000] | None = None,
        minutes: app_commands.Range[int, 10, 720] | None = None,
        title: str | None = None,
        club: str = "",
    ) -> None:
        """Change a plan."""
        visitor = visitor_of(ctx.author)
        if ctx.interaction is None:
            said, found, places = await self._meetings.meant(
                self._room(ctx), typed_after(ctx), visitor
            )
            changes = read_changes(said, places)
        else:
            found = await self._clubs.find(self._room(ctx), club, visitor)
            voice = str(channel.id) if channel is not None else None
            changes = Changes(self._form(form, channel), minutes, seats, place, voice, title)
        if not changes.some:
            raise Refusal("usage", usage=words.how_to("edit", self._speech(ctx)))
        await self._meetings.edit(found, which, changes, visitor, role_in(ctx))
        await self._done(ctx)

    @verb(meeting, MEETING, "move", N_("Move a meeting; answers stay"), FreeText)
    @options(
        when=("quand", N_("Such as: Tuesday 6:30 pm, 15/12 8 pm, 2026-12-15 20:00")),
        which=("laquelle", WHICH),
        club=("club", WHICH_CLUB),
    )
    async def move(self, ctx: Context, which: str = "", club: str = "", *, when: str) -> None:
        """Move one meeting."""
        visitor = visitor_of(ctx.author)
        if ctx.interaction is None:
            said, found, _ = await self._meetings.meant(self._room(ctx), typed_after(ctx), visitor)
            which, when = _numbered(said)
        else:
            found = await self._clubs.find(self._room(ctx), club, visitor)
        if not when:
            raise Refusal("usage", usage=words.how_to("move", self._speech(ctx)))
        await self._meetings.move(found, which, when, visitor, role_in(ctx))
        await self._done(ctx)

    @verb(meeting, MEETING, "cancel", N_("Call a meeting off, and tell those who come"), FreeText)
    @options(which=("laquelle", WHICH), club=("club", WHICH_CLUB))
    async def cancel(self, ctx: Context, which: str = "", club: str = "") -> None:
        """Call one meeting off."""
        which, found = await self._which(ctx, which, club)
        await self._meetings.cancel(found, which, visitor_of(ctx.author), role_in(ctx))
        await self._done(ctx)

    @verb(meeting, MEETING, "end", N_("End a series of meetings, with all its dates"), FreeText)
    @options(which=("laquelle", WHICH), club=("club", WHICH_CLUB))
    async def end(self, ctx: Context, which: str = "", club: str = "") -> None:
        """End a plan."""
        which, found = await self._which(ctx, which, club)
        entry = await self._meetings.end(found, which, visitor_of(ctx.author), role_in(ctx))
        await self._reply(ctx, [words.ended(entry, self._speech(ctx))])

    @verb(meeting, MEETING, "open", N_("Open the meeting before its time"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def open_now(self, ctx: Context, club: str = "") -> None:
        """Open the next meeting now."""
        _, found = await self._which(ctx, "", club)
        await self._meetings.open(found, visitor_of(ctx.author), role_in(ctx))
        await self._done(ctx)

    @verb(meeting, MEETING, "close", N_("Close the meeting before its time"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def close_now(self, ctx: Context, club: str = "") -> None:
        """Close the meeting now."""
        _, found = await self._which(ctx, "", club)
        await self._meetings.close(found, visitor_of(ctx.author), role_in(ctx))
        await self._done(ctx)

    @verb(meeting, MEETING, "count", N_("Note how many people are in the room"), FreeText)
    @options(people=("personnes", N_("How many people you count")), club=("club", WHICH_CLUB))
    async def count(self, ctx: Context, club: str = "", *, people: str) -> None:
        """Keep what staff count."""
        if ctx.interaction is None:
            people, found = await self._which(ctx, "", "")
        else:
            _, found = await self._which(ctx, "", club)
        if not people:
            raise Refusal("usage", usage=words.how_to("count", self._speech(ctx)))
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        counted = await self._attendances.count(found, people, visitor, role)
        await self._reply(ctx, words.attendance(counted, *self._told(ctx)))

    @verb(meeting, MEETING, "summary", N_("Who came, and what they think of the book"), FreeText)
    @options(club=("club", WHICH_CLUB))
    async def summary(self, ctx: Context, club: str = "") -> None:
        """Tell a host who came and what was said."""
        _, found = await self._which(ctx, "", club)
        visitor, role = visitor_of(ctx.author), role_in(ctx)
        came = await self._attendances.latest(found, visitor, role)
        said = await self._opinions.summary(found, visitor, role)
        lines = words.attendance(came, *self._told(ctx))
        await self._reply(ctx, [*lines, *opinion_words.summary(said, self._speech(ctx))[1:]])

    # what options complete themselves with

    async def clubs_for(
        self, interaction: Interaction, begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer clubs, the channel's own first."""
        near = await self._clubs.nearest(
            begun, self._rooms.by_discord.get(str(interaction.channel_id))
        )
        return [app_commands.Choice(name=club.name, value=club.name) for club in near[:25]]

    async def which_for(
        self, interaction: Interaction, _begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer the meetings that come."""
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        if room is None:
            return []
        name = str(interaction.namespace.club or "")
        try:
            club = await self._clubs.find(room, name, visitor_of(interaction.user))
        except Refusal:
            return []
        speech, now = Speech(room.locale), self._meetings.now(room)
        return [
            app_commands.Choice(
                name=clip(agenda_line(entry, speech, now), 100), value=reference(entry)
            )
            for entry in await self._meetings.coming(club)
        ]

    for _one in (
        yes,
        maybe,
        no,
        remind,
        plan,
        edit,
        move,
        cancel,
        end,
        open_now,
        close_now,
        count,
        summary,
    ):
        _one.autocomplete("club")(clubs_for)
    for _one in (edit, move, cancel, end):
        _one.autocomplete("which")(which_for)
    del _one

    # what the buttons do

    async def press_answer(self, interaction: Interaction, key: int, answer: Answer) -> None:
        """Take an answer, and confirm it in private."""
        room = self._room_at(interaction)
        visitor, role = visitor_of(interaction.user), self._role(interaction)
        done = await self._rsvps.answer(key, answer, visitor, role, room)
        lines = self._answered(done, room, self._client.speech(interaction.channel_id))
        view = self._reminding(done, room)
        await self._client.tell(interaction, "\n".join(lines), view=view)

    async def press_remind(self, interaction: Interaction, key: int, *, on: bool) -> None:
        """Note whether somebody wants to be reminded, in place of what they pressed on."""
        await self._rsvps.remind(key, visitor_of(interaction.user), on=on)
        text = words.reminding(self._client.speech(interaction.channel_id), on=on)
        await interaction.response.edit_message(content=text, view=None)

    async def press_here(self, interaction: Interaction, key: int) -> None:
        """Check somebody in."""
        done = await self._attendances.check_in(key, visitor_of(interaction.user), "button")
        speech = self._client.speech(interaction.channel_id)
        lines = [words.checked_in(done, speech), *self._notice(speech, newcomer=done.newcomer)]
        await self._client.tell(interaction, "\n".join(lines))

    async def press_plan(self, interaction: Interaction, number: int) -> None:
        """Make the plan that was offered."""
        visitor, role = visitor_of(interaction.user), self._role(interaction)
        offer = await self._meetings.accept(number, visitor, role)
        speech = self._client.speech(interaction.channel_id)
        lines = words.confirmed(offer, speech, self._meetings.now(offer.room))
        await interaction.response.edit_message(content="\n".join(lines), view=None)

    async def press_form(self, interaction: Interaction, act: str, key: int) -> None:
        """Open a form on the book of a meeting."""
        await self._opinions.check(key)
        speech = Speech(self._client.speech(interaction.channel_id).locale)
        name = visitor_of(interaction.user).name[:LONGEST_NAME]
        form = opinion_form(key, speech) if act == "say" else favourite_form(key, name, speech)
        await interaction.response.send_modal(form)

    async def filled_in(
        self, interaction: Interaction, match: re.Match[str], entered: Mapping[str, str]
    ) -> None:
        """Take what was entered in a form."""
        key, visitor = int(match["meeting"]), visitor_of(interaction.user)
        speech = self._client.speech(interaction.channel_id)
        if match["form"] == "favourite":
            card = await self._opinions.check(key)
            text, signature = entered.get("text", ""), entered.get("signature", "")
            number = await self._opinions.write(card.club, text, signature, visitor, key)
            await self._client.tell(interaction, opinion_words.written(number, speech))
            return
        done = await self._opinions.give(key, _opinion(entered), visitor)
        lines = [opinion_words.given(done, speech), *self._notice(speech, newcomer=done.newcomer)]
        await self._client.tell(interaction, "\n".join(lines))

    # helpers

    def _speech(self, ctx: Context) -> Speech:
        return self._client.speech(ctx.channel.id)

    def _plain(self, ctx: Context) -> Speech:
        """Return how to speak where nothing is formatted, such as on a button."""
        return Speech(self._speech(ctx).locale)

    def _room(self, ctx: Context) -> Room:
        room = self._rooms.by_discord.get(str(ctx.channel.id))
        if room is None:
            raise Refusal("no-room")
        return room

    def _room_at(self, interaction: Interaction) -> Room:
        room = self._rooms.by_discord.get(str(interaction.channel_id))
        if room is None:
            raise Refusal("no-room")
        return room

    def _role(self, interaction: Interaction) -> Role:
        return self._client.role_of(interaction.user, interaction.permissions)

    async def _which(self, ctx: Context, which: str, club: str) -> tuple[str, Club]:
        """Return which meeting is meant, and of which club."""
        room, visitor = self._room(ctx), visitor_of(ctx.author)
        if ctx.interaction is None:
            said, found, _ = await self._meetings.meant(room, typed_after(ctx), visitor)
            return said, found
        return which, await self._clubs.find(room, club, visitor)

    def _form(self, form: str, channel: VoiceChannel | None) -> Any:
        """Return where a meeting is held, as options say it."""
        if form:
            return next((one for one in words.FORMS if one == form), None) or read_form(form)
        return (
            "stage" if isinstance(channel, discord.StageChannel) else "voice" if channel else None
        )

    def _told(self, ctx: Context) -> tuple[str, Speech, Any]:
        room = self._room(ctx)
        return room.zone, self._speech(ctx), self._meetings.now(room)

    def _answered(self, done: Answered, room: Room, speech: Speech) -> list[str]:
        said = words.answered(done, room.zone, speech, self._meetings.now(room))
        return [said, *self._notice(speech, newcomer=done.newcomer)]

    def _reminding(self, done: Answered, room: Room) -> discord.ui.View:
        """Return what stands under a confirmation: a reminder, as long as one comes or may."""
        if done.answer == "no":
            return discord.ui.View()
        on, speech = not done.reminded, Speech(room.locale)
        label = words.button_remind(speech, on=on)
        return _view([RemindButton(done.card.meeting.id, "on" if on else "off", label)])

    def _notice(self, speech: Speech, *, newcomer: bool) -> Sequence[str]:
        return [f"-# {room_words.notice('', speech)}"] if newcomer else []

    async def _done(self, ctx: Context) -> None:
        """Confirm a slash command; the rooms are told, which answers a typed one."""
        if ctx.interaction is not None:
            await self._reply(ctx, [words.done(self._speech(ctx))])

    async def _reply(self, ctx: Context, lines: Sequence[str], **more: Any) -> None:
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"), **more)


def _view(items: Sequence[discord.ui.Item[Any]]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def _opinion(entered: Mapping[str, str]) -> Opinion:
    said = entered.get("outcome", "not")
    outcomes: Sequence[Outcome] = ("read", "partly", "not")
    outcome: Outcome = next((one for one in outcomes if one == said), "not")
    rating = entered.get("rating", "")
    stars = int(rating) if rating in ("1", "2", "3", "4", "5") else None
    return Opinion(outcome, said == NO_COPY, stars, entered.get("word", ""))


def _club(text: str) -> str:
    """Return the club that is named, with an @ before it or without."""
    said, name = split(text, prose=False)
    return name or said


def _numbered(text: str) -> tuple[str, str]:
    """Return the number of a meeting that a text begins with, and what follows it."""
    first, _, rest = text.strip().partition(" ")
    return (first, rest.strip()) if first.isdecimal() and len(first) == 1 else ("", text.strip())
