"""Practising a game alone: a private board on Discord, one sentence on Twitch, and nothing kept of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.practice import IDLE, Practice
from bot.rehearsal.discord_interactions import Interaction
from tests.stage_fixtures import Evening, buttons, flat, plain, refused
from tests.waiting import until

Message = Mapping[str, Any]


class Alone:
    """One person's private board, and what they do with it."""

    def __init__(self, evening: Evening, who: Any, opened: Interaction) -> None:
        self.evening = evening
        self.who = who
        self.opened = opened

    @property
    def board(self) -> Message:
        return self.opened.messages[0]

    @property
    def text(self) -> str:
        return flat(self.board)

    @property
    def practice(self) -> Practice:
        every = self.evening.app.practices._on
        return every["discord", str(self.who.id)]

    async def press(self, label: str) -> str:
        return await self.evening.press(self.who, label, self.board)

    async def answer(self, text: str) -> str:
        """Answer in the form, and return what the board then shows."""
        opening = await self.evening.click(self.who, "Répondre", self.board)
        assert opening.modal is not None
        sent = await self.evening.stage.discord.submit(opening, {"0": text})
        await sent.settled()
        assert sent.ephemeral
        assert len(self.opened.messages) == 1, "the board is edited, and nothing is added"
        return self.text

    async def shows(self, *texts: str) -> str:
        await until(lambda: all(text in self.text for text in texts), lambda: self.text)
        return self.text


async def practise(evening: Evening, game: str, by: Any = None, **options: Any) -> Alone:
    who = by or evening.stage.camille
    opened = await evening.slash("game practice", by=who, game=game, **options)
    assert opened.ephemeral
    return Alone(evening, who, opened)


def labels(message: Message) -> list[str]:
    return [plain(button["label"]) for button in buttons(message)]


def word_of(alone: Alone) -> str:
    game: Any = alone.practice.activity
    return str(game.options.words[game.scene().step - 1])


async def kept(evening: Evening) -> list[Any]:
    """Return what the file holds of anybody."""
    database, found = evening.app.database, list[Any]()
    for table in ("person", "session", "journal", "ledger"):
        found += await database.rows(f"SELECT * FROM {table}")
    return found


async def test_a_word_is_found_alone_and_nothing_is_kept_or_said_to_others(
    evening: Evening,
) -> None:
    alone = await practise(evening, "hangman", details="1")
    board = alone.text
    assert "Entraînement : Pendu" in board
    assert "Personne d’autre ne voit ceci" in board
    assert labels(alone.board) == ["Répondre", "Indice", "Continuer", "Arrêter"]
    [picture] = alone.board["attachments"]
    assert picture["description"]
    word = word_of(alone)
    absent = next(letter for letter in "WKXZQJ" if letter.casefold() not in word.casefold())
    assert f"Pas dans le mot : {absent}" in await alone.answer(absent)
    assert refused("letter-tried", letter=absent) in await alone.answer(absent)
    assert "Ce n’est pas ce mot" in await alone.answer("zzzzz")
    await alone.press("Indice")
    shown = await alone.answer(word)
    assert f"C’était « {word} » : Camille l’a complété." in shown
    assert "Entraînement terminé" in shown
    assert "rien que pour vous" in shown
    assert labels(alone.board) == ["Encore une fois"]
    assert await kept(evening) == []
    assert evening.messages() == []
    assert evening.lines() == []


async def test_once_more_begins_another_in_the_same_message(evening: Evening) -> None:
    alone = await practise(evening, "wordle", details="1 facile lettres:6")
    first = alone.practice.number
    await alone.press("Arrêter")
    await evening.click(alone.who, "Encore une fois", alone.board)
    await until(lambda: "Répondre" in labels(alone.board))
    assert alone.practice.number != first
    assert len(word_of(alone)) >= 6
    assert len(alone.opened.messages) == 1


async def test_a_try_that_is_no_word_is_said_on_the_board(evening: Evening) -> None:
    alone = await practise(evening, "motus")
    shown = await alone.answer(word_of(alone)[0] + "zzzzzzzzzz")
    assert "lettres" in shown
    size = len(word_of(alone))
    assert refused("no-word") in await alone.answer(word_of(alone)[0].lower() + "z" * (size - 1))
    assert "[" in await alone.answer(word_of(alone))


