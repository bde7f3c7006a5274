"""Votes from either side: one vote, ballots typed in the chat and chosen in menus, and one result told to all."""

from typing import Any

from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.waiting import until

TITLES = ("Germinal ; Émile Zola ; 591", "Nana ; Émile Zola", "Indiana ; George Sand")


async def _club(evening: Evening, access: str = "public") -> None:
    """Let a host of the library create a club with three proposals."""
    by = evening.stage.twitch_moderator
    await evening.asks(by, f"!club créer Polar ; {access}", "C’est fait")
    for title in TITLES:
        await evening.asks(by, f"!club proposer {title}", "C’est noté")


async def _vote(evening: Evening, wish: str = "") -> dict[str, Any]:
    """Open a vote from the Twitch chat; return its board on Discord."""
    await _club(evening)
    count = len(evening.lines())
    await evening.chat(evening.stage.twitch_moderator, f"!club vote ouvrir {wish}")
    await evening.heard("C’est fait : le vote est ouvert.", after=count)
    await evening.heard("Que lira ensuite le club Polar ?", after=count)
    return await evening.shown("Que lira ensuite le club Polar ?")


def _menu(message: Any) -> dict[str, Any]:
    """Return the only menu of a message."""
    [menu] = [
        part for row in message["components"] for part in row["components"] if part["type"] == 3
    ]
    return dict(menu)


def _buttons(message: Any) -> list[dict[str, Any]]:
    """Return the buttons of a message, without its menus."""
    return [button for button in buttons(message) if button["type"] == 2]


async def _choose(evening: Evening, by: Any, message: Any, *values: str) -> Any:
    """Choose in a message's menu and return the interaction, answered in private."""
    menu = _menu(message)
    interaction = await evening.stage.discord.select(
        by.id, int(message["id"]), menu["custom_id"], list(values)
    )
    await interaction.settled()
    assert interaction.ephemeral
    return interaction


async def _closed(evening: Evening, *texts: str) -> str:
    """Close the vote from Discord; return what Twitch is told of it."""
    count = len(evening.lines())
    await evening.told("club vote close")
    return await evening.heard(*texts, after=count)


# --- One vote on both sides


async def test_a_vote_is_held_on_both_sides_at_once(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening)
    assert flat(board).splitlines()[:6] == [
        "Que lira ensuite le club Polar ?",
        "1. « Germinal », Émile Zola (591 pages)",
        "2. « Nana », Émile Zola",
        "3. « Indiana », George Sand",
        "",
        "Donnez tous les livres qui vous plairaient : !vote 1 2",
    ]
    assert "plus personne ne peut savoir qui a voté quoi" in flat(board)
    menu = _menu(board)
    assert [option["label"] for option in menu["options"]] == [
        "1. Germinal",
        "2. Nana",
        "3. Indiana",
    ]
    assert (menu["min_values"], menu["max_values"]) == (1, 3)
    line = await evening.heard("Que lira ensuite le club Polar ?")
    assert "Ce que vous tapez ici, tout le monde le lit." in line
    await evening.heard("1. « Germinal » · 2. « Nana » · 3. « Indiana »")

    interaction = await _choose(evening, stage.camille, board, "2", "3")
    assert flat(interaction.messages[0]) == (
        "C’est noté. Votre bulletin : 2. « Nana » · 3. « Indiana ». Vous pouvez en changer jusqu’à la clôture."
    )
    await evening.chat(stage.ines, "!vote 2")
    await evening.chat(stage.leo, "!vote 1 2")
    line = await evening.heard("Vote noté : ")
    assert line == "Vote noté : Inès et Leo64."
    line = await evening.asks(stage.leo, "!club vote", "3 bulletins à ce jour")
    assert "Nana" not in line

    line = await _closed(evening, "Le club Polar va lire « Nana », Émile Zola.")
    await evening.heard("3 bulletins · 2. « Nana » : 3 · 1. « Germinal » : 1 · 3. « Indiana » : 1")
    result = await evening.shown("Le club Polar va lire « Nana », Émile Zola.")
    assert flat(result).splitlines() == [
        "Que lira ensuite le club Polar ?",
        "Le club Polar va lire « Nana », Émile Zola.",
        "3 bulletins",
        "2. « Nana » : 3",
        "1. « Germinal » : 1",
        "3. « Indiana » : 1",
    ]
    closed = await evening.shown("Ce vote est clos.")
    assert (closed["id"], closed["components"]) == (board["id"], [])
    told = await evening.told("club books")
    assert told.splitlines() == [
        "Choisi : n° 2 : « Nana », Émile Zola",
        "Proposé : n° 1 : « Germinal », Émile Zola · n° 3 : « Indiana », George Sand",
    ]
    assert await evening.app.database.rows("SELECT COUNT(*) FROM ballot") == [(0,)]


