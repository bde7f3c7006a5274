"""The weaknesses of twitchio 3.3.2, one by one: our client survives each, on the rehearsal Twitch.

The numbers are those of docs/twitch-hardening.md. The tests called `test_plain_library_…` show what the guard
is for; when one of them fails after an update of the library, the guard may have become needless.
"""

import asyncio
import logging
import random
import re
import signal
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import twitchio
from twitchio import eventsub
from twitchio.ext import commands

from bot.rehearsal.twitch_faults import WORDS
from bot.twitch_client import (
    Sent,
    Timings,
    TwitchAuthError,
    TwitchBusy,
    TwitchClient,
    TwitchRefused,
    TwitchUnreachable,
)
from bot.twitch_http import TwitchHTTP, _until_reset
from tests.twitch_stage import QUICK, Ear, Stage, settled, stage
from tests.waiting import until

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def play() -> AsyncIterator[Stage]:
    async with stage() as it:
        yield it


class Plain(commands.Bot):
    """The library as it comes, hearing one channel."""

    def __init__(self, play: Stage) -> None:
        super().__init__(
            client_id=play.platform.client_id,
            client_secret=play.platform.client_secret,
            bot_id=play.platform.bot.id,
            prefix="!",
        )
        self.play = play
        self.texts: list[str] = []
        self.errors: list[Exception] = []

    async def setup_hook(self) -> None:
        await self.add_token(*self.play.drawer.pair)
        await self.subscribe_websocket(
            eventsub.ChatMessageSubscription(
                broadcaster_user_id=self.play.channel.id, user_id=self.bot_id
            )
        )

    async def event_message(self, payload: twitchio.ChatMessage) -> None:
        self.texts.append(payload.text)
        await self.process_commands(payload)

    async def event_command_error(self, payload: commands.CommandErrorPayload) -> None:
        self.errors.append(payload.exception)


@asynccontextmanager
async def plain(play: Stage) -> AsyncIterator[Plain]:
    bot = Plain(play)
    task = asyncio.create_task(bot.start(with_adapter=False, load_tokens=False, save_tokens=False))
    try:
        await bot.wait_until_ready()
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


