"""Settings: every problem at once and in words, no secret ever shown, `.env.example` complete."""

import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.settings import NAMES, Settings, SettingsError, WebSettings, read_settings
from bot.wording.settings import SENTENCES, complaints
from bot.wording.speech import Speech

EXAMPLE = Path(__file__).resolve().parent.parent / ".env.example"
DISCORD = {"DISCORD_TOKEN": "discord-token-value"}
TWITCH = {
    "TWITCH_CLIENT_ID": "client-id-value",
    "TWITCH_BOT_ID": "42",
    "TWITCH_TOKEN": "oauth:twitch-token-value",
    "TWITCH_REFRESH_TOKEN": "refresh-token-value",
}
SECRET = {**TWITCH, "TWITCH_CLIENT_SECRET": "client-secret-value"}


def problems(values: dict[str, str]) -> set[tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        read_settings(values)
    return {(complaint.name, complaint.code) for complaint in caught.value.complaints}


def spoken(values: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(values)
    return complaints(caught.value.complaints, Speech(caught.value.locale))


def test_discord_alone_is_enough() -> None:
    settings = read_settings(DISCORD)
    assert settings.discord is not None
    assert settings.discord.token == "discord-token-value"
    assert settings.discord.host_roles == {"animation"}
    assert settings.twitch is None


def test_twitch_alone_is_enough() -> None:
    settings = read_settings({**TWITCH, "TWITCH_CHANNELS": "Mediatheque_Pau, autre"})
    assert settings.discord is None
    assert settings.twitch is not None
    assert settings.twitch.channels == ("mediatheque_pau", "autre")
    assert settings.twitch.client_secret is None
    assert not settings.twitch.vip_hosts


def test_a_prefix_before_the_twitch_token_is_dropped() -> None:
    settings = read_settings(TWITCH)
    assert settings.twitch is not None
    assert settings.twitch.token == "twitch-token-value"


def test_what_is_left_empty_takes_its_default() -> None:
    settings = read_settings({**dict.fromkeys(NAMES, ""), **DISCORD})
    assert settings == read_settings(DISCORD)
    assert (settings.locale, settings.zone, settings.season_start) == ("fr", "Europe/Paris", (9, 1))
    assert (settings.journal_days, settings.retention_days) == (7, 400)
    assert settings.database == Path("data/ensemble.sqlite3")
    assert settings.decks is None


def test_no_catalogue_is_asked_unless_the_settings_say_which() -> None:
    assert read_settings(DISCORD).lookup == ()
    asked = read_settings({**DISCORD, "ENSEMBLE_LOOKUP": " OpenLibrary, bnf,bnf"})
    assert asked.lookup == ("openlibrary", "bnf")
    contact = {**DISCORD, "ENSEMBLE_LOOKUP_CONTACT": "biblio@example.org"}
    assert read_settings(contact).lookup_contact == "biblio@example.org"
    assert ("ENSEMBLE_LOOKUP", "catalogue") in problems({**DISCORD, "ENSEMBLE_LOOKUP": "google"})
    for contact_ in ("x\r\nX-Y: z", "é@example.org", "a" * 101):
        wrong = {**DISCORD, "ENSEMBLE_LOOKUP_CONTACT": contact_}
        assert ("ENSEMBLE_LOOKUP_CONTACT", "contact") in problems(wrong)


def test_spaces_around_a_value_do_not_count() -> None:
    settings = read_settings({"DISCORD_TOKEN": " token ", "ENSEMBLE_ZONE": " Europe/Paris "})
    assert settings.discord is not None
    assert settings.discord.token == "token"


def test_roles_are_known_whatever_their_case() -> None:
    settings = read_settings({**DISCORD, "DISCORD_HOST_ROLES": "Équipe, ANIMATION ,,"})
    assert settings.discord is not None
    assert settings.discord.host_roles == {"équipe", "animation"}


def test_nothing_at_all_says_what_to_fill_in() -> None:
    assert problems({}) == {("DISCORD_TOKEN", "no-side")}


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "DISCORD_GUILD_ID": "ma-médiathèque",
        "TWITCH_BOT_ID": "mon_bot",
        "TWITCH_TOKEN": "token",
        "TWITCH_CHANNELS": "https://twitch.tv/pau",
        "TWITCH_VIP_HOSTS": "peut-être",
        "ENSEMBLE_DECKS": str(tmp_path / "nowhere"),
        "ENSEMBLE_LOCALE": "de",
        "ENSEMBLE_ZONE": "Pau",
        "ENSEMBLE_SEASON_START": "30 février",
        "ENSEMBLE_JOURNAL_DAYS": "0",
        "ENSEMBLE_RETENTION_DAYS": "toujours",
        "ENSEMBLE_LOG_LEVEL": "loud",
        "ENSEMBLE_LOG_FORMAT": "xml",
    }
    assert problems(wrong) == {
        ("DISCORD_GUILD_ID", "number"),
        ("TWITCH_CLIENT_ID", "missing"),
        ("TWITCH_REFRESH_TOKEN", "missing"),
        ("TWITCH_BOT_ID", "number"),
        ("TWITCH_CHANNELS", "login"),
        ("TWITCH_VIP_HOSTS", "yes-or-no"),
        ("ENSEMBLE_DECKS", "folder"),
        ("ENSEMBLE_LOCALE", "locale"),
        ("ENSEMBLE_ZONE", "zone"),
        ("ENSEMBLE_SEASON_START", "season"),
        ("ENSEMBLE_JOURNAL_DAYS", "days"),
        ("ENSEMBLE_RETENTION_DAYS", "days"),
        ("ENSEMBLE_LOG_LEVEL", "level"),
        ("ENSEMBLE_LOG_FORMAT", "format"),
    }


def test_a_missing_side_is_told_together_with_other_problems() -> None:
    assert problems({"ENSEMBLE_ZONE": "Pau"}) == {
        ("ENSEMBLE_ZONE", "zone"),
        ("DISCORD_TOKEN", "no-side"),
    }


@pytest.mark.parametrize("given", ["TWITCH_TOKEN", "TWITCH_CHANNELS", "TWITCH_CLIENT_SECRET"])
def test_half_of_twitch_is_no_twitch_left_out_in_silence(given: str) -> None:
    wrong = problems({**DISCORD, given: "mediatheque"})
    assert {name for name, code in wrong if code == "missing"} == set(TWITCH) - {given}


@pytest.mark.parametrize("zone", ["Europe", "../etc/passwd", "/etc/localtime", ".", "a\0b"])
def test_odd_time_zones_are_refused(zone: str) -> None:
    assert problems({**DISCORD, "ENSEMBLE_ZONE": zone}) == {("ENSEMBLE_ZONE", "zone")}


@pytest.mark.parametrize("days", ["-1", "0", "36501", "1.5", "1_0", "٣", "9" * 5000])
def test_odd_numbers_of_days_are_refused(days: str) -> None:
    assert problems({**DISCORD, "ENSEMBLE_JOURNAL_DAYS": days}) == {
        ("ENSEMBLE_JOURNAL_DAYS", "days")
    }


@pytest.mark.parametrize("start", ["02-29", "13-01", "00-10", "9-1", "09/01", "٠٩-٠١"])
def test_a_season_starts_on_a_day_that_every_year_has(start: str) -> None:
    assert problems({**DISCORD, "ENSEMBLE_SEASON_START": start}) == {
        ("ENSEMBLE_SEASON_START", "season")
    }


@pytest.mark.parametrize("guild", ["-5", "1_000", "²", "1" * 5000])
def test_odd_server_ids_are_refused(guild: str) -> None:
    assert problems({**DISCORD, "DISCORD_GUILD_ID": guild}) == {("DISCORD_GUILD_ID", "number")}


def test_problems_are_told_in_french() -> None:
    heading, *lines = spoken({"ENSEMBLE_ZONE": "Pau"})
    assert heading == "Des réglages sont à revoir\u202f:"
    assert (
        "  ENSEMBLE_ZONE\u202f: «\u202fPau\u202f» n’est pas un fuseau horaire\u202f: par exemple Europe/Paris"
        in lines
    )


def test_problems_are_told_in_the_language_that_was_chosen() -> None:
    heading, line = spoken({**DISCORD, "ENSEMBLE_LOCALE": "en", "ENSEMBLE_LOG_FORMAT": "xml"})
    assert heading == "The settings cannot be used yet:"
    assert line == "  ENSEMBLE_LOG_FORMAT: “xml” is no format: text or json"


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("code", SENTENCES)
def test_each_complaint_has_its_sentence(code: str, locale: str) -> None:
    sentence = Speech(locale).gettext(SENTENCES[code], text="x", given="TWITCH_TOKEN")
    assert sentence
    assert "{" not in sentence


def test_secrets_are_known_and_never_shown() -> None:
    settings = read_settings({**DISCORD, **SECRET})
    assert settings.secrets == {
        "discord-token-value",
        "twitch-token-value",
        "refresh-token-value",
        "client-secret-value",
    }
    for shown in (repr(settings), str(settings), repr(settings.discord), repr(settings.twitch)):
        assert not any(secret in shown for secret in settings.secrets)


def test_a_complaint_never_repeats_a_secret() -> None:
    lines = spoken({**SECRET, "TWITCH_BOT_ID": "x", "ENSEMBLE_LOCALE": "en"})
    text = "\n".join(lines)
    assert not any(
        value in text for name, value in SECRET.items() if "TOKEN" in name or "SECRET" in name
    )


def test_settings_cannot_be_changed() -> None:
    settings = read_settings(DISCORD)
    with pytest.raises(AttributeError):
        settings.locale = "en"  # type: ignore[misc]


def example() -> list[tuple[str, str]]:
    """Return (name, the comment above it) for each setting in the example."""
    found, comment = [], ""
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if line.startswith("#"):
            comment += line.lstrip("# ") + " "
        elif match := re.match(r"([A-Z_]+)=", line):
            found.append((match[1], comment.strip()))
            comment = ""
        else:
            comment = ""
    return found


def test_the_example_lists_every_setting_in_order() -> None:
    assert tuple(name for name, _ in example()) == NAMES


@pytest.mark.parametrize(("name", "comment"), example())
def test_the_example_explains_each_setting(name: str, comment: str) -> None:
    assert len(comment) > 30, name


def test_the_example_as_it_stands_only_lacks_a_side() -> None:
    values = dotenv_values(EXAMPLE)
    assert set(values) == set(NAMES)
    assert problems({name: value or "" for name, value in values.items()}) == {
        ("DISCORD_TOKEN", "no-side")
    }


def test_a_file_filled_in_by_hand_is_read(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text("utf-8").replace("DISCORD_TOKEN=", "DISCORD_TOKEN='a#b c'  # hers")
    file = tmp_path / ".env"
    file.write_text(lines, "utf-8")
    settings: Settings = read_settings(dotenv_values(file))
    assert settings.discord is not None
    assert settings.discord.token == "a#b c"


def test_every_name_is_read() -> None:
    asked: set[str] = set()

    class Watched(dict[str, str]):
        def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
            asked.add(key)
            return super().get(key, default)

    read_settings(Watched({**DISCORD, **TWITCH}))
    assert asked == set(NAMES)


def test_the_web_server_is_off_unless_it_has_a_port() -> None:
    assert read_settings(DISCORD).web is None
    assert read_settings(DISCORD | {"ENSEMBLE_WEB_PORT": "8790"}).web == WebSettings(8790, "")
    url = "https://ensemble.example.org/bot/"
    both = {"ENSEMBLE_WEB_PORT": "8790", "ENSEMBLE_WEB_URL": url}
    assert read_settings(DISCORD | both).web == WebSettings(8790, url.rstrip("/"))


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("ENSEMBLE_WEB_PORT", "http", "port"),
        ("ENSEMBLE_WEB_PORT", "65536", "port"),
        ("ENSEMBLE_WEB_PORT", "-1", "port"),
        ("ENSEMBLE_WEB_URL", "ensemble.example.org", "url"),
        ("ENSEMBLE_WEB_URL", "https://example.org/?a=1", "url"),
        ("ENSEMBLE_WEB_URL", "https://me:secret@example.org", "url"),
        ("ENSEMBLE_WEB_URL", "javascript:alert(1)", "url"),
    ],
)
def test_a_web_setting_that_cannot_be_used_is_told(name: str, text: str, code: str) -> None:
    assert (name, code) in problems({**DISCORD, name: text})


def test_an_address_without_a_port_is_told() -> None:
    alone = {**DISCORD, "ENSEMBLE_WEB_URL": "https://ensemble.example.org"}
    assert problems(alone) == {("ENSEMBLE_WEB_PORT", "no-port")}
