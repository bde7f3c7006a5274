"""Reading aloud in turn as people live it, on both platforms at once; and the host who is warned of a text."""

from typing import Any

from games.pause import Aside
from tests.stage_fixtures import Evening, buttons, flat, refused
from tests.waiting import until

ZOLA = "Germinal ; Émile Zola ; chapitre 1"


async def begin(evening: Evening, **options: Any) -> dict[str, Any]:
    """Let the host start a pause that is read aloud and go straight to the reading; return its board."""
    told = await evening.told("pause start", kind="aloud", **options)
    assert told.startswith("C’est parti."), told
    await evening.shown("Début de la lecture")
    await evening.slash("pause skip")
    return await evening.shown("Fin de la lecture")


def aside(evening: Evening) -> Aside:
    found = evening.session.activity.scene().facts
    assert isinstance(found, Aside)
    return found


async def test_people_read_to_each_other_from_both_platforms(evening: Evening) -> None:
    stage = evening.stage
    await evening.told(
        "rights add", title="Germinal", author="Émile Zola", ground="public-domain", died=1902
    )
    board = await begin(evening, work=ZOLA)
    await evening.heard("Lu à voix haute : « Germinal », Émile Zola, chapitre 1.", "!tour")
    assert "Lu à voix haute : « Germinal », Émile Zola, chapitre 1." in flat(board)
    told = await evening.press(stage.camille, "Lire à mon tour", board)
    assert told.startswith("À vous, Camille. Vous avez 5 min.")
    await evening.heard("À vous, Camille. Vous avez 5 min.")
    board = await evening.shown("Lit en ce moment : Camille", "Tour jusqu’à environ")
    await evening.chat(stage.ines, "!tour Nana ; chapitre 2")
    await evening.heard("Inès va lire « Nana », chapitre 2 : numéro 1 dans la file.")
    board = await evening.shown("Ensuite : Inès")
    told = await evening.press(stage.camille, "J’ai fini", board)
    assert told == "Merci, Camille !"
    await evening.heard("Merci, Camille !", "À vous, Inès : « Nana », chapitre 2.")
    await evening.shown("À vous, Inès : « Nana », chapitre 2.")
    await evening.shown("Lit en ce moment : Inès, « Nana », chapitre 2")
    await evening.chat(stage.ines, "!tour fini")
    await evening.heard("Personne n’attend pour lire.")
    await evening.slash("pause end")
    await evening.heard("Merci d’avoir lu pour nous : Camille et Inès.")
    await evening.shown("Merci d’avoir lu pour nous : Camille et Inès.", "Fin des notes")


async def test_readers_say_what_they_read_in_a_form_and_hosts_hand_on(evening: Evening) -> None:
    stage = evening.stage
    board = await begin(evening)
    button = next(b for b in buttons(board) if b["label"] == "Lire à mon tour")
    pressed = await stage.discord.click(stage.noe.id, int(board["id"]), button["custom_id"])
    private = await pressed.settled()
    opener = buttons(private)[0]
    opened = await stage.discord.click(stage.noe.id, int(private["id"]), opener["custom_id"])
    await opened.answered()
    sent = await stage.discord.submit(opened, {"text": ZOLA})
    assert flat(await sent.settled()) == "Noé a choisi « Germinal », Émile Zola, chapitre 1."
    await evening.shown("Lit en ce moment : Noé, « Germinal », Émile Zola, chapitre 1")
    assert "numéro 1" in await evening.told("turn ask", by=stage.camille)
    await evening.write(stage.camille, "!tour Nana")
    await until(lambda: aside(evening).turns.queue[0].reading.work == "Nana")  # type: ignore[union-attr]
    await evening.chat(stage.twitch_moderator, "!tour absent")
    await evening.heard("Noé aura de nouveau la parole", "À vous, Camille : « Nana ».")
    assert await evening.told("turn next") == "C’est fait."
    await evening.heard("Merci, Camille, pour « Nana ».", "À vous, Noé")
    await evening.asks(stage.ines, "!tour suivant", refused("hosts-only"))
    assert await evening.told("turn done", by=stage.camille) == refused("turn-not-yours")


