"""What the bot says about clubs' meetings: what is planned, who comes, who came."""

from collections.abc import Sequence
from datetime import datetime

from bot.agenda import Entry
from bot.attendances import Attendance, CheckedIn
from bot.meeting_news import (
    Begun,
    CalledOff,
    Card,
    Changed,
    Counts,
    MeetingNews,
    Moved,
    Over,
    Planned,
    Soon,
)
from bot.meeting_notices import Notice
from bot.meeting_wishes import Every, Wish, place_in_month
from bot.meetings import Offer
from bot.rsvps import Answered
from bot.storage.clubs import Club
from bot.storage.meetings import Meeting
from bot.wording.agenda import clash
from bot.wording.agenda import line as agenda_line
from bot.wording.club import named
from bot.wording.dates import moment, weekday
from bot.wording.speech import N_, Speech
from games.meeting import Answer, Form, needed_seconds
from games.recurrence import local_time

LEAST_SHOWN = 5
"""People that a number must count to be told outside the club's own rooms."""

FORMS: dict[Form, str] = {
    "voice": N_("by voice on Discord"),
    "stage": N_("on a stage on Discord"),
    "text": N_("in writing"),
    "twitch": N_("on Twitch"),
    "site": N_("on site"),
    "hybrid": N_("on site and online"),
}
"""Where a meeting is held, as a host chooses it."""

EVERY: dict[Every, str] = {
    "once": N_("once"),
    "week": N_("every week"),
    "fortnight": N_("every two weeks"),
    "month": N_("every month, on the same weekday"),
}
"""How often, as a host chooses it."""


def heading(card: Card, speech: Speech) -> str:
    """Return what a meeting is called."""
    return _called(card.meeting.title, card.club, speech)


def coming_up(card: Card, speech: Speech) -> str:
    """Return what stands above a meeting that comes soon."""
    return speech.gettext("Coming up: {what}", what=heading(card, speech))


def _called(title: str, club: Club, speech: Speech) -> str:
    name = speech.quote(club.name)
    if title in ("", club.name):
        return speech.gettext("Meeting of the club {name}", name=name)
    values = {"title": speech.quoted(title), "name": name}
    return speech.gettext("{title}, meeting of the club {name}", **values)


def when(meeting: Meeting, zone: str, speech: Speech, now: datetime) -> str:
    """Return when a meeting takes place."""
    return moment(local_time(meeting.starts_at, zone), speech, now)


def where(form: Form, place: str, speech: Speech, channel: str = "") -> str:
    """Return where it is held; `channel` is the voice channel, as the platform shows one."""
    parts = [speech.gettext(FORMS[form]), channel, speech.quote(place)]
    return ", ".join(filter(None, parts))


def length(minutes: int, speech: Speech) -> str:
    """Return how long it lasts."""
    return speech.seconds(minutes * 60)


def seats(count: int | None, speech: Speech) -> str:
    """Return how many seats there are, if that is a number."""
    return speech.ngettext("{count} seat", "{count} seats", count) if count else ""


def about(card: Card, speech: Speech) -> str:
    """Say which book it is about, if it is about one."""
    if card.book is None:
        return ""
    return speech.gettext("Book: {book}", book=named(card.book, speech))


def counts(said: Counts, speech: Speech, least: int = 0) -> str:
    """Say how many said what; numbers below `least` are left out."""
    parts = [
        speech.ngettext("{count} yes", "{count} yes", said.yes) if said.yes else "",
        speech.ngettext("{count} maybe", "{count} maybe", said.maybe) if said.maybe else "",
        speech.ngettext("{count} on the waiting list", "{count} on the waiting list", said.waiting)
        if said.waiting
        else "",
    ]
    numbers = (said.yes, said.maybe, said.waiting)
    return ", ".join(
        part for part, number in zip(parts, numbers, strict=True) if part and number >= least
    )


def details(card: Card, zone: str, speech: Speech, channel: str = "") -> list[str]:
    """Describe a meeting below its date, a part each."""
    meeting = card.meeting
    values = [where(meeting.form, meeting.place, speech, channel), length(meeting.minutes, speech)]
    parts = [*values, seats(meeting.seats, speech)]
    return [_upper(" · ".join(filter(None, parts))), about(card, speech)]


