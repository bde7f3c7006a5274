"""What the bot says about book clubs: which there are, who belongs to them, and their books."""

from collections.abc import Sequence

from bot.club_books import Chosen
from bot.club_cards import Card, Next
from bot.club_notices import Notice
from bot.clubs import Reply, Somebody
from bot.storage.club_books import Book
from bot.storage.clubs import Club, Standing
from bot.wording.house import members
from bot.wording.speech import Speech
from games.club import State

MOST_NAMED = 8
"""Names of people in a line of chat."""


def named(book: Book, speech: Speech) -> str:
    """Return a book's title and author."""
    title = speech.quoted(book.title)
    return f"{title}, {speech.quote(book.author)}" if book.author else title


def numbered(book: Book, speech: Speech) -> str:
    """Return a book with its number, by which it can be named."""
    return speech.gettext("no. {number}: {book}", number=book.id, book=named(book, speech))


def state(which: State, speech: Speech) -> str:
    """Return what a step of a book's life is called, as a heading."""
    match which:
        case "proposed":
            return speech.gettext("Proposed")
        case "voting":
            return speech.gettext("Up for a vote")
        case "chosen":
            return speech.gettext("Chosen")
        case "reading":
            return speech.gettext("Being read")
        case "discussed":
            return speech.gettext("Being talked about")
        case "finished":
            return speech.gettext("Finished")
        case "archived":
            return speech.gettext("Put away")


def card(one: Card, speech: Speech) -> str:
    """Describe a club in a line."""
    values = {"name": speech.quote(one.club.name), "members": members(one.members, speech)}
    if one.club.access == "public":
        parts = [speech.gettext("{name} ({members})", **values)]
    else:
        parts = [speech.gettext("{name} ({members}, by approval)", **values)]
    if one.club.description:
        parts.append(speech.quote(one.club.description))
    parts += [
        speech.gettext("{state}: {book}", state=state(book.state, speech), book=named(book, speech))
        for book in one.books
    ]
    if one.voting:
        parts.append(speech.gettext("a vote is open: !vote"))
    return ". ".join(part.rstrip(".") for part in parts) + "."


def here(cards: Sequence[Card], speech: Speech, *, host: bool) -> list[str]:
    """Describe a room's clubs, a part each, then what one can do."""
    if not cards:
        none = speech.gettext("No club meets here yet.")
        create = speech.gettext("To create one: !club create [name] ; [description]")
        return [none, create] if host else [none]
    parts = [card(one, speech) for one in cards]
    if any(one.standing is None for one in cards):
        parts.append(speech.gettext("To join: !club join [name]"))
    if any(one.standing not in (None, "asked") for one in cards):
        parts.append(how_to("propose", speech))
    steps = (one.next for one in cards if one.led or host)
    return [*parts, *(next_step(step, speech) for step in steps if step is not None)][
        : len(parts) + 1
    ]


def next_step(step: Next, speech: Speech) -> str:
    """Say to whoever leads a club what comes next, and how."""
    match step:
        case "admit":
            return speech.gettext("Somebody would like to join: !club approve")
        case "vote":
            return speech.gettext("To have the club vote: !club vote open")
        case "close":
            return speech.gettext("To close the vote: !club vote close")
        case "advance":
            return speech.gettext("Once you begin to read: !club advance")
        case "meet":
            return speech.gettext("To plan a meeting: !meeting plan [day and time]")


def briefly(cards: Sequence[Card], speech: Speech) -> list[str]:
    """Name a room's clubs, where there is no room for more, and say how one joins."""
    names = [speech.quote(one.club.name) for one in cards]
    return [*names, speech.gettext("To join: !club join [name]")]


def joined(club: Club, standing: Standing, speech: Speech) -> str:
    """Welcome somebody to a club, or tell them that its hosts answer."""
    name = speech.quote(club.name)
    if standing == "asked":
        return speech.gettext(
            "Noted: you would like to belong to the club {name}. Its hosts are going to answer.",
            name=name,
        )
    return speech.gettext(
        "Welcome to the club {name}! To propose a book: !club propose [title] ; [author]",
        name=name,
    )


def left(club: Club, speech: Speech) -> str:
    """Confirm that somebody left a club."""
    return speech.gettext(
        "Done: you no longer belong to the club {name}.", name=speech.quote(club.name)
    )


def created(club: Club, speech: Speech) -> str:
    """Confirm a new club."""
    return speech.gettext(
        "Done: the club {name} meets here, and you are its host. To join it: !club join {name}",
        name=speech.quote(club.name),
    )


def edited(club: Club, speech: Speech) -> str:
    """Confirm what is said of a club from now on."""
    values = {"name": speech.quote(club.name)}
    if club.access == "public":
        text = speech.gettext("Done: the club {name}. Anybody may join it.", **values)
    else:
        text = speech.gettext("Done: the club {name}. Its hosts say who joins it.", **values)
    return f"{text} {speech.quote(club.description)}".strip()


def ended(club: Club, speech: Speech) -> str:
    """Confirm that a club meets no more."""
    return speech.gettext(
        "Done: the club {name} meets no more, and I have forgotten who belonged to it.",
        name=speech.quote(club.name),
    )


def attached(club: Club, speech: Speech) -> str:
    """Confirm that a room is one of a club's rooms."""
    return speech.gettext("Done: the club {name} meets here too.", name=speech.quote(club.name))


def detached(club: Club, speech: Speech) -> str:
    """Confirm that a room is none of a club's rooms any more."""
    return speech.gettext(
        "Done: the club {name} no longer meets here.", name=speech.quote(club.name)
    )


