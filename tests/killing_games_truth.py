"""What may be announced of a game, and must be, by a replay of its journal: every text that the faces can make of it.

What is heard is checked whole: a board or a line that no replayed moment gives was untrue. A moment is up to `TOGETHER`
plays in a row, since plays that come while the disk is busy are announced as one. How a round ended must have been
told on both platforms, on Twitch once in each life of the bot at the most; what was confirmed privately must be in the
journal.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from bot import journal
from bot.discord_client import quoted
from bot.discord_side import Board
from bot.discord_side import Later as LaterBoard
from bot.games import KINDS, Kind
from bot.people import People
from bot.session import Announcement, Back, Resumed
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Later as LaterLine
from bot.wording import games as words
from bot.wording.refusals import SENTENCES
from bot.wording.speech import Speech, catalogue
from cogs.games_boards import GameBoards
from cogs.games_twitch import GameLines
from games.core import Scene
from games.table import Finished, RoundOver
from tests.game_strategies import build
from tests.stage_fixtures import plain

TOGETHER = 4
SIDES = ("discord", "twitch")
ROOM = Room(1, "jeux", "fr", "Europe/Paris", "10", "20", "30", "mediatheque_pau")

OTHERS = (
    "I’m back after {away} away. Nothing is lost; the game is still paused.",
    "I’m back after {away} away. Nothing is lost.",
    "I’m back after {away} away. Nothing is lost: {left} left.",
    "Pause. The clock stands still, nothing is lost.",
    "On we go!",
    "On we go: {time} left.",
    "I keep your name and your participation, nothing else. See, correct, erase, or play without trace: !me",
    "{platform} is out of reach for now. We go on here.",
    "{platform} is back.",
    "I could not read this chat for {time}. If you had answered, please type it again.",
)
"""What is said beside the games."""

Heard = tuple[int, str, str]
"""Which life of the bot, which side, what text."""

Confirmed = tuple[str, str, str]
"""Who, which kind of play, its body as the journal has it."""


@dataclass(slots=True)
class Said:
    """What was announced while one game ran, and what was confirmed to somebody alone."""

    heard: list[Heard] = field(default_factory=list)
    confirmed: set[Confirmed] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """One play of the journal: what it led to, and what was on the table then."""

    events: tuple[Any, ...]
    scene: Scene


@dataclass(slots=True)
class Truth:
    """What a replay says."""

    kind: Kind
    names: Mapping[int, str]
    steps: list[Step]
    plays: set[Confirmed]
    points: dict[int, int]

    def over(self) -> Iterator[RoundOver]:
        """Yield how each round ended."""
        for step in self.steps:
            yield from (event for event in step.events if isinstance(event, RoundOver))

    def finished(self) -> Finished | None:
        """Return how the game ended."""
        events = self.steps[-1].events if self.steps else ()
        return next((event for event in events if isinstance(event, Finished)), None)

    def naming(self, key: int) -> str:
        """Return a person's name."""
        return self.names.get(key, "?")


def replay(
    key: str, options: bytes, seed: int, rows: Sequence[Any], names: Mapping[int, str]
) -> Truth:
    """Build a game again from what was kept of it."""
    game, steps, plays = build(key, options, seed), list[Step](), set[Confirmed]()
    for row in rows:
        events = game.play(*journal.decode(row))
        steps.append(Step(events, game.scene()))
        plays.add((names.get(row[4], ""), row[3], row[6] or ""))
    points = {part.player.id: part.points for part in game.record()}
    return Truth(KINDS[key], names, steps, plays, points)


# --- Texts ----------------------------------------------------------------------------------------------------


def normal(text: str) -> str:
    """Return a text without what depends on the instant."""
    return re.sub(r" +", " ", re.sub(r"<t:\d+:R>", "<t>", plain(text))).strip()


@cache
def _others() -> tuple[re.Pattern[str], ...]:
    french = catalogue("fr")
    told = (plain(french.gettext(sentence)) for sentence in (*SENTENCES.values(), *OTHERS))
    return tuple(re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(text))) for text in told)


