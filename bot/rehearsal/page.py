"""The page to play on: its files, and the one WebSocket between a browser and the two platforms.

A browser says what its persona does (`{"do": "say", …}`) and is shown what that persona sees: the
whole state, at most ten times a second. What the platforms are, and how the page looks (`page/`),
is known elsewhere. Only a browser on this machine, on a page served from here, may drive it.
"""

import asyncio
import ipaddress
import logging
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import orjson
from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from yarl import URL

from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.discord_forms import picked
from bot.rehearsal.discord_interactions import Interaction
from bot.rehearsal.discord_platform import DiscordPlatform
from bot.rehearsal.incidents import Control, incidents
from bot.rehearsal.twitch_platform import TwitchPlatform

log = logging.getLogger(__name__)

Side = Literal["discord", "twitch"]
Role = Literal["patron", "moderator", "host"]

FILES = Path(__file__).with_name("page")
KINDS: Mapping[str, str] = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
}
LARGEST_REQUEST = 14 * 1024 * 1024  # the largest file that Discord takes, in letters
ANSWER_WITHIN = 3.5  # seconds; the platform itself gives the bot three


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody a browser may act as, on one side; `key` is unique on that side."""

    key: str
    side: Side
    user_id: int | str
    name: str
    role: Role


class RequestError(Exception):
    """A request that cannot be carried out; `code` is what the page translates."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a browser, its fields checked as they are read."""

    fields: Mapping[str, Any]

    @classmethod
    def read(cls, frame: WSMessage) -> "Request":
        """Decode a frame.

        Raises `RequestError` unless it is a JSON object as text.
        """
        if frame.type is not WSMsgType.TEXT:
            raise RequestError("malformed", "A request is JSON text.")
        try:
            fields = orjson.loads(frame.data)
        except orjson.JSONDecodeError as error:
            raise RequestError("malformed", f"This is not JSON: {error}.") from error
        if not isinstance(fields, dict):
            raise RequestError("malformed", "A request is a JSON object.")
        return cls(fields)

    def text(self, name: str) -> str:
        """Return a field that must be text."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise RequestError("malformed", f'The field "{name}" must be text.')
        return value

    def number(self, name: str) -> int:
        """Return a field that must be an id: text, as JavaScript rounds large numbers."""
        value = self.text(name)
        if not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise RequestError("malformed", f'The field "{name}" must be an id.')
        return int(value)

    def texts(self, name: str) -> list[str]:
        """Return a field that must be a list of texts."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise RequestError("malformed", f'The field "{name}" must be a list of texts.')
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """Return a field that must be an object; a missing one is an empty one."""
        value = self.fields.get(name, {})
        if not isinstance(value, dict):
            raise RequestError("malformed", f'The field "{name}" must be an object.')
        return value


class Browser:
    """One open page: its socket, the personas it chose, what it was last shown."""

    def __init__(self, socket: web.WebSocketResponse, chosen: dict[Side, Persona]) -> None:
        self.socket = socket
        self.chosen = chosen
        self.place: int | None = None
        """The Discord channel or thread that it looks at, when it is not the room's."""
        self.changed = asyncio.Event()
        self.changed.set()
        self.shown = b""
        self.tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Awaitable[None]) -> None:
        """Run `work` beside the reading of requests, until it ends or the page closes."""
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def send(self, message: Mapping[str, Any]) -> None:
        """Send a message, unless the page has just gone."""
        await self.send_raw(orjson.dumps(message))

    async def send_raw(self, message: bytes) -> None:
        """Send an encoded message, unless the page has just gone."""
        if not self.socket.closed:
            try:
                await self.socket.send_str(message.decode())
            except ConnectionResetError:
                log.debug("a page went while it was written to")

    async def problem(self, to: object, code: str, text: str) -> None:
        """Tell the page that its request `to` came to nothing."""
        await self.send({"type": "problem", "to": to, "code": code, "text": text})

    async def close(self) -> None:
        """Stop what still runs for this page."""
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


# What remains of a request once it was accepted; what it returns is added to the acknowledgement.
Rest = Callable[[], Awaitable[dict[str, Any]]]
Verb = Callable[[Browser, Request], Awaitable[Rest | None]]


