"""Rooms from either side: linking with and without a code, unlinking, and the language."""

import re

import pytest

from tests.stage_fixtures import Evening, refused
from tests.waiting import until

SALON = "mediatheque_pau"


def _linked(evening: Evening, login: str) -> bool:
    room = evening.app.rooms.by_discord.get(str(evening.stage.channel.id))
    return room is not None and room.twitch_login == login


async def _offer(evening: Evening, login: str) -> str:
    """Ask for a link with another channel than the present one, and return the code."""
    told = await evening.told("room link", by=evening.stage.moderator, twitch=login)
    found = re.search(r"\b\d{6}\b", told)
    assert found, told
    await until(lambda: evening.twitch_is_up)
    return found[0]


async def test_room_says_which_channels_it_is(evening: Evening) -> None:
    told = await evening.told("room show", by=evening.stage.camille)
    assert told == f"Cette salle est ici et sur twitch.tv/{SALON}."
    await evening.asks(evening.stage.ines, "!salle", "twitch.tv/mediatheque_pau")


async def test_unlinked_room_is_on_discord_alone(evening: Evening) -> None:
    await evening.told("room unlink", by=evening.stage.moderator)
    assert not _linked(evening, SALON)
    told = await evening.told("room unlink", by=evening.stage.moderator)
    assert told == refused("not-linked")
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await evening.shown("Question 1 sur 1")
    assert not [line for line in evening.lines() if "Question" in line]


async def test_the_librarys_own_channel_is_a_room_of_its_own_once_unlinked(
    evening: Evening,
) -> None:
    await evening.told("room unlink", by=evening.stage.moderator)
    await evening.asks(evening.stage.broadcaster, "!quiz", "Rien en cours ici.")
    await evening.asks(
        evening.stage.broadcaster, "!salle vior", "Je n’ai pas compris. Essayez : !salle voir"
    )


@pytest.mark.parametrize(
    "form", ["mediatheque_pau", "@Mediatheque_Pau", "https://twitch.tv/mediatheque_pau"]
)
async def test_the_librarys_own_channel_is_linked_at_once(evening: Evening, form: str) -> None:
    await evening.told("room unlink", by=evening.stage.moderator)
    told = await evening.told("room link", by=evening.stage.moderator, twitch=form)
    assert told == f"C’est fait : ce salon et twitch.tv/{SALON} ne font plus qu’une salle."
    await evening.quiz()


async def test_another_channel_needs_a_code_confirmed_by_its_moderator(evening: Evening) -> None:
    twitch = evening.stage.twitch
    other = twitch.add_channel("autre_biblio")
    twitch.set_badges(other.id, other.id, "broadcaster")
    twitch.set_badges(other.id, twitch.bot.id, "moderator")
    code = await _offer(evening, "autre_biblio")
    said = [line.text for line in twitch.lines(other.id)]
    assert not said, "the code is not said in public"
    patron = twitch.add_user("curieuse")
    await twitch.say(patron.id, other.id, f"!salle lier {code}")
    await until(lambda: refused("moderators-only") in _said(evening, other.id))
    assert not _linked(evening, "autre_biblio")
    await twitch.say(other.id, other.id, f"!salle lier {code}")
    await until(lambda: _linked(evening, "autre_biblio"))
    await until(lambda: any("ne font plus qu’une salle" in t for t in _said(evening, other.id)))
    await evening.slash("quiz start", deck="lettres", questions=1, seconds=300)
    await until(lambda: any("Question 1" in t for t in _said(evening, other.id)))


async def test_wrong_code_wrong_channel_and_old_code_are_refused(evening: Evening) -> None:
    twitch = evening.stage.twitch
    other = twitch.add_channel("autre_biblio")
    twitch.set_badges(other.id, other.id, "broadcaster")
    twitch.set_badges(other.id, twitch.bot.id, "moderator")
    code = await _offer(evening, "autre_biblio")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    await twitch.say(other.id, other.id, f"!room link {wrong}")
    await until(lambda: refused("no-discord-room") in _said(evening, other.id))
    await evening.asks(evening.stage.broadcaster, f"!room link {code}", refused("no-discord-room"))
    evening.clock.jump(601)
    await twitch.say(other.id, other.id, f"!room link {code}")
    await until(lambda: _said(evening, other.id).count(refused("no-discord-room")) == 2)
    assert not _linked(evening, "autre_biblio")


