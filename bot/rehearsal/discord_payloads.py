"""The rehearsal Discord's facts as the API writes them: one function per documented object.

Every key that Discord's OpenAPI document requires is here, so that a client may rely on it.
"""

from collections.abc import Sequence
from typing import Any

from bot.rehearsal.discord_world import (
    DM_CHANNEL,
    FORUM,
    SPOKEN,
    STAGE_CHANNEL,
    THREADS,
    VOICE_CHANNEL,
    Channel,
    Guild,
    Member,
    Post,
    Role,
    ScheduledEvent,
    User,
    Voice,
    World,
    stamp,
)

# Members, message content and presences, as granted to an application in few guilds.
APPLICATION_FLAGS = (1 << 13) | (1 << 15) | (1 << 19)


def user(who: User) -> dict[str, Any]:
    """Return the user object."""
    return {
        "id": str(who.id),
        "username": who.name,
        "discriminator": "0",
        "global_name": who.global_name,
        "avatar": None,
        "bot": who.bot,
        "system": False,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
    }


def own_user(who: User) -> dict[str, Any]:
    """Return the bot's own user object."""
    return user(who) | {"mfa_enabled": True, "locale": "fr", "email": None, "verified": True}


def member_without_user(who: Member) -> dict[str, Any]:
    """Return the partial member that accompanies messages."""
    return {
        "roles": [str(role_id) for role_id in who.roles],
        "nick": who.nick,
        "avatar": None,
        "banner": None,
        "joined_at": who.joined_at,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": who.timed_out_until,
        "avatar_decoration_data": None,
        "collectibles": None,
    }


def member(who: Member) -> dict[str, Any]:
    """Return the guild member object."""
    return member_without_user(who) | {"user": user(who.user)}


