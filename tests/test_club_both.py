"""Clubs from either side: one club, joined and led on Discord and on Twitch, and its books."""

from dataclasses import replace
from typing import Any

import pytest

from bot import catalogues as catalogues_module
from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.test_catalogues import Server, server
from tests.test_people_faces import _press
from tests.waiting import until

__all__ = ["server"]

POLAR = "Polar ; Un polar par mois"


async def _club(evening: Evening, line: str = POLAR) -> None:
    """Let a host of the library create a club from the Twitch chat."""
    await evening.asks(evening.stage.twitch_moderator, f"!club créer {line}", "C’est fait")


async def _written(evening: Evening, by: Any, text: str, *answer: str) -> str:
    """Type a command on Discord and return the public answer."""
    await evening.write(by, text)
    return flat(await evening.shown(*answer))


# --- Clubs


async def test_a_club_is_created_on_one_side_and_joined_on_both(evening: Evening) -> None:
    stage = evening.stage
    told = await evening.told("club create", name="Polar", description="Un polar par mois")
    assert told.splitlines()[0] == (
        "C’est fait : le club Polar se retrouve ici, et vous l’animez. Pour en être : !club rejoindre Polar"
    )
    assert "Je garde votre pseudo" in told
    line = await evening.asks(stage.ines, "!club rejoindre", "Bienvenue au club Polar")
    assert line.startswith(
        "Bienvenue au club Polar ! Pour proposer un livre : !club proposer [titre] ; [auteur] · Je garde"
    )
    told = await evening.told("club join", by=stage.camille)
    assert told.startswith("Bienvenue au club Polar !")
    line = await evening.asks(stage.leo, "!club", "Polar")
    assert line == (
        "Polar (moins de 5 personnes). Un polar par mois. Pour en être : !club rejoindre [nom]"
    )
    told = await evening.told("club list", by=stage.camille)
    assert told.splitlines() == [
        "Polar (moins de 5 personnes). Un polar par mois.",
        "!club proposer [titre] ; [auteur]",
    ]


async def test_where_no_club_meets_that_is_said(evening: Evening) -> None:
    stage = evening.stage
    assert await evening.told("club list", by=stage.noe) == "Aucun club ne se retrouve encore ici."
    told = await evening.told("club list")
    assert "Pour en créer un : !club créer [nom] ; [description]" in told
    await evening.asks(stage.ines, "!club rejoindre Polar", refused("no-clubs"))
    await _club(evening)
    evening.clock.jump(30)
    await evening.asks(stage.ines, "!club rejoindre Roman", "Les clubs : Polar.")


async def test_only_hosts_of_the_library_create_clubs(evening: Evening) -> None:
    stage = evening.stage
    assert await evening.told("club create", by=stage.noe, name="X") == refused("hosts-only")
    await evening.asks(stage.ines, "!club créer X", refused("hosts-only"))


