"""Games on Twitch: `!game …` for hosts, and what chat reads; patrons simply type. No game has a cog of its own."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from twitchio.ext import commands

from bot.games import KINDS, Games, Kind, read_game, read_wish
from bot.hall import Hall
from bot.outbox import Post, Priority
from bot.people import People
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import SEPARATOR, Later, Words
from bot.wording import game_details
from bot.wording import games as words
from bot.wording import quiz as quiz_words
from bot.wording import room as room_words
from bot.wording.speech import Speech, compose, pack
from cogs.commands_twitch import Call, Desk
from cogs.verbs import COMMANDS, GAME, mistyped, read
from games.core import Refusal, Role, Scene
from games.table import (
    Dealt,
    Extended,
    Finished,
    Hosted,
    Joined,
    Left,
    Opened,
    RoundOver,
    Told,
    Unseen,
)

UNMOVING = Opened | Hosted | Joined | Left | Unseen
"""What changes nothing that is on the table; a round that begins is said with it, and `Told` without."""

NEW_LINE = " / "
"""What stands, on one line of chat, where a text has a new line."""

GOES_ON = "… "
"""What stands before a line that goes on from another: a line of chat never begins with what somebody wrote."""


class GamesTwitch(commands.Component):
    """Hosts start and steer a game from chat."""

    def __init__(self, desk: Desk, hall: Hall, games: Games, people: People) -> None:
        self._desk = desk
        self._hall = hall
        self._games = games
        self._people = people

    @commands.command(name="game", aliases=list(COMMANDS["game"]))
    async def game(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        """Read the verb and do it."""
        await self._desk.serve(ctx, text, self._game)

    async def _game(self, call: Call) -> Sequence[str]:
        verb, rest = read(call.text, GAME)
        match verb:
            case "start":
                return await self._start(call, rest)
            case "join" | "leave" | "sign" | "contest" | "keep":
                await self._hall.wished(
                    call.room.id, call.visitor, verb, rest, kinds=KINDS
                ).committed()
                return []
            case "mine":
                return await self._mine(call)
            case "practice":
                raise Refusal("practice-discord")
            case "approve" if not rest:
                raise Refusal("discord-only")
            case "score":
                return self._score(call)
            case "rules":
                return self._rules(call, rest)
            case "list":
                names = [kind.words.name(call.speech) for kind in KINDS.values()]
                return [words.listed(names, call.speech), words.how_to_start(call.speech)]
            case None:
                return self._now(call)
            case _:
                await self._hall.act(call.room.id, call.role, verb, rest, kinds=KINDS).committed()
                return []

    async def _start(self, call: Call, rest: str) -> Sequence[str]:
        kind, more = read_game(rest, call.room.locale)
        wish = read_wish(more)
        receipt = await self._games.start(call.room, kind, wish, call.role, call.visitor)
        await receipt.committed()
        return []

    async def _mine(self, call: Call) -> Sequence[str]:
        """Say what is somebody's own, in games in which others may read it too."""
        session = self._hall.running(call.room.id)
        kind = KINDS.get(session.kind) if session is not None else None
        if kind is None or not kind.open_cards:
            raise Refusal("discord-only")
        receipt = self._hall.wished(call.room.id, call.visitor, "mine")
        await receipt.committed()
        told = (kind.words.told(event, call.speech) for event in receipt.events)
        return [NEW_LINE.join(_run_on(text.splitlines())) for text in told]

    def _score(self, call: Call) -> Sequence[str]:
        session = self._hall.running(call.room.id)
        if session is None:
            raise Refusal("nothing-running")
        return quiz_words.score(session.activity.scene(), call.speech, self._people.name)

    def _rules(self, call: Call, text: str) -> Sequence[str]:
        session = self._hall.running(call.room.id)
        running = KINDS.get(session.kind) if session is not None else None
        kind = running if running is not None and not text else read_game(text, call.room.locale)[0]
        details = [game_details.told(kind.key, call.speech)] if call.role >= Role.HOST else []
        return [words.described(kind.words, call.speech), *details]

    def _now(self, call: Call) -> Sequence[str]:
        if call.text.strip():
            otherwise = words.how_to_start(call.speech)
            raise mistyped("game", call.text, call.speech.locale, otherwise)
        session = self._hall.running(call.room.id)
        if session is None:
            return [
                room_words.nothing_running(call.speech),
                words.which_games(call.speech),
                words.how_to_start(call.speech),
            ]
        kind, scene = KINDS.get(session.kind), session.activity.scene()
        if kind is None:
            return [words.something_else(scene, call.speech)]
        return words.now(scene, kind.words, call.speech, self._hall.left(call.room.id))


