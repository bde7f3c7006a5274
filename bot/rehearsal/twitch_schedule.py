"""The rehearsal Twitch's schedule: single dates and weekly ones, as Helix takes, changes and shows them."""

import base64
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.rehearsal.twitch_http import Refused
from bot.rehearsal.twitch_world import Channel

SHORTEST, LONGEST, LONGEST_TITLE = 30, 1380, 140
MOST_PAGE = 25


def shown(channel: Channel, first: int, after: str) -> tuple[list[dict[str, Any]], str]:
    """Return a page of what comes, soonest first, and where the next begins; 404 while there is nothing."""
    if not channel.segments:
        raise Refused(404, "segments were not found")
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    rows = sorted(
        (row for row in channel.segments.values() if row["end_time"] > now),
        key=lambda row: (row["start_time"], row["id"]),
    )
    begin = int(after or 0)
    page = rows[begin : begin + first]
    return page, str(begin + first) if begin + first < len(rows) else ""


def add(channel: Channel, body: dict[str, Any]) -> dict[str, Any]:
    """Add a segment as a request describes it."""
    recurring = body.get("is_recurring", True)
    if not recurring and not channel.affiliate:
        raise Refused(403, "Only partners and affiliates may add non-recurring broadcast segments")
    start, minutes = _start(body.get("start_time")), _minutes(body.get("duration"))
    _check(body)
    if "timezone" not in body:
        raise Refused(400, 'Missing required parameter "timezone"')
    inner = {
        "segmentID": str(uuid.uuid4()),
        "isoYear": start.year,
        "isoWeek": start.isocalendar().week,
    }
    row = {
        "id": base64.b64encode(json.dumps(inner).encode()).decode(),
        "start_time": _stamp(start),
        "end_time": _stamp(start + minutes),
        "title": body.get("title", ""),
        "canceled_until": None,
        "category": None,
        "is_recurring": recurring,
    }
    channel.segments[row["id"]] = row
    return row


def change(channel: Channel, segment_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change a segment."""
    row = channel.segments.get(segment_id)
    if row is None:
        raise Refused(404, "The specified broadcast segment was not found")
    _check(body)
    start = _start(body.get("start_time", row["start_time"]))
    length = datetime.fromisoformat(row["end_time"]) - datetime.fromisoformat(row["start_time"])
    if "duration" in body:
        length = _minutes(body["duration"])
    row |= {"start_time": _stamp(start), "end_time": _stamp(start + length)}
    row["title"] = body.get("title", row["title"])
    if "is_canceled" in body:
        row["canceled_until"] = row["end_time"] if body["is_canceled"] else None
    return row


def _check(body: dict[str, Any]) -> None:
    if len(body.get("title") or "") > LONGEST_TITLE:
        raise Refused(400, "The string in the title field is too long")
    if "timezone" in body:
        try:
            ZoneInfo(body["timezone"])
        except (ValueError, OSError, KeyError):
            raise Refused(400, "The value in the timezone field is not valid") from None


def _start(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise Refused(
            400, "The format of the date and time in the start_time field is not valid"
        ) from None


def _minutes(value: Any) -> timedelta:
    if not str(value).isdigit() or not SHORTEST <= int(value) <= LONGEST:
        raise Refused(400, "The value in the duration field is not valid")
    return timedelta(minutes=int(value))


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
