"""The questions of a club from either side: proposed, decided, asked for all, and nothing given away in a chat."""

from typing import Any

import pytest

from games.lists import keyed
from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.waiting import until

GENERAL = [plain(text) for text in keyed("fr", "questions", "general").values()]


@pytest.fixture
async def club(evening: Evening) -> Evening:
    """Give an evening with the club Polar, to which Camille and Inès belong, and which reads Germinal."""
    stage = evening.stage
    await evening.told("club create", name="Polar")
    await evening.told("club join", by=stage.camille)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    await evening.told("club propose", title="Germinal", author="Émile Zola")
    await evening.told("club choose", book="Germinal")
    await evening.heard("a choisi")
    await evening.shown("a choisi")
    return evening


def labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for button in buttons(message)]


async def ask(evening: Evening) -> None:
    """Let the host ask the next question, a moment after the one before."""
    evening.clock.turn(6 / 86400)
    assert await evening.told("question next") == "C’est fait."


async def test_a_question_is_proposed_decided_and_asked_on_both_sides(club: Evening) -> None:
    stage = club.stage
    line = await club.asks(stage.ines, "!question proposer Pourquoi partir ?", "Merci !")
    assert line.startswith("Merci ! L’animation du club Polar va relire votre question, n° 1.")
    assert "Pourquoi partir" not in line
    told = await club.told("question propose", text="Pourquoi rester ?", by=stage.camille)
    assert "Sur « Germinal », à tout moment : elle ne dévoile rien." in told
    assert await club.told("question list", by=stage.camille) == refused("club-hosts-only")
    told = await club.told("question list")
    assert told.splitlines() == [
        "Polar : 0 question est prête.",
        "2 propositions attendent d’être relues.",
        "n° 1 : Pourquoi partir ? · « Germinal » · proposée",
        "n° 2 : Pourquoi rester ? · « Germinal » · proposée",
    ]
    await club.asks(stage.twitch_moderator, "!question accepter 1", "n° 1 est prête")
    line = await club.asks(stage.twitch_moderator, "!question liste", "Polar : 1 question")
    assert "partir" not in line
    await ask(club)
    await club.heard("Polar, une question : Pourquoi partir ?")
    board = await club.shown("Polar : une question sur « Germinal »", "Pourquoi partir ?")
    assert labels(board) == [
        "Proposer une question",
        "Question suivante (animation)",
        "Garder pour la prochaine fois (animation)",
    ]
    line = await club.asks(stage.leo, "!question", "une question")
    assert line == "Polar, une question : Pourquoi partir ?"
    assert "Pourquoi partir ?" in await club.told("question show", by=stage.noe)


async def test_proposals_are_looked_at_one_after_the_other(club: Evening) -> None:
    stage = club.stage
    await club.told("question propose", text="Un *gras* @everyone ?", by=stage.camille)
    await club.told("question propose", text="Deux ?", section=2, by=stage.camille)
    assert await club.told("question review", by=stage.camille) == refused("club-hosts-only")
    review = await club.slash("question review")
    message = review.messages[0]
    assert flat(message).splitlines() == [
        "**Proposition n° 1 (2 à relire)**",
        "Un *gras* @everyone ?",
        "Sur « Germinal », à tout moment : elle ne dévoile rien.",
        "De la part de Camille",
    ]
    assert "Un \\*gras\\* @\u200beveryone" in message["content"]
    form = await club.click(stage.host, "Modifier", message)
    sent = await stage.discord.submit(form, {"text": "Un ?", "section": "section 3"})
    await sent.answered()
    assert "Un ?" in flat(review.messages[0])
    assert "À poser sur « Germinal », après la section 3." in flat(review.messages[0])
    await club.click(stage.host, "Accepter", review.messages[0])
    assert flat(review.messages[0]).startswith("C’est fait : la question n° 1 est prête.")
    assert "Deux ?" in flat(review.messages[0])
    await club.click(stage.host, "Écarter", review.messages[0])
    text = flat(review.messages[0])
    assert "la question n° 2 est écartée" in text
    assert "Aucune proposition n’attend" in text
    assert buttons(review.messages[0]) == []
    told = await club.told("question list")
    assert "n° 1 : Un ? · « Germinal », après la section 3" in told


async def test_what_may_give_something_away_is_veiled_on_discord_and_not_said_on_twitch(
    club: Evening,
) -> None:
    stage = club.stage
    await club.told("question propose", text="Qui survit || à la mine ?", section=2)
    assert await club.told("question next") == refused("questions-wait")
    await club.asks(stage.twitch_moderator, "!question suivante", refused("questions-wait"))

    async def horizon(*_: Any) -> int:
        return 2

    club.app.clubhouse.questions._horizon = type("Read", (), {"horizon": staticmethod(horizon)})()
    await club.app.database.rows("SELECT 1")
    room = club.app.rooms.by_discord[str(stage.channel.id)]
    [found] = await club.app.clubs.here(room)
    async with club.app.database.transaction() as transaction:
        await transaction.execute(
            "INSERT INTO meeting (original, club_id, title, form, place, voice_id, starts_at, minutes, opened_at)"
            " VALUES ('2026-03-10T18:30:00', ?, 'Polar', 'voice', '', '', 1, 60, 1)",
            (found.id,),
        )
        await transaction.execute(
            "INSERT INTO attendance (meeting_id, person_id, how) SELECT 1, MIN(id), 'button' FROM person"
        )
    await ask(club)
    line = await club.heard("Polar :")
    assert line == "Polar : une nouvelle question est posée sur Discord."
    board = await club.shown("après la section 2")
    assert board["embeds"][0]["description"] == "||Qui survit \\|\\| à la mine ?||"
    line = await club.asks(stage.leo, "!question", "Polar")
    assert "mine" not in line
    assert not [line for line in club.lines() if "survit" in line]


