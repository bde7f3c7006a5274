"""What the bot says about the agenda and the minutes of a meeting. They name nobody of their own accord."""

from collections.abc import Sequence

from bot.minutes import Record
from bot.questions import Entry
from bot.storage.clubs import Club
from bot.storage.minutes import Note
from bot.wording.club import named
from bot.wording.dates import moment
from bot.wording.house import members
from bot.wording.questions import belongs, hidden
from bot.wording.questions import text as question_text
from bot.wording.speech import Speech
from games.recurrence import local_time


def title(record: Record, speech: Speech) -> str:
    """Return what stands above the minutes."""
    return speech.gettext(
        "Minutes of the club {name}’s meeting", name=speech.quote(record.club.name)
    )


def facts(record: Record, zone: str, speech: Speech) -> str:
    """Return when it was, what it was about and how many came; few are not counted."""
    start = local_time(record.meeting.starts_at, zone)
    when = moment(start, speech, start.replace(year=start.year - 1))
    parts = [f"{when[:1].upper()}{when[1:]}"]
    if record.book is not None:
        parts.append(named(record.book, speech))
    parts.append(members(record.came, speech))
    return " · ".join(parts)


def sections(
    record: Record, questions: Sequence[str], speech: Speech
) -> list[tuple[str, list[str]]]:
    """Return the parts of the minutes that have something in them, each a heading and its lines, in order."""
    points = [point(note, speech) for note in record.of("point")]
    found = [
        (speech.gettext("Agenda of the meeting"), points),
        (speech.gettext("Questions"), list(questions)),
        (speech.gettext("Decisions"), [speech.quote(one.text) for one in record.of("decision")]),
        (speech.gettext("Notes"), [speech.quote(one.text) for one in record.of("note")]),
    ]
    return [(heading, lines) for heading, lines in found if lines]


def asked(entry: Entry, speech: Speech, veil: str = "") -> str:
    """Return a question that was asked, between two veils when it may give something away."""
    said = question_text(entry, speech)
    parts = [f"{veil}{said}{veil}" if hidden(entry) else said]
    if entry.question.section:
        parts.append(belongs(entry, speech))
    if entry.question.state == "carried":
        parts.append(speech.gettext("kept for the next meeting"))
    return " · ".join(parts)


def point(note: Note, speech: Speech) -> str:
    """Return a point, and whether it was talked about."""
    text = speech.quote(note.text)
    return speech.gettext("{text} (talked about)", text=text) if note.done else text


def numbered(note: Note, speech: Speech) -> str:
    """Return a note with the number by which leaders name it."""
    said = point(note, speech) if note.kind == "point" else speech.quote(note.text)
    return speech.gettext("no. {number}: {text}", number=note.id, text=said)


def agenda(points: Sequence[Note], club: Club, speech: Speech) -> list[str]:
    """Say what a meeting is going to talk about."""
    name = speech.quote(club.name)
    if not points:
        first = speech.gettext("The agenda of the club {name} is still empty.", name=name)
        return [first, how_to("point", speech)]
    first = speech.gettext("Agenda of the club {name}:", name=name)
    return [first, *(numbered(note, speech) for note in points)]


def document(record: Record, zone: str, speech: Speech) -> str:
    """Return the whole minutes as a Markdown file."""
    parts = [f"# {title(record, speech)}", facts(record, zone, speech)]
    questions = [asked(entry, speech) for entry in record.questions]
    for heading, lines in sections(record, questions, speech):
        parts += [f"## {heading}", "\n".join(f"- {line}" for line in lines)]
    return "\n\n".join(parts) + "\n"


def file_name(record: Record, zone: str, speech: Speech) -> str:
    """Return what the file is called; Discord veils one whose name begins so when it may give something away."""
    day = local_time(record.meeting.starts_at, zone).date().isoformat()
    veil = "SPOILER_" if any(hidden(entry) for entry in record.questions) else ""
    name = speech.gettext("meeting-minutes")
    return f"{veil}{name}-{day}.md"


def spoken(record: Record, zone: str, speech: Speech) -> list[str]:
    """Return the minutes for a chat, a part each: what may give something away is not in them."""
    parts = [title(record, speech), facts(record, zone, speech)]
    questions = [asked(entry, speech) for entry in record.questions if not hidden(entry)]
    for heading, lines in sections(record, questions, speech):
        text = " / ".join(lines)
        parts.append(speech.gettext("{heading}: {lines}", heading=heading, lines=text))
    return parts


def announced(record: Record, speech: Speech) -> str:
    """Tell a chat that the minutes are there."""
    name = speech.quote(record.club.name)
    return speech.gettext("The minutes of the club {name} are there: !recap", name=name)


def added(note: Note, speech: Speech) -> str:
    """Confirm that something is written down, without repeating it."""
    match note.kind:
        case "point":
            text = speech.gettext(
                "Noted, point no. {number} of the agenda. To tick it: !recap tick {number}",
                number=note.id,
            )
        case "decision":
            text = speech.gettext("Noted among the decisions, no. {number}.", number=note.id)
        case "note":
            text = speech.gettext("Noted, no. {number}.", number=note.id)
    return text


def ticked(note: Note, speech: Speech) -> str:
    """Confirm a tick."""
    if note.done:
        return speech.gettext("Done: point no. {number} is ticked.", number=note.id)
    return speech.gettext("Done: point no. {number} is open again.", number=note.id)


def removed(note: Note, speech: Speech) -> str:
    """Confirm that a note is gone."""
    return speech.gettext("Done: no. {number} is erased.", number=note.id)


def exported(speech: Speech) -> str:
    """Hand the file over."""
    return speech.gettext("Here are the minutes.")


def export_elsewhere(speech: Speech) -> str:
    """Say where the file is to be had."""
    return speech.gettext("The file of the minutes is on Discord: /recap export")


def how_to(verb: str, speech: Speech) -> str:
    """Say how a verb is typed."""
    match verb:
        case "tick":
            return speech.gettext("!recap tick [number]")
        case "remove":
            return speech.gettext("!recap remove [number]")
        case "decide":
            return speech.gettext("!recap decide [what was decided]")
        case "add":
            return speech.gettext("!recap add [what to keep]")
        case _:
            return speech.gettext("!recap point [what to talk about]")


def button_file(speech: Speech) -> str:
    """Label of the button that gives the minutes as a file."""
    return speech.gettext("As a file")
