"""Quiet rooms on both platforms: the real clients change the settings, viewers are held back, and all comes back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.rehearsal.discord_errors import Refused
from bot.rehearsal.discord_world import Permission
from bot.settings import Settings
from bot.wording.quiet import missing
from games.core import Scene
from games.quiz import Quiz
from tests.stage_fixtures import FRENCH, Evening, plain
from tests.waiting import until

EMOTES = (30, 0, True)
LIVELY = (0, 0, False)


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a quiz ask for quiet while a question is open, as a pause does while people read."""
    scene = Quiz.scene

    def quiet(quiz: Quiz) -> Scene:
        found = scene(quiz)
        return replace(found, quiet="emotes" if found.phase == "asking" else "none")

    monkeypatch.setattr(Quiz, "scene", quiet)


def chats(evening: Evening) -> tuple[int, int, bool]:
    """Return how both chats are set: Discord's slow mode, Twitch's slow mode, Twitch's emote-only mode."""
    stage = evening.stage
    twitch = stage.twitch.chat_settings(stage.broadcaster.id)
    slow = twitch["slow_mode_wait_time"] or 0
    return stage.discord.world.channel(stage.channel.id).slowmode, slow, twitch["emote_mode"]


async def become(evening: Evening, wanted: tuple[int, int, bool]) -> None:
    await until(lambda: chats(evening) == wanted, lambda: chats(evening))


async def settled(evening: Evening) -> None:
    """Wait until no chat owes or is owed anything."""
    await until(lambda: not any(quiet._places for quiet in evening.app.quiet.values()))
    assert await kept(evening) == []


async def kept(evening: Evening) -> list[Any]:
    return await evening.app.database.rows("SELECT platform, former, wanted FROM quiet")


