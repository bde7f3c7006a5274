"""What the bot says about opinions on a book after a meeting, and about favourites."""

from collections.abc import Sequence

from bot.opinions import LEAST_RATINGS, LONGEST, SHORTEST, Given, Summary
from bot.storage.opinions import Favourite
from bot.wording.meeting import heading
from bot.wording.speech import N_, Speech
from games.meeting import Opinion, Outcome

OUTCOMES: dict[Outcome, str] = {
    "read": N_("I read it"),
    "partly": N_("I read some of it"),
    "not": N_("I did not read it"),
}
"""How far one came, as one chooses it."""

NO_COPY = N_("I did not get hold of the book")


def button(speech: Speech) -> str:
    """Label: say what one thinks."""
    return speech.gettext("What I think")


def button_favourite(speech: Speech) -> str:
    """Label: write a favourite."""
    return speech.gettext("It’s a favourite")


def question(speech: Speech) -> str:
    """Invite to say what one thinks."""
    return speech.gettext(
        "What did you think of the book? Your answer is private; the club sees numbers and words."
    )


def form_title(speech: Speech) -> str:
    """Title of the form."""
    return speech.gettext("What I think of the book")


def field(name: str, speech: Speech) -> str:
    """Label: a field of a form."""
    match name:
        case "outcome":
            return speech.gettext("Have you read it?")
        case "rating":
            return speech.gettext("A rating, if you like")
        case "word":
            return speech.gettext("In one word")
        case "text":
            return speech.gettext("Why you loved it, in your own words")
        case _:
            return speech.gettext("How you wish to sign")


def favourite_title(speech: Speech) -> str:
    """Title of the form for a favourite."""
    return speech.gettext("A favourite for the library")


def favourite_hint(speech: Speech) -> str:
    """Say what a favourite is for."""
    return speech.gettext(
        "{least} to {most} characters, for the library’s page, once its staff has read it",
        least=SHORTEST,
        most=LONGEST,
    )


def said(opinion: Opinion, speech: Speech) -> str:
    """Say what somebody said."""
    parts = [
        speech.gettext(OUTCOMES[opinion.outcome]),
        speech.gettext(NO_COPY) if opinion.no_copy else "",
        speech.gettext("{rating} out of 5", rating=opinion.rating) if opinion.rating else "",
        speech.quoted(opinion.word) if opinion.word else "",
    ]
    return ", ".join(filter(None, parts))


def given(done: Given, speech: Speech) -> str:
    """Confirm an opinion to whoever gave it, with what was understood."""
    what = said(done.opinion, speech)
    if done.changed:
        return speech.gettext("Changed: {said}. Thank you!", said=what)
    return speech.gettext("Noted: {said}. Thank you!", said=what)


def noted(names: str, speech: Speech) -> str:
    """Confirm the opinions of several in one line, without what they say."""
    return speech.gettext("Noted, thank you: {names}.", names=names)


def summary(one: Summary, speech: Speech) -> list[str]:
    """Tell a host what was said."""
    lines = [f"{heading(one.card, speech)}."]
    if not sum(one.outcomes.values()):
        return [*lines, speech.gettext("Nobody has said yet what they think of the book.")]
    parts = [
        speech.ngettext("{count} read it", "{count} read it", one.outcomes["read"]),
        speech.ngettext("{count} in part", "{count} in part", one.outcomes["partly"]),
        speech.ngettext("{count} did not", "{count} did not", one.outcomes["not"]),
    ]
    lines.append(f"{', '.join(parts)}.")
    if one.no_copy:
        lines.append(
            speech.ngettext(
                "{count} person did not get hold of the book.",
                "{count} people did not get hold of the book.",
                one.no_copy,
            )
        )
    if one.average is not None:
        average = speech.decimal(round(one.average, 1))
        lines.append(
            speech.ngettext(
                "{average} out of 5, by {count} rating.",
                "{average} out of 5, by {count} ratings.",
                one.ratings,
                average=average,
            )
        )
    elif one.ratings:
        lines.append(
            speech.gettext("The average is told from {least} ratings on.", least=LEAST_RATINGS)
        )
    if one.words:
        listed = ", ".join(
            speech.quote(word) if count == 1 else f"{speech.quote(word)} ({count})"
            for word, count in one.words
        )
        lines.append(speech.gettext("In one word: {words}.", words=listed))
    return lines


