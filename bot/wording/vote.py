"""What the bot says about votes: how one votes, how a vote stands, and how it was counted.

On Twitch what is typed is read by all, so nothing here repeats a ballot there.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.storage.club_books import Book
from bot.votes import Cast, Closed, Poll, Progress
from bot.wording.club import how_to, named
from bot.wording.dates import moment
from bot.wording.house import FEW
from bot.wording.speech import Speech, clip
from games.votes import Ballot, Round, Rules

SHORT = 60
"""Characters of a title where many stand together."""


def title(poll: Poll, speech: Speech) -> str:
    """Return what a vote is called."""
    return speech.gettext("What does the club {club} read next?", club=speech.quote(poll.club.name))


def option(number: int, book: Book, speech: Speech) -> str:
    """Return an option with its number, and its pages where they are known."""
    text = f"{number}. {named(book, speech)}"
    if book.pages is None:
        return text
    pages = speech.ngettext("{count} page", "{count} pages", book.pages)
    return f"{text} ({pages})"


def options(poll: Poll, speech: Speech, limit: int) -> list[str]:
    """Return every option, a part each: in full where all fit into `limit` characters, else by title alone."""
    full = [option(number, book, speech) for number, book in poll.books.items()]
    return full if sum(map(len, full)) <= limit else short_options(poll, speech)


def short_options(poll: Poll, speech: Speech) -> list[str]:
    """Return every option by number and title alone, a part each."""
    return [f"{number}. {_short(book, speech)}" for number, book in poll.books.items()]


def how_to_vote(rules: Rules, speech: Speech) -> str:
    """Say how a ballot is typed."""
    match rules.method:
        case "approval":
            return speech.gettext("Name all the books that you would like: !vote 1 2")
        case "single":
            return speech.gettext("Name one book: !vote 2")
        case "several":
            return speech.ngettext(
                "Name up to {count} book: !vote 1",
                "Name up to {count} books: !vote 1 2",
                rules.choices,
            )
        case "ranked":
            example = " ".join(("2", "1", "3")[: len(rules.options)])
            return speech.gettext(
                "Put the books in your order, your favourite first: !vote {example}",
                example=example,
            )


def conditions(poll: Poll, zone: str, speech: Speech, countdown: str = "") -> list[str]:
    """Say until when one votes, how many ballots it takes, and who wins when it is level.

    `countdown` stands behind the end, if there is one.
    """
    vote, rules = poll.vote, poll.vote.rules
    parts = []
    if vote.asked:
        end, now = _local(vote.ends_at, zone), _local(vote.opened_at, zone)
        until = f"{moment(end, speech, now)}{f' ({countdown})' if countdown else ''}"
        parts.append(speech.gettext("Open until {moment}.", moment=until))
    if rules.quorum > 1:
        parts.append(
            speech.ngettext("It takes {count} ballot.", "It takes {count} ballots.", rules.quorum)
        )
    return [*parts, _tie_rule(rules, speech)]


def secrecy(speech: Speech) -> str:
    """Say what becomes of ballots."""
    return speech.gettext(
        "You may change your ballot until the close; the results are shown then, and nobody can tell any more whose"
        " ballot was whose."
    )


def in_public(speech: Speech) -> str:
    """Warn that what is typed in a chat is no secret."""
    return speech.gettext("What you type here is read by all.")


def announced(poll: Poll, zone: str, speech: Speech) -> list[str]:
    """Open a vote in a chat, a sentence each."""
    parts = [title(poll, speech), how_to_vote(poll.vote.rules, speech), in_public(speech)]
    return [*parts, *conditions(poll, zone, speech)]


def opened(speech: Speech) -> str:
    """Confirm to a host that a vote is open."""
    return speech.gettext("Done: the vote is open. To close it: !club vote close")


def is_closed(speech: Speech) -> str:
    """Say that one can vote no more."""
    return speech.gettext("This vote is closed.")


def cast(done: Cast, speech: Speech) -> str:
    """Confirm a ballot to its voter, in private."""
    values = {"choices": choices(done.ballot, done.poll, speech)}
    if done.changed:
        return speech.gettext("Changed. Your ballot: {choices}.", **values)
    return speech.gettext(
        "Noted. Your ballot: {choices}. You may change it until the close.", **values
    )


def choices(ballot: Ballot, poll: Poll, speech: Speech) -> str:
    """Return what is on a ballot."""
    parts = [f"{number}. {_short(poll.books[number], speech)}" for number in ballot]
    separator = " > " if poll.vote.rules.method == "ranked" else " · "
    return separator.join(parts)


def own(ballot: Ballot, poll: Poll, speech: Speech) -> str:
    """Tell somebody in private what is on their ballot."""
    if not ballot:
        return speech.gettext("You have not voted yet.")
    return speech.gettext("Your ballot: {choices}.", choices=choices(ballot, poll, speech))


def noted(names: Sequence[str], speech: Speech) -> str:
    """Confirm ballots in a chat, without what is on them."""
    return speech.gettext("Vote noted: {names}.", names=speech.people(names, shown=5))


def taken_back(speech: Speech) -> str:
    """Confirm that a ballot was taken back."""
    return speech.gettext("Done: your ballot is out of the vote.")


def progress(how: Progress, zone: str, speech: Speech) -> list[str]:
    """Say how an open vote stands."""
    ballots = speech.ngettext(
        "{count} ballot so far; the results are shown at the close.",
        "{count} ballots so far; the results are shown at the close.",
        how.ballots,
    )
    rules = how_to_vote(how.poll.vote.rules, speech)
    return [title(how.poll, speech), rules, *conditions(how.poll, zone, speech), ballots]


def verdict(closed: Closed, speech: Speech) -> str:
    """Say who won, in a sentence that stands for itself."""
    poll, outcome = closed.poll, closed.outcome
    name = speech.quote(poll.club.name)
    if poll.vote.chosen is not None:
        book = named(poll.books[poll.vote.chosen], speech)
        return speech.gettext("The club {club} is going to read {book}.", club=name, book=book)
    if not outcome.quorate:
        return speech.ngettext(
            "The club {club} has chosen nothing: it took {count} ballot. The books are proposals again.",
            "The club {club} has chosen nothing: it took {count} ballots. The books are proposals again.",
            poll.vote.rules.quorum,
            club=name,
        )
    if poll.vote.state == "tied":
        numbers = speech.listed([str(number) for number in outcome.tied])
        level = speech.gettext(
            "The club {club} is divided: {numbers} are level, and the host chooses.",
            club=name,
            numbers=numbers,
        )
        return f"{level} {how_to('decide', speech)}"
    return speech.gettext(
        "The club {club} has chosen nothing. The books are proposals again.", club=name
    )


def turnout(closed: Closed, speech: Speech) -> str:
    """Say how many voted, and where when it is no small number."""
    text = speech.ngettext("{count} ballot", "{count} ballots", closed.outcome.ballots)
    cast_on = closed.poll.vote.ballots or {}
    discord, twitch = cast_on.get("discord", 0), cast_on.get("twitch", 0)
    if min(discord, twitch) < FEW:
        return text
    values = {"ballots": text, "discord": speech.number(discord), "twitch": speech.number(twitch)}
    return speech.gettext("{ballots} ({discord} on Discord, {twitch} on Twitch)", **values)


def counts(closed: Closed, speech: Speech, limit: int) -> list[str]:
    """Return how the ballots were counted, a part for each option, or for each round of a run-off.

    Where that takes more than `limit` characters, books are named by their numbers, and of a round but the last it is
    said who goes.
    """
    poll, rounds = closed.poll, closed.outcome.rounds
    if not rounds:
        return []
    if poll.vote.rules.method == "ranked":
        full = list(_rounds(closed, speech))
        return full if sum(map(len, full)) <= limit else list(_short_rounds(closed, speech))
    full = [
        speech.gettext(
            "{option}: {ballots}",
            option=f"{number}. {_short(poll.books[number], speech)}",
            ballots=speech.number(cast),
        )
        for number, cast in rounds[0].counts
    ]
    return full if sum(map(len, full)) <= limit else [_standing(rounds[0], speech)]


def level(closed: Closed, speech: Speech) -> list[str]:
    """Say which options were level and what decided, if that was needed."""
    outcome = closed.outcome
    if not outcome.tied or closed.poll.vote.chosen is None:
        return []
    numbers = speech.listed([str(number) for number in outcome.tied])
    said = speech.gettext("{numbers} were level.", numbers=numbers)
    return [f"{said} {_tie_rule(closed.poll.vote.rules, speech)}"]


def choose_books(speech: Speech) -> str:
    """Say what stands in an empty list of books."""
    return speech.gettext("Your choice")


def vote_button(speech: Speech) -> str:
    """Return the label of the button that begins an order."""
    return speech.gettext("Vote")


def cast_button(speech: Speech) -> str:
    """Return the label of the button that casts an order."""
    return speech.gettext("Cast this ballot")


def again_button(speech: Speech) -> str:
    """Return the label of the button that begins an order again."""
    return speech.gettext("Start over")


def take_back_button(speech: Speech) -> str:
    """Return the label of the button that takes a ballot back."""
    return speech.gettext("Take my ballot back")


def order_so_far(ballot: Ballot, poll: Poll, speech: Speech) -> str:
    """Return what is ranked so far, and ask for what comes next."""
    if not ballot:
        return speech.gettext("Which book would you like best?")
    return speech.gettext(
        "{choices}. Which one next? You need not rank them all.",
        choices=choices(ballot, poll, speech),
    )


def _rounds(closed: Closed, speech: Speech) -> Iterator[str]:
    """Yield a part for each round: who has how many, whose ballots no longer count, who goes."""
    for index, one in enumerate(closed.outcome.rounds, 1):
        values = {"round": index, "counts": _standing(one, speech)}
        parts = [speech.gettext("Round {round}: {counts}", **values)]
        if one.exhausted:
            parts.append(
                speech.ngettext(
                    "{count} ballot no longer counts",
                    "{count} ballots no longer count",
                    one.exhausted,
                )
            )
        if one.out is not None:
            parts.append(speech.gettext("{number} goes", number=one.out))
        yield ", ".join(parts)


def _short_rounds(closed: Closed, speech: Speech) -> Iterator[str]:
    """Yield who goes in each round, with how many, and the last round in full."""
    *before, last = closed.outcome.rounds
    for index, one in enumerate(before, 1):
        goes = f"{one.out} ({speech.number(one.counts[-1][1])})"
        values = {"round": index, "counts": speech.gettext("{number} goes", number=goes)}
        yield speech.gettext("Round {round}: {counts}", **values)
    values = {"round": len(before) + 1, "counts": _standing(last, speech)}
    yield speech.gettext("Round {round}: {counts}", **values)


def _standing(one: Round, speech: Speech) -> str:
    """Return options by number, with how many ballots each has; those without any are left out."""
    return ", ".join(f"{number} ({speech.number(cast)})" for number, cast in one.counts if cast)


def _tie_rule(rules: Rules, speech: Speech) -> str:
    match rules.tie:
        case "oldest":
            return speech.gettext("When it is level, the oldest proposal wins.")
        case "pages":
            return speech.gettext("When it is level, the book with fewest pages wins.")
        case "seed":
            return speech.gettext(
                "When it is level, a draw with the seed {seed} decides.", seed=rules.seed
            )
        case "host":
            return speech.gettext("When it is level, the host chooses.")


def _short(book: Book, speech: Speech) -> str:
    return speech.quoted(clip(book.title, SHORT))


def _local(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at / 1_000_000, ZoneInfo(zone))
