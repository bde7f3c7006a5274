"""The reading pause as people in Twitch chat live it: short words, gathered thanks; through the real twitchio."""

import asyncio

import pytest

from games.pause import Pause
from tests.stage_fixtures import Evening, only_twitch, refused
from tests.waiting import until


def pause_of(evening: Evening) -> Pause:
    activity = evening.session.activity
    assert isinstance(activity, Pause)
    return activity


async def begin(evening: Evening, text: str = "") -> None:
    """Let a moderator start a pause and go straight to the reading."""
    host = evening.stage.twitch_moderator
    await evening.chat(host, f"!pause lancer {text}")
    await evening.heard("Pour dire que vous êtes là : !lis")
    await evening.chat(host, "!pause passer")
    await until(lambda: pause_of(evening).scene().phase == "reading")


async def end(evening: Evening) -> str:
    """Let a moderator end the reading."""
    return await evening.asks(evening.stage.twitch_moderator, "!pause finir", "La pause est finie.")


# the course of a pause


async def test_pause_is_three_lines_of_chat(evening: Evening) -> None:
    stage = evening.stage
    await begin(evening, "15 Pause de midi")
    line = await evening.heard("Pause de midi, 15 minutes, dans 2 min.")
    assert "On lit ici et sur Discord." in line
    assert "Installez-vous, ouvrez votre livre. Je reviens à " in line
    await evening.chat(stage.ines, "!lis")
    await evening.chat(stage.leo, "!lis Germinal p. 45")
    await until(lambda: pause_of(evening).totals().readers == 2)
    line = await end(evening)
    assert line.startswith("La pause est finie. 2 personnes ont lu ensemble. Si vous voulez")
    assert line.endswith(" : !pages 12")
    await evening.chat(stage.ines, "!pages 12")
    await evening.chat(stage.leo, "!page 60")
    await until(lambda: pause_of(evening).totals().logged == 2)
    await evening.chat(stage.twitch_moderator, "!pause passer")
    line = await evening.heard("2 personnes ont lu ensemble : 27 pages.")
    assert "27 pages ensemble depuis septembre." in line
    count = len(evening.lines())
    await evening.chat(stage.twitch_moderator, "!pause finir")
    await until(lambda: not evening.playing)
    await evening.asks(stage.ines, "!pause", "Rien en cours ici.")
    said = [line for line in evening.lines()[count:] if "ensemble" in line]
    assert not said, "what was told is not told again"


async def test_thanks_are_gathered(evening: Evening) -> None:
    crowd = [evening.stage.twitch.add_user(f"lectrice_{n}", f"Lectrice{n}") for n in range(9)]
    await begin(evening)
    before = len(evening.lines())
    await asyncio.gather(*(evening.chat(user, "!lis") for user in crowd))
    await evening.heard("Avec nous pour lire : ", "et 6 autres.", after=before)
    await end(evening)
    await asyncio.gather(*(evening.chat(user, "!pages 3") for user in crowd))
    await evening.heard("C’est noté, merci : ", "et 6 autres.", after=before)
    said = [line for line in evening.lines()[before:] if "Lectrice" in line]
    notices = [line for line in said if "Je garde votre pseudo" in line]
    assert len(notices) == 1
    assert len(said) <= 4


@pytest.mark.parametrize(
    ("typed", "totals"),
    [
        ("!pages 12", (12, 0, 0, 0)),
        ("!PAGES 12", (12, 0, 0, 0)),
        ("!min 10", (0, 10, 0, 0)),
        ("!minutes 10", (0, 10, 0, 0)),
        ("!chap 2", (0, 0, 2, 0)),
        ("!log 45 %", (0, 0, 0, 1)),
        ("!log p. 45-67", (22, 0, 0, 0)),
        ("!page 45-67", (22, 0, 0, 0)),
        ("!note 12", (12, 0, 0, 0)),
        ("!noter 2 chapitres", (0, 0, 2, 0)),
        ("!chapitres 3-4", (0, 0, 2, 0)),
        ("!pages 10 min", (0, 10, 0, 0)),
    ],
)
async def test_each_word_notes_what_it_says(
    evening: Evening, typed: str, totals: tuple[int, ...]
) -> None:
    await begin(evening)
    await end(evening)
    await evening.chat(evening.stage.ines, typed)
    await until(lambda: pause_of(evening).totals().logged == 1, evening.lines)
    found = pause_of(evening).totals()
    assert (found.pages, found.minutes, found.chapters, found.percents) == totals


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("!pages -3", "log-negative"),
        ("!pages 1000000000", "log-too-much"),
        ("!log p. 12-8", "log-backwards"),
        ("!log 140 %", "log-percent"),
        ("!pages ١٢", "log-digits"),
        ("!pages beaucoup", "log-unread"),
        ("!pages", "log-empty"),
        ("!page 120", "log-no-start"),
        ("!min 10-20", "log-unread"),
    ],
)
async def test_nonsense_gets_one_sentence_and_changes_nothing(
    evening: Evening, typed: str, code: str
) -> None:
    await begin(evening)
    await end(evening)
    sentence = refused(code, most=2000, start=12, end=8, page=120, before=108)
    await evening.asks(evening.stage.ines, typed, sentence)
    assert pause_of(evening).totals().readers == 0


