"""Questions that people propose: the form on Discord, the line on Twitch, and the desk where the team looks at them."""

from collections.abc import Mapping
from typing import Any

from bot.rehearsal.discord_interactions import Interaction
from tests.stage_fixtures import Evening, buttons, flat, only_discord, plain, refused
from tests.waiting import until

DOG = {"prompt": "Quel chien suit Obélix ?", "answer": "Idéfix", "wrong": "Milou\nRantanplan"}


async def sent(evening: Evening, by: Any, **entered: str) -> Interaction:
    """Open the form for a question, fill it in, send it, and wait for the answer."""
    discord = evening.stage.discord
    opened = await discord.slash(by.id, evening.stage.channel.id, "deck propose")
    assert await opened.answered() == opened.modal
    answer = await discord.submit(opened, {**DOG, **entered})
    await answer.settled()
    assert answer.ephemeral
    return answer


async def pressed(evening: Evening, by: Any, message: Mapping[str, Any], label: str) -> Interaction:
    """Press a button of a message and wait until the bot has dealt with it."""
    wanted = next(b for b in buttons(dict(message)) if b["label"] == label)
    discord = evening.stage.discord
    interaction = await discord.click(by.id, int(message["id"]), wanted["custom_id"])
    await interaction.answered()
    if interaction.modal is None:
        await interaction.settled()
    return interaction


async def reviewing(evening: Evening, by: Any = None, **options: str) -> Interaction:
    interaction = await evening.slash("deck review", by=by or evening.stage.moderator, **options)
    assert interaction.ephemeral
    return interaction


def shown(interaction: Interaction) -> str:
    """Return what stands in an answer now."""
    return flat(interaction.messages[0])


async def questions(evening: Evening, deck: str) -> list[str]:
    found = evening.app.shelf.decks.all.get(deck)
    return [question.prompt for question in found.questions] if found else []


# --- Proposing ------------------------------------------------------------------------------------------------


async def test_the_form_says_what_it_takes_and_what_one_agrees_to(evening: Evening) -> None:
    stage = evening.stage
    opened = await stage.discord.slash(stage.camille.id, stage.channel.id, "deck propose")
    await opened.answered()
    assert opened.modal is not None
    assert opened.modal["title"] == "Proposer une question"
    labels = [field["label"] for field in opened.modal["components"]]
    assert labels == [
        "Question",
        "Bonne réponse",
        "Mauvaises réponses",
        "Explication",
        "Source",
    ]
    hints = [field.get("description") or "" for field in opened.modal["components"]]
    assert "CC BY-SA 4.0" in hints[0]
    required = [field["component"].get("required") for field in opened.modal["components"]]
    assert required == [True, True, False, False, False]


async def test_a_question_sent_in_the_form_waits_for_the_team(evening: Evening) -> None:
    answer = await sent(evening, evening.stage.camille)
    lines = shown(answer).splitlines()
    assert lines[0] == "Merci ! Votre question est la proposition 1, l’équipe va la relire."
    assert lines[1] == "Votre nom ne s’affichera pas, sauf si vous la signez."
    assert lines[2].startswith("-# Je garde votre pseudo"), "somebody new is told once"
    again = await sent(evening, evening.stage.camille, prompt="Qui ?")
    assert "Je garde" not in shown(again)


async def test_a_form_outlives_a_restart(evening: Evening) -> None:
    discord = evening.stage.discord
    opened = await discord.slash(evening.stage.camille.id, evening.stage.channel.id, "deck propose")
    await opened.answered()
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    answer = await discord.submit(opened, DOG)
    await answer.settled()
    assert "la proposition 1" in shown(answer)


