"""What is wrong with a deck file, line by line; and what the deck commands of the command line say."""

from collections.abc import Iterable, Sequence

from bot.wording.speech import N_, Speech
from games.deck import Deck, DeckError, Problem

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
    "choices": N_("“{field}” takes {least} to {most} choices here"),
    "same-choice": N_("two choices are the same"),
    "not-finite": N_("“number” must be a number that people can type"),
    "no-use": N_("“{field}” has no use beside “{other}”: a question is answered in one way"),
    "unlike-right": N_("“unlike” holds “{value}”, which would be taken for right"),
    "audience": N_("unknown audience; known: {known}"),
    "image": N_(
        "“image” must be an address that begins with https://, or the name of a PNG, JPEG, WebP or GIF file beside "
        "the deck: letters without accents, digits, “-” and “_”, no folder"
    ),
    "alt-alone": N_("“alt” describes a picture, and there is no “image”"),
    "alt-tells": N_("“alt” gives the answer away: describe the picture without it"),
    "no-picture": N_("the picture {name} does not stand beside the deck"),
    "picture-type": N_(
        "the picture {name} is not of the kind that its name says: PNG, JPEG, WebP or GIF are taken"
    ),
    "picture-large": N_("the picture {name} is too large: {limit} MB at most"),
    "unreadable": N_("the file cannot be read as UTF-8 text"),
    # Files of other kinds:
    "unknown-format": N_("this kind of file is not known; known: {known}"),
    "not-this-format": N_("this is not a file of the format “{format}”"),
    "too-big": N_("the file is too large: {limit} MB at most"),
    "encoding": N_("this line is not text: save the file as UTF-8"),
    "too-many-rows": N_("there are too many questions: {limit} at most"),
    "no-question": N_("there is no question in this file"),
    "no-header": N_("no line names the columns: “question” and “answer” (or “réponse”) are needed"),
    "unknown-column": N_("unknown column “{column}”: rename it or remove it"),
    "stray-cell": N_(
        "a cell stands outside the named columns: check separators and quotation marks"
    ),
    "no-answer": N_("this question has no right answer"),
    "no-such-choice": N_("“{value}” is not one of the choices"),
    "ambiguous-choice": N_(
        "“{value}” may mean two of the choices: give the right one by its letter"
    ),
    "several-answers": N_(
        "several choices are right, each by itself: if all are needed, give them shares such as %50%"
    ),
    "partial": N_("an answer that is half right has no equal here"),
    "matching": N_("questions that match pairs have no equal here"),
    "essay": N_("questions without an answer have no equal here"),
    "range": N_("there must be one right number, in digits"),
    "cloze": N_("texts with gaps have no equal here: write a question and an answer"),
    "media": N_("this question needs a picture or a sound, which are not taken along"),
    "mixed-locale": N_("the questions are in two languages: “{first}” and “{other}”"),
    "no-locale": N_("there is no question in “{locale}”; there are some in: {known}"),
    "date-cell": N_("the spreadsheet made a date of this text: format the cell as text"),
    "not-xlsx": N_("this spreadsheet cannot be read: save it as .xlsx"),
    "zip-ratio": N_("this spreadsheet unpacks to far more than a deck can hold"),
    "yaml-tag": N_("YAML tags (“!…”) are not allowed"),
    "yaml-alias": N_("YAML aliases (“*…”) are not allowed"),
    "too-deep": N_("this is nested too deep for a question and its answers"),
    "in-another-deck": N_("the deck {deck} asks this question as well"),
    "cannot-hold": N_("the format “{format}” cannot hold question {number}: {what}"),
    "no-export": N_("decks are not written as “{format}”; known: {known}"),
    # What is left behind of a question that is taken, or written, all the same:
    "tolerance": N_("a tolerance or a range has no equal here: whoever comes nearest is right"),
    "theme-left": N_("the theme “{theme}” is left behind: {limit} characters at most"),
    "left-behind": N_("left behind of question {number}: {fields}"),
}

KINDS = {
    "str": N_("a text in quotation marks"),
    "list": N_("a list in brackets"),
    "int": N_("a whole number"),
    "float": N_("a number"),
    "bool": N_("true or false"),
}
"""What a field takes, for people who do not program."""

BEYOND = {
    "text": N_("it is answered in words"),
    "choice": N_("it is answered by a choice"),
    "truth": N_("it is true or false"),
    "several": N_("several choices are right"),
    "order": N_("its choices are put in order"),
    "number": N_("the nearest number is right"),
    "picture": N_("it has a picture"),
    "key": N_("the format reads this question as something else"),
}
"""What of a question a format cannot hold."""


LABELS = {
    "prompt": N_("Question"),
    "answer": N_("Right answer"),
    "wrong": N_("Wrong choices"),
    "explanation": N_("Explanation"),
    "source": N_("Source"),
    "accept": N_("Answer"),
}
"""What the fields are called for people who enter a question in a form."""


def problem(error: Problem, speech: Speech) -> str:
    """Return what is wrong on one line."""
    facts = {k: speech.quote(v) if isinstance(v, str) else v for k, v in error.facts.items()}
    if "type" in facts:
        facts["kind"] = speech.gettext(KINDS[facts.pop("type")])
    if "what" in facts:
        facts["what"] = speech.gettext(BEYOND[facts.pop("what")])
    return speech.gettext(SENTENCES[error.code], **facts)


