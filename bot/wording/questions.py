"""What the bot says about the questions of a club. A sentence that names a question shows it where nobody is spoilt."""

from collections.abc import Sequence

from bot.questions import Asked, Entry
from bot.storage.clubs import Club
from bot.wording.speech import Speech


def heading(entry: Entry, speech: Speech) -> str:
    """Return what stands above a question."""
    name = speech.quote(entry.club.name)
    about = belongs(entry, speech)
    if about:
        return speech.gettext("{club}: a question on {book}", club=name, book=about)
    return speech.gettext("{club}: a question", club=name)


def belongs(entry: Entry, speech: Speech) -> str:
    """Return the book and the section that a question belongs to; empty for no book in particular."""
    if entry.book is None:
        return ""
    title = speech.quoted(entry.book.title)
    if not entry.question.section:
        return title
    return speech.gettext(
        "{book}, after section {section}", book=title, section=entry.question.section
    )


def text(entry: Entry, speech: Speech) -> str:
    """Return the question itself."""
    return speech.quote(entry.question.text)


def hidden(entry: Entry) -> bool:
    """Whether a question may give something away to whoever has not read so far."""
    return entry.question.section > 0


def asked(entry: Entry, speech: Speech) -> str:
    """Ask a question in a chat that anybody reads: one that may give something away is on Discord alone."""
    name = speech.quote(entry.club.name)
    if hidden(entry):
        return speech.gettext("{club}: a new question is on Discord.", club=name)
    return speech.gettext("{club}, a question: {question}", club=name, question=text(entry, speech))


def kept(entry: Entry, speech: Speech) -> str:
    """Tell a chat that the question on the table comes again."""
    name = speech.quote(entry.club.name)
    return speech.gettext(
        "{club}: we keep this question for the next meeting, where it comes first.", club=name
    )


def kept_here(speech: Speech) -> str:
    """Stand under a question that comes again."""
    return speech.gettext("Kept for the next meeting, where it comes first.")


def none_now(club: Club, speech: Speech) -> list[str]:
    """Say that no question is on the table, and how to propose one."""
    first = speech.gettext(
        "The club {name} has no question on the table.", name=speech.quote(club.name)
    )
    return [first, how_to("propose", speech)]


def told(question_asked: Asked, speech: Speech) -> str:
    """Ask a question in a line of its own."""
    return asked(question_asked.entry, speech)


def done(speech: Speech) -> str:
    """Confirm."""
    return speech.gettext("Done.")


def proposed(entry: Entry, speech: Speech) -> str:
    """Thank somebody for a question, which is not repeated."""
    values = {"number": entry.question.id, "club": speech.quote(entry.club.name)}
    if entry.question.state == "ready":
        return speech.gettext(
            "Noted: question no. {number} of the club {club} is ready to be asked.", **values
        )
    return speech.gettext(
        "Thank you! The hosts of the club {club} are going to look at your question, no. {number}."
        " To take it back: !question drop {number}",
        **values,
    )


def where(entry: Entry, speech: Speech) -> str:
    """Say where a question belongs, in a sentence."""
    about = belongs(entry, speech)
    if entry.question.section:
        return speech.gettext("To be asked about {book}.", book=about)
    if about:
        return speech.gettext("About {book}, at any time: it gives nothing away.", book=about)
    return speech.gettext("About no book in particular, at any time.")


def approved(number: int, speech: Speech) -> str:
    """Confirm that a proposal may be asked."""
    return speech.gettext("Done: question no. {number} is ready to be asked.", number=number)


def dropped(number: int, speech: Speech) -> str:
    """Confirm that a question is put away."""
    return speech.gettext("Done: question no. {number} is put away.", number=number)


def edited(entry: Entry, speech: Speech) -> str:
    """Confirm what a question is like now, without repeating it."""
    said = speech.gettext("Done: question no. {number} is changed.", number=entry.question.id)
    return f"{said} {where(entry, speech)}"


