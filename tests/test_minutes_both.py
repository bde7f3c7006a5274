"""The agenda and the minutes of a meeting from either side, and the round of the table at one."""

from typing import Any

import pytest

from bot.people import Visitor
from games.core import Role
from games.round_table import RoundScene
from tests.stage_fixtures import Evening, buttons, flat, refused


@pytest.fixture
async def club(evening: Evening) -> Evening:
    """Give an evening with the club Polar, to which Camille belongs."""
    await evening.told("club create", name="Polar")
    await evening.told("club join", by=evening.stage.camille)
    return evening


async def meet(evening: Evening) -> int:
    """Open a meeting of the club, at which the host and Inès are."""
    app, stage = evening.app, evening.stage
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    [club] = await app.clubs.here(app.rooms.by_discord[str(stage.channel.id)])
    at = app._clock.wall()
    async with app.database.transaction() as transaction:
        [(key,)] = await transaction.execute_fetchall(
            "INSERT INTO meeting (original, club_id, title, form, place, voice_id, starts_at, minutes, opened_at)"
            " VALUES ('2026-03-10T18:30:00', ?, 'Polar', 'voice', '', '', ?, 60, ?) RETURNING id",
            (club.id, at, at),
        )
        await transaction.execute(
            "INSERT INTO attendance (meeting_id, person_id, how)"
            " SELECT ?, person_id, 'button' FROM identity WHERE user_id IN (?, ?)",
            (key, str(stage.host.id), stage.ines.id),
        )
    return int(key)


async def close(evening: Evening) -> None:
    """Close the club's meeting."""
    app, stage = evening.app, evening.stage
    [club] = await app.clubs.here(app.rooms.by_discord[str(stage.channel.id)])
    await app.clubhouse.meetings.close(
        club, Visitor("discord", str(stage.host.id), "Host"), Role.HOST
    )


async def test_an_agenda_is_written_ticked_and_becomes_minutes(club: Evening) -> None:
    stage = club.stage
    assert await club.told("recap show") == refused("no-minutes")
    told = await club.told("recap point", text="Accueil de *Jean* @everyone")
    assert told == "C’est noté à l’ordre du jour, n° 1. Pour le cocher : !compterendu cocher 1"
    line = await club.asks(stage.twitch_moderator, "!compterendu point Le prochain livre", "n° 2")
    assert "prochain livre" not in line
    line = await club.asks(stage.leo, "!cr ordre", "Ordre du jour du club Polar")
    assert line == (
        "Ordre du jour du club Polar : n° 1 : Accueil de *Jean* @everyone · n° 2 : Le prochain livre"
    )
    await meet(club)
    await club.asks(stage.twitch_moderator, "!compterendu cocher 1", "le point n° 1 est coché")
    club.clock.jump(30)
    told = await club.told("recap decide", text="On lit Zola en mai")
    assert told == "C’est noté parmi les décisions, n° 3."
    await club.asks(stage.twitch_moderator, "!compterendu ajouter Merci à Léa", "C’est noté, n° 4.")
    assert await club.told("question next") == "C’est fait."
    await club.heard("Polar, une question")
    await close(club)
    await club.heard("Le compte rendu du club Polar est là : !compterendu")
    board = await club.shown("Compte rendu de la rencontre du club Polar")
    assert flat(board).splitlines()[2:] == [
        "",
        "**Ordre du jour**",
        "- Accueil de *Jean* @everyone (vu)",
        "- Le prochain livre",
        "",
        "**Questions**",
        "- En un mot, comment avez-vous trouvé cette lecture ?",
        "",
        "**Décisions**",
        "- On lit Zola en mai",
        "",
        "**Notes**",
        "- Merci à Léa",
    ]
    assert "moins de 5 personnes" in flat(board).splitlines()[1]
    assert "\\*Jean\\*" in board["embeds"][0]["description"]
    line = await club.asks(stage.leo, "!compterendu", "Décisions")
    assert "Décisions : On lit Zola en mai" in line
    assert "Questions : En un mot" in line
    [button] = buttons(board)
    pressed = await stage.discord.click(stage.noe.id, int(board["id"]), button["custom_id"])
    answer = await pressed.settled()
    [file] = answer["attachments"]
    assert file["filename"].startswith("compte-rendu-")
    _, _, body = stage.discord.world.files[int(file["id"])]
    assert body.decode().startswith("# Compte rendu de la rencontre du club Polar\n")
    assert "- Accueil de *Jean* @everyone (vu)\n" in body.decode()
    told = await club.told("recap tick", number="2")
    assert told == "C’est fait : le point n° 2 est coché."
    await club.shown("Le prochain livre (vu)")
    boards = [one for one in club.messages() if "Compte rendu de la" in flat(one)]
    assert len(boards) == 1


async def test_only_those_who_lead_write(club: Evening) -> None:
    stage = club.stage
    wrong = refused("club-hosts-only")
    assert await club.told("recap point", text="Moi", by=stage.camille) == wrong
    await club.asks(stage.leo, "!compterendu point Moi", wrong)
    await club.asks(stage.leo, "!compterendu retirer 1", wrong)
    await meet(club)
    club.clock.jump(30)
    for verb, options in (
        ("decide", {"text": "Moi"}),
        ("add", {"text": "Moi"}),
        ("tick", {"number": "1"}),
        ("remove", {"number": "1"}),
    ):
        assert await club.told(f"recap {verb}", by=stage.camille, **options) == wrong
    await club.asks(stage.leo, "!compterendu décision", "!compterendu décision [ce qu’on décide]")
    await club.asks(stage.twitch_moderator, "!compterendu retirer 9", "Il n’y a pas de")
    club.clock.jump(30)
    await club.asks(stage.twitch_moderator, "!compterendu exporter", "/compte-rendu exporter")
    export = await club.slash("recap export", by=stage.camille)
    assert len(export.messages[0]["attachments"]) == 1


async def test_whoever_is_at_the_meeting_sits_at_the_table_already(club: Evening) -> None:
    await club.told("club join")
    await meet(club)
    await club.told("round start")
    await club.heard("Autour de la table :", "Inès")
    facts: Any = club.session.activity.scene().facts
    assert isinstance(facts, RoundScene)
    assert {player.platform for player in facts.queue} == {"discord", "twitch"}
    board = await club.shown("Autour de la table :", "Inès")
    assert await club.press(club.stage.host, "Je passe", board) != ""
    await club.shown("Autour de la table : Inès")
