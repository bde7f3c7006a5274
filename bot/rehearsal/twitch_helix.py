"""The Helix endpoints that the rehearsal Twitch serves, valid under Helix's OpenAPI document."""

from typing import Any

from bot.rehearsal import twitch_schedule, twitch_settings
from bot.rehearsal.twitch_chat import Chat
from bot.rehearsal.twitch_http import Answer, Call, Handler, Refused
from bot.rehearsal.twitch_oauth import Token, Tokens
from bot.rehearsal.twitch_sockets import Sockets
from bot.rehearsal.twitch_subscriptions import Subscriptions
from bot.rehearsal.twitch_world import Channel, User, World, stamp

IDS_MAX = 100
POINTS = 800
COLORS = frozenset({"blue", "green", "orange", "purple", "primary"})


class Helix:
    """The endpoints under `/helix`."""

    def __init__(
        self,
        world: World,
        tokens: Tokens,
        subscriptions: Subscriptions,
        sockets: Sockets,
        chat: Chat,
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._subscriptions = subscriptions
        self._sockets = sockets
        self._chat = chat

    def table(self) -> dict[tuple[str, str], Handler]:
        """Return the handlers by method and path."""
        return {
            ("GET", "/users"): self.users,
            ("GET", "/channels"): self.channels,
            ("GET", "/streams"): self.streams,
            ("GET", "/authorization/users"): self.authorizations,
            ("POST", "/eventsub/subscriptions"): self.subscribe,
            ("GET", "/eventsub/subscriptions"): self.subscriptions,
            ("DELETE", "/eventsub/subscriptions"): self.unsubscribe,
            ("POST", "/chat/messages"): self.send,
            ("POST", "/chat/announcements"): self.announce,
            ("GET", "/chat/chatters"): self.chatters,
            ("GET", "/chat/settings"): self.settings,
            ("PATCH", "/chat/settings"): self.change_settings,
            ("DELETE", "/moderation/chat"): self.delete,
            ("GET", "/moderation/moderators"): self.moderators,
            ("GET", "/schedule"): self.schedule,
            ("POST", "/schedule/segment"): self.add_segment,
            ("PATCH", "/schedule/segment"): self.change_segment,
            ("DELETE", "/schedule/segment"): self.remove_segment,
        }

    async def users(self, call: Call) -> Answer:
        """Get users by id and login; the token's own without either."""
        token = self._token(call)
        ids, logins = call.query.get("id", []), call.query.get("login", [])
        if len(ids) + len(logins) > IDS_MAX:
            raise Refused(400, "The number of id and login parameters exceeds the maximum")
        if not ids and not logins and token.user is None:
            raise Refused(400, "Must provide an ID, Login or OAuth Token")
        found = [self._world.users.get(user_id) for user_id in ids]
        found += [self._world.by_login(login) for login in logins]
        if not ids and not logins:
            found = [token.user]
        return _data([_user(user, self._world) for user in found if user])

    async def channels(self, call: Call) -> Answer:
        """Get what channels are about."""
        self._token(call)
        ids = call.query.get("broadcaster_id", [])
        if not ids:
            raise Refused(400, 'Missing required parameter "broadcaster_id"')
        found = [self._world.channels[key] for key in ids if key in self._world.channels]
        return _data([_channel(channel) for channel in found])

    async def streams(self, call: Call) -> Answer:
        """Get the live streams, of these users if any are named."""
        self._token(call)
        ids, logins = call.query.get("user_id", []), call.query.get("user_login", [])
        live = [channel for channel in self._world.channels.values() if channel.stream]
        if ids or logins:
            live = [one for one in live if one.owner.id in ids or one.owner.login in logins]
        return _data([channel.stream for channel in live], pagination={})

    async def authorizations(self, call: Call) -> Answer:
        """Get the scopes that users have granted; only for the application's own token."""
        if self._token(call).user is not None:
            raise Refused(401, "An app access token is required")
        ids = call.query.get("user_id", [])
        if not 1 <= len(ids) <= 10:
            raise Refused(400, 'The parameter "user_id" must be given one to ten times')
        granted = [self._world.users[key] for key in ids if key in self._world.grants]
        rows = [_named(user) | {"scopes": sorted(self._world.grants[user.id])} for user in granted]
        return _data(rows)

    async def subscribe(self, call: Call) -> Answer:
        """Create an EventSub subscription on an open socket."""
        made = self._sockets.subscribe(self._token(call), call.body)
        self._world.changed()
        totals = self._subscriptions.totals(made.user_id)
        return Answer(202, {"data": [made.body()], **totals}, _ratelimit())

    async def subscriptions(self, call: Call) -> Answer:
        """List subscriptions on sockets: those of a user's token, none for the application's."""
        token = self._token(call)
        filters = [
            key for key in ("status", "type", "user_id", "subscription_id") if key in call.query
        ]
        if len(filters) > 1:
            raise Refused(400, "The request may specify only one filter query parameter")
        mine = self._subscriptions.of(token.user.id) if token.user else []
        rows = [item.body() for item in mine if _passes(item.body(), call)]
        totals = self._subscriptions.totals(token.user.id if token.user else "")
        return _data(rows, **totals, pagination={})

    async def unsubscribe(self, call: Call) -> Answer:
        """Delete a subscription."""
        token = self._token(call)
        found = self._subscriptions.enabled.get(call.first("id"))
        if found is None or token.user is None or found.user_id != token.user.id:
            raise Refused(404, "subscription not found")
        del self._subscriptions.enabled[found.id]
        self._world.changed()
        return Answer(204, None, _ratelimit())

    async def send(self, call: Call) -> Answer:
        """Send a chat message; a line that is dropped still gets status 200."""
        body = call.body if isinstance(call.body, dict) else {}
        channel = self._channel(str(body.get("broadcaster_id", "")))
        sender = self._sender(call, channel, str(body.get("sender_id", "")), body)
        reply_to = body.get("reply_parent_message_id")
        line = await self._chat.send(channel, sender, str(body.get("message", "")), reply_to)
        row: dict[str, Any] = {"message_id": line.id, "is_sent": line.refused is None}
        if line.refused is not None:
            code, _, words = line.refused.partition(": ")
            row |= {"message_id": "", "drop_reason": {"code": code, "message": words}}
        return _data([row])

    async def announce(self, call: Call) -> Answer:
        """Send an announcement."""
        channel, user = self._moderator(call, "moderator:manage:announcements")
        body = call.body if isinstance(call.body, dict) else {}
        if not body.get("message"):
            raise Refused(400, 'Missing required parameter "message"')
        if body.get("color", "primary") not in COLORS:
            raise Refused(400, "The color is not valid")
        await self._chat.announce(channel, user, str(body["message"]))
        return Answer(204, None, _ratelimit())

    async def chatters(self, call: Call) -> Answer:
        """List who is in the room: whoever has spoken, in alphabetical order."""
        channel, _ = self._moderator(call, "moderator:read:chatters")
        present = {line.user_id for line in channel.lines.values()}
        users = sorted((self._world.users[key] for key in present), key=lambda user: user.login)
        return _data([_named(user) for user in users], pagination={}, total=len(users))

    async def settings(self, call: Call) -> Answer:
        """Get a room's chat settings; moderators see two more."""
        token = self._token(call)
        channel = self._channel(call.first("broadcaster_id"))
        moderator = call.first("moderator_id")
        if moderator:
            self._check_moderator(token, channel, moderator)
        return _data([_settings(channel, moderator)])

    async def change_settings(self, call: Call) -> Answer:
        """Change a room's chat settings."""
        channel, user = self._moderator(call, "moderator:manage:chat_settings")
        await self._chat.change_settings(channel, call.body)
        return _data([_settings(channel, user.id)])

    async def delete(self, call: Call) -> Answer:
        """Remove one line, or all of them without a message_id."""
        channel, _ = self._moderator(call, "moderator:manage:chat_messages")
        message_id = call.first("message_id")
        if not message_id:
            await self._chat.clear(channel)
        elif message_id in channel.lines:
            await self._chat.delete(channel, message_id)
        else:
            raise Refused(404, "The message was not found")
        return Answer(204, None, _ratelimit())

    async def moderators(self, call: Call) -> Answer:
        """List a channel's moderators; only with the broadcaster's token."""
        token = self._token(call, "moderation:read", "channel:manage:moderators")
        channel = self._channel(call.first("broadcaster_id"))
        if token.user != channel.owner:
            raise Refused(
                401, "The ID in broadcaster_id must match the user ID in the access token"
            )
        wanted = call.query.get("user_id", [])
        users = [
            self._world.users[key]
            for key in channel.badges
            if channel.moderated_by(key) and (not wanted or key in wanted)
        ]
        return _data([_named(user) for user in users], pagination={})

    async def schedule(self, call: Call) -> Answer:
        """Get a page of what comes in a channel's schedule."""
        self._token(call)
        channel = self._channel(call.first("broadcaster_id"))
        first = int(call.first("first") or 20)
        if not 1 <= first <= twitch_schedule.MOST_PAGE:
            raise Refused(400, "The value in first is not valid")
        rows, cursor = twitch_schedule.shown(channel, first, call.first("after"))
        pages = {"cursor": cursor} if cursor else {}
        return Answer(200, {"data": _schedule(channel, rows), "pagination": pages}, _ratelimit())

    async def add_segment(self, call: Call) -> Answer:
        """Add a date to the token's own channel."""
        channel = self._own_schedule(call)
        row = twitch_schedule.add(channel, call.body if isinstance(call.body, dict) else {})
        self._world.changed()
        return Answer(200, {"data": _schedule(channel, [row])}, _ratelimit())

    async def change_segment(self, call: Call) -> Answer:
        """Change a date of the token's own channel."""
        channel, body = self._own_schedule(call), call.body
        body = body if isinstance(body, dict) else {}
        row = twitch_schedule.change(channel, call.first("id"), body)
        self._world.changed()
        return Answer(200, {"data": _schedule(channel, [row])}, _ratelimit())

    async def remove_segment(self, call: Call) -> Answer:
        """Take a date away; one that is not there is no fault, as on the real one."""
        self._own_schedule(call).segments.pop(call.first("id"), None)
        self._world.changed()
        return Answer(204, None, _ratelimit())

    def _own_schedule(self, call: Call) -> Channel:
        token = self._token(call, "channel:manage:schedule")
        channel = self._channel(call.first("broadcaster_id"))
        if token.user != channel.owner:
            raise Refused(
                401, "The ID in broadcaster_id must match the user ID in the access token"
            )
        return channel

    def _token(self, call: Call, *scopes: str) -> Token:
        words = call.headers.get("Authorization", "").split()
        if not words:
            raise Refused(401, "OAuth token is missing")
        client_id = call.headers.get("Client-Id")
        if not client_id:
            raise Refused(401, "Client ID is missing")
        token = self._tokens.find(words[-1]) if words[0] == "Bearer" else None
        if token is None:
            raise Refused(401, "Invalid OAuth token")
        if client_id != self._tokens.client_id:
            raise Refused(401, "Client ID and OAuth token do not match")
        if not token.allows(*scopes):
            raise Refused(401, f"Missing scope: {' or '.join(scopes)}")
        return token

    def _channel(self, channel_id: str) -> Channel:
        channel = self._world.channels.get(channel_id)
        if channel is None:
            raise Refused(400, "The ID in broadcaster_id is not valid")
        return channel

    def _sender(self, call: Call, channel: Channel, sender_id: str, body: dict[str, Any]) -> User:
        token = self._token(call)
        sender = self._world.users.get(sender_id)
        if sender is None:
            raise Refused(400, "The ID in sender_id is not valid")
        if token.user is None:
            self._check_app_sender(channel, sender)
            return sender
        if "for_source_only" in body:
            raise Refused(400, "Cannot set for_source_only if User Access Token is used")
        self._token(call, "user:write:chat")
        if token.user != sender:
            raise Refused(401, "The ID in sender_id must match the user ID in the access token")
        return sender

    def _check_app_sender(self, channel: Channel, sender: User) -> None:
        granted = self._world.grants.get(sender.id, set())
        if not {"user:bot", "user:write:chat"} <= granted:
            raise Refused(401, "Missing scope: user:bot")
        invited = "channel:bot" in self._world.grants.get(channel.owner.id, set())
        if not invited and not channel.moderated_by(sender.id):
            raise Refused(
                403, "The sender is not permitted to send chat messages to this chat room"
            )

    def _moderator(self, call: Call, *scopes: str) -> tuple[Channel, User]:
        token = self._token(call, *scopes)
        channel = self._channel(call.first("broadcaster_id"))
        return channel, self._check_moderator(token, channel, call.first("moderator_id"))

    def _check_moderator(self, token: Token, channel: Channel, moderator_id: str) -> User:
        if token.user is None or token.user.id != moderator_id:
            raise Refused(401, "The ID in moderator_id must match the user ID in the access token")
        if not channel.moderated_by(moderator_id):
            raise Refused(403, "The user is not one of the broadcaster's moderators")
        return token.user


def _data(rows: list[Any], **more: Any) -> Answer:
    return Answer(200, {"data": rows, **more}, _ratelimit())


def _ratelimit() -> dict[str, str]:
    # Never used up: no library we know reads these, refusals are ordered through the faults.
    return {"Ratelimit-Limit": str(POINTS), "Ratelimit-Remaining": str(POINTS - 1)}


def _named(user: User) -> dict[str, str]:
    return {"user_id": user.id, "user_login": user.login, "user_name": user.name}


def _user(user: User, world: World) -> dict[str, Any]:
    return {
        "id": user.id,
        "login": user.login,
        "display_name": user.name,
        "type": "",
        "broadcaster_type": "affiliate" if _is_affiliate(user, world) else "",
        "description": "",
        "profile_image_url": "",
        "offline_image_url": "",
        "view_count": 0,
        "created_at": user.created_at,
    }


def _is_affiliate(user: User, world: World) -> bool:
    return user.id in world.channels and world.channels[user.id].affiliate


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "broadcaster_id": channel.owner.id,
        "broadcaster_login": channel.owner.login,
        "broadcaster_name": channel.owner.name,
        "broadcaster_language": "fr",
        "game_id": "509658",
        "game_name": "Just Chatting",
        "title": "",
        "delay": 0,
        "tags": [],
        "content_classification_labels": [],
        "is_branded_content": False,
    }


