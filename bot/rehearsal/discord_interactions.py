"""Interactions: what a person's command, click or form sends to the bot, and what the bot may answer.

Enforced here: the deadline to acknowledge, one acknowledgement, the life of a token, who sees an ephemeral message.
Source of the rules: Discord's "Receiving and responding to interactions" page.
"""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.rehearsal import discord_components, discord_payloads
from bot.rehearsal.discord_errors import Form, Refused, unknown
from bot.rehearsal.discord_forms import ATTACHMENT_LIMIT, EPHEMERAL, LOADING, Upload
from bot.rehearsal.discord_gateway import Gateway
from bot.rehearsal.discord_posts import COMMAND, REPLY, Posts, is_ephemeral, reference_to
from bot.rehearsal.discord_world import Channel, Post, World

# Kinds of interaction, then kinds of callback.
ON_COMMAND, ON_COMPONENT, ON_TYPING, ON_MODAL = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    ON_COMMAND: {MESSAGE, DEFERRED, MODAL},
    ON_COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    ON_TYPING: {CHOICES},
    ON_MODAL: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}

Raw = dict[str, Any]


class Interaction:
    """One interaction as the person lives it: what came back, and when."""

    def __init__(
        self, world: World, kind: int, user_id: int, channel: Channel, source: Post | None
    ) -> None:
        self._world = world
        self.id = world.new_id()
        self.token = secrets.token_urlsafe(32)
        self.kind = kind
        self.user_id = user_id
        self.channel = channel
        self.source = source
        self.command = ""
        self.metadata: Raw = {}
        self.created = time.monotonic()
        self.callback: int | None = None
        self.deferred = False
        self.ephemeral = False
        self.modal: Raw | None = None
        self.choices: list[Raw] | None = None
        self.original_id: int | None = None
        self.followup_ids: list[int] = []
        self._answered = asyncio.Event()
        self._settled = asyncio.Event()
        self._answer: Raw | None = None
        self._first: Raw = {}

    @property
    def messages(self) -> list[Raw]:
        """The original answer and its follow-ups, as they stand now; deleted ones are left out."""
        ids = [self.original_id, *self.followup_ids]
        posts = [self._world.posts[each] for each in ids if each in self._world.posts]
        return [discord_payloads.message(self._world, post) for post in posts]

    @property
    def age(self) -> float:
        """Seconds since it was sent to the bot."""
        return time.monotonic() - self.created

    @property
    def pending(self) -> bool:
        """Whether the answer is still a bot thinking."""
        post = self._world.posts.get(self.original_id or 0)
        return post is not None and bool(post.payload["flags"] & LOADING)

    async def answered(self, timeout: float = 3.0) -> Raw | None:  # noqa: ASYNC109
        """Wait for the bot's callback: a message, a modal, {"choices": …}, or None for a deferral.

        Raises TimeoutError when the bot did not answer.
        """
        await asyncio.wait_for(self._answered.wait(), timeout)
        return self._answer

    async def settled(self, timeout: float = 3.0) -> Raw:  # noqa: ASYNC109
        """Wait for the first real message, after a deferral too. Raises TimeoutError."""
        await asyncio.wait_for(self._settled.wait(), timeout)
        return self._first

    def acknowledge(self, callback: int, answer: Raw | None) -> None:
        """Note the bot's callback and what the person gets by it."""
        self.callback = callback
        self.deferred = callback in (DEFERRED, DEFERRED_UPDATE)
        self._answer = answer
        self._answered.set()

    def settle(self, post: Post) -> None:
        """Note that a real message is there."""
        if not self._settled.is_set():
            self._first = discord_payloads.message(self._world, post)
            self._settled.set()

    def owns(self, message_id: int) -> bool:
        """Whether the interaction's token may touch this message."""
        return message_id == self.original_id or message_id in self.followup_ids


