"""The hall and plays that are neither a line of chat nor a pressed choice: forms, wishes, credits, what was shown."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite
import pytest

from bot.batch import Ended, NotKeptError
from bot.hall import AT_ONCE
from bot.session import LONGEST_UNHEARD, MOST_UNHEARD, Suspended
from bot.storage.rooms import Room
from games.core import Player, Refusal, Role
from games.question import Question
from games.quiz import GRACE, Quiz, QuizOptions, TeamPlay
from games.quiz_events import (
    Accepted,
    Answered,
    Closed,
    Credited,
    Finished,
    Joined,
    Reached,
    Solved,
    Withdrawn,
)
from tests.fake_clock import spin
from tests.hall_stage import CAPITAL, LOBBY, REVEAL, RIVER, SECONDS, House, visitor

FULL = sqlite3.OperationalError("database or disk is full")
pytestmark = pytest.mark.usefixtures("closed_files")

HERO = Question("Qui est-ce ?", "Porthos", hints=("Il est fort.", "Il rêve d’un titre."))
YEAR = Question("Quand ?", "1885", number=1885)


def write(house: House, room: Room, name: str, text: str, prompt: int = 1) -> Any:
    session = house.hall.running(room.id)
    assert session is not None
    return house.hall.wrote(room.id, visitor("discord", name), session.id, prompt, text)


def heard(house: House, room: Room) -> list[str]:
    return [line.text for line in house.hall.unheard(room.id)]


def act(house: House, room: Room, action: str, text: str = "") -> Any:
    return house.hall.act(room.id, Role.HOST, action, text)


def credit(house: House, room: Room) -> None:
    for line in house.hall.unheard(room.id):
        house.hall.act(room.id, Role.HOST, "credit", repr(line.at), about=line.visitor)


async def teams(house: House, room: Room, mode: Any = "free") -> None:
    play = TeamPlay(mode, ("Rouges", "Bleus"))
    kept = QuizOptions("Le Béarn", "fr", (CAPITAL, RIVER), SECONDS, LOBBY, REVEAL, teams=play)
    house.hall.start(room, "quiz", "Le Béarn", kept.as_json(), Role.HOST)
    await house.hall.flush()


def quiz_of(house: House, room: Room) -> Quiz:
    session = house.hall.running(room.id)
    assert session is not None
    assert isinstance(session.activity, Quiz)
    return session.activity


# --- Forms


async def test_what_is_entered_in_a_form_is_committed_and_replayed(tmp_path: Path) -> None:
    house = await House(tmp_path / "e.sqlite3").open()
    room = await house.room()
    await house.asking(room, YEAR)
    receipt = write(house, room, "Ana", "1 880")
    await receipt.committed()
    assert receipt.newcomer
    assert receipt.events == (Answered(Player(1, "discord"), 1, (), 1, 1880),)
    rows = await house.sql("SELECT play, person_id, platform, body FROM journal WHERE play='wrote'")
    assert rows == [("wrote", 1, "discord", "1:1 880")]
    await house.crash()
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    write(house, room, "Ana", "1884")
    with pytest.raises(Refusal, match="already-answered"):
        write(house, room, "Ana", "1885")
    house.clock.advance(SECONDS)
    await house.hall.flush()
    assert house.discord.of(Closed)[0].gap == 1
    await house.close()


async def test_a_form_is_refused_as_a_button_is(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER, RIVER)
    for text, code in (("", "not-it"), ("x" * 5000, "unreadable"), ("la Seine", "not-it")):
        with pytest.raises(Refusal, match=code):
            write(house, room, "Ana", text)
    with pytest.raises(Refusal, match="session-over"):
        house.hall.wrote(room.id, visitor("discord", "Ana"), 99, 1, "la Loire")
    with pytest.raises(Refusal, match="question-closed"):
        write(house, room, "Ana", "la Loire", prompt=2)
    act(house, room, "pause")
    with pytest.raises(Refusal, match="paused"):
        write(house, room, "Ana", "la Loire")
    act(house, room, "resume")
    assert write(house, room, "Ana", "la Loire").events[0] == Solved(Player(1, "discord"), 1, 0)
    await house.hall.flush()
    assert await house.sql("SELECT count(*) FROM person") == [(1,)]


async def test_a_form_of_an_old_question_says_nothing_about_the_new_one(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER, RIVER)
    act(house, room, "skip")
    act(house, room, "skip")
    with pytest.raises(Refusal, match="question-closed"):
        write(house, room, "Ana", "la Garonne", prompt=1)
    assert not heard(house, room)


# --- Wishes


async def test_a_wish_needs_no_right_and_is_replayed(tmp_path: Path) -> None:
    house = await House(tmp_path / "e.sqlite3").open()
    room = await house.room()
    await teams(house, room)
    receipt = house.hall.wished(room.id, visitor("twitch", "Bob"), "team", "bleus")
    await receipt.committed()
    assert receipt.events == (Joined(Player(1, "twitch"), 1, "Bleus"),)
    await house.crash()
    house = await house.again()
    house.hall.wake("discord")
    house.hall.wake("twitch")
    house.clock.advance(LOBBY)
    house.say(room, "twitch", "Bob", "Pau")
    house.clock.advance(SECONDS)
    await house.hall.flush()
    standings = house.twitch.heard[-1].scene.teams
    assert [(team.name, team.points) for team in standings] == [("Bleus", 1), ("Rouges", 0)]
    await house.close()


async def test_a_wish_that_cannot_be_is_refused(house: House) -> None:
    room = await house.room()
    who = visitor("twitch", "Bob")
    with pytest.raises(Refusal, match="nothing-running"):
        house.hall.wished(room.id, who, "team", "1")
    await house.asking(room)
    with pytest.raises(Refusal, match="no-teams"):
        house.hall.wished(room.id, who, "team", "1")
    with pytest.raises(Refusal, match="unknown-action"):
        house.hall.wished(room.id, who, "dance")
    act(house, room, "pause")
    with pytest.raises(Refusal, match="paused"):
        house.hall.wished(room.id, who, "team", "1")
    await house.hall.flush()
    assert await house.sql("SELECT count(*) FROM person") == [(0,)]


# --- What has reached a platform


async def test_what_reached_a_platform_is_told_to_the_rules_once(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    asked = house.twitch.heard[-1]
    house.clock.advance(3)
    asked.shown("twitch", 1)
    asked.shown("twitch", 1)
    asked.shown("discord", 7)
    await house.hall.flush()
    assert house.twitch.of(Reached) == [Reached("twitch", 1, moved=True)]
    assert await house.sql("SELECT platform, body FROM journal WHERE play = 'shown'") == [
        ("twitch", "1")
    ]


async def test_what_is_shown_late_or_while_time_stands_changes_nothing(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    asked = house.twitch.heard[-1]
    act(house, room, "pause")
    asked.shown("twitch", 1)
    act(house, room, "resume")
    act(house, room, "stop")
    asked.shown("twitch", 1)
    await house.hall.close()
    asked.shown("twitch", 1)
    assert not house.twitch.of(Reached)


async def test_a_session_taken_back_does_not_hear_its_former_self(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    asked = house.twitch.heard[-1]
    house.database.fault = FULL
    with pytest.raises(NotKeptError):
        await house.press(room, "Ana", "Pau").committed()
    house.database.fault = None
    await act(house, room, "resume").committed()
    asked.shown("twitch", 1)
    await house.hall.flush()
    assert not house.twitch.of(Reached)
    assert await house.sql("SELECT count(*) FROM journal WHERE play = 'shown'") == [(0,)]


# --- What was no answer, and may yet be


async def test_what_was_no_answer_is_remembered_until_the_next_prompt(house: House) -> None:
    room, other = await house.room(1), await house.room(2)
    assert not heard(house, room)
    await house.asking(room, RIVER, HERO)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.say(room, "discord", "Bob", "la Loire")
    with pytest.raises(Refusal, match="not-it"):
        write(house, room, "Cle", "le Gers")
    assert heard(house, room) == ["la Garonne", "le Gers"]
    assert not heard(house, other)
    house.clock.advance(GRACE)
    assert quiz_of(house, room).scene().phase == "reveal"
    assert heard(house, room) == ["la Garonne", "le Gers"], "a host may accept it afterwards"
    house.clock.advance(REVEAL)
    assert not heard(house, room)
    await house.hall.flush()
    assert await house.sql("SELECT name FROM person") == [("Bob",)]


async def test_a_hint_makes_nothing_forgotten(house: House) -> None:
    room = await house.room()
    await house.asking(room, HERO)
    house.say(room, "twitch", "Ana", "Athos")
    house.say(room, "discord", "Bob", "Porthos", source="m1")
    house.hall.withdraw(room.id, source="m1")
    house.say(room, "discord", "Cle", "Porthos", source="m2")
    house.hall.withdraw(room.id, source="m2")
    house.clock.advance(SECONDS / 3 + 0.1)
    act(house, room, "hint")
    assert quiz_of(house, room).scene().hints == HERO.hints
    assert heard(house, room) == ["Athos"]


async def test_a_message_removed_after_a_hint_is_void(house: House) -> None:
    room = await house.room()
    await house.asking(room, Question("Où ?", "Pau", wrong=("Dax",), hints=("Au sud.",)))
    house.say(room, "discord", "Ana", "Pau", source="m1")
    house.clock.advance(SECONDS / 2)
    house.hall.withdraw(room.id, source="m1")
    house.clock.advance(SECONDS / 2)
    await house.hall.flush()
    assert house.discord.of(Closed)[0].solvers == ()


async def test_what_was_removed_cannot_be_credited(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    for name, source in (("Ana", "m1"), ("Bob", "m2"), ("Bob", "m3"), ("Cle", "m4")):
        house.say(room, "twitch", name, f"la Garonne de {name}", source=source)
    house.hall.withdraw(room.id, source="m1", visitor=visitor("twitch", "Ana"))
    house.hall.withdraw(room.id, visitor=visitor("twitch", "Bob"))
    house.hall.withdraw(room.id, visitor=visitor("discord", "Cle"))
    assert heard(house, room) == ["la Garonne de Cle"]


async def test_an_answer_is_taken_back_during_a_pause_too(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Loire", source="m1")
    act(house, room, "pause")
    house.hall.withdraw(room.id, source="m1")
    act(house, room, "resume")
    house.clock.advance(SECONDS)
    await house.hall.flush()
    assert house.twitch.of(Withdrawn)
    assert house.twitch.of(Closed)[0].solvers == ()


async def test_whoever_is_forgotten_is_not_remembered_by_what_they_said(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL, RIVER)
    house.press(room, "Ana", "Pau")
    act(house, room, "skip")
    act(house, room, "skip")
    house.say(room, "discord", "Ana", "la Garonne")
    house.say(room, "twitch", "Bob", "la Garonne")
    await house.participation.forget(visitor("discord", "Ana"))
    with pytest.raises(Refusal, match="nothing-kept"):
        await house.participation.forget(visitor("twitch", "Bob"))
    assert not heard(house, room)


async def test_only_so_much_is_remembered(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "x" * (LONGEST_UNHEARD + 1))
    for number in range(MOST_UNHEARD + 5):
        house.say(room, "twitch", "Ana", f"non {number}")
    assert len(heard(house, room)) == MOST_UNHEARD
    assert heard(house, room)[0] == "non 0"


# --- Credits


async def test_whoever_is_credited_becomes_known_and_is_told(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.say(room, "discord", "Bob", "jamais de la vie")
    house.clock.advance(SECONDS)
    house.hall.act(room.id, Role.HOST, "credit", repr(LOBBY + 2), about=visitor("twitch", "Ana"))
    await act(house, room, "accept", "Garonne").committed()
    assert house.twitch.of(Credited) == [Credited(Player(1, "twitch"), 1)]
    (accepted,) = house.twitch.of(Accepted)
    assert [(s.by, s.after) for s in accepted.closed.solvers] == [(Player(1, "twitch"), 2)]
    assert [p for a in house.twitch.heard for p in a.newcomers] == [Player(1, "twitch")]
    assert await house.sql("SELECT name FROM person") == [("Ana",)]
    house.clock.advance(REVEAL)
    await house.hall.flush()
    assert await house.sql("SELECT person_id, points FROM ledger") == [(1, 1)]


async def test_credits_are_replayed(tmp_path: Path) -> None:
    house = await House(tmp_path / "e.sqlite3").open()
    room = await house.room()
    await house.asking(room, RIVER)
    house.clock.advance(1.234567)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.clock.advance(1)
    house.say(room, "discord", "Bob", "la garonne !")
    credit(house, room)
    await act(house, room, "accept", "la Garonne").committed()
    before = quiz_of(house, room).scene()
    assert before.replies == 2
    await house.crash()
    house = await house.again()
    assert quiz_of(house, room).scene() == before
    house.hall.wake("discord")
    house.hall.wake("twitch")
    house.clock.advance(GRACE)
    await house.hall.flush()
    solvers = house.discord.of(Closed)[0].solvers
    assert [(house.people.name(s.by.id), round(s.after, 6)) for s in solvers] == [
        ("Ana", 1.234567),
        ("Bob", 2.234567),
    ]
    await house.close()


async def test_what_is_said_after_the_end_is_not_credited(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.clock.advance(SECONDS + 1)
    house.say(room, "twitch", "Bob", "la Garonne")
    with pytest.raises(Refusal, match="question-closed"):
        credit(house, room)
    await act(house, room, "accept", "la Garonne").committed()
    (accepted,) = house.twitch.of(Accepted)
    assert [house.people.name(s.by.id) for s in accepted.closed.solvers] == ["Ana"]
    assert house.people.find("twitch", "twitch-bob") is None


async def test_a_refused_credit_makes_nobody_known(house: House) -> None:
    room = await house.room()
    with pytest.raises(Refusal, match="nothing-running"):
        house.hall.act(room.id, Role.HOST, "credit", "1", about=visitor("twitch", "Ana"))
    house.start(room, RIVER)
    with pytest.raises(Refusal, match="nothing-to-accept"):
        house.hall.act(room.id, Role.HOST, "credit", "1", about=visitor("twitch", "Ana"))
    with pytest.raises(Refusal, match="hosts-only"):
        house.hall.act(room.id, Role.PATRON, "credit", "1", about=visitor("twitch", "Ana"))
    assert house.people.find("twitch", "twitch-ana") is None


async def test_a_credit_that_is_not_kept_leaves_nobody_known(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.database.fault = FULL
    credit(house, room)
    with pytest.raises(NotKeptError):
        await act(house, room, "accept", "la Garonne").committed()
    house.database.fault = None
    assert house.people.find("twitch", "twitch-ana") is None
    assert quiz_of(house, room).accepting("la Garonne") is not None


async def test_whoever_is_credited_while_their_first_play_is_lost_is_still_told(
    house: House,
) -> None:
    lost, room = await house.room(1), await house.room(2)
    await house.asking(lost, CAPITAL)
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Garonne")
    house.database.free.clear()
    house.say(lost, "twitch", "Ana", "Pau")
    await spin()
    house.database.fault, house.database.failures = FULL, 1
    credit(house, room)
    receipt = act(house, room, "accept", "la Garonne")
    house.database.free.set()
    await receipt.committed()
    newcomers = [a.newcomers for a in house.twitch.heard if a.room.id == room.id]
    assert newcomers[-1] == (Player(1, "twitch"),)
    assert await house.sql("SELECT name FROM person") == [("Ana",)]


# --- What an end leaves besides the ledger


async def test_a_settler_writes_in_the_transaction_that_ends_the_session(house: House) -> None:
    seen: list[tuple[Any, Sequence[Any]]] = []

    async def settler(transaction: aiosqlite.Connection, ended: Ended) -> None:
        async with transaction.execute("SELECT person_id, points FROM ledger") as rows:
            seen.append((ended.session.id, list(await rows.fetchall())))
        await transaction.execute("UPDATE session SET title = 'réglé' WHERE id = 1")

    house.settlers["quiz"] = settler
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.press(room, "Ana", "Pau")
    commits = house.database.commits
    house.clock.advance(SECONDS + REVEAL)
    await house.hall.flush()
    assert seen == [(1, [(1, 1)])]
    assert await house.sql("SELECT title, ended_at NOT NULL FROM session") == [("réglé", 1)]
    assert house.database.commits - commits <= 2, "the end, and that it was announced"


async def test_a_settler_that_fails_takes_the_end_back(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    broken = True

    async def settler(transaction: aiosqlite.Connection, ended: Ended) -> None:
        await transaction.execute("UPDATE session SET title = 'réglé'")
        if broken:
            raise RuntimeError("no settling")

    house.settlers["quiz"] = settler
    room = await house.room()
    await house.asking(room, CAPITAL)
    house.press(room, "Ana", "Pau")
    await house.hall.flush()
    house.clock.advance(SECONDS)
    await house.hall.flush()
    house.clock.advance(REVEAL)
    await house.hall.flush()
    assert "could not be written" in caplog.text
    assert house.discord.of(Suspended)
    assert not house.discord.of(Finished)
    assert await house.sql("SELECT title, ended_at FROM session") == [("Le Béarn", None)]
    assert await house.sql("SELECT count(*) FROM ledger") == [(0,)]
    assert quiz_of(house, room).scene().phase == "reveal"
    broken = False
    await act(house, room, "resume").committed()
    house.clock.advance(REVEAL)
    await house.hall.flush()
    assert len(house.discord.of(Finished)) == 1
    assert await house.sql("SELECT points FROM ledger") == [(1,)]


# --- Looking back


async def test_an_ended_session_is_built_again_from_its_journal(house: House) -> None:
    room, other = await house.room(1), await house.room(2)
    assert await house.hall.last_ended(room.id, "quiz") is None
    await house.asking(room, RIVER)
    house.say(room, "twitch", "Ana", "la Garonne")
    credit(house, room)
    act(house, room, "accept", "la Garonne")
    running = quiz_of(house, room)
    await house.hall.flush()
    assert await house.hall.last_ended(room.id, "quiz") is None
    act(house, room, "stop")
    house.start(room)
    await house.hall.flush()
    assert await house.hall.last_ended(room.id, "quiz") == 1
    assert await house.hall.last_ended(room.id, "bingo") is None
    assert await house.hall.last_ended(other.id, "quiz") is None
    again = await house.hall.replay(1)
    assert isinstance(again, Quiz)
    assert again is not running
    assert (again.scene(), again.record()) == (running.scene(), running.record())
    assert await house.hall.replay(99) is None


async def test_looking_back_at_a_long_session_lets_the_others_go_on(house: House) -> None:
    room = await house.room()
    await house.asking(room, RIVER)
    for number in range(3 * AT_ONCE):
        house.say(room, "twitch", f"Ana {number}", "la Loire")
    act(house, room, "stop")
    await house.hall.flush()
    turn, seen = 0, set()

    async def others() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    class Seen(Quiz):
        def play(self, play: Any, now: float) -> Any:
            seen.add(turn)
            return super().play(play, now)

    house.activities["quiz"] = Seen.from_json
    going_on = asyncio.create_task(others())
    again = await house.hall.replay(1)
    going_on.cancel()
    assert isinstance(again, Quiz)
    assert again.scene().replies == 3 * AT_ONCE
    assert len(seen) == 4


async def test_what_was_erased_is_not_looked_back_at(house: House) -> None:
    room = await house.room()
    await house.asking(room, CAPITAL)
    act(house, room, "stop")
    await house.hall.flush()
    house.clock.advance(8 * 86400)
    await house.participation.expire(journal_days=7, retention_days=400)
    assert await house.hall.last_ended(room.id, "quiz") is None
    assert await house.hall.replay(1) is None
