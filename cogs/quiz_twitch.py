"""The quiz on Twitch: `!quiz …` for hosts; patrons simply type the letter or the answer."""

from collections.abc import Sequence
from typing import Any

from twitchio.ext import commands

from bot.hall import Hall
from bot.outbox import Post
from bot.people import People
from bot.quiz import Quizzes, read_wish
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Words
from bot.wording import quiz as words
from bot.wording import room as room_words
from bot.wording.speech import Speech, compose
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, QUIZ, nearest, read
from games.core import Refusal
from games.quiz import (
    Answered,
    Asked,
    Closed,
    Extended,
    Finished,
    Hinted,
    Opened,
    Solved,
    Undone,
    Withdrawn,
)


class QuizTwitch(commands.Component):
    """Hosts start and steer a quiz from chat."""

    def __init__(self, desk: Desk, hall: Hall, quizzes: Quizzes, people: People) -> None:
        self._desk = desk
        self._hall = hall
        self._quizzes = quizzes
        self._people = people

    @commands.command(name="quiz", aliases=list(COMMANDS["quiz"]))
    async def quiz(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._quiz)

    @commands.command(name="stop", aliases=list(COMMANDS["stop"]))
    async def stop(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Stop whatever runs."""
        await self._desk.serve(ctx, text, self._stop)

    async def _stop(self, call: Call) -> Sequence[str]:
        await self._hall.act(call.room.id, call.role, "stop").committed()
        return []

    async def _quiz(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, QUIZ)
        match verb:
            case "start":
                await self._quizzes.start(call.room, read_wish(rest), call.role).committed()
                return []
            case "score":
                return self._score(call)
            case "decks":
                return words.decks(self._quizzes.decks.all.values(), call.speech)
            case None:
                return self._now(call)
            case _:
                await self._hall.act(call.room.id, call.role, verb).committed()
                return []

    def _score(self, call: Call) -> Sequence[str]:
        session = self._hall.running(call.room.id)
        if session is None:
            raise Refusal("nothing-running")
        return words.score(session.activity.scene().standings, call.speech, self._people.name)

    def _now(self, call: Call) -> Sequence[str]:
        first = call.text.split(" ")[0]
        if first:
            near = nearest(first, [word for known in QUIZ.values() for word in known])
            raise Refusal(
                "usage", usage=f"!quiz {near}" if near else words.how_to_start_with(call.speech)
            )
        session = self._hall.running(call.room.id)
        if session is None:
            return [room_words.nothing_running(call.speech), words.how_to_start(call.speech)]
        return [words.now(session.activity.scene(), call.speech)]


class QuizLines:
    """Turns a quiz's announcements into lines of chat, each complete in itself."""

    def __init__(self, people: People) -> None:
        self._people = people

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        for event in announcement.events:
            match event:
                case Opened():
                    elsewhere = "discord" if announcement.room.discord_channel_id else None
                    posts.append(_line(words.opened(event, speech, elsewhere), " "))
                case Asked():
                    posts.append(_line(words.asked(event, speech)))
                case Answered() | Solved() | Withdrawn():
                    pass
                case Undone():
                    posts.append(_line([words.undone(event, speech)]))
                case Hinted():
                    posts.append(_line([words.hinted(event, speech)]))
                case Extended():
                    posts.append(_line([words.extended(event, speech)]))
                case Closed():
                    posts.append(_line(words.closed(event, speech, self._people.name), " "))
                case Finished():
                    posts.append(_line(words.finished(event, speech, self._people.name)))
                case Back():
                    posts += self._back(event, announcement, speech)
                case Paused() | Resumed() | Suspended():
                    posts.append(_line([room_words.hall_event(event, speech)]))
        return posts

    def _back(self, event: Back, announcement: Announcement, speech: Speech) -> list[Post]:
        scene = announcement.scene
        posts = [_line([room_words.hall_event(event, speech)])]
        if scene.phase == "asking" and not event.paused:
            left = event.remaining or 0.0
            kind = words.kind_of(scene)
            asked = Asked(scene.step, scene.steps, scene.prompt, scene.choices, left, kind)
            posts.append(_line(words.asked(asked, speech)))
        elif isinstance(scene.outcome, Closed):
            posts.append(_line(words.closed(scene.outcome, speech, self._people.name), " "))
        return posts


def _line(parts: Sequence[str], separator: str = " · ") -> Post:
    return Post(Words(compose(parts, MOST_CHARACTERS, separator)))
