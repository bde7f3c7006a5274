"""The reading pause as people on Discord live it: commands, buttons, forms, two boards; through the real discord.py."""

import re
from typing import Any

import pytest

from bot.rehearsal.discord_interactions import Interaction
from games.pause import Pause
from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


def pause_of(evening: Evening) -> Pause:
    activity = evening.session.activity
    assert isinstance(activity, Pause)
    return activity


async def begin(evening: Evening, **options: Any) -> dict[str, Any]:
    """Let the host start a pause and go straight to the reading; return its board."""
    await evening.slash("pause start", **options)
    await evening.shown("Début de la lecture")
    await evening.slash("pause skip")
    return await evening.shown("Fin de la lecture")


async def join(evening: Evening, by: Any) -> dict[str, Any]:
    """Begin a pause, let somebody join, and return what they are told privately."""
    board = await begin(evening)
    button = next(b for b in buttons(board) if b["label"] == "Je lis")
    joined = await evening.stage.discord.click(by.id, int(board["id"]), button["custom_id"])
    return await joined.settled()


async def end(evening: Evening) -> dict[str, Any]:
    """Let the host end the reading; return the board of the log window."""
    await evening.slash("pause end")
    return await evening.shown("Fin des notes")


async def form(evening: Evening, by: Any, message: dict[str, Any], label: str) -> Interaction:
    """Press a button that opens a form."""
    button = next(b for b in buttons(message) if b["label"].startswith(label))
    pressed = await evening.stage.discord.click(by.id, int(message["id"]), button["custom_id"])
    await pressed.answered()
    assert pressed.modal is not None
    return pressed


async def send(evening: Evening, opened: Interaction, **values: str) -> str:
    """Send a form and return the private answer."""
    sent = await evening.stage.discord.submit(opened, values)
    answer = await sent.settled()
    assert sent.ephemeral, "the answer to a form is private"
    return flat(answer)


async def note(evening: Evening, by: Any, what: str, title: str = "") -> str:
    """Note something with the button of the board."""
    board = evening.messages()[-1]
    opened = await form(evening, by, board, "Noter")
    return await send(evening, opened, what=what, title=title)


# the course of a pause


async def test_pause_goes_from_its_start_to_its_sums_with_two_boards(evening: Evening) -> None:
    stage = evening.stage
    told = await evening.told("pause start", minutes=15, title="Pause de midi")
    assert told == "C’est parti. Bonne lecture !"
    board = await evening.shown("Pause de midi", "Installez-vous, ouvrez votre livre.")
    assert "0 personne lit" in flat(board)
    welcome = await evening.press(stage.camille, "Je lis", board)
    assert welcome.startswith("Vous lisez avec nous. Bonne lecture !")
    assert "Je garde votre pseudo" in welcome
    await evening.slash("pause skip")
    board = await evening.shown("Fin de la lecture", "1 personne lit")
    assert re.search(r"Fin de la lecture <t:\d+:R> \(<t:\d+:t>\)", flat(board))
    await evening.press(stage.noe, "Je lis", board)
    await evening.shown("2 personnes lisent")
    await end(evening)
    assert "1 note" not in flat(await evening.shown("2 personnes ont lu ensemble."))
    assert await note(evening, stage.camille, "12 pages") == "Noté : 12 pages."
    assert await note(evening, stage.noe, "10 min") == "Noté : 10 minutes."
    await evening.shown("2 notes")
    await evening.slash("pause skip")
    result = await evening.shown("2 personnes ont lu ensemble : 12 pages et 10 minutes.")
    assert "12 pages et 10 minutes ensemble depuis septembre." in flat(result)
    assert "Qu’avez-vous lu ?" in flat(result)
    await evening.slash("pause end")
    result = await evening.shown("Merci, et à la prochaine !")
    assert not buttons(result)
    assert "12 pages et 10 minutes ensemble depuis septembre." in flat(result)
    assert len(evening.messages()) == 2, "one message at the start, one at the end"
    assert flat(evening.messages()[0]).endswith("La pause est finie.")
    assert not buttons(evening.messages()[0])


