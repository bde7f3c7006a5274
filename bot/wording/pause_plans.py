"""What the bot says about pauses that are planned, and to those who asked to be reminded."""

from collections.abc import Sequence
from datetime import datetime

from bot.agenda import Entry
from bot.pause import PRESETS, Wish
from bot.pause_plans import Every, LeftOut, PauseWish
from bot.reminders import Reminder
from bot.wording import pause
from bot.wording.agenda import clash
from bot.wording.dates import moment
from bot.wording.speech import N_, Speech
from bot.wording.turns import reading
from games.pause import Kind
from games.readers import tidy_title

KINDS: dict[Kind, str] = {
    "silent": N_("everybody in silence"),
    "aloud": N_("read aloud in turn"),
    "free": N_("as one likes"),
}

EVERY: dict[Every, str] = {
    "once": N_("once"),
    "day": N_("every day"),
    "week": N_("every week"),
}
"""How often, as a host chooses it."""


def planned(plan: PauseWish, speech: Speech, now: datetime) -> str:
    """Say when a pause takes place, how often, and what it is like."""
    when = moment(plan.first, speech, now)
    values = {"when": f"{when[:1].upper()}{when[1:]}", "what": _what(plan, speech)}
    match plan.every:
        case "once":
            return speech.gettext("{when}: {what}.", **values)
        case "day":
            return speech.gettext("{when}, then every day: {what}.", **values)
        case "week":
            return speech.gettext("{when}, then every week: {what}.", **values)


def _what(plan: PauseWish, speech: Speech) -> str:
    wish = plan.wish
    parts = [
        speech.quote(tidy_title(wish.title)) or pause.untitled(speech),
        _length(wish, speech),
        speech.gettext(KINDS[wish.kind]),
        reading(wish.text, speech) if wish.kind == "aloud" else "",
        speech.gettext("with {name}", name=speech.quote(plan.host)) if plan.host else "",
        speech.gettext("public holidays left out") if plan.holidays else "",
    ]
    return ", ".join(filter(None, parts))


def _length(wish: Wish, speech: Speech) -> str:
    preset = PRESETS[wish.preset]
    length = pause.minutes(wish.minutes or preset.minutes, speech)
    if preset.blocks == 1:
        return length
    return speech.gettext("{blocks} times {length}", blocks=preset.blocks, length=length)


def offered(
    plan: PauseWish, speech: Speech, now: datetime, clashes: Sequence[Entry] = ()
) -> list[str]:
    """Say a plan back to a host before it is made, and what else is at the same time."""
    asked = speech.gettext("Is this right? {plan}", plan=planned(plan, speech, now))
    return [asked, *filter(None, [clash(clashes, speech, now)])]


def button_plan(speech: Speech) -> str:
    """Label: this plan is right."""
    return speech.gettext("Plan it")


def confirmed(
    plan: PauseWish, speech: Speech, now: datetime, clashes: Sequence[Entry] = ()
) -> list[str]:
    """Confirm a plan in words, with what else is at the same time, and say how it is undone."""
    return [
        speech.gettext("Planned: {plan}", plan=planned(plan, speech, now)),
        *filter(None, [clash(clashes, speech, now)]),
        speech.gettext("To undo: !pause unplan · to change one date: !agenda"),
    ]


def unplanned(title: str, speech: Speech) -> str:
    """Confirm that a series is ended."""
    return speech.gettext("Done: {title} is planned no more.", title=speech.quote(title))


def how_to_plan(speech: Speech) -> str:
    """Say how a pause is planned."""
    return speech.gettext(
        "!pause plan Tuesday 6:30 pm [every week] [minutes|quarter|long|marathon] [silent|aloud|free] [title]"
    )


def left_out(event: LeftOut, speech: Speech) -> str:
    """Say that a planned pause does not start."""
    return speech.gettext(
        "{title} was planned for now; {running} is on, so it is left out this time.",
        title=speech.quote(event.title),
        running=speech.quote(event.running),
    )


def will_remind(speech: Speech) -> str:
    """Confirm that somebody will be reminded."""
    return speech.gettext(
        "Noted: I’ll remind you a day, an hour and ten minutes before. To end that: !pause remind stop"
    )


def reminds_no_more(speech: Speech) -> str:
    """Confirm that somebody will be reminded no more."""
    return speech.gettext("Done: no more reminders from here.")


def reminder(event: Reminder, speech: Speech, names: str = "") -> str:
    """Remind of what begins soon: one person in private, or several by name."""
    values = {
        "title": speech.quote(event.title),
        "when": moment(event.starts, speech, event.now),
        "left": speech.seconds(60 * max(1, round(event.left / 60))),
    }
    if names:
        return speech.gettext("{names}: {title} begins in {left} ({when}).", names=names, **values)
    return speech.gettext("{title} begins in {left} ({when}).", **values)