class Interactions:
    """Sends interactions to the bot and takes its answers."""

    def __init__(self, world: World, gateway: Gateway, posts: Posts) -> None:
        self._world = world
        self._gateway = gateway
        self._posts = posts
        self._known: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self.open_modals: dict[int, Interaction] = {}
        self.deadline = 3.0
        self.token_life = 900.0

    def get(self, interaction_id: int) -> Interaction:
        """Return an interaction that happened within the life of its token, or raise LookupError."""
        return self._known[interaction_id]

    def send(
        self,
        kind: int,
        user_id: int,
        channel: Channel,
        data: Raw,
        *,
        source: Post | None = None,
        command: str = "",
        trigger: Interaction | None = None,
    ) -> Interaction:
        """Send an interaction of this kind to the bot and return it at once."""
        self._forget_old()
        interaction = Interaction(self._world, kind, user_id, channel, source)
        interaction.command = command
        interaction.metadata = self._metadata(interaction, trigger)
        self._known[interaction.id] = self._by_token[interaction.token] = interaction
        self._gateway.dispatch("INTERACTION_CREATE", self._payload(interaction, data))
        return interaction

    def _forget_old(self) -> None:
        """Drop what has been useless for long; both indices are in order of age."""
        while self._known:
            oldest = next(iter(self._known.values()))
            if oldest.age <= self.token_life * 2:
                return
            del self._known[oldest.id]
            del self._by_token[oldest.token]

    def _owners(self, channel: Channel) -> Raw:
        return {"0": str(channel.guild_id or 0)}

    def _metadata(self, interaction: Interaction, trigger: Interaction | None) -> Raw:
        metadata: Raw = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "user": discord_payloads.user(self._world.users[interaction.user_id]),
            "authorizing_integration_owners": self._owners(interaction.channel),
        }
        if interaction.kind == ON_COMPONENT and interaction.source is not None:
            metadata["interacted_message_id"] = str(interaction.source.id)
        if interaction.kind == ON_COMMAND:
            metadata |= {"name": interaction.command, "command_type": 1}
        if trigger is not None:
            metadata["triggering_interaction_metadata"] = trigger.metadata
        return metadata

    def _payload(self, interaction: Interaction, data: Raw) -> Raw:
        world, channel = self._world, interaction.channel
        shown = discord_payloads.channel(world, channel)
        user_permissions = world.permissions(channel, interaction.user_id)
        payload: Raw = {
            "id": str(interaction.id),
            "application_id": str(world.application_id),
            "type": interaction.kind,
            "data": data,
            "channel": shown | {"permissions": str(int(user_permissions))},
            "channel_id": str(channel.id),
            "token": interaction.token,
            "version": 1,
            "app_permissions": str(int(world.permissions(channel, world.bot.id))),
            "locale": world.users[interaction.user_id].locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self._owners(channel),
            "context": 0 if channel.guild_id else 1,
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if interaction.source is not None:
            payload["message"] = discord_payloads.message(world, interaction.source)
        return payload | self._who(interaction)

    def _who(self, interaction: Interaction) -> Raw:
        world, channel = self._world, interaction.channel
        if channel.guild_id is None:
            return {"user": discord_payloads.user(world.users[interaction.user_id])}
        guild = world.guilds[channel.guild_id]
        member = discord_payloads.member(guild.members[interaction.user_id])
        permissions = str(int(world.permissions(channel, interaction.user_id)))
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.preferred_locale, "features": []},
            "guild_locale": guild.preferred_locale,
            "member": member | {"permissions": permissions},
        }

    # -- the callback

    def callback(
        self, interaction_id: int, token: str, body: Raw, uploads: Sequence[Upload]
    ) -> Raw:
        """Take the bot's first answer and return the callback object, or raise `Refused`."""
        interaction = self._known.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise unknown("interaction")
        if interaction.callback is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if interaction.age > self.deadline:
            raise unknown("interaction")
        callback = body.get("type", 0)
        if callback not in ALLOWED[interaction.kind] or (
            callback in (DEFERRED_UPDATE, UPDATE) and interaction.source is None
        ):
            form = Form()
            form.wrong(("type",), "BASE_TYPE_CHOICES", "Not possible for this interaction.")
            form.finish()
        self._take(interaction, callback, body.get("data") or {}, uploads)
        self._acknowledge(interaction, callback)
        self._world.changed()
        return self._callback_answer(interaction, callback)

    def _acknowledge(self, interaction: Interaction, callback: int) -> None:
        answer = interaction.modal
        if callback == CHOICES:
            answer = {"choices": interaction.choices}
        elif callback in (MESSAGE, UPDATE) and interaction.original_id is not None:
            post = self._world.posts[interaction.original_id]
            answer = discord_payloads.message(self._world, post)
            interaction.settle(post)
        interaction.acknowledge(callback, answer)

    def _take(
        self, interaction: Interaction, callback: int, data: Raw, uploads: Sequence[Upload]
    ) -> None:
        match callback:
            case 4:
                self._reply(interaction, data, uploads)
            case 5:
                self._defer(interaction, data)
            case 6 | 7 if interaction.source is not None:
                if callback == UPDATE:
                    self._posts.edit(interaction.source, data, uploads)
                interaction.original_id = interaction.source.id
                interaction.ephemeral = interaction.source.ephemeral_to is not None
            case 8:
                interaction.choices = _choices(data)
            case _:
                self._open_modal(interaction, data)

    def _reply(self, interaction: Interaction, data: Raw, uploads: Sequence[Upload]) -> None:
        interaction.ephemeral = is_ephemeral(data)
        post = self._write(interaction, data, uploads, self._first_type(interaction))
        interaction.original_id = post.id

    def _defer(self, interaction: Interaction, data: Raw) -> None:
        interaction.ephemeral = is_ephemeral(data)
        flags = LOADING | (EPHEMERAL if interaction.ephemeral else 0)
        more = self._first_type(interaction) | {"flags": flags}
        body = {"flags": flags & EPHEMERAL}
        post = self._write(interaction, body, (), more, loading=True)
        interaction.original_id = post.id

    def _open_modal(self, interaction: Interaction, data: Raw) -> None:
        form = Form()
        discord_components.check_modal(form, data)
        form.finish()
        components = discord_components.answered(data["components"])
        interaction.modal = data | {"components": components}
        self.open_modals[interaction.user_id] = interaction

    def _first_type(self, interaction: Interaction) -> Raw:
        if interaction.kind == ON_COMMAND:
            return {
                "type": COMMAND,
                "interaction": {
                    "id": str(interaction.id),
                    "type": ON_COMMAND,
                    "name": interaction.command,
                    "user": discord_payloads.user(self._world.users[interaction.user_id]),
                },
            }
        if interaction.source is None or interaction.source.id not in self._world.posts:
            return {}
        reference = reference_to(interaction.channel, interaction.source.id)
        return {"type": REPLY, "message_reference": reference}

    def _write(
        self,
        interaction: Interaction,
        data: Raw,
        uploads: Sequence[Upload],
        more: Mapping[str, Any],
        *,
        loading: bool = False,
    ) -> Post:
        common = {
            "interaction_metadata": interaction.metadata,
            "webhook_id": str(self._world.application_id),
        }
        return self._posts.write(
            interaction.channel,
            self._world.bot.id,
            {key: value for key, value in data.items() if key != "message_reference"},
            uploads,
            ephemeral_to=interaction.user_id if is_ephemeral(data) else None,
            more={**common, **more},
            loading=loading,
        )

    def _callback_answer(self, interaction: Interaction, callback: int) -> Raw:
        about: Raw = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "channel_id": str(interaction.channel.id),
        }
        if interaction.channel.guild_id is not None:
            about["guild_id"] = str(interaction.channel.guild_id)
        answer: Raw = {"interaction": about}
        if callback in (MESSAGE, DEFERRED, UPDATE) and interaction.original_id is not None:
            post = self._world.posts[interaction.original_id]
            about["response_message_id"] = str(post.id)
            about["response_message_loading"] = callback == DEFERRED
            about["response_message_ephemeral"] = interaction.ephemeral
            message = discord_payloads.message(self._world, post)
            answer["resource"] = {"type": callback, "message": message}
        return answer

    # -- what comes after

    def by_token(self, token: str) -> Interaction:
        """Return the interaction of a webhook token, or raise `Refused` when unknown, unanswered or too old."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.callback is None:
            raise unknown("Webhook")
        if interaction.age > self.token_life:
            raise Refused(401, 50027, "Invalid Webhook Token")
        return interaction

    def follow_up(self, token: str, body: Raw, uploads: Sequence[Upload]) -> Post:
        """Send a follow-up. The first one after a deferral takes the place of the bot thinking."""
        interaction = self.by_token(token)
        if interaction.pending and interaction.original_id is not None:
            return self.edit(token, interaction.original_id, body, uploads)
        more: Raw = {}
        if interaction.original_id in self._world.posts:
            reference = reference_to(interaction.channel, interaction.original_id or 0)
            more = {"type": REPLY, "message_reference": reference}
        post = self._write(interaction, body, uploads, more)
        interaction.followup_ids.append(post.id)
        interaction.settle(post)
        return post

    def post(self, token: str, message_id: int | None) -> Post:
        """Return a message of the interaction (None: the original), or raise `Refused`."""
        interaction = self.by_token(token)
        wanted = interaction.original_id if message_id is None else message_id
        if wanted is None or not interaction.owns(wanted):
            raise unknown("Message")
        return self._world.post(wanted)

    def edit(
        self, token: str, message_id: int | None, body: Raw, uploads: Sequence[Upload]
    ) -> Post:
        """Edit a message of the interaction (None: the original)."""
        post = self.post(token, message_id)
        loading = bool(post.payload["flags"] & LOADING)
        self._posts.edit(post, body, uploads, completing=loading)
        self.by_token(token).settle(post)
        return post

    def delete(self, token: str, message_id: int | None) -> None:
        """Delete a message of the interaction (None: the original)."""
        self._posts.delete(self.post(token, message_id))


def _choices(data: Raw) -> list[Raw]:
    choices: list[Raw] = data.get("choices") or []
    form = Form()
    form.length(("data", "choices"), choices, 25)
    for index, choice in enumerate(choices):
        here = ("data", "choices", index)
        form.length((*here, "name"), choice.get("name"), 100, least=1)
        if isinstance(choice.get("value"), str):
            form.length((*here, "value"), choice["value"], 100)
    form.finish()
    return choices
