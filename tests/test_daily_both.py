"""The question of the day as people meet it, on both platforms at once, day after day, over crashes and stops."""

import asyncio
import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.decks import Decks
from bot.people import Visitor
from bot.storage import agenda
from bot.wording.dates import moment
from cogs.people_discord import _past, _sum
from games.deck import Deck
from games.question import Question
from games.recurrence import local_time
from tests.stage_fixtures import (
    FRENCH,
    Evening,
    buttons,
    decks,
    flat,
    only_discord,
    plain,
    refused,
)
from tests.waiting import until, until_read

PARIS = "Europe/Paris"
KINDS = {
    "nombres": Question("Quand paraît « Germinal » ?", "1885", number=1885),
    "plusieurs": Question(
        "Qui a écrit au XIXe siècle ?", answers=("Hugo", "Zola"), wrong=("Camus",)
    ),
    "rangs": Question("Du plus court au plus long ?", order=("Zola", "Hugo", "Sand")),
}
DECKS = Decks(
    [
        *decks().all.values(),
        *(Deck(name, name, "fr", "", "", "", (question,)) for name, question in KINDS.items()),
    ]
)
EVERY = [q for deck in DECKS.all.values() for q in deck.questions]


def today(evening: Evening) -> datetime:
    return local_time(evening.clock.wall(), PARIS)


class Day:
    """What one sees of the question that is open."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening

    async def message(self) -> dict[str, Any]:
        """Wait for the open question on Discord."""
        return await self.evening.shown("Question du jour", "La réponse viendra")

    async def answer(self) -> str:
        """Return the right answer."""
        text = flat(await self.message())
        return next(q.answer for q in EVERY if plain(q.prompt) in text)

    async def letter(self, *, right: bool = True) -> str:
        """Return the letter of the right answer, or of a wrong one."""
        answer = await self.answer()
        labels = [b["label"] for b in buttons(await self.message())]
        return next(plain(label)[0] for label in labels if label.endswith(answer) is right)

    async def press(self, by: Any, letter: str) -> str:
        return await self.evening.press(by, letter, await self.message())


@pytest.fixture
async def stopped_evening(stopped_evening: Evening) -> Evening:
    """Give an evening with a deck for each kind of question."""
    stopped_evening.cast._decks = DECKS
    return stopped_evening


@pytest.fixture
async def evening(stopped_evening: Evening) -> Evening:
    """Give one whose bot both platforms hear."""
    await stopped_evening.start()
    return stopped_evening


@pytest.fixture
def question(evening: Evening) -> Day:
    return Day(evening)


async def turn(evening: Evening, days: float = 1.0) -> None:
    """Let days pass, and nobody be in a hurry."""
    evening.clock.turn(days)
    evening.clock.jump(60.0)
    evening.app.agenda._dispatcher.wake()


async def ask(evening: Evening, deck: str = "lettres") -> None:
    """Let the host ask today's question at once, and wait for it on both platforms."""
    messages, lines = len(evening.messages()), len(evening.lines())
    assert await evening.told("daily now", deck=deck) == "La voici."
    await until(lambda: len(evening.messages()) > messages)
    await evening.heard("Question du jour", after=lines)


