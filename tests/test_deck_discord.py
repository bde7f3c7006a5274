"""Decks on Discord: files that are imported or refused line by line, what is shown, and what goes out again."""

from pathlib import Path
from typing import Any

import pytest

from bot.decks import Decks
from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.discord_forms import Upload, picked
from bot.rehearsal.discord_interactions import Interaction
from tests.stage_fixtures import Evening, flat, plain, refused
from tests.waiting import until

SAMPLES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "formats").iterdir()}
TABLE = (
    "question;réponse\r\n"
    "Quel chien suit Obélix ?;Idéfix\r\n"
    "Quelle ville a vu naître Henri IV ?;Pau\r\n"
    "Quel chien suit Obélix ?;Idéfix\r\n"
)
TIDY = "question;réponse;licence\nQuel chien suit Obélix ?;Idéfix;CC0\n"


def sent(name: str, text: str | bytes) -> Upload:
    return picked(name, text if isinstance(text, bytes) else text.encode())


async def brought(evening: Evening, file: Upload, **options: Any) -> Interaction:
    """Import a file as the host and wait for the report, which is private."""
    by = options.pop("by", evening.stage.host)
    interaction = await evening.stage.discord.slash(
        by.id, evening.stage.channel.id, "deck import", file=file, **options
    )
    await interaction.settled(20)
    assert interaction.ephemeral
    return interaction


def report(interaction: Interaction) -> str:
    return flat(interaction.messages[0])


def attached(evening: Evening, message: dict[str, Any]) -> tuple[str, bytes]:
    """Return the name and the bytes of the file attached to an answer."""
    [file] = message["attachments"]
    name, _, body = evening.stage.discord.world.files[int(file["id"])]
    return name, body


# --- Importing ------------------------------------------------------------------------------------------------


async def test_a_table_is_imported_and_played_without_a_restart(evening: Evening) -> None:
    interaction = await brought(evening, sent("Gaulois.csv", TABLE))
    assert report(interaction).splitlines() == [
        "« Gaulois » est importé sous le nom gaulois : 2 questions, français. Pour y jouer : !quiz lancer gaulois",
        "Le fichier ne dit pas qui peut s’en servir : vérifiez avant de le partager.",
        "2 questions à relire, sans que cela empêche de jouer :",
        "ligne 3 : le jeu mots pose aussi cette question",
        "ligne 4, laissée de côté : la même question est déjà à la ligne 2",
    ]
    assert not interaction.messages[0]["attachments"]
    await evening.slash("quiz start", deck="gaulois", questions=2, seconds=300)
    await evening.heard("« Gaulois », 2 questions")


async def test_an_imported_deck_is_there_after_the_bot_was_killed(evening: Evening) -> None:
    await brought(evening, sent("Gaulois.csv", TIDY))
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    assert "gaulois : Gaulois (1 question, français), importé" in await evening.told("deck list")


@pytest.mark.parametrize("name", ["kahoot_fr.xlsx", "moodle.gift", "openquizzdb.json"])
async def test_files_of_other_programs_are_recognised(evening: Evening, name: str) -> None:
    told = report(await brought(evening, sent(name, SAMPLES[name]), name="essai"))
    assert "est importé sous le nom essai" in told


async def test_a_wrong_file_is_refused_whole_with_every_line(evening: Evening) -> None:
    table = "question;réponse\nOù ?;\nQui ?;Zola\n;Hugo\n"
    told = report(await brought(evening, sent("faux.csv", table), format="csv"))
    assert told.splitlines() == [
        "faux.csv est refusé ; rien n’en a été pris.",
        "ligne 2 : cette question n’a pas de bonne réponse",
        "ligne 4 : il manque « prompt »",
    ]
    assert "faux" not in await evening.told("deck list")


