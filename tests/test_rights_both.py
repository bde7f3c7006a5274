"""The register of works on air from either side: adding, checking, ending, and the replays to take down."""

from typing import Any

import pytest

from bot.rights import Entry
from cogs.rights_discord import RightsDiscord
from games.core import Role
from games.rights import PublicDomain
from tests.stage_fixtures import Evening, flat, refused

LINK = "https://videos.example.org/horla"
HORLA = "Le Horla ; Maupassant ; domaine public ; 1893"
LAC = "La Brume ; Puig ; autorisation ; Éditions du Lac ; direct ; 31/12/2099"


async def _noted(evening: Evening, *lines: str) -> None:
    for line in lines:
        await evening.asks(evening.stage.twitch_moderator, f"!droits ajouter {line}", "C’est noté")


async def _said(evening: Evening, text: str, *answer: str) -> dict[str, Any]:
    """Let the host type a command on Discord and wait for the public answer."""
    await evening.write(evening.stage.host, text)
    return await evening.shown(*answer)


# Twitch


async def test_twitch_host_adds_a_work_in_one_line_and_checks_it(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    line = await evening.asks(host, f"!droits ajouter {HORLA}", "C’est noté")
    assert line == (
        "C’est noté, n° 1 : domaine public (décès en 1893). « Le Horla », Maupassant : oui, en direct et en"
        " rediffusion (domaine public)."
    )
    await evening.asks(host, "!rights check Nana", refused("no-work", title="Nana"))
    line = await evening.asks(host, "!droits vérifier l’HORLA", "Maupassant")
    assert line == "« Le Horla », Maupassant : oui, en direct et en rediffusion (domaine public)."


async def test_twitch_says_what_a_permission_allows_but_not_who_gave_it(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await _noted(evening, LAC)
    line = await evening.asks(host, "!droits vérifier la brume", "La Brume")
    assert line == (
        "« La Brume », Puig : en direct seulement, sans rediffusion, jusqu’au 31 décembre 2099"
        " (autorisation écrite)."
    )
    line = await evening.asks(host, "!droits", "au registre")
    assert line == (
        "1 droit au registre · n° 1 : « La Brume », Puig, autorisation écrite, direct seul,"
        " jusqu’au 31 décembre 2099"
    )
    assert not [line for line in evening.lines() if "Éditions du Lac" in line]


async def test_twitch_host_ends_a_right_and_sees_the_replay_that_must_go(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await _noted(evening, HORLA)
    line = await evening.asks(
        host, f"!droits rediffusion Le Horla ; 10/01/2026 ; {LINK}", "rediffusion n° 1"
    )
    assert "« Le Horla », 10 janvier 2026" in line
    await evening.asks(host, "!droits rediffusions", "Aucune rediffusion à retirer d’ici 14 jours.")
    await evening.asks(host, "!droits terminer #1", "C’est fait : le droit n° 1 pour « Le Horla »")
    line = await evening.asks(host, "!rights replays", "à retirer")
    assert line.startswith(
        "1 rediffusion à retirer · n° 1 : « Le Horla » (10 janvier 2026), dès maintenant"
    )
    assert LINK not in line
    await evening.asks(host, "!droits retirée 1", "Merci : la rediffusion n° 1")
    await evening.asks(host, "!droits rediffusions", "Aucune rediffusion à retirer")


async def test_twitch_death_in_a_war_calls_for_a_check(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    line = await evening.asks(
        host, "!droits ajouter Vol de nuit ; Saint-Exupéry ; 1944", "C’est noté"
    )
    assert line.endswith(
        "une personne morte pour la France reste protégée 30 ans de plus. À vérifier."
    )


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("ajouter  ;  ;", "right-title", {}),
        ("ajouter Germinal ; Zola", "right-which", {}),
        ("ajouter Germinal ; Zola ; domaine pubic", "right-ground", {"text": "domaine pubic"}),
        ("ajouter Germinal ; Zola ; domaine public", "right-died", {}),
        ("ajouter Nuit ; Puig ; accord ; Lac ; 30/02/2027", "no-date", {"text": "30/02/2027"}),
        ("vérifier Nana", "no-work", {"title": "Nana"}),
        ("terminer #12", "no-such-right", {"text": "#12"}),
        ("retirée 12", "no-such-replay", {"text": "12"}),
        ("rediffusion Nana", "no-link", {}),
        ("rediffusion ; ;", "no-link", {}),
        ("ajuoter Nana", "usage", {"usage": "!droits ajouter"}),
        ("Nana", "usage", {"usage": "!droits vérifier"}),
    ],
)
async def test_what_was_not_understood_gets_one_sentence(
    evening: Evening, typed: str, code: str, facts: dict[str, str]
) -> None:
    expected = refused(code, **facts)
    await evening.asks(evening.stage.twitch_moderator, f"!droits {typed}", expected)
    await _said(evening, f"!droits {typed}", expected)


async def test_the_register_is_for_hosts(evening: Evening) -> None:
    for text in ("!droits", f"!droits ajouter {HORLA}", "!droits rediffusions"):
        await evening.asks(evening.stage.ines, text, refused("hosts-only"))
    camille = evening.stage.camille
    assert await evening.told("rights list", by=camille) == refused("hosts-only")
    assert await evening.told("rights add", by=camille, title="x", died=1900) == refused(
        "hosts-only"
    )
    assert await evening.app.database.rows("SELECT * FROM aired_work") == []


# Discord


async def test_discord_host_adds_with_options_and_sees_who_gave_the_permission(
    evening: Evening,
) -> None:
    told = await evening.told(
        "rights add",
        title="La Brume",
        author="Puig",
        ground="permission",
        giver="Éditions du Lac",
        scope="replay",
        day="31 décembre 2099",
    )
    assert told.splitlines() == [
        "C’est noté, n° 1 : autorisation écrite, direct et rediffusion, jusqu’au 31 décembre 2099.",
        "« La Brume », Puig : oui, en direct et en rediffusion jusqu’au 31 décembre 2099 (autorisation écrite).",
    ]
    told = await evening.told("rights list")
    assert told.startswith("1 droit au registre\nn° 1 : « La Brume », Puig, autorisation écrite,")
    assert told.endswith("jusqu’au 31 décembre 2099, donnée par Éditions du Lac")
    assert (await evening.told("rights check", title="brume")).startswith(
        "« La Brume », Puig : oui"
    )


async def test_discord_year_of_death_alone_means_the_public_domain(evening: Evening) -> None:
    told = await evening.told("rights add", title="Germinal", author="Émile Zola", died=1902)
    assert told.startswith("C’est noté, n° 1 : domaine public (décès en 1902).")


async def test_discord_typed_line_is_read_as_on_twitch_quotes_and_apostrophes_included(
    evening: Evening,
) -> None:
    await _said(
        evening,
        "!droits ajouter L’Arrabbiata, d’“antan” ; Paul Heyse ; domaine public ; 1914",
        "C’est noté, n° 1",
        "« L’Arrabbiata, d’“antan” », Paul Heyse : oui",
    )
    await _said(evening, "!droits ajouter 1984 ; Orwell ; 1950", "« 1984 », Orwell : oui")
    await _said(evening, "!droits ajouter «Nana»;Zola;1902", "«Nana» », Zola : oui")
    await _said(evening, "!droits vérifier l’arrabbiata d’antan", "« L’Arrabbiata")


async def test_discord_typed_list_is_public_and_names_no_giver(evening: Evening) -> None:
    await _said(evening, f"!droits ajouter {LAC}", "C’est noté, n° 1")
    await _said(evening, "!droits liste", "1 droit au registre", "« La Brume »")
    assert not [m for m in evening.messages() if "Éditions du Lac" in flat(m)]


async def test_discord_replay_is_noted_and_listed_with_its_link(evening: Evening) -> None:
    await evening.told("rights add", title="La Brume", giver="Éditions du Lac")
    told = await evening.told(
        "rights replay", work="La Brume", link=LINK, day="10/01/2026", title="Soirée_brume"
    )
    assert told.splitlines() == [
        "C’est noté : rediffusion n° 1, « Soirée_brume », 10 janvier 2026.",
        "« La Brume » : en direct seulement, sans rediffusion (autorisation écrite).",
    ]
    told = await evening.told("rights replays")
    assert told.splitlines() == [
        "1 rediffusion à retirer",
        f"n° 1 : « Soirée_brume » (10 janvier 2026), dès maintenant {LINK}",
        "Une fois retirée : !droits retirée et son numéro",
    ]
    told = await evening.told("rights removed", number="1")
    assert told == "Merci : la rediffusion n° 1, « Soirée_brume », est notée comme retirée."
    assert await evening.told("rights end", right="La Brume") == (
        "C’est fait : le droit n° 1 pour « La Brume » a pris fin."
    )
    assert (await evening.told("rights list")).startswith("Le registre est vide.")


async def test_discord_offers_the_works_of_the_register_to_hosts_alone(evening: Evening) -> None:
    await _noted(evening, HORLA, LAC)
    stage = evening.stage
    place = stage.channel.id
    found = await stage.discord.autocomplete(stage.host.id, place, "rights check", "title", "hor")
    assert [choice["value"] for choice in found] == ["Le Horla ; Maupassant"]
    found = await stage.discord.autocomplete(stage.host.id, place, "rights replay", "work", "")
    assert len(found) == 2
    found = await stage.discord.autocomplete(stage.camille.id, place, "rights end", "right", "")
    assert not found
    told = await evening.told("rights check", title="Le Horla ; Maupassant")
    assert told.startswith("« Le Horla », Maupassant : oui")


async def test_long_register_fits_both_platforms(evening: Evening) -> None:
    rights, title = evening.app.rights, "Les très riches heures de la médiathèque " * 2
    for number in range(40):
        entry = Entry(f"{title}{number}", "Une autrice au nom fort long", PublicDomain(1893))
        await rights.add(entry, rights.today(), Role.HOST)
    await evening.asks(evening.stage.twitch_moderator, "!droits", "40 droits au registre")
    told = await evening.told("rights list")
    assert len(told) <= 2000
    assert told.startswith("40 droits au registre\nn° 1 : ")


async def test_typing_nothing_after_a_verb_gets_an_example(evening: Evening) -> None:
    await _said(evening, "!droits ajouter", "Par exemple : !droits ajouter Germinal ; Émile Zola")
    await _said(evening, "!droits rediffusion", "Une rediffusion a besoin de son lien")
    await _said(evening, "!droits vérifier", "Essayez : !rights check <title>")


async def test_the_title_is_required_where_it_can_be(evening: Evening) -> None:
    assert evening.app.discord is not None
    cog = evening.app.discord.get_cog("rights")
    assert isinstance(cog, RightsDiscord)
    options = {p.name: p for p in cog.add.app_command.parameters}
    assert options["title"].required
    assert [name for name, option in options.items() if option.required] == ["title"]
