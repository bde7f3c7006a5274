"""Where the two client libraries connect: their real platforms, or one on loopback while `pointed` is active.

Only addresses change hands here; what answers at them is in `bot.rehearsal`, or any compatible local server.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from typing import Any

import aiohttp
import discord.asset
import discord.gateway
import discord.http
import twitchio.eventsub.websockets
import twitchio.http
from yarl import URL

ASKING_SECONDS = 5.0


@contextmanager
def pointed(
    *, discord: URL | None = None, twitch: URL | None = None, gateway: URL | None = None
) -> Iterator[None]:
    """Point discord.py and twitchio at servers on loopback; what was there before comes back on exit.

    `discord` is a base such as http://127.0.0.1:8700/discord; `gateway` its WebSocket, {base}/gateway unless given.
    `twitch` is a base such as http://127.0.0.1:8700/twitch. Raises ValueError for a host that is not loopback.
    Clients must be started and closed inside.
    """
    changes = _discord_changes(discord, gateway) if discord is not None else []
    changes += _twitch_changes(twitch) if twitch is not None else []
    with ExitStack() as restoring:
        for owner, name, value in changes:
            restoring.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        yield


async def gateway_of(base: URL) -> URL:
    """Return the gateway that the server at `base` names, or {base}/gateway when it names none.

    Raises ValueError when either is not on loopback.
    """
    _refuse_far(base)
    fallback = _websocket(base / "gateway")
    timeout = aiohttp.ClientTimeout(total=ASKING_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(base / "api/v10/gateway") as answer,
        ):
            named = URL((await answer.json(content_type=None))["url"])
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
        return fallback
    _refuse_far(named)
    return named


def is_loopback(url: URL) -> bool:
    """Tell whether the address can only be this machine: localhost, 127.0.0.0/8 or ::1."""
    if url.host is None:
        return False
    if url.host == "localhost":
        return True
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return False


def _refuse_far(url: URL) -> None:
    if not is_loopback(url):
        raise ValueError(
            f"{url} is not on this machine: only a loopback address may stand in for a platform."
        )


def _websocket(url: URL) -> URL:
    return url.with_scheme("wss" if url.scheme == "https" else "ws")


def _discord_changes(base: URL, gateway: URL | None) -> list[tuple[Any, str, Any]]:
    _refuse_far(base)
    gateway = gateway or _websocket(base / "gateway")
    _refuse_far(gateway)
    return [
        (discord.http.Route, "BASE", str(base / "api/v10")),
        (discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway),
        (discord.asset.Asset, "BASE", str(base / "cdn")),
    ]


def _twitch_changes(base: URL) -> list[tuple[Any, str, Any]]:
    _refuse_far(base)
    return [
        (twitchio.http.Route, "BASE", f"{base / 'helix'}/"),
        (twitchio.http.Route, "ID_BASE", f"{base / 'id'}/"),
        (twitchio.eventsub.websockets, "WSS", str(_websocket(base / "ws"))),
    ]
