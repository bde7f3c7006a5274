"""The loopback Twitch, driven by the real twitchio client and, for the protocol's corners, by a bare WebSocket.

Every exchange of every test is held to Helix's OpenAPI document when the test ends.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import orjson
import pytest
import twitchio
from aiohttp import web
from twitchio import eventsub
from twitchio.ext import commands
from yarl import URL

from bot.endpoints import pointed
from bot.rehearsal.recorder import Frame, Recorder
from bot.rehearsal.twitch_platform import SCOPES, TwitchPlatform
from tests.vendor_api import watch
from tests.waiting import LIMIT, until

START = 1_800_000_000.0
CHAT = "channel.chat.message"


class Clock:
    """Unix seconds that stand still until a test moves them."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class Listener(commands.Bot):
    """An ordinary twitchio bot that notes what reaches it."""

    def __init__(self, platform: TwitchPlatform, channel_id: str) -> None:
        super().__init__(
            client_id=platform.client_id,
            client_secret=platform.client_secret,
            bot_id=platform.bot.id,
            prefix="!",
        )
        self.platform = platform
        self.channel_id = channel_id
        self.heard: list[twitchio.ChatMessage] = []
        self.events: list[Any] = []

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]

    async def setup_hook(self) -> None:
        await self.add_token(self.platform.access_token, self.platform.refresh_token)
        await self.hear(eventsub.ChatMessageSubscription)

    async def hear(self, kind: Callable[..., Any]) -> None:
        payload = kind(broadcaster_user_id=self.channel_id, user_id=self.bot_id)
        await self.subscribe_websocket(payload)

    async def send(self, text: str, **more: Any) -> Any:
        channel = self.create_partialuser(self.channel_id)
        return await channel.send_message(text, sender=self.bot_id, token_for=self.bot_id, **more)

    async def event_message(self, payload: twitchio.ChatMessage) -> None:
        self.heard.append(payload)

    async def event_message_delete(self, payload: Any) -> None:
        self.events.append(payload)

    async def event_chat_clear_user(self, payload: Any) -> None:
        self.events.append(payload)

    async def event_chat_clear(self, payload: Any) -> None:
        self.events.append(payload)

    async def event_stream_online(self, payload: Any) -> None:
        self.events.append(payload)

    async def event_stream_offline(self, payload: Any) -> None:
        self.events.append(payload)

    async def event_subscription_revoked(self, payload: Any) -> None:
        self.events.append(payload)