async def test_channel_that_was_asked_has_no_power_over_the_room_yet(evening: Evening) -> None:
    twitch, moderator = evening.stage.twitch, evening.stage.moderator
    other = twitch.add_channel("autre_biblio")
    twitch.set_badges(other.id, other.id, "broadcaster")
    await evening.quiz()
    await evening.told("room link", by=moderator, twitch="autre_biblio")
    await until(lambda: evening.twitch_is_up)
    for text in ("!quiz stop", "!stop", "!quiz pause", "!room unlink", "!room language en"):
        await twitch.say(other.id, other.id, text)
    await twitch.say(other.id, other.id, "!room link 000000x")
    await until(lambda: _said(evening, other.id))
    assert _said(evening, other.id) == [refused("no-discord-room")]
    assert evening.playing
    assert not evening.session.paused
    assert _linked(evening, SALON)
    assert evening.app.rooms.by_discord[str(evening.stage.channel.id)].locale == "fr"


async def test_code_works_once(evening: Evening) -> None:
    twitch = evening.stage.twitch
    other = twitch.add_channel("autre_biblio")
    twitch.set_badges(other.id, other.id, "broadcaster")
    twitch.set_badges(other.id, twitch.bot.id, "moderator")
    code = await _offer(evening, "autre_biblio")
    await twitch.say(other.id, other.id, f"!room link {code}")
    await until(lambda: _linked(evening, "autre_biblio"))
    await evening.told("room unlink", by=evening.stage.moderator)
    await evening.told("room link", by=evening.stage.moderator, twitch="autre_biblio")
    await until(lambda: evening.twitch_is_up)
    await twitch.say(other.id, other.id, f"!room link {code}")
    await until(lambda: refused("no-discord-room") in _said(evening, other.id))
    assert not _linked(evening, "autre_biblio")


async def test_channel_of_another_room_is_refused(evening: Evening) -> None:
    second = evening.stage.second_channel.id
    interaction = await evening.slash(
        "room link", by=evening.stage.moderator, channel=second, twitch=SALON
    )
    assert interaction.messages[0]["content"].startswith(
        f"twitch.tv/{SALON.replace('_', chr(92) + '_')}"
    )
    assert _linked(evening, SALON)


async def test_unknown_channel_is_refused(evening: Evening) -> None:
    await evening.told("room unlink", by=evening.stage.moderator)
    for login in ("personne_ici", "x y", "é", "a" * 300, "; DROP TABLE room"):
        told = await evening.told("room link", by=evening.stage.moderator, twitch=login)
        assert "Il n’y a pas de chaîne Twitch" in told, told


async def test_room_is_not_unlinked_while_it_plays(evening: Evening) -> None:
    await evening.quiz()
    told = await evening.told("room unlink", by=evening.stage.moderator)
    assert told == refused("room-busy")
    assert _linked(evening, SALON)


async def test_language_changes_what_is_said_from_then_on(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    told = await evening.told("room language", by=evening.stage.moderator, language="en")
    assert told == "From now on I speak English here."
    await evening.chat(evening.stage.ines, evening.right)
    await evening.shown("Question 1 of 2", "1 answer")
    await evening.skip()
    await evening.heard("Inès (Twitch) got it in")
    assert await evening.told("quiz pause") != "C’est en pause."
    await evening.heard("Pause. The clock stands still, nothing is lost.")
    await evening.asks(evening.stage.twitch_moderator, "!room language fr", "français")
    await evening.asks(evening.stage.twitch_moderator, "!quiz resume", "On reprend")


async def test_language_outlives_a_restart(evening: Evening) -> None:
    await evening.told("room language", by=evening.stage.moderator, language="en")
    await evening.cast.restart()
    await evening.ready()
    await evening.asks(evening.stage.ines, "!quiz", "Nothing on right now.")


def _said(evening: Evening, channel_id: str) -> list[str]:
    bot = evening.stage.twitch.bot.id
    lines = evening.stage.twitch.lines(channel_id)
    return [
        line.text.replace("\u202f", " ").replace("\u00a0", " ")
        for line in lines
        if line.user_id == bot
    ]
