"""What the bot says about the longest word."""

from collections.abc import Sequence

from bot.pictures import Cell, Drawing, Grid
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, spaced
from games.core import Scene
from games.longest_word import (
    HIDDEN,
    Drew,
    Entered,
    Event,
    Facts,
    Gave,
    Given,
    Hinted,
    Outcome,
    Searching,
)
from games.matching import fold

MOST_NAMED = 4
"""Winners that are named with their words."""


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("The longest word")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Make the longest word you can of the letters that are drawn, each of them once."
        ),
        speech.gettext(
            "The longest bring a point a letter, any other word one. In chat, a word counts for the first who types it."
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    if facts.searching:
        return speech.gettext("Type your word, with or without accents.")
    return speech.gettext("Type V for a vowel, C for a consonant.")


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say the longest word that all have seen, and how many people have one."""
    facts: Facts = scene.facts
    if not facts.searching:
        left = facts.size - len(facts.letters)
        return [speech.ngettext("{count} letter to draw", "{count} letters to draw", left)]
    parts = []
    if facts.best is not None:
        best = _with_name(facts.best, speech, naming)
        parts.append(speech.gettext("Longest so far: {word}", word=best))
    if facts.players:
        parts.append(
            speech.ngettext(
                "{count} person has a word", "{count} people have a word", facts.players
            )
        )
    return parts


def _with_name(given: Given, speech: Speech, naming: Naming) -> str:
    person = speech.somebody(naming(given.by.id))
    return f"{_word(given, speech)} ({person})"


def _word(given: Given, speech: Speech) -> str:
    """Return a word with its length, or its length alone where it may not be shown."""
    length = _letters(given.length, speech)
    return f"{speech.quoted(given.word)}, {length}" if given.word else length


def _letters(count: int, speech: Speech) -> str:
    """Return "1 letter", "8 letters"."""
    return speech.ngettext("{count} letter", "{count} letters", count)


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the letters."""
    facts: Facts = scene.facts
    return spaced(facts.letters.ljust(facts.size, HIDDEN).upper(), speech)


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say what the table does not show."""
    match event:
        case Searching(_, seconds):
            time = speech.seconds(seconds)
            return [speech.gettext("All letters are there. You have {time}!", time=time)]
        case Hinted(length, ""):
            return [
                speech.ngettext(
                    "A hint: there is a word of {count} letter.",
                    "A hint: there is a word of {count} letters.",
                    length,
                )
            ]
        case Hinted(length, first):
            return [
                speech.ngettext(
                    "A hint: there is a word of {count} letter that begins with {letter}.",
                    "A hint: there is a word of {count} letters that begins with {letter}.",
                    length,
                    letter=first.upper(),
                )
            ]
        case Drew() | Gave() | Entered():
            return []


def told(event: Event, speech: Speech) -> str:
    """Answer somebody's letter or word privately."""
    match event:
        case Drew(_, letter, _):
            return speech.gettext("It is {letter}.", letter=letter.upper())
        case Entered(given):
            return speech.gettext("Noted, for you alone: {word}.", word=_word(given, speech))
        case Gave(given, _):
            return speech.gettext("Noted: {word}.", word=_word(given, speech))
        case Searching() | Hinted():
            return ""


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: words say it all."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say who had the longest words, how many had others, and the longest that there are."""
    return [_verdict(outcome, speech, naming), *_best(outcome, speech)]


def _verdict(outcome: Outcome, speech: Speech, naming: Naming) -> str:
    if not outcome.given:
        return speech.gettext("No word this time.")
    most = outcome.given[0].length
    winners = [given for given in outcome.given if given.length == most]
    verdict = speech.ngettext(
        "The longest, {count} letter: {words}.",
        "The longest, {count} letters: {words}.",
        most,
        words=speech.listed(_named(winners, speech, naming)),
    )
    others = len(outcome.given) - len(winners)
    if not others:
        return verdict
    rest = speech.ngettext(
        "{count} other person had a word.", "{count} other people had a word.", others
    )
    return f"{verdict} {rest}"


def _named(winners: Sequence[Given], speech: Speech, naming: Naming) -> list[str]:
    names = []
    for given in winners[:MOST_NAMED]:
        person = speech.somebody(naming(given.by.id))
        names.append(f"{speech.quoted(given.word)} ({person})" if given.word else person)
    if len(winners) > MOST_NAMED:
        others = len(winners) - MOST_NAMED
        names.append(speech.ngettext("{count} other", "{count} others", others))
    return names


def _best(outcome: Outcome, speech: Speech) -> list[str]:
    words = [speech.quote(word) for word in outcome.best]
    if not words:
        return []
    if outcome.given and outcome.given[0].length == len(fold(outcome.best[0])):
        return [speech.gettext("There is none longer. Well done!")]
    more = outcome.best_count - len(words)
    if more:
        words.append(speech.ngettext("{count} other", "{count} others", more))
    return [speech.gettext("The longest there is: {words}.", words=speech.listed(words))]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Label the buttons that draw a letter."""
    return [speech.gettext("A vowel"), speech.gettext("A consonant")]


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name the field of the form for a word."""
    return [speech.gettext("Your word")]


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the letters."""
    facts: Facts = scene.facts
    return Grid(
        (tuple(Cell(letter.strip()) for letter in facts.letters.upper().ljust(facts.size)),)
    )
