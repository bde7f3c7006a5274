"""Questions of every kind, answered on both platforms at once."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from bot.wording.room import notice
from games.question import Question
from tests.stage_fixtures import FRENCH, Evening, buttons, flat, plain, refused
from tests.waiting import until

TRIO = Question("Lesquels sont mousquetaires ?", answers=("Athos", "Aramis"), wrong=("Cyrano",))
NANA = Question("Zola a écrit « Nana » ?", truth=True)
STEPS = Question("Du plus petit au plus grand ?", order=("un", "deux", "trois"))
HORSE = Question("Quel tableau ?", "Guernica", image="cheval.png", alt="Un *cheval* @here.")
TOWN = Question("Quelle ville ?", "Pau", wrong=("Dax", "Lons"))
CITY = Question("Quel port ?", "Bayonne")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
CHANGE = "Vous pouvez encore la changer une fois."


def letters(evening: Evening, *texts: str) -> str:
    return "".join(evening.letter(text) for text in texts)


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


# several right choices


async def test_several_choices_are_chosen_in_a_list_or_typed(evening: Evening) -> None:
    await evening.ask(TRIO)
    stage, right = evening.stage, letters(evening, "Athos", "Aramis")
    await evening.heard("tapez toutes les bonnes lettres, par exemple A C")
    await evening.fair()
    told = await evening.choose(stage.camille, right[::-1])
    evening.clock.jump(1)
    assert told.split("\n") == [
        f"Réponse notée : {', '.join(sorted(right))}. {CHANGE}",
        f"-# {plain(notice('', FRENCH))}",
    ]
    assert "déjà notée" in await evening.choose(stage.camille, right)
    await evening.choose(stage.noe, right[0])
    assert CHANGE not in await evening.choose(stage.noe, right)
    assert "déjà notée" in await evening.choose(stage.noe, right[0])
    await evening.chat(stage.ines, f"{right[0]} et {right[1]}".lower())
    await evening.chat(stage.leo, "ABC")
    await evening.write(stage.moderator, "athos, aramis")
    await evening.shown("Lesquels", "5 réponses")
    await evening.skip()
    shown = ", ".join(sorted(right))
    for line in (await evening.heard("C’est"), flat(await evening.shown("C’est"))):
        assert f"C’est {shown}, " in line
        assert "Camille (Discord) a trouvé en" in line
        assert "Leo64" not in line
    await evening.skip()
    await until(lambda: not evening.playing)
    assert sorted((await evening.points()).values()) == [0, 1, 1, 1, 1]


# true or false


async def test_true_or_false_is_pressed_or_typed_in_words(evening: Evening) -> None:
    await evening.ask(NANA)
    stage = evening.stage
    await evening.heard("A) Vrai", "B) Faux", "tapez vrai ou faux")
    assert "Réponse notée : B." in await evening.press(stage.camille, "B · Faux")
    assert "Réponse notée : A." in await evening.press(stage.camille, "A · Vrai")
    await evening.write(stage.noe, "C’est vrai")
    await evening.chat(stage.ines, "faux !")
    await evening.chat(stage.leo, "V")
    await evening.shown("Zola", "4 réponses")
    assert await evening.told("quiz accept", answer="Faux") == refused("cannot-accept")
    await evening.skip()
    for text in (await evening.heard("C’est A, Vrai !"), flat(await evening.shown("C’est A"))):
        assert "Noé" in text or "2 autres" in text
        assert "Inès" not in text


# an order


async def test_an_order_is_built_button_by_button_or_typed(evening: Evening) -> None:
    await evening.ask(STEPS)
    stage = evening.stage
    one, two, three = (f"{evening.letter(text)} · {text}" for text in STEPS.order)
    message, said = await evening.put_in_order(
        stage.camille, two, one, "Recommencer", one, two, three
    )
    assert said[:5] == [
        "Appuyez sur le premier.",
        "Pour l’instant : deux. Appuyez sur le suivant.",
        "Pour l’instant : deux, un. Appuyez sur le suivant.",
        "Appuyez sur le premier.",
        "Pour l’instant : un. Appuyez sur le suivant.",
    ]
    right = [evening.letter(text) for text in STEPS.order]
    assert said[-1].startswith(f"Réponse notée : {', '.join(right)}. {CHANGE}")
    assert not buttons(message.messages[0]), "what was answered has no buttons left"
    assert len(message.messages) == 1, "everything happened in one private message"
    await evening.chat(stage.ines, " ".join(right).lower())
    await evening.write(stage.noe, "un, deux, trois")
    await evening.chat(stage.leo, " ".join(right[:2]))
    await evening.chat(stage.leo, f"{right[2]}{right[1]}{right[0]}")
    await evening.shown("Du plus petit", "4 réponses")
    await evening.skip()
    verdict = f"C’est {', '.join(right)}, un, deux, trois !"
    for text in (await evening.heard(verdict), flat(await evening.shown(verdict))):
        assert "Leo64" not in text


async def test_an_order_may_be_changed_once_and_not_after_the_end(evening: Evening) -> None:
    await evening.ask(STEPS, CITY)
    while evening.session.activity.scene().kind != "order":
        await evening.skip()
        await evening.skip()
        await evening.asked(2)
    camille = evening.stage.camille
    labels = [f"{evening.letter(text)} · {text}" for text in STEPS.order]
    await evening.put_in_order(camille, *labels)
    _, said = await evening.put_in_order(camille, *labels[::-1])
    assert CHANGE not in said[-1]
    last, said = await evening.put_in_order(camille, *labels[:2])
    await evening.skip()
    await evening.click(camille, labels[2], last.messages[0])
    late = await evening.click(camille, "Recommencer", last.messages[0])
    assert flat(late.messages[0]) == refused("question-closed", number=1)


# a form


async def test_words_are_given_privately_in_a_form(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("games.quiz.GRACE", 200)
    await evening.ask(CITY)
    stage = evening.stage
    form = await evening.open_form(stage.camille)
    assert form.modal is not None
    assert form.modal["title"] == "Question 1 sur 1"
    assert await evening.enter(form, "Bayonnnne") == "Tout près ! Essayez encore."
    form = await evening.open_form(stage.camille)
    assert await evening.enter(form, "Dax") == refused("not-it")
    await evening.fair()
    form, other = await evening.open_form(stage.camille), await evening.open_form(stage.noe)
    await evening.enter(form, "bayonne")
    evening.clock.jump(0.5)
    assert await evening.enter(other, "@everyone [x](http://x)") == refused("not-it")
    assert await evening.enter(await evening.open_form(stage.noe), "BAYONNE !") != ""
    await evening.chat(stage.ines, "bayonne")
    await evening.replies(3)
    await evening.skip()
    await evening.heard("C’est Bayonne !", "Camille (Discord) a trouvé", "Noé et Inès")


async def test_a_form_is_no_place_for_a_book(evening: Evening) -> None:
    await evening.ask(CITY)
    form = await evening.open_form(evening.stage.camille)
    assert form.modal is not None
    form.modal["components"][0]["component"]["max_length"] = 5000  # a client that does not care
    assert await evening.enter(form, "Bayonne " * 625) == refused("unreadable")
    assert not evening.app.hall.unheard(evening.session.room.id)


async def test_a_number_is_given_privately_and_changed_once(evening: Evening) -> None:
    await evening.ask(Question("Combien ?", "1 600", number=1600))
    stage = evening.stage
    assert await evening.enter(await evening.open_form(stage.camille), "beaucoup") == refused(
        "unreadable"
    )
    told = await evening.enter(await evening.open_form(stage.camille), "mille six cents")
    assert told.startswith(f"Réponse notée : 1600. {CHANGE}")
    told = await evening.enter(await evening.open_form(stage.camille), "1 599,5")
    assert told == "Réponse notée : 1599,5."
    told = await evening.enter(await evening.open_form(stage.camille), "1600")
    assert told == refused("already-answered")
    await evening.chat(stage.ines, "1601")
    await evening.shown("Combien", "2 réponses")
    await evening.skip()
    await evening.heard("C’était 1 600.", "à 0,5 près : Camille.")


# a picture


def hang(evening: Evening, folder: Path) -> None:
    """Put the picture beside the deck of the evening."""
    (folder / "cheval.png").write_bytes(PNG)
    evening.decks._folders["soir"] = folder


async def test_a_picture_is_shown_and_told(evening: Evening, tmp_path: Path) -> None:
    hang(evening, tmp_path)
    await evening.ask(HORSE)
    board = await evening.board()
    assert "Image : Un *cheval* @here." in flat(board)
    (attachment,) = board["attachments"]
    assert attachment["filename"] == "cheval.png"
    assert attachment["description"] == HORSE.alt
    assert board["embeds"][0]["image"]["url"] == attachment["url"]
    await evening.heard("Question 1 sur 1 · Quel tableau ? Image : Un *cheval* @here. 5 min")
    await evening.chat(evening.stage.ines, "Guernica")
    board = await evening.shown("C’est Guernica !")
    assert len(board["attachments"]) == 1, "it goes with the board, once"


async def test_a_picture_that_is_missing_is_told_all_the_same(evening: Evening) -> None:
    await evening.ask(HORSE)
    board = await evening.board()
    assert not board["attachments"]
    assert "image" not in board["embeds"][0]
    assert "Image : Un *cheval* @here." in flat(board)


async def test_a_picture_goes_on_after_a_restart(evening: Evening, tmp_path: Path) -> None:
    hang(evening, tmp_path)
    await evening.ask(HORSE)
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    await evening.heard("Quel tableau ?", "Image : Un *cheval*")
    await evening.write(evening.stage.noe, "guernica")
    board = await evening.shown("C’est Guernica !")
    assert len([m for m in evening.messages() if "Quel tableau" in flat(m)]) == 1
    assert len(board["attachments"]) == 1


# what is pressed later, twice, or by somebody out


async def test_controls_hold_after_a_restart(evening: Evening) -> None:
    await evening.ask(TRIO)
    right = letters(evening, "Athos", "Aramis")
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    assert "Réponse notée" in await evening.choose(evening.stage.camille, right)
    await evening.told("quiz stop")
    await evening.ask(STEPS)
    labels = [f"{evening.letter(text)} · {text}" for text in STEPS.order]
    message, _ = await evening.put_in_order(evening.stage.camille, labels[0])
    await evening.cast.restart()
    await evening.ready()
    await evening.click(evening.stage.camille, labels[1], message.messages[0])
    await evening.click(evening.stage.camille, labels[2], message.messages[0])
    assert "Réponse notée" in flat(message.messages[0])
    await evening.told("quiz stop")
    await evening.ask(CITY)
    form = await evening.open_form(evening.stage.camille)
    await evening.cast.restart()
    await evening.ready()
    await until(lambda: evening.session.running_since)
    assert await evening.enter(form, "Bayonne") == "C’est cela !"


async def test_controls_of_an_old_question_are_refused(evening: Evening) -> None:
    await evening.ask(CITY, TRIO)
    stage, boards, forms = evening.stage, {}, []
    for step in (1, 2):
        await evening.asked(step)
        kind = evening.session.activity.scene().kind
        boards[kind] = await evening.board()
        if kind == "text":
            forms = [await evening.open_form(stage.camille)]
        await evening.skip()
        await evening.skip()
    await until(lambda: not evening.playing)
    over = refused("session-over")
    (button,) = buttons(boards["text"])
    assert await _stale(evening, boards["text"], button["custom_id"]) == over
    assert await evening.enter(forms[0], "Bayonne") == over


async def _stale(evening: Evening, message: Any, custom_id: str) -> str:
    """Press a button of a board as it was before it was edited."""
    post = evening.stage.discord.world.posts[int(message["id"])]
    now = post.payload["components"]
    post.payload["components"] = message["components"]
    try:
        interaction = await evening.stage.discord.click(
            evening.stage.camille.id, int(message["id"]), custom_id
        )
        return flat(await interaction.settled())
    finally:
        post.payload["components"] = now


async def test_a_form_of_an_old_question_is_refused_and_kept_for_no_other(
    evening: Evening,
) -> None:
    await evening.ask(CITY, Question("Quelle mine ?", "Germinal"))
    form = await evening.open_form(evening.stage.camille)
    await evening.skip()
    await evening.skip()
    await evening.asked(2)
    assert await evening.enter(form, "Toulouse") == refused("question-closed", number=1)
    await evening.told("quiz accept", answer="Toulouse")
    await evening.heard("« Toulouse » est accepté aussi.")
    assert evening.session.activity.scene().replies == 0


async def test_pressing_twice_counts_once(evening: Evening) -> None:
    await evening.ask(TOWN)
    stage, board = evening.stage, await evening.board()
    pressed = next(b for b in buttons(board) if b["label"].startswith(evening.right))
    double = [
        await stage.discord.click(stage.camille.id, int(board["id"]), pressed["custom_id"])
        for _ in range(2)
    ]
    told = [flat(await interaction.settled()) for interaction in double]
    assert sum("Réponse notée" in text for text in told) == 1
    assert sum("déjà notée" in text for text in told) == 1
    assert evening.session.activity.scene().replies == 1


async def test_whoever_is_out_is_told_so_whatever_they_use(evening: Evening) -> None:
    await evening.ask(CITY, Question("Quel fleuve ?", "L’Adour"), preset="survivor")
    stage = evening.stage
    for by in (stage.camille, stage.noe):
        await evening.write(by, evening.answer)
    await evening.chat(stage.ines, evening.answer)
    await evening.shown("C’est")
    await evening.skip()
    await evening.asked(2)
    out = await evening.open_form(stage.host)
    answer = evening.answer
    assert await evening.enter(out, answer) == refused("out")
    await evening.write(stage.host, answer)
    await evening.chat(stage.leo, answer)
    await evening.told("quiz accept", answer="Gave")
    assert evening.session.activity.scene().replies == 0