async def test_what_is_wrong_with_a_question_is_one_sentence(evening: Evening) -> None:
    answer = await sent(evening, evening.stage.camille, answer="!!!", wrong="")
    assert shown(answer) == (
        "Cette question ne peut pas être prise : personne ne pourrait taper cette réponse :"
        " elle n’a ni lettre ni chiffre."
    )
    answer = await sent(evening, evening.stage.camille, wrong="a;b;c;d;e;f")
    assert "il peut y avoir de 1 à 5 mauvaises réponses" in shown(answer)
    answer = await sent(evening, evening.stage.camille, prompt="Quel fleuve traverse Paris ?")
    assert shown(answer) == refused("question-there", deck="mots")


async def test_a_question_is_typed_on_either_side(evening: Evening) -> None:
    stage = evening.stage
    await evening.write(stage.camille, "!questions proposer Quel chien ? = Idéfix ; Milou ; Bill")
    await evening.shown("la proposition 1")
    line = await evening.asks(stage.ines, "!deck propose Qui ? = Zola", "la proposition 2")
    assert line.endswith("Pour la signer de votre nom : !questions signer 2")
    for typed in ("!deck propose", "!questions proposer Qui donc"):
        await evening.asks(stage.leo, typed, "!questions proposer question = réponse ; mauvaise")
    await evening.write(stage.camille, "!deck propose Qui donc")
    await evening.shown("!questions proposer question = réponse ; mauvaise ; mauvaise")
    await evening.asks(stage.leo, "!deck proposer = Zola", "il manque « Question »")


async def test_nobody_floods_the_queue(evening: Evening) -> None:
    for number in range(5):
        await sent(evening, evening.stage.camille, prompt=f"Question {number} ?")
    answer = await sent(evening, evening.stage.camille)
    assert shown(answer) == refused("proposals-own", most=5)


# --- Reviewing on Discord -------------------------------------------------------------------------------------