class Ear:
    """A bare EventSub client: keeps the frames it gets, answers nothing."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            self.frames.append(orjson.loads(message.data))

    def kinds(self) -> list[str]:
        return [frame["metadata"]["message_type"] for frame in self.frames]

    def texts(self) -> list[str]:
        events = [frame["payload"].get("event") for frame in self.frames]
        return [event["message"]["text"] for event in events if event]

    async def frame(self, kind: str) -> dict[str, Any]:
        await until(lambda: kind in self.kinds())
        return next(item for item in self.frames if item["metadata"]["message_type"] == kind)

    async def session_id(self) -> str:
        welcome = await self.frame("session_welcome")
        return str(welcome["payload"]["session"]["id"])

    async def closed(self) -> int | None:
        await asyncio.wait_for(self._reading, 2.0)
        return self.socket.close_code

    async def close(self) -> None:
        await self.socket.close()
        await self._reading


class Stage:
    """A platform being served, one channel, one patron, and ways to reach it."""

    def __init__(
        self, platform: TwitchPlatform, clock: Clock, recorder: Recorder, base: URL
    ) -> None:
        self.platform = platform
        self.clock = clock
        self.base = base
        self.frames: list[Frame] = []
        self.channel = platform.add_channel("mediatheque", "Médiathèque")
        self.lea = platform.add_user("lea", "Léa")
        self.session = aiohttp.ClientSession()
        self._running: list[tuple[Listener, asyncio.Task[None]]] = []
        self._ears: list[Ear] = []
        recorder.listen(lambda row: self.frames.append(row) if isinstance(row, Frame) else None)

    async def bot(self) -> Listener:
        bot = Listener(self.platform, self.channel.id)
        running = bot.start(with_adapter=False, load_tokens=False, save_tokens=False)
        task = asyncio.create_task(running)
        self._running.append((bot, task))
        async with asyncio.timeout(LIMIT):
            await bot.wait_until_ready()
        return bot

    async def ear(self, url: str = "") -> Ear:
        target = url or str(self.base / "ws").replace("http", "ws", 1)
        ear = Ear(await self.session.ws_connect(target))
        self._ears.append(ear)
        return ear

    async def subscribed_ear(self) -> Ear:
        ear = await self.ear()
        status, _ = await self.subscribe(CHAT, await ear.session_id())
        assert status == 202
        return ear

    async def subscribe(self, kind: str, session_id: str, **more: Any) -> tuple[int, Any]:
        body = {
            "type": kind,
            "version": "1",
            "condition": {
                "broadcaster_user_id": self.channel.id,
                "user_id": self.platform.bot.id,
            },
            "transport": {"method": "websocket", "session_id": session_id},
        }
        return await self.call("POST", "/eventsub/subscriptions", json=body | more)

    async def send(self, text: str, **more: Any) -> tuple[int, Any]:
        body = {
            "broadcaster_id": self.channel.id,
            "sender_id": self.platform.bot.id,
            "message": text,
        }
        return await self.call("POST", "/chat/messages", json=body | more)

    async def call(self, method: str, path: str, token: str = "", **more: Any) -> tuple[int, Any]:
        headers = {
            "Authorization": f"Bearer {token or self.platform.access_token}",
            "Client-Id": self.platform.client_id,
        }
        url = f"{self.base}/helix{path}"
        async with self.session.request(method, url, headers=headers, **more) as response:
            return response.status, await response.json() if response.content_length else None

    async def oauth(self, path: str, **form: str) -> tuple[int, Any]:
        async with self.session.post(f"{self.base}/id/oauth2/{path}", data=form) as response:
            return response.status, await response.json() if response.content_length else None

    async def say(self, text: str, **more: Any) -> str:
        return await self.platform.say(self.lea.id, self.channel.id, text, **more)

    async def close(self) -> None:
        for bot, task in self._running:
            await bot.close()
            await asyncio.wait([task])
        for ear in self._ears:
            await ear.close()
        await self.session.close()


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    recorder, clock = Recorder(), Clock()
    complaints = watch(recorder)
    platform = TwitchPlatform(recorder, clock=clock)
    app = web.Application()
    platform.mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base = URL(f"http://127.0.0.1:{runner.addresses[0][1]}/twitch")
    stage = Stage(platform, clock, recorder, base)
    with pointed(twitch=base):
        yield stage
        await stage.close()
        await runner.cleanup()
    assert complaints == []


async def a_moment() -> None:
    await asyncio.sleep(0.03)


# The real client's ordinary life


async def test_a_bot_logs_in_and_hears_a_line(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.set_badges(stage.channel.id, stage.lea.id, "moderator", "subscriber")
    await stage.say("Bonjour @ensemble  Kappa !")
    await until(lambda: bool(bot.heard))
    [line] = bot.heard
    assert line.text == "Bonjour @ensemble  Kappa !"
    assert line.chatter.id == stage.lea.id
    assert line.chatter.display_name == "Léa"
    assert line.chatter.moderator
    assert [badge.set_id for badge in line.badges] == ["moderator", "subscriber"]
    assert [user.id for user in line.mentions] == [stage.platform.bot.id]
    assert [emote.id for emote in line.emotes] == ["25"]
    assert "".join(fragment.text for fragment in line.fragments) == line.text
    assert line.source_broadcaster is None


async def test_what_the_bot_sends_is_in_the_room_and_comes_back(stage: Stage) -> None:
    bot = await stage.bot()
    sent = await bot.send("Question 1")
    await until(lambda: bool(bot.heard))
    assert bot.heard[0].id == sent.id
    assert bot.heard[0].chatter.id == stage.platform.bot.id
    assert [line.text for line in stage.platform.lines(stage.channel.id)] == ["Question 1"]
    assert stage.platform.faults.sends == 1


async def test_a_reply_names_its_parent(stage: Stage) -> None:
    bot = await stage.bot()
    parent = await stage.say("C'est Zola ?")
    await bot.send("Oui.", reply_to_message_id=parent)
    await until(lambda: len(bot.heard) == 2)
    reply = bot.heard[1].reply
    assert reply is not None
    assert reply.parent_message_id == parent
    assert reply.parent_message_body == "C'est Zola ?"
    assert reply.parent_user.id == stage.lea.id


async def test_500_characters_pass_and_501_do_not(stage: Stage) -> None:
    assert (await stage.send("é" * 500))[0] == 200
    status, body = await stage.send("é" * 501)
    assert (status, body["message"]) == (422, "The message is too large")
    assert (await stage.send("  "))[0] == 400
    assert len(stage.platform.lines(stage.channel.id)) == 1


async def test_moderation_reaches_the_bot_and_strikes_the_lines(stage: Stage) -> None:
    bot = await stage.bot()
    await bot.hear(eventsub.ChatMessageDeleteSubscription)
    await bot.hear(eventsub.ChatClearUserMessagesSubscription)
    await bot.hear(eventsub.ChatClearSubscription)
    first = await stage.say("un")
    await stage.say("deux")
    await stage.platform.delete_message(stage.channel.id, first)
    assert [line.deleted for line in stage.platform.lines(stage.channel.id)] == [True, False]
    await stage.platform.timeout(stage.channel.id, stage.lea.id)
    await stage.platform.clear(stage.channel.id)
    await until(lambda: len(bot.events) == 3)
    assert bot.events[0].message_id == first
    assert bot.events[1].user.id == stage.lea.id
    assert bot.events[2].broadcaster.id == stage.channel.id
    assert all(line.deleted for line in stage.platform.lines(stage.channel.id))


async def test_a_stream_starts_and_ends(stage: Stage) -> None:
    bot = await stage.bot()
    channel = stage.channel.id
    await bot.subscribe_websocket(eventsub.StreamOnlineSubscription(broadcaster_user_id=channel))
    await bot.subscribe_websocket(eventsub.StreamOfflineSubscription(broadcaster_user_id=channel))
    await stage.platform.go_live(channel)
    assert [stream.user.id async for stream in bot.fetch_streams(user_ids=[channel])] == [channel]
    await stage.platform.go_offline(channel)
    await until(lambda: len(bot.events) == 2)
    assert bot.events[0].id == bot.events[1].id
    assert [stream async for stream in bot.fetch_streams(user_ids=[channel])] == []


async def test_any_other_event_goes_to_those_who_asked_for_it(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.grant(stage.channel.id, "channel:read:ads")
    broadcaster = stage.platform.issue(stage.channel.id, "channel:read:ads")
    await bot.add_token(broadcaster.access, broadcaster.refresh)
    payload = eventsub.AdBreakBeginSubscription(broadcaster_user_id=stage.channel.id)
    await bot.subscribe_websocket(payload, token_for=stage.channel.id, as_bot=False)
    seen: list[Any] = []

    async def note(payload: Any) -> None:
        seen.append(payload)

    bot.add_listener(note, event="event_ad_break")
    names = {"id": stage.channel.id, "login": "mediatheque", "name": "Médiathèque"}
    event = {
        "duration_seconds": 60,
        "started_at": "2026-01-01T00:00:00.000000001Z",
        "is_automatic": True,
    }
    event |= {f"broadcaster_user_{key}": value for key, value in names.items()}
    event |= {f"requester_user_{key}": value for key, value in names.items()}
    about = {"broadcaster_user_id": stage.channel.id}
    await stage.platform.emit("channel.ad_break.begin", "1", about, event)
    await stage.platform.emit("channel.ad_break.begin", "2", about, event)
    await until(lambda: bool(seen))
    await a_moment()
    assert [payload.duration for payload in seen] == [60]


async def test_shared_chat_names_the_room_it_came_from(stage: Stage) -> None:
    bot = await stage.bot()
    other = stage.platform.add_channel("annexe")
    stage.platform.set_badges(other.id, stage.lea.id, "vip")
    await stage.say("Bonsoir", source_channel_id=other.id)
    await until(lambda: bool(bot.heard))
    [line] = bot.heard
    assert line.source_broadcaster is not None
    assert line.source_broadcaster.id == other.id
    assert line.source_id not in {None, line.id}
    assert [badge.set_id for badge in line.source_badges] == ["vip"]


async def test_the_view_shows_the_room_with_what_was_refused(stage: Stage) -> None:
    changes: list[int] = []
    stage.platform.on_change(lambda: changes.append(1))
    assert not stage.platform.view(stage.channel.id, stage.lea.id)["connected"]
    bot = await stage.bot()
    parent = await stage.say("Bonjour")
    await stage.say("Et toi ?", reply_to=parent)
    stage.platform.faults.reject_next("channel_settings", "Not here.")
    with pytest.raises(twitchio.MessageRejectedError):
        await bot.send("Salut")
    view = stage.platform.view(stage.channel.id, stage.lea.id)
    assert view["connected"]
    assert view["channel"] == {
        "id": stage.channel.id,
        "login": "mediatheque",
        "name": "Médiathèque",
    }
    assert [line["text"] for line in view["lines"]] == ["Bonjour", "Et toi ?", "Salut"]
    assert view["lines"][1]["reply_to"] == {"name": "Léa", "text": "Bonjour"}
    assert [line["bot"] for line in view["lines"]] == [False, False, True]
    assert view["lines"][2]["refused"] == "channel_settings: Not here."
    assert changes


# Lines that Twitch drops


async def test_is_sent_false_is_an_error_in_the_client(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.reject_next("channel_settings", "Not here.", n=1)
    with pytest.raises(twitchio.MessageRejectedError) as caught:
        await bot.send("Bonjour")
    assert caught.value.code == "channel_settings"
    await bot.send("Bonjour")
    assert len(stage.platform.lines(stage.channel.id)) == 1


def code_of(answer: tuple[int, Any]) -> str:
    status, body = answer
    assert status == 200
    [row] = body["data"]
    assert row["is_sent"] is ("drop_reason" not in row)
    return str(row.get("drop_reason", {}).get("code", ""))


async def test_a_line_repeated_within_30_seconds_is_dropped(stage: Stage) -> None:
    assert code_of(await stage.send("Encore")) == ""
    stage.clock.now += 29.0
    assert code_of(await stage.send("Encore")) == "msg_duplicate"
    stage.clock.now += 1.0
    assert code_of(await stage.send("Encore")) == ""
    assert stage.platform.faults.rate_violations == 0


async def test_a_moderator_may_repeat_and_hurry(stage: Stage) -> None:
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, "moderator")
    assert [code_of(await stage.send("Encore")) for _ in range(3)] == ["", "", ""]


async def test_a_vip_may_hurry_but_not_repeat(stage: Stage) -> None:
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, "vip")
    assert code_of(await stage.send("un")) == ""
    assert code_of(await stage.send("deux")) == ""
    assert code_of(await stage.send("deux")) == "msg_duplicate"


async def test_one_line_a_second_in_a_channel(stage: Stage) -> None:
    assert code_of(await stage.send("un")) == ""
    stage.clock.now += 0.9
    assert code_of(await stage.send("deux")) == "msg_ratelimit"
    elsewhere = stage.platform.add_channel("annexe").id
    assert code_of(await stage.send("deux", broadcaster_id=elsewhere)) == ""
    stage.clock.now += 0.1
    assert code_of(await stage.send("deux")) == ""
    assert stage.platform.faults.rate_violations == 1


@pytest.mark.parametrize(("badges", "most"), [((), 20), (("vip",), 100)])
async def test_so_many_lines_in_30_seconds(
    stage: Stage, badges: tuple[str, ...], most: int
) -> None:
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, *badges)
    stage.platform.limits.spacing = 0.0
    codes = [code_of(await stage.send(f"ligne {number}")) for number in range(most + 1)]
    assert codes == [""] * most + ["msg_ratelimit"]
    stage.clock.now += 30.0
    assert code_of(await stage.send("enfin")) == ""


async def test_lines_sent_as_moderator_count_where_one_is_not(stage: Stage) -> None:
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, "moderator")
    for number in range(20):
        await stage.send(f"ligne {number}")
    elsewhere = stage.platform.add_channel("annexe").id
    assert code_of(await stage.send("un", broadcaster_id=elsewhere)) == "msg_ratelimit"


async def test_a_person_who_is_timed_out_or_too_wordy_is_not_heard(stage: Stage) -> None:
    ear = await stage.subscribed_ear()
    await stage.say("é" * 501)
    await stage.platform.timeout(stage.channel.id, stage.lea.id, 60.0)
    await stage.say("un")
    stage.clock.now += 60.0
    await stage.say("deux")
    await until(lambda: bool(ear.texts()))
    assert ear.texts() == ["deux"]
    view = stage.platform.view(stage.channel.id, stage.lea.id)
    assert [bool(line["refused"]) for line in view["lines"]] == [True, True, False]


async def test_a_bot_that_is_timed_out_is_not_heard(stage: Stage) -> None:
    await stage.platform.timeout(stage.channel.id, stage.platform.bot.id, 60.0)
    assert code_of(await stage.send("un")) == "user_timed_out"
    stage.clock.now += 60.0
    assert code_of(await stage.send("un")) == ""


# Deliveries that come twice, late or out of order


def delivery(line: twitchio.ChatMessage) -> str:
    assert line.metadata is not None
    return line.metadata.message_id


async def test_the_same_delivery_twice(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.duplicate_next(1)
    await stage.say("un")
    await stage.say("deux")
    await until(lambda: len(bot.heard) == 3)
    first, second, _ = bot.heard
    assert bot.texts == ["un", "un", "deux"]
    assert first.id == second.id
    assert delivery(first) == delivery(second)


async def test_the_same_line_in_another_delivery(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.duplicate_next(1, same_delivery=False)
    await stage.say("un")
    await until(lambda: len(bot.heard) == 2)
    first, second = bot.heard
    assert first.id == second.id
    assert delivery(first) != delivery(second)


async def test_a_line_said_again_under_its_id(stage: Stage) -> None:
    bot = await stage.bot()
    line_id = await stage.say("un")
    assert await stage.say("un", message_id=line_id) == line_id
    await until(lambda: len(bot.heard) == 2)
    assert len(stage.platform.lines(stage.channel.id)) == 1


async def test_held_lines_are_released_in_the_order_asked_for(stage: Stage) -> None:
    ear = await stage.subscribed_ear()
    stage.platform.faults.hold()
    for text in ("un", "deux", "trois"):
        await stage.say(text)
    await a_moment()
    assert ear.texts() == []
    await stage.platform.faults.release([2, 0, 1, 0])
    await stage.say("quatre")
    await until(lambda: len(ear.texts()) == 5)
    assert ear.texts() == ["trois", "un", "deux", "un", "quatre"]


# Sockets


async def test_a_reconnecting_socket_receives_until_its_successor_is_welcome(stage: Stage) -> None:
    old = await stage.subscribed_ear()
    await stage.platform.faults.reconnect(welcome_delay=0.15)
    order = await old.frame("session_reconnect")
    url = order["payload"]["session"]["reconnect_url"]
    assert order["payload"]["session"]["status"] == "reconnecting"
    new = await stage.ear(url)
    await stage.say("pendant")
    await new.frame("session_welcome")
    await stage.say("après")
    await until(lambda: bool(new.texts()))
    assert old.texts() == ["pendant"]
    assert new.texts() == ["après"]
    await old.close()
    await stage.say("encore")
    await until(lambda: new.texts() == ["après", "encore"])
    assert stage.platform.sockets_opened == 2
    assert len(stage.platform.subscriptions) == 1
    assert (await stage.subscribe(CHAT, await new.session_id()))[0] == 409


async def test_a_reconnection_may_keep_its_session_id(stage: Stage) -> None:
    old = await stage.subscribed_ear()
    await stage.platform.faults.reconnect(same_session=True)
    order = await old.frame("session_reconnect")
    new = await stage.ear(order["payload"]["session"]["reconnect_url"])
    assert await new.session_id() == await old.session_id()
    await old.close()
    await until(lambda: stage.platform.sockets == 1)
    await stage.say("après")
    await until(lambda: new.texts() == ["après"])
    assert old.texts() == []


async def test_an_old_socket_closed_too_early_does_not_cost_the_subscriptions(
    stage: Stage,
) -> None:
    old = await stage.subscribed_ear()
    await stage.platform.faults.reconnect(welcome_delay=0.05)
    order = await old.frame("session_reconnect")
    new = await stage.ear(order["payload"]["session"]["reconnect_url"])
    await until(lambda: stage.platform.sockets == 2)
    await old.close()
    await new.frame("session_welcome")
    await stage.say("après")
    await until(lambda: new.texts() == ["après"])


async def test_nobody_follows_the_reconnection(stage: Stage) -> None:
    stage.platform.deadlines.reconnect_grace = 0.02
    ear = await stage.subscribed_ear()
    await stage.platform.faults.reconnect()
    assert await ear.closed() == 4004
    assert stage.platform.subscriptions == []
    order = await ear.frame("session_reconnect")
    late = await stage.ear(order["payload"]["session"]["reconnect_url"])
    assert await late.closed() == 4007


async def test_twitchio_follows_a_reconnection(stage: Stage) -> None:
    bot = await stage.bot()
    await stage.platform.faults.reconnect()
    await until(lambda: stage.platform.sockets_opened == 2 and stage.platform.sockets == 1)
    await stage.say("après")
    await until(lambda: bot.texts == ["après"])


@pytest.mark.parametrize("code", [4000, 4002, 1006])
async def test_twitchio_comes_back_and_subscribes_again_after_a_drop(
    stage: Stage, code: int
) -> None:
    bot = await stage.bot()
    await stage.platform.faults.drop(code)
    assert stage.platform.subscriptions == []
    await stage.say("perdu")
    await until(lambda: len(stage.platform.subscriptions) == 1)
    await stage.say("entendu")
    await until(lambda: bot.texts == ["entendu"])
    assert stage.platform.sockets_opened == 2


async def test_twitchio_stays_deaf_when_subscribing_again_fails(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.deadlines.unused = 0.05
    stage.platform.faults.fail(500, path="/eventsub")
    await stage.platform.faults.drop()
    await until(lambda: stage.platform.sockets_opened == 2)
    await until(lambda: stage.platform.sockets == 0)
    await stage.say("perdu")
    await a_moment()
    assert bot.texts == []


async def test_dropped_subscriptions_stay_listed_with_the_reason(stage: Stage) -> None:
    await stage.subscribed_ear()
    await stage.platform.faults.drop(4000)
    status, body = await stage.call("GET", "/eventsub/subscriptions")
    assert status == 200
    assert [row["status"] for row in body["data"]] == ["websocket_internal_error"]
    assert body["total"] == 0


async def test_silence_leaves_the_socket_open_and_says_nothing(stage: Stage) -> None:
    stage.platform.deadlines.keepalive = 0.01
    ear = await stage.subscribed_ear()
    await ear.frame("session_keepalive")
    stage.platform.faults.silence()
    await stage.say("perdu")
    await a_moment()
    count = len(ear.frames)
    await a_moment()
    assert len(ear.frames) == count
    assert not ear.socket.closed
    fresh = await stage.ear()
    assert await fresh.session_id()
    stage.platform.faults.speak()
    await stage.say("entendu")
    await until(lambda: ear.texts() == ["entendu"])


async def test_keepalives_come_only_when_nothing_else_does(stage: Stage) -> None:
    stage.platform.deadlines.keepalive = 0.2
    ear = await stage.subscribed_ear()
    for number in range(10):
        await stage.say(f"ligne {number}")
        await asyncio.sleep(0.025)
    assert "session_keepalive" not in ear.kinds()
    await ear.frame("session_keepalive")


async def test_the_welcome_repeats_the_keepalive_asked_for(stage: Stage) -> None:
    url = str(stage.base / "ws").replace("http", "ws", 1)
    for asked, given in (("30", 30), ("1", 10), ("9999", 600), ("soon", 10)):
        ear = await stage.ear(f"{url}?keepalive_timeout_seconds={asked}")
        session = (await ear.frame("session_welcome"))["payload"]["session"]
        assert session["keepalive_timeout_seconds"] == given
        assert session["status"] == "connected"


async def test_a_socket_that_is_not_used_is_closed(stage: Stage) -> None:
    stage.platform.deadlines.unused = 0.02
    ear = await stage.ear()
    assert await ear.closed() == 4003


async def test_a_client_must_not_speak_on_the_socket(stage: Stage) -> None:
    ear = await stage.subscribed_ear()
    await ear.socket.send_str("{}")
    assert await ear.closed() == 4001
    assert stage.frames[-1].direction == "received"


async def test_frames_are_stamped_in_nanoseconds_and_recorded(stage: Stage) -> None:
    ear = await stage.subscribed_ear()
    stage.clock.now += 0.25
    await stage.say("un")
    frame = await ear.frame("notification")
    assert frame["metadata"]["message_timestamp"] == "2027-01-15T08:00:00.250000000Z"
    assert frame["metadata"]["subscription_type"] == CHAT
    assert frame["payload"]["subscription"]["transport"]["session_id"] == await ear.session_id()
    assert [row.data for row in stage.frames] == ear.frames


SHAPES = {
    "session_welcome": {
        "payload": {"session"},
        "session": {
            "id",
            "status",
            "connected_at",
            "keepalive_timeout_seconds",
            "reconnect_url",
        },
    },
    "notification": {
        "payload": {"subscription", "event"},
        "subscription": {
            "id",
            "status",
            "type",
            "version",
            "cost",
            "condition",
            "transport",
            "created_at",
        },
        "transport": {"method", "session_id"},
        "event": {
            "broadcaster_user_id",
            "broadcaster_user_login",
            "broadcaster_user_name",
            "chatter_user_id",
            "chatter_user_login",
            "chatter_user_name",
            "message_id",
            "message",
            "message_type",
            "badges",
            "cheer",
            "color",
            "reply",
            "channel_points_custom_reward_id",
            "channel_points_animation_id",
            "source_broadcaster_user_id",
            "source_broadcaster_user_login",
            "source_broadcaster_user_name",
            "source_message_id",
            "source_badges",
            "is_source_only",
        },
        "reply": {
            "parent_message_id",
            "parent_message_body",
            "parent_user_id",
            "parent_user_login",
            "parent_user_name",
            "thread_message_id",
            "thread_user_id",
            "thread_user_login",
            "thread_user_name",
        },
        "message": {"text", "fragments"},
        "fragments": {"type", "text", "cheermote", "emote", "mention"},
        "emote": {"id", "emote_set_id", "owner_id", "format"},
        "mention": {"user_id", "user_login", "user_name"},
        "badges": {"set_id", "id", "info"},
        "source_badges": {"set_id", "id", "info"},
    },
}


def shape(value: Any, name: str, found: dict[str, set[str]]) -> dict[str, set[str]]:
    """Collect the keys of every object in a frame, under the name it goes by."""
    if isinstance(value, list):
        for item in value:
            shape(item, name, found)
    if isinstance(value, dict):
        found[name] = found.get(name, set()) | value.keys()
        for key, item in value.items():
            shape(item, key, found)
    return found


@pytest.mark.parametrize("kind", SHAPES)
async def test_frames_have_every_documented_field_and_no_other(stage: Stage, kind: str) -> None:
    ear = await stage.subscribed_ear()
    other = stage.platform.add_channel("annexe")
    for channel in (stage.channel, other):
        stage.platform.set_badges(channel.id, stage.lea.id, "subscriber")
    parent = await stage.say("un")
    await stage.say("LUL @ensemble deux", reply_to=parent, source_channel_id=other.id)
    await until(lambda: len(ear.texts()) == 2)
    found: dict[str, set[str]] = {}
    for frame in ear.frames:
        if frame["metadata"]["message_type"] == kind:
            shape(frame["payload"], "payload", found)
    found.pop("condition", None)
    assert found == SHAPES[kind]


async def test_a_flood_gives_every_line_its_own_ids(stage: Stage) -> None:
    bot = await stage.bot()
    marc = stage.platform.add_user("marc")
    people = [stage.lea.id, marc.id]
    await stage.platform.flood(stage.channel.id, people, ["un", "deux", "trois"], 100)
    await stage.platform.flood(stage.channel.id, people, ["quatre"], 100)
    await until(lambda: len(bot.heard) == 200)
    assert len({line.id for line in bot.heard}) == 200
    assert len({delivery(line) for line in bot.heard}) == 200
    assert {line.chatter.id for line in bot.heard} == set(people)
    assert bot.texts[:4] == ["un", "deux", "trois", "un"]
    assert stage.platform.lines(stage.channel.id) == []


# Tokens


async def test_an_expired_token_is_refreshed_and_the_pair_is_new(stage: Stage) -> None:
    bot = await stage.bot()
    access, refresh = stage.platform.access_token, stage.platform.refresh_token
    stage.platform.faults.expire_token()
    await bot.send("Bonjour")
    assert stage.platform.faults.refreshes == 1
    assert stage.platform.access_token != access
    assert stage.platform.refresh_token != refresh
    secret = {
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    answer = await stage.oauth("token", grant_type="refresh_token", refresh_token=refresh, **secret)
    assert answer == (
        400,
        {"error": "Bad Request", "status": 400, "message": "Invalid refresh token"},
    )
    assert (await stage.call("GET", "/users", token=access))[0] == 401


async def test_twitchio_refreshes_once_for_each_request_under_way(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.expire_token()
    results = await asyncio.gather(
        *(bot.fetch_users(ids=[bot.bot_id], token_for=bot.bot_id) for _ in range(4)),
        return_exceptions=True,
    )
    assert stage.platform.faults.refreshes == 4
    assert sum(isinstance(result, twitchio.HTTPException) for result in results) == 3


async def test_tokens_expire_by_the_clock(stage: Stage) -> None:
    headers = {"Authorization": f"OAuth {stage.platform.access_token}"}
    url = f"{stage.base}/id/oauth2/validate"
    async with stage.session.get(url, headers=headers) as response:
        body = await response.json()
    assert body == {
        "client_id": stage.platform.client_id,
        "login": "ensemble",
        "scopes": list(SCOPES),
        "user_id": stage.platform.bot.id,
        "expires_in": 14_400,
    }
    stage.clock.now += 14_400
    async with stage.session.get(url, headers=headers) as response:
        assert response.status == 401
    assert (await stage.call("GET", "/users"))[1]["message"] == "Invalid OAuth token"
    assert stage.platform.faults.validations == 2


async def test_a_refresh_that_is_refused_leaves_the_refresh_token_good(stage: Stage) -> None:
    secret = {
        "grant_type": "refresh_token",
        "refresh_token": stage.platform.refresh_token,
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    stage.platform.faults.fail_refresh(503, "Service Unavailable")
    assert (await stage.oauth("token", **secret))[0] == 503
    status, body = await stage.oauth("token", **secret)
    assert status == 200
    assert body["scope"] == list(SCOPES)


async def test_the_application_s_own_token_is_replaced_not_refreshed(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.expire_app_token()
    assert [user.name for user in await bot.fetch_users(logins=["lea"])] == ["lea"]
    assert stage.platform.faults.refreshes == 0


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"client_id": "other"}, 400, "invalid client"),
        ({"client_secret": "wrong"}, 403, "invalid client secret"),
        ({"client_secret": ""}, 400, "missing client secret"),
        ({"client_id": ""}, 400, "missing client id"),
        ({"grant_type": "password"}, 400, "Invalid grant type"),
    ],
)
async def test_a_wrong_application_gets_no_token(
    stage: Stage, given: dict[str, str], status: int, message: str
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    got, body = await stage.oauth("token", **(form | given))
    assert (got, body["message"]) == (status, message)


async def test_a_revoked_token_is_gone(stage: Stage) -> None:
    given = {"client_id": stage.platform.client_id, "token": stage.platform.access_token}
    lost = stage.platform.access_token
    assert await stage.oauth("revoke", **given) == (200, None)
    assert (await stage.oauth("revoke", **given))[0] == 400
    assert (await stage.call("GET", "/users", token=lost))[0] == 401


async def test_twitchio_gets_a_token_by_device_code(stage: Stage) -> None:
    client = twitchio.Client(
        client_id=stage.platform.client_id,
        scopes=twitchio.Scopes(user_read_chat=True, user_write_chat=True),
    )
    try:
        flow = await client.login_dcf(load_token=False, save_token=False)
        assert flow is not None
        with pytest.raises(TimeoutError):
            await client.start_dcf(device_code=flow["device_code"], timeout=0, block=False)
        async with stage.session.get(flow["verification_uri"]) as page:
            assert page.status == 200
        await client.start_dcf(device_code=flow["device_code"], interval=0, block=False)
        assert client.user is not None
        assert client.user.id == stage.platform.bot.id
        refresh = stage.platform.refresh_token
    finally:
        await client.close()
    public = {"client_id": stage.platform.client_id, "refresh_token": refresh}
    status, body = await stage.oauth("token", grant_type="refresh_token", **public)
    assert status == 200
    assert sorted(body["scope"]) == ["user:read:chat", "user:write:chat"]
    assert (await stage.oauth("token", grant_type="refresh_token", **public))[0] == 400


async def test_a_device_code_waits_for_its_user_and_works_once(stage: Stage) -> None:
    client = {"client_id": stage.platform.client_id, "scopes": "user:bot"}
    status, flow = await stage.oauth("device", **client)
    assert status == 200
    grant = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": flow["device_code"],
    }
    assert (await stage.oauth("token", **client, **grant))[1]["message"] == "authorization_pending"
    stage.platform.approve_device(flow["user_code"], stage.lea.id)
    assert (await stage.oauth("token", **client, **grant))[0] == 200
    assert (await stage.oauth("token", **client, **grant))[1]["message"] == "invalid device code"
    with pytest.raises(LookupError):
        stage.platform.approve_device("NOTACODE")


# Failures on command


async def test_a_failure_fits_its_method_and_path_so_many_times(stage: Stage) -> None:
    stage.platform.faults.fail(503, times=2, method="POST", path="/chat")
    assert (await stage.call("GET", "/users"))[0] == 200
    assert (await stage.send("un"))[0] == 503
    assert (await stage.send("deux"))[0] == 503
    assert (await stage.send("trois"))[0] == 200


async def test_a_failure_without_a_path_leaves_oauth_alone(stage: Stage) -> None:
    stage.platform.faults.fail(500)
    given = {
        "grant_type": "client_credentials",
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    assert (await stage.oauth("token", **given))[0] == 200
    assert (await stage.call("GET", "/users"))[0] == 500
    stage.platform.faults.fail(500, path="/oauth2/token")
    assert (await stage.oauth("token", **given))[0] == 500


async def test_twitchio_refreshes_and_repeats_after_a_401(stage: Stage) -> None:
    bot = await stage.bot()
    stage.platform.faults.fail(401, path="/chat/messages")
    await bot.send("Bonjour")
    assert stage.platform.faults.refreshes == 1
    assert len(stage.platform.lines(stage.channel.id)) == 1


@pytest.mark.parametrize("status", [429, 500])
async def test_twitchio_does_not_retry(stage: Stage, status: int) -> None:
    bot = await stage.bot()
    stage.platform.faults.fail(status, path="/chat/messages")
    with pytest.raises(twitchio.HTTPException) as caught:
        await bot.send("Bonjour")
    assert caught.value.status == status
    assert stage.platform.faults.sends == 0


async def test_a_429_says_until_when(stage: Stage) -> None:
    stage.platform.faults.fail(429)
    headers = {"Authorization": f"Bearer {stage.platform.access_token}", "Client-Id": "x"}
    async with stage.session.get(f"{stage.base}/helix/users", headers=headers) as response:
        assert response.status == 429
        assert int(response.headers["Ratelimit-Reset"]) > START


async def test_a_connection_is_closed_without_an_answer(stage: Stage) -> None:
    stage.platform.faults.disconnect_http(1)
    with pytest.raises(aiohttp.ClientError):
        await stage.send("un")
    assert (await stage.send("deux"))[0] == 200
    assert stage.platform.faults.sends == 1


async def test_nobody_can_connect_for_a_while(stage: Stage) -> None:
    stage.platform.faults.refuse_connections(10.0)
    with pytest.raises(aiohttp.ClientError):
        await stage.call("GET", "/users")
    with pytest.raises(aiohttp.ClientError):
        await stage.ear()
    stage.clock.now += 10.0
    assert (await stage.call("GET", "/users"))[0] == 200
    stage.platform.faults.refuse_sockets()
    assert (await stage.call("GET", "/users"))[0] == 200
    with pytest.raises(aiohttp.ClientError):
        await stage.ear()
    stage.platform.faults.accept_connections()
    assert await (await stage.ear()).session_id()


async def test_a_revocation_reaches_the_client_with_its_reason(stage: Stage) -> None:
    bot = await stage.bot()
    await stage.platform.faults.revoke("user_removed")
    await until(lambda: bool(bot.events))
    assert bot.events[0].type == CHAT
    assert bot.events[0].status.value == "user_removed"
    assert stage.platform.subscriptions == []
    await until(lambda: stage.platform.sockets == 0)


async def test_a_withdrawn_authorisation_ends_the_tokens(stage: Stage) -> None:
    access, refresh = stage.platform.access_token, stage.platform.refresh_token
    ear = await stage.subscribed_ear()
    await stage.platform.faults.revoke()
    frame = await ear.frame("revocation")
    assert frame["payload"]["subscription"]["status"] == "authorization_revoked"
    assert (await stage.call("GET", "/users", token=access))[0] == 401
    form = {
        "grant_type": "refresh_token",
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    assert (await stage.oauth("token", refresh_token=refresh, **form))[0] == 400


# Who may do what


async def test_helix_wants_a_token_and_the_application(stage: Stage) -> None:
    url = f"{stage.base}/helix/users"
    bearer = {"Authorization": f"Bearer {stage.platform.access_token}"}
    for headers, message in (
        ({}, "OAuth token is missing"),
        (bearer, "Client ID is missing"),
        (bearer | {"Client-Id": "other"}, "Client ID and OAuth token do not match"),
        (
            {"Authorization": "Bearer nonsense", "Client-Id": stage.platform.client_id},
            "Invalid OAuth token",
        ),
    ):
        async with stage.session.get(url, headers=headers) as response:
            assert (response.status, (await response.json())["message"]) == (401, message)


async def test_a_scope_that_is_missing_is_named_or_forbidden(stage: Stage) -> None:
    token = stage.platform.issue(stage.platform.bot.id, "user:bot").access
    body = {
        "broadcaster_id": stage.channel.id,
        "sender_id": stage.platform.bot.id,
        "message": "un",
    }
    status, answer = await stage.call("POST", "/chat/messages", token=token, json=body)
    assert (status, answer["message"]) == (401, "Missing scope: user:write:chat")
    ear = await stage.ear()
    status, answer = await stage.subscribe(CHAT, await ear.session_id())
    assert (status, answer["message"]) == (403, "subscription missing proper authorization")


async def test_nobody_sends_in_another_s_name(stage: Stage) -> None:
    assert (await stage.send("un", sender_id=stage.lea.id))[0] == 401
    assert (await stage.send("un", sender_id="0"))[0] == 400
    assert (await stage.send("un", broadcaster_id="0"))[0] == 400
    assert (await stage.send("un", reply_parent_message_id="0"))[0] == 400
    assert (await stage.send("un", for_source_only=True))[0] == 400


async def test_the_application_sends_where_the_bot_was_let_in(stage: Stage) -> None:
    bot = await stage.bot()
    channel = bot.create_partialuser(stage.channel.id)
    await channel.send_message("un", sender=bot.bot_id)
    stage.platform.ungrant(stage.channel.id)
    with pytest.raises(twitchio.HTTPException) as caught:
        await channel.send_message("deux", sender=bot.bot_id)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"type": "channel.nothing"}, 400),
        ({"version": "7"}, 400),
        ({"condition": {}}, 400),
        ({"condition": {"broadcaster_user_id": "0", "user_id": "0"}}, 400),
        ({"transport": {"method": "webhook", "callback": "https://example.org"}}, 400),
        ({"transport": {"method": "websocket", "session_id": "gone"}}, 400),
        ({}, 409),
    ],
)
async def test_subscriptions_that_are_refused(
    stage: Stage, change: dict[str, Any], status: int
) -> None:
    ear = await stage.subscribed_ear()
    assert (await stage.subscribe(CHAT, await ear.session_id(), **change))[0] == status
    assert len(stage.platform.subscriptions) == 1


async def test_an_application_s_token_cannot_subscribe_a_socket(stage: Stage) -> None:
    ear = await stage.ear()
    form = {
        "grant_type": "client_credentials",
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    _, granted = await stage.oauth("token", **form)
    body = {
        "type": "stream.online",
        "version": "1",
        "condition": {"broadcaster_user_id": stage.channel.id},
        "transport": {"method": "websocket", "session_id": await ear.session_id()},
    }
    token = granted["access_token"]
    answer = await stage.call("POST", "/eventsub/subscriptions", token=token, json=body)
    assert answer[0] == 400
    assert (await stage.call("GET", "/eventsub/subscriptions", token=token))[1]["data"] == []


async def test_three_sockets_and_no_more(stage: Stage) -> None:
    for _ in range(3):
        await stage.subscribed_ear()
    fourth = await stage.ear()
    assert (await stage.subscribe(CHAT, await fourth.session_id()))[0] == 429


async def test_300_subscriptions_a_socket_and_a_cost_of_ten(stage: Stage) -> None:
    ear = await stage.ear()
    session_id = await ear.session_id()

    async def ask(login: str) -> int:
        user = stage.platform.add_user(login)
        about = {"broadcaster_user_id": user.id, "user_id": stage.platform.bot.id}
        return (await stage.subscribe(CHAT, session_id, condition=about))[0]

    async def ask_for_stream(login: str) -> int:
        about = {"broadcaster_user_id": stage.platform.add_user(login).id}
        return (await stage.subscribe("stream.online", session_id, condition=about))[0]

    assert [await ask_for_stream(f"costly{number}") for number in range(11)] == [202] * 10 + [429]
    assert {await ask(f"free{number}") for number in range(290)} == {202}
    assert await ask("one_more") == 429


async def test_a_subscription_can_be_listed_and_deleted(stage: Stage) -> None:
    await stage.subscribed_ear()
    path = "/eventsub/subscriptions"
    [row] = stage.platform.subscriptions
    assert (await stage.call("GET", path))[1]["data"] == [row]
    assert (await stage.call("GET", f"{path}?type=stream.online"))[1]["data"] == []
    assert (await stage.call("GET", f"{path}?subscription_id={row['id']}"))[1]["total"] == 1
    assert (await stage.call("GET", f"{path}?type={CHAT}&status=enabled"))[0] == 400
    assert (await stage.call("DELETE", f"{path}?id={row['id']}"))[0] == 204
    assert (await stage.call("DELETE", f"{path}?id={row['id']}"))[0] == 404
    assert stage.platform.subscriptions == []


async def test_users_and_channels_can_be_looked_up(stage: Stage) -> None:
    bot = await stage.bot()
    found = await bot.fetch_users(ids=[stage.lea.id], logins=["mediatheque", "nobody"])
    assert [user.display_name for user in found] == ["Léa", "Médiathèque"]
    [channel] = await bot.fetch_channels([stage.channel.id])
    assert channel.user.id == stage.channel.id
    many = "&".join(f"id={number}" for number in range(101))
    assert (await stage.call("GET", f"/users?{many}"))[0] == 400


async def test_a_moderator_s_powers_need_the_badge_and_the_scope(stage: Stage) -> None:
    bot_id = stage.platform.bot.id
    who = f"broadcaster_id={stage.channel.id}&moderator_id={bot_id}"
    line = await stage.say("un")
    plain = stage.platform.access_token
    token = stage.platform.issue(
        bot_id,
        "moderator:manage:chat_messages",
        "moderator:manage:announcements",
        "moderator:read:chatters",
        "moderator:manage:chat_settings",
    ).access
    target = f"/moderation/chat?{who}&message_id={line}"
    assert (await stage.call("DELETE", target, token=plain))[0] == 401
    assert (await stage.call("DELETE", target, token=token))[0] == 403
    stage.platform.set_badges(stage.channel.id, bot_id, "moderator")
    assert (await stage.call("DELETE", target, token=token))[0] == 204
    assert stage.platform.lines(stage.channel.id)[0].deleted
    nowhere = f"/moderation/chat?{who}&message_id=0"
    assert (await stage.call("DELETE", nowhere, token=token))[0] == 404
    body = {"message": "Pause lecture", "color": "purple"}
    answer = await stage.call("POST", f"/chat/announcements?{who}", token=token, json=body)
    assert answer == (204, None)
    _, chatters = await stage.call("GET", f"/chat/chatters?{who}", token=token)
    assert [row["user_login"] for row in chatters["data"]] == ["ensemble", "lea"]
    change = {"slow_mode": True, "slow_mode_wait_time": 30}
    _, changed = await stage.call("PATCH", f"/chat/settings?{who}", token=token, json=change)
    assert changed["data"][0]["slow_mode_wait_time"] == 30
    _, seen = await stage.call("GET", f"/chat/settings?broadcaster_id={stage.channel.id}")
    assert seen["data"][0]["slow_mode"] is True
    assert (await stage.call("DELETE", f"/moderation/chat?{who}", token=token))[0] == 204
    assert all(item.deleted for item in stage.platform.lines(stage.channel.id))


# Chat settings


async def setting(stage: Stage, body: Any) -> tuple[int, Any]:
    """Change the chat's settings as the bot, which moderates it."""
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, "moderator")
    who = f"broadcaster_id={stage.channel.id}&moderator_id={stage.platform.bot.id}"
    return await stage.call("PATCH", f"/chat/settings?{who}", json=body)