async def test_marathon_says_where_it_is_on_its_board(evening: Evening) -> None:
    await evening.slash("pause start", preset="marathon", kind="free")
    await evening.slash("pause skip")
    await evening.shown("Pause lecture, partie 1 sur 3", "on peut bavarder")
    await evening.slash("pause skip")
    await evening.shown("Début de la lecture", "partie 1 sur 3")
    await evening.slash("pause skip")
    await evening.shown("Pause lecture, partie 2 sur 3", "Fin de la lecture")
    assert len(evening.messages()) == 1
    await evening.told("pause stop")
    await evening.shown("La pause s’arrête ici. À bientôt !")


async def test_host_moves_the_end_and_holds_the_clock(evening: Evening) -> None:
    await begin(evening, minutes=15)
    before = pause_of(evening).deadline or 0
    assert await evening.told("pause extend", minutes=10) == "C’est fait."
    assert await evening.told("pause shorten") == "C’est fait."
    assert pause_of(evening).deadline == pytest.approx(before + 300)
    told = await evening.told("pause shorten", minutes=240)
    assert told.startswith("Il ne reste que 20 min")
    await evening.told("pause hold")
    await evening.shown("En suspens : le temps s’arrête.")
    assert await evening.told("read", by=evening.stage.camille) == refused("paused")
    await evening.told("pause resume")
    await evening.shown("On continue. Il reste 19 min", "jusqu’à <t:")


async def test_host_types_everything_in_either_language(evening: Evening) -> None:
    host, camille = evening.stage.host, evening.stage.camille
    await evening.write(host, "!pause lancer 20 libre Le soir à Pau")
    board = await evening.shown("Le soir à Pau", "on peut bavarder")
    assert "Début de la lecture" in flat(board)
    await evening.write(host, "!pause passe")
    await evening.shown("Fin de la lecture")
    await evening.write(camille, "!lis La Curée p. 30")
    await evening.shown("1 personne lit")
    await evening.write(host, "!pause finir")
    await evening.shown("1 personne a lu.")
    await evening.write(camille, "!page 42")
    await evening.shown("1 note")
    await evening.write(camille, "!pages 482")
    await evening.shown("482 pages en 1 min ? Si c’est bien cela, redites-le.")
    await evening.write(camille, "!pages -3")
    await evening.shown(refused("log-negative"))
    await evening.write(host, "!pause corriger Camille 15 pages")
    await evening.shown("C’est fait : Camille, 15 pages.")
    await evening.write(host, "!pause arrêter")
    await evening.shown("1 personne a lu : 15 pages.")
    notice = "Je garde votre pseudo et vos participations"
    evening.clock.jump(8)
    assert notice in flat(await evening.shown(notice))


async def test_bare_command_says_what_is_on(evening: Evening) -> None:
    camille = evening.stage.camille
    told = await evening.told("pause now", by=camille)
    assert told == (
        "Rien en cours ici. L’équipe d’animation lance une pause lecture avec : !pause lancer"
    )
    await evening.write(evening.stage.host, "!pause 15")
    await evening.shown("Début de la lecture")
    assert "on commence à lire dans" in await evening.told("pause now", by=camille)
    await evening.slash("pause skip")
    told = await evening.told("pause now")
    assert re.match("Pause lecture : il reste 1[45] min (?:[0-9]+ s )?de lecture", told), told
    await evening.write(camille, "!pause strat")
    await evening.shown("Je n’ai pas compris. Essayez : !pause start")


@pytest.mark.parametrize("verb", ["start", "skip", "extend", "end", "reopen", "hold", "stop"])
async def test_patron_may_not_steer(evening: Evening, verb: str) -> None:
    if verb != "start":
        await begin(evening)
    assert await evening.told(f"pause {verb}", by=evening.stage.camille) == refused("hosts-only")


async def test_words_without_a_pause_are_told_so(evening: Evening) -> None:
    for command in ("read", "log", "breathe"):
        told = await evening.told(command, by=evening.stage.camille)
        assert told == refused("nothing-running")
    await evening.quiz()
    told = await evening.told("read", by=evening.stage.camille)
    assert told == refused("nothing-running")


# readers


