"""What the bot says about the question of the day."""

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.daily import Asked, Noted, Own, Revealed
from bot.storage.daily import Record, Tally
from bot.wording.agenda import KINDS
from bot.wording.dates import day, moment
from bot.wording.quiz import answers, at_the_library, choices, letters, picture
from bot.wording.speech import N_, PLATFORMS, Speech
from games.core import Platform
from games.question import LETTERS, Kind, Prompt

Naming = Callable[[int], str]
"""From a person's number to their name."""


def title(speech: Speech) -> str:
    """Return what it is called."""
    called = KINDS["daily"]
    return speech.gettext(called)


def heading(event: Asked | Revealed, speech: Speech) -> str:
    """Return what it is called, with its day."""
    return f"{title(speech)} · {day(event.day, speech, event.now)}"


def apology(event: Asked, speech: Speech) -> list[str]:
    """Say that a question comes late, if it does."""
    if not event.late:
        return []
    return [speech.gettext("I was away, so it comes {time} late.", time=speech.seconds(event.late))]


def how_to_type(kind: Kind, speech: Speech) -> str:
    """Say how to answer by typing."""
    match kind:
        case "choice" | "truth":
            return speech.gettext("to answer, the letter: !daily B")
        case "several" | "order":
            return speech.gettext("to answer, all the right letters: !daily A C")
        case "number":
            return speech.gettext("to answer, a number, and the nearest is right: !daily 1885")
        case "text":
            return speech.gettext("to answer: !daily and your answer")


def how_to_press(kind: Kind, speech: Speech) -> str:
    """Say how to answer where there are buttons."""
    match kind:
        case "choice" | "truth":
            first = speech.gettext("Press your answer.")
        case "several" | "order":
            first = speech.gettext("Choose all the right answers from the list.")
        case "number":
            first = speech.gettext("Press the button and write a number: the nearest is right.")
        case "text":
            first = speech.gettext("Press the button and write your answer.")
    private = speech.gettext("Nobody else sees it, and you may change it once.")
    return f"{first} {private}"


def closes(event: Asked, speech: Speech) -> str:
    """Say when the answer comes."""
    when = moment(event.closes, speech, event.now)
    return speech.gettext("The answer comes on {when}.", when=when)


def asked(event: Asked, speech: Speech) -> list[str]:
    """Ask the question, as parts of one line; when space is short the last ones go."""
    question = event.prompt.question
    return [
        title(speech),
        speech.quote(question.prompt),
        *picture(question.alt, speech),
        *choices(event.prompt.choices, speech),
        how_to_type(event.prompt.kind, speech),
        closes(event, speech),
        *apology(event, speech),
    ]


def noted(event: Noted, speech: Speech) -> str:
    """Confirm an answer privately to the one who gave it."""
    taken = event.answer.reply.choices
    if event.answer.changed:
        if taken:
            return speech.gettext("Answer changed: {letter}.", letter=letters(taken, speech))
        return speech.gettext("Your answer is changed.")
    if taken:
        return speech.gettext("Answer noted: {letter}.", letter=letters(taken, speech))
    return speech.gettext("Your answer is noted.")


def thanks(names: str, speech: Speech) -> str:
    """Confirm in chat that people's answers are noted, those of a few seconds together."""
    return speech.gettext("Noted, thank you: {names}.", names=names)


def answer(prompt: Prompt, speech: Speech) -> str:
    """Say what was right."""
    text = speech.quote(prompt.answer)
    if prompt.right:
        text = f"{', '.join(LETTERS[index] for index in prompt.right)}, {text}"
    return speech.gettext("It was {answer}.", answer=text)


def turnout(tallies: Mapping[Platform, Tally], speech: Speech) -> str:
    """Say how many answered on each platform, and how many were right."""
    parts = [
        speech.gettext(
            "{platform}: {answers}, {right}",
            platform=PLATFORMS[platform],
            answers=answers(tally.answers, speech),
            right=speech.ngettext("{count} right", "{count} right", tally.right),
        )
        for platform, tally in tallies.items()
        if tally.answers
    ]
    return " · ".join(parts) if parts else speech.gettext("Nobody had answered this time.")