def refusals(stage: Stage) -> list[str | None]:
    """Return why each line in the room was refused, if it was."""
    lines = stage.platform.view(stage.channel.id, stage.lea.id)["lines"]
    return [line["refused"] and line["refused"].partition(":")[0] for line in lines]


ACCEPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"slow_mode": True}, {"slow_mode_wait_time": 30}),
    ({"slow_mode": True, "slow_mode_wait_time": 3}, {"slow_mode_wait_time": 3}),
    ({"slow_mode": True, "slow_mode_wait_time": 120}, {"slow_mode_wait_time": 120}),
    ({"slow_mode": False}, {"slow_mode": False, "slow_mode_wait_time": None}),
    ({"follower_mode": True}, {"follower_mode_duration": 0}),
    (
        {"non_moderator_chat_delay": True, "non_moderator_chat_delay_duration": 4},
        {"non_moderator_chat_delay_duration": 4},
    ),
    ({"emote_mode": True, "unique_chat_mode": True}, {"emote_mode": True, "slow_mode": False}),
]


@pytest.mark.parametrize(("asked", "kept"), ACCEPTED)
async def test_chat_settings_are_changed_as_helix_says(
    stage: Stage, asked: dict[str, Any], kept: dict[str, Any]
) -> None:
    status, body = await setting(stage, asked)
    assert status == 200
    [row] = body["data"]
    assert kept.items() <= row.items()
    assert kept.items() <= stage.platform.chat_settings(stage.channel.id).items()
    assert row["moderator_id"] == stage.platform.bot.id


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"quiet": True},
        {"slow_mode": "yes"},
        {"slow_mode": True, "slow_mode_wait_time": 2},
        {"slow_mode": True, "slow_mode_wait_time": 121},
        {"slow_mode": True, "slow_mode_wait_time": None},
        {"slow_mode_wait_time": 30},
        {"slow_mode": False, "slow_mode_wait_time": 30},
        {"follower_mode": True, "follower_mode_duration": 129_601},
        {"non_moderator_chat_delay": True},
        {"emote_mode": True, "non_moderator_chat_delay": True},
    ],
    ids=str,
)
async def test_chat_settings_that_helix_refuses_change_nothing(
    stage: Stage, asked: dict[str, Any]
) -> None:
    before = stage.platform.chat_settings(stage.channel.id)
    assert (await setting(stage, asked))[0] == 400
    assert stage.platform.chat_settings(stage.channel.id) == before