async def test_a_long_report_comes_with_a_list_of_everything(evening: Evening) -> None:
    rows = "".join(f"Question {number} ?;\n" for number in range(30))
    interaction = await brought(evening, sent("faux.csv", f"question;réponse\n{rows}"))
    lines = report(interaction).splitlines()
    assert len(lines) == 12
    assert lines[-1] == "… et 20 autres, dans la liste jointe"
    name, body = attached(evening, interaction.messages[0])
    listed = plain(body.decode("utf-8-sig")).splitlines()
    assert name == "rapport.txt"
    assert len(listed) == 30
    assert listed[29] == "ligne 31 : cette question n’a pas de bonne réponse"


async def test_what_a_file_says_is_shown_as_it_is(evening: Evening) -> None:
    table = "question;réponse;**gras** @everyone\nOù ?;Pau;x\n"
    interaction = await brought(evening, sent("x.csv", table))
    assert r"\*\*gras\*\*" in interaction.messages[0]["content"]
    assert "colonne inconnue « **gras** @everyone »" in report(interaction)


async def test_a_name_that_is_taken_needs_a_word_of_the_host(evening: Evening) -> None:
    file = sent("mots.csv", TIDY)
    assert report(await brought(evening, file)) == refused("deck-exists", name="mots")
    assert "« mots » est importé" in report(await brought(evening, file, replace=True))
    assert "1 question" in await evening.told("deck show", deck="mots")
    assert await evening.told("deck remove", deck="mots") == "Le jeu mots est retiré."
    assert "2 questions" in await evening.told("deck show", deck="mots")
    assert await evening.told("deck remove", deck="mots") == refused("deck-not-kept", name="mots")


async def test_only_hosts_import(evening: Evening) -> None:
    interaction = await brought(evening, sent("a.csv", TIDY), by=evening.stage.camille)
    assert report(interaction) == refused("hosts-only")


async def test_a_file_that_is_too_big_is_not_even_fetched(evening: Evening) -> None:
    interaction = await brought(evening, sent("a.csv", b"x" * 8_000_001))
    assert report(interaction) == refused("file-too-big", limit=8)
    with pytest.raises(Refused):
        sent("a.csv", b"x" * (10 * 1024 * 1024 + 1))


async def test_a_file_that_cannot_be_fetched_is_told(evening: Evening) -> None:
    file = sent("a.csv", TIDY)
    world = evening.stage.discord.world
    interaction = await evening.stage.discord.slash(
        evening.stage.host.id, evening.stage.channel.id, "deck import", file=file
    )
    world.files.clear()
    await interaction.settled(20)
    assert report(interaction) == refused("file-unreachable")


async def test_a_file_is_imported_by_typing_too(evening: Evening) -> None:
    stage = evening.stage
    say = stage.discord.say
    text = "!questions importer Les Gaulois csv"
    await say(stage.host.id, stage.channel.id, text, file=sent("liste.txt", TIDY))
    await evening.shown("« Les Gaulois » est importé sous le nom les-gaulois")
    await evening.write(stage.host, "!deck import polar")
    await evening.shown(refused("file-missing"))
    await say(stage.camille.id, stage.channel.id, "!deck import", file=sent("a.csv", TIDY))
    await evening.shown(refused("hosts-only"))


# --- Looking --------------------------------------------------------------------------------------------------


async def test_everybody_sees_which_decks_there_are(evening: Evening) -> None:
    camille = evening.stage.camille
    told = await evening.told("deck list", by=camille)
    assert "mots : Mots à trouver (2 questions, français)" in told
    await evening.write(camille, "!questions")
    await evening.shown("mots : Mots à trouver")
    await evening.write(camille, "!questions liste")
    await until(lambda: sum("mots : Mots" in flat(m) for m in evening.messages()) == 2)
    await evening.write(camille, "!questions improter")
    await evening.shown("!questions importer")


