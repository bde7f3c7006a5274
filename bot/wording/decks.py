"""What is wrong with a deck file, line by line."""

from bot.wording.speech import N_, Speech
from games.deck import DeckError, Problem

SENTENCES = {
    "syntax": N_("this line cannot be read: check quotation marks and brackets"),
    "missing": N_("“{field}” is missing"),
    "locale": N_("unknown language; known: {known}"),
    "not-a-table": N_("a question must be a [[question]] block"),
    "duplicate": N_("the same question stands at line {first}"),
    "unknown-field": N_("unknown field “{field}”"),
    "wrong-type": N_("“{field}” must be {kind}"),
    "too-long": N_("“{field}” is too long: {limit} characters at most"),
    "too-large": N_("the file is too large: {limit} characters at most"),
    "control": N_("“{field}” holds a line break or a control character"),
    "difficulty": N_("the difficulty goes from 1 to 3"),
    "unanswerable": N_("nobody could type this answer: it has no letter or digit"),
    "empty-choice": N_("“{field}” holds an empty text"),
    "choices": N_("“wrong” takes {least} to {most} choices"),
    "same-choice": N_("two choices are the same"),
    "accept-with-choices": N_("“accept” has no use with choices"),
    "unreadable": N_("the file cannot be read as UTF-8 text"),
}

KINDS = {
    "str": N_("a text in quotation marks"),
    "list": N_("a list in brackets"),
    "int": N_("a whole number"),
    "bool": N_("true or false"),
}
"""What a field takes, for people who do not program."""


def problem(error: Problem, speech: Speech) -> str:
    """Return what is wrong on one line."""
    facts = dict(error.facts)
    if "type" in facts:
        facts["kind"] = speech.gettext(KINDS[facts.pop("type")])
    return speech.gettext(SENTENCES[error.code], **facts)


def refused(error: DeckError, speech: Speech, most: int = 20) -> list[str]:
    """Return the refusal of a deck: a heading, then "file:line: reason" for each problem."""
    lines = [
        speech.gettext("The deck {name} is refused; nothing was taken from it.", name=error.name)
    ]
    lines += [_line(error.name, found, speech) for found in error.problems[:most]]
    left = len(error.problems) - most
    if left > 0:
        lines.append(speech.ngettext("… and {count} more", "… and {count} more", left))
    return lines


def _line(name: str, found: Problem, speech: Speech) -> str:
    reason = problem(found, speech)
    return speech.gettext(
        "{name}, line {line}: {reason}", name=name, line=found.line, reason=reason
    )
