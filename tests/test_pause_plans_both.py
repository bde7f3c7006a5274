"""Planned pauses as people meet them, on both platforms: said back, reminded of, and started once over crashes."""

import asyncio
import random
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.batch import Batch
from bot.dispatcher import Handler
from bot.pause_plans import HOST_WITHIN
from bot.wording.dates import moment
from games.core import Refusal, Role
from games.pause import Pause
from games.recurrence import local_time
from tests.stage_fixtures import FRENCH, Evening, buttons, flat, plain, refused
from tests.waiting import until, until_read

PARIS = "Europe/Paris"
MINUTE = 1 / 1440


def today(evening: Evening) -> datetime:
    return local_time(evening.clock.wall(), PARIS)


def ahead(evening: Evening, minutes: float = 120) -> datetime:
    """Return a local time so many minutes from now, in whole minutes."""
    return (today(evening) + timedelta(minutes=minutes)).replace(second=0, microsecond=0)


def typed(when: datetime) -> str:
    return f"{when:%d/%m/%Y %H:%M}"


def turn(evening: Evening, days: float) -> None:
    """Let days pass by the wall clock."""
    evening.clock.turn(days)
    evening.app.agenda._dispatcher.wake()


def turn_to(evening: Evening, when: datetime, seconds: float = 1.0) -> None:
    turn(evening, ((when - today(evening)).total_seconds() + seconds) / 86_400)


async def plan(evening: Evening, when: datetime, rest: str = "") -> str:
    """Let a moderator plan a pause from Twitch."""
    host = evening.stage.twitch_moderator
    return await evening.asks(host, f"!pause prévoir {typed(when)} {rest}", "C’est prévu.")


async def started(evening: Evening) -> list[int]:
    """Return the numbers of what was due that started a session."""
    rows = await evening.app.database.rows(
        "SELECT json_extract(options, '$.planned') FROM session WHERE activity = 'pause' ORDER BY id"
    )
    return [number for (number,) in rows if number]


# planning


async def test_plan_is_said_back_on_discord_before_it_is_made(evening: Evening) -> None:
    when = ahead(evening)
    told = await evening.slash("pause plan", when=typed(when), every="week", preset="long")
    offer = told.messages[0]
    day = plain(moment(when, FRENCH, today(evening)))
    said_day = f"{day[0].upper()}{day[1:]}"
    assert flat(offer) == (
        f"Est-ce bien cela ? {said_day}, puis chaque semaine : Pause lecture, 45 minutes, en silence."
    )
    assert not await evening.app.database.rows("SELECT * FROM series"), "nothing is planned yet"
    pressed = await evening.click(evening.stage.host, "Prévoir", offer)
    said = flat(await pressed.settled())
    assert said.startswith(f"C’est prévu. {said_day}, puis chaque semaine")
    assert "Pour annuler : !pause déprogrammer" in said
    again = await evening.click(evening.stage.host, "Prévoir", offer)
    assert flat(await again.settled()) == refused("plan-gone")
    [rule] = await evening.app.database.rows("SELECT rule, zone FROM series")
    assert rule == ("FREQ=WEEKLY", PARIS)
    await evening.asks(evening.stage.leo, "!agenda", f"1. {day} : Pause lecture")


async def test_plan_is_said_in_words_on_twitch_and_undone(evening: Evening) -> None:
    when, host = ahead(evening), evening.stage.twitch_moderator
    said = await plan(evening, when, "chaque semaine long voix animation:Camille sauf fériés")
    assert "puis chaque semaine : Pause lecture, 45 minutes, à voix haute, à tour de rôle" in said
    assert "avec Camille, sauf les jours fériés." in said
    assert "Pour annuler : !pause déprogrammer" in said
    await evening.asks(host, "!pause déprogrammer", "C’est fait : Pause lecture n’est plus")
    await evening.asks(evening.stage.leo, "!agenda", "Rien n’est encore prévu")
    await evening.asks(host, "!pause déprogrammer", refused("no-plan"))


