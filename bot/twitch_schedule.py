"""What of the agenda stands in a Twitch channel's schedule.

Twitch lets only the broadcaster change it. The bot has one account, so it can where that account is the channel's own
and its token has the scope `channel:manage:schedule`; single dates are for affiliates and partners (Twitch's rule).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bot.people import visible
from bot.projections import Place, Showing, Unreachable, Unwelcome
from bot.storage.rooms import Room
from bot.twitch_client import Segment, TwitchClient, TwitchError, TwitchRefused
from bot.wording.agenda import called
from bot.wording.speech import Speech, clip
from games.core import Platform
from games.projection import Content, Found

LONGEST_TITLE = 140
SHORTEST, LONGEST = 30, 1380
"""Minutes of a segment."""


class TwitchSchedule:
    """The schedule of the channel that the bot's own account is, if it is one."""

    platform: Platform = "twitch"

    def __init__(self, client: Callable[[], TwitchClient | None], bot_id: str) -> None:
        self._client = client
        self._bot_id = bot_id

    def places(self, rooms: Iterable[Room]) -> list[Place]:
        """Return the bot's own channel, if it is a room and Twitch is within reach."""
        own = tuple(room for room in rooms if room.twitch_channel_id == self._bot_id)
        if not own or self._client() is None:
            return []
        return [Place(f"twitch:{self._bot_id}", self._bot_id, own)]

    def content(self, place: Place, showing: Showing) -> Content | None:  # noqa: ARG002 (one place is like another)
        """Return how an occurrence is shown, None when not everybody may know of it."""
        if showing.closed:
            return None
        plan, speech = showing.planned.plan, Speech(showing.room.locale)
        title = clip(called(plan.kind, visible(plan.title), speech), LONGEST_TITLE)
        begins = showing.occurrence.starts_at // 1_000_000
        minutes = min(max(plan.minutes, SHORTEST), LONGEST)
        return Content(begins, begins + minutes * 60, {"title": title})

    async def found(self, place: Place) -> list[Found]:
        """Return what comes in the schedule; a segment says nothing of what it stands for."""
        with _plainly():
            segments = await self._here().segments(place.remote_id)
        return [_found(segment) for segment in segments]

    async def create(self, place: Place, key: str, content: Content) -> str:  # noqa: ARG002 (a segment holds no key)
        """Add a segment; return its id."""
        with _plainly():
            return await self._here().add_segment(
                place.remote_id,
                begins=content.begins,
                minutes=(content.ends - content.begins) // 60,
                zone=place.rooms[0].zone,
                title=content.words["title"],
            )

    async def change(self, place: Place, remote_id: str, content: Content) -> None:
        """Change a segment."""
        with _plainly():
            try:
                await self._here().change_segment(
                    place.remote_id,
                    remote_id,
                    begins=content.begins,
                    minutes=(content.ends - content.begins) // 60,
                    zone=place.rooms[0].zone,
                    title=content.words["title"],
                )
            except TwitchRefused as error:
                if error.status != 404:
                    raise

    async def remove(self, place: Place, remote_id: str) -> None:
        """Take a segment away."""
        with _plainly():
            await self._here().remove_segment(place.remote_id, remote_id)

    def _here(self) -> TwitchClient:
        client = self._client()
        if client is None:
            raise Unreachable("Twitch is away")
        return client


def _found(segment: Segment) -> Found:
    content = Content(segment.begins, segment.ends, {"title": segment.title})
    return Found(segment.id, "", content, free=not segment.recurring and not segment.cancelled)


@contextmanager
def _plainly() -> Iterator[None]:
    """Turn what Twitch refuses into what `Projections` knows."""
    try:
        yield
    except TwitchRefused as error:
        raise Unwelcome(f"Twitch refused it ({error.status}): {error.reason}") from error
    except TwitchError as error:
        raise Unreachable(str(error)) from error
