"""Reading plans from either side, and the spoiler gate on Discord: who may read which thread, and who may not."""

import asyncio
from typing import Any

import pytest

from bot.people import Visitor
from bot.rehearsal.discord_world import BOT_ROLE, Channel, Permission
from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.test_feed_both import given, read
from tests.test_people_faces import _press
from tests.waiting import until, until_read

SECTIONS = "ch. 1-5 ; ch. 6-10 ; ch. 11-15"


async def _reading(evening: Evening, sections: str = SECTIONS, pages: str = "300") -> None:
    """Let the club Polar read Germinal by a plan; Camille, Noé and Inès belong to it."""
    stage = evening.stage
    moderator = stage.twitch_moderator
    await evening.asks(moderator, "!club créer Polar ; Un polar par mois", "C’est fait")
    await evening.told("club propose", title="Germinal", author="Émile Zola", pages=int(pages))
    await evening.told("club choose", book="germinal")
    for member in (stage.camille, stage.noe):
        await evening.told("club join", by=member)
    await evening.asks(stage.ines, "!club rejoindre", "Bienvenue")
    if sections:
        told = await evening.told("plan add", sections=sections)
        assert "Un fil par section, ouvert à qui l’a lue : /plan fils" in told
        assert told.startswith("C’est fait"), told


async def _gated(evening: Evening, sections: str = SECTIONS) -> None:
    await _reading(evening, sections)
    told = await evening.told("plan threads")
    assert told.startswith("C’est fait : chaque section aura son fil privé ici"), told


async def _deferred(evening: Evening, command: str, by: Any, **options: Any) -> str:
    interaction = await evening.slash(command, by=by, **options)
    await until(lambda: interaction.messages and flat(interaction.messages[0]))
    return flat(interaction.messages[0])


async def _read(evening: Evening, by: Any, where: str) -> str:
    return await _deferred(evening, "reached", by, where=where)


def _threads(evening: Evening) -> list[Channel]:
    return evening.stage.discord.threads(evening.stage.channel.id)


def _may_read(evening: Evening, who: Any) -> list[str]:
    """Return the names of the threads that somebody sees."""
    places = evening.stage.discord.places(evening.stage.channel.id, who.id)
    return [place["name"] for place in places if place["parent"]]


# --- The plan


async def test_a_plan_is_made_on_one_side_and_seen_on_both(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening, "")
    told = await evening.told("plan show", by=stage.noe)
    assert told == "« Germinal » n’a pas encore de programme de lecture."
    assert "!plan générer 80 pages par semaine dès mardi" in await evening.told("plan show")
    line = await evening.asks(
        stage.twitch_moderator, "!plan générer 100 pages par semaine", "C’est fait"
    )
    assert line.startswith("C’est fait : 3 sections au programme. Du ")
    told = await evening.told("plan show", by=stage.camille)
    assert told.splitlines()[1].startswith("Section 1 · p. 1–100 · ")
    assert "Vous n’avez pas encore dit où vous en êtes." in told
    line = await evening.asks(stage.leo, "!plan", "Programme de lecture")
    assert "Prochaine étape, " in line
    assert "Section 1 · p. 1–100" in line
    assert "Pour dire où vous en êtes : !lu 1, !lu p. 120, !lu 45 %" in line


async def test_a_plan_is_typed_on_discord_too(evening: Evening) -> None:
    await _reading(evening, "")
    await evening.write(
        evening.stage.host, "!plan ajouter ch. 1-5 mardi ; ch. 6-10 « La grève » révélateur"
    )
    shown = flat(await evening.shown("2 sections au programme"))
    assert "Section 2 · ch. 6–10" in shown
    assert "La grève" not in shown
    told = await evening.told("plan show")
    assert "« La grève »" in told
    assert "La grève" not in await evening.told("plan show", by=evening.stage.camille)
    await _read(evening, evening.stage.camille, "2")
    assert "« La grève »" in await evening.told("plan show", by=evening.stage.camille)
    line = await evening.asks(evening.stage.leo, "!plan", "Programme")
    assert "grève" not in line