async def test_reader_takes_a_break_and_reads_on(evening: Evening) -> None:
    camille = evening.stage.camille
    board = await begin(evening)
    await evening.press(camille, "Je lis", board)
    assert await evening.press(camille, "Je lis", board) == refused("already-reading")
    told = await evening.press(camille, "Je souffle", board)
    assert told == "Prenez votre temps. Pour reprendre : !lis"
    told = await evening.press(camille, "Je souffle", board)
    assert told == "Bon retour parmi nous : votre temps compte de nouveau."
    assert (await evening.told("breathe", by=camille)).startswith("Prenez votre temps.")
    assert (await evening.told("read", by=camille)).startswith("Bon retour")
    assert (await evening.told("pause leave", by=camille)).startswith("À bientôt !")
    assert await evening.told("breathe", by=camille) == refused("not-reading")


async def test_reader_names_a_book_in_a_form(evening: Evening) -> None:
    camille = evening.stage.camille
    opened = await form(evening, camille, await join(evening, camille), "Mon livre")
    modal = opened.modal
    assert modal is not None
    assert [part["label"] for part in modal["components"]] == [
        "Titre (entre vous et moi)",
        "Comment vous lisez",
        "Page où vous commencez",
    ]
    told = await send(evening, opened, title="Germinal", start="p. 45")
    assert told == "Noté : « Germinal ». Bonne lecture !"
    await end(evening)
    assert await note(evening, camille, "page 57") == "Noté : 12 pages."
    assert (
        await note(evening, camille, "3 pages", "Nana")
        == "Noté : 3 pages. Avec vos autres livres : 15 pages."
    )
    assert (
        await note(evening, camille, "4 pages", "Nana")
        == "Noté à la place : 4 pages. Avec vos autres livres : 16 pages."
    )
    assert not any("Germinal" in flat(m) for m in evening.messages()), "titles are private"


async def test_who_listens_notes_minutes(evening: Evening) -> None:
    camille = evening.stage.camille
    opened = await form(evening, camille, await join(evening, camille), "Mon livre")
    await send(evening, opened, title="Emma", format="audio")
    await end(evening)
    assert await note(evening, camille, "15") == "Noté : 15 minutes."


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-3", "log-negative"),
        ("1000000000", "log-too-much"),
        ("p. 12-8", "log-backwards"),
        ("140 %", "log-percent"),
        ("١٢", "log-digits"),
        ("beaucoup", "log-unread"),
    ],
)
async def test_nonsense_gets_one_private_sentence_and_changes_nothing(
    evening: Evening, typed: str, code: str
) -> None:
    await begin(evening)
    await end(evening)
    told = await note(evening, evening.stage.camille, typed)
    assert told == refused(code, most=2000, start=12, end=8)
    assert pause_of(evening).totals().readers == 0


async def test_unlikely_amount_is_asked_again_and_then_believed(evening: Evening) -> None:
    camille = evening.stage.camille
    await begin(evening)
    await end(evening)
    told = await note(evening, camille, "482 pages")
    assert told.startswith("482 pages en 1 min ? Si c’est bien cela, redites-le.")
    assert await evening.told("log", by=camille, what="482") == "Noté : 482 pages."


async def test_notes_close_by_themselves_once_everybody_has_noted(evening: Evening) -> None:
    board = await begin(evening)
    await evening.press(evening.stage.camille, "Je lis", board)
    await end(evening)
    await note(evening, evening.stage.camille, "12")
    await evening.shown("1 personne a lu : 12 pages.")
    assert pause_of(evening).scene().phase == "share"
    told = await evening.told("log", by=evening.stage.camille, what="13")
    assert told == refused("log-closed")
    await evening.slash("pause reopen")
    await evening.shown("Fin des notes")
    assert await note(evening, evening.stage.camille, "13") == "Noté à la place : 13 pages."


async def test_host_corrects_with_names_offered(evening: Evening) -> None:
    stage = evening.stage
    board = await begin(evening)
    await evening.press(stage.camille, "Je lis", board)
    await evening.press(stage.noe, "Je lis", board)
    found = await stage.discord.autocomplete(
        stage.host.id, stage.channel.id, "pause amend", "who", "cam"
    )
    assert [choice["name"] for choice in found] == ["Camille"]
    told = await evening.told("pause amend", who="Camille", what="21 pages")
    assert told == "C’est fait : Camille, 21 pages."
    await evening.slash("pause stop")
    await evening.shown("2 personnes ont lu ensemble : 21 pages.")
    told = await evening.told("pause amend", who="Noé", what="9")
    assert told == "C’est fait : Noé, 9 pages."
    told = await evening.told("pause total")
    assert "Ici, depuis septembre : 1 pause et moins de 5 présences." in told
    told = await evening.told("pause amend", who="Inès", what="9")
    assert told == refused("not-a-reader")


