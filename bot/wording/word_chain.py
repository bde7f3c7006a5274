"""What the bot says about the word chain."""

from bot.pictures import Drawing
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.core import Player, Scene
from games.word_chain import Called, Event, Facts, Hinted, Linked, Out, Outcome, Passed


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Word chain")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Go on with a word that begins as the last one ends: by its last letter, or by its last syllable."
        ),
        speech.gettext(
            "No word comes twice, and each brings a point. I always say how the next one begins."
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    return speech.gettext(
        "Type a word that begins with {letters}, with or without accents.",
        letters=facts.asked.upper(),
    )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say how the next word begins, whose turn it is, how long the chain is."""
    facts: Facts = scene.facts
    begins = speech.gettext("The next begins with {letters}", letters=facts.asked.upper())
    turn = [] if facts.turn is None else [_whose(facts.turn, speech, naming)]
    long = [] if facts.length < 2 else [_so_long(facts.length, speech)]
    return [begins, *turn, *long]


def _whose(player: Player, speech: Speech, naming: Naming) -> str:
    return speech.gettext("It is {name}’s turn", name=speech.somebody(naming(player.id)))


def _so_long(length: int, speech: Speech) -> str:
    return speech.ngettext("{count} word so far", "{count} words so far", length)


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the end of the chain."""
    facts: Facts = scene.facts
    before = "… → " if facts.length > len(facts.last) else ""
    return before + " → ".join(map(speech.quote, facts.last))


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say what the table does not show."""
    match event:
        case Linked() | Called():
            return []
        case Passed(by):
            return [speech.gettext("{name} passes.", name=speech.somebody(naming(by.id)))]
        case Out(by):
            person = speech.somebody(naming(by.id))
            return [speech.gettext("{name} watches until the next chain.", name=person)]
        case Hinted(beginning, length):
            return [
                speech.ngettext(
                    "A hint: {beginning}…, {count} letter.",
                    "A hint: {beginning}…, {count} letters.",
                    length,
                    beginning=beginning.upper(),
                )
            ]


def told(event: Event, speech: Speech) -> str:
    """Answer somebody's word privately."""
    match event:
        case Linked(_, word, _, asked):
            return speech.gettext(
                "{word} it is; the next begins with {letters}.",
                word=speech.quoted(word),
                letters=asked.upper(),
            )
        case Called() | Passed() | Out() | Hinted():
            return ""


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: words say it all."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say how long the chain became, who was left in, and how it could have gone on."""
    parts = [_length(outcome, speech)]
    if outcome.winner is not None:
        person = speech.somebody(naming(outcome.winner.id))
        parts.append(speech.gettext("{name} stayed in till the end. Bravo!", name=person))
    if outcome.missed:
        word = speech.quoted(outcome.missed)
        parts.append(speech.gettext("It could have gone on with {word}.", word=word))
    if outcome.length > 1:
        parts.append(
            speech.gettext("Its longest word: {word}.", word=speech.quoted(outcome.longest))
        )
    return parts


def _length(outcome: Outcome, speech: Speech) -> str:
    last = speech.quoted(outcome.last)
    if outcome.length == 1:
        return speech.gettext("Nobody went on from {word} this time.", word=last)
    return speech.ngettext(
        "The chain is {count} word long, up to {last}.",
        "The chain is {count} words long, up to {last}.",
        outcome.length,
        last=last,
    )


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
    """Return nothing: a chain is best read as text."""
    return None
