"""The library's HTTP client with our manners: the bot's own token, one renewal at a time, time limits, clean errors.

Every call of the library (Helix) passes through `request` here. Secrets travel in headers and form bodies
only, never in an address, so no exception and no log can quote them.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import orjson
from twitchio.authentication import ManagedHTTPClient
from twitchio.client import Client
from twitchio.http import Route
from twitchio.types_.responses import RawResponse

from bot.twitch_errors import TwitchBusy, TwitchRefused, TwitchUnreachable
from bot.twitch_tokens import Keyring

TIMEOUT: Final = aiohttp.ClientTimeout(total=10.0, connect=5.0)
LONGEST_WAIT_S: Final = 60.0
_DEAD_TOKEN: Final = frozenset({"invalid oauth token", "invalid access token"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer: `body` is decoded JSON when Twitch said it was."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def message(self) -> str:
        """Twitch's own sentence, if there is one."""
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else ""


class TwitchHTTP(ManagedHTTPClient):
    """`ManagedHTTPClient` for one user token. Raises `TwitchBusy`, `TwitchUnreachable`, `TwitchRefused`, and
    `TwitchAuthError` when the token cannot be renewed.
    """

    keyring: Keyring

    def __init__(self, *, client_id: str, client_secret: str | None, client: Client) -> None:
        super().__init__(client_id=client_id, client_secret=client_secret, client=client)
        self._shut = False

    async def request(self, route: Route) -> RawResponse | str | None:
        """Do one request of the library on the bot's token."""
        what = f"{route.method} {route.path}"
        token = self.keyring.access
        answer = await self._bearing(token, route)
        if answer.status == 401 and answer.message.casefold() in _DEAD_TOKEN:
            answer = await self._bearing(await self.keyring.renew(token), route)
        self._judge(what, answer)
        body: RawResponse | str | None = None if answer.status == 204 else answer.body
        return body

    async def request_json(self, route: Route) -> Any:
        """Do one request whose answer must be JSON, or nothing."""
        body = await self.request(route)
        if isinstance(body, str):
            raise TwitchBusy(f"{route.method} {route.path} did not answer in JSON", maybe_done=True)
        return body

    async def validate(self, access: str) -> tuple[int, Mapping[str, Any]]:
        """See `Identity.validate`."""
        url = f"{Route.ID_BASE}oauth2/validate"
        answer = await self._exchange("GET", url, {"Authorization": f"OAuth {access}"})
        return _identity("oauth2/validate", answer)

    async def refresh(self, refresh: str) -> tuple[int, Mapping[str, Any]]:
        """See `Identity.refresh`. The parameters go in the body, where no address shows them."""
        form = {
            "client_id": self.client_id,
            "grant_type": "refresh_token",
            "refresh_token": refresh,
        }
        if self.client_secret:
            form["client_secret"] = self.client_secret
        answer = await self._exchange("POST", f"{Route.ID_BASE}oauth2/token", {}, form=form)
        return _identity("oauth2/token", answer)

    async def close(self) -> None:
        """Close for good; the library would quietly open a new session for a late request."""
        self._shut = True
        await super().close()

    async def _init_session(self) -> None:
        if not self._session_set:
            self._session_set = True
            self._session = aiohttp.ClientSession(
                headers=self.headers, timeout=TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()
            )

    async def _bearing(self, token: str, route: Route) -> Answer:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return await self._exchange(route.method, route.url, headers, json=route.json or None)

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: dict[str, str],
        *,
        json: Any = None,
        form: dict[str, str] | None = None,
    ) -> Answer:
        if self._shut:
            raise TwitchUnreachable("the client is closed")
        await self._init_session()
        path = url.partition("?")[0].rpartition("/")[2]
        try:
            async with self._session.request(
                method, url, headers=headers, json=json, data=form
            ) as response:
                return Answer(response.status, response.headers, await _decoded(response))
        except aiohttp.ClientConnectorError as error:
            raise TwitchUnreachable(f"no connection for {path}: {type(error).__name__}") from None
        except (aiohttp.ClientError, OSError, TimeoutError, RuntimeError) as error:
            # RuntimeError: the session was closed meanwhile. The cause may carry our headers: leave it out.
            raise TwitchUnreachable(
                f"no answer for {path}: {type(error).__name__}", maybe_done=True
            ) from None

    def _judge(self, what: str, answer: Answer) -> None:
        if answer.status < 400:
            return
        if answer.status == 429:
            raise TwitchBusy(f"{what}: too many requests", _until_reset(answer.headers))
        if answer.status >= 500:
            raise TwitchBusy(f"{what} answered {answer.status}", maybe_done=True)
        raise TwitchRefused(what, answer.status, self._clean(answer.message))

    def _clean(self, text: str) -> str:
        for secret in (*self.keyring.secrets, self.client_secret):
            if secret:
                text = text.replace(secret, "…")
        return text


def _identity(what: str, answer: Answer) -> tuple[int, Mapping[str, Any]]:
    if answer.status == 429:
        raise TwitchBusy(f"{what}: too many requests", _until_reset(answer.headers))
    if answer.status >= 500 or not isinstance(answer.body, dict):
        raise TwitchBusy(f"{what} answered {answer.status}")
    return answer.status, answer.body


async def _decoded(response: aiohttp.ClientResponse) -> Any:
    raw = await response.read()
    if not response.headers.get("Content-Type", "").startswith("application/json"):
        return raw.decode(errors="replace")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return raw.decode(errors="replace")


def _until_reset(headers: Mapping[str, str]) -> float:
    """Seconds until `Ratelimit-Reset`, by the answer's own clock: the machine's may be wrong."""
    try:
        reset = float(headers["Ratelimit-Reset"])
    except (KeyError, ValueError):
        return 1.0
    try:
        now = parsedate_to_datetime(headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        now = time.time()
    return min(max(reset - now, 0.5), LONGEST_WAIT_S)
