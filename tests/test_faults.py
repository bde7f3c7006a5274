"""What goes wrong between the bot and the platforms, one thing at a time, in a game; and `ensemble run`."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.discord_client import DiscordClient
from bot.settings import Settings
from bot.supervisor import Hopeless
from tests.crowd import answer_at_once
from tests.stage_fixtures import Evening, flat, only_discord, only_twitch, plain
from tests.waiting import until

# twice and late


async def test_discord_frame_delivered_twice_counts_once(evening: Evening) -> None:
    await evening.quiz("lettres", questions=3)
    faults = evening.stage.discord.faults
    faults.duplicate_next()
    await evening.write(evening.stage.camille, evening.right)
    await evening.shown("Question 1 sur 3", "1 réponse")
    assert evening.session.activity.scene().replies == 1
    faults.duplicate_next()
    await evening.write(evening.stage.host, "!quiz passer")
    await evening.shown("Question 1 sur 3", "Camille (Discord) a trouvé")
    await evening.told("quiz score")
    assert evening.session.activity.scene().phase == "reveal", "the second copy skipped once more"


async def test_discord_interaction_delivered_twice_counts_once(evening: Evening) -> None:
    await evening.quiz("lettres", questions=3)
    evening.stage.discord.faults.duplicate_next()
    await evening.slash("quiz skip")
    await evening.told("quiz score")
    scene = evening.session.activity.scene()
    assert (scene.step, scene.phase) == (1, "reveal")


@pytest.mark.parametrize("same_delivery", [True, False])
async def test_twitch_line_delivered_twice_counts_once(
    evening: Evening, same_delivery: bool
) -> None:
    await evening.quiz("lettres", questions=3)
    faults = evening.stage.twitch.faults
    faults.duplicate_next(same_delivery=same_delivery)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("1 réponse")
    faults.duplicate_next(same_delivery=same_delivery)
    await evening.chat(evening.stage.twitch_moderator, "!quiz passer")
    await evening.heard("Inès (Twitch) a trouvé")
    await evening.asks(evening.stage.leo, "!quiz score", "1. Inès : 1 point")
    scene = evening.session.activity.scene()
    assert (scene.step, scene.phase) == (1, "reveal")


# connections


async def test_twitch_reconnect_loses_nothing_said_meanwhile(evening: Evening) -> None:
    await evening.quiz()
    await evening.stage.twitch.faults.reconnect(welcome_delay=0.1)
    await evening.chat(evening.stage.ines, evening.right)
    await until(lambda: evening.stage.twitch.sockets_opened >= 2)
    await evening.chat(evening.stage.leo, evening.right)
    await until(lambda: evening.session.activity.scene().replies == 2)
    await until(lambda: evening.stage.twitch.sockets == 1)
    await evening.chat(evening.stage.broadcaster, "!quiz passer")
    await evening.heard("Inès (Twitch) a trouvé", "puis Leo64")
    assert not [line for line in evening.lines() if "Je n’ai pas pu lire" in line]


async def test_twitch_drop_is_survived_and_told(evening: Evening) -> None:
    await evening.quiz()
    await evening.stage.twitch.faults.drop()
    await until(lambda: evening.stage.twitch.sockets_opened >= 2)
    await until(lambda: evening.twitch_is_up)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("1 réponse")
    await evening.skip()
    await evening.heard("Inès (Twitch) a trouvé")


@pytest.mark.parametrize("how", ["reconnect", "drop", "resumable", "invalid"])
async def test_discord_connection_lost_in_a_question_is_survived(
    evening: Evening, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await evening.quiz()
    board = await evening.board()
    faults = evening.stage.discord.faults
    if how == "reconnect":
        await faults.reconnect()
    elif how == "drop":
        await faults.drop()
    else:
        # discord.py waits five seconds before it identifies again, as Discord asks
        monkeypatch.setattr(DiscordClient, "before_identify_hook", _at_once)
        await faults.invalid_session(resumable=how == "resumable")
    await asyncio.sleep(0.02)
    await until(lambda: evening.stage.discord.sockets == 1)
    answered = asyncio.create_task(_write_until_counted(evening))
    await asyncio.wait_for(answered, 8.0)
    await evening.skip()
    revealed = await evening.shown("Camille (Discord) a trouvé")
    assert revealed["id"] == board["id"]


async def _at_once(_client: DiscordClient, _shard: int | None, *, initial: bool = False) -> None:
    pass


async def _write_until_counted(evening: Evening) -> None:
    while evening.session.activity.scene().replies == 0:
        await evening.write(evening.stage.camille, evening.right)
        await asyncio.sleep(0.05)


# refusals to send


@pytest.mark.parametrize("status", [429, 500])
async def test_discord_edit_that_fails_is_tried_again(evening: Evening, status: int) -> None:
    await evening.quiz()
    evening.stage.discord.faults.fail(status, method="PATCH", path="/messages/")
    await evening.write(evening.stage.camille, evening.right)
    await evening.shown("Question 1 sur 1", "1 réponse")


async def test_discord_post_that_fails_is_not_posted_twice(evening: Evening) -> None:
    evening.stage.discord.faults.fail(500, method="POST", path="/messages")
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await evening.shown("Question 1 sur 1")
    titles = [flat(m).split("\n")[0] for m in evening.messages()]
    assert len(titles) == len(set(titles)) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_twitch_line_that_fails_is_sent_again_once(evening: Evening, status: int) -> None:
    evening.stage.twitch.faults.fail(status, method="POST", path="/chat/messages")
    await evening.quiz()
    await evening.heard("On joue !")
    assert sum(line.startswith("On joue !") for line in evening.lines()) == 1


async def test_twitch_line_dropped_by_twitch_harms_no_other(evening: Evening) -> None:
    evening.stage.twitch.faults.reject_next("automod_held", "held")
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await evening.heard("Question 1 sur 1")
    assert not [line for line in evening.lines() if "On joue" in line]


async def test_expired_twitch_token_is_refreshed_in_a_game(evening: Evening) -> None:
    await evening.quiz()
    evening.stage.twitch.faults.expire_token()
    await evening.skip()
    await evening.heard("Personne cette fois")
    assert evening.stage.twitch.faults.refreshes == 1


# one platform down


async def test_discord_plays_on_and_is_told_while_twitch_is_down(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    faults = evening.stage.twitch.faults
    faults.refuse_connections()
    await faults.drop()
    await evening.shown("Twitch est injoignable pour l’instant. On continue ici.")
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.shown("Question 1 sur 2", "Camille (Discord) a trouvé")
    faults.accept_connections()
    await evening.shown("Twitch est de retour.")
    await evening.chat(evening.stage.ines, "!quiz")


async def test_twitch_plays_on_and_is_told_while_discord_is_down(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    evening.errors = ("Attempting a reconnect",)
    faults = evening.stage.discord.faults
    faults.refuse_connections(rest=True)
    await faults.drop()
    await evening.heard("Discord est injoignable pour l’instant. On continue ici.")
    await evening.chat(evening.stage.ines, evening.right)
    await evening.chat(evening.stage.twitch_moderator, "!quiz passer")
    await evening.heard("Inès (Twitch) a trouvé")
    faults.accept_connections()
    await evening.heard("Discord est de retour.")
    await evening.shown("Question 1 sur 2", "Inès (Twitch) a trouvé")


async def test_event_that_discord_py_cannot_parse_ends_its_side_only_for_a_moment(
    evening: Evening,
) -> None:
    await evening.quiz()
    evening.errors = ("Discord ended",)
    before = evening.app.discord
    evening.stage.discord.faults.send_raw("INTERACTION_CREATE", {"id": "1", "type": 2})
    await until(lambda: evening.app.discord is not before)
    await evening.chat(evening.stage.ines, evening.right)
    await until(lambda: evening.session.activity.scene().replies == 1)
    await until(lambda: evening.app.discord is not None and evening.discord_is_up)
    await _write_until_two(evening)
    await evening.skip()
    await evening.heard("a trouvé", "puis", "Inès", "Camille")
    await evening.shown("Question 1 sur 1", "a trouvé", "puis", "Inès", "Camille")


async def _write_until_two(evening: Evening) -> None:
    while evening.session.activity.scene().replies < 2:
        await evening.write(evening.stage.camille, evening.right)
        await asyncio.sleep(0.02)


# hopeless


def _bad_discord(settings: Settings) -> Settings:
    assert settings.discord is not None
    return replace(settings, discord=replace(settings.discord, token="wrong-discord-token"))


def _bad_twitch(settings: Settings) -> Settings:
    assert settings.twitch is not None
    bad = replace(settings.twitch, token="wrong-twitch-token", refresh_token="wrong-refresh-token")
    return replace(settings, twitch=bad)


def _left_off(evening: Evening) -> set[str]:
    """Return the platforms that are given up in this run."""
    return {"discord", "twitch"} - {side.platform for side in evening.app.hall.sides}


async def test_bad_discord_token_is_said_and_twitch_plays(
    stopped_evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = stopped_evening
    monkeypatch.setattr("bot.app.DRAIN", 0.1)  # what waits for Discord will wait in vain
    evening.errors = ("Discord stays off: Discord refuse DISCORD_TOKEN.",)
    evening.settings(_bad_discord)
    await evening.cast.start()
    await until(lambda: evening.twitch_is_up and _left_off(evening) == {"discord"})
    await evening.asks(evening.stage.broadcaster, "!quiz lancer lettres 1", "On joue !")
    await evening.cast.stop()


async def test_missing_intent_is_said_and_twitch_plays(
    stopped_evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = stopped_evening
    monkeypatch.setattr("bot.app.DRAIN", 0.1)
    evening.errors = ("Discord stays off: Discord ne laisse pas le bot lire les messages",)
    evening.stage.discord.faults.disallow_intents(1 << 15)
    await evening.cast.start()
    await until(lambda: evening.twitch_is_up and _left_off(evening) == {"discord"})
    await evening.asks(evening.stage.broadcaster, "!quiz lancer lettres 1", "On joue !")
    await evening.cast.stop()


async def test_bad_twitch_token_is_said_and_discord_plays(
    stopped_evening: Evening, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = stopped_evening
    monkeypatch.setattr("bot.app.DRAIN", 0.1)
    evening.errors = ("Twitch stays off: Twitch refuse le jeton du bot", "twitch: ")
    evening.settings(_bad_twitch)
    await evening.cast.start()
    await until(lambda: evening.discord_is_up)
    await until(lambda: "Twitch stays off" in caplog.text)
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await evening.shown("Question 1 sur 1")
    await evening.cast.stop()
    for secret in ("wrong-twitch-token", "wrong-refresh-token"):
        assert secret not in caplog.text


@pytest.mark.parametrize("side", ["discord", "twitch"])
async def test_last_platform_that_cannot_work_ends_the_program_with_clear_words(
    stopped_evening: Evening, side: str
) -> None:
    evening = stopped_evening
    evening.settings(only_discord if side == "discord" else only_twitch)
    evening.settings(_bad_discord if side == "discord" else _bad_twitch)
    evening.errors = () if side == "discord" else ("twitch: ",)
    await evening.cast.start()
    task = evening.cast._task
    assert task is not None
    with pytest.raises(Hopeless) as caught:
        await asyncio.wait_for(task, 5)
    evening.cast._task = None
    assert ("DISCORD_TOKEN" if side == "discord" else "TWITCH_TOKEN") in caught.value.explain


# many


async def test_a_thousand_people_answer_within_two_seconds_and_nobody_is_lost(
    stopped_evening: Evening,
) -> None:
    crowd = await answer_at_once(stopped_evening, each=500)
    assert crowd.took < 2.0
    assert (crowd.counted, crowd.rows, crowd.points) == (1000, 1000, 1000)
    assert crowd.edits >= 1
    assert crowd.shortest_gap > 0.95


# the program itself

ENV = """\
DISCORD_TOKEN={discord}
TWITCH_CLIENT_ID={client}
TWITCH_CLIENT_SECRET={secret}
TWITCH_BOT_ID={bot}
TWITCH_TOKEN={access}
TWITCH_REFRESH_TOKEN={refresh}
TWITCH_CHANNELS=mediatheque_pau
ENSEMBLE_DATABASE={database}
ENSEMBLE_LOG_LEVEL=DEBUG
"""


def _write_env(evening: Evening, folder: Path) -> list[str]:
    """Write a .env for the stage; return its secrets."""
    stage = evening.stage
    values = {
        "discord": stage.discord.bot_token,
        "client": stage.twitch.client_id,
        "secret": stage.twitch.client_secret,
        "bot": stage.twitch.bot.id,
        "access": stage.twitch.access_token,
        "refresh": stage.twitch.refresh_token,
        "database": str(folder / "run.sqlite3"),
    }
    (folder / ".env").write_text(ENV.format(**values), "utf-8")
    return [values[name] for name in ("discord", "secret", "access", "refresh")]


async def _ensemble(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    root = str(Path(__file__).parent.parent)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("DISCORD_", "TWITCH_"))}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={**clean, "PYTHONPATH": root},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def test_program_plays_on_local_servers_and_stops_in_good_order(
    stopped_evening: Evening, tmp_path: Path
) -> None:
    evening, stage = stopped_evening, stopped_evening.stage
    secrets = _write_env(evening, tmp_path)
    program = await _ensemble(
        tmp_path,
        "run",
        "--discord-url",
        str(stage.url / "discord"),
        "--twitch-url",
        str(stage.url / "twitch"),
    )
    try:
        await until(lambda: stage.discord.commands and stage.discord.sockets)
        await until(lambda: len(stage.twitch.subscriptions) == 4)
        linked = await stage.discord.slash(
            stage.moderator.id, stage.channel.id, "room link", twitch="mediatheque_pau"
        )
        assert "twitch.tv" in flat(await linked.settled())
        started = await stage.discord.slash(stage.host.id, stage.channel.id, "quiz start")
        await started.settled()
        await evening.heard("On joue !")
        await evening.shown("On joue !")
        program.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(program.communicate(), 10.0)
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
    text = err.decode()
    assert program.returncode == 0, text
    assert "sur Discord et Twitch. Pour l’arrêter" in plain(text)
    assert "Traceback" not in text
    assert not out
    for secret in secrets:
        assert secret not in text


@pytest.mark.parametrize(
    ("env", "arguments", "code", "words"),
    [
        (None, (), 1, "Il n’y a pas de .env ici."),
        ("DISCORD_TOKEN=\n", (), 1, "Il n’y a pas de .env ici."),
        ("TWITCH_TOKEN=abcdef\nENSEMBLE_ZONE=Pau\n", (), 1, "ENSEMBLE_ZONE : "),
        (
            "DISCORD_TOKEN=secret-token\n",
            ("--discord-url", "https://discord.exemple.invalid"),
            2,
            "https://discord.exemple.invalid n’est pas une adresse de cette machine",
        ),
        (
            "DISCORD_TOKEN=secret-token\n",
            ("--twitch-url", "http://192.168.1.5/twitch"),
            2,
            "n’est pas une adresse de cette machine",
        ),
    ],
)
async def test_program_that_cannot_start_says_why_in_french(
    tmp_path: Path, env: str | None, arguments: tuple[str, ...], code: int, words: str
) -> None:
    if env is not None:
        (tmp_path / ".env").write_text(env, "utf-8")
    program = await _ensemble(tmp_path, "run", *arguments)
    _, err = await asyncio.wait_for(program.communicate(), 10.0)
    text = plain(err.decode())
    assert program.returncode == code, text
    assert words in text
    assert "Traceback" not in text
    assert "secret-token" not in text
    assert "abcdef" not in text
    assert not (tmp_path / "data").exists()
