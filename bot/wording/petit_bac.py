"""What the bot says about petit bac, which is called Categories in English."""

from bot.pictures import Drawing
from bot.wording.quiz import Naming, points
from bot.wording.speech import Speech
from games.core import Scene
from games.petit_bac import (
    SHARED,
    UNIQUE,
    Answer,
    Answered,
    Contesting,
    Doubt,
    Event,
    Facts,
    Flaw,
    Noted,
    Outcome,
    Revealed,
    Ruled,
    TakenBack,
    Voted,
)

MOST_NAMED = 3
"""Fallen answers and people that are named at the end of a round."""


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Categories")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext("One letter: find a word that begins with it for each category."),
        speech.gettext(
            "{unique} points for an answer that nobody else has, {shared} otherwise; then everybody may contest.",
            unique=UNIQUE,
            shared=SHARED,
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    if scene.kind == "contesting":
        return speech.gettext(
            "In doubt? Type “contest” and the number of the answer; to defend it, “keep” and its number."
        )
    first = facts.letter
    return speech.gettext(
        "Type, for all to read: 1 {letter}… 2 {letter}… On Discord, the button hides your answers until the end.",
        letter=first,
    )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say how many have answered, then how the votes stand."""
    facts: Facts = scene.facts
    if scene.kind == "contesting":
        return [_doubt(doubt, speech) for doubt in facts.doubts]
    if not facts.answered:
        return []
    names = speech.people([naming(player.id) for player in facts.answered], shown=MOST_NAMED)
    return [speech.gettext("Answers from {names}", names=names)]


def _doubt(doubt: Doubt, speech: Speech) -> str:
    values = {
        "number": doubt.number,
        "answer": speech.quoted(doubt.text),
        "contested": doubt.contested,
        "kept": doubt.kept,
    }
    if doubt.falls:
        return speech.gettext("{number}. {answer} falls: {contested} to {kept}", **values)
    return speech.gettext("{number}. {answer} stands: {kept} to {contested}", **values)


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the letter and the categories."""
    facts: Facts = scene.facts
    if scene.kind == "contesting":
        return speech.gettext("Letter {letter}: the answers are open", letter=facts.letter)
    categories = ", ".join(
        f"{number} {speech.quote(category)}" for number, category in enumerate(facts.categories, 1)
    )
    return speech.gettext(
        "Letter {letter}: {categories}", letter=facts.letter, categories=categories
    )


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Lay the answers open, a message for each category, and say that they may be contested."""
    match event:
        case Noted() | Answered() | TakenBack() | Voted():
            return []
        case Revealed(category, answers):
            head = speech.gettext("{category}:", category=speech.quote(category))
            return [head, *(_answer(answer, speech, naming) for answer in answers)]
        case Contesting(seconds):
            return [
                speech.gettext(
                    "An answer that you doubt? Type “contest” and its number, within {time}.",
                    time=speech.seconds(seconds),
                )
            ]
        case Ruled(number, text, falls):
            return [_ruled(number, text, falls, speech)]


def _answer(answer: Answer, speech: Speech, naming: Naming) -> str:
    return speech.gettext(
        "{number}. {answer} ({names})",
        number=answer.number,
        answer=speech.quote(answer.text),
        names=speech.people([naming(player.id) for player in answer.by]),
    )


def _ruled(number: int, text: str, falls: bool, speech: Speech) -> str:
    answer = speech.quoted(text)
    if falls:
        return speech.gettext("The hosts strike {number}. {answer}.", number=number, answer=answer)
    return speech.gettext("The hosts keep {number}. {answer}.", number=number, answer=answer)


def told(event: Event, speech: Speech) -> str:
    """Confirm answers and votes to the one who gave them."""
    match event:
        case Noted(_, taken, flaws):
            kept = ", ".join(f"{place + 1} {speech.quote(text)}" for place, text in taken)
            noted = speech.gettext(
                "Noted: {answers}. You may change them until the time is up.", answers=kept
            )
            return " ".join([noted, *(_flaw(place, flaw, speech) for place, flaw in flaws)])
        case Voted():
            return _voted(event, speech)
        case Answered() | TakenBack() | Revealed() | Contesting() | Ruled():
            return ""


def _voted(vote: Voted, speech: Speech) -> str:
    values = {"number": vote.number, "answer": speech.quoted(vote.text)}
    if not vote.contests:
        return speech.gettext("You keep {number}. {answer}.", **values)
    return speech.gettext(
        "You contest {number}. {answer}. To keep it after all, press once more.", **values
    )


def _flaw(place: int, flaw: Flaw, speech: Speech) -> str:
    number = place + 1
    match flaw:
        case "letter":
            return speech.gettext("Number {number} begins with another letter.", number=number)
        case "long":
            return speech.gettext("Number {number} is too long.", number=number)
        case "rude":
            return speech.gettext("Number {number} is not for all to read.", number=number)


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: answers are words."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say how many answers stood, which fell, and who did best."""
    if outcome.hidden:
        return [
            speech.gettext(
                "The answers for the letter {letter} had not been laid open, so they are not counted.",
                letter=outcome.letter.upper(),
            )
        ]
    if not outcome.stood + len(outcome.fell):
        return [
            speech.gettext(
                "No answers are counted for the letter {letter}.", letter=outcome.letter.upper()
            )
        ]
    stood = speech.ngettext("{count} answer stands.", "{count} answers stand.", outcome.stood)
    return [stood, *_fell(outcome, speech), *_best(outcome, speech, naming)]


def _fell(outcome: Outcome, speech: Speech) -> list[str]:
    if not outcome.fell:
        return []
    shown = [speech.quoted(text) for text in outcome.fell[:MOST_NAMED]]
    if more := len(outcome.fell) - len(shown):
        shown.append(speech.ngettext("{count} other", "{count} others", more))
    return [speech.gettext("Struck: {answers}.", answers=speech.listed(shown))]


def _best(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    rows = [
        f"{speech.somebody(naming(player.id))} {points(score, speech)}"
        for player, score in outcome.scores[:MOST_NAMED]
    ]
    return [speech.gettext("In this round: {scores}.", scores=", ".join(rows))] if rows else []


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Name the answers that can be contested."""
    facts: Facts = scene.facts
    return [
        speech.gettext(
            "{number}. {category}: {answer}", number=number, category=category, answer=text
        )
        for number, (category, text) in enumerate(facts.answers, 1)
    ]


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name a field for each category."""
    facts: Facts = scene.facts
    return [
        speech.gettext("{category}, in {letter}…", category=category, letter=facts.letter)
        for category in facts.categories
    ]


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Return nothing: a letter and some words need no picture."""
    return None
