"""Settings: read from the environment and `.env`, checked all at once, frozen. Nothing is read at import."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.catalogues import NAMES as CATALOGUES
from bot.storage.books import Source
from bot.wording.settings import Complaint
from bot.wording.speech import LOCALES

DEFAULT_DATABASE = "data/ensemble.sqlite3"


class SettingsError(Exception):
    """The settings cannot be used; `complaints` says everything that is wrong, `locale` in which language to say it."""

    def __init__(self, complaints: list[Complaint], locale: str) -> None:
        super().__init__(", ".join(f"{c.name}: {c.code}" for c in complaints))
        self.complaints = tuple(complaints)
        self.locale = locale


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """What the Discord side needs."""

    token: str = field(repr=False)
    guild_id: int | None
    host_roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class TwitchSettings:
    """What the Twitch side needs."""

    client_id: str
    client_secret: str | None = field(repr=False)
    bot_id: str
    token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    channels: tuple[str, ...]
    vip_hosts: bool


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the web server needs: its port on loopback, and where people reach it, without a slash at its end.

    Port 0, which no installer can choose, takes a free one; then it is part of where people reach it.
    """

    port: int
    url: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installer can change. A side without its token is None and stays off."""

    discord: DiscordSettings | None
    twitch: TwitchSettings | None
    database: Path
    decks: Path | None
    locale: str
    zone: str
    season_start: tuple[int, int]
    lookup: tuple[Source, ...]
    lookup_contact: str
    web: WebSettings | None
    journal_days: int
    retention_days: int
    log_level: str
    log_format: str

    @property
    def secrets(self) -> frozenset[str]:
        """Everything that must never be written to a log."""
        found: set[str | None] = set()
        if self.discord:
            found.add(self.discord.token)
        if self.twitch:
            found |= {self.twitch.client_secret, self.twitch.token, self.twitch.refresh_token}
        return frozenset(secret for secret in found if secret)


NAMES = (
    "DISCORD_TOKEN",
    "DISCORD_GUILD_ID",
    "DISCORD_HOST_ROLES",
    "TWITCH_CLIENT_ID",
    "TWITCH_CLIENT_SECRET",
    "TWITCH_BOT_ID",
    "TWITCH_TOKEN",
    "TWITCH_REFRESH_TOKEN",
    "TWITCH_CHANNELS",
    "TWITCH_VIP_HOSTS",
    "ENSEMBLE_DATABASE",
    "ENSEMBLE_DECKS",
    "ENSEMBLE_LOCALE",
    "ENSEMBLE_ZONE",
    "ENSEMBLE_SEASON_START",
    "ENSEMBLE_LOOKUP",
    "ENSEMBLE_LOOKUP_CONTACT",
    "ENSEMBLE_WEB_PORT",
    "ENSEMBLE_WEB_URL",
    "ENSEMBLE_JOURNAL_DAYS",
    "ENSEMBLE_RETENTION_DAYS",
    "ENSEMBLE_LOG_LEVEL",
    "ENSEMBLE_LOG_FORMAT",
)
"""Every setting's name, in the order of `.env.example`."""


class _Reader:
    """Reads values and gathers every complaint."""

    def __init__(self, values: Mapping[str, str | None]) -> None:
        self._values = values
        self.complaints: list[Complaint] = []

    def text(self, name: str, default: str = "") -> str:
        return (self._values.get(name) or "").strip() or default

    def read(self, name: str, default: str, convert: Callable[[str], Any], code: str) -> Any:
        text = self.text(name, default)
        try:
            return convert(text)
        except (ValueError, ZoneInfoNotFoundError, OSError):
            self.complain(name, code, text=text)
            return convert(default)

    def complain(self, name: str, code: str, **facts: Any) -> None:
        self.complaints.append(Complaint(name, code, facts))


def read_settings(values: Mapping[str, str | None]) -> Settings:
    """Return the settings in `values` (environment names to texts).

    Raises:
        SettingsError: with every problem found, not just the first.
    """
    reader = _Reader(values)
    locale = reader.read("ENSEMBLE_LOCALE", LOCALES[0], _one_of(LOCALES), "locale")
    settings = Settings(
        discord=_discord(reader),
        twitch=_twitch(reader),
        database=Path(reader.text("ENSEMBLE_DATABASE", DEFAULT_DATABASE)),
        decks=reader.read("ENSEMBLE_DECKS", "", _folder, "folder"),
        locale=locale,
        zone=reader.read("ENSEMBLE_ZONE", "Europe/Paris", _zone, "zone"),
        season_start=reader.read("ENSEMBLE_SEASON_START", "09-01", _month_day, "season"),
        lookup=reader.read("ENSEMBLE_LOOKUP", "", _catalogues, "catalogue"),
        lookup_contact=reader.read("ENSEMBLE_LOOKUP_CONTACT", "", _contact, "contact"),
        web=_web(reader),
        journal_days=reader.read("ENSEMBLE_JOURNAL_DAYS", "7", _days, "days"),
        retention_days=reader.read("ENSEMBLE_RETENTION_DAYS", "400", _days, "days"),
        log_level=reader.read(
            "ENSEMBLE_LOG_LEVEL", "INFO", _one_of(("DEBUG", "INFO", "WARNING", "ERROR")), "level"
        ),
        log_format=reader.read("ENSEMBLE_LOG_FORMAT", "text", _one_of(("text", "json")), "format"),
    )
    if settings.discord is None and settings.twitch is None:
        reader.complain("DISCORD_TOKEN", "no-side")
    if reader.complaints:
        raise SettingsError(reader.complaints, locale)
    return settings


