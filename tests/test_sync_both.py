"""The stream's delay from either side: measured with the viewers on Twitch, set by hand, kept."""

import re

import pytest

from bot.storage.rooms import Room
from tests.stage_fixtures import Evening, Hurried, only_twitch, refused
from tests.waiting import until

ASKED = "dès que vous entendez « top », tapez top ici. Vous avez 30 s."
ELSEWHERE = "sur Twitch, on tape top dès qu’on l’entend. Ici, rien à faire."
SET = re.compile(r"^Décalage réglé : ([\d,]+) s, d’après (\d+) personnes?\.$")


@pytest.fixture
async def unhurried(stopped_evening: Evening) -> Evening:
    """Give an evening whose half minutes are long enough for any machine; tests put the clock forward."""
    stopped_evening.clock = stopped_evening.cast._clock = Hurried(1.0)
    return stopped_evening


@pytest.fixture
async def evening(unhurried: Evening) -> Evening:
    """Give such an evening whose bot both platforms hear."""
    await unhurried.start()
    return unhurried


def _room(evening: Evening) -> Room:
    return evening.app.rooms.by_discord[str(evening.stage.channel.id)]


async def _hear(evening: Evening) -> None:
    """Let two viewers type the word seven seconds later, and somebody on Discord at once."""
    stage = evening.stage
    await evening.write(stage.camille, "top")
    evening.clock.jump(7)
    await evening.chat(stage.ines, "top")
    await evening.chat(stage.leo, "Top !")
    await evening.chat(stage.ines, "top")
    await until(lambda: evening.session.activity.scene().replies == 2)


async def _told(evening: Evening) -> tuple[float, int]:
    """Wait for the result on both platforms and return it."""
    line = await evening.heard("Décalage réglé")
    await evening.shown(line)
    found = SET.match(line)
    assert found, line
    return float(found[1].replace(",", ".")), int(found[2])


async def test_a_measure_started_on_twitch_sets_the_delay_for_both(evening: Evening) -> None:
    await evening.chat(evening.stage.broadcaster, "!sync")
    await evening.heard(ASKED)
    await evening.shown(ELSEWHERE)
    await _hear(evening)
    await evening.chat(evening.stage.twitch_moderator, "!stop")
    delay, people = await _told(evening)
    assert people == 2
    assert 6.5 <= delay <= 12
    assert _room(evening).delay == delay
    assert await evening.app.database.rows("SELECT twitch_delay FROM room") == [(delay,)]
    told = f"{delay:g}".replace(".", ",")
    shown = await evening.told("room show", by=evening.stage.camille)
    assert shown.endswith(f"Le décalage de la diffusion est de {told} s.")
    await evening.asks(evening.stage.ines, "!salle", f"décalage de la diffusion est de {told} s.")
    assert await evening.points() == {}


async def test_a_measure_started_on_discord_ends_in_time(evening: Evening) -> None:
    assert await evening.told("room sync") == "C’est parti !"
    await evening.heard(ASKED)
    await evening.chat(evening.stage.ines, "go")
    await until(lambda: evening.session.activity.scene().replies == 1)
    evening.clock.jump(30)
    await evening.chat(evening.stage.leo, "top")
    _, people = await _told(evening)
    assert people == 1
    assert not evening.playing
    await evening.quiz()


async def test_the_delay_outlives_a_restart(evening: Evening) -> None:
    await evening.chat(evening.stage.broadcaster, "!synchro")
    await evening.heard(ASKED)
    await _hear(evening)
    await evening.slash("stop")
    delay, _ = await _told(evening)
    await evening.cast.restart()
    await evening.ready()
    assert _room(evening).delay == delay
    assert len([line for line in evening.lines() if SET.match(line)]) == 1


async def test_a_measure_interrupted_by_a_kill_ends_and_sets_the_delay_once(
    evening: Evening,
) -> None:
    await evening.chat(evening.stage.broadcaster, "!sync")
    await evening.heard(ASKED)
    await _hear(evening)
    await evening.app.hall.flush()
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    await evening.heard("Me revoilà")
    await evening.chat(evening.stage.broadcaster, "!stop")
    delay, people = await _told(evening)
    assert people == 2
    assert _room(evening).delay == delay
    assert len([line for line in evening.lines() if SET.match(line)]) == 1
    assert await evening.app.database.rows("SELECT count(*) FROM ledger") == [(0,)]


