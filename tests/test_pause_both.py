"""One pause in one room on two platforms, from the first word to the sums; and in English."""

from dataclasses import replace
from typing import Any

from games.pause import Pause
from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


def pause_of(evening: Evening) -> Pause:
    activity = evening.session.activity
    assert isinstance(activity, Pause)
    return activity


async def note(evening: Evening, by: Any, what: str) -> str:
    """Note something with the button of the latest board."""
    board = evening.messages()[-1]
    button = next(b for b in buttons(board) if ":log:" in b["custom_id"])
    discord = evening.stage.discord
    opened = await discord.click(by.id, int(board["id"]), button["custom_id"])
    await opened.answered()
    sent = await discord.submit(opened, {"what": what, "title": ""})
    return flat(await sent.settled())


async def test_both_platforms_read_together_and_are_counted_together(evening: Evening) -> None:
    stage = evening.stage
    await evening.slash("pause start", minutes=15)
    board = await evening.shown("Début de la lecture")
    await evening.heard("Pause lecture, 15 minutes", "On lit ici et sur Discord.")
    await evening.press(stage.camille, "Je lis", board)
    await evening.chat(stage.ines, "!lis Germinal")
    await evening.shown("2 personnes lisent")
    await evening.chat(stage.twitch_moderator, "!pause passer")
    await evening.shown("Fin de la lecture")
    await evening.slash("pause end")
    await evening.heard("La pause est finie. 2 personnes ont lu ensemble.")
    await evening.shown("2 personnes ont lu ensemble.", "Fin des notes")
    assert await note(evening, stage.camille, "12 pages") == "Noté : 12 pages."
    await evening.chat(stage.ines, "!pages 11")
    await evening.shown("2 notes")
    await evening.slash("pause skip")
    said = "2 personnes ont lu ensemble : 23 pages."
    for text in (await evening.heard(said), flat(await evening.shown(said))):
        assert "23 pages ensemble depuis septembre." in text
    await evening.slash("pause end")
    await until(lambda: not evening.playing)
    rows = await evening.app.database.rows(
        "SELECT ledger.platform, person.name, pages FROM reading JOIN ledger USING (session_id, person_id)"
        " JOIN person ON person.id = person_id"
    )
    assert rows == [("discord", "Camille", 12), ("twitch", "Inès", 11)]
    assert await evening.app.database.rows(
        "SELECT pauses, readers, pages FROM reading_network"
    ) == [(1, 2, 23)]


async def test_people_counted_in_the_library_are_told_of_with_the_sums(evening: Evening) -> None:
    stage = evening.stage
    await evening.slash("pause start")
    await evening.shown("Début de la lecture")
    await evening.slash("pause skip")
    await evening.chat(stage.ines, "!lis")
    await evening.asks(
        stage.twitch_moderator, "!presence 6-11:12 65+:4 @ Salle 2", "C’est noté pour"
    )
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    await evening.slash("pause end")
    await evening.chat(stage.ines, "!pages 12")
    await until(lambda: pause_of(evening).totals().logged == 1)
    await evening.slash("pause skip")
    said = "1 personne a lu : 12 pages. 16 personnes étaient avec nous à la médiathèque."
    await evening.heard(said)
    await evening.shown("16 personnes étaient avec nous à la médiathèque.")
    session = evening.session.id
    await evening.slash("pause end")
    await until(lambda: not evening.playing)
    attendance = await evening.app.headcounts.attendance(session)
    assert (attendance.accounts, attendance.headcount) == (1, 16)


async def test_quiz_and_pause_do_not_get_in_each_others_way(evening: Evening) -> None:
    await evening.slash("pause start")
    await evening.shown("Début de la lecture")
    told = await evening.told("quiz start", deck="lettres")
    assert "Pause lecture" in told
    await evening.chat(evening.stage.ines, "A")
    await evening.slash("stop")
    await evening.heard("La pause s’arrête ici. À bientôt !")
    await evening.quiz()
    await evening.chat(evening.stage.twitch_moderator, "!quiz pause")
    await evening.heard("Pause. Le temps s’arrête, rien n’est perdu.")


async def test_commands_for_games_let_a_pause_alone(evening: Evening) -> None:
    stage = evening.stage
    await evening.slash("pause start")
    await evening.shown("Début de la lecture")
    title = evening.session.activity.scene().title
    refusal = refused("something-else", title=title)
    for command in ("game leave", "game stop", "quiz stop", "quiz skip"):
        assert await evening.told(command) == refusal
    assert await evening.told("team", team="1") == refusal
    await evening.asks(stage.ines, "!jeu rejoindre", refusal)
    await evening.asks(stage.twitch_moderator, "!quiz arrêter", refusal)
    assert evening.session.kind == "pause"


async def test_chats_are_slow_while_people_read_and_as_before_afterwards(evening: Evening) -> None:
    stage = evening.stage

    def slow() -> tuple[int, int]:
        twitch = stage.twitch.chat_settings(stage.broadcaster.id)["slow_mode_wait_time"]
        return stage.discord.world.channel(stage.channel.id).slowmode, twitch or 0

    await evening.slash("pause start", quiet="slow")
    await evening.shown("Début de la lecture")
    assert slow() == (0, 0)
    await evening.slash("pause skip")
    await until(lambda: slow() == (30, 30), slow)
    await evening.slash("pause end")
    await until(lambda: slow() == (0, 0), slow)


async def test_season_grows_from_pause_to_pause_across_a_restart(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    for pages, season in (("12", "12 pages"), ("8", "20 pages")):
        await evening.chat(host, "!pause lancer")
        await evening.chat(host, "!pause passer")
        await until(lambda: evening.playing and pause_of(evening).begun)
        await evening.chat(evening.stage.ines, f"!pages {pages}")
        await until(lambda: pause_of(evening).totals().logged == 1)
        await evening.chat(host, "!pause stop")
        await evening.heard(f"1 personne a lu : {pages} pages. {season} ensemble depuis septembre.")
        await evening.cast.stop()
        await evening.start()


async def test_pause_in_english(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(lambda settings: replace(settings, locale="en"))
    await evening.start()
    stage = evening.stage
    await evening.told("room language", by=stage.moderator, language="en")
    await evening.slash("pause start", kind="aloud")
    line = await evening.heard("Reading pause, 15 minutes, starting in 2 min.")
    assert "We read here and on Discord. Settle in and listen: somebody reads aloud." in line
    assert line.endswith("To say you’re here: !read")
    board = await evening.shown("Reading begins")
    told = await evening.press(stage.camille, "I’m reading", board)
    assert told.startswith("You are reading with us. Enjoy!")
    await evening.chat(stage.twitch_moderator, "!pause skip")
    await evening.chat(stage.ines, "!read Emma")
    await evening.shown("2 people read")
    await evening.chat(stage.twitch_moderator, "!pause end")
    await evening.heard(
        "The pause is over. 2 people read together. If you like, note your pages until"
    )
    assert await note(evening, stage.camille, "1h20") == (
        "80 minutes in 1 min? If that is right, say it again."
    )
    assert await note(evening, stage.camille, "1h20") == "Noted: 80 minutes."
    await evening.chat(stage.ines, "!chap 2")
    await until(lambda: pause_of(evening).totals().logged == 2)
    await evening.chat(stage.twitch_moderator, "!pause stop")
    line = await evening.heard("2 people read together: 80 minutes and 2 chapters.")
    assert "80 minutes and 2 chapters together since September." in line
