"""Teams on both platforms at once: who is in which, how one joins, how they stand."""

from typing import Any

import pytest

from bot.wording.room import notice
from games.question import Question
from tests.stage_fixtures import FRENCH, Evening, buttons, flat, plain, refused
from tests.waiting import until

TOWN = Question("Quelle ville ?", "Pau", wrong=("Dax", "Lons"))
CITY = Question("Quel port ?", "Bayonne")
NOTICE = plain(notice("", FRENCH))


async def opening(evening: Evening) -> dict[str, Any]:
    return await evening.shown("On joue !")


async def test_discord_against_twitch(evening: Evening) -> None:
    await evening.ask(TOWN, teams="plateformes")
    stage = evening.stage
    await evening.heard("Discord joue contre Twitch.")
    board = await opening(evening)
    assert "Discord joue contre Twitch." in flat(board)
    assert not buttons(board)
    await evening.press(stage.camille, evening.right)
    await evening.press(stage.noe, "A" if evening.right != "A" else "B")
    await evening.chat(stage.ines, evening.right)
    await evening.replies(3)
    assert await evening.told("team", by=stage.camille, team="2") == refused("teams-by-platform")
    await evening.asks(stage.leo, "!équipe 1", refused("teams-by-platform"))
    await evening.skip()
    rows = "Équipes, en points par personne : 1. Twitch : 1 (1 personne), 2. Discord : 0,5 (2 personnes)"
    assert rows in await evening.told("quiz score")
    await evening.asks(stage.leo, "!quiz score", rows)
    await evening.skip()
    await evening.heard("La partie est finie", rows)
    await evening.shown("La partie est finie", rows)


async def test_teams_are_joined_by_button_and_by_command(evening: Evening) -> None:
    await evening.ask(TOWN, teams="Rouges, Bleus")
    stage = evening.stage
    await evening.heard("Rouges", "Bleus", "!équipe 1")
    board = await opening(evening)
    assert [b["label"] for b in buttons(board)] == ["Jouer pour Rouges", "Jouer pour Bleus"]
    told = await evening.press(stage.camille, "Jouer pour Bleus", board)
    assert told == f"Vous jouez pour Bleus.\n-# {NOTICE}"
    assert await evening.press(stage.camille, "Jouer pour Bleus", board) == refused(
        "team-kept", team="Bleus"
    )
    assert (
        await evening.press(stage.camille, "Jouer pour Rouges", board) == "Vous jouez pour Rouges."
    )
    told = await evening.told("team", by=stage.noe, team="bleus")
    assert told == f"Vous jouez pour Bleus.\n-# {NOTICE}"
    line = await evening.asks(stage.ines, "!équipe BLEUS", "Vous jouez pour Bleus.")
    assert line.endswith(NOTICE), "who becomes known by joining is told as others are"
    await evening.asks(stage.ines, "!team 1", "Vous jouez pour Rouges.")
    await evening.asks(stage.leo, "!equipe Verts", refused("no-team", teams="Rouges, Bleus"))
    await evening.asks(stage.leo, "!equipe", refused("no-team", teams="Rouges, Bleus"))
    await evening.write(stage.moderator, "!équipe bleus")
    await evening.shown("Vous jouez pour Bleus.", NOTICE)
    await evening.press(stage.camille, evening.right)
    await evening.chat(stage.leo, evening.right)
    await evening.replies(2)
    assert await evening.press(stage.camille, "Jouer pour Bleus", board) == refused(
        "team-kept", team="Rouges"
    )
    await evening.skip()
    await evening.told("quiz stop")
    await evening.heard("1. Rouges : 1 (2 personnes), 2. Bleus : 0 (0 personne)")


async def test_teams_go_on_after_a_restart(evening: Evening) -> None:
    await evening.ask(TOWN, teams="Rouges/Bleus")
    board = await opening(evening)
    await evening.press(evening.stage.camille, "Jouer pour Bleus", board)
    await evening.cast.restart()
    await evening.ready()
    await until(lambda: evening.session.running_since)
    told = await evening.press(evening.stage.noe, "Jouer pour Bleus", board)
    assert told.startswith("Vous jouez pour Bleus.")
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.skip()
    await evening.heard("1. Bleus : 1 (1 personne), 2. Rouges : 0 (0 personne)")