def numbers(entries: Sequence[Entry], club: Club, speech: Speech) -> list[str]:
    """Count a club's questions, where everybody reads."""
    ready = sum(entry.question.state != "proposed" for entry in entries)
    waiting = len(entries) - ready
    return [
        speech.ngettext(
            "{club}: {count} question is ready to be asked.",
            "{club}: {count} questions are ready to be asked.",
            ready,
            club=speech.quote(club.name),
        ),
        speech.ngettext(
            "{count} proposal is waiting to be looked at.",
            "{count} proposals are waiting to be looked at.",
            waiting,
        ),
    ]


def listed(entries: Sequence[Entry], club: Club, speech: Speech) -> list[str]:
    """List a club's questions to those who lead it, a line each, in the order in which they come."""
    lines = numbers(entries, club, speech)
    if not entries:
        return [*lines, speech.gettext("Meanwhile I have some that fit every book.")]
    for entry in entries:
        lines.append(line(entry, speech))
    return lines


def line(entry: Entry, speech: Speech) -> str:
    """Return a question with its number, where it belongs and what it waits for."""
    about = belongs(entry, speech)
    parts = [text(entry, speech), about, standing(entry, speech)]
    return speech.gettext(
        "no. {number}: {question}",
        number=entry.question.id,
        question=" · ".join(part for part in parts if part),
    )


def standing(entry: Entry, speech: Speech) -> str:
    """Return what a question waits for; empty for one that may simply be asked."""
    match entry.question.state:
        case "carried":
            return speech.gettext("comes first at the next meeting")
        case "proposed":
            return speech.gettext("proposed")
        case _:
            return ""


def reviewing(entry: Entry, waiting: int, author: str, speech: Speech) -> list[str]:
    """Show a proposal to those who decide; `author` is empty for one that has none any more."""
    head = speech.ngettext(
        "Proposal no. {number} ({count} waiting)",
        "Proposal no. {number} ({count} waiting)",
        waiting,
        number=entry.question.id,
    )
    lines = [f"**{head}**", text(entry, speech), where(entry, speech)]
    if author:
        lines.append(speech.gettext("From {name}", name=speech.quote(author)))
    return lines


def none_waiting(speech: Speech) -> str:
    """Say that no proposal waits."""
    return speech.gettext("No proposal is waiting to be looked at.")


def no_more(speech: Speech) -> str:
    """Say that all the proposals were seen, though some were left for later."""
    return speech.gettext("That was the last of them; those you left are still waiting.")


def how_to(verb: str, speech: Speech) -> str:
    """Say how a verb is typed."""
    match verb:
        case "approve":
            return speech.gettext("!question approve [number]")
        case "edit":
            return speech.gettext("!question edit [number] = [question] ; section 2")
        case "drop":
            return speech.gettext("!question drop [number]")
        case _:
            return speech.gettext("!question propose [question]")


def export_heading(speech: Speech) -> str:
    """Head a row of one's own record: a question that one proposes to a club."""
    return speech.gettext("question proposed to a club")


def button_next(speech: Speech) -> str:
    """Label of the button that asks the next question."""
    return speech.gettext("Next question (hosts)")


def button_carry(speech: Speech) -> str:
    """Label of the button that keeps a question for the next meeting."""
    return speech.gettext("Keep for next time (hosts)")


def button_propose(speech: Speech) -> str:
    """Label of the button with which one proposes a question."""
    return speech.gettext("Propose a question")


def button_approve(speech: Speech) -> str:
    """Label of the button that lets a proposal be asked."""
    return speech.gettext("Accept")


def button_edit(speech: Speech) -> str:
    """Label of the button that changes a proposal."""
    return speech.gettext("Edit")


def button_drop(speech: Speech) -> str:
    """Label of the button that puts a proposal away."""
    return speech.gettext("Put it away")


def button_later(speech: Speech) -> str:
    """Label of the button that goes past a proposal."""
    return speech.gettext("Later")


def form_title(speech: Speech) -> str:
    """Title of the form for a question."""
    return speech.gettext("A question for the club")


def field_text(speech: Speech) -> str:
    """Label of the question in the form."""
    return speech.gettext("The question")


def field_section(speech: Speech) -> str:
    """Label of the section in the form."""
    return speech.gettext("After which section it may be asked")


def hint_section(speech: Speech) -> str:
    """Say what an empty section means."""
    return speech.gettext("Leave empty if it gives nothing of the book away.")
