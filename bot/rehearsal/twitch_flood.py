"""Chat notifications at full speed for benchmarks: frames prebuilt, only their ids vary, nothing is remembered."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import WSMsgType

from bot.rehearsal import twitch_events as events
from bot.rehearsal.twitch_sockets import Sockets
from bot.rehearsal.twitch_subscriptions import Subscription, Subscriptions
from bot.rehearsal.twitch_world import World, stamp

DELIVERY_END = "aaaaaaaaaaaa"
MESSAGE_END = "bbbbbbbbbbbb"


async def flood(
    world: World,
    sockets: Sockets,
    subscriptions: Subscriptions,
    channel_id: str,
    user_ids: Sequence[str],
    texts: Sequence[str],
    count: int,
) -> None:
    """Send `count` messages, authors and texts taking turns; LookupError when nobody is subscribed."""
    subscription = _subscription(subscriptions, channel_id)
    session = sockets.session_of(subscription)
    if session is None:
        raise LookupError("the subscription's socket is closed")
    stem = str(uuid.uuid4())[:-12]
    turns = max(len(user_ids), len(texts))
    frames = [
        _parts(
            world,
            subscription,
            channel_id,
            user_ids[i % len(user_ids)],
            texts[i % len(texts)],
            stem,
        )
        for i in range(turns)
    ]
    send = session.socket.send_frame
    for number in range(count):
        head, middle, tail = frames[number % turns]
        serial = b"%012x" % number
        await send(head + serial + middle + serial + tail, WSMsgType.TEXT)


def _subscription(subscriptions: Subscriptions, channel_id: str) -> Subscription:
    for item in subscriptions.enabled.values():
        if item.covers("channel.chat.message", {"broadcaster_user_id": channel_id}):
            return item
    raise LookupError(f"nobody is subscribed to the chat of {channel_id}")


def _parts(
    world: World,
    subscription: Subscription,
    channel_id: str,
    user_id: str,
    text: str,
    stem: str,
) -> tuple[bytes, bytes, bytes]:
    channel = world.channels[channel_id]
    line = world.new_line(channel, world.users[user_id], text, id=stem + MESSAGE_END)
    frame: dict[str, Any] = {
        "metadata": {
            "message_id": stem + DELIVERY_END,
            "message_type": "notification",
            "message_timestamp": stamp(world.clock()),
            "subscription_type": subscription.type,
            "subscription_version": subscription.version,
        },
        "payload": {
            "subscription": subscription.frame_body(),
            "event": events.message(world, channel, line),
        },
    }
    head, _, rest = orjson.dumps(frame).partition(DELIVERY_END.encode())
    middle, _, tail = rest.partition(MESSAGE_END.encode())
    return head, middle, tail
