"""What the bot says about the delay of a room's stream."""

from bot.wording.speech import Speech
from games.sync import Called, Measured


def title(speech: Speech) -> str:
    """Return what a measure is called."""
    return speech.gettext("Stream delay")


def called(event: Called, speech: Speech) -> str:
    """Tell the viewers on Twitch what to do."""
    return speech.gettext(
        "Listen to the stream: as soon as you hear “top”, type top here. You have {time}.",
        time=speech.seconds(event.seconds),
    )


def called_elsewhere(event: Called, speech: Speech) -> str:
    """Tell everybody else what is going on."""
    return speech.gettext(
        "Measuring the stream’s delay, {time}: viewers on Twitch type top as soon as they hear it. Nothing to do here.",
        time=speech.seconds(event.seconds),
    )


def measured(event: Measured, speech: Speech) -> str:
    """Say what came out."""
    people = speech.ngettext("{count} person", "{count} people", event.people)
    delay = seconds(event.delay, speech)
    return speech.gettext("Delay set: {delay}, as {people} heard it.", delay=delay, people=people)


def unmeasured(speech: Speech) -> str:
    """Say that nothing came out."""
    return speech.gettext("Nobody answered, so the stream’s delay stays as it was.")


def started(speech: Speech) -> str:
    """Confirm to a host that the measure runs."""
    return speech.gettext("Here we go!")


def set_to(delay: float, speech: Speech) -> str:
    """Confirm a delay that was set by hand."""
    if not delay:
        return speech.gettext("Done: the stream has no delay any more.")
    return speech.gettext("Done: the stream’s delay is {delay}.", delay=seconds(delay, speech))


def shown(delay: float, speech: Speech) -> str:
    """Say how late a room's stream is."""
    return speech.gettext("The stream’s delay is {delay}.", delay=seconds(delay, speech))


def seconds(delay: float, speech: Speech) -> str:
    """Return a delay, "6.5 s"."""
    return speech.gettext("{seconds} s", seconds=speech.decimal(delay))
