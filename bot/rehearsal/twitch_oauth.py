"""Tokens of the rehearsal Twitch and the four endpoints of its identity service (id.twitch.tv).

Source of the shapes: dev.twitch.tv/docs/authentication. Parameters are taken from the query and from a form body
alike, since Twitch takes both and client libraries differ.
"""

import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.rehearsal.twitch_http import Answer, Call, Handler, Refused
from bot.rehearsal.twitch_world import User, World

USER_SECONDS = 14_400
APP_SECONDS = 5_184_000
DEVICE_SECONDS = 1_800
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token; an application's own has no user and no refresh token."""

    access: str
    refresh: str
    user: User | None
    scopes: tuple[str, ...]
    expires_at: float
    public: bool = False

    def allows(self, *scopes: str) -> bool:
        """Whether at least one of these scopes was granted (true when none is asked)."""
        return not scopes or not set(scopes).isdisjoint(self.scopes)


@dataclass(slots=True)
class Device:
    """A device-code request that waits for its user."""

    code: str
    user_code: str
    scopes: tuple[str, ...]
    expires_at: float
    user: User | None = None


class Tokens:
    """Issues, checks, rotates and revokes tokens for one application."""

    def __init__(self, world: World, client_id: str, client_secret: str) -> None:
        self.client_id = client_id
        self.client_secret = client_secret
        self.device_interval = 5
        self.refreshes = 0
        self.validations = 0
        self.refresh_failures: deque[Refused] = deque()
        self._world = world
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}
        self._devices: dict[str, Device] = {}

    def issue(self, user: User | None, scopes: tuple[str, ...], *, public: bool = False) -> Token:
        """Make a token for this user, or for the application when there is none."""
        seconds = USER_SECONDS if user else APP_SECONDS
        token = Token(
            access=secrets.token_hex(15),
            refresh=secrets.token_hex(25) if user else "",
            user=user,
            scopes=scopes,
            expires_at=self._world.clock() + seconds,
            public=public,
        )
        self._by_access[token.access] = token
        if user:
            self._by_refresh[token.refresh] = token
            self._world.grant(user.id, *scopes)
        return token

    def find(self, access: str) -> Token | None:
        """Return the valid token with this text."""
        token = self._by_access.get(access)
        if token is None or token.expires_at <= self._world.clock():
            return None
        return token

    def current(self, user_id: str) -> Token:
        """Return the newest token of this user, valid or expired; LookupError when there is none."""
        for token in reversed(self._by_refresh.values()):
            if token.user and token.user.id == user_id:
                return token
        raise LookupError(f"user {user_id} has no token")

    def expire(self, user_id: str | None) -> None:
        """Make every access token of this user (None: of the application) invalid; refreshing still works."""
        for token in list(self._by_access.values()):
            if (token.user.id if token.user else None) == user_id:
                gone = replace(token, expires_at=0.0)
                self._by_access[token.access] = gone
                if token.refresh:
                    self._by_refresh[token.refresh] = gone

    def forget(self, user_id: str) -> None:
        """Revoke everything this user has granted: neither access nor refresh tokens work any more."""
        self._by_access = {
            key: token for key, token in self._by_access.items() if not _belongs(token, user_id)
        }
        self._by_refresh = {
            key: token for key, token in self._by_refresh.items() if not _belongs(token, user_id)
        }
        self._world.grants.pop(user_id, None)

    def rotate(self, refresh: str) -> Token:
        """Exchange a refresh token, once. Refused(400) when it is unknown or has been used."""
        old = self._by_refresh.pop(refresh, None)
        if old is None:
            raise Refused(400, "Invalid refresh token")
        self._by_access.pop(old.access, None)
        return self.issue(old.user, old.scopes, public=old.public)

    def ask_device(self, scopes: tuple[str, ...]) -> Device:
        """Open a device-code request."""
        device = Device(
            code=secrets.token_urlsafe(30),
            user_code="".join(secrets.choice(CODE_LETTERS) for _ in range(8)),
            scopes=scopes,
            expires_at=self._world.clock() + DEVICE_SECONDS,
        )
        self._devices[device.code] = device
        return device

    def approve(self, user_code: str, user: User) -> None:
        """Let the user with this code in front of them agree; LookupError when the code is unknown."""
        for device in self._devices.values():
            if device.user_code == user_code:
                device.user = user
                return
        raise LookupError("unknown user code")

    def redeem(self, device_code: str) -> Token:
        """Exchange an approved device code, once. Refused(400) while it is pending, expired or used."""
        device = self._devices.get(device_code)
        if device is None or device.expires_at <= self._world.clock():
            raise Refused(400, "invalid device code")
        if device.user is None:
            raise Refused(400, "authorization_pending")
        del self._devices[device_code]
        return self.issue(device.user, device.scopes, public=True)

    def revoke(self, access: str) -> None:
        """Invalidate one token. Refused(400) when it is unknown."""
        token = self._by_access.pop(access, None)
        if token is None:
            raise Refused(400, "Invalid token")
        self._by_refresh.pop(token.refresh, None)

    def seconds_left(self, token: Token) -> int:
        """Return how long this token lasts."""
        return max(0, int(token.expires_at - self._world.clock()))

    def is_public(self, refresh: str) -> bool:
        """Whether this refresh token came from a device code, so that no secret is asked for it."""
        token = self._by_refresh.get(refresh)
        return token is not None and token.public