async def test_letters_are_asked_for_with_buttons_and_the_longest_words_shown(
    evening: Evening,
) -> None:
    alone = await practise(evening, "longest", details="demande 1")
    assert labels(alone.board)[:2] == ["Une voyelle", "Une consonne"]
    for number in range(10):
        await alone.press(("Une voyelle", "Une consonne")[number % 2])
    await until(lambda: "Répondre" in labels(alone.board))
    assert refused("no-word") in await alone.answer(alone.practice.activity.scene().facts.letters)
    await alone.press("Continuer")
    await alone.shows("Entraînement terminé")


async def test_a_sum_is_answered_alone(evening: Evening) -> None:
    alone = await practise(evening, "countdown", details="1")
    game: Any = alone.practice.activity
    steps = game.options.deals[0].best.steps
    text = " ; ".join(f"{s.left}{s.sign}{s.right}={s.value}" for s in steps)
    assert "Répondre" in labels(alone.board)
    await alone.answer(text)
    await alone.press("Continuer")
    await alone.shows("10 points")


async def test_time_goes_on_without_anybody_pressing(evening: Evening) -> None:
    alone = await practise(evening, "anagrams", details="2 5")
    await alone.shows("manche 1 sur 2")
    await alone.shows("manche 2 sur 2")
    await alone.shows("Entraînement terminé. Merci")


async def test_a_practice_that_nobody_touches_ends_by_itself(evening: Evening) -> None:
    alone = await practise(evening, "motus", details="lent")
    practice = alone.practice
    evening.clock.jump(IDLE)
    evening.app.practices._due(practice)
    await alone.shows("Vous semblez être ailleurs")
    assert not evening.app.practices._on


async def test_several_people_practise_while_a_game_is_on_in_the_room(evening: Evening) -> None:
    await evening.slash("game start", game="hangman", secret="forêt")
    await evening.shown("_ _ _ _ _")
    first = await practise(evening, "hangman", details="1")
    second = await practise(evening, "hangman", by=evening.stage.noe, details="1")
    assert first.practice.number != second.practice.number
    await first.answer(word_of(first))
    assert "Répondre" in labels(second.board)
    await evening.write(evening.stage.camille, "forêt")
    await evening.shown("C’était « forêt » : Camille")
    await second.answer(word_of(second))
    assert await evening.points() == {("discord", "Camille"): 5}


async def test_somebody_elses_board_is_not_played_on(evening: Evening) -> None:
    alone = await practise(evening, "hangman", details="1")
    number, turn = alone.practice.number, alone.practice.activity.scene().turn
    before = alone.practice.activity.scene()
    for custom_id in (
        f"game-wish:{number}:stop",
        f"game-wish:{number}:skip",
        f"game-open:{number}:{turn}",
    ):
        interaction = forge(evening, evening.stage.noe, alone.board, custom_id)
        assert flat(await interaction.settled()) == refused("practice-over")
    assert alone.practice.activity.scene() == before


def forge(evening: Evening, who: Any, message: Message, custom_id: str) -> Interaction:
    """Send a press on a message that somebody cannot see, as no client of Discord's would."""
    world = evening.stage.discord.world
    post = world.posts[int(message["id"])]
    data = {"custom_id": custom_id, "component_type": 2}
    return evening.stage.discord._interactions.send(
        3, who.id, world.channels[evening.stage.channel.id], data, source=post
    )


async def offer(evening: Evening, text: str) -> Message:
    """Type the command, and return the bot's answer under it."""
    await evening.write(evening.stage.camille, f"!jeu entraînement {text}")
    return await evening.shown("L’entraînement n’est que pour vous")


