"""The boards of a reading pause on Discord: one while people read, one from the end of reading on."""

from collections.abc import Sequence
from dataclasses import replace

import discord

from bot.discord_side import Board, Words
from bot.outbox import Post
from bot.readings import Readings
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.wording import pause as words
from bot.wording.speech import Speech, clip
from cogs.pause_controls import FormButton, PauseButton
from games.pause import (
    BREATHE,
    READ,
    Amended,
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
    Reopened,
    Rested,
    Retimed,
    Returned,
)

COLOUR = 0x4A6D8C

COUNT_EVERY = 3.0
"""Seconds between two edits of a board that only count readers or notes."""


class PauseBoards:
    """Turns a pause's announcements into two boards: one while people read, one from the end of reading on."""

    def __init__(self, readings: Readings) -> None:
        self._readings = readings

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
        lines = [words.settle_in(scene.kind, speech), *_countdown(announcement, speech)]
        lines += ["", f"-# {words.how_here(speech)}"]
        embed = _embed(words.heading(scene, speech), lines)
        embed.set_footer(text=words.reading_now(scene.players, speech))
        session = announcement.session_id
        buttons = (
            PauseButton(session, READ, words.button_read(speech)),
            PauseButton(session, BREATHE, words.button_breathe(speech)),
            FormButton("log", session, words.button_log(speech)),
        )
        return Post(Board(session, "reading", embed, buttons), key="reading")

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
        button = FormButton("log", announcement.session_id, words.button_log(speech))
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


def _unhurried(post: Post) -> Post:
    """Return a board that only counts anew: while a crowd comes in, now and then is enough."""
    return replace(post, payload=replace(post.payload, every=COUNT_EVERY))


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
