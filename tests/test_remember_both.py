"""Answers that a host has remembered: right from then on, on both platforms, in this run and in the next."""

import pytest

from bot.quiz import read_acceptance
from tests.stage_fixtures import Evening, flat, refused
from tests.waiting import until

PAU, SEINE = "Quelle ville a vu naître Henri IV ?", "Quel fleuve traverse Paris ?"
KEPT = "« la ville royale » est désormais juste dans ce jeu de questions."


@pytest.mark.parametrize(
    ("typed", "answer", "remember"),
    [
        ("Idefix", "Idefix", False),
        (" Idefix  retenir ", "Idefix", True),
        ("le petit chien Remember", "le petit chien", True),
        ("retenir", "retenir", False),
        ("remember me", "remember me", False),
        ("", "", False),
    ],
)
def test_the_last_word_says_whether_an_answer_is_kept(
    typed: str, answer: str, remember: bool
) -> None:
    assert read_acceptance(typed) == (answer, remember)


async def asking(evening: Evening, prompt: str) -> None:
    """Start a round of words and go on until this question is open."""
    await evening.quiz("mots", questions=2)
    if evening.session.activity.scene().prompt != prompt:
        await evening.skip()
        await evening.skip()
        await evening.asked(2)
    assert evening.session.activity.scene().prompt == prompt


async def again(evening: Evening, prompt: str) -> None:
    """Stop the round and ask the same question in a new one."""
    if evening.playing:
        await evening.slash("quiz stop")
        await until(lambda: not evening.playing)
    await asking(evening, prompt)


async def test_an_answer_remembered_on_discord_is_right_on_both_from_then_on(
    evening: Evening,
) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!moi montrer", "C’est fait")
    await asking(evening, PAU)
    await evening.chat(stage.ines, "La ville royale")
    told = await evening.told("quiz accept", answer="la ville royale", remember=True)
    assert told == KEPT
    await evening.heard("Inès (Twitch) a trouvé")
    await again(evening, PAU)
    await evening.write(stage.camille, "ville royale !")
    await evening.heard("Camille (Discord) a trouvé")


async def test_an_answer_remembered_on_twitch_is_right_after_the_bot_was_killed(
    evening: Evening,
) -> None:
    stage = evening.stage
    await asking(evening, PAU)
    await evening.asks(stage.twitch_moderator, "!quiz accepter la ville royale retenir", KEPT)
    await evening.slash("quiz stop")
    await until(lambda: not evening.playing)
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    await asking(evening, PAU)
    await evening.chat(stage.ines, "ville royale")
    await evening.heard("Inès (Twitch) a trouvé")


async def test_an_answer_is_remembered_by_typing_on_discord(evening: Evening) -> None:
    await asking(evening, SEINE)
    await evening.write(evening.stage.host, "!quiz accept le fleuve du pont Mirabeau remember")
    await evening.shown("« le fleuve du pont Mirabeau » est désormais juste")
    await evening.shown("« le fleuve du pont Mirabeau » est accepté aussi.")


async def test_an_answer_that_was_accepted_before_may_still_be_remembered(
    evening: Evening,
) -> None:
    await asking(evening, PAU)
    await evening.told("quiz accept", answer="la ville royale")
    assert await evening.told("quiz accept", answer="la ville royale", remember=True) == KEPT
    told = await evening.told("quiz accept", answer="la ville royale", remember=True)
    assert told == refused("already-right")


async def test_an_answer_is_remembered_while_its_question_is_revealed(evening: Evening) -> None:
    await asking(evening, PAU)
    await evening.skip()
    assert await evening.told("quiz accept", answer="la ville royale", remember=True) == KEPT


async def test_only_answers_in_words_are_remembered_and_only_by_hosts(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz("lettres")
    told = await evening.told("quiz accept", answer="A", remember=True)
    assert told == refused("remember-words-only")
    await evening.asks(
        stage.twitch_moderator, "!quiz accepter B retenir", refused("remember-words-only")
    )
    told = await evening.told("quiz accept", by=stage.camille, answer="A", remember=True)
    assert told == refused("hosts-only")
    await evening.slash("quiz stop")
    await until(lambda: not evening.playing)
    told = await evening.told("quiz accept", answer="A", remember=True)
    assert told == refused("nothing-running")


async def test_remembered_answers_are_listed_for_hosts_and_forgotten(evening: Evening) -> None:
    stage = evening.stage
    await asking(evening, PAU)
    await evening.told("quiz accept", answer="la ville royale", remember=True)
    listed = f"« la ville royale », pour : {PAU}"
    assert listed in await evening.told("deck show", deck="mots")
    assert "royale" not in await evening.told("deck show", deck="mots", by=stage.camille)
    await evening.asks(stage.twitch_moderator, "!deck voir mots", listed)
    line = await evening.asks(stage.ines, "!deck voir mots", "« Mots à trouver »")
    assert "royale" not in line
    interaction = await evening.slash("deck export", deck="mots")
    assert flat(interaction.messages[0]) == "Le voici, avec 1 réponse retenue : mots.toml"
    told = await evening.told("deck forget", deck="mots", answer="La Ville Royale", by=stage.host)
    assert told == "Oublié : « la ville royale » n’est plus compté juste dans le jeu mots."
    assert "royale" not in await evening.told("deck show", deck="mots")
    await again(evening, PAU)
    await evening.chat(stage.ines, "ville royale")
    await evening.chat(stage.leo, "Pau")
    assert "Inès" not in await evening.heard("a trouvé")


async def test_an_answer_is_forgotten_by_typing_on_either_side(evening: Evening) -> None:
    stage = evening.stage
    await asking(evening, PAU)
    for answer in ("la ville royale", "le chef-lieu"):
        await evening.told("quiz accept", answer=answer, remember=True)
    await evening.asks(
        stage.twitch_moderator, "!deck oublier mots la ville royale", "n’est plus compté juste"
    )
    await evening.asks(
        stage.twitch_moderator,
        "!deck oublier mots la ville royale",
        refused("not-remembered", answer="la ville royale", deck="mots"),
    )
    await evening.write(stage.host, "!questions oublier mots le chef-lieu")
    await evening.shown("« le chef-lieu » n’est plus compté juste")
