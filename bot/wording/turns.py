"""What the bot says about turns to read aloud. For the pause that holds them: `told` says an event, `table` what is on
the table, `reading` what somebody reads.
"""

from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.core import Player
from games.turns import (
    Called,
    Changed,
    Heard,
    Missed,
    Nearing,
    Postponed,
    Queued,
    Quiet,
    Reading,
    TimeUp,
    TurnEvent,
    TurnsScene,
    Unqueued,
)


def told(event: TurnEvent, speech: Speech, naming: Naming) -> str:
    """Say what happened, as one sentence or two."""
    match event:
        case Queued(by, place, what):
            return _queued(_name(by, speech, naming), place, reading(what, speech), speech)
        case Changed(by, what):
            return _changed(_name(by, speech, naming), reading(what, speech), speech)
        case Unqueued(by):
            return speech.gettext(
                "{name} has left the queue of readers.", name=_name(by, speech, naming)
            )
        case Called(by, what, seconds, following):
            name, time = _name(by, speech, naming), speech.seconds(seconds)
            said = _called(name, reading(what, speech), time, speech)
            return _with_next(said, following, speech, naming)
        case Nearing(by, remaining):
            return speech.gettext(
                "{name}, {time} left: take your time to finish.",
                name=_name(by, speech, naming),
                time=speech.seconds(remaining),
            )
        case TimeUp(by, following):
            said = speech.gettext(
                "{name}, the time is up: finish at your ease, nobody will cut you off.",
                name=_name(by, speech, naming),
            )
            return _with_next(said, following, speech, naming)
        case Heard(by, what):
            return _heard(_name(by, speech, naming), reading(what, speech), speech)
        case Postponed(by):
            return speech.gettext(
                "{name} will be called again after the others.", name=_name(by, speech, naming)
            )
        case Missed(by):
            return speech.gettext(
                "{name} may join the queue again at any time.", name=_name(by, speech, naming)
            )
        case Quiet():
            return speech.gettext(
                "Nobody is waiting to read. Whoever would like to is welcome: they begin at once."
            )


def table(scene: TurnsScene, speech: Speech, naming: Naming) -> list[str]:
    """Say who reads what and who waits, a line each; nothing when there is neither."""
    lines = []
    if scene.reader is not None:
        name, what = _name(scene.reader, speech, naming), reading(scene.reading, speech)
        lines.append(
            speech.gettext("Reading now: {name}, {what}", name=name, what=what)
            if what
            else speech.gettext("Reading now: {name}", name=name)
        )
    if scene.queue:
        names = [naming(waiting.by.id) for waiting in scene.queue]
        lines.append(speech.gettext("Then: {people}", people=speech.people(names, shown=5)))
    return lines


def reading(what: Reading, speech: Speech) -> str:
    """Return what is read: title, author, passage, as far as they were said."""
    title = speech.quoted(what.work) if what.work else ""
    parts = (title, speech.quote(what.author), speech.quote(what.passage))
    return ", ".join(part for part in parts if part)


def _name(by: Player, speech: Speech, naming: Naming) -> str:
    return speech.somebody(naming(by.id))


def _queued(name: str, place: int, what: str, speech: Speech) -> str:
    values = {"name": name, "place": speech.number(place)}
    if what:
        return speech.gettext(
            "{name} will read {what}: number {place} in the queue.", what=what, **values
        )
    return speech.gettext("{name} will read aloud: number {place} in the queue.", **values)


def _changed(name: str, what: str, speech: Speech) -> str:
    return speech.gettext("{name} has chosen {what}.", name=name, what=what)


def _called(name: str, what: str, time: str, speech: Speech) -> str:
    if what:
        return speech.gettext(
            "It is your turn, {name}: {what}. You have {time}.", name=name, what=what, time=time
        )
    return speech.gettext("It is your turn, {name}. You have {time}.", name=name, time=time)


def _heard(name: str, what: str, speech: Speech) -> str:
    if what:
        return speech.gettext("Thank you, {name}, for {what}.", name=name, what=what)
    return speech.gettext("Thank you, {name}!", name=name)


def _with_next(said: str, following: Player | None, speech: Speech, naming: Naming) -> str:
    if following is None:
        return said
    name = _name(following, speech, naming)
    return speech.gettext("{said} Next comes {name}.", said=said, name=name)