# one's own


async def test_reader_sees_their_own_reading_and_sets_a_goal(evening: Evening) -> None:
    camille = evening.stage.camille
    assert await evening.told("pause me", by=camille) == refused("nothing-kept")
    told = await evening.told("pause goal", by=camille, what="500 pages")
    assert told == "C’est noté : 500 pages cette saison. Pour voir où vous en êtes : !pause moi"
    board = await begin(evening)
    await evening.press(camille, "Je lis", board)
    await end(evening)
    await note(evening, camille, "12")
    await evening.slash("pause stop")
    await evening.shown("La pause s’arrête ici.")
    told = await evening.told("pause me", by=camille)
    assert "Depuis septembre : 1 pause et 12 pages." in told
    assert "Objectif : 12 pages sur 500 pages." in told
    assert await evening.told("pause goal", by=camille) == "C’est fait : plus d’objectif."
    told = await evening.told("pause goal", by=camille, what="45 %")
    assert told == refused("no-goal")


async def test_export_holds_the_pauses_and_erasing_takes_them(evening: Evening) -> None:
    camille = evening.stage.camille
    board = await begin(evening)
    await evening.press(camille, "Je lis", board)
    await end(evening)
    await note(evening, camille, "12")
    await evening.slash("pause stop")
    await evening.shown("La pause s’arrête ici.")
    mine = await evening.slash("me", by=camille)
    message = mine.messages[0]
    export = next(b for b in buttons(message) if b["custom_id"] == "me:export")
    sent = await evening.stage.discord.click(camille.id, int(message["id"]), export["custom_id"])
    answer = await sent.settled()
    names = [file["filename"] for file in answer["attachments"]]
    assert names == ["ensemble.csv", "ensemble-pauses.csv"]
    await evening.write(camille, "!oubliezmoi oui")
    await evening.shown("je ne garde plus rien sur vous")
    assert await evening.app.database.rows("SELECT COUNT(*) FROM reading") == [(0,)]


# restarts


async def test_buttons_and_an_open_form_survive_a_restart(evening: Evening) -> None:
    stage = evening.stage
    board = await begin(evening)
    await evening.press(stage.camille, "Je lis", board)
    opened = await form(evening, stage.camille, board, "Noter")
    await evening.cast.kill()
    await evening.start()
    await evening.shown("Me revoilà, avec", "de retard. Rien n’est perdu. Il reste")
    assert await send(evening, opened, what="12 pages", title="") == "Noté : 12 pages."
    assert (await evening.press(stage.camille, "Je souffle", board)).startswith("Prenez")
    await until(lambda: pause_of(evening).totals().pages == 12)


async def test_form_of_a_pause_that_is_over_is_told_so(evening: Evening) -> None:
    camille = evening.stage.camille
    board = await begin(evening)
    opened = await form(evening, camille, board, "Noter")
    await evening.slash("pause stop")
    await evening.slash("pause start")
    assert await send(evening, opened, what="12 pages", title="") == refused("session-over")
    assert pause_of(evening).totals().readers == 0


async def test_commands_have_french_names(evening: Evening) -> None:
    view = evening.stage.discord.view(evening.stage.channel.id, evening.stage.camille.id)
    names = {each["name"]: each["local"] for each in view["commands"]}
    assert {
        "pause now": "pause maintenant",
        "pause start": "pause lancer",
        "pause extend": "pause prolonger",
        "pause shorten": "pause raccourcir",
        "pause end": "pause finir",
        "pause reopen": "pause rouvrir",
        "pause amend": "pause corriger",
        "pause me": "pause moi",
        "pause goal": "pause objectif",
        "read": "lis",
        "log": "noter",
        "breathe": "souffle",
    }.items() <= names.items()
