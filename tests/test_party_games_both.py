"""Petit bac, bingo and the exquisite corpse in one room on two platforms."""

from collections.abc import Mapping
from typing import Any

from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


async def start(evening: Evening, game: str, **options: object) -> None:
    """Let the host start a game and go to its first round."""
    await evening.slash("game start", game=game, **options)
    await until(lambda: evening.session.activity.scene().phase == "playing")


async def fill_in(
    evening: Evening, by: Any, board: Mapping[str, Any], entered: dict[str, str]
) -> str:
    """Let somebody answer privately, and return what they are told."""
    opening = next(b for b in buttons(board) if b.get("label") == "Répondre en privé")
    interaction = await evening.stage.discord.click(by.id, int(board["id"]), opening["custom_id"])
    assert await interaction.answered()
    sent = await evening.stage.discord.submit(interaction, entered)
    told = await sent.settled()
    assert sent.ephemeral
    return flat(told)


# --- Petit bac ------------------------------------------------------------------------------------------------

TOWNS = {"details": "ville, animal, lettre:p", "rounds": 1}


async def test_answers_are_hidden_on_discord_open_on_twitch_and_contested_on_both(
    evening: Evening,
) -> None:
    stage = evening.stage
    await start(evening, "petit_bac", **TOWNS)
    await evening.heard("Lettre P : 1 ville, 2 animal", "à la vue de tout le monde : 1 P… 2 P…")
    board = await evening.shown("P\n1 ville\n2 animal", "le bouton cache vos réponses")
    told = await fill_in(evening, stage.camille, board, {"0": "Pontarlier", "1": "lion"})
    assert "C’est noté : 1 Pontarlier." in told
    assert "Le numéro 2 commence par une autre lettre." in told
    await evening.chat(stage.ines, "1 Pau 2 panda")
    await evening.shown("Ont répondu : Camille et Inès")
    await evening.heard("Ont répondu : Camille et Inès")
    assert not any("Pontarlier" in flat(message) for message in evening.messages())
    assert not any("Pontarlier" in line for line in evening.lines())
    await evening.slash("game skip")
    await evening.heard("ville : 1. Pontarlier (Camille) 2. Pau (Inès)")
    await evening.shown("animal :\n3. panda (Inès)")
    await evening.heard("Tapez « contester » et son numéro, dans les 40 s")
    board = await evening.shown("Tapez « contester » et le numéro")
    told = await evening.press(stage.camille, "2. ville", board)
    assert "Vous contestez 2. « Pau »." in told
    await evening.chat(stage.leo, "!jeu contester 2")
    await evening.heard("2. « Pau » tombe : 2 contre 1")
    assert "Vous contestez 3. « panda »" in await evening.told(
        "game contest", by=stage.noe, which="3"
    )
    assert "Vous gardez 3. « panda »" in await evening.told("game keep", by=stage.noe, which="3")
    await evening.chat(stage.twitch_moderator, "!jeu valider 3")
    await evening.heard("L’animation garde 3. « panda ».")
    await evening.slash("game skip")
    await evening.heard("2 réponses tiennent. Retirées : « Pau ».")
    await evening.shown("La partie est finie : 2 personnes ont joué.")
    assert await evening.points() == {("discord", "Camille"): 2, ("twitch", "Inès"): 2}


async def test_hidden_answers_are_still_there_after_a_crash(evening: Evening) -> None:
    await start(evening, "petit_bac", **TOWNS)
    board = await evening.shown("P\n1 ville\n2 animal")
    await fill_in(evening, evening.stage.camille, board, {"0": "Pontarlier", "1": ""})
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    await evening.slash("game skip")
    await evening.heard("ville : 1. Pontarlier (Camille)")
    told = await evening.told("game contest", by=evening.stage.noe, which="7")
    assert told == refused("bac-no-answer", most=1)


# --- Bingo ----------------------------------------------------------------------------------------------------

NINE = "un, deux, trois, quatre, cinq, six, sept, huit, neuf"


async def card(evening: Evening, by: Any) -> dict[str, Any]:
    """Let somebody press for their card, and return what they alone are shown."""
    board = await evening.shown("Puis tapez « bingo »")
    pressed = next(b for b in buttons(board) if b["label"] == "Ma carte")
    interaction = await evening.stage.discord.click(by.id, int(board["id"]), pressed["custom_id"])
    told: dict[str, Any] = await interaction.settled()
    assert interaction.ephemeral
    return told