async def test_viewers_are_held_back_while_it_is_quiet_and_not_afterwards(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    await evening.chat(stage.ines, "Qui est là ?")
    await evening.chat(stage.ines, "HeyGuys")
    await evening.chat(stage.twitch_moderator, "Chut")
    lines = stage.twitch.view(stage.broadcaster.id, stage.ines.id)["lines"]
    refused = {line["text"]: line["refused"] for line in lines if line["refused"]}
    assert list(refused) == ["Qui est là ?"]
    assert refused["Qui est là ?"].startswith("msg_emoteonly")
    await evening.write(stage.camille, "Bonsoir")
    with pytest.raises(Refused) as held:
        await evening.write(stage.camille, "Encore moi")
    assert held.value.code == 20016
    assert evening.right in await evening.press(stage.camille, evening.right)
    await evening.skip()
    await become(evening, LIVELY)
    await evening.heard("Camille (Discord) a trouvé")
    await evening.chat(stage.leo, "Bravo !")
    await evening.write(stage.camille, "Merci")
    await settled(evening)


async def test_settings_of_before_come_back_after_a_stop(evening: Evening) -> None:
    stage = evening.stage
    stage.discord.set_slowmode(stage.channel.id, 5)
    hand = {"slow_mode": True, "slow_mode_wait_time": 10, "unique_chat_mode": True}
    await stage.twitch.set_chat(stage.broadcaster.id, **hand)
    await evening.quiz("lettres")
    await become(evening, (30, 10, True))
    await evening.chat(stage.twitch_moderator, "!quiz stop")
    await become(evening, (5, 10, False))
    assert stage.twitch.chat_settings(stage.broadcaster.id)["unique_chat_mode"]
    asked = [row.request for row in evening.exchanges if row.path == "/chat/settings"]
    assert [body for body in asked if body] == [{"emote_mode": True}, {"emote_mode": False}]
    await until(lambda: not evening.playing)


async def test_a_crash_in_mid_question_is_survived_with_the_settings_of_before(
    evening: Evening,
) -> None:
    evening.stage.discord.set_slowmode(evening.stage.channel.id, 5)
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    await evening.cast.kill()
    assert chats(evening) == EMOTES
    await evening.start()
    await evening.heard("Me revoilà")
    assert chats(evening) == EMOTES
    assert ("discord", '{"slow":5}', '{"slow":30}') in await kept(evening)
    await evening.skip()
    await become(evening, (5, 0, False))


async def test_a_stop_of_the_program_gives_back_and_the_next_start_is_quiet_again(
    evening: Evening,
) -> None:
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    await evening.cast.stop()
    assert chats(evening) == LIVELY
    await evening.start()
    await become(evening, EMOTES)
    await evening.told("quiz stop")
    await become(evening, LIVELY)


async def test_a_platform_out_of_reach_gives_back_when_it_returns(evening: Evening) -> None:
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    faults = evening.stage.twitch.faults
    faults.refuse_connections()
    await faults.drop()
    await evening.told("quiz stop")
    await become(evening, (0, 0, True))
    faults.accept_connections()
    await become(evening, LIVELY)
    await settled(evening)


@pytest.mark.parametrize("status", [429, 500])
async def test_a_call_that_fails_for_now_is_made_again(evening: Evening, status: int) -> None:
    evening.stage.twitch.faults.fail(status, method="PATCH", path="/chat/settings")
    evening.stage.discord.faults.fail(status, method="PATCH", path="/channels")
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    await evening.skip()
    await become(evening, LIVELY)


async def test_what_a_moderator_changes_by_hand_stays(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    stage.discord.set_slowmode(stage.channel.id, 120)
    await stage.twitch.set_chat(stage.broadcaster.id, emote_mode=False, slow_mode=True)
    await evening.skip()
    await settled(evening)
    assert chats(evening) == (120, 30, False)


# What is missing


def _without_scope(evening: Evening) -> Callable[[Settings], Settings]:
    stage = evening.stage
    token = stage.twitch.issue(stage.twitch.bot.id, "user:read:chat", "user:write:chat", "user:bot")

    def change(settings: Settings) -> Settings:
        assert settings.twitch is not None
        pair = replace(settings.twitch, token=token.access, refresh_token=token.refresh)
        return replace(settings, twitch=pair)

    return change


async def test_without_the_scope_the_game_goes_on_and_the_host_is_told_once(
    stopped_evening: Evening,
) -> None:
    evening = stopped_evening
    evening.settings(_without_scope(evening))
    await evening.start()
    await evening.quiz("lettres", questions=2)
    await become(evening, (30, 0, False))
    text = plain(missing("twitch-scope", FRENCH))
    await evening.heard(text)
    for _ in range(2):
        await evening.skip()
    await evening.asked(2)
    await become(evening, (30, 0, False))
    await evening.told("quiz stop")
    await become(evening, LIVELY)
    await evening.heard("La partie s’arrête ici.")
    assert evening.lines().count(text) == 1


async def test_without_the_badge_the_host_is_told(evening: Evening) -> None:
    stage = evening.stage
    stage.twitch.set_badges(stage.broadcaster.id, stage.twitch.bot.id, "vip")
    await evening.quiz("lettres")
    await evening.heard(plain(missing("twitch-moderator", FRENCH)))
    assert chats(evening) == (30, 0, False)


async def test_without_manage_channels_the_host_is_told_there(evening: Evening) -> None:
    stage = evening.stage
    role, deny = stage.guild.bot_role_id, int(Permission.MANAGE_CHANNELS)
    stage.discord.set_overwrite(stage.channel.id, role, 0, deny=deny)
    await evening.quiz("lettres")
    await evening.shown(plain(missing("discord-permission", FRENCH)))
    await become(evening, (0, 0, True))
    await evening.skip()
    await become(evening, LIVELY)


async def test_a_channel_that_is_deleted_meanwhile_is_owed_nothing(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz("lettres")
    await become(evening, EMOTES)
    channel = stage.discord.world.channel(stage.channel.id)
    stage.discord.delete_channel(channel.id)
    await evening.chat(stage.twitch_moderator, "!quiz stop")
    await settled(evening)
    assert not stage.twitch.chat_settings(stage.broadcaster.id)["emote_mode"]
    stage.discord.world.channels[channel.id] = replace(channel, posts=[])  # read at the end