async def test_the_buttons_under_a_question_are_for_those_who_lead(club: Evening) -> None:
    stage = club.stage
    await ask(club)
    board = await club.shown(GENERAL[0])
    await club.heard(GENERAL[0])
    assert await club.press(stage.camille, "Question suivante", board) == refused("club-hosts-only")
    assert await club.press(stage.camille, "Garder", board) == refused("club-hosts-only")
    assert await club.press(stage.noe, "Proposer", board) == refused("members-only", club="Polar")
    form = await club.click(stage.camille, "Proposer", board)
    sent = await stage.discord.submit(form, {"text": "Et vous ?", "section": ""})
    assert flat(await sent.settled()).startswith("Merci ! L’animation du club Polar")
    assert await club.press(stage.host, "Garder", board) == "C’est fait."
    await club.heard("on garde cette question pour la prochaine rencontre")
    board = await club.shown(GENERAL[0], "Gardée pour la prochaine rencontre")
    assert labels(board) == ["Proposer une question", "Question suivante (animation)"]
    club.clock.turn(6 / 86400)
    assert await club.press(stage.host, "Question suivante", board) == "C’est fait."
    await club.heard(GENERAL[1])
    await club.shown(GENERAL[1])
    former = await club.shown(GENERAL[0], "Gardée pour la prochaine rencontre")
    await until(lambda: not buttons(former) or not buttons(_again(club, former)))


def _again(evening: Evening, message: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in evening.messages() if one["id"] == message["id"])


async def test_twitch_leaders_have_every_verb(club: Evening) -> None:
    stage = club.stage
    await club.asks(
        stage.twitch_moderator, "!question proposer Et la fin ? ; section 3", "n° 1 du club Polar"
    )
    await club.asks(stage.twitch_moderator, "!question modifier 1 = Et après ?", "modifiée")
    await club.asks(stage.twitch_moderator, "!question modifier 1 = ; section 0", "à tout moment")
    club.clock.jump(30)
    await club.asks(stage.twitch_moderator, "!question générale", GENERAL[0])
    club.clock.turn(6 / 86400)
    await club.asks(stage.twitch_moderator, "!question suivante @ polar", "Et après ?")
    club.clock.jump(30)
    await club.asks(stage.twitch_moderator, "!question reporter", "on garde cette question")
    await club.asks(stage.twitch_moderator, "!question retirer 1", "n° 1 est écartée")
    club.clock.jump(30)
    await club.asks(stage.twitch_moderator, "!question retirer 99", "Ce club n’a pas de question")
    await club.asks(stage.twitch_moderator, "!question suivnte", "!question suivante")
    club.clock.jump(30)
    await club.asks(stage.twitch_moderator, "!question accepter", "!question accepter [numéro]")


async def test_strangers_propose_and_press_nothing(club: Evening) -> None:
    stage = club.stage
    wrong = refused("members-only", club="Polar")
    assert await club.told("question propose", text="Moi ?", by=stage.noe) == wrong
    await club.asks(stage.leo, "!question proposer Moi ?", wrong)
    await club.asks(stage.leo, "!question suivante", refused("club-hosts-only"))
    assert await club.told("question next", by=stage.noe) == refused("club-hosts-only")


async def test_the_question_on_the_table_outlives_a_kill(club: Evening) -> None:
    stage = club.stage
    await ask(club)
    board = await club.shown(GENERAL[0])
    await club.cast.kill()
    await club.start()
    club.clock.turn(6 / 86400)
    assert await club.press(stage.host, "Question suivante", board) == "C’est fait."
    await club.heard(GENERAL[1])
    await club.shown(GENERAL[1])
    await until(lambda: not buttons(_again(club, board)))


async def test_one_s_own_proposals_are_in_one_s_own_record(club: Evening) -> None:
    stage = club.stage
    await club.told("question propose", text="=Pourquoi ?", by=stage.camille)
    shown = await club.slash("me", by=stage.camille)
    exported = await club.click(stage.camille, "Exporter", shown.messages[0])
    await exported.settled()
    [file] = exported.messages[0]["attachments"]
    _, _, body = stage.discord.world.files[int(file["id"])]
    text = body.decode("utf-8-sig")
    assert "question proposée à un club;Polar;'=Pourquoi ?" in text