async def test_whoever_does_not_host_plans_nothing(evening: Evening) -> None:
    stage, when = evening.stage, typed(ahead(evening))
    await evening.asks(stage.ines, f"!pause prévoir {when}", refused("hosts-only"))
    assert await evening.told("pause plan", by=stage.camille, when=when) == refused("hosts-only")
    await evening.asks(stage.ines, "!pause déprogrammer", refused("hosts-only"))
    offer = (await evening.slash("pause plan", when=when)).messages[0]
    number = int(buttons(offer)[0]["custom_id"].split(":")[1])
    with pytest.raises(Refusal, match="hosts-only"):
        await evening.app.pause_plans.accept(number, Role.PATRON)


async def test_host_is_told_what_else_is_at_the_same_time_and_may_plan_all_the_same(
    evening: Evening,
) -> None:
    when = ahead(evening)
    await plan(evening, when, "Matinale")
    day = plain(moment(when, FRENCH, today(evening)))
    note = f"À noter : Matinale est à la même heure ({day})."
    said = await plan(evening, when + timedelta(minutes=10), "chaque semaine Soirée")
    assert note in said
    told = await evening.slash("pause plan", when=typed(when + timedelta(minutes=5)), minutes=30)
    assert flat(told.messages[0]).endswith(
        f"À noter : Matinale est à la même heure ({day}), comme 1 autre rendez-vous."
    )
    assert "À noter" not in await plan(evening, when + timedelta(minutes=40), "Plus tard")
    host = evening.stage.twitch_moderator
    moved = when + timedelta(minutes=50)
    await evening.asks(host, f"!agenda déplacer 1 {typed(moved)}", "À noter : Plus tard est à la")


