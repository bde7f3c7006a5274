"""What the bot says about bingo."""

from bot.pictures import Cell, Drawing, Grid, Mark
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.bingo import Carded, Drawn, Event, Facts, Goal, NotYet, Outcome, Undrawn, Won
from games.bingo import Mark as Place
from games.core import Scene

LATEST = 5
"""Draws that are said together, the newest first."""

COLUMNS = 10
"""Numbers in a row of the picture of all numbers."""

LARGEST_TEXT = 230
"""Pixels of a place that holds words, at the most."""

MARKS: dict[Place, Mark] = {"open": "plain", "drawn": "full", "free": "full", "blank": "none"}


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Bingo")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext("Take a card: what is drawn, or what happens, is crossed out on it."),
        speech.gettext(
            "As soon as it is complete, say bingo: whoever says so for the same draw wins too."
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    card = speech.gettext(
        "For your card: the button on Discord, !game card on Twitch. Then type “bingo” for {goal}.",
        goal=_goal(facts.goal, speech),
    )
    if facts.automatic:
        return card
    return f"{card} {_who_draws(speech)}"


def _who_draws(speech: Speech) -> str:
    return speech.gettext("Hosts draw with: !game draw")


def _goal(goal: Goal, speech: Speech) -> str:
    match goal:
        case "line":
            return speech.gettext("a full line")
        case "two":
            return speech.gettext("two full lines")
        case "full":
            return speech.gettext("a full card")


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say how many have been drawn, and how many play."""
    facts: Facts = scene.facts
    if not facts.drawn and not facts.cards:
        return []
    drawn = speech.gettext("{drawn} of {total}", drawn=len(facts.drawn), total=len(facts.items))
    return [drawn, speech.ngettext("{count} card", "{count} cards", facts.cards)]


def spoken(scene: Scene, speech: Speech) -> str:
    """Say what was drawn last, and before that."""
    facts: Facts = scene.facts
    if not facts.drawn:
        return speech.gettext("Nothing is drawn yet")
    latest = [speech.quote(facts.items[index]) for index in facts.drawn[: -LATEST - 1 : -1]]
    if len(latest) == 1:
        return speech.gettext("Drawn: {text}", text=latest[0])
    return speech.gettext(
        "Drawn: {text}; before: {others}", text=latest[0], others=", ".join(latest[1:])
    )


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say claims, right ones and those that came too soon."""
    match event:
        case Carded() | Drawn():
            return []
        case NotYet(by, left, _, True):
            person = speech.somebody(naming(by.id))
            soon = speech.gettext("Not quite yet, {name}.", name=person)
            return [soon, _left(left, speech)]
        case NotYet():
            return []
        case Undrawn(text):
            return [speech.gettext("{text} is taken back.", text=speech.quoted(text))]
        case Won():
            return [_won(event, speech, naming)]


def _left(count: int, speech: Speech) -> str:
    return speech.ngettext(
        "{count} draw is missing at least.", "{count} draws are missing at least.", count
    )


def _won(event: Won, speech: Speech, naming: Naming) -> str:
    values = {"name": speech.somebody(naming(event.by.id)), "goal": _goal(event.goal, speech)}
    if event.seconds is None:
        return speech.gettext("Bingo for {name} too: {goal}!", **values)
    return speech.gettext(
        "Bingo! {name} has {goal}. Who else? Say so within {time}.",
        time=speech.seconds(event.seconds),
        **values,
    )


def told(event: Event, speech: Speech) -> str:
    """Say somebody's card in words, or answer their claim."""
    match event:
        case Carded():
            rows = (
                " · ".join(_place(text, mark, speech) for text, mark in row if mark != "blank")
                for row in event.rows
            )
            return "\n".join([speech.gettext("Your card, what is drawn in brackets:"), *rows])
        case NotYet(_, left, _, _):
            soon = speech.gettext("Not quite yet.")
            return f"{soon} {_left(left, speech)}"
        case Won(_, goal, _):
            return speech.gettext("Bingo! You have {goal}.", goal=_goal(goal, speech))
        case Drawn() | Undrawn():
            return ""


def _place(text: str, mark: Place, speech: Speech) -> str:
    match mark:
        case "free":
            free = speech.gettext("free")
            return f"[{free}]"
        case "drawn":
            return f"[{speech.quote(text)}]"
        case _:
            return speech.quote(text)


def card(event: Event, speech: Speech) -> Drawing | None:
    """Draw somebody's card: what is drawn is a dark square, and stands in brackets in the text."""
    if not isinstance(event, Carded):
        return None
    rows = tuple(tuple(Cell(text, MARKS[mark]) for text, mark in row) for row in event.rows)
    if not event.numbers:
        return Grid(rows, largest=LARGEST_TEXT)
    return Grid(rows, tuple("BINGO") if len(rows) == len(rows[0]) else ())


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say who won."""
    if not outcome.winners:
        return [speech.gettext("Nobody has said bingo this time.")]
    names = speech.people([naming(player.id) for player in outcome.winners])
    draws = speech.ngettext("{count} draw", "{count} draws", outcome.draws)
    return [
        speech.gettext(
            "After {draws}, {goal} for {names}: well done!",
            draws=draws,
            goal=_goal(outcome.goal, speech),
            names=names,
        )
    ]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: hosts draw."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: there is nothing to write."""
    return []


def wish(wish: str, speech: Speech) -> str:
    """Name the buttons for one's card and for a claim."""
    return speech.gettext("My card") if wish == "mine" else speech.gettext("Bingo!")


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw all numbers, those drawn as dark squares and the last in a thick frame; a list is read, not looked at."""
    facts: Facts = scene.facts
    if not facts.numbers:
        return None
    cells = [_number(text, index, facts) for index, text in enumerate(facts.items)]
    return Grid(
        tuple(tuple(cells[start : start + COLUMNS]) for start in range(0, len(cells), COLUMNS))
    )


def _number(text: str, index: int, facts: Facts) -> Cell:
    if index not in facts.drawn:
        return Cell(text, "none")
    return Cell(text, "won" if index == facts.drawn[-1] else "full")