class Page:
    """Serves the page at `/` and its WebSocket at `/page/ws`.

    `locale` is the language of the rooms (the reader chooses that of the page's own words);
    `pace` is the least time between two states sent to one browser, in seconds.
    """

    def __init__(
        self,
        *,
        discord: DiscordPlatform,
        twitch: TwitchPlatform,
        personas: Sequence[Persona],
        discord_channel: int,
        twitch_channel: str,
        control: Control | None = None,
        locale: str = "fr",
        pace: float = 0.1,
    ) -> None:
        self._discord = discord
        self._twitch = twitch
        self._personas = {(persona.side, persona.key): persona for persona in personas}
        self._discord_channel = discord_channel
        self._twitch_channel = twitch_channel
        self._locale = locale
        self._pace = pace
        self._first = _first_of_each_side(personas)
        self._browsers: set[Browser] = set()
        self._incidents = incidents(discord.faults, twitch.faults, control)
        self._lasting: set[str] = set()
        self._files = {path.name: path for path in FILES.iterdir() if path.suffix in KINDS}
        self._verbs: dict[str, Verb] = {
            "persona": self._choose,
            "place": self._go,
            "say": self._say,
            "edit": self._edit,
            "voice": self._voice,
            "delete": self._delete,
            "slash": self._slash,
            "autocomplete": self._autocomplete,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "dismiss": self._dismiss,
            "twitch.say": self._twitch_say,
            "twitch.delete": self._twitch_delete,
            "event.delete": self._delete_event,
            "fault": self._fault,
        }
        discord.on_change(self._refresh)
        twitch.on_change(self._refresh)

    def mount(self, app: web.Application) -> None:
        """Add the page's routes; pages still open are closed when the application stops."""
        app.router.add_get("/", self._index)
        app.router.add_get("/page/ws", self._live)
        app.router.add_get("/page/{name}", self._file)
        app.on_shutdown.append(self._shutdown)

    async def close(self) -> None:
        """Close every open page (each one then tries to come back by itself)."""
        for browser in list(self._browsers):
            await browser.socket.close(code=WSCloseCode.GOING_AWAY, message=b"restarting")

    # The files

    async def _index(self, request: web.Request) -> web.StreamResponse:
        return self._served(request, "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._served(request, request.match_info["name"])

    def _served(self, request: web.Request, name: str) -> web.StreamResponse:
        _require_loopback(request)
        path = self._files.get(name)
        if path is None:
            raise web.HTTPNotFound(text="There is no such file.")
        headers = _headers(request.host) | {"Content-Type": KINDS[path.suffix]}
        return web.FileResponse(path, headers=headers)

    # The WebSocket

    async def _live(self, request: web.Request) -> web.StreamResponse:
        _require_loopback(request)
        _require_same_origin(request)
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=LARGEST_REQUEST)
        await socket.prepare(request)
        browser = Browser(socket, dict(self._first))
        self._browsers.add(browser)
        browser.start(self._show(browser))
        try:
            async for frame in socket:
                await self._hear(browser, frame)
        finally:
            self._browsers.discard(browser)
            await browser.close()
        return socket

    async def _shutdown(self, _app: web.Application) -> None:
        await self.close()

    def _refresh(self) -> None:
        for browser in self._browsers:
            browser.changed.set()

    async def _show(self, browser: Browser) -> None:
        while True:
            await browser.changed.wait()
            browser.changed.clear()
            state = orjson.dumps(self._state(browser), option=orjson.OPT_NON_STR_KEYS)
            if state != browser.shown:
                browser.shown = state
                await browser.send_raw(state)
            await asyncio.sleep(self._pace)

    def _state(self, browser: Browser) -> dict[str, Any]:
        discord = browser.chosen.get("discord")
        twitch = browser.chosen.get("twitch")
        return {
            "type": "state",
            "locale": self._locale,
            "discord": discord and self._discord.view(self._place(browser), int(discord.user_id)),
            "places": self._places(browser),
            "twitch": twitch and self._twitch.view(self._twitch_channel, str(twitch.user_id)),
            "personas": [
                _shown(persona, persona is browser.chosen.get(persona.side))
                for persona in self._personas.values()
            ],
            "incidents": [{"key": key, "on": key in self._lasting} for key in self._incidents],
        }

    def _places(self, browser: Browser) -> list[dict[str, Any]]:
        """Return the channels and threads that this page may look at, with which one it does."""
        discord = browser.chosen.get("discord")
        if discord is None:
            return []
        seen = self._discord.places(self._discord_channel, int(discord.user_id))
        place = str(self._place(browser))
        return [one | {"chosen": one["id"] == place} for one in seen if one["writable"]]

    def _place(self, browser: Browser) -> int:
        """Return where a page looks: the room's channel, unless its persona chose another and may see it."""
        place, discord = browser.place, browser.chosen.get("discord")
        if place is None or discord is None:
            return self._discord_channel
        return place if self._discord.sees(place, int(discord.user_id)) else self._discord_channel

    async def _hear(self, browser: Browser, frame: WSMessage) -> None:
        to = None
        try:
            request = Request.read(frame)
            to = request.fields.get("id")
            await self._do(browser, request, to)
        except Exception as error:  # noqa: BLE001  the edge: nothing sent may end it
            await browser.problem(to, *_said_of(error))

    async def _do(self, browser: Browser, request: Request, to: object) -> None:
        name = request.text("do")
        verb = self._verbs.get(name)
        if verb is None:
            raise RequestError("unknown-verb", f'Nothing here is called "{name}".')
        rest = await verb(browser, request)
        if rest is None:
            await browser.send({"type": "done", "to": to})
        else:
            # Waiting for the bot must not hold up what is typed meanwhile.
            browser.start(self._finish(browser, rest, to))

    async def _finish(self, browser: Browser, rest: Rest, to: object) -> None:
        try:
            outcome = await rest()
        except Exception as error:  # noqa: BLE001  the edge: told to the page
            await browser.problem(to, *_said_of(error))
        else:
            await browser.send({"type": "done", "to": to} | outcome)

    # What a browser may ask, by the name it uses

    async def _choose(self, browser: Browser, request: Request) -> None:
        side, key = request.text("side"), request.text("key")
        persona = next((p for p in self._personas.values() if (p.side, p.key) == (side, key)), None)
        if persona is None:
            raise RequestError("unknown-persona", f'Nobody here is called "{key}".')
        browser.chosen[persona.side] = persona
        browser.changed.set()

    async def _go(self, browser: Browser, request: Request) -> None:
        place = request.number("place")
        if not self._discord.sees(place, _user(browser)):
            raise RequestError("no-place", "This channel cannot be seen.")
        browser.place = place
        browser.changed.set()

    async def _say(self, browser: Browser, request: Request) -> None:
        await self._discord.say(_user(browser), self._place(browser), request.text("text"))

    async def _voice(self, browser: Browser, request: Request) -> None:
        """Go into a voice channel, or out of the one that one is in."""
        channel, user = request.number("channel"), _user(browser)
        here = self._discord.view(self._discord_channel, user)["voices"]
        if any(each["here"] and each["id"] == str(channel) for each in here):
            await self._discord.hang_up(user)
        else:
            await self._discord.speak_in(user, channel)

    async def _edit(self, browser: Browser, request: Request) -> None:
        message = request.number("message")
        await self._discord.edit(_user(browser), message, request.text("text"))

    async def _delete(self, browser: Browser, request: Request) -> None:
        message, user = request.number("message"), _user(browser)
        if browser.chosen["discord"].role == "patron" and not self._wrote(browser, user, message):
            raise RequestError("not-yours", "Only moderators delete what others wrote.")
        await self._discord.delete(message)

    async def _delete_event(self, browser: Browser, request: Request) -> None:
        event = request.number("event")
        if browser.chosen["discord"].role != "moderator":
            raise RequestError("not-yours", "Only moderators delete events.")
        self._discord.remove_event(self._discord.guild_of(self._discord_channel), event)

    async def _slash(self, browser: Browser, request: Request) -> Rest:
        command, user = request.text("command"), _user(browser)
        options = {name: _given(value) for name, value in request.mapping("options").items()}
        return _answer(await self._discord.slash(user, self._place(browser), command, **options))

    async def _autocomplete(self, browser: Browser, request: Request) -> Rest:
        command, option, typed = map(request.text, ("command", "option", "typed"))
        others, user = request.mapping("others"), _user(browser)

        async def choices() -> dict[str, Any]:
            offered = await self._discord.autocomplete(
                user, self._place(browser), command, option, typed, **others
            )
            return {"type": "choices", "choices": offered}

        return choices

    async def _click(self, browser: Browser, request: Request) -> Rest:
        message, custom_id = request.number("message"), request.text("custom_id")
        return _answer(await self._discord.click(_user(browser), message, custom_id))

    async def _select(self, browser: Browser, request: Request) -> Rest:
        message, custom_id = request.number("message"), request.text("custom_id")
        values = request.texts("values")
        return _answer(await self._discord.select(_user(browser), message, custom_id, values))

    async def _submit(self, browser: Browser, request: Request) -> Rest:
        opened, values = self._opened(browser, request), request.mapping("values")
        return _answer(await self._discord.submit(opened, values))

    async def _dismiss(self, browser: Browser, request: Request) -> None:
        self._discord.dismiss(self._opened(browser, request))

    def _opened(self, browser: Browser, request: Request) -> Interaction:
        """Return the interaction that opened a form, which must be this persona's own."""
        number = request.number("interaction")
        try:
            opened = self._discord.interaction(number)
        except LookupError as error:
            raise RequestError("modal-gone", "This form was opened too long ago.") from error
        if opened.user_id != _user(browser):
            raise RequestError("modal-gone", "This form was opened for somebody else.")
        return opened

    async def _twitch_say(self, browser: Browser, request: Request) -> None:
        text = request.text("text")
        await self._twitch.say(_chatter(browser), self._twitch_channel, text)

    async def _twitch_delete(self, browser: Browser, request: Request) -> None:
        _chatter(browser)
        if browser.chosen["twitch"].role == "patron":
            raise RequestError("not-yours", "Only moderators delete lines.")
        await self._twitch.delete_message(self._twitch_channel, request.text("line"))

    async def _fault(self, _browser: Browser, request: Request) -> Rest:
        key = request.text("key")
        incident = self._incidents.get(key)
        if incident is None:
            raise RequestError("unknown-incident", f'No incident is called "{key}".')

        async def provoke() -> dict[str, Any]:
            await incident.act()
            self._lasting = (self._lasting | incident.begins) - incident.ends
            self._refresh()
            return {}

        return provoke

    def _wrote(self, browser: Browser, user: int, message: int) -> bool:
        messages = self._discord.view(self._place(browser), user)["messages"]
        return any(
            str(m["id"]) == str(message) and str(m["author"]["id"]) == str(user) for m in messages
        )


