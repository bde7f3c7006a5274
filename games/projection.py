"""What must be done so that a platform shows what is planned: the difference between wanted, known and found.

Both ways tolerant of changes made by hand. What somebody removed stays away until its time changes; what somebody
reworded stays so until the plan's own words change; times alone always follow the plan, since that is when it begins.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

SOON = 60
"""Seconds before its start from which on nothing is made any more: platforms take only what lies ahead."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is shown of an appointment: from when to when (seconds since 1970, UTC), and words by what they are."""

    begins: int
    ends: int
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def times(self) -> tuple[int, int]:
        """When it begins and ends."""
        return self.begins, self.ends


@dataclass(frozen=True, slots=True)
class Known:
    """What was written for an occurrence, and what the platform calls it; nothing while that is not known yet."""

    key: str
    remote_id: str
    written: Content


@dataclass(frozen=True, slots=True)
class Found:
    """What the platform shows. `key` is the occurrence it says it stands for; `ours` when the bot made it.

    It is `free` while it may be changed: neither begun, nor over, nor called off.
    """

    remote_id: str
    key: str
    content: Content
    ours: bool = True
    free: bool = True


@dataclass(frozen=True, slots=True)
class Create:
    """Make what is not there."""

    key: str
    content: Content


@dataclass(frozen=True, slots=True)
class Change:
    """Write these parts of `content` anew; `written` is what is remembered as ours."""

    key: str
    remote_id: str
    content: Content
    parts: frozenset[str]
    written: Content


@dataclass(frozen=True, slots=True)
class Remember:
    """Keep what stands for an occurrence, without touching it."""

    key: str
    remote_id: str
    written: Content


@dataclass(frozen=True, slots=True)
class Remove:
    """Call off what is not planned any more; `key` is forgotten with it, unless it is a second one of its kind."""

    key: str
    remote_id: str
    forget: bool


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget what is over."""

    key: str


Step = Create | Change | Remember | Remove | Forget

TIMES = "times"
"""The part of a content that is no word."""


def differences(
    wanted: Mapping[str, Content], known: Iterable[Known], found: Sequence[Found], now: int
) -> list[Step]:
    """Return what is to be done, in order; nothing once it was done and nobody changed anything (seconds, UTC)."""
    remembered = {one.key: one for one in known}
    shown = _Shown(found, remembered.values())
    steps: list[Step] = []
    for key, content in wanted.items():
        steps += _toward(key, content, remembered.get(key), shown, now)
    for key, one in remembered.items():
        if key not in wanted:
            steps += _away(one, shown, now)
    seen_twice = (one for one in shown.left() if one.key in wanted or one.key in remembered)
    steps += [Remove(one.key, one.remote_id, forget=False) for one in seen_twice]
    return steps


class _Shown:
    """What the platform shows, each taken for one occurrence at most."""

    def __init__(self, found: Sequence[Found], known: Iterable[Known]) -> None:
        self._by_id = {one.remote_id: one for one in found}
        claimed = {one.remote_id for one in known}
        self._strays = [one for one in found if one.ours and one.remote_id not in claimed]

    def called(self, remote_id: str) -> Found | None:
        """Return what the platform calls so."""
        return self._by_id.get(remote_id)

    def take(self, key: str, content: Content) -> Found | None:
        """Return what stands for an occurrence though nobody remembers it: by what it says, else by being the same."""
        for one in self._strays:
            same = (one.content.times, one.content.words) == (content.times, content.words)
            if one.free and (one.key == key or (not one.key and same)):
                self._strays.remove(one)
                return one
        return None

    def left(self) -> list[Found]:
        """Return what is ours, can be changed and stands for nothing."""
        return [one for one in self._strays if one.free]


def _toward(key: str, content: Content, known: Known | None, shown: _Shown, now: int) -> list[Step]:
    """Return what brings an occurrence that is planned onto the platform."""
    if known is None or not known.remote_id:
        there = shown.take(key, content)
        if there is not None:
            return _merged(Known(key, there.remote_id, content), content, there, adopted=True)
        return [Create(key, content)] if content.begins > now + SOON else []
    there = shown.called(known.remote_id)
    if there is None:
        moved = content.times != known.written.times
        return [Create(key, content)] if moved and content.begins > now + SOON else []
    return _merged(known, content, there) if there.free else []


def _merged(known: Known, ours: Content, theirs: Found, *, adopted: bool = False) -> list[Step]:
    """Return what is to be written: the later change of each word wins, times are ours."""
    words = {
        name: word
        for name, word in ours.words.items()
        if word != known.written.words.get(name) and word != theirs.content.words.get(name)
    }
    parts = set(words)
    if theirs.content.times != ours.times:
        parts.add(TIMES)
    if parts:
        content = replace(ours, words={**theirs.content.words, **words})
        return [Change(known.key, known.remote_id, content, frozenset(parts), ours)]
    if adopted or known.written != ours:
        return [Remember(known.key, known.remote_id, ours)]
    return []


def _away(known: Known, shown: _Shown, now: int) -> list[Step]:
    """Return what takes an occurrence off the platform that is not planned any more, or over."""
    if known.written.begins <= now:
        return [Forget(known.key)]
    if not known.remote_id:
        there = shown.take(known.key, known.written)
        return [Remove(known.key, there.remote_id, forget=True) if there else Forget(known.key)]
    there = shown.called(known.remote_id)
    if there is None or not there.free:
        return []  # removed or begun by hand: that it was so is kept until its time has passed
    return [Remove(known.key, known.remote_id, forget=True)]
