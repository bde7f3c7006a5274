"""What the bot says about calendars that are read elsewhere."""

from bot.wording.speech import Speech


def cancelled(title: str, speech: Speech) -> str:
    """Return what a cancelled appointment is called."""
    return speech.gettext("Cancelled: {title}", title=title)


def address(https: str, webcal: str, speech: Speech) -> list[str]:
    """Say where a calendar is read, and how to come by it in each kind of program."""
    return [
        speech.gettext("This agenda in your own calendar, kept up to date: {url}", url=https),
        speech.gettext(
            "In most programs: “Add a calendar by its address”. Or open: {url}", url=webcal
        ),
    ]


def for_whom(speech: Speech) -> str:
    """Say who can read at an address, and how hosts change it."""
    return speech.gettext(
        "Whoever knows this address can read it. Hosts change it by typing renew after the command."
    )


def briefly(https: str, speech: Speech) -> str:
    """Say in one line where a calendar is read."""
    return speech.gettext("This agenda in your own calendar, kept up to date: {url}", url=https)


def attached(speech: Speech) -> str:
    """Say what a file is that comes with a message."""
    return speech.gettext("The file holds what is planned today; it does not follow later changes.")


def renewed(speech: Speech) -> str:
    """Confirm that an address was changed."""
    return speech.gettext(
        "Done: the calendar has a new address, and the former one leads nowhere now."
    )


def elsewhere(speech: Speech) -> str:
    """Say that a calendar cannot be had in a public chat."""
    return speech.gettext(
        "This calendar is given on Discord only: /agenda calendar, /club calendar."
    )


def standing_for(room: str, key: str, speech: Speech) -> str:
    """Return what a platform's event says of itself, with what it is known again by."""
    return speech.gettext("On the agenda of #{room}. (Reference: {key})", room=room, key=key)