async def test_a_ballot_is_changed_and_taken_back(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening)
    await _choose(evening, stage.camille, board, "1")
    interaction = await _choose(evening, stage.camille, board, "3")
    assert "C’est changé. Votre bulletin : 3. « Indiana »." in flat(interaction.messages[0])
    assert "Votre bulletin : 3. « Indiana »." in await evening.told("vote", by=stage.camille)
    [back] = _buttons(interaction.messages[0])
    pressed = await stage.discord.click(
        stage.camille.id, int(interaction.messages[0]["id"]), back["custom_id"]
    )
    assert flat(await pressed.settled()) == "C’est fait : votre bulletin est retiré du vote."
    assert "Vous n’avez pas encore voté." in await evening.told("vote", by=stage.camille)
    await evening.chat(stage.ines, "!vote 1")
    await evening.heard("Vote noté : Inès.")
    await evening.asks(stage.ines, "!vote retirer", "votre bulletin est retiré")
    await evening.asks(stage.ines, "!voter retirer", refused("no-ballot"))
    await _closed(evening, "Le club Polar n’a rien choisi")


async def test_votes_typed_on_discord(evening: Evening) -> None:
    stage = evening.stage
    await _vote(evening)
    told = await evening.told("vote", by=stage.camille, books="1 3")
    assert told.startswith("C’est noté. Votre bulletin : 1. « Germinal » · 3. « Indiana ».")
    await evening.write(stage.noe, "!vote nana")
    assert "Nana" not in flat(await evening.shown("Vote noté : Noé."))
    await evening.write(stage.noe, "!vote")
    await evening.shown("1. « Germinal », Émile Zola (591 pages)", "Donnez tous les livres")
    await evening.write(stage.noe, "!vote retirer")
    await evening.shown("votre bulletin est retiré")
    interaction = await evening.slash("vote", by=stage.noe)
    chosen = await _choose(evening, stage.noe, interaction.messages[0], "2")
    assert "Votre bulletin : 2. « Nana »." in flat(chosen.messages[0])


