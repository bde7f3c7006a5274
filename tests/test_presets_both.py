"""The ways of sharing points, and giving more time, on both platforms at once."""

import pytest

from tests.stage_fixtures import Evening, refused
from tests.waiting import until

RULES = {
    "vitesse": "Plus la réponse est rapide, plus elle rapporte.",
    "course": "Le point va à la bonne réponse la plus rapide.",
    "survie": "Une erreur ou un silence, et l’on regarde la suite jusqu’à la fin.",
}


@pytest.mark.parametrize("word", RULES)
async def test_a_preset_is_chosen_in_chat_and_told_on_both_sides(
    evening: Evening, word: str
) -> None:
    await evening.chat(evening.stage.broadcaster, f"!quiz lancer lettres 1 300 {word}")
    await evening.heard("On joue !", RULES[word])
    await evening.shown("On joue !", RULES[word])


async def test_survivor_by_slash_lets_only_the_right_go_on_on_either_side(evening: Evening) -> None:
    await evening.told("quiz start", deck="lettres", questions=2, seconds=300, preset="survivor")
    await until(lambda: evening.playing and evening.session.activity.scene().phase == "asking")
    right = evening.right
    wrong = "A" if right != "A" else "B"
    await evening.press(evening.stage.camille, right)
    await evening.press(evening.stage.noe, wrong)
    await evening.chat(evening.stage.ines, right)
    await evening.chat(evening.stage.leo, wrong)
    await evening.shown("Question 1 sur 2", "4 réponses")
    await evening.skip()
    await evening.heard("2 personnes restent en jeu.")
    await evening.skip()
    await evening.asked(2)
    assert await evening.press(evening.stage.noe, evening.right) == refused("out")
    await evening.chat(evening.stage.leo, evening.right)
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.heard("1 personne reste en jeu.")
    await evening.skip()
    await evening.heard("La partie est finie", "Camille : 2 points", "Discord : 2 bonnes réponses")
    await evening.shown("La partie est finie", "Camille : 2 points")


async def test_speed_gives_a_hundred_for_an_answer_at_once(evening: Evening) -> None:
    await evening.told("quiz start", deck="lettres", questions=1, seconds=300, preset="speed")
    await until(lambda: evening.playing and evening.session.activity.scene().phase == "asking")
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("Question 1 sur 1", "1 réponse")
    await evening.skip()
    await evening.heard("Inès (Twitch) a trouvé")
    await evening.skip()
    await until(lambda: not evening.playing)
    [points] = (await evening.points()).values()
    assert 90 <= points <= 100


@pytest.mark.parametrize("side", ["discord", "twitch"])
async def test_a_host_gives_more_time_from_either_side(evening: Evening, side: str) -> None:
    await evening.quiz("lettres", questions=1)
    before = evening.session.activity.deadline
    if side == "discord":
        await evening.told("quiz extend")
    else:
        await evening.chat(evening.stage.twitch_moderator, "!quiz prolonger")
    await evening.heard("Un peu plus de temps")
    assert before is not None
    assert evening.session.activity.deadline == before + 15


@pytest.mark.parametrize("side", ["discord", "twitch"])
async def test_a_host_takes_back_points_from_either_side(evening: Evening, side: str) -> None:
    await evening.quiz("lettres", questions=1)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("Question 1 sur 1", "1 réponse")
    await evening.skip()
    await evening.heard("Inès (Twitch) a trouvé")
    if side == "discord":
        await evening.told("quiz undo")
    else:
        await evening.chat(evening.stage.broadcaster, "!quiz annuler")
    await evening.heard("Les points de la question 1 sont retirés.")
    await evening.shown("Les points de la question 1 sont retirés.")
    await evening.skip()
    await until(lambda: not evening.playing)
    await evening.heard("La partie est finie")
    assert await evening.points() == {("twitch", "Inès"): 0}
