"""A round of the table as people live it, on both platforms at once."""

from typing import Any

from games.round_table import MOST, RoundScene
from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until


async def begin(evening: Evening, **options: Any) -> dict[str, Any]:
    """Let the host start a round, and return its board."""
    assert await evening.told("round start", **options) == "C’est parti !"
    await evening.heard("Tour de table : ", "!tourdetable")
    return await evening.shown("Personne n’est encore à table.")


def labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for button in buttons(message)]


def facts(evening: Evening) -> RoundScene:
    found = evening.session.activity.scene().facts
    assert isinstance(found, RoundScene)
    return found


async def seat(evening: Evening, board: dict[str, Any]) -> None:
    """Let Camille and then Inès sit down."""
    await evening.press(evening.stage.camille, "Je prendrai la parole", board)
    await evening.chat(evening.stage.ines, "!table")
    await until(lambda: len(facts(evening).queue) == 2)


async def test_everybody_speaks_once_on_both_platforms(evening: Evening) -> None:
    stage = evening.stage
    board = await begin(evening)
    assert labels(board) == [
        "Je prendrai la parole",
        "Je passe",
        "Commencer (animation)",
        "Une minute de plus (animation)",
    ]
    told = await evening.press(stage.camille, "Je prendrai la parole", board)
    assert told.startswith("Vous êtes à table : vous parlerez en position 1.")
    assert "Je garde votre pseudo" in told
    await evening.chat(stage.ines, "!tourdetable")
    await evening.heard("Autour de la table : Camille et Inès")
    await evening.shown("Autour de la table : Camille et Inès")
    assert await evening.press(stage.host, "Commencer", board) == "C’est fait."
    line = await evening.heard("Camille a la parole")
    assert line == "Camille a la parole, pour 3 min. Puis ce sera à Inès."
    turn = await evening.shown("Camille a la parole.", "Pour conclure")
    assert labels(turn) == [
        "J’ai fini",
        "Je passe",
        "Suite (animation)",
        "Une minute de plus (animation)",
    ]
    assert await evening.press(stage.noe, "J’ai fini", turn) == refused("round-not-yours")
    assert await evening.press(stage.camille, "J’ai fini", turn) == "C’est fait."
    await evening.heard("Merci, Camille !", "Inès a la parole, pour 3 min.")
    await evening.shown("Merci, Camille !")
    assert buttons(await evening.shown("Merci, Camille !")) == []
    await evening.chat(stage.ines, "J’ai fini")
    await evening.heard("Merci, Inès !", "2 personnes ont pris la parole")
    await evening.shown("2 personnes ont pris la parole")
    board = await evening.shown("Le tour de table est terminé.", "2 personnes ont parlé")
    assert buttons(board) == []
    assert await evening.points() == {("discord", "Camille"): 0, ("twitch", "Inès"): 0}


async def test_time_is_called_and_the_next_has_the_floor(evening: Evening) -> None:
    await seat(evening, await begin(evening, minutes=1))
    await evening.slash("round next")
    await evening.heard("Camille a la parole, pour 1 min.")
    await evening.shown("Camille a la parole.", "Pour conclure")
    await evening.heard("Camille, il reste", "s : prenez le temps de finir.")
    await evening.shown("Camille, le temps est écoulé : quelques mots pour conclure.")
    await evening.heard("Merci, Camille !", "Inès a la parole")
    assert not [line for line in evening.lines() if "temps est écoulé" in line]


async def test_hosts_steer_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    await seat(evening, await begin(evening, minutes=2, order="random", pace="slow"))
    assert facts(evening).seconds == 180
    for verb in ("start", "next", "absent", "extend", "hold", "resume", "stop"):
        refusal = "hosts-only"
        assert await evening.told(f"round {verb}", by=stage.noe) == refused(refusal)
    await evening.chat(stage.twitch_moderator, "!tourdetable suivant")
    await until(lambda: facts(evening).speaker is not None)
    await evening.asks(stage.twitch_moderator, "!tourdetable prolonger", "a maintenant 4 min")
    await evening.asks(stage.twitch_moderator, "!tourdetable suspendre", "le temps est suspendu")
    await evening.shown("le temps est suspendu")
    evening.clock.jump(30)
    await evening.asks(stage.twitch_moderator, "!tourdetable reprendre", "Le tour de table reprend")
    first = facts(evening).speaker
    await evening.asks(stage.twitch_moderator, "!tourdetable absent", "pourra revenir à table")
    assert facts(evening).speaker != first
    evening.clock.jump(30)
    await evening.asks(
        stage.twitch_moderator, "!tourdetable arrêter", "1 personne a pris la parole"
    )
    evening.clock.jump(30)
    await evening.asks(stage.twitch_moderator, "!tourdetable", refused("no-round"))
    assert await evening.told("round next") == refused("no-round")


