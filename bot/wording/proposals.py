"""What the bot says about questions that people propose, to them and to whoever looks at them."""

from bot.proposals import Proposal
from bot.shelf import LICENCE
from bot.wording.decks import LABELS
from bot.wording.speech import Speech
from games.question import Question


def deck_title(speech: Speech) -> str:
    """Return the title of the deck for questions that were accepted."""
    return speech.gettext("Questions from the public")


# --- Proposing ------------------------------------------------------------------------------------------------


def form_title(speech: Speech) -> str:
    """Return the heading of the form for a question."""
    return speech.gettext("Propose a question")


def label(field: str, speech: Speech) -> str:
    """Return what a field of the form is called."""
    return speech.gettext(LABELS[field])


def agreement(speech: Speech) -> str:
    """Say in the form what whoever sends it agrees to."""
    return speech.gettext(
        "Whoever sends it agrees that it is played and shared ({licence}).", licence=LICENCE
    )


def how_wrong(speech: Speech) -> str:
    """Say how wrong choices are entered."""
    return speech.gettext("One on each line. Without any, people type the answer.")


def how_to_propose(speech: Speech) -> str:
    """Show how a question is proposed by typing."""
    return speech.gettext("!deck propose question = answer ; wrong ; wrong")


def proposed(number: int, speech: Speech) -> str:
    """Thank for a question."""
    return speech.gettext(
        "Thank you! Your question is proposal {number}, and the team will look at it.",
        number=number,
    )


def may_sign(speech: Speech) -> str:
    """Say that a name is shown only when asked for, beside the button for it."""
    return speech.gettext("Your name will not be shown, unless you sign it.")


def how_to_sign(number: int, speech: Speech) -> str:
    """Say what to type for one's name to be shown, and what was agreed to."""
    return speech.gettext(
        "It may be played and shared ({licence}). To sign it with your name: !deck sign {number}",
        number=number,
        licence=LICENCE,
    )


def button_sign(speech: Speech) -> str:
    """Label: be named as the author."""
    return speech.gettext("Sign with my name")


def signed(number: int, speech: Speech) -> str:
    """Confirm that an author will be named."""
    return speech.gettext(
        "Done: if proposal {number} is accepted, your name will be shown with it.", number=number
    )


def credit(name: str, speech: Speech) -> str:
    """Name whoever proposed the question that was just asked."""
    return speech.gettext("Question proposed by {name}", name=speech.quote(name))


# --- Looking at them ------------------------------------------------------------------------------------------


def nothing_waiting(speech: Speech) -> str:
    """Say that there is nothing to look at."""
    return speech.gettext("No question is waiting. Thank you!")


def nothing_further(speech: Speech) -> str:
    """Say that whoever looks has seen all."""
    return speech.gettext("That was the last one. What you left still waits.")


def heading(proposal: Proposal, speech: Speech) -> str:
    """Return "Proposal 12, by Camille (3 waiting)"."""
    waiting = speech.ngettext("{count} waiting", "{count} waiting", proposal.waiting)
    if proposal.author:
        return speech.gettext(
            "Proposal {number}, by {name} ({waiting})",
            number=proposal.id,
            name=speech.quote(proposal.author),
            waiting=waiting,
        )
    return speech.gettext("Proposal {number} ({waiting})", number=proposal.id, waiting=waiting)


def fields(question: Question, speech: Speech) -> list[tuple[str, str]]:
    """Return what somebody entered, as (field, text); empty fields are left out."""
    entered = {
        "prompt": question.prompt,
        "answer": question.answer,
        "wrong": " ; ".join(question.wrong),
        "explanation": question.explanation,
        "source": question.source,
    }
    return [(label(key, speech), speech.quote(text)) for key, text in entered.items() if text]


def will_be_signed(speech: Speech) -> str:
    """Say that its author wishes to be named."""
    return speech.gettext("Its author wishes to be named.")


def in_a_line(question: Question, speech: Speech) -> str:
    """Return a question as it is typed."""
    answers = " ; ".join((question.answer, *question.wrong))
    return f"{speech.quote(question.prompt)} = {speech.quote(answers)}"


def how_to_decide(number: int, speech: Speech) -> str:
    """Say what to type to accept or reject a question."""
    return speech.gettext("!deck accept {number} · !deck reject {number}", number=number)


def button_accept(speech: Speech) -> str:
    """Label: put it into a deck."""
    return speech.gettext("Accept")


def button_edit(speech: Speech) -> str:
    """Label: change it first."""
    return speech.gettext("Edit")


def button_reject(speech: Speech) -> str:
    """Label: take it out of the queue."""
    return speech.gettext("Reject")


def button_later(speech: Speech) -> str:
    """Label: leave it in the queue and look at the next."""
    return speech.gettext("Later")


def accepted(number: int, deck: str, count: int, speech: Speech) -> str:
    """Confirm that a question joined a deck."""
    return speech.gettext(
        "Proposal {number} is accepted: {deck} now has {questions}.",
        number=number,
        deck=deck,
        questions=speech.ngettext("{count} question", "{count} questions", count),
    )


def rejected(number: int, speech: Speech) -> str:
    """Confirm that a question was taken out of the queue."""
    return speech.gettext("Proposal {number} is taken out of the queue.", number=number)


# --- A copy of one's own --------------------------------------------------------------------------------------


def export_heading(speech: Speech) -> list[str]:
    """Return the columns of the export of what somebody proposed."""
    return [speech.gettext("when (UTC)"), speech.gettext("question"), speech.gettext("deck")]


def exported(count: int, speech: Speech) -> str:
    """Hand over what somebody proposed."""
    return speech.ngettext(
        "With it, {count} question that you proposed.",
        "With it, {count} questions that you proposed.",
        count,
    )
