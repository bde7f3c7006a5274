"""The quiz on Twitch: `!quiz …` for hosts; patrons simply type the letter or the answer."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from twitchio.ext import commands

from bot.hall import Hall
from bot.outbox import Post
from bot.people import People
from bot.quiz import KINDS, Quizzes, read_acceptance, read_wish
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Words
from bot.wording import games as game_words
from bot.wording import proposals as proposal_words
from bot.wording import quiz as words
from bot.wording import room as room_words
from bot.wording.speech import Speech, compose, pack
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, QUIZ, mistyped, read
from games.core import Refusal
from games.quiz import Quiz
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

    @commands.command(name="team", aliases=list(COMMANDS["team"]))
    async def team(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Choose one's team."""
        await self._desk.serve(ctx, text, self._team)

    async def _stop(self, call: Call) -> Sequence[str]:
        await self._hall.act(call.room.id, call.role, "stop").committed()
        return []

    async def _quiz(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, QUIZ)
        match verb:
            case "start":
                await self._quizzes.start(call.room, read_wish(rest), call.role).committed()
                return []
            case "accept":
                return await self._accept(call, rest)
            case "review":
                return await self._review(call, rest)
            case "source":
                return [words.source(self._quizzes.source(call.room).source, call.speech)]
            case "score":
                return self._score(call)
            case "decks":
                return words.decks(self._quizzes.decks.all.values(), call.speech)
            case None:
                return self._now(call)
            case _:
                await self._hall.act(call.room.id, call.role, verb, kinds=KINDS).committed()
                return []

    async def _accept(self, call: Call, text: str) -> Sequence[str]:
        answer, remember = read_acceptance(text)
        if not remember:
            await self._quizzes.accept(call.room, answer, call.role).committed()
            return []
        accepted = self._quizzes.accept_for_good(call.room, answer, call.role)
        if accepted.receipt is not None:
            await accepted.receipt.committed()
        await self._quizzes.remember(accepted)
        return [words.remembered(accepted.answer, call.speech)]

    async def _review(self, call: Call, text: str) -> Sequence[str]:
        """Answer with one question to look at again: the first, or the one of that number."""
        missed = await self._quizzes.review(call.room, call.visitor)
        if not missed:
            return words.reviewed(missed, call.speech)
        index = int(text) if text.isdecimal() and len(text) < 4 else 1
        index = min(max(index, 1), len(missed))
        said = words.review_next(index, len(missed), missed[index - 1], call.speech)
        more = [f"!quiz {QUIZ['review'][call.speech.locale == 'fr']} {index + 1}"]
        return [said, *(more if index < len(missed) else [])]

    async def _team(self, call: Call) -> Sequence[str]:
        receipt = self._hall.wished(call.room.id, call.visitor, "team", call.text, kinds=KINDS)
        await receipt.committed()
        joined = (event for event in receipt.events if isinstance(event, Joined))
        told = [words.joined(event, call.speech) for event in joined]
        return [*told, room_words.notice("", call.speech)] if receipt.newcomer else told

    def _score(self, call: Call) -> Sequence[str]:
        session = self._hall.running(call.room.id)
        if session is None:
            raise Refusal("nothing-running")
        return words.score(session.activity.scene(), call.speech, self._people.name)

    def _now(self, call: Call) -> Sequence[str]:
        if call.text.strip():
            otherwise = words.how_to_start_with(call.speech)
            raise mistyped("quiz", call.text, call.speech.locale, otherwise)
        session = self._hall.running(call.room.id)
        if session is None:
            return [room_words.nothing_running(call.speech), words.how_to_start(call.speech)]
        if not isinstance(session.activity, Quiz):
            return [game_words.something_else(session.activity.scene(), call.speech)]
        return [words.now(session.activity.scene(), call.speech)]


class QuizLines:
    """Turns a quiz's announcements into lines of chat, each complete in itself."""

    def __init__(self, people: People, credit: Callable[[str], str] = lambda _prompt: "") -> None:
        """`credit` returns the name of whoever proposed a question and signed, empty when there is none."""
        self._people = people
        self._credit = credit

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement."""
        posts: list[Post] = []
        for event in announcement.events:
            match event:
                case Opened():
                    elsewhere = "discord" if announcement.room.discord_channel_id else None
                    posts += _lines(words.opened(event, speech, elsewhere), " ")
                case Asked(number=number):
                    shown = partial(announcement.shown, "twitch", number)
                    posts.append(_line(words.asked(event, speech), sent=shown))
                case Answered() | Solved() | Withdrawn() | Reached() | Joined() | Credited():
                    pass
                case Accepted():
                    posts.append(_line([words.accepted(event, speech, self._people.name)]))
                case Undone():
                    posts.append(_line([words.undone(event, speech)]))
                case Hinted():
                    posts.append(_line([words.hinted(event, speech)]))
                case Extended():
                    posts.append(_line([words.extended(event, speech)]))
                case Closed():
                    posts.append(self._closed(event, speech))
                case Finished():
                    posts += _lines(words.finished(event, speech, self._people.name))
                case Back():
                    posts += self._back(event, announcement, speech)
                case Paused() | Resumed() | Suspended():
                    posts.append(_line([room_words.hall_event(event, speech)]))
        return posts

    def _closed(self, event: Closed, speech: Speech) -> Post:
        parts = words.closed(event, speech, self._people.name)
        if name := self._credit(event.prompt):
            parts = [*parts, f"{proposal_words.credit(name, speech)}."]
        return _line(parts, " ")

    def _back(self, event: Back, announcement: Announcement, speech: Speech) -> list[Post]:
        scene = announcement.scene
        posts = [_line([room_words.hall_event(event, speech)])]
        if scene.phase == "asking" and not event.paused:
            left = event.remaining or 0.0
            kind = words.kind_of(scene)
            asked = Asked(
                scene.step, scene.steps, scene.prompt, scene.choices, left, kind, scene.alt
            )
            posts.append(_line(words.asked(asked, speech)))
        elif isinstance(scene.outcome, Closed):
            posts.append(self._closed(scene.outcome, speech))
        return posts


def _lines(parts: Sequence[str], separator: str = " · ") -> list[Post]:
    """Say all parts, on more than one line where teams have many or long names."""
    return [Post(Words(text)) for text in pack(parts, MOST_CHARACTERS, separator)]


def _line(
    parts: Sequence[str], separator: str = " · ", sent: Callable[[], None] | None = None
) -> Post:
    return Post(Words(compose(parts, MOST_CHARACTERS, separator)), sent=sent)
