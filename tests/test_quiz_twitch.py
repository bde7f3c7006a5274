"""The quiz as people in Twitch chat live it: short commands, plain words; through the real twitchio."""

import asyncio
from dataclasses import replace

import pytest

from bot.settings import Settings
from tests.stage_fixtures import Evening, only_twitch, refused
from tests.waiting import until

# commands


@pytest.mark.parametrize(
    ("start", "pause", "resume", "skip", "score", "stop"),
    [
        (
            "!quiz start lettres",
            "!quiz pause",
            "!quiz resume",
            "!quiz skip",
            "!quiz score",
            "!stop",
        ),
        (
            "!Quiz Lancer « lettres » 2 30",
            "!quiz pause",
            "!quiz reprendre",
            "!quiz passe",
            "!quiz points",
            "!quiz arrêter",
        ),
        (
            "! quiz go lettres",
            "!QUIZ PAUSE",
            "!quiz reprise",
            "!quiz next",
            "!quiz scores",
            "!arrêter",
        ),
    ],
)
async def test_moderator_steers_a_quiz_in_either_language(
    evening: Evening, start: str, pause: str, resume: str, skip: str, score: str, stop: str
) -> None:
    host, ines = evening.stage.twitch_moderator, evening.stage.ines
    await evening.chat(host, start)
    await evening.asked(1)
    await evening.asks(host, pause, "Pause. Le temps s’arrête")
    await evening.asks(host, resume, "On reprend : il reste")
    await evening.chat(ines, evening.right)
    await evening.asks(host, skip, "Inès (Twitch) a trouvé")
    assert await evening.asks(ines, score, "point") == "1. Inès : 1 point"
    await evening.asks(host, stop, "La partie s’arrête ici")


async def test_deck_questions_and_seconds_are_read_from_the_command(evening: Evening) -> None:
    await evening.chat(evening.stage.broadcaster, "!quiz lancer auteurs et autrices 2 45")
    line = await evening.heard("On joue !")
    assert "« Auteurs et autrices », 2 questions" in line
    assert "ici et sur Discord" in line
    line = await evening.heard("Question 1 sur 2")
    assert "45 s" in line
    for choice in ("A) ", "B) ", "C) "):
        assert choice in line


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("!quiz lancer lettres 0", "no-number", {"text": "0", "least": 1, "most": 50}),
        ("!quiz lancer lettres 5 4", "no-number", {"text": "4", "least": 5, "most": 300}),
        ("!quiz skip", "nothing-running", {}),
        ("!stop", "nothing-running", {}),
        ("!quiz score", "nothing-running", {}),
        ("!quizz", "usage", {"usage": "!quiz"}),
        ("!quiz strat", "usage", {"usage": "!quiz start"}),
    ],
)
async def test_command_that_cannot_be_done_says_what_would_work(
    evening: Evening, typed: str, code: str, facts: dict[str, object]
) -> None:
    await evening.asks(evening.stage.broadcaster, typed, refused(code, **facts))
    assert not evening.playing


async def test_unknown_deck_is_refused_with_near_names(evening: Evening) -> None:
    answer = await evening.asks(evening.stage.broadcaster, "!quiz lancer letres", "« letres »")
    assert ": lettres" in answer


async def test_bare_command_says_what_is_on_and_what_one_can_do(evening: Evening) -> None:
    ines = evening.stage.ines
    answer = await evening.asks(ines, "!quiz", "Rien en cours ici.")
    assert "!quiz lancer" in answer
    await evening.quiz()
    answer = await evening.asks(ines, "!quiz", "question 1 sur 1")
    assert "tapez la lettre" in answer
    answer = await evening.asks(ines, "!quiz jeux", "lettres, mots, genres, sources, authors")
    answer = await evening.asks(ines, "!aide", "Pour jouer")
    assert "!moi" in answer


@pytest.mark.parametrize(
    "line", ["!!!", "!", "! quel suspense", "!bravo", "!so ensemble", "bravo !"]
)
async def test_exclamation_is_no_command(evening: Evening, line: str) -> None:
    before = len(evening.lines())
    await evening.chat(evening.stage.ines, line)
    await evening.asks(evening.stage.leo, "!quiz", "Rien en cours ici.")
    assert len(evening.lines()) == before + 1


