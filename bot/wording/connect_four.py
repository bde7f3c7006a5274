"""What the bot says about connect four."""

from bot.pictures import Cell, Drawing, Grid, Mark
from bot.wording.quiz import Naming
from bot.wording.speech import Speech
from games.connect_four import (
    COLUMNS,
    LINE,
    MARKS,
    ROWS,
    Event,
    Facts,
    Outcome,
    Played,
    Unvoted,
    Voted,
)
from games.core import Player, Scene

PIECES: tuple[Mark, Mark] = ("disc", "ring")


def name(speech: Speech) -> str:
    """Return what the game is called."""
    return speech.gettext("Connect four")


def rules(speech: Speech) -> list[str]:
    """Say how to play."""
    return [
        speech.ngettext(
            "Drop a piece into a column, 1 to 7; {count} in a row, in any direction, wins.",
            "Drop a piece into a column, 1 to 7; {count} in a row, in any direction, win.",
            LINE,
        ),
        speech.gettext(
            "In turn: X begins, then O. When the chat plays, it votes, and the column most wanted is played."
        ),
    ]


def how(scene: Scene, speech: Speech) -> str:
    """Say what to type now."""
    if scene.kind == "vote":
        return speech.gettext(
            "Vote: type the number of a column, 1 to 7. The vote closes {time} after its first voice.",
            time=speech.seconds(scene.facts.vote),
        )
    return speech.gettext("Type the number of a column, 1 to 7.")


def table(scene: Scene, speech: Speech, naming: Naming) -> list[str]:
    """Say what was played, whose turn it is, and how the vote stands."""
    facts: Facts = scene.facts
    parts = [_before(facts, speech, naming)] if facts.last or not facts.votes else []
    person = _side(facts.players[facts.side], speech, naming)
    parts.append(speech.gettext("Next: {player} ({mark})", player=person, mark=MARKS[facts.side]))
    return [*parts, *_votes(facts, speech)]


def _before(facts: Facts, speech: Speech, naming: Naming) -> str:
    """Say what was played last, or who plays against whom."""
    if facts.last is not None:
        return _played(facts.last, facts, speech, naming)
    first, second = (_side(player, speech, naming) for player in facts.players)
    return speech.gettext(
        "{first} ({x}) against {second} ({o})", first=first, second=second, x=MARKS[0], o=MARKS[1]
    )


def _played(played: Played, facts: Facts, speech: Speech, naming: Naming) -> str:
    return speech.gettext(
        "{player} ({mark}) in {column}",
        player=_side(facts.players[played.side], speech, naming),
        mark=MARKS[played.side],
        column=played.column + 1,
    )


def _side(player: Player | None, speech: Speech, naming: Naming) -> str:
    return speech.gettext("the chat") if player is None else speech.somebody(naming(player.id))


def _votes(facts: Facts, speech: Speech) -> list[str]:
    if not facts.votes:
        return []
    most_first = sorted(facts.votes, key=lambda vote: -vote[1])
    votes = [
        speech.ngettext(
            "column {column} ({count} vote)",
            "column {column} ({count} votes)",
            count,
            column=column + 1,
        )
        for column, count in most_first
    ]
    return [speech.gettext("Votes: {words}", words=", ".join(votes))]


def spoken(scene: Scene, speech: Speech) -> str:
    """Say what is in each column, from the bottom up."""
    facts: Facts = scene.facts
    columns = [
        f"{number} {''.join(MARKS[side] for side in column)}"
        for number, column in enumerate(facts.columns, 1)
        if column
    ]
    if not columns:
        return speech.gettext("The board is empty")
    return speech.gettext("Columns, from the bottom up: {columns}", columns=", ".join(columns))


def said(event: Event, speech: Speech, naming: Naming) -> list[str]:
    """Say nothing: the table shows every move and vote."""
    match event:
        case Voted() | Unvoted() | Played():
            return []


def told(event: Event, speech: Speech) -> str:
    """Confirm a vote or a move to the one who pressed."""
    match event:
        case Voted(_, column):
            return speech.gettext(
                "Vote noted: column {column}. You may change it until the vote is closed.",
                column=column + 1,
            )
        case Played(_, column):
            return speech.gettext("Played: column {column}.", column=column + 1)
        case Unvoted():
            return ""


def card(event: Event, speech: Speech) -> Drawing | None:
    """Return nothing: the board is everybody's."""
    return None


def over(outcome: Outcome, speech: Speech, naming: Naming) -> list[str]:
    """Say who won, and how."""
    player = _side(outcome.winner, speech, naming)
    match outcome.reason:
        case "four":
            return [_four(outcome, player, speech), *_voted(outcome, speech)]
        case "draw":
            return [speech.gettext("The board is full, and nobody has four in a row: a draw.")]
        case "time":
            return [speech.gettext("The time is up: {player} wins.", player=player)]
        case "left":
            return [speech.gettext("The other player has left: {player} wins.", player=player)]
        case "open":
            return [speech.gettext("This game stays undecided.")]


def _four(outcome: Outcome, player: str, speech: Speech) -> str:
    column = (outcome.column or 0) + 1
    return speech.gettext(
        "Column {column}, and four in a row: {player} wins!", column=column, player=player
    )


def _voted(outcome: Outcome, speech: Speech) -> list[str]:
    if outcome.winner is not None:
        return []
    return [speech.ngettext("{count} person voted.", "{count} people voted.", outcome.voters)]


def choices(scene: Scene, speech: Speech) -> list[str]:
    """Return the numbers of the columns."""
    return list(scene.choices)


def fields(scene: Scene, speech: Speech) -> list[str]:
    """Return nothing: every move is public."""
    return []


def wish(wish: str, speech: Speech) -> str:
    """Return nothing: there is nothing to wish for."""
    return ""


def drawing(scene: Scene, speech: Speech) -> Drawing | None:
    """Draw the board: discs with an X, rings with an O, and the line that won as squares."""
    facts: Facts = scene.facts
    rows = tuple(
        tuple(_cell(facts, (column, row)) for column in range(COLUMNS))
        for row in reversed(range(ROWS))
    )
    return Grid(rows, tuple(str(column + 1) for column in range(COLUMNS)))


def _cell(facts: Facts, place: tuple[int, int]) -> Cell:
    column, row = place
    if row >= len(facts.columns[column]):
        return Cell(mark="empty")
    side = facts.columns[column][row]
    return Cell(MARKS[side], "won" if place in facts.line else PIECES[side])
