"""The rehearsal Discord's facts: users, guilds, roles, members, channels and posts, with the ids that name them.

State only: nothing here speaks HTTP or WebSocket. Permissions are here because they follow from the facts alone.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntFlag
from typing import Any

from bot.rehearsal.discord_errors import unknown

DISCORD_EPOCH_MS = 1_420_070_400_000
TEXT_CHANNEL, DM_CHANNEL, VOICE_CHANNEL, CATEGORY, NEWS_CHANNEL, FORUM = 0, 1, 2, 4, 5, 15
STAGE_CHANNEL = 13
SPOKEN = frozenset({VOICE_CHANNEL, STAGE_CHANNEL})
NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD = 10, 11, 12
THREADS = frozenset({NEWS_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})


class Permission(IntFlag):
    """The permission bits that the platform knows by name."""

    CREATE_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_IN_THREADS = 1 << 38
    MODERATE_MEMBERS = 1 << 40
    CREATE_EVENTS = 1 << 44
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


ALL_PERMISSIONS = (1 << 53) - 1
EVERYONE = (
    Permission.CREATE_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_HISTORY
    | Permission.EXTERNAL_EMOJIS
    | Permission.CHANGE_NICKNAME
    | Permission.APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_IN_THREADS
)
BOT_ROLE = (
    EVERYONE
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_ROLES
    | Permission.MANAGE_EVENTS
    | Permission.CREATE_EVENTS
    | Permission.MANAGE_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.PIN_MESSAGES
)
WHILE_TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_HISTORY


@dataclass(slots=True)
class User:
    """An account; `locale` is what their client is set to."""

    id: int
    name: str
    global_name: str | None = None
    locale: str = "fr"
    bot: bool = False

    @property
    def display_name(self) -> str:
        """The name that people see."""
        return self.global_name or self.name


@dataclass(slots=True)
class Role:
    """A role of a guild; `permissions` is a bit field."""

    id: int
    guild_id: int
    name: str
    permissions: int = 0
    position: int = 0
    color: int = 0
    hoist: bool = False
    managed: bool = False
    mentionable: bool = False
    bot_id: int | None = None


@dataclass(slots=True)
class Member:
    """A user in a guild."""

    user: User
    joined_at: str
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    timed_out_until: str | None = None

    @property
    def display_name(self) -> str:
        """The name that people see in this guild."""
        return self.nick or self.user.display_name


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A channel's exception for one role (`kind` 0) or member (`kind` 1)."""

    id: int
    kind: int
    allow: int
    deny: int


@dataclass(slots=True)
class Channel:
    """A place to write: a guild's channel, a thread (with `parent_id`) or a private channel (with `recipient_id`)."""

    id: int
    guild_id: int | None
    name: str
    type: int = TEXT_CHANNEL
    position: int = 0
    topic: str | None = None
    parent_id: int | None = None
    recipient_id: int | None = None
    owner_id: int | None = None
    nsfw: bool = False
    slowmode: int = 0
    archived: bool = False
    locked: bool = False
    archive_minutes: int = 1440
    created_at: str = ""
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    thread_members: set[int] = field(default_factory=set)
    posts: list[int] = field(default_factory=list)
    wrote_at: dict[int, float] = field(default_factory=dict)
    tags: list[dict[str, Any]] = field(default_factory=list)
    applied_tags: list[str] = field(default_factory=list)
    last_pin_at: str | None = None


@dataclass(slots=True)
class ScheduledEvent:
    """An appointment of a guild; `payload` is its REST object without the count of those interested."""

    id: int
    guild_id: int
    payload: dict[str, Any]
    users: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Voice:
    """Where somebody is in voice: a voice or stage channel; `session` names their connection.

    On a stage, whoever comes in is in the `audience`.
    """

    channel_id: int
    session: str
    audience: bool = False


@dataclass(slots=True)
class Guild:
    """A server; its @everyone role has the guild's id."""

    id: int
    name: str
    owner_id: int
    preferred_locale: str
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    events: dict[int, ScheduledEvent] = field(default_factory=dict)
    bot_role_id: int = 0
    voices: dict[int, Voice] = field(default_factory=dict)


@dataclass(slots=True)
class Post:
    """A message: its REST payload without what depends on later events, and what does."""

    id: int
    channel_id: int
    author_id: int
    payload: dict[str, Any]
    ephemeral_to: int | None = None
    reactions: dict[str, list[int]] = field(default_factory=dict)
    pinned_at: str | None = None
    thread_id: int | None = None


