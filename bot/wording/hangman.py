"""What the bot says about hangman."""

from bot.pictures import Cell, Drawing, Gallows, Grid
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, spaced
from games.core import Scene
from games.hangman import (
    HIDDEN,
    MISSES,
    Event,
    Facts,
    Hinted,
    Mistaken,
    Out,
    Outcome,
    Solved,
    Tried,
)


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Hangman")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Find the word: type one letter, with or without its accent, or the whole word at any time."
        ),
        speech.ngettext(
            "{count} wrong letter fills the drawing; a point for each place found.",
            "{count} wrong letters fill the drawing; a point for each place found.",
            MISSES,
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    if facts.mode == "each":
        return speech.ngettext(
            "Type a letter or the whole word ({count} letter); everybody has a drawing of their own.",
            "Type a letter or the whole word ({count} letters); everybody has a drawing of their own.",
            facts.length,
        )
    return speech.ngettext(
        "Type a letter or the whole word ({count} letter); a wrong word costs nothing.",
        "Type a letter or the whole word ({count} letters); a wrong word costs nothing.",
        facts.length,
    )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say what was tried last, and what is no longer worth trying."""
    facts: Facts = scene.facts
    parts = [] if facts.last is None else [_tried(facts.last, facts, speech, naming)]
    if facts.wrong:
        letters = spaced("".join(facts.wrong).upper(), speech)
        parts.append(speech.gettext("Not in the word: {letters}", letters=letters))
    return [*parts, *_drawing_so_far(facts, speech)]


def _tried(tried: Tried, facts: Facts, speech: Speech, naming: Naming) -> str:
    values = {"letter": tried.letter.upper(), "name": speech.somebody(naming(tried.by.id))}
    if not tried.hits and facts.mode == "each":
        return speech.ngettext(
            "{letter}: no ({name}, {count} miss left)",
            "{letter}: no ({name}, {count} misses left)",
            MISSES - tried.misses,
            **values,
        )
    if not tried.hits:
        return speech.gettext("{letter}: no ({name})", **values)
    return speech.ngettext(
        "{letter}: in {count} place ({name})",
        "{letter}: in {count} places ({name})",
        tried.hits,
        **values,
    )


def _drawing_so_far(facts: Facts, speech: Speech) -> list[str]:
    if facts.mode == "each":
        watching = speech.ngettext(
            "{count} person watches until the next word.",
            "{count} people watch until the next word.",
            facts.out,
        )
        return [watching] if facts.out else []
    left = MISSES - facts.misses
    return [speech.ngettext("{count} miss left", "{count} misses left", left)]


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the word as far as it is known."""
    facts: Facts = scene.facts
    return spaced(facts.places, speech)


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say what the table does not show."""
    match event:
        case Tried() | Mistaken() | Solved():
            return []
        case Out(by):
            person = speech.somebody(naming(by.id))
            return [
                speech.gettext(
                    "{name}’s drawing is full: back in the game with the next word.", name=person
                )
            ]
        case Hinted(letter, hits):
            return [
                speech.ngettext(
                    "A hint: {letter}, in {count} place.",
                    "A hint: {letter}, in {count} places.",
                    hits,
                    letter=letter.upper(),
                )
            ]


def told(event: Event, speech: Speech) -> str:
    """Answer somebody's guess privately."""
    match event:
        case Tried(_, letter, 0, misses):
            return _missed(
                speech.gettext("No {letter} in this word.", letter=letter.upper()), misses, speech
            )
        case Tried(_, letter, hits, _):
            return speech.ngettext(
                "{letter}: yes, in {count} place.",
                "{letter}: yes, in {count} places.",
                hits,
                letter=letter.upper(),
            )
        case Solved():
            return speech.gettext("That’s it!")
        case Mistaken(_, misses):
            return _missed(speech.gettext("It is not this word."), misses, speech)
        case Out() | Hinted():
            return ""


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: the word is everybody's."""
    return None


def _missed(text: str, misses: int, speech: Speech) -> str:
    left = speech.ngettext("{count} miss left", "{count} misses left", MISSES - misses)
    return f"{text} {left}."


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say what the word was, and who had it."""
    word = speech.quoted(outcome.word)
    if outcome.by is not None:
        person = speech.somebody(naming(outcome.by.id))
        return [speech.gettext("It was {word}: {name} completed it.", word=word, name=person)]
    if outcome.full:
        return [speech.gettext("The drawing is complete: it was {word}.", word=word)]
    if not outcome.found:
        return [speech.gettext("Not found this time: it was {word}.", word=word)]
    return [speech.gettext("It was {word}.", word=word)]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: letters are typed."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name the field of the form for a guess."""
    return [speech.gettext("A letter, or the word")]


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the word, on as many rows as it needs, under the drawing that everybody shares."""
    facts: Facts = scene.facts
    cells = [
        Cell("" if place == HIDDEN else place, "plain" if place.strip() else "none")
        for place in facts.places
    ]
    width = 10
    rows = [cells[start : start + width] for start in range(0, len(cells), width)]
    word = Grid(tuple(tuple(row) for row in rows))
    return word if facts.mode == "each" else Gallows(facts.misses, word)