def waiting(people: Sequence[Somebody], club: Club, speech: Speech) -> list[str]:
    """Name who asked to join, to whoever may say yes."""
    name = speech.quote(club.name)
    if not people:
        return [speech.gettext("Nobody is waiting to join the club {name}.", name=name)]
    first = _asking(len(people), name, speech)
    lines = [
        speech.gettext("#{number}: {name}", number=one.id, name=speech.somebody(one.name))
        for one in people
    ]
    return [first, *lines, how_to("approve", speech)]


def _asking(count: int, name: str, speech: Speech) -> str:
    return speech.ngettext(
        "{count} person would like to join the club {name}.",
        "{count} people would like to join the club {name}.",
        count,
        name=name,
    )


def whom(reply: Reply, speech: Speech) -> str:
    """Return what stands in the list of those who may be let in, or not."""
    return speech.gettext("Let in…") if reply == "welcome" else speech.gettext("Decline…")


def how_many_wait(count: int, club: Club, speech: Speech, aloud: Sequence[str] = ()) -> list[str]:
    """Say how many asked to join, where everybody reads; named are those who asked `aloud`, before everybody."""
    name = speech.quote(club.name)
    first = _asking(count, name, speech)
    if not count:
        return waiting([], club, speech)
    parts = [first]
    if aloud:
        names = speech.people(aloud, shown=MOST_NAMED)
        parts.append(speech.gettext("Asked here: {names}.", names=names))
    if len(aloud) < count:
        parts.append(speech.gettext("To see who, on Discord: /club approve"))
    return [*parts, how_to("approve", speech)]


def letter(one: Notice, where: str, speech: Speech) -> str:
    """Tell somebody in private what becomes of a wish to join a club; `where` is its channel."""
    club = speech.quote(one.club.name)
    match one.what:
        case "asked":
            asked = _asking(one.waiting, club, speech)
            answer = speech.gettext(
                "To see who, and to answer, in {where}: /club approve", where=where
            )
            return f"{asked} {answer}"
        case "welcome":
            return speech.gettext(
                "The club {club} says yes: welcome! What it reads, in {where}: !club",
                club=club,
                where=where,
            )
        case "declined":
            return speech.gettext(
                "The club {club} cannot welcome you for now. The rooms are open to you as before.",
                club=club,
            )


def approved(name: str, club: Club, speech: Speech) -> str:
    """Welcome somebody whom the hosts let in."""
    return speech.gettext(
        "Welcome to the club {club}, {name}!",
        club=speech.quote(club.name),
        name=speech.somebody(name),
    )


def declined(one: Somebody, club: Club, speech: Speech) -> str:
    """Confirm that somebody was not let in."""
    return speech.gettext(
        "Done: {name} is not in the club {club}.",
        club=speech.quote(club.name),
        name=speech.somebody(one.name),
    )


def appointed(one: Somebody, standing: Standing, club: Club, speech: Speech) -> str:
    """Say what somebody is in a club from now on."""
    values = {"club": speech.quote(club.name), "name": speech.somebody(one.name)}
    match standing:
        case "host":
            return speech.gettext("Done: {name} is a host of the club {club}.", **values)
        case "cohost":
            return speech.gettext("Done: {name} helps to host the club {club}.", **values)
        case _:
            return speech.gettext("Done: {name} is a member of the club {club}.", **values)


def books(shelf: Sequence[Book], club: Club, speech: Speech) -> list[str]:
    """List a club's books under the steps of their lives, those of now first and those put away not at all."""
    order: list[State] = ["reading", "discussed", "chosen", "voting", "proposed", "finished"]
    parts = []
    for which in order:
        found = [numbered(book, speech) for book in shelf if book.state == which]
        if found:
            values = {"state": state(which, speech), "books": " · ".join(found)}
            parts.append(speech.gettext("{state}: {books}", **values))
    if not parts:
        name = speech.quote(club.name)
        parts.append(speech.gettext("The club {name} has no books yet.", name=name))
        parts.append(how_to("propose", speech))
    return parts


def proposed(book: Book, speech: Speech) -> str:
    """Confirm a proposal."""
    return speech.gettext(
        "Noted: {book} is proposal no. {number}. To take it back: !club withdraw {number}",
        book=named(book, speech),
        number=book.id,
    )


def moved(book: Book, speech: Speech) -> str:
    """Say where a book stands now."""
    return speech.gettext(
        "Done. {state}: {book}.", state=state(book.state, speech), book=named(book, speech)
    )


def chosen(news: Chosen, speech: Speech) -> str:
    """Tell a room what its club is going to read."""
    return speech.gettext(
        "The club {name} has chosen its next book: {book}.",
        name=speech.quote(news.club.name),
        book=named(news.book, speech),
    )


def how_to(verb: str, speech: Speech) -> str:
    """Say how a verb is typed."""
    match verb:
        case "create":
            return speech.gettext("!club create [name] ; [description]")
        case "edit":
            return speech.gettext("!club edit [name] = [new name] ; [description] ; approval")
        case "approve":
            return speech.gettext("!club approve [name]")
        case "decline":
            return speech.gettext("!club decline [name]")
        case "appoint":
            return speech.gettext("!club appoint [name] = cohost")
        case "withdraw":
            return speech.gettext("!club withdraw [number]")
        case "choose":
            return speech.gettext("!club choose [number]")
        case "decide":
            return speech.gettext("!club vote decide [number]")
        case "favourite":
            return speech.gettext("!club favourites write [why you loved it] ; [name]")
        case "propose":
            return speech.gettext("!club propose [title] ; [author]")
        case _:
            return speech.gettext("!club join [name]")