async def test_chat_settings_need_the_scope_the_badge_and_one_s_own_name(stage: Stage) -> None:
    bot_id, body = stage.platform.bot.id, {"emote_mode": True}
    token = stage.platform.access_token
    who = f"/chat/settings?broadcaster_id={stage.channel.id}&moderator_id="
    status, answer = await stage.call("PATCH", who + bot_id, json=body)
    assert status == 403
    stage.platform.set_badges(stage.channel.id, bot_id, "moderator")
    assert (await stage.call("PATCH", who + stage.lea.id, json=body))[0] == 401
    plain = stage.platform.issue(bot_id, "user:read:chat", "user:write:chat").access
    status, answer = await stage.call("PATCH", who + bot_id, token=plain, json=body)
    assert (status, answer["message"]) == (401, "Missing scope: moderator:manage:chat_settings")
    nowhere = f"/chat/settings?broadcaster_id=1&moderator_id={bot_id}"
    assert (await stage.call("PATCH", nowhere, token=token, json=body))[0] == 400
    assert (await stage.call("GET", "/chat/settings?broadcaster_id=1"))[0] == 400
    assert not stage.platform.chat_settings(stage.channel.id)["emote_mode"]


async def test_the_real_client_changes_the_settings_and_hears_of_it(stage: Stage) -> None:
    bot = await stage.bot()
    heard: list[Any] = []

    async def event_chat_settings_update(payload: Any) -> None:
        heard.append(payload)

    bot.add_listener(event_chat_settings_update)
    await bot.hear(eventsub.ChatSettingsUpdateSubscription)
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id, "moderator")
    channel = bot.create_partialuser(stage.channel.id)
    me = stage.platform.bot.id
    await channel.update_chat_settings(me, slow_mode=True, slow_mode_wait_time=60)
    settings = await channel.fetch_chat_settings(token_for=me)
    assert (settings.slow_mode, settings.slow_mode_wait_time) == (True, 60)
    await stage.platform.set_chat(stage.channel.id, slow_mode=False, emote_mode=True)
    await until(lambda: len(heard) == 2)
    assert [(one.slow_mode_wait_time, one.emote_mode) for one in heard] == [
        (60, False),
        (None, True),
    ]


