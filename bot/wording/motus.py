"""What the bot says about Motus, and about Wordle where that is no different."""

from collections.abc import Sequence

from bot.pictures import Cell, Drawing
from bot.pictures import Grid as Picture
from bot.pictures import Mark as Look
from bot.wording.quiz import Naming
from bot.wording.speech import Speech, spaced
from games.core import Scene
from games.motus import (
    BREATHER,
    CELLS,
    HIDDEN,
    TRIES,
    Event,
    Facts,
    Grid,
    Hinted,
    Looked,
    Mark,
    Outcome,
    Result,
    Row,
    Tried,
    TriedAlone,
    Unvoted,
    Voted,
)

SQUARES = {Mark.RIGHT: "🟥", Mark.ELSEWHERE: "🟡", Mark.ABSENT: "⬜"}
"""Shapes that differ in shape or in lightness; each stands beside its letter."""

LOOKS: dict[Mark, Look] = {Mark.RIGHT: "full", Mark.ELSEWHERE: "part", Mark.ABSENT: "none"}
MOST_NAMED = 6
"""People whose own grids are named at the end."""


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Motus")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.gettext(
            "Find the word by trying words of the same length that begin with the same letter: {tries} tries.",
            tries=TRIES,
        ),
        _legend(speech),
    ]


def _legend(speech: Speech) -> str:
    return speech.gettext(
        "[R]: the letter is in its place. (R): it is in the word, but elsewhere. R: it is not in the word."
    )


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    facts: Facts = scene.facts
    return f"{_what_to_type(facts, speech)} {_what_it_does(facts, speech)}"


def _what_it_does(facts: Facts, speech: Speech) -> str:
    match facts.mode:
        case "first":
            return speech.gettext(
                "The first word of the dictionary plays; then leave the others {time}.",
                time=speech.seconds(BREATHER),
            )
        case "vote":
            return speech.gettext(
                "The vote closes {time} after the first word, and the word that most people want plays.",
                time=speech.seconds(facts.vote),
            )
        case "each":
            return speech.gettext(
                "On Discord “Answer privately” opens a grid of your own. What is typed in chat plays on that of all."
            )


def _what_to_type(facts: Facts, speech: Speech) -> str:
    if not facts.first:
        return speech.ngettext(
            "Type a word of {count} letter.", "Type a word of {count} letters.", facts.length
        )
    return speech.ngettext(
        "Type a word of {count} letter that begins with {letter}.",
        "Type a word of {count} letters that begins with {letter}.",
        facts.length,
        letter=facts.first.upper(),
    )


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say what was tried last, which letters are known, what people vote for."""
    facts: Facts = scene.facts
    parts = [] if facts.last is None else _tried(facts.last, speech, naming)
    return [*parts, *_votes(facts, speech), *_letters(facts.grid, speech), *_alone(facts, speech)]


def _tried(tried: Tried, speech: Speech, naming: Naming) -> list[str]:
    word = tried.row.letters.upper()
    left = speech.ngettext("{count} try left", "{count} tries left", tried.left)
    if not tried.votes:
        return [f"{word} ({speech.somebody(naming(tried.by.id))})", left]
    votes = speech.ngettext("{count} vote", "{count} votes", tried.votes)
    return [f"{word} ({votes})", left]


def _votes(facts: Facts, speech: Speech) -> list[str]:
    if not facts.votes:
        return []
    words = ", ".join(f"{word.upper()} {speech.number(count)}" for word, count in facts.votes)
    return [speech.gettext("Votes: {words}", words=words)]


def _letters(grid: Grid, speech: Speech) -> list[str]:
    """Say which letters that were tried are in the word and which are not."""
    parts = []
    if grid.present:
        parts.append(speech.gettext("In the word: {letters}", letters=_spaced(grid.present)))
    if grid.absent:
        parts.append(speech.gettext("Not in the word: {letters}", letters=_spaced(grid.absent)))
    return parts


def _spaced(letters: str) -> str:
    return "\u00a0".join(letters).upper()


def _alone(facts: Facts, speech: Speech) -> list[str]:
    if not facts.alone:
        return []
    return [
        speech.ngettext(
            "{count} person plays on a grid of their own",
            "{count} people play on grids of their own",
            facts.alone,
        )
    ]


def spoken(scene: Scene, speech: Speech) -> str:
    """Say the grid, row by row."""
    facts: Facts = scene.facts
    return _rows(facts.grid, " / ", speech)


def _rows(grid: Grid, separator: str, speech: Speech) -> str:
    rows = [_row(row, speech) for row in grid.rows]
    if grid.left and not grid.solved:
        known = (CELLS[Mark.RIGHT].format(k.upper()) if k else HIDDEN.strip() for k in grid.known)
        rows.append(spaced(known, speech))
    return separator.join(rows)


def _row(row: Row, speech: Speech) -> str:
    cells = zip(row.letters.upper(), row.marks, strict=True)
    return spaced((CELLS[mark].format(letter).strip() for letter, mark in cells), speech)


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say what the table does not show."""
    match event:
        case Tried() | Voted() | Unvoted() | TriedAlone() | Looked():
            return []
        case Hinted(place, letter):
            return [
                speech.gettext(
                    "A hint: letter number {place} is {letter}.", place=place, letter=letter.upper()
                )
            ]


