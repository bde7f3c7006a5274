"""A question for a number and hints that unfold, on both platforms at once."""

import re
import time

from tests.stage_fixtures import Evening, refused, until


async def opened(evening: Evening, answer: str) -> None:
    """Start the round of two and go on until the question with this answer is open."""
    await evening.quiz("genres", questions=2)
    while evening.answer != answer:
        step = evening.session.activity.scene().step
        await evening.skip()
        await evening.skip()
        await evening.asked(step + 1)


async def test_the_nearest_number_wins_across_both_platforms(evening: Evening) -> None:
    await opened(evening, "1885")
    await evening.heard("tapez un nombre, au plus près")
    await evening.write(evening.stage.camille, "mille huit cent quatre-vingts")
    await evening.shown("En quelle année", "1 réponse")
    await evening.chat(evening.stage.ines, "1890")
    await evening.chat(evening.stage.leo, "1900 ?")
    await evening.shown("En quelle année", "3 réponses")
    await evening.skip()
    near = ("C’était 1885.", "Au plus près, à 5 près : Camille et Inès")
    await evening.heard(*near)
    await evening.shown("En quelle année", *near)


async def test_hints_come_on_request_from_either_side_and_show_on_both(evening: Evening) -> None:
    await opened(evening, "Porthos")
    await evening.told("quiz hint")
    await evening.heard("Indice 1 sur 2 : Il est fort.")
    await evening.shown("Quel mousquetaire", "Indice : Il est fort.")
    await evening.chat(evening.stage.twitch_moderator, "!quiz indice")
    await evening.heard("Indice 2 sur 2 : Il rêve d’un titre.")
    await evening.shown("Quel mousquetaire", "Il est fort.", "Il rêve d’un titre.")
    assert await evening.told("quiz hint") == refused("no-hint")
    await evening.chat(evening.stage.ines, "porthos")
    await evening.heard("C’est Porthos !", "Inès (Twitch)")


async def test_the_countdown_is_the_questions_not_the_next_hints(evening: Evening) -> None:
    await opened(evening, "Porthos")
    board = await evening.shown("Quel mousquetaire")
    (ends,) = re.findall(r"<t:(\d+):R>", board["embeds"][0]["description"])
    assert int(ends) - time.time() > 150
    await evening.told("quiz pause")
    await evening.told("quiz resume")
    line = await evening.heard("On reprend : il reste")
    assert (
        int(line.split("il reste ")[1].split()[0]) >= 3
    )  # minutes of five; the first hint comes before two


async def test_a_question_with_hints_goes_on_after_a_restart(evening: Evening) -> None:
    await opened(evening, "Porthos")
    await evening.told("quiz hint")
    await evening.heard("Indice 1 sur 2")
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    await until(lambda: evening.session.activity.scene().hints == ("Il est fort.",))
    await evening.chat(evening.stage.ines, "porthos")
    await evening.heard("C’est Porthos !")


async def test_where_an_answer_can_be_checked_is_told_on_request(evening: Evening) -> None:
    await evening.quiz("sources")
    assert await evening.told("quiz source") == refused("no-source")
    await evening.skip()
    told = "Source : Émile Zola, « Germinal », 1885"
    assert await evening.told("quiz source", by=evening.stage.camille) == told
    assert told in await evening.asks(evening.stage.ines, "!quiz source", "Source")