async def test_a_deck_is_described(evening: Evening) -> None:
    await brought(evening, sent("Gaulois.csv", TIDY))
    told = await evening.told("deck show", deck="gaulois", by=evening.stage.camille)
    first, levels, licence, changed = told.splitlines()
    assert first == "« Gaulois » (gaulois) : 1 question, français"
    assert levels == "Faciles : 0, moyennes : 1, difficiles : 0"
    assert licence == "Licence : CC0"
    assert changed.startswith("Importé, modifié pour la dernière fois le ")
    assert "polar" in await evening.told("deck show", deck="polar")
    await evening.write(evening.stage.camille, "!deck voir Mots à trouver")
    await evening.shown("« Mots à trouver » (mots) : 2 questions")


async def test_decks_are_offered_while_one_types(evening: Evening) -> None:
    await brought(evening, sent("Gaulois.csv", TIDY))
    stage = evening.stage
    for command in ("deck show", "deck export", "deck remove", "deck forget", "quiz start"):
        offered = await stage.discord.autocomplete(
            stage.host.id, stage.channel.id, command, "deck", "gaul"
        )
        assert offered[0]["value"] == "gaulois", command


# --- Exporting ------------------------------------------------------------------------------------------------


async def test_a_deck_is_handed_over_privately(evening: Evening) -> None:
    interaction = await evening.slash("deck export", deck="mots")
    assert interaction.ephemeral
    assert report(interaction) == "Le voici : mots.toml"
    name, body = attached(evening, interaction.messages[0])
    assert name == "mots.toml"
    assert 'prompt = "Quel fleuve traverse Paris ?"' in body.decode()


async def test_formulas_are_harmless_in_a_table(evening: Evening) -> None:
    table = 'question;réponse;licence\n"=HYPERLINK(""x"") ?";Pau;CC0\n'
    await brought(evening, sent("formules.csv", table))
    interaction = await evening.slash("deck export", deck="formules", format="csv")
    _, body = attached(evening, interaction.messages[0])
    cells = body.decode("utf-8-sig").splitlines()[1]
    assert "'=HYPERLINK" in cells


async def test_a_format_that_cannot_hold_a_deck_is_refused_with_the_reason(
    evening: Evening,
) -> None:
    told = await evening.told("deck export", deck="genres", format="red")
    assert told.startswith("Ce jeu ne peut pas s’écrire en « red ».\n")
    assert "question 1 : le nombre le plus proche y est juste" in told
    assert await evening.told("deck export", deck="mots", by=evening.stage.camille) == refused(
        "hosts-only"
    )


async def test_what_a_format_leaves_behind_is_told_with_the_file(evening: Evening) -> None:
    told = await evening.told("deck export", deck="genres", format="gift")
    assert told.splitlines() == [
        "Le voici : genres.gift",
        "« gift » n’a pas de place pour « hints » : laissé de côté dans 1 question (2)",
    ]


async def test_what_an_import_leaves_behind_is_told(evening: Evening) -> None:
    interaction = await brought(evening, sent("dates.gift", "Né en ? {#1822:3}"))
    assert "ligne 1 : une tolérance ou un intervalle" in report(interaction)


async def test_a_picture_cannot_come_by_chat_and_stays_when_its_deck_goes(
    stopped_evening: Evening,
) -> None:
    stopped_evening.cast._decks = Decks.shipped()
    await stopped_evening.start()
    told = await stopped_evening.told("deck export", deck="ecritures")
    assert "10 images restent ici" in told
    table = "question;réponse;image;alt\nQui ?;Un ours;ours.png;Une fourrure\n"
    interaction = await brought(stopped_evening, sent("betes.csv", table))
    assert "l’image ours.png n’est pas à côté du jeu" in report(interaction)


async def test_a_deck_asked_for_by_typing_comes_by_direct_message(evening: Evening) -> None:
    stage = evening.stage
    await evening.write(stage.host, "!questions exporter mots csv")
    private = stage.discord.private_channel(stage.host.id)
    await until(lambda: stage.discord.messages(private.id))
    [message] = stage.discord.messages(private.id)
    assert attached(evening, message)[0] == "mots.csv"
    stage.discord.close_to_dms(stage.moderator.id)
    await evening.write(stage.moderator, "!deck export mots")
    await evening.shown(refused("no-direct-message"))