async def test_several_plans_are_told_apart_by_title(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await plan(evening, ahead(evening), "Matinale")
    await plan(evening, ahead(evening, 300), "Soirée")
    await evening.asks(host, "!pause déprogrammer", "Matinale, Soirée")
    await evening.asks(host, "!pause déprogrammer soirée", "C’est fait : Soirée")
    assert await evening.told("pause unplan", title="Matinale") == (
        "C’est fait : Matinale n’est plus à l’agenda."
    )


async def test_one_date_is_skipped_on_the_agenda(evening: Evening) -> None:
    when, host = ahead(evening), evening.stage.twitch_moderator
    await plan(evening, when, "tous les jours")
    await evening.asks(host, "!agenda sauter 1", "Pause lecture")
    turn_to(evening, when, 120)
    await asyncio.sleep(0.2)
    assert not evening.playing
    turn_to(evening, when + timedelta(days=1))
    await until(lambda: evening.playing)


# the start


async def test_planned_pause_starts_by_itself_on_both_platforms(evening: Evening) -> None:
    when = ahead(evening)
    await plan(evening, when, "20 lent Lecture du soir")
    turn_to(evening, when)
    line = await evening.heard("Lecture du soir, 20 minutes, dans 2 min.")
    assert "retard" not in line
    assert "L’animation" not in line
    await evening.shown("Lecture du soir", "Début de la lecture")
    pause = evening.session.activity
    assert isinstance(pause, Pause)
    assert (pause.options.seconds, pause.options.quiet) == (1200.0, "slow")
    assert len(await started(evening)) == 1
    await evening.chat(evening.stage.ines, "!lis")
    await evening.shown("1 personne lit")


async def test_series_goes_on_week_after_week(evening: Evening) -> None:
    when = ahead(evening)
    await plan(evening, when, "chaque semaine")
    for week in range(3):
        turn_to(evening, when + timedelta(weeks=week))
        await until(lambda: evening.playing)
        await evening.told("pause stop")
        await until(lambda: not evening.playing)
    assert len(set(await started(evening))) == 3


async def test_missing_host_is_said_and_people_read_all_the_same(evening: Evening) -> None:
    when = ahead(evening)
    await plan(evening, when, "animation:Camille")
    turn_to(evening, when)
    await evening.heard("L’animation n’est pas là : on lit quand même.", "Pause lecture")
    await evening.shown("L’animation n’est pas là : on lit quand même.", "Début de la lecture")


@pytest.mark.parametrize("where", ["discord", "twitch", "button"])
async def test_host_who_has_said_a_word_is_there(evening: Evening, where: str) -> None:
    when, stage = ahead(evening), evening.stage
    await plan(evening, when, "animation:Camille")
    turn_to(evening, when, -HOST_WITHIN / 2)
    if where == "discord":
        await evening.write(stage.host, "Bonsoir !")
        await until(lambda: evening.app.hosts.last(1).visitor.platform == "discord")  # type: ignore[union-attr]
    elif where == "twitch":
        await evening.chat(stage.twitch_moderator, "Bonsoir !")
        await until(lambda: evening.clock.wall() - evening.app.hosts.last(1).at < 60_000_000)  # type: ignore[union-attr]
    else:
        await evening.told("agenda list")
    turn_to(evening, when)
    line = await evening.heard("Pause lecture", "Avec Camille.")
    assert "L’animation" not in line


async def test_word_of_somebody_else_makes_no_host(evening: Evening) -> None:
    when, stage = ahead(evening), evening.stage
    await plan(evening, when, "animation:Camille")
    turn_to(evening, when, -600)
    await evening.write(stage.camille, "Bonsoir !")
    await evening.chat(stage.ines, "Bonsoir !")
    await asyncio.sleep(0.1)
    turn_to(evening, when)
    await evening.heard("L’animation n’est pas là : on lit quand même.")


async def test_what_is_on_already_goes_on_and_the_planned_pause_is_left_out(
    evening: Evening,
) -> None:
    when = ahead(evening)
    await plan(evening, when, "Lecture du soir")
    await evening.quiz()
    turn_to(evening, when)
    said = "Lecture du soir devait commencer ; Auteurs et autrices est en cours"
    await evening.heard(said)
    await evening.shown(said)
    assert evening.session.kind == "quiz"
    assert not await started(evening)


async def test_start_after_a_stop_is_said_to_be_late(evening: Evening) -> None:
    when = ahead(evening)
    await plan(evening, when)
    await evening.cast.stop()
    evening.clock.turn(120 * MINUTE + 10 * MINUTE)
    await evening.start()
    await evening.heard("Je n’étais pas là : nous commençons avec", "de retard. Pause lecture")
    await evening.shown("Je n’étais pas là : nous commençons avec")


async def test_start_much_too_late_is_left_out(evening: Evening) -> None:
    when = ahead(evening)
    await plan(evening, when, "tous les jours")
    await evening.cast.stop()
    evening.clock.turn(120 * MINUTE + 45 * MINUTE)
    await evening.start()
    await asyncio.sleep(0.2)
    assert not evening.playing
    turn_to(evening, when + timedelta(days=1))
    await until(lambda: evening.playing)


# crashes


async def _hang(*_: Any) -> None:
    await asyncio.Event().wait()


def _before_starting(evening: Evening) -> None:
    handlers = evening.app.agenda._dispatcher._handlers
    handlers["pause-start"] = Handler(handlers["pause-start"].settle, _hang)


def _before_the_session_is_written(evening: Evening) -> None:
    evening.app.hall._write_batch = _hang  # type: ignore[method-assign]


def _before_it_is_noted(evening: Evening) -> None:
    evening.app.agenda._dispatcher._note_told = _hang  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize(
    "crash", [_before_starting, _before_the_session_is_written, _before_it_is_noted]
)
async def test_crash_between_two_steps_neither_loses_a_pause_nor_starts_it_twice(
    evening: Evening, crash: Callable[[Evening], None]
) -> None:
    when = ahead(evening)
    await plan(evening, when)
    crash(evening)
    turn_to(evening, when)
    database = evening.app.database

    async def settled() -> bool:
        rows = await database.rows("SELECT state FROM due WHERE kind = 'pause-start'")
        return rows == [("settled",)]

    await until_read(settled)
    await asyncio.sleep(0.1)
    await evening.cast.kill()
    await evening.start()
    await until(lambda: evening.playing)
    await evening.shown("Pause lecture", "Début de la lecture")
    assert len(await started(evening)) == 1
    await evening.cast.restart()
    await evening.ready()
    await asyncio.sleep(0.1)
    assert len(await started(evening)) == 1


@pytest.mark.parametrize("seed", [3, 4])
async def test_however_often_it_is_killed_each_planned_pause_starts_once(
    evening: Evening, seed: int
) -> None:
    chance, when = random.Random(seed), ahead(evening)
    await plan(evening, when, "tous les jours")
    for day in range(4):
        turn_to(evening, when + timedelta(days=day), -2)
        for _ in range(3):
            evening.clock.turn(1.5 / 86_400)
            evening.app.agenda._dispatcher.wake()
            await asyncio.sleep(chance.random() * 0.15)
            await evening.cast.kill()
            await evening.cast.start()
        await evening.ready()
        await until(lambda: evening.playing)
        await evening.told("pause stop")
        await until(lambda: not evening.playing)
    numbers = await started(evening)
    assert len(numbers) == len(set(numbers)) == 4


# reminders


async def test_those_who_asked_are_reminded_and_nobody_else(evening: Evening) -> None:
    stage, when = evening.stage, ahead(evening, 3 * 1440)
    await plan(evening, when, "Lecture du soir")
    told = await evening.told("pause remind", by=stage.camille)
    assert told.startswith("C’est noté : je vous préviendrai un jour, une heure et dix minutes")
    for who in (stage.ines, stage.leo):
        await evening.asks(who, "!pause rappel", "C’est noté : je vous préviendrai")
    for count, (minutes, left) in enumerate(((1440, "24 h 00"), (60, "1 h 00"), (10, "10 min")), 1):
        turn_to(evening, when - timedelta(minutes=minutes))
        await evening.heard(f"Inès et Leo64 : Lecture du soir commence dans {left} (")
        await until(lambda count=count: len(evening.whispers(stage.camille)) == count)
        assert (
            f"Lecture du soir commence dans {left} ("
            in evening.whispers(stage.camille)[0] + (evening.whispers(stage.camille)[-1])
        )
    assert evening.whispers(stage.noe) == []
    assert not any("commence dans" in flat(message) for message in evening.messages())
    assert sum("commence dans" in line for line in evening.lines()) == 3


async def test_whoever_wants_no_more_reminders_gets_none(evening: Evening) -> None:
    stage, when = evening.stage, ahead(evening, 300)
    await plan(evening, when)
    await evening.told("pause remind", by=stage.camille)
    await evening.asks(stage.ines, "!pause rappel", "C’est noté")
    assert await evening.told("pause remind", by=stage.camille, stop=True) == (
        "C’est fait : plus de rappels d’ici."
    )
    await evening.asks(stage.ines, "!pause rappel stop", "C’est fait : plus de rappels d’ici.")
    turn_to(evening, when - timedelta(minutes=60))
    await asyncio.sleep(0.2)
    assert evening.whispers(stage.camille) == []
    assert not any("commence dans" in line for line in evening.lines())


async def test_start_waits_for_a_disk_that_refuses(evening: Evening) -> None:
    evening.errors = ("a batch of",)
    when = ahead(evening)
    await plan(evening, when)
    commit, failed = Batch.commit, []

    async def refuse(*_: Any) -> None:
        failed.append(1)
        raise sqlite3.OperationalError("disk full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Batch, "commit", refuse)
        turn_to(evening, when)
        await until(lambda: failed)
    assert Batch.commit is commit
    await evening.heard("Pause lecture, 15 minutes, dans 2 min.")
    assert evening.playing
    assert len(await started(evening)) == 1


async def test_reminder_comes_once_over_a_crash_and_waits_for_discord(evening: Evening) -> None:
    stage, when = evening.stage, ahead(evening, 300)
    await plan(evening, when)
    await evening.told("pause remind", by=stage.camille)
    _before_it_is_noted(evening)
    turn_to(evening, when - timedelta(minutes=60))
    await until(lambda: evening.whispers(stage.camille))
    await evening.cast.kill()
    await evening.start()
    await asyncio.sleep(0.3)
    assert len(evening.whispers(stage.camille)) == 1


async def test_whoever_takes_no_direct_message_harms_nobody_else(evening: Evening) -> None:
    stage, when = evening.stage, ahead(evening, 300)
    await plan(evening, when)
    for who in (stage.camille, stage.noe):
        await evening.told("pause remind", by=who)
    stage.discord.close_to_dms(stage.camille.id)
    turn_to(evening, when - timedelta(minutes=60))
    await until(lambda: evening.whispers(stage.noe))


async def test_whoever_takes_part_without_trace_or_is_forgotten_leaves_no_reminder(
    evening: Evening,
) -> None:
    stage = evening.stage
    await evening.asks(stage.leo, "!moi sanstrace", "comptée")
    await evening.asks(stage.leo, "!pause rappel", refused("traceless-no-reminder"))
    await evening.asks(stage.ines, "!pause rappel", "C’est noté")
    await evening.asks(stage.ines, "!oubliezmoi oui", "C’est fait")
    assert not await evening.app.database.rows("SELECT * FROM reminder")