def told(event: Event, speech: Speech) -> str:
    """Show somebody their own grid."""
    match event:
        case TriedAlone(_, grid):
            return _own(grid, speech)
        case Looked(_, grid):
            return _rows(grid, "\n", speech)
        case Tried() | Voted() | Unvoted() | Hinted():
            return ""


def _own(grid: Grid, speech: Speech) -> str:
    rows = _rows(grid, "\n", speech)
    if not grid.solved and grid.left:
        left = speech.ngettext("{count} try left", "{count} tries left", grid.left)
        return "\n".join([rows, *_letters(grid, speech), left])
    verdict = (
        speech.gettext("That’s it! To share without giving it away:")
        if grid.solved
        else speech.gettext("This grid is full; the word comes at the end. To share:")
    )
    return "\n".join([rows, verdict, *_shared(grid, speech)])


def card(event: Event, speech: Speech) -> Drawing | None:
    """Draw somebody's own grid."""
    match event:
        case TriedAlone(_, grid) | Looked(_, grid):
            return _picture(grid)
        case Tried() | Voted() | Unvoted() | Hinted():
            return None


def _shared(grid: Grid, speech: Speech) -> list[str]:
    """Return a result that does not give the word away: each row as shapes and as letters."""
    letters = {
        Mark.RIGHT: speech.gettext("R"),
        Mark.ELSEWHERE: speech.gettext("E"),
        Mark.ABSENT: "–",
    }
    score = _score(len(grid.rows), grid.solved, speech)
    rows = [
        f"{''.join(SQUARES[mark] for mark in row.marks)} {' '.join(letters[m] for m in row.marks)}"
        for row in grid.rows
    ]
    legend = speech.gettext("R: in its place, E: elsewhere, –: not in the word")
    return [speech.gettext("My grid: {score}", score=score), *rows, legend]


def _score(tries: int, solved: object, speech: Speech) -> str:
    return f"{speech.number(tries) if solved else '–'}/{TRIES}"


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say what the word was, who found it, and how those did who had a grid of their own."""
    word = speech.quoted(outcome.word)
    together = next((result for result in outcome.results if result.by is None), None)
    alone = [result for result in outcome.results if result.by is not None]
    if not any(result.solved for result in outcome.results):
        verdict = speech.gettext("Not found this time: it was {word}.", word=word)
    elif outcome.by is None or together is None:
        verdict = speech.gettext("It was {word}.", word=word)
    else:
        verdict = speech.ngettext(
            "It was {word}: {name} had it in {count} try.",
            "It was {word}: {name} had it in {count} tries.",
            len(together.rows),
            word=word,
            name=speech.somebody(naming(outcome.by.id)),
        )
    return [verdict, *_alone_at_last(alone, speech, naming)]


def _alone_at_last(results: Sequence[Result], speech: Speech, naming: Naming) -> list[str]:
    if not results:
        return []
    best = sorted(results, key=lambda result: (not result.solved, len(result.rows)))
    names = [
        f"{speech.somebody(naming(result.by.id))} {_score(len(result.rows), result.solved, speech)}"
        for result in best[:MOST_NAMED]
        if result.by is not None
    ]
    if len(best) > MOST_NAMED:
        others = len(best) - MOST_NAMED
        names.append(speech.ngettext("{count} other", "{count} others", others))
    return [speech.gettext("On their own grids: {names}.", names=speech.listed(names))]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: words are typed."""
    return []


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Name the field of the form for a try."""
    facts: Facts = scene.facts
    return [speech.ngettext("A word of {count} letter", "A word of {count} letters", facts.length)]


def wish(wish: str, speech: Speech) -> str:
    """Label the button that shows one's own grid."""
    return speech.gettext("My grid")


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the grid of all, with the rows that are left."""
    facts: Facts = scene.facts
    return _picture(facts.grid)


def _picture(grid: Grid) -> Drawing:
    rows = [
        tuple(
            Cell(letter, LOOKS[mark])
            for letter, mark in zip(row.letters.upper(), row.marks, strict=True)
        )
        for row in grid.rows
    ]
    if grid.left and not grid.solved:
        rows.append(tuple(Cell(k.upper(), "full") if k else Cell() for k in grid.known))
    rows += [(Cell(),) * len(grid.known)] * (TRIES - len(rows))
    return Picture(tuple(rows))
