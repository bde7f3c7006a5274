"""What the bot says about anagrams."""

from bot.pictures import Cell, Drawing, Grid
from bot.wording.quiz import Naming, points
from bot.wording.speech import Speech, spaced
from games.anagrams import HIDDEN, Event, Facts, Found, Hinted, Outcome
from games.core import Scene

MOST_LISTED = 8
"""Words of the same letters that are listed at the end."""


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Anagrams")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext("Put the letters in order: every word that uses all of them is right."),
        speech.gettext("Hints come with time, and each makes the word worth a point less."),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    return speech.ngettext(
        "Type a word of this {count} letter, with or without accents.",
        "Type a word of all these {count} letters, with or without accents.",
        len(facts.letters),
    )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say the hints so far, and who has a word."""
    facts: Facts = scene.facts
    worth = points(facts.worth, speech)
    parts = [speech.gettext("Worth now: {points}", points=worth)]
    if facts.hints:
        parts.insert(
            0, speech.gettext("Hint: {places}", places=spaced(facts.places.upper(), speech))
        )
    if facts.found:
        people = speech.people([naming(player.id) for player in facts.found])
        parts = [speech.gettext("Found by {people}", people=people)]
    return parts


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the letters."""
    facts: Facts = scene.facts
    return spaced(facts.letters.upper(), speech)


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Return nothing: the table shows it all."""
    match event:
        case Found() | Hinted():
            return []


def told(event: Event, speech: Speech) -> str:
    """Answer somebody's word."""
    match event:
        case Found():
            return speech.gettext("That’s it!")
        case Hinted():
            return ""


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: words say it all."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say who had which word, and which words there are."""
    word = speech.quoted(outcome.word)
    if not outcome.found:
        verdict = speech.gettext("Not found this time: it was {word}.", word=word)
    else:
        first, *others = outcome.found
        values = {
            "word": speech.quoted(first.word) if first.word else word,
            "first": speech.somebody(naming(first.by.id)),
            "time": speech.seconds(max(1, first.after)),
        }
        if others:
            rest = speech.people([naming(found.by.id) for found in others], shown=1)
            verdict = speech.gettext(
                "{word}! {first} had it in {time}, then {others}.", others=rest, **values
            )
        else:
            verdict = speech.gettext("{word}! {first} had it in {time}.", **values)
        verdict = f"{verdict} {_brought(outcome, speech)}"
    return [verdict, *_all_words(outcome, speech)]


def _brought(outcome: Outcome, speech: Speech) -> str:
    return speech.gettext("That makes {points}.", points=points(outcome.found[0].points, speech))


def _all_words(outcome: Outcome, speech: Speech) -> list[str]:
    words = [speech.quote(word) for word in outcome.words]
    if len(words) < 2:
        return []
    return [
        speech.gettext("Words of these letters: {words}.", words=speech.listed(words[:MOST_LISTED]))
    ]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: words are typed."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: there is no form."""
    return []


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the letters, and those in their places below once there are some."""
    facts: Facts = scene.facts
    rows = [tuple(Cell(letter) for letter in facts.letters.upper())]
    if facts.hints:
        rows.append(tuple(Cell() if p == HIDDEN else Cell(p, "full") for p in facts.places.upper()))
    return Grid(tuple(rows))
