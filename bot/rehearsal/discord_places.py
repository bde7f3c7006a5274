"""Channels, threads, roles and members of the rehearsal Discord: every change to them, with its gateway event."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.rehearsal import discord_payloads
from bot.rehearsal.discord_errors import Form, Refused, missing_access, thread_archived
from bot.rehearsal.discord_gateway import Gateway
from bot.rehearsal.discord_world import (
    BOT_ROLE,
    DM_CHANNEL,
    EVERYONE,
    FORUM,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    SPOKEN,
    STAGE_CHANNEL,
    TEXT_CHANNEL,
    THREADS,
    Channel,
    Guild,
    Member,
    Overwrite,
    Permission,
    Post,
    Role,
    ScheduledEvent,
    User,
    Voice,
    World,
    stamp,
)

Raw = dict[str, Any]
SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
TRANSITIONS: dict[int, tuple[int, ...]] = {
    SCHEDULED: (ACTIVE, CANCELLED),
    ACTIVE: (COMPLETED,),
    COMPLETED: (),
    CANCELLED: (),
}
MOST_EVENTS = 100
ELSEWHERE = 3
SLOWEST = 21_600


class Places:
    """Every change to a guild, its channels, roles and members goes through here, so that none lacks its event."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    # -- guilds and members

    def add_guild(self, name: str, preferred_locale: str) -> Guild:
        """Add a guild with its @everyone role, the bot and the bot's role in it."""
        world = self._world
        guild_id = world.new_id()
        guild = Guild(guild_id, name, world.owner.id, preferred_locale)
        guild.roles[guild_id] = Role(guild_id, guild_id, "@everyone", int(EVERYONE))
        bot_role = Role(world.new_id(), guild_id, world.bot.name, int(BOT_ROLE), 1, managed=True)
        bot_role.bot_id = world.bot.id
        guild.roles[bot_role.id] = bot_role
        guild.bot_role_id = bot_role.id
        guild.members[world.owner.id] = Member(world.owner, stamp())
        guild.members[world.bot.id] = Member(world.bot, stamp(), [bot_role.id])
        world.guilds[guild_id] = guild
        self._gateway.dispatch("GUILD_CREATE", discord_payloads.guild_create(world, guild))
        world.changed()
        return guild

    def join(self, guild_id: int, user_id: int, roles: Sequence[int]) -> None:
        """Make a user a member; one who is already there gets these roles."""
        guild = self._world.guild(guild_id)
        if user_id in guild.members:
            self.edit_member(guild_id, user_id, {"roles": roles})
            return
        for role_id in roles:
            self._world.role(guild_id, role_id)
        member = Member(self._world.user(user_id), stamp(), list(roles))
        guild.members[user_id] = member
        event = discord_payloads.member(member) | {"guild_id": str(guild_id)}
        self._gateway.dispatch("GUILD_MEMBER_ADD", event)
        self._world.changed()

    def leave(self, guild_id: int, user_id: int) -> None:
        """Take a member out of a guild."""
        member = self._world.member(guild_id, user_id)
        self.move_voice(guild_id, user_id, None)
        del self._world.guild(guild_id).members[user_id]
        event = {"guild_id": str(guild_id), "user": discord_payloads.user(member.user)}
        self._gateway.dispatch("GUILD_MEMBER_REMOVE", event)
        self._world.changed()

    def move_voice(self, guild_id: int, user_id: int, channel_id: int | None) -> None:
        """Let a member be in a voice or stage channel, or (None) in none."""
        guild, member = self._world.guild(guild_id), self._world.member(guild_id, user_id)
        left = guild.voices.pop(user_id, None)
        if channel_id is not None:
            channel = self._world.channel(channel_id)
            if channel.type not in SPOKEN or channel.guild_id != guild_id:
                raise ValueError(f"{channel.name} is no channel that one speaks in")
            if not self._world.may(channel, member.user.id, Permission.VIEW_CHANNEL):
                raise missing_access()
            session = left.session if left else secrets.token_hex(16)
            guild.voices[user_id] = Voice(channel_id, session, channel.type == STAGE_CHANNEL)
        elif left is None:
            return
        event = discord_payloads.voice_state(guild, user_id, left)
        self._gateway.dispatch("VOICE_STATE_UPDATE", event)
        self._world.changed()

    def edit_member(self, guild_id: int, user_id: int, body: Mapping[str, Any]) -> Raw:
        """Change a member's nick, roles or time-out."""
        member = self._world.member(guild_id, user_id)
        if "nick" in body:
            member.nick = body["nick"] or None
        if "roles" in body:
            roles = [int(each) for each in body["roles"] or ()]
            for role_id in roles:
                self._world.role(guild_id, role_id)
            member.roles = roles
        if "communication_disabled_until" in body:
            member.timed_out_until = body["communication_disabled_until"]
        return self._member_changed(guild_id, member)

    def give_role(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Give a member a role."""
        member = self._world.member(guild_id, user_id)
        if self._world.role(guild_id, role_id).id not in member.roles:
            member.roles.append(role_id)
            self._member_changed(guild_id, member)

    def take_role(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Take a role from a member."""
        member = self._world.member(guild_id, user_id)
        if role_id in member.roles:
            member.roles.remove(role_id)
            self._member_changed(guild_id, member)

    def _member_changed(self, guild_id: int, member: Member) -> Raw:
        payload = discord_payloads.member(member)
        self._gateway.dispatch("GUILD_MEMBER_UPDATE", payload | {"guild_id": str(guild_id)})
        self._world.changed()
        return payload

    # -- roles

    def create_role(self, guild_id: int, body: Mapping[str, Any]) -> Raw:
        """Add a role below all others but @everyone."""
        guild = self._world.guild(guild_id)
        for other in guild.roles.values():
            other.position += other.id != guild_id
        role = Role(self._world.new_id(), guild_id, "new role", position=1)
        guild.roles[role.id] = role
        _fill_role(role, body)
        return self._role_changed("GUILD_ROLE_CREATE", role)

    def edit_role(self, guild_id: int, role_id: int, body: Mapping[str, Any]) -> Raw:
        """Change a role."""
        role = self._world.role(guild_id, role_id)
        _fill_role(role, body)
        return self._role_changed("GUILD_ROLE_UPDATE", role)

    def delete_role(self, guild_id: int, role_id: int) -> None:
        """Remove a role, from its members too."""
        role = self._world.role(guild_id, role_id)
        guild = self._world.guild(guild_id)
        for member in guild.members.values():
            if role.id in member.roles:
                member.roles.remove(role.id)
        del guild.roles[role.id]
        event = {"guild_id": str(guild_id), "role_id": str(role_id)}
        self._gateway.dispatch("GUILD_ROLE_DELETE", event)
        self._world.changed()

    def _role_changed(self, event: str, role: Role) -> Raw:
        payload = discord_payloads.role(role)
        self._gateway.dispatch(event, {"guild_id": str(role.guild_id), "role": payload})
        self._world.changed()
        return payload

    # -- channels

    def add_channel(self, guild_id: int, name: str, kind: int = TEXT_CHANNEL) -> Channel:
        """Add a channel to a guild."""
        self._world.guild(guild_id)
        position = sum(1 for _ in self._world.guild_channels(guild_id))
        channel = Channel(self._world.new_id(), guild_id, name, kind, position, created_at=stamp())
        self._world.channels[channel.id] = channel
        self._channel_changed("CHANNEL_CREATE", channel)
        return channel

    def create_channel(self, guild_id: int, body: Mapping[str, Any]) -> Raw:
        """Add a channel as a request describes it."""
        form = Form()
        form.length(("name",), body.get("name"), 100, least=1)
        form.between(("rate_limit_per_user",), body.get("rate_limit_per_user"), 0, SLOWEST)
        form.finish()
        channel = Channel(self._world.new_id(), guild_id, body["name"], created_at=stamp())
        channel.type = body.get("type") or TEXT_CHANNEL
        channel.position = sum(1 for _ in self._world.guild_channels(guild_id))
        _fill_channel(channel, body)
        self._world.channels[channel.id] = channel
        return self._channel_changed("CHANNEL_CREATE", channel)

    def edit_channel(self, channel: Channel, body: Mapping[str, Any]) -> Raw:
        """Change a channel or a thread."""
        form = Form()
        if "name" in body:
            form.length(("name",), body["name"], 100, least=1)
        form.length(("topic",), body.get("topic"), 1024)
        form.between(("rate_limit_per_user",), body.get("rate_limit_per_user"), 0, SLOWEST)
        form.finish()
        _fill_channel(channel, body)
        event = "THREAD_UPDATE" if channel.type in THREADS else "CHANNEL_UPDATE"
        return self._channel_changed(event, channel)

    def delete_channel(self, channel: Channel) -> Raw:
        """Remove a channel with its threads and messages."""
        if channel.type == DM_CHANNEL:
            return discord_payloads.channel(self._world, channel)
        children = [each for each in self._world.channels.values() if each.parent_id == channel.id]
        for child in children if channel.type in (TEXT_CHANNEL, FORUM) else ():
            self._remove(child)
        self._remove(channel)
        event = "THREAD_DELETE" if channel.type in THREADS else "CHANNEL_DELETE"
        return self._channel_changed(event, channel)

    def _remove(self, channel: Channel) -> None:
        del self._world.channels[channel.id]
        for message_id in channel.posts:
            self._world.posts.pop(message_id, None)

    def _channel_changed(self, event: str, channel: Channel) -> Raw:
        payload = discord_payloads.channel(self._world, channel)
        self._gateway.dispatch(event, payload)
        self._world.changed()
        return payload

    def set_overwrite(
        self, channel: Channel, target: int, kind: int, *, allow: int = 0, deny: int = 0
    ) -> None:
        """Set a channel's exception for a role (`kind` 0) or a member (`kind` 1)."""
        channel.overwrites[target] = Overwrite(target, kind, allow, deny)
        self._channel_changed("CHANNEL_UPDATE", channel)

    def delete_overwrite(self, channel: Channel, target: int) -> None:
        """Remove a channel's exception."""
        if channel.overwrites.pop(target, None) is not None:
            self._channel_changed("CHANNEL_UPDATE", channel)

    def private_channel(self, user_id: int) -> Channel:
        """Return the private channel with a user; it is made when first needed."""
        for channel in self._world.channels.values():
            if channel.recipient_id == user_id:
                return channel
        channel = Channel(self._world.new_id(), None, "", DM_CHANNEL, recipient_id=user_id)
        self._world.channels[channel.id] = channel
        return channel

    # -- threads

    def start_thread(
        self, parent: Channel, user_id: int, body: Mapping[str, Any], post: Post | None
    ) -> Raw:
        """Start a thread in a channel, from a message when one is given; in a forum, a post."""
        form = Form()
        form.length(("name",), body.get("name"), 100, least=1)
        form.finish()
        if post is not None and post.thread_id is not None:
            raise Refused(400, 160004, "A thread has already been created for this message")
        thread = Channel(
            post.id if post else self._world.new_id(),
            parent.guild_id,
            body["name"],
            kind_of_thread(parent, body, post),
            parent_id=parent.id,
            owner_id=user_id,
            created_at=stamp(),
            archive_minutes=body.get("auto_archive_duration") or 1440,
            thread_members={user_id},
            applied_tags=[str(each) for each in body.get("applied_tags") or ()],
        )
        self._world.channels[thread.id] = thread
        if post is not None:
            post.thread_id = thread.id
        member = discord_payloads.thread_member(thread, user_id)
        payload = discord_payloads.channel(self._world, thread)
        self._gateway.dispatch("THREAD_CREATE", payload | {"newly_created": True, "member": member})
        self._world.changed()
        return payload | {"member": member}

    def join_thread(self, thread: Channel, user_id: int) -> None:
        """Make a user a member of a thread, who must be a member of the guild that sees the thread's channel."""
        self._world.member(thread.guild_id or 0, user_id)
        if thread.archived:
            raise thread_archived()
        home = self._world.channel(thread.parent_id or 0)
        if not self._world.may(home, user_id, Permission.VIEW_CHANNEL):
            raise missing_access()
        if user_id not in thread.thread_members:
            thread.thread_members.add(user_id)
            added = [discord_payloads.thread_member(thread, user_id)]
            self._members_changed(thread, {"added_members": added})

    def leave_thread(self, thread: Channel, user_id: int) -> None:
        """Make a user no member of a thread."""
        if thread.archived:
            raise thread_archived()
        if user_id in thread.thread_members:
            thread.thread_members.remove(user_id)
            self._members_changed(thread, {"removed_member_ids": [str(user_id)]})

    def _members_changed(self, thread: Channel, what: Mapping[str, Any]) -> None:
        event = {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "member_count": len(thread.thread_members),
            **what,
        }
        self._gateway.dispatch("THREAD_MEMBERS_UPDATE", event)
        self._world.changed()

    # -- scheduled events

    def create_event(self, guild_id: int, body: Mapping[str, Any], by: User | None = None) -> Raw:
        """Add an appointment as a request describes it, made by the bot or by somebody."""
        creator = by or self._world.bot
        _check_event(body, new=True)
        if len(self._world.guild(guild_id).events) >= MOST_EVENTS:
            text = f"Maximum number of uncompleted guild scheduled events reached ({MOST_EVENTS})"
            raise Refused(400, 30038, text)
        event_id = self._world.new_id()
        payload: Raw = {
            "id": str(event_id),
            "guild_id": str(guild_id),
            "creator_id": str(creator.id),
            "creator": discord_payloads.user(creator),
            "description": None,
            "channel_id": None,
            "image": None,
            "scheduled_end_time": None,
            "status": SCHEDULED,
            "entity_id": None,
            "entity_metadata": None,
            "recurrence_rule": None,
            "guild_scheduled_event_exceptions": [],
        }
        event = ScheduledEvent(event_id, guild_id, payload)
        _fill_event(event, body)
        self._world.guild(guild_id).events[event_id] = event
        return self._event_changed("GUILD_SCHEDULED_EVENT_CREATE", event)

    def edit_event(self, event: ScheduledEvent, body: Mapping[str, Any]) -> Raw:
        """Change an appointment; one that is over or cancelled is taken off the list."""
        _check_event(body, new=False)
        status = event.payload["status"]
        if body.get("status", status) not in (status, *TRANSITIONS[status]):
            raise Refused(400, 180000, "Cannot update a finished event")
        _fill_event(event, body)
        if event.payload["status"] in (COMPLETED, CANCELLED):
            self._world.guild(event.guild_id).events.pop(event.id, None)
        return self._event_changed("GUILD_SCHEDULED_EVENT_UPDATE", event)

    def delete_event(self, event: ScheduledEvent) -> None:
        """Remove an appointment."""
        del self._world.guild(event.guild_id).events[event.id]
        self._event_changed("GUILD_SCHEDULED_EVENT_DELETE", event)

    def _event_changed(self, name: str, event: ScheduledEvent) -> Raw:
        payload = discord_payloads.scheduled_event(event)
        self._gateway.dispatch(name, payload)
        self._world.changed()
        return payload


def kind_of_thread(parent: Channel, body: Mapping[str, Any], post: Post | None) -> int:
    """Return which kind of thread a request asks for."""
    if post is not None or parent.type == FORUM:
        return PUBLIC_THREAD
    return int(body.get("type") or PRIVATE_THREAD)


def _check_event(body: Mapping[str, Any], *, new: bool) -> None:
    form = Form()
    if new or "name" in body:
        form.length(("name",), body.get("name"), 100, least=1)
    form.length(("description",), body.get("description"), 1000)
    for key in ("scheduled_start_time", "entity_type", "privacy_level") if new else ():
        if body.get(key) is None:
            form.required((key,))
    if new and body.get("entity_type") == ELSEWHERE:
        if not (body.get("entity_metadata") or {}).get("location"):
            form.required(("entity_metadata", "location"))
        if not body.get("scheduled_end_time"):
            form.required(("scheduled_end_time",))
    if new and body.get("scheduled_start_time"):
        start = datetime.fromisoformat(body["scheduled_start_time"])
        if start <= datetime.now(UTC):
            code = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"
            form.wrong(("scheduled_start_time",), code, "Cannot schedule event in the past.")
    form.finish()


def _fill_event(event: ScheduledEvent, body: Mapping[str, Any]) -> None:
    for key in _EVENT_FIELDS:
        if key in body:
            event.payload[key] = body[key]
    # Images are stored by their hash; a picture that was sent is not kept.
    if body.get("image"):
        event.payload["image"] = "0" * 32
    if event.payload["channel_id"] is not None:
        event.payload["channel_id"] = str(event.payload["channel_id"])


_EVENT_FIELDS = (
    "name",
    "description",
    "channel_id",
    "scheduled_start_time",
    "scheduled_end_time",
    "privacy_level",
    "entity_type",
    "entity_metadata",
    "status",
    "recurrence_rule",
)


def _fill_role(role: Role, body: Mapping[str, Any]) -> None:
    role.name = body.get("name") or role.name
    if body.get("permissions") is not None:
        role.permissions = int(body["permissions"])
    if body.get("color") is not None:
        role.color = body["color"]
    if body.get("colors") is not None:
        role.color = body["colors"].get("primary_color") or 0
    if body.get("hoist") is not None:
        role.hoist = body["hoist"]
    if body.get("mentionable") is not None:
        role.mentionable = body["mentionable"]


def _fill_channel(channel: Channel, body: Mapping[str, Any]) -> None:
    for key, attribute in _CHANNEL_FIELDS.items():
        if key in body and (body[key] is not None or key in ("topic", "parent_id")):
            setattr(channel, attribute, body[key])
    if channel.parent_id is not None:
        channel.parent_id = int(channel.parent_id)
    if body.get("permission_overwrites") is not None:
        channel.overwrites = {
            int(each["id"]): Overwrite(
                int(each["id"]),
                each["type"],
                int(each.get("allow") or 0),
                int(each.get("deny") or 0),
            )
            for each in body["permission_overwrites"]
        }


_CHANNEL_FIELDS = {
    "name": "name",
    "topic": "topic",
    "parent_id": "parent_id",
    "position": "position",
    "nsfw": "nsfw",
    "rate_limit_per_user": "slowmode",
    "archived": "archived",
    "locked": "locked",
    "auto_archive_duration": "archive_minutes",
}
