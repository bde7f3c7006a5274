"""One quiz in one room on two platforms, from the first word to the ledger."""

from dataclasses import replace

import pytest

from games.quiz import GRACE, Quiz
from tests.stage_fixtures import Evening
from tests.waiting import until


async def test_one_scoreboard_counts_both_platforms(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    for step in (1, 2):
        answer, right = evening.answer, evening.right
        await evening.press(evening.stage.camille, right)
        await evening.chat(evening.stage.ines, right.lower())
        if step == 1:
            await evening.chat(evening.stage.leo, answer)
        await evening.shown(f"Question {step} sur 2", "3 réponses" if step == 1 else "2 réponses")
        await evening.skip()
        await evening.heard(f"C’est {right}, {answer} !", "Camille (Discord)")
        await evening.shown(f"C’est {right}, {answer} !", "Camille (Discord)", "Inès")
        await evening.skip()
        if step == 1:
            await evening.asked(2)
    result = await evening.shown("La partie est finie : 2 questions, 3 personnes ont joué.")
    line = await evening.heard("La partie est finie : 2 questions, 3 personnes ont joué.")
    for text in (line, result["embeds"][0]["description"]):
        assert "Camille et Inès" in text
        assert "Leo64" in text
    assert await evening.points() == {
        ("discord", "Camille"): 2,
        ("twitch", "Inès"): 2,
        ("twitch", "Leo64"): 1,
    }


@pytest.mark.parametrize("first", ["discord", "twitch"])
async def test_first_right_answer_on_either_platform_decides_when_the_question_closes(
    evening: Evening, first: str
) -> None:
    await evening.quiz("mots", questions=1)
    before = evening.session.activity.deadline
    if first == "discord":
        await evening.write(evening.stage.camille, evening.answer)
    else:
        await evening.chat(evening.stage.ines, evening.answer)
    await until(lambda: evening.session.activity.scene().replies == 1)
    after = evening.session.activity.deadline
    assert before is not None
    assert after is not None
    assert after < before - 60
    if first == "discord":
        await evening.chat(evening.stage.leo, evening.answer)
    else:
        await evening.write(evening.stage.noe, evening.answer)
    names = ("Camille", "Leo64") if first == "discord" else ("Inès", "Noé")
    await evening.heard(f"C’est {evening.answer} !", "a trouvé en", "puis", *names)
    assert evening.session.activity.deadline is not None
    quiz = evening.session.activity
    assert isinstance(quiz, Quiz)
    assert quiz.deadline is not None
    assert quiz.deadline - quiz.options.reveal <= after + GRACE, "the second did not prolong it"


async def test_right_answer_after_the_grace_scores_nothing(evening: Evening) -> None:
    await evening.quiz("mots", questions=1)
    answer = evening.answer
    await evening.chat(evening.stage.ines, answer)
    await evening.heard("Inès (Twitch) a trouvé")
    await evening.write(evening.stage.camille, answer)
    await evening.slash("quiz stop")
    await evening.heard("1. Inès : 1 point")
    assert await evening.points() == {("twitch", "Inès"): 1}


async def test_quiz_started_on_twitch_is_played_on_discord_too(evening: Evening) -> None:
    await evening.chat(evening.stage.twitch_moderator, "!quiz lancer lettres 1 300")
    await evening.asked(1)
    await evening.press(evening.stage.noe, evening.right)
    await evening.chat(evening.stage.broadcaster, "!quiz passer")
    await evening.shown("Noé (Discord) a trouvé")
    await evening.heard("Noé (Discord) a trouvé")


async def test_host_on_discord_pauses_for_twitch_too(evening: Evening) -> None:
    await evening.quiz()
    await evening.slash("quiz pause")
    await evening.heard("Pause. Le temps s’arrête, rien n’est perdu.")
    await evening.chat(evening.stage.ines, evening.right)
    told = await evening.press(evening.stage.camille, evening.right)
    assert "pause" in told
    await evening.chat(evening.stage.twitch_moderator, "!quiz reprendre")
    await evening.heard("On reprend : il reste")
    await evening.shown("On reprend : il reste")
    assert evening.session.activity.scene().replies == 0


async def test_same_name_on_both_platforms_is_two_people(evening: Evening) -> None:
    stage = evening.stage
    double = stage.twitch.add_user("camille", "Camille")
    await evening.quiz()
    await evening.press(stage.camille, evening.right)
    await evening.chat(double, evening.right)
    await evening.shown("2 réponses")
    await evening.slash("quiz stop")
    await evening.quiz()
    await evening.press(stage.camille, evening.right)
    await evening.chat(double, "a" if evening.right != "A" else "b")
    await evening.shown("Question 1 sur 1", "2 réponses")
    await evening.skip()
    await evening.skip()
    await evening.shown("La partie est finie", "2 personnes ont joué", "1. Camille : 1 point")
    points = await evening.points()
    assert points == {("discord", "Camille"): 1, ("twitch", "Camille"): 0}


async def test_room_on_discord_alone_plays_without_twitch(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(lambda settings: replace(settings, twitch=None))
    await evening.start()
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await evening.shown("Question 1 sur 1")
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.shown("Camille (Discord) a trouvé")
    assert not evening.lines()


async def test_two_rooms_play_at_the_same_time(evening: Evening) -> None:
    stage = evening.stage
    second = stage.second_channel.id
    await evening.quiz("lettres")
    interaction = await evening.slash("quiz start", channel=second, deck="mots", seconds=300)
    assert interaction.ephemeral
    await until(lambda: stage.discord.messages(second))
    await until(lambda: "Question 1" in str(stage.discord.messages(second)[-1]["embeds"]))
    room = evening.app.rooms.by_discord[str(second)]
    other = evening.app.hall.running(room.id)
    assert other is not None
    prompt = other.activity.scene().prompt
    await stage.discord.say(stage.camille.id, second, "Pau" if "Henri" in prompt else "la Seine")
    await until(lambda: other.activity.scene().replies == 1)
    assert evening.session.activity.scene().replies == 0
    assert not [line for line in evening.lines() if prompt in line], "Twitch is in the first room"
