"""The bodies of EventSub events, whole, as dev.twitch.tv/docs/eventsub/eventsub-reference documents them. Pure."""

import re
from typing import Any

from bot.rehearsal.twitch_settings import shown
from bot.rehearsal.twitch_world import Channel, ChatLine, User, World, stamp

EMOTES = {
    "Kappa": "25",
    "LUL": "425618",
    "HeyGuys": "30259",
    "SeemsGood": "64138",
    ":)": "1",
    "<3": "9",
}
WORDS = re.compile(r"(\s+)")
BADGE_ID = {"subscriber": "12"}
BADGE_INFO = {"subscriber": "14"}


def broadcaster(user: User, prefix: str = "broadcaster_user") -> dict[str, str]:
    """Return the three fields that name a user: `<prefix>_id`, `_login` and `_name`."""
    return {f"{prefix}_id": user.id, f"{prefix}_login": user.login, f"{prefix}_name": user.name}


def message(
    world: World, channel: Channel, line: ChatLine, source: Channel | None = None
) -> dict[str, Any]:
    """Return a channel.chat.message event; `source` is the room a Shared Chat line was said in."""
    user = world.users[line.user_id]
    return {
        **broadcaster(channel.owner),
        **broadcaster(user, "chatter_user"),
        "message_id": line.id,
        "message": {"text": line.text, "fragments": fragments(world, line.text)},
        "color": user.color,
        "badges": badges(line.badges),
        "message_type": "text",
        "cheer": None,
        "reply": _reply(world, channel, line),
        "channel_points_custom_reward_id": None,
        "channel_points_animation_id": None,
        **_source(line, source),
    }


def badges(names: tuple[str, ...]) -> list[dict[str, str]]:
    """Return badges as EventSub lists them."""
    return [
        {"set_id": name, "id": BADGE_ID.get(name, "1"), "info": BADGE_INFO.get(name, "")}
        for name in names
    ]


def fragments(world: World, text: str) -> list[dict[str, Any]]:
    """Cut a text into text, mention and emote fragments that join to the same text."""
    cut: list[dict[str, Any]] = []
    for word in WORDS.split(text):
        special = _special(world, word)
        if special is not None:
            cut.append(special)
        elif cut and cut[-1]["type"] == "text":
            cut[-1]["text"] += word
        elif word:
            cut.append(_fragment("text", word))
    return cut


def message_delete(channel: Channel, line: ChatLine) -> dict[str, Any]:
    """Return a channel.chat.message_delete event."""
    target = {
        "target_user_id": line.user_id,
        "target_user_login": line.login,
        "target_user_name": line.name,
    }
    return {**broadcaster(channel.owner), **target, "message_id": line.id}


def clear_user_messages(channel: Channel, user: User) -> dict[str, Any]:
    """Return a channel.chat.clear_user_messages event."""
    return {**broadcaster(channel.owner), **broadcaster(user, "target_user")}


def clear(channel: Channel) -> dict[str, Any]:
    """Return a channel.chat.clear event."""
    return {**broadcaster(channel.owner)}


def chat_settings(channel: Channel) -> dict[str, Any]:
    """Return a channel.chat_settings.update event; it counts in units that its names tell."""
    settings = shown(channel.settings, moderator=False)
    measures = {
        "follower_mode_duration_minutes": settings.pop("follower_mode_duration"),
        "slow_mode_wait_time_seconds": settings.pop("slow_mode_wait_time"),
    }
    return {**broadcaster(channel.owner), **settings, **measures}


def stream_online(channel: Channel, stream_id: str, at: float) -> dict[str, Any]:
    """Return a stream.online event."""
    return {
        "id": stream_id,
        **broadcaster(channel.owner),
        "type": "live",
        "started_at": stamp(at),
    }


def stream_offline(channel: Channel, stream_id: str) -> dict[str, Any]:
    """Return a stream.offline event, with the `id` that twitchio 3.3 insists on."""
    return {"id": stream_id, **broadcaster(channel.owner)}


def _reply(world: World, channel: Channel, line: ChatLine) -> dict[str, str] | None:
    parent = channel.lines.get(line.reply_to or "")
    if parent is None:
        return None
    author = world.users[parent.user_id]
    return {
        "parent_message_id": parent.id,
        "parent_message_body": parent.text,
        **broadcaster(author, "parent_user"),
        "thread_message_id": parent.id,
        **broadcaster(author, "thread_user"),
    }


def _source(line: ChatLine, source: Channel | None) -> dict[str, Any]:
    if source is None:
        return {
            "source_broadcaster_user_id": None,
            "source_broadcaster_user_login": None,
            "source_broadcaster_user_name": None,
            "source_message_id": None,
            "source_badges": None,
            "is_source_only": None,
        }
    return {
        **broadcaster(source.owner, "source_broadcaster_user"),
        "source_message_id": f"source-{line.id}",
        "source_badges": badges(source.badges_of(line.user_id)),
        "is_source_only": False,
    }


def only_emotes(text: str) -> bool:
    """Tell whether a text is nothing but emotes."""
    return all(word in EMOTES for word in text.split())


def _special(world: World, word: str) -> dict[str, Any] | None:
    if word in EMOTES:
        emote = {
            "id": EMOTES[word],
            "emote_set_id": "0",
            "owner_id": "0",
            "format": ["static"],
        }
        return _fragment("emote", word) | {"emote": emote}
    user = world.by_login(word[1:]) if word.startswith("@") else None
    if user is None:
        return None
    return _fragment("mention", word) | {"mention": broadcaster(user, "user")}


def _fragment(kind: str, text: str) -> dict[str, Any]:
    return {"type": kind, "text": text, "cheermote": None, "emote": None, "mention": None}
