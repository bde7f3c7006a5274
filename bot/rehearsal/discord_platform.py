"""A Discord on loopback, as one object: mount it on a web application, then play the people who use it.

The unmodified discord.py connects to it (`bot.endpoints.pointed`). What the parts do is in the `discord_*` siblings;
here are the doors: the set-up, the people's side, and what they see.
"""

from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from bot.rehearsal import (
    discord_commands,
    discord_components,
    discord_forms,
    discord_gateway,
    discord_payloads,
)
from bot.rehearsal.discord_commands import Commands, Found
from bot.rehearsal.discord_components import BUTTON, LINK, SELECTS, STRING_SELECT
from bot.rehearsal.discord_faults import DiscordFaults
from bot.rehearsal.discord_forms import Upload
from bot.rehearsal.discord_gateway import Gateway
from bot.rehearsal.discord_interactions import (
    ON_COMMAND,
    ON_COMPONENT,
    ON_MODAL,
    ON_TYPING,
    Interaction,
    Interactions,
)
from bot.rehearsal.discord_places import Places
from bot.rehearsal.discord_posts import Posts, reference_to
from bot.rehearsal.discord_rest import Rest
from bot.rehearsal.discord_view import View, public_messages
from bot.rehearsal.discord_world import (
    FORUM,
    PUBLIC_THREAD,
    STAGE_CHANNEL,
    THREADS,
    VOICE_CHANNEL,
    Channel,
    Guild,
    Permission,
    Post,
    Role,
    User,
    World,
)
from bot.rehearsal.recorder import Recorder

Raw = dict[str, Any]
TOKEN = "rehearsal-discord-token"  # noqa: S105 - opens nothing but this platform


