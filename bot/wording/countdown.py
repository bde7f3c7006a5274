"""What the bot says about the numbers round."""

from collections.abc import Sequence

from bot.pictures import Cell, Drawing, Grid
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.core import Scene
from games.countdown import EXACT, NEAREST, Entered, Event, Facts, Gave, Hinted, Outcome, Reached
from games.sums import Sign, Step

SIGNS: dict[Sign, str] = {"+": "+", "-": "−", "*": "×", "/": "÷"}

MOST_NAMED = 4
"""Winners that are named."""


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("The numbers round")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Make the number asked for with six others, the plates, each at most once: "
            "+, −, ×, ÷, only whole results above zero."
        ),
        speech.gettext(
            "The nearest win: {exact} points for the very number, else {nearest}. In chat, a sum counts for the first.",
            exact=EXACT,
            nearest=NEAREST,
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    return speech.gettext("Type your sum, such as (25 + 3) x 4.")


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say the nearest sum that all have seen, how many people have one, and the hints."""
    facts: Facts = scene.facts
    parts = []
    if facts.best is not None:
        person = speech.somebody(naming(facts.best.by.id))
        reached = _value(facts.best, speech)
        parts.append(speech.gettext("Nearest so far: {value} ({name})", value=reached, name=person))
    if facts.players:
        parts.append(
            speech.ngettext("{count} person has a sum", "{count} people have a sum", facts.players)
        )
    if facts.hints:
        parts.append(speech.gettext("Hint: {places}", places=_worked(facts.hints, speech)))
    return parts


def _value(reached: Reached, speech: Speech) -> str:
    value = speech.number(reached.sum.value)
    if not reached.gap:
        return value
    return speech.ngettext("{value}, {count} off", "{value}, {count} off", reached.gap, value=value)


def _worked(steps: Sequence[Step], speech: Speech) -> str:
    """Write a sum out, step by step: "25 × 4 = 100, 100 + 7 = 107"."""
    return ", ".join(
        f"{speech.number(step.left)} {SIGNS[step.sign]} {speech.number(step.right)}"
        f" = {speech.number(step.value)}"
        for step in steps
    )


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the target and the plates."""
    facts: Facts = scene.facts
    return speech.gettext(
        "Make {target} out of {plates}",
        target=speech.number(facts.target),
        plates=", ".join(map(speech.number, facts.plates)),
    )


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Return nothing: the table shows it all."""
    match event:
        case Gave() | Entered() | Hinted():
            return []


def told(event: Event, speech: Speech) -> str:
    """Answer somebody's sum privately."""
    match event:
        case Entered(reached):
            return speech.gettext(
                "Noted, for you alone: {word}.", word=_with_steps(reached, speech)
            )
        case Gave(reached, _):
            return speech.gettext("Noted: {word}.", word=_with_steps(reached, speech))
        case Hinted():
            return ""


def _with_steps(reached: Reached, speech: Speech) -> str:
    return f"{_worked(reached.sum.steps, speech)} ({_value(reached, speech)})"


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: words say it all."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say who came nearest and how, and the best sum where theirs was not as good."""
    return [*_winners(outcome, speech, naming), *_best(outcome, speech)]


def _winners(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    if not outcome.reached:
        return [speech.gettext("No sum this time.")]
    first = outcome.reached[0]
    winners = [reached for reached in outcome.reached if reached.gap == first.gap]
    values = {
        "people": speech.people([naming(one.by.id) for one in winners], shown=MOST_NAMED),
        "sum": _worked(first.sum.steps, speech),
    }
    if not first.gap:
        return [speech.gettext("The very number! {people}: {sum}.", **values)]
    return [
        speech.ngettext(
            "Nearest, {count} off: {people}, with {sum}.",
            "Nearest, {count} off: {people}, with {sum}.",
            first.gap,
            **values,
        )
    ]


def _best(outcome: Outcome, speech: Speech) -> list[str]:
    best, gap = outcome.best, abs(outcome.best.value - outcome.target)
    if outcome.reached and outcome.reached[0].gap <= gap:
        nearest = gap > 0
        return [speech.gettext("Nobody could have come nearer.")] if nearest else []
    steps = _worked(best.steps, speech) or speech.number(best.value)
    target = speech.number(outcome.target)
    if not gap:
        return [speech.gettext("One way to {target}: {sum}.", target=target, sum=steps)]
    return [
        speech.gettext(
            "{target} cannot be made. As near as one can come: {sum}.", target=target, sum=steps
        )
    ]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: sums are typed."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name the field of the form for a sum."""
    return [speech.gettext("Your sum")]


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the target above its plates."""
    facts: Facts = scene.facts
    target = tuple(Cell(digit, "full") for digit in str(facts.target))
    return Grid((target, tuple(Cell(str(plate)) for plate in facts.plates)))