async def test_each_has_a_card_and_all_who_claim_for_one_draw_win(evening: Evening) -> None:
    stage = evening.stage
    await evening.write(stage.host, f"!jeu lancer bingo {NINE}, carton plein")
    await evening.heard("!jeu carte sur Twitch. Puis tapez « bingo » pour une carte pleine.")
    told = await card(evening, stage.camille)
    assert "Votre carte, ce qui est tiré entre crochets :" in flat(told)
    [picture] = told["attachments"]
    assert "·" in picture["description"]
    assert not any("Votre carte" in flat(message) for message in evening.messages())
    await evening.asks(stage.ines, "!jeu carte", "Votre carte", "sept", " / ")
    board = await evening.shown("·  1 un", "2 cartes")
    assert "Pas encore tout à fait. Il manque au moins 9 tirages." in await evening.press(
        stage.camille, "Bingo", board
    )
    await evening.chat(stage.ines, "bingo !")
    await evening.heard("Pas encore tout à fait, Inès. Il manque au moins 9 tirages.")
    await evening.chat(stage.twitch_moderator, "!jeu tirer sept")
    await evening.heard("Tiré : sept")
    await evening.slash("game remove", which="sept")
    await evening.heard("« sept » est retiré.")
    for number in range(9):
        await evening.slash("game draw", which=str(number + 1))
    await evening.shown("x  9 neuf", "9 sur 9")
    assert "[neuf]" in await evening.told("game mine", by=stage.camille)
    await evening.chat(stage.ines, "BINGO")
    await evening.heard("Bingo ! Inès a une carte pleine. Qui d’autre ?")
    assert "Vous avez une carte pleine." in await evening.press(stage.camille, "Bingo", board)
    await evening.shown("Bingo pour Camille aussi : une carte pleine !")
    await evening.slash("game skip")
    await evening.heard("Après 9 tirages, une carte pleine pour Inès et Camille : bravo !")
    await evening.shown("La partie est finie : 2 personnes")
    assert await evening.points() == {("discord", "Camille"): 5, ("twitch", "Inès"): 5}


async def test_the_countdown_of_draws_says_what_it_counts_to(evening: Evening) -> None:
    await start(evening, "bingo", details="nombres, auto", seconds=60)
    await evening.heard("Bingo · Prochain tirage dans 1 min · Rien n’est encore tiré")
    board = await evening.shown("Prochain tirage <t:")
    assert "Fin <t:" not in flat(board)


async def test_cards_and_draws_are_the_same_after_a_crash(evening: Evening) -> None:
    await start(evening, "bingo", details="loto, animation")
    before = flat(await card(evening, evening.stage.camille))
    await evening.slash("game draw")
    await evening.heard("Tiré :")
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    board = await evening.shown("1 sur 90", "1 carte")
    assert board["attachments"][0]["description"].startswith("Tiré")
    after = await evening.told("game mine", by=evening.stage.camille)
    assert before.startswith(after.replace("[", "").replace("]", ""))


# --- The exquisite corpse -------------------------------------------------------------------------------------

FIRST = "Le lundi, la bibliothécaire enferme la lune dans un tiroir"
SECOND = "et la clef, que personne ne cherche, chante en si bémol"


async def sit_down(evening: Evening, details: str) -> None:
    """Let Camille and Inès sit down, and go to the first line."""
    await evening.write(evening.stage.host, f"!jeu lancer cadavre exquis {details}")
    opening = await evening.shown("On joue ! « Cadavre exquis »", "Il faut 2")
    await evening.press(evening.stage.camille, "Je joue", opening)
    await evening.chat(evening.stage.ines, "!jeu rejoindre")
    await evening.heard("Inès joue.")
    await until(lambda: evening.session.activity.scene().phase == "playing")


def seen_so_far(evening: Evening) -> str:
    return " ".join([*map(flat, evening.messages()), *evening.lines()])