async def test_whoever_leads_a_club_of_the_room_may_lead_the_round(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="Polar")
    await evening.told("club join", by=stage.camille)
    assert await evening.told("round start", by=stage.camille) == refused("hosts-only")
    await evening.told("club appoint", person="Camille", standing="cohost", by=stage.moderator)
    assert await evening.told("round start", by=stage.camille) == "C’est parti !"
    board = await evening.shown("Personne n’est encore à table.")
    assert await evening.press(stage.camille, "Commencer", board) == refused("round-empty")
    assert await evening.told("round stop", by=stage.camille) == "C’est fait."
    await evening.quiz()
    assert await evening.told("quiz stop", by=stage.camille) == refused("hosts-only")
    assert await evening.told("round stop", by=stage.camille) == refused("no-round")


async def test_nobody_at_the_table_is_no_shame(evening: Evening) -> None:
    await begin(evening)
    await evening.heard("Personne n’a souhaité parler cette fois")
    await evening.shown("Personne n’a souhaité parler cette fois")


async def test_a_round_survives_a_kill(evening: Evening) -> None:
    stage = evening.stage
    await seat(evening, await begin(evening))
    await evening.slash("round next")
    turn = await evening.shown("Camille a la parole.", "Pour conclure")
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    assert facts(evening).queue[0].platform == "twitch"
    assert await evening.press(stage.camille, "J’ai fini", turn) == "C’est fait."
    await evening.heard("Merci, Camille !", "Inès a la parole")
    await evening.shown("Merci, Camille !")


async def test_two_hosts_who_press_at_once_go_past_one_person(evening: Evening) -> None:
    stage = evening.stage
    await seat(evening, await begin(evening))
    await evening.slash("round next")
    turn = await evening.shown("Camille a la parole.", "Pour conclure")
    assert await evening.press(stage.host, "Suite", turn) == "C’est fait."
    custom_id = f"round:{evening.session.id}:1:next"
    late = await stage.discord.click(stage.moderator.id, int(turn["id"]), custom_id)
    assert flat(await late.settled()) == refused("round-moved")
    assert facts(evening).speaker is not None


async def test_a_crowd_sits_down_in_few_lines(evening: Evening) -> None:
    stage = evening.stage
    await begin(evening)
    before = len(evening.lines())
    await evening.slash("round extend")
    viewers = [stage.twitch.add_user(f"viewer{n}", f"Viewer{n}") for n in range(200)]
    for viewer in viewers:
        await evening.chat(viewer, "!tourdetable")
    await until(lambda: len(facts(evening).queue) == MOST)
    await evening.heard("Autour de la table : ", "45 autres")
    seats = [line for line in evening.lines()[before:] if line.startswith("Autour")]
    assert len(seats) < 12
    assert len([line for line in evening.lines()[before:] if "pleine" in line]) <= 2
    board = await evening.shown("45 autres")
    assert len(flat(board)) < 500


async def test_what_cannot_be_meant_is_answered(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!tour de table", "!tourdetable")
    await evening.asks(stage.ines, "!tourdetable", refused("no-round"))
    await evening.asks(stage.twitch_moderator, "!tourdetable lancer 90", "de 1 à 15")
    await evening.asks(stage.twitch_moderator, "!tourdetable lancer 2 hasard lent", "3 min chacun")
    evening.clock.jump(30)
    await evening.asks(stage.ines, "!tourdetable suivnt", "!tourdetable suivant")
    await evening.asks(stage.ines, "!tourdetable passer", refused("round-not-seated"))
