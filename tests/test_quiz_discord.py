"""The quiz as people on Discord live it: slash and typed commands, buttons, boards; through the real discord.py."""

import asyncio
import re
from typing import Any

import orjson
import pytest

from bot.rehearsal.discord_gateway import flood_payload
from tests.stage_fixtures import PACE, Evening, buttons, flat, refused
from tests.waiting import until

# commands


async def test_host_steers_a_quiz_with_slash_commands(evening: Evening) -> None:
    assert await evening.told("quiz start", deck="lettres", questions=2) == "C’est parti !"
    await evening.asked(1)
    assert await evening.told("quiz pause") == "C’est en pause. Pour reprendre : !quiz reprendre"
    await evening.shown("Pause. Le temps s’arrête, rien n’est perdu.")
    assert refused("paused") == await evening.told("quiz pause")
    assert await evening.told("quiz resume") == "On continue."
    await evening.shown("On reprend : il reste")
    assert await evening.told("quiz resume") == refused("not-paused")
    assert await evening.told("quiz score") == "Pas encore de points."
    await evening.press(evening.stage.camille, evening.right)
    assert await evening.told("quiz skip") == "On continue."
    await evening.shown("Question 1 sur 2", "Camille (Discord) a trouvé")
    assert await evening.told("quiz score") == "1. Camille : 1 point"
    assert await evening.told("quiz stop") == "C’est arrêté."
    await evening.shown("La partie s’arrête ici : 1 question, 1 personne a joué. Merci !")
    assert await evening.told("quiz stop") == refused("nothing-running")


@pytest.mark.parametrize(
    ("start", "pause", "resume", "skip", "score", "stop"),
    [
        (
            "!quiz start lettres",
            "!quiz pause",
            "!quiz resume",
            "!quiz skip",
            "!quiz score",
            "!stop",
        ),
        (
            "!QUIZ Lancer lettres 2 30",
            "!quiz pause",
            "!quiz reprendre",
            "!quiz passer",
            "!quiz points",
            "!quiz arreter",
        ),
        (
            "!quiz lance lettres",
            "!quiz pause",
            "!quiz reprise",
            "!quiz suivante",
            "!quiz scores",
            "!arrêter",
        ),
    ],
)
async def test_host_steers_a_quiz_by_typing_in_either_language(
    evening: Evening, start: str, pause: str, resume: str, skip: str, score: str, stop: str
) -> None:
    host = evening.stage.host
    await evening.write(host, start)
    await evening.asked(1)
    await evening.write(host, pause)
    await evening.shown("Pause. Le temps s’arrête")
    await evening.write(host, resume)
    await evening.shown("On reprend : il reste")
    await evening.press(evening.stage.noe, evening.right)
    await evening.write(host, skip)
    await evening.shown("Noé (Discord) a trouvé")
    await evening.write(host, score)
    await evening.shown("1. Noé : 1 point")
    await evening.write(host, stop)
    await evening.shown("La partie s’arrête ici")


async def test_typed_quiz_command_says_what_is_on_and_how_to_play(evening: Evening) -> None:
    camille = evening.stage.camille
    await evening.write(camille, "!quiz")
    await evening.shown("Rien en cours ici. L’équipe d’animation lance un quiz avec : !quiz lancer")
    await evening.quiz()
    assert await evening.told("quiz now", by=camille) == await _said(evening, camille, "!quiz")
    assert "question 1 sur 1" in await evening.told("quiz now", by=camille)
    assert "Pour répondre : tapez la lettre." in await evening.told("quiz now", by=camille)


async def test_decks_are_listed(evening: Evening) -> None:
    told = await evening.told("quiz decks")
    assert "lettres : Auteurs et autrices (3 questions" in told
    assert "authors : Authors (1 question" in told
    await evening.write(evening.stage.camille, "!quiz jeux")
    await evening.shown("mots : Mots à trouver (2 questions")


