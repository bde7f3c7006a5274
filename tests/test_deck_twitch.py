"""Decks on Twitch: what one line of chat can say about them, and where files are sent instead."""

from tests.stage_fixtures import Evening, only_twitch, refused
from tests.waiting import until


async def test_everybody_sees_which_decks_there_are_and_what_is_in_one(evening: Evening) -> None:
    ines = evening.stage.ines
    for typed in ("!deck", "!questions", "!questions liste", "!deck list"):
        await evening.asks(ines, typed, "Jeux de questions : lettres, mots, genres")
        evening.clock.jump(30)
    line = await evening.asks(ines, "!questions voir mots à trouver", "« Mots à trouver » (mots)")
    assert line.endswith("Faciles : 0, moyennes : 2, difficiles : 0")
    await evening.asks(ines, "!deck show polar", "« polar »")


async def test_a_slip_gets_the_verb_that_was_meant(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, "!questions porposer", "!questions proposer")
    await evening.asks(evening.stage.ines, "!deck xyz", "Essayez : !questions")


async def test_files_are_sent_elsewhere_and_one_sentence_says_where(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await evening.asks(
        host, "!deck import polar", "/questions importer", "« ensemble deck import »"
    )
    await evening.asks(host, "!deck exporter mots", "/questions exporter")


async def test_an_imported_deck_is_removed_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!deck proposer Où ? = Pau", "la proposition 1")
    await evening.asks(stage.twitch_moderator, "!deck accepter 1 soiree", "soiree compte")
    await evening.asks(stage.ines, "!deck retirer soiree", refused("hosts-only"))
    await evening.asks(stage.twitch_moderator, "!deck retirer soiree", "Le jeu soiree est retiré.")
    await evening.asks(
        stage.twitch_moderator, "!deck retirer mots", refused("deck-not-kept", name="mots")
    )


async def test_twitch_alone_has_decks_too(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(only_twitch)
    await evening.start()
    await evening.asks(evening.stage.ines, "!questions proposer Où ? = Pau", "la proposition 1")
    await until(lambda: evening.app.people.find("twitch", evening.stage.ines.id))
    await evening.heard("Inès : Je garde votre pseudo")