class DiscordPlatform:
    """A Discord with its guilds, channels and people; all methods are called in the loop that serves it."""

    def __init__(self, recorder: Recorder | None = None) -> None:
        recorder = recorder or Recorder()
        self.bot_token = TOKEN
        self.world = World()
        self._gateway = Gateway(self.world, TOKEN, recorder)
        self._posts = Posts(self.world, self._gateway)
        self._places = Places(self.world, self._gateway)
        self._commands = Commands(self.world)
        self._interactions = Interactions(self.world, self._gateway, self._posts)
        self._view = View(self.world, self._gateway, self._commands, self._interactions)
        self.faults = DiscordFaults(self._gateway)
        self._rest = Rest(
            self.world,
            token=TOKEN,
            places=self._places,
            posts=self._posts,
            interactions=self._interactions,
            commands=self._commands,
            faults=self.faults,
            recorder=recorder,
        )

    def mount(self, app: web.Application, prefix: str = "/discord") -> None:
        """Add the REST API, the gateway and the CDN to a web application below `prefix`.

        The application's shutdown closes the platform.
        """
        app.on_shutdown.append(self._shut_down)
        self._rest.mount(app, prefix)
        app.router.add_get(f"{prefix}/gateway", self._gateway.serve)
        app.router.add_get(f"{prefix}/gateway/", self._gateway.serve)

    async def close(self) -> None:
        """Close the gateway's sockets and accept no more."""
        self.faults.refuse_connections()
        await self._gateway.close_sockets(1001)

    async def _shut_down(self, _app: web.Application) -> None:
        await self.close()

    # -- what there is

    @property
    def application_id(self) -> int:
        """The application's id; the bot's user has the same."""
        return self.world.application_id

    @property
    def bot_user(self) -> User:
        """The bot's account."""
        return self.world.bot

    @property
    def owner(self) -> User:
        """The account that owns every guild."""
        return self.world.owner

    @property
    def commands(self) -> list[Raw]:
        """The registered application commands, as the API shows them."""
        return self._commands.all()

    @property
    def sockets(self) -> int:
        """How many gateway connections are open."""
        return self._gateway.sockets

    @property
    def interaction_deadline(self) -> float:
        """Seconds within which the bot must acknowledge an interaction; Discord's is 3."""
        return self._interactions.deadline

    @interaction_deadline.setter
    def interaction_deadline(self, seconds: float) -> None:
        self._interactions.deadline = seconds

    @property
    def token_life(self) -> float:
        """Seconds during which an interaction's token is good; Discord's is 900."""
        return self._interactions.token_life

    @token_life.setter
    def token_life(self, seconds: float) -> None:
        self._interactions.token_life = seconds

    @property
    def heartbeat_seconds(self) -> float:
        """The heartbeat interval that the gateway asks new connections to keep; Discord's is 41.25."""
        return self._gateway.heartbeat_seconds

    @heartbeat_seconds.setter
    def heartbeat_seconds(self, seconds: float) -> None:
        self._gateway.heartbeat_seconds = seconds

    # -- setting the scene

    def add_guild(self, name: str, *, preferred_locale: str = "fr") -> Guild:
        """Add a guild that the bot is in, owned by `owner`."""
        return self._places.add_guild(name, preferred_locale)

    def add_channel(self, guild_id: int, name: str) -> Channel:
        """Add a text channel."""
        return self._places.add_channel(guild_id, name)

    def add_forum(self, guild_id: int, name: str, *tags: str) -> Channel:
        """Add a forum with these tags."""
        forum = self._places.add_channel(guild_id, name, FORUM)
        forum.tags = [
            {
                "id": str(self.world.new_id()),
                "name": tag,
                "moderated": False,
                "emoji_id": None,
                "emoji_name": None,
            }
            for tag in tags
        ]
        self._places.edit_channel(forum, {})
        return forum

    def start_thread(self, user_id: int, channel_id: int, name: str) -> Channel:
        """Start a public thread in a channel, or a post in a forum, as a user."""
        parent = self.world.channel(channel_id)
        body = {"name": name, "type": PUBLIC_THREAD}
        started = self._places.start_thread(parent, user_id, body, None)
        return self.world.channel(int(started["id"]))

    def edit_thread(self, thread_id: int, *, archived: bool = False, locked: bool = False) -> None:
        """Put a thread away, lock it or neither, as a moderator would."""
        body = {"archived": archived, "locked": locked}
        self._places.edit_channel(self.world.channel(thread_id), body)

    def leave_thread(self, user_id: int, thread_id: int) -> None:
        """Leave a thread as one of its members."""
        self._places.leave_thread(self.world.channel(thread_id), user_id)

    def threads(self, channel_id: int) -> list[Channel]:
        """Return the threads of a channel, those put away included, the oldest first."""
        every = self.world.channels.values()
        return [c for c in every if c.parent_id == channel_id and c.type in THREADS]

    def sees(self, channel_id: int, user_id: int) -> bool:
        """Return whether a user sees a channel or thread that there is."""
        channel = self.world.channels.get(channel_id)
        return channel is not None and self.world.may(channel, user_id, Permission.VIEW_CHANNEL)

    def places(self, channel_id: int, user_id: int) -> list[Raw]:
        """Return the channels and threads that a user sees where this channel is, each thread after its channel."""
        guild_id = self.world.channel(channel_id).guild_id
        return [] if guild_id is None else self._view.places(guild_id, user_id)

    def add_voice_channel(self, guild_id: int, name: str) -> Channel:
        """Add a voice channel."""
        return self._places.add_channel(guild_id, name, VOICE_CHANNEL)

    def add_stage_channel(self, guild_id: int, name: str) -> Channel:
        """Add a stage channel."""
        return self._places.add_channel(guild_id, name, STAGE_CHANNEL)

    def add_user(self, name: str, *, global_name: str | None = None, locale: str = "fr") -> User:
        """Add an account; `join` makes it a member of a guild."""
        return self.world.new_user(name, global_name=global_name, locale=locale)

    def add_role(self, guild_id: int, name: str, permissions: int = 0) -> Role:
        """Add a role with these permission bits."""
        body = {"name": name, "permissions": str(int(permissions))}
        return self.world.role(guild_id, int(self._places.create_role(guild_id, body)["id"]))

    def set_permissions(self, guild_id: int, role_id: int, permissions: int) -> None:
        """Change a role's permission bits; the bot's role is `Guild.bot_role_id`, @everyone's is the guild's id."""
        body = {"permissions": str(int(permissions))}
        self._places.edit_role(guild_id, role_id, body)

    def guild_of(self, channel_id: int) -> int:
        """Return the server of a channel, 0 for a private one."""
        return self.world.channel(channel_id).guild_id or 0

    def events(self, guild_id: int) -> list[dict[str, Any]]:
        """Return a server's scheduled events, as the REST interface shows them, soonest first."""
        rows = [
            discord_payloads.scheduled_event(e) for e in self.world.guild(guild_id).events.values()
        ]
        return sorted(rows, key=lambda row: (row["scheduled_start_time"], int(row["id"])))

    def add_event(self, guild_id: int, user_id: int, **body: Any) -> dict[str, Any]:
        """Let a member make a scheduled event by hand."""
        return self._places.create_event(guild_id, body, self.world.user(user_id))

    def change_event(self, guild_id: int, event_id: int, **body: Any) -> None:
        """Let a member change, start, end or call off a scheduled event by hand."""
        self._places.edit_event(self.world.event(guild_id, event_id), body)

    def remove_event(self, guild_id: int, event_id: int) -> None:
        """Let a member delete a scheduled event by hand."""
        self._places.delete_event(self.world.event(guild_id, event_id))

    def set_overwrite(
        self, channel_id: int, target: int, kind: int, *, allow: int = 0, deny: int = 0
    ) -> None:
        """Set a channel's exception for a role (`kind` 0) or a member (`kind` 1)."""
        channel = self.world.channel(channel_id)
        self._places.set_overwrite(channel, target, kind, allow=allow, deny=deny)

    def join(self, guild_id: int, user_id: int, *, roles: Sequence[int] = ()) -> None:
        """Make a user a member with these roles; a member's roles are replaced."""
        self._places.join(guild_id, user_id, roles)

    def leave(self, guild_id: int, user_id: int) -> None:
        """Take a user out of a guild."""
        self._places.leave(guild_id, user_id)

    def set_nick(self, guild_id: int, user_id: int, nick: str | None) -> None:
        """Change a member's name in a guild."""
        self._places.edit_member(guild_id, user_id, {"nick": nick})

    def set_slowmode(self, channel_id: int, seconds: int) -> None:
        """Let people wait between two messages in a channel, as a moderator would; 0 ends it."""
        self._places.edit_channel(self.world.channel(channel_id), {"rate_limit_per_user": seconds})

    def delete_channel(self, channel_id: int) -> None:
        """Remove a channel, as a moderator would."""
        self._places.delete_channel(self.world.channel(channel_id))

    def private_channel(self, user_id: int) -> Channel:
        """Return the private channel between a user and the bot."""
        return self._places.private_channel(user_id)

    def close_to_dms(self, user_id: int) -> None:
        """From now on the user accepts no private message (the bot gets 50007)."""
        self.world.closed_to_dms.add(user_id)

    def on_change(self, listener: Callable[[], None]) -> None:
        """Call `listener` after anything visible has changed."""
        self.world.on_change(listener)

    # -- what people do

    async def say(
        self,
        user_id: int,
        channel_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        file: Upload | None = None,
    ) -> int:
        """Write a message as a user, with a file that was `discord_forms.picked`; return its id.

        Raises `Refused` when Discord would.
        """
        channel = self.world.channel(channel_id)
        body: Raw = {"content": text}
        if reply_to is not None:
            body["message_reference"] = reference_to(channel, reply_to)
        return self._posts.say(channel, user_id, body, [file] if file else []).id

    async def edit(self, user_id: int, message_id: int, text: str) -> None:
        """Change one's own message; PermissionError for another's."""
        post = self.world.post(message_id)
        if post.author_id != user_id:
            raise PermissionError("only its author edits a message")
        self._posts.edit(post, {"content": text})

    async def delete(self, message_id: int) -> None:
        """Delete any message, as its author or a moderator would."""
        self._posts.delete(self.world.post(message_id))

    async def speak_in(self, user_id: int, channel_id: int) -> None:
        """Go into a voice or stage channel, out of any other.

        Raises `Refused` when Discord would, ValueError when one cannot speak there.
        """
        guild_id = self.world.channel(channel_id).guild_id or 0
        self._places.move_voice(guild_id, user_id, channel_id)

    async def hang_up(self, user_id: int) -> None:
        """Leave the voice or stage channel that one is in, if any."""
        for guild in self.world.guilds.values():
            if user_id in guild.voices:
                self._places.move_voice(guild.id, user_id, None)

    async def react(self, user_id: int, message_id: int, emoji: str) -> None:
        """Add a reaction."""
        self._posts.react(self.world.post(message_id), user_id, emoji)

    async def unreact(self, user_id: int, message_id: int, emoji: str) -> None:
        """Take a reaction away."""
        self._posts.unreact(self.world.post(message_id), user_id, emoji)

    async def type(self, user_id: int, channel_id: int) -> None:
        """Be seen typing."""
        self._posts.typing(self.world.channel(channel_id), user_id)

    async def slash(
        self, user_id: int, channel_id: int, command: str, /, **options: Any
    ) -> Interaction:
        """Run a slash command by its base name ("quiz start"); a file is given as `discord_forms.picked` returns it.

        Raises LookupError when it is not registered here, PermissionError when this user may not see it,
        ValueError when an option is missing, unknown or out of bounds.
        """
        found = self._found(user_id, channel_id, command)
        channel = self.world.channel(channel_id)
        given = {name: self._handed_over(channel, value) for name, value in options.items()}
        filled = discord_commands.filled(found, given)
        data = self._command_data(found, channel, filled)
        return self._interactions.send(ON_COMMAND, user_id, channel, data, command=found.name)

    def _handed_over(self, channel: Channel, value: Any) -> Any:
        """Return what stands in an option: of a file its id, once it is uploaded."""
        if not isinstance(value, Upload):
            return value
        [attachment] = discord_forms.attachments(self.world, channel.id, None, [value])
        self.world.handed_over[int(attachment["id"])] = attachment | {"ephemeral": True}
        return attachment["id"]

    async def autocomplete(
        self, user_id: int, channel_id: int, command: str, option: str, typed: str, /, **others: Any
    ) -> list[Raw]:
        """Type in an option that completes itself; return the bot's choices. Raises TimeoutError without an answer."""
        found = self._found(user_id, channel_id, command)
        known = {each["name"]: each for each in found.options}
        if not known[option].get("autocomplete"):
            raise LookupError(f"the option {option} of /{found.name} does not complete itself")
        kinds = {name: known[name]["type"] for name in others}
        values = [
            {
                "name": name,
                "type": kinds[name],
                "value": discord_commands.convert(kinds[name], value),
            }
            for name, value in others.items()
        ]
        focused = {"name": option, "type": known[option]["type"], "value": typed, "focused": True}
        channel = self.world.channel(channel_id)
        options = discord_commands.nested(found, [*values, focused])
        data = self._command_data(found, channel, options)
        interaction = self._interactions.send(ON_TYPING, user_id, channel, data, command=found.name)
        await interaction.answered()
        return interaction.choices or []

    def _found(self, user_id: int, channel_id: int, command: str) -> Found:
        channel = self.world.channel(channel_id)
        found = self._commands.find(command, channel.guild_id)
        permissions = int(self.world.permissions(channel, user_id))
        if not permissions & Permission.APPLICATION_COMMANDS:
            raise PermissionError("this user may not use application commands here")
        if not discord_commands.allowed(found.command, permissions):
            raise PermissionError(f"this user may not use /{found.name}")
        return found

    def _command_data(self, found: Found, channel: Channel, options: list[Raw]) -> Raw:
        command = found.command
        data: Raw = {"id": command["id"], "name": command["name"], "type": command["type"]}
        data["options"] = options
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        leaf = options
        for _ in found.steps:
            leaf = leaf[0]["options"]
        if resolved := discord_payloads.resolved(
            self.world, channel, [(o["type"], o.get("value")) for o in leaf]
        ):
            data["resolved"] = resolved
        return data

    async def click(self, user_id: int, message_id: int, custom_id: str) -> Interaction:
        """Press a button.

        Raises LookupError when the message has no such button or this user does not see it,
        ValueError when it is disabled.
        """
        post, button = self._component(user_id, message_id, custom_id)
        if button["type"] != BUTTON or button["style"] == LINK:
            raise LookupError(f"{custom_id} is not a button that can be pressed")
        data = {"id": button["id"], "custom_id": custom_id, "component_type": BUTTON}
        return self._press(user_id, post, data)

    async def select(
        self, user_id: int, message_id: int, custom_id: str, values: list[str]
    ) -> Interaction:
        """Choose in a select menu; errors as for `click`, ValueError for values that it does not offer."""
        post, menu = self._component(user_id, message_id, custom_id)
        if menu["type"] not in SELECTS:
            raise LookupError(f"{custom_id} is not a select menu")
        if not menu["min_values"] <= len(values) <= menu["max_values"]:
            raise ValueError(
                f"{custom_id} takes {menu['min_values']} to {menu['max_values']} values"
            )
        data = {"id": menu["id"], "custom_id": custom_id, "component_type": menu["type"]}
        data["values"] = values
        if menu["type"] == STRING_SELECT:
            if unknown := set(values) - {option["value"] for option in menu["options"]}:
                raise ValueError(f"{custom_id} does not offer {', '.join(sorted(unknown))}")
        else:
            kind = {5: 6, 6: 8, 7: 9, 8: 7}[menu["type"]]
            channel = self.world.channel(post.channel_id)
            data["resolved"] = discord_payloads.resolved(
                self.world, channel, [(kind, value) for value in values]
            )
        return self._press(user_id, post, data)

    def _component(self, user_id: int, message_id: int, custom_id: str) -> tuple[Post, Raw]:
        post = self.world.posts.get(message_id)
        if post is None or post.ephemeral_to not in (None, user_id):
            raise LookupError(f"this user sees no message {message_id}")
        channel = self.world.channel(post.channel_id)
        if not self.world.may(channel, user_id, Permission.VIEW_CHANNEL):
            raise LookupError(f"this user does not see the channel of {message_id}")
        component = discord_components.find(post.payload["components"], custom_id)
        if component is None:
            raise LookupError(f"the message {message_id} has no component {custom_id}")
        if component.get("disabled"):
            raise ValueError(f"{custom_id} is disabled")
        return post, component

    def _press(self, user_id: int, post: Post, data: Raw) -> Interaction:
        channel = self.world.channel(post.channel_id)
        return self._interactions.send(ON_COMPONENT, user_id, channel, data, source=post)

    async def submit(self, interaction: Interaction, values: dict[str, str]) -> Interaction:
        """Send the modal that `interaction` opened, with texts by custom_id; fields left out keep their preset value.

        Raises LookupError when no modal is open, ValueError for an unknown field or a text of the wrong length.
        """
        modal = interaction.modal
        if (
            modal is None
            or self._interactions.open_modals.get(interaction.user_id) is not interaction
        ):
            raise LookupError("no modal is open for this interaction")
        data = {
            "custom_id": modal["custom_id"],
            "components": discord_components.submitted(modal["components"], values),
        }
        del self._interactions.open_modals[interaction.user_id]
        self.world.changed()
        return self._interactions.send(
            ON_MODAL,
            interaction.user_id,
            interaction.channel,
            data,
            source=interaction.source,
            trigger=interaction,
        )

    def dismiss(self, interaction: Interaction) -> None:
        """Close the modal that `interaction` opened; the bot is not told, as on the real one."""
        self._interactions.open_modals.pop(interaction.user_id, None)
        self.world.changed()

    def interaction(self, interaction_id: int) -> Interaction:
        """Return a recent interaction by id, or raise LookupError."""
        return self._interactions.get(interaction_id)

    # -- what is seen

    def messages(self, channel_id: int) -> list[Raw]:
        """Return the channel's public messages, oldest first, as the REST API shows them."""
        return public_messages(self.world, self.world.channel(channel_id))

    def view(self, channel_id: int, user_id: int) -> Raw:
        """Return what this user sees in this channel now."""
        return self._view.of(channel_id, user_id)

    # -- measuring

    async def flood(
        self, channel_id: int, user_ids: Sequence[int], texts: Sequence[str], count: int
    ) -> None:
        """Push `count` MESSAGE_CREATE frames, built beforehand, cycling over authors and texts.

        The messages are nowhere but in the frames. Returns when the last has been handed to the sockets.
        """
        size = min(count, len(user_ids) * len(texts))
        payloads = [
            discord_gateway.flood_payload(
                self.world,
                channel_id,
                user_ids[n % len(user_ids)],
                texts[n // len(user_ids) % len(texts)],
            )
            for n in range(size)
        ]
        await self._gateway.flood(payloads, count)
