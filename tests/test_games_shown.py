"""What every game shows on both platforms, whatever happens in it; a registered game goes through this by itself."""

import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from types import SimpleNamespace
from typing import Any, cast, get_args

import pytest

from bot.discord_client import quoted
from bot.discord_side import Board, Later, Words, view_of
from bot.games import KINDS
from bot.outbox import Post
from bot.people import LONGEST_NAME, People
from bot.pictures import draw
from bot.session import Announcement, Back, Paused, Resumed, Suspended
from bot.storage.rooms import Room
from bot.twitch_client import MOST_CHARACTERS
from bot.twitch_side import Later as LaterLine
from bot.wording import games as words
from bot.wording.speech import LOCALES, Speech
from cogs.games_boards import GameBoards
from cogs.games_twitch import GameLines
from games.core import Did, Scene
from games.table import TABLE_EVENTS, Finished, Opened, RoundOver
from tests.game_strategies import ACTIONS, SAMPLES, Runner
from tests.test_wording import typography

EVERY = pytest.mark.parametrize("key", KINDS)
SPOKEN = pytest.mark.parametrize("locale", LOCALES)
SEEDS = 40
WIDEST_BOARD = 40
"""Characters of a board's line: more wrap on a telephone."""

HOSTILE = "*_~`|[a](b)#"


def known(name: str) -> People:
    return cast("People", SimpleNamespace(name=lambda _key: name))


@dataclass(frozen=True)
class Moment:
    """What one play led to, and what was on the table then."""

    events: tuple[Any, ...]
    scene: Scene


@cache
def moments(key: str) -> tuple[Moment, ...]:
    """Return what happened in some sessions of a game, each from its opening to its end."""
    found: list[Moment] = []
    for seed in range(SEEDS):
        runner = Runner.of(key, seed)
        chance = Random(seed)
        found.append(Moment(tuple(runner.events), runner.game.scene()))
        for _ in range(90):
            before = len(runner.events)
            runner.step(chance.choice((*ACTIONS, *SAMPLES[key].actions)), chance)
            if len(runner.events) > before:
                found.append(Moment(tuple(runner.events[before:]), runner.game.scene()))
        if not runner.game.over:
            found.append(Moment(runner.take(Did(None, "stop")), runner.game.scene()))
    return tuple(found)


def announced(key: str, moment: Moment, locale: str) -> Announcement:
    room = Room(1, "jeux", locale, "Europe/Paris", "10", "20", "30", "mediatheque_pau")
    ends_at = None if moment.scene.deadline is None else 1.7e9
    unseen = lambda _platform, _prompt: None  # noqa: E731
    return Announcement(
        1, room, key, locale, moment.events, moment.scene, ends_at, False, (), unseen
    )


def on_discord(key: str, moment: Moment, locale: str, name: str) -> list[Post]:
    boards = GameBoards(KINDS[key], known(name).name)
    posts = boards(announced(key, moment, locale), Speech(locale, quoted))
    return [
        replace(post, payload=post.payload.compose()) if isinstance(post.payload, Later) else post
        for post in posts
    ]


def on_twitch(key: str, moment: Moment, locale: str, name: str) -> list[str]:
    lines = GameLines(KINDS[key], known(name))
    posts = lines(announced(key, moment, locale), Speech(locale))
    return [
        post.payload.compose() if isinstance(post.payload, LaterLine) else post.payload.text
        for post in posts
    ]


def texts(post: Post) -> Iterator[str]:
    match post.payload:
        case Words(text):
            yield text
        case Board(embed=embed):
            yield from filter(None, (embed.title, embed.description, embed.footer.text))


def own_events(key: str) -> set[type]:
    """Return the classes of a game's own union of events."""
    activity = Runner.of(key, 0).game
    return set(get_args(sys.modules[type(activity).__module__].Event))


@EVERY
def test_the_sessions_tried_show_every_event(key: str) -> None:
    seen = {type(event) for moment in moments(key) for event in moment.events}
    assert own_events(key) <= seen
    assert {Opened, RoundOver, Finished} <= seen


@EVERY
@SPOKEN
def test_every_moment_fits_twitch(key: str, locale: str) -> None:
    for moment in moments(key):
        for line in on_twitch(key, moment, locale, "W" * LONGEST_NAME):
            assert 0 < len(line) <= MOST_CHARACTERS, line
            assert "\n" not in line, line


@EVERY
@SPOKEN
def test_every_moment_fits_discord(key: str, locale: str) -> None:
    for moment in moments(key):
        for post in on_discord(key, moment, locale, "_" * LONGEST_NAME):
            match post.payload:
                case Words(text):
                    assert 0 < len(text) <= 2000
                case Board(embed=embed) as board:
                    assert 0 < len(embed.title or "") <= 256
                    assert 0 < len(embed.description or "") <= 4096
                    assert len(embed) <= 6000
                    view = view_of(board)
                    assert view is None or len(view.to_components()) <= 5


