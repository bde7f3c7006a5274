"""What the bot says about people counted by the team. Exact figures are for staff, in private."""

from collections.abc import Iterator
from datetime import date

from bot.headcount import Attendance, Noted, Place
from bot.wording.dates import in_words
from bot.wording.speech import Speech
from games.headcount import LEAST_SHOWN, AgeClass, Counts, publish


def age_class(age: AgeClass, speech: Speech) -> str:
    """Return what a class of age is called."""
    match age:
        case "65+":
            return speech.gettext("65 and over")
        case "unknown":
            return speech.gettext("age unknown")
        case _:
            return speech.gettext("{first} to {last}", **_ends(age))


def noted(one: Noted, speech: Speech) -> list[str]:
    """Confirm what was counted, number by number, so that a slip is seen."""
    where = _where(one.title, one.day, speech)
    if one.entry.place:
        where = speech.gettext("{what}, {place}", what=where, place=speech.quote(one.entry.place))
    return [
        speech.gettext("Noted for {where}.", where=where),
        ", ".join(_cells(one.entry.counts, speech)),
    ]


def public(attendance: Attendance, speech: Speech) -> list[str]:
    """Say how many were counted, so that nobody can be singled out."""
    where = _where(attendance.title, attendance.day, speech)
    shown = publish(attendance.counts)
    if shown.total == 0:
        return [speech.gettext("Nobody has been counted yet for {where}.", where=where)]
    if shown.total is None:
        few = speech.ngettext("fewer than {count} person", "fewer than {count} people", LEAST_SHOWN)
        return [
            speech.gettext("Counted by the team for {where}: {people}.", where=where, people=few)
        ]
    lines = [
        speech.gettext(
            "Counted by the team for {where}: {people}.",
            where=where,
            people=_people(shown.total, speech),
        ),
        ", ".join(_cells(shown.counts, speech)),
    ]
    if shown.hidden:
        lines.append(speech.gettext("Classes of few people are not shown."))
    return lines


def exact(attendance: Attendance, speech: Speech) -> list[str]:
    """Return the whole attendance, place by place, for staff."""
    where = _where(attendance.title, attendance.day, speech)
    lines = [
        speech.gettext(
            "Counted by the team for {where}: {people}.",
            where=where,
            people=_people(attendance.headcount, speech),
        )
    ]
    lines += [_place(place, speech) for place in attendance.places]
    if attendance.session_id is not None:
        lines.append(
            speech.ngettext(
                "{count} account took part online.",
                "{count} accounts took part online.",
                attendance.accounts,
            )
        )
    return lines


def _ends(age: AgeClass) -> dict[str, str]:
    first, _, last = age.partition("-")
    return {"first": first, "last": last}


def _where(title: str, day: date | None, speech: Speech) -> str:
    if day is None:
        return speech.quoted(title)
    return speech.gettext("{day}, outside any session", day=in_words(day, speech))


def _place(place: Place, speech: Speech) -> str:
    name = speech.quote(place.name) if place.name else speech.gettext("no place given")
    people = _people(sum(place.counts.values()), speech)
    cells = ", ".join(_cells(place.counts, speech))
    return speech.gettext("{place}: {people} ({cells})", place=name, people=people, cells=cells)


def _people(count: int, speech: Speech) -> str:
    return speech.ngettext("{count} person", "{count} people", count)


def _cells(counts: Counts, speech: Speech) -> Iterator[str]:
    for age, count in counts.items():
        yield speech.gettext(
            "{what}: {count}", what=age_class(age, speech), count=speech.number(count)
        )