async def test_sections_are_changed_put_off_and_taken_away(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening, "ch. 1-5 mardi ; ch. 6-10 mardi ; ch. 11-15")
    told = await evening.told("plan edit", section="3: sans date")
    assert "3 sections" in told
    before = await evening.told("plan show")
    evening.clock.jump(30)
    await evening.asks(stage.twitch_moderator, "!plan décaler d’une semaine", "3 sections")
    assert before != await evening.told("plan show")
    line = await evening.asks(stage.twitch_moderator, "!plan retirer 2", "n’est plus")
    assert line.startswith("C’est fait : Section 2 · ch. 6–10 n’est plus au programme")
    assert "Section 2 · ch. 11–15" in await evening.told("plan show")
    assert await evening.told("plan remove", section="7") == refused("no-section", number=7, last=2)
    assert "n’a plus de programme" in await evening.told("plan clear")
    assert "n’a pas encore de programme" in await evening.told("plan show", by=stage.noe)


async def test_only_the_club_s_hosts_make_plans(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening)
    for command, options in (
        ("plan add", {"sections": "ch. 16-20"}),
        ("plan generate", {"pace": "80 pages"}),
        ("plan edit", {"section": "1: ch. 1-4"}),
        ("plan remove", {"section": "1"}),
        ("plan shift", {"amount": "une semaine"}),
        ("plan clear", {}),
        ("plan sums", {}),
        ("plan threads", {}),
        ("plan nothreads", {}),
    ):
        told = await evening.told(command, by=stage.camille, **options)
        assert told == refused("club-hosts-only"), command
    for verb in ("ajouter ch. 16", "effacer", "avancée", "fils", "sansfils"):
        evening.clock.jump(30)
        count = len(evening.lines())
        await evening.chat(stage.ines, f"!plan {verb}")
        await evening.heard(refused("club-hosts-only"), after=count)


async def test_a_plan_is_in_the_agenda_and_goes_with_the_book(evening: Evening) -> None:
    await _reading(evening, "ch. 1-5 mardi ; ch. 6-10")
    listed = flat((await evening.slash("agenda list")).messages[0])
    assert "Polar : Section 1 · ch. 1–5" in listed
    await evening.told("club advance")
    await evening.told("club advance")
    await evening.told("club advance")
    listed = flat((await evening.slash("agenda list")).messages[0])
    assert "Section 1" not in listed
    told = await evening.told("plan add", sections="ch. 11-12", book="#1")
    assert told == refused("plan-over", title="Germinal")
    await evening.told("club back", book="#1")
    listed = flat((await evening.slash("agenda list")).messages[0])
    assert "Polar : Section 1 · ch. 1–5" in listed


async def test_the_days_of_a_plan_are_in_the_club_s_calendar(evening: Evening) -> None:
    await _reading(evening, "ch. 1-5 mardi « Étienne »")
    _, file = await given(evening, "club calendar", by=evening.stage.camille)
    titles = [plain(str(one.summary)) for one in read(file.decode()).events]
    assert titles == ["Polar : Section 1 · ch. 1–5"]


# --- How far one is


async def test_one_says_where_one_is_on_either_side(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening, "ch. 1-5 p. 1-100 ; ch. 6-10 p. 101-200 ; ch. 11-15 p. 201-300")
    told = await _read(evening, stage.camille, "p. 100")
    assert told == "C’est noté : vous avez lu jusqu’au chapitre 5."
    assert await _read(evening, stage.camille, "p. 100/600") == (
        "C’est noté : vous en êtes à la section 1. Bonne lecture ! Ce qui vous était ouvert le reste."
    )
    assert "jusqu’au chapitre 5" in await _read(evening, stage.camille, "p. 200")
    assert "tout lu" in await _read(evening, stage.camille, "fini")
    assert "chapitre 10" in await _read(evening, stage.camille, "70 %")
    assert await _read(evening, stage.camille, "1h20") == refused("progress-total")
    assert "chapitre 5" in await _read(evening, stage.camille, "1h20 / 4h")
    assert await _read(evening, stage.camille, "9") == refused("no-section", number=9, last=3)
    assert await _read(evening, stage.camille, "blabla") == refused("progress-unread")
    assert await _read(evening, stage.camille, "effacer") == (
        "C’est fait : je ne sais plus où vous en êtes dans ce livre."
    )
    assert await _read(evening, stage.camille, "effacer") == refused("no-progress")
    line = await evening.asks(stage.ines, "!lu ch. 12", "Merci")
    assert line == "Merci, c’est noté : Inès."