async def test_emote_only_lets_emotes_through_and_those_who_are_above_it(stage: Stage) -> None:
    assert (await setting(stage, {"emote_mode": True}))[0] == 200
    for text in ("Bonjour", "HeyGuys tout le monde", "HeyGuys <3"):
        await stage.say(text)
    assert refusals(stage) == ["msg_emoteonly", "msg_emoteonly", None]
    for badge in ("vip", "moderator"):
        stage.platform.set_badges(stage.channel.id, stage.lea.id, badge)
        await stage.say("Bonjour")
    await stage.platform.say(stage.channel.id, stage.channel.id, "Chut")
    assert code_of(await stage.send("La pause commence")) == ""
    assert refusals(stage)[3:] == [None] * 4
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id)
    assert code_of(await stage.send("Et maintenant ?")) == "msg_emoteonly"
    view = stage.platform.view(stage.channel.id, stage.lea.id)
    assert view["mode"] == {"slow": 0, "emotes": True}


async def test_slow_mode_counts_from_the_latest_line_that_came_through(stage: Stage) -> None:
    assert (await setting(stage, {"slow_mode": True, "slow_mode_wait_time": 30}))[0] == 200
    await stage.say("un")
    stage.clock.now += 29.5
    await stage.say("deux")
    lines = stage.platform.view(stage.channel.id, stage.lea.id)["lines"]
    assert lines[1]["refused"].endswith("You will be able to talk again in 1 seconds.")
    stage.clock.now += 0.5
    await stage.say("trois")
    assert refusals(stage) == [None, "msg_slowmode", None]
    stage.platform.set_badges(stage.channel.id, stage.lea.id, "vip")
    await stage.say("quatre")
    assert [code_of(await stage.send(text)) for text in ("cinq", "six")] == ["", ""]
    stage.platform.set_badges(stage.channel.id, stage.platform.bot.id)
    assert code_of(await stage.send("sept")) == "msg_slowmode"
    assert stage.platform.faults.rate_violations == 0
    assert stage.platform.view(stage.channel.id, stage.lea.id)["mode"]["slow"] == 30


