"""Games in one room on two platforms, through the one pair of faces that all games share."""

from tests.stage_fixtures import Evening, buttons, flat, until


async def start(evening: Evening, game: str, **options: object) -> None:
    """Let the host start a game and go to its first round."""
    await evening.slash("game start", game=game, **options)
    await until(lambda: evening.session.activity.scene().phase == "playing")


async def test_a_word_is_found_together_from_both_sides(evening: Evening) -> None:
    await start(evening, "hangman", secret="forêt")
    await evening.shown("_ _ _ _ _")
    await evening.heard("_ _ _ _ _", "Tapez une lettre ou le mot entier")
    await evening.write(evening.stage.camille, "e")
    await evening.heard("_ _ _ Ê _", "E : oui, 1 fois (Camille)")
    await evening.chat(evening.stage.ines, "Z")
    await evening.shown("_ _ _ Ê _", "Pas dans le mot : Z", "Encore 7 erreurs")
    await evening.chat(evening.stage.ines, "la forêt !")
    await evening.shown("C’était « forêt » : Inès l’a complété.")
    await evening.heard("C’était « forêt » : Inès l’a complété.")
    await evening.shown("La partie est finie : 2 personnes ont joué. Merci !", "1. Inès : 4 points")
    assert await evening.points() == {("discord", "Camille"): 1, ("twitch", "Inès"): 4}


async def test_the_secret_word_is_nowhere_before_the_end(evening: Evening) -> None:
    await start(evening, "hangman", secret="forêt")
    await evening.write(evening.stage.camille, "o")
    await evening.shown("_ O _ _ _")
    for message in evening.messages():
        assert "forêt" not in flat(message).casefold()
    assert not any("forêt" in line.casefold() for line in evening.lines())
    await evening.write(evening.stage.host, "forêt")
    await evening.slash("game stop")
    await evening.shown("C’était « forêt ».")


async def test_a_private_guess_is_answered_privately(evening: Evening) -> None:
    await start(evening, "hangman", details="chacun", secret="forêt")
    board = await evening.shown("_ _ _ _ _", "répondez en privé")
    opening = next(b for b in buttons(board) if b["label"] == "Répondre en privé")
    interaction = await evening.stage.discord.click(
        evening.stage.camille.id, int(board["id"]), opening["custom_id"]
    )
    await interaction.answered()
    sent = await evening.stage.discord.submit(interaction, {"0": "forets"})
    told = await sent.settled()
    assert sent.ephemeral
    assert "Ce n’est pas ce mot. Encore 7 erreurs possibles." in flat(told)