async def test_a_typed_command_is_answered_with_a_button_that_anybody_may_press(
    evening: Evening,
) -> None:
    message = await offer(evening, "pendu 1")
    assert labels(message) == ["S’entraîner : Pendu"]
    for who in (evening.stage.camille, evening.stage.noe):
        opened = await evening.click(who, "S’entraîner", message)
        await until(lambda o=opened: o.messages and "Entraînement : Pendu" in flat(o.messages[0]))
        assert opened.ephemeral
    assert len(evening.app.practices._on) == 2


async def test_games_for_several_are_refused_with_those_that_can_be_practised(
    evening: Evening,
) -> None:
    await evening.write(evening.stage.camille, "!game practice puissance 4")
    await evening.shown("Ce jeu se joue à plusieurs", "pendu", "motus", "compte est bon")
    await evening.write(evening.stage.camille, "!jeu entrainement")
    await evening.shown("À quel jeu", "anagrammes")


async def test_on_twitch_one_is_told_where_practice_lives(evening: Evening) -> None:
    await evening.asks(evening.stage.ines, "!jeu entraînement motus", refused("practice-discord"))
    await evening.asks(evening.stage.ines, "!game practice", refused("practice-discord"))


async def test_a_button_of_a_practice_before_a_restart_gets_one_sentence(evening: Evening) -> None:
    alone = await practise(evening, "hangman")
    await evening.cast.kill()
    await evening.start()
    for label in ("Répondre", "Indice", "Arrêter"):
        interaction = await evening.click(alone.who, label, alone.board)
        assert flat(interaction.messages[0]) == refused("practice-over")


async def test_a_second_practice_takes_the_place_of_the_first(evening: Evening) -> None:
    first = await practise(evening, "hangman")
    second = await practise(evening, "motus")
    await first.shows("Vous avez commencé un autre entraînement")
    assert list(evening.app.practices._on.values()) == [second.practice]
    await evening.press(first.who, "Encore une fois", first.board)
    await second.shows("Vous avez commencé un autre entraînement")


async def test_who_is_forgotten_goes_on_practising_and_stays_forgotten(evening: Evening) -> None:
    await evening.slash("game start", game="hangman", secret="forêt")
    await evening.shown("_ _ _ _ _")
    await evening.write(evening.stage.camille, "f")
    await evening.shown("F _ _ _ _")
    alone = await practise(evening, "hangman", details="1")
    asked = await evening.slash("forget-me", by=evening.stage.camille)
    await evening.click(evening.stage.camille, "Oui", asked.messages[0])
    await until(lambda: "C’est fait" in flat(asked.messages[0]))
    shown = await alone.answer(word_of(alone))
    assert "Entraînement terminé" in shown
    rows = await evening.app.database.rows("SELECT name FROM person")
    assert ("Camille",) not in [tuple(row) for row in rows]


@pytest.mark.parametrize(
    "text", ["@everyone **gras**", "`" * 30, "<@1> [a](https://x.y)", "\u202e!"]
)
async def test_markup_is_shown_as_it_is_or_not_at_all(evening: Evening, text: str) -> None:
    alone = await practise(evening, "hangman", details="1")
    await alone.answer(text)
    assert text not in alone.board["content"]
    assert not alone.board["mention_everyone"]
    refusal = await evening.told("game practice", by=alone.who, game="motus", details=text)
    assert plain(text) not in refusal or "\\" in refusal or "`" in text or "!" in text


async def test_a_flood_of_presses_is_answered_and_changes_nothing_twice(evening: Evening) -> None:
    alone = await practise(evening, "motus")
    board, hint = alone.board, next(b for b in buttons(alone.board) if b["label"] == "Continuer")
    sent = [
        await evening.stage.discord.click(alone.who.id, int(board["id"]), hint["custom_id"])
        for _ in range(30)
    ]
    await asyncio.gather(*(interaction.answered() for interaction in sent))
    await alone.shows("Entraînement terminé")
    starts = [
        await evening.stage.discord.slash(
            alone.who.id, evening.stage.channel.id, "game practice", game="countdown"
        )
        for _ in range(10)
    ]
    await asyncio.gather(*(interaction.settled() for interaction in starts))
    assert len(evening.app.practices._on) == 1
    told = [flat(interaction.messages[0]) for interaction in starts]
    assert refused("too-fast") in told
