"""What the bot says about decks in chat: imported, shown, exported, removed; and about answers it remembers."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate

from bot.shelf import Arrival, Exported
from bot.storage.decks import Remembered
from bot.wording.dates import in_words
from bot.wording.decks import left_behind, problem
from bot.wording.speech import Speech
from games.deck import Deck, Problem


def questions(deck: Deck, speech: Speech) -> str:
    """Return how many questions a deck has."""
    return speech.ngettext("{count} question", "{count} questions", len(deck.questions))


# --- Importing ------------------------------------------------------------------------------------------------


def imported(arrival: Arrival, speech: Speech) -> list[str]:
    """Confirm an import, and say how to play the deck."""
    deck = arrival.deck
    lines = [
        speech.gettext(
            "{title} is imported as {name}: {questions}, {language}. To play it: !quiz start {name}",
            title=speech.quoted(deck.title),
            name=deck.name,
            questions=questions(deck, speech),
            language=speech.language(deck.locale),
        )
    ]
    if not arrival.licensed:
        lines.append(
            speech.gettext(
                "The file does not say who may use it: please make sure before you share it."
            )
        )
    if arrival.remarks:
        lines.append(
            speech.ngettext(
                "{count} question to look at, which keeps nothing from being played:",
                "{count} questions to look at, which keep nothing from being played:",
                len(arrival.remarks),
            )
        )
    return lines


def refused(name: str, speech: Speech) -> str:
    """Say that a file was refused, before the list of what is wrong with it."""
    return speech.gettext("{name} is refused; nothing was taken from it.", name=speech.quote(name))


def located(problems: Iterable[Problem], speech: Speech) -> list[str]:
    """Return a line for each problem: "line 4: …"."""
    return [
        speech.gettext("line {line}: {reason}", line=one.line, reason=problem(one, speech))
        for one in problems
    ]


def remarks(problems: Iterable[Problem], speech: Speech) -> list[str]:
    """Return a line for each question of an imported deck that is worth a look; one that came twice was left out."""
    return [
        speech.gettext(
            "line {line}, left out: {reason}", line=one.line, reason=problem(one, speech)
        )
        if one.code == "duplicate"
        else located([one], speech)[0]
        for one in problems
    ]


def more_in_file(count: int, speech: Speech) -> str:
    """Say how much more stands in the attached list."""
    return speech.ngettext(
        "… and {count} more, in the attached list",
        "… and {count} more, in the attached list",
        count,
    )


def list_name(speech: Speech) -> str:
    """Return what the attached list is called."""
    return speech.gettext("report.txt")


def import_elsewhere(speech: Speech) -> str:
    """Say where files can be sent, since this chat has none."""
    return speech.gettext(
        "This chat takes no files: import your deck on Discord with /deck import, or with “ensemble deck import”."
    )


# --- Looking at them ------------------------------------------------------------------------------------------


def marked(line: str, speech: Speech) -> str:
    """Mark the line of an imported deck in a list."""
    return speech.gettext("{deck}, imported", deck=line)


def listed(lines: Sequence[str], limit: int, speech: Speech) -> list[str]:
    """Return as many lines as fit into `limit` characters, and how many more there are."""
    room = list(accumulate(len(line) + 1 for line in lines))
    if not room or room[-1] <= limit:
        return list(lines)
    shown = sum(end <= limit - 60 for end in room)
    left = len(lines) - shown
    return [
        *lines[:shown],
        speech.ngettext("… and {count} more", "… and {count} more", left),
    ]


def shown(deck: Deck, day: date | None, speech: Speech) -> list[str]:
    """Describe a deck; `day` is when an imported one was last changed."""
    lines = [
        speech.gettext(
            "{title} ({name}): {questions}, {language}",
            title=speech.quoted(deck.title),
            name=deck.name,
            questions=questions(deck, speech),
            language=speech.language(deck.locale),
        )
    ]
    if deck.description:
        lines.append(speech.quote(deck.description))
    lines.append(_levels(deck, speech))
    if deck.author:
        lines.append(speech.gettext("Author: {author}", author=speech.quote(deck.author)))
    if deck.licence:
        lines.append(speech.gettext("Licence: {licence}", licence=speech.quote(deck.licence)))
    if day is not None:
        lines.append(speech.gettext("Imported, last changed on {day}", day=in_words(day, speech)))
    return lines


def _levels(deck: Deck, speech: Speech) -> str:
    count = [sum(q.difficulty == level for q in deck.questions) for level in (1, 2, 3)]
    return speech.gettext(
        "Easy: {easy}, medium: {medium}, hard: {hard}",
        easy=speech.number(count[0]),
        medium=speech.number(count[1]),
        hard=speech.number(count[2]),
    )


def removed(name: str, speech: Speech) -> str:
    """Confirm that a deck is gone."""
    return speech.gettext("The deck {name} is removed.", name=name)


def exported(made: Exported, speech: Speech) -> list[str]:
    """Hand over a deck as a file, and say what does not go with it."""
    pictures = speech.ngettext(
        "{count} picture stays here: it goes along with “ensemble deck export” alone.",
        "{count} pictures stay here: they go along with “ensemble deck export” alone.",
        made.pictures,
    )
    return [
        _handed_over(made, speech),
        *([pictures] if made.pictures else []),
        *left_behind(made.format, made.lost, speech),
    ]


def _handed_over(made: Exported, speech: Speech) -> str:
    if not made.remembered:
        return speech.gettext("Here it is: {name}", name=made.file_name)
    count = speech.ngettext(
        "{count} remembered answer", "{count} remembered answers", made.remembered
    )
    return speech.gettext("Here it is, with {count}: {name}", count=count, name=made.file_name)


def not_exported(format_name: str, speech: Speech) -> str:
    """Say that a deck does not fit a format, before the list of why."""
    return speech.gettext(
        "This deck cannot be written as “{format}”.", format=speech.quote(format_name)
    )


def export_elsewhere(speech: Speech) -> str:
    """Say where a deck can be had as a file."""
    return speech.gettext(
        "This chat takes no files: get the deck on Discord with /deck export, or with “ensemble deck export”."
    )


# --- Remembered answers ---------------------------------------------------------------------------------------


def remembered(rows: Sequence[Remembered], speech: Speech) -> list[str]:
    """List the answers remembered for a deck."""
    if not rows:
        return []
    each = [
        speech.gettext(
            "{answer}, for: {question}",
            answer=speech.quoted(row.answer),
            question=speech.quote(row.prompt),
        )
        for row in rows
    ]
    return [speech.gettext("Remembered answers:"), *each]


def forgotten(rows: Sequence[Remembered], speech: Speech) -> str:
    """Confirm that an answer is no longer accepted."""
    return speech.gettext(
        "Forgotten: {answer} is no longer taken as right in the deck {deck}.",
        answer=speech.quoted(rows[0].answer),
        deck=rows[0].deck,
    )
