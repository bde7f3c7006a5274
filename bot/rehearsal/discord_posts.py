"""Messages as they live in the rehearsal Discord: written, edited, deleted, reacted to, pinned; each with its event.

Limits to a message's parts are in `discord_forms`; interactions' special rules in `discord_interactions`.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.rehearsal import discord_components, discord_forms, discord_payloads
from bot.rehearsal.discord_errors import Refused, missing_access, missing_permissions, slowmode
from bot.rehearsal.discord_forms import EPHEMERAL, LAYOUT, SETTABLE, SUPPRESS_EMBEDS, Upload
from bot.rehearsal.discord_gateway import Gateway
from bot.rehearsal.discord_world import THREADS, Channel, Permission, Post, World, stamp

DEFAULT, PINNED, REPLY, COMMAND = 0, 6, 19, 20
KEPT = 5000
RECENT = 100

Raw = dict[str, Any]


class Posts:
    """Every change to a message goes through here, so that none lacks its event."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self._world = world
        self._gateway = gateway

    def say(
        self,
        channel: Channel,
        user_id: int,
        body: Mapping[str, Any],
        uploads: Sequence[Upload] = (),
    ) -> Post:
        """Let a person write, or raise `Refused`: they may not, or a slow channel makes them wait."""
        self.require(channel, user_id, Permission.SEND_MESSAGES)
        self._require_wait(channel, user_id)
        post = self.write(channel, user_id, body, uploads)
        channel.wrote_at[user_id] = time.time()
        return post

    def _require_wait(self, channel: Channel, user_id: int) -> None:
        free_at = channel.wrote_at.get(user_id, 0.0) + channel.slowmode
        if time.time() < free_at and not self._world.may(
            channel, user_id, Permission.BYPASS_SLOWMODE
        ):
            raise slowmode()

    def write(
        self,
        channel: Channel,
        author_id: int,
        body: Mapping[str, Any],
        uploads: Sequence[Upload] = (),
        *,
        ephemeral_to: int | None = None,
        more: Mapping[str, Any] | None = None,
        loading: bool = False,
    ) -> Post:
        """Add a message and announce it, or raise `Refused`.

        `more` are further keys of the payload (type, interaction, …); a `loading` message may be empty.
        """
        if (same := self._same(channel, author_id, body)) is not None:
            return same
        flags = int(body.get("flags") or 0) & SETTABLE
        discord_forms.check(body, layout=bool(flags & LAYOUT))
        if channel.archived:
            channel.archived = False
        message = self._message(channel, author_id, body, uploads, flags, more or {})
        if not loading:
            discord_forms.refuse_empty(message)
        post = Post(int(message["id"]), channel.id, author_id, message, ephemeral_to)
        self._world.posts[post.id] = post
        self._world.typing.get(channel.id, {}).pop(author_id, None)
        if ephemeral_to is None:
            channel.posts.append(post.id)
            self.announce("MESSAGE_CREATE", post)
            self._forget_old(channel)
        else:
            whispers = self._world.whispers.setdefault((ephemeral_to, channel.id), [])
            whispers.append(post.id)
        self._world.changed()
        return post

    def _same(self, channel: Channel, author_id: int, body: Mapping[str, Any]) -> Post | None:
        """Return the recent message with the same nonce, when the body says enforce_nonce."""
        if not body.get("enforce_nonce") or body.get("nonce") is None:
            return None
        for message_id in channel.posts[:-RECENT:-1]:
            post = self._world.posts[message_id]
            if post.author_id == author_id and post.payload.get("nonce") == body["nonce"]:
                return post
        return None

    def _forget_old(self, channel: Channel) -> None:
        if len(channel.posts) > KEPT:
            self._world.posts.pop(channel.posts.pop(0), None)

    def _message(
        self,
        channel: Channel,
        author_id: int,
        body: Mapping[str, Any],
        uploads: Sequence[Upload],
        flags: int,
        more: Mapping[str, Any],
    ) -> Raw:
        world = self._world
        content = body.get("content") or ""
        files = discord_forms.attachments(world, channel.id, body.get("attachments"), uploads)
        message: Raw = {
            "id": str(world.new_id()),
            "type": DEFAULT,
            "channel_id": str(channel.id),
            "author": discord_payloads.user(world.users[author_id]),
            "content": content,
            "embeds": discord_forms.embeds(body.get("embeds") or [], files),
            "attachments": files,
            "components": discord_components.answered(body.get("components") or []),
            "timestamp": stamp(),
            "edited_timestamp": None,
            "flags": flags,
            "tts": bool(body.get("tts")),
            "pinned": False,
        }
        if body.get("nonce") is not None:
            message["nonce"] = body["nonce"]
        if author_id == world.bot.id:
            message["application_id"] = str(world.application_id)
        replied_to = self._refer(message, channel, body.get("message_reference"))
        message |= more
        whom = discord_forms.pings(
            world, channel, author_id, content, body.get("allowed_mentions"), replied_to
        )
        return message | discord_forms.mentions(world, whom)

    def _refer(
        self, message: Raw, channel: Channel, reference: Mapping[str, Any] | None
    ) -> int | None:
        if not reference:
            return None
        target = self._world.posts.get(int(reference["message_id"]))
        if target is None or target.channel_id != channel.id or target.ephemeral_to is not None:
            if reference.get("fail_if_not_exists", True):
                text = "Unknown message"
                error = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": text}]}
                raise Refused(400, 50035, "Invalid Form Body", {"message_reference": error})
            return None
        message |= {"type": REPLY, "message_reference": reference_to(channel, target.id)}
        return target.author_id

    def edit(
        self,
        post: Post,
        body: Mapping[str, Any],
        uploads: Sequence[Upload] = (),
        *,
        completing: bool = False,
    ) -> Post:
        """Change a message and announce it, or raise `Refused`; keys that are absent stay as they are.

        `completing` a bot that was thinking does not count as an edit.
        """
        old = post.payload
        flags = _new_flags(old["flags"], body.get("flags"))
        discord_forms.check(body, layout=bool(flags & LAYOUT))
        channel = self._world.channels[post.channel_id]
        new = dict(old)
        if "content" in body:
            new["content"] = body["content"] or ""
        if "attachments" in body or uploads:
            new["attachments"] = discord_forms.attachments(
                self._world, channel.id, body.get("attachments"), uploads, kept=old["attachments"]
            )
        if "embeds" in body:
            new["embeds"] = discord_forms.embeds(body["embeds"] or [], new["attachments"])
        if "components" in body:
            new["components"] = discord_components.answered(body["components"] or [])
        discord_forms.refuse_empty(new)
        if "content" in body:
            whom = discord_forms.pings(
                self._world, channel, post.author_id, new["content"], body.get("allowed_mentions")
            )
            new |= discord_forms.mentions(self._world, whom)
        new["flags"] = flags & ~discord_forms.LOADING
        new["edited_timestamp"] = None if completing else stamp()
        post.payload = new
        self.announce("MESSAGE_UPDATE", post)
        self._world.changed()
        return post

    def delete(self, post: Post) -> None:
        """Remove a message and announce it."""
        del self._world.posts[post.id]
        if post.ephemeral_to is None:
            channel = self._world.channels[post.channel_id]
            channel.posts.remove(post.id)
            self._dispatch("MESSAGE_DELETE", channel, {"id": str(post.id)} | place_of(channel))
        else:
            self._world.whispers[post.ephemeral_to, post.channel_id].remove(post.id)
        self._world.changed()

    def delete_many(self, channel: Channel, message_ids: Sequence[int]) -> None:
        """Remove several messages of a channel with one event."""
        known = [each for each in message_ids if each in channel.posts]
        for message_id in known:
            channel.posts.remove(message_id)
            del self._world.posts[message_id]
        ids = {"ids": [str(each) for each in known]}
        self._dispatch("MESSAGE_DELETE_BULK", channel, ids | place_of(channel))
        self._world.changed()

    def announce(self, event: str, post: Post) -> None:
        """Send the message's event, unless it is ephemeral."""
        if post.ephemeral_to is None:
            channel = self._world.channels[post.channel_id]
            self._dispatch(event, channel, discord_payloads.message_event(self._world, post))

    def _dispatch(self, event: str, channel: Channel, data: Raw) -> None:
        """Send an event of a channel, if the bot sees the channel."""
        bot_id = self._world.bot.id
        if channel.guild_id is None or self._world.may(channel, bot_id, Permission.VIEW_CHANNEL):
            self._gateway.dispatch(event, data)

    def react(self, post: Post, user_id: int, emoji: str) -> None:
        """Add a reaction; adding it twice changes nothing."""
        users = post.reactions.setdefault(emoji, [])
        if user_id in users:
            return
        users.append(user_id)
        event = self._reaction(post, user_id, emoji) | {
            "message_author_id": str(post.author_id),
            "burst": False,
            "type": 0,
        }
        channel = self._world.channels[post.channel_id]
        if channel.guild_id is not None:
            member = self._world.member(channel.guild_id, user_id)
            event["member"] = discord_payloads.member(member)
        self._dispatch("MESSAGE_REACTION_ADD", channel, event)
        self._world.changed()

    def unreact(self, post: Post, user_id: int, emoji: str) -> None:
        """Take a reaction away, if it is there."""
        users = post.reactions.get(emoji, [])
        if user_id not in users:
            return
        users.remove(user_id)
        if not users:
            del post.reactions[emoji]
        event = self._reaction(post, user_id, emoji) | {"burst": False, "type": 0}
        channel = self._world.channels[post.channel_id]
        self._dispatch("MESSAGE_REACTION_REMOVE", channel, event)
        self._world.changed()

    def unreact_all(self, post: Post) -> None:
        """Take every reaction away."""
        post.reactions.clear()
        channel = self._world.channels[post.channel_id]
        event = {"message_id": str(post.id)} | place_of(channel)
        self._dispatch("MESSAGE_REACTION_REMOVE_ALL", channel, event)
        self._world.changed()

    def _reaction(self, post: Post, user_id: int, emoji: str) -> Raw:
        return {
            "user_id": str(user_id),
            "message_id": str(post.id),
            "emoji": discord_payloads.emoji(emoji),
        } | place_of(self._world.channels[post.channel_id])

    def pin(self, post: Post, *, by: int) -> None:
        """Pin a message: it is marked, and the channel gets a line that says so."""
        if post.pinned_at is not None:
            return
        channel = self._world.channels[post.channel_id]
        post.pinned_at = channel.last_pin_at = stamp()
        self._pins_changed(channel, post)
        more = {"type": PINNED, "message_reference": reference_to(channel, post.id)}
        self.write(channel, by, {}, more=more, loading=True)

    def unpin(self, post: Post) -> None:
        """Unpin a message."""
        if post.pinned_at is not None:
            post.pinned_at = None
            self._pins_changed(self._world.channels[post.channel_id], post)

    def _pins_changed(self, channel: Channel, post: Post) -> None:
        event = {"last_pin_timestamp": channel.last_pin_at} | place_of(channel)
        self._dispatch("CHANNEL_PINS_UPDATE", channel, event)
        self.announce("MESSAGE_UPDATE", post)
        self._world.changed()

    def typing(self, channel: Channel, user_id: int) -> None:
        """Show that somebody is typing, for ten seconds or until they write."""
        now = time.time()
        self._world.typing.setdefault(channel.id, {})[user_id] = now + 10
        event: Raw = {"user_id": str(user_id), "timestamp": int(now)} | place_of(channel)
        if channel.guild_id is not None:
            member = self._world.member(channel.guild_id, user_id)
            event["member"] = discord_payloads.member(member)
        self._dispatch("TYPING_START", channel, event)
        self._world.changed()

    def require(self, channel: Channel, user_id: int, *needed: Permission) -> None:
        """Refuse what the user may not do in the channel (50001 when it cannot even be seen)."""
        if channel.guild_id is None:
            return
        if not self._world.may(channel, user_id, Permission.VIEW_CHANNEL):
            raise missing_access()
        for permission in needed:
            if channel.type in THREADS and permission is Permission.SEND_MESSAGES:
                permission = Permission.SEND_IN_THREADS
            if not self._world.may(channel, user_id, permission):
                raise missing_permissions()


def _new_flags(old: int, asked: int | None) -> int:
    """Return the flags after an edit, which may hide or show embeds and turn components v2 on for good."""
    if asked is None:
        return old
    return old & ~SUPPRESS_EMBEDS | asked & (SUPPRESS_EMBEDS | LAYOUT)


def place_of(channel: Channel) -> Raw:
    """Return the keys that tell where an event happened."""
    place = {"channel_id": str(channel.id)}
    return place | ({"guild_id": str(channel.guild_id)} if channel.guild_id else {})


def reference_to(channel: Channel, message_id: int) -> Raw:
    """Return the message_reference object to a message of the channel."""
    reference: Raw = {"type": 0, "channel_id": str(channel.id), "message_id": str(message_id)}
    if channel.guild_id is not None:
        reference["guild_id"] = str(channel.guild_id)
    return reference


def is_ephemeral(body: Mapping[str, Any]) -> bool:
    """Tell whether a message body asks to be seen by one person only."""
    return bool(int(body.get("flags") or 0) & EPHEMERAL)
