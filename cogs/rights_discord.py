"""The register of works on air on Discord: `/rights …`, for hosts.

A slash command is answered in private, and tells who gave a permission; a typed one is answered in the channel and
does not. What is typed after `add` and `replay` is read as on Twitch, parts with semicolons between them.
"""

from datetime import date
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.discord_client import DiscordClient
from bot.rights import Details, Recording, Rights, make_entry, read_entry, read_recording
from bot.rooms import Rooms
from bot.wording import rights as words
from bot.wording.speech import N_, clip, compose
from cogs.commands_discord import FreeText, group, named, reply, role_in, typed_after, verb
from cogs.verbs import COMMANDS, RIGHTS, called, mistyped, read
from games.core import Role

LONGEST_REPLY = 1900

Context = commands.Context[Any]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=locale_str(name), value=value)


class RightsDiscord(commands.Cog, name="rights"):
    """Hosts add works, check and end rights, and see which replays must go."""

    def __init__(self, client: DiscordClient, rights: Rights, rooms: Rooms) -> None:
        self._client = client
        self._rights = rights
        self._rooms = rooms

    @group(
        "rights",
        "droits",
        N_("Works read or shown on air, and by which right"),
        named("list", "liste"),
        COMMANDS["rights"],
    )
    async def rights(self, ctx: Context) -> None:
        """List the rights that hold."""
        unread, speech = ctx.view.read_rest(), self._client.speech(ctx.channel.id)
        if unread.strip() and read(unread, RIGHTS)[0] != "list":
            raise mistyped(
                "rights", unread, speech.locale, called("rights", speech.locale, "check")
            )
        found = await self._rights.running(self._today(ctx), role_in(ctx))
        private = ctx.interaction is not None
        await self._reply(ctx, words.listed(found, speech, givers=private))

    @verb(
        rights,
        RIGHTS,
        "add",
        N_("Add a work, with the right by which it may be on air"),
        FreeText,
        "Germinal ; Émile Zola ; 1902",
    )
    @app_commands.describe(
        title=locale_str(N_("The work’s title")),
        author=locale_str(N_("The work’s author")),
        ground=locale_str(N_("By which right it may be read or shown")),
        died=locale_str(N_("Public domain: in which year the author died, or the translator")),
        giver=locale_str(N_("Permission: who gave it in writing")),
        scope=locale_str(N_("Permission: what it allows")),
        day=locale_str(N_("Last day of the permission, or the day when the author is present")),
    )
    @app_commands.rename(
        title=named("title", "titre"),
        author=named("author", "auteur"),
        ground=named("ground", "motif"),
        died=named("died", "mort"),
        giver=named("giver", "par"),
        scope=named("scope", "portée"),
        day=named("day", "jour"),
    )
    @app_commands.choices(
        ground=[
            _choice(N_("public domain"), "public-domain"),
            _choice(N_("written permission"), "permission"),
            _choice(N_("author present"), "author-present"),
            _choice(N_("short quotation"), "quotation"),
        ],
        scope=[_choice(N_("live only"), "live"), _choice(N_("live and replay"), "replay")],
    )
    async def add(
        self,
        ctx: Context,
        author: str | None = None,
        ground: str | None = None,
        died: int | None = None,
        giver: str | None = None,
        scope: str | None = None,
        day: str | None = None,
        *,
        title: str,
    ) -> None:
        """Add a work with its right."""
        today = self._today(ctx)
        if ctx.interaction is None:
            entry = read_entry(typed_after(ctx), today)
        else:
            details = Details(died, giver or "", scope or "", day or "")
            entry = make_entry(title, author or "", ground or "", details, today)
        added = await self._rights.add(entry, today, role_in(ctx))
        await self._reply(ctx, words.added(added, self._client.speech(ctx.channel.id)))

    @verb(rights, RIGHTS, "check", N_("Tell whether a work may be on air today"))
    @app_commands.rename(title=named("title", "titre"))
    @app_commands.describe(title=locale_str(N_("The work’s title")))
    async def check(self, ctx: Context, *, title: str) -> None:
        """Tell whether a work may be on air."""
        judged = await self._rights.judge(title, self._today(ctx), role_in(ctx))
        speech = self._client.speech(ctx.channel.id)
        await self._reply(ctx, [words.verdict(work, verdict, speech) for work, verdict in judged])

    @verb(rights, RIGHTS, "end", N_("Let a right hold no longer from today on"))
    @app_commands.rename(right=named("right", "droit"))
    @app_commands.describe(right=locale_str(N_("The work’s title, or the right’s number: #3")))
    async def end(self, ctx: Context, *, right: str) -> None:
        """Let a right hold no longer."""
        ended = await self._rights.end(right, self._today(ctx), role_in(ctx))
        await self._reply(ctx, [words.ended(ended, self._client.speech(ctx.channel.id))])

    @verb(
        rights,
        RIGHTS,
        "replay",
        N_("Note a replay that can be watched, so that it goes in time"),
        FreeText,
        "Germinal ; 10/03/2026 ; https://example.org/video",
    )
    @app_commands.rename(
        work=named("work", "œuvre"),
        link=named("link", "lien"),
        day=named("day", "jour"),
        title=named("title", "titre"),
    )
    @app_commands.describe(
        work=locale_str(N_("The title of the work that is read")),
        link=locale_str(N_("Where the replay can be watched")),
        day=locale_str(N_("The day of the reading; today when left empty")),
        title=locale_str(N_("The replay’s own title")),
    )
    async def replay(
        self,
        ctx: Context,
        link: str | None = None,
        day: str | None = None,
        title: str | None = None,
        *,
        work: str,
    ) -> None:
        """Note a replay."""
        if ctx.interaction is None:
            recording = read_recording(typed_after(ctx))
        else:
            recording = Recording(work, link or "", day or "", title or "")
        kept = await self._rights.add_replay(recording, self._today(ctx), role_in(ctx))
        await self._reply(ctx, words.replay_added(*kept, self._client.speech(ctx.channel.id)))

    @verb(rights, RIGHTS, "replays", N_("Which replays have to be taken down"))
    async def replays(self, ctx: Context) -> None:
        """List the replays whose right has ended or ends soon."""
        dues = await self._rights.to_take_down(self._today(ctx), role_in(ctx))
        speech = self._client.speech(ctx.channel.id)
        await self._reply(ctx, words.to_take_down(dues, speech, links=True))

    @verb(rights, RIGHTS, "removed", N_("Note that a replay was taken down"))
    @app_commands.rename(number=named("number", "numéro"))
    @app_commands.describe(number=locale_str(N_("The replay’s number")))
    async def removed(self, ctx: Context, *, number: str) -> None:
        """Note that a replay was taken down."""
        gone, title = await self._rights.remove_replay(number, self._today(ctx), role_in(ctx))
        speech = self._client.speech(ctx.channel.id)
        await self._reply(ctx, [words.removed(gone, title, speech)])

    async def works_for(
        self, interaction: discord.Interaction[Any], begun: str
    ) -> list[app_commands.Choice[str]]:
        """Offer works of the register to hosts."""
        if self._client.role_of(interaction.user, interaction.permissions) < Role.HOST:
            return []
        near = await self._rights.near(begun, 25)
        texts = [f"{work.title} ; {work.author}" if work.author else work.title for work in near]
        return [app_commands.Choice(name=clip(text, 100), value=clip(text, 100)) for text in texts]

    check.autocomplete("title")(works_for)
    end.autocomplete("right")(works_for)
    replay.autocomplete("work")(works_for)

    def _today(self, ctx: Context) -> date:
        return self._rights.today(self._rooms.by_discord.get(str(ctx.channel.id)))

    async def _reply(self, ctx: Context, lines: list[str]) -> None:
        await reply(ctx, compose(lines, LONGEST_REPLY, "\n"))