@EVERY
@SPOKEN
def test_names_are_shown_escaped_on_discord(key: str, locale: str) -> None:
    for moment in moments(key):
        for post in on_discord(key, moment, locale, HOSTILE):
            for text in texts(post):
                assert HOSTILE not in text, text


@EVERY
def test_french_is_well_set(key: str) -> None:
    for moment in moments(key):
        for line in on_twitch(key, moment, "fr", "Inès"):
            assert not ill_set(line), line


def ill_set(text: str) -> set[str]:
    """Return what a French typesetter would correct; a capital may stand alone, as a letter of a game."""
    return {*typography(text)} - {"a bare capital"}


@EVERY
def test_a_board_is_lines_that_a_telephone_shows(key: str) -> None:
    for moment in moments(key):
        board = moment.scene.board
        assert all("\n" not in line for line in board)
        assert max(map(len, board), default=0) <= WIDEST_BOARD


@EVERY
@SPOKEN
def test_what_is_on_the_table_is_said_on_one_line_and_how_to_go_on(key: str, locale: str) -> None:
    own, speech = KINDS[key].words, Speech(locale)
    for moment in moments(key):
        if moment.scene.phase == "playing":
            for said in (own.spoken(moment.scene, speech), own.how(moment.scene, speech)):
                assert said
                assert "\n" not in said


@EVERY
@SPOKEN
def test_every_control_has_a_label_that_discord_takes(key: str, locale: str) -> None:
    own, speech = KINDS[key].words, Speech(locale)
    for moment in moments(key):
        scene = moment.scene
        if scene.choices:
            labels = own.choices(scene, speech)
            assert len(labels) == len(scene.choices) <= 25
            assert all(labels)
        if scene.form:
            fields = own.fields(scene, speech)
            assert 1 <= len(fields) <= 5
            assert all(0 < len(field) <= 45 for field in fields)
        assert all(words.wish_label(wish, own, speech) for wish in scene.wishes)


@EVERY
@SPOKEN
def test_whoever_presses_or_writes_is_answered(key: str, locale: str) -> None:
    own, speech = KINDS[key].words, Speech(locale)
    for event in {e for m in moments(key) for e in m.events if not isinstance(e, TABLE_EVENTS)}:
        told = own.told(event, speech)
        assert len(told) <= 1900
        assert locale != "fr" or not ill_set(told), told
        if (drawing := own.card(event, speech)) is not None:
            assert draw(drawing).startswith(b"\x89PNG")


@EVERY
def test_every_round_is_said_to_begin_and_to_end(key: str) -> None:
    for moment in moments(key):
        kinds = {type(event) for event in moment.events}
        if kinds & {Opened, RoundOver, Finished}:
            assert on_twitch(key, moment, "fr", "Inès")
            assert on_discord(key, moment, "fr", "Inès")


@EVERY
def test_the_pictures_of_a_game_can_be_drawn(key: str) -> None:
    own, speech = KINDS[key].words, Speech("fr")
    drawings = {own.drawing(moment.scene, speech) for moment in moments(key) if moment.scene.step}
    for drawing in list(filter(None, drawings))[:10]:
        assert draw(drawing).startswith(b"\x89PNG")


@EVERY
@SPOKEN
@pytest.mark.parametrize(
    "event",
    [Paused(), Resumed(3.0), Back(9.0, 3.0, paused=False), Suspended()],
    ids=lambda event: type(event).__name__,
)
def test_pauses_and_returns_are_said_and_the_table_is_shown_again(
    key: str, locale: str, event: Any
) -> None:
    playing = next(m for m in reversed(moments(key)) if m.scene.phase == "playing")
    moment = Moment((event,), playing.scene)
    assert len(on_twitch(key, moment, locale, "Inès")) == 2
    said, *boards = on_discord(key, moment, locale, "Inès")
    assert isinstance(said.payload, Words)
    assert any(isinstance(post.payload, Board) for post in boards)


@EVERY
@SPOKEN
def test_a_game_is_explained_in_two_sentences(key: str, locale: str) -> None:
    own, speech = KINDS[key].words, Speech(locale)
    assert len(own.rules(speech)) == 2
    assert len(words.described(own, speech)) <= MOST_CHARACTERS
    assert own.name(speech)


def test_every_wording_has_just_the_functions_that_are_asked_for() -> None:
    wanted = {name for name, _ in inspect.getmembers(words.GameWords, inspect.isfunction)}
    wanted = {name for name in wanted if not name.startswith("_")}
    for kind in KINDS.values():
        module = cast("Any", kind.words)
        functions = dict(inspect.getmembers(module, inspect.isfunction))
        own = {name for name in functions if functions[name].__module__ == module.__name__}
        assert {name for name in own if not name.startswith("_")} <= wanted, kind.key
        assert wanted <= set(functions), kind.key