# --- Favourites


def written(number: int, speech: Speech) -> str:
    """Confirm a favourite to whoever wrote it."""
    return speech.gettext(
        "Thank you! The library’s staff reads it before it is published. To take it back: "
        "!club favourites withdraw {number}",
        number=number,
    )


def favourite(one: Favourite, speech: Speech) -> str:
    """Show a favourite."""
    title = speech.quoted(one.title)
    book = f"{title}, {speech.quote(one.author)}" if one.author else title
    return speech.gettext(
        "{book}: {text} ({signature})",
        book=book,
        text=speech.quote(one.text),
        signature=speech.quote(one.signature),
    )


def published(shown: Sequence[Favourite], unread: int, speech: Speech) -> list[str]:
    """List a club's favourites, a part each; and to staff, how many wait for them."""
    waits = [how_many_wait(unread, speech)] if unread else []
    if not shown:
        none = speech.gettext(
            "No favourites yet. After a meeting: !club favourites write [why you loved it] ; [name]"
        )
        return waits or [none]
    return [*(favourite(one, speech) for one in shown), *waits]


def waiting(shown: Sequence[Favourite], speech: Speech) -> list[str]:
    """List what waits for staff, a part each."""
    if not shown:
        return [speech.gettext("No favourite is waiting.")]
    lines = [
        speech.gettext("no. {number}: {favourite}", number=one.id, favourite=favourite(one, speech))
        for one in shown
    ]
    return [
        *lines,
        speech.gettext("!club favourites accept [number] · !club favourites decline [number]"),
    ]


def how_many_wait(count: int, speech: Speech) -> str:
    """Say how many wait, where everybody reads."""
    if not count:
        return speech.gettext("No favourite is waiting.")
    return speech.ngettext(
        "{count} favourite is waiting. To read it on Discord: /club favourites review",
        "{count} favourites are waiting. To read them on Discord: /club favourites review",
        count,
    )


def decided(number: int, speech: Speech, *, accepted: bool) -> str:
    """Confirm what becomes of a favourite."""
    if accepted:
        return speech.gettext("Done: favourite no. {number} is published.", number=number)
    return speech.gettext("Done: favourite no. {number} is not published.", number=number)


def taken_back(number: int, speech: Speech) -> str:
    """Confirm that somebody took their favourite back."""
    return speech.gettext("Done: your favourite no. {number} is erased.", number=number)


def exported(speech: Speech) -> str:
    """Hand over the file for the library's page."""
    return speech.gettext("The favourites, for the library’s page.")


def export_elsewhere(speech: Speech) -> str:
    """Say where the file is had."""
    return speech.gettext(
        "The favourites are handed over as a file on Discord: /club favourites export"
    )


def page(shown: Sequence[Favourite], speech: Speech) -> str:
    """Return favourites as a text for the library's page."""
    blocks = []
    for one in shown:
        title = speech.quoted(one.title)
        head = f"{title}, {one.author}" if one.author else title
        blocks.append(f"{head}\n{one.text}\n— {one.signature}\n")
    return "\n".join(blocks)


def export_heading(speech: Speech) -> list[str]:
    """Return the columns of what is kept of somebody."""
    return [
        speech.gettext("date"),
        speech.gettext("meeting or book"),
        speech.gettext("answer"),
        speech.gettext("presence"),
        speech.gettext("opinion"),
        speech.gettext("rating"),
        speech.gettext("text"),
    ]


def how_to_write(speech: Speech) -> str:
    """Say how a favourite is typed."""
    return speech.gettext("!club favourites write [why you loved it] ; [name]")


def how_to_give(speech: Speech) -> str:
    """Say how an opinion is typed."""
    return speech.gettext("!review read 4 moving")