def _discord(reader: _Reader) -> DiscordSettings | None:
    token = reader.text("DISCORD_TOKEN")
    guild = reader.read("DISCORD_GUILD_ID", "0", _id, "number")
    if not token:
        return None
    roles = frozenset(
        role.casefold() for role in _names(reader.text("DISCORD_HOST_ROLES", "Animation"))
    )
    return DiscordSettings(token, guild or None, roles)


def _twitch(reader: _Reader) -> TwitchSettings | None:
    needed = ("TWITCH_CLIENT_ID", "TWITCH_BOT_ID", "TWITCH_TOKEN", "TWITCH_REFRESH_TOKEN")
    given = [n for n in (*needed, "TWITCH_CLIENT_SECRET", "TWITCH_CHANNELS") if reader.text(n)]
    vip_hosts = reader.read("TWITCH_VIP_HOSTS", "no", _yes_or_no, "yes-or-no")
    if not given:
        return None
    for name in needed:
        if name not in given:
            reader.complain(name, "missing", given=given[0])
    reader.read("TWITCH_BOT_ID", "0", _id, "number")
    channels = _names(reader.text("TWITCH_CHANNELS"))
    for login in channels:
        if not re.fullmatch(r"[a-z0-9_]{2,25}", login.lower()):
            reader.complain("TWITCH_CHANNELS", "login", text=login)
    return TwitchSettings(
        client_id=reader.text("TWITCH_CLIENT_ID"),
        client_secret=reader.text("TWITCH_CLIENT_SECRET") or None,
        bot_id=reader.text("TWITCH_BOT_ID"),
        token=reader.text("TWITCH_TOKEN").removeprefix("oauth:"),
        refresh_token=reader.text("TWITCH_REFRESH_TOKEN"),
        channels=tuple(login.lower() for login in channels),
        vip_hosts=vip_hosts,
    )


def _web(reader: _Reader) -> WebSettings | None:
    port = reader.read("ENSEMBLE_WEB_PORT", "0", _port, "port")
    url = reader.read("ENSEMBLE_WEB_URL", "", _url, "url")
    if url and not port and not reader.text("ENSEMBLE_WEB_PORT"):
        reader.complain("ENSEMBLE_WEB_PORT", "no-port")
    return WebSettings(port, url) if port else None


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError(text)
    return int(text)


def _url(text: str) -> str:
    if text and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[\w./~-]*)?", text):
        raise ValueError(text)
    return text.rstrip("/")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def check(text: str) -> str:
        for word in known:
            if word.casefold() == text.casefold():
                return word
        raise ValueError(text)

    return check


def _yes_or_no(text: str) -> bool:
    answers = {
        "yes": True,
        "oui": True,
        "true": True,
        "1": True,
        "no": False,
        "non": False,
        "false": False,
        "0": False,
    }
    if text.casefold() not in answers:
        raise ValueError(text)
    return answers[text.casefold()]


def _id(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,20}", text):
        raise ValueError(text)
    return int(text)


def _zone(text: str) -> str:
    return ZoneInfo(text).key


def _month_day(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{2})-([0-9]{2})", text)
    if not match or not 1 <= int(match[1]) <= 12 or not 1 <= int(match[2]) <= 28:
        raise ValueError(text)
    return int(match[1]), int(match[2])


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 36500:
        raise ValueError(text)
    return int(text)


def _catalogues(text: str) -> tuple[Source, ...]:
    asked = dict.fromkeys(name.casefold() for name in _names(text))
    if set(asked) - set(CATALOGUES):
        raise ValueError(text)
    return tuple(name for one in asked for name in CATALOGUES if name == one)


def _contact(text: str) -> str:
    if not re.fullmatch(r"[\w@.+:/-]{0,100}", text, re.ASCII):
        raise ValueError(text)
    return text


def _folder(text: str) -> Path | None:
    if not text:
        return None
    if not Path(text).is_dir():
        raise ValueError(text)
    return Path(text)
