"""What hosts do in a quiz, by slash and typed, for both platforms at once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.wording.room import notice
from games.question import Question
from games.quiz import Quiz
from games.scoring import PRESETS
from tests.stage_fixtures import FRENCH, Evening, buttons, flat, plain, refused
from tests.waiting import until

TOWN = Question("Quelle ville ?", "Pau", wrong=("Dax", "Lons"))
CITY = Question("Quel port ?", "Bayonne")
MINE = Question("Quelle mine ?", "Germinal")
WAYS = ("slash", "discord", "twitch")
NOTICE = plain(notice("", FRENCH))


async def do(evening: Evening, way: str, action: str, text: str = "", option: str = "") -> None:
    """Let a host act: by slash, typed on Discord, typed on Twitch."""
    if way == "slash":
        await evening.told(f"quiz {action}", **({option: text} if option else {}))
    elif way == "discord":
        await evening.write(evening.stage.host, f"!quiz {action} {text}".strip())
    else:
        await evening.chat(evening.stage.twitch_moderator, f"!quiz {action} {text}".strip())


async def everything_shown(evening: Evening, *texts: str) -> tuple[str, str]:
    return flat(await evening.shown(*texts)), await evening.heard(*texts)


# accepting


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_accepted_afterwards_for_all_who_had_typed_it(
    evening: Evening, way: str
) -> None:
    await evening.ask(CITY)
    stage = evening.stage
    await evening.fair()
    await evening.chat(stage.ines, "baiona")
    await until(lambda: evening.app.hall.unheard(evening.session.room.id))
    evening.clock.jump(10)
    await evening.write(stage.noe, "Baiona !")
    await evening.write(stage.noe, "baiona")
    assert "Ce n’est pas cela" in await evening.enter(
        await evening.open_form(stage.moderator), "Baiona"
    )
    await evening.chat(stage.leo, "Biarritz")
    await evening.chat(stage.leo, "bayonne")
    await evening.chat(stage.leo, "baiona")
    await evening.shown("C’est Bayonne !", "Leo64 (Twitch)")
    await evening.heard("C’est Bayonne !", "Leo64 (Twitch)")
    await do(evening, way, "accept", "Baiona", "answer")
    await everything_shown(
        evening, "« Baiona » est accepté aussi.", "C’est Bayonne !", "Inès (Twitch) a trouvé"
    )
    board = await evening.shown("Question 1 sur 1", "4 réponses")
    assert "Inès (Twitch) a trouvé" in flat(board)
    await evening.skip()
    await until(lambda: not evening.playing)
    assert await evening.points() == {
        ("discord", "Noé"): 1,
        ("discord", "Sami (modération)"): 1,
        ("twitch", "Inès"): 1,
        ("twitch", "Leo64"): 1,
    }
    await evening.heard("Inès", NOTICE)
    await evening.shown("Noé", NOTICE)


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_accepted_while_the_question_is_open(
    evening: Evening, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("games.quiz.GRACE", 200)
    await evening.ask(CITY)
    stage = evening.stage
    await evening.fair()
    await evening.chat(stage.ines, "baiona")
    await evening.write(stage.noe, "rien à voir")
    await until(lambda: len(evening.app.hall.unheard(evening.session.room.id)) == 2)
    await do(evening, way, "accept", "Baiona", "answer")
    await everything_shown(evening, "« Baiona » est accepté aussi.")
    await evening.write(stage.camille, "BAIONA")
    await evening.replies(2)
    await evening.skip()
    await evening.heard("C’est Bayonne !", "Inès (Twitch) a trouvé", "Camille")
    await evening.shown("C’est Bayonne !", "2 réponses")


async def test_what_was_deleted_or_said_too_late_is_not_accepted(evening: Evening) -> None:
    await evening.ask(CITY)
    stage = evening.stage
    message = await evening.write(stage.noe, "baiona")
    line = await evening.chat(stage.ines, "baiona")
    await evening.chat(stage.leo, "baiona")
    await until(lambda: len(evening.app.hall.unheard(evening.session.room.id)) == 3)
    await stage.discord.delete(message)
    await stage.twitch.delete_message(stage.broadcaster.id, line)
    await stage.twitch.timeout(stage.broadcaster.id, stage.leo.id)
    await until(lambda: not evening.app.hall.unheard(evening.session.room.id))
    await evening.skip()
    await evening.heard("Personne cette fois : c’était Bayonne.")
    await evening.write(stage.camille, "baiona")
    await until(lambda: evening.app.hall.unheard(evening.session.room.id))
    await evening.told("quiz accept", answer="Baiona")
    await everything_shown(evening, "« Baiona » est accepté aussi. Personne cette fois")
    assert not await evening.app.database.rows("SELECT id FROM person")


async def test_a_choice_is_accepted_by_letter_or_text_and_refused_twice(evening: Evening) -> None:
    await evening.ask(TOWN)
    stage, dax = evening.stage, evening.letter("Dax")
    await evening.fair()
    await evening.press(stage.camille, dax)
    evening.clock.jump(1)
    await evening.chat(stage.ines, "lons")
    await evening.replies(2)
    await evening.skip()
    await everything_shown(evening, "Personne cette fois")
    await evening.told("quiz accept", answer=dax.lower())
    await everything_shown(evening, "est accepté aussi.", "Camille (Discord) a trouvé")
    assert await evening.told("quiz accept", answer="Dax") == refused("already-right")
    assert await evening.told("quiz accept", answer="Pau") == refused("already-right")
    assert await evening.told("quiz accept", answer="Oloron") == refused("no-such-choice")
    await evening.chat(stage.broadcaster, "!quiz accepter Lons")
    await evening.heard("« Lons » est accepté aussi.", "Camille (Discord) a trouvé", "Inès")


async def test_who_may_accept_what_and_when(evening: Evening) -> None:
    stage = evening.stage
    assert await evening.told("quiz accept", answer="x") == refused("nothing-running")
    await evening.ask(CITY)
    assert await evening.told("quiz accept", by=stage.camille, answer="x") == refused("hosts-only")
    await evening.asks(stage.ines, "!quiz accept x", refused("hosts-only"))
    await evening.asks(stage.broadcaster, "!quiz accept", "Quelle réponse ?")
    assert await evening.told("quiz accept", answer="BAYONNE") == refused("already-right")
    await evening.told("quiz pause")
    assert await evening.told("quiz accept", answer="Baiona") == refused("paused")


NASTY = "@everyone **gras** [x](http://y.z) <@1> {0} %s `" + "long " * 40


@pytest.mark.parametrize("way", WAYS)
async def test_what_is_accepted_is_shown_as_it_is_and_not_at_length(
    evening: Evening, way: str
) -> None:
    await evening.ask(CITY)
    await do(evening, way, "accept", NASTY, "answer")
    shown, line = await everything_shown(evening, "est accepté aussi.")
    raw = next(m["content"] for m in evening.messages() if "est accepté" in m["content"])
    assert "@everyone" not in raw
    assert "**gras**" not in raw
    assert "[x](http" not in raw
    assert "{0} %s" in shown
    assert len(line) < 120
    assert len(shown) < 120


# the pace


@pytest.mark.parametrize("way", ["slash", "twitch"])
async def test_a_host_leads_question_by_question(evening: Evening, way: str) -> None:
    if way == "slash":
        await evening.slash("quiz start", deck="lettres", questions=2, seconds=300, pace="host")
    else:
        await evening.chat(evening.stage.broadcaster, "!quiz lancer lettres 2 300 animation")
    await everything_shown(evening, "L’animation lance chaque question.")
    evening.clock.jump(600)
    assert evening.session.activity.scene().phase == "lobby"
    assert "<t:" not in (await evening.shown("L’animation"))["embeds"][0]["description"]
    await do(evening, way, "skip")
    await evening.asked(1)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.replies(1)
    await do(evening, way, "skip")
    await everything_shown(evening, "Inès (Twitch) a trouvé")
    await evening.shown("Question 1 sur 2", "La suite quand l’animation le dira.")
    await do(evening, way, "skip")
    await evening.asked(2)
    await do(evening, way, "skip")
    await evening.shown("Question 2 sur 2", "Personne cette fois")
    await evening.skip()
    await everything_shown(evening, "La partie est finie")


@pytest.mark.parametrize("way", ["slash", "twitch"])
async def test_a_slow_round_takes_twice_the_time(evening: Evening, way: str) -> None:
    if way == "slash":
        await evening.start_quiz(deck="mots", questions=1, seconds=100, pace="slow")
    else:
        await evening.chat(evening.stage.broadcaster, "!quiz lancer mots 1 100 lent")
        await evening.asked(1)
    await evening.heard("Question 1 sur 1", "3 min 20 s")
    quiz = evening.session.activity
    assert isinstance(quiz, Quiz)
    assert quiz.options.seconds == 200


# filters


FILTERED = (
    replace(CITY, audience="children", theme="Géographie"),
    replace(MINE, audience="adults", theme="Romans", difficulty=3),
)


@pytest.mark.parametrize(
    ("options", "prompt"),
    [
        ({"audience": "children"}, CITY.prompt),
        ({"theme": "ROMANS"}, MINE.prompt),
        ({"difficulty": "hard"}, MINE.prompt),
        ({"audience": "children", "theme": "geographie"}, CITY.prompt),
    ],
)
async def test_only_fitting_questions_are_asked(
    evening: Evening, options: dict[str, Any], prompt: str
) -> None:
    await evening.ask(*FILTERED, **options)
    scene = evening.session.activity.scene()
    assert (scene.prompt, scene.steps) == (prompt, 1)


@pytest.mark.parametrize(
    ("words", "prompt"),
    [("enfants", CITY.prompt), ("#romans", MINE.prompt), ("difficile adultes", MINE.prompt)],
)
async def test_only_fitting_questions_are_asked_for_in_chat(
    evening: Evening, words: str, prompt: str
) -> None:
    evening.lay(*FILTERED)
    await evening.chat(evening.stage.broadcaster, f"!quiz lancer soir 9 300 {words}")
    await evening.asked(1)
    scene = evening.session.activity.scene()
    assert (scene.prompt, scene.steps) == (prompt, 1)


async def test_a_filter_that_lets_nothing_through_starts_nothing(evening: Evening) -> None:
    told = await evening.told("quiz start", deck="mots", theme="@everyone")
    assert told == refused("no-question")
    await evening.asks(evening.stage.broadcaster, "!quiz lancer mots #rien", refused("no-question"))
    assert not evening.playing


# the presets, played


@pytest.mark.parametrize("preset", PRESETS)
async def test_a_round_is_played_out_under_every_preset(
    evening: Evening, preset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("games.quiz.GRACE", 200)
    await evening.ask(CITY, MINE, preset=preset)
    stage = evening.stage
    for step in (1, 2):
        await evening.asked(step)
        answer = evening.answer
        await evening.fair()
        await evening.chat(stage.ines, answer)
        await evening.replies(1)
        evening.clock.jump(0.5)
        await evening.write(stage.camille, answer)
        await evening.replies(2)
        await evening.skip()
        await evening.heard(f"C’est {answer} !", "Inès (Twitch) a trouvé", "Camille")
        await evening.shown(f"C’est {answer} !")
        await evening.skip()
    await everything_shown(evening, "La partie est finie")
    points = await evening.points()
    ines, camille = points["twitch", "Inès"], points["discord", "Camille"]
    match preset:
        case "calm" | "survivor":
            assert (ines, camille) == (2, 2)
        case "race":
            assert (ines, camille) == (2, 0)
        case "speed":
            assert 190 <= camille <= ines <= 200


# looking back


async def one_round(evening: Evening, *questions: Question) -> None:
    await evening.ask(*questions)
    for step in range(1, len(questions) + 1):
        await evening.asked(step)
        if evening.answer == CITY.answer:
            await evening.write(evening.stage.camille, "bayonne")
            await evening.chat(evening.stage.ines, "bayonne")
            await evening.shown("C’est Bayonne")
        else:
            await evening.skip()
        await evening.skip()
    await until(lambda: not evening.playing)
    await evening.heard("La partie est finie")


async def test_what_was_missed_is_reviewed_privately(evening: Evening) -> None:
    stage = evening.stage
    assert await evening.told("quiz review", by=stage.camille) == refused("nothing-to-review")
    await evening.asks(stage.ines, "!quiz revoir", refused("nothing-to-review"))
    await one_round(evening, CITY, MINE, Question("Et **quoi** @here ?", "rien"))
    told = await evening.told("quiz review", by=stage.camille)
    assert told.startswith("Du quiz précédent, 2 questions à revoir :\n- ")
    assert f"{MINE.prompt} C’était Germinal." in told
    assert "@here" in told
    assert await evening.told("quiz review", by=stage.noe) == refused("nothing-to-review")
    count = len(evening.messages())
    await evening.write(stage.camille, "!quiz revoir")
    private = stage.discord.private_channel(stage.camille.id).id
    await until(lambda: stage.discord.messages(private))
    assert f"{MINE.prompt} C’était Germinal." in flat(stage.discord.messages(private)[-1])
    assert len(evening.messages()) == count, "nobody else reads it"
    first = await evening.asks(stage.ines, "!quiz revoir", "À revoir, 1 sur 2 :")
    assert first.endswith("!quiz revoir 2")
    last = await evening.asks(stage.ines, "!quiz review 2", "À revoir, 2 sur 2 :")
    assert "revoir 3" not in last
    for number, index in (("99", 2), ("0", 1), ("-1", 1), ("²", 1), ("1e9", 1)):
        evening.clock.jump(30)
        await evening.asks(stage.ines, f"!quiz revoir {number}", f"À revoir, {index} sur 2")


async def test_whoever_takes_no_direct_message_is_told(evening: Evening) -> None:
    await one_round(evening, CITY, MINE)
    evening.stage.discord.close_to_dms(evening.stage.camille.id)
    await evening.write(evening.stage.camille, "!quiz review")
    await evening.shown(refused("no-direct-message"))


async def test_the_last_quiz_is_reviewed_after_a_restart_and_while_the_next_is_on(
    evening: Evening,
) -> None:
    await one_round(evening, CITY)
    await evening.cast.restart()
    await evening.ready()
    await evening.quiz()
    told = await evening.told("quiz review", by=evening.stage.camille)
    assert told == "Rien à revoir : vous aviez tout trouvé. Bravo !"
    await evening.asks(evening.stage.ines, "!quiz revoir", "Rien à revoir")


# undo, hint, extend, pause


async def test_points_taken_back_come_again_with_what_is_accepted(evening: Evening) -> None:
    await evening.ask(CITY, MINE, teams="plateformes")
    stage = evening.stage
    await evening.chat(stage.ines, evening.answer)
    await evening.heard("C’est")
    await evening.told("quiz undo")
    await everything_shown(evening, "Les points de la question 1 sont retirés.")
    assert await evening.told("quiz undo") == refused("nothing-to-undo")
    assert await evening.told("quiz score") == "Pas encore de points."
    await evening.told("quiz accept", answer="Autre chose")
    await everything_shown(evening, "« Autre chose » est accepté aussi.", "Inès (Twitch) a trouvé")
    assert "1. Twitch : 1 (1 personne)" in await evening.told("quiz score")
    await evening.skip()
    await evening.asked(2)
    assert await evening.told("quiz undo") == refused("nothing-to-undo")
    await evening.told("quiz stop")
    await everything_shown(evening, "La partie s’arrête ici", "1. Inès : 1 point")


async def test_every_action_typed_on_twitch_shows_on_both_sides(evening: Evening) -> None:
    hero = Question("Qui ?", "Porthos", hints=("Il est fort.", "Il rêve."))
    await evening.ask(hero)
    host = evening.stage.broadcaster
    await evening.chat(host, "!quiz indice")
    await everything_shown(evening, "Il est fort.")
    await evening.chat(host, "!quiz prolonger")
    await evening.heard("Un peu plus de temps")
    await evening.chat(host, "!quiz pause")
    await everything_shown(evening, "Pause.")
    await until(lambda: "<t:" not in flat(evening.messages()[1]))
    assert buttons(evening.messages()[1]), "what is pressed meanwhile is told why it does not count"
    form = await evening.open_form(evening.stage.camille)
    assert await evening.enter(form, "Porthos") == refused("paused")
    await evening.chat(host, "!quiz reprendre")
    await everything_shown(evening, "On reprend : il reste")
    form = await evening.open_form(evening.stage.camille)
    assert "C’est cela !" in await evening.enter(form, "Porthos")
    await evening.chat(host, "!quiz suivant")
    await evening.shown("C’est Porthos !", "Camille")
    await evening.heard("C’est Porthos !", "Camille")
    await evening.chat(host, "!quiz annuler")
    await everything_shown(evening, "Les points de la question 1 sont retirés.")
    await evening.chat(host, "!quiz fin")
    await everything_shown(evening, "La partie s’arrête ici")