def faithful(event: Revealed, speech: Speech, naming: Naming) -> list[str]:
    """Thank the people with the longest streaks, of those who asked to be shown."""
    people = [
        f"{speech.somebody(naming(key))} ({in_a_row(length, speech)})"
        for key, length in event.steady
    ]
    if not people:
        return []
    return [
        speech.gettext(
            "Thank you for being there every time: {people}.", people=speech.listed(people)
        )
    ]


def revealed(event: Revealed, speech: Speech, naming: Naming) -> list[str]:
    """Tell the answer, as parts of one line; when space is short the last ones go."""
    question = event.prompt.question
    return [
        f"{title(speech)}, {day(event.day, speech, event.now)}",
        speech.quote(question.prompt),
        answer(event.prompt, speech),
        turnout(event.tallies, speech),
        speech.quote(question.explanation),
        *at_the_library(question.work, speech),
        *faithful(event, speech, naming),
    ]


def closed(speech: Speech) -> str:
    """Say under a question that it is closed."""
    return speech.gettext("Closed.")


def write(speech: Speech) -> str:
    """Label of the button that opens a form."""
    return speech.gettext("Answer")


def own(event: Own, speech: Speech, *, private: bool) -> list[str]:
    """Tell somebody about their answers; the open one's letters only in private."""
    if event.traceless:
        lines = [
            speech.gettext(
                "You take part without trace: counted, not recorded, so there is no streak."
            )
        ]
    else:
        lines = [_sum(event.record, speech), _streak(event, speech)]
    if event.open:
        lines.append(_open(event, speech, private=private))
    if event.last_correct is not None:
        lines.append(
            speech.gettext("Your last answer was right.")
            if event.last_correct
            else speech.gettext("Your last answer was not the right one.")
        )
    return lines


def _sum(record: Record, speech: Speech) -> str:
    return speech.gettext(
        "{title}: {answers}, {right}.",
        title=title(speech),
        answers=answers(record.answers, speech),
        right=speech.ngettext("{count} right", "{count} right", record.correct),
    )


def in_a_row(length: int, speech: Speech) -> str:
    """Return how many questions were answered in a row."""
    return speech.ngettext("{count} question in a row", "{count} questions in a row", length)


def _streak(event: Own, speech: Speech) -> str:
    best = speech.number(event.record.streak.best)
    return speech.gettext(
        "At present {length}, at most {best}. One missed in seven days is forgiven.",
        length=in_a_row(event.streak, speech),
        best=best,
    )


def _open(event: Own, speech: Speech, *, private: bool) -> str:
    if event.reply is None:
        return speech.gettext("Today’s question waits for you: !daily")
    if private and event.reply.choices:
        return speech.gettext(
            "Your answer to today’s: {letter}.", letter=letters(event.reply.choices, speech)
        )
    return speech.gettext("You have answered today’s question.")


def started(first: datetime, now: datetime, speech: Speech) -> str:
    """Confirm to a host when the first question comes."""
    return speech.gettext(
        "Done: the first question comes on {when}.", when=moment(first, speech, now)
    )


def stopped(speech: Speech) -> str:
    """Confirm to a host that no more questions come."""
    return speech.gettext(
        "Done: no more questions of the day. If one is open, its answer still comes."
    )


def asking(speech: Speech) -> str:
    """Confirm to a host that the question comes at once."""
    return speech.gettext("Here it comes.")


def how_to_start(speech: Speech) -> str:
    """Say how a host starts it."""
    return speech.gettext("!daily start 9:00 [deck] [all|weekdays|workdays]")


def exported(record: Record, speech: Speech) -> str:
    """Return what somebody's answers add up to, for an export."""
    return speech.gettext(
        "{title}, in a row: {length}, at most {best}",
        title=title(speech),
        length=record.streak.length,
        best=record.streak.best,
    )


DAYS = {
    "all": N_("every day"),
    "weekdays": N_("Monday to Friday"),
    "workdays": N_("Monday to Friday, without public holidays"),
}
"""What the days are called on Discord."""