async def test_time_calls_are_gentle_and_the_last_reader_may_finish(evening: Evening) -> None:
    stage = evening.stage
    await begin(evening, minutes=15)
    await evening.chat(stage.ines, "!tour")
    await evening.heard("À vous, Inès.")
    evening.clock.jump(242)
    evening.app.hall._due(evening.session)
    await evening.heard("Inès", "prenez le temps")
    evening.clock.jump(60)
    evening.app.hall._due(evening.session)
    await evening.heard("Inès, c’est l’heure", "on ne vous coupe pas")
    await evening.shown("Inès, c’est l’heure")
    evening.clock.jump(900)
    evening.app.hall._due(evening.session)
    await evening.heard("C’est l’heure, mais rien ne presse : Inès finit sa lecture")
    await evening.chat(stage.ines, "!tour fini")
    await evening.heard("La pause est finie.", "Merci d’avoir lu pour nous : Inès.")


async def test_queue_outlives_a_crash(evening: Evening) -> None:
    stage = evening.stage
    await begin(evening)
    await evening.chat(stage.ines, f"!tour {ZOLA}")
    await evening.heard("À vous, Inès")
    await evening.chat(stage.leo, "!tour Nana")
    await evening.heard("Leo64 va lire « Nana »")
    await evening.cast.kill()
    await evening.start()
    await evening.heard("Me revoilà")
    await evening.chat(stage.ines, "!tour fini")
    await evening.heard("Merci, Inès, pour « Germinal », Émile Zola, chapitre 1.", "À vous, Leo64")


async def test_host_on_discord_is_warned_in_private_of_a_text_without_a_right(
    evening: Evening,
) -> None:
    stage = evening.stage
    told = await evening.told("pause start", kind="aloud", work="L’Été ; Albert Camus")
    assert "À l’antenne sans droit valable. « L’Été », Albert Camus : non" in told
    assert told.endswith("La lecture continue.")
    await evening.slash("pause skip")
    await evening.shown("Fin de la lecture")
    await evening.chat(stage.ines, "!tour Nana")
    await evening.heard("À vous, Inès : « Nana ».")
    await until(lambda: evening.whispers(stage.host))
    [warned] = evening.whispers(stage.host)
    assert warned.startswith("À l’antenne sans droit valable. « Nana » : non")
    assert not any("sans droit" in line for line in evening.lines())
    assert not any("sans droit" in flat(message) for message in evening.messages())


async def test_host_on_twitch_is_warned_in_a_reply(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(
        stage.twitch_moderator,
        "!pause lancer voix L’Été ; Albert Camus",
        "À l’antenne sans droit valable. « L’Été », Albert Camus : non",
    )
    count = len(evening.lines())
    await evening.chat(stage.twitch_moderator, "!pause passer")
    await until(lambda: evening.session.activity.scene().phase == "reading")
    await evening.chat(stage.ines, "!tour Nana")
    await evening.heard("À l’antenne sans droit valable. « Nana » : non", after=count)
    assert not evening.whispers(stage.host)


async def test_text_with_a_right_warns_nobody(evening: Evening) -> None:
    await evening.told(
        "rights add", title="Germinal", author="Émile Zola", ground="public-domain", died=1902
    )
    told = await evening.told("pause start", kind="aloud", work=ZOLA)
    assert told == "C’est parti. Bonne lecture !"


async def test_nobody_takes_turns_in_a_silent_pause(evening: Evening) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!tour", refused("nothing-running"))
    await evening.slash("pause start")
    board = await evening.shown("Début de la lecture")
    assert "Lire à mon tour" not in [button["label"] for button in buttons(board)]
    await evening.asks(stage.ines, "!tour", refused("turn-none"))
    assert await evening.told("turn ask", by=stage.camille) == refused("turn-none")
