"""Presence: a platform out of reach is told once, to those who play, after some patience, and so is its return."""

import pytest

from bot.presence import PATIENCE, Presence
from bot.storage.rooms import Room
from bot.wording import room as words
from bot.wording.speech import Speech
from games.core import Platform
from tests.fake_clock import FakeClock

FRENCH = Room(1, "Salon", "fr", "Europe/Paris", "d1", "g", "t1", "salon")
ENGLISH = Room(2, "Lounge", "en", "Europe/Paris", "d2", "g", "t2", "lounge")
ALONE = Room(3, "Seul", "fr", "Europe/Paris", "d3", "g", None, None)


class Playing:
    def __init__(self, *rooms: Room) -> None:
        self.rooms = list(rooms)

    def busy(self) -> list[Room]:
        return self.rooms


class Teller:
    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []

    def say(self, room: Room, text: str) -> None:
        self.said.append((room.id, text))


class Scene:
    def __init__(self, *rooms: Room) -> None:
        self.clock = FakeClock()
        self.playing = Playing(*rooms)
        self.tellers: dict[Platform, Teller] = {"discord": Teller(), "twitch": Teller()}
        self.presence = Presence(self.clock, self.playing, dict(self.tellers))

    def said(self, platform: Platform) -> list[tuple[int, str]]:
        return self.tellers[platform].said


def test_those_who_play_on_both_are_told_once_in_their_language_on_the_other() -> None:
    scene = Scene(FRENCH, ENGLISH, ALONE)
    scene.presence.down("twitch")
    scene.clock.advance(PATIENCE - 0.01)
    assert scene.said("discord") == []
    scene.presence.down("twitch")
    scene.clock.advance(0.01)
    scene.presence.down("twitch")
    scene.clock.advance(100)
    assert scene.said("discord") == [
        (1, words.other_platform_down("twitch", Speech("fr"))),
        (2, words.other_platform_down("twitch", Speech("en"))),
    ]
    assert scene.said("twitch") == []


def test_a_quick_return_is_not_worth_a_word() -> None:
    scene = Scene(FRENCH)
    scene.presence.down("discord")
    scene.clock.advance(PATIENCE - 1)
    scene.presence.up("discord")
    scene.clock.advance(100)
    scene.presence.up("discord")
    assert scene.said("twitch") == []


@pytest.mark.parametrize(("gone", "other"), [("discord", "twitch"), ("twitch", "discord")])
def test_the_return_is_told_to_those_who_were_told(gone: Platform, other: Platform) -> None:
    scene = Scene(FRENCH)
    scene.presence.down(gone)
    scene.clock.advance(PATIENCE)
    scene.playing.rooms = [FRENCH, ENGLISH]
    scene.presence.up(gone)
    scene.presence.up(gone)
    assert scene.said(other)[1:] == [(1, words.other_platform_back(gone, Speech("fr")))]
    scene.presence.down(gone)
    scene.clock.advance(PATIENCE)
    assert len(scene.said(other)) == 4


def test_when_nobody_plays_nobody_is_told() -> None:
    scene = Scene()
    scene.presence.down("twitch")
    scene.clock.advance(PATIENCE)
    scene.presence.up("twitch")
    assert scene.said("discord") == []


def test_after_closing_nothing_is_said() -> None:
    scene = Scene(FRENCH)
    scene.presence.down("twitch")
    scene.presence.close()
    scene.presence.down("discord")
    scene.clock.advance(100)
    assert scene.said("discord") == scene.said("twitch") == []
    assert scene.clock.waiting == 0
