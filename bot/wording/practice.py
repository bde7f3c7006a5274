"""What the bot says to somebody who practises a game alone."""

from collections.abc import Sequence

from bot.practice import Practice
from bot.wording.games import GameWords
from bot.wording.quiz import points
from bot.wording.speech import Speech
from games.core import Scene


def title(name: str, speech: Speech) -> str:
    """Return what a practice is called."""
    return speech.gettext("Practice: {game}", game=name)


def private(speech: Speech) -> str:
    """Say who sees it, and what is kept."""
    return speech.gettext("Only you see this, and nothing of it is kept.")


def how(scene: Scene, speech: Speech) -> str:
    """Say how to play where the chat is not read."""
    if scene.choices:
        return speech.gettext("Press a button.")
    return speech.gettext("Press “Answer”: what you type in the channel does not count here.")


def fields(scene: Scene, words: GameWords, speech: Speech) -> Sequence[str]:
    """Return the labels of the form in which one answers."""
    return words.fields(scene, speech) or [speech.gettext("Your answer")]


def answer(speech: Speech) -> str:
    """Name the button that opens the form."""
    return speech.gettext("Answer")


def action(name: str, speech: Speech) -> str:
    """Name the button for something that hosts do elsewhere."""
    match name:
        case "hint":
            return speech.gettext("Hint")
        case "skip":
            return speech.gettext("Go on")
        case _:
            return speech.gettext("Stop")


def again(speech: Speech) -> str:
    """Name the button that begins another practice of the same game."""
    return speech.gettext("Once more")


def offer(words: GameWords, speech: Speech) -> str:
    """Name the button that begins a practice."""
    return speech.gettext("Practise: {game}", game=words.name(speech))


def invitation(speech: Speech) -> str:
    """Say what the button under a typed command is for."""
    return speech.gettext(
        "Practice is for your eyes alone: press the button, and your game opens here for you."
    )


def over(practice: Practice, speech: Speech) -> str:
    """Say how a practice ended."""
    match practice.end:
        case "idle":
            return speech.gettext("You seem to be elsewhere, so this practice ends here.")
        case "replaced":
            return speech.gettext("You have begun another practice, so this one ends here.")
        case "failed":
            return speech.gettext("Something went wrong on my side, so this practice ends here.")
        case _ if practice.points:
            return speech.gettext(
                "Practice over: {points}, for you alone.", points=points(practice.points, speech)
            )
        case _:
            return speech.gettext("Practice over. Thank you for playing!")
