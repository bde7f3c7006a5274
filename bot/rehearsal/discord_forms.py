"""What a message may hold: the limits Discord sets to bodies, and the shape in which it stores them.

Content, embeds, attachments and mentions; components are in `discord_components`. Nothing here sends anything.
"""

import mimetypes
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rehearsal import discord_components, discord_payloads
from bot.rehearsal.discord_errors import Form, Refused, empty_message
from bot.rehearsal.discord_world import Channel, Permission, World

EPHEMERAL, LOADING, LAYOUT = 1 << 6, 1 << 7, 1 << 15
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SETTABLE = EPHEMERAL | LAYOUT | SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS
CONTENT_LIMIT = 2000
EMBED_TOTAL = 6000
ATTACHMENT_LIMIT = 10 * 1024 * 1024
USER_MENTION = re.compile(r"<@!?(\d{15,21})>")
ROLE_MENTION = re.compile(r"<@&(\d{15,21})>")
EVERYONE_MENTION = re.compile(r"@(?:everyone|here)\b")

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart request; `field` is its part's name, such as files[0]."""

    field: str
    filename: str
    content_type: str
    body: bytes


def picked(filename: str, body: bytes) -> Upload:
    """Return a file that a person picked to send; raises `Refused` when it is larger than Discord takes."""
    if len(body) > ATTACHMENT_LIMIT:
        raise Refused(413, 40005, "Request entity too large")
    return Upload("files[0]", filename, "application/octet-stream", body)


