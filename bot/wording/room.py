"""What the bot says about a room and the session in it, whatever its activity."""

from bot.session import Back, HallEvent, Paused, Resumed, Suspended
from bot.wording.speech import PLATFORMS, Speech


def hall_event(event: HallEvent, speech: Speech) -> str:
    """Say what happened to a session."""
    match event:
        case Paused():
            return speech.gettext("Pause. The clock stands still, nothing is lost.")
        case Resumed(None):
            return speech.gettext("On we go!")
        case Resumed(remaining):
            return speech.gettext("On we go: {time} left.", time=speech.seconds(remaining or 0))
        case Back(away, remaining, paused):
            return _back(away, remaining, speech, paused=paused)
        case Suspended():
            return speech.gettext(
                "I cannot keep your answers at the moment, so the game waits. A host can go on with: !quiz resume"
            )


def _back(away: float, remaining: float | None, speech: Speech, *, paused: bool) -> str:
    values = {"away": speech.seconds(max(1, away))}
    if paused:
        return speech.gettext(
            "I’m back after {away} away. Nothing is lost; the game is still paused.", **values
        )
    if remaining is None:
        return speech.gettext("I’m back after {away} away. Nothing is lost.", **values)
    left = speech.seconds(max(1, remaining))
    return speech.gettext(
        "I’m back after {away} away. Nothing is lost: {left} left.", left=left, **values
    )


def other_platform_down(platform: str, speech: Speech) -> str:
    """Say that the other platform is out of reach."""
    return speech.gettext(
        "{platform} is out of reach for now. We go on here.", platform=PLATFORMS[platform]
    )


def other_platform_back(platform: str, speech: Speech) -> str:
    """Say that the other platform is back."""
    return speech.gettext("{platform} is back.", platform=PLATFORMS[platform])


def deaf(missed: float, speech: Speech) -> str:
    """Say that chat was not heard for a while."""
    return speech.gettext(
        "I could not read this chat for {time}. If you had answered, please type it again.",
        time=speech.seconds(max(1, missed)),
    )


def notice(names: str, speech: Speech) -> str:
    """Tell people who take part for the first time what is kept; `names` may be empty (privately)."""
    kept = speech.gettext(
        "I keep your name and your participation, nothing else. See, correct, erase, or play without trace: !me"
    )
    return speech.gettext("{names}: {notice}", names=names, notice=kept) if names else kept


def nothing_running(speech: Speech) -> str:
    """Say that nothing is on."""
    return speech.gettext("Nothing on right now.")


def linked(login: str, speech: Speech) -> str:
    """Confirm that a Discord channel and a Twitch channel are one room."""
    return speech.gettext(
        "Done: this channel and twitch.tv/{login} are now one room.", login=speech.quote(login)
    )


def link_code(login: str, code: str, minutes: int, speech: Speech) -> str:
    """Ask for the other half of a link, privately."""
    return speech.gettext(
        "Nearly there. Within {minutes} minutes, in the chat of twitch.tv/{login}, its owner or a moderator types:"
        " !room link {code}",
        login=speech.quote(login),
        code=code,
        minutes=minutes,
    )


def room_opened(speech: Speech) -> str:
    """Confirm a room with one channel."""
    return speech.gettext("Done: this channel is a room.")


def unlinked(login: str, speech: Speech) -> str:
    """Confirm that a room lost its Twitch channel."""
    return speech.gettext(
        "Done: twitch.tv/{login} no longer belongs to this room.", login=speech.quote(login)
    )


def locale_set(speech: Speech) -> str:
    """Confirm the room's language, in that language."""
    return speech.gettext("From now on I speak English here.")


def shown(login: str | None, speech: Speech, *, discord: bool) -> str:
    """Describe a room."""
    if login is None:
        return speech.gettext("This room is on Discord alone.")
    if discord:
        return speech.gettext(
            "This room is here and on twitch.tv/{login}.", login=speech.quote(login)
        )
    return speech.gettext(
        "This room is on Twitch alone, at twitch.tv/{login}.", login=speech.quote(login)
    )


def linked_here(speech: Speech) -> str:
    """Confirm a link in the Twitch chat that consented."""
    return speech.gettext("Done: this chat and the Discord channel are now one room.")


def help_lines(speech: Speech, *, host: bool) -> list[str]:
    """Say what can be typed; hosts get their part too. It all fits one line of Twitch, in every language."""
    lines = [
        speech.gettext("To play: type the letter or the answer."),
        speech.gettext("!quiz, !game: what is on"),
        speech.gettext("!pause: the reading pause"),
        speech.gettext("!agenda: what comes here · !daily: the question of the day"),
        speech.gettext("!me: your record · !top: the board · !house: your house"),
        speech.gettext("!deck propose: a question · !forgetme: erase everything"),
        speech.gettext("!help club: the book clubs"),
    ]
    if host:
        lines.append(speech.gettext("Hosts: !quiz start, !game start; skip, extend, resume, stop"))
        lines.append(speech.gettext("!rights: works on air · !presence: people without an account"))
    return lines


def club_help_lines(speech: Speech, *, host: bool) -> list[str]:
    """Say what can be typed about clubs; it fits one line of Twitch, too."""
    lines = [
        speech.gettext("!club: the clubs here, how to join and propose a book · !vote 1 3"),
        speech.gettext("!plan: what is read until when · !reached ch. 5: how far you are"),
        speech.gettext("!meeting: when we meet · !meeting yes, then !here; afterwards !review"),
        speech.gettext(
            "!question: what we talk about · !round: take the floor · !recap: the minutes"
        ),
    ]
    if host:
        lines.append(
            speech.gettext("Hosts: !club vote open, !plan add, !meeting plan, !question next")
        )
    return lines
