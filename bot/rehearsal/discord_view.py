"""What one person sees of the rehearsal Discord: the picture that the page draws and that tests read."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.rehearsal import discord_payloads
from bot.rehearsal.discord_commands import Commands, Found, leaves
from bot.rehearsal.discord_gateway import Gateway
from bot.rehearsal.discord_interactions import Interactions
from bot.rehearsal.discord_world import (
    CATEGORY,
    DM_CHANNEL,
    FORUM,
    PRIVATE_THREAD,
    SPOKEN,
    STAGE_CHANNEL,
    THREADS,
    VOICE_CHANNEL,
    Channel,
    Permission,
    Post,
    World,
)

LAST = 60

Raw = dict[str, Any]


class View:
    """Builds pictures; changes nothing."""

    def __init__(
        self, world: World, gateway: Gateway, commands: Commands, interactions: Interactions
    ) -> None:
        self._world = world
        self._gateway = gateway
        self._commands = commands
        self._interactions = interactions

    def of(self, channel_id: int, user_id: int) -> Raw:
        """Return what this user sees in this channel now."""
        channel = self._world.channel(channel_id)
        guild = self._world.guilds.get(channel.guild_id or 0)
        return {
            "channel": {
                "id": str(channel.id),
                "name": channel.name,
                "guild": guild.name if guild else None,
                "parent": self._parent(channel),
                "private": channel.type == PRIVATE_THREAD,
                "direct": channel.type == DM_CHANNEL,
            },
            "mode": {"slow": channel.slowmode, "emotes": False},
            "messages": [
                self._message(channel, post, user_id) for post in self._posts(channel, user_id)
            ],
            "modal": self._modal(user_id),
            "commands": self._command_list(channel, user_id),
            "connected": self._gateway.connected,
            "typing": self._typing(channel),
            "events": [_event(each.payload) for each in guild.events.values()] if guild else [],
            "voices": self._voices(channel, user_id),
        }

    def _voices(self, channel: Channel, user_id: int) -> list[Raw]:
        """Return the voice and stage channels beside a channel, who is in each, and whether this user is."""
        guild = self._world.guilds.get(channel.guild_id or 0)
        if guild is None:
            return []
        return [
            {
                "id": str(each.id),
                "name": each.name,
                "stage": each.type == STAGE_CHANNEL,
                "people": [
                    self._world.display_name(who, guild.id)
                    for who, voice in guild.voices.items()
                    if voice.channel_id == each.id
                ],
                "here": user_id in guild.voices and guild.voices[user_id].channel_id == each.id,
            }
            for each in self._world.guild_channels(guild.id)
            if each.type in SPOKEN and self._world.may(each, user_id, Permission.VIEW_CHANNEL)
        ]

    def places(self, guild_id: int, user_id: int) -> list[Raw]:
        """Return what this user may open: a guild's channels, after each its active threads, then what the bot wrote
        to them alone, with how many messages there are in it.
        """
        channels = [c for c in self._world.guild_channels(guild_id) if self._sees(c, user_id)]
        threads = [t for t in self._world.threads(guild_id) if self._sees(t, user_id)]
        letters = [
            c for c in self._world.channels.values() if c.recipient_id == user_id and c.posts
        ]
        ordered = [
            one
            for channel in channels
            for one in (channel, *(t for t in threads if t.parent_id == channel.id))
        ]
        return [self._place(one) for one in [*ordered, *letters]]

    def _place(self, channel: Channel) -> Raw:
        return {
            "id": str(channel.id),
            "name": channel.name,
            "parent": self._parent(channel),
            "private": channel.type == PRIVATE_THREAD,
            "letters": len(channel.posts) if channel.type == DM_CHANNEL else 0,
            "writable": channel.type not in (FORUM, CATEGORY, VOICE_CHANNEL),
        }

    def _sees(self, channel: Channel, user_id: int) -> bool:
        return self._world.may(channel, user_id, Permission.VIEW_CHANNEL)

    def _parent(self, channel: Channel) -> str | None:
        """Return the name of a thread's channel."""
        home = self._world.channels.get(channel.parent_id or 0)
        return home.name if home and channel.type in THREADS else None

    def _posts(self, channel: Channel, user_id: int) -> list[Post]:
        if not self._sees(channel, user_id):
            return []
        whispered = self._world.whispers.get((user_id, channel.id), [])[-LAST:]
        ids = sorted([*channel.posts[-LAST:], *whispered])[-LAST:]
        return [self._world.posts[each] for each in ids]

    def _message(self, channel: Channel, post: Post, user_id: int) -> Raw:
        payload = post.payload
        return {
            "id": str(post.id),
            "author": self._author(channel, post),
            "content": payload["content"],
            "embeds": payload["embeds"],
            "components": payload["components"],
            "edited": payload["edited_timestamp"] is not None,
            "ephemeral": post.ephemeral_to is not None,
            "at": datetime.fromisoformat(payload["timestamp"]).timestamp(),
            "reply_to": self._reply_to(channel, payload),
            "command": self._command(channel, payload, user_id),
            "files": [
                {
                    "name": file["filename"],
                    "description": file.get("description"),
                    "url": file["url"],
                }
                for file in payload["attachments"]
            ],
            "reactions": {emoji: len(users) for emoji, users in post.reactions.items()},
            "flags": payload["flags"],
            "pinned": post.pinned_at is not None,
        }

    def _author(self, channel: Channel, post: Post) -> Raw:
        author = self._world.users[post.author_id]
        name = self._world.display_name(author.id, channel.guild_id)
        return {"id": str(author.id), "name": name, "bot": author.bot}

    def _reply_to(self, channel: Channel, payload: Mapping[str, Any]) -> Raw | None:
        reference = payload.get("message_reference")
        target = self._world.posts.get(int(reference["message_id"])) if reference else None
        if target is None:
            return None
        name = self._world.display_name(target.author_id, channel.guild_id)
        return {"author": name, "content": target.payload["content"]}

    def _command(self, channel: Channel, payload: Mapping[str, Any], user_id: int) -> Raw | None:
        """Return which command a message answers, named as who looks at it knows it."""
        command = payload.get("interaction")
        if command is None:
            return None
        name = self._world.display_name(int(command["user"]["id"]), channel.guild_id)
        try:
            found = self._commands.find(command["name"], channel.guild_id)
        except LookupError:  # an earlier run of the bot knew it
            return {"user": name, "name": command["name"]}
        locale = self._world.users[user_id].locale
        return {"user": name, "name": _shown(found, locale)["local"]}

    def _modal(self, user_id: int) -> Raw | None:
        interaction = self._interactions.open_modals.get(user_id)
        if interaction is None or interaction.modal is None:
            return None
        return interaction.modal | {"interaction": str(interaction.id)}

    def _typing(self, channel: Channel) -> list[str]:
        now = time.time()
        typing = self._world.typing.get(channel.id, {})
        return [
            self._world.display_name(user_id, channel.guild_id)
            for user_id, until in typing.items()
            if until > now
        ]

    def _command_list(self, channel: Channel, user_id: int) -> list[Raw]:
        locale = self._world.users[user_id].locale
        permissions = self._world.permissions(channel, user_id)
        if not permissions & Permission.APPLICATION_COMMANDS:
            return []
        return [
            _shown(found, locale)
            for command in self._commands.visible(channel.guild_id, int(permissions))
            for found in leaves(command)
        ]


