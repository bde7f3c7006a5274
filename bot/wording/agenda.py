"""What the bot says about what is planned."""

from collections.abc import Sequence
from datetime import datetime

from bot.agenda import Entry
from bot.wording.dates import moment
from bot.wording.speech import N_, Speech

KINDS = {"daily": N_("Question of the day")}
"""What plans without a title of their own are called; others are appointments."""


def called(kind: str, title: str, speech: Speech) -> str:
    """Return what a plan is called, here and in calendars elsewhere: a meeting has its club's name, or its own."""
    if not title:
        return speech.gettext(KINDS.get(kind, N_("Appointment")))
    if kind == "meeting":
        return speech.gettext("Meeting {title}", title=speech.quoted(title))
    return speech.quote(title)


def title(entry: Entry, speech: Speech) -> str:
    """Return what an appointment is called."""
    return called(entry.kind, entry.title, speech)


def line(entry: Entry, speech: Speech, now: datetime) -> str:
    """Return when an appointment is and what, and what became of it."""
    values = {"when": moment(entry.local, speech, now), "title": title(entry, speech)}
    match entry.state:
        case "planned":
            return speech.gettext("{when}: {title}", **values)
        case "moved":
            return speech.gettext("{when}: {title} (moved)", **values)
        case "cancelled":
            return speech.gettext("{when}: {title} (cancelled)", **values)


def coming(entries: Sequence[Entry], speech: Speech, now: datetime) -> list[str]:
    """Return what comes, a numbered line each."""
    return [f"{number}. {line(entry, speech, now)}" for number, entry in enumerate(entries, 1)]


def clash(entries: Sequence[Entry], speech: Speech, now: datetime) -> str:
    """Say what else is at the same time; nothing when nothing is."""
    if not entries:
        return ""
    first, count = entries[0], len(entries) - 1
    values = {"when": moment(first.local, speech, now), "title": title(first, speech)}
    if not count:
        return speech.gettext("Please note: {title} is at the same time ({when}).", **values)
    return speech.ngettext(
        "Please note: {title} is at the same time ({when}), as is {count} more appointment.",
        "Please note: {title} is at the same time ({when}), as are {count} more appointments.",
        count,
        **values,
    )


def heading(speech: Speech) -> str:
    """Return what stands above the list."""
    return speech.gettext("Coming up here")


def nothing(speech: Speech) -> str:
    """Say that nothing is planned."""
    return speech.gettext("Nothing is planned here yet.")


def skipped(entry: Entry, speech: Speech, now: datetime) -> str:
    """Confirm to a host that one occurrence falls out."""
    return speech.gettext(
        "Left out: {title}, {when}. The others stay as they are.",
        title=title(entry, speech),
        when=moment(entry.local, speech, now),
    )


def cancelled(entry: Entry, speech: Speech, now: datetime) -> str:
    """Tell a room that one occurrence is cancelled."""
    return speech.gettext(
        "Cancelled: {title}, {when}.",
        title=title(entry, speech),
        when=moment(entry.local, speech, now),
    )


def moved(entry: Entry, to: datetime, speech: Speech, now: datetime) -> str:
    """Tell a room that one occurrence takes place at another time; `entry` is as it was before."""
    return speech.gettext(
        "New date: {title}, {after} in place of {before}.",
        title=title(entry, speech),
        after=moment(to, speech, now),
        before=moment(entry.local, speech, now),
    )


def done(speech: Speech) -> str:
    """Confirm to a host that the room has been told."""
    return speech.gettext("Done, and the room knows.")


def how_to_change(speech: Speech) -> str:
    """Say what a host can do with the list."""
    return speech.gettext(
        "Hosts, with the number of the line: !agenda skip 1 · !agenda move 1 Tuesday 6:30 pm · !agenda cancel 1"
    )


def usage_skip(speech: Speech) -> str:
    """Say how one occurrence is left out."""
    return speech.gettext("!agenda skip 1")


def usage_cancel(speech: Speech) -> str:
    """Say how one occurrence is cancelled."""
    return speech.gettext("!agenda cancel 1")


def usage_move(speech: Speech) -> str:
    """Say how one occurrence is moved."""
    return speech.gettext("!agenda move 1 Tuesday 6:30 pm")
