"""Counting people without an account from either side: exact for staff in private, never small in public."""

from typing import Any

import pytest

from bot.headcount import EXAMPLE, MOST
from tests.stage_fixtures import Evening, flat, refused

LINE = "0-5:3 6-11:12 65+:4 @ Salle 2"


async def _said(evening: Evening, by: Any, text: str, *answer: str) -> dict[str, Any]:
    await evening.write(by, text)
    return await evening.shown(*answer)


# Twitch


async def test_twitch_host_counts_in_one_line_and_the_chat_sees_no_small_number(
    evening: Evening,
) -> None:
    await evening.quiz()
    line = await evening.asks(evening.stage.twitch_moderator, f"!présence {LINE}", "C’est noté")
    assert line == (
        "C’est noté pour « Auteurs et autrices », Salle 2. 0 à 5 ans : 3, 6 à 11 ans : 12, 65 ans et plus : 4"
    )
    line = await evening.asks(evening.stage.ines, "!presence", "Comptage")
    assert line == (
        "Comptage de l’équipe pour « Auteurs et autrices » : 19 personnes."
        " Les tranches d’âge peu nombreuses ne sont pas affichées."
    )
    await evening.asks(evening.stage.twitch_moderator, "!presence 18-64:30", "C’est noté")
    line = await evening.asks(evening.stage.twitch_moderator, "!presence voir", "49 personnes")
    assert "18 à 64 ans : 30" in line
    assert " : 3," not in line


async def test_twitch_count_is_corrected_by_counting_again(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await evening.quiz()
    await evening.asks(host, "!presence add adultes : 12 @ Salle 2", "18 à 64 ans : 12")
    await evening.asks(host, "!présence ajouter 15 adultes @ salle 2", "18 à 64 ans : 15")
    await evening.asks(evening.stage.leo, "!présence", "15 personnes. 18 à 64 ans : 15")


async def test_twitch_few_people_are_fewer_than_five(evening: Evening) -> None:
    await evening.asks(evening.stage.leo, "!présence", "Personne n’a encore été compté pour le ")
    await evening.asks(evening.stage.twitch_moderator, "!présence 2 seniors", "C’est noté pour le ")
    line = await evening.asks(evening.stage.leo, "!présence", "Comptage")
    assert line.endswith("moins de 5 personnes.")


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("beaucoup", "usage", {"usage": EXAMPLE}),
        ("0-5:-3", "no-number", {"text": "-3", "least": 0, "most": MOST}),
        ("0-5:1000000", "no-number", {"text": "1000000", "least": 0, "most": MOST}),
        ("enfants:3", "headcount-class", {"text": "enfants"}),
        ("ajouter 3 ados", "headcount-class", {"text": "ados"}),
        ("65+:4 seniors:4", "headcount-twice", {"text": "seniors"}),
    ],
)
async def test_nonsense_gets_one_sentence_on_both_sides_and_changes_nothing(
    evening: Evening, typed: str, code: str, facts: dict[str, Any]
) -> None:
    expected = refused(code, **facts)
    await evening.asks(evening.stage.twitch_moderator, f"!présence {typed}", expected)
    await _said(evening, evening.stage.host, f"!présence {typed}", expected)
    assert await evening.app.database.rows("SELECT * FROM headcount") == []


async def test_counting_is_for_hosts(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, f"!présence {LINE}", refused("hosts-only"))
    await _said(evening, evening.stage.camille, f"!présence {LINE}", refused("hosts-only"))
    told = await evening.told("presence add", by=evening.stage.camille, **{"18-64": 3})
    assert told == refused("hosts-only")
    assert await evening.app.database.rows("SELECT * FROM headcount") == []


# Discord


async def test_discord_host_counts_with_options_and_sees_every_number_in_private(
    evening: Evening,
) -> None:
    await evening.quiz()
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    told = await evening.told(
        "presence add", **{"0-5": 3, "65-and-over": 4, "place": "Médiathèque *Labarrère*, salle 2"}
    )
    assert told.splitlines() == [
        "C’est noté pour « Auteurs et autrices », Médiathèque *Labarrère*, salle 2.",
        "0 à 5 ans : 3, 65 ans et plus : 4",
    ]
    await evening.told("presence add", unknown=1)
    told = await evening.told("presence show")
    assert told.splitlines() == [
        "Comptage de l’équipe pour « Auteurs et autrices » : 8 personnes.",
        "Médiathèque *Labarrère*, salle 2 : 7 personnes (0 à 5 ans : 3, 65 ans et plus : 4)",
        "sans lieu précisé : 1 personne (âge inconnu : 1)",
        "1 compte a participé en ligne.",
    ]


async def test_discord_patrons_and_channels_see_no_small_number(evening: Evening) -> None:
    await evening.told("presence add", **{"0-5": 3, "18-64": 6, "65-and-over": 20})
    told = await evening.told("presence show", by=evening.stage.camille)
    assert told.splitlines()[1:] == [
        "65 ans et plus : 20",
        "Les tranches d’âge peu nombreuses ne sont pas affichées.",
    ]
    message = await _said(evening, evening.stage.host, "!présence", "29 personnes")
    assert "0 à 5" not in str(message)


async def test_discord_typed_count_is_read_as_on_twitch(evening: Evening) -> None:
    host = evening.stage.host
    await _said(evening, host, f"!présence {LINE}", "Salle 2", "6 à 11 ans : 12")
    await _said(evening, host, "!presence add 65 ans et plus : 9 @ L’“annexe”", "L’“annexe”")
    await _said(evening, host, "!présence ajouter 12 adultes", "18 à 64 ans : 12")
    told = await evening.told("presence show")
    assert "40 personnes" in told
    await _said(evening, host, "!présence ajouter", refused("usage", usage=EXAMPLE))


async def test_discord_nonsense_in_an_option_gets_one_sentence(evening: Evening) -> None:
    for number in (-3, 1_000_000):
        told = await evening.told("presence add", **{"18-64": number})
        assert told == refused("no-number", text=str(number), least=0, most=MOST)
    assert await evening.told("presence add") == refused("usage", usage=EXAMPLE)


async def test_count_reaches_the_session_of_both_sides_and_its_attendance(evening: Evening) -> None:
    await evening.quiz()
    session = evening.session.id
    await evening.press(evening.stage.camille, evening.right)
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("2 réponses")
    await evening.told("presence add", **{"18-64": 6, "place": "Salle 2"})
    await evening.asks(evening.stage.twitch_moderator, "!présence 65+:4 @ salle 2", "C’est noté")
    await evening.skip()
    await evening.skip()
    await evening.heard("La partie est finie")
    await evening.asks(evening.stage.twitch_moderator, "!présence 65+:5 @ salle 2", "C’est noté")
    found = await evening.app.headcounts.attendance(session)
    assert (found.title, found.accounts, found.counts) == (
        "Auteurs et autrices",
        2,
        {"18-64": 6, "65+": 5},
    )


async def test_counts_outlive_a_restart(evening: Evening) -> None:
    await evening.quiz()
    await evening.told("presence add", **{"18-64": 6})
    await evening.cast.restart()
    await evening.ready()
    assert "18 à 64 ans : 6" in await evening.told("presence show")


async def test_a_channel_becomes_a_room_when_a_host_counts_in_it(evening: Evening) -> None:
    second = evening.stage.second_channel.id
    nobody = await evening.slash("presence show", channel=second)
    assert flat(nobody.messages[0]) == refused("no-room")
    await evening.slash("presence add", channel=second, **{"18-64": 6})
    shown = await evening.slash("presence show", channel=second)
    assert "6 personnes" in flat(shown.messages[0])