def _event(payload: Raw) -> Raw:
    return {
        "id": payload["id"],
        "name": payload["name"],
        "at": datetime.fromisoformat(payload["scheduled_start_time"]).timestamp(),
        "where": (payload["entity_metadata"] or {}).get("location") or "",
    }


def _shown(found: Found, locale: str) -> Raw:
    whole: Sequence[Raw] = [found.command, *found.steps]
    return {
        "name": found.name,
        "local": " ".join(_local(step, "name", locale) for step in whole),
        "description": _local(whole[-1], "description", locale),
        "options": [_option(option, locale) for option in found.options],
    }


def _option(option: Raw, locale: str) -> Raw:
    return {
        "name": option["name"],
        "local": _local(option, "name", locale),
        "description": _local(option, "description", locale),
        "type": option["type"],
        "required": option["required"],
        "choices": [
            {"name": _local(choice, "name", locale), "value": choice["value"]}
            for choice in option.get("choices", [])
        ],
        "autocomplete": bool(option.get("autocomplete")),
        "channel_types": option.get("channel_types") or [],
        "min": option.get("min_value", option.get("min_length")),
        "max": option.get("max_value", option.get("max_length")),
    }


def _local(of: Raw, key: str, locale: str) -> str:
    return str((of.get(f"{key}_localizations") or {}).get(locale) or of[key])


def public_messages(world: World, channel: Channel) -> list[Raw]:
    """Return the channel's public messages as REST shows them, oldest first."""
    return [discord_payloads.message(world, world.posts[each]) for each in channel.posts]
