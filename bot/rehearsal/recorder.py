"""What passed between the bot and the rehearsal platforms, kept as facts: one row per HTTP exchange or frame.

The page's `--record FILE`, the checks against the vendors' OpenAPI documents and the tests all read these rows.
Nothing here knows what a request means.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

import orjson

SECRETS = frozenset({"token", "client_secret", "refresh_token", "access_token", "code"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request and its answer; bodies are decoded JSON (or None)."""

    at: float
    side: str
    method: str
    path: str
    query: Mapping[str, list[str]]
    request: Any
    status: int
    response: Any

    def row(self) -> dict[str, Any]:
        """Return the exchange as a JSON-ready mapping, credentials blanked."""
        return {
            "at": self.at,
            "side": self.side,
            "kind": "http",
            "method": self.method,
            "path": self.path,
            "query": _blank(self.query),
            "request": _blank(self.request),
            "status": self.status,
            "response": _blank(self.response),
        }


@dataclass(frozen=True, slots=True)
class Frame:
    """One WebSocket frame; `sent` is from the platform to the bot, `received` the reverse."""

    at: float
    side: str
    direction: Literal["sent", "received"]
    data: Any

    def row(self) -> dict[str, Any]:
        """Return the frame as a JSON-ready mapping, credentials blanked."""
        return {
            "at": self.at,
            "side": self.side,
            "kind": "frame",
            "direction": self.direction,
            "data": _blank(self.data),
        }


class Recorder:
    """Passes each row to its listeners and, given a path, appends it to a file as a JSON line.

    Without a path and without a listener it costs one truth test per row.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file: BinaryIO | None = path.open("ab") if path else None
        self._listeners: list[Callable[[Exchange | Frame], None]] = []

    @property
    def wanted(self) -> bool:
        """Whether anybody reads; callers may skip building rows when nobody does."""
        return self._file is not None or bool(self._listeners)

    def listen(self, listener: Callable[[Exchange | Frame], None]) -> None:
        """Call `listener` with each row from now on."""
        self._listeners.append(listener)

    def http(
        self,
        side: str,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        request: Any,
        status: int,
        response: Any,
    ) -> None:
        """Record one HTTP exchange."""
        if self.wanted:
            self._keep(Exchange(time.time(), side, method, path, query, request, status, response))

    def frame(self, side: str, direction: Literal["sent", "received"], data: Any) -> None:
        """Record one WebSocket frame."""
        if self.wanted:
            self._keep(Frame(time.time(), side, direction, data))

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _keep(self, row: Exchange | Frame) -> None:
        for listener in self._listeners:
            listener(row)
        if self._file is not None:
            self._file.write(orjson.dumps(row.row(), option=orjson.OPT_APPEND_NEWLINE))
            self._file.flush()


def _blank(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: "…" if k in SECRETS and v else _blank(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_blank(item) for item in value]
    return value
