"""The boards of a reading pause on Discord: one while people read, one from the end of reading on."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import discord

from bot.discord_client import quoted
from bot.discord_side import Board, DiscordSide, Whisper, Words
from bot.outbox import Post
from bot.pause_plans import LeftOut
from bot.readings import Readings
from bot.reminders import Asking, Reminder
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.storage.rooms import Room
from bot.wording import pause as words
from bot.wording import pause_plans as plan_words
from bot.wording import turns as turn_words
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, clip
from cogs.pause_controls import FormButton, PauseButton
from cogs.turn_controls import TurnButton
from games.core import Platform, Scene
from games.pause import (
    BREATHE,
    READ,
    Amended,
    Aside,
    Began,
    Breathed,
    Changed,
    Counted,
    Doubted,
    Ended,
    Finished,
    Joined,
    Left,
    Logged,
    Opened,
    Overran,
    Reopened,
    Rested,
    Retimed,
    Returned,
    Turned,
)
from games.turns import Called, TimeUp

COLOUR = 0x4A6D8C

COUNT_EVERY = 3.0
"""Seconds between two edits of a board that only count readers or notes."""


class PauseBoards:
    """Turns a pause's announcements into two boards: one while people read, one from the end of reading on."""

    def __init__(self, readings: Readings, naming: Naming, onsite: Callable[[int], int]) -> None:
        """`naming` tells what a person is called, `onsite` how many were counted in a session."""
        self._readings = readings
        self._naming = naming
        self._onsite = onsite

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        changed = counted = False
        for event in announcement.events:
            match event:
                case Opened() | Began() | Rested() | Reopened() | Counted() | Retimed():
                    changed = True
                case Joined() | Returned() | Logged() | Amended():
                    counted = True
                case Turned(Called() | TimeUp() as turn):
                    told = turn_words.told(turn, speech, self._naming)
                    posts.append(Post(Words(told), key="turn"))
                    changed = True
                case Overran():
                    posts.append(Post(Words(words.overran(event, speech, self._naming))))
                    changed = True
                case Turned():
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
        if changed or counted:
            post = self._board(announcement, speech)
            posts.append(post if changed else _unhurried(post))
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
        lines = [
            *words.beginnings(scene.facts, speech),
            words.settle_in(scene.kind, speech),
            *self._aloud(announcement, speech),
            *_countdown(announcement, speech),
            "",
            f"-# {words.how_here(speech)}",
        ]
        embed = _embed(words.heading(scene, speech), lines)
        embed.set_footer(text=words.reading_now(scene.players, speech))
        session = announcement.session_id
        buttons = (
            PauseButton(session, READ, words.button_read(speech)),
            PauseButton(session, BREATHE, words.button_breathe(speech)),
            FormButton("log", session, words.button_log(speech)),
            *_turn_buttons(scene, session, speech),
        )
        return Post(Board(session, "reading", embed, buttons), key="reading")

    def _aloud(self, announcement: Announcement, speech: Speech) -> list[str]:
        """Return what is read aloud, by whom until when, and who comes next."""
        aside: Aside = announcement.scene.facts
        if aside.turns is None:
            return []
        own = aside.turns.reader is not None and aside.turns.reading.work
        lines = [] if own else words.on_air(aside.text, speech)
        lines += turn_words.table(aside.turns, speech, self._naming)
        ends, phase_ends = aside.turns.ends, announcement.scene.deadline
        if ends is None or phase_ends is None or announcement.ends_at is None:
            return lines
        at = round(announcement.ends_at + ends - phase_ends)
        return [*lines, f"{words.turn_ends(speech)} <t:{at}:R>"]

    def _closed_board(self, announcement: Announcement, speech: Speech) -> Post:
        """Take the buttons off the first board: what comes is on the second."""
        embed = _embed(words.heading(announcement.scene, speech), [words.reading_over(speech)])
        return Post(Board(announcement.session_id, "reading", embed), key="reading")

    def _log_board(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        lines = [words.people(scene.players, speech)] if scene.players else []
        ended = [event.voices for event in announcement.events if isinstance(event, Ended)]
        lines += words.thanks_to(ended[-1] if ended else (), speech, self._naming)
        lines += [*_countdown(announcement, speech), "", f"-# {words.how_to_log_here(speech)}"]
        embed = _embed(words.heading(scene, speech), lines)
        embed.set_footer(text=words.noted_so_far(scene.replies, speech))
        button = FormButton("log", announcement.session_id, words.button_log(speech))
        return Post(Board(announcement.session_id, "log", embed, (button,)), key="log")

    def _result_board(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        ended = next((one for one in announcement.events if isinstance(one, Finished)), None)
        onsite = self._onsite(announcement.session_id)
        if ended is None:
            season = self._readings.season(announcement.room, scene.outcome)
            lines = [
                *words.counted(scene.outcome, onsite, season, speech),
                *_countdown(announcement, speech),
            ]
        else:
            season = self._readings.season(announcement.room)
            lines = words.finished(ended, onsite, season, speech)
        embed = _embed(words.heading(scene, speech), [line for line in lines if line])
        return Post(Board(announcement.session_id, "log", embed), key="log")


class PlansOnDiscord:
    """Tells people on Discord of planned pauses: each who asked to be reminded by direct message."""

    platform: Platform = "discord"

    def __init__(self, side: DiscordSide) -> None:
        self._side = side

    def left_out(self, room: Room, event: LeftOut) -> None:
        """Queue a message."""
        if room.discord_channel_id is not None:
            self._side.say(room, plan_words.left_out(event, Speech(room.locale, quoted)))

    def remind(self, room: Room, reminder: Reminder, asking: Sequence[Asking]) -> None:
        """Queue a direct message for each."""
        where = f" <#{room.discord_channel_id}>" if room.discord_channel_id is not None else ""
        text = f"{plan_words.reminder(reminder, Speech(room.locale, quoted))}{where}"
        for one in asking:
            nonce = f"due{reminder.due_id}-{one.person_id}"
            self._side.whisper(Whisper(one.user_id, text, nonce), reminder.left)


def _unhurried(post: Post) -> Post:
    """Return a board that only counts anew: while a crowd comes in, now and then is enough."""
    return replace(post, payload=replace(post.payload, every=COUNT_EVERY))


def _embed(title: str, lines: Sequence[str]) -> discord.Embed:
    text = "\n".join(lines).strip()
    return discord.Embed(colour=COLOUR, title=clip(title, 256), description=text)


def _turn_buttons(scene: Scene, session: int, speech: Speech) -> list[TurnButton]:
    if scene.facts.turns is None:
        return []
    return [
        TurnButton(session, "turn", words.button_turn(speech)),
        TurnButton(session, "turn-done", words.button_turn_done(speech)),
    ]


def _clock(announcement: Announcement) -> str | None:
    return None if announcement.ends_at is None else f"<t:{round(announcement.ends_at)}:t>"


def _countdown(announcement: Announcement, speech: Speech) -> list[str]:
    if announcement.ends_at is None:
        return []
    at = round(announcement.ends_at)
    return [f"{words.board_ends(announcement.scene.phase, speech)} <t:{at}:R> (<t:{at}:t>)"]
