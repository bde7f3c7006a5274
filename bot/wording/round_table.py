"""What the bot says during a round of the table: it hands on, thanks, and cuts nobody off."""

from collections.abc import Sequence

from bot.session import Back, HallEvent, Paused, Resumed, Suspended
from bot.wording.quiz import Naming
from bot.wording.room import hall_event as usual
from bot.wording.speech import Speech
from games.core import Player
from games.round_table import (
    Called,
    Event,
    Extended,
    Finished,
    Joined,
    Left,
    Nearing,
    Opened,
    Passed,
    RoundScene,
    Seated,
    Skipped,
    Spoke,
    TimeUp,
)

NAMED = 5
"""People who wait that are named."""


def title(speech: Speech) -> str:
    """Return what a round is called."""
    return speech.gettext("Round of the table")


def told(event: Event, speech: Speech, naming: Naming) -> str:
    """Say what happened, in a sentence that stands on its own."""
    match event:
        case Opened(seconds, gather):
            return speech.gettext(
                "Round of the table: {time} each, whoever likes. To sit down: !round. We begin in {gather}.",
                time=speech.seconds(seconds),
                gather=speech.seconds(gather),
            )
        case Seated(people):
            return speech.gettext("At the table: {people}.", people=_people(people, speech, naming))
        case Joined(by, place):
            name = _name(by, speech, naming)
            return speech.gettext(
                "{name} sits down: number {place} to speak.", name=name, place=speech.number(place)
            )
        case Left(by) | Passed(by, _):
            return speech.gettext(
                "{name} passes this time, and is welcome to sit down again.",
                name=_name(by, speech, naming),
            )
        case Called(by, _, seconds, following):
            said = speech.gettext(
                "{name} has the floor, for {time}.",
                name=_name(by, speech, naming),
                time=speech.seconds(seconds),
            )
            return _with_next(said, following, speech, naming)
        case Nearing(by, remaining):
            return speech.gettext(
                "{name}, {time} left: take your time to finish.",
                name=_name(by, speech, naming),
                time=speech.seconds(remaining),
            )
        case TimeUp(by, _, following):
            said = speech.gettext(
                "{name}, the time is up: a few words to finish.", name=_name(by, speech, naming)
            )
            return _with_next(said, following, speech, naming)
        case Extended(by, remaining):
            return _extended(by, speech.seconds(remaining), speech, naming)
        case Spoke(by, _):
            return speech.gettext("Thank you, {name}!", name=_name(by, speech, naming))
        case Skipped(by, _):
            return speech.gettext(
                "{name} may sit down again at any time.", name=_name(by, speech, naming)
            )
        case Finished(people):
            return finished(people, speech)


def _extended(by: Player | None, time: str, speech: Speech, naming: Naming) -> str:
    if by is None:
        return speech.gettext("We begin in {time}.", time=time)
    return speech.gettext("{name} has {time} now.", name=_name(by, speech, naming), time=time)


def finished(people: int, speech: Speech) -> str:
    """Say how a round ended."""
    if not people:
        return speech.gettext("Nobody wished to speak this time, and that is fine too.")
    return speech.ngettext(
        "The round is over: {count} person has spoken. Thank you!",
        "The round is over: {count} people have spoken. Thank you all!",
        people,
    )


def hall_event(event: HallEvent, speech: Speech) -> str:
    """Say what became of the round's time."""
    match event:
        case Paused():
            return speech.gettext("The round waits; the time stands still.")
        case Resumed(None) | Back(_, None):
            return usual(event, speech)
        case Resumed(remaining):
            return speech.gettext(
                "The round goes on: {time} left.", time=speech.seconds(remaining or 0)
            )
        case Suspended():
            return speech.gettext(
                "I cannot keep anything at the moment, so the round waits. A host can go on with: !round resume"
            )
        case Back():
            return usual(event, speech)


def gathering(scene: RoundScene, speech: Speech, naming: Naming) -> list[str]:
    """Say what is about to begin, who sits there, and what one can do."""
    first = speech.gettext(
        "Whoever likes speaks once, for {time}. Nobody has to.", time=speech.seconds(scene.seconds)
    )
    return [first, *queue(scene, speech, naming)]


