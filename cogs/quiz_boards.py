"""What a quiz shows on Discord: one message for each question, edited as it goes."""

from collections.abc import Callable, Sequence
from typing import Any

import discord

from bot.discord_side import Board, Picture, Words
from bot.outbox import Post
from bot.people import People
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.wording import proposals as proposal_words
from bot.wording import quiz as words
from bot.wording import room as room_words
from bot.wording.speech import Speech, clip
from cogs.quiz_controls import AnswerButton, AnswerList, FormButton, OrderButton, TeamButton
from games.core import Scene
from games.question import LETTERS
from games.quiz_events import (
    Accepted,
    Answered,
    Asked,
    Closed,
    Credited,
    Extended,
    Finished,
    Hinted,
    Joined,
    Opened,
    Reached,
    Solved,
    Undone,
    Withdrawn,
)

COLOUR = 0x2F6F6D

Pictures = Callable[[str], bytes | None]
"""From what a question calls its picture to the file, None when it is an address or missing."""

Credit = Callable[[str], str]
"""From a question to the name of whoever proposed it and signed, empty when there is none."""


def picture_of(image: str, alt: str, embed: discord.Embed, pictures: Pictures) -> Picture | None:
    """Put a question's picture into an embed; return the file to send with it, if it is one of ours."""
    if not image:
        return None
    if image.startswith("https://"):
        embed.set_image(url=image)
        return None
    data = pictures(image)
    if data is None:
        return None
    picture = Picture(image.rpartition("/")[2], alt, data)
    embed.set_image(url=f"attachment://{picture.name}")
    return picture


class QuizBoards:
    """Turns a quiz's announcements into boards: one message per question, edited as it goes."""

    def __init__(
        self, people: People, pictures: Pictures, credit: Credit = lambda _prompt: ""
    ) -> None:
        self._people = people
        self._pictures = pictures
        self._credit = credit

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        changed = False
        for event in announcement.events:
            match event:
                case Opened():
                    posts.append(self._opening(event, announcement, speech))
                case Asked():
                    changed = True
                case Answered() | Solved() | Withdrawn() | Hinted() | Extended():
                    changed = True
                case Reached():
                    changed = changed or event.moved
                case Joined() | Credited():
                    pass
                case Accepted():
                    said = words.accepted(event, speech, self._people.name)
                    posts.append(Post(Words(said)))
                    changed = True
                case Closed():
                    posts.append(self._reveal(event, announcement, speech))
                    changed = False
                case Undone():
                    posts.append(Post(Words(words.undone(event, speech))))
                case Finished():
                    posts.append(self._result(event, announcement, speech))
                case Paused() | Resumed() | Back() | Suspended():
                    text = room_words.hall_event(event, speech)
                    posts.append(Post(Words(text)))
                    changed = True
        if changed:
            posts += self._table(announcement, speech)
        return posts

    def _table(self, announcement: Announcement, speech: Speech) -> list[Post]:
        """Show what is on the table; after a restart nobody knows whether it was shown before."""
        scene = announcement.scene
        if scene.phase == "asking":
            return [self._question(announcement, speech)]
        if isinstance(scene.outcome, Closed):
            return [self._reveal(scene.outcome, announcement, speech)]
        return []

    def _opening(self, event: Opened, announcement: Announcement, speech: Speech) -> Post:
        elsewhere = "twitch" if announcement.room.twitch_channel_id else None
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.quiz_title(event.title, speech), 256),
            description="\n".join(words.opened(event, speech, elsewhere)),
        )
        if announcement.scene.phase == "lobby" and announcement.ends_at is not None:
            embed.description = (
                f"{embed.description}\n\n{words.starts(speech)} <t:{round(announcement.ends_at)}:R>"
            )
        buttons = tuple(
            TeamButton(announcement.session_id, team, words.join_team(name, speech))
            for team, name in enumerate(event.teams)
            if event.mode != "platforms"
        )
        return Post(Board(announcement.session_id, "opening", embed, buttons), key="opening")

    def _question(self, announcement: Announcement, speech: Speech) -> Post:
        scene = announcement.scene
        lines = [f"### {speech.quote(scene.prompt)}"]
        lines += [f"-# {line}" for line in words.picture(scene.alt, speech)]
        lines += [f"**{line[0]}** · {line[3:]}" for line in words.choices(scene.choices, speech)]
        lines += words.hints(scene.hints, speech)
        lines.append("")
        if announcement.ends_at is not None:
            lines.append(f"{words.ends(speech)} <t:{round(announcement.ends_at)}:R>")
        lines.append(f"-# {words.how_to_answer_here(words.kind_of(scene), speech)}")
        embed = discord.Embed(
            colour=COLOUR,
            title=words.heading(scene.step, scene.steps, speech),
            description="\n".join(lines),
        )
        embed.set_footer(text=words.answers(scene.replies, speech))
        name, number = f"q{scene.step}", scene.step
        picture = picture_of(scene.image, scene.alt, embed, self._pictures)
        controls = _controls(announcement.session_id, scene, speech)
        board = Board(announcement.session_id, name, embed, controls, picture)
        return Post(board, key=name, sent=lambda: announcement.shown("discord", number))

    def _reveal(self, event: Closed, announcement: Announcement, speech: Speech) -> Post:
        lines = [
            f"**{speech.quote(event.prompt)}**",
            "",
            words.verdict(event, speech, self._people.name),
        ]
        if event.explanation:
            lines.append(speech.quote(event.explanation))
        lines += words.at_the_library(event.work, speech)
        if event.source:
            lines.append(f"-# {words.source(event.source, speech)}")
        if name := self._credit(event.prompt):
            lines.append(f"-# {proposal_words.credit(name, speech)}")
        embed = discord.Embed(
            colour=COLOUR,
            title=words.heading(event.number, event.total, speech),
            description="\n".join(lines),
        )
        answers = words.answers(event.answered, speech)
        embed.set_footer(
            text=f"{answers} · {words.waits_for_host(speech)}" if event.waits else answers
        )
        name = f"q{event.number}"
        return Post(Board(announcement.session_id, name, embed), key=name)

    def _result(self, event: Finished, announcement: Announcement, speech: Speech) -> Post:
        first, *podium = words.finished(event, speech, self._people.name)
        embed = discord.Embed(
            colour=COLOUR,
            title=clip(words.quiz_title(event.title, speech), 256),
            description="\n".join([first, "", *podium]).strip(),
        )
        return Post(Board(announcement.session_id, "result", embed), key="result")


def _controls(session: int, scene: Scene, speech: Speech) -> tuple[discord.ui.Item[Any], ...]:
    """Return what one presses to answer the open question."""
    match words.kind_of(scene):
        case "choice" | "truth":
            return tuple(
                AnswerButton(session, scene.step, index, f"{LETTERS[index]} · {text}")
                for index, text in enumerate(scene.choices)
            )
        case "several":
            return (AnswerList(session, scene.step, scene.choices, words.choose_all(speech)),)
        case "order":
            return (OrderButton(session, scene.step, label=words.put_in_order(speech)),)
        case "text" | "number":
            return (FormButton(session, scene.step, words.answer_privately(speech)),)