class Slow(commands.Component):
    """Answers when it is let, and notes what it heard when."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self.go = asyncio.Event()
        self.done: list[str] = []

    @commands.command(name="note", aliases=["NOTER"])
    async def note(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        self.ear.order.append(f"!{text}")
        await self.go.wait()
        self.done.append(text)


async def slow(play: Stage) -> tuple[TwitchClient, Slow]:
    client, face = play.client(), Slow(play.ear)
    await client.add_component(face)
    return await play.up(client), face


# 1: no deduplication


@pytest.mark.parametrize("same_delivery", [True, False])
async def test_a_line_delivered_twice_is_heard_once(play: Stage, same_delivery: bool) -> None:
    lea = play.platform.add_user("lea")
    _, face = await slow(play)
    face.go.set()
    play.platform.faults.duplicate_next(3, same_delivery=same_delivery)
    await play.say(lea, "un", "!note deux", "trois", "quatre")
    await play.heard("un", "trois", "quatre")
    assert play.ear.order == ["un", "!deux", "trois", "quatre"]


async def test_plain_library_hears_it_twice(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    async with plain(play) as bot:
        play.platform.faults.duplicate_next(1)
        await play.say(lea, "un")
        await until(lambda: bot.texts == ["un", "un"])


async def test_a_removal_delivered_twice_is_told_once(play: Stage) -> None:
    await play.up()
    play.platform.faults.duplicate_next(1)
    await play.platform.clear(play.channel.id)
    await until(lambda: play.ear.gone)
    await settled()
    assert len(play.ear.gone) == 1


async def test_a_line_older_than_ten_minutes_is_ignored(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    await play.up()
    for age, text in ((601, "d’un autre âge"), (590, "tard, mais bon"), (0, "frais")):
        play.wall.jump(-age)
        await play.say(lea, text)
        play.wall.jump(age)
    await play.heard("tard, mais bon", "frais")


async def test_a_machine_with_a_wrong_clock_still_hears(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    play.wall.jump(-86_400)  # Twitch's time is a day before ours
    await play.up()
    play.clock.jump(6)
    await play.say(lea, "hier")
    await play.heard("hier")


# 2: events lost during session_reconnect


async def test_no_line_is_lost_while_twitch_moves_the_session(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    await play.platform.faults.reconnect(welcome_delay=0.1)
    for number in range(10):
        await play.say(lea, str(number))
        await asyncio.sleep(0.02)
    await play.heard(*map(str, range(10)))
    await until(lambda: client.health.sockets == 1 and play.platform.sockets == 1)
    assert play.ear.lost == []
    assert client.health.subscribed == len(play.platform.subscriptions) == 4
    assert len(play.calls("POST", "/eventsub/subscriptions")) == 4


async def test_plain_library_loses_the_lines_of_a_move(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    async with plain(play) as bot:
        await play.platform.faults.reconnect(welcome_delay=0.1)
        await settled()
        await play.say(lea, "un", "deux", "trois")
        await until(lambda: play.platform.sockets == 1)
        await play.say(lea, "quatre")
        await until(lambda: bot.texts)
        assert bot.texts == ["quatre"]


async def test_when_the_old_socket_ends_before_the_welcome_the_gap_is_told(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    play.platform.deadlines.reconnect_grace = 0.05
    await play.up()
    await play.platform.faults.reconnect(welcome_delay=0.15)  # the old one gets 4004 meanwhile
    await until(lambda: play.ear.lost)
    await until(lambda: len(play.ear.back) == 2)
    await play.say(lea, "encore là")
    await play.heard("encore là")
    assert 0.05 < play.ear.back[1][1] < 3
    assert len(play.calls("POST", "/eventsub/subscriptions")) == 4


async def test_when_the_new_server_is_not_there_a_fresh_session_is_made(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    play.platform.deadlines.reconnect_grace = 0.1
    client = await play.up()
    play.platform.faults.refuse_sockets()
    await play.platform.faults.reconnect()
    await play.say(lea, "sur l’ancien")
    await play.heard("sur l’ancien")
    await until(lambda: play.ear.lost)
    play.platform.faults.accept_connections()
    await until(lambda: play.whole(client))
    await play.say(lea, "sur le neuf")
    await play.heard("sur l’ancien", "sur le neuf")


# 3: the session id stays the same


async def test_a_session_id_that_stays_the_same_changes_nothing(play: Stage) -> None:
    lea, other = play.platform.add_user("lea"), play.platform.add_channel("annexe")
    client = await play.up()
    await play.platform.faults.reconnect(same_session=True, welcome_delay=0.03)
    await until(lambda: play.platform.sockets_opened == 2 and play.platform.sockets == 1)
    await client.watch(other.id)
    await until(lambda: client.health.subscribed == 8)
    await play.platform.say(lea.id, other.id, "ici")
    await play.say(lea, "et là")
    await play.heard("ici", "et là")
    assert (play.platform.sockets, play.platform.sockets_opened) == (1, 2)


# 4: sockets pile up


async def test_sockets_never_pile_up(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    for turn in range(5):
        opened = play.platform.sockets_opened
        await play.platform.faults.reconnect(same_session=turn % 2 == 0, welcome_delay=0.01)
        await until(
            lambda opened=opened: (
                play.platform.sockets_opened == opened + 1
                and play.platform.sockets == client.health.sockets == 1
            )
        )
    await play.say(lea, "une fois")
    await play.heard("une fois")
    assert play.platform.sockets_opened == 6
    assert not isinstance(client, commands.AutoBot)


async def test_a_server_that_drops_every_socket_is_not_stormed(play: Stage) -> None:
    client = play.client(timings=Timings(tick=0.01, retry=0.05, longest_retry=0.4, linger=0.02))
    await play.up(client)
    end = asyncio.get_running_loop().time() + 0.6
    while asyncio.get_running_loop().time() < end:
        await play.platform.faults.drop()
        await asyncio.sleep(0.005)
    assert play.platform.sockets_opened < 10
    await until(lambda: play.whole(client))


# 5: deaf for ever


@pytest.mark.parametrize("code", [1006, 4000, 4002, 4003, 4005, 4006])
async def test_after_a_drop_it_hears_again_and_tells_the_gap(play: Stage, code: int) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    play.clock.jump(5)
    await play.platform.faults.drop(code)
    await until(lambda: play.ear.lost and play.whole(client))
    await play.say(lea, "me revoilà")
    await play.heard("me revoilà")
    (_, since), (_, missed) = play.ear.lost[0], play.ear.back[1]
    assert 5 <= since <= missed < 8


async def test_a_failed_resubscription_is_tried_again(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    play.platform.faults.fail(500, times=9, method="POST", path="/eventsub")
    await play.platform.faults.drop()
    await until(lambda: play.ear.lost)
    end = asyncio.get_running_loop().time() + 5
    while not play.whole(client):
        assert asyncio.get_running_loop().time() < end
        play.clock.jump(1)
        await _sign_of_life(play)
    assert play.platform.sockets_opened == 2
    await play.say(lea, "enfin")
    await play.heard("enfin")
    assert client.health.sockets == 1


async def test_plain_library_stays_deaf_after_one_failed_resubscription(play: Stage) -> None:
    play.platform.deadlines.unused = 0.05
    async with plain(play) as bot:
        play.platform.faults.fail(500, times=1, method="POST", path="/eventsub")
        await play.platform.faults.drop()
        await until(lambda: play.platform.sockets_opened == 2 and play.platform.sockets == 0)
        await settled()
        assert (play.platform.sockets, bot.websocket_subscriptions()) == (0, {})


async def test_a_subscription_that_twitch_lost_is_found_missing_and_made_again(
    play: Stage,
) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    enabled = play.platform._subscriptions.enabled
    chat = next(key for key, item in enabled.items() if item.type == "channel.chat.message")
    del enabled[chat]
    await play.say(lea, "perdu")
    await _next_audit(play)
    await until(lambda: play.ear.lost and play.whole(client) and len(enabled) == 4)
    await play.say(lea, "retrouvé")
    await play.heard("retrouvé")
    assert len(play.ear.back) == 2
    assert 60 <= play.ear.back[1][1] < 80


async def test_a_subscription_missing_from_the_list_by_mistake_alarms_nobody(play: Stage) -> None:
    client = await play.up()
    enabled = dict(play.platform._subscriptions.enabled)
    listed = play.platform._subscriptions.of
    play.platform._subscriptions.of = lambda _user: []  # type: ignore[method-assign]
    await _next_audit(play)
    play.platform._subscriptions.of = listed  # type: ignore[method-assign]
    await until(lambda: play.whole(client))
    assert play.platform._subscriptions.enabled == enabled
    assert (play.ear.lost, len(play.ear.back)) == ([], 1)


async def test_a_subscription_nobody_wants_is_dropped(play: Stage) -> None:
    client, other = await play.up(), play.platform.add_channel("annexe")
    await client.watch(other.id)
    await until(lambda: client.health.subscribed == 8)
    play.platform.faults.fail(500, times=4, method="DELETE", path="/eventsub")
    await client.unwatch(other.id)
    await until(lambda: client.health.subscribed == 4)
    assert len(play.platform.subscriptions) == 8
    await _next_audit(play)
    await until(lambda: len(play.platform.subscriptions) == 4)


async def _next_audit(play: Stage) -> None:
    """Let a minute pass in steps, with signs of life, so that only the audit is due."""
    before = len(play.calls("GET", "/eventsub/subscriptions"))
    while len(play.calls("GET", "/eventsub/subscriptions")) == before:
        play.clock.jump(8)
        await _sign_of_life(play)


async def _sign_of_life(play: Stage) -> None:
    frame = play.platform._sockets._frame("session_keepalive", {})
    for session in list(play.platform._sockets.open):
        await play.platform._sockets._send(session, frame)
    await asyncio.sleep(0.02)


# 6: 429


async def test_too_many_requests_say_when_to_come_back(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.fail(429, path="/chat/messages")
    with pytest.raises(TwitchBusy) as caught:
        await client.say(play.channel.id, "bonsoir")
    assert 0.5 <= caught.value.retry_after <= 2
    assert not caught.value.maybe_done
    assert (await client.say(play.channel.id, "bonsoir")).refused is None


@pytest.mark.parametrize(
    ("reset", "seconds"),
    [("1793466030", 30.0), ("1793466001", 1.0), ("1793465000", 0.5), ("1793469999", 60.0), ("", 1)],
)
def test_the_wait_is_read_by_twitch_s_own_clock(reset: str, seconds: float) -> None:
    headers = {"Date": "Sat, 31 Oct 2026 17:00:00 GMT", "Ratelimit-Reset": reset}
    assert _until_reset(headers) == seconds


# 7: refreshes in parallel


async def test_eight_lines_on_an_expired_token_renew_it_once(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.expire_token()
    sent = await asyncio.gather(
        *(client.say(play.channel.id, f"ligne {number}") for number in range(8))
    )
    assert [it.refused for it in sent] == [None] * 8
    assert play.platform.faults.refreshes == 1


async def test_a_late_401_for_an_old_token_renews_nothing(play: Stage) -> None:
    client = await play.up()
    old = play.drawer.pair[0]
    play.platform.faults.expire_token()
    new = await client._keyring.renew(old)
    assert await client._keyring.renew(old) == new == play.platform.access_token
    assert play.platform.faults.refreshes == 1


async def test_plain_library_renews_it_many_times(play: Stage) -> None:
    async with plain(play) as bot:
        play.platform.faults.expire_token()
        here = bot.create_partialuser(play.channel.id)
        await asyncio.gather(
            *(
                here.send_message(f"ligne {number}", sender=bot.bot_id, token_for=bot.bot_id)
                for number in range(4)
            ),
            return_exceptions=True,
        )
        assert play.platform.faults.refreshes > 1


async def test_a_new_pair_is_stored_before_it_is_used(play: Stage) -> None:
    client = await play.up()
    gate = asyncio.Event()
    save = play.drawer.save

    async def slow_save(access: str, refresh: str) -> None:
        await gate.wait()
        await save(access, refresh)

    play.drawer.save = slow_save  # type: ignore[method-assign]
    play.platform.faults.expire_token()
    saying = asyncio.create_task(client.say(play.channel.id, "bonsoir"))
    await until(lambda: play.platform.faults.refreshes == 1)
    second = asyncio.create_task(client.say(play.channel.id, "bonsoir encore"))
    await settled()
    assert play.platform.lines(play.channel.id) == []
    gate.set()
    assert (await saying).refused is (await second).refused is None
    assert play.drawer.pair == (play.platform.access_token, play.platform.refresh_token)


async def test_a_renewal_that_has_begun_reaches_the_store_although_everybody_leaves(
    play: Stage,
) -> None:
    client = await play.up()
    gate = asyncio.Event()
    save = play.drawer.save

    async def slow_save(access: str, refresh: str) -> None:
        await gate.wait()
        await save(access, refresh)

    play.drawer.save = slow_save  # type: ignore[method-assign]
    play.platform.faults.expire_token()
    saying = asyncio.create_task(client.say(play.channel.id, "bonsoir"))
    await until(lambda: play.platform.faults.refreshes == 1)
    saying.cancel()
    closing = asyncio.create_task(client.close())
    await settled()
    gate.set()
    await closing
    assert play.drawer.pair[1] == play.platform.refresh_token


async def test_a_store_that_fails_once_does_not_cost_the_login(play: Stage) -> None:
    client = await play.up()
    save, failures = play.drawer.save, iter([OSError("disque plein")])

    async def failing_save(access: str, refresh: str) -> None:
        for error in failures:
            raise error
        await save(access, refresh)

    play.drawer.save = failing_save  # type: ignore[method-assign]
    play.platform.faults.expire_token()
    assert (await client.say(play.channel.id, "bonsoir")).refused is None
    await until(lambda: play.drawer.pair[1] == play.platform.refresh_token)


# 8: validation dies


@pytest.mark.parametrize("cuts", [1, 3])
async def test_hourly_validation_survives_broken_connections(play: Stage, cuts: int) -> None:
    await play.up()
    before = play.platform.faults.validations
    play.platform.faults.disconnect_http(cuts)
    play.clock.jump(3_601)
    for _ in range(cuts + 1):
        await settled()
        play.clock.jump(21)
        await until(lambda: play.platform.sockets == 1)
    await until(lambda: play.platform.faults.validations > before)


async def test_an_unforeseen_error_does_not_end_the_care(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await play.up()
    validate, calls = TwitchHTTP.validate, []

    async def broken(self: TwitchHTTP, access: str) -> Any:
        calls.append(access)
        if len(calls) == 1:
            raise ZeroDivisionError
        return await validate(self, access)

    monkeypatch.setattr(TwitchHTTP, "validate", broken)
    play.clock.jump(3_601)
    await until(lambda: calls)
    play.clock.jump(21)
    await until(lambda: len(calls) == 2)
    assert not client._closed.is_set()


# 9: secrets in exceptions and logs


async def test_no_secret_is_in_any_exception_or_log(
    play: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = [play.platform.client_secret, *play.drawer.pair]
    client = await play.up()
    caught: list[BaseException] = []

    async def fails(text: str) -> None:
        try:
            await client.say(play.channel.id, text)
        except Exception as error:  # noqa: BLE001 - the test looks at every one
            caught.append(error)

    for status in (401, 403, 429, 500):
        play.platform.faults.fail(status, times=2, path="/chat/messages")
        await fails(f"statut {status}")
        secrets += play.drawer.pair
        await fails(f"statut {status} encore")
        await fails(f"statut {status} enfin")
    play.platform.faults.disconnect_http(1)
    await fails("coupé")
    play.platform.faults.expire_token()
    play.platform.faults.fail_refresh(503, "down")
    await fails("refresh en panne")
    play.platform.faults.fail_refresh(400, f"Invalid refresh token {play.drawer.pair[1]}", times=2)
    await fails("refresh refusé")
    await until(lambda: play.ear.dead)
    caught += [task.exception() for _, task in play.clients if task.done()]  # type: ignore[misc]
    assert {type(error) for error in caught} >= {TwitchBusy, TwitchUnreachable, TwitchAuthError}
    shown = caplog.text + "".join(play.ear.dead)
    for error in caught:
        shown += "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert [secret for secret in secrets if secret in shown] == []


async def test_a_secret_that_twitch_repeats_is_blanked(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = (play.platform.client_secret, *play.drawer.pair)
    monkeypatch.setitem(WORDS, 403, f"not with {' '.join(secrets)}")
    client = await play.up()
    play.platform.faults.fail(403, path="/users")
    with pytest.raises(TwitchRefused, match="not with … … …"):
        await client.user_by_login("lea")


async def test_no_secret_is_in_an_address(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.expire_token()
    await client.say(play.channel.id, "bonsoir")
    [refresh] = play.calls("POST", "/oauth2/token")
    assert refresh.query == {}


async def test_plain_library_shows_its_secrets(play: Stage) -> None:
    bot = Plain(play)
    play.platform.faults.expire_token()
    play.platform.faults.fail_refresh()
    with pytest.raises(twitchio.InvalidTokenException) as caught:
        await bot.add_token(*play.drawer.pair)
    await bot.close()
    shown = "".join(traceback.format_exception(caught.value))
    assert play.platform.client_secret in shown
    assert play.drawer.pair[0] in shown


# 10 to 13: the library's web server


async def test_no_port_is_opened_and_no_signal_is_taken(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    async def create_server(*args: object, **kwargs: object) -> None:
        opened.append(args)

    monkeypatch.setattr(asyncio.get_running_loop(), "create_server", create_server)
    client = play.client()
    task = asyncio.create_task(client.start(with_adapter=True))
    play.clients.append((client, task))
    await client.watch(play.channel.id)
    await until(lambda: play.whole(client))
    assert opened == []
    assert handlers == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


async def test_the_web_server_cannot_be_had(play: Stage) -> None:
    client = play.client()
    with pytest.raises(RuntimeError):
        await client.set_adapter(client.adapter)
    with pytest.raises(RuntimeError):
        await client.subscribe_webhook(None)
    with pytest.raises(RuntimeError):
        await client.add_token("a", "b")


async def test_no_token_file_is_written_or_read(
    play: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".tio.tokens.json").write_text("{broken")
    client = await play.up()
    await client.close(save_tokens=True)
    assert (tmp_path / ".tio.tokens.json").read_text() == "{broken"
    assert client.tokens == {}


# 14: order


async def test_lines_and_commands_are_handled_in_order_of_receipt(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client, face = await slow(play)
    play.platform.faults.hold()
    await play.say(lea, *(f"!note {n}" if n % 3 == 0 else str(n) for n in range(60)))
    await play.platform.faults.release()
    expected = [f"!{n}" if n % 3 == 0 else str(n) for n in range(60)]
    await until(lambda: len(play.ear.order) == 60)
    assert play.ear.order == expected
    assert face.done == []
    face.go.set()
    await until(lambda: len(face.done) == 20)
    assert client.health.connected


# 15: quotes


QUOTES = ["Ender’s Game", "l’île", '"ouvert', "« ouvert", "“ouvert", "fin \\", "a 'b' \"c\" d"]


@pytest.mark.parametrize("text", QUOTES)
async def test_apostrophes_and_open_quotes_pass(play: Stage, text: str) -> None:
    lea = play.platform.add_user("lea")
    _, face = await slow(play)
    face.go.set()
    await play.say(lea, f"!note {text}")
    await until(lambda: face.done)
    assert face.done == [text]


async def test_plain_library_breaks_on_a_curly_apostrophe_in_a_positional_argument(
    play: Stage,
) -> None:
    @commands.command(name="livre")
    async def livre(ctx: commands.Context[Any], titre: str) -> None:
        raise AssertionError

    lea = play.platform.add_user("lea")
    async with plain(play) as bot:
        bot.add_command(livre)
        await play.say(lea, "!livre Ender’s")
        await until(lambda: bot.errors)
        assert isinstance(bot.errors[0], commands.ConversionError)


async def test_a_positional_argument_is_refused_when_the_face_is_added(play: Stage) -> None:
    class Fragile(commands.Component):
        @commands.command(name="livre")
        async def livre(self, ctx: commands.Context[Any], titre: str) -> None:
            raise AssertionError

    with pytest.raises(commands.ComponentLoadError) as caught:
        await play.client().add_component(Fragile())
    assert isinstance(caught.value.__cause__, TypeError)


# 16: cooldowns


async def test_a_library_cooldown_is_refused_when_the_face_is_added(play: Stage) -> None:
    class Cooled(commands.Component):
        @commands.cooldown(rate=1, per=10)
        @commands.command(name="livre")
        async def livre(self, ctx: commands.Context[Any], *, text: str = "") -> None:
            raise AssertionError

    with pytest.raises(commands.ComponentLoadError) as caught:
        await play.client().add_component(Cooled())
    assert isinstance(caught.value.__cause__, TypeError)


# 17: routines


def test_nothing_uses_the_library_s_routines() -> None:
    users = [
        path.name
        for folder in ("bot", "cogs")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"twitchio\.ext(\.| import .*\b)routines", path.read_text())
    ]
    assert users == []


# 18: sending


async def test_a_line_too_long_after_collapsing_is_never_sent(play: Stage) -> None:
    client = await play.up()
    with pytest.raises(ValueError):
        await client.say(play.channel.id, "mot\u00a0" * 126)
    assert play.platform.faults.sends == 0
    assert (await client.say(play.channel.id, "mot  \n" * 125)).refused is None
    assert len(play.platform.lines(play.channel.id)[0].text) == 499


async def test_a_dropped_line_is_an_answer_and_no_exception(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.reject_next("channel_settings", "No.")
    assert await client.say(play.channel.id, "bonsoir") == Sent(None, "channel_settings")


# 19: silence


async def test_silence_is_noticed_within_three_seconds_of_the_keepalive(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    play.platform.faults.silence()
    play.clock.jump(QUICK.keepalive + 2)
    await settled()
    assert play.ear.lost == []
    play.clock.jump(1.5)
    assert not client.health.connected
    await until(lambda: play.ear.lost and play.whole(client))
    await play.say(lea, "de retour")
    await play.heard("de retour")
    assert play.ear.lost[0][1] >= 13
    assert client.health.sockets == 1


async def test_a_socket_that_never_welcomes_is_given_up(play: Stage) -> None:
    client = play.client(timings=Timings(tick=0.01, welcome=0.1))
    await play.up(client)
    play.platform.deadlines.reconnect_grace = 0.15
    await play.platform.faults.reconnect(welcome_delay=30)
    await until(lambda: play.ear.lost)
    await until(lambda: play.whole(client))
    await until(lambda: client.health.sockets == 1)


async def test_a_frame_nobody_understands_does_not_end_the_hearing(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    lea = play.platform.add_user("lea")
    await play.up()
    for event in ({}, {"broadcaster_user_id": None}):
        for kind in ("channel.chat.message", "channel.chat.clear_user_messages"):
            condition = {
                "broadcaster_user_id": play.channel.id,
                "user_id": play.platform.bot.id,
            }
            await play.platform.emit(kind, "1", condition, event)
    for session in play.platform._sockets.open:
        for text in ("pas du JSON", "[]", "{}", '{"metadata": {"message_type": "nouveau"}}'):
            await session.socket.send_str(text)
    await play.say(lea, "quand même")
    await play.heard("quand même")
    assert play.platform.sockets_opened == 1


async def test_an_application_that_raises_does_not_end_the_hearing(play: Stage) -> None:
    class Raising(Ear):
        def line(self, line: Any) -> None:
            super().line(line)
            raise ValueError(line.text)

    lea, ear = play.platform.add_user("lea"), Raising()
    await play.up(play.client(listener=ear))
    await play.say(lea, "un", "deux")
    await until(lambda: ear.texts == ["un", "deux"])


# 20: Twitch unreachable


@pytest.mark.parametrize("outage", ["http", "sockets", "oauth"])
async def test_an_unreachable_twitch_ends_the_start_clearly(play: Stage, outage: str) -> None:
    match outage:
        case "http":
            play.platform.faults.refuse_connections()
        case "sockets":
            play.platform.faults.refuse_sockets()
        case _:
            play.platform.faults.fail(503, path="/oauth2/validate")
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(play.up(), 3)
    assert play.ear.dead == []


async def test_nobody_at_the_address_ends_the_start_clearly(
    play: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twitchio.http.Route.ID_BASE", "http://127.0.0.1:9/id/")
    with pytest.raises(TwitchUnreachable):
        await asyncio.wait_for(play.up(), 3)


async def test_a_short_outage_is_survived_and_a_long_one_ends_the_client(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.refuse_connections()
    await play.platform.faults.drop()
    await until(lambda: play.ear.lost)
    play.clock.jump(100)
    await settled()
    assert not play.clients[0][1].done()
    play.clock.jump(300)
    with pytest.raises(TwitchUnreachable):
        await asyncio.wait_for(play.clients[0][1], 3)
    assert client.health.sockets == 0


async def test_a_client_built_after_an_outage_says_that_it_hears(play: Stage) -> None:
    first = await play.up()
    await first.close()
    await play.up()
    assert play.ear.back == [(play.channel.id, 0.0), (play.channel.id, 0.0)]


# 21: closing


async def test_closing_stops_intake_first_and_lets_commands_speak(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client, face = await slow(play)

    class Talking(commands.Component):
        @commands.command(name="dire")
        async def dire(self, ctx: commands.Context[Any], *, text: str = "") -> None:
            await face.go.wait()
            await client.say(play.channel.id, text)

    await client.add_component(Talking())
    await play.say(lea, "!note a", "!dire dernier mot")
    await until(lambda: play.ear.order == ["!a"])
    closing = asyncio.create_task(client.close())
    await until(lambda: play.platform.sockets == 0)
    await play.say(lea, "trop tard")
    face.go.set()
    await closing
    assert face.done == ["a"]
    assert play.platform.lines(play.channel.id)[-1].text == "dernier mot"
    assert play.ear.texts == []
    assert play.ear.lost == []
    await asyncio.wait_for(play.clients[0][1], 1)


async def test_after_stop_listening_the_outbox_can_still_empty(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    client.stop_listening()
    await play.say(lea, "trop tard")
    await play.platform.faults.drop()
    await settled()
    assert (await client.say(play.channel.id, "au revoir")).refused is None
    assert not play.clients[0][1].done()
    await client.close()
    await asyncio.wait_for(play.clients[0][1], 1)
    assert play.ear.texts == []


async def test_cancelling_the_run_closes_everything(play: Stage) -> None:
    client = await play.up()
    task = play.clients[0][1]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: play.platform.sockets == 0)
    assert client.health.sockets == 0
    await client.close()


# all of it together


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_nothing_is_heard_twice_nor_lost_outside_a_told_gap(
    play: Stage, seed: int
) -> None:
    chance, faults, said = random.Random(seed), play.platform.faults, list[float]()
    gaps, heard = list[tuple[float, float]](), list[int]()

    class Noting(Ear):
        def line(self, line: Any) -> None:
            heard.append(int(line.text))

        def hears(self, channel_id: str, missed_s: float) -> None:
            gaps.append((play.clock() - missed_s, play.clock()))

    async def trouble() -> None:
        match chance.randrange(9):
            case 0 | 1:
                await faults.reconnect(
                    same_session=chance.random() < 0.5, welcome_delay=chance.random() / 20
                )
            case 2 if all(session.ready for session in play.platform._sockets.open):
                await faults.drop(chance.choice([1006, 4000, 4002, 4005]))
            case 3 | 4:
                faults.duplicate_next(5, same_delivery=chance.random() < 0.5)
            case 5:
                faults.fail(chance.choice([500, 503, 429]), times=2, path="/eventsub")
            case 6:
                faults.disconnect_http(2)
            case 7:
                faults.expire_token()
            case _:
                await _sign_of_life(play)

    lea = play.platform.add_user("lea")
    client = await play.up(play.client(listener=Noting()))
    for number in range(120):
        if number % 4 == 0:
            await trouble()
        said.append(play.clock())
        await play.say(lea, str(number))
        await asyncio.sleep(0.004)
        play.clock.jump(0.3)
    faults.accept_connections()
    end = asyncio.get_running_loop().time() + 5
    while not play.whole(client) and asyncio.get_running_loop().time() < end:
        play.clock.jump(0.5)
        await _sign_of_life(play)
    await play.say(lea, "120")
    await until(lambda: heard[-1:] == [120], lambda: (heard[-3:], client.health))
    assert heard == sorted(set(heard))
    lost = [number for number in range(120) if number not in set(heard)]
    untold = [n for n in lost if not any(a <= said[n] + 0.3 and said[n] <= b for a, b in gaps)]
    assert untold == []
    await until(lambda: play.platform.sockets == client.health.sockets == 1)