def queue(scene: RoundScene, speech: Speech, naming: Naming) -> list[str]:
    """Name those who wait, the first of them when there are many."""
    if not scene.queue:
        if scene.speaker is None:
            return [speech.gettext("Nobody is at the table yet.")]
        return []
    if scene.speaker is None:
        return [
            speech.gettext("At the table: {people}", people=_people(scene.queue, speech, naming))
        ]
    return [speech.gettext("Then: {people}", people=_people(scene.queue, speech, naming))]


def floor(scene: RoundScene, speech: Speech, naming: Naming) -> str:
    """Say who has the floor."""
    if scene.speaker is None:
        return ""
    name = _name(scene.speaker, speech, naming)
    if scene.over:
        return speech.gettext("{name}, the time is up: a few words to finish.", name=name)
    return speech.gettext("{name} has the floor.", name=name)


def spoken(count: int, speech: Speech) -> str:
    """Count those who have spoken."""
    return speech.ngettext("{count} person has spoken", "{count} people have spoken", count)


def is_over(speech: Speech) -> str:
    """Stand where people sat down, once the round is over."""
    return speech.gettext("The round is over.")


def thanks(by: Player, speech: Speech, naming: Naming) -> str:
    """Thank somebody who has spoken."""
    return speech.gettext("Thank you, {name}!", name=_name(by, speech, naming))


def begins(speech: Speech) -> str:
    """Stand before the countdown to the first speaker."""
    return speech.gettext("We begin")


def ends(speech: Speech) -> str:
    """Stand before the countdown of a turn."""
    return speech.gettext("Time to finish:")


def sit_here(speech: Speech) -> str:
    """Say how one sits down, where there are buttons."""
    return speech.gettext("One can also sit down later: late-comers speak at the end.")


def sat_down(place: int, speech: Speech) -> str:
    """Tell somebody privately that they are at the table."""
    return speech.gettext(
        "You are at the table, number {place} to speak. To pass: !round pass",
        place=speech.number(place),
    )


def passed(speech: Speech) -> str:
    """Tell somebody privately that they need not speak."""
    return speech.gettext("Noted: you pass. You are welcome to sit down again.")


def done(speech: Speech) -> str:
    """Confirm what somebody did."""
    return speech.gettext("Done.")


def starting(speech: Speech) -> str:
    """Confirm to a host that the round begins."""
    return speech.gettext("Here we go!")


def now(scene: RoundScene, left: float | None, speech: Speech, naming: Naming) -> list[str]:
    """Say how a round stands, to whoever asks."""
    if scene.speaker is None:
        parts = gathering(scene, speech, naming)
    else:
        parts = [floor(scene, speech, naming), *queue(scene, speech, naming)]
    if left is not None:
        parts.append(speech.gettext("{time} left", time=speech.seconds(left)))
    return parts


def button_join(speech: Speech) -> str:
    """Label of the button with which one sits down."""
    return speech.gettext("I would like to speak")


def button_done(speech: Speech) -> str:
    """Label of the button with which one hands on."""
    return speech.gettext("I have finished")


def button_pass(speech: Speech) -> str:
    """Label of the button with which one passes."""
    return speech.gettext("I pass")


def button_next(speech: Speech) -> str:
    """Label of the host's button that hands on."""
    return speech.gettext("Next (hosts)")


def button_begin(speech: Speech) -> str:
    """Label of the host's button that begins now."""
    return speech.gettext("Begin now (hosts)")


def button_extend(speech: Speech) -> str:
    """Label of the host's button that gives time."""
    return speech.gettext("One more minute (hosts)")


def _people(people: Sequence[Player], speech: Speech, naming: Naming) -> str:
    return speech.people([naming(player.id) for player in people], shown=NAMED)


def _name(by: Player, speech: Speech, naming: Naming) -> str:
    return speech.somebody(naming(by.id))


def _with_next(said: str, following: Player | None, speech: Speech, naming: Naming) -> str:
    if following is None:
        return said
    name = _name(following, speech, naming)
    return speech.gettext("{said} Next comes {name}.", said=said, name=name)
