"""What goes out to a Twitch chat, and when: news at once, how things stand every few seconds."""

import itertools
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.outbox import Post, Priority
from bot.people import People
from bot.storage.rooms import Room
from bot.twitch_side import TABLE_EVERY, Later, TwitchSide, Words
from tests.fake_clock import FakeClock

ROOM = Room(1, "jeux", "fr", "Europe/Paris", None, None, "30", "mediatheque_pau")


class Chat:
    """A side whose client notes what is said, and when."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.said: list[tuple[float, str]] = []
        client = cast("Any", SimpleNamespace(say=self._say, elevated=lambda _channel: True))
        people = cast("People", None)
        self.side = TwitchSide(self.clock, people, lambda: client, {})

    async def _say(self, _channel: str, text: str, reply_to: str | None = None) -> Any:
        self.said.append((self.clock.now(), text))
        return SimpleNamespace(refused=None)

    def put(self, post: Post) -> None:
        self.side._lane(ROOM).outbox.put(post)

    def table(self, text: str) -> None:
        self.put(Post(Later(lambda: text), Priority.REPLY, key="r1"))

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


@pytest.fixture
async def chat() -> Any:
    chat = Chat()
    yield chat
    chat.side.give_up()


async def test_a_table_that_changes_all_the_time_is_said_every_few_seconds(chat: Chat) -> None:
    for number in range(40):
        chat.table(str(number))
        await chat.clock.pass_time(0.25)
    await chat.clock.pass_time(TABLE_EVERY)
    times = [at for at, _ in chat.said]
    assert all(after - before >= TABLE_EVERY for before, after in itertools.pairwise(times))
    assert chat.texts[0] == "0"
    assert chat.texts[-1] == "39", "the last state is said"
    assert 4 <= len(times) <= 5


async def test_a_line_is_composed_when_it_is_said(chat: Chat) -> None:
    state = ["before"]
    chat.table("first")
    await chat.clock.pass_time(0.5)
    chat.put(Post(Later(lambda: state[0]), Priority.REPLY, key="r1"))
    await chat.clock.pass_time(0.5)
    state[0] = "after"
    await chat.clock.pass_time(TABLE_EVERY)
    assert chat.texts == ["first", "after"]


async def test_news_do_not_wait_for_a_table_that_does(chat: Chat) -> None:
    chat.table("first")
    await chat.clock.pass_time(1.5)
    chat.table("second")
    await chat.clock.pass_time(0.1)
    chat.put(Post(Words("news")))
    await chat.clock.pass_time(1.2)
    assert chat.texts == ["first", "news"]
    await chat.clock.pass_time(TABLE_EVERY)
    assert chat.texts == ["first", "news", "second"]


async def test_the_end_of_a_round_takes_the_place_of_its_table(chat: Chat) -> None:
    chat.table("first")
    await chat.clock.pass_time(0.5)
    chat.table("second")
    chat.put(Post(Words("over"), key="r1"))
    await chat.clock.pass_time(2 * TABLE_EVERY)
    assert chat.texts == ["first", "over"]