def _given(value: Any) -> Any:
    """Return what was entered for an option; a file comes as {"file": its name, "data": base64}."""
    if not isinstance(value, dict):
        return value
    request = Request(value)
    try:
        body = b64decode(request.text("data"), validate=True)
    except ValueError as error:
        raise RequestError("malformed", "A file is sent as base64.") from error
    return picked(request.text("file"), body)


def _answer(interaction: Interaction) -> Rest:
    async def answered() -> dict[str, Any]:
        await interaction.answered(ANSWER_WITHIN)
        return {}

    return answered


def _first_of_each_side(personas: Sequence[Persona]) -> dict[Side, Persona]:
    first: dict[Side, Persona] = {}
    for persona in personas:
        first.setdefault(persona.side, persona)
    return first


def _shown(persona: Persona, chosen: bool) -> dict[str, Any]:
    return {
        "key": persona.key,
        "side": persona.side,
        "user_id": str(persona.user_id),
        "name": persona.name,
        "role": persona.role,
        "chosen": chosen,
    }


def _user(browser: Browser) -> int:
    return int(_acting(browser, "discord").user_id)


def _chatter(browser: Browser) -> str:
    return str(_acting(browser, "twitch").user_id)


def _acting(browser: Browser, side: Side) -> Persona:
    persona = browser.chosen.get(side)
    if persona is None:
        raise RequestError("unknown-persona", f"There is nobody to act as on {side}.")
    return persona


def _said_of(error: Exception) -> tuple[str, str]:
    """Return the code and the sentence that tell `error` to a person."""
    if isinstance(error, RequestError):
        return error.code, str(error)
    if isinstance(error, TimeoutError):
        return "no-answer", "The bot did not answer in time."
    text = str(error.args[0]) if error.args else ""
    if isinstance(error, Refused | LookupError | ValueError | PermissionError) and text:
        return "refused", text
    log.error("the page asked for something that failed", exc_info=error)
    return "failed", f"That failed: {text or type(error).__name__}."


def _require_loopback(request: web.Request) -> None:
    # A foreign name that resolves to this machine (DNS rebinding) arrives with its own Host.
    if not _is_loopback(URL.build(scheme="http", authority=request.host).host or ""):
        raise web.HTTPForbidden(text="This page is served on this machine only.")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _require_same_origin(request: web.Request) -> None:
    if request.headers.get("Origin", "") != f"http://{request.host}":
        raise web.HTTPForbidden(text="Only the page served here may open this connection.")


def _headers(host: str) -> dict[str, str]:
    policy = (
        "default-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