async def test_what_is_no_ballot_is_helped(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!vote", refused("no-club-here"))
    await _club(evening)
    await evening.asks(stage.ines, "!vote 1", refused("no-vote"))
    await evening.asks(stage.twitch_moderator, "!club vote ouvrir unique", "le vote est ouvert")
    await evening.heard("1. « Germinal » · 2. « Nana » · 3. « Indiana »")
    await evening.asks(stage.ines, "!vote 1 2", refused("vote-one"))
    await evening.asks(stage.ines, "!vote 7", refused("no-such-option", number=7, most=3))
    evening.clock.jump(30)
    await evening.asks(stage.ines, "!vote Le Ventre", refused("vote-nothing"))
    line = await evening.asks(stage.leo, "!vote", "Que lira ensuite")
    assert line.endswith(
        "Donnez un seul livre : !vote 2 · 1. « Germinal » · 2. « Nana » · 3. « Indiana »"
    )
    assert await evening.told("club vote open") == refused("vote-open")
    assert await evening.told("club vote close", by=stage.noe) == refused("club-hosts-only")


async def test_a_menu_of_a_vote_that_is_over_says_so(evening: Evening) -> None:
    stage = evening.stage
    await _vote(evening)
    interaction = await evening.slash("vote", by=stage.camille)
    await _closed(evening, "n’a rien choisi")
    late = await _choose(evening, stage.camille, interaction.messages[0], "1")
    assert flat(late.messages[0]) == refused("vote-over")


# --- Other ballots


async def test_books_are_ranked_press_by_press_and_counted_in_rounds(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening, "classement")
    assert "Donnez les livres dans votre ordre" in flat(board)
    [begin] = _buttons(board)
    interaction = await stage.discord.click(stage.camille.id, int(board["id"]), begin["custom_id"])
    message = await interaction.settled()
    assert interaction.ephemeral
    assert flat(message) == "Quel livre vous plairait le plus ?"
    for value, left in (("3", ["1. Germinal", "2. Nana"]), ("1", ["2. Nana"])):
        chosen = await stage.discord.select(
            stage.camille.id, int(message["id"]), _menu(message)["custom_id"], [value]
        )
        message = await chosen.settled()
        assert [option["label"] for option in _menu(message)["options"]] == left
    assert flat(message).startswith("3. « Indiana » > 1. « Germinal ». Lequel ensuite ?")
    cast, again = _buttons(message)
    assert (cast["label"], again["label"]) == ("Voter ainsi", "Recommencer")
    pressed = await stage.discord.click(stage.camille.id, int(message["id"]), cast["custom_id"])
    told = flat(await pressed.settled())
    assert told.startswith("C’est noté. Votre bulletin : 3. « Indiana » > 1. « Germinal ».")

    for name, ballot in (("leo", "1"), ("ines", "2"), ("twitch_moderator", "2 1")):
        await evening.chat(getattr(stage, name), f"!vote {ballot}")
    await until(lambda: "Moderatrice" in " ".join(evening.lines()), evening.lines)
    await evening.told("vote", by=stage.noe, books="1 > 3")
    await _closed(evening, "Le club Polar va lire « Germinal »")
    result = flat(await evening.shown("Le club Polar va lire « Germinal », Émile Zola."))
    assert result.splitlines()[2:] == [
        "5 bulletins",
        "Tour 1 : 1 (2), 2 (2), 3 (1), le 3 sort",
        "Tour 2 : 1 (3), 2 (2)",
    ]
    await evening.heard(
        "5 bulletins · Tour 1 : 1 (2), 2 (2), 3 (1), le 3 sort · Tour 2 : 1 (3), 2 (2)"
    )


async def test_ranking_can_be_begun_again(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening, "classement")
    [begin] = _buttons(board)
    interaction = await stage.discord.click(stage.noe.id, int(board["id"]), begin["custom_id"])
    message = await interaction.settled()
    chosen = await stage.discord.select(
        stage.noe.id, int(message["id"]), _menu(message)["custom_id"], ["2"]
    )
    message = await chosen.settled()
    again = _buttons(message)[1]
    pressed = await stage.discord.click(stage.noe.id, int(message["id"]), again["custom_id"])
    message = await pressed.settled()
    assert flat(message) == "Quel livre vous plairait le plus ?"
    assert len(_menu(message)["options"]) == 3


async def test_every_condition_is_announced(evening: Evening) -> None:
    await _club(evening)
    await evening.told("club vote open", each=2, end="2 jours", quorum="3", tie="seed", books="1 2")
    board = flat(await evening.shown("Que lira ensuite le club Polar ?"))
    line = await evening.heard("Que lira ensuite le club Polar ?")
    for text in (board, line):
        assert "Donnez 2 livres au plus : !vote 1 2" in text
        assert "Ouvert jusqu’au " in text
        assert "Il faut 3 bulletins." in text
        assert "À égalité, un tirage au sort de graine " in text
    assert "Indiana" not in board
    await _closed(evening, "Le club Polar n’a rien choisi : il fallait 3 bulletins.")


async def test_the_host_decides_a_tie_in_front_of_all(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening, "égalité animation")
    await _choose(evening, stage.camille, board, "1")
    await evening.chat(stage.ines, "!vote 3")
    await evening.heard("Vote noté : Inès.")
    await _closed(evening, "Le club Polar est partagé : 1 et 3 sont à égalité")
    await evening.shown("à l’animation de choisir. !club vote trancher [numéro]")
    assert await evening.told("club vote decide", book="2") == refused("not-level", numbers="1, 3")
    await evening.asks(
        stage.twitch_moderator, "!club vote trancher 3", "Le club Polar va lire « Indiana »"
    )
    await evening.shown(
        "Le club Polar va lire « Indiana », George Sand.", "1 et 3 étaient à égalité."
    )
    line = await evening.asks(stage.leo, "!club vote état", "va lire « Indiana »")
    assert "1 et 3 étaient à égalité. À égalité, l’animation choisit." in line


async def test_members_alone_vote_in_a_club_by_approval(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening, "approbation")
    await evening.told("club vote open")
    board = await evening.shown("Que lira ensuite le club Polar ?")
    await evening.asks(stage.ines, "!vote 1", "C’est réservé aux membres.")
    interaction = await _choose(evening, stage.camille, board, "1")
    assert flat(interaction.messages[0]) == refused("members-only", club="Polar")
    told = await evening.told("vote", books="1")
    assert told.startswith("C’est noté.")


async def test_a_club_of_two_rooms_tells_both(evening: Evening) -> None:
    stage = evening.stage
    await _club(evening)
    second = stage.second_channel.id
    await evening.slash("club attach", channel=second, club="polar")
    await evening.told("club vote open")
    await evening.shown("Que lira ensuite le club Polar ?")

    def there() -> list[str]:
        return [flat(message) for message in stage.discord.messages(second)]

    await until(lambda: any("Que lira ensuite" in text for text in there()), there)
    await _closed(evening, "n’a rien choisi")
    await until(lambda: any("Ce vote est clos." in text for text in there()), there)


# --- After a restart


async def test_a_vote_survives_a_restart_and_its_menu_too(evening: Evening) -> None:
    stage = evening.stage
    board = await _vote(evening)
    await _choose(evening, stage.camille, board, "1")
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    interaction = await _choose(evening, stage.camille, board, "2")
    assert "C’est changé. Votre bulletin : 2. « Nana »." in flat(interaction.messages[0])
    interaction = await _choose(evening, stage.noe, board, "2", "3")
    assert "C’est noté." in flat(interaction.messages[0])
    await _closed(evening, "Le club Polar va lire « Nana », Émile Zola.")
    assert (await evening.shown("Ce vote est clos."))["id"] == board["id"]


async def test_being_forgotten_takes_an_open_ballot_along(evening: Evening) -> None:
    stage = evening.stage
    await _vote(evening)
    await evening.chat(stage.ines, "!vote 1")
    await evening.heard("Vote noté : Inès.")
    await evening.asks(stage.ines, "!moi", refused("nothing-kept"))
    await evening.asks(stage.ines, "!oubliezmoi oui", "C’est fait")
    await evening.asks(stage.leo, "!club vote", "0 bulletin à ce jour")


async def test_titles_are_shown_escaped_on_discord(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="*Gras*")
    for title in ("_Nana_ @everyone", "**Germinal**"):
        await evening.told("club propose", title=title)
    await evening.told("club vote open")
    board = await evening.shown("Que lira ensuite le club *Gras* ?")
    text = board["embeds"][0]["description"]
    assert r"\_Nana\_" in text
    assert r"\*\*Germinal" in text
    assert plain(_menu(board)["options"][0]["label"]) == "1. _Nana_ @everyone"
    await _choose(evening, stage.camille, board, "1")
    await evening.told("club vote close")
    result = await evening.shown("va lire")
    assert r"\_Nana\_" in result["embeds"][0]["description"]


async def test_a_vote_on_many_long_titles_fits_every_limit(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="Sagas")
    for number in range(26):
        title = f"Tome {number} " + "de la très longue histoire " * 8
        await evening.told("club propose", title=title, author="Une autrice au nom bien long " * 5)
    await evening.told("club vote open", method="ranked")
    board = await evening.shown("Que lira ensuite le club Sagas ?")
    assert board["embeds"][0]["description"].count("Tome") >= 20
    await evening.heard("25. « Tome 24 de la très longue")
    await evening.told("vote", by=stage.camille, books="25 3 1")
    await evening.told("vote", by=stage.noe, books="2 25")
    await evening.told("club vote close")
    await evening.shown("Le club Sagas va lire")
    await evening.heard("Le club Sagas va lire")
