"""The rehearsal Discord's REST API, version 10: routes, authorisation, rate limits, and one short handler per endpoint.

What an endpoint does to the world is done elsewhere; here requests become calls and refusals become answers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson
from aiohttp import BodyPartReader, web

from bot.rehearsal import discord_payloads
from bot.rehearsal.discord_commands import Commands, without_localisations
from bot.rehearsal.discord_errors import Form, Refused, missing_permissions, unknown
from bot.rehearsal.discord_faults import DiscordFaults
from bot.rehearsal.discord_forms import Upload
from bot.rehearsal.discord_interactions import Interactions
from bot.rehearsal.discord_places import Places, kind_of_thread
from bot.rehearsal.discord_posts import Posts
from bot.rehearsal.discord_world import (
    DM_CHANNEL,
    FORUM,
    PRIVATE_THREAD,
    THREADS,
    Channel,
    Permission,
    Post,
    ScheduledEvent,
    World,
)
from bot.rehearsal.recorder import Recorder

log = logging.getLogger(__name__)

Raw = dict[str, Any]
Answer = tuple[int, Any]
NO_CONTENT: Answer = (204, None)
UNAUTHORIZED = Refused(401, 0, "401: Unauthorized")


@dataclass(slots=True)
class Call:
    """One request, read."""

    path: dict[str, str]
    query: dict[str, str]
    body: Any = None
    uploads: list[Upload] = field(default_factory=list)

    def id(self, name: str) -> int:
        """Return an id of the path, or refuse what is not a number."""
        try:
            return int(self.path[name])
        except ValueError:
            form = Form()
            text = f'Value "{self.path[name]}" is not snowflake.'
            form.wrong((name,), "NUMBER_TYPE_COERCE", text)
            raise form.refusal() from None

    def number(self, name: str, default: int) -> int:
        """Return a number of the query."""
        return int(self.query.get(name, default))


Handler = Callable[[Call], Awaitable[Answer]]


class Rest:
    """Serves the API below a prefix."""

    def __init__(
        self,
        world: World,
        *,
        token: str,
        places: Places,
        posts: Posts,
        interactions: Interactions,
        commands: Commands,
        faults: DiscordFaults,
        recorder: Recorder,
    ) -> None:
        self._world = world
        self._token = token
        self._places = places
        self._posts = posts
        self._interactions = interactions
        self._commands = commands
        self._faults = faults
        self._recorder = recorder
        self._prefix = ""

    def mount(self, app: web.Application, prefix: str) -> None:
        """Add the routes below `prefix`, such as /discord."""
        self._prefix = prefix
        for method, path, handler in self._routes():
            serve = self._served(handler, path)
            app.router.add_route(method, f"{prefix}/api/v10{path}", serve)
        missing = self._served(self._missing, "*")
        app.router.add_route("*", f"{prefix}/api/v10/{{tail:.*}}", missing)
        app.router.add_get(f"{prefix}/cdn/attachments/{{channel}}/{{file}}/{{name}}", self._file)

    def _routes(self) -> list[tuple[str, str, Handler]]:
        channel, message = "/channels/{channel}", "/channels/{channel}/messages/{message}"
        reactions = message + "/reactions"
        guild, application = "/guilds/{guild}", "/applications/{application}"
        member = guild + "/members/{user}"
        scoped = application + "/guilds/{guild}/commands"
        hook = "/webhooks/{webhook}/{token}"
        return [
            ("GET", "/gateway", self._gateway),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", "/users/@me", self._me),
            ("POST", "/users/@me/channels", self._open_dm),
            ("GET", "/users/{user}", self._user),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/applications/@me", self._application),
            *self._command_routes(application + "/commands"),
            *self._command_routes(scoped),
            ("GET", channel, self._channel),
            ("PATCH", channel, self._edit_channel),
            ("DELETE", channel, self._delete_channel),
            ("PUT", channel + "/permissions/{target}", self._set_overwrite),
            ("DELETE", channel + "/permissions/{target}", self._delete_overwrite),
            ("POST", channel + "/typing", self._typing),
            ("POST", channel + "/threads", self._start_thread),
            ("GET", channel + "/thread-members", self._thread_members),
            ("PUT", channel + "/thread-members/@me", self._join_thread),
            ("DELETE", channel + "/thread-members/@me", self._leave_thread),
            ("PUT", channel + "/thread-members/{user}", self._add_to_thread),
            ("DELETE", channel + "/thread-members/{user}", self._remove_from_thread),
            ("GET", channel + "/messages", self._messages),
            ("POST", channel + "/messages", self._write),
            ("POST", channel + "/messages/bulk-delete", self._bulk_delete),
            ("GET", channel + "/messages/pins", self._pins),
            ("GET", channel + "/pins", self._old_pins),
            ("PUT", channel + "/messages/pins/{message}", self._pin),
            ("DELETE", channel + "/messages/pins/{message}", self._unpin),
            ("PUT", channel + "/pins/{message}", self._pin),
            ("DELETE", channel + "/pins/{message}", self._unpin),
            ("GET", message, self._message),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
            ("POST", message + "/threads", self._start_thread),
            ("PUT", reactions + "/{emoji}/@me", self._react),
            ("DELETE", reactions + "/{emoji}/@me", self._unreact),
            ("DELETE", reactions + "/{emoji}/{user}", self._unreact),
            ("GET", reactions + "/{emoji}", self._reactors),
            ("DELETE", reactions, self._unreact_all),
            ("GET", guild, self._guild),
            ("GET", guild + "/channels", self._channels),
            ("POST", guild + "/channels", self._create_channel),
            ("GET", guild + "/roles", self._roles),
            ("POST", guild + "/roles", self._create_role),
            ("GET", guild + "/roles/{role}", self._role),
            ("PATCH", guild + "/roles/{role}", self._edit_role),
            ("DELETE", guild + "/roles/{role}", self._delete_role),
            ("GET", guild + "/threads/active", self._active_threads),
            ("GET", guild + "/scheduled-events", self._events),
            ("POST", guild + "/scheduled-events", self._create_event),
            ("GET", guild + "/scheduled-events/{event}", self._event),
            ("PATCH", guild + "/scheduled-events/{event}", self._edit_event),
            ("DELETE", guild + "/scheduled-events/{event}", self._delete_event),
            ("GET", guild + "/scheduled-events/{event}/users", self._event_users),
            ("GET", guild + "/members", self._members),
            ("GET", member, self._member),
            ("PATCH", member, self._edit_member),
            ("GET", guild + "/voice-states/{user}", self._voice_state),
            ("PUT", member + "/roles/{role}", self._give_role),
            ("DELETE", member + "/roles/{role}", self._take_role),
            ("POST", "/interactions/{interaction}/{token}/callback", self._callback),
            ("POST", hook, self._follow_up),
            ("GET", hook + "/messages/{message}", self._hook_message),
            ("PATCH", hook + "/messages/{message}", self._hook_edit),
            ("DELETE", hook + "/messages/{message}", self._hook_delete),
        ]

    def _command_routes(self, path: str) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", path, self._list_commands),
            ("PUT", path, self._replace_commands),
            ("POST", path, self._add_command),
            ("GET", path + "/{command}", self._command),
            ("PATCH", path + "/{command}", self._edit_command),
            ("DELETE", path + "/{command}", self._remove_command),
        ]

    # -- one request

    def _served(
        self, handler: Handler, route: str
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            return await self._serve(request, handler, route)

        return serve

    async def _serve(self, request: web.Request, handler: Handler, route: str) -> web.Response:
        self._world.origin = f"{request.scheme}://{request.host}{self._prefix}"
        path = request.path.removeprefix(f"{self._prefix}/api/v10")
        try:
            call = await _read(request)
        except ConnectionError as error:  # whoever sent it is gone in the middle
            raise web.HTTPBadRequest from error
        headers: dict[str, str] = {}
        try:
            status, payload = await self._judge(request, handler, route, path, call, headers)
        except Refused as refusal:
            status, payload = refusal.status, refusal.body()
        except Exception as error:
            log.exception("%s %s could not be served", request.method, route)
            status, payload = 400, {"message": f"rehearsal: {error!r}", "code": 0}
        if self._faults.delay:
            await asyncio.sleep(self._faults.delay)
        self._record(request, path, call, status, payload)
        # The client compares Content-Type with "application/json" exactly: no charset.
        body = b"" if status == 204 else orjson.dumps(payload)
        if status != 204:
            headers["Content-Type"] = "application/json"
        return web.Response(status=status, body=body, headers=headers)

    async def _judge(
        self,
        request: web.Request,
        handler: Handler,
        route: str,
        path: str,
        call: Call,
        headers: dict[str, str],
    ) -> Answer:
        if self._faults.refuses_rest:
            return 503, {"message": "503: Service Unavailable", "code": 0}
        if failure := self._faults.next_failure(request.method, path):
            headers |= {"Via": "1.1 rehearsal"} if failure.status == 429 else {}
            return failure.status, failure.body()
        if _guarded(route) and request.headers.get("Authorization") != f"Bot {self._token}":
            raise UNAUTHORIZED
        limits, wait = self._faults.count(request.method, path, route, _major(call))
        headers |= limits
        if wait:
            headers |= {"Via": "1.1 rehearsal", "Retry-After": f"{wait:.3f}"}
            text = "You are being rate limited."
            return 429, {"message": text, "retry_after": wait, "global": False, "code": 0}
        return await handler(call)

    def _record(
        self, request: web.Request, path: str, call: Call, status: int, payload: Any
    ) -> None:
        if self._recorder.wanted:
            query = {key: request.query.getall(key) for key in request.query}
            shown = None if status == 204 else payload
            self._recorder.http("discord", request.method, path, query, call.body, status, shown)

    async def _missing(self, _call: Call) -> Answer:
        raise Refused(404, 0, "404: Not Found")

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._world.files.get(int(request.match_info["file"]))
        if stored is None:
            return web.Response(status=404)
        return web.Response(body=stored[2], content_type=stored[1])

    # -- the bot and its commands

    async def _gateway(self, _call: Call) -> Answer:
        return 200, {"url": self._gateway_address()}

    async def _gateway_bot(self, _call: Call) -> Answer:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return 200, {"url": self._gateway_address(), "shards": 1, "session_start_limit": limit}

    def _gateway_address(self) -> str:
        return f"ws{self._world.origin.removeprefix('http')}/gateway"

    async def _me(self, _call: Call) -> Answer:
        return 200, discord_payloads.own_user(self._world.bot)

    async def _user(self, call: Call) -> Answer:
        return 200, discord_payloads.user(self._world.user(call.id("user")))

    async def _application(self, _call: Call) -> Answer:
        return 200, discord_payloads.application(self._world)

    def _scope(self, call: Call) -> int | None:
        if call.id("application") != self._world.application_id:
            raise Refused(403, 20012, "You are not authorized to perform this action")
        return self._world.guild(call.id("guild")).id if "guild" in call.path else None

    async def _list_commands(self, call: Call) -> Answer:
        commands = self._commands.of(self._scope(call))
        if call.query.get("with_localizations", "").lower() not in ("1", "true"):
            commands = [without_localisations(command) for command in commands]
        return 200, commands

    async def _replace_commands(self, call: Call) -> Answer:
        return 200, self._commands.replace(self._scope(call), call.body)

    async def _add_command(self, call: Call) -> Answer:
        return 201, self._commands.add(self._scope(call), call.body)

    async def _command(self, call: Call) -> Answer:
        return 200, self._commands.one(self._scope(call), call.id("command"))

    async def _edit_command(self, call: Call) -> Answer:
        scope = self._scope(call)
        old = self._commands.one(scope, call.id("command"))
        return 200, self._commands.add(scope, old | call.body)

    async def _remove_command(self, call: Call) -> Answer:
        self._commands.remove(self._scope(call), call.id("command"))
        return NO_CONTENT

    # -- channels

    def _seen(self, call: Call, *needed: Permission) -> Channel:
        channel = self._world.channel(call.id("channel"))
        self._posts.require(channel, self._world.bot.id, *needed)
        return channel

    async def _channel(self, call: Call) -> Answer:
        return 200, discord_payloads.channel(self._world, self._seen(call))

    async def _edit_channel(self, call: Call) -> Answer:
        channel = self._seen(call)
        if channel.type in THREADS:
            self._require_thread(channel, call.body)
        else:
            self._posts.require(channel, self._world.bot.id, Permission.MANAGE_CHANNELS)
        return 200, self._places.edit_channel(channel, call.body)

    def _require_thread(self, thread: Channel, body: Raw) -> None:
        """Refuse a change of a thread: who made it may rename it, anybody in it open it unless it is locked."""
        bot = self._world.bot.id
        opening = set(body) == {"archived"} and not body["archived"]
        if not thread.locked and opening:
            self._posts.require(thread, bot, Permission.SEND_MESSAGES)
        elif thread.owner_id != bot or thread.locked or "locked" in body:
            self._posts.require(thread, bot, Permission.MANAGE_THREADS)

    async def _delete_channel(self, call: Call) -> Answer:
        channel = self._seen(call)
        threads, channels = Permission.MANAGE_THREADS, Permission.MANAGE_CHANNELS
        needed = threads if channel.type in THREADS else channels
        self._posts.require(channel, self._world.bot.id, needed)
        return 200, self._places.delete_channel(channel)

    async def _set_overwrite(self, call: Call) -> Answer:
        channel = self._seen(call, Permission.MANAGE_ROLES)
        body = call.body
        self._places.set_overwrite(
            channel,
            call.id("target"),
            body["type"],
            allow=int(body.get("allow") or 0),
            deny=int(body.get("deny") or 0),
        )
        return NO_CONTENT

    async def _delete_overwrite(self, call: Call) -> Answer:
        channel = self._seen(call, Permission.MANAGE_ROLES)
        self._places.delete_overwrite(channel, call.id("target"))
        return NO_CONTENT

    async def _typing(self, call: Call) -> Answer:
        self._posts.typing(self._seen(call, Permission.SEND_MESSAGES), self._world.bot.id)
        return NO_CONTENT

    async def _start_thread(self, call: Call) -> Answer:
        channel, bot = self._seen(call), self._world.bot.id
        post = self._public(call) if "message" in call.path else None
        if channel.type == FORUM:
            return 201, self._post_in_forum(channel, call)
        private = kind_of_thread(channel, call.body, post) == PRIVATE_THREAD
        public, hidden = Permission.CREATE_PUBLIC_THREADS, Permission.CREATE_PRIVATE_THREADS
        self._posts.require(channel, bot, hidden if private else public)
        return 201, self._places.start_thread(channel, bot, call.body, post)

    def _post_in_forum(self, forum: Channel, call: Call) -> Raw:
        """Make a post of a forum: a thread whose first message bears its id."""
        bot = self._world.bot.id
        self._posts.require(forum, bot, Permission.SEND_MESSAGES)
        if not isinstance(call.body.get("message"), dict):
            form = Form()
            form.required(("message",))
            raise form.refusal()
        started = self._places.start_thread(forum, bot, call.body, None)
        thread, more = self._world.channel(int(started["id"])), {"id": started["id"]}
        first = self._posts.write(thread, bot, call.body["message"], call.uploads, more=more)
        return started | {"message": discord_payloads.message(self._world, first)}

    def _thread(self, call: Call, *needed: Permission) -> Channel:
        thread = self._seen(call, *needed)
        if thread.type not in THREADS:
            raise Refused(400, 50024, "Cannot execute action on this channel type")
        return thread

    async def _thread_members(self, call: Call) -> Answer:
        thread = self._thread(call)
        members = sorted(thread.thread_members)
        return 200, [discord_payloads.thread_member(thread, each) for each in members]

    async def _join_thread(self, call: Call) -> Answer:
        self._places.join_thread(self._thread(call), self._world.bot.id)
        return NO_CONTENT

    async def _leave_thread(self, call: Call) -> Answer:
        self._places.leave_thread(self._thread(call), self._world.bot.id)
        return NO_CONTENT

    async def _add_to_thread(self, call: Call) -> Answer:
        thread = self._thread(call, Permission.SEND_MESSAGES)
        self._places.join_thread(thread, self._world.user(call.id("user")).id)
        return NO_CONTENT

    async def _remove_from_thread(self, call: Call) -> Answer:
        thread = self._thread(call)
        if thread.type != PRIVATE_THREAD or thread.owner_id != self._world.bot.id:
            self._posts.require(thread, self._world.bot.id, Permission.MANAGE_THREADS)
        self._places.leave_thread(thread, call.id("user"))
        return NO_CONTENT

    async def _open_dm(self, call: Call) -> Answer:
        recipient = self._world.user(int(call.body["recipient_id"]))
        channel = self._places.private_channel(recipient.id)
        return 200, discord_payloads.channel(self._world, channel)

    # -- messages

    def _public(self, call: Call, *needed: Permission) -> Post:
        channel = self._seen(call, *needed)
        post = self._world.post(call.id("message"), channel.id)
        if post.ephemeral_to is not None:
            raise unknown("Message")
        return post

    def _shown(self, post: Post) -> Answer:
        return 200, discord_payloads.message(self._world, post)

    async def _messages(self, call: Call) -> Answer:
        channel = self._seen(call, Permission.READ_HISTORY)
        ids = _page(channel.posts, call)
        posts = [self._world.posts[each] for each in reversed(ids)]
        return 200, [discord_payloads.message(self._world, post) for post in posts]

    async def _message(self, call: Call) -> Answer:
        return self._shown(self._public(call, Permission.READ_HISTORY))

    async def _write(self, call: Call) -> Answer:
        channel = self._seen(call, Permission.SEND_MESSAGES)
        if call.body.get("embeds"):
            self._posts.require(channel, self._world.bot.id, Permission.EMBED_LINKS)
        if call.uploads:
            self._posts.require(channel, self._world.bot.id, Permission.ATTACH_FILES)
        if channel.type == DM_CHANNEL and channel.recipient_id in self._world.closed_to_dms:
            raise Refused(403, 50007, "Cannot send messages to this user")
        return self._shown(self._posts.write(channel, self._world.bot.id, call.body, call.uploads))

    async def _edit(self, call: Call) -> Answer:
        post = self._public(call)
        if post.author_id != self._world.bot.id:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        return self._shown(self._posts.edit(post, call.body, call.uploads))

    async def _delete(self, call: Call) -> Answer:
        post = self._public(call)
        if post.author_id != self._world.bot.id:
            if self._world.channels[post.channel_id].type == DM_CHANNEL:
                raise Refused(403, 50003, "Cannot execute action on a DM channel")
            self._seen(call, Permission.MANAGE_MESSAGES)
        self._posts.delete(post)
        return NO_CONTENT

    async def _bulk_delete(self, call: Call) -> Answer:
        channel = self._seen(call, Permission.MANAGE_MESSAGES)
        self._posts.delete_many(channel, [int(each) for each in call.body["messages"]])
        return NO_CONTENT

    def _pinned(self, call: Call) -> list[Post]:
        posts = (self._world.posts[each] for each in self._seen(call).posts)
        pinned = [post for post in posts if post.pinned_at is not None]
        return sorted(pinned, key=lambda post: post.pinned_at or "", reverse=True)

    async def _pins(self, call: Call) -> Answer:
        items = [
            {"pinned_at": post.pinned_at, "message": discord_payloads.message(self._world, post)}
            for post in self._pinned(call)
        ]
        return 200, {"items": items, "has_more": False}

    async def _old_pins(self, call: Call) -> Answer:
        return 200, [discord_payloads.message(self._world, post) for post in self._pinned(call)]

    def _pinning(self, call: Call) -> Post:
        post = self._public(call)
        channel = self._world.channels[post.channel_id]
        # Pinning has its own permission; MANAGE_MESSAGES no longer implies it.
        if channel.guild_id and not self._world.may(
            channel, self._world.bot.id, Permission.PIN_MESSAGES
        ):
            raise missing_permissions()
        return post

    async def _pin(self, call: Call) -> Answer:
        self._posts.pin(self._pinning(call), by=self._world.bot.id)
        return NO_CONTENT

    async def _unpin(self, call: Call) -> Answer:
        self._posts.unpin(self._pinning(call))
        return NO_CONTENT

    async def _react(self, call: Call) -> Answer:
        post = self._public(call, Permission.READ_HISTORY, Permission.ADD_REACTIONS)
        self._posts.react(post, self._world.bot.id, _emoji(call))
        return NO_CONTENT

    async def _unreact(self, call: Call) -> Answer:
        user_id = call.id("user") if "user" in call.path else self._world.bot.id
        needed = () if user_id == self._world.bot.id else (Permission.MANAGE_MESSAGES,)
        self._posts.unreact(self._public(call, *needed), user_id, _emoji(call))
        return NO_CONTENT

    async def _unreact_all(self, call: Call) -> Answer:
        self._posts.unreact_all(self._public(call, Permission.MANAGE_MESSAGES))
        return NO_CONTENT

    async def _reactors(self, call: Call) -> Answer:
        users = self._public(call).reactions.get(_emoji(call), [])
        return 200, [discord_payloads.user(self._world.users[each]) for each in users]

    # -- guilds

    async def _guild(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        counts = {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
        wanted = call.query.get("with_counts", "").lower() in ("1", "true")
        return 200, discord_payloads.guild(guild) | (counts if wanted else {})

    async def _channels(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        channels = self._world.guild_channels(guild.id)
        return 200, [discord_payloads.channel(self._world, channel) for channel in channels]

    def _managed(self, call: Call, permission: Permission) -> int:
        guild = self._world.guild(call.id("guild"))
        if not self._world.base_permissions(guild, self._world.bot.id) & permission:
            raise missing_permissions()
        return guild.id

    async def _create_channel(self, call: Call) -> Answer:
        guild_id = self._managed(call, Permission.MANAGE_CHANNELS)
        return 201, self._places.create_channel(guild_id, call.body)

    async def _roles(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        return 200, [discord_payloads.role(role) for role in guild.roles.values()]

    async def _role(self, call: Call) -> Answer:
        role = self._world.role(call.id("guild"), call.id("role"))
        return 200, discord_payloads.role(role)

    async def _create_role(self, call: Call) -> Answer:
        guild_id = self._managed(call, Permission.MANAGE_ROLES)
        return 200, self._places.create_role(guild_id, call.body)

    async def _edit_role(self, call: Call) -> Answer:
        guild_id, role_id = self._lower_role(call)
        return 200, self._places.edit_role(guild_id, role_id, call.body)

    async def _delete_role(self, call: Call) -> Answer:
        self._places.delete_role(*self._lower_role(call))
        return NO_CONTENT

    async def _active_threads(self, call: Call) -> Answer:
        every = self._world.threads(self._world.guild(call.id("guild")).id)
        threads = [t for t in every if self._world.permissions(t, self._world.bot.id)]
        shown = [discord_payloads.channel(self._world, thread) for thread in threads]
        bot_id = self._world.bot.id
        joined = [thread for thread in threads if bot_id in thread.thread_members]
        members = [discord_payloads.thread_member(thread, bot_id) for thread in joined]
        return 200, {"threads": shown, "members": members, "has_more": False}

    async def _members(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        after, limit = call.number("after", 0), call.number("limit", 1)
        members = [m for key, m in sorted(guild.members.items()) if key > after][:limit]
        return 200, [discord_payloads.member(member) for member in members]

    async def _member(self, call: Call) -> Answer:
        return 200, discord_payloads.member(self._world.member(call.id("guild"), call.id("user")))

    async def _voice_state(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        me = call.path["user"] == "@me"
        user_id = self._world.bot.id if me else call.id("user")
        if user_id not in guild.voices:
            raise unknown("Voice State")
        return 200, discord_payloads.voice_state(guild, user_id)

    async def _edit_member(self, call: Call) -> Answer:
        me = call.path["user"] == "@me"
        user_id = self._world.bot.id if me else call.id("user")
        if not me:
            self._managed(call, _needed_to_edit(call.body))
        return 200, self._places.edit_member(call.id("guild"), user_id, call.body)

    def _lower_role(self, call: Call) -> tuple[int, int]:
        """Return guild and role, or refuse a role that is not below the bot's highest."""
        guild_id = self._managed(call, Permission.MANAGE_ROLES)
        role = self._world.role(guild_id, call.id("role"))
        if role.position >= self._world.rank(self._world.guilds[guild_id], self._world.bot.id):
            raise missing_permissions()
        return guild_id, role.id

    async def _give_role(self, call: Call) -> Answer:
        guild_id, role_id = self._lower_role(call)
        self._places.give_role(guild_id, call.id("user"), role_id)
        return NO_CONTENT

    async def _take_role(self, call: Call) -> Answer:
        guild_id, role_id = self._lower_role(call)
        self._places.take_role(guild_id, call.id("user"), role_id)
        return NO_CONTENT

    async def _events(self, call: Call) -> Answer:
        guild = self._world.guild(call.id("guild"))
        return 200, [discord_payloads.scheduled_event(event) for event in guild.events.values()]

    async def _event(self, call: Call) -> Answer:
        event = self._world.event(call.id("guild"), call.id("event"))
        return 200, discord_payloads.scheduled_event(event)

    async def _create_event(self, call: Call) -> Answer:
        guild_id = self._managed(call, Permission.CREATE_EVENTS)
        return 200, self._places.create_event(guild_id, call.body)

    async def _edit_event(self, call: Call) -> Answer:
        return 200, self._places.edit_event(self._own_event(call), call.body)

    async def _delete_event(self, call: Call) -> Answer:
        self._places.delete_event(self._own_event(call))
        return NO_CONTENT

    def _own_event(self, call: Call) -> ScheduledEvent:
        """Return an event that the bot may change: with CREATE_EVENTS its own, with MANAGE_EVENTS any."""
        event = self._world.event(call.id("guild"), call.id("event"))
        own = event.payload["creator_id"] == str(self._world.bot.id)
        needed = Permission.MANAGE_EVENTS | (Permission.CREATE_EVENTS if own else Permission(0))
        self._managed(call, needed)
        return event

    async def _event_users(self, call: Call) -> Answer:
        event = self._world.event(call.id("guild"), call.id("event"))
        users = [discord_payloads.user(self._world.users[each]) for each in sorted(event.users)]
        return 200, [
            {"guild_scheduled_event_id": str(event.id), "user_id": user["id"], "user": user}
            for user in users
        ]

    # -- interactions

    async def _callback(self, call: Call) -> Answer:
        answer = self._interactions.callback(
            call.id("interaction"), call.path["token"], call.body, call.uploads
        )
        wanted = call.query.get("with_response", "").lower() in ("1", "true")
        return (200, answer) if wanted else NO_CONTENT

    def _hook(self, call: Call) -> str:
        if call.id("webhook") != self._world.application_id:
            raise unknown("Webhook")
        return call.path["token"]

    def _hook_target(self, call: Call) -> int | None:
        return None if call.path["message"] == "@original" else call.id("message")

    async def _follow_up(self, call: Call) -> Answer:
        return self._shown(self._interactions.follow_up(self._hook(call), call.body, call.uploads))

    async def _hook_message(self, call: Call) -> Answer:
        return self._shown(self._interactions.post(self._hook(call), self._hook_target(call)))

    async def _hook_edit(self, call: Call) -> Answer:
        token, target = self._hook(call), self._hook_target(call)
        return self._shown(self._interactions.edit(token, target, call.body, call.uploads))

    async def _hook_delete(self, call: Call) -> Answer:
        self._interactions.delete(self._hook(call), self._hook_target(call))
        return NO_CONTENT