def _settings(channel: Channel, moderator_id: str) -> dict[str, Any]:
    shown = twitch_settings.shown(channel.settings, moderator=bool(moderator_id))
    who = {"moderator_id": moderator_id} if moderator_id else {}
    return {"broadcaster_id": channel.owner.id, **who, **shown}


def _schedule(channel: Channel, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "segments": rows,
        "broadcaster_id": channel.owner.id,
        "broadcaster_name": channel.owner.name,
        "broadcaster_login": channel.owner.login,
        "vacation": None,
    }


def _passes(row: dict[str, Any], call: Call) -> bool:
    for name, key in (("status", "status"), ("type", "type"), ("subscription_id", "id")):
        if name in call.query and row[key] != call.first(name):
            return False
    return "user_id" not in call.query or call.first("user_id") in row["condition"].values()


def live(channel: Channel, stream_id: str, at: float) -> dict[str, Any]:
    """Return a live stream as GET /streams shows it."""
    return {
        "id": stream_id,
        **_named(channel.owner),
        "game_id": "509658",
        "game_name": "Just Chatting",
        "type": "live",
        "title": "",
        "tags": [],
        "viewer_count": 12,
        "started_at": stamp(at),
        "language": "fr",
        "thumbnail_url": "",
        "tag_ids": [],
        "is_mature": False,
    }
