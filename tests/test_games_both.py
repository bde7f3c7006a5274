"""Games in one room on two platforms, through the one pair of faces that all games share."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from bot import pictures
from bot.games import KINDS
from cogs.games_boards import BOARD_LASTS
from tests.parrot import KIND as PARROT
from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


async def start(evening: Evening, game: str, **options: object) -> None:
    """Let the host start a game and go to its first round."""
    await evening.slash("game start", game=game, **options)
    await until(lambda: evening.session.activity.scene().phase == "playing")


def labels(message: Mapping[str, Any]) -> list[str]:
    return [button["label"] for button in buttons(message) if "label" in button]


# --- Hangman --------------------------------------------------------------------------------------------------


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
    await evening.shown("Pas trouvé cette fois : c’était « forêt ».")


async def test_a_private_guess_is_answered_privately(evening: Evening) -> None:
    await start(evening, "hangman", details="chacun", secret="forêt")
    board = await evening.shown("_ _ _ _ _", "répondez en privé")
    told = await fill_in(evening, board, {"0": "forets"})
    assert "Ce n’est pas ce mot. Encore 7 erreurs possibles." in flat(told)


async def fill_in(
    evening: Evening, board: Mapping[str, Any], entered: dict[str, str]
) -> Mapping[str, Any]:
    """Let Camille answer privately, and return what she is told."""
    opening = next(b for b in buttons(board) if b.get("label") == "Répondre en privé")
    interaction = await evening.stage.discord.click(
        evening.stage.camille.id, int(board["id"]), opening["custom_id"]
    )
    assert await interaction.answered()
    sent = await evening.stage.discord.submit(interaction, entered)
    told: Mapping[str, Any] = await sent.settled()
    assert sent.ephemeral
    return told


async def test_a_board_is_shown_anew_when_typed_lines_have_pushed_it_up(evening: Evening) -> None:
    await start(evening, "hangman", secret="anticonstitutionnellement", details="chacun")
    await evening.shown("_ _ _")
    for count, letter in enumerate("bdfghjkpqrvwx", 1):
        await evening.chat((evening.stage.ines, evening.stage.leo)[count % 2], letter)
        await until(lambda: evening.session.activity.scene().replies == count)  # noqa: B023
        evening.clock.jump(1.0)
    assert count > BOARD_LASTS
    boards = lambda: [m for m in evening.messages() if "Dans" not in flat(m) and "_ _" in flat(m)]  # noqa: E731
    await until(lambda: len(boards()) == 2, boards)


# --- Connect four ---------------------------------------------------------------------------------------------


async def test_a_duel_across_platforms_with_buttons_and_typed_columns(evening: Evening) -> None:
    await evening.write(evening.stage.host, "!jeu lancer puissance 4 duel")
    opening = await evening.shown("On joue ! « Puissance 4 », ici et sur Twitch.", "Il faut 2")
    await evening.heard("On joue ! « Puissance 4 »", "Pour jouer : !jeu rejoindre")
    assert "Vous jouez !" in await evening.press(evening.stage.camille, "Je joue", opening)
    await evening.heard("Camille joue. Il manque encore 1 personne")
    await evening.chat(evening.stage.ines, "!jeu rejoindre")
    board = await evening.shown("À jouer : Camille (X)")
    assert labels(board) == ["1", "2", "3", "4", "5", "6", "7"]
    assert not buttons(await evening.shown("À la table : Camille et Inès"))
    assert await evening.press(evening.stage.noe, "4", board) == refused("not-your-turn")
    for _ in range(3):
        board = await evening.shown("À jouer : Camille (X)")
        assert "Joué : colonne 4." in await evening.press(evening.stage.camille, "4", board)
        await evening.heard("À jouer : Inès (O)")
        await evening.shown("À jouer : Inès (O)")
        await evening.chat(evening.stage.ines, "3")
        await evening.shown("Inès (O) en 3")
    board = await evening.shown("À jouer : Camille (X)")
    await evening.press(evening.stage.camille, "4", board)
    await evening.heard("Colonne 4, et quatre à la suite : Camille gagne !")
    board = await evening.shown("quatre à la suite : Camille gagne !", "[X]")
    assert not buttons(board)
    await evening.shown("La partie est finie : 2 personnes", "1. Camille : 5 points")
    assert await evening.points() == {("discord", "Camille"): 5, ("twitch", "Inès"): 0}


async def test_the_board_is_a_picture_too_with_its_text(evening: Evening) -> None:
    await start(evening, "connect_four")
    board = await evening.shown("À jouer : le tchat (X)")
    [picture] = board["attachments"]
    assert picture["description"] == "La grille est vide"
    assert board["embeds"][0]["image"]["url"] == picture["url"]
    assert (picture["width"], picture["content_type"]) == (800, "image/png")
    await evening.press(evening.stage.camille, "4", board)
    await evening.slash("game skip")
    board = await evening.shown("le tchat (X) en 4")
    [after] = board["attachments"]
    assert "4 X" in after["description"]
    assert after["id"] != picture["id"]


async def test_a_board_whose_picture_cannot_be_drawn_is_shown_without(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "draw", lambda drawing: drawing.nothing)
    evening.errors = ("a picture could not be drawn",)
    await start(evening, "connect_four")
    board = await evening.shown("À jouer : le tchat (X)", "·  ·  ·")
    assert not board["attachments"]


async def test_the_chats_of_both_platforms_vote_against_the_host(evening: Evening) -> None:
    await start(evening, "connect_four")
    board = await evening.shown("À jouer : le tchat (X)", "Votez")
    assert "Vote noté : colonne 2." in await evening.press(evening.stage.camille, "2", board)
    await evening.chat(evening.stage.ines, "5")
    await evening.chat(evening.stage.leo, "5")
    await evening.heard("Votes : colonne 5 (2 voix), colonne 2 (1 voix)")
    evening.clock.jump(20.0)
    await evening.slash("game skip")
    await evening.heard("le tchat (X) en 5")
    board = await evening.shown("le tchat (X) en 5", "À jouer :")
    assert await evening.press(evening.stage.camille, "1", board) == refused("not-your-turn")
    assert "Joué" in await evening.press(evening.stage.host, "1", board)
    await evening.heard("(O) en 1", "À jouer : le tchat (X)")


# --- Common commands ------------------------------------------------------------------------------------------


async def test_anybody_asks_what_is_on_and_how_it_is_played(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, "!jeu", "Rien en cours", "!jeu lancer")
    await evening.asks(evening.stage.ines, "!jeu liste", "Jeux : Pendu, Puissance 4")
    await evening.asks(evening.stage.ines, "!jeu règles puissance4", "Puissance 4 · Lâchez un pion")
    games = await evening.told("game list")
    assert "Trouvez le mot" in games
    assert "!jeu lancer" in games, "the list is not cut"
    await start(evening, "hangman", secret="forêt")
    await evening.asks(evening.stage.leo, "!jeu", "Pendu", "_ _ _ _ _", "Tapez une lettre")
    await evening.asks(evening.stage.leo, "!quiz", "En ce moment : « Pendu ».")
    assert "_ _ _ _ _" in await evening.told("game now", by=evening.stage.camille)
    assert "Pas encore de points" in await evening.told("game score", by=evening.stage.camille)
    assert "Trouvez le mot" in await evening.told("game rules", by=evening.stage.camille)


async def test_how_much_time_is_left_is_said_to_whoever_asks(evening: Evening) -> None:
    await start(evening, "anagrams")
    await evening.asks(evening.stage.leo, "!jeu", "Encore ", "Tapez un mot")
    assert "Encore " in await evening.told("game now", by=evening.stage.camille)


async def test_who_asks_before_the_first_round_is_told_to_wait_for_it(evening: Evening) -> None:
    await evening.write(evening.stage.host, "!jeu lancer puissance 4 duel")
    await evening.shown("Il faut 2")
    told = await evening.told("game contest", by=evening.stage.noe, which="1")
    assert told == refused("not-begun")


async def test_a_mistyped_game_or_verb_is_answered_with_what_would_work(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await evening.asks(host, "!jeu lancer échecs", "Il n’y a pas de jeu « échecs ». Jeux : pendu")
    await evening.asks(host, "!jeu lncer pendu", "Je n’ai pas compris. Essayez : !jeu lancer")
    await evening.asks(host, "!jeu lancer pendu forêt", "Je ne sais pas ce que « forêt » veut dire")
    await evening.asks(host, "!jeu lancer", "Quel jeu ? pendu")
    await evening.asks(evening.stage.ines, "!jeu lancer pendu", refused("hosts-only"))
    assert not evening.playing


async def test_a_game_is_steered_from_twitch(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await evening.chat(host, "!jeu lancer Pendu lent 2 60")
    await evening.heard("On joue ! « Pendu »")
    await until(lambda: evening.session.activity.scene().phase == "playing")
    assert evening.session.activity.table.times.round == 60.0
    await evening.chat(host, "!jeu indice")
    await evening.heard("Un indice :")
    await evening.shown("Un indice :")
    await evening.chat(host, "!jeu prolonger")
    await evening.heard("Un peu plus de temps")
    await evening.chat(host, "!jeu passer")
    await evening.heard("c’était «", "Manche 2 dans")
    await evening.chat(host, "!jeu passer")
    await evening.heard("Pendu, manche 2 sur 2")
    await evening.chat(host, "!jeu pause")
    await evening.heard("Pause.")
    await evening.chat(host, "!stop")
    await evening.heard("La partie s’arrête ici.")


# --- After a crash --------------------------------------------------------------------------------------------


async def test_a_game_goes_on_after_the_bot_was_killed(evening: Evening) -> None:
    await start(evening, "hangman", secret="forêt")
    await evening.write(evening.stage.camille, "e")
    await evening.shown("_ _ _ Ê _")
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    await evening.heard("_ _ _ Ê _", "E : oui")
    boards = [m for m in evening.messages() if "_ _ _ Ê _" in flat(m)]
    assert len(boards) == 1, "the board is found again and edited"
    await evening.chat(evening.stage.ines, "forêt")
    await evening.heard("C’était « forêt » : Inès l’a complété.")
    assert await evening.points() == {("discord", "Camille"): 1, ("twitch", "Inès"): 4}


async def test_buttons_of_a_board_work_after_a_restart(evening: Evening) -> None:
    await start(evening, "connect_four")
    board = await evening.shown("À jouer : le tchat (X)")
    await evening.cast.restart()
    await evening.ready()
    await evening.heard("Me revoilà")
    assert "Vote noté : colonne 4." in await evening.press(evening.stage.noe, "4", board)


# --- What games to come may use -------------------------------------------------------------------------------


@pytest.fixture
async def parrot(stopped_evening: Evening, monkeypatch: pytest.MonkeyPatch) -> Evening:
    """Give an evening on which the parrot is played."""
    monkeypatch.setitem(cast("dict[str, Any]", KINDS), PARROT.key, PARROT)
    await stopped_evening.start()
    await stopped_evening.write(stopped_evening.stage.host, "!jeu lancer perroquet")
    await until(lambda: stopped_evening.playing)
    await until(lambda: stopped_evening.session.activity.scene().phase == "playing")
    return stopped_evening


async def test_the_fields_of_a_form_are_lines_of_what_was_written(parrot: Evening) -> None:
    board = await parrot.shown("Perroquet, manche 1 sur 2", "Dites *quelque* chose")
    told = await fill_in(parrot, board, {"0": " ville ", "1": "", "2": "à la\nmer"})
    assert flat(told).startswith("ville /  / à la mer")


async def test_many_choices_are_a_list(parrot: Evening) -> None:
    board = await parrot.shown("Perroquet, manche 1 sur 2")
    [listed] = [c for row in board["components"] for c in row["components"] if c["type"] == 3]
    assert len(listed["options"]) == 12
    chosen = await parrot.stage.discord.select(
        parrot.stage.camille.id, int(board["id"]), listed["custom_id"], ["11"]
    )
    assert "choix 11" in flat(await chosen.settled())


async def test_a_card_is_shown_to_its_owner_alone(parrot: Evening) -> None:
    board = await parrot.shown("Perroquet, manche 1 sur 2")
    pressed = next(b for b in buttons(board) if b.get("label") == "Ma carte")
    interaction = await parrot.stage.discord.click(
        parrot.stage.camille.id, int(board["id"]), pressed["custom_id"]
    )
    told = await interaction.settled()
    assert interaction.ephemeral
    assert "carte" in flat(told)
    [picture] = told["attachments"]
    assert picture["description"].startswith("carte")
    assert "carte" in await parrot.told("game mine", by=parrot.stage.camille)
    await parrot.asks(parrot.stage.ines, "!jeu grille", refused("discord-only"))


async def test_hosts_approve_and_remove(parrot: Evening) -> None:
    await parrot.slash("game approve", which="2")
    await parrot.heard("approve 2")
    await parrot.chat(parrot.stage.twitch_moderator, "!jeu retirer 3")
    await parrot.shown("remove 3")
    told = await parrot.told("game remove", by=parrot.stage.camille, which="1")
    assert told == refused("hosts-only")


async def test_how_a_round_ended_is_told_after_a_crash_in_which_it_may_have_been_lost(
    evening: Evening,
) -> None:
    await start(evening, "hangman", rounds=2)
    await evening.heard("_ _ _")
    await evening.slash("game skip")
    over = await evening.heard("c’était « ")
    await evening.cast.kill()
    count = len(evening.lines())
    await evening.start()
    await evening.heard("Me revoilà", after=count)
    again = await evening.heard("c’était « ", after=count)
    assert again.partition("»")[0] == over.partition("»")[0]


async def test_who_plays_alone_is_told_why_a_typed_word_does_not_count(evening: Evening) -> None:
    await start(evening, "motus", details="facile")
    game = cast("Any", evening.session.activity)
    word = game.options.words[0]
    nonsense = word[0] + "z" * (len(word) - 1)
    await evening.chat(evening.stage.ines, nonsense)
    await evening.heard(refused("no-word"))
    await evening.chat(evening.stage.ines, nonsense)
    await evening.write(evening.stage.camille, "bonsoir tout le monde")
    await evening.asks(evening.stage.ines, "!jeu", "Motus")
    assert evening.lines().count(refused("no-word")) == 1
    evening.clock.jump(60.0)
    await evening.write(evening.stage.camille, nonsense)
    await evening.shown(refused("no-word"))


async def test_in_company_a_word_that_does_not_count_meets_silence(evening: Evening) -> None:
    await start(evening, "hangman", secret="forêt")
    await evening.write(evening.stage.camille, "z")
    await evening.chat(evening.stage.ines, "f")
    await evening.heard("F _ _ _ _")
    await evening.chat(evening.stage.ines, "f")
    await evening.chat(evening.stage.ines, "r")
    await evening.heard("F _ R _ _")
    assert not any("déjà" in line for line in evening.lines())


async def test_hosts_are_told_what_they_may_choose_and_the_others_are_not(evening: Evening) -> None:
    stage, choices = evening.stage, "En le lançant, au choix : ensemble, chacun"
    await evening.asks(stage.twitch_moderator, "!jeu règles pendu", choices)
    assert choices in await evening.told("game rules", game="hangman")
    assert choices not in await evening.asks(stage.ines, "!jeu règles pendu", "Pendu")
    assert choices not in await evening.told("game rules", game="hangman", by=stage.noe)
