"""Meetings as people meet them, on both platforms: planned, answered to, opened, attended, and spoken of afterwards."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.test_feed_both import given, read
from tests.test_pause_plans_both import ahead, turn_to, typed
from tests.waiting import until

LOVED = "Un livre qui tient chaud comme un poêle en plein hiver."
HOUR = 1 / 24


async def club(evening: Evening, line: str = "Polar") -> None:
    """Let Aurore, who works for the library, create a club."""
    await evening.told("club create", name=line)


async def planned(evening: Evening, rest: str = "", minutes: float = 180) -> dict[str, Any]:
    """Let a moderator plan a meeting from Twitch; return its card."""
    await club(evening)
    when = typed(ahead(evening, minutes))
    host = evening.stage.twitch_moderator
    await evening.asks(host, f"!rencontre prévoir {when} {rest}", "Rencontre du club Polar")
    return await evening.shown("Rencontre du club Polar", "1 h 30")


async def begun(evening: Evening, rest: str = "") -> dict[str, Any]:
    """Plan a meeting and let it open; return the board on which one checks in."""
    await planned(evening, rest)
    turn_to(evening, ahead(evening, 180))
    return await evening.shown("c’est ouvert")


async def book(evening: Evening) -> None:
    await evening.told("club propose", title="Germinal", author="Émile Zola")
    await evening.told("club choose", book="#1")


async def offered(evening: Evening, **options: Any) -> dict[str, Any]:
    """Let Aurore ask for a plan; return what says it back."""
    stage = evening.stage
    asked = await stage.discord.slash(stage.host.id, stage.channel.id, "meeting plan", **options)
    await asked.settled()
    message: dict[str, Any] = asked.messages[0]
    return message


async def pressed(evening: Evening, by: Any, label: str, message: Any) -> str:
    interaction = await evening.click(by, label, message)
    await interaction.settled()
    return flat(interaction.messages[0])


# --- Planning


async def test_a_meeting_is_said_back_before_it_is_planned(evening: Evening) -> None:
    await club(evening)
    when = ahead(evening)
    spoken = evening.stage.voice_channel.id
    options = {"every": "month", "channel": spoken, "seats": 12, "place": "Salle 2"}
    offer = await offered(evening, when=typed(when), **options)
    assert "Est-ce bien cela ? Rencontre du club Polar · " in flat(offer)
    assert f"en vocal sur Discord, <#{evening.stage.voice_channel.id}>, Salle 2" in flat(offer)
    assert "1 h 30 · 12 places" in flat(offer)
    assert "du mois" in flat(offer)
    assert not await evening.app.database.rows("SELECT * FROM meeting")
    await evening.click(evening.stage.host, "Prévoir", offer)
    card = await evening.shown("Rencontre du club Polar", "12 places")
    assert [button["label"] for button in buttons(card)] == [
        "Je viens",
        "Peut-être",
        "Pas cette fois",
    ]
    line = await evening.heard("Rencontre du club Polar", "12 places")
    assert line.endswith("Vous venez ? !rencontre oui, !rencontre peut-être ou !rencontre non")
    assert len(line) <= 500


async def test_a_meeting_is_planned_in_words_on_either_side(evening: Evening) -> None:
    await club(evening)
    when = typed(ahead(evening))
    await evening.write(
        evening.stage.host,
        f"!rencontre prévoir {when} <#{evening.stage.voice_channel.id}> 60 min @ Salle 2",
    )
    offer = await evening.shown("Est-ce bien cela ?")
    assert "en vocal sur Discord" in flat(offer)
    await evening.click(evening.stage.host, "Prévoir", offer)
    await evening.shown("Salle 2", "1 h")
    await evening.asks(
        evening.stage.twitch_moderator,
        f"!rencontre prévoir {typed(ahead(evening, 150))} sur place",
        "À noter",
    )


async def test_only_those_who_lead_the_club_plan(evening: Evening) -> None:
    await club(evening)
    stage, when = evening.stage, typed(ahead(evening))
    told = await evening.told("meeting plan", by=stage.camille, when=when)
    assert told == refused("club-hosts-only")
    await evening.asks(stage.ines, f"!rencontre prévoir {when}", refused("club-hosts-only"))
    await evening.told("club join", by=stage.camille)
    await evening.told("club appoint", person="Camille", standing="cohost")
    told = await evening.told("meeting plan", by=stage.camille, when=when)
    assert told.startswith("Est-ce bien cela ?")


# --- Answers


async def test_people_answer_on_both_sides_and_the_card_keeps_step(evening: Evening) -> None:
    stage, card = evening.stage, await planned(evening, "2 places")
    told = await pressed(evening, stage.camille, "Je viens", card)
    assert told.startswith("C’est noté : vous venez, ")
    assert "Une place est à vous." in told
    await evening.asks(stage.ines, "!rencontre je viens", "C’est noté, viendront : Inès.")
    told = await pressed(evening, stage.noe, "Je viens", card)
    assert "au rang 1 sur la liste d’attente" in told
    await evening.asks(stage.leo, "!rencontre peut-être", "C’est noté, peut-être : Leo64.")
    await evening.shown("2 oui, 1 peut-être, 1 en attente")
    assert len([m for m in evening.messages() if "1 en attente" in flat(m)]) == 1


async def test_whoever_waited_is_told_in_private_or_by_name(evening: Evening) -> None:
    stage, card = evening.stage, await planned(evening, "1 place")
    await pressed(evening, stage.camille, "Je viens", card)
    await pressed(evening, stage.noe, "Je viens", card)
    await evening.asks(stage.ines, "!rencontre oui", "au rang 2")
    await pressed(evening, stage.camille, "Pas cette fois", card)
    await until(lambda: evening.whispers(stage.noe), lambda: evening.whispers(stage.noe), 5)
    assert evening.whispers(stage.noe)[0].startswith(
        "Une place est à vous : Rencontre du club Polar"
    )
    stage.discord.close_to_dms(stage.camille.id)
    await pressed(evening, stage.noe, "Peut-être", card)
    await evening.heard("Inès : une place s’est libérée pour vous.")
    await pressed(evening, stage.camille, "Je viens", card)
    await evening.asks(stage.ines, "!rencontre non", "une autre fois : Inès")
    await evening.shown("Camille : une place s’est libérée pour vous.")


async def test_a_reminder_is_asked_for_and_comes_in_private(evening: Evening) -> None:
    stage, card = evening.stage, await planned(evening)
    interaction = await evening.click(stage.camille, "Je viens", card)
    await interaction.settled()
    again = await evening.click(stage.camille, "Me le rappeler", interaction.messages[0])
    await again.answered()
    turn_to(evening, ahead(evening, 121))
    await evening.shown("dans 59 min")
    await until(lambda: evening.whispers(stage.camille), list, 5)
    assert "commence dans" in evening.whispers(stage.camille)[0]
    assert evening.whispers(stage.noe) == []
    await evening.told("meeting cancel")
    await evening.shown("Annulation : Rencontre du club Polar")
    await evening.heard("Annulation : Rencontre du club Polar")
    await until(lambda: evening.whispers(stage.camille)[1:], list, 5)


async def test_what_is_called_off_can_be_answered_to_no_more(evening: Evening) -> None:
    stage, _ = evening.stage, await planned(evening)
    await evening.told("meeting cancel")
    await evening.shown("Annulée.")
    assert buttons(await evening.shown("Annulée.")) == []
    await evening.asks(stage.ines, "!rencontre oui", refused("no-meeting-planned"))


async def test_answers_stay_when_a_host_moves_a_meeting_in_the_agenda(evening: Evening) -> None:
    stage, card = evening.stage, await planned(evening)
    await pressed(evening, stage.camille, "Je viens", card)
    later = ahead(evening, 60 * 24 * 3)
    await evening.chat(stage.twitch_moderator, f"!agenda déplacer 1 {typed(later)}")
    await evening.heard("Nouvelle date : Rencontre du club Polar", "restent valables")
    await evening.shown("Nouvelle date", "Vos réponses restent valables.")
    card = await evening.shown("1 oui")
    assert plain(f"{later:%d}").lstrip("0") in flat(card)


async def test_a_club_s_own_host_changes_its_dates_in_the_agenda_and_no_others(
    evening: Evening,
) -> None:
    stage = evening.stage
    await planned(evening)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    assert refused("hosts-only") in await evening.asks(stage.ines, "!agenda annuler 1", "")
    await evening.told("club appoint", person="Inès", standing="cohost")
    evening.clock.jump(30)
    await evening.chat(stage.ines, "!agenda annuler 1")
    await evening.heard("Annulation : Rencontre du club Polar")


async def test_the_next_meetings_are_listed(evening: Evening) -> None:
    stage = evening.stage
    await planned(evening, "sur place @ Salle 2")
    line = await evening.asks(stage.ines, "!rencontre", "1. ")
    assert "Rencontre « Polar » · sur place, Salle 2" in line
    told = await evening.slash("meeting show", by=stage.camille)
    assert "Rencontre « Polar » · sur place, Salle 2" in flat(told.messages[0])
    assert len(buttons(told.messages[0])) == 3
    await evening.asks(stage.leo, "!rencontre anuler", "Essayez : !rencontre annuler")


async def test_a_meeting_that_goes_on_is_named_as_such(evening: Evening) -> None:
    stage = evening.stage
    await planned(evening, "chaque semaine sur place @ Salle 2")
    turn_to(evening, ahead(evening, 150))
    await evening.told("meeting open")
    line = await evening.asks(stage.ines, "!rencontre", "c’est ouvert. Bienvenue ! Pour dire")
    assert "Pour dire que vous êtes là : !ici · 2. " in line
    told = await evening.told("meeting show", by=stage.camille)
    assert told.splitlines()[0] == "Rencontre du club Polar : c’est ouvert. Bienvenue !"
    assert len(told.splitlines()) == 2 + told.count("Rencontre « Polar »")


async def test_markup_in_a_title_and_a_place_is_only_text(evening: Evening) -> None:
    await club(evening)
    await evening.asks(
        evening.stage.twitch_moderator,
        f"!rencontre prévoir {typed(ahead(evening))} **Noir** @everyone @ [x](http://y) <@1>",
        "Pour changer",
    )
    card = await evening.shown("everyone")
    shown = str(card["embeds"])
    assert "**Noir**" not in card["embeds"][0]["title"].replace("\\*", "")
    assert "](http" not in shown.replace("\\]", "").replace("\\(", "")


# --- Being there


async def test_people_check_in_on_both_sides_once_it_is_open(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!ici", refused("no-meeting"))
    board = await begun(evening)
    await evening.heard("c’est ouvert", "Pour dire que vous êtes là : !ici")
    evening.clock.jump(30)
    await evening.asks(stage.ines, "!ici", "C’est noté, sont là : Inès.")
    assert (await pressed(evening, stage.camille, "J’y suis", board)).startswith(
        "C’est noté : vous êtes là."
    )
    assert "déjà notée" in await pressed(evening, stage.camille, "J’y suis", board)
    assert "vous êtes là" in await evening.told("here", by=stage.noe)
    await evening.shown("3 personnes sont là.")
    await evening.asks(
        stage.twitch_moderator, "!rencontre compte 12", "Comptées par l’équipe : 12 personnes."
    )
    await evening.told("meeting close")
    await evening.shown("12 personnes sont venues")
    assert await pressed(evening, stage.noe, "J’y suis", board) == refused("meeting-over")
    told = await evening.told("meeting summary")
    assert "3 personnes venues" in told
    assert "3 sans avoir dit oui" in told
    assert await evening.told("meeting summary", by=stage.camille) == refused("club-hosts-only")


async def test_minutes_in_the_voice_channel_count(evening: Evening) -> None:
    stage = evening.stage
    await evening.told("club create", name="Manga")
    await evening.told("club join", by=stage.camille, club="Manga")
    await evening.told("club end", club="Manga")
    await club(evening)
    when = ahead(evening)
    offer = await offered(evening, when=typed(when), channel=stage.voice_channel.id)
    await stage.discord.speak_in(stage.camille.id, stage.voice_channel.id)
    await evening.click(stage.host, "Prévoir", offer)
    await evening.shown("Rencontre du club Polar")
    turn_to(evening, when)
    await evening.shown("c’est ouvert", "Après 10 min dans le salon vocal")
    await stage.discord.speak_in(stage.noe.id, stage.voice_channel.id)
    await stage.discord.speak_in(stage.noe.id, stage.stage_channel.id)
    await asyncio.sleep(0.1)
    await evening.app.clubhouse.attendances.look()
    evening.clock.jump(700)
    await evening.app.clubhouse.attendances.look()
    await evening.shown("1 personne est là.")
    rows = await evening.app.database.rows("SELECT how FROM attendance")
    assert rows == [("voice",)]


async def test_who_is_in_the_channel_already_is_seen_at_the_start(stopped_evening: Evening) -> None:
    evening = stopped_evening
    stage = evening.stage
    await stage.discord.speak_in(stage.camille.id, stage.voice_channel.id)
    await evening.start()
    there = evening.app.clubhouse.attendances._there
    await until(lambda: str(stage.camille.id) in there, lambda: there, 5)
    await stage.discord.hang_up(stage.camille.id)
    await until(lambda: not there, lambda: there, 5)


async def test_without_trace_one_is_counted(evening: Evening) -> None:
    stage, _ = evening.stage, await begun(evening)
    await evening.asks(stage.ines, "!moi sanstrace", "C’est fait")
    evening.clock.jump(30)
    await evening.asks(stage.ines, "!rencontre oui", refused("traceless-no-answer"))
    await evening.chat(stage.ines, "!ici")
    await evening.shown("1 personne est là.")
    assert await evening.app.database.rows("SELECT * FROM attendance") == []


# --- Afterwards


async def test_what_people_think_of_the_book(evening: Evening) -> None:
    stage = evening.stage
    await planned(evening)
    await book(evening)
    turn_to(evening, ahead(evening, 180))
    await evening.shown("c’est ouvert", "Germinal")
    await evening.told("meeting close")
    board = await evening.shown("c’est terminé", "Qu’avez-vous pensé du livre ?")
    await evening.heard("c’est terminé", "Votre avis sur le livre ? !avis lu 4 émouvant")
    form = await evening.click(stage.camille, "Mon avis", board)
    assert form.modal is not None
    sent = await stage.discord.submit(form, {"outcome": "read", "rating": "5", "word": "**fort**"})
    answer = flat(await sent.settled())
    assert answer.startswith("C’est noté : Je l’ai lu, 5 sur 5, « ")
    await evening.asks(stage.ines, "!avis pas lu, introuvable", "C’est noté, merci : Inès.")
    await evening.asks(stage.leo, "!avis bof", refused("opinion-unread"))
    told = await evening.told("meeting summary")
    assert "1 l’a lu, 0 en partie, 1 ne l’a pas lu." in told
    assert "1 personne n’a pas pu avoir le livre." in told
    assert "La moyenne se dit à partir de 5 notes." in told


async def test_a_favourite_is_written_reread_and_published(evening: Evening) -> None:
    stage = evening.stage
    await planned(evening)
    await book(evening)
    turn_to(evening, ahead(evening, 180))
    await evening.shown("c’est ouvert")
    await evening.told("meeting close")
    board = await evening.shown("Qu’avez-vous pensé du livre ?")
    form = await evening.click(stage.camille, "C’est un coup de cœur", board)
    sent = await stage.discord.submit(form, {"text": LOVED, "signature": "Camille, lectrice"})
    assert "relit avant de le publier" in flat(await sent.settled())
    await evening.asks(
        stage.ines, f"!club coups écrire {LOVED} ; **Inès** @everyone", "le relit avant"
    )
    assert await evening.told("club favourites list", by=stage.noe) != ""
    assert refused("hosts-only") == await evening.told("club favourites review", by=stage.noe)
    waits = "2 coups de cœur vous attendent. Pour les lire, sur Discord : /club coups relire"
    assert await evening.told("club favourites list") == waits
    told = await evening.told("club favourites review")
    assert "Camille, lectrice" in told
    assert "Inès" in told
    assert "everyone" in told
    assert "publié" in await evening.told("club favourites accept", number="1")
    line = await evening.asks(stage.leo, "!club coups", "Germinal")
    assert LOVED in line
    export = await evening.slash("club favourites export")
    [file] = export.messages[0]["attachments"]
    assert file["filename"].startswith("coups-de-coeur")


async def test_what_is_kept_is_shown_and_erased(evening: Evening) -> None:
    stage, card = evening.stage, await planned(evening)
    await pressed(evening, stage.camille, "Je viens", card)
    told = await evening.told("me", by=stage.camille)
    assert "Vos rencontres de clubs, réponses et présences : 1." in told
    shown = await evening.slash("me", by=stage.camille)
    export = await evening.click(stage.camille, "Exporter", shown.messages[0])
    await export.settled()
    names = [file["filename"] for file in export.messages[-1]["attachments"]]
    assert "ensemble-meetings.csv" in names
    await evening.shown("1 oui")
    await evening.write(stage.camille, "!oubliezmoi oui")
    await until(lambda: not evening.app.people.find("discord", str(stage.camille.id)), list, 5)
    assert await evening.app.database.rows("SELECT * FROM rsvp") == []


# --- Failure


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_meeting_opens_once_though_the_program_dies(evening: Evening, moment: str) -> None:
    when = ahead(evening, 180)
    await planned(evening)
    await evening.cast.kill()
    evening.clock.turn((timedelta(minutes=181).total_seconds()) / 86_400)
    await evening.start()
    await evening.shown("c’est ouvert")
    if moment == "after":
        await evening.cast.kill()
        await evening.start()
        await asyncio.sleep(0.3)
    opened = [m for m in evening.messages() if "c’est ouvert" in flat(m)]
    assert len(opened) == 1, when


async def test_a_flood_of_answers_is_one_line_and_few_edits(evening: Evening) -> None:
    await planned(evening, "50 places")
    crowd = [evening.stage.twitch.add_user(f"foule{n}", f"Foule{n}") for n in range(30)]
    count = len(evening.lines())
    for who in crowd:
        await evening.chat(who, "!rencontre oui")
    await evening.shown("30 oui")
    await evening.heard("viendront", after=count)
    assert len(evening.lines()) - count <= 6


async def test_a_meeting_is_called_one_in_every_list_of_what_comes(evening: Evening) -> None:
    stage = evening.stage
    await planned(evening)
    await evening.asks(stage.ines, "!agenda", "Rencontre « Polar »")
    assert "Rencontre « Polar »" in await evening.told("agenda list")
    _, file = await given(evening, "agenda calendar")
    assert [plain(str(one.summary)) for one in read(file.decode()).events] == [
        "Rencontre « Polar »"
    ]
    await until(lambda: stage.discord.events(stage.guild.id))
    [event] = stage.discord.events(stage.guild.id)
    assert plain(event["name"]) == "Rencontre « Polar »"


async def test_a_day_before_the_card_says_that_it_comes_soon(evening: Evening) -> None:
    first = await planned(evening, minutes=3 * 1440)
    assert "Bientôt" not in flat(first)
    turn_to(evening, ahead(evening, 3 * 1440) - timedelta(days=1))
    second = await evening.shown("Bientôt : Rencontre du club Polar")
    assert second["id"] != first["id"]
    await evening.told("meeting cancel")
    await evening.shown("Annulation : Rencontre du club Polar")

    def titles() -> list[str]:
        cards = [m for m in evening.messages() if m["id"] in (first["id"], second["id"])]
        return [embed["title"] for card in cards for embed in card["embeds"]]

    await until(lambda: titles() == ["Rencontre du club Polar"] * 2, titles)