async def _read(request: web.Request) -> Call:
    call = Call(dict(request.match_info), dict(request.query))
    if request.content_type.startswith("multipart/"):
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader):
                continue
            content = bytes(await part.read())
            if part.name == "payload_json":
                call.body = orjson.loads(content)
            else:
                kind = part.headers.get("Content-Type", "application/octet-stream")
                upload = Upload(part.name or "", part.filename or "file", kind, content)
                call.uploads.append(upload)
    elif request.can_read_body:
        raw = await request.read()
        call.body = orjson.loads(raw) if raw else None
    if call.body is None and request.method in ("POST", "PATCH", "PUT"):
        call.body = {}
    return call


def _guarded(route: str) -> bool:
    """Tell whether a route wants the bot's token; those of interactions carry their own."""
    return not route.startswith(("/interactions", "/webhooks")) and route != "/gateway"


def _major(call: Call) -> str:
    return "/".join(call.path.get(key, "") for key in ("channel", "guild", "webhook", "token"))


def _emoji(call: Call) -> str:
    return unquote(call.path["emoji"])


def _page(ids: list[int], call: Call) -> list[int]:
    limit = call.number("limit", 50)
    if "before" in call.query:
        return [each for each in ids if each < call.number("before", 0)][-limit:]
    if "after" in call.query:
        return [each for each in ids if each > call.number("after", 0)][:limit]
    if "around" in call.query:
        centre = call.number("around", 0)
        near = sorted(ids, key=lambda each: abs(each - centre))[:limit]
        return sorted(near)
    return ids[-limit:]


def _needed_to_edit(body: Raw) -> Permission:
    if "communication_disabled_until" in body:
        return Permission.MODERATE_MEMBERS
    return Permission.MANAGE_ROLES if "roles" in body else Permission.MANAGE_NICKNAMES