class World:
    """All facts, and the one place that makes ids and reads the clock."""

    def __init__(self) -> None:
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.posts: dict[int, Post] = {}
        self.whispers: dict[tuple[int, int], list[int]] = {}
        self.files: dict[int, tuple[str, str, bytes]] = {}
        self.handed_over: dict[int, dict[str, Any]] = {}  # attachments of commands, by id
        self.typing: dict[int, dict[int, float]] = {}
        self.closed_to_dms: set[int] = set()
        self.origin = "http://127.0.0.1/discord"
        self._last_id = 0
        self._listeners: list[Callable[[], None]] = []
        self.bot = self.new_user("Ensemble", bot=True)
        self.application_id = self.bot.id
        self.owner = self.new_user("direction", global_name="La direction")

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after anything visible has changed."""
        self._listeners.append(listener)

    def changed(self) -> None:
        """Tell the listeners that something visible has changed."""
        for listener in self._listeners:
            listener()

    def new_id(self) -> int:
        """Return a snowflake of this moment, greater than all before it."""
        milliseconds = int(time.time() * 1000) - DISCORD_EPOCH_MS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    def skip_ids(self, count: int) -> None:
        """Leave out the next `count` ids: somebody else has used them."""
        self._last_id += count

    def new_user(
        self, name: str, *, global_name: str | None = None, locale: str = "fr", bot: bool = False
    ) -> User:
        """Add an account."""
        user = User(self.new_id(), name, global_name, locale, bot)
        self.users[user.id] = user
        return user

    def user(self, user_id: int) -> User:
        """Return a user, or refuse with 10013."""
        try:
            return self.users[user_id]
        except KeyError:
            raise unknown("User") from None

    def guild(self, guild_id: int) -> Guild:
        """Return a guild, or refuse with 10004."""
        try:
            return self.guilds[guild_id]
        except KeyError:
            raise unknown("Guild") from None

    def channel(self, channel_id: int) -> Channel:
        """Return a channel, or refuse with 10003."""
        try:
            return self.channels[channel_id]
        except KeyError:
            raise unknown("Channel") from None

    def post(self, message_id: int, channel_id: int | None = None) -> Post:
        """Return a message (of that channel, when given), or refuse with 10008."""
        post = self.posts.get(message_id)
        if post is None or channel_id not in (None, post.channel_id):
            raise unknown("Message")
        return post

    def member(self, guild_id: int, user_id: int) -> Member:
        """Return a member, or refuse with 10007."""
        try:
            return self.guild(guild_id).members[user_id]
        except KeyError:
            raise unknown("Member") from None

    def role(self, guild_id: int, role_id: int) -> Role:
        """Return a role, or refuse with 10011."""
        try:
            return self.guild(guild_id).roles[role_id]
        except KeyError:
            raise unknown("Role") from None

    def event(self, guild_id: int, event_id: int) -> ScheduledEvent:
        """Return a scheduled event, or refuse with 10070."""
        try:
            return self.guild(guild_id).events[event_id]
        except KeyError:
            raise unknown("Guild Scheduled Event") from None

    def guild_channels(self, guild_id: int) -> Iterator[Channel]:
        """Return the guild's channels, threads not included."""
        return (
            channel
            for channel in self.channels.values()
            if channel.guild_id == guild_id and channel.type not in THREADS
        )

    def threads(self, guild_id: int) -> Iterator[Channel]:
        """Return the guild's active threads."""
        return (
            channel
            for channel in self.channels.values()
            if channel.guild_id == guild_id and channel.type in THREADS and not channel.archived
        )

    def display_name(self, user_id: int, guild_id: int | None) -> str:
        """Return the name that people see for this user."""
        if guild_id is not None and (member := self.guilds[guild_id].members.get(user_id)):
            return member.display_name
        return self.users[user_id].display_name

    def base_permissions(self, guild: Guild, user_id: int) -> int:
        """Return what the user's roles give them in the guild, before any channel."""
        member = guild.members.get(user_id)
        if member is None:
            return 0
        if user_id == guild.owner_id:
            return ALL_PERMISSIONS
        bits = guild.roles[guild.id].permissions
        for role_id in member.roles:
            bits |= guild.roles[role_id].permissions
        return ALL_PERMISSIONS if bits & Permission.ADMINISTRATOR else bits

    def rank(self, guild: Guild, user_id: int) -> int:
        """Return the position of the user's highest role; who owns the guild outranks all."""
        if user_id == guild.owner_id:
            return len(guild.roles)
        roles = guild.members[user_id].roles
        return max((guild.roles[each].position for each in roles), default=0)

    def permissions(self, channel: Channel, user_id: int) -> int:
        """Return the user's permissions in a channel.

        Source: "Permission overwrites" in Discord's documentation (everyone, then roles together, then the member), and
        "Threads": a private thread is seen by its members and by whoever manages threads.
        """
        if channel.guild_id is None:
            between = channel.recipient_id == user_id or self.users[user_id].bot
            return int(EVERYONE) if between else 0
        guild = self.guilds[channel.guild_id]
        bits = self.base_permissions(guild, user_id)
        if bits == ALL_PERMISSIONS or user_id not in guild.members:
            return bits
        member = guild.members[user_id]
        home = self.channels.get(channel.parent_id or 0) if channel.type in THREADS else channel
        bits = _overwritten(bits, guild.id, member, home.overwrites if home else {})
        if member.timed_out_until is not None and member.timed_out_until > stamp():
            bits &= WHILE_TIMED_OUT
        if channel.type == PRIVATE_THREAD and user_id not in channel.thread_members:
            bits = bits if bits & Permission.MANAGE_THREADS else 0
        return bits if bits & Permission.VIEW_CHANNEL else 0

    def may(self, channel: Channel, user_id: int, permission: Permission) -> bool:
        """Tell whether the user has all these bits in the channel."""
        return self.permissions(channel, user_id) & permission == permission


def _overwritten(bits: int, everyone: int, member: Member, overwrites: dict[int, Overwrite]) -> int:
    if everyone in overwrites:
        bits = bits & ~overwrites[everyone].deny | overwrites[everyone].allow
    deny = allow = 0
    for role_id in member.roles:
        if role_id in overwrites:
            deny |= overwrites[role_id].deny
            allow |= overwrites[role_id].allow
    bits = bits & ~deny | allow
    if member.user.id in overwrites:
        bits = bits & ~overwrites[member.user.id].deny | overwrites[member.user.id].allow
    return bits


def stamp(at: float | None = None) -> str:
    """Return a time as Discord writes it; now, unless given in unix seconds."""
    moment = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
    return moment.isoformat(timespec="microseconds")