async def test_unlikely_amount_is_asked_again_and_then_believed(evening: Evening) -> None:
    await begin(evening)
    await end(evening)
    ines = evening.stage.ines
    await evening.asks(ines, "!pages 482", "482 pages en 1 min ? Si c’est bien cela, redites-le.")
    await evening.chat(ines, "!pages 482")
    await until(lambda: pause_of(evening).totals().pages == 482)


async def test_reader_breathes_reads_on_changes_books_and_leaves(evening: Evening) -> None:
    ines = evening.stage.ines
    await begin(evening)
    await evening.asks(ines, "!souffle", refused("not-reading"))
    await evening.chat(ines, "!lis")
    await evening.chat(ines, "!souffle")
    await evening.chat(ines, "!read")
    await until(lambda: pause_of(evening).totals().readers == 1)
    evening.clock.jump(20)  # nobody may give more than a few commands at once
    await evening.chat(ines, "!pause livre Nana p. 30")
    await evening.chat(ines, "!page 42")
    await until(lambda: pause_of(evening).totals().pages == 12, evening.lines)
    await evening.chat(ines, "!pause quitter")
    await evening.asks(ines, "!souffle", refused("not-reading"))
    assert pause_of(evening).totals().readers == 1


async def test_what_many_say_too_late_or_twice_is_answered_in_one_line(evening: Evening) -> None:
    crowd = [evening.stage.twitch.add_user(f"lectrice_{n}", f"Lectrice{n}") for n in range(6)]
    await begin(evening)
    for user in crowd:
        await evening.chat(user, "!lis")
    await evening.heard("Avec nous pour lire : ", "et 3 autres.")
    before = len(evening.lines())
    for user in crowd:
        await evening.chat(user, "!lis")
    await evening.heard("Avec nous pour lire : ", "et 3 autres.", after=before)
    await end(evening)
    await evening.chat(evening.stage.twitch_moderator, "!pause passer")
    await evening.heard("6 personnes ont lu ensemble.", "Qu’avez-vous lu ?")
    for user in crowd:
        await evening.chat(user, "!pages 3")
    await evening.heard("et 3 autres : les notes sont closes", after=before)
    said = [line for line in evening.lines()[before:] if "Lectrice" in line]
    assert len(said) <= 4


async def test_marathon_calls_its_readers_back(evening: Evening) -> None:
    host = evening.stage.twitch_moderator
    await evening.chat(host, "!pause marathon voix")
    line = await evening.heard(
        "Pause lecture : 3 fois 45 minutes, avec des respirations de 10 minutes"
    )
    assert "on lit à voix haute" in line
    await evening.chat(host, "!pause passer")
    await evening.asks(host, "!pause passer", "Partie 1 sur 3 : c’est lu.", "on reprend à")
    await evening.asks(host, "!pause passer", "On reprend la lecture : partie 2 sur 3, jusqu’à")
    await evening.asks(host, "!pause prolonger 20", "L’horaire change : on lit jusqu’à")
    await evening.asks(host, "!stop", "La pause s’arrête ici.")


async def test_what_changed_while_sharing_is_told_at_the_end(evening: Evening) -> None:
    host, ines = evening.stage.twitch_moderator, evening.stage.ines
    await begin(evening)
    await end(evening)
    await evening.chat(ines, "!pages 12")
    await evening.asks(host, "!pause passer", "1 personne a lu : 12 pages.")
    await evening.asks(ines, "!pages 21", "Inès : les notes sont closes")
    await evening.asks(host, "!pause corriger Inès 21", "C’est fait : Inès, 21 pages.")
    await evening.asks(
        host, "!pause finir", "1 personne a lu : 21 pages.", "Merci, et à la prochaine !"
    )