def state(card: Card, speech: Speech) -> str:
    """Say how a meeting stands that takes no more answers; nothing while it is to come."""
    meeting = card.meeting
    if meeting.cancelled_at is not None:
        return speech.gettext("Called off.")
    if meeting.closed_at is not None:
        return speech.gettext("Over.")
    return speech.gettext("Going on now.") if meeting.open else ""


def _upper(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


# --- News, a sentence or two for a line


def told(news: MeetingNews, zone: str, speech: Speech, now: datetime) -> list[str]:
    """Tell a room what happens to a meeting, in parts: first what happens, then what one can do."""
    card = news.card
    values = {"what": heading(card, speech), "when": when(card.meeting, zone, speech, now)}
    match news:
        case Planned():
            text = speech.gettext("{what}: {when}.", **values)
            return [text, *_lines(card, zone, speech), how_to_answer(speech)]
        case Soon(_, left, day_before):
            if day_before:
                text = speech.gettext("Coming up: {what}, {when}.", **values)
                return [text, *_lines(card, zone, speech), how_to_answer(speech)]
            text = speech.gettext("{what}: in {left}.", left=_left(left, speech), **values)
            return [text, *_lines(card, zone, speech)]
        case Begun(_, late):
            return [begun(card, late, speech), *_lines(card, zone, speech), how_to_be_here(speech)]
        case Over():
            return [over(card, speech), how_to_speak(speech)]
        case CalledOff():
            return [speech.gettext("Called off: {what}, {when}.", **values)]
        case Moved():
            return [
                speech.gettext("New date: {what}, {when}.", **values),
                speech.gettext("What you answered still stands."),
            ]
        case Changed():
            text = speech.gettext("Changed: {what}, {when}.", **values)
            return [text, *_lines(card, zone, speech)]


def _lines(card: Card, zone: str, speech: Speech) -> list[str]:
    return [f"{part}." for part in details(card, zone, speech) if part]


def _left(seconds: float, speech: Speech) -> str:
    return speech.seconds(60 * max(1, round(seconds / 60)))


def begun(card: Card, late: float, speech: Speech) -> str:
    """Say that a meeting is open."""
    what = heading(card, speech)
    if late:
        return speech.gettext(
            "{what}: it is open, {late} late. Welcome!", what=what, late=_left(late, speech)
        )
    return speech.gettext("{what}: it is open. Welcome!", what=what)


def over(card: Card, speech: Speech) -> str:
    """Say that a meeting is over, and how many came."""
    values = {"what": heading(card, speech)}
    came = max(card.counts.came, card.meeting.headcount or 0)
    if not came:
        return speech.gettext("{what}: it is over. Thank you!", **values)
    return speech.ngettext(
        "{what}: it is over. {count} person came, thank you!",
        "{what}: it is over. {count} people came, thank you!",
        came,
        **values,
    )


def here_so_far(card: Card, speech: Speech) -> str:
    """Say how many are there."""
    return speech.ngettext("{count} person is here.", "{count} people are here.", card.counts.came)


def how_to_answer(speech: Speech) -> str:
    """Say how one answers."""
    return speech.gettext("Are you coming? !meeting yes, !meeting maybe or !meeting no")


def how_to_be_here(speech: Speech) -> str:
    """Say how one checks in."""
    return speech.gettext("To say that you are here: !here")


def voice_counts(card: Card, speech: Speech) -> str:
    """Say that being in the voice channel counts by itself."""
    return speech.gettext(
        "After {time} in the voice channel you are counted without pressing anything.",
        time=speech.seconds(needed_seconds(card.meeting.minutes)),
    )


def how_to_speak(speech: Speech) -> str:
    """Say how one says what one thinks of the book."""
    return speech.gettext("What did you think of the book? !review read 4 moving")


def button(answer: Answer, speech: Speech) -> str:
    """Label: an answer."""
    match answer:
        case "yes":
            return speech.gettext("I’m coming")
        case "maybe":
            return speech.gettext("Maybe")
        case "no":
            return speech.gettext("Not this time")


def button_here(speech: Speech) -> str:
    """Label: I am here."""
    return speech.gettext("I’m here")


def button_remind(speech: Speech, *, on: bool) -> str:
    """Label: be reminded in private, or no more."""
    return speech.gettext("Remind me") if on else speech.gettext("Don’t remind me")


# --- Planning


def planned(offer: Offer, speech: Speech, now: datetime) -> str:
    """Say a plan in words: of which club, when, how often, where, for how many and how long."""
    wish = offer.wish
    parts = [
        _called(wish.title, offer.club, speech),
        _dates(wish, speech, now),
        where(wish.form, wish.place, speech, f"<#{wish.voice_id}>" if wish.voice_id else ""),
        length(wish.minutes, speech),
        seats(wish.seats, speech),
        speech.gettext("public holidays left out") if wish.holidays else "",
    ]
    return " · ".join(filter(None, parts))


def _dates(wish: Wish, speech: Speech, now: datetime) -> str:
    first = moment(wish.first, speech, now)
    match wish.every:
        case "once":
            return first
        case "week":
            return speech.gettext("{first}, then every week", first=first)
        case "fortnight":
            return speech.gettext("{first}, then every two weeks", first=first)
        case "month":
            return f"{first}, {_monthly(wish.first, speech)}"


def _monthly(first: datetime, speech: Speech) -> str:
    day = weekday(first.weekday(), speech)
    match place_in_month(first):
        case 1:
            return speech.gettext("then every first {day} of the month", day=day)
        case 2:
            return speech.gettext("then every second {day} of the month", day=day)
        case 3:
            return speech.gettext("then every third {day} of the month", day=day)
        case 4:
            return speech.gettext("then every fourth {day} of the month", day=day)
        case _:
            return speech.gettext("then every last {day} of the month", day=day)


def offered(
    offer: Offer, speech: Speech, now: datetime, clashes: Sequence[Entry] = ()
) -> list[str]:
    """Say a plan back to a host before it is made, and what else is there at that time."""
    asked = speech.gettext("Is this right? {plan}", plan=planned(offer, speech, now))
    return [asked, *filter(None, [clash(clashes, speech, now)])]


def button_plan(speech: Speech) -> str:
    """Label: this plan is right."""
    return speech.gettext("Plan it")


def confirmed(
    offer: Offer, speech: Speech, now: datetime, clashes: Sequence[Entry] = ()
) -> list[str]:
    """Confirm a plan in words, say what else is there at that time, and how it is undone."""
    return [
        speech.gettext("Planned: {plan}", plan=planned(offer, speech, now)),
        *filter(None, [clash(clashes, speech, now)]),
        speech.gettext("To change it: !meeting edit, !meeting move, !meeting cancel"),
    ]


def ended(entry: Entry, speech: Speech) -> str:
    """Confirm that a plan is ended."""
    return speech.gettext("Done: {title} is planned no more.", title=speech.quote(entry.title))


def done(speech: Speech) -> str:
    """Confirm to a host what the rooms are told anyway."""
    return speech.gettext("Done, and the club’s rooms know.")


Ahead = tuple[Entry, Card | None]
"""A meeting that comes, with its card once anybody had to do with it."""


def listed(
    ahead: Sequence[Ahead],
    speech: Speech,
    now: datetime,
    *,
    going_on: Sequence[Card] = (),
    least: int = 0,
    numbered: bool = False,
) -> list[str]:
    """List meetings: those that go on and how to be counted there, then the next with how many come, numbered as their
    hosts name them. Numbers of people below `least` are left out.
    """
    if not ahead and not going_on:
        return [speech.gettext("No meeting is planned yet.")]
    lines = [begun(card, 0, speech) for card in going_on]
    if going_on:
        lines.append(how_to_be_here(speech))
    begun_already = {card.meeting.id for card in going_on}
    for number, (entry, card) in enumerate(ahead, 1):
        if card is None or card.meeting.id not in begun_already:
            line = _line(entry, card, speech, now, least)
            lines.append(f"{number}. {line}" if numbered else line)
    return lines


def _line(entry: Entry, card: Card | None, speech: Speech, now: datetime, least: int) -> str:
    said = counts(card.counts, speech, least) if card is not None else ""
    where_to = where(card.meeting.form, entry.place, speech) if card is not None else ""
    place = where_to or speech.quote(entry.place)
    parts = [_upper(agenda_line(entry, speech, now)), place, said]
    return " · ".join(filter(None, parts))


def how_to(verb: str, speech: Speech) -> str:
    """Say how a verb is typed."""
    match verb:
        case "edit":
            return speech.gettext("!meeting edit 20 seats 90min @ [place]")
        case "move":
            return speech.gettext("!meeting move Tuesday 6:30 pm")
        case "count":
            return speech.gettext("!meeting count 12")
        case _:
            return speech.gettext(
                "!meeting plan Tuesday 6:30 pm [every month] [voice|on site|hybrid] [12 seats] [90min] [@ place]"
            )


# --- Answers


def answered(said: Answered, zone: str, speech: Speech, now: datetime) -> str:
    """Confirm an answer to whoever gave it."""
    values = {"when": when(said.card.meeting, zone, speech, now)}
    if said.answer == "no":
        return speech.gettext("Noted: not this time. See you another day!")
    if said.answer == "maybe":
        return speech.gettext("Noted: maybe, {when}. You can change your mind any time.", **values)
    if said.place:
        return speech.gettext(
            "All seats are taken: you are no. {place} on the waiting list. I’ll tell you when a seat is yours.",
            place=said.place,
        )
    if said.card.meeting.seats is not None:
        return speech.gettext("Noted: you are coming, {when}. A seat is yours.", **values)
    return speech.gettext("Noted: you are coming, {when}.", **values)


def coming(names: str, speech: Speech) -> str:
    """Confirm in one line that several come."""
    return speech.gettext("Noted, coming: {names}.", names=names)


def perhaps(names: str, speech: Speech) -> str:
    """Confirm in one line that several may come."""
    return speech.gettext("Noted, perhaps: {names}.", names=names)


def absent(names: str, speech: Speech) -> str:
    """Confirm in one line that several do not come."""
    return speech.gettext("Noted, another time: {names}.", names=names)


def reminding(speech: Speech, *, on: bool) -> str:
    """Confirm that somebody is reminded of a meeting, or no more."""
    if on:
        return speech.gettext(
            "Noted: I’ll remind you a day and an hour before, and tell you of any change."
        )
    return speech.gettext("Done: no reminder for this meeting.")


def notice(one: Notice, zone: str, speech: Speech, now: datetime, names: str = "") -> str:
    """Tell one person in private what concerns them, or several by name."""
    values = {
        "what": heading(one.card, speech),
        "when": when(one.card.meeting, zone, speech, now),
        "names": names,
    }
    match one.what, bool(names):
        case "seat", False:
            return speech.gettext("A seat is yours: {what}, {when}.", **values)
        case "seat", True:
            return speech.gettext("{names}: a seat is yours. {what}, {when}.", **values)
        case "moved", False:
            return speech.gettext(
                "New date: {what}, {when}. You said you come; if not: !meeting no", **values
            )
        case "moved", True:
            return speech.gettext("{names}: new date. {what}, {when}.", **values)
        case _, False:
            return speech.gettext("Called off: {what}, {when}.", **values)
        case _:
            return speech.gettext("{names}: called off. {what}, {when}.", **values)


# --- Who came


def checked_in(done: CheckedIn, speech: Speech) -> str:
    """Confirm to somebody that they are counted."""
    if done.again:
        return speech.gettext("You are on the list already. Enjoy the meeting!")
    return speech.gettext("Noted: you are here. Enjoy the meeting!")


def arrived(names: str, speech: Speech) -> str:
    """Confirm the arrival of several in one line."""
    return speech.gettext("Noted, here: {names}.", names=names)


def attendance(one: Attendance, zone: str, speech: Speech, now: datetime) -> list[str]:
    """Tell a host who came to a meeting, in numbers."""
    sums = one.sums
    title = speech.gettext(
        "{what}, {when}",
        what=heading(one.card, speech),
        when=when(one.card.meeting, zone, speech, now),
    )
    parts = [
        speech.ngettext("{count} came", "{count} came", sums.came),
        speech.ngettext("{count} had said yes", "{count} had said yes", sums.yes)
        if sums.yes
        else "",
        speech.ngettext("{count} walk-in", "{count} walk-ins", sums.walk_ins)
        if sums.walk_ins
        else "",
        speech.ngettext(
            "{count} kept seat stayed free",
            "{count} kept seats stayed free",
            sums.no_shows,
        )
        if one.card.meeting.closed_at is not None and sums.no_shows
        else "",
    ]
    lines = [f"{title}.", f"{', '.join(filter(None, parts))}."]
    if one.headcount is not None:
        lines.append(
            speech.ngettext(
                "Counted by staff: {count} person.",
                "Counted by staff: {count} people.",
                one.headcount,
            )
        )
    return lines
