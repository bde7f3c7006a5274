"""Houses from either side: one house, joined on Discord and on Twitch, and what each person sees of it."""

from tests.stage_fixtures import Evening, flat, plain, refused
from tests.test_people_faces import _press

NAMES = ("Pau centre", "Jurançon", "Usine des Tramways")


async def _built(evening: Evening) -> None:
    """Let the moderators of both sides add the houses."""
    stage = evening.stage
    told = await evening.told("house add", by=stage.moderator, name=NAMES[0])
    assert (
        told
        == "C’est fait : il y a une maison Pau centre. Pour en être : !maison rejoindre Pau centre"
    )
    for name in NAMES[1:]:
        await evening.asks(stage.twitch_moderator, f"!maison ajouter {name}", "C’est fait", name)


async def test_both_sides_join_and_see_the_same_houses(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    told = await evening.told("house join", by=stage.camille, house="jurancon")
    assert told.startswith("Bienvenue dans la maison Jurançon ! Pour en sortir : !maison quitter")
    assert "Je garde votre pseudo" in told
    told = await evening.asks(stage.ines, "!maison rejoindre Juranson", "Bienvenue")
    assert "Je garde votre pseudo" in told
    told = await evening.told("house list", by=stage.camille)
    assert told.splitlines() == [
        "Votre maison : Jurançon.",
        "Jurançon (moins de 5 personnes)",
        "Pau centre (moins de 5 personnes)",
        "Usine des Tramways (moins de 5 personnes)",
        "Pour en rejoindre une : !maison rejoindre [nom]",
    ]
    told = await evening.asks(stage.ines, "!house", "Votre maison : Jurançon.")
    assert " · Pau centre (moins de 5 personnes) · " in told
    await evening.asks(stage.leo, "!maison liste", "Vous n’êtes d’aucune maison.", "Jurançon")
    assert len(evening.app.houses.members()) == 2


async def test_somebody_known_changes_house_without_another_notice(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    await evening.told("house join", by=stage.camille, house="Jurançon")
    told = await evening.told("house join", by=stage.camille, house="Pau centre")
    assert told == "Bienvenue dans la maison Pau centre ! Pour en sortir : !maison quitter"
    await evening.asks(stage.ines, "!house join pau centre", "Bienvenue")
    told = await evening.asks(stage.ines, "!house join Jurançon", "maison Jurançon")
    assert "Je garde" not in told


async def test_leaving_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    await evening.told("house join", by=stage.camille, house="Jurançon")
    await evening.asks(stage.ines, "!maison rejoindre jurançon", "Bienvenue")
    told = await evening.told("house leave", by=stage.camille)
    assert told == "C’est fait : vous n’êtes plus de la maison Jurançon."
    assert await evening.told("house leave", by=stage.camille) == refused("no-own-house")
    await evening.asks(stage.ines, "!maison quitter", "vous n’êtes plus de la maison Jurançon")
    await evening.asks(stage.ines, "!house leave", refused("no-own-house"))


async def test_five_members_are_told_as_five(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    for who in (stage.camille, stage.noe, stage.host, stage.moderator):
        await evening.told("house join", by=who, house="Jurançon")
    await evening.asks(stage.ines, "!maison rejoindre jurançon", "Bienvenue")
    await evening.asks(stage.leo, "!maison", "Jurançon (5 personnes)")


async def test_only_moderators_change_houses_on_either_side(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    moderators_only = refused("moderators-only")
    assert await evening.told("house add", by=stage.host, name="Lons") == moderators_only
    assert await evening.told("house remove", by=stage.host, house="Jurançon") == moderators_only
    rename = await evening.told("house rename", by=stage.camille, house="Jurançon", name="X")
    assert rename == moderators_only
    for text in ("ajouter Lons", "renommer Jurançon = X", "supprimer Jurançon"):
        await evening.asks(stage.ines, f"!maison {text}", moderators_only)
        evening.clock.jump(30)
    assert [house.name for house in evening.app.houses.all] == sorted(
        NAMES, key=lambda name: name.casefold()
    )


async def test_renaming_and_removing_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    await evening.told("house join", by=stage.camille, house="Jurançon")
    renaming = {"house": "jurancon", "name": "Jurançon-sur-Gave"}
    told = await evening.told("house rename", by=stage.moderator, **renaming)
    assert (
        told
        == "C’est fait : la maison s’appelle maintenant Jurançon-sur-Gave. Ses membres y restent."
    )
    await evening.asks(
        stage.broadcaster,
        "!house rename usine des tramways = Les Tramways",
        "s’appelle maintenant Les Tramways",
    )
    assert "Votre maison : Jurançon-sur-Gave." in await evening.told("house list", by=stage.camille)
    await evening.asks(
        stage.twitch_moderator, "!maison supprimer Jurançon sur Gave", "il n’y a plus de maison"
    )
    assert "Vous n’êtes d’aucune maison." in await evening.told("house list", by=stage.camille)
    told = await evening.told("house remove", by=stage.moderator, house="les tramways")
    assert told.startswith("C’est fait : il n’y a plus de maison Les Tramways.")
    assert [house.name for house in evening.app.houses.all] == ["Pau centre"]


async def test_typed_on_discord_as_on_twitch(evening: Evening) -> None:
    stage = evening.stage
    await evening.write(stage.camille, "!maison")
    await evening.shown("Vous n’êtes d’aucune maison.", "Il n’y a pas encore de maison.")
    await evening.write(stage.moderator, "!maison ajouter Usine des Tramways")
    await evening.shown("il y a une maison Usine des Tramways")
    await evening.write(stage.moderator, "!maison renommer Usine des Tramways = Les Tramways")
    await evening.shown("s’appelle maintenant Les Tramways")
    await evening.write(stage.moderator, "!maison renommer Les Tramways en Tramways")
    await evening.shown("!maison renommer [nom] = [nouveau nom]")
    await evening.write(stage.camille, "!maison rejoindre les tramways")
    await evening.shown("Bienvenue dans la maison Les Tramways")
    await evening.write(stage.camille, "!house list")
    await evening.shown("Votre maison : Les Tramways.")
    await evening.write(stage.camille, "!maison quiter")
    await evening.shown("Essayez : !maison quitter")
    await evening.write(stage.camille, "!maison Les Tramways")
    await evening.shown("Essayez : !maison rejoindre [nom]")
    await evening.write(stage.camille, "!maison quitter")
    await evening.shown("vous n’êtes plus de la maison Les Tramways")


async def test_what_is_missing_or_mistyped_on_twitch_is_helped(evening: Evening) -> None:
    stage = evening.stage
    by = stage.twitch_moderator
    await evening.asks(by, "!maison", "Vous n’êtes d’aucune maison.", "La modération en ajoute")
    await evening.asks(by, "!maison rejoindre Pau", refused("no-houses"))
    await _built(evening)
    await evening.asks(by, "!maison quiter", "Essayez : !maison quitter")
    await evening.asks(by, "!maison Jurançon", "Essayez : !maison rejoindre [nom]")
    await evening.asks(by, "!maison rejoindre", "Essayez : !maison rejoindre [nom]")
    await evening.asks(by, "!maison ajouter", "Essayez : !maison ajouter [nom]")
    await evening.asks(by, "!maison supprimer", "Essayez : !maison supprimer [nom]")
    await evening.asks(by, "!maison renommer Jurançon", "!maison renommer [nom] = [nouveau nom]")
    await evening.asks(
        by, "!maison rejoindre Lons", "Il n’y a pas de maison « Lons »", "Pau centre"
    )


async def test_more_houses_than_fit_a_line_are_named_without_their_numbers(
    evening: Evening,
) -> None:
    for number in range(12):
        name = f"Médiathèque intercommunale {number}"
        await evening.told("house add", by=evening.stage.moderator, name=name)
    line = await evening.asks(evening.stage.ines, "!maison", "d’aucune maison")
    assert all(f"intercommunale {number}" in line for number in range(12))
    assert "moins de" not in line


async def test_house_completes_itself_on_discord(evening: Evening) -> None:
    discord, channel = evening.stage.discord, evening.stage.channel
    await _built(evening)
    for command in ("house join", "house rename", "house remove"):
        found = await discord.autocomplete(evening.stage.noe.id, channel.id, command, "house", "")
        assert [choice["value"] for choice in found] == sorted(NAMES)
    near = await discord.autocomplete(
        evening.stage.noe.id, channel.id, "house join", "house", "tram"
    )
    assert near[0]["name"] == "Usine des Tramways"


async def test_names_of_houses_are_shown_escaped_on_discord(evening: Evening) -> None:
    told = await evening.slash("house add", by=evening.stage.moderator, name="**Pau** @everyone")
    content = plain(told.messages[0]["content"])
    assert "**Pau** @everyone" in content
    assert r"\*\*Pau" in told.messages[0]["content"]


async def test_the_own_record_shows_and_exports_the_house(evening: Evening) -> None:
    stage = evening.stage
    await _built(evening)
    await evening.told("house join", by=stage.camille, house="Jurançon")
    await evening.asks(stage.ines, "!maison rejoindre Pau centre", "Bienvenue")
    await evening.asks(stage.ines, "!moi", "Inès, cette saison", "Votre maison : Pau centre.")
    interaction = await evening.slash("me", by=stage.camille)
    assert "Votre maison : Jurançon." in flat(interaction.messages[0])
    export = await _press(evening, stage.camille, interaction.messages[0], "Exporter")
    [file] = export.messages[0]["attachments"]
    _, _, body = stage.discord.world.files[int(file["id"])]
    assert body.decode("utf-8-sig").splitlines()[-1] == "maison;Jurançon"


async def test_being_forgotten_includes_the_house(evening: Evening) -> None:
    await _built(evening)
    await evening.asks(evening.stage.ines, "!maison rejoindre Pau centre", "Bienvenue")
    await evening.asks(evening.stage.ines, "!oubliezmoi oui", "C’est fait")
    assert evening.app.houses.members() == {}
    await evening.asks(evening.stage.ines, "!maison", "Vous n’êtes d’aucune maison.")


async def test_houses_outlive_a_restart(evening: Evening) -> None:
    await _built(evening)
    await evening.told("house join", by=evening.stage.camille, house="Jurançon")
    await evening.cast.restart()
    await evening.ready()
    told = await evening.told("house list", by=evening.stage.camille)
    assert told.startswith("Votre maison : Jurançon.")


async def test_the_room_s_language_is_spoken(evening: Evening) -> None:
    await _built(evening)
    await evening.told("room language", by=evening.stage.moderator, language="en")
    told = await evening.told("house join", by=evening.stage.camille, house="Jurançon")
    assert told.startswith("Welcome to the house Jurançon! To leave it: !house leave")
    await evening.asks(
        evening.stage.leo, "!house", "You belong to no house.", "fewer than 5 people"
    )