async def test_deck_completes_itself_with_the_rooms_language_first(evening: Evening) -> None:
    discord, host, channel = evening.stage.discord, evening.stage.host, evening.stage.channel
    found = await discord.autocomplete(host.id, channel.id, "quiz start", "deck", "")
    assert [choice["value"] for choice in found] == [
        "genres",
        "lettres",
        "mots",
        "sources",
        "authors",
    ]
    near = await discord.autocomplete(host.id, channel.id, "quiz start", "deck", "trouv")
    assert near[0] == {**near[0], "name": "Mots à trouver (mots)", "value": "mots"}


async def test_unknown_deck_is_refused_with_near_names(evening: Evening) -> None:
    told = await evening.told("quiz start", deck="letres")
    assert "« letres »" in told
    assert ": lettres" in told
    assert not evening.playing


async def test_second_quiz_is_refused_while_one_is_on(evening: Evening) -> None:
    await evening.quiz()
    told = await evening.told("quiz start", deck="mots")
    assert told == refused("already-running", title="Auteurs et autrices")


async def test_commands_have_french_names_and_descriptions(evening: Evening) -> None:
    view = evening.stage.discord.view(evening.stage.channel.id, evening.stage.camille.id)
    local = {each["name"]: each for each in view["commands"]}
    assert local["quiz start"]["local"] == "quiz lancer"
    assert local["quiz start"]["description"] == "Lancer un quiz dans ce salon"
    assert [o["local"] for o in local["quiz start"]["options"]] == [
        "jeu",
        "questions",
        "secondes",
        "formule",
        "difficulté",
        "public",
        "thème",
        "rythme",
        "équipes",
    ]
    names = {name: each["local"] for name, each in local.items()}
    assert {
        "quiz now": "quiz maintenant",
        "quiz skip": "quiz passer",
        "quiz resume": "quiz reprendre",
        "me": "moi",
        "board": "tableau",
        "forget-me": "oubliez-moi",
        "room link": "salle lier",
        "room language": "salle langue",
        "help": "aide",
        "stop": "stop",
    }.items() <= names.items()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("!quizz", "Je n’ai pas compris. Essayez : !quiz"),
        ("!quiz start lettres 0", "« 0 » ne convient pas ici : de 1 à 50, s’il vous plaît."),
        (
            "!quiz start lettres beaucoup",
            "Je ne connais pas de jeu de questions « lettres beaucoup ».",
        ),
        ("!aide", "Pour jouer : tapez la lettre ou la réponse."),
    ],
)
async def test_typed_command_that_is_wrong_gets_one_line_of_help(
    evening: Evening, typed: str, answer: str
) -> None:
    await evening.write(evening.stage.host, typed)
    await evening.shown(answer)


async def test_mistyped_verb_is_not_taken_for_the_bare_command(evening: Evening) -> None:
    assert "!quiz start" in await _said(evening, evening.stage.host, "!quiz strat")


# answers


async def test_button_answers_with_a_private_confirmation_and_the_notice_once(
    evening: Evening,
) -> None:
    await evening.quiz("lettres", questions=2)
    notice = "Je garde votre pseudo et vos participations"
    first = await evening.press(evening.stage.camille, "B")
    assert first.startswith("Réponse notée : B.")
    assert notice in first
    await evening.skip()
    await evening.skip()
    await evening.asked(2)
    second = await evening.press(evening.stage.camille, "A")
    assert second == "Réponse notée : A. Vous pouvez encore la changer une fois."
    assert not [m for m in evening.messages() if notice in flat(m)], "not in public"


async def test_one_private_change_counts_and_a_second_is_refused(evening: Evening) -> None:
    await evening.quiz()
    right = evening.right
    wrong = next(letter for letter in "ABC" if letter != right)
    told = await evening.press(evening.stage.noe, wrong)
    assert told.startswith(f"Réponse notée : {wrong}. Vous pouvez encore la changer une fois.")
    assert await evening.press(evening.stage.noe, right) == f"Réponse notée : {right}."
    told = await evening.press(evening.stage.noe, wrong)
    assert told == refused("already-answered-letter", letter=right)
    await evening.skip()
    await evening.shown("Noé (Discord) a trouvé")


