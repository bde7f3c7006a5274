"""Logging: one line per thing that happened, with identifiers, never with chat text or secrets."""

import logging
import re
import sys
from collections.abc import Iterable

import orjson

_TOKENS = re.compile(
    r"(?i)\b(client_secret|refresh_token|access_token|token|code|authorization|oauth|bearer|bot)"
    r"(['\"]?\s*[=: ]\s*['\"]?)(?:(?:oauth|bearer|bot)[: ]\s*)?([A-Za-z0-9_.\-]{16,})"
)
_ADDRESSES = re.compile(r"(?i)/(webhooks|interactions)/(\d+)/[A-Za-z0-9_.\-=]{16,}")
"""Discord puts an interaction's credential into the path."""


class Redactor:
    """Takes secrets out of texts: those it was told, and whatever looks like a credential."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted(
            (secret for secret in secrets if len(secret) >= 4), key=len, reverse=True
        )

    def learn(self, secret: str) -> None:
        """Also take out this one from now on."""
        if len(secret) >= 4 and secret not in self._secrets:
            self._secrets.append(secret)
            self._secrets.sort(key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _TOKENS.sub(r"\1\2[secret]", _ADDRESSES.sub(r"/\1/\2/[secret]", text))


class _Text(logging.Formatter):
    """Time, level, logger, message; tracebacks redacted like the rest."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%S%z")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return self._redact(super().format(record))


class _Json(logging.Formatter):
    """One JSON object a line."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%S%z")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON line of a record."""
        row = {
            "at": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if record.exc_info:
            row["exception"] = self._redact(self.formatException(record.exc_info))
        return orjson.dumps({key: _utf8(value) for key, value in row.items()}).decode()


def _utf8(text: str) -> str:
    """Return a text that can be written whatever came from outside: half a surrogate pair must not lose a line."""
    return text.encode("utf-8", "backslashreplace").decode()


def set_up(level: str, form: str, redact: Redactor) -> None:
    """Send all logs to standard error in one form; the libraries speak from WARNING on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(redact) if form == "json" else _Text(redact))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in ("discord", "twitchio", "aiohttp", "asyncio", "aiosqlite"):
        logging.getLogger(library).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("discord.client").addFilter(_not_about_voice)


def _not_about_voice(record: logging.LogRecord) -> bool:
    return "voice will NOT be supported" not in record.msg