async def test_a_broadcaster_lists_the_moderators(stage: Stage) -> None:
    stage.platform.set_badges(stage.channel.id, stage.lea.id, "moderator")
    token = stage.platform.issue(stage.channel.id, "moderation:read").access
    path = f"/moderation/moderators?broadcaster_id={stage.channel.id}"
    _, body = await stage.call("GET", path, token=token)
    assert [row["user_id"] for row in body["data"]] == [stage.lea.id]
    other = stage.platform.issue(stage.lea.id, "moderation:read").access
    assert (await stage.call("GET", path, token=other))[0] == 401


async def test_the_application_sees_what_users_have_granted(stage: Stage) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": stage.platform.client_id,
        "client_secret": stage.platform.client_secret,
    }
    _, granted = await stage.oauth("token", **form)
    path = f"/authorization/users?user_id={stage.platform.bot.id}&user_id={stage.lea.id}"
    _, body = await stage.call("GET", path, token=granted["access_token"])
    assert [(row["user_id"], row["scopes"]) for row in body["data"]] == [
        (stage.platform.bot.id, sorted(SCOPES))
    ]
    assert (await stage.call("GET", path))[0] == 401


async def test_a_login_is_taken_once(stage: Stage) -> None:
    with pytest.raises(ValueError, match="LEA"):
        stage.platform.add_user("LEA")
