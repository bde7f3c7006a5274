"""The switch that points the client libraries at loopback: it refuses the world and always switches back."""

from collections.abc import AsyncIterator

import discord.asset
import discord.gateway
import discord.http
import pytest
import twitchio.eventsub.websockets
import twitchio.http
from aiohttp import web
from yarl import URL

from bot.endpoints import gateway_of, is_loopback, pointed

DISCORD = URL("http://127.0.0.1:8700/discord")
TWITCH = URL("http://127.0.0.1:8700/twitch")


def addresses() -> tuple[str, ...]:
    return (
        discord.http.Route.BASE,
        str(discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY),
        discord.asset.Asset.BASE,
        twitchio.http.Route.BASE,
        twitchio.http.Route.ID_BASE,
        twitchio.eventsub.websockets.WSS,
    )


REAL = addresses()


def test_both_libraries_point_at_loopback_inside() -> None:
    with pointed(discord=DISCORD, twitch=TWITCH):
        assert addresses() == (
            "http://127.0.0.1:8700/discord/api/v10",
            "ws://127.0.0.1:8700/discord/gateway",
            "http://127.0.0.1:8700/discord/cdn",
            "http://127.0.0.1:8700/twitch/helix/",
            "http://127.0.0.1:8700/twitch/id/",
            "ws://127.0.0.1:8700/twitch/ws",
        )
    assert addresses() == REAL


def test_routes_follow_the_switch() -> None:
    with pointed(discord=DISCORD):
        route = discord.http.Route("GET", "/users/@me")
    assert route.url == "http://127.0.0.1:8700/discord/api/v10/users/@me"


def test_one_platform_leaves_the_other_alone() -> None:
    with pointed(discord=DISCORD):
        assert addresses()[3:] == REAL[3:]
    with pointed(twitch=TWITCH):
        assert addresses()[:3] == REAL[:3]


def test_an_exception_restores() -> None:
    with pytest.raises(ZeroDivisionError), pointed(discord=DISCORD, twitch=TWITCH):
        raise ZeroDivisionError
    assert addresses() == REAL


def test_nesting_restores_one_level_at_a_time() -> None:
    with pointed(discord=DISCORD):
        outer = addresses()
        with pointed(discord=URL("http://[::1]:9/d"), twitch=TWITCH):
            assert addresses()[0] == "http://[::1]:9/d/api/v10"
        assert addresses() == outer
    assert addresses() == REAL


def test_the_gateway_can_be_elsewhere_on_this_machine() -> None:
    with pointed(discord=DISCORD, gateway=URL("ws://localhost:8701/")):
        assert addresses()[1] == "ws://localhost:8701/"


@pytest.mark.parametrize(
    "far",
    [
        "http://discord.com",
        "http://192.168.1.10:8700/discord",
        "http://0.0.0.0:8700/discord",
        "http://localhost.example.org/discord",
        "http://127.0.0.1.example.org/",
        "/discord",
    ],
)
def test_a_host_that_is_not_loopback_is_refused_and_nothing_changes(far: str) -> None:
    for arguments in ({"discord": URL(far)}, {"twitch": URL(far)}):
        with pytest.raises(ValueError, match="not on this machine"), pointed(**arguments):
            pytest.fail("entered")
    with (
        pytest.raises(ValueError, match="not on this machine"),
        pointed(discord=DISCORD, gateway=URL(far)),
    ):
        pytest.fail("entered")
    assert addresses() == REAL


@pytest.mark.parametrize(
    "near", ["http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:1", "ws://localhost:1"]
)
def test_loopback_addresses(near: str) -> None:
    assert is_loopback(URL(near))


@pytest.fixture
async def served() -> AsyncIterator[tuple[URL, dict[str, str]]]:
    answer: dict[str, str] = {}

    async def gateway(_request: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.router.add_get("/discord/api/v10/gateway", gateway)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield URL(f"http://127.0.0.1:{runner.addresses[0][1]}/discord"), answer
    await runner.cleanup()


async def test_the_gateway_that_the_server_names(served: tuple[URL, dict[str, str]]) -> None:
    base, answer = served
    answer["url"] = "ws://127.0.0.1:9999/elsewhere"
    assert await gateway_of(base) == URL("ws://127.0.0.1:9999/elsewhere")


async def test_a_server_that_names_none_has_it_below_its_base(
    served: tuple[URL, dict[str, str]],
) -> None:
    base, _ = served
    assert await gateway_of(base) == (base / "gateway").with_scheme("ws")


async def test_no_server_at_all_gives_the_default(unused_tcp_port: int) -> None:
    base = URL(f"http://127.0.0.1:{unused_tcp_port}/discord")
    assert await gateway_of(base) == (base / "gateway").with_scheme("ws")


async def test_a_far_gateway_is_refused(served: tuple[URL, dict[str, str]]) -> None:
    base, answer = served
    answer["url"] = "wss://gateway.discord.gg"
    with pytest.raises(ValueError, match="not on this machine"):
        await gateway_of(base)
    with pytest.raises(ValueError, match="not on this machine"):
        await gateway_of(URL("https://discord.com"))
