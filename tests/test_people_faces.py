"""What people see and change of themselves, on either platform: records, boards, traces, being forgotten."""

from typing import Any

from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


async def _one_point_each(evening: Evening) -> None:
    """Let Camille (Discord) and Inès (Twitch) win a point in a quiz that is over."""
    await evening.quiz()
    await evening.press(evening.stage.camille, evening.right)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("Question 1 sur 1", "2 réponses")
    await evening.skip()
    await evening.skip()
    await evening.heard("La partie est finie")
    assert set((await evening.points()).values()) == {1}


async def _press(evening: Evening, by: Any, message: dict[str, Any], label: str) -> Any:
    button = next(b for b in buttons(message) if b["label"].startswith(label))
    interaction = await evening.stage.discord.click(by.id, int(message["id"]), button["custom_id"])
    await interaction.answered()
    return interaction


# Twitch


async def test_twitch_record_is_shown_with_what_can_be_changed(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, "!moi", refused("nothing-kept"))
    await _one_point_each(evening)
    answer = await evening.asks(evening.stage.ines, "!me", "1 rendez-vous")
    assert answer.startswith("Inès, cette saison : 1 rendez-vous, 1 bonne réponse, 1 point.")
    assert "!moi montrer" in answer
    assert "!oubliezmoi" in answer


async def test_twitch_board_shows_only_those_who_asked(evening: Evening) -> None:
    await _one_point_each(evening)
    await evening.asks(evening.stage.ines, "!top", "Le tableau de la saison est encore vide")
    await evening.asks(evening.stage.ines, "!moi montrer", "au tableau de la saison")
    answer = await evening.asks(evening.stage.leo, "!classement", "Inès")
    assert "1. Inès : 1 point" in answer
    assert "Camille" not in answer
    await evening.asks(evening.stage.ines, "!moi cacher", "plus au tableau")
    await evening.asks(evening.stage.leo, "!top", "Le tableau de la saison est encore vide")


async def test_twitch_participation_without_trace_is_counted_not_recorded(
    evening: Evening,
) -> None:
    ines = evening.stage.ines
    await evening.asks(ines, "!moi sanstrace", "votre participation est comptée")
    await evening.quiz()
    await evening.chat(ines, evening.right)
    await evening.shown("1 réponse")
    await evening.skip()
    await evening.heard("Inès (Twitch) a trouvé")
    await evening.skip()
    await evening.heard("La partie est finie : 1 question, 1 personne a joué.")
    assert await evening.points() == {}
    [row] = await evening.app.database.rows("SELECT players, untraced FROM session")
    assert tuple(row) == (1, 1)
    await evening.asks(ines, "!moi montrer", refused("traceless-not-listed"))
    await evening.asks(ines, "!moi trace", "de nouveau enregistrée")


async def test_twitch_forgetting_needs_a_confirmation_and_leaves_nothing(
    evening: Evening,
) -> None:
    ines = evening.stage.ines
    await _one_point_each(evening)
    await evening.asks(ines, "!oubliezmoi", "!oubliezmoi oui")
    assert ("twitch", "Inès") in await evening.points()
    await evening.asks(ines, "!oubliezmoi oui", "C’est fait")
    assert await evening.points() == {("discord", "Camille"): 1}
    rows = await evening.app.database.rows("SELECT name FROM person")
    assert [row[0] for row in rows] == ["Camille"]
    rows = await evening.app.database.rows("SELECT user_id FROM identity WHERE platform = 'twitch'")
    assert not rows
    await evening.asks(ines, "!moi", refused("nothing-kept"))


async def test_person_forgotten_in_the_middle_of_a_quiz_does_not_break_it(
    evening: Evening,
) -> None:
    await evening.quiz()
    await evening.chat(evening.stage.ines, evening.right)
    await evening.press(evening.stage.camille, evening.right)
    await evening.shown("2 réponses")
    await evening.asks(evening.stage.ines, "!oubliezmoi oui", "C’est fait")
    await evening.skip()
    await evening.heard("a trouvé", "puis", "quelqu’un", "Camille")
    await evening.skip()
    await evening.heard("La partie est finie")
    assert await evening.points() == {("discord", "Camille"): 1}


async def test_export_is_refused_politely_on_twitch(evening: Evening) -> None:
    answer = await evening.asks(evening.stage.ines, "!moi exporter", "fichier")
    assert "Discord" in answer


# Discord


async def test_discord_record_is_private_with_buttons(evening: Evening) -> None:
    camille = evening.stage.camille
    assert await evening.told("me", by=camille) == refused("nothing-kept")
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=camille)
    assert interaction.ephemeral
    message = interaction.messages[0]
    assert flat(message).startswith(
        "Camille, cette saison : 1 rendez-vous, 1 bonne réponse, 1 point."
    )
    assert [b["label"] for b in buttons(message)] == [
        "Me montrer au tableau",
        "Jouer sans trace",
        "Exporter mes données",
        "Tout effacer…",
    ]