def check(body: Mapping[str, Any], *, layout: bool) -> None:
    """Raise `Refused` for a message body that breaks a limit; `layout` means IS_COMPONENTS_V2."""
    form = Form()
    form.length(("content",), body.get("content"), CONTENT_LIMIT)
    embeds = body.get("embeds") or []
    form.length(("embeds",), embeds, 10)
    for index, embed in enumerate(embeds):
        _check_embed(form, ("embeds", index), embed)
    if sum(map(_embed_size, embeds)) > EMBED_TOTAL:
        form.wrong(
            ("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000"
        )
    if layout and (body.get("content") or embeds):
        form.wrong(("content",), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "Not both.")
    discord_components.check_message(form, body.get("components") or [], layout=layout)
    form.length(("attachments",), body.get("attachments"), 10)
    form.finish()


def _check_embed(form: Form, path: tuple[str | int, ...], embed: Raw) -> None:
    form.length((*path, "title"), embed.get("title"), 256)
    form.length((*path, "description"), embed.get("description"), 4096)
    form.length((*path, "footer", "text"), (embed.get("footer") or {}).get("text"), 2048)
    form.length((*path, "author", "name"), (embed.get("author") or {}).get("name"), 256)
    fields = embed.get("fields") or []
    form.length((*path, "fields"), fields, 25)
    for index, field in enumerate(fields):
        here = (*path, "fields", index)
        for key, most in (("name", 256), ("value", 1024)):
            if not (field.get(key) or "").strip():
                form.required((*here, key))
            form.length((*here, key), field.get(key), most)
    visible = ("title", "description", "footer", "author", "image", "thumbnail", "fields")
    if not any(embed.get(key) for key in visible):
        form.required((*path, "description"))


def _embed_size(embed: Raw) -> int:
    fields = embed.get("fields") or []
    return (
        len(embed.get("title") or "")
        + len(embed.get("description") or "")
        + len((embed.get("footer") or {}).get("text") or "")
        + len((embed.get("author") or {}).get("name") or "")
        + sum(len(f.get("name") or "") + len(f.get("value") or "") for f in fields)
    )


def refuse_empty(message: Mapping[str, Any]) -> None:
    """Raise `Refused` (50006) for a message that shows nothing."""
    visible = ("embeds", "attachments", "components", "sticker_items", "poll")
    if not message["content"].strip() and not any(message.get(key) for key in visible):
        raise empty_message()


def embeds(raw: Sequence[Raw], attachments: Sequence[Raw]) -> list[Raw]:
    """Return embeds as Discord stores them; attachment:// addresses become those of the files."""
    urls = {f"attachment://{each['filename']}": each["url"] for each in attachments}
    return [_embed(each, urls) for each in raw]


def _embed(raw: Raw, urls: Mapping[str, str]) -> Raw:
    embed = {key: value for key, value in raw.items() if value is not None} | {"type": "rich"}
    for key in ("image", "thumbnail"):
        if key in embed:
            url = urls.get(embed[key]["url"], embed[key]["url"])
            embed[key] = {"url": url, "proxy_url": url}
    for key in ("author", "footer"):
        if key in embed:
            embed[key] = {k: urls.get(v, v) for k, v in embed[key].items() if v is not None}
    if "fields" in embed:
        embed["fields"] = [
            {"name": f["name"], "value": f["value"], "inline": bool(f.get("inline"))}
            for f in embed["fields"]
        ]
    return embed


def attachments(
    world: World,
    channel_id: int,
    raw: Sequence[Raw] | None,
    uploads: Sequence[Upload],
    *,
    kept: Sequence[Raw] = (),
) -> list[Raw]:
    """Store the uploads and return the message's attachments.

    `raw` is the body's list: ids of `kept` attachments stay, the others are indices of uploads.
    Without it, everything kept stays and every upload is added.
    """
    if raw is None:
        return [*kept, *(_store(world, channel_id, upload, {}) for upload in uploads)]
    by_id = {each["id"]: each for each in kept}
    by_field = {upload.field: upload for upload in uploads}
    chosen = []
    for each in raw:
        if str(each["id"]) in by_id:
            chosen.append(by_id[str(each["id"])])
        elif upload := by_field.get(f"files[{each['id']}]"):
            chosen.append(_store(world, channel_id, upload, each))
        else:
            raise Refused(400, 50035, "Invalid Form Body")
    return chosen


def _store(world: World, channel_id: int, upload: Upload, told: Raw) -> Raw:
    file_id = world.new_id()
    filename = told.get("filename") or upload.filename
    content_type = mimetypes.guess_type(filename)[0] or upload.content_type
    world.files[file_id] = (filename, content_type, upload.body)
    url = f"{world.origin}/cdn/attachments/{channel_id}/{file_id}/{filename}"
    attachment: Raw = {
        "id": str(file_id),
        "filename": filename,
        "size": len(upload.body),
        "url": url,
        "proxy_url": url,
        "content_type": content_type,
    }
    if told.get("description"):
        attachment["description"] = told["description"]
    if upload.body.startswith(b"\x89PNG\r\n\x1a\n") and len(upload.body) >= 24:
        attachment["width"], attachment["height"] = struct.unpack(">II", upload.body[16:24])
    return attachment


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a text may notify, after allowed_mentions."""

    users: list[int]
    roles: list[int]
    everyone: bool


def pings(
    world: World,
    channel: Channel,
    author_id: int,
    content: str,
    allowed: Mapping[str, Any] | None,
    replied_to: int | None = None,
) -> Pings:
    """Return whom the message notifies, as allowed_mentions and the author's permissions let it."""
    if allowed is None:
        allowed = {"parse": ["users", "roles", "everyone"], "replied_user": True}
    parse = allowed.get("parse") or []
    users = _listed(
        USER_MENTION.findall(content), None if "users" in parse else allowed.get("users") or ()
    )
    roles = _listed(
        ROLE_MENTION.findall(content), None if "roles" in parse else allowed.get("roles") or ()
    )
    if replied_to is not None and allowed.get("replied_user"):
        users.append(replied_to)
    may = channel.guild_id is not None and world.may(
        channel, author_id, Permission.MENTION_EVERYONE
    )
    everyone = "everyone" in parse and may and bool(EVERYONE_MENTION.search(content))
    guild = world.guilds.get(channel.guild_id or 0)
    known = guild.roles if guild else {}
    return Pings(
        [each for each in dict.fromkeys(users) if each in world.users],
        [
            each
            for each in dict.fromkeys(roles)
            if each in known and (may or known[each].mentionable)
        ],
        everyone,
    )


def _listed(found: list[str], listed: Sequence[Any] | None) -> list[int]:
    if listed is None:
        return [int(each) for each in found]
    wanted = {str(each) for each in listed}
    return [int(each) for each in found if each in wanted]


def mentions(world: World, whom: Pings) -> Raw:
    """Return the three mention fields of a message."""
    return {
        "mentions": [discord_payloads.user(world.users[each]) for each in whom.users],
        "mention_roles": [str(each) for each in whom.roles],
        "mention_everyone": whom.everyone,
    }