async def test_what_is_typed_for_all_to_see_counts_at_once(evening: Evening) -> None:
    await evening.quiz()
    right = evening.right
    wrong = next(letter for letter in "ABC" if letter != right)
    await evening.write(evening.stage.noe, wrong)
    await until(lambda: evening.session.activity.scene().replies == 1)
    told = await evening.press(evening.stage.noe, right)
    assert told == refused("already-answered-letter", letter=wrong)
    await evening.skip()
    await evening.shown("Personne cette fois")


async def test_button_of_an_old_question_is_refused_privately(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    board = await evening.board()
    world = evening.stage.discord.world
    old = world.posts[int(board["id"])].payload["components"]
    await evening.skip()
    await evening.skip()
    await evening.asked(2)
    world.posts[int(board["id"])].payload["components"] = old  # a client that has not redrawn yet
    told = await evening.press(evening.stage.camille, "A", {**board, "components": old})
    assert told == refused("question-closed")
    await evening.slash("quiz stop")
    told = await evening.press(evening.stage.camille, "A", {**board, "components": old})
    assert told == refused("session-over")


async def test_buttons_go_when_the_question_closes(evening: Evening) -> None:
    await evening.quiz()
    assert len(buttons(await evening.board())) == 3
    await evening.skip()
    board = await evening.shown("Question 1 sur 1", "Personne cette fois")
    assert not buttons(board)


@pytest.mark.parametrize("form", ["{letter}", "  {letter} ", "{lower}", "{answer}", "**{letter}**"])
async def test_typed_letter_or_choice_counts(evening: Evening, form: str) -> None:
    await evening.quiz()
    answer = evening.answer
    letter = evening.letter(answer)
    text = form.format(letter=letter, lower=letter.lower(), answer=answer.upper())
    await evening.write(evening.stage.camille, text)
    await evening.shown("Question 1 sur 1", "1 réponse")
    await evening.skip()
    await evening.shown(f"C’est {letter}, {answer} ! Camille (Discord) a trouvé en")


@pytest.mark.parametrize("typed", ["Pau", "c’est PAU !", "p\u00e2u", "la réponse est Pau…"])
async def test_typed_words_are_judged_as_a_reader_would(evening: Evening, typed: str) -> None:
    await evening.quiz("mots", questions=2)
    if "Henri" not in evening.session.activity.scene().prompt:
        await evening.skip()
        await evening.skip()
        await evening.shown("Henri IV")
    await evening.write(evening.stage.noe, "Toulouse")
    await evening.write(evening.stage.noe, typed)
    await evening.shown("C’est Pau ! Noé (Discord) a trouvé", "En 1553.")


async def test_deleting_the_message_takes_the_answer_back(evening: Evening) -> None:
    await evening.quiz()
    message = await evening.write(evening.stage.camille, evening.right)
    await evening.shown("Question 1 sur 1", "1 réponse")
    await evening.stage.discord.delete(message)
    await evening.shown("Question 1 sur 1", "0 réponse")
    await evening.skip()
    await evening.shown("Personne cette fois")


async def test_newcomer_who_types_an_open_answer_reads_the_notice_once(evening: Evening) -> None:
    await evening.quiz("mots", questions=2)
    await evening.write(evening.stage.camille, "Pau")
    await evening.write(evening.stage.camille, "la seine")
    await evening.shown("Camille : Je garde votre pseudo et vos participations, rien d’autre.")


# boards


async def test_board_is_edited_in_place_at_most_once_a_second(evening: Evening) -> None:
    await evening.quiz()
    board, right = await evening.board(), evening.right
    users = [evening.stage.discord.add_user(f"p{n}") for n in range(40)]
    for user in users:
        evening.stage.discord.join(evening.stage.guild.id, user.id)
    for user in users:
        await evening.write(user, right)
        await asyncio.sleep(0.01)
    await evening.shown("Question 1 sur 1", "40 réponses")
    await evening.skip()
    await evening.shown("Question 1 sur 1", " a trouvé")
    boards = [m for m in evening.messages() if "Question 1 sur 1" in flat(m)]
    assert [m["id"] for m in boards] == [board["id"]], "one message, edited"
    edits = [
        e.at for e in evening.exchanges if e.method == "PATCH" and e.path.endswith(board["id"])
    ]
    assert len(edits) >= 3
    assert edits[-1] - edits[0] > (len(edits) - 1) * 0.9 / PACE, edits


async def test_deleted_board_is_posted_again(evening: Evening) -> None:
    await evening.quiz()
    board = await evening.board()
    await evening.stage.discord.delete(int(board["id"]))
    await evening.write(evening.stage.camille, "a")
    again = await evening.shown("Question 1 sur 1", "1 réponse")
    assert again["id"] != board["id"]


async def test_buttons_work_after_the_bot_was_stopped_and_started(evening: Evening) -> None:
    await evening.quiz()
    right = evening.right
    await evening.press(evening.stage.noe, right)
    board = await evening.shown("Question 1 sur 1", "1 réponse")
    await evening.cast.restart()
    await evening.ready()
    await evening.shown("Me revoilà, après", "s d’absence. Rien n’est perdu : il reste")
    told = await evening.press(evening.stage.camille, right, board)
    assert told.startswith(f"Réponse notée : {right}.")
    told = await evening.press(evening.stage.noe, right, board)
    assert told == refused("already-answered-letter", letter=right)
    await evening.skip()
    after = await evening.shown("Question 1 sur 1", "Noé (Discord) a trouvé", "Camille")
    assert after["id"] == board["id"], "the board of before the restart is still edited"


async def test_restart_during_a_reveal_shows_the_reveal(evening: Evening) -> None:
    await evening.quiz("lettres", questions=2)
    await evening.press(evening.stage.camille, evening.right)
    await evening.skip()
    await evening.cast.kill()
    await evening.cast.start()
    await evening.ready()
    await evening.shown("Question 1 sur 2", "Camille (Discord) a trouvé")
    await evening.heard("Camille (Discord) a trouvé")
    await evening.skip()
    await evening.asked(2)


# who may do what


@pytest.mark.parametrize("verb", ["start", "stop", "skip", "pause", "resume"])
async def test_patron_may_not_steer_by_slash_nor_by_typing(evening: Evening, verb: str) -> None:
    if verb != "start":
        await evening.quiz("lettres", questions=2)
    camille = evening.stage.camille
    assert await evening.told(f"quiz {verb}", by=camille) == refused("hosts-only")
    said = await _said(evening, camille, f"!quiz {verb}")
    assert said == refused("hosts-only")
    if verb == "start":
        assert not evening.playing
    else:
        scene = evening.session.activity.scene()
        assert (scene.step, scene.phase, evening.session.paused) == (1, "asking", False)


async def test_patron_may_neither_open_nor_link_a_room(evening: Evening) -> None:
    camille, second = evening.stage.camille, evening.stage.second_channel.id
    interaction = await evening.slash("quiz start", by=camille, channel=second)
    assert flat(interaction.messages[0]) == refused("no-room")
    assert str(second) not in evening.app.rooms.by_discord
    for command, options in (
        ("room link", {"twitch": "mediatheque_pau"}),
        ("room unlink", {}),
        ("room language", {"language": "en"}),
    ):
        told = await evening.told(command, by=camille, **options)
        assert told == refused("moderators-only")
        assert await evening.told(command, by=evening.stage.host, **options) == told
    assert evening.app.rooms.by_discord[str(evening.stage.channel.id)].locale == "fr"


async def test_role_named_like_the_hosts_role_is_needed_not_a_name(evening: Evening) -> None:
    liar = evening.stage.discord.add_user("animation2", global_name="Animation")
    evening.stage.discord.join(evening.stage.guild.id, liar.id)
    told = await evening.told("quiz start", by=liar, deck="lettres")
    assert told == refused("hosts-only")


async def test_moderator_may_stop_at_once(evening: Evening) -> None:
    await evening.quiz()
    await evening.write(evening.stage.moderator, "!stop")
    await evening.shown("La partie s’arrête ici")


# what is not for the bot, and what is meant to harm it


async def test_bots_webhooks_and_private_messages_are_not_heard(evening: Evening) -> None:
    await evening.quiz()
    stage, letter = evening.stage, evening.right
    frame = b"{" + flood_payload(stage.discord.world, stage.channel.id, stage.noe.id, letter)
    data = {**orjson.loads(frame), "id": str(stage.discord.world.new_id())}
    for text in (letter, "!quiz stop", "!stop"):
        robot = {**data, "content": text, "author": {**data["author"], "bot": True}}
        stage.discord.faults.send_raw("MESSAGE_CREATE", robot)
        hook = {**data, "content": text, "webhook_id": "42"}
        stage.discord.faults.send_raw("MESSAGE_CREATE", hook)
    private = stage.discord.private_channel(stage.host.id)
    await stage.discord.say(stage.host.id, private.id, letter)
    await stage.discord.say(stage.host.id, private.id, "!quiz stop")
    await evening.write(stage.camille, letter)
    await evening.shown("Question 1 sur 1", "1 réponse")
    assert evening.session.activity.scene().replies == 1
    assert len(stage.discord.messages(private.id)) == 2, "no answer in private either"


HOSTILE = (
    "@everyone @here",
    "<@1234567890> <@&1234567890> <#1234567890>",
    "**gras** __souligné__ ||secret|| `code` ~~non~~",
    "[cliquez](https://exemple.invalid) <https://exemple.invalid>",
    "https://exemple.invalid/**a**",
    "<t:0:R> </quiz start:1> <:a:1> <id:home>",
    "\u202edroite\u202c \u200b\u2060\ufeff \u0007\u0000\x1b[31m",
    "# titre\n> cité\n-# petit\n- liste",
    "e" + "\u0301" * 60,
    "😀" * 30,
    "{0} {name} %s %(name)s {{}}",
    "\\",
    "'\"`;--",
    " ",
)


async def test_name_that_means_harm_is_shown_as_words_and_pings_nobody(evening: Evening) -> None:
    stage = evening.stage
    for number, name in enumerate(HOSTILE):
        villain = stage.discord.add_user(f"villain{number}", global_name=name[:32])
        stage.discord.join(stage.guild.id, villain.id)
        await evening.quiz("lettres")
        assert (await evening.press(villain, evening.right)).startswith("Réponse")
        await evening.skip()
        board = await evening.shown("Question 1 sur 1", "(Discord) a trouvé")
        lines = board["embeds"][0]["description"].split("\n")
        verdict = next(line for line in lines if "a trouvé" in line)
        assert not _markup(verdict), verdict
        assert not _markup((await evening.slash("me", by=villain)).messages[0]["content"])
        await evening.slash("quiz stop")
        await evening.shown("La partie s’arrête ici")
        for message in evening.messages():
            await stage.discord.delete(int(message["id"]))


async def test_text_that_means_harm_is_at_most_a_wrong_answer(evening: Evening) -> None:
    stage = evening.stage
    await evening.quiz("mots")
    for text in (*HOSTILE, "x" * 1999, "é" * 1999):
        for form in ("{}", "!{}", "!quiz {}", "!quiz lancer {}", "!moi {}", "!oubliezmoi {}"):
            await evening.write(stage.camille, form.replace("{}", text.strip() or "!")[:2000])
        told = await _said(evening, stage.host, f"!quiz lancer {text}"[:2000])
        assert told != refused("fault")
        told = await evening.told("quiz start", deck=text[:100])
        assert told != refused("fault")
    assert evening.playing
    assert evening.session.activity.scene().replies == 0


def _markup(line: str) -> list[str]:
    """Return the signs in a line with which Discord would render more than words."""
    bare = re.sub(r"\\\W", "", line)
    signs = ("@everyone", "@here", "<", "](", "://", "*", "__", "||", "~~", "`")
    return [sign for sign in signs if sign in bare]


async def _said(evening: Evening, by: Any, text: str) -> str:
    """Write a command in the channel and return the bot's reply to it."""
    message = str(await evening.write(by, text))

    def find() -> list[str]:
        return [
            flat(m)
            for m in evening.messages()
            if (m.get("message_reference") or {}).get("message_id") == message
        ]

    found: list[str] = await until(find, lambda: [flat(m) for m in evening.messages()])
    return found[0]