class GameLines:
    """Turns the announcements of one game into lines of chat, each complete in itself."""

    def __init__(self, kind: Kind, people: People) -> None:
        self._kind = kind
        self._words = kind.words
        self._people = people

    def __call__(self, announcement: Announcement, speech: Speech) -> Sequence[Post]:
        """Return the posts of one announcement: what happened, then the table once."""
        posts: list[Post] = []
        moved = False
        for event in announcement.events:
            posts += self._posts(event, announcement, speech)
            moved = moved or not isinstance(event, UNMOVING)
        said = any(isinstance(event, Dealt | Told) for event in announcement.events)
        if moved and not said and announcement.scene.phase == "playing":
            posts.append(self._table(announcement, speech))
        return posts

    def _posts(self, event: Any, announcement: Announcement, speech: Speech) -> list[Post]:
        scene, naming = announcement.scene, self._people.name
        match event:
            case Opened():
                elsewhere = "discord" if announcement.room.discord_channel_id else None
                return _line(words.opened(event, self._words, speech, elsewhere), " ")
            case Hosted():
                return []
            case Joined():
                return _line([words.joined(event, speech, naming)])
            case Left(by):
                return _line([words.left(naming(by.id), speech)])
            case Dealt():
                return self._dealt(event, scene, speech)
            case Extended():
                return _line([words.extended(event, speech)])
            case RoundOver(number=number, outcome=outcome):
                over = self._words.over(outcome, speech, naming)
                over = [*over, *words.goes_on(event, speech)]
                return self._over(over, _key(announcement, number))
            case Finished():
                return _line(words.finished(event, speech, naming))
            case Back():
                return self._back(event, announcement, speech)
            case Paused() | Resumed() | Suspended():
                return _line([room_words.hall_event(event, speech)])
            case _:
                return _line(self._words.said(event, speech, naming), " ")

    def _back(self, event: Back, announcement: Announcement, speech: Speech) -> list[Post]:
        """Say that the game is back; and how the round ended, which may not have gone out before the crash."""
        scene = announcement.scene
        posts = _line([room_words.hall_event(event, speech)])
        if scene.phase != "reveal":
            return posts
        over = self._words.over(scene.outcome, speech, self._people.name)
        return [*posts, *self._over(over, _key(announcement, scene.step))]

    def _over(self, parts: Sequence[str], key: str) -> list[Post]:
        """Say how a round ended, the first line of it in the place of what still waits."""
        if not self._kind.whole:
            return _line(parts, " ", key)
        first, *others = pack(_run_on(parts), MOST_CHARACTERS - len(GOES_ON), NEW_LINE)
        return [Post(Words(first), key=key), *(Post(Words(f"{GOES_ON}{text}")) for text in others)]

    def _dealt(self, event: Dealt, scene: Scene, speech: Speech) -> list[Post]:
        if scene.step != event.number or scene.phase != "playing":
            return []
        named = self._kind.until
        until = named(scene, speech) if named is not None else None
        parts = [*words.dealt(event, scene, speech, until), *self._asked(scene, speech)]
        return _line(parts)

    def _table(self, announcement: Announcement, speech: Speech) -> Post:
        """Say what is on the table, after the news; what changes before it is said is said as it is then."""
        scene = announcement.scene
        later = Later(partial(self._table_line, scene, speech))
        return Post(later, Priority.REPLY, key=_key(announcement, scene.step))

    def _table_line(self, scene: Scene, speech: Speech) -> str:
        table = self._words.table(scene, speech, self._people.name)
        return compose([self._words.spoken(scene, speech), *table], MOST_CHARACTERS, SEPARATOR)

    def _asked(self, scene: Scene, speech: Speech) -> list[str]:
        prompt = [speech.quote(scene.prompt)] if scene.prompt else []
        table = self._words.table(scene, speech, self._people.name)
        return [*prompt, self._words.spoken(scene, speech), *table, self._words.how(scene, speech)]


def _run_on(parts: Sequence[str]) -> list[str]:
    """Return a head and the lines of a text, the head on one line with the first of them."""
    return [" ".join(parts[:2]), *parts[2:]]


def _key(announcement: Announcement, number: int) -> str:
    """Return what the lines on one round share: the latest takes the place of one that still waits."""
    return f"{announcement.session_id}-r{number}"


def _line(parts: Sequence[str], separator: str = SEPARATOR, key: str | None = None) -> list[Post]:
    text = compose(parts, MOST_CHARACTERS, separator)
    return [Post(Words(text), key=key)] if text else []