class OAuth:
    """The endpoints under `/id`."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def table(self) -> dict[tuple[str, str], Handler]:
        """Return the handlers by method and path."""
        return {
            ("POST", "/oauth2/token"): self.token,
            ("GET", "/oauth2/validate"): self.validate,
            ("POST", "/oauth2/revoke"): self.revoke,
            ("POST", "/oauth2/device"): self.device,
        }

    async def token(self, call: Call) -> Answer:
        """Serve the grants client_credentials, refresh_token and device_code."""
        given = _parameters(call)
        self._check_client(given)
        match given.get("grant_type"):
            case "client_credentials":
                self._check_secret(given)
                return self._granted(self._tokens.issue(None, ()))
            case "refresh_token":
                return self._granted(self._refreshed(given))
            case grant if grant == DEVICE_GRANT:
                return self._granted(self._tokens.redeem(given.get("device_code", "")))
            case _:
                raise Refused(400, "Invalid grant type")

    async def validate(self, call: Call) -> Answer:
        """Say what a token is good for."""
        self._tokens.validations += 1
        words = call.headers.get("Authorization", "").split()
        token = self._tokens.find(words[-1]) if words else None
        if token is None:
            raise Refused(401, "invalid access token")
        body: dict[str, Any] = {
            "client_id": self._tokens.client_id,
            "scopes": list(token.scopes),
            "expires_in": self._tokens.seconds_left(token),
        }
        if token.user:
            body |= {"login": token.user.login, "user_id": token.user.id}
        return Answer(body=body)

    async def revoke(self, call: Call) -> Answer:
        """Invalidate a token."""
        given = _parameters(call)
        self._check_client(given)
        self._tokens.revoke(given.get("token", ""))
        return Answer()

    async def device(self, call: Call) -> Answer:
        """Open a device-code request."""
        given = _parameters(call)
        self._check_client(given)
        scopes = given.get("scopes") or given.get("scope") or ""
        if not scopes:
            raise Refused(400, "missing scopes")
        device = self._tokens.ask_device(tuple(scopes.split()))
        return Answer(
            body={
                "device_code": device.code,
                "expires_in": DEVICE_SECONDS,
                "interval": self._tokens.device_interval,
                "user_code": device.user_code,
                "verification_uri": f"{call.base}/activate?device-code={device.user_code}",
            }
        )

    def _refreshed(self, given: Mapping[str, str]) -> Token:
        self._tokens.refreshes += 1
        if self._tokens.refresh_failures:
            raise self._tokens.refresh_failures.popleft()
        refresh = given.get("refresh_token", "")
        if not self._tokens.is_public(refresh):
            self._check_secret(given)
        return self._tokens.rotate(refresh)

    def _check_client(self, given: Mapping[str, str]) -> None:
        if not given.get("client_id"):
            raise Refused(400, "missing client id")
        if given["client_id"] != self._tokens.client_id:
            raise Refused(400, "invalid client")

    def _check_secret(self, given: Mapping[str, str]) -> None:
        if not given.get("client_secret"):
            raise Refused(400, "missing client secret")
        if given["client_secret"] != self._tokens.client_secret:
            raise Refused(403, "invalid client secret")

    def _granted(self, token: Token) -> Answer:
        body: dict[str, Any] = {
            "access_token": token.access,
            "expires_in": self._tokens.seconds_left(token),
            "token_type": "bearer",
        }
        if token.user:
            body |= {"refresh_token": token.refresh, "scope": list(token.scopes)}
        return Answer(body=body)


def _belongs(token: Token, user_id: str) -> bool:
    return token.user is not None and token.user.id == user_id


def _parameters(call: Call) -> dict[str, str]:
    given = {key: values[0] for key, values in call.query.items()}
    if isinstance(call.body, dict):
        given |= {str(key): str(value) for key, value in call.body.items()}
    return given