async def test_host_reopens_the_notes(evening: Evening) -> None:
    host, ines = evening.stage.twitch_moderator, evening.stage.ines
    await begin(evening)
    await evening.asks(host, "!pause rouvrir", refused("not-closed"))
    await evening.chat(ines, "!lis")
    await end(evening)
    await evening.asks(host, "!pause passer", "1 personne a lu.")
    await evening.asks(host, "!pause rouvrir", "Les notes sont rouvertes.", "!pages 12")
    await evening.chat(ines, "!pages 5")
    await until(lambda: pause_of(evening).totals().pages == 5)


@pytest.mark.parametrize(
    ("typed", "code", "facts"),
    [
        ("!pause lancer 0", "no-number", {"text": "0", "least": 1, "most": 240}),
        ("!pause 999", "no-number", {"text": "999", "least": 1, "most": 240}),
        ("!pause passer", "nothing-running", {}),
        ("!lis", "nothing-running", {}),
        ("!pages 12", "nothing-running", {}),
        ("!pause corriger Inès 12", "not-a-reader", {}),
        ("!pause moi", "nothing-kept", {}),
        ("!pause strat", "usage", {"usage": "!pause start"}),
    ],
)
async def test_command_that_cannot_be_done_says_what_would_work(
    evening: Evening, typed: str, code: str, facts: dict[str, object]
) -> None:
    await evening.asks(evening.stage.broadcaster, typed, refused(code, **facts))
    assert not evening.playing


async def test_patron_may_not_steer(evening: Evening) -> None:
    await begin(evening)
    for verb in ("lancer", "passer", "prolonger", "finir", "corriger x 1", "stop"):
        author = evening.stage.twitch.add_user(f"patron_{verb.split()[0]}")
        await evening.asks(author, f"!pause {verb}", refused("hosts-only"))


async def test_bare_command_says_what_is_on_and_what_one_can_do(evening: Evening) -> None:
    ines = evening.stage.ines
    answer = await evening.asks(ines, "!pause", "Rien en cours ici.")
    assert answer.endswith("lance une pause lecture avec : !pause lancer")
    await begin(evening)
    answer = await evening.asks(ines, "!pause", "de lecture.")
    assert answer.endswith("Pour en être : !lis")
    await end(evening)
    await evening.asks(ines, "!pause", "on peut noter pendant", "!pages 12")


async def test_reader_asks_for_their_own_and_for_all(evening: Evening) -> None:
    ines, host = evening.stage.ines, evening.stage.twitch_moderator
    await evening.asks(ines, "!pause objectif 500 pages", "C’est noté : 500 pages cette saison.")
    await begin(evening)
    await evening.chat(ines, "!lis")
    await end(evening)
    await evening.chat(ines, "!pages 12")
    await until(lambda: pause_of(evening).totals().pages == 12)
    await evening.asks(host, "!pause stop", "1 personne a lu : 12 pages.")
    await evening.asks(
        ines,
        "!pause moi",
        "Depuis septembre : 1 pause et 12 pages.",
        "Objectif : 12 pages sur 500 pages.",
    )
    await evening.asks(
        evening.stage.leo, "!pause total", "Ici, depuis septembre : 1 pause", "moins de 5 présences"
    )


async def test_pause_on_twitch_alone(stopped_evening: Evening) -> None:
    evening = stopped_evening
    evening.settings(only_twitch)
    await evening.start()
    host = evening.stage.broadcaster
    await evening.chat(host, "!pause lancer")
    await evening.heard("Pause lecture, 15 minutes")
    await evening.chat(host, "!pause passer")
    await evening.chat(evening.stage.ines, "!lis")
    await evening.asks(host, "!pause finir", "1 personne a lu.")


async def test_restart_says_how_late_it_is_and_what_is_left(evening: Evening) -> None:
    await begin(evening)
    await evening.chat(evening.stage.ines, "!lis")
    await evening.shown("1 personne lit")
    await evening.cast.kill()
    await evening.start()
    line = await evening.heard("Me revoilà, avec", "de retard. Rien n’est perdu. Il reste")
    assert ", jusqu’à " in line
    assert pause_of(evening).totals().readers == 1
