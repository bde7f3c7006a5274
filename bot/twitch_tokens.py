"""The bot account's two tokens: kept, renewed one at a time and ahead of expiry, validated every hour.

A refresh token may be good for one use only. So a new pair is stored before it is used, a renewal is never interrupted
half-way, and nobody renews twice for the same expiry. Where the pair is kept is the store's business.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from bot.twitch_errors import TwitchAuthError, TwitchBusy

REQUIRED_SCOPES: Final = frozenset({"user:read:chat", "user:write:chat"})
RENEW_AHEAD_S: Final = 900.0
VALIDATE_EVERY_S: Final = 3600.0
RETRY_S: Final = 20.0
_FOREVER: Final = float("inf")

log = logging.getLogger(__name__)


class TokenStore(Protocol):
    """Where the pair lives between runs."""

    async def load(self) -> tuple[str, str]:
        """Return (access token, refresh token); empty strings when there are none."""

    async def save(self, access: str, refresh: str) -> None:
        """Keep the pair durably before returning."""


class Identity(Protocol):
    """Twitch's identity service, as far as a keyring needs it; passing failures raise `TwitchBusy`."""

    async def validate(self, access: str) -> tuple[int, Mapping[str, Any]]:
        """Ask what an access token is good for: (HTTP status, body)."""

    async def refresh(self, refresh: str) -> tuple[int, Mapping[str, Any]]:
        """Exchange a refresh token for a new pair: (HTTP status, body)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token and the refresh token that came with it; never shown."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


class Keyring:
    """Holds the pair in use. `care` must run for as long as the client does."""

    def __init__(
        self,
        *,
        store: TokenStore,
        identity: Identity,
        bot_id: str,
        client_id: str,
        clock: Callable[[], float],
        tick_s: float = 1.0,
    ) -> None:
        self._store = store
        self._identity = identity
        self._bot_id = bot_id
        self._client_id = client_id
        self._clock = clock
        self._tick_s = tick_s
        self._pair = Pair("", "")
        self._expires_at = _FOREVER
        self._ahead_s = RENEW_AHEAD_S
        self._validate_at = 0.0
        self._care_at = 0.0
        self._unsaved = False
        self._renewal: asyncio.Task[None] | None = None
        self._dead: TwitchAuthError | None = None

    @property
    def access(self) -> str:
        """The access token to use now."""
        return self._pair.access

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(secret for secret in (self._pair.access, self._pair.refresh) if secret)

    @property
    def expires_in_s(self) -> float:
        """Seconds until the access token expires; infinite when unknown."""
        return self._expires_at - self._clock()

    async def open(self) -> None:
        """Load, validate and if need be renew the pair.

        Raises `TwitchAuthError` when it is missing, dead, somebody else's or lacks a permission; `TwitchBusy` when
        Twitch did not answer.
        """
        self._pair = Pair(*await self._store.load())
        if not self._pair.access and not self._pair.refresh:
            raise TwitchAuthError("there is no Twitch token yet: run `ensemble setup`")
        await self._validate()

    async def renew(self, stale: str) -> str:
        """Return an access token newer than `stale`, renewing at most once for all who ask together."""
        if self._dead is not None:
            raise self._dead
        if self._pair.access == stale:
            if self._renewal is None or self._renewal.done():
                self._renewal = asyncio.create_task(self._renew(), name="twitch token renewal")
                self._renewal.add_done_callback(_retrieve)
            # An interrupted renewal would lose a pair that Twitch has already exchanged.
            await asyncio.shield(self._renewal)
        return self._pair.access

    async def care(self) -> None:
        """Validate hourly, renew ahead of expiry, for ever; raises `TwitchAuthError` once the account is unusable."""
        while True:
            await asyncio.sleep(self._tick_s)
            if self._dead is not None:
                raise self._dead
            now = self._clock()
            if now < self._care_at:
                continue
            try:
                await self._look_after(now)
            except TwitchAuthError:
                raise
            except TwitchBusy as error:
                self._care_at = now + max(RETRY_S, error.retry_after)
            except Exception as error:  # noqa: BLE001 - supervision: the care of tokens must not die silently
                self._care_at = now + RETRY_S
                log.error("care of the twitch token failed: %s", type(error).__name__)

    def doubt(self) -> None:
        """Have the token validated as soon as possible."""
        self._validate_at = self._care_at = 0.0

    async def close(self) -> None:
        """Let a renewal that has begun reach the store."""
        if self._renewal is not None and not self._renewal.done():
            await asyncio.wait({self._renewal}, timeout=10.0)

    async def _look_after(self, now: float) -> None:
        if self._unsaved:
            await self._persist(self._pair)
        if self._expires_at - now <= self._ahead_s:
            await self.renew(self._pair.access)
        elif now >= self._validate_at:
            await self._validate()

    async def _validate(self) -> None:
        for _ in range(2):
            access = self._pair.access
            status, body = await self._identity.validate(access) if access else (401, {})
            if status == 200:
                self._accept(body)
                return
            if status != 401:
                raise TwitchBusy(f"oauth2/validate answered {status}", RETRY_S)
            await self.renew(access)
        self._die("Twitch refuses the token that it has just issued")

    def _accept(self, body: Mapping[str, Any]) -> None:
        if body.get("client_id") != self._client_id:
            self._die("the token was issued to another application (client id)")
        if body.get("user_id") != self._bot_id:
            self._die(
                f"the token belongs to {body.get('login') or 'no user'}, not to the bot's account"
            )
        missing = REQUIRED_SCOPES - set(body.get("scopes") or ())
        if missing:
            self._die(f"the token lacks the permission {', '.join(sorted(missing))}")
        self._lasts(body.get("expires_in"))

    def _lasts(self, expires_in: Any) -> None:
        now = self._clock()
        # Twitch answers 0 for the few old tokens that never expire.
        life = float(expires_in) if expires_in else _FOREVER
        self._expires_at = now + life
        self._ahead_s = min(RENEW_AHEAD_S, life / 4)
        self._validate_at = now + VALIDATE_EVERY_S

    async def _renew(self) -> None:
        pair = self._pair
        status, body = await self._identity.refresh(pair.refresh)
        if status in (400, 401, 403):
            # Another process (`ensemble setup`) may have stored a newer pair since we loaded ours.
            stored = Pair(*await self._store.load())
            if stored.refresh not in ("", pair.refresh):
                pair = stored
                status, body = await self._identity.refresh(pair.refresh)
        if status in (400, 401, 403):
            self._die("Twitch refuses the refresh token: the account must be connected again")
        try:
            new = Pair(str(body["access_token"]), str(body.get("refresh_token") or pair.refresh))
        except KeyError:
            raise TwitchBusy(f"oauth2/token answered {status} without a token", RETRY_S) from None
        await self._persist(new)
        self._pair = new
        self._lasts(body.get("expires_in"))
        log.info("twitch token renewed")

    async def _persist(self, pair: Pair) -> None:
        try:
            await self._store.save(pair.access, pair.refresh)
        except Exception as error:  # noqa: BLE001 - the old pair is spent: a full disk must not cost the login as well
            self._unsaved = True
            log.error(
                "the new twitch token could not be stored (%s); trying again", type(error).__name__
            )
        else:
            self._unsaved = False

    def _die(self, reason: str) -> None:
        self._dead = TwitchAuthError(reason)
        raise self._dead


def _retrieve(task: asyncio.Task[None]) -> None:
    """Look at a task's exception so that asyncio does not report it as forgotten; waiters get it anyway."""
    if not task.cancelled():
        task.exception()
