"""Misbehaviour of the rehearsal Twitch on command, and what it has counted."""

from collections.abc import Iterable

from bot.rehearsal.twitch_chat import Chat, Drop
from bot.rehearsal.twitch_http import Failure, Outage, Refused
from bot.rehearsal.twitch_oauth import Tokens
from bot.rehearsal.twitch_sockets import Sockets
from bot.rehearsal.twitch_subscriptions import Subscriptions
from bot.rehearsal.twitch_world import World

WORDS = {
    401: "Invalid OAuth token",
    403: "Forbidden",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class TwitchFaults:
    """Orders given here take effect on the next request, socket or event they fit."""

    def __init__(
        self,
        world: World,
        tokens: Tokens,
        sockets: Sockets,
        subscriptions: Subscriptions,
        chat: Chat,
        outage: Outage,
        bot_id: str,
    ) -> None:
        self._world = world
        self._tokens = tokens
        self._sockets = sockets
        self._subscriptions = subscriptions
        self._chat = chat
        self._outage = outage
        self._bot_id = bot_id

    @property
    def refreshes(self) -> int:
        """How often a refresh token was presented."""
        return self._tokens.refreshes

    @property
    def validations(self) -> int:
        """How often a token was validated."""
        return self._tokens.validations

    @property
    def sends(self) -> int:
        """How many chat messages were asked to be sent, refused ones included."""
        return self._chat.sends

    @property
    def rate_violations(self) -> int:
        """How many chat messages came faster than Twitch allows."""
        return self._chat.rate_violations

    def fail(self, status: int, *, times: int = 1, method: str = "", path: str = "") -> None:
        """Answer the next `times` fitting requests with this status; `path` is a beginning ("/chat").

        Without a path, every Helix request fits and no OAuth request does.
        """
        headers: dict[str, str] = {}
        if status == 429:
            reset = str(int(self._world.clock()) + 1)
            headers = {
                "Ratelimit-Limit": "800",
                "Ratelimit-Remaining": "0",
                "Ratelimit-Reset": reset,
            }
        refusal = Refused(status, WORDS.get(status, "Refused"), headers)
        self._outage.failures.append(Failure(refusal, times, method, path))

    def fail_refresh(
        self, status: int = 400, message: str = "Invalid refresh token", *, times: int = 1
    ) -> None:
        """Refuse the next `times` token refreshes (without using the refresh token up)."""
        self._tokens.refresh_failures.extend(Refused(status, message) for _ in range(times))

    def disconnect_http(self, times: int = 1) -> None:
        """Close the connection of the next `times` HTTP requests without an answer."""
        self._outage.cuts += times

    def refuse_connections(self, seconds: float | None = None) -> None:
        """Cut every HTTP request and every new socket, for so long or until `accept_connections`."""
        self._outage.http_until = self._until(seconds)
        self.refuse_sockets(seconds)

    def refuse_sockets(self, seconds: float | None = None) -> None:
        """Cut every new socket; HTTP goes on."""
        self._outage.sockets_until = self._until(seconds)

    def accept_connections(self) -> None:
        """End every refusal to connect."""
        self._outage.http_until = self._outage.sockets_until = 0.0
        self._outage.cuts = 0

    def duplicate_next(self, n: int = 1, *, same_delivery: bool = True) -> None:
        """Deliver the next `n` notifications twice: the same frame, or the event under a new metadata id."""
        self._sockets.copies = n
        self._sockets.copies_same = same_delivery

    async def reconnect(self, *, same_session: bool = False, welcome_delay: float = 0.0) -> None:
        """Send session_reconnect to every socket; the old ones receive on until the new welcome."""
        await self._sockets.hand_over(same_session=same_session, welcome_delay=welcome_delay)

    async def drop(self, code: int = 4000) -> None:
        """Close every socket with this code; 1006 cuts the connection instead."""
        for session in list(self._sockets.open):
            await self._sockets.shut(session, code)

    def silence(self) -> None:
        """Send nothing more on the sockets open now, which stay open; what happens meanwhile is lost there."""
        for session in self._sockets.open:
            session.silent = True

    def speak(self) -> None:
        """End the silence."""
        for session in self._sockets.open:
            session.silent = False

    def hold(self) -> None:
        """Keep notifications back until `release`."""
        self._sockets.held = self._sockets.held or []

    async def release(self, order: Iterable[int] | None = None) -> None:
        """Send what was held: in order of arrival, or as these indices say ([2, 0, 1]); an index may recur."""
        await self._sockets.release(order)

    def reject_next(self, code: str, message: str, n: int = 1) -> None:
        """Drop the next `n` chat messages sent: status 200, is_sent false, with this reason."""
        self._chat.rejections.extend(Drop(code, message) for _ in range(n))

    def expire_token(self) -> None:
        """Make the bot's access token invalid until it is refreshed."""
        self._tokens.expire(self._bot_id)

    def expire_app_token(self) -> None:
        """Make the application's access tokens invalid; it has to ask for a new one."""
        self._tokens.expire(None)

    async def revoke(self, status: str = "authorization_revoked") -> None:
        """End every subscription with a revocation frame; a withdrawn authorisation ends the tokens too."""
        for subscription in list(self._subscriptions.enabled.values()):
            await self._sockets.revoke(subscription, status)
        if status == "authorization_revoked":
            self._tokens.forget(self._bot_id)
        self._world.changed()

    def _until(self, seconds: float | None) -> float:
        return float("inf") if seconds is None else self._world.clock() + seconds