async def test_discord_buttons_show_and_hide_on_the_board(evening: Evening) -> None:
    camille = evening.stage.camille
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=camille)
    await _press(evening, camille, interaction.messages[0], "Me montrer")
    assert "au tableau de la saison" in flat(interaction.messages[0])
    assert not buttons(interaction.messages[0])
    assert "1. Camille : 1 point" in await evening.told("board", by=evening.stage.noe)
    await evening.asks(evening.stage.leo, "!top", "1. Camille : 1 point")
    interaction = await evening.slash("me", by=camille)
    await _press(evening, camille, interaction.messages[0], "Me retirer")
    assert "1. Camille" not in await evening.told("board", by=evening.stage.noe)


async def test_discord_export_is_a_table_for_oneself_alone(evening: Evening) -> None:
    camille = evening.stage.camille
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=camille)
    export = await _press(evening, camille, interaction.messages[0], "Exporter")
    assert export.ephemeral
    [file] = export.messages[0]["attachments"]
    assert file["filename"] == "ensemble.csv"
    assert file["size"] > 50


async def test_discord_erasing_asks_first_and_can_be_left(evening: Evening) -> None:
    camille = evening.stage.camille
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=camille)
    await _press(evening, camille, interaction.messages[0], "Tout effacer")
    assert [b["label"] for b in buttons(interaction.messages[0])] == [
        "Oui, tout effacer",
        "Non, tout garder",
    ]
    await _press(evening, camille, interaction.messages[0], "Non")
    assert flat(interaction.messages[0]) == "Rien n’a été effacé."
    assert len(await evening.points()) == 2
    interaction = await evening.slash("forget-me", by=camille)
    await _press(evening, camille, interaction.messages[0], "Oui")
    assert "C’est fait" in flat(interaction.messages[0])
    assert await evening.points() == {("twitch", "Inès"): 1}


async def test_private_buttons_work_after_a_restart(evening: Evening) -> None:
    camille = evening.stage.camille
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=camille)
    await evening.cast.restart()
    await evening.ready()
    await _press(evening, camille, interaction.messages[0], "Jouer sans trace")
    record = await evening.slash("me", by=camille)
    labels = [b["label"] for b in buttons(record.messages[0])]
    assert labels[0].endswith("de nouveau mes participations")


async def test_record_typed_on_discord_offers_words_in_place_of_buttons(
    evening: Evening,
) -> None:
    await _one_point_each(evening)
    await evening.write(evening.stage.camille, "!moi")
    await evening.shown("Camille, cette saison", "!moi montrer")
    await evening.write(evening.stage.camille, "!moi montrer")
    await evening.shown("au tableau de la saison. Pour en sortir : !moi cacher")
    await evening.write(evening.stage.camille, "!top")
    await evening.shown("1. Camille : 1 point")
    await evening.write(evening.stage.camille, "!oubliezmoi")
    await evening.shown("!oubliezmoi oui")
    await evening.write(evening.stage.camille, "!oubliezmoi oui")
    await until(lambda: evening.app.people.find("discord", str(evening.stage.camille.id)) is None)
    assert await evening.points() == {("twitch", "Inès"): 1}


async def test_nobody_reads_or_changes_the_record_of_another(evening: Evening) -> None:
    await _one_point_each(evening)
    interaction = await evening.slash("me", by=evening.stage.camille)
    message = int(interaction.messages[0]["id"])
    custom_id = buttons(interaction.messages[0])[0]["custom_id"]
    for text in ("!moi camille", "!oubliezmoi camille", "!oubliezmoi oui camille"):
        await evening.write(evening.stage.noe, text)
    try:
        await evening.stage.discord.click(evening.stage.noe.id, message, custom_id)
    except LookupError:
        pass
    else:
        raise AssertionError("somebody else saw a private message")
    await until(lambda: len([m for m in evening.messages() if m.get("message_reference")]) >= 2)
    assert len(await evening.points()) == 2


async def test_new_display_name_is_taken_at_the_next_answer(evening: Evening) -> None:
    await _one_point_each(evening)
    stage = evening.stage
    stage.discord.set_nick(stage.guild.id, stage.camille.id, "Cam")
    await evening.quiz()
    await evening.press(stage.camille, evening.right)
    await evening.skip()
    await evening.shown("Cam (Discord) a trouvé")
    assert (await evening.told("me", by=stage.camille)).startswith("Cam, cette saison")
