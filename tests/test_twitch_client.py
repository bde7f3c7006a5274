"""What the Twitch client makes of an ordinary evening: lines, commands, removals, sending, tokens, pacing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twitchio import StreamOnline, eventsub
from twitchio.ext import commands

from bot.twitch_client import (
    ChatBudget,
    ChatSettings,
    Line,
    Sent,
    TwitchAuthError,
    TwitchBusy,
    TwitchClient,
    TwitchRefused,
    TwitchUnreachable,
    chat_text,
    line_of,
)
from bot.twitch_intake import Seen
from tests.twitch_stage import Ear, Stage, settled, stage
from tests.waiting import until


@pytest.fixture
async def play() -> AsyncIterator[Stage]:
    async with stage() as it:
        yield it


class Face(commands.Component):
    """A face as the application writes them."""

    def __init__(self, ear: Ear) -> None:
        self.ear = ear
        self.calls: list[tuple[str, Line]] = []

    @commands.command(name="quiz", aliases=["jeu"])
    async def quiz(self, ctx: commands.Context[Any], *, text: str = "") -> None:
        self.ear.order.append(f"quiz:{text}")
        self.calls.append((text, line_of(ctx)))


async def faced(play: Stage) -> tuple[TwitchClient, Face]:
    client, face = play.client(), Face(play.ear)
    await client.add_component(face)
    return await play.up(client), face


# lines


async def test_a_line_arrives_with_who_where_and_badges(play: Stage) -> None:
    lea = play.platform.add_user("lea", "Léa")
    play.platform.set_badges(play.channel.id, lea.id, "moderator", "subscriber")
    await play.up()
    said = await play.platform.say(lea.id, play.channel.id, "L’Étranger !")
    await play.heard("L’Étranger !")
    assert play.ear.lines == [
        Line(
            play.channel.id,
            lea.id,
            "lea",
            "Léa",
            "L’Étranger !",
            frozenset({"moderator", "subscriber"}),
            said,
        )
    ]


async def test_the_bot_does_not_hear_itself(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    await client.say(play.channel.id, "!quiz Bonjour")
    await play.say(lea, "salut")
    await play.heard("salut")
    assert play.ear.strange == []


async def test_its_own_badges_tell_whether_it_is_elevated(play: Stage) -> None:
    client = await play.up()
    assert not client.elevated(play.channel.id)
    for badge, elevated in (("vip", True), ("subscriber", False), ("lead_moderator", True)):
        play.platform.set_badges(play.channel.id, play.platform.bot.id, badge)
        await client.say(play.channel.id, f"comme {badge}")
        await until(lambda elevated=elevated: client.elevated(play.channel.id) is elevated)


async def test_removals_name_a_message_or_a_user_or_nothing(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    await play.up()
    said = await play.platform.say(lea.id, play.channel.id, "oups")
    await play.platform.delete_message(play.channel.id, said)
    await play.platform.timeout(play.channel.id, lea.id)
    await play.platform.clear(play.channel.id)
    here = play.channel.id
    await until(lambda: len(play.ear.gone) == 3)
    assert play.ear.gone == [(here, said, None), (here, None, lea.id), (here, None, None)]


async def test_a_reply_loses_the_mention_that_twitch_puts_before_it(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client, face = await faced(play)
    sent = await client.say(play.channel.id, "Qui a écrit L’Étranger ?")
    for text in ("@Ensemble Camus", "@ENSEMBLE !jeu stop", "sans mention"):
        await play.platform.say(lea.id, play.channel.id, text, reply_to=sent.message_id)
    await play.heard("Camus", "sans mention")
    assert [text for text, _ in face.calls] == ["stop"]


async def test_an_invisible_tail_does_not_change_a_line(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    _, face = await faced(play)
    await play.say(lea, "Camus \U000e0000", "Ca\u034fmus", "!quiz \U000e0000", "👩‍🚀 é")
    await play.heard("Camus", "Camus", "👩‍🚀 é")
    assert [text for text, _ in face.calls] == [""]


# commands


async def test_a_command_gets_its_text_and_its_line(play: Stage) -> None:
    lea = play.platform.add_user("lea", "Léa")
    _, face = await faced(play)
    await play.say(lea, "!quiz start", "!JEU", "! quiz  encore  une")
    await until(lambda: len(face.calls) == 3)
    assert [text for text, _ in face.calls] == ["start", "", "encore  une"]
    line = face.calls[0][1]
    assert (line.user_id, line.name, line.text) == (lea.id, "Léa", "!quiz start")
    assert play.ear.lines == []


async def test_an_unknown_command_is_told_apart_from_an_exclamation(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    await faced(play)
    await play.say(lea, "!quzi start", "!!!", "! quel suspense", "!", "!?")
    await play.heard("!!!", "! quel suspense", "!", "!?")
    assert play.ear.strange == [("!quzi start", "quzi")]


async def test_a_command_removed_since_is_unknown(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client, _ = await faced(play)
    await client.remove_component("Face")
    await play.say(lea, "!quiz start")
    await until(lambda: play.ear.strange == [("!quiz start", "quiz")])


async def test_a_failing_command_harms_nobody(
    play: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(commands.Component):
        @commands.command(name="casse")
        async def casse(self, ctx: commands.Context[Any], *, text: str = "") -> None:
            raise LookupError(text)

    lea = play.platform.add_user("lea")
    client = play.client()
    await client.add_component(Broken())
    await play.up(client)
    await play.say(lea, "!casse mon secret", "après")
    await play.heard("après")
    await until(lambda: "casse failed: LookupError" in caplog.text)
    assert "mon secret" not in caplog.text


async def test_line_of_refuses_a_context_that_is_not_ours() -> None:
    with pytest.raises(TypeError):
        line_of(object())  # type: ignore[arg-type]


# channels


async def test_channels_can_be_watched_and_left_at_any_time(play: Stage) -> None:
    lea, other = play.platform.add_user("lea"), play.platform.add_channel("annexe")
    client = await play.up()
    await client.watch(other.id)
    await until(lambda: len(play.platform.subscriptions) == 8)
    await play.platform.say(lea.id, other.id, "ici aussi")
    await play.heard("ici aussi")
    await client.unwatch(play.channel.id)
    await until(lambda: len(play.platform.subscriptions) == 4)
    await play.say(lea, "plus personne n’écoute")
    await settled()
    assert play.ear.texts == ["ici aussi"]
    assert play.platform.sockets_opened == 1
    assert [channel for channel, _ in play.ear.back] == [play.channel.id, other.id]


async def test_nothing_is_opened_until_a_channel_is_watched(play: Stage) -> None:
    client = play.client()
    play.run(client)
    await settled()
    assert (play.platform.sockets_opened, client.health.connected) == (0, False)
    await client.watch(play.channel.id)
    await until(lambda: play.whole(client))


async def test_a_channel_that_refuses_the_bot_is_deaf_and_others_are_heard(play: Stage) -> None:
    lea, closed = play.platform.add_user("lea"), play.platform.add_channel("ferme")
    play.platform.faults.fail(403, method="POST", path="/eventsub", times=1)
    client = play.client()
    await client.watch(closed.id)
    await client.watch(play.channel.id)
    play.run(client)
    await until(lambda: client.health.subscribed == 7)
    await play.say(lea, "moi oui")
    await play.heard("moi oui")
    assert [channel for channel, _ in play.ear.lost] == [closed.id]


async def test_other_events_are_dispatched_as_the_library_does(play: Stage) -> None:
    seen: list[StreamOnline] = []
    client = play.client()

    @client.listen()
    async def event_stream_online(payload: StreamOnline) -> None:
        seen.append(payload)

    await client.subscribe_websocket(
        eventsub.StreamOnlineSubscription(broadcaster_user_id=play.channel.id)
    )
    await play.up(client)
    await play.platform.go_live(play.channel.id)
    await until(lambda: seen)
    assert seen[0].broadcaster.id == play.channel.id


async def test_health_is_a_picture_of_now(play: Stage) -> None:
    client = play.client()
    before = client.health
    assert (before.connected, before.sockets, before.last_frame_age_s) == (False, 0, float("inf"))
    await play.up(client)
    health = client.health
    assert (health.connected, health.sockets, health.wanted, health.subscribed) == (True, 1, 4, 4)
    assert 0 <= health.last_frame_age_s < 5
    assert 14_000 < health.token_expires_in_s <= 14_400
    play.clock.jump(5)
    assert client.health.last_frame_age_s > health.last_frame_age_s + 4


async def test_an_account_is_found_by_its_login(play: Stage) -> None:
    lea = play.platform.add_user("lea", "Léa")
    client = await play.up()
    found = await client.user_by_login("lea")
    assert found is not None
    assert (found.id, found.login, found.name) == (lea.id, "lea", "Léa")
    assert await client.user_by_login("personne") is None


# chat settings


async def test_chat_settings_are_read_and_changed_each_alone(play: Stage) -> None:
    play.platform.set_badges(play.channel.id, play.platform.bot.id, "moderator")
    client, channel = await play.up(), play.channel.id
    assert await client.chat_settings(channel) == ChatSettings(0, emotes_only=False)
    await client.change_chat(channel, slow=45)
    await client.change_chat(channel, emotes_only=True)
    assert await client.chat_settings(channel) == ChatSettings(45, emotes_only=True)
    await client.change_chat(channel, slow=0, emotes_only=False)
    assert await client.chat_settings(channel) == ChatSettings(0, emotes_only=False)
    bodies = [call.request for call in play.calls("PATCH", "/chat/settings")]
    assert bodies == [
        {"slow_mode": True, "slow_mode_wait_time": 45},
        {"emote_mode": True},
        {"slow_mode": False, "emote_mode": False},
    ]


async def test_chat_settings_that_may_not_be_changed_say_why(play: Stage) -> None:
    client, channel = await play.up(), play.channel.id
    with pytest.raises(TwitchRefused) as refused:
        await client.change_chat(channel, slow=30)
    assert refused.value.status == 403
    play.platform.set_badges(channel, play.platform.bot.id, "moderator")
    play.platform.faults.fail(401, method="PATCH", path="/chat/settings")
    await client.change_chat(channel, slow=30)  # a dead token is renewed, and the call made again
    assert play.platform.faults.refreshes == 1
    with pytest.raises(TwitchRefused) as nowhere:
        await client.chat_settings("1")
    assert nowhere.value.status == 400
    play.platform.faults.fail(429, method="GET", path="/chat/settings")
    with pytest.raises(TwitchBusy):
        await client.chat_settings(channel)


async def test_chat_settings_without_the_scope_are_refused_by_its_name(play: Stage) -> None:
    token = play.platform.issue(play.platform.bot.id, "user:read:chat", "user:write:chat")
    play.drawer.pair = (token.access, token.refresh)
    play.platform.set_badges(play.channel.id, play.platform.bot.id, "moderator")
    client = await play.up()
    with pytest.raises(TwitchRefused) as refused:
        await client.change_chat(play.channel.id, emotes_only=True)
    assert (refused.value.status, refused.value.reason) == (
        401,
        "Missing scope: moderator:manage:chat_settings",
    )
    assert play.platform.faults.refreshes == 0


# Shared Chat


async def test_a_shared_chat_copy_is_heard_only_where_wanted(play: Stage) -> None:
    lea, source = play.platform.add_user("lea"), play.platform.add_channel("source")
    client = await play.up()

    async def through(text: str) -> None:
        await play.platform.say(lea.id, play.channel.id, text, source_channel_id=source.id)

    await through("pas pour nous")
    await play.say(lea, "d’ici")
    await play.heard("d’ici")
    client.shared_chat.add(play.channel.id)
    await through("pour nous")
    await play.heard("d’ici", "pour nous")


async def test_one_line_through_two_shared_rooms_counts_once(play: Stage) -> None:
    lea, source = play.platform.add_user("lea"), play.platform.add_channel("source")
    other = play.platform.add_channel("annexe")
    client = await play.up()
    await client.watch(other.id)
    await until(lambda: client.health.subscribed == 8)
    client.shared_chat |= {play.channel.id, other.id}
    said = await play.platform.say(
        lea.id, play.channel.id, "Camus", source_channel_id=source.id, message_id="copie-1"
    )
    event = _copy_of(play, said, other.id)
    condition = {"broadcaster_user_id": other.id, "user_id": play.platform.bot.id}
    await play.platform.emit("channel.chat.message", "1", condition, event)
    await play.say(lea, "fin")
    await play.heard("Camus", "fin")


async def test_the_copy_yields_to_an_original_that_is_heard_itself(play: Stage) -> None:
    lea, source = play.platform.add_user("lea"), play.platform.add_channel("source")
    client = await play.up()
    await client.watch(source.id)
    await until(lambda: client.health.subscribed == 8)
    client.shared_chat.add(play.channel.id)
    await play.platform.say(lea.id, play.channel.id, "Camus", source_channel_id=source.id)
    await play.platform.say(lea.id, source.id, "Camus")
    await play.heard("Camus")
    assert play.ear.lines[0].channel_id == source.id


def _copy_of(play: Stage, message_id: str, channel_id: str) -> dict[str, Any]:
    """The event of a Shared Chat line as the other room gets it: another message id, the same source."""
    for row in play.rows:
        data: Any = getattr(row, "data", None)
        if isinstance(data, dict) and data["metadata"]["message_type"] == "notification":
            event = dict(data["payload"]["event"])
            if event.get("message_id") == message_id:
                return event | {"broadcaster_user_id": channel_id, "message_id": "copie-2"}
    raise LookupError(message_id)


# saying


async def test_a_line_is_sent_and_its_id_returned(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    client = await play.up()
    said = await play.platform.say(lea.id, play.channel.id, "une question")
    sent = await client.say(play.channel.id, "Bien joué\u202f!", reply_to=said)
    line = play.platform.lines(play.channel.id)[-1]
    assert sent == Sent(line.id, None)
    assert (line.text, line.reply_to) == ("Bien joué\u202f!", said)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("deux\r\nlignes", "deux lignes"),
        ("  tab\tet\x07 bip  ", "tab et bip"),
        ("/ban lea", "ban lea"),
        (".timeout lea", "timeout lea"),
        (" / . /me danse", "me danse"),
        ("...et la suite", "…et la suite"),
        ("Prêts\u202f?\u00a0Oui", "Prêts\u202f?\u00a0Oui"),
        ("a\u200bb\U000e0000", "ab"),
        ("x" * 500, "x" * 500),
        ("x " * 400, None),
        ("é" * 501, None),
        (" \n/ ", None),
    ],
)
def test_what_is_sent_is_what_was_measured(text: str, sent: str | None) -> None:
    if sent is None:
        with pytest.raises(ValueError):
            chat_text(text)
    else:
        assert chat_text(text) == sent


@given(st.text(max_size=600))
def test_no_text_becomes_a_command_of_twitch(text: str) -> None:
    try:
        sent = chat_text(text)
    except ValueError:
        return
    assert sent[0] not in "/. "
    assert len(sent) <= 500
    assert not any(c in "\r\n\t\0" for c in sent)
    assert chat_text(sent) == sent


async def test_a_refused_line_says_why(play: Stage) -> None:
    client = await play.up()
    play.platform.faults.reject_next("followers_only_mode", "Followers only.")
    assert await client.say(play.channel.id, "un") == Sent(None, "followers_only_mode")
    play.platform.faults.fail(403, path="/chat/messages")
    assert await client.say(play.channel.id, "deux") == Sent(None, "http_403")
    assert (await client.say(play.channel.id, "trois")).refused is None
    assert await client.say(play.channel.id, "trois") == Sent(None, "msg_duplicate")


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_passing_failure_is_left_to_the_outbox_at_once(play: Stage, status: int) -> None:
    client = await play.up()
    play.platform.faults.fail(status, path="/chat/messages")
    with pytest.raises(TwitchBusy) as caught:
        await asyncio.wait_for(client.say(play.channel.id, "bonsoir"), 0.5)
    assert 0 < caught.value.retry_after <= 60
    assert (await client.say(play.channel.id, "bonsoir")).refused is None


async def test_a_line_whose_answer_was_lost_is_not_said_twice(play: Stage) -> None:
    client = await play.up()
    play.platform.set_badges(play.channel.id, play.platform.bot.id, "moderator")
    bot = play.platform.bot
    play.platform.faults.disconnect_http(1)
    with pytest.raises(TwitchBusy):
        await client.say(play.channel.id, "bonsoir")
    arrived = await play.platform.say(bot.id, play.channel.id, "bonsoir")  # it had arrived
    await until(lambda: client.elevated(play.channel.id))
    assert await client.say(play.channel.id, "bonsoir") == Sent(arrived, None)
    assert [line.text for line in play.platform.lines(play.channel.id)] == ["bonsoir"]
    again = await client.say(play.channel.id, "bonsoir")
    assert again.message_id not in (None, arrived)


async def test_after_the_end_saying_is_a_passing_failure(play: Stage) -> None:
    client = await play.up()
    await client.close()
    with pytest.raises(TwitchUnreachable):
        await client.say(play.channel.id, "trop tard")
    assert isinstance(TwitchUnreachable("x"), TwitchBusy | ConnectionError)


# tokens


async def test_an_expired_token_is_renewed_at_the_start(play: Stage) -> None:
    play.platform.faults.expire_token()
    client = await play.up()
    assert play.drawer.saved == [(play.platform.access_token, play.platform.refresh_token)]
    assert client.health.token_expires_in_s > 14_000


async def test_a_token_is_renewed_before_it_expires(play: Stage) -> None:
    await play.up()
    play.clock.jump(14_400 - 600)
    await until(lambda: play.drawer.saved)
    await settled()
    assert play.platform.faults.refreshes == 1


async def test_a_public_client_needs_no_secret(play: Stage) -> None:
    token = play.platform._tokens.issue(
        play.platform.bot, ("user:read:chat", "user:write:chat"), public=True
    )
    play.drawer.pair = (token.access, token.refresh)
    play.platform.faults.expire_token()
    await play.up(play.client(client_secret=None))
    assert play.platform.faults.refreshes == 1


async def test_a_pair_stored_by_another_process_is_taken(play: Stage) -> None:
    await play.up()
    other = play.platform.issue(play.platform.bot.id, "user:read:chat", "user:write:chat")
    play.platform._tokens.rotate(play.drawer.pair[1])  # the other process used ours up
    play.drawer.pair = (other.access, other.refresh)
    play.clock.jump(3_601)
    await until(lambda: play.drawer.saved)
    await settled()
    assert play.ear.dead == []


@pytest.mark.parametrize(
    ("scopes", "word"),
    [(("user:read:chat",), "user:write:chat"), (("user:write:chat",), "user:read:chat")],
)
async def test_a_missing_permission_is_named(
    play: Stage, scopes: tuple[str, ...], word: str
) -> None:
    token = play.platform.issue(play.platform.bot.id, *scopes)
    play.drawer.pair = (token.access, token.refresh)
    with pytest.raises(TwitchAuthError, match=word):
        await play.up()
    assert len(play.ear.dead) == 1


async def test_the_token_of_another_account_is_refused(play: Stage) -> None:
    lea = play.platform.add_user("lea")
    token = play.platform.issue(lea.id, "user:read:chat", "user:write:chat")
    play.drawer.pair = (token.access, token.refresh)
    with pytest.raises(TwitchAuthError, match="lea"):
        await play.up()


async def test_without_a_token_one_is_told_what_to_do(play: Stage) -> None:
    play.drawer.pair = ("", "")
    with pytest.raises(TwitchAuthError, match="ensemble setup"):
        await play.up()
    assert play.platform.faults.validations == 0


async def test_a_withdrawn_authorisation_ends_the_client_and_tells_why(play: Stage) -> None:
    client = play.client()
    await client.watch(play.channel.id)
    task = play.run(client)
    await until(lambda: play.whole(client))
    await play.platform.faults.revoke()
    with pytest.raises(TwitchAuthError):
        await asyncio.wait_for(task, 3)
    assert len(play.ear.dead) == 1
    assert play.ear.lost[0][0] == play.channel.id


async def test_the_moderator_who_removes_the_bot_makes_one_channel_deaf(play: Stage) -> None:
    client = await play.up()
    await play.platform.faults.revoke("user_removed")
    await until(lambda: play.ear.lost)
    await settled()
    assert play.ear.dead == []
    assert client.health.connected
    assert client.health.subscribed == 0


# pacing

CHANNELS = ("a", "b", "c")
SENDS = st.lists(
    st.tuples(st.sampled_from(CHANNELS), st.floats(0, 12, allow_nan=False)), max_size=260
)


@given(SENDS, st.sets(st.sampled_from(CHANNELS)))
def test_the_budget_never_breaks_a_limit_in_any_window(
    sends: list[tuple[str, float]], elevated: set[str]
) -> None:
    budget = ChatBudget(elevated.__contains__)
    now, done = 0.0, []
    for channel, pause in sends:
        now += pause / 10
        now += budget.wait(channel, now)
        assert budget.wait(channel, now) <= 1e-6
        now += 1e-6
        budget.spend(channel, now)
        done.append((now, channel))
    for index, (at, channel) in enumerate(done):
        window = [c for t, c in done[: index + 1] if t > at - 30.0]
        assert len(window) <= 100
        if channel not in elevated:
            assert len(window) <= 20
            assert sum(t > at - 1.0 and c == channel for t, c in done[: index + 1]) == 1


def test_the_budget_does_not_wait_longer_than_it_must() -> None:
    budget = ChatBudget({"ici"}.__contains__)
    for _ in range(100):
        assert budget.wait("ici", 5.0) == 0.0
        budget.spend("ici", 5.0)
    assert 30.0 <= budget.wait("ici", 5.0) <= 31.0
    assert budget.wait("ici", 36.0) == 0.0
    assert budget.wait("ailleurs", 36.0) == 0.0
    budget.spend("ailleurs", 36.0)
    assert 1.0 <= budget.wait("ailleurs", 36.0) <= 1.2
    assert budget.wait("là", 36.0) == 0.0


# what was seen


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 200)), max_size=80))
def test_an_id_is_remembered_for_ten_minutes_at_least(steps: list[tuple[int, float]]) -> None:
    now, last = 0.0, dict[str, float]()
    seen = Seen(lambda: now)
    for number, pause in steps:
        now += pause
        seen.age(now)
        key = str(number)
        again = seen.again(key)
        if key in last and now - last[key] < 600:
            assert again
        if not again:
            last[key] = now


def test_what_was_seen_is_bounded() -> None:
    seen = Seen(lambda: 0.0)
    for number in range(300_000):
        assert not seen.again(str(number))
    assert len(seen) <= 2 * 65_536
    assert seen.again("299999")