def role(of: Role) -> dict[str, Any]:
    """Return the role object."""
    payload: dict[str, Any] = {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(int(of.permissions)),
        "position": of.position,
        "color": of.color,
        "colors": {"primary_color": of.color, "secondary_color": None, "tertiary_color": None},
        "hoist": of.hoist,
        "managed": of.managed,
        "mentionable": of.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if of.bot_id is not None:
        payload["tags"] = {"bot_id": str(of.bot_id)}
    return payload


def channel(world: World, of: Channel) -> dict[str, Any]:
    """Return the channel object: guild channel, thread or private channel."""
    payload: dict[str, Any] = {
        "id": str(of.id),
        "type": of.type,
        "last_message_id": str(of.posts[-1]) if of.posts else None,
        "last_pin_timestamp": of.last_pin_at,
        "flags": 0,
    }
    if of.type == DM_CHANNEL:
        return payload | {"recipients": [user(world.users[of.recipient_id or 0])]}
    payload |= {
        "guild_id": str(of.guild_id),
        "name": of.name,
        "parent_id": str(of.parent_id) if of.parent_id else None,
        "rate_limit_per_user": of.slowmode,
    }
    if of.type == VOICE_CHANNEL:
        payload |= {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    if of.type in THREADS:
        return payload | _thread(of)
    return payload | _guild_channel(of) | (_forum(of) if of.type == FORUM else {})


def _guild_channel(of: Channel) -> dict[str, Any]:
    spoken: dict[str, Any] = {}
    if of.type in SPOKEN:
        spoken = {
            "bitrate": 64_000,
            "user_limit": 10_000 if of.type == STAGE_CHANNEL else 0,
            "rtc_region": None,
            "video_quality_mode": 1,
        }
    return spoken | {
        "position": of.position,
        "topic": of.topic,
        "nsfw": of.nsfw,
        "permission_overwrites": [
            {
                "id": str(overwrite.id),
                "type": overwrite.kind,
                "allow": str(int(overwrite.allow)),
                "deny": str(int(overwrite.deny)),
            }
            for overwrite in of.overwrites.values()
        ],
    }


def _forum(of: Channel) -> dict[str, Any]:
    return {
        "available_tags": of.tags,
        "default_reaction_emoji": None,
        "default_sort_order": None,
        "default_forum_layout": 0,
        "default_thread_rate_limit_per_user": 0,
        "default_tag_setting": None,
    }


def _thread(of: Channel) -> dict[str, Any]:
    tags = {"applied_tags": of.applied_tags} if of.applied_tags else {}
    return tags | {
        "owner_id": str(of.owner_id),
        "message_count": len(of.posts),
        "total_message_sent": len(of.posts),
        "member_count": len(of.thread_members),
        "thread_metadata": {
            "archived": of.archived,
            "locked": of.locked,
            "archive_timestamp": of.created_at,
            "create_timestamp": of.created_at,
            "auto_archive_duration": of.archive_minutes,
            "invitable": False,
        },
    }


def guild(of: Guild) -> dict[str, Any]:
    """Return the guild object as REST shows it."""
    return {
        "id": str(of.id),
        "name": of.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(of.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [role(each) for each in of.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 2,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": of.preferred_locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(world: World, of: Guild) -> dict[str, Any]:
    """Return what GUILD_CREATE carries: without the presence intent, the members are the bot and those in voice."""
    return guild(of) | {
        "unavailable": False,
        "large": False,
        "joined_at": of.members[world.bot.id].joined_at,
        "member_count": len(of.members),
        "members": [member(of.members[each]) for each in {world.bot.id: 0, **of.voices}],
        "channels": [
            channel(world, each)
            for each in world.guild_channels(of.id)
            if world.permissions(each, world.bot.id)
        ],
        "threads": [
            channel(world, each)
            for each in world.threads(of.id)
            if world.permissions(each, world.bot.id)
        ],
        "voice_states": [
            {key: part for key, part in voice_state(of, each).items() if key != "guild_id"}
            for each in of.voices
        ],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [scheduled_event(each) for each in of.events.values()],
        "soundboard_sounds": [],
    }


def voice_state(of: Guild, user_id: int, left: Voice | None = None) -> dict[str, Any]:
    """Return where a member is in voice, with the member; `left` is what they left, when they are nowhere now."""
    now = of.voices.get(user_id)
    known = now or left
    return {
        "guild_id": str(of.id),
        "channel_id": str(now.channel_id) if now else None,
        "user_id": str(user_id),
        "member": member(of.members[user_id]),
        "session_id": known.session if known else "",
        "deaf": False,
        "mute": False,
        "self_deaf": False,
        "self_mute": False,
        "self_video": False,
        "self_stream": False,
        "suppress": bool(now and now.audience),
        "request_to_speak_timestamp": None,
    }


def application(world: World) -> dict[str, Any]:
    """Return the bot's application object."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": user(world.bot),
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": APPLICATION_FLAGS,
        "flags_new": str(APPLICATION_FLAGS),
        "integration_types_config": {"0": {}},
        "max_participants": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": user(world.owner),
        "approximate_guild_count": len(world.guilds),
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["bot", "applications.commands"],
    }


def basic_message(post: Post) -> dict[str, Any]:
    """Return the message object without what hangs on other messages."""
    return post.payload | {"pinned": post.pinned_at is not None}


def message(world: World, post: Post) -> dict[str, Any]:
    """Return the message object as the bot sees it now."""
    payload = basic_message(post)
    if post.reactions:
        payload["reactions"] = [
            _reaction(world, emoji, users) for emoji, users in post.reactions.items()
        ]
    if post.thread_id is not None and (thread := world.channels.get(post.thread_id)):
        payload["thread"] = channel(world, thread)
    reference = payload.get("message_reference")
    if reference is not None and payload["type"] == 19:
        referenced = world.posts.get(int(reference["message_id"]))
        payload["referenced_message"] = basic_message(referenced) if referenced else None
    return payload


def message_event(world: World, post: Post) -> dict[str, Any]:
    """Return what MESSAGE_CREATE and MESSAGE_UPDATE carry: the message, its guild and its author as a member."""
    payload = message(world, post)
    guild_id = world.channels[post.channel_id].guild_id
    payload["channel_type"] = world.channels[post.channel_id].type
    if guild_id is None:
        return payload
    payload["guild_id"] = str(guild_id)
    members = world.guilds[guild_id].members
    if post.author_id in members:
        payload["member"] = member_without_user(members[post.author_id])
    payload["mentions"] = [
        mention | {"member": member_without_user(members[int(mention["id"])])}
        if int(mention["id"]) in members
        else mention
        for mention in payload["mentions"]
    ]
    return payload


def emoji(key: str) -> dict[str, Any]:
    """Return the emoji object of a reaction: `key` is a character, or name:id for a guild's own."""
    name, _, emoji_id = key.partition(":")
    return {"id": emoji_id or None, "name": name}


def _reaction(world: World, key: str, users: list[int]) -> dict[str, Any]:
    return {
        "emoji": emoji(key),
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "burst_colors": [],
        "me_burst": False,
        "me": world.bot.id in users,
    }


def scheduled_event(of: ScheduledEvent) -> dict[str, Any]:
    """Return the scheduled event object, with the count of those interested."""
    return of.payload | {"user_count": len(of.users)}


def thread_member(thread: Channel, user_id: int) -> dict[str, Any]:
    """Return the thread member object."""
    return {"id": str(thread.id), "user_id": str(user_id), "join_timestamp": stamp(), "flags": 0}


def resolved(
    world: World, channel_in: Channel, values: Sequence[tuple[int, Any]]
) -> dict[str, Any]:
    """Return the objects behind the ids of an interaction, given as (option type, id).

    Types are those of command options: 6 user, 7 channel, 8 role, 9 user or role, 11 file; others have nothing to
    resolve.
    """
    found: dict[str, Any] = {}
    for kind, value in values:
        if kind in (6, 8, 9):
            _resolve_mentionable(world, channel_in, kind, int(value), found)
        elif kind == 7:
            target = world.channel(int(value))
            bits = str(int(world.permissions(target, world.bot.id)))
            found.setdefault("channels", {})[str(value)] = channel(world, target) | {
                "permissions": bits
            }
        elif kind == 11:
            found.setdefault("attachments", {})[str(value)] = world.handed_over[int(value)]
    return found


def _resolve_mentionable(
    world: World, channel_in: Channel, kind: int, wanted: int, found: dict[str, Any]
) -> None:
    of = world.guilds.get(channel_in.guild_id or 0)
    if kind != 8 and wanted in world.users:
        found.setdefault("users", {})[str(wanted)] = user(world.users[wanted])
        if of is not None and wanted in of.members:
            bits = str(int(world.permissions(channel_in, wanted)))
            partial = member_without_user(of.members[wanted]) | {"permissions": bits}
            found.setdefault("members", {})[str(wanted)] = partial
    elif kind != 6 and of is not None and wanted in of.roles:
        found.setdefault("roles", {})[str(wanted)] = role(of.roles[wanted])