async def test_a_text_is_written_unseen_read_first_by_hosts_signed_and_kept(
    evening: Evening,
) -> None:
    stage = evening.stage
    await sit_down(evening, "modéré lignes:4")
    board = await evening.shown("Camille écrit", "Ligne 1 sur 4")
    told = await fill_in(evening, stage.camille, board, {"0": "Une grosse merde bleue"})
    assert told == refused("not-shown")
    told = await fill_in(evening, stage.camille, board, {"0": FIRST})
    assert "Votre ligne est chez l’animation" in told
    await evening.heard("La ligne 1 (Camille) attend l’animation.")
    assert FIRST in await evening.told("game approve")
    assert await evening.told("game approve", by=stage.noe) == refused("hosts-only")
    await evening.asks(stage.twitch_moderator, "!jeu valider", refused("discord-only"))
    assert "lune" not in seen_so_far(evening)
    await evening.slash("game approve", which="1")
    await evening.heard("… enferme la lune dans un tiroir", "Inès écrit")
    assert "bibliothécaire" not in seen_so_far(evening)
    await evening.chat(stage.ines, SECOND)
    await evening.heard("La ligne 2 (Inès) attend l’animation.")
    await evening.chat(stage.twitch_moderator, "!jeu retirer 2")
    await evening.heard("La ligne 2 est retirée.")
    await evening.chat(stage.ines, SECOND)
    await evening.chat(stage.twitch_moderator, "!jeu valider 3")
    board = await evening.shown(
        "… ne cherche, chante en si bémol", "Camille écrit", "Ligne 3 sur 4"
    )
    await evening.slash("game skip")
    await evening.heard("Inès écrit", "Ligne 3 sur 4")
    await evening.chat(stage.ines, "sous les tilleuls du square")
    await evening.chat(stage.twitch_moderator, "!jeu valider 4")
    board = await evening.shown("Camille écrit", "Ligne 4 sur 4")
    await fill_in(evening, stage.camille, board, {"0": "où l’on range les hivers."})
    await evening.slash("game approve", which="5")
    await evening.heard("Le texte a 4 lignes.", "Tapez « signer »")
    board = await evening.shown("pressez le bouton ou tapez : signer")
    assert "Vous signez." in await evening.press(stage.camille, "Je signe", board)
    await evening.slash("game skip")
    board = await evening.shown(
        "Voici le texte que vous avez écrit", FIRST, SECOND, "Signé : Camille"
    )
    await evening.heard("Voici le texte que vous avez écrit", FIRST, SECOND, "Signé : Camille")
    message = await evening.shown("Le texte entier, à garder.")
    [file] = message["attachments"]
    assert file["filename"] == "cadavre-exquis.txt"
    assert await evening.points() == {("discord", "Camille"): 0, ("twitch", "Inès"): 0}


async def test_an_unfinished_text_is_still_there_after_a_crash_and_anybody_goes_on(
    evening: Evening,
) -> None:
    await sit_down(evening, "lignes:4")
    board = await evening.shown("Camille écrit")
    told = await fill_in(evening, evening.stage.camille, board, {"0": FIRST})
    assert "Votre ligne est au texte. Merci !" in told
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    board = await evening.shown("… enferme la lune dans un tiroir", "Inès écrit")
    evening.clock.jump(200.0)
    await evening.chat(evening.stage.leo, "bonsoir")
    await evening.heard("Ce tour est à qui le veut")
    await evening.chat(evening.stage.leo, "je prends")
    await evening.heard("Leo64 écrit")
    await evening.chat(evening.stage.leo, SECOND)
    await evening.shown("… ne cherche, chante en si bémol", "Camille écrit")
    await evening.slash("game stop")
    await evening.heard(FIRST, SECOND)


async def test_a_line_typed_on_discord_is_talk_as_there_is_a_form_that_nobody_reads(
    evening: Evening,
) -> None:
    await sit_down(evening, "lignes:4")
    await evening.shown("Camille écrit", "Ligne 1 sur 4")
    await evening.write(evening.stage.camille, FIRST)
    board = await evening.shown("Camille écrit", "Ligne 1 sur 4")
    assert "Votre ligne est au texte" in await fill_in(
        evening, evening.stage.camille, board, {"0": SECOND}
    )
    await evening.shown("… ne cherche, chante en si bémol", "Inès écrit", "Ligne 2 sur 4")
    assert "bibliothécaire" not in " ".join(evening.lines())