async def test_one_s_own_progress_is_in_one_s_export_and_nobody_else_s(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening)
    await _read(evening, stage.camille, "ch. 12")
    for who, expected in ((stage.camille, True), (stage.noe, False)):
        asked = await evening.slash("me", by=who)
        export = await _press(evening, who, asked.messages[0], "Exporter")
        [file] = export.messages[0]["attachments"]
        text = stage.discord.world.files[int(file["id"])][2].decode("utf-8-sig")
        assert ("Germinal;ch. 12" in text) is expected


async def test_who_does_not_belong_to_the_club_is_told_how_to(evening: Evening) -> None:
    await _reading(evening)
    told = await _read(evening, evening.stage.moderator, "2")
    assert told == refused("reading-members-only", club="Polar")
    await evening.asks(evening.stage.leo, "!lu 2", refused("reading-members-only", club="Polar"))


async def test_hosts_see_sums_in_fives_and_never_a_name(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening)
    await _read(evening, stage.camille, "2")
    await _read(evening, stage.noe, "1")
    told = await evening.told("plan sums")
    assert told.splitlines() == [
        "Ont dit où elles en sont : moins de 5 personnes",
        "Section 1 · ch. 1–5 : moins de 5 personnes",
        "Section 2 · ch. 6–10 : moins de 5 personnes",
        "Section 3 · ch. 11–15 : moins de 5 personnes",
    ]


# --- The gate