async def test_a_club_is_edited_and_ended_from_either_side(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    await evening.asks(
        stage.twitch_moderator,
        "!club modifier Polar = Noir ; Du noir ; approbation",
        "C’est fait : le club Noir. Son animation dit qui le rejoint. Du noir",
    )
    told = await evening.told("club edit", by=stage.moderator, name="Polar", access="public")
    assert told == "C’est fait : le club Polar. Tout le monde peut le rejoindre. Du noir"
    assert await evening.told("club edit", by=stage.noe, name="X") == refused("club-owners-only")
    assert "Essayez : !club modifier" in await evening.told("club edit", by=stage.moderator)
    assert "ne se réunit plus" in await evening.told("club end", by=stage.moderator, club="polar")
    await evening.asks(stage.ines, "!club", "Aucun club ne se retrouve encore ici.")


async def test_a_club_meets_in_a_second_channel(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    second = stage.second_channel.id
    interaction = await evening.slash("club attach", channel=second, club="polar")
    assert flat(interaction.messages[0]) == "C’est fait : le club Polar se retrouve ici aussi."
    interaction = await evening.slash("club join", by=stage.camille, channel=second)
    assert "Bienvenue au club Polar" in flat(interaction.messages[0])
    interaction = await evening.slash("club detach", channel=second)
    assert "ne se retrouve plus ici" in flat(interaction.messages[0])
    interaction = await evening.slash("club join", by=stage.noe, channel=second)
    assert plain(interaction.messages[0]["content"]) == refused("no-club-here")


async def test_whoever_asks_is_let_in_or_not(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening, "Polar ; sur approbation")
    await evening.asks(stage.ines, "!club rejoindre", "Son animation va vous répondre")
    assert "va vous répondre" in await evening.told("club join", by=stage.camille)
    line = await evening.asks(stage.twitch_moderator, "!club accepter", "aimeraient rejoindre")
    assert line == (
        "2 personnes aimeraient rejoindre le club Polar. Demandes faites ici : Inès."
        " Pour voir qui, sur Discord : /club accepter · !club accepter [nom]"
    )
    assert "Camille" not in line
    told = await evening.told("club approve")
    assert "Inès" in told
    assert "Camille" in told
    await evening.asks(
        stage.twitch_moderator, "!club accepter @ines", "Bienvenue au club Polar, Inès !"
    )
    told = await evening.told("club decline", person="Camille")
    assert told == "C’est fait : Camille n’est pas dans le club Polar."
    await until(lambda: evening.whispers(stage.camille))
    [letter] = evening.whispers(stage.camille)
    assert letter.startswith("Le club Polar ne peut pas vous accueillir pour le moment.")
    assert await evening.told("club approve", by=stage.noe) == refused("club-hosts-only")
    line = await evening.asks(stage.twitch_moderator, "!club accepter", "Personne n’attend")
    assert line == "Personne n’attend de rejoindre le club Polar."
    assert sum("Bienvenue au club Polar" in line for line in evening.lines()) == 1


async def test_those_who_ask_are_let_in_by_choosing_them(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="Polar", access="approval")
    for who in (stage.camille, stage.noe):
        await evening.told("club join", by=who)
    await evening.asks(stage.ines, "!club rejoindre", "Son animation va vous répondre")
    listed = await evening.slash("club approve")
    message = listed.messages[0]
    keys = {option["label"]: option["value"] for option in buttons(message)[0]["options"]}
    assert sorted(keys) == ["Camille", "Inès", "Noé"]

    async def choose(answer: str, *names: str, by: Any = stage.host) -> str:
        chosen = await stage.discord.select(
            by.id, int(message["id"]), f"club-{answer}:1", [keys[name] for name in names]
        )
        return flat(await chosen.settled())

    told = await choose("welcome", "Camille", "Inès")
    assert told == "Bienvenue au club Polar, Camille !\nBienvenue au club Polar, Inès !"
    await evening.heard("Bienvenue au club Polar, Inès !")
    await evening.cast.restart()
    await evening.ready()
    assert (
        await choose("declined", "Camille", "Noé")
        == "C’est fait : Noé n’est pas dans le club Polar."
    )
    assert await choose("welcome", "Camille") == refused("answered-already")


async def test_where_all_asked_in_the_chat_all_are_named_there(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening, "Polar ; sur approbation")
    for who in (stage.ines, stage.leo):
        await evening.asks(who, "!club rejoindre", "Son animation va vous répondre")
    line = await evening.asks(stage.twitch_moderator, "!club accepter", "aimeraient rejoindre")
    assert line == (
        "2 personnes aimeraient rejoindre le club Polar. Demandes faites ici : Inès et Leo64."
        " !club accepter [nom]"
    )


async def test_hosts_hear_of_those_who_ask_and_these_of_the_answer(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="Polar", access="approval")
    await evening.told("club join", by=stage.camille)
    await evening.asks(stage.ines, "!club rejoindre", "Son animation va vous répondre")
    await until(lambda: evening.whispers(stage.host))
    [letter] = evening.whispers(stage.host)
    assert "aimerai" in letter
    assert "Pour voir qui et répondre, dans <#" in letter
    assert "Camille" not in letter
    assert "Quelqu’un aimerait rejoindre le club : !club accepter" in await evening.told(
        "club list"
    )
    await evening.told("club approve", person="Camille")
    await evening.told("club approve", person="@Inès")
    await evening.heard("Bienvenue au club Polar, Inès !")
    await until(lambda: evening.whispers(stage.camille))
    [letter] = evening.whispers(stage.camille)
    assert letter.startswith("Le club Polar vous accueille : bienvenue !")
    assert "aimerait" not in await evening.told("club list")


async def test_a_member_is_made_a_host_and_then_leads(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    await evening.told("club join", by=stage.camille)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    told = await evening.told(
        "club appoint", by=stage.moderator, person="Camille", standing="cohost"
    )
    assert told == "C’est fait : Camille aide à animer le club Polar."
    await evening.asks(
        stage.twitch_moderator, "!club nommer Inès = animation @ polar", "Inès anime le club Polar"
    )
    await evening.asks(
        stage.twitch_moderator, "!club nommer Inès = reine", refused("club-standing")
    )
    await evening.told("club propose", by=stage.camille, title="Nana")
    assert "Choisi : « Nana »" in await evening.told("club choose", by=stage.camille, book="nana")


async def test_people_and_clubs_complete_themselves_on_discord(evening: Evening) -> None:
    stage, discord, channel = evening.stage, evening.stage.discord, evening.stage.channel
    await _club(evening, "Polar ; sur approbation")
    await _club(evening, "Bande dessinée")
    await evening.asks(stage.ines, "!club rejoindre Polar", "va vous répondre")

    async def offered(by: Any, command: str, option: str, begun: str, **more: str) -> list[str]:
        found = await discord.autocomplete(by.id, channel.id, command, option, begun, **more)
        return [choice["name"] for choice in found]

    assert await offered(stage.noe, "club join", "club", "") == ["Bande dessinée", "Polar"]
    assert (await offered(stage.noe, "club join", "club", "pol"))[0] == "Polar"
    [name] = await offered(stage.host, "club approve", "person", "", club="Polar")
    assert name.endswith("· Inès")
    assert await offered(stage.noe, "club approve", "person", "", club="Polar") == []
    assert await offered(stage.host, "club approve", "person", "") == []
    await evening.told("club propose", title="Nana", club="Polar")
    [name] = await offered(stage.host, "club choose", "book", "na", club="Polar")
    assert name.endswith("· Nana")
    assert await offered(stage.host, "club choose", "book", "germ", club="Polar") == []


async def test_typed_on_discord_as_on_twitch(evening: Evening) -> None:
    stage = evening.stage
    await _written(evening, stage.host, "!club créer Polar ; Un polar par mois", "C’est fait")
    await _written(evening, stage.camille, "!club", "Polar (moins de 5 personnes)")
    await _written(evening, stage.camille, "!club liste", "Polar (moins de 5 personnes)")
    await _written(evening, stage.camille, "!club rejoindre polar", "Bienvenue au club Polar")
    await _written(evening, stage.camille, "!club rejoidre", "Essayez : !club rejoindre")
    text = await _written(
        evening, stage.camille, "!club proposer L’Étranger ; Camus ; 185 p", "C’est noté"
    )
    assert "« L’Étranger », Camus, proposition n° 1" in text
    await _written(evening, stage.camille, "!club proposer « Nana »", "proposition n° 2")
    text = await _written(evening, stage.noe, "!club livres", "Proposé :")
    assert text == "Proposé : n° 1 : « L’Étranger », Camus · n° 2 : « Nana »"
    await _written(evening, stage.camille, "!club retirer 2 @ polar", "Rangé")
    await _written(evening, stage.host, "!club choisir étranger", "a choisi sa prochaine lecture")
    told = [flat(message) for message in evening.messages()]
    assert not [text for text in told if "Choisi : « L’Étranger »" in text], "it is told once"
    await _written(evening, stage.host, "!club avancer", "En lecture : « L’Étranger »")
    await _written(evening, stage.host, "!club revenir", "C’est fait. Choisi")
    await _written(evening, stage.host, "!club nommer Camille = membre", "Camille est membre")
    await _written(evening, stage.camille, "!club quitter", "vous ne faites plus partie")
    await _written(evening, stage.host, "!club modifier = Noir", "le club Noir")
    await _written(evening, stage.host, "!club terminer noir", "ne se réunit plus")


async def test_what_is_missing_or_mistyped_on_twitch_is_helped(evening: Evening) -> None:
    stage = evening.stage
    by = stage.twitch_moderator
    await _club(evening)
    await evening.asks(by, "!club rejoidre", "Essayez : !club rejoindre")
    await evening.asks(by, "!club zzz", "Essayez : !club rejoindre [nom]")
    await evening.asks(by, "!club créer", "Essayez : !club créer [nom] ; [description]")
    await evening.asks(by, "!club modifier Polar", "Essayez : !club modifier")
    await evening.asks(by, "!club décliner", "Essayez : !club décliner [nom]")
    await evening.asks(by, "!club nommer", "Essayez : !club nommer [nom] = coanimation")
    await evening.asks(by, "!club proposer", refused("book-title"))
    await evening.asks(by, "!club choisir", "Essayez : !club choisir [numéro]")
    await evening.asks(by, "!club retirer", "Essayez : !club retirer [numéro]")
    await evening.asks(by, "!club avancer", refused("no-current-book"))
    await evening.asks(by, "!club livres", "Le club Polar n’a pas encore de livres.")
    await evening.asks(by, "!club vote 1 2", "Essayez : !vote 1 3")


async def test_among_several_clubs_one_is_named(evening: Evening) -> None:
    stage = evening.stage
    for name in ("Polar", "Noir"):
        await _club(evening, name)
    await evening.asks(stage.ines, "!club livres", "Ajoutez son nom après un @ : Noir, Polar.")
    await evening.asks(stage.ines, "!club livres noir", "Le club Noir n’a pas encore de livres.")
    await evening.asks(
        stage.twitch_moderator, "!club proposer Nana @ polar", "« Nana », proposition"
    )


async def test_more_clubs_than_fit_a_line_are_named(evening: Evening) -> None:
    for number in range(6):
        description = f"Le {number}e club, " + "longuement décrit " * 9
        await evening.told("club create", name=f"Club {number}", description=description)
    line = await evening.asks(evening.stage.ines, "!club", "Club 0")
    assert line == (
        "Club 0 · Club 1 · Club 2 · Club 3 · Club 4 · Club 5 · Pour en être : !club rejoindre [nom]"
    )


# --- Books


async def test_a_book_chosen_on_one_side_is_told_on_both(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    await evening.asks(stage.ines, "!club proposer Nana", "C’est réservé aux membres.")
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    line = await evening.asks(stage.ines, "!club proposer Nana ; Émile Zola", "C’est noté")
    assert (
        line
        == "C’est noté : « Nana », Émile Zola, proposition n° 1. Pour la reprendre : !club retirer 1"
    )
    told = await evening.told("club choose", book="#1")
    assert told == "C’est fait. Choisi : « Nana », Émile Zola."
    sentence = "Le club Polar a choisi sa prochaine lecture : « Nana », Émile Zola."
    await evening.heard(sentence)
    await evening.shown(sentence)
    line = await evening.asks(stage.leo, "!club", "Polar")
    assert "Choisi : « Nana », Émile Zola." in line
    told = await evening.told("club advance")
    assert told == "C’est fait. En lecture : « Nana », Émile Zola."
    await evening.asks(stage.twitch_moderator, "!club revenir", "Choisi : « Nana »")


async def test_an_isbn_that_nobody_knows_asks_for_the_title(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    line = await evening.asks(stage.twitch_moderator, "!club proposer 2-07-036002-4", "ISBN")
    assert line == refused("isbn-unknown", isbn="978-2-07-036002-4")
    told = await evening.told("club propose", title="978-2-07-036002-5")
    assert told == refused("isbn-wrong", text="978-2-07-036002-5")
    interaction = await evening.slash("club propose", title="ISBN 2070360024")
    assert flat(interaction.messages[0]) == refused("isbn-unknown", isbn="978-2-07-036002-4")
    await evening.asks(
        stage.twitch_moderator, "!club proposer 2070360024 ; L’Étranger ; Camus", "« L’Étranger »"
    )
    told = await evening.told("club propose", title="Nana", author="Zola", pages=470)
    assert "« Nana », Zola" in told


async def test_titles_and_names_are_shown_escaped_on_discord(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="**Gras**", description="~~barré~~ @everyone")
    await evening.told("club propose", title="_Nana_ @everyone")
    listed = await evening.slash("club list", by=stage.noe)
    assert r"\*\*Gras" in listed.messages[0]["content"]
    assert r"\~\~barré" in listed.messages[0]["content"]
    shelf = await evening.slash("club books", by=stage.noe)
    assert r"\_Nana\_" in shelf.messages[0]["content"]


async def test_a_catalogue_is_asked_for_an_isbn_and_for_nothing_else(
    stopped_evening: Evening, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening, stage = stopped_evening, stopped_evening.stage
    monkeypatch.setattr(catalogues_module, "ADDRESSES", server.addresses)
    evening.settings(lambda settings: replace(settings, lookup=("bnf", "openlibrary")))
    await evening.start()
    await _club(evening)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    line = await evening.asks(stage.ines, "!club proposer 2-07-036002-4", "C’est noté")
    assert "« L’Étranger », Albert Camus, proposition n° 1" in line
    server.says("bnf", b"", 503)
    server.says("openlibrary", b"{}")
    interaction = await evening.slash("club propose", title="ISBN 979-10-90636-07-1")
    assert flat(interaction.messages[0]) == refused("isbn-unknown", isbn="979-10-90636-07-1")
    assert await evening.told("club propose", title="9782070360024") == refused(
        "already-proposed", title="L’Étranger"
    )
    assert server.names == ["bnf", "bnf", "openlibrary"]
    people = (
        stage.ines.id,
        stage.ines.login,
        "Inès",
        stage.host.id,
        "Aurore",
        "Polar",
        "mediatheque",
    )
    for seen in server.asked:
        sent = f"{seen['url']} {seen['query']} {seen['headers']} {seen['body']!r}"
        assert not [who for who in people if str(who) in sent]


# --- People


async def test_one_s_own_record_shows_and_exports_clubs_and_proposals(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    await evening.told("club join", by=stage.camille)
    await evening.told("club propose", by=stage.camille, title="Nana")
    interaction = await evening.slash("me", by=stage.camille)
    assert "Vos clubs : Polar." in flat(interaction.messages[0])
    export = await _press(evening, stage.camille, interaction.messages[0], "Exporter")
    [file] = export.messages[0]["attachments"]
    _, _, body = stage.discord.world.files[int(file["id"])]
    assert body.decode("utf-8-sig").splitlines()[-2:] == ["club;Polar", "livre proposé;Polar;Nana"]


async def test_being_forgotten_includes_clubs(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    await evening.asks(stage.ines, "!oubliezmoi oui", "C’est fait")
    await evening.asks(stage.ines, "!club quitter", refused("not-member"))


async def test_clubs_and_books_outlive_a_restart(evening: Evening) -> None:
    await _club(evening)
    await evening.told("club propose", title="Nana")
    await evening.cast.restart()
    await evening.ready()
    assert await evening.told("club books") == "Proposé : n° 1 : « Nana »"


async def test_the_room_s_language_is_spoken(evening: Evening) -> None:
    await _club(evening)
    await evening.told("room language", by=evening.stage.moderator, language="en")
    told = await evening.told("club join", by=evening.stage.camille)
    assert told.startswith("Welcome to the club Polar! To propose a book: !club propose")
    await evening.asks(evening.stage.leo, "!club", "fewer than 5 people")


@pytest.mark.parametrize("topic", ["club", "les clubs", "!lu", "rencontre", "plan"])
async def test_help_on_clubs_is_asked_for_in_many_words(evening: Evening, topic: str) -> None:
    line = await evening.asks(evening.stage.ines, f"!aide {topic.removeprefix('les ')}", "!club :")
    assert "!rencontre oui, puis !ici" in line
    assert "Animation" not in line


async def test_help_on_clubs_on_discord_with_what_hosts_do(evening: Evening) -> None:
    told = await evening.told("help", topic="club")
    assert "Animation : !club vote ouvrir" in told
    assert "!aide club : les clubs de lecture" in await evening.told("help")
    await _written(evening, evening.stage.camille, "!aide clubs", "!rencontre oui, puis !ici")