def entered(error: Problem, speech: Speech) -> str:
    """Return what is wrong with a question that somebody entered, by the names of the form."""
    facts = dict(error.facts)
    named = LABELS.get(facts.get("field", ""))
    if named is not None:
        facts["field"] = speech.gettext(named)
    if error.code == "choices":
        return speech.gettext("there can be {least} to {most} wrong choices", **facts)
    return problem(Problem(error.line, error.code, facts), speech)


def refused(error: DeckError, speech: Speech, most: int = 20) -> list[str]:
    """Return the refusal of a deck: a heading, then "file, line: reason" for each problem."""
    reasons = [_line(error.name, found, speech) for found in error.problems]
    return [_heading(error, speech), *_cut(reasons, speech, most)]


def _heading(error: DeckError, speech: Speech) -> str:
    return speech.gettext("The deck {name} is refused; nothing was taken from it.", name=error.name)


def _line(name: str, found: Problem, speech: Speech) -> str:
    reason = problem(found, speech)
    return speech.gettext(
        "{name}, line {line}: {reason}", name=name, line=found.line, reason=reason
    )


def _cut(lines: Sequence[str], speech: Speech, most: int) -> list[str]:
    left = len(lines) - most
    more = [speech.ngettext("… and {count} more", "… and {count} more", left)] if left > 0 else []
    return [*lines[:most], *more]


# --- The command line -----------------------------------------------------------------------------------------


def located(path: str, found: Iterable[Problem], speech: Speech) -> list[str]:
    """Return every problem as "file:line: reason", which editors know how to open."""
    return [f"{path}:{one.line}: {problem(one, speech)}" for one in found]


def not_taken(path: str, error: DeckError, speech: Speech) -> list[str]:
    """Return the refusal of a file with every problem in it."""
    return [_heading(error, speech), *located(path, error.problems, speech)]


def not_written(format_name: str, error: DeckError, speech: Speech, most: int = 20) -> list[str]:
    """Say that a deck does not fit a format."""
    heading = speech.gettext(
        "The deck {name} cannot be written as “{format}”; nothing was written.",
        name=error.name,
        format=format_name,
    )
    return [heading, *_cut([problem(one, speech) for one in error.problems], speech, most)]


def table(decks: Sequence[Deck], speech: Speech) -> list[str]:
    """Return a line for each deck, in columns: name, title, language, number of questions, licence."""
    rows = [
        (deck.name, deck.title, speech.language(deck.locale), _questions(deck, speech))
        for deck in decks
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([*map(str.ljust, row, widths), deck.licence])
        for row, deck in zip(rows, decks, strict=True)
    ]


def _questions(deck: Deck, speech: Speech) -> str:
    return _count(len(deck.questions), speech)


def _count(questions: int, speech: Speech) -> str:
    return speech.ngettext("{count} question", "{count} questions", questions)


def fine(path: str, deck: Deck, speech: Speech) -> str:
    """Say that a file can be played."""
    return speech.gettext(
        "{path}: fine: {questions}", path=path, questions=_questions(deck, speech)
    )


def written(path: str, deck: Deck, speech: Speech) -> str:
    """Say which deck was written where."""
    return speech.gettext(
        "{path} is written: {title}, {questions}, {language}, licence: {licence}",
        path=path,
        title=speech.quoted(deck.title),
        questions=_questions(deck, speech),
        language=speech.language(deck.locale),
        licence=deck.licence,
    )


def dropped(path: str, duplicates: Sequence[Problem], speech: Speech) -> list[str]:
    """Say which questions stood in a file more than once."""
    if not duplicates:
        return []
    heading = speech.ngettext(
        "{count} question stands in the file twice; only the first of each is kept:",
        "{count} questions stand in the file twice; only the first of each is kept:",
        len(duplicates),
    )
    return [heading, *located(path, duplicates, speech)]


def left_behind(format_name: str, lost: Sequence[Problem], speech: Speech) -> list[str]:
    """Say which fields a file in another format has no place for, and in which questions they are lost."""
    numbers: dict[str, list[int]] = {}
    for one in lost:
        for field in one.facts["fields"].split(", "):
            numbers.setdefault(field, []).append(one.facts["number"])
    return [
        speech.gettext(
            "“{format}” has no place for “{field}”: left behind in {questions} ({numbers})",
            format=format_name,
            field=field,
            questions=_count(len(found), speech),
            numbers=_runs(found),
        )
        for field, found in numbers.items()
    ]


def _runs(numbers: Sequence[int]) -> str:
    """Return "1–4, 7" for ascending numbers."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ", ".join("–".join(map(str, run)) for run in runs)


def no_licence(speech: Speech) -> str:
    """Say that a file states no licence, and what to do."""
    return speech.gettext("The file states no licence. If you know it, give it with --licence.")


def no_file(path: str, speech: Speech) -> str:
    """Say that a file cannot be opened."""
    return speech.gettext("{path} cannot be opened: check its name and your rights.", path=path)


def no_format(name: str, known: str, speech: Speech) -> str:
    """Say that a format is not known."""
    return speech.gettext("There is no format “{format}”; known: {known}", format=name, known=known)


def no_overwriting(path: str, speech: Speech) -> str:
    """Say that a file is there already."""
    return speech.gettext(
        "{path} is there already and stays as it is. To replace it: --force", path=path
    )


def no_deck_name(path: str, speech: Speech) -> str:
    """Refuse a place where the bot would not look for a deck."""
    return speech.gettext(
        "{path} is neither a folder nor the name of a deck, which ends in .toml.", path=path
    )