async def test_the_team_looks_at_the_oldest_first_and_goes_on_to_the_next(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    await evening.asks(stage.ines, "!deck propose Qui ? = Zola", "la proposition 2")
    desk = await reviewing(evening)
    assert shown(desk).splitlines() == [
        "**Proposition 1, de la part de Camille (2 à relire)**",
        "**Question** · Quel chien suit Obélix ?",
        "**Bonne réponse** · Idéfix",
        "**Mauvaises réponses** · Milou ; Rantanplan",
    ]
    labels = [button["label"] for button in buttons(desk.messages[0])]
    assert labels == ["Accepter", "Modifier", "Écarter", "Plus tard"]
    await pressed(evening, stage.moderator, desk.messages[0], "Accepter")
    first, _, heading, *_ = shown(desk).splitlines()
    assert first == "La proposition 1 est acceptée : propositions compte maintenant 1 question."
    assert heading == "**Proposition 2, de la part de Inès (1 à relire)**"
    await pressed(evening, stage.moderator, desk.messages[0], "Écarter")
    assert shown(desk).splitlines() == [
        "La proposition 2 est écartée.",
        "",
        "Aucune question n’attend. Merci !",
    ]
    assert not buttons(desk.messages[0])
    assert await questions(evening, "propositions") == ["Quel chien suit Obélix ?"]
    assert "« Questions du public » (propositions)" in await evening.told(
        "deck show", deck="propositions"
    )


async def test_what_is_left_for_later_still_waits(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    desk = await reviewing(evening)
    await pressed(evening, stage.moderator, desk.messages[0], "Plus tard")
    assert shown(desk) == "C’était la fin de la liste. Ce que vous avez laissé attend toujours."
    assert "Proposition 1" in shown(await reviewing(evening))


async def test_a_reviewer_changes_a_question_in_the_form(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    desk = await reviewing(evening, by=stage.host)
    opened = await pressed(evening, stage.host, desk.messages[0], "Modifier")
    assert opened.modal is not None
    entered = {c["component"]["custom_id"]: c["component"] for c in opened.modal["components"]}
    assert entered["prompt"]["value"] == "Quel chien suit Obélix ?"
    assert entered["wrong"]["value"] == "Milou\nRantanplan"
    answer = await stage.discord.submit(opened, {"wrong": "", "explanation": "Un petit chien."})
    await answer.settled()
    assert shown(desk).splitlines()[1:] == [
        "**Question** · Quel chien suit Obélix ?",
        "**Bonne réponse** · Idéfix",
        "**Explication** · Un petit chien.",
    ]
    await pressed(evening, stage.host, desk.messages[0], "Accepter")
    [question] = evening.app.shelf.decks.all["propositions"].questions
    assert (question.kind, question.explanation) == ("text", "Un petit chien.")


async def test_a_change_that_no_deck_takes_leaves_the_question_as_it_was(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    desk = await reviewing(evening)
    opened = await pressed(evening, stage.moderator, desk.messages[0], "Modifier")
    answer = await stage.discord.submit(opened, {"wrong": "idefix"})
    await answer.settled()
    assert "deux choix sont identiques" in flat(answer.messages[-1])
    assert "Milou ; Rantanplan" in shown(await reviewing(evening))


async def test_of_two_reviewers_one_decides_and_the_other_is_told(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    one, other = await reviewing(evening), await reviewing(evening, by=stage.host)
    opened = await pressed(evening, stage.host, other.messages[0], "Modifier")
    await pressed(evening, stage.moderator, one.messages[0], "Accepter")
    late = await pressed(evening, stage.host, other.messages[0], "Accepter")
    assert flat(late.messages[-1]) == refused("proposal-gone", number=1)
    edited = await stage.discord.submit(opened, {"answer": "Milou"})
    await edited.settled()
    assert flat(edited.messages[-1]) == refused("proposal-gone", number=1)
    assert await questions(evening, "propositions") == ["Quel chien suit Obélix ?"]


async def test_the_buttons_work_after_a_restart(evening: Evening) -> None:
    stage = evening.stage
    thanks = await sent(evening, stage.camille)
    desk = await reviewing(evening, deck="soirée polar")
    await evening.cast.restart()
    await evening.ready()
    await pressed(evening, stage.camille, thanks.messages[0], "Signer de mon nom")
    await pressed(evening, stage.moderator, desk.messages[0], "Accepter")
    assert await questions(evening, "soiree polar") == ["Quel chien suit Obélix ?"]


async def test_questions_join_imported_decks_only(evening: Evening) -> None:
    await sent(evening, evening.stage.camille)
    told = await evening.told("deck review", by=evening.stage.moderator, deck="mots")
    assert told == refused("deck-not-kept", name="mots")
    told = await evening.told("deck accept", by=evening.stage.moderator, number=1, deck="mots")
    assert told == refused("deck-not-kept", name="mots")


async def test_patrons_neither_see_the_queue_nor_decide(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    for command, options in (("review", {}), ("accept", {"number": 1}), ("reject", {"number": 1})):
        told = await evening.told(f"deck {command}", by=stage.camille, **options)
        assert told == refused("hosts-only")
    for typed in ("review", "accept 1", "reject 1"):
        await evening.asks(stage.ines, f"!deck {typed}", refused("hosts-only"))
        evening.clock.jump(30)


async def test_a_typed_review_is_answered_privately(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    await evening.write(stage.moderator, "!questions relire")
    private = stage.discord.private_channel(stage.moderator.id)
    await until(lambda: stage.discord.messages(private.id))
    [message] = stage.discord.messages(private.id)
    assert "!questions accepter 1 · !questions écarter 1" in flat(message)
    assert not message["components"]
    await evening.write(stage.moderator, "!questions accepter 1 Les soirées")
    await evening.shown("les-soirees compte maintenant 1 question")
    await evening.write(stage.moderator, "!questions écarter 1")
    await evening.shown(refused("proposal-gone", number=1))


# --- Reviewing on Twitch --------------------------------------------------------------------------------------


async def test_proposals_of_both_sides_are_seen_to_on_twitch(evening: Evening) -> None:
    stage, moderator = evening.stage, evening.stage.twitch_moderator
    await sent(evening, stage.camille)
    await evening.asks(stage.ines, "!deck propose Qui ? = Zola", "la proposition 2")
    line = await evening.asks(moderator, "!deck review", "Proposition 1, de la part de Camille")
    assert "Quel chien suit Obélix ? = Idéfix ; Milou ; Rantanplan" in line
    assert line.endswith("!questions accepter 1 · !questions écarter 1")
    await evening.asks(moderator, "!questions relire 1", "Proposition 2, de la part de Inès")
    await evening.asks(moderator, "!deck accept 1", "propositions compte maintenant 1 question")
    await evening.asks(moderator, "!deck accept #1", refused("proposal-gone", number=1))
    await evening.asks(moderator, "!questions écarter 2", "La proposition 2 est écartée.")
    await evening.asks(moderator, "!deck review", "Aucune question n’attend.")
    await evening.asks(moderator, "!deck accept", "!questions accepter 12")
    await evening.asks(moderator, "!deck reject deux", "!questions écarter 12")


# --- Names ----------------------------------------------------------------------------------------------------


async def test_whoever_signs_is_named_when_the_question_has_been_asked(evening: Evening) -> None:
    stage = evening.stage
    thanks = await sent(evening, stage.camille, wrong="")
    await pressed(evening, stage.camille, thanks.messages[0], "Signer de mon nom")
    assert "votre nom s’affichera avec elle" in shown(thanks)
    assert not buttons(thanks.messages[0])
    desk = await reviewing(evening)
    assert "La personne souhaite que son nom soit cité." in shown(desk)
    await pressed(evening, stage.moderator, desk.messages[0], "Accepter")
    await evening.slash("quiz start", deck="propositions", questions=1, seconds=300)
    await evening.asked(1)
    await evening.skip()
    await evening.shown("c’était Idéfix", "Question proposée par Camille")
    await evening.heard("c’était Idéfix", "Question proposée par Camille")


async def test_a_proposal_is_signed_by_typing_but_not_for_another(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!deck propose Qui ? = Zola", "la proposition 1")
    await evening.asks(stage.leo, "!questions signer 1", refused("not-your-proposal", number=1))
    told = await evening.told("deck sign", by=stage.noe, number=1)
    assert told == refused("not-your-proposal", number=1)
    await evening.asks(stage.ines, "!questions signer 1", "votre nom s’affichera avec elle")


async def test_whoever_is_forgotten_leaves_no_proposal_and_no_name(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!deck propose Qui ? = Zola", "la proposition 1")
    await evening.asks(stage.ines, "!questions signer 1", "votre nom")
    await evening.asks(stage.twitch_moderator, "!deck accept 1", "propositions compte")
    await evening.asks(stage.ines, "!deck propose Où ? = Pau", "la proposition 2")
    await evening.asks(stage.ines, "!oubliezmoi oui", "C’est fait")
    await evening.asks(stage.twitch_moderator, "!deck review", "Aucune question n’attend.")
    assert evening.app.shelf.credit("Qui ?") == ""
    rows = await evening.app.database.rows("SELECT COUNT(*) FROM signature")
    assert rows == [(0,)]


async def test_a_copy_of_ones_own_holds_what_one_proposed(evening: Evening) -> None:
    stage = evening.stage
    await sent(evening, stage.camille)
    interaction = await evening.slash("me", by=stage.camille)
    export = await pressed(evening, stage.camille, interaction.messages[0], "Exporter mes données")
    assert "Avec lui, 1 question que vous avez proposée." in shown(export)
    _, second = export.messages[0]["attachments"]
    name, _, body = stage.discord.world.files[int(second["id"])]
    assert name == "ensemble-questions.csv"
    assert "Quel chien suit Obélix ?" in plain(body.decode("utf-8-sig"))


async def test_discord_alone_has_proposals_too(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(only_discord)
    await evening.start()
    await sent(evening, evening.stage.camille)
    assert "Proposition 1" in shown(await reviewing(evening))