async def test_a_thread_opens_to_those_who_have_read_so_far(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    assert _threads(evening) == []
    told = await _read(evening, stage.camille, "2")
    first, second = _threads(evening)
    assert told.splitlines()[1] == f"Ouvert pour vous : <#{second.id}> <#{first.id}>"
    assert _may_read(evening, stage.camille) == ["Section 1 · ch. 1–5", "Section 2 · ch. 6–10"]
    assert _may_read(evening, stage.noe) == []
    await _read(evening, stage.noe, "1")
    assert _may_read(evening, stage.noe) == ["Section 1 · ch. 1–5"]
    view = stage.discord.view(second.id, stage.noe.id)
    assert view["messages"] == []
    opening = plain(stage.discord.view(second.id, stage.camille.id)["messages"][0]["content"])
    assert "jusqu’au chapitre 10, et pas plus loin" in opening
    await stage.discord.say(stage.camille.id, second.id, "Étienne ment.")
    assert not any("Étienne" in line for line in evening.lines())


async def test_reading_back_shuts_nobody_out(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    await _read(evening, stage.camille, "2")
    told = await _read(evening, stage.camille, "1")
    assert "Ce qui vous était ouvert le reste." in told
    assert len(_may_read(evening, stage.camille)) == 2


async def test_who_left_a_thread_is_not_put_back(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    await _read(evening, stage.camille, "1")
    [thread] = _threads(evening)
    stage.discord.leave_thread(stage.camille.id, thread.id)
    await _read(evening, stage.camille, "2")
    assert _may_read(evening, stage.camille) == ["Section 2 · ch. 6–10"]


async def _at_rest(evening: Evening) -> None:
    """Wait until nothing that was told is still on its way."""

    async def told() -> bool:
        rows = await evening.app.database.rows("SELECT COUNT(*) FROM due WHERE state = 'settled'")
        return not rows[0][0]

    await until_read(told)


async def test_the_button_of_the_day_opens_the_thread_and_outlives_a_restart(
    evening: Evening,
) -> None:
    stage = evening.stage
    await _gated(evening, "ch. 1-5 dans 2 heures ; ch. 6-10")
    await evening.cast.kill()
    evening.clock.turn(0.1)
    await evening.start()
    board = await evening.shown("on a lu « Germinal » jusqu’au chapitre 5")
    line = await evening.heard("on a lu « Germinal » jusqu’au chapitre 5")
    assert "Si vous en êtes là aussi : !lu 1" in line
    await _at_rest(evening)
    await evening.cast.restart()
    await evening.ready()
    [button] = buttons(board)
    interaction = await stage.discord.click(stage.noe.id, int(board["id"]), button["custom_id"])
    await until(lambda: interaction.messages and flat(interaction.messages[0]))
    assert "vous avez lu jusqu’au chapitre 5" in flat(interaction.messages[0])
    assert _may_read(evening, stage.noe) == ["Section 1 · ch. 1–5"]
    told = [m for m in evening.messages() if "on a lu" in flat(m)]
    assert len(told) == 1
    assert len([line for line in evening.lines() if "on a lu" in line]) == 1


async def _choose(evening: Evening, by: Any, shown: Any, value: str) -> str:
    """Choose in the list under an answer to `/plan`."""
    menu = buttons(shown.messages[0])[0]
    message = int(shown.messages[0]["id"])
    interaction = await evening.stage.discord.select(by.id, message, menu["custom_id"], [value])
    await until(lambda: interaction.messages and flat(interaction.messages[0]))
    return flat(interaction.messages[0])


async def test_an_old_list_gives_no_entry_to_whoever_no_longer_belongs(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    of_noe = await evening.slash("plan show", by=stage.noe)
    of_camille = await evening.slash("plan show", by=stage.camille)
    await evening.told("club leave", by=stage.noe)
    told = await _choose(evening, stage.noe, of_noe, "3")
    assert told == refused("reading-members-only", club="Polar")
    assert _may_read(evening, stage.noe) == []
    assert "tout lu" in await _choose(evening, stage.camille, of_camille, "3")
    await evening.told("plan clear")
    told = await _choose(evening, stage.camille, of_camille, "2")
    assert told == refused("no-reading-plan", title="Germinal")


async def test_leaving_the_club_or_being_forgotten_takes_one_out_of_its_threads(
    evening: Evening,
) -> None:
    stage = evening.stage
    await _gated(evening)
    await _read(evening, stage.camille, "2")
    await _read(evening, stage.noe, "1")
    await evening.told("club leave", by=stage.camille)
    await until(lambda: _may_read(evening, stage.camille) == [])
    assert _may_read(evening, stage.noe) == ["Section 1 · ch. 1–5"]
    asked = await evening.slash("forget-me", by=stage.noe)
    await evening.click(stage.noe, "Oui", asked.messages[0])
    await until(lambda: _may_read(evening, stage.noe) == [])
    assert await evening.app.database.rows("SELECT * FROM progress") == []


async def test_threads_that_were_deleted_archived_or_locked_are_no_obstacle(
    evening: Evening,
) -> None:
    stage = evening.stage
    await _gated(evening)
    await _read(evening, stage.camille, "2")
    first, second = _threads(evening)
    stage.discord.edit_thread(first.id, archived=True)
    stage.discord.delete_channel(second.id)
    await _read(evening, stage.noe, "2")
    assert _may_read(evening, stage.noe) == ["Section 1 · ch. 1–5", "Section 2 · ch. 6–10"]
    assert _may_read(evening, stage.camille) == _may_read(evening, stage.noe)
    stage.discord.edit_thread(first.id, archived=True, locked=True)
    await evening.told("club join", by=stage.moderator)
    await _read(evening, stage.moderator, "1")
    assert stage.moderator.id in first.thread_members


async def test_a_missing_permission_is_one_sentence_to_the_host(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening)
    allowed = BOT_ROLE & ~Permission.CREATE_PRIVATE_THREADS
    stage.discord.set_permissions(stage.guild.id, stage.guild.bot_role_id, int(allowed))
    told = await evening.told("plan threads")
    assert told == refused("threads-forbidden")
    stage.discord.set_permissions(stage.guild.id, stage.guild.bot_role_id, int(BOT_ROLE))
    assert (await evening.told("plan threads")).startswith("C’est fait")
    stage.discord.set_permissions(stage.guild.id, stage.guild.bot_role_id, int(allowed))
    told = await _read(evening, stage.camille, "1")
    assert "C’est noté" in told
    assert _threads(evening) == []
    stage.discord.set_permissions(stage.guild.id, stage.guild.bot_role_id, int(BOT_ROLE))
    await _read(evening, stage.camille, "1")
    assert _may_read(evening, stage.camille) == ["Section 1 · ch. 1–5"]


async def test_what_was_said_before_a_crash_is_caught_up_with(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    await evening.app.clubhouse.progress.note(
        await evening.app.clubhouse.plans.find(await evening.app.clubs.by_id(1)),  # type: ignore[arg-type]
        "1",
        _visitor(stage.camille),
    )
    await evening.cast.kill()
    await evening.start()
    await until(lambda: _may_read(evening, stage.camille) == ["Section 1 · ch. 1–5"])


def _visitor(user: Any) -> Visitor:
    return Visitor("discord", str(user.id), user.display_name)


async def test_in_a_forum_sections_are_posts_that_warn(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening)
    forum = stage.discord.add_forum(stage.guild.id, "lectures", "Général", "Spoiler")
    post = stage.discord.start_thread(stage.host.id, forum.id, "Germinal")
    await asyncio.sleep(0.05)
    interaction = await evening.slash("club attach", channel=post.id, club="polar")
    assert "ici aussi" in flat(interaction.messages[0])
    interaction = await evening.slash("plan threads", channel=post.id)
    assert "Tout le monde peut lire les publications d’un forum" in flat(interaction.messages[0])
    await _read(evening, stage.camille, "1")
    [_, section] = stage.discord.threads(forum.id)
    assert section.name == "Section 1 · ch. 1–5"
    assert section.applied_tags == [forum.tags[1]["id"]]
    shown = stage.discord.view(section.id, stage.noe.id)["messages"][0]["content"]
    assert "et pas plus loin" in plain(shown)


async def test_a_section_that_changes_has_its_thread_renamed(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    await _read(evening, stage.camille, "2")
    await evening.told("plan edit", section="2: ch. 6-11")
    await until(lambda: _may_read(evening, stage.camille)[-1] == "Section 2 · ch. 6–11")
    told = await evening.told("plan remove", section="1")
    assert "Le fil reste sur Discord" in told
    await until(lambda: "Section 1 · ch. 6–11" in _may_read(evening, stage.camille))


async def test_markup_in_titles_stays_text(evening: Evening) -> None:
    stage = evening.stage
    await _reading(evening, "« @everyone **gras** <@1> https://x.y » ch. 1-5")
    told = (await evening.slash("plan show", by=stage.camille)).messages[0]["content"]
    assert "\\*\\*gras" in told
    assert "@everyone" not in told
    await evening.told("plan threads")
    await _read(evening, stage.camille, "1")
    assert [thread.name for thread in _threads(evening)] == ["Section 1 · ch. 1–5"]


async def test_without_trace_the_gate_opens_and_nothing_is_kept(evening: Evening) -> None:
    stage = evening.stage
    await _gated(evening)
    await evening.app.people.set_traceless(_visitor(stage.camille), on=True)
    told = await _read(evening, stage.camille, "1")
    assert "Vous participez sans trace" in told
    assert _may_read(evening, stage.camille) == ["Section 1 · ch. 1–5"]
    assert await evening.app.database.rows("SELECT * FROM progress") == []


@pytest.mark.parametrize("typed", ["!lu 1", "!reached 1", "!jailu ch. 5", "!readto p. 100"])
async def test_the_words_for_it_are_typed_on_discord(evening: Evening, typed: str) -> None:
    await _reading(evening, "ch. 1-5 p. 1-100 ; ch. 6-10 p. 101-200")
    await evening.write(evening.stage.camille, typed)
    assert flat(await evening.shown("Merci, c’est noté")) == "Merci, c’est noté : Camille."
