"""What the bot says about the exquisite corpse."""

from bot.pictures import Drawing
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.core import Scene
from games.exquisite_corpse import (
    LEAST_WORDS,
    Completed,
    Event,
    Facts,
    Held,
    Outcome,
    Reviewed,
    Signed,
    Struck,
    Turn,
    Written,
)


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Exquisite corpse")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "A text in turns: you go on from its last words, the rest of it you do not see."
        ),
        speech.gettext("In the end it is read in full, and signed by those who wish."),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to do now."""
    match scene.kind:
        case "writing" if not scene.facts.tail:
            return speech.gettext(
                "Your turn? Write how it begins: on Discord with the button, unseen; on Twitch, {least} words or more.",
                least=LEAST_WORDS,
            )
        case "writing":
            return speech.gettext(
                "Your turn? On Discord use the button, unseen by others; on Twitch type {least} words or more.",
                least=LEAST_WORDS,
            )
        case "open":
            return speech.gettext("To go on with the text, press the button or type: I take it")
        case "held":
            return speech.gettext("Hosts read it with: /game approve")
        case _:
            return speech.gettext(
                "If you have written and wish to sign, press the button or type: sign"
            )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say whose turn it is, and which line."""
    facts: Facts = scene.facts
    if scene.kind == "signing":
        return [_signatures(facts, speech)] if facts.signatures else []
    line = speech.gettext("Line {number} of {total}", number=facts.number, total=facts.total)
    return [_whose(scene, speech, naming), line]


def _whose(scene: Scene, speech: Speech, naming: Naming) -> str:
    facts: Facts = scene.facts
    if facts.held:
        return speech.gettext("A line waits for the hosts")
    if facts.writer is None:
        return speech.gettext("Anybody may go on")
    return speech.gettext("{name} writes", name=speech.somebody(naming(facts.writer.id)))


def _signatures(facts: Facts, speech: Speech) -> str:
    return speech.ngettext("{count} signature", "{count} signatures", facts.signatures)


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the last words."""
    facts: Facts = scene.facts
    if scene.kind == "signing":
        return speech.gettext("The text is complete")
    if not facts.tail:
        return speech.gettext("The text begins here")
    return speech.gettext("… {words}", words=speech.quote(facts.tail))


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say what hosts do, and what everybody may do now."""
    match event:
        case Written() | Reviewed() | Signed():
            return []
        case Held(by, number):
            person = speech.somebody(naming(by.id))
            return [
                speech.gettext(
                    "Line {number} ({name}) waits for the hosts.", number=number, name=person
                )
            ]
        case Struck(number):
            return [speech.gettext("Line {number} is taken away.", number=number)]
        case Turn(None):
            return [
                speech.gettext("Anybody may take this turn: press the button or type “I take it”.")
            ]
        case Turn():
            return []
        case Completed(lines, seconds):
            return [
                speech.ngettext(
                    "The text has {count} line. You wrote some of it and wish to sign? Type “sign” within {time}.",
                    "The text has {count} lines. You wrote some of it and wish to sign? Type “sign” within {time}.",
                    lines,
                    time=speech.seconds(seconds),
                )
            ]


def told(event: Event, speech: Speech) -> str:
    """Confirm to those who write and sign, and show hosts what they asked to read."""
    match event:
        case Written():
            return speech.gettext("Your line stands. Thank you!")
        case Held():
            return speech.gettext("Your line is with the hosts, who read it first. Thank you!")
        case Signed(_, True):
            return speech.gettext("You sign. To sign no longer, once more the same.")
        case Signed():
            return speech.gettext("You do not sign.")
        case Reviewed():
            return _reviewed(event, speech)
        case Turn() | Struck() | Completed():
            return ""


def _reviewed(event: Reviewed, speech: Speech) -> str:
    lines = [f"{number}. {speech.quote(text)}" for number, text in event.lines]
    number = event.lines[-1][0]
    how = (
        speech.gettext(
            "Let it stand: !game approve {number}. Take it away: !game remove {number}",
            number=number,
        )
        if event.waits
        else speech.gettext("Take one away: !game remove {number}", number=number)
    )
    return "\n".join([*lines, how])


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: it is a text."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Read the whole text, and say who signs it."""
    if not outcome.lines:
        return [speech.gettext("Nothing was written this time.")]
    head = speech.gettext("Here is the text that you wrote:")
    lines = [speech.quote(line) for line in outcome.lines]
    return [head, *lines, *_signed(outcome, speech, naming)]


def _signed(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    if not outcome.signatures:
        return []
    names = [speech.somebody(naming(player.id)) for player in outcome.signatures]
    return [speech.gettext("Signed: {names}", names=speech.listed(names))]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: lines are written."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name the field for a line."""
    return [speech.gettext("Your line, after the last words")]


def wish(wish: str, speech: Speech) -> str:
    """Name the buttons that take a turn and that sign."""
    return speech.gettext("I take this turn") if wish == "take" else speech.gettext("I sign")


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Return nothing: it is a text."""
    return None
