"""What the rehearsal Discord answers when it refuses: status, JSON code, message and the errors of a form.

The codes are those of Discord's "Opcodes and status codes" page. Who refuses what is said elsewhere.
"""

from typing import Any


class Refused(Exception):
    """A request that Discord would refuse; becomes the HTTP answer `status` with `body()`."""

    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Return the JSON body of the refusal."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body


class Form:
    """Gathers what is wrong with one request body, each fault at its path."""

    def __init__(self) -> None:
        self._errors: dict[str, Any] = {}

    def wrong(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        """Note one fault at `path`."""
        place = self._errors
        for step in path:
            place = place.setdefault(str(step), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: tuple[str | int, ...], value: Any, most: int, *, least: int = 0) -> None:
        """Note a fault when the text or list `value` is shorter than `least` or longer than `most`."""
        size = len(value) if value is not None else 0
        if size > most:
            self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        elif size < least:
            self.wrong(
                path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
            )

    def between(
        self, path: tuple[str | int, ...], value: int | None, least: int, most: int
    ) -> None:
        """Note a fault when a number is less than `least` or more than `most`."""
        if value is not None and value < least:
            text = f"int value should be greater than or equal to {least}."
            self.wrong(path, "NUMBER_TYPE_MIN", text)
        elif value is not None and value > most:
            self.wrong(
                path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}."
            )

    def required(self, path: tuple[str | int, ...]) -> None:
        """Note a missing field."""
        self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

    def finish(self) -> None:
        """Raise `Refused` (50035 Invalid Form Body) when anything was noted."""
        if self._errors:
            raise self.refusal()

    def refusal(self) -> Refused:
        """Return the refusal with all that was noted."""
        return Refused(400, 50035, "Invalid Form Body", self._errors)


def unknown(what: str) -> Refused:
    """Return the refusal for a thing that does not exist ("Channel", "Message", …)."""
    return Refused(404, _UNKNOWN[what], f"Unknown {what}")


def missing_access() -> Refused:
    """Return the refusal for a channel that cannot be seen."""
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    """Return the refusal for a permission that the bot lacks."""
    return Refused(403, 50013, "Missing Permissions")


def thread_archived() -> Refused:
    """Return the refusal for a thread that was put away."""
    return Refused(400, 50083, "Thread is archived")


def slowmode() -> Refused:
    """Return the refusal for a message that comes too soon after the same person's last one."""
    return Refused(429, 20016, "This action cannot be performed due to slowmode rate limit")


def empty_message() -> Refused:
    """Return the refusal for a message with nothing in it."""
    return Refused(400, 50006, "Cannot send an empty message")


_UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
    "Guild Scheduled Event": 10070,
    "Voice State": 10065,
}
