"""Logs: one line each, in two forms, without secrets in any of them; the libraries are quiet."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.logs import Redactor

TOKEN = "mtk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs"
Written = Callable[[], str]
"""Returns what the logs have said so far."""

LIBRARIES = ("discord", "twitchio", "aiohttp", "asyncio", "aiosqlite")


@pytest.fixture
def _loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in LIBRARIES}
    client = logging.getLogger("discord.client")
    filters = client.filters[:]
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    client.filters[:] = filters


@pytest.fixture
def written(_loggers_as_before: None, capsys: pytest.CaptureFixture[str]) -> Written:
    kept: list[str] = []

    def read() -> str:
        kept.append(capsys.readouterr().err)
        return "".join(kept)

    return read


def fail(secret: str) -> None:
    raise ValueError(f"refused with {secret}")


@pytest.mark.parametrize("form", ["text", "json"])
def test_known_secrets_are_taken_out_of_messages(written: Written, form: str) -> None:
    logs.set_up("INFO", form, Redactor(["s3cret"]))
    logging.getLogger("bot.app").info("with %s and %s", "s3cret", {"deep": "s3cret"})
    assert "s3cret" not in written()
    assert written().count("[secret]") == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_taken_out_of_tracebacks(written: Written, form: str) -> None:
    logs.set_up("INFO", form, Redactor(["s3cret"]))
    try:
        try:
            fail("s3cret")
        except ValueError as error:
            raise RuntimeError(f"access_token={TOKEN}") from error
    except RuntimeError:
        logging.getLogger("bot.app").exception("it failed")
    text = written()
    assert "RuntimeError" in text
    assert "refused with [secret]" in text
    assert "s3cret" not in text
    assert TOKEN not in text


def test_a_secret_learnt_later_is_taken_out_too(written: Written) -> None:
    redactor = Redactor([])
    logs.set_up("INFO", "text", redactor)
    redactor.learn("renewed")
    redactor.learn("renewed")
    redactor.learn("")
    logging.getLogger("bot").info("renewed pair")
    assert "[secret] pair" in written()


def test_a_secret_that_begins_like_another_is_taken_out_whole() -> None:
    redactor = Redactor(["abcd"])
    redactor.learn("abcdefgh")
    assert redactor("abcdefgh abcd") == "[secret] [secret]"


@pytest.mark.parametrize(
    "line",
    [
        f"https://id.twitch.tv/oauth2/token?client_id=x&client_secret={TOKEN}&grant_type=refresh_token",
        f"https://id.twitch.tv/oauth2/token?refresh_token={TOKEN}",
        f"https://example.org/?code={TOKEN}",
        f"Authorization: Bearer {TOKEN}",
        f"{{'Authorization': 'Bot {TOKEN}'}}",
        f"Authorization: OAuth {TOKEN}",
        f"pass oauth:{TOKEN}",
        f'{{"access_token": "{TOKEN}", "refresh_token":"{TOKEN}"}}',
        f"token={TOKEN}",
        f"token: oauth:{TOKEN}",
        f"POST https://discord.com/api/v10/webhooks/1234/{TOKEN}/messages/@original",
        f"POST https://discord.com/api/v10/interactions/1234/{TOKEN}/callback",
    ],
)
def test_what_looks_like_a_credential_is_taken_out(line: str) -> None:
    assert TOKEN not in Redactor([])(line)
    assert "[secret]" in Redactor([])(line)


@pytest.mark.parametrize(
    "line",
    [
        "session 12 (quiz) starts in room 3",
        "discord: the bot is back after 40 s",
        "a reply could not be sent: 403 50013",
        "GET https://discord.com/api/v10/channels/1234567890123456789/messages",
    ],
)
def test_ordinary_lines_stay_as_they_are(line: str) -> None:
    assert Redactor(["s3cret"])(line) == line


@given(st.text(max_size=60), st.text(min_size=4, max_size=20), st.text(max_size=60))
def test_no_text_around_a_secret_lets_it_through(before: str, secret: str, after: str) -> None:
    shown = Redactor([secret])(f"{before}{secret}{after}")
    assert secret in "[secret]" or secret not in shown.replace("[secret]", "")


def test_text_lines_say_when_how_grave_and_where(written: Written) -> None:
    logs.set_up("INFO", "text", Redactor([]))
    logging.getLogger("bot.hall").warning("session %d", 5)
    assert written().split(" ", 1)[1].strip() == "WARNING bot.hall: session 5", written()


def test_json_lines_are_one_object_each(written: Written) -> None:
    logs.set_up("INFO", "json", Redactor([]))
    logging.getLogger("bot.hall").warning("two\nlines «\u202f%s\u202f»", "é")
    logging.getLogger("bot.hall").error("again")
    rows: list[dict[str, Any]] = [json.loads(line) for line in written().splitlines()]
    assert [row["message"] for row in rows] == ["two\nlines «\u202fé\u202f»", "again"]
    assert rows[0]["level"] == "WARNING"
    assert rows[0]["logger"] == "bot.hall"
    assert rows[0]["at"]


def test_half_a_character_does_not_lose_a_json_line(written: Written) -> None:
    logs.set_up("INFO", "json", Redactor([]))
    logging.getLogger("bot").info("broken: %s", "\ud83d")
    assert json.loads(written())["message"] == r"broken: \ud83d"


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_the_libraries_speak_from_warning_on(written: Written, level: str) -> None:
    logs.set_up(level, "text", Redactor([]))
    for name in (*LIBRARIES, "discord.gateway", "twitchio.eventsub.websockets"):
        logging.getLogger(name).debug("a payload with what somebody said")
        logging.getLogger(name).info("connected")
    assert written() == ""
    logging.getLogger("discord.http").warning("rate limited")
    assert "rate limited" in written()


def test_libraries_are_as_quiet_as_the_rest(written: Written) -> None:
    logs.set_up("ERROR", "text", Redactor([]))
    logging.getLogger("discord").warning("rate limited")
    logging.getLogger("bot").warning("something")
    assert written() == ""


def test_setting_up_twice_does_not_double_the_lines(written: Written) -> None:
    logs.set_up("INFO", "text", Redactor([]))
    logs.set_up("INFO", "text", Redactor([]))
    logging.getLogger("bot").info("once")
    assert written().count("once") == 1
