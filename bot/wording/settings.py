"""What is wrong with the settings, and what is wrong with a token: words for the person who installs the bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.wording.speech import N_, Speech


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one setting."""

    name: str
    code: str
    facts: Mapping[str, Any]


SENTENCES = {
    "no-side": N_(
        "neither Discord nor Twitch is set up: fill in DISCORD_TOKEN, or the TWITCH_ settings, or both"
    ),
    "missing": N_("to be filled in too, since {given} is: Twitch needs both"),
    "locale": N_("“{text}” is no language I speak: fr or en"),
    "zone": N_("“{text}” is no time zone: for example Europe/Paris"),
    "season": N_("“{text}” is no month and day: for example 09-01 (days up to 28)"),
    "days": N_("“{text}” is no number of days: a whole number from 1"),
    "number": N_("“{text}” is not a number"),
    "yes-or-no": N_("“{text}” is neither yes nor no"),
    "level": N_("“{text}” is no level: DEBUG, INFO, WARNING or ERROR"),
    "format": N_("“{text}” is no format: text or json"),
    "login": N_("“{text}” is no Twitch login: letters, digits and _"),
    "catalogue": N_("“{text}” is no list of catalogues: bnf, openlibrary, or both"),
    "contact": N_("“{text}” is no address to be reached at: an e-mail or a web page"),
    "port": N_("“{text}” is no port: a whole number up to 65535, above 1023 for most users"),
    "url": N_(
        "“{text}” is no web address: it begins with https, and names a host and perhaps a path"
    ),
    "no-port": N_(
        "to be filled in too, since ENSEMBLE_WEB_URL is: the proxy needs a port to send to"
    ),
    "folder": N_("there is no folder “{text}”"),
}


def complaints(found: tuple[Complaint, ...], speech: Speech) -> list[str]:
    """Return one line per complaint, under a heading."""
    heading = speech.gettext("The settings cannot be used yet:")
    return [
        heading,
        *(f"  {_line(complaint, speech)}" for complaint in found),
    ]


def _line(found: Complaint, speech: Speech) -> str:
    reason = speech.gettext(SENTENCES[found.code], **found.facts)
    return speech.gettext("{name}: {reason}", name=found.name, reason=reason)


def no_env(path: str, speech: Speech) -> str:
    """Say that there are no settings at all, and what can be done without."""
    return speech.gettext(
        "There is no {path} here. Copy .env.example to .env and fill it in; to try everything without an account:"
        " ensemble rehearse",
        path=path,
    )


def unreadable(path: str, speech: Speech) -> str:
    """Say that a file is no text."""
    return speech.gettext("{path} cannot be read as UTF-8 text.", path=path)


def unwritable(path: str, speech: Speech) -> str:
    """Say that a file cannot be written."""
    return speech.gettext("{path} cannot be written: check the folder and your rights.", path=path)


def discord_token(speech: Speech) -> str:
    """Say that Discord refuses the token."""
    return speech.gettext(
        "Discord refuses DISCORD_TOKEN. Make a new one in the developer portal (Bot, Reset Token) and put it into .env."
    )


def discord_intent(speech: Speech) -> str:
    """Say that an intent is missing."""
    return speech.gettext(
        "Discord does not let the bot read messages: switch on “Message Content Intent” in the developer portal (Bot)."
    )


def twitch_token(reason: str, speech: Speech) -> str:
    """Say that Twitch refuses the token or that a scope is missing."""
    return speech.gettext(
        "Twitch refuses the bot’s token ({reason}). It needs the scopes user:read:chat, user:write:chat and user:bot;"
        " make a new pair and put it into TWITCH_TOKEN and TWITCH_REFRESH_TOKEN.",
        reason=reason,
    )


def not_loopback(url: str, speech: Speech) -> str:
    """Refuse an address that is not this machine's."""
    return speech.gettext(
        "{url} is not an address of this machine (127.0.0.1, ::1 or localhost).", url=url
    )


def database_too_new(path: str, speech: Speech) -> str:
    """Say that the file was written by a later version."""
    return speech.gettext(
        "{path} was written by a later version of Ensemble. Update the program.", path=path
    )


def database_unreadable(path: str, speech: Speech) -> str:
    """Say that the file is no database."""
    return speech.gettext(
        "{path} is not a database of Ensemble, or it is damaged. Nothing was changed.", path=path
    )


def rehearsal_ready(url: str, speech: Speech) -> list[str]:
    """Say where the rehearsal is."""
    return [
        speech.gettext("The rehearsal is ready: {url}", url=url),
        speech.gettext("Open this page in a browser. To stop: Ctrl+C"),
    ]


def port_taken(port: int, speech: Speech) -> str:
    """Say that a port is in use."""
    return speech.gettext(
        "Port {port} is taken. Choose another one: ensemble rehearse --port 8800", port=port
    )


def web_port_taken(port: int, speech: Speech) -> str:
    """Say that calendars cannot be served."""
    return speech.gettext(
        "Port {port} (ENSEMBLE_WEB_PORT) is taken: calendars are not served. Choose another one and start again.",
        port=port,
    )


def running(sides: str, speech: Speech) -> str:
    """Say that the bot runs."""
    return speech.gettext("Ensemble runs on {sides}. To stop: Ctrl+C", sides=sides)