async def test_teams_are_asked_for_in_chat(evening: Evening) -> None:
    await evening.chat(evening.stage.broadcaster, "!quiz lancer lettres 1 300 équipes:Rouges/Bleus")
    await evening.heard("Rouges", "Bleus")
    await evening.asked(1)
    await evening.told("quiz stop")
    count = len(evening.lines())
    for wrong in ("équipes:Rouges", "équipes:Rouges/ROUGES", "équipes:/,/", "équipes:" + "a/" * 13):
        await evening.chat(evening.stage.broadcaster, f"!quiz lancer lettres 1 300 {wrong}")
    await until(lambda: len(evening.lines()) >= count + 4, evening.lines)
    assert evening.lines()[count:].count(refused("teams-usage", most=12)) == 4
    assert not evening.playing


async def test_nobody_joins_where_there_are_no_teams(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, "!équipe 1", refused("nothing-running"))
    await evening.quiz()
    await evening.asks(evening.stage.ines, "!équipe 1", refused("no-teams"))
    assert await evening.told("team", by=evening.stage.noe, team="1") == refused("no-teams")
    assert not await evening.app.database.rows("SELECT id FROM person")


NASTY = ("@everyone", "**gras** _x_", "[lien](x.y)", "<@1> `code`", "{0} %s")


async def test_names_of_teams_are_shown_as_they_are(evening: Evening) -> None:
    await evening.ask(TOWN, teams="/".join(NASTY))
    board = await opening(evening)
    raw = board["embeds"][0]["description"]
    assert "@everyone" not in raw
    assert "**gras**" not in raw
    assert "[lien](" not in raw
    assert [b["label"] for b in buttons(board)] == [f"Jouer pour {name}" for name in NASTY]
    assert "**gras** _x_" in await evening.press(evening.stage.camille, "Jouer pour **", board)
    await evening.asks(evening.stage.ines, "!équipe {0} %s", "Vous jouez pour {0} %s.")
    told = await evening.told("team", by=evening.stage.noe, team="<@&77>")
    assert told == refused("no-team", teams=", ".join(NASTY))
    await evening.write(evening.stage.noe, "!équipe 9")
    await evening.shown("Équipes :", "@everyone")
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.told("quiz stop")
    await evening.heard("1. **gras** _x_ : 1")
    await evening.shown("La partie s’arrête", "1. **gras** _x_ : 1")


async def test_as_many_and_as_long_names_as_may_be(evening: Evening) -> None:
    names = [f"{letter * 21} {number:02}" for number, letter in enumerate("ABCDEFGHIJKL", 1)]
    await evening.ask(TOWN, teams="/".join(names), preset="survivor")
    board = await opening(evening)
    assert len(buttons(board)) == 12
    await evening.heard("On joue !", "Une erreur ou un silence")
    await evening.heard(f"1 {names[0]}, ", "!équipe 1", "Pour répondre")
    await evening.press(evening.stage.camille, "Jouer pour LL", board)
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.skip()
    await evening.shown(
        "La partie est finie", f"1. {names[11]} : 1", f"{names[10]} : 0", "1. Camille"
    )
    await evening.heard("La partie est finie")
    await evening.heard("1. Camille : 1 point")
    await evening.heard(f"1. {names[11]} : 1 (1 personne)")


async def test_a_flood_of_joining_is_answered_a_few_times(evening: Evening) -> None:
    await evening.ask(TOWN, teams="Rouges/Bleus")
    stage, count = evening.stage, len(evening.lines())
    for number in range(60):
        await evening.chat(stage.ines, f"!équipe {1 + number % 2}")
    await evening.chat(stage.leo, evening.right)
    await evening.replies(1)
    await evening.skip()
    await evening.heard("C’est", "Leo64")
    await evening.heard("Vous jouez pour Bleus.")
    said = [line for line in evening.lines()[count:] if "Vous jouez pour" in line]
    assert 1 <= len(said) <= 5
    rows = await evening.app.database.rows("SELECT count(*) FROM journal WHERE play = 'wished'")
    assert rows[0][0] <= 5


@pytest.mark.parametrize("by", ["button", "text"])
async def test_a_found_answer_seats_whoever_has_no_team(evening: Evening, by: str) -> None:
    await evening.ask(CITY, teams="Rouges/Bleus")
    stage = evening.stage
    await evening.chat(stage.ines, "!équipe 1")
    await evening.heard("Vous jouez pour Rouges.")
    if by == "button":
        await evening.enter(await evening.open_form(stage.camille), "Bayonne")
    else:
        await evening.write(stage.camille, "Bayonne")
    await evening.shown("C’est Bayonne")
    await evening.skip()
    await evening.heard("1. Bleus : 1 (1 personne), 2. Rouges : 0 (0 personne)")