# who may do what


async def test_patron_may_not_steer(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    for verb in ("lancer", "stop", "passer", "pause", "reprendre"):
        author = evening.stage.twitch.add_user(f"patron_{verb}")
        await evening.asks(author, f"!quiz {verb}", refused("hosts-only"))
    scene = evening.session.activity.scene()
    assert (scene.step, scene.phase, evening.session.paused) == (1, "asking", False)


async def test_name_of_the_broadcaster_gives_no_power(evening: Evening) -> None:
    liar = evening.stage.twitch.add_user("mediatheque__pau", "Mediatheque_Pau")
    await evening.asks(liar, "!quiz lancer lettres", refused("hosts-only"))


async def test_broadcaster_and_moderators_may_start(evening: Evening) -> None:
    for host in (evening.stage.broadcaster, evening.stage.twitch_moderator):
        await evening.asks(host, "!quiz lancer lettres", "On joue !")
        await evening.asks(host, "!stop", "La partie s’arrête ici.")


async def test_lead_moderator_may_start(evening: Evening) -> None:
    stage = evening.stage
    stage.twitch.set_badges(stage.broadcaster.id, stage.leo.id, "lead_moderator")
    await evening.asks(stage.leo, "!quiz lancer lettres", "On joue !")


@pytest.mark.parametrize("allowed", [True, False])
async def test_vips_host_only_where_the_settings_say_so(
    stopped_evening: Evening, allowed: bool
) -> None:
    evening, stage = stopped_evening, stopped_evening.stage

    def change(settings: Settings) -> Settings:
        assert settings.twitch is not None
        return replace(settings, twitch=replace(settings.twitch, vip_hosts=allowed))

    evening.settings(change)
    stage.twitch.set_badges(stage.broadcaster.id, stage.leo.id, "vip")
    await evening.start()
    answer = "On joue !" if allowed else refused("hosts-only")
    await evening.asks(stage.leo, "!quiz lancer lettres", answer)


# answers


@pytest.mark.parametrize("form", ["{lower}", " {letter} !", "{answer}"])
async def test_typed_letter_or_choice_counts(evening: Evening, form: str) -> None:
    await evening.quiz()
    right, answer = evening.right, evening.answer
    text = form.format(lower=right.lower(), letter=right, answer=answer.lower())
    await evening.chat(evening.stage.ines, text)
    await evening.shown("1 réponse")
    await evening.skip()
    await evening.heard(f"C’est {right}, {answer} ! Inès (Twitch) a trouvé en")


async def test_typed_words_are_judged_as_a_reader_would(evening: Evening) -> None:
    await evening.quiz("mots", questions=2)
    answer = {"Pau": "c'est Pau", "La Seine": "seine"}[evening.answer]
    await evening.chat(evening.stage.ines, "Toulouse ?")
    await evening.chat(evening.stage.ines, answer)
    await evening.chat(evening.stage.leo, f"{answer} \U000e0000")
    await evening.heard(f"C’est {evening.answer} ! Inès (Twitch) a trouvé", "puis Leo64")


async def test_first_choice_stands(evening: Evening) -> None:
    await evening.quiz()
    wrong = next(letter for letter in "ABC" if letter != evening.right)
    await evening.chat(evening.stage.ines, wrong)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("1 réponse")
    await evening.skip()
    await evening.heard("Personne cette fois")


async def test_removed_line_takes_the_answer_back(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz()
    line = await evening.chat(stage.ines, evening.right)
    await evening.chat(stage.leo, evening.right)
    await until(lambda: evening.session.activity.scene().replies == 2)
    await stage.twitch.delete_message(stage.broadcaster.id, line)
    await until(lambda: evening.session.activity.scene().replies == 1)
    await stage.twitch.timeout(stage.broadcaster.id, stage.leo.id)
    await until(lambda: evening.session.activity.scene().replies == 0)
    await evening.skip()
    await evening.heard("Personne cette fois")


async def test_newcomers_read_the_notice_once(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    await evening.chat(evening.stage.ines, "a")
    line = await evening.heard("Je garde votre pseudo")
    assert line.startswith("Inès : Je garde votre pseudo et vos participations, rien d’autre.")
    await evening.skip()
    await evening.skip()
    await evening.asked(2)
    await evening.chat(evening.stage.ines, "a")
    await evening.shown("Question 2 sur 2", "1 réponse")
    await evening.skip()
    await evening.heard("C’est") if evening.right == "A" else await evening.heard("Personne")
    assert sum("Je garde votre pseudo" in line for line in evening.lines()) == 1


# what is not for the bot, and what is meant to harm it


async def test_bot_does_not_answer_itself_nor_another_channel(evening: Evening) -> None:
    stage = evening.stage
    other = stage.twitch.add_channel("ailleurs")
    await evening.quiz()
    await stage.twitch.say(
        stage.ines.id, stage.broadcaster.id, evening.right, source_channel_id=other.id
    )
    await stage.twitch.say(other.id, stage.broadcaster.id, "!quiz stop", source_channel_id=other.id)
    await stage.twitch.say(stage.twitch.bot.id, stage.broadcaster.id, "!quiz stop")
    await stage.twitch.say(stage.twitch.bot.id, stage.broadcaster.id, evening.right)
    await evening.chat(stage.leo, evening.right)
    await evening.shown("1 réponse")
    assert evening.session.activity.scene().replies == 1


HOSTILE = (
    "@everyone @mediatheque_pau",
    "/ban ines",
    "/me danse",
    ".timeout leo64",
    "**gras** <b>gras</b> [lien](https://exemple.invalid)",
    "\u202edroite\u202c\u200b\u2060\ufeff",
    "e" + "\u0301" * 80,
    "😀" * 60,
    "{0} {name} %s %(name)s {{}}",
    "\\ ' \" ’ ` ; --",
    "x" * 400,
    "« « “ \u00a0 \u202f",
)


async def test_text_that_means_harm_is_at_most_a_wrong_answer(evening: Evening) -> None:
    await evening.quiz("mots")
    host = evening.stage.twitch_moderator
    for number, text in enumerate(HOSTILE):
        author = evening.stage.twitch.add_user(f"v{number}", f"V{number}")
        await evening.chat(author, text)
        await evening.chat(author, f"!{text}")
        await evening.chat(author, f"!quiz {text}")
        await evening.chat(author, f"!oubliezmoi {text}")
        await evening.chat(host, f"!quiz lancer {text}")
        await evening.chat(host, f"!room link {text}")
    await asyncio.sleep(0)
    await evening.asks(evening.stage.leo, "!quiz", "question 1 sur 1")
    assert evening.session.activity.scene().replies == 0
    assert not [line for line in evening.lines() if line.startswith(("/", "."))]
    assert refused("fault") not in evening.lines()


async def test_long_names_and_decks_never_make_a_line_too_long(evening: Evening) -> None:
    await evening.quiz("lettres")
    for number in range(30):
        person = evening.stage.twitch.add_user(f"p{number}_{'x' * 20}"[:25], "é" * 60)
        await evening.chat(person, evening.right)
    await until(lambda: evening.session.activity.scene().replies == 30)
    await evening.skip()
    await evening.heard("et 28 autres")
    await evening.slash("quiz stop")
    await evening.heard("La partie s’arrête ici")


async def test_patron_who_floods_commands_is_left_unanswered(evening: Evening) -> None:
    for _ in range(12):
        await evening.chat(evening.stage.ines, "!quiz")
    await evening.asks(evening.stage.leo, "!aide", "Pour jouer")
    assert sum("Rien en cours" in line for line in evening.lines()) <= 4


async def test_room_on_twitch_alone_plays_without_discord(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(only_twitch)
    await evening.start()
    moderator = evening.stage.twitch_moderator
    await evening.asks(moderator, "!quiz lancer lettres 1 300", "On joue !")
    await evening.heard("Question 1 sur 1")
    await evening.chat(evening.stage.ines, evening.right)
    await evening.asks(moderator, "!quiz passer", "Inès (Twitch) a trouvé")
    assert not evening.messages()
