"""What a viewer of a rehearsal channel sees, as JSON for the page."""

from typing import Any

from bot.rehearsal.twitch_subscriptions import Subscriptions
from bot.rehearsal.twitch_world import Channel, ChatLine, World

LINES_SHOWN = 80


def view(
    world: World, subscriptions: Subscriptions, channel_id: str, bot_id: str
) -> dict[str, Any]:
    """Return the room as it stands; lines that Twitch refused are there with the reason."""
    channel = world.channels[channel_id]
    owner = channel.owner
    lines = list(channel.lines.values())[-LINES_SHOWN:]
    return {
        "channel": {"id": owner.id, "login": owner.login, "name": owner.name},
        "mode": {"slow": channel.slow, "emotes": channel.emotes_only},
        "lines": [_shown(channel, line, bot_id) for line in lines],
        "connected": any(
            item.condition.get("broadcaster_user_id") == channel_id
            for item in subscriptions.enabled.values()
        ),
    }


def _shown(channel: Channel, line: ChatLine, bot_id: str) -> dict[str, Any]:
    parent = channel.lines.get(line.reply_to or "")
    return {
        "id": line.id,
        "user_id": line.user_id,
        "name": line.name,
        "bot": line.user_id == bot_id,
        "badges": list(line.badges),
        "text": line.text,
        "at": line.at,
        "reply_to": {"name": parent.name, "text": parent.text} if parent else None,
        "deleted": line.deleted,
        "refused": line.refused,
    }