async def test_a_question_is_asked_answered_and_revealed_on_both_platforms(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    await ask(evening)
    board = await question.message()
    assert [b["label"][:4] for b in buttons(board)] == ["A · ", "B · ", "C · "]
    assert "<t:" in flat(board)
    heard = await evening.heard("Question du jour", "A) ", "!qdj B")
    assert "La réponse viendra" in heard
    right, wrong = await question.letter(), await question.letter(right=False)
    assert f"Réponse notée : {right}." in await question.press(stage.camille, right)
    assert f"Réponse notée : {wrong}." in await question.press(stage.noe, wrong)
    await evening.chat(stage.ines, f"!qdj {right}")
    await evening.chat(stage.leo, f"!daily {wrong}")
    thanks = await evening.heard("C’est noté, merci")
    assert "Inès" in thanks
    assert right not in thanks.replace("C’est", "")
    await turn(evening)
    answer = next(q for q in EVERY if plain(q.prompt) in flat(board))
    heard = await evening.heard(f"C’était {right}, {answer.answer}")
    assert "Discord : 2 réponses, 1 bonne · Twitch : 2 réponses, 1 bonne" in heard
    shown = await evening.shown(
        f"C’était {right}, {answer.answer}.", "Discord : 2 réponses, 1 bonne"
    )
    assert answer.explanation in flat(shown)
    closed = await evening.shown("C’est clos.")
    assert closed["id"] == board["id"]
    assert not buttons(closed)
    rows = await evening.app.database.rows(
        "SELECT discord_answers, discord_right, twitch_answers, twitch_right FROM daily"
    )
    assert [tuple(row) for row in rows] == [(2, 1, 2, 1)]


async def test_an_answer_may_be_changed_once_in_private_and_not_in_chat(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    await ask(evening)
    right, wrong = await question.letter(), await question.letter(right=False)
    assert "Réponse notée" in await question.press(stage.camille, wrong)
    assert await question.press(stage.camille, wrong) == refused(
        "already-answered", choices=("ABC".index(wrong),)
    )
    assert await question.press(stage.camille, right) == f"Réponse changée : {right}."
    assert await question.press(stage.camille, wrong) == refused("daily-changed")
    await evening.chat(stage.ines, f"!qdj {wrong}")
    await evening.heard("C’est noté")
    await evening.asks(stage.ines, f"!qdj {right}", refused("already-answered"))
    await turn(evening)
    await evening.heard("Discord : 1 réponse, 1 bonne · Twitch : 1 réponse, 0 bonne")


async def test_words_are_written_in_a_form_that_outlives_a_restart(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    await ask(evening, "mots")
    answer = await question.answer()
    board = await question.message()
    [button] = buttons(board)
    form = await stage.discord.click(stage.camille.id, int(board["id"]), button["custom_id"])
    await form.answered()
    await evening.cast.restart()
    await evening.ready()
    sent = await stage.discord.submit(form, {"answer": answer.upper()})
    assert "Votre réponse est notée." in flat(await sent.settled())
    await evening.chat(stage.ines, f"!qdj {answer}")
    await evening.heard("C’est noté, merci : Inès.")
    rows = await evening.app.database.rows("SELECT reply FROM daily_answer")
    assert all(answer not in row[0] for row in rows), "what was typed is not kept"
    await evening.asks(stage.leo, "!qdj répondre stop", "")
    await turn(evening)
    await evening.heard(f"C’était {answer}", "Discord : 1 réponse, 1 bonne")


async def test_a_picture_is_shown_and_described(stopped_evening: Evening) -> None:
    stopped_evening.cast._decks = Decks.shipped()
    await stopped_evening.start()
    await ask(stopped_evening, "ecritures")
    [deck] = [d for d in Decks.shipped().all.values() if d.name == "ecritures"]
    board = await Day(stopped_evening).message()
    [attachment] = board["attachments"]
    [shown] = [q for q in deck.questions if q.image == attachment["filename"]]
    assert attachment["description"] == shown.alt
    await stopped_evening.heard("Question du jour", plain(shown.alt))


async def test_a_number_and_typing_on_discord(evening: Evening, question: Day) -> None:
    stage = evening.stage
    await ask(evening, "nombres")
    assert "le plus proche" in await evening.heard("Question du jour", "!qdj 1885")
    await evening.write(stage.noe, "!qdj bonjour")
    await evening.shown(refused("daily-unread"))
    await evening.write(stage.noe, "!qdj 1880")
    await evening.shown("Votre réponse est notée.")
    await evening.write(stage.noe, "!qdj 1885")
    await evening.shown(refused("already-answered"))
    assert "notée" in await evening.told("daily answer", by=stage.camille, answer="1900")
    await turn(evening)
    await evening.shown("C’était 1885.", "Discord : 2 réponses, 1 bonne")


async def test_all_the_right_answers_are_chosen_from_a_list(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    await ask(evening, "plusieurs")
    board = await question.message()
    [chooser] = [part for row in board["components"] for part in row["components"]]
    values = [
        o["value"] for o in chooser["options"] if "Hugo" in o["label"] or "Zola" in o["label"]
    ]
    picked = await stage.discord.select(
        stage.camille.id, int(board["id"]), chooser["custom_id"], values
    )
    assert "Réponse notée" in flat(await picked.settled())
    letters = " ".join("ABC"[int(value)] for value in values)
    await evening.chat(stage.ines, f"!qdj {letters}")
    await evening.heard("C’est noté")
    await turn(evening)
    await evening.heard("Discord : 1 réponse, 1 bonne · Twitch : 1 réponse, 1 bonne")


async def test_every_day_has_its_question_and_streaks_are_private_unless_shown(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    soon = today(evening) + timedelta(minutes=2)
    told = await evening.told("daily start", time=f"{soon:%H:%M}", deck="lettres")
    assert told.startswith("C’est fait : la première question viendra")
    first = moment(soon.replace(second=0, microsecond=0), FRENCH, today(evening))
    await evening.asks(stage.leo, "!agenda", f"1. {plain(first)} : Question du jour")
    await turn(evening, 0.01)
    seen = set()
    for number in range(4):
        await until(lambda count=number: len(_questions(evening)) > count, evening.lines)
        letter = await question.letter()
        await question.press(stage.camille, letter)
        await evening.chat(stage.ines, f"!qdj {letter}")
        await until(lambda count=number: _answers(evening, count), evening.lines)
        seen.add(await question.answer())
        if number == 1:
            await evening.slash("me", by=stage.camille)
            await evening.asks(stage.ines, "!moi montrer", "au tableau")
        await turn(evening)
        await until(lambda count=number: len(_reveals(evening)) > count, evening.lines)
    assert len(seen) == 3, "a deck of three is used up before anything comes again"
    last = _reveals(evening)[-1]
    assert "Merci de votre fidélité : Inès (4 questions d’affilée)." in last
    assert "Camille" not in last
    me = await evening.told("daily me", by=stage.camille)
    assert "4 questions d’affilée" in me
    assert "4 réponses, 4 bonnes" in me
    heard = await evening.asks(stage.ines, "!qdj moi", "4 questions d’affilée")
    assert "La question du jour vous attend" in heard


def _questions(evening: Evening) -> list[str]:
    return [line for line in evening.lines() if line.startswith("Question du jour · ")]


def _reveals(evening: Evening) -> list[str]:
    return [line for line in evening.lines() if line.startswith("Question du jour, ")]


def _answers(evening: Evening, count: int) -> bool:
    return sum("C’est noté" in line for line in evening.lines()) > count


async def test_whoever_plays_without_trace_is_counted_and_nothing_stays(
    evening: Evening, question: Day
) -> None:
    stage = evening.stage
    await evening.asks(stage.ines, "!moi sanstrace", "comptée")
    await ask(evening)
    await evening.chat(stage.ines, f"!qdj {await question.letter()}")
    await evening.heard("C’est noté")
    await turn(evening)
    await evening.heard("Twitch : 1 réponse, 1 bonne")
    assert not await evening.app.database.rows("SELECT * FROM daily_record")
    await evening.asks(stage.ines, "!qdj moi", "sans trace")


async def test_whoever_is_forgotten_leaves_no_answer(evening: Evening, question: Day) -> None:
    stage = evening.stage
    await ask(evening)
    letter = await question.letter()
    await question.press(stage.camille, letter)
    await evening.chat(stage.ines, f"!qdj {letter}")
    await evening.heard("C’est noté")
    await evening.asks(stage.ines, "!oubliezmoi oui", "C’est fait")
    await turn(evening)
    await evening.heard("Discord : 1 réponse, 1 bonne")
    people = await evening.app.database.rows(
        "SELECT person_id FROM daily_answer UNION SELECT person_id FROM daily_record"
    )
    assert len(people) == 1


async def test_what_is_kept_is_exported_and_single_answers_go_in_time(
    evening: Evening, question: Day
) -> None:
    camille = evening.stage.camille
    await ask(evening)
    await question.press(camille, await question.letter())
    await turn(evening)
    await evening.shown("C’était")
    record = await evening.slash("me", by=camille)
    [pressed] = [b for b in buttons(record.messages[0]) if b["label"].startswith("Exporter")]
    message = int(record.messages[0]["id"])
    exported = await evening.stage.discord.click(camille.id, message, pressed["custom_id"])
    answer = await exported.settled()
    assert "1 participation" in flat(answer)
    visitor = Visitor("discord", str(camille.id), "")
    [past], [(room, kept)] = await evening.app.dailies.kept(visitor)
    assert _past(past, FRENCH)[1:] == [
        "quiz",
        "Question du jour · Auteurs et autrices",
        "discord",
        1,
        1,
        "",
    ]
    row = [plain(str(cell)) for cell in _sum(room, kept, FRENCH)]
    assert row == ["", "quiz", "Question du jour, d’affilée : 1, au mieux 1", "", "1", "1", ""]
    assert await evening.app.dailies.expire(7) == 0
    await turn(evening, 8)
    assert await evening.app.dailies.expire(7) == 1
    assert "1 réponse, 1 bonne" in await evening.told("daily me", by=camille)


async def test_newcomers_are_told_once_what_is_kept(evening: Evening, question: Day) -> None:
    await ask(evening)
    letter = await question.letter()
    assert "!moi" in await question.press(evening.stage.camille, letter)
    await evening.chat(evening.stage.ines, f"!qdj {letter}")
    await evening.heard("Inès", "!moi")


async def test_what_cannot_be_done_is_said_in_a_sentence(evening: Evening, question: Day) -> None:
    stage = evening.stage
    camille = stage.camille
    await evening.asks(stage.ines, "!qdj B", refused("no-daily"))
    await evening.asks(stage.ines, "!qdj", refused("no-daily"))
    for command, options in (("start", {"time": "9h"}), ("stop", {}), ("now", {})):
        assert await evening.told(f"daily {command}", by=camille, **options) == refused(
            "hosts-only"
        )
    assert await evening.told("daily stop") == refused("daily-not-planned")
    assert await evening.told("daily start", time="bientôt") == refused("time-missing")
    await evening.asks(stage.broadcaster, "!qdj lancer", "!qdj lancer 9h")
    assert await evening.told("daily me", by=camille) == refused("nothing-kept")
    assert await evening.told("daily now", deck="rangs") == refused("daily-no-question")
    await ask(evening)
    assert await evening.told("daily now") == refused("daily-asked")
    await evening.asks(stage.ines, "!qdj Z", refused("daily-unread"))
    board = await question.message()
    letter = await question.letter()
    await turn(evening)
    await evening.shown("C’est clos.")
    with pytest.raises(LookupError):
        await question.evening.press(camille, letter, board)


async def test_a_question_missed_by_some_hours_comes_late_and_says_so(evening: Evening) -> None:
    soon = today(evening) + timedelta(minutes=2)
    await evening.told("daily start", time=f"{soon:%H:%M}")
    await evening.cast.stop()
    evening.clock.turn(0.25)
    await evening.start()
    await evening.heard("Question du jour", "Je n’étais pas là", "de retard")
    await evening.shown("Je n’étais pas là : elle vient avec 5 h")


async def test_a_question_missed_by_more_than_a_day_is_left_out(evening: Evening) -> None:
    soon = today(evening) + timedelta(minutes=2)
    await evening.told("daily start", time=f"{soon:%H:%M}")
    await evening.cast.stop()
    evening.clock.turn(5.25)
    await evening.start()
    await evening.heard("Question du jour", "de retard")
    rows = await evening.app.database.rows("SELECT COUNT(*) FROM daily")
    assert rows[0][0] == 1
    assert len(_questions(evening)) == 1


async def test_a_stopped_series_still_tells_its_last_answer(
    evening: Evening, question: Day
) -> None:
    soon = today(evening) + timedelta(minutes=2)
    await evening.chat(evening.stage.broadcaster, f"!qdj lancer {soon:%H:%M} lettres tous")
    await evening.heard("la première question viendra")
    await turn(evening, 0.002)
    await evening.heard("Question du jour · ")
    await evening.asks(evening.stage.broadcaster, "!qdj arrêter", "plus de question du jour")
    await turn(evening)
    await evening.heard("Question du jour, ")
    await turn(evening, 3)
    await evening.asks(evening.stage.ines, "!agenda", "Rien n’est encore prévu")
    assert len(_questions(evening)) == 1


@pytest.mark.parametrize("seed", [7, 8])
async def test_however_often_it_is_killed_each_question_is_shown_once_and_revealed_once(
    stopped_evening: Evening, seed: int
) -> None:
    evening, question = stopped_evening, Day(stopped_evening)
    evening.settings(only_discord)  # whose messages can be counted; a line of chat may come twice
    await evening.start()
    chance, camille = random.Random(seed), evening.stage.camille
    soon = today(evening) + timedelta(minutes=2)
    await evening.told("daily start", time=f"{soon:%H:%M}", deck="lettres")
    await evening.told("daily now", deck="lettres")
    await question.press(camille, await question.letter())
    for _ in range(12):
        await turn(evening, chance.choice([0.3, 0.5, 0.9]))
        if chance.random() < 0.5:  # else on a slow machine it would never come so far
            await until_read(lambda: _carried_out(evening))
        await asyncio.sleep(chance.random() * 0.3)
        await evening.cast.kill()
        await evening.cast.start()
    await evening.ready()
    asked = await evening.app.database.rows("SELECT closed_at FROM daily ORDER BY number")
    assert len(asked) > 3
    assert [row[0] is None for row in asked] == [False] * (len(asked) - 1) + [True]
    await until_read(lambda: _told(evening))
    texts = [flat(message) for message in evening.messages()]
    assert sum("C’est clos." in text for text in texts) == len(asked) - 1, texts
    assert sum("C’était" in text for text in texts) == len(asked) - 1, texts
    assert sum("La réponse viendra" in text for text in texts) == 1, texts
    assert "Discord : 1 réponse, 1 bonne" in next(text for text in texts if "C’était" in text)
    assert "1 réponse, 1 bonne" in await evening.told("daily me", by=camille)


async def _carried_out(evening: Evening) -> bool:
    """Whether nothing is due any more."""
    next_at = await agenda.next_at(evening.app.database)
    return next_at is None or next_at > evening.clock.wall()


async def _told(evening: Evening) -> bool:
    """Whether everything that was settled has been told."""
    rows = await evening.app.database.rows("SELECT COUNT(*) FROM due WHERE state = 'settled'")
    return not rows[0][0]