async def test_nobody_answers_and_nothing_changes(evening: Evening) -> None:
    await evening.asks(evening.stage.broadcaster, "!sync 6,5", "est de 6,5 s.")
    await evening.chat(evening.stage.broadcaster, "!sync")
    await evening.heard(ASKED)
    await evening.chat(evening.stage.broadcaster, "!stop")
    await evening.heard("Personne n’a répondu : le décalage de la diffusion reste ce qu’il était.")
    await evening.shown("Personne n’a répondu")
    assert _room(evening).delay == 6.5


async def test_set_by_hand_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    told = await evening.told("room delay", seconds=6)
    assert told == "C’est fait : le décalage de la diffusion est de 6 s."
    assert _room(evening).delay == 6
    await evening.asks(stage.broadcaster, "!synchro 7,5", "est de 7,5 s.")
    assert _room(evening).delay == 7.5
    await evening.asks(stage.broadcaster, "!salle décalage 8", "est de 8 s.")
    await evening.write(stage.host, "!sync 9.5")
    await evening.shown("est de 9,5 s.")
    await evening.asks(stage.broadcaster, "!sync 0", "la diffusion n’a plus de décalage.")
    assert _room(evening).delay == 0
    told = await evening.told("room show")
    assert "décalage" not in told


async def test_typed_on_discord_and_as_a_verb_of_the_room(evening: Evening) -> None:
    stage = evening.stage
    await evening.write(stage.host, "!synchro")
    await evening.shown(ELSEWHERE)
    await evening.write(stage.host, "!stop")
    await evening.shown("Personne n’a répondu")
    await evening.asks(stage.broadcaster, "!salle synchro", ASKED)
    await evening.chat(stage.broadcaster, "!stop")
    await until(lambda: not evening.playing)


async def test_only_hosts_and_only_when_nothing_runs(evening: Evening) -> None:
    stage = evening.stage
    hosts_only = refused("hosts-only")
    for text in ("!sync", "!sync 6", "!salle synchro", "!salle décalage 6"):
        await evening.asks(stage.ines, text, hosts_only)
        evening.clock.jump(30)
    assert await evening.told("room sync", by=stage.camille) == hosts_only
    assert await evening.told("room delay", by=stage.camille, seconds=6) == hosts_only
    await evening.quiz()
    running = refused("already-running", title="Auteurs et autrices")
    await evening.asks(stage.broadcaster, "!sync", running)
    assert await evening.told("room sync") == running
    assert _room(evening).delay == 0


async def test_what_is_no_number_of_seconds_is_refused(evening: Evening) -> None:
    broadcaster = evening.stage.broadcaster
    for text in ("beaucoup", "61", "-1"):
        sentence = refused("no-number", text=text, least=0, most=60)
        await evening.asks(broadcaster, f"!sync {text}", sentence)
    assert _room(evening).delay == 0


async def test_a_room_without_a_stream_has_no_delay(evening: Evening) -> None:
    await evening.told("room delay", seconds=6)
    await evening.told("room unlink", by=evening.stage.moderator)
    assert _room(evening).delay == 0
    assert await evening.told("room sync") == refused("not-linked")
    assert await evening.told("room delay", seconds=6) == refused("not-linked")


async def test_twitch_alone_is_enough(unhurried: Evening) -> None:
    evening = unhurried
    evening.settings(only_twitch)
    await evening.start()
    room = lambda: evening.app.rooms.by_twitch[evening.stage.broadcaster.id]  # noqa: E731
    await evening.chat(evening.stage.broadcaster, "!sync")
    await evening.heard(ASKED)
    evening.clock.jump(5)
    await evening.chat(evening.stage.ines, "top")
    running = evening.app.hall.running(room().id)
    assert running is not None
    await until(lambda: running.activity.scene().replies == 1)
    await evening.chat(evening.stage.broadcaster, "!stop")
    await evening.heard("Décalage réglé", "d’après 1 personne.")
    assert room().delay >= 4.5


async def test_a_deleted_word_does_not_count(evening: Evening) -> None:
    stage = evening.stage
    await evening.chat(stage.broadcaster, "!sync")
    await evening.heard(ASKED)
    message = await evening.chat(stage.ines, "top")
    await until(lambda: evening.session.activity.scene().replies == 1)
    await stage.twitch.delete_message(stage.broadcaster.id, message)
    await until(lambda: evening.session.activity.scene().replies == 0)
    await evening.chat(stage.broadcaster, "!stop")
    await evening.heard("Personne n’a répondu")