def is_beside(text: str) -> bool:
    """Return whether a text is a refusal, or something that is said beside the games."""
    return any(pattern.search(text) for pattern in _others())


def possible(truth: Truth) -> dict[str, set[str]]:
    """Return every text that may be announced, by side."""
    people = cast("People", SimpleNamespace(name=truth.naming))
    boards, lines = GameBoards(truth.kind, truth.naming), GameLines(truth.kind, people)
    texts: dict[str, set[str]] = {side: set() for side in SIDES}
    for told in _announcements(truth):
        for post in boards(told, Speech("fr", quoted)):
            payload = post.payload
            payload = payload.compose() if isinstance(payload, LaterBoard) else payload
            shown = payload.embed.description if isinstance(payload, Board) else payload.text
            texts["discord"].add(normal(shown or ""))
        for post in lines(told, Speech("fr")):
            line = post.payload
            texts["twitch"].add(
                normal(line.compose() if isinstance(line, LaterLine) else line.text)
            )
    return texts


def _announcements(truth: Truth) -> Iterator[Announcement]:
    for last, step in enumerate(truth.steps):
        again = [(Resumed(None),), (Back(0.0, None, paused=False),)]
        together = [
            tuple(event for one in truth.steps[first : last + 1] for event in one.events)
            for first in range(max(0, last + 1 - TOGETHER), last + 1)
        ]
        for events in (*together, *again):
            for ends_at in (1.0, None):
                yield Announcement(
                    *(1, ROOM, truth.kind.key, "fr", events, step.scene, ends_at, False, ()),
                    lambda _platform, _prompt: None,
                )


# --- What is wrong --------------------------------------------------------------------------------------------


def announced_wrongly(said: Said, truth: Truth) -> list[str]:
    """Return what was announced and is not so."""
    texts = possible(truth)
    wrong = []
    for life, side, text in said.heard:
        if text and text not in texts[side] and not is_beside(text):
            wrong.append(f"{side} said, in life {life}, what no replay says: {text!r}")
    return wrong


def told_wrongly(said: Said, truth: Truth) -> list[str]:
    """Return ends that were not told, or told twice though the bot lived on."""
    ends = Counter[tuple[str, str]]()
    for over in truth.over():
        for side in SIDES:
            ends[side, _over(truth, over, side)] += 1
    if (finished := truth.finished()) is None:
        return ["the game did not end"]
    for side in SIDES:
        ends[side, _finished(truth, finished, side)] += 1
    wrong = []
    for (side, text), times in ends.items():
        lives = Counter(
            life for life, where, heard in said.heard if where == side and text in heard
        )
        if not lives:
            wrong.append(f"never told on {side}: {text!r}")
        elif side == "twitch" and max(lives.values()) > times:
            wrong.append(f"told {max(lives.values())} times in one life, due {times}: {text!r}")
    return wrong


def _over(truth: Truth, over: RoundOver, side: str) -> str:
    """Return the beginning of what is told of a round's end: all of it, where it fits."""
    speech = Speech("fr", quoted) if side == "discord" else Speech("fr")
    told = truth.kind.words.over(over.outcome, speech, truth.naming)
    return normal(told[0])[: MOST_CHARACTERS // 2] if told else ""


def _finished(truth: Truth, finished: Finished, side: str) -> str:
    speech = Speech("fr", quoted) if side == "discord" else Speech("fr")
    first, *podium = words.finished(finished, speech, truth.naming)
    parts = [first, "", *podium] if side == "discord" else [first]
    return normal("\n".join(parts))


def kept_wrongly(said: Said, truth: Truth, ledger: Sequence[tuple[int, int]]) -> list[str]:
    """Return where the ledger differs from the replay, and what was confirmed and is not kept."""
    wrong = []
    if len(dict(ledger)) != len(ledger):
        wrong.append(f"somebody stands twice in the ledger: {ledger}")
    if dict(ledger) != truth.points:
        wrong.append(f"ledger {dict(ledger)}, due {truth.points}")
    if lost := said.confirmed - truth.plays:
        wrong.append(f"confirmed and not in the journal: {lost}")
    return wrong
